package cpv

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"bidfit/notice/words"
)

// mentions tells which named codes a stem leads to.
var mentions = sync.OnceValue(func() map[string][]Code {
	index := make(map[string][]Code, 2_000)
	v := vocabulary()
	for _, c := range v.codes {
		for _, stem := range stems(v.names[c]) {
			index[stem] = append(index[stem], c)
		}
	}
	return index
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

// Find lists up to n named codes whose names mention the words, the best first:
// a rare word counts for more than a common one, a short name for more than a
// long one, a broad code for more than one below it. Digits find the codes they begin.
func Find(query string, n int) []Code {
	query = strings.TrimSpace(query)
	if _, ok := number(query); ok {
		return beginning(query, n)
	}
	v, index := vocabulary(), mentions()
	score := map[Code]int{}
	for _, stem := range stems(query) {
		codes := index[stem]
		for _, c := range codes {
			score[c] += bits.Len(uint(len(v.names) / len(codes)))
		}
	}
	found := make([]Code, 0, len(score))
	for c := range score {
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b Code) int {
		return cmp.Or(
			cmp.Compare(score[b], score[a]),
			cmp.Compare(len(v.names[a]), len(v.names[b])),
			cmp.Compare(a.Level(), b.Level()),
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
