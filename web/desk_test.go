package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/index/bleve"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/store/bolt"
)

// sampleDay is the day the tests stand at, on which the bundled sample is open.
var sampleDay = time.Date(2026, time.June, 24, 9, 0, 0, 0, notice.London)

const (
	sampleProfile  = "hartwell-resolve"
	sampleNotice   = "ocds-h6vhtk-demo02" // a tender of three lots
	sampleSupplier = "GB-COH-09999102"
)

// newDesk is a real desk over an empty store.
func newDesk(t testing.TB) *desk.Desk {
	t.Helper()
	dir := t.TempDir()
	st, err := bolt.Open(filepath.Join(dir, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	subscribe(t, st)
	ix, err := bleve.Open(filepath.Join(dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	d := desk.New(st, ix, store.Default, slog.New(slog.DiscardHandler))
	stores.Store(d, st)
	t.Cleanup(func() { stores.Delete(d) })
	return d
}

// stores are the stores of the desks: an engine of alerts wants its own way to it.
var stores sync.Map

// Subscriptions that are there in every store: their ids and secrets are known to the tables of routes.
const (
	sampleAlert   = "aaaaaaaaaaaaaaaa" // a webhook
	sampleFeed    = "bbbbbbbbbbbbbbbb"
	sampleEmail   = "cccccccccccccccc"
	hostileAlert  = "dddddddddddddddd" // of the hostile profile
	webhookSecret = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"
	feedSecret    = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"
	emailSecret   = "Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0M"
	hostileSecret = "REREREREREREREREREREREREREREREREREREREREREQ"
)

// subscribe puts the subscriptions into a store.
func subscribe(t testing.TB, st store.Store) {
	t.Helper()
	for _, s := range []alerts.Subscription{
		{ID: sampleAlert, Profile: sampleProfile, Channel: alerts.Webhook, To: "https://hooks.supplier.example/bidfit", At: "07:30", Advice: matcher.Review, ClosingDays: 3, Secret: webhookSecret, Who: "tester", When: sampleDay.Add(-time.Hour)},
		{ID: sampleFeed, Profile: sampleProfile, Channel: alerts.Feed, Advice: matcher.Review, ClosingDays: 3, Secret: feedSecret, Who: "tester", When: sampleDay.Add(-59 * time.Minute)},
		{ID: sampleEmail, Profile: sampleProfile, Channel: alerts.Email, To: "bids@supplier.example", At: "07:30", Advice: matcher.Bid, ClosingDays: 3, Secret: emailSecret, Who: "tester", When: sampleDay.Add(-58 * time.Minute)},
		{ID: hostileAlert, Profile: "trent", Channel: alerts.Webhook, To: "https://hooks.supplier.example/?\"><script>alert(1)</script><img src=x onerror=alert(2)><evil-x></evil-x>", At: "07:30", Advice: matcher.Review, Paused: true,
			Why: "\"><script>alert(1)</script>\u202e<evil-x></evil-x>", Secret: hostileSecret, Who: "<script>", When: sampleDay.Add(-time.Hour)},
	} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Keep(t.Context(), store.Default, pursuit.Record{Kind: pursuit.KindAlert, Name: s.ID, Content: text}); err != nil {
			t.Fatal(err)
		}
	}
}

// taker takes what is sent, or says why not.
type taker struct {
	mu   sync.Mutex
	sent []alerts.Message
	err  error
}

func (k *taker) Deliver(_ context.Context, _ alerts.Subscription, m alerts.Message) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent = append(k.sent, m)
	return k.err
}

// engine is who tells people over a desk; what is sent is given to the taker.
func engine(t testing.TB, d *desk.Desk, to *taker) *alerts.Engine {
	t.Helper()
	st, ok := stores.Load(d)
	if !ok {
		t.Fatal("a desk without a store")
	}
	return alerts.NewEngine(d, st.(store.Store), store.Default, map[alerts.Channel]alerts.Deliverer{alerts.Webhook: to, alerts.Email: to}, alerts.Options{
		Check: func(s alerts.Subscription) error {
			if s.Channel == alerts.Webhook && !strings.HasPrefix(s.To, "https://") {
				return errors.New("it is not https")
			}
			return nil
		}})
}

// fill reads releases into a desk.
func fill(t testing.TB, d *desk.Desk, name string, jsonl []byte) {
	t.Helper()
	_, err := d.Ingest(t.Context(), []desk.Source{{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(jsonl)), nil }}}, desk.Ingesting{})
	if err != nil {
		t.Fatal(err)
	}
}

// register reads a profile into a desk.
func register(t testing.TB, d *desk.Desk, yaml []byte) {
	t.Helper()
	list, err := profiles.Decode(bytes.NewReader(yaml), "profile.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if _, err := d.PutProfile(t.Context(), p, sampleDay); err != nil {
			t.Fatal(err)
		}
	}
}

// bundled is a file of the bundled sample.
func bundled(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "cmd", "bidfit", "sample", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sampleDesk is a desk with the bundled notices and profile.
func sampleDesk(t testing.TB) *desk.Desk {
	t.Helper()
	d := newDesk(t)
	fill(t, d, "sample/notices.jsonl", bundled(t, "notices.jsonl"))
	register(t, d, bundled(t, "hartwell-resolve.yaml"))
	return d
}

// optionsOf are the options of a server over a desk on the day of the sample.
func optionsOf(t testing.TB, d *desk.Desk) Options {
	notices := bundled(t, "notices.jsonl")
	return Options{
		Desk: d, Alerts: engine(t, d, &taker{}), Base: "https://bidfit.example", Clock: func() time.Time { return sampleDay }, Now: func() time.Time { return sampleDay.UTC() }, Who: "tester",
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Version: "test",
		Sample: Sample{Releases: bytes.Count(notices, []byte("\n")), Day: sampleDay, Notice: sampleNotice,
			Load: func(ctx context.Context) (desk.Totals, error) {
				return d.Ingest(ctx, []desk.Source{{Name: "sample", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(notices)), nil }}}, desk.Ingesting{})
			}},
	}
}

// serve opens the door over a desk, on the day of the sample.
func serve(t testing.TB, d *desk.Desk) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(New(optionsOf(t, d)))
	t.Cleanup(server.Close)
	return server
}
