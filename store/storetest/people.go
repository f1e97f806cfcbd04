package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// Each change of a profile is a revision, and none is lost, also after removal.
func testProfiles(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	first := s.profile(store.Default, care("Care", "Care"))
	equal(t, "first", first, store.Profile{Profile: care("Care", "Care"), Revision: 1, Updated: noon})
	equal(t, "the same again", s.profile(store.Default, care("Care", "Care")), first)
	second := s.profile(store.Default, care("Care", "Care of Lancashire"))
	equal(t, "second", second.Revision, 2)
	s.profile(store.Default, care("a", "A"))
	s.profile(store.Default, care("care", "another: case counts"))

	all, err := s.Profiles(t.Context(), store.Default)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	equal(t, "sorted", ids, []string{"Care", "a", "care"})

	if err := s.RemoveProfile(t.Context(), store.Default, "Care"); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveProfile(t.Context(), store.Default, "Care"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := s.Profile(t.Context(), store.Default, "Care"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("found after removal: %v", err)
	}
	for _, want := range []store.Profile{first, second} {
		got, err := s.ProfileRevision(t.Context(), store.Default, "Care", want.Revision)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "revision", got, want)
	}
	for _, n := range []uint64{0, 3, 9} { // 3 is the removal
		if _, err := s.ProfileRevision(t.Context(), store.Default, "Care", n); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("revision %d: %v", n, err)
		}
	}
	equal(t, "stats", s.stats().Profiles, 2)
	if again := s.profile(store.Default, care("Care", "Care")); again.Revision <= second.Revision {
		t.Errorf("a profile that came back has revision %d", again.Revision)
	}
	if _, err := s.PutProfile(t.Context(), store.Default, profiles.Profile{Name: "nobody"}, noon); err == nil {
		t.Error("a profile without id was kept")
	}
}

// Nobody sees what is in another workspace.
func testWorkspaces(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	s.put(said{OCID: "ocds-a", ID: "1"})
	spaces := []store.Workspace{"acme", "acm", "acme\x00", "e"}
	for _, ws := range spaces {
		s.profile(ws, care("care", "of "+string(ws)))
		s.decide(ws, decision("care", "ocds-a", pursuit.Bid))
	}
	s.decide("acme", decision("care", "ocds-a", pursuit.NoBid))
	for _, ws := range spaces {
		p, err := s.Profile(t.Context(), ws, "care")
		if err != nil || p.Name != "of "+string(ws) || p.Revision != 1 {
			t.Errorf("%q: %+v, %v", ws, p, err)
		}
		all, err := s.Profiles(t.Context(), ws)
		if err != nil || len(all) != 1 {
			t.Errorf("%q: %d profiles, %v", ws, len(all), err)
		}
		pursuits, err := s.Pursuits(t.Context(), ws, "")
		want := 1
		if ws == "acme" {
			want = 2
		}
		if err != nil || len(pursuits) != 1 || len(pursuits[0].Decisions) != want {
			t.Errorf("%q: %+v, %v", ws, pursuits, err)
		}
	}
	if _, err := s.Profile(t.Context(), "nobody", "care"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a workspace without profiles: %v", err)
	}
	if _, err := s.Decide(t.Context(), "nobody", decision("care", "ocds-a", pursuit.Bid)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a decision for the profile of another workspace: %v", err)
	}
	if err := s.RemoveProfile(t.Context(), "acm", "care"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Profile(t.Context(), "acme", "care"); err != nil {
		t.Errorf("removed in another workspace: %v", err)
	}
}

// Decisions are added, never changed, and what they were based on stays.
func testDecisions(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	s.put(said{OCID: "ocds-a", ID: "1"}, said{OCID: "ocds-b", ID: "1"})
	s.profile(store.Default, care("care", "Care"))
	s.profile(store.Default, care("roof", "Roofs"))
	if err := s.PutLexicon(t.Context(), "v1", []byte("weights")); err != nil {
		t.Fatal(err)
	}
	first := decision("care", "ocds-a", pursuit.Watch)
	first.Lexicon = "v1"
	second := decision("care", "ocds-a", pursuit.Bid)
	second.Against = true
	s.decide(store.Default, first)
	p := s.decide(store.Default, second)
	equal(t, "pursuit", p, pursuit.Pursuit{Target: first.Target, Profile: "care", Decisions: []pursuit.Decision{first, second}})
	equal(t, "current", p.Current(), second)

	for _, more := range []struct{ profile, notice, lot string }{{"roof", "ocds-a", ""}, {"care", "ocds-b", "2"}, {"care", "ocds-b", "10"}, {"care", "ocds-b", ""}} {
		d := decision(more.profile, more.notice, pursuit.NoBid)
		d.Lot = more.lot
		s.decide(store.Default, d)
	}
	list := func(profile string) (got []string) {
		all, err := s.Pursuits(t.Context(), store.Default, profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			got = append(got, p.Profile+" "+p.String())
		}
		return got
	}
	all := []string{"care ocds-a", "care ocds-b", "care ocds-b/10", "care ocds-b/2", "roof ocds-a"}
	equal(t, "all", list(""), all)
	equal(t, "of care", list("care"), all[:4])
	equal(t, "of nobody", list("nobody"), []string(nil))
	equal(t, "stats", s.stats().Pursuits, 5)
	some, err := s.Pursuits(t.Context(), store.Default, "care", pursuit.Target{Notice: "ocds-b", Lot: "10"}, pursuit.Target{Notice: "ocds-none"},
		pursuit.Target{Notice: "ocds-a"}, pursuit.Target{Notice: "ocds-a"})
	if err != nil || len(some) != 2 || some[0].Notice != "ocds-a" || len(some[0].Decisions) != 2 || some[1].Lot != "10" {
		t.Errorf("of some targets: %+v, %v", some, err)
	}
	back := second
	back.Undone = true
	p = s.decide(store.Default, back)
	equal(t, "on record", len(p.Decisions), 3)
	equal(t, "in force again", p.Current(), first)

	for name, spoil := range map[string]func(*pursuit.Decision){
		"profile":  func(d *pursuit.Decision) { d.Profile = "nobody" },
		"revision": func(d *pursuit.Decision) { d.ProfileRevision = 9 },
		"notice":   func(d *pursuit.Decision) { d.Notice = "ocds-none" },
		"lexicon":  func(d *pursuit.Decision) { d.Lexicon = "none" },
	} {
		d := decision("care", "ocds-a", pursuit.Bid)
		spoil(&d)
		if _, err := s.Decide(t.Context(), store.Default, d); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown %s: %v", name, err)
		}
	}
	if err := s.RemoveProfile(t.Context(), store.Default, "care"); err != nil {
		t.Fatal(err)
	}
	equal(t, "of a removed profile", list("care"), all[:4])
	if _, err := s.ProfileRevision(t.Context(), store.Default, "care", 1); err != nil {
		t.Errorf("the cited revision: %v", err)
	}
}

