package matcher

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"bidfit/notice"
	"bidfit/notice/words"
)

// termID names a stem wherever it stands, in a lexicon, a profile or a notice,
// without a dictionary that all would have to share: the 64-bit FNV-1a hash of the stem.
type termID uint64

func idOf(stem string) termID {
	h := termID(14695981039346656037)
	for i := range len(stem) {
		h = (h ^ termID(stem[i])) * 1099511628211
	}
	return h
}

// name is what a word is looked up by: its stem, in capitals where it would be a
// stop word were it not written in capitals ("IT", "US").
func name(t words.Token) string {
	if t.Upper && words.Stop(t.Stem) {
		return strings.ToUpper(t.Stem)
	}
	return t.Stem
}

// fieldKind is where a text stands in a notice.
type fieldKind uint8

const (
	inTitle fieldKind = iota
	inLotTitle
	inDescription
	inLotDescription
	inItem
	inText
	inName
)

// fields says of each kind what a person calls it and what a word in it
// counts, in halves of a word in a description. The name of a code counts
// nothing as a word, since the code counts as a code; but keywords may stand in it.
var fields = [...]struct {
	says   string
	counts uint16
}{
	inTitle:          {"title", 8},
	inLotTitle:       {"lot title", 4},
	inDescription:    {"description", 2},
	inLotDescription: {"lot description", 2},
	inItem:           {"item", 2},
	inText:           {"further text", 1},
	inName:           {"CPV name", 0},
}

// heading reports whether the text names what is bought, rather than describing it.
func (k fieldKind) heading() bool { return k == inTitle || k == inLotTitle }

// field is one text of a notice and its place.
type field struct {
	kind fieldKind
	text string
	at   notice.Path
	from uint32 // its first token in the page
	// published is what the publisher wrote at the place, where that is not the text.
	published string
}

// token is one word of a page: which of the page's terms it is, and where it stands in its text.
type token struct {
	term  uint32
	start uint32
	size  uint16
	upper bool // in capitals
	light bool // may stand inside a phrase without changing it
	gap   bool // a sentence, line or text ended before it
}

// term is one stem of a page.
type term struct {
	id    termID
	first uint32 // its first token, in the text that counts most
	count uint16 // how often it stands there, each time counting what its field counts
}

// page is a group of texts made ready to be searched: the texts in the order in
// which they count, their words, and every stem once, in order of id.
type page struct {
	fields []field
	tokens []token
	terms  []term
	titles uint32 // its first token outside of headings
	// heading is how telling the words of its headings are together, and squares the sum of the squares of
	// what all its words weigh, once a lexicon has mixed them.
	heading, squares int64
}

// titled reports whether a term stands in a heading.
func (p *page) titled(t *term) bool { return t.first < p.titles && t.count > 0 }

// mostTokens bounds a page. The longest of a thousand real notices has a fifth of it; what stands behind is not read.
const mostTokens = 100_000

// occurrence is a token under one of its names.
type occurrence struct {
	id     termID
	at     uint32
	second bool // the token's other name, by which phrases do not look for it
}

// draft is where a page is written before it is known how long it gets: what is kept is cut to size.
type draft struct {
	page  page
	found []occurrence
}

var drafts = sync.Pool{New: func() any { return new(draft) }}

// read makes a page of texts.
func read(texts []field) page {
	slices.SortStableFunc(texts, func(a, b field) int { return cmp.Compare(a.kind, b.kind) })
	d := drafts.Get().(*draft)
	defer drafts.Put(d)
	p, found := page{tokens: d.page.tokens[:0], terms: d.page.terms[:0]}, d.found[:0]
	for _, f := range texts {
		f.from = uint32(len(p.tokens))
		p.fields = append(p.fields, f)
		for i, t := range words.Tokens(f.text) {
			if len(p.tokens) == mostTokens {
				break
			}
			at := uint32(len(p.tokens))
			found = append(found, occurrence{idOf(t.Stem), at, false})
			if key := name(t); key != t.Stem {
				found = append(found, occurrence{idOf(key), at, true})
			}
			p.tokens = append(p.tokens, token{
				start: uint32(t.Start), size: uint16(min(t.End-t.Start, 1<<16-1)),
				upper: t.Upper, gap: t.Gap || i == 0, light: !t.Upper && words.Light(t.Stem),
			})
		}
		if f.kind.heading() {
			p.titles = uint32(len(p.tokens))
		}
	}
	slices.SortFunc(found, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.at, b.at))
	})
	for i, o := range found {
		if i == 0 || o.id != found[i-1].id {
			p.terms = append(p.terms, term{id: o.id, first: o.at})
		}
		last := len(p.terms) - 1
		t := &p.terms[last]
		t.count = uint16(min(int(t.count)+int(fields[p.field(o.at).kind].counts), 1<<16-1))
		if !o.second {
			p.tokens[o.at].term = uint32(last)
		}
	}
	d.page.tokens, d.page.terms, d.found = p.tokens, p.terms, found
	p.tokens, p.terms = slices.Clone(p.tokens), slices.Clone(p.terms)
	return p
}

// field is the text a token stands in.
func (p *page) field(at uint32) *field {
	i := len(p.fields) - 1
	for p.fields[i].from > at {
		i--
	}
	return &p.fields[i]
}

// term finds a stem.
func (p *page) term(id termID) (int, bool) {
	return slices.BinarySearchFunc(p.terms, id, func(t term, id termID) int { return cmp.Compare(t.id, id) })
}

// quote is the publisher's own words from token from up to, but not including, token to.
func (p *page) quote(from, to uint32) notice.Quote {
	f := p.field(from)
	last := p.tokens[to-1]
	start, end := int(p.tokens[from].start), int(last.start)+int(last.size)
	return f.quote(start, end)
}

// quote is a span of the field's text and its place in the release.
func (f *field) quote(start, end int) notice.Quote {
	if f.published != "" {
		return notice.Quote{Path: f.at, Quote: f.published}
	}
	q := notice.Quote{Path: f.at, Quote: f.text[start:end]}
	q.Start, q.End = f.at.Start+start, f.at.Start+end
	return q
}
