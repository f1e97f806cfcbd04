package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/pursuit"
	"bidfit/store"
)

// TestManyAtOnce asks a desk everything at once while notices come in: each answer is of some state that the store
// was in, and at the end nothing that was acknowledged is missing and everything is whole.
func TestManyAtOnce(t *testing.T) {
	d, _, ix := open(t, t.TempDir())
	ctx := t.Context()
	ingest(t, d, made(40))
	if _, err := d.PutProfile(ctx, mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(bytes.TrimSpace(made(240)), []byte("\n"))
	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	for w := range 3 { // three ingests, each of every third dozen
		writers.Go(func() {
			for at := 12 * w; at < len(lines); at += 36 {
				text := append(bytes.Join(lines[at:min(at+12, len(lines))], nil), '\n')
				if _, err := d.Ingest(ctx, []desk.Source{source("part.jsonl", text)}, desk.Ingesting{}); err != nil {
					t.Errorf("ingest: %v", err)
				}
			}
		})
	}
	const decisions = 40
	writers.Go(func() {
		for i := range decisions {
			_, err := d.Decide(ctx, desk.Verdict{
				Profile: "mediator", Target: pursuit.Target{Notice: "ocds-h6vhtk-m00006"}, Verdict: pursuit.Watch,
				Reason: fmt.Sprint(i), Who: "tester", When: asOf, AsOf: asOf,
			})
			if err != nil {
				t.Errorf("decide: %v", err)
			}
		}
	})
	writers.Go(func() {
		for range 3 {
			if err := d.RebuildIndex(ctx); err != nil {
				t.Errorf("rebuilding: %v", err)
			}
		}
	})
	again := func(name string, ask func() error) {
		readers.Go(func() {
			for {
				if err := ask(); err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	seen := 0
	again("match", func() error {
		r, err := d.Match(ctx, "mediator", desk.MatchOptions{AsOf: asOf})
		if r.Seen < seen {
			t.Errorf("match saw %d notices, and %d before", r.Seen, seen)
		}
		seen = r.Seen
		return err
	})
	again("match all", func() error {
		r, err := d.Match(ctx, "mediator", desk.MatchOptions{AsOf: asOf, All: true})
		if err == nil && len(r.Fits) != r.Seen {
			t.Errorf("match --all lists %d of %d", len(r.Fits), r.Seen)
		}
		return err
	})
	again("explain", func() error {
		_, err := d.Explain(ctx, "mediator", pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, asOf)
		return err
	})
	again("doctor", func() error {
		_, err := d.Doctor(ctx, "mediator", nil, nil, asOf)
		return err
	})
	again("search", func() error {
		_, err := d.Search(ctx, index.Query{Words: "mediation", Size: 5})
		return err
	})
	again("clients", func() error {
		_, err := d.Clients(ctx, pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, asOf)
		return err
	})
	again("shortlist", func() error {
		rows, err := d.Shortlist(ctx, "mediator", asOf, false)
		if err != nil {
			return err
		}
		for _, err := range rows {
			if err != nil {
				return err
			}
		}
		return nil
	})
	again("verify", func() error {
		for f, err := range d.Verify(ctx) {
			if err != nil {
				return err
			}
			t.Errorf("verify: %s: %s", f.Where, f.Reason)
		}
		return nil
	})
	again("an impatient match", func() error { // cancelled at once or a little later
		ctx, cancel := context.WithCancel(ctx)
		go cancel()
		if _, err := d.Match(ctx, "mediator", desk.MatchOptions{AsOf: asOf}); !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
	writers.Wait()
	close(done)
	readers.Wait()
	whole(t, d)
	if n, err := ix.Count(ctx); err != nil || n != 216 {
		t.Errorf("the index holds %d notices (%v), want 216", n, err)
	}
	if r, err := d.Match(ctx, "mediator", desk.MatchOptions{AsOf: asOf}); err != nil || r.Seen != 216 {
		t.Errorf("match sees %d notices (%v), want 216", r.Seen, err)
	}
	all, err := d.Pursuits(ctx, "mediator")
	if err != nil || len(all) != 1 || len(all[0].Decisions) != decisions {
		t.Errorf("the pursuits are %d (%v), want one with %d decisions", len(all), err, decisions)
	}
}

// TestWith: what one user of a desk wants is no other's.
func TestWith(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(20))
	p := mediator(t)
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	other := d.With(desk.Settings{Workspace: "other", Language: "de", Log: slog.New(slog.DiscardHandler)})
	if _, err := other.Profile(t.Context(), p.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a profile of another workspace: %v", err)
	}
	theirs := p
	theirs.ID = "theirs"
	if _, err := other.PutProfile(t.Context(), theirs, asOf); err != nil {
		t.Fatal(err)
	}
	if all, err := d.Profiles(t.Context()); err != nil || len(all) != 1 || all[0].ID != p.ID {
		t.Errorf("the profiles are %v (%v)", all, err)
	}
	r, err := other.Match(t.Context(), "theirs", desk.MatchOptions{AsOf: asOf})
	if err != nil || r.Seen != 18 {
		t.Errorf("the other workspace sees %d notices (%v), want 18", r.Seen, err)
	}
}
