package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"bidfit/matcher"
	"bidfit/store"
)

// A list of fits is kept in memory for each profile that was asked about, until something it was computed from is another: the
// profile's revision, the lexicon, what answers taught, a notice, or the time, where a moment has gone by that counts (Opportunity.Until).
// Then what it touches is assessed again, and the rest stays.
const (
	mostProfiles = 64
	mostFits     = 64_000 // of all lists, at about 4.5 KB each; one of them may be longer
)

// slots are what is kept of each profile, the least used forgotten first.
type slots struct {
	mu   sync.Mutex
	of   map[asked]*slot
	used uint64
}

// asked is a profile as a desk of some settings reads it.
type asked struct {
	whose
	language string
	plain    bool
}

func (d *Desk) asked(profile string) asked {
	return asked{whose{d.workspace, profile}, d.language, d.plain}
}

// slot is what is kept of one profile.
type slot struct {
	mu      sync.Mutex // taken before that of slots
	people  *people
	matcher *matcher.Matcher
	learned *matcher.Learned
	basis   basis // of the matcher
	list    *list
	marks   marks
	fits    int    // in the list; guarded by slots
	used    uint64 // the same
}

// basis is what a matcher was made of.
type basis struct {
	revision uint64
	lexicon  *matcher.Lexicon
	names    uint64 // the edition of imported CPV names
	ratings  uint64
	state    uint64 // of the lots, where answers were learned from: they are about notices
}

// list is every open opportunity held against one profile. It does not change, but for orders that are made when first asked for.
type list struct {
	matcher *matcher.Matcher
	learned *matcher.Learned
	state   uint64
	// from and until are when it holds: from the one on and before the other, where that is not the zero time.
	from, until time.Time
	rows        []*row
	at          map[string]int // by the id of every notice
	buyers      []buyerName
	buyerOf     []int32 // number of its buyer, by row
	mu          sync.Mutex
	orders      map[matcher.Order][]int32
}

// buyerName is a buyer as FacetBuyer has it: of some name that is one when it is folded.
type buyerName struct{ key, name string }

// row is one opportunity in a list: its fit, and what filters and pages ask of its best lot.
type row struct {
	*opportunity
	fit         *matcher.Fit
	from, until time.Time
	lot         *lotFacts
	static      masks // of the facets that do not depend on day and people
}

func (s *slots) get(profile asked) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[asked]*slot{}
	}
	of := s.of[profile]
	if of == nil {
		of = &slot{}
		s.of[profile] = of
	}
	s.used++
	of.used = s.used
	return of
}

// has is the slot of a profile, nil where there is none.
func (s *slots) has(profile asked) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[profile]
}

// about are the slots of a profile, whatever the settings.
func (s *slots) about(profile whose) (list []*slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for of, x := range s.of {
		if of.whose == profile {
			list = append(list, x)
		}
	}
	return list
}

func (s *slots) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of = nil
}

// keep notes how long a list is and forgets the least used ones beyond what is kept.
func (s *slots) keep(of *slot, fits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of.fits = fits
	type aged struct {
		profile asked
		*slot
	}
	var all []aged
	total := 0
	for profile, x := range s.of {
		all = append(all, aged{profile, x})
		total += x.fits
	}
	slices.SortFunc(all, func(a, b aged) int { return cmp.Compare(a.used, b.used) })
	for len(all) > 1 && (len(all) > mostProfiles || total > mostFits) {
		total -= all[0].fits
		delete(s.of, all[0].profile)
		all = all[1:]
	}
}

// marks are all values that the rows of a list have of the facets, while neither the list nor what people did is another: as long as the list
// holds no deadline comes nearer by a day.
type marks struct {
	list   *list
	people *people
	of     []masks
}

// marked is a list with what its people did and the marks of both.
type marked struct {
	*list
	did   *people
	marks []masks
}

// marked is every open opportunity held against a stored profile, and what its people did. The caller has the lots in step.
func (d *Desk) marked(ctx context.Context, l *lots, p store.Profile, asOf time.Time) (marked, error) {
	s := d.slots.get(d.asked(p.ID))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := d.refresh(ctx, l, s, p, asOf); err != nil {
		return marked{}, err
	}
	s.marks.renew(s.list, s.people, asOf)
	return marked{s.list, s.people, s.marks.of}, nil
}

// renew computes the marks that are others than they were.
func (m *marks) renew(l *list, p *people, asOf time.Time) {
	v := view{asOf: asOf, marked: marked{list: l, did: p}}
	switch {
	case m.list == l && m.people == p:
	case m.list == l && m.people != nil && p.version == m.people.version+1:
		m.of = slices.Clone(m.of)
		for id := range p.touched {
			if at, ok := l.at[id]; ok {
				m.of[at] = v.masks(l.rows[at])
			}
		}
	default:
		m.of = make([]masks, len(l.rows))
		for i, r := range l.rows {
			m.of[i] = v.masks(r)
		}
	}
	m.list, m.people = l, p
}

