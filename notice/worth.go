package notice

import "time"

// PerYear is what a year of the lot is worth, as Yearly has it.
func (l *Lot) PerYear() (Pence, bool) {
	year, _, ok := l.Value.Yearly(l.Contract)
	return year, ok
}

// Yearly is what a year is worth, net, in a contract of a period: as the publisher says, and months is 0; else the net value spread over
// the months its contract may run, in whole pounds. The published value counts every extension (Procurement Act 2023,
// schedule 3), so the longest term divides it. A contract of a year or less is worth its
// value in its year; without a known term there is no figure.
func (v Value) Yearly(contract Period) (year Pence, months int, ok bool) {
	if v.PerYear.Known() {
		return v.PerYear.Value, 0, true
	}
	months = contract.months()
	if !v.Net.Known() || months == 0 {
		return 0, 0, false
	}
	return v.Net.Value.Yearly(months), months, true
}

// Yearly is what a year is worth of a sum for so many months, in whole pounds; a year or less is worth the whole sum.
func (p Pence) Yearly(months int) Pence {
	if m := Pence(months); m > 12 {
		p = p/m*12 + p%m*12/m // divided first: a wild value must not overflow
	}
	return (p + 50) / 100 * 100
}

// months is the longest term of a contract in months, rounded to the nearest; 0 where it is unknown.
func (p Period) months() int {
	end := p.MaxExtent
	if !end.Known() {
		end = p.End
	}
	if !p.Start.Known() || !end.Known() {
		return max(0, (p.Days.Value*12+182)/365)
	}
	return Months(p.Start.Value.Time, end.Value.Time)
}

// Months is how long it is from one London day to another, that one included, in months rounded to the nearest, but at least one
// where the last day does not come before the first: 1 April to 31 March is twelve.
func Months(first, last time.Time) int {
	sy, sm, sd := first.In(London).Date()
	ey, em, ed := last.In(London).AddDate(0, 0, 1).Date()
	months := (ey-sy)*12 + int(em-sm)
	switch days := ed - sd; {
	case days >= 15:
		months++
	case days <= -16:
		months--
	}
	if months < 1 && DaysUntil(first, last) >= 0 {
		return 1
	}
	return max(0, months)
}

// Span is what a value comes to, net and in pounds, from its lower to its upper end: where only the gross amount is said, without VAT at 20 %.
// False where it is not known, not in pounds, or no price: nothing or less is a sentinel.
func (v Value) Span() (low, high Pence, ok bool) {
	if !v.Pounds() {
		return 0, 0, false
	}
	switch {
	case v.Net.Known():
		high = v.Net.Value
	case v.Gross.Known():
		high = v.Gross.Value - v.Gross.Value/6 // VAT at 20 % is a sixth of the whole
	case v.Min.Known():
		high = v.Min.Value
	}
	low = high
	if (v.Net.Known() || !v.Gross.Known()) && v.Min.Known() && v.Min.Value > 0 && v.Min.Value < high {
		low = v.Min.Value
	}
	return low, high, high > 0
}