// Ratings are added beside decisions, none is lost when taken back, and nobody sees another's.
func testRatings(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	s.put(said{OCID: "ocds-a", ID: "1"}, said{OCID: "ocds-b", ID: "1"})
	s.profile(store.Default, care("care", "Care"))
	s.profile(store.Default, care("roof", "Roofs"))
	s.profile("acme", care("care", "Care"))
	first, second := rating("care", "ocds-a", pursuit.Relevant), rating("care", "ocds-a", pursuit.Known)
	back := rating("care", "ocds-a", pursuit.Known)
	back.Undone = true
	s.rate(store.Default, first)
	s.rate(store.Default, second)
	all := s.rate(store.Default, back)
	equal(t, "rated", all, pursuit.Rated{Target: first.Target, Profile: "care", Ratings: []pursuit.Rating{first, second, back}})
	equal(t, "in force", all.Answers(), []pursuit.Answer{pursuit.Relevant})

	for _, more := range []struct{ profile, notice, lot string }{{"roof", "ocds-a", ""}, {"care", "ocds-b", "2"}, {"care", "ocds-b", "10"}, {"care", "ocds-b", ""}} {
		r := rating(more.profile, more.notice, pursuit.Irrelevant)
		r.Lot = more.lot
		s.rate(store.Default, r)
	}
	s.rate("acme", rating("care", "ocds-a", pursuit.Irrelevant))
	s.decide(store.Default, decision("care", "ocds-a", pursuit.Bid))
	list := func(s suite, ws store.Workspace, profile string) (got []string) {
		all, err := s.Ratings(t.Context(), ws, profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			got = append(got, r.Profile+" "+r.String())
		}
		return got
	}
	rated := []string{"care ocds-a", "care ocds-b", "care ocds-b/10", "care ocds-b/2", "roof ocds-a"}
	equal(t, "all", list(s, store.Default, ""), rated)
	equal(t, "of care", list(s, store.Default, "care"), rated[:4])
	equal(t, "of nobody", list(s, store.Default, "nobody"), []string(nil))
	equal(t, "of acme", list(s, "acme", ""), rated[:1])
	some, err := s.Ratings(t.Context(), store.Default, "care", pursuit.Target{Notice: "ocds-b", Lot: "2"}, pursuit.Target{Notice: "ocds-b", Lot: "3"})
	if err != nil || len(some) != 1 || some[0].Lot != "2" {
		t.Errorf("of some targets: %+v, %v", some, err)
	}
	equal(t, "stats", []int{s.stats().Ratings, s.stats().Pursuits}, []int{6, 1})

	for name, spoil := range map[string]func(*pursuit.Rating){
		"profile":  func(r *pursuit.Rating) { r.Profile = "nobody" },
		"revision": func(r *pursuit.Rating) { r.ProfileRevision = 9 },
		"notice":   func(r *pursuit.Rating) { r.Notice = "ocds-none" },
	} {
		r := rating("care", "ocds-a", pursuit.Relevant)
		spoil(&r)
		if _, err := s.Rate(t.Context(), store.Default, r); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown %s: %v", name, err)
		}
	}
	if err := s.RemoveProfile(t.Context(), store.Default, "care"); err != nil {
		t.Fatal(err)
	}
	equal(t, "of a removed profile", list(s, store.Default, "care"), rated[:4])
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, open, dir, 1)
	equal(t, "after reopening", list(again, store.Default, ""), rated)
}

