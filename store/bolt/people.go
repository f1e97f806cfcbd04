package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// profileRevision is a profile as it was at a revision; its number ends its key.
type profileRevision struct {
	Profile profiles.Profile `json:"profile"`
	Updated time.Time        `json:"updated"`
	Removed bool             `json:"removed,omitzero"`
}

func (r *profileRevision) stored(n uint64) store.Profile {
	return store.Profile{Profile: r.Profile, Revision: n, Updated: r.Updated}
}

// groups lists, of the keys NAMES NUMBER under a prefix, the distinct NAMES, each with its last NUMBER.
func (t *tx) groups(b bucket, prefix []byte) iter.Seq2[[]byte, uint64] {
	return func(yield func([]byte, uint64) bool) {
		var names []byte
		var number uint64
		for k := range t.under(b, prefix) {
			n, ok := keyNumber(k)
			if !ok {
				continue // a damaged key, for Verify to report
			}
			if names != nil && !bytes.Equal(names, k[:len(k)-8]) && !yield(names, number) {
				return
			}
			names, number = k[:len(k)-8], n
		}
		if names != nil {
			yield(names, number)
		}
	}
}

func (t *tx) readProfile(prefix []byte, n uint64) (profileRevision, error) {
	var r profileRevision
	key := append(bytes.Clone(prefix), numberKey(n)...)
	_, err := t.codec.unmarshal(bucketProfile, key, t.bucket(bucketProfile).Get(key), &r)
	return r, err
}

// currentProfile reads the newest revision; revision 0 says that there never was one.
func (t *tx) currentProfile(ws store.Workspace, id string) (profileRevision, uint64, error) {
	prefix := nameKey(string(ws), id)
	n, _ := t.last(bucketProfile, prefix)
	if n == 0 {
		return profileRevision{Removed: true}, 0, nil
	}
	r, err := t.readProfile(prefix, n)
	return r, n, err
}

// addProfile writes a further revision and its change.
func (t *tx) addProfile(ws store.Workspace, id string, n uint64, r profileRevision) error {
	key := append(nameKey(string(ws), id), numberKey(n)...)
	return errors.Join(t.write(bucketProfile, key, r),
		t.change(store.Change{Kind: store.KindProfile, Workspace: ws, Key: id, Gone: r.Removed}))
}

// PutProfile keeps a profile as a further revision, unless it says the same as the stored one.
func (s *Store) PutProfile(ctx context.Context, ws store.Workspace, p profiles.Profile, now time.Time) (store.Profile, error) {
	if p.ID == "" {
		return store.Profile{}, errors.New("store: a profile needs an id")
	}
	var kept store.Profile
	err := s.update(ctx, func(t *tx) error {
		old, n, err := t.currentProfile(ws, p.ID)
		if err != nil {
			return err
		}
		said, err := encode(p, nil)
		if err != nil {
			return err
		}
		if !old.Removed {
			if before, err := encode(old.Profile, nil); err == nil && bytes.Equal(before, said) {
				kept = old.stored(n)
				return errUnchanged
			}
		}
		if err := t.addProfile(ws, p.ID, n+1, profileRevision{Profile: p, Updated: now}); err != nil {
			return err
		}
		r, err := t.readProfile(nameKey(string(ws), p.ID), n+1)
		kept = r.stored(n + 1)
		return err
	})
	if err != nil {
		return store.Profile{}, fmt.Errorf("store: putting profile %s: %w", p.ID, err)
	}
	return kept, nil
}

// Profile finds a profile.
func (s *Store) Profile(ctx context.Context, ws store.Workspace, id string) (store.Profile, error) {
	var p store.Profile
	err := s.view(ctx, func(t *tx) error {
		r, n, err := t.currentProfile(ws, id)
		if err == nil && r.Removed {
			err = store.ErrNotFound
		}
		p = r.stored(n)
		return err
	})
	if err != nil {
		return store.Profile{}, fmt.Errorf("store: profile %s: %w", id, err)
	}
	return p, nil
}

// ProfileRevision finds a profile as it was. All revisions are kept: they are small, and few.
func (s *Store) ProfileRevision(ctx context.Context, ws store.Workspace, id string, revision uint64) (store.Profile, error) {
	var p store.Profile
	err := s.view(ctx, func(t *tx) (err error) {
		p, err = t.profileRevision(ws, id, revision)
		return err
	})
	if err != nil {
		return store.Profile{}, fmt.Errorf("store: %w", err)
	}
	return p, nil
}

func (t *tx) profileRevision(ws store.Workspace, id string, revision uint64) (store.Profile, error) {
	var r profileRevision
	found, err := t.read(bucketProfile, append(nameKey(string(ws), id), numberKey(revision)...), &r)
	if err == nil && (!found || r.Removed) {
		err = fmt.Errorf("profile %s, revision %d: %w", id, revision, store.ErrNotFound)
	}
	return r.stored(revision), err
}

