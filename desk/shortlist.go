package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Shortlisted is what the people of a profile are working on: what stands on the shortlist, and what they decided to bid for or to watch,
// whatever has become of it since.
type Shortlisted struct {
	Profile string    `json:"profile"`
	Name    string    `json:"name"`
	AsOf    time.Time `json:"asOf"`
	// Stages count the rows by stage of the pipeline, in its order; "" are those that are decided on and not on the shortlist.
	Stages []StageCount `json:"stages"`
	// Rows are in the order of the pipeline, the next deadline first. Each is about its own lot.
	Rows []Row `json:"rows"`
}

// StageCount is how many rows are at a stage.
type StageCount struct {
	Stage pursuit.Progress `json:"stage"`
	Count int              `json:"count"`
}

// StageNone is how a query asks for what is decided on and not on the shortlist.
const StageNone = "none"

// Only is the list at one stage: the name of one, StageNone, or "" for all of them. Stages stay as they are.
func (s Shortlisted) Only(stage string) (Shortlisted, error) {
	if stage == "" {
		return s, nil
	}
	want := pursuit.Progress("")
	if stage != StageNone {
		var err error
		if want, err = pursuit.ParseProgress(stage); err != nil {
			return s, fmt.Errorf("%w, or %s", err, StageNone)
		}
	}
	s.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(r Row) bool { return r.progress() != want })
	return s, nil
}

// progress is the stage a row is at; "" where it is not on the shortlist.
func (r Row) progress() pursuit.Progress {
	if r.Entry == nil {
		return ""
	}
	return r.Entry.Stage
}

// PutEntry puts a target on the shortlist, or changes what stands there of it. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) PutEntry(ctx context.Context, e pursuit.Entry) (pursuit.Entry, error) {
	if err := e.Check(); err != nil {
		return e, err
	}
	var err error
	if e.Target, _, err = d.listedAs(ctx, e.Target); err != nil {
		return e, err
	}
	return e, d.keep(ctx, e)
}

// Entry is what stands on the shortlist about a target. ErrNotFound.
func (d *Desk) Entry(ctx context.Context, profile string, t pursuit.Target) (pursuit.Entry, error) {
	records, err := d.store.Records(ctx, d.workspace, pursuit.KindEntry, profile, t.String())
	if err == nil && len(records) == 0 {
		err = fmt.Errorf("%s on the shortlist of %s: %w", t, profile, store.ErrNotFound)
	}
	if err != nil {
		return pursuit.Entry{}, err
	}
	return pursuit.Read[pursuit.Entry](records[0])
}

// Unlist takes a target off the shortlist. ErrNotFound where it is not on it.
func (d *Desk) Unlist(ctx context.Context, profile string, t pursuit.Target) (pursuit.Target, error) {
	return d.drop(ctx, pursuit.KindEntry, profile, t, "on the shortlist")
}

// Shortlisted lists what is being worked on. ErrNotFound for an unknown profile.
func (d *Desk) Shortlisted(ctx context.Context, profile string, asOf time.Time) (Shortlisted, error) {
	v, err := d.look(ctx, profile, asOf)
	if err != nil {
		return Shortlisted{}, err
	}
	out := Shortlisted{Profile: v.profile.ID, Name: v.profile.Name, AsOf: asOf, Rows: []Row{}}
	targets := v.worksOn()
	out.Rows = make([]Row, len(targets))
	err = atOnce(ctx, len(targets), func(i int) (err error) {
		out.Rows[i], err = d.worked(ctx, v, targets[i].Target, targets[i].on)
		return err
	})
	if err != nil {
		return Shortlisted{}, fmt.Errorf("shortlist of %s: %w", profile, err)
	}
	place := func(r Row) int {
		if r.Entry == nil {
			return -1
		}
		return slices.Index(pursuit.Progresses, r.Entry.Stage)
	}
	slices.SortFunc(out.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), byDeadline(a.Deadline, b.Deadline), strings.Compare(a.Target.String(), b.Target.String()))
	})
	for _, r := range out.Rows {
		stage := r.progress()
		if n := len(out.Stages); n == 0 || out.Stages[n-1].Stage != stage {
			out.Stages = append(out.Stages, StageCount{Stage: stage})
		}
		out.Stages[len(out.Stages)-1].Count++
	}
	if out.Stages == nil {
		out.Stages = []StageCount{}
	}
	return out, nil
}

// workedOn is something people work on, and what they did about it.
type workedOn struct {
	pursuit.Target
	on *onLot
}

