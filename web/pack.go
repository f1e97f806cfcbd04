package web

import (
	"net/http"
	"strings"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/pursuit"
)

// packBody is a go/no-go pack with what its page needs beside it.
type packBody struct {
	*desk.Pack
	Fit, Board string // addresses
}

func (s *server) pack(w http.ResponseWriter, r *http.Request) error {
	target := pursuit.Target{Notice: r.PathValue("notice"), Lot: r.URL.Query().Get("lot")}
	p, err := s.Desk.Pack(r.Context(), r.PathValue("profile"), target, s.asOf(r.Context()))
	if err != nil {
		return err
	}
	target = p.Row.Target
	page := profilePage(p.Name, "Go/no-go pack", p.Profile)
	page.Crumbs = append(page.Crumbs, Crumb{titled(p.Row.Title), fitPath(p.Profile, target)})
	page.Body = packBody{&p, fitPath(p.Profile, target), lotted(pathOf("notices", target.Notice, "clients"), r.URL.Query().Get("lot"))}
	return s.render(w, r, "pack", page)
}

// PortalURL is the portal where it is an address; "" otherwise.
func (b packBody) PortalURL() string { return dossier.Address(b.Portal) }

// NoticeURL is the publisher's page, where there is one.
func (b packBody) NoticeURL() string { return dossier.Address(b.URL) }

// Quoted are the publisher's words of a condition.
func (b packBody) Quoted(i int) []string { return desk.Quoted(b.Row.Fit.Conditions[i].At) }

// Criterion is a criterion in words.
func (b packBody) Criterion(f dossier.Fact) string { return strings.Trim(f.Label+": "+f.Value, ": ") }

// weighedBar is the part of a bar that one kind of criterion has.
type weighedBar struct{ X, Width int }

// weighed are weights as parts of a bar of a hundred, the last filling what is left.
func weighed(w dossier.Weights) []weighedBar {
	sum := 0
	for _, k := range w.Kinds {
		sum += k.Sum
	}
	var bars []weighedBar
	at := 0
	for i, k := range w.Kinds {
		width := 100 - at
		if i < len(w.Kinds)-1 {
			width = 100 * k.Sum / max(sum, 1)
		}
		bars = append(bars, weighedBar{at, width})
		at += width
	}
	return bars
}
