package market

import (
	"fmt"
	"strings"
	"time"

	"bidfit/notice"
)

// This file says figures of the market in words: wherever a person reads of them, they are called the same.

// Words is "median £90,000, half of them between £1 and £2, together £3, over 4 known values"; "" where none is known.
func (m Money) Words() string {
	if m.Known == 0 {
		return ""
	}
	text := "median " + m.Median.String()
	if m.Lower != nil {
		text += ", half of them between " + m.Lower.String() + " and " + m.Upper.String()
	}
	return fmt.Sprintf("%s, together %s, over %s", text, m.Sum, notice.Count(m.Known, "known value", "known values"))
}

// Caveats says what is not in the figures, and what to mind about those that are.
func (m Money) Caveats() string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{m.Unknown(), "not said"}, {m.Ceilings, "framework ceilings, left out"},
		{m.Gross, "with VAT, net not said"}, {m.Shared, "shared by several suppliers"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	return strings.Join(parts, "; ")
}

// Words is what a worth is and what to mind about it.
func (v *Worth) Words() string {
	if v == nil {
		return "no value said"
	}
	text := v.Amount.String()
	if v.Gross {
		text += " with VAT"
	}
	if v.Ceiling {
		text += " at most (framework)"
	}
	if v.Shared {
		text += " together"
	}
	return text
}

// Comes is when something is next due of a notice; "" where nothing is.
func (b Brief) Comes(asOf time.Time) string {
	switch {
	case b.Deadline != nil:
		days := notice.DaysUntil(asOf, b.Deadline.Time)
		if days < 0 {
			return "closed " + day(b.Deadline.Time)
		}
		return "closes " + day(b.Deadline.Time) + ", " + notice.InDays(days)
	case b.Future != nil:
		return "expected " + day(b.Future.Time)
	case b.Stage.Open():
		return "no deadline said"
	}
	return ""
}

// Awarded says when; "" where nobody does.
func (w *Award) Awarded() string {
	if w.Date == nil {
		return ""
	}
	return "awarded " + day(w.Date.Time)
}

// Runs says until when a contract runs; "" where nobody does.
func (w *Award) Runs() string {
	if w.End == nil {
		return ""
	}
	text := "ends " + day(w.End.Time)
	if w.MaxEnd != nil && w.MaxEnd.After(w.End.Time) {
		text += ", at most " + day(w.MaxEnd.Time)
	}
	if w.Planned {
		text += " as tendered"
	}
	return text
}

// Words is what the notices say to a question; silence is not no. "" where all are silent.
func (s Said) Words() string {
	if s.Yes+s.No == 0 {
		return ""
	}
	return fmt.Sprintf("%d yes, %d no, %d silent, of %s", s.Yes, s.No, s.Unsaid, notice.Count(s.Yes+s.No+s.Unsaid, "notice", "notices"))
}

// Words is the middle of a number over those that tell it, one or many; "" where none does.
func (n Numbers) Words(one, many string) string {
	if n.N == 0 {
		return ""
	}
	text := fmt.Sprintf("median %d, mean %d, over %s", *n.Median, *n.Mean, notice.Count(n.N, one, many))
	if n.Unknown > 0 {
		text += fmt.Sprintf("; %d do not tell", n.Unknown)
	}
	return text
}

// Methods are the shares of the ways in which something was bought, of so many in all.
func Methods(counts []Count, all int) string {
	var parts []string
	for _, c := range counts {
		name := c.Key
		if name == "" {
			name = "not said"
		}
		parts = append(parts, fmt.Sprintf("%s %d (%d%%)", name, c.N, (100*c.N+all/2)/max(all, 1)))
	}
	return strings.Join(parts, ", ")
}

// Ref is what an organisation can be asked for by: its first identifier, else its name.
func (m Mention) Ref() string {
	if len(m.IDs) > 0 {
		return m.IDs[0]
	}
	return m.Name
}

func day(t time.Time) string { return t.In(notice.London).Format("2 Jan 2006") }
