package alerts

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/matcher"
	"bidfit/pursuit"
	"bidfit/store"
)

const (
	// DefaultClosingDays is how many days before the deadline a notice counts as closing where nobody says otherwise.
	DefaultClosingDays = 3
	// MostClosingDays bounds ClosingDays.
	MostClosingDays = 30
	// mostTo bounds an address.
	mostTo = 2000
)

// Happenings are all there are, in the order a message tells them.
var Happenings = []Happening{New, Changed, Closing, Withdrawn}

// ParseHappening reads a happening as typed.
func ParseHappening(s string) (Happening, error) {
	if h := Happening(s); slices.Contains(Happenings, h) {
		return h, nil
	}
	return "", fmt.Errorf("%q is none of new, changed, closing, withdrawn", s)
}

// ParseChannel reads a channel as typed.
func ParseChannel(s string) (Channel, error) {
	switch c := Channel(s); c {
	case Email, Webhook, Feed:
		return c, nil
	}
	return "", fmt.Errorf("channel %q is none of email, webhook, feed", s)
}

// Told reports whether a subscription tells of a happening.
func (s *Subscription) Told(h Happening) bool {
	return len(s.Tells) == 0 || slices.Contains(s.Tells, h)
}

// least is the least score that can be told of: what is advised to be reviewed has that of its threshold.
func (s *Subscription) least() int { return max(s.Score, matcher.Least(s.Advice)) }

// over reports whether a fit has come over the threshold. What is barred has not.
func (s *Subscription) over(f *matcher.Fit) bool {
	return f.Score >= s.Score && !f.Barred() && (f.Advice == matcher.Bid || f.Advice == matcher.Review && s.Advice == matcher.Review)
}

// Check says what is wrong with a subscription, the first thing first. Whether its address can be reached is for who delivers to say.
func (s *Subscription) Check() error {
	if s.Profile == "" {
		return errors.New("a subscription needs a profile")
	}
	if _, err := ParseChannel(string(s.Channel)); err != nil {
		return err
	}
	switch {
	case s.Channel == Feed && s.To != "":
		return fmt.Errorf("a feed is fetched: leave its address %.80q out", s.To)
	case s.Channel != Feed && s.To == "":
		return fmt.Errorf("say where to: a subscription by %s needs an address", s.Channel)
	case len(s.To) > mostTo:
		return fmt.Errorf("the address has %d bytes; %d are kept", len(s.To), mostTo)
	case !utf8.ValidString(s.To) || strings.ContainsFunc(s.To, unicode.IsControl):
		return fmt.Errorf("the address %.80q has characters that cannot be seen; leave them out", s.To)
	}
	if s.Channel != Feed && !s.AtOnce {
		if _, err := clock(s.At); err != nil {
			return err
		}
	}
	for i, d := range s.Days {
		if d < time.Sunday || d > time.Saturday {
			return fmt.Errorf("day %d is none from 0, Sunday, to 6, Saturday", d)
		}
		if slices.Contains(s.Days[:i], d) {
			return fmt.Errorf("%s is given twice", d)
		}
	}
	if s.Advice != matcher.Bid && s.Advice != matcher.Review {
		return fmt.Errorf("the least advice %q is neither bid nor review", s.Advice)
	}
	if s.Score < 0 || s.Score > 100 {
		return fmt.Errorf("the least score %d is not from 0 to 100", s.Score)
	}
	for i, h := range s.Tells {
		if _, err := ParseHappening(string(h)); err != nil {
			return err
		}
		if slices.Contains(s.Tells[:i], h) {
			return fmt.Errorf("%s is given twice", h)
		}
	}
	if s.ClosingDays < 0 || s.ClosingDays > MostClosingDays {
		return fmt.Errorf("%d days before the deadline are not from 0 to %d", s.ClosingDays, MostClosingDays)
	}
	return nil
}

// check is Check, and what the deliverer of the channel has to say.
func (e *Engine) check(ctx context.Context, s *Subscription) error {
	if err := s.Check(); err != nil {
		return WrongError{err}
	}
	if e.options.Check != nil {
		if err := e.options.Check(*s); err != nil {
			return WrongError{err}
		}
	}
	_, err := e.store.Profile(ctx, e.workspace, s.Profile)
	return err
}

