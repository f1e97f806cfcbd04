package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/pursuit"
	"bidfit/store"
)

const (
	// MostItems is how many items a message holds; how many more there are it says.
	MostItems = 50
	// mostChanges is how many changes of one notice a message tells, the most important first.
	mostChanges = 8
	// mostText bounds the texts of an item, in bytes.
	mostText = 400
	// rowsAtOnce is how many waiting rows are looked at together, beyond those of one subscription.
	rowsAtOnce = 2000
	// mostNotices is how many notices are kept while messages are made: several people are told of one.
	mostNotices = 2000
)

// compose makes a message for each subscription whose time has come, of what waits for it as it is now.
func (e *Engine) compose(ctx context.Context, now time.Time, r *Report) error {
	s := e.state
	var ready []*Subscription
	for _, id := range slices.Sorted(maps.Keys(s.active)) {
		sub, sl := s.active[id], s.slots[id]
		if sub.AtOnce {
			if s.fresh[id] {
				ready = append(ready, sub)
			}
			continue
		}
		last := sub.last(now)
		switch {
		case sl.At.After(now): // the clock was set back: what is due comes at the next time, and not at once
			sl.At = now
			s.slots[id] = sl
		case last.After(sl.At):
			ready = append(ready, sub)
		}
	}
	c := &composer{e: e, now: now, notices: map[string]*notice.Notice{}, since: map[[2]string][]changes.Change{}}
	for _, sub := range ready {
		if err := c.take(ctx, sub, r); err != nil {
			return err
		}
	}
	return c.make(ctx, r)
}

// composer makes messages, those of several subscriptions at once.
type composer struct {
	e       *Engine
	now     time.Time
	notices map[string]*notice.Notice
	since   map[[2]string][]changes.Change // by notice and the hash of the release before

	subs []*Subscription
	rows [][]due
	n    int
}

