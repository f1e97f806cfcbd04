package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"bidfit/matcher"
	"bidfit/notice"
)

// Row is how good one method is on one set, in one order.
type Row struct {
	Set    Set           `json:"set"`
	Method string        `json:"method"`
	Order  matcher.Order `json:"order"`
	// N is how many lists the means are of.
	N int `json:"n"`
	Quality
	// Low and High are the ends of the 95 % interval of NDCG10, of MRR for awards.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Table is all methods on one set in one order.
type Table struct {
	Set   Set
	Order matcher.Order
	Rows  []Row
	// Gain is how much bidfit's main measure is above that of the best plain method,
	// with its 95 % interval over the same draws.
	Against         string
	Gain, Low, High float64
	// Notices is how many candidates the lists have on average.
	Notices int
}

// Main is the measure that a set is judged by, and that its intervals are of: a past award has one right answer, and what
// counts is how soon it comes.
func (s Set) Main() string {
	if s == SetAwards {
		return "MRR"
	}
	return "nDCG@10"
}

// Of is that measure.
func (s Set) Of(q Quality) float64 {
	if s == SetAwards {
		return q.MRR
	}
	return q.NDCG10
}

// FewestLists is how many lists it takes. Of fewer, an interval says nothing: of three, one resample in 27 is
// the worst list and nothing else, which is more than the 2.5 % beyond an end of the interval.
const FewestLists = 5

// resamples is how often is drawn anew for an interval.
const resamples = 2000

// Run measures bidfit and the plain methods on the tasks of a set, in an order; tasks that have no positive
// for it are left out. ablate adds bidfit without one criterion after another. It fails with a
// *TooFewError where too few tasks are left.
func Run(ctx context.Context, set Set, tasks []Task, o matcher.Order, ablate bool) (Table, error) {
	table := Table{Set: set, Order: o}
	var lists []*Task
	for i := range tasks {
		if _, positives := tasks[i].grades(o); positives > 0 {
			lists = append(lists, &tasks[i])
			table.Notices += len(tasks[i].candidates())
		}
	}
	fewest := FewestLists
	if set == SetFeedback {
		fewest = 1 // its interval is over answers, of which Feedback has made sure
	}
	if len(lists) < fewest {
		return Table{}, &TooFewError{set, fmt.Sprintf("by %s, %s that should be found; an interval takes %d", o,
			notice.Count(len(lists), "list has a notice", "lists have a notice"), fewest)}
	}
	table.Notices /= len(lists)
	methods := append([]Method{Bidfit()}, Baselines()...)
	if ablate {
		methods = append(methods, Ablations(o)...)
	}
	figures := make([][][]float64, len(methods)) // by method and list
	grades := make([][]int, len(lists))
	for m := range methods {
		figures[m] = make([][]float64, len(lists))
	}
	errs := make([]error, len(lists))
	parallel(len(lists), func(i int) {
		grades[i], _ = lists[i].grades(o)
		for m, method := range methods {
			if errs[i] = ctx.Err(); errs[i] == nil {
				figures[m][i], errs[i] = method.Rank(lists[i], o)
			}
			if errs[i] != nil {
				return
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		return Table{}, err
	}
	draws := make([][]float64, len(methods))
	best := 1
	for m, method := range methods {
		qualities := make([]Quality, len(lists))
		for i := range lists {
			qualities[i] = Measure(figures[m][i], grades[i])
		}
		if set == SetFeedback {
			draws[m] = drawAnswers(figures[m], grades, set.Of)
		} else {
			draws[m] = drawLists(qualities, set.Of)
		}
		row := Row{Set: set, Method: method.Name, Order: o, N: len(lists), Quality: Mean(qualities).rounded()}
		row.Low, row.High = interval(draws[m])
		table.Rows = append(table.Rows, row)
		if method.Without == "" && m > 0 && set.Of(row.Quality) > set.Of(table.Rows[best].Quality) {
			best = m
		}
	}
	table.Against = methods[best].Name
	table.Gain = round(set.Of(table.Rows[0].Quality) - set.Of(table.Rows[best].Quality))
	gains := make([]float64, resamples)
	for i := range gains {
		gains[i] = draws[0][i] - draws[best][i]
	}
	table.Low, table.High = interval(gains)
	return table, nil
}

// drawLists draws as many lists as there are, again and again, and gives the mean of each draw. The draws
// come from a fixed seed: they are the same for every method and on every run.
func drawLists(qualities []Quality, main func(Quality) float64) []float64 {
	rng := rand.New(rand.NewPCG(1, uint64(len(qualities))))
	means := make([]float64, resamples)
	for i := range means {
		for range qualities {
			means[i] += main(qualities[rng.IntN(len(qualities))]) / float64(len(qualities))
		}
	}
	return means
}

// drawAnswers draws of each list as many positives and as many others as it has, again and again: it is
// over answers rather than lists, because a user has hundreds of the ones and few of the others.
func drawAnswers(figures [][]float64, grades [][]int, main func(Quality) float64) []float64 {
	rng := rand.New(rand.NewPCG(1, uint64(len(grades))))
	means := make([]float64, resamples)
	for i := range means {
		for l := range grades {
			var good, other []int
			for j, g := range grades[l] {
				if g >= Positive {
					good = append(good, j)
				} else {
					other = append(other, j)
				}
			}
			var f []float64
			var g []int
			for _, of := range [][]int{good, other} {
				for range of {
					j := of[rng.IntN(len(of))]
					f, g = append(f, figures[l][j]), append(g, grades[l][j])
				}
			}
			means[i] += main(Measure(f, g)) / float64(len(grades))
		}
	}
	return means
}

// interval is between which figures 95 % of the draws lie.
func interval(draws []float64) (low, high float64) {
	sorted := slices.Sorted(slices.Values(draws))
	tail := len(sorted) * 25 / 1000
	return round(sorted[tail]), round(sorted[len(sorted)-1-tail])
}
