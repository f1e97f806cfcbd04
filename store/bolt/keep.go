package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bidfit/pursuit"
	"bidfit/store"
)

// longestName bounds the names of quiet records, which stand in their keys as they are; others are hashed where they are long.
const longestName = 4 << 10

// recordKey is the key of a record. The names of quiet kinds stand at the end without their length, so that they sort as they read.
func recordKey(ws store.Workspace, r pursuit.Record) []byte {
	key := nameKey(string(ws), string(r.Kind), r.Profile)
	if r.Kind.Quiet() {
		return append(key, r.Name...)
	}
	return append(key, nameKey(r.Name)...)
}

// Keep keeps records, all or none.
func (s *Store) Keep(ctx context.Context, ws store.Workspace, records ...pursuit.Record) error {
	err := s.update(ctx, func(t *tx) error {
		changed := false
		for _, r := range records {
			wrote, err := t.keep(ws, r)
			if err != nil {
				return err
			}
			changed = changed || wrote
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: keeping %d records: %w", len(records), err)
	}
	return nil
}

// keep writes or removes one record and tells the feed, where that changes anything.
func (t *tx) keep(ws store.Workspace, r pursuit.Record) (changed bool, err error) {
	if r.Kind == "" || r.Name == "" {
		return false, errors.New("a record needs a kind and a name")
	}
	if r.Kind.Quiet() && len(r.Name) > longestName {
		return false, fmt.Errorf("the name of a %s record has %d bytes; %d are kept", r.Kind, len(r.Name), longestName)
	}
	if r.Profile != "" {
		if p, _, err := t.currentProfile(ws, r.Profile); err != nil {
			return false, err
		} else if p.Removed {
			return false, fmt.Errorf("profile %s: %w", r.Profile, store.ErrNotFound)
		}
	}
	key := recordKey(ws, r)
	var old pursuit.Record
	found, err := t.read(bucketRecord, key, &old)
	if err != nil {
		return false, err
	}
	gone := len(r.Content) == 0
	if !found && gone || found && bytes.Equal(old.Content, r.Content) {
		return false, nil
	}
	if gone {
		err = t.delete(bucketRecord, key)
	} else {
		err = t.write(bucketRecord, key, r)
	}
	if err != nil || r.Kind.Quiet() {
		return err == nil, err
	}
	return true, t.change(store.Change{Kind: store.KindRecord, Workspace: ws, Key: store.RecordKey(r), Gone: gone})
}

// Records lists the records of a kind that a profile has, or those of some names, sorted by name.
func (s *Store) Records(ctx context.Context, ws store.Workspace, kind pursuit.Kind, profile string, names ...string) ([]pursuit.Record, error) {
	prefixes := [][]byte{nameKey(string(ws), string(kind), profile)}
	if len(names) > 0 {
		prefixes = prefixes[:0]
		for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
			prefixes = append(prefixes, recordKey(ws, pursuit.Record{Kind: kind, Profile: profile, Name: name}))
		}
	}
	var all []pursuit.Record
	err := s.view(ctx, func(t *tx) error {
		for _, prefix := range prefixes {
			for k, v := range t.under(bucketRecord, prefix) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if len(names) > 0 && len(k) > len(prefix) {
					break // of a quiet kind, a name that begins with this one
				}
				var r pursuit.Record
				if _, err := t.codec.unmarshal(bucketRecord, k, v, &r); err != nil {
					return err
				}
				all = append(all, r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: records: %w", err)
	}
	slices.SortFunc(all, func(a, b pursuit.Record) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// RecordsUnder lists the first records of a quiet kind whose names begin with a prefix.
func (s *Store) RecordsUnder(ctx context.Context, ws store.Workspace, kind pursuit.Kind, prefix string, most int) ([]pursuit.Record, error) {
	var all []pursuit.Record
	err := s.view(ctx, func(t *tx) error {
		if !kind.Quiet() {
			return fmt.Errorf("records of kind %q are not sorted by their names", kind)
		}
		for k, v := range t.under(bucketRecord, recordKey(ws, pursuit.Record{Kind: kind, Name: prefix})) {
			if err := ctx.Err(); err != nil {
				return err
			}
			var r pursuit.Record
			if _, err := t.codec.unmarshal(bucketRecord, k, v, &r); err != nil {
				return err
			}
			if all = append(all, r); len(all) == most {
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: records: %w", err)
	}
	return all, nil
}

// checkRecord checks that a record stands under its key and was told of.
func checkRecord(t *tx, key, value []byte) error {
	var r pursuit.Record
	if _, err := t.codec.unmarshal(bucketRecord, key, value, &r); err != nil {
		return err
	}
	// The workspace stands in the key alone.
	workspace, ok := bytes.CutSuffix(key, recordKey("", r)[1:])
	if !ok {
		return fmt.Errorf("it is %s of %s for profile %q", r.Kind, r.Name, r.Profile)
	}
	if r.Kind.Quiet() {
		return nil
	}
	return t.told(slices.Concat(nameKey(string(store.KindRecord)), workspace, nameKey(store.RecordKey(r))), false)
}

// record is the key of the record that a change is about; false where it is about something else.
func (c *change) record() (key []byte, ok bool) {
	kind, rest, ok := strings.Cut(c.Key, "/")
	profile, name, cut := strings.Cut(rest, "/")
	if c.Kind != store.KindRecord || !ok || !cut {
		return nil, false
	}
	return recordKey(c.Workspace, pursuit.Record{Kind: pursuit.Kind(kind), Profile: profile, Name: name}), true
}
