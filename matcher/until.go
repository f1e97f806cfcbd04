package matcher

import (
	"time"

	"bidfit/notice"
)

// Until is the first instant after asOf at which the notice may be assessed otherwise, the notice itself unchanged: one of
// its own moments goes by, or midnight in London makes the days that are left fewer. The zero time is never.
func (o *Opportunity) Until(asOf time.Time) time.Time {
	var first time.Time
	for _, m := range []notice.Said[notice.Moment]{o.due(), o.questions} {
		if !m.Known() || asOf.After(m.Value.End()) {
			continue // nothing counts days after it
		}
		y, month, d := asOf.In(notice.London).Date()
		next := time.Date(y, month, d+1, 0, 0, 0, 0, notice.London)
		// A moment has gone by once it is later than the moment.
		if gone := m.Value.End().Add(1); gone.Before(next) {
			next = gone
		}
		if first.IsZero() || next.Before(first) {
			first = next
		}
	}
	return first
}
