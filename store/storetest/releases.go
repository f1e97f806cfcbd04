package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"bidfit/notice"
	"bidfit/store"
)

func testEmpty(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	if s.ID() == "" {
		t.Error("the store has no id")
	}
	equal(t, "an empty batch", s.put(), store.PutResult{})
	equal(t, "notices", s.notices(), []string(nil))
	equal(t, "changes", s.changes(0), []store.Change(nil))
	st := s.stats()
	equal(t, "stats", st, store.Stats{ID: s.ID(), Format: st.Format, Projection: 1})
	if _, err := s.Notice(t.Context(), "ocds-none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a notice that is not there: %v", err)
	}
	releases, err := s.Releases(t.Context(), "ocds-none")
	if err != nil || len(releases) != 0 {
		t.Errorf("releases of an unknown OCID: %v, %v", releases, err)
	}
	also, err := s.Also(t.Context(), "ocds-none")
	if err != nil || len(also) != 0 {
		t.Errorf("other OCIDs of an unknown OCID: %v, %v", also, err)
	}
	if other := start(t, open, t.TempDir(), 1); other.ID() == s.ID() {
		t.Error("two stores have one id")
	}
}

// The same batch again, twice or ten times, changes nothing, also where it holds duplicates itself.
func testDuplicates(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	batch := []said{
		{OCID: "ocds-a", ID: "1", Title: "Home care"},
		{OCID: "ocds-b", Title: "Roofing"}, // no id
		{OCID: "ocds-a", ID: "2", Date: "2026-06-01T09:00:00Z", Title: "Home care, corrected"},
		{OCID: "ocds-a", ID: "1", Title: "Home care"}, // again
	}
	equal(t, "first time", s.put(batch...), store.PutResult{Stored: 3, Duplicates: 1, Changed: []string{"ocds-a", "ocds-b"}, New: 2})
	before, notices, changes := s.stats(), s.notices(), s.changes(0)
	for range 10 {
		equal(t, "again", s.put(batch...), store.PutResult{Duplicates: 4})
	}
	equal(t, "stats", s.stats(), before)
	equal(t, "notices", s.notices(), notices)
	equal(t, "changes", s.changes(0), changes)
}

// What a publisher said twice under one id, differently, is kept both times.
func testRevisions(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	first := said{OCID: "ocds-a", ID: "1", Date: "2026-06-01T09:00:00+01:00", Title: "Home care"}
	second := first
	second.Title = "Home care and respite"
	s.put(first)
	res := s.put(second)
	equal(t, "the second", res, store.PutResult{Stored: 1, Changed: []string{"ocds-a"}})
	want := releasesOf([]said{first, second})
	want[0].Issues, want[1].Issues = nil, nil
	got, err := s.Releases(t.Context(), "ocds-a")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "releases", got, want)

	// A release comes back as it went in, whatever it holds.
	odd := said{OCID: "ocds-b"}.release()
	odd.Tags, odd.Issues = nil, []notice.Issue{{Code: "number-out-of-range", At: notice.Path{Release: "1", Pointer: "/tender/value"}, Message: "1e9999"}}
	odd.Raw = []byte(`{ "ocid":"ocds-b", "tender": {"value": 1e9999, "text": "` + strings.Repeat("é\\u0000 ", 20_000) + `"} }`)
	if _, err := s.Put(t.Context(), []notice.Release{odd}); err != nil {
		t.Fatal(err)
	}
	if got, err = s.Releases(t.Context(), "ocds-b"); err != nil {
		t.Fatal(err)
	}
	equal(t, "the odd one", got, []notice.Release{odd})
}

