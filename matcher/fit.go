// Package matcher says how well a lot fits a supplier, and why. It is pure: a
// Fit is a function of notice, profile, lexicon and date, with whole numbers all the way, so that the same
// input gives the same bytes on every machine.
//
// Bottom up: text.go reads the texts of a notice into pages of terms and tokens,
// and phrase.go finds keywords there as package words would. A [Lexicon] (lexicon.go) is learned from
// notices: how telling each stem is, under which CPV classes the notices that use it are filed, and in what
// company it stands (company.go); boilerplate.go lists what tells nothing, and look.go shows what is known. In the
// space of those classes (space.go) texts and codes can be compared with each other. past.go holds lots against past contracts. A notice
// made ready is an [Opportunity] (opportunity.go), a supplier made ready is a [Matcher]
// (matcher.go), and [Matcher.Assess] holds one against the other, lot by lot.
//
// Each criterion has a file, named after it, and a page in docs/criteria:
// subject and words earn points, which make the relevance; region, value,
// suitability, timing and buyer keep them or take a part away. Gates (gates.go) bar a
// lot and take nothing; conditions (conditions.go) say what is asked of a bidder (asked.go)
// and whether the notice is plausible (plausible.go). What was chosen rather than computed stands in weights.go, and beside the
// criterion it belongs to. [Evidence] is the score: sum (sum.go) is the only
// road from evidence to a number. [Compare] puts fits in order (compare.go).
//
// What goes further than a fit is made of fits: [Matcher.WhatIf] assesses again with each change worth trying (whatif.go, steps.go),
// [Difference] tells two fits apart by contribution (difference.go), why.go says what keeps a fit from being a bid and what an unknown
// may do, questions.go gathers what to ask, and a [Hint] says where words and codes disagree (hint.go).
package matcher

import (
	"slices"

	"bidfit/notice"
	"bidfit/notice/law"
)

// Finding is what a criterion found.
type Finding string

const (
	Met     Finding = "met"
	Partly  Finding = "partly"
	Missed  Finding = "missed"
	Unknown Finding = "unknown"
	Barred  Finding = "barred"
)

// Advice is what to do about a lot, all told.
type Advice string

const (
	Bid    Advice = "bid"
	Review Advice = "review"
	NoBid  Advice = "no-bid"
)

// Action is what the stage allows: what "bid" means today.
type Action string

const (
	ActionBid     Action = "bid"
	ActionEngage  Action = "engage"
	ActionPrepare Action = "prepare"
	ActionWatch   Action = "watch"
	ActionJoin    Action = "join" // a dynamic market
	ActionNone    Action = "none"
)

// Evidence is one criterion's contribution, with the publisher's own words.
type Evidence struct {
	Criterion string  `json:"criterion"`
	Finding   Finding `json:"finding"`
	// Share is how much of the criterion is met, in percent.
	Share int `json:"share"`
	// Weight is how much the criterion counts, a small whole number.
	Weight int `json:"weight"`
	// Points is what it adds to the score, or takes from it; the points of all evidence sum to the score.
	Points int            `json:"points"`
	Reason string         `json:"reason"`
	At     []notice.Quote `json:"at"`
}

// GateState is how a gate stands.
type GateState string

const (
	GatePass    GateState = "pass"
	GateBarred  GateState = "barred"
	GateUnknown GateState = "unknown" // a question for the buyer
)

// Words is the state in words; barred is what it is called where it does not pass.
func (s GateState) Words(barred string) string {
	switch s {
	case GatePass:
		return "pass"
	case GateBarred:
		return barred
	}
	return "to be asked"
}

// Gate is a condition that bars rather than subtracts.
type Gate struct {
	Gate   string    `json:"gate"`
	State  GateState `json:"state"`
	Reason string    `json:"reason"`
	// Question is for the buyer, ready to be sent, where the gate is unknown.
	Question string `json:"question,omitzero"`
	// Source is the law behind the gate, where there is one.
	Source law.Source     `json:"source,omitzero"`
	At     []notice.Quote `json:"at,omitzero"`
}

// Condition is something the buyer asks for, or the bidder has to know. It never changes the score.
type Condition struct {
	Condition string `json:"condition"`
	// State is pass where it is met or in order; barred where the profile or the day says that
	// it is not met; unknown where it has to be asked.
	State    GateState  `json:"state"`
	Reason   string     `json:"reason"`
	Question string     `json:"question,omitzero"`
	Source   law.Source `json:"source,omitzero"`
	// Holds is said of what is required of a bidder and not met: the advice is no more than review.
	Holds bool           `json:"holds,omitzero"`
	At    []notice.Quote `json:"at,omitzero"`
}

// Fit is how well one lot fits one supplier, and why.
type Fit struct {
	OCID   string   `json:"ocid"`
	Notice string   `json:"notice,omitzero"` // Notice.ID where it is not the OCID
	Also   []string `json:"also"`
	Lot    string   `json:"lot"`
	Title  string   `json:"title"`
	// Deadline is by when something has to be done: the deadline for bids, else
	// the end of an engagement, else the date a tender was announced for.
	Deadline notice.Moment `json:"deadline,omitzero"`
	// Relevance is how well what is bought fits what is sold, 0-100, nothing else considered.
	Relevance int    `json:"relevance"`
	Score     int    `json:"score"`
	Low       int    `json:"low"`   // were every unknown to turn out badly
	High      int    `json:"high"`  // were every unknown to turn out well
	Known     int    `json:"known"` // percent of the weight the notice let us judge
	Advice    Advice `json:"advice"`
	Action    Action `json:"action"`

	Gates      []Gate      `json:"gates"`
	Conditions []Condition `json:"conditions"`
	Evidence   []Evidence  `json:"evidence"`
	// Hints are what to look at before the evidence is trusted. They change no score.
	Hints []Hint `json:"hints,omitzero"`
	// Lots are the notice's other lots in the same form, best first; only on the best lot.
	Lots []Fit `json:"lots"`
}

// Barred reports whether a gate bars the lot.
func (f *Fit) Barred() bool {
	for _, g := range f.Gates {
		if g.State == GateBarred {
			return true
		}
	}
	return false
}

// Questions are what has to be asked of the buyer, each once: the gates' first.
func (f *Fit) Questions() []string {
	var list []string
	ask := func(state GateState, question string) {
		if state == GateUnknown && question != "" && !slices.Contains(list, question) {
			list = append(list, question)
		}
	}
	for _, g := range f.Gates {
		ask(g.State, g.Question)
	}
	for _, c := range f.Conditions {
		ask(c.State, c.Question)
	}
	return list
}

// ID is the store's name of the notice the fit is about.
func (f *Fit) ID() string {
	if f.Notice != "" {
		return f.Notice
	}
	return f.OCID
}

// TopReason is the evidence that adds the most points, the first of equals; nil where none adds any.
func (f *Fit) TopReason() *Evidence {
	var best *Evidence
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Points > 0 && (best == nil || e.Points > best.Points) {
			best = e
		}
	}
	return best
}

// TopGap is the evidence, met in part or missed, that falls furthest short of
// its weight, the first of equals; nil where none does. What is unknown is no gap (it is a question),
// and neither is the top reason.
func (f *Fit) TopGap() *Evidence {
	var worst *Evidence
	best := f.TopReason()
	gap := func(e *Evidence) int { return e.Weight * (100 - e.Share) }
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e != best && (e.Finding == Partly || e.Finding == Missed) && (worst == nil || gap(e) > gap(worst)) {
			worst = e
		}
	}
	return worst
}
