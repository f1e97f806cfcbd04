package bleve_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/index/indextest"
	"bidfit/notice"
)

// closed makes an index of invented notices, some replaced and some gone, and
// closes it. Its first folder holds it sealed; its second as a crash leaves it.
func closed(t *testing.T) (sealed, crashed string) {
	t.Helper()
	sealed, crashed = t.TempDir(), t.TempDir()
	x := open(t, sealed)
	put(t, x, indextest.Notices(), 2)
	put(t, x, indextest.Notices()[:2], 2)
	if err := x.Put(t.Context(), full, nil, []string{"cleaning"}); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	dropStale(t, sealed)
	copyFolder(t, crashed, sealed)
	if err := os.Remove(filepath.Join(crashed, "bidfit.seal")); err != nil {
		t.Fatal(err)
	}
	return sealed, crashed
}

// dropStale removes the segments that Bleve has merged away and not got round
// to removing: nobody would notice what happens to them.
func dropStale(t *testing.T, dir string) {
	t.Helper()
	without := filepath.Join(t.TempDir(), "index")
	for _, file := range files(t, dir) {
		if filepath.Ext(file) != ".zap" {
			continue
		}
		copyFolder(t, without, dir)
		if err := os.Remove(filepath.Join(without, file)); err != nil {
			t.Fatal(err)
		}
		if !sound(t, without, file+" deleted") {
			if err := os.Remove(filepath.Join(dir, file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.ContainsFunc(files(t, dir), func(f string) bool { return filepath.Ext(f) == ".zap" }) {
		t.Fatal("no segment of the index is needed")
	}
}

var full = index.Mark{Store: "test", N: 99}

func copyFolder(t *testing.T, to, from string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// files lists the files of a folder, its lock apart.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "bidfit.lock" {
			path, err = filepath.Rel(dir, path)
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sound opens a folder that was damaged and expects the whole index or an
// empty one, with the reason; and that it works from there.
func sound(t *testing.T, dir, damage string) (rebuilt bool) {
	t.Helper()
	x, err := bleve.Open(dir)
	if err != nil {
		t.Errorf("%s: Open: %v", damage, err)
		return false
	}
	defer x.Close()
	want := uint64(len(indextest.Notices()) - 1)
	switch x.Mark() {
	case full:
	case index.Mark{}:
		rebuilt, want = true, 0
	default:
		t.Errorf("%s: the mark is %+v", damage, x.Mark())
	}
	if rebuilt == (x.Rebuilt() == "") {
		t.Errorf("%s: the mark is %+v, and Rebuilt() %q", damage, x.Mark(), x.Rebuilt())
	}
	if n, err := x.Count(t.Context()); n != want || err != nil {
		t.Errorf("%s: Count() = %d, %v, want %d", damage, n, err, want)
	}
	for _, q := range []index.Query{{}, {Words: "care"}, {Words: `"grounds maintenance"`}, {Tokens: []string{"stage:tender"}}} {
		if _, err := x.Search(t.Context(), q); err != nil {
			t.Errorf("%s: Search: %v", damage, err)
		}
	}
	if err := x.Put(t.Context(), full, indextest.Notices(), nil); err != nil {
		t.Errorf("%s: Put: %v", damage, err)
	}
	if r, err := x.Search(t.Context(), index.Query{Words: "mediation"}); err != nil || r.Total != 1 {
		t.Errorf("%s: after Put, Search = %+v, %v", damage, r, err)
	}
	return rebuilt
}

func TestDamage(t *testing.T) {
	sealed, crashed := closed(t)
	dir := filepath.Join(t.TempDir(), "index")
	damages := []struct {
		name string
		do   func(path string, content []byte) error
	}{
		{"deleted", func(path string, _ []byte) error { return os.Remove(path) }},
		{"emptied", func(path string, _ []byte) error { return os.Truncate(path, 0) }},
		{"cut by one byte", func(path string, c []byte) error { return os.Truncate(path, int64(len(c)-1)) }},
		{"cut in half", func(path string, c []byte) error { return os.Truncate(path, int64(len(c)/2)) }},
		{"grown", func(path string, c []byte) error { return os.WriteFile(path, append(c, c...), 0o600) }},
		{"zeroed", func(path string, c []byte) error { return os.WriteFile(path, make([]byte, len(c)), 0o600) }},
		{"a text", func(path string, _ []byte) error { return os.WriteFile(path, []byte("not this\n"), 0o600) }},
		{"a folder", func(path string, _ []byte) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }},
	}
	for _, from := range []string{sealed, crashed} {
		for _, file := range files(t, from) {
			for _, d := range damages {
				copyFolder(t, dir, from)
				path := filepath.Join(dir, file)
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := d.do(path, content); err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%s %s (sealed: %t)", file, d.name, from == sealed)
				if rebuilt := sound(t, dir, what); !rebuilt && from == sealed && !(strings.HasSuffix(file, "seal") && d.name == "deleted") {
					t.Errorf("%s: it was not noticed", what)
				}
			}
		}
	}
}

// TestFlip flips bits all over a sealed index: every single one is noticed.
func TestFlip(t *testing.T) {
	sealed, _ := closed(t)
	dir := filepath.Join(t.TempDir(), "index")
	random := rand.New(rand.NewPCG(1, 2))
	list := files(t, sealed)
	for i := range 120 {
		copyFolder(t, dir, sealed)
		file := list[i%len(list)]
		path := filepath.Join(dir, file)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at, bit := random.IntN(len(content)), random.IntN(8)
		content[at] ^= 1 << bit
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("%s, bit %d of byte %d flipped", file, bit, at)
		if !sound(t, dir, what) {
			t.Errorf("%s: it was not noticed", what)
		}
	}
}

func TestUntouchedIsKept(t *testing.T) {
	sealed, crashed := closed(t)
	for _, dir := range []string{sealed, crashed} {
		if sound(t, dir, "nothing") {
			t.Errorf("an index nobody touched was rebuilt")
		}
	}
}

// TestLeftovers opens folders as a crash may leave them while an index is made or removed.
func TestLeftovers(t *testing.T) {
	sealed, _ := closed(t)
	for _, tt := range []struct {
		name    string
		do      func(dir string) error
		rebuilt string
	}{
		{"a new one half made", func(dir string) error {
			return os.MkdirAll(filepath.Join(dir, "bidfit.new", "store"), 0o700)
		}, ""},
		{"the old one half removed", func(dir string) error {
			return os.RemoveAll(filepath.Join(dir, "bidfit.bleve", "store"))
		}, "root.bolt"},
		{"a stray segment half written", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "bidfit.bleve", "store", "0000000000ff.zap"), []byte("half"), 0o600)
		}, ""},
	} {
		dir := filepath.Join(t.TempDir(), "index")
		copyFolder(t, dir, sealed)
		if err := tt.do(dir); err != nil {
			t.Fatal(err)
		}
		x, err := bleve.Open(dir)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if r := x.Rebuilt(); (r == "") != (tt.rebuilt == "") || !strings.Contains(r, tt.rebuilt) {
			t.Errorf("%s: Rebuilt() = %q, want a word of %q", tt.name, r, tt.rebuilt)
		}
		if err := x.Close(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.rebuilt == "" && sound(t, dir, tt.name) {
			t.Errorf("%s: opened again, it is rebuilt", tt.name)
		}
	}
}

// TestStrangers keeps its hands off what somebody else put into the folder.
func TestStrangers(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"index_meta.json", "store/root.bolt", "index/main.go"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("mine"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	x := open(t, dir)
	if err := errors.Join(x.Reset(t.Context()), x.Close()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index_meta.json", "store/root.bolt", "index/main.go"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); string(b) != "mine" {
			t.Errorf("%s is now %q, %v", name, b, err)
		}
	}
}

func TestOpenWhereItCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bleve.Open(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Open of a file: %v, want an error that names it", err)
	}
}

// TestResetHeals takes an index whose files were lost while it was open.
func TestResetHeals(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	put(t, x, indextest.Notices(), index.BatchSize)
	if err := os.RemoveAll(filepath.Join(dir, "bidfit.bleve")); err != nil {
		t.Fatal(err)
	}
	if err := x.Put(t.Context(), full, indextest.Notices(), nil); err == nil {
		t.Error("Put into a folder that is gone did not fail")
	}
	if err := x.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := x.Mark(); m != (index.Mark{}) {
		t.Errorf("after Reset the mark is %+v", m)
	}
	put(t, x, indextest.Notices(), index.BatchSize)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if n, err := x.Count(t.Context()); n != uint64(len(indextest.Notices())) || err != nil || x.Rebuilt() != "" {
		t.Errorf("opened again: %d notices, %v, rebuilt %q", n, err, x.Rebuilt())
	}
}

// FuzzSearch gives any text to Search, as words and as a token, over notices made of it too.
func FuzzSearch(f *testing.F) {
	for _, h := range indextest.Hostile {
		f.Add(h, h)
	}
	f.Add(`IT "social care" NHS`, "stage:tender")
	x := open(f, f.TempDir())
	f.Fuzz(func(t *testing.T, text, token string) {
		n := &notice.Notice{ID: "n" + token, Title: said(text), Description: said(token), Lots: make([]notice.Lot, 1)}
		if err := x.Put(t.Context(), index.Mark{N: 1}, []*notice.Notice{n}, nil); err != nil {
			t.Fatal(err)
		}
		q := index.Query{Words: text, Tokens: []string{token}}
		if _, err := x.Search(t.Context(), q); err != nil && !errors.Is(err, index.ErrQuery) {
			t.Errorf("Search(%q, %q): %v", text, token, err)
		}
		if _, err := x.Similar(t.Context(), n, 3); err != nil {
			t.Errorf("Similar to %q: %v", text, err)
		}
	})
}
