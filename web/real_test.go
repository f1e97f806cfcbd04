package web

import (
	"cmp"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// TestPublishedPages opens the review and fit pages of the judged profiles over published notices: no page fails, none is larger than
// it may be, and every quotation is found where it is said to stand.
func TestPublishedPages(t *testing.T) {
	file := noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")
	judged := noticetest.Shared(t, "data", "judged", "profiles.jsonl")
	day := time.Date(2026, time.August, 11, 0, 0, 0, 0, notice.London)
	set, err := desk.ReadJudged(os.DirFS(filepath.Dir(judged)), "judged")
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	if _, err := d.Ingest(t.Context(), []desk.Source{{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }}}, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	options := optionsOf(t, d)
	options.Clock = func() time.Time { return day }
	door := New(options)
	type spent struct {
		path  string
		took  time.Duration
		bytes int
	}
	var reviews, fits []spent
	open := func(path string) spent {
		started := time.Now()
		res := ask(t, door, "GET", path, nil)
		page := body(t, res)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, res.Status)
		}
		return spent{path, time.Since(started), len(page)}
	}
	quotes := 0
	for _, p := range set.Profiles {
		if _, err := d.PutProfile(t.Context(), p, day); err != nil {
			t.Fatal(err)
		}
		list := pathOf("profiles", p.ID)
		for _, query := range []string{"", "?order=deadline", "?advice=bid&advice=review&order=low", "?from=20&state=undecided&stage=tender", "?words=services&from=40"} {
			reviews = append(reviews, open(list+query))
		}
		review, err := d.Review(t.Context(), p.ID, desk.ReviewOptions{AsOf: day, Limit: 25})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range review.Rows {
			path := fitPath(p.ID, r.Target)
			fits = append(fits, open(path))
			if i < 2 {
				open(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "show=whatif&show=market")
			}
			n, err := d.Notice(t.Context(), r.Target.Notice)
			if err != nil {
				t.Fatal(err)
			}
			published, err := d.Published(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			c := newCiter(published)
			for _, e := range r.Fit.Evidence {
				for _, q := range e.At {
					quotes++
					s := c.source([]notice.Quote{q})
					marks := slices.DeleteFunc(slices.Clone(s.Parts), func(p part) bool { return !p.Mark })
					if len(marks) != 1 || s.Prose != (q.End > 0) || len(s.Parts) > 1 && strings.HasPrefix(s.Parts[1].Text, " (") && !s.Whole {
						t.Errorf("%s: %s %s shows %+v", path, q.Release, q.Pointer, s.Parts)
					}
				}
			}
		}
	}
	for what, all := range map[string][]spent{"review": reviews, "fit": fits} {
		slices.SortFunc(all, func(a, b spent) int { return cmp.Compare(a.bytes, b.bytes) })
		largest := all[len(all)-1]
		slices.SortFunc(all, func(a, b spent) int { return cmp.Compare(a.took, b.took) })
		t.Logf("%d %s pages: median %v, p95 %v; the largest has %d bytes: %s", len(all), what, all[len(all)/2].took, all[len(all)*95/100].took, largest.bytes, largest.path)
		if largest.bytes > 100_000 {
			t.Errorf("%s has %d bytes, 100,000 is the bound", largest.path, largest.bytes)
		}
	}
	t.Logf("%d quotations", quotes)
}
