package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/pursuit"
	"bidfit/store"
)

// keepable is everything that is answered out of what is kept about notices, errors too, as JSON.
func keepable(ctx context.Context, d *desk.Desk) string {
	var b bytes.Buffer
	tell := func(what string, answer any, err error) {
		fmt.Fprintf(&b, "%s %v\n", what, err)
		if err == nil {
			if err := desk.WriteJSON(&b, answer); err != nil {
				fmt.Fprintln(&b, err)
			}
		}
	}
	for _, asked := range []string{"wick borough", "GB-PPON-PWIC-1111-KKKK", "saltbourne", "wickham", "Heron", "nobody"} {
		for _, day := range []int{0, 400} {
			x, err := d.Buyer(ctx, asked, asOf.AddDate(0, 0, day))
			tell("buyer "+asked, x, err)
		}
	}
	for _, asked := range []string{"wren grounds", "GB-COH-00000002", "heron", "larkspur", "New Firm Ltd"} {
		x, err := d.Supplier(ctx, asked, asOf)
		tell("supplier "+asked, x, err)
	}
	for _, id := range []string{"ocds-h6vhtk-w00000", "ocds-h6vhtk-w00005", "ocds-h6vhtk-m00004", "ocds-h6vhtk-none"} {
		x, err := d.Similar(ctx, id, 0, asOf)
		tell("similar "+id, x, err)
	}
	for _, q := range []index.Query{{}, {Words: "grounds"}, {Words: "mediation", Tokens: []string{"stage:tender"}}} {
		x, err := d.Tally(ctx, q, []string{"stage:tender", "stage:award", "itl:TLG", "cpv:77", "cpv:85"})
		tell("tally", x, err)
	}
	for _, q := range []index.Query{{}, {Words: "grounds", Size: 5}, {Words: "grounds", From: 5, Size: 5}, {Words: "mediation", Tokens: []string{"stage:tender"}}} {
		x, err := d.Search(ctx, q)
		tell("search", x, err)
	}
	x, err := d.Home(ctx, asOf, 3)
	tell("home", x, err)
	return b.String()
}

// What is kept answers as a desk does that was just opened, byte for byte, whatever was changed in between and however often it is asked.
func TestKept(t *testing.T) {
	d, s, ix := open(t, t.TempDir())
	ingest(t, d, awarded(40))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	target := pursuit.Target{Notice: "ocds-h6vhtk-m00000"}
	last := ""
	for _, step := range []struct {
		name  string
		other bool // answers become others
		do    func() error
	}{
		{"nothing", true, func() error { return nil }},
		{"more notices", true, func() error { ingest(t, d, awarded(72)); ingest(t, d, made(60)); return nil }},
		{"a decision", true, func() error {
			_, err := d.Act(t.Context(), desk.Deed{Profile: "mediator", Do: desk.DoWatch, Targets: []pursuit.Target{target}, Who: "kim", When: asOf, AsOf: asOf})
			return err
		}},
		{"a notice released again", true, func() error { ingest(t, d, again(4, 20, "Council 4", "Wickham Town Council")); return nil }},
		{"the same again", false, func() error { ingest(t, d, made(60)); return nil }},
		{"a firm named otherwise", true, func() error {
			text := bytes.ReplaceAll(awarded(1), []byte("Wren Grounds Ltd"), []byte("New Firm Ltd"))
			ingest(t, d, bytes.ReplaceAll(text, []byte(`-2025","tag":["award"],"date":"2025-01-01`), []byte(`-2025-2","tag":["award"],"date":"2025-01-20`)))
			return nil
		}},
		{"the index built anew", false, func() error { return d.RebuildIndex(t.Context()) }},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		kept := keepable(t.Context(), d)
		fresh := keepable(t.Context(), desk.New(s, ix, store.Default, discard))
		if kept != fresh {
			t.Errorf("after %s what is kept is another answer:\n%s", step.name, firstDifference(kept, fresh))
		}
		if again := keepable(t.Context(), d); again != fresh {
			t.Errorf("after %s, asked again, what is kept is another answer:\n%s", step.name, firstDifference(again, fresh))
		}
		if (kept != last) != step.other {
			t.Errorf("after %s the answers are others: %t", step.name, kept != last)
		}
		last = kept
	}
}

