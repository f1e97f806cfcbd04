package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/store"
)

// Audience is the profiles that want to be told of notices, made ready to be found by them: a notice is held against those alone that it could
// concern. It has no list of fits for anybody; suppliers are kept ready for the profiles last met (about 5 KB each), the others are made when
// they are met again. A fit is the very one that Explain gives. Its methods are safe for concurrent use.
type Audience struct {
	desk *Desk

	mu      sync.Mutex
	least   map[string]int // of each profile that is wanted, the least score that counts
	n       uint64         // the change it has read up to
	lexicon *matcher.Lexicon
	names   uint64 // the edition of imported CPV names
	of      *matcher.Audience
	members map[string]*member
	learned map[string]map[string]bool // of each notice, the profiles whose answers may be about it
	used    uint64
}

// member is a profile that has its seat.
type member struct {
	profile store.Profile
	least   int
	matcher *matcher.Matcher
	used    uint64
}

// mostSuppliers is how many profiles are kept ready.
const mostSuppliers = 16_384

// Audience is an audience of nobody yet.
func (d *Desk) Audience() *Audience { return &Audience{desk: d} }

// Seat says who is in the audience: for each profile the least score that counts. Profiles that are not in the store are not met.
func (a *Audience) Seat(least map[string]int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.least = maps.Clone(least)
}

// Met is an opportunity as an audience meets it.
type Met struct {
	// ID is of the notice that is assessed, IDs of all notices of the opportunity.
	ID  string
	IDs []string
	// Open says that something can be done about it: it is neither awarded nor cancelled nor past its deadline. Why says what shuts it.
	Open bool
	Why  string
	// Deadline is by when, where it is known.
	Deadline notice.Moment
	Release  string // identity of the newest release
	Hash     string // of its content
}

// Meet holds notices against whom they could concern, each opportunity once, and has met told of each, and of every fit of which a lot that is not
// barred has the least score. Of what is shut no fit is told. Neither is called by two at once.
func (a *Audience) Meet(ctx context.Context, ids []string, asOf time.Time, met func(*Met) error, fit func(profile string, m *Met, f *matcher.Fit) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, err := a.follow(ctx)
	if err != nil {
		return err
	}
	var all []*meeting
	once := map[string]bool{}
	for _, id := range ids {
		m, err := a.desk.meeting(ctx, l, id, asOf)
		if err != nil {
			return err
		}
		if m == nil || once[m.ID] {
			continue
		}
		once[m.ID] = true
		if err := met(&m.Met); err != nil {
			return err
		}
		if m.Open {
			all = append(all, m)
		}
	}
	who := make([][]string, len(all))
	err = atOnce(ctx, len(all), func(i int) error {
		who[i] = a.of.Find(all[i].held.opportunity)
		return nil
	})
	if err != nil {
		return err
	}
	of := map[string][]*meeting{}
	for i, names := range who {
		for _, name := range names {
			of[name] = append(of[name], all[i])
		}
	}
	return a.assess(ctx, l, of, asOf, func(profile string, m *Met, f *matcher.Fit) error {
		if !reaches(f, a.members[profile].least) {
			return nil
		}
		return fit(profile, m, f)
	})
}

// Fits holds some notices against some profiles, whatever comes of it; those of one opportunity once.
func (a *Audience) Fits(ctx context.Context, ids map[string][]string, asOf time.Time, fit func(profile string, m *Met, f *matcher.Fit) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, err := a.follow(ctx)
	if err != nil {
		return err
	}
	known := map[string]*meeting{}
	of := map[string][]*meeting{}
	for profile, list := range ids {
		if a.members[profile] == nil {
			continue
		}
		for _, id := range list {
			m, ok := known[id]
			if !ok {
				if m, err = a.desk.meeting(ctx, l, id, asOf); err != nil {
					return err
				}
				known[id] = m
			}
			switch {
			case m == nil || slices.ContainsFunc(of[profile], func(x *meeting) bool { return x.ID == m.ID }):
			case m.held == nil:
				if err := fit(profile, &m.Met, nil); err != nil {
					return err
				}
			default:
				of[profile] = append(of[profile], m)
			}
		}
	}
	return a.assess(ctx, l, of, asOf, fit)
}

