package prose

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
)

// Years outside these cannot be meant: 1900 is a height or a time, 3216 a number.
const (
	firstYear = 1950
	lastYear  = 2100
)

// unsaid is a year or a time of day that does not stand with the date.
const unsaid = -1

// midnight is 24:00 in minutes: what counts by the minute ends a minute before it.
const midnight = 24 * 60

// date is a day named in a text: its tokens, what they say and how sure that is.
type date struct {
	from, to   int // tokens, to not included
	y, m, d    int // y is unsaid where no year stands with it
	last       int // the last day of "June 22-26", else 0
	clock      int // minutes since midnight, or unsaid
	weekday    time.Weekday
	named      bool // the weekday is
	confidence int
	joined     link // how it hangs together with the date before it
}

// link is how a date hangs together with the date before it.
type link uint8

const (
	apart link = iota
	listed
	ranged
)

// dates are the days named in the text, in its order, years and weekdays settled.
//
// Confidence starts at 95 for a day written with its month and year. It is at most 50 where the
// weekday is another one or the month stands first in figures, 60 where a month
// stands before a number that may be a year, 70 for two-digit years between points, 80 without a
// year, 85 with two digits of it or a misspelt month; a weekday that agrees adds 4.
func (s *scan) dates(published time.Time) []date {
	r := dateReader{scan: s, published: published}
	for i := 0; i < len(s.tokens) && len(r.found) < Most; {
		if next := r.at(i); next > i {
			i = next
		} else {
			i++
		}
	}
	r.found = r.found[:min(len(r.found), Most)]
	r.settle()
	return r.found
}

// dateReader goes through the tokens once; what is found ends where the next may start.
type dateReader struct {
	*scan
	published time.Time
	found     []date
}

// at reads the date whose day, month and year start at token i, takes in what stands around it
// and returns where reading goes on; i where there is none.
func (r *dateReader) at(i int) int {
	var d date
	var ok bool
	switch r.tokens[i].kind {
	case number:
		if d, ok = r.figures(i); !ok {
			d, ok = r.dayFirst(i)
		}
	case word:
		if !monthStart(r.text, r.tokens[i].start) {
			return i
		}
		d, ok = r.monthFirst(i)
	}
	if !ok || r.address(i) {
		return i
	}
	free := r.free()
	earlier := r.earlier(&d, free)
	if len(earlier) > 0 {
		r.around(&earlier[0], free)
		d.clock = r.after(&d)
		for k := range earlier { // what belongs to the last day is not taken by those before it
			earlier[k].to = min(earlier[k].to, d.from)
		}
		r.found = append(r.found, earlier...)
	} else {
		r.around(&d, free)
	}
	r.found = append(r.found, d)
	if d.last > 0 {
		d.d, d.joined, d.clock, d.named = d.last, ranged, unsaid, false
		if valid(d) {
			r.found = append(r.found, d)
		}
	}
	return d.to
}

// free is the first token that no date has taken.
func (r *dateReader) free() int {
	if n := len(r.found); n > 0 {
		return r.found[n-1].to
	}
	return 0
}

// dayFirst reads "17 July 2026", "3rd of August", "17-Jul-26", "12thJuly 2026" at token i.
func (r *dateReader) dayFirst(i int) (date, bool) {
	day, ok := r.day(i)
	if !ok || r.clinging(i, "£$€") {
		return date{}, false
	}
	d := date{from: i, d: day, clock: unsaid, confidence: 95}
	j := i + 1
	if j, ok = r.ordinal(j); !ok {
		return date{}, false
	}
	glued := j == i+1 && r.joined(j)
	if r.is(j, "day") && r.is(j+1, "of") {
		j++
	}
	if r.is(j, "of") || r.mark(j, "-–/.,") {
		j++
	}
	var spelt bool
	m, spelt := month(r.lower(j), glued)
	if m == 0 || r.tokens[j].gap {
		return date{}, false
	}
	d.m = m
	j++
	if r.mark(j, ".") && r.joined(j) && (r.kind(j+1, number) || r.mark(j+1, ",")) {
		j++ // "Sept. 2026"
	}
	d.y, d.to = r.year(j, i)
	switch {
	case !spelt && d.y == unsaid:
		return date{}, false // "5 marsh"
	case !spelt:
		d.confidence = 85
	case d.y == unsaid && m == int(time.May) && !r.mayIsMonth(j-1):
		return date{}, false
	}
	if d.y != unsaid && d.to-1 >= 0 && r.tokens[d.to-1].end-r.tokens[d.to-1].start == 2 {
		d.confidence = min(d.confidence, 85)
	}
	return d, valid(d)
}

