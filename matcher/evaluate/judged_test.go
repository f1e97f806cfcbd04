package evaluate

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
)

const heading = "profile_id\tocid\trelevance\tshortlist\twhy\n"

func TestReadJudgements(t *testing.T) {
	got, err := ReadJudgements(strings.NewReader("\ufeffwhy\tshortlist\tocid\tprofile_id\trelevance\r\n\r\nour trade\t 1\tocds-a-1\tp \t3\r\n\t0\tocds-a-2\tp\t0"), "j.tsv")
	want := []Judgement{
		{Profile: "p", OCID: "ocds-a-1", Relevance: 3, Shortlist: 1, Why: "our trade", Line: 3},
		{Profile: "p", OCID: "ocds-a-2", Line: 4},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct{ text, says string }{
		{"", "j.tsv: is empty"},
		{heading, "j.tsv: holds no judgement"},
		{"profile_id\tocid\trelevance\n", "j.tsv:1: the first line names no column shortlist"},
		{"ocid\tocid\n", `j.tsv:1: column "ocid" stands in the first line twice`},
		{heading + "p\to\t4\t0\n", `j.tsv:2: relevance: "4" is no grade; write 0, 1, 2 or 3`},
		{heading + "p\to\t-1\tyes\n", `j.tsv:2: shortlist: "yes" is no grade`},
		{heading + "p o 1 1\n", "j.tsv:2: ocid is missing; the columns are parted by tabs"},
		{heading + "p\to\t1\t1\np\to\t2\t2\n", "j.tsv:3: o is judged for p on line 2 already"},
		{heading + "p\to\xff\t1\t1\n", "j.tsv: is not UTF-8"},
		{heading + strings.Repeat("x", maxJudgements), "j.tsv: is larger than 16 MiB"},
	} {
		if _, err := ReadJudgements(strings.NewReader(c.text), "j.tsv"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.60q: %v, want %s", c.text, err, c.says)
		}
	}
	_, err = ReadJudgements(strings.NewReader(heading+strings.Repeat("p\to\tx\tx\n", 1000)), "j.tsv")
	if n := strings.Count(err.Error(), "\n"); n > 25 {
		t.Errorf("%d lines of errors", n)
	}
}

// Whatever stands in a file: no panic, and what is read holds the rules.
func FuzzJudgements(f *testing.F) {
	for _, s := range []string{heading + "p\tocds-a-1\t3\t1\tour trade\n", "\ufeff" + heading + "\r\np\to\t0\t0", "ocid\tprofile_id\tshortlist\trelevance\na\tb\t1\t9\n", "\t\n\t\n", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ReadJudgements(strings.NewReader(string(b)), "j.tsv")
		if (err == nil) != (len(list) > 0) {
			t.Fatalf("%d judgements and %v", len(list), err)
		}
		seen := map[[2]string]bool{}
		for _, j := range list {
			if j.Profile == "" || j.OCID == "" || j.Line < 2 || min(j.Relevance, j.Shortlist) < 0 || max(j.Relevance, j.Shortlist) > MaxGrade || seen[[2]string{j.Profile, j.OCID}] {
				t.Fatalf("%+v", j)
			}
			seen[[2]string{j.Profile, j.OCID}] = true
		}
	})
}

// judgedNotices are tenders, plans and an award.
func judgedNotices() []*notice.Notice {
	shared := bought("c", 3, "Lift repair", 50750000, "tender")
	shared.ID += "@BUYER"
	republished := bought("e", 4, "Road marking", 45233221, "planningUpdate")
	republished.Also = []notice.Said[string]{said("ocds-trial2-e")}
	return []*notice.Notice{
		bought("a", 1, "Window cleaning", 90911300, "tender", "award"), bought("b", 2, "Tree surgery", 77211500, "planning"),
		shared, republished, wonBy(bought("d", 1, "School meals", 55524000, "award"), "Alder Ltd"),
	}
}

func TestJudged(t *testing.T) {
	set := JudgedSet{Files: [2]string{"p.jsonl", "j.tsv"}, Profiles: []profiles.Profile{profile("q", "lifts"), profile("p", "windows")}, Judgements: []Judgement{
		{Profile: "p", OCID: "ocds-trial1-a", Relevance: 3, Shortlist: 1}, {Profile: "p", OCID: "ocds-trial1-d", Relevance: 2},
		{Profile: "p", OCID: "ocds-trial1-nowhere"}, {Profile: "q", OCID: "ocds-trial1-c", Relevance: 2, Shortlist: 3},
		{Profile: "q", OCID: "ocds-trial2-e", Relevance: 1},
	}}
	day := time.Date(2025, 2, 1, 0, 0, 0, 0, notice.London)
	tasks, missing, err := Judged(names, set, judgedNotices(), day)
	if err != nil || len(tasks) != 2 || tasks[0].Name != "p" || tasks[1].Name != "q" {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	// An award that was never tendered is no candidate, and what is graded 0 is not missed.
	if missing.Judged != 4 || !slices.Equal(missing.OCIDs, []string{"ocds-trial1-d"}) {
		t.Errorf("missing: %+v", missing)
	}
	grades, positives := tasks[1].grades(matcher.OrderScore)
	if !slices.Equal(grades, []int{0, 0, 3, 0}) || positives != 1 { // a, b, c@BUYER, e
		t.Errorf("grades %v", grades)
	}
	if grades, _ := tasks[1].grades(matcher.OrderRelevance); !slices.Equal(grades, []int{0, 0, 2, 1}) {
		t.Errorf("grades %v", grades)
	}

	set.Judgements = append(set.Judgements, Judgement{Profile: "r", OCID: "o", Line: 9})
	if _, _, err := Judged(names, set, judgedNotices(), day); err == nil || err.Error() != `j.tsv:9: there is no profile "r" in p.jsonl` {
		t.Errorf("%v", err)
	}
	set.Judgements = set.Judgements[:2]
	if _, _, err := Judged(names, set, nil, day); !errors.As(err, new(*TooFewError)) || !strings.Contains(err.Error(), "2 of the 2 judgements are on notices that are not here") {
		t.Errorf("%v", err)
	}
}
