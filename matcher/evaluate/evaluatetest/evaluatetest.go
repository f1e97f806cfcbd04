// Package evaluatetest is what the tests that measure the ranking share: judged sets, award history and thinner profiles.
package evaluatetest

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
	"bidfit/profiles"
	"bidfit/suggest"
)

// Judged makes tasks of the judged set in a folder, on some notices, with the lexicon of a store that holds them.
func Judged(tb testing.TB, dir string, notices []*notice.Notice, asOf time.Time) []evaluate.Task {
	tb.Helper()
	set := evaluate.JudgedSet{Files: [2]string{filepath.Join(dir, "profiles.jsonl"), filepath.Join(dir, "judgements.tsv")}}
	for i, file := range set.Files {
		f, err := os.Open(file)
		if err != nil {
			tb.Fatal(err)
		}
		if i == 0 {
			set.Profiles, err = profiles.Decode(f, file)
		} else {
			set.Judgements, err = evaluate.ReadJudgements(f, file)
		}
		f.Close()
		if err != nil {
			tb.Fatal(err)
		}
	}
	tasks, missing, err := evaluate.Judged(matcher.Learn(slices.Values(notices)), set, notices, asOf)
	if err != nil || len(missing.OCIDs) > 0 {
		tb.Fatalf("missing %v: %v", missing.OCIDs, err)
	}
	return tasks
}

// SharedJudged is the shared judged set, on the day it was judged for; notices are all of the store.
func SharedJudged(tb testing.TB) (tasks []evaluate.Task, notices []*notice.Notice) {
	tb.Helper()
	notices = ocdstest.Published(tb, noticetest.Shared(tb, "data", "notices", "find-a-tender.jsonl.gz"))
	return Judged(tb, noticetest.Shared(tb, "data", "judged"), notices, time.Date(2026, 8, 11, 0, 0, 0, 0, notice.London)), notices
}

// Histories are the shared files of award notices, below the folder of data.
var Histories = [][]string{
	{"award-history", "contracts-finder-2020.jsonl.gz"}, {"award-history", "lancashire-councils.jsonl.gz"}, {"notices", "find-a-tender.jsonl.gz"},
}

// Awards makes the tasks of one of them, with profiles as the product suggests them.
func Awards(tb testing.TB, path []string) evaluate.Backtest {
	tb.Helper()
	notices := ocdstest.Published(tb, noticetest.Shared(tb, append([]string{"data"}, path...)...))
	return evaluate.Awards(matcher.Learn(slices.Values(notices)), suggest.FromWins, notices)
}

// Thinned is a profile with 35 % of its keywords and 40 % of its codes dropped: people write thin ones.
func Thinned(p profiles.Profile, rng *rand.Rand) profiles.Profile {
	p.Keywords = slices.DeleteFunc(slices.Clone(p.Keywords), func(string) bool { return rng.IntN(100) < 35 })
	p.CPV = slices.DeleteFunc(slices.Clone(p.CPV), func(cpv.Code) bool { return rng.IntN(100) < 40 })
	return p
}
