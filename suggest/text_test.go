package suggest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// tender is an open notice as it is published.
func tender(t testing.TB, id, buyer, title, description, code string) *notice.Notice {
	t.Helper()
	return project(t, fmt.Sprintf(`{"ocid":"ocds-h6vhtk-%s","id":"%s","tag":["tender"],"date":"2026-06-02T09:00:00Z","buyer":{"id":"b","name":%q},
		"tender":{"id":"t","title":%q,"description":%q,"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":%q}]}]}}`,
		id, id, buyer, title, description, code))
}

// town is a store of notices of three trades. Two of them say "disputes".
func town(t testing.TB) []*notice.Notice {
	var all []*notice.Notice
	for i, x := range []struct{ title, description, code string }{
		{"Neighbour mediation", "Disputes between neighbours are settled by mediators.", "85312300"},
		{"Family mediation", "Mediators help families in disputes.", "85312300"},
		{"Peer mediation in schools", "Conflict coaching for pupils.", "85312320"},
		{"Conflict coaching", "Coaching and mediation of staff.", "85312320"},
		{"Legal advice on commercial disputes", "Solicitors for litigation.", "79100000"},
		{"Legal help in property disputes", "Solicitors and barristers.", "79110000"},
		{"Legal advice", "Litigation and conveyancing.", "79111000"},
		{"Office cleaning", "Daily cleaning of offices.", "90919200"},
		{"Window cleaning", "Windows of schools.", "90911300"},
		{"School cleaning", "Cleaning of schools.", "90919300"},
		{"Street cleaning", "Sweeping of streets.", "90610000"},
		{"Laundry", "Washing of linen.", "98310000"},
	} {
		all = append(all, tender(t, fmt.Sprint(i), fmt.Sprintf("Buyer %d", i), x.title, x.description, x.code))
	}
	return all
}

// groundOf is what a desk makes of a few notices, without a desk.
func groundOf(t testing.TB, text string, all []*notice.Notice) Ground {
	t.Helper()
	g := Ground{Lexicon: matcher.Learn(slices.Values(all)), Notices: len(all)}
	m, err := matcher.New(g.Lexicon, Bare(text))
	if err != nil {
		t.Fatal(err)
	}
	best := 0
	for _, n := range all {
		f := m.Assess(g.Lexicon.Prepare(n), n.First())
		g.Near = append(g.Near, Near{n, f.Relevance})
		best = max(best, f.Relevance)
	}
	g.Near = slices.DeleteFunc(g.Near, func(n Near) bool { return n.Relevance < best*6/10 })
	saying := func(phrase string) (list []*notice.Notice) {
		p, err := words.ParsePhrase(phrase)
		if err != nil {
			t.Fatalf("%q: %v", phrase, err)
		}
		for _, n := range all {
			for s := range n.Proses() {
				if len(p.Find(words.Tokens(s.Value))) > 0 {
					list = append(list, n)
					break
				}
			}
		}
		return list
	}
	g.Coded = func(c cpv.Code) (count int, err error) {
		for _, n := range all {
			if slices.ContainsFunc(n.Lots[0].CPV, func(k notice.Said[notice.Classification]) bool { return c.Contains(k.Value.Code) }) {
				count++
			}
		}
		return count, nil
	}
	g.Saying = func(phrase string) (int, error) { return len(saying(phrase)), nil }
	g.Mentioning = func(phrase string) ([]*notice.Notice, error) { return saying(phrase), nil }
	return g
}

const trade = "We settle disputes between neighbours and in families: mediation, conflict coaching and restorative circles. Based in Wickham."

