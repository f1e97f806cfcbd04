package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"bidfit/store/storetest"
)

// The releases of the benchmarks are about as large as Find a Tender's; deriving is the suite's, which is cheap.

func BenchmarkPut(b *testing.B) {
	releases := samples(0, 1000)
	for _, batch := range []int{100, 300, 1000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				s := opened(b, filepath.Join(b.TempDir(), "bidfit.db"))
				b.StartTimer()
				for part := range slices.Chunk(releases, batch) {
					if _, err := s.Put(context.Background(), part); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N*len(releases))/b.Elapsed().Seconds(), "releases/s")
		})
	}
	b.Run("duplicates", func(b *testing.B) {
		s := opened(b, filepath.Join(b.TempDir(), "bidfit.db"))
		for i := range b.N + 1 {
			if i == 1 {
				b.ResetTimer()
			}
			if _, err := s.Put(context.Background(), releases); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N*len(releases))/b.Elapsed().Seconds(), "releases/s")
	})
}

func BenchmarkRead(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bidfit.db")
	s := opened(b, path)
	furnish(b, s, samples(0, 1000))
	b.Run("Notices", func(b *testing.B) {
		n := 0
		for range b.N {
			for _, err := range s.Notices(context.Background()) {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "notices/s")
	})
	b.Run("Notice", func(b *testing.B) {
		for range b.N {
			if _, err := s.Notice(context.Background(), "ocds-h6vhtk-000000"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Verify", func(b *testing.B) {
		for range b.N {
			if all := findings(s); len(all) > 0 {
				b.Fatal(all)
			}
		}
	})
	s.Close()
	b.Run("Open", func(b *testing.B) {
		for range b.N {
			s, err := Open(path, storetest.Projection(1))
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
}
