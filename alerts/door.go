package alerts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/store"
)

// This file is what the doors ask: the command line, the pages and the API. A secret leaves it once, when a subscription is made.

// WrongError says what is wrong with a subscription that is asked for.
type WrongError struct{ Err error }

func (e WrongError) Error() string { return e.Err.Error() }
func (e WrongError) Unwrap() error { return e.Err }

// UndeliveredError says why a test did not arrive.
type UndeliveredError struct{ Err error }

func (e UndeliveredError) Error() string { return "the test was not taken: " + e.Err.Error() }
func (e UndeliveredError) Unwrap() error { return e.Err }

// Wish is what can be said about a subscription. What is left out is as usual: every day at 07:30, bid and review, everything that
// happens, three days before the deadline.
type Wish struct {
	// Channel is email, webhook or feed. It stays what it is.
	Channel Channel `json:"channel,omitzero"`
	// To is the address of an e-mail or the URL of a webhook; nothing for a feed.
	To string `json:"to,omitzero"`
	// Days are the days of the week it is sent on, 0 is Sunday and 6 Saturday; none is every day.
	Days []time.Weekday `json:"days,omitzero"`
	// At is the time of day in Europe/London, "07:30".
	At string `json:"at,omitzero"`
	// AtOnce sends as soon as something happens.
	AtOnce bool `json:"atOnce,omitzero"`
	// Advice is the least that is told of: review tells of bid and review.
	Advice matcher.Advice `json:"advice,omitzero"`
	// Score is the least score, in points.
	Score int `json:"score,omitzero"`
	// Tells are the happenings it tells of: new, changed, closing, withdrawn; none is all of them.
	Tells []Happening `json:"tells,omitzero"`
	// ClosingDays is how many days before the deadline a notice counts as closing.
	ClosingDays int `json:"closingDays,omitzero"`
	// Paused sends nothing. Left out it is as it was: who changes another thing does not resume what somebody unsubscribed from.
	Paused *bool `json:"paused,omitzero"`
}

// Wish is what is said about a subscription now.
func (s Subscription) Wish() Wish {
	return Wish{s.Channel, s.To, slices.Clone(s.Days), s.At, s.AtOnce, s.Advice, s.Score, slices.Clone(s.Tells), s.ClosingDays, nil}
}

// into puts a wish into a subscription.
func (w Wish) into(s *Subscription) {
	if w.At == "" && !w.AtOnce && s.Channel != Feed {
		w.At = "07:30"
	}
	if w.Advice == "" {
		w.Advice = matcher.Review
	}
	if w.ClosingDays == 0 {
		w.ClosingDays = DefaultClosingDays
	}
	if w.AtOnce || s.Channel == Feed {
		w.At, w.Days = "", nil
	}
	s.To, s.Days, s.At, s.AtOnce = strings.TrimSpace(w.To), w.Days, w.At, w.AtOnce
	s.Advice, s.Score, s.Tells, s.ClosingDays = w.Advice, w.Score, w.Tells, w.ClosingDays
}

// Opened is a subscription that was just made, with what only who made it is told, once.
type Opened struct {
	Subscription
	// Key is what the signatures of a webhook are verified with: "whsec_…".
	Key string `json:"key,omitzero"`
	// Atom and Calendar are the secret addresses of a feed. Without the address of bidfit (alerts.url) they are paths.
	Atom     string `json:"atom,omitzero"`
	Calendar string `json:"calendar,omitzero"`
}

// Open makes a subscription to a profile. base is the address that bidfit is reached under, or "".
func (e *Engine) Open(ctx context.Context, profile string, w Wish, who, base string, now time.Time) (Opened, error) {
	s := Subscription{Profile: profile, Channel: w.Channel, Who: who}
	w.into(&s)
	s, err := e.Add(ctx, s, now)
	if err != nil {
		return Opened{}, err
	}
	if w.Paused != nil && *w.Paused {
		if err := e.Pause(ctx, s.ID, "paused by "+who); err != nil {
			return Opened{}, err
		}
	}
	o := Opened{Subscription: s}
	base = strings.TrimRight(base, "/")
	switch s.Channel {
	case Webhook:
		if o.Key, err = s.Secret.Key(); err != nil {
			return o, err
		}
	case Feed:
		o.Atom, o.Calendar = base+s.AtomPath(), base+s.CalendarPath()
	}
	o.Secret = ""
	return o, nil
}

