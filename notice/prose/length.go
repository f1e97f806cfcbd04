package prose

import (
	"slices"
	"strings"

	"bidfit/notice"
)

// Field is which kind of text is read: "24 months" in what is said of renewal is an extension.
type Field int

const (
	Description Field = iota // and every other prose
	Title
	Renewal
	Options
)

// Lengths reads how long contracts run and by how much they can be extended. What stands in
// neighbouring sentences is one length: "The term is 3 years. It may be extended by 2 x 12 months."
// A length said again in other words counts once.
//
// Years and months are the contract's when words of contracts stand near and none of the many other
// things that take years: experience, notice, accounts, guarantees, ages. A total with all
// extensions ("five years at most") is no term of its own where the parts are told.
func (t *Text) Lengths(field Field) []Found[notice.Length] {
	return t.lengths(field)
}

// role is what a stretch of time is to a contract.
type role uint8

const (
	unrelated role = iota // nothing
	term                  // how long it runs
	extension             // an option to extend
	total                 // how long with all extensions
	interval              // the step in which an extension is taken
)

// stretch is one or more lengths of time where they stand: "2 x 12 months" is two, "3+1+1" three.
type stretch struct {
	from, to int
	spans    []notice.Span
	chain    bool // joined by plus signs: the first may be the term
	guessed  bool // its figures have no unit of their own
	role     role
	sure     int
	sentence int
}

// mostSpans bounds what one stretch holds: "9 x 1 month" is nine.
const mostSpans = 12

// lengths reads the stretches of time and puts together what is one length.
func (s *scan) lengths(field Field) []Found[notice.Length] {
	var found []stretch
	var prev *stretch
	sentence := 0
	for i := 0; i < len(s.tokens) && len(found) < 4*Most; {
		if s.tokens[i].gap {
			sentence++
		}
		read, ok := s.stretch(i)
		if !ok {
			i++
			continue
		}
		st := read
		for j := i + 1; j < st.to; j++ {
			if s.tokens[j].gap {
				sentence++
			}
		}
		st.sentence = sentence
		s.judge(&st, prev, field)
		if st.role != unrelated {
			found = append(found, st)
		}
		prev = &st
		i = st.to
	}
	return s.joinLengths(found)
}

// starters are the words a stretch of time may start with.
var starters = func() map[string]bool {
	all := set("a an another further additional second third fourth fifth sixth")
	for w := range numerals {
		all[w] = true
	}
	return all
}()

// stretch reads the stretch of time that starts at token i.
func (s *scan) stretch(i int) (stretch, bool) {
	if s.kind(i, mark) || s.kind(i, word) && !starters[s.lower(i)] || s.joined(i) && s.kind(i-1, number) || s.mark(i-1, "£€$.") && s.joined(i) {
		return stretch{}, false
	}
	if st, ok := s.ordinals(i); ok {
		return st, true
	}
	st, ok := s.part(i)
	if !ok {
		return st, false
	}
	return s.chained(st)
}

// part reads a stretch without plus signs: "12 months", "2 x 12 months", "two further periods of a year",
// and a bare figure when a plus sign follows, whose unit comes later.
func (s *scan) part(i int) (stretch, bool) {
	n, to, ok := s.quantity(i)
	if !ok {
		return stretch{}, false
	}
	if span, end, ok := s.unit(n, to); ok {
		if n > 1000 && n%1000 == 0 && n <= 1000*mostSpans && s.is(end-2, "single", "individual") && s.is(end-1, "year", "month") && s.is(end, "extension", "extensions", "periods", "options") {
			return stretch{from: i, to: end, spans: slices.Repeat([]notice.Span{{Months: span.Months / (n / 1000)}}, n/1000)}, true
		}
		return stretch{from: i, to: end, spans: []notice.Span{span}}, true
	}
	if n%1000 == 0 && n >= 1000 && n <= 1000*mostSpans {
		span, end, ok := s.annual(to)
		if !ok {
			span, end, ok = s.eachOf(to)
		}
		if ok {
			return stretch{from: i, to: end, spans: slices.Repeat([]notice.Span{span}, n/1000)}, true
		}
	}
	if n%1000 == 0 && n > 0 && (s.plus(to) || s.mark(i-1, "+") && s.mark(to, ",") && s.plus(to+1)) {
		return stretch{from: i, to: to, spans: []notice.Span{{Months: -n / 1000}}}, true
	}
	return stretch{}, false
}

// annual reads periods of a year that are only counted: "four annual extensions", "2 option years".
func (s *scan) annual(i int) (notice.Span, int, bool) {
	for k := 0; k < 3 && !s.gapAt(i) && s.is(i, "further", "additional", "optional", "potential", "possible", "separate", "consecutive"); k++ {
		i++
	}
	year := s.is(i, "annual", "yearly") && s.is(i+1, "extension", "extensions", "options", "renewals", "periods") ||
		s.is(i, "option", "extension") && s.is(i+1, "years", "year")
	if !year || s.gapAt(i) || s.gapAt(i+1) {
		return notice.Span{}, 0, false
	}
	return notice.Span{Months: 12}, i + 2, true
}

