package ocds

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"bidfit/notice"
)

// shared finds a file or folder of real data beside the repository, and skips the
// test in a bare clone, which does not have it.
func shared(tb testing.TB, path ...string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	found := filepath.Join(append([]string{dir, "..", "shared"}, path...)...)
	if _, err := os.Stat(found); err != nil {
		tb.Skipf("the real data of ../shared is not here: %v", err)
	}
	return found
}

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
	files, err := filepath.Glob(filepath.Join(shared(tb, "data", "notices"), "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no notices in ../shared: %v", err)
	}
	byOCID := map[string][]notice.Release{}
	var ocids []string
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			r := releaseOf(tb, lines.Text())
			if byOCID[r.OCID] == nil {
				ocids = append(ocids, r.OCID)
			}
			byOCID[r.OCID] = append(byOCID[r.OCID], r)
		}
		if err := lines.Err(); err != nil {
			tb.Fatal(err)
		}
	}
	return byOCID, ocids
}
