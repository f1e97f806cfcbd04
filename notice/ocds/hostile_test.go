package ocds

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"bidfit/notice/unpack"
)

// memoryBound is what reading any file may take, whatever its size.
const memoryBound = 128 << 20

// peak runs f and returns the largest heap seen meanwhile, above what was there before.
func peak(f func()) uint64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, top := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapInuse)
			select {
			case <-stop:
				top <- most
				return
			case <-tick.C:
			}
		}
	}()
	f()
	close(stop)
	most := <-top
	return most - min(most, before.HeapInuse)
}

// repeat is n bytes of a pattern, made while they are read.
func repeat(pattern string, n int64) io.Reader {
	block := []byte(strings.Repeat(pattern, max(1, 64<<10/len(pattern))))
	return io.LimitReader(&cycle{block: block}, n)
}

type cycle struct {
	block []byte
	at    int
}

func (c *cycle) Read(p []byte) (int, error) {
	n := copy(p, c.block[c.at:])
	c.at = (c.at + n) % len(c.block)
	return n, nil
}

// packed gzips a stream while it is read.
func packed(t *testing.T, r io.Reader) io.Reader {
	pr, pw := io.Pipe()
	t.Cleanup(func() { pr.Close() })
	go func() {
		z, _ := gzip.NewWriterLevel(pw, gzip.BestSpeed)
		if _, err := io.Copy(z, r); err == nil {
			z.Close()
		}
		pw.Close()
	}()
	return pr
}

func stream(parts ...string) io.Reader {
	var all []io.Reader
	for _, p := range parts {
		all = append(all, strings.NewReader(p))
	}
	return io.MultiReader(all...)
}

