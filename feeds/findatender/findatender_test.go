package findatender

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice"
	"bidfit/notice/noticetest"
)

const base = "http://127.0.0.1:9/api/1.0"

func newFeed(tb testing.TB, u *feedstest.Upstream) *Feed {
	tb.Helper()
	return newFeedOver(tb, feedstest.Transport{Handler: u})
}

func newFeedOver(tb testing.TB, t http.RoundTripper) *Feed {
	tb.Helper()
	f, err := New(Options{BaseURL: base, Transport: t, Version: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// at moves the clock of a bubble to a time.
func at(s string) time.Time {
	t, err := time.ParseInLocation(wallLayout, s, notice.London)
	if err != nil {
		panic(err)
	}
	time.Sleep(time.Until(t))
	return t
}

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, notice.London)
	if err != nil {
		panic(err)
	}
	return t
}

// lost are the releases shown before a time that are not in the sink.
func lost(u *feedstest.Upstream, sink *feedstest.Sink, from, to time.Time) []string {
	have := map[string]bool{}
	for _, h := range sink.Have {
		have[h.ID] = true
	}
	var out []string
	for _, r := range u.Releases {
		if !r.At.Before(from) && r.At.Before(to) && !have[r.ID] {
			out = append(out, r.ID)
		}
	}
	return out
}

func TestRecordedDays(t *testing.T) {
	dir := noticetest.Shared(t, "data", "find-a-tender-api", "backfill")
	for _, c := range []struct {
		from, to string
		want     int
	}{{"2026-08-10", "2026-08-11", 459}, {"2026-08-11", "2026-08-12", 496}, {"2026-08-10", "2026-08-12", 955}} {
		for _, ends := range []string{"[)", "[]", "()"} {
			u, err := feedstest.Recorded(filepath.Join(dir, "2026-08-10"), filepath.Join(dir, "2026-08-11"))
			if err != nil {
				t.Fatal(err)
			}
			u.Ends = ends
			synctest.Test(t, func(t *testing.T) {
				at("2026-08-13T09:00:00")
				sink := feedstest.NewSink()
				if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: day(c.from), To: day(c.to)}, sink); err != nil {
					t.Fatal(err)
				}
				want := map[string]bool{}
				for _, r := range u.Releases {
					if !r.At.Before(day(c.from)) && r.At.Before(day(c.to)) {
						want[r.ID] = true
					}
				}
				if len(sink.Have) != c.want || len(want) != c.want {
					t.Errorf("%s to %s, ends %s: %d releases, want %d", c.from, c.to, ends, len(sink.Have), c.want)
				}
				for _, h := range sink.Have {
					if !want[h.ID] {
						t.Errorf("%s was not published in that time", h.ID)
					}
				}
				n := u.Counts()
				if n.Most > 12 || n.Refused > 0 || n.Cursored > 0 || sink.Last.Covered != 1000 || sink.Last.Tally.Releases != sink.Tally.Releases {
					t.Errorf("%+v, %+v", n, sink.Last)
				}
				t.Logf("%s to %s: %d requests, %d by number, %d full pages", c.from, c.to, n.Requests, n.ByID, n.Full)
			})
		}
	}
}

