package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"bidfit/pursuit"
	"bidfit/store"
)

// check says what is wrong with one record, if anything: with itself, or with what it points to and what should
// point to it. An *store.CorruptError says its own place; any other error is about this record.
type check func(t *tx, key, value []byte) error

// checks are in the order of trust: what later ones lean on comes first.
func (s *Store) checks() []struct {
	bucket bucket
	check  check
} {
	return []struct {
		bucket bucket
		check  check
	}{
		{bucketMeta, checkMeta},
		{bucketRelease, checkRelease},
		{bucketOCID, s.checkShelf},
		{bucketNamed, checkNamed},
		{bucketSign, checkSign},
		{bucketNotice, checkNotice},
		{bucketID, checkID},
		{bucketChange, checkChange},
		{bucketLast, checkLast},
		{bucketProfile, checkProfile},
		{bucketPursuit, checkDecision},
		{bucketRating, checkRating},
		{bucketRecord, checkRecord},
		{bucketLexicon, checkLexicon},
		{bucketCited, checkCitation},
		{bucketRejected, checkRejected},
		{bucketKnown, checkKnown},
	}
}

// Verify checks every record, then the file under them. Writers wait for the latter.
func (s *Store) Verify(ctx context.Context) iter.Seq2[store.Finding, error] {
	return func(yield func(store.Finding, error) bool) {
		sound := true
		report := func(f store.Finding, err error) bool {
			sound = false
			return yield(f, err)
		}
		for _, c := range s.checks() {
			if !s.verifyBucket(ctx, c.bucket, c.check, report) {
				return
			}
		}
		found, err := s.verifyFile(ctx, sound)
		for _, f := range found {
			if !yield(f, nil) {
				return
			}
		}
		if err != nil {
			yield(store.Finding{}, fmt.Errorf("store: verifying: %w", err))
		}
	}
}

// verifyBucket checks the records of one bucket, piece by piece, and reports whether to go on.
func (s *Store) verifyBucket(ctx context.Context, b bucket, check check, yield func(store.Finding, error) bool) bool {
	var after []byte
	for {
		var found []store.Finding
		err := s.view(ctx, func(t *tx) error {
			var keys, values [][]byte
			var err error
			after, err = t.piece(b, after, func(k, v []byte) { keys, values = append(keys, k), append(values, v) })
			if err != nil {
				return err
			}
			for i, key := range keys {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := check(t, key, values[i]); err != nil {
					found = append(found, finding(where(b, key), err))
				}
			}
			return nil
		})
		var damaged *store.CorruptError
		if errors.As(err, &damaged) { // bbolt could not go on in this bucket
			found, after = append(found, finding("bucket "+string(b), err)), nil
			err = nil
		}
		for _, f := range found {
			if !yield(f, nil) {
				return false
			}
		}
		if err != nil {
			yield(store.Finding{}, fmt.Errorf("store: verifying: %w", err))
			return false
		}
		if after == nil {
			return true
		}
	}
}

// finding makes a finding of an error.
func finding(where string, err error) store.Finding {
	var damaged *store.CorruptError
	if errors.As(err, &damaged) && damaged.Where != where {
		return store.Finding{Where: where, Reason: damaged.Where + ": " + damaged.Err.Error()}
	}
	if damaged != nil {
		return store.Finding{Where: where, Reason: damaged.Err.Error()}
	}
	return store.Finding{Where: where, Reason: err.Error()}
}

// verifyFile looks at the pages of the file, and where all records are sound has bbolt do so too: its check
// runs in a goroutine of its own, where a fault would be the end of the program. No writer may be about meanwhile.
func (s *Store) verifyFile(ctx context.Context, sound bool) (found []store.Finding, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	m, both, err := newestMeta(s.file)
	if err != nil {
		return []store.Finding{{Where: s.path, Reason: err.Error()}}, nil
	}
	if !both {
		found = append(found, store.Finding{Where: s.path, Reason: fmt.Sprintf("one of its two first pages is damaged: transaction %d counts, a later one may be lost", m.transaction)})
	}
	if err := s.checkPages(); err != nil {
		return append(found, store.Finding{Where: s.path, Reason: err.Error()}), nil
	}
	if !sound {
		return found, nil
	}
	err = s.view(ctx, func(t *tx) error {
		for err := range t.Check() {
			found = append(found, store.Finding{Where: s.path, Reason: err.Error()})
		}
		return nil
	})
	return found, err
}

func checkMeta(t *tx, key, value []byte) error {
	switch {
	case bytes.Equal(key, keyFormat):
		return nil // Open has read it
	case bytes.Equal(key, keyHeader):
		_, err := t.codec.unmarshal(bucketMeta, key, value, new(header))
		return err
	case bytes.Equal(key, keyLexicon):
		var version string
		if _, err := t.codec.unmarshal(bucketMeta, key, value, &version); err != nil {
			return err
		}
		if t.bucket(bucketLexicon).Get(nameKey(version)) == nil {
			return fmt.Errorf("the current lexicon %s is not there", version)
		}
		return nil
	}
	return errors.New("nobody wrote this")
}

