package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"bidfit/dossier"
)

// noticeBody is everything a page says of a notice.
type noticeBody struct {
	*dossier.Dossier
	Sections []dossier.Section
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
	return s.render(w, r, "notice", page{Title: d.Heading(), Nav: "search", Crumbs: []Crumb{{"Search", "/search"}}, Body: noticeBody{d, d.Sections()}})
}

func (s *server) noticeJSON(w http.ResponseWriter, r *http.Request) error {
	d, err := s.dossierOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.MarshalWrite(w, d, json.Deterministic(true))
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
