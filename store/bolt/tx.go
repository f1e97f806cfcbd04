package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"bidfit/store"
)

type bucket string

const (
	bucketMeta     bucket = "meta"
	bucketRelease  bucket = "release"
	bucketOCID     bucket = "ocid"
	bucketNamed    bucket = "named"
	bucketSign     bucket = "sign"
	bucketNotice   bucket = "notice"
	bucketID       bucket = "id"
	bucketChange   bucket = "change"
	bucketLast     bucket = "last"
	bucketProfile  bucket = "profile"
	bucketPursuit  bucket = "pursuit"
	bucketRating   bucket = "rating"
	bucketRecord   bucket = "record"
	bucketLexicon  bucket = "lexicon"
	bucketCited    bucket = "cited"
	bucketRejected bucket = "rejected"
	bucketKnown    bucket = "known"
)

var buckets = [...]bucket{
	bucketMeta, bucketRelease, bucketOCID, bucketNamed, bucketSign, bucketNotice, bucketID, bucketChange, bucketLast,
	bucketProfile, bucketPursuit, bucketRating, bucketRecord, bucketLexicon, bucketCited, bucketRejected, bucketKnown,
}

var (
	keyFormat  = []byte("format")
	keyHeader  = []byte("store")
	keyLexicon = []byte("lexicon")
)

const (
	// pieceRecords and pieceBytes bound what one short read transaction of a sequence takes: bbolt frees
	// no page that a reader still sees, and a writer that has to map more of the file waits for every reader.
	pieceRecords = 256
	pieceBytes   = 4 << 20
)

// guard runs fn and makes an error of a panic. bbolt panics on damaged pages, and a file that
// is cut short under a mapping faults, which Go takes for the end of the program unless told otherwise.
func guard(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &store.CorruptError{Where: path, Err: fmt.Errorf("%v: %s", r, restore)}
		}
	}()
	return fn()
}

// tx is one bbolt transaction.
type tx struct {
	*bbolt.Tx
	codec *codec
	// next holds the numbers about to be given out in this transaction.
	next map[bucket]uint64
}

// view runs fn in a read transaction.
func (s *Store) view(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return closed(guard(s.path, func() error {
		return s.db.View(func(b *bbolt.Tx) error { return fn(&tx{Tx: b, codec: s.codec}) })
	}))
}

