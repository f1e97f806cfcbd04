package desk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/store"
)

// Scheduled is a feed as the schedule knows it.
type Scheduled struct {
	Feed  feeds.Feed
	Title string // as people call it: "Find a Tender"
	About string // what it has, in a sentence
	// At is the address that is read in the place of the service's own, "" for that.
	At string
	// Rate is how often the service is asked; zero for what asks nobody.
	Rate feeds.Rate
	// On says that the configuration switches it on. People may do so too, by Switch.
	On bool
	// Every is how long after one run the next begins; Since how far back the first one reads.
	Every, Since time.Duration
	// Stale is how old the data may become, and how long the feed may fail, before Ready says so.
	Stale time.Duration
}

// name is what the feed is kept under.
func (f Scheduled) name() string { return feedName(f.Feed.Name(), f.At) }

// UseFeeds says which feeds there are. To be called before the desk is asked anything.
func (d *Desk) UseFeeds(list ...Scheduled) { d.scheduled = list }

// Scheduled are the feeds that there are.
func (d *Desk) Scheduled() []Scheduled { return d.scheduled }

const (
	auditEvery = 24 * time.Hour // how often the numbers of notices are looked through for gaps
	beat       = time.Minute    // how often those who wait for a time of day are called
	firstBack  = time.Minute    // until a feed that failed is read again; twice as long after each further failure
	leastBack  = 15 * time.Minute
	busyWait   = time.Minute // until a feed that somebody else was reading is looked at again
	jitter     = 10          // percent that a run comes sooner or later, so that not all of the world asks at once
)

// Watching is how Watch works.
type Watching struct {
	// Who reads, in words.
	Who string
	// After is called after a run that stored something, and every minute; one call at a time. May be nil.
	After func(ctx context.Context)
}

// Watch reads the feeds that are switched on, each in its time, until the context ends: a feed has its own interval, is asked less often while it
// fails, and is never read twice at once. It returns when what was under way has come to its end.
func (d *Desk) Watch(ctx context.Context, w Watching) {
	var all sync.WaitGroup
	stored := make(chan struct{}, 1)
	for _, f := range d.scheduled {
		all.Go(func() { d.watch(ctx, f, w.Who, stored) })
	}
	if w.After != nil {
		all.Go(func() { d.beat(ctx, w.After, stored) })
	}
	all.Wait()
}

// beat calls after when something was stored, and every minute.
func (d *Desk) beat(ctx context.Context, after func(context.Context), stored <-chan struct{}) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-stored:
		case <-tick.C:
		}
		func() {
			defer d.survive("what follows a sync failed")
			after(ctx)
		}()
	}
}

