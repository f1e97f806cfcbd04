package itl

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"bidfit/notice/words"
)

// mentions tells which regions a stem leads to.
var mentions = sync.OnceValue(func() map[string][]Region {
	w := world()
	index := map[string][]Region{}
	for r, p := range w.places {
		for _, stem := range stems(p.name) {
			index[stem] = append(index[stem], r)
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

// Find lists up to n regions whose names mention the words or whose code starts with them, best first:
// what Parse makes of the query; then those that mention most of its words, 2025 before 2021,
// the broader before the narrower.
func Find(query string, n int) []Region {
	w := world()
	var exact []Region
	if r, err := Parse(query); err == nil {
		exact = append(exact, r)
	}
	score := map[Region]int{}
	for _, stem := range stems(query) {
		for _, r := range mentions()[stem] {
			score[r]++
		}
	}
	if code := strings.ToUpper(strings.TrimSpace(query)); len(code) >= 2 && len(code) <= 5 && (code[:2] == "TL" || code[:2] == "UK") {
		for _, r := range w.codes {
			if strings.HasPrefix(string(r), "TL"+code[2:]) {
				score[r]++
			}
		}
	}
	found := make([]Region, 0, len(score))
	for r := range score {
		if !slices.Contains(exact, r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b Region) int {
		p, q := w.places[a], w.places[b]
		return cmp.Or(
			cmp.Compare(score[b], score[a]),
			cmp.Compare(q.vintages&in2025, p.vintages&in2025),
			cmp.Compare(p.level, q.level),
			cmp.Compare(len(p.name), len(q.name)),
			cmp.Compare(a, b),
		)
	})
	found = append(exact, found...)
	return found[:min(len(found), max(n, 0))]
}
