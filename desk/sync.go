package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/notice/words"
	"bidfit/pursuit"
	"bidfit/store"
)

// FeedRecord is what is kept of a feed beside its state.
type FeedRecord struct {
	// Began and Ended are of the last run; one that ended before it began was cut off. Why is what the run failed of, in words.
	Began time.Time `json:"began,omitzero"`
	Ended time.Time `json:"ended,omitzero"`
	Why   string    `json:"why,omitzero"`
	// Succeeded is when a run last read everything up to its own time; Failing is since when each has failed.
	Succeeded time.Time `json:"succeeded,omitzero"`
	Failing   time.Time `json:"failing,omitzero"`
	Failures  int       `json:"failures,omitzero"` // in a row
	// From and To are the window that was read last, Came is when something last came, Newest the date of its newest release.
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	Came    time.Time `json:"came,omitzero"`
	Newest  time.Time `json:"newest,omitzero"`
	Audited time.Time `json:"audited,omitzero"` // the numbers of its notices, last
	Runs    int       `json:"runs"`
	// Last is what the last run did, Total what all did, its gaps as they stand now; Odd of them could not be read or had to be repaired.
	Last  feeds.Tally `json:"last"`
	Total feeds.Tally `json:"total"`
	Odd   int         `json:"odd"`
	// Drift says that what comes now is odder than what came before: the service may write otherwise than it did.
	Drift string `json:"drift,omitzero"`
}

// keptFeed is the record of a feed as the store has it.
type keptFeed struct {
	FeedRecord
	Switched bool           `json:"switched,omitzero"` // on, by people rather than by the configuration
	Shape    shape          `json:"shape,omitzero"`    // of what came
	State    jsontext.Value `json:"state,omitzero"`
}

// Running is a run of a feed that is under way.
type Running struct {
	Who   string    `json:"who"`
	Since time.Time `json:"since"`
	// Covered is how much of what was asked for is read, in thousandths. Waiting is why the service is not asked now.
	Covered int    `json:"covered"`
	Waiting string `json:"waiting,omitzero"`
}

// BusyError says that a feed is being read already.
type BusyError struct {
	Feed string
	Running
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s is being read already, by %s since %s: it has one run at a time; \"bidfit status\" tells how far that is",
		e.Feed, e.Who, e.Since.In(notice.London).Format("15:04:05"))
}

// runs are the runs that are under way, and those to come, by the name of their feed.
type runs struct {
	sync.Mutex
	by   map[string]*Running
	next map[string]time.Time // when the schedule begins the next
}

// Syncing is how a sync is done, and who is told.
type Syncing struct {
	// Who does it, in words: "the schedule". At is the address that is read in the place of the service's own, "" for that: what was read
	// there is remembered apart, since it says nothing of what the service itself has.
	Who, At string
	// Clock tells the time, for what is kept of the run.
	Clock func() time.Time
	// Rejected is called for each release that goes into quarantine, Progress after every request. Both may be nil.
	Rejected func(notice.Rejected)
	Progress func(feeds.Progress)
}

// Sync reads a feed into the store from where it is: by the road of Ingest, with the feed's state and what became of the run kept beside.
// A state in ask is not looked at. What the tally counts as stored is on the disk, whatever the error. A *BusyError where somebody is at it.
func (d *Desk) Sync(ctx context.Context, feed feeds.Feed, ask feeds.Ask, tell Syncing) (feeds.Tally, error) {
	name := feedName(feed.Name(), tell.At)
	running, err := d.begin(name, tell.Who, tell.Clock())
	if err != nil {
		return feeds.Tally{}, err
	}
	defer d.finish(name)
	kept, err := d.keptFeed(ctx, name)
	if err != nil {
		return feeds.Tally{}, err
	}
	s := &syncing{desk: d, name: name, tell: tell, running: running, kept: kept, before: kept.FeedRecord, gaps: kept.Total.Gaps}
	ask.State = kept.State
	if ask.DryRun {
		err := s.read(ctx, feed, ask)
		return s.tally, err
	}
	s.kept.Began, s.kept.Runs = tell.Clock(), kept.Runs+1
	if err := s.note(ctx); err != nil {
		return feeds.Tally{}, err
	}
	s.in = d.takeIn(ctx)
	s.in.rejected = tell.Rejected
	err = s.read(ctx, feed, ask)
	when := time.Time{}
	if s.tally.Stored > 0 {
		when = tell.Clock()
	}
	if ctx.Err() != nil {
		err = s.in.end(ctx, err, time.Time{})
	} else { // what came before a service failed counts as much as what comes before it is done
		err = errors.Join(err, s.in.end(ctx, nil, when))
	}
	s.ended(ctx, ask, err)
	// The run has ended whatever ended it: a stop must not leave it looking as if it had been cut off.
	return s.tally, errors.Join(err, s.note(context.WithoutCancel(ctx)))
}

// syncing is one run of Sync: the feeds.Sink.
type syncing struct {
	desk    *Desk
	name    string
	tell    Syncing
	running *Running
	in      *intake
	tally   feeds.Tally
	gaps    int        // as they stand: those of the run before until this one tells
	before  FeedRecord // as it was when the run began
	kept    keptFeed
}

// read lets the feed read. A panic over what a service sent is an error of this run, and ends nothing else.
func (s *syncing) read(ctx context.Context, feed feeds.Feed, ask feeds.Ask) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading %s: panic: %v", s.name, p)
		}
	}()
	return feed.Sync(ctx, ask, s)
}

