package findatender

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// run is notice numbers of one year, from Lo to Hi, that were all seen or are known to be none. From is the date of Lo, To that of Hi.
type run struct {
	Lo, Hi   int
	From, To wall
}

// numbers are the runs of each year, in order and apart. Notices are numbered one after another as they are published, so what lies between two runs is missing.
type numbers map[int][]run

// parseNumber reads "076460-2026".
func parseNumber(id string) (year, n int, ok bool) {
	if len(id) < 6 || len(id) > 14 || id[len(id)-5] != '-' {
		return 0, 0, false
	}
	for i, c := range []byte(id) {
		if i != len(id)-5 && (c < '0' || c > '9') {
			return 0, 0, false
		}
	}
	n, err := strconv.Atoi(id[:len(id)-5])
	year, err2 := strconv.Atoi(id[len(id)-4:])
	return year, n, err == nil && err2 == nil && 2000 <= year && year <= 2199
}

func number(year, n int) string { return fmt.Sprintf("%06d-%d", n, year) }

// add takes in numbers that were seen.
func (n numbers) add(year int, r run) {
	runs := n[year]
	i, _ := slices.BinarySearchFunc(runs, r.Lo, func(o run, lo int) int { return o.Hi + 1 - lo }) // the first that ends at or after Lo-1
	j := i
	for ; j < len(runs) && runs[j].Lo <= r.Hi+1; j++ {
		o := runs[j]
		if o.Lo <= r.Lo {
			r.Lo, r.From = o.Lo, o.From
		}
		if o.Hi >= r.Hi {
			r.Hi, r.To = o.Hi, o.To
		}
	}
	n[year] = slices.Replace(runs, i, j, r)
}

// gap is numbers that are missing between two runs.
type gap struct {
	Year int `json:"year"`
	Lo   int `json:"lo"`
	Hi   int `json:"hi"`
}

func (g gap) size() int { return g.Hi - g.Lo + 1 }

// lies is a gap with the time in which its notices should have been published.
type lies struct {
	gap
	span
}

// missing are the gaps within what is covered: there nobody waits for a window that is still to be read.
func (n numbers) missing(covered spans) []lies {
	var all []lies
	for year, runs := range n {
		for i := 1; i < len(runs); i++ {
			a, b := runs[i-1], runs[i]
			// A notice that came late can bear an old date: then the two are not in order, and each only has to lie where everything was read.
			known := covered.hold(a.To, b.From) || a.To > b.From && covered.hold(a.To, a.To) && covered.hold(b.From, b.From)
			if known && b.Lo-a.Hi <= jump {
				all = append(all, lies{gap{year, a.Hi + 1, b.Lo - 1}, span{min(a.To, b.From), max(a.To, b.From)}})
			}
		}
	}
	// The newest first.
	slices.SortFunc(all, func(a, b lies) int {
		if a.Year != b.Year {
			return b.Year - a.Year
		}
		return b.Lo - a.Lo
	})
	return all
}

// began takes in that numbering began anew with a year whose first hours are covered.
func (n numbers) began(covered spans) {
	for year, runs := range n {
		newYear := wall(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
		if len(runs) > 0 && runs[0].Lo > 0 && covered.hold(newYear-1, newYear+1) {
			n.add(year, run{0, 0, newYear, newYear})
		}
	}
}

// around is the time in which a missing number should have been published.
func (n numbers) around(g gap) (span, bool) {
	runs := n[g.Year]
	for i := 1; i < len(runs); i++ {
		if a, b := runs[i-1], runs[i]; a.Hi < g.Lo && g.Hi < b.Lo {
			return span{min(a.To, b.From), max(a.To, b.From)}, true
		}
	}
	return span{}, false
}

// hole is a gap that is asked for by number, again at times that grow: a notice can come late, and a number can be one that was never published.
type hole struct {
	gap
	Tries int       `json:"tries,omitzero"`
	Next  time.Time `json:"next,omitzero"`
}

const (
	// few is the largest gap of which every number is asked for. A larger one, which was read again as a window by then, is asked for at its ends
	// and in the middle: if one is there the rest follows.
	few = 8
	// jump is a gap that is none: ten days' numbers do not go missing between two notices, so somebody numbered one in another way.
	jump = 5000
	// old is how long ago a gap has to lie for a late notice to be out of the question.
	old = 30 * 24 * time.Hour
)

// pauses are the times between the first asking for a hole and the next ones: never much less than a day apart, so that what comes late is found within one.
// After the last it is none.
var pauses = func() []time.Duration {
	p := []time.Duration{3 * time.Hour, 8 * time.Hour}
	for range 8 {
		p = append(p, 20*time.Hour)
	}
	return p
}()

// samples are the numbers of a gap that are asked for.
func (g gap) samples() []int {
	if g.size() <= few {
		var all []int
		for n := g.Lo; n <= g.Hi; n++ {
			all = append(all, n)
		}
		return all
	}
	return []int{g.Lo, g.Lo + g.size()/2, g.Hi}
}

// asked takes in that a hole was asked for in vain; it says whether that was the last time.
func (h *hole) asked(now time.Time, age time.Duration) (last bool) {
	h.Tries++
	pause := 20 * time.Hour
	if age < old {
		if h.Tries > len(pauses) {
			return true
		}
		pause = pauses[h.Tries-1]
	} else if h.Tries > 1 {
		return true
	}
	h.Next = now.Add(pause).UTC().Truncate(time.Second)
	return false
}
