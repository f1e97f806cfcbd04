package prose

import (
	"slices"
	"strings"

	"bidfit/notice"
)

// Amounts reads the sums of pounds in a text, each with what it is for. Other currencies are
// left out, and so are sums written in words alone.
//
// A sum is £704,000, PS704,000 (a pound sign lost on the way), £1.2m, GBP 40,000 or 40 000 GBP; 704k only after
// "value", "budget", "worth" or "cost". Two sums with a dash, "to" or "between … and" are one amount from low to
// high; "up to", "over" and their like leave an end open. What it is paid for again and again, whether VAT is in it and what it
// is for is decided by the words of the same sentence, the nearest first, those before it before those after it.
func (t *Text) Amounts() []Found[notice.Amount] {
	if !t.priced && t.numbers > 0 {
		t.amounts = t.scan.amounts()
	}
	t.priced = true
	return slices.Clone(t.amounts)
}

// sum is one sum of money where it stands: its tokens are from up to, but not including, to.
type sum struct {
	from, to int
	figure   string // the digits, without separators, with a point before the fraction
	scale    int    // noughts that a word stands for: 3 for k, 6 for million, 9 for billion
	signed   bool   // a pound sign or a currency makes it money
	doubt    int    // what its spelling takes from the confidence
}

// pence is the sum in whole pence; not ok where it is no sum that could be meant.
func (m sum) pence(scale int) (notice.Pence, bool) {
	whole, fraction, _ := strings.Cut(m.figure, ".")
	whole = strings.TrimLeft(whole, "0")
	digits, places := whole+fraction, len(fraction)-scale-2
	for ; places < 0; places++ {
		digits += "0"
	}
	if len(digits) > 16+places || places > 6 {
		return 0, false // ten trillion pounds are no sum of a notice
	}
	var n int64
	for _, c := range digits[:len(digits)-places] {
		n = n*10 + int64(c-'0')
	}
	return notice.Pence(n), true
}

// amounts reads the amounts in order.
func (s *scan) amounts() []Found[notice.Amount] {
	var found []Found[notice.Amount]
	last := 0                      // the token after the last amount
	before := notice.AmountFor("") // what that was for
	for i := 0; i < len(s.tokens) && len(found) < Most; {
		low, ok := s.sum(i)
		if !ok && i > 0 && i-1 == last && s.mark(last, "(") {
			low, ok = s.bare(i)
		}
		if !ok {
			i++
			continue
		}
		f, to, ok := s.amount(low, last, before)
		if ok {
			if n := len(found); n > 0 && s.restated(last, low.from) {
				f.Value = openAs(found[n-1].Value, f.Value)
			}
			found = append(found, f)
			last, before = to, f.Value.For
		}
		i = max(to, low.to)
	}
	if !slices.ContainsFunc(found, func(f Found[notice.Amount]) bool { return f.Value.VAT == nil }) {
		return found
	}
	if in, said := s.vatOfAll(); said {
		for i := range found {
			if a := &found[i].Value; a.VAT == nil && (a.For == notice.AmountContract || a.For == notice.AmountOther) {
				a.VAT = &in
			}
		}
	}
	return found
}

// restated reports whether only words on VAT and on how often it is paid part the sum before token from, which
// ends at token last, from the one that starts there: "up to £120,000 including VAT, £100,000 excluding VAT".
func (s *scan) restated(last, from int) bool {
	const far = 12
	if from-last > far || from >= len(s.tokens) {
		return false
	}
	for i := last; i <= from; i++ {
		if s.tokens[i].gap || i < from && !asides[s.lower(i)] && periods[s.lower(i)] == "" && !s.is(i, "per", "a", "and", "or", "/", "-", "–", "=", "i", "e", "equivalent", "to", "is") {
			return false
		}
	}
	return true
}

