package changes

import (
	"fmt"
	"math/bits"
	"strings"

	"bidfit/notice"
	"bidfit/notice/words"
)

// longest is how many bytes of published text are repeated in a change.
const longest = 400

// clip is published text on one line, cut at a character.
func clip(s string, most int) string {
	s = oneLine(s)
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xC0 == 0x80 {
		most--
	}
	return s[:most] + "…"
}

// oneLine is text as it is read, without its markup and line ends.
func oneLine(s string) string { return strings.Join(strings.Fields(words.Plain(s)), " ") }

// text compares a short text.
func (d *differ) text(what Kind, subject string, older, newer notice.Said[string]) {
	const short = 120
	before, after := oneLine(older.Value), oneLine(newer.Value)
	switch {
	case older.Known() == newer.Known() && before == after:
	case !older.Known():
		d.add(what, newer.At, "", clip(after, longest), subject, " now said: %s", quoted(clip(after, short)))
	case !newer.Known():
		d.add(what, older.At, clip(before, longest), "", subject, " no longer said (it was %s)", quoted(clip(before, short)))
	default:
		d.add(what, newer.At, clip(before, longest), clip(after, longest), subject, " changed from %s to %s", quoted(clip(before, short)), quoted(clip(after, short)))
	}
}

// quoted puts marks around words, so that it is seen where they end; a single word needs none.
func quoted(s string) string {
	if strings.Contains(s, " ") {
		return "“" + s + "”"
	}
	return s
}

// number compares a count.
func (d *differ) number(what Kind, subject string, older, newer notice.Said[int]) {
	d.text(what, subject, digits(older), digits(newer))
}

func digits(n notice.Said[int]) notice.Said[string] {
	return notice.Said[string]{Value: fmt.Sprint(n.Value), At: n.At}
}

// word is a named value as text.
func word[T ~string](s notice.Said[T]) notice.Said[string] {
	return notice.Said[string]{Value: string(s.Value), At: s.At}
}

// flag compares a yes or no.
func (d *differ) flag(what Kind, subject string, older, newer notice.Said[bool]) {
	before, after := yesNo(older), yesNo(newer)
	switch {
	case before == after:
	case !newer.Known():
		d.add(what, older.At, before, after, subject, ": no longer said (it was %s)", before)
	default:
		d.add(what, newer.At, before, after, subject, ": now %s", after)
	}
}

func yesNo(b notice.Said[bool]) string {
	switch {
	case !b.Known():
		return ""
	case b.Value:
		return "yes"
	}
	return "no"
}

// value compares what something is worth, in one change: by its net amount where
// both say one and it differs, else by the next amount of which that is true.
func (d *differ) value(subject string, older, newer notice.Value) {
	d.worth(Worth, subject, older, newer)
}

func (d *differ) worth(what Kind, subject string, older, newer notice.Value) {
	before, after := older.Words(), newer.Words()
	if before == after {
		return
	}
	at := newer.At()
	switch {
	case before == "":
		d.add(what, at, "", after, subject, " now said: %s", after)
		return
	case after == "":
		d.add(what, older.At(), before, "", subject, " no longer said (it was %s)", before)
		return
	}
	if older.Currency.Value == newer.Currency.Value || older.Pounds() && newer.Pounds() {
		for _, s := range []struct {
			a, b notice.Said[notice.Pence]
			of   string
		}{{older.Net, newer.Net, ""}, {older.Gross, newer.Gross, " with VAT"}, {older.Min, newer.Min, " at least"}, {older.PerYear, newer.PerYear, " a year"}} {
			if s.a.Known() && s.b.Known() && s.a.Value != s.b.Value {
				d.add(what, s.b.At, before, after, subject, "%s %s, from %s to %s", s.of, by(s.a.Value, s.b.Value), older.Money(s.a.Value), newer.Money(s.b.Value))
				return
			}
		}
	}
	d.add(what, at, before, after, subject, " now said as %s (before: %s)", after, before)
}

// by is "up 12 %": whole percent, halves rounded away from nothing. From nothing, or
// from less, there is no percentage; beyond tenfold people think in times.
func by(a, b notice.Pence) string {
	way, small, step := "up", uint64(a), uint64(b)-uint64(a)
	if b < a {
		way, step = "down", uint64(a)-uint64(b)
	}
	if a <= 0 || b < 0 {
		return way
	}
	if b > a && uint64(b)/small >= 10 {
		return fmt.Sprintf("up %d times over", uint64(b)/small)
	}
	// step is less than ten times small, so the quotient fits.
	high, low := bits.Mul64(step, 200)
	low, carry := bits.Add64(low, small, 0)
	percent, _ := bits.Div64(high+carry, low, 2*small)
	switch {
	case percent == 0:
		return way + " by less than 1 %"
	case percent == 100 && b > 0 && b < a:
		return way + " by more than 99 %"
	}
	return fmt.Sprintf("%s %d %%", way, percent)
}