// take takes what waits for a subscription.
func (c *composer) take(ctx context.Context, sub *Subscription, r *Report) error {
	records, err := c.e.store.RecordsUnder(ctx, c.e.workspace, pursuit.KindDue, sub.ID+"/", 0)
	if err != nil {
		return err
	}
	var rows []due
	for _, x := range records {
		row, err := pursuit.Read[due](x)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if c.n+len(rows) > rowsAtOnce {
		if err := c.make(ctx, r); err != nil {
			return err
		}
	}
	c.subs, c.rows, c.n = append(c.subs, sub), append(c.rows, rows), c.n+len(rows)
	return nil
}

// lotFit is what a message needs to know of the fit of a lot.
type lotFit struct {
	lot              string
	score, low, high int
	advice           matcher.Advice
	reason, gap      string
	over             bool // the threshold of the subscription it is for
}

// standing is a notice as it stands for a profile.
type standing struct {
	met  desk.Met
	lots map[string][]lotFit // by subscription, the best first: what is over the threshold, and the best lot in any case
	ids  []string            // of all lots
}

// make makes the messages of what was taken, and keeps them.
func (c *composer) make(ctx context.Context, r *Report) error {
	if len(c.subs) == 0 {
		return nil
	}
	defer func() { c.subs, c.rows, c.n = nil, nil, 0 }()
	stands, err := c.stand(ctx)
	if err != nil {
		return err
	}
	knows, err := c.told(ctx, stands)
	if err != nil {
		return err
	}
	var records []pursuit.Record
	var sent []*pending
	slots := map[string]slot{}
	people := map[string]*opinions{}
	for i, sub := range c.subs {
		did := people[sub.Profile]
		if did == nil && len(c.rows[i]) > 0 {
			if did, err = c.opinions(ctx, sub.Profile, stands[sub.Profile]); err != nil {
				return err
			}
			people[sub.Profile] = did
		}
		m := &draft{sub: sub}
		for _, row := range c.rows[i] {
			records = append(records, pursuit.Forget(pursuit.KindDue, "", dueName(sub.ID, row.Notice)))
			st := stands[sub.Profile][row.Notice]
			if st == nil {
				continue // there is no such notice any more
			}
			if err := c.tell(ctx, m, row, st, knows, did); err != nil {
				return err
			}
		}
		sl := c.e.state.slots[sub.ID]
		sl.At = c.now
		if len(m.items) > 0 {
			sl.N++
			p, err := c.message(ctx, m, sl.N)
			if err != nil {
				return err
			}
			row, err := record(pursuit.KindOutbox, p.name(), p)
			if err != nil {
				return err
			}
			records, sent = append(records, row), append(sent, p)
			r.Messages++
			r.Items += len(m.items)
		}
		row, err := record(pursuit.KindMark, slotName(sub.ID), sl)
		if err != nil {
			return err
		}
		if !sub.AtOnce || len(m.items) > 0 {
			records = append(records, row)
		}
		slots[sub.ID] = sl
		records = append(records, m.records...)
	}
	// Of one notice the last word counts, should it have waited under two of its names.
	if err := c.e.keep(ctx, records...); err != nil {
		return err
	}
	s := c.e.state
	maps.Copy(s.slots, slots)
	for _, sub := range c.subs {
		delete(s.fresh, sub.ID)
	}
	for _, p := range sent {
		p.brief(p.name())
		s.outbox[p.Message.Subscription] = append(s.outbox[p.Message.Subscription], p)
	}
	return nil
}

// stand holds the notices that wait against the profiles they wait for: by profile and by the id they wait under.
func (c *composer) stand(ctx context.Context) (map[string]map[string]*standing, error) {
	wait := map[string][]string{}
	of := map[string][]*Subscription{}
	for i, sub := range c.subs {
		of[sub.Profile] = append(of[sub.Profile], sub)
		for _, row := range c.rows[i] {
			wait[sub.Profile] = append(wait[sub.Profile], row.Notice)
		}
	}
	stands := map[string]map[string]*standing{}
	for profile := range wait {
		slices.Sort(wait[profile])
		wait[profile] = slices.Compact(wait[profile])
		stands[profile] = map[string]*standing{}
	}
	err := c.e.audience.Fits(ctx, wait, c.now, func(profile string, m *desk.Met, f *matcher.Fit) error {
		st := &standing{met: *m, lots: map[string][]lotFit{}}
		if f != nil {
			st.ids = append(st.ids, f.Lot)
			for i := range f.Lots {
				st.ids = append(st.ids, f.Lots[i].Lot)
			}
			for _, sub := range of[profile] {
				st.lots[sub.ID] = append(st.lots[sub.ID], fitOf(f, sub))
				for i := range f.Lots {
					if x := fitOf(&f.Lots[i], sub); x.over {
						st.lots[sub.ID] = append(st.lots[sub.ID], x)
					}
				}
			}
		}
		for _, id := range m.IDs {
			stands[profile][id] = st
		}
		return nil
	})
	return stands, err
}

func fitOf(f *matcher.Fit, sub *Subscription) lotFit {
	x := lotFit{lot: f.Lot, score: f.Score, low: f.Low, high: f.High, advice: f.Advice, over: sub.over(f)}
	if e := f.TopReason(); e != nil {
		x.reason = clip(e.Reason)
	}
	if e := f.TopGap(); e != nil {
		x.gap = clip(e.Reason)
	}
	return x
}

// told is what was told of what waits, by the name of its record.
func (c *composer) told(ctx context.Context, stands map[string]map[string]*standing) (map[string]told, error) {
	var names []string
	for i, sub := range c.subs {
		for _, row := range c.rows[i] {
			if st := stands[sub.Profile][row.Notice]; st != nil {
				for _, id := range st.met.IDs {
					names = append(names, toldName(id, sub.ID))
				}
			}
		}
	}
	knows := map[string]told{}
	if len(names) == 0 {
		return knows, nil
	}
	records, err := c.e.store.Records(ctx, c.e.workspace, pursuit.KindTold, "", names...)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		t, err := pursuit.Read[told](r)
		if err != nil {
			return nil, err
		}
		knows[r.Name] = t
	}
	return knows, nil
}

