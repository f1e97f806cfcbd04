package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bidfit/matcher"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// Partnership is what two profiles are together, over the open notices or for one.
type Partnership struct {
	First   string    `json:"first"`
	Second  string    `json:"second"`
	AsOf    time.Time `json:"asOf"`
	Lexicon string    `json:"lexicon"`
	// Joined is the pair as one profile, as it was assessed.
	Joined profiles.Profile `json:"joined"`
	// Seen counts the notices assessed. Of those the pair is advised to bid for, Alone are bid for the first alone, Other for the
	// second alone; the others are Gained.
	Seen   int       `json:"seen"`
	Alone  int       `json:"alone"`
	Other  int       `json:"other"`
	Gained int       `json:"gained"`
	Shared []Partner `json:"notices"`
}

// Partner is one notice for two profiles.
type Partner struct {
	Notice string   `json:"notice"`
	OCID   string   `json:"ocid"`
	Also   []string `json:"also"`
	Title  string   `json:"title"`
	// Together are the fits of the best lots, Lots how each lot fits, best for the pair first.
	matcher.Together
	Lots []matcher.Shared `json:"lots"`
}

// PartnerOptions says over which notices two profiles are held together.
type PartnerOptions struct {
	AsOf time.Time
	// Target is one notice, or one lot of it; with none it is every open notice, of which are listed those that the pair should
	// bid for and neither alone, or with Others those that the first alone should not bid for.
	Target pursuit.Target
	Others bool
	// Limit is how many are listed, 0 for all.
	Limit int
}

// Partners tells what two profiles are together: what the second covers that the first lacks, which lots fit
// which of them better, and what the pair should bid for. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) Partners(ctx context.Context, first, second string, o PartnerOptions) (Partnership, error) {
	a, err := d.store.Profile(ctx, d.workspace, first)
	if err != nil {
		return Partnership{}, err
	}
	b, err := d.store.Profile(ctx, d.workspace, second)
	if err != nil {
		return Partnership{}, err
	}
	out := Partnership{First: a.ID, Second: b.ID, AsOf: o.AsOf, Joined: profiles.Join(a.Profile, b.Profile), Shared: []Partner{}}
	if o.Target.Notice != "" {
		err := d.partner(ctx, &out, a.Profile, b.Profile, o)
		return out, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return Partnership{}, err
	}
	out.Lexicon = l.lexicon.Version()
	j, err := d.joint(l.lexicon, a.Profile, b.Profile)
	if err != nil {
		return Partnership{}, err
	}
	var all []*single
	for _, o := range l.open {
		all = append(all, &single{held: o.held, also: o.also})
	}
	fits := make([]matcher.Together, len(all))
	err = atOnce(ctx, len(all), func(i int) error {
		fits[i] = j.Assess(all[i].held.opportunity, o.AsOf)
		return nil
	})
	if err != nil {
		return Partnership{}, err
	}
	out.Seen = len(all)
	for i, t := range fits {
		if t.Pair.Advice != matcher.Bid {
			continue
		}
		switch {
		case t.First.Advice == matcher.Bid:
			out.Alone++
			continue
		case t.Second.Advice == matcher.Bid:
			if out.Other++; !o.Others {
				continue
			}
		default:
			out.Gained++
		}
		out.Shared = append(out.Shared, all[i].shared(t))
	}
	compare := matcher.Compare(matcher.OrderScore)
	slices.SortFunc(out.Shared, func(x, y Partner) int { return compare(x.Pair, y.Pair) })
	if o.Limit > 0 && len(out.Shared) > o.Limit {
		out.Shared = slices.Clip(out.Shared[:o.Limit])
	}
	return out, nil
}

// partner holds two profiles together against one notice.
func (d *Desk) partner(ctx context.Context, out *Partnership, a, b profiles.Profile, o PartnerOptions) error {
	lexicon, err := d.lexicon(ctx)
	if err != nil {
		return err
	}
	out.Lexicon = lexicon.Version()
	s, err := d.single(ctx, lexicon, o.Target.Notice)
	if err != nil {
		return err
	}
	j, err := d.joint(lexicon, a, b)
	if err != nil {
		return err
	}
	t := j.Assess(s.held.opportunity, o.AsOf)
	if o.Target.Lot != "" {
		for _, f := range []*matcher.Fit{&t.First, &t.Second, &t.Pair} {
			if *f, err = bringForward(*f, o.Target); err != nil {
				return err
			}
		}
	}
	out.Seen = 1
	switch {
	case t.Pair.Advice != matcher.Bid:
	case t.First.Advice == matcher.Bid:
		out.Alone++
	case t.Second.Advice == matcher.Bid:
		out.Other++
	default:
		out.Gained++
	}
	out.Shared = append(out.Shared, s.shared(t))
	return nil
}

func (d *Desk) joint(lexicon *matcher.Lexicon, a, b profiles.Profile) (*matcher.Joint, error) {
	j, err := matcher.NewJoint(lexicon, a, b)
	if err != nil {
		return nil, fmt.Errorf("profiles %s and %s: %w", a.ID, b.ID, err)
	}
	for _, m := range []*matcher.Matcher{j.First, j.Second, j.Pair} {
		m.Naming(d.officialNames())
	}
	return j, nil
}

// shared is an opportunity with what became of it for two. The other lots stand in Lots alone.
func (s *single) shared(t matcher.Together) Partner {
	p := Partner{Notice: t.Pair.ID(), OCID: t.Pair.OCID, Also: s.also, Title: s.held.opportunity.Title(), Lots: t.Lots()}
	for _, f := range []*matcher.Fit{&t.First, &t.Second, &t.Pair} {
		if f.Lots, f.Also = nil, s.also; f.Also == nil {
			f.Also = []string{}
		}
	}
	if p.Also == nil {
		p.Also = []string{}
	}
	p.Together = t
	return p
}
