package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/store"
)

// Totals counts what an ingest did. Releases = Stored + Duplicates + Quarantined.
type Totals struct {
	Releases    int `json:"releases"`
	Stored      int `json:"stored"`
	Duplicates  int `json:"duplicates"`
	Quarantined int `json:"quarantined"`
	// Notices is how many notices the store holds afterwards.
	Notices int `json:"notices"`
	// Changed is how many of them this ingest added or changed.
	Changed int `json:"changed"`
}

// Source is one file of an ingest.
type Source struct {
	Name string // for reports and quarantine
	Open func() (io.ReadCloser, error)
}

// Ingesting is told how an ingest goes on.
type Ingesting struct {
	// When is the time of the ingest, for Home to tell how fresh the data is; the zero time is not noted.
	When time.Time
	// Rejected is called for each release that goes into quarantine.
	Rejected func(notice.Rejected)
	// Failed is called for a source nothing could be read from; the others go on.
	Failed func(source string, err error)
	// Progress is called after each batch is safely stored.
	Progress func(Totals)
}

// ErrNothingRead says that no source of an ingest gave a single release.
var ErrNothingRead = errors.New("nothing could be read")

// Ingest reads the sources into the store, batch by batch, and brings the
// index in step beside it. What the totals count as stored is on the disk. A store that has doubled
// since its lexicon was learned learns it anew.
func (d *Desk) Ingest(ctx context.Context, sources []Source, tell Ingesting) (Totals, error) {
	in := d.takeIn(ctx)
	in.rejected, in.progress = tell.Rejected, tell.Progress
	err := in.end(ctx, in.read(ctx, sources, tell.Failed), tell.When)
	stats, serr := d.store.Stats(ctx)
	in.totals.Notices, in.totals.Changed = stats.Notices, len(in.changed)
	return in.totals, errors.Join(err, serr)
}

// read reads sources one after another; one that gives nothing is told, and the others go on.
func (in *intake) read(ctx context.Context, sources []Source, failed func(source string, err error)) error {
	read := 0
	for _, s := range sources {
		err := in.source(ctx, s)
		if errors.Is(err, ocds.ErrNothing) {
			if failed != nil {
				failed(s.Name, err)
			}
			continue
		}
		if err != nil {
			return err
		}
		read++
	}
	if err := in.flush(ctx); err != nil {
		return err
	}
	if read == 0 && len(sources) > 0 {
		return ErrNothingRead
	}
	return nil
}

func (in *intake) source(ctx context.Context, s Source) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	releases, rejected := 0, 0
	for item, err := range ocds.Decode(ctx, r, s.Name) {
		if err != nil {
			return err
		}
		if item.Rejected != nil {
			rejected++
		} else {
			releases++
		}
		if err := in.add(ctx, item); err != nil {
			return err
		}
	}
	if releases == 0 && rejected > 0 {
		return fmt.Errorf("%s: %w", s.Name, ocds.ErrNothing)
	}
	return nil
}

// refreshLexicon learns the lexicon anew when the store has at least doubled
// since it was last learned: small additions would change every figure a little and none for the better.
func (d *Desk) refreshLexicon(ctx context.Context) error {
	stats, err := d.store.Stats(ctx)
	if err != nil || stats.Notices == 0 {
		return err
	}
	_, version, err := d.store.Newest(ctx)
	if err != nil {
		return err
	}
	if l := d.lots.Load(); l != nil && l.version == version && version != "" && stats.Notices < 2*l.lexicon.Notices() {
		return nil // the one in memory will do
	}
	_, encoded, err := d.store.Lexicon(ctx, "")
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		old, err := matcher.DecodeLexicon(encoded)
		if err == nil && stats.Notices < 2*old.Notices() {
			return nil
		}
	}
	return d.LearnLexicon(ctx)
}

// LearnLexicon learns the matcher's lexicon from every notice in the store and makes it current.
func (d *Desk) LearnLexicon(ctx context.Context) error {
	var failed error
	lexicon := matcher.Learn(func(yield func(*notice.Notice) bool) {
		for n, err := range d.store.Notices(ctx) {
			if err != nil {
				failed = err
				return
			}
			if !yield(n) {
				return
			}
		}
	})
	if failed != nil {
		return fmt.Errorf("learning the lexicon: %w", failed)
	}
	if err := d.store.PutLexicon(ctx, lexicon.Version(), lexicon.Encode()); err != nil {
		return fmt.Errorf("keeping the lexicon: %w", err)
	}
	return nil
}
