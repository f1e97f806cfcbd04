package index_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

func say[T any](v T) notice.Said[T] { return notice.Say(v, notice.Path{Pointer: "/tender"}) }

func TestTokens(t *testing.T) {
	classified := func(codes ...cpv.Code) notice.Notice {
		var l notice.Lot
		for _, c := range codes {
			l.CPV = append(l.CPV, say(notice.Classification{Code: c}))
		}
		return notice.Notice{Lots: []notice.Lot{l}}
	}
	in := func(regions ...itl.Region) notice.Notice {
		var n notice.Notice
		for _, r := range regions { // each in a lot of its own
			n.Lots = append(n.Lots, notice.Lot{Places: []notice.Said[notice.Place]{say(notice.Place{Region: r})}})
		}
		return n
	}
	for _, tt := range []struct {
		name string
		n    notice.Notice
		want string
	}{
		{"nothing is known", notice.Notice{Lots: []notice.Lot{{}}}, ""},
		{"a deep code", classified(85312300), "cpv:85 cpv:853 cpv:8531 cpv:85312 cpv:853123"},
		{"a division", classified(90000000), "cpv:90"},
		{"a division below ten", classified(3100000), "cpv:03 cpv:031"},
		{"a code without a parent of its own", classified(60112000), "cpv:60 cpv:601 cpv:6011 cpv:60112"},
		{"two codes", classified(72000000, 72250000), "cpv:72 cpv:722 cpv:7225"},
		{"no code", classified(0), ""},
		{"a region", in("TLG24"), "itl:England itl:TLG itl:TLG2 itl:TLG24 itl:UK"},
		{"regions", in("TLG2", "TLG2", "TLG"), "itl:England itl:TLG itl:TLG2 itl:UK"},
		{"a region of 2021", in("TLM6"), "itl:TLM itl:TLM2 itl:TLM6 itl:UK"},
		{"nationwide", in(itl.UK), "itl:UK"},
		{"abroad", in(""), ""},
		{"said, not said and said no", notice.Notice{Lots: []notice.Lot{{SME: say(true), VCSE: say(false)}, {SME: say(true)}, {}}},
			"sme:yes vcse:no"},
		{"lots that differ", notice.Notice{Lots: []notice.Lot{{SME: say(true)}, {SME: say(false)}}}, "sme:no sme:yes"},
		{"kinds", notice.Notice{
			OCID: "ocds-a", Also: []notice.Said[string]{say("ocds-b")}, Publisher: notice.FindATender, Stage: notice.StageTender,
			Type: say("UK4"), Regime: say(notice.Act2023), Category: say("services"), Method: say("open"),
			SpecialRegime: []notice.Said[string]{say("lightTouch")}, Framework: say("closed"), Recurrent: say(false),
			Lots: []notice.Lot{{Reserved: []notice.Said[notice.Reservation]{say(notice.Reservation{Kind: "sheltered"})}}},
		}, "category:services framework:yes method:open ocid:ocds-a ocid:ocds-b publisher:find-a-tender recurrent:no " +
			"regime:act-2023 reserved:sheltered special:lightTouch stage:tender type:UK4"},
		{"organisations", notice.Notice{
			Buyer:  notice.Organisation{ID: say("GB-PPON-1"), IDs: []string{"GB-COH-01", "GB-PPON-1"}},
			Buyers: []notice.Organisation{{ID: say("GB-PPON-2")}},
			Awards: []notice.Award{{Suppliers: []notice.Organisation{{ID: say("GB-COH-03")}, {Name: say("no number")}}}},
		}, "buyer:GB-COH-01 buyer:GB-PPON-1 buyer:GB-PPON-2 supplier:=no number supplier:GB-COH-03"},
	} {
		if got := strings.Join(index.Tokens(&tt.n), " "); got != tt.want {
			t.Errorf("%s: Tokens = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestTokensReach holds the tokens of every code against containment: a search from above finds it.
func TestTokensReach(t *testing.T) {
	for _, c := range cpv.Codes() {
		n := &notice.Notice{Lots: []notice.Lot{{CPV: []notice.Said[notice.Classification]{say(notice.Classification{Code: c})}}}}
		tokens := index.Tokens(n)
		for _, above := range append(c.Ancestors(), c) {
			if !slices.Contains(tokens, index.CPVToken(above)) {
				t.Errorf("%v carries %q, not %q of %v", c, tokens, index.CPVToken(above), above)
			}
		}
	}
	for _, vintage := range []int{2021, 2025} {
		for level := 1; level <= 3; level++ {
			for _, r := range itl.Regions(vintage, level) {
				n := &notice.Notice{Lots: []notice.Lot{{Places: []notice.Said[notice.Place]{say(notice.Place{Region: r})}}}}
				tokens := index.Tokens(n)
				for _, above := range append(r.Ancestors(), r, r.Current()) {
					if !slices.Contains(tokens, index.RegionToken(above)) {
						t.Errorf("%s carries %q, not that of %s", r, tokens, above)
					}
				}
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	n := &notice.Notice{
		ID: "ocds-a@2", OCID: "ocds-a", Stage: notice.StageTender,
		Title: say(" Parks "), Description: say("Mowing"), Texts: []notice.Said[string]{say("Mowing"), say("Why now")},
		Releases: []notice.Published{{Identity: "000001-2026"}},
		Buyer:    notice.Organisation{Name: say("Borough of Wick"), Locality: say("Wick"), Place: say(notice.Place{Text: "UKM63", Region: "TLM63"})},
		Awards: []notice.Award{{
			Suppliers: []notice.Organisation{{Name: say("Larkspur Ltd")}}, Title: say("The parks award"),
			Contracts: []notice.Contract{{
				Title: say("The parks contract"), Reason: say("Ended early"), Agreed: []notice.Metric{{Title: say("Lawns mown in time")}},
				Amendments: []notice.Amendment{{Rationale: say("More lawns")}}, Failures: []notice.Failure{{Description: say("No mower came")}},
			}},
		}},
		Reference: say("PK/7"),
		Related:   []notice.Related{{Identifier: say("ocds-framework")}},
		Bidders:   []notice.Bidder{{Organisation: notice.Organisation{Name: say("Mower and Son")}}},
		Documents: []notice.Document{{Title: "Tender notice"}},
		Lots: []notice.Lot{{
			Renewal: say("yes"), Options: say("A second park"),
			Title: say("North"), Items: []notice.Said[string]{say("Hedges")}, Conditions: []notice.Said[string]{say("Two references")},
			Criteria: []notice.Said[notice.Criterion]{say(notice.Criterion{Name: "Social value"})},
			CPV:      []notice.Said[notice.Classification]{say(notice.Classification{Code: 77310000, Description: say("Green areas")})},
			Places:   []notice.Said[notice.Place]{say(notice.Place{Text: "Ruritania"})},
		}},
	}
	want := index.Document{
		ID:    "ocds-a@2",
		Title: []string{"Parks"},
		Text: []string{"Mowing", "Why now", "North", "A second park", "Hedges", "Two references", "Social value",
			"The parks award", "The parks contract", "Ended early", "More lawns", "Lawns mown in time", "No mower came"},
		Names: []string{"ocds-a", "ocds-a@2", "PK/7", "ocds-framework", "000001-2026", "Borough of Wick", "Wick", "UKM63", itl.Region("TLM63").Name(),
			"Larkspur Ltd", "Mower and Son", "Green areas", "Planting and maintenance services of green areas", "77310000", "Ruritania"},
		Tokens: index.Tokens(n),
	}
	if got := index.Describe(n); !reflect.DeepEqual(got, want) {
		t.Errorf("Describe =\n%+v, want\n%+v", got, want)
	}
	if got := index.Describe(&notice.Notice{ID: "x"}); got.ID != "x" || got.Title != nil || got.Text != nil {
		t.Errorf("a notice that says nothing is described as %+v", got)
	}
}
