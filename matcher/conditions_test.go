package matcher

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/profiles"
)

// covered makes the sample a tender of a council above the threshold, first published on a day.
func covered(t testing.TB, n *notice.Notice, published string) {
	n.Publisher = notice.FindATender
	n.Type = say("UK4", "/tender/documents/0/noticeType")
	n.Regime = sayOf(notice.Act2023, "/tender/legalBasis/scheme")
	n.Method = say("open", "/tender/procurementMethod")
	n.Category = say("services", "/tender/mainProcurementCategory")
	n.AboveThreshold = sayOf(true, "/tender/aboveThreshold")
	n.Buyer.Type = say("publicAuthoritySubCentralGovernment", "/parties/0/details/classifications/0/id")
	n.Releases = []notice.Published{{Identity: "000001-2026", Date: day(t, published).Time, Tags: []string{"tender"}, Type: "UK4"}}
}

// mentions lets the sample's description end in a sentence that asks for something.
func mentions(n *notice.Notice, m notice.Mention, sentence string) {
	from := len(n.Description.Value) + 1
	n.Description.Value += " " + sentence
	n.Readings.Mentions = append(n.Readings.Mentions, notice.Read[notice.Mention]{
		Said: notice.Say(m, notice.Path{Release: "000001-2026", Pointer: "/tender/description", Start: from, End: from + len(sentence)}), Confidence: 90,
	})
}

func money(p int64) *notice.Pence { return new(pounds(p)) }

// condition is the first condition of a name.
func (f *Fit) condition(name string) (Condition, bool) {
	i := slices.IndexFunc(f.Conditions, func(c Condition) bool { return c.Condition == name })
	if i < 0 {
		return Condition{}, false
	}
	return f.Conditions[i], true
}

