package evaluate

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
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

var update = flag.Bool("update", false, "write the ranking figures anew")

// published reads the notices of a file of releases, in the order of their first release.
func published(t testing.TB, file string) []*notice.Notice {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	releases := map[string][]notice.Release{}
	var order []string
	for item, err := range ocds.Decode(context.Background(), f, file) {
		if err != nil {
			t.Fatal(err)
		}
		if r := item.Release; r != nil {
			if releases[r.OCID] == nil {
				order = append(order, r.OCID)
			}
			releases[r.OCID] = append(releases[r.OCID], *r)
		}
	}
	var all []*notice.Notice
	for _, ocid := range order {
		list, err := ocds.Project(ocid, releases[ocid])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

// judgedTasks reads a judged set.
func judgedTasks(t testing.TB, dir string, notices []*notice.Notice, asOf time.Time) []Task {
	t.Helper()
	files := [2]string{filepath.Join(dir, "profiles.jsonl"), filepath.Join(dir, "judgements.tsv")}
	set := JudgedSet{Files: files}
	for i, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if i == 0 {
			set.Profiles, err = profiles.Decode(f, file)
		} else {
			set.Judgements, err = ReadJudgements(f, file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	tasks, missing, err := Judged(matcher.Learn(slices.Values(notices)), set, notices, asOf)
	if err != nil || len(missing.OCIDs) > 0 {
		t.Fatalf("missing %v: %v", missing.OCIDs, err)
	}
	return tasks
}

func (q Quality) String() string {
	return fmt.Sprintf("%.3f %.3f %.3f", q.NDCG10, q.Recall20, q.MRR)
}

// thinned is a profile with 35 % of its keywords and 40 % of its codes dropped.
func thinned(p profiles.Profile, rng *rand.Rand) profiles.Profile {
	p.Keywords = slices.DeleteFunc(slices.Clone(p.Keywords), func(string) bool { return rng.IntN(100) < 35 })
	p.CPV = slices.DeleteFunc(slices.Clone(p.CPV), func(cpv.Code) bool { return rng.IntN(100) < 40 })
	return p
}

// quality is how good bidfit is on one task.
func quality(t testing.TB, task Task, o matcher.Order) (Quality, bool) {
	t.Helper()
	figures, err := Bidfit().Rank(&task, o)
	if err != nil {
		t.Fatal(err)
	}
	grades, positives := task.grades(o)
	return Measure(figures, grades), positives > 0
}

// judgedStats are the figures of a judged set: list by list, all methods, and with thinner profiles.
func judgedStats(t testing.TB, tasks []Task) string {
	var out strings.Builder
	var thin []Quality
	rng := rand.New(rand.NewPCG(1, 2))
	fmt.Fprintf(&out, "%d profiles, %d notices, as of %s\n\n", len(tasks), len(tasks[0].Pool.Notices), tasks[0].AsOf.Format("2 January 2006"))
	for _, task := range tasks {
		fmt.Fprintf(&out, "%-16s", task.Name)
		for _, o := range []matcher.Order{matcher.OrderRelevance, matcher.OrderScore} {
			if q, ok := quality(t, task, o); ok {
				fmt.Fprintf(&out, "   %s %v", o, q)
			}
		}
		fmt.Fprintln(&out)
		for range 4 {
			less := task
			less.Profile = thinned(task.Profile, rng)
			if q, ok := quality(t, less, matcher.OrderRelevance); ok {
				thin = append(thin, q)
			}
		}
	}
	fmt.Fprintf(&out, "%-16s   relevance %v (35 %% of keywords and 40 %% of codes dropped, four times each)\n\n", "thinned", Mean(thin))
	for _, o := range []matcher.Order{matcher.OrderRelevance, matcher.OrderScore} {
		out.WriteString(rows(t, SetJudged, tasks, o))
	}
	return out.String()
}

func rows(t testing.TB, set Set, tasks []Task, o matcher.Order) string {
	t.Helper()
	table, err := Run(context.Background(), set, tasks, o, false)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, r := range table.Rows {
		fmt.Fprintf(&out, "%s %-9s  %-6s %2d lists  %v  hit %.3f  percentile %4.1f  %s %.3f–%.3f\n",
			r.Set, r.Order, r.Method, r.N, r.Quality, r.Hit10, r.MeanPercentile, set.Main(), r.Low, r.High)
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
		keep("bundled judged set", judgedStats(t, judgedTasks(t, filepath.Join(dir, "judged"), published(t, filepath.Join(dir, "notices.jsonl")), asOf)))
	})
	t.Run("judged", func(t *testing.T) {
		dir := noticetest.Shared(t, "data", "judged")
		notices := published(t, noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz"))
		keep("shared judged set", judgedStats(t, judgedTasks(t, dir, notices, time.Date(2026, 8, 11, 0, 0, 0, 0, notice.London))))
	})
	for _, path := range [][]string{
		{"award-history", "contracts-finder-2020.jsonl.gz"}, {"award-history", "lancashire-councils.jsonl.gz"}, {"notices", "find-a-tender.jsonl.gz"},
	} {
		t.Run(path[1], func(t *testing.T) {
			notices := published(t, noticetest.Shared(t, append([]string{"data"}, path...)...))
			b := Awards(matcher.Learn(slices.Values(notices)), FromWins, notices)
			keep("awards of shared "+strings.TrimSuffix(path[1], ".jsonl.gz"), rows(t, SetAwards, b.Tasks, matcher.OrderRelevance))
		})
	}
	if *update && changed {
		if err := os.WriteFile(file, []byte("== "+strings.Join(parts, "\n== ")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
