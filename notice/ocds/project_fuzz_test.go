package ocds

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"slices"
	"testing"
	"time"

	"bidfit/notice"
)

// FuzzProject takes lines as the releases of one OCID. Whatever they hold: no panic, a notice
// has a lot, every place cited names one of the releases, and their order changes nothing.
func FuzzProject(f *testing.F) {
	for _, seed := range [][]string{
		{actRelease(1, "planning", "UK2", `"status":"planned",`, ""), actRelease(2, "tender", "UK4", `"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1","relatedLot":"B"}],`, "")},
		{oldRelease(1, "tender", `"value":{"amount":1e9999},"tenderPeriod":{"endDate":"20226-01-01"},`, ""), oldRelease(2, "tenderUpdate", `"amendments":[{"id":"1"}],`, "")},
		{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-2", "South Rail")},
		{oldRelease(1, "award", "", `,"awards":[{"id":"1","suppliers":[{"id":"x"}],"items":[{"deliveryAddresses":[{"region":"a,b"}]}]}],"contracts":[{"awardID":1},{"awardID":"1"}]`)},
		{contractRelease(1, "implementation", "UK9", `"implementation":{"metrics":[{"id":"1","observations":[{"id":"1"}]}],"transactions":[{}],"performanceFailures":[{"suppliers":[{}]}]},"amendments":[{"id":"1"}]`, ""),
			contractRelease(2, "contractAmendment", "UK10", `"amendments":[{"id":"1","unstructuredChanges":[{}]}],"proposedAmendments":[{}]`, `,"bids":{"statistics":[{"value":1}],"details":[{"tenderers":[{"id":"x"}]}]}`)},
		{actRelease(1, "award", "UK15", "", `,"awards":[{"suppliers":[{"name":"A"}]}]`), actRelease(2, "award", "UK15", "", `,"parties":[{"name":"A","roles":["removedSupplier"]}]`)},
		{actRelease(1, "", "UK17", "", `,"compliance":[{"days":[30,{"x":true}]}]`)},
		{`{"tender":[],"awards":{},"parties":7,"buyer":"x","tag":"tender"}`, `[]`, `7`, `nonsense`, ``},
		{`{"tender":{"lots":[{"id":{}},{"id":null},null,[]],"items":[null,{"classification":[]}],"value":7,"documents":[{"noticeType":3}]},"tag":[null,3]}`},
	} {
		var lines [][]byte
		for _, text := range seed {
			lines = append(lines, []byte(text))
		}
		f.Add(bytes.Join(lines, []byte("\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var releases []notice.Release
		for i, line := range bytes.Split(data, []byte("\n")) {
			if i == 8 {
				break
			}
			releases = append(releases, notice.Release{
				OCID: ocid, ID: string(rune('a' + i)), Raw: line, Hash: sha256.Sum256(line), Tags: []string{"tender"},
				Date: time.Date(2026, 7, 1, 10, i, 0, 0, notice.London),
			})
		}
		notices, err := Project(ocid, releases)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			if len(n.Lots) == 0 || n.ID == "" || n.Stage == "" {
				t.Errorf("%d lots, id %q, stage %q", len(n.Lots), n.ID, n.Stage)
			}
			eachSaid(reflect.ValueOf(n).Elem(), "", func(field string, _ any, at notice.Path) {
				if len(at.Release) != 1 || at.Release[0] < 'a' || at.Release[0] > 'h' {
					t.Errorf("%s cites release %q", field, at.Release)
				}
			})
		}
		slices.Reverse(releases)
		again, err := Project(ocid, releases)
		if err != nil || !reflect.DeepEqual(again, notices) {
			t.Errorf("the order of releases matters (%v)", err)
		}
	})
}
