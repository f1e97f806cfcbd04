package prose

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/words"
)

// Lot is one lot of a list in prose.
type Lot struct {
	// ID is what the text calls it: "A", "1", "2B". Numbers lose their leading noughts, and words become numbers.
	ID string
	// Title is the byte span of its name; zero where it has none.
	Title words.Span
	// Text are the byte spans of what is said of it, the first from its heading on.
	Text []words.Span
	// Amounts are those of the text that are about it.
	Amounts    []Found[notice.Amount]
	Confidence int
}

// mostLots is how many lots are read in one text.
const mostLots = 200

// Lots reads the list of lots in a text: two or more, each under a heading such as "Lot 1 - Cleaning",
// "• Lot B: Home care", "Lot One (Milk)", or behind its name, "home care (Lot 2)". A lot reaches to the next heading, the
// last one to the end of its paragraph or to a sentence about all. Lots that are only mentioned ("bids for lot 1 or 2") are no list.
func (t *Text) Lots() []Lot {
	list := t.lotList()
	if len(list) < 2 {
		return nil
	}
	return t.lots(list, t.Amounts())
}

// heading is where a lot is called by its name.
type heading struct {
	id       string
	from, to int // its tokens: "Lot", the id, what parts it from the title
	behind   bool
	parted   bool // a colon, dash or bracket follows
	start    bool // it begins a line or sentence
	weak     bool // it counts only where it is the very next of a list
	again    bool // its lot has had a heading before
}

// headings lists what may be headings of lots.
func (s *scan) headings() []heading {
	var list []heading
	for i := 0; i < len(s.tokens) && len(list) < 4*mostLots; i++ {
		if !s.is(i, "lot") || s.is(i-1, "sub", "each", "per") || s.dash(i-1) && s.is(i-2, "sub") && s.joined(i) {
			continue
		}
		h := heading{from: i, to: i + 1}
		if s.is(h.to, "no", "number", "nr") || s.mark(h.to, "#:") {
			h.to++
			if s.mark(h.to, ".:") {
				h.to++
			}
		}
		var ok bool
		if h.id, h.to, ok = s.lotID(h.to); !ok {
			continue
		}
		h.start = i == 0 || s.startsLine(i)
		switch {
		case s.mark(i-1, "([") && s.mark(h.to, ")]") && !h.start:
			h.behind = true
		case s.mark(h.to, ":;.") || s.dash(h.to) || s.mark(h.to, "=→"):
			h.parted = true
			h.to++
			for s.dash(h.to) || s.mark(h.to, ":") {
				h.to++
			}
		case s.mark(h.to, "(["):
			h.parted = true
		}
		if !h.behind && !s.heads(h) {
			if h.weak = s.named(h); !h.weak {
				continue
			}
		}
		list = append(list, h)
	}
	return list
}

// lotID reads the name of a lot from token i: "1", "01", "1A", "A", "B2", "One".
func (s *scan) lotID(i int) (string, int, bool) {
	if s.gapAt(i) {
		return "", i, false
	}
	t := s.tokens[i]
	raw := s.text[t.start:t.end]
	switch {
	case t.kind == number && len(raw) <= 5:
		for strings.HasPrefix(raw, "0") && len(raw) > 1 {
			raw = raw[1:]
		}
		if strings.Contains(raw, ",") {
			return "", i, false
		}
		if s.joined(i+1) && s.kind(i+1, word) && s.tokens[i+1].end-s.tokens[i+1].start == 1 {
			return raw + strings.ToUpper(s.lower(i+1)), i + 2, true
		}
		if s.joined(i+1) && s.kind(i+1, word) {
			return "", i, false // "Lot 1st"
		}
		return raw, i + 1, len(raw) <= 4
	case t.kind == word && len(raw) == 1 && 'A' <= raw[0] && raw[0] <= 'Z':
		if s.joined(i+1) && s.kind(i+1, number) && s.tokens[i+1].end-s.tokens[i+1].start <= 2 {
			return raw + s.text[s.tokens[i+1].start:s.tokens[i+1].end], i + 2, true
		}
		return raw, i + 1, !s.joined(i+1) || s.kind(i+1, mark)
	case t.kind == word:
		if n, ok := numerals[strings.ToLower(raw)]; ok && n <= 20 {
			return itoa(n), i + 1, true
		}
	}
	return "", i, false
}

