package desk

import (
	"context"
	"fmt"
	"time"

	"bidfit/notice"
	"bidfit/store"
)

// FeedStatus is how a feed is doing.
type FeedStatus struct {
	Feed  string `json:"feed"`
	Title string `json:"title"`
	// At is the address that is read in the place of the service's own.
	At string `json:"at,omitzero"`
	// On says that the schedule reads it, Fixed that the configuration says so; Next is when, where a schedule runs.
	On    bool      `json:"on"`
	Fixed bool      `json:"fixed,omitzero"`
	Next  time.Time `json:"next,omitzero"`
	// Running is the run that is under way, if one is.
	Running *Running `json:"running,omitzero"`
	FeedRecord
	// Trouble is why its notices are not to be relied on for being complete and new, in words; "" where they are.
	Trouble string `json:"trouble,omitzero"`
}

// Ready is whether answers are to be relied on for being complete and new, and where not, why.
type Ready struct {
	Ready bool `json:"ready"`
	// Reasons are all that is wrong, each a sentence.
	Reasons []string `json:"reasons"`
	// Behind is how many notices the index has still to take in.
	Behind      int          `json:"behind"`
	Quarantined int          `json:"quarantined"`
	Feeds       []FeedStatus `json:"feeds"`
}

// Status is what is stored, how fresh it is and what fails.
type Status struct {
	Version string       `json:"version"`
	AsOf    time.Time    `json:"asOf"`
	Ready   bool         `json:"ready"`
	Reasons []string     `json:"reasons"`
	Store   store.Stats  `json:"store"`
	Fresh   Fresh        `json:"fresh"`
	Feeds   []FeedStatus `json:"feeds"`
}

// mostBehind is how many notices the index may be behind without its being told: a sync brings as many in a few seconds.
const mostBehind = 2000

// Ready tells whether answers are to be relied on. now is the time of the clock on the wall: how old what was read is, no other tells.
func (d *Desk) Ready(ctx context.Context, now time.Time) (Ready, error) {
	stats, err := d.store.Stats(ctx)
	if err != nil {
		return Ready{}, err
	}
	return d.readiness(ctx, stats, now)
}

func (d *Desk) readiness(ctx context.Context, stats store.Stats, now time.Time) (Ready, error) {
	r := Ready{Reasons: []string{}, Quarantined: stats.Quarantined, Feeds: make([]FeedStatus, 0, len(d.scheduled))}
	var err error
	if r.Behind, err = d.behind(ctx, stats); err != nil {
		return Ready{}, err
	}
	if r.Behind > mostBehind {
		r.Reasons = append(r.Reasons, fmt.Sprintf("the index has %d notices still to take in", r.Behind))
	}
	for _, f := range d.scheduled {
		s, err := d.feedStatus(ctx, f, now)
		if err != nil {
			return Ready{}, err
		}
		if s.Trouble != "" {
			r.Reasons = append(r.Reasons, s.Feed+": "+s.Trouble)
		}
		r.Feeds = append(r.Feeds, s)
	}
	r.Ready = len(r.Reasons) == 0
	return r, nil
}

// feedStatus is how one feed is doing.
func (d *Desk) feedStatus(ctx context.Context, f Scheduled, now time.Time) (FeedStatus, error) {
	kept, err := d.keptFeed(ctx, f.name())
	if err != nil {
		return FeedStatus{}, err
	}
	s := FeedStatus{Feed: f.Feed.Name(), Title: f.Title, At: f.At, On: f.On || kept.Switched, Fixed: f.On, FeedRecord: kept.FeedRecord}
	d.running.Lock()
	if r := d.running.by[f.name()]; r != nil {
		copied := *r
		s.Running = &copied
	}
	s.Next = d.running.next[f.name()]
	d.running.Unlock()
	if s.Running != nil {
		s.Next = time.Time{}
	}
	if s.On {
		s.Trouble = f.trouble(s.FeedRecord, now)
	}
	return s, nil
}

// trouble is what is wrong with a feed that is switched on: it fails, or has not come further, for longer than it may. A
// first run that is long and goes on is none.
func (f Scheduled) trouble(r FeedRecord, now time.Time) string {
	stale := max(f.Stale, 3*f.Every)
	came := latest(r.Succeeded, r.Came)
	switch {
	case !r.Failing.IsZero() && now.Sub(r.Failing) > stale:
		return fmt.Sprintf("it has failed since %s, %d times: %s", day(r.Failing), r.Failures, r.Why)
	case came.IsZero() && r.Why != "":
		return "it could not be read yet: " + r.Why
	case came.IsZero():
		return "it has not been read yet"
	case now.Sub(came) > stale:
		return fmt.Sprintf("it was last read at %s, longer ago than %s", day(came), span(stale))
	}
	return ""
}

// day is an instant as people write it in London.
func day(t time.Time) string { return t.In(notice.London).Format("2 January 2006, 15:04") }

// span is a length of time in words, no finer than it needs to be.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return notice.Count(int(d.Hours()/24), "day", "days")
	case d >= time.Hour:
		return notice.Count(int(d.Hours()), "hour", "hours")
	}
	return notice.Count(int(d.Minutes()), "minute", "minutes")
}

// Status tells what is stored, how fresh it is as of a time, and, by the clock on the wall, what fails.
func (d *Desk) Status(ctx context.Context, asOf, now time.Time) (Status, error) {
	stats, err := d.store.Stats(ctx)
	if err != nil {
		return Status{}, err
	}
	r, err := d.readiness(ctx, stats, now)
	if err != nil {
		return Status{}, err
	}
	s := Status{AsOf: asOf, Ready: r.Ready, Reasons: r.Reasons, Store: stats, Feeds: r.Feeds}
	s.Fresh, err = d.Fresh(ctx)
	return s, err
}
