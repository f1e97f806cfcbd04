package alerts

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"sync"
	"time"

	"bidfit/pursuit"
	"bidfit/store"
)

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

const (
	// mostAttempts is how often a message is sent before it is given up: with firstWait doubled up to longestWait that is three days.
	mostAttempts = 20
	firstWait    = time.Minute
	longestWait  = 6 * time.Hour
	longestAsked = 24 * time.Hour // that the other side may have us wait
	// mostInRow is how many messages in a row a destination may fail to take before it is left alone until the next Tick.
	mostInRow = 3
	// sentFor is how long it is remembered what became of a message.
	sentFor = 30 * 24 * time.Hour
)

// pending is a message in the outbox, as it is kept. In memory Message has no items: they are read when it is sent.
type pending struct {
	Message  Message   `json:"message"`
	N        int       `json:"n"`
	Attempts int       `json:"attempts,omitzero"`
	Next     time.Time `json:"next,omitzero"`
	Wait     int       `json:"wait,omitzero"` // seconds from the last attempt to Next
	Why      string    `json:"why,omitzero"`

	items int
	whole pursuit.Record // while it is sent
	key   string
}

func (p *pending) name() string { return fmt.Sprintf("%s/%010d", p.Message.Subscription, p.N) }

// brief forgets what only sending needs.
func (p *pending) brief(key string) {
	p.key, p.items = key, len(p.Message.Items)+p.Message.More
	p.Message.Items = nil
}

// ready reports whether it may be tried. Where the clock was set back further than it has to wait, it has waited.
func (p *pending) ready(now time.Time) bool {
	return !p.Next.After(now) || p.Next.Sub(now) > time.Duration(p.Wait)*time.Second
}

// done are the records that take it out of the outbox and say what became of it.
func (p *pending) done(now time.Time, o Outcome, why string) ([]pursuit.Record, error) {
	m := &p.Message
	row, err := record(pursuit.KindSent, now.UTC().Format("20060102t150405")+"/"+m.ID, Sent{
		ID: m.ID, Subscription: m.Subscription, Profile: m.Profile, Made: m.Made, Done: now, Items: p.items, Attempts: p.Attempts, Outcome: o, Why: clip(why),
	})
	return []pursuit.Record{pursuit.Forget(pursuit.KindOutbox, "", p.key), row}, err
}

// wait is how long a message waits after so many attempts: a fifth more or less by chance, which is the same each time it is asked.
func wait(id string, attempts int) time.Duration {
	w := longestWait
	if attempts < 12 {
		w = min(w, firstWait<<(attempts-1))
	}
	h := fnv.New64a()
	fmt.Fprint(h, id, attempts)
	return w*4/5 + time.Duration(h.Sum64()%uint64(w*2/5))
}

// Outbox lists the messages that are still to be delivered, of one subscription or all (""), the oldest of each first.
func (e *Engine) Outbox(ctx context.Context, subscription string) ([]Pending, error) {
	prefix := ""
	if subscription != "" {
		prefix = subscription + "/"
	}
	rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindOutbox, prefix, 0)
	if err != nil {
		return nil, err
	}
	var list []Pending
	for _, r := range rows {
		p, err := pursuit.Read[pending](r)
		if err != nil {
			return nil, err
		}
		m := &p.Message
		list = append(list, Pending{m.ID, m.Subscription, m.Made, len(m.Items) + m.More, p.Attempts, p.Next, p.Why})
	}
	return list, nil
}

// Sent lists what has left the outbox, of one subscription or all (""), the newest first, at most so many (0: all that is remembered).
func (e *Engine) Sent(ctx context.Context, subscription string, most int) ([]Sent, error) {
	rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindSent, "", 0)
	if err != nil {
		return nil, err
	}
	var list []Sent
	for _, r := range slices.Backward(rows) {
		s, err := pursuit.Read[Sent](r)
		if err != nil {
			return nil, err
		}
		if subscription == "" || s.Subscription == subscription {
			list = append(list, s)
		}
		if most > 0 && len(list) == most {
			break
		}
	}
	return list, nil
}

