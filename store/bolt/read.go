package bolt

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"bidfit/notice"
	"bidfit/store"
)

// Notice finds a notice by its ID.
func (s *Store) Notice(ctx context.Context, id string) (*notice.Notice, error) {
	var n *notice.Notice
	err := s.view(ctx, func(t *tx) (err error) {
		if n, err = t.notice(id); err == nil {
			n, err = t.withCopies(n)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: notice %s: %w", id, err)
	}
	return n, nil
}

func (t *tx) notice(id string) (*notice.Notice, error) {
	var number uint64
	if found, err := t.read(bucketID, nameKey(id), &number); err != nil || !found {
		return nil, orNotFound(err)
	}
	key := numberKey(number)
	n, err := t.codec.readNotice(key, t.bucket(bucketNotice).Get(key))
	if err == nil && n.ID != id {
		err = &store.CorruptError{Where: where(bucketNotice, key), Err: fmt.Errorf("it is notice %q, not %q", n.ID, id)}
	}
	return n, err
}

func orNotFound(err error) error {
	if err == nil {
		return store.ErrNotFound
	}
	return err
}

func (c *codec) readNotice(key, value []byte) (*notice.Notice, error) {
	n := new(notice.Notice)
	if _, err := c.unmarshal(bucketNotice, key, value, n); err != nil {
		return nil, err
	}
	return n, nil
}

// Notices lists all notices in the order they were first stored.
func (s *Store) Notices(ctx context.Context) iter.Seq2[*notice.Notice, error] {
	return func(yield func(*notice.Notice, error) bool) {
		for n, err := range sequence(ctx, s, bucketNotice, nil, s.codec.readNotice) {
			if err == nil {
				n, err = s.toldCopies(ctx, n)
			}
			if !yield(n, err) {
				return
			}
		}
	}
}

// Releases lists the releases of an OCID, in the order they arrived.
func (s *Store) Releases(ctx context.Context, ocid string) ([]notice.Release, error) {
	var releases []notice.Release
	err := s.view(ctx, func(t *tx) error {
		var on shelf
		if _, err := t.readShelf(ocid, &on); err != nil {
			return err
		}
		for _, r := range on.Releases {
			if err := ctx.Err(); err != nil {
				return err
			}
			release, err := t.codec.readRelease(ocid, r, t.bucket(bucketRelease).Get(numberKey(r.N)))
			if err != nil {
				return err
			}
			releases = append(releases, release)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: releases of %s: %w", ocid, err)
	}
	return releases, nil
}

// Also lists the other OCIDs of the same opportunity.
func (s *Store) Also(ctx context.Context, ocid string) ([]string, error) {
	met := map[string]bool{ocid: true}
	err := s.view(ctx, func(t *tx) error {
		for queue := []string{ocid}; len(queue) > 0; queue = queue[1:] {
			if err := ctx.Err(); err != nil {
				return err
			}
			next, err := t.linked(queue[0])
			if err != nil {
				return err
			}
			for _, o := range next {
				if !met[o] {
					met[o] = true
					queue = append(queue, o)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: other OCIDs of %s: %w", ocid, err)
	}
	delete(met, ocid)
	return slices.Sorted(maps.Keys(met)), nil
}

// linked lists the OCIDs that one names, those that name it, and those of its copies.
func (t *tx) linked(ocid string) ([]string, error) {
	var on shelf
	if _, err := t.readShelf(ocid, &on); err != nil {
		return nil, err
	}
	all := on.Also
	for k, v := range t.under(bucketNamed, nameKey(ocid)) {
		var by named
		if _, err := t.codec.unmarshal(bucketNamed, k, v, &by); err != nil {
			return nil, err
		}
		all = append(all, by.OCID)
	}
	copies, err := t.copies(on.Sign)
	for _, c := range copies {
		all = append(all, c.OCID)
	}
	return all, err
}

// Changes lists the newest change of every key after a number.
func (s *Store) Changes(ctx context.Context, after uint64) iter.Seq2[store.Change, error] {
	return sequence(ctx, s, bucketChange, numberKey(after), func(key, value []byte) (store.Change, error) {
		var c change
		if _, err := s.codec.unmarshal(bucketChange, key, value, &c); err != nil {
			return store.Change{}, err
		}
		n, _ := keyNumber(key)
		return store.Change{N: n, Kind: c.Kind, Workspace: c.Workspace, Key: c.Key, Gone: c.Gone}, nil
	})
}

// Newest is how far the store has come.
func (s *Store) Newest(ctx context.Context) (change uint64, lexicon string, err error) {
	err = s.view(ctx, func(t *tx) error {
		change = t.lastNumber(bucketChange)
		_, err := t.read(bucketMeta, keyLexicon, &lexicon)
		return err
	})
	if err != nil {
		return 0, "", fmt.Errorf("store: how far it has come: %w", err)
	}
	return change, lexicon, nil
}

// Stats counts what the store holds.
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	st := store.Stats{ID: s.id, Format: format}
	err := s.view(ctx, func(t *tx) error {
		var h header
		if _, err := t.read(bucketMeta, keyHeader, &h); err != nil {
			return err
		}
		st.Projection = h.Projection
		st.Releases = int(t.lastNumber(bucketRelease)) // none is ever removed
		st.Notices = t.bucket(bucketID).Stats().KeyN   // one for each, on far fewer pages
		st.Quarantined = int(t.lastNumber(bucketRejected))
		st.Changes = t.lastNumber(bucketChange)
		for prefix, last := range t.groups(bucketProfile, nil) {
			p, err := t.readProfile(prefix, last)
			if err != nil {
				return err
			}
			if !p.Removed {
				st.Profiles++
			}
		}
		for range t.groups(bucketPursuit, nil) {
			st.Pursuits++
		}
		for range t.groups(bucketRating, nil) {
			st.Ratings++
		}
		st.Records = t.bucket(bucketRecord).Stats().KeyN
		return nil
	})
	if err != nil {
		return store.Stats{}, fmt.Errorf("store: counting: %w", err)
	}
	return st, nil
}