// Profiles lists the profiles of a workspace, sorted by id.
func (s *Store) Profiles(ctx context.Context, ws store.Workspace) ([]store.Profile, error) {
	var all []store.Profile
	err := s.view(ctx, func(t *tx) error {
		for prefix, n := range t.groups(bucketProfile, nameKey(string(ws))) {
			if err := ctx.Err(); err != nil {
				return err
			}
			r, err := t.readProfile(prefix, n)
			if err != nil {
				return err
			}
			if !r.Removed {
				all = append(all, r.stored(n))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: profiles: %w", err)
	}
	slices.SortFunc(all, func(a, b store.Profile) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// RemoveProfile removes a profile: its last revision says so. Its pursuits and what they cite stay.
func (s *Store) RemoveProfile(ctx context.Context, ws store.Workspace, id string) error {
	err := s.update(ctx, func(t *tx) error {
		r, n, err := t.currentProfile(ws, id)
		if err == nil && r.Removed {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return t.addProfile(ws, id, n+1, profileRevision{Profile: profiles.Profile{ID: id}, Removed: true})
	})
	if err != nil {
		return fmt.Errorf("store: removing profile %s: %w", id, err)
	}
	return nil
}

// Decide appends a decision to the pursuit of its target.
func (s *Store) Decide(ctx context.Context, ws store.Workspace, d pursuit.Decision) (pursuit.Pursuit, error) {
	var p pursuit.Pursuit
	err := s.update(ctx, func(t *tx) error {
		if err := t.checkCited(ws, d.Profile, d.ProfileRevision, d.Notice); err != nil {
			return err
		}
		if d.Lexicon != "" && t.bucket(bucketLexicon).Get(nameKey(d.Lexicon)) == nil {
			return fmt.Errorf("lexicon %s: %w", d.Lexicon, store.ErrNotFound)
		}
		prefix := nameKey(string(ws), d.Profile, d.Notice, d.Lot)
		n, _ := t.last(bucketPursuit, prefix)
		if err := t.write(bucketPursuit, append(bytes.Clone(prefix), numberKey(n+1)...), d); err != nil {
			return err
		}
		if d.Lexicon != "" {
			if err := t.write(bucketCited, nameKey(d.Lexicon), d.Lexicon); err != nil {
				return err
			}
		}
		err := t.change(store.Change{Kind: store.KindPursuit, Workspace: ws, Key: store.PursuitKey(d.Profile, d.Target)})
		if err != nil {
			return err
		}
		p, err = t.pursuit(prefix)
		return err
	})
	if err != nil {
		return pursuit.Pursuit{}, fmt.Errorf("store: deciding on %s for profile %s: %w", d.Target, d.Profile, err)
	}
	return p, nil
}

// checkCited makes sure that what a decision or rating is about is there.
func (t *tx) checkCited(ws store.Workspace, profile string, revision uint64, notice string) error {
	if r, _, err := t.currentProfile(ws, profile); err != nil {
		return err
	} else if r.Removed {
		return fmt.Errorf("profile %s: %w", profile, store.ErrNotFound)
	}
	if _, err := t.profileRevision(ws, profile, revision); err != nil {
		return err
	}
	if t.bucket(bucketID).Get(nameKey(notice)) == nil {
		return fmt.Errorf("notice %s: %w", notice, store.ErrNotFound)
	}
	return nil
}

// pursuit reads the decisions under NAMES.
func (t *tx) pursuit(prefix []byte) (pursuit.Pursuit, error) {
	var p pursuit.Pursuit
	for k, v := range t.under(bucketPursuit, prefix) {
		var d pursuit.Decision
		if _, err := t.codec.unmarshal(bucketPursuit, k, v, &d); err != nil {
			return p, err
		}
		p.Target, p.Profile = d.Target, d.Profile
		p.Decisions = append(p.Decisions, d)
	}
	return p, nil
}

// Pursuits lists the pursuits of a profile, or of some of its targets, sorted by profile and target.
func (s *Store) Pursuits(ctx context.Context, ws store.Workspace, profile string, of ...pursuit.Target) ([]pursuit.Pursuit, error) {
	all, err := groupsOf(ctx, s, bucketPursuit, ws, profile, of, (*tx).pursuit)
	if err != nil {
		return nil, fmt.Errorf("store: pursuits: %w", err)
	}
	slices.SortFunc(all, func(a, b pursuit.Pursuit) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), compareTargets(a.Target, b.Target))
	})
	return all, nil
}

// Rate appends a rating to those of its target.
func (s *Store) Rate(ctx context.Context, ws store.Workspace, r pursuit.Rating) (pursuit.Rated, error) {
	var all pursuit.Rated
	err := s.update(ctx, func(t *tx) error {
		if err := t.checkCited(ws, r.Profile, r.ProfileRevision, r.Notice); err != nil {
			return err
		}
		prefix := nameKey(string(ws), r.Profile, r.Notice, r.Lot)
		n, _ := t.last(bucketRating, prefix)
		if err := t.write(bucketRating, append(bytes.Clone(prefix), numberKey(n+1)...), r); err != nil {
			return err
		}
		err := t.change(store.Change{Kind: store.KindRating, Workspace: ws, Key: store.PursuitKey(r.Profile, r.Target)})
		if err != nil {
			return err
		}
		all, err = t.rated(prefix)
		return err
	})
	if err != nil {
		return pursuit.Rated{}, fmt.Errorf("store: rating %s for profile %s: %w", r.Target, r.Profile, err)
	}
	return all, nil
}

// rated reads the ratings under NAMES.
func (t *tx) rated(prefix []byte) (pursuit.Rated, error) {
	var all pursuit.Rated
	for k, v := range t.under(bucketRating, prefix) {
		var r pursuit.Rating
		if _, err := t.codec.unmarshal(bucketRating, k, v, &r); err != nil {
			return all, err
		}
		all.Target, all.Profile = r.Target, r.Profile
		all.Ratings = append(all.Ratings, r)
	}
	return all, nil
}

// Ratings lists what was rated for a profile, or for some of its targets, sorted by profile and target.
func (s *Store) Ratings(ctx context.Context, ws store.Workspace, profile string, of ...pursuit.Target) ([]pursuit.Rated, error) {
	all, err := groupsOf(ctx, s, bucketRating, ws, profile, of, (*tx).rated)
	if err != nil {
		return nil, fmt.Errorf("store: ratings: %w", err)
	}
	slices.SortFunc(all, func(a, b pursuit.Rated) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), compareTargets(a.Target, b.Target))
	})
	return all, nil
}

