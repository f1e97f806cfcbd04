package evaluate

import (
	"cmp"
	"math"
	"slices"
)

// Quality is how good one ranked list is, or some are on average.
type Quality struct {
	// NDCG10 is the discounted gain of the first ten over the best there could be: a grade g gains
	// 2^g - 1, divided by log2(place + 1).
	NDCG10 float64 `json:"ndcg10"`
	// Recall20 is the part of the positives among the first twenty.
	Recall20 float64 `json:"recall20"`
	// MRR is one over the place of the first positive.
	MRR float64 `json:"mrr"`
	// Hit10 is 1 where a positive is among the first ten.
	Hit10 float64 `json:"hit10"`
	// MeanPercentile is the mean of how far down the positives stand: 0 the top, 100 the end.
	MeanPercentile float64 `json:"meanPercentile"`
}

const (
	gainDepth   = 10
	recallDepth = 20
	hitDepth    = 10
)

func gain(grade int) float64     { return math.Exp2(float64(grade)) - 1 }
func discount(place int) float64 { return 1 / math.Log2(float64(place)+2) } // places count from 0

// Measure measures candidates with the grades they deserve, ranked by figures, the highest first.
// Candidates with equal figures could stand in any order: each measure is its expectation over all of them, so a
// method that gives all the same figure is worth exactly what chance is.
func Measure(figures []float64, grades []int) Quality {
	n := len(grades)
	place := make([]int, n)
	positives := 0
	for i, g := range grades {
		place[i] = i
		if g >= Positive {
			positives++
		}
	}
	slices.SortStableFunc(place, func(a, b int) int { return cmp.Compare(figures[b], figures[a]) })
	var q Quality
	var got float64
	missed := 1.0 // the chance that no positive stands among the first ten
	found := false
	for start := 0; start < n; {
		end, p, worth := start, 0, 0.0
		for ; end < n && figures[place[end]] == figures[place[start]]; end++ {
			g := grades[place[end]]
			worth += gain(g)
			if g >= Positive {
				p++
			}
		}
		size := end - start
		within := func(depth int) int { return min(max(depth-start, 0), size) }
		for i := range within(gainDepth) {
			got += worth / float64(size) * discount(start+i)
		}
		if p > 0 {
			q.Recall20 += float64(p) / float64(positives) * float64(within(recallDepth)) / float64(size)
			if n > 1 {
				middle := float64(start) + float64(size-1)/2
				q.MeanPercentile += float64(p) / float64(positives) * 100 * middle / float64(n-1)
			}
			none := 1.0 // the chance that none of the group's positives stands before its k-th place
			for k := range size {
				if k == within(hitDepth) {
					missed *= none
				}
				if !found {
					q.MRR += none * float64(p) / float64(size-k) / float64(start+k+1)
				}
				none *= max(0, float64(size-k-p)) / float64(size-k)
			}
			if within(hitDepth) == size {
				missed = 0
			}
			found = true
		}
		start = end
	}
	if found {
		q.Hit10 = 1 - missed
	}
	best := slices.Clone(grades)
	slices.SortFunc(best, func(a, b int) int { return b - a })
	ideal := 0.0
	for i, g := range best[:min(gainDepth, n)] {
		ideal += gain(g) * discount(i)
	}
	if ideal > 0 {
		q.NDCG10 = got / ideal
	}
	return q
}

// Mean is the mean of some qualities.
func Mean(list []Quality) Quality {
	var m Quality
	for _, q := range list {
		m.NDCG10 += q.NDCG10
		m.Recall20 += q.Recall20
		m.MRR += q.MRR
		m.Hit10 += q.Hit10
		m.MeanPercentile += q.MeanPercentile
	}
	n := float64(max(1, len(list)))
	return Quality{m.NDCG10 / n, m.Recall20 / n, m.MRR / n, m.Hit10 / n, m.MeanPercentile / n}
}

// rounded is a quality with as many digits as are worth telling, so that it is the same on every machine.
func (q Quality) rounded() Quality {
	return Quality{round(q.NDCG10), round(q.Recall20), round(q.MRR), round(q.Hit10), round(q.MeanPercentile)}
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }
