package desk_test

import (
	"errors"
	"io"
	"os"
	"testing"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/notice/noticetest"
)

// realNotices is the file of published Find a Tender releases, where the shared data is.
func realNotices(b *testing.B) desk.Source {
	file := noticetest.Shared(b, "data", "notices", "find-a-tender.jsonl.gz")
	return desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }}
}

// BenchmarkRealIngest reads 1,115 published releases into a new store until they can be searched.
func BenchmarkRealIngest(b *testing.B) {
	source := realNotices(b)
	for b.Loop() {
		d, s, ix, err := openDesk(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Ingest(b.Context(), []desk.Source{source}, desk.Ingesting{}); err != nil {
			b.Fatal(err)
		}
		if found, err := d.Search(b.Context(), index.Query{Words: "cleaning"}); err != nil || found.Total == 0 {
			b.Fatalf("found %d: %v", found.Total, err)
		}
		if err := errors.Join(ix.Close(), s.Close()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRealMatch holds one profile against the open ones of them, in memory.
func BenchmarkRealMatch(b *testing.B) {
	d, _, _ := open(b, b.TempDir())
	if _, err := d.Ingest(b.Context(), []desk.Source{realNotices(b)}, desk.Ingesting{}); err != nil {
		b.Fatal(err)
	}
	if _, err := d.PutProfile(b.Context(), mediator(b), asOf); err != nil {
		b.Fatal(err)
	}
	for name, all := range map[string]bool{"open": false, "all": true} {
		b.Run(name, func(b *testing.B) {
			if _, err := d.Match(b.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: all}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := d.Match(b.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: all}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
