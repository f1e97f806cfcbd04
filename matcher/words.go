package matcher

import (
	"cmp"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/words"
)

// parts are what the profile's words are worth, each measured in thousandths and mixed in these parts.
type parts struct {
	text    int64 // the sum over its telling words, saturated
	classes int64 // the nearness in the space of CPV classes of what both say in words and codes
	spoken  int64 // that of their words alone
	company int64 // how nearly their words point the same way
	cover   int64 // the part of the titles that the profile speaks of too
	phrases int64 // whether whole keywords stand in the notice
}

// all is what the parts come to together.
func (p *parts) all() int64 { return p.text + p.classes + p.spoken + p.company + p.cover + p.phrases }

// weighing is how the parts are mixed; the ablations of docs/ranking.md leave one out at a time.
var weighing = parts{text: 10, classes: 6, spoken: 3, company: 8, cover: 3, phrases: 2}

// enough is the mixture at which the words say nearly all that words can say, in thousandths of all parts.
const enough = 687

// most is where a figure begins to near its end.
const most = 850

// eased is a figure from 0 to 1000 stretched so that enough of it makes 1000, were it not that from most on it
// climbs slowly: nothing is cut off, so that the best stay apart.
func eased(x, enough int64) int64 {
	y := x * 1000 / enough
	if y <= most {
		return y
	}
	return most + (y-most)*(1000-most)/(1_000_000/enough-most)
}

const (
	askedInKeyword = 16 // a word of a keyword, in sixteenths
	askedInProse   = 6  // a word of the description or the name
	askedWhole     = 16 // a whole keyword of several words, for each of them, beside the words themselves

	saturation = 4   // halves of a mention at which a word has said half of what it can, in a text of typical length
	typical    = 250 // words of a text of typical length
	lengthPart = 80  // percent of that which grow and shrink with the length
	// halfText is the sum of weights at which text is half of all it can be:
	// some five rare words in a title. Sums are in 4096ths of a bit.
	halfText = 30 * 4096
	// rareKeyword is how rare the words of a keyword have to be together for it to count as a whole.
	rareKeyword = 3500
)

// What a keyword found is worth, in thousandths; outside of headings half.
const (
	adjacent  = 1000 // as it is written
	nearby    = 850  // its words within closeBy words
	elsewhere = 500  // its words in one text
)

// heard is what one page says of a profile's words.
type heard struct {
	counts   []int32   // of each query, how often; in halves
	terms    []int32   // of each query, its term in the page, or -1
	keywords []mention // of each keyword
	past     []int64   // of each past contract, what it has in common with the page
	page     *page
}

// mention is how a keyword stands in a page.
type mention struct {
	span
	worth int64
	exact bool // as it is written, or in another of its forms
}

// listen looks for every word and keyword of the profile in a page.
func (m *Matcher) listen(p *page) heard {
	h := heard{
		counts: make([]int32, len(m.queries)), terms: make([]int32, len(m.queries)),
		keywords: make([]mention, len(m.keywords)), page: p,
	}
	t := 0
	for i, q := range m.queries {
		for t < len(p.terms) && p.terms[t].id < q.id {
			t++
		}
		h.terms[i] = -1
		if t < len(p.terms) && p.terms[t].id == q.id {
			h.counts[i], h.terms[i] = int32(p.terms[t].count), int32(t)
		}
	}
	for i := range m.keywords {
		h.keywords[i] = m.keywords[i].mention(p)
	}
	h.past = m.common(p)
	return h
}

// titled is 1 where a query stands in a heading of the page.
func (h *heard) titled(query int) int64 {
	if t := h.terms[query]; t >= 0 && h.page.titled(&h.page.terms[t]) {
		return 1
	}
	return 0
}

// mention looks for a keyword in a page.
func (ph *phrase) mention(p *page) mention {
	if s, ok := ph.find(p); ok {
		return mention{s, placed(adjacent, s), true}
	}
	if s, near, ok := ph.scattered(p); ok {
		if near {
			return mention{s, placed(nearby, s), false}
		}
		return mention{s, placed(elsewhere, s), false}
	}
	return mention{}
}

// better is the mention worth more, of equals the first.
func better(a, b mention) mention {
	if b.worth > a.worth {
		return b
	}
	return a
}

// saturate is how much a word counts that stands count/2 times in a text of
// length words: from 0 to 1024, the second mention less than the first, and each
// less in a long text, which mentions much.
func saturate(count, length int64) int64 {
	half := saturation * (100 - lengthPart + lengthPart*min(length, 8*typical)/typical)
	return count * 1024 * 100 / (count*100 + half)
}

func placed(worth int64, s span) int64 {
	if s.field().kind.heading() {
		return worth
	}
	return worth / 2
}

