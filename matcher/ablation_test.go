package matcher

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/profiles"
)

// with is the bench with another lexicon.
func (b *bench) with(l *Lexicon) *bench {
	c := &bench{judged: b.judged, lexicon: l}
	for _, n := range b.judged.open {
		c.open = append(c.open, l.Prepare(n))
	}
	return c
}

// unfocusedLexicon is a lexicon in which a word counts by how rare it is alone.
func unfocusedLexicon(l *Lexicon) *Lexicon {
	c, err := DecodeLexicon(l.Encode())
	if err != nil {
		panic(err)
	}
	for i := range c.entries {
		c.entries[i].worth = c.entries[i].rarity
	}
	return c
}

// apart is the lexicon of a bench whose notices the program's own never saw: what the other shared files teach, and the bench's notices on top.
func apart(t *testing.T, b *bench, on iter.Seq[*notice.Notice]) *Lexicon {
	return learn(bundle(lessons(t, taught[1:]...), officialNames(t)), on, nil)
}

// variant is the ranking with one thing changed.
type variant struct {
	name    string
	lexicon func(*Lexicon) *Lexicon
	parts   func(*parts)
	profile func(*profiles.Profile)
	beside  int64
}

var variants = []variant{
	{name: "as it is"},
	{name: "without text", parts: func(p *parts) { p.text = 0 }},
	{name: "without classes", parts: func(p *parts) { p.classes = 0 }},
	{name: "without spoken", parts: func(p *parts) { p.spoken = 0 }},
	{name: "without company", parts: func(p *parts) { p.company = 0 }},
	{name: "without cover", parts: func(p *parts) { p.cover = 0 }},
	{name: "without phrases", parts: func(p *parts) { p.phrases = 0 }},
	{name: "without subject", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} }},
	{name: "subject alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Words: 0} }},
	{name: "text alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{text: 1} }},
	{name: "company alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{company: 1} }},
	{name: "classes alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{classes: 1} }},
	{name: "without focus", lexicon: unfocusedLexicon},
	{name: "without the description", profile: func(p *profiles.Profile) { p.Description = "" }},
	{name: "without past contracts", profile: func(p *profiles.Profile) {
		p.Description += strings.Join(p.Experience, "\n")
		p.Experience = nil
	}},
	{name: "codes beside: none", beside: -1},
	{name: "codes beside: half", beside: 50},
	{name: "codes beside: whole", beside: 100},
}

// changed runs something under a variant: with its parts, and its weight for codes beside.
func (v variant) changed(run func()) {
	oldParts, oldBeside := weighing, beside
	defer func() { weighing, beside = oldParts, oldBeside }()
	if v.parts != nil {
		v.parts(&weighing)
	}
	if v.beside != 0 {
		beside = max(0, v.beside)
	}
	run()
}

// judge measures a variant on the judged set.
func (b *bench) judge(t *testing.T, v variant, thinnings int) (relevance, thin, shortlist quality) {
	c := b
	if v.lexicon != nil {
		c = b.with(v.lexicon(b.lexicon))
	} else if v.beside != 0 {
		c = b.with(b.lexicon)
	}
	var r, th, s []quality
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range c.profiles {
		whole := p
		if v.profile != nil {
			v.profile(&whole)
		}
		x, y := c.measure(t, whole)
		r = append(r, x)
		if c.hasShortlist(p) {
			s = append(s, y)
		}
		for range thinnings {
			less := thinned(p, rng)
			if v.profile != nil {
				v.profile(&less)
			}
			x, _ := c.measure(t, less)
			th = append(th, x)
		}
	}
	return mean(r), mean(th), mean(s)
}

// TestAblations keeps what each piece of the ranking is worth, on the judged set and on award history, in a golden file.
func TestAblations(t *testing.T) {
	if !*long {
		t.Skip("takes minutes: -long makes it")
	}
	b := newBench(t)
	histories := readHistories(t)
	var out strings.Builder
	fmt.Fprintln(&out, "relevance and shortlist: nDCG@10/recall@20; thinned: nDCG@10, five times each; awards: MRR, and mean percentile (0 the top)")
	fmt.Fprintf(&out, "\n%-26s %-12s %-8s %-12s", "", "relevance", "thinned", "shortlist")
	for _, h := range histories {
		fmt.Fprintf(&out, " %-18s", fmt.Sprintf("%s (%d)", h.name, len(h.tasks)))
	}
	for _, dampened := range []bool{false, true} {
		name := map[bool]string{false: "TF-IDF", true: "TF-IDF, dampened"}[dampened]
		fmt.Fprintf(&out, "\n%-26s %-12s %-8s %-12s", name, "", "", "")
		for _, h := range histories {
			fmt.Fprintf(&out, " %-18s", h.measure(func(k *task) func(i int) float64 { return h.tfidf(k, dampened) }))
		}
	}
	fmt.Fprintln(&out)
	for _, v := range variants {
		v.changed(func() {
			r, th, s := b.judge(t, v, 5)
			fmt.Fprintf(&out, "%-26s %.3f/%.3f  %.3f    %.3f/%.3f ", v.name, r.ndcg, r.recall, th.ndcg, s.ndcg, s.recall)
			for _, h := range histories {
				fmt.Fprintf(&out, " %-18s", h.ranked(t, v))
			}
			fmt.Fprintln(&out)
		})
	}
	fmt.Fprintf(&out, "\nwhat the lexicon was learned from\n")
	for _, l := range []struct {
		name    string
		lexicon *Lexicon
	}{
		{"the store alone", learn(nil, slices.Values(b.notices), nil)},
		{"the program's alone", NewLexicon()},
		{"others, and the store", apart(t, b, slices.Values(b.notices))},
		{"others alone", apart(t, b, func(func(*notice.Notice) bool) {})},
	} {
		r, th, s := b.with(l.lexicon).judge(t, variant{}, 5)
		fmt.Fprintf(&out, "%-26s %.3f/%.3f  %.3f    %.3f/%.3f\n", l.name, r.ndcg, r.recall, th.ndcg, s.ndcg, s.recall)
	}
	golden(t, "testdata/ablations.txt", out.String())
}

// TestLeaveOneProfileOut chooses the mixture on seven profiles, out of many drawn at random, and measures it on the eighth.
func TestLeaveOneProfileOut(t *testing.T) {
	if !*long {
		t.Skip("takes minutes: -long makes it")
	}
	b := newBench(t)
	rng := rand.New(rand.NewPCG(5, 6))
	const mixtures = 150
	type figures struct{ whole, thin, shortlist quality }
	all := make([][]figures, mixtures)
	thin := make([][]profiles.Profile, len(b.profiles))
	for i, p := range b.profiles {
		for range 3 {
			thin[i] = append(thin[i], thinned(p, rng))
		}
	}
	for m := range all {
		draw := func() int64 { return int64([]int{0, 1, 2, 3, 4, 6, 8, 10, 12}[rng.IntN(9)]) }
		mix := parts{text: max(1, draw()), classes: draw(), spoken: draw(), company: draw(), cover: draw(), phrases: draw()}
		subject := []int{5, 10, 15, 20, 30}[rng.IntN(5)]
		variant{parts: func(p *parts) { *p = mix }}.changed(func() {
			for i, p := range b.profiles {
				p.Weights = map[string]int{Subject: subject, Words: 100 - subject}
				var f figures
				f.whole, f.shortlist = b.measure(t, p)
				var list []quality
				for _, q := range thin[i] {
					q.Weights = p.Weights
					x, _ := b.measure(t, q)
					list = append(list, x)
				}
				f.thin = mean(list)
				all[m] = append(all[m], f)
			}
		})
	}
	var whole, less, short []quality
	for out, p := range b.profiles {
		best, most := 0, -1.0
		for m := range all {
			sum := 0.0
			for i, f := range all[m] {
				if i != out {
					sum += f.whole.ndcg + f.whole.recall/2 + f.thin.ndcg/2
				}
			}
			if sum > most {
				best, most = m, sum
			}
		}
		whole, less = append(whole, all[best][out].whole), append(less, all[best][out].thin)
		if b.hasShortlist(p) {
			short = append(short, all[best][out].shortlist)
		}
	}
	golden(t, "testdata/leave_one_out.txt", fmt.Sprintf(
		"the best of %d random mixtures on seven profiles, measured on the eighth: nDCG@10, recall@20, MRR\nrelevance %v\nthinned   %v\nshortlist %v\n",
		mixtures, mean(whole), mean(less), mean(short)))
}
