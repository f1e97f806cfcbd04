// Package web is the door for people: pages over a [desk.Desk], rendered on the server, that work without JavaScript.
// It does no work of its own: what can be asked is a method of the desk, and a page shows what the desk answered.
//
// A request goes through guard.go (headers, hosts, origins, limits, compression), finds its
// handler in the one table of routes.go, and ends in [server.render] (render.go) or, with an error, in problem.go, where
// every error becomes a page or problem+json with its remedy. What is said after a POST travels in flash.go,
// templates have the helpers of helpers.go, and static.go serves styles and scripts.
//
// Programs have the API (api.go): operations are lines of the same table, answer with what the desk answered, and are described by openapi.json.
//
// # Adding a page
//
//  1. A line in the table of routes: method, pattern, handler, summary.
//  2. A handler in a file of the page's own: func (s *server) name(w http.ResponseWriter, r *http.Request) error.
//     It asks the desk with r.Context() and s.asOf(r.Context()), and returns s.render(w, r, "name", page{…}); after a POST it
//     returns s.redirect(w, r, to, "what was done"). What is wrong with the request is wrongf(…), anything else is returned as it is.
//     A fragment for a script is s.write(w, 0, name, part, value).
//  3. web/templates/name.html, which defines "main" and gets a view: the page, and .AsOf, .Profiles, .Here and so on beside it.
//     Templates whose file begins with "part-" are shared by all pages.
//  4. Where it needs them, web/static/name.css and name.js: every page loads all of them, scripts as modules.
//  5. An address for it in pages of walk_test.go, which holds every page against the rules: one h1, no
//     inline style or script, no violation in axe-core, light and dark, nothing in the console, nothing wider than a phone.
//
// The components all pages are made of (advice, score bar, days left, rows, form fields …) are in
// templates/part-components.html, each with what it is called with.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"bidfit/alerts"
	"bidfit/desk"
)

// Options are what the pages are made of.
type Options struct {
	Desk *desk.Desk
	// Alerts is who tells people without their asking, Base the address that those reach bidfit under; "" where nobody has said.
	Alerts *alerts.Engine
	Base   string
	// Clock tells the time that pages speak of; Now the time that stamps what is written.
	Clock, Now func() time.Time
	// Who signs decisions.
	Who string
	Log *slog.Logger
	// Hosts are the names and addresses the server answers to, without ports; empty is those of
	// loopback. Any other Host is refused: a page elsewhere could have its own name lead here (DNS rebinding).
	Hosts []string
	// Version is told at the foot of each page.
	Version string
	// Sample are the notices that the first run offers; the zero Sample is none.
	Sample Sample
	// Reads says that the feeds that are switched on are read while this door is open.
	Reads bool
	// Upload is how many bytes a file of notices may have, 0 for 256 MiB.
	Upload int64
}

// Sample is a set of notices to try the pages with.
type Sample struct {
	// Load reads the notices into the desk; again, it changes nothing.
	Load func(context.Context) (desk.Totals, error)
	// Releases is how many there are. A store with these and no other is read as of Day, on which they are open.
	Releases int
	Day      time.Time
	// Notice is one of them.
	Notice string
}

// server is the door opened.
type server struct {
	Options
	mux     *http.ServeMux
	pages   *pages
	metrics *metrics
	fetched fetches
	beyond  atomic.Bool // the store holds more than the sample
}

// New opens the door. The handler is safe for concurrent use.
func New(o Options) http.Handler {
	s := newServer(o)
	for _, r := range routes() {
		s.mux.Handle(r.method+" "+r.pattern, s.metrics.timed(r.pattern, s.answer(r.handle)))
	}
	return s.guard(s.mux)
}

// newServer is a door without routes.
func newServer(o Options) *server {
	if o.Upload == 0 {
		o.Upload = 256 << 20
	}
	if len(o.Hosts) == 0 {
		o.Hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	s := &server{Options: o, mux: http.NewServeMux(), pages: parsed(), metrics: newMetrics(o)}
	s.mux.Handle("/", s.metrics.timed("none", s.answer((*server).nowhere)))
	return s
}

// asOf is the time that a page speaks of: the clock's, or the day of the sample where there is nothing but it.
func (s *server) asOf(ctx context.Context) time.Time {
	if s.sampleOnly(ctx) {
		return s.Sample.Day
	}
	return s.Clock()
}

// sampleOnly reports whether the store holds the sample and nothing else. Releases are never removed: once it
// holds more, that stays so.
func (s *server) sampleOnly(ctx context.Context) bool {
	if s.Sample.Load == nil || s.beyond.Load() {
		return false
	}
	stats, err := s.Desk.Stats(ctx)
	if err != nil || stats.Releases < s.Sample.Releases {
		return false
	}
	if stats.Releases > s.Sample.Releases {
		s.beyond.Store(true)
		return false
	}
	if _, err := s.Desk.Notice(ctx, s.Sample.Notice); err != nil {
		s.beyond.Store(ctx.Err() == nil)
		return false
	}
	return true
}
