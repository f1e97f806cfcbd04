package matcher

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
	"bidfit/profiles"
)

// whatIf looks for changes on the best lot of a notice.
func whatIf(t testing.TB, n *notice.Notice, p profiles.Profile) WhatIf {
	t.Helper()
	m, err := New(names, p)
	if err != nil {
		t.Fatal(err)
	}
	o := names.Prepare(n)
	f := m.Assess(o, today)
	w, ok := m.WhatIf(o, f.Lot, today)
	if !ok {
		t.Fatalf("there is no lot %q", f.Lot)
	}
	if w.Score != f.Score || w.Advice != f.Advice {
		t.Errorf("now it is %d, %s; the fit says %d, %s", w.Score, w.Advice, f.Score, f.Advice)
	}
	return w
}

// outcomeOf finds a single change.
func (w *WhatIf) outcomeOf(change string) (Outcome, bool) {
	i := slices.IndexFunc(w.Single, func(o Outcome) bool { return o.Steps[0].Change == change })
	if i < 0 {
		return Outcome{}, false
	}
	return w.Single[i], true
}

// The sample of sample_test.go is a bid of 98 or so; each case spoils one thing, and the way back is found.
func TestWhatIf(t *testing.T) {
	asks := func(m notice.Mention) func(*notice.Notice) { // in Scotland, where cover may be asked for before the award
		return func(n *notice.Notice) {
			covered(t, n, "2026-06-15")
			n.Publisher, n.Regime = notice.PublicContractsScotland, sayOf(notice.Regulations, "/tender/legalBasis/scheme")
			mentions(n, m, "Bidders have to note this.")
		}
	}
	for _, c := range []struct {
		name    string
		notice  func(*notice.Notice)
		profile func(*profiles.Profile)
		change  string // what leads out
		side    Side
		value   string
		cost    int
		ifTrue  bool
		apply   func(*notice.Notice) // the same of a change of the notice
	}{
		{
			// Cornwall is far from Shropshire and Staffordshire: a share of 3, so that 95 % x 97 % is taken. Added, all of it is kept.
			name: "too far", notice: func(n *notice.Notice) { n.Lots[0].Places[0].Value = notice.Place{Text: "UKK30", Region: "TLK30"} },
			change: "regions", side: OfProfile, value: "TLK30", cost: costRegion,
		},
		{
			// £750,000,000 is three powers of ten above £750,000: a share of 0, so that 70 % is taken.
			name: "too big", notice: func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(750_000_000) },
			change: "value.max", side: OfProfile, value: "750000000", cost: costBand,
		},
		{
			name: "too big, and it need not be", notice: func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(750_000_000) },
			change: "value", side: OfNotice, value: "750000", cost: costOtherwise,
			apply: func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(750_000) },
		},
		{
			name: "too small", notice: func(n *notice.Notice) { n.Lots[0].Value.Net.Value = pounds(1) },
			change: "value.min", side: OfProfile, value: "1", cost: costBand,
		},
		{
			name: "an excluded word", notice: func(n *notice.Notice) { n.Title.Value = "Community Mediation during construction" },
			change: "exclude", side: OfProfile, value: "construction", cost: costWord,
		},
		{
			name: "an avoided buyer", profile: func(p *profiles.Profile) { p.Buyers.Avoid = []string{"Withy"}; p.Weights = map[string]int{Buyer: 100} },
			change: "buyers.avoid", side: OfProfile, value: "Withy", cost: costWord,
		},
		{
			name: "reserved for SMEs, and the profile does not say", notice: func(n *notice.Notice) {
				n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "sme", Text: "sme"}, "/tender/otherRequirements/reservedParticipation/0")}
			}, profile: func(p *profiles.Profile) { p.SME = nil },
			change: "sme", side: OfProfile, value: "true", cost: costSay, ifTrue: true,
		},
		{
			name: "reserved for SMEs, and it may be open", notice: func(n *notice.Notice) {
				n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "sme", Text: "sme"}, "/tender/otherRequirements/reservedParticipation/0")}
			}, profile: func(p *profiles.Profile) { p.SME = nil },
			change: "reserved", side: OfNotice, value: "sme", cost: costAnswer,
			apply: func(n *notice.Notice) { n.Lots[0].Reserved = nil },
		},
		{
			name: "reserved for VCSEs", notice: func(n *notice.Notice) {
				n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "vcse", Text: "vcse"}, "/tender/otherRequirements/reservedParticipation/0")}
			}, profile: func(p *profiles.Profile) { p.VCSE = nil },
			change: "vcse", side: OfProfile, value: "true", cost: costSay, ifTrue: true,
		},
		{
			name: "reserved for another county", notice: func(n *notice.Notice) {
				n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "location", Text: "Norfolk", Place: notice.Place{Text: "Norfolk", Region: "TLH15"}}, "/x")}
			},
			change: "base", side: OfProfile, value: "TLH15", cost: costSay, ifTrue: true,
		},
		{
			name: "reserved for supported employment", notice: func(n *notice.Notice) {
				n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "sheltered", Text: "shelteredWorkshop"}, "/x")}
			},
			change: "certifications", side: OfProfile, value: "supported employment", cost: costGet, ifTrue: true,
		},
		{
			name: "a certificate", notice: asks(notice.Mention{Kind: notice.MentionCertification, Name: "ISO 27001"}),
			profile: func(p *profiles.Profile) { p.Certifications = []string{"ISO 9001"} },
			change:  "certifications", side: OfProfile, value: "ISO 27001", cost: costGet, ifTrue: true,
		},
		{
			name: "cover", notice: asks(notice.Mention{Kind: notice.MentionInsurance, Name: "public liability", Amount: money(5_000_000)}),
			profile: func(p *profiles.Profile) {
				p.Insurance = map[string]profiles.Pounds{"public": profiles.Pounds(pounds(1))}
			},
			change: "insurance.public", side: OfProfile, value: "5000000", cost: costGet, ifTrue: true,
		},
		{
			name: "turnover", notice: asks(notice.Mention{Kind: notice.MentionTurnover, Amount: money(1_500_000)}),
			profile: func(p *profiles.Profile) { p.Turnover = new(profiles.Pounds(pounds(1))) },
			change:  "turnover", side: OfProfile, value: "1500000", cost: costGet, ifTrue: true,
		},
		{
			name: "presence", notice: asks(notice.Mention{Kind: notice.MentionPresence, Name: "Norfolk"}),
			profile: func(p *profiles.Profile) { p.Base = "TLG24" },
			change:  "base", side: OfProfile, value: "TLH5", cost: costGet, ifTrue: true,
		},
		{
			name: "closed yesterday", notice: func(n *notice.Notice) { n.Deadline.Value = day(t, "2026-06-23T12:00:00+01:00") },
			change: "deadline", side: OfNotice, cost: costDeadline,
			apply: func(n *notice.Notice) { n.Deadline.Value = day(t, "2026-06-30T12:00:00+01:00") },
		},
		{
			// 8 of 90 days: a share of 8, and at a weight of 100 no more than 8 % is kept.
			name: "a bid takes long", notice: func(n *notice.Notice) { n.Deadline.Value = day(t, "2026-07-02T12:00:00+01:00") },
			profile: func(p *profiles.Profile) { p.LeadDays = 90; p.Weights = map[string]int{Timing: 100} },
			change:  "leadDays", side: OfProfile, value: "8", cost: costLead, ifTrue: true,
		},
		{
			name: "no deadline", notice: func(n *notice.Notice) { n.Deadline = notice.Deadline{} },
			change: "deadline", side: OfNotice, cost: costAnswer,
			apply: func(n *notice.Notice) {
				n.Deadline = notice.Deadline{Said: sayOf(day(t, "2026-07-01"), "/x"), Kind: notice.DeadlineTender}
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, p := mediationNotice(t), mediation()
			if c.notice != nil {
				c.notice(n)
			}
			if c.profile != nil {
				c.profile(&p)
			}
			w := whatIf(t, n, p)
			if w.Advice == Bid {
				t.Fatal("it is a bid")
			}
			i := slices.IndexFunc(w.Single, func(o Outcome) bool { return o.Steps[0].Change == c.change && o.Steps[0].Side == c.side })
			if i < 0 {
				t.Fatalf("%s is not among %+v (%s)", c.change, w.Single, w.None)
			}
			o := w.Single[i]
			if s := o.Steps[0]; c.value != "" && s.Value != c.value || o.Cost != c.cost || s.IfTrue != c.ifTrue || s.Words == "" {
				t.Errorf("%+v, want %s at %d", s, c.value, c.cost)
			}
			if c.apply != nil {
				c.apply(n)
			} else {
				p = o.Profile
			}
			if f := fitOf(t, n, p, today); f.Score != o.Score || f.Advice != o.Advice || o.Advice != Bid {
				t.Errorf("%d, %s is promised, and it is %d, %s", o.Score, o.Advice, f.Score, f.Advice)
			}
		})
	}
}

