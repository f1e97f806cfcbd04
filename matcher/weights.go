package matcher

// Everything that was chosen rather than computed stands in this file, with its
// bounds, so that a changed mind is one changed line, and shows in testdata/rank_stats.txt.

// The criteria, by the name evidence carries and profile weights use.
const (
	Subject     = "subject"
	Words       = "words"
	Region      = "region"
	Value       = "value"
	Timing      = "timing"
	Suitability = "suitability"
	Buyer       = "buyer"
)

// Rule is one criterion: what it weighs unless a profile says otherwise, and within which bounds.
//
// The weight of an earning criterion is its part of the relevance (the earning
// weights are compared with each other); the weight of a keeping one is the percent of the running points it
// can take away at most.
type Rule struct {
	Criterion string
	Earns     bool
	Weight    int
	Why       string
}

// Weights are bounded alike, whether they are defaults or a profile's own.
const (
	MinWeight = 0
	MaxWeight = 100
)

// rules are the criteria in the order their contributions are told.
var rules = [...]Rule{
	{Subject, true, 15, "codes are filed in haste: a good code is evidence, a missing one is not"},
	{Words, true, 85, "what is bought stands in words more than in codes"},
	{Region, false, 95, "work far away is as good as no work"},
	{Value, false, 70, "ten times too big is hopeless, twice too big is a partner"},
	{Suitability, false, 10, "a signal, never a gate"},
	{Timing, false, 40, "a short deadline is a risk, not a refusal"},
	{Buyer, false, 60, "the supplier's own liking, said aloud"},
}

// Rules lists the criteria with their default weights, in the order their contributions are told.
func Rules() []Rule { return append([]Rule(nil), rules[:]...) }

// ruleOf finds the rule of a criterion.
func ruleOf(criterion string) (Rule, bool) {
	for _, r := range rules {
		if r.Criterion == criterion {
			return r, true
		}
	}
	return Rule{}, false
}

// Advice thresholds. They were set where the judged pairs change their grade, in round numbers.
const (
	bidScore    = 45 // from here on most pairs are worth a bid
	reviewScore = 25 // below this next to none is
	bidKnown    = 60 // percent of the weight that must be known before "bid" is said
)

// Least is the least score with which an advice is given; whether it is given then depends on more.
func Least(a Advice) int {
	switch a {
	case Bid:
		return bidScore
	case Review:
		return reviewScore
	}
	return 0
}
