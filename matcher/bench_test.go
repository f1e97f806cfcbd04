package matcher

import (
	"fmt"
	"slices"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// many are the shared notices.
func many(b *testing.B) []*notice.Notice {
	b.Helper()
	return published(b, noticetest.Shared(b, "data", "notices", "find-a-tender.jsonl.gz"))
}

// BenchmarkAssess compares one supplier with a thousand notices.
func BenchmarkAssess(b *testing.B) {
	notices := many(b)
	l := Learn(slices.Values(notices))
	m, err := New(l, mediation())
	if err != nil {
		b.Fatal(err)
	}
	var open []*Opportunity
	for _, n := range notices {
		open = append(open, l.Prepare(n))
	}
	b.ReportAllocs()
	b.ReportMetric(float64(len(open)), "notices")
	for b.Loop() {
		for _, o := range open {
			m.Assess(o, today)
		}
	}
}

// BenchmarkPrepare makes a thousand notices ready.
func BenchmarkPrepare(b *testing.B) {
	notices := many(b)
	l := Learn(slices.Values(notices))
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range notices {
			l.Prepare(n)
		}
	}
}

// BenchmarkLearn learns from a thousand notices.
func BenchmarkLearn(b *testing.B) {
	notices := many(b)
	b.ReportAllocs()
	for b.Loop() {
		Learn(slices.Values(notices))
	}
}

func BenchmarkDecodeLexicon(b *testing.B) {
	encoded := Learn(slices.Values(many(b))).Encode()
	b.SetBytes(int64(len(encoded)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeLexicon(encoded); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkManyLots assesses and prepares one notice of 300 lots.
func BenchmarkManyLots(b *testing.B) {
	n := mediationNotice(b)
	n.Lots = nil
	for i := range 300 {
		n.Lots = append(n.Lots, mediationLot(fmt.Sprint(i), fmt.Sprint("Mediation in area ", i), "Mediation for households in dispute."))
	}
	m, err := New(names, mediation())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Assess(names.Prepare(n), today)
	}
}
