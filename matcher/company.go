package matcher

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A word is known by the company it keeps: stems that the same notices use point the same way, though
// no notice need use both. The ways are the leading singular vectors of the table of notices and stems,
// each stem weighed by how telling it is. So a profile and a notice that share neither words
// nor codes can still be seen to be of one trade.

// axes is how many numbers say which way a stem points.
const axes = 100

// way is where a stem points, and how far: rare stems and those of mixed company count little.
type way struct {
	length uint16 // in 65535ths of the longest
	at     [axes]int8
}

// bearing is where a text points.
type bearing struct {
	length int32 // of at
	at     [axes]int8
}

// course is a bearing in the making.
type course [axes]int64

func (c *course) add(w *way, weight int64) {
	weight *= int64(w.length)
	for i, x := range w.at {
		c[i] += weight * int64(x)
	}
}

// bearing rounds a course; one of nothing has no length.
func (c *course) bearing() bearing {
	var most int64
	for _, x := range c {
		most = max(most, x, -x)
	}
	var b bearing
	if most == 0 {
		return b
	}
	var squares uint64
	shift := max(0, bits.Len64(uint64(most))-56) // 127 x 2^56 still fits
	for i, x := range c {
		b.at[i] = int8((x >> shift) * 127 / (most >> shift))
		squares += uint64(int64(b.at[i]) * int64(b.at[i]))
	}
	b.length = int32(sqrt(squares << 8)) // in sixteenths
	return b
}

// bearing is where a text of the one stem points.
func (w *way) bearing() *bearing {
	var squares uint64
	for _, x := range w.at {
		squares += uint64(int64(x) * int64(x))
	}
	return &bearing{int32(sqrt(squares << 8)), w.at}
}

// cosine is how nearly two texts point the same way, in thousandths; opposite ways are as good as none.
func (b *bearing) cosine(c *bearing) int64 {
	if b.length == 0 || c.length == 0 {
		return 0
	}
	var dot int64
	for i, x := range b.at {
		dot += int64(x) * int64(c.at[i])
	}
	return min(1000, max(0, dot<<8*1000/(int64(b.length)*int64(c.length))))
}

const (
	// mostSampled is how many notices the ways are learned from at most, drawn by the hash of what they say.
	mostSampled = 20_000
	// fewestSampled is how many notices a store has to have before it teaches ways of its own; until then those that came with the program hold.
	fewestSampled = 5_000
	// fewestUses is how many notices have to use a stem for it to have a way, and mostWays how many stems have one.
	fewestUses = 3
	mostWays   = 40_000
	// rounds of the iteration; the leading axes have settled well before.
	rounds = 6
)

// sample is what one notice says, for the ways to be learned from.
type sample struct {
	key  uint64
	uses []use
}

// use is a stem and what it counts in a notice.
type use struct {
	lesson  *lesson
	heading bool
}

// keep adds a notice to the sample. Which notices are kept depends on what they say alone, not on when they come.
func (s *study) keep(uses []use, key uint64) {
	s.samples = append(s.samples, sample{key, uses})
	if len(s.samples) >= 2*mostSampled {
		s.thin()
	}
}

// thin puts the samples in order and drops those above the bound.
func (s *study) thin() {
	slices.SortFunc(s.samples, func(a, b sample) int { return cmp.Compare(a.key, b.key) })
	if len(s.samples) > mostSampled {
		clear(s.samples[mostSampled:])
		s.samples = s.samples[:mostSampled]
	}
}

// cell is a number in a row of the table.
type cell struct {
	at     int32
	weight float64
}

