package desk_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice/changes"
	"bidfit/pursuit"
	"bidfit/store"
)

// working is a desk over made-up notices, with a profile.
func working(t testing.TB, notices int) (*desk.Desk, store.Store) {
	t.Helper()
	d, s, _ := open(t, t.TempDir())
	ingest(t, d, made(notices))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	return d, s
}

func review(t testing.TB, d *desk.Desk, o desk.ReviewOptions) desk.Review {
	t.Helper()
	if o.AsOf.IsZero() {
		o.AsOf = asOf
	}
	r, err := d.Review(t.Context(), "mediator", o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func filter(t testing.TB, query string) desk.Filter {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := desk.ParseFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func act(t testing.TB, d *desk.Desk, do desk.Do, until pursuit.Until, when time.Time, targets ...pursuit.Target) []desk.Done {
	t.Helper()
	done, err := d.Act(t.Context(), desk.Deed{Profile: "mediator", Do: do, Targets: targets, Until: until, Who: "kim", When: when, AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// again is made-up release i once more, changed.
func again(i int, day int, was, is string) []byte {
	line := strings.Split(string(made(i+1)), "\n")[i]
	line = strings.ReplaceAll(line, was, is)
	line = strings.Replace(line, `"date":"2026-06-01`, fmt.Sprintf(`"date":"2026-06-%02d`, day), 1)
	return []byte(strings.Replace(line, "-2026", fmt.Sprintf("-2026-%d", day), 1) + "\n")
}

// What stands in memory is what a desk that was just opened computes, whatever has happened in between.
func TestListInMemory(t *testing.T) {
	dir := t.TempDir()
	d, s, ix := open(t, dir)
	ingest(t, d, made(120))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(6, 24))
	now := asOf
	rated := 0
	events := map[string]func(){
		"later":  func() { now = now.Add(time.Duration(rng.IntN(30*3600)) * time.Second) },
		"before": func() { now = now.AddDate(0, 0, -1) },
		"release": func() {
			i := rng.IntN(12) * 10
			ingest(t, d, again(i, 2+rng.IntN(25), "no. ", fmt.Sprintf("changed %d no. ", rng.IntN(9))))
		},
		"profile": func() {
			p := mediator(t)
			p.Keywords = append(p.Keywords, []string{"catering", "cleaning", "surfacing"}[rng.IntN(3)])
			if _, err := d.PutProfile(t.Context(), p, now); err != nil {
				t.Fatal(err)
			}
		},
		"rating": func() {
			for range 6 {
				rated++
				do := []desk.Do{desk.DoRelevant, desk.DoIrrelevant, desk.DoKnown}[rng.IntN(3)]
				act(t, d, do, "", now, pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", rng.IntN(12)*10+rng.IntN(8))})
			}
		},
		"decision": func() {
			act(t, d, desk.DoNoBid, "", now, pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", rng.IntN(12)*10)})
		},
		"lexicon": func() {
			if err := d.LearnLexicon(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
	}
	names := slices.Sorted(maps.Keys(events))
	for step := range 60 {
		name := names[rng.IntN(len(names))]
		events[name]()
		order := []matcher.Order{matcher.OrderScore, matcher.OrderLow, matcher.OrderDeadline, matcher.OrderRelevance}[rng.IntN(4)]
		got, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: now, Order: order})
		if err != nil {
			t.Fatal(err)
		}
		fresh := desk.New(s, ix, store.Default, discard)
		want, err := fresh.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: now, Order: order})
		if err != nil {
			t.Fatal(err)
		}
		if text(t, got) != text(t, want) {
			t.Fatalf("step %d, after %s: the list in memory is not the one computed anew", step, name)
		}
		o := desk.ReviewOptions{AsOf: now, Order: order}
		mine, err := d.Review(t.Context(), "mediator", o)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := fresh.Review(t.Context(), "mediator", o)
		if err != nil {
			t.Fatal(err)
		}
		if text(t, mine) != text(t, theirs) {
			t.Fatalf("step %d, after %s: the review out of memory is not the one computed anew", step, name)
		}
		for i, r := range mine.Rows {
			if r.Fit.OCID != got.Fits[i].OCID {
				break // the review leaves out what is snoozed besides; nothing is here
			}
			if text(t, *r.Fit) != text(t, got.Fits[i]) {
				t.Fatalf("row %d has another fit than the match", i)
			}
		}
	}
	if rated < matcher.MinAnswers {
		t.Fatalf("only %d ratings: nothing was learned", rated)
	}
}

// Facets count what one more click would show, and every page together is the list.
func TestReviewFilters(t *testing.T) {
	d, _ := working(t, 300)
	// One of every sort that people make.
	id := func(i int) pursuit.Target { return pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", i)} }
	act(t, d, desk.DoBid, "", asOf, id(0), id(1), id(2))
	act(t, d, desk.DoNoBid, "", asOf, id(6), id(12))
	act(t, d, desk.DoSnooze, pursuit.UntilValue, asOf, id(20), id(18))
	act(t, d, desk.DoKnown, "", asOf, id(24), id(30))
	act(t, d, desk.DoSee, "", asOf, id(0), id(10), id(20), id(24))
	ingest(t, d, again(10, 20, "no. 10", "no. 10, corrected"))
	if _, err := d.PutEntry(t.Context(), pursuit.Entry{Target: id(0), Profile: "mediator", Stage: pursuit.Prepare, When: asOf}); err != nil {
		t.Fatal(err)
	}

	all := review(t, d, desk.ReviewOptions{})
	if all.Seen != 270 || all.Snoozed != 2 || all.Known != 2 || all.Total != 266 || len(all.Rows) != 266 || all.Next != "" {
		t.Fatalf("%d seen, %d snoozed, %d known, %d rows of %d", all.Seen, all.Snoozed, all.Known, len(all.Rows), all.Total)
	}
	if n := all.Counts; n.Bid+n.Review+n.NoBid != 270 || n.Bid == 0 || n.NoBid == 0 {
		t.Errorf("advised are %+v", n)
	}
	for _, query := range []string{"", "advice=bid", "advice=no-bid&region=TLG&region=TLD", "region=TLG2&cpv=85", "words=MEDIATION+council", "state=unseen", "state=snoozed",
		"state=decided&deadline=fortnight", "value=10000&stage=tender", "buyer=council+3&buyer=nobody", "deadline=overdue", "cpv=unknown", "state=known&state=snoozed&state=undecided"} {
		f := filter(t, query)
		if back := filter(t, f.Query().Encode()); text(t, back) != text(t, f) {
			t.Errorf("%s comes back as %s", query, f.Query().Encode())
		}
		r := review(t, d, desk.ReviewOptions{Filter: f})
		if len(r.Rows) != r.Total {
			t.Errorf("%s: %d rows of %d", query, len(r.Rows), r.Total)
		}
		for _, facet := range r.Facets {
			for _, v := range facet.Values {
				if f.Has(facet.Name, v.Value) != v.Selected {
					t.Errorf("%s: %s=%s is selected: %v", query, facet.Name, v.Value, v.Selected)
				}
				// Asked for alone beside the other filters there are as many as it says.
				alone := desk.Filter{Words: f.Words, By: maps.Clone(f.By)}
				if alone.By == nil {
					alone.By = map[string][]string{}
				}
				alone.By[facet.Name] = []string{v.Value}
				if got := review(t, d, desk.ReviewOptions{Filter: alone, Limit: 1}); got.Total != v.Count {
					t.Errorf("%s: %s=%s is counted %d and shows %d", query, facet.Name, v.Value, v.Count, got.Total)
				}
			}
		}
		// By pages, with cursors and with offsets.
		var byCursor, byOffset, whole []string
		o := desk.ReviewOptions{Filter: f, Limit: 37, Order: matcher.OrderDeadline}
		for pages := 0; ; pages++ {
			page := review(t, d, o)
			for i, row := range page.Rows {
				byCursor = append(byCursor, row.Target.String())
				if row.Rank != len(byCursor) {
					t.Fatalf("%s: row %d of the page has rank %d, and is the %dth", query, i, row.Rank, len(byCursor))
				}
			}
			if o.After = page.Next; o.After == "" || pages > 20 {
				break
			}
		}
		for offset := 0; offset < r.Total; offset += 37 {
			for _, row := range review(t, d, desk.ReviewOptions{Filter: f, Limit: 37, Order: matcher.OrderDeadline, Offset: offset}).Rows {
				byOffset = append(byOffset, row.Target.String())
			}
		}
		for _, row := range review(t, d, desk.ReviewOptions{Filter: f, Order: matcher.OrderDeadline}).Rows {
			whole = append(whole, row.Target.String())
		}
		if !slices.Equal(byCursor, whole) || !slices.Equal(byOffset, whole) {
			t.Errorf("%s: the pages together are not the list", query)
		}
	}
	for _, bad := range []string{"advice=Bid", "region=TLZ", "cpv=853", "value=5", "state=new", "deadline=soon", "stage=award"} {
		q, _ := url.ParseQuery(bad)
		if _, err := desk.ParseFilter(q); err == nil || !strings.Contains(err.Error(), strings.Split(bad, "=")[0]) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, bad := range []string{"x", "!!", base64.RawURLEncoding.EncodeToString([]byte("[]"))} {
		if _, err := d.Review(t.Context(), "mediator", desk.ReviewOptions{AsOf: asOf, After: bad}); !errors.Is(err, desk.ErrCursor) {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
	if _, err := d.Review(t.Context(), "nobody", desk.ReviewOptions{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
}

// An export of a review holds what the review shows.
func TestExportOfReview(t *testing.T) {
	d, _ := working(t, 100)
	act(t, d, desk.DoNoBid, "", asOf, review(t, d, desk.ReviewOptions{}).Rows[1].Target)
	o := desk.ReviewOptions{AsOf: asOf, Filter: filter(t, "region=TLG"), Order: matcher.OrderDeadline}
	shown := review(t, d, o).Rows
	rows, err := d.Exported(t.Context(), "mediator", desk.Exporting{AsOf: asOf, List: desk.ListReview, Filter: o.Filter, Order: o.Order})
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if row.Notice.ID != shown[i].Target.Notice || text(t, row.Fit) != text(t, *shown[i].Fit) || (row.Pursuit != nil) != (shown[i].Decision != nil) {
			t.Errorf("row %d is of %s, and shown is %s", i, row.Notice.ID, shown[i].Target)
		}
		i++
	}
	if i != len(shown) || i < 9 {
		t.Errorf("%d rows of %d", i, len(shown))
	}
	all, err := d.Exported(t.Context(), "mediator", desk.Exporting{AsOf: asOf, List: desk.ListReview, Filter: filter(t, "state=decided")})
	if err != nil {
		t.Fatal(err)
	}
	for row := range all {
		if row.Pursuit == nil || row.Pursuit.Current().Verdict != pursuit.NoBid {
			t.Errorf("decided is %v", row.Pursuit)
		}
	}
}

// A cursor goes on where it was when rows come and go.
func TestCursorIsStable(t *testing.T) {
	d, _ := working(t, 100)
	first := review(t, d, desk.ReviewOptions{Limit: 10})
	before := review(t, d, desk.ReviewOptions{After: first.Next}).Rows
	last := first.Rows[9].Target
	act(t, d, desk.DoSnooze, pursuit.UntilChange, asOf, last, first.Rows[0].Target, first.Rows[1].Target)
	after := review(t, d, desk.ReviewOptions{After: first.Next})
	if len(after.Rows) != len(before) || after.Rows[0].Target != before[0].Target || after.Offset != 7 {
		t.Errorf("the next page begins with %s at %d of %d rows, want %s", after.Rows[0].Target, after.Offset, len(after.Rows), before[0].Target)
	}
}

func rowOf(t testing.TB, r desk.Review, notice string) desk.Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Target.Notice == notice {
			return row
		}
	}
	t.Fatalf("%s is not listed", notice)
	return desk.Row{}
}

// What people do shows on the row, is taken back one after another, and comes back by itself when what they waited for happens.
func TestAct(t *testing.T) {
	d, s := working(t, 60)
	const id = "ocds-h6vhtk-m00000"
	target := pursuit.Target{Notice: id} // it is not divided into lots
	row := func() desk.Row {
		t.Helper()
		return rowOf(t, review(t, d, desk.ReviewOptions{Filter: filter(t, "state=undecided&state=decided&state=snoozed&state=known")}), id)
	}
	if r := row(); !r.Unseen || r.Changed || r.Decision != nil || r.Snooze != nil || r.Entry != nil || r.Target != target {
		t.Errorf("untouched it is %s", text(t, r))
	}
	at := asOf
	do := func(do desk.Do, until pursuit.Until) desk.Done {
		t.Helper()
		at = at.Add(time.Minute)
		done := act(t, d, do, until, at, target)
		if done[0].Err != nil {
			t.Fatal(done[0].Err)
		}
		return done[0]
	}
	if x := do(desk.DoWatch, ""); x.Words != "watch" || x.Target != target {
		t.Errorf("watch: %+v", x)
	}
	if x := do(desk.DoNoBid, ""); x.Words != "no-bid, against the advice" || !x.Against {
		t.Errorf("no-bid: %+v", x)
	}
	if r := row(); r.Decision == nil || r.Decision.Verdict != pursuit.NoBid || !r.Decision.Against || !r.Against {
		t.Errorf("decided against the advice it is %s", text(t, r))
	}
	do(desk.DoRelevant, "")
	do(desk.DoSnooze, pursuit.UntilDeadline)
	if r := row(); r.Snooze == nil || r.Resurfaced != "" || !slices.Equal(r.Rating, []pursuit.Answer{pursuit.Relevant}) {
		t.Errorf("snoozed it is %s", text(t, r))
	}
	if slices.ContainsFunc(review(t, d, desk.ReviewOptions{}).Rows, func(r desk.Row) bool { return r.Target.Notice == id }) {
		t.Error("it is listed while it is snoozed")
	}
	for _, want := range []struct {
		undone desk.Do
		words  string
	}{{desk.DoSnooze, "snooze is taken back"}, {desk.DoRelevant, "relevant is taken back"}, {desk.DoNoBid, "no-bid is taken back; watch is in force again"}, {desk.DoWatch, "watch is taken back"}} {
		if x := do(desk.DoUndo, ""); x.Undone != want.undone || x.Words != want.words {
			t.Errorf("undone is %+v, want %v", x, want)
		}
	}
	if r := row(); r.Decision != nil || r.Snooze != nil || r.Rating != nil {
		t.Errorf("with all taken back it is %s", text(t, r))
	}
	if x := act(t, d, desk.DoUndo, "", at, target); !errors.Is(x[0].Err, store.ErrNotFound) || x[0].Error == "" {
		t.Errorf("with nothing to take back: %+v", x)
	}
	if p, err := s.Pursuits(t.Context(), store.Default, "mediator", target); err != nil || len(p) != 1 || len(p[0].Decisions) != 4 {
		t.Errorf("on record are %v, %v", p, err)
	}
	if list, err := d.Shortlist(t.Context(), "mediator", asOf, true); err != nil {
		t.Fatal(err)
	} else {
		for row := range list {
			t.Errorf("nothing is decided, and %s is on the list of it", row.Fit.OCID)
		}
	}

	// Seen, and released again.
	act(t, d, desk.DoSee, "", at, target)
	if r := row(); r.Unseen || r.Changed || r.Seen == nil || r.Seen.Who != "kim" {
		t.Errorf("seen it is %s", text(t, r))
	}
	do(desk.DoSnooze, pursuit.UntilValue)
	ingest(t, d, again(0, 10, "T12:00:00+01:00", "T15:00:00+01:00")) // the deadline
	if r := row(); !r.Changed || r.Resurfaced != "" || !slices.ContainsFunc(r.Changes, func(c changes.Change) bool { return c.What == changes.DeadlineDate }) {
		t.Errorf("released again it is %s", text(t, r))
	}
	ingest(t, d, again(0, 11, `"amount":20000`, `"amount":90000`))
	r := rowOf(t, review(t, d, desk.ReviewOptions{}), id)
	if r.Resurfaced != "the value is another" || r.Snooze == nil {
		t.Errorf("with another value it is %s", text(t, r))
	}
	if n := rowOf(t, review(t, d, desk.ReviewOptions{Filter: filter(t, "state=resurfaced")}), id); n.Rank != 1 {
		t.Errorf("it is no. %d of those that came back", n.Rank)
	}
	act(t, d, desk.DoSee, "", at, target)
	if r := row(); r.Changed || len(r.Changes) > 0 {
		t.Errorf("seen again it is %s", text(t, r))
	}

	// Many at once: what fails does not stop the others.
	done := act(t, d, desk.DoBid, "", at, target, pursuit.Target{Notice: "ocds-none"}, pursuit.Target{Notice: id, Lot: "9"}, pursuit.Target{Notice: "ocds-h6vhtk-m00006"})
	var failed []bool
	for _, x := range done {
		failed = append(failed, x.Err != nil)
		if x.Err != nil && !errors.Is(x.Err, store.ErrNotFound) {
			t.Error(x.Err)
		}
	}
	if !slices.Equal(failed, []bool{false, true, true, false}) {
		t.Errorf("failed are %v", done)
	}
	for name, deed := range map[string]desk.Deed{
		"no target":       {Profile: "mediator", Do: desk.DoBid},
		"no such deed":    {Profile: "mediator", Do: "maybe", Targets: []pursuit.Target{target}},
		"no such profile": {Profile: "nobody", Do: desk.DoBid, Targets: []pursuit.Target{target}},
		"too many":        {Profile: "mediator", Do: desk.DoBid, Targets: make([]pursuit.Target, desk.MostTargets+1)},
	} {
		if _, err := d.Act(t.Context(), deed); err == nil {
			t.Errorf("%s: it was done", name)
		}
	}
	if x := act(t, d, desk.DoSnooze, "some day", at, target); x[0].Err == nil {
		t.Error("snoozed until some day")
	}
	if x := act(t, d, desk.DoWake, "", at, pursuit.Target{Notice: "ocds-h6vhtk-m00006"}); !errors.Is(x[0].Err, store.ErrNotFound) {
		t.Errorf("what sleeps not was woken: %v", x)
	}
	for f, err := range s.Verify(t.Context()) {
		t.Errorf("%v, %v", f, err)
	}
}

// Another process (or desk) that writes to the same store is followed.
func TestReviewFollowsTheStore(t *testing.T) {
	d, s := working(t, 40)
	review(t, d, desk.ReviewOptions{})
	other := desk.New(s, nil, store.Default, discard)
	if _, err := other.PutEntry(t.Context(), pursuit.Entry{Target: pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, Profile: "mediator", Stage: pursuit.Won, When: asOf}); err != nil {
		t.Fatal(err)
	}
	if r := rowOf(t, review(t, d, desk.ReviewOptions{}), "ocds-h6vhtk-m00000"); r.Entry == nil || r.Entry.Stage != pursuit.Won {
		t.Errorf("it is %s", text(t, r))
	}
	if _, err := other.Unlist(t.Context(), "mediator", pursuit.Target{Notice: "ocds-h6vhtk-m00000"}); err != nil {
		t.Fatal(err)
	}
	if r := rowOf(t, review(t, d, desk.ReviewOptions{}), "ocds-h6vhtk-m00000"); r.Entry != nil {
		t.Errorf("it is still %s", text(t, r.Entry))
	}
}

// Many may ask and act at once.
func TestReviewAtOnce(t *testing.T) {
	d, _ := working(t, 60)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 12 {
				target := pursuit.Target{Notice: fmt.Sprintf("ocds-h6vhtk-m%05d", (w*12+i)%40/10*10+i%8)}
				var err error
				switch (w + i) % 4 {
				case 0:
					_, err = d.Act(t.Context(), desk.Deed{Profile: "mediator", Do: desk.DoWatch, Targets: []pursuit.Target{target}, When: asOf, AsOf: asOf})
				case 1:
					_, err = d.Review(t.Context(), "mediator", desk.ReviewOptions{AsOf: asOf.Add(time.Duration(i) * 7 * time.Hour), Limit: 5})
				case 2:
					_, err = d.Home(t.Context(), asOf, 2)
				default:
					err = d.See(t.Context(), "mediator", "kim", asOf, target)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if r := review(t, d, desk.ReviewOptions{Filter: filter(t, "state=watch")}); r.Total == 0 {
		t.Error("nothing was decided")
	}
}

// A deadline that goes by closes the notice in a list that is in memory.
func TestReviewAsTimePasses(t *testing.T) {
	d, _ := working(t, 40)
	before := rowOf(t, review(t, d, desk.ReviewOptions{}), "ocds-h6vhtk-m00000") // closes on 1 July, 12:00
	end := before.Deadline.End()
	at := rowOf(t, review(t, d, desk.ReviewOptions{AsOf: end}), before.Target.Notice)
	late := rowOf(t, review(t, d, desk.ReviewOptions{AsOf: end.Add(time.Second)}), before.Target.Notice)
	if at.Fit.Advice != matcher.Bid || late.Fit.Advice != matcher.NoBid || *before.DaysLeft != 7 || *late.DaysLeft != 0 {
		t.Errorf("before its end it is %s, after it %s, with %d and %d days left", at.Fit.Advice, late.Fit.Advice, *before.DaysLeft, *late.DaysLeft)
	}
	for query, want := range map[string]time.Time{"deadline=week": end, "deadline=overdue": end.Add(time.Second)} {
		rowOf(t, review(t, d, desk.ReviewOptions{AsOf: want, Filter: filter(t, query)}), before.Target.Notice)
	}
	again := rowOf(t, review(t, d, desk.ReviewOptions{}), before.Target.Notice)
	if text(t, again) != text(t, before) {
		t.Error("back on the first day it is not what it was")
	}
}