// TestHostileFiles reads what is made to exhaust a reader, in bounded memory.
func TestHostileFiles(t *testing.T) {
	const huge = 160 << 20
	between := func(r io.Reader, n int64, open, shut string) io.Reader {
		return io.MultiReader(strings.NewReader(`{"releases":[`+relA+`,{"ocid":"b","x":`+open), io.LimitReader(r, n), strings.NewReader(shut+`},`+relC+`]}`))
	}
	zeros := strings.Repeat("0", 1<<20)
	tests := []struct {
		name, want string
		text       io.Reader
	}{
		{"string of 160 MB in a small gzip", "a !too-large(b) c", packed(t, between(repeat("a", huge), huge, `"`, `"`))},
		{"array of 12 million", "a !too-large(b) c", between(repeat("1,", 24<<20), 24<<20, `[`, `1]`)},
		{"object of 3 million names", "a !too-large(b) c", between(repeat(`"k":1,`, 20<<20), 20<<20, `{`, `"k":1}`)},
		{"backslashes", "a !too-large(b) c", between(repeat(`\\`, 20<<20), 20<<20, `"`, `"`)},
		{"nesting without end", "a !too-large(b) !truncated", between(repeat(`[`, 20<<20), 20<<20, ``, ``)},
		{"nesting of envelopes", "!too-deep ERROR nothing", repeat("[", 20<<20)},
		{"objects of objects", "!too-large(b) ERROR nothing", io.MultiReader(stream(`{"ocid":"b"`), repeat(`,"a":{"b":1`, 20<<20))},
		{"no structure", "!not-json ERROR nothing", repeat("lorem ipsum\n", 20<<20)},
		{"one line without end", "!not-json ERROR nothing", repeat("lorem ipsum ", 20<<20)},
		{"white space", "a ERROR nothing"[2:], repeat(" \n", 24<<20)},
		{"white space in a release", "a !too-large(b) c", between(repeat(" \n", 20<<20), 20<<20, ``, `1`)},
		{"large member of a package", "a", io.MultiReader(stream(`{"releases":[`, relA, `],"x":"`), repeat("a", 20<<20), stream(`"}`))},
		{"large member before the releases", "a", io.MultiReader(stream(`{"x":"`), repeat("a", 20<<20), stream(`","releases":[`, relA, `]}`))},
		{"large compiled release", "!too-large(a) ERROR nothing", io.MultiReader(stream(`{"records":[{"compiledRelease":{"ocid":"a","x":"`), repeat("a", 20<<20), stream(`"}}]}`))},
		{"number of a million digits", "a b c", stream(`{"releases":[`, relA, `,{"ocid":"b","x":1`, zeros, `},`, relC, `]}`)},
		{"broken number of a million digits", "a b[broken-number@/x] c", stream(`{"releases":[`, relA, `,{"ocid":"b","x":0`, zeros, `1},`, relC, `]}`)},
		{"lines all cut behind a comma", "", io.MultiReader(repeat("{\"ocid\":\"b\",\n", 1<<20))},
		{"strings that begin releases", "", io.MultiReader(stream(`{"releases":[`), repeat(`{"ocid":"b","x":"`, 4<<20))},
		{"releases without end", "", repeat(relA+"\n", 1<<20)},
		{"control characters that mending makes six times as long", "!too-large(b) ERROR nothing", stream(`{"ocid":"b","x":"`, strings.Repeat("\x01", 4<<20), `"}`)},
		{"latin-1 that mending makes twice as long", "!too-large(b) ERROR nothing", stream(`{"ocid":"b","x":"`, strings.Repeat("\xe9", 9<<20), `"}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var items int
			var lines []string
			most := peak(func() {
				for item, err := range Decode(t.Context(), tt.text, "f") {
					items++
					if items <= 10 {
						lines = append(lines, describe(item, err))
					}
				}
			})
			if most > memoryBound {
				t.Errorf("took %d MiB", most>>20)
			}
			if items == 0 {
				t.Error("said nothing")
			}
			t.Logf("%d items, peak %d MiB", items, most>>20)
			if got := strings.Join(lines, " "); tt.want != "" && got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestZstdBomb refuses a frame that asks for a window of a gigabyte.
func TestZstdBomb(t *testing.T) {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(unpack.Window), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(z, io.MultiReader(stream(relA, "\n", `{"ocid":"b","x":"`), repeat("a", 24<<20), stream("\"}\n", relC)))
	z.Close()
	most := peak(func() {
		if got := outcome(t.Context(), &b); got != "a !too-large(b) c" {
			t.Errorf("got %q", got)
		}
	})
	if most > memoryBound {
		t.Errorf("took %d MiB", most>>20)
	}
	// A frame header that asks for a window of 3.75 GB.
	bomb := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xaf, 0, 0, 0}
	if got := outcome(t.Context(), bytes.NewReader(bomb)); got != "ERROR nothing" {
		t.Errorf("got %q", got)
	}
}

// TestTruncatedArchive keeps the releases before the cut, wherever it is.
func TestTruncatedArchive(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var plain bytes.Buffer
	for i := range 300 {
		noise := make([]byte, 500)
		for j := range noise {
			noise[j] = 'a' + byte(rnd.IntN(26))
		}
		plain.WriteString(strings.Replace(sampleRelease(i, i), "Example", string(noise), 1))
		plain.WriteByte('\n')
	}
	for name, text := range map[string]string{"gzip": gzipped(plain.String()), "zstd": zstded(plain.String())} {
		before := -1
		for _, part := range []int{50, 90, 99, 100} {
			got := outcome(t.Context(), strings.NewReader(text[:len(text)*part/100]))
			kept := strings.Count(got, "ocds-h6vhtk-") - strings.Count(got, "(ocds-h6vhtk-")
			if part < 100 && !strings.Contains(got, "!truncated") {
				t.Errorf("%s cut at %d%%: %.200s", name, part, got)
			}
			if kept < before {
				t.Errorf("%s cut at %d%%: kept %d releases, less than with a shorter text (%d)", name, part, kept, before)
			}
			before = kept
		}
		if before != 300 {
			t.Errorf("%s: %d releases", name, before)
		}
	}
}