// TestOverNetwork reads a recorded day as the program does, over a listener of this machine.
func TestOverNetwork(t *testing.T) {
	dir := noticetest.Shared(t, "data", "find-a-tender-api", "backfill")
	u, err := feedstest.Recorded(filepath.Join(dir, "2026-08-10"))
	if err != nil {
		t.Fatal(err)
	}
	u.Limit = feeds.Rate{}
	u.Fault = func(n int, _ time.Time, _ *http.Request) feedstest.Fault {
		if n == 2 {
			return u.Cut(500, false)
		}
		return nil
	}
	srv := httptest.NewServer(u)
	defer srv.Close()
	f, err := New(Options{BaseURL: srv.URL + "/api/1.0", Rate: feeds.Rate{Requests: 1000, Per: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	sink := feedstest.NewSink()
	if err := f.Sync(t.Context(), feeds.Ask{From: day("2026-08-10"), To: day("2026-08-11")}, sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.Have) != 459 || u.Counts().Requests != sink.Last.Requests {
		t.Errorf("%d releases, %+v, %+v", len(sink.Have), u.Counts(), sink.Last)
	}
}

var (
	years = flag.Float64("years", 0.012, "how much of a simulated year the long simulations run through")
	every = flag.Duration("every", 10*time.Minute, "how often TestYear syncs")
)

// TestYear runs through a year of notices, synced every ten minutes and audited once a day, from a service that silently leaves rows out of 5 % of its windows.
// The whole one: go test ./feeds/findatender -run TestYear -years 1 -v -timeout 20m
func TestYear(t *testing.T) {
	for _, sticky := range []bool{true, false} {
		if *years > 0.5 && !sticky {
			continue // the harder one is enough for the long run
		}
		synctest.Test(t, func(t *testing.T) {
			from := at("2026-03-01T00:00:00")
			to := from.Add(time.Duration(*years * 365 * 24 * float64(time.Hour)))
			u := &feedstest.Upstream{
				Releases:  feedstest.Made{Seed: 1, From: from.AddDate(0, 0, -2), To: to, Late: 0.003, LateBy: 12 * time.Hour, Skew: 10 * time.Minute, Twice: 0.001}.Releases(),
				Truncated: 0.05, Sticky: sticky, Seed: 2, Limit: Allowed, Fold: "second",
			}
			rng := rand.New(rand.NewPCG(3, 4))
			f := newFeedOver(t, feedstest.Transport{Handler: u,
				Delay: func() time.Duration { return time.Duration(rng.IntN(1500)) * time.Millisecond },
				Back:  func() time.Duration { return time.Duration(rng.IntN(1500)) * time.Millisecond }})
			sink := feedstest.NewSink()
			for n := 0; time.Now().Before(to); n++ {
				next := time.Now().Add(*every)
				if err := f.Sync(t.Context(), feeds.Ask{State: sink.State, Audit: n%int(24*time.Hour / *every) == 1}, sink); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Until(next))
			}
			had := map[string]feedstest.Had{}
			for _, h := range sink.Have {
				had[h.ID] = h
			}
			var worst time.Duration
			missed, all := 0, 0
			for _, r := range u.Releases {
				if r.Shown.Before(from) || r.Shown.After(to.Add(-24*time.Hour)) {
					continue
				}
				all++
				h, ok := had[r.ID]
				if d := h.At.Sub(r.Shown); !ok || d > 24*time.Hour {
					missed++
					if missed < 10 {
						t.Errorf("%s of %v, shown %v: had %v, after %v", r.ID, r.At, r.Shown, ok, d)
					}
				} else {
					worst = max(worst, d)
				}
			}
			c := u.Counts()
			t.Logf("sticky %v, %.2f years, every %v: %d releases, %d missed, the latest after %v; %d requests (%d by number), %d windows lacking rows, at most %d in 120 s, %d refused; state of %d bytes",
				sticky, *years, *every, all, missed, worst.Round(time.Minute), c.Requests, c.ByID, c.Lacking, c.Most, c.Refused, len(sink.State))
			if missed > 0 || c.Most > 12 || c.Refused > 0 || c.Lacking == 0 {
				t.Errorf("%d missed, %+v", missed, c)
			}
		})
	}
}

// TestBackfill reads a year that is past at once.
// The whole one: go test ./feeds/findatender -run TestBackfill -years 1 -v
func TestBackfill(t *testing.T) {
	for _, truncated := range []float64{0, 0.05} {
		synctest.Test(t, func(t *testing.T) {
			to := at("2026-08-01T00:00:00")
			from := to.Add(-time.Duration(*years * 365 * 24 * float64(time.Hour)))
			u := &feedstest.Upstream{Releases: feedstest.Made{Seed: 1, From: from, To: to}.Releases(), Limit: Allowed, Truncated: truncated, Sticky: true}
			sink := feedstest.NewSink()
			began := time.Now()
			if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: from}, sink); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			first := u.Counts()
			missing := len(lost(u, sink, from, to))
			for range 3 {
				time.Sleep(24 * time.Hour)
				if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{State: sink.State, Audit: true}, sink); err != nil {
					t.Fatal(err)
				}
			}
			t.Logf("truncated %v: %d releases by %d requests in %v (%d pages full, %d lacking rows, %d by number), %d missing then; state of %d bytes; gaps %d; after three audits %d requests (%d by number), state of %d bytes, %d gaps",
				truncated, len(u.Releases), first.Requests, took.Round(time.Second), first.Full, first.Lacking, first.ByID, missing, len(sink.State), sink.Last.Gaps, u.Counts().Requests, u.Counts().ByID, len(sink.State), sink.Last.Gaps)
			if l := lost(u, sink, from, to); len(l) > 0 {
				t.Errorf("%d lost: %v", len(l), l[:min(len(l), 10)])
			}
			if c := u.Counts(); c.Most > 12 || c.Refused > 0 {
				t.Errorf("%+v", c)
			}
		})
	}
}