// plus reports whether token i adds: "+", "plus", "&plus;".
func (s *scan) plus(i int) bool {
	return !s.gapAt(i) && (s.mark(i, "+") || s.is(i, "plus"))
}

// quantity reads a number from token i, in thousandths: "12", "5.5", "twenty-four", "two (2)", "a further".
func (s *scan) quantity(i int) (n, to int, ok bool) {
	whole, ok := s.whole(i)
	to = i + 1
	switch {
	case ok && s.kind(i, word) && whole >= 20:
		j := to
		if s.dash(j) {
			j++
		}
		if more, ok := s.whole(j); ok && more < 10 && s.kind(j, word) {
			whole, to = whole+more, j+1
		}
	case ok:
	case s.kind(i, number):
		t := s.text[s.tokens[i].start:s.tokens[i].end]
		head, tail, found := strings.Cut(t, ".")
		if !found || len(head) > 2 || len(tail) > 2 || strings.ContainsAny(t, ",") {
			return 0, 0, false
		}
		f := (tail + "000")[:3]
		return atoi(head)*1000 + atoi(f), to, true
	case s.is(i, "a", "an", "another") && s.is(to, "further", "additional", "extra", "optional", "single") ||
		s.is(i, "another", "further", "additional") && s.is(to, "year"):
		if s.is(to, "year") {
			return 1000, to, true
		}
		return 1000, to, s.is(to+1, "year", "month", "12-month") || s.is(to+1, "one") && s.is(to+2, "year")
	default:
		return 0, 0, false
	}
	if s.mark(to, "([") && !s.gapAt(to+1) {
		j := to + 1
		for j < to+4 && !s.gapAt(j) && !s.mark(j, ")]") {
			j++
		}
		if _, again := s.whole(to + 1); again && s.mark(j, ")]") {
			to = j + 1
		}
	}
	return whole * 1000, to, true
}

func atoi(digits string) int {
	n := 0
	for _, c := range []byte(digits) {
		n = n*10 + int(c-'0')
	}
	return n
}

// unit reads the unit of a quantity of thousandths, and with it the months of "2 years and 3 months".
func (s *scan) unit(n, i int) (notice.Span, int, bool) {
	span, to, ok := s.oneUnit(n, i)
	if !ok || span.Days > 0 || span.Months%12 > 0 {
		return span, to, ok
	}
	j := to
	if s.is(j, "and") || s.mark(j, ",") {
		j++
	}
	if m, end, ok := s.quantity(j); ok && !s.gapAt(j) && m < 12000 && !s.is(j, "a", "an", "another") {
		if more, end, ok := s.oneUnit(m, end); ok && more.Days == 0 && more.Months < 12 && !s.is(end, "extension", "extensions", "notice") {
			return notice.Span{Months: span.Months + more.Months}, end, true
		}
	}
	return span, to, true
}

func (s *scan) oneUnit(n, i int) (notice.Span, int, bool) {
	for k := 0; k < 3 && !s.gapAt(i) && (s.dash(i) || s.is(i, "further", "additional", "optional", "calendar", "consecutive", "extra", "more", "full", "successive", "contract", "single", "individual", "possible")); k++ {
		i++
	}
	if s.gapAt(i) || !s.kind(i, word) {
		return notice.Span{}, 0, false
	}
	switch w := s.lower(i); w {
	case "year", "years", "yr", "yrs", "year's", "years'":
		return notice.Span{Months: n * 12 / 1000}, i + 1, n > 0 && n <= 60000
	case "y":
		return notice.Span{Months: n * 12 / 1000}, i + 1, s.joined(i) && n > 0 && n <= 20000
	case "month", "months", "mth", "mths", "month's", "months'":
		return notice.Span{Months: n / 1000}, i + 1, n >= 1000 && n%1000 == 0 && n <= 600000
	case "week", "weeks", "wks":
		return notice.Span{Days: 7 * n / 1000}, i + 1, n >= 1000 && n%1000 == 0 && n <= 520000
	case "day", "days":
		return notice.Span{Days: n / 1000}, i + 1, n >= 1000 && n%1000 == 0 && n <= 4000000
	}
	return notice.Span{}, 0, false
}

// between are the words that may stand between how many and how long: "two (2) optional extensions of up to 12 months".
var between = set(`x × * further additional optional separate consecutive successive single possible potential extra individual more permitted
	periods period extensions extension options option increments increment terms term of up to extend the for an a by each renewal renewals
	allowable available contract being , " “ ”`)

// counts are those of them that show that something is counted.
var counts = set(`x × * further additional optional separate consecutive successive possible potential extra individual periods period extensions extension
	options option increments terms renewals`)

// eachOf reads how long each of several periods is, after how many they are.
func (s *scan) eachOf(i int) (notice.Span, int, bool) {
	shown := false
	for j := i; j < i+11 && !s.gapAt(j); j++ {
		if n, to, ok := s.quantity(j); ok {
			if j > i && !shown || s.is(j, "a", "an", "another") {
				return notice.Span{}, 0, false
			}
			span, end, ok := s.unit(n, to)
			return span, end, ok && (shown || span.Months > 0)
		}
		w := s.lower(j)
		if !between[w] {
			return notice.Span{}, 0, false
		}
		shown = shown || counts[w]
	}
	return notice.Span{}, 0, false
}

