package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/matcher"
	"bidfit/notice"
)

// Telling lists up to n phrases that could be keywords for some notices: those in most of their titles, the rarest of
// equals first, with the IDs of the notices that say each.
func Telling(l *matcher.Lexicon, notices []*notice.Notice, n int) []Said {
	ps := newPhrases(l)
	for _, x := range notices {
		named := namesOf(append([]notice.Organisation{x.Buyer}, x.Buyers...), nil)
		ps.read(x.Title.Value, x.ID, "", true, named)
		for i := range x.Lots[:min(len(x.Lots), 20)] {
			ps.read(x.Lots[i].Title.Value, x.ID, "", true, named)
		}
	}
	score := func(p *phrase) int64 { return int64(len(p.in)) * p.rarity }
	var out []Said
	var chosen []*phrase
	for _, p := range slices.SortedFunc(maps.Values(ps.byKey), func(a, b *phrase) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(len(a.stems), len(b.stems)), strings.Compare(a.key, b.key))
	}) {
		if len(out) == n {
			break
		}
		if text := p.text(); len(p.stems) < longestPhrase && usable(text) && !says(chosen, p) {
			chosen = append(chosen, p)
			out = append(out, Said{text, slices.Sorted(maps.Keys(p.in))})
		}
	}
	return out
}

// Said is a phrase and the IDs of the notices that say it, sorted.
type Said struct {
	Text string
	In   []string
}