// openAs gives an amount the open end of the one before it, where they are one sum with and without VAT.
func openAs(before, a notice.Amount) notice.Amount {
	if a.Min == nil || a.Max == nil || *a.Min != *a.Max || (before.Min == nil) == (before.Max == nil) {
		return a
	}
	sum := *a.Min
	net, gross := sum, sum
	switch open := before.Max; {
	case open == nil && *before.Min < sum:
		net = *before.Min
	case open == nil:
		gross = *before.Min
	case *open < sum:
		net = *open
	default:
		gross = *open
	}
	if gross < net+net/100*18 || gross > net+net/100*22 {
		return a
	}
	if before.Min == nil {
		a.Min = nil
	} else {
		a.Max = nil
	}
	return a
}

// vatOfAll reads a sentence without a sum of its own that says for all of a text whether VAT is in it: "all figures
// are inclusive of VAT". Of what bidders shall write, and where two such sentences differ, it says nothing.
func (s *scan) vatOfAll() (in, said bool) {
	for i := range s.tokens {
		if !s.is(i, "vat") {
			continue
		}
		const far = 24
		from, to := s.sentence(i, far)
		all, own := false, false
		for j := from; j < to; j++ {
			all = all || s.is(j, "figures", "values", "amounts", "sums", "costs", "prices") && (s.is(j-1, "all", "these", "the", "above", "stated", "quoted") || s.is(j+1, "are", "stated", "quoted", "above", "in"))
			own = own || s.mark(j, "£") || s.is(j, "tenderers", "bidders", "suppliers", "must", "should", "shall", "submit", "submitted", "bid", "please", "invoice", "invoices", "your", "tendered")
		}
		if !all || own {
			continue
		}
		is, ok := s.vatWords(i, from)
		if !ok || said && is != in {
			return false, false
		}
		in, said = is, true
	}
	return in, said
}

// bare reads a sum whose pound sign stands at the one before it: "£826,000 (206,500 per annum)".
func (s *scan) bare(i int) (sum, bool) {
	m := sum{from: i, to: i, doubt: 10}
	if !s.kind(i, number) || !strings.Contains(s.text[s.tokens[i].start:s.tokens[i].end], ",") || !m.read(s) {
		return m, false
	}
	period, _ := s.per(i, m.to, i)
	return m, period != ""
}

// sum reads the sum that starts at token i.
func (s *scan) sum(i int) (sum, bool) {
	m := sum{from: i, to: i}
	switch {
	case s.mark(i, "£"):
		m.signed = true
		m.to++
		if s.is(m.to, "gbp") || s.mark(m.to, "£") {
			m.to++
		}
	case s.is(i, "gbp"):
		m.signed = true
		m.to++
		if s.mark(m.to, ":£") {
			m.to++
		}
	case s.is(i, "ps") && s.joined(i+1) && (!s.joined(i) || s.kind(i-1, mark)) && s.kind(i+1, number):
		m.signed = true
		m.doubt = 5
		m.to++
	}
	if !s.kind(m.to, number) || m.signed && s.tokens[m.to].gap {
		return m, false
	}
	if !m.signed && i > 0 && (s.joined(i) && !s.mark(i-1, "(<>~=[:-–—") || s.mark(i-1, "€$¥#")) {
		return m, false
	}
	if lost := m.doubt > 0; lost && !s.scaled(m.to+1) && !strings.Contains(s.text[s.tokens[m.to].start:s.tokens[m.to].end], ",") {
		return m, false // "PS26230" is the number of a file
	}
	if !m.read(s) {
		return m, false
	}
	m.scale = s.scaleAt(m.to)
	if m.scale > 0 {
		m.to++
	}
	switch {
	case s.is(m.to, "gbp", "gpb", "pounds", "pound") && !s.tokens[m.to].gap:
		m.to++
		if s.is(m.to, "sterling") {
			m.to++
		}
		m.signed = true
	case s.mark(i-1, "[") && s.mark(m.to, "]") && s.is(m.to+1, "gbp"): // of a form that was filled in
		m.to += 2
		m.signed = true
	case m.signed, s.signedEnd(m.to):
	case m.scale == 0 || !s.pricedBefore(i):
		return m, false
	default:
		m.doubt = 15
	}
	return m, true
}

