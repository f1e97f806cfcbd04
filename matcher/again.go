package matcher

import (
	"slices"
	"time"
)

// Again says how well the lots of a notice would fit the supplier were they let once more, whatever became of
// them: what belongs to the last time alone is left out, and the rest summed up as ever. Left out are
// the gates of stage, status, deadline and procedure, the criterion timing, and the
// conditions on the time that was given; reservations, excluded words, what was asked of bidders and every other criterion stay.
func (m *Matcher) Again(o *Opportunity, asOf time.Time) Fit {
	best := m.Assess(o, asOf)
	fits := append([]Fit{best}, best.Lots...)
	for i := range fits {
		f := &fits[i]
		f.Lots = nil
		f.Gates = slices.DeleteFunc(slices.Clone(f.Gates), func(g Gate) bool {
			return g.Gate == GateStage || g.Gate == GateStatus || g.Gate == GateDeadline || g.Gate == GateProcedure
		})
		f.Conditions = slices.DeleteFunc(slices.Clone(f.Conditions), func(c Condition) bool {
			switch c.Condition {
			case ConditionPeriod, ConditionLead, ConditionQuestions, ConditionAward, ConditionStart, ConditionThreshold:
				return true
			}
			return false
		})
		f.Evidence = slices.DeleteFunc(f.Evidence, func(e Evidence) bool { return e.Criterion == Timing })
		f.Action = ActionPrepare
		f.total()
	}
	return inOrder(fits)
}

// total fills in what evidence, gates and conditions come to.
func (f *Fit) total() {
	t := sum(f.Evidence, f.Gates, f.Conditions)
	f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice = t.relevance, t.score, t.low, t.high, t.known, t.advice
}

// inOrder makes one fit of those of a notice's lots: the best, with the others in Lots.
func inOrder(fits []Fit) Fit {
	slices.SortFunc(fits, Compare(OrderScore))
	best := fits[0]
	best.Lots = nil
	if len(fits) > 1 {
		best.Lots = fits[1:]
	}
	return best
}
