package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/market"
	"bidfit/notice"
	"bidfit/store"
)

// noticeBody is everything a page says of a notice.
type noticeBody struct {
	*dossier.Dossier
	// Key are the facts that one looks for first.
	Key      []dossier.Row
	Due      *DaysLeft // the deadline
	BuyerRef string
	Portal   string
	Timeline *timeline
	DateRows []dateRow
	// Unsaid are the dates that a bidder looks for and nobody said.
	Unsaid   []string
	Sections []section
}

// mostFits is how many profiles have a button of their own for their fit report; those of more are in a menu.
const mostFits = 4

// FirstFits are the profiles whose fit report has a button, FurtherFits those that stand in the menu.
func (noticeBody) FirstFits(all []store.Profile) []store.Profile {
	return all[:min(len(all), mostFits)]
}

func (noticeBody) FurtherFits(all []store.Profile) []store.Profile {
	return all[min(len(all), mostFits):]
}

// section is a part of the page under a heading that can be linked to.
type section struct {
	ID string
	dossier.Section
}

// dossierOf is the notice that a request names, in all its parts.
func (s *server) dossierOf(r *http.Request) (*dossier.Dossier, error) {
	return s.Desk.Dossier(r.Context(), r.PathValue("notice"), s.asOf(r.Context()))
}

func (s *server) notice(w http.ResponseWriter, r *http.Request) error {
	d, err := s.dossierOf(r)
	if err != nil {
		return err
	}
	if d.ID != r.PathValue("notice") { // asked for by a notice number or another OCID
		return s.redirect(w, r, pathOf("notices", d.ID), "")
	}
	asOf := s.asOf(r.Context())
	body := noticeBody{Dossier: d, Timeline: drawn(d.Dates), DateRows: dateRows(d, asOf)}
	if n := d.Notice; n.Deadline.Known() {
		body.Due = due(asOf, n.Deadline.Value)
	} else if n.Future.Known() {
		body.Due = due(asOf, expected(n))
	}
	body.BuyerRef = market.MentionOf(&d.Notice.Buyer).Ref()
	body.Portal = dossier.Address(dossier.Line(d.Notice.Portal.Value))
	for _, x := range d.Sections() {
		x.Rows = slices.DeleteFunc(slices.Clone(x.Rows), func(r dossier.Row) bool { return r.Typed })
		switch {
		case x.Title == "Summary" || len(x.Rows) == 0: // the summary stands above
		case x.Title == "Dates":
			for _, row := range x.Rows {
				if len(row.Lines) == 0 {
					body.Unsaid = append(body.Unsaid, row.Label)
				}
			}
			body.Sections = append(body.Sections, section{sectionID(x.Title), dossier.Section{Title: x.Title}})
		default:
			x.Rows = shortened(x.Rows)
			body.Sections = append(body.Sections, section{sectionID(x.Title), x})
		}
	}
	body.Key = keyFacts(d)
	return s.render(w, r, "notice", page{Title: titleOf(d), Nav: "search", Crumbs: []Crumb{{"Search", "/search"}}, Body: body})
}

// A section of a page has so many rows at most, and a row so many lines: the page of the largest notice is one that a phone can show.
const (
	mostRows  = 650
	mostLines = 60
)

// shortened leaves out what is too much for a page, and says so.
func shortened(rows []dossier.Row) []dossier.Row {
	more := func(n int, one, many string) []dossier.Text {
		return []dossier.Text{{Text: "… " + notice.Count(n, one, many) + " more in the Markdown and the JSON of this notice"}}
	}
	for i, r := range rows {
		if n := len(r.Lines) - mostLines; n > 0 {
			rows[i].Lines = slices.Concat(r.Lines[:mostLines], more(n, "line", "lines"))
		}
	}
	if n := len(rows) - mostRows; n > 0 {
		return append(slices.Clip(rows[:mostRows]), dossier.Row{Label: "further", Lines: more(n, "row", "rows")})
	}
	return rows
}

// titleOf is what a notice is called at the head of a page.
func titleOf(d *dossier.Dossier) string {
	if d.Title == "" {
		return "Notice " + d.ID
	}
	return d.Title
}

// sectionID names a section in the address of the page.
func sectionID(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "-") }

// keyFacts are the facts that one looks for first. One without lines is not specified.
func keyFacts(d *dossier.Dossier) []dossier.Row {
	row := func(label string, texts ...string) dossier.Row {
		r := dossier.Row{Label: label}
		for _, t := range texts {
			if t != "" {
				r.Lines = append(r.Lines, dossier.Text{Text: t})
			}
		}
		return r
	}
	var places []string
	for _, w := range d.Places {
		if name := w.Name(); !slices.Contains(places, name) {
			places = append(places, name)
		}
	}
	const most = 4
	if len(places) > most {
		places = append(places[:most], fmt.Sprintf("and %d more", len(places)-most))
	}
	rows := []dossier.Row{row("Value", d.Value.Words, d.Value.Yearly.Words), row("Where", places...)}
	if len(d.Lots) > 1 {
		rows = append(rows, row("Lots", d.Counts.Lots.Words()))
	}
	return append(rows, row("Suits", d.Suits.Words()))
}

func (s *server) noticeJSON(w http.ResponseWriter, r *http.Request) error {
	d, err := s.dossierOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return desk.WriteJSON(w, d)
}

func (s *server) noticeMarkdown(w http.ResponseWriter, r *http.Request) error {
	d, err := s.dossierOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	attach(w, d.ID+".md")
	return d.WriteMarkdown(w)
}

func (s *server) noticeRecord(w http.ResponseWriter, r *http.Request) error {
	record, err := s.Desk.Record(r.Context(), r.PathValue("notice"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(record)
	return err
}

// attach has a browser save an answer under a name.
func attach(w http.ResponseWriter, name string) {
	safe := strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') {
			return r
		}
		return '-'
	}, name)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", safe))
}

// mostAlike is how many notices each list of similar ones has.
const mostAlike = 8

// similar lists notices like one, who won such and at what price.
func (s *server) similar(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Desk.Similar(r.Context(), r.PathValue("notice"), mostAlike, s.asOf(r.Context()))
	if err != nil {
		return err
	}
	return s.render(w, r, "similar", page{Title: "Notices like it", Nav: "search",
		Crumbs: []Crumb{{"Search", "/search"}, {x.Title, pathOf("notices", x.Notice)}}, Body: x})
}
