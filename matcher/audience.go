package matcher

import (
	"math"
	"slices"
	"sync"

	"bidfit/notice/cpv"
)

// Audience is many suppliers made ready to be found by one notice: whom it could concern, without holding it against each of them. It
// turns the words, classes, codes and past contracts of all of them round, so that a notice meets those it has something in common with;
// what company their words keep is compared with everybody's, first by the axes that tell most.
//
// [Audience.Find] never leaves out a supplier that would reach its least score. What earns is computed as words and subject do it, rounded
// up where they would have to look at the notice more closely (where a keyword stands, and how near its words are); what keeps only takes
// away, and what answers taught doubles a share at most. A test holds it against the full road.
//
// It may be asked by many at once, but not while it is changed.
type Audience struct {
	lexicon *Lexicon
	at      map[string]int32 // the seat of a supplier
	seats   []seat
	gone    int // seats nobody sits in

	words    map[termID][]asking
	keywords map[termID][]sought  // under the rarest word of each form
	classes  [][]standing         // by class
	codes    map[cpv.Code][]coded // by division, each code once
	recalled map[termID][]recall

	heads    []head // of the seats' bearings
	bearings []bearing
	past     []pastSeat
}

// seat is one supplier.
type seat struct {
	name           string // "" for nobody
	least          int64
	subject, words int64 // weights
	coded          bool  // it has codes
	moved          bool  // by answers
	from, to       int32 // its past contracts
	// need is the company, in thousandths, from which on it may reach its least score with a notice that has nothing else in common with it.
	need int64
}

// What leads from what a notice says to seats.
type (
	asking struct {
		seat          int32
		weight, worth int32
	}
	sought struct {
		seat   int32
		whole  bool
		rarity int64
		needs  []termID
	}
	standing struct {
		seat         int32
		weight, says uint16
	}
	coded struct {
		code  cpv.Code
		seats []int32
	}
	recall struct {
		past          int32
		worth, weight int64
	}
)

// pastSeat is a past contract of a seat.
type pastSeat struct {
	seat    int32
	length  int64
	bearing bearing
}

// headAxes is how many axes are compared with everybody's. They are the leading ones: they tell most.
const headAxes = 24

// head is the beginning of a bearing, and the length of the rest of it, in sixteenths, rounded up.
type head struct {
	at   [headAxes]int8
	rest int32
}

func headOf(b *bearing) head {
	var h head
	copy(h.at[:], b.at[:headAxes])
	var squares uint64
	for _, x := range b.at[headAxes:] {
		squares += uint64(int64(x) * int64(x))
	}
	if squares > 0 {
		h.rest = int32(sqrt(squares<<8)) + 1
	}
	return h
}

// dot is no less than the product of two bearings, in 256ths.
func (h *head) dot(o *head) int64 {
	var dot int32
	for i, x := range h.at {
		dot += int32(x) * int32(o.at[i])
	}
	return int64(dot)<<8 + int64(h.rest)*int64(o.rest)
}

// NewAudience is an audience of nobody.
func NewAudience(l *Lexicon) *Audience {
	return &Audience{
		lexicon: l, at: map[string]int32{}, words: map[termID][]asking{}, keywords: map[termID][]sought{},
		classes: make([][]standing, len(allClasses().prefix)), codes: map[cpv.Code][]coded{}, recalled: map[termID][]recall{},
	}
}

// Len is how many suppliers there are.
func (a *Audience) Len() int { return len(a.at) }

// Has reports whether a supplier is there.
func (a *Audience) Has(name string) bool {
	_, ok := a.at[name]
	return ok
}

// Remove has a supplier leave.
func (a *Audience) Remove(name string) {
	at, ok := a.at[name]
	if !ok {
		return
	}
	delete(a.at, name)
	a.seats[at].name = ""
	if a.gone++; a.gone > 64 && a.gone > len(a.seats)/2 {
		a.closeRanks()
	}
}

