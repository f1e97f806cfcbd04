package desk

import (
	"context"
	"fmt"
	"time"

	"bidfit/index"
	"bidfit/matcher"
	"bidfit/pursuit"
	"bidfit/store"
)

// Home is what there is to know before one profile is looked at.
type Home struct {
	AsOf     time.Time   `json:"asOf"`
	Profiles []AtAGlance `json:"profiles"`
	Fresh    Fresh       `json:"fresh"`
}

// AtAGlance is one profile at a glance. What is advised against and not decided on is neither new nor closing; what is snoozed or known is in none.
type AtAGlance struct {
	Profile  string `json:"profile"`
	Name     string `json:"name"`
	Revision uint64 `json:"revision"`
	Seen     int    `json:"seen"` // notices assessed
	Counts   Counts `json:"counts"`
	// New are unseen and undecided, Changed released again since they were seen, Resurfaced back from a snooze; Closing close within 7 days and are
	// neither decided against nor handed in. Undecided are advised bid or review and not decided on.
	New        Glance `json:"new"`
	Changed    Glance `json:"changed"`
	Resurfaced Glance `json:"resurfaced"`
	Closing    Glance `json:"closing"`
	Undecided  int    `json:"undecided"`
}

// Glance is how many there are, and the first of them: the best, of those that close the next.
type Glance struct {
	Count int   `json:"count"`
	Rows  []Row `json:"rows"`
}

// Fresh is how new the data is.
type Fresh struct {
	// Release is the date of the newest release read, Ingest when notices were last read; zero where nobody noted it.
	Release     time.Time `json:"release,omitzero"`
	Ingest      time.Time `json:"ingest,omitzero"`
	Notices     int       `json:"notices"`
	Open        int       `json:"open"` // opportunities that are assessed
	Quarantined int       `json:"quarantined"`
	// Behind is how many notices the index has still to take in.
	Behind int `json:"behind"`
}

// Home tells of every profile what is new, with so many rows of each kind.
func (d *Desk) Home(ctx context.Context, asOf time.Time, rows int) (Home, error) {
	all, err := d.Profiles(ctx)
	if err != nil {
		return Home{}, err
	}
	h := Home{AsOf: asOf, Profiles: make([]AtAGlance, 0, len(all))}
	for _, p := range all {
		g, err := d.glance(ctx, p.ID, asOf, rows)
		if err != nil {
			return Home{}, err
		}
		h.Profiles = append(h.Profiles, g)
	}
	h.Fresh, err = d.Fresh(ctx)
	return h, err
}

// glance looks at one profile.
func (d *Desk) glance(ctx context.Context, profile string, asOf time.Time, rows int) (AtAGlance, error) {
	v, err := d.look(ctx, profile, asOf)
	if err != nil {
		return AtAGlance{}, err
	}
	g := AtAGlance{Profile: v.profile.ID, Name: v.profile.Name, Revision: v.profile.Revision, Seen: len(v.list.rows)}
	state := &facetTable[inState]
	unseen, changed, back := state.bit(StateUnseen), state.bit(StateChanged), state.bit(StateResurfaced)
	undecided, noBid := state.bit(StateUndecided), state.bit(StateNoBid)
	const week = 2 // deadlineMask
	look := func(order matcher.Order, do func(r *row, m *masks, worth bool)) {
		for _, i := range v.list.in(order) {
			r, m := v.list.rows[i], &v.marks[i]
			if m[inState]&hiding == 0 {
				do(r, m, r.fit.Advice != matcher.NoBid || m[inState]&undecided == 0)
			}
		}
	}
	var failed error
	take := func(to *Glance, r *row) {
		if to.Count++; to.Count <= rows && failed == nil {
			var shown Row
			shown, failed = d.row(ctx, v, r)
			to.Rows = append(to.Rows, shown)
		}
	}
	for _, to := range []*Glance{&g.New, &g.Changed, &g.Resurfaced, &g.Closing} {
		to.Rows = []Row{}
	}
	for _, r := range v.list.rows {
		g.Counts.add(r.fit.Advice)
	}
	look(matcher.OrderScore, func(r *row, m *masks, worth bool) {
		s := m[inState]
		if worth && s&undecided != 0 {
			g.Undecided++
		}
		if s&unseen != 0 && s&undecided != 0 && worth {
			take(&g.New, r)
		}
		if s&changed != 0 {
			take(&g.Changed, r)
		}
		if s&back != 0 {
			take(&g.Resurfaced, r)
		}
	})
	look(matcher.OrderDeadline, func(r *row, m *masks, worth bool) {
		w := v.work(r)
		if m[inDeadline] == week && worth && m[inState]&noBid == 0 && !(w.entry != nil && !w.entry.Stage.Working()) {
			take(&g.Closing, r)
		}
	})
	return g, failed
}

// Fresh tells how new the data is.
func (d *Desk) Fresh(ctx context.Context) (Fresh, error) {
	stats, err := d.store.Stats(ctx)
	if err != nil {
		return Fresh{}, err
	}
	f := Fresh{Notices: stats.Notices, Quarantined: stats.Quarantined}
	if last, err := d.lastIngest(ctx); err != nil {
		return Fresh{}, err
	} else if last != nil {
		f.Release, f.Ingest = last.Newest, last.When
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return Fresh{}, err
	}
	f.Open = len(l.open)
	if newest := l.sums().newest; newest.After(f.Release) {
		f.Release = newest
	}
	f.Behind, err = d.behind(ctx, stats)
	return f, err
}

// behind is how many notices the index has still to take in.
func (d *Desk) behind(ctx context.Context, stats store.Stats) (int, error) {
	mark := d.index.Mark()
	switch {
	case mark == index.Mark{} || mark.Store != stats.ID || mark.N > stats.Changes:
		return stats.Notices, nil
	case mark.N == stats.Changes:
		return 0, nil
	}
	n := 0
	for c, err := range d.store.Changes(ctx, mark.N) {
		if err != nil {
			return 0, fmt.Errorf("how far the index has read: %w", err)
		}
		if c.Kind == store.KindNotice {
			n++
		}
	}
	return n, nil
}

// lastIngest is the newest ingest; nil where none was noted.
func (d *Desk) lastIngest(ctx context.Context) (*pursuit.Ingest, error) {
	records, err := d.store.Records(ctx, d.workspace, pursuit.KindIngest, "")
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return read[pursuit.Ingest](records[0])
}
