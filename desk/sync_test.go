package desk_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/desk"
	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/pursuit"
	"bidfit/store"
)

// pages is a feed of pages that were published one after another; its state is how many it has read.
type pages struct {
	name string
	list [][]byte
	// fail is asked before each page; what it returns ends the sync. before is called with each page.
	fail   func(page int) error
	before func(page int)
	asked  []feeds.Ask
}

func (p *pages) Name() string { return p.name }

func (p *pages) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	p.asked = append(p.asked, ask)
	var state struct{ Page int }
	if ask.State != nil {
		if err := json.Unmarshal(ask.State, &state); err != nil {
			return err
		}
	}
	told := feeds.Progress{}
	for state.Page < len(p.list) {
		if p.before != nil {
			p.before(state.Page)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		told.Requests++
		told.From, told.To = asOf.AddDate(0, 0, state.Page), asOf.AddDate(0, 0, state.Page+1)
		told.Covered = 1000 * state.Page / len(p.list)
		to.Tell(told)
		if ask.DryRun {
			state.Page++
			continue
		}
		if p.fail != nil {
			if err := p.fail(state.Page); err != nil {
				return err
			}
		}
		var items []ocds.Item
		for item, err := range ocds.Decode(ctx, bytes.NewReader(p.list[state.Page]), "page") {
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		if _, err := to.Take(ctx, fmt.Sprintf("page %d", state.Page), items); err != nil {
			return err
		}
		state.Page++
		kept, err := json.Marshal(state)
		if err != nil {
			return err
		}
		if err := to.Keep(ctx, kept); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// paged cuts JSON Lines into pages.
func paged(text []byte, each int) (list [][]byte) {
	lines := bytes.SplitAfter(bytes.TrimSpace(text), []byte("\n"))
	for part := range slices.Chunk(lines, each) {
		list = append(list, append(bytes.Join(part, nil), '\n'))
	}
	return list
}

func syncOf(clock time.Time) desk.Syncing {
	return desk.Syncing{Who: "a test", Clock: func() time.Time { return clock }}
}

// feedOf is how the one feed that is scheduled is doing.
func feedOf(t testing.TB, d *desk.Desk, now time.Time) desk.FeedStatus {
	t.Helper()
	r, err := d.Ready(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Feeds) != 1 {
		t.Fatalf("%d feeds are told of", len(r.Feeds))
	}
	return r.Feeds[0]
}

// TestSync: what comes is stored, what cannot be read goes into quarantine, and a further run goes on from there.
func TestSync(t *testing.T) {
	d, s, ix := open(t, t.TempDir())
	text := made(300)
	list := paged(text, 100)
	list[1] = append(list[1], `{"id":"no-ocid","tag":["tender"]}`+"\n"...)
	list[2] = append(list[2], list[0]...)
	feed := &pages{name: "made", list: list[:1]}
	d.UseFeeds(desk.Scheduled{Feed: feed, Title: "Made up", On: true, Every: time.Hour, Stale: time.Hour})

	tally, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf))
	if want := (feeds.Tally{Releases: 100, Taken: feeds.Taken{Stored: 100}, Requests: 1}); err != nil || tally != want {
		t.Fatalf("%+v (%v), want %+v", tally, err, want)
	}
	feed.list = list
	var refused []string
	tell := syncOf(asOf.Add(time.Hour))
	tell.Rejected = func(r notice.Rejected) { refused = append(refused, r.Code) }
	var progress []feeds.Progress
	tell.Progress = func(p feeds.Progress) { progress = append(progress, p) }
	tally, err = d.Sync(t.Context(), feed, feeds.Ask{State: jsontext.Value(`{"Page":0}`)}, tell)
	if want := (feeds.Tally{Releases: 301, Taken: feeds.Taken{Stored: 200, Duplicates: 100, Quarantined: 1}, Requests: 2}); err != nil || tally != want {
		t.Fatalf("%+v (%v), want %+v", tally, err, want)
	}
	if len(refused) != 1 || len(progress) != 2 || progress[1].Releases != 101 || progress[1].Stored != 100 {
		t.Errorf("told of %v, and %+v", refused, progress)
	}
	f := feedOf(t, d, asOf.Add(time.Hour))
	if f.Last != tally || f.Total.Stored != 300 || f.Total.Requests != 3 || f.Runs != 2 || !f.Succeeded.Equal(asOf.Add(time.Hour)) || f.Trouble != "" || f.Why != "" {
		t.Errorf("kept: %+v", f)
	}
	if f.Newest.IsZero() || !f.To.Equal(asOf.AddDate(0, 0, 3)) {
		t.Errorf("newest release %s, window to %s", f.Newest, f.To)
	}
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Releases != 300 || stats.Quarantined != 1 {
		t.Errorf("%+v (%v)", stats, err)
	}
	if n, err := ix.Count(t.Context()); err != nil || n != uint64(stats.Notices) {
		t.Errorf("the index holds %d of %d notices (%v)", n, stats.Notices, err)
	}
	fresh, err := d.Fresh(t.Context())
	if err != nil || fresh.Behind != 0 || !fresh.Ingest.Equal(asOf.Add(time.Hour)) {
		t.Errorf("%+v (%v)", fresh, err)
	}
	if tally, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf)); err != nil || tally != (feeds.Tally{}) {
		t.Errorf("again: %+v (%v)", tally, err)
	}
	whole(t, d)
}

