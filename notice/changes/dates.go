package changes

import (
	"bidfit/notice"
)

// same reports whether two moments are the same: the same instant, or the same day in London.
func same(a, b notice.Said[notice.Moment]) bool {
	if a.Known() != b.Known() || a.Value.Day != b.Value.Day {
		return false
	}
	if a.Value.Day {
		return notice.DaysUntil(a.Value.Time, b.Value.Time) == 0
	}
	return a.Value.Equal(b.Value.Time)
}

// moment compares a date with its time.
func (d *differ) moment(what Kind, subject string, older, newer notice.Said[notice.Moment]) {
	if same(older, newer) {
		return
	}
	before, after := "", ""
	if older.Known() {
		before = older.Value.Words()
	}
	if newer.Known() {
		after = newer.Value.Words()
	}
	d.moved(what, subject, older, newer, before, after)
}

// day compares a date, whatever hour was published with it.
func (d *differ) day(what Kind, subject string, older, newer notice.Said[notice.Moment]) {
	before, after := "", ""
	if older.Known() {
		before = older.Value.Date()
	}
	if newer.Known() {
		after = newer.Value.Date()
	}
	if before != after {
		d.moved(what, subject, older, newer, before, after)
	}
}

func (d *differ) moved(what Kind, subject string, older, newer notice.Said[notice.Moment], before, after string) {
	switch {
	case before == "":
		d.add(what, newer.At, "", after, subject, " now said: %s", after)
	case after == "":
		d.add(what, older.At, before, "", subject, " no longer said (it was %s)", before)
	default:
		days := notice.DaysUntil(older.Value.Time, newer.Value.Time)
		switch {
		case days > 0:
			d.add(what, newer.At, before, after, subject, " moved %s later, to %s", notice.Count(days, "day", "days"), after)
		case days < 0:
			d.add(what, newer.At, before, after, subject, " moved %s earlier, to %s", notice.Count(-days, "day", "days"), after)
		case older.Value.Day || newer.Value.Day:
			d.add(what, newer.At, before, after, subject, " now said as %s", after)
		default:
			clock := func(m notice.Moment) string { return m.In(notice.London).Format("15:04") }
			from, to := clock(older.Value), clock(newer.Value)
			if from == to { // seconds apart, or the hour that a change of clocks repeats
				from, to = older.Value.In(notice.London).Format("15:04:05 MST"), newer.Value.In(notice.London).Format("15:04:05 MST")
			}
			d.add(what, newer.At, before, after, subject, " moved from %s to %s on %s", from, to, newer.Value.Date())
		}
	}
}

// period compares when a contract runs.
func (d *differ) period(what Kind, subject string, older, newer notice.Period) {
	d.day(what, subject+" start", older.Start, newer.Start)
	d.day(what, subject+" end", older.End, newer.End)
	d.day(what, "last end of the "+subject+" with every extension", older.MaxExtent, newer.MaxExtent)
	d.number(what, "length of the "+subject+" in days", older.Days, newer.Days)
}
