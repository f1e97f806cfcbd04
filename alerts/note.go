package alerts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// batch is how many changed notices are held against everybody, and noted, at once.
const batch = 400

// due is something that waits for the time of a subscription. It says that something happened, not what: that is found out when the time
// has come, so that what happens meanwhile changes it and does not repeat it.
type due struct {
	Notice  string    `json:"notice"`
	Since   time.Time `json:"since"`
	Closing bool      `json:"closing,omitzero"` // it is not new, its deadline is near
}

func dueName(subscription, notice string) string { return subscription + "/" + short(notice) }

// told is what a subscription was last told of a notice.
type told struct {
	Notice   string         `json:"notice"`
	Lot      string         `json:"lot,omitzero"`
	Hash     string         `json:"hash"` // of the newest release
	At       time.Time      `json:"at"`
	Deadline notice.Moment  `json:"deadline,omitzero"`
	Score    int            `json:"score"`
	Low      int            `json:"low"`
	High     int            `json:"high"`
	Advice   matcher.Advice `json:"advice"`
	Closing  bool           `json:"closing,omitzero"` // it was told that its deadline is near
	Gone     bool           `json:"gone,omitzero"`    // it was told that nothing can be done any more
}

func toldName(notice, subscription string) string { return short(notice) + "/" + subscription }

// short is a notice id as names have it: one that is too long for a name by its hash.
func short(id string) string {
	if len(id) <= 200 {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// toldOf is what was told of an opportunity, by subscription.
func (e *Engine) toldOf(ctx context.Context, ids []string) (map[string]told, error) {
	all := map[string]told{}
	for _, id := range ids {
		rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindTold, short(id)+"/", 0)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			t, err := pursuit.Read[told](r)
			if err != nil {
				return nil, err
			}
			if t.Notice == id {
				all[r.Name[strings.LastIndexByte(r.Name, '/')+1:]] = t
			}
		}
	}
	return all, nil
}

// notes are what is to be kept of a batch.
type notes struct {
	e    *Engine
	now  time.Time
	rows map[string]due
	who  map[string]bool
}

func (e *Engine) notes(now time.Time) *notes {
	return &notes{e: e, now: now, rows: map[string]due{}, who: map[string]bool{}}
}

func (n *notes) add(subscription, notice string, closing bool) {
	n.rows[dueName(subscription, notice)] = due{notice, n.now, closing}
	n.who[subscription] = true
}

// keep keeps the notes and what else is to be kept with them.
func (n *notes) keep(ctx context.Context, r *Report, records ...pursuit.Record) error {
	for _, name := range slices.Sorted(maps.Keys(n.rows)) {
		row, err := record(pursuit.KindDue, name, n.rows[name])
		if err != nil {
			return err
		}
		records = append(records, row)
	}
	if err := n.e.keep(ctx, records...); err != nil {
		return err
	}
	r.Noted += len(n.rows)
	for id := range n.who {
		n.e.state.fresh[id] = true
	}
	return nil
}

// note reads the change feed on, holds the notices that changed against everybody, and notes who is to be told of them.
func (e *Engine) note(ctx context.Context, now time.Time, r *Report) error {
	s := e.state
	newest, _, err := e.store.Newest(ctx)
	if err != nil {
		return err
	}
	var changed []store.Change
	if newest != s.mark {
		subscriptions := false
		for c, err := range e.store.Changes(ctx, s.mark) {
			if err != nil {
				return fmt.Errorf("reading the change feed: %w", err)
			}
			switch {
			case c.Kind == store.KindNotice:
				changed = append(changed, c)
			case c.Workspace != e.workspace:
			case c.Kind == store.KindProfile:
				if s.of[c.Key] != nil {
					s.check[c.Key] = true
				}
			case c.Kind == store.KindRecord && strings.HasPrefix(c.Key, string(pursuit.KindAlert)+"/"):
				subscriptions = true
			}
			newest = c.N
		}
		if subscriptions {
			if err := e.subscribe(ctx, now); err != nil {
				return err
			}
		}
	}
	r.Changes += len(changed)
	if len(s.active) == 0 {
		changed = nil
	}
	for some := range slices.Chunk(changed, batch) {
		if err := e.noteSome(ctx, some, now, r); err != nil {
			return err
		}
	}
	if err := e.compare(ctx, now, r); err != nil {
		return err
	}
	return e.moveMark(ctx, newest)
}

// moveMark notes how far the change feed was read.
func (e *Engine) moveMark(ctx context.Context, n uint64) error {
	if n == e.state.mark {
		return nil
	}
	row, err := record(pursuit.KindMark, markName, mark{n})
	if err != nil {
		return err
	}
	if err := e.keep(ctx, row); err != nil {
		return err
	}
	e.state.mark = n
	return nil
}