func itoa(n int) string {
	if n >= 10 {
		return string(rune('0'+n/10)) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// startsLine reports whether only the marks and numbers of a list stand before token i on its line.
func (s *scan) startsLine(i int) bool {
	for j := i; j > i-5 && j >= 0; j-- {
		if s.tokens[j].gap || j == 0 {
			return true
		}
		if b := j - 1; s.kind(b, word) && !s.is(b, "o", "a", "b", "c", "d", "i", "ii", "iii", "iv", "v", "service") || s.mark(b, ",:;(") {
			return false
		}
	}
	return false
}

// named reports whether a title in capitals follows a mention within a sentence: "… Assessments Lot Three Children's Reviews".
func (s *scan) named(h heading) bool {
	if h.parted || s.gapAt(h.to) || !s.kind(h.to, word) || s.is(h.from-1, "for", "to", "and", "or", "of", "in", "with", "on", "under", "from", "as", "within") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.tokens[h.to].start:])
	l, _ := utf8.DecodeRuneInString(s.text[s.tokens[h.from].start:])
	return unicode.IsUpper(r) && unicode.IsUpper(l)
}

// heads reports whether a mention of a lot is a heading: what follows is a title, or says what the lot is.
func (s *scan) heads(h heading) bool {
	i := h.to
	if i >= len(s.tokens) {
		return false
	}
	if s.tokens[i].gap {
		return h.start && (h.parted || s.kind(i, word)) // the title stands on the next line
	}
	if s.is(i, "http", "https", "www") || s.mark(i, ",;)") {
		return false
	}
	if h.parted {
		return true
	}
	if !h.start {
		return false
	}
	if s.is(i, "and", "or", "to", "only", "of", "bidders", "suppliers", "tenderers", "has", "have", "must", "if", "was", "award", "awarded", "value") || s.mark(i, "&+/") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.tokens[i].start:])
	return s.kind(i, word) && (unicode.IsUpper(r) || s.is(i, "will", "is", "covers", "comprises", "relates", "consists", "includes", "for", "shall", "provides", "involves"))
}

// lotList picks the headings of the list: each lot once, and after its last one further headings of the same lots.
func (s *scan) lotList() []heading {
	all := s.headings()
	front := slices.DeleteFunc(slices.Clone(all), func(h heading) bool { return h.behind })
	list, sure := inOrder(front)
	if sure && len(list) >= 2 {
		return list
	}
	behind := slices.DeleteFunc(all, func(h heading) bool { return !h.behind })
	list, sure = inOrder(behind)
	if sure && len(list) >= 2 {
		return list
	}
	return nil
}

// inOrder keeps the headings that make a list: those of new lots in the order of their names, and
// those at the start of a line of lots there are. It is sure where the names of two or more lots follow each other.
func inOrder(all []heading) (list []heading, sure bool) {
	seen := map[string]bool{}
	last := ""
	for _, h := range all {
		switch {
		case seen[h.id]:
			if h.start && h.parted {
				h.again = true
				list = append(list, h)
			}
			continue
		case h.weak && !next(last, h.id), last != "" && !follows(last, h.id) && (!h.start || lotBefore(h.id, last)), len(seen) == mostLots:
			continue
		}
		seen[h.id], last = true, h.id
		list = append(list, h)
	}
	return list, len(seen) >= 2
}

// rank parts the name of a lot into a number and a rest, to be compared.
func rank(id string) (n int, rest string) {
	i := 0
	for i < len(id) && digit(id[i]) {
		n = n*10 + int(id[i]-'0')
		i++
	}
	return n, id[i:]
}

// lotBefore reports whether a comes before b in a list.
func lotBefore(a, b string) bool {
	an, ar := rank(a)
	bn, br := rank(b)
	return an < bn || an == bn && ar < br
}

// follows reports whether b may be next after a: "2" after "1", "B" after "A", "2A" after "1C".
func follows(a, b string) bool {
	an, _ := rank(a)
	bn, _ := rank(b)
	return lotBefore(a, b) && bn <= an+3
}

// next reports whether b comes right after a: "3" after "2", "C" after "B".
func next(a, b string) bool {
	an, ar := rank(a)
	bn, br := rank(b)
	if a == "" {
		return false
	}
	return ar == br && an > 0 && bn == an+1 || an == bn && len(ar) == 1 && len(br) == 1 && br[0] == ar[0]+1
}

// lots reads what belongs to the lots of a list.
func (s *scan) lots(list []heading, amounts []Found[notice.Amount]) []Lot {
	at := map[string]int{}
	var lots []Lot
	brief := s.brief(list)
	for k, h := range list {
		i, again := at[h.id]
		if !again {
			i = len(lots)
			at[h.id] = i
			lots = append(lots, Lot{ID: h.id, Confidence: 90})
		}
		l := &lots[i]
		from, to := s.reach(list, k)
		if lastOfRun(list, k) && !h.behind {
			to = s.cutLast(h, to, brief, amounts)
		}
		if from >= to {
			continue
		}
		span := words.Span{Start: s.tokens[from].start, End: s.tokens[to-1].end}
		l.Text = append(l.Text, span)
		if !again {
			l.Title = s.title(h, from, to, amounts)
		}
		if !h.parted && !h.behind {
			l.Confidence = min(l.Confidence, 80)
		}
	}
	first, _ := rank(lots[0].ID)
	for i := range lots {
		l := &lots[i]
		if first > 1 || first == 0 && lots[0].ID[0] != 'A' && lots[0].ID != "0" {
			l.Confidence -= 15
		}
		if l.Title == (words.Span{}) {
			l.Confidence -= 15
		}
	}
	s.share(lots, amounts)
	return lots
}

