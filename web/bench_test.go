package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/matcher"
	"bidfit/notice/noticetest"
	"bidfit/pursuit"
)

// BenchmarkPages measures every page over many notices (BIDFIT_CROWD), as somebody sees them who works a list: p50-ms and p95-ms are the times within
// which half and 95 of 100 answers are made, first-ms what the first one took, KB the largest of them, as it is before compression.
func BenchmarkPages(b *testing.B) {
	d := crowd(b)
	ctx := b.Context()
	list, err := d.Review(ctx, sampleProfile, desk.ReviewOptions{AsOf: sampleDay, Limit: 200})
	if err != nil {
		b.Fatal(err)
	}
	leaveBehind(b, d, list.Rows)
	var fits, packs, notices, likes, buyers, clients []string
	for _, r := range list.Rows {
		fits = append(fits, fitPath(sampleProfile, r.Target))
		packs = append(packs, pathOf("profiles", sampleProfile, "fits", r.Target.Notice, "pack"))
		notices = append(notices, pathOf("notices", r.Target.Notice))
		likes = append(likes, pathOf("notices", r.Target.Notice, "similar"))
		clients = append(clients, pathOf("notices", r.Target.Notice, "clients"))
		if r.BuyerID != "" {
			buyers = append(buyers, pathOf("buyers", r.BuyerID))
		}
	}
	var words, narrowed, suppliers, codes, changed []string
	for i, w := range strings.Fields("mediation cleaning school software roads catering housing fire counselling design research security waste training hospital legal") {
		words = append(words, "/search?q="+w)
		narrowed = append(narrowed, "/search?q="+w+"&has=stage:award&has=itl:TL"+string("CDEFGHIJK"[i%9]))
		changed = append(changed, reviewPath+"/edit?"+url.Values{"add": {url.Values{"keywords": {w}}.Encode()}}.Encode())
		codes = append(codes, "/finders/cpv?as=options&q="+w)
	}
	for i := range 20 {
		suppliers = append(suppliers, fmt.Sprintf("/suppliers/GB-COH-099991%02d", 1+i))
	}
	suppliers = slices.DeleteFunc(suppliers, func(path string) bool { return answers(b, New(optionsOf(b, d)), path) != http.StatusOK })
	lists := []string{reviewPath, reviewPath + "?advice=bid&advice=review", reviewPath + "?region=TLG", reviewPath + "?words=mediation",
		reviewPath + "?state=undecided&from=40", reviewPath + "?cpv=85&value=100000", reviewPath + "?deadline=month&state=unseen"}
	var ordered []string
	for _, order := range []matcher.Order{matcher.OrderLow, matcher.OrderRelevance, matcher.OrderDeadline} {
		ordered = append(ordered, reviewPath+"?order="+string(order))
	}
	door := New(optionsOf(b, d))
	for _, p := range []struct {
		name  string
		paths []string
	}{
		{"home", []string{"/"}}, {"list", lists[:1]}, {"list-filtered", lists[1:]}, {"list-ordered", ordered}, {"list-decided", nil},
		{"similar", likes}, {"similar-again", likes}, {"fit", fits}, {"fit-market", with(fits, "show=market")}, {"fit-whatif", with(fits, "show=whatif")}, {"pack", packs},
		{"notice", notices}, {"clients", clients}, {"buyer", buyers}, {"buyer-largest", []string{"/buyers/GB-PPON-PAAB-1002-DEMO"}}, {"supplier", suppliers},
		{"search", words}, {"search-narrowed", narrowed}, {"search-all", []string{"/search", "/search?page=9"}},
		{"shortlist", []string{reviewPath + "/shortlist"}}, {"calendar", []string{reviewPath + "/calendar"}},
		{"profiles", []string{"/profiles"}}, {"profile-new", []string{"/profiles/new"}}, {"profile-edit", []string{reviewPath + "/edit"}},
		{"profile-changed", changed}, {"find-cpv", codes}, {"find-itl", []string{"/finders/itl?as=options&q=stafford", "/finders/itl?as=options&q=lon"}},
		{"api-review", []string{apiRoot + reviewPath + "/review?limit=25", apiRoot + reviewPath + "/review?limit=25&advice=review&order=deadline"}},
		{"api-home", []string{apiRoot + "/home"}},
	} {
		b.Run(p.name, func(b *testing.B) {
			var before func(n int)
			if p.paths == nil {
				p.paths = lists[:1]
				before = func(n int) { act(b, d, desk.DoWatch, list.Rows[n%len(list.Rows)].Target) }
			}
			measure(b, door, before, func(i int) string { return p.paths[i%len(p.paths)] })
		})
	}
}

// with are addresses with something more in their query.
func with(paths []string, more string) []string {
	var list []string
	for _, p := range paths {
		between := "?"
		if strings.Contains(p, "?") {
			between = "&"
		}
		list = append(list, p+between+more)
	}
	return list
}

func act(b *testing.B, d *desk.Desk, do desk.Do, targets ...pursuit.Target) {
	b.Helper()
	if _, err := d.Act(b.Context(), desk.Deed{Profile: sampleProfile, Do: do, Targets: targets, Who: "tester", When: sampleDay, AsOf: sampleDay}); err != nil {
		b.Fatal(err)
	}
}

// leaveBehind leaves behind what people leave who work a list: decisions, ratings, what is put off, seen and worked on.
func leaveBehind(b *testing.B, d *desk.Desk, rows []desk.Row) {
	b.Helper()
	var targets []pursuit.Target
	for _, r := range rows {
		targets = append(targets, r.Target)
	}
	for i, do := range []desk.Do{desk.DoBid, desk.DoNoBid, desk.DoWatch, desk.DoSnooze, desk.DoRelevant, desk.DoIrrelevant} {
		act(b, d, do, targets[i*15:i*15+15]...)
	}
	if err := d.See(b.Context(), sampleProfile, "tester", sampleDay, targets[:100]...); err != nil {
		b.Fatal(err)
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
	measure(b, door, nil, func(i int) string { return pathOf("notices", found.Notices[i%len(found.Notices)].ID) })
}

// measure asks for pages, after doing something before each where that is said, and reports how long most of them took.
func measure(b *testing.B, door http.Handler, before func(n int), path func(n int) string) {
	var took []time.Duration
	size, n := 0, 0
	for b.Loop() {
		if before != nil {
			b.StopTimer()
			before(n)
			b.StartTimer()
		}
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
	ms := func(t time.Duration) float64 { return float64(t.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[0]), "first-ms")
	slices.Sort(took)
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[(len(took)-1)*95/100]), "p95-ms")
	b.ReportMetric(float64(size)/1000, "KB")
	b.ReportMetric(0, "ns/op") // the above says more
}

// answers is the status with which a page answers.
func answers(b *testing.B, door http.Handler, path string) int {
	r := httptest.NewRequestWithContext(b.Context(), "GET", path, nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return w.Code
}