// chained goes on with what a plus sign adds to a stretch, and gives bare figures their unit.
func (s *scan) chained(st stretch) (stretch, bool) {
	for len(st.spans) < mostSpans {
		i := st.to
		if s.mark(i, ",") {
			i++
		}
		switch {
		case s.plus(i):
			i++
		case s.is(i, "followed") && s.is(i+1, "by") && !s.gapAt(i):
			i += 2
		default:
			i = -1
		}
		if i < 0 {
			break
		}
		for k := 0; k < 5 && !s.gapAt(i) && s.is(i, "a", "an", "possible", "optional", "further", "additional", "up", "to", "potential", "the", "option", "of", "extension"); k++ {
			if n, _, ok := s.quantity(i); ok && n > 0 {
				break
			}
			i++
		}
		next, ok := s.part(i)
		if !ok || s.gapAt(i) {
			n, to, ok := s.quantity(i)
			if !ok || n%1000 != 0 || n == 0 || s.gapAt(i) {
				break
			}
			next = stretch{from: i, to: to, spans: []notice.Span{{Months: -n / 1000}}}
		}
		st.spans = append(st.spans, next.spans...)
		st.to = next.to
		st.chain = true
	}
	if len(st.spans) > mostSpans {
		return st, false
	}
	return s.settle(st)
}

// settle gives the bare figures of a chain, kept as negative months, the unit of those that have one. Where none has one
// small figures are years, and 12, 24, 36 months.
func (s *scan) settle(st stretch) (stretch, bool) {
	bare, years, months := false, false, false
	most := 0
	for _, p := range st.spans {
		switch {
		case p.Months < 0:
			bare = true
			most = max(most, -p.Months)
		case p.Days > 0:
			return st, !bare && !slices.ContainsFunc(st.spans, func(p notice.Span) bool { return p.Months < 0 })
		case p.Months%12 == 0 && s.yearly(st.from, st.to):
			years = true
		default:
			months = true
		}
	}
	if !bare {
		return st, true
	}
	if !years && !months {
		if !st.chain {
			return st, false
		}
		// "3+1+1 years" has its unit behind; "(3+1+1)" none.
		if _, end, ok := s.oneUnit(1000, st.to); ok {
			months = !s.yearly(st.to, end)
			st.to = end
		} else {
			st.guessed = true
			months = most > 10
			if most == 0 || most > 60 || months && slices.ContainsFunc(st.spans, func(p notice.Span) bool { return -p.Months%6 != 0 }) {
				return st, false
			}
		}
	}
	spans := make([]notice.Span, len(st.spans))
	for i, p := range st.spans {
		switch {
		case p.Months >= 0:
			spans[i] = p
		case months && !years:
			spans[i].Months = -p.Months
		default:
			if -p.Months > 20 {
				return st, false
			}
			spans[i].Months = -p.Months * 12
		}
	}
	st.spans = spans
	return st, true
}

// yearly reports whether a year is named among the tokens from..to.
func (s *scan) yearly(from, to int) bool {
	for i := from; i < to; i++ {
		if s.is(i, "year", "years", "yr", "yrs", "y", "year's") {
			return true
		}
	}
	return false
}

// ordinals reads "an optional 3rd and 4th year": as many years as are named.
func (s *scan) ordinals(i int) (stretch, bool) {
	n, j := 0, i
	for n < 6 {
		k := s.ordinal(j)
		if k == 0 || s.gapAt(k) {
			break
		}
		n++
		j = k
		if s.is(j, "and", "or", "to") || s.mark(j, ",&") {
			if s.ordinal(j+1) == 0 {
				break
			}
			j++
		}
	}
	if n == 0 || !s.is(j, "year", "years") || s.gapAt(j) {
		return stretch{}, false
	}
	from := s.sentenceStart(i, 8)
	for k := from; k < min(j+5, len(s.tokens)); k++ {
		if k > j && s.tokens[k].gap {
			break
		}
		if s.is(k, "optional", "extension", "option") {
			return stretch{from: i, to: j + 1, spans: slices.Repeat([]notice.Span{{Months: 12}}, n), role: extension}, true
		}
	}
	return stretch{}, false
}

// ordinal is the token after the ordinal number at token i, 0 where there is none.
func (s *scan) ordinal(i int) int {
	switch {
	case s.kind(i, number) && s.joined(i+1) && s.is(i+1, "st", "nd", "rd", "th"):
		return i + 2
	case s.is(i, "second", "third", "fourth", "fifth", "sixth"):
		return i + 1
	}
	return 0
}

func (s *scan) sentenceStart(i, far int) int {
	from := i
	for from > 0 && i-from < far && !s.tokens[from].gap {
		from--
	}
	return from
}

// A clue is what a word near a stretch of time says it is.
type clue uint8