// signedEnd reports whether the currency of a figure stands at the upper end of its range: "0 to 25,000 GBP".
func (s *scan) signedEnd(i int) bool {
	if !s.is(i, "to") && !s.dash(i) {
		return false
	}
	high := sum{from: i + 1, to: i + 1}
	if !s.kind(i+1, number) || s.tokens[i+1].gap || !high.read(s) {
		return false
	}
	if s.scaled(high.to) {
		high.to++
	}
	return s.is(high.to, "gbp", "pounds")
}

// read reads the figure at token m.to and what of it stands apart: "5 000 000", "1,,200,000", "1,107, 679,301.00".
func (m *sum) read(s *scan) bool {
	t := s.tokens[m.to]
	raw := s.text[t.start:t.end]
	m.to++
	spaced := false
	for {
		next := m.to
		commas := 0
		for s.mark(next, ",") && s.joined(next) && commas < 2 {
			next++
			commas++
		}
		if !s.kind(next, number) || s.tokens[next].gap {
			break
		}
		more := s.text[s.tokens[next].start:s.tokens[next].end]
		apart := s.tokens[next].start - s.tokens[next-1].end
		head, _, grouped := strings.Cut(more, ",")
		switch {
		case commas == 2 && apart == 0 && len(head) == 3:
		case commas == 1 && apart == 1 && len(head) == 3 && grouped && strings.Contains(raw, ","):
		case commas == 0 && (apart == 1 || apart == 2) && len(strings.TrimSuffix(more, ".00")) == 3 && (len(raw) <= 3 || spaced || strings.HasSuffix(raw, "000")) && !strings.Contains(raw, "."):
			spaced = true
		default:
			next = 0
		}
		if next == 0 {
			break
		}
		raw += "," + more
		m.to = next + 1
		m.doubt = max(m.doubt, 10)
	}
	var ok bool
	m.figure, ok = figure(raw, s.scaled(m.to), &m.doubt)
	return ok
}

// figure takes the separators out of a number. A fraction of pounds has two digits, and one of
// millions any number; what else stands behind a point or comma are thousands, whatever their length.
func figure(raw string, scaled bool, doubt *int) (string, bool) {
	cut := len(raw)
	if i := strings.LastIndexAny(raw, ".,"); i >= 0 {
		behind := len(raw) - i - 1
		single := strings.Count(raw, raw[i:i+1]) == 1
		switch {
		case raw[i] == '.' && single && (scaled || behind <= 2):
			cut = i
		case behind <= 2: // "207,720,00", "22.363.77", "1,5 million"
			cut = i
			*doubt = max(*doubt, 25)
			if single && !scaled { // "£120,00": or a nought is missing
				*doubt = 45
			}
		case behind != 3:
			*doubt = max(*doubt, 30)
		case raw[i] == '.':
			*doubt = max(*doubt, 25)
		}
	}
	whole := separators.Replace(raw[:cut])
	if len(whole) > 16 {
		return "", false
	}
	if cut < len(raw) {
		return whole + "." + raw[cut+1:], true
	}
	return whole, true
}

var separators = strings.NewReplacer(",", "", ".", "")

// scaleAt is how many noughts the word at token i stands for.
func (s *scan) scaleAt(i int) int {
	if !s.kind(i, word) || s.tokens[i].gap {
		return 0
	}
	switch s.lower(i) {
	case "k", "thousand":
		return 3
	case "m", "mn", "mil", "mill", "million", "millions":
		if s.joined(i+1) && s.kind(i+1, number) { // "5 m2"
			return 0
		}
		return 6
	case "bn", "b", "billion", "billions":
		return 9
	}
	return 0
}

func (s *scan) scaled(i int) bool { return s.scaleAt(i) > 0 }

// pricedBefore reports whether the words before token i make a bare "704k" money.
func (s *scan) pricedBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5 && !s.tokens[j+1].gap; j-- {
		switch s.lower(j) {
		case "value", "values", "valued", "budget", "worth", "cost", "£":
			return true
		case "€", "$", "eur", "usd", "euro", "euros", "number", "population":
			return false
		}
	}
	return false
}

