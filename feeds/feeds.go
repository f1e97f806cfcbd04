// Package feeds is the notice services as bidfit reads them: each a [Feed] that hands what was published to a [Sink], page by page,
// and remembers how far it is in a state of its own.
//
// A feed promises that what its state says is covered has been taken by the sink, and that it asks a service no oftener than
// that allows, whatever happened before: a stop at any point costs a page that is read again, never one that is left out.
package feeds

import (
	"context"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice/ocds"
)

// Feed is one way of getting notices: a service, or a folder of files.
type Feed interface {
	// Name is the feed's name on the command line, in records and in metrics: "find-a-tender".
	Name() string
	// Sync reads what was asked for and is not covered yet. It returns when that is read, the context ends, or the service cannot be
	// read now; the state it kept last is good then too, and the next Sync goes on from it.
	Sync(ctx context.Context, ask Ask, to Sink) error
}

// Ask is what a Sync is to read.
type Ask struct {
	// State is what the feed kept last; nil the first time.
	State jsontext.Value
	// From and To are instants, [From, To). A zero To is now; with a zero From the feed goes on from where its state ends.
	From, To time.Time
	// Audit asks too for all that should be there and is not, by the numbers of notices, where the service has numbers. Without it a feed asks
	// for some of that when its time has come.
	Audit bool
	// DryRun only tells, by Progress, what would be asked for; nothing is fetched, taken or kept.
	DryRun bool
}

// Sink is where a feed's releases go and what it remembers is kept.
type Sink interface {
	// Take stores what one answer of the service held. When it returns nil, all of it is on the disk.
	Take(ctx context.Context, source string, items []ocds.Item) (Taken, error)
	// Keep keeps the state of the feed in the place of the one before.
	Keep(ctx context.Context, state jsontext.Value) error
	// Tell is told how a sync goes on, at least after every request.
	Tell(Progress)
}

// Taken counts what became of an answer. Stored + Duplicates + Quarantined is the number of its items.
type Taken struct {
	Stored      int `json:"stored"`
	Duplicates  int `json:"duplicates"`
	Quarantined int `json:"quarantined"`
}

// Tally counts what a sync did. Releases = Stored + Duplicates + Quarantined.
type Tally struct {
	Releases int `json:"releases"`
	Taken    `json:",inline"`
	Requests int `json:"requests"` // sent, those that failed included
	// Gaps are the notices that should be there by their numbers and could not be had.
	Gaps int `json:"gaps"`
}

// Add counts one answer.
func (t *Tally) Add(n Taken) {
	t.Releases += n.Stored + n.Duplicates + n.Quarantined
	t.Stored += n.Stored
	t.Duplicates += n.Duplicates
	t.Quarantined += n.Quarantined
}

// Progress is how far a sync is.
type Progress struct {
	Tally
	// From and To are the window being read.
	From, To time.Time
	// Covered is how much of what was asked for is read, in thousandths.
	Covered int
	// Left is how long the rest will take at the rate so far, 0 where that is not known yet.
	Left time.Duration
	// Wait is how long the service is not asked now, and Why: "rate", "429 Too Many Requests".
	Wait time.Duration
	Why  string
}