func checkRelease(t *tx, key, value []byte) error {
	var h releaseHeader
	if _, err := t.codec.unmarshal(bucketRelease, key, value, &h); err != nil {
		return err
	}
	n, _ := keyNumber(key)
	if n > 1 && t.bucket(bucketRelease).Get(numberKey(n-1)) == nil {
		return errors.New("the release before it is not there")
	}
	var on shelf
	if _, err := t.readShelf(h.OCID, &on); err != nil {
		return err
	}
	if !slices.Contains(on.Releases, shelfRelease{N: n, ID: h.ID, Hash: h.Hash}) {
		return fmt.Errorf("OCID %s does not list it", h.OCID)
	}
	return nil
}

func (s *Store) checkShelf(t *tx, key, value []byte) error {
	j := new(job)
	if _, err := t.codec.unmarshal(bucketOCID, key, value, &j.shelf); err != nil {
		return err
	}
	if !bytes.Equal(key, nameKey(j.shelf.OCID)) {
		return fmt.Errorf("it is about %q", j.shelf.OCID)
	}
	t.load(j)
	if err := j.derive(t.codec, s.projection.Project); err != nil {
		return err
	}
	for _, d := range j.notices {
		if d.value != nil {
			return fmt.Errorf("notice %s is not what its releases say", d.id)
		}
	}
	if len(j.notices) != len(j.shelf.Notices) {
		return fmt.Errorf("%d notices are stored where the releases say %d", len(j.shelf.Notices), len(j.notices))
	}
	if !slices.Equal(j.also, j.shelf.Also) {
		return fmt.Errorf("the other OCIDs %v are not what its releases say, %v", j.shelf.Also, j.also)
	}
	if err := t.checkSigned(j); err != nil {
		return err
	}
	for _, n := range j.shelf.Notices {
		if err := t.pointsTo(bucketID, nameKey(n.ID), n.N); err != nil {
			return err
		}
	}
	for _, other := range j.shelf.Also {
		if t.bucket(bucketNamed).Get(nameKey(other, j.shelf.OCID)) == nil {
			return fmt.Errorf("the way back from %s is not there", other)
		}
	}
	return nil
}

// pointsTo checks that a name leads to a number.
func (t *tx) pointsTo(b bucket, key []byte, want uint64) error {
	var n uint64
	found, err := t.read(b, key, &n)
	if err != nil {
		return err
	}
	if !found || n != want {
		return fmt.Errorf("%s leads to %d, not to %d", where(b, key), n, want)
	}
	return nil
}

func checkNamed(t *tx, key, value []byte) error {
	var by named
	if _, err := t.codec.unmarshal(bucketNamed, key, value, &by); err != nil {
		return err
	}
	var on shelf
	if _, err := t.readShelf(by.OCID, &on); err != nil {
		return err
	}
	if !slices.ContainsFunc(on.Also, func(o string) bool { return bytes.Equal(key, nameKey(o, by.OCID)) }) {
		return fmt.Errorf("%s does not name it", by.OCID)
	}
	return nil
}

func checkNotice(t *tx, key, value []byte) error {
	n, err := t.codec.readNotice(key, value)
	if err != nil {
		return err
	}
	number, _ := keyNumber(key)
	if err := t.pointsTo(bucketID, nameKey(n.ID), number); err != nil {
		return err
	}
	return t.told(nameKey(string(store.KindNotice), "", n.ID), false)
}

// told checks that the change feed tells of what has a key in bucket last.
func (t *tx) told(key []byte, gone bool) error {
	var n uint64
	if found, err := t.read(bucketLast, key, &n); err != nil {
		return err
	} else if !found {
		return errors.New("the change feed does not tell of it")
	}
	var c change
	if found, err := t.read(bucketChange, numberKey(n), &c); err != nil {
		return err
	} else if !found || !bytes.Equal(c.lastKey(), key) || c.Gone != gone {
		return fmt.Errorf("change %d does not tell of it", n)
	}
	return nil
}

func checkID(t *tx, key, value []byte) error {
	var n uint64
	if _, err := t.codec.unmarshal(bucketID, key, value, &n); err != nil {
		return err
	}
	var id struct {
		ID   string `json:"id"`
		OCID string `json:"ocid"`
	}
	if found, err := t.read(bucketNotice, numberKey(n), &id); err != nil {
		return err
	} else if !found || !bytes.Equal(key, nameKey(id.ID)) {
		return fmt.Errorf("notice %d is not there, or is another", n)
	}
	var on shelf
	if _, err := t.readShelf(id.OCID, &on); err != nil {
		return err
	}
	if !slices.Contains(on.Notices, shelfNotice{N: n, ID: id.ID}) {
		return fmt.Errorf("OCID %s does not list it", id.OCID)
	}
	return nil
}

func checkChange(t *tx, key, value []byte) error {
	var c change
	if _, err := t.codec.unmarshal(bucketChange, key, value, &c); err != nil {
		return err
	}
	n, _ := keyNumber(key)
	return t.pointsTo(bucketLast, c.lastKey(), n)
}

