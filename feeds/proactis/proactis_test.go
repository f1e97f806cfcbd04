package proactis

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
)

const prefix = "ocds-r6ebe6"

func scotland(u http.Handler) *Feed {
	return Scotland(Options{BaseURL: "http://pcs.example/v1", Transport: feedstest.Transport{Handler: u}})
}

// at moves a bubble's clock to a day.
func at(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	time.Sleep(time.Until(t))
	return t
}

// year is a service with a year of notices of three kinds.
func year(from time.Time) (u *feedstest.Proactis, n int) {
	u = &feedstest.Proactis{Releases: map[int][]feedstest.Dated{}, None: "missing"}
	for d := range 365 {
		for _, kind := range []int{2, 3, 101} {
			u.Releases[kind] = append(u.Releases[kind], feedstest.Regional(prefix, n, from.AddDate(0, 0, d).Add(9*time.Hour)))
			n++
		}
	}
	return u, n
}

// A year is read once, then what may still change at every sync; all kinds are asked for, no oftener than the rate.
func TestYear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := at("2026-08-20")
		u, n := year(now.AddDate(-1, 0, 0))
		s := feedstest.NewSink()
		if err := scotland(u).Sync(t.Context(), feeds.Ask{From: now.AddDate(-1, 0, 0)}, s); err != nil {
			t.Fatal(err)
		}
		if len(s.Have) != n {
			t.Errorf("%d releases of %d", len(s.Have), n)
		}
		asked := u.Asked()
		if want := 13 * (len(forms) + len(scottish)); len(asked) != want || len(slices.Compact(slices.Sorted(slices.Values(asked)))) != want {
			t.Errorf("%d requests, want %d", len(asked), want)
		}
		times := u.Times()
		for i := 6; i < len(times); i++ {
			if d := times[i].Sub(times[i-6]); d < time.Minute {
				t.Fatalf("seven requests in %v", d)
			}
		}
		if asked[0] != "2026-08/101" || s.Last.Covered != 1000 {
			t.Errorf("the first was %s; told %+v", asked[0], s.Last)
		}
		// Again: two months. A late one of the month before is found.
		late := feedstest.Regional(prefix, 9999, now.AddDate(0, -1, 0))
		u.Releases[2] = append(u.Releases[2], late)
		if err := scotland(u).Sync(t.Context(), feeds.Ask{State: s.State}, s); err != nil {
			t.Fatal(err)
		}
		if again := u.Asked()[len(asked):]; len(again) != 2*(len(forms)+len(scottish)) || len(s.Have) != n+1 {
			t.Errorf("%d requests, %d releases", len(again), len(s.Have))
		}
		// After three months without a sync nothing is left out between.
		for d := range 90 {
			u.Releases[2] = append(u.Releases[2], feedstest.Regional(prefix, 20_000+d, now.AddDate(0, 0, d)))
		}
		at("2026-11-25")
		if err := scotland(u).Sync(t.Context(), feeds.Ask{State: s.State}, s); err != nil {
			t.Fatal(err)
		}
		if len(s.Have) != n+91 {
			t.Errorf("%d releases of %d", len(s.Have), n+91)
		}
	})
}

// A package without releases is "none", unless there were some before, and only where it is a whole package.
func TestNone(t *testing.T) {
	for _, none := range []string{"", "missing", "null"} {
		synctest.Test(t, func(t *testing.T) {
			now := at("2026-08-20")
			u := &feedstest.Proactis{None: none, Releases: map[int][]feedstest.Dated{2: {feedstest.Regional(prefix, 1, now.AddDate(0, 0, -3))}}}
			s := feedstest.NewSink()
			if err := scotland(u).Sync(t.Context(), feeds.Ask{}, s); err != nil {
				t.Fatalf("%q: %v", none, err)
			}
			u.Releases = nil
			err := scotland(u).Sync(t.Context(), feeds.Ask{State: s.State}, s)
			if err == nil || !strings.Contains(err.Error(), "where the service gave 1 before") {
				t.Errorf("%q: notices that went away are not told: %v", none, err)
			}
		})
	}
	for _, body := range []string{`{}`, `{"foo":1}`, `{"uri":"x","version":"1.1"`, `{"message":"An error has occurred."}`, `{"uri":"x","releases":{}}`, `<html></html>`, ``, `{"uri":"x","releases":"none"}`} {
		synctest.Test(t, func(t *testing.T) {
			at("2026-08-20")
			u := &feedstest.Proactis{Fault: func(int, *http.Request) feedstest.Fault { return feedstest.Text("application/json", body) }}
			s := feedstest.NewSink()
			if err := scotland(u).Sync(t.Context(), feeds.Ask{}, s); err == nil {
				t.Errorf("%q was taken for a month without notices", body)
			}
		})
	}
}

