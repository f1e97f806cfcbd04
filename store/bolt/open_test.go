package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"bidfit/notice"
	"bidfit/store"
	"bidfit/store/storetest"
)

// What cannot be opened says what it is and what to do, and stays as it is.
func TestOpenRefuses(t *testing.T) {
	healthy := filepath.Join(t.TempDir(), "bidfit.db")
	s := opened(t, healthy)
	furnish(t, s, samples(0, 60))
	s.Close()
	content, err := os.ReadFile(healthy)
	if err != nil {
		t.Fatal(err)
	}

	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := bbolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	foreignContent, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}

	for _, test := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"empty", nil, "empty"},
		{"one byte", []byte("x"), ""},
		{"text", []byte(strings.Repeat("this is not a store\n", 2000)), "not a bidfit store"},
		{"zeros", make([]byte, 1<<16), "not a bidfit store"},
		{"another program's", foreignContent, "not a bidfit store"},
		{"first page only", content[:4096], ""},
		{"cut short", content[:highWater(t, content)/2], "cut short"},
		{"cut within the last page", content[:highWater(t, content)-1], "cut short"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bidfit.db")
			if err := os.WriteFile(path, test.content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path, storetest.Projection(1))
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("the error does not say %q, or not where: %v", test.want, err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, test.content) {
				t.Error("the file was changed")
			}
			// Whatever went wrong, the file is not left locked.
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			opened(t, path)
		})
	}

	if _, err := Open(t.TempDir(), storetest.Projection(1)); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(os.DevNull, storetest.Projection(1)); err == nil {
		t.Error("a device was opened")
	}
	if _, err := Open(filepath.Join(healthy, "bidfit.db"), storetest.Projection(1)); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// highWater is where the pages in use end.
func highWater(t testing.TB, content []byte) int {
	t.Helper()
	m, _, err := newestMeta(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return int(m.pages) * m.pageSize
}

// A store is private, and creating it leaves nothing else behind.
func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "bidfit")
	path := filepath.Join(dir, "bidfit.db")
	opened(t, path)
	for name, want := range map[string]os.FileMode{dir: 0o700 | os.ModeDir, path: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files in the folder, %v", len(files), err)
	}
}

// Of many who open at once, with nothing there yet, one has the store.
func TestOneWinner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bidfit.db")
	var won atomic.Int32
	var wait sync.WaitGroup
	all := make(chan *Store, 20)
	for range cap(all) {
		wait.Go(func() {
			s, err := Open(path, storetest.Projection(1), Timeout(100*time.Millisecond))
			switch {
			case err == nil:
				won.Add(1)
				all <- s
			case !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "bidfit serve"):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d have it open", won.Load())
	}
	close(all)
	for s := range all {
		s.Close()
	}
	opened(t, path)
}

func TestNewerFormat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bidfit.db")
	opened(t, path).Close()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(b *bbolt.Tx) error {
		return b.Bucket([]byte(bucketMeta)).Put(keyFormat, []byte(strconv.Itoa(format+1)))
	}); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(path, storetest.Projection(1)); !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), fmt.Sprintf("format %d", format+1)) {
		t.Errorf("opened: %v", err)
	}
}

// A store of an older format opens with all it holds, once and for all, and takes what that format did not know.
func TestOlderFormat(t *testing.T) {
	for _, older := range []struct {
		format string
		had    func(*bbolt.Tx) error
	}{
		{"1", func(b *bbolt.Tx) error {
			return errors.Join(b.DeleteBucket([]byte(bucketRating)), b.DeleteBucket([]byte(bucketRecord)), b.DeleteBucket([]byte(bucketSign)))
		}},
		{"2", func(b *bbolt.Tx) error {
			return errors.Join(b.DeleteBucket([]byte(bucketRecord)), b.DeleteBucket([]byte(bucketSign)))
		}},
		{"3", func(b *bbolt.Tx) error { return b.DeleteBucket([]byte(bucketSign)) }},
	} {
		t.Run(older.format, func(t *testing.T) { opensOlder(t, older.format, older.had) })
	}
}

