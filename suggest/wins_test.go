package suggest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

// award is a notice of one award as it is published.
func award(t testing.TB, id, year, buyer, title, description, code, region, pounds string) *notice.Notice {
	t.Helper()
	value := ""
	if pounds != "" {
		value = `,"value":{"amount":` + pounds + `,"currency":"GBP"}`
	}
	delivery := ""
	if region != "" {
		delivery = `,"deliveryAddresses":[{"region":"` + region + `"}]`
	}
	return project(t, fmt.Sprintf(`{"ocid":"ocds-h6vhtk-%s","id":"%s","tag":["award"],"date":"%s-03-02T09:00:00Z",
		"buyer":{"id":"b","name":%q},
		"parties":[{"id":"s","name":"Wren Grounds Ltd","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"1"},"details":{"scale":"sme"}},
			{"id":"x","name":"Heron Ltd","roles":["supplier"]}],
		"tender":{"id":"t","title":%q,"description":%q,"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":%q}]%s}]},
		"awards":[{"id":"1","status":"active","date":"%s-03-01T00:00:00Z","suppliers":[{"id":"s"}]%s},
			{"id":"2","status":"active","suppliers":[{"id":"x"}],"value":{"amount":99000000,"currency":"GBP"}},
			{"id":"3","status":"cancelled","suppliers":[{"id":"s"}],"value":{"amount":88000000,"currency":"GBP"}}]}`,
		id, id, year, buyer, title, description, code, delivery, year, value))
}

func project(t testing.TB, release string) *notice.Notice {
	t.Helper()
	for item, err := range ocds.Decode(context.Background(), bytes.NewReader([]byte(release)), "test") {
		if err != nil {
			t.Fatal(err)
		}
		if item.Rejected != nil {
			t.Fatal(item.Rejected.Reason)
		}
		list, err := ocds.Project(item.Release.OCID, []notice.Release{*item.Release})
		if err != nil {
			t.Fatal(err)
		}
		return list[0]
	}
	t.Fatal("no release")
	return nil
}

func wren(m market.Mention) bool { return slices.Contains(m.IDs, "GB-COH-00000001") }

func wrenWins(t *testing.T) []*notice.Notice {
	return []*notice.Notice{
		award(t, "1", "2021", "Wick Borough Council", "Grounds maintenance of parks", "Mowing and hedge cutting in parks of Wick.", "77310000", "UKG24", "100000"),
		award(t, "2", "2022", "Wick Borough Council", "Tree surgery in Staffordshire", "Felling of diseased ash, hedge cutting.", "77211500", "UKG2", "45000"),
		award(t, "3", "2023", "Saltbourne City Council", "Grounds maintenance", "Mowing of verges.", "77310000", "UKG24", "120000"),
		award(t, "4", "2024", "Ashwick Homes", "Grounds maintenance of estates", "Mowing and hedge cutting on estates.", "77300000", "UK", "250000"),
		award(t, "5", "2025", "Ashwick Homes", "Safety of play areas", "Play areas inspected.", "77310000", "", ""),
	}
}

