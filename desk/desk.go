// Package desk is everything that can be asked of bidfit. It conducts: the
// store is the truth, the index and the lots in memory are caches of it that
// are kept in step by change number, and each question is one method that both
// the command line and any later door call.
//
//	Ingest            files -> releases -> store -> index         (ingest.go)
//	Sync, Watch       feeds -> the same road, by a schedule       (sync.go, watch.go, intake.go)
//	Status, Ready     how fresh it is, and what fails             (status.go)
//	Match, Explain    profile against every open lot in memory    (match.go, lots.go)
//	Search, Tally     what is there, and how much of what         (search.go, tally.go)
//	Buyer, Supplier   who buys what from whom; also Similar       (market.go)
//	Renewals          what ends soon in a profile's field         (renewals.go, field.go)
//	Clients, Partners one notice for many, two profiles as one    (clients.go, partners.go)
//	Pack              what a go/no-go meeting has on the table    (pack.go, plan.go, packpaper.go)
//	Outcomes          what became of what was decided             (outcomes.go)
//	SuggestText, SuggestSupplier   a profile drafted, and why     (suggest.go)
//	Register, Revise  a profile, not over another                 (register.go)
//	Doctor, DiffProfiles  is a profile right, what a change does  (doctor.go, effect.go)
//	Decide, Shortlist what people did about it, and on paper      (decide.go, exported.go)
//	Review, Pursued, Act, See  the ranked list as people work it           (review.go, pursued.go, act.go)
//	Shortlisted, Agenda, Budget   what is being worked on         (shortlist.go, agenda.go, budget.go)
//	Home, Preview, FindCPV, FindITL   at a glance, while typing   (home.go, preview.go, find.go)
//	Audience, Closing   whom notices concern, what closes soon    (audience.go)
//	Rate, Lesson      was it rightly shown, and what that teaches (rate.go)
//	Evaluate          is the ranking any good                     (evaluate.go)
//	Locality, Calendar, Names   what the reference tables say     (vocab.go)
//	once, edition     answers about notices, kept while they last (kept.go)
//	Verify            is all of it whole                          (verify.go)
package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"bidfit/index"
	"bidfit/market"
	"bidfit/notice"
	"bidfit/store"
	"bidfit/vocab"
)

// Desk answers questions about one store for one workspace. Its methods are safe for concurrent use.
type Desk struct {
	*shared
	workspace store.Workspace
	log       *slog.Logger
	language  string   // of CPV names
	plain     bool     // answers teach nothing
	warned    sync.Map // of which tables it was said that they cannot be read
}

// Settings are what one user of a desk may want otherwise than another.
type Settings struct {
	Workspace store.Workspace
	Language  string // of CPV names, "en"
	Plain     bool   // answers teach nothing
	Log       *slog.Logger
}

// shared is what all desks over one store have together.
type shared struct {
	store store.Store
	index index.Index
	vocab *vocab.Vocab // nil: what is built in answers alone

	whole    sync.RWMutex // held for writing while the index is emptied and filled again
	indexing sync.Mutex   // one catch-up at a time; taken after whole

	registering sync.Mutex // one profile looked for and put at a time

	stepping chan struct{} // holds a token while somebody makes the next lots
	lots     atomic.Pointer[lots]
	states   atomic.Uint64 // how many different lots there were
	slots    slots         // what is kept in memory of each profile
	told     tellings      // what changed since somebody saw it

	learned learnedNames

	// The feeds: which there are, which are being read now (sync.go), and whether somebody switched one on or off (watch.go).
	scheduled []Scheduled
	running   runs
	switching sync.Mutex // held while the record of a feed is read and written
	switched  signal

	// What is kept of answers about notices (kept.go).
	noticed   edition
	tallies   kept[[]uint64]       // of searches, by query and tokens
	searches  kept[index.Result]   // by query
	records   kept[*market.Record] // by notice
	circles   kept[*circle]        // by keys
	meanings  kept[meaning]        // by role and name
	dates     kept[[]Event]        // by notice
	likenings kept[[]index.Hit]    // by notice
}