// draft is a message in the making.
type draft struct {
	sub     *Subscription
	items   []Item
	records []pursuit.Record
	has     map[string]bool // the notices it tells of
}

// tell adds what is to be told of a notice, if anything, and notes what was told.
func (c *composer) tell(ctx context.Context, m *draft, row due, st *standing, knows map[string]told, did *opinions) error {
	sub, met := m.sub, &st.met
	if m.has[met.ID] {
		return nil // it waited under two of its names
	}
	if m.has == nil {
		m.has = map[string]bool{}
	}
	m.has[met.ID] = true
	var t told
	var knew bool
	for _, id := range append([]string{met.ID}, met.IDs...) {
		if t, knew = knows[toldName(id, sub.ID)]; knew {
			break
		}
	}
	if !met.Open {
		if !knew || t.Gone {
			return nil
		}
		return c.withdraw(ctx, m, t, st, did)
	}
	lots := st.lots[sub.ID]
	lot, best := lotFit{}, false
	silent := false
	if knew {
		lot, best = lots[0], true
		if i := slices.IndexFunc(lots, func(x lotFit) bool { return x.lot == t.Lot }); i > 0 {
			lot = lots[i]
		}
		if did.of(met.IDs, lot.lot) == unwanted {
			return nil
		}
	} else {
		for _, x := range lots {
			if !x.over {
				continue
			}
			switch did.of(met.IDs, x.lot) {
			case unwanted:
				continue
			case seen:
				silent = true
			}
			lot, best = x, true
			break
		}
		if !best {
			return nil
		}
	}
	n, err := c.notice(ctx, met.ID)
	if err != nil || n == nil {
		return err
	}
	left := -1
	if !met.Deadline.IsZero() {
		left = notice.DaysUntil(c.now, met.Deadline.Time)
	}
	near := left >= 0 && left <= sub.ClosingDays
	saidNear := t.Closing && t.Deadline.Time.Equal(met.Deadline.Time)
	is := told{
		Notice: met.ID, Lot: lot.lot, Hash: met.Hash, At: c.now, Deadline: met.Deadline,
		Score: lot.score, Low: lot.low, High: lot.high, Advice: lot.advice, Closing: near || saidNear,
	}
	item := Item{Happening: New}
	switch {
	case !knew && row.Closing:
		item.Happening = Closing
	case !knew:
	case t.Hash != met.Hash || t.Gone:
		list, known, err := c.changed(ctx, n, t.Hash)
		if err != nil {
			return err
		}
		item.Happening, item.Changes = Changed, list
		if known && len(list) == 0 && !t.Gone {
			// Nothing that counts. What was told stays what later changes are held against.
			is.Hash = t.Hash
			if !near || saidNear {
				return nil
			}
			item.Happening = Closing
		}
	case near && !saidNear:
		item.Happening = Closing
	default:
		return nil
	}
	if err := m.remember(&is); err != nil {
		return err
	}
	if silent || !sub.Told(item.Happening) {
		return nil
	}
	c.describe(&item, n, st, lot, left)
	m.items = append(m.items, item)
	return nil
}

// withdraw tells that nothing can be done any more about what was told of. That a deadline went by, and that it was awarded after that, is no news.
func (c *composer) withdraw(ctx context.Context, m *draft, t told, st *standing, did *opinions) error {
	n, err := c.notice(ctx, st.met.ID)
	if err != nil || n == nil {
		return err
	}
	over := !t.Deadline.IsZero() && c.now.After(t.Deadline.End())
	if over && n.Stage.Open() && !ended(n) {
		return nil // it may be opened again: the deadline may yet be moved
	}
	t.Gone = true
	if err := m.remember(&t); err != nil {
		return err
	}
	if over && !ended(n) || !m.sub.Told(Withdrawn) || did.of(st.met.IDs, t.Lot) == unwanted {
		return nil
	}
	item := Item{Happening: Withdrawn, Why: clip(st.met.Why)}
	if givenUp(n.Status.Value) {
		item.Why = "the procurement is " + clip(dossier.Line(n.Status.Value))
	}
	if item.Changes, _, err = c.changed(ctx, n, t.Hash); err != nil {
		return err
	}
	c.describe(&item, n, st, lotFit{lot: t.Lot, score: t.Score, low: t.Low, high: t.High, advice: t.Advice}, -1)
	m.items = append(m.items, item)
	return nil
}

