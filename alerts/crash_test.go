package alerts_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"bidfit/alerts"
	"bidfit/pursuit"
	"bidfit/store"
)

// failing is a store that stops keeping after so many times, as if the program had been killed: before what is kept last, or after it and
// before anybody knows.
type failing struct {
	store.Store
	left  int
	after bool
	keeps int
}

var errKilled = errors.New("killed")

func (f *failing) Keep(ctx context.Context, ws store.Workspace, records ...pursuit.Record) error {
	if len(records) == 0 {
		return nil
	}
	f.keeps++
	switch f.left--; {
	case f.left > 0:
		return f.Store.Keep(ctx, ws, records...)
	case f.left == 0 && f.after:
		return errors.Join(f.Store.Keep(ctx, ws, records...), errKilled)
	}
	return errKilled
}

// Killed at any step, nothing is lost, and what arrives twice is the message in flight, under its ID, with the same content.
func TestKilledAtEveryStep(t *testing.T) {
	const whole = 1 << 30
	template := t.TempDir()
	w := newWorld(t, template)
	for n := 100; n < 108; n++ { // the lexicon is learned of these, and not again
		w.ingest(release{n: n, id: n})
	}
	w.profile("care", "neighbour mediation")
	for i := range 3 {
		w.subscribe(alerts.Subscription{Profile: "care", Channel: alerts.Webhook, To: fmt.Sprint("https://example.org/", i), AtOnce: i == 0})
	}
	w.tick(at(2, "10:00"))
	w.close()
	steps := 0
	for _, after := range []bool{false, true} {
		for kill := 0; kill <= steps; kill++ { // 0: nobody is killed, to count the steps
			if kill > 0 && testing.Short() && kill%4 != 1 {
				continue
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
				t.Fatal(err)
			}
			f := &failing{left: whole, after: after}
			w := &world{t: t, dir: dir, got: &inbox{}, wrap: func(s store.Store) store.Store { f.Store = s; return f }}
			w.open()
			if kill > 0 {
				f.left = kill
			}
			killed := false
			tick := func(now time.Time) {
				t.Helper()
				_, err := w.engine.Tick(t.Context(), now)
				if err != nil && errors.Is(err, errKilled) && !killed {
					killed = true
					f.left = whole
					w.start()
					_, err = w.engine.Tick(t.Context(), now)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			w.ingest(release{n: 2, id: 2}, release{n: 3, id: 3})
			tick(at(2, "10:01"))
			tick(at(3, "07:30"))
			w.ingest(release{n: 2, id: 4, tag: "tenderUpdate", date: "2026-06-03T09:00:00+01:00", deadline: "2026-07-25T12:00:00+01:00"})
			tick(at(3, "10:01"))
			tick(at(4, "07:30"))
			w.ingest(release{n: 3, id: 5, tag: "tenderUpdate", date: "2026-06-04T09:00:00+01:00", status: "cancelled"})
			tick(at(4, "10:01"))
			tick(at(5, "07:30"))
			if kill == 0 {
				if steps = f.keeps; steps < 15 {
					t.Fatalf("%d steps", steps)
				}
			}
			if killed != (kill > 0) {
				t.Errorf("kill %d of %d, after %v: killed: %v", kill, steps, after, killed)
			}
			seen := map[string]string{}
			repeated := map[string]int{}
			count := map[string]int{}
			for i, m := range w.got.all {
				for j := range m.Items {
					m.Items[j].DaysLeft = nil
				}
				says := fmt.Sprint(m.Items)
				if before, ok := seen[m.ID]; ok {
					repeated[w.got.to[i]]++
					if before != says {
						t.Errorf("kill %d: message %s says another thing the second time", kill, m.ID)
					}
					continue
				}
				seen[m.ID] = says
				for _, x := range m.Items {
					count[fmt.Sprint(w.got.to[i], " ", x.Happening, " ", x.Target.Notice)]++
				}
			}
			subs, err := w.engine.Subscriptions(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range subs {
				for _, what := range []string{"new " + id(2), "new " + id(3), "changed " + id(2), "withdrawn " + id(3)} {
					if n := count[s.ID+" "+what]; n != 1 {
						t.Errorf("kill %d, after %v: %s was told %d times to %s", kill, after, what, n, s.To)
					}
				}
				if repeated[s.ID] > 1 {
					t.Errorf("kill %d: %d messages came twice to %s", kill, repeated[s.ID], s.To)
				}
			}
			if len(count) != 12 {
				t.Errorf("kill %d: %v", kill, slices.Sorted(maps.Keys(count)))
			}
			w.close()
		}
	}
	t.Logf("killed at each of %d steps, before and after it was kept", steps)
}
