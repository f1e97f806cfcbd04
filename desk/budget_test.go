package desk

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/pursuit"
)

var london24June = time.Date(2026, time.June, 24, 0, 0, 0, 0, notice.London)

func bidOf(i, score, hours, closesIn int, decided bool) Effort {
	closes := london24June.AddDate(0, 0, closesIn).Add(12 * time.Hour)
	days := notice.DaysUntil(london24June, closes)
	return Effort{
		Target: pursuit.Target{Notice: fmt.Sprintf("ocds-%02d", i)}, Title: "A bid", Deadline: notice.Moment{Time: closes}, DaysLeft: &days,
		Score: score, Hours: hours, Decided: decided, Advice: matcher.Bid,
	}
}

// The plan is the best of all sets that can be done, and the same in whatever order the bids come.
func TestPlanIsTheBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	cal := builtInCalendar()
	for round := range 150 {
		o := BudgetOptions{AsOf: london24June, HoursPerMonth: 20 + rng.IntN(200), HoursPerBid: 40}
		var all []Effort
		for i := range 1 + rng.IntN(9) {
			all = append(all, bidOf(i, rng.IntN(101), 1+rng.IntN(60), 1+rng.IntN(60), rng.IntN(5) == 0))
		}
		b := plan(slices.Clone(all), cal, calendar.EnglandAndWales, o)
		if len(b.Planned)+len(b.Left) != len(all) {
			t.Fatalf("of %d bids %d are planned and %d left out", len(all), len(b.Planned), len(b.Left))
		}
		hours := hoursUntil(cal, calendar.EnglandAndWales, o)
		until := map[pursuit.Target]int{}
		for _, e := range all {
			until[e.Target], _ = hours(e.Deadline.Time)
		}
		worth := func(set []Effort) (value, took int, can bool) {
			set = slices.Clone(set)
			slices.SortFunc(set, func(a, b Effort) int { return byDeadline(a.Deadline, b.Deadline) })
			for i, e := range set {
				value += e.Score + btoi(e.Decided)<<20
				took += e.Hours
				// All that is due on the same moment counts too.
				if (i == len(set)-1 || !set[i+1].Deadline.Equal(e.Deadline.Time)) && took > until[e.Target] {
					return 0, 0, false
				}
			}
			return value, took, true
		}
		got, took, can := worth(b.Planned)
		if !can || took != b.Hours {
			t.Fatalf("round %d: the plan takes %d hours and cannot be done: %v", round, took, b.Planned)
		}
		for set := range 1 << len(all) {
			var chosen []Effort
			for s := uint(set); s != 0; s &= s - 1 {
				chosen = append(chosen, all[bits.TrailingZeros(s)])
			}
			if v, h, can := worth(chosen); can && (v > got || v == got && h < took) {
				t.Fatalf("round %d: the plan is worth %d in %d hours, and %v is worth %d in %d", round, got, took, chosen, v, h)
			}
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		again := plan(all, cal, calendar.EnglandAndWales, o)
		if fmt.Sprint(names(again.Planned), names(again.Left)) != fmt.Sprint(names(b.Planned), names(b.Left)) {
			t.Fatalf("round %d: in another order the plan is %v, and was %v", round, names(again.Planned), names(b.Planned))
		}
		for _, e := range b.Left {
			if e.Why == "" {
				t.Errorf("%s is left out without a reason", e.Target)
			}
		}
	}
}

func names(list []Effort) (all []string) {
	for _, e := range list {
		all = append(all, e.Target.String())
	}
	return all
}

// builtInCalendar is the calendar of a desk that was given no tables.
func builtInCalendar() *calendar.Calendar { return (&Desk{shared: &shared{}}).Calendar() }

// July 2026 has 23 working days, and 46 hours are two a day: of Monday 6 July to Friday 17 July nine days lie before the last.
func TestHoursUntil(t *testing.T) {
	cal := builtInCalendar()
	hours := hoursUntil(cal, calendar.EnglandAndWales, BudgetOptions{AsOf: time.Date(2026, 7, 6, 9, 0, 0, 0, notice.London), HoursPerMonth: 46})
	for day, want := range map[string]int{
		"2026-07-05T12:00:00+01:00": 0, // gone by
		"2026-07-06T12:00:00+01:00": 0, // today: nothing can be done before
		"2026-07-07T12:00:00+01:00": 2,
		"2026-07-17T12:00:00+01:00": 18,
		"2026-07-20T12:00:00+01:00": 20, // over a weekend
		"2026-08-01T12:00:00+01:00": 40,
		"2026-09-01T12:00:00+01:00": 86, // August has a bank holiday, and 46 hours all the same
	} {
		at, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		if got, sure := hours(at); got != want || !sure {
			t.Errorf("until %s there are %d hours (%v), want %d", day, got, sure, want)
		}
	}
	if _, sure := hours(time.Date(2060, 1, 1, 0, 0, 0, 0, notice.London)); sure {
		t.Error("sure of the bank holidays of 2060")
	}
}

func TestPlanSaysWhy(t *testing.T) {
	cal := builtInCalendar()
	o := BudgetOptions{AsOf: london24June, HoursPerMonth: 80, HoursPerBid: 40}
	none := bidOf(1, 80, 10, 20, false)
	none.Deadline, none.DaysLeft = notice.Moment{}, nil
	bids := []Effort{none, bidOf(2, 80, 10, -1, false), bidOf(3, 80, 10, 400, false), bidOf(4, 80, 40, 3, false), bidOf(5, 60, 40, 20, false), bidOf(6, 50, 40, 20, true)}
	b := plan(bids, cal, calendar.EnglandAndWales, o)
	if got := names(b.Planned); !slices.Equal(got, []string{"ocds-06"}) {
		t.Errorf("planned is %v: what was decided goes first", got)
	}
	for i, want := range []string{"no deadline is known", "it closed on 23 June 2026", "more than a year from now", "and there are 10 until 27 June 2026", "beside what counts for more 9 are left until 14 July 2026"} {
		name := fmt.Sprintf("ocds-%02d", i+1)
		at := slices.IndexFunc(b.Left, func(e Effort) bool { return e.Target.Notice == name })
		if at < 0 || !strings.Contains(b.Left[at].Why, want) {
			t.Errorf("of %s it says %q, want %q", name, b.Left[max(0, at)].Why, want)
		}
	}
	// As many as there may be, with hours that share no divisor.
	rng := rand.New(rand.NewPCG(1, 2))
	var many []Effort
	for i := range 1500 {
		many = append(many, bidOf(i, rng.IntN(101), 1+rng.IntN(90), 1+rng.IntN(360), false))
	}
	start := time.Now()
	big := plan(many, cal, calendar.EnglandAndWales, BudgetOptions{AsOf: london24June, HoursPerMonth: MostHoursPerMonth})
	if took := time.Since(start); took > 10*time.Second || len(big.Planned)+len(big.Left) != len(many) || len(big.Planned) == 0 {
		t.Errorf("planning %d bids took %s and gave %d", len(many), took, len(big.Planned))
	}
}