// monthFirst reads "July 17th, 2026" at token i.
func (r *dateReader) monthFirst(i int) (date, bool) {
	m, spelt := month(r.lower(i), false)
	if m == 0 || !spelt {
		return date{}, false
	}
	j := i + 1
	if r.mark(j, ".") && r.joined(j) {
		j++
	}
	if r.is(j, "the") {
		j++
	}
	day, ok := r.day(j)
	if !ok || r.tokens[j].gap || r.joined(j+1) && (r.mark(j+1, ":/") && r.kind(j+2, number)) {
		return date{}, false
	}
	d := date{from: i, m: m, d: day, clock: unsaid, confidence: 95}
	k, ok := r.ordinal(j + 1)
	if !ok {
		return date{}, false
	}
	ordinal := k > j+1
	if last, stop := r.dayRange(k, day); stop > k { // "June 22-26th, 2026"
		d.last, k, ordinal = last, stop, true
	}
	d.y, d.to = r.year(k, i)
	if d.y != unsaid && d.y < 2000+100 && r.tokens[d.to-1].end-r.tokens[d.to-1].start == 2 {
		d.y, d.to = unsaid, k // "July 17, 26" is nobody's way; "July 17 10am" is
	}
	if y := r.yearBefore(i); d.y == unsaid && y != unsaid {
		d.y, d.from = y, i-1 // "2026 July 17"
	}
	if d.y == unsaid && !ordinal {
		_, _, named := r.weekdayBefore(i, r.free())
		if _, _, ok := r.clockAt(j, false); ok {
			return date{}, false // "April 10am": the number is a time
		}
		_, timed := r.forward(k)
		switch {
		case r.plausible(day) && !named && !timed || m == int(time.May) && !r.mayIsMonth(i):
			return date{}, false // "from Jul 27", "Feb 29": a year
		case !named && !timed:
			d.confidence = 60
		}
	}
	return d, valid(d)
}

// yearBefore is the year that stands right before token i.
func (r *dateReader) yearBefore(i int) int {
	if !r.kind(i-1, number) || i-1 < r.free() || r.parted(i) || r.tokens[i-1].end-r.tokens[i-1].start != 4 {
		return unsaid
	}
	if y := digits(r.text[r.tokens[i-1].start:r.tokens[i-1].end]); y >= 2000 && y <= lastYear {
		return y
	}
	return unsaid
}

// dayRange reads the "-26th" of "June 22-26th, 2026", whose first day is given.
func (r *dateReader) dayRange(i, first int) (last, next int) {
	if !(r.dash(i) || r.is(i, "to")) || r.parted(i) || r.parted(i+1) {
		return 0, i
	}
	last, ok := r.day(i + 1)
	next, ended := r.ordinal(i + 2)
	if !ok || !ended || last <= first || next == i+2 && !r.mark(next, ",") && !r.kind(next, number) {
		return 0, i
	}
	if y, _ := r.year(next, i); y == unsaid {
		return 0, i
	}
	return last, next
}

// mayIsMonth reports whether the "may" at token i is the month: with a capital, and no verb after it.
func (r *dateReader) mayIsMonth(i int) bool {
	c := r.text[r.tokens[i].end-len("may")]
	return c == 'M' && !r.is(i+1, "be", "not", "have", "also", "apply", "include", "need", "only", "require", "result", "vary")
}

// plausible reports whether two digits may be a year that notices of the day speak of.
func (r *dateReader) plausible(n int) bool {
	year := 2000 + n
	if r.published.IsZero() {
		return n >= 14 && n <= 45
	}
	at := r.published.In(notice.London).Year()
	return at-8 <= year && year <= at+15
}

