package notice

import "strings"

// Worth is what an award is worth: what its contracts say together where they say
// it, else what the award says, never the sum of both. Contracts that were cancelled do not count
// beside others. Contracts in several currencies have no sum, nor have those of which
// one is priced with VAT and another without.
func (a *Award) Worth() Value {
	var worth Value
	priced := false
	gone := a.cancelled() < len(a.Contracts)
	for i := range a.Contracts {
		c := &a.Contracts[i]
		switch v := c.Value; {
		case !v.Priced() || gone && c.Cancelled():
		case !priced:
			worth, priced = v, true
		case v.Code() != worth.Code():
			return a.Value
		default:
			sum(&worth.Net, v.Net)
			sum(&worth.Gross, v.Gross)
			worth.Min = Said[Pence]{}
		}
	}
	if !worth.Priced() {
		return a.Value
	}
	return worth
}

// cancelled counts the contracts that were cancelled.
func (a *Award) cancelled() int {
	n := 0
	for i := range a.Contracts {
		if a.Contracts[i].Cancelled() {
			n++
		}
	}
	return n
}

// Cancelled reports whether a contract came to nothing.
func (c *Contract) Cancelled() bool { return strings.EqualFold(c.Status.Value, "cancelled") }

// sum adds an amount; where one of the two is not known there is no sum.
func sum(to *Said[Pence], more Said[Pence]) {
	if !to.Known() || !more.Known() {
		*to = Said[Pence]{}
		return
	}
	to.Value += more.Value
}

// Runs is the time in which an award's contracts run, from the first start to the last
// end, or what the award says of it where they do not.
func (a *Award) Runs() Period {
	var runs Period
	for i := range a.Contracts {
		p := a.Contracts[i].Period
		outermost(&runs.Start, p.Start, -1)
		outermost(&runs.End, p.End, +1)
		outermost(&runs.MaxExtent, p.MaxExtent, +1)
		if p.Days.Value > runs.Days.Value {
			runs.Days = p.Days
		}
	}
	if runs == (Period{}) {
		return a.Contract
	}
	return runs
}

// outermost moves a moment to another one that lies further in a direction.
func outermost(to *Said[Moment], other Said[Moment], direction int) {
	if other.Known() && (!to.Known() || other.Value.Compare(to.Value.Time) == direction) {
		*to = other
	}
}

// State is how an award stands: cancelled or terminated where all its contracts
// are, else what the award says of itself, and where that is silent its first contract.
func (a *Award) State() Said[string] {
	var state Said[string]
	for i := range a.Contracts {
		status := a.Contracts[i].Status
		switch strings.ToLower(status.Value) {
		case "cancelled", "terminated":
			state = status
		default:
			if a.Status.Known() {
				return a.Status
			}
			return status
		}
	}
	if !state.Known() {
		return a.Status
	}
	return state
}

// Signed is when the first of an award's contracts was signed.
func (a *Award) Signed() Said[Moment] {
	var signed Said[Moment]
	for i := range a.Contracts {
		outermost(&signed, a.Contracts[i].Signed, -1)
	}
	return signed
}
