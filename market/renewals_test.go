package market_test

import (
	"strings"
	"testing"
	"time"

	"bidfit/market"
	"bidfit/notice"
)

func on(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, s, notice.London)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func moment(t *testing.T, s string) *notice.Moment {
	if s == "" {
		return nil
	}
	return &notice.Moment{Time: on(t, s), Day: true}
}

func TestEndsBy(t *testing.T) {
	for _, tt := range []struct {
		name, start, end, max   string
		next, expected, perYear string
		extended                bool
	}{
		// Two years and a day are 24 months: half of £240,000 a year.
		{name: "ends", start: "2025-01-01", end: "2027-01-01", next: "2027-01-01", expected: "2026-08-01", perYear: "£120,000"},
		{name: "on the first day", end: "2026-06-24", next: "2026-06-24", expected: "2026-01-24"},
		{name: "the day before", end: "2026-06-23"},
		{name: "on the last day", end: "2027-06-23", next: "2027-06-23", expected: "2027-01-23"},
		{name: "a day too late", end: "2027-06-24"},
		{name: "may be extended", end: "2026-12-31", max: "2029-12-31", next: "2026-12-31", expected: "2026-07-31"},
		{name: "extended to the last", start: "2023-01-01", end: "2025-12-31", max: "2026-12-31", next: "2026-12-31", expected: "2026-07-31", extended: true, perYear: "£60,000"}, // 48 months
		{name: "within a year", start: "2026-01-01", end: "2026-12-31", next: "2026-12-31", expected: "2026-07-31"},
		{name: "the last of a short month", end: "2026-07-31", next: "2026-07-31", expected: "2026-02-28"},
		{name: "nobody says"},
	} {
		w := market.Award{Start: moment(t, tt.start), End: moment(t, tt.end), MaxEnd: moment(t, tt.max), Value: &market.Worth{Amount: 240_000_00}}
		e, ok := w.EndsBy(on(t, "2026-06-24"), on(t, "2027-06-24"), market.Lead)
		if ok != (tt.next != "") {
			t.Errorf("%s: %v", tt.name, ok)
			continue
		}
		if !ok {
			continue
		}
		perYear := ""
		if e.PerYear != nil {
			perYear = e.PerYear.Amount.String()
		}
		if e.Next.String() != tt.next || e.Expected.String() != tt.expected || perYear != tt.perYear || e.Extended != tt.extended {
			t.Errorf("%s: it ends on %s, extended %v, a tender is expected from %s on, a year is worth %q", tt.name, e.Next, e.Extended, e.Expected, perYear)
		}
		for _, over := range []func(w *market.Award){func(w *market.Award) { w.Void = true }, func(w *market.Award) { w.Ended = true }} {
			gone := w
			over(&gone)
			if _, ok := gone.EndsBy(on(t, "2026-06-24"), on(t, "2027-06-24"), market.Lead); ok {
				t.Errorf("%s: what is cancelled or terminated ends", tt.name)
			}
		}
	}
}

// TestFollowers looks for the renewal of a contract that ends on 31 March 2027.
func TestFollowers(t *testing.T) {
	later := func(ocid, id, tag, date, title, start, rest string) string {
		period := ""
		if start != "" {
			period = `,"lots":[{"id":"1","contractPeriod":{"startDate":"` + start + `T00:00:00+01:00"}}]`
		}
		return release(ocid, id, `"`+tag+`"`, date, wick+`,"tender":{"id":"t","title":"`+title+`","status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}],"relatedLot":"1"}]`+period+`}`+rest)
	}
	award := `,"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}]}]`
	rs := records(t, append(grounds(),
		later("fol1", "000050-2026", "tender", "2026-06-01", "Grounds maintenance 2027", "2027-04-01", ""),
		later("fol2", "000051-2026", "award", "2026-06-01", "Grounds maintenance again", "2027-04-01", award),
		later("fol3", "000052-2026", "planning", "2026-06-01", "Grounds maintenance", "", ""),
		later("fol4", "000053-2026", "award", "2026-06-01", "Grounds maintenance", "", award),
		later("fol5", "000054-2026", "tender", "2026-06-01", "Grounds maintenance of 2024", "2024-09-01", ""),                             // starts long before the end
		later("fol6", "000055-2026", "tender", "2026-06-01", "Software licences", "2027-04-01", ""),                                       // something else
		later("fol7", "000056-2024", "planning", "2024-03-10", "Grounds maintenance", "", ""),                                             // three years before the end
		strings.ReplaceAll(later("fol8", "000057-2026", "tender", "2026-06-01", "Grounds maintenance", "2027-04-01", ""), "Wick", "Salt"), // another buyer, were it not for its number
	)...)
	rs[len(rs)-1].Buyers[0].IDs, rs[len(rs)-1].Buyers[0].ID.Value = []string{"GB-PPON-PSAL-1111-KKKK"}, "GB-PPON-PSAL-1111-KKKK"
	d := market.Resolve(mentions(rs))
	of := rs[0]
	e, ok := of.Awards[0].EndsBy(asOf, asOf.AddDate(1, 0, 0), market.Lead)
	if !ok {
		t.Fatal("it does not end")
	}
	var told []string
	for _, f := range market.Followers(of, e, d, rs, nil) {
		told = append(told, strings.TrimPrefix(f.OCID, "ocds-h6vhtk-")+" "+string(f.As))
		if len(f.Why) < 3 || f.Why[0] != "the same buyer" {
			t.Errorf("%s because of %q", f.OCID, f.Why)
		}
	}
	if got, want := strings.Join(told, ", "), "fol2 re-let, fol1 tendered, fol3 announced, fol4 awarded"; got != want {
		t.Errorf("it is followed by %s, want %s", got, want)
	}
}

func TestParseMonths(t *testing.T) {
	for in, want := range map[string]int{"12m": 12, "12": 12, " 2Y ": 24, "1m": 1, "20y": 240} {
		if got, err := market.ParseMonths(in); err != nil || got != want {
			t.Errorf("%q is %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "m", "y", "0m", "-1m", "21y", "241m", "999999999999m", "1.5y", "3w", "12mm", "1ym"} {
		if got, err := market.ParseMonths(in); err == nil {
			t.Errorf("%q is %d", in, got)
		}
	}
}
