package web

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/notice/calendar"
)

// calendarBody is a month of what comes of what is being worked on.
type calendarBody struct {
	Title                 string // July 2026
	Weeks                 []week
	Days                  []calendarDay // those of the month on which something comes, or that are bank holidays
	Previous, Next, Today string        // addresses
	PreviousTitle         string
	NextTitle             string
	Query                 string // of the .ics
	Holidays              string // whose bank holidays these are
	Work                  bool   // something is being worked on
}

// week is a row of the month.
type week struct {
	Monday time.Time
	Days   []calendarDay
}

// calendarDay is one day.
type calendarDay struct {
	Day     time.Time
	Of      string // YYYY-MM-DD
	Number  int
	In      bool // the month
	Today   bool
	Past    bool
	Weekend bool
	Holiday string
	Left    string // in 6 days
	Events  []calendarEvent
}

// calendarEvent is something that comes, with the address of the fit it is about.
type calendarEvent struct {
	desk.Event
	Href string
	Time string // 17:00; "" for a whole day
}

// Tone is how much an event asks: a deadline or own step something, the rest nothing.
func (e calendarEvent) Tone() string {
	switch {
	case e.Own:
		return "own"
	case e.Due:
		return "due"
	}
	return "note"
}

// Words say what comes, in so many letters.
func (e calendarEvent) Words(most int) string {
	if e.Own {
		return upper(typed(most, e.What))
	}
	return upper(cut(most, e.What))
}

// The months that can be looked at.
const (
	firstYear = 2000
	lastYear  = 2100
)

func (s *server) calendar(w http.ResponseWriter, r *http.Request) error {
	ctx, profile := r.Context(), r.PathValue("profile")
	asOf := s.asOf(ctx)
	first := firstOf(asOf.In(notice.London))
	if text := r.URL.Query().Get(queryMonth); text != "" {
		month, err := time.ParseInLocation("2006-01", text, notice.London)
		if err != nil || month.Year() < firstYear || month.Year() > lastYear {
			return wrongf("%s=%.40q is not a month from %d to %d. Write it as 2026-07.", queryMonth, text, firstYear, lastYear)
		}
		first = month
	}
	p, err := s.Desk.Profile(ctx, profile)
	if err != nil {
		return err
	}
	monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	end := first.AddDate(0, 1, -1)
	sunday := end.AddDate(0, 0, (7-int(end.Weekday()))%7)
	agenda, err := s.Desk.Agenda(ctx, profile, desk.AgendaOptions{AsOf: asOf, From: monday, Until: sunday})
	if err != nil {
		return err
	}
	work, err := s.Desk.Shortlisted(ctx, profile, asOf)
	if err != nil {
		return err
	}
	own := pathOf("profiles", profile, "calendar")
	to := func(month time.Time) string {
		if month.Year() < firstYear || month.Year() > lastYear {
			return ""
		}
		return withQuery(own, url.Values{queryMonth: {month.Format("2006-01")}})
	}
	before, after := first.AddDate(0, -1, 0), first.AddDate(0, 1, 0)
	b := calendarBody{
		Title: first.Format("January 2006"), Previous: to(before), Next: to(after), Today: own,
		PreviousTitle: before.Format("January 2006"), NextTitle: after.Format("January 2006"), Query: shortlistQuery(""),
		Holidays: partWords[agenda.Part], Work: len(work.Rows) > 0,
	}
	days := map[string]calendarDay{}
	for _, h := range agenda.Holidays {
		days[h.Day.Format(time.DateOnly)] = calendarDay{Holiday: h.Title}
	}
	for _, d := range agenda.Days {
		x := days[d.Day.Format(time.DateOnly)]
		for _, e := range d.Events {
			event := calendarEvent{Event: e, Href: fitPath(profile, e.Target)}
			if !e.When.Day {
				event.Time = e.When.In(notice.London).Format("15:04")
			}
			x.Events = append(x.Events, event)
		}
		days[d.Day.Format(time.DateOnly)] = x
	}
	for day := monday; !day.After(sunday); day = day.AddDate(0, 0, 1) {
		x := days[day.Format(time.DateOnly)]
		left := notice.DaysUntil(asOf, day)
		x.Day, x.Of, x.Number, x.Left = day, day.Format(time.DateOnly), day.Day(), notice.InDays(left)
		x.In, x.Today, x.Past = day.Month() == first.Month(), left == 0, left < 0
		x.Weekend = day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if day.Weekday() == time.Monday {
			b.Weeks = append(b.Weeks, week{Monday: day})
		}
		last := &b.Weeks[len(b.Weeks)-1]
		last.Days = append(last.Days, x)
		if x.In && (len(x.Events) > 0 || x.Holiday != "") {
			b.Days = append(b.Days, x)
		}
	}
	page := profilePage(p.Name, "Calendar", profile)
	page.Body = b
	return s.render(w, r, "calendar", page)
}

// firstOf is the first day of a London day's month.
func firstOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, notice.London)
}

// partWords say whose bank holidays are kept.
var partWords = map[calendar.Division]string{
	calendar.EnglandAndWales: "England and Wales", calendar.Scotland: "Scotland", calendar.NorthernIreland: "Northern Ireland",
	calendar.UnitedKingdom: "any part of the United Kingdom",
}

// Nothing says that no work has dates in the month.
func (b calendarBody) Nothing() Empty {
	if b.Work {
		return Empty{Title: fmt.Sprintf("Nothing comes in %s", b.Title), Text: "No date of what is being worked on lies in this month."}
	}
	return Empty{Title: "Nothing is being worked on yet", Text: "The dates of what you decide to bid for or to watch stand here, and your own next steps."}
}