func TestText(t *testing.T) {
	all := town(t)
	d, err := Text(trade, groundOf(t, trade, all))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Profile.Check(); err != nil {
		t.Error(err)
	}
	if d.Profile.Description != trade {
		t.Errorf("the description is %q", d.Profile.Description)
	}
	if len(d.Profile.CPV) == 0 || slices.ContainsFunc(d.Profile.CPV, func(c cpv.Code) bool { return !cpv.Code(85310000).Contains(c) }) {
		t.Errorf("codes %v", d.Profile.CPV)
	}
	if c := d.Codes[0]; c.Notices != 4 || len(c.Examples) != 3 || !strings.Contains(c.Ground, "notices most like your text") {
		t.Errorf("the first code is %+v", c)
	}
	for _, want := range []string{"mediation", "conflict coaching"} {
		if !slices.Contains(d.Profile.Keywords, want) {
			t.Errorf("%q is no keyword: %q", want, d.Profile.Keywords)
		}
	}
	for _, k := range d.Profile.Keywords {
		if k == "wickham" || k == "cleaning" {
			t.Errorf("%q is a keyword", k)
		}
	}
	// Solicitors are in disputes too. An exclusion is proposed, and not taken unasked.
	if !slices.ContainsFunc(d.Exclude, func(k Keyword) bool {
		return k.Text == "property disputes" || k.Text == "legal" || k.Text == "litigation"
	}) {
		t.Errorf("exclude %+v; codes %+v; keywords %+v", d.Exclude, d.Codes, d.Keywords)
	}
	if d.Profile.Exclude != nil || d.Profile.Regions != nil {
		t.Errorf("%+v says what nobody said", d.Profile)
	}
}

// TestTextInAnyOrder: the order of the notices changes nothing.
func TestTextInAnyOrder(t *testing.T) {
	all := town(t)
	g := groundOf(t, trade, all)
	want, err := Text(trade, g)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(4, 4))
	for range 10 {
		rng.Shuffle(len(g.Near), func(i, j int) { g.Near[i], g.Near[j] = g.Near[j], g.Near[i] })
		if got, err := Text(trade, g); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v (%v)\nwant %+v", got, err, want)
		}
	}
}

// TestTextOfNothing: an empty store knows the names of CPV, and proposes by them.
func TestTextOfNothing(t *testing.T) {
	d, err := Text("Window cleaning, pest control", groundOf(t, "Window cleaning, pest control", nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Profile.Check(); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(d.Codes, func(c Code) bool { return cpv.Code(90910000).Contains(c.Code) }) {
		t.Errorf("no cleaning among %+v", d.Codes)
	}
}

func FuzzText(f *testing.F) {
	all := town(f)
	f.Add(trade)
	f.Add("IT, HR & the \u202ewhole\x00 \ufffd\n\n\tdisputes; disputes\u2028")
	f.Add(strings.Repeat("mediation, ", 40))
	g := groundOf(f, trade, all)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 30_000 || tidy(text) == "" {
			return
		}
		g := g
		g.Saying = func(string) (int, error) { return 1, nil }
		g.Mentioning = func(string) ([]*notice.Notice, error) { return all, nil }
		d, err := Text(text, g)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Profile.Check(); err != nil {
			t.Fatal(err)
		}
		if _, err := matcher.New(g.Lexicon, d.Profile); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTelling(t *testing.T) {
	all := town(t)
	got := Telling(matcher.Learn(slices.Values(all)), all[:4], 3)
	if len(got) != 3 || got[0].Text != "mediation" || !slices.Equal(got[0].In, []string{"ocds-h6vhtk-0", "ocds-h6vhtk-1", "ocds-h6vhtk-2"}) {
		t.Errorf("got %+v", got)
	}
}

func TestID(t *testing.T) {
	for name, want := range map[string]string{
		"Wren Grounds Ltd": "wren-grounds-ltd", "  O'Brien & Sons ": "obrien-sons", "Café №1": "cafe-1", "…": "supplier",
		strings.Repeat("a", 100): strings.Repeat("a", 40),
	} {
		if got := ID(name); got != want {
			t.Errorf("ID(%q) = %q, want %q", name, got, want)
		}
	}
}