// ended reports whether a procurement was given up.
func ended(n *notice.Notice) bool { return n.Stage == notice.StageEnded || givenUp(n.Status.Value) }

func givenUp(status string) bool {
	return status == "cancelled" || status == "withdrawn" || status == "unsuccessful"
}

// remember notes what is told, and by when it may be forgotten.
func (m *draft) remember(t *told) error {
	row, err := record(pursuit.KindTold, toldName(t.Notice, m.sub.ID), t)
	if err != nil {
		return err
	}
	until, err := untilRow(t.Notice, t.Deadline, t.At)
	m.records = append(m.records, row, until)
	return err
}

// describe fills in what a person reads.
func (c *composer) describe(item *Item, n *notice.Notice, st *standing, lot lotFit, left int) {
	item.Target = pursuit.Target{Notice: n.ID, Lot: lot.lot}
	item.Title, item.Buyer, item.Stage = clip(dossier.Line(n.Title.Value)), clip(dossier.Line(n.Buyer.Name.Value)), n.Stage
	item.Deadline, item.Release, item.Address = st.met.Deadline, st.met.Release, dossier.Address(n.URL())
	if left >= 0 {
		item.DaysLeft = &left
	}
	item.Score, item.Low, item.High, item.Advice, item.Reason, item.Gap = lot.score, lot.low, lot.high, lot.advice, lot.reason, lot.gap
	item.Worth = clip(n.Value.Words())
	for i := range n.Lots {
		l := &n.Lots[i]
		if l.ID != lot.lot {
			continue
		}
		if title := clip(dossier.Line(l.Title.Value)); title != item.Title {
			item.Lot = title
		}
		item.Worth = cmp.Or(clip(l.Value.Words()), item.Worth)
		var places []string
		for _, p := range l.Places {
			name := dossier.Line(p.Value.Text)
			if p.Value.Region != "" {
				name = p.Value.Region.Current().Name()
			}
			if name != "" && !slices.Contains(places, name) {
				places = append(places, name)
			}
		}
		item.Places = clip(strings.Join(places, ", "))
	}
}

// clip shortens a text that is too long for a message.
func clip(s string) string {
	if len(s) <= mostText {
		return s
	}
	cut := mostText
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// notice reads a notice; nil where there is none any more.
func (c *composer) notice(ctx context.Context, id string) (*notice.Notice, error) {
	if n, ok := c.notices[id]; ok {
		return n, nil
	}
	n, err := c.e.store.Notice(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		n, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(c.notices) >= mostNotices {
		clear(c.notices)
	}
	c.notices[id] = n
	return n, nil
}

// changed is what counts of what is different in a notice since a release; known is false where that was revised.
func (c *composer) changed(ctx context.Context, n *notice.Notice, hash string) (list []changes.Change, known bool, err error) {
	key := [2]string{n.ID, hash}
	list, known = c.since[key]
	if known {
		return list, true, nil
	}
	all, known, err := c.e.desk.ChangedSince(ctx, n, hash)
	if err != nil || !known {
		return nil, known, err
	}
	for _, x := range all {
		if !counts(x.What) {
			continue
		}
		x.Words, x.Before, x.After = clip(x.Words), clip(x.Before), clip(x.After)
		if list = append(list, x); len(list) == mostChanges {
			break
		}
	}
	if len(c.since) >= mostNotices {
		clear(c.since)
	}
	c.since[key] = list
	return list, true, nil
}

// counts reports whether a change may move a bidder's plans.
func counts(k changes.Kind) bool {
	switch k {
	case changes.Awarded, changes.Procedure, changes.Status, changes.Type, changes.Items, changes.Buyer, changes.Contact, changes.Also, changes.Other:
		return false
	}
	return true
}

// message is the message of a draft, the n-th of its subscription.
func (c *composer) message(ctx context.Context, m *draft, n int) (*pending, error) {
	slices.SortStableFunc(m.items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(slices.Index(Happenings, a.Happening), slices.Index(Happenings, b.Happening)),
			cmp.Compare(b.Score, a.Score), cmp.Compare(a.Target.Notice, b.Target.Notice))
	})
	p, err := c.e.store.Profile(ctx, c.e.workspace, m.sub.Profile)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	msg := Message{
		ID:           fmt.Sprintf("%s-%s-%d", m.sub.ID, c.now.UTC().Format("20060102t150405"), n),
		Subscription: m.sub.ID, Profile: m.sub.Profile, ProfileName: cmp.Or(p.Name, m.sub.Profile), Made: c.now,
		Items: m.items[:min(len(m.items), MostItems)], More: max(0, len(m.items)-MostItems),
	}
	return &pending{Message: msg, N: n}, nil
}