// figures reads "17/07/2026", "17.07.26", "2026-07-17" at token i.
func (r *dateReader) figures(i int) (date, bool) {
	var parts [3]string
	to := i + 1
	text := r.text[r.tokens[i].start:r.tokens[i].end]
	point := strings.Contains(text, ".")
	if point {
		list := strings.Split(text, ".")
		if len(list) != 3 {
			return date{}, false
		}
		copy(parts[:], list)
	} else {
		parts[0] = text
		for n := 1; n < 3; n++ {
			if !r.mark(to, "/-–") || !r.kind(to+1, number) || r.tokens[to+1].gap ||
				n == 2 && r.tokens[to].r != r.tokens[i+1].r || r.joined(to) != r.joined(to+1) ||
				!r.joined(to) && r.tokens[to].r != '/' {
				return r.dayAndMonth(i)
			}
			parts[n] = r.text[r.tokens[to+1].start:r.tokens[to+1].end]
			to += 2
		}
	}
	d := date{from: i, to: to, clock: unsaid, confidence: 95}
	a, b, c := digits(parts[0]), digits(parts[1]), digits(parts[2])
	switch {
	case a == unsaid || b == unsaid || c == unsaid || len(parts[1]) > 2:
		return date{}, false
	case len(parts[0]) == 4 && len(parts[2]) <= 2: // 2026-07-17
		d.y, d.m, d.d = a, b, c
	case len(parts[0]) <= 2 && len(parts[2]) == 4:
		d.y, d.m, d.d = c, b, a
	case len(parts[0]) <= 2 && len(parts[2]) == 2 && r.plausible(c):
		d.y, d.m, d.d = 2000+c, b, a
		d.confidence = 85
		if point {
			d.confidence = 70
		}
	default:
		return date{}, false
	}
	if d.m > 12 && d.d <= 12 {
		d.m, d.d = d.d, d.m // "07/17/2026"
		d.confidence = 50
	}
	if !valid(d) || r.clinging(i, "£$€#_=/.-–+") && !r.goesOn(i) {
		return date{}, false
	}
	if r.joined(to) { // what clings to its end
		switch {
		case r.kind(to, word):
			// "2026-07-17T12:00", "30/4/27and", "13/05/2026Proton"; not "12/05/2026AB"
			if w := r.text[r.tokens[to].start:r.tokens[to].end]; w != "T" && (len(w) < 3 || w == strings.ToUpper(w)) {
				return date{}, false
			}
		case r.mark(to, "_#=+%£"), r.mark(to, "/-.") && r.joined(to+1) && (r.kind(to+1, word) || r.kind(to+1, number) && !r.another(to+1)):
			return date{}, false
		}
	}
	return d, true
}

// dayAndMonth reads "23/02" at token i, which only a weekday before it makes a date.
func (r *dateReader) dayAndMonth(i int) (date, bool) {
	if !r.mark(i+1, "/") || !r.joined(i+1) || !r.kind(i+2, number) || !r.joined(i+2) || r.mark(i+3, "/") && r.joined(i+3) {
		return date{}, false
	}
	if _, _, named := r.weekdayBefore(i, r.free()); !named {
		return date{}, false
	}
	day, ok := r.day(i)
	m := digits(r.text[r.tokens[i+2].start:r.tokens[i+2].end])
	d := date{from: i, to: i + 3, y: unsaid, m: m, d: day, clock: unsaid, confidence: 95}
	return d, ok && m >= 1 && valid(d)
}

// goesOn reports whether the mark before token i follows a date just read: "01/04/2027-31/03/2031".
func (r *dateReader) goesOn(i int) bool {
	return len(r.found) > 0 && r.free() == i-1 && r.mark(i-1, "-–")
}

// another reports whether a date in figures or a time starts at token i.
func (r *dateReader) another(i int) bool {
	if strings.Count(r.text[r.tokens[i].start:r.tokens[i].end], ".") == 2 {
		return true
	}
	return r.mark(i+1, "/-") && r.kind(i+2, number) && r.mark(i+3, "/-") && r.kind(i+4, number)
}

// clinging reports whether token i is no word of its own: letters, digits or one of some marks touch its start.
func (r *dateReader) clinging(i int, marks string) bool {
	if !r.joined(i) {
		return false
	}
	if r.mark(i-1, "-–") && !strings.ContainsRune(marks, '-') {
		return false
	}
	if r.mark(i-1, "/.-–") && strings.ContainsRune(marks, '/') {
		return r.joined(i-1) && !r.mark(i-2, "()")
	}
	return r.kind(i-1, number) || r.kind(i-1, word) || r.mark(i-1, marks)
}

// address reports whether token i stands inside an address or the name of a file.
func (r *dateReader) address(i int) bool {
	const far = 200
	at := r.tokens[i].start
	run := r.text[max(0, at-far):at]
	run = run[strings.LastIndexAny(run, " \t\r\n")+1:]
	return strings.Contains(run, "://") || strings.Contains(run, "www.") || strings.Contains(run, "_")
}

// day reads token i as the number of a day.
func (r *dateReader) day(i int) (int, bool) {
	if !r.kind(i, number) || r.tokens[i].end-r.tokens[i].start > 2 {
		return 0, false
	}
	n, ok := r.whole(i)
	return n, ok && n >= 1 && n <= 31
}

// ordinal is the token after the "st", "nd", "rd" or "th" at token j, or j; not ok where a sentence ended.
func (r *dateReader) ordinal(j int) (int, bool) {
	if r.parted(j) {
		return j, false
	}
	if r.is(j, "st", "nd", "rd", "th") {
		j++
	}
	return j, true
}

