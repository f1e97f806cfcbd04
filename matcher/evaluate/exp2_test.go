package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/notice/words"
)

type vec map[string]float64

type expPool struct {
	p    *Pool
	stem []vec
	char []vec
	buyer map[string]int
}

func stemsOf(n *notice.Notice, bigrams bool) []string {
	var out []string
	add := func(s string, w int) {
		toks := words.Tokens(s)
		prev := ""
		for _, t := range toks {
			if words.Stop(t.Stem) || t.Stem[0] >= '0' && t.Stem[0] <= '9' { continue }
			for range w { out = append(out, t.Stem) }
			if bigrams && prev != "" && !t.Gap { out = append(out, prev+"_"+t.Stem) }
			prev = t.Stem
		}
	}
	add(n.Title.Value, 3)
	add(n.Description.Value, 1)
	for i := range n.Lots {
		l := &n.Lots[i]
		if l.Title.Value != n.Title.Value { add(l.Title.Value, 2) }
		if l.Description.Value != n.Description.Value { add(l.Description.Value, 1) }
		for _, c := range l.CPV { name, _ := c.Value.Code.Name(); add(name, 1) }
	}
	return out
}

func charsOf(n *notice.Notice) []string {
	var out []string
	add := func(s string, w int) {
		for _, word := range plainWords(s) {
			if len(word) < 3 { continue }
			word = " " + word + " "
			for k := 4; k <= 5; k++ {
				for i := 0; i+k <= len(word); i++ {
					for range w { out = append(out, word[i:i+k]) }
				}
			}
		}
	}
	add(n.Title.Value, 3)
	add(n.Description.Value, 1)
	for i := range n.Lots {
		l := &n.Lots[i]
		if l.Title.Value != n.Title.Value { add(l.Title.Value, 2) }
		if l.Description.Value != n.Description.Value { add(l.Description.Value, 1) }
	}
	return out
}

func vectors(texts [][]string) []vec {
	df := map[string]int{}
	cs := make([]map[string]int, len(texts))
	for i, t := range texts {
		cs[i] = map[string]int{}
		for _, w := range t { cs[i][w]++ }
		for w := range cs[i] { df[w]++ }
	}
	out := make([]vec, len(texts))
	n := float64(len(texts))
	for i := range texts {
		v := vec{}
		l := 0.0
		for w, c := range cs[i] {
			if df[w] < 2 { continue }
			x := (1 + math.Log(float64(c))) * math.Log(1+(n-float64(df[w])+.5)/(float64(df[w])+.5))
			v[w] = x
			l += x * x
		}
		for w := range v { v[w] /= math.Sqrt(l) }
		out[i] = v
	}
	return out
}

func cosv(a, b vec) float64 {
	if len(a) > len(b) { a, b = b, a }
	s := 0.0
	for w, x := range a { s += x * b[w] }
	return s
}

func newExp(p *Pool) *expPool {
	e := &expPool{p: p, buyer: map[string]int{}}
	var a, b [][]string
	for _, n := range p.Notices {
		a = append(a, stemsOf(n, true))
		b = append(b, charsOf(n))
		e.buyer[notice.NameKey(n.Buyer.Name.Value)]++
	}
	e.stem, e.char = vectors(a), vectors(b)
	return e
}

type params struct{ best, cpv, value, buyer, fit, chr float64 }

func codesOf(n *notice.Notice) []cpv.Code {
	var out []cpv.Code
	for i := range n.Lots { for _, c := range n.Lots[i].CPV { if !slices.Contains(out, c.Value.Code) { out = append(out, c.Value.Code) } } }
	return out
}

func valueOf(n *notice.Notice) float64 {
	for _, a := range n.Awards { if a.Value.Net.Known() { return float64(a.Value.Net.Value) } }
	if n.Value.Net.Known() { return float64(n.Value.Net.Value) }
	if n.Value.Gross.Known() { return float64(n.Value.Gross.Value) / 1.2 }
	return 0
}

