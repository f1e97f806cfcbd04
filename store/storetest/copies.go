package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bidfit/notice"
	"bidfit/store"
)

// opportunity is a release of a service, one of a few that are copies of each other or nearly so.
func opportunity(ocid, id string, service notice.Publisher, title, closes string) said {
	return said{OCID: ocid, ID: id, Date: "2026-06-0" + id + "T09:00:00Z", Title: title, Buyer: "Wick Town Council", Service: service, Closes: closes}
}

const (
	july   = "2026-07-10T12:00:00Z"
	august = "2026-08-10T12:00:00Z"
)

// copied lists, by notice, the OCIDs of its copies, as Notices gives them; Notice and Also have to say the same.
func (s suite) copied() map[string][]string {
	s.t.Helper()
	all := map[string][]string{}
	for n, err := range s.Notices(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		var list []string
		for _, c := range n.Copies {
			list = append(list, c.OCID)
		}
		one, err := s.Notice(s.t.Context(), n.ID)
		if err != nil || !slices.Equal(one.Copies, n.Copies) {
			s.t.Errorf("%s has copies %v in the list and %v alone (%v)", n.ID, n.Copies, one.Copies, err)
		}
		also, err := s.Also(s.t.Context(), n.OCID)
		for _, ocid := range list {
			if err != nil || !slices.Contains(also, ocid) {
				s.t.Errorf("%s is a copy of %s and not among its others %v (%v)", ocid, n.OCID, also, err)
			}
		}
		if list != nil {
			all[n.ID] = list
		}
	}
	return all
}

// Copies in two services know of each other as long as they are alike and nothing else is, and the feed tells both when that changes.
func testCopies(t *testing.T, open Open) {
	dir := t.TempDir()
	s := start(t, open, dir, 1)
	fat, cf := notice.FindATender, notice.ContractsFinder
	pair := map[string][]string{"f": {"c"}, "c": {"f"}}
	s.put(opportunity("f", "1", fat, "Grounds maintenance", july), opportunity("x", "1", fat, "Home care", july))
	equal(t, "one", s.copied(), map[string][]string{})
	mark := s.stats().Changes
	equal(t, "the other comes", s.put(opportunity("c", "2", cf, "GROUNDS MAINTENANCE", july)), store.PutResult{Stored: 1, Changed: []string{"c", "f"}, New: 1})
	equal(t, "and both are told", keys(s.changes(mark)), []string{"c", "f"})
	equal(t, "a pair", s.copied(), pair)
	n, err := s.Notice(t.Context(), "f")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "why", n.Copies, []notice.Copy{{OCID: "c", Publisher: cf, Because: "same buyer, title and deadline"}})
	equal(t, "the same again", s.put(opportunity("c", "2", cf, "GROUNDS MAINTENANCE", july)), store.PutResult{Duplicates: 1})
	// A second one of the same service: neither is told from the other.
	equal(t, "one too many", s.put(opportunity("c2", "3", cf, "Grounds maintenance", july)), store.PutResult{Stored: 1, Changed: []string{"c", "c2", "f"}, New: 1})
	equal(t, "in doubt", s.copied(), map[string][]string{})
	// It turns out to be another: its deadline moves.
	equal(t, "it moves", s.put(opportunity("c2", "4", cf, "Grounds maintenance", august)), store.PutResult{Stored: 1, Changed: []string{"c", "c2", "f"}})
	equal(t, "a pair again", s.copied(), pair)
	// In a third service there is one more.
	s.put(opportunity("w", "5", notice.Sell2Wales, "Grounds maintenance", july))
	equal(t, "three", s.copied(), map[string][]string{"f": {"c", "w"}, "c": {"f", "w"}, "w": {"f", "c"}})
	// The deadline of one moves, and it is alone until that of the others has.
	s.put(opportunity("f", "6", fat, "Grounds maintenance", august))
	equal(t, "moved", s.copied(), map[string][]string{"f": {"c2"}, "c2": {"f"}, "c": {"w"}, "w": {"c"}})
	// An OCID that unrelated buyers share names no opportunity.
	other := opportunity("w", "7", notice.Sell2Wales, "Home care", july)
	other.Buyer = "Thurso Town Council"
	s.put(other)
	equal(t, "shared", s.copied(), map[string][]string{"f": {"c2"}, "c2": {"f"}})
	s.verify()
	before := s.copied()
	s.Close()
	s = start(t, open, dir, 2)
	equal(t, "derived again", s.copied(), before)
}

// Which copies there are follows from the notices, not from the order in which they came, alone or together; and whoever
// follows the feed knows of each change of them.
func testCopiesInAnyOrder(t *testing.T, open Open) {
	services := []notice.Publisher{notice.FindATender, notice.ContractsFinder, notice.PublicContractsScotland}
	var all []said
	for i := range 60 {
		r := opportunity(fmt.Sprintf("ocds-%d", i%40), fmt.Sprint(1+i/7), services[i%40%3], fmt.Sprintf("Grounds maintenance %d", i%40/7), july)
		if i%5 == 0 {
			r.Closes = august
		}
		all = append(all, r)
	}
	for range notice.MostAlike + 5 { // and a series
		r := opportunity(fmt.Sprintf("series-%d", len(all)), "1", services[len(all)%3], "A series of call-offs", july)
		if len(all)%3 != 0 {
			r.Service = services[1]
		}
		all = append(all, r)
	}
	var want map[string][]string
	for round := range 4 {
		r := rand.New(rand.NewPCG(1, uint64(round)))
		s := start(t, open, t.TempDir(), 1)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		known := map[string][]string{}
		mark := uint64(0)
		for rest := all; len(rest) > 0; {
			n := min(len(rest), 1+r.IntN(1+20*round))
			s.put(rest[:n]...)
			rest = rest[n:]
			for _, c := range s.changes(mark) {
				mark = c.N
				n, err := s.Notice(t.Context(), c.Key)
				if err != nil {
					t.Fatal(err)
				}
				delete(known, n.ID)
				for _, copied := range n.Copies {
					known[n.ID] = append(known[n.ID], copied.OCID)
				}
			}
		}
		got := s.copied()
		equal(t, "who follows the feed", known, got)
		if want == nil {
			want = got
		}
		equal(t, "in another order", got, want)
	}
	if len(want) < 6 {
		t.Errorf("only %v are copies", want)
	}
}

func keys(changes []store.Change) []string {
	var list []string
	for _, c := range changes {
		list = append(list, c.Key)
	}
	slices.Sort(list)
	return list
}
