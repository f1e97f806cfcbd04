package desk_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/desk"
	"bidfit/feeds"
	"bidfit/store"
)

// clocked is a feed that notes when it was asked, and answers as it is told to.
type clocked struct {
	name  string
	times []time.Time
	asked []feeds.Ask
	// answer says how the n-th run goes, from 0; nil is well.
	answer func(ctx context.Context, n int, to feeds.Sink) error
	now    atomic.Int32
	most   int32 // runs at once
}

func (c *clocked) Name() string { return c.name }

func (c *clocked) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	c.most = max(c.most, c.now.Add(1))
	defer c.now.Add(-1)
	n := len(c.times)
	c.times, c.asked = append(c.times, time.Now()), append(c.asked, ask)
	if c.answer == nil {
		return nil
	}
	return c.answer(ctx, n, to)
}

// watched runs a schedule for a while by a simulated clock, and returns how long it took to stop.
func watched(t *testing.T, d *desk.Desk, w desk.Watching, during func()) time.Duration {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() {
		d.Watch(ctx, w)
		close(done)
	}()
	during()
	synctest.Wait()
	told := time.Now()
	stop()
	<-done
	return time.Since(told)
}

// pass lets time go by, and what falls due in it come to rest: then what feeds noted can be looked at.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// near reports whether a time that has been drawn out or in by as much as a tenth is meant.
func near(got, want time.Duration) bool {
	return got >= want*9/10-time.Second && got <= want*11/10+time.Second
}

// TestWatch: each feed is read in its own interval, those switched off are not, and nobody is read twice at once.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := open(t, t.TempDir())
		quick, slow, off := &clocked{name: "quick"}, &clocked{name: "slow"}, &clocked{name: "off"}
		slow.answer = func(context.Context, int, feeds.Sink) error { time.Sleep(20 * time.Minute); return nil }
		d.UseFeeds(
			desk.Scheduled{Feed: quick, On: true, Every: 15 * time.Minute, Since: 30 * 24 * time.Hour},
			desk.Scheduled{Feed: slow, On: true, Every: 10 * time.Minute, Since: time.Hour},
			desk.Scheduled{Feed: off, Every: time.Minute},
		)
		took := watched(t, d, desk.Watching{Who: "the schedule"}, func() {
			pass(time.Second)
			if len(quick.times) != 1 || len(slow.times) != 1 {
				t.Fatalf("at first %d and %d runs", len(quick.times), len(slow.times))
			}
			r, err := d.Ready(t.Context(), time.Now())
			if err != nil || r.Feeds[1].Running == nil || r.Feeds[1].Running.Who != "the schedule" || !near(time.Until(r.Feeds[0].Next), 15*time.Minute) || !r.Feeds[2].Next.IsZero() {
				t.Errorf("%+v (%v)", r, err)
			}
			pass(49 * time.Hour)
			if err := d.Switch(t.Context(), "off", true); err != nil {
				t.Fatal(err)
			}
			pass(time.Second)
			if len(off.times) != 1 {
				t.Errorf("a second after it was switched on: %d runs", len(off.times))
			}
			if err := d.Switch(t.Context(), "off", false); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			if len(off.times) != 1 {
				t.Errorf("switched off again: %d runs", len(off.times))
			}
		})
		for i := range quick.times[1:] {
			if gap := quick.times[i+1].Sub(quick.times[i]); !near(gap, 15*time.Minute) {
				t.Errorf("run %d after %s", i+1, gap)
			}
		}
		for i := range slow.times[1:] {
			if gap := slow.times[i+1].Sub(slow.times[i]); !near(gap-20*time.Minute, 10*time.Minute) {
				t.Errorf("slow run %d after %s", i+1, gap)
			}
		}
		if quick.most != 1 || slow.most != 1 {
			t.Errorf("%d and %d runs at once", quick.most, slow.most)
		}
		spread := map[time.Duration]bool{}
		audits := 0
		for i, ask := range quick.asked {
			if ask.Audit {
				audits++
			}
			if i > 0 {
				spread[quick.times[i].Sub(quick.times[i-1]).Round(time.Second)] = true
				if !ask.From.IsZero() {
					t.Errorf("run %d asks from %s", i, ask.From)
				}
			}
		}
		if first := quick.asked[0].From; first.IsZero() || time.Duration(quick.times[0].Sub(first)) < 30*24*time.Hour {
			t.Errorf("the first run begins at %s", first)
		}
		if audits != 3 || quick.asked[0].Audit {
			t.Errorf("%d audits in two days", audits)
		}
		if len(spread) < 50 {
			t.Errorf("no more than %d different intervals in %d runs", len(spread), len(quick.times))
		}
		if took > 20*time.Minute {
			t.Errorf("stopped after %s", took)
		}
	})
}

