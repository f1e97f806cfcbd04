package market

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
)

// Lead is how many months before a contract starts its tender may be expected: of the published tenders that say
// when the contract starts three in four came out at most 143 days before, and half at most 82.
const Lead = 5

// Ending is how a contract ends.
type Ending struct {
	*Award
	// Next is the next end: End, or where that is over MaxEnd, up to which it may have been extended.
	Next notice.Moment `json:"next"`
	// Extended says that Next is the last extension's end, which is reached only if somebody did extend it.
	Extended bool `json:"extended,omitzero"`
	// PerYear is what a year of it is worth, over the longest it may run, to the pound; nil where the value or the start is not
	// known, where the value is a ceiling, or where it lasts a year or less.
	PerYear *Worth `json:"perYear,omitzero"`
	// Expected is when a tender for what follows may be expected: Next less the lead. An estimate.
	Expected notice.Moment `json:"expected"`
}

// EndsBy tells how a contract ends between two days, by its end or by that of its last extension; false where it does not, was
// cancelled, or was terminated. lead is in months.
func (w *Award) EndsBy(from, to time.Time, lead int) (Ending, bool) {
	if w.Void || w.Ended {
		return Ending{}, false
	}
	within := func(m *notice.Moment) bool { return m != nil && !m.End().Before(from) && m.Before(to) }
	e := Ending{Award: w}
	switch {
	case within(w.End):
		e.Next = *w.End
	case within(w.MaxEnd):
		e.Next, e.Extended = *w.MaxEnd, true
	default:
		return Ending{}, false
	}
	e.Expected = notice.Moment{Time: monthsBefore(e.Next.In(notice.London), lead), Day: true}
	e.PerYear = w.perYear()
	return e, true
}

// monthsBefore is the same day some months before or, in a month that has no such day, its last one.
func monthsBefore(t time.Time, months int) time.Time {
	before := t.AddDate(0, -months, 0)
	if before.Day() != t.Day() {
		return before.AddDate(0, 0, -before.Day())
	}
	return before
}

// perYear shares the value out as the notice of the contract does (notice.Pence.Yearly).
func (w *Award) perYear() *Worth {
	if w.Value == nil || w.Value.Ceiling || w.Start == nil || w.End == nil || w.Value.Amount <= 0 {
		return nil
	}
	last := w.End
	if w.MaxEnd != nil {
		last = w.MaxEnd // what is published counts every extension
	}
	months := notice.Months(w.Start.Time, last.Time)
	if months <= 12 {
		return nil
	}
	v := *w.Value
	v.Amount = v.Amount.Yearly(months)
	return &v
}

// Follow is what a notice is to a contract that ends.
type Follow string

const (
	Relet     Follow = "re-let"    // awarded, and starts about when the contract ends
	Awarded   Follow = "awarded"   // awarded, and does not say when it starts, or starts some months off
	Tendered  Follow = "tendered"  // bids are, or were, invited
	Announced Follow = "announced" // pipeline, engagement, planned, market
)

// Follower is a later notice of the same buyer that looks like the renewal of a contract.
type Follower struct {
	Like
	As Follow `json:"as"`
}

// How far around a contract's end the next one may start, and how long before it may be published where no
// start is said, to be taken for its renewal.
const (
	startsBefore    = 183 // days
	startsAfter     = 366
	publishedBefore = 24 // months
)

// Followers finds the later notices among a buyer's own that look like the renewal of a contract of r, as
// NewSimilar finds earlier rounds: the surest first.
func Followers(r *Record, e Ending, d *Directory, own []*Record, names cpv.Names) []Follower {
	list := []Follower{}
	for _, later := range Once(append(slices.Clone(own), r)) {
		l, ok := roundOf(later, r, d, names)
		if !ok {
			continue
		}
		as, why, ok := follows(later, e)
		if !ok {
			continue
		}
		l.Why = append([]string{"the same buyer"}, l.Why...)
		l.Why = append(l.Why, why)
		list = append(list, Follower{Like{Brief: later.Brief, Buyers: buyersOf(later), Awards: later.won(), Likeness: l}, as})
	}
	order := []Follow{Relet, Tendered, Announced, Awarded}
	slices.SortFunc(list, func(a, b Follower) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.As), slices.Index(order, b.As)), cmp.Compare(b.rank(), a.rank()),
			b.Published.Compare(a.Published), strings.Compare(a.Notice, b.Notice),
		)
	})
	return list
}

// follows says as what a later round comes after a contract, by when it starts.
func follows(later *Record, e Ending) (as Follow, why string, ok bool) {
	ends := []*notice.Moment{e.End, e.MaxEnd}
	switch {
	case len(later.won()) > 0:
		as = Awarded
	case later.Stage == notice.StageTender:
		as = Tendered
	case later.Stage.Open():
		as = Announced
	default:
		return "", "", false // it came to nothing
	}
	start := later.start
	for i := range later.Awards {
		if s := later.Awards[i].Start; s != nil && (start == nil || s.Before(start.Time)) {
			start = s
		}
	}
	if start == nil {
		if later.Published.Before(e.Next.AddDate(0, -publishedBefore, 0)) {
			return "", "", false
		}
		return as, "it does not say when it starts", true
	}
	for _, end := range ends {
		if end == nil {
			continue
		}
		if gap := notice.DaysUntil(end.Time, start.Time); gap >= -startsBefore && gap <= startsAfter {
			if as == Awarded && handsOver(gap) {
				as = Relet
			}
			return as, "the contract ends on " + onDay(*end) + ", this one starts on " + onDay(*start), true
		}
	}
	return "", "", false
}

func onDay(m notice.Moment) string { return m.In(notice.London).Format("2 January 2006") }

// ParseMonths reads a length of time in months or years: "12m", "2y", "12".
func ParseMonths(s string) (int, error) {
	const most, year = 240, 12
	number, factor := strings.ToLower(strings.TrimSpace(s)), 1
	if n, ok := strings.CutSuffix(number, "y"); ok {
		number, factor = n, year
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(number, "m"), 10, 8)
	if months := int(n) * factor; err == nil && months >= 1 && months <= most {
		return months, nil
	}
	return 0, fmt.Errorf("%q is no length of time from 1m to 20y, such as 12m or 2y", s)
}
