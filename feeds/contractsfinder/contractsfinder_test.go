package contractsfinder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/notice/ocds/ocdstest"
)

func feed(u http.Handler) *Feed {
	return New(Options{BaseURL: "http://finder.example/", Transport: feedstest.Transport{Handler: u}})
}

// published makes days of releases, about so many a day, in bursts as publishers have them.
func published(r *rand.Rand, days, perDay int) *feedstest.ContractsFinder {
	u := &feedstest.ContractsFinder{}
	begin := time.Now().Add(-time.Duration(days) * 24 * time.Hour)
	for i := range days * perDay {
		at := begin.Add(time.Duration(r.Int64N(int64(days) * int64(24*time.Hour)))).Truncate(time.Second)
		if i%3 == 0 { // most come by day
			at = at.Truncate(24 * time.Hour).Add(10 * time.Hour)
		}
		u.Releases = append(u.Releases, feedstest.Opportunity(i, at, fmt.Sprint("Works ", i)))
	}
	return u
}

func all(t *testing.T, u *feedstest.ContractsFinder, s *feedstest.Sink) {
	t.Helper()
	if len(s.Have) != len(u.Releases) {
		t.Errorf("%d releases of %d", len(s.Have), len(u.Releases))
	}
}

// Everything comes, whatever the links say, in as few requests as that takes, and never more than the rate.
func TestComplete(t *testing.T) {
	for _, links := range []string{"", "none", "stick", "loop", "foreign"} {
		t.Run(links, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := published(rand.New(rand.NewPCG(1, 2)), 20, 150)
				for i := range 90 { // a second that is nearly full
					u.Releases = append(u.Releases, feedstest.Opportunity(100_000+i, time.Now().Add(-100*time.Hour), "Bulk"))
				}
				u.Links, u.Open = links, true
				s := feedstest.NewSink()
				if err := feed(u).Sync(t.Context(), feeds.Ask{From: time.Now().Add(-20 * 24 * time.Hour)}, s); err != nil {
					t.Fatal(err)
				}
				all(t, u, s)
				asked := u.Asked()
				for i := 6; i < len(asked); i++ {
					if d := asked[i].Sub(asked[i-6]); d < time.Minute {
						t.Fatalf("seven requests in %v", d)
					}
				}
				t.Logf("%d releases in %d requests", len(u.Releases), len(asked))
				if len(asked) > 160 {
					t.Errorf("%d requests", len(asked))
				}
				if s.Last.Covered != 1000 || s.Last.Requests != len(asked) || s.Last.Releases != s.Last.Stored+s.Last.Duplicates {
					t.Errorf("told %+v", s.Last)
				}
				// What is settled is not asked for again.
				before := len(asked)
				if err := feed(u).Sync(t.Context(), feeds.Ask{State: s.State, From: time.Now().Add(-20 * 24 * time.Hour)}, s); err != nil {
					t.Fatal(err)
				}
				if again := len(u.Asked()) - before; again > 12 {
					t.Errorf("%d requests for the last day", again)
				}
			})
		})
	}
}

// A second that holds more than a page is read by its links; where they fail it stays a hole, which is said, and tried again.
func TestFullSecond(t *testing.T) {
	for _, links := range []string{"", "none", "stick", "loop", "foreign"} {
		synctest.Test(t, func(t *testing.T) {
			u := &feedstest.ContractsFinder{Links: links}
			at := time.Now().Add(-50 * time.Hour)
			for i := range 260 {
				u.Releases = append(u.Releases, feedstest.Opportunity(i, at, "Bulk"))
			}
			u.Releases = append(u.Releases, feedstest.Opportunity(1000, at.Add(time.Hour), "After"))
			s := feedstest.NewSink()
			err := feed(u).Sync(t.Context(), feeds.Ask{From: at.Add(-time.Hour)}, s)
			if links == "" {
				if err != nil {
					t.Fatal(err)
				}
				all(t, u, s)
				return
			}
			if err == nil || !strings.Contains(err.Error(), "tried again at the next sync") {
				t.Errorf("%s: %v", links, err)
			}
			if s.Have["ocds-b5fd17-00001000 00001000-1"].Times == 0 {
				t.Errorf("%s: what comes after the second was not read", links)
			}
			u.Links = ""
			if err := feed(u).Sync(t.Context(), feeds.Ask{State: s.State}, s); err != nil {
				t.Errorf("%s: %v", links, err)
			}
			all(t, u, s)
			if strings.Contains(string(s.State), "holes") {
				t.Errorf("%s: the hole is still there: %s", links, s.State)
			}
		})
	}
}

