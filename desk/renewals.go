package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
)

// Renewals are the contracts in a profile's field that end soon, those that fit best first.
type Renewals struct {
	Profile string    `json:"profile"`
	AsOf    time.Time `json:"asOf"`
	// Until is the day before which they end; Lead is how many months before its end a tender is expected.
	Until   notice.Moment `json:"until"`
	Lead    int           `json:"lead"`
	Lexicon string        `json:"lexicon"`
	// Looked counts the awards looked at, Unfit those that end in time and fit too little to be listed, and
	// NoEnd those that fit and of which nobody says when they end. Scanned says that the whole store was read for it.
	Looked  int  `json:"looked"`
	Unfit   int  `json:"unfit"`
	NoEnd   int  `json:"noEnd"`
	Scanned bool `json:"scanned,omitzero"`
	// Found is how many end in time and fit, whatever the limit leaves of them in Ending.
	Found  int       `json:"found"`
	Ending []Renewal `json:"renewals"`
}

// Renewal is one contract that ends.
type Renewal struct {
	market.Ending
	// Fit is how well its lots would fit, were they let once more (matcher.Matcher.Again): the award's best lot.
	Fit matcher.Fit `json:"fit"`
	// Followers are notices of the same buyer that look like its renewal; Relet says that one of them was awarded already and
	// starts when this contract ends.
	Followers []market.Follower `json:"followers"`
	Relet     bool              `json:"relet"`

	record *market.Record
}

// RenewalOptions says which contracts are asked for. The zero value is those that end within twelve months, with the usual lead.
type RenewalOptions struct {
	AsOf time.Time
	// Within is in months, 0 for twelve; Lead too, 0 for market.Lead.
	Within, Lead int
	// Everything looks at every award in the store, not only at those that the index finds in the field.
	Everything bool
	// Limit is how many are listed, 0 for all.
	Limit int
}

// Renewals finds the contracts in a profile's field that end, or reach the end of their last extension, within some months. Those of
// which no end is known are counted and not listed. ErrNotFound for an unknown profile.
func (d *Desk) Renewals(ctx context.Context, profile string, o RenewalOptions) (Renewals, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return Renewals{}, err
	}
	if o.Within == 0 {
		o.Within = 12
	}
	if o.Lead == 0 {
		o.Lead = market.Lead
	}
	lexicon, err := d.lexicon(ctx)
	if err != nil {
		return Renewals{}, err
	}
	m, _, err := d.ready(ctx, lexicon, p)
	if err != nil {
		return Renewals{}, err
	}
	until := o.AsOf.In(notice.London).AddDate(0, o.Within, 0)
	out := Renewals{
		Profile: p.ID, AsOf: o.AsOf, Until: notice.Moment{Time: until, Day: true}, Lead: o.Lead, Lexicon: lexicon.Version(), Ending: []Renewal{},
	}
	ids, scanned, err := d.field(ctx, &p.Profile, m, o.Everything)
	if err != nil {
		return Renewals{}, err
	}
	out.Scanned = scanned

	var mu sync.Mutex
	var records []*market.Record
	found := map[string][]Renewal{} // by notice
	tallies := map[string][3]int{}  // looked, unfit, without end
	err = d.each(ctx, ids, func(_ int, n *notice.Notice) error {
		r := market.Read(n)
		fit := sync.OnceValue(func() matcher.Fit { return m.Again(lexicon.Prepare(n), o.AsOf) })
		var list []Renewal
		var tally [3]int
		for i := range r.Awards {
			w := &r.Awards[i]
			if w.Void || w.Ended {
				continue
			}
			tally[0]++
			e, ends := w.EndsBy(o.AsOf, until, o.Lead)
			if !ends && (w.End != nil || w.MaxEnd != nil) {
				continue
			}
			f := ofLots(fit(), w.Lots)
			switch {
			case f.Advice == matcher.NoBid && ends:
				tally[1]++
			case f.Advice == matcher.NoBid:
			case !ends:
				tally[2]++
			default:
				list = append(list, Renewal{Ending: e, Fit: f, Followers: []market.Follower{}, record: r})
			}
		}
		mu.Lock()
		defer mu.Unlock()
		records = append(records, r)
		found[r.Notice], tallies[r.Notice] = list, tally
		return nil
	})
	if err != nil {
		return Renewals{}, err
	}
	// Of an opportunity published under several OCIDs the awards are told once.
	for _, r := range market.Once(records) {
		out.Ending = append(out.Ending, found[r.Notice]...)
		t := tallies[r.Notice]
		out.Looked, out.Unfit, out.NoEnd = out.Looked+t[0], out.Unfit+t[1], out.NoEnd+t[2]
	}
	out.Found = len(out.Ending)
	compare := matcher.Compare(matcher.OrderScore)
	slices.SortFunc(out.Ending, func(a, b Renewal) int {
		if c := compare(a.Fit, b.Fit); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	if o.Limit > 0 && len(out.Ending) > o.Limit {
		out.Ending = slices.Clip(out.Ending[:o.Limit])
	}
	return out, d.follow(ctx, out.Ending)
}

// ofLots is the fit of the best of some lots, alone; with none named it is that of the notice's best lot.
func ofLots(f matcher.Fit, lots []string) matcher.Fit {
	best := f
	if !slices.Contains(lots, f.Lot) {
		// Lots are in order, the best first.
		if i := slices.IndexFunc(f.Lots, func(x matcher.Fit) bool { return slices.Contains(lots, x.Lot) }); i >= 0 {
			best = f.Lots[i]
		}
	}
	best.Also, best.Lots = f.Also, nil
	return best
}

// follow looks among the notices of the same buyers for those that look like the renewals.
func (d *Desk) follow(ctx context.Context, list []Renewal) error {
	var keys []string
	seen := map[string]bool{}
	for _, r := range list {
		for _, b := range r.Buyers {
			for _, key := range b.Keys() {
				if !seen[key] {
					seen[key] = true
					keys = append(keys, key)
				}
			}
		}
	}
	c, err := d.circle(ctx, keys)
	if err != nil {
		return err
	}
	names, err := d.Names(ctx)
	if err != nil {
		return err
	}
	own := c.byBuyer()
	for i := range list {
		r := &list[i]
		var of []*market.Record
		for _, b := range r.Buyers {
			of = append(of, own[c.directory.Of(b)]...)
		}
		r.Followers = market.Followers(r.record, r.Ending, c.directory, of, names)
		r.Relet = slices.ContainsFunc(r.Followers, func(f market.Follower) bool { return f.As == market.Relet })
	}
	return nil
}

// byBuyer sorts the records of a circle by who buys.
func (c *circle) byBuyer() map[*market.Organisation][]*market.Record {
	own := map[*market.Organisation][]*market.Record{}
	for _, r := range c.records {
		for i := range r.Buyers {
			if o := c.directory.Of(market.MentionOf(&r.Buyers[i])); o != nil && (len(own[o]) == 0 || own[o][len(own[o])-1] != r) {
				own[o] = append(own[o], r)
			}
		}
	}
	return own
}
