package dossier

import (
	"bytes"
	"crypto/sha256"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
)

// published projects the published notices, each after its last release.
func published(t *testing.T) []*notice.Notice {
	all := ocdstest.Published(t, noticetest.Notices(t)...)
	slices.SortFunc(all, func(a, b *notice.Notice) int {
		x, y := sha256.Sum256([]byte(a.ID)), sha256.Sum256([]byte(b.ID))
		return bytes.Compare(x[:], y[:])
	})
	return all
}

// TestPublishedSummaries reads the summary of every published notice for what no sentence may have, and logs
// those of eighty drawn by chance (go test -v) for a person to read.
func TestPublishedSummaries(t *testing.T) {
	all := published(t)
	asOf := time.Date(2026, 8, 11, 9, 0, 0, 0, notice.London)
	for i, n := range all {
		d := Of(n, Given{AsOf: asOf, Changes: map[string][]changes.Change{}})
		text := strings.Join(d.Summary, " ")
		for _, s := range d.Summary {
			s = strings.ReplaceAll(s, "“"+strings.TrimRight(d.Title, ". ")+"”", "x")
			s = strings.ReplaceAll(s, d.Buyer.Name, "x")
			if !strings.HasSuffix(s, ".") || strings.Contains(s, "  ") || strings.Contains(s, " ,") || strings.Contains(s, " .") ||
				strings.Contains(s, "..") || strings.Contains(s, "%!") || strings.ContainsAny(s, "\n\t") {
				t.Errorf("%s: a sentence reads %q", n.ID, s)
			}
		}
		if len(d.Summary) == 0 || len(text) > 4000 {
			t.Errorf("%s: a summary of %d bytes", n.ID, len(text))
		}
		if d.Type.Code != "" && d.Type.Name == "" {
			t.Errorf("%s: notice type %s has no name", n.ID, d.Type.Code)
		}
		if i < 80 {
			t.Logf("%s %s %s\n%s\n", n.ID, n.Type.Value, n.Stage, text)
		}
	}
	t.Logf("%d notices", len(all))
}

// TestFormsAreTheOfficialOnes holds the names of the types against the list beside the checkout.
func TestFormsAreTheOfficialOnes(t *testing.T) {
	b, err := os.ReadFile(noticetest.Shared(t, "refdata", "notice_types.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		fields := strings.SplitN(line, ",", 3)
		if !strings.HasPrefix(fields[0], "UK") {
			continue
		}
		name, _, _ := strings.Cut(fields[1], " (")
		if got := FormOf(fields[0]); got.Name != name || got.Means == "" || got.stage == "" {
			t.Errorf("%s is %q here and %q there", fields[0], got.Name, name)
		}
	}
}
