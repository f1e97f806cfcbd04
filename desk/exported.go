package desk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"bidfit/export"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Listing is which rows of a profile go on paper.
type Listing string

const (
	ListAdvised   Listing = "advised"   // every bid and review fit, and everything decided, best first
	ListDecided   Listing = "decided"   // of these what is decided
	ListReview    Listing = "review"    // what Review shows
	ListShortlist Listing = "shortlist" // what Shortlisted shows
)

// Exporting says what goes on paper.
type Exporting struct {
	AsOf time.Time
	List Listing
	// Filter and Order are those of a review.
	Filter Filter
	Order  matcher.Order
	// Stage is that of a shortlist, as Only takes it.
	Stage string
}

// listed is one row that goes on paper.
type listed struct {
	fit     matcher.Fit
	notice  string
	decided *pursuit.Pursuit // nil where nothing was
	entry   *pursuit.Entry   // nil where it is not on the shortlist
}

// Exported gives the rows of an export, those and in that order that the list shows. What fails before the first of them is the
// error; each notice is read when its row comes. The rows may be ranged over more than once. ErrNotFound for an unknown profile.
func (d *Desk) Exported(ctx context.Context, profile string, o Exporting) (iter.Seq2[export.Row, error], error) {
	v, err := d.look(ctx, profile, o.AsOf)
	if err != nil {
		return nil, err
	}
	var list []listed
	switch o.List {
	case ListAdvised, ListDecided:
		list, err = d.decidedRows(ctx, v, o.List == ListDecided)
	case ListReview:
		list, err = d.reviewRows(ctx, v, o)
	case ListShortlist:
		list, err = d.shortlistRows(ctx, v, o)
	default:
		err = fmt.Errorf("list %q is none of %s, %s, %s, %s", o.List, ListAdvised, ListDecided, ListReview, ListShortlist)
	}
	if err != nil {
		return nil, fmt.Errorf("shortlist of %s: %w", profile, err)
	}
	return func(yield func(export.Row, error) bool) {
		for _, e := range list {
			n, err := d.store.Notice(ctx, e.notice)
			if errors.Is(err, store.ErrNotFound) { // worked on once, and gone since
				n, err = &notice.Notice{ID: e.notice, OCID: e.fit.OCID, Stage: notice.StageOther}, nil
			}
			row := export.Row{Profile: v.profile.Profile, Lexicon: v.lexicon, AsOf: o.AsOf, Notice: n, Fit: e.fit, Pursuit: e.decided, Entry: e.entry}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}, nil
}

// Shortlist lists, best first, every bid and review fit of a profile and everything decided, or the last alone.
func (d *Desk) Shortlist(ctx context.Context, profile string, asOf time.Time, decidedOnly bool) (iter.Seq2[export.Row, error], error) {
	list := ListAdvised
	if decidedOnly {
		list = ListDecided
	}
	return d.Exported(ctx, profile, Exporting{AsOf: asOf, List: list})
}

// decidedRows are what is advised and what is decided: a decision about a lot stands on a row of that lot, one about a notice on its best lot's.
func (d *Desk) decidedRows(ctx context.Context, v *view, decidedOnly bool) ([]listed, error) {
	report, err := d.Match(ctx, v.profile.ID, MatchOptions{AsOf: v.asOf, Known: true})
	if err != nil {
		return nil, err
	}
	list, err := d.shortlist(ctx, report, decidedOnly)
	for i := range list {
		t := pursuit.Target{Notice: list[i].notice, Lot: list[i].fit.Lot}
		if list[i].decided != nil {
			t = list[i].decided.Target
		}
		list[i].entry = v.did.on(t).entry
	}
	return list, err
}

// pursued are the pursuits of a profile of which a decision is in force.
func (d *Desk) pursued(ctx context.Context, profile string) (map[pursuit.Target]*pursuit.Pursuit, error) {
	all, err := d.stands(ctx, profile)
	if err != nil {
		return nil, err
	}
	of := make(map[pursuit.Target]*pursuit.Pursuit, len(all))
	for i := range all {
		of[all[i].Target] = &all[i]
	}
	return of, nil
}

// reviewRows are what Review shows, all its pages.
func (d *Desk) reviewRows(ctx context.Context, v *view, o Exporting) ([]listed, error) {
	of, err := d.pursued(ctx, v.profile.ID)
	if err != nil {
		return nil, err
	}
	shown, _ := v.filter(o.Filter, o.Order, &Review{})
	list := make([]listed, 0, len(shown))
	for _, i := range shown {
		r := v.list.rows[i]
		w := v.work(r)
		e := listed{fit: *r.fit, notice: r.id, entry: w.entry}
		if w.decision != nil {
			e.decided = of[w.decision.Target]
		}
		list = append(list, e)
	}
	return list, nil
}

// shortlistRows are what Shortlisted shows.
func (d *Desk) shortlistRows(ctx context.Context, v *view, o Exporting) ([]listed, error) {
	s, err := d.Shortlisted(ctx, v.profile.ID, o.AsOf)
	if err != nil {
		return nil, err
	}
	if s, err = s.Only(o.Stage); err != nil {
		return nil, err
	}
	of, err := d.pursued(ctx, v.profile.ID)
	if err != nil {
		return nil, err
	}
	list := make([]listed, 0, len(s.Rows))
	for _, r := range s.Rows {
		list = append(list, listed{*r.Fit, r.Target.Notice, of[r.Target], r.Entry})
	}
	return list, nil
}