const (
	noClue    clue = iota
	extending      // an option to extend
	lasting        // the contract
	whole          // with all options
	alien          // something else that takes time
)

var clues = func() map[string]clue {
	all := map[string]clue{}
	for is, list := range map[clue]string{
		extending: `extend extends extended extending extension extensions extendable extention option options optional optionally further additional renew renewed renewal renewals
			possible possibility potential extra added prolong prolongation`,
		lasting: `contract contracts framework frameworks agreement agreements term duration length initial initially run runs dps appointment lease licence concession
			basis let awarded system arrangement arrangements contracted partnership commission lasts last`,
		whole: `maximum max total overall exceed exceeding aggregate cumulative`,
		alien: `experience notice warranty guarantee guaranteed warranties accounts audited turnover previous preceding past aged age ages old within every response
			shelf invoice invoices payment payments paid valid validity standstill defects liability retention history trading ago examples references reference since
			records retain retained retention minimum-age mobilisation mobilization lead delivery deliver review reviewed interest children child pupils students
			course courses training born resident residents weekend school holiday clinical financial insurance indemnity survey surveys inspection inspections
			existed operating operated established working hours per week weekly plan strategy apprenticeship apprenticeships placement placements programme
			maintenance settlement recent latest completed undertaken similar implementation evaluation forecast life lifecycle lifespan vision application applications acceptance historical historic trend trends regulation regulations limits deadline clarification certification open bids`,
	} {
		for _, w := range strings.Fields(list) {
			all[w] = is
		}
	}
	return all
}()

// A verdict is how near the clues of each kind stand to a stretch of time; 0 where none does.
type verdict struct {
	before, ext   int // an option to extend: before it; before, inside or behind it
	life, all     int
	bad, badAfter int
	initial       int
	most          bool // "the maximum length is" stands before it
	maybe         bool // the nearest such clue is "possible" or "potential"
}

// judge decides what a stretch of time is; prev is the one before it in the text, if any.
func (s *scan) judge(st, prev *stretch, field Field) {
	last := 0
	if prev != nil {
		last = prev.to
	}
	if st.role == extension { // ordinals
		st.sure = 85
		return
	}
	if s.elsewhere(st) {
		return
	}
	if s.interval(st) {
		st.role, st.sure = interval, 80
		return
	}
	if len(st.spans) == 1 && s.is(st.from-1, "in") && s.is(st.from-2, "renewal", "renewed", "review", "again") {
		return // "a renewal in 4 years"
	}
	v := s.weigh(st, last)
	days := st.spans[0].Days > 0
	switch {
	case v.badAfter > 0 && (v.ext == 0 || v.badAfter <= v.ext):
		return
	case v.bad > 0 && (v.life == 0 || v.life > v.bad) && (v.ext == 0 || v.bad < v.ext) && (v.initial == 0 || v.bad < v.initial):
		return
	case days && v.bad > 0 && !(v.life > 0 && v.life <= 2 && v.bad > 8):
		return
	}
	if st.chain {
		s.judgeChain(st, prev, v, field)
		return
	}
	followed := s.extensionFollows(st.to)
	switch {
	case len(st.spans) > 1 && (v.ext > 0 || field == Renewal):
		st.role, st.sure = extension, 90
	case v.most && v.initial == 0:
		st.role, st.sure = total, 60
	case v.all > 0 && v.all <= 8 && len(st.spans) == 1 && !(v.initial > 0 && v.initial < v.all) && !(v.before > 0 && v.before < v.all && v.before <= 2 && !v.maybe):
		switch {
		case s.limitsExtension(st, last):
			st.role, st.sure = extension, 80
		case days:
		case v.life > 0 || field == Renewal || v.ext > 0:
			st.role, st.sure = total, 60
		}
	case v.initial > 0 && (v.ext == 0 || v.initial < v.ext):
		st.role, st.sure = term, 92
	case v.maybe && (s.is(st.to, "contract", "framework", "agreement", "term") && !s.is(st.to+1, "extension", "extensions") || v.life > 0 && v.life < v.before && s.is(st.from-1, "of")):
		st.role, st.sure = total, 60
	case v.ext > 0 && v.ext <= 12:
		st.role, st.sure = extension, 90
		if v.ext > 6 && v.before == 0 || days {
			st.sure = 75
		}
	case field == Renewal:
		st.role, st.sure = extension, 80
		if followed || v.life > 0 && v.life <= 8 && s.later(st.to, "extend", "extended", "extension", "extensions", "option", "options", "optional") {
			st.role, st.sure = term, 85
		}
	case len(st.spans) > 1:
		if v.life > 0 || field == Options {
			st.role, st.sure = extension, 75
		}
	case days && (v.life == 0 || v.life > 4 || st.spans[0].Days < 28):
	case v.bad > 0 && (v.life == 0 || v.bad < v.life):
	case followed:
		st.role, st.sure = term, 88
	case v.life > 0 && v.life <= 4, v.life > 0 && v.life <= 14 && s.later(st.to, "extend", "extended", "extension", "extensions", "option", "options", "optional"):
		st.role, st.sure = term, 88
	case v.life > 0 && v.life <= 10:
		st.role, st.sure = term, 72
	case v.bad == 0 && s.is(st.to, "period") && s.is(st.from-1, "a", "an") && s.is(st.from-2, "for", "over"):
		st.role, st.sure = term, 65
	case field == Title && s.is(st.from-1, "for"):
		st.role, st.sure = term, 65
	}
}

