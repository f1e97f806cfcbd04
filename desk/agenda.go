package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"bidfit/dossier"
	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/notice/itl"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// Agenda is what comes when of all that is being worked on.
type Agenda struct {
	Profile string    `json:"profile"`
	AsOf    time.Time `json:"asOf"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until,omitzero"`
	Days    []Day     `json:"days"` // those on which something comes
	// Part is whose bank holidays count: those of where the supplier sits. Holidays are those from From until Until, or the last of Days.
	Part     calendar.Division  `json:"part"`
	Holidays []calendar.Holiday `json:"holidays"`
}

// Day is one London day.
type Day struct {
	Day  time.Time `json:"day"` // its midnight
	Left int       `json:"left"`
	// Holiday names a bank holiday of where the supplier sits; Working says that it is neither that nor of a weekend.
	Holiday string  `json:"holiday,omitzero"`
	Working bool    `json:"working"`
	Events  []Event `json:"events"`
}

// Event is something that comes.
type Event struct {
	Target pursuit.Target `json:"target"`
	What   string         `json:"what"` // "deadline for tenders", "questions until", "to do: call the buyer"
	When   notice.Moment  `json:"when"`
	// Own says that it was set by those who work on it, and not by the publisher; Due, that something has to be done by then.
	Own       bool         `json:"own,omitzero"`
	Due       bool         `json:"due,omitzero"`
	At        notice.Path  `json:"at,omitzero"`
	FromProse int          `json:"fromProse,omitzero"` // percent
	Title     string       `json:"title"`
	Buyer     string       `json:"buyer,omitzero"`
	Stage     notice.Stage `json:"stage"`
}

// AgendaOptions say which days are listed: from that of AsOf, or of From, to that of Until, or all.
type AgendaOptions struct{ AsOf, From, Until time.Time }

// Agenda lists by day what comes of what is on the shortlist, or decided to be bid for or watched. ErrNotFound for an unknown profile.
func (d *Desk) Agenda(ctx context.Context, profile string, o AgendaOptions) (Agenda, error) {
	s, err := d.Shortlisted(ctx, profile, o.AsOf)
	if err != nil {
		return Agenda{}, err
	}
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return Agenda{}, err
	}
	if o.From.IsZero() {
		o.From = o.AsOf
	}
	out := Agenda{Profile: profile, AsOf: o.AsOf, From: midnight(o.From), Until: o.Until, Days: []Day{}}
	events, err := d.events(ctx, s.Rows, o.AsOf)
	if err != nil {
		return Agenda{}, err
	}
	cal, part := d.Calendar(), seat(p.Profile)
	out.Part, out.Holidays = part, []calendar.Holiday{}
	for _, e := range events {
		day := midnight(e.When.Time)
		if day.Before(out.From) || !o.Until.IsZero() && day.After(o.Until) {
			continue
		}
		if n := len(out.Days); n == 0 || !out.Days[n-1].Day.Equal(day) {
			x := Day{Day: day, Left: notice.DaysUntil(o.AsOf, day), Working: cal.WorkingDay(day, part)}
			if h, ok := cal.Holiday(day, part); ok {
				x.Holiday = h.Title
			}
			out.Days = append(out.Days, x)
		}
		last := &out.Days[len(out.Days)-1]
		last.Events = append(last.Events, e)
	}
	last := o.Until
	if n := len(out.Days); last.IsZero() && n > 0 {
		last = out.Days[n-1].Day
	}
	for year := out.From.Year(); year <= last.In(notice.London).Year(); year++ {
		for _, h := range cal.Holidays(year, part) {
			if !h.Day.Before(out.From) && !h.Day.After(last) {
				out.Holidays = append(out.Holidays, h)
			}
		}
	}
	return out, nil
}

// events are what comes of some rows, the earliest first; what several rows of one notice share is told once.
func (d *Desk) events(ctx context.Context, rows []Row, asOf time.Time) ([]Event, error) {
	var list []Event
	var of []Row
	told := map[string]bool{}
	for _, r := range rows {
		if e := r.Entry; e != nil && !e.NextBy.IsZero() {
			list = append(list, Event{Target: r.Target, What: e.Step(), When: e.NextBy, Own: true, Due: true, Title: r.Title, Buyer: r.Buyer, Stage: r.Stage})
		}
		if !told[r.Target.Notice] && !r.Gone {
			told[r.Target.Notice] = true
			of = append(of, r)
		}
	}
	dates := make([][]Event, len(of))
	err := atOnce(ctx, len(of), func(i int) error {
		comes, err := d.published(ctx, of[i].Target.Notice, asOf)
		dates[i] = slices.Clone(comes)
		for j := range comes {
			dates[i][j].Title, dates[i][j].Buyer, dates[i][j].Stage = of[i].Title, of[i].Buyer, of[i].Stage
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list = slices.Concat(append([][]Event{list}, dates...)...)
	slices.SortStableFunc(list, func(a, b Event) int {
		if c := a.When.Compare(b.When.Time); c != 0 {
			return c
		}
		return strings.Compare(a.Target.String()+a.What, b.Target.String()+b.What)
	})
	return list, nil
}

// published are the dates that a notice tells; none where it is gone. They do not depend on the day.
func (d *Desk) published(ctx context.Context, id string, asOf time.Time) ([]Event, error) {
	return once(ctx, d, &d.dates, id, mostDates, func(list []Event) int { return 1 + len(list) }, func() (list []Event, err error) {
		n, err := d.store.Notice(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, x := range dossier.Dates(n, asOf) {
			list = append(list, Event{Target: pursuit.Target{Notice: n.ID, Lot: x.Lot}, What: x.What, When: x.When, Due: x.Due, At: x.At, FromProse: x.FromProse})
		}
		return list, nil
	})
}

// midnight is the beginning of a London day.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(notice.London).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, notice.London)
}

// seat is the part of the United Kingdom whose bank holidays a supplier keeps: where it is based, else where all of its
// regions lie, else all parts together.
func seat(p profiles.Profile) calendar.Division {
	if p.Base != "" {
		return calendar.DivisionOf(p.Base)
	}
	part := calendar.Division("")
	for _, r := range p.Regions {
		of := calendar.DivisionOf(itl.Region(r))
		if part != "" && part != of {
			return calendar.UnitedKingdom
		}
		part = of
	}
	if part == "" {
		return calendar.UnitedKingdom
	}
	return part
}
