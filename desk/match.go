package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Report is one profile held against every open lot, best first.
type Report struct {
	Profile string    `json:"profile"`
	AsOf    time.Time `json:"asOf"`
	// Seen counts the notices assessed, whatever Limit leaves of them in Fits.
	Seen    int    `json:"seen"`
	Lexicon string `json:"lexicon"`
	// Learned names what the user's answers taught the ranking, "" for nothing.
	Learned string `json:"learned,omitzero"`
	// Hidden counts the notices that are assessed and not among the fits, because the user called them known.
	Hidden int           `json:"hidden,omitzero"`
	Fits   []matcher.Fit `json:"fits"`
}

// MatchOptions says what a match looks at. The zero value is every open notice, by score, without limit.
type MatchOptions struct {
	AsOf time.Time
	// All assesses awards and other closed stages too.
	All bool
	// Known keeps what the user called known among the fits.
	Known bool
	Order matcher.Order
	// Limit is how many fits the report keeps, 0 for all.
	Limit int
}

// Match holds a profile against every open lot. ErrNotFound for an unknown profile.
func (d *Desk) Match(ctx context.Context, profile string, o MatchOptions) (Report, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return Report{}, err
	}
	l, err := d.inStep(ctx, o.All)
	if err != nil {
		return Report{}, err
	}
	list, err := d.marked(ctx, l, p, o.AsOf)
	if err != nil {
		return Report{}, err
	}
	r := Report{Profile: p.ID, AsOf: o.AsOf, Lexicon: l.lexicon.Version(), Learned: list.learned.Version()}
	if o.All {
		if r.Fits, err = l.assess(ctx, list.matcher, o); err != nil {
			return Report{}, err
		}
		slices.SortFunc(r.Fits, matcher.Compare(o.Order))
	} else {
		r.Fits = make([]matcher.Fit, 0, len(list.rows))
		for _, i := range list.in(o.Order) {
			r.Fits = append(r.Fits, *list.rows[i].fit)
		}
	}
	r.Seen = len(r.Fits)
	if !o.Known {
		r.Fits = slices.DeleteFunc(r.Fits, func(f matcher.Fit) bool { return list.did.known.holds(&f) })
		r.Hidden = r.Seen - len(r.Fits)
	}
	if o.Limit > 0 && len(r.Fits) > o.Limit {
		r.Fits = slices.Clip(r.Fits[:o.Limit])
	}
	return r, nil
}

// assess holds a supplier against every opportunity. The order of the fits means nothing.
func (l *lots) assess(ctx context.Context, m *matcher.Matcher, o MatchOptions) ([]matcher.Fit, error) {
	all := l.open
	if o.All {
		all = slices.Collect(l.opportunities(true))
	}
	fits := make([]matcher.Fit, len(all))
	err := inShares(ctx, len(all), func(i int) { fits[i] = all[i].assess(m, all[i].also, o.AsOf) })
	return fits, err
}

// inShares does n quick things on all processors.
func inShares(ctx context.Context, n int, do func(i int)) error {
	const share = 64 // things a worker takes at a time
	return atOnce(ctx, (n+share-1)/share, func(s int) error {
		for i := s * share; i < min((s+1)*share, n); i++ {
			do(i)
		}
		return nil
	})
}

func (h *held) assess(m *matcher.Matcher, also []string, asOf time.Time) matcher.Fit {
	f := m.Assess(h.opportunity, asOf)
	f.Also = also
	if f.Also == nil {
		f.Also = []string{}
	}
	return f
}

// Explanation is one fit with what it was computed from.
type Explanation struct {
	Profile         string      `json:"profile"`
	ProfileRevision uint64      `json:"profileRevision"`
	AsOf            time.Time   `json:"asOf"`
	Lexicon         string      `json:"lexicon"`
	Learned         string      `json:"learned,omitzero"` // version of what answers taught
	Fit             matcher.Fit `json:"fit"`
	// Swings are the unknowns that part the low end of the score from the high end.
	Swings []matcher.Swing `json:"swings,omitzero"`
	// WhatIf and Since are there where they were asked for.
	WhatIf *matcher.WhatIf `json:"whatIf,omitzero"`
	Since  *Since          `json:"since,omitzero"`
	Notice *notice.Notice  `json:"-"`
}