func hasOrdinal(w string) bool {
	return len(w) > 4 && (strings.HasPrefix(w, "st") || strings.HasPrefix(w, "nd") || strings.HasPrefix(w, "rd") || strings.HasPrefix(w, "th"))
}

// year reads the year at token j of the date that starts at token first; to is where the date ends.
func (r *dateReader) year(j, first int) (year, to int) {
	k := j
	if r.mark(k, ",.-–/'’‘") && !(r.mark(k, ".") && !r.joined(k)) {
		k++
	} else if r.is(k, "of", "in") {
		k++
	}
	short := k > j && r.mark(j, "'’‘")
	if !r.kind(k, number) {
		return unsaid, j
	}
	t := r.tokens[k]
	n := digits(strings.TrimSuffix(r.text[t.start:t.end], "."))
	if n == unsaid && t.end-t.start > 5 && r.text[t.start+4] == '.' { // "2026.Please" is not met, "2026.1" is
		n = digits(r.text[t.start : t.start+4])
	}
	switch size := t.end - t.start; {
	case n == unsaid:
	case size == 4 && n >= firstYear && n <= lastYear:
		if t.gap && (k > j || r.joined(k+1)) || r.is(k+1, "hrs", "hours", "hr") {
			break
		}
		return n, k + 1
	case size == 2 && !t.gap && (short || r.plausible(n)) && !r.counts(k):
		return 2000 + n, k + 1
	}
	return unsaid, j
}

// counts reports whether the two digits at token k count something or tell the time.
func (r *dateReader) counts(k int) bool {
	if r.joined(k+1) && r.mark(k+1, ":%") || r.mark(k-1, ".") && !r.joined(k) {
		return true
	}
	if r.dash(k+1) || r.is(k+1, "to") { // "17 July 10-12pm"
		if _, next, ok := r.clockAt(k+2, false); ok && next > k+2 {
			return true
		}
	}
	if r.joined(k+1) && r.kind(k+1, word) && !strings.EqualFold(r.lower(k+1), "rn") {
		return true
	}
	return r.is(k+1, "am", "pm", "a", "p", "noon", "midday", "midnight", "hrs", "hours", "days", "weeks", "months", "years",
		"year", "minutes", "places", "pupils", "students", "x", "o'clock", "people", "lots", "weddings") && !r.parted(k+1)
}

// parted reports whether a sentence or line ended before token i, which is there.
func (r *dateReader) parted(i int) bool { return i < len(r.tokens) && r.tokens[i].gap }

// earlier reads the days before date d that share its month: "1st to 3rd September", "8, 9 and 10 June".
func (r *dateReader) earlier(d *date, free int) []date {
	var list []date
	first := d
	for range 10 {
		i := first.from - 1
		if i < free || r.parted(i+1) {
			break
		}
		at, _, between := r.weekdayBefore(first.from, free)
		if between {
			i = at - 1
		}
		how := listed
		switch {
		case r.is(i, "to", "until", "till", "through") || r.dash(i):
			how = ranged
		case r.is(i, "and", "or") || r.mark(i, ",&/"):
		default:
			i = -1
		}
		if i < max(free, 1) || r.parted(i) || r.parted(i+1) {
			break
		}
		and := r.is(i, "and") && i-4 >= free
		i--
		ordinal := r.is(i, "st", "nd", "rd", "th")
		if ordinal {
			i--
		}
		day, ok := r.day(i)
		if !ok || i < free || day >= first.d || r.clinging(i, "£$€#./:") {
			break
		}
		at, w, named := r.weekdayBefore(i, free)
		if !ordinal && !named && (between && (i == 0 || r.parted(i)) || r.is(i-1, labels...) || r.mark(i+1, ",") && !r.kind(i-1, word) && len(list) == 0) {
			break
		}
		if and && r.is(i-1, "between") {
			how = ranged
		}
		e := date{from: i, to: i + 1, y: d.y, m: d.m, d: day, clock: unsaid, confidence: d.confidence - 5}
		if ordinal {
			e.to++
		}
		if named {
			e.from, e.weekday, e.named = at, w, true
		}
		first.joined = how
		if len(list) > 0 {
			list[len(list)-1].joined = how
		}
		list = append(list, e)
		first = &list[len(list)-1]
		if r.joined(i) && r.kind(i-1, number) {
			break
		}
	}
	slices.Reverse(list)
	for i := range list {
		if !valid(list[i]) {
			return nil
		}
	}
	if len(list) > 0 {
		if at, w, named := r.weekdayBefore(d.from, list[len(list)-1].to); named {
			d.from, d.weekday, d.named = at, w, true
		}
	}
	return list
}

