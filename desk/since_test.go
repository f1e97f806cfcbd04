package desk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/pursuit"
	"bidfit/store"
)

// moved is a notice that becomes bigger, moves away and closes later.
const moved = `{"ocid":"ocds-h6vhtk-s00001","id":"810001-2026","tag":["tender"],"date":"2026-06-01T09:00:00+01:00","buyer":{"id":"b","name":"Withy Council"},"tender":{"id":"W-7","title":"Neighbour mediation","description":"Mediation between neighbours.","status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"85312000"}],"deliveryAddresses":[{"region":"UKG24"}],"relatedLot":"1"}],"tenderPeriod":{"endDate":"2026-07-17T12:00:00+01:00"},"lots":[{"id":"1","status":"active","value":{"amount":800000,"currency":"GBP"}}]}}
{"ocid":"ocds-h6vhtk-s00001","id":"810002-2026","tag":["tenderUpdate"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"W-7","title":"Neighbour mediation","description":"Mediation between neighbours.","status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"85312000"}],"deliveryAddresses":[{"region":"UKG24"}],"relatedLot":"1"}],"tenderPeriod":{"endDate":"2026-07-24T12:00:00+01:00"},"lots":[{"id":"1","status":"active","value":{"amount":9000000,"currency":"GBP"}}]}}
`

// summed checks that causes and changes sum to the difference of the scores.
func summed(t *testing.T, s desk.Since) {
	t.Helper()
	sum := 0
	for _, c := range s.Causes {
		sum += c.Points
		of := 0
		for _, x := range c.Changes {
			of += x.Points
		}
		if of != c.Points {
			t.Errorf("%s: its changes make %d points, not %d", c.Words, of, c.Points)
		}
	}
	if sum != s.Now.Score-s.Then.Score {
		t.Errorf("the causes make %d points, from %d to %d", sum, s.Then.Score, s.Now.Score)
	}
}

func causes(s desk.Since) (list []desk.CauseKind) {
	for _, c := range s.Causes {
		list = append(list, c.Cause)
	}
	return list
}

func TestSince(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, []byte(moved))
	p := mediator(t)
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	target := pursuit.Target{Notice: "ocds-h6vhtk-s00001"}
	since := func(what string) desk.Since {
		t.Helper()
		s, err := d.Since(t.Context(), "mediator", target, what, asOf)
		if err != nil {
			t.Fatal(err)
		}
		summed(t, s)
		return s
	}

	// After the first release the value was in the band; £9,000,000 is ten times above £900,000: a share of 30, so that
	// 70 % x 70 % = 49 % is taken.
	s := since("810001-2026")
	if len(s.Causes) != 1 || s.Causes[0].Cause != desk.CauseNotice || !strings.Contains(s.Causes[0].Words, "810002-2026") || s.Now.Score*100/s.Then.Score != 51 {
		t.Fatalf("%+v", s)
	}
	i := slices.IndexFunc(s.Causes[0].Changes, func(x desk.Shift) bool { return x.Of == matcher.Value })
	if i < 0 {
		t.Fatalf("value is not told: %+v", s)
	}
	if x := s.Causes[0].Changes[i]; x.Points != s.Now.Score-s.Then.Score || len(x.Because) != 1 || !strings.Contains(x.Because[0].Words, "800 %") && !strings.Contains(x.Because[0].Words, "9,000,000") {
		t.Errorf("%+v", x)
	}
	if s = since("810002-2026"); len(s.Causes) != 0 || s.Then != s.Now {
		t.Errorf("since the newest release: %+v", s)
	}
	// On a date: the day has passed, too. On 15 July there are 2 days left of the old period.
	s, err := d.Since(t.Context(), "mediator", target, "2026-06-10", asOf)
	if err != nil || s.Release != "810001-2026" || !slices.Contains(causes(s), desk.CauseNotice) {
		t.Errorf("%+v, %v", s, err)
	}
	summed(t, s)
	for _, what := range []string{"810009-2026", "2026-05-31", desk.SinceDecision} {
		if _, err := d.Since(t.Context(), "mediator", target, what, asOf); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("since %s: %v", what, err)
		}
	}

	// Decided, and then everything changes: the day, the notice, the profile, the lexicon.
	if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: target, Verdict: pursuit.Bid, When: asOf, AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	if s = since(desk.SinceDecision); len(s.Causes) != 0 || s.Decided.IsZero() || s.Release != "810002-2026" {
		t.Errorf("decided just now: %+v", s)
	}
	ingest(t, d, []byte(strings.ReplaceAll(strings.ReplaceAll(strings.Split(moved, "\n")[1], "810002-2026", "810003-2026"), "9000000", "850000")))
	ingest(t, d, made(60)) // the store has doubled: the lexicon is learned anew
	p.Regions = nil
	p.Keywords = append(p.Keywords, "neighbour")
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	later := asOf.AddDate(0, 0, 28) // two days before it closes
	s, err = d.Since(t.Context(), "mediator", target, desk.SinceDecision, later)
	if err != nil {
		t.Fatal(err)
	}
	summed(t, s)
	want := []desk.CauseKind{desk.CauseDay, desk.CauseNotice, desk.CauseProfile, desk.CauseLexicon}
	if got := causes(s); !slices.Equal(got, want) {
		t.Errorf("%v, want %v: %+v", got, want, s)
	}
	e, err := d.Explain(t.Context(), "mediator", target, later)
	if err != nil || s.Now.Score != e.Fit.Score || s.Now.Advice != e.Fit.Advice {
		t.Errorf("now it is %+v; explain says %d, %s (%v)", s.Now, e.Fit.Score, e.Fit.Advice, err)
	}
}

