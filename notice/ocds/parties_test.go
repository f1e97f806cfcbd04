package ocds

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestParseIdentifier(t *testing.T) {
	for _, test := range []struct{ scheme, number, want string }{
		{"GB-COH", "01234567", "GB-COH-01234567"},
		{"GB-COH", "476611", "GB-COH-00476611"},
		{"GB-COH", "GB-COH-476611", "GB-COH-00476611"},
		{"gb-coh", " sc12345 ", "GB-COH-SC012345"},
		{"GB-COH", "OC 309402", "GB-COH-OC309402"},
		{"GB-COH", "Quill and Sons Ltd", ""},
		{"GB-COH", "00000000", ""},
		{"GB-COH", "123456789", ""},
		{"GB-COH", "", ""},
		{"GB-PPON", "pbjv-9412-lhbx", "GB-PPON-PBJV-9412-LHBX"},
		{"GB-CHC", "1100027", "GB-CHC-1100027"},
		{"", "GB-FTS-135284", "GB-FTS-135284"},
		{"", "GB-COH-476611", "GB-COH-00476611"},
		{"", "org-7", ""},
		{"", "buyer-some-council", ""},
		{"", "7", ""},
		{"", "GB-FTS", ""},
	} {
		got, ok := parseIdentifier(test.scheme, test.number, nil)
		if ok != (test.want != "") || ok && got.String() != test.want {
			t.Errorf("parseIdentifier(%q, %q) = %v, %v; want %q", test.scheme, test.number, got, ok, test.want)
		}
	}
}

const quill = `{"id":"GB-PPON-PAAA-1111-AAAA","name":"Quill Borough Council","roles":["buyer"],
	"identifier":{"scheme":"GB-PPON","id":"PAAA-1111-AAAA"},"additionalIdentifiers":[{"scheme":"GB-COH","id":"476611"}],
	"address":{"region":"UKG24","postalCode":"ST18 0YY","locality":"Stafford","countryName":"United Kingdom"},
	"details":{"url":"https://quill.example","classifications":[{"scheme":"COFOG","id":"01"},{"scheme":"UK_CA_TYPE","id":"publicAuthoritySubCentralGovernment"}]},
	"contactPoint":{"name":"Procurement team","email":"bids@quill.example","telephone":"+44 1632 960001"}}`

func parties(buyer string, list ...string) string {
	return `,"buyer":` + buyer + `,"parties":[` + strings.Join(list, ",") + `]`
}