// weigh looks for clues in the sentence of a stretch of time.
func (s *scan) weigh(st *stretch, last int) (v verdict) {
	near := func(at *int, d int) bool {
		if *at == 0 || d < *at {
			*at = d
			return true
		}
		return false
	}
	from := s.sentenceStart(st.from, 26)
	over := s.is(st.from-1, "over") || s.is(st.from-2, "over") && s.is(st.from-1, "the", "a")
	for j, d := st.from-1, 1; j >= from; j, d = j-1, d+1 {
		own := j >= last // not what is said of the stretch before
		w := s.lower(j)
		if own && (w == "initial" || w == "initially" || w == "core") {
			if d > 2 && s.is(j-1, "including", "inclusive") || d > 2 && s.is(j-1, "of") && s.is(j-2, "inclusive") {
				near(&v.all, d) // "seven years, inclusive of the initial term"
			} else {
				near(&v.initial, d)
			}
		}
		switch clues[w] {
		case extending:
			if own && !over && near(&v.ext, d) {
				v.maybe = w == "possible" || w == "potential"
			}
		case lasting:
			switch {
			case w == "last" && s.is(j-1, "the", "for", "over", "in"): // "the last 3 years"
				near(&v.bad, d)
			case own:
				near(&v.life, d)
			default:
				near(&v.life, d+3)
			}
		case whole:
			if own {
				near(&v.all, d)
				v.most = v.most || s.longest(j)
			}
		case alien:
			switch {
			case !own:
			case s.rate(j), w == "established" && d > 4:
			case s.is(j, "acceptance", "limits", "warranty", "guarantee", "experience", "accounts") && d <= 6:
				near(&v.bad, 1)
			default:
				near(&v.bad, d)
			}
		default:
			if w == "period" && d == 2 && s.is(st.from-1, "of") {
				near(&v.life, 2)
			}
		}
	}
	if from == st.from && s.headed(from) {
		near(&v.life, 1)
	}
	v.before = v.ext
	for j := st.from; j < st.to; j++ {
		if clues[s.lower(j)] == extending {
			near(&v.ext, 1)
			v.maybe = false
		}
	}
	for j, d := st.to, 1; d <= 7 && !s.gapAt(j); j, d = j+1, d+1 {
		if _, _, ok := s.quantity(j); ok && d > 1 || s.mark(j, ",;([") || s.plus(j) || s.is(j, "with", "and", "followed", "subject", "or", "extendable", "but", "may", "can", "which") {
			break
		}
		w := s.lower(j)
		if s.is(j, "beyond", "after", "following") {
			break // "two years beyond the initial term"
		}
		switch clues[w] {
		case extending:
			if near(&v.ext, d) {
				v.maybe = false
			}
		case lasting:
			near(&v.life, d)
		case alien:
			if d <= 4 {
				near(&v.badAfter, d)
			}
		case whole:
			if d == 1 || d == 2 && clues[s.lower(j-1)] != extending || s.is(j-1, "in") && clues[s.lower(j-2)] == lasting {
				near(&v.all, d)
				v.before, v.ext = 0, 0 // "(7 year maximum term)"
			}
		}
		if (w == "initial" || w == "initially") && d <= 3 {
			near(&v.initial, d)
		}
	}
	return v
}

// longest reports whether the "maximum" at token i is that of a whole contract: "the maximum length of the contract".
func (s *scan) longest(i int) bool {
	for j := i + 1; j < i+4; j++ {
		if s.is(j, "term", "length", "duration") {
			return !s.is(j+1, "of") || !s.is(j+2, "extension", "extensions", "each", "any") && !s.is(j+3, "extension", "extensions")
		}
		if !s.is(j, "total", "overall", "possible", "potential", "contract", "framework", "agreement") {
			return false
		}
	}
	return false
}

// rate reports whether token i is of what is paid for a time: "£1,035.00 per week".
func (s *scan) rate(i int) bool {
	if !s.is(i, "per") {
		i--
	}
	return s.is(i, "per") && s.kind(i-1, number) && (s.mark(i-2, "£") || s.is(i-2, "gbp"))
}

// headed reports whether the line before token i, which begins one, is a heading over how long a contract runs.
func (s *scan) headed(i int) bool {
	const longest = 6
	if i == 0 || !s.tokens[i].gap {
		return false
	}
	from := s.sentenceStart(i-1, longest+1)
	if i-from > longest || from > 0 && !s.tokens[from].gap {
		return false
	}
	for j := from; j < i; j++ {
		if s.is(j, "duration", "length") || s.is(j, "term", "period") && s.is(j-1, "contract", "framework", "agreement", "lease") {
			return true
		}
	}
	return false
}

