package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/pursuit"
)

// pursue sends a form of what is to be done about notices.
func pursue(t testing.TB, h http.Handler, form url.Values, fragment bool) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", reviewPath+"/pursuits", strings.NewReader(form.Encode()))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if fragment {
		r.Header.Set(fragmentHeader, "row")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// TestPursuits does each thing that can be done, and finds it said in the row, in the message and in the store.
func TestPursuits(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	target := pursuit.Target{Notice: sampleNotice, Lot: "2"}
	for _, c := range []struct {
		do, until  string
		told, row  string
		undoable   bool
		afterwards func(desk.Row) bool
	}{
		{"bid", "", "decided to bid", `class="verdict bid"`, true, func(r desk.Row) bool { return r.Decision.Verdict == pursuit.Bid && !r.Unseen }},
		{"no-bid", "", "decided not to bid, against the advice", "Against the advice of that day", true, func(r desk.Row) bool { return r.Decision.Verdict == pursuit.NoBid && r.Against }},
		{"undo", "", "no bid is taken back; bid is in force again", `class="verdict bid"`, false, func(r desk.Row) bool { return r.Decision.Verdict == pursuit.Bid }},
		{"watch", "", "watched", `class="verdict watch"`, true, func(r desk.Row) bool { return r.Decision.Verdict == pursuit.Watch }},
		{"snooze", "value", "snoozed until the value changes", "<b>Snoozed</b> until the value changes", true, func(r desk.Row) bool { return r.Snooze.Until == pursuit.UntilValue }},
		{"wake", "", "snoozed no longer", "", false, func(r desk.Row) bool { return r.Snooze == nil }},
		{"irrelevant", "", "rated not relevant", "<b>not relevant</b>", true, func(r desk.Row) bool { return len(r.Rating) == 1 }},
		{"relevant", "", "rated relevant", "<b>relevant</b>", true, func(r desk.Row) bool { return len(r.Rating) == 1 }},
		{"known", "", "rated already known", "<b>already known</b>", true, func(r desk.Row) bool { return len(r.Rating) == 2 }},
		{"see", "", "seen", "", false, func(r desk.Row) bool { return !r.Unseen }},
	} {
		form := url.Values{"do": {c.do}, "target": {target.String()}, "until": {c.until}, "reason": {"said of " + c.do}, "back": {reviewPath + "?state=known&state=snoozed&state=undecided&state=decided"}}
		res := pursue(t, door, form, false)
		if at := res.Header.Get("Location"); !strings.HasSuffix(at, "#"+anchorOf(target)) || !strings.HasPrefix(at, reviewPath+"?state=known") {
			t.Errorf("%s leads to %q", c.do, at)
		}
		page := follow(t, door, res)
		holds(t, c.do, page, "Early Help for Families: "+c.told+".", c.row)
		if got := strings.Contains(page, `id="undo"`); got != c.undoable {
			t.Errorf("%s: undo is offered: %v", c.do, got)
		}
		p, err := d.Pursued(t.Context(), sampleProfile, target, sampleDay)
		if err != nil {
			t.Fatal(err)
		}
		if !c.afterwards(p.Row) {
			t.Errorf("after %s the row is %+v", c.do, p.Row)
		}
	}
	p, err := d.Pursued(t.Context(), sampleProfile, target, sampleDay)
	if err != nil || len(p.Decisions) != 4 || p.Decisions[1].Reason != "said of no-bid" || p.Decisions[1].Score != p.Row.Fit.Score {
		t.Errorf("on record are %+v (%v)", p.Decisions, err)
	}

	// To a script the row comes back alone.
	res := pursue(t, door, url.Values{"do": {"bid"}, "target": {target.String()}, "back": {reviewPath + "?order=low"}}, true)
	row := body(t, res)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(strings.TrimSpace(row), "<li class=") || strings.Contains(row, "<html") || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("a script gets %s: %.300s", res.Status, row)
	}
	holds(t, "the row", row, `name="back" value="/profiles/hartwell-resolve?order=low"`, "decided to bid")
}

