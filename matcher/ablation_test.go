package matcher_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/matcher/evaluate/evaluatetest"
)

// golden compares text with a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *matcher.Update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; where that is meant, go test -update writes it anew\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// measured is how good a method is on each of some tasks that have something to be found.
func measured(t *testing.T, tasks []evaluate.Task, method evaluate.Method, o matcher.Order) []evaluate.Quality {
	t.Helper()
	all, found, errs := make([]evaluate.Quality, len(tasks)), make([]bool, len(tasks)), make([]error, len(tasks))
	var wait sync.WaitGroup
	for i := range tasks {
		wait.Go(func() { all[i], found[i], errs[i] = tasks[i].Measure(method, o) })
	}
	wait.Wait()
	var kept []evaluate.Quality
	for i := range tasks {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if found[i] {
			kept = append(kept, all[i])
		}
	}
	return kept
}

// changed are tasks as a variant has them: with its profiles, and with its lexicon.
func changed(tasks []evaluate.Task, v matcher.Variant) []evaluate.Task {
	list := make([]evaluate.Task, len(tasks))
	pools := map[*evaluate.Pool]*evaluate.Pool{}
	for i, k := range tasks {
		if l, anew := v.Lexicon(k.Pool.Lexicon); anew {
			if pools[k.Pool] == nil {
				pools[k.Pool] = evaluate.NewPool(l, k.Pool.Notices)
			}
			k.Pool = pools[k.Pool]
		}
		k.Profile = v.Profile(k.Profile)
		list[i] = k
	}
	return list
}

// thinned is every task with each of some thinner profiles in place of its own.
func thinned(tasks []evaluate.Task, draws int) []evaluate.Task {
	rng := rand.New(rand.NewPCG(1, 2))
	var list []evaluate.Task
	for _, k := range tasks {
		whole := k.Profile
		for range draws {
			k.Profile = evaluatetest.Thinned(whole, rng)
			list = append(list, k)
		}
	}
	return list
}

// row is what a variant does to judged tasks.
func row(t *testing.T, tasks, thin []evaluate.Task, v matcher.Variant) string {
	whole := changed(tasks, v)
	r := evaluate.Mean(measured(t, whole, evaluate.Bidfit(), matcher.OrderRelevance))
	s := evaluate.Mean(measured(t, whole, evaluate.Bidfit(), matcher.OrderScore))
	th := evaluate.Mean(measured(t, changed(thin, v), evaluate.Bidfit(), matcher.OrderRelevance))
	return fmt.Sprintf("%-26s %.3f/%.3f  %.3f    %.3f/%.3f ", v.Name, r.NDCG10, r.Recall20, th.NDCG10, s.NDCG10, s.Recall20)
}

// TestAblations keeps what each piece of the ranking is worth, on the judged set and on award history, in a golden file.
func TestAblations(t *testing.T) {
	if !*matcher.Long {
		t.Skip("takes minutes: -long makes it")
	}
	judged, notices := evaluatetest.SharedJudged(t)
	thin := thinned(judged, 5)
	var histories [][]evaluate.Task
	var out strings.Builder
	fmt.Fprintln(&out, "relevance and shortlist: nDCG@10/recall@20; thinned: nDCG@10, five times each; awards: MRR, and mean percentile (0 the top)")
	fmt.Fprintf(&out, "\n%-26s %-12s %-8s %-12s", "", "relevance", "thinned", "shortlist")
	for _, path := range evaluatetest.Histories {
		b := evaluatetest.Awards(t, path)
		histories = append(histories, b.Tasks)
		name := strings.TrimSuffix(path[1], ".jsonl.gz")
		fmt.Fprintf(&out, " %-18s", fmt.Sprintf("%.13s (%d)", name, len(b.Tasks)))
	}
	awards := func(tasks []evaluate.Task, method evaluate.Method) {
		q := evaluate.Mean(measured(t, tasks, method, matcher.OrderRelevance))
		fmt.Fprintf(&out, " %-18s", fmt.Sprintf("%.3f %5.2f", q.MRR, q.MeanPercentile))
	}
	for _, method := range evaluate.Baselines() {
		fmt.Fprintf(&out, "\n%-26s %-12s %-8s %-12s", method.Name, "", "", "")
		for _, h := range histories {
			awards(h, method)
		}
	}
	fmt.Fprintln(&out)
	for _, v := range matcher.Variants {
		v.Changed(func() {
			out.WriteString(row(t, judged, thin, v))
			for _, h := range histories {
				awards(changed(h, v), evaluate.Bidfit())
			}
			fmt.Fprintln(&out)
		})
	}
	fmt.Fprintf(&out, "\nwhat the lexicon was learned from\n")
	for _, l := range matcher.Schoolings(t, notices) {
		pool := evaluate.NewPool(l.Lexicon, judged[0].Pool.Notices)
		for _, tasks := range [][]evaluate.Task{judged, thin} {
			for i := range tasks {
				tasks[i].Pool = pool
			}
		}
		fmt.Fprintln(&out, strings.TrimRight(row(t, judged, thin, matcher.Variant{Name: l.Name}), " "))
	}
	golden(t, "testdata/ablations.txt", out.String())
}

// TestLeaveOneProfileOut chooses the mixture on seven profiles, out of many drawn at random, and measures it on the eighth.
func TestLeaveOneProfileOut(t *testing.T) {
	if !*matcher.Long {
		t.Skip("takes minutes: -long makes it")
	}
	const mixtures, draws = 150, 3
	tasks, _ := evaluatetest.SharedJudged(t)
	thin := thinned(tasks, draws)
	type figures struct {
		whole, thin, shortlist evaluate.Quality
		shortlisted            bool
	}
	all := make([][]figures, mixtures) // by mixture and profile
	rng := rand.New(rand.NewPCG(5, 6))
	for m := range all {
		all[m] = make([]figures, len(tasks))
		v := matcher.Mixture(rng)
		v.Changed(func() {
			whole, less := changed(tasks, v), changed(thin, v)
			relevance := measured(t, whole, evaluate.Bidfit(), matcher.OrderRelevance)
			thinner := measured(t, less, evaluate.Bidfit(), matcher.OrderRelevance)
			for i := range tasks {
				f := figures{whole: relevance[i], thin: evaluate.Mean(thinner[i*draws : (i+1)*draws])}
				if q := measured(t, whole[i:i+1], evaluate.Bidfit(), matcher.OrderScore); len(q) > 0 {
					f.shortlist, f.shortlisted = q[0], true
				}
				all[m][i] = f
			}
		})
	}
	var whole, less, short []evaluate.Quality
	for out := range tasks {
		best, most := 0, -1.0
		for m := range all {
			sum := 0.0
			for i, f := range all[m] {
				if i != out {
					sum += f.whole.NDCG10 + f.whole.Recall20/2 + f.thin.NDCG10/2
				}
			}
			if sum > most {
				best, most = m, sum
			}
		}
		f := all[best][out]
		whole, less = append(whole, f.whole), append(less, f.thin)
		if f.shortlisted {
			short = append(short, f.shortlist)
		}
	}
	line := func(list []evaluate.Quality) string {
		q := evaluate.Mean(list)
		return fmt.Sprintf("%.3f %.3f %.3f", q.NDCG10, q.Recall20, q.MRR)
	}
	golden(t, "testdata/leave_one_out.txt", fmt.Sprintf(
		"the best of %d random mixtures on seven profiles, measured on the eighth: nDCG@10, recall@20, MRR\nrelevance %s\nthinned   %s\nshortlist %s\n",
		mixtures, line(whole), line(less), line(short)))
}
