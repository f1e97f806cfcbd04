package evaluate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Quality is how good one ranked list is.
type Quality struct {
	// NDCG10 is the discounted gain of the first ten over the best there could be; a grade g gains 2^g - 1.
	NDCG10 float64
	// Recall20 is the part of the positives among the first twenty.
	Recall20 float64
	// RR is one over the place of the first positive.
	RR float64
	// Hit10 is 1 where a positive is among the first ten.
	Hit10 float64
	// Percentile is the mean of how far down the positives stand, 0 the top and 100 the end.
	Percentile float64
}

// Measure measures grades in the order of a ranked list.
func Measure(grades []int) Quality {
	gain := func(g, place int) float64 { return (math.Pow(2, float64(g)) - 1) / math.Log2(float64(place)+2) }
	var q Quality
	positives := 0
	for _, g := range grades {
		if g >= Positive {
			positives++
		}
	}
	best := slices.Clone(grades)
	slices.SortFunc(best, func(a, b int) int { return b - a })
	var got, ideal float64
	for i, g := range grades {
		if i < 10 {
			got += gain(g, i)
			ideal += gain(best[i], i)
		}
		if g < Positive {
			continue
		}
		if i < 20 {
			q.Recall20 += 1 / float64(positives)
		}
		if q.RR == 0 {
			q.RR = 1 / float64(i+1)
		}
		if i < 10 {
			q.Hit10 = 1
		}
		if len(grades) > 1 {
			q.Percentile += 100 * float64(i) / float64(len(grades)-1) / float64(positives)
		}
	}
	if ideal > 0 {
		q.NDCG10 = got / ideal
	}
	return q
}

// Mean is the mean of some qualities.
func Mean(list []Quality) Quality {
	var m Quality
	n := float64(len(list))
	for _, q := range list {
		m.NDCG10 += q.NDCG10 / n
		m.Recall20 += q.Recall20 / n
		m.RR += q.RR / n
		m.Hit10 += q.Hit10 / n
		m.Percentile += q.Percentile / n
	}
	return m
}

// resamples is how often the tasks are drawn anew for an interval.
const resamples = 2000

// interval is the 95 % bootstrap interval of the mean of some figures. It draws from a fixed seed: the
// same figures give the same interval.
func interval(figures []float64) (low, high float64) {
	if len(figures) == 0 {
		return 0, 0
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(figures))))
	means := make([]float64, resamples)
	for i := range means {
		for range figures {
			means[i] += figures[rng.IntN(len(figures))] / float64(len(figures))
		}
	}
	slices.Sort(means)
	return means[resamples*25/1000], means[resamples*975/1000-1]
}
