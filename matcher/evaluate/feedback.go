package evaluate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
)

// Label is what a user said of a notice for a profile: a decision, or an answer.
type Label struct {
	Notice string // Notice.ID
	// Grades are what was said, by order; an order of which nothing was said is not in it: who does not
	// bid has not said that it is another trade.
	Grades map[matcher.Order]int
	// Day is when it was said: the notice is assessed as of that day.
	Day time.Time
}

const (
	// FewestAnswers is how many a profile takes: among fewer than twenty, whatever order they are in,
	// all are among the first twenty and half among the first ten.
	FewestAnswers = 20
	// fewestOfAKind is how many of them are for and how many against: a draw of fewer is one answer many times.
	fewestOfAKind = 5
)

// Answered is a profile with what was said for it.
type Answered struct {
	Profile profiles.Profile
	Labels  []Label
}

// Feedback makes a task of each profile with enough answers in an order, of the notices that were
// answered and no others: what nobody has looked at is not wrong. Of several labels of one notice (its lots) the best
// grade counts. Where no profile has enough, the error is a *TooFewError that says what there is.
func Feedback(l *matcher.Lexicon, o matcher.Order, answered []Answered, notices []*notice.Notice, asOf time.Time) ([]Task, error) {
	byID := map[string]*notice.Notice{}
	for _, n := range notices {
		byID[n.ID] = n
	}
	var tasks []Task
	var have []string
	for _, a := range answered {
		t := Task{Name: a.Profile.ID, Profile: a.Profile, AsOf: asOf, Days: map[string]time.Time{},
			Grades: map[matcher.Order]map[string]int{o: {}}}
		var of []*notice.Notice
		positives := 0
		for _, label := range a.Labels {
			g, said := label.Grades[o]
			n := byID[label.Notice]
			if !said || n == nil {
				continue
			}
			before, twice := t.Grades[o][n.ID]
			if !twice {
				of = append(of, n)
			}
			t.Grades[o][n.ID] = max(before, g)
			t.Days[n.ID] = label.Day
			if label.Day.IsZero() || label.Day.After(asOf) {
				t.Days[n.ID] = asOf
			}
		}
		for _, g := range t.Grades[o] {
			if g >= Positive {
				positives++
			}
		}
		if len(of) < FewestAnswers || positives < fewestOfAKind || len(of)-positives < fewestOfAKind {
			have = append(have, fmt.Sprintf("%s has %d for and %d against", a.Profile.ID, positives, len(of)-positives))
			continue
		}
		t.Pool = NewPool(l, of)
		tasks = append(tasks, t)
	}
	if len(tasks) == 0 {
		what := "nothing is answered yet"
		if len(have) > 0 {
			slices.Sort(have)
			what = strings.Join(have[:min(len(have), 5)], ", ")
		}
		return nil, &TooFewError{SetFeedback, fmt.Sprintf("by %s, a profile takes %d answers, at least %d for and %d against; %s",
			o, FewestAnswers, fewestOfAKind, fewestOfAKind, what)}
	}
	return tasks, nil
}
