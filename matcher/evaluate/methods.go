package evaluate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
)

// Pool is notices made ready to be ranked by every method, in order of ID.
type Pool struct {
	Notices  []*notice.Notice
	Lexicon  *matcher.Lexicon
	prepared []*matcher.Opportunity
	texts    [][]string // the plain words of each
	df       map[string]int
	length   float64 // words of a notice, on average
}

// NewPool makes notices ready. The lexicon is what bidfit ranks with.
func NewPool(l *matcher.Lexicon, notices []*notice.Notice) *Pool {
	p := &Pool{Notices: slices.Clone(notices), Lexicon: l, df: map[string]int{}}
	slices.SortFunc(p.Notices, func(a, b *notice.Notice) int { return strings.Compare(a.ID, b.ID) })
	total := 0
	for _, n := range p.Notices {
		p.prepared = append(p.prepared, l.Prepare(n))
		text := plainWords(textOf(n))
		p.texts = append(p.texts, text)
		total += len(text)
		for w := range counts(text) {
			p.df[w]++
		}
	}
	p.length = float64(total) / float64(max(1, len(p.Notices)))
	return p
}

// textOf is all that a notice says of what is bought.
func textOf(n *notice.Notice) string {
	var b strings.Builder
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
	add(n.Title.Value)
	add(n.Description.Value)
	for i := range n.Lots {
		l := &n.Lots[i]
		add(l.Title.Value)
		add(l.Description.Value)
		for _, s := range l.Items {
			add(s.Value)
		}
		for _, c := range l.CPV {
			add(c.Value.Description.Value)
		}
	}
	return b.String()
}

// plainWords are the words of a text in small letters, as they stand.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func counts(text []string) map[string]int {
	c := map[string]int{}
	for _, w := range text {
		if len(w) > 1 {
			c[w]++
		}
	}
	return c
}

// Method ranks: it gives each candidate of a task a figure, the higher the better.
type Method struct {
	Name string
	rank func(t *Task, o matcher.Order) ([]float64, error)
}

// order puts the candidates of a task in the order of their figures; equals share places by ID, which
// says nothing of what they are worth.
func (m Method) order(t *Task, o matcher.Order) ([]int, error) {
	figures, err := m.rank(t, o)
	if err != nil {
		return nil, err
	}
	all := t.candidates()
	at := make([]int, len(all))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(figures[b], figures[a]) })
	list := make([]int, len(all))
	for i, a := range at {
		list[i] = all[a]
	}
	return list, nil
}

// Baselines are the plain methods.
func Baselines() []Method {
	return []Method{{"random", byChance}, {"cpv", byPrefix}, {"bm25", byBM25}, {"tfidf", byTFIDF}}
}

// byChance is worth what chance is.
func byChance(t *Task, _ matcher.Order) ([]float64, error) {
	figures := make([]float64, len(t.candidates()))
	for i, c := range t.candidates() {
		h := uint64(14695981039346656037)
		for _, b := range []byte(t.Name + t.Pool.Notices[c].ID) {
			h = (h ^ uint64(b)) * 1099511628211
		}
		figures[i] = float64(h >> 11)
	}
	return figures, nil
}

// byPrefix is the most digits that a code of the notice has in common with one of the profile's.
func byPrefix(t *Task, _ matcher.Order) ([]float64, error) {
	figures := make([]float64, len(t.candidates()))
	for i, c := range t.candidates() {
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

// asked is the text a profile asks with.
func asked(t *Task) []string {
	if len(t.Wins) > 0 {
		var b strings.Builder
		for _, w := range t.Wins {
			b.WriteString(textOf(w))
		}
		return plainWords(b.String())
	}
	return plainWords(t.Profile.Name + "\n" + t.Profile.Description + "\n" + strings.Join(t.Profile.Keywords, "\n"))
}

// byBM25 is BM25 (k1 = 1.2, b = 0.75) over the words of the profile, each asked for once.
func byBM25(t *Task, _ matcher.Order) ([]float64, error) {
	query := counts(asked(t))
	figures := make([]float64, len(t.candidates()))
	for i, c := range t.candidates() {
		text := t.Pool.texts[c]
		for w, n := range counts(text) {
			if query[w] == 0 {
				continue
			}
			tf := float64(n)
			figures[i] += t.Pool.idf(w) * tf * 2.2 / (tf + 1.2*(0.25+0.75*float64(len(text))/t.Pool.length))
		}
	}
	return figures, nil
}

// byTFIDF is the cosine between the weighted words of the profile, or of the past wins taken together, and those of the notice.
func byTFIDF(t *Task, _ matcher.Order) ([]float64, error) {
	query := map[string]float64{}
	if len(t.Wins) == 0 {
		query = t.Pool.tfidf(asked(t))
	}
	for _, w := range t.Wins {
		for word, x := range t.Pool.tfidf(plainWords(textOf(w))) {
			query[word] += x
		}
	}
	figures := make([]float64, len(t.candidates()))
	for i, c := range t.candidates() {
		figures[i] = dot(query, t.Pool.tfidf(t.Pool.texts[c]))
	}
	return figures, nil
}

func (p *Pool) idf(w string) float64 {
	n := float64(p.df[w])
	return math.Log(1 + (float64(len(p.Notices))-n+.5)/(n+.5))
}

// tfidf is a text as a vector of length 1.
func (p *Pool) tfidf(text []string) map[string]float64 {
	v := map[string]float64{}
	length := 0.0
	for w, n := range counts(text) {
		v[w] = (1 + math.Log(float64(n))) * p.idf(w)
		length += v[w] * v[w]
	}
	if length > 0 {
		for w := range v {
			v[w] /= math.Sqrt(length)
		}
	}
	return v
}

// dot adds up in order of words: a sum of floats in the order of a map would differ from run to run.
func dot(a, b map[string]float64) float64 {
	keys := make([]string, 0, min(len(a), len(b)))
	for w := range b {
		if _, ok := a[w]; ok {
			keys = append(keys, w)
		}
	}
	slices.Sort(keys)
	sum := 0.0
	for _, w := range keys {
		sum += a[w] * b[w]
	}
	return sum
}

// Bidfit ranks as the product does.
func Bidfit() Method {
	return Method{"bidfit", func(t *Task, o matcher.Order) ([]float64, error) {
		m, err := matcher.New(t.Pool.Lexicon, t.Profile)
		if err != nil {
			return nil, err
		}
		all := t.candidates()
		fits := make([]matcher.Fit, len(all))
		place := make([]int, len(all))
		for i, c := range all {
			fits[i] = m.Assess(t.Pool.prepared[c], t.AsOf)
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

// Run ranks and measures one task.
func (m Method) Run(t *Task, o matcher.Order) (Quality, error) {
	list, err := m.order(t, o)
	if err != nil {
		return Quality{}, err
	}
	grades := make([]int, len(list))
	for i, c := range list {
		grades[i] = t.Grades[o][t.Pool.Notices[c].ID]
	}
	return Measure(grades), nil
}
