package matcher

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

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
