package matcher

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/profiles"
)

const (
	mostOutcomes = 10 // outcomes that are told
	mostOfAKind  = 3  // of one kind of change
	mostPaired   = 12 // changes that are tried in pairs
	week         = 7  // days by which a deadline might move
)

// Side is who would have to change.
type Side string

const (
	OfProfile Side = "profile"
	OfNotice  Side = "notice"
)

// Step is one change of one fact.
type Step struct {
	Side Side `json:"side"`
	// Change is what is changed: a field of the profile, or what the notice says.
	Change string `json:"change"`
	// Value is what is added, taken off or said instead, as a profile writes it.
	Value string `json:"value,omitzero"`
	// Words are what to do, or what would have to be so.
	Words string `json:"words"`
	// IfTrue marks what only the supplier can know: to be said if it is so, not for the score's sake.
	IfTrue bool `json:"ifTrue,omitzero"`
	// At is where the notice gives cause.
	At []notice.Quote `json:"at,omitzero"`
}

// Outcome is what one change, or two together, would give: computed by assessing again.
type Outcome struct {
	Steps []Step `json:"steps"`
	// Cost is the sum of what the changes cost, by the order of steps.go: small is cheap.
	Cost   int    `json:"cost"`
	Score  int    `json:"score"`
	Points int    `json:"points"` // more than now
	Advice Advice `json:"advice"`
	// Changes are where the points come from.
	Changes []Change `json:"changes"`
	// Profile is the changed profile; that of now where only the notice would change.
	Profile profiles.Profile `json:"-"`
}

// WhatIf is what would have to be otherwise for the advice to be better.
type WhatIf struct {
	Lot    string `json:"lot"`
	Score  int    `json:"score"`
	Advice Advice `json:"advice"`
	// Why is what keeps the advice from being better; "" for a bid.
	Why string `json:"why,omitzero"`
	// Single are single changes that would make the advice better, the cheapest first, ten at most.
	Single []Outcome `json:"single"`
	// Pair is the cheapest two changes that would together, looked for where no single one would.
	Pair *Outcome `json:"pair,omitzero"`
	// None says why nothing is listed.
	None string `json:"none,omitzero"`
}

// tried is a step with what it gives.
type tried struct {
	*step
	Outcome
	fit Fit
}

// WhatIf looks for the cheapest change of profile or notice with which the advice on a lot would be better.
// Nothing is estimated: the changed profile is held against the notice, or the profile
// against the changed notice, by Assess. False where the notice has no such lot.
func (m *Matcher) WhatIf(o *Opportunity, lot string, asOf time.Time) (WhatIf, bool) {
	one, ok := o.only(lot)
	if !ok {
		return WhatIf{}, false
	}
	now := m.Assess(one, asOf)
	w := WhatIf{Lot: lot, Score: now.Score, Advice: now.Advice, Why: now.Why(), Single: []Outcome{}}
	if w.None = o.hopeless(&now, asOf); w.None != "" {
		return w, true
	}
	var single, helpful []tried
	for _, s := range m.steps(one, &now, asOf) {
		t, ok := m.attempt(one, now, asOf, &s)
		switch {
		case !ok:
		case t.Advice.better(now.Advice):
			single = append(single, t)
		case s.oneOfMany || helps(&now, &t.fit):
			helpful = append(helpful, t)
		}
	}
	if w.Single = few(single); len(w.Single) > 0 {
		return w, true
	}
	if w.Pair = m.pair(one, now, asOf, helpful); w.Pair == nil {
		w.None = "no change of one or two of these things would make it more than " + string(now.Advice)
	}
	return w, true
}

// only is an opportunity of one of its lots.
func (o *Opportunity) only(id string) (*Opportunity, bool) {
	one := *o
	if len(o.lots) == 0 {
		one.lots = []lot{{Lot: &notice.Lot{}}}
		return &one, id == ""
	}
	i := slices.IndexFunc(o.lots, func(l lot) bool { return l.ID == id })
	if i < 0 {
		return nil, false
	}
	one.lots = o.lots[i : i+1]
	return &one, true
}

// hopeless says why nothing has to be looked for; "" where something has.
func (o *Opportunity) hopeless(now *Fit, asOf time.Time) string {
	if now.Advice == Bid {
		return "it is a bid already"
	}
	var shut []string
	for _, g := range now.Gates {
		switch {
		case g.State != GateBarred:
		case g.Gate == GateStage, g.Gate == GateStatus, g.Gate == GateProcedure, g.Gate == GateDeadline && o.closed(asOf.AddDate(0, 0, -week)):
			shut = append(shut, g.Reason)
		}
	}
	if shut == nil {
		return ""
	}
	return "nothing would: " + strings.Join(shut, "; ")
}