// Revise has a subscription of a profile say what is wished, and returns it.
func (e *Engine) Revise(ctx context.Context, profile, id string, w Wish, who string) (Subscription, error) {
	if _, err := e.of(ctx, profile, id); err != nil {
		return Subscription{}, err
	}
	s, err := e.Change(ctx, id, func(s *Subscription) error {
		if w.Channel != "" && w.Channel != s.Channel {
			return WrongError{fmt.Errorf("channel: a subscription by %s stays one; remove it and add one by %s", s.Channel, w.Channel)}
		}
		w.into(s)
		if w.Paused == nil {
			return nil
		}
		if *w.Paused && !s.Paused {
			s.Why = "paused by " + who
		}
		s.Paused = *w.Paused
		return nil
	})
	s.Secret = ""
	return s, err
}

// of is a subscription of a profile, of any where the profile is "". One of another is none.
func (e *Engine) of(ctx context.Context, profile, id string) (Subscription, error) {
	s, err := e.Subscription(ctx, id)
	if err == nil && profile != "" && s.Profile != profile {
		err = fmt.Errorf("subscription %.80q of profile %.80q: %w", id, profile, store.ErrNotFound)
	}
	return s, err
}

// Standing is how a subscription stands.
type Standing struct {
	Subscription
	// Next is when it is sent next, where that has a time.
	Next time.Time `json:"next,omitzero"`
	// Waiting is what is on its way, Sent what has become of the last ones, the newest first.
	Waiting []Pending `json:"waiting"`
	Sent    []Sent    `json:"sent"`
}

// Standing tells how a subscription of a profile ("" for any) stands, with at most so many of those sent.
func (e *Engine) Standing(ctx context.Context, profile, id string, most int, now time.Time) (Standing, error) {
	s, err := e.of(ctx, profile, id)
	if err != nil {
		return Standing{}, err
	}
	return e.standing(ctx, s, most, now)
}

func (e *Engine) standing(ctx context.Context, s Subscription, most int, now time.Time) (Standing, error) {
	at := Standing{Subscription: s, Next: s.Next(now).UTC()}
	at.Secret = ""
	var err error
	if at.Waiting, err = e.Outbox(ctx, s.ID); err != nil {
		return at, err
	}
	at.Sent, err = e.Sent(ctx, s.ID, most)
	return at, err
}

// Overview is how the subscriptions of a profile stand.
type Overview struct {
	Profile string     `json:"profile"`
	Name    string     `json:"name"`
	Alerts  []Standing `json:"alerts"`
}

// Overview tells of every subscription of a profile, the oldest first, with at most so many of those sent.
func (e *Engine) Overview(ctx context.Context, profile string, most int, now time.Time) (Overview, error) {
	p, err := e.store.Profile(ctx, e.workspace, profile)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Profile: p.ID, Name: p.Profile.Name}
	all, err := e.Subscriptions(ctx, p.ID)
	if err != nil {
		return o, err
	}
	for _, s := range all {
		at, err := e.standing(ctx, s, most, now)
		if err != nil {
			return o, err
		}
		o.Alerts = append(o.Alerts, at)
	}
	return o, nil
}

// Close removes a subscription of a profile.
func (e *Engine) Close(ctx context.Context, profile, id string) (Subscription, error) {
	s, err := e.of(ctx, profile, id)
	if err != nil {
		return s, err
	}
	s.Secret = ""
	return s, e.Remove(ctx, id)
}

// Tested is a test that arrived.
type Tested struct {
	ID           string    `json:"id"` // Message-ID and webhook-id are made of it
	Subscription string    `json:"subscription"`
	To           string    `json:"to"`
	When         time.Time `json:"when"`
}

// Test sends a message without items to where a subscription leads, at once and once, also where it is paused, but not to somebody who unsubscribed. UndeliveredError.
func (e *Engine) Test(ctx context.Context, profile, id string, now time.Time) (Tested, error) {
	s, err := e.of(ctx, profile, id)
	if err != nil {
		return Tested{}, err
	}
	if s.Channel == Feed {
		return Tested{}, WrongError{errors.New("a feed is fetched, nothing is sent; open its address to see it")}
	}
	if s.Unsubscribed() {
		return Tested{}, WrongError{fmt.Errorf("%s unsubscribed; resume the subscription first, when they ask for it", s.To)}
	}
	d := e.by[s.Channel]
	if d == nil {
		return Tested{}, WrongError{fmt.Errorf("nothing is set up to send by %s", s.Channel)}
	}
	p, err := e.store.Profile(ctx, e.workspace, s.Profile)
	if err != nil {
		return Tested{}, err
	}
	m := Message{ID: "test-" + strings.ToLower(rand.Text()), Subscription: s.ID, Profile: p.ID, ProfileName: p.Profile.Name, Made: now, Items: []Item{}}
	if err := d.Deliver(ctx, s, m); err != nil {
		return Tested{}, UndeliveredError{err}
	}
	return Tested{m.ID, s.ID, s.To, now}, nil
}

