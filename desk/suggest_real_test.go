package desk_test

import (
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
	codes, inGroup := 0, 0
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
		h := ndcg(p, grades[p.ID])
		bare := profiles.Profile{ID: "bare", Name: "x", Description: p.Description}
		b := ndcg(bare, grades[p.ID])
		s := ndcg(draft.Profile, grades[p.ID])
		sumHand, sumText, sumDraft = sumHand+h, sumText+b, sumDraft+s
		codes, inGroup = codes+len(p.CPV), inGroup+groups
		t.Logf("%s: classes %d, groups %d of %d codes; nDCG@10 by hand %.3f, text alone %.3f, draft %.3f", p.ID, classes, groups, len(p.CPV), h, b, s)
	}
	n := float64(len(hand))
	t.Logf("%d of %d codes in a group of the first ten; mean nDCG@10: by hand %.3f, text alone %.3f, draft %.3f", inGroup, codes, sumHand/n, sumText/n, sumDraft/n)
	if inGroup*10 < codes*8 {
		t.Errorf("only %d of %d codes are in a group of the first ten proposed", inGroup, codes)
	}
	if sumDraft < sumText || sumHand/n-sumDraft/n > .12 {
		t.Errorf("the drafted profiles rank at %.3f, those by hand at %.3f, the texts alone at %.3f", sumDraft/n, sumHand/n, sumText/n)
	}
}