func checkLast(t *tx, key, value []byte) error {
	var n uint64
	if _, err := t.codec.unmarshal(bucketLast, key, value, &n); err != nil {
		return err
	}
	var c change
	if found, err := t.read(bucketChange, numberKey(n), &c); err != nil {
		return err
	} else if !found || !bytes.Equal(key, c.lastKey()) {
		return fmt.Errorf("change %d is not there, or is about something else", n)
	}
	if c.Kind == store.KindNotice && c.Gone != (t.bucket(bucketID).Get(nameKey(c.Key)) == nil) {
		return fmt.Errorf("change %d says gone: %v, but it is not so", n, c.Gone)
	}
	if key, ok := c.record(); ok && c.Gone != (t.bucket(bucketRecord).Get(key) == nil) {
		return fmt.Errorf("change %d says gone: %v, but it is not so", n, c.Gone)
	}
	return nil
}

func checkProfile(t *tx, key, value []byte) error {
	var r profileRevision
	if _, err := t.codec.unmarshal(bucketProfile, key, value, &r); err != nil {
		return err
	}
	n, ok := keyNumber(key)
	if !ok {
		return errors.New("its key is too short")
	}
	before := append(bytes.Clone(key[:len(key)-8]), numberKey(n-1)...)
	if n > 1 && t.bucket(bucketProfile).Get(before) == nil {
		return errors.New("the revision before it is not there")
	}
	names := key[:len(key)-8]
	workspace, ok := bytes.CutSuffix(names, nameKey(r.Profile.ID))
	if !ok {
		return fmt.Errorf("it is about profile %s", r.Profile.ID)
	}
	if last, _ := t.last(bucketProfile, names); last != n {
		return nil
	}
	return t.told(slices.Concat(nameKey(string(store.KindProfile)), workspace, nameKey(r.Profile.ID)), r.Removed)
}

func checkDecision(t *tx, key, value []byte) error {
	var d pursuit.Decision
	if _, err := t.codec.unmarshal(bucketPursuit, key, value, &d); err != nil {
		return err
	}
	if d.Lexicon != "" && t.bucket(bucketCited).Get(nameKey(d.Lexicon)) == nil {
		return fmt.Errorf("lexicon %s is not marked as cited", d.Lexicon)
	}
	return t.checkPursued(key, store.KindPursuit, d.Profile, d.ProfileRevision, d.Target)
}

func checkRating(t *tx, key, value []byte) error {
	var r pursuit.Rating
	if _, err := t.codec.unmarshal(bucketRating, key, value, &r); err != nil {
		return err
	}
	return t.checkPursued(key, store.KindRating, r.Profile, r.ProfileRevision, r.Target)
}

// checkPursued checks that a decision or rating stands under its key, cites a profile that is there, and was told of.
func (t *tx) checkPursued(key []byte, kind store.Kind, profile string, revision uint64, target pursuit.Target) error {
	// The workspace stands in the key alone.
	workspace, ok := bytes.CutSuffix(key[:max(0, len(key)-8)], nameKey(profile, target.Notice, target.Lot))
	if !ok {
		return fmt.Errorf("it is about %s for profile %s", target, profile)
	}
	if t.bucket(bucketProfile).Get(slices.Concat(workspace, nameKey(profile), numberKey(revision))) == nil {
		return fmt.Errorf("profile %s, revision %d, which it cites, is not there", profile, revision)
	}
	return t.told(slices.Concat(nameKey(string(kind)), workspace, nameKey(store.PursuitKey(profile, target))), false)
}

func checkLexicon(t *tx, key, value []byte) error {
	var h lexicon
	if _, err := t.codec.unmarshal(bucketLexicon, key, value, &h); err != nil {
		return err
	}
	if !bytes.Equal(key, nameKey(h.Version)) {
		return fmt.Errorf("it is version %s", h.Version)
	}
	return nil
}

func checkCitation(t *tx, key, value []byte) error {
	var version string
	if _, err := t.codec.unmarshal(bucketCited, key, value, &version); err != nil {
		return err
	}
	if t.bucket(bucketLexicon).Get(key) == nil {
		return fmt.Errorf("lexicon %s is not there", version)
	}
	return nil
}

func checkRejected(t *tx, key, value []byte) error {
	var r rejected
	if _, err := t.codec.unmarshal(bucketRejected, key, value, &r); err != nil {
		return err
	}
	n, _ := keyNumber(key)
	if n > 1 && t.bucket(bucketRejected).Get(numberKey(n-1)) == nil {
		return errors.New("the one before it is not there")
	}
	return t.pointsTo(bucketKnown, r.Known, n)
}

func checkKnown(t *tx, key, value []byte) error {
	var n uint64
	if _, err := t.codec.unmarshal(bucketKnown, key, value, &n); err != nil {
		return err
	}
	var r rejected
	if found, err := t.read(bucketRejected, numberKey(n), &r); err != nil {
		return err
	} else if !found || !bytes.Equal(key, r.Known) {
		return fmt.Errorf("rejected %d is not there, or is another", n)
	}
	return nil
}
