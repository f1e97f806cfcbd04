package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// mostHolidays bounds how many a list may hold in one division.
const mostHolidays = 10_000

// Parse reads bank holidays as GOV.UK publishes them (bank-holidays.json): an
// object with a member for each division, that holds
//
//	{"division": …, "events": [{"title": …, "date": "2026-01-01", "notes": "Substitute day", "bunting": …}]}
//
// A division may be missing, and other members are passed over. The error says which event is wrong.
func Parse(text []byte) (*Calendar, error) {
	var lists map[string]jsontext.Value
	if err := json.Unmarshal(text, &lists, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, fmt.Errorf("this is not the bank holiday JSON of GOV.UK: %w", err)
	}
	c := &Calendar{parts: map[Division]map[int]Holiday{}}
	for _, d := range divisions {
		raw, ok := lists[string(d)]
		if !ok {
			continue
		}
		var list struct {
			Events []struct {
				Title string `json:"title"`
				Date  string `json:"date"`
				Notes string `json:"notes"`
			} `json:"events"`
		}
		if err := json.Unmarshal(raw, &list, jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, fmt.Errorf("bank holidays of %s: %w", d, err)
		}
		if len(list.Events) > mostHolidays {
			return nil, fmt.Errorf("bank holidays of %s: %d events; there may be %d", d, len(list.Events), mostHolidays)
		}
		for i, e := range list.Events {
			t, err := time.ParseInLocation(time.DateOnly, e.Date, notice.London)
			if err != nil || t.Year() < 1871 { // the year of the first Bank Holidays Act
				return nil, fmt.Errorf("bank holidays of %s: event %d: the date %.40q is no day such as 2026-01-01", d, i+1, e.Date)
			}
			title := strings.Join(strings.Fields(e.Title), " ")
			if title == "" {
				return nil, fmt.Errorf("bank holidays of %s: event %d, %s, has no title", d, i+1, e.Date)
			}
			c.add(d, number(t), title, strings.EqualFold(strings.TrimSpace(e.Notes), "substitute day"))
		}
	}
	if len(c.parts) == 0 {
		return nil, fmt.Errorf("this is not the bank holiday JSON of GOV.UK: it has none of the divisions %s, %s and %s", EnglandAndWales, Scotland, NorthernIreland)
	}
	return c, nil
}

// MarshalJSON writes the form that Parse reads.
func (c *Calendar) MarshalJSON() ([]byte, error) {
	type event struct {
		Title string `json:"title"`
		Date  string `json:"date"`
		Notes string `json:"notes"`
	}
	type list struct {
		Division Division `json:"division"`
		Events   []event  `json:"events"`
	}
	all := map[Division]list{}
	for _, d := range divisions {
		days := make([]int, 0, len(c.parts[d]))
		for day := range c.parts[d] {
			days = append(days, day)
		}
		if len(days) == 0 {
			continue
		}
		slices.Sort(days)
		l := list{Division: d}
		for _, day := range days {
			h := c.parts[d][day]
			e := event{Title: h.Title, Date: h.Day.Format(time.DateOnly)}
			if h.Substitute {
				e.Notes = "Substitute day"
			}
			l.Events = append(l.Events, e)
		}
		all[d] = l
	}
	return json.Marshal(all, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}