// amount reads the amount that starts with a sum; the one before it ended at last and was for before.
func (s *scan) amount(low sum, last int, before notice.AmountFor) (f Found[notice.Amount], to int, ok bool) {
	first, ok := low.pence(low.scale)
	if !ok {
		return f, low.to, false
	}
	a := notice.Amount{}
	to = low.to
	if high, found := s.upper(low); found {
		scale := low.scale
		if scale == 0 && high.scale > 0 && smaller(low.figure, high.figure) { // "£1.2-1.5m", "£1 to £2M"
			scale = high.scale
		}
		from, lowOK := low.pence(scale)
		upTo, highOK := high.pence(high.scale)
		if lowOK && highOK && from < upTo {
			a.Min, a.Max, to = &from, &upTo, high.to
			low.doubt = max(low.doubt, high.doubt)
		}
	}
	if a.Max == nil {
		if first == 0 {
			return f, to, false
		}
		switch s.bound(low.from, to, last) {
		case atMost:
			a.Max = &first
		case atLeast:
			a.Min = &first
		default:
			a.Min, a.Max = &first, &first
		}
	}
	var next int
	a.Per, next = s.per(low.from, to, last)
	a.VAT = s.vat(low.from, to, last)
	var sure int
	a.For, sure = s.purpose(low.from, to, last, a, before)
	f = Found[notice.Amount]{Value: a, Start: s.tokens[low.from].start, End: s.tokens[to-1].end, Confidence: max(30, sure-low.doubt)}
	return f, max(to, next), true
}

// smaller compares two figures as they are written, without their scales.
func smaller(a, b string) bool {
	x, _ := sum{figure: a}.pence(0)
	y, _ := sum{figure: b}.pence(0)
	return x < y
}

// upper reads the upper end of a range whose lower end is low.
func (s *scan) upper(low sum) (sum, bool) {
	i := low.to
	tight := false
	switch {
	case s.dash(i):
		tight = s.joined(i) && s.joined(i+1)
		i++
		if s.dash(i) { // "£5m -- £6m"
			i++
		}
	case s.is(i, "to", "till"):
		if s.changed(low.from) {
			return sum{}, false
		}
		i++
		if s.is(i, "a") && s.is(i+1, "maximum") && s.is(i+2, "of") {
			i += 3
		}
	case s.is(i, "and") && (s.is(low.from-1, "between") || s.is(low.from-2, "between")):
		i++
	default:
		return sum{}, false
	}
	if i >= len(s.tokens) || s.tokens[i].gap {
		return sum{}, false
	}
	if s.is(i, "circa", "approximately") || s.mark(i, "~") {
		i++
	}
	if high, ok := s.sum(i); ok {
		return high, true
	}
	// Without a sign of its own: "£1.2-1.5m", "£10-15 per hour".
	high := sum{from: i, to: i}
	if !s.kind(i, number) || !high.read(s) {
		return sum{}, false
	}
	if high.scale = s.scaleAt(high.to); high.scale > 0 {
		high.to++
		return high, true
	}
	long := len(high.figure) >= 5
	return high, long || tight && low.scale == 0 && !s.is(high.to, "year", "years", "month", "months", "weeks", "days")
}

// changed reports whether a sum is what it was before a change: "increased from £5m to £6m".
func (s *scan) changed(i int) bool {
	for j := i - 1; j >= 0 && j > i-14 && !s.tokens[j+1].gap; j-- {
		w := s.lower(j)
		for _, stem := range []string{"increas", "decreas", "reduc", "chang", "revis", "amend", "rais", "uplift", "ris", "original"} {
			if strings.HasPrefix(w, stem) {
				return true
			}
		}
	}
	return false
}

// end says which end of an amount a wording leaves open.
type end int

const (
	neither end = iota
	atMost
	atLeast
)

