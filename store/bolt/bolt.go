// Package bolt keeps a store in one bbolt file, for one process at a time.
//
// Bottom-up: pages.go looks at the file's pages before they are trusted; record.go says how a
// value is written and checked; tx.go is the only door to bbolt, with everything it may do to us
// turned into errors; put.go takes releases in and derives notices from them, sign.go tells which are of one opportunity; read.go gives
// them back; people.go keeps profiles, decisions, ratings, lexicons, keep.go records, quarantine.go what could not be read;
// verify.go checks all of it against itself; this file opens and closes.
//
// # Buckets
//
// Whatever is large lies under a number that only rises, so that bbolt appends (random keys are
// eight times slower); names lead to numbers in small buckets beside it. NUMBER is eight bytes, big-endian, from 1.
// <NAME> is a length byte and the name, or 255 and its SHA-256 where it is longer than 254 bytes, so that
// no name can run into the next one or over bbolt's limit.
//
//	meta      "format"                 -> decimal, bare: the one value without a checksum, so that any format can be told
//	          "store"                  -> header: id, projection version, progress of deriving again
//	          "lexicon"                -> version of the current lexicon
//	release   NUMBER                   -> release, its JSON as it came; never changed, never removed
//	ocid      <OCID>                   -> shelf: numbers of its releases (with id and hash) and notices (with id), OCIDs they name
//	named     <OCID><naming OCID>      -> the naming OCID
//	sign      <title and a buyer><service><OCID> -> sign of the notice (notice.Sign); since format 4
//	notice    NUMBER                   -> notice as JSON
//	id        <notice id>              -> NUMBER of the notice
//	change    NUMBER                   -> change
//	last      <kind><workspace><key>   -> NUMBER of the newest change of this key, the only one kept
//	profile   <workspace><id>NUMBER    -> profile at that revision; the last may say that it was removed
//	pursuit   <workspace><profile><notice><lot>NUMBER -> decision
//	rating    <workspace><profile><notice><lot>NUMBER -> rating; since format 2
//	record    <workspace><kind><profile><name> -> record; since format 3
//	lexicon   <version>                -> lexicon
//	cited     <version>                -> a decision cites this lexicon
//	rejected  NUMBER                   -> quarantined release
//	known     SHA-256 of what was rejected, and where -> NUMBER of it
package bolt

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"bidfit/store"
)

// format is the version of the layout above. Format 1 had no bucket rating, format 2 no bucket record, format 3 no bucket sign.
const format = 4

// derivedAtOnce is how many OCIDs are derived again in one transaction.
const derivedAtOnce = 256

// growth is by how much the file grows at a time; each time costs a wait for the disk.
const growth = 4 << 20

// restore is the remedy for a damaged file.
const restore = "restore a copy of the file, or move it away and ingest again"

// Store is a store in a bbolt file.
type Store struct {
	path       string
	id         string
	projection store.Projection
	codec      *codec

	db   *bbolt.DB
	file *os.File // db's own

	// writing admits one writer. The fields below it are its.
	writing sync.Mutex
	// broken is why the store is not written to any more: after a commit that
	// failed half-way only opening it again tells what is in the file.
	broken error
	// stuck says that a panic has left db's locks held.
	stuck bool
}

var _ store.Store = (*Store)(nil)

// header is what a store says about itself.
type header struct {
	ID         string    `json:"id"`
	Created    time.Time `json:"created"`
	Projection int       `json:"projection"`
	// Deriving is how far the notices have been derived again.
	Deriving *deriving `json:"deriving,omitzero"`
}

type deriving struct {
	Projection int    `json:"projection"`
	After      []byte `json:"after"` // key of bucket ocid
}

// Option changes how a store is opened.
type Option func(*options)

type options struct{ timeout time.Duration }

// Timeout is how long to wait for another process to close the store: one second if not said, not at all if zero.
func Timeout(d time.Duration) Option {
	return func(o *options) { o.timeout = max(d, time.Nanosecond) } // to bbolt zero is for ever
}

// Open opens the store at path, and creates it where there is none. Notices
// derived by an older projection are derived again first; interrupted, that goes on at the next Open.
func Open(path string, p store.Projection, opts ...Option) (*Store, error) {
	o := options{timeout: time.Second}
	for _, opt := range opts {
		opt(&o)
	}
	s, err := open(path, p, o)
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w (bidfit reads and writes this file: check the owner and the mode of file and folder, or use another folder)", err)
	}
	if err != nil {
		return nil, fmt.Errorf("store: opening %s: %w", path, err)
	}
	return s, nil
}

func open(path string, p store.Projection, o options) (*Store, error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if err := create(path); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("this is a folder: name the file in it")
	case !info.Mode().IsRegular():
		return nil, errors.New("this is not a regular file")
	case info.Size() == 0:
		return nil, &store.CorruptError{Where: path, Err: errors.New("the file is empty: " + restore)}
	}

	codec, err := newCodec()
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, projection: p, codec: codec}
	if err := s.openFile(o.timeout); err != nil {
		return nil, err
	}
	var h header
	if err = s.upgrade(); err == nil {
		h, err = s.readHeader()
	}
	if err == nil {
		s.id = h.ID
		err = s.deriveAgain(context.Background(), h)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// create makes an empty store beside path and then gives it its name, so that a
// crash never leaves half a store there. Whoever gives the name first has created the store.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	if err := fill(f.Name()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(f.Name(), path); err != nil { // a file system without links
			return err
		}
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// fill makes an empty store of an empty file.
func fill(path string) error {
	codec, err := newCodec()
	if err != nil {
		return err
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.Update(func(b *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := b.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		t := &tx{Tx: b, codec: codec}
		if err := t.bucket(bucketMeta).Put(keyFormat, strconv.AppendInt(nil, format, 10)); err != nil {
			return err
		}
		return t.write(bucketMeta, keyHeader, header{ID: rand.Text(), Created: time.Now().UTC()})
	})
	if err != nil {
		return err
	}
	return db.Close()
}

// syncDir makes the names in a folder outlive a power cut. Systems that cannot sync a folder say so with an
// error that means nothing; a folder that cannot be opened is one we may not list, and not ours.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	d.Sync()
	return d.Close()
}

