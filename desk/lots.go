package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/store"
)

// lots is every notice in memory, in the matcher's compact form, as the store was at one change. Open
// ones are there from the first match on, closed ones once somebody has asked for all. Once lots are in use nothing of
// them changes: whoever reads them waits for nobody, and a change of the store makes the next ones.
type lots struct {
	lexicon *matcher.Lexicon
	version string // of the lexicon in the store, "" while it has none
	n       uint64 // the change the lots have read up to
	closed  bool   // closed stages are loaded too
	held    map[string]*held
	also    map[string][]string // OCID -> notice ids that have it or name it
	order   []*held             // by id
	open    []*opportunity      // the open ones; made when order is, as is what is asked of all of them
	sums    func() *sums
	state   uint64 // another number for lots with other notices
}

// held is one notice in memory.
type held struct {
	id, ocid    string
	named       []string // the other OCIDs that this notice names
	copies      []string // those that its copies have, which name nobody
	rank        int      // of its service in notice.Services
	open        bool
	opportunity *matcher.Opportunity
	facts       *facts
}

// opportunity is what is assessed as one: a notice with the OCIDs it is also published under, and the ids of all notices of it.
type opportunity struct {
	*held
	also []string
	ids  []string
}

// inStep gives the lots as of the store's newest change, or later, and what people did is as new as they are.
func (d *Desk) inStep(ctx context.Context, all bool) (*lots, error) {
	change, _, err := d.store.Newest(ctx)
	if err != nil {
		return nil, err
	}
	for {
		_, version, err := d.store.Newest(ctx)
		if err != nil {
			return nil, err
		}
		if l := d.lots.Load(); l.serve(version, all) && l.n >= change {
			return l, nil
		}
		if err := d.step(ctx, all); err != nil {
			return nil, fmt.Errorf("reading the notices into memory: %w", err)
		}
	}
}

// serve reports whether the lots are there, of a lexicon, and with the closed stages where they are asked for.
func (l *lots) serve(version string, all bool) bool {
	return l != nil && l.version == version && (l.closed || !all)
}

// step makes the next lots: one at a time, or waits until somebody else has. A store without a lexicon uses what the
// CPV names alone teach.
func (d *Desk) step(ctx context.Context, all bool) error {
	select {
	case d.stepping <- struct{}{}:
		defer func() { <-d.stepping }()
	case <-ctx.Done():
		return ctx.Err()
	}
	change, version, err := d.store.Newest(ctx)
	if err != nil {
		return err
	}
	l := d.lots.Load()
	if l.serve(version, all) {
		l, err = d.followLots(ctx, l)
	} else {
		var stats store.Stats
		if stats, err = d.store.Stats(ctx); err != nil {
			return err
		}
		if version == "" && stats.Notices > 0 {
			return d.LearnLexicon(ctx) // an ingest was cut short before it did
		}
		d.slots.forget()
		lexicon := matcher.NewLexicon()
		if version != "" {
			_, encoded, lerr := d.store.Lexicon(ctx, version)
			if lerr != nil {
				return lerr
			}
			if lexicon, err = matcher.DecodeLexicon(encoded); err != nil {
				d.log.Warn("the lexicon cannot be read and is learned anew", "version", version, "why", err)
				return d.LearnLexicon(ctx)
			}
		}
		l, err = d.loadLots(ctx, lexicon, all || l != nil && l.closed, change)
		l.version = version
	}
	if err != nil {
		d.slots.forget() // what people did may be read in part
		return err
	}
	d.lots.Store(l)
	return nil
}

func (d *Desk) loadLots(ctx context.Context, lexicon *matcher.Lexicon, all bool, upTo uint64) (*lots, error) {
	l := &lots{lexicon: lexicon, n: upTo, closed: all, held: map[string]*held{}, also: map[string][]string{}}
	// Preparing is CPU work and reading is too (decompression): one reader, a few preparers.
	in := make(chan *notice.Notice, 64)
	out := make(chan *held, 64)
	var prepare sync.WaitGroup
	for range max(1, runtime.GOMAXPROCS(0)) {
		prepare.Go(func() {
			for n := range in {
				out <- hold(lexicon, n)
			}
		})
	}
	collected := make(chan struct{})
	go func() {
		defer close(collected)
		for h := range out {
			l.add(h)
		}
	}()
	err := func() error {
		defer close(in)
		for n, err := range d.store.Notices(ctx) {
			if err != nil {
				return err
			}
			if all || n.Stage.Open() {
				in <- n
			}
		}
		return nil
	}()
	prepare.Wait()
	close(out)
	<-collected
	for _, h := range l.held {
		l.order = append(l.order, h)
	}
	l.sort(d.states.Add(1))
	return l, err
}

