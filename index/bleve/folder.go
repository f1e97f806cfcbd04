package bleve

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	engine "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/util"
	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"bidfit/index"
	"bidfit/lock"
)

// folder is where an index lies. Inside dir:
//
//	bidfit.lock   held (flock) by the one process that has the index open
//	bidfit.bleve  Bleve's own folder: index_meta.json, store/root.bolt, store/*.zap
//	bidfit.new    one being made, before it takes the place of bidfit.bleve
//	bidfit.seal   checksums, while the index is closed, of the files that have none
//
// The names are our own so that rebuilding never removes what somebody else
// put into a folder that was named by mistake.
type folder struct {
	dir  string
	lock *os.File
}

func (f *folder) bleve() string    { return filepath.Join(f.dir, "bidfit.bleve") }
func (f *folder) new() string      { return filepath.Join(f.dir, "bidfit.new") }
func (f *folder) sealFile() string { return filepath.Join(f.dir, "bidfit.seal") }

// files without checksums of their own, inside bleve().
var unsummed = [...]string{metaFile, boltFile}

const (
	metaFile = "index_meta.json"
	storeDir = "store"
	boltFile = "store/root.bolt"
)

// patience is how long to wait for another process to let go of the index.
const patience = time.Second

// settings of scorch, given at every opening whatever index_meta.json says: a
// batch is on the disk when it returns, no older snapshots are kept, and a lock somebody else
// holds is an error after a while and not a wait for ever.
func settings() map[string]any {
	return map[string]any{
		"unsafe_batch":       false,
		"numSnapshotsToKeep": 1,
		"bolt_timeout":       patience.String(),
	}
}

// openFolder makes the folder where there is none and locks it.
func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "bidfit.lock")
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(patience / 50) {
		held, err := lock.Try(file)
		switch {
		case err != nil:
			return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), file.Close())
		case held:
			return &folder{dir: dir, lock: file}, nil
		case time.Now().After(deadline):
			return nil, errors.Join(fmt.Errorf("%w (is `bidfit serve` running?)", index.ErrInUse), file.Close())
		}
	}
}

// close lets go of the lock.
func (f *folder) close() error { return f.lock.Close() }

// openOrRebuild opens what lies in the folder or, where that cannot be trusted,
// an empty index, and says why. It is an error only where the machine will not
// let us read or write.
func (f *folder) openOrRebuild() (live engine.Index, reason string, err error) {
	live, err = f.open()
	switch {
	case err == nil:
		return live, "", nil
	case environmental(err):
		return nil, "", err
	case !errors.Is(err, errNew):
		reason = err.Error()
	}
	live, err = f.rebuild()
	return live, reason, err
}

// errNew is the error of opening a folder that never held an index.
var errNew = errors.New("there is no index yet")

