package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"

	"bidfit/notice"
)

// rejectedKey is the same for the same bytes at the same place.
func rejectedKey(r *notice.Rejected) []byte {
	h := sha256.New()
	h.Write(nameKey(r.File))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(r.Offset)))
	h.Write(r.Raw)
	return h.Sum(nil)
}

// rejected is what stands in quarantine, its raw bytes behind it, with the name
// under which it is known (which the header cannot tell: a file's name need not be UTF-8).
type rejected struct {
	notice.Rejected
	Known []byte `json:"known"`
}

// Quarantine keeps what could not be read, once.
func (s *Store) Quarantine(ctx context.Context, all []notice.Rejected) error {
	unknown, err := s.unknown(ctx, all)
	if err == nil && len(unknown) > 0 {
		err = s.update(ctx, func(t *tx) error {
			for _, r := range unknown {
				if err := t.reject(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("store: quarantining %d releases: %w", len(all), err)
	}
	return nil
}

// unknown spares a write transaction, and the wait for the disk, where nothing is new.
func (s *Store) unknown(ctx context.Context, all []notice.Rejected) ([]*notice.Rejected, error) {
	var unknown []*notice.Rejected
	err := s.view(ctx, func(t *tx) error {
		for i := range all {
			if t.bucket(bucketKnown).Get(rejectedKey(&all[i])) == nil {
				unknown = append(unknown, &all[i])
			}
		}
		return nil
	})
	return unknown, err
}

func (t *tx) reject(r *notice.Rejected) error {
	known := rejectedKey(r)
	if t.bucket(bucketKnown).Get(known) != nil {
		return nil
	}
	body, err := encode(rejected{*r, known}, r.Raw)
	if err != nil {
		return err
	}
	value, err := t.codec.pack(body)
	if err != nil {
		return err
	}
	n := t.number(bucketRejected)
	if err := t.put(bucketRejected, numberKey(n), value); err != nil {
		return err
	}
	return t.write(bucketKnown, known, n)
}

// Quarantined lists what is in quarantine, in the order it arrived.
func (s *Store) Quarantined(ctx context.Context) iter.Seq2[notice.Rejected, error] {
	return sequence(ctx, s, bucketRejected, nil, func(key, value []byte) (notice.Rejected, error) {
		var r rejected
		raw, err := s.codec.unmarshal(bucketRejected, key, value, &r)
		r.Raw = bytes.Clone(raw)
		return r.Rejected, err
	})
}
