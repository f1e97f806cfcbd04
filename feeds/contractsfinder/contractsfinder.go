// Package contractsfinder is the feed of Contracts Finder, the service for lower-value notices in England.
//
// It reads windows of time, the newest first. A page that is not full is all of its window. One that is full may not be, and its link to
// the next page is not what completeness rests on: the window is cut until its page is not full. Only where a second holds more than a page (the
// service was filled in bulk in its first years) are the links followed, with an eye on loops.
package contractsfinder

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/feeds"
	"bidfit/notice/ocds"
)

const (
	// Name is the name of the feed.
	Name = "contracts-finder"
	// BaseURL is where the service is.
	BaseURL = "https://www.contractsfinder.service.gov.uk"

	search = "Published/Notices/OCDS/Search"
	limit  = 100 // the most that a page holds

	// overlap is how far back what was read is read again: a notice may appear after others that bear a later time.
	overlap = 24 * time.Hour
	// Where nobody said since when to read, it is since so long before the first sync.
	firstSync = 30 * 24 * time.Hour

	// Windows are as wide as leads to between fewest and most releases in one.
	startWidth = 6 * time.Hour
	leastWidth = time.Second
	mostWidth  = 15 * 24 * time.Hour
	fewest     = 25
	most       = 70

	maxPages  = 200 // of one second
	maxFaults = 3   // windows in a row that cannot be read, then the sync ends
)

// Rate is how often the service is asked: what it allows is not published, but that who asks too often is to stay away for five minutes.
var Rate = feeds.Rate{Requests: 6, Per: time.Minute}

// wait is how long the service wants to be left alone when it refuses.
const wait = 5 * time.Minute

// Options change how the service is asked; the zero value is right for the service itself.
type Options struct {
	BaseURL   string
	Rate      feeds.Rate
	Transport http.RoundTripper
	Version   string // of bidfit
	Log       *slog.Logger
}

// Feed is the feed of the service.
type Feed struct{ service feeds.Service }

// New is a feed.
func New(o Options) *Feed {
	if o.Rate == (feeds.Rate{}) {
		o.Rate = Rate
	}
	return &Feed{feeds.Service{
		Base: cmp.Or(o.BaseURL, BaseURL), Rate: o.Rate, Transport: o.Transport, Version: o.Version, Log: o.Log,
		Waits: map[int]time.Duration{http.StatusForbidden: wait, http.StatusTooManyRequests: wait},
	}}
}

// Name is "contracts-finder".
func (f *Feed) Name() string { return Name }

// span is a window of time, [From, To).
type span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// state is what the feed remembers.
type state struct {
	Base  string      `json:"base"`
	Asked feeds.Asked `json:"asked,omitzero"`
	// Since is from when on everything is to be read, by every sync.
	Since time.Time `json:"since,omitzero"`
	// Covered are the spans that are read and settled, apart from each other and rising.
	Covered []span `json:"covered,omitzero"`
	// Holes are windows that could not be read, of whatever was asked for; they are tried at every sync.
	Holes []span `json:"holes,omitzero"`
}

// cover adds a span to those that are covered.
func (s *state) cover(w span) {
	if !w.From.Before(w.To) {
		return
	}
	all := append(slices.Clone(s.Covered), w)
	slices.SortFunc(all, func(a, b span) int { return a.From.Compare(b.From) })
	s.Covered = all[:1]
	for _, x := range all[1:] {
		last := &s.Covered[len(s.Covered)-1]
		if x.From.After(last.To) {
			s.Covered = append(s.Covered, x)
		} else if x.To.After(last.To) {
			last.To = x.To
		}
	}
}

// without is what some spans hold and others do not.
func without(spans, others []span) []span {
	for _, o := range others {
		var rest []span
		for _, s := range spans {
			if !o.From.Before(s.To) || !s.From.Before(o.To) {
				rest = append(rest, s)
				continue
			}
			if s.From.Before(o.From) {
				rest = append(rest, span{s.From, o.From})
			}
			if o.To.Before(s.To) {
				rest = append(rest, span{o.To, s.To})
			}
		}
		spans = rest
	}
	return spans
}

// due is what is to be read. A time without an end is from now on what every sync reads; one with both is read for itself.
func (s *state) due(ask feeds.Ask, now time.Time) []span {
	w := span{ask.From, ask.To}
	if w.To.IsZero() || w.To.After(now) {
		w.To = now
	}
	if s.Since.IsZero() {
		s.Since = now.Add(-firstSync).UTC().Truncate(time.Second)
		if !ask.From.IsZero() && ask.To.IsZero() {
			s.Since = ask.From.UTC().Truncate(time.Second)
		}
	}
	switch {
	case w.From.IsZero():
		w.From = s.Since
	case ask.To.IsZero() && w.From.Before(s.Since):
		s.Since = w.From.UTC().Truncate(time.Second)
	}
	w = span{w.From.UTC().Truncate(time.Second), w.To.UTC().Add(time.Second - 1).Truncate(time.Second)}
	var due []span
	if w.From.Before(w.To) {
		due = without([]span{w}, s.Covered)
	}
	// The holes among it are in it already.
	due = append(due, without(s.Holes, append(slices.Clone(due), s.Covered...))...)
	slices.SortFunc(due, func(a, b span) int { return b.From.Compare(a.From) })
	return due
}

