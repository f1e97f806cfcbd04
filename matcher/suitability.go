package matcher

import "bidfit/notice"

// suitability compares whom the buyer holds the lot suitable for with what the supplier is. Silence is not "no":
// publishers say it only where it is true.
func (m *Matcher) suitability(l *lot) (Evidence, bool) {
	sme, vcse := m.profile.SME, m.profile.VCSE
	if sme == nil && vcse == nil {
		return Evidence{}, false
	}
	if !l.SME.Known() && !l.VCSE.Known() {
		return Evidence{Finding: Unknown, Reason: "the notice does not say whom it suits"}, true
	}
	e := Evidence{Finding: Partly, Share: 50, Reason: "said to suit "}
	fits, refused := false, false
	for _, x := range []struct {
		said notice.Said[bool]
		is   *bool
		name string
	}{{l.SME, sme, "SMEs"}, {l.VCSE, vcse, "VCSEs"}} {
		if !x.said.Known() {
			continue
		}
		e.At = append(e.At, notice.Quote{Path: x.said.At, Quote: yes(x.said.Value)})
		if len(e.At) > 1 {
			e.Reason += ", "
		}
		if !x.said.Value {
			e.Reason += "no "
		}
		e.Reason += x.name
		if x.is != nil && *x.is {
			fits = fits || x.said.Value
			refused = refused || !x.said.Value
		}
	}
	switch {
	case fits:
		e.Finding, e.Share = Met, 100
		e.Reason += ", which you are"
	case refused:
		e.Finding, e.Share = Missed, 0
		e.Reason += ", which you are"
	}
	return e, true
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