// refresh brings what a slot keeps up to date. The caller holds it.
func (d *Desk) refresh(ctx context.Context, l *lots, s *slot, p store.Profile, asOf time.Time) error {
	if s.people == nil {
		did, err := d.loadPeople(ctx, whose{d.workspace, p.ID})
		if err != nil {
			return err
		}
		s.people = did
	}
	if err := d.supply(ctx, l, s, p); err != nil {
		return err
	}
	if s.list == nil || s.list.matcher != s.matcher || s.list.state != l.state || !s.list.holds(asOf) {
		old := s.list
		if old == nil || old.matcher != s.matcher {
			old = &list{} // nothing of what was assessed holds any more
		}
		next, err := old.renew(ctx, s, l, asOf)
		if err != nil {
			return fmt.Errorf("profile %s: %w", p.ID, err)
		}
		s.list = next
		d.slots.keep(s, len(next.rows))
	}
	return nil
}

// supply makes the matcher of a slot, where that it has is of something else. The caller holds the slot, and its people are read.
func (d *Desk) supply(ctx context.Context, l *lots, s *slot, p store.Profile) error {
	b := basis{revision: p.Revision, lexicon: l.lexicon, names: d.vocab.Edition(), ratings: s.people.ratings}
	if len(s.people.rated) >= matcher.MinAnswers && !d.plain {
		b.state = l.state
	}
	if s.matcher != nil && s.basis == b {
		return nil
	}
	m, learned, err := d.supplier(ctx, l.lexicon, p)
	if err != nil {
		return err
	}
	same := s.matcher != nil && s.basis.revision == b.revision && s.basis.lexicon == b.lexicon && s.basis.names == b.names && learned.Version() == s.learned.Version()
	if s.basis = b; !same {
		s.matcher, s.learned = m, learned
	}
	return nil
}

// ready is the matcher of a stored profile: out of memory where its list is there, else made anew.
func (d *Desk) ready(ctx context.Context, lexicon *matcher.Lexicon, p store.Profile) (*matcher.Matcher, *matcher.Learned, error) {
	if d.lots.Load() == nil {
		return d.supplier(ctx, lexicon, p)
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	s := d.slots.has(d.asked(p.ID))
	if s == nil {
		return d.supplier(ctx, lexicon, p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people == nil || l.lexicon != lexicon {
		return d.supplier(ctx, lexicon, p)
	}
	err = d.supply(ctx, l, s, p)
	return s.matcher, s.learned, err
}

// holds reports whether a list is the same on another day.
func (l *list) holds(asOf time.Time) bool { return within(l.from, l.until, asOf) }

func within(from, until, asOf time.Time) bool {
	return !asOf.Before(from) && (until.IsZero() || asOf.Before(until))
}

// renew is the list of another state of the lots or another time: what is the same is taken over.
func (l *list) renew(ctx context.Context, s *slot, in *lots, asOf time.Time) (*list, error) {
	next := &list{
		matcher: s.matcher, learned: s.learned, state: in.state, rows: make([]*row, len(in.open)),
		at: make(map[string]int, len(in.open)), orders: map[matcher.Order][]int32{},
	}
	err := inShares(ctx, len(in.open), func(i int) {
		o := in.open[i]
		if at, ok := l.at[o.id]; ok {
			if was := l.rows[at]; was.held == o.held && slices.Equal(was.also, o.also) && slices.Equal(was.ids, o.ids) && within(was.from, was.until, asOf) {
				next.rows[i] = was
				return
			}
		}
		f := o.assess(s.matcher, o.also, asOf)
		r := &row{opportunity: o, fit: &f, from: asOf, until: o.held.opportunity.Until(asOf), lot: o.facts.lot(f.Lot)}
		r.static = r.masks()
		next.rows[i] = r
	})
	if err != nil {
		return nil, err
	}
	next.buyerOf = make([]int32, len(next.rows))
	buyers := map[string]int32{}
	for i, r := range next.rows {
		for _, id := range r.ids {
			next.at[id] = i
		}
		key := cmp.Or(r.facts.key, UnknownValue)
		n, ok := buyers[key]
		if !ok {
			n = int32(len(next.buyers))
			buyers[key] = n
			next.buyers = append(next.buyers, buyerName{key, r.facts.buyer})
		}
		next.buyerOf[i] = n
		if r.from.After(next.from) {
			next.from = r.from
		}
		if !r.until.IsZero() && (next.until.IsZero() || r.until.Before(next.until)) {
			next.until = r.until
		}
	}
	return next, nil
}

// in lists the rows in an order, by their place in rows.
func (l *list) in(order matcher.Order) []int32 {
	if order == "" {
		order = matcher.OrderScore
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	places, ok := l.orders[order]
	if !ok {
		places = make([]int32, len(l.rows))
		for i := range places {
			places[i] = int32(i)
		}
		compare := matcher.Compare(order)
		slices.SortFunc(places, func(a, b int32) int { return compare(*l.rows[a].fit, *l.rows[b].fit) })
		l.orders[order] = places
	}
	return places
}
