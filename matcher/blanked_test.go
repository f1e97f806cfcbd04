package matcher

import (
	"slices"
	"testing"

	"bidfit/notice"
)

// With its value, its places, its codes or its deadline gone, one at a time, a notice that belongs on a shortlist stays among the
// first twenty nine times out of ten, and none vanishes.
func TestBlankedPositives(t *testing.T) {
	b := newBench(t)
	stayed, all := map[string]int{}, map[string]int{}
	for _, p := range b.profiles {
		m, err := New(b.lexicon, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, order := range []Order{OrderScore, OrderRelevance} {
			fits := b.fits(t, p, order)
			compare := Compare(order)
			for _, n := range b.judged.open {
				g := b.grades[p.ID][n.OCID]
				at := slices.IndexFunc(fits, func(f Fit) bool { return f.OCID == n.OCID })
				if order == OrderScore && g.shortlist < 2 || order == OrderRelevance && g.relevance < 2 || at >= 20 {
					continue
				}
				for name, blank := range map[string]func(*notice.Notice){
					"value":    func(n *notice.Notice) { n.Value = notice.Value{} },
					"places":   func(*notice.Notice) {},
					"codes":    func(*notice.Notice) {},
					"deadline": func(n *notice.Notice) { n.Deadline = notice.Deadline{} },
				} {
					c := *n
					c.Lots = slices.Clone(n.Lots)
					blank(&c)
					for i := range c.Lots {
						switch name {
						case "value":
							c.Lots[i].Value = notice.Value{}
						case "places":
							c.Lots[i].Places = nil
						case "codes":
							c.Lots[i].CPV = nil
						}
					}
					f := m.Assess(b.lexicon.Prepare(&c), b.asOf)
					if f.OCID != n.OCID {
						t.Errorf("%s without its %s is gone", n.OCID, name)
					}
					before := 0
					for i, other := range fits {
						if i != at && compare(other, f) < 0 {
							before++
						}
					}
					all[name]++
					if before < 20 {
						stayed[name]++
					}
				}
			}
		}
	}
	kept, total := 0, 0
	for name, n := range all {
		t.Logf("without %s: %d of %d stay among the first twenty", name, stayed[name], n)
		kept, total = kept+stayed[name], total+n
	}
	if total < 100 || kept*100 < 90*total {
		t.Errorf("%d of %d stay, fewer than nine in ten", kept, total)
	}
}
