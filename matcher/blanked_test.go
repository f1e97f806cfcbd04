package matcher_test

import (
	"maps"
	"slices"
	"testing"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/matcher/evaluate/evaluatetest"
	"bidfit/notice"
)

// With its value, its places, its codes or its deadline gone, one at a time, a notice that belongs on a shortlist stays among the
// first twenty nine times out of ten, and none vanishes.
func TestBlankedPositives(t *testing.T) {
	blanks := map[string]func(*notice.Notice){
		"value": func(n *notice.Notice) {
			n.Value = notice.Value{}
			for i := range n.Lots {
				n.Lots[i].Value = notice.Value{}
			}
		},
		"places": func(n *notice.Notice) {
			for i := range n.Lots {
				n.Lots[i].Places = nil
			}
		},
		"codes": func(n *notice.Notice) {
			for i := range n.Lots {
				n.Lots[i].CPV = nil
			}
		},
		"deadline": func(n *notice.Notice) { n.Deadline = notice.Deadline{} },
	}
	tasks, _ := evaluatetest.SharedJudged(t)
	stayed, all := map[string]int{}, map[string]int{}
	for _, k := range tasks {
		l := k.Pool.Lexicon
		m, err := matcher.New(l, k.Profile)
		if err != nil {
			t.Fatal(err)
		}
		fits := make([]matcher.Fit, len(k.Pool.Notices))
		for i, n := range k.Pool.Notices {
			fits[i] = m.Assess(l.Prepare(n), k.AsOf)
		}
		for _, o := range []matcher.Order{matcher.OrderScore, matcher.OrderRelevance} {
			compare := matcher.Compare(o)
			before := func(f matcher.Fit, but int) (n int) {
				for i := range fits {
					if i != but && compare(fits[i], f) < 0 {
						n++
					}
				}
				return n
			}
			for i, n := range k.Pool.Notices {
				if k.Grades[o][n.ID] < evaluate.Positive || before(fits[i], i) >= 20 {
					continue
				}
				for name, blank := range blanks {
					c := *n
					c.Lots = slices.Clone(n.Lots)
					blank(&c)
					f := m.Assess(l.Prepare(&c), k.AsOf)
					if f.OCID != n.OCID {
						t.Errorf("%s without its %s is gone", n.OCID, name)
					}
					all[name]++
					if before(f, i) < 20 {
						stayed[name]++
					}
				}
			}
		}
	}
	kept, total := 0, 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Logf("without %s: %d of %d stay among the first twenty", name, stayed[name], all[name])
		kept, total = kept+stayed[name], total+all[name]
	}
	if total < 100 || kept*100 < 90*total {
		t.Errorf("%d of %d stay, fewer than nine in ten", kept, total)
	}
}