// While notices come in, whatever was asked meanwhile keeps nothing that is stale.
func TestKeptMeanwhile(t *testing.T) {
	d, s, ix := open(t, t.TempDir())
	ingest(t, d, awarded(9))
	var asking sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 3 {
		asking.Go(func() {
			for ctx.Err() == nil {
				keepable(ctx, d)
			}
		})
	}
	for n := 18; n <= 72; n += 9 {
		ingest(t, d, awarded(n))
	}
	kept := keepable(t.Context(), d)
	stop()
	asking.Wait()
	if fresh := keepable(t.Context(), desk.New(s, ix, store.Default, discard)); kept != fresh {
		t.Error(firstDifference(kept, fresh))
	}
}

// firstDifference is the first line of two texts that is not the same in both.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("%.600s\n%.600s", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// What was decided is told out of memory as it is without: on the client board, since a decision, of lots that a notice has no more too.
func TestDecidedInMemory(t *testing.T) {
	d, s, ix := open(t, t.TempDir())
	ingest(t, d, made(60))
	ingest(t, d, again(6, 12, `"lots":[{"id":"1","status":"active"}]`, `"lots":[{"id":"1","status":"active"},{"id":"2","status":"active"}]`))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	tell := func(d *desk.Desk) string {
		var b bytes.Buffer
		for _, target := range []pursuit.Target{{Notice: "ocds-h6vhtk-m00000"}, {Notice: "ocds-h6vhtk-m00006"}, {Notice: "ocds-h6vhtk-m00006", Lot: "2"}, {Notice: "ocds-h6vhtk-m00012"}} {
			board, err := d.Clients(t.Context(), target, asOf)
			fmt.Fprintln(&b, err)
			desk.WriteJSON(&b, board)
			since, err := d.Since(t.Context(), "mediator", target, desk.SinceDecision, asOf)
			fmt.Fprintln(&b, err)
			desk.WriteJSON(&b, since)
		}
		for day := range 3 { // what was kept on one day is told on another
			agenda, err := d.Agenda(t.Context(), "mediator", desk.AgendaOptions{AsOf: asOf.AddDate(0, 0, 9*day)})
			fmt.Fprintln(&b, err)
			desk.WriteJSON(&b, agenda)
		}
		return b.String()
	}
	decide := func(do desk.Do, targets ...pursuit.Target) func() {
		return func() {
			done, err := d.Act(t.Context(), desk.Deed{Profile: "mediator", Do: do, Targets: targets, Who: "kim", When: asOf, AsOf: asOf})
			if err != nil || done[0].Err != nil {
				t.Fatal(done, err)
			}
		}
	}
	last := ""
	for i, step := range []func(){
		func() {},
		decide(desk.DoBid, pursuit.Target{Notice: "ocds-h6vhtk-m00000"}),
		decide(desk.DoWatch, pursuit.Target{Notice: "ocds-h6vhtk-m00006", Lot: "2"}),
		decide(desk.DoNoBid, pursuit.Target{Notice: "ocds-h6vhtk-m00006"}),
		func() { ingest(t, d, again(6, 14, "no. 6", "no. 6, amended")) }, // lot 2 is gone
		decide(desk.DoUndo, pursuit.Target{Notice: "ocds-h6vhtk-m00000"}),
	} {
		step()
		review(t, d, desk.ReviewOptions{}) // into memory
		got, want := tell(d), tell(desk.New(s, ix, store.Default, discard))
		if got != want {
			t.Errorf("after step %d: %s", i, firstDifference(got, want))
		}
		if got == last {
			t.Errorf("step %d changes nothing", i)
		}
		last = got
	}
}
