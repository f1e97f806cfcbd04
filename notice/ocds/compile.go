package ocds

import (
	"bidfit/notice"
)

// compiled is what the releases of one procurement say when read together: the
// standard's compiled release as a tree, in which every leaf knows the release
// that said it. The compiled release's own id, date and tag are not part of the
// tree, because no publisher said them.
type compiled struct {
	root     *value           // nil where there is no release
	releases []notice.Release // in order, revised ones and copies left out; the last is the newest
	issues   []notice.Issue
}
