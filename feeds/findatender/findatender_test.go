package findatender

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
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

var years = flag.Float64("years", 0.04, "how much of a simulated year the long simulations run through")

// TestYear runs through a year of notices, synced every ten minutes and audited once a day, by a service that silently leaves rows out of 5 % of its windows.
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
				next := time.Now().Add(10 * time.Minute)
				if err := f.Sync(t.Context(), feeds.Ask{State: sink.State, Audit: n%144 == 143}, sink); err != nil {
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
			t.Logf("sticky %v, %.2f years: %d releases, %d missed, the latest after %v; %d requests (%d by number), %d windows lacking rows, at most %d in 120 s, %d refused; state of %d bytes",
				sticky, *years, all, missed, worst.Round(time.Minute), c.Requests, c.ByID, c.Lacking, c.Most, c.Refused, len(sink.State))
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

var (
	_ = context.Canceled
	_ = errors.Is
	_ = fmt.Sprint
	_ = slices.Sort[[]int]
	_ = strings.Cut
)
