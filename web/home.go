package web

import (
	"net/http"

	"bidfit/store"
)

// homeBody is the home page.
type homeBody struct {
	Stats store.Stats
}

func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	stats, err := s.Desk.Stats(r.Context())
	if err != nil {
		return err
	}
	return s.render(w, r, "home", page{Title: "Home", Nav: "home", Body: homeBody{stats}})
}
