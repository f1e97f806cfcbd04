package desk

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	l, release, err := d.inStep(ctx, o.All)
	if err != nil {
		return Report{}, err
	}
	defer release()
	m, err := d.matcher(l.lexicon, p.Profile)
	if err != nil {
		return Report{}, fmt.Errorf("profile %s: %w", profile, err)
	}
	rated, err := d.Ratings(ctx, p.ID)
	if err != nil {
		return Report{}, err
	}
	learned, err := d.learned(ctx, l, m, rated)
	if err != nil {
		return Report{}, err
	}
	fits, err := l.assess(ctx, m.With(learned), o)
	if err != nil {
		return Report{}, err
	}
	r := Report{Profile: p.ID, AsOf: o.AsOf, Seen: len(fits), Lexicon: l.lexicon.Version(), Learned: learned.Version(), Fits: fits}
	if !o.Known {
		known := knownOf(rated)
		r.Fits = slices.DeleteFunc(r.Fits, func(f matcher.Fit) bool { return known.holds(&f) })
		r.Hidden = r.Seen - len(r.Fits)
	}
	slices.SortFunc(r.Fits, matcher.Compare(o.Order))
	if o.Limit > 0 && len(r.Fits) > o.Limit {
		r.Fits = slices.Clip(r.Fits[:o.Limit])
	}
	return r, nil
}

// assess holds a supplier against every opportunity, on all processors. The
// order of the fits means nothing.
func (l *lots) assess(ctx context.Context, m *matcher.Matcher, o MatchOptions) ([]matcher.Fit, error) {
	type opportunity struct {
		*held
		also []string
	}
	var all []opportunity
	for h, also := range l.opportunities(o.All) {
		all = append(all, opportunity{h, also})
	}
	fits := make([]matcher.Fit, len(all))
	const share = 64 // opportunities a worker takes at a time
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(share)) - share
				if from >= len(all) {
					return
				}
				for i := from; i < min(from+share, len(all)); i++ {
					fits[i] = all[i].assess(m, all[i].also, o.AsOf)
				}
			}
		})
	}
	workers.Wait()
	return fits, ctx.Err()
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
	Profile         string         `json:"profile"`
	ProfileRevision uint64         `json:"profileRevision"`
	AsOf            time.Time      `json:"asOf"`
	Lexicon         string         `json:"lexicon"`
	Learned         string         `json:"learned,omitzero"`
	Fit             matcher.Fit    `json:"fit"`
	Notice          *notice.Notice `json:"-"`
}

// Explain holds a profile against one notice, whatever its stage; a target
// with a lot brings that lot to the front. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) Explain(ctx context.Context, profile string, target pursuit.Target, asOf time.Time) (Explanation, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return Explanation{}, err
	}
	n, err := d.Notice(ctx, target.Notice)
	if err != nil {
		return Explanation{}, err
	}
	l, release, err := d.inStep(ctx, false)
	if err != nil {
		return Explanation{}, err
	}
	defer release()
	m, err := d.matcher(l.lexicon, p.Profile)
	if err != nil {
		return Explanation{}, fmt.Errorf("profile %s: %w", profile, err)
	}
	h, ok := l.held[n.ID]
	var also []string
	switch {
	case !ok:
		h = hold(l.lexicon, n)
		if also, err = d.store.Also(ctx, n.OCID); err != nil {
			return Explanation{}, err
		}
	default:
		// Of an opportunity published twice, Match assesses one notice: this is about the same one.
		same, _ := l.same(h)
		if h = primary(same); h.id != n.ID {
			if n, err = d.store.Notice(ctx, h.id); err != nil {
				return Explanation{}, err
			}
		}
		_, also = l.same(h)
	}
	rated, err := d.Ratings(ctx, p.ID)
	if err != nil {
		return Explanation{}, err
	}
	learned, err := d.learned(ctx, l, m, rated)
	if err != nil {
		return Explanation{}, err
	}
	f := h.assess(m.With(learned), also, asOf)
	if target.Lot != "" {
		if f, err = bringForward(f, target); err != nil {
			return Explanation{}, err
		}
	}
	return Explanation{Profile: p.ID, ProfileRevision: p.Revision, AsOf: asOf, Lexicon: l.lexicon.Version(), Learned: learned.Version(), Fit: f, Notice: n}, nil
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
