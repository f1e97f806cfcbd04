package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/pursuit"
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
	ticking     sync.Mutex // one Tick at a time; guards what follows
	audience    *desk.Audience
	state       *state // nil: to be read
}

// NewEngine sets up an engine over a desk and its store. A channel without a deliverer keeps its messages until it has one.
func NewEngine(d *desk.Desk, s store.Store, ws store.Workspace, by map[Channel]Deliverer, o Options) *Engine {
	e := &Engine{desk: d, store: s, workspace: ws, by: by, options: o, log: o.Log, audience: d.Audience()}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	e.options.AtOnce, e.options.ToOne = cmp.Or(o.AtOnce, 32), cmp.Or(o.ToOne, 4)
	e.options.Timeout = cmp.Or(o.Timeout, 30*time.Second)
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

// Tick does everything that is due at an instant: what changed since the last one is noted, what waits for its time becomes messages, and
// messages are delivered. It knows no other clock. What a Tick that fails has not done, the next one does.
func (e *Engine) Tick(ctx context.Context, now time.Time) (Report, error) {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	var r Report
	for _, step := range []struct {
		name string
		do   func(context.Context, time.Time, *Report) error
	}{
		{"reading what waits", e.begin},
		{"noting what changed", e.note},
		{"noting what closes soon", e.close},
		{"making messages", e.compose},
		{"delivering", e.deliver},
		{"forgetting what is long past", e.prune},
	} {
		if err := step.do(ctx, now, &r); err != nil {
			e.state = nil // the store knows better: it is read again
			return r, fmt.Errorf("alerts: %s: %w", step.name, err)
		}
	}
	return r, nil
}

// state is what an engine keeps in memory between two Ticks. All of it is in the store too.
type state struct {
	mark      uint64                     // the change that was read last
	active    map[string]*Subscription   // neither paused nor fetched, by id
	of        map[string][]*Subscription // the same by profile
	slots     map[string]slot            // by subscription
	revisions map[string]uint64          // of the profiles, as they were last compared
	check     map[string]bool            // the profiles that may have another
	fresh     map[string]bool            // subscriptions that something waits for since the last time
	closing   map[string]closing         // by notice
	outbox    map[string][]*pending      // by subscription, the oldest first
	looked    string                     // the London day on which deadlines were last looked at
	changed   bool                       // notices changed since
	pruned    string                     // the London day of the last prune
}

// mark is how far the change feed was read.
type mark struct {
	N uint64 `json:"n"`
}

const markName = "read"

// revision is that of a profile when it was last compared.
type revision struct {
	N uint64 `json:"n"`
}

// slot is how far a subscription's times have come: what was due up to At was sent, and N messages were made.
type slot struct {
	At time.Time `json:"at"`
	N  int       `json:"n,omitzero"`
}

func slotName(subscription string) string { return "slot/" + subscription }
func revisionName(profile string) string  { return "profile/" + profile }

// begin reads what an earlier Tick, or an earlier run, left. Whoever has never ticked begins with what happens from now on.
func (e *Engine) begin(ctx context.Context, now time.Time, _ *Report) error {
	if e.state != nil {
		return nil
	}
	s := &state{
		slots: map[string]slot{}, revisions: map[string]uint64{}, check: map[string]bool{}, fresh: map[string]bool{},
		closing: map[string]closing{}, outbox: map[string][]*pending{},
	}
	marks, err := e.store.Records(ctx, e.workspace, pursuit.KindMark, "", markName)
	if err != nil {
		return err
	}
	if len(marks) == 0 {
		if s.mark, _, err = e.store.Newest(ctx); err != nil {
			return err
		}
		r, err := record(pursuit.KindMark, markName, mark{s.mark})
		if err != nil {
			return err
		}
		if err := e.keep(ctx, r); err != nil {
			return err
		}
	} else {
		m, err := pursuit.Read[mark](marks[0])
		if err != nil {
			return err
		}
		s.mark = m.N
	}
	err = errors.Join(
		load(ctx, e, pursuit.KindMark, "slot/", s.slots),
		load(ctx, e, pursuit.KindMark, "closing/", s.closing),
	)
	if err != nil {
		return err
	}
	known := map[string]revision{}
	if err := load(ctx, e, pursuit.KindMark, "profile/", known); err != nil {
		return err
	}
	for id, r := range known {
		s.revisions[id] = r.N
	}
	rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindOutbox, "", 0)
	if err != nil {
		return err
	}
	for _, r := range rows {
		p, err := pursuit.Read[pending](r)
		if err != nil {
			return err
		}
		p.brief(r.Name)
		s.outbox[p.Message.Subscription] = append(s.outbox[p.Message.Subscription], &p)
	}
	e.state = s
	if err := e.subscribe(ctx, now); err != nil {
		return err
	}
	for id := range s.active {
		s.fresh[id] = true
	}
	for profile := range s.of {
		s.check[profile] = true
	}
	return nil
}

// load reads the records under a prefix, by the rest of their names.
func load[T any](ctx context.Context, e *Engine, kind pursuit.Kind, prefix string, into map[string]T) error {
	rows, err := e.store.RecordsUnder(ctx, e.workspace, kind, prefix, 0)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v, err := pursuit.Read[T](r)
		if err != nil {
			return err
		}
		into[strings.TrimPrefix(r.Name, prefix)] = v
	}
	return nil
}

// subscribe reads the subscriptions. What waits for one that is paused or gone goes.
func (e *Engine) subscribe(ctx context.Context, now time.Time) error {
	all, err := e.Subscriptions(ctx, "")
	if err != nil {
		return err
	}
	s := e.state
	s.active, s.of = map[string]*Subscription{}, map[string][]*Subscription{}
	there := map[string]bool{}
	least := map[string]int{}
	for i := range all {
		sub := &all[i]
		there[sub.ID] = true
		if sub.Paused || sub.Channel == Feed {
			continue
		}
		s.active[sub.ID] = sub
		if s.of[sub.Profile] = append(s.of[sub.Profile], sub); len(s.of[sub.Profile]) == 1 || sub.least() < least[sub.Profile] {
			least[sub.Profile] = sub.least()
		}
		if _, ok := s.slots[sub.ID]; !ok {
			s.slots[sub.ID] = slot{At: sub.When}
		}
	}
	for profile := range s.of {
		if _, ok := s.revisions[profile]; !ok {
			s.check[profile] = true
		}
	}
	e.audience.Seat(least)
	var records []pursuit.Record
	for id := range s.slots {
		if s.active[id] != nil {
			continue
		}
		waiting, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindDue, id+"/", 0)
		if err != nil {
			return err
		}
		for _, r := range waiting {
			records = append(records, pursuit.Forget(pursuit.KindDue, "", r.Name))
		}
		for _, p := range s.outbox[id] {
			why := "the subscription was removed"
			if there[id] {
				why = "the subscription is paused"
			}
			more, err := p.done(now, Dropped, why)
			if err != nil {
				return err
			}
			records = append(records, more...)
		}
		delete(s.outbox, id)
		delete(s.fresh, id)
		if !there[id] {
			records = append(records, pursuit.Forget(pursuit.KindMark, "", slotName(id)))
			delete(s.slots, id)
		}
	}
	return e.keep(ctx, records...)
}

// today is a day in London.
func today(now time.Time) string { return now.In(notice.London).Format(time.DateOnly) }