// What people think of a lot.
type opinion int

const (
	none     opinion = iota
	seen             // they know it: it is not new
	unwanted         // they decided against it, put it off or called it irrelevant: nothing is told of it
)

// opinions are what the people of a profile did, by target.
type opinions struct{ about map[pursuit.Target]opinion }

// of is what they think of a lot: what is said of the lot itself goes before what is said of the notice.
func (o *opinions) of(ids []string, lot string) opinion {
	most := none
	for _, id := range ids {
		said, ok := o.about[pursuit.Target{Notice: id, Lot: lot}]
		if !ok {
			said = o.about[pursuit.Target{Notice: id}]
		}
		most = max(most, said)
	}
	return most
}

// opinions reads what the people of a profile did about what waits.
func (c *composer) opinions(ctx context.Context, profile string, stands map[string]*standing) (*opinions, error) {
	o := &opinions{about: map[pursuit.Target]opinion{}}
	var targets []pursuit.Target
	var names []string
	for id, st := range stands {
		for _, lot := range append([]string{""}, st.ids...) {
			t := pursuit.Target{Notice: id, Lot: lot}
			targets, names = append(targets, t), append(names, t.String())
		}
	}
	if len(targets) == 0 {
		return o, nil
	}
	say := func(t pursuit.Target, x opinion) { o.about[t] = max(o.about[t], x) }
	pursuits, err := c.e.store.Pursuits(ctx, c.e.workspace, profile, targets...)
	if err != nil {
		return nil, err
	}
	for i := range pursuits {
		switch pursuits[i].Current().Verdict {
		case pursuit.NoBid:
			say(pursuits[i].Target, unwanted)
		case pursuit.Bid, pursuit.Watch:
			say(pursuits[i].Target, seen)
		}
	}
	rated, err := c.e.store.Ratings(ctx, c.e.workspace, profile, targets...)
	if err != nil {
		return nil, err
	}
	for i := range rated {
		if rated[i].Relevance() == pursuit.Irrelevant {
			say(rated[i].Target, unwanted)
		} else if rated[i].Known() {
			say(rated[i].Target, seen)
		}
	}
	snoozed, err := c.e.store.Records(ctx, c.e.workspace, pursuit.KindSnooze, profile, names...)
	if err != nil {
		return nil, err
	}
	for _, r := range snoozed {
		z, err := pursuit.Read[pursuit.Snooze](r)
		if err != nil {
			return nil, err
		}
		n, err := c.notice(ctx, z.Notice)
		if err != nil {
			return nil, err
		}
		if n != nil && z.Until.Mark(n, z.Lot) == z.Mark {
			say(z.Target, unwanted)
		}
	}
	return o, nil
}
