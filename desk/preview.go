package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
	"bidfit/store"
)

// Preview is what a profile that is not saved yet would list now.
type Preview struct {
	AsOf   time.Time `json:"asOf"`
	Seen   int       `json:"seen"`
	Counts Counts    `json:"counts"`
	// First are the best of them.
	First  []Placed    `json:"first"`
	Values ValueSpread `json:"values"`
}

// ValueSpread is how the values of the open notices are spread: of each its best known net value, the largest of its lots.
type ValueSpread struct {
	Bins    []Bin `json:"bins"`
	Unknown int   `json:"unknown"`
}

// Bin is a step of the logarithmic scale, ten to a factor of ten: From counts, To does not. The first is open downwards, the last upwards.
type Bin struct {
	From  notice.Pence `json:"from"`
	To    notice.Pence `json:"to"`
	Count int          `json:"count"`
}

// previewed is how many notices a preview names.
const previewed = 5

// Preview holds a profile, saved or not, against the open notices. Where it has the id of a stored one, what its answers taught counts.
// A profile that is stored so is not assessed again: its list is kept.
func (d *Desk) Preview(ctx context.Context, p profiles.Profile, asOf time.Time) (Preview, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{AsOf: asOf, First: []Placed{}, Values: l.sums().values}
	stored, err := d.Profile(ctx, p.ID)
	switch {
	case err == nil && bytes.Equal(profiles.Encode(stored.Profile), profiles.Encode(p)):
		m, err := d.marked(ctx, l, stored, asOf)
		if err != nil {
			return Preview{}, fmt.Errorf("previewing: %w", err)
		}
		for _, i := range m.in(matcher.OrderScore) {
			out.add(m.rows[i].fit)
		}
		return out, nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return Preview{}, err
	}
	m, _, err := d.supplier(ctx, l.lexicon, store.Profile{Profile: p})
	if err != nil {
		return Preview{}, err
	}
	fits, err := l.assess(ctx, m, MatchOptions{AsOf: asOf})
	if err != nil {
		return Preview{}, fmt.Errorf("previewing: %w", err)
	}
	slices.SortFunc(fits, matcher.Compare(matcher.OrderScore))
	for i := range fits {
		out.add(&fits[i])
	}
	return out, nil
}

// add takes in the next best fit.
func (p *Preview) add(f *matcher.Fit) {
	p.Seen++
	p.Counts.add(f.Advice)
	if len(p.First) == previewed {
		return
	}
	x := Placed{Notice: f.ID(), Lot: f.Lot, Title: f.Title, Rank: p.Seen, Score: f.Score, Advice: f.Advice}
	if e := f.TopReason(); e != nil {
		x.Reason = e.Reason
	}
	p.First = append(p.First, x)
}

// Values is how the values of the open notices are spread.
func (d *Desk) Values(ctx context.Context) (ValueSpread, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return ValueSpread{}, err
	}
	return l.sums().values, nil
}

// sums are figures over all open opportunities.
type sums struct {
	values ValueSpread
	codes  map[cpv.Code]int // how many have a code or one below it
	areas  []itl.Area       // of each, of all its lots
	newest time.Time        // release
	names  cpv.Names        // as publishers call them
	finder *cpv.Finder
}

func sum(open []*opportunity, names cpv.Names) *sums {
	s := &sums{values: ValueSpread{Bins: bins()}, codes: map[cpv.Code]int{}, areas: make([]itl.Area, len(open)), names: names, finder: cpv.NewFinder(names)}
	for i, o := range open {
		if o.facts.updated.After(s.newest) {
			s.newest = o.facts.updated
		}
		var most *notice.Pence
		in := map[cpv.Code]bool{}
		for j := range o.facts.lots {
			l := &o.facts.lots[j]
			s.areas[i] = s.areas[i].Union(l.area)
			if h := l.worth.High; h != nil && (most == nil || *h > *most) {
				most = h
			}
			for _, c := range l.codes {
				in[c] = true
				for _, up := range c.Ancestors() {
					in[up] = true
				}
			}
		}
		for c := range in {
			s.codes[c]++
		}
		s.values.add(most)
	}
	return s
}

// bins are ten steps to each factor of ten (the preferred numbers R10), from £1,000 to £1,000,000,000.
func bins() []Bin {
	var list []Bin
	steps := []notice.Pence{100, 125, 160, 200, 250, 315, 400, 500, 630, 800}
	from := notice.Pence(0)
	for unit := notice.Pence(1_000); unit < 1_000_000_000; unit *= 10 {
		for _, step := range steps {
			to := step * unit
			list = append(list, Bin{From: from, To: to})
			from = to
		}
	}
	return append(list, Bin{From: from, To: 1_000_000_000_00}, Bin{From: 1_000_000_000_00})
}

func (v *ValueSpread) add(p *notice.Pence) {
	if p == nil {
		v.Unknown++
		return
	}
	i, _ := slices.BinarySearchFunc(v.Bins, *p, func(b Bin, p notice.Pence) int {
		switch {
		case p < b.From:
			return 1
		case b.To != 0 && p >= b.To:
			return -1
		}
		return 0
	})
	v.Bins[i].Count++
}