// Names that run into each other, or are long, or strange, stay apart.
func testOddNames(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	long := strings.Repeat("x", 70_000)
	names := []string{"a", "a\x00", "a\x00b", "\x00", "ab", "a@b", long, long + "y", long[:254], long[:255], long[:256], "ocds-é", " a", "A", "a/b", "\xf4\x8f\xbf\xbf"}
	var batch []said
	for _, name := range names {
		batch = append(batch, said{OCID: name, ID: "1", Title: "T" + name, Also: []string{name + "-also"}})
	}
	if res := s.put(batch...); res.New != len(names) {
		t.Fatalf("%d notices of %d names", res.New, len(names))
	}
	for _, name := range names {
		if got := s.title(name); got != "T"+name {
			t.Errorf("name %.20q finds %.20q", name, got)
		}
		also, err := s.Also(t.Context(), name)
		if err != nil || !slices.Equal(also, []string{name + "-also"}) {
			t.Errorf("also of %.20q: %.60q, %v", name, also, err)
		}
	}
	if res := s.put(batch...); res.Duplicates != len(names) {
		t.Errorf("%d duplicates of %d", res.Duplicates, len(names))
	}
	for i, c := range s.changes(0) {
		if c.Key != names[i] {
			t.Errorf("change %d is about %.20q", c.N, c.Key)
		}
	}
}

func testBadReleases(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	good := said{OCID: "ocds-a", ID: "1"}.release()
	for name, bad := range map[string]notice.Release{
		"no OCID":            {ID: "1", Raw: []byte(`{}`)},
		"OCID not UTF-8":     {OCID: "ocds-\xff", ID: "1", Raw: []byte(`{}`)},
		"id not UTF-8":       {OCID: "ocds-b", ID: "\xff", Raw: []byte(`{}`)},
		"raw is not JSON":    {OCID: "ocds-b", ID: "1", Raw: []byte(`{`)}, // the projection fails
		"the year is 12,026": {OCID: "ocds-b", ID: "1", Raw: []byte(`{}`), Date: noon.AddDate(10_000, 0, 0)},
	} {
		if _, err := s.Put(t.Context(), []notice.Release{good, bad}); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	equal(t, "releases stored", s.stats().Releases, 0)
}

// Any order and any division into batches gives the same notices.
func testOrderIndependence(t *testing.T, open Open) {
	var batch []said
	for i := range 24 {
		batch = append(batch, said{
			OCID: fmt.Sprintf("ocds-%d", i%5), ID: fmt.Sprint(i), Date: fmt.Sprintf("2026-06-%02dT09:00:00Z", 1+i/2),
			Title: fmt.Sprintf("title %d", i), Buyer: []string{"north", "south"}[i%2], Also: []string{fmt.Sprintf("ocds-%d", i%3), "ocds-x"},
		})
	}
	state := func(s suite) string {
		also := make(map[string][]string)
		for i := range 5 {
			ocid := fmt.Sprintf("ocds-%d", i)
			var err error
			if also[ocid], err = s.Also(t.Context(), ocid); err != nil {
				t.Fatal(err)
			}
		}
		return jsonOf(t, s.notices()) + jsonOf(t, also)
	}
	var want string
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := start(t, open, t.TempDir(), 1)
		for rest := slices.Clone(batch); len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			s.put(rest[:n]...)
			rest = rest[n:]
		}
		got := state(s)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("seed %d:\n got %s\nwant %s", seed, got, want)
		}
		r.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	}
}

// Unrelated buyers of one OCID have a notice each; one that is no longer said goes, and may come back.
func testSharedOCID(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	equal(t, "two buyers", s.put(
		said{OCID: "ocds-a", ID: "1", Date: "2026-06-01T09:00:00Z", Title: "Meters", Buyer: "water"},
		said{OCID: "ocds-a", ID: "2", Date: "2026-06-02T09:00:00Z", Title: "Pylons", Buyer: "power", Also: []string{"ocds-z"}},
	), store.PutResult{Stored: 2, Changed: []string{"ocds-a", "ocds-a@power"}, New: 2})
	equal(t, "first", s.title("ocds-a"), "Meters")
	equal(t, "second", s.title("ocds-a@power"), "Pylons")

	equal(t, "one after all", s.put(said{OCID: "ocds-a", ID: "3", Date: "2026-06-03T09:00:00Z", Title: "Both", One: true}),
		store.PutResult{Stored: 1, Changed: []string{"ocds-a"}})
	if _, err := s.Notice(t.Context(), "ocds-a@power"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the second notice is still there: %v", err)
	}
	equal(t, "changes", s.changes(2), []store.Change{
		{N: 3, Kind: store.KindNotice, Key: "ocds-a"},
		{N: 4, Kind: store.KindNotice, Key: "ocds-a@power", Gone: true},
	})
	equal(t, "stats", s.stats().Notices, 1)
}

