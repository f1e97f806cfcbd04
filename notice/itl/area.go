package itl

import "math/bits"

// Area is a set of ITL 3 (2025) areas.
type Area [3]uint64

// with is the set and one more area, given by its place in Areas.
func (a Area) with(i int) Area {
	a[i/64] |= 1 << (i % 64)
	return a
}

// Union is all that lies in either.
func (a Area) Union(b Area) Area {
	return Area{a[0] | b[0], a[1] | b[1], a[2] | b[2]}
}

// Contains reports whether b lies wholly in a; false for an empty b.
func (a Area) Contains(b Area) bool {
	return !b.IsEmpty() && b[0]&^a[0] == 0 && b[1]&^a[1] == 0 && b[2]&^a[2] == 0
}

// Overlaps reports whether they share an area.
func (a Area) Overlaps(b Area) bool {
	return a[0]&b[0] != 0 || a[1]&b[1] != 0 || a[2]&b[2] != 0
}

// IsEmpty reports whether nothing is in the set.
func (a Area) IsEmpty() bool { return a == Area{} }

// Count is how many areas are in the set.
func (a Area) Count() int {
	return bits.OnesCount64(a[0]) + bits.OnesCount64(a[1]) + bits.OnesCount64(a[2])
}

// each calls do with the place of every area in the set, until it returns false.
func (a Area) each(do func(i int) bool) {
	for w, word := range a {
		for ; word != 0; word &= word - 1 {
			if !do(w*64 + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