// A code, and a word, that would have found it.
func TestWhatIfTrade(t *testing.T) {
	n, p := mediationNotice(t), mediation()
	n.Title.Value, n.Description.Value = "Cleaning of windows", "Windows of schools are to be cleaned."
	n.Lots[0].Title.Value, n.Lots[0].Description.Value = "Windows", "Cleaning."
	n.Lots[0].CPV = nil
	p.Keywords, p.Description, p.CPV, p.Exclude = []string{"janitorial"}, "", []cpv.Code{90919000}, nil
	w := whatIf(t, n, p)
	o, ok := w.outcomeOf("keywords")
	if !ok || !strings.Contains(o.Steps[0].Value, "cleaning") {
		t.Errorf("%+v", w)
	}
	// Somebody else's words are not proposed to a supplier of another trade.
	p = mediation()
	p.Exclude = nil
	if w = whatIf(t, n, p); slices.ContainsFunc(w.Single, func(o Outcome) bool { return o.Steps[0].Change == "keywords" }) {
		t.Errorf("a mediator is told to clean: %+v", w.Single)
	}
}

// Where one change is not enough, two are named; where nothing helps, that is said.
func TestWhatIfPairs(t *testing.T) {
	n, p := mediationNotice(t), mediation()
	n.Title.Value = "Community Mediation during construction and demolition"
	p.Exclude = []string{"construction", "demolition"}
	w := whatIf(t, n, p)
	if len(w.Single) > 0 || w.Pair == nil || w.Pair.Cost != 2*costWord || w.Pair.Advice != Bid || len(w.Pair.Profile.Exclude) != 0 {
		t.Errorf("%+v", w)
	}
	n.Deadline.Value = day(t, "2026-05-01T12:00:00+01:00")
	if w = whatIf(t, n, p); w.Pair != nil || !strings.HasPrefix(w.None, "nothing would: closed on 1 May 2026") {
		t.Errorf("closed for good: %+v", w)
	}
	n = mediationNotice(t)
	if w = whatIf(t, n, mediation()); w.None != "it is a bid already" || len(w.Single) > 0 || w.Why != "" {
		t.Errorf("%+v", w)
	}
	n.Lots[0].CPV, n.Lots[0].Places = nil, []notice.Said[notice.Place]{sayOf(notice.Place{Text: "FR"}, "/tender/items/0/deliveryAddresses/0/country")}
	n.Title.Value, n.Description.Value, n.Lots[0].Title.Value, n.Lots[0].Description.Value = "Tarmac", "Tarmac.", "Tarmac", "Tarmac."
	if w = whatIf(t, n, mediation()); w.None == "" || w.Pair != nil || len(w.Single) > 0 {
		t.Errorf("tarmac in France: %+v", w)
	}
}