// environmental reports whether an error is the machine's and says nothing about the index.
func environmental(err error) bool {
	for _, e := range []error{index.ErrInUse, fs.ErrPermission, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EROFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// open checks the folder, breaks its seal and opens it.
func (f *folder) open() (live engine.Index, err error) {
	if err := guard(f.check); err != nil {
		return nil, err
	}
	if err := os.Remove(f.sealFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := syncDir(f.dir); err != nil {
		return nil, err
	}
	err = guard(func() (err error) {
		live, err = engine.OpenUsing(f.bleve(), settings())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("opening it: %w", err)
	}
	err = guard(func() error {
		_, err := readState(live)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, guard(live.Close))
	}
	return live, nil
}

// rebuild puts an empty index with the zero Mark into the folder. Bleve does
// not sync what it creates, and a power cut would leave a folder that
// cannot be opened: so it is made beside, synced to the last folder, and then renamed.
func (f *folder) rebuild() (live engine.Index, err error) {
	for _, old := range []string{f.new(), f.sealFile(), f.bleve()} {
		if err := os.RemoveAll(old); err != nil {
			return nil, err
		}
	}
	err = guard(func() error {
		// The mapping is never asked: documents carry their analyzers, queries their fields.
		made, err := engine.NewUsing(f.new(), engine.NewIndexMapping(), scorch.Name, scorch.Name, settings())
		if err != nil {
			return err
		}
		return errors.Join(made.SetInternal(stateKey, encodeState(index.Mark{})), made.Close())
	})
	if err != nil {
		return nil, fmt.Errorf("make an empty index: %w", err)
	}
	if err := syncTree(f.new()); err != nil {
		return nil, err
	}
	if err := os.Rename(f.new(), f.bleve()); err != nil {
		return nil, err
	}
	if err := errors.Join(syncDir(f.dir), syncDir(filepath.Dir(f.dir))); err != nil {
		return nil, err
	}
	err = guard(func() (err error) {
		live, err = engine.OpenUsing(f.bleve(), settings())
		return err
	})
	return live, err
}

// sync makes the names of new segments durable; Bleve syncs only what is in them.
func (f *folder) sync() error { return syncDir(filepath.Join(f.bleve(), storeDir)) }

// seal writes the checksums of the files that have none of their own. It is
// there only while the index is closed: after a crash there is none, and
// bbolt's own promises have to do.
func (f *folder) seal() error {
	sums, err := f.sums()
	if err != nil {
		return err
	}
	b, err := json.Marshal(sums)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.sealFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	return errors.Join(err, file.Sync(), file.Close(), syncDir(f.dir))
}

func (f *folder) sums() (map[string]uint32, error) {
	sums := make(map[string]uint32, len(unsummed))
	for _, name := range unsummed {
		b, err := os.ReadFile(filepath.Join(f.bleve(), filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		sums[name] = crc32.ChecksumIEEE(b)
	}
	return sums, nil
}

// check reads every byte that Bleve is going to trust. Bleve itself verifies
// no checksum, answers wrongly from damaged files and panics in the middle.
func (f *folder) check() error {
	sealed, err := os.ReadFile(f.sealFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(f.bleve()); errors.Is(err, fs.ErrNotExist) && sealed == nil {
		return errNew
	}
	sums, err := f.sums()
	if err != nil {
		return err
	}
	if sealed != nil {
		var want map[string]uint32
		if err := json.Unmarshal(sealed, &want); err != nil {
			return fmt.Errorf("%w: bidfit.seal is unreadable: %v", index.ErrDamaged, err)
		}
		for _, name := range unsummed {
			if sums[name] != want[name] {
				return fmt.Errorf("%w: %s is not as it was when the index was closed", index.ErrDamaged, name)
			}
		}
	}
	segments, err := f.segments()
	if err != nil {
		return err
	}
	for _, name := range segments {
		if err := checkSegment(filepath.Join(f.bleve(), storeDir, name)); err != nil {
			return err
		}
	}
	return nil
}

// segments reads root.bolt to the last key and lists the segment files it names.
func (f *folder) segments() ([]string, error) {
	db, err := bbolt.Open(filepath.Join(f.bleve(), filepath.FromSlash(boltFile)), 0o600,
		&bbolt.Options{Timeout: patience})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: root.bolt is locked", index.ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("root.bolt: %w", err)
	}
	names := make(map[string]bool)
	var walk func(b *bbolt.Bucket, depth int) error
	walk = func(b *bbolt.Bucket, depth int) error {
		if depth > 4 { // snapshots, snapshot, segment and one to spare
			return errors.New("its buckets go round in a circle")
		}
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return walk(b.Bucket(k), depth+1)
			}
			if string(k) == string(util.BoltPathKey) {
				names[string(v)] = true
			}
			return nil
		})
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if err := tx.ForEach(func(_ []byte, b *bbolt.Bucket) error { return walk(b, 1) }); err != nil {
			return err
		}
		var first error
		for err := range tx.Check() { // to the end, or its goroutine stays behind
			first = cmp.Or(first, err)
		}
		return first
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, fmt.Errorf("%w: root.bolt: %v", index.ErrDamaged, err)
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// checkSegment holds a segment's bytes against the checksum at its end.
func checkSegment(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	r := bufio.NewReaderSize(file, 1<<18)
	var want [4]byte
	if _, err = io.CopyN(sum, r, info.Size()-int64(len(want))); err == nil {
		_, err = io.ReadFull(r, want[:])
	}
	if err != nil {
		return fmt.Errorf("%w: segment %s: %v", index.ErrDamaged, filepath.Base(path), err)
	}
	if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
		return fmt.Errorf("%w: segment %s does not have the checksum it was written with", index.ErrDamaged, filepath.Base(path))
	}
	return nil
}

// syncTree syncs every file and folder under root.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return syncDir(path)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(file.Sync(), file.Close())
	})
}

// guard turns a panic, and a fault in a mapped file that shrank or cannot be
// read, into an error that wraps index.ErrDamaged.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", index.ErrDamaged, p)
		}
	}()
	return f()
}
