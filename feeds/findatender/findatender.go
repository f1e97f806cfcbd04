// Package findatender reads Find a Tender, the service on which public bodies of the United Kingdom publish their notices.
//
// Bottom-up: [wall] is time as the service reads it, and windows are cut on its line (wall.go). [density] says how wide a window can be for its releases to
// fit on one page (density.go). A page is read (page.go) and taken in with the numbers of its notices (numbers.go), out of which comes what is missing. The state
// remembers all of that between syncs (state.go). [Feed.Sync] puts it together (sync.go).
//
// The service's own links to further pages lose releases, so nothing rests on them: a window counts as read when a page of it that was asked for without a
// cursor holds fewer releases than a page can. Such a page can silently lack some all the same. So everything is read again, in other windows, until it is two
// hours old, and what the numbers of notices say is missing is asked for by number.
package findatender

import (
	"log/slog"
	"net/http"
	"time"

	"bidfit/feeds"
)

// Base is where the service is.
const Base = "https://www.find-tender.service.gov.uk/api/1.0"

// Allowed is how often the service lets itself be asked: its 429 says "Rate limit of 12 exceeded. Please retry after 120 seconds."
var Allowed = feeds.Rate{Requests: 12, Per: 120 * time.Second}

// Options are those of a feed; the zero value of each has a meaning.
type Options struct {
	BaseURL   string            // "" is [Base]; it includes /api/1.0
	Rate      feeds.Rate        // zero is [Allowed]
	Transport http.RoundTripper // nil is [feeds.NewTransport]
	Version   string            // bidfit's
	Log       *slog.Logger
}

// Feed reads Find a Tender. One Sync runs at a time.
type Feed struct {
	service feeds.Service
	log     *slog.Logger
}

// New is a feed; nothing is asked before its first Sync.
func New(o Options) (*Feed, error) {
	if o.BaseURL == "" {
		o.BaseURL = Base
	}
	if o.Rate == (feeds.Rate{}) {
		o.Rate = Allowed
	}
	if o.Transport == nil {
		o.Transport = feeds.NewTransport()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	f := &Feed{log: o.Log.With("feed", "find-a-tender")}
	f.service = feeds.Service{Base: o.BaseURL, Rate: o.Rate, Transport: o.Transport, Version: o.Version, Log: f.log}
	return f, f.service.Check()
}

// Name is "find-a-tender".
func (*Feed) Name() string { return "find-a-tender" }
