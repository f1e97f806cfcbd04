package desk_test

import (
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/profiles"
	"bidfit/suggest"
)

// TestSuggestOnJudged drafts a profile of each judged one's description alone, and holds it against the profile written by hand.
func TestSuggestOnJudged(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	var sources []desk.Source
	for _, file := range noticetest.Notices(t) {
		sources = append(sources, desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if _, err := d.Ingest(t.Context(), sources, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	file := noticetest.Shared(t, "data", "judged", "profiles.jsonl")
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	hand, err := profiles.Decode(f, file)
	if err != nil {
		t.Fatal(err)
	}
	grades := map[string]map[string]int{}
	table, err := os.ReadFile(noticetest.Shared(t, "data", "judged", "judgements.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		cell := strings.Split(line, "\t")
		if g, err := strconv.Atoi(cell[2]); err == nil {
			if grades[cell[0]] == nil {
				grades[cell[0]] = map[string]int{}
			}
			grades[cell[0]][cell[1]] = g
		}
	}
	day := time.Date(2026, 8, 11, 0, 0, 0, 0, notice.London)
	ndcg := func(p profiles.Profile, grade map[string]int) float64 {
		if _, err := d.PutProfile(t.Context(), p, day); err != nil {
			t.Fatal(err)
		}
		r, err := d.Match(t.Context(), p.ID, desk.MatchOptions{AsOf: day, Order: matcher.OrderRelevance})
		if err != nil {
			t.Fatal(err)
		}
		var best []int
		for _, g := range grade {
			best = append(best, g)
		}
		slices.SortFunc(best, func(a, b int) int { return b - a })
		got, ideal, place := 0.0, 0.0, 0
		gain := func(g, i int) float64 { return (math.Pow(2, float64(g)) - 1) / math.Log2(float64(i)+2) }
		for i, g := range best[:min(10, len(best))] {
			ideal += gain(g, i)
		}
		for _, f := range r.Fits {
			n, err := d.Notice(t.Context(), f.ID())
			if err != nil {
				t.Fatal(err)
			}
			if n.Publisher != notice.FindATender { // the others are not judged
				continue
			}
			if got += gain(grade[f.OCID], place); place == 9 {
				break
			}
			place++
		}
		return got / ideal
	}
	var sumHand, sumText, sumDraft float64
	for _, p := range hand {
		draft, err := d.SuggestText(t.Context(), p.Description)
		if err != nil {
			t.Fatal(err)
		}
		if err := draft.Profile.Check(); err != nil {
			t.Error(err)
		}
		classes, groups := 0, 0
		first := draft.Codes[:min(10, len(draft.Codes))]
		for _, c := range p.CPV {
			if slices.ContainsFunc(first, func(x suggest.Code) bool { return x.Code.At(cpv.Class) == c.At(cpv.Class) }) {
				classes++
			}
			if slices.ContainsFunc(first, func(x suggest.Code) bool { return x.Code.At(cpv.Group) == c.At(cpv.Group) }) {
				groups++
			}
		}
		barred := 0
		h := ndcg(p, grades[p.ID])
		bare := profiles.Profile{ID: "bare", Name: "x", Description: p.Description}
		b := ndcg(bare, grades[p.ID])
		s := ndcg(draft.Profile, grades[p.ID])
		sumHand, sumText, sumDraft = sumHand+h, sumText+b, sumDraft+s
		r, err := d.Match(t.Context(), "draft", desk.MatchOptions{AsOf: day})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Fits {
			if grades[p.ID][f.OCID] >= 2 && slices.ContainsFunc(f.Gates, func(g matcher.Gate) bool { return g.Gate == "exclude" && g.State == matcher.GateBarred }) {
				barred++
			}
		}
		fmt.Printf("%s: classes %d, groups %d of %d codes; nDCG@10 by hand %.3f, text alone %.3f, draft %.3f; relevant barred %d\n", p.ID, classes, groups, len(p.CPV), h, b, s, barred)
		if os.Getenv("ABL") != "" {
			v := draft.Profile
			v.CPV = nil
			w := draft.Profile
			w.Keywords = nil
			x := draft.Profile
			x.Keywords = p.Keywords
			y := draft.Profile
			y.CPV = p.CPV
			z := p
			z.CPV = nil
			fmt.Printf("    no codes %.3f, no keywords %.3f, hand keywords %.3f, hand codes %.3f, hand without codes %.3f\n", ndcg(v, grades[p.ID]), ndcg(w, grades[p.ID]), ndcg(x, grades[p.ID]), ndcg(y, grades[p.ID]), ndcg(z, grades[p.ID]))
		}
		if os.Getenv("SHOW") != "" {
			for _, c := range draft.Codes {
				fmt.Printf("   %v %s %s %d/%d — %s\n", c.Taken, c.Code, c.Name, c.Open, c.Notices, c.Ground)
			}
			fmt.Println("   own:", p.CPV, p.Keywords)
			for _, k := range draft.Keywords {
				fmt.Printf("   %v %s %d/%d — %s\n", k.Taken, k.Text, k.Open, k.Notices, k.Ground)
			}
			for _, k := range draft.Exclude {
				fmt.Printf("   − %v %s %d/%d — %s\n", k.Taken, k.Text, k.Open, k.Notices, k.Ground)
			}
		}
	}
	n := float64(len(hand))
	fmt.Printf("mean nDCG@10: by hand %.3f, text alone %.3f, draft %.3f\n", sumHand/n, sumText/n, sumDraft/n)
}