// followLots makes the next lots out of what changed since some were last in step.
func (d *Desk) followLots(ctx context.Context, l *lots) (*lots, error) {
	next := *l
	changed := map[string]*held{} // nil: no longer among the lots
	var did deeds
	for c, err := range d.store.Changes(ctx, l.n) {
		if err != nil {
			return nil, err
		}
		did.note(c)
		if c.Kind == store.KindNotice {
			n, err := d.store.Notice(ctx, c.Key)
			switch {
			case errors.Is(err, store.ErrNotFound) || err == nil && !l.closed && !n.Stage.Open():
				changed[c.Key] = nil
			case err != nil:
				return nil, err
			default:
				changed[c.Key] = hold(l.lexicon, n)
			}
		}
		next.n = c.N
	}
	if len(changed) > 0 {
		next.exchange(changed)
		next.sort(d.states.Add(1))
	}
	return &next, d.followPeople(ctx, did)
}

// exchange puts what changed in the place of what there was, in maps and slices of its own.
func (l *lots) exchange(changed map[string]*held) {
	l.held, l.also = maps.Clone(l.held), maps.Clone(l.also)
	order := make([]*held, 0, len(l.order)+len(changed))
	for _, h := range l.order {
		if _, ok := changed[h.id]; ok {
			l.remove(h)
		} else {
			order = append(order, h)
		}
	}
	for _, h := range changed {
		if h != nil {
			l.add(h)
			order = append(order, h)
		}
	}
	l.order = order
}

// sort puts the notices in order, and makes what follows from all of them.
func (l *lots) sort(state uint64) {
	slices.SortFunc(l.order, func(a, b *held) int { return strings.Compare(a.id, b.id) })
	l.state = state
	l.open = slices.Collect(l.opportunities(false))
	open, names := l.open, l.lexicon.Names()
	l.sums = sync.OnceValue(func() *sums { return sum(open, names) })
}

func hold(lexicon *matcher.Lexicon, n *notice.Notice) *held {
	h := &held{id: n.ID, ocid: n.OCID, open: n.Stage.Open(), opportunity: lexicon.Prepare(n), facts: factsOf(n)}
	services := notice.Services()
	if h.rank = slices.Index(services, n.Publisher); h.rank < 0 {
		h.rank = len(services)
	}
	for _, a := range n.Also {
		h.named = append(h.named, a.Value)
	}
	for _, c := range n.Copies {
		h.copies = append(h.copies, c.OCID)
	}
	return h
}

// ocids are the notice's own, and those it is also published under.
func (h *held) ocids() []string { return slices.Concat([]string{h.ocid}, h.named, h.copies) }

// add and remove leave the lists of notice ids alone that older lots have.
func (l *lots) add(h *held) {
	l.held[h.id] = h
	for _, ocid := range h.ocids() {
		l.also[ocid] = append(slices.Clip(l.also[ocid]), h.id)
	}
}

func (l *lots) remove(h *held) {
	delete(l.held, h.id)
	for _, ocid := range h.ocids() {
		ids := slices.DeleteFunc(slices.Clone(l.also[ocid]), func(x string) bool { return x == h.id })
		if len(ids) == 0 {
			delete(l.also, ocid)
			continue
		}
		l.also[ocid] = ids
	}
}

// opportunities lists each opportunity once, with the OCIDs it is also
// published under. Of the notices of one opportunity the one assessed is an
// open one before a closed one, then the one the others name (the first
// publication), then that of the service that says most (notice.Services), then the smallest id: nothing here depends on the order of arrival.
func (l *lots) opportunities(all bool) iter.Seq[*opportunity] {
	return func(yield func(*opportunity) bool) {
		for _, h := range l.order {
			if !all && !h.open {
				continue
			}
			same, ocids := l.same(h)
			if len(same) > 1 && primary(same) != h {
				continue
			}
			o := &opportunity{held: h, also: ocids}
			for _, x := range same {
				o.ids = append(o.ids, x.id)
			}
			if !yield(o) {
				return
			}
		}
	}
}

// same gathers the notices of one opportunity, h among them, and every other OCID it has, sorted.
func (l *lots) same(h *held) (same []*held, ocids []string) {
	ids, names := []string{h.id}, []string{h.ocid}
	for i := 0; i < len(ids); i++ {
		x := l.held[ids[i]]
		if x.id != h.id && x.ocid == h.ocid {
			continue // another buyer under a shared OCID is another opportunity
		}
		same = append(same, x)
		for _, ocid := range x.ocids() {
			if !slices.Contains(names, ocid) {
				names = append(names, ocid)
			}
			for _, id := range l.also[ocid] {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	ocids = slices.DeleteFunc(names, func(o string) bool { return o == h.ocid })
	slices.Sort(ocids)
	return same, ocids
}

func primary(same []*held) *held {
	named := func(h *held) bool {
		return slices.ContainsFunc(same, func(x *held) bool { return x != h && slices.Contains(x.named, h.ocid) })
	}
	return slices.MinFunc(same, func(a, b *held) int {
		if a.open != b.open {
			if a.open {
				return -1
			}
			return 1
		}
		if na, nb := named(a), named(b); na != nb {
			if na {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.id, b.id))
	})
}