// Of records the last word counts, all or none are kept, and nobody sees another's.
func testRecords(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	s.profile(store.Default, care("care", "Care"))
	s.profile("acme", care("care", "Care"))
	of := func(kind pursuit.Kind, profile, name, content string) pursuit.Record {
		return pursuit.Record{Kind: kind, Profile: profile, Name: name, Content: []byte(content)}
	}
	long := "ocds-" + strings.Repeat("x", 300) + "/lot/with/slashes"
	s.keep(store.Default, of("seen", "care", "ocds-b", "1"), of("seen", "care", "ocds-a", "1"), of("seen", "care", long, `{"a":"b"}`),
		of("snooze", "care", "ocds-a", "2"), of("search", "", "ours", `"q"`))
	s.keep("acme", of("seen", "care", "ocds-a", "9"))
	seen := []string{"ocds-a=1", long + `={"a":"b"}`, "ocds-b=1"}
	slices.Sort(seen)
	equal(t, "seen", s.records(store.Default, "seen", "care"), seen)
	equal(t, "of some names", s.records(store.Default, "seen", "care", "ocds-b", "ocds-none", "ocds-b"), []string{"ocds-b=1"})
	equal(t, "snoozed", s.records(store.Default, "snooze", "care"), []string{"ocds-a=2"})
	equal(t, "of no profile", s.records(store.Default, "search", ""), []string{`ours="q"`})
	equal(t, "of another kind", s.records(store.Default, "see", "care"), []string(nil))
	equal(t, "of another workspace", s.records("acme", "seen", "care"), []string{"ocds-a=9"})
	equal(t, "stats", s.stats().Records, 6)

	before := s.stats().Changes
	s.keep(store.Default, of("seen", "care", "ocds-b", "1"), of("seen", "care", "ocds-none", ""))
	s.keep(store.Default)
	equal(t, "changes of what is the same, and of what was not there", s.changes(before), []store.Change(nil))
	s.keep(store.Default, of("seen", "care", "ocds-b", "2"), of("seen", "care", "ocds-a", ""), of("search", "", "ours", `"r"`))
	equal(t, "changes", s.changes(before), []store.Change{
		{N: before + 1, Kind: store.KindRecord, Workspace: store.Default, Key: "seen/care/ocds-b"},
		{N: before + 2, Kind: store.KindRecord, Workspace: store.Default, Key: "seen/care/ocds-a", Gone: true},
		{N: before + 3, Kind: store.KindRecord, Workspace: store.Default, Key: "search//ours"},
	})
	equal(t, "the last word", s.records(store.Default, "seen", "care", "ocds-a", "ocds-b"), []string{"ocds-b=2"})
	change, lexicon, err := s.Newest(t.Context())
	if err != nil || change != before+3 || lexicon != "" {
		t.Errorf("the newest change is %d, the lexicon %q, %v", change, lexicon, err)
	}

	s.keep(store.Default, of(pursuit.KindOutbox, "", "m1", "1"), of(pursuit.KindOutbox, "", "m2", "1"))
	s.keep(store.Default, of(pursuit.KindOutbox, "", "m1", ""), of(pursuit.KindSent, "", "m1", "2"))
	s.keep(store.Everybody, of(pursuit.KindFeed, "", "find", "3"))
	equal(t, "waiting", s.records(store.Default, pursuit.KindOutbox, ""), []string{"m2=1"})
	equal(t, "sent", s.records(store.Default, pursuit.KindSent, ""), []string{"m1=2"})
	equal(t, "of the whole store", s.records(store.Everybody, pursuit.KindFeed, ""), []string{"find=3"})
	s.keep(store.Default, of(pursuit.KindDue, "", "b/1", "1"), of(pursuit.KindDue, "", "a/22", "2"), of(pursuit.KindDue, "", "a/1", "3"),
		of(pursuit.KindDue, "", "a", "4"), of(pursuit.KindDue, "", "aa/1", "5"))
	s.keep("acme", of(pursuit.KindDue, "", "a/1", "6"))
	under := func(prefix string, most int) (list []string) {
		t.Helper()
		found, err := s.RecordsUnder(t.Context(), store.Default, pursuit.KindDue, prefix, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range found {
			list = append(list, r.Name+"="+string(r.Content))
		}
		return list
	}
	equal(t, "under a prefix", under("a/", 0), []string{"a/1=3", "a/22=2"})
	equal(t, "the first under none", under("", 3), []string{"a=4", "a/1=3", "a/22=2"})
	equal(t, "under what nothing begins with", under("c", 0), []string(nil))
	equal(t, "of a name that others begin with", s.records(store.Default, pursuit.KindDue, "", "a", "none"), []string{"a=4"})
	if _, err := s.RecordsUnder(t.Context(), store.Default, pursuit.KindSeen, "", 0); err == nil {
		t.Error("records that are not sorted by name were listed under a prefix")
	}
	if err := s.Keep(t.Context(), store.Default, of(pursuit.KindDue, "", strings.Repeat("n", 5000), "1")); err == nil {
		t.Error("a name of 5,000 bytes was kept")
	}
	equal(t, "changes of quiet kinds", s.changes(before+3), []store.Change(nil))

	for name, wrong := range map[string]pursuit.Record{"a profile that is not there": of("seen", "nobody", "ocds-a", "1"), "no name": of("seen", "care", "", "1"), "no kind": of("", "care", "ocds-a", "1")} {
		err := s.Keep(t.Context(), store.Default, of("seen", "care", "ocds-c", "1"), wrong)
		if err == nil || wrong.Profile == "nobody" && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "with one that cannot be kept none is", s.records(store.Default, "seen", "care", "ocds-c"), []string(nil))
	if err := s.RemoveProfile(t.Context(), store.Default, "care"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, open, dir, 1)
	equal(t, "of a removed profile, after reopening", again.records(store.Default, "seen", "care", "ocds-b"), []string{"ocds-b=2"})
	s = again
	s.profile(store.Default, care("care", "Care"))
	s.keep(store.Default, of("seen", "care", "ocds-a", "3")) // back again
	equal(t, "what was removed comes back", s.records(store.Default, "seen", "care", "ocds-a"), []string{"ocds-a=3"})
	s.verify()
}

// Of the lexicons the current one and the cited ones are kept.
func testLexicons(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	if _, _, err := s.Lexicon(t.Context(), ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before the first: %v", err)
	}
	put := func(version, content string) {
		t.Helper()
		if err := s.PutLexicon(t.Context(), version, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	has := func(version, wantVersion, want string) {
		t.Helper()
		v, b, err := s.Lexicon(t.Context(), version)
		if err != nil || v != wantVersion || string(b) != want {
			t.Errorf("lexicon %q: %q %q %v", version, v, b, err)
		}
	}
	s.put(said{OCID: "ocds-a", ID: "1"})
	s.profile(store.Default, care("care", "Care"))
	put("v1", "one")
	d := decision("care", "ocds-a", pursuit.Bid)
	d.Lexicon = "v1"
	s.decide(store.Default, d)
	put("v2", "two")
	put("v3", "")
	has("", "v3", "")
	has("v3", "v3", "")
	has("v1", "v1", "one") // cited
	if _, _, err := s.Lexicon(t.Context(), "v2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("neither current nor cited: %v", err)
	}
	put("v1", "one")
	has("", "v1", "one")
	if err := s.PutLexicon(t.Context(), "v1", []byte("another")); err == nil {
		t.Error("a version changed its content")
	}
	if err := s.PutLexicon(t.Context(), "", []byte("x")); err == nil {
		t.Error("a lexicon without version was kept")
	}
	has("", "v1", "one")
}

// What was acknowledged is there after closing and opening, numbers included.
func testReopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	s.put(said{OCID: "ocds-a", ID: "1", Title: "Home care", Also: []string{"ocds-b"}}, said{OCID: "ocds-c", ID: "1"})
	s.put(said{OCID: "ocds-a", ID: "2", Date: "2026-06-01T09:00:00Z", Title: "Home care, corrected"})
	s.profile(store.Default, care("care", "Care"))
	if err := s.PutLexicon(t.Context(), "v1", []byte("weights")); err != nil {
		t.Fatal(err)
	}
	s.decide(store.Default, decision("care", "ocds-a", pursuit.Bid))
	if err := s.Quarantine(t.Context(), []notice.Rejected{{File: "x.json", Code: "invalid-json", Reason: "no", Raw: []byte("{")}}); err != nil {
		t.Fatal(err)
	}
	s.verify()
	stats, notices, changes := s.stats(), s.notices(), s.changes(0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	again := start(t, open, dir, 1)
	equal(t, "stats", again.stats(), stats)
	equal(t, "notices", again.notices(), notices)
	equal(t, "changes", again.changes(0), changes)
	equal(t, "a duplicate", again.put(said{OCID: "ocds-c", ID: "1"}), store.PutResult{Duplicates: 1})
	again.put(said{OCID: "ocds-c", ID: "2", Title: "new"})
	equal(t, "the next change", again.changes(stats.Changes), []store.Change{{N: stats.Changes + 1, Kind: store.KindNotice, Key: "ocds-c"}})
	if v, b, err := again.Lexicon(t.Context(), ""); err != nil || v != "v1" || string(b) != "weights" {
		t.Errorf("lexicon: %q %q %v", v, b, err)
	}
	pursuits, err := again.Pursuits(t.Context(), store.Default, "care")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "pursuits", pursuits, []pursuit.Pursuit{{Target: pursuit.Target{Notice: "ocds-a"}, Profile: "care", Decisions: []pursuit.Decision{decision("care", "ocds-a", pursuit.Bid)}}})
}

// A newer projection derives every notice again, and tells the feed.
func testDeriveAgain(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	var batch []said
	for i := range 600 {
		batch = append(batch, said{OCID: "ocds-" + string(rune('a'+i%26)) + string(rune('a'+i/26)), ID: "1", Title: "a title"})
	}
	s.put(batch...)
	s.profile(store.Default, care("care", "Care"))
	stats := s.stats()
	s.verify()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = start(t, open, dir, 2)
	count := 0
	for n, err := range s.Notices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if count++; n.Status.Value != "projection 2" {
			t.Fatalf("notice %s says %s", n.ID, n.Status.Value)
		}
	}
	equal(t, "notices", count, len(batch))
	equal(t, "changes since", len(s.changes(stats.Changes)), len(batch))
	stats.Projection, stats.Changes = 2, stats.Changes+uint64(len(batch))
	equal(t, "stats", s.stats(), stats)
	s.verify()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = start(t, open, dir, 2) // once is enough
	equal(t, "stats", s.stats(), stats)
}

// What a newer program wrote an older one leaves alone.
func testNewer(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 2)
	s.put(said{OCID: "ocds-a", ID: "1"})
	notices := s.notices()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if older, err := open(t, dir, Projection(1)); !errors.Is(err, store.ErrNewer) {
		t.Fatalf("opened by an older program: %v, %v", older, err)
	}
	s = start(t, open, dir, 2)
	equal(t, "notices", s.notices(), notices)
}

// A closed store answers with errors, and may be closed again.
func testClosed(t *testing.T, open Open) {
	s := start(t, open, t.TempDir(), 1)
	s.put(said{OCID: "ocds-a", ID: "1"})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Notice(t.Context(), "ocds-a"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Notice: %v", err)
	}
	if _, err := s.Put(t.Context(), releasesOf([]said{{OCID: "ocds-b"}})); err == nil {
		t.Error("Put succeeded")
	}
	for _, err := range s.Notices(t.Context()) {
		if err == nil {
			t.Error("Notices yielded one")
		}
	}
}
