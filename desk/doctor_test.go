package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/notice/itl"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// trades is a small market: counselling that a mediator would bid for, play schemes that it would not.
func trades() []byte {
	var b bytes.Buffer
	for i, x := range []struct{ title, description, code, region string }{
		{"Neighbour mediation", "Mediators for neighbours.", "85312310", "UKG24"},
		{"School counsellors", "Counselling of pupils in schools.", "80340000", "UKG24"},
		{"Counselling for carers", "Counselling in the evenings.", "80340000", "UKG24"},
		{"Play scheme with mediation", "Holiday play.", "92331210", "UKG24"},
		{"Play scheme and mediation", "Summer play.", "92331210", "UKG24"},
		{"Road surfacing", "Asphalt.", "45233220", "UKG24"},
		{"Bridge repair", "Steel.", "45221119", "UKG24"},
		{"Culvert lining", "Concrete.", "45240000", "UKG24"},
		{"Kerbs", "Stone.", "45233000", "UKG24"},
		{"Drain cleansing", "Jetting.", "45232000", "UKG24"},
		{"Fencing", "Timber.", "45342000", "UKG24"},
		{"Mediation in Leeds", "Mediators for neighbours.", "85312310", "UKE42"},
	} {
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-t%02d","id":"%06d-2026","tag":["tender"],"date":"2026-06-01T09:00:00+01:00","buyer":{"id":"GB-PPON-B%d","name":"Council %d"},"tender":{"id":"t%d","title":%q,"description":%q,"status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"%s"}],"deliveryAddresses":[{"region":"%s"}],"relatedLot":"1"}],"value":{"amount":50000,"currency":"GBP"},"tenderPeriod":{"endDate":"2026-07-20T12:00:00+01:00"},"lots":[{"id":"1","status":"active"}]}}`+"\n",
			i, i, i, i, i, x.title, x.description, x.code, x.region)
	}
	return b.Bytes()
}

// clinic is a desk over the small market, with a profile that is not quite right.
func clinic(t *testing.T) *desk.Desk {
	t.Helper()
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, trades())
	p := profiles.Profile{ID: "m", Name: "Mediators", Keywords: []string{"mediation", "arbitration"}, Regions: []itl.Region{"TLG2"}}
	p.CPV = append(p.CPV, 45000000, 85312310)
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDoctorWithoutAnswers(t *testing.T) {
	d := clinic(t)
	x, err := d.Doctor(t.Context(), "m", nil, nil, asOf)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, b := range x.Bands {
		sum += b.Bid + b.Review + b.NoBid
	}
	if x.Seen != 12 || sum != 12 || x.Counts.Bid+x.Counts.Review+x.Counts.NoBid != 12 {
		t.Errorf("%d seen, %d in bands, %+v", x.Seen, sum, x.Counts)
	}
	if c := x.Codes[0]; c.Open != 6 || c.Wordless != 6 || !strings.HasPrefix(c.Verdict, "too broad: 6 of the 6 open notices") || len(c.Examples) != 3 {
		t.Errorf("construction is %+v", c)
	}
	if c := x.Codes[1]; c.Open != 2 || c.Verdict != "" {
		t.Errorf("mediation's code is %+v", c)
	}
	if x.Keywords[0].Open != 4 || x.Keywords[1].Verdict != "finds nothing that is open" {
		t.Errorf("keywords %+v", x.Keywords)
	}
	if x.Regions[0].Open != 11 || x.Regions[0].Verdict != "" {
		t.Errorf("regions %+v", x.Regions)
	}
	if len(x.Needs) != 1 || len(x.Proposals)+len(x.Low)+len(x.High)+len(x.Causes) != 0 {
		t.Errorf("told of answers nobody gave: %+v", x)
	}
}

func TestDoctorWithDecisions(t *testing.T) {
	d := clinic(t)
	for id, v := range map[string]pursuit.Verdict{"t01": pursuit.Bid, "t02": pursuit.Watch, "t11": pursuit.Bid, "t03": pursuit.NoBid, "t04": pursuit.NoBid} {
		if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "m", Target: pursuit.Target{Notice: "ocds-h6vhtk-" + id}, Verdict: v, Who: "w", When: asOf, AsOf: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	x, err := d.Doctor(t.Context(), "m", nil, nil, asOf)
	if err != nil {
		t.Fatal(err)
	}
	if x.Relevant != 3 || x.Irrelevant != 2 || x.Closed != 0 || len(x.Needs) != 0 {
		t.Errorf("%d relevant, %d irrelevant, %d closed, %v", x.Relevant, x.Irrelevant, x.Closed, x.Needs)
	}
	var low []string
	for _, p := range x.Low {
		low = append(low, p.Notice[len("ocds-h6vhtk-"):])
		if p.Reason == "" || p.Relevant == nil || !*p.Relevant {
			t.Errorf("low is %+v", p)
		}
	}
	if slices.Sort(low); !slices.Equal(low, []string{"t01", "t02", "t11"}) {
		t.Errorf("low are %v", low)
	}
	if len(x.High) != 2 || len(x.Causes) == 0 || x.Causes[0].Value != "mediation" || x.Causes[0].Irrelevant != 2 || x.Causes[0].Relevant != 1 {
		t.Errorf("high %+v, for %+v", x.High, x.Causes)
	}
	found := map[string]desk.Proposal{}
	for _, o := range x.Proposals {
		key := o.Change.Field + ":" + o.Change.Value
		if o.Change.Drop {
			key = "drop " + key
		}
		found[key] = o
		if len(o.Examples) == 0 || o.Why == "" || o.Text == "" {
			t.Errorf("a proposal without evidence: %+v", o)
		}
		if o.RelevantIn+o.IrrelevantOut-o.RelevantOut-o.IrrelevantIn == 0 && o.Gain <= 0 {
			t.Errorf("a proposal that does not pay: %+v", o)
		}
	}
	for _, want := range []string{"cpv:80340000", "keyword:counselling", "region:TLE42", "exclude:play", "drop keyword:mediation"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is not proposed: %v", want, x.Proposals)
		}
	}

	// The same answers given as a list are the same diagnosis; another order changes nothing.
	answers := []desk.Answer{{Notice: "ocds-h6vhtk-t04"}, {Notice: "ocds-h6vhtk-t11", Relevant: true}, {Notice: "ocds-h6vhtk-t02", Relevant: true}, {Notice: "ocds-h6vhtk-t03"}, {Notice: "ocds-h6vhtk-t01", Relevant: true}}
	if y, err := d.Doctor(t.Context(), "m", answers, nil, asOf); err != nil || !reflect.DeepEqual(x, y) {
		t.Errorf("given as answers: %v\n%+v\n%+v", err, y, x)
	}
}

func TestDoctorTriesChanges(t *testing.T) {
	d := clinic(t)
	change := func(s string, drop bool) desk.Change {
		c, err := desk.ParseChange(s, drop)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	x, err := d.Doctor(t.Context(), "m", []desk.Answer{}, []desk.Change{change("exclude:play", false), change("cpv:80340000", false), change("keyword:arbitration", true)}, asOf)
	if err != nil {
		t.Fatal(err)
	}
	e := x.Preview
	if e == nil || e.Before != x.Counts || e.After == e.Before || len(e.Advice) == 0 {
		t.Fatalf("previewed %+v", e)
	}
	if !slices.ContainsFunc(e.Advice, func(m desk.Moved) bool {
		return m.Notice == "ocds-h6vhtk-t03" && m.Advice == "no-bid" && m.WasAdvice != "no-bid"
	}) {
		t.Errorf("the play scheme stays: %+v", e.Advice)
	}
	if p, err := d.Profile(t.Context(), "m"); err != nil || p.Revision != 1 {
		t.Errorf("trying changed the profile: %+v, %v", p, err)
	}
	for _, s := range []string{"cpv:85312310", "cpv:123", "exclude:mediation", "region:Atlantis"} {
		var wrong *desk.ChangeError
		if _, err := d.Doctor(t.Context(), "m", nil, []desk.Change{change(s, false)}, asOf); !errors.As(err, &wrong) {
			t.Errorf("adding %s: %v", s, err)
		}
	}
	if _, err := d.Doctor(t.Context(), "m", nil, []desk.Change{change("keyword:roads", true)}, asOf); err == nil || !strings.Contains(err.Error(), "has no keyword roads to drop") {
		t.Errorf("dropping what is not there: %v", err)
	}
	for _, s := range []string{"", "cpv", "cpv:", "colour:red", ":x"} {
		if c, err := desk.ParseChange(s, false); err == nil {
			t.Errorf("%q is read as %v", s, c)
		}
	}
	if _, err := d.Doctor(t.Context(), "nobody", nil, nil, asOf); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown profile: %v", err)
	}
}

func TestDiffProfiles(t *testing.T) {
	d := clinic(t)
	p, err := d.Profile(t.Context(), "m")
	if err != nil {
		t.Fatal(err)
	}
	changed := p.Profile
	changed.Exclude = []string{"play"}
	diff, err := d.DiffProfiles(t.Context(), p.Profile, changed, asOf)
	if err != nil {
		t.Fatal(err)
	}
	if len(diff.Changes) != 1 || diff.Changes[0].String() != "exclude: added play" || len(diff.Effect.Advice) != 2 {
		t.Errorf("%+v", diff)
	}
	same, err := d.DiffProfiles(t.Context(), p.Profile, p.Profile, asOf)
	if err != nil || len(same.Changes)+len(same.Effect.Entered)+len(same.Effect.Left)+len(same.Effect.Advice) != 0 || same.Effect.Before != same.Effect.After {
		t.Errorf("a profile and itself: %+v, %v", same, err)
	}
}

// TestSuggest: the draft of a text does not depend on the order of arrival, and stands on what the store has.
func TestSuggest(t *testing.T) {
	const text = "We mediate between neighbours and counsel young people: mediation, counselling."
	d := clinic(t)
	draft, err := d.SuggestText(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if err := draft.Profile.Check(); err != nil {
		t.Error(err)
	}
	if len(draft.Codes) == 0 || draft.Codes[0].Open == 0 || !slices.Contains(draft.Profile.Keywords, "mediation") || !slices.Contains(draft.Profile.Keywords, "counselling") {
		t.Errorf("drafted %+v", draft)
	}
	lines := bytes.SplitAfter(trades(), []byte("\n"))
	slices.Reverse(lines)
	other, _, _ := open(t, t.TempDir())
	ingest(t, other, bytes.Join(lines, nil))
	if again, err := other.SuggestText(t.Context(), text); err != nil || !reflect.DeepEqual(again, draft) {
		t.Errorf("in another order: %v\n%+v\n%+v", err, again, draft)
	}
	if _, err := d.SuggestText(t.Context(), " \n"); err == nil {
		t.Error("nothing is a text")
	}
	if _, err := d.SuggestSupplier(t.Context(), "Council 1", asOf); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a buyer that never won: %v", err)
	}
}
