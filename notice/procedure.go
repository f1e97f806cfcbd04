package notice

import "strconv"

// This file holds how a procurement is run, beyond what makes or breaks a fit.

// FrameworkAgreement is what is said of a framework (tender.techniques.frameworkAgreement).
type FrameworkAgreement struct {
	Type            Said[string] `json:"type,omitzero"`   // open, closed
	Method          Said[string] `json:"method,omitzero"` // withReopeningCompetition, …: how call-offs are awarded
	MostSuppliers   Said[int]    `json:"maximumParticipants,omitzero"`
	Period          Period       `json:"period,omitzero"`
	SchemeEnds      Said[Moment] `json:"schemeEnds,omitzero"` // openFrameworkSchemeEndDate
	Description     Said[string] `json:"description,omitzero"`
	Buyers          Said[string] `json:"buyers,omitzero"` // buyerCategories: who may call off
	PeriodRationale Said[string] `json:"periodRationale,omitzero"`
	// BuyerKinds and BuyerPlaces limit who may call off (buyerClassificationRestrictions,
	// buyerLocationRestrictions).
	BuyerKinds  []Said[string] `json:"buyerKinds,omitzero"`
	BuyerPlaces []Said[Place]  `json:"buyerPlaces,omitzero"`
}

// Submission is how tenders are to be given in (tender.submissionTerms).
type Submission struct {
	Methods    []Said[string] `json:"methods,omitzero"`    // submissionMethod: electronicSubmission, written …
	Electronic Said[string]   `json:"electronic,omitzero"` // allowed, required, notAllowed
	Languages  []Said[string] `json:"languages,omitzero"`  // ISO 639-1
	ValidDays  Said[int]      `json:"validDays,omitzero"`  // bidValidityPeriod: how long a tender binds
	ValidUntil Said[Moment]   `json:"validUntil,omitzero"`
	Deposits   Said[string]   `json:"deposits,omitzero"` // depositsGuarantees
	// StaffNames is whether the names and qualifications of staff are asked for.
	StaffNames Said[bool] `json:"staffNames,omitzero"`
	// Recipients are who alone gets the future notice (communication.futureNoticeRecipients).
	Recipients Said[string] `json:"recipients,omitzero"`
	// Unusual is where software that is not generally available is to be had (atypicalToolUrl).
	Unusual Said[string] `json:"unusualTool,omitzero"`
}

// SecondStage is what follows the requests to take part (tender.secondStage).
type SecondStage struct {
	Invited       Said[Moment] `json:"invited,omitzero"`       // invitationDate
	NoNegotiation Said[bool]   `json:"noNegotiation,omitzero"` // may be awarded on the first tenders
	Successive    Said[bool]   `json:"successive,omitzero"`    // candidates are dropped stage by stage
}

// Opening is when and where bids are opened (tender.bidOpening).
type Opening struct {
	Date  Said[Moment] `json:"date,omitzero"`
	Place Said[string] `json:"place,omitzero"`
	Text  Said[string] `json:"text,omitzero"`
}

// Terms are those of the contract (tender.contractTerms).
type Terms struct {
	Invoicing   Said[string] `json:"electronicInvoicing,omitzero"` // allowed, required, notAllowed
	Ordering    Said[bool]   `json:"electronicOrdering,omitzero"`
	Payment     Said[bool]   `json:"electronicPayment,omitzero"`
	Financial   Said[string] `json:"financial,omitzero"`
	Performance Said[string] `json:"performance,omitzero"`
	// Foreign is the law that governs joint procurement across borders (crossBorderLaw).
	Foreign Said[string] `json:"crossBorderLaw,omitzero"`
}

// Fee is what taking part or winning costs (tender.participationFees).
type Fee struct {
	ID          string         `json:"id,omitzero"`
	For         []Said[string] `json:"for,omitzero"` // document, submission, win
	Description Said[string]   `json:"description,omitzero"`
	Value       Value          `json:"value,omitzero"`
	Share       Said[Share]    `json:"share,omitzero"` // relativeValue.proportion
	Of          Said[string]   `json:"of,omitzero"`    // relativeValue.monetaryValue: award …
}

// Share is a part of a whole in hundredths of a percent: 9500 is 95 %.
type Share int

// String is "95%" or "1.25%".
func (s Share) String() string { return strconv.FormatFloat(float64(s)/100, 'f', -1, 64) + "%" }

// Related is another procurement that this one names (relatedProcesses).
type Related struct {
	ID string `json:"id,omitzero"`
	// As are the relationships: framework, planning, prior …
	As         []Said[string] `json:"relationship,omitzero"`
	Scheme     string         `json:"scheme,omitzero"` // ocid, EU-OJ
	Identifier Said[string]   `json:"identifier,omitzero"`
	Title      Said[string]   `json:"title,omitzero"`
	URL        Said[string]   `json:"url,omitzero"`
	Lots       []string       `json:"lots,omitzero"`
}

// Budget is what is set aside (planning.budget); the notice's Value says it too where nothing else does.
type Budget struct {
	Value       Value        `json:"value,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	Lines       []BudgetLine `json:"lines,omitzero"` // budgetBreakdown
}

// BudgetLine is a part of a budget, often one financial year's.
type BudgetLine struct {
	ID          string       `json:"id,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	Value       Value        `json:"value,omitzero"`
	Period      Period       `json:"period,omitzero"`
}

// Statistic is a count of bids, or the lowest or highest of them (bids.statistics).
type Statistic struct {
	Measure string      `json:"measure"` // bids, smeBids, finalStageBids, lowestValidBidValue …
	Lot     string      `json:"lot,omitzero"`
	Count   Said[int]   `json:"count,omitzero"`
	Amount  Said[Pence] `json:"amount,omitzero"`
	// Currency is the amount's.
	Currency Said[string] `json:"currency,omitzero"`
}

// Bidder is who made a bid (bids.details), won or not.
type Bidder struct {
	Organisation
	Status Said[string] `json:"bidStatus,omitzero"` // valid, disqualified …
	Lots   []string     `json:"lots,omitzero"`
}

// Figure is a fact under the publisher's own name for it.
type Figure struct {
	Name string       `json:"name"`
	Text Said[string] `json:"text"`
}
