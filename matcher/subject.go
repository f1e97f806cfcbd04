package matcher

import (
	"bidfit/notice"
	"bidfit/notice/cpv"
)

// What a code that two have in common is worth, by how they stand to each
// other, in percent of how much that code says (Lexicon.content).
const (
	worthSame  = 100
	worthUnder = 95 // the notice asks for a part of what the profile offers
	worthOver  = 50 // the profile offers a part of what the notice asks for
	// Codes beside each other are worth what the code over the common one is, and this part of
	// the step from there: they are other trades more often than not.
	worthStep = 30

	// bestPart is the percent of the share that the best code makes; the rest is the mean of all.
	bestPart = 80

	strong = 600 // thousandths from which a code is met
	weak   = 100 // and up to which it is missed
)

// relation is how a notice's code stands to one of the profile's, and what that is worth, in thousandths.
type relation struct {
	worth int64
	says  string // "is under" …; nothing where they are the same
}

// relate compares a notice's code with one of the profile's. The deeper the
// code they have in common, the more they are worth.
func (l *Lexicon) relate(theirs, ours cpv.Code) relation {
	top := cpv.Common(theirs, ours)
	if top == 0 {
		return relation{}
	}
	says := l.content(top)
	switch top {
	case ours:
		if theirs == ours {
			return relation{says * worthSame / 100, ""}
		}
		return relation{says * worthUnder / 100, "is under"}
	case theirs:
		return relation{says * worthOver / 100, "holds"}
	}
	var over int64
	if next, ok := top.Parent(); ok {
		over = l.content(next)
	}
	return relation{(over + (says-over)*worthStep/100) * worthOver / 100, "stands beside"}
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
	var total int64
	for _, c := range l.codes {
		var top relation
		for _, p := range m.profile.CPV {
			r := m.lexicon.relate(c.Code, p)
			if r.worth > top.worth {
				top = r
			}
			if r.worth > best.worth {
				best, which, ours = r, c, p
			}
		}
		total += top.worth
	}
	share := (bestPart*best.worth + (100-bestPart)*total/int64(len(l.codes))) / 1000
	if best.worth == 0 {
		return Evidence{
			Finding: Missed,
			Reason:  "CPV " + l.codes[0].String() + " is in no division of yours",
			At:      []notice.Quote{l.codes[0].quote()},
		}, true
	}
	e := Evidence{Finding: Partly, Share: int(share), At: []notice.Quote{which.quote()}}
	switch {
	case best.worth >= strong:
		e.Finding = Met
	case best.worth <= weak:
		e.Finding = Missed
	}
	e.Reason = "CPV " + which.String()
	if name := m.label(&which); name != "" {
		e.Reason += " " + name
	}
	if which.Code == ours {
		e.Reason += " is one of your codes"
		return e, true
	}
	e.Reason += " " + best.says + " your " + ours.String()
	if top := cpv.Common(which.Code, ours); best.says == "stands beside" {
		e.Reason += " in " + top.String()
		if name, of := m.names.Of(top); of == top {
			e.Reason += " " + name
		}
	}
	return e, true
}

// Naming has the sentences call CPV codes by these names, over those built in. No score
// depends on them. It returns m, and is for before the first Assess.
func (m *Matcher) Naming(names cpv.Names) *Matcher {
	m.names = names
	return m
}

// label is the name of a code: the official one, else the publisher's own, else one learned elsewhere.
func (m *Matcher) label(c *code) string {
	if name, of := m.names.Of(c.Code); of == c.Code {
		return name
	}
	if c.said.Known() {
		return clean(c.said.Value)
	}
	return m.lexicon.names[c.Code]
}

// quote is the code as published.
func (c *code) quote() notice.Quote { return notice.Quote{Path: c.at, Quote: c.String()} }
