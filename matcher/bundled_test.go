package matcher

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
)

// taught are the shared files from which the bundled lexicon was learned.
var taught = []string{
	"notices/find-a-tender", "notices/contracts-finder", "notices/contracts-finder-open-2025",
	"notices/public-contracts-scotland", "notices/sell2wales",
	"award-history/lancashire-councils", "award-history/contracts-finder-2020",
}

// lessons reads all notices of some shared files.
func lessons(t testing.TB, files ...string) (all []*notice.Notice) {
	t.Helper()
	for _, f := range files {
		all = append(all, ocdstest.Published(t, noticetest.Shared(t, append([]string{"data"}, strings.Split(f+".jsonl.gz", "/")...)...))...)
	}
	return all
}

// officialNames reads the names of all CPV codes.
func officialNames(t testing.TB) cpv.Names {
	t.Helper()
	table, err := os.ReadFile(noticetest.Shared(t, "refdata", "cpv.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	names := cpv.Names{}
	for line := range strings.Lines(string(table)) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if code, err := cpv.Parse(number[:min(8, len(number))]); err == nil {
			names[code] = name
		}
	}
	if len(names) < 9_000 {
		t.Fatalf("only %d names of CPV", len(names))
	}
	return names
}

// bundle is a lexicon as it comes with the program: nothing in it is the wording of a notice.
func bundle(notices []*notice.Notice, names cpv.Names) *Lexicon {
	l := learn(nil, slices.Values(notices), names)
	l.entries = slices.DeleteFunc(l.entries, func(e entry) bool { return e.texts < 2 })
	l.names = nil
	for _, n := range notices {
		l.taught = append(l.taught, numberOf(n))
	}
	slices.Sort(l.taught)
	l.taught = slices.Compact(l.taught)
	l.weigh()
	l.name(l.Encode())
	return l
}

// TestBundledLexicon learns the bundled lexicon anew and compares it with lexicon.bin, byte for byte.
func TestBundledLexicon(t *testing.T) {
	got := bundle(lessons(t, taught...), officialNames(t)).Encode()
	if *Update {
		if err := os.WriteFile("lexicon.bin", got, 0o666); err != nil {
			t.Fatal(err)
		}
		bundled = got
	}
	if !bytes.Equal(got, bundled) {
		t.Errorf("lexicon.bin (%d bytes) is not what the shared notices teach (%d bytes); go test ./matcher -run BundledLexicon -update writes it anew", len(bundled), len(got))
	}
	if len(bundled) > 2<<20 {
		t.Errorf("lexicon.bin has %d bytes, more than 2 MB", len(bundled))
	}
}
