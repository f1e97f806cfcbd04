package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/pursuit"
)

// BudgetOptions say what there is to spend.
type BudgetOptions struct {
	AsOf          time.Time
	HoursPerBid   int  // where the shortlist does not say; 0 is DefaultHoursPerBid
	HoursPerMonth int  // 0 is DefaultHoursPerMonth
	Review        bool // what is advised to be reviewed may be bid for too
}

const (
	DefaultHoursPerBid   = 40
	DefaultHoursPerMonth = 80

	// MostHoursPerMonth bounds a month, budgetDays how far ahead is planned: together they bound the work of planning.
	MostHoursPerMonth = 1_000
	budgetDays        = 366
	mostCandidates    = 1_000
)

// Check says what is wrong with the options.
func (o BudgetOptions) Check() error {
	if o.HoursPerBid < 0 || o.HoursPerBid > pursuit.MostHours {
		return fmt.Errorf("hours per bid: %d is not from 1 to %d", o.HoursPerBid, pursuit.MostHours)
	}
	if o.HoursPerMonth < 0 || o.HoursPerMonth > MostHoursPerMonth {
		return fmt.Errorf("hours per month: %d is not from 1 to %d", o.HoursPerMonth, MostHoursPerMonth)
	}
	return nil
}

// Budget is which bids to write with the hours there are. The hours of a month are spread evenly over its working days, today's among them
// and that of a deadline not. A set can be done where, for each deadline, what is due by then takes no more than the hours until
// then. Of all such sets it is one with the most decided bids and then the highest sum of scores, and of those one with the fewest hours.
type Budget struct {
	Profile       string    `json:"profile"`
	AsOf          time.Time `json:"asOf"`
	HoursPerBid   int       `json:"hoursPerBid"`
	HoursPerMonth int       `json:"hoursPerMonth"`
	Hours         int       `json:"hours"` // planned in all
	Score         int       `json:"score"` // sum of the scores of what is planned
	// Planned are in the order of their deadlines, Left what is left out, the best first.
	Planned []Effort `json:"planned"`
	Left    []Effort `json:"left"`
	// Sure is false where a deadline lies in a year whose bank holidays are not known.
	Sure bool `json:"sure"`
}

// Effort is one bid that could be written.
type Effort struct {
	Target   pursuit.Target   `json:"target"`
	Title    string           `json:"title"`
	Buyer    string           `json:"buyer,omitzero"`
	Deadline notice.Moment    `json:"deadline,omitzero"`
	DaysLeft *int             `json:"daysLeft,omitzero"`
	Score    int              `json:"score"`
	Advice   matcher.Advice   `json:"advice"`
	Decided  bool             `json:"decided,omitzero"` // to bid
	Stage    pursuit.Progress `json:"stage,omitzero"`   // on the shortlist
	Hours    int              `json:"hours"`            // it takes
	// Until is how many hours there are until its deadline, Due how many of them go to what is planned with this deadline or an earlier one.
	Until int `json:"until"`
	Due   int `json:"due"`
	// StartBy is the last day to begin it, were nothing else to be done; the zero time where nothing is planned.
	StartBy time.Time `json:"startBy,omitzero"`
	// Why says why it is left out.
	Why string `json:"why,omitzero"`
}

// Budget plans the bids of a profile: what is decided to be bid for, what is on the shortlist and not handed in, and what is advised and not
// decided on. ErrNotFound for an unknown profile.
func (d *Desk) Budget(ctx context.Context, profile string, o BudgetOptions) (Budget, error) {
	if err := o.Check(); err != nil {
		return Budget{}, err
	}
	o.HoursPerBid, o.HoursPerMonth = cmp.Or(o.HoursPerBid, DefaultHoursPerBid), cmp.Or(o.HoursPerMonth, DefaultHoursPerMonth)
	v, err := d.look(ctx, profile, o.AsOf)
	if err != nil {
		return Budget{}, err
	}
	var all []Effort
	for _, r := range v.list.rows {
		all = append(all, v.efforts(r, o)...)
	}
	b := plan(all, d.Calendar(), seat(v.profile.Profile), o)
	b.Profile = v.profile.ID
	return b, nil
}

