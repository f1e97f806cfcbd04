package storetest

import (
	"fmt"
	"sync"
	"testing"

	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// The feed rises, tells of everything, and keeps of each key the newest change only.
func testFeed(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	s.put(said{OCID: "ocds-a", ID: "1"}, said{OCID: "ocds-b", ID: "1"})
	s.profile("acme", care("care", "Care"))
	equal(t, "changes", s.changes(0), []store.Change{
		{N: 1, Kind: store.KindNotice, Key: "ocds-a"},
		{N: 2, Kind: store.KindNotice, Key: "ocds-b"},
		{N: 3, Kind: store.KindProfile, Workspace: "acme", Key: "care"},
	})
	s.put(said{OCID: "ocds-a", ID: "2", Title: "changed"})
	d := decision("care", "ocds-a", pursuit.Bid)
	s.decide("acme", d)
	d.Lot = "2"
	s.decide("acme", d)
	s.rate("acme", rating("care", "ocds-a", pursuit.Relevant))
	s.rate("acme", rating("care", "ocds-a", pursuit.Known))
	if err := s.RemoveProfile(t.Context(), "acme", "care"); err != nil {
		t.Fatal(err)
	}
	equal(t, "changes", s.changes(0), []store.Change{
		{N: 2, Kind: store.KindNotice, Key: "ocds-b"},
		{N: 4, Kind: store.KindNotice, Key: "ocds-a"},
		{N: 5, Kind: store.KindPursuit, Workspace: "acme", Key: "care/ocds-a"},
		{N: 6, Kind: store.KindPursuit, Workspace: "acme", Key: "care/ocds-a/2"},
		{N: 8, Kind: store.KindRating, Workspace: "acme", Key: "care/ocds-a"},
		{N: 9, Kind: store.KindProfile, Workspace: "acme", Key: "care", Gone: true},
	})
	equal(t, "changes after 5", len(s.changes(5)), 3)
	equal(t, "changes after the last", len(s.changes(9)), 0)
	equal(t, "the newest", s.stats().Changes, 9)
	// The newest change of all gives way to a newer one, never to its own number again.
	s.profile("acme", care("care", "Care"))
	equal(t, "changes after 8", s.changes(8), []store.Change{{N: 10, Kind: store.KindProfile, Workspace: "acme", Key: "care"}})
}

// A reader who follows the feed while others write has, in the end, seen the last state of every notice.
func testTailingReader(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	const writers, rounds, notices = 4, 15, 7
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range rounds {
				r := said{OCID: fmt.Sprintf("ocds-%d", (w+i)%notices), ID: fmt.Sprintf("%d-%d", w, i), Title: "a title"}
				if _, err := s.Put(t.Context(), releasesOf([]said{r})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()

	seen := make(map[string]*notice.Notice)
	var mark uint64
	follow := func() {
		for c, err := range s.Changes(t.Context(), mark) {
			if err != nil {
				t.Error(err)
				return
			}
			if c.N <= mark {
				t.Errorf("change %d after %d", c.N, mark)
			}
			mark = c.N
			n, err := s.Notice(t.Context(), c.Key)
			if err != nil {
				t.Error(err)
				return
			}
			seen[c.Key] = n
		}
	}
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		follow()
	}
	var got []string
	for n, err := range s.Notices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, n.ID)
		equal(t, "last state of "+n.ID, seen[n.ID], n)
	}
	if len(got) != notices || len(seen) != notices {
		t.Errorf("%d notices, %d seen, want %d", len(got), len(seen), notices)
	}
	equal(t, "mark", mark, s.stats().Changes)
}

// The body of a loop may write, and read, and leave early.
func testWritesInsideLoops(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	var batch []said
	for i := range 700 {
		batch = append(batch, said{OCID: fmt.Sprintf("ocds-%03d", i), ID: "1", Title: "first"})
	}
	s.put(batch...)
	var ids []string
	for n, err := range s.Notices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) >= len(batch) {
			break
		}
		ids = append(ids, n.ID)
		if len(ids)%50 == 0 { // enough to make the file grow
			var more []said
			for i := range 20 {
				more = append(more, said{OCID: fmt.Sprintf("%s-%d", n.ID, i), ID: "1", Title: "while reading"})
			}
			s.put(append(more, said{OCID: n.ID, ID: "2", Date: "2026-06-01T09:00:00Z", Title: "second"})...)
			equal(t, "title", s.title(n.ID), "second")
		}
	}
	for i, id := range ids {
		if want := fmt.Sprintf("ocds-%03d", i); id != want {
			t.Fatalf("notice %d is %s, want %s", i, id, want)
		}
	}
	for c, err := range s.Changes(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		s.profile(store.Default, care(fmt.Sprintf("p%d", c.N), "made while reading"))
		if c.N > 600 {
			break
		}
	}
}
