package web

import (
	"fmt"
	"net/http"

	"bidfit/desk"
)

// feedsBody is the page of the feeds.
type feedsBody struct {
	Ready desk.Ready
	Feeds []feedRow
	// Reads says that this server reads the feeds that are switched on; else switching one on would read nothing.
	Reads bool
}

// feedRow is one feed on a page.
type feedRow struct {
	desk.FeedStatus
	About string
}

// State is how a feed is doing, in a word or two.
func (f feedRow) State() string {
	switch {
	case !f.On:
		return "off"
	case f.Trouble != "":
		return "in trouble"
	case !f.Failing.IsZero():
		return "failing"
	case f.Running != nil:
		return "reading"
	}
	return "well"
}

// CutOff reports whether the last run came to no end of its own.
func (f feedRow) CutOff() bool { return f.Running == nil && f.Ended.Before(f.Began) }

// Percent is how much of what is being read is read.
func (f feedRow) Percent() int { return f.Running.Covered / 10 }

// feedRows are the feeds that there are.
func (s *server) feedRows(r desk.Ready) []feedRow {
	about := map[string]string{}
	for _, f := range s.Desk.Scheduled() {
		about[f.Feed.Name()] = f.About
	}
	rows := make([]feedRow, len(r.Feeds))
	for i, f := range r.Feeds {
		rows[i] = feedRow{f, about[f.Feed]}
	}
	return rows
}

func (s *server) feeds(w http.ResponseWriter, r *http.Request) error {
	ready, err := s.Desk.Ready(r.Context(), s.Now())
	if err != nil {
		return err
	}
	return s.render(w, r, "feeds", page{Title: "Feeds", Nav: "home", Crumbs: []Crumb{{"Home", "/"}}, Body: feedsBody{ready, s.feedRows(ready), s.Reads}})
}

// switchFeed switches a feed on or off.
func (s *server) switchFeed(w http.ResponseWriter, r *http.Request) error {
	name, to := r.PostFormValue("feed"), r.PostFormValue("to")
	if to != "on" && to != "off" {
		return wrongf("to: %q is neither on nor off.", cut(40, to))
	}
	if !s.Reads {
		return wrongf("This server reads no feeds: it shows the sample. Start it without --demo.")
	}
	if err := s.Desk.Switch(r.Context(), name, to == "on"); err != nil {
		return err
	}
	said := name + " is switched off. What it brought stays."
	if to == "on" {
		said = fmt.Sprintf("%s is switched on and is being read now. This page tells how far it is.", name)
	}
	return s.redirect(w, r, "/feeds", said)
}
