package cpv

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"bidfit/notice/words"
)

// index tells which named codes a stem leads to.
type index struct {
	named map[string][]Code
	size  map[Code]int // how many stems a name has
}

// mentions is built when words are first looked for.
var mentions = sync.OnceValue(func() index {
	v := vocabulary()
	x := index{named: make(map[string][]Code, 2_000), size: make(map[Code]int, len(v.names))}
	for _, c := range v.codes {
		list := stems(v.names[c])
		for _, stem := range list {
			x.named[stem] = append(x.named[stem], c)
		}
		if len(list) > 0 {
			x.size[c] = len(list)
		}
	}
	return x
})

// stems lists the distinct stems of a text that carry a meaning.
func stems(text string) []string {
	var list []string
	for _, t := range words.Tokens(text) {
		if !words.Stop(t.Stem) && !slices.Contains(list, t.Stem) {
			list = append(list, t.Stem)
		}
	}
	return list
}

// Find lists up to n named codes whose names mention the words, the best first: a
// rare word counts for more than a common one; of equals, names of few words and broad codes come
// before names of many words and narrow codes. Digits find the codes they begin.
func Find(query string, n int) []Code {
	query = strings.TrimSpace(query)
	if _, ok := number(query); ok {
		return beginning(query, n)
	}
	index := mentions()
	score := map[Code]int{}
	for _, stem := range stems(query) {
		codes := index.named[stem]
		for _, c := range codes {
			score[c] += bits.Len(uint(len(index.size) / len(codes)))
		}
	}
	found := make([]Code, 0, len(score))
	for c := range score {
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b Code) int {
		return cmp.Or(
			cmp.Compare(score[b], score[a]),
			cmp.Compare(index.size[a]+int(a.Level()), index.size[b]+int(b.Level())),
			cmp.Compare(index.size[a], index.size[b]),
			cmp.Compare(a, b),
		)
	})
	return found[:min(len(found), max(n, 0))]
}

// beginning lists up to n named codes that begin with the digits.
func beginning(typed string, n int) []Code {
	if len(typed) > digits {
		return nil
	}
	var list []Code
	v := vocabulary()
	for _, c := range v.codes {
		if len(list) >= n {
			break
		}
		if v.names[c] != "" && strings.HasPrefix(c.String(), typed) {
			list = append(list, c)
		}
	}
	return list
}
