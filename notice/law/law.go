// Package law knows what UK procurement law says in figures and by section:
// thresholds, minimum periods, standstill, what may be reserved and what may be asked. Each answer
// depends on the regime, the nation, the kind of authority, what is bought and the day it began
// ([Procurement]), and carries its [Source].
//
// Answers are three-valued. A function returns a rule and true, or false where the notice says too little to
// tell which rule holds; that the law sets nothing is a rule like any other ([Period.None]).
// What is here is law or government policy. What buyers merely do as a rule ("a turnover of twice the
// yearly value") is nowhere in it: the matcher, where it uses such a rule of thumb, says that it is one.
//
// It does no I/O and reads no clock.
package law

import (
	"slices"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
)

// Source is the place in the law, or in policy that binds the buyer, that sets a rule.
type Source string

// Nation is the part of the country whose law a buyer is under.
type Nation string

const (
	England         Nation = "England"
	Scotland        Nation = "Scotland"
	Wales           Nation = "Wales"
	NorthernIreland Nation = "Northern Ireland"
)

// Authority is the kind of buyer thresholds tell apart.
type Authority string

const (
	Central    Authority = "central"
	SubCentral Authority = "sub-central"
	Utility    Authority = "utility" // a public undertaking or private utility
)

// Procurement is what decides which rules hold. The zero value of a field means that nobody said.
type Procurement struct {
	Regime    notice.Regime
	Nation    Nation
	Authority Authority
	Category  string // goods, services, works
	// Special regimes. Their absence is a "no" only in a notice that names its regime.
	LightTouch, Utilities, Concession, Defence bool
	// Above is whether it is said to be at or above its threshold: a covered procurement.
	Above *bool
	// Begun is when the tender notice was first published, by which the law of the day
	// is chosen; before that, the newest notice.
	Begun time.Time
}

// Days on which the law changed, in London.
var (
	// The Procurement Act 2023 came into force for England, Wales, Northern Ireland and reserved bodies:
	// SI 2024/716, reg. 2 as amended by SI 2024/959. What began before goes on under the old law,
	// with every contract called off later from a framework or dynamic purchasing system made under it.
	actInForce = day(2025, 2, 24)
	// Thresholds of 2026: SI 2025/1200; for Welsh devolved authorities, five minutes past midnight.
	thresholds2026 = day(2026, 1, 1)
	thresholds2024 = day(2024, 1, 1)
)

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, notice.London) }

// Of reads from a notice what decides its rules.
func Of(n *notice.Notice) Procurement {
	p := Procurement{
		Nation: nation(n), Authority: authority(n.Buyer.Type.Value),
		Category: n.Category.Value, Begun: begun(n),
	}
	for _, s := range n.SpecialRegime {
		switch s.Value {
		case "lightTouch":
			p.LightTouch = true
		case "utilities":
			p.Utilities = true
		case "concession":
			p.Concession = true
		case "defenceSecurity":
			p.Defence = true
		}
	}
	p.Regime = regime(n, p)
	switch n.Type.Value {
	case "F04", "F05", "F06":
		p.Utilities = true
	case "F23", "F24", "F25":
		p.Concession = true
	case "F21":
		p.LightTouch = true
	case "F22":
		p.LightTouch, p.Utilities = true, true
	}
	switch {
	case n.AboveThreshold.Known():
		above := n.AboveThreshold.Value // a copy: what is kept of it must not keep the notice
		p.Above = &above
	case n.Type.Value == "F02" || n.Type.Value == "F05":
		// The old contract notice is for what the regulations govern in full.
		yes := true
		p.Above = &yes
	}
	return p
}

// regime is the law as the notice tells it; else as its nation and day decide it.
func regime(n *notice.Notice, p Procurement) notice.Regime {
	switch {
	case n.Regime.Known():
		return n.Regime.Value
	case p.Nation == Scotland:
		return notice.Regulations // the Act leaves devolved Scottish authorities to their own regulations: s. 2
	case p.Begun.IsZero() || p.Nation == "":
		return ""
	case p.Begun.Before(actInForce):
		return notice.Regulations
	}
	return notice.Act2023
}

// nation is where the buyer sits, or the service of one nation. A reserved body
// with its seat in Scotland is under the Act all the same: what the notice says of its regime goes before.
func nation(n *notice.Notice) Nation {
	switch n.Publisher {
	case notice.PublicContractsScotland:
		return Scotland
	case notice.Sell2Wales:
		return Wales
	}
	area := n.Buyer.Place.Value.Region.Area()
	if area.IsEmpty() {
		return ""
	}
	for _, x := range nations {
		if x.area.Contains(area) {
			return x.nation
		}
	}
	return ""
}

var nations = []struct {
	nation Nation
	area   itl.Area
}{{England, itl.England.Area()}, {Scotland, itl.Region("TLM").Area()}, {Wales, itl.Region("TLL").Area()}, {NorthernIreland, itl.Region("TLN").Area()}}

// authority reads the codes of UK_CA_TYPE and TED_CA_TYPE. "Body governed by public law" is either.
func authority(code string) Authority {
	switch code {
	case "publicAuthorityCentralGovernment", "MINISTRY", "NATIONAL_AGENCY":
		return Central
	case "publicAuthoritySubCentralGovernment", "REGIONAL_AUTHORITY", "REGIONAL_AGENCY":
		return SubCentral
	case "publicUndertaking", "privateUtility":
		return Utility
	}
	return ""
}

// begun is the day of the first tender notice, else of the newest notice.
func begun(n *notice.Notice) time.Time {
	if r, ok := Tendered(n); ok {
		return r.Date
	}
	return n.Updated()
}

// Tendered is the release that first invited tenders. False where it is not among
// the releases at hand: what came first may then be an update.
func Tendered(n *notice.Notice) (notice.Published, bool) {
	for _, r := range n.Releases {
		if slices.Contains(r.Tags, "tender") && !r.Date.IsZero() {
			return r, true
		}
	}
	return notice.Published{}, false
}

// scottish reports whether the devolved Scottish regulations hold.
func (p Procurement) scottish() bool { return p.Regime == notice.Regulations && p.Nation == Scotland }

// old reports whether the 2015 regulations of England, Wales and Northern Ireland hold in full. A
// notice under old law that began after the Act came into force is a call-off from an older framework, or health
// care under the Provider Selection Regime, which has rules of its own: they are not told
// apart here, and no rule is given for them.
func (p Procurement) old() bool {
	return p.Regime == notice.Regulations && p.Nation != Scotland && p.Nation != "" && !p.Begun.IsZero() && p.Begun.Before(actInForce)
}

// act reports whether the Procurement Act 2023 holds.
func (p Procurement) act() bool { return p.Regime == notice.Act2023 }

// special reports whether a special regime of the Act holds, to which several policy notes do not apply.
func (p Procurement) special() bool {
	return p.LightTouch || p.Utilities || p.Concession || p.Defence
}