func TestConditions(t *testing.T) {
	published := func(on string, more ...func(*notice.Notice)) func(*notice.Notice) {
		return func(n *notice.Notice) {
			covered(t, n, on)
			for _, change := range more {
				change(n)
			}
		}
	}
	asks := func(m notice.Mention, more ...func(*notice.Notice)) func(*notice.Notice) {
		return func(n *notice.Notice) {
			covered(t, n, "2026-06-15")
			for _, change := range more {
				change(n)
			}
			mentions(n, m, "Bidders have to note this.")
		}
	}
	has := func(certifications ...string) func(*profiles.Profile) {
		return func(p *profiles.Profile) { p.Certifications = certifications }
	}
	insured := func(cover int64) func(*profiles.Profile) {
		return func(p *profiles.Profile) {
			p.Insurance = map[string]profiles.Pounds{"public": profiles.Pounds(pounds(cover))}
		}
	}
	turns := func(over int64) func(*profiles.Profile) {
		return func(p *profiles.Profile) { p.Turnover = new(profiles.Pounds(pounds(over))) }
	}
	selective := func(n *notice.Notice) {
		n.Method.Value, n.Deadline.Kind = "selective", notice.DeadlineInterest
	}
	scottish := func(n *notice.Notice) {
		n.Publisher, n.Regime = notice.PublicContractsScotland, sayOf(notice.Regulations, "/tender/legalBasis/scheme")
	}
	light := func(n *notice.Notice) {
		n.SpecialRegime = []notice.Said[string]{say("lightTouch", "/tender/specialRegime/0")}
	}
	central := func(n *notice.Notice) { n.Buyer.Type.Value = "publicAuthorityCentralGovernment" }
	below := func(n *notice.Notice) { n.AboveThreshold.Value = false }
	gross := func(p int64) func(*notice.Notice) {
		return func(n *notice.Notice) { n.Value = notice.Value{Gross: sayOf(pounds(p), "/tender/value/amountGross")} }
	}
	runs := func(from, to string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Contract = notice.Period{
				Start: sayOf(day(t, from), "/tender/lots/0/contractPeriod/startDate"), End: sayOf(day(t, to), "/tender/lots/0/contractPeriod/endDate"),
			}
		}
	}
	award := func(on string) func(*notice.Notice) {
		return func(n *notice.Notice) { n.AwardBy = sayOf(day(t, on), "/tender/awardPeriod/endDate") }
	}
	reserved := func(kind string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Reserved = append(n.Lots[0].Reserved, sayOf(notice.Reservation{Kind: kind, Text: kind, Place: notice.Place{Region: "TLG24"}}, "/tender/otherRequirements/reservedParticipation/0"))
		}
	}
	cert := notice.Mention{Kind: notice.MentionCertification, Name: "ISO 27001"}
	wanted := notice.Mention{Kind: notice.MentionCertification, Name: "ISO 27001", Wanted: true}
	public := notice.Mention{Kind: notice.MentionInsurance, Name: "public liability", Amount: money(5_000_000)}
	turnover := notice.Mention{Kind: notice.MentionTurnover, Amount: money(1_500_000)}

	for _, c := range []struct {
		name      string
		notice    func(*notice.Notice)
		profile   func(*profiles.Profile)
		condition string
		state     GateState // "" where there is none
		reason    string
		question  string // a part of it; "" where there is none
		source    string
		holds     bool
	}{
		// From the day of the tender notice to 20 July 2026.
		{name: "35 days", notice: published("2026-06-15"), condition: ConditionPeriod, state: GatePass, reason: "gives 35 days, from 15 June 2026 to 20 July 2026, which is at least the 35", source: "Procurement Act 2023, s. 54(4)"},
		{name: "25 days", notice: published("2026-06-25"), condition: ConditionPeriod, state: GatePass, reason: "gives 25 days", source: "s. 54(4)"},
		{name: "24 days: one is not held against it", notice: published("2026-06-26"), condition: ConditionPeriod, state: GatePass, reason: "gives 24 days"},
		{name: "12 days", notice: published("2026-07-08"), condition: ConditionPeriod, state: GateUnknown, reason: "gives 12 days, from 8 July 2026 to 20 July 2026; the law asks for 25 to 35, or 10 in urgency", question: "On what ground is the period shorter"},
		{name: "8 days", notice: published("2026-07-12"), condition: ConditionPeriod, state: GateUnknown, reason: "gives 8 days, from 12 July 2026 to 20 July 2026; the law asks for 25 to 35, and never for less than 10", question: "Can the deadline be extended?", source: "s. 54(4)"},
		{name: "12 days, announced 45 days before", notice: published("2026-07-08", func(n *notice.Notice) {
			n.Releases = append([]notice.Published{{Identity: "000000-2026", Date: day(t, "2026-05-24").Time, Tags: []string{"planning"}, Type: "UK3"}}, n.Releases...)
		}), condition: ConditionPeriod, state: GatePass, reason: "but 10 do after the notice of 24 May 2026"},
		{name: "12 days, announced 30 days before", notice: published("2026-07-08", func(n *notice.Notice) {
			n.Releases = append([]notice.Published{{Identity: "000000-2026", Date: day(t, "2026-06-08").Time, Tags: []string{"planning"}, Type: "UK3"}}, n.Releases...)
		}), condition: ConditionPeriod, state: GateUnknown, question: "On what ground"},
		{name: "8 days of light touch", notice: published("2026-07-12", light), condition: ConditionPeriod, state: GatePass, reason: "no minimum for light touch", source: "s. 54"},
		{name: "8 days below the threshold", notice: published("2026-07-12", below), condition: ConditionPeriod, state: GatePass, reason: "no minimum below the threshold", source: "Part 6"},
		{name: "20 days to ask to take part", notice: published("2026-06-30", selective), condition: ConditionPeriod, state: GateUnknown, reason: "to ask to take part one has 20 days", question: "the minimum is 25", source: "s. 54(3)"},
		{name: "tenders of those selected", notice: published("2026-07-12", func(n *notice.Notice) { n.Method.Value = "selective" }), condition: ConditionPeriod},
		{name: "Scotland, 32 days, a contract notice", notice: published("2026-06-18", scottish), condition: ConditionPeriod, state: GatePass, reason: "gives 32 days", source: "Public Contracts (Scotland) Regulations 2015, reg. 28"},
		{name: "Scotland, 20 days", notice: published("2026-06-30", scottish), condition: ConditionPeriod, state: GateUnknown, question: "On what ground", source: "(Scotland)"},
		{name: "the old law after its day", notice: published("2026-07-12", func(n *notice.Notice) { n.Regime.Value = notice.Regulations }), condition: ConditionPeriod},
		{name: "above or below?", notice: published("2026-07-12", func(n *notice.Notice) { n.AboveThreshold = notice.Said[bool]{} }), condition: ConditionPeriod},
		{name: "an update alone is at hand", notice: published("2026-07-12", func(n *notice.Notice) { n.Releases[0].Tags = []string{"tenderUpdate"} }), condition: ConditionPeriod},
		{name: "a plan", notice: published("2026-07-12", func(n *notice.Notice) { n.Stage = notice.StagePlanned }), condition: ConditionPeriod},

		{name: "8 days, and a bid takes 14", notice: published("2026-07-12"), profile: func(p *profiles.Profile) { p.LeadDays = 14 }, condition: ConditionLead, state: GateBarred, reason: "gives 8 days in all, and a bid takes you 14"},
		{name: "35 days, and a bid takes 14", notice: published("2026-06-15"), profile: func(p *profiles.Profile) { p.LeadDays = 14 }, condition: ConditionLead},

		{name: "questions are taken", notice: func(n *notice.Notice) { n.Questions = sayOf(day(t, "2026-07-03"), "/tender/enquiryPeriod/endDate") }, condition: ConditionQuestions, state: GatePass, reason: "until 3 July 2026, in 9 days"},
		{name: "questions were taken", notice: func(n *notice.Notice) { n.Questions = sayOf(day(t, "2026-06-23"), "/tender/enquiryPeriod/endDate") }, condition: ConditionQuestions, state: GateBarred, reason: "were taken until 23 June 2026"},

		{name: "award before the deadline", notice: award("2026-07-19"), condition: ConditionAward, state: GateUnknown, reason: "expected on 19 July 2026, before the deadline of 20 July 2026", question: "Which of the two dates is right?"},
		{name: "award on the day", notice: award("2026-07-20"), condition: ConditionAward},

		{name: "above, and it is", notice: published("2026-06-15", gross(250_000)), condition: ConditionThreshold, state: GatePass, reason: "said to be above the threshold, £207,720 with VAT, as its value is: £250,000", source: "Sch. 1 row 12 (SI 2025/1200)"},
		{name: "above, and it is not", notice: published("2026-06-15", gross(207_719)), condition: ConditionThreshold, state: GateUnknown, reason: "but its value is below: £207,719", question: "Under which rules is it run?"},
		{name: "below, and it is not", notice: published("2026-06-15", gross(207_720), below), condition: ConditionThreshold, state: GateUnknown, reason: "said to be below the threshold, £207,720 with VAT, but its value is above", question: "Under which rules"},
		{name: "it depends on the VAT", notice: published("2026-06-15", func(n *notice.Notice) { n.Value = notice.Value{Net: sayOf(pounds(180_000), "/tender/value/amount")} }), condition: ConditionThreshold},
		{name: "no value", notice: published("2026-06-15"), condition: ConditionThreshold},
		{name: "a sentinel", notice: published("2026-06-15", gross(0)), condition: ConditionThreshold},

		// Eight working days from Monday, 3 August 2026, end on the 12th.
		{name: "a start in the standstill", notice: published("2026-06-15", award("2026-08-03"), runs("2026-08-12", "2027-08-11")), condition: ConditionStart, state: GateUnknown, reason: "a standstill of 8 working days it cannot be made before 13 August 2026", question: "When is it to start?", source: "s. 51"},
		{name: "a start after it", notice: published("2026-06-15", award("2026-08-03"), runs("2026-08-13", "2027-08-11")), condition: ConditionStart},
		{name: "a start before the deadline", notice: published("2026-06-15", light, runs("2026-07-01", "2027-06-30")), condition: ConditionStart, state: GateUnknown, reason: "after an award even on 20 July 2026 it cannot be made before 20 July 2026", question: "When is it to start?"},

		{name: "for SMEs above the threshold", notice: published("2026-06-15", reserved("sme")), condition: ConditionReservation, state: GateUnknown, reason: "which above the threshold the law does not provide for", question: "May others take part?", source: "ss. 32–33"},
		{name: "for supported employment above the threshold", notice: published("2026-06-15", reserved("sheltered")), condition: ConditionReservation},
		{name: "for SMEs of central government, without a place", notice: published("2026-06-15", central, below, reserved("sme")), condition: ConditionReservation, state: GateUnknown, reason: "without a place", question: "Is it reserved for a place", source: "PPN 005"},
		{name: "for SMEs of a place", notice: published("2026-06-15", central, below, reserved("sme"), reserved("location")), condition: ConditionReservation},
		{name: "for SMEs of a council, without a place", notice: published("2026-06-15", below, reserved("sme")), condition: ConditionReservation},

		{name: "a certificate held", notice: asks(cert), profile: has("ISO 9001", "ISO 27001:2022"), condition: ConditionCertification, state: GatePass, reason: "ISO 27001 is required, which you hold"},
		{name: "a certificate not held", notice: asks(cert), profile: has("ISO 9001"), condition: ConditionCertification, state: GateBarred, reason: "is not among your certifications", holds: true},
		{name: "a certificate not held, but only welcome", notice: asks(wanted), profile: has("ISO 9001"), condition: ConditionCertification, state: GateBarred, reason: "ISO 27001 is welcome"},
		{name: "a certificate, and the profile lists none", notice: asks(cert), condition: ConditionCertification, state: GateUnknown, reason: "lists no certifications", question: "By when does ISO 27001 have to be held"},
		{name: "Plus holds the rest", notice: asks(notice.Mention{Kind: notice.MentionCertification, Name: "Cyber Essentials"}), profile: has("Cyber Essentials Plus"), condition: ConditionCertification, state: GatePass},
		{name: "the rest does not hold Plus", notice: asks(notice.Mention{Kind: notice.MentionCertification, Name: "Cyber Essentials Plus"}), profile: has("Cyber Essentials"), condition: ConditionCertification, state: GateBarred, holds: true},

		{name: "a clearance held", notice: asks(notice.Mention{Kind: notice.MentionClearance, Name: "SC"}), profile: has("SC clearance"), condition: ConditionClearance, state: GatePass, reason: "SC is required, which you hold"},
		{name: "a clearance not held is got", notice: asks(notice.Mention{Kind: notice.MentionClearance, Name: "SC"}), profile: has("ISO 9001"), condition: ConditionClearance, state: GateUnknown, question: "Who needs SC, by when, and who applies for it?"},

		{name: "insured", notice: asks(public), profile: insured(5_000_000), condition: ConditionInsurance, state: GatePass, reason: "public liability insurance of £5,000,000 is required, and you have £5,000,000", source: "s. 22(3)(b)"},
		{name: "insured for less: it can be got before the award", notice: asks(public), profile: insured(4_999_999), condition: ConditionInsurance, state: GateBarred, reason: "you have £4,999,999; it need not be held before the award", source: "s. 22(3)(b)"},
		{name: "insured for less in Scotland", notice: asks(public, scottish), profile: insured(1_000_000), condition: ConditionInsurance, state: GateBarred, reason: "you have £1,000,000", holds: true},
		{name: "insured for who knows what", notice: asks(public), condition: ConditionInsurance, state: GateUnknown, reason: "The profile does not say", question: "From when does public liability insurance of £5,000,000 have to be in place?", source: "s. 22(3)(b)"},
		{name: "insured against nothing", notice: asks(notice.Mention{Kind: notice.MentionInsurance, Name: "public liability"}, scottish), profile: insured(0), condition: ConditionInsurance, state: GateBarred, reason: "you have £0", holds: true},
		{name: "insurance of who knows how much", notice: asks(notice.Mention{Kind: notice.MentionInsurance, Name: "employers' liability"}), condition: ConditionInsurance, state: GateUnknown, question: "What level of employers' liability insurance is required", source: "s. 22"},

		{name: "turnover enough", notice: asks(turnover), profile: turns(1_500_000), condition: ConditionTurnover, state: GatePass, reason: "£1,500,000 a year is required, and yours is £1,500,000", source: "s. 22"},
		{name: "turnover too small", notice: asks(turnover), profile: turns(1_000_000), condition: ConditionTurnover, state: GateBarred, reason: "and yours is £1,000,000", source: "s. 22", holds: true},
		{name: "turnover unsaid", notice: asks(turnover), condition: ConditionTurnover, state: GateUnknown, question: "Of which years is the turnover of £1,500,000 required", source: "s. 22"},
		{name: "a turnover of who knows what", notice: asks(notice.Mention{Kind: notice.MentionTurnover}), profile: turns(1), condition: ConditionTurnover, state: GateUnknown, question: "What yearly turnover is required of bidders?"},
		// The lot is worth £704,000.
		{name: "more than twice the value, which the old law forbids", notice: asks(turnover, scottish), profile: turns(2_000_000), condition: ConditionTurnover, state: GatePass, reason: "more than twice the contract value of £704,000, which the buyer has to justify", source: "(Scotland) Regulations 2015, reg. 59"},
		// £704,000 over four years of 1,461 days: £175,879 a year; twice that is £351,758.
		{name: "by rule of thumb", notice: published("2026-06-15", runs("2026-10-01", "2030-09-30")), profile: turns(351_758), condition: ConditionTurnover, state: GatePass, reason: "twice the value of a year, £175,879, or more: enough by rule of thumb"},
		{name: "by rule of thumb, too little", notice: published("2026-06-15", runs("2026-10-01", "2030-09-30")), profile: turns(351_757), condition: ConditionTurnover, state: GateUnknown, reason: "by rule of thumb", question: "Is a minimum turnover required of bidders?"},
		{name: "no length, no rule", notice: published("2026-06-15"), profile: turns(1), condition: ConditionTurnover},
		{name: "a framework's value is a ceiling", notice: published("2026-06-15", runs("2026-10-01", "2030-09-30"), func(n *notice.Notice) {
			n.Framework = say("true", "/tender/techniques/hasFrameworkAgreement")
		}), profile: turns(1), condition: ConditionTurnover},

		{name: "present where it works", notice: asks(notice.Mention{Kind: notice.MentionPresence, Name: "Staffordshire"}), condition: ConditionPresence, state: GatePass, reason: "based or present in Staffordshire, which is among your regions"},
		{name: "present elsewhere", notice: asks(notice.Mention{Kind: notice.MentionPresence, Name: "Norfolk"}), condition: ConditionPresence, state: GateBarred, reason: "which is none of your regions", holds: true},
		{name: "based there", notice: asks(notice.Mention{Kind: notice.MentionPresence, Name: "Norfolk"}), profile: func(p *profiles.Profile) { p.Base = "TLH15" }, condition: ConditionPresence, state: GatePass, reason: "you are based in"},
		{name: "a place nobody knows", notice: asks(notice.Mention{Kind: notice.MentionPresence, Name: "the Old Mill"}), condition: ConditionPresence, state: GateUnknown, question: "based or present in the Old Mill"},

		{name: "TUPE", notice: asks(notice.Mention{Kind: notice.MentionTUPE}), condition: ConditionTUPE, state: GateUnknown, reason: "staff may come over", question: "Does TUPE apply", source: "2006"},

		{name: "a call-off in prose", notice: asks(notice.Mention{Kind: notice.MentionCallOff}), condition: ConditionCallOff, state: GateUnknown, question: "Is this a call-off", source: "s. 45"},
		{name: "a call-off in prose, for members", notice: asks(notice.Mention{Kind: notice.MentionCallOff}), profile: func(p *profiles.Profile) { p.Frameworks = []string{"Community Mediation"} }, condition: ConditionCallOff, state: GatePass, reason: "you are on Community Mediation", source: "s. 45"},

		{name: "IT of central government", notice: published("2026-06-15", central, func(n *notice.Notice) { n.Lots[0].CPV[0].Value.Code = 72000000 }), condition: ConditionCertification, state: GateUnknown, reason: "Cyber Essentials may be asked for", question: "Is Cyber Essentials", source: "PPN 014"},
		{name: "IT of central government, and it is certified", notice: published("2026-06-15", central, func(n *notice.Notice) { n.Lots[0].CPV[0].Value.Code = 48000000 }), profile: has("Cyber Essentials Plus"), condition: ConditionCertification, state: GatePass, source: "PPN 014"},
		{name: "IT of a council", notice: published("2026-06-15", func(n *notice.Notice) { n.Lots[0].CPV[0].Value.Code = 72000000 }), condition: ConditionCertification},

		// £8,352,200 over two years of 731 days, with VAT: a little above £5,000,000 a year.
		{name: "above five million a year", notice: published("2026-06-15", central, runs("2026-10-01", "2028-09-30"), func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(8_352_200) }), condition: ConditionCarbon, state: GateUnknown, reason: "asks for a carbon reduction plan", question: "Is a carbon reduction plan required", source: "PPN 006"},
		{name: "with a plan", notice: published("2026-06-15", central, runs("2026-10-01", "2028-09-30"), func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(8_352_200) }), profile: has("Carbon Reduction Plan"), condition: ConditionCarbon, state: GatePass, source: "PPN 006"},
		{name: "below it", notice: published("2026-06-15", central, runs("2026-10-01", "2028-09-30")), condition: ConditionCarbon},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, p := mediationNotice(t), mediation()
			p.Exclude = nil
			if c.notice != nil {
				c.notice(n)
			}
			if c.profile != nil {
				c.profile(&p)
			}
			f := fitOf(t, n, p, today)
			got, ok := f.condition(c.condition)
			if ok != (c.state != "") || got.State != c.state || !strings.Contains(got.Reason, c.reason) || !strings.Contains(string(got.Source), c.source) {
				t.Errorf("%v %s %q %q\nwant %s … %q … %q", ok, got.State, got.Reason, got.Source, c.state, c.reason, c.source)
			}
			if !strings.Contains(got.Question, c.question) || (got.Question == "") != (c.question == "") || (got.State == GateUnknown) != (got.Question != "") {
				t.Errorf("%s asks %q, want … %q …", got.State, got.Question, c.question)
			}
			if got.Holds != c.holds {
				t.Errorf("holds: %v", got.Holds)
			}
			for _, q := range got.At {
				if text, _ := n.Prose(q.Path); q.End > 0 && text[q.Start:q.End] != q.Quote {
					t.Errorf("%q is quoted as %q", text[q.Start:q.End], q.Quote)
				}
			}
		})
	}
}

