package export

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/words"
)

// Kind is what a column holds, for formats that have types.
type Kind string

const (
	Text   Kind = "text"
	Number Kind = "number" // a whole number
	Money  Kind = "money"  // in the row's currency; digits, with two decimals where there are pence
	Date   Kind = "date"   // 2026-07-14, or RFC 3339 with London's offset
	URL    Kind = "url"
)

// Field is one column.
type Field struct {
	Name   string // lowerCamelCase, for JSON
	Header string // plain words, for people
	Kind   Kind
	// Value is the cell; "" where it is unknown, never 0. Prose is made
	// readable (words.Plain), identifiers and addresses are as published.
	Value func(Row) string
}

// Fields is the field map: every column, in order.
func Fields() []Field {
	return []Field{
		{"ocid", "OCID", Text, func(r Row) string { return r.Notice.OCID }},
		{"noticeId", "notice id", Text, func(r Row) string {
			if h := r.Notice.Releases; len(h) > 0 {
				return h[len(h)-1].Identity
			}
			return ""
		}},
		{"title", "title", Text, title},
		{"buyer", "buyer", Text, func(r Row) string { return words.Plain(r.Notice.Buyer.Name.Value) }},
		{"buyerId", "buyer id", Text, func(r Row) string { return r.Notice.Buyer.ID.Value }},
		{"stage", "stage", Text, func(r Row) string { return string(r.Notice.Stage) }},
		{"noticeType", "notice type", Text, func(r Row) string { return r.Notice.Type.Value }},
		{"published", "published", Date, func(r Row) string { return instant(r.Notice.First()) }},
		{"deadline", "deadline", Date, func(r Row) string { return moment(r.Notice.Deadline.Said) }},
		{"daysLeft", "days left", Number, func(r Row) string {
			if !r.Notice.Deadline.Known() {
				return ""
			}
			return strconv.Itoa(notice.DaysUntil(r.AsOf, r.Notice.Deadline.Value.Time))
		}},
		{"lot", "lot", Text, func(r Row) string { return r.Fit.Lot }},
		{"valueNet", "value net", Money, func(r Row) string { return pounds(r.lot().Value.Net) }},
		{"valueGross", "gross", Money, func(r Row) string { return pounds(r.lot().Value.Gross) }},
		{"currency", "currency", Text, currency},
		{"valuePerYear", "per year", Money, func(r Row) string {
			if p, ok := r.lot().PerYear(); ok {
				return p.Decimal()
			}
			return ""
		}},
		{"contractStart", "contract start", Date, func(r Row) string { return day(r.lot().Contract.Start) }},
		{"contractEnd", "contract end", Date, func(r Row) string { return day(r.lot().Contract.End) }},
		{"cpv", "CPV", Text, codes},
		{"regions", "regions", Text, regions},
		{"sme", "SME", Text, func(r Row) string { return yesNo(r.lot().SME) }},
		{"vcse", "VCSE", Text, func(r Row) string { return yesNo(r.lot().VCSE) }},
		{"score", "score", Number, func(r Row) string { return strconv.Itoa(r.Fit.Score) }},
		{"low", "low", Number, func(r Row) string { return strconv.Itoa(r.Fit.Low) }},
		{"high", "high", Number, func(r Row) string { return strconv.Itoa(r.Fit.High) }},
		{"known", "known", Number, func(r Row) string { return strconv.Itoa(r.Fit.Known) }},
		{"advice", "advice", Text, func(r Row) string { return string(r.Fit.Advice) }},
		{"gates", "gates", Text, gates},
		{"topReason", "top reason", Text, func(r Row) string { return reason(r.Fit.TopReason()) }},
		{"topGap", "top gap", Text, func(r Row) string { return reason(r.Fit.TopGap()) }},
		{"decision", "decision", Text, func(r Row) string { return string(r.decision().Verdict) }},
		{"decisionReason", "decision reason", Text, func(r Row) string { return r.decision().Reason }},
		{"progress", "progress", Text, func(r Row) string { return string(r.work().Stage) }},
		{"owner", "owner", Text, func(r Row) string { return cmp.Or(r.work().Owner, r.decision().Who) }},
		{"nextAction", "next action", Text, func(r Row) string {
			if own := r.work().Next; own != "" {
				return own
			}
			if a, _ := r.next(); a != matcher.ActionNone {
				return string(a)
			}
			return ""
		}},
		{"nextDate", "next date", Date, func(r Row) string {
			if own := r.work(); own.Next != "" || !own.NextBy.IsZero() {
				return when(own.NextBy)
			}
			_, by := r.next()
			return moment(by)
		}},
		{"hours", "hours", Number, func(r Row) string {
			if h := r.work().Hours; h > 0 {
				return strconv.Itoa(h)
			}
			return ""
		}},
		{"note", "note", Text, func(r Row) string { return r.work().Note }},
		{"portal", "portal", Text, func(r Row) string { return r.Notice.Portal.Value }},
		{"url", "URL", URL, func(r Row) string { return r.Notice.URL() }},
		{"lastChanged", "last changed", Date, func(r Row) string { return instant(r.Notice.Updated()) }},
		{"profile", "profile", Text, func(r Row) string { return r.Profile.ID }},
		{"lexicon", "lexicon", Text, func(r Row) string { return r.Lexicon }},
	}
}

