package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/index"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/vocab"
)

// fault is an error as a person is told of it: what is wrong, and what to do.
type fault struct {
	Status int
	Title  string
	Remedy string
}

func (f fault) Error() string { return f.Title + ": " + f.Remedy }

// wrongf is what is wrong with a request: the field, its value and the remedy.
func wrongf(format string, args ...any) error {
	return fault{http.StatusBadRequest, "That cannot be answered", fmt.Sprintf(format, args...)}
}

// faultOf says an error to a person. What nobody foresaw is told to the log alone.
func faultOf(err error) fault {
	var (
		f         fault
		large     *http.MaxBytesError
		corrupt   *store.CorruptError
		damaged   *vocab.DamagedError
		ambiguous *desk.AmbiguousError
		wrong     profiles.Errors
		asked     alerts.WrongError
		untaken   alerts.UndeliveredError
	)
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &ambiguous):
		return fault{http.StatusMultipleChoices, "Which one is meant?", sentence(err)}
	case errors.Is(err, store.ErrNotFound), errors.Is(err, vocab.ErrUnknown):
		return fault{http.StatusNotFound, "Nothing of that name is here", sentence(err)}
	case errors.Is(err, index.ErrQuery):
		return fault{http.StatusBadRequest, "That cannot be searched for", sentence(err)}
	case errors.As(err, &wrong):
		return fault{http.StatusUnprocessableEntity, "The profile is not right yet", sentence(err)}
	case errors.As(err, &asked):
		return fault{http.StatusUnprocessableEntity, "The subscription is not right yet", sentence(err)}
	case errors.As(err, &untaken):
		return fault{http.StatusBadGateway, "The other side did not take it", sentence(err)}
	case errors.As(err, &large):
		return fault{http.StatusRequestEntityTooLarge, "That is too large", fmt.Sprintf("At most %d MiB can be sent here; \"bidfit ingest FILE\" reads files of any size.", large.Limit>>20)}
	case errors.Is(err, store.ErrInUse), errors.Is(err, index.ErrInUse):
		return fault{http.StatusServiceUnavailable, "The store is busy", sentence(err)}
	case errors.Is(err, context.DeadlineExceeded):
		return fault{http.StatusServiceUnavailable, "That took too long", "Try again, or ask for less at once."}
	case errors.As(err, &corrupt), errors.As(err, &damaged):
		return fault{http.StatusInternalServerError, "Something stored is damaged", sentence(err) + " \"bidfit verify\" tells all that is damaged."}
	}
	return fault{http.StatusInternalServerError, "Something went wrong here", "It is not your doing. The log of the server says more under the number of this request."}
}

// mostSentence is how many letters are told of an error.
const mostSentence = 4000

// sentence is an error as a sentence, without what would turn its direction: errors name what was asked for.
func sentence(err error) string {
	s := upper(typed(mostSentence, err.Error()))
	if s == "" {
		return s
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// answer is a handler for the mux: its error becomes a page.
func (s *server) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(s, w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// problem is an error as JSON (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitzero"`
	// Errors are what is wrong one by one, Candidates the organisations that a name may mean.
	Errors     []member         `json:"errors,omitzero"`
	Candidates []desk.Candidate `json:"candidates,omitzero"`
	// Instance is the number of the request, under which the log of the server says more.
	Instance string `json:"instance"`
}

// problemOf is an error as JSON, which the request of that id ran into.
func problemOf(err error, f fault, id string) problem {
	p := problem{Type: "about:blank", Title: f.Title, Status: f.Status, Detail: f.Remedy, Instance: id}
	if m := (misfit{}); errors.As(err, &m) {
		p.Errors = m.Errors
	}
	if wrong := (profiles.Errors{}); errors.As(err, &wrong) {
		for _, e := range wrong {
			p.Errors = append(p.Errors, member{e.Field, e.Line, e.Column, e.Value, e.Message})
		}
	}
	if e := (*desk.AmbiguousError)(nil); errors.As(err, &e) {
		p.Candidates = e.Candidates
	}
	return p
}

// fail answers with an error: as problem+json where JSON is asked for, else as a page.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	id := w.Header().Get("X-Request-Id")
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		panic(http.ErrAbortHandler) // whoever asked has gone
	}
	f := faultOf(err)
	if f.Status >= 500 {
		s.Log.Error("a request failed", "request", id, "method", r.Method, "path", alerts.Unsecret(r.URL.Path), "why", err)
	}
	w.Header().Del("ETag")
	w.Header().Del("Content-Disposition")
	w.Header().Set("Cache-Control", "no-store")
	if wantsJSON(r) {
		body, _ := json.Marshal(problemOf(err, f, id))
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(f.Status)
		w.Write(body)
		return
	}
	if rerr := s.render(w, r, "problem", page{Title: f.Title, Status: f.Status, Body: struct {
		fault
		Request string
		Failed  bool
	}{f, id, f.Status >= 500}}); rerr != nil {
		s.Log.Error("the page of an error failed", "request", id, "why", rerr)
		http.Error(w, f.Title+"\n\n"+f.Remedy, f.Status)
	}
}

// wantsJSON reports whether a request is answered in JSON, also where it fails.
func wantsJSON(r *http.Request) bool {
	return r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/") || strings.HasSuffix(r.URL.Path, ".json") ||
		strings.HasPrefix(r.Header.Get("Accept"), "application/json") || strings.HasPrefix(r.Header.Get("Accept"), "application/problem+json")
}

// nowhere answers where no route leads; a route there is by another method is named.
func (s *server) nowhere(w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		list := strings.Join(allowed, ", ")
		w.Header().Set("Allow", list)
		return fault{http.StatusMethodNotAllowed, "That is asked for in another way", fmt.Sprintf("%.20s does not go here; %s does.", r.Method, list)}
	}
	return fault{http.StatusNotFound, "There is no such page", "The address may be mistyped, or the page is gone. Start again from the home page, or search."}
}
