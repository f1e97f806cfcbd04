package ocds

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// sampleRelease is a release of the size and shape of a real one, some 4 KiB.
func sampleRelease(ocid, n int) string {
	var lots, items strings.Builder
	for i := range 4 {
		if i > 0 {
			lots.WriteByte(',')
			items.WriteByte(',')
		}
		fmt.Fprintf(&lots, `{"id":"%d","title":"Lot %d: cleaning of public buildings","description":%q,"value":{"amount":%d000,"currency":"GBP"},"suitability":{"sme":true},"contractPeriod":{"startDate":"2027-04-01T00:00:00+01:00","endDate":"2029-03-31T23:59:59+01:00"},"status":"active"}`,
			i+1, i+1, strings.Repeat("The supplier keeps schools and offices clean. ", 8), 100+i)
		fmt.Fprintf(&items, `{"id":"%d","additionalClassifications":[{"scheme":"CPV","id":"90911200","description":"Building-cleaning services"}],"deliveryAddresses":[{"region":"UKG24","country":"GB"}],"relatedLot":"%d"}`, i+1, i+1)
	}
	return fmt.Sprintf(`{"ocid":"ocds-h6vhtk-%06x","id":"%06d-2026","tag":["tender"],"date":"2026-06-%02dT10:30:00+01:00","initiationType":"tender","parties":[{"id":"GB-PPON-1","name":"Example Borough Council","address":{"postalCode":"ZZ1 1ZZ","region":"UKG24"},"roles":["buyer"]}],"buyer":{"id":"GB-PPON-1","name":"Example Borough Council"},"tender":{"id":"T1","title":"Cleaning of public buildings","status":"active","lots":[%s],"items":[%s]},"language":"en"}`,
		ocid, n, 1+n%28, lots.String(), items.String())
}

// samplePackage is a release package of n releases.
func samplePackage(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"uri":"https://example.com/page","version":"1.1","releases":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(sampleRelease(i, i))
	}
	b.WriteString(`],"links":{"next":"https://example.com/next"}}`)
	return b.Bytes()
}

func benchmarkDecode(b *testing.B, text []byte) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for item, err := range Decode(b.Context(), bytes.NewReader(text), "bench") {
			if err != nil || item.Rejected != nil {
				b.Fatal(err, item.Rejected)
			}
			n++
		}
		b.ReportMetric(float64(n), "releases/op")
	}
}

func BenchmarkDecode(b *testing.B) {
	b.Run("package", func(b *testing.B) { benchmarkDecode(b, samplePackage(1000)) })
	b.Run("spaced", func(b *testing.B) {
		benchmarkDecode(b, bytes.ReplaceAll(samplePackage(1000), []byte(`":`), []byte(`": `)))
	})
	b.Run("tiny", func(b *testing.B) { benchmarkDecode(b, []byte(strings.Repeat(relA+"\n", 10_000))) })
	b.Run("find-a-tender", func(b *testing.B) {
		f, err := os.Open(noticetest.Shared(b, "data", "notices", "find-a-tender.jsonl.gz"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil {
			b.Fatal(err)
		}
		benchmarkDecode(b, text)
	})
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1, 2, 10} {
		b.Run(fmt.Sprintf("releases=%d", n), func(b *testing.B) {
			var text bytes.Buffer
			for i := range n {
				text.WriteString(sampleRelease(1, i))
			}
			var releases []notice.Release
			for item, err := range Decode(b.Context(), &text, "bench") {
				if err != nil {
					b.Fatal(err)
				}
				releases = append(releases, *item.Release)
			}
			b.SetBytes(int64(n * len(releases[0].Raw)))
			b.ReportAllocs()
			for b.Loop() {
				if c := compile(releases); c.root == nil || len(c.issues) > 0 {
					b.Fatal(c.issues)
				}
			}
		})
	}
}
