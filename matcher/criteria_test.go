package matcher

import (
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

// criterionCase changes the sample notice or supplier and says what one criterion makes of it.
type criterionCase struct {
	name    string
	notice  func(*notice.Notice)
	profile func(*profiles.Profile)
	absent  bool // the criterion is not judged at all
	finding Finding
	share   int
	reason  string // a part of the reason
}

func runCriterion(t *testing.T, criterion string, cases []criterionCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, p := mediationNotice(t), mediation()
			if c.notice != nil {
				c.notice(n)
			}
			if c.profile != nil {
				c.profile(&p)
			}
			f := fitOf(t, n, p, today)
			e, ok := f.find(criterion)
			if ok == c.absent {
				t.Fatalf("judged: %v", ok)
			}
			if c.absent {
				return
			}
			if e.Finding != c.finding || e.Share != c.share || !strings.Contains(e.Reason, c.reason) {
				t.Errorf("%s %d %q\nwant %s %d … %q …", e.Finding, e.Share, e.Reason, c.finding, c.share, c.reason)
			}
			checkSum(t, f.Evidence, tally{f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice})
		})
	}
}

func TestRegion(t *testing.T) {
	places := func(regions ...itl.Region) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Places = nil
			for _, r := range regions {
				n.Lots[0].Places = append(n.Lots[0].Places, sayOf(notice.Place{Text: string(r), Region: r}, "/tender/items/0/deliveryAddresses/0/region"))
			}
		}
	}
	seat := func(r itl.Region) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Places = nil
			n.Buyer.Place = sayOf(notice.Place{Text: string(r), Region: r}, "/parties/0/address/region")
		}
	}
	runCriterion(t, Region, []criterionCase{
		{name: "inside", finding: Met, share: 100, reason: "Staffordshire CC (TLG24) is inside your Shropshire and Staffordshire (TLG2)"},
		{name: "a supplier without regions is not judged", profile: func(p *profiles.Profile) { p.Regions = nil }, absent: true},
		{name: "two places, both inside", notice: places("TLG23", "TLG24"), finding: Met, share: 100, reason: "are inside your"},
		// 60, and 40 more for the part of the lot that lies inside.
		{name: "half inside", notice: places("TLG21", "TLD1"), finding: Partly, share: 60 + 40*itl.Region("TLG21").Area().Count()/(itl.Region("TLG21").Area().Count()+itl.Region("TLD1").Area().Count()), reason: "are partly in your"},
		{name: "nationwide is no bonus", notice: places(itl.UK), finding: Partly, share: 55, reason: "nationwide; your Shropshire and Staffordshire (TLG2)"},
		{name: "nationwide for a national supplier", notice: places(itl.UK), profile: func(p *profiles.Profile) { p.Regions = []itl.Region{itl.UK} }, finding: Met, share: 100, reason: "inside your United Kingdom"},
		{name: "the same part of the country", notice: places("TLG31"), finding: Partly, share: 60, reason: "same part of the country"},
		{name: "next door", notice: places("TLD62"), finding: Partly, share: 30, reason: "just outside"},
		{name: "far", notice: places("TLM65"), finding: Missed, share: 3, reason: "far from your regions"},
		{name: "nothing said, the buyer sits inside", notice: seat("TLG24"), finding: Partly, share: 85, reason: "does not say where the work is; the buyer sits in"},
		{name: "nothing said, the buyer sits far", notice: seat("TLI33"), finding: Partly, share: 35, reason: "far from your regions"},
		{name: "nothing said at all", notice: func(n *notice.Notice) { n.Lots[0].Places = nil; n.Buyer.Place = notice.Said[notice.Place]{} }, finding: Unknown, reason: "does not say where"},
		{name: "words that name no region", notice: func(n *notice.Notice) {
			n.Lots[0].Places = []notice.Said[notice.Place]{sayOf(notice.Place{Text: "Our three depots"}, "/tender/items/0/deliveryLocation/description")}
		}, finding: Partly, share: 85, reason: `says "Our three depots", which we cannot place; the buyer sits in`},
		{name: "abroad", notice: func(n *notice.Notice) {
			n.Lots[0].Places = []notice.Said[notice.Place]{sayOf(notice.Place{Text: "Kenya"}, "/tender/items/0/deliveryAddresses/0/countryName")}
		}, finding: Missed, share: 3, reason: "Kenya is outside the United Kingdom"},
	})
}

