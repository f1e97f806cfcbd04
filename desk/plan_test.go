package desk

import (
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/calendar"
)

// TestPlanBack plans back from every deadline of half a year, which holds Christmas, in each part of the country.
func TestPlanBack(t *testing.T) {
	cal := calendar.Default()
	asOf := time.Date(2026, 12, 2, 9, 0, 0, 0, notice.London)
	for _, part := range []calendar.Division{calendar.EnglandAndWales, calendar.Scotland, calendar.NorthernIreland, calendar.UnitedKingdom} {
		for i := range 180 {
			for _, decided := range []time.Time{{}, asOf.AddDate(0, 0, -3)} {
				deadline := notice.Moment{Time: time.Date(2026, 12, 2+i, 12, 0, 0, 0, notice.London)}
				p := planBack(cal, part, planned{asOf: asOf, deadline: deadline, decided: decided, what: "tender"})
				if p.Why != "" || len(p.Steps) != 5 {
					t.Fatalf("%s: %+v", deadline.Words(), p)
				}
				sum, before := p.Slack, midnight(asOf)
				for k, s := range p.Steps {
					if !s.Done.IsZero() {
						if k != 0 || s.Days != 0 {
							t.Errorf("%s: %+v is done", deadline.Words(), s)
						}
						continue
					}
					sum += s.Days
					if s.From.Before(before) || s.By.Before(s.From) || !p.Tight && k > 0 && !s.From.After(before) && p.Steps[k-1].Done.IsZero() {
						t.Errorf("%s in %s: %s goes from %s to %s, after %s", deadline.Words(), part, s.Step, s.From, s.By, before)
					}
					before = s.By
					if p.Days > 0 && (!cal.WorkingDay(s.From, part) || !cal.WorkingDay(s.By, part)) {
						t.Errorf("%s in %s: %s is done on a day off: %s to %s", deadline.Words(), part, s.Step, s.From, s.By)
					}
					if n, _ := cal.WorkingDaysBetween(s.From.AddDate(0, 0, -1), s.By, part); p.Days > 0 && n != s.Days {
						t.Errorf("%s in %s: %s takes %d days and has %d", deadline.Words(), part, s.Step, s.Days, n)
					}
				}
				if !p.Tight && sum != p.Days {
					t.Errorf("%s in %s: %d of %d days are given away", deadline.Words(), part, sum, p.Days)
				}
				last := p.Steps[4]
				if next, _ := cal.AddWorkingDays(last.By, 1, part); p.Days > 0 && (!last.By.Before(midnight(deadline.Time)) || next.Before(midnight(deadline.Time))) {
					t.Errorf("%s in %s: submitted on %s, which is not the last working day before", deadline.Words(), part, last.By)
				}
			}
		}
	}
}

// TestPlanBackByHand is one plan with its arithmetic: the ten working days from Thursday 17 December to Tuesday 5 January are without
// 25 and 28 December (in place of Boxing Day) and 1 January. A tenth is one day, 15 percent is one, and submitting one, so that six are left.
func TestPlanBackByHand(t *testing.T) {
	cal := calendar.Default()
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, notice.London) }
	in := planned{
		asOf: time.Date(2026, 12, 17, 15, 0, 0, 0, notice.London), deadline: notice.Moment{Time: time.Date(2027, 1, 5, 12, 0, 0, 0, notice.London)},
		questions: notice.Moment{Time: day(2026, 12, 29), Day: true}, what: "tender",
	}
	p := planBack(cal, calendar.EnglandAndWales, in)
	if p.Days != 10 || p.Slack != 0 || p.Tight || !p.Sure || len(p.Holidays) != 3 {
		t.Fatalf("%+v", p)
	}
	for i, want := range []PlanStep{
		{Step: "decide", From: day(2026, 12, 17), By: day(2026, 12, 17), Days: 1},
		{Step: "ask", From: day(2026, 12, 17), By: day(2026, 12, 24), Days: 6},
		{Step: "draft", From: day(2026, 12, 18), By: day(2026, 12, 29), Days: 6},
		{Step: "review", From: day(2026, 12, 30), By: day(2026, 12, 30), Days: 1},
		{Step: "sign-off", From: day(2026, 12, 31), By: day(2026, 12, 31), Days: 1},
		{Step: "submit", From: day(2027, 1, 4), By: day(2027, 1, 4), Days: 1},
	} {
		got := p.Steps[i]
		if got.Step != want.Step || !got.From.Equal(want.From) || !got.By.Equal(want.By) || got.Days != want.Days {
			t.Errorf("step %d is %s, %s, %d days; want %s, %s, %d", i, got.Step, got.Dated(), got.Days, want.Step, want.Dated(), want.Days)
		}
	}
	// Scotland keeps 4 January too, so that there are nine days and Hogmanay is the last.
	if s := planBack(cal, calendar.Scotland, in); s.Days != 9 || !s.Steps[5].By.Equal(day(2026, 12, 31)) {
		t.Errorf("in Scotland %d days, submitted on %s", s.Days, s.Steps[5].By)
	}
	// Four days are too few for five steps.
	in.asOf = time.Date(2026, 12, 29, 9, 0, 0, 0, notice.London)
	if p = planBack(cal, calendar.EnglandAndWales, in); !p.Tight || p.Days != 4 || !p.Steps[0].By.Equal(day(2026, 12, 29)) || !p.Steps[5].By.Equal(day(2027, 1, 4)) {
		t.Errorf("in four days %+v", p)
	}
	// On the day itself there are none.
	in.asOf = time.Date(2027, 1, 5, 9, 0, 0, 0, notice.London)
	if p = planBack(cal, calendar.EnglandAndWales, in); !p.Tight || p.Days != 0 || len(p.Steps) != 5 || !p.Steps[4].By.Equal(day(2027, 1, 5)) {
		t.Errorf("on the day %+v", p)
	}
	in.asOf = in.asOf.Add(4 * time.Hour)
	if p = planBack(cal, calendar.EnglandAndWales, in); p.Why != "The deadline was 5 January 2027, 12:00." || p.Steps == nil || len(p.Steps) > 0 {
		t.Errorf("after it %+v", p)
	}
	in.deadline = notice.Moment{}
	if p = planBack(cal, calendar.EnglandAndWales, in); p.Why == "" {
		t.Error("a plan without a deadline")
	}
}