// labels are words whose number is not that of a day: "Lot 1 - 3 September".
var labels = []string{"lot", "lots", "round", "stage", "phase", "year", "extension", "part", "section", "no", "option", "period",
	"week", "day", "item", "schedule", "annex", "appendix", "clause", "page", "version", "question", "group", "band", "zone", "area",
	"level", "tier", "volume", "number", "batch", "package", "step", "block", "for", "over", "within", "circa", "approximately"}

// around takes in the weekday and the time of day before and after a date; it returns the first token still free.
func (r *dateReader) around(d *date, free int) int {
	if at, w, named := r.weekdayBefore(d.from, free); named {
		d.from, d.weekday, d.named = at, w, true
	}
	if c, at := r.backward(d.from, free); c != unsaid {
		d.clock, d.from = c, at
	} else {
		d.clock = r.after(d)
	}
	if d.y == unsaid { // "14th July 5pm 2026"
		if y, to := r.year(d.to, d.from); y != unsaid {
			d.y, d.to = y, to
		}
	}
	return d.to
}

// after reads what stands behind a date: its weekday in brackets, then its time of day.
func (r *dateReader) after(d *date) int {
	if r.mark(d.to, "(,") {
		if w, ok := weekday(r.lower(d.to + 1)); ok && !r.parted(d.to+1) && !r.kind(d.to+2, number) && !d.named && r.mark(d.to, "(") {
			d.weekday, d.named = w, true
			d.to += 2
			if r.mark(d.to, ")") {
				d.to++
			}
		}
	}
	c, ok := r.forward(d.to)
	if !ok {
		return unsaid
	}
	d.to = c.to
	return c.minutes
}

// weekdayBefore reads a weekday before token i: "Friday", "Fri,", "Monday the".
func (r *dateReader) weekdayBefore(i, free int) (at int, w time.Weekday, ok bool) {
	j := i - 1
	for j >= free && !r.parted(j+1) && (r.mark(j, ",.") || r.is(j, "the")) && i-j <= 2 {
		j--
	}
	if j < free || r.parted(j+1) {
		return 0, 0, false
	}
	w, ok = weekday(r.lower(j))
	return j, w, ok
}

// clock is a time of day and where its tokens end.
type clock struct{ minutes, to int }

// What may stand around a time of day; a time of another country is left out.
var (
	zones      = []string{"bst", "gmt", "uk", "local", "time", "london", "british", "summer", "prompt", "sharp", "utc"}
	abroad     = []string{"cet", "cest", "eet", "eest", "edt", "pst", "kyiv", "kiev"}
	connectors = append([]string{"at", "by", "from", "between", "before", "until", "till", "to", "no", "later", "than", "on", "of", "and",
		"the", "starting", "start", "commencing", "deadline", "latest", "around", "approximately", "is", "am", "pm", "a", "p", "m",
		"noon", "midday", "midnight", "hrs", "hours", "hr", "h", "or", "finish", "times", "is"}, zones...)
)

// backward looks for the time of day that leads up to token i: "5pm on", "by 12:00 noon,", "10am - 12pm on".
func (r *dateReader) backward(i, free int) (minutes, at int) {
	const far = 18
	j := i
	for j > free && i-j < far {
		k := j - 1
		if r.parted(j) && !r.mark(k, ";") {
			break
		}
		if !(r.tokens[k].kind == number || r.mark(k, ".,:;-–—()/@") || r.is(k, connectors...)) {
			break
		}
		j = k
	}
	found, at := unsaid, i
	for k := j; k < i; {
		m, next, ok := r.clockAt(k, r.is(k-1, "at", "by", "before", "until", "from", "than") || r.mark(k-1, "@"))
		if ok && next <= i && !r.clinging(k, "/.:£") {
			if found == unsaid || !(r.dash(k-1) || r.is(k-1, "to", "and", "until") || r.mark(k-1, "(/")) {
				found, at = m, k
			}
			k = next
			continue
		}
		if r.kind(k, number) {
			found, at = unsaid, i
		}
		k++
	}
	return found, at
}

