package matcher

import (
	"math/rand/v2"
	"slices"
	"testing"

	"bidfit/profiles"
)

func TestSum(t *testing.T) {
	piece := func(criterion string, f Finding, share int) Evidence {
		r, _ := ruleOf(criterion)
		return Evidence{Criterion: criterion, Finding: f, Share: share, Weight: r.Weight}
	}
	for _, c := range []struct {
		name     string
		evidence []Evidence
		points   []int
		want     tally
	}{
		{"nothing", nil, nil, tally{advice: NoBid}},
		{
			// 15 x 90 % + 85 x 75 % = 77.25; inside, so all of it is kept.
			"all is well",
			[]Evidence{piece(Subject, Met, 90), piece(Words, Met, 75), piece(Region, Met, 100)},
			[]int{14, 63, 0},
			tally{77, 77, 77, 77, 100, Bid},
		},
		{
			// 77.25, then region at weight 95 with a share of 30 takes 95 % x 70 % = 66.5 %: 25.88 stay.
			// Value at weight 70 with a share of 50 takes 35 % of that: 16.82.
			"too far and too big",
			[]Evidence{piece(Subject, Met, 90), piece(Words, Met, 75), piece(Region, Partly, 30), piece(Value, Partly, 50)},
			[]int{14, 63, -51, -9},
			tally{77, 17, 17, 17, 100, NoBid},
		},
		{
			// The subject is unknown: the words alone make the relevance, 75. At worst the
			// codes earn nothing (63.75), at best all they can (78.75).
			// The value is unknown: at worst it takes 70 % of 63.75, which leaves 19.
			"silence",
			[]Evidence{piece(Subject, Unknown, 0), piece(Words, Met, 75), piece(Value, Unknown, 0)},
			[]int{0, 75, 0},
			tally{75, 75, 19, 79, 85 * 100 / (15 + 85 + 70), Review},
		},
		{
			// A closed notice keeps its score: a gate bars it, and nothing is subtracted.
			"closed",
			[]Evidence{piece(Words, Met, 50), piece(Timing, Barred, 0)},
			[]int{50, 0},
			tally{50, 50, 50, 50, 100, Bid},
		},
	} {
		got := sum(c.evidence, nil, nil)
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		for i, e := range c.evidence {
			if e.Points != c.points[i] {
				t.Errorf("%s: %s has %d points, want %d", c.name, e.Criterion, e.Points, c.points[i])
			}
		}
	}
}

func TestAdvice(t *testing.T) {
	well := tally{score: bidScore, known: 100}
	for _, c := range []struct {
		name  string
		tally tally
		gates []GateState
		want  Advice
	}{
		{"good and open", well, []GateState{GatePass}, Bid},
		{"good but barred", well, []GateState{GateUnknown, GateBarred}, NoBid},
		{"good with a question", well, []GateState{GatePass, GateUnknown}, Review},
		{"good but little known", tally{score: 100, known: bidKnown - 1}, nil, Review},
		{"middling", tally{score: bidScore - 1, known: 100}, nil, Review},
		{"poor", tally{score: reviewScore - 1, known: 100}, nil, NoBid},
		{"poor with a question", tally{score: reviewScore - 1, known: 100}, []GateState{GateUnknown}, NoBid},
	} {
		var gates []Gate
		for _, s := range c.gates {
			gates = append(gates, Gate{State: s})
		}
		if got := advise(c.tally, gates, nil); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAdviceOfConditions(t *testing.T) {
	well := tally{score: bidScore, known: 100}
	for want, c := range map[Advice]Condition{
		Review: {State: GateBarred, Holds: true},
		Bid:    {State: GateUnknown},
	} {
		if got := advise(well, nil, []Condition{c}); got != want {
			t.Errorf("%+v: %s, want %s", c, got, want)
		}
	}
	if got := advise(well, []Gate{{State: GateBarred}}, []Condition{{State: GateBarred, Holds: true}}); got != NoBid {
		t.Errorf("a gate is shut: %s", got)
	}
}

// checkSum holds a tally to what evidence promises.
func checkSum(t *testing.T, e []Evidence, got tally) {
	t.Helper()
	points := 0
	for _, x := range e {
		points += x.Points
		if x.Finding == Unknown && x.Points != 0 {
			t.Errorf("unknown %s has %d points", x.Criterion, x.Points)
		}
		if !x.earns() && x.Points > 0 || x.earns() && x.Points < 0 {
			t.Errorf("%s has %d points", x.Criterion, x.Points)
		}
	}
	if points != got.score {
		t.Errorf("the points make %d, the score is %d", points, got.score)
	}
	if !(0 <= got.low && got.low <= got.score && got.score <= got.high && got.high <= 100) {
		t.Errorf("low %d, score %d, high %d", got.low, got.score, got.high)
	}
	if got.score > got.relevance || got.known < 0 || got.known > 100 {
		t.Errorf("relevance %d, score %d, known %d", got.relevance, got.score, got.known)
	}
}

// Whatever the evidence, the points make the score and the ends hold it.
func TestSumProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	findings := []Finding{Met, Partly, Missed, Unknown, Barred}
	for range 20_000 {
		var e []Evidence
		for _, r := range rules {
			if rng.IntN(5) == 0 {
				continue
			}
			w := r.Weight
			if rng.IntN(3) == 0 {
				w = rng.IntN(MaxWeight + 1)
			}
			f := findings[rng.IntN(len(findings))]
			if r.Earns && f == Barred {
				f = Missed
			}
			e = append(e, Evidence{Criterion: r.Criterion, Finding: f, Share: rng.IntN(101), Weight: w})
		}
		got := sum(e, nil, nil)
		checkSum(t, e, got)
		again := append([]Evidence(nil), e...)
		if sum(again, nil, nil) != got {
			t.Fatal("the same evidence came to something else")
		}
		if t.Failed() {
			t.Fatalf("%+v", e)
		}
	}
}

// Every weight stands within its bounds, and every criterion a profile may weight has a rule.
func TestRules(t *testing.T) {
	earning := 0
	for _, r := range Rules() {
		if r.Weight < MinWeight || r.Weight > MaxWeight || r.Why == "" {
			t.Errorf("%+v", r)
		}
		if r.Earns {
			earning += r.Weight
		}
	}
	if earning != 100 {
		t.Errorf("the earning weights make %d, not 100", earning)
	}
}

// The names a profile may weight are the criteria, in the order reports show them.
func TestCriteriaOfProfiles(t *testing.T) {
	var names []string
	for _, r := range Rules() {
		names = append(names, r.Criterion)
	}
	if want := profiles.Criteria(); !slices.Equal(names, want) {
		t.Errorf("the criteria are %v, a profile may weight %v", names, want)
	}
}
