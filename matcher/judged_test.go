package matcher

import (
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/profiles"
)

// judged is a set of notices that a person graded for some profiles.
type judged struct {
	notices  []*notice.Notice
	open     []*notice.Notice // those that have a planning or tender release
	profiles []profiles.Profile
	grades   map[string]map[string]grades // by profile and OCID
	asOf     time.Time
}

// grades are 0 to 3: by what is bought alone, and with place, price, stage and method.
type grades struct{ relevance, shortlist int }

// readJudged reads the shared judged set.
func readJudged(t testing.TB) *judged {
	t.Helper()
	j := &judged{
		notices: published(t, noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")),
		grades:  map[string]map[string]grades{},
		asOf:    time.Date(2026, 8, 11, 0, 0, 0, 0, notice.London),
	}
	for _, n := range j.notices {
		if slices.ContainsFunc(n.Releases, func(r notice.Published) bool {
			return slices.ContainsFunc(r.Tags, func(tag string) bool {
				return strings.HasPrefix(tag, "planning") || tag == "tender" || tag == "tenderUpdate"
			})
		}) {
			j.open = append(j.open, n)
		}
	}
	file := noticetest.Shared(t, "data", "judged", "profiles.jsonl")
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if j.profiles, err = profiles.Decode(f, file); err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(noticetest.Shared(t, "data", "judged", "judgements.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		cell := strings.Split(line, "\t")
		relevance, err := strconv.Atoi(cell[2])
		if err != nil {
			continue // the heading
		}
		shortlist, err := strconv.Atoi(cell[3])
		if err != nil {
			t.Fatal(err)
		}
		if j.grades[cell[0]] == nil {
			j.grades[cell[0]] = map[string]grades{}
		}
		j.grades[cell[0]][cell[1]] = grades{relevance, shortlist}
	}
	return j
}

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

// ndcg is the nDCG of the first ten of a ranked list of OCIDs; a grade g gains 2^g - 1. Package evaluate measures the
// product so; it stands above this package, whose own tests cannot use it.
func ndcg(list []string, grade map[string]int) float64 {
	gain := func(g, place int) float64 { return (math.Pow(2, float64(g)) - 1) / math.Log2(float64(place)+2) }
	best := slices.Sorted(maps.Values(grade))
	slices.Reverse(best)
	var got, ideal float64
	for i := range min(10, len(list)) {
		got += gain(grade[list[i]], i)
	}
	for i := range min(10, len(best)) {
		ideal += gain(best[i], i)
	}
	if ideal == 0 {
		return 0
	}
	return got / ideal
}