// forward looks for the time of day that follows at token i: "at 5pm", ", 12 noon", "- Time: 10:00".
func (r *dateReader) forward(i int) (clock, bool) {
	strong := false
	for k := i; k < len(r.tokens) && k-i <= 8; k++ {
		if r.tokens[k].gap && !r.timeLine(k) {
			return clock{}, false
		}
		if m, next, ok := r.clockAt(k, strong); ok {
			if r.is(next, "on") && !r.parted(next) || r.named(next) || r.is(next, abroad...) {
				return clock{}, false // the time of the date that comes, or of another country
			}
			return clock{m, r.clockTail(next)}, true
		}
		switch {
		case r.is(k, "at", "by", "before", "until", "till", "from", "between", "than", "time", "times") || r.mark(k, "@"),
			k == i && r.joined(k) && r.is(k, "t"):
			strong = true
		case r.mark(k, ",:;-–—(.|@•)"):
		case r.is(k, "no", "later", "starting", "start", "commencing", "deadline", "latest", "around", "approximately", "is", "on", "the", "promptly"):
		default:
			return clock{}, false
		}
	}
	return clock{}, false
}

// named reports whether a weekday and a number stand at token i.
func (r *dateReader) named(i int) bool {
	_, ok := weekday(r.lower(i))
	return ok && !r.parted(i) && (r.kind(i+1, number) || r.kind(i+2, number))
}

// timeLine reports whether the line at token k is about a time: "- Time: 10:00", "from 10am".
func (r *dateReader) timeLine(k int) bool {
	for n := 0; n < 2 && r.mark(k, "-–—•·|"); n++ {
		k++
	}
	return r.is(k, "time", "times")
}

// clockTail takes in the end of a range of times and its zone: "- 12pm", "to 16:00 BST".
func (r *dateReader) clockTail(i int) int {
	k := i
	if r.dash(k) || r.is(k, "to", "and", "until", "till") || r.mark(k, "(/") {
		if _, next, ok := r.clockAt(k+1, true); ok && !r.parted(k) && !r.parted(k+1) && !r.is(next, "on") && !r.named(next) {
			i = next
			if r.mark(k, "(") && r.mark(i, ")") {
				i++
			}
		}
	}
	return i
}

// clockAt reads the time of day at token i: "5pm", "17:00hrs", "12 noon", "midnight", "1700 hours". A
// time without a colon or a word that says it is one ("12.30", "0900") needs expected.
func (r *dateReader) clockAt(i int, expected bool) (minutes, next int, ok bool) {
	if r.is(i, "noon", "midday") {
		return 12 * 60, i + 1, true
	}
	if r.is(i, "midnight") {
		return midnight, i + 1, true
	}
	if !r.kind(i, number) {
		return 0, i, false
	}
	text := r.text[r.tokens[i].start:r.tokens[i].end]
	h, m, sure, bare := unsaid, 0, false, false
	next = i + 1
	switch hour, minute, pointed := strings.Cut(text, "."); {
	case pointed:
		if len(hour) <= 2 && len(minute) == 2 {
			h, m = digits(hour), digits(minute)
		}
	case len(text) <= 2:
		h = digits(text)
		if r.mark(next, ":") && r.joined(next) && r.kind(next+1, number) && r.joined(next+1) {
			minute := r.text[r.tokens[next+1].start:r.tokens[next+1].end]
			if len(minute) != 2 {
				return 0, i, false
			}
			m, next, sure = digits(minute), next+2, true
			if r.mark(next, ":") && r.joined(next) && r.kind(next+1, number) && r.joined(next+1) {
				next += 2 // seconds
			}
		} else {
			bare = true
		}
	case len(text) == 4 && digits(text) != unsaid:
		h, m = digits(text)/100, digits(text)%100
		expected = expected && (h < 19 || h > 20) || text[0] == '0'
	}
	if h < 0 || h > 24 || m < 0 || m > 59 || h == 24 && m > 0 {
		return 0, i, false
	}
	half, after := r.half(next)
	switch {
	case half == "am":
		if h == 12 {
			h = 0
		}
	case half == "pm":
		if h < 12 {
			h += 12
		}
	case half == "noon" && h == 12:
	case half == "midnight" && (h == 12 || h == 0 || h == 24 || h == 23):
		if h == 12 || h == 0 {
			h = 24
		}
	case half == "hrs" && !bare:
	case half == "" && bare && h <= 12: // "10-12pm"
		end, stop, ok := r.rangeEnd(next)
		if !ok || end <= h*60 && end/60 != 12 {
			return 0, i, false
		}
		if end >= 13*60 && h < 12 && (h+12)*60 < end {
			h += 12
		}
		return h * 60, stop, true
	default:
		if bare || !sure && !expected || half == "noon" || half == "midnight" {
			return 0, i, false
		}
		after = next
	}
	return h*60 + m, r.zone(after), true
}

