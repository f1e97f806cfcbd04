package matcher

import (
	"slices"

	"bidfit/notice"
)

// otherBuyer is the share of a buyer that is neither preferred nor avoided, where some are preferred.
const otherBuyer = 90

// buyer compares who buys with whom the supplier likes to work for.
func (m *Matcher) buyer(o *Opportunity) (Evidence, bool) {
	if len(m.prefer)+len(m.avoid) == 0 {
		return Evidence{}, false
	}
	known := false
	for i := range o.buyers {
		b := &o.buyers[i]
		known = known || b.Name.Known()
		if by, q, ok := named(m.avoid, b); ok {
			return Evidence{Finding: Missed, Reason: "you avoid " + by, At: []notice.Quote{q}}, true
		}
	}
	for i := range o.buyers {
		if by, q, ok := named(m.prefer, &o.buyers[i]); ok {
			return Evidence{Finding: Met, Share: 100, Reason: "you prefer " + by, At: []notice.Quote{q}}, true
		}
	}
	switch {
	case !known:
		return Evidence{Finding: Unknown, Reason: "the notice does not name its buyer"}, true
	case len(m.prefer) == 0:
		return Evidence{}, false
	}
	b := o.buyers[0].Name
	return Evidence{
		Finding: Partly, Share: otherBuyer, Reason: clean(b.Value) + " is none of the buyers you prefer",
		At: []notice.Quote{{Path: b.At, Quote: b.Value}},
	}, true
}

// named finds the first of the profile's buyers that an organisation is, by
// identifier or by whole words of its name.
func named(list []phrase, b *notice.Organisation) (string, notice.Quote, bool) {
	if len(list) == 0 {
		return "", notice.Quote{}, false
	}
	name := read([]field{{kind: inTitle, text: b.Name.Value, at: b.Name.At}})
	for i := range list {
		if slices.Contains(b.IDs, list[i].text) || b.ID.Known() && b.ID.Value == list[i].text {
			return list[i].text, notice.Quote{Path: b.ID.At, Quote: b.ID.Value}, true
		}
		if s, ok := list[i].find(&name); ok {
			return list[i].text, s.quote(), true
		}
	}
	return "", notice.Quote{}, false
}