// Newly tells of every open notice that reaches the least score of a profile, with its fit and that which the profile had at an earlier
// revision: what a changed profile brings. old is nil where the earlier revision is not kept.
func (a *Audience) Newly(ctx context.Context, profile string, revision uint64, asOf time.Time, fit func(m *Met, now, old *matcher.Fit) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, err := a.follow(ctx)
	if err != nil {
		return err
	}
	x := a.members[profile]
	if x == nil {
		return nil
	}
	now, err := a.ready(ctx, l, x)
	if err != nil {
		return err
	}
	var before *matcher.Matcher
	old, err := a.desk.store.ProfileRevision(ctx, a.desk.workspace, profile, revision)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		if before, _, err = a.desk.supplier(ctx, l.lexicon, old); err != nil {
			return err
		}
	}
	type pair struct{ now, old *matcher.Fit }
	pairs := make([]pair, len(l.open))
	err = inShares(ctx, len(l.open), func(i int) {
		o := l.open[i]
		f := o.assess(now, o.also, asOf)
		if !reaches(&f, x.least) {
			return
		}
		pairs[i].now = &f
		if before != nil {
			was := o.assess(before, o.also, asOf)
			pairs[i].old = &was
		}
	})
	if err != nil {
		return err
	}
	for i, p := range pairs {
		if p.now == nil {
			continue
		}
		m, err := a.desk.meeting(ctx, l, l.open[i].id, asOf)
		if err != nil {
			return err
		}
		if m == nil || !m.Open {
			continue
		}
		if err := fit(&m.Met, p.now, p.old); err != nil {
			return err
		}
	}
	return nil
}

// reaches reports whether a lot that is not barred has a score.
func reaches(f *matcher.Fit, least int) bool {
	return f.Score >= least && !f.Barred() || slices.ContainsFunc(f.Lots, func(x matcher.Fit) bool { return x.Score >= least && !x.Barred() })
}

// meeting is a notice made ready to be met; held is nil for one that is closed and not in memory.
type meeting struct {
	Met
	held *held
	also []string
}