// bound reads "up to", "over" and their like before the tokens from..to, and "or more" after them.
func (s *scan) bound(from, to, last int) end {
	if e := s.boundBefore(from, last); e != neither {
		return e
	}
	if e := s.boundOfNoun(from, last); e != neither {
		return e
	}
	i := to
	switch {
	case s.gapAt(i):
		return neither
	case s.mark(i, "+") && !s.is(i+1, "vat") && !s.mark(i+1, "£") && !s.kind(i+1, number),
		s.is(i, "or", "and") && s.is(i+1, "more", "over", "above", "greater", "upwards"),
		s.is(i, "plus") && (s.gapAt(i+1) || s.mark(i+1, ").,")),
		s.is(i, "minimum", "min"), s.is(i, "as") && s.is(i+1, "a") && s.is(i+2, "minimum"):
		return atLeast
	case s.is(i, "or", "and") && s.is(i+1, "less", "under", "below"),
		s.is(i, "maximum", "max"), s.is(i, "as") && s.is(i+1, "a") && s.is(i+2, "maximum"):
		return atMost
	}
	return neither
}

// fillers are the words that may stand between "maximum" or "up to" and the sum.
var fillers = set(`of a an the value contract total overall annual around approximately circa estimated c about
	~ : ( = [ ) - – budget sum is at combined aggregate spend framework lot cost in turnover cover level award possible
	potential amount price excluding ex exc inc including vat this procurement be yearly general specific net worth lifetime call off agreement one two three five ten million thousand pounds sterling .`)

func (s *scan) boundBefore(from, last int) end {
	for j := from - 1; j >= last && from-j <= 8 && !s.tokens[j+1].gap; j-- {
		before, close := j-1, from-j <= 2
		switch w := s.lower(j); w {
		case "to":
			if s.is(before, "up") {
				return atMost
			}
			return neither
		case "limit":
			// That of an insurance bounds what it pays, and not what is asked for.
			if !s.is(before, "indemnity", "insurance", "cover", "liability") && !(s.is(j+1, "of") && s.is(j+2, "indemnity", "liability")) {
				return atMost
			}
		case "upto", "maximum", "max", "ceiling", "capped", "<", "≤", "cap":
			return atMost
		case "exceed", "exceeds", "exceeding":
			if s.negated(j) || s.refused(j, from) {
				return atMost
			}
			return atLeast
		case "under", "below", "beneath", "within":
			if close {
				return atMost
			}
			return neither
		case "over", "above", "upwards":
			switch {
			case !close:
				return neither
			case s.refused(j, from):
				return atMost
			}
			return atLeast
		case "minimum", "min", "excess", ">", "≥":
			return atLeast
		case "than":
			less := s.is(before, "less", "lower", "fewer")
			switch {
			case from-j > 7 || !less && !s.is(before, "more", "greater", "higher"):
				return neither
			case less != s.negated(before):
				return atMost
			}
			return atLeast
		case "least", "most":
			if !s.is(before, "at") {
				return neither
			}
			if w == "most" {
				return atMost
			}
			return atLeast
		case "from":
			if close && !s.changed(from) && s.is(from-1, "from") {
				return atLeast
			}
			return neither
		default:
			if !fillers[w] {
				return neither
			}
		}
	}
	return neither
}

// bounded are the nouns whose "maximum" or "minimum" bounds a sum that stands further on in the sentence; bounding
// the words that may stand between.
var (
	bounded = set(`budget budgets value values cost costs price spend spending expenditure funding fund funds envelope amount sum turnover
		insurance insurances indemnity cover level requirement requirements award contribution fee`)
	bounding = set(`a an the of for total overall annual yearly general specific estimated approximate contract framework lot core available affordable allowable
		potential possible combined aggregate cumulative lifetime financial project whole life anticipated indicative required net gross initial per contractor contractors
		contractor's contractor’s employers employer's employers' public products product professional liability and ' ’ s ( ) compulsory " ‘ “ ”`)
)

