package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/zstd"

	"bidfit/feeds"
)

// folder is a folder under test, with a clock of its own and a shelf that the feed fills.
type folder struct {
	*testing.T
	dir   string
	now   time.Time
	shelf *shelf
}

func start(t *testing.T) *folder {
	t.Helper()
	return &folder{T: t, dir: t.TempDir(), now: time.Date(2026, 8, 12, 9, 0, 0, 0, time.UTC), shelf: newShelf()}
}

// write puts a file there that was last written to so long ago.
func (f *folder) write(name, text string, ago time.Duration) {
	f.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		f.Fatal(err)
	}
	f.touch(name, ago)
}

func (f *folder) touch(name string, ago time.Duration) {
	f.Helper()
	at := f.now.Add(-ago)
	if err := os.Chtimes(filepath.Join(f.dir, name), at, at); err != nil {
		f.Fatal(err)
	}
}

func (f *folder) try(ask feeds.Ask) error {
	ask.State = f.shelf.State
	return New(Options{Dir: f.dir, Now: func() time.Time { return f.now }}).Sync(f.Context(), ask, f.shelf)
}

// sync looks once, and gives how many files were read.
func (f *folder) sync() int {
	f.Helper()
	before := f.shelf.Last
	f.shelf.Tell(feeds.Progress{})
	if err := f.try(feeds.Ask{}); err != nil {
		f.Fatal(err)
	}
	told := f.shelf.Last
	if told.Requests == 0 {
		f.shelf.Tell(before)
	}
	if told.Releases != told.Stored+told.Duplicates+told.Quarantined {
		f.Errorf("the tally does not add up: %+v", told.Tally)
	}
	return told.Requests
}

func (f *folder) holds(want ...string) {
	f.Helper()
	if got := f.shelf.OCIDs(); !slices.Equal(got, want) {
		f.Errorf("holds %q, want %q", got, want)
	}
}

func release(ocid, title string) string {
	return fmt.Sprintf(`{"ocid":%q,"id":"1","date":"2026-08-10T09:00:00Z","tag":["tender"],"tender":{"title":%q}}`+"\n", ocid, title)
}

func packed(t *testing.T, text string) (gz, zs string) {
	t.Helper()
	var g, z bytes.Buffer
	gw := gzip.NewWriter(&g)
	io.WriteString(gw, text)
	gw.Close()
	zw, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(zw, text)
	zw.Close()
	return g.String(), z.String()
}

// Every kind of file is read, each once, in folders of the folder too; other names are not.
func TestFolder(t *testing.T) {
	f := start(t)
	gz, _ := packed(t, release("ocds-b", "Ferry")+release("ocds-c", "Pier"))
	_, zs := packed(t, release("ocds-d", "Quay"))
	f.write("a.json", `{"releases":[`+strings.TrimSpace(release("ocds-a", "Jetty"))+`]}`, time.Hour)
	f.write("2026/08/full.jsonl.gz", gz, time.Hour)
	f.write("2026/d.JSONL.zst", zs, time.Hour)
	f.write("e.jsonl", release("ocds-e", "Lock"), time.Hour)
	f.write("readme.txt", release("ocds-x", "no"), time.Hour)
	f.write(".hidden.json", release("ocds-x", "no"), time.Hour)
	f.write(".git/x.json", release("ocds-x", "no"), time.Hour)
	f.write("g.json.part", release("ocds-x", "no"), time.Hour)
	if n := f.sync(); n != 4 {
		t.Errorf("%d files were read, want 4", n)
	}
	f.holds("ocds-a", "ocds-b", "ocds-c", "ocds-d", "ocds-e")
	if p := f.shelf.Last; p.Covered != 1000 || p.Stored != 5 {
		t.Errorf("told %+v", p)
	}
	takes := f.shelf.takes
	for range 3 {
		if n := f.sync(); n != 0 {
			t.Errorf("%d files were read again", n)
		}
	}
	if f.shelf.takes != takes {
		t.Error("what was read is taken again")
	}
	f.write("e.jsonl", release("ocds-e", "Lock")+release("ocds-f", "Weir"), 50*time.Minute)
	if n := f.sync(); n != 1 {
		t.Errorf("%d files were read, want the changed one", n)
	}
	f.holds("ocds-a", "ocds-b", "ocds-c", "ocds-d", "ocds-e", "ocds-f")
}

