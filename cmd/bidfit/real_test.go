package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"bidfit/desk"
	"bidfit/notice/noticetest"
)

// bidfit runs the program in this process and returns what it printed.
func bidfit(t testing.TB, wantCode int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, talk bytes.Buffer
	code := run(context.Background(), args, environment("HOME", t.TempDir(), "USER", "tester"), strings.NewReader(""), &out, &talk)
	if code != wantCode {
		t.Fatalf("bidfit %s exited with %d, want %d\n%s", strings.Join(args, " "), code, wantCode, talk.String())
	}
	return out.String(), talk.String()
}

func answer[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.200q", err, text)
	}
	return v
}

// TestRealNotices reads the published notices of four services: every release
// is accounted for, a second reading stores nothing, and no notice that a supplier could act on vanishes.
func TestRealNotices(t *testing.T) {
	files := noticetest.Notices(t)
	data := t.TempDir()
	ingest := append([]string{"ingest", "--json", "--data", data}, files...)
	out, _ := bidfit(t, 0, ingest...)
	first := answer[desk.Totals](t, out)
	if first.Releases != first.Stored+first.Duplicates+first.Quarantined || first.Releases == 0 {
		t.Errorf("the totals do not add up: %+v", first)
	}
	lines, open := 0, map[string]bool{}
	for _, file := range files {
		for line := range noticetest.Lines(t, file) {
			lines++
			var r struct {
				OCID string   `json:"ocid"`
				Tag  []string `json:"tag"`
			}
			line = strings.ReplaceAll(line, "1e9999", "0")
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, tag := range []string{"planning", "planningUpdate", "tender", "tenderUpdate", "tenderAmendment"} {
				if slices.Contains(r.Tag, tag) {
					open[r.OCID] = true
				}
			}
		}
	}
	if first.Releases != lines {
		t.Errorf("the files hold %d releases, %d were counted", lines, first.Releases)
	}
	out, _ = bidfit(t, 0, ingest...)
	if again := answer[desk.Totals](t, out); again.Stored != 0 || again.Changed != 0 || again.Releases != lines {
		t.Errorf("the second reading: %+v", again)
	}
	bidfit(t, 0, "profile", "add", "--data", data, "sample/hartwell-resolve.yaml")
	out, _ = bidfit(t, 0, "match", "hartwell-resolve", "--data", data, "--json", "--limit", "0", "--all", "--as-of", "2026-08-11")
	report := answer[desk.Report](t, out)
	if report.Seen != len(report.Fits) {
		t.Errorf("seen is %d, %d fits came", report.Seen, len(report.Fits))
	}
	for _, f := range report.Fits {
		delete(open, f.OCID)
		for _, also := range f.Also {
			delete(open, also)
		}
	}
	for ocid := range open {
		t.Errorf("%s was planned or tendered and is in no fit", ocid)
	}
	out, _ = bidfit(t, 0, "verify", "--data", data)
	if !strings.Contains(out, "Everything is whole") {
		t.Errorf("verify: %s", out)
	}
}

// TestMergeCases puts the standard's own merge cases through "bidfit compile".
func TestMergeCases(t *testing.T) {
	root := noticetest.Shared(t, "data", "ocds-merge")
	schemas := map[string]string{"1.0": "release-schema-1__0__3.json", "1.1": "release-schema-1__1__4.json", "schema": "schema.json"}
	passed := 0
	for folder, schema := range schemas {
		for _, form := range []string{"compiled", "versioned"} {
			wants, err := filepath.Glob(filepath.Join(root, folder, "*-"+form+".json"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range wants {
				name := strings.TrimSuffix(want, "-"+form+".json") + ".json"
				args := []string{"compile", "--schema", filepath.Join(root, schema), name}
				if form == "versioned" {
					args = append(args, "--versioned")
				}
				out, _ := bidfit(t, 0, args...)
				expected, err := os.ReadFile(want)
				if err != nil {
					t.Fatal(err)
				}
				if a, b := canonical(t, out), canonical(t, string(expected)); a != b {
					t.Errorf("%s %s:\n got %s\nwant %s", filepath.Join(folder, filepath.Base(name)), form, a, b)
					continue
				}
				passed++
			}
		}
	}
	t.Logf("%d merge cases pass", passed)
	if passed != 50 {
		t.Errorf("%d of 50 merge cases pass", passed)
	}
}

func canonical(t *testing.T, text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.200q", err, text)
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0] // some of the expected files hold the compiled release in an array
	}
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