func TestBuyer(t *testing.T) {
	n := projectOne(t, actRelease(1, "tender", "UK4", "", parties(`{"id":"GB-PPON-PAAA-1111-AAAA","name":"Quill Borough Council"}`,
		`{"id":"GB-PPON-PBBB-2222-BBBB","name":"Shared Purchasing Office","roles":["procuringEntity"]}`,
		`{"id":"GB-FTS-77","name":"Inkwell District Council","roles":["buyer","payer"]}`, quill)))
	b := n.Buyer
	for what, got := range map[string]string{
		"Quill Borough Council":                  b.Name.Value,
		"GB-COH-00476611":                        b.ID.Value,
		"TLG24":                                  string(b.Place.Value.Region),
		"UKG24":                                  b.Place.Value.Text,
		"Stafford":                               b.Locality.Value,
		"ST18 0YY":                               b.Postcode.Value,
		"United Kingdom":                         b.Country.Value,
		"publicAuthoritySubCentralGovernment":    b.Type.Value,
		"https://quill.example":                  b.URL.Value,
		"Procurement team":                       b.ContactFor.Value,
		"bids@quill.example":                     b.Email.Value,
		"+44 1632 960001":                        b.Phone.Value,
		"GB-COH-00476611 GB-PPON-PAAA-1111-AAAA": strings.Join(b.IDs, " "),
	} {
		if what != got {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	if len(n.Buyers) != 1 || n.Buyers[0].Name.Value != "Inkwell District Council" || n.Buyers[0].ID.Value != "GB-FTS-77" {
		t.Errorf("further buyers: %+v", n.Buyers)
	}
}

// TestOlderReleasesFillIn: a termination names the buyer only, or not even that.
func TestOlderReleasesFillIn(t *testing.T) {
	tender := actRelease(1, "tender", "UK4", "", parties(`{"id":"GB-PPON-PAAA-1111-AAAA"}`, quill))
	for name, more := range map[string]string{
		"nobody":       "",
		"the name":     `,"buyer":{"name":"The Quill Borough Council"}`,
		"the number":   `,"buyer":{"id":"GB-PPON-PAAA-1111-AAAA"}`,
		"a party only": `,"parties":[{"id":"x","name":"Quill Borough Council","roles":["buyer"]}]`,
	} {
		n := projectOne(t, tender, actRelease(2, "tenderCancellation", "UK12", "", more))
		if n.Buyer.Place.Value.Region != "TLG24" || n.Buyer.ID.Value == "" || n.Buyer.Name.Value == "" || len(n.Buyers) != 0 {
			t.Errorf("named by %s: %+v, %d more", name, n.Buyer, len(n.Buyers))
		}
	}
}

// TestLocalPartyIDs: org-1 is one organisation in the first release and another in the second.
func TestLocalPartyIDs(t *testing.T) {
	n := projectOne(t,
		oldRelease(1, "tender", "", parties(`{"id":"org-1","name":"Inkwell Council"}`,
			`{"id":"org-1","name":"Inkwell Council","roles":["buyer"],"address":{"locality":"Inkwell"}}`, `{"id":"org-2","name":"High Court","roles":["reviewBody"],"address":{"locality":"Courtville"}}`)),
		oldRelease(2, "award", `"status":"complete",`, parties(`{"id":"org-2","name":"Inkwell Council"}`,
			`{"id":"org-2","name":"Inkwell Council","roles":["buyer"]}`, `{"id":"org-1","name":"Nib Works","roles":["supplier"],"details":{"scale":"sme","vcse":false}}`)+
			`,"awards":[{"id":"1","suppliers":[{"id":"org-1","name":"Nib Works"}]}]`))
	if n.Buyer.Name.Value != "Inkwell Council" || n.Buyer.Locality.Value != "Inkwell" || n.Buyer.ID.Known() || len(n.Buyer.IDs) != 0 {
		t.Errorf("buyer %+v", n.Buyer)
	}
	s := n.Awards[0].Suppliers[0]
	if s.Name.Value != "Nib Works" || s.Locality.Known() || s.Scale.Value != "sme" || !s.VCSE.Known() || s.VCSE.Value {
		t.Errorf("supplier %+v", s)
	}
}

func buys(n int, id, name string) string {
	return oldRelease(n, "tender", `"title":"Notice of `+name+`",`, parties(`{"id":"`+id+`","name":"`+name+`"}`, `{"id":"`+id+`","name":"`+name+`","roles":["buyer"]}`))
}

func TestSharedOCID(t *testing.T) {
	tests := []struct {
		name     string
		releases []string
		want     []string // the IDs and titles of the notices
	}{
		{"one buyer", []string{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-1", "North Water")}, []string{ocid + " Notice of North Water"}},
		{"unrelated buyers", []string{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-2", "South Rail"), buys(3, "GB-FTS-1", "North Water")},
			[]string{ocid + " Notice of North Water", ocid + "@GB-FTS-2 Notice of South Rail"}},
		{"a buyer renamed", []string{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-1", "Clear Water")}, []string{ocid + " Notice of Clear Water"}},
		{"a buyer numbered anew", []string{buys(1, "GB-FTS-1", "North Water Ltd"), buys(2, "GB-FTS-2", "North Water Limited")}, []string{ocid + " Notice of North Water Limited"}},
		{"one after the other", []string{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-1", "Clear Water"), buys(3, "GB-FTS-2", "Clear Water")}, []string{ocid + " Notice of Clear Water"}},
		{"local numbers connect nobody", []string{buys(1, "org-1", "North Water"), buys(2, "org-1", "South Rail")},
			[]string{ocid + " Notice of North Water", ocid + "@south-rail Notice of South Rail"}},
		{"a release that names nobody goes with the one before", []string{
			buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-2", "South Rail"), oldRelease(3, "tenderUpdate", `"title":"Changed",`, ""),
		}, []string{ocid + " Notice of North Water", ocid + "@GB-FTS-2 Changed"}},
		{"or the first that names one", []string{oldRelease(1, "planning", `"title":"Early",`, ""), buys(2, "GB-FTS-2", "South Rail")}, []string{ocid + " Notice of South Rail"}},
		{"nobody is named at all", []string{oldRelease(1, "planning", `"title":"Early",`, ""), oldRelease(2, "tender", `"title":"Late",`, "")}, []string{ocid + " Late"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			releases := slices.Clone(test.releases)
			for range 4 {
				notices := projectAll(t, releases...)
				var got []string
				for _, n := range notices {
					got = append(got, n.ID+" "+n.Title.Value)
					if hasIssue(n, "shared-ocid") != (len(test.want) > 1) {
						t.Errorf("%s: issues %v", n.ID, codesOf(n))
					}
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("got %q, want %q", got, test.want)
				}
				rand.Shuffle(len(releases), func(i, j int) { releases[i], releases[j] = releases[j], releases[i] })
			}
		})
	}
}

func TestAwards(t *testing.T) {
	nib := `{"id":"GB-COH-01234567","name":"Nib Works Ltd"}`
	renumbered := `{"id":"GB-PPON-PCCC-3333-CCCC","name":"Nib Works Limited"}`
	blot := `{"id":"GB-COH-07654321","name":"Blot Services Ltd"}`
	award := func(id, more string) string { return `,"awards":[{"id":"` + id + `",` + more + `}]` }
	suppliers := func(list ...string) string { return `"suppliers":[` + strings.Join(list, ",") + `]` }
	contract := `,"contracts":[{"id":"1","awardID":"1","status":"active","dateSigned":"2026-08-11","title":"Contract","value":{"amount":90000,"amountGross":108000},"period":{"startDate":"2026-09-01","endDate":"2028-08-31"}}]`

	t.Run("contract award and contract details are one award", func(t *testing.T) {
		n := projectOne(t,
			strings.Replace(actRelease(1, "award contract", "UK6", "", ""), `[{"id":"1",`, `[{"id":"1","title":"Award","status":"active","date":"2026-08-01","value":{"amountGross":100000},`+suppliers(nib)+`,`, 1),
			strings.Replace(actRelease(2, "award contract", "UK7", "", award("1", suppliers(renumbered))), `"contracts":[{"id":"1","awardID":"1",`, strings.TrimSuffix(strings.TrimPrefix(contract, `,`), `}]`)+`,`, 1))
		if len(n.Awards) != 1 {
			t.Fatalf("%d awards: %+v", len(n.Awards), n.Awards)
		}
		a := n.Awards[0]
		if a.ID != "1" || a.Title.Value != "Award" || a.Date.Value.String() != "2026-08-01" || a.Value.Gross.Value != 100000_00 ||
			len(a.Suppliers) != 1 || a.Suppliers[0].Name.Value != "Nib Works Limited" || a.Status.Value != "active" || len(a.Contracts) != 1 {
			t.Fatalf("award %+v", a)
		}
		if c := a.Contracts[0]; c.ID != "1" || c.Title.Value != "Contract" || c.Status.Value != "active" || c.Value.Net.Value != 90000_00 {
			t.Errorf("contract %+v", c)
		}
		if a.Signed().Value.String() != "2026-08-11" || a.Worth().Net.Value != 90000_00 || a.Worth().Gross.Value != 108000_00 || a.Runs().End.Value.String() != "2028-08-31" {
			t.Errorf("signed %v, worth %+v, runs %+v", a.Signed(), a.Worth(), a.Runs())
		}
	})
	t.Run("an id used again is another award", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "award", "", award("1", suppliers(nib))), oldRelease(2, "award", "", award("1", suppliers(blot))))
		if len(n.Awards) != 2 || n.Awards[0].Suppliers[0].ID.Value != "GB-COH-01234567" || n.Awards[1].Suppliers[0].ID.Value != "GB-COH-07654321" ||
			n.Awards[0].ID != "1" || n.Awards[1].ID != "1@000002-2026" {
			t.Errorf("awards %+v", n.Awards)
		}
	})
	t.Run("an update replaces the supplier", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "award", "", award("1", suppliers(nib))), oldRelease(2, "awardUpdate", "", award("1", suppliers(blot))))
		if len(n.Awards) != 1 || len(n.Awards[0].Suppliers) != 1 || n.Awards[0].Suppliers[0].ID.Value != "GB-COH-07654321" {
			t.Errorf("awards %+v", n.Awards)
		}
	})
	t.Run("members of a market are none", func(t *testing.T) {
		n := projectOne(t, actRelease(1, "award contract", "UK15", "", award("1", suppliers(nib))))
		if len(n.Awards) != 0 {
			t.Errorf("awards %+v", n.Awards)
		}
	})
	t.Run("two contracts of one award", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "award", "", award("1", suppliers(nib))+
			`,"contracts":[{"id":"a","awardID":"1","dateSigned":"2026-08-11","value":{"amount":100000}},{"id":"b","awardID":"1","dateSigned":"2026-08-12","value":{"amount":50000},"period":{"endDate":"2030-01-01"}}]`))
		if len(n.Awards) != 1 || len(n.Awards[0].Contracts) != 2 || n.Awards[0].Worth().Net.Value != 150000_00 || n.Awards[0].Runs().End.Value.String() != "2030-01-01" {
			t.Errorf("awards %+v", n.Awards)
		}
	})
	t.Run("a contract without its award, terminated", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "contractTermination", "", `,"contracts":[{"id":"4","awardID":"3","status":"terminated"}]`))
		if len(n.Awards) != 1 || n.Awards[0].ID != "3" || n.Awards[0].State().Value != "terminated" {
			t.Errorf("awards %+v", n.Awards)
		}
	})
	t.Run("lots and items of awards", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "award", `"lots":[{"id":"A"},{"id":"B"}],`,
			award("1", `"relatedLots":["B","B"],"items":[{"id":"1","relatedLot":"B","classification":{"scheme":"CPV","id":"90910000"},"deliveryAddresses":[{"region":"UKC"}]}],"mainProcurementCategory":"Services","aboveThreshold":true`)))
		b := n.Lots[1]
		if !slices.Equal(n.Awards[0].Lots, []string{"B"}) || len(n.Lots[0].CPV) != 0 || len(b.CPV) != 1 || b.CPV[0].Value.Main || b.Places[0].Value.Region != "TLC" {
			t.Errorf("awards %+v, lots %+v", n.Awards, n.Lots)
		}
		if n.Category.Value != "services" || !n.AboveThreshold.Value {
			t.Errorf("category %+v, above threshold %+v", n.Category, n.AboveThreshold)
		}
	})
	t.Run("the pending award changes hands", func(t *testing.T) {
		n := projectOne(t, oldRelease(1, "award", "", award("1", `"status":"pending",`+suppliers(nib))), oldRelease(2, "award", "", award("1", `"status":"active",`+suppliers(blot))))
		if len(n.Awards) != 1 || n.Awards[0].Suppliers[0].Name.Value != "Blot Services Ltd" {
			t.Errorf("awards %+v", n.Awards)
		}
	})
}