// noteSome notes who is to be told of a batch, and with it that the batch was read.
func (e *Engine) noteSome(ctx context.Context, changed []store.Change, now time.Time, r *Report) error {
	s := e.state
	s.changed = true
	ids := make([]string, len(changed))
	for i, c := range changed {
		ids[i] = c.Key
	}
	n := e.notes(now)
	knows := map[string]map[string]told{} // by notice
	err := e.audience.Meet(ctx, ids, now, func(m *desk.Met) error {
		of, err := e.toldOf(ctx, m.IDs)
		if err != nil {
			return err
		}
		knows[m.ID] = of
		for id, t := range of {
			if s.active[id] != nil && (t.Hash != m.Hash || t.Gone == m.Open) {
				n.add(id, m.ID, false)
			}
		}
		return nil
	}, func(profile string, m *desk.Met, f *matcher.Fit) error {
		for _, sub := range s.of[profile] {
			if _, ok := knows[m.ID][sub.ID]; !ok && sub.finds(f) {
				n.add(sub.ID, m.ID, false)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	row, err := record(pursuit.KindMark, markName, mark{changed[len(changed)-1].N})
	if err != nil {
		return err
	}
	if err := n.keep(ctx, r, row); err != nil {
		return err
	}
	s.mark = changed[len(changed)-1].N
	return nil
}

// finds reports whether a lot has come over the threshold.
func (s *Subscription) finds(f *matcher.Fit) bool {
	if s.over(f) {
		return true
	}
	for i := range f.Lots {
		if s.over(&f.Lots[i]) {
			return true
		}
	}
	return false
}

// compare holds the profiles that have another revision against everything open, once: what fits now and did not before is new.
func (e *Engine) compare(ctx context.Context, now time.Time, r *Report) error {
	s := e.state
	n := e.notes(now)
	found := map[string]uint64{}
	var records []pursuit.Record
	gone := false
	for _, profile := range slices.Sorted(maps.Keys(s.check)) {
		p, err := e.store.Profile(ctx, e.workspace, profile)
		if errors.Is(err, store.ErrNotFound) {
			for _, sub := range s.of[profile] {
				if err := e.Pause(ctx, sub.ID, "profile "+profile+" was removed"); err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
			}
			gone = true
			delete(s.revisions, profile)
			records = append(records, pursuit.Forget(pursuit.KindMark, "", revisionName(profile)))
			continue
		}
		if err != nil {
			return err
		}
		was, known := s.revisions[profile]
		if was == p.Revision {
			continue
		}
		if known {
			err := e.audience.Newly(ctx, profile, was, now, func(m *desk.Met, is, old *matcher.Fit) error {
				for _, sub := range s.of[profile] {
					if old != nil && !sub.finds(old) && sub.finds(is) {
						n.add(sub.ID, m.ID, false)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		row, err := record(pursuit.KindMark, revisionName(profile), revision{p.Revision})
		if err != nil {
			return err
		}
		records = append(records, row)
		found[profile] = p.Revision
	}
	if len(records) > 0 {
		if err := n.keep(ctx, r, records...); err != nil {
			return err
		}
	}
	maps.Copy(s.revisions, found)
	clear(s.check)
	if gone {
		return e.subscribe(ctx, now)
	}
	return nil
}

// closing is how near a deadline was when it was last noted.
type closing struct {
	Notice   string        `json:"notice"`
	Deadline notice.Moment `json:"deadline"`
	Left     int           `json:"left"` // days
}

func closingName(notice string) string { return "closing/" + short(notice) }

// close notes whose deadline has come near enough for somebody to be told. What was noted is kept by notice and deadline, so that it is noted once,
// whatever the clock does, and once more where the deadline is moved.
func (e *Engine) close(ctx context.Context, now time.Time, r *Report) error {
	s := e.state
	day := today(now)
	if s.looked == day && !s.changed {
		return nil
	}
	days := map[int]bool{}
	for _, sub := range s.active {
		if sub.Told(Closing) {
			days[sub.ClosingDays] = true
		}
	}
	var records []pursuit.Record
	var near []closing
	was := map[string]int{}
	if len(days) > 0 {
		list, err := e.desk.Closing(ctx, now, slices.Max(slices.Collect(maps.Keys(days))))
		if err != nil {
			return err
		}
		for _, c := range list {
			before := MostClosingDays + 1
			if k, ok := s.closing[short(c.ID)]; ok && k.Deadline.Time.Equal(c.Deadline.Time) {
				before = k.Left
			}
			reached := false
			for d := range days {
				reached = reached || c.Days <= d && d < before
			}
			if reached {
				near = append(near, closing{c.ID, c.Deadline, c.Days})
				was[c.ID] = before
			}
		}
	}
	for some := range slices.Chunk(near, batch) {
		n := e.notes(now)
		var ids []string
		left := map[string]int{}
		for _, c := range some {
			row, err := record(pursuit.KindMark, closingName(c.Notice), c)
			if err != nil {
				return err
			}
			records = append(records, row)
			ids = append(ids, c.Notice)
			left[c.Notice] = c.Left
		}
		wants := func(sub *Subscription, id string) bool {
			return sub != nil && sub.Told(Closing) && left[id] <= sub.ClosingDays && sub.ClosingDays < was[id]
		}
		knows := map[string]map[string]told{}
		unknown := map[string]bool{}
		err := e.audience.Meet(ctx, ids, now, func(m *desk.Met) error {
			of, err := e.toldOf(ctx, m.IDs)
			if err != nil {
				return err
			}
			knows[m.ID] = of
			for id, t := range of {
				if wants(s.active[id], m.ID) && !t.Closing {
					n.add(id, m.ID, true)
				}
			}
			return nil
		}, func(profile string, m *desk.Met, f *matcher.Fit) error {
			for _, sub := range s.of[profile] {
				if _, ok := knows[m.ID][sub.ID]; !ok && wants(sub, m.ID) && sub.finds(f) {
					n.add(sub.ID, m.ID, true)
					unknown[dueName(sub.ID, m.ID)] = true
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(unknown) > 0 {
			// What waits to be told as new is new.
			rows, err := e.store.Records(ctx, e.workspace, pursuit.KindDue, "", slices.Collect(maps.Keys(unknown))...)
			if err != nil {
				return err
			}
			for _, row := range rows {
				delete(n.rows, row.Name)
			}
		}
		if err := n.keep(ctx, r, records...); err != nil {
			return err
		}
		records = nil
		for _, c := range some {
			s.closing[short(c.Notice)] = c
		}
	}
	s.looked, s.changed = day, false
	return nil
}
