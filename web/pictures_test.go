package web

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictures are those of the README: what they show, of the sample, in a window of that size.
var pictures = []struct {
	name, path, at string
	width, height  int64
}{
	{"list", reviewPath, "", 1280, 800},
	{"evidence", reviewPath + "/fits/" + sampleNotice, "#evidence-h", 1280, 800},
	{"phone", reviewPath, "", 390, 780},
}

// TestPictures takes the pictures of the README, which are kept in docs/images; BIDFIT_SCREENSHOTS=docs/images takes them anew.
func TestPictures(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		name := "docs/images/" + p.name + ".png"
		if at, err := os.Stat(filepath.Join("..", filepath.FromSlash(name))); err != nil || at.Size() > 200_000 || !strings.Contains(string(readme), name) {
			t.Errorf("%s: %v; it is to be below 200 KB, and shown in the README", name, err)
		}
	}
	walk(t, sampleDesk(t), func(b *browser) {
		for _, p := range pictures {
			b.size(p.width, p.height)
			b.open(p.path)
			if p.at != "" {
				value[bool](b, `document.querySelectorAll(".pieces details.source")[3].open = true`)
				value[bool](b, `(document.querySelector("`+p.at+`").closest("section").scrollIntoView({block: "start"}), true)`)
			}
			b.keep(p.name+".png", small(t, get(b, chromedp.CaptureScreenshot())))
		}
	})
}

// small is a picture with the 256 colours that most of it has, which pages hardly exceed.
func small(t *testing.T, b []byte) []byte {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[color.Color]int{}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			counts[m.At(x, y)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	out := image.NewPaletted(m.Bounds(), most[:min(len(most), 256)])
	near := map[color.Color]uint8{}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			c := m.At(x, y)
			i, ok := near[c]
			if !ok {
				i = uint8(out.Palette.Index(c))
				near[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, out); err != nil {
		t.Fatal(err)
	}
	return small.Bytes()
}
