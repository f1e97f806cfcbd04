package law

import "bidfit/notice"

// Threshold is an amount that decides which rules hold, VAT included.
type Threshold struct {
	Amount notice.Pence
	Source Source
}

const pound = 100 // pence

// row is a row of Schedule 1 of the Procurement Act 2023: pounds with VAT, from
// the Act's first day (the amounts of 2024) and from 1 January 2026.
type row struct{ first, from2026 notice.Pence }

// schedule1 is rows 1 to 12, by number.
var schedule1 = [13]row{
	1:  {5_372_609, 5_193_000}, // defence and security, works
	2:  {5_372_609, 5_193_000}, // defence and security, concession
	3:  {429_809, 415_440},     // other defence and security
	4:  {5_372_609, 5_193_000}, // utilities, works
	5:  {884_720, 884_720},     // utilities, light touch
	6:  {429_809, 415_440},     // other utilities
	7:  {5_372_609, 5_372_609}, // light touch, concession
	8:  {663_540, 663_540},     // other light touch
	9:  {5_372_609, 5_193_000}, // other concessions
	10: {5_372_609, 5_193_000}, // other works
	11: {139_688, 135_018},     // goods and services, central government
	12: {214_904, 207_720},     // goods and services, sub-central
}

// row is the row of Schedule 1 the procurement falls in, 0 where that cannot be told.
func (p Procurement) row() int {
	works, known := p.Category == "works", p.Category != ""
	pick := func(ifWorks, otherwise int) int {
		switch {
		case !known:
			return 0
		case works:
			return ifWorks
		}
		return otherwise
	}
	switch {
	case p.LightTouch && p.Utilities && p.Concession:
		return 0
	case p.LightTouch && p.Utilities:
		return 5
	case p.LightTouch && p.Concession:
		return 7
	case p.LightTouch:
		return 8
	case p.Defence && p.Concession:
		return 2
	case p.Defence:
		return pick(1, 3)
	case p.Utilities:
		return pick(4, 6)
	case p.Concession:
		return 9
	case works:
		return 10
	case !known:
		return 0
	case p.Authority == Central:
		return 11
	case p.Authority == SubCentral:
		return 12
	}
	return 0
}

// Threshold is the value with VAT from which the regime holds in full. The amounts are those of the
// WTO's Agreement on Government Procurement, so that all nations have the same, each by an
// instrument of its own.
func (p Procurement) Threshold() (Threshold, bool) {
	n := p.row()
	if n == 0 || p.Begun.Before(thresholds2024) {
		return Threshold{}, false
	}
	later := !p.Begun.Before(thresholds2026)
	amount := schedule1[n].first
	if later {
		amount = schedule1[n].from2026
	}
	var source Source
	switch {
	case p.act() && p.Begun.Before(actInForce):
		return Threshold{}, false
	case p.act() && later && p.Nation == Wales:
		source = "Procurement Act 2023, Sch. 1 " + rows[n] + " (Threshold Amounts (Amendment) (Wales) Regulations 2025; WPPN 017)"
	case p.act() && later:
		source = "Procurement Act 2023, Sch. 1 " + rows[n] + " (SI 2025/1200)"
	case p.act():
		source = "Procurement Act 2023, Sch. 1 " + rows[n] + " (SI 2025/163)"
	case p.Utilities || p.Concession || p.Defence:
		return Threshold{}, false // instruments of their own, whose rows are not those of the Act
	case p.scottish() && later:
		source = "Public Contracts (Scotland) Regulations 2015, reg. 5 (SPPN 4/2025)"
	case p.scottish():
		source = "Public Contracts (Scotland) Regulations 2015, reg. 5 (SPPN 5/2023)"
	case p.old():
		source = "Public Contracts Regulations 2015, reg. 5, amounts of 2024"
	default:
		return Threshold{}, false
	}
	return Threshold{amount * pound, source}, true
}

// rows names the rows of Schedule 1.
var rows = [13]Source{1: "row 1", 2: "row 2", 3: "row 3", 4: "row 4", 5: "row 5", 6: "row 6", 7: "row 7", 8: "row 8", 9: "row 9", 10: "row 10", 11: "row 11", 12: "row 12"}

// Below is the value with VAT from which a contract below its threshold has to be advertised by a notice when
// tenders are invited at large. In Scotland it is the value, without VAT, from which a
// contract is regulated. False for concessions and utilities, to which the Act's rule does not apply.
func (p Procurement) Below() (Threshold, bool) {
	switch {
	case p.scottish() && p.Category == "works":
		return Threshold{2_000_000 * pound, "Procurement Reform (Scotland) Act 2014, s. 3"}, true
	case p.scottish() && p.Category != "":
		return Threshold{50_000 * pound, "Procurement Reform (Scotland) Act 2014, s. 3"}, true
	case !p.act() || p.Utilities || p.Concession:
		return Threshold{}, false
	case p.Authority == Central:
		return Threshold{12_000 * pound, "Procurement Act 2023, s. 87"}, true
	case p.Authority == SubCentral:
		return Threshold{30_000 * pound, "Procurement Act 2023, s. 87"}, true
	}
	return Threshold{}, false
}

// WorksBelow is the value with VAT below which works under their threshold may be tendered with a
// stage that narrows the field down by suitability: s. 85 of the Act.
func (p Procurement) WorksBelow() (Threshold, bool) {
	if !p.act() || p.Begun.Before(actInForce) {
		return Threshold{}, false
	}
	amounts, source := map[Authority]notice.Pence{Central: 138_760, SubCentral: 213_477}, Source("Procurement Act 2023, s. 85(3)")
	if !p.Begun.Before(thresholds2026) {
		amounts, source = map[Authority]notice.Pence{Central: 135_018, SubCentral: 207_720}, "Procurement Act 2023, s. 85(3) (SI 2025/1200)"
	}
	a, ok := amounts[p.Authority]
	return Threshold{a * pound, source}, ok
}