// attempt assesses with some steps taken. It fails where the profile would be none that profiles reads.
func (m *Matcher) attempt(o *Opportunity, now Fit, asOf time.Time, steps ...*step) (tried, bool) {
	t := tried{step: steps[0], Outcome: Outcome{Profile: m.profile}}
	changed, with := false, m
	for _, s := range steps {
		t.Steps = append(t.Steps, s.Step)
		t.Cost += s.cost
		if s.profile != nil {
			s.profile(&t.Profile)
			changed = true
		}
		if s.notice != nil {
			c := *o
			c.lots = []lot{o.lots[0]}
			s.notice(&c)
			o = &c
		}
	}
	if changed {
		if t.Profile.Check() != nil {
			return tried{}, false
		}
		var err error
		if with, err = m.as(t.Profile); err != nil {
			return tried{}, false
		}
	}
	t.fit = with.Assess(o, asOf)
	t.Score, t.Points, t.Advice = t.fit.Score, t.fit.Score-now.Score, t.fit.Advice
	t.Changes = Difference(now, t.fit)
	return t, true
}

// as is the same matcher, with what it has learned, for another profile.
func (m *Matcher) as(p profiles.Profile) (*Matcher, error) {
	other, err := New(m.lexicon, p)
	if err != nil {
		return nil, err
	}
	return other.Naming(m.names).With(m.learned), nil
}

// helps reports whether a change that is not enough brings the advice nearer.
func helps(now, then *Fit) bool {
	doubts := func(f *Fit) (n int) {
		for _, g := range f.Gates {
			switch g.State {
			case GateBarred:
				n += 2
			case GateUnknown:
				n++
			}
		}
		for _, c := range f.Conditions {
			if c.Holds {
				n++
			}
		}
		return n
	}
	return then.Score > now.Score || doubts(then) < doubts(now) || then.Known > now.Known && now.Known < bidKnown
}

// compareOutcomes puts the cheapest first, of equals what gives most, then by what is changed.
func compareOutcomes(a, b Outcome) int {
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(b.Advice.rank(), a.Advice.rank()), cmp.Compare(b.Score, a.Score),
		slices.CompareFunc(a.Steps, b.Steps, func(x, y Step) int {
			return cmp.Or(cmp.Compare(x.Change, y.Change), cmp.Compare(x.Value, y.Value), cmp.Compare(x.Words, y.Words))
		}))
}

// few sorts outcomes and keeps the first: of one kind of change no more than a few, and of changes of one family (a
// code, its class, its group) by the same side none that costs more and gives no more.
func few(list []tried) []Outcome {
	slices.SortStableFunc(list, func(a, b tried) int { return compareOutcomes(a.Outcome, b.Outcome) })
	kept := []Outcome{}
	count := map[string]int{}
	for i, t := range list {
		more := func(of tried) bool {
			return of.family != "" && of.family == t.family && of.Steps[0].Side == t.Steps[0].Side && of.Advice == t.Advice && of.Score >= t.Score
		}
		if len(kept) == mostOutcomes || count[t.Change] == mostOfAKind || slices.ContainsFunc(list[:i], more) {
			continue
		}
		count[t.Change]++
		kept = append(kept, t.Outcome)
	}
	return kept
}

// pair is the cheapest two changes that make the advice better; nil where none do. Of
// each kind the changes that give most are tried.
func (m *Matcher) pair(o *Opportunity, now Fit, asOf time.Time, helpful []tried) *Outcome {
	slices.SortStableFunc(helpful, func(a, b tried) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), compareOutcomes(a.Outcome, b.Outcome))
	})
	count := map[string]int{}
	helpful = slices.DeleteFunc(helpful, func(t tried) bool {
		count[t.Change]++
		return count[t.Change] > mostOfAKind-1
	})
	helpful = helpful[:min(len(helpful), mostPaired)]
	type two struct{ a, b *tried }
	var pairs []two
	for i := range helpful {
		for k := i + 1; k < len(helpful); k++ {
			if a, b := &helpful[i], &helpful[k]; a.family == "" || a.family != b.family {
				pairs = append(pairs, two{a, b})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y two) int { return cmp.Compare(x.a.Cost+x.b.Cost, y.a.Cost+y.b.Cost) })
	var best *Outcome
	for _, p := range pairs {
		if best != nil && p.a.Cost+p.b.Cost > best.Cost {
			break
		}
		t, ok := m.attempt(o, now, asOf, p.a.step, p.b.step)
		if ok && t.Advice.better(now.Advice) && (best == nil || compareOutcomes(t.Outcome, *best) < 0) {
			best = &t.Outcome
		}
	}
	return best
}
