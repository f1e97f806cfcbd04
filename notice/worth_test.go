package notice_test

import (
	"testing"
	"time"

	"bidfit/notice"
)

func told[T any](v T) notice.Said[T] { return notice.Say(v, notice.Path{Pointer: "/x"}) }

func on(y int, m time.Month, d int) notice.Said[notice.Moment] {
	return told(notice.Moment{Time: time.Date(y, m, d, 0, 0, 0, 0, notice.London), Day: true})
}

func TestPerYear(t *testing.T) {
	for _, c := range []struct {
		name   string
		net    notice.Pence
		period notice.Period
		want   string
	}{
		{"two years and two more", 704_000_00, notice.Period{Start: on(2027, 4, 1), End: on(2029, 3, 31), MaxExtent: on(2031, 3, 31)}, "176000"},
		{"two years", 704_000_00, notice.Period{Start: on(2027, 4, 1), End: on(2029, 3, 31)}, "352000"},
		{"to the first of the next month", 704_000_00, notice.Period{Start: on(2027, 4, 1), End: on(2029, 4, 1)}, "352000"},
		{"eighteen months", 150_000_00, notice.Period{Start: on(2027, 4, 15), End: on(2028, 10, 14)}, "100000"},
		{"from the end of a month", 150_000_00, notice.Period{Start: on(2027, 1, 31), End: on(2028, 7, 30)}, "100000"},
		{"a year", 100_000_50, notice.Period{Start: on(2027, 4, 1), End: on(2028, 3, 31)}, "100001"},
		{"a week", 9_000_00, notice.Period{Start: on(2027, 4, 1), End: on(2027, 4, 7)}, "9000"},
		{"days alone", 300_000_00, notice.Period{Days: told(1096)}, "100000"},
		{"thirds are rounded", 100_000_00, notice.Period{Days: told(1095)}, "33333"},
		{"no end", 100_000_00, notice.Period{Start: on(2027, 4, 1)}, ""},
		{"no start", 100_000_00, notice.Period{End: on(2027, 4, 1)}, ""},
		{"backwards", 100_000_00, notice.Period{Start: on(2027, 4, 1), End: on(2026, 4, 1)}, ""},
		{"wild", 1 << 62, notice.Period{Days: told(36500)}, "461168601842739"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if p, ok := (&notice.Lot{Value: notice.Value{Net: told(c.net)}, Contract: c.period}).PerYear(); ok {
				got = p.Decimal()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if _, ok := (&notice.Lot{Contract: notice.Period{Days: told(900)}}).PerYear(); ok {
		t.Error("a figure without a value")
	}
	said := notice.Value{Net: told(notice.Pence(600_000_00)), PerYear: told(notice.Pence(150_000_00))}
	if p, ok := (&notice.Lot{Value: said, Contract: notice.Period{Days: told(1095)}}).PerYear(); !ok || p != 150_000_00 {
		t.Errorf("what the publisher says of a year is %s", p)
	}
}

func TestSpan(t *testing.T) {
	pence := func(p notice.Pence) notice.Said[notice.Pence] { return told(p) }
	for _, c := range []struct {
		name      string
		value     notice.Value
		low, high notice.Pence
	}{
		{"net", notice.Value{Net: pence(500)}, 500, 500},
		{"net before gross", notice.Value{Net: pence(500), Gross: pence(900)}, 500, 500},
		{"gross without VAT", notice.Value{Gross: pence(1200)}, 1000, 1000},
		{"a span", notice.Value{Net: pence(500), Min: pence(100)}, 100, 500},
		{"a span upside down", notice.Value{Net: pence(500), Min: pence(900)}, 500, 500},
		{"gross with a floor that is net", notice.Value{Gross: pence(1200), Min: pence(100)}, 1000, 1000},
		{"a floor alone", notice.Value{Min: pence(100)}, 100, 100},
		{"nothing said", notice.Value{}, 0, 0},
		{"a sentinel", notice.Value{Net: pence(0)}, 0, 0},
		{"less than nothing", notice.Value{Net: pence(-100)}, 0, 0},
		{"euros", notice.Value{Net: pence(500), Currency: told("EUR")}, 0, 0},
	} {
		low, high, ok := c.value.Span()
		if ok != (c.high > 0) || ok && (low != c.low || high != c.high) {
			t.Errorf("%s: %d to %d, %v; want %d to %d", c.name, low, high, ok, c.low, c.high)
		}
	}
}
