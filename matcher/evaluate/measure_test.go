package evaluate

import (
	"math"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func (q Quality) near(o Quality) bool {
	return near(q.NDCG10, o.NDCG10) && near(q.Recall20, o.Recall20) && near(q.MRR, o.MRR) && near(q.Hit10, o.Hit10) && near(q.MeanPercentile, o.MeanPercentile)
}

// falling are figures that put a list into the order in which it stands.
func falling(n int) []float64 {
	figures := make([]float64, n)
	for i := range figures {
		figures[i] = float64(-i)
	}
	return figures
}

func TestMeasure(t *testing.T) {
	log2 := math.Log2
	behind := make([]int, 41) // the only good one is the last
	behind[40] = 3
	for _, c := range []struct {
		name    string
		figures []float64
		grades  []int
		want    Quality
	}{
		{"nothing", nil, nil, Quality{}},
		{"nothing good", falling(3), []int{1, 0, 0}, Quality{NDCG10: 1}},
		{"the best order", falling(3), []int{3, 2, 0}, Quality{1, 1, 1, 1, 25}}, // places 0 and 1 of 0…2: 0 % and 50 %
		// Gains are 3 (grade 2) and 7 (grade 3): the worst order of the two over the best.
		{"the wrong way round", falling(2), []int{2, 3}, Quality{(3 + 7/log2(3)) / (7 + 3/log2(3)), 1, 1, 1, 50}},
		{"second", falling(5), []int{1, 3, 0, 0, 0}, Quality{(1 + 7/log2(3)) / (7 + 1/log2(3)), 1, .5, 1, 25}},
		{"too far down", falling(41), behind, Quality{0, 0, 1. / 41, 0, 100}},
		// One good one among four of one figure, behind one that stands alone: its place is 2 to 5, each as likely.
		{"shared places", []float64{9, 1, 1, 1, 1}, []int{0, 3, 0, 0, 0},
			Quality{(1/log2(3) + 1/log2(4) + 1/log2(5) + 1/log2(6)) / 4, 1, (1./2 + 1./3 + 1./4 + 1./5) / 4, 1, 100 * (1. + 2 + 3 + 4) / 4 / 4}},
	} {
		if got := Measure(c.figures, c.grades); !got.near(c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// A method that cannot tell one notice from another is worth the mean over every order there is.
func TestChance(t *testing.T) {
	for _, grades := range [][]int{
		{3, 0, 0, 0, 0, 0}, {3, 2, 1, 0, 0}, {2, 2, 2, 0}, {0, 0, 0, 1}, {3},
	} {
		var all []Quality
		each(slices.Clone(grades), 0, func(order []int) { all = append(all, Measure(falling(len(order)), order)) })
		if got, want := Measure(make([]float64, len(grades)), grades), Mean(all); !got.near(want) {
			t.Errorf("%v: %+v, and the mean of all %d orders is %+v", grades, got, len(all), want)
		}
	}
	// Longer lists, by counting: of 60 with three good ones, 20 of 60 are looked at, and of ten places none is good with (50·49·48)/(60·59·58).
	grades := make([]int, 60)
	grades[5], grades[6], grades[7] = 3, 3, 3
	q := Measure(make([]float64, 60), grades)
	if !near(q.Recall20, 1./3) || !near(q.Hit10, 1-50.*49*48/(60*59*58)) || !near(q.MeanPercentile, 50) {
		t.Errorf("%+v", q)
	}
}

// Figures that tell two halves apart are worth the mean over the orders within the halves.
func TestTies(t *testing.T) {
	top, rest := []int{0, 2, 0}, []int{3, 0, 1}
	var all []Quality
	each(slices.Clone(top), 0, func(a []int) {
		first := slices.Clone(a)
		each(slices.Clone(rest), 0, func(b []int) { all = append(all, Measure(falling(6), append(slices.Clone(first), b...))) })
	})
	if got, want := Measure([]float64{1, 1, 1, 0, 0, 0}, append(slices.Clone(top), rest...)), Mean(all); !got.near(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// each calls use with every order of a list.
func each(list []int, from int, use func([]int)) {
	if from == len(list) {
		use(list)
		return
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		each(list, from+1, use)
		list[from], list[i] = list[i], list[from]
	}
}
