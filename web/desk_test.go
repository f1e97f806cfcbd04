package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/index/bleve"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
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
	ix, err := bleve.Open(filepath.Join(dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return desk.New(st, ix, store.Default, slog.New(slog.DiscardHandler))
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
		Desk: d, Clock: func() time.Time { return sampleDay }, Now: func() time.Time { return sampleDay.UTC() }, Who: "tester",
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
