// Package bleve keeps the contract of package index with Bleve's scorch, one
// folder on the local disk.
//
// Read it in this order. document.go turns a notice into terms: the stems of
// package words, so that search means by "mentions" what matching means by it.
// search.go turns a query into Bleve's typed queries; user text never reaches a
// query language. folder.go keeps the folder sound: made and swapped in
// whole, locked, checked before Bleve may read it, rebuilt empty when
// anything is wrong with it. This file is the [Index] that ties them together.
//
// An index is a cache. Its [index.Mark] is written in the same batch as the documents it
// vouches for, so whatever happens, reading the store on from the mark is enough.
package bleve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	engine "github.com/blevesearch/bleve/v2"

	"bidfit/index"
	"bidfit/notice"
)

// Index is a Bleve index in a folder.
type Index struct {
	folder  *folder
	rebuilt string

	writing sync.Mutex // one Put at a time, so that marks and batches keep one order
	mark    atomic.Pointer[index.Mark]

	mu     sync.RWMutex // held for writing only to change live and broken
	live   engine.Index // nil when closed or broken
	broken error        // why live is nil
}

var _ index.Index = (*Index)(nil)

var errClosed = errors.New("index: it is closed")

// Open opens the index in the folder dir, making it where there is none. An
// index that is damaged, or was written by another version, is replaced by an
// empty one with the zero Mark; Rebuilt tells why. While another process has
// the index open the error wraps index.ErrInUse.
func Open(dir string) (*Index, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("index: open %s: %w", dir, err)
	}
	x := &Index{folder: f}
	x.live, x.rebuilt, err = f.openOrRebuild()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("index: open %s: %w", dir, err), f.close())
	}
	if err := x.loadMark(); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// Rebuilt is why Open had to start from an empty index; "" where it had not.
func (x *Index) Rebuilt() string { return x.rebuilt }

// Mark is how far the index has read.
func (x *Index) Mark() index.Mark { return *x.mark.Load() }

// Put adds, replaces and removes notices and moves the mark, in one batch that
// is on the disk when Put returns.
func (x *Index) Put(ctx context.Context, m index.Mark, notices []*notice.Notice, gone []string) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	for _, n := range notices {
		if n.ID == "" {
			return fmt.Errorf("index: put: a notice has no ID (its OCID is %q)", n.OCID)
		}
	}
	err := x.read("put", func(live engine.Index) error {
		b := live.NewBatch()
		for _, n := range notices {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.IndexAdvanced(newDocument(index.Describe(n))); err != nil {
				return err
			}
		}
		for _, id := range gone {
			b.Delete(id)
		}
		b.SetInternal(stateKey, encodeState(m))
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := live.Batch(b); err != nil {
			return fmt.Errorf("%w: %w", errHalfway, err)
		}
		return x.folder.sync()
	})
	if errors.Is(err, errHalfway) {
		return errors.Join(err, x.reopen())
	}
	if err == nil {
		x.mark.Store(&m)
	}
	return err
}

// errHalfway marks a batch that Bleve has taken but could not write. It would
// go on trying, and meanwhile show documents that no mark vouches for.
var errHalfway = errors.New("the batch is not on the disk")

// reopen goes back to what is on the disk.
func (x *Index) reopen() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.live == nil {
		return nil
	}
	err := guard(x.live.Close)
	x.live = nil
	if err == nil {
		x.live, _, err = x.folder.openOrRebuild()
	}
	if err == nil {
		err = x.loadMark()
	}
	if err != nil {
		if x.live != nil {
			_ = guard(x.live.Close) // it cannot be gone on from
		}
		x.live, x.broken = nil, fmt.Errorf("index: reopen after a failed put: %w (Reset empties it)", err)
	}
	return x.broken
}

// Reset empties the index, whatever state it is in.
func (x *Index) Reset(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if errors.Is(x.broken, errClosed) {
		return x.broken
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: reset: %w", err)
	}
	if x.live != nil {
		_ = guard(x.live.Close) // it is thrown away
		x.live = nil
	}
	live, err := x.folder.rebuild()
	if err != nil {
		x.broken = fmt.Errorf("index: reset: %w", err)
		return x.broken
	}
	x.live, x.broken = live, nil
	return x.loadMark()
}

// Count is the number of notices in the index.
func (x *Index) Count(ctx context.Context) (n uint64, err error) {
	err = x.read("count", func(live engine.Index) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err = live.DocCount()
		return err
	})
	return n, err
}

// Close closes the index and lets go of its folder. Closing twice does nothing.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if errors.Is(x.broken, errClosed) {
		return nil
	}
	var err error
	if x.live != nil {
		if err = guard(x.live.Close); err == nil {
			err = x.folder.seal()
		}
	}
	x.live, x.broken = nil, errClosed
	if err = errors.Join(err, x.folder.close()); err != nil {
		return fmt.Errorf("index: close: %w", err)
	}
	return nil
}

// read runs f on the live index and says in its error what was being done.
func (x *Index) read(doing string, f func(engine.Index) error) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live == nil {
		return x.broken
	}
	if err := guard(func() error { return f(x.live) }); err != nil {
		return fmt.Errorf("index: %s: %w", doing, err)
	}
	return nil
}

// loadMark reads the mark that is on the disk.
func (x *Index) loadMark() error {
	s, err := readState(x.live)
	if err != nil {
		return fmt.Errorf("index: read the mark: %w", err)
	}
	x.mark.Store(&s.Mark)
	return nil
}
