package matcher

import (
	"slices"
	"strconv"
)

// ChangeKind is what of a fit changed.
type ChangeKind string

const (
	ChangedEvidence  ChangeKind = "evidence"
	ChangedGate      ChangeKind = "gate"
	ChangedCondition ChangeKind = "condition"
)

// Change is what one criterion, gate or condition said before and says now.
type Change struct {
	Kind ChangeKind `json:"kind"`
	// Of is the name of the criterion, gate or condition.
	Of string `json:"of"`
	// Points is how many more the criterion adds to the score than it did, 0 for gates and conditions. The
	// points of all changes sum to the difference of the two scores.
	Points int `json:"points"`
	// Words say what is different: the reason of before where it says something else now, and that of now.
	Words string `json:"words"`
}

// Difference tells why one fit has another score or advice than an earlier one, by contribution:
// the criteria in the order they are told, then gates and conditions that stand otherwise. A
// criterion that says the same and adds the same is left out.
func Difference(before, after Fit) []Change {
	list := []Change{}
	for _, r := range rules {
		was, is := evidenceOf(before, r.Criterion), evidenceOf(after, r.Criterion)
		if c, ok := r.difference(was, is); ok {
			list = append(list, c)
		}
	}
	list = append(list, differently(ChangedGate, gatesOf(before), gatesOf(after))...)
	return append(list, differently(ChangedCondition, conditionsOf(before), conditionsOf(after))...)
}

// evidenceOf finds the evidence of a criterion; nil where the profile does not ask.
func evidenceOf(f Fit, criterion string) *Evidence {
	for i := range f.Evidence {
		if f.Evidence[i].Criterion == criterion {
			return &f.Evidence[i]
		}
	}
	return nil
}

// difference compares two pieces of evidence of one criterion.
func (r Rule) difference(was, is *Evidence) (Change, bool) {
	c := Change{Kind: ChangedEvidence, Of: r.Criterion}
	switch {
	case was == nil && is == nil:
		return c, false
	case was == nil:
		c.Points, c.Words = is.Points, "not asked before; now "+is.Reason
		return c, true
	case is == nil:
		c.Points, c.Words = -was.Points, "no longer asked; before, "+was.Reason
		return c, true
	}
	c.Points = is.Points - was.Points
	switch {
	case was.Reason != is.Reason:
		c.Words = "was: " + was.Reason + "; is: " + is.Reason
	case was.Weight != is.Weight:
		c.Words = "weighs " + strconv.Itoa(is.Weight) + ", and weighed " + strconv.Itoa(was.Weight) + ": " + is.Reason
	case was.Share != is.Share:
		c.Words = "met to " + percent(is.Share) + ", and was to " + percent(was.Share)
	case c.Points == 0:
		return c, false
	case r.Earns:
		c.Words = "says what it said; it is a larger or smaller part of what is known"
	default:
		c.Words = "says what it said, of other points than before"
	}
	return c, true
}

func percent(n int) string { return strconv.Itoa(n) + " %" }

// stood is how a gate or condition stands, by name.
type stood struct {
	name, reason string
	state        GateState
}

func gatesOf(f Fit) []stood {
	var list []stood
	for _, g := range f.Gates {
		list = append(list, stood{g.Gate, g.Reason, g.State})
	}
	return list
}

func conditionsOf(f Fit) []stood {
	var list []stood
	for _, c := range f.Conditions {
		list = append(list, stood{c.Condition, c.Reason, c.State})
	}
	return list
}

// differently lists what stands otherwise than before, by name: several of one name are told apart by state and reason,
// as far as these are the same.
func differently(kind ChangeKind, was, is []stood) []Change {
	was, is = slices.Clone(was), slices.Clone(is)
	// match takes out of both what is the same, and gives each to do.
	match := func(same func(a, b stood) bool, do func(a, b stood)) {
		is = slices.DeleteFunc(is, func(b stood) bool {
			i := slices.IndexFunc(was, func(a stood) bool { return a.name == b.name && same(a, b) })
			if i < 0 {
				return false
			}
			do(was[i], b)
			was = slices.Delete(was, i, i+1)
			return true
		})
	}
	var list []Change
	tell := func(name, words string) { list = append(list, Change{Kind: kind, Of: name, Words: words}) }
	match(func(a, b stood) bool { return a == b }, func(a, b stood) {})
	match(func(a, b stood) bool { return a.state == b.state }, func(a, b stood) {})
	match(func(a, b stood) bool { return true }, func(a, b stood) {
		tell(b.name, "was "+a.state.says()+", is now "+b.state.says()+": "+b.reason)
	})
	for _, b := range is {
		tell(b.name, "is now "+b.state.says()+": "+b.reason)
	}
	for _, a := range was {
		tell(a.name, "was "+a.state.says()+" ("+a.reason+"), and is no more")
	}
	return list
}

// says is a state in a word.
func (s GateState) says() string {
	switch s {
	case GatePass:
		return "passed"
	case GateBarred:
		return "barred"
	}
	return "in question"
}