// openFile locks and maps the file and looks at its pages.
func (s *Store) openFile(timeout time.Duration) error {
	err := guard(s.path, func() (err error) {
		s.db, err = bbolt.Open(s.path, 0o600, &bbolt.Options{
			Timeout:         timeout,
			FreelistType:    bbolt.FreelistMapType,
			InitialMmapSize: initialMap,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := os.OpenFile(name, flag, mode)
				s.file = f
				return f, err
			},
		})
		return err
	})
	var panicked *store.CorruptError
	if err == nil || errors.As(err, &panicked) {
		if damage := s.checkPages(); damage != nil {
			err = &store.CorruptError{Where: s.path, Err: fmt.Errorf("%w: %s", damage, restore)}
		}
	}
	switch {
	case err == nil:
		s.db.AllocSize = growth
		return nil
	case s.db != nil:
		s.db.Close()
	case panicked != nil:
		abandon(s.file)
	}
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return fmt.Errorf("%w (is `bidfit serve` running?)", store.ErrInUse)
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrVersionMismatch), errors.Is(err, bbolterrors.ErrChecksum):
		return &store.CorruptError{Where: s.path, Err: fmt.Errorf("this is not a bidfit store, or its first pages are lost: %s", restore)}
	}
	return err
}

func (s *Store) checkPages() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	return checkPages(s.file, info.Size())
}

// upgrade brings a store of an older format to this one. Whatever else is amiss is for readHeader to say.
func (s *Store) upgrade() error {
	older := false
	err := s.view(context.Background(), func(t *tx) error {
		if t.Bucket([]byte(bucketMeta)) != nil {
			f, err := strconv.Atoi(string(t.bucket(bucketMeta).Get(keyFormat)))
			older = err == nil && f < format
		}
		return nil
	})
	if err != nil || !older {
		return err
	}
	err = s.update(context.Background(), func(t *tx) error {
		for _, newer := range []bucket{bucketRating, bucketRecord, bucketSign} {
			if _, err := t.CreateBucketIfNotExists([]byte(newer)); err != nil {
				return err
			}
		}
		return t.bucket(bucketMeta).Put(keyFormat, strconv.AppendInt(nil, format, 10))
	})
	if err != nil {
		return fmt.Errorf("bringing it to format %d: %w", format, err)
	}
	return nil
}

// readHeader reads what the store says about itself, and refuses what this program cannot keep.
func (s *Store) readHeader() (header, error) {
	var h header
	err := s.view(context.Background(), func(t *tx) error {
		if t.Bucket([]byte(bucketMeta)) == nil {
			return errors.New("this is a bbolt file, but not a bidfit store")
		}
		switch f, err := strconv.Atoi(string(t.bucket(bucketMeta).Get(keyFormat))); {
		case err != nil:
			return &store.CorruptError{Where: "meta format", Err: err}
		case f > format:
			return fmt.Errorf("%w: format %d, this program knows %d: use the newer program", store.ErrNewer, f, format)
		}
		for _, name := range buckets {
			if t.Bucket([]byte(name)) == nil {
				return &store.CorruptError{Where: "bucket " + string(name), Err: errors.New("it is gone: " + restore)}
			}
		}
		found, err := t.read(bucketMeta, keyHeader, &h)
		if err == nil && !found {
			err = &store.CorruptError{Where: "meta store", Err: errGone}
		}
		if err == nil && h.Projection > s.projection.Version {
			err = fmt.Errorf("%w: projection %d, this program knows %d: use the newer program", store.ErrNewer, h.Projection, s.projection.Version)
		}
		return err
	})
	return h, err
}

// deriveAgain brings the notices of an older projection up to date.
func (s *Store) deriveAgain(ctx context.Context, h header) error {
	for h.Projection < s.projection.Version {
		err := s.update(ctx, func(t *tx) error {
			d := h.Deriving
			if d == nil || d.Projection != s.projection.Version {
				d = &deriving{Projection: s.projection.Version}
			}
			jobs, after, err := t.shelvesAfter(d.After, derivedAtOnce)
			if err != nil {
				return err
			}
			if err := t.project(ctx, s.projection.Project, jobs); err != nil {
				return err
			}
			if _, err := t.apply(jobs); err != nil {
				return err
			}
			h.Deriving = &deriving{Projection: d.Projection, After: after}
			if len(jobs) < derivedAtOnce {
				h.Projection, h.Deriving = s.projection.Version, nil
			}
			return t.write(bucketMeta, keyHeader, h)
		})
		if err != nil {
			return fmt.Errorf("deriving the notices again: %w", err)
		}
	}
	return nil
}

// ID is the random identity the store was created with.
func (s *Store) ID() string { return s.id }

// Close waits for what is under way and closes the file. Later calls of other methods fail.
func (s *Store) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.stuck { // db.Close would wait for ever
		return abandon(s.file)
	}
	if err := guard(s.path, s.db.Close); err != nil {
		return fmt.Errorf("store: closing %s: %w", s.path, err)
	}
	return nil
}
