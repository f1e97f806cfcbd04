package matcher

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// anyRegion, anyCode and anyText draw from what notices hold.
func anyRegion(rng *rand.Rand) itl.Region {
	regions := itl.Regions(2025, 1+rng.IntN(3))
	return regions[rng.IntN(len(regions))]
}

func anyCode(rng *rand.Rand) cpv.Code { return allCodes[rng.IntN(len(allCodes))] }

var allCodes = cpv.Codes()

func anyText(rng *rand.Rand, words int) string {
	vocabulary := []string{"mediation", "hate", "crime", "Restorative", "JUSTICE", "road", "cleaning", "of", "the", "IT", "audit.", "supply", "anti-social", "behaviour", "\n", "£704,000"}
	var b strings.Builder
	for range words {
		b.WriteString(vocabulary[rng.IntN(len(vocabulary))])
		b.WriteByte(' ')
	}
	return b.String()
}

// anyNotice draws a notice with any number of lots.
func anyNotice(rng *rand.Rand, t *testing.T) *notice.Notice {
	n := mediationNotice(t)
	n.ID = fmt.Sprintf("ocds-h6vhtk-%06x", rng.IntN(1<<24))
	n.OCID = n.ID
	n.Title = say(anyText(rng, 6), "/tender/title")
	n.Description = say(anyText(rng, 40), "/tender/description")
	n.Lots = nil
	for i := range 1 + rng.IntN(4) {
		l := mediationLot(fmt.Sprint(i+1), anyText(rng, 5), anyText(rng, 20))
		l.CPV, l.Places = nil, nil
		for range rng.IntN(4) {
			l.CPV = append(l.CPV, sayOf(notice.Classification{Code: anyCode(rng)}, "/tender/items/0/classification/id"))
		}
		for range rng.IntN(3) {
			r := anyRegion(rng)
			l.Places = append(l.Places, sayOf(notice.Place{Text: string(r), Region: r}, "/tender/items/0/deliveryAddresses/0/region"))
		}
		l.Value.Net.Value = notice.Pence(1 + rng.Int64N(1<<rng.IntN(40)))
		n.Lots = append(n.Lots, l)
	}
	return n
}

// all lists a fit and its other lots.
func all(f Fit) []Fit {
	lots := f.Lots
	f.Lots = nil
	return append([]Fit{f}, lots...)
}

// Whatever the notice and the supplier, the evidence makes the score.
func TestFitProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 400 {
		p := mediation()
		p.CPV, p.Regions = []cpv.Code{anyCode(rng)}, []itl.Region{anyRegion(rng)}
		f := fitOf(t, anyNotice(rng, t), p, today)
		for _, f := range all(f) {
			checkSum(t, f.Evidence, tally{f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice})
			if again := sum(slices.Clone(f.Evidence), f.Gates, f.Conditions); again != (tally{f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice}) {
				t.Errorf("the evidence comes to %+v, the fit says otherwise: %+v", again, f)
			}
			for _, e := range f.Evidence {
				if e.Share < 0 || e.Share > 100 || e.Reason == "" || e.At == nil {
					t.Errorf("%+v", e)
				}
			}
		}
	}
}

// More regions, a wider band and a nearer code never earn less.
func TestNeverEarnsLess(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	share := func(n *notice.Notice, p profiles.Profile, criterion string) int {
		f := fitOf(t, n, p, today)
		e, ok := f.find(criterion)
		if !ok || e.Finding == Unknown {
			return -1
		}
		return e.Share
	}
	for range 500 {
		n := anyNotice(rng, t)
		n.Lots = n.Lots[:1]
		p := mediation()
		p.Regions = []itl.Region{anyRegion(rng)}
		more := p
		more.Regions = append(slices.Clone(p.Regions), anyRegion(rng))
		if a, b := share(n, p, Region), share(n, more, Region); b < a {
			t.Errorf("%v: %d; %v: %d; the lot is in %v", p.Regions, a, more.Regions, b, n.Lots[0].Places)
		}

		low, high := notice.Pence(1+rng.Int64N(1<<30)), notice.Pence(1<<30+rng.Int64N(1<<30))
		wideLow, wideHigh := low/notice.Pence(1+rng.Int64N(100)), high*notice.Pence(1+rng.Int64N(100))
		p.Value = profiles.Band{Min: &low, Max: &high}
		wide := p
		wide.Value = profiles.Band{Min: &wideLow, Max: &wideHigh}
		if a, b := share(n, p, Value), share(n, wide, Value); b < a {
			t.Errorf("value %v earns %d in %v–%v and %d in %v–%v", n.Lots[0].Value.Net.Value, a, low, high, b, wideLow, wideHigh)
		}
		if a, b := share(n, p, Subject), share(n, profiles.Profile{ID: "p", Name: p.Name, CPV: append(slices.Clone(p.CPV), anyCode(rng))}, Subject); b < a {
			t.Errorf("a further code lowered the share from %d to %d", a, b)
		}
	}
}