// update runs fn in a write transaction and commits it if fn agrees.
func (s *Store) update(ctx context.Context, fn func(*tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.broken != nil {
		return fmt.Errorf("an earlier write failed, open the store again: %w", s.broken)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var b *bbolt.Tx
	committing := false
	err := guard(s.path, func() (err error) {
		if b, err = s.db.Begin(true); err != nil {
			return err
		}
		if err = fn(&tx{Tx: b, codec: s.codec, next: make(map[bucket]uint64)}); err != nil {
			return err
		}
		if err = ctx.Err(); err != nil {
			return err
		}
		committing = true
		return b.Commit()
	})
	if err == nil || b == nil {
		return closed(err)
	}
	rolledBack := guard(s.path, b.Rollback)
	s.stuck = rolledBack != nil && !errors.Is(rolledBack, bbolterrors.ErrTxClosed)
	if full := errors.Is(err, syscall.ENOSPC); s.stuck || committing && !full {
		s.broken = err
	}
	if err == errUnchanged {
		return nil
	}
	return err
}

// errUnchanged is what the function of an update returns when there is nothing to write: no wait for the disk, no error.
var errUnchanged = errors.New("nothing changed")

// closed says in our words that the store is closed.
func closed(err error) error {
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		return errors.New("the store is closed")
	}
	return err
}

func (t *tx) bucket(b bucket) *bbolt.Bucket { return t.Bucket([]byte(b)) }

// read reads the header of the value under a key.
func (t *tx) read(b bucket, key []byte, header any) (found bool, err error) {
	value := t.bucket(b).Get(key)
	if value == nil {
		return false, nil
	}
	_, err = t.codec.unmarshal(b, key, value, header)
	return err == nil, err
}

// write writes a header without raw bytes.
func (t *tx) write(b bucket, key []byte, header any) error {
	body, err := encode(header, nil)
	if err != nil {
		return err
	}
	value, err := t.codec.pack(body)
	if err != nil {
		return err
	}
	return t.put(b, key, value)
}

// put seals a packed value and writes it. The value must not change before the transaction ends.
func (t *tx) put(b bucket, key, value []byte) error {
	seal(b, key, value)
	return t.bucket(b).Put(key, value)
}

func (t *tx) delete(b bucket, key []byte) error { return t.bucket(b).Delete(key) }

// number gives out the next number of a bucket. It is counted from the last key there, not with
// bbolt's sequence, which nothing protects: a wrong one would write over what is there.
func (t *tx) number(b bucket) uint64 {
	if _, ok := t.next[b]; !ok {
		t.bucket(b).FillPercent = 0.95 // only the end grows
		t.next[b] = t.lastNumber(b) + 1
	}
	n := t.next[b]
	t.next[b]++
	return n
}

// lastNumber is the largest number of a bucket, 0 if there is none.
func (t *tx) lastNumber(b bucket) uint64 {
	key, _ := t.bucket(b).Cursor().Last()
	n, _ := keyNumber(key)
	return n
}

// under lists the keys with a prefix, and their values. Nothing may be written to the bucket meanwhile.
func (t *tx) under(b bucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := t.bucket(b).Cursor()
		for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// last finds the last NUMBER after a prefix, and its value.
func (t *tx) last(b bucket, prefix []byte) (n uint64, value []byte) {
	c := t.bucket(b).Cursor()
	step := c.Prev
	if k, _ := c.Seek(append(bytes.Clone(prefix), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)); k == nil {
		step = c.Last
	}
	k, v := step()
	if len(k) != len(prefix)+8 || !bytes.HasPrefix(k, prefix) {
		return 0, nil
	}
	n, _ = keyNumber(k)
	return n, v
}

// piece calls fn with the next records of a bucket after a key (nil: from the first) and returns the key
// of the last; nil when there was none. Keys must rise: on a damaged page they need not, and a reader would go round for ever.
func (t *tx) piece(b bucket, after []byte, fn func(k, v []byte)) (last []byte, err error) {
	c := t.bucket(b).Cursor()
	k, v := c.First()
	if after != nil {
		if k, v = c.Seek(after); bytes.Equal(k, after) {
			k, v = c.Next()
		}
	}
	for records, size := 0, 0; k != nil && records < pieceRecords && size < pieceBytes; k, v = c.Next() {
		if after != nil && bytes.Compare(k, after) <= 0 {
			return nil, &store.CorruptError{Where: "bucket " + string(b), Err: fmt.Errorf("its keys are out of order at %s: %s", where(b, k), restore)}
		}
		fn(k, v)
		records, size, after, last = records+1, size+len(v), k, k
	}
	return bytes.Clone(last), nil
}

// sequence lists what read makes of the records of a bucket after a key. read runs inside a short transaction,
// in several goroutines, and must not keep the bytes; the loop's body runs outside.
func sequence[T any](ctx context.Context, s *Store, b bucket, after []byte, read func(key, value []byte) (T, error)) iter.Seq2[T, error] {
	type item struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		var zero T
		for {
			var items []item
			err := s.view(ctx, func(t *tx) error {
				var keys, values [][]byte
				var err error
				after, err = t.piece(b, after, func(k, v []byte) { keys, values = append(keys, k), append(values, v) })
				if err != nil {
					return err
				}
				items = make([]item, len(keys))
				return parallel(ctx, s.path, len(keys), func(i int) error {
					items[i].value, items[i].err = read(keys[i], values[i])
					return nil
				})
			})
			if err != nil {
				yield(zero, err)
				return
			}
			for _, it := range items {
				if err := ctx.Err(); err != nil {
					yield(zero, err)
					return
				}
				if !yield(it.value, it.err) {
					return
				}
			}
			if after == nil {
				return
			}
		}
	}
}

// parallel calls fn for 0..n-1 on all processors, each call guarded, and returns the first error.
func parallel(ctx context.Context, path string, n int, fn func(i int) error) error {
	var (
		next  atomic.Int64
		first atomic.Pointer[error]
		wait  sync.WaitGroup
	)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for first.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				err := ctx.Err()
				if err == nil {
					err = guard(path, func() error { return fn(i) })
				}
				if err != nil {
					first.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	wait.Wait()
	if err := first.Load(); err != nil {
		return *err
	}
	return nil
}
