package matcher

import (
	"cmp"
	"slices"
	"strings"
)

// What a supplier has done says more exactly than any keyword what it does. A lot is held against each
// past contract of the profile (experience), and the nearest counts.
const (
	// pastPart is how much the likeness to the nearest past contract counts, in percent of all else the words say.
	pastPart = 60
	// alike is the likeness at which a lot is nearly as like a past contract as can be, in thousandths.
	alike = 750
	// pastCompany is the percent of the likeness that the company of the words makes; the words themselves make the rest.
	pastCompany = 40
	// askedInPast is what a word of a past contract is asked for, in sixteenths.
	askedInPast = 3
)

// past is a contract delivered, made ready.
type past struct {
	title   string
	length  int64 // of its words as a vector
	bearing bearing
}

// recalled is a word of past contracts, and what it weighs in each that has it.
type recalled struct {
	id    termID
	worth int64
	in    []weighed
}

// weighed is what a word weighs in a past contract.
type weighed struct {
	past   int
	weight int64
}

// remember makes the past contracts ready. What stands before the first full stop or line end is the title.
func (m *Matcher) remember(l *Lexicon) {
	found := map[termID]*recalled{}
	for i, text := range m.profile.Experience {
		title, rest := text, ""
		if end := strings.IndexAny(text, ".\n"); end > 0 {
			title, rest = text[:end], text[end:]
		}
		p := read([]field{{kind: inTitle, text: title}, {kind: inDescription, text: rest}})
		var course course
		l.mix(newBlend(), &course, &p)
		m.past = append(m.past, past{title, max(1, int64(sqrt(uint64(p.squares)))), course.bearing()})
		for _, t := range p.terms {
			e := l.entry(t.id)
			if e == nil || !e.telling {
				continue
			}
			r := found[t.id]
			if r == nil {
				r = &recalled{id: t.id, worth: e.worth}
				found[t.id] = r
			}
			r.in = append(r.in, weighed{i, saturate(int64(t.count), typical) * e.worth >> 10})
		}
	}
	for _, r := range found {
		m.recalled = append(m.recalled, *r)
	}
	slices.SortFunc(m.recalled, func(a, b recalled) int { return cmp.Compare(a.id, b.id) })
}

// common is what a page has in common with each past contract; nil where there are none.
func (m *Matcher) common(p *page) []int64 {
	if len(m.past) == 0 {
		return nil
	}
	sums := make([]int64, len(m.past))
	at := 0
	for i := range m.recalled {
		r := &m.recalled[i]
		for at < len(p.terms) && p.terms[at].id < r.id {
			at++
		}
		if at == len(p.terms) {
			break
		}
		if t := &p.terms[at]; t.id == r.id {
			w := saturate(int64(t.count), typical) * r.worth >> 10
			for _, in := range r.in {
				sums[in.past] += w * in.weight
			}
		}
	}
	return sums
}

// likeness is how like the nearest past contract a lot is, in thousandths, and which that is, the first of equals.
func (m *Matcher) likeness(o *Opportunity, l *lot, common, own heard) (likeness int64, nearest *past) {
	length := max(1, int64(sqrt(uint64(o.page.squares+l.page.squares))))
	for i := range m.past {
		p := &m.past[i]
		words := min(1000, (common.past[i]+own.past[i])*1000/(length*p.length))
		like := (words*(100-pastCompany) + p.bearing.cosine(&l.bearing)*pastCompany) / 100
		if nearest == nil || like > likeness {
			likeness, nearest = like, p
		}
	}
	return eased(likeness, alike), nearest
}