// elsewhere reports whether a stretch of time is a rhythm, an age, one of several answers or a distance from something.
func (s *scan) elsewhere(st *stretch) bool {
	i := st.from
	switch {
	case s.every(i), s.is(i-1, "current", "previous", "existing", "former"), s.mark(st.to, "'’") && !s.is(st.to+1, "extension"), s.is(st.to, "old", "ago", "before", "prior", "thereafter", "time"),
		s.is(st.to, "a", "per") && s.is(st.to+1, "year", "week", "annum"),
		s.is(st.to, "s") && s.joined(st.to),
		s.is(st.to, "rolling") && s.is(st.to+1, "basis", "programme") && !s.namedBefore(i, "contract", "contracts", "agreement", "framework"),
		s.is(st.to, "following", "after") && !s.namedBefore(i, "extend", "extended", "extension", "option") && (s.is(st.to+1, "expiration", "expiry", "termination", "completion") || s.is(st.to+1, "the") && s.is(st.to+2, "expiration", "expiry", "termination", "completion", "end")),
		s.is(st.to, "of") && s.is(st.to+1, "data", "records", "history", "historic", "historical", "figures", "usage", "evidence", "accounts", "consumption"):
		return true
	case s.mark(i-1, "/") && s.joined(i), s.kind(i-2, number) && s.joined(i) && s.joined(i-1) && s.dash(i-1): // "2026/27 contract year", "3-4 years"
		return true
	case s.is(i-1, "or", "to") || s.dash(i-1):
		if n, ok := s.whole(i - 2); ok && n < 200 && !s.tokens[i-1].gap { // "12, 24 or 36 months", "from 36 to 48 months", "16 - 25 years"
			return true
		}
	}
	for j := i - 1; j > i-9 && j > 0 && !s.tokens[j+1].gap; j-- {
		if s.is(j, "extended") && s.is(j-1, "been") || s.is(j, "example") && s.is(j-1, "for") { // it has been, and is no option any more; or might be
			return true
		}
	}
	for j := st.to; j < st.to+4 && !s.gapAt(j); j++ {
		if s.is(j, "was", "were", "been") && s.is(j+1, "approved", "granted", "agreed", "taken", "exercised", "implemented", "applied") {
			return true
		}
	}
	return false
}

// namedBefore reports whether one of some words stands before token i in its sentence.
func (s *scan) namedBefore(i int, any ...string) bool {
	for j := s.sentenceStart(i, 20); j < i; j++ {
		if s.is(j, any...) {
			return true
		}
	}
	return false
}

// interval reports whether a stretch is the step in which an extension is taken: "24 months in 12-month increments".
func (s *scan) interval(st *stretch) bool {
	if len(st.spans) != 1 && !st.chain || !s.is(st.from-1, "in", "at", "by") && !(s.is(st.from-1, "of") && s.is(st.from-2, "increments", "intervals")) {
		return false
	}
	return s.is(st.to, "increments", "increment", "intervals", "interval", "extensions", "periods", "steps", "blocks", "tranches", "instalments") && !s.is(st.from-2, "extend") ||
		s.is(st.from-2, "increments", "intervals")
}

// extensionFollows reports whether the sentence goes on with how a term can be extended: "3 years with an option to extend".
func (s *scan) extensionFollows(i int) bool {
	for j := i; j < i+18 && !s.gapAt(j); j++ {
		if !s.is(j, "with", "plus", "followed", "and", "+") && !s.mark(j, "+,(") {
			continue
		}
		for k := j + 1; k < j+9 && !s.gapAt(k); k++ {
			if s.is(k, "extend", "extended", "extension", "extensions", "option", "options", "optional", "extending", "possibility") {
				return true
			}
		}
	}
	return false
}

// every reports whether a stretch comes again and again: "every 3 years", "per 12 months".
func (s *scan) every(i int) bool {
	return s.is(i-1, "every", "each", "per", "within", "aged", "last", "past", "previous", "preceding", "next", "than", "first", "under", "over", "recent", "consecutive", "financial") &&
		!s.is(i-2, "no", "not") || s.is(i-1, "least") && s.is(i-2, "at") || s.is(i-2, "last", "past", "within", "every") && s.is(i-1, "the", "a")
}

// later reports whether one of some words stands behind token i, in this sentence or the next.
func (s *scan) later(i int, any ...string) bool {
	gaps := 0
	for j := i; j < len(s.tokens) && j < i+25; j++ {
		if s.tokens[j].gap {
			if gaps++; gaps > 1 {
				return false
			}
		}
		if s.is(j, any...) {
			return true
		}
	}
	return false
}