// rangeEnd reads the "-12pm" of "10-12pm".
func (r *dateReader) rangeEnd(i int) (minutes, next int, ok bool) {
	if !(r.dash(i) || r.is(i, "to", "until")) || r.parted(i) || r.parted(i+1) || !r.kind(i+1, number) {
		return 0, i, false
	}
	text := r.text[r.tokens[i+1].start:r.tokens[i+1].end]
	hour, minute, _ := strings.Cut(text, ".")
	h := digits(hour)
	next = i + 2
	if r.mark(next, ":") && r.joined(next) && r.kind(next+1, number) {
		minute = r.text[r.tokens[next+1].start:r.tokens[next+1].end]
		next += 2
	}
	half, after := r.half(next)
	if h == unsaid || h > 12 || h < 1 || half != "am" && half != "pm" && half != "noon" || len(hour) > 2 {
		return 0, i, false
	}
	if half == "pm" && h < 12 {
		h += 12
	}
	return h*60 + max(0, digits(minute)), after, true
}

// half reads the word behind the figures of a time: "am", "p.m.", "noon", "hrs"; next is where it ends.
func (r *dateReader) half(i int) (half string, next int) {
	if r.parted(i) {
		return "", i
	}
	switch {
	case r.is(i, "am", "pm"):
		half, next = r.lower(i), i+1
		if r.is(i+1, "noon", "midday", "midnight") && !r.parted(i+1) {
			next++ // "12.00pm midday"
		}
		return half, next
	case r.is(i, "a", "p") && r.mark(i+1, ".") && r.is(i+2, "m"):
		next = i + 3
		if r.mark(next, ".") && r.joined(next) && !r.parted(next+1) {
			next++
		}
		return r.lower(i) + "m", next
	case r.is(i, "noon", "midday"):
		return "noon", i + 1
	case r.is(i, "midnight"):
		return "midnight", i + 1
	case r.is(i, "hrs", "hours", "hr", "h", "hour"):
		return "hrs", i + 1
	}
	return "", i
}

// zone takes in the zone behind a time, "(BST)" too, since all times are read as London's.
func (r *dateReader) zone(i int) int {
	for k := i; k < len(r.tokens) && k-i <= 3 && !r.tokens[k].gap; k++ {
		switch {
		case r.is(k, "bst", "gmt"):
			if r.mark(k+1, ")") && r.mark(k-1, "(") {
				return k + 2
			}
			return k + 1
		case r.is(k, "time") && k > i:
			if r.mark(k+1, ")") && r.mark(i, "(") {
				return k + 2
			}
			return k + 1
		case k == i && r.mark(k, "("), r.is(k, "uk", "local", "london"):
		default:
			return i
		}
	}
	return i
}

// settle gives every date its year, weighs its weekday, and says how sure it is.
func (r *dateReader) settle() {
	for i := len(r.found) - 1; i >= 0; i-- {
		d := &r.found[i]
		if i > 0 && d.joined == apart {
			d.joined = r.hangs(&r.found[i-1], d)
		}
		if d.y != unsaid {
			continue
		}
		d.confidence = min(d.confidence, 80)
		if i+1 < len(r.found) && r.found[i+1].joined != apart && r.found[i+1].y != unsaid {
			next := r.found[i+1]
			d.y = next.y
			if d.m > next.m || d.m == next.m && d.d > next.d {
				d.y--
			}
		}
	}
	kept := r.found[:0]
	for i, d := range r.found {
		if d.y == unsaid {
			d.y = r.missingYear(d, i)
		}
		if d.y == unsaid || !valid(d) {
			continue
		}
		if d.named {
			if time.Date(d.y, time.Month(d.m), d.d, 0, 0, 0, 0, time.UTC).Weekday() == d.weekday {
				d.confidence = min(d.confidence+4, 99)
			} else {
				d.confidence = min(d.confidence, 50)
			}
		}
		r.found[i].y = d.y
		kept = append(kept, d)
	}
	r.found = kept
}

// hangs says how date b hangs together with date a before it, by what stands between them.
func (r *dateReader) hangs(a, b *date) link {
	if b.from-a.to > 5 {
		return apart
	}
	how := apart
	for k := a.to; k < b.from; k++ {
		switch {
		case r.parted(k):
			return apart
		case r.is(k, "to", "until", "till", "through") || r.dash(k):
			how = ranged
		case r.is(k, "and", "or") || r.mark(k, ",&/"):
			how = max(how, listed)
		case r.is(k, "on", "the", "up", "ending", "inclusive") || r.mark(k, "("):
		default:
			return apart
		}
	}
	if r.parted(b.from) {
		return apart
	}
	if how == listed && r.is(a.from-1, "between") {
		how = ranged
	}
	return how
}

