package alerts

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bidfit/desk"
	"bidfit/store"
)

// Options are what an engine may be told. The zero value will do.
type Options struct {
	// Check says what is wrong with the address of a subscription that is added or changed.
	Check func(Subscription) error
	// Destination names where the messages of a subscription go, so that a slow one holds up nobody else: the host of
	// a webhook. nil takes all of a channel for one.
	Destination func(Subscription) string
	// AtOnce is how many messages are on their way together, 32 where it is 0; ToOne how many to one destination, 4 where it is 0.
	AtOnce, ToOne int
	// Timeout is how long a deliverer has for one message, 30 seconds where it is 0.
	Timeout time.Duration
	Log     *slog.Logger
}

// Engine is who tells people. Its methods are safe for concurrent use; of one workspace there is one.
type Engine struct {
	desk      *desk.Desk
	store     store.Store
	workspace store.Workspace
	by        map[Channel]Deliverer
	options   Options
	log       *slog.Logger

	subscribing sync.Mutex // one subscription changed at a time
	ticking     sync.Mutex // one Tick at a time
}

// NewEngine sets up an engine over a desk and its store. A channel without a deliverer keeps its messages until it has one.
func NewEngine(d *desk.Desk, s store.Store, ws store.Workspace, by map[Channel]Deliverer, o Options) *Engine {
	e := &Engine{desk: d, store: s, workspace: ws, by: by, options: o, log: o.Log}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	return e
}

// Report is what a Tick did.
type Report struct {
	Changes   int `json:"changes"`   // notices that changed since the Tick before
	Noted     int `json:"noted"`     // what happened to them that somebody is to be told of
	Messages  int `json:"messages"`  // made
	Items     int `json:"items"`     // in them
	Delivered int `json:"delivered"` // taken by the other side
	Failed    int `json:"failed"`    // to be tried again
	GivenUp   int `json:"givenUp"`   // refused, or tried often enough
	Waiting   int `json:"waiting"`   // messages left in the outbox
}

// Pending is a message in the outbox.
type Pending struct {
	ID           string    `json:"id"`
	Subscription string    `json:"subscription"`
	Made         time.Time `json:"made"`
	Items        int       `json:"items"`
	Attempts     int       `json:"attempts"`
	Next         time.Time `json:"next,omitzero"` // not before then
	Why          string    `json:"why,omitzero"`  // of the last attempt
}

// Outcome is what became of a message.
type Outcome string

const (
	Delivered Outcome = "delivered"
	Refused   Outcome = "refused"  // the other side will never take it
	GivenUp   Outcome = "given up" // tried for days
	Dropped   Outcome = "dropped"  // the subscription was paused or removed meanwhile
)

// Sent is a message that has left the outbox. It is remembered for a month.
type Sent struct {
	ID           string    `json:"id"`
	Subscription string    `json:"subscription"`
	Profile      string    `json:"profile"`
	Made         time.Time `json:"made"`
	Done         time.Time `json:"done"`
	Items        int       `json:"items"`
	Attempts     int       `json:"attempts"`
	Outcome      Outcome   `json:"outcome"`
	Why          string    `json:"why,omitzero"`
}

// Outbox lists the messages that are still to be delivered, of one subscription or all (""), the oldest of each first.
func (e *Engine) Outbox(ctx context.Context, subscription string) ([]Pending, error) {
	return nil, nil
}

// Sent lists what has left the outbox, of one subscription or all (""), the newest first, at most so many (0: all that is remembered).
func (e *Engine) Sent(ctx context.Context, subscription string, most int) ([]Sent, error) {
	return nil, nil
}

// Tick does everything that is due at an instant: what changed since the last one is noted, what waits for its time becomes messages, and
// messages are delivered. It knows no other clock. What a Tick that fails has not done, the next one does.
func (e *Engine) Tick(ctx context.Context, now time.Time) (Report, error) {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	return Report{}, nil
}

// slot is how far a subscription's times have come: what was due up to At was sent, and N messages were made.
type slot struct {
	At time.Time `json:"at"`
	N  int       `json:"n,omitzero"`
}

func slotName(subscription string) string { return "slot/" + subscription }