// supposeAny draws a notice and a supplier who may be anything to each other.
func supposeAny(rng *rand.Rand, t *testing.T) (*notice.Notice, profiles.Profile) {
	n, p := anyNotice(rng, t), mediation()
	p.CPV, p.Regions = []cpv.Code{anyCode(rng)}, []itl.Region{anyRegion(rng)}
	if rng.IntN(2) == 0 {
		p.SME, p.VCSE, p.LeadDays = nil, nil, rng.IntN(60)
	}
	if rng.IntN(2) == 0 {
		p.Exclude = []string{"road", "supply"}
	}
	switch rng.IntN(4) {
	case 0:
		n.Deadline = notice.Deadline{}
	case 1:
		n.Deadline.Value.Time = today.AddDate(0, 0, rng.IntN(20)-10)
	}
	for i := range n.Lots {
		l := &n.Lots[i]
		switch rng.IntN(5) {
		case 0:
			l.Value = notice.Value{}
		case 1:
			l.Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: []string{"sme", "vcse", "sheltered", "other"}[rng.IntN(4)], Text: "x"}, "/x")}
		}
	}
	return n, p
}

// What is promised is what assessing the changed profile gives; it is better, and in order.
func TestWhatIfKeepsItsWord(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	promised, paired := 0, 0
	for range 150 {
		n, p := supposeAny(rng, t)
		of, pairs := keepsItsWord(t, n, p)
		promised, paired = promised+of, paired+pairs
	}
	if promised < 100 || paired < 10 {
		t.Errorf("%d promises and %d pairs: too few to tell", promised, paired)
	}
}

