package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/store"
)

// Freshness is how new what the store holds is.
type Freshness struct {
	store.Stats
	// Newest is the date of the newest release among the notices that were stored or changed last; zero where there is none.
	Newest time.Time `json:"newest,omitzero"`
}

// freshness is the newest release that was found up to a change.
type freshness struct {
	mu     sync.Mutex
	store  string
	n      uint64
	newest time.Time
}

// lately is how many of the last changes are looked through for the newest release.
const lately = 500

// Freshness tells what the store holds, and how new it is.
func (d *Desk) Freshness(ctx context.Context) (Freshness, error) {
	stats, err := d.store.Stats(ctx)
	if err != nil {
		return Freshness{}, err
	}
	f := &d.fresh
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.store != stats.ID {
		f.store, f.n, f.newest = stats.ID, 0, time.Time{}
	}
	f.n = max(f.n, max(stats.Changes, lately)-lately)
	var ids []string
	n := f.n
	for c, err := range d.store.Changes(ctx, f.n) {
		if err != nil {
			return Freshness{}, fmt.Errorf("looking for the newest release: %w", err)
		}
		n = c.N
		if c.Kind == store.KindNotice && !c.Gone {
			ids = append(ids, c.Key)
		}
	}
	dates := make([]time.Time, len(ids))
	err = d.each(ctx, ids, func(i int, n *notice.Notice) error {
		dates[i] = n.Releases[len(n.Releases)-1].Date
		return nil
	})
	if err != nil {
		return Freshness{}, err
	}
	for _, t := range dates {
		if t.After(f.newest) {
			f.newest = t
		}
	}
	f.n = n
	return Freshness{stats, f.newest}, nil
}

// Week is what a week brought to a profile, of what it is advised to bid for or to review, and what the next one asks of it.
type Week struct {
	Profile store.Profile `json:"profile"`
	AsOf    time.Time     `json:"asOf"`
	// Bid and Review count the open notices with that advice.
	Bid    int `json:"bid"`
	Review int `json:"review"`
	// New were first published in the seven days before AsOf, Changed published again, the newest first; Closing have their
	// deadline in the seven days from AsOf on, the nearest first.
	New     []Item `json:"new"`
	Changed []Item `json:"changed"`
	Closing []Item `json:"closing"`
}

// Item is a notice of a week.
type Item struct {
	Fit   matcher.Fit  `json:"fit"`
	Buyer string       `json:"buyer,omitzero"`
	Stage notice.Stage `json:"stage"`
	// Published is the date of the newest release.
	Published time.Time `json:"published,omitzero"`
}

const daysOfWeek = 7

// Week tells what is new, changed and closing for a profile. ErrNotFound.
func (d *Desk) Week(ctx context.Context, profile string, asOf time.Time) (Week, error) {
	p, err := d.Profile(ctx, profile)
	if err != nil {
		return Week{}, err
	}
	report, err := d.Match(ctx, profile, MatchOptions{AsOf: asOf})
	if err != nil {
		return Week{}, err
	}
	w := Week{Profile: p, AsOf: asOf, New: []Item{}, Changed: []Item{}, Closing: []Item{}}
	fits := slices.DeleteFunc(report.Fits, func(f matcher.Fit) bool { return f.Advice == matcher.NoBid })
	ids := make([]string, len(fits))
	for i := range fits {
		ids[i] = fits[i].ID()
		if fits[i].Advice == matcher.Bid {
			w.Bid++
		} else {
			w.Review++
		}
	}
	type dates struct{ first, last time.Time }
	items, when := make([]Item, len(fits)), make([]dates, len(fits))
	err = d.each(ctx, ids, func(i int, n *notice.Notice) error {
		when[i] = dates{n.Releases[0].Date, n.Releases[len(n.Releases)-1].Date}
		items[i] = Item{fits[i], n.Buyer.Name.Value, n.Stage, when[i].last}
		return nil
	})
	if err != nil {
		return Week{}, err
	}
	within := func(a, b time.Time) bool {
		days := notice.DaysUntil(a, b)
		return !a.IsZero() && !b.IsZero() && 0 <= days && days <= daysOfWeek
	}
	for i, it := range items {
		switch {
		case it.Stage == "": // gone since it was assessed
			continue
		case within(when[i].first, asOf):
			w.New = append(w.New, it)
		case within(when[i].last, asOf):
			w.Changed = append(w.Changed, it)
		}
		if due := it.Fit.Deadline; within(asOf, due.Time) && !due.End().Before(asOf) {
			w.Closing = append(w.Closing, it)
		}
	}
	newest := func(a, b Item) int {
		return cmp.Or(b.Published.Compare(a.Published), matcher.Compare(matcher.OrderScore)(a.Fit, b.Fit))
	}
	slices.SortStableFunc(w.New, newest)
	slices.SortStableFunc(w.Changed, newest)
	slices.SortStableFunc(w.Closing, func(a, b Item) int { return a.Fit.Deadline.Compare(b.Fit.Deadline.Time) })
	return w, nil
}
