package notice

import "strings"

// Award is one award and the contracts made for it. What UK6 says of an award and UK7
// of its contract is one award; [Award.Worth], [Award.Runs] and [Award.State] say what both say together.
type Award struct {
	ID          string       `json:"id"`
	Title       Said[string] `json:"title,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	Status      Said[string] `json:"status,omitzero"`
	// Reason is why it stands so (statusDetails): why an award came to nothing.
	Reason    Said[string]   `json:"statusDetails,omitzero"`
	Date      Said[Moment]   `json:"date,omitzero"`
	Published Said[Moment]   `json:"published,omitzero"` // awards[].datePublished
	Lots      []string       `json:"lots,omitzero"`
	Suppliers []Organisation `json:"suppliers,omitzero"`
	Value     Value          `json:"value,omitzero"`    // as the award has it
	Contract  Period         `json:"contract,omitzero"` // awards[].contractPeriod
	Renewal   Said[string]   `json:"renewal,omitzero"`
	Options   Said[string]   `json:"options,omitzero"`
	// Standstill is when the standstill period ends; the last counts.
	Standstill []Said[Moment] `json:"standstill,omitzero"`
	Assessed   Said[Moment]   `json:"assessed,omitzero"` // assessmentSummariesDateSent
	Ended      Said[Moment]   `json:"ended,omitzero"`    // finalStatusDate: the day of a cancelled award's end
	// CPV and Places are those of the award's own items.
	CPV            []Said[Classification] `json:"cpv,omitzero"`
	Places         []Said[Place]          `json:"places,omitzero"`
	Subcontracting Subcontracting         `json:"subcontracting,omitzero"`
	// Contracts are those made for the award (contracts[].awardID): the award told in more
	// detail, not worth more beside it. A contract whose award nobody published is
	// the one contract of an award that says nothing itself.
	Contracts []Contract `json:"contracts,omitzero"`
	// Milestones are those of the award itself: its futureSignatureDate.
	Milestones []Milestone `json:"milestones,omitzero"`
	Amendments []Amendment `json:"amendments,omitzero"`
}

// Contract is one contract of an award (contracts[]), and how it is carried out
// (contracts[].implementation).
type Contract struct {
	ID          string       `json:"id"`
	Title       Said[string] `json:"title,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	Status      Said[string] `json:"status,omitzero"`
	Reason      Said[string] `json:"statusDetails,omitzero"` // why it stands so
	Signed      Said[Moment] `json:"signed,omitzero"`
	Period      Period       `json:"period,omitzero"`
	Value       Value        `json:"value,omitzero"`
	Renewal     Said[string] `json:"renewal,omitzero"`
	Options     Said[string] `json:"options,omitzero"`
	// Milestones are those of the contract: deliveries, payments.
	Milestones []Milestone `json:"milestones,omitzero"`

	// Agreed are the key performance indicators agreed on, NoneAgreed why there are none
	// (Procurement Act 2023, s.52); Metrics are how they were met (s.71), Failures breaches and
	// poor performance.
	Agreed     []Metric     `json:"agreedMetrics,omitzero"`
	NoneAgreed Said[string] `json:"noAgreedMetricsRationale,omitzero"`
	Metrics    []Metric     `json:"metrics,omitzero"`
	Failures   []Failure    `json:"performanceFailures,omitzero"`
	Payments   []Payment    `json:"payments,omitzero"`

	// Amendments are changes made, Proposed those announced before they are made (UK10).
	Amendments []Amendment `json:"amendments,omitzero"`
	Proposed   []Amendment `json:"proposedAmendments,omitzero"`

	// Ended is when the contract did end (implementation.endDate), or came to nothing
	// (finalStatusDate); Grounds are why: contractCompleted, breachOfContract …
	Ended      Said[Moment]   `json:"ended,omitzero"`
	Grounds    []Said[string] `json:"terminationRationale,omitzero"`
	FinalValue Value          `json:"finalValue,omitzero"` // what it came to in the end
}

