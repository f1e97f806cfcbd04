// Package storetest proves that an engine keeps the contract of package store.
// An engine's test calls [Run] with a function that opens it; every test gets stores of its own,
// and ends with a Verify that finds nothing.
package storetest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// Open opens the store of a folder, and creates it where there is none. Errors of the store are returned.
type Open func(t testing.TB, dir string, p store.Projection) (store.Store, error)

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"Empty", testEmpty},
		{"Duplicates", testDuplicates},
		{"Revisions", testRevisions},
		{"OddNames", testOddNames},
		{"BadReleases", testBadReleases},
		{"OrderIndependence", testOrderIndependence},
		{"SharedOCID", testSharedOCID},
		{"ConcurrentPuts", testConcurrentPuts},
		{"FailedProjection", testFailedProjection},
		{"Feed", testFeed},
		{"TailingReader", testTailingReader},
		{"WritesInsideLoops", testWritesInsideLoops},
		{"Also", testAlso},
		{"Copies", testCopies},
		{"CopiesInAnyOrder", testCopiesInAnyOrder},
		{"Quarantine", testQuarantine},
		{"Profiles", testProfiles},
		{"Workspaces", testWorkspaces},
		{"Decisions", testDecisions},
		{"Ratings", testRatings},
		{"Records", testRecords},
		{"Lexicons", testLexicons},
		{"OwnCopies", testOwnCopies},
		{"Reopen", testReopen},
		{"DeriveAgain", testDeriveAgain},
		{"Newer", testNewer},
		{"Cancelled", testCancelled},
		{"Closed", testClosed},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// said is the JSON of a release of this suite.
type said struct {
	OCID  string   `json:"ocid"`
	ID    string   `json:"id,omitzero"`
	Date  string   `json:"date,omitzero"`
	Title string   `json:"title,omitzero"`
	Buyer string   `json:"buyer,omitzero"`
	Also  []string `json:"also,omitzero"`
	// Service and Closes are what copies are told by, beside title and buyer: the publisher, and the deadline.
	Service notice.Publisher `json:"service,omitzero"`
	Closes  string           `json:"closes,omitzero"`
	// One says that all buyers of this OCID are one after all.
	One bool `json:"one,omitzero"`
	// Fail and Panic are what the projection is to do when it meets this release.
	Fail  bool `json:"fail,omitzero"`
	Panic bool `json:"panic,omitzero"`
}

// release makes a release of what it says.
func (s said) release() notice.Release {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	date, _ := time.Parse(time.RFC3339, s.Date)
	return notice.Release{OCID: s.OCID, ID: s.ID, Hash: sha256.Sum256(raw), Date: date, Tags: []string{"tender"}, Raw: raw}
}

// Projection is the suite's own: a notice for each buyer of an OCID, the first with the OCID as its id, titled
// by the newest release; its status names the version.
func Projection(version int) store.Projection {
	return store.Projection{Version: version, Project: func(ocid string, releases []notice.Release) ([]*notice.Notice, error) {
		return project(version, ocid, releases)
	}}
}

func project(version int, ocid string, releases []notice.Release) ([]*notice.Notice, error) {
	releases = slices.Clone(releases)
	slices.SortFunc(releases, func(a, b notice.Release) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.ID, b.ID), slices.Compare(a.Hash[:], b.Hash[:]))
	})
	texts := make([]said, len(releases))
	one := false
	for i, r := range releases {
		if r.OCID != ocid {
			return nil, fmt.Errorf("a release of %q among those of %q", r.OCID, ocid)
		}
		if err := json.Unmarshal(r.Raw, &texts[i]); err != nil {
			return nil, err
		}
		if texts[i].Fail {
			return nil, fmt.Errorf("release %s is not to be projected", r.ID)
		}
		if texts[i].Panic {
			panic("a projection that panics")
		}
		one = one || texts[i].One
	}
	var notices []*notice.Notice
	byBuyer := make(map[string]*notice.Notice)
	for i, text := range texts {
		if one {
			text.Buyer = ""
		}
		n, ok := byBuyer[text.Buyer]
		if !ok {
			n = &notice.Notice{ID: ocid, OCID: ocid, Lots: []notice.Lot{{}}}
			if len(notices) > 0 {
				n.ID += "@" + text.Buyer
			}
			n.Status = notice.Say(fmt.Sprintf("projection %d", version), notice.Path{Pointer: "/"})
			byBuyer[text.Buyer] = n
			notices = append(notices, n)
		}
		at := func(pointer string) notice.Path {
			return notice.Path{Release: releases[i].Identity(), Pointer: pointer}
		}
		n.Title = notice.Say(text.Title, at("/title"))
		if n.Publisher = text.Service; n.Publisher != "" {
			n.Buyer.Name = notice.Say(text.Buyer, at("/buyer"))
		}
		if closes, err := time.Parse(time.RFC3339, text.Closes); err == nil {
			n.Deadline.Said = notice.Say(notice.Moment{Time: closes}, at("/closes"))
		}
		n.Releases = append(n.Releases, notice.Published{
			Identity: releases[i].Identity(), Hash: notice.HashName(releases[i].Hash), Date: releases[i].Date, Tags: releases[i].Tags,
		})
		for _, other := range text.Also {
			n.Also = append(n.Also, notice.Say(other, at("/also")))
		}
	}
	return notices, nil
}

