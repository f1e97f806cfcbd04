package matcher

import (
	"strings"

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
		return m.unplaced(o, l), true
	}
	e := Evidence{At: placeQuotes(l)}
	where, is := placesOf(l)
	near := itl.Near(m.area, l.area)
	switch {
	case near == itl.Inside:
		e.Finding, e.Share = Met, placeInside
		e.Reason = where + is + "inside your " + m.around(l.area)
	case near == itl.Overlap && l.nationwide():
		e.Finding, e.Share = Partly, placeNational+m.covered(l)*(100-placeNational)/100
		e.Reason = where + is + "nationwide; your " + m.within(l.area) + " is a part of it"
	case near == itl.Overlap:
		e.Finding, e.Share = Partly, placeOverlap+m.covered(l)*(100-placeOverlap)/100
		e.Reason = where + is + "partly in your " + m.within(l.area)
	case near == itl.SameITL1:
		e.Finding, e.Share = Partly, placeSameITL1
		e.Reason = where + is + "outside your regions, in the same part of the country"
	case near == itl.Adjoining:
		e.Finding, e.Share = Partly, placeNext
		e.Reason = where + is + "just outside your regions"
	default:
		e.Finding, e.Share = Missed, placeFar
		e.Reason = where + is + "far from your regions"
	}
	return e, true
}

// placeQuotes cites the places of a lot, the first few of many.
func placeQuotes(l *lot) []notice.Quote {
	var at []notice.Quote
	for _, p := range l.Places[:min(len(l.Places), mostQuotes)] {
		at = append(at, notice.Quote{Path: p.At, Quote: p.Value.Text})
	}
	return at
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

// within names the first of the profile's regions that has to do with an area.
func (m *Matcher) within(a itl.Area) string {
	for _, r := range m.profile.Regions {
		if r.Area().Overlaps(a) {
			return r.Label()
		}
	}
	return "regions"
}

// placesOf names where the work is, with the verb that follows.
func placesOf(l *lot) (where, is string) {
	n := 0
	for _, p := range l.Places {
		if p.Value.Region == "" {
			continue
		}
		if n++; n <= 2 {
			if n == 2 {
				where += ", "
			}
			where += p.Value.Region.Label()
		}
	}
	if n > 2 {
		where += " and others"
	}
	if n == 1 {
		return where, " is "
	}
	return where, " are "
}

// unplaced judges a lot none of whose places we know: one abroad is too far for
// any supplier, since profiles name regions of the UK; else the buyer's seat stands in.
func (m *Matcher) unplaced(o *Opportunity, l *lot) Evidence {
	at := placeQuotes(l)
	for _, p := range l.Places {
		if abroad(p) {
			quote := notice.Quote{Path: p.At, Quote: p.Value.Text}
			return Evidence{Finding: Missed, Share: placeFar, Reason: clean(p.Value.Text) + " is outside the United Kingdom", At: []notice.Quote{quote}}
		}
	}
	says := "the notice does not say where the work is"
	if len(l.Places) > 0 {
		says = "the notice says \"" + clean(l.Places[0].Value.Text) + "\", which we cannot place"
	}
	seat := o.buyers[0].Place
	if seat.Value.Region == "" {
		return Evidence{Finding: Unknown, Reason: says, At: at}
	}
	e := Evidence{Finding: Partly, At: append(at, notice.Quote{Path: seat.At, Quote: seat.Value.Text})}
	e.Reason = says + "; the buyer sits in " + seat.Value.Region.Label()
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

// abroad reports whether a place is a country other than ours: published as a
// country, and none of the regions we know.
func abroad(p notice.Said[notice.Place]) bool {
	field := p.At.Pointer[strings.LastIndexByte(p.At.Pointer, '/')+1:]
	return p.Value.Region == "" && (field == "country" || field == "countryName")
}
