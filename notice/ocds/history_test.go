package ocds

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
)

// growing are releases of one procurement, each moving its value and adding a lot.
func growing(t *testing.T, n int) []notice.Release {
	t.Helper()
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, `{"ocid":"ocds-h6vhtk-grow01","id":"%06d-2026","tag":["tenderUpdate"],"date":"2026-01-%02dT09:00:00Z","tender":{"id":"t","title":"Library vans","status":"active","value":{"amount":%d,"currency":"GBP"},"lots":[{"id":"%d","title":"Lot %d"}]}}`+"\n", i+1, i+1, 1000*(i+1), i+1, i+1)
	}
	var releases []notice.Release
	for item, err := range Decode(t.Context(), &text, "growing") {
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, *item.Release)
	}
	return releases
}

// TestStates: each state is what its releases alone project to, whatever order they come in.
func TestStates(t *testing.T) {
	releases := growing(t, 9)
	back := make([]notice.Release, len(releases))
	for i, r := range releases {
		back[len(back)-1-i] = r
	}
	k := 4
	for state := range States("ocds-h6vhtk-grow01", back, 4) {
		k++
		want, err := Project("ocds-h6vhtk-grow01", releases[:k])
		if err != nil || len(want) != 1 {
			t.Fatalf("projecting %d releases: %v, %v", k, want, err)
		}
		if !reflect.DeepEqual(state, want[0]) {
			t.Errorf("after %d releases: got %+v, want %+v", k, state, want[0])
		}
	}
	if k != 9 {
		t.Errorf("the last state is that of %d releases", k)
	}
	for range States("ocds-h6vhtk-grow01", nil, 4) {
		t.Error("no releases have a state")
	}
	all := 0
	for range States("ocds-h6vhtk-grow01", releases, 100) {
		all++
	}
	if all != 9 {
		t.Errorf("%d states of 9 releases", all)
	}
}

func TestRecordPackage(t *testing.T) {
	releases := growing(t, 3)
	b, err := RecordPackage(releases)
	if err != nil {
		t.Fatal(err)
	}
	var record struct {
		URI, Version, PublishedDate string
		Publisher                   struct{ Name string }
		Records                     []struct {
			OCID            string
			Releases        []struct{ ID string }
			CompiledRelease struct {
				ID, Date string
				Tag      []string
			}
		}
	}
	if err := json.Unmarshal(b, &record, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	r := record.Records[0]
	if record.Version != "1.1" || record.PublishedDate != "2026-01-03T09:00:00Z" || record.Publisher.Name != "Find a Tender" || len(r.Releases) != 3 ||
		r.Releases[0].ID != "000001-2026" || r.CompiledRelease.Date != "2026-01-03T09:00:00Z" || r.CompiledRelease.Tag[0] != "compiled" {
		t.Errorf("got %+v", record)
	}
	n := 0 // what was written can be read
	for item, err := range Decode(t.Context(), bytes.NewReader(b), "record") {
		if err != nil || item.Release == nil {
			t.Fatalf("reading it again: %v, %+v", err, item.Rejected)
		}
		if n++; item.Release.Hash != releases[n-1].Hash {
			t.Errorf("release %d reads otherwise", n)
		}
	}
	if n != 3 {
		t.Errorf("%d releases read again", n)
	}
	if _, err := RecordPackage(nil); err == nil {
		t.Error("a record of nothing is made")
	}
}