// TestSyncAndIngest: the same releases as files and from a feed make the same store.
func TestSyncAndIngest(t *testing.T) {
	text := made(500)
	var reports []string
	for _, read := range []func(d *desk.Desk){
		func(d *desk.Desk) { ingest(t, d, text) },
		func(d *desk.Desk) {
			if _, err := d.Sync(t.Context(), &pages{name: "made", list: paged(text, 90)}, feeds.Ask{}, syncOf(asOf)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		d, _, _ := open(t, t.TempDir())
		read(d)
		if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
			t.Fatal(err)
		}
		report, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := desk.WriteJSON(&b, report); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, b.String())
	}
	if reports[0] != reports[1] {
		t.Error("a feed and a file give different reports")
	}
}

// TestSyncStopped: a run that is stopped keeps what it took, has not failed, and the next goes on where it was.
func TestSyncStopped(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	feed := &pages{name: "made", list: paged(made(500), 100)}
	feed.before = func(page int) {
		if page == 2 {
			stop()
		}
	}
	d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: time.Hour})
	tally, err := d.Sync(ctx, feed, feeds.Ask{}, syncOf(asOf))
	if !errors.Is(err, context.Canceled) || tally.Stored != 200 {
		t.Fatalf("%+v (%v)", tally, err)
	}
	if f := feedOf(t, d, asOf); f.Why != "" || f.Failures != 0 || !f.Succeeded.IsZero() || f.Ended.IsZero() || f.Total.Stored != 200 || f.Running != nil {
		t.Errorf("kept: %+v", f)
	}
	tally, err = d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf))
	if err != nil || tally.Stored != 300 || tally.Duplicates != 0 {
		t.Errorf("%+v (%v)", tally, err)
	}
	if stats, err := s.Stats(t.Context()); err != nil || stats.Releases != 500 {
		t.Errorf("%+v (%v)", stats, err)
	}
}

// TestSyncFails: since when a feed fails and of what is kept until it succeeds; what it took before counts.
func TestSyncFails(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	feed := &pages{name: "made", list: paged(made(300), 100)}
	feed.fail = func(page int) error {
		if page == 1 {
			return errors.New("the service is\n\x1b[31mdown\u202e")
		}
		return nil
	}
	d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: time.Hour, Stale: 6 * time.Hour})
	if f := feedOf(t, d, asOf); f.Trouble != "it has not been read yet" {
		t.Errorf("before any run: %q", f.Trouble)
	}
	for i := range 8 {
		if _, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf.Add(time.Duration(i)*time.Hour))); err == nil {
			t.Fatal("it did not fail")
		}
	}
	f := feedOf(t, d, asOf.Add(7*time.Hour))
	if f.Why != "the service is [31mdown" || !f.Failing.Equal(asOf) || f.Failures != 8 || f.Total.Stored != 100 || f.Total.Requests != 9 {
		t.Errorf("kept: %+v", f)
	}
	if want := "it has failed since 24 June 2026, 00:00, 8 times: the service is [31mdown"; f.Trouble != want {
		t.Errorf("trouble %q, want %q", f.Trouble, want)
	}
	if f := feedOf(t, d, asOf.Add(6*time.Hour)); f.Trouble != "" {
		t.Errorf("failing for as long as it may: %q", f.Trouble)
	}
	feed.fail = func(int) error { panic("an index out of range") }
	if _, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf)); err == nil || !strings.Contains(err.Error(), "panic") {
		t.Errorf("a panic: %v", err)
	}
	feed.fail = nil
	if _, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf.Add(9*time.Hour))); err != nil {
		t.Fatal(err)
	}
	if f := feedOf(t, d, asOf.Add(9*time.Hour)); f.Why != "" || !f.Failing.IsZero() || f.Failures != 0 || f.Trouble != "" || f.Total.Stored != 300 {
		t.Errorf("after a success: %+v", f)
	}
	if f := feedOf(t, d, asOf.Add(16*time.Hour)); !strings.Contains(f.Trouble, "longer ago than 6 hours") {
		t.Errorf("seven hours later: %q", f.Trouble)
	}
}

