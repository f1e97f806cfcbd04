package ocds

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// releaseOf makes a release of its JSON text, as decoding does.
func releaseOf(tb testing.TB, text string) notice.Release {
	tb.Helper()
	var head struct {
		OCID string   `json:"ocid"`
		ID   string   `json:"id"`
		Date string   `json:"date"`
		Tag  []string `json:"tag"`
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil {
		tb.Fatalf("the test's release is not JSON: %v\n%s", err, text)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		tb.Fatal(err)
	}
	r := notice.Release{OCID: head.OCID, ID: head.ID, Tags: head.Tag, Raw: compact.Bytes(), Hash: sha256.Sum256(compact.Bytes())}
	if m, err := parseMoment(head.Date); err == nil {
		r.Date = m.Time
	}
	return r
}

// sharedReleases reads every release of the notices in ../shared, by OCID, and the OCIDs in the order they come.
func sharedReleases(tb testing.TB) (map[string][]notice.Release, []string) {
	tb.Helper()
	byOCID := map[string][]notice.Release{}
	var ocids []string
	for _, name := range noticetest.Notices(tb) {
		for line := range noticetest.Lines(tb, name) {
			r := releaseOf(tb, line)
			if byOCID[r.OCID] == nil {
				ocids = append(ocids, r.OCID)
			}
			byOCID[r.OCID] = append(byOCID[r.OCID], r)
		}
	}
	return byOCID, ocids
}
