package market

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Known is one organisation and what its newest notice says of it.
type Known struct {
	*Organisation
	// Details are what was said of it last, each with its place: seat, type, scale, contact.
	Details notice.Organisation `json:"details"`
}

// Buyer is an organisation that buys, seen from a bidder.
type Buyer struct {
	Known
	AsOf    time.Time `json:"asOf"`
	Notices int       `json:"notices"` // each opportunity once
	// Open are the notices that somebody can still act on, and those of which something is to come, by day.
	Open []Brief `json:"open"`
	// Stale is how many more never said that they closed, and have had no day to come and no news for a year.
	Stale int `json:"stale"`
	// Awards are all of them, the newest first; cancelled ones are among them and in no figure.
	Awards    []*Award `json:"awards"`
	Void      int      `json:"void"` // how many were cancelled
	Values    Money    `json:"values"`
	Divisions []Share  `json:"divisions"` // each award under its first code
	Years     []Share  `json:"years"`     // the newest first
	Suppliers []Share  `json:"suppliers"` // a shared award under each of them
	Methods   []Count  `json:"methods"`   // of the notices
	SME       Said     `json:"sme"`       // of the notices
	VCSE      Said     `json:"vcse"`
	Bids      Numbers  `json:"bids"`   // over its awards, for each
	Window    Numbers  `json:"window"` // days from the first tender notice to the deadline
	// Frameworks are the notices that set one up, the newest first.
	Frameworks []Brief `json:"frameworks"`
	// Ending are the awards whose contracts end in the twelve months after AsOf, by day.
	Ending []*Award `json:"ending"`
}

// First is the buyer with so many of each list, 0 for all; years and methods are few.
func (b Buyer) First(n int) Buyer {
	b.Awards, b.Open, b.Frameworks = first(b.Awards, n), first(b.Open, n), first(b.Frameworks, n)
	b.Suppliers, b.Divisions, b.Ending = first(b.Suppliers, n), first(b.Divisions, n), first(b.Ending, n)
	return b
}

// NewBuyer takes together what the records say of a buyer. Records of others are passed over.
func NewBuyer(o *Organisation, d *Directory, records []*Record, asOf time.Time) Buyer {
	b := Buyer{Known: Known{Organisation: o}, AsOf: asOf, Open: []Brief{}, Frameworks: []Brief{}}
	methods := map[string]int{}
	var windows []int
	unknown := 0
	var newest time.Time
	for _, r := range Once(records) {
		i := slices.IndexFunc(r.Buyers, func(x notice.Organisation) bool { return d.Of(MentionOf(&x)) == o })
		if i < 0 {
			continue
		}
		b.Details = later(b.Details, r.Buyers[i], r.Published, &newest)
		b.Notices++
		methods[r.Method]++
		b.SME.count(r.SME)
		b.VCSE.count(r.VCSE)
		switch {
		case r.Window != nil:
			windows = append(windows, *r.Window)
		case r.Deadline != nil:
			unknown++
		}
		switch {
		case !r.open(asOf):
		case r.stale(asOf):
			b.Stale++
		default:
			b.Open = append(b.Open, r.Brief)
		}
		if r.Framework {
			b.Frameworks = append(b.Frameworks, r.Brief)
		}
		for j := range r.Awards {
			b.Awards = append(b.Awards, &r.Awards[j])
		}
	}
	byNext(b.Open)
	slices.SortStableFunc(b.Frameworks, func(x, y Brief) int { return y.Published.Compare(x.Published) })
	b.Awards = newestFirst(b.Awards)
	made := valid(b.Awards, &b.Void)
	b.Values = money(made)
	b.Divisions = tally(made, division)
	b.Years = years(made)
	b.Suppliers = tally(made, func(w *Award) []Share { return parties(d, w.Suppliers) })
	b.Methods = counts(methods)
	b.Window = numbers(windows, unknown)
	b.Bids = bidsOf(made)
	b.Ending = ending(made, asOf)
	return b
}

func newestFirst(awards []*Award) []*Award {
	if awards == nil {
		return []*Award{}
	}
	slices.SortFunc(awards, func(a, b *Award) int {
		return cmp.Or(-compareDays(a.Date, b.Date), strings.Compare(a.Notice, b.Notice), strings.Compare(a.ID, b.ID))
	})
	return awards
}

// compareDays orders moments; an unknown one is before all others.
func compareDays(a, b *notice.Moment) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(b.Time)
}