// ways learns where the stems of a lexicon point. Floating point is used here and nowhere else:
// every product is rounded before it is added, so that no compiler may fuse the two, and all sums run
// in a fixed order; what is kept is whole numbers.
func (s *study) ways(l *Lexicon) {
	s.thin()
	var chosen []*entry
	for i := range l.entries {
		if e := &l.entries[i]; e.texts >= fewestUses && e.telling {
			chosen = append(chosen, e)
		}
	}
	if len(chosen) > mostWays {
		slices.SortStableFunc(chosen, func(a, b *entry) int { return cmp.Compare(b.texts, a.texts) })
		chosen = chosen[:mostWays]
		slices.SortFunc(chosen, func(a, b *entry) int { return cmp.Compare(a.stem, b.stem) })
	}
	column := map[*lesson]int32{}
	for i, e := range chosen {
		column[s.stems[e.stem]] = int32(i)
	}
	table := make([][]cell, 0, len(s.samples))
	for _, d := range s.samples {
		var row []cell
		for _, u := range d.uses {
			if at, ok := column[u.lesson]; ok {
				w := float64(chosen[at].worth)
				if !u.heading {
					w *= inProse / float64(inHeading)
				}
				row = append(row, cell{at, w})
			}
		}
		slices.SortFunc(row, func(a, b cell) int { return cmp.Compare(a.at, b.at) })
		squares := 0.0
		for _, c := range row {
			squares += float64(c.weight * c.weight)
		}
		for i := range row {
			row[i].weight /= math.Sqrt(squares)
		}
		table = append(table, row)
	}
	v := make([][axes]float64, len(chosen))
	for i, e := range chosen {
		scatter(&v[i], uint64(idOf(e.stem)))
	}
	strength := orthonormal(v)
	for range rounds {
		v = through(table, v)
		strength = orthonormal(v)
	}
	for i := range strength {
		strength[i] = math.Sqrt(math.Sqrt(strength[i]))
	}
	lengths := make([]float64, len(v))
	longest := 0.0
	for i := range v {
		squares := 0.0
		for a := range v[i] {
			v[i][a] *= strength[a]
			squares += float64(v[i][a] * v[i][a])
		}
		lengths[i] = math.Sqrt(squares)
		longest = max(longest, lengths[i])
	}
	for i, e := range chosen {
		e.way = rounded(&v[i], lengths[i], longest)
	}
}

// rounded is a way in whole numbers; nil for one too short to tell.
func rounded(v *[axes]float64, length, longest float64) *way {
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	if most == 0 {
		return nil
	}
	w := &way{}
	squares := 0
	for a, x := range v {
		w.at[a] = int8(math.Round(x / most * 127))
		squares += int(w.at[a]) * int(w.at[a])
	}
	// The length is of the way as a whole; what at has of it is taken out.
	w.length = uint16(min(65535, math.Round(length/longest*65535*127/math.Sqrt(float64(squares)))))
	if w.length == 0 {
		return nil
	}
	return w
}

// scatter fills a row with numbers that look random and are always the same for a seed.
func scatter(row *[axes]float64, seed uint64) {
	for a := range row {
		seed += 0x9e3779b97f4a7c15
		row[a] = float64(int64(mixed(seed)) >> 32)
	}
}

// mixed stirs the bits of a number: the finish of splitmix64.
func mixed(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// through multiplies v by the table and by the table the other way round.
func through(table [][]cell, v [][axes]float64) [][axes]float64 {
	out := make([][axes]float64, len(v))
	for _, row := range table {
		var sum [axes]float64
		for _, c := range row {
			for a, x := range &v[c.at] {
				sum[a] += float64(c.weight * x)
			}
		}
		for _, c := range row {
			to := &out[c.at]
			for a, x := range &sum {
				to[a] += float64(c.weight * x)
			}
		}
	}
	return out
}

// orthonormal makes the columns of v stand at right angles, each of length 1, and gives the lengths they had.
func orthonormal(v [][axes]float64) (lengths [axes]float64) {
	for a := range axes {
		var dots [axes]float64
		for i := range v {
			x := v[i][a]
			for b := range a {
				dots[b] += float64(x * v[i][b])
			}
		}
		squares := 0.0
		for i := range v {
			x := v[i][a]
			for b := range a {
				x -= float64(dots[b] * v[i][b])
			}
			v[i][a] = x
			squares += float64(x * x)
		}
		lengths[a] = math.Sqrt(squares)
		for i := range v {
			if lengths[a] > 0 {
				v[i][a] /= lengths[a]
			}
		}
	}
	return lengths
}