func TestFromWins(t *testing.T) {
	wins := wrenWins(t)
	d := Wins(matcher.Learn(slices.Values(wins)), "Wren Grounds Ltd", wins, wren)
	p := d.Profile
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.ID != "wren-grounds-ltd" || p.Name != "Wren Grounds Ltd" {
		t.Errorf("called %s %s", p.ID, p.Name)
	}
	// 77300000 holds 77310000, which stands in more: it says more.
	if got := fmt.Sprint(p.CPV); got != "[77310000 77211500]" {
		t.Errorf("codes %s", got)
	}
	// "Staffordshire" is a place, "Wick" a buyer.
	if got := strings.Join(p.Keywords, ", "); !strings.Contains(got, "grounds maintenance") || !strings.Contains(got, "hedge cutting") ||
		strings.Contains(strings.ToLower(got), "staffordshire") || strings.Contains(strings.ToLower(got), "wick") {
		t.Errorf("keywords %s", got)
	}
	// TLG24 lies in TLG2, and the whole UK is no place where others are named.
	if got := fmt.Sprint(p.Regions); got != "[TLG2]" {
		t.Errorf("regions %s", got)
	}
	// Of 45, 100, 120 and 250 thousand the quartiles are taken at 45 and 250: £22,500 and £500,000.
	if p.Value.Min == nil || p.Value.Min.String() != "£20,000" || p.Value.Max.String() != "£500,000" {
		t.Errorf("band %v to %v", p.Value.Min, p.Value.Max)
	}
	if p.SME == nil || !*p.SME || p.VCSE != nil {
		t.Errorf("sme %v, vcse %v", p.SME, p.VCSE)
	}
	if got := strings.Join(p.Buyers.Prefer, ", "); got != "Ashwick Homes, Wick Borough Council" {
		t.Errorf("prefers %s", got)
	}
	if len(p.Experience) != 5 || p.Experience[0] != "Safety of play areas. Play areas inspected." {
		t.Errorf("experience %q", p.Experience)
	}
	notes := map[string]string{}
	for _, n := range d.Notes {
		notes[n.Field] = n.Text
	}
	if !strings.Contains(notes["value"], "4 known values") || !strings.Contains(notes["regions"], "4 of 5 past contracts") || !strings.Contains(notes["vcse"], "add vcse") {
		t.Errorf("notes %v", d.Notes)
	}
}

// TestWinsInAnyOrder: the order of the notices, and one that stands there twice, change nothing.
func TestWinsInAnyOrder(t *testing.T) {
	wins := wrenWins(t)
	l := matcher.Learn(slices.Values(wins))
	want := Wins(l, "Wren", wins, nil)
	rng := rand.New(rand.NewPCG(4, 4))
	for range 20 {
		other := append(slices.Clone(wins), wins[rng.IntN(len(wins))])
		rng.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if got := Wins(l, "Wren", other, nil); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	}
}

// TestWinsSayNothing: wins without codes, words or values still make a profile that passes.
func TestWinsSayNothing(t *testing.T) {
	l := matcher.NewLexicon()
	for _, wins := range [][]*notice.Notice{nil, {award(t, "1", "2021", "B", "", "", "00000000", "", "")}, {award(t, "1", "2021", "B", "The \u202eservices\u0007", "of the", "x", "x", "1")}} {
		if err := FromWins(l, "N", wins, nil).Check(); err != nil {
			t.Error(err)
		}
	}
}

func FuzzFromWins(f *testing.F) {
	f.Add("Grounds maintenance", "Mowing & hedges; felling", "Wick", "77310000")
	f.Add("IT — US support\u2028x", "A \ufffd b", "The", "")
	l := matcher.NewLexicon()
	f.Fuzz(func(t *testing.T, title, description, buyer, region string) {
		at := func(p string) notice.Path { return notice.Path{Release: "1", Pointer: p} }
		n := &notice.Notice{ID: "a", OCID: "a", Title: notice.Say(title, at("/t")), Description: notice.Say(description, at("/d")),
			Buyer:  notice.Organisation{Name: notice.Say(buyer, at("/b"))},
			Lots:   []notice.Lot{{Places: []notice.Said[notice.Place]{notice.Say(notice.Place{Text: region}, at("/p"))}}},
			Awards: []notice.Award{{ID: "1", Suppliers: []notice.Organisation{{Name: notice.Say("S", at("/s"))}}}}}
		m := *n
		m.ID = "b"
		p := FromWins(l, "N", []*notice.Notice{n, &m}, nil)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		if _, err := matcher.New(l, p); err != nil {
			t.Fatal(err)
		}
		again, err := profiles.Decode(bytes.NewReader(profiles.Encode(p)), "p.yaml")
		if err != nil || !reflect.DeepEqual(again[0], p) {
			t.Fatalf("%v\n%s", err, profiles.Encode(p))
		}
	})
}
