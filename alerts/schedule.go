package alerts

import (
	"fmt"
	"slices"
	"time"

	"bidfit/notice"
)

// clock reads a time of day as typed: the minutes since midnight.
func clock(at string) (minutes int, err error) {
	t, err := time.Parse("15:04", at)
	if err != nil {
		return 0, fmt.Errorf("the time of day %.20q is not from 00:00 to 23:59", at)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// on is the instant at which clocks in London first show a time of day on a day, or would have: a time that the clocks
// jump over in spring is when they have jumped, one that they show twice in autumn is the first of the two.
func on(day time.Time, minutes int) time.Time {
	y, m, d := day.In(notice.London).Date()
	// The clocks change at one in the morning at the earliest, so midnight is there once; what has run since is the time shown until they do.
	midnight := time.Date(y, m, d, 0, 0, 0, 0, notice.London)
	t := midnight.Add(time.Duration(minutes) * time.Minute)
	_, before := midnight.Zone()
	_, after := t.Zone()
	if shift := time.Duration(after-before) * time.Second; shift != 0 {
		t = t.Add(-shift)
		if _, again := t.Zone(); again == before && shift > 0 {
			// Jumped over: the clocks have jumped at the first instant that is not before any longer.
			return t.Add(shift).Truncate(time.Hour)
		}
	}
	return t
}

// last is the latest time of a subscription that has come by now; the zero time for one that is sent at once, or never.
func (s *Subscription) last(now time.Time) time.Time {
	minutes, err := clock(s.At)
	if err != nil || s.AtOnce || s.Channel == Feed {
		return time.Time{}
	}
	y, m, d := now.In(notice.London).Date()
	for back := range 8 {
		day := time.Date(y, m, d-back, 12, 0, 0, 0, notice.London)
		if len(s.Days) > 0 && !slices.Contains(s.Days, day.Weekday()) {
			continue
		}
		if t := on(day, minutes); !t.After(now) {
			return t
		}
	}
	return time.Time{}
}

// Next is when a subscription is sent next after an instant; the zero time for one that is sent at once, is paused or is fetched.
func (s *Subscription) Next(after time.Time) time.Time {
	minutes, err := clock(s.At)
	if err != nil || s.AtOnce || s.Channel == Feed || s.Paused {
		return time.Time{}
	}
	y, m, d := after.In(notice.London).Date()
	for ahead := range 8 {
		day := time.Date(y, m, d+ahead, 12, 0, 0, 0, notice.London)
		if len(s.Days) > 0 && !slices.Contains(s.Days, day.Weekday()) {
			continue
		}
		if t := on(day, minutes); t.After(after) {
			return t
		}
	}
	return time.Time{}
}