// Seat has a supplier take its seat, or another one, under a name that is not "". least is the least score it is to be found from; the
// matcher, which must be of the audience's lexicon, is not kept.
func (a *Audience) Seat(name string, m *Matcher, least int) {
	a.Remove(name)
	n := int32(len(a.seats))
	a.at[name] = n
	s := seat{
		name: name, least: int64(least), subject: int64(m.weights[Subject]), words: int64(m.weights[Words]),
		coded: len(m.profile.CPV) > 0, moved: m.learned != nil, from: int32(len(a.past)), to: int32(len(a.past) + len(m.past)),
	}
	for _, q := range m.queries {
		a.words[q.id] = append(a.words[q.id], asking{n, int32(min(q.weight, math.MaxInt32)), int32(min(q.worth, math.MaxInt32))})
	}
	for i := range m.keywords {
		k := &m.keywords[i]
		for _, form := range k.forms {
			ids := make([]termID, 0, len(form))
			for _, need := range form {
				ids = append(ids, need.id)
			}
			a.seek(n, k, ids, k.loose != nil)
		}
		a.seek(n, k, k.loose, false)
	}
	says := m.says
	for _, c := range m.vector {
		for len(says) > 0 && says[0].class < c.class {
			a.stand(says[0].class, standing{n, 0, says[0].weight})
			says = says[1:]
		}
		st := standing{seat: n, weight: c.weight}
		if len(says) > 0 && says[0].class == c.class {
			st.says, says = says[0].weight, says[1:]
		}
		a.stand(c.class, st)
	}
	for _, c := range says {
		a.stand(c.class, standing{n, 0, c.weight})
	}
	for _, c := range m.profile.CPV {
		a.code(c, n)
	}
	for i := range m.past {
		a.past = append(a.past, pastSeat{n, m.past[i].length, m.past[i].bearing})
	}
	for _, r := range m.recalled {
		for _, in := range r.in {
			a.recalled[r.id] = append(a.recalled[r.id], recall{s.from + int32(in.past), r.worth, in.weight})
		}
	}
	s.need = s.needed()
	a.seats, a.bearings, a.heads = append(a.seats, s), append(a.bearings, m.bearing), append(a.heads, headOf(&m.bearing))
}

func (a *Audience) stand(c class, s standing) { a.classes[c] = append(a.classes[c], s) }

// seek notes a form of a keyword under its rarest word: where that is not, the form is not.
func (a *Audience) seek(n int32, k *phrase, ids []termID, whole bool) {
	if len(ids) == 0 {
		return
	}
	rarest := slices.MaxFunc(ids, func(x, y termID) int { return int(a.lexicon.worth(x) - a.lexicon.worth(y)) })
	a.keywords[rarest] = append(a.keywords[rarest], sought{n, whole, k.rarity, ids})
}

func (a *Audience) code(c cpv.Code, n int32) {
	division := c.At(cpv.Division)
	list := a.codes[division]
	i := slices.IndexFunc(list, func(x coded) bool { return x.code == c })
	if i < 0 {
		i = len(list)
		list = append(list, coded{code: c})
	}
	list[i].seats = append(list[i].seats, n)
	a.codes[division] = list
}

// closeRanks drops the seats nobody sits in.
func (a *Audience) closeRanks() {
	b := NewAudience(a.lexicon)
	seats, past := make([]int32, len(a.seats)), make([]int32, len(a.past))
	for i := range past {
		past[i] = -1
	}
	for i, s := range a.seats {
		seats[i] = -1
		if s.name == "" {
			continue
		}
		seats[i] = int32(len(b.seats))
		b.at[s.name] = seats[i]
		for p := s.from; p < s.to; p++ {
			past[p] = int32(len(b.past))
			b.past = append(b.past, pastSeat{seats[i], a.past[p].length, a.past[p].bearing})
		}
		s.from, s.to = int32(len(b.past))-(s.to-s.from), int32(len(b.past))
		b.seats, b.bearings, b.heads = append(b.seats, s), append(b.bearings, a.bearings[i]), append(b.heads, a.heads[i])
	}
	for id, list := range a.words {
		moveTo(b.words, id, list, func(x *asking) bool { x.seat = seats[x.seat]; return x.seat >= 0 })
	}
	for id, list := range a.keywords {
		moveTo(b.keywords, id, list, func(x *sought) bool { x.seat = seats[x.seat]; return x.seat >= 0 })
	}
	for id, list := range a.recalled {
		moveTo(b.recalled, id, list, func(x *recall) bool { x.past = past[x.past]; return x.past >= 0 })
	}
	for c, list := range a.classes {
		for _, x := range list {
			if x.seat = seats[x.seat]; x.seat >= 0 {
				b.stand(class(c), x)
			}
		}
	}
	for _, list := range a.codes {
		for _, x := range list {
			for _, n := range x.seats {
				if n = seats[n]; n >= 0 {
					b.code(x.code, n)
				}
			}
		}
	}
	*a = *b
}

