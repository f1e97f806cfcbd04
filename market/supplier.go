package market

import (
	"slices"
	"time"

	"bidfit/notice"
)

// Supplier is an organisation that sells, seen from one that competes or partners with it.
type Supplier struct {
	Known
	AsOf time.Time `json:"asOf"`
	// Awards are those it won, alone or with others, the newest first; cancelled ones
	// are among them and in no figure.
	Awards    []*Award `json:"awards"`
	Void      int      `json:"void"`
	Values    Money    `json:"values"`
	Buyers    []Share  `json:"buyers"`
	Divisions []Share  `json:"divisions"` // each award under its first code
	Regions   []Share  `json:"regions"`   // an award in several regions under each
	Years     []Share  `json:"years"`     // the newest first
	Methods   []Count  `json:"methods"`   // of the awards
	// Beside are the organisations that share awards with it.
	Beside []Share `json:"beside"`
	// Running are the awards whose contracts run at AsOf, by their end; Ending are those of them that end within twelve months.
	Running []*Award `json:"running"`
	Ending  []*Award `json:"ending"`
	// Bids are over its awards, the number of bids that each was won against, its own included.
	Bids Numbers `json:"bids"`
	// Markets are the dynamic markets that name it as a member.
	Markets []Brief `json:"markets"`
	// Named are the notices that name it, as whatever, the newest first.
	Named []Brief `json:"named"`
	// Buys is how many of them it published as a buyer.
	Buys int `json:"buys"`
}

// First is the supplier with so many of each list, 0 for all; years and methods are few.
func (s Supplier) First(n int) Supplier {
	s.Awards, s.Running, s.Ending, s.Named = first(s.Awards, n), first(s.Running, n), first(s.Ending, n), first(s.Named, n)
	s.Markets = first(s.Markets, n)
	s.Buyers, s.Divisions, s.Regions, s.Beside = first(s.Buyers, n), first(s.Divisions, n), first(s.Regions, n), first(s.Beside, n)
	return s
}

// NewSupplier takes together what the records say of a supplier. Records of others are passed over.
func NewSupplier(o *Organisation, d *Directory, records []*Record, asOf time.Time) Supplier {
	s := Supplier{Known: Known{Organisation: o}, AsOf: asOf, Running: []*Award{}, Named: []Brief{}, Markets: []Brief{}}
	methods := map[string]int{}
	var newest time.Time
	is := func(m Mention) bool { return d.Of(m) == o }
	for _, r := range Once(records) {
		if !slices.ContainsFunc(r.Mentions(), is) {
			continue
		}
		s.Named = append(s.Named, r.Brief)
		among := func(all []notice.Organisation) bool {
			return slices.ContainsFunc(all, func(x notice.Organisation) bool { return is(MentionOf(&x)) })
		}
		if among(r.Buyers) {
			s.Buys++
		}
		if among(r.Members) {
			s.Markets = append(s.Markets, r.Brief)
		}
		for _, x := range slices.Concat(r.Buyers, r.Suppliers, r.Members, r.Bidders) {
			if is(MentionOf(&x)) {
				s.Details = later(s.Details, x, r.Published, &newest)
			}
		}
		for i := range r.Awards {
			if w := &r.Awards[i]; slices.ContainsFunc(w.Suppliers, is) {
				s.Awards = append(s.Awards, w)
			}
		}
	}
	slices.SortStableFunc(s.Named, func(x, y Brief) int { return y.Published.Compare(x.Published) })
	s.Awards = newestFirst(s.Awards)
	won := valid(s.Awards, &s.Void)
	s.Bids = bidsOf(won)
	for _, w := range won {
		methods[w.Method]++
		if w.Start != nil && w.End != nil && !w.Ended && !w.Start.After(asOf) && !w.End.End().Before(asOf) {
			s.Running = append(s.Running, w)
		}
	}
	slices.SortStableFunc(s.Running, func(a, b *Award) int { return compareDays(a.End, b.End) })
	s.Values = money(won)
	s.Buyers = tally(won, func(w *Award) []Share { return parties(d, w.Buyers) })
	s.Divisions = tally(won, division)
	s.Regions = tally(won, areas)
	s.Years = years(won)
	s.Methods = counts(methods)
	s.Beside = slices.DeleteFunc(tally(won, func(w *Award) []Share {
		return parties(d, slices.DeleteFunc(slices.Clone(w.Suppliers), is))
	}), func(x Share) bool { return x.Key == "" })
	s.Ending = ending(won, asOf)
	return s
}
