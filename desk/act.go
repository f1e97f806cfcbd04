package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Do is what is done about a target.
type Do string

const (
	DoBid        Do = "bid"
	DoNoBid      Do = "no-bid"
	DoWatch      Do = "watch"
	DoSnooze     Do = "snooze"
	DoWake       Do = "wake" // ends a snooze
	DoRelevant   Do = "relevant"
	DoIrrelevant Do = "irrelevant"
	DoKnown      Do = "known"
	DoSee        Do = "see"
	DoUndo       Do = "undo" // takes back what was last decided, rated or snoozed
)

// ParseDo reads a Do as typed.
func ParseDo(s string) (Do, error) {
	switch d := Do(s); d {
	case DoBid, DoNoBid, DoWatch, DoSnooze, DoWake, DoRelevant, DoIrrelevant, DoKnown, DoSee, DoUndo:
		return d, nil
	}
	return "", fmt.Errorf("%q is none of bid, no-bid, watch, snooze, wake, relevant, irrelevant, known, see, undo", s)
}

// Deed is one thing that somebody does about some targets.
type Deed struct {
	Profile string
	Do      Do
	Targets []pursuit.Target
	Reason  string        // of a decision, or the note of a rating
	Until   pursuit.Until // of a snooze; "" is any change
	Who     string
	When    time.Time
	AsOf    time.Time // of the fits it is based on
}

// Done is what came of a deed for one target.
type Done struct {
	Target pursuit.Target `json:"target"` // under the notice that is listed
	Do     Do             `json:"do"`
	// Words say what is now in force: "bid, against the advice", "snoozed until the value changes".
	Words string `json:"words,omitzero"`
	// Against says that a decision contradicts the advice.
	Against bool `json:"against,omitzero"`
	// Undone is what was taken back.
	Undone Do     `json:"undone,omitzero"`
	Error  string `json:"error,omitzero"`
	Err    error  `json:"-"`
}

// MostTargets bounds one deed.
const MostTargets = 1000

// Act does one thing about many targets. What fails for one of them is said in its Done and does not stop the others; the error is of what
// concerns them all. ErrNotFound for an unknown profile.
func (d *Desk) Act(ctx context.Context, deed Deed) ([]Done, error) {
	if _, err := ParseDo(string(deed.Do)); err != nil {
		return nil, err
	}
	switch n := len(deed.Targets); {
	case n == 0:
		return nil, fmt.Errorf("%s: no notice is named; choose one at least", deed.Do)
	case n > MostTargets:
		return nil, fmt.Errorf("%s: %d notices at once are more than %d; do it in parts", deed.Do, n, MostTargets)
	}
	if _, err := d.store.Profile(ctx, d.workspace, deed.Profile); err != nil {
		return nil, err
	}
	all := make([]Done, 0, len(deed.Targets))
	for _, t := range deed.Targets {
		done := Done{Target: t, Do: deed.Do}
		if err := d.act(ctx, deed, &done); err != nil {
			if ctx.Err() != nil {
				return all, ctx.Err()
			}
			done.Err, done.Error = err, err.Error()
		}
		all = append(all, done)
	}
	return all, nil
}

// act does a deed about one target.
func (d *Desk) act(ctx context.Context, deed Deed, done *Done) error {
	switch deed.Do {
	case DoBid, DoNoBid, DoWatch:
		x, err := d.Decide(ctx, Verdict{
			Profile: deed.Profile, Target: done.Target, Verdict: pursuit.Verdict(deed.Do), Reason: deed.Reason, Who: deed.Who, When: deed.When, AsOf: deed.AsOf,
		})
		if err != nil {
			return err
		}
		done.Target, done.Against, done.Words = x.Target, x.Against, string(x.Verdict)
		if x.Against {
			done.Words += ", against the advice"
		}
	case DoRelevant, DoIrrelevant, DoKnown:
		x, err := d.Rate(ctx, Opinion{
			Profile: deed.Profile, Target: done.Target, Answer: pursuit.Answer(deed.Do), Note: deed.Reason, Who: deed.Who, When: deed.When, AsOf: deed.AsOf,
		})
		if err != nil {
			return err
		}
		done.Target, done.Words = x.Target, string(deed.Do)
	case DoSnooze:
		x, err := d.Snooze(ctx, pursuit.Snooze{Target: done.Target, Profile: deed.Profile, Until: deed.Until, Who: deed.Who, When: deed.When})
		if err != nil {
			return err
		}
		done.Target, done.Words = x.Target, "snoozed until "+x.Until.Words()
	case DoWake:
		t, err := d.Wake(ctx, deed.Profile, done.Target)
		done.Target, done.Words = t, "snoozed no longer"
		return err
	case DoSee:
		done.Words = "seen"
		return d.See(ctx, deed.Profile, deed.Who, deed.When, done.Target)
	case DoUndo:
		return d.undo(ctx, deed, done)
	}
	return nil
}