// missingYear is the year of a date without one: of the end of a range the first after its start;
// else the day nearest to publication, on it or after, at most eleven months ahead, unless the weekday says that it has passed.
func (r *dateReader) missingYear(d date, i int) int {
	base, far := r.published.In(notice.London), true
	if d.joined == ranged && i > 0 && r.found[i-1].y != unsaid {
		p := r.found[i-1]
		base, far = time.Date(p.y, time.Month(p.m), p.d, 0, 0, 0, 0, notice.London), false
	} else if r.published.IsZero() {
		return unsaid
	}
	y, m, day := base.Date()
	if int(m) > d.m || m == time.Month(d.m) && day > d.d {
		y++
	}
	if !far {
		return y
	}
	limit := time.Date(base.Year(), m+11, day, 0, 0, 0, 0, time.UTC)
	next := time.Date(y, time.Month(d.m), d.d, 0, 0, 0, 0, time.UTC)
	last := next.AddDate(-1, 0, 0)
	if next.After(limit) || d.named && next.Weekday() != d.weekday && last.Weekday() == d.weekday {
		y--
	}
	return y
}

// valid reports whether there is such a day; without a year, whether there may be.
func valid(d date) bool {
	y := d.y
	if y == unsaid {
		y = 2024 // a leap year
	}
	if y < firstYear || y > lastYear || d.m < 1 || d.m > 12 || d.d < 1 {
		return false
	}
	return d.d <= time.Date(y, time.Month(d.m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// moment is the day or, where a time stands with it, the instant in London. Midnight ends the day
// it is named with, unless something starts then.
func (d date) moment(starts bool) notice.Moment {
	if d.clock == unsaid {
		return notice.Moment{Time: time.Date(d.y, time.Month(d.m), d.d, 0, 0, 0, 0, notice.London), Day: true}
	}
	c := d.clock
	if c == midnight {
		c--
		if starts {
			c = 0
		}
	}
	return notice.Moment{Time: time.Date(d.y, time.Month(d.m), d.d, c/60, c%60, 0, 0, notice.London)}
}

// digits is a text of one to four digits as a number, or unsaid.
func digits(s string) int {
	if s == "" || len(s) > 4 {
		return unsaid
	}
	n := 0
	for i := range len(s) {
		if !digit(s[i]) {
			return unsaid
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

var monthNames = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// month reads a month's name or abbreviation; spelt is false where it is the name but for a slip
// of the finger. With glued, the ending of an ordinal may stand before it ("thJuly").
func month(w string, glued bool) (m int, spelt bool) {
	if glued && hasOrdinal(w) {
		w = w[2:]
	}
	if len(w) < 3 || len(w) > 11 {
		return 0, false
	}
	switch w[0] {
	case 'j', 'f', 'm', 'a', 's', 'o', 'n', 'd':
	default:
		return 0, false
	}
	for i, name := range monthNames {
		if w == name || len(w) == 3 && w == name[:3] {
			return i + 1, true
		}
	}
	switch w {
	case "sept":
		return 9, true
	case "febr", "marc", "octo", "novem", "decem":
		return slices.IndexFunc(monthNames[:], func(n string) bool { return strings.HasPrefix(n, w) }) + 1, false
	}
	if len(w) < 4 {
		return 0, false
	}
	for i, name := range monthNames {
		slips := 2
		if len(name) < 6 {
			slips = 1
		}
		if len(name) > 3 && name[0] == w[0] && within(w, name, slips) {
			return i + 1, false
		}
	}
	return 0, false
}

// within reports whether a becomes b by at most n slips: a letter left out, put in, changed, or two changed about.
func within(a, b string, n int) bool {
	if a == b {
		return true
	}
	if n == 0 || len(a) > len(b)+n || len(b) > len(a)+n {
		return false
	}
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return a != "" && within(a[1:], b, n-1) || b != "" && within(a, b[1:], n-1) ||
		a != "" && b != "" && within(a[1:], b[1:], n-1) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && within(a[2:], b[2:], n-1)
}

// weekday reads the name of a weekday or its abbreviation.
func weekday(w string) (time.Weekday, bool) {
	if len(w) < 3 {
		return 0, false
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := d.String()
		if strings.EqualFold(w, name) || len(w) <= 5 && len(w) < len(name) && strings.EqualFold(w, name[:len(w)]) {
			return d, true
		}
	}
	switch w {
	case "weds":
		return time.Wednesday, true
	case "wednesay", "wensday", "wednsday", "wedneday":
		return time.Wednesday, true
	case "thurday", "thurdsay", "thrusday":
		return time.Thursday, true
	case "tuseday", "tueday":
		return time.Tuesday, true
	}
	return 0, false
}
