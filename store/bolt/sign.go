package bolt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"bidfit/notice"
	"bidfit/store"
)

func signKey(key string, s *notice.Sign) []byte { return nameKey(key, string(s.Publisher), s.OCID) }

// alike lists the signs of a service that have one of some keys, none where those of one are too many.
func (t *tx) alike(service notice.Publisher, keys []string) ([]notice.Sign, error) {
	return t.signs(service, keys, notice.MostAlike)
}

func (t *tx) signs(service notice.Publisher, keys []string, most int) ([]notice.Sign, error) {
	var signs []notice.Sign
	for _, key := range keys {
		n := 0
		for k, v := range t.under(bucketSign, nameKey(key, string(service))) {
			if n++; n > most {
				return nil, nil
			}
			var s notice.Sign
			if _, err := t.codec.unmarshal(bucketSign, k, v, &s); err != nil {
				return nil, err
			}
			signs = append(signs, s)
		}
	}
	return signs, nil
}

// copies are the notices of other services that a sign is a copy of.
func (t *tx) copies(s *notice.Sign) ([]notice.Copy, error) {
	if s == nil {
		return nil, nil
	}
	return notice.Copies(*s, t.alike)
}

// withCopies tells a notice its copies.
func (t *tx) withCopies(n *notice.Notice) (*notice.Notice, error) {
	s, ok := n.Sign()
	if !ok {
		return n, nil
	}
	// Another buyer may share the OCID since: the shelf knows.
	if t.bucket(bucketSign).Get(signKey(s.Keys()[0], &s)) == nil {
		return n, nil
	}
	var err error
	n.Copies, err = t.copies(&s)
	return n, err
}

// applySigns keeps bucket sign the mirror of the shelves' Sign. It gives the copies that each notice had which may have others now.
func (t *tx) applySigns(jobs []*job) (before map[string][]notice.Copy, err error) {
	var changed []*job
	for _, j := range jobs {
		if !reflect.DeepEqual(j.sign, j.shelf.Sign) {
			changed = append(changed, j)
		}
	}
	before = map[string][]notice.Copy{}
	// All that any of the changed stand or will stand beside, and what those were one with.
	for _, j := range changed {
		for _, s := range []*notice.Sign{j.shelf.Sign, j.sign} {
			if s == nil {
				continue
			}
			for _, service := range notice.Services() {
				// Too many may come to be few enough when all that change leave them.
				beside, err := t.signs(service, s.Keys(), notice.MostAlike+len(changed))
				if err != nil {
					return nil, err
				}
				for _, o := range beside {
					if err := t.noteCopies(before, &o); err != nil {
						return nil, err
					}
				}
			}
		}
		if j.shelf.Sign == nil {
			before[j.shelf.OCID] = nil
		} else if err := t.noteCopies(before, j.shelf.Sign); err != nil {
			return nil, err
		}
	}
	for _, j := range changed {
		if old := j.shelf.Sign; old != nil {
			for _, key := range old.Keys() {
				if err := t.delete(bucketSign, signKey(key, old)); err != nil {
					return nil, err
				}
			}
		}
		if s := j.sign; s != nil {
			for _, key := range s.Keys() {
				if err := t.write(bucketSign, signKey(key, s), s); err != nil {
					return nil, err
				}
			}
		}
		j.shelf.Sign = j.sign
	}
	return before, nil
}

func (t *tx) noteCopies(noted map[string][]notice.Copy, s *notice.Sign) error {
	if _, ok := noted[s.OCID]; ok {
		return nil
	}
	copies, err := t.copies(s)
	noted[s.OCID] = copies
	return err
}

// tellCopies tells of each notice whose copies are others than before, as of one that changed: so do the copies themselves.
func (t *tx) tellCopies(before map[string][]notice.Copy, res *store.PutResult) error {
	told := map[string]bool{}
	for _, id := range res.Changed {
		told[id] = true
	}
	others := map[string]bool{}
	for ocid, had := range before {
		var on shelf
		if _, err := t.readShelf(ocid, &on); err != nil {
			return err
		}
		has, err := t.copies(on.Sign)
		if err != nil {
			return err
		}
		if slices.Equal(had, has) {
			continue
		}
		others[ocid] = true
		for _, c := range slices.Concat(had, has) {
			others[c.OCID] = true
		}
	}
	for _, ocid := range slices.Sorted(maps.Keys(others)) {
		var on shelf
		if _, err := t.readShelf(ocid, &on); err != nil {
			return err
		}
		for _, n := range on.Notices {
			if told[n.ID] {
				continue
			}
			if err := t.change(store.Change{Kind: store.KindNotice, Key: n.ID}); err != nil {
				return err
			}
			res.Changed = append(res.Changed, n.ID)
		}
	}
	return nil
}

// toldCopies tells a notice that was read out of a sequence its copies.
func (s *Store) toldCopies(ctx context.Context, n *notice.Notice) (*notice.Notice, error) {
	err := s.view(ctx, func(t *tx) (err error) {
		n, err = t.withCopies(n)
		return err
	})
	return n, err
}

func checkSign(t *tx, key, value []byte) error {
	var s notice.Sign
	if _, err := t.codec.unmarshal(bucketSign, key, value, &s); err != nil {
		return err
	}
	var on shelf
	if _, err := t.readShelf(s.OCID, &on); err != nil {
		return err
	}
	if on.Sign == nil || !reflect.DeepEqual(*on.Sign, s) {
		return fmt.Errorf("%s has another sign", s.OCID)
	}
	if !slices.ContainsFunc(s.Keys(), func(k string) bool { return string(signKey(k, &s)) == string(key) }) {
		return errors.New("it is the sign of something else")
	}
	return nil
}

// checkSigned says what is wrong with how a shelf's sign is found.
func (t *tx) checkSigned(j *job) error {
	if !reflect.DeepEqual(j.sign, j.shelf.Sign) {
		return errors.New("its sign is not what its releases say")
	}
	if j.sign == nil {
		return nil
	}
	for _, key := range j.sign.Keys() {
		if t.bucket(bucketSign).Get(signKey(key, j.sign)) == nil {
			return fmt.Errorf("its sign is not found by %q", key)
		}
	}
	return nil
}