// listedAs is a target under the notice that a list shows for it, and that notice. ErrNotFound for an unknown notice or lot.
func (d *Desk) listedAs(ctx context.Context, t pursuit.Target) (pursuit.Target, *notice.Notice, error) {
	n, err := d.Notice(ctx, t.Notice)
	if err != nil {
		return t, nil, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return t, nil, err
	}
	if h, ok := l.held[n.ID]; ok {
		if same, _ := l.same(h); primary(same).id != n.ID {
			if n, err = d.store.Notice(ctx, primary(same).id); err != nil {
				return t, nil, err
			}
		}
	}
	t.Notice = n.ID
	if _, ok := n.Lot(t.Lot); !ok && t.Lot != "" {
		return t, nil, fmt.Errorf("lot %q of %s: %w", t.Lot, n.ID, store.ErrNotFound)
	}
	return t, n, nil
}

// Snooze hides a target until something about it changes; Until "" is anything. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) Snooze(ctx context.Context, s pursuit.Snooze) (pursuit.Snooze, error) {
	if s.Until == "" {
		s.Until = pursuit.UntilChange
	}
	if _, err := pursuit.ParseUntil(string(s.Until)); err != nil {
		return s, fmt.Errorf("snooze until: %w", err)
	}
	var n *notice.Notice
	var err error
	if s.Target, n, err = d.listedAs(ctx, s.Target); err != nil {
		return s, err
	}
	s.Mark = s.Until.Mark(n, s.Lot)
	return s, d.keep(ctx, s)
}

// keep keeps what makes a record of itself.
func (d *Desk) keep(ctx context.Context, kept interface {
	Record() (pursuit.Record, error)
}) error {
	r, err := kept.Record()
	if err != nil {
		return err
	}
	return d.store.Keep(ctx, d.workspace, r)
}

// Wake ends a snooze. ErrNotFound where there is none.
func (d *Desk) Wake(ctx context.Context, profile string, t pursuit.Target) (pursuit.Target, error) {
	return d.drop(ctx, pursuit.KindSnooze, profile, t, "snoozed")
}

// drop removes the record of a target. It is looked for as it was kept, and then under the notice that is listed.
func (d *Desk) drop(ctx context.Context, kind pursuit.Kind, profile string, t pursuit.Target, what string) (pursuit.Target, error) {
	as := t
	for _, find := range []func() error{
		func() error { return nil },
		func() (err error) { as, _, err = d.listedAs(ctx, t); return err },
	} {
		if err := find(); err != nil && !errors.Is(err, store.ErrNotFound) {
			return t, err
		}
		there, err := d.store.Records(ctx, d.workspace, kind, profile, as.String())
		if err != nil {
			return t, err
		}
		if len(there) > 0 {
			return as, d.store.Keep(ctx, d.workspace, pursuit.Forget(kind, profile, as.String()))
		}
	}
	return t, fmt.Errorf("%s is not %s for %s: %w", t, what, profile, store.ErrNotFound)
}

// Undecide takes the decision in force about a target back: the one before it is in force again, which may be none. ErrNotFound where
// none is in force.
func (d *Desk) Undecide(ctx context.Context, v Verdict) (pursuit.Pursuit, error) {
	p, err := d.store.Profile(ctx, d.workspace, v.Profile)
	if err != nil {
		return pursuit.Pursuit{}, err
	}
	var current pursuit.Decision
	for _, t := range []func() pursuit.Target{
		func() pursuit.Target { return v.Target },
		func() pursuit.Target { t, _, _ := d.listedAs(ctx, v.Target); return t },
	} {
		all, err := d.store.Pursuits(ctx, d.workspace, v.Profile, t())
		if err != nil {
			return pursuit.Pursuit{}, err
		}
		if len(all) == 1 {
			if current = all[0].Current(); current.Verdict != "" {
				break
			}
		}
	}
	if current.Verdict == "" {
		return pursuit.Pursuit{}, fmt.Errorf("nothing is decided about %s for %s, so there is nothing to take back: %w", v.Target, v.Profile, store.ErrNotFound)
	}
	return d.store.Decide(ctx, d.workspace, pursuit.Decision{
		Target: current.Target, Profile: v.Profile, Verdict: current.Verdict, Undone: true, Reason: v.Reason, Who: v.Who, When: v.When,
		Release: current.Release, ProfileRevision: p.Revision, AsOf: v.AsOf,
		Fit: matcher.Fit{OCID: current.Fit.OCID, Notice: current.Fit.Notice, Lot: current.Lot, Title: current.Fit.Title, Also: []string{}, Gates: []matcher.Gate{}, Evidence: []matcher.Evidence{}},
	})
}

