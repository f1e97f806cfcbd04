package matcher

import (
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

// The tests' own notices and supplier. Their buyers and their services are invented.

// today is the day of the tests.
var today = time.Date(2026, 6, 24, 9, 0, 0, 0, notice.London)

func say(v string, pointer string) notice.Said[string] {
	return notice.Say(v, notice.Path{Release: "000001-2026", Pointer: pointer})
}

func sayOf[T any](v T, pointer string) notice.Said[T] {
	return notice.Say(v, notice.Path{Release: "000001-2026", Pointer: pointer})
}

func pounds(n int64) notice.Pence { return notice.Pence(n * 100) }

func day(t testing.TB, s string) notice.Moment {
	t.Helper()
	var m notice.Moment
	if err := m.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return m
}

// mediation is a supplier of mediation in a county.
func mediation() profiles.Profile {
	low, high, yes := pounds(10_000), pounds(750_000), true
	return profiles.Profile{
		ID: "mediation", Name: "Old Mill Mediation", Description: "We settle quarrels between neighbours and help victims of hate crime.",
		Keywords: []string{"mediation", "hate crime", "restorative justice", "anti-social behaviour"},
		Exclude:  []string{"construction"},
		CPV:      []cpv.Code{85312000}, Regions: []itl.Region{"TLG2"},
		Value: profiles.Band{Min: &low, Max: &high}, SME: &yes, VCSE: &yes,
	}
}

// mediationLot is a lot of mediationNotice.
func mediationLot(id, title, description string) notice.Lot {
	at := "/tender/lots/0"
	return notice.Lot{
		ID: id, Title: say(title, at+"/title"), Description: say(description, at+"/description"),
		CPV: []notice.Said[notice.Classification]{sayOf(notice.Classification{
			Code: 85312300, Description: say("Guidance and counselling services", "/tender/items/0/additionalClassifications/0/description"),
		}, "/tender/items/0/additionalClassifications/0/id")},
		Places: []notice.Said[notice.Place]{sayOf(notice.Place{Text: "UKG24", Region: "TLG24"}, "/tender/items/0/deliveryAddresses/0/region")},
		Value:  notice.Value{Net: sayOf(pounds(704_000), at+"/value/amount")},
		SME:    sayOf(true, at+"/suitability/sme"), VCSE: sayOf(true, at+"/suitability/vcse"),
	}
}

// mediationNotice is a tender that fits the supplier well.
func mediationNotice(t testing.TB) *notice.Notice {
	return &notice.Notice{
		ID: "ocds-h6vhtk-0a0001", OCID: "ocds-h6vhtk-0a0001", Stage: notice.StageTender,
		Title:       say("Community Mediation and Hate Crime Support", "/tender/title"),
		Description: say("The county seeks a provider of mediation between neighbours. Victims of hate crime and of anti-social behaviour are to be supported.", "/tender/description"),
		Buyer: notice.Organisation{
			Name: say("Withy County Council", "/parties/0/name"), ID: say("GB-PPON-AAAA-0001-BBBB", "/parties/0/id"),
			Place: sayOf(notice.Place{Text: "UKG24", Region: "TLG24"}, "/parties/0/address/region"),
		},
		Deadline: notice.Deadline{Said: sayOf(day(t, "2026-07-20T12:00:00+01:00"), "/tender/tenderPeriod/endDate"), Kind: notice.DeadlineTender},
		Lots:     []notice.Lot{mediationLot("1", "Mediation", "Mediation for households in dispute.")},
	}
}

// fitOf assesses a notice for a supplier with a lexicon that knows the names of CPV.
func fitOf(t testing.TB, n *notice.Notice, p profiles.Profile, asOf time.Time) Fit {
	t.Helper()
	m, err := New(names, p)
	if err != nil {
		t.Fatal(err)
	}
	return m.Assess(names.Prepare(n), asOf)
}

// names is the lexicon of an empty store.
var names = NewLexicon()

// find is the evidence of a criterion.
func (f *Fit) find(criterion string) (Evidence, bool) {
	for _, e := range f.Evidence {
		if e.Criterion == criterion {
			return e, true
		}
	}
	return Evidence{}, false
}

// gate is the first gate of a name.
func (f *Fit) gate(name string) (Gate, bool) {
	for _, g := range f.Gates {
		if g.Gate == name {
			return g, true
		}
	}
	return Gate{}, false
}
