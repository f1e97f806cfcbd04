// Package noticetest finds what tests read beside the checkout where it is
// there: published notices and official code lists. Nothing else belongs here, and only
// tests import it.
package noticetest

import (
	"bufio"
	"compress/gzip"
	"iter"
	"os"
	"path/filepath"
	"testing"
)

// Shared is the path of something in the folder "shared" beside the checkout;
// the test is skipped where that is not there: it has data of its own besides.
func Shared(tb testing.TB, path ...string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test")
		}
		dir = up
	}
	found := filepath.Join(append([]string{dir, "..", "shared"}, path...)...)
	if _, err := os.Stat(found); err != nil {
		tb.Skipf("not beside this checkout, so not read: %v", err)
	}
	return found
}

// Notices are the files of published notices, gzipped JSON Lines.
func Notices(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(Shared(tb, "data", "notices"), "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no notices in the shared folder: %v", err)
	}
	return files
}

// Lines are the lines of a gzipped file.
func Lines(tb testing.TB, file string) iter.Seq[string] {
	tb.Helper()
	return func(yield func(string) bool) {
		f, err := os.Open(file)
		if err != nil {
			tb.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		for lines.Buffer(nil, 64<<20); lines.Scan(); {
			if !yield(lines.Text()) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			tb.Fatal(err)
		}
	}
}