// meeting finds the opportunity a notice belongs to; nil where there is no such notice.
func (d *Desk) meeting(ctx context.Context, l *lots, id string, asOf time.Time) (*meeting, error) {
	if h, ok := l.held[id]; ok {
		same, _ := l.same(h)
		m := &meeting{held: primary(same)}
		same, m.also = l.same(m.held)
		for _, x := range same {
			m.IDs = append(m.IDs, x.id)
		}
		o := m.held.opportunity
		m.ID, m.Deadline, m.Release, m.Hash = m.held.id, o.Closes(), m.held.facts.release, m.held.facts.hash
		m.Why, m.Open = o.Open(asOf)
		return m, nil
	}
	n, err := d.store.Notice(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	o := l.lexicon.Prepare(n)
	m := &meeting{Met: Met{ID: n.ID, IDs: []string{n.ID}, Deadline: o.Closes()}}
	if len(n.Releases) > 0 {
		last := n.Releases[len(n.Releases)-1]
		m.Release, m.Hash = last.Identity, last.Hash
	}
	m.Why, m.Open = o.Open(asOf)
	if m.Open { // the lots were read before it came
		m.held = hold(l.lexicon, n)
		m.also, err = d.store.Also(ctx, n.OCID)
	}
	return m, err
}

// assess holds profiles against what each of them meets. The caller holds the audience.
func (a *Audience) assess(ctx context.Context, l *lots, of map[string][]*meeting, asOf time.Time, fit func(profile string, m *Met, f *matcher.Fit) error) error {
	profiles := slices.Sorted(maps.Keys(of))
	ready := make([]*matcher.Matcher, len(profiles))
	var telling sync.Mutex
	err := atOnce(ctx, len(profiles), func(i int) error {
		x := a.members[profiles[i]]
		m, err := a.supplier(ctx, l, x)
		if err != nil {
			return err
		}
		ready[i] = m
		for _, met := range of[profiles[i]] {
			f := met.held.assess(m, met.also, asOf)
			telling.Lock()
			err := fit(profiles[i], &met.Met, &f)
			telling.Unlock()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, profile := range profiles {
		a.used++
		a.members[profile].matcher, a.members[profile].used = ready[i], a.used
	}
	a.forget()
	return nil
}

// ready is the supplier of a member, kept.
func (a *Audience) ready(ctx context.Context, l *lots, x *member) (*matcher.Matcher, error) {
	m, err := a.supplier(ctx, l, x)
	if err == nil {
		a.used++
		x.matcher, x.used = m, a.used
	}
	return m, err
}

// supplier is the supplier of a member.
func (a *Audience) supplier(ctx context.Context, l *lots, x *member) (*matcher.Matcher, error) {
	if x.matcher != nil {
		return x.matcher, nil
	}
	m, _, err := a.desk.supplier(ctx, l.lexicon, x.profile)
	return m, err
}

// forget drops the suppliers that were not met for longest, beyond what is kept.
func (a *Audience) forget() {
	var kept []*member
	for _, x := range a.members {
		if x.matcher != nil {
			kept = append(kept, x)
		}
	}
	if len(kept) <= mostSuppliers {
		return
	}
	slices.SortFunc(kept, func(x, y *member) int { return cmp.Compare(x.used, y.used) })
	for _, x := range kept[:len(kept)-mostSuppliers*3/4] {
		x.matcher = nil
	}
}

// follow brings the audience in step with the store, and gives the lots it is in step with.
func (a *Audience) follow(ctx context.Context) (*lots, error) {
	upTo, _, err := a.desk.store.Newest(ctx)
	if err != nil {
		return nil, err
	}
	l, err := a.desk.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	if names := a.desk.vocab.Edition(); a.of == nil || a.lexicon != l.lexicon || a.names != names {
		a.of, a.members = matcher.NewAudience(l.lexicon), map[string]*member{}
		a.learned = map[string]map[string]bool{}
		a.lexicon, a.names, a.n = l.lexicon, names, upTo
	}
	for c, err := range a.desk.store.Changes(ctx, a.n) {
		if err != nil {
			return nil, err
		}
		if c.N > l.n {
			break // the lots have not come so far
		}
		switch {
		case c.Kind == store.KindNotice:
			for profile := range a.learned[c.Key] {
				a.leave(profile)
			}
			delete(a.learned, c.Key)
		case c.Workspace != a.desk.workspace:
		case c.Kind == store.KindProfile:
			a.leave(c.Key)
		case c.Kind == store.KindRating:
			profile, _, _ := strings.Cut(c.Key, "/")
			a.leave(profile)
		}
		a.n = c.N
	}
	for id := range a.members {
		if _, ok := a.least[id]; !ok {
			a.leave(id)
		}
	}
	return l, a.fill(ctx, l)
}

func (a *Audience) leave(profile string) {
	delete(a.members, profile)
	a.of.Remove(profile)
}

// fill has those take a seat who have none, and those take another whose least score is another.
func (a *Audience) fill(ctx context.Context, l *lots) error {
	var wanted []string
	for id, least := range a.least {
		if x := a.members[id]; x == nil || x.least != least {
			wanted = append(wanted, id)
		}
	}
	slices.Sort(wanted)
	const share = 256 // as many are made ready at once
	for some := range slices.Chunk(wanted, share) {
		ready, about := make([]*member, len(some)), make([][]string, len(some))
		err := atOnce(ctx, len(some), func(i int) error {
			p, err := a.desk.store.Profile(ctx, a.desk.workspace, some[i])
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			x := &member{profile: p, least: a.least[some[i]]}
			if x.matcher, _, err = a.desk.supplier(ctx, l.lexicon, p); err != nil {
				return err
			}
			about[i], err = a.desk.answeredAbout(ctx, p.ID)
			ready[i] = x
			return err
		})
		if err != nil {
			return fmt.Errorf("making profiles ready: %w", err)
		}
		for i, x := range ready {
			if x == nil {
				continue
			}
			a.used++
			x.used = a.used
			a.members[some[i]] = x
			a.of.Seat(some[i], x.matcher, x.least)
			for _, id := range about[i] {
				if a.learned[id] == nil {
					a.learned[id] = map[string]bool{}
				}
				a.learned[id][some[i]] = true
			}
		}
		a.forget()
	}
	return nil
}

// answeredAbout are the notices that the answers for a profile are about, where they may teach something.
func (d *Desk) answeredAbout(ctx context.Context, profile string) (about []string, err error) {
	if d.plain {
		return nil, nil
	}
	rated, err := d.Ratings(ctx, profile)
	if err != nil || len(rated) < matcher.MinAnswers {
		return nil, err
	}
	for _, r := range rated {
		about = append(about, r.Notice)
	}
	return about, nil
}

// Closing is a notice and by when something has to be done about it.
type Closing struct {
	ID       string
	Deadline notice.Moment
	Days     int // London days that are left
}

// Closing lists the open notices whose deadline lies at most so many days in London ahead, or has gone by today.
func (d *Desk) Closing(ctx context.Context, asOf time.Time, days int) ([]Closing, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	var list []Closing
	for _, o := range l.open {
		closes := o.held.opportunity.Closes()
		if closes.IsZero() {
			continue
		}
		if left := notice.DaysUntil(asOf, closes.Time); left >= 0 && left <= days {
			list = append(list, Closing{o.id, closes, left})
		}
	}
	return list, nil
}

// ChangedSince tells what is different in a notice since its newest release was the one of a hash; known is false where that was revised since.
func (d *Desk) ChangedSince(ctx context.Context, n *notice.Notice, hash string) (list []changes.Change, known bool, err error) {
	at := 1 + slices.IndexFunc(n.Releases, func(p notice.Published) bool { return p.Hash == hash })
	if at == 0 {
		return nil, false, nil
	}
	older, err := d.after(ctx, n, at)
	if err != nil {
		return nil, false, fmt.Errorf("what changed in %s since it was last told: %w", n.ID, err)
	}
	return changes.Between(older, n), true, nil
}
