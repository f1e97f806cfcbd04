package notice

import (
	"testing"
	"time"
)

func TestPence(t *testing.T) {
	for p, want := range map[Pence][2]string{
		0:              {"£0", "0"},
		5:              {"£0.05", "0.05"},
		100_00:         {"£100", "100"},
		1_234_50:       {"£1,234.50", "1234.50"},
		704_000_00:     {"£704,000", "704000"},
		-1_530_000_01:  {"-£1,530,000.01", "-1530000.01"},
		1_000_000_00:   {"£1,000,000", "1000000"},
		27_000_000_000: {"£270,000,000", "270000000"},
	} {
		if got := [2]string{p.String(), p.Decimal()}; got != want {
			t.Errorf("%d pence are %q, want %q", int64(p), got, want)
		}
	}
}

// Days are counted by London's calendar, whatever the offset a moment came with.
func TestDaysUntil(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"2026-06-24T00:00:00+01:00", "2026-07-14T23:59:59+01:00", 20},
		{"2026-06-24T23:30:00Z", "2026-06-25T09:00:00+01:00", 0}, // half past midnight in London
		{"2026-06-24T09:00:00+01:00", "2026-06-24T08:00:00+01:00", 0},
		{"2026-06-24T09:00:00+01:00", "2026-06-23T23:59:59+01:00", -1},
		{"2026-10-24T12:00:00+01:00", "2026-10-26T12:00:00Z", 2}, // the clocks go back between
		{"2026-03-28T23:59:00Z", "2026-03-30T00:01:00+01:00", 2},
	} {
		if got := DaysUntil(at(c.a), at(c.b)); got != c.want {
			t.Errorf("from %s to %s: %d days, want %d", c.a, c.b, got, c.want)
		}
	}
}