// Writers of one OCID, at once, lose nothing of each other's.
func testConcurrentPuts(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	const writers, each = 8, 12
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				mine := said{OCID: "ocds-shared", ID: fmt.Sprintf("%d-%d", w, i), Title: "one of many"}
				ours := said{OCID: fmt.Sprintf("ocds-%d", i), ID: fmt.Sprint(i), Title: "the same from all"}
				if _, err := s.Put(t.Context(), releasesOf([]said{mine, ours})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	n, err := s.Notice(t.Context(), "ocds-shared")
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Releases) != writers*each {
		t.Errorf("the notice knows %d releases of %d", len(n.Releases), writers*each)
	}
	equal(t, "releases stored", s.stats().Releases, writers*each+each)
	equal(t, "notices", s.stats().Notices, 1+each)
}

// A projection that fails or panics fails the batch, and leaves nothing behind.
func testFailedProjection(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	s.put(said{OCID: "ocds-a", ID: "1", Title: "Home care"})
	before, notices, changes := s.stats(), s.notices(), s.changes(0)
	for _, bad := range []said{{OCID: "ocds-b", ID: "9", Fail: true}, {OCID: "ocds-a", ID: "9", Panic: true}} {
		_, err := s.Put(t.Context(), releasesOf([]said{{OCID: "ocds-a", ID: "2", Title: "never seen"}, {OCID: "ocds-c", ID: "1"}, bad}))
		if err == nil || !strings.Contains(err.Error(), bad.OCID) {
			t.Errorf("%+v: the error does not name the OCID: %v", bad, err)
		}
		equal(t, "stats", s.stats(), before)
		equal(t, "notices", s.notices(), notices)
		equal(t, "changes", s.changes(0), changes)
	}
	equal(t, "and goes on", s.put(said{OCID: "ocds-c", ID: "1"}), store.PutResult{Stored: 1, Changed: []string{"ocds-c"}, New: 1})
}

// OCIDs of one opportunity know of each other, whichever names which, however far round.
func testAlso(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	also := func(ocid string, want ...string) {
		t.Helper()
		got, err := s.Also(t.Context(), ocid)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("also of %s: %v (%v), want %v", ocid, got, err, want)
		}
	}
	s.put(said{OCID: "b", ID: "1", Also: []string{"a", "b", ""}}) // itself and nothing are not others
	also("a", "b")
	also("b", "a")
	s.put(said{OCID: "c", ID: "1", Also: []string{"b"}}, said{OCID: "d", ID: "1", Also: []string{"e"}})
	also("a", "b", "c")
	also("b", "a", "c")
	also("c", "a", "b")
	also("d", "e")
	s.put(said{OCID: "e", ID: "1", Also: []string{"c", "d"}}) // and a ring
	for _, ocid := range []string{"a", "b", "c", "d", "e"} {
		want := slices.DeleteFunc([]string{"a", "b", "c", "d", "e"}, func(o string) bool { return o == ocid })
		also(ocid, want...)
	}
}

