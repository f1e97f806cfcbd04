package web

import (
	"net/http"

	"bidfit/desk"
)

// healthz answers while the store does: a server that is not well is to be started again.
func (s *server) healthz(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Desk.Stats(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("well\n"))
	return err
}

// readyz tells whether what is answered is complete and new. A server that is not ready answers all the same, out of what it has.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) error {
	ready, err := s.Desk.Ready(r.Context(), s.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if !ready.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return desk.WriteJSON(w, ready)
}