// boundOfNoun reads the "maximum" and "minimum" of a noun from which other words part the sum: "a maximum budget for all options
// of £402,000", "the minimum turnover that your company must have had is £500,000".
func (s *scan) boundOfNoun(from, last int) end {
	const far, wide = 24, 10
	at := from - 1
	for at >= last && s.is(at, "circa", "approximately", "about", "around", "c", "~", "(", ".", "approx") && !s.tokens[at+1].gap {
		at--
	}
	if at < last || s.tokens[at+1].gap || !s.is(at, "of", "is", "at", "be", "as", ":", "=", "–", "-", "was") {
		return neither
	}
	noun := -1
	for j := at - 1; j >= last && from-j <= far && !s.tokens[j+1].gap; j-- {
		switch w := s.lower(j); {
		case bounded[w] && (noun < 0 || noun-j <= wide):
			noun = j
		case w == "maximum", w == "max", w == "minimum", w == "min":
			if noun < 0 {
				return neither
			}
			for k := j + 1; k < noun; k++ {
				if !bounding[s.lower(k)] && !bounded[s.lower(k)] {
					return neither
				}
			}
			if w == "maximum" || w == "max" {
				return atMost
			}
			return atLeast
		case w == "at" && s.is(j+1, "least"):
			return neither
		}
	}
	return neither
}

// refused reports whether what goes beyond a sum is turned away: "bids over £40,000 will not be considered".
func (s *scan) refused(i, to int) bool {
	for j := i - 1; j >= 0 && j > i-8 && !s.tokens[j+1].gap; j-- {
		if s.is(j, "bid", "bids", "tender", "tenders", "proposal", "proposals", "submission", "submissions", "quote", "quotes", "quotation", "quotations", "offers", "costs", "prices") {
			for k := to; k < to+18 && !s.gapAt(k); k++ {
				if s.is(k, "not", "rejected", "disqualified", "excluded", "discounted", "disregarded", "fail") {
					return true
				}
			}
			return false
		}
	}
	return false
}

// negated reports whether "not" or "no" stands before token i.
func (s *scan) negated(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if s.is(j, "not", "no", "without", "never", "cannot") {
			return true
		}
	}
	return false
}

// gapAt reports whether a sentence or line ends before token i, or the text does.
func (s *scan) gapAt(i int) bool { return i >= len(s.tokens) || s.tokens[i].gap }

// asides are the words that may stand between a sum and what is said of it.
var asides = set(`( ) [ ] , + vat excluding excl exc ex exclusive including incl inc inclusive plus of gbp gpb . net gross sterling approx approximately *`)

// aside skips what may stand between a sum and what is said of it: "(excluding VAT)", "(seven million pounds)".
func (s *scan) aside(i int) int {
	for n := 0; n < 8 && !s.gapAt(i); n++ {
		if s.mark(i, "([") {
			if end := s.spelt(i); end > i {
				i = end
				continue
			}
		}
		if !asides[s.lower(i)] {
			return i
		}
		i++
	}
	return i
}

// spelt is where a sum in words in brackets ends that starts at token i; i where it is something else.
func (s *scan) spelt(i int) int {
	for j := i + 1; j < i+14 && !s.gapAt(j); j++ {
		switch {
		case s.mark(j, ")]"):
			return j + 1
		case s.kind(j, number), s.is(j, "per", "vat", "annually"):
			return i
		}
	}
	return i
}

// periods are the words for what a sum is paid for again and again.
var periods = map[string]string{
	"annum": "year", "year": "year", "yr": "year", "annually": "year", "yearly": "year", "pa": "year", "annual": "year", "p.a": "year",
	"month": "month", "monthly": "month", "pcm": "month", "week": "week", "weekly": "week", "pw": "week",
	"day": "day", "daily": "day", "hour": "hour", "hourly": "hour", "hr": "hour",
}

