package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/store"
)

// releaseHeader is what is kept of a release beside its own JSON.
type releaseHeader struct {
	OCID   string         `json:"ocid"`
	ID     string         `json:"id,omitzero"`
	Hash   [32]byte       `json:"hash"`
	Date   time.Time      `json:"date,omitzero"`
	Tags   []string       `json:"tags,omitzero"`
	Issues []notice.Issue `json:"issues,omitzero"`
}

func (h *releaseHeader) release(raw []byte) notice.Release {
	return notice.Release{OCID: h.OCID, ID: h.ID, Hash: h.Hash, Date: h.Date, Tags: h.Tags, Issues: h.Issues, Raw: raw}
}

// shelf is where everything of one OCID stands.
type shelf struct {
	OCID     string         `json:"ocid"`
	Releases []shelfRelease `json:"releases"` // in the order they arrived
	Notices  []shelfNotice  `json:"notices,omitzero"`
	Also     []string       `json:"also,omitzero"` // the OCIDs its notices name, sorted
	Sign     *notice.Sign   `json:"sign,omitzero"` // of its only notice
}

type shelfRelease struct {
	N    uint64   `json:"n"`
	ID   string   `json:"id,omitzero"`
	Hash [32]byte `json:"hash"`
}

type shelfNotice struct {
	N  uint64 `json:"n"`
	ID string `json:"id"`
}

// identity is what tells a release from the others of its OCID.
type identity struct {
	id   string
	hash [32]byte
}

func identityOf(r *notice.Release) identity { return identity{r.ID, r.Hash} }

// holds is the set of the releases that stand on a shelf.
func (s *shelf) holds() map[identity]bool {
	have := make(map[identity]bool, len(s.Releases))
	for _, r := range s.Releases {
		have[identity{r.ID, r.Hash}] = true
	}
	return have
}

// named is an OCID that names another.
type named struct {
	OCID string `json:"ocid"`
}

// fresh is a release ready to be written, and as it will be read.
type fresh struct {
	release notice.Release
	value   []byte
}

// job is one OCID whose notices are derived.
type job struct {
	shelf shelf
	holds map[identity]bool         // the releases on it
	fresh map[uint64]notice.Release // releases that came with this transaction, by number
	// stored and old are the values already there, by number: memory of the file, good for this transaction.
	stored map[uint64][]byte
	old    map[string][]byte // by notice id

	notices []derived
	also    []string
	sign    *notice.Sign
}

// derived is a notice as it is to be written.
type derived struct {
	id    string
	value []byte // nil: as stored
}

// Put adds releases and derives the notices they touch, in one transaction. What takes time and needs no
// transaction (to compress) is done before it; deriving needs it, and uses all processors.
func (s *Store) Put(ctx context.Context, releases []notice.Release) (store.PutResult, error) {
	res := store.PutResult{Duplicates: len(releases)}
	pending, err := s.prepare(ctx, releases)
	if err != nil {
		return store.PutResult{}, fmt.Errorf("store: %w", err)
	}
	if len(pending) == 0 {
		return res, nil
	}
	err = s.update(ctx, func(t *tx) error {
		jobs, stored, err := t.admit(pending)
		if err != nil {
			return err
		}
		if stored == 0 {
			return errUnchanged
		}
		if err := t.project(ctx, s.projection.Project, jobs); err != nil {
			return err
		}
		done, err := t.apply(jobs)
		if err != nil {
			return err
		}
		slices.Sort(done.Changed)
		res = store.PutResult{Stored: stored, Duplicates: len(releases) - stored, Changed: done.Changed, New: done.New}
		return nil
	})
	if err != nil {
		return store.PutResult{}, fmt.Errorf("store: putting %d releases: %w", len(releases), err)
	}
	return res, nil
}