// moveTo takes over those of a list that keep says are still there.
func moveTo[T any](to map[termID][]T, id termID, list []T, keep func(*T) bool) {
	var kept []T
	for _, x := range list {
		if keep(&x) {
			kept = append(kept, x)
		}
	}
	if kept != nil {
		to[id] = kept
	}
}

// hall is what one notice is measured in against everybody. Everything in it is zero between two lots but the marks.
type hall struct {
	text, covered, missing []int64 // by seat
	classes, spoken        []int64
	subject                []int64
	met                    []bool
	who                    []int32 // the seats met
	common                 []int64 // by past contract
	recalled               []int32 // the past contracts met
	found                  []bool  // by seat, for the whole notice
}

var halls sync.Pool

func (a *Audience) hall() *hall {
	h, _ := halls.Get().(*hall)
	if h == nil || len(h.met) < len(a.seats) || len(h.common) < len(a.past) {
		n, p := len(a.seats)*5/4, len(a.past)*5/4
		h = &hall{
			text: make([]int64, n), covered: make([]int64, n), missing: make([]int64, n), classes: make([]int64, n), spoken: make([]int64, n),
			subject: make([]int64, n), met: make([]bool, n), common: make([]int64, p), found: make([]bool, n),
		}
	}
	return h
}

func (h *hall) meet(n int32) {
	if !h.met[n] {
		h.met[n] = true
		h.who = append(h.who, n)
	}
}

// leave clears what one lot was measured in.
func (h *hall) leave() {
	for _, n := range h.who {
		h.text[n], h.covered[n], h.missing[n], h.classes[n], h.spoken[n], h.subject[n], h.met[n] = 0, 0, 0, 0, 0, 0, false
	}
	for _, p := range h.recalled {
		h.common[p] = 0
	}
	h.who, h.recalled = h.who[:0], h.recalled[:0]
}

// Find lists the suppliers that a notice could concern, in no order: nobody else reaches the least score it sits there with.
func (a *Audience) Find(o *Opportunity) []string {
	if len(a.at) == 0 {
		return nil
	}
	h := a.hall()
	defer halls.Put(h)
	lots := o.lots
	if len(lots) == 0 {
		lots = make([]lot, 1)
	}
	var found []int32
	for i := range lots {
		found = a.find(h, o, &lots[i], found)
		h.leave()
	}
	names := make([]string, len(found))
	for i, n := range found {
		names[i], h.found[n] = a.seats[n].name, false
	}
	return names
}

// spoken is a stem of a lot or its notice, as both say it.
type spoken struct {
	id          termID
	common, own int64 // how often, in halves
	titled      int64
}