// A file is read when it rests: at the first look where it is old, else when two looks find it the same.
func TestRest(t *testing.T) {
	f := start(t)
	f.write("a.jsonl", release("ocds-a", "Jetty"), 3*time.Second)
	if n := f.sync(); n != 0 {
		t.Fatal("a file just written was read")
	}
	f.now = f.now.Add(time.Second)
	if n := f.sync(); n != 0 {
		t.Fatal("two looks at once are one")
	}
	f.write("a.jsonl", release("ocds-a", "Jetty")+release("ocds-b", "Ferry")[:40], 0)
	f.now = f.now.Add(6 * time.Second)
	if n := f.sync(); n != 0 {
		t.Fatal("a file that grows was read")
	}
	f.write("a.jsonl", release("ocds-a", "Jetty")+release("ocds-b", "Ferry"), 0)
	f.now = f.now.Add(6 * time.Second)
	if n := f.sync(); n != 0 {
		t.Fatal("a file that grows was read")
	}
	f.now = f.now.Add(6 * time.Second)
	if n := f.sync(); n != 1 {
		t.Fatal("a file that rests was not read")
	}
	f.holds("ocds-a", "ocds-b")
	if n := f.shelf.Tally.Quarantined; n != 0 {
		t.Errorf("%d in quarantine", n)
	}
	f.write("b.jsonl", release("ocds-c", "Pier"), -time.Hour) // a clock that is ahead
	if n := f.sync(); n != 0 {
		t.Fatal("a file of the future was read at once")
	}
	f.now = f.now.Add(6 * time.Second)
	if n := f.sync(); n != 1 {
		t.Fatal("a file of the future is never read")
	}
}

// The bytes count, not the name or the date.
func TestSameBytes(t *testing.T) {
	f := start(t)
	f.write("a.jsonl", release("ocds-a", "Jetty"), time.Hour)
	f.sync()
	takes := f.shelf.takes
	f.touch("a.jsonl", 30*time.Minute)
	f.write("copy.jsonl", release("ocds-a", "Jetty"), time.Hour)
	f.sync()
	os.Rename(filepath.Join(f.dir, "a.jsonl"), filepath.Join(f.dir, "b.jsonl"))
	f.sync()
	if f.shelf.takes != takes {
		t.Error("the same bytes were taken again")
	}
	f.write("a.jsonl", release("ocds-a", "Ferry"), time.Hour) // as long, other bytes
	f.sync()
	if f.shelf.takes != takes+1 {
		t.Error("other bytes of the same length were not taken")
	}
	if strings.Contains(string(f.shelf.State), "unknown") || !strings.Contains(string(f.shelf.State), `"b.jsonl"`) {
		t.Errorf("the state is %s", f.shelf.State)
	}
}

// A damaged file is told once, what could be read of it is taken, and it is tried again when it changes. The others are read.
func TestDamaged(t *testing.T) {
	f := start(t)
	var many strings.Builder
	for i := range 2000 {
		many.WriteString(release(fmt.Sprintf("ocds-m%04d", i), fmt.Sprint("Works ", i*i)))
	}
	gz, _ := packed(t, many.String())
	f.write("bad.jsonl.gz", gz[:len(gz)*2/3], time.Hour)
	f.write("empty.json", "", time.Hour)
	f.write("page.json", "<html>maintenance</html>", time.Hour)
	f.write("z.jsonl", release("ocds-z", "Lock"), time.Hour)
	err := f.try(feeds.Ask{})
	if err == nil {
		t.Fatal("nothing was told")
	}
	for _, want := range []string{"bad.jsonl.gz", "empty.json", "page.json", "again when it changes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not tell of %s", err, want)
		}
	}
	ids := f.shelf.OCIDs()
	if len(ids) < 500 || !slices.Contains(ids, "ocds-z") {
		t.Errorf("%d OCIDs were taken", len(ids))
	}
	f.touch("bad.jsonl.gz", 30*time.Minute) // the same bytes are as damaged as they were
	if n := f.sync(); n != 1 {
		t.Errorf("%d files were opened again, want the touched one", n)
	}
	f.write("bad.jsonl.gz", gz, 20*time.Minute)
	f.sync()
	if ids = f.shelf.OCIDs(); len(ids) != 2001 {
		t.Errorf("%d OCIDs after the file was mended, want 2001", len(ids))
	}
}

// A process that is killed at any point reads again what it had not kept, and loses nothing.
func TestKilled(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for left := 1; ; left++ {
			f := start(t)
			for i := range 4 {
				f.write(fmt.Sprintf("%d.jsonl", i), release(fmt.Sprintf("ocds-%d", i), "Jetty"), time.Hour)
			}
			f.shelf.left, f.shelf.lost = left, lost
			err := f.try(feeds.Ask{})
			if !f.shelf.killed {
				if err != nil || left < 5 {
					t.Fatalf("after %d calls: %v", left, err)
				}
				break
			}
			if err == nil {
				t.Fatalf("killed at call %d, and no error", left)
			}
			f.shelf.left, f.shelf.killed = 0, false
			f.sync()
			f.holds("ocds-0", "ocds-1", "ocds-2", "ocds-3")
			if n := f.sync(); n != 0 {
				t.Errorf("%d files are read for ever", n)
			}
		}
	}
}