func compareTargets(a, b pursuit.Target) int {
	return cmp.Or(cmp.Compare(a.Notice, b.Notice), cmp.Compare(a.Lot, b.Lot))
}

// groupsOf lists what read makes of each of a profile's NAMES in a bucket, or of those of some targets, "" for all profiles.
func groupsOf[T any](ctx context.Context, s *Store, b bucket, ws store.Workspace, profile string, of []pursuit.Target, read func(*tx, []byte) (T, error)) ([]T, error) {
	prefixes := [][]byte{nameKey(string(ws))}
	switch {
	case len(of) > 0:
		prefixes = prefixes[:0]
		for _, t := range of {
			prefixes = append(prefixes, nameKey(string(ws), profile, t.Notice, t.Lot))
		}
	case profile != "":
		prefixes[0] = nameKey(string(ws), profile)
	}
	// A target that is asked for twice is told once.
	slices.SortFunc(prefixes, bytes.Compare)
	prefixes = slices.CompactFunc(prefixes, bytes.Equal)
	var all []T
	err := s.view(ctx, func(t *tx) error {
		for _, prefix := range prefixes {
			for names := range t.groups(b, prefix) {
				if err := ctx.Err(); err != nil {
					return err
				}
				one, err := read(t, names)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
		}
		return nil
	})
	return all, err
}

// lexicon is a lexicon's header; what follows it is the lexicon.
type lexicon struct {
	Version string `json:"version"`
}

// PutLexicon keeps a lexicon and makes it current.
func (s *Store) PutLexicon(ctx context.Context, version string, encoded []byte) error {
	if version == "" {
		return errors.New("store: a lexicon needs a version")
	}
	err := s.update(ctx, func(t *tx) error {
		if err := t.addLexicon(version, encoded); err != nil {
			return err
		}
		if err := t.write(bucketMeta, keyLexicon, version); err != nil {
			return err
		}
		return t.dropLexicons(version)
	})
	if err != nil {
		return fmt.Errorf("store: putting lexicon %s: %w", version, err)
	}
	return nil
}

func (t *tx) addLexicon(version string, encoded []byte) error {
	key := nameKey(version)
	if old := t.bucket(bucketLexicon).Get(key); old != nil {
		have, err := t.codec.unmarshal(bucketLexicon, key, old, new(lexicon))
		if err == nil && !bytes.Equal(have, encoded) {
			err = errors.New("another lexicon is kept under this version")
		}
		return err
	}
	body, err := encode(lexicon{version}, encoded)
	if err != nil {
		return err
	}
	value, err := t.codec.pack(body)
	if err != nil {
		return err
	}
	return t.put(bucketLexicon, key, value)
}

// dropLexicons drops the versions that are neither current nor cited.
func (t *tx) dropLexicons(current string) error {
	var drop [][]byte
	for k := range t.under(bucketLexicon, nil) {
		if !bytes.Equal(k, nameKey(current)) && t.bucket(bucketCited).Get(k) == nil {
			drop = append(drop, bytes.Clone(k))
		}
	}
	for _, k := range drop {
		if err := t.delete(bucketLexicon, k); err != nil {
			return err
		}
	}
	return nil
}

// Lexicon finds a lexicon; "" is the current one.
func (s *Store) Lexicon(ctx context.Context, version string) (string, []byte, error) {
	var h lexicon
	var encoded []byte
	err := s.view(ctx, func(t *tx) error {
		if version == "" {
			if found, err := t.read(bucketMeta, keyLexicon, &version); err != nil || !found {
				return orNotFound(err)
			}
		}
		key := nameKey(version)
		value := t.bucket(bucketLexicon).Get(key)
		if value == nil {
			return store.ErrNotFound
		}
		raw, err := t.codec.unmarshal(bucketLexicon, key, value, &h)
		encoded = bytes.Clone(raw)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("store: lexicon %q: %w", version, err)
	}
	return h.Version, encoded, nil
}