// efforts are the bids that could be written about a notice: for its best lot, or for each lot that somebody took up.
func (v *view) efforts(r *row, o BudgetOptions) []Effort {
	var list []Effort
	add := func(f *matcher.Fit, t pursuit.Target, on *onLot) {
		if f.Action != matcher.ActionBid && f.Action != matcher.ActionJoin {
			return
		}
		e := Effort{
			Target: t, Title: f.Title, Buyer: r.facts.buyer, Deadline: f.Deadline, Score: f.Score, Advice: f.Advice, Hours: o.HoursPerBid,
			Decided: on.decision != nil && on.decision.Verdict == pursuit.Bid,
		}
		if on.entry != nil {
			if e.Stage = on.entry.Stage; !e.Stage.Working() {
				return
			}
			e.Hours = cmp.Or(on.entry.Hours, o.HoursPerBid)
		}
		if !f.Deadline.IsZero() {
			days := notice.DaysUntil(o.AsOf, f.Deadline.Time)
			e.DaysLeft = &days
		}
		list = append(list, e)
	}
	taken := false
	for _, id := range r.ids {
		if a := v.did.about[id]; a != nil {
			for lot, on := range a.lots {
				if on.decision == nil && on.entry == nil {
					continue
				}
				taken = true
				if on.entry == nil && on.decision.Verdict != pursuit.Bid || on.decision != nil && on.decision.Verdict == pursuit.NoBid {
					continue
				}
				f := r.fit
				for i := range r.fit.Lots {
					if lot != "" && r.fit.Lots[i].Lot == lot {
						f = &r.fit.Lots[i]
					}
				}
				add(f, pursuit.Target{Notice: id, Lot: lot}, on)
			}
		}
	}
	if taken {
		return list
	}
	m := v.masks(r)
	if m[inState]&hiding == 0 && (r.fit.Advice == matcher.Bid || o.Review && r.fit.Advice == matcher.Review) {
		add(r.fit, pursuit.Target{Notice: r.id, Lot: r.fit.Lot}, &onLot{})
	}
	return list
}

// plan chooses. It is exact: a set can be done if it can be done in the order of the deadlines, and in that order the best
// of all sets that take so many hours is either without the next bid or with it.
func plan(all []Effort, cal *calendar.Calendar, part calendar.Division, o BudgetOptions) Budget {
	b := Budget{AsOf: o.AsOf, HoursPerBid: o.HoursPerBid, HoursPerMonth: o.HoursPerMonth, Planned: []Effort{}, Left: []Effort{}, Sure: true}
	best := func(x, y Effort) int {
		return cmp.Or(-cmp.Compare(btoi(x.Decided), btoi(y.Decided)), cmp.Compare(y.Score, x.Score), strings.Compare(x.Target.String(), y.Target.String()))
	}
	slices.SortFunc(all, best)
	var bids []Effort
	leave := func(e Effort, why string) {
		e.Why = why
		b.Left = append(b.Left, e)
	}
	hours := hoursUntil(cal, part, o)
	for _, e := range all {
		switch {
		case e.Deadline.IsZero():
			leave(e, "no deadline is known, so that it cannot be planned")
			continue
		case o.AsOf.After(e.Deadline.End()):
			leave(e, "it closed on "+e.Deadline.Date())
			continue
		case *e.DaysLeft > budgetDays:
			leave(e, "it closes on "+e.Deadline.Date()+", more than a year from now")
			continue
		}
		var sure bool
		if e.Until, sure = hours(e.Deadline.Time); !sure {
			b.Sure = false
		}
		switch {
		case e.Hours > e.Until:
			leave(e, fmt.Sprintf("it takes %s, and there are %d until %s", notice.Count(e.Hours, "hour", "hours"), e.Until, e.Deadline.Date()))
		case len(bids) == mostCandidates:
			leave(e, fmt.Sprintf("%d that count for more are planned with", mostCandidates))
		default:
			bids = append(bids, e)
		}
	}
	slices.SortStableFunc(bids, func(x, y Effort) int { return cmp.Or(byDeadline(x.Deadline, y.Deadline), best(x, y)) })
	chosen := choose(bids)
	due := 0
	for i, e := range bids {
		if chosen[i] {
			due += e.Hours
			b.Score += e.Score
		}
		bids[i].Due = due
	}
	b.Hours = due
	perDay := max(1, o.HoursPerMonth*12/250) // about the working days of a year
	for i, e := range bids {
		if chosen[i] {
			e.StartBy, _ = cal.AddWorkingDays(e.Deadline.Time, -(e.Hours+perDay-1)/perDay, part)
			b.Planned = append(b.Planned, e)
			continue
		}
		leave(e, crowded(bids, chosen, i))
	}
	slices.SortFunc(b.Left, best)
	return b
}

