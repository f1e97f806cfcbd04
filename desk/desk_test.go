package desk_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/store/bolt"
)

var asOf = time.Date(2026, time.June, 24, 0, 0, 0, 0, notice.London)

var discard = slog.New(slog.DiscardHandler)

// open opens a desk over a folder, with the engines bidfit ships with.
func open(t testing.TB, dir string) (*desk.Desk, store.Store, index.Index) {
	t.Helper()
	d, s, ix, err := openDesk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(ix.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	return d, s, ix
}

func openDesk(dir string) (*desk.Desk, store.Store, index.Index, error) {
	s, err := bolt.Open(filepath.Join(dir, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		return nil, nil, nil, err
	}
	ix, err := bleve.Open(filepath.Join(dir, "index"))
	if err != nil {
		return nil, nil, nil, errors.Join(err, s.Close())
	}
	return desk.New(s, ix, store.Default, discard), s, ix, nil
}

// made is a number of made-up releases as JSON Lines: trades and regions in turn, one notice in ten updated.
func made(n int) []byte {
	trades := []struct{ title, cpv string }{
		{"Neighbour mediation", "85312000"}, {"Office cleaning", "90911200"}, {"Road surfacing", "45233220"},
		{"Web application", "72212000"}, {"Grounds maintenance", "77310000"}, {"School catering", "55524000"},
	}
	regions := []string{"UKG24", "UKD62", "UKI32", "UKK30"}
	var b bytes.Buffer
	for i := range n {
		ocid, tag := i, "tender"
		if i%10 == 9 {
			ocid, tag = i-1, "tenderUpdate"
		}
		t := trades[ocid%len(trades)]
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-m%05d","id":"%06d-2026","tag":["%s"],"date":"2026-06-01T09:%02d:00+01:00","buyer":{"id":"GB-PPON-B%d","name":"Council %d"},"tender":{"id":"t%d","title":"%s no. %d","status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"%s"}],"deliveryAddresses":[{"region":"%s"}],"relatedLot":"1"}],"value":{"amount":%d,"currency":"GBP"},"tenderPeriod":{"endDate":"2026-07-%02dT12:00:00+01:00"},"lots":[{"id":"1","status":"active"}]}}`+"\n",
			ocid, i, tag, i%60, ocid%7, ocid%7, ocid, t.title, ocid, t.cpv, regions[ocid%len(regions)], 20000+i*100, 1+i%28)
	}
	return b.Bytes()
}

func source(name string, b []byte) desk.Source {
	return desk.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func ingest(t testing.TB, d *desk.Desk, text []byte) desk.Totals {
	t.Helper()
	totals, err := d.Ingest(t.Context(), []desk.Source{source("made.jsonl", text)}, desk.Ingesting{})
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

func mediator(t testing.TB) profiles.Profile {
	t.Helper()
	ps, err := profiles.Decode(strings.NewReader("id: mediator\nname: Saltbourne Mediation CIC\nkeywords: [mediation]\ncpv: ['85312000']\nregions: [TLG2]\nvalue: {min: 10000, max: 900000}\n"), "mediator.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return ps[0]
}

func TestIngestTwice(t *testing.T) {
	d, _, ix := open(t, t.TempDir())
	text := made(1000)
	if got, want := ingest(t, d, text), (desk.Totals{Releases: 1000, Stored: 1000, Notices: 900, Changed: 900}); got != want {
		t.Errorf("first: %+v, want %+v", got, want)
	}
	if got, want := ingest(t, d, text), (desk.Totals{Releases: 1000, Duplicates: 1000, Notices: 900}); got != want {
		t.Errorf("second: %+v, want %+v", got, want)
	}
	if n, err := ix.Count(t.Context()); err != nil || n != 900 {
		t.Errorf("the index holds %d notices (%v), want 900", n, err)
	}
	whole(t, d)
}

func whole(t testing.TB, d *desk.Desk) {
	t.Helper()
	for f, err := range d.Verify(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("verify: %s: %s", f.Where, f.Reason)
	}
}

// TestOrderOfArrival: the same releases in any order give the same report, byte for byte.
func TestOrderOfArrival(t *testing.T) {
	lines := bytes.SplitAfter(bytes.TrimSpace(made(300)), []byte("\n"))
	lines[len(lines)-1] = append(lines[len(lines)-1], '\n')
	var want string
	for seed := range uint64(4) {
		d, _, _ := open(t, t.TempDir())
		shuffled := append([][]byte(nil), lines...)
		if seed > 0 {
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		}
		ingest(t, d, bytes.Join(shuffled, nil))
		if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
			t.Fatal(err)
		}
		r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%+v", r)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("seed %d gives another report", seed)
		}
	}
}

// TestInStep: what is ingested after a match is in the next one, and a notice
// that ends leaves it.
func TestInStep(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(20))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	seen := func(all bool) int {
		r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: all})
		if err != nil {
			t.Fatal(err)
		}
		return r.Seen
	}
	if got := seen(false); got != 18 {
		t.Fatalf("seen %d, want 18", got)
	}
	ingest(t, d, []byte(`{"ocid":"ocds-h6vhtk-m00000","id":"800000-2026","tag":["tenderCancellation"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t0","title":"Neighbour mediation no. 0"}}
{"ocid":"ocds-h6vhtk-n00001","id":"800001-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t1","title":"Mediation for schools","status":"active"}}
{"ocid":"ocds-h6vhtk-n00002","id":"800002-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t2","title":"Mediation for homes","status":"active"}}
`))
	if got := seen(false); got != 19 {
		t.Errorf("seen %d after two came and one ended, want 19", got)
	}
	if got := seen(true); got != 20 {
		t.Errorf("seen %d with closed ones, want 20", got)
	}
}

// What was decided while one OCID was the only one, and what is worked on under the other since, is one row.
func TestWorkedOnUnderTwoOCIDs(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, []byte(`{"ocid":"ocds-h6vhtk-r00001","id":"800001-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t1","title":"Mediation","status":"active"},"links":[{"rel":"canonical","href":"https://notices.example/v1/Notice?id=ocds-r6ebe6-0001"}]}
`))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: "ocds-h6vhtk-r00001"}, Verdict: pursuit.Bid, Who: "tester", When: asOf, AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	ingest(t, d, []byte(`{"ocid":"ocds-r6ebe6-0001","tag":["tender"],"date":"2026-06-19T00:00:00Z","tender":{"id":"t1","title":"Mediation","status":"active"}}
`))
	if _, err := d.PutEntry(t.Context(), pursuit.Entry{Profile: "mediator", Target: pursuit.Target{Notice: "ocds-r6ebe6-0001"}, Stage: pursuit.Prepare, Who: "tester", When: asOf}); err != nil {
		t.Fatal(err)
	}
	list, err := d.Shortlisted(t.Context(), "mediator", asOf)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) != 1 || list.Rows[0].Entry == nil || list.Rows[0].Decision == nil || list.Rows[0].Decision.Verdict != pursuit.Bid {
		t.Errorf("got %+v, want one row that stands on the shortlist and is decided on", list.Rows)
	}
}

func TestRepublishedNoticeIsOneOpportunity(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, []byte(`{"ocid":"ocds-h6vhtk-r00001","id":"800001-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t1","title":"Mediation","status":"active"},"links":[{"rel":"canonical","href":"https://notices.example/v1/Notice?id=ocds-r6ebe6-0001"}]}
{"ocid":"ocds-r6ebe6-0001","tag":["tender"],"date":"2026-06-19T00:00:00Z","tender":{"id":"t1","title":"Mediation","status":"active"}}
`))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Fits) != 1 || r.Fits[0].OCID != "ocds-r6ebe6-0001" || len(r.Fits[0].Also) != 1 || r.Fits[0].Also[0] != "ocds-h6vhtk-r00001" {
		t.Errorf("got %+v, want one fit of the first publication with the other under also", r.Fits)
	}
	// Whichever of the two is named, the decision is about the one opportunity.
	decision, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: "ocds-h6vhtk-r00001"}, Verdict: pursuit.Bid, Who: "tester", When: asOf, AsOf: asOf})
	if err != nil || decision.Notice != "ocds-r6ebe6-0001" {
		t.Errorf("decided on %q (%v), want the first publication", decision.Notice, err)
	}
	rows, err := d.Shortlist(t.Context(), "mediator", asOf, true)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for row, err := range rows {
		if err != nil || row.Notice.ID != "ocds-r6ebe6-0001" || row.Pursuit == nil {
			t.Errorf("the shortlist has %+v (%v)", row, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("the shortlist has %d rows, want 1", n)
	}
}

// TestIndexOfAnotherStore: an index that belongs to another store, or has
// read further than the store has come, is rebuilt without asking.
func TestIndexOfAnotherStore(t *testing.T) {
	dir := t.TempDir()
	d, s, ix, err := openDesk(dir)
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, d, made(50))
	if err := errors.Join(ix.Close(), s.Close(), os.Remove(filepath.Join(dir, "bidfit.db"))); err != nil {
		t.Fatal(err)
	}
	d, _, _ = open(t, dir)
	ingest(t, d, made(10))
	found, err := d.Search(t.Context(), index.Query{})
	if err != nil || found.Total != 9 {
		t.Errorf("found %d (%v), want 9", found.Total, err)
	}
	whole(t, d)
}

func TestDecideAndShortlist(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(60))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	decide := func(id string, v pursuit.Verdict) pursuit.Decision {
		t.Helper()
		dec, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: id}, Verdict: v, Reason: "because", Who: "tester", When: asOf, AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		return dec
	}
	r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	best, worst := r.Fits[0], r.Fits[len(r.Fits)-1]
	if best.Advice != matcher.Bid || worst.Advice != matcher.NoBid {
		t.Fatalf("the best is %s, the worst %s", best.Advice, worst.Advice)
	}
	if dec := decide(best.OCID, pursuit.NoBid); !dec.Against || dec.Fit.Score != best.Score || dec.ProfileRevision != 1 || dec.Lexicon != r.Lexicon {
		t.Errorf("the decision keeps %+v", dec)
	}
	if dec := decide(worst.OCID, pursuit.Watch); dec.Against {
		t.Error("watching contradicts no advice")
	}
	list := func(decided bool) (ids []string) {
		rows, err := d.Shortlist(t.Context(), "mediator", asOf, decided)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range rows {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.Notice.ID)
		}
		return ids
	}
	if got := list(true); len(got) != 2 || got[0] != best.OCID || got[1] != worst.OCID {
		t.Errorf("decided: %v", got)
	}
	want := 1 // the worst, decided upon
	for _, f := range r.Fits {
		if f.Advice != matcher.NoBid {
			want++
		}
	}
	if got := list(false); len(got) != want {
		t.Errorf("the shortlist has %d rows, want %d", len(got), want)
	}
	// A decision about another lot stands beside the row of the best one.
	ingest(t, d, []byte(`{"ocid":"ocds-h6vhtk-l00001","id":"800001-2026","tag":["tender"],"date":"2026-06-20T09:00:00+01:00","tender":{"id":"t1","title":"Mediation","status":"active","tenderPeriod":{"endDate":"2026-07-20T12:00:00+01:00"},"items":[{"id":"1","relatedLot":"1","additionalClassifications":[{"scheme":"CPV","id":"85312000"}],"deliveryAddresses":[{"region":"UKG24"}]},{"id":"2","relatedLot":"2","additionalClassifications":[{"scheme":"CPV","id":"90911200"}],"deliveryAddresses":[{"region":"UKM50"}]}],"lots":[{"id":"1","title":"Neighbour mediation","value":{"amount":90000,"currency":"GBP"}},{"id":"2","title":"Office cleaning","value":{"amount":90000,"currency":"GBP"}}]}}`+"\n"))
	lots := func() (ids []string) {
		rows, err := d.Shortlist(t.Context(), "mediator", asOf, false)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range rows {
			if err != nil {
				t.Fatal(err)
			}
			if row.Notice.ID == "ocds-h6vhtk-l00001" {
				ids = append(ids, fmt.Sprint(row.Fit.Lot, row.Pursuit != nil))
			}
		}
		return ids
	}
	if got := lots(); !slices.Equal(got, []string{"1false"}) {
		t.Errorf("rows %v before anything was decided", got)
	}
	for _, c := range []struct {
		lot  string
		want []string
	}{{"2", []string{"1false", "2true"}}, {"", []string{"1true", "2true"}}, {"1", []string{"1true", "1true", "2true"}}} {
		if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: "ocds-h6vhtk-l00001", Lot: c.lot}, Verdict: pursuit.Watch, Who: "tester", When: asOf, AsOf: asOf}); err != nil {
			t.Fatal(err)
		}
		if got := lots(); !slices.Equal(got, c.want) {
			t.Errorf("rows %v after lot %q was decided, want %v", got, c.lot, c.want)
		}
	}
	_, err = d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: best.OCID, Lot: "9"}, Verdict: pursuit.Bid, When: asOf, AsOf: asOf})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown lot: %v", err)
	}
}

// TestKilledIngest kills an ingest at random moments: after reopening nothing
// it had acknowledged is lost, the index catches up, and the same ingest completes the store.
func TestKilledIngest(t *testing.T) {
	if dir := os.Getenv("BIDFIT_TEST_INGEST"); dir != "" {
		ingestForKilling(dir)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const seed = 20260624
	rng := rand.New(rand.NewPCG(seed, 0))
	text := made(2000)
	for round := range 5 {
		dir := t.TempDir()
		child := exec.Command(exe, "-test.run", "^TestKilledIngest$")
		child.Env = append(os.Environ(), "BIDFIT_TEST_INGEST="+dir)
		child.Stdin = bytes.NewReader(text)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged, killAfter := 0, rng.IntN(5)
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if stored, err := strconv.Atoi(lines.Text()); err == nil {
				acknowledged = stored
			}
			if n == killAfter {
				time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		child.Wait() // killed: its error is what was asked for
		d, s, _, err := openDesk(dir)
		if err != nil {
			t.Fatalf("seed %d round %d: reopening: %v", seed, round, err)
		}
		ix := mustIndexed(t, d)
		stats, err := s.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if stats.Releases < acknowledged {
			t.Errorf("seed %d round %d: %d releases were acknowledged, %d are there", seed, round, acknowledged, stats.Releases)
		}
		if ix != uint64(stats.Notices) {
			t.Errorf("seed %d round %d: the index holds %d of %d notices", seed, round, ix, stats.Notices)
		}
		if totals := ingest(t, d, text); totals.Stored+totals.Duplicates != 2000 || totals.Notices != 1800 {
			t.Errorf("seed %d round %d: reading again gave %+v", seed, round, totals)
		}
		whole(t, d)
		t.Logf("killed after %d acknowledged releases", acknowledged)
		s.Close()
	}
}

func mustIndexed(t *testing.T, d *desk.Desk) uint64 {
	t.Helper()
	found, err := d.Search(t.Context(), index.Query{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	return found.Total
}

// ingestForKilling is the child of TestKilledIngest: it prints how many releases are safely stored.
func ingestForKilling(dir string) {
	d, _, _, err := openDesk(dir)
	if err == nil {
		_, err = d.Ingest(context.Background(), []desk.Source{{Name: "stdin", Open: func() (io.ReadCloser, error) { return os.Stdin, nil }}},
			desk.Ingesting{Progress: func(t desk.Totals) { fmt.Println(t.Stored) }})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func BenchmarkIngest(b *testing.B) {
	text := made(1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d, s, ix, err := openDesk(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Ingest(b.Context(), []desk.Source{source("made.jsonl", text)}, desk.Ingesting{}); err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(ix.Close(), s.Close()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "releases/s")
}

// BenchmarkMatch is one profile over the open lots in memory, at growing sizes.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			d, _, _ := open(b, b.TempDir())
			ingest(b, d, made(n))
			if _, err := d.PutProfile(b.Context(), mediator(b), asOf); err != nil {
				b.Fatal(err)
			}
			if _, err := d.Match(b.Context(), "mediator", desk.MatchOptions{AsOf: asOf}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := d.Match(b.Context(), "mediator", desk.MatchOptions{AsOf: asOf, Limit: 20}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestLexiconGrowsWithTheStore: the lexicon is learned with the first notices,
// kept while the store grows a little, and learned anew when it has doubled.
func TestLexiconGrowsWithTheStore(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	version := func() string {
		v, _, err := s.Lexicon(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	lines := bytes.SplitAfter(made(100), []byte("\n"))
	ingest(t, d, bytes.Join(lines[:40], nil))
	first := version()
	ingest(t, d, bytes.Join(lines[:70], nil))
	if got := version(); got != first {
		t.Errorf("63 notices after 36: learned anew (%s, before %s)", got, first)
	}
	ingest(t, d, bytes.Join(lines, nil))
	if version() == first {
		t.Error("90 notices after 36: not learned anew")
	}
	// One that this bidfit cannot read, of an older or newer one, is learned anew when it is needed.
	if err := s.PutLexicon(t.Context(), "older", []byte("bidfit lexicon 0\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	if r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf}); err != nil || r.Lexicon == "older" || r.Seen != 90 {
		t.Errorf("with a lexicon that cannot be read: lexicon %s, %d seen, %v", r.Lexicon, r.Seen, err)
	}
}