// per reads what an amount is paid for again and again, and where the words end that say so after it.
func (s *scan) per(from, to, last int) (period string, end int) {
	i := s.aside(to)
	if !s.gapAt(i) {
		j := i + 1
		switch {
		case s.is(i, "per", "a", "each", "every") || s.mark(i, "/"):
			if s.is(j, "calendar", "contract", "financial", "school", "academic", "operational", "working") {
				j++
			}
			if p := periods[s.lower(j)]; p != "" && !s.dash(j+1) {
				return p, j + 1
			}
		case s.is(i, "annually", "yearly", "pa", "monthly", "pcm", "weekly", "daily", "pw"):
			return periods[s.lower(i)], j
		case s.is(i, "p") && (s.mark(j, ".") || s.mark(j, "/")) && s.is(j+1, "a"):
			return "year", j + 2
		}
	}
	// "annual value of £176,000": not past another sum, or a word that says the whole is meant.
	for j := from - 1; j >= last && from-j <= 10 && !s.tokens[j+1].gap; j-- {
		switch w := s.lower(j); w {
		case "total", "overall", "lifetime", "aggregate", "whole", "entire", "term":
			if !s.is(j+1, "annual", "yearly") && !s.is(j-1, "annual", "annually") {
				return "", 0
			}
		case "annual", "annually", "yearly", "monthly", "weekly", "daily", "hourly":
			return periods[w], 0
		case "annum", "year", "day", "month", "week", "hour":
			if s.is(j-1, "per", "each", "every") && (w == "annum" || from-j < 5) {
				return periods[w], 0
			}
		case "each":
			return "", 0 // "two contracts per annum, each worth £5m"
		}
	}
	return "", 0
}

// vat reads whether VAT is said to be in an amount.
func (s *scan) vat(from, to, last int) *bool {
	for j := to; j < len(s.tokens) && j < to+9 && !s.tokens[j].gap; j++ {
		if s.mark(j, "£") {
			break
		}
		if s.is(j, "vat") {
			if in, said := s.vatWords(j, to); said {
				return &in
			}
		}
	}
	for j := from - 1; j >= last && j >= from-8 && !s.tokens[j+1].gap; j-- {
		if s.is(j, "vat") {
			if in, said := s.vatWords(j, last); said {
				return &in
			}
		}
	}
	return nil
}

// vatWords reads the words around "VAT" at token j, none before token from.
func (s *scan) vatWords(j, from int) (in, said bool) {
	for k := j - 1; k >= from && k >= j-4; k-- {
		switch s.lower(k) {
		case "ex", "exc", "excl", "excluding", "exclusive", "plus", "+", "without", "net", "before", "excludes", "exempt", "exclude", "excluded", "not", "no":
			return false, true
		case "inc", "incl", "including", "inclusive", "with", "includes", "gross", "include":
			return true, true
		}
	}
	for k := j + 1; k < len(s.tokens) && k <= j+2 && !s.tokens[k].gap; k++ {
		switch s.lower(k) {
		case "excluded", "exclusive", "exc", "excl", "exempt":
			return false, true
		case "included", "inclusive", "inc", "incl":
			return true, true
		}
	}
	return false, false
}

// A sense is what a word says a sum near it is for.
type sense uint8

const (
	unclear sense = iota
	worth
	turnover
	insurance
	other
)

var senses = func() map[string]sense {
	all := map[string]sense{}
	for is, list := range map[sense]string{
		worth: `value values valued worth budget budgeted contract contracts framework total spend spends spending expenditure
			estimated award awarded maximum overall lot lots dps agreement procurement tender amount project projects scheme schemes works cost costs price
			pipeline lifetime annual per-annum programme call-off commission`,
		turnover:  "turnover turnovers",
		insurance: "insurance insurances insured indemnity liability liabilities indemnities insurer insruance claim claims",
		other: `fee fees rate rates salary salaries wage wages fine fines penalty penalties grant grants subsidy subsidies levy rent rents rental deposit
			threshold thresholds revenue revenues income profit profits loan loans charge charges debt assets savings saving portfolio population invest invested investing investment investments
			pupil household households person donation donations funding funded fund funds allocated allocation secured receive received receives
			hourly membership rateable sales capital nightly bond damages turnovers economy wellbeing price-per subscription`,
	} {
		for _, w := range strings.Fields(list) {
			all[w] = is
		}
	}
	return all
}()

