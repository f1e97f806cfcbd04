package alerts

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseDays(t *testing.T) {
	for text, want := range map[string][]time.Weekday{
		"mon": {1}, "Mon, wednesday": {1, 3}, "mon-fri": {1, 2, 3, 4, 5}, "sat-mon": {0, 1, 6}, "mon-sun": {0, 1, 2, 3, 4, 5, 6}, "fri,fri,thu-sat": {4, 5, 6},
	} {
		if got, err := ParseDays(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "m", "mo", "mondayy", "mon-", "-fri", "mon,,tue", "1", "weekdays"} {
		if got, err := ParseDays(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		s         Subscription
		times, of string
	}{
		{Subscription{Channel: Email, At: "07:30", Advice: "review", ClosingDays: 3}, "every day at 07:30", "bid and review: new, changed, closing within 3 days, withdrawn"},
		{Subscription{Channel: Email, At: "07:30", Days: []time.Weekday{0, 1, 3}, Advice: "bid", Score: 40, Tells: []Happening{Closing}, ClosingDays: 1}, "Mondays, Wednesdays and Sundays at 07:30", "bid from 40 points: closing within a day"},
		{Subscription{Channel: Webhook, AtOnce: true, Advice: "review", Tells: []Happening{New}}, "at once", "bid and review: new"},
		{Subscription{Channel: Feed, Advice: "bid"}, "when it is fetched", "bid"},
		{Subscription{Channel: Email, At: "09:00", Days: []time.Weekday{6}, Advice: "bid", Tells: []Happening{New, Withdrawn}}, "Saturdays at 09:00", "bid: new, withdrawn"},
	} {
		if got := c.s.Times(); got != c.times {
			t.Errorf("%q, wanted %q", got, c.times)
		}
		if got := c.s.Of(); got != c.of {
			t.Errorf("%q, wanted %q", got, c.of)
		}
	}
}

// A secret shows itself nowhere by accident, and no path that is written down holds one.
func TestSecretsStaySecret(t *testing.T) {
	s := Subscription{ID: "a", Channel: Feed, Secret: NewSecret()}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s.Secret, "subscription", s, "path", Unsecret(s.AtomPath()), "leave", Unsecret(s.UnsubscribePath()))
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q", s, s, s, s.Secret, s.Secret), log.String()} {
		if strings.Contains(text, s.Secret.Reveal()) {
			t.Errorf("the secret is in %s", text)
		}
	}
	for path, want := range map[string]string{
		"/feeds/abc/list.atom": "/feeds/***/list.atom", "/unsubscribe/abc": "/unsubscribe/***", "/unsubscribe/": "/unsubscribe/***", "/feeds": "/feeds", "/profiles/feeds/x": "/profiles/feeds/x", "/feeds/abc/def/ghi": "/feeds/***/def/ghi",
	} {
		if got := Unsecret(path); got != want {
			t.Errorf("%s is written down as %s, wanted %s", path, got, want)
		}
	}
	if a, b := NewSecret(), NewSecret(); a == b || len(a) != 43 {
		t.Errorf("secrets are %d letters, or the same", len(a))
	}
	key, err := s.Secret.Key()
	if err != nil || !strings.HasPrefix(key, "whsec_") || len(key) != len("whsec_")+44 {
		t.Errorf("%q, %v", key, err)
	}
}
