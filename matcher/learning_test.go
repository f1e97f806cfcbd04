package matcher_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/matcher/evaluate/evaluatetest"
)

// fromTheTop draws places of a list as an eye does that tires: place i, from 0, with a weight of 1/(i+5).
func fromTheTop(rng *rand.Rand, places, n int) []int {
	var drawn []int
	for len(drawn) < n {
		var all float64
		for i := range places {
			if !slices.Contains(drawn, i) {
				all += 1 / float64(i+5)
			}
		}
		x := rng.Float64() * all
		for i := range places {
			if slices.Contains(drawn, i) {
				continue
			}
			if x -= 1 / float64(i+5); x <= 0 {
				drawn = append(drawn, i)
				break
			}
		}
	}
	return drawn
}

// Twenty answers about what stands in the first sixty of a ranking make the rest of it better.
func TestLearning(t *testing.T) {
	tasks, _ := evaluatetest.SharedJudged(t)
	const answers, seen, runs = 20, 60, 200
	users := make([]*matcher.Simulated, len(tasks))
	for i := range tasks {
		k := &tasks[i]
		users[i] = matcher.NewSimulated(t, k.Pool.Lexicon, k.Profile, k.Pool.Notices, k.Grades[matcher.OrderRelevance])
	}
	for _, draw := range []struct {
		name  string
		least float64 // mean gain
		draw  func(rng *rand.Rand) []int
	}{
		{"evenly", .01, func(rng *rand.Rand) []int { return rng.Perm(seen)[:answers] }},
		{"from the top", .02, func(rng *rand.Rand) []int { return fromTheTop(rng, seen, answers) }},
	} {
		var mean, worst float64
		kept := 0
		line := ""
		for i := range tasks {
			var before, gain float64
			for run := range runs {
				was, is, ok := users[i].Run(draw.draw(rand.New(rand.NewPCG(uint64(run), uint64(i)))))
				ndcg := ranked(was, tasks[i].Grades[matcher.OrderRelevance]).NDCG10
				before += ndcg / runs
				gain += (ranked(is, tasks[i].Grades[matcher.OrderRelevance]).NDCG10 - ndcg) / runs
				if ok {
					kept++
				}
			}
			line += fmt.Sprintf("  %s %.3f%+.3f", tasks[i].Name, before, gain)
			mean += gain / float64(len(tasks))
			worst = min(worst, gain)
		}
		t.Logf("%d answers drawn %s: mean gain %+.4f, worst profile %+.4f, kept in %d%% of %d runs;%s",
			answers, draw.name, mean, worst, kept*100/runs/len(tasks), runs*len(tasks), line)
		if mean < draw.least || worst < -.03 {
			t.Errorf("drawn %s: mean gain %.4f, want %.2f; worst profile %.4f, want above -.03", draw.name, mean, draw.least, worst)
		}
	}
}

// ranked measures a list of notices with the grades they deserve.
func ranked(list []string, grade map[string]int) evaluate.Quality {
	figures, grades := make([]float64, len(list)), make([]int, len(list))
	for i, id := range list {
		figures[i], grades[i] = float64(-i), grade[id]
	}
	return evaluate.Measure(figures, grades)
}
