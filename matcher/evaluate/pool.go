package evaluate

import (
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"bidfit/matcher"
	"bidfit/notice"
)

// Pool is notices made ready to be ranked by every method, in order of ID.
type Pool struct {
	Notices  []*notice.Notice
	Lexicon  *matcher.Lexicon // what bidfit ranks with
	prepared []*matcher.Opportunity
	number   map[string]int // of each word, in order of words: sums are added up in one order on every run
	texts    []counted
	length   float64 // words of a notice, on average
	texters  []int   // how many notices use a word
}

// counted is a text by its words.
type counted struct {
	words  []count // in order of word
	length int
}

type count struct{ word, n int }

// NewPool makes notices ready, on all processors.
func NewPool(l *matcher.Lexicon, notices []*notice.Notice) *Pool {
	p := &Pool{Notices: slices.Clone(notices), Lexicon: l, number: map[string]int{}}
	slices.SortFunc(p.Notices, func(a, b *notice.Notice) int { return strings.Compare(a.ID, b.ID) })
	p.prepared = make([]*matcher.Opportunity, len(notices))
	p.texts = make([]counted, len(notices))
	texts := make([][]string, len(notices))
	parallel(len(notices), func(i int) {
		p.prepared[i] = l.Prepare(p.Notices[i])
		texts[i] = plainWords(textOf(p.Notices[i]))
	})
	all := map[string]bool{}
	for _, text := range texts {
		for _, w := range text {
			all[w] = true
		}
	}
	for i, w := range slices.Sorted(maps.Keys(all)) {
		p.number[w] = i
	}
	p.texters = make([]int, len(all))
	total := 0
	for i, text := range texts {
		p.texts[i] = p.count(text)
		total += len(text)
		for _, c := range p.texts[i].words {
			p.texters[c.word]++
		}
	}
	p.length = float64(total) / float64(max(1, len(notices)))
	return p
}

// parallel does something for each of n, on all processors.
func parallel(n int, do func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}

// textOf is all that a notice says of what is bought, each text once.
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

// plainWords are the words of a text of two letters or digits and more, in small letters, as they stand.
func plainWords(text string) []string {
	all := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(all, func(w string) bool { return utf8.RuneCountInString(w) < 2 })
}

// count counts the words that the pool knows; the length is that of the whole text.
func (p *Pool) count(text []string) counted {
	n := map[int]int{}
	for _, w := range text {
		if i, ok := p.number[w]; ok {
			n[i]++
		}
	}
	c := counted{length: len(text)}
	for _, w := range slices.Sorted(maps.Keys(n)) {
		c.words = append(c.words, count{w, n[w]})
	}
	return c
}

// vector is a text as TF-IDF has it, of length 1: raw counts times ln((1 + N) / (1 + n)) + 1.
func (p *Pool) vector(c counted) []float64 {
	v := make([]float64, len(c.words))
	square := 0.0
	for i, w := range c.words {
		v[i] = float64(w.n) * (math.Log(float64(1+len(p.Notices))/float64(1+p.texters[w.word])) + 1)
		square += v[i] * v[i]
	}
	if square > 0 {
		for i := range v {
			v[i] /= math.Sqrt(square)
		}
	}
	return v
}