// A code is nearer when what it has in common with the profile's is deeper.
func TestNearerCodes(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 20_000 {
		ours := anyCode(rng)
		// Relatives of ours at different distances, and a stranger.
		a, b := relative(rng, ours), relative(rng, ours)
		if rng.IntN(4) == 0 {
			b = anyCode(rng)
		}
		near, far := cpv.Common(a, ours), cpv.Common(b, ours)
		if near == 0 || far != 0 && near.Level() <= far.Level() {
			continue
		}
		if x, y := names.relate(a, ours), names.relate(b, ours); x.worth < y.worth {
			t.Fatalf("%s earns %d and %s %d, held against %s", a, x.worth, b, y.worth, ours)
		}
	}
	const ours = cpv.Code(85312310)
	steps := []cpv.Code{85312310, 85312300, 85312000, 85310000, 85300000, 85000000, 45000000}
	last := int64(1001)
	for _, c := range steps {
		r := names.relate(c, ours)
		if r.worth > last {
			t.Errorf("%s earns %d, more than the nearer one before it (%d)", c, r.worth, last)
		}
		last = r.worth
	}
}

// relative is a code in the family of another.
func relative(rng *rand.Rand, c cpv.Code) cpv.Code {
	for range rng.IntN(4) {
		if p, ok := c.Parent(); ok {
			c = p
		}
	}
	for range rng.IntN(4) {
		if below := c.Children(); len(below) > 0 {
			c = below[rng.IntN(len(below))]
		}
	}
	return c
}

// The order in which a publisher lists lots, codes and places changes nothing.
func TestOrderChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 100 {
		n := anyNotice(rng, t)
		before, err := json.Marshal(sorted(fitOf(t, n, mediation(), today)), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		rng.Shuffle(len(n.Lots), func(i, j int) { n.Lots[i], n.Lots[j] = n.Lots[j], n.Lots[i] })
		for k := range n.Lots {
			l := &n.Lots[k]
			rng.Shuffle(len(l.CPV), func(i, j int) { l.CPV[i], l.CPV[j] = l.CPV[j], l.CPV[i] })
		}
		after, err := json.Marshal(sorted(fitOf(t, n, mediation(), today)), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, after) {
			at := 0
			for before[at] == after[at] {
				at++
			}
			t.Fatalf("they part at %.200s\nand at %.200s", before[at:], after[at:])
		}
	}
}

// sorted puts a fit and its other lots in order of id.
func sorted(f Fit) []Fit {
	list := all(f)
	slices.SortFunc(list, func(a, b Fit) int { return strings.Compare(a.Lot, b.Lot) })
	return list
}

// The same input gives the same bytes.
func TestSameBytes(t *testing.T) {
	n := mediationNotice(t)
	var first []byte
	for range 20 {
		lexicon := Learn(slices.Values([]*notice.Notice{n}))
		m, err := New(lexicon, mediation())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(m.Assess(lexicon.Prepare(n), today))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(b, first) {
			t.Fatalf("%s\n%s", first, b)
		}
	}
}