func (e *expPool) method(name string, q params) Method {
	idx := map[*notice.Notice]int{}
	for i, n := range e.p.Notices { idx[n] = i }
	return Method{name, func(t *Task, o matcher.Order) ([]float64, error) {
		fig := make([]float64, len(t.candidates()))
		sim := func(vs []vec, c int) float64 {
			best, cent := 0.0, vec{}
			for _, w := range t.Wins {
				v := vs[idx[w]]
				best = max(best, cosv(v, vs[c]))
				for k, x := range v { cent[k] += x }
			}
			l := 0.0
			for _, x := range cent { l += x * x }
			return q.best*best + (1-q.best)*cosv(cent, vs[c])/math.Sqrt(max(l, 1e-9))
		}
		var bf []float64
		if q.fit > 0 {
			m, err := matcher.New(t.Pool.Lexicon, t.Profile)
			if err != nil { return nil, err }
			for _, c := range t.candidates() {
				f := m.Assess(t.Pool.prepared[c], t.AsOf)
				bf = append(bf, float64(f.Relevance)/100)
			}
		}
		for i, c := range t.candidates() {
			n := e.p.Notices[c]
			s := (1-q.chr)*sim(e.stem, c)
			if q.chr > 0 { s += q.chr * sim(e.char, c) }
			cp := 0.0
			for _, w := range t.Wins { for _, a := range codesOf(w) { for _, b := range codesOf(n) {
				if x := cpv.Common(a, b); x != 0 { cp = max(cp, float64(min(x.Level(), 5)-1)/4) } } } }
			val := 0.0
			if q.value > 0 {
				if v := valueOf(n); v > 0 {
					d := math.Inf(1)
					for _, w := range t.Wins { if x := valueOf(w); x > 0 { d = min(d, math.Abs(math.Log10(v/x))) } }
					if !math.IsInf(d, 1) { val = math.Exp(-d) } else { val = .5 }
				} else { val = .5 }
			}
			bu := 0.0
			k := notice.NameKey(n.Buyer.Name.Value)
			for _, w := range t.Wins { if notice.NameKey(w.Buyer.Name.Value) == k {
				bu = math.Log(float64(len(e.p.Notices))/float64(e.buyer[k])) / math.Log(float64(len(e.p.Notices))) } }
			fit := 1.0
			if q.fit > 0 { fit = 1 + q.fit*bf[i] }
			fig[i] = s * (1 + q.cpv*cp) * (1 + q.value*val) * (1 + q.buyer*bu) * fit
		}
		return fig, nil
	}}
}

func TestExp2(t *testing.T) {
	type set struct{ name string; tasks []Task; e *expPool }
	var sets []set
	for _, file := range []string{
		noticetest.Shared(t, "data", "award-history", "contracts-finder-2020.jsonl.gz"),
		noticetest.Shared(t, "data", "award-history", "lancashire-councils.jsonl.gz"),
		noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz"),
	} {
		all := load(t, file)
		var aw []*notice.Notice
		for _, n := range all { if len(suppliers(n)) > 0 { aw = append(aw, n) } }
		l := matcher.Learn(slices.Values(all))
		tasks := Awards(l, suggest0, aw)
		sets = append(sets, set{file[strings.LastIndex(file, "/")+1:][:10], tasks, newExp(tasks[0].Pool)})
	}
	base := make([]float64, 3)
	run := func(name string, mk func(s set) Method) {
		line := fmt.Sprintf("%-40s", name)
		for i, s := range sets {
			var qs []Quality
			m := mk(s)
			for j := range s.tasks {
				q, err := m.Run(&s.tasks[j], matcher.OrderRelevance)
				if err != nil { t.Fatal(err) }
				qs = append(qs, q)
			}
			q := Mean(qs)
			if name == "tfidf" { base[i] = q.RR }
			line += fmt.Sprintf(" | %.3f %.2fx pct %.2f", q.RR, q.RR/base[i], q.Percentile)
		}
		fmt.Println(line)
	}
	run("tfidf", func(s set) Method { return Baselines()[3] })
	run("bidfit", func(s set) Method { return Bidfit() })
	for _, q := range []params{
		{0, 0, 0, 0, 0, 0}, {.5, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0},
		{.5, .3, 0, 0, 0, 0}, {.5, .3, .3, .5, 0, 0}, {.5, 1, .3, .5, 0, 0}, {.5, 1, .3, 1, 0, 0},
		{.5, .3, .3, .5, 1, 0}, {.5, .3, .3, .5, 3, 0}, {.5, 1, .3, 1, 3, 0}, {.5, 1, .3, 1, 10, 0}, {.7, 1, .5, 1, 5, 0},
		{.5, .3, .15, .25, 0, 1}, {.5, .3, .3, .5, 0, .5}, {.5, 1, .3, 1, 3, .5}, {.5, 1, .5, 2, 3, .5},
	} {
		run(fmt.Sprintf("%+v", q), func(s set) Method { return s.e.method("x", q) })
	}
}
