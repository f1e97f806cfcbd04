package ocds

import (
	"iter"

	"bidfit/notice"
)

// States yields one notice as it stood after each of its newest releases, oldest
// first: at most steps of them, and before them the state they began from where there
// is one. The releases are all of one notice (not of every buyer who shares its OCID), in whatever order; each is read once,
// and then merged once for every state after it: steps times their number at most.
func States(ocid string, releases []notice.Release, steps int) iter.Seq[*notice.Notice] {
	return func(yield func(*notice.Notice) bool) {
		all := compile(releases)
		editions := editionsOf(all)
		rules := DefaultRules()
		for k := max(1, len(editions)-steps); k <= len(editions); k++ {
			c := &compiled{releases: all.releases[:k], trees: all.trees[:k]}
			m := merger{way: (*merger).member}
			m.assemble(c, rules)
			n := project(ocid, c, editions[:k])
			n.ID = ocid
			if !yield(n) {
				return
			}
		}
	}
}