// TestKilled ends a sync before and after every single call of its sink, and while each request is under way, and goes on from what was kept.
func TestKilled(t *testing.T) {
	from, to := day("2026-08-10"), day("2026-08-11")
	u := &feedstest.Upstream{Releases: feedstest.Made{Seed: 5, From: from, To: to, Extra: map[time.Time]int{from.Add(11 * time.Hour): 130}}.Releases(), Limit: Allowed}
	killed := errors.New("killed")
	for _, when := range []string{"before", "after", "request"} {
		for n := 1; ; n++ {
			done := false
			synctest.Test(t, func(t *testing.T) {
				at("2026-08-12T00:00:00")
				sink := feedstest.NewSink()
				calls := 0
				hook := func(string) error {
					if calls++; calls == n {
						return killed
					}
					return nil
				}
				u := &feedstest.Upstream{Releases: u.Releases, Limit: Allowed}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				switch when {
				case "before":
					sink.Before = hook
				case "after":
					sink.After = hook
				case "request":
					u.Fault = func(i int, _ time.Time, _ *http.Request) feedstest.Fault {
						if i != n {
							return nil
						}
						return func(w http.ResponseWriter, r *http.Request) bool {
							cancel()
							return false
						}
					}
				}
				f := newFeed(t, u)
				ask := feeds.Ask{From: from, To: to}
				err := f.Sync(ctx, ask, sink)
				if done = err == nil; done {
					return
				}
				if !errors.Is(err, killed) && !errors.Is(err, context.Canceled) {
					t.Fatalf("%s %d: %v", when, n, err)
				}
				sink.Before, sink.After, u.Fault = nil, nil, nil
				ask.State = sink.State
				if err := newFeed(t, u).Sync(t.Context(), ask, sink); err != nil {
					t.Fatalf("%s %d: %v", when, n, err)
				}
				if l := lost(u, sink, from, to); len(l) > 0 {
					t.Errorf("%s %d: %d lost", when, n, len(l))
				}
				if c := u.Counts(); c.Most > 12 || c.Refused > 0 || c.Requests > 60 {
					t.Errorf("%s %d: %+v", when, n, c)
				}
			})
			if done {
				t.Logf("%s: %d ends", when, n-1)
				break
			}
			if n > 400 {
				t.Fatal("it never ends")
			}
		}
	}
}

// TestClocksChange reads both nights, with more releases in the doubled hour than fit on a page, by services that read doubled times in different ways, at once and as it goes on.
func TestClocksChange(t *testing.T) {
	for _, night := range []string{"2026-03-29", "2026-10-25"} {
		for _, fold := range []string{"first", "second", "text"} {
			from, to := day(night).Add(-8*time.Hour), day(night).Add(16*time.Hour)
			extra := map[time.Time]int{}
			for m := range 120 {
				extra[day(night).Add(time.Duration(m)*time.Minute)] = 2
			}
			releases := feedstest.Made{Seed: 8, From: from, To: to, Extra: extra}.Releases()
			for _, every := range []time.Duration{0, 40 * time.Minute, 5 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					u := &feedstest.Upstream{Releases: releases, Limit: Allowed, Fold: fold}
					f, sink := newFeed(t, u), feedstest.NewSink()
					if every > 0 {
						for time.Sleep(time.Until(from)); time.Now().Before(to.Add(3 * time.Hour)); time.Sleep(every) {
							if err := f.Sync(t.Context(), feeds.Ask{State: sink.State}, sink); err != nil {
								t.Fatal(err)
							}
						}
					} else {
						time.Sleep(time.Until(to.Add(24 * time.Hour)))
						if err := f.Sync(t.Context(), feeds.Ask{From: from, To: to}, sink); err != nil {
							t.Fatal(err)
						}
					}
					if l := lost(u, sink, from, to); len(l) > 0 {
						t.Errorf("%s read %s, every %v: %d lost, such as %v", night, fold, every, len(l), l[0])
					}
					if len(sink.Have) > len(releases) || sink.Tally.Stored != len(sink.Have) {
						t.Errorf("%s: %d taken of %d, %+v", night, len(sink.Have), len(releases), sink.Tally)
					}
					st, err := decode(sink.State)
					// Where a doubled time is always one of the two, a whole hour belongs to the one second before it is or is not.
					if err != nil || len(st.Covered) != 1 || len(st.Doubtful) > 0 && !(fold != "text" && night == "2026-10-25") {
						t.Errorf("%s read %s, every %v: %v, %+v, %+v", night, fold, every, err, st.Covered, st.Doubtful)
					}
				})
			}
		}
	}
}

