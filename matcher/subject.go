package matcher

import (
	"bidfit/notice"
	"bidfit/notice/cpv"
)

// kin says what a notice's code is worth to a profile's code, in percent, by the
// level of the nearest code that holds both and by how they stand to each other. The deeper the
// common code, the more it says: a shared division is weak evidence, and codes
// beside each other are other trades more often than not.
var kin = [...]struct{ level, same, under, over, beside int }{
	{2, 40, 30, 15, 3},
	{3, 75, 65, 40, 10},
	{4, 95, 85, 65, 25},
	{5, 100, 95, 85, 50},
	{6, 100, 100, 95, 70},
	{7, 100, 100, 100, 80},
	{8, 100, 100, 100, 90},
}

// relation is how a notice's code stands to a profile's.
type relation struct {
	worth int
	says  string // "is", "is under", …
}

// relate compares a notice's code with one of the profile's.
func relate(theirs, ours cpv.Code) relation {
	top := cpv.Common(theirs, ours)
	if top == 0 {
		return relation{}
	}
	k := kin[min(int(top.Level())-kin[0].level, len(kin)-1)]
	switch top {
	case theirs:
		if theirs == ours {
			return relation{k.same, "is"}
		}
		return relation{k.over, "holds"}
	case ours:
		return relation{k.under, "is under"}
	}
	return relation{k.beside, "stands beside"}
}

// subject compares the codes of the lot with those of the profile: what its
// best code is worth, and a little of what all of them are worth.
func (m *Matcher) subject(l *lot) (Evidence, bool) {
	if len(m.profile.CPV) == 0 {
		return Evidence{}, false
	}
	if len(l.codes) == 0 {
		return Evidence{Finding: Unknown, Reason: "the notice gives no CPV code"}, true
	}
	var best relation
	var which code
	var ours cpv.Code
	total := 0
	for _, c := range l.codes {
		var top relation
		for _, p := range m.profile.CPV {
			r := relate(c.Code, p)
			if r.worth > top.worth {
				top = r
			}
			if r.worth > best.worth {
				best, which, ours = r, c, p
			}
		}
		total += top.worth
	}
	share := (4*best.worth + total/len(l.codes)) / 5
	if best.worth == 0 {
		return Evidence{
			Finding: Missed,
			Reason:  "CPV " + l.codes[0].String() + " is in no division of yours",
			At:      []notice.Quote{l.codes[0].quote()},
		}, true
	}
	e := Evidence{Finding: Partly, Share: share, At: []notice.Quote{which.quote()}}
	switch {
	case best.worth >= 65:
		e.Finding = Met
	case best.worth <= 10:
		e.Finding = Missed
	}
	e.Reason = "CPV " + which.String()
	if name := which.label(); name != "" {
		e.Reason += " " + name
	}
	e.Reason += " " + best.says + " your " + ours.String()
	if best.says == "is" {
		e.Reason = "CPV " + which.String() + " " + which.label() + " is one of your codes"
	}
	if top := cpv.Common(which.Code, ours); best.says == "stands beside" {
		e.Reason += " in " + top.String()
		if name, of := top.Name(); of == top {
			e.Reason += " " + name
		}
	}
	return e, true
}

// label is the name of the code, the official one where the publisher gives none.
func (c *code) label() string {
	if name, of := c.Name(); of == c.Code {
		return name
	}
	return clean(c.name)
}

// quote is the code as published.
func (c *code) quote() notice.Quote { return notice.Quote{Path: c.at, Quote: c.String()} }