// words compares what the notice and the lot say with what the profile says.
func (m *Matcher) words(o *Opportunity, l *lot, common heard) Evidence {
	if len(o.page.tokens)+len(l.page.tokens) == 0 {
		return Evidence{Finding: Unknown, Reason: "the notice says nothing in words"}
	}
	own := m.listen(&l.page)
	length := int64(len(o.page.tokens) + len(l.page.tokens))
	var sum, covered int64
	for i, q := range m.queries {
		if n := common.counts[i] + own.counts[i]; n > 0 {
			sum += q.weight * saturate(int64(n), length) >> 10
			covered += q.worth * (common.titled(i) + own.titled(i))
		}
	}
	missing := int64(1000)
	for i := range m.keywords {
		k, best := &m.keywords[i], better(common.keywords[i], own.keywords[i])
		missing = missing * (1000 - best.worth*min(k.rarity, rareKeyword)/rareKeyword) / 1000
		if best.exact && k.loose != nil {
			sum += askedWhole * k.rarity * saturate(int64(fields[best.field().kind].counts), length) >> 10
		}
	}
	text := sum * 1000 / (sum + halfText)
	classes := m.vector.cosine(l.vector)
	company := m.bearing.cosine(&l.bearing)
	cover := int64(0)
	if all := o.page.heading + l.page.heading; all > 0 {
		cover = min(1000, covered*1000/all)
	}
	w := &m.parts
	share := eased((w.text*text+w.classes*classes+w.spoken*m.says.cosine(l.says)+w.company*company+
		w.cover*cover+w.phrases*(1000-missing))/w.all(), enough)
	var nearest *past
	if len(m.past) > 0 {
		var like int64
		if like, nearest = m.likeness(o, l, common, own); like < told {
			nearest = nil
		}
		share = (share*100 + like*pastPart) / (100 + pastPart)
	}
	e := Evidence{Share: int(share / 10)}
	switch {
	case e.Share >= 50:
		e.Finding = Met
	case e.Share >= 10:
		e.Finding = Partly
	default:
		e.Finding = Missed
	}
	m.tellWords(&e, o, l, common, own, classes, company, nearest)
	return e
}

// told is from where on a likeness is worth a word, in thousandths.
const told = 400

// mostQuotes is how many places the evidence of words cites.
const mostQuotes = 6

// found is one word or keyword of the profile and where the notice says it.
type found struct {
	says  string
	where span
	rank  int64
}

// tellWords writes the reason, and quotes where each of the most telling words stands.
func (m *Matcher) tellWords(e *Evidence, o *Opportunity, l *lot, common, own heard, classes, company int64, nearest *past) {
	var list []found
	for i := range m.keywords {
		if best := better(common.keywords[i], own.keywords[i]); best.exact {
			list = append(list, found{m.keywords[i].text, best.span, best.worth << 32})
		}
	}
	for i, q := range m.queries {
		h := common
		if h.terms[i] < 0 || own.counts[i] > h.counts[i] {
			h = own
		}
		if h.terms[i] < 0 {
			continue
		}
		at := h.page.terms[h.terms[i]].first
		list = append(list, found{q.text, span{h.page, at, at + 1}, q.weight * int64(h.counts[i])})
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.says, b.says))
	})
	list = list[:distinct(list, mostQuotes)]

	var b strings.Builder
	for i, f := range fields {
		n := 0
		for _, x := range list {
			if int(x.where.field().kind) != i {
				continue
			}
			switch {
			case n > 0:
				b.WriteString(", ")
			case b.Len() > 0:
				b.WriteString("; ")
				fallthrough
			default:
				b.WriteString(f.says)
				b.WriteString(" says ")
			}
			b.WriteByte('"')
			b.WriteString(x.says)
			b.WriteByte('"')
			n++
			e.At = append(e.At, x.where.quote())
		}
	}
	say := func(parts ...string) {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		for _, p := range parts {
			b.WriteString(p)
		}
	}
	if company >= told {
		if word, where, ok := m.companion(&o.page, &l.page); ok {
			say(`"`, clean(word), `" in the title keeps company with your words`)
			e.At = append(e.At, where)
		}
	}
	if c, ok := m.vector.shared(l.vector); ok && classes >= 250 {
		code := allClasses().code(c)
		name, _ := code.Name()
		if list := m.usual[c]; len(list) > 0 {
			say(strings.Join(list, ", "), " → ", code.String(), " ", name)
		} else {
			say("your codes → ", code.String(), " ", name)
		}
	}
	if nearest != nil {
		say("like your past contract “", clean(nearest.title), "”")
	}
	if b.Len() == 0 {
		b.WriteString("none of your words are mentioned")
	}
	e.Reason = b.String()
}

// companion is the word of the titles, none of the profile's own, that points most nearly where the profile points.
func (m *Matcher) companion(pages ...*page) (word string, where notice.Quote, ok bool) {
	most := int64(told)
	for _, p := range pages {
		for i := range p.terms {
			t := &p.terms[i]
			if !p.titled(t) {
				continue
			}
			e := m.lexicon.entry(t.id)
			if e == nil || e.way == nil || m.asks(t.id) {
				continue
			}
			if near := m.bearing.cosine(e.way.bearing()); near > most {
				s := span{p, t.first, t.first + 1}
				most, where, ok = near, s.quote(), true
				word = where.Quote
			}
		}
	}
	return word, where, ok
}

// asks reports whether a stem is one of the profile's words.
func (m *Matcher) asks(id termID) bool {
	_, ok := slices.BinarySearchFunc(m.queries, id, func(q query, id termID) int { return cmp.Compare(q.id, id) })
	return ok
}

// distinct moves the first most finds that do not lie inside one before them to the front and counts them.
func distinct(list []found, most int) int {
	n := 0
next:
	for _, x := range list {
		for _, y := range list[:n] {
			if x.where.page == y.where.page && x.where.from < y.where.to && y.where.from < x.where.to || x.says == y.says {
				continue next
			}
		}
		if n == most {
			break
		}
		list[n] = x
		n++
	}
	return n
}

// quote is the publisher's own words.
func (s span) quote() notice.Quote { return s.page.quote(s.from, s.to) }

// clean makes published text fit to stand in a reason: readable, on one line, not long.
func clean(text string) string {
	const longest = 120
	text = strings.Join(strings.Fields(words.Plain(text)), " ")
	if len(text) <= longest {
		return text
	}
	cut := longest
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut--
	}
	return text[:cut] + "…"
}
