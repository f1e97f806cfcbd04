package alerts

import (
	"math/rand/v2"
	"testing"
	"time"

	"bidfit/notice"
)

func london(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.In(notice.London)
}

// A time of day comes once on each day, also on those on which clocks show it twice or not at all.
func TestTimeOfDay(t *testing.T) {
	for _, c := range []struct{ day, at, is string }{
		{"2026-06-03T12:00:00+01:00", "07:30", "2026-06-03T07:30:00+01:00"},
		{"2026-01-03T12:00:00Z", "07:30", "2026-01-03T07:30:00Z"},
		{"2026-01-03T12:00:00Z", "00:00", "2026-01-03T00:00:00Z"},
		{"2026-03-29T12:00:00+01:00", "00:59", "2026-03-29T00:59:00Z"},
		{"2026-03-29T12:00:00+01:00", "01:00", "2026-03-29T02:00:00+01:00"}, // jumped over
		{"2026-03-29T12:00:00+01:00", "01:30", "2026-03-29T02:00:00+01:00"},
		{"2026-03-29T12:00:00+01:00", "02:00", "2026-03-29T02:00:00+01:00"},
		{"2026-03-29T12:00:00+01:00", "02:30", "2026-03-29T02:30:00+01:00"},
		{"2026-03-29T12:00:00+01:00", "23:59", "2026-03-29T23:59:00+01:00"},
		{"2026-10-25T12:00:00Z", "00:30", "2026-10-25T00:30:00+01:00"},
		{"2026-10-25T12:00:00Z", "01:30", "2026-10-25T01:30:00+01:00"}, // the first of two
		{"2026-10-25T12:00:00Z", "02:00", "2026-10-25T02:00:00Z"},
		{"2026-10-25T12:00:00Z", "23:59", "2026-10-25T23:59:00Z"},
	} {
		minutes, err := clock(c.at)
		if err != nil {
			t.Fatal(err)
		}
		if is := on(london(c.day), minutes); !is.Equal(london(c.is)) {
			t.Errorf("%s on %.10s is %s, want %s", c.at, c.day, is.Format(time.RFC3339), c.is)
		}
	}
}

// However often one looks, each of the chosen days has its time once.
func TestOnceADay(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	for _, s := range []Subscription{
		{Channel: Email, At: "01:30"}, {Channel: Email, At: "00:00"}, {Channel: Webhook, At: "23:59"},
		{Channel: Email, At: "01:00", Days: []time.Weekday{time.Sunday}}, {Channel: Email, At: "02:00", Days: []time.Weekday{time.Monday, time.Friday}},
	} {
		now := london("2026-01-01T00:00:00Z")
		handled := now
		times := map[string]int{}
		for now.Year() == 2026 {
			now = now.Add(time.Duration(1+rng.IntN(100)) * time.Minute)
			next := s.Next(handled)
			if last := s.last(now); last.After(handled) {
				if !last.Equal(next) {
					t.Fatalf("%v: the next after %v is %v, and %v came", s, handled, next, last)
				}
				handled = last
				times[today(last)]++
			}
		}
		want := 0
		for day := london("2026-01-01T12:00:00Z"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			if len(s.Days) > 0 && day.Weekday() != s.Days[0] && day.Weekday() != s.Days[len(s.Days)-1] {
				continue
			}
			if want++; times[today(day)] != 1 && today(day) != "2026-01-01" {
				t.Errorf("%s on %v: %d times on %s", s.At, s.Days, times[today(day)], today(day))
			}
		}
		if len(times) < want-1 {
			t.Errorf("%s on %v: on %d days of %d", s.At, s.Days, len(times), want)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Subscription{Profile: "care", Channel: Email, To: "bids@example.org", At: "07:30", Advice: "review"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Subscription){
		"no profile":       func(s *Subscription) { s.Profile = "" },
		"no channel":       func(s *Subscription) { s.Channel = "pigeon" },
		"no address":       func(s *Subscription) { s.To = "" },
		"a feed's address": func(s *Subscription) { s.Channel = Feed },
		"a line break":     func(s *Subscription) { s.To = "bids@example.org\r\nBcc: x@example.org" },
		"no time":          func(s *Subscription) { s.At = "7.30" },
		"a late time":      func(s *Subscription) { s.At = "24:00" },
		"a day":            func(s *Subscription) { s.Days = []time.Weekday{7} },
		"a day twice":      func(s *Subscription) { s.Days = []time.Weekday{1, 1} },
		"no advice":        func(s *Subscription) { s.Advice = "no-bid" },
		"a score":          func(s *Subscription) { s.Score = 101 },
		"a happening":      func(s *Subscription) { s.Tells = []Happening{"lost"} },
		"far ahead":        func(s *Subscription) { s.ClosingDays = 31 },
	} {
		bad := good
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("%s: nothing is wrong with %+v", name, bad)
		}
	}
}
