package ocds

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"sync"
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

// shared is what the tests read of ../shared, decoded and projected once for all of them. None may change it.
var shared struct {
	decode, project sync.Once
	releases        map[string][]notice.Release
	ocids           []string
	notices         map[string][]*notice.Notice
}

// sharedReleases are all releases of the notices in ../shared, by OCID, and the OCIDs in the order they come.
func sharedReleases(tb testing.TB) (map[string][]notice.Release, []string) {
	tb.Helper()
	files := noticetest.Notices(tb)
	shared.decode.Do(func() {
		shared.releases = map[string][]notice.Release{}
		for _, name := range files {
			for line := range noticetest.Lines(tb, name) {
				r := releaseOf(tb, line)
				if shared.releases[r.OCID] == nil {
					shared.ocids = append(shared.ocids, r.OCID)
				}
				shared.releases[r.OCID] = append(shared.releases[r.OCID], r)
			}
		}
	})
	if len(shared.ocids) == 0 {
		tb.Fatal("the notices in the shared folder could not be read")
	}
	return shared.releases, shared.ocids
}

// sharedNotices are the notices of all releases in ../shared, by OCID.
func sharedNotices(tb testing.TB) map[string][]*notice.Notice {
	tb.Helper()
	releases, ocids := sharedReleases(tb)
	shared.project.Do(func() {
		notices := make(map[string][]*notice.Notice, len(ocids))
		for _, ocid := range ocids {
			list, err := Project(ocid, releases[ocid])
			if err != nil {
				tb.Fatalf("%s: %v", ocid, err)
			}
			notices[ocid] = list
		}
		shared.notices = notices
	})
	if shared.notices == nil {
		tb.Fatal("the notices in the shared folder could not be projected")
	}
	return shared.notices
}