// A fit survives its JSON.
func TestFitJSON(t *testing.T) {
	n := mediationNotice(t)
	n.Lots = append(n.Lots, mediationLot("2", "Hate crime", "Support of victims."))
	f := fitOf(t, n, mediation(), today)
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back Fit
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("%v\n%s\n%s", err, b, again)
	}
	for _, want := range []string{`"also":[]`, `"evidence":[{"criterion":"subject"`, `"gates":[{"gate":"stage","state":"pass"`, `"lots":[{`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s is missing in %s", want, b)
		}
	}
}

// A good match stays a good match whatever one field is missing, and nothing vanishes.
func TestBlanks(t *testing.T) {
	whole := fitOf(t, mediationNotice(t), mediation(), today)
	if whole.Advice != Bid {
		t.Fatalf("the sample is no bid: %+v", whole)
	}
	for name, blank := range map[string]func(*notice.Notice){
		"title":       func(n *notice.Notice) { n.Title = notice.Said[string]{} },
		"description": func(n *notice.Notice) { n.Description = notice.Said[string]{} },
		"lot":         func(n *notice.Notice) { n.Lots = []notice.Lot{{}} },
		"lots":        func(n *notice.Notice) { n.Lots = nil },
		"codes":       func(n *notice.Notice) { n.Lots[0].CPV = nil },
		"places":      func(n *notice.Notice) { n.Lots[0].Places = nil },
		"value":       func(n *notice.Notice) { n.Lots[0].Value = notice.Value{} },
		"deadline":    func(n *notice.Notice) { n.Deadline = notice.Deadline{} },
		"buyer":       func(n *notice.Notice) { n.Buyer = notice.Organisation{} },
		"suitability": func(n *notice.Notice) {
			n.Lots[0].SME, n.Lots[0].VCSE = notice.Said[bool]{}, notice.Said[bool]{}
		},
	} {
		n := mediationNotice(t)
		blank(n)
		f := fitOf(t, n, mediation(), today)
		if f.OCID != n.OCID || f.Advice == NoBid || f.Score < reviewScore {
			t.Errorf("without %s: %s, score %d (relevance %d)", name, f.Advice, f.Score, f.Relevance)
		}
	}
}

// Compare puts any fits into one order, and barred ones last unless asked for relevance.
func TestCompare(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	var fits []Fit
	for i := range 60 {
		f := Fit{
			OCID: fmt.Sprint("ocds-", i%40), Lot: fmt.Sprint(i % 3), Notice: fmt.Sprint(i), Score: rng.IntN(4), Low: rng.IntN(3),
			Relevance: rng.IntN(4), Known: rng.IntN(3) * 50,
		}
		if rng.IntN(3) == 0 {
			f.Gates = []Gate{{State: GateBarred}}
		}
		if rng.IntN(3) > 0 {
			f.Deadline = notice.Moment{Time: today.AddDate(0, 0, rng.IntN(5)), Day: rng.IntN(2) == 0}
		}
		fits = append(fits, f)
	}
	for _, order := range []Order{OrderScore, OrderLow, OrderDeadline, OrderRelevance} {
		compare := Compare(order)
		for _, a := range fits {
			for _, b := range fits {
				ab, ba := compare(a, b), compare(b, a)
				if ab != -ba || (ab == 0) != (a.Notice == b.Notice) {
					t.Fatalf("%s: %d and %d for %+v and %+v", order, ab, ba, a, b)
				}
				for _, c := range fits {
					if ab < 0 && compare(b, c) < 0 && compare(a, c) >= 0 {
						t.Fatalf("%s is not transitive", order)
					}
				}
			}
		}
		slices.SortFunc(fits, compare)
		for i := 1; i < len(fits); i++ {
			a, b := fits[i-1], fits[i]
			if order != OrderRelevance && a.Barred() && !b.Barred() {
				t.Errorf("%s: barred before open", order)
			}
			if order == OrderRelevance && a.Relevance < b.Relevance {
				t.Errorf("relevance %d before %d", a.Relevance, b.Relevance)
			}
		}
	}
	if _, err := ParseOrder("luck"); err == nil {
		t.Error("an order of luck")
	}
	if o, err := ParseOrder("low"); err != nil || o != OrderLow {
		t.Error(o, err)
	}
}

