package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// TestQuotes resolves every quote of every fit in the release as published: a
// span must hold the very words, a whole value must be the value.
func TestQuotes(t *testing.T) {
	data := t.TempDir()
	bidfit(t, 0, "demo", "--data", data)
	published := map[string]any{}
	readReleases(t, published, bytes.NewReader(sampleNotices))
	checkQuotes(t, data, "2026-06-24", published)
}

// TestQuotesOfRealNotices does the same on published notices.
func TestQuotesOfRealNotices(t *testing.T) {
	file := noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")
	data := t.TempDir()
	bidfit(t, 0, "ingest", "--data", data, file)
	bidfit(t, 0, "profile", "add", "--data", data, "sample/hartwell-resolve.yaml")
	published := map[string]any{}
	for line := range noticetest.Lines(t, file) {
		readReleases(t, published, strings.NewReader(line))
	}
	checkQuotes(t, data, "2026-08-11", published)
}

func readReleases(t *testing.T, into map[string]any, r interface{ Read([]byte) (int, error) }) {
	s := bufio.NewScanner(r)
	for s.Buffer(nil, 64<<20); s.Scan(); {
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.UseNumber()
		var release map[string]any
		if err := d.Decode(&release); err != nil {
			t.Fatal(err)
		}
		if id, ok := release["id"].(string); ok {
			into[id] = release
		}
	}
}

func checkQuotes(t *testing.T, data, asOf string, published map[string]any) {
	out, _ := bidfit(t, 0, "match", "hartwell-resolve", "--json", "--limit", "0", "--all", "--data", data, "--as-of", asOf)
	report := answer[desk.Report](t, out)
	checked, wrong := 0, 0
	for _, f := range report.Fits {
		for _, lot := range append([]matcher.Fit{f}, f.Lots...) {
			quotes := []notice.Quote{}
			for _, e := range lot.Evidence {
				quotes = append(quotes, e.At...)
			}
			for _, g := range lot.Gates {
				quotes = append(quotes, g.At...)
			}
			for _, c := range lot.Conditions {
				quotes = append(quotes, c.At...)
			}
			for _, h := range lot.Hints {
				quotes = append(quotes, h.At...)
			}
			for _, q := range quotes {
				release, ok := published[q.Release]
				if !ok {
					if !strings.HasPrefix(q.Release, "sha256:") { // a release without an id is known by its hash
						t.Errorf("%s cites release %q, which nobody published", f.OCID, q.Release)
					}
					continue
				}
				checked++
				if err := checkQuote(release, q); err != nil {
					if wrong++; wrong <= 20 {
						t.Errorf("%s: %v", f.OCID, err)
					}
				}
			}
		}
	}
	t.Logf("%d quotes in %d fits, %d wrong", checked, len(report.Fits), wrong)
	if checked == 0 {
		t.Error("no fit quotes anything")
	}
}

func checkQuote(release any, q notice.Quote) error {
	said, err := resolve(release, q.Pointer)
	if err != nil {
		return fmt.Errorf("%s %s: %w", q.Release, q.Pointer, err)
	}
	if q.End > 0 {
		s, ok := said.(string)
		if !ok || q.End > len(s) || q.Start > q.End || s[q.Start:q.End] != q.Quote {
			return fmt.Errorf("%s %s [%d:%d] is not %q", q.Release, q.Pointer, q.Start, q.End, q.Quote)
		}
		return nil
	}
	switch v := said.(type) {
	case string:
		a, aerr := time.Parse(time.RFC3339, v)
		b, berr := time.Parse(time.RFC3339, q.Quote)
		if strings.TrimSpace(v) == strings.TrimSpace(q.Quote) || aerr == nil && berr == nil && a.Equal(b) {
			return nil
		}
	case json.Number:
		a, aok := new(big.Rat).SetString(v.String())
		b, bok := new(big.Rat).SetString(q.Quote)
		if aok && bok && a.Cmp(b) == 0 {
			return nil
		}
	case bool:
		if strconv.FormatBool(v) == q.Quote {
			return nil
		}
	}
	return fmt.Errorf("%s %s says %v, quoted as %q", q.Release, q.Pointer, said, q.Quote)
}

// resolve follows a JSON Pointer (RFC 6901).
func resolve(v any, pointer string) (any, error) {
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[step]
			if !ok {
				return nil, fmt.Errorf("there is no %q", step)
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil, fmt.Errorf("there is no element %q", step)
			}
			v = x[i]
		default:
			return nil, fmt.Errorf("%q leads into %T", step, v)
		}
	}
	return v, nil
}
