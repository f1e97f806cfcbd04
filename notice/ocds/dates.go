package ocds

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"bidfit/notice"
)

// Years outside these cannot be meant: 0025 and 20226 are slips of the finger.
const (
	firstYear = 1950
	lastYear  = 2150
)

// withZone and withoutZone are the ways publishers write a point in time, once
// T, Z and the blank between date and time are brought to one form. A fraction of a
// second is accepted after every 05. Time without a zone is London's.
var (
	withZone    = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700"}
	withoutZone = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "02/01/2006T15:04:05", "02/01/2006T15:04"}
	wholeDays   = []string{"2006-01-02", "2006-01-02Z07:00", "02/01/2006"}
)

// parseMoment reads a date, or a date and time, in the forms that occur in
// notices: one ladder for the dates of releases and for everything in them. The
// offset is kept as published, because a shift to UTC would move London days.
func parseMoment(s string) (notice.Moment, error) {
	t := clockForm(s)
	if t == "" {
		return notice.Moment{}, errors.New("the date is empty")
	}
	m, ok := readMoment(t)
	if !ok {
		return notice.Moment{}, fmt.Errorf("%q is not a date such as 2026-07-14 or 2026-07-14T17:00:00+01:00", clip(s))
	}
	if y := m.Year(); y < firstYear || y > lastYear {
		return notice.Moment{}, fmt.Errorf("%q lies in the year %d", clip(s), y)
	}
	return m, nil
}

func readMoment(s string) (notice.Moment, bool) {
	for _, layout := range withZone {
		if t, err := time.Parse(layout, s); err == nil {
			return notice.Moment{Time: t}, true
		}
	}
	for _, layout := range withoutZone {
		if t, err := time.ParseInLocation(layout, s, notice.London); err == nil {
			return notice.Moment{Time: t}, true
		}
	}
	for _, layout := range wholeDays {
		if t, err := time.Parse(layout, s); err == nil {
			y, m, d := t.Date()
			return notice.Moment{Time: time.Date(y, m, d, 0, 0, 0, 0, notice.London), Day: true}, true
		}
	}
	return notice.Moment{}, false
}

// clockForm trims a date and writes capital T and Z, and T for the blank
// between date and time.
func clockForm(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 40 {
		return s // longer than any date: the layouts will refuse it
	}
	s = strings.ToUpper(s)
	if day, clock, ok := strings.Cut(s, " "); ok {
		s = day + "T" + strings.ReplaceAll(clock, " ", "")
	}
	return s
}

// milestones reads dates that the publisher set under headings of their own.
func (p *projector) milestones(lists ...*value) []notice.Milestone {
	var milestones []notice.Milestone
	for _, list := range lists {
		for _, v := range list.each() {
			m := notice.Milestone{
				ID:          id(v.get("id")),
				Kind:        id(v.get("type")),
				Title:       p.words(v.get("title")),
				Description: p.words(v.get("description")),
				Due:         p.moment(v.get("dueDate")),
				Met:         p.moment(v.get("dateMet")),
				Status:      p.token(v.get("status")),
			}
			if m.Due.Known() || m.Met.Known() || m.Title.Known() || m.Description.Known() {
				milestones = append(milestones, m)
			}
		}
	}
	return milestones
}

// clip shortens what a message quotes.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
