// Package proactis is the feeds of Public Contracts Scotland and Sell2Wales, two services of one make: each answers with what one kind of notice
// has brought in one month.
//
// A month may still change while it lasts, and late notices come after it: the present month and the one before are read at every sync, an older one once.
package proactis

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
)

const (
	// ScotlandName and WalesName are the names of the feeds, ScotlandURL and WalesURL where the services are.
	ScotlandName = "public-contracts-scotland"
	WalesName    = "sell2wales"
	ScotlandURL  = "https://api.publiccontractsscotland.gov.uk/v1"
	WalesURL     = "https://api.sell2wales.gov.wales/v1"

	maxFaults = 3 // pages in a row that cannot be read, then the sync ends
	// A round that was stopped is gone on with for so long, then it begins anew.
	roundFor = 6 * time.Hour
)

// First is the first month that the services answer for.
var First = month{2019, time.January}

// Rate is how often a service is asked: what they allow is not published.
var Rate = feeds.Rate{Requests: 6, Per: time.Minute}

// The kinds of notice, by the numbers that the services give them. Both have the forms of the Official Journal, and notices of their own site.
var (
	forms = []int{
		1, 2, 3, // prior information, contract, award
		4, 5, 6, 7, // the same of utilities; qualification systems
		12, 13, 14, 15, // design contest and its results, corrigendum, voluntary transparency
		20, 21, 22, 23, 24, 25, // modification, social services (three), concession and its award
	}
	scottish = []int{101, 102, 103, 104}                                                           // contract, prior information, award, quick quote award
	welsh    = []int{51, 52, 53, 54, 55, 56}                                                       // invitation to tender, prior information, award, subcontracts before, after and at award
	known    = "uri version publishedDate publisher license publicationPolicy extensions packages" // members of a release package besides its releases
)

// Options change how a service is asked; the zero value is right for the service itself.
type Options struct {
	BaseURL   string // as ScotlandURL: with the version, without what follows it
	Rate      feeds.Rate
	Transport http.RoundTripper
	// Types are the numbers of the kinds of notice to ask for; nil is all that are known.
	Types   []int
	Version string // of bidfit
	Log     *slog.Logger
}

// Feed is the feed of one of the services.
type Feed struct {
	name    string
	types   []int
	service feeds.Service
}

// Scotland is the feed of Public Contracts Scotland.
func Scotland(o Options) *Feed { return feed(ScotlandName, ScotlandURL, scottish, o) }

// Wales is the feed of Sell2Wales.
func Wales(o Options) *Feed { return feed(WalesName, WalesURL, welsh, o) }

func feed(name, base string, own []int, o Options) *Feed {
	if o.Rate == (feeds.Rate{}) {
		o.Rate = Rate
	}
	if o.Types == nil {
		o.Types = slices.Concat(own, forms) // those of the site are the most
	}
	return &Feed{name, o.Types, feeds.Service{Base: cmp.Or(o.BaseURL, base), Rate: o.Rate, Transport: o.Transport, Version: o.Version, Log: o.Log}}
}

// Name is the name of the feed.
func (f *Feed) Name() string { return f.name }

// month is a month in London; it is written as in 2026-08.
type month struct {
	year int
	m    time.Month
}

func monthOf(t time.Time) month {
	y, m, _ := t.In(notice.London).Date()
	return month{y, m}
}

func (m month) add(n int) month     { return monthOf(m.begin().AddDate(0, n, 0)) }
func (m month) begin() time.Time    { return time.Date(m.year, m.m, 1, 0, 0, 0, 0, notice.London) }
func (m month) before(o month) bool { return m.begin().Before(o.begin()) }
func (m month) String() string      { return fmt.Sprintf("%04d-%02d", m.year, m.m) }

func (m month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }
func (m *month) UnmarshalText(text []byte) error {
	t, err := time.ParseInLocation("2006-01", string(text), notice.London)
	if err != nil {
		return fmt.Errorf("month %q: it is written as 2026-08", text)
	}
	*m = monthOf(t)
	return nil
}

// page is what one request is for.
type page struct {
	month month
	kind  int
}

func (p page) String() string { return fmt.Sprintf("%v/%d", p.month, p.kind) }

func (p page) ref() string {
	return fmt.Sprintf("Notices?dateFrom=%02d-%04d&noticeType=%d&outputType=0", p.month.m, p.month.year, p.kind)
}

// state is what the feed remembers.
type state struct {
	Base  string      `json:"base"`
	Asked feeds.Asked `json:"asked,omitzero"`
	// Since is the month from which on everything is to be read, by every sync.
	Since month `json:"since,omitzero"`
	// Settled are, by month, the kinds that are read for good; Had is how many releases a page brought, where it brought any and may again.
	Settled map[month][]int `json:"settled,omitzero"`
	Had     map[string]int  `json:"had,omitzero"`
	// Began is when the round did that reads what is not settled, Round its pages that are done. They are empty when it has come to its end.
	Began time.Time `json:"began,omitzero"`
	Round []string  `json:"round,omitzero"`
}

// Sync reads what was asked for, by whole months. The services have no numbers of notices: Audit asks for nothing.
func (f *Feed) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	if err := f.sync(ctx, ask, to); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return nil
}