// TestSyncPast: a run over days of the past makes nothing fresh.
func TestSyncPast(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	feed := &pages{name: "made", list: paged(made(100), 100)}
	d.UseFeeds(desk.Scheduled{Feed: feed, On: true, Every: time.Hour, Since: 30 * 24 * time.Hour})
	if _, err := d.Sync(t.Context(), feed, feeds.Ask{From: asOf.AddDate(0, 0, -9), To: asOf.AddDate(0, 0, -8)}, syncOf(asOf)); err != nil {
		t.Fatal(err)
	}
	f := feedOf(t, d, asOf)
	if !f.Succeeded.IsZero() || f.Ended.IsZero() {
		t.Errorf("kept: %+v", f)
	}
	ask, err := d.Onward(t.Context(), d.Scheduled()[0], asOf.Add(7*time.Hour))
	if err != nil || !ask.From.Equal(asOf.AddDate(0, 0, -30)) || !ask.To.IsZero() {
		t.Errorf("the first run of the schedule asks for %+v (%v)", ask, err)
	}
}

// TestSyncDry: a dry run keeps nothing.
func TestSyncDry(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	feed := &pages{name: "made", list: paged(made(300), 100)}
	tally, err := d.Sync(t.Context(), feed, feeds.Ask{DryRun: true}, syncOf(asOf))
	if err != nil || tally.Requests != 3 || tally.Releases != 0 {
		t.Errorf("%+v (%v)", tally, err)
	}
	if stats, err := s.Stats(t.Context()); err != nil || stats.Releases != 0 || stats.Records != 0 {
		t.Errorf("%+v (%v)", stats, err)
	}
}

// TestSyncBusy: one run of a feed at a time, and the second is told who is at it; another feed, and the same at another address, are others.
func TestSyncBusy(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	reading, proceed := make(chan bool), make(chan bool)
	feed := &pages{name: "made", list: paged(made(100), 100), before: func(int) { reading <- true; <-proceed }}
	done := make(chan error)
	go func() {
		tell := syncOf(asOf)
		tell.Who = "the schedule"
		_, err := d.Sync(t.Context(), feed, feeds.Ask{}, tell)
		done <- err
	}()
	<-reading
	_, err := d.Sync(t.Context(), &pages{name: "made"}, feeds.Ask{}, syncOf(asOf))
	if busy := (*desk.BusyError)(nil); !errors.As(err, &busy) || busy.Who != "the schedule" || !strings.Contains(err.Error(), "by the schedule since 00:00:00") {
		t.Errorf("the second run: %v", err)
	}
	if _, err := d.Sync(t.Context(), &pages{name: "other", list: paged(made(10), 10)}, feeds.Ask{}, syncOf(asOf)); err != nil {
		t.Error(err)
	}
	elsewhere := syncOf(asOf)
	elsewhere.At = "http://127.0.0.1:1"
	if tally, err := d.Sync(t.Context(), &pages{name: "made", list: paged(made(20), 20)}, feeds.Ask{}, elsewhere); err != nil || tally.Releases != 20 {
		t.Error(tally, err)
	}
	close(proceed)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	records, err := s.Records(t.Context(), store.Everybody, pursuit.KindFeed, "")
	if err != nil || len(records) != 3 {
		t.Errorf("%d records (%v)", len(records), err)
	}
}

// TestDrift: a service that begins to write otherwise is told of in its first answer, once, and until it does so no longer.
func TestDrift(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	var log bytes.Buffer
	d = d.With(desk.Settings{Workspace: store.Default, Log: slog.New(slog.NewTextHandler(&log, nil))})
	list := paged(made(400), 100)
	strange := bytes.Replace(list[2], []byte(`"ocid"`), []byte(`"processId"`), 90)
	feed := &pages{name: "made", list: [][]byte{list[0], list[1]}}
	d.UseFeeds(desk.Scheduled{Feed: feed, On: true})
	read := func(page []byte) desk.FeedStatus {
		t.Helper()
		feed.list = append(feed.list, page)
		if _, err := d.Sync(t.Context(), feed, feeds.Ask{}, syncOf(asOf)); err != nil {
			t.Fatal(err)
		}
		return feedOf(t, d, asOf)
	}
	if f := read(list[2]); f.Drift != "" || f.Odd != 0 {
		t.Errorf("as ever, and it is said to be odd: %+v", f)
	}
	if f := read(strange); !strings.Contains(f.Drift, "of 100 releases in one answer 90") || f.Total.Quarantined != 90 || f.Odd != 90 {
		t.Errorf("another format: %+v", f)
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), "other than it did") {
		t.Errorf("the log says\n%s", log.String())
	}
	if f := read(list[3]); f.Drift != "" {
		t.Errorf("as before again: %q", f.Drift)
	}
	// A field that is called otherwise leaves every release readable, and says less.
	renamed := bytes.ReplaceAll(bytes.ReplaceAll(list[0], []byte(`"items"`), []byte(`"lines"`)), []byte(`"buyer"`), []byte(`"purchaser"`))
	if f := read(renamed); !strings.HasPrefix(f.Drift, "releases have no buyer, tender/items any more, which nearly all had") || f.Odd != 90 {
		t.Errorf("renamed fields: %+v", f)
	}
	if f := read(list[1]); f.Drift != "" {
		t.Errorf("as before again: %q", f.Drift)
	}
}

