package alerts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/index/bleve"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/store/bolt"
)

// at is a time of day in London in June and July 2026.
func at(day int, clock string) time.Time {
	t, err := time.ParseInLocation("15:04", clock, notice.London)
	if err != nil {
		panic(err)
	}
	return time.Date(2026, time.June, day, t.Hour(), t.Minute(), 0, 0, notice.London)
}

// world is a desk in a folder, an engine over it, and everything that arrives.
type world struct {
	t      testing.TB
	dir    string
	store  store.Store
	desk   *desk.Desk
	engine *alerts.Engine
	got    *inbox
	close  func()
	wrap   func(store.Store) store.Store
}

func newWorld(t testing.TB, dir string) *world {
	w := &world{t: t, dir: dir, got: &inbox{}}
	w.open()
	t.Cleanup(func() { w.close() })
	return w
}

func (w *world) open() {
	w.t.Helper()
	s, err := bolt.Open(filepath.Join(w.dir, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		w.t.Fatal(err)
	}
	ix, err := bleve.Open(filepath.Join(w.dir, "index"))
	if err != nil {
		w.t.Fatal(errors.Join(err, s.Close()))
	}
	w.store = s
	if w.wrap != nil {
		w.store = w.wrap(s)
	}
	w.desk = desk.New(w.store, ix, store.Default, slog.New(slog.DiscardHandler))
	w.start()
	w.close = sync.OnceFunc(func() {
		if err := errors.Join(ix.Close(), s.Close()); err != nil {
			w.t.Error(err)
		}
	})
}

// start makes another engine, as after a restart.
func (w *world) start() {
	w.engine = alerts.NewEngine(w.desk, w.store, store.Default, map[alerts.Channel]alerts.Deliverer{alerts.Email: w.got, alerts.Webhook: w.got},
		alerts.Options{Destination: func(s alerts.Subscription) string { return s.To }})
}

func (w *world) tick(now time.Time) alerts.Report {
	w.t.Helper()
	r, err := w.engine.Tick(w.t.Context(), now)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) profile(id string, keywords ...string) {
	w.t.Helper()
	_, err := w.desk.PutProfile(w.t.Context(), profiles.Profile{ID: id, Name: "Example " + id, Keywords: keywords}, at(1, "08:00"))
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) subscribe(s alerts.Subscription) string {
	w.t.Helper()
	if s.Channel == "" {
		s.Channel, s.To = alerts.Email, "bids@example.org"
	}
	s, err := w.engine.Add(w.t.Context(), s, at(1, "09:00"))
	if err != nil {
		w.t.Fatal(err)
	}
	return s.ID
}

// release is a made-up release.
type release struct {
	n        int // of the notice
	id       int
	tag      string // tender unless said otherwise
	title    string
	deadline string // "2026-07-01T12:00:00+01:00"
	date     string
	status   string
	contact  string
}

const mediation = "Neighbour mediation service for residents in dispute"

func (r release) json() string {
	if r.tag == "" {
		r.tag = "tender"
	}
	if r.title == "" {
		r.title = mediation
	}
	if r.deadline == "" {
		r.deadline = "2026-07-20T12:00:00+01:00"
	}
	if r.date == "" {
		r.date = "2026-06-02T09:00:00+01:00"
	}
	if r.status == "" {
		r.status = "active"
	}
	says, code := "Trained mediators help neighbours to settle disputes.", "85312000"
	if r.title != mediation {
		says, code = "Carriageways are planed and laid anew.", "45233220"
	}
	return fmt.Sprintf(`{"ocid":"ocds-h6vhtk-%06x","id":"%06d-2026","tag":["%s"],"date":"%s","buyer":{"id":"GB-PPON-B1","name":"Example Council"},"parties":[{"id":"GB-PPON-B1","name":"Example Council","roles":["buyer"],"contactPoint":{"name":"%s"}}],"tender":{"id":"t%d","title":"%s","description":"%s","status":"%s","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"%s"}],"deliveryAddresses":[{"region":"UKG24"}],"relatedLot":"1"}],"value":{"amount":50000,"currency":"GBP"},"tenderPeriod":{"endDate":"%s"},"lots":[{"id":"1","status":"active"}]}}`,
		r.n, r.id, r.tag, r.date, r.contact, r.n, r.title, says, r.status, code, r.deadline)
}

func (w *world) ingest(list ...release) {
	w.t.Helper()
	var b bytes.Buffer
	for _, r := range list {
		b.WriteString(r.json() + "\n")
	}
	w.read(b.Bytes())
}

// read puts releases into the store; what alerts do needs no index.
func (w *world) read(lines []byte) {
	w.t.Helper()
	var list []notice.Release
	for item, err := range ocds.Decode(w.t.Context(), bytes.NewReader(lines), "made") {
		if err != nil || item.Rejected != nil {
			w.t.Fatal(err, item.Rejected)
		}
		list = append(list, *item.Release)
	}
	if _, err := w.store.Put(w.t.Context(), list); err != nil {
		w.t.Fatal(err)
	}
}

// inbox takes messages.
type inbox struct {
	mu   sync.Mutex
	all  []alerts.Message
	to   []string
	fail func(s alerts.Subscription, m alerts.Message) error
}

func (b *inbox) Deliver(_ context.Context, s alerts.Subscription, m alerts.Message) error {
	b.mu.Lock()
	fail := b.fail
	b.mu.Unlock()
	if fail != nil {
		if err := fail(s, m); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all, b.to = append(b.all, m), append(b.to, s.ID)
	return nil
}

// take is what arrived since it was last asked: "new mediation…", one line an item.
func (b *inbox) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines []string
	for _, m := range b.all {
		for _, x := range m.Items {
			lines = append(lines, string(x.Happening)+" "+x.Target.Notice)
		}
	}
	b.all, b.to = nil, nil
	return lines
}

func (w *world) expect(what string, want ...string) {
	w.t.Helper()
	got := w.got.take()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: %s arrived, want %s", what, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func id(n int) string { return fmt.Sprintf("ocds-h6vhtk-%06x", n) }