func opensOlder(t *testing.T, older string, had func(*bbolt.Tx) error) {
	path := filepath.Join(t.TempDir(), "bidfit.db")
	s := opened(t, path)
	furnish(t, s, samples(0, 60))
	rated, err := s.Ratings(t.Context(), store.Default, "")
	if err != nil || len(rated) == 0 {
		t.Fatal(err)
	}
	s.Close()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(b *bbolt.Tx) error {
		if older == "3" {
			return errors.Join(had(b), b.Bucket([]byte(bucketMeta)).Put(keyFormat, []byte(older)))
		}
		// What the feed tells of records goes with them: a store of that format has none.
		for k, v := range (&tx{Tx: b}).under(bucketLast, nameKey(string(store.KindRecord))) {
			var n uint64
			codec, err := newCodec()
			if err == nil {
				_, err = codec.unmarshal(bucketLast, k, v, &n)
			}
			if err := errors.Join(err, b.Bucket([]byte(bucketChange)).Delete(numberKey(n)), b.Bucket([]byte(bucketLast)).Delete(k)); err != nil {
				return err
			}
		}
		return errors.Join(had(b), b.Bucket([]byte(bucketMeta)).Put(keyFormat, []byte(older)))
	}); err != nil {
		t.Fatal(err)
	}
	kept := len(rated)
	if older == "1" {
		kept = 0
	}
	db.Close()

	s = opened(t, path)
	if stats, err := s.Stats(context.Background()); err != nil || stats.Format != format || stats.Ratings != kept || stats.Records != 0 && older != "3" || stats.Notices == 0 || stats.Pursuits == 0 {
		t.Errorf("it holds %+v, %v", stats, err)
	}
	if _, err := s.Rate(context.Background(), store.Default, rating(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(context.Background(), store.Default, record(1)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = opened(t, path)
	if all, err := s.Ratings(context.Background(), store.Default, ""); err != nil || len(all) != max(kept, 1) {
		t.Errorf("after opening again: %v, %v", all, err)
	}
	if all, err := s.Records(context.Background(), store.Default, record(1).Kind, record(1).Profile); err != nil || len(all) != 1 && older != "3" {
		t.Errorf("after opening again: %v, %v", all, err)
	}
	if older != "1" {
		if all := findings(s); len(all) > 0 {
			t.Error(all)
		}
	}
}

// Deriving again goes on where it stopped.
func TestDeriveAgainResumes(t *testing.T) {
	const ocids, derived = 700, 2 * derivedAtOnce
	path := filepath.Join(t.TempDir(), "bidfit.db")
	s := opened(t, path)
	var batch []notice.Release
	for i := range ocids {
		r := sample(0)
		r.OCID = fmt.Sprintf("ocds-%04d", i)
		r.Raw = []byte(fmt.Sprintf(`{"ocid":%q}`, r.OCID))
		batch = append(batch, r)
	}
	if _, err := s.Put(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	s.Close()

	var calls atomic.Int32
	next := storetest.Projection(2)
	project := next.Project
	stop := fmt.Sprintf("ocds-%04d", derived+10)
	next.Project = func(ocid string, releases []notice.Release) ([]*notice.Notice, error) {
		calls.Add(1)
		if ocid == stop {
			return nil, errors.New("interrupted")
		}
		return project(ocid, releases)
	}
	if _, err := Open(path, next); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Fatal(err)
	}
	stop = ""
	calls.Store(0)
	s, err := Open(path, next)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if calls.Load() != ocids-derived {
		t.Errorf("%d OCIDs were derived after the interruption, want %d", calls.Load(), ocids-derived)
	}
	if all := findings(s); len(all) > 0 {
		t.Error(all)
	}
}