// limitsExtension reports whether a total is of the extensions: "extended for a maximum of 24 months", not
// "extended to a maximum of 5 years" or "a maximum contract period of 5 years".
func (s *scan) limitsExtension(st *stretch, last int) bool {
	if s.is(st.to, "with") && s.extensionFollows(st.to) {
		return false // "up to seven years with two extensions of 24 months"
	}
	passed := false
	for j := st.from - 1; j >= last && j > st.from-16; j-- {
		w := s.lower(j)
		switch {
		case w == "to" && !s.is(j-1, "up", "option", "right", "options") && !s.is(j+1, "extend"), w == "(":
			return false
		case clues[w] == whole:
			passed = true
		case s.is(j, "term", "duration", "length"):
			return false
		case !passed && (clues[w] == lasting || s.is(j, "possible", "potential")):
			return false
		case s.is(j, "extend", "extended", "extension", "extensions", "further", "additional", "renewal", "renewed"):
			// "including any extensions, not more than 15 years" is a total
			return !s.is(j-1, "including", "inclusive") && !(s.is(j-1, "any", "all") && s.is(j-2, "including", "inclusive"))
		}
	}
	return s.is(st.to, "extension", "extensions")
}

// judgeChain decides whether the first of a chain is the term: not of "a further 1 + 1 years" or "optional 1+1",
// nor where the chain tells the parts of an extension just named.
func (s *scan) judgeChain(st, prev *stretch, v verdict, field Field) {
	st.role, st.sure = term, 90
	bracketed := s.mark(st.from-1, "([")
	equal := allEqual(st.spans)
	if prev != nil && st.from-prev.to < 7 && prev.role != unrelated {
		sum, told := sumOf(st.spans), sumOf(prev.spans)
		if st.guessed && sum.Months == 12*told.Months { // "8 months (6+2)"
			for i := range st.spans {
				st.spans[i].Months /= 12
			}
			sum.Months /= 12
		}
		if sum == told && prev.role == extension && (equal || prev.sure >= 90) {
			st.role = extension
			return
		}
	}
	switch {
	case s.mark(st.from-1, "+"), v.before > 0 && v.before <= 9 && !bracketed, equal && v.ext > 0 && v.ext <= 3 && v.before == 0:
		st.role = extension
	case field == Renewal && equal && v.life == 0 && v.initial == 0 && prev == nil:
		st.role = extension
	case v.ext == 0 && v.life == 0 && v.initial == 0 && field != Renewal && field != Options && !bracketed:
		st.role = unrelated
	case bracketed && st.guessed && prev == nil && v.life == 0 && field == Description:
		st.role = unrelated
	}
}

func allEqual(spans []notice.Span) bool {
	return !slices.ContainsFunc(spans, func(p notice.Span) bool { return p != spans[0] })
}

// joinLengths puts together the stretches that are one length.
func (s *scan) joinLengths(list []stretch) []Found[notice.Length] {
	var found []Found[notice.Length]
	ended := -9 // the sentence in which the last length ended
	for i := range list {
		st := &list[i]
		near := len(found) > 0 && st.sentence-ended <= 2
		if near && s.adds(&found[len(found)-1], st, st.sentence == ended) {
			ended = st.sentence
			continue
		}
		f := Found[notice.Length]{Start: s.tokens[st.from].start, End: s.tokens[st.to-1].end, Confidence: st.sure}
		switch st.role {
		case term:
			f.Value.Term = st.spans[0]
			if st.chain {
				f.Value.Extensions = slices.Clone(st.spans[1:])
			}
		case extension:
			f.Value.Extensions = slices.Clone(st.spans)
			s.yearSteps(&f.Value, st)
		case total:
			if i+1 < len(list) && list[i+1].sentence-st.sentence <= 2 && list[i+1].role != total {
				continue // the parts follow
			}
			f.Value.Term = st.spans[0]
		default:
			continue
		}
		found = append(found, f)
		ended = st.sentence
	}
	return DistinctLengths(found)
}

