package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// PutProfile registers a profile, or a new revision of it when it differs from the stored one.
func (d *Desk) PutProfile(ctx context.Context, p profiles.Profile, now time.Time) (store.Profile, error) {
	if err := p.Check(); err != nil {
		return store.Profile{}, err
	}
	return d.store.PutProfile(ctx, d.workspace, p, now)
}

// Profile finds a profile. ErrNotFound.
func (d *Desk) Profile(ctx context.Context, id string) (store.Profile, error) {
	return d.store.Profile(ctx, d.workspace, id)
}

// Profiles lists the profiles by id.
func (d *Desk) Profiles(ctx context.Context) ([]store.Profile, error) {
	return d.store.Profiles(ctx, d.workspace)
}

// Registered tells, where an error is that there is no such profile, which ones there are; other errors it leaves as they are.
func (d *Desk) Registered(ctx context.Context, id string, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, perr := d.Profile(ctx, id); !errors.Is(perr, store.ErrNotFound) {
		return err
	}
	all, lerr := d.Profiles(ctx)
	if lerr != nil {
		return errors.Join(err, lerr)
	}
	if len(all) == 0 {
		return fmt.Errorf("profile %q: %w; there is none yet: register one with \"bidfit profile add FILE\"", id, store.ErrNotFound)
	}
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	return fmt.Errorf("profile %q: %w; registered: %s", id, store.ErrNotFound, strings.Join(ids, ", "))
}

// RemoveProfile removes a profile; what was decided for it stays. ErrNotFound.
func (d *Desk) RemoveProfile(ctx context.Context, id string) error {
	return d.store.RemoveProfile(ctx, d.workspace, id)
}

// Verdict is what somebody decided about a target.
type Verdict struct {
	Profile string
	Target  pursuit.Target
	Verdict pursuit.Verdict
	Reason  string
	Who     string
	When    time.Time // of the decision
	AsOf    time.Time // of the fit it is based on
}

// Decide keeps a decision with the fit as it is at AsOf, and marks one that contradicts the advice.
func (d *Desk) Decide(ctx context.Context, v Verdict) (pursuit.Decision, error) {
	for again := 0; ; again++ {
		decision, err := d.decide(ctx, v)
		// What the assessment rests on may be replaced before it is kept: a lexicon learned anew, a profile changed.
		// Then it is made again. What is really not there, the assessment itself does not find.
		if again == mostAgain || !errors.Is(err, errReplaced) {
			return decision, err
		}
	}
}

// mostAgain is how often a decision is assessed again because of others who change things at the same time.
const mostAgain = 5

// errReplaced says that something a decision cites is not there any more.
var errReplaced = errors.New("it was replaced while it was decided on")

func (d *Desk) decide(ctx context.Context, v Verdict) (pursuit.Decision, error) {
	e, err := d.Explain(ctx, v.Profile, v.Target, v.AsOf)
	if err != nil {
		return pursuit.Decision{}, err
	}
	v.Target.Notice = e.Notice.ID
	decision := pursuit.Decision{
		Target: v.Target, Profile: e.Profile, Verdict: v.Verdict, Reason: v.Reason, Who: v.Who, When: v.When,
		Release:         e.Notice.Releases[len(e.Notice.Releases)-1].Identity,
		ProfileRevision: e.ProfileRevision, Lexicon: e.Lexicon, Learned: e.Learned, Fit: e.Fit, AsOf: v.AsOf,
		Against: v.Verdict.Against(e.Fit.Advice),
	}
	_, err = d.store.Decide(ctx, d.workspace, decision)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return pursuit.Decision{}, fmt.Errorf("%w: %w", errReplaced, err)
	case err != nil:
		return pursuit.Decision{}, err
	}
	return decision, nil
}

// Pursuits lists what was decided for a profile, "" for all.
func (d *Desk) Pursuits(ctx context.Context, profile string) ([]pursuit.Pursuit, error) {
	return d.store.Pursuits(ctx, d.workspace, profile)
}

// stands lists the pursuits of a profile, "" for all, of which a decision is in force.
func (d *Desk) stands(ctx context.Context, profile string) ([]pursuit.Pursuit, error) {
	all, err := d.Pursuits(ctx, profile)
	return slices.DeleteFunc(all, func(p pursuit.Pursuit) bool { return p.Current().Verdict == "" }), err
}

// shortlist lists, best first, what is advised and decided, or decided alone.
func (d *Desk) shortlist(ctx context.Context, report Report, decidedOnly bool) ([]listed, error) {
	pursuits, err := d.stands(ctx, report.Profile)
	if err != nil {
		return nil, err
	}
	waiting := map[pursuit.Target]*pursuit.Pursuit{}
	for i := range pursuits {
		waiting[pursuits[i].Target] = &pursuits[i]
	}
	var list []listed
	for _, f := range report.Fits {
		id := f.ID()
		open := !decidedOnly && f.Advice != matcher.NoBid
		for i, lot := range append([]matcher.Fit{f}, f.Lots...) {
			lot.Also = f.Also
			targets := []pursuit.Target{{Notice: id, Lot: lot.Lot}}
			if i == 0 && lot.Lot != "" {
				targets = append(targets, pursuit.Target{Notice: id})
			}
			for _, t := range targets {
				if of := waiting[t]; of != nil {
					list = append(list, listed{fit: lot, notice: id, decided: of})
					delete(waiting, t)
					open = open && i > 0
				}
			}
		}
		if open { // nothing decided about its best lot
			list = append(list, listed{fit: f, notice: id})
		}
	}
	// What was decided about notices that have since closed is assessed on its own.
	for i := range pursuits {
		of := &pursuits[i]
		if waiting[of.Target] == nil {
			continue
		}
		e, err := d.Explain(ctx, report.Profile, of.Target, report.AsOf)
		switch {
		case errors.Is(err, store.ErrNotFound):
			// The notice or the lot is gone: the fit of the day it was decided is what is left.
			list = append(list, listed{fit: of.Current().Fit, notice: of.Notice, decided: of})
		case err != nil:
			return nil, err
		default:
			list = append(list, listed{fit: e.Fit, notice: e.Notice.ID, decided: of})
		}
	}
	compare := matcher.Compare(matcher.OrderScore)
	slices.SortStableFunc(list, func(a, b listed) int { return compare(a.fit, b.fit) })
	return list, nil
}

// pursuitsOf lists the pursuits of a profile that are about some notices, by target. Where what its people did is in memory, that says which
// there are, and no other is read.
func (d *Desk) pursuitsOf(ctx context.Context, profile string, ids ...string) ([]pursuit.Pursuit, error) {
	did, err := d.known(ctx, profile)
	if err != nil {
		return nil, err
	}
	if did != nil {
		var of []pursuit.Target
		for _, id := range ids {
			if a := did.about[id]; a != nil {
				for lot, on := range a.lots {
					if len(on.decided) > 0 {
						of = append(of, pursuit.Target{Notice: id, Lot: lot})
					}
				}
			}
		}
		if len(of) == 0 {
			return nil, nil
		}
		return d.store.Pursuits(ctx, d.workspace, profile, of...)
	}
	all, err := d.Pursuits(ctx, profile)
	return slices.DeleteFunc(all, func(p pursuit.Pursuit) bool { return !slices.Contains(ids, p.Notice) }), err
}

// known is what the people of a profile did, nil where that is not in memory.
func (d *Desk) known(ctx context.Context, profile string) (*people, error) {
	s := d.slots.has(d.asked(profile))
	if s == nil {
		return nil, nil
	}
	if _, err := d.inStep(ctx, false); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people, nil
}
