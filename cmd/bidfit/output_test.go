package main

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/export"
	"bidfit/matcher"
	"bidfit/notice"
)

// list is rows of a shortlist; after them comes an error, where there is one.
func list(n int, fails error) iter.Seq2[export.Row, error] {
	return func(yield func(export.Row, error) bool) {
		for range n {
			if !yield(export.Row{Notice: &notice.Notice{OCID: "ocds-h6vhtk-1", Lots: []notice.Lot{{}}}, Fit: matcher.Fit{}}, nil) {
				return
			}
		}
		if fails != nil {
			yield(export.Row{}, fails)
		}
	}
}

func writeWhole(name string, f export.Format, rows iter.Seq2[export.Row, error]) error {
	w, err := createWhole(name)
	if err != nil {
		return err
	}
	return w.finish(export.Write(w, f, export.Options{}, rows))
}

// An export that fails half way leaves the file of before, or none, whatever its format; nothing else is left in the folder.
func TestWholeOrNotAtAll(t *testing.T) {
	broken := errors.New("the store is damaged")
	for _, f := range export.Formats() {
		dir := t.TempDir()
		name := filepath.Join(dir, "list"+f.Extension)
		if err := writeWhole(name, f, list(2000, broken)); !errors.Is(err, broken) {
			t.Errorf("%s: error %v", f.Name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s leaves %v (%v)", f.Name, left, err)
		}
		if err := writeWhole(name, f, list(3, nil)); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(name)
		if err != nil || len(before) == 0 {
			t.Fatalf("%d bytes, %v", len(before), err)
		}
		if err := writeWhole(name, f, list(2000, broken)); !errors.Is(err, broken) {
			t.Errorf("%s: error %v", f.Name, err)
		}
		if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
			t.Errorf("%s: the file of before is gone (%v)", f.Name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s leaves %v (%v)", f.Name, left, err)
		}
	}
}

// A file that is replaced keeps its rights, and a link stays a link.
func TestWholeKeepsRights(t *testing.T) {
	dir := t.TempDir()
	csv := export.Formats()[0]
	file, link := filepath.Join(dir, "list.csv"), filepath.Join(dir, "link.csv")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skipf("Windows lets administrators alone make links: %v", err)
	}
	if err := writeWhole(link, csv, list(1, nil)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(file)
	if err != nil || info.Mode() != 0o640 || info.Size() < 10 {
		t.Errorf("the file is %v (%v)", info, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v (%v)", info, err)
	}
	// A new file is no more open than any other that is made here.
	other := filepath.Join(dir, "other")
	if err := os.WriteFile(other, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "fresh.csv")
	if err := writeWhole(fresh, csv, list(1, nil)); err != nil {
		t.Fatal(err)
	}
	want, err := os.Stat(other)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.Stat(fresh); err != nil || got.Mode() != want.Mode() {
		t.Errorf("a new file is %v (%v), want %v", got.Mode(), err, want.Mode())
	}
}

func TestWholeRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := createWhole(dir); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := createWhole(filepath.Join(dir, "none", "list.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	// A device is written to, not replaced.
	if err := writeWhole(os.DevNull, export.Formats()[0], list(1, nil)); err != nil {
		t.Errorf("%s: %v", os.DevNull, err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeDevice == 0 {
		t.Errorf("%s is %v (%v) now", os.DevNull, info, err)
	}
}
