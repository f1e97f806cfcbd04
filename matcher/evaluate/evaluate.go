// Package evaluate measures how good a ranking is: on notices that people graded for a
// profile, on awards, where the last contract a supplier won has to be found again among all that was
// published after the ones before it, and on what the user has answered.
//
// A [Task] is one list to be ranked: a profile, a day, the candidates, and the grade each deserves.
// [Judged] makes tasks of a judged set (judged.go), [Awards] of award notices (awards.go), [Feedback] of
// answers (feedback.go). A [Method] ranks the candidates of a task: bidfit itself, or one of the plain methods
// beside which it has to show its worth (methods.go), over a [Pool] of notices (pool.go). [Measure]
// says how good one list is (measure.go), and [Run] measures methods on tasks and sums them up in a [Table],
// with intervals by bootstrap (run.go). It refuses where there is too little to tell anything: [TooFewError].
package evaluate

import (
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
)

// Set is where the grades come from.
type Set string

const (
	SetJudged   Set = "judged"   // a person graded notices for profiles
	SetAwards   Set = "awards"   // a supplier's last win, among what came after the ones before it
	SetFeedback Set = "feedback" // what the user decided and answered
)

// Task is one list to be ranked.
type Task struct {
	Name    string
	Profile profiles.Profile
	AsOf    time.Time
	// Days are the days on which single notices are assessed, by their ID; AsOf for the others.
	Days map[string]time.Time
	// Pool is what is ranked. Tasks over the same notices share it.
	Pool *Pool
	// Candidates are the places in the pool of the notices of this task; nil means all.
	Candidates []int
	// Grades are what the notices deserve by their ID, 0 where it is not named.
	Grades map[matcher.Order]map[string]int
	// Wins are the notices of past contracts, where the profile was made of such.
	Wins []*notice.Notice
}

// Positive is the grade from which a notice counts as found; the highest is MaxGrade.
const (
	Positive = 2
	MaxGrade = 3
)

// candidates are the places of all notices of the task.
func (t *Task) candidates() []int {
	if t.Candidates != nil {
		return t.Candidates
	}
	all := make([]int, len(t.Pool.Notices))
	for i := range all {
		all[i] = i
	}
	return all
}

// grades are what the candidates deserve in an order, and how many of them are positive.
func (t *Task) grades(o matcher.Order) (grades []int, positives int) {
	for _, c := range t.candidates() {
		g := t.Grades[o][t.Pool.Notices[c].ID]
		grades = append(grades, g)
		if g >= Positive {
			positives++
		}
	}
	return grades, positives
}

// Measure is how good a method is on the task in an order; ok reports whether there is anything to be found.
func (t *Task) Measure(m Method, o matcher.Order) (q Quality, ok bool, err error) {
	figures, err := m.Rank(t, o)
	if err != nil {
		return Quality{}, false, err
	}
	grades, positives := t.grades(o)
	return Measure(figures, grades), positives > 0, nil
}

// day is when a notice is assessed.
func (t *Task) day(n *notice.Notice) time.Time {
	if d, ok := t.Days[n.ID]; ok {
		return d
	}
	return t.AsOf
}

// TooFewError is why a set cannot be measured: what it has, and what it takes.
type TooFewError struct {
	Set    Set
	Reason string
}

func (e *TooFewError) Error() string { return string(e.Set) + ": " + e.Reason }