// TestOneSecond has more releases in one second than fit on a page: it cannot be cut, and links are all there is.
func TestOneSecond(t *testing.T) {
	from, to := day("2026-08-10"), day("2026-08-11")
	second := from.Add(12*time.Hour + 17*time.Second)
	releases := feedstest.Made{Seed: 9, From: from, To: to, Extra: map[time.Time]int{second: 250}}.Releases()
	for cursors, want := range map[string]struct {
		why  string
		lost bool
	}{
		"":        {"lose some", false},
		"none":    {"without a link", true},
		"stick":   {"leads back", true},
		"loop":    {"comes again", true},
		"foreign": {"somewhere else", true},
		"lose":    {"lose some", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			at("2026-08-12T00:00:00")
			u := &feedstest.Upstream{Releases: releases, Limit: Allowed, Cursors: cursors}
			sink := feedstest.NewSink()
			if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: from, To: to}, sink); err != nil {
				t.Fatal(err)
			}
			first := lost(u, sink, from, to)
			st, err := decode(sink.State)
			if err != nil || len(st.Doubtful) != 1 || !strings.Contains(st.Doubtful[0].Why, want.why) || st.Doubtful[0].From.instant() != second {
				t.Errorf("%q: %v, %+v", cursors, err, st.Doubtful)
			}
			if u.Counts().Requests > 85 {
				t.Errorf("%q: %+v", cursors, u.Counts())
			}
			// What the numbers say is missing is asked for by number, so that an audit gets it all the same.
			if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{State: sink.State, From: from, To: to, Audit: true}, sink); err != nil {
				t.Fatal(err)
			}
			if l := lost(u, sink, from, to); len(l) > 0 {
				t.Errorf("%q: %d lost at first, %d after an audit", cursors, len(first), len(l))
			}
			if u.Counts().Most > 12 {
				t.Errorf("%+v", u.Counts())
			}
		})
	}
}