// One kind that fails does not keep the others from being read, and is asked for again.
func TestFails(t *testing.T) {
	for name, fault := range map[string]feedstest.Fault{"not found": feedstest.Status(http.StatusNotFound, "", "no"), "html": feedstest.Text("text/html", "<html>"),
		"cut": feedstest.Text("application/json", `{"uri":"x","releases":[{"ocid":"ocds-r6ebe6-x","date":"2026-08-01T00:00:00Z","tag":["tender"]},{"oc`)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := at("2026-08-20")
				u, _ := year(now.AddDate(-1, 0, 0))
				u.Fault = func(_ int, r *http.Request) feedstest.Fault {
					if r.URL.Query().Get("noticeType") == "2" {
						return fault
					}
					return nil
				}
				s := feedstest.NewSink()
				err := scotland(u).Sync(t.Context(), feeds.Ask{From: now.AddDate(0, -4, 0)}, s)
				if err == nil || !strings.HasPrefix(err.Error(), "public-contracts-scotland: http://pcs.example/v1/Notices?") {
					t.Fatalf("%v", err)
				}
				without := len(s.Have)
				u.Fault = nil
				if err := scotland(u).Sync(t.Context(), feeds.Ask{State: s.State}, s); err != nil {
					t.Fatal(err)
				}
				of2 := 0
				for _, x := range u.Releases[2] {
					if !x.At.Before(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)) {
						of2++
					}
				}
				if name == "html" { // a service that is closed: the sync has ended there
					of2 = 3*of2 - without
				}
				if len(s.Have) != without+of2 {
					t.Errorf("%d releases, then %d; want %d more", without, len(s.Have), of2)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		at("2026-08-20")
		u := &feedstest.Proactis{Fault: func(int, *http.Request) feedstest.Fault {
			return feedstest.Status(http.StatusServiceUnavailable, "", "down")
		}}
		s := feedstest.NewSink()
		if err := scotland(u).Sync(t.Context(), feeds.Ask{}, s); err == nil || len(u.Asked()) > 10 {
			t.Errorf("a service that is down was asked %d times: %v", len(u.Asked()), err)
		}
	})
}

// A process that ends at any call goes on with the round it was in.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := at("2026-08-20")
		u, _ := year(now.AddDate(-1, 0, 0))
		s := feedstest.NewSink()
		killed := errors.New("killed")
		left, deaths := 1, 0
		die := func(string) error {
			if left--; left == 0 {
				return killed
			}
			return nil
		}
		s.Before, s.After = die, die
		for life := 1; ; life = 1 + (life+2)%17 {
			left = life
			ask := feeds.Ask{State: s.State}
			if s.State == nil { // once it is kept, since when to read is known
				ask.From = now.AddDate(0, -3, 0)
			}
			err := scotland(u).Sync(t.Context(), ask, s)
			if err == nil {
				break
			}
			if !errors.Is(err, killed) {
				t.Fatal(err)
			}
			if deaths++; deaths > 2000 {
				t.Fatal("it never comes to an end")
			}
		}
		want := 0
		for _, list := range u.Releases {
			for _, x := range list {
				if !x.At.Before(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
					want++
				}
			}
		}
		if len(s.Have) != want || deaths < 10 {
			t.Errorf("%d releases of %d after %d deaths", len(s.Have), want, deaths)
		}
		times := u.Times()
		for i := 6; i < len(times); i++ {
			if d := times[i].Sub(times[i-6]); d < time.Minute {
				t.Fatalf("seven requests in %v", d)
			}
		}
		t.Logf("%d deaths, %d requests for %d pages", deaths, len(times), 4*(len(forms)+len(scottish)))
	})
}

func TestAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := at("2026-08-20")
		u, _ := year(now.AddDate(-1, 0, 0))
		s := feedstest.NewSink()
		f := scotland(u)
		if err := f.Sync(t.Context(), feeds.Ask{DryRun: true}, s); err != nil || len(u.Asked()) != 0 || s.Keeps != 0 || s.Told != 2*len(f.types) {
			t.Errorf("a dry run asked %d times, kept %d, told %d: %v", len(u.Asked()), s.Keeps, s.Told, err)
		}
		// A window is read by whole months, and nothing before there was a service.
		ask := feeds.Ask{From: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 30, 23, 0, 0, 0, time.UTC)}
		if err := f.Sync(t.Context(), ask, s); err != nil {
			t.Fatal(err)
		}
		months := map[string]bool{}
		for _, a := range u.Asked() {
			m, _, _ := strings.Cut(a, "/")
			months[m] = true
		}
		if len(months) != 2 || !months["2026-03"] || !months["2026-04"] {
			t.Errorf("asked for %v", months)
		}
		if (&reading{feed: f, began: now}).due(feeds.Ask{From: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)})[0].month != monthOf(now) {
			t.Error("the newest month does not come first")
		}
		if err := f.Sync(t.Context(), feeds.Ask{State: []byte(`{"settled":{"soon":[]}}`)}, s); err == nil {
			t.Error("a state that is none was read")
		}
		if f.Name() != "public-contracts-scotland" || Wales(Options{}).Name() != "sell2wales" {
			t.Error("the names are others")
		}
		w := Wales(Options{BaseURL: "http://s2w.example/v1", Transport: feedstest.Transport{Handler: u}, Types: []int{2}})
		if err := w.Sync(t.Context(), feeds.Ask{}, feedstest.NewSink()); err != nil {
			t.Error(err)
		}
	})
}

// The published releases go through as they are: without ids in Scotland.
func TestPublished(t *testing.T) {
	for file, begin := range map[string]string{"public-contracts-scotland": "2019-03-01", "sell2wales": "2025-02-01"} {
		u := &feedstest.Proactis{Releases: map[int][]feedstest.Dated{}}
		ids := map[string]bool{}
		releases, _ := ocdstest.Releases(t, noticetest.Shared(t, "data", "notices", file+".jsonl.gz"))
		for _, list := range releases {
			for _, r := range list {
				u.Releases[2] = append(u.Releases[2], feedstest.Dated{At: r.Date, Raw: r.Raw})
				ids[r.OCID+" "+r.Identity()] = true
			}
		}
		synctest.Test(t, func(t *testing.T) {
			from := at(begin)
			at(from.AddDate(0, 2, 0).Format(time.DateOnly))
			s := feedstest.NewSink()
			if err := scotland(u).Sync(t.Context(), feeds.Ask{From: from}, s); err != nil {
				t.Fatal(err)
			}
			if len(s.Have) != len(ids) || len(ids) != 90 {
				t.Errorf("%s: %d releases of %d", file, len(s.Have), len(ids))
			}
		})
	}
}

// FuzzState: a state of any text is refused, or what is due is neither settled nor endless.
func FuzzState(f *testing.F) {
	f.Add(`{"settled":{"2026-05":[1,2,3]},"round":["2026-08/101"],"had":{"2026-08/2":4}}`)
	f.Add(`{"settled":{"0001-01":[]},"began":"2026-08-20T00:00:00Z"}`)
	f.Fuzz(func(t *testing.T, raw string) {
		var s state
		if json.Unmarshal([]byte(raw), &s) != nil {
			return
		}
		r := &reading{feed: scotland(nil), state: s, began: time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)}
		due := r.due(feeds.Ask{})
		if len(due) > 92*len(r.feed.types) {
			t.Errorf("%d pages are due", len(due))
		}
		for _, p := range due {
			if slices.Contains(s.Settled[p.month], p.kind) || slices.Contains(s.Round, fmt.Sprint(p)) {
				t.Errorf("%v is due", p)
			}
		}
	})
}
