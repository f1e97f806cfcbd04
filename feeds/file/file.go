// Package file is the feed of a folder: files of notices that somebody puts there, such as the bulk files of the Open Contracting
// data registry, each read once. The folder is looked through at every Sync; no events of the file system are waited for: they do not
// come over a network or out of a container, are lost when many come at once, and a look at a folder of thousands of files takes milliseconds.
//
// look.go finds the files; this file decides which of them to read, and reads them.
package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/notice/ocds"
)

// Name is the name of the feed.
const Name = "folder"

const (
	// rest is how long a file must not have been written to before it is read at the first look.
	rest = time.Minute
	// apart is how far two looks lie apart that find a file unchanged, and take it for whole.
	apart = 5 * time.Second

	// A batch is taken at once; it ends at whichever comes first.
	batchItems = 400
	batchBytes = 16 << 20

	// What was read is kept after so many bytes or files: what is kept names every file of the folder.
	keepBytes = 32 << 20
	keepFiles = 64

	// mostTold is how many damaged files an error names.
	mostTold = 10
)

// Options say which folder, and what the time is.
type Options struct {
	Dir string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Feed is the feed of a folder.
type Feed struct {
	dir string
	now func() time.Time
}

// New is the feed of a folder. Whether it is there is asked when it is read.
func New(o Options) *Feed {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Feed{dir: o.Dir, now: o.Now}
}

// Name is "folder".
func (f *Feed) Name() string { return Name }

// state is what the feed remembers: the files that were read, and those that may still be being written, by name.
type state struct {
	Dir   string             `json:"dir"`
	Files map[string]known   `json:"files,omitzero"`
	Seen  map[string]sighted `json:"seen,omitzero"`
}

// known is a file that was read to its end, or as far as it could be.
type known struct {
	Size  int64     `json:"size"`
	Mtime time.Time `json:"mtime"`
	Hash  string    `json:"hash"` // SHA-256 of its bytes
	// Damaged is why not all of it could be read. It is tried again when it changes.
	Damaged string `json:"damaged,omitzero"`
}

// sighted is a file as it was at the last look.
type sighted struct {
	Size  int64     `json:"size"`
	Mtime time.Time `json:"mtime"`
	At    time.Time `json:"at"`
}

// Sync reads the files that are new or have changed, those that rest. A folder has no windows: From and To are not looked at. A file that cannot be
// opened is tried at every look; one that is damaged is told by the error once, and not read again until it changes.
func (f *Feed) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	dir, err := filepath.Abs(f.dir)
	if err != nil || f.dir == "" {
		return fmt.Errorf("%s: no folder is named", Name)
	}
	s := state{Dir: dir}
	if len(ask.State) > 0 {
		if err := json.Unmarshal(ask.State, &s); err != nil {
			return fmt.Errorf("%s: what was kept of %s cannot be read: %w", Name, dir, err)
		}
		if s.Dir != dir { // another folder: names mean nothing there
			s = state{Dir: dir}
		}
	}
	if s.Files == nil {
		s.Files = map[string]known{}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: %w (make the folder, or name another)", Name, err)
	}
	defer root.Close()
	found, faults, err := look(ctx, root)
	if err != nil {
		return fmt.Errorf("%s: looking through %s: %w", Name, dir, err)
	}
	r := &reading{feed: f, root: root, to: to, state: s, faults: faults}
	due := r.due(found)
	if ask.DryRun {
		for _, x := range due {
			to.Tell(feeds.Progress{Why: "would read " + x.name})
		}
		return r.fault()
	}
	for _, x := range due {
		r.total += x.size
	}
	err = r.all(ctx, due)
	if kerr := r.keep(context.WithoutCancel(ctx)); kerr != nil {
		return errors.Join(err, kerr)
	}
	return errors.Join(err, r.fault())
}

// reading is one Sync.
type reading struct {
	feed   *Feed
	root   *os.Root
	to     feeds.Sink
	state  state
	faults []error

	tally       feeds.Tally
	began       time.Time
	done, total int64 // bytes
	unkept      int64
	changed     int // files known since what is known was kept
	dirty       bool
}

