package matcher

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/profiles"
)

var update = flag.Bool("update", false, "write the golden files anew")

// quality is how good a ranked list is.
type quality struct{ ndcg, recall, mrr float64 }

// rank measures a ranked list of OCIDs against grades: nDCG of the first ten
// (the gain of a grade g is 2^g - 1), the part of the positives (grade 2 and 3) among the first twenty, and
// one over the place of the first positive.
func rank(list []string, grade map[string]int) quality {
	gain := func(g, place int) float64 { return (math.Pow(2, float64(g)) - 1) / math.Log2(float64(place)+2) }
	var q quality
	var best []int
	positives := 0
	for _, g := range grade {
		best = append(best, g)
		if g >= 2 {
			positives++
		}
	}
	slices.SortFunc(best, func(a, b int) int { return b - a })
	var got, ideal float64
	for i, g := range best[:min(10, len(best))] {
		ideal += gain(g, i)
	}
	for i, ocid := range list {
		g := grade[ocid]
		if i < 10 {
			got += gain(g, i)
		}
		if g >= 2 {
			if i < 20 {
				q.recall += 1 / float64(positives)
			}
			if q.mrr == 0 {
				q.mrr = 1 / float64(i+1)
			}
		}
	}
	if ideal > 0 {
		q.ndcg = got / ideal
	}
	return q
}

// mean is the mean of some qualities.
func mean(list []quality) quality {
	var m quality
	for _, q := range list {
		m.ndcg += q.ndcg / float64(len(list))
		m.recall += q.recall / float64(len(list))
		m.mrr += q.mrr / float64(len(list))
	}
	return m
}

func (q quality) String() string { return fmt.Sprintf("%.3f %.3f %.3f", q.ndcg, q.recall, q.mrr) }

// bench is a judged set made ready.
type bench struct {
	*judged
	lexicon *Lexicon
	open    []*Opportunity
}

func newBench(t testing.TB) *bench {
	b := &bench{judged: readJudged(t)}
	b.lexicon = Learn(slices.Values(b.notices))
	for _, n := range b.judged.open {
		b.open = append(b.open, b.lexicon.Prepare(n))
	}
	return b
}

// fits assesses all open notices for a profile, in an order.
func (b *bench) fits(t testing.TB, p profiles.Profile, order Order) []Fit {
	t.Helper()
	m, err := New(b.lexicon, p)
	if err != nil {
		t.Fatal(err)
	}
	fits := make([]Fit, len(b.open))
	for i, o := range b.open {
		fits[i] = m.Assess(o, b.asOf)
	}
	slices.SortFunc(fits, Compare(order))
	return fits
}

// measure ranks all open notices for a profile and measures both orders.
func (b *bench) measure(t testing.TB, p profiles.Profile) (relevance, shortlist quality) {
	t.Helper()
	byRelevance, byShortlist := map[string]int{}, map[string]int{}
	for ocid, g := range b.grades[p.ID] {
		byRelevance[ocid], byShortlist[ocid] = g.relevance, g.shortlist
	}
	list := func(order Order) (ocids []string) {
		for _, f := range b.fits(t, p, order) {
			ocids = append(ocids, f.OCID)
		}
		return ocids
	}
	return rank(list(OrderRelevance), byRelevance), rank(list(OrderScore), byShortlist)
}

// hasShortlist reports whether anything on the shortlist of a profile is positive.
func (b *bench) hasShortlist(p profiles.Profile) bool {
	for _, g := range b.grades[p.ID] {
		if g.shortlist >= 2 {
			return true
		}
	}
	return false
}

// thinned is a profile with 35 % of its keywords and 40 % of its codes dropped.
func thinned(p profiles.Profile, rng *rand.Rand) profiles.Profile {
	p.Keywords = slices.DeleteFunc(slices.Clone(p.Keywords), func(string) bool { return rng.IntN(100) < 35 })
	p.CPV = slices.DeleteFunc(slices.Clone(p.CPV), func(cpv.Code) bool { return rng.IntN(100) < 40 })
	return p
}

// TestRankStats keeps the ranking figures of the shared judged set in a golden
// file, so that a changed weight shows as a changed number.
func TestRankStats(t *testing.T) {
	b := newBench(t)
	var out strings.Builder
	fmt.Fprintf(&out, "%d profiles, %d open notices, as of %s; nDCG@10 with gain 2^grade - 1, recall@20, MRR\n\n",
		len(b.profiles), len(b.open), b.asOf.In(notice.London).Format("2 January 2006"))
	var relevance, shortlist, thin []quality
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range b.profiles {
		r, s := b.measure(t, p)
		relevance = append(relevance, r)
		fmt.Fprintf(&out, "%-10s relevance %v", p.ID, r)
		if b.hasShortlist(p) {
			shortlist = append(shortlist, s)
			fmt.Fprintf(&out, "   shortlist %v", s)
		}
		fmt.Fprintln(&out)
		for range 4 {
			r, _ := b.measure(t, thinned(p, rng))
			thin = append(thin, r)
		}
	}
	fmt.Fprintf(&out, "\n%-10s relevance %v   shortlist %v\n", "mean", mean(relevance), mean(shortlist))
	fmt.Fprintf(&out, "%-10s relevance %v   (35 %% of keywords and 40 %% of codes dropped, four times each)\n", "thinned", mean(thin))
	golden(t, "testdata/rank_stats.txt", out.String())
}

// golden compares text with a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
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
