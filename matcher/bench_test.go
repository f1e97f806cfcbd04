package matcher

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
)

// many are the shared notices.
func many(b *testing.B) []*notice.Notice {
	b.Helper()
	return ocdstest.Published(b, noticetest.Shared(b, "data", "notices", "find-a-tender.jsonl.gz"))
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

// BenchmarkHeld tells how much memory a notice made ready keeps, its own texts and lots included.
func BenchmarkHeld(b *testing.B) {
	notices := many(b)
	l := Learn(slices.Values(notices))
	encoded := make([][]byte, len(notices))
	for i, n := range notices {
		var err error
		if encoded[i], err = json.Marshal(n); err != nil {
			b.Fatal(err)
		}
	}
	heap := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	for b.Loop() {
		held := make([]*Opportunity, len(notices))
		before := heap()
		for i := range encoded {
			var n notice.Notice
			if err := json.Unmarshal(encoded[i], &n); err != nil {
				b.Fatal(err)
			}
			held[i] = l.Prepare(&n)
		}
		b.ReportMetric(float64(heap()-before)/float64(len(held)), "B/notice")
		runtime.KeepAlive(held)
	}
}
