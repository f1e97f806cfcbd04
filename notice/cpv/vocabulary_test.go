package cpv

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"bidfit/notice/noticetest"
)

var update = flag.Bool("update", false, "rebuild the embedded files from ../shared/refdata")

// rows reads a tab-separated file without its heading.
func rows(t testing.TB, file string) [][]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for line := range strings.Lines(string(b)) {
		list = append(list, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
	}
	return list[1:]
}

// officialCodes reads the official list: code without check digit, and name.
func officialCodes(t testing.TB) (codes []Code, names map[Code]string) {
	names = map[Code]string{}
	for _, r := range rows(t, noticetest.Shared(t, "refdata", "cpv.tsv")) {
		c, ok := number(r[0][:8])
		if !ok {
			t.Fatalf("cpv.tsv: %q", r[0])
		}
		codes = append(codes, c)
		names[c] = r[1]
	}
	return codes, names
}

// encode writes the form that decode reads.
func encode(codes []Code, names map[Code]string) string {
	var b strings.Builder
	class := Code(0)
	for i, c := range codes {
		switch {
		case c.Level() <= Class:
			fmt.Fprintf(&b, "%s\t%s", c.String()[:c.Level()], names[c])
		case c.At(Class) != class && !slices.Contains(codes, c.At(Class)):
			fmt.Fprintf(&b, "%s\t", c.String()[:Class])
		default:
			continue
		}
		class = c.At(Class)
		below := codes[i:]
		if c == class {
			below = codes[i+1:]
		}
		if n := slices.IndexFunc(below, func(d Code) bool { return d.At(Class) != class }); n >= 0 {
			below = below[:n]
		}
		if len(below) > 0 && (c == class && c.Level() == Class || c.Level() > Class) {
			b.WriteByte('\t')
			writeTree(&b, below, Category)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// writeTree writes the codes, which share their first l-1 digits, as a tree.
func writeTree(b *strings.Builder, codes []Code, l Level) {
	for len(codes) > 0 {
		node := codes[0].At(l)
		n := slices.IndexFunc(codes, func(d Code) bool { return d.At(l) != node })
		if n < 0 {
			n = len(codes)
		}
		below := codes[:n]
		codes = codes[n:]
		if below[0] == node {
			below = below[1:]
		} else {
			b.WriteByte('~')
		}
		b.WriteByte(node.String()[l-1])
		if len(below) > 0 {
			b.WriteByte('(')
			writeTree(b, below, l+1)
			b.WriteByte(')')
		}
	}
}

// TestVocabularyFile holds the embedded vocabulary against the official list; with -update it writes it.
func TestVocabularyFile(t *testing.T) {
	codes, names := officialCodes(t)
	golden(t, "vocabulary.txt", []byte(encode(codes, names)))
}

// TestCPV2003File does the same for the translations.
func TestCPV2003File(t *testing.T) {
	codes, _ := officialCodes(t)
	var b []byte
	var old Code
	var place int
	for _, r := range rows(t, noticetest.Shared(t, "refdata", "cpv2003.tsv")) {
		from, _ := number(r[0])
		to, _ := number(r[1])
		if _, both := slices.BinarySearch(codes, from); both {
			continue
		}
		i, ok := slices.BinarySearch(codes, to)
		if !ok || from <= old && old != 0 {
			t.Fatalf("cpv2003.tsv: %v", r)
		}
		b = binary.AppendUvarint(b, uint64(from-old))
		b = binary.AppendVarint(b, int64(i-place))
		old, place = from, i
	}
	golden(t, "cpv2003.bin", b)
}

func golden(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the official list gives; rebuild it with go test -update", name)
	}
}
