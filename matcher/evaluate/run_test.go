package evaluate

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/profiles"
	"bidfit/suggest"
)

// A mean lies within its interval, the same figures give the same one, and more lists a narrower one.
func TestInterval(t *testing.T) {
	spread := func(n int) (low, high float64) {
		qualities := make([]Quality, n)
		for i := range qualities {
			qualities[i].NDCG10 = float64(i%2) * .8
		}
		a, b := interval(drawLists(qualities, SetJudged.Of))
		c, d := interval(drawLists(qualities, SetJudged.Of))
		if a != c || b != d {
			t.Errorf("%v–%v, then %v–%v", a, b, c, d)
		}
		return a, b
	}
	// The mean of n draws of 0 or .8 has a standard error of .4/√n: 1.96 of them either way.
	for _, n := range []int{10, 100} {
		low, high := spread(n)
		se := .4 / []float64{10: 3.162, 100: 10}[n]
		if low > .4-1.4*se || low < .4-2.6*se || high < .4+1.4*se || high > .4+2.6*se {
			t.Errorf("of %d: %v–%v, and the standard error is %.3f", n, low, high, se)
		}
	}
	same := []Quality{{MRR: .5}, {MRR: .5}, {MRR: .5}}
	if low, high := interval(drawLists(same, SetAwards.Of)); low != .5 || high != .5 {
		t.Errorf("of equals: %v–%v", low, high)
	}
	// Answers are drawn with as many good ones as there are: a perfect list stays perfect, one that ties is chance.
	grades := [][]int{{3, 3, 3, 0, 0, 0, 0}}
	if low, high := interval(drawAnswers([][]float64{falling(7)}, grades, SetFeedback.Of)); low != 1 || high != 1 {
		t.Errorf("a perfect list: %v–%v", low, high)
	}
	if low, high := interval(drawAnswers([][]float64{{3, 1, 2, 2, 1, 3, 1}}, grades, SetFeedback.Of)); low >= high || high > 1 {
		t.Errorf("a poor list: %v–%v", low, high)
	}
}