// TestStorms reads on through everything that a service does wrong at once, and says how it is when it fails for good.
func TestStorms(t *testing.T) {
	from, to := day("2026-08-03"), day("2026-08-08")
	releases := feedstest.Made{Seed: 10, From: from, To: to, Twice: 0.01, Late: 0.01, LateBy: time.Hour}.Releases()
	synctest.Test(t, func(t *testing.T) {
		at("2026-08-10T00:00:00")
		rng := rand.New(rand.NewPCG(1, 1))
		u := &feedstest.Upstream{Releases: releases, Limit: Allowed, Truncated: 0.05, Sticky: true, Cursors: "none"}
		u.Fault = func(n int, _ time.Time, r *http.Request) feedstest.Fault {
			if rng.IntN(4) == 0 {
				return nil
			}
			return []feedstest.Fault{
				feedstest.TooMany("120"), feedstest.TooMany(""), feedstest.TooMany(time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)),
				feedstest.Status(503, "", "busy"), feedstest.Status(502, "", ""), feedstest.Status(500, "", ""),
				feedstest.Text("text/html", "<html>"), feedstest.Text("application/json", `{"error":"x"}`), feedstest.Text("application/json", ""),
				u.Cut(600, true), u.Cut(600, false), u.Slow(20, 10*time.Second), u.Slow(5, 10*time.Second), feedstest.Nothing,
			}[rng.IntN(14)]
		}
		sink := feedstest.NewSink()
		f := newFeed(t, u)
		syncs, failed := 0, 0
		for ; syncs < 200; syncs++ {
			err := f.Sync(t.Context(), feeds.Ask{State: sink.State, From: from, To: to}, sink)
			if err == nil {
				break
			}
			failed++
			if _, ok := errors.AsType[*feeds.Error](err); !ok {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		if l := lost(u, sink, from, to); len(l) > 0 || syncs == 200 {
			t.Errorf("%d lost after %d syncs", len(l), syncs)
		}
		c := u.Counts()
		if c.Most > 12 || c.Refused > 0 || sink.Tally.Quarantined > 0 {
			t.Errorf("%+v, %+v", c, sink.Tally)
			for _, r := range sink.Rejected {
				t.Log(r.File, r.Code, r.Reason, string(r.Raw[:min(len(r.Raw), 300)]))
			}
		}
		t.Logf("%d of %d syncs failed, %+v", failed, syncs+1, c)
	})
}

// TestWeekDown: after a week without the service everything of that week comes, the newest first, at the same rate.
func TestWeekDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := at("2026-08-03T00:00:00")
		to := from.AddDate(0, 0, 14)
		u := &feedstest.Upstream{Releases: feedstest.Made{Seed: 11, From: from.AddDate(0, 0, -2), To: to}.Releases(), Limit: Allowed, Truncated: 0.05}
		down := false
		u.Fault = func(int, time.Time, *http.Request) feedstest.Fault {
			if down {
				return feedstest.Status(503, "120", "")
			}
			return nil
		}
		f, sink := newFeed(t, u), feedstest.NewSink()
		failed := 0
		for n := 0; time.Now().Before(to); n++ {
			since := time.Since(from)
			if was := down; was != (since > 48*time.Hour && since < 9*24*time.Hour) {
				down = !was
			}
			if err := f.Sync(t.Context(), feeds.Ask{State: sink.State, Audit: n%48 == 0}, sink); err != nil {
				failed++
			}
			time.Sleep(30 * time.Minute)
		}
		if l := lost(u, sink, from, to.Add(-time.Hour)); len(l) > 0 || failed < 100 {
			t.Errorf("%d lost, %d syncs failed", len(l), failed)
		}
		if c := u.Counts(); c.Most > 12 || c.Refused > 0 {
			t.Errorf("%+v", c)
		}
	})
}

// TestDamaged has one release whose text breaks its page. The others come all the same, and the rest is said to be doubtful.
func TestDamaged(t *testing.T) {
	from, to := day("2026-08-10"), day("2026-08-11")
	releases := feedstest.Made{Seed: 12, From: from, To: to}.Releases()
	bad := &releases[200]
	bad.Raw = []byte(`{"ocid":"ocds-h6vhtk-0badba","id":"` + bad.ID + `","title":"an open string`)
	synctest.Test(t, func(t *testing.T) {
		at("2026-08-12T00:00:00")
		u := &feedstest.Upstream{Releases: releases, Limit: Allowed}
		sink := feedstest.NewSink()
		if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: from, To: to}, sink); err != nil {
			t.Fatal(err)
		}
		if l := lost(u, sink, from, to); len(l) != 1 || l[0] != bad.ID {
			t.Errorf("lost %v", l)
		}
		st, err := decode(sink.State)
		if err != nil || len(st.Doubtful) == 0 || sink.Tally.Quarantined == 0 {
			t.Errorf("%v, %+v, %+v", err, st.Doubtful, sink.Tally)
		}
	})
	// Numbers that are none, and a release without its OCID, are the decoder's business: the page is a page.
	bad.Raw = []byte(`{"ocid":"ocds-h6vhtk-0badba","id":"` + bad.ID + `","date":"2026-08-10T12:00:00+01:00","tag":["tender"],"tender":{"value":{"amount":1e9999}, "x": 000,"title":"x"}}`)
	synctest.Test(t, func(t *testing.T) {
		at("2026-08-12T00:00:00")
		u := &feedstest.Upstream{Releases: releases, Limit: Allowed}
		sink := feedstest.NewSink()
		if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: from, To: to}, sink); err != nil {
			t.Fatal(err)
		}
		if l := lost(u, sink, from, to); len(l) != 0 || u.Counts().Requests > 15 {
			t.Errorf("lost %v, %+v", l, u.Counts())
		}
	})
}

func TestDryRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := at("2026-08-12T10:00:00")
		u := &feedstest.Upstream{}
		sink := feedstest.NewSink()
		var windows []feeds.Progress
		if err := newFeed(t, u).Sync(t.Context(), feeds.Ask{From: now.AddDate(-1, 0, 0), DryRun: true}, teller{sink, func(p feeds.Progress) { windows = append(windows, p) }}); err != nil {
			t.Fatal(err)
		}
		n := len(windows) - 1
		if u.Counts().Requests > 0 || sink.Keeps > 0 || n < 1200 || n > 2500 {
			t.Fatalf("%d windows, %d requests", n, u.Counts().Requests)
		}
		for i := 1; i < n; i++ {
			if !windows[i].To.Equal(windows[i-1].From) {
				t.Fatalf("%v does not follow %v", windows[i], windows[i-1])
			}
		}
		last := windows[n]
		if !windows[0].To.Equal(now) || !windows[n-1].From.Equal(now.AddDate(-1, 0, 0)) || last.Requests != n || last.Left < 3*time.Hour || last.Left > 8*time.Hour {
			t.Errorf("%+v", last)
		}
	})
}

type teller struct {
	*feedstest.Sink
	tell func(feeds.Progress)
}

func (t teller) Tell(p feeds.Progress) { t.tell(p) }

// TestGoesOn says from where a sync goes on that is given no date.
func TestGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at("2026-08-12T10:00:00")
		u := &feedstest.Upstream{Releases: feedstest.Made{Seed: 13, From: day("2026-08-01"), To: day("2026-08-20")}.Releases(), Limit: Allowed}
		f, sink := newFeed(t, u), feedstest.NewSink()
		sync := func(ask feeds.Ask) {
			t.Helper()
			ask.State = sink.State
			if err := f.Sync(t.Context(), ask, sink); err != nil {
				t.Fatal(err)
			}
		}
		covered := func(want string) {
			t.Helper()
			st, err := decode(sink.State)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range st.Covered {
				got = append(got, c.From.String()[5:16]+"…"+c.To.String()[5:16])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("covered %v, want %s", got, want)
			}
		}
		// A time that is past is read for itself, and is not where a sync goes on from.
		sync(feeds.Ask{From: day("2026-08-03"), To: day("2026-08-04")})
		covered("08-03T00:00…08-04T00:00")
		asked := u.Counts().Requests
		sync(feeds.Ask{From: day("2026-08-03"), To: day("2026-08-04")})
		if n := u.Counts().Requests - asked; n != 0 {
			t.Errorf("what is covered was asked for again, %d times", n)
		}
		sync(feeds.Ask{From: day("2026-08-11"), To: day("2027-01-01")})
		st, _ := decode(sink.State)
		if len(st.Covered) != 2 || time.Since(st.Covered[1].To.instant()) < overlap {
			t.Errorf("%+v", st.Covered)
		}
		time.Sleep(4 * time.Hour)
		sync(feeds.Ask{})
		if l := lost(u, sink, day("2026-08-11"), time.Now().Add(-time.Hour)); len(l) > 0 {
			t.Errorf("%d lost", len(l))
		}
		if l := lost(u, sink, day("2026-08-05"), day("2026-08-06")); len(l) < 300 {
			t.Error("what nobody asked for was read")
		}
		// A range in the future is nothing yet.
		asked = u.Counts().Requests
		sync(feeds.Ask{From: day("2027-01-01"), To: day("2027-02-01")})
		if n := u.Counts().Requests - asked; n > 10 {
			t.Errorf("%d requests for the future", n)
		}
	})
}

// TestNeverPublished: numbers that are none are asked for a few times, and then no more.
func TestNeverPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := at("2026-08-03T00:00:00")
		u := &feedstest.Upstream{Releases: feedstest.Made{Seed: 15, From: from, To: from.AddDate(0, 0, 3)}.Releases(), Limit: Allowed}
		f, sink := newFeed(t, u), feedstest.NewSink()
		var byID []int
		for range 14 {
			for range 24 {
				if err := f.Sync(t.Context(), feeds.Ask{State: sink.State}, sink); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
			}
			byID = append(byID, u.Counts().ByID)
		}
		st, err := decode(sink.State)
		if err != nil || len(st.Holes) != 0 || st.Absent == 0 || sink.Last.Gaps != 0 {
			t.Errorf("%v, %+v, %d absent", err, st.Holes, st.Absent)
		}
		if byID[13] != byID[11] || byID[13] != st.Absent*(len(pauses)+1) {
			t.Errorf("%d numbers never published, asked for %v", st.Absent, byID)
		}
	})
}
