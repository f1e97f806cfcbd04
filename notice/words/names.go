package words

import (
	"math/bits"
	"slices"
)

// Names finds things by the words of their names. The zero Names is empty.
type Names[K comparable] struct {
	named map[string][]K // by stem
	size  map[K]int      // how many stems a thing's names have
}

// Add says that a thing has a name; it may have several.
func (x *Names[K]) Add(thing K, name string) {
	if x.named == nil {
		x.named, x.size = map[string][]K{}, map[K]int{}
	}
	for _, stem := range stems(name) {
		if !slices.Contains(x.named[stem], thing) {
			x.named[stem] = append(x.named[stem], thing)
			x.size[thing]++
		}
	}
}

// Size is how many stems the names of a thing have.
func (x *Names[K]) Size(thing K) int { return x.size[thing] }

// Mention scores the things whose names mention words of a text: a rare word counts
// for more than a common one.
func (x *Names[K]) Mention(text string) map[K]int {
	score := map[K]int{}
	for _, stem := range stems(text) {
		things := x.named[stem]
		for _, thing := range things {
			score[thing] += bits.Len(uint(len(x.size) / len(things)))
		}
	}
	return score
}

// stems lists the distinct stems of a text that carry a meaning.
func stems(text string) []string {
	var list []string
	for _, t := range Tokens(text) {
		if !Stop(t.Stem) && !slices.Contains(list, t.Stem) {
			list = append(list, t.Stem)
		}
	}
	return list
}
