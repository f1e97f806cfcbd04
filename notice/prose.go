package notice

// This file holds what is read from running text. Nothing here overrules what a
// field says: a reading stands beside the fields, with its place to the byte and
// how sure it is, and fills only what nobody said in a field.

// Read is a value read from prose. At names the string and the byte span in it.
type Read[T any] struct {
	Said[T]
	// Confidence is how sure the reading is, in percent.
	Confidence int `json:"confidence"`
	// Lot is the id of the lot it is about, published or read from prose; "" where it is about the whole.
	Lot string `json:"lot,omitzero"`
}

// Readings are all that was read from the prose of a notice, in the order of its texts.
type Readings struct {
	Amounts  []Read[Amount]  `json:"amounts,omitzero"`
	Events   []Read[Event]   `json:"events,omitzero"`
	Lengths  []Read[Length]  `json:"lengths,omitzero"`
	Links    []Read[Link]    `json:"links,omitzero"`
	Mentions []Read[Mention] `json:"mentions,omitzero"`
}

// Amount is a sum of money named in prose. Low and High differ where a span is
// given ("£1.2m to £1.5m"); an open end is nil ("up to £50,000" has no Low).
type Amount struct {
	Range
	For AmountFor `json:"for"`
	// Per is "year", "month", "week", "day" or "hour" for what is paid again and again.
	Per string `json:"per,omitzero"`
	// VAT is whether it is said to include VAT; nil where nothing is said of it.
	VAT *bool `json:"vat,omitzero"`
}

// AmountFor is what a sum of money is for.
type AmountFor string

const (
	AmountContract  AmountFor = "contract"  // what the contract, framework or lot is worth
	AmountTurnover  AmountFor = "turnover"  // what a supplier has to turn over
	AmountInsurance AmountFor = "insurance" // what a supplier has to be insured for
	AmountOther     AmountFor = "other"
)

// Event is a date named in prose, and what happens then.
type Event struct {
	When Moment    `json:"when"`
	Kind EventKind `json:"kind"`
}

// EventKind is what happens on a date.
type EventKind string

const (
	EventEngagement EventKind = "engagement" // a market engagement day, webinar, briefing
	EventRegister   EventKind = "register"   // the last moment to register for one
	EventVisit      EventKind = "visit"      // a visit of the site
	EventQuestions  EventKind = "questions"  // the last moment for questions
	EventSubmission EventKind = "submission" // the last moment for tenders, quotes, responses
	EventInterest   EventKind = "interest"   // the last moment for expressions of interest or requests to take part
	EventInterview  EventKind = "interview"  // presentations, interviews, clarification meetings
	EventNotice     EventKind = "notice"     // a further notice or the tender is published, or was
	EventAward      EventKind = "award"      // the award or its notification
	EventStart      EventKind = "start"      // the contract starts
	EventEnd        EventKind = "end"        // the contract ends
	EventOther      EventKind = "other"
)

// Length is how long a contract runs by its prose: "3 years with the option to
// extend by 2 x 12 months" is 36 months and two extensions of 12.
type Length struct {
	Term Span `json:"term,omitzero"`
	// Extensions are the options to extend, one by one.
	Extensions []Span `json:"extensions,omitzero"`
}

// Span is a length of time as people say it: years count as 12 months, weeks as 7 days.
type Span struct {
	Months int `json:"months,omitzero"`
	Days   int `json:"days,omitzero"`
}

// Link is an address named in prose, and what it leads to.
type Link struct {
	URL string  `json:"url"`
	For LinkFor `json:"for"`
}

// LinkFor is what an address leads to.
type LinkFor string

const (
	LinkPortal   LinkFor = "portal"   // where tenders are given in, or documents lie
	LinkRegister LinkFor = "register" // where one registers for an event
	LinkNotice   LinkFor = "notice"   // another notice
	LinkOther    LinkFor = "other"
)

// Mention is a condition or circumstance named in prose.
type Mention struct {
	Kind MentionKind `json:"kind"`
	// Name is the thing in one spelling: "ISO 9001", "Cyber Essentials Plus",
	// "public liability", "SC", "Norfolk"; for an incumbent, who it is.
	Name string `json:"name,omitzero"`
	// Amount is the level asked for: of insurance, for turnover.
	Amount *Pence `json:"amount,omitzero"`
	// Wanted is said of what is welcome and not required ("desirable").
	Wanted bool `json:"wanted,omitzero"`
}

// MentionKind is what kind of condition or circumstance it is.
type MentionKind string

const (
	MentionCertification MentionKind = "certification"
	MentionInsurance     MentionKind = "insurance"
	MentionTurnover      MentionKind = "turnover"
	MentionTUPE          MentionKind = "tupe"      // staff come over, or may
	MentionClearance     MentionKind = "clearance" // security vetting, DBS
	MentionPresence      MentionKind = "presence"  // based, or present, in a place
	MentionFramework     MentionKind = "framework" // a framework is set up
	MentionCallOff       MentionKind = "callOff"   // a call-off from a framework or dynamic market there is
	MentionIncumbent     MentionKind = "incumbent" // somebody does the work today
)