// A notice that is divided into lots later is held against the whole it was.
func TestSinceUndivided(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, []byte(`{"ocid":"ocds-h6vhtk-s00002","id":"810004-2026","tag":["planning"],"date":"2026-06-01T09:00:00+01:00","tender":{"id":"W-8","title":"Mediation"},"planning":{"documents":[{"id":"810004-2026","noticeType":"UK3"}]}}
{"ocid":"ocds-h6vhtk-s00002","id":"810005-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"W-8","title":"Mediation","status":"active","tenderPeriod":{"endDate":"2026-07-24T12:00:00+01:00"},"lots":[{"id":"1","title":"North"},{"id":"2","title":"South"}]}}
`))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	s, err := d.Since(t.Context(), "mediator", pursuit.Target{Notice: "ocds-h6vhtk-s00002", Lot: "2"}, "810004-2026", asOf)
	if err != nil || s.Lot != "2" || s.LotThen == nil || *s.LotThen != "" {
		t.Errorf("%+v, %v", s, err)
	}
	summed(t, s)
}

// What-if and questions are about the lot of the fit, and find what Explain finds.
func TestWhatIfAndQuestions(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, []byte(strings.ReplaceAll(moved, "9000000", "90000000")))
	p := mediator(t)
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	target := pursuit.Target{Notice: "ocds-h6vhtk-s00001"}
	e, err := d.Explain(t.Context(), "mediator", target, asOf)
	if err != nil {
		t.Fatal(err)
	}
	w, err := d.WhatIf(t.Context(), "mediator", target, asOf)
	if err != nil || w.Lot != e.Fit.Lot || w.Score != e.Fit.Score {
		t.Fatalf("%+v of %+v: %v", w, e.Fit, err)
	}
	i := slices.IndexFunc(w.Single, func(o matcher.Outcome) bool { return o.Steps[0].Change == "value.max" })
	if i < 0 {
		t.Fatalf("%+v", w)
	}
	// Doing it gives what is promised.
	if _, err := d.PutProfile(t.Context(), w.Single[i].Profile, asOf); err != nil {
		t.Fatal(err)
	}
	if e, err = d.Explain(t.Context(), "mediator", target, asOf); err != nil || e.Fit.Score != w.Single[i].Score || e.Fit.Advice != w.Single[i].Advice {
		t.Errorf("promised %+v, got %d, %s (%v)", w.Single[i], e.Fit.Score, e.Fit.Advice, err)
	}
	q, err := d.Questions(t.Context(), "mediator", target, asOf)
	if err != nil || q.Reference != "W-7" || q.Notice != "810002-2026" || q.Title != "Neighbour mediation" || q.Buyer != "Withy Council" || q.Until.Known() {
		t.Errorf("%+v, %v", q, err)
	}
	for _, lot := range []string{"7"} {
		bad := pursuit.Target{Notice: target.Notice, Lot: lot}
		if _, err := d.WhatIf(t.Context(), "mediator", bad, asOf); !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
		if _, err := d.Questions(t.Context(), "mediator", bad, asOf); !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
	}
}