func TestValue(t *testing.T) {
	net := func(p int64) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Value = notice.Value{Net: sayOf(pounds(p), "/tender/lots/0/value/amount")}
		}
	}
	runCriterion(t, Value, []criterionCase{
		{name: "within", finding: Met, share: 100, reason: "£704,000 is within your £10,000–£750,000"},
		{name: "no band is not judged", profile: func(p *profiles.Profile) { p.Value = profiles.Band{} }, absent: true},
		// Twice the ceiling: log10(2) = .301, and 70 percent for each factor of ten: 100 - 21.
		{name: "twice too big", notice: net(1_500_000), finding: Partly, share: 79, reason: "£1,500,000 is above your £10,000–£750,000"},
		{name: "ten times too big", notice: net(7_500_000), finding: Missed, share: 30, reason: "above"},
		{name: "a hundred times too big", notice: net(75_000_000), finding: Missed, share: 0, reason: "above"},
		// A tenth of the floor: 100 - 85.
		{name: "ten times too small", notice: net(1_000), finding: Missed, share: 15, reason: "£1,000 is below"},
		{name: "a framework's value is a ceiling", notice: func(n *notice.Notice) {
			net(75_000_000)(n)
			n.Framework = say("true", "/tender/techniques/hasFrameworkAgreement")
		}, finding: Partly, share: 86, reason: "a ceiling for all its members"},
		{name: "gross alone", notice: func(n *notice.Notice) {
			n.Lots[0].Value = notice.Value{Gross: sayOf(pounds(120_000), "/tender/lots/0/value/amountGross")}
		}, finding: Met, share: 100, reason: "£100,000 (£120,000 with VAT, taken at 20 %) is within"},
		{name: "a span that reaches the band", notice: func(n *notice.Notice) {
			n.Lots[0].Value = notice.Value{Net: sayOf(pounds(2_000_000), "/tender/value/amount"), Min: sayOf(pounds(500_000), "/tender/minValue/amount")}
		}, finding: Met, share: 100, reason: "£500,000–£2,000,000 is within"},
		{name: "euros", notice: func(n *notice.Notice) { n.Lots[0].Value.Currency = say("EUR", "/tender/lots/0/value/currency") }, finding: Unknown, reason: "in EUR, not in pounds"},
		{name: "silence", notice: func(n *notice.Notice) { n.Lots[0].Value = notice.Value{} }, finding: Unknown, reason: "gives no value"},
		{name: "a sentinel", notice: net(0), finding: Unknown, reason: "gives no value"},
		{name: "no ceiling", notice: net(75_000_000), profile: func(p *profiles.Profile) { p.Value.Max = nil }, finding: Met, share: 100, reason: "within your floor of £10,000"},
		{name: "no floor", notice: net(75_000_000), profile: func(p *profiles.Profile) { p.Value.Min = nil }, finding: Missed, share: 0, reason: "above your ceiling of £750,000"},
	})

	// A total over several lots says nothing of one of them.
	n := mediationNotice(t)
	n.Lots = append(n.Lots, mediationLot("2", "Hate crime", "Support of victims."))
	n.Value = notice.Value{Net: sayOf(pounds(1_530_000), "/tender/value/amount")}
	for i := range n.Lots {
		n.Lots[i].Value = notice.Value{}
	}
	f := fitOf(t, n, mediation(), today)
	if e, _ := f.find(Value); e.Finding != Unknown || !strings.Contains(e.Reason, "all lots together are £1,530,000") {
		t.Errorf("a total: %s %q", e.Finding, e.Reason)
	}
}