func TestRunRefuses(t *testing.T) {
	pool := NewPool(names, judgedNotices())
	var tasks []Task
	for i := range 6 {
		tasks = append(tasks, Task{Name: fmt.Sprint(i), Profile: profile("p", "windows"), Pool: pool,
			Grades: map[matcher.Order]map[string]int{matcher.OrderRelevance: {pool.Notices[0].ID: min(i, 2)}}})
	}
	// Two of six have nothing that should be found.
	_, err := Run(context.Background(), SetJudged, tasks, matcher.OrderRelevance, false)
	if !errors.As(err, new(*TooFewError)) || err.Error() != "judged: by relevance, 4 lists have a notice that should be found; an interval takes 5" {
		t.Errorf("%v", err)
	}
	tasks[0].Grades[matcher.OrderRelevance][pool.Notices[1].ID] = 3
	table, err := Run(context.Background(), SetJudged, tasks, matcher.OrderRelevance, false)
	if err != nil || table.Rows[0].N != 5 {
		t.Errorf("%+v, %v", table, err)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(stopped, SetJudged, tasks, matcher.OrderRelevance, false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// The order in which notices are read changes nothing.
func TestRunOrder(t *testing.T) {
	table := func(notices []*notice.Notice) Table {
		b := Awards(names, suggest.FromWins, notices)
		r, err := Run(context.Background(), SetAwards, b.Tasks, matcher.OrderRelevance, true)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one := history(7, 60)
	other := slices.Clone(one)
	slices.Reverse(other)
	if a, b := table(one), table(other); !reflect.DeepEqual(a, b) {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// Without a criterion, its evidence has no say: without words and codes nothing is left to rank by but ties.
func TestAblations(t *testing.T) {
	var names []string
	for _, m := range Ablations(matcher.OrderRelevance) {
		names = append(names, m.Name)
	}
	if want := []string{"bidfit without subject", "bidfit without words"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	if n := len(Ablations(matcher.OrderScore)); n != len(profiles.Criteria()) {
		t.Errorf("%d", n)
	}
	pool := NewPool(matcher.NewLexicon(), []*notice.Notice{
		bought("a", 1, "Unnamed purchase", 90911300, "tender"), bought("b", 2, "Tree surgery", 45233221, "tender"),
	})
	task := Task{Profile: profiles.Profile{ID: "p", Name: "p", Keywords: []string{"tree surgery"}, CPV: []cpv.Code{90911300}, Weights: map[string]int{"subject": 90, "words": 10}}, Pool: pool}
	for _, c := range []struct {
		without string
		first   int
	}{{"", 0}, {"subject", 1}, {"words", 0}} {
		figures, err := bidfit(c.without).Rank(&task, matcher.OrderRelevance)
		if err != nil || figures[c.first] != 0 || figures[1-c.first] != -1 {
			t.Errorf("without %q: %v, %v", c.without, figures, err)
		}
	}
	if len(task.Profile.Weights) != 2 || task.Profile.Weights["subject"] != 90 {
		t.Errorf("the profile itself was changed: %v", task.Profile.Weights)
	}
}

// The plain methods, by hand.
func TestBaselines(t *testing.T) {
	text := func(id, title string, code cpv.Code) *notice.Notice {
		n := bought(id, 1, title, code, "tender")
		n.Description = notice.Said[string]{}
		return n
	}
	pool := NewPool(names, []*notice.Notice{
		text("a", "red brick red", 45210000), text("b", "blue brick", 45262500), text("c", "green", 90911300), text("d", "Blue, BLUE: blue!", 0),
	})
	task := Task{Profile: profiles.Profile{Name: "red", Keywords: []string{"blue", "unheard of"}, CPV: []cpv.Code{45262522}}, Pool: pool}
	get := func(rank func(*Task, matcher.Order) ([]float64, error)) []float64 {
		figures, err := rank(&task, matcher.OrderRelevance)
		if err != nil {
			t.Fatal(err)
		}
		return figures
	}
	if got := get(byChance); !slices.Equal(got, []float64{0, 0, 0, 0}) {
		t.Errorf("chance %v", got)
	}
	if got := get(byPrefix); !slices.Equal(got, []float64{3, 6, 0, 0}) { // 452…, 452625…
		t.Errorf("prefix %v", got)
	}
	// N = 4; red is in one notice, blue in two; the notices have 3, 2, 1 and 3 words, 2.25 on average. idf = ln(1 + (N-n+.5)/(n+.5)).
	red, blue := 1.203972804325936, 0.6931471805599453 // ln(1+3.5/1.5), ln(1+2.5/2.5)
	bm25 := func(idf, tf, length float64) float64 {
		return idf * tf * 2.2 / (tf + 1.2*(.25+.75*length/2.25))
	}
	for i, want := range []float64{bm25(red, 2, 3), bm25(blue, 1, 2), 0, bm25(blue, 3, 3)} {
		if got := get(byBM25); !near(got[i], want) {
			t.Errorf("bm25 of %d is %v, want %v", i, got[i], want)
		}
	}
	// idf = ln(5/(1+n)) + 1: 1.9163 for red, 1.5108 for blue and brick. The query is (red, blue) of length 1.
	r, b := 1.916290731874155, 1.5108256237659907
	q := 2.4402447 // √(r² + b²)
	for i, want := range []float64{r / q * 2 * r / 4.1200, b / q * b / 2.13663, 0, b / q} {
		if got := get(byTFIDF); got[i]-want > 1e-4 || want-got[i] > 1e-4 {
			t.Errorf("tfidf of %d is %v, want %v", i, got[i], want)
		}
	}
	// Past wins ask in the profile's place.
	task.Wins = []*notice.Notice{text("w", "green", 90911300)}
	if got := get(byTFIDF); !slices.Equal(got, []float64{0, 0, 1, 0}) {
		t.Errorf("by wins %v", got)
	}
}

func TestFeedback(t *testing.T) {
	var notices []*notice.Notice
	var labels []Label
	early, late := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	asOf := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range 24 {
		title, grade := fmt.Sprintf("Desks, batch %d", i), 0
		if i < 6 {
			title, grade = fmt.Sprintf("Window cleaning, ward %c", 'A'+i), 3
		}
		n := bought(fmt.Sprintf("%02d", i), i, title, 39100000, "tender")
		n.Stage = notice.StageTender
		notices = append(notices, n)
		l := Label{Notice: n.ID, Day: early, Grades: map[matcher.Order]int{matcher.OrderScore: grade}}
		if i == 0 {
			l.Day = late
		}
		if grade > 0 {
			l.Grades[matcher.OrderRelevance] = grade
		}
		labels = append(labels, l)
	}
	labels = append(labels, Label{Notice: notices[0].ID, Grades: map[matcher.Order]int{matcher.OrderScore: 0}}, // another lot of it
		Label{Notice: "gone", Grades: map[matcher.Order]int{matcher.OrderScore: 3}})
	answered := []Answered{{profile("p", "window cleaning"), labels}, {profile("few", "desks"), labels[:10]}}
	tasks, err := Feedback(names, matcher.OrderScore, answered, append(notices, bought("99", 1, "Not looked at", 39100000)), asOf)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	grades, positives := tasks[0].grades(matcher.OrderScore)
	if len(grades) != 24 || positives != 6 {
		t.Errorf("%d candidates, %d good ones", len(grades), positives)
	}
	// Each is assessed on the day it was answered, but on none after the day of the report.
	if d := tasks[0].day(notices[1]); !d.Equal(early) {
		t.Errorf("assessed on %v", d)
	}
	if d := tasks[0].day(notices[0]); !d.Equal(asOf) {
		t.Errorf("assessed on %v", d)
	}
	table, err := Run(context.Background(), SetFeedback, tasks, matcher.OrderScore, false)
	if err != nil || table.Rows[0].N != 1 || table.Rows[0].NDCG10 != 1 {
		t.Errorf("%+v, %v", table, err)
	}
	// Nobody said of anything that it is another trade.
	_, err = Feedback(names, matcher.OrderRelevance, answered, notices, asOf)
	if !errors.As(err, new(*TooFewError)) || !strings.Contains(err.Error(), "p has 6 for and 0 against") {
		t.Errorf("%v", err)
	}
	if _, err = Feedback(names, matcher.OrderScore, nil, notices, asOf); !errors.As(err, new(*TooFewError)) || !strings.Contains(err.Error(), "nothing is answered yet") {
		t.Errorf("%v", err)
	}
}