// adds takes a stretch into the length before it, and reports whether it belongs there.
func (s *scan) adds(f *Found[notice.Length], st *stretch, same bool) bool {
	l := &f.Value
	take := func() bool {
		f.End = s.tokens[st.to-1].end
		f.Confidence = min(f.Confidence, st.sure)
		return true
	}
	told := sumOf(l.Extensions)
	sum := sumOf(st.spans)
	all := notice.Span{Months: l.Term.Months + told.Months, Days: l.Term.Days + told.Days}
	switch st.role {
	case total:
		if l.Term.Months > 0 && len(l.Extensions) == 0 && sum.Months > l.Term.Months && sum.Days == 0 && s.extendsTo(st) {
			l.Extensions = []notice.Span{{Months: sum.Months - l.Term.Months}} // "10 years, extendable up to 15 years"
			return take()
		}
		return true
	case interval:
		return steps(l, st.spans[0]) && take()
	case term:
		rest := []notice.Span(nil)
		if st.chain {
			rest = st.spans[1:]
		}
		switch {
		case st.chain && len(l.Extensions) == 0 && (sum == l.Term || l.Term == st.spans[0]): // "5 years (3+1+1)"
			l.Term, l.Extensions = st.spans[0], slices.Clone(rest)
			return take()
		case st.chain && l.Term == (notice.Span{}) && sum == told && len(l.Extensions) == 1: // "5 years (1+1+1+1+1)", "8 months (6+2)" of a renewal
			l.Extensions = slices.Clone(st.spans)
			if !allEqual(st.spans) {
				l.Term, l.Extensions = st.spans[0], slices.Clone(rest)
			}
			return take()
		case l.Term == (notice.Span{}) && (len(rest) == 0 || sumOf(rest) == told):
			l.Term = st.spans[0]
			if len(rest) > len(l.Extensions) {
				l.Extensions = slices.Clone(rest)
			}
			return take()
		case l.Term == st.spans[0] && (len(rest) == 0 || sumOf(rest) == told):
			if len(rest) > len(l.Extensions) {
				l.Extensions = slices.Clone(rest)
				return take()
			}
			return true
		case len(rest) == 0 && st.spans[0] == all:
			return true
		}
		return false
	case extension:
		switch {
		case len(l.Extensions) == 0:
			if sum.Months > l.Term.Months && l.Term.Months > 0 && len(st.spans) == 1 && s.extendsTo(st) {
				l.Extensions = []notice.Span{{Months: sum.Months - l.Term.Months}}
				return take()
			}
			l.Extensions = slices.Clone(st.spans)
			s.yearSteps(l, st)
			return take()
		case len(st.spans) == 1 && sum == all && l.Term != (notice.Span{}) && !s.oneMore(st.from):
			return true // the total again
		case sum == told && !(same && !st.chain && len(st.spans) > 1 && s.is(st.from-1, "and")):
			if len(st.spans) > len(l.Extensions) {
				l.Extensions = slices.Clone(st.spans)
				return take()
			}
			if same && len(l.Extensions) == 1 && !st.chain && s.oneMore(st.from) {
				break
			}
			return true
		case !same && slices.Contains(l.Extensions, st.spans[0]) && !s.oneMore(st.from):
			return true
		}
		if len(l.Extensions)+len(st.spans) > mostSpans {
			return true
		}
		l.Extensions = append(l.Extensions, st.spans...)
		return take()
	}
	return false
}

// oneMore reports whether the words before token i name one more of a kind: "then a further", "plus another", "second".
func (s *scan) oneMore(i int) bool {
	more := false
	for j := i; j >= 0 && j > i-5; j-- {
		if j < i && s.is(j, "or", "any", "up") {
			return false
		}
		more = more || s.is(j, "further", "another", "second", "additional", "then", "plus", "+", "final")
		if s.tokens[j].gap {
			break
		}
	}
	return more
}

// extendsTo reports whether a stretch is the end an extension leads to: "extendable up to 15 years", "extended to 5 years".
func (s *scan) extendsTo(st *stretch) bool {
	i := st.from - 1
	if s.is(i, "of") && s.is(i-1, "maximum", "total") {
		i -= 2
		if s.is(i, "a") {
			i--
		}
	}
	if !s.is(i, "to") {
		return false
	}
	if s.is(i-1, "up") {
		i--
	}
	return s.is(i-1, "extendable", "extended", "extend", "extending")
}

// yearSteps splits an extension that is taken year by year: "two years in annual increments".
func (s *scan) yearSteps(l *notice.Length, st *stretch) {
	for j := st.to; j < st.to+8 && !s.gapAt(j); j++ {
		if s.is(j, "annual", "yearly", "monthly") && s.is(j+1, "increments", "intervals", "increment", "extensions", "periods", "instalments") {
			step := notice.Span{Months: 12}
			if n, ok := s.whole(j - 1); ok {
				step.Months = n
				if s.is(j, "yearly") {
					step.Months *= 12
				}
			} else if s.is(j, "monthly") {
				return
			}
			steps(l, step)
			return
		}
	}
}

// steps splits the one extension of a length into steps.
func steps(l *notice.Length, step notice.Span) bool {
	if len(l.Extensions) != 1 || step.Months <= 0 || l.Extensions[0].Months%step.Months != 0 || l.Extensions[0].Months/step.Months > mostSpans {
		return false
	}
	l.Extensions = slices.Repeat([]notice.Span{step}, l.Extensions[0].Months/step.Months)
	return true
}

// sumOf adds up extensions.
func sumOf(list []notice.Span) (sum notice.Span) {
	for _, p := range list {
		sum.Months += p.Months
		sum.Days += p.Days
	}
	return sum
}

// DistinctLengths leaves out what other lengths of the list say too: the same, or the term or the extensions alone.
func DistinctLengths(list []Found[notice.Length]) []Found[notice.Length] {
	var kept []Found[notice.Length]
	for i, f := range list {
		said := slices.ContainsFunc(list[:i], func(o Found[notice.Length]) bool { return covers(o.Value, f.Value) }) ||
			slices.ContainsFunc(list[i+1:], func(o Found[notice.Length]) bool { return covers(o.Value, f.Value) && !covers(f.Value, o.Value) })
		if !said && len(kept) < Most {
			kept = append(kept, f)
		}
	}
	return kept
}

// covers reports whether a says all that b says.
func covers(a, b notice.Length) bool {
	return (b.Term == notice.Span{} || a.Term == b.Term) && (len(b.Extensions) == 0 || slices.Equal(a.Extensions, b.Extensions))
}
