package desk_test

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// sampleDesk is a desk with the bundled sample.
func sampleDesk(t testing.TB) *desk.Desk {
	t.Helper()
	d, _, _ := open(t, t.TempDir())
	b, err := os.ReadFile("../cmd/bidfit/sample/notices.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, d, b)
	f, err := os.ReadFile("../cmd/bidfit/sample/hartwell-resolve.yaml")
	if err != nil {
		t.Fatal(err)
	}
	list, err := profiles.Decode(bytes.NewReader(f), "hartwell-resolve.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PutProfile(t.Context(), list[0], asOf); err != nil {
		t.Fatal(err)
	}
	return d
}

const hartwell = "hartwell-resolve"

// hostileText is what somebody may write into a note.
const hostileText = "=1+1 <script>alert(1)</script> | [x](javascript:alert(1)) \u202egnp.exe"

// work puts things on the shortlist of the sample.
func work(t testing.TB, d *desk.Desk) {
	t.Helper()
	act := func(do desk.Do, targets ...string) {
		t.Helper()
		deed := desk.Deed{Profile: hartwell, Do: do, Who: "kim", When: asOf.Add(time.Hour), AsOf: asOf, Reason: "as agreed"}
		for _, s := range targets {
			x, err := pursuit.ParseTarget(s)
			if err != nil {
				t.Fatal(err)
			}
			deed.Targets = append(deed.Targets, x)
		}
		done, err := d.Act(t.Context(), deed)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range done {
			if x.Err != nil {
				t.Fatal(x.Err)
			}
		}
	}
	act(desk.DoBid, "ocds-h6vhtk-demo01", "ocds-h6vhtk-demo02/2")
	act(desk.DoWatch, "ocds-h6vhtk-06bae5")
	act(desk.DoNoBid, "ocds-h6vhtk-demo03")
	_, err := d.PutEntry(t.Context(), pursuit.Entry{
		Target: pursuit.Target{Notice: "ocds-h6vhtk-demo02", Lot: "2"}, Profile: hartwell, Stage: pursuit.Prepare, Owner: "Ash " + hostileText, Note: hostileText,
		Next: hostileText, NextBy: notice.Moment{Time: asOf.AddDate(0, 0, 2), Day: true}, Hours: 30, Who: "kim", When: asOf,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestExported: each export holds what its list shows, in that order.
func TestExported(t *testing.T) {
	d := sampleDesk(t)
	work(t, d)
	rows := func(o desk.Exporting) (list []string) {
		t.Helper()
		o.AsOf = asOf
		all, err := d.Exported(t.Context(), hartwell, o)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // they can be ranged over again
			list = nil
			for r, err := range all {
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, pursuit.Target{Notice: r.Notice.ID, Lot: r.Fit.Lot}.String())
			}
		}
		return list
	}
	for _, query := range []string{"", "advice=bid", "words=mediation&order=deadline", "state=decided", "state=bid&state=watch&region=TLG2", "words=nowhere"} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := desk.ParseFilter(q)
		if err != nil {
			t.Fatal(err)
		}
		o := desk.ReviewOptions{AsOf: asOf, Filter: f}
		if q.Get("order") != "" {
			o.Order = "deadline"
		}
		review, err := d.Review(t.Context(), hartwell, o)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, r := range review.Rows {
			want = append(want, r.Target.String())
		}
		if got := rows(desk.Exporting{List: desk.ListReview, Filter: f, Order: o.Order}); !slices.Equal(got, want) {
			t.Errorf("%q exports %v, shows %v", query, got, want)
		}
	}
	for _, stage := range []string{"", desk.StageNone, "prepare", "won"} {
		s, err := d.Shortlisted(t.Context(), hartwell, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Only(stage); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, r := range s.Rows {
			want = append(want, pursuit.Target{Notice: r.Target.Notice, Lot: r.Fit.Lot}.String())
		}
		got := rows(desk.Exporting{List: desk.ListShortlist, Stage: stage})
		if !slices.Equal(got, want) {
			t.Errorf("at %q exports %v, shows %v", stage, got, want)
		}
		if n := map[string]int{"": 3, desk.StageNone: 2, "prepare": 1}[stage]; len(got) != n {
			t.Errorf("at %q are %v, want %d", stage, got, n)
		}
	}
	// What somebody wrote comes with its row, on every list it stands on.
	for _, o := range []desk.Exporting{{List: desk.ListShortlist}, {List: desk.ListReview}, {List: desk.ListAdvised}, {List: desk.ListDecided}} {
		o.AsOf = asOf
		all, err := d.Exported(t.Context(), hartwell, o)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for r, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			if r.Entry != nil && r.Entry.Hours == 30 && r.Pursuit != nil && r.Pursuit.Current().Verdict == pursuit.Bid {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s: the entry stands on %d rows", o.List, found)
		}
	}
	if _, err := d.Exported(t.Context(), hartwell, desk.Exporting{AsOf: asOf}); err == nil || !strings.Contains(err.Error(), "advised, decided, review, shortlist") {
		t.Errorf("of no list: %v", err)
	}
	if _, err := d.Exported(t.Context(), hartwell, desk.Exporting{AsOf: asOf, List: desk.ListShortlist, Stage: "lunch"}); err == nil || !strings.Contains(err.Error(), "or none") {
		t.Errorf("at lunch: %v", err)
	}
	if _, err := d.Exported(t.Context(), "nobody", desk.Exporting{AsOf: asOf, List: desk.ListReview}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
}

// TestPack holds a pack against what others say of the same.
func TestPack(t *testing.T) {
	d := sampleDesk(t)
	work(t, d)
	target := pursuit.Target{Notice: "ocds-h6vhtk-demo02", Lot: "2"}
	p, err := d.Pack(t.Context(), hartwell, target, asOf)
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Explain(t.Context(), hartwell, target, asOf)
	if err != nil {
		t.Fatal(err)
	}
	if p.Row.Fit.Score != e.Fit.Score || p.Row.Fit.Lot != "2" || p.Lot != "lot 2" || p.Row.Target != target {
		t.Errorf("the pack is of %+v, score %d, explained as %d", p.Row.Target, p.Row.Fit.Score, e.Fit.Score)
	}
	if p.Row.Decision == nil || p.Row.Entry == nil || p.Plan.Steps[0].Done.IsZero() {
		t.Error("what was done about it is not in the pack")
	}
	if len(p.Criteria) == 0 || !p.Criteria[0].Own || p.Criteria[0].Weights.Words != "price 40 : quality 60" {
		t.Errorf("criteria are %+v", p.Criteria)
	}
	for _, x := range p.Dates {
		if x.Days < 0 {
			t.Errorf("%s is over", x.What)
		}
	}
	for _, id := range []string{"ocds-h6vhtk-06bae5", "ocds-h6vhtk-demo07", "ocds-h6vhtk-demo10", "ocds-h6vhtk-demo14", "ocds-h6vhtk-demo20", "ocds-h6vhtk-demo42"} {
		p, err := d.Pack(t.Context(), hartwell, pursuit.Target{Notice: id}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if (len(p.Plan.Steps) > 0) == (p.Plan.Why != "") {
			t.Errorf("%s: %d steps, because %q", id, len(p.Plan.Steps), p.Plan.Why)
		}
	}
	for _, bad := range []pursuit.Target{{Notice: "ocds-h6vhtk-nothing"}, {Notice: "ocds-h6vhtk-demo02", Lot: "9"}} {
		if _, err := d.Pack(t.Context(), hartwell, bad, asOf); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := d.Pack(t.Context(), "nobody", target, asOf); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("for nobody: %v", err)
	}
	var md, html bytes.Buffer
	if err := p.WriteMarkdown(&md); err != nil {
		t.Fatal(err)
	}
	if err := goldmark.Convert(md.Bytes(), &html); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "href=\"javascript", "\u202e"} {
		if strings.Contains(html.String(), bad) {
			t.Errorf("what somebody wrote is %q in the document", bad)
		}
	}
	if !strings.Contains(html.String(), "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("what somebody wrote is not in the document")
	}
}