// What is required and not met holds the advice at review; what has to be asked does not.
func TestConditionsHoldTheAdvice(t *testing.T) {
	n, p := mediationNotice(t), mediation()
	covered(t, n, "2026-06-15")
	mentions(n, notice.Mention{Kind: notice.MentionCertification, Name: "ISO 27001"}, "ISO 27001 is required.")
	for want, certifications := range map[Advice][]string{Review: {"ISO 9001"}, Bid: {"ISO 27001"}} {
		p.Certifications = certifications
		if f := fitOf(t, n, p, today); f.Advice != want {
			t.Errorf("with %v: %s", certifications, f.Advice)
		}
	}
	p.Certifications = []string{"ISO 9001"}
	n.Readings.Mentions[0].Confidence = sureReading - 1
	if f := fitOf(t, n, p, today); f.Advice != Bid {
		t.Errorf("a reading in doubt made it %s", f.Advice)
	}
	n.Readings.Mentions[0].Confidence = sureReading
	p.Certifications = nil
	f := fitOf(t, n, p, today)
	if f.Advice != Bid {
		t.Errorf("a question made it %s", f.Advice)
	}
	if q := f.Questions(); len(q) != 1 || q[0] != "By when does ISO 27001 have to be held, and will an equivalent do?" {
		t.Errorf("questions: %q", q)
	}
	// Asked twice, and in a lot's own words, it is one question.
	mentions(n, notice.Mention{Kind: notice.MentionCertification, Name: "iso 27001"}, "ISO 27001!")
	n.Readings.Mentions = append(n.Readings.Mentions, n.Readings.Mentions[0])
	n.Readings.Mentions[2].Lot = "1"
	f = fitOf(t, n, p, today)
	if len(f.Questions()) != 1 {
		t.Errorf("questions: %q", f.Questions())
	}
	if c, _ := f.condition(ConditionCertification); len(c.At) != 2 {
		t.Errorf("quotes: %+v", c.At)
	}
}

