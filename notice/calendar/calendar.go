// Package calendar counts working days: Monday to Friday without the bank
// holidays of a part of the United Kingdom, on days of Europe/London.
//
// calendar.go counts; govuk.go reads the official list as GOV.UK publishes it; holidays.txt is
// that list for the years known when the program was built. A year of which no holiday is
// known is counted by its weekends alone, and every answer says whether it had to be.
package calendar

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
)

// Division is a part of the United Kingdom with bank holidays of its own, by the name GOV.UK gives it.
type Division string

const (
	EnglandAndWales Division = "england-and-wales"
	Scotland        Division = "scotland"
	NorthernIreland Division = "northern-ireland"
	// UnitedKingdom takes the three together: its working days are those that
	// are working days in every part.
	UnitedKingdom Division = "united-kingdom"
)

// divisions are the parts that have a list of their own.
var divisions = []Division{EnglandAndWales, Scotland, NorthernIreland}

// DivisionOf is the part in which all of a region lies, UnitedKingdom where that
// is more than one or nobody knows.
func DivisionOf(r itl.Region) Division {
	for _, in := range []struct {
		whole itl.Region
		part  Division
	}{{itl.EnglandAndWales, EnglandAndWales}, {"TLM", Scotland}, {"TLN", NorthernIreland}} {
		if in.whole.Area().Contains(r.Area()) {
			return in.part
		}
	}
	return UnitedKingdom
}

// Holiday is a bank holiday. Day is midnight in London.
type Holiday struct {
	Day   time.Time `json:"day"`
	Title string    `json:"title"`
	// Substitute marks the weekday taken for a holiday that fell on a weekend.
	Substitute bool `json:"substitute,omitzero"`
}

// Calendar knows the bank holidays of some years. It does not change.
type Calendar struct {
	parts map[Division]map[int]Holiday // by day number
}

