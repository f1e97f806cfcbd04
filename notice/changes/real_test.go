package changes

import (
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/notice/ocds/ocdstest"
)

// TestPublished follows every published procurement of several releases from state to state.
func TestPublished(t *testing.T) {
	releases, _ := ocdstest.Releases(t, noticetest.Notices(t)...)
	steps, silent := 0, 0
	count := map[Kind]int{}
	for ocid, list := range releases {
		if len(list) < 2 {
			continue
		}
		var before *notice.Notice
		for state := range ocds.States(ocid, list, len(list)) {
			if d := Between(state, state); len(d) > 0 {
				t.Errorf("%s differs from itself: %+v", ocid, d)
			}
			if before != nil {
				found := Between(before, state)
				steps++
				if len(found) == 0 {
					silent++
				}
				for _, c := range found {
					count[c.What]++
					if c.Words == "" || strings.ContainsAny(c.Words, "\n\x00") || len(c.Words) > 1000 {
						t.Errorf("%s: words %q", ocid, c.Words)
					}
					if c.At.Pointer == "" && c.What != Awarded && c.What != LotDivision && c.What != Documents && c.What != LotAdded && c.What != LotRemoved {
						t.Errorf("%s: %q has no place", ocid, c.Words)
					}
				}
				if testing.Verbose() && steps%8 == 0 {
					for _, c := range found {
						t.Logf("%s %s: %s", ocid, c.What, c.Words)
					}
				}
			}
			before = state
		}
	}
	if steps == 0 {
		t.Fatal("no procurement has two releases")
	}
	t.Logf("%d steps, %d without a change, %v", steps, silent, count)
}