// worksOn is what stands on the shortlist or is decided for, each once: what was said under several OCIDs of one opportunity is about the
// one that stands on the shortlist, else about the one that is listed.
func (v *view) worksOn() []workedOn {
	var all []workedOn
	at := map[pursuit.Target]int{} // by the notice that is listed, and lot
	for _, id := range slices.Sorted(maps.Keys(v.did.about)) {
		for lot, on := range v.did.about[id].lots {
			this := workedOn{pursuit.Target{Notice: id, Lot: lot}, on}
			as := this.Target
			if i, ok := v.list.at[id]; ok {
				as.Notice = v.list.rows[i].id
			}
			i, ok := at[as]
			if !ok {
				at[as] = len(all)
				all = append(all, this)
				continue
			}
			one, two := all[i], this
			if one.on.entry == nil && (two.on.entry != nil || id == as.Notice) {
				one, two = two, one
			}
			both := *one.on
			if both.decision == nil {
				both.decision, both.decided = two.on.decision, two.on.decided
			}
			one.on = &both
			all[i] = one
		}
	}
	return slices.DeleteFunc(all, func(w workedOn) bool {
		return w.on.entry == nil && (w.on.decision == nil || w.on.decision.Verdict == pursuit.NoBid)
	})
}

// byDeadline puts the earlier first and none last.
func byDeadline(a, b notice.Moment) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(btoi(a.IsZero()), btoi(b.IsZero()))
	}
	return a.End().Compare(b.End())
}

// worked is the row of what is worked on: about its own lot, also where the notice is closed or gone.
func (d *Desk) worked(ctx context.Context, v *view, t pursuit.Target, on *onLot) (Row, error) {
	r, err := d.rowOf(ctx, v, t)
	if errors.Is(err, store.ErrNotFound) {
		return d.gone(ctx, v, t, on)
	}
	if err != nil {
		return Row{}, err
	}
	out, err := d.row(ctx, v, r)
	if err != nil {
		return Row{}, err
	}
	// What is said of the very target goes before what is said of the notice or of another lot.
	out.Target, out.Decision, out.Entry = t, on.decision, on.entry
	if out.Against = false; on.decision != nil {
		out.Against = on.decision.Verdict.Against(r.fit.Advice)
	}
	return out, nil
}

// rowOf makes a row of a target: out of the list, or of a notice that is in none. ErrNotFound.
func (d *Desk) rowOf(ctx context.Context, v *view, t pursuit.Target) (*row, error) {
	var r *row
	if at, ok := v.list.at[t.Notice]; ok {
		r = v.list.rows[at]
	} else {
		l, err := d.inStep(ctx, false)
		if err != nil {
			return nil, err
		}
		s, err := d.single(ctx, l.lexicon, t.Notice)
		if err != nil {
			return nil, err
		}
		f := s.held.assess(v.list.matcher, s.also, v.asOf)
		r = &row{opportunity: &opportunity{held: s.held, also: s.also, ids: s.ids}, fit: &f, lot: s.held.facts.lot(f.Lot)}
		r.static = r.masks()
	}
	if t.Lot == "" || t.Lot == r.fit.Lot {
		return r, nil
	}
	f, err := bringForward(*r.fit, t)
	if err != nil {
		return nil, err
	}
	own := *r
	own.fit, own.lot = &f, r.facts.lot(t.Lot)
	own.static = own.masks()
	return &own, nil
}

// gone is the row of a notice or lot that is no longer there: the fit of the day it was decided on is what is left.
func (d *Desk) gone(ctx context.Context, v *view, t pursuit.Target, on *onLot) (Row, error) {
	out := Row{Target: t, Gone: true, Places: []Place{}, CPV: []Division{}, Decision: on.decision, Entry: on.entry, Stage: notice.StageOther}
	out.Fit = &matcher.Fit{OCID: t.Notice, Lot: t.Lot, Also: []string{}, Gates: []matcher.Gate{}, Evidence: []matcher.Evidence{}, Advice: matcher.NoBid, Action: matcher.ActionNone}
	all, err := d.store.Pursuits(ctx, d.workspace, v.profile.ID, t)
	if err != nil {
		return Row{}, err
	}
	if len(all) == 1 {
		if x := all[0].Current(); x.Verdict != "" {
			out.Fit = &x.Fit
		}
	}
	out.Title, out.Deadline = out.Fit.Title, out.Fit.Deadline
	return out, nil
}
