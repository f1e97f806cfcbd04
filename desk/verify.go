package desk

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/store"
)

// Quarantined lists the releases that could not be read, oldest first.
func (d *Desk) Quarantined(ctx context.Context) iter.Seq2[notice.Rejected, error] {
	return d.store.Quarantined(ctx)
}

// Verify reads everything and reports what is wrong: the store by its own
// account, then the index against the store.
func (d *Desk) Verify(ctx context.Context) iter.Seq2[store.Finding, error] {
	return func(yield func(store.Finding, error) bool) {
		sound := true
		for f, err := range d.store.Verify(ctx) {
			sound = false
			if !yield(f, err) || err != nil {
				return
			}
		}
		if !sound {
			return // an index can only be held against a sound store
		}
		if err := d.CatchUp(ctx); err != nil {
			yield(store.Finding{}, err)
			return
		}
		for n, err := range d.store.Notices(ctx) {
			indexed := false
			if err == nil {
				indexed, err = d.indexed(ctx, n)
			}
			if err != nil {
				yield(store.Finding{}, err)
				return
			}
			if !indexed && !yield(store.Finding{Where: "index", Reason: n.ID + " is missing from it"}, nil) {
				return
			}
		}
		count, notices, err := d.counts(ctx)
		if err != nil {
			yield(store.Finding{}, err)
			return
		}
		if count != uint64(notices) {
			yield(store.Finding{Where: "index", Reason: fmt.Sprintf("it holds %d notices, the store %d", count, notices)}, nil)
		}
	}
}

// indexed reports whether the index holds a notice, also one that was stored a moment ago.
func (d *Desk) indexed(ctx context.Context, n *notice.Notice) (found bool, err error) {
	look := func(ctx context.Context) error {
		r, err := d.index.Search(ctx, index.Query{Tokens: []string{"ocid:" + n.OCID}, Size: 1000})
		if err != nil {
			return fmt.Errorf("holding the index against %s: %w", n.ID, err)
		}
		found = slices.ContainsFunc(r.Hits, func(h index.Hit) bool { return h.ID == n.ID })
		return nil
	}
	err = d.reading(ctx, func(ctx context.Context) error {
		if err := look(ctx); err != nil || found {
			return err
		}
		if err := d.catchUp(ctx); err != nil {
			return err
		}
		return look(ctx)
	})
	return found, err
}

// counts counts what index and store hold at one and the same change: beside somebody who writes, that takes a few tries.
func (d *Desk) counts(ctx context.Context) (indexed uint64, stored int, err error) {
	err = d.reading(ctx, func(ctx context.Context) error {
		d.indexing.Lock()
		defer d.indexing.Unlock()
		for {
			if err := d.readOn(ctx); err != nil {
				return err
			}
			stats, err := d.store.Stats(ctx)
			if err != nil {
				return err
			}
			if stats.Changes == d.index.Mark().N {
				stored = stats.Notices
				indexed, err = d.index.Count(ctx)
				return err
			}
		}
	})
	return indexed, stored, err
}