// due are the files to read now, by name, and notes the others. Files that are gone are forgotten, save where all are: a
// disk that is not there just now would have everything read again.
func (r *reading) due(found []entry) []entry {
	now := r.feed.now()
	seen := map[string]sighted{}
	var due []entry
	there := map[string]bool{}
	for _, x := range found {
		there[x.name] = true
		if k, ok := r.state.Files[x.name]; ok && k.Size == x.size && k.Mtime.Equal(x.mtime) {
			continue
		}
		before, ok := r.state.Seen[x.name]
		same := ok && before.Size == x.size && before.Mtime.Equal(x.mtime)
		old := now.Sub(x.mtime) >= rest
		if old || same && now.Sub(before.At) >= apart {
			due = append(due, x)
			continue
		}
		if !same {
			before = sighted{Size: x.size, Mtime: x.mtime, At: now}
		}
		seen[x.name] = before
	}
	if len(found) > 0 {
		for name := range r.state.Files {
			if !there[name] {
				delete(r.state.Files, name)
				r.dirty = true
			}
		}
	}
	if len(seen) > 0 || len(r.state.Seen) > 0 {
		r.state.Seen, r.dirty = seen, true
	}
	return due
}

func (r *reading) all(ctx context.Context, due []entry) error {
	r.began = r.feed.now()
	for _, x := range due {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", Name, err)
		}
		before := r.done
		if err := r.file(ctx, x); err != nil {
			return err
		}
		r.done = before + x.size
		r.tell(0)
		if r.unkept >= keepBytes || r.changed >= keepFiles {
			if err := r.keep(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// file reads one file, and knows it then. What is wrong with it is a fault, and the others go on; an error ends the reading.
func (r *reading) file(ctx context.Context, x entry) error {
	src, err := r.open(x)
	if err != nil {
		r.faults = append(r.faults, err)
		return nil
	}
	defer src.Close()
	r.tally.Requests++
	if name, ok := r.sameBytes(ctx, src, x); ok {
		k := r.state.Files[name]
		if k.Damaged != "" && name != x.name {
			r.damaged(x, k.Damaged)
		}
		k.Mtime = x.mtime
		r.know(x, k)
		return nil
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %w", r.path(x), err))
		return nil
	}
	sum := sha256.New()
	in := &counted{r: io.TeeReader(src, sum)}
	damaged, err := r.decode(ctx, in, x)
	if err == nil {
		_, err = io.Copy(io.Discard, reader{ctx, in}) // what stands behind the last that was read: the hash is of all of it
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: reading %s: %w", Name, r.path(x), ctx.Err())
	case errors.As(err, new(*takeError)):
		return err
	case err != nil: // the disk
		r.faults = append(r.faults, fmt.Errorf("reading %s: %w (it is tried again at the next look)", r.path(x), err))
		return nil
	}
	after, err := src.Stat()
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %w", r.path(x), err))
		return nil
	}
	if after.Size() != x.size || !after.ModTime().Equal(x.mtime) || in.n != x.size {
		// It was written to meanwhile. What was taken is taken; all of it is read when it rests.
		if r.state.Seen == nil {
			r.state.Seen = map[string]sighted{}
		}
		r.state.Seen[x.name] = sighted{Size: after.Size(), Mtime: after.ModTime(), At: r.feed.now()}
		r.dirty = true
		return nil
	}
	if damaged != "" {
		r.damaged(x, damaged)
	}
	r.know(x, known{Size: x.size, Mtime: x.mtime, Hash: hex.EncodeToString(sum.Sum(nil)), Damaged: damaged})
	return nil
}

// open opens a file that was found. It may have become something else since: only a regular file is read, and opening waits for nobody
// (a pipe would, for who writes to it).
func (r *reading) open(x entry) (*os.File, error) {
	src, err := r.root.OpenFile(x.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w (let bidfit read it; it is tried again at the next look)", r.path(x), err)
	}
	info, err := src.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("this is not a regular file")
	}
	if err != nil {
		src.Close()
		return nil, fmt.Errorf("%s: %w", r.path(x), err)
	}
	return src, nil
}

// sameBytes finds a file that was read and has the same bytes: this one, touched or written again, or another, renamed or copied.
func (r *reading) sameBytes(ctx context.Context, src io.Reader, x entry) (string, bool) {
	var like []string
	for name, k := range r.state.Files {
		if k.Size == x.size {
			like = append(like, name)
		}
	}
	if len(like) == 0 {
		return "", false
	}
	sum := sha256.New()
	if n, err := io.Copy(sum, reader{ctx, src}); err != nil || n != x.size {
		return "", false
	}
	is := hex.EncodeToString(sum.Sum(nil))
	slices.Sort(like)
	i := slices.IndexFunc(like, func(name string) bool { return r.state.Files[name].Hash == is })
	if i < 0 {
		return "", false
	}
	return like[i], true
}

// takeError is one of whoever takes.
type takeError struct{ err error }

func (e *takeError) Error() string { return e.err.Error() }
func (e *takeError) Unwrap() error { return e.err }

// decode takes what a file holds, batch by batch, and says what is damaged. An error is the disk's, or of who takes.
func (r *reading) decode(ctx context.Context, in *counted, x entry) (damaged string, err error) {
	var (
		batch []ocds.Item
		size  int
		base  = r.done
	)
	take := func() error {
		if len(batch) == 0 {
			return nil
		}
		n, err := r.to.Take(ctx, x.name, batch)
		if err != nil {
			return &takeError{fmt.Errorf("%s: taking from %s: %w", Name, r.path(x), err)}
		}
		r.tally.Add(n)
		batch, size = batch[:0], 0
		r.tell(base + in.n - r.done)
		return nil
	}
	for item, err := range ocds.Decode(ctx, in, x.name) {
		switch {
		case errors.Is(err, ocds.ErrNothing):
			damaged = strings.TrimPrefix(err.Error(), x.name+": ")
		case err != nil:
			return "", errors.Join(take(), err)
		default:
			if j := item.Rejected; j != nil && (j.Code == "truncated" || j.Code == "damaged-archive") {
				damaged = j.Reason
			}
			batch = append(batch, item)
			if item.Release != nil {
				size += len(item.Release.Raw)
			}
		}
		if len(batch) >= batchItems || size >= batchBytes {
			if err := take(); err != nil {
				return "", err
			}
		}
	}
	return damaged, take()
}

func (r *reading) damaged(x entry, why string) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s (it is read again when it changes)", r.path(x), why))
}

