package matcher

import (
	"cmp"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
)

// HintCodes is a hint that words and codes disagree.
const HintCodes = "codes"

// Hint is something worth a look before the evidence is trusted. It changes no score.
type Hint struct {
	Hint   string `json:"hint"`
	Reason string `json:"reason"`
	// At are the telling words and what they disagree with.
	At []notice.Quote `json:"at"`
}

// When words and codes are said to disagree. A hint is rare or it is noise: of published notices one in a hundred or so has it.
const (
	apart    = 40  // thousandths of nearness in the space of classes up to which they stand apart
	clearly  = 500 // of unit: what the class where most words sit has to have for them to sit there clearly
	pointers = 3   // words that have to point to it
	agree    = 300 // thousandths of nearness that headings and all words have to have
	pointsAt = 512 // 4096ths of its uses from which on a word points to a class
)

// pointer is a word that points to a class.
type pointer struct {
	where span
	worth int64
}

// disagree hints that what a lot says in words is bought under other codes than its own: its words sit clearly in one
// class, its headings do not sit where the codes are either, and no code is in the division of that class. Descriptions
// alone would not do: they tell for whom it is bought, and where. desk.text holds the words, desk.codes the codes.
func (l *Lexicon) disagree(o *Opportunity, of *lot, desk *scratch) []Hint {
	text, codes := desk.text.vector(mostOfText), desk.codes.vector(mostOfCodes)
	if len(text) == 0 || len(codes) == 0 || text.cosine(codes) > apart {
		return nil
	}
	top := slices.MaxFunc(text, func(a, b near) int { return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(b.class, a.class)) })
	sits := allClasses().code(top.class)
	if top.weight < clearly || slices.ContainsFunc(of.codes, func(c code) bool { return c.At(cpv.Division) == sits.At(cpv.Division) }) {
		return nil
	}
	desk.both.reset()
	for _, p := range []*page{&o.page, &of.page} {
		headings := *p
		headings.terms = slices.DeleteFunc(slices.Clone(p.terms), func(t term) bool { return !p.field(t.first).kind.heading() })
		l.mix(desk.both, &desk.part, &headings)
	}
	headings := desk.both.vector(mostOfText)
	if headings.cosine(codes) > apart || headings.cosine(text) < agree {
		return nil
	}
	words := l.pointing(top.class, &o.page, &of.page)
	if len(words) < pointers {
		return nil
	}
	named := func(c cpv.Code) string {
		name, _ := c.Name()
		return c.String()[:4] + " " + name
	}
	h := Hint{Hint: HintCodes}
	var said []string
	for _, w := range words[:pointers] {
		q := w.where.quote()
		said, h.At = append(said, `"`+clean(q.Quote)+`"`), append(h.At, q)
	}
	told := of.codes[0]
	for _, c := range of.codes {
		if l.content(c.Code) > l.content(told.Code) {
			told = c
		}
	}
	h.At = append(h.At, told.quote())
	h.Reason = "the words (" + strings.Join(said, ", ") + ") sit in " + named(sits) + ", the code says " + named(told.At(cpv.Class)) +
		": read the text before you trust the code"
	return []Hint{h}
}

// pointing lists the words of some pages that point to a class, each once, the most telling first.
func (l *Lexicon) pointing(to class, pages ...*page) []pointer {
	var list []pointer
	seen := map[termID]bool{}
	for _, p := range pages {
		for _, t := range p.terms {
			e := l.entry(t.id)
			if e == nil || t.count == 0 || seen[t.id] {
				continue
			}
			i, ok := slices.BinarySearchFunc(e.classes, to, func(n near, c class) int { return cmp.Compare(n.class, c) })
			if !ok || e.classes[i].weight < pointsAt {
				continue
			}
			seen[t.id] = true
			worth := int64(e.classes[i].weight) * l.rarity(t.id) * saturate(int64(t.count), typical)
			list = append(list, pointer{span{p, t.first, t.first + 1}, worth})
		}
	}
	slices.SortStableFunc(list, func(a, b pointer) int { return cmp.Compare(b.worth, a.worth) })
	return list
}