// A service that refuses is left alone for five minutes each time.
func TestRefused(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusTooManyRequests} {
		synctest.Test(t, func(t *testing.T) {
			u := published(rand.New(rand.NewPCG(3, 4)), 3, 40)
			u.Fault = func(n int, _ *http.Request) feedstest.Fault {
				if n%3 != 0 {
					return feedstest.Status(status, "", "<html>Request forbidden</html>")
				}
				return nil
			}
			s := feedstest.NewSink()
			if err := feed(u).Sync(t.Context(), feeds.Ask{From: time.Now().Add(-3 * 24 * time.Hour)}, s); err != nil {
				t.Fatal(err)
			}
			all(t, u, s)
			asked := u.Asked()
			for i := 1; i < len(asked); i++ {
				if d := asked[i].Sub(asked[i-1]); i%3 != 0 && d < 5*time.Minute {
					t.Fatalf("request %d came %v after the service refused", i+1, d)
				}
			}
			// One that always refuses ends the sync, and what is read stays.
			u.Fault = func(int, *http.Request) feedstest.Fault { return feedstest.Status(status, "", "no") }
			state := s.State
			err := feed(u).Sync(t.Context(), feeds.Ask{State: state}, s)
			if err == nil || !strings.HasPrefix(err.Error(), "contracts-finder: http://finder.example/") {
				t.Errorf("%v", err)
			}
			all(t, u, s)
		})
	}
}

// Pages in ISO-8859-1 and in the older envelope are read as what they say.
func TestForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const title = "Café – £5,000"
		for name, u := range map[string]*feedstest.ContractsFinder{"latin": {Latin1: true}, "results": {Results: true}, "both": {Latin1: true, Results: true}} {
			u.Releases = []feedstest.Dated{feedstest.Opportunity(1, time.Now().Add(-30*time.Hour), title)}
			titles := map[string]bool{}
			s := &seen{Sink: feedstest.NewSink(), titles: titles}
			if err := feed(u).Sync(t.Context(), feeds.Ask{From: time.Now().Add(-48 * time.Hour)}, s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !titles[title] || len(titles) != 1 {
				t.Errorf("%s: read %v", name, titles)
			}
		}
	})
}

// What appears later than its date is found in the overlap.
func TestLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := published(rand.New(rand.NewPCG(5, 6)), 4, 30)
		start := time.Now()
		for i := range 40 {
			at := start.Add(time.Duration(i) * time.Hour)
			x := feedstest.Opportunity(5000+i, at, "Late")
			x.Shown = at.Add(time.Duration(i%20) * time.Hour)
			u.Releases = append(u.Releases, x)
		}
		s := feedstest.NewSink()
		ask := feeds.Ask{From: start.Add(-4 * 24 * time.Hour)}
		for range 70 {
			if err := feed(u).Sync(t.Context(), ask, s); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			ask = feeds.Ask{State: s.State}
		}
		all(t, u, s)
	})
}

// A process that ends at any call goes on where it was, and asks no oftener for it.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := published(rand.New(rand.NewPCG(7, 8)), 4, 120)
		from := time.Now().Add(-4 * 24 * time.Hour)
		s := feedstest.NewSink()
		killed := errors.New("killed")
		left := 0
		die := func(string) error {
			if left--; left == 0 {
				return killed
			}
			return nil
		}
		s.Before, s.After = die, die
		deaths := 0
		for left = 1; ; {
			life := left
			ask := feeds.Ask{State: s.State}
			if s.State == nil { // once it is kept, since when to read is known
				ask.From = from
			}
			err := feed(u).Sync(t.Context(), ask, s)
			if err == nil {
				break
			}
			if !errors.Is(err, killed) {
				t.Fatal(err)
			}
			if deaths++; deaths > 2000 {
				t.Fatal("it never comes to an end")
			}
			left = min(life+1, 1+deaths%23)
		}
		all(t, u, s)
		asked := u.Asked()
		for i := 6; i < len(asked); i++ {
			if d := asked[i].Sub(asked[i-6]); d < time.Minute {
				t.Fatalf("seven requests in %v", d)
			}
		}
		t.Logf("%d deaths, %d requests", deaths, len(asked))
	})
}

// What is no page keeps nothing from being read later, and costs no release of the others.
func TestDamaged(t *testing.T) {
	for name, fault := range map[string]feedstest.Fault{
		"html": feedstest.Text("text/html", "<html>maintenance</html>"), "error": feedstest.Text("application/json", `{"code":"ValidationError","errors":3200}`),
		"no releases": feedstest.Text("application/json", `{"uri":"http://finder.example/","version":"1.1"}`), "empty": feedstest.Text("application/json", ""),
		"cut":  feedstest.Text("application/json", `{"releases":[{"ocid":"ocds-b5fd17-x","id":"1","date":"2026-01-01T00:00:00Z","tag":["tender"]},{"ocid":`),
		"away": feedstest.Redirect("http://elsewhere.example/x"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := published(rand.New(rand.NewPCG(9, 10)), 3, 60)
				whole := len(u.Releases)
				bad := func(n int, _ *http.Request) feedstest.Fault {
					if n >= 4 && n < 10 {
						return fault
					}
					return nil
				}
				u.Fault = bad
				s := feedstest.NewSink()
				ask := feeds.Ask{From: time.Now().Add(-3 * 24 * time.Hour)}
				err := feed(u).Sync(t.Context(), ask, s)
				u.Fault = nil
				ask = feeds.Ask{State: s.State}
				if err2 := feed(u).Sync(t.Context(), ask, s); err2 != nil {
					t.Fatalf("%v, then %v", err, err2)
				}
				if name == "cut" {
					whole++
				}
				if len(s.Have) != whole {
					t.Errorf("%d releases of %d (%v)", len(s.Have), whole, err)
				}
			})
		})
	}
}

func TestAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := published(rand.New(rand.NewPCG(11, 12)), 2, 10)
		s := feedstest.NewSink()
		if err := feed(u).Sync(t.Context(), feeds.Ask{DryRun: true, From: time.Now().Add(-2 * 24 * time.Hour)}, s); err != nil {
			t.Fatal(err)
		}
		if len(u.Asked()) != 0 || s.Told != 8 || s.Keeps != 0 {
			t.Errorf("a dry run asked %d times, told %d windows, kept %d times", len(u.Asked()), s.Told, s.Keeps)
		}
		if err := New(Options{BaseURL: "ftp://x"}).Sync(t.Context(), feeds.Ask{}, s); err == nil {
			t.Error("a base URL that is none was taken")
		}
		if err := feed(u).Sync(t.Context(), feeds.Ask{State: []byte(`7`)}, s); err == nil {
			t.Error("a state that is none was read")
		}
		// What was kept of another service does not count here.
		if err := feed(u).Sync(t.Context(), feeds.Ask{State: []byte(`{"base":"http://other.example","covered":[{"from":"2000-01-01T00:00:00Z","to":"2100-01-01T00:00:00Z"}]}`)}, s); err != nil {
			t.Fatal(err)
		}
		all(t, u, s)
	})
}

// The published releases go through as they are.
func TestPublished(t *testing.T) {
	var dated []feedstest.Dated
	ids := map[string]bool{}
	releases, _ := ocdstest.Releases(t, noticetest.Shared(t, "data", "notices", "contracts-finder.jsonl.gz"))
	for _, list := range releases {
		for _, r := range list {
			dated = append(dated, feedstest.Dated{At: r.Date, Raw: r.Raw})
			ids[r.OCID+" "+r.Identity()] = true
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for _, results := range []bool{false, true} {
			u := &feedstest.ContractsFinder{Releases: dated, Results: results}
			s := feedstest.NewSink()
			for _, x := range []string{"2014-12-16", "2024-11-01", "2025-01-20"} {
				from, _ := time.Parse(time.DateOnly, x)
				time.Sleep(max(0, time.Until(from.AddDate(0, 0, 12)))) // the bubble's clock begins in 2000
				if err := feed(u).Sync(t.Context(), feeds.Ask{State: s.State, From: from, To: from.AddDate(0, 0, 10)}, s); err != nil {
					t.Fatal(err)
				}
			}
			if len(s.Have) != len(ids) {
				t.Errorf("%d releases of %d", len(s.Have), len(ids))
			}
		}
	})
}

// FuzzNext: no link leads away, and a state of any text is refused or good.
func FuzzNext(f *testing.F) {
	f.Add("http://finder.example/Published/Notices/OCDS/Search?cursor=MTAw", `{"covered":[{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}]}`)
	f.Add("//elsewhere.example/?cursor=x", `{"holes":[{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}]}`)
	f.Fuzz(func(t *testing.T, next, raw string) {
		c, err := cursorOf(next, "http://finder.example")
		if err == nil && c != "" && !isCursor.MatchString(c) {
			t.Errorf("cursor %q of %q", c, next)
		}
		nextOf([]byte(fmt.Sprintf(`{"links":{"next":%q}}`, next)))
		var s state
		if json.Unmarshal([]byte(raw), &s) != nil {
			return
		}
		now := time.Date(2026, 8, 12, 0, 0, 0, 0, time.UTC)
		if len(s.Covered) > 0 && s.Covered[0].From.After(s.Covered[0].To) {
			return
		}
		s.cover(span{now.Add(-48 * time.Hour), now.Add(-24 * time.Hour)})
		for i := 1; i < len(s.Covered); i++ {
			if !s.Covered[i-1].To.Before(s.Covered[i].From) {
				t.Errorf("spans that touch: %v", s.Covered)
			}
		}
		for _, w := range s.due(feeds.Ask{From: now.Add(-72 * time.Hour)}, now) {
			for _, c := range s.Covered {
				if w.From.Before(c.To) && c.From.Before(w.To) && w.From.Before(w.To) && c.From.Before(c.To) {
					t.Errorf("%v is due and covered by %v", w, c)
				}
			}
		}
	})
}

// seen notes the titles of what is taken.
type seen struct {
	*feedstest.Sink
	titles map[string]bool
}

func (s *seen) Take(ctx context.Context, source string, items []ocds.Item) (feeds.Taken, error) {
	for _, x := range items {
		var r struct{ Tender struct{ Title string } }
		if json.Unmarshal(x.Release.Raw, &r) == nil {
			s.titles[r.Tender.Title] = true
		}
	}
	return s.Sink.Take(ctx, source, items)
}