// TestSyncAtOnce: feeds, files and readers at once lose nothing.
func TestSyncAtOnce(t *testing.T) {
	d, s, ix := open(t, t.TempDir())
	text := made(900)
	var list []desk.Scheduled
	for i := range 3 {
		list = append(list, desk.Scheduled{Feed: &pages{name: fmt.Sprint("feed-", i), list: paged(text[:], 50+30*i)}, On: true})
	}
	d.UseFeeds(list...)
	var all sync.WaitGroup
	for i, f := range list {
		all.Go(func() {
			if tally, err := d.Sync(t.Context(), f.Feed, feeds.Ask{}, syncOf(asOf)); err != nil || tally.Releases != 900 {
				t.Error(i, tally, err)
			}
		})
	}
	all.Go(func() { ingest(t, d, text) })
	for range 4 {
		all.Go(func() {
			for range 20 {
				if _, err := d.Status(t.Context(), asOf, asOf); err != nil {
					t.Error(err)
				}
			}
			if err := d.Switch(t.Context(), "feed-1", true); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Releases != 900 || stats.Notices != 810 {
		t.Errorf("%+v (%v)", stats, err)
	}
	if n, err := ix.Count(t.Context()); err != nil || n != 810 {
		t.Errorf("the index holds %d (%v)", n, err)
	}
	r, err := d.Ready(t.Context(), asOf)
	if err != nil || !r.Ready {
		t.Errorf("%+v (%v)", r, err)
	}
	for _, f := range r.Feeds {
		if f.Feed == "feed-1" && !f.On {
			t.Error("a run forgot that its feed was switched on meanwhile")
		}
	}
}

// TestKilledSync ends a process in the middle of a sync, at random moments, until it comes to its end: nothing that was acknowledged is gone, what is
// covered is in the store, and in the end everything is there once.
func TestKilledSync(t *testing.T) {
	const releases, each = 2000, 20
	if dir := os.Getenv("BIDFIT_TEST_SYNC"); dir != "" {
		d, _, _, err := openDesk(dir)
		if err == nil {
			tell := desk.Syncing{Who: "a child", Clock: time.Now}
			feed := &pages{name: "made", list: paged(made(releases), each)}
			tell.Progress = func(p feeds.Progress) { fmt.Println(p.Stored + p.Duplicates) }
			_, err = d.Sync(context.Background(), feed, feeds.Ask{}, tell)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const seed = 20260812
	rng := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	kills := 0
	for {
		child := exec.Command(exe, "-test.run", "^TestKilledSync$")
		child.Env = append(os.Environ(), "BIDFIT_TEST_SYNC="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged, killAfter := 0, 1+rng.IntN(4)
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if stored, err := strconv.Atoi(lines.Text()); err == nil {
				acknowledged = stored
			}
			if n == killAfter && kills < 8 {
				kills++
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		failed := child.Wait()
		d, s, ix, err := openDesk(dir)
		if err != nil {
			t.Fatalf("seed %d: reopening after kill %d: %v", seed, kills, err)
		}
		stats, err := s.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		records, err := s.Records(t.Context(), store.Everybody, pursuit.KindFeed, "")
		if err != nil {
			t.Fatal(err)
		}
		var kept struct {
			State struct{ Page int } `json:"state"`
		}
		if len(records) == 1 {
			if err := json.Unmarshal(records[0].Content, &kept); err != nil {
				t.Fatal(err)
			}
		}
		if covered := kept.State.Page * each; stats.Releases < acknowledged || stats.Releases < covered {
			t.Errorf("seed %d, kill %d: %d acknowledged, %d covered by the state, %d in the store", seed, kills, acknowledged, covered, stats.Releases)
		}
		if n := mustIndexed(t, d); n != uint64(stats.Notices) {
			t.Errorf("seed %d, kill %d: the index holds %d of %d notices", seed, kills, n, stats.Notices)
		}
		if failed == nil {
			if stats.Releases != releases || kept.State.Page != releases/each || kills != 8 {
				t.Errorf("after %d kills: %d releases, %d pages covered", kills, stats.Releases, kept.State.Page)
			}
			whole(t, d)
		}
		if err := errors.Join(ix.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		if failed == nil {
			return
		}
	}
}