// TestWatchFails: a feed that fails is asked again soon and then less and less often, and in its own time once it succeeds.
func TestWatchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := open(t, t.TempDir())
		feed := &clocked{name: "made", answer: func(_ context.Context, n int, _ feeds.Sink) error {
			switch {
			case n == 3:
				panic("no such page")
			case n < 9:
				return errors.New("503 Service Unavailable")
			}
			return nil
		}}
		d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: 30 * time.Minute})
		watched(t, d, desk.Watching{}, func() { time.Sleep(6 * time.Hour) })
		want := []time.Duration{1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30}
		if len(feed.times) < len(want) {
			t.Fatalf("%d runs", len(feed.times))
		}
		for i, w := range want {
			if gap := feed.times[i+1].Sub(feed.times[i]); !near(gap, w*time.Minute) {
				t.Errorf("after failure %d: %s, want %s", i+1, gap, w*time.Minute)
			}
		}
		if f := feedOf(t, d, time.Now()); f.Failures != 0 || f.Why != "" {
			t.Errorf("in the end: %+v", f)
		}
	})
}

// TestWatchStops: what is under way when the schedule is told to stop ends at once, and begins again where it was.
func TestWatchStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := open(t, t.TempDir())
		feed := &clocked{name: "made", answer: func(ctx context.Context, n int, _ feeds.Sink) error {
			if n == 0 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}}
		d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: time.Hour})
		if took := watched(t, d, desk.Watching{}, func() { time.Sleep(time.Hour) }); took > time.Second {
			t.Errorf("stopped after %s", took)
		}
		f := feedOf(t, d, time.Now())
		if f.Why != "" || f.Failures != 0 || f.Runs != 1 {
			t.Errorf("kept: %+v", f)
		}
		pass(10 * time.Second)
		watched(t, d, desk.Watching{}, func() { time.Sleep(time.Second) })
		if len(feed.times) != 2 {
			t.Errorf("%d runs after the second start", len(feed.times))
		}
		// And a start after a success waits for the rest of the interval.
		watched(t, d, desk.Watching{}, func() { time.Sleep(40 * time.Minute) })
		if len(feed.times) != 2 {
			t.Errorf("%d runs after the third start", len(feed.times))
		}
	})
}

// TestWatchBusy: a feed that somebody reads by hand is left to them.
func TestWatchBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := open(t, t.TempDir())
		feed := &clocked{name: "made", answer: func(context.Context, int, feeds.Sink) error { time.Sleep(10 * time.Minute); return nil }}
		d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: time.Hour})
		hand := make(chan error)
		go func() {
			_, err := d.Sync(t.Context(), feed, feeds.Ask{}, desk.Syncing{Who: "bidfit sync", Clock: time.Now})
			hand <- err
		}()
		synctest.Wait()
		watched(t, d, desk.Watching{}, func() {
			if err := <-hand; err != nil {
				t.Error(err)
			}
			pass(50 * time.Minute)
		})
		if len(feed.times) != 1 || feed.most != 1 {
			t.Errorf("%d runs, %d at once", len(feed.times), feed.most)
		}
		if f := feedOf(t, d, time.Now()); f.Failures != 0 {
			t.Errorf("kept: %+v", f)
		}
	})
}

// TestWatchAfter: what follows is called every minute, one call at a time, and survives itself.
func TestWatchAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := open(t, t.TempDir())
		var log bytes.Buffer
		d = d.With(desk.Settings{Workspace: store.Default, Log: slog.New(slog.NewTextHandler(&log, nil))})
		began := time.Now()
		var at []time.Duration
		atOnce := 0
		w := desk.Watching{After: func(context.Context) {
			if atOnce++; atOnce > 1 {
				t.Error("two calls at once")
			}
			defer func() { atOnce-- }()
			at = append(at, time.Since(began))
			if len(at) == 2 {
				panic("a bad alert")
			}
			pass(5 * time.Second)
		}}
		watched(t, d, w, func() { time.Sleep(10*time.Minute + 30*time.Second) })
		if len(at) != 10 || at[0] != time.Minute || at[9] != 10*time.Minute {
			t.Errorf("called at %v", at)
		}
		if !strings.Contains(log.String(), "a bad alert") {
			t.Errorf("the log says %s", log.String())
		}
	})
}

// TestWatchStored: after a run that stored something what follows is called at once, and finds it.
func TestWatchStored(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	d.UseFeeds(desk.Scheduled{Feed: &pages{name: "made", list: paged(made(100), 100)}, On: true, Every: time.Hour})
	ctx, stop := context.WithCancel(t.Context())
	found := 0
	d.Watch(ctx, desk.Watching{After: func(ctx context.Context) {
		stats, err := s.Stats(ctx)
		if err != nil {
			t.Error(err)
		}
		found = stats.Releases
		stop()
	}})
	if found != 100 {
		t.Errorf("%d releases were there", found)
	}
}
