package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"path"
	"strconv"
	"sync"
	"time"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/export"
	"bidfit/matcher"
	"bidfit/store"
)

// These pages are for whoever has a secret address: a feed reader, a calendar, somebody who got an e-mail. They tell nothing
// of what else is here.

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// How often one secret address may be fetched, and how often addresses that lead nowhere.
const (
	fetchWindow = time.Minute
	mostFetched = 30
)

// fetches counts by subscription, "" for those that lead nowhere, within a window.
type fetches struct {
	mu    sync.Mutex
	since time.Time
	count map[string]int
}

// over counts one, and says how long to wait where that is too many.
func (f *fetches) over(id string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if age := now.Sub(f.since); age < 0 || age >= fetchWindow || f.count == nil {
		f.since, f.count = now, map[string]int{}
	}
	if f.count[id]++; f.count[id] <= mostFetched {
		return 0
	}
	return fetchWindow - now.Sub(f.since)
}

// subscribed answers at the secret addresses of a feed: what the profile's list has of what the subscription asks for, as a feed or its dates as a calendar.
func (s *server) subscribed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := export.FormatOf(path.Base(r.URL.Path))
	if err != nil {
		return err
	}
	a, err := s.subscriptionOf(ctx, r.PathValue("secret"), alerts.Feed)
	if err == nil && a.Paused {
		err = fault{http.StatusNotFound, "This feed is paused", "Whoever set it up can resume it."}
	}
	if wait := s.fetched.over(a.ID, s.Now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return fault{http.StatusTooManyRequests, "That is too often", "Once an hour is enough: nothing changes faster."}
	}
	if err != nil {
		return err
	}
	asOf := s.asOf(ctx).Truncate(time.Minute)
	what := desk.Exporting{List: desk.ListReview, AsOf: asOf}
	advice := []string{string(matcher.Bid)}
	if a.Advice != matcher.Bid {
		advice = append(advice, string(matcher.Review))
	}
	what.Filter.By = map[string][]string{desk.FacetAdvice: advice}
	profile, err := s.Desk.Profile(ctx, a.Profile)
	if err != nil {
		return err
	}
	rows, err := s.Desk.Exported(ctx, profile.ID, what)
	if err != nil {
		return err
	}
	o := export.Options{Profile: profile.Profile, AsOf: asOf, Self: s.base(r) + r.URL.EscapedPath()}
	var b bytes.Buffer
	err = export.Write(&b, f, o, func(yield func(export.Row, error) bool) {
		for row, err := range rows {
			if err == nil && row.Fit.Score < a.Score {
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:18])+`"`)
	if tagged(r.Header.Values("If-None-Match"), w.Header().Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", f.MediaType(o))
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	_, err = w.Write(b.Bytes())
	return err
}

// unsubscribing is the page on which a subscription by e-mail ends. Opening it changes nothing: mail scanners follow links.
type unsubscribing struct {
	Action, Title, Profile string
	Done                   bool
	Styles                 []string
}

func (s *server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	a, err := s.subscriptionOf(r.Context(), r.PathValue("secret"), alerts.Email)
	if err != nil {
		return err
	}
	return s.unsubscribeAt(w, r, a, a.Unsubscribed())
}

// unsubscribed ends a subscription by e-mail, from the page or by one click in a mail program (RFC 8058), which comes from its provider's
// server and so names no origin. The secret in the address is leave enough.
func (s *server) unsubscribed(w http.ResponseWriter, r *http.Request) error {
	a, err := s.subscriptionOf(r.Context(), r.PathValue("secret"), alerts.Email)
	if err != nil {
		return err
	}
	if _, err := s.Alerts.Unsubscribed(r.Context(), a.Secret.Reveal()); err != nil {
		return err
	}
	return s.unsubscribeAt(w, r, a, true)
}

func (s *server) unsubscribeAt(w http.ResponseWriter, r *http.Request, a alerts.Subscription, done bool) error {
	name := a.Profile
	if p, err := s.Desk.Profile(r.Context(), a.Profile); err == nil {
		name = p.Profile.Name
	}
	return s.write(w, 0, "unsubscribe", "bare", unsubscribing{a.UnsubscribePath(), map[bool]string{true: "You are unsubscribed", false: "Unsubscribe?"}[done], name, done, s.pages.static.styles})
}