func testQuarantine(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	batch := []notice.Rejected{
		{File: "a.json", Offset: 10, OCID: "ocds-a", Code: "invalid-json", Reason: "a brace is missing", Raw: []byte(`{"ocid":"ocds-a"`)},
		{File: "a.json", Offset: 90, Code: "missing-ocid", Reason: "no ocid", Raw: []byte("\xff\x00" + strings.Repeat("x", 4000))},
		{File: "b.json", Offset: 10, OCID: "ocds-a", Code: "invalid-json", Reason: "a brace is missing", Raw: []byte(`{"ocid":"ocds-a"`)},
		{File: "b.json", Offset: 10, Code: "invalid-json", Reason: "other bytes there", Raw: []byte(`{`)},
		{File: "c.json", Code: "truncated", Reason: "the file ends early"},
	}
	for range 3 {
		if err := s.Quarantine(t.Context(), append(batch, batch[0])); err != nil {
			t.Fatal(err)
		}
	}
	var got []notice.Rejected
	for r, err := range s.Quarantined(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	equal(t, "quarantine", got, batch)
	for i := range got {
		if string(got[i].Raw) != string(batch[i].Raw) {
			t.Errorf("%d: raw bytes %.20q, want %.20q", i, got[i].Raw, batch[i].Raw)
		}
	}
	equal(t, "stats", s.stats().Quarantined, len(batch))

	latin := notice.Rejected{File: "caf\xe9.json", Code: "invalid-json", Reason: "\xe9", Raw: []byte("\xe9")}
	for range 2 {
		if err := s.Quarantine(t.Context(), []notice.Rejected{latin}); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "with a file name that is not UTF-8", s.stats().Quarantined, len(batch)+1)
}

// Whatever is asked under a context that has ended says so and does nothing.
func testCancelled(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	s.put(said{OCID: "ocds-a", ID: "1"}, said{OCID: "ocds-b", ID: "1"})
	s.profile(store.Default, care("care", "Care"))
	before := s.stats()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range s.Notices(ctx) {
		if seen++; seen == 1 {
			cancel()
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("the loop goes on: %v", err)
		}
	}
	equal(t, "turns of the loop", seen, 2)
	for name, call := range map[string]func() error{
		"Put":        func() error { _, err := s.Put(ctx, releasesOf([]said{{OCID: "ocds-c"}})); return err },
		"Quarantine": func() error { return s.Quarantine(ctx, []notice.Rejected{{File: "x", Raw: []byte("x")}}) },
		"Notice":     func() error { _, err := s.Notice(ctx, "ocds-a"); return err },
		"Releases":   func() error { _, err := s.Releases(ctx, "ocds-a"); return err },
		"Also":       func() error { _, err := s.Also(ctx, "ocds-a"); return err },
		"PutProfile": func() error { _, err := s.PutProfile(ctx, store.Default, care("x", "X"), noon); return err },
		"Profiles":   func() error { _, err := s.Profiles(ctx, store.Default); return err },
		"Remove":     func() error { return s.RemoveProfile(ctx, store.Default, "care") },
		"PutLexicon": func() error { return s.PutLexicon(ctx, "v", nil) },
		"Stats":      func() error { _, err := s.Stats(ctx); return err },
		"Changes": func() error {
			for _, err := range s.Changes(ctx, 0) {
				return err
			}
			return nil
		},
		"Verify": func() error {
			for _, err := range s.Verify(ctx) {
				return err
			}
			return nil
		},
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "stats", s.stats(), before)
}

// What a store returns is the caller's own, and what it was given stays the giver's.
func testOwnCopies(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	batch := releasesOf([]said{{OCID: "ocds-a", ID: "1", Title: "Home care"}})
	if _, err := s.Put(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	clear(batch[0].Raw)
	batch[0].Tags[0] = "spoilt"
	for range 2 {
		releases, err := s.Releases(t.Context(), "ocds-a")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "release", releases, releasesOf([]said{{OCID: "ocds-a", ID: "1", Title: "Home care"}}))
		clear(releases[0].Raw)
		n, err := s.Notice(t.Context(), "ocds-a")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "title", n.Title.Value, "Home care")
		n.Title.Value, n.Releases[0].Identity = "spoilt", "spoilt"
	}
	p := care("care", "Care")
	kept := s.profile(store.Default, p)
	kept.Keywords[0], kept.Weights["subject"], *kept.Value.Min = "spoilt", 1, 1
	got, err := s.Profile(t.Context(), store.Default, "care")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "profile", got.Profile, care("care", "Care"))
}
