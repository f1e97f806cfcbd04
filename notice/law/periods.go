package law

import (
	"time"

	"bidfit/notice"
	"bidfit/notice/calendar"
)

// Step is what a period is given for.
type Step string

const (
	Tenders  Step = "tenders"  // to submit a tender
	Requests Step = "requests" // to ask to take part
)

// Period is the least time, in calendar days, the law lets a buyer give.
type Period struct {
	// Least is the shortest there is, which takes a ground of its own: urgency that the buyer
	// can show, or a notice given in good time before (Advance).
	Least int
	// Usual is enough where tenders come electronically and all documents are there from the first day.
	Usual int
	// Full is enough whatever else.
	Full   int
	Source Source
}

// None reports that the law sets no minimum; the time has to be reasonable.
func (p Period) None() bool { return p.Full == 0 }

// MinimumPeriod is the time that has to be given from the notice on. It is not known for tenders of
// suppliers selected before: their time runs from an invitation, and authorities that are not
// central government may agree on it with them.
func (p Procurement) MinimumPeriod(step Step) (Period, bool) {
	switch {
	case p.act():
		return p.actPeriod(step)
	case p.scottish() || p.old():
		return p.oldPeriod(step)
	}
	return Period{}, false
}

// actPeriod reads the tables of s. 54(3) (participation periods) and (4) (tendering periods).
func (p Procurement) actPeriod(step Step) (Period, bool) {
	switch {
	case p.LightTouch:
		return Period{Source: "Procurement Act 2023, s. 54"}, true
	case p.Above == nil:
		return Period{}, false
	case !*p.Above:
		return Period{Source: "Procurement Act 2023, Part 6"}, true
	case step == Requests:
		return Period{10, 25, 25, "Procurement Act 2023, s. 54(3)"}, true
	}
	// 30 days where one of the two is missing, electronic tenders or the documents; 35 where both are.
	return Period{10, 25, 35, "Procurement Act 2023, s. 54(4)"}, true
}

// oldPeriod reads the regulations of 2015: the open procedure, and requests to take part in one of two stages.
func (p Procurement) oldPeriod(step Step) (Period, bool) {
	open, restricted, light := Source("Public Contracts Regulations 2015, reg. 27"), Source("Public Contracts Regulations 2015, reg. 28"), Source("Public Contracts Regulations 2015, regs 74–76")
	utilities := Source("Utilities Contracts Regulations 2016, reg. 46")
	if p.scottish() {
		open, restricted, light = "Public Contracts (Scotland) Regulations 2015, reg. 28", "Public Contracts (Scotland) Regulations 2015, reg. 29", "Public Contracts (Scotland) Regulations 2015"
		utilities = "Utilities Contracts (Scotland) Regulations 2016, reg. 45"
	}
	switch {
	case p.Concession || p.Defence || p.Above == nil || !*p.Above:
		return Period{}, false
	case p.LightTouch:
		return Period{Source: light}, true
	case p.Utilities && step == Requests:
		return Period{15, 30, 30, utilities}, true
	case p.Utilities:
		return Period{}, false
	case step == Requests:
		return Period{15, 30, 30, restricted}, true
	}
	return Period{15, 30, 35, open}, true
}

// Advance reports whether a notice published on one day, that a tender is planned, lets the
// tender of another day give the least time: at least 40 days before under the Act
// (a qualifying planned procurement notice, s. 15), 35 under the regulations, at most 12 months.
func (p Procurement) Advance(planned, tender time.Time) bool {
	least := 40
	if p.Regime == notice.Regulations {
		least = 35
	}
	return notice.DaysUntil(planned, tender) >= least && !planned.AddDate(1, 0, 0).Before(tender)
}

// Standstill is the time between the notice of an award and the contract.
type Standstill struct {
	Days int
	// Working counts working days, the day of the notice being the first; else calendar days after it.
	Working bool
	Source  Source
	// holidays are those of the buyer's part of the country.
	holidays calendar.Division
}

// Standstill is the shortest there may be; Days is 0 where none is prescribed. Calendar days are those of notices sent
// electronically, 15 otherwise.
func (p Procurement) Standstill() (Standstill, bool) {
	switch {
	case p.act() && p.LightTouch:
		return Standstill{Source: "Procurement Act 2023, s. 51(3)"}, true
	case p.Above == nil:
		return Standstill{}, false
	case p.act() && !*p.Above:
		return Standstill{Source: "Procurement Act 2023, Part 6"}, true
	case p.act():
		return Standstill{8, true, "Procurement Act 2023, s. 51", p.division()}, true
	case p.LightTouch || p.Utilities || p.Concession || p.Defence || !*p.Above:
		return Standstill{}, false
	case p.scottish():
		return Standstill{Days: 10, Source: "Public Contracts (Scotland) Regulations 2015, Part 3"}, true
	case p.old():
		return Standstill{Days: 10, Source: "Public Contracts Regulations 2015, reg. 87"}, true
	}
	return Standstill{}, false
}

// division is the part of the country whose bank holidays count; where nobody knows, that of most buyers.
func (p Procurement) division() calendar.Division {
	switch p.Nation {
	case Scotland:
		return calendar.Scotland
	case NorthernIreland:
		return calendar.NorthernIreland
	}
	return calendar.EnglandAndWales
}

// Earliest is the first day a contract may be made after an award on a day. In a year whose
// bank holidays are not known they come on top.
func (s Standstill) Earliest(award time.Time) time.Time {
	y, m, d := award.In(notice.London).Date()
	at := func(days int) time.Time { return time.Date(y, m, d+days, 0, 0, 0, 0, notice.London) }
	switch {
	case s.Days == 0:
		return at(0)
	case !s.Working:
		return at(s.Days + 1)
	}
	// The day of the notice is the first where it is a working day.
	last, _ := calendar.Default().AddWorkingDays(at(-1), s.Days, s.holidays)
	return last.AddDate(0, 0, 1)
}