// find adds to found those whom a lot could concern.
func (a *Audience) find(h *hall, o *Opportunity, l *lot, found []int32) []int32 {
	length := int64(len(o.page.tokens) + len(l.page.tokens))
	terms := make([]spoken, 0, len(o.page.terms)+len(l.page.terms))
	for i, j := 0, 0; i < len(o.page.terms) || j < len(l.page.terms); {
		var s spoken
		take := func(p *page, at int) int64 {
			t := &p.terms[at]
			s.id = t.id
			if p.titled(t) {
				s.titled++
			}
			return int64(t.count)
		}
		inCommon := i < len(o.page.terms) && (j == len(l.page.terms) || o.page.terms[i].id <= l.page.terms[j].id)
		inOwn := j < len(l.page.terms) && (i == len(o.page.terms) || l.page.terms[j].id <= o.page.terms[i].id)
		if inCommon {
			s.common = take(&o.page, i)
			i++
		}
		if inOwn {
			s.own = take(&l.page, j)
			j++
		}
		terms = append(terms, s)
	}
	for i := range terms {
		t := &terms[i]
		if n := t.common + t.own; n > 0 {
			part := saturate(n, length)
			for _, q := range a.words[t.id] {
				h.meet(q.seat)
				h.text[q.seat] += int64(q.weight) * part >> 10
				h.covered[q.seat] += int64(q.worth) * t.titled
			}
		}
		for k := range a.keywords[t.id] {
			s := &a.keywords[t.id][k]
			if counts, ok := mayStand(s.needs, terms); ok {
				h.meet(s.seat)
				if w := min(s.rarity, rareKeyword) * adjacent / rareKeyword; w > 0 {
					h.missing[s.seat] += w + 1
				}
				if s.whole {
					h.text[s.seat] += askedWhole * s.rarity * saturate(counts, length) >> 10
				}
			}
		}
		if past := a.recalled[t.id]; len(past) > 0 {
			common, own := saturate(t.common, typical), saturate(t.own, typical)
			for _, r := range past {
				h.meet(a.past[r.past].seat)
				if h.common[r.past] == 0 {
					h.recalled = append(h.recalled, r.past)
				}
				h.common[r.past] += (common*r.worth>>10 + own*r.worth>>10) * r.weight
			}
		}
	}
	says := l.says
	for _, c := range l.vector {
		for len(says) > 0 && says[0].class < c.class {
			a.meetIn(h, says[0].class, 0, int64(says[0].weight))
			says = says[1:]
		}
		said := int64(0)
		if len(says) > 0 && says[0].class == c.class {
			said, says = int64(says[0].weight), says[1:]
		}
		a.meetIn(h, c.class, int64(c.weight), said)
	}
	for _, c := range says {
		a.meetIn(h, c.class, 0, int64(c.weight))
	}
	a.meetCodes(h, l)

	m := measure{a: a, hall: h, o: o, l: l, length: max(1, int64(sqrt(uint64(o.page.squares+l.page.squares)))), head: headOf(&l.bearing)}
	for _, n := range h.who {
		if s := &a.seats[n]; s.name != "" && !h.found[n] && m.reaches(n, s) {
			h.found[n] = true
			found = append(found, n)
		}
	}
	for n := range a.seats {
		s := &a.seats[n]
		if s.name == "" || h.met[n] || h.found[n] {
			continue
		}
		if company := a.heads[n].dot(&m.head); company*1000 < s.need*int64(a.bearings[n].length)*int64(l.bearing.length) {
			continue
		}
		if m.reaches(int32(n), s) {
			h.found[n] = true
			found = append(found, int32(n))
		}
	}
	return found
}

// mayStand reports whether all words of a form are said, and no less than what a text counts that says all of them.
func mayStand(needs []termID, terms []spoken) (counts int64, ok bool) {
	counts = int64(fields[inTitle].counts)
	for _, id := range needs {
		at, ok := slices.BinarySearchFunc(terms, id, func(t spoken, id termID) int {
			switch {
			case t.id < id:
				return -1
			case t.id > id:
				return 1
			}
			return 0
		})
		if !ok {
			return 0, false
		}
		counts = min(counts, max(terms[at].common, terms[at].own))
	}
	return counts, true
}

func (a *Audience) meetIn(h *hall, c class, weight, says int64) {
	for _, s := range a.classes[c] {
		h.meet(s.seat)
		h.classes[s.seat] += weight * int64(s.weight)
		h.spoken[s.seat] += says * int64(s.says)
	}
}

// meetCodes finds what the best code of a lot is worth to everybody who has one in its division.
func (a *Audience) meetCodes(h *hall, l *lot) {
	var divisions []cpv.Code
	for _, c := range l.codes {
		if d := c.At(cpv.Division); !slices.Contains(divisions, d) {
			divisions = append(divisions, d)
		}
	}
	for _, d := range divisions {
		for _, ours := range a.codes[d] {
			var worth int64
			for _, c := range l.codes {
				worth = max(worth, a.lexicon.relate(c.Code, ours.code).worth)
			}
			if worth == 0 {
				continue
			}
			for _, n := range ours.seats {
				h.meet(n)
				h.subject[n] = max(h.subject[n], worth)
			}
		}
	}
}