// prepare compresses the releases that are not in the store. As none is ever removed, what is there now will still
// be there when the write transaction begins; what another writer adds until then is found by admit.
func (s *Store) prepare(ctx context.Context, releases []notice.Release) ([]fresh, error) {
	var unknown []*notice.Release
	err := s.view(ctx, func(t *tx) error {
		shelves := make(map[string]map[identity]bool)
		for i := range releases {
			r := &releases[i]
			if err := ctx.Err(); err != nil {
				return err
			}
			if r.OCID == "" || !utf8.ValidString(r.OCID) || !utf8.ValidString(r.ID) {
				return fmt.Errorf("release %d of %d (OCID %q, id %q): an OCID is needed, and UTF-8 in both: reject the release", i+1, len(releases), r.OCID, r.ID)
			}
			have, ok := shelves[r.OCID]
			if !ok {
				var on shelf
				if _, err := t.readShelf(r.OCID, &on); err != nil {
					return err
				}
				have = on.holds()
				shelves[r.OCID] = have
			}
			if !have[identityOf(r)] {
				unknown = append(unknown, r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	pending := make([]fresh, len(unknown))
	err = parallel(ctx, s.path, len(unknown), func(i int) (err error) {
		if pending[i], err = s.codec.fresh(unknown[i]); err != nil {
			err = fmt.Errorf("release %s of %s: %w", unknown[i].Identity(), unknown[i].OCID, err)
		}
		return err
	})
	return pending, err
}

// fresh packs a release. The one it returns has been through writing and reading, so that what is derived from
// it now cannot differ from what will be derived from the file.
func (c *codec) fresh(r *notice.Release) (fresh, error) {
	body, err := encode(releaseHeader{OCID: r.OCID, ID: r.ID, Hash: r.Hash, Date: r.Date, Tags: r.Tags, Issues: r.Issues}, r.Raw)
	if err != nil {
		return fresh{}, err
	}
	var h releaseHeader
	raw, err := decode(body, &h)
	if err != nil {
		return fresh{}, err
	}
	value, err := c.pack(body)
	return fresh{release: h.release(raw), value: value}, err
}

// readShelf reads the shelf of an OCID, and checks that it is its.
func (t *tx) readShelf(ocid string, s *shelf) (found bool, err error) {
	key := nameKey(ocid)
	found, err = t.read(bucketOCID, key, s)
	if err == nil && found && s.OCID != ocid {
		err = &store.CorruptError{Where: where(bucketOCID, key), Err: fmt.Errorf("it is about %q", s.OCID)}
	}
	return found, err
}

// admit writes the releases that are still not there, and says what is to be derived because of them, in the
// order in which the OCIDs first appear.
func (t *tx) admit(pending []fresh) (jobs []*job, stored int, err error) {
	byOCID := make(map[string]*job)
	for _, f := range pending {
		r := &f.release
		j, ok := byOCID[r.OCID]
		if !ok {
			j = &job{shelf: shelf{OCID: r.OCID}, fresh: make(map[uint64]notice.Release)}
			if _, err := t.readShelf(r.OCID, &j.shelf); err != nil {
				return nil, 0, err
			}
			j.holds = j.shelf.holds()
			byOCID[r.OCID] = j
		}
		if j.holds[identityOf(r)] {
			continue
		}
		if len(j.fresh) == 0 {
			jobs = append(jobs, j)
			t.load(j)
		}
		n := t.number(bucketRelease)
		if err := t.put(bucketRelease, numberKey(n), f.value); err != nil {
			return nil, 0, err
		}
		j.shelf.Releases = append(j.shelf.Releases, shelfRelease{N: n, ID: r.ID, Hash: r.Hash})
		j.holds[identityOf(r)] = true
		j.fresh[n] = *r
		stored++
	}
	return jobs, stored, nil
}

// shelvesAfter lists the next OCIDs after a key of bucket ocid, and the key of the last.
func (t *tx) shelvesAfter(after []byte, limit int) ([]*job, []byte, error) {
	var jobs []*job
	c := t.bucket(bucketOCID).Cursor()
	k, v := c.Seek(after)
	if len(after) > 0 && bytes.Equal(k, after) {
		k, v = c.Next()
	}
	for ; k != nil && len(jobs) < limit; k, v = c.Next() {
		j := new(job)
		if _, err := t.codec.unmarshal(bucketOCID, k, v, &j.shelf); err != nil {
			return nil, nil, err
		}
		t.load(j)
		jobs, after = append(jobs, j), bytes.Clone(k)
	}
	return jobs, after, nil
}

// load gets the values of an OCID, for project to read in other goroutines (a bbolt transaction is not for several).
func (t *tx) load(j *job) {
	j.stored = make(map[uint64][]byte, len(j.shelf.Releases))
	for _, r := range j.shelf.Releases {
		j.stored[r.N] = t.bucket(bucketRelease).Get(numberKey(r.N))
	}
	j.old = make(map[string][]byte, len(j.shelf.Notices))
	for _, n := range j.shelf.Notices {
		j.old[n.ID] = t.bucket(bucketNotice).Get(numberKey(n.N))
	}
}

// project derives the notices of each job, on all processors.
func (t *tx) project(ctx context.Context, p store.Project, jobs []*job) error {
	return parallel(ctx, t.DB().Path(), len(jobs), func(i int) error { return jobs[i].derive(t.codec, p) })
}

func (j *job) derive(c *codec, p store.Project) error {
	releases, err := j.releases(c)
	if err != nil {
		return err
	}
	notices, err := call(p, j.shelf.OCID, releases)
	if err != nil {
		return fmt.Errorf("deriving the notices of %s: %w", j.shelf.OCID, err)
	}
	seen := make(map[string]bool)
	for _, n := range notices {
		if n.ID == "" || seen[n.ID] {
			return fmt.Errorf("deriving the notices of %s: notice id %q is empty or not unique", j.shelf.OCID, n.ID)
		}
		seen[n.ID] = true
		d, err := j.compare(c, n)
		if err != nil {
			return err
		}
		j.notices = append(j.notices, d)
		for _, other := range n.Also {
			if other.Value != "" && other.Value != j.shelf.OCID {
				j.also = append(j.also, other.Value)
			}
		}
	}
	slices.Sort(j.also)
	j.also = slices.Compact(j.also)
	if len(notices) == 1 { // an OCID that unrelated buyers share names no opportunity
		if sign, ok := notices[0].Sign(); ok {
			j.sign = &sign
		}
	}
	return nil
}

// call calls a projection. One that panics fails, with its stack, rather than take the program with it
// from a goroutine where no caller could stop it.
func call(p store.Project, ocid string, releases []notice.Release) (notices []*notice.Notice, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return p(ocid, releases)
}

// releases lists all releases of a job in the order they arrived.
func (j *job) releases(c *codec) ([]notice.Release, error) {
	releases := make([]notice.Release, len(j.shelf.Releases))
	for i, on := range j.shelf.Releases {
		r, ok := j.fresh[on.N]
		if !ok {
			var err error
			if r, err = c.readRelease(j.shelf.OCID, on, j.stored[on.N]); err != nil {
				return nil, err
			}
		}
		releases[i] = r
	}
	return releases, nil
}

// readRelease reads the release that a shelf says is there.
func (c *codec) readRelease(ocid string, on shelfRelease, value []byte) (notice.Release, error) {
	var h releaseHeader
	key := numberKey(on.N)
	raw, err := c.unmarshal(bucketRelease, key, value, &h)
	if err != nil {
		return notice.Release{}, err
	}
	if h.OCID != ocid || h.ID != on.ID || h.Hash != on.Hash {
		return notice.Release{}, &store.CorruptError{Where: where(bucketRelease, key), Err: fmt.Errorf("it is release %q of %s, not %q of %s", h.ID, h.OCID, on.ID, ocid)}
	}
	return h.release(bytes.Clone(raw)), nil
}

// compare packs a notice unless it is stored as it is.
func (j *job) compare(c *codec, n *notice.Notice) (derived, error) {
	body, err := encode(n, nil)
	if err != nil {
		return derived{}, fmt.Errorf("notice %s: %w", n.ID, err)
	}
	for _, have := range j.shelf.Notices {
		if have.ID != n.ID {
			continue
		}
		old, err := c.unpack(bucketNotice, numberKey(have.N), j.old[n.ID])
		if err == nil && bytes.Equal(old, body) {
			return derived{id: n.ID}, nil
		}
		break // a damaged notice is written again
	}
	value, err := c.pack(body)
	return derived{id: n.ID, value: value}, err
}

// apply writes what the jobs derived.
func (t *tx) apply(jobs []*job) (store.PutResult, error) {
	var res store.PutResult
	before, err := t.applySigns(jobs)
	if err != nil {
		return res, err
	}
	for _, j := range jobs {
		if err := t.applyNotices(j, &res); err != nil {
			return res, err
		}
		if err := t.applyAlso(j); err != nil {
			return res, err
		}
		if err := t.write(bucketOCID, nameKey(j.shelf.OCID), j.shelf); err != nil {
			return res, err
		}
	}
	return res, t.tellCopies(before, &res)
}

func (t *tx) applyNotices(j *job, res *store.PutResult) error {
	old := j.shelf.Notices
	numbers := make(map[string]uint64) // of those not met yet
	for _, n := range old {
		numbers[n.ID] = n.N
	}
	j.shelf.Notices = nil
	for _, d := range j.notices {
		n, known := numbers[d.id]
		delete(numbers, d.id)
		if !known {
			var err error
			if n, err = t.nameNotice(d.id, j.shelf.OCID); err != nil {
				return err
			}
			res.New++
		}
		j.shelf.Notices = append(j.shelf.Notices, shelfNotice{N: n, ID: d.id})
		if d.value == nil {
			continue
		}
		if err := t.put(bucketNotice, numberKey(n), d.value); err != nil {
			return err
		}
		if err := t.change(store.Change{Kind: store.KindNotice, Key: d.id}); err != nil {
			return err
		}
		res.Changed = append(res.Changed, d.id)
	}
	for _, n := range old {
		if _, gone := numbers[n.ID]; !gone { // else no release says it any more
			continue
		}
		if err := errors.Join(t.delete(bucketNotice, numberKey(n.N)), t.delete(bucketID, nameKey(n.ID))); err != nil {
			return err
		}
		if err := t.change(store.Change{Kind: store.KindNotice, Key: n.ID, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}

// nameNotice gives a notice that was not there its number.
func (t *tx) nameNotice(id, ocid string) (uint64, error) {
	key := nameKey(id)
	if t.bucket(bucketID).Get(key) != nil {
		return 0, fmt.Errorf("deriving the notices of %s: notice id %q belongs to another OCID", ocid, id)
	}
	n := t.number(bucketNotice)
	return n, t.write(bucketID, key, n)
}

// applyAlso keeps bucket named the mirror of the shelves' Also.
func (t *tx) applyAlso(j *job) error {
	for _, other := range j.shelf.Also {
		if !slices.Contains(j.also, other) {
			if err := t.delete(bucketNamed, nameKey(other, j.shelf.OCID)); err != nil {
				return err
			}
		}
	}
	for _, other := range j.also {
		if !slices.Contains(j.shelf.Also, other) {
			if err := t.write(bucketNamed, nameKey(other, j.shelf.OCID), named{j.shelf.OCID}); err != nil {
				return err
			}
		}
	}
	j.shelf.Also = j.also
	return nil
}

// change is a store.Change as it is kept; its number is its key.
type change struct {
	Kind      store.Kind      `json:"kind"`
	Workspace store.Workspace `json:"workspace,omitzero"`
	Key       string          `json:"key"`
	Gone      bool            `json:"gone,omitzero"`
}

func (c *change) lastKey() []byte { return nameKey(string(c.Kind), string(c.Workspace), c.Key) }

// change appends to the feed, and takes the key's older change out of it.
func (t *tx) change(what store.Change) error {
	c := change{what.Kind, what.Workspace, what.Key, what.Gone}
	n := t.number(bucketChange) // before the older one goes: it may be the last
	key := c.lastKey()
	var old uint64
	found, err := t.read(bucketLast, key, &old)
	if err != nil {
		return err
	}
	if found {
		if err := t.delete(bucketChange, numberKey(old)); err != nil {
			return err
		}
	}
	return errors.Join(t.write(bucketChange, numberKey(n), c), t.write(bucketLast, key, n))
}
