package desk

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"bidfit/pursuit"
	"bidfit/store"
)

// people is what the people of a profile did, in memory. It does not change: what they do makes another.
type people struct {
	about map[string]*about // by notice id
	known known
	// rated is what was rated, and ratings another number whenever that changed.
	rated   map[pursuit.Target]pursuit.Rated
	ratings uint64
	// version counts what was made of one load, and touched are the notices about which the one before it says something else.
	version uint64
	touched map[string]bool
}

// about is what was done about one notice.
type about struct {
	seen *pursuit.Seen
	lots map[string]*onLot // by lot id; "" is the notice
}

// onLot is what was done about a notice or one of its lots.
type onLot struct {
	decided  []Decided // everything on record, oldest first
	decision *Decided  // in force
	rated    *pursuit.Rated
	snooze   *pursuit.Snooze
	entry    *pursuit.Entry
}

// on is what was done about a target; never nil.
func (p *people) on(t pursuit.Target) *onLot {
	if a := p.about[t.Notice]; a != nil && a.lots[t.Lot] != nil {
		return a.lots[t.Lot]
	}
	return &onLot{}
}

// change gives the record of a target to be written in a copy of what was there.
func (p *people) change(t pursuit.Target) *onLot {
	a := p.copyOf(t.Notice)
	on := &onLot{}
	if old := a.lots[t.Lot]; old != nil {
		*on = *old
	}
	a.lots[t.Lot] = on
	return on
}

func (p *people) copyOf(notice string) *about {
	a := &about{}
	if old := p.about[notice]; old != nil {
		*a = *old
	}
	a.lots = maps.Clone(a.lots)
	if a.lots == nil {
		a.lots = map[string]*onLot{}
	}
	p.about[notice] = a
	p.touched[notice] = true
	return a
}

// whose is a profile of a workspace.
type whose struct {
	workspace store.Workspace
	profile   string
}

// deeds are what the change feed says people did, by profile.
type deeds map[whose]*deed

type deed struct {
	decided, rated map[pursuit.Target]bool
	records        map[pursuit.Kind]map[string]bool
}

// note takes a change in.
func (d *deeds) note(c store.Change) {
	var kind pursuit.Kind
	key := c.Key
	switch c.Kind {
	case store.KindPursuit, store.KindRating:
	case store.KindRecord:
		k, rest, _ := strings.Cut(key, "/")
		kind, key = pursuit.Kind(k), rest
	default:
		return
	}
	profile, name, _ := strings.Cut(key, "/")
	if *d == nil {
		*d = deeds{}
	}
	by := whose{c.Workspace, profile}
	of := (*d)[by]
	if of == nil {
		of = &deed{map[pursuit.Target]bool{}, map[pursuit.Target]bool{}, map[pursuit.Kind]map[string]bool{}}
		(*d)[by] = of
	}
	if c.Kind == store.KindRecord {
		if of.records[kind] == nil {
			of.records[kind] = map[string]bool{}
		}
		of.records[kind][name] = true
		return
	}
	target, err := pursuit.ParseTarget(name)
	if err != nil {
		return // nothing that can be shown
	}
	if c.Kind == store.KindPursuit {
		of.decided[target] = true
	} else {
		of.rated[target] = true
	}
}

// followPeople reads again what people did, of the profiles that are in memory.
func (d *Desk) followPeople(ctx context.Context, did deeds) error {
	for by, of := range did {
		for _, s := range d.slots.about(by) {
			if err := d.followIn(ctx, s, by, of); err != nil {
				return err
			}
		}
	}
	return nil
}

// followIn reads what was done into one slot. What is read for the first time meanwhile has it already, or waits here to get it.
func (d *Desk) followIn(ctx context.Context, s *slot, by whose, of *deed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people == nil {
		return nil
	}
	p := &people{about: maps.Clone(s.people.about), rated: s.people.rated, ratings: s.people.ratings, known: s.people.known,
		version: s.people.version + 1, touched: map[string]bool{}}
	if err := d.readPeople(ctx, p, by, of); err != nil {
		return err
	}
	s.people = p
	return nil
}

// loadPeople reads all that the people of a profile did.
func (d *Desk) loadPeople(ctx context.Context, by whose) (*people, error) {
	p := &people{about: map[string]*about{}, rated: map[pursuit.Target]pursuit.Rated{}, touched: map[string]bool{}}
	return p, d.readPeople(ctx, p, by, nil)
}

// readPeople reads what was done about some targets, nil for all.
func (d *Desk) readPeople(ctx context.Context, p *people, by whose, of *deed) error {
	if of == nil || len(of.decided) > 0 {
		all, err := d.store.Pursuits(ctx, by.workspace, by.profile, of.targets(true)...)
		if err != nil {
			return err
		}
		for i := range all {
			on := p.change(all[i].Target)
			on.decided, on.decision = nil, nil
			for _, x := range all[i].Decisions {
				on.decided = append(on.decided, decidedOf(x))
			}
			if current := all[i].Current(); current.Verdict != "" {
				stands := decidedOf(current)
				on.decision = &stands
			}
		}
	}
	if of == nil || len(of.rated) > 0 {
		all, err := d.store.Ratings(ctx, by.workspace, by.profile, of.targets(false)...)
		if err != nil {
			return err
		}
		p.rated = maps.Clone(p.rated)
		for i := range all {
			p.change(all[i].Target).rated = &all[i]
			p.rated[all[i].Target] = all[i]
		}
		p.ratings++
		p.known = knownOf(p.rated)
	}
	for _, kind := range []pursuit.Kind{pursuit.KindSeen, pursuit.KindSnooze, pursuit.KindEntry} {
		var names []string
		if of != nil {
			for name := range of.records[kind] {
				names = append(names, name)
			}
			if len(names) == 0 {
				continue
			}
		}
		all, err := d.store.Records(ctx, by.workspace, kind, by.profile, names...)
		if err != nil {
			return err
		}
		for _, name := range names { // one that is gone is in no list
			if err := p.take(pursuit.Forget(kind, by.profile, name)); err != nil {
				return err
			}
		}
		for _, r := range all {
			if err := p.take(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// take takes one record in.
func (p *people) take(r pursuit.Record) error {
	if r.Kind == pursuit.KindSeen {
		seen, err := read[pursuit.Seen](r)
		p.copyOf(r.Name).seen = seen
		return err
	}
	target, err := pursuit.ParseTarget(r.Name)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", r.Kind, r.Profile, err)
	}
	on := p.change(target)
	if r.Kind == pursuit.KindSnooze {
		on.snooze, err = read[pursuit.Snooze](r)
	} else {
		on.entry, err = read[pursuit.Entry](r)
	}
	return err
}

// read is what a record keeps; nil where it keeps nothing.
func read[T any](r pursuit.Record) (*T, error) {
	if len(r.Content) == 0 {
		return nil, nil
	}
	v, err := pursuit.Read[T](r)
	return &v, err
}

// targets are those decided on or rated; none for all.
func (d *deed) targets(decided bool) []pursuit.Target {
	if d == nil {
		return nil
	}
	from := d.rated
	if decided {
		from = d.decided
	}
	var list []pursuit.Target
	for t := range from {
		list = append(list, t)
	}
	return list
}