// measure is one lot in a hall.
type measure struct {
	a      *Audience
	hall   *hall
	o      *Opportunity
	l      *lot
	length int64 // of its words as a vector
	head   head
}

// reaches reports whether a supplier may reach its least score.
func (m *measure) reaches(n int32, s *seat) bool {
	words := len(m.o.page.tokens)+len(m.l.page.tokens) > 0
	subject := s.coded && len(m.l.codes) > 0
	codes := (m.hall.subject[n] + 9) / 10
	if !words {
		return s.score(0, codes, false, subject) >= s.least
	}
	text, cover := m.hall.text[n], int64(0)
	if all := m.o.page.heading + m.l.page.heading; all > 0 {
		cover = min(1000, m.hall.covered[n]*1000/all)
	}
	w := &weighing
	sum := w.text*(text*1000/(text+halfText)) + w.classes*min(1000, m.hall.classes[n]*1000/(unit*unit)) +
		w.spoken*min(1000, m.hall.spoken[n]*1000/(unit*unit)) + w.cover*cover + w.phrases*min(1000, m.hall.missing[n])
	var like, most int64
	for p := s.from; p < s.to; p++ {
		most = max(most, m.likeness(p, 1000))
	}
	// First by the axes that tell most, then by all of them.
	near := int64(0)
	if lengths := int64(m.a.bearings[n].length) * int64(m.l.bearing.length); lengths > 0 {
		near = min(1000, max(0, m.a.heads[n].dot(&m.head)*1000/lengths))
	}
	if s.score(share(sum+w.company*near, most, s), codes, true, subject) < s.least {
		return false
	}
	company := m.a.bearings[n].cosine(&m.l.bearing)
	if s.score(share(sum+w.company*company, most, s), codes, true, subject) < s.least {
		return false
	}
	for p := s.from; p < s.to; p++ {
		like = max(like, m.likeness(p, m.a.past[p].bearing.cosine(&m.l.bearing)))
	}
	return s.score(share(sum+w.company*company, like, s), codes, true, subject) >= s.least
}

// likeness is that to one past contract, were the company of its words so much.
func (m *measure) likeness(p int32, company int64) int64 {
	words := min(1000, m.hall.common[p]*1000/(m.length*m.a.past[p].length))
	return eased((words*(100-pastCompany)+company*pastCompany)/100, alike)
}

// share is what the words share, in percent, out of the sum of their parts.
func share(sum, like int64, s *seat) int64 {
	share := eased(sum/weighing.all(), enough)
	if s.to > s.from {
		share = (share*100 + like*pastPart) / (100 + pastPart)
	}
	return share / 10
}

// score is no less than the score of shares in percent: the relevance, of which everything else can only take away.
func (s *seat) score(words, codes int64, hasWords, hasCodes bool) int64 {
	if s.moved {
		words, codes = words*2, codes*2
	}
	words, codes = min(100, words), min(100, codes)
	var judged, score int64
	if hasCodes {
		judged += s.subject
	}
	if hasWords {
		judged += s.words
	}
	if judged == 0 {
		return 0
	}
	if hasCodes {
		score += s.subject * codes * point / judged
	}
	if hasWords {
		score += s.words * words * point / judged
	}
	return divide(score, point)
}

// needed is the least company that makes a supplier reach its least score alone, its past contracts kept in the best company; 1001 for none.
func (s *seat) needed() int64 {
	like := eased(1000*pastCompany/100, alike)
	reaches := func(company int64) bool {
		words := share(weighing.company*company, like, s)
		return max(s.score(words, 0, true, false), s.score(words, 0, true, s.coded), s.score(0, 0, false, s.coded)) >= s.least
	}
	low, high := int64(0), int64(1001)
	for low < high {
		if middle := (low + high) / 2; reaches(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