// A profile that profiles would not have read is refused with what is wrong.
func TestNewRefuses(t *testing.T) {
	for want, change := range map[string]func(*profiles.Profile){
		`no criterion "luck"`:     func(p *profiles.Profile) { p.Weights = map[string]int{"luck": 1} },
		"has to be from 0 to 100": func(p *profiles.Profile) { p.Weights = map[string]int{Words: 101} },
		"keywords":                func(p *profiles.Profile) { p.Keywords = []string{"the of"} },
	} {
		p := mediation()
		change(&p)
		if _, err := New(names, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A weight of a profile's own replaces the default one.
func TestOwnWeights(t *testing.T) {
	p := mediation()
	p.Weights = map[string]int{Region: 0, Subject: 50}
	n := mediationNotice(t)
	n.Lots[0].Places[0].Value.Region = "TLM65"
	f := fitOf(t, n, p, today)
	if e, _ := f.find(Region); e.Weight != 0 || e.Points != 0 {
		t.Errorf("region: %+v", e)
	}
	if e, _ := f.find(Subject); e.Weight != 50 {
		t.Errorf("subject: %+v", e)
	}
}

// FuzzAssess: no text makes the matcher panic, and every quoted span is what stands there.
func FuzzAssess(f *testing.F) {
	f.Add("Community mediation", "Victims of hate crime", "mediation", "construction")
	f.Add("", "\xff\xfe\u202e", "IT support", "it")
	f.Add("HATE CRIME AND IT", strings.Repeat("anti-social behaviour ", 50), "ASB", "M&E")
	f.Fuzz(func(t *testing.T, title, description, keyword, exclude string) {
		n, p := mediationNotice(t), mediation()
		n.Title, n.Description = say(title, "/tender/title"), say(description, "/tender/description")
		n.Lots[0].Title, n.Lots[0].Description = say(description, "/tender/lots/0/title"), say(title, "/tender/lots/0/description")
		n.Lots[0].Places = []notice.Said[notice.Place]{sayOf(notice.Place{Text: title}, "/x")}
		n.Direct, n.Status = say(description, "/y"), say(keyword, "/tender/status")
		if _, err := words.ParsePhrase(keyword); err == nil {
			p.Keywords = append(p.Keywords, keyword)
		}
		if _, err := words.ParsePhrase(exclude); err == nil {
			p.Exclude = append(p.Exclude, exclude)
		}
		p.Description = description
		fit := fitOf(t, n, p, today)
		checkSum(t, fit.Evidence, tally{fit.Relevance, fit.Score, fit.Low, fit.High, fit.Known, fit.Advice})
		texts := map[string]string{
			"/tender/title": title, "/tender/description": description,
			"/tender/lots/0/title": description, "/tender/lots/0/description": title,
		}
		for _, e := range fit.Evidence {
			for _, q := range e.At {
				if text, ok := texts[q.Pointer]; ok && q.Quote != text[q.Start:q.End] {
					t.Errorf("%s: %q is quoted as %q", q.Pointer, text[q.Start:q.End], q.Quote)
				}
			}
		}
	})
}

// FuzzPhrase: a keyword is found in a page where package words finds it, and nowhere else.
func FuzzPhrase(f *testing.F) {
	f.Add("hate crime", "Support for victims of hate crimes. Hate. Crime.")
	f.Add("provision of care", "the provision of the care")
	f.Add("IT support", "it supports us; IT Support")
	f.Add("anti-social behaviour", "ASB and antisocial behavior")
	f.Fuzz(func(t *testing.T, keyword, text string) {
		w, err := words.ParsePhrase(keyword)
		if err != nil {
			return
		}
		ph := names.phrase(w)
		p := read([]field{{kind: inTitle, text: text}})
		s, ok := ph.find(&p)
		want := w.Find(words.Tokens(text))
		if ok != (len(want) > 0) {
			t.Fatalf("%q in %q: %v, want %v", keyword, text, ok, want)
		}
		if ok {
			if q := s.quote(); q.Start != want[0].Start {
				t.Errorf("%q in %q: at %d, want %d", keyword, text, q.Start, want[0].Start)
			}
		}
	})
}