// lastOfRun reports whether the list ends with a heading, or begins anew after it.
func lastOfRun(list []heading, k int) bool {
	return k+1 == len(list) || list[k+1].again && !(list[k].again && lotBefore(list[k].id, list[k+1].id))
}

// brief reports whether all lots of a list but the last take one line or sentence each.
func (s *scan) brief(list []heading) bool {
	for k := range list {
		if lastOfRun(list, k) {
			continue
		}
		from, to := list[k].to+1, list[k+1].from
		for i := from; i < to; i++ {
			if s.tokens[i].gap && !s.startsAt(i, to) {
				return false
			}
		}
	}
	return true
}

// startsAt reports whether only list marks stand between the tokens i and to.
func (s *scan) startsAt(i, to int) bool {
	for ; i < to; i++ {
		if s.kind(i, word) && !s.is(i, "o", "service") {
			return false
		}
	}
	return true
}

// cutLast shortens the last lot of a list like the others: to its line where they are brief, and there to its
// amount where it names one and goes on with something else.
func (s *scan) cutLast(h heading, to int, brief bool, amounts []Found[notice.Amount]) int {
	if !brief {
		return to
	}
	for i := h.to + 1; i < to; i++ {
		if s.tokens[i].gap {
			to = i
		}
	}
	for _, a := range slices.Backward(amounts) {
		if a.Start < s.tokens[h.from].start || a.End > s.tokens[to-1].end {
			continue
		}
		for i := h.to; i < to; i++ {
			if s.tokens[i].start < a.End {
				continue
			}
			_, end := s.per(i, i, i)
			end = max(i, end)
			if s.mark(end, ")") {
				end++
			}
			if end < to && s.kind(end, word) {
				if r, _ := utf8.DecodeRuneInString(s.text[s.tokens[end].start:]); unicode.IsUpper(r) {
					return end
				}
			}
			break
		}
		break
	}
	return to
}

// reach is what of the text belongs to a heading: up to the next one, or for the last to the end of what is said of it.
func (s *scan) reach(list []heading, k int) (from, to int) {
	h := list[k]
	if h.behind {
		return s.nameBefore(list, k), h.to + 1
	}
	from = h.from
	most := len(s.tokens)
	if k+1 < len(list) {
		most = list[k+1].from
	}
	if !lastOfRun(list, k) {
		to = most
		for to > from && (s.mark(to-1, "-–—•·▪●*.(") || s.kind(to-1, number) && s.tokens[to-1].gap || s.is(to-1, "and", "o") && !s.tokens[to].gap) {
			to--
		}
		return from, max(to, min(h.to, len(s.tokens)))
	}
	to = min(h.to+1, len(s.tokens))
	for to < most {
		t := s.tokens[to]
		if t.gap && (s.blankBefore(to) || s.aboutAll(to)) {
			break
		}
		to++
	}
	return from, to
}

// blankBefore reports whether an empty line parts token i from the one before it.
func (s *scan) blankBefore(i int) bool {
	between := s.text[s.tokens[i-1].end:s.tokens[i].start]
	return strings.Count(between, "\n") > 1 || strings.Contains(between, "rnrn")
}

// aboutAll reports whether the sentence from token i is about the whole again.
func (s *scan) aboutAll(i int) bool {
	if s.is(i, "estimated", "maximum", "contract", "overall") {
		return s.is(i+1, "total", "overall", "combined", "value", "duration", "start", "term", "period", "dates", "length")
	}
	return s.is(i, "the", "all", "total", "bidders", "suppliers", "tenderers", "providers", "applicants", "interested", "please", "both", "these", "any", "in",
		"separate", "it", "we", "note", "for", "contractors", "full", "if", "additional", "due", "there", "each", "should", "to", "organisations")
}

// nameBefore is where the name of a lot begins that stands before "(Lot 2)".
func (s *scan) nameBefore(list []heading, k int) int {
	h := list[k]
	from := h.from - 1 // the bracket
	for from > 0 && h.from-from < 16 {
		b := from - 1
		if s.tokens[from].gap || s.mark(b, ",;:)") || k > 0 && b < list[k-1].to || s.is(b, "a", "an", "commission", "provide", "of", "lots", "into", "namely", "being") && h.from-from > 1 {
			break
		}
		from = b
	}
	for from < h.from-1 && s.is(from, "and", "a", "an", "the", "or") {
		from++
	}
	return from
}