// suite is one store under test.
type suite struct {
	store.Store
	t testing.TB
}

// start opens a store, and has it verified when the test ends.
func start(t testing.TB, open Open, dir string, version int) suite {
	t.Helper()
	st, err := open(t, dir, Projection(version))
	if err != nil {
		t.Fatal(err)
	}
	s := suite{st, t}
	t.Cleanup(func() {
		if !t.Failed() {
			s.verify()
		}
		st.Close()
	})
	return s
}

func (s suite) verify() {
	s.t.Helper()
	for f, err := range s.Verify(context.Background()) {
		if err != nil {
			if strings.Contains(err.Error(), "closed") {
				return
			}
			s.t.Fatal(err)
		}
		s.t.Errorf("Verify: %s: %s", f.Where, f.Reason)
	}
}

func (s suite) put(all ...said) store.PutResult {
	s.t.Helper()
	res, err := s.Put(s.t.Context(), releasesOf(all))
	if err != nil {
		s.t.Fatal(err)
	}
	return res
}

func releasesOf(all []said) []notice.Release {
	releases := make([]notice.Release, len(all))
	for i, s := range all {
		releases[i] = s.release()
	}
	return releases
}

func (s suite) title(id string) string {
	s.t.Helper()
	n, err := s.Notice(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return n.Title.Value
}

// notices lists the notices as JSON, sorted.
func (s suite) notices() []string {
	s.t.Helper()
	var all []string
	for n, err := range s.Notices(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, jsonOf(s.t, n))
	}
	slices.Sort(all)
	return all
}

func (s suite) changes(after uint64) []store.Change {
	s.t.Helper()
	var all []store.Change
	for c, err := range s.Changes(s.t.Context(), after) {
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func (s suite) stats() store.Stats {
	s.t.Helper()
	st, err := s.Stats(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

func (s suite) profile(ws store.Workspace, p profiles.Profile) store.Profile {
	s.t.Helper()
	kept, err := s.PutProfile(s.t.Context(), ws, p, noon)
	if err != nil {
		s.t.Fatal(err)
	}
	return kept
}

func (s suite) decide(ws store.Workspace, d pursuit.Decision) pursuit.Pursuit {
	s.t.Helper()
	p, err := s.Decide(s.t.Context(), ws, d)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s suite) rate(ws store.Workspace, r pursuit.Rating) pursuit.Rated {
	s.t.Helper()
	all, err := s.Rate(s.t.Context(), ws, r)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func (s suite) keep(ws store.Workspace, records ...pursuit.Record) {
	s.t.Helper()
	if err := s.Keep(s.t.Context(), ws, records...); err != nil {
		s.t.Fatal(err)
	}
}

// records lists what is kept, as NAME=CONTENT.
func (s suite) records(ws store.Workspace, kind pursuit.Kind, profile string, names ...string) (list []string) {
	s.t.Helper()
	all, err := s.Records(s.t.Context(), ws, kind, profile, names...)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range all {
		if r.Kind != kind || r.Profile != profile {
			s.t.Errorf("among the %s of %q there is %s of %q", kind, profile, r.Kind, r.Profile)
		}
		list = append(list, r.Name+"="+string(r.Content))
	}
	return list
}

var noon = time.Date(2026, 6, 24, 12, 0, 0, 0, time.UTC)

// care is a profile with something in each kind of field.
func care(id, name string) profiles.Profile {
	low, high, yes := notice.Pence(1_000_000), notice.Pence(75_000_000), true
	return profiles.Profile{
		ID: id, Name: name, Keywords: []string{"home care", "respite"}, Value: profiles.Band{Min: &low, Max: &high}, SME: &yes,
		LeadDays: 15, Weights: map[string]int{"subject": 40, "words": 30, "region": 20},
	}
}

// decision is a decision about a notice for a profile.
func decision(profile, id string, v pursuit.Verdict) pursuit.Decision {
	return pursuit.Decision{
		Target: pursuit.Target{Notice: id}, Profile: profile, Verdict: v, Reason: "near our depot", Who: "the bid team", When: noon,
		Release: "001-2026", ProfileRevision: 1,
		Fit: matcher.Fit{OCID: id, Also: []string{}, Title: "Home care", Score: 71, Advice: matcher.Bid, Gates: []matcher.Gate{}, Evidence: []matcher.Evidence{
			{Criterion: "subject", Finding: matcher.Met, Share: 100, Weight: 40, Points: 71, Reason: "85312000 is what the profile does", At: []notice.Quote{}},
		}},
	}
}

// rating is an answer about a notice for a profile.
func rating(profile, id string, a pursuit.Answer) pursuit.Rating {
	return pursuit.Rating{
		Target: pursuit.Target{Notice: id}, Profile: profile, Answer: a, Note: "their usual school contract", Who: "the bid team", When: noon,
		ProfileRevision: 1, Lexicon: "gone long since", Learned: "0123456789ab", Relevance: 80, Score: 71,
	}
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := jsonOf(t, got), jsonOf(t, want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}