// What is said of a lot is asked of that lot alone.
func TestConditionsOfALot(t *testing.T) {
	n := mediationNotice(t)
	n.Lots = append(n.Lots, mediationLot("2", "Hate crime", "Support of victims."))
	mentions(n, notice.Mention{Kind: notice.MentionTUPE}, "TUPE may apply to lot 2.")
	n.Readings.Mentions[0].Lot = "2"
	for _, f := range all(fitOf(t, n, mediation(), today)) {
		if _, ok := f.condition(ConditionTUPE); ok != (f.Lot == "2") {
			t.Errorf("lot %s: %v", f.Lot, ok)
		}
	}
}

// anyMention draws from what prose asks.
func anyMention(rng *rand.Rand) notice.Mention {
	kinds := []notice.MentionKind{
		notice.MentionCertification, notice.MentionInsurance, notice.MentionTurnover, notice.MentionTUPE, notice.MentionClearance,
		notice.MentionPresence, notice.MentionFramework, notice.MentionCallOff, notice.MentionIncumbent,
	}
	names := []string{"ISO 9001", "iso 9001", "Cyber Essentials", "public liability", "Professional Indemnity", "SC", "Norfolk", ""}
	m := notice.Mention{Kind: kinds[rng.IntN(len(kinds))], Name: names[rng.IntN(len(names))], Wanted: rng.IntN(3) == 0}
	if rng.IntN(2) == 0 {
		m.Amount = money(1 + rng.Int64N(10_000_000))
	}
	return m
}

