package matcher

import (
	"bidfit/notice"
)

// Outside the band the share falls with the logarithm of how far, in percent for each factor of ten.
const (
	perTenAbove = 70
	perTenBelow = 85
	// ceilingShare is the least a framework above the band earns: its value is what all its members may be paid together.
	ceilingShare = 86
)

// value compares what the lot is worth, net, with the band of the profile.
func (m *Matcher) value(o *Opportunity, l *lot) (Evidence, bool) {
	band := m.profile.Value
	if band.Min == nil && band.Max == nil {
		return Evidence{}, false
	}
	low, high, says, at, ok := o.worth(l.Lot.Value)
	if !ok {
		return unknownValue(o, l), true
	}
	e := Evidence{At: at, Finding: Met, Share: 100}
	ours := bandText(band.Min, band.Max)
	switch {
	case band.Max != nil && low > *band.Max:
		e.Finding = Missed
		far := log10Ratio(int64(low), max(1, int64(*band.Max)))
		e.Share = int(max(0, 100-perTenAbove*far/1000))
		e.Reason = says + " is above your " + ours
		if o.framework.Known() && e.Share < ceilingShare {
			e.Share = ceilingShare
			e.Reason += "; but a framework's value is a ceiling for all its members"
			e.At = append(e.At, notice.Quote{Path: o.framework.At, Quote: "true"})
		}
	case band.Min != nil && high < *band.Min:
		e.Finding = Missed
		far := log10Ratio(int64(*band.Min), max(1, int64(high)))
		e.Share = int(max(0, 100-perTenBelow*far/1000))
		e.Reason = says + " is below your " + ours
	default:
		e.Reason = says + " is within your " + ours
	}
	if at[0].End > 0 {
		e.Reason += "; read from the text"
	}
	if e.Finding == Missed && e.Share >= 50 {
		e.Finding = Partly
	}
	return e, true
}

// worth is what a value comes to, net, from its lower to its upper end, in words and with what says so.
func (o *Opportunity) worth(v notice.Value) (low, high notice.Pence, says string, at []notice.Quote, ok bool) {
	if low, high, ok = v.Span(); !ok {
		return 0, 0, "", nil, false
	}
	says = high.String()
	switch {
	case v.Net.Known():
		at = append(at, o.amount(v.Net))
	case v.Gross.Known():
		at = append(at, o.amount(v.Gross))
		says += " (" + v.Gross.Value.String() + " with VAT, taken at 20 %)"
	default:
		at = append(at, o.amount(v.Min))
	}
	if low < high {
		says = low.String() + "–" + high.String()
		at = append(at, o.amount(v.Min))
	}
	return low, high, says, at, true
}

// amount quotes an amount as it was said: the decimal of a field, or the words of the text it was read from.
func (o *Opportunity) amount(v notice.Said[notice.Pence]) notice.Quote {
	return o.quote(v.At, v.Value.Decimal())
}

// unknownValue says why a value cannot be judged, with what is known around it.
func unknownValue(o *Opportunity, l *lot) Evidence {
	e := Evidence{Finding: Unknown, Reason: "the notice gives no value"}
	if v := l.Lot.Value; !v.Pounds() {
		e.Reason = "the value is in " + clean(v.Currency.Value) + ", not in pounds"
		e.At = []notice.Quote{{Path: v.Currency.At, Quote: v.Currency.Value}}
		return e
	}
	if _, _, says, at, ok := o.worth(o.value); ok && len(o.lots) > 1 {
		e.Reason = "the lot gives no value; all lots together are " + says
		e.At = at
	}
	return e
}

// bandText is a band in words.
func bandText(low, high *notice.Pence) string {
	switch {
	case low == nil:
		return "ceiling of " + high.String()
	case high == nil:
		return "floor of " + low.String()
	}
	return low.String() + "–" + high.String()
}