// Explain holds a profile against one notice, whatever its stage; a target
// with a lot brings that lot to the front. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) Explain(ctx context.Context, profile string, target pursuit.Target, asOf time.Time) (Explanation, error) {
	c, err := d.compare(ctx, profile, target)
	if err != nil {
		return Explanation{}, err
	}
	f, err := c.fit(target, asOf)
	if err != nil {
		return Explanation{}, err
	}
	return Explanation{
		Profile: c.profile.ID, ProfileRevision: c.profile.Revision, AsOf: asOf, Lexicon: c.lots.lexicon.Version(), Learned: c.learned.Version(),
		Fit: f, Swings: f.Swings(), Notice: c.notice,
	}, nil
}

// comparison is one profile and one notice made ready to be held against each other.
type comparison struct {
	profile store.Profile
	notice  *notice.Notice
	lots    *lots
	matcher *matcher.Matcher
	learned *matcher.Learned
	held    *held
	also    []string
}

// compare makes a profile and a notice ready.
func (d *Desk) compare(ctx context.Context, profile string, target pursuit.Target) (_ *comparison, err error) {
	c := &comparison{}
	if c.profile, err = d.store.Profile(ctx, d.workspace, profile); err != nil {
		return nil, err
	}
	if c.notice, err = d.Notice(ctx, target.Notice); err != nil {
		return nil, err
	}
	if c.lots, err = d.inStep(ctx, false); err != nil {
		return nil, err
	}
	if c.matcher, c.learned, err = d.ready(ctx, c.lots.lexicon, c.profile); err != nil {
		return nil, err
	}
	h, ok := c.lots.held[c.notice.ID]
	if !ok {
		c.held = hold(c.lots.lexicon, c.notice)
		c.also, err = d.store.Also(ctx, c.notice.OCID)
		return c, err
	}
	// Of an opportunity published twice, Match assesses one notice: this is about the same one.
	same, _ := c.lots.same(h)
	if c.held = primary(same); c.held.id != c.notice.ID {
		if c.notice, err = d.store.Notice(ctx, c.held.id); err != nil {
			return nil, err
		}
	}
	_, c.also = c.lots.same(c.held)
	return c, nil
}

// fit assesses, with the lot that was asked for in front.
func (c *comparison) fit(target pursuit.Target, asOf time.Time) (matcher.Fit, error) {
	f := c.held.assess(c.matcher, c.also, asOf)
	if target.Lot == "" {
		return f, nil
	}
	return bringForward(f, target)
}

// bringForward makes the lot that was asked for the one the fit is about.
func bringForward(f matcher.Fit, target pursuit.Target) (matcher.Fit, error) {
	if f.Lot == target.Lot {
		return f, nil
	}
	i := slices.IndexFunc(f.Lots, func(x matcher.Fit) bool { return x.Lot == target.Lot })
	if i < 0 {
		ids := []string{f.Lot}
		for _, x := range f.Lots {
			ids = append(ids, x.Lot)
		}
		slices.Sort(ids)
		has := "it is not divided into lots"
		if len(ids) > 1 {
			has = "it has lots " + strings.Join(ids, ", ")
		}
		return matcher.Fit{}, fmt.Errorf("lot %q of %s: %w (%s)", target.Lot, target.Notice, store.ErrNotFound, has)
	}
	front := f.Lots[i]
	others := slices.Delete(slices.Clone(f.Lots), i, i+1)
	back := f
	back.Lots = nil
	front.Also, front.Lots = f.Also, append([]matcher.Fit{back}, others...)
	return front, nil
}
