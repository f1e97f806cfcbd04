package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/notice/noticetest"
)

// crowd is how many notices the pages are measured over: BIDFIT_CROWD, else 5,000.
func crowd(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("BIDFIT_CROWD"))
	if err != nil {
		return 5000
	}
	return n
}

// copies are the bundled notices again and again under other OCIDs, as so many releases.
func copies(b *testing.B, n int) io.ReadCloser {
	lines := bytes.SplitAfter(bundled(b, "notices.jsonl"), []byte("\n"))
	r, w := io.Pipe()
	go func() {
		for i := range n {
			line := lines[i%(len(lines)-1)]
			if _, err := w.Write(bytes.ReplaceAll(line, []byte("ocds-h6vhtk-"), fmt.Appendf(nil, "ocds-h6vhtk-c%d-", i/(len(lines)-1)))); err != nil {
				return
			}
		}
		w.Close()
	}()
	return r
}

// BenchmarkPages measures each page over many notices: p95-ms is the time within which 95 of 100 answers are made, KB the largest of them.
func BenchmarkPages(b *testing.B) {
	d := sampleDesk(b)
	_, err := d.Ingest(b.Context(), []desk.Source{{Name: "crowd", Open: func() (io.ReadCloser, error) { return copies(b, crowd(b)), nil }}}, desk.Ingesting{})
	if err != nil {
		b.Fatal(err)
	}
	door := New(optionsOf(b, d))
	for _, p := range []struct{ name, path string }{
		{"home", "/"}, {"notice", "/notices/" + sampleNotice}, {"search", "/search?q=mediation"}, {"search-narrowed", "/search?q=service&has=stage:tender&has=itl:TLG"},
		{"search-all", "/search"}, {"similar", "/notices/" + sampleNotice + "/similar"}, {"buyer", "/buyers/potterford"},
		{"profiles", "/profiles"}, {"profile-new", "/profiles/new"}, {"profile-edit", "/profiles/" + sampleProfile + "/edit"},
		{"find-cpv", "/finders/cpv?as=options&q=cleaning"}, {"find-itl", "/finders/itl?as=options&q=stafford"},
	} {
		b.Run(p.name, func(b *testing.B) { measure(b, door, func(int) string { return p.path }) })
	}
}

// BenchmarkNotices measures the pages of published notices, one after another.
func BenchmarkNotices(b *testing.B) {
	d := newDesk(b)
	var sources []desk.Source
	for _, file := range noticetest.Notices(b) {
		sources = append(sources, desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if _, err := d.Ingest(b.Context(), sources, desk.Ingesting{}); err != nil {
		b.Fatal(err)
	}
	found, err := d.Search(b.Context(), index.Query{Size: index.MaxSize})
	if err != nil {
		b.Fatal(err)
	}
	door := New(optionsOf(b, d))
	measure(b, door, func(i int) string { return pathOf("notices", found.Notices[i%len(found.Notices)].ID) })
}

// measure asks for pages and reports how long the slowest of most of them took.
func measure(b *testing.B, door http.Handler, path func(i int) string) {
	var took []time.Duration
	size, n := 0, 0
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), "GET", path(n), nil)
		r.Host = "localhost"
		w := httptest.NewRecorder()
		started := time.Now()
		door.ServeHTTP(w, r)
		took = append(took, time.Since(started))
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d", path(n), w.Code)
		}
		size = max(size, w.Body.Len())
		n++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(size)/1000, "KB")
}
