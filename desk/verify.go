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
		notices := 0
		for n, err := range d.store.Notices(ctx) {
			if err != nil {
				yield(store.Finding{}, err)
				return
			}
			notices++
			r, err := d.index.Search(ctx, index.Query{Tokens: []string{"ocid:" + n.OCID}, Size: 1000})
			if err != nil {
				yield(store.Finding{}, fmt.Errorf("holding the index against %s: %w", n.ID, err))
				return
			}
			if !slices.ContainsFunc(r.Hits, func(h index.Hit) bool { return h.ID == n.ID }) &&
				!yield(store.Finding{Where: "index", Reason: n.ID + " is missing from it"}, nil) {
				return
			}
		}
		count, err := d.index.Count(ctx)
		if err != nil {
			yield(store.Finding{}, err)
			return
		}
		if count != uint64(notices) {
			yield(store.Finding{Where: "index", Reason: fmt.Sprintf("it holds %d notices, the store %d", count, notices)}, nil)
		}
	}
}
