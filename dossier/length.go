package dossier

import (
	"fmt"
	"strings"
	"time"

	"bidfit/notice"
)

// Length is how long a contract runs.
type Length struct {
	// Words is "2 years, up to 4 years with extensions"; "" is not specified.
	Words string `json:"words,omitzero"`
	// Months and Days are the term, MostMonths and MostDays that with every extension.
	Months     int           `json:"months,omitzero"`
	Days       int           `json:"days,omitzero"`
	MostMonths int           `json:"mostMonths,omitzero"`
	MostDays   int           `json:"mostDays,omitzero"`
	Period     notice.Period `json:"period,omitzero"`
}

// length reads a period: whole months where its last day is the eve of the first day's return, whatever hours were published.
func length(p notice.Period) Length {
	l := Length{Period: p}
	term := ""
	switch {
	case p.Start.Known() && p.End.Known():
		l.Months, l.Days = apart(p.Start.Value.Time, p.End.Value.Time)
		term = span(l.Months, l.Days)
	case p.Days.Known():
		l.Days = p.Days.Value
		if l.Days > 0 && l.Days%365 == 0 {
			l.Months, l.Days = l.Days/365*12, 0
		}
		term = span(l.Months, l.Days) + months30(l)
	}
	most := ""
	if p.Start.Known() && p.MaxExtent.Known() && (!p.End.Known() || p.MaxExtent.Value.After(p.End.Value.Time)) {
		l.MostMonths, l.MostDays = apart(p.Start.Value.Time, p.MaxExtent.Value.Time)
		most = span(l.MostMonths, l.MostDays)
	}
	switch {
	case term != "" && most != "":
		l.Words = term + ", up to " + most + " with extensions"
	case most != "":
		l.Words = "up to " + most + " with extensions"
	default:
		l.Words = term
	}
	return l
}

// months30 tells that a length in days is one in months of thirty days, as some services publish them.
func months30(l Length) string {
	if l.Months > 0 || l.Days < 90 || l.Days%30 != 0 {
		return ""
	}
	return fmt.Sprintf(" (%d months of 30 days)", l.Days/30)
}

// apart counts months and days from the day of a to the end of the day of b, in London. A contract "to 1 April"
// that began on 1 April is meant to run for whole years as one "to 31 March" is.
func apart(a, b time.Time) (months, days int) {
	from, to := day(a), day(b)
	if to.Before(from) {
		return 0, 0
	}
	if to.Day() != from.Day() || to.Equal(from) {
		to = to.AddDate(0, 0, 1)
	}
	months = (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	for months > 0 && addMonths(from, months).After(to) {
		months--
	}
	return months, int(to.Sub(addMonths(from, months)).Hours() / 24)
}

// addMonths adds months; the 31st of a shorter month is its last day.
func addMonths(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// day is a London day as a day of UTC, so that days are counted and not hours.
func day(t time.Time) time.Time {
	y, m, d := t.In(notice.London).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// span is "2 years", "18 months", "3 years and 2 months", "1 year and 10 days", "45 days".
func span(months, days int) string {
	var parts []string
	switch {
	case months >= 12 && (months%12 == 0 || months > 24):
		parts = append(parts, notice.Count(months/12, "year", "years"))
		if months%12 > 0 {
			parts = append(parts, notice.Count(months%12, "month", "months"))
		}
	case months > 0:
		parts = append(parts, notice.Count(months, "month", "months"))
	}
	if days > 0 {
		parts = append(parts, notice.Count(days, "day", "days"))
	}
	return notice.Enumerate(parts)
}

// period is the length of the procurement's contract where all its lots agree.
func period(n *notice.Notice) Length {
	if len(n.Lots) == 0 {
		return Length{}
	}
	first := length(n.Lots[0].Contract)
	for i := range n.Lots[1:] {
		if l := length(n.Lots[1+i].Contract); l.Words != first.Words {
			return Length{}
		}
	}
	return first
}

// Dates says when it runs: "1 April 2027 to 31 March 2029, extendable to 31 March 2031".
func (l Length) Dates() string {
	p := l.Period
	var s string
	switch {
	case p.Start.Known() && p.End.Known():
		s = p.Start.Value.Date() + " to " + p.End.Value.Date()
	case p.Start.Known():
		s = "from " + p.Start.Value.Date()
	case p.End.Known():
		s = "to " + p.End.Value.Date()
	}
	if p.MaxExtent.Known() && (!p.End.Known() || p.MaxExtent.Value.After(p.End.Value.Time)) {
		s = strings.TrimPrefix(s+", extendable to "+p.MaxExtent.Value.Date(), ", ")
	}
	return s
}

// lengthWords says what a text says of a length.
func lengthWords(l notice.Length) string {
	one := func(s notice.Span) string { return span(s.Months, s.Days) }
	var extensions []string
	for _, x := range l.Extensions {
		extensions = append(extensions, one(x))
	}
	term := one(l.Term)
	switch {
	case len(extensions) == 0:
		return term
	case term == "":
		return "extensions of " + notice.Enumerate(extensions)
	}
	return term + ", with extensions of " + notice.Enumerate(extensions)
}