func TestTiming(t *testing.T) {
	closes := func(s string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Deadline = notice.Deadline{Said: sayOf(day(t, s), "/tender/tenderPeriod/endDate"), Kind: notice.DeadlineTender}
		}
	}
	engagement := func(s string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Stage = notice.StageEngagement
			n.Deadline = notice.Deadline{}
			n.Engagement = notice.Deadline{Said: sayOf(day(t, s), "/planning/milestones/0/dueDate"), Kind: notice.DeadlineEngagement}
		}
	}
	future := func(s string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Stage = notice.StagePipeline
			n.Deadline = notice.Deadline{}
			n.Future = sayOf(day(t, s), "/tender/communication/futureNoticeDate")
		}
	}
	runCriterion(t, Timing, []criterionCase{
		{name: "26 days", finding: Met, share: 100, reason: "closes on 20 July 2026, in 26 days"},
		{name: "a week", notice: closes("2026-07-01"), finding: Met, share: 100, reason: "in 7 days"},
		// 5 of the 7 days a bid takes unless the profile says otherwise: 71 %.
		{name: "five days", notice: closes("2026-06-29"), finding: Partly, share: 71, reason: "in 5 days, and a bid takes you 7"},
		{name: "two days", notice: closes("2026-06-26"), finding: Missed, share: 28, reason: "in 2 days"},
		{name: "today", notice: closes("2026-06-24"), finding: Missed, share: 0, reason: "today"},
		{name: "under the lead time", profile: func(p *profiles.Profile) { p.LeadDays = 52 }, finding: Partly, share: 50, reason: "in 26 days, and a bid takes you 52"},
		{name: "closed", notice: closes("2026-06-24T08:59:59+01:00"), finding: Barred, reason: "closed on 24 June 2026"},
		{name: "no deadline", notice: func(n *notice.Notice) { n.Deadline = notice.Deadline{} }, finding: Unknown, reason: "gives no deadline"},
		{name: "engagement to come", notice: engagement("2026-07-14"), finding: Met, share: 100, reason: "in 20 days"},
		{name: "engagement gone by", notice: engagement("2026-06-14"), finding: Partly, share: 60, reason: "the tender is still to come"},
		{name: "announced", notice: future("2026-11-01"), finding: Met, share: 100, reason: "announced for 1 November 2026"},
		{name: "announced and overdue", notice: future("2026-03-01"), finding: Partly, share: 70, reason: "nothing has come yet"},
	})
}

func TestSuitability(t *testing.T) {
	no, yes := false, true
	runCriterion(t, Suitability, []criterionCase{
		{name: "both", finding: Met, share: 100, reason: "said to suit SMEs, VCSEs, which you are"},
		{name: "silence is not no", notice: func(n *notice.Notice) {
			n.Lots[0].SME, n.Lots[0].VCSE = notice.Said[bool]{}, notice.Said[bool]{}
		}, finding: Unknown, reason: "does not say whom it suits"},
		{name: "a supplier that does not say", profile: func(p *profiles.Profile) { p.SME, p.VCSE = nil, nil }, absent: true},
		{name: "a large supplier", profile: func(p *profiles.Profile) { p.SME, p.VCSE = &no, &no }, finding: Partly, share: 50, reason: "said to suit SMEs"},
		{name: "said not to suit", notice: func(n *notice.Notice) {
			n.Lots[0].SME, n.Lots[0].VCSE = sayOf(false, "/tender/suitability/sme"), notice.Said[bool]{}
		}, profile: func(p *profiles.Profile) { p.SME, p.VCSE = &yes, nil }, finding: Missed, share: 0, reason: "no SMEs"},
	})
}

