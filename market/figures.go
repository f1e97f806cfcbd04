package market

import (
	"cmp"
	"slices"

	"bidfit/notice"
)

// Money is what awards are worth. The quartiles and the sum rest on the Known
// awards alone; ceilings of frameworks are in none of them.
type Money struct {
	Awards   int `json:"awards"`   // counted, cancelled ones left out
	Known    int `json:"known"`    // of them, those with a value in pounds that is no ceiling
	Gross    int `json:"gross"`    // of the known, those of which only the value with VAT is known
	Ceilings int `json:"ceilings"` // those of which only a framework's ceiling is known
	Shared   int `json:"shared"`   // of the known, those whose value is of several suppliers together

	Sum    notice.Pence  `json:"sum"`
	Lower  *notice.Pence `json:"lowerQuartile,omitzero"` // nil below four known values
	Median *notice.Pence `json:"median,omitzero"`
	Upper  *notice.Pence `json:"upperQuartile,omitzero"`
}

// Unknown is how many awards are in no figure because nobody said what they are worth.
func (m Money) Unknown() int { return m.Awards - m.Known - m.Ceilings }

// money takes the figures of awards.
func money(awards []*Award) Money {
	var m Money
	var known []notice.Pence
	for _, w := range awards {
		m.Awards++
		switch v := w.Value; {
		case v == nil:
		case v.Ceiling:
			m.Ceilings++
		default:
			m.Known++
			known = append(known, v.Amount)
			m.Sum += v.Amount
			if v.Gross {
				m.Gross++
			}
			if v.Shared {
				m.Shared++
			}
		}
	}
	slices.Sort(known)
	if len(known) > 0 {
		m.Median = quantile(known, 2)
	}
	if len(known) >= 4 {
		m.Lower, m.Upper = quantile(known, 1), quantile(known, 3)
	}
	return m
}

// quantile is the value below which q quarters of the sorted values lie, between two
// of them in proportion.
func quantile(sorted []notice.Pence, q int) *notice.Pence {
	at := (len(sorted) - 1) * q
	v := sorted[at/4]
	if rest := at % 4; rest > 0 {
		v += (sorted[at/4+1] - v) * notice.Pence(rest) / 4
	}
	return &v
}

// Share is what falls to one of many: a CPV division, a year, a supplier.
type Share struct {
	// Key is a CPV code, ITL region, year, or what an organisation can be asked for by; "" is what is not known.
	Key  string `json:"key"`
	Name string `json:"name"`
	Money
}

// tally shares awards out under the keys that of gives for each, most awards first. An award under several keys
// counts under each, one under none under "".
func tally(awards []*Award, of func(*Award) []Share) []Share {
	type group struct {
		Share
		awards []*Award
	}
	groups := map[string]*group{}
	for _, w := range awards {
		under := of(w)
		if len(under) == 0 {
			under = []Share{{}}
		}
		for _, s := range under {
			g := groups[s.Key]
			if g == nil {
				g = &group{Share: s}
				groups[s.Key] = g
			}
			g.awards = append(g.awards, w)
		}
	}
	list := []Share{}
	for _, g := range groups {
		g.Money = money(g.awards)
		list = append(list, g.Share)
	}
	slices.SortFunc(list, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Awards, a.Awards), cmp.Compare(b.Sum, a.Sum), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// Count is how often something is the case; Key "" is what is not known.
type Count struct {
	Key string `json:"key"`
	N   int    `json:"n"`
}

func counts(of map[string]int) []Count {
	list := []Count{}
	for key, n := range of {
		list = append(list, Count{key, n})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Key, b.Key)) })
	return list
}

// Said counts what notices say to a question.
type Said struct {
	Yes    int `json:"yes"`
	No     int `json:"no"`
	Unsaid int `json:"unsaid"`
}

func (s *Said) count(y Yes) {
	switch y {
	case SaidYes:
		s.Yes++
	case SaidNo:
		s.No++
	default:
		s.Unsaid++
	}
}

// Days is a number of days over the notices that tell it.
type Days struct {
	N       int  `json:"n"`
	Unknown int  `json:"unknown"`
	Mean    *int `json:"mean,omitzero"`
	Median  *int `json:"median,omitzero"`
}

func days(known []int, unknown int) Days {
	d := Days{N: len(known), Unknown: unknown}
	if len(known) == 0 {
		return d
	}
	slices.Sort(known)
	sum := 0
	for _, n := range known {
		sum += n
	}
	mean, median := (sum+len(known)/2)/len(known), known[len(known)/2]
	if len(known)%2 == 0 {
		median = (known[len(known)/2-1] + median) / 2
	}
	d.Mean, d.Median = &mean, &median
	return d
}