// crowded says what keeps a bid out: the deadline, its own or a later one, until which the fewest hours are left.
func crowded(bids []Effort, chosen []bool, i int) string {
	free, tight := bids[i].Until-bids[i].Due, i
	for j := i + 1; j < len(bids); j++ {
		if f := bids[j].Until - bids[j].Due; chosen[j] && f < free {
			free, tight = f, j
		}
	}
	return fmt.Sprintf("it takes %s, and beside what counts for more %d are left until %s", notice.Count(bids[i].Hours, "hour", "hours"), max(0, free), bids[tight].Deadline.Date())
}

// choose finds the best set of bids that are in the order of their deadlines.
func choose(bids []Effort) []bool {
	// Every number of hours is a multiple of the greatest that divides all.
	unit, most, sum := 0, 0, 0
	for _, e := range bids {
		unit = gcd(unit, e.Hours)
		most, sum = max(most, e.Until), sum+e.Hours
	}
	chosen := make([]bool, len(bids))
	if unit == 0 {
		return chosen
	}
	size := min(most, sum)/unit + 1
	const decided = 1 << 20 // more than all scores together
	worth := make([]int, size)
	for i := range worth {
		worth[i] = -1 // no set takes exactly so many hours
	}
	worth[0] = 0
	with := make([][]uint64, len(bids))
	for i, e := range bids {
		with[i] = make([]uint64, size/64+1)
		gain, takes := e.Score+btoi(e.Decided)*decided, e.Hours/unit
		for h := min(e.Until/unit, size-1); h >= takes; h-- {
			if before := worth[h-takes]; before >= 0 && before+gain > worth[h] {
				worth[h] = before + gain
				with[i][h/64] |= 1 << (h % 64)
			}
		}
	}
	at := 0
	for h := range worth {
		if worth[h] > worth[at] {
			at = h
		}
	}
	for i := len(bids) - 1; i >= 0; i-- {
		if with[i][at/64]&(1<<(at%64)) != 0 {
			chosen[i] = true
			at -= bids[i].Hours / unit
		}
	}
	return chosen
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// hoursUntil counts the hours there are from today until a deadline. A deadline's own day is not among the days, nor is one
// that is no working day; Sure is false where bank holidays are not known.
func hoursUntil(cal *calendar.Calendar, part calendar.Division, o BudgetOptions) func(deadline time.Time) (hours int, sure bool) {
	return func(deadline time.Time) (int, bool) {
		last := midnight(deadline).AddDate(0, 0, -1)
		minutes, sure := 0, true
		for from := midnight(o.AsOf); !from.After(last); {
			first := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, notice.London)
			end := first.AddDate(0, 1, -1) // the last day of its month
			to := end
			if last.Before(to) {
				to = last
			}
			// The day a count begins after is not in it.
			all, s1 := cal.WorkingDaysBetween(first.AddDate(0, 0, -1), end, part)
			there, s2 := cal.WorkingDaysBetween(from.AddDate(0, 0, -1), to, part)
			sure = sure && s1 && s2
			if all > 0 {
				minutes += o.HoursPerMonth * 60 * there / all
			}
			from = end.AddDate(0, 0, 1)
		}
		return minutes / 60, sure
	}
}
