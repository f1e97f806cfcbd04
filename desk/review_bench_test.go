package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/store/bolt"
)

// crowd is a store of many notices, of which some are open, with descriptions as long as published ones mostly are.
func crowd(b *testing.B, notices, open int) (*desk.Desk, store.Store) {
	b.Helper()
	s, err := bolt.Open(filepath.Join(b.TempDir(), "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	trades := []struct{ title, text, cpv string }{
		{"Neighbour mediation", "Trained mediators work with households in dispute, and with landlords, before a court has to.", "85312000"},
		{"Office cleaning", "Daily cleaning of offices and of washrooms, with consumables, at the sites in the annex.", "90911200"},
		{"Road surfacing", "Resurfacing of carriageways with asphalt, traffic management and lining.", "45233220"},
		{"Web application", "Design, build and support of a web application for bookings and payments.", "72212000"},
		{"Restorative justice", "A restorative justice service for victims of crime, with youth diversion and community mediation.", "75231000"},
		{"School catering", "Hot lunches for primary schools, with special diets and a termly menu.", "55524000"},
	}
	regions := []string{"UKG24", "UKD62", "UKI32", "UKK30", "UKM75", "UKL22", "UKN06"}
	var text bytes.Buffer
	for from := 0; from < notices; from += 2000 {
		text.Reset()
		for i := from; i < min(from+2000, notices); i++ {
			t := trades[i%len(trades)]
			tag, status := "award", "complete"
			if i%(notices/open) == 0 && i/(notices/open) < open {
				tag, status = "tender", "active"
			}
			fmt.Fprintf(&text, `{"ocid":"ocds-h6vhtk-c%06d","id":"%06d-2026","tag":["%s"],"date":"2026-06-%02dT09:%02d:00+01:00","buyer":{"id":"GB-PPON-B%d","name":"Council %d"},"tender":{"id":"t%d","title":"%s for district %d","description":"%s The district is number %d. %s","status":"%s","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"%s"}],"deliveryAddresses":[{"region":"%s"}],"relatedLot":"1"}],"value":{"amount":%d,"currency":"GBP"},"tenderPeriod":{"endDate":"2026-0%d-%02dT%02d:00:00+01:00"},"lots":[{"id":"1","status":"active"},{"id":"2","status":"active","title":"The rest of district %d"}]}}`+"\n",
				i, i, tag, 1+i%20, i%60, i%137, i%137, i, t.title, i%911, t.text, i%911, trades[(i/7)%len(trades)].text, status, t.cpv, regions[i%len(regions)], 1000+(i%997)*(i%997), 6+i%4, 1+i%28, 9+i%9, i%911)
		}
		var batch []notice.Release
		for item, err := range ocds.Decode(context.Background(), &text, "crowd") {
			if err != nil || item.Release == nil {
				b.Fatal(err, item.Rejected)
			}
			batch = append(batch, *item.Release)
		}
		for some := range slices.Chunk(batch, 400) {
			if _, err := s.Put(context.Background(), some); err != nil {
				b.Fatal(err)
			}
		}
	}
	d := desk.New(s, nil, store.Default, discard)
	if err := d.LearnLexicon(context.Background()); err != nil {
		b.Fatal(err)
	}
	if _, err := d.PutProfile(context.Background(), mediator(b), asOf); err != nil {
		b.Fatal(err)
	}
	return d, s
}

// BenchmarkReview asks for pages as somebody does who works a list, over 100,000 notices.
func BenchmarkReview(b *testing.B) {
	for _, open := range []int{1_000, 12_000} {
		b.Run(fmt.Sprintf("open=%d", open), func(b *testing.B) { benchmarkReview(b, 100_000, open) })
	}
}

func benchmarkReview(b *testing.B, notices, open int) {
	d, _ := crowd(b, notices, open)
	ctx := b.Context()
	ask := func(o desk.ReviewOptions) desk.Review {
		if o.AsOf.IsZero() {
			o.AsOf = asOf
		}
		r, err := d.Review(ctx, "mediator", o)
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	ms := func(t time.Duration) float64 { return float64(t.Microseconds()) / 1000 }
	start := time.Now()
	if _, err := d.Values(ctx); err != nil { // the notices come into memory
		b.Fatal(err)
	}
	loaded := time.Now()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	first := ask(desk.ReviewOptions{Limit: 25})
	assessed := time.Since(loaded)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if first.Seen != open {
		b.Fatalf("%d are open", first.Seen)
	}
	// As many decisions, ratings and seen notices as somebody leaves behind.
	var some []pursuit.Target
	for _, r := range ask(desk.ReviewOptions{Limit: 300}).Rows {
		some = append(some, r.Target)
	}
	for i, do := range []desk.Do{desk.DoNoBid, desk.DoWatch, desk.DoSnooze} {
		if _, err := d.Act(ctx, desk.Deed{Profile: "mediator", Do: do, Targets: some[i*30 : i*30+30], Who: "kim", When: asOf, AsOf: asOf}); err != nil {
			b.Fatal(err)
		}
	}
	if err := d.See(ctx, "mediator", "kim", asOf, some...); err != nil {
		b.Fatal(err)
	}
	queries := []string{"", "advice=bid&advice=review", "region=TLG", "cpv=85&state=undecided", "words=mediation", "deadline=week&deadline=fortnight", "value=100000", "buyer=council+3", "state=unseen", "stage=tender&action=bid"}
	orders := []matcher.Order{matcher.OrderScore, matcher.OrderDeadline, matcher.OrderLow, matcher.OrderRelevance}
	for _, o := range orders {
		ask(desk.ReviewOptions{Order: o, Limit: 1})
	}
	var took []time.Duration
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		q, err := url.ParseQuery(queries[i%len(queries)])
		if err != nil {
			b.Fatal(err)
		}
		f, err := desk.ParseFilter(q)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		ask(desk.ReviewOptions{Filter: f, Order: orders[i/3%len(orders)], Limit: 25, Offset: 25 * (i % 3)})
		took = append(took, time.Since(start))
		i++
	}
	b.StopTimer()
	p := func(all []time.Duration, percent int) float64 {
		slices.Sort(all)
		return ms(all[(len(all)-1)*percent/100])
	}
	b.ReportMetric(p(took, 50), "p50-ms")
	b.ReportMetric(p(took, 95), "p95-ms")
	b.ReportMetric(p(took, 99), "p99-ms")
	b.ReportMetric(ms(loaded.Sub(start)), "load-ms")
	b.ReportMetric(ms(assessed), "assess-ms")
	b.ReportMetric(float64(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))/float64(open), "B/fit")

	// After somebody decides, after a deadline goes by, and after midnight.
	var decided, passed []time.Duration
	for j := range 20 {
		if _, err := d.Act(ctx, desk.Deed{Profile: "mediator", Do: desk.DoBid, Targets: some[200+j : 201+j], Who: "kim", When: asOf, AsOf: asOf}); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		ask(desk.ReviewOptions{Limit: 25})
		decided = append(decided, time.Since(start))
	}
	now := asOf.Add(9*time.Hour + time.Second)
	for range 10 {
		now = now.Add(time.Hour)
		start := time.Now()
		ask(desk.ReviewOptions{AsOf: now, Limit: 25})
		passed = append(passed, time.Since(start))
	}
	start = time.Now()
	ask(desk.ReviewOptions{AsOf: asOf.AddDate(0, 0, 1), Limit: 25})
	b.ReportMetric(p(decided, 95), "decided-p95-ms")
	b.ReportMetric(p(passed, 95), "hour-p95-ms")
	b.ReportMetric(ms(time.Since(start)), "midnight-ms")

	start = time.Now()
	if _, err := d.Preview(ctx, mediator(b), asOf); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(ms(time.Since(start)), "preview-ms")
	start = time.Now()
	if _, err := d.Budget(ctx, "mediator", desk.BudgetOptions{AsOf: asOf, HoursPerBid: 7, HoursPerMonth: 150, Review: true}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(ms(time.Since(start)), "budget-ms")
}
