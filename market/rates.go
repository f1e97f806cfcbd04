package market

import (
	"cmp"
	"math"
	"slices"

	"bidfit/notice"
)

// Rate is how many of those settled were won. Low and High are the ends of Wilson's 95 % interval, in percent.
type Rate struct {
	Key  string `json:"key"`
	Name string `json:"name,omitzero"`
	N    int    `json:"n"` // won or lost
	Won  int    `json:"won"`
	// Percent is Won of N; 0 where N is.
	Percent int `json:"percent"`
	Low     int `json:"low"`
	High    int `json:"high"`
	// Few says that N is too small for the rate to say much: below a dozen the interval may be wider than half of all there is.
	Few bool `json:"few,omitzero"`
}

// Settled is one thing bid for that was won or lost, with what it is counted under; "" is what is not known.
type Settled struct {
	Won  bool
	Key  string
	Name string
}

// Rates counts by key, the most settled first.
func Rates(list []Settled) []Rate {
	by := map[string]*Rate{}
	for _, s := range list {
		r := by[s.Key]
		if r == nil {
			r = &Rate{Key: s.Key, Name: s.Name}
			by[s.Key] = r
		}
		r.N++
		if s.Won {
			r.Won++
		}
	}
	rates := []Rate{}
	for _, r := range by {
		rates = append(rates, NewRate(*r))
	}
	slices.SortFunc(rates, func(a, b Rate) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Key, b.Key)) })
	return rates
}

// few is how many have to be settled for an interval that is never wider than 50 percent.
const few = 12

// NewRate fills in what follows from N and Won.
//
// Wilson's interval for w of n at z = 1.96: the centre is (w + z²/2) / (n + z²), and half its width is
// z / (n + z²) × √(w (n − w) / n + z²/4).
func NewRate(r Rate) Rate {
	if r.N == 0 {
		r.High, r.Few = 100, true
		return r
	}
	const z = 1.96
	n, w := float64(r.N), float64(r.Won)
	centre := (w + z*z/2) / (n + z*z)
	half := z / (n + z*z) * math.Sqrt(w*(n-w)/n+z*z/4)
	percent := func(x float64) int { return int(math.Round(100 * min(1, max(0, x)))) }
	r.Percent, r.Low, r.High = percent(w/n), percent(centre-half), percent(centre+half)
	r.Few = r.N < few
	return r
}

// Band is the decade an amount lies in as a key and a name: its lower end counts, its upper end does not.
func Band(p notice.Pence) (key, name string) {
	const thousand = 1_000_00
	switch {
	case p < 10*thousand:
		return "0", "under £10K"
	case p < 100*thousand:
		return "1", "£10K–£100K"
	case p < 1000*thousand:
		return "2", "£100K–£1M"
	case p < 10_000*thousand:
		return "3", "£1M–£10M"
	}
	return "4", "£10M or more"
}