// keepsItsWord holds what-if of every lot to what it says, and counts promises about profiles, and pairs.
func keepsItsWord(t *testing.T, n *notice.Notice, p profiles.Profile) (promised, paired int) {
	t.Helper()
	m, err := New(names, p)
	if err != nil {
		t.Fatal(err)
	}
	o := names.Prepare(n)
	for _, now := range all(m.Assess(o, today)) {
		w, ok := m.WhatIf(o, now.Lot, today)
		if !ok || w.Score != now.Score || w.Advice != now.Advice || len(w.Single) > mostOutcomes {
			t.Fatalf("%+v of %+v", w, now)
		}
		again, _ := m.WhatIf(o, now.Lot, today)
		if len(again.Single) != len(w.Single) || again.None != w.None || (again.Pair == nil) != (w.Pair == nil) {
			t.Errorf("asked again: %+v, and was %+v", again, w)
		}
		outcomes := w.Single
		if w.Pair != nil {
			outcomes = append(slices.Clone(outcomes), *w.Pair)
			paired++
		}
		if len(outcomes) == 0 && w.None == "" {
			t.Errorf("nothing is said: %+v", w)
		}
		for i, x := range outcomes {
			if !x.Advice.better(now.Advice) || x.Points != x.Score-now.Score || points(x.Changes) != x.Points {
				t.Errorf("%+v is no better than %d, %s, or its changes do not sum", x, now.Score, now.Advice)
			}
			if i > 0 && len(x.Steps) == 1 && compareOutcomes(outcomes[i-1], x) > 0 {
				t.Errorf("%+v before %+v", outcomes[i-1], x)
			}
			if slices.ContainsFunc(x.Steps, func(s Step) bool { return s.Side == OfNotice }) {
				continue
			}
			promised++
			if err := x.Profile.Check(); err != nil {
				t.Errorf("the changed profile is none: %v", err)
			}
			then := all(fitOf(t, n, x.Profile, today))
			f := then[slices.IndexFunc(then, func(f Fit) bool { return f.Lot == now.Lot })]
			if f.Score != x.Score || f.Advice != x.Advice {
				t.Errorf("%s promises %d, %s, and gives %d, %s", x.Steps[0].Words, x.Score, x.Advice, f.Score, f.Advice)
			}
		}
	}
	if !slices.Equal(m.profile.Keywords, p.Keywords) || !slices.Equal(m.profile.CPV, p.CPV) || !slices.Equal(m.profile.Exclude, p.Exclude) {
		t.Error("the profile was changed")
	}
	return promised, paired
}

// FuzzWhatIf: whatever a notice and a profile say, the promises hold.
func FuzzWhatIf(f *testing.F) {
	f.Add(uint64(1), "Community mediation", "Mediation of disputes, support of disputes", "road")
	f.Add(uint64(2), "IT \u202esupport", "\xff cleaning cleaning", "cleaning")
	f.Fuzz(func(t *testing.T, seed uint64, title, description, exclude string) {
		if len(title)+len(description) > 2000 {
			return // one notice is assessed some hundred times
		}
		n, p := supposeAny(rand.New(rand.NewPCG(seed, 2)), t)
		n.Lots = n.Lots[:1]
		n.Title, n.Description = say(title, "/tender/title"), say(description, "/tender/description")
		p.Exclude = []string{exclude}
		if p.Check() != nil {
			p.Exclude = nil
		}
		keepsItsWord(t, n, p)
	})
}

