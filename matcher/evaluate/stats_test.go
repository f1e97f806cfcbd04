package evaluate_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/matcher/evaluate/evaluatetest"
	"bidfit/notice"
	"bidfit/notice/ocds/ocdstest"
)

var update = flag.Bool("update", false, "write the ranking figures anew")

// draws is how often each profile is thinned.
const draws = 20

// judgedStats are the figures of a judged set: list by list, all methods, and with thinner profiles.
func judgedStats(t testing.TB, tasks []evaluate.Task) string {
	var out strings.Builder
	var thin []evaluate.Quality
	rng := rand.New(rand.NewPCG(1, 2))
	measure := func(task *evaluate.Task, o matcher.Order) (evaluate.Quality, bool) {
		q, ok, err := task.Measure(evaluate.Bidfit(), o)
		if err != nil {
			t.Fatal(err)
		}
		return q, ok
	}
	fmt.Fprintf(&out, "%d profiles, %d notices, as of %s\n\n", len(tasks), len(tasks[0].Pool.Notices), tasks[0].AsOf.Format("2 January 2006"))
	for _, task := range tasks {
		fmt.Fprintf(&out, "%-16s", task.Name)
		for _, o := range []matcher.Order{matcher.OrderRelevance, matcher.OrderScore} {
			if q, ok := measure(&task, o); ok {
				fmt.Fprintf(&out, "   %s %s", o, figures(q))
			}
		}
		fmt.Fprintln(&out)
		for range draws {
			less := task
			less.Profile = evaluatetest.Thinned(task.Profile, rng)
			if q, ok := measure(&less, matcher.OrderRelevance); ok {
				thin = append(thin, q)
			}
		}
	}
	fmt.Fprintf(&out, "%-16s   relevance %s (35 %% of keywords and 40 %% of codes dropped, %d times each)\n\n", "thinned", figures(evaluate.Mean(thin)), draws)
	for _, o := range []matcher.Order{matcher.OrderRelevance, matcher.OrderScore} {
		out.WriteString(rows(t, evaluate.SetJudged, tasks, o))
	}
	return out.String()
}

func figures(q evaluate.Quality) string {
	return fmt.Sprintf("%.3f %.3f %.3f", q.NDCG10, q.Recall20, q.MRR)
}

func rows(t testing.TB, set evaluate.Set, tasks []evaluate.Task, o matcher.Order) string {
	t.Helper()
	table, err := evaluate.Run(context.Background(), set, tasks, o, false)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, r := range table.Rows {
		fmt.Fprintf(&out, "%s %-9s  %-6s %2d lists  %s  hit %.3f  percentile %4.1f  %s %.3f–%.3f\n",
			r.Set, r.Order, r.Method, r.N, figures(r.Quality), r.Hit10, r.MeanPercentile, set.Main(), r.Low, r.High)
	}
	return out.String()
}

// TestRankStats keeps the ranking figures in a golden file, so that a changed weight shows as a changed
// number: those of the bundled judged set, and those of the shared data where that is beside the
// checkout. The three figures after a name are nDCG@10, recall@20 and MRR. Each part of the file begins with its name after "== ".
func TestRankStats(t *testing.T) {
	const file = "../testdata/rank_stats.txt"
	encoded, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	parts := strings.Split("\n"+string(encoded), "\n== ")[1:]
	changed := false
	keep := func(name, got string) {
		got = name + "\n" + got
		i := slices.IndexFunc(parts, func(p string) bool { return strings.HasPrefix(p, name+"\n") })
		switch {
		case !*update && i < 0:
			t.Errorf("%s has no part %q; go test -update writes it", file, name)
		case !*update && parts[i] != got:
			t.Errorf("%s: %s has changed; where that is meant, go test -update writes it anew\ngot:\n%s\nwant:\n%s", file, name, got, parts[i])
		case i < 0:
			parts = append(parts, got)
		default:
			parts[i] = got
		}
		changed = true
	}
	t.Run("bundled", func(t *testing.T) {
		dir := filepath.Join("..", "..", "cmd", "bidfit", "sample")
		asOf := time.Date(2026, 6, 24, 0, 0, 0, 0, notice.London)
		notices := ocdstest.Published(t, filepath.Join(dir, "notices.jsonl"))
		keep("bundled judged set", judgedStats(t, evaluatetest.Judged(t, filepath.Join(dir, "judged"), notices, asOf)))
	})
	t.Run("judged", func(t *testing.T) {
		tasks, _ := evaluatetest.SharedJudged(t)
		keep("shared judged set", judgedStats(t, tasks))
	})
	for _, path := range evaluatetest.Histories {
		t.Run(path[1], func(t *testing.T) {
			b := evaluatetest.Awards(t, path)
			keep("awards of shared "+strings.TrimSuffix(path[1], ".jsonl.gz"), rows(t, evaluate.SetAwards, b.Tasks, matcher.OrderRelevance))
		})
	}
	if *update && changed {
		if err := os.WriteFile(file, []byte("== "+strings.Join(parts, "\n== ")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
