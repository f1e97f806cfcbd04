package matcher

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
)

// points sums the points of changes.
func points(list []Change) (sum int) {
	for _, c := range list {
		sum += c.Points
	}
	return sum
}

func TestDifference(t *testing.T) {
	was := Fit{
		Score: 60, Evidence: []Evidence{
			{Criterion: Subject, Share: 50, Weight: 20, Points: 10, Reason: "a"},
			{Criterion: Words, Share: 75, Weight: 80, Points: 60, Reason: "b"},
			{Criterion: Value, Finding: Partly, Share: 80, Weight: 70, Points: -10, Reason: "£1 is above"},
		},
		Gates:      []Gate{{Gate: GateStage, State: GatePass}, {Gate: GateReserved, State: GateUnknown, Reason: "for SMEs"}, {Gate: GateReserved, State: GatePass, Reason: "a place"}},
		Conditions: []Condition{{Condition: ConditionLead, State: GateBarred, Reason: "10 days"}},
	}
	is := Fit{
		Score: 58, Evidence: []Evidence{
			{Criterion: Subject, Share: 75, Weight: 20, Points: 15, Reason: "a"},
			{Criterion: Words, Share: 75, Weight: 80, Points: 60, Reason: "b"},
			{Criterion: Region, Finding: Partly, Share: 60, Weight: 95, Points: -29, Reason: "outside"},
			{Criterion: Value, Finding: Met, Share: 100, Weight: 70, Points: 0, Reason: "£1 is within"},
			{Criterion: Timing, Finding: Met, Share: 100, Weight: 40, Points: 12, Reason: "c"},
		},
		Gates: []Gate{{Gate: GateStage, State: GatePass}, {Gate: GateReserved, State: GateBarred, Reason: "for SMEs"}, {Gate: GateReserved, State: GatePass, Reason: "a place"}},
	}
	// +5 (subject), -29 (region, new), +10 (value), +12 (timing, new) are -2, of 60 to 58.
	want := []Change{
		{ChangedEvidence, Subject, 5, "met to 75 %, and was to 50 %"},
		{ChangedEvidence, Region, -29, "not asked before; now outside"},
		{ChangedEvidence, Value, 10, "was: £1 is above; is: £1 is within"},
		{ChangedEvidence, Timing, 12, "not asked before; now c"},
		{ChangedGate, GateReserved, 0, "was in question, is now barred: for SMEs"},
		{ChangedCondition, ConditionLead, 0, "was barred (10 days), and is no more"},
	}
	got := Difference(was, is)
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if points(got) != is.Score-was.Score {
		t.Errorf("the points sum to %d", points(got))
	}
	if back := Difference(is, was); points(back) != was.Score-is.Score || !strings.HasPrefix(back[1].Words, "no longer asked") {
		t.Errorf("back: %+v", back)
	}
	if same := Difference(was, was); same == nil || len(same) > 0 {
		t.Errorf("a fit and itself: %+v", same)
	}
}

// A share that stays and points that do not: what others earned is another amount.
func TestDifferenceOfTheRest(t *testing.T) {
	n := mediationNotice(t)
	n.Lots[0].Places[0].Value = notice.Place{Text: "UKG1", Region: "TLG1"}
	was := fitOf(t, n, mediation(), today)
	n.Title.Value, n.Description.Value = "Support", "Support."
	n.Lots[0].Title.Value, n.Lots[0].Description.Value = "Support", "Support."
	is := fitOf(t, n, mediation(), today)
	list := Difference(was, is)
	i := slices.IndexFunc(list, func(c Change) bool { return c.Of == Region })
	if i < 0 || list[i].Words != "says what it said, of other points than before" || list[i].Points <= 0 {
		t.Errorf("%+v", list)
	}
}

// Whatever two fits are of, the contributions sum to the difference of their scores.
func TestDifferenceSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for range 300 {
		a, p := supposeAny(rng, t)
		b, q := supposeAny(rng, t)
		before, after := fitOf(t, a, p, today.AddDate(0, 0, -rng.IntN(30))), fitOf(t, b, q, today)
		list := Difference(before, after)
		if points(list) != after.Score-before.Score {
			t.Errorf("%d points from %d to %d: %+v", points(list), before.Score, after.Score, list)
		}
		for _, c := range list {
			if c.Words == "" || c.Of == "" || c.Kind != ChangedEvidence && c.Points != 0 {
				t.Errorf("%+v", c)
			}
		}
		if again := Difference(before, before); len(again) > 0 {
			t.Errorf("nothing has changed: %+v", again)
		}
	}
}

// FuzzDifference: no evidence makes it panic, or lose a point.
func FuzzDifference(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, seed, other uint64) {
		draw := func(seed uint64) Fit {
			rng := rand.New(rand.NewPCG(seed, 1))
			var fit Fit
			for _, r := range rules {
				if rng.IntN(3) > 0 {
					e := Evidence{Criterion: r.Criterion, Weight: rng.IntN(101), Share: rng.IntN(101), Finding: []Finding{Met, Partly, Missed, Unknown, Barred}[rng.IntN(5)], Reason: string(rune('a' + rng.IntN(3)))}
					fit.Evidence = append(fit.Evidence, e)
				}
			}
			for range rng.IntN(5) {
				g := Gate{Gate: string(rune('a' + rng.IntN(3))), State: []GateState{GatePass, GateBarred, GateUnknown}[rng.IntN(3)], Reason: string(rune('a' + rng.IntN(2)))}
				fit.Gates = append(fit.Gates, g)
			}
			tally := sum(fit.Evidence, fit.Gates, nil)
			fit.Score, fit.Low, fit.High, fit.Known, fit.Advice = tally.score, tally.low, tally.high, tally.known, tally.advice
			return fit
		}
		a, b := draw(seed), draw(other)
		if list := Difference(a, b); points(list) != b.Score-a.Score {
			t.Errorf("%+v from %+v to %+v", list, a, b)
		}
		if why := a.Why(); (why == "") != (a.Advice == Bid) {
			t.Errorf("%s because %q: %+v", a.Advice, why, a)
		}
		for _, s := range a.Swings() {
			if s.Low > a.Score && s.High < a.Score {
				t.Errorf("%+v of %d", s, a.Score)
			}
		}
	})
}