// purpose decides what a sum is for, and how sure that and its reading are.
func (s *scan) purpose(from, to, last int, a notice.Amount, before notice.AmountFor) (notice.AmountFor, int) {
	best, distance := unclear, 100
	strong := false // "value", "budget" or "worth" stand near: the sum is what something is worth
	each := false   // it is what one of many is worth, all of them together, or something that was
	weigh := func(j, d int) {
		w := s.lower(j)
		is := senses[w]
		switch w {
		case "value", "values", "valued", "worth", "budget", "budgeted":
			strong = strong || d < 12
			d -= 2
		case "each", "projects", "schemes", "project", "scheme", "works", "band", "bands", "call-offs", "offs", "individual", "orders", "threshold", "below", "above", "between",
			"lots", "example", "current", "previous", "existing", "historical", "last", "latest":
			each = each || d < 10
		case "cover":
			if s.is(j+1, "of") {
				is = insurance
			}
		case "el", "pl", "pi":
			if from-j <= 3 && from > j {
				is = insurance
			}
		case "total":
			d++
		}
		if is == unclear {
			return
		}
		if is == insurance || is == turnover {
			d -= 4
		}
		if d < distance {
			best, distance = is, d
		}
	}
	far := 0
	for j, d := from-1, 1; j >= 0 && d < 40; j, d = j-1, d+1 {
		if s.tokens[j+1].gap {
			if far++; far > 2 {
				break
			}
			d += 8 // a heading, or the line before
		}
		if j == last-1 {
			d += 5 // what another sum is for is not what this one is for
		}
		if d < 28 && s.kind(j, word) {
			weigh(j, d)
		}
	}
	for j, d := to, 4; j < len(s.tokens) && d < 22 && !s.tokens[j].gap; j, d = j+1, d+2 {
		if s.mark(j, "£") {
			d += 6
		}
		if s.kind(j, word) {
			weigh(j, d)
		}
	}
	if s.perClaim(to) {
		return notice.AmountInsurance, 92
	}
	unit := s.unitAfter(to) || a.Per == "hour" || a.Per == "day" || s.is(from-1, "x", "×", "@")
	switch {
	case best == insurance || best == turnover:
	case unit, s.is(to, "threshold") || s.is(to+1, "threshold"):
		return notice.AmountOther, 85
	}
	switch best {
	case turnover:
		return notice.AmountTurnover, 92
	case insurance:
		return notice.AmountInsurance, 92
	case other:
		return notice.AmountOther, 80
	case worth:
		switch {
		case each:
			return notice.AmountContract, 70
		case strong:
			return notice.AmountContract, 92
		}
		return notice.AmountContract, 78
	}
	if before != "" && from-last < 14 {
		return before, 60 // one more of a list
	}
	return notice.AmountContract, 55
}

// perClaim reports whether a sum is what an insurance pays for one claim: "5,000,000 GBP in respect of each claim".
func (s *scan) perClaim(to int) bool {
	for i := to; i < to+8 && !s.gapAt(i); i++ {
		if s.is(i, "claim", "occurrence", "incident") && s.is(i-1, "each", "every", "any", "per", "one", "single") {
			return true
		}
		if s.mark(i, "£") || s.kind(i, number) {
			return false
		}
	}
	return false
}

// unitAfter reports whether a sum is the price of one of something: "£50.84 per tonne", "£14k each".
func (s *scan) unitAfter(to int) bool {
	i := s.aside(to)
	if s.gapAt(i) {
		return false
	}
	switch {
	case s.is(i, "per") || s.mark(i, "/") && s.kind(i+1, word):
		j := i + 1
		if s.is(j, "calendar", "contract", "financial", "school", "academic", "lot", "framework") {
			return false
		}
		return periods[s.lower(j)] == "" && s.kind(j, word)
	case s.is(i, "each", "pp"):
		return periods[s.lower(i+1)] == ""
	}
	return false
}
