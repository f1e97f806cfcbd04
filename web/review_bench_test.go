package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/pursuit"
)

// thousandOpen are the bundled notices many times over under other names, so many of them at least; all but the first thousand open ones
// are of the year before, and closed.
func thousandOpen(b *testing.B, notices int) []byte {
	b.Helper()
	const open, of = 7, 157 // copies with 157 open notices each
	sample := bundled(b, "notices.jsonl")
	once := bytes.Count(sample, []byte("\n"))
	var all bytes.Buffer
	for i := 0; i*once < max(notices, open*of); i++ {
		one := bytes.ReplaceAll(sample, []byte("ocds-h6vhtk-"), fmt.Appendf(nil, "ocds-h6vhtk-%04d", i))
		if i >= open {
			for year := 2026; year <= 2030; year++ {
				one = bytes.ReplaceAll(one, fmt.Appendf(nil, `"%d-`, year), fmt.Appendf(nil, `"%d-`, year-2))
			}
		}
		all.Write(one)
	}
	return all.Bytes()
}

// BenchmarkReviewPage is a page of the ranked list from request to last byte, as people ask for it: another filter, order and page
// each time, and after each decision. BIDFIT_BENCH_NOTICES=100000 fills the store further.
func BenchmarkReviewPage(b *testing.B) {
	notices := 2000
	if n, err := strconv.Atoi(os.Getenv("BIDFIT_BENCH_NOTICES")); err == nil {
		notices = n
	}
	d := newDesk(b)
	fill(b, d, "copies.jsonl", thousandOpen(b, notices))
	register(b, d, bundled(b, "hartwell-resolve.yaml"))
	door := New(optionsOf(b, d))
	get := func(b *testing.B, path string) int {
		r := httptest.NewRequestWithContext(b.Context(), "GET", path, nil)
		r.Host = "localhost"
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.Len()
	}
	list, err := d.Review(b.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay, Limit: 200})
	if err != nil {
		b.Fatal(err)
	}
	stats, err := d.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d notices, %d of them open", stats.Notices, list.Seen)
	for _, c := range []struct {
		name  string
		paths []string
		act   bool
	}{
		{"list", []string{reviewPath, reviewPath + "?advice=bid&advice=review", reviewPath + "?region=TLG&order=deadline", reviewPath + "?words=mediation", reviewPath + "?state=undecided&from=40", reviewPath + "?cpv=85&value=100000&order=low"}, false},
		{"list after a decision", []string{reviewPath}, true},
		{"fit", func() (paths []string) {
			for _, r := range list.Rows {
				paths = append(paths, fitPath(sampleProfile, r.Target))
			}
			return paths
		}(), false},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			most, i := 0, 0
			for b.Loop() {
				if i++; c.act {
					b.StopTimer()
					deed := desk.Deed{Profile: sampleProfile, Do: desk.DoWatch, Targets: []pursuit.Target{list.Rows[i%len(list.Rows)].Target}, Who: "tester", When: sampleDay, AsOf: sampleDay}
					if _, err := d.Act(b.Context(), deed); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				started := time.Now()
				most = max(most, get(b, c.paths[i%len(c.paths)]))
				took = append(took, time.Since(started))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(most), "bytes")
		})
	}
}