// BySecret finds the subscription of a secret. It takes as long for one that is there as for one that is not. store.ErrNotFound.
func (e *Engine) BySecret(ctx context.Context, secret string) (Subscription, error) {
	all, err := e.Subscriptions(ctx, "")
	if err != nil {
		return Subscription{}, err
	}
	asked, found := sha256.Sum256([]byte(secret)), -1
	for i, s := range all {
		own := sha256.Sum256([]byte(s.Secret))
		if subtle.ConstantTimeCompare(asked[:], own[:]) == 1 && s.Secret != "" {
			found = i
		}
	}
	if found < 0 {
		return Subscription{}, fmt.Errorf("there is no subscription at this address (any more): %w", store.ErrNotFound)
	}
	return all[found], nil
}

// unsubscribed is why a subscription is paused that whoever got its messages ended.
const unsubscribed = "unsubscribed"

// Unsubscribed reports whether whoever got the messages of a subscription ended it.
func (s Subscription) Unsubscribed() bool { return s.Paused && s.Why == unsubscribed }

// Unsubscribed pauses the subscription of a secret by e-mail, as whoever got a message asks for. One that somebody else paused says so from then on:
// its being resumed without a thought would bring back what was ended.
func (e *Engine) Unsubscribed(ctx context.Context, secret string) (Subscription, error) {
	s, err := e.BySecret(ctx, secret)
	if err != nil {
		return s, err
	}
	return s, e.Pause(ctx, s.ID, unsubscribed)
}

// ParseDays reads days of the week: "mon,thu", "mon-fri".
func ParseDays(text string) ([]time.Weekday, error) {
	var days []time.Weekday
	day := func(s string) (time.Weekday, error) {
		s = strings.ToLower(strings.TrimSpace(s))
		for d := time.Sunday; d <= time.Saturday; d++ {
			if name := strings.ToLower(d.String()); len(s) >= 3 && strings.HasPrefix(name, s) {
				return d, nil
			}
		}
		return 0, fmt.Errorf("%.20q is no day of the week; write mon, tue, wed, thu, fri, sat, sun", s)
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, span := strings.Cut(part, "-")
		d, err := day(from)
		if err != nil {
			return nil, err
		}
		end := d
		if span {
			if end, err = day(to); err != nil {
				return nil, err
			}
		}
		for ; ; d = (d + 1) % 7 {
			if !slices.Contains(days, d) {
				days = append(days, d)
			}
			if d == end {
				break
			}
		}
	}
	slices.Sort(days)
	return days, nil
}

// Times says in words when a subscription is sent: "every day at 07:30", "Mondays and Wednesdays at 07:30", "at once", "when it is fetched".
func (s Subscription) Times() string {
	switch {
	case s.Channel == Feed:
		return "when it is fetched"
	case s.AtOnce:
		return "at once"
	case len(s.Days) == 0 || len(s.Days) == 7:
		return "every day at " + s.At
	}
	var names []string
	for i := range 7 { // a week begins on Monday
		if d := time.Weekday((i + 1) % 7); slices.Contains(s.Days, d) {
			names = append(names, d.String()+"s")
		}
	}
	if len(names) == 1 {
		return names[0] + " at " + s.At
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " at " + s.At
}

// Of says in words what a subscription tells of: "bid and review from 40 points: new, changed, closing within 7 days".
func (s Subscription) Of() string {
	words := "bid and review"
	if s.Advice == matcher.Bid {
		words = "bid"
	}
	if s.Score > 0 {
		words += fmt.Sprintf(" from %d points", s.Score)
	}
	if s.Channel == Feed {
		return words
	}
	var tells []string
	for _, h := range Happenings {
		if !s.Told(h) {
			continue
		}
		word := string(h)
		if h == Closing {
			word += fmt.Sprintf(" within %d days", s.ClosingDays)
			if s.ClosingDays == 1 {
				word = "closing within a day"
			}
		}
		tells = append(tells, word)
	}
	return words + ": " + strings.Join(tells, ", ")
}
