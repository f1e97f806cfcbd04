package profiles

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

func TestJoin(t *testing.T) {
	a := Profile{
		ID: "a", Name: "Wren", Keywords: []string{"mediation"}, Exclude: []string{"construction", "Arms"}, CPV: []cpv.Code{85312300},
		Regions: []itl.Region{"TLG2"}, Value: Band{Min: new(notice.Pence(50_000_00)), Max: new(notice.Pence(300_000_00))}, SME: new(true), VCSE: new(true),
		Base: "TLG24", Turnover: new(Pounds(1_000_000_00)), Insurance: map[string]Pounds{"public": 5_000_000_00}, LeadDays: 10,
		Certifications: []string{"ISO 9001"}, Buyers: Buyers{Prefer: []string{"Wick", "Ash"}}, Weights: map[string]int{"region": 50},
	}
	b := Profile{
		ID: "b", Name: "Lark", Keywords: []string{"Mediation", "training"}, Exclude: []string{"arms"}, CPV: []cpv.Code{80500000, 85312300},
		Regions: []itl.Region{"TLD6"}, Value: Band{Min: new(notice.Pence(20_000_00)), Max: new(notice.Pence(500_000_00))}, SME: new(true), VCSE: new(false),
		Base: "TLG22", Turnover: new(Pounds(400_000_00)), Insurance: map[string]Pounds{"public": 2_000_000_00, "cyber": 0}, LeadDays: 21,
		Certifications: []string{"Cyber Essentials"}, Buyers: Buyers{Avoid: []string{"wick"}},
	}
	want := Profile{
		ID: "a+b", Name: "Wren with Lark", Keywords: []string{"mediation", "training"}, Exclude: []string{"Arms"}, CPV: []cpv.Code{85312300, 80500000},
		// £300,000 + £500,000, and from the lesser least value on.
		Regions: []itl.Region{"TLG2", "TLD6"}, Value: Band{Min: new(notice.Pence(20_000_00)), Max: new(notice.Pence(800_000_00))}, SME: new(true), VCSE: new(false),
		// Staffordshire and Shropshire are both in TLG2. £1,000,000 + £400,000. The greater cover.
		Base: "TLG2", Turnover: new(Pounds(1_400_000_00)), Insurance: map[string]Pounds{"public": 5_000_000_00, "cyber": 0}, LeadDays: 21,
		Certifications: []string{"ISO 9001", "Cyber Essentials"}, Buyers: Buyers{Prefer: []string{"Ash"}, Avoid: []string{"wick"}}, Weights: map[string]int{"region": 50},
	}
	if got := Join(a, b); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if p := Join(a, b); p.Check() == nil {
		t.Error("the pair could be registered as a profile")
	}
	silent := Profile{ID: "c", Name: "Finch", Description: "Finches."}
	p := Join(a, silent)
	if p.SME != nil || p.VCSE != nil {
		t.Error("a pair of which one does not say is an SME or VCSE")
	}
	p.ID, p.Name, p.Description, p.SME, p.VCSE, p.Exclude = a.ID, a.Name, "", a.SME, a.VCSE, a.Exclude
	if !reflect.DeepEqual(p, a) {
		t.Errorf("what one leaves unsaid changed what the other says:\n got %+v\nwant %+v", p, a)
	}
	open := Join(Profile{Value: Band{Max: new(notice.Pence(1))}}, Profile{Value: Band{Min: new(notice.Pence(1))}})
	if open.Value != (Band{}) {
		t.Errorf("an end that one leaves open is %+v", open.Value)
	}
	if far := Join(Profile{Base: "TLG24"}, Profile{Base: "TLM"}); far.Base != itl.UK {
		t.Errorf("Staffordshire and Scotland are both in %s", far.Base)
	}
}

// TestJoinOrder: which of the two comes first changes nothing.
func TestJoinOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	maybe := func() *bool { return []*bool{nil, new(true), new(false)}[rng.IntN(3)] }
	some := func(from []string) (list []string) {
		for _, s := range from {
			if rng.IntN(2) == 0 {
				list = append(list, s)
			}
		}
		return list
	}
	regions := itl.Regions(2025, 2)
	draw := func(id string) Profile {
		p := Profile{
			ID: id, Name: id, SME: maybe(), VCSE: maybe(), LeadDays: rng.IntN(3), Keywords: some([]string{"a", "b", "c"}), Exclude: some([]string{"x", "y"}),
			Certifications: some([]string{"k", "l"}), Buyers: Buyers{some([]string{"p", "q"}), some([]string{"p", "q"})},
		}
		for _, end := range []**notice.Pence{&p.Value.Min, &p.Value.Max} {
			if rng.IntN(2) == 0 {
				*end = new(notice.Pence(rng.IntN(5)))
			}
		}
		if rng.IntN(2) == 0 {
			p.Base, p.Turnover = regions[rng.IntN(len(regions))], new(Pounds(rng.IntN(9)))
			p.Insurance, p.Weights = map[string]Pounds{"public": Pounds(rng.IntN(3))}, map[string]int{"value": rng.IntN(3)}
		}
		return p
	}
	for range 2000 {
		a, b := draw("a"), draw("b")
		if x, y := Join(a, b), Join(b, a); !reflect.DeepEqual(x, y) {
			t.Fatalf("%+v\nand %+v\nare %+v\nor  %+v", a, b, x, y)
		}
	}
}
