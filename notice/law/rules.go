package law

// Notice is the section by which a kind of notice is published: UK1 to UK17 of the Act.
func Notice(kind string) (Source, bool) {
	s, ok := notices[kind]
	return s, ok
}

var notices = map[string]Source{
	"UK1": "Procurement Act 2023, s. 93", "UK2": "Procurement Act 2023, s. 17", "UK3": "Procurement Act 2023, s. 15",
	"UK4": "Procurement Act 2023, s. 21", "UK5": "Procurement Act 2023, s. 44", "UK6": "Procurement Act 2023, s. 50",
	"UK7": "Procurement Act 2023, s. 53", "UK9": "Procurement Act 2023, s. 71", "UK10": "Procurement Act 2023, s. 75",
	"UK11": "Procurement Act 2023, s. 80", "UK12": "Procurement Act 2023, s. 55", "UK13": "Procurement Act 2023, s. 39",
	"UK14": "Procurement Act 2023, s. 39", "UK15": "Procurement Act 2023, s. 39", "UK16": "Procurement Act 2023, s. 39",
	"UK17": "Procurement Act 2023, s. 69",
}

// DirectAward is what lets a buyer award without inviting tenders.
func (p Procurement) DirectAward() (Source, bool) {
	return p.pick("Procurement Act 2023, ss. 41–43", "Public Contracts Regulations 2015, reg. 32", "Public Contracts (Scotland) Regulations 2015, reg. 33")
}

// Framework is what lets a buyer call off from a framework among its members alone.
func (p Procurement) Framework() (Source, bool) {
	return p.pick("Procurement Act 2023, s. 45", "Public Contracts Regulations 2015, reg. 33", "Public Contracts (Scotland) Regulations 2015, reg. 34")
}

// DynamicMarket is what lets a buyer take tenders from the members of a dynamic market or purchasing system alone.
func (p Procurement) DynamicMarket() (Source, bool) {
	return p.pick("Procurement Act 2023, s. 34", "Public Contracts Regulations 2015, reg. 34", "Public Contracts (Scotland) Regulations 2015, reg. 35")
}

// pick chooses by regime and nation.
func (p Procurement) pick(act, old, scottish Source) (Source, bool) {
	switch {
	case p.act():
		return act, true
	case p.scottish():
		return scottish, true
	case p.old():
		return old, true
	}
	return "", false
}

// Reserved is what lets a buyer keep a contract for a kind of supplier, by the kinds of notice.Reservation.
// False where no source is known: for SMEs and VCSEs outside central government the Act has no rule.
func (p Procurement) Reserved(kind string) (Source, bool) {
	switch kind {
	case "sheltered":
		return p.pick("Procurement Act 2023, s. 32", "Public Contracts Regulations 2015, reg. 20", "Public Contracts (Scotland) Regulations 2015, reg. 21")
	case "mutual":
		if p.act() {
			return "Procurement Act 2023, s. 33", true
		}
		if p.old() {
			return "Public Contracts Regulations 2015, reg. 77", true
		}
	case "sme", "vcse", "smeVcse":
		if p.act() && p.Authority == Central {
			return ppn005, true
		}
	case "location":
		switch {
		case p.act() && p.Authority == Central:
			return ppn005, true
		case p.act() && p.Authority == SubCentral && p.Nation == England:
			return "Local Government (Exclusion of Non-commercial Considerations) (England) Order 2026", true
		}
	}
	return "", false
}

const ppn005 Source = "PPN 005 (below-threshold contracts of central government)"

// NeedsPlace reports the policy by which central government may reserve for SMEs and VCSEs only together with a
// place: a county or London borough, or the whole UK. English local authorities may do so without.
func (p Procurement) NeedsPlace() (Source, bool) {
	return ppn005, p.act() && p.Authority == Central
}

// BelowOnly reports whether a kind of reservation may be made below the threshold alone: by place, or
// for SMEs and VCSEs. Above it, only ss. 32 and 33 let a buyer turn suppliers away.
func (p Procurement) BelowOnly(kind string) (Source, bool) {
	switch kind {
	case "sme", "vcse", "smeVcse", "location":
		return "Procurement Act 2023, ss. 32–33", p.act()
	}
	return "", false
}

// InsuranceAtAward reports the rule that cover for the contract need not be held before it is awarded.
func (p Procurement) InsuranceAtAward() (Source, bool) {
	return "Procurement Act 2023, s. 22(3)(b)", p.act()
}

// Proportionate reports the rule that conditions of participation have to be proportionate, which is
// all the Act says of turnover.
func (p Procurement) Proportionate() (Source, bool) {
	return "Procurement Act 2023, s. 22", p.act()
}

// TurnoverCap reports the rule that the yearly turnover asked for is at most twice the
// estimated contract value, but in cases the buyer can justify. The Act has no such rule.
func (p Procurement) TurnoverCap() (Source, bool) {
	if p.Utilities || p.Concession || p.Defence {
		return "", false
	}
	switch {
	case p.scottish():
		return "Public Contracts (Scotland) Regulations 2015, reg. 59", true
	case p.old():
		return "Public Contracts Regulations 2015, reg. 58(9)", true
	}
	return "", false
}

// StaffTransfer is the law under which staff come over with the work.
const StaffTransfer Source = "Transfer of Undertakings (Protection of Employment) Regulations 2006"

// CarbonPlan is the value a year, VAT included, above which central government asks for a
// carbon reduction plan; not under a special regime.
func (p Procurement) CarbonPlan() (Threshold, bool) {
	return Threshold{5_000_000 * pound, "PPN 006"}, p.act() && p.Authority == Central && !p.special()
}

// CyberEssentials reports the policy by which central government asks for Cyber Essentials, or the
// like of it, in contracts that handle personal data or government information; not under a special regime.
func (p Procurement) CyberEssentials() (Source, bool) {
	return "PPN 014", p.act() && p.Authority == Central && !p.special()
}
