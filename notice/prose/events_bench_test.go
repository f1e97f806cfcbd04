package prose

import (
	"encoding/json"
	"strings"
	"testing"

	"bidfit/notice/noticetest"
)

// descriptions are the long strings of the published notices.
func descriptions(tb testing.TB) []string {
	var list []string
	for _, file := range noticetest.Notices(tb) {
		for line := range noticetest.Lines(tb, file) {
			var release struct {
				Tender struct {
					Description string
					Lots        []struct{ Description string }
				}
				Description string
			}
			if json.Unmarshal([]byte(strings.ReplaceAll(line, "1e9999", "0")), &release) != nil {
				continue
			}
			list = append(list, release.Tender.Description, release.Description)
			for _, lot := range release.Tender.Lots {
				list = append(list, lot.Description)
			}
		}
	}
	return list
}

// BenchmarkReaders reads the descriptions of all published notices.
func BenchmarkReaders(b *testing.B) {
	texts := descriptions(b)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	events := func(t string) { Read(t).Events(published) }
	links := func(t string) { Read(t).Links() }
	mentions := func(t string) { Read(t).Mentions() }
	for name, read := range map[string]func(string){
		"events": events, "links": links, "mentions": mentions, "all": func(t string) { events(t); links(t); mentions(t) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, t := range texts {
					read(t)
				}
			}
		})
	}
}

// BenchmarkHostile shows that four times the text costs about four times the work: the MB/s of a text stay what they are.
func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{1 << 16, 1 << 18} {
		for name, text := range hostile(n) {
			b.Run(strings.ReplaceAll(name, " ", "-")+"/"+map[int]string{1 << 16: "64K", 1 << 18: "256K"}[n], func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Read(text).Events(published)
					Read(text).Links()
					Read(text).Mentions()
				}
			})
		}
	}
}