// valid leaves out what came to nothing, and counts it.
func valid(awards []*Award, void *int) []*Award {
	var list []*Award
	for _, w := range awards {
		if w.Void {
			*void++
			continue
		}
		list = append(list, w)
	}
	return list
}

// later gives what the newer of two notices says of an organisation; where it is silent, the older one.
func later(known, next notice.Organisation, published time.Time, newest *time.Time) notice.Organisation {
	a, b := known, next
	if !published.Before(*newest) {
		a, b = next, known
		*newest = published
	}
	for _, s := range []struct{ to, from *notice.Said[string] }{
		{&a.Name, &b.Name}, {&a.ID, &b.ID}, {&a.Locality, &b.Locality}, {&a.Postcode, &b.Postcode}, {&a.Country, &b.Country},
		{&a.Street, &b.Street}, {&a.Type, &b.Type}, {&a.Scale, &b.Scale}, {&a.URL, &b.URL}, {&a.Email, &b.Email},
		{&a.Phone, &b.Phone}, {&a.ContactFor, &b.ContactFor},
	} {
		if !s.to.Known() {
			*s.to = *s.from
		}
	}
	if !a.Place.Known() {
		a.Place = b.Place
	}
	if !a.VCSE.Known() {
		a.VCSE = b.VCSE
	}
	return a
}

// open reports whether somebody can still act on a notice: its stage is an open one and
// its deadline, if it has one, is not over.
func (r *Record) open(asOf time.Time) bool {
	return r.Stage.Open() && (r.Deadline == nil || !r.Deadline.End().Before(asOf))
}

// stale reports whether an open notice gives no day to come and has had no news for a year.
func (r *Record) stale(asOf time.Time) bool {
	long := asOf.AddDate(-1, 0, 0)
	return r.Deadline == nil && (r.Future == nil || r.Future.Before(long)) && r.updated.Before(long)
}

// byNext orders notices by their next day: those without one come last.
func byNext(list []Brief) {
	next := func(b Brief) *notice.Moment {
		if b.Deadline != nil {
			return b.Deadline
		}
		return b.Future
	}
	slices.SortStableFunc(list, func(a, b Brief) int {
		x, y := next(a), next(b)
		if (x == nil) != (y == nil) {
			return -compareDays(x, y)
		}
		return compareDays(x, y)
	})
}

// soon is how many months ahead a contract's end is worth telling.
const soon = 12

// ending lists the awards whose contracts end in the twelve months from asOf, by day.
func ending(awards []*Award, asOf time.Time) []*Award {
	list := []*Award{}
	for _, w := range awards {
		if w.End != nil && !w.Ended && !w.End.End().Before(asOf) && w.End.Before(asOf.AddDate(0, soon, 0)) {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b *Award) int { return compareDays(a.End, b.End) })
	return list
}

func division(w *Award) []Share {
	c := w.Division()
	if c == 0 {
		return nil
	}
	name, _ := c.Name()
	return []Share{{Key: index(c), Name: name}}
}

// index is a division as its two digits.
func index(c cpv.Code) string { return c.String()[:cpv.Division] }

func years(awards []*Award) []Share {
	list := tally(awards, func(w *Award) []Share {
		if w.Year() == 0 {
			return nil
		}
		y := strconv.Itoa(w.Year())
		return []Share{{Key: y, Name: y}}
	})
	slices.SortFunc(list, func(a, b Share) int { return strings.Compare(b.Key, a.Key) })
	return list
}

// parties are the organisations mentioned, each once.
func parties(d *Directory, mentions []Mention) []Share {
	var list []Share
	seen := map[*Organisation]bool{}
	for _, m := range mentions {
		if o := d.Of(m); o != nil && !seen[o] {
			seen[o] = true
			list = append(list, Share{Key: o.Ref(), Name: o.Name})
		}
	}
	return list
}

// area is the region of level 1 that a region lies in; a wider one is itself.
func area(r itl.Region) itl.Region {
	r = r.Current()
	for _, up := range append([]itl.Region{r}, r.Ancestors()...) {
		if up.Level() == 1 {
			return up
		}
	}
	return r
}

func areas(w *Award) []Share {
	var list []itl.Region
	for _, r := range w.Regions {
		list = append(list, area(r))
	}
	var shares []Share
	for _, r := range each(list) {
		shares = append(shares, Share{Key: string(r), Name: r.Name()})
	}
	return shares
}