// Whom the swings blame is what is unknown, and each lies between the ends.
func TestSwings(t *testing.T) {
	n := mediationNotice(t)
	n.Lots[0].Value = notice.Value{}
	f := fitOf(t, n, mediation(), today)
	// One unknown makes the whole difference: value at a weight of 70 takes 70 % at worst, and nothing at best.
	s := f.Swings()
	if len(s) != 1 || s[0].Criterion != Value || s[0].Low != f.Low || s[0].High != f.High || s[0].Low >= f.Score || s[0].Reason != "the notice gives no value" {
		t.Errorf("%+v of %d–%d", s, f.Low, f.High)
	}
	rng := rand.New(rand.NewPCG(23, 24))
	for range 200 {
		n, p := supposeAny(rng, t)
		for _, f := range all(fitOf(t, n, p, today)) {
			for i, s := range f.Swings() {
				if s.Low < f.Low-1 || s.High > f.High+1 || s.Low > s.High || s.Reason == "" {
					t.Errorf("%+v of %d (%d–%d)", s, f.Score, f.Low, f.High)
				}
				if e, ok := f.find(s.Criterion); !ok || e.Finding != Unknown {
					t.Errorf("swing %d: %s is known", i, s.Criterion)
				}
			}
		}
	}
}

func TestWhy(t *testing.T) {
	for want, change := range map[string]func(*notice.Notice, *profiles.Profile){
		"":                      func(*notice.Notice, *profiles.Profile) {},
		"deadline: closed on":   func(n *notice.Notice, _ *profiles.Profile) { n.Deadline.Value = day(t, "2026-06-01") },
		"deadline is in questi": func(n *notice.Notice, _ *profiles.Profile) { n.Deadline = notice.Deadline{} },
		"is below 25, from which a look is advised": func(n *notice.Notice, _ *profiles.Profile) { n.Lots[0].Places[0].Value.Region = "TLK30" },
	} {
		n, p := mediationNotice(t), mediation()
		change(n, &p)
		f := fitOf(t, n, p, today)
		if got := f.Why(); !strings.Contains(got, want) || (want == "") != (got == "") || (got == "") != (f.Advice == Bid) {
			t.Errorf("%s because %q, want %q", f.Advice, got, want)
		}
	}
	for _, a := range []Advice{Bid, Review, NoBid} {
		if got, err := ParseAdvice(string(a)); err != nil || got != a {
			t.Errorf("%q is %q (%v)", a, got, err)
		}
	}
	if _, err := ParseAdvice("maybe"); err == nil {
		t.Error("maybe is an advice")
	}
}

// Questions stand once, with the lots they are about where these are not all.
func TestAsk(t *testing.T) {
	q := func(lot string, texts ...string) Fit {
		f := Fit{Lot: lot}
		for _, text := range texts {
			f.Gates = append(f.Gates, Gate{State: GateUnknown, Question: text})
		}
		return f
	}
	got := Ask(q("2", "When?", "Where?"), q("1", "When?"), q("3", "When?", "Where?", "Who?"))
	if len(got) != 3 || got[0].Question != "When?" || got[0].Lots != nil || !slices.Equal(got[1].Lots, []string{"2", "3"}) || !slices.Equal(got[2].Lots, []string{"3"}) {
		t.Errorf("%+v", got)
	}
	if none := Ask(q("1")); none == nil || len(none) != 0 {
		t.Errorf("%+v", none)
	}
}

// BenchmarkWhatIf looks for changes on published notices, one after another; worst-ms is the slowest of them, the garbage collector's share included.
func BenchmarkWhatIf(b *testing.B) {
	notices := ocdstest.Published(b, noticetest.Shared(b, "data", "notices", "find-a-tender.jsonl.gz"))
	l := Learn(slices.Values(notices))
	m, err := New(l, mediation())
	if err != nil {
		b.Fatal(err)
	}
	var open []*Opportunity
	for _, n := range notices {
		if n.Stage.Open() {
			open = append(open, l.Prepare(n))
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	i, worst := 0, time.Duration(0)
	for b.Loop() {
		o := open[i%len(open)]
		i++
		start := time.Now()
		m.WhatIf(o, o.lots[0].ID, today)
		worst = max(worst, time.Since(start))
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
}