// Subcontracting is what a supplier passes on.
type Subcontracting struct {
	Planned     Said[bool]   `json:"planned,omitzero"` // hasSubcontracting
	Description Said[string] `json:"description,omitzero"`
	Least       Said[Share]  `json:"least,omitzero"` // minimumPercentage
	Most        Said[Share]  `json:"most,omitzero"`  // maximumPercentage
	Value       Value        `json:"value,omitzero"`
	// Parts are the descriptions of single subcontracts, By their subcontractors.
	Parts []Said[string] `json:"parts,omitzero"`
	By    []Organisation `json:"by,omitzero"`
}

// Metric is a key performance indicator and what was observed of it.
type Metric struct {
	ID           string        `json:"id,omitzero"`
	Title        Said[string]  `json:"title,omitzero"`
	Description  Said[string]  `json:"description,omitzero"`
	Observations []Observation `json:"observations,omitzero"`
}

// Observation is how an indicator stood in a period. One called "frequency" says how often
// it is looked at: the length of its period.
type Observation struct {
	ID      string       `json:"id,omitzero"`
	Measure Said[string] `json:"measure,omitzero"` // as published: "99.7%"
	Rating  Said[string] `json:"rating,omitzero"`  // measureClassification.id: met, slightlyBelow …
	Text    Said[string] `json:"text,omitzero"`    // measureClassification.description
	Period  Period       `json:"period,omitzero"`
	Months  Said[int]    `json:"months,omitzero"` // period.durationInMonths
}

// Failure is a breach of contract or a supplier's poor performance
// (Procurement Act 2023, s.71 (3) to (5)).
type Failure struct {
	ID          string         `json:"id,omitzero"`
	Category    Said[string]   `json:"category,omitzero"`
	Requirement Said[string]   `json:"requirement,omitzero"`
	Description Said[string]   `json:"description,omitzero"`
	Period      Period         `json:"period,omitzero"`
	Penalty     Said[Moment]   `json:"penalty,omitzero"` // penaltyDate: a settlement, damages or the termination
	Suppliers   []Organisation `json:"suppliers,omitzero"`
}

// Payment is one made under a contract (implementation.transactions; Procurement Act 2023, s.70).
type Payment struct {
	ID    string       `json:"id,omitzero"`
	Date  Said[Moment] `json:"date,omitzero"`
	Value Value        `json:"value,omitzero"`
	From  Said[string] `json:"from,omitzero"` // payer's name
	To    Said[string] `json:"to,omitzero"`   // payee's name
}

// Amendment is a change that was declared, and why.
type Amendment struct {
	ID          string         `json:"id,omitzero"`
	Date        Said[Moment]   `json:"date,omitzero"`
	Description Said[string]   `json:"description,omitzero"`
	Rationale   Said[string]   `json:"rationale,omitzero"`
	Grounds     []Said[string] `json:"grounds,omitzero"` // rationaleClassifications (Procurement Act 2023, s.74 and Sch. 8)
	// Changes are what was changed, entry by entry (unstructuredChanges).
	Changes []Change `json:"changes,omitzero"`
	// What a contract will be worth and how long it will run once it is changed, and
	// whether a standstill comes before.
	Value      Value        `json:"value,omitzero"`
	Period     Period       `json:"period,omitzero"`
	Renewal    Said[string] `json:"renewal,omitzero"`
	Standstill Said[bool]   `json:"standstill,omitzero"`
}

// Change is one entry of an amendment: where, and what stood and stands there.
type Change struct {
	Section Said[string] `json:"section,omitzero"` // of the form: "IV.2.2"
	Label   Said[string] `json:"label,omitzero"`
	Lot     string       `json:"lot,omitzero"`
	Was     Said[string] `json:"was,omitzero"`
	Is      Said[string] `json:"is,omitzero"`
	WasDate Said[Moment] `json:"wasDate,omitzero"`
	IsDate  Said[Moment] `json:"isDate,omitzero"`
}

// Worth is what an award is worth: what its contracts say together where they say
// it, else what the award says, never the sum of both. A contract of which only the final value is
// known (UK11) counts with that. Contracts that were cancelled do not count
// beside others. Contracts in several currencies have no sum, nor have those of which
// one is priced with VAT and another without.
func (a *Award) Worth() Value {
	var worth Value
	priced := false
	gone := a.cancelled() < len(a.Contracts)
	for i := range a.Contracts {
		c := &a.Contracts[i]
		v := c.Value
		if !v.Priced() {
			v = c.FinalValue
		}
		switch {
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