func (f *Feed) sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	s := state{Base: f.service.Base}
	if len(ask.State) > 0 {
		if err := json.Unmarshal(ask.State, &s); err != nil {
			return fmt.Errorf("what was kept of the feed cannot be read: %w", err)
		}
		if s.Base != f.service.Base {
			s = state{Base: f.service.Base}
		}
	}
	if s.Settled == nil {
		s.Settled = map[month][]int{}
	}
	if s.Had == nil {
		s.Had = map[string]int{}
	}
	r := &reading{feed: f, to: to, state: s, began: time.Now()}
	if r.began.Sub(s.Began) > roundFor || r.began.Before(s.Began) {
		r.state.Began, r.state.Round = r.began, nil
	}
	due := r.due(ask)
	r.total = len(due)
	if ask.DryRun {
		for _, p := range due {
			r.at = p
			r.tell(0, "")
		}
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

// due are the pages to ask for, the newest month first: it is what somebody waits for.
func (r *reading) due(ask feeds.Ask) []page {
	now := monthOf(r.began)
	last := now
	if !ask.To.IsZero() && monthOf(ask.To.Add(-1)).before(now) {
		last = monthOf(ask.To.Add(-1))
	}
	first := now.add(-1)
	if !ask.From.IsZero() {
		first = monthOf(ask.From)
	}
	// A time without an end is from now on what every sync reads; one with both is read for itself.
	open := ask.To.IsZero()
	if r.state.Since == (month{}) || open && first.before(r.state.Since) {
		if r.state.Since = now.add(-1); open && first.before(now) {
			r.state.Since = first
		}
	}
	if ask.From.IsZero() {
		first = r.state.Since
	}
	if first.before(First) {
		first = First
	}
	var due []page
	for m := last; !m.before(first); m = m.add(-1) {
		for _, kind := range r.feed.types {
			p := page{m, kind}
			if !slices.Contains(r.state.Settled[m], kind) && !slices.Contains(r.state.Round, p.String()) {
				due = append(due, p)
			}
		}
	}
	return due
}

// reading is one sync.
type reading struct {
	feed   *Feed
	to     feeds.Sink
	client *feeds.Client
	state  state
	tally  feeds.Tally

	began       time.Time
	at          page
	done, total int
	keeper      feeds.Keeper
}

func (r *reading) all(ctx context.Context, due []page) error {
	var faults []error
	inRow := 0
	for _, p := range due {
		r.at = p
		n, err := r.page(ctx, p)
		var e *feeds.Error
		switch {
		case err == nil:
			inRow = 0
			r.read(p, n)
		case ctx.Err() == nil && errors.As(err, &e) && (e.Damaged || e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests) && inRow < maxFaults-1:
			inRow++ // the other kinds are not to wait for this one
			faults = append(faults, err)
		default:
			return errors.Join(append(faults, err)...)
		}
		r.done++
		r.tell(0, "")
		if err := r.keep(ctx); err != nil {
			return err
		}
	}
	r.state.Began, r.state.Round = time.Time{}, nil
	return errors.Join(faults...)
}

// read notes that a page is read: for this round, or for good where its month and the one after it are over.
func (r *reading) read(p page, n int) {
	if p.month.add(1).before(monthOf(r.began)) {
		r.state.Settled[p.month] = append(r.state.Settled[p.month], p.kind)
		slices.Sort(r.state.Settled[p.month])
		delete(r.state.Had, p.String())
		return
	}
	r.state.Round = append(r.state.Round, p.String())
	if n > 0 {
		r.state.Had[p.String()] = n
	}
}

// page asks for a page, and takes it.
func (r *reading) page(ctx context.Context, p page) (n int, err error) {
	a, err := r.client.Get(ctx, p.ref(), func(a feeds.Answer) error { return r.isPage(p, a) })
	if len(a.Body) > 0 {
		source := fmt.Sprintf("%s %v, notice type %d", r.feed.name, p.month, p.kind)
		var items []ocds.Item
		for item, derr := range ocds.Decode(ctx, bytes.NewReader(a.Body), source) {
			if derr != nil {
				if ctx.Err() != nil {
					return 0, ctx.Err()
				}
				break // err says what is wrong with the page, or each piece why it was rejected
			}
			items = append(items, item)
			n++
			if len(items) == 400 {
				if err := r.take(ctx, source, &items); err != nil {
					return n, err
				}
			}
		}
		if err := r.take(ctx, source, &items); err != nil {
			return n, err
		}
	}
	return n, err
}

func (r *reading) take(ctx context.Context, source string, items *[]ocds.Item) error {
	if len(*items) == 0 {
		return nil
	}
	taken, err := r.to.Take(ctx, source, *items)
	if err != nil {
		return err
	}
	r.tally.Add(taken)
	*items = nil
	return nil
}

// isPage says what is wrong with a body that is no page. The services answer with a package that has no releases, or null, where a month brought none of a
// kind: that is an honest "none" when the package is whole and says what it is. It is a failure where the same page brought some before: notices
// do not go away, and a month that is settled is not asked for again.
func (r *reading) isPage(p page, a feeds.Answer) error {
	members, _ := feeds.Members(a.Body)
	switch releases := members["releases"]; {
	case len(releases) > 0 && releases[0] == '[' && strings.Trim(string(releases), "[] \t\r\n") != "":
		return nil
	case len(releases) > 0 && releases[0] != '[' && string(releases) != "null":
		return errors.New("its releases are no list: the service answers in another form than it did")
	case !slices.ContainsFunc(strings.Fields(known), func(name string) bool { return members[name] != nil }):
		return errors.New("this is no release package: the service answers in another form than it did")
	case r.state.Had[p.String()] > 0:
		return fmt.Errorf("a package without releases, where the service gave %d before", r.state.Had[p.String()])
	}
	return nil
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
	p := feeds.Progress{Tally: r.tally, From: r.at.month.begin(), To: r.at.month.add(1).begin(), Covered: 1000, Wait: wait, Why: why}
	if r.total > 0 {
		p.Covered = 1000 * r.done / r.total
		if r.done > 0 {
			p.Left = time.Since(r.began) / time.Duration(r.done) * time.Duration(r.total-r.done)
		}
	}
	r.to.Tell(p)
}
