package matcher

import (
	"cmp"
	"slices"
	"sync"

	"bidfit/notice/cpv"
)

// The space of CPV classes: whatever somebody says, in words or in codes, can be
// told as a mixture of four-digit classes. In it a profile that says "janitorial" stands near a notice
// that says "washrooms", though they share no word, because the notices that
// use either word are filed under the same class.

// class is a four-digit CPV class by its place in the list of all there are.
type class uint16

// classes are the four-digit prefixes CPV 2008 uses.
type classes struct {
	prefix []uint16      // of each class, in order
	index  [10000]uint16 // of each prefix, 1 + its class; 0 for none
}

var allClasses = sync.OnceValue(func() *classes {
	c := &classes{}
	for _, code := range cpv.Codes() {
		p := uint16(code / 10000)
		if c.index[p] == 0 {
			c.prefix = append(c.prefix, p)
			c.index[p] = uint16(len(c.prefix))
		}
	}
	return c
})

// code is the CPV code of a class.
func (c *classes) code(k class) cpv.Code { return cpv.Code(c.prefix[k]) * 10000 }

// below lists the classes at or below a code: one for a class or anything
// deeper, many for a division or a group.
func (c *classes) below(code cpv.Code) (from, to class) {
	p := uint16(code / 10000)
	if int(code/10000) >= len(c.index) {
		return 0, 0
	}
	width := uint16(1)
	switch code.Level() {
	case cpv.Division:
		width = 100
	case cpv.Group:
		width = 10
	}
	a, _ := slices.BinarySearch(c.prefix, p)
	b, _ := slices.BinarySearch(c.prefix, p+width)
	return class(a), class(b)
}

// near is one coordinate of a point in the space.
type near struct {
	class  class
	weight uint16
}

// vector is a point in the space, in order of class. Its length is unit, or 0 for nowhere.
type vector []near

// unit is the length of a vector.
const unit = 1024

// cosine is how near two points lie to each other, in thousandths.
func (a vector) cosine(b vector) int64 {
	var dot int64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].class < b[j].class:
			i++
		case a[i].class > b[j].class:
			j++
		default:
			dot += int64(a[i].weight) * int64(b[j].weight)
			i++
			j++
		}
	}
	return min(1000, dot*1000/(unit*unit))
}

// shared is the class in which two points agree most.
func (a vector) shared(b vector) (best class, ok bool) {
	var most int64
	for _, x := range a {
		i, found := slices.BinarySearchFunc(b, x.class, func(n near, c class) int { return cmp.Compare(n.class, c) })
		if found {
			if p := int64(x.weight) * int64(b[i].weight); p > most {
				most, best, ok = p, x.class, true
			}
		}
	}
	return best, ok
}

// blend is a mixture in the making: a weight for each class.
type blend struct {
	weight []int64
	used   []class
}

func newBlend() *blend { return &blend{weight: make([]int64, len(allClasses().prefix))} }

func (b *blend) add(c class, w int64) {
	if w <= 0 {
		return
	}
	if b.weight[c] == 0 {
		b.used = append(b.used, c)
	}
	b.weight[c] += w
}

// beside is the percent of a code's weight that the classes beside its own get. It is changed by tests alone.
var beside int64 = 10

// addCode adds a code: its own class with the whole weight and its siblings
// with a tenth; a division or group is spread over what it holds.
func (b *blend) addCode(code cpv.Code, w int64) {
	all := allClasses()
	from, to := all.below(code)
	if code.Level() < cpv.Class {
		for c := from; c < to; c++ {
			b.add(c, w/int64(to-from))
		}
		return
	}
	group, end := all.below(code.At(cpv.Group))
	for c := group; c < end; c++ {
		if c >= from && c < to {
			b.add(c, w)
		} else {
			b.add(c, w*beside/100)
		}
	}
}

// addVector adds a point, weighed in thousandths.
func (b *blend) addVector(v vector, thousandths int64) {
	for _, n := range v {
		b.add(n.class, int64(n.weight)*thousandths)
	}
}

// reset empties the blend for the next mixture.
func (b *blend) reset() {
	for _, c := range b.used {
		b.weight[c] = 0
	}
	b.used = b.used[:0]
}

// copyFrom makes b the same mixture as a.
func (b *blend) copyFrom(a *blend) {
	b.reset()
	for _, c := range a.used {
		b.add(c, a.weight[c])
	}
}

// vector is the point of the mixture: its most strongest classes, at length unit.
func (b *blend) vector(most int) vector {
	if len(b.used) == 0 {
		return nil
	}
	order := slices.Clone(b.used)
	slices.SortFunc(order, func(x, y class) int {
		return cmp.Or(cmp.Compare(b.weight[y], b.weight[x]), cmp.Compare(x, y))
	})
	order = order[:min(most, len(order))]
	top := uint64(b.weight[order[0]])
	var squares uint64
	scaled := func(c class) uint64 { return uint64(b.weight[c]) * (1 << 20) / top } // no overflow: weights stay under 2^43
	for _, c := range order {
		squares += scaled(c) * scaled(c)
	}
	length := max(1, sqrt(squares))
	v := make(vector, 0, len(order))
	for _, c := range order {
		if w := scaled(c) * unit / length; w > 0 {
			v = append(v, near{c, uint16(w)})
		}
	}
	slices.SortFunc(v, func(x, y near) int { return cmp.Compare(x.class, y.class) })
	return v
}