// Conditions change nothing of the score, whatever they are, and their order is their own.
func TestConditionsChangeNoScore(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for range 300 {
		n, p := anyNotice(rng, t), mediation()
		p.Certifications = []string{"ISO 9001"}
		p.Turnover = new(profiles.Pounds(1 + rng.Int64N(1_000_000_000)))
		covered(t, n, "2026-07-01")
		silent := *n
		silent.Readings, silent.AwardBy = notice.Readings{}, notice.Said[notice.Moment]{}
		n.AwardBy = sayOf(day(t, "2026-07-01"), "/tender/awardPeriod/endDate")
		for range rng.IntN(8) {
			mentions(n, anyMention(rng), "This is asked.")
			last := &n.Readings.Mentions[len(n.Readings.Mentions)-1]
			if rng.IntN(3) == 0 {
				last.Lot = n.Lots[rng.IntN(len(n.Lots))].ID
			}
		}
		silent.Description = n.Description
		with, without := sorted(fitOf(t, n, p, today)), sorted(fitOf(t, &silent, p, today))
		for i := range with {
			a, b := with[i], without[i]
			if a.Score != b.Score || a.Relevance != b.Relevance || a.Low != b.Low || a.High != b.High || a.Known != b.Known || !reflect.DeepEqual(a.Evidence, b.Evidence) {
				t.Fatalf("score %d with conditions, %d without", a.Score, b.Score)
			}
			held := slices.ContainsFunc(a.Conditions, func(c Condition) bool { return c.Holds })
			if a.Advice != b.Advice && !(held && b.Advice == Bid && a.Advice == Review) {
				t.Errorf("%s with conditions, %s without; held: %v", a.Advice, b.Advice, held)
			}
		}
		rng.Shuffle(len(n.Readings.Mentions), func(i, j int) {
			m := n.Readings.Mentions
			m[i], m[j] = m[j], m[i]
		})
		if again := sorted(fitOf(t, n, p, today)); !reflect.DeepEqual(again, with) {
			t.Fatalf("the order of mentions changed %+v\nto %+v", with, again)
		}
	}
}