// number is the day of London on which t falls, counted from 1 January 1970.
func number(t time.Time) int {
	y, m, d := t.In(notice.London).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// midnight is the beginning of a day in London.
func midnight(day int) time.Time {
	return time.Date(1970, 1, 1+day, 0, 0, 0, 0, notice.London)
}

func year(day int) int { return time.Date(1970, 1, 1+day, 0, 0, 0, 0, time.UTC).Year() }

// weekend reports whether the day is a Saturday or Sunday; 1 January 1970 was a Thursday.
func weekend(day int) bool {
	w := ((day+4)%7 + 7) % 7
	return w == 0 || w == 6
}

// of lists the lists that count for a division; nil for what is no division.
func (d Division) of() []Division {
	switch {
	case d == UnitedKingdom:
		return divisions
	case slices.Contains(divisions, d):
		return []Division{d}
	}
	return nil
}

// holiday is the bank holiday on a day in a division.
func (c *Calendar) holiday(day int, d Division) (Holiday, bool) {
	for _, part := range d.of() {
		if h, ok := c.parts[part][day]; ok {
			return h, true
		}
	}
	return Holiday{}, false
}

// Holiday is the bank holiday that a day is; false where it is none, or none is known.
func (c *Calendar) Holiday(t time.Time, d Division) (Holiday, bool) { return c.holiday(number(t), d) }

// Holidays lists the bank holidays of a year in order; none where none are known.
func (c *Calendar) Holidays(year int, d Division) []Holiday {
	first, last := number(time.Date(year, 1, 1, 12, 0, 0, 0, notice.London)), number(time.Date(year, 12, 31, 12, 0, 0, 0, notice.London))
	var list []Holiday
	for day := first; day <= last; day++ {
		if h, ok := c.holiday(day, d); ok {
			list = append(list, h)
		}
	}
	return list
}

// Years are the first and the last year whose bank holidays are known in a
// division; 0, 0 where none are.
func (c *Calendar) Years(d Division) (first, last int) {
	for i, part := range d.of() {
		from, to := 0, 0
		for day := range c.parts[part] {
			y := year(day)
			if from == 0 || y < from {
				from = y
			}
			to = max(to, y)
		}
		switch {
		case i == 0:
			first, last = from, to
		default:
			first, last = max(first, from), min(last, to)
		}
	}
	if first > last {
		return 0, 0
	}
	return first, last
}

// Knows reports whether the bank holidays of the day's year are known in a division.
func (c *Calendar) Knows(t time.Time, d Division) bool {
	first, last := c.Years(d)
	y := t.In(notice.London).Year()
	return first != 0 && first <= y && y <= last
}

// WorkingDay reports whether a day is none of the weekend and no bank holiday
// that is known; ask Knows whether they are.
func (c *Calendar) WorkingDay(t time.Time, d Division) bool { return c.working(number(t), d) }

func (c *Calendar) working(day int, d Division) bool {
	if weekend(day) {
		return false
	}
	_, off := c.holiday(day, d)
	return !off
}

// mostDays bounds a count: a century of days.
const mostDays = 36_525

// AddWorkingDays is the nth working day after the day of t (before it, where n
// is negative), at midnight in London; the day of t itself where n is 0. Sure is false where
// the way leads through a year whose bank holidays are not known: then weekends alone were
// passed over, and the true day may be later (earlier). It looks no further than a century.
func (c *Calendar) AddWorkingDays(t time.Time, n int, d Division) (day time.Time, sure bool) {
	at, step, left := number(t), 1, n
	if n < 0 {
		step, left = -1, -n
	}
	from := at
	for range mostDays {
		if left == 0 {
			return midnight(at), c.sure(from, at, d)
		}
		at += step
		if c.working(at, d) {
			left--
		}
	}
	return midnight(at), false
}

// WorkingDaysBetween counts the working days after the day of a up to and with
// that of b; negative where b is earlier: what AddWorkingDays has to add to a to come to b. Sure is as
// there. Days further apart than a century count as a century.
func (c *Calendar) WorkingDaysBetween(a, b time.Time, d Division) (n int, sure bool) {
	from, to, sign := number(a), number(b), 1
	if to < from {
		// Back from a to b: b's day counts, a's does not.
		from, to, sign = to-1, from-1, -1
	}
	sure = c.sure(from+1, to, d) && to-from <= mostDays
	for day := from + 1; day <= min(to, from+mostDays); day++ {
		if c.working(day, d) {
			n++
		}
	}
	return sign * n, sure
}

// sure reports whether the bank holidays of every year from one day to another are known.
func (c *Calendar) sure(from, to int, d Division) bool {
	first, last := c.Years(d)
	from, to = year(min(from, to)), year(max(from, to))
	return first != 0 && first <= from && to <= last
}

// With is this calendar with every year that another knows as the other has
// it: a newer list announces holidays for years already known.
func (c *Calendar) With(newer *Calendar) *Calendar {
	all := &Calendar{parts: map[Division]map[int]Holiday{}}
	for _, d := range divisions {
		days := maps.Clone(c.parts[d])
		if days == nil {
			days = map[int]Holiday{}
		}
		first, last := newer.Years(d)
		maps.DeleteFunc(days, func(day int, _ Holiday) bool { return first <= year(day) && year(day) <= last })
		maps.Copy(days, newer.parts[d])
		all.parts[d] = days
	}
	return all
}

// add puts a holiday into a division.
func (c *Calendar) add(d Division, day int, title string, substitute bool) {
	if c.parts[d] == nil {
		c.parts[d] = map[int]Holiday{}
	}
	c.parts[d][day] = Holiday{Day: midnight(day), Title: title, Substitute: substitute}
}

// holidaysText holds the official bank holidays, a line each:
//
//	2026-01-02 S 2nd January
//
// the day, the parts that have it (E for England and Wales, S, N), a * where it is a
// substitute day, and its title. A test rebuilds it from the official list (go test -update).
//
//go:embed holidays.txt
var holidaysText string

// letters are how holidays.txt names the parts.
var letters = map[rune]Division{'E': EnglandAndWales, 'S': Scotland, 'N': NorthernIreland}

// Default is the calendar of the years known when the program was built. That
// its text cannot be read is a broken build, and the tests read it.
var Default = sync.OnceValue(func() *Calendar {
	c := &Calendar{parts: map[Division]map[int]Holiday{}}
	for line := range strings.Lines(holidaysText) {
		date, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		parts, title, _ := strings.Cut(rest, " ")
		parts, substitute := strings.CutSuffix(parts, "*")
		t, err := time.ParseInLocation(time.DateOnly, date, notice.London)
		if err != nil || title == "" {
			panic(fmt.Sprintf("calendar: holidays.txt: %q", line))
		}
		for _, letter := range parts {
			c.add(letters[letter], number(t), title, substitute)
		}
	}
	return c
})
