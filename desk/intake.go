package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/pursuit"
)

// A batch is one transaction: it waits for the disk once. It ends at whichever comes first.
const (
	batchReleases = 400
	batchBytes    = 16 << 20
)

// intake is the one road of releases into the store, from files and from feeds alike: batch by batch, with the index brought in
// step beside it. What its totals count as stored is on the disk.
type intake struct {
	desk     *Desk
	rejected func(notice.Rejected) // told of each release that goes into quarantine; may be nil
	progress func(Totals)          // told after each batch; may be nil

	totals  Totals
	changed map[string]struct{}
	newest  time.Time // date of the newest release that was read
	wake    chan struct{}
	indexed chan error

	batch   []notice.Release
	bytes   int
	refused []notice.Rejected
}

// takeIn begins an intake; end ends it.
func (d *Desk) takeIn(ctx context.Context) *intake {
	in := &intake{desk: d, changed: map[string]struct{}{}, wake: make(chan struct{}, 1), indexed: make(chan error, 1)}
	go func() { in.indexed <- in.follow(ctx) }()
	return in
}

// follow keeps the index in step while the store fills.
func (in *intake) follow(ctx context.Context) error {
	for range in.wake {
		if err := in.desk.CatchUp(ctx); err != nil {
			return err
		}
	}
	return in.desk.CatchUp(ctx)
}

// add takes one release, or one that could not be read. A full batch is stored.
func (in *intake) add(ctx context.Context, item ocds.Item) error {
	if item.Rejected != nil {
		in.refused = append(in.refused, *item.Rejected)
		if in.rejected != nil {
			in.rejected(*item.Rejected)
		}
	} else {
		in.batch = append(in.batch, *item.Release)
		in.bytes += len(item.Release.Raw)
		if item.Release.Date.After(in.newest) {
			in.newest = item.Release.Date
		}
	}
	if len(in.batch)+len(in.refused) >= batchReleases || in.bytes >= batchBytes {
		return in.flush(ctx)
	}
	return nil
}

// flush stores what has been added so far and then counts it.
func (in *intake) flush(ctx context.Context) error {
	if len(in.refused) > 0 {
		if err := in.desk.store.Quarantine(ctx, in.refused); err != nil {
			return fmt.Errorf("putting releases into quarantine: %w", err)
		}
		in.totals.Quarantined += len(in.refused)
		in.totals.Releases += len(in.refused)
		in.refused = in.refused[:0]
	}
	if len(in.batch) > 0 {
		put, err := in.desk.store.Put(ctx, in.batch)
		if err != nil {
			return fmt.Errorf("storing releases: %w", err)
		}
		in.totals.Stored += put.Stored
		in.totals.Duplicates += put.Duplicates
		in.totals.Releases += put.Stored + put.Duplicates
		for _, id := range put.Changed {
			in.changed[id] = struct{}{}
		}
		in.drop()
		select {
		case in.wake <- struct{}{}:
		default: // the indexer has not yet taken the last hint: it will see this batch too
		}
	}
	if in.progress != nil {
		in.progress(in.totals)
	}
	return nil
}

// drop forgets what was added and not stored.
func (in *intake) drop() {
	clear(in.batch)
	in.batch, in.bytes, in.refused = in.batch[:0], 0, in.refused[:0]
}

// end waits for the index, and where all went well so far has the lexicon learned anew from a store that has doubled, and notes how fresh the data
// is; a zero when is not noted. It returns err beside what goes wrong itself.
func (in *intake) end(ctx context.Context, err error, when time.Time) error {
	close(in.wake)
	err = errors.Join(err, <-in.indexed)
	if err == nil {
		err = in.desk.refreshLexicon(ctx)
	}
	if err == nil && !when.IsZero() {
		err = in.noteFresh(ctx, when)
	}
	return err
}

// noteFresh notes when notices were read and how new they are.
func (in *intake) noteFresh(ctx context.Context, when time.Time) error {
	last, err := in.desk.lastIngest(ctx)
	if err != nil {
		return err
	}
	now := pursuit.Ingest{When: when, Newest: in.newest, Stored: in.totals.Stored}
	if last != nil && last.Newest.After(now.Newest) {
		now.Newest = last.Newest
	}
	return in.desk.keep(ctx, now)
}