// New sets up a desk over a store and an index that caches it. The desk closes neither.
func New(s store.Store, ix index.Index, ws store.Workspace, log *slog.Logger) *Desk {
	return &Desk{
		shared:    &shared{store: s, index: ix, stepping: make(chan struct{}, 1)},
		workspace: ws, log: log,
	}
}

// With is the same desk for another user: it shares the store, the index and the notices in memory, and
// costs nothing.
func (d *Desk) With(s Settings) *Desk {
	return &Desk{shared: d.shared, workspace: s.Workspace, log: s.Log, language: s.Language, plain: s.Plain}
}

// CatchUp brings the index in step with the store. An index that is damaged,
// belongs to another store, or has read further than the store has come, is rebuilt.
func (d *Desk) CatchUp(ctx context.Context) error {
	return d.mending(ctx, d.catchUp)
}

// mending does something with the index and, where that turns out to be
// damaged, rebuilds it from the store and does it again.
func (d *Desk) mending(ctx context.Context, do func(context.Context) error) error {
	err := d.reading(ctx, do)
	if !errors.Is(err, index.ErrDamaged) {
		return err
	}
	d.log.Warn("the index is damaged and is rebuilt from the store", "why", err)
	if err := d.RebuildIndex(ctx); err != nil {
		return err
	}
	return d.reading(ctx, do)
}

// reading does something with an index that nobody empties meanwhile. It must not be called inside itself.
func (d *Desk) reading(ctx context.Context, do func(context.Context) error) error {
	d.whole.RLock()
	defer d.whole.RUnlock()
	return do(ctx)
}

// RebuildIndex empties the index and reads the store into it again.
func (d *Desk) RebuildIndex(ctx context.Context) error {
	d.whole.Lock()
	defer d.whole.Unlock()
	d.indexing.Lock()
	defer d.indexing.Unlock()
	if err := d.index.Reset(ctx); err != nil {
		return fmt.Errorf("emptying the index: %w", err)
	}
	return d.readOn(ctx)
}

func (d *Desk) catchUp(ctx context.Context) error {
	d.indexing.Lock()
	defer d.indexing.Unlock()
	return d.readOn(ctx)
}

// readOn reads the changes since the index's mark into it. Whoever calls it holds indexing.
func (d *Desk) readOn(ctx context.Context) error {
	id := d.store.ID()
	newest, _, err := d.store.Newest(ctx)
	if err != nil {
		return fmt.Errorf("bringing the index in step: %w", err)
	}
	mark := d.index.Mark()
	if mark != (index.Mark{}) && (mark.Store != id || mark.N > newest) {
		d.log.Info("the index belongs to another state of the store; rebuilding it", "index", mark, "store", id)
		if err := d.index.Reset(ctx); err != nil {
			return fmt.Errorf("rebuilding the index: %w", err)
		}
		mark = index.Mark{}
	}
	if mark.N == newest && mark.Store == id {
		return nil
	}
	mark.Store = id
	var notices []*notice.Notice
	var gone []string
	flush := func() error {
		if err := d.index.Put(ctx, mark, notices, gone); err != nil {
			return fmt.Errorf("indexing up to change %d: %w", mark.N, err)
		}
		notices, gone = notices[:0], gone[:0]
		return nil
	}
	for c, err := range d.store.Changes(ctx, mark.N) {
		if err != nil {
			return fmt.Errorf("reading the change feed: %w", err)
		}
		mark.N = c.N
		if c.Kind != store.KindNotice {
			continue
		}
		n, err := d.store.Notice(ctx, c.Key)
		switch {
		case c.Gone || errors.Is(err, store.ErrNotFound):
			gone = append(gone, c.Key)
		case err != nil:
			return fmt.Errorf("indexing %s: %w", c.Key, err)
		default:
			notices = append(notices, n)
		}
		if len(notices)+len(gone) >= index.BatchSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// Stats says what the store holds.
func (d *Desk) Stats(ctx context.Context) (store.Stats, error) { return d.store.Stats(ctx) }