// Sync reads what was asked for. The service has no numbers of notices: Audit asks for nothing.
func (f *Feed) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	if err := f.sync(ctx, ask, to); err != nil {
		return fmt.Errorf("%s: %w", Name, err)
	}
	return nil
}

func (f *Feed) sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	s := state{Base: f.service.Base}
	if len(ask.State) > 0 {
		if err := json.Unmarshal(ask.State, &s); err != nil {
			return fmt.Errorf("what was kept of the feed cannot be read: %w", err)
		}
		if s.Base != f.service.Base { // another service: what was read there is not read here
			s = state{Base: f.service.Base}
		}
	}
	r := &reading{to: to, state: s, width: startWidth, began: time.Now()}
	due := r.state.due(ask, r.began)
	for _, w := range due {
		r.total += w.To.Sub(w.From)
	}
	if ask.DryRun {
		r.plan(due)
		return f.service.Check()
	}
	var err error
	r.client, err = f.service.Client(s.Asked, r.asked, func(wait time.Duration, why string) { r.tell(wait, why) })
	if err != nil {
		return err
	}
	err = r.all(ctx, due)
	return errors.Join(err, r.keep(context.WithoutCancel(ctx)))
}

// reading is one sync.
type reading struct {
	to     feeds.Sink
	client *feeds.Client
	state  state
	tally  feeds.Tally

	width       time.Duration
	began       time.Time
	window      span
	done, total time.Duration
	keeper      feeds.Keeper
}

