package matcher

import (
	"bidfit/notice"
	"bidfit/notice/itl"
)

// What a place is worth, in percent.
const (
	placeInside   = 100
	placeOverlap  = 60 // and more, the more of the lot lies in the profile's regions
	placeNational = 55 // the whole country, for a supplier of one region: not a reason to rank it up
	placeSameITL1 = 60
	placeNext     = 30
	placeFar      = 3

	// Where the notice does not say where the work is but the buyer sits somewhere, that is half a word.
	buyerInside   = 85
	buyerSameITL1 = 65
	buyerNext     = 50
	buyerFar      = 35
)

// region compares where the work is with where the supplier works.
func (m *Matcher) region(o *Opportunity, l *lot) (Evidence, bool) {
	if m.area.IsEmpty() {
		return Evidence{}, false
	}
	if !l.placed {
		return m.buyerRegion(o, l), true
	}
	e := Evidence{}
	for _, p := range l.Places {
		e.At = append(e.At, notice.Quote{Path: p.At, Quote: p.Value.Text})
	}
	where := placesOf(l)
	near := itl.Near(m.area, l.area)
	switch {
	case near == itl.Inside:
		e.Finding, e.Share = Met, placeInside
		e.Reason = where + " is inside your " + m.around(l.area)
	case near == itl.Overlap && l.nationwide():
		e.Finding, e.Share = Partly, placeNational+m.covered(l)*(100-placeNational)/100
		e.Reason = where + " is nationwide; your " + m.profile.Regions[0].Label() + " is a part of it"
	case near == itl.Overlap:
		e.Finding, e.Share = Partly, placeOverlap+m.covered(l)*(100-placeOverlap)/100
		e.Reason = where + " lies partly in your regions"
		if m.covered(l) >= 50 {
			e.Finding = Met
		}
	case near == itl.SameITL1:
		e.Finding, e.Share = Partly, placeSameITL1
		e.Reason = where + " is outside your regions, in the same part of the country"
	case near == itl.Adjoining:
		e.Finding, e.Share = Partly, placeNext
		e.Reason = where + " is just outside your regions"
	default:
		e.Finding, e.Share = Missed, placeFar
		e.Reason = where + " is far from your regions"
	}
	return e, true
}

// nationwide reports whether one of the lot's places is a whole country.
func (l *lot) nationwide() bool {
	for _, p := range l.Places {
		if p.Value.Region != "" && p.Value.Region.Nationwide() {
			return true
		}
	}
	return false
}

// covered is how much of the lot's area the profile covers, in percent.
func (m *Matcher) covered(l *lot) int {
	n := l.area.Count()
	both := n + m.area.Count() - l.area.Union(m.area).Count()
	return both * 100 / n
}

// around names the profile's region that holds an area, or all of them.
func (m *Matcher) around(a itl.Area) string {
	for _, r := range m.profile.Regions {
		if r.Area().Contains(a) {
			return r.Label()
		}
	}
	return "regions"
}

// placesOf names where the work is.
func placesOf(l *lot) string {
	s, n := "", 0
	for _, p := range l.Places {
		if p.Value.Region == "" {
			continue
		}
		if n++; n <= 2 {
			if n == 2 {
				s += ", "
			}
			s += p.Value.Region.Label()
		}
	}
	if n > 2 {
		s += " and others"
	}
	return s
}

// buyerRegion judges by the buyer's seat where the notice does not say where the work is.
func (m *Matcher) buyerRegion(o *Opportunity, l *lot) Evidence {
	if len(l.Places) > 0 {
		p := l.Places[0]
		e := Evidence{Finding: Unknown, Reason: "the notice says " + clean(p.Value.Text) + ", which is no part of the UK that we know"}
		for _, p := range l.Places {
			e.At = append(e.At, notice.Quote{Path: p.At, Quote: p.Value.Text})
		}
		return e
	}
	seat := o.buyers[0].Place
	if seat.Value.Region == "" {
		return Evidence{Finding: Unknown, Reason: "the notice does not say where the work is"}
	}
	e := Evidence{Finding: Partly, At: []notice.Quote{{Path: seat.At, Quote: seat.Value.Text}}}
	e.Reason = "the notice does not say where the work is; the buyer sits in " + seat.Value.Region.Label()
	switch itl.Near(m.area, seat.Value.Region.Area()) {
	case itl.Inside, itl.Overlap:
		e.Share = buyerInside
		e.Reason += ", inside your regions"
	case itl.SameITL1:
		e.Share = buyerSameITL1
		e.Reason += ", not far from you"
	case itl.Adjoining:
		e.Share = buyerNext
		e.Reason += ", just outside your regions"
	default:
		e.Share = buyerFar
		e.Reason += ", far from your regions"
	}
	return e
}