// A file that is written to while it is read is not taken for whole.
func TestWrittenMeanwhile(t *testing.T) {
	f := start(t)
	var many strings.Builder
	for i := range 1000 {
		many.WriteString(release(fmt.Sprintf("ocds-m%04d", i), strings.Repeat("x", 300)))
	}
	f.write("a.jsonl", many.String(), time.Hour)
	once := true
	f.shelf.watch = func(p feeds.Progress) {
		if once && p.Releases > 0 {
			once = false
			f.write("a.jsonl", many.String()+release("ocds-new", "Weir"), 0)
		}
	}
	f.sync()
	f.now = f.now.Add(10 * time.Second)
	if n := f.sync(); n != 1 {
		t.Fatalf("%d files were read, want the changed one", n)
	}
	if ids := f.shelf.OCIDs(); len(ids) != 1001 || !slices.Contains(ids, "ocds-new") {
		t.Errorf("%d OCIDs, want 1001", len(ids))
	}
}

func TestAsk(t *testing.T) {
	f := start(t)
	f.write("a.jsonl", release("ocds-a", "Jetty"), time.Hour)
	if err := f.try(feeds.Ask{DryRun: true}); err != nil {
		t.Fatal(err)
	}
	if f.shelf.takes != 0 || f.shelf.State != nil || !strings.Contains(f.shelf.Last.Why, "a.jsonl") {
		t.Errorf("a dry run took %d, kept %s and told %+v", f.shelf.takes, f.shelf.State, f.shelf.Last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(Options{Dir: f.dir}).Sync(ctx, feeds.Ask{}, f.shelf); err == nil {
		t.Error("nothing is said of a cancelled context")
	}
	for _, dir := range []string{"", filepath.Join(f.dir, "none"), filepath.Join(f.dir, "a.jsonl")} {
		if err := New(Options{Dir: dir}).Sync(t.Context(), feeds.Ask{}, f.shelf); err == nil || !strings.HasPrefix(err.Error(), "folder: ") {
			t.Errorf("folder %q: %v", dir, err)
		}
	}
	if err := New(Options{Dir: f.dir}).Sync(t.Context(), feeds.Ask{State: []byte(`[]`)}, f.shelf); err == nil {
		t.Error("a state that is none was read")
	}
	// A disk that is not mounted is an empty folder: nothing is forgotten.
	f.sync()
	takes := f.shelf.takes
	os.Rename(filepath.Join(f.dir, "a.jsonl"), filepath.Join(f.dir, "a.away"))
	f.sync()
	os.Rename(filepath.Join(f.dir, "a.away"), filepath.Join(f.dir, "a.jsonl"))
	f.sync()
	if f.shelf.takes != takes {
		t.Error("what was read is read again after the folder was empty")
	}
	var s state
	if err := json.Unmarshal(f.shelf.State, &s); err != nil || len(s.Files) != 1 || s.Files["a.jsonl"].Hash == "" {
		t.Errorf("state %s, %v", f.shelf.State, err)
	}
}

// A bulk file is read in memory that does not grow with it.
func TestBulk(t *testing.T) {
	f := start(t)
	path := filepath.Join(f.dir, "full.jsonl.gz")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(out)
	const n = 20_000
	pad := strings.Repeat("Provision of grounds maintenance. ", 60)
	for i := range n {
		io.WriteString(z, release(fmt.Sprintf("ocds-m%06d", i), fmt.Sprint(i, pad)))
	}
	z.Close()
	out.Close()
	f.touch("full.jsonl.gz", time.Hour)
	var most uint64
	s := &thrown{watch: func(taken int) {
		if taken%20 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}}
	if err := New(Options{Dir: f.dir, Now: func() time.Time { return f.now }}).Sync(t.Context(), feeds.Ask{}, s); err != nil {
		t.Fatal(err)
	}
	if s.items != n || s.takes < n/batchItems {
		t.Errorf("%d releases in %d batches", s.items, s.takes)
	}
	t.Logf("%d MB of JSON, %d MB of memory at most", n*len(pad)>>20, most>>20)
	if most > 16<<20 {
		t.Errorf("it took %d MB", most>>20)
	}
}

// FuzzState: any state is read or refused, and one that is read leads to the same releases.
func FuzzState(f *testing.F) {
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), []byte(release("ocds-a", "Jetty")), 0o666); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"dir":"x","files":{"a.jsonl":{"size":3,"mtime":"2026-01-01T00:00:00Z","hash":"00"}},"seen":{"a.jsonl":{"size":1}}}`))
	f.Add([]byte(`{"dir":` + string(must(json.Marshal(dir))) + `,"files":null,"seen":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		shelf := newShelf()
		feed := New(Options{Dir: dir, Now: func() time.Time { return time.Now().Add(time.Hour) }})
		if feed.Sync(t.Context(), feeds.Ask{State: raw}, shelf) != nil || bytes.Contains(raw, []byte("a.jsonl")) {
			return
		}
		if got := shelf.OCIDs(); !slices.Equal(got, []string{"ocds-a"}) {
			t.Errorf("read %q", got)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
