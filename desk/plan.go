package desk

import (
	"fmt"
	"time"

	"bidfit/notice"
	"bidfit/notice/calendar"
)

// Plan is one's own work on a bid, planned back from its deadline in working days.
type Plan struct {
	Deadline notice.Moment `json:"deadline,omitzero"`
	// Part is whose bank holidays count: those of where the supplier sits.
	Part calendar.Division `json:"part"`
	// Days is how many working days there are, today among them where it is one, and the day of the deadline not.
	Days int `json:"days"`
	// Slack is how many of them no step takes.
	Slack int        `json:"slack"`
	Steps []PlanStep `json:"steps"`
	// Tight says that there are fewer days than steps, so that several have one day.
	Tight bool `json:"tight,omitzero"`
	// Holidays are the bank holidays on the way. Sure is false where those of a year are not known.
	Holidays []calendar.Holiday `json:"holidays"`
	Sure     bool               `json:"sure"`
	// Why says why there are no steps.
	Why string `json:"why,omitzero"`
}

// PlanStep is one step: its first and its last day, which are London's.
type PlanStep struct {
	Step string    `json:"step"` // decide, ask, draft, review, sign-off, submit
	What string    `json:"what"`
	From time.Time `json:"from"`
	By   time.Time `json:"by"`
	Days int       `json:"days"` // working days
	// Done is when it was done; only of the decision.
	Done time.Time `json:"done,omitzero"`
}

// planned says what a plan is made of.
type planned struct {
	asOf      time.Time
	deadline  notice.Moment
	questions notice.Moment // until when they are taken
	decided   time.Time     // when it was decided to bid
	what      string        // is handed in: "tender"
	asks      string        // what is decided: "whether to bid"
	check     string        // beside the draft: " and price it"
}

// mostDraft is how many working days are drafted at most: a deadline that is further off leaves slack.
const mostDraft = 20

// planBack plans. Submitting takes the last working day before that of the deadline, which is kept free for what goes wrong. Deciding and
// signing off take a tenth of the days each, reviewing 15 percent, in whole days and at least one; what is left is for the draft.
// Where there are fewer days than steps, the steps are spread over them.
func planBack(cal *calendar.Calendar, part calendar.Division, p planned) Plan {
	out := Plan{Deadline: p.deadline, Part: part, Steps: []PlanStep{}, Holidays: []calendar.Holiday{}, Sure: true}
	switch {
	case p.deadline.IsZero():
		out.Why = "No deadline is known, so that nothing can be planned back from it."
		return out
	case p.asOf.After(p.deadline.End()):
		out.Why = "The deadline was " + p.deadline.Words() + "."
		return out
	case notice.DaysUntil(p.asOf, p.deadline.Time) > budgetDays:
		out.Why = "The deadline is more than a year away."
		return out
	}
	today := midnight(p.asOf)
	last := midnight(p.deadline.Time).AddDate(0, 0, -1)
	if !last.Before(today) {
		out.Days, out.Sure = cal.WorkingDaysBetween(today.AddDate(0, 0, -1), last, part)
	} else {
		out.Sure = cal.Knows(today, part)
	}
	for day := today; !day.After(last.AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
		if h, ok := cal.Holiday(day, part); ok && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			out.Holidays = append(out.Holidays, h)
		}
	}
	// at is the nth working day from today, 0 the first; without any, everything is done today.
	at := func(n int) time.Time {
		if out.Days == 0 {
			return today
		}
		day, _ := cal.AddWorkingDays(today.AddDate(0, 0, -1), n+1, part)
		return day
	}
	names := []PlanStep{
		{Step: "decide", What: "Decide " + p.asks, Done: p.decided},
		{Step: "draft", What: "Draft the " + p.what},
		{Step: "review", What: "Review the draft" + p.check},
		{Step: "sign-off", What: "Sign off"},
		{Step: "submit", What: "Submit the " + p.what},
	}
	take := shares(out.Days, !p.decided.IsZero())
	if take == nil {
		out.Tight = true
		for i := range names {
			n := i * max(0, out.Days-1) / (len(names) - 1)
			names[i].From, names[i].By, names[i].Days = at(n), at(n), min(1, out.Days)
		}
	} else {
		end := out.Days
		for i := len(names) - 1; i >= 0; i-- {
			names[i].Days = take[i]
			first := end - take[i]
			if i == 0 {
				out.Slack, first, end = first, 0, take[0]
			}
			if take[i] > 0 {
				names[i].From, names[i].By = at(first), at(end-1)
			}
			end = first
		}
	}
	for _, s := range names {
		if !s.Done.IsZero() { // it takes no day any more
			s.From, s.By, s.Days = midnight(s.Done), midnight(s.Done), 0
		}
		out.Steps = append(out.Steps, s)
		if s.Step == "decide" && !p.questions.IsZero() && !p.asOf.After(p.questions.End()) {
			out.Steps = append(out.Steps, askBy(cal, part, today, p.questions))
		}
	}
	return out
}

// shares are how many of n working days each step takes, deciding first; nil where there are too few.
func shares(n int, decided bool) []int {
	part := func(percent, most int) int { return min(max(n*percent/100, 1), most) }
	take := []int{part(10, 5), 0, part(15, 5), part(10, 3), 1}
	if decided {
		take[0] = 0
	}
	left := n
	for _, days := range take {
		left -= days
	}
	if left < 1 {
		return nil
	}
	take[1] = min(left, mostDraft)
	return take
}

// askBy is when questions have to be sent: a working day before they are no longer taken, or today.
func askBy(cal *calendar.Calendar, part calendar.Division, today time.Time, until notice.Moment) PlanStep {
	by, _ := cal.AddWorkingDays(until.Time, -1, part)
	if by.Before(today) {
		by = today
	}
	days, _ := cal.WorkingDaysBetween(today.AddDate(0, 0, -1), by, part)
	return PlanStep{Step: "ask", What: fmt.Sprintf("Ask the buyer, who takes questions until %s", until.Words()), From: today, By: by, Days: days}
}
