// Package evaluate measures how good a ranking is: on notices that people graded
// for a profile, and on awards, where the last contract a supplier won has to be found again among
// all that was published after the ones before it.
//
// A [Task] is one list to be ranked: a profile, a day, the candidates, and the grade each deserves.
// [Awards] makes tasks of award notices (awards.go); judged sets are read by who has the files. A
// [Method] ranks the candidates of a task: bidfit itself, or one of the plain methods beside which it has
// to show its worth (methods.go). [Run] measures methods on tasks and sums them up in rows, with
// intervals by bootstrap (measure.go).
package evaluate

import (
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
)

// Task is one list to be ranked.
type Task struct {
	Name    string
	Profile profiles.Profile
	AsOf    time.Time
	// Pool is what is ranked. Tasks over the same notices share it.
	Pool *Pool
	// Candidates are the places in the pool of the notices of this task; nil means all.
	Candidates []int
	// Grades are what the notices deserve by their ID, 0 where it is not named: 2 and more count as found.
	Grades map[matcher.Order]map[string]int
	// Wins are the notices of past contracts, where the profile was made of such.
	Wins []*notice.Notice
}

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

// Positive is the grade from which a notice counts as found.
const Positive = 2