// TestPursuitsWrong: what cannot be done is said beside what was tried, and nothing that was typed is lost.
func TestPursuitsWrong(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	list, err := d.Review(t.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay, Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	first, second := list.Rows[0].Target.String(), list.Rows[1].Target.String()
	fit := fitPath(sampleProfile, list.Rows[0].Target)
	long := strings.Repeat("ä", mostReason+1)
	many := []string{}
	for i := range desk.MostTargets + 1 {
		many = append(many, fmt.Sprintf("ocds-h6vhtk-%d", i))
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		wants  []string
	}{
		"nothing":       {url.Values{}, 422, []string{"is none of bid, no-bid"}},
		"no target":     {url.Values{"do": {"bid"}, "reason": {"a <reason>"}}, 422, []string{"No notice is chosen: tick one at least.", `value="a &lt;reason&gt;"`}},
		"no such deed":  {url.Values{"do": {"buy"}, "target": {first}, "reason": {"kept"}}, 422, []string{"&#34;buy&#34; is none of bid", `value="kept"`, "<details open>"}},
		"no until":      {url.Values{"do": {"snooze"}, "target": {first}, "until": {"doomsday"}, "reason": {"kept"}}, 422, []string{"&#34;doomsday&#34; is none of value", `value="kept"`}},
		"long":          {url.Values{"do": {"bid"}, "target": {first}, "reason": {long}}, 422, []string{"The reason has 2,001 letters, and 2,000 are kept", long}},
		"long, at fit":  {url.Values{"do": {"bid"}, "target": {first}, "reason": {long}, "back": {fit}}, 422, []string{`id="decide-e" role="alert"`, long, "Why "}},
		"nothing there": {url.Values{"do": {"undo"}, "target": {list.Rows[2].Target.String()}}, 422, []string{"there is nothing to take back", `aria-invalid="true"`}},
		"half":          {url.Values{"do": {"watch"}, "target": {first, "ocds-h6vhtk-nowhere", second}, "reason": {"kept"}}, 422, []string{"Not all of it was done", "2 notices. 2: watched.", "ocds-h6vhtk-nowhere: ", `value="kept"`}},
		"no name":       {url.Values{"do": {"bid"}, "target": {"/1"}}, 422, []string{"names no notice"}},
		"too many":      {url.Values{"do": {"see"}, "target": many}, 422, []string{"1001 notices are more than the 1000"}},
		"elsewhere":     {url.Values{"do": {"see"}, "target": {first}, "back": {"https://evil.example/"}}, 303, nil},
		"bad back":      {url.Values{"do": {"buy"}, "target": {first}, "back": {reviewPath + "?advice=maybe"}}, 400, []string{"is none of bid, review, no-bid"}},
	} {
		t.Run(name, func(t *testing.T) {
			res := pursue(t, door, c.form, false)
			page := body(t, res)
			if res.StatusCode != c.status {
				t.Fatalf("%s\n%.2000s", res.Status, page)
			}
			for _, want := range c.wants {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %.100q", want)
				}
			}
			if at := res.Header.Get("Location"); at != "" && !strings.HasPrefix(at, reviewPath) {
				t.Errorf("it leads to %s", at)
			}
		})
	}
	if res := pursue(t, door, url.Values{"do": {"buy"}, "target": {first}, "reason": {"kept"}}, true); res.StatusCode != 422 || !strings.Contains(body(t, res), `value="kept"`) {
		t.Errorf("a script that asks for what cannot be done gets %s", res.Status)
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/profiles/nobody/pursuits", strings.NewReader("do=bid&target="+first))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if door.ServeHTTP(w, r); w.Code != http.StatusNotFound {
		t.Errorf("a profile that is not there: %d", w.Code)
	}
}

// TestReviewWrong: an address that asks for what there is not is told what there is.
func TestReviewWrong(t *testing.T) {
	door := New(optionsOf(t, sampleDesk(t)))
	for path, want := range map[string]string{
		reviewPath + "?advice=maybe":                     "is none of bid, review, no-bid",
		reviewPath + "?order=luck":                       "none of score",
		reviewPath + "?after=nonsense":                   "Begin with its first page",
		reviewPath + "?from=-1":                          "is not a number of rows",
		"/profiles/nobody":                               "Nothing of that name is here",
		reviewPath + "/fits/nothing":                     "Nothing of that name is here",
		reviewPath + "/fits/" + sampleNotice + "?lot=99": "it has lots 1, 2, 3",
	} {
		res := ask(t, door, "GET", path, nil)
		page := body(t, res)
		if res.StatusCode < 400 || res.StatusCode >= 500 || !strings.Contains(page, want) {
			t.Errorf("%s: %s\n%.1500s", path, res.Status, page)
		}
	}
}

// TestAmended: what changed since a notice was seen stands in its row and on its report, and what a snooze waited for is said.
func TestAmended(t *testing.T) {
	d := newDesk(t)
	register(t, d, bundled(t, "hartwell-resolve.yaml"))
	release := func(id, date, deadline, amount string) []byte {
		return fmt.Appendf(nil, `{"ocid":"ocds-h6vhtk-moved","id":%q,"date":%q,"tag":["tender"],"buyer":{"id":"b","name":"Wick Borough Council"},
			"tender":{"id":"t","title":"Mediation for neighbours","status":"active","value":{"amount":%s,"currency":"GBP"},"tenderPeriod":{"endDate":%q},
			"items":[{"id":"1","classification":{"scheme":"CPV","id":"85312300"}}]}}`, id, date, amount, deadline)
	}
	line := func(b []byte) []byte {
		return []byte(strings.NewReplacer("\n", "", "\t", "").Replace(string(b)) + "\n")
	}
	fill(t, d, "first.jsonl", line(release("1-2026", "2026-06-01T09:00:00Z", "2026-07-10T12:00:00+01:00", "90000")))
	door := New(optionsOf(t, d))
	if res := pursue(t, door, url.Values{"do": {"snooze"}, "until": {"deadline"}, "target": {"ocds-h6vhtk-moved"}}, false); res.StatusCode != 303 {
		t.Fatal(res.Status)
	}
	pursue(t, door, url.Values{"do": {"see"}, "target": {"ocds-h6vhtk-moved"}}, false)
	holds(t, "the head", body(t, ask(t, door, "GET", reviewPath, nil)), "1 snoozed, not listed", "Everything is dealt with")

	fill(t, d, "second.jsonl", line(release("2-2026", "2026-06-22T09:00:00Z", "2026-07-17T12:00:00+01:00", "95000")))
	for _, path := range []string{reviewPath, reviewPath + "/fits/ocds-h6vhtk-moved"} {
		holds(t, path, body(t, ask(t, door, "GET", path, nil)), "Changed since it was seen", "deadline moved 7 days later, to 17 July 2026, 12:00", "£95,000",
			`<b class="badge review">back</b> The deadline is another.`, `<span class="badge new">changed</span>`)
	}
	holds(t, "the report", body(t, ask(t, door, "GET", reviewPath+"/fits/ocds-h6vhtk-moved", nil)), "What changed since the release before this one, 1-2026")
}