// Take stores what one answer held.
func (s *syncing) Take(ctx context.Context, source string, items []ocds.Item) (feeds.Taken, error) {
	was := s.in.totals
	for _, item := range items {
		if err := s.in.add(ctx, item); err != nil {
			s.in.drop()
			return feeds.Taken{}, err
		}
	}
	if err := s.in.flush(ctx); err != nil {
		s.in.drop()
		return feeds.Taken{}, err
	}
	now := s.in.totals
	taken := feeds.Taken{Stored: now.Stored - was.Stored, Duplicates: now.Duplicates - was.Duplicates, Quarantined: now.Quarantined - was.Quarantined}
	s.tally.Add(taken)
	s.drift(source, items)
	s.kept.Came = s.tell.Clock()
	if s.in.newest.After(s.kept.Newest) {
		s.kept.Newest = s.in.newest
	}
	return taken, nil
}

// Keep keeps the state of the feed, and what the run did so far.
func (s *syncing) Keep(ctx context.Context, state jsontext.Value) error {
	s.kept.State = state.Clone()
	return s.note(ctx)
}

// Tell is told how the run goes on.
func (s *syncing) Tell(p feeds.Progress) {
	s.tally.Requests, s.tally.Gaps, s.gaps = p.Requests, p.Gaps, p.Gaps
	if !p.From.IsZero() || !p.To.IsZero() {
		s.kept.From, s.kept.To = p.From, p.To
	}
	waiting := ""
	if p.Wait > 0 {
		waiting = words.Plain(p.Why)
	}
	s.desk.running.Lock()
	s.running.Covered, s.running.Waiting = p.Covered, waiting
	s.desk.running.Unlock()
	if s.tell.Progress != nil {
		p.Tally = s.tally // what is in the store, rather than what the feed makes of it
		s.tell.Progress(p)
	}
}

// note keeps what is known of the feed now.
func (s *syncing) note(ctx context.Context) error {
	s.kept.Last = s.tally
	s.kept.Total = s.before.Total
	s.kept.Total.Add(s.tally.Taken)
	s.kept.Total.Requests += s.tally.Requests
	s.kept.Total.Gaps = s.gaps
	return s.desk.keepFeed(ctx, s.name, s.kept)
}

// ended writes down how the run ended. One that was stopped has neither failed nor succeeded.
func (s *syncing) ended(ctx context.Context, ask feeds.Ask, err error) {
	now, k := s.tell.Clock(), &s.kept.FeedRecord
	k.Ended = now
	switch {
	case err == nil:
		k.Why, k.Failing, k.Failures = "", time.Time{}, 0
		if ask.To.IsZero() {
			k.Succeeded = now
		}
		if ask.Audit {
			k.Audited = now
		}
	case ctx.Err() != nil:
	default:
		k.Why = inWords(err)
		k.Failures++
		if k.Failing.IsZero() {
			k.Failing = now
		}
	}
}

// begin takes a feed for a run, and finish gives it back.
func (d *Desk) begin(name, who string, now time.Time) (*Running, error) {
	d.running.Lock()
	defer d.running.Unlock()
	if r := d.running.by[name]; r != nil {
		return nil, &BusyError{name, *r}
	}
	if d.running.by == nil {
		d.running.by = map[string]*Running{}
	}
	r := &Running{Who: who, Since: now}
	d.running.by[name] = r
	return r, nil
}

func (d *Desk) finish(name string) {
	d.running.Lock()
	delete(d.running.by, name)
	d.running.Unlock()
}

// feedName is what a feed is kept under: what another address than its own was asked for says nothing of what that has.
func feedName(feed, at string) string {
	if at == "" {
		return feed
	}
	return feed + "@" + at
}

// keptFeed is what the store has of a feed; the zero value where it has nothing.
func (d *Desk) keptFeed(ctx context.Context, name string) (keptFeed, error) {
	records, err := d.store.Records(ctx, store.Everybody, pursuit.KindFeed, "", name)
	if err != nil || len(records) == 0 {
		return keptFeed{}, err
	}
	return pursuit.Read[keptFeed](records[0])
}

// keepFeed keeps a record in the place of the one before. Whether the feed is switched on is left as it is there: people may change it meanwhile.
func (d *Desk) keepFeed(ctx context.Context, name string, k keptFeed) error {
	d.switching.Lock()
	defer d.switching.Unlock()
	there, err := d.keptFeed(ctx, name)
	if err != nil {
		return err
	}
	k.Switched = there.Switched
	return d.putFeed(ctx, name, k)
}

func (d *Desk) putFeed(ctx context.Context, name string, k keptFeed) error {
	content, err := json.Marshal(k, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("what is kept of the feed %s: %w", name, err)
	}
	if err := d.store.Keep(ctx, store.Everybody, pursuit.Record{Kind: pursuit.KindFeed, Name: name, Content: content}); err != nil {
		return fmt.Errorf("keeping how far the feed %s is: %w", name, err)
	}
	return nil
}

// mostWords bounds what is kept of an error.
const mostWords = 1000

// inWords is an error as it is kept: one line, without control characters.
func inWords(err error) string {
	s := strings.Join(strings.Fields(words.Plain(err.Error())), " ")
	if len(s) > mostWords {
		s = strings.ToValidUTF8(s[:mostWords], "") + "…"
	}
	return s
}