// plan tells the windows that would be asked for, if all were as full as wanted.
func (r *reading) plan(due []span) {
	for _, w := range due {
		for to := w.To; w.From.Before(to); to = r.window.From {
			r.window = span{later(to.Add(-r.width), w.From), to}
			r.tell(0, "")
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (r *reading) all(ctx context.Context, due []span) error {
	var faults []error
	inRow := 0
	for _, w := range due {
		for to := w.To; w.From.Before(to); {
			r.window = span{later(to.Add(-r.width), w.From), to}
			n, whole, err := r.read(ctx, r.window)
			var e *feeds.Error
			switch {
			case err == nil && !whole:
				r.width = max(leastWidth, (to.Sub(r.window.From) / 2).Truncate(time.Second))
				continue
			case err == nil:
				inRow = 0
				// What is younger than the overlap is not settled: it is read again.
				r.state.cover(span{r.window.From, earlier(to, r.began.Add(-overlap))})
				r.state.Holes = without(r.state.Holes, []span{r.window})
			case ctx.Err() == nil && errors.As(err, &e) && e.Damaged && inRow < maxFaults-1:
				// Of this window no answer can be read. The others are not to wait for it.
				inRow++
				faults = append(faults, err)
				r.state.Holes = append(without(r.state.Holes, []span{r.window}), r.window)
			default:
				return errors.Join(append(faults, err)...)
			}
			r.done += to.Sub(r.window.From)
			r.tell(0, "")
			if err := r.keep(ctx); err != nil {
				return err
			}
			to = r.window.From
			switch {
			case n < fewest:
				r.width = min(mostWidth, r.width*2)
			case n > most:
				r.width = max(leastWidth, (r.width * 2 / 3).Truncate(time.Second))
			}
		}
	}
	return errors.Join(faults...)
}

// read takes what a window holds. It is not whole when the page is full and the window can be cut.
func (r *reading) read(ctx context.Context, w span) (n int, whole bool, err error) {
	ask := ref(w, "")
	seen := map[string]bool{}
	for page := 0; ; page++ {
		items, next, digest, err := r.page(ctx, ask)
		if err != nil {
			return n, false, err
		}
		n += len(items)
		full := len(items) >= limit
		if full && page == 0 && w.To.Sub(w.From) > leastWidth {
			return n, false, nil
		}
		cursor, err := cursorOf(next, r.state.Base)
		switch {
		case err != nil:
			return n, false, r.broken(ask, err)
		case cursor == "" && full:
			return n, false, r.broken(ask, errors.New("a full page of one second, and no link to the next: what else that second holds cannot be asked for"))
		case cursor == "":
			return n, true, nil
		case seen[cursor] || seen[digest] || page >= maxPages:
			return n, false, r.broken(ask, fmt.Errorf("the links to the next page lead in a circle, or further than %d pages", maxPages))
		}
		seen[cursor], seen[digest] = true, true
		ask = ref(w, cursor)
	}
}

func (r *reading) broken(ref string, err error) error {
	return &feeds.Error{URL: strings.TrimRight(r.state.Base, "/") + "/" + ref, Status: http.StatusOK, Problem: err.Error(), Damaged: true, Err: err,
		Remedy: "the window is tried again at the next sync"}
}

// ref asks for a window. Which of its ends the service counts in is not published: a second more at both ends costs a few releases that come twice.
func ref(w span, cursor string) string {
	const layout = "2006-01-02T15:04:05Z"
	q := url.Values{
		"publishedFrom": {w.From.Add(-time.Second).Format(layout)}, "publishedTo": {w.To.Add(time.Second).Format(layout)},
		"limit": {fmt.Sprint(limit)},
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return search + "?" + q.Encode()
}

// page asks for one page and takes it. A page that stays damaged is taken as far as it can be read.
func (r *reading) page(ctx context.Context, ref string) (items []ocds.Item, next, digest string, err error) {
	a, err := r.client.Get(ctx, ref, isPage)
	if len(a.Body) > 0 {
		source := a.URL
		for item, derr := range ocds.Decode(ctx, bytes.NewReader(a.Body), source) {
			if derr != nil {
				if ctx.Err() != nil {
					return nil, "", "", ctx.Err()
				}
				break // nothing could be read of it, and err says so; or every piece is an item that says why
			}
			items = append(items, item)
		}
		taken, terr := r.to.Take(ctx, source, items)
		if terr != nil {
			return nil, "", "", terr
		}
		r.tally.Add(taken)
	}
	r.tell(0, "")
	if err != nil {
		return nil, "", "", err
	}
	members, _ := feeds.Members(a.Body) // the links are not of what the page holds
	sum := sha256.Sum256(slices.Concat(members["releases"], members["results"]))
	return items, nextOf(a.Body), string(sum[:]), nil
}

// isPage says what is wrong with a body that is no page: today's is a release package, the older one packages in a list.
func isPage(a feeds.Answer) error {
	members, _ := feeds.Members(a.Body)
	for _, name := range []string{"releases", "results"} {
		if m := members[name]; len(m) > 0 && m[0] == '[' {
			return nil
		}
	}
	return errors.New("neither releases nor results: the service answers in another form than it did")
}

// nextOf is links.next of a page.
func nextOf(body []byte) string {
	members, _ := feeds.Members(body)
	links, _ := feeds.Members(members["links"])
	var next string
	if json.Unmarshal(links["next"], &next) != nil {
		return ""
	}
	return next
}

var isCursor = regexp.MustCompile(`^[A-Za-z0-9+/=_.:-]{1,300}$`)

// cursorOf is the cursor of a link to the next page, "" for none. Only the cursor is taken out of it: a link that changed the window would
// lead astray, one to somewhere else is not followed at all.
func cursorOf(next, base string) (string, error) {
	if next == "" {
		return "", nil
	}
	u, err := url.Parse(next)
	if err != nil {
		return "", errors.New("the link to the next page cannot be read")
	}
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	if u.Host != "" && !strings.EqualFold(u.Hostname(), b.Hostname()) {
		return "", fmt.Errorf("%w: the next page would be on %q", feeds.ErrForeign, u.Host)
	}
	cursor := u.Query().Get("cursor")
	if !isCursor.MatchString(cursor) {
		return "", errors.New("the link to the next page has no cursor, or one that is none")
	}
	return cursor, nil
}

// asked keeps what is known of the requests before one is sent.
func (r *reading) asked(ctx context.Context, a feeds.Asked) error {
	r.state.Asked = a
	return r.keep(ctx)
}

func (r *reading) keep(ctx context.Context) error {
	if r.client != nil {
		r.state.Asked = r.client.Asked()
	}
	return r.keeper.Keep(ctx, r.to, r.state)
}

// tell tells how far it is.
func (r *reading) tell(wait time.Duration, why string) {
	if r.client != nil {
		r.tally.Requests = r.client.Requests()
	}
	p := feeds.Progress{Tally: r.tally, From: r.window.From, To: r.window.To, Wait: wait, Why: why}
	if r.total > 0 {
		p.Covered = int(1000 * r.done.Seconds() / r.total.Seconds())
		if took := time.Since(r.began); r.done > 0 {
			p.Left = time.Duration(float64(took) * (r.total.Seconds() - r.done.Seconds()) / r.done.Seconds())
		}
	} else {
		p.Covered = 1000
	}
	r.to.Tell(p)
}
