package desk_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// audienceOf meets all notices, and gives the fits by profile and notice.
func audienceOf(t *testing.T, a *desk.Audience, ids []string, when time.Time) map[string]map[string]matcher.Fit {
	t.Helper()
	fits := map[string]map[string]matcher.Fit{}
	open := map[string]bool{}
	err := a.Meet(t.Context(), ids, when, func(m *desk.Met) error {
		open[m.ID] = m.Open
		return nil
	}, func(profile string, m *desk.Met, f *matcher.Fit) error {
		if !open[m.ID] {
			t.Errorf("%s is shut, and %s is told its fit", m.ID, profile)
		}
		if fits[profile] == nil {
			fits[profile] = map[string]matcher.Fit{}
		}
		fits[profile][m.ID] = *f
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fits
}

// sameAsMatch holds what an audience meets against every list, and every fit against Explain, byte for byte.
func sameAsMatch(t *testing.T, d *desk.Desk, a *desk.Audience, least map[string]int, ids []string, when time.Time) (met int) {
	t.Helper()
	fits := audienceOf(t, a, ids, when)
	for profile, low := range least {
		report, err := d.Match(t.Context(), profile, desk.MatchOptions{AsOf: when, Known: true})
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for i := range report.Fits {
			f := &report.Fits[i]
			reaches := f.Score >= low && !f.Barred() || slices.ContainsFunc(f.Lots, func(x matcher.Fit) bool { return x.Score >= low && !x.Barred() })
			if !reaches {
				continue
			}
			want++
			got, ok := fits[profile][f.ID()]
			if !ok {
				t.Errorf("%s, score %d, was not met for %s, least %d", f.ID(), f.Score, profile, low)
				continue
			}
			e, err := d.Explain(t.Context(), profile, pursuit.Target{Notice: f.ID()}, when)
			if err != nil {
				t.Fatal(err)
			}
			if x, y := asJSON(t, got), asJSON(t, e.Fit); !bytes.Equal(x, y) {
				t.Errorf("%s for %s: met as\n%s\nexplained as\n%s", f.ID(), profile, x, y)
			}
		}
		if len(fits[profile]) != want {
			t.Errorf("%s: %d were met, %d reach %d", profile, len(fits[profile]), want, low)
		}
		met += want
	}
	return met
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := desk.WriteJSON(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func allNotices(t *testing.T, d *desk.Desk) (ids []string) {
	t.Helper()
	report, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: true, Known: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Fits {
		ids = append(ids, report.Fits[i].ID())
	}
	return ids
}

// Whom notices concern is what every list would say, and the fits are those of Explain: also after profiles, answers and notices changed.
func TestAudience(t *testing.T) {
	testAudience(t, desk.Source{Name: "made", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(made(60))), nil }})
}

// The same of published notices.
func TestAudiencePublished(t *testing.T) {
	file := noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")
	testAudience(t, desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
}

func testAudience(t *testing.T, source desk.Source) {
	d, _, _ := open(t, t.TempDir())
	if _, err := d.Ingest(t.Context(), []desk.Source{source}, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	least := map[string]int{}
	for i, keywords := range [][]string{{"road surfacing"}, {"office cleaning", "grounds maintenance"}, {"software"}, {"school catering", "mediation"}} {
		p := profiles.Profile{ID: fmt.Sprint("p", i), Name: "Example", Keywords: keywords}
		if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
			t.Fatal(err)
		}
		least[p.ID] = []int{1, 25, 30, 45}[i]
	}
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	least["mediator"] = 25
	ids := allNotices(t, d)
	a := d.Audience()
	a.Seat(least)
	if met := sameAsMatch(t, d, a, least, ids, asOf); met < 10 {
		t.Fatalf("%d were met: this shows nothing", met)
	}

	// Answers teach.
	report, err := d.Match(t.Context(), "p3", desk.MatchOptions{AsOf: asOf, Limit: 40})
	if err != nil {
		t.Fatal(err)
	}
	for i := range min(24, len(report.Fits)) {
		answer := pursuit.Relevant
		if i%2 == 1 {
			answer = pursuit.Irrelevant
		}
		if _, err := d.Rate(t.Context(), desk.Opinion{Profile: "p3", Target: pursuit.Target{Notice: report.Fits[i].ID()}, Answer: answer, Who: "a", When: asOf, AsOf: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	p := mediator(t)
	p.Keywords = append(p.Keywords, "software")
	if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	least["p0"] = 50
	delete(least, "p1")
	a.Seat(least)
	sameAsMatch(t, d, a, least, ids, asOf)
	sameAsMatch(t, d, a, least, ids, asOf.AddDate(0, 0, 9))

	more := desk.Source{Name: "more", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(made(90))), nil }}
	if _, err := d.Ingest(t.Context(), []desk.Source{more}, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	sameAsMatch(t, d, a, least, allNotices(t, d), asOf)

	if err := d.RemoveProfile(t.Context(), "p2"); err != nil {
		t.Fatal(err)
	}
	if fits := audienceOf(t, a, ids, asOf); fits["p2"] != nil {
		t.Errorf("a profile that was removed is met: %v", len(fits["p2"]))
	}
}

// Whatever is done at once, an audience answers as the store then is.
func TestAudienceAtOnce(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	put := func(n int) {
		source := desk.Source{Name: "made", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(made(n))), nil }}
		if _, err := d.Ingest(t.Context(), []desk.Source{source}, desk.Ingesting{}); err != nil {
			t.Error(err)
		}
	}
	put(40)
	least := map[string]int{}
	change := func(i int) {
		p := profiles.Profile{ID: fmt.Sprint("p", i%5), Name: "Example", Keywords: []string{[]string{"road surfacing", "mediation", "office cleaning"}[i%3]}}
		if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
			t.Error(err)
		}
	}
	for i := range 5 {
		change(i)
		least[fmt.Sprint("p", i)] = 25
	}
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	a := d.Audience()
	a.Seat(least)
	ids := allNotices(t, d)
	var work sync.WaitGroup
	work.Go(func() {
		for n := 41; n < 50; n++ {
			put(n)
		}
	})
	work.Go(func() {
		for i := range 12 {
			change(i)
		}
	})
	for range 2 {
		work.Go(func() {
			for range 8 {
				err := a.Meet(t.Context(), ids, asOf, func(*desk.Met) error { return nil }, func(string, *desk.Met, *matcher.Fit) error { return nil })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	sameAsMatch(t, d, a, least, allNotices(t, d), asOf)
}

// What closes soon is told by London days.
func TestClosing(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	source := desk.Source{Name: "made", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(made(60))), nil }}
	if _, err := d.Ingest(t.Context(), []desk.Source{source}, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, time.July, 10, 23, 30, 0, 0, notice.London)
	list, err := d.Closing(t.Context(), when, 3)
	if err != nil {
		t.Fatal(err)
	}
	days := map[int]int{}
	for _, c := range list {
		days[c.Days]++
		if want := c.Deadline.In(notice.London).Day() - 10; c.Days != want {
			t.Errorf("%s closes on %v and has %d days", c.ID, c.Deadline, c.Days)
		}
	}
	if len(days) != 4 {
		t.Errorf("days left: %v", days)
	}
}
