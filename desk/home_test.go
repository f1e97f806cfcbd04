package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/pursuit"
	"bidfit/store"
)

// Home counts what a review lists.
func TestHome(t *testing.T) {
	d, _ := working(t, 100)
	id := func(i int) pursuit.Target { return pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", i)} }
	home := func() desk.Home {
		t.Helper()
		h, err := d.Home(t.Context(), asOf, 3)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	count := func(query string) int {
		return review(t, d, desk.ReviewOptions{Filter: filter(t, query), Limit: 1}).Total
	}
	h := home()
	if len(h.Profiles) != 1 {
		t.Fatalf("%d profiles", len(h.Profiles))
	}
	g := h.Profiles[0]
	if want := count("state=unseen&advice=bid&advice=review"); g.New.Count != want || want == 0 || len(g.New.Rows) != min(3, want) || g.Changed.Count != 0 {
		t.Errorf("new are %d with %d rows, want %d", g.New.Count, len(g.New.Rows), want)
	}
	if want := count("deadline=week&advice=bid&advice=review"); g.Closing.Count != want || want == 0 {
		t.Errorf("closing are %d, want %d", g.Closing.Count, want)
	}
	if want := count("state=undecided&advice=bid&advice=review"); g.Undecided != want {
		t.Errorf("undecided are %d, want %d", g.Undecided, want)
	}
	act(t, d, desk.DoSee, "", asOf, id(0), id(12), id(24))
	act(t, d, desk.DoSnooze, pursuit.UntilDeadline, asOf, id(24))
	closing := g.Closing.Rows[0].Target
	act(t, d, desk.DoNoBid, "", asOf, closing)
	ingest(t, d, again(0, 20, "no. 0", "no. 0, corrected"))
	ingest(t, d, again(12, 20, "no. 12", "no. 12, corrected"))
	now := home().Profiles[0]
	if now.New.Count != g.New.Count-3 || now.Changed.Count != 2 || len(now.Changed.Rows) != 2 || len(now.Changed.Rows[0].Changes) == 0 {
		t.Errorf("after three were seen %d are new and %d changed", now.New.Count, now.Changed.Count)
	}
	if now.Closing.Count >= g.Closing.Count || slices.ContainsFunc(now.Closing.Rows, func(r desk.Row) bool { return r.Target == closing }) {
		t.Errorf("what was decided against still closes: %d of %d", now.Closing.Count, g.Closing.Count)
	}
	if n := now.Counts; n.Bid+n.Review+n.NoBid != now.Seen {
		t.Errorf("advised are %+v of %d", n, now.Seen)
	}
}

// Fresh tells when data was read, how new it is, and how far the index lags.
func TestFresh(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	if f, err := d.Fresh(t.Context()); err != nil || f != (desk.Fresh{}) {
		t.Errorf("an empty store is %+v, %v", f, err)
	}
	when := time.Date(2026, 6, 24, 9, 0, 0, 0, time.UTC)
	read := func(text []byte, when time.Time) {
		t.Helper()
		if _, err := d.Ingest(t.Context(), []desk.Source{source("made.jsonl", append(text, "{\n"...))}, desk.Ingesting{When: when}); err != nil {
			t.Fatal(err)
		}
	}
	read(made(50), when)
	f, err := d.Fresh(t.Context())
	if err != nil || f.Notices != 45 || f.Open != 45 || f.Quarantined != 1 || f.Behind != 0 || !f.Ingest.Equal(when) {
		t.Errorf("%+v, %v", f, err)
	}
	if want := time.Date(2026, 6, 1, 8, 49, 0, 0, time.UTC); !f.Release.Equal(want) {
		t.Errorf("the newest release is of %s, want %s", f.Release, want)
	}
	read(made(10), when.Add(time.Hour)) // nothing new, and older
	if g, err := d.Fresh(t.Context()); err != nil || !g.Release.Equal(f.Release) || !g.Ingest.Equal(when.Add(time.Hour)) {
		t.Errorf("read again: %+v, %v", g, err)
	}
	// What another process put into the store the index has still to read.
	var more []notice.Release
	for r := range strings.SplitSeq(strings.TrimSpace(string(again(3, 9, "no. ", "number "))), "\n") {
		more = append(more, notice.Release{OCID: "ocds-h6vhtk-m00003", ID: "x", Raw: []byte(r)})
	}
	if _, err := s.Put(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	if g, err := d.Fresh(t.Context()); err != nil || g.Behind != 1 {
		t.Errorf("the index is %d behind, %v", g.Behind, err)
	}
}

// A preview counts what the profile would list once it is saved.
func TestPreview(t *testing.T) {
	d, _ := working(t, 200)
	p := mediator(t)
	p.ID, p.Keywords = "draft", []string{"mediation", "catering"}
	v, err := d.Preview(t.Context(), p, asOf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	r, err := d.Review(t.Context(), "draft", desk.ReviewOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	if v.Counts != r.Counts || v.Seen != r.Seen || len(v.First) != 5 {
		t.Errorf("previewed are %+v of %d, saved %+v of %d", v.Counts, v.Seen, r.Counts, r.Seen)
	}
	for i, x := range v.First {
		if row := r.Rows[i]; x.Notice != row.Target.Notice || x.Score != row.Fit.Score || x.Rank != i+1 || x.Reason == "" {
			t.Errorf("the preview's no. %d is %+v, the list's %s", i+1, x, row.Target)
		}
	}
	values, err := d.Values(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	total := values.Unknown
	for i, b := range values.Bins {
		total += b.Count
		if i > 0 && (b.From != values.Bins[i-1].To || b.To != 0 && b.To <= b.From) {
			t.Errorf("bin %d is from %s to %s", i, b.From, b.To)
		}
		inside := 0
		for _, row := range r.Rows {
			if h := row.Worth.High; h != nil && *h >= b.From && (b.To == 0 || *h < b.To) {
				inside++
			}
		}
		if inside != b.Count {
			t.Errorf("from %s to %s there are %d, counted %d", b.From, b.To, inside, b.Count)
		}
	}
	if total != r.Seen || text(t, v.Values) != text(t, values) {
		t.Errorf("%d values of %d notices", total, r.Seen)
	}
}

// Finders count the open notices that a code or region would match.
func TestFinders(t *testing.T) {
	d, _ := working(t, 200)
	all := review(t, d, desk.ReviewOptions{}).Total
	find := func(query string, n int) []desk.CPVFound {
		t.Helper()
		list, err := d.FindCPV(t.Context(), query, n)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	tree := find("", 100)
	if len(tree) != 45 || tree[0].Level != "division" || len(tree[0].Parents) != 0 || len(tree[0].Children) == 0 {
		t.Errorf("for nothing there are %d, the first %s", len(tree), text(t, tree[0]))
	}
	sum := 0
	for _, f := range tree {
		sum += f.Open
		if want := review(t, d, desk.ReviewOptions{Filter: filter(t, "cpv="+f.Code.String()[:2]), Limit: 1}).Total; f.Open != want {
			t.Errorf("%s is counted %d, the review has %d", f.Code, f.Open, want)
		}
	}
	if sum != all {
		t.Errorf("the divisions have %d of %d", sum, all)
	}
	one := find("85312000", 5)
	if one[0].Code != 85312000 || one[0].Open == 0 || len(one[0].Parents) != 3 || one[0].Parents[2].Code != 85000000 || one[0].Parents[2].Open < one[0].Open {
		t.Errorf("by its code: %s", text(t, one))
	}
	if got := find("8531", 50); !slices.ContainsFunc(got, func(f desk.CPVFound) bool { return f.Code == 85310000 }) {
		t.Errorf("by its digits: %s", text(t, got))
	}
	if got := find("social work", 5); len(got) == 0 || len(got) > 5 || got[0].Code.At(cpv.Division) != 85000000 {
		t.Errorf("by words: %s", text(t, got))
	}
	if got := find("zzzz", 5); got == nil || len(got) != 0 {
		t.Errorf("by nonsense: %s", text(t, got))
	}

	regions, err := d.FindITL(t.Context(), "", 50)
	if err != nil || len(regions) != 12 {
		t.Fatalf("%d regions, %v", len(regions), err)
	}
	tiles, err := d.Regions(t.Context(), 1)
	if err != nil || len(tiles) != 12 {
		t.Fatalf("%d tiles, %v", len(tiles), err)
	}
	for i, f := range regions {
		if want := review(t, d, desk.ReviewOptions{Filter: filter(t, "region="+string(f.Region)), Limit: 1}).Total; f.Open != want || tiles[i] != f.ITLName {
			t.Errorf("%s is counted %d, on the map %d, the review has %d", f.Region, f.Open, tiles[i].Open, want)
		}
	}
	for query, want := range map[string]itl.Region{"TLG2": "TLG2", "staffordshire": "Staffordshire", "ST18 0YY": "TLG24"} {
		got, err := d.FindITL(t.Context(), query, 8)
		if err != nil || len(got) == 0 || got[0].Region != want || got[0].Open == 0 {
			t.Errorf("%s: %s, %v", query, text(t, got), err)
		}
	}
	if _, err := d.Regions(t.Context(), 4); err == nil {
		t.Error("there is an ITL 4")
	}
}

// The shortlist holds what is worked on, on its own lot, whatever became of it, and the agenda what comes of it.
func TestShortlistedAndAgenda(t *testing.T) {
	d, _ := working(t, 60)
	id := func(i int) pursuit.Target { return pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", i)} }
	entry := func(e pursuit.Entry) {
		t.Helper()
		e.Profile, e.Who, e.When = "mediator", "kim", asOf
		if _, err := d.PutEntry(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	july := notice.Moment{Time: time.Date(2026, 7, 3, 0, 0, 0, 0, notice.London), Day: true}
	entry(pursuit.Entry{Target: id(0), Stage: pursuit.Submitted, Owner: "sam"})
	entry(pursuit.Entry{Target: id(6), Stage: pursuit.Qualify, Next: "call them", NextBy: july, Hours: 12})
	entry(pursuit.Entry{Target: id(12), Stage: pursuit.Qualify})
	act(t, d, desk.DoWatch, "", asOf, id(18))
	act(t, d, desk.DoNoBid, "", asOf, id(24))
	act(t, d, desk.DoBid, "", asOf, id(12))
	list := func() []string {
		t.Helper()
		s, err := d.Shortlisted(t.Context(), "mediator", asOf)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		n := 0
		for _, x := range s.Stages {
			n += x.Count
		}
		if n != len(s.Rows) {
			t.Errorf("%d rows at %v", len(s.Rows), s.Stages)
		}
		for _, r := range s.Rows {
			stage := "-"
			if r.Entry != nil {
				stage = string(r.Entry.Stage)
			}
			verdict := "-"
			if r.Decision != nil {
				verdict = string(r.Decision.Verdict)
			}
			all = append(all, strings.TrimPrefix(r.Target.Notice, "ocds-h6vhtk-")+" "+stage+" "+verdict+" "+string(r.Stage))
		}
		return all
	}
	want := []string{"m00018 - watch tender", "m00006 qualify - tender", "m00012 qualify bid tender", "m00000 submitted - tender"}
	if got := list(); !slices.Equal(got, want) {
		t.Errorf("shortlisted are\n%q, want\n%q", got, want)
	}
	// Awarded since, it is open no more, and still on the list.
	ingest(t, d, []byte(strings.Replace(string(again(0, 20, "no. 0", "no. 0")), `"tag":["tender"]`, `"tag":["award"]`, 1)))
	if r := review(t, d, desk.ReviewOptions{Filter: filter(t, "state=shortlisted")}); r.Total != 2 {
		t.Errorf("%d of them are open", r.Total)
	}
	want[3] = "m00000 submitted - award"
	if got := list(); !slices.Equal(got, want) {
		t.Errorf("with one awarded they are\n%q, want\n%q", got, want)
	}

	g, err := d.Agenda(t.Context(), "mediator", desk.AgendaOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	for i, x := range g.Days {
		if i > 0 && !g.Days[i-1].Day.Before(x.Day) || len(x.Events) == 0 || x.Left != notice.DaysUntil(asOf, x.Day) {
			t.Errorf("day %d is %s", i, text(t, x))
		}
		for _, e := range x.Events {
			events = append(events, x.Day.Format("2 Jan")+" "+strings.TrimPrefix(e.Target.String(), "ocds-h6vhtk-")+" "+e.What)
		}
	}
	if want := []string{"1 Jul m00000 deadline for tenders", "3 Jul m00006 to do: call them", "7 Jul m00006 deadline for tenders", "13 Jul m00012 deadline for tenders", "20 Jul m00018 deadline for tenders"}; !slices.Equal(events, want) {
		t.Errorf("what comes is\n%q, want\n%q", events, want)
	}
	some, err := d.Agenda(t.Context(), "mediator", desk.AgendaOptions{AsOf: asOf, From: july.Time, Until: july.Time})
	if err != nil || len(some.Days) != 1 || !some.Days[0].Working || !some.Days[0].Events[0].Own {
		t.Errorf("on one day: %s, %v", text(t, some.Days), err)
	}

	b, err := d.Budget(t.Context(), "mediator", desk.BudgetOptions{AsOf: asOf, HoursPerBid: 10, HoursPerMonth: 60})
	if err != nil {
		t.Fatal(err)
	}
	planned := map[string]desk.Effort{}
	for _, e := range append(b.Planned, b.Left...) {
		planned[strings.TrimPrefix(e.Target.String(), "ocds-h6vhtk-")] = e
	}
	if e := planned["m00006"]; e.Hours != 12 || e.Stage != pursuit.Qualify || e.Decided {
		t.Errorf("with hours of its own it is %s", text(t, e))
	}
	if e := planned["m00012"]; !e.Decided || e.Hours != 10 || e.Why != "" {
		t.Errorf("what is decided is %s", text(t, e))
	}
	for _, out := range []string{"m00000", "m00018", "m00024"} { // handed in, watched, decided against
		if e, ok := planned[out]; ok {
			t.Errorf("%s is among what could be written: %s", out, text(t, e))
		}
	}
	for _, bad := range []desk.BudgetOptions{{HoursPerBid: -1}, {HoursPerMonth: desk.MostHoursPerMonth + 1}} {
		if _, err := d.Budget(t.Context(), "mediator", bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}

	if e, err := d.Entry(t.Context(), "mediator", id(6)); err != nil || e.Next != "call them" {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := d.Unlist(t.Context(), "mediator", id(6)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Unlist(t.Context(), "mediator", id(6)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("taken off twice: %v", err)
	}
	if _, err := d.PutEntry(t.Context(), pursuit.Entry{Target: pursuit.Target{Notice: "ocds-none"}, Profile: "mediator", Stage: pursuit.Won}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no notice: %v", err)
	}
	if r := rowOf(t, review(t, d, desk.ReviewOptions{}), "ocds-h6vhtk-m00012"); r.Fit.Advice != matcher.Bid || r.Entry == nil || r.Decision == nil {
		t.Errorf("in the review it is %s", text(t, r))
	}
}