// undo takes back the last of what was decided, rated or snoozed and is in force.
func (d *Desk) undo(ctx context.Context, deed Deed, done *Done) error {
	last, err := d.last(ctx, deed.Profile, done.Target)
	if errors.Is(err, store.ErrNotFound) {
		if as, _, aerr := d.listedAs(ctx, done.Target); aerr == nil && as != done.Target {
			done.Target = as
			last, err = d.last(ctx, deed.Profile, as)
		}
	}
	if err != nil {
		return err
	}
	done.Undone = last
	done.Words = string(last) + " is taken back"
	switch last {
	case DoBid, DoNoBid, DoWatch:
		p, err := d.Undecide(ctx, Verdict{Profile: deed.Profile, Target: done.Target, Reason: deed.Reason, Who: deed.Who, When: deed.When, AsOf: deed.AsOf})
		if current := p.Current(); err == nil && current.Verdict != "" {
			done.Words += "; " + string(current.Verdict) + " is in force again"
		}
		return err
	case DoSnooze:
		_, err := d.Wake(ctx, deed.Profile, done.Target)
		return err
	}
	_, err = d.Rate(ctx, Opinion{
		Profile: deed.Profile, Target: done.Target, Answer: pursuit.Answer(last), Undo: true, Note: deed.Reason, Who: deed.Who, When: deed.When, AsOf: deed.AsOf,
	})
	return err
}

// last is what was last done about a target and is in force. ErrNotFound where nothing is.
func (d *Desk) last(ctx context.Context, profile string, t pursuit.Target) (Do, error) {
	var last Do
	var when time.Time
	later := func(do Do, at time.Time) {
		if last == "" || at.After(when) {
			last, when = do, at
		}
	}
	pursuits, err := d.store.Pursuits(ctx, d.workspace, profile, t)
	if err != nil {
		return "", err
	}
	for i := range pursuits {
		if x := pursuits[i].Current(); x.Verdict != "" {
			later(Do(x.Verdict), x.When)
		}
	}
	rated, err := d.store.Ratings(ctx, d.workspace, profile, t)
	if err != nil {
		return "", err
	}
	for i := range rated {
		for _, answer := range rated[i].Answers() {
			for _, r := range rated[i].Ratings {
				if r.Answer == answer && !r.Undone {
					later(Do(answer), r.When)
				}
			}
		}
	}
	records, err := d.store.Records(ctx, d.workspace, pursuit.KindSnooze, profile, t.String())
	if err != nil {
		return "", err
	}
	for _, r := range records {
		s, err := pursuit.Read[pursuit.Snooze](r)
		if err != nil {
			return "", err
		}
		later(DoSnooze, s.When)
	}
	if last == "" {
		return "", fmt.Errorf("nothing was decided, rated or snoozed about %s for %s, so there is nothing to take back: %w", t, profile, store.ErrNotFound)
	}
	return last, nil
}

// See marks notices as seen by the people of a profile, as they are now. ErrNotFound for an unknown profile or notice; those
// that are known are marked all the same.
func (d *Desk) See(ctx context.Context, profile, who string, when time.Time, targets ...pursuit.Target) error {
	var records []pursuit.Record
	var missing []error
	for _, t := range targets {
		_, n, err := d.listedAs(ctx, pursuit.Target{Notice: t.Notice})
		if errors.Is(err, store.ErrNotFound) {
			missing = append(missing, err)
			continue
		}
		if err != nil {
			return err
		}
		r, err := pursuit.See(profile, n, who, when).Record()
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	if len(records) > 0 {
		if err := d.store.Keep(ctx, d.workspace, records...); err != nil {
			return err
		}
	}
	return errors.Join(missing...)
}