func TestBuyer(t *testing.T) {
	runCriterion(t, Buyer, []criterionCase{
		{name: "no liking", absent: true},
		{name: "preferred by a part of the name", profile: func(p *profiles.Profile) { p.Buyers.Prefer = []string{"Withy County"} }, finding: Met, share: 100, reason: "you prefer Withy County"},
		{name: "preferred by identifier", profile: func(p *profiles.Profile) { p.Buyers.Prefer = []string{"GB-PPON-AAAA-0001-BBBB"} }, finding: Met, share: 100, reason: "you prefer"},
		{name: "whole words only", profile: func(p *profiles.Profile) { p.Buyers.Prefer = []string{"Wit County"} }, finding: Partly, share: 90, reason: "none of the buyers you prefer"},
		{name: "avoided", profile: func(p *profiles.Profile) { p.Buyers.Avoid = []string{"Withy"} }, finding: Missed, share: 0, reason: "you avoid Withy"},
		{name: "not avoided", profile: func(p *profiles.Profile) { p.Buyers.Avoid = []string{"Elsewhere"} }, absent: true},
		{name: "nobody named", notice: func(n *notice.Notice) { n.Buyer = notice.Organisation{} }, profile: func(p *profiles.Profile) { p.Buyers.Avoid = []string{"Withy"} }, finding: Unknown, reason: "does not name its buyer"},
	})
}

func TestSubject(t *testing.T) {
	codes := func(codes ...cpv.Code) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].CPV = nil
			for _, c := range codes {
				n.Lots[0].CPV = append(n.Lots[0].CPV, sayOf(notice.Classification{Code: c}, "/tender/items/0/additionalClassifications/0/id"))
			}
		}
	}
	for _, c := range []struct {
		name    string
		notice  func(*notice.Notice)
		finding Finding
		reason  string
	}{
		{"below", nil, Met, "CPV 85312300 Guidance and counselling services is under your 85312000"},
		{"the same", codes(85312000), Met, "CPV 85312000 is one of your codes"},
		{"above", codes(85310000), Partly, "CPV 85310000 Social work services holds your 85312000"},
		{"beside", codes(85311000), Partly, "stands beside your 85312000 in 85310000 Social work services"},
		{"another trade", codes(45233140), Missed, "CPV 45233140 is in no division of yours"},
		{"no code", codes(), Unknown, "gives no CPV code"},
	} {
		n := mediationNotice(t)
		if c.notice != nil {
			c.notice(n)
		}
		f := fitOf(t, n, mediation(), today)
		e, _ := f.find(Subject)
		if e.Finding != c.finding || !strings.Contains(e.Reason, c.reason) {
			t.Errorf("%s: %s %d %q", c.name, e.Finding, e.Share, e.Reason)
		}
	}
	p := mediation()
	p.CPV = nil
	if f := fitOf(t, mediationNotice(t), p, today); len(f.Evidence) == 0 || f.Evidence[0].Criterion != Words {
		t.Error("a supplier without codes is judged by codes")
	}
}

func TestWords(t *testing.T) {
	f := fitOf(t, mediationNotice(t), mediation(), today)
	e, _ := f.find(Words)
	if e.Finding != Met || !strings.Contains(e.Reason, `title says "hate crime", "mediation"`) || !strings.Contains(e.Reason, `description says "anti-social behaviour"`) {
		t.Errorf("%s %d %q", e.Finding, e.Share, e.Reason)
	}
	quotes := map[string]string{}
	for _, q := range e.At {
		quotes[q.Quote] = q.Pointer
		if q.Start == 0 && q.End == 0 {
			t.Errorf("%q has no span", q.Quote)
		}
	}
	if quotes["Hate Crime"] != "/tender/title" || quotes["anti-social behaviour"] != "/tender/description" {
		t.Errorf("quotes: %v", quotes)
	}

	other := mediationNotice(t)
	other.Title, other.Description = say("Resurfacing of Mill Lane", "/tender/title"), say("Planing and laying of asphalt.", "/tender/description")
	other.Lots = []notice.Lot{{Title: other.Title, Description: other.Description}}
	f = fitOf(t, other, mediation(), today)
	if e, _ := f.find(Words); e.Finding != Missed || e.Share > 2 || e.Reason != "none of your words are mentioned" {
		t.Errorf("another trade: %s %d %q", e.Finding, e.Share, e.Reason)
	}

	silent := mediationNotice(t)
	silent.Title, silent.Description, silent.Lots = notice.Said[string]{}, notice.Said[string]{}, []notice.Lot{{}}
	f = fitOf(t, silent, mediation(), today)
	if e, _ := f.find(Words); e.Finding != Unknown {
		t.Errorf("no words: %s", e.Finding)
	}
}