// survive keeps a panic of what runs in the background from ending everything else.
func (d *Desk) survive(what string) {
	if p := recover(); p != nil {
		d.log.Error(what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}

// watch reads one feed in its time.
func (d *Desk) watch(ctx context.Context, f Scheduled, who string, stored chan<- struct{}) {
	var notBefore time.Time // where something beside the feed is in the way
	spread := 1 + (rand.Float64()*2-1)*jitter/100
	for ctx.Err() == nil {
		changed := d.switched.given()
		kept, err := d.keptFeed(ctx, f.name())
		on := f.On || kept.Switched
		due := latest(f.due(kept.FeedRecord, spread), notBefore)
		switch {
		case err != nil:
			d.log.Error("how far a feed is cannot be read", "feed", f.name(), "why", err)
			due, on = time.Now().Add(busyWait), true
		case !on:
			due = time.Time{}
		}
		d.willRun(f.name(), due)
		if wait := time.Until(due); !on || wait > 0 {
			timer := time.NewTimer(wait)
			if !on {
				timer.Stop()
			}
			select {
			case <-ctx.Done():
			case <-changed:
			case <-timer.C: // and looked at again: somebody else may have read it meanwhile
			}
			timer.Stop()
			continue
		}
		notBefore = d.run(ctx, f, kept.FeedRecord, who, stored)
		spread = 1 + (rand.Float64()*2-1)*jitter/100
	}
}

// run reads a feed once. It returns before when not to try again: the zero time leaves that to the feed's record.
func (d *Desk) run(ctx context.Context, f Scheduled, r FeedRecord, who string, stored chan<- struct{}) time.Time {
	clock := func() time.Time { return time.Now().UTC() }
	began := clock()
	tally, err := d.Sync(ctx, f.Feed, f.ask(r, began), Syncing{Who: who, At: f.At, Clock: clock})
	if tally.Stored > 0 {
		select {
		case stored <- struct{}{}:
		default: // whoever follows has not yet begun with the last hint: that covers this one too
		}
	}
	if busy := (*BusyError)(nil); errors.As(err, &busy) {
		return time.Now().Add(busyWait)
	}
	log := d.log.With("feed", f.name(), "releases", tally.Releases, "stored", tally.Stored, "duplicates", tally.Duplicates,
		"quarantined", tally.Quarantined, "requests", tally.Requests, "gaps", tally.Gaps, "took", clock().Sub(began))
	switch {
	case err == nil:
		log.Info("a feed was read")
	case ctx.Err() != nil:
		log.Info("a feed was being read; the next run goes on from there")
	default:
		log.Error("a feed cannot be read", "why", err, "failures", r.Failures+1)
	}
	if err != nil && ctx.Err() == nil { // where even the record could not be kept, it does not say so
		return time.Now().Add(firstBack)
	}
	return time.Time{}
}

// due is when a feed is to be read next, its interval drawn out or in by spread.
func (f Scheduled) due(r FeedRecord, spread float64) time.Time {
	switch {
	case r.Ended.Before(r.Began), r.Ended.IsZero():
		return time.Time{} // never read, or cut off
	case r.Failures > 0:
		return r.Ended.Add(scaled(f.back(r.Failures), spread))
	case r.Succeeded.Before(r.Began):
		return time.Time{} // stopped, or something else was read
	}
	return r.Ended.Add(scaled(f.Every, spread))
}

// back is how long a feed that failed so many times in a row is left alone.
func (f Scheduled) back(failures int) time.Duration {
	most := max(f.Every, leastBack)
	if failures > 16 {
		return most
	}
	return min(firstBack<<(failures-1), most)
}

func scaled(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ask is what the next run reads: from where the feed is, or, as long as it never came up to the present, from the day on which the first run begins.
func (f Scheduled) ask(r FeedRecord, now time.Time) feeds.Ask {
	if r.Succeeded.IsZero() {
		from := now.Add(-f.Since).In(notice.London)
		return feeds.Ask{From: time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, notice.London)}
	}
	return feeds.Ask{Audit: now.Sub(r.Audited) >= auditEvery}
}

// Onward is what the next run of a feed reads.
func (d *Desk) Onward(ctx context.Context, f Scheduled, now time.Time) (feeds.Ask, error) {
	kept, err := d.keptFeed(ctx, f.name())
	if err != nil {
		return feeds.Ask{}, err
	}
	return f.ask(kept.FeedRecord, now), nil
}

// Switched reports whether a feed is on, by the configuration or by people.
func (d *Desk) Switched(ctx context.Context, f Scheduled) (bool, error) {
	if f.On {
		return true, nil
	}
	kept, err := d.keptFeed(ctx, f.name())
	return kept.Switched, err
}

// Switch switches a feed on or off; the schedule follows at once. What the configuration switches on stays on. ErrNotFound for a feed that there is not.
func (d *Desk) Switch(ctx context.Context, feed string, on bool) error {
	for _, f := range d.scheduled {
		if f.Feed.Name() == feed {
			return d.switchFeed(ctx, f.name(), on)
		}
	}
	return fmt.Errorf("there is no feed %q: %w", feed, store.ErrNotFound)
}

func (d *Desk) switchFeed(ctx context.Context, name string, on bool) error {
	d.switching.Lock()
	defer d.switching.Unlock()
	kept, err := d.keptFeed(ctx, name)
	if err != nil {
		return err
	}
	kept.Switched = on
	if err := d.putFeed(ctx, name, kept); err != nil {
		return err
	}
	d.switched.give()
	return nil
}

// willRun notes when a feed is read next, for Status.
func (d *Desk) willRun(name string, at time.Time) {
	d.running.Lock()
	defer d.running.Unlock()
	if d.running.next == nil {
		d.running.next = map[string]time.Time{}
	}
	d.running.next[name] = at
}

// signal wakes all who wait for it.
type signal struct {
	mu sync.Mutex
	c  chan struct{}
}

// given is closed when the signal is given next.
func (s *signal) given() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c == nil {
		s.c = make(chan struct{})
	}
	return s.c
}

func (s *signal) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c != nil {
		close(s.c)
		s.c = nil
	}
}