// deliver sends what is due. Messages of one subscription go one after another, those to one destination a few at a time; a destination that fails
// several times in a row is left alone until the next Tick. What became of each is kept before the next of its subscription is sent.
func (e *Engine) deliver(ctx context.Context, now time.Time, r *Report) error {
	s := e.state
	queues := map[string]*queue{}
	for _, id := range slices.Sorted(maps.Keys(s.outbox)) {
		sub := s.active[id]
		if sub == nil || e.by[sub.Channel] == nil || len(s.outbox[id]) == 0 || !s.outbox[id][0].ready(now) {
			continue
		}
		to := string(sub.Channel)
		if e.options.Destination != nil {
			to += " " + e.options.Destination(*sub)
		}
		if queues[to] == nil {
			queues[to] = &queue{}
		}
		queues[to].turns = append(queues[to].turns, turn{sub, slices.Clone(s.outbox[id])})
	}
	d := &delivery{e: e, now: now, report: r, sending: make(chan struct{}, e.options.AtOnce), outcomes: make(chan *outcome)}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		d.keep(ctx, cancel)
	}()
	var workers sync.WaitGroup
	for _, q := range queues {
		for range min(e.options.ToOne, len(q.turns)) {
			workers.Go(func() {
				for t, ok := q.next(); ok && ctx.Err() == nil; t, ok = q.next() {
					d.send(ctx, q, t.sub, t.list)
				}
			})
		}
	}
	workers.Wait()
	close(d.outcomes)
	<-kept
	for id, left := range s.outbox {
		if len(left) == 0 {
			delete(s.outbox, id)
		}
		r.Waiting += len(left)
	}
	if len(d.gone) > 0 {
		for id, why := range d.gone {
			if err := e.Pause(ctx, id, why); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if err := e.subscribe(ctx, now); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// queue is what is to be sent to one destination.
type queue struct {
	mu     sync.Mutex
	turns  []turn
	failed int // in a row
}

// turn is what is to be sent for one subscription.
type turn struct {
	sub  *Subscription
	list []*pending
}

// next is the next turn; false where there is none or the destination is to be left alone.
func (q *queue) next() (t turn, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.turns) == 0 || q.failed >= mostInRow {
		return t, false
	}
	t, q.turns = q.turns[0], q.turns[1:]
	return t, true
}

func (q *queue) took(ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failed++; ok {
		q.failed = 0
	}
}

// delivery is one run of deliver.
type delivery struct {
	e        *Engine
	now      time.Time
	report   *Report
	sending  chan struct{}
	outcomes chan *outcome
	gone     map[string]string // why a subscription is to be paused
}

// outcome is what became of an attempt, to be kept.
type outcome struct {
	p       *pending
	result  Outcome // "" for one that is tried again
	why     string
	gone    bool
	again   pending
	records []pursuit.Record
	err     error
	kept    chan struct{}
}

// send sends the messages of a subscription, until one is not taken.
func (d *delivery) send(ctx context.Context, q *queue, sub *Subscription, list []*pending) {
	for _, p := range list {
		if !p.ready(d.now) || ctx.Err() != nil {
			return
		}
		m, err := d.read(ctx, p)
		if err != nil {
			d.hand(ctx, &outcome{p: p, err: err})
			return
		}
		select {
		case d.sending <- struct{}{}:
		case <-ctx.Done():
			return
		}
		limited, cancel := context.WithTimeout(ctx, d.e.options.Timeout)
		err = d.e.by[sub.Channel].Deliver(limited, *sub, m)
		cancel()
		<-d.sending
		if err != nil && ctx.Err() != nil {
			return // it was cut short: that was no attempt
		}
		o := d.judge(p, err)
		q.took(o.result != "")
		if !d.hand(ctx, o) || o.result == "" || o.gone {
			return
		}
	}
}

// read reads a message whole.
func (d *delivery) read(ctx context.Context, p *pending) (Message, error) {
	rows, err := d.e.store.Records(ctx, d.e.workspace, pursuit.KindOutbox, "", p.key)
	if err != nil {
		return Message{}, err
	}
	if len(rows) == 0 {
		return Message{}, fmt.Errorf("message %s is no longer in the outbox", p.Message.ID)
	}
	whole, err := pursuit.Read[pending](rows[0])
	p.whole = rows[0]
	return whole.Message, err
}

// judge says what an attempt came to.
func (d *delivery) judge(p *pending, err error) *outcome {
	after := *p
	after.Attempts++
	o := &outcome{p: p}
	var later *LaterError
	switch {
	case err == nil:
		o.result = Delivered
	case errors.Is(err, ErrGone):
		o.result, o.gone, o.why = Refused, true, err.Error()
	case errors.Is(err, ErrRefused):
		o.result, o.why = Refused, err.Error()
	case after.Attempts >= mostAttempts:
		o.result, o.why = GivenUp, fmt.Sprintf("after %d attempts: %v", after.Attempts, err)
	default:
		wait := wait(p.Message.ID, after.Attempts)
		if errors.As(err, &later) {
			wait = max(wait, min(later.After, longestAsked))
		}
		after.Wait, after.Why = int((wait+time.Second-1)/time.Second), clip(err.Error())
		after.Next = d.now.Add(time.Duration(after.Wait) * time.Second)
	}
	if o.result != "" {
		o.records, o.err = after.done(d.now, o.result, o.why)
		return o
	}
	o.why = after.Why
	row, rerr := pursuit.Read[pending](p.whole)
	row.Attempts, row.Next, row.Wait, row.Why = after.Attempts, after.Next, after.Wait, after.Why
	r, err := record(pursuit.KindOutbox, p.key, row)
	o.records, o.err = []pursuit.Record{r}, errors.Join(rerr, err)
	o.again = after
	return o
}

// hand hands an outcome over and waits until it is kept.
func (d *delivery) hand(ctx context.Context, o *outcome) bool {
	o.kept = make(chan struct{})
	d.outcomes <- o
	<-o.kept
	return o.err == nil
}

// keep keeps outcomes as they come, those together that have come meanwhile: the disk is waited for once. Whatever was sent and not yet kept is in
// flight, at most one message of a subscription.
func (d *delivery) keep(ctx context.Context, fail context.CancelCauseFunc) {
	for o := range d.outcomes {
		some := []*outcome{o}
		for more := true; more && len(some) < 256; {
			select {
			case x, ok := <-d.outcomes:
				if more = ok; ok {
					some = append(some, x)
				}
			default:
				more = false
			}
		}
		var records []pursuit.Record
		var err error
		for _, o := range some {
			err = errors.Join(err, o.err)
			records = append(records, o.records...)
		}
		if err == nil {
			// What was delivered is kept though everything else be stopped.
			err = d.e.keep(context.WithoutCancel(ctx), records...)
		}
		if err != nil {
			fail(err)
		}
		for _, o := range some {
			if o.err = err; err == nil {
				d.count(o)
			}
			close(o.kept)
		}
	}
}

// count brings memory and report in step with what was kept.
func (d *delivery) count(o *outcome) {
	s, m := d.e.state, &o.p.Message
	switch o.result {
	case "":
		d.report.Failed++
		o.p.Attempts, o.p.Next, o.p.Wait, o.p.Why = o.again.Attempts, o.again.Next, o.again.Wait, o.again.Why
		d.e.log.Warn("an alert was not taken", "message", m.ID, "attempt", o.p.Attempts, "next", o.p.Next, "why", o.why)
		return
	case Delivered:
		d.report.Delivered++
	default:
		d.report.GivenUp++
		d.e.log.Warn("an alert was given up", "message", m.ID, "outcome", o.result, "why", o.why)
	}
	s.outbox[m.Subscription] = slices.DeleteFunc(s.outbox[m.Subscription], func(p *pending) bool { return p == o.p })
	if o.gone {
		if d.gone == nil {
			d.gone = map[string]string{}
		}
		d.gone[m.Subscription] = o.why
	}
}
