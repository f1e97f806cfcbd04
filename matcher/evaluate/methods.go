package evaluate

import (
	"math"
	"slices"
	"strings"

	"bidfit/matcher"
	"bidfit/notice/cpv"
)

// Method ranks: it gives each candidate of a task a figure, the higher the better.
type Method struct {
	Name string
	// Without is the criterion that bidfit goes without, where one is dropped.
	Without string
	rank    func(t *Task, o matcher.Order) ([]float64, error)
}

// Rank gives each candidate of a task its figure in an order.
func (m Method) Rank(t *Task, o matcher.Order) ([]float64, error) { return m.rank(t, o) }

// Baselines are the plain methods, the best as a rule first. They know one order only.
func Baselines() []Method {
	return []Method{{Name: "tfidf", rank: byTFIDF}, {Name: "bm25", rank: byBM25}, {Name: "cpv", rank: byPrefix}, {Name: "random", rank: byChance}}
}

// byChance cannot tell one notice from another.
func byChance(t *Task, _ matcher.Order) ([]float64, error) {
	return make([]float64, len(t.candidates())), nil
}

// byPrefix is the most digits that a code of the notice has in common with one of the profile's, from a division on.
func byPrefix(t *Task, _ matcher.Order) ([]float64, error) {
	all := t.candidates()
	figures := make([]float64, len(all))
	for i, c := range all {
		best := cpv.Level(0)
		n := t.Pool.Notices[c]
		for j := range n.Lots {
			for _, theirs := range n.Lots[j].CPV {
				for _, ours := range t.Profile.CPV {
					if top := cpv.Common(theirs.Value.Code, ours); top != 0 {
						best = max(best, top.Level())
					}
				}
			}
		}
		figures[i] = float64(best)
	}
	return figures, nil
}

// asked are the texts a profile asks with: its past wins, or its own words.
func asked(t *Task) [][]string {
	if len(t.Wins) == 0 {
		p := &t.Profile
		own := slices.Concat([]string{p.Name, p.Description}, p.Keywords, p.Experience)
		return [][]string{plainWords(strings.Join(own, "\n"))}
	}
	texts := make([][]string, len(t.Wins))
	for i, w := range t.Wins {
		texts[i] = plainWords(textOf(w))
	}
	return texts
}

// byBM25 is BM25 (k1 = 1.2, b = 0.75, idf = ln(1 + (N - n + 0.5) / (n + 0.5))) over the words of the
// profile; a word asked for twice counts twice.
func byBM25(t *Task, _ matcher.Order) ([]float64, error) {
	const k1, b = 1.2, 0.75
	p := t.Pool
	query := make([]float64, len(p.number))
	for _, w := range p.count(slices.Concat(asked(t)...)).words {
		n := float64(p.texters[w.word])
		query[w.word] = float64(w.n) * math.Log(1+(float64(len(p.Notices))-n+.5)/(n+.5))
	}
	all := t.candidates()
	figures := make([]float64, len(all))
	for i, c := range all {
		text := p.texts[c]
		norm := k1 * (1 - b + b*float64(text.length)/p.length)
		for _, w := range text.words {
			tf := float64(w.n)
			figures[i] += query[w.word] * tf * (k1 + 1) / (tf + norm)
		}
	}
	return figures, nil
}

// byTFIDF is the cosine between the notice and the profile or, where it was made of past wins, their centroid.
func byTFIDF(t *Task, _ matcher.Order) ([]float64, error) {
	p := t.Pool
	query := make([]float64, len(p.number))
	for _, text := range asked(t) {
		c := p.count(text)
		for i, x := range p.vector(c) {
			query[c.words[i].word] += x
		}
	}
	all := t.candidates()
	figures := make([]float64, len(all))
	for i, c := range all {
		for j, x := range p.vector(p.texts[c]) {
			figures[i] += query[p.texts[c].words[j].word] * x
		}
	}
	return figures, nil
}

// Bidfit ranks as the product does: every candidate has a place of its own.
func Bidfit() Method { return bidfit("") }

// Ablations are bidfit without one criterion after another, as far as they have a say in an order.
func Ablations(o matcher.Order) []Method {
	var list []Method
	for _, r := range matcher.Rules() {
		if r.Earns || o != matcher.OrderRelevance {
			list = append(list, bidfit(r.Criterion))
		}
	}
	return list
}

func bidfit(without string) Method {
	name := "bidfit"
	if without != "" {
		name += " without " + without
	}
	return Method{Name: name, Without: without, rank: func(t *Task, o matcher.Order) ([]float64, error) {
		profile := t.Profile
		if without != "" {
			weights := map[string]int{without: 0}
			for name, w := range profile.Weights {
				if name != without {
					weights[name] = w
				}
			}
			profile.Weights = weights
		}
		m, err := matcher.New(t.Pool.Lexicon, profile)
		if err != nil {
			return nil, err
		}
		all := t.candidates()
		fits := make([]matcher.Fit, len(all))
		place := make([]int, len(all))
		for i, c := range all {
			fits[i] = m.Assess(t.Pool.prepared[c], t.day(t.Pool.Notices[c]))
			place[i] = i
		}
		compare := matcher.Compare(o)
		slices.SortFunc(place, func(a, b int) int { return compare(fits[a], fits[b]) })
		figures := make([]float64, len(all))
		for rank, i := range place {
			figures[i] = float64(-rank)
		}
		return figures, nil
	}}
}