func (r *reading) know(x entry, k known) {
	r.state.Files[x.name] = k
	r.changed++
	r.unkept += x.size
	r.dirty = true
}

// keep keeps what is known, where it says something new.
func (r *reading) keep(ctx context.Context) error {
	if !r.dirty {
		return nil
	}
	raw, err := json.Marshal(r.state, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("%s: %w", Name, err)
	}
	if err := r.to.Keep(ctx, jsontext.Value(raw)); err != nil {
		return fmt.Errorf("%s: keeping which files were read: %w", Name, err)
	}
	r.unkept, r.changed, r.dirty = 0, 0, false
	return nil
}

// tell tells how far it is, with so many bytes of the present file.
func (r *reading) tell(of int64) {
	p := feeds.Progress{Tally: r.tally, Covered: 1000}
	if done := r.done + of; r.total > 0 {
		p.Covered = int(min(1000, 1000*done/r.total))
		if took := r.feed.now().Sub(r.began); took > 0 && done > 0 {
			p.Left = time.Duration(float64(took) / float64(done) * float64(max(0, r.total-done)))
		}
	}
	r.to.Tell(p)
}

func (r *reading) path(x entry) string { return filepath.Join(r.state.Dir, filepath.FromSlash(x.name)) }

// fault is what was wrong with files, as one error.
func (r *reading) fault() error {
	if len(r.faults) == 0 {
		return nil
	}
	told := r.faults[:min(len(r.faults), mostTold)]
	err := errors.Join(told...)
	if more := len(r.faults) - len(told); more > 0 {
		err = fmt.Errorf("%w\nand %d more", err, more)
	}
	return fmt.Errorf("%s: %w", Name, err)
}

// counted counts what is read through it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
