package itl

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"bidfit/notice/words"
)

// mentions is built when words are first looked for.
var mentions = sync.OnceValue(func() *words.Names[Region] {
	x := &words.Names[Region]{}
	for r, p := range world().places {
		x.Add(r, p.name)
	}
	return x
})

// Find lists up to n regions whose names mention the words or whose code starts with them, best first:
// what Parse makes of the query; then those that mention its words, a rare word for more than a common
// one, 2025 before 2021, the broader before the narrower.
func Find(query string, n int) []Region {
	w := world()
	var exact []Region
	if r, err := Parse(query); err == nil {
		exact = append(exact, r)
	}
	score := mentions().Mention(query)
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