// As time passes no condition that is not met comes to be met.
func TestConditionsOnlyShut(t *testing.T) {
	n := mediationNotice(t)
	covered(t, n, "2026-06-15")
	n.Questions = sayOf(day(t, "2026-07-01T17:00:00+01:00"), "/tender/enquiryPeriod/endDate")
	m, err := New(names, mediation())
	if err != nil {
		t.Fatal(err)
	}
	o := names.Prepare(n)
	shut := 0
	for hours := 0; hours < 400; hours += 5 {
		f := m.Assess(o, today.Add(time.Duration(hours)*time.Hour))
		c, _ := f.condition(ConditionQuestions)
		if shut > 0 && c.State != GateBarred {
			t.Fatalf("questions are taken again after %d hours", hours)
		}
		if c.State == GateBarred {
			shut++
		}
	}
	if shut == 0 {
		t.Error("questions are taken for ever")
	}
}

// Fits of one notice share no memory that one of them could change.
func TestConditionsAreNotShared(t *testing.T) {
	n := mediationNotice(t)
	n.Lots = append(n.Lots, mediationLot("2", "Hate crime", "Support of victims."))
	covered(t, n, "2026-06-15")
	for i := range n.Lots {
		n.Lots[i].Contract = notice.Period{Start: sayOf(day(t, "2026-07-01"), "/x"), End: sayOf(day(t, "2027-07-01"), "/y")}
	}
	p := mediation()
	p.Turnover = new(profiles.Pounds(1))
	m, err := New(names, p)
	if err != nil {
		t.Fatal(err)
	}
	o := names.Prepare(n)
	first := m.Assess(o, today)
	before := slices.Clone(first.Conditions)
	p.Turnover = new(profiles.Pounds(1_000_000_000))
	other, err := New(names, p)
	if err != nil {
		t.Fatal(err)
	}
	other.Assess(o, today)
	if !reflect.DeepEqual(first.Conditions, before) {
		t.Error("the conditions of one fit changed with another")
	}
}