// numeric reports whether the cells of a kind are numbers.
func (k Kind) numeric() bool { return k == Number || k == Money }

// named finds columns by their names, in the order of the names.
func named(names ...string) []Field {
	fields := Fields()
	list := make([]Field, len(names))
	for i, name := range names {
		list[i] = fields[slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })]
	}
	return list
}

// Words is the cell as a person reads it in a sentence: "£704,000", "14 July 2026, 17:00".
func (f Field) Words(r Row) string {
	v := f.Value(r)
	switch f.Kind {
	case Money:
		if p, ok := pence(v); ok {
			return p.In(currency(r))
		}
	case Date:
		var m notice.Moment
		if m.UnmarshalText([]byte(v)) == nil {
			return m.Words()
		}
	}
	return v
}

// pence reads back what Decimal writes; of nothing it makes no amount.
func pence(decimal string) (notice.Pence, bool) {
	if decimal == "" {
		return 0, false
	}
	pounds, rest, _ := strings.Cut(decimal, ".")
	n, err := strconv.ParseInt(pounds+cmp.Or(rest, "00"), 10, 64)
	return notice.Pence(n), err == nil
}

// title is the notice's title, and the lot's where it says something else.
func title(r Row) string {
	t, l := words.Plain(r.Notice.Title.Value), words.Plain(r.lot().Title.Value)
	switch {
	case l == "" || strings.EqualFold(l, t):
		return t
	case t == "":
		return l
	}
	return t + " – " + l
}

// currency is that of the lot's value; a publisher who gives a value and no currency means pounds.
func currency(r Row) string {
	v := r.lot().Value
	switch {
	case v.Currency.Known():
		return v.Currency.Value
	case v.Net.Known() || v.Gross.Known():
		return "GBP"
	}
	return ""
}

// codes lists the lot's CPV codes with their names, as published or else the official one.
func codes(r Row) string {
	var out []string
	for _, c := range r.lot().CPV {
		label := c.Value.Code.String()
		if name, of := c.Value.Code.Name(); c.Value.Description.Known() {
			label += " " + words.Plain(c.Value.Description.Value)
		} else if of == c.Value.Code {
			label += " " + name
		}
		out = append(out, label)
	}
	return join(out)
}

// regions lists where the work is: today's name of the region, or the publisher's words.
func regions(r Row) string {
	var out []string
	for _, p := range r.lot().Places {
		if p.Value.Region != "" {
			out = append(out, p.Value.Region.Current().Label())
		} else {
			out = append(out, words.Plain(p.Value.Text))
		}
	}
	return join(out)
}

// gates lists what bars the lot and what has to be asked.
func gates(r Row) string {
	var out []string
	for _, g := range r.Fit.Gates {
		if g.State != matcher.GatePass {
			out = append(out, fmt.Sprintf("%s (%s): %s", g.Gate, g.State, g.Reason))
		}
	}
	return join(out)
}

// join puts several values into one cell, each once.
func join(values []string) string {
	var once []string
	for _, v := range values {
		if v != "" && !slices.Contains(once, v) {
			once = append(once, v)
		}
	}
	return strings.Join(once, "; ")
}

// instant is a point in time as a London clock shows it.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(notice.London).Format(time.RFC3339)
}

// moment is a deadline: a date where only a date was published.
func moment(s notice.Said[notice.Moment]) string {
	if !s.Known() {
		return ""
	}
	return when(s.Value)
}

// when is a moment: a date where only a date is meant.
func when(m notice.Moment) string {
	if m.Day {
		return m.String()
	}
	return instant(m.Time)
}

// day is the London calendar day of a moment.
func day(s notice.Said[notice.Moment]) string {
	if !s.Known() {
		return ""
	}
	return s.Value.In(notice.London).Format(time.DateOnly)
}

func pounds(s notice.Said[notice.Pence]) string {
	if !s.Known() {
		return ""
	}
	return s.Value.Decimal()
}

func yesNo(s notice.Said[bool]) string {
	switch {
	case !s.Known():
		return ""
	case s.Value:
		return "yes"
	}
	return "no"
}

// reason is the sentence of a piece of evidence, "" where there is none.
func reason(e *matcher.Evidence) string {
	if e == nil {
		return ""
	}
	return e.Reason
}