// longestTitle bounds the name of a lot, in bytes.
const longestTitle = 160

// title is the name of the lot after its heading.
func (s *scan) title(h heading, from, to int, amounts []Found[notice.Amount]) words.Span {
	i := h.to
	if h.behind {
		i, to = from, h.from-1
	}
	for i < to && (s.mark(i, ":;.-–—=•·→") || s.dash(i)) {
		i++
	}
	if s.mark(i, "([") && !h.behind { // "Lot 1 (Milk)"
		for j := i + 1; j < to && j < i+12; j++ {
			if s.mark(j, ")]") {
				return s.span(i+1, j)
			}
		}
		i++
	}
	if i >= to || s.is(i, "will", "is", "covers", "comprises", "relates", "consists", "includes", "shall", "provides", "involves", "this", "the", "https", "http") {
		return words.Span{}
	}
	next := 0
	for next < len(amounts) && amounts[next].End <= s.tokens[i].start {
		next++
	}
	end := i
	for end < to && s.tokens[end].end-s.tokens[i].start <= longestTitle {
		t := s.tokens[end]
		if end > i && (t.gap || s.mark(end, ":;")) || s.mark(end, ".") && end+1 < to && !s.joined(end+1) && !s.short(end) {
			break
		}
		if next < len(amounts) && t.start == amounts[next].Start {
			if s.leadsTo(end, i) {
				break
			}
			next++
		}
		end++
	}
	for end > i && (s.kind(end-1, mark) && !s.mark(end-1, ")]”\"%") || s.is(end-1, "circa", "approx", "approximately", "and", "c", "value", "estimated", "of", "at", "annual", "worth", "is", "budget", "valued")) {
		end--
	}
	for end > i && s.open(i, end) >= 0 { // a bracket without its end
		end = s.open(i, end)
		for end > i && s.dash(end-1) {
			end--
		}
	}
	if end <= i {
		return words.Span{}
	}
	return s.span(i, end)
}

// leadsTo reports whether the title has ended before the amount at token i: unless it bounds what the lot is for ("up to £2m").
func (s *scan) leadsTo(i, from int) bool {
	return i > from && !s.is(i-1, "to", "over", "under", "than", "above", "below", "between")
}

// short reports whether the full stop at token i ends an abbreviation.
func (s *scan) short(i int) bool {
	return s.kind(i-1, word) && s.joined(i) && s.tokens[i-1].end-s.tokens[i-1].start <= 2
}

// open is the bracket among the tokens from..to that has no end there, -1 where all have.
func (s *scan) open(from, to int) int {
	at := -1
	for i := from; i < to; i++ {
		switch {
		case s.mark(i, "(["):
			at = i
		case s.mark(i, ")]"):
			at = -1
		}
	}
	return at
}

func (s *scan) span(from, to int) words.Span {
	if from >= to {
		return words.Span{}
	}
	return words.Span{Start: s.tokens[from].start, End: s.tokens[to-1].end}
}

// share gives the amounts of the text to the lots they are about: those in what belongs to a lot, and
// those whose sentence names one lot alone ("£1m for Lot 1").
func (s *scan) share(lots []Lot, amounts []Found[notice.Amount]) {
	for _, a := range amounts {
		for i := range lots {
			l := &lots[i]
			for k, t := range l.Text {
				if a.Start < t.Start || a.End > t.End || s.ofAll(a) {
					continue
				}
				first := !slices.ContainsFunc(l.Amounts, func(o Found[notice.Amount]) bool { return o.Value.Per == a.Value.Per })
				if k == 0 && first && a.Value.For == notice.AmountContract && a.Value.Min != nil && a.Value.Max != nil && a.Confidence < 88 && a.Confidence != 70 {
					a.Confidence = 88 // a sum by itself in the entry of a lot is its worth
				}
				l.Amounts = append(l.Amounts, a)
				break
			}
		}
	}
}

// ofAll reports whether an amount is said to be of all lots together.
func (s *scan) ofAll(a Found[notice.Amount]) bool {
	at, _ := slices.BinarySearchFunc(s.tokens, a.Start, func(t token, start int) int { return t.start - start })
	for j := at - 1; j >= 0 && j > at-12 && !s.tokens[j+1].gap; j-- {
		if s.is(j, "combined", "aggregate", "lots", "all", "both", "framework") || s.is(j, "total") && s.is(j+1, "annual") {
			return true
		}
	}
	return false
}