// Add keeps a new subscription. It gets its ID, its secret and the time; where it does not say, it is sent at 07:30, tells of what is to be
// reviewed, and DefaultClosingDays before the deadline. It tells of what happens from now on. store.ErrNotFound for an unknown profile.
func (e *Engine) Add(ctx context.Context, s Subscription, now time.Time) (Subscription, error) {
	if s.At == "" && !s.AtOnce && s.Channel != Feed {
		s.At = "07:30"
	}
	if s.Advice == "" {
		s.Advice = matcher.Review
	}
	if s.ClosingDays == 0 {
		s.ClosingDays = DefaultClosingDays
	}
	slices.Sort(s.Days)
	if err := e.check(ctx, &s); err != nil {
		return Subscription{}, err
	}
	s.ID, s.Secret, s.When = newID(), NewSecret(), now
	r, err := record(pursuit.KindAlert, s.ID, s)
	if err != nil {
		return Subscription{}, err
	}
	records := []pursuit.Record{r}
	if s.Channel != Feed {
		// What was due before it was there is not made up for.
		begun, err := record(pursuit.KindMark, slotName(s.ID), slot{At: now})
		if err != nil {
			return Subscription{}, err
		}
		records = append(records, begun)
	}
	return s, e.keep(ctx, records...)
}

// newID is a name that nobody guesses and everybody can read out.
func newID() string {
	var b [10]byte
	rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// Subscriptions lists all subscriptions of a profile, "" for all, the oldest first.
func (e *Engine) Subscriptions(ctx context.Context, profile string) ([]Subscription, error) {
	records, err := e.store.Records(ctx, e.workspace, pursuit.KindAlert, "")
	if err != nil {
		return nil, err
	}
	var all []Subscription
	for _, r := range records {
		s, err := pursuit.Read[Subscription](r)
		if err != nil {
			return nil, err
		}
		if profile == "" || s.Profile == profile {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Subscription) int { return a.When.Compare(b.When) })
	return all, nil
}

// Subscription finds a subscription. store.ErrNotFound.
func (e *Engine) Subscription(ctx context.Context, id string) (Subscription, error) {
	records, err := e.store.Records(ctx, e.workspace, pursuit.KindAlert, "", id)
	if err != nil {
		return Subscription{}, err
	}
	if len(records) == 0 {
		return Subscription{}, fmt.Errorf("subscription %.80q: %w", id, store.ErrNotFound)
	}
	return pursuit.Read[Subscription](records[0])
}

// Change changes what a subscription says, but for its ID, secret and profile. store.ErrNotFound.
func (e *Engine) Change(ctx context.Context, id string, change func(*Subscription) error) (Subscription, error) {
	e.subscribing.Lock()
	defer e.subscribing.Unlock()
	s, err := e.Subscription(ctx, id)
	if err != nil {
		return Subscription{}, err
	}
	was := s
	if err := change(&s); err != nil {
		return Subscription{}, err
	}
	s.ID, s.Secret, s.Profile = was.ID, was.Secret, was.Profile
	slices.Sort(s.Days)
	// One that is paused is put away whatever has become of its profile or address since.
	if !s.Paused {
		s.Why = ""
		if err := e.check(ctx, &s); err != nil {
			return Subscription{}, err
		}
	}
	r, err := record(pursuit.KindAlert, s.ID, s)
	if err != nil {
		return Subscription{}, err
	}
	return s, e.keep(ctx, r)
}

// Pause has a subscription send nothing; what happens meanwhile is not told later. why says who or what paused it. store.ErrNotFound.
func (e *Engine) Pause(ctx context.Context, id, why string) error {
	_, err := e.Change(ctx, id, func(s *Subscription) error {
		s.Paused, s.Why = true, why
		return nil
	})
	return err
}

// Resume has a paused subscription tell of what happens from now on. store.ErrNotFound.
func (e *Engine) Resume(ctx context.Context, id string) error {
	_, err := e.Change(ctx, id, func(s *Subscription) error {
		s.Paused = false
		return nil
	})
	return err
}

// Remove removes a subscription. What it has waiting goes at the next Tick. store.ErrNotFound.
func (e *Engine) Remove(ctx context.Context, id string) error {
	e.subscribing.Lock()
	defer e.subscribing.Unlock()
	if _, err := e.Subscription(ctx, id); err != nil {
		return err
	}
	return e.keep(ctx, pursuit.Forget(pursuit.KindAlert, "", id))
}

// record makes a record of what is to be kept under a name.
func record(kind pursuit.Kind, name string, content any) (pursuit.Record, error) {
	text, err := json.Marshal(content, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return pursuit.Record{}, fmt.Errorf("%s of %s: %w", kind, name, err)
	}
	return pursuit.Record{Kind: kind, Name: name, Content: text}, nil
}

func (e *Engine) keep(ctx context.Context, records ...pursuit.Record) error {
	return e.store.Keep(ctx, e.workspace, records...)
}
