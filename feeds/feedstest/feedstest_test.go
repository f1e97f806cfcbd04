package feedstest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
)

// TestMade: a made-up year is as busy as the real one, the same every time, and made of releases that bidfit reads without a remark.
func TestMade(t *testing.T) {
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, notice.London)
	m := Made{Seed: 1, From: from, To: from.AddDate(1, 0, 0), Late: 0.01, LateBy: 6 * time.Hour, Skew: 10 * time.Minute}
	all := m.Releases()
	if n := len(all); n < 110_000 || n > 130_000 {
		t.Errorf("%d releases a year", n)
	}
	if again := m.Releases(); !slices.EqualFunc(all, again, func(a, b Release) bool {
		return a.ID == b.ID && a.At.Equal(b.At) && bytes.Equal(a.JSON()[:80], b.JSON()[:80])
	}) {
		t.Error("the same seed gives other notices")
	}
	if !slices.IsSortedFunc(all, func(a, b Release) int { return a.At.Compare(b.At) }) {
		t.Error("not in the order of their dates")
	}
	ids, late := map[string]bool{}, 0
	for _, r := range all {
		if ids[r.ID] {
			t.Fatalf("%s twice", r.ID)
		}
		ids[r.ID] = true
		if d := r.Shown.Sub(r.At); d > 11*time.Minute {
			late++
		} else if d < -11*time.Minute {
			t.Errorf("%s bears a date %v after it was shown", r.ID, -d)
		}
	}
	if late < 500 || !ids["000001-2027"] {
		t.Errorf("%d late; is there a first of 2027: %v", late, ids["000001-2027"])
	}
	byOCID := map[string][]notice.Release{}
	for i := 0; i < len(all); i += 37 {
		for item, err := range ocds.Decode(context.Background(), bytes.NewReader(all[i].JSON()), "made") {
			if err != nil || item.Release == nil || len(item.Release.Issues) > 0 || item.Release.ID != all[i].ID || !item.Release.Date.Equal(all[i].At) {
				t.Fatalf("%s\n%v, %+v", all[i].JSON(), err, item)
			}
			byOCID[item.Release.OCID] = append(byOCID[item.Release.OCID], *item.Release)
		}
	}
	for ocid, releases := range byOCID {
		made, err := ocds.Project(ocid, releases)
		if err != nil || len(made) != 1 || len(made[0].Issues) > 0 || len(made[0].Lots) != 1 {
			t.Fatalf("%s: %v, %+v", ocid, err, made)
		}
	}
}

// TestWindows cuts anew by any window, in London's time, and follows its own links to the end.
func TestWindows(t *testing.T) {
	from := time.Date(2026, 8, 10, 0, 0, 0, 0, notice.London)
	u := &Upstream{Releases: Made{Seed: 2, From: from, To: from.AddDate(0, 0, 1)}.Releases(), Now: func() time.Time { return from.AddDate(0, 0, 2) }}
	srv := httptest.NewServer(u)
	defer srv.Close()
	get := func(ref string) (int, string, []ocds.Item) {
		resp, err := http.Get(ref)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var items []ocds.Item
		for item, err := range ocds.Decode(t.Context(), bytes.NewReader(body), ref) {
			if err == nil {
				items = append(items, item)
			}
		}
		members, _ := feeds.Members(body)
		_, next, _ := strings.Cut(string(members["links"]), `"next":"`)
		return resp.StatusCode, strings.ReplaceAll(strings.TrimSuffix(next, `"}`), `\u0026`, "&"), items
	}
	ref := srv.URL + "/api/1.0/ocdsReleasePackages?updatedFrom=2026-08-10T00:00:00&updatedTo=2026-08-11T00:00:00&limit=100"
	n := 0
	var last time.Time
	for ref != "" {
		status, next, items := get(ref)
		if status != 200 {
			t.Fatal(status)
		}
		for _, i := range items {
			if n++; n > 1 && i.Release.Date.After(last) {
				t.Error("not the newest first")
			}
			last = i.Release.Date
		}
		if u, err := url.Parse(next); err != nil || next != "" && u.Query().Get("cursor") == "" {
			t.Fatal(next)
		}
		ref = next
	}
	if n != len(u.Releases) {
		t.Errorf("%d of %d by links", n, len(u.Releases))
	}
	if _, _, items := get(srv.URL + "/api/1.0/ocdsReleasePackages/" + u.Releases[7].ID); len(items) != 1 || items[0].Release.ID != u.Releases[7].ID {
		t.Errorf("by number: %v", items)
	}
	for _, bad := range []string{"ocdsReleasePackages/000000-2026", "ocdsReleasePackages?updatedFrom=x", "elsewhere",
		"ocdsReleasePackages?updatedFrom=2026-08-10T00:00:00&updatedTo=2026-08-11T00:00:00&limit=101", "ocdsReleasePackages?updatedFrom=2026-08-10T00:00:00&updatedTo=2026-08-11T00:00:00&stages=tender"} {
		if status, _, _ := get(srv.URL + "/api/1.0/" + bad); status < 400 {
			t.Errorf("%s: %d", bad, status)
		}
	}
}

// TestCounts: the limit is the recorded one, and what arrives within it is counted.
func TestCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &Upstream{Limit: feeds.Rate{Requests: 12, Per: 120 * time.Second}}
		tr := Transport{Handler: u}
		ask := func() *http.Response {
			r, err := http.NewRequestWithContext(t.Context(), "GET", "http://x/api/1.0/ocdsReleasePackages?updatedFrom=2026-08-10T00:00:00&updatedTo=2026-08-11T00:00:00", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := tr.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			return resp
		}
		for range 12 {
			if resp := ask(); resp.StatusCode != 200 {
				t.Fatal(resp.StatusCode)
			}
			time.Sleep(time.Second)
		}
		if resp := ask(); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "120" {
			t.Errorf("%d %v", resp.StatusCode, resp.Header)
		}
		time.Sleep(120 * time.Second)
		if resp := ask(); resp.StatusCode != 200 {
			t.Error(resp.StatusCode)
		}
		if c := u.Counts(); c.Most != 13 || c.Refused != 1 || c.Requests != 14 {
			t.Errorf("%+v", c)
		}
	})
}
