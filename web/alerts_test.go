package web

import (
	"bytes"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bidfit/alerts"
	"bidfit/store"
)

// alertDoor is a door over the sample whose alerts go to the taker, and what it wrote down.
func alertDoor(t *testing.T) (http.Handler, *alerts.Engine, *taker, *bytes.Buffer) {
	t.Helper()
	d := sampleDesk(t)
	o := optionsOf(t, d)
	to, log := &taker{}, &bytes.Buffer{}
	o.Alerts = engine(t, d, to)
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return New(o), o.Alerts, to, log
}

// handed gives a form to a door as a browser does.
func handed(t *testing.T, door http.Handler, at string, form url.Values) *http.Response {
	t.Helper()
	return ask(t, door, "POST", at, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(form.Encode()))
	})
}

const alertsAt = "/profiles/" + sampleProfile + "/alerts"

// usual is the form as it is sent where nobody changes it.
func usual(change url.Values) url.Values {
	v := url.Values{"channel": {"email"}, "to": {"bids@supplier.example"}, "when": {"days"}, "days": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, "at": {"07:30"}, "advice": {"review"}, "score": {""}, "tells": {"new", "changed", "closing", "withdrawn"}, "closing": {"3"}, "do": {"save"}}
	for name, values := range change {
		v[name] = values
	}
	return v
}

// TestSubscribe: each way of a subscription is made with a form, and what is wrong with one is said beside it.
func TestSubscribe(t *testing.T) {
	door, e, _, _ := alertDoor(t)
	last, seen := alerts.Subscription{}, map[string]bool{}
	newest := func() alerts.Subscription { // the one that was not there when this was asked before
		all, err := e.Subscriptions(t.Context(), sampleProfile)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if !seen[s.ID] || s.ID == last.ID {
				last = s
			}
		}
		for _, s := range all {
			seen[s.ID] = true
		}
		return last
	}
	newest()
	res := handed(t, door, alertsAt, usual(url.Values{"days": {"mon", "thu"}, "at": {"08:15"}, "score": {"40"}, "tells": {"new", "closing"}, "closing": {"7"}, "advice": {"bid"}}))
	if s := newest(); res.StatusCode != http.StatusSeeOther || s.To != "bids@supplier.example" || s.Times() != "Mondays and Thursdays at 08:15" || s.Of() != "bid from 40 points: new, closing within 7 days" || s.Who != "tester" {
		t.Errorf("%s: %+v", res.Status, s)
	}
	res = handed(t, door, alertsAt, usual(url.Values{"channel": {"webhook"}, "to": {"https://hooks.supplier.example/b"}, "when": {"once"}}))
	key, err := newest().Secret.Key()
	if err != nil {
		t.Fatal(err)
	}
	if text := body(t, res); res.StatusCode != http.StatusCreated || !strings.Contains(html.UnescapeString(text), key) || !newest().AtOnce {
		t.Errorf("%s: the page does not tell the key", res.Status)
	}
	if text := body(t, ask(t, door, "GET", alertsAt, nil)); strings.Contains(text, strings.TrimPrefix(key, "whsec_")[:20]) || strings.Contains(text, newest().Secret.Reveal()) {
		t.Error("the key is told again")
	}
	res = handed(t, door, alertsAt, usual(url.Values{"channel": {"feed"}, "to": {""}}))
	if text, s := body(t, res), newest(); res.StatusCode != http.StatusCreated || !strings.Contains(text, "https://bidfit.example"+s.AtomPath()) || !strings.Contains(text, "https://bidfit.example"+s.CalendarPath()) {
		t.Errorf("%s: the page does not tell the addresses", res.Status)
	}
	before := newest()
	for what, change := range map[string]url.Values{
		"Say where to":                 {"to": {" "}},
		"is not a whole number from 0": {"score": {"many"}},
		"from 0 to 30":                 {"closing": {"99"}},
		"Tick the days":                {"days": nil},
		"Tick what is to be told":      {"tells": nil},
		"no day of the week":           {"days": {"mon", "soon"}},
		"none of new":                  {"tells": {"old"}},
		"is not https":                 {"channel": {"webhook"}, "to": {"http://127.0.0.1/"}},
		"time of day":                  {"at": {"25:00"}},
		"none of email":                {"channel": {"pigeon"}},
		"neither bid nor review":       {"advice": {"no-bid"}},
		"cannot be seen":               {"to": {"a@b.example\x00"}},
	} {
		res := handed(t, door, alertsAt, usual(change))
		if text := body(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, what) {
			t.Errorf("%v: %s, and nothing of %q", change, res.Status, what)
		}
	}
	if newest().ID != before.ID {
		t.Error("a form that is wrong made a subscription")
	}
}

// TestAlertPage: one is changed, paused, resumed, tested and removed.
func TestAlertPage(t *testing.T) {
	door, e, to, _ := alertDoor(t)
	at := alertsAt + "/" + sampleAlert
	now := func() alerts.Subscription {
		s, err := e.Subscription(t.Context(), sampleAlert)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := now()
	if res := handed(t, door, at, usual(url.Values{"to": {"https://hooks.supplier.example/c"}, "days": {"sat"}})); res.StatusCode != http.StatusSeeOther || now().To != "https://hooks.supplier.example/c" || now().Times() != "Saturdays at 07:30" {
		t.Errorf("%s: %+v", res.Status, now())
	}
	if now().Secret != was.Secret || now().Channel != alerts.Webhook {
		t.Error("a change took the secret or the way")
	}
	if res := handed(t, door, at, url.Values{"do": {"pause"}}); res.StatusCode != http.StatusSeeOther || !now().Paused || now().Why != "paused by tester" {
		t.Errorf("%s: %+v", res.Status, now())
	}
	if res := handed(t, door, at, url.Values{"do": {"resume"}}); res.StatusCode != http.StatusSeeOther || now().Paused {
		t.Errorf("%s: %+v", res.Status, now())
	}
	if res := handed(t, door, at, url.Values{"do": {"test"}}); res.StatusCode != http.StatusSeeOther || len(to.sent) != 1 || len(to.sent[0].Items) != 0 {
		t.Errorf("%s: %v", res.Status, to.sent)
	}
	to.err = errors.New("hooks.supplier.example answered 500 Internal Server Error")
	if text := follow(t, door, handed(t, door, at, url.Values{"do": {"test"}})); !strings.Contains(text, "answered 500") {
		t.Error("a test that fails does not say why")
	}
	if res := handed(t, door, at, url.Values{"do": {"frobnicate"}}); res.StatusCode != http.StatusBadRequest {
		t.Error(res.Status)
	}
	if res := handed(t, door, "/profiles/other/alerts/"+sampleAlert, url.Values{"do": {"remove"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("that of another profile: %s", res.Status)
	}
	if res := handed(t, door, at, url.Values{"do": {"remove"}}); res.StatusCode != http.StatusSeeOther {
		t.Error(res.Status)
	}
	if _, err := e.Subscription(t.Context(), sampleAlert); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
	if res := ask(t, door, "GET", at, nil); res.StatusCode != http.StatusNotFound {
		t.Error(res.Status)
	}
}

// TestSecretAddresses: a feed is where its secret is, and nowhere else.
func TestSecretAddresses(t *testing.T) {
	door, e, _, log := alertDoor(t)
	atom, dates := "/feeds/"+feedSecret+"/list.atom", "/feeds/"+feedSecret+"/dates.ics"
	for at, want := range map[string]string{atom: "application/atom+xml", dates: "text/calendar; charset=utf-8"} {
		res := ask(t, door, "GET", at, nil)
		text := body(t, res)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != want || !strings.Contains(text, "Mediation") || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s, %v\n%.300s", at, res.Status, res.Header, text)
		}
		if at == atom && !strings.Contains(text, `href="https://bidfit.example`+atom+`"`) {
			t.Error("the feed does not say where it is")
		}
		again := ask(t, door, "GET", at, func(r *http.Request) { r.Header.Set("If-None-Match", res.Header.Get("ETag")) })
		if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
			t.Errorf("%s again: %s", at, again.Status)
		}
		if head := ask(t, door, "HEAD", at, nil); head.StatusCode != http.StatusOK {
			t.Error(head.Status)
		}
		if res := ask(t, door, "POST", at, nil); res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %s", at, res.Status)
		}
	}
	// What a subscription does not ask for is not in it.
	if _, err := e.Revise(t.Context(), sampleProfile, sampleFeed, alerts.Wish{Advice: "bid", Score: 100}, "tester"); err != nil {
		t.Fatal(err)
	}
	if text := body(t, ask(t, door, "GET", atom, nil)); strings.Contains(text, "<entry>") {
		t.Error("the threshold is not heeded")
	}
	for _, at := range []string{"/feeds/" + emailSecret + "/list.atom", "/feeds/" + webhookSecret + "/list.atom", "/feeds/x/list.atom", "/feeds/" + strings.ToLower(feedSecret) + "/list.atom", "/feeds/" + feedSecret[:42] + "/list.atom",
		"/feeds/***/list.atom", "/unsubscribe/" + feedSecret, "/unsubscribe/" + webhookSecret, "/unsubscribe/x", "/feeds/" + sampleFeed + "/list.atom"} {
		if res := ask(t, door, "GET", at, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", at, res.Status)
		}
	}
	if err := e.Pause(t.Context(), sampleFeed, "test"); err != nil {
		t.Fatal(err)
	}
	if res := ask(t, door, "GET", atom, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("one that is paused: %s", res.Status)
	}
	if err := e.Remove(t.Context(), sampleFeed); err != nil {
		t.Fatal(err)
	}
	if res := ask(t, door, "GET", atom, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("one that is removed: %s", res.Status)
	}
	for _, secret := range []string{feedSecret, emailSecret, webhookSecret} {
		if strings.Contains(log.String(), secret) {
			t.Error("a secret is in the log")
		}
	}
	if !strings.Contains(log.String(), "/feeds/***/list.atom") {
		t.Error("the log tells nothing of it")
	}
}

// TestFetchedTooOften: one address is fetched so often a minute, and guessing is counted too.
func TestFetchedTooOften(t *testing.T) {
	door, _, _, _ := alertDoor(t)
	for _, at := range []string{"/feeds/" + feedSecret + "/list.atom", "/feeds/guess/list.atom"} {
		var last *http.Response
		for range mostFetched + 1 {
			last = ask(t, door, "GET", at, nil)
		}
		if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") != "61" && last.Header.Get("Retry-After") != "60" {
			t.Errorf("%s: %s, %q", at, last.Status, last.Header.Get("Retry-After"))
		}
	}
	if res := ask(t, door, "GET", "/profiles", nil); res.StatusCode != http.StatusOK {
		t.Error("other pages are kept out too")
	}
}

// TestUnsubscribe: the page asks, a mail program's one click does it, and another site cannot.
func TestUnsubscribe(t *testing.T) {
	door, e, _, _ := alertDoor(t)
	at := "/unsubscribe/" + emailSecret
	paused := func() alerts.Subscription {
		s, err := e.Subscription(t.Context(), sampleEmail)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	text := body(t, ask(t, door, "GET", at, nil))
	if paused().Paused {
		t.Fatal("looking at the page unsubscribed: a scanner of links would do so too")
	}
	if !strings.Contains(text, `<form method="post" action="`+at+`">`) || strings.Count(text, "<button") != 1 || regexp.MustCompile(`href="/[^s]`).MatchString(text) {
		t.Errorf("the page has not one button, or leads elsewhere:\n%s", text)
	}
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		if res := ask(t, door, "POST", at, func(r *http.Request) { r.Header.Set(header, value) }); res.StatusCode != http.StatusForbidden || paused().Paused {
			t.Errorf("%s: %s unsubscribes: %s", header, value, res.Status)
		}
	}
	// As RFC 8058 has it: from a server, without cookies, origin or context.
	res := handed(t, door, at, url.Values{"List-Unsubscribe": {"One-Click"}})
	if s := paused(); res.StatusCode != http.StatusOK || !s.Paused || s.Why != "unsubscribed" {
		t.Errorf("%s: %+v", res.Status, s)
	}
	if res := handed(t, door, at, url.Values{"List-Unsubscribe": {"One-Click"}}); res.StatusCode != http.StatusOK {
		t.Errorf("a second time: %s", res.Status)
	}
	if text := body(t, ask(t, door, "GET", at, nil)); !strings.Contains(text, "You are unsubscribed") {
		t.Error("the page does not know")
	}
	// What ended so is not resumed by the way, and gets no test.
	put := ask(t, door, "PUT", apiRoot+alertsAt+"/"+sampleEmail, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Body = io.NopCloser(strings.NewReader(`{"to":"bids@supplier.example","at":"09:00"}`))
	})
	if s := paused(); put.StatusCode != http.StatusOK || s.At != "09:00" || !s.Unsubscribed() {
		t.Errorf("%s: changing its time resumes it: %+v", put.Status, s)
	}
	if _, err := e.Test(t.Context(), "", sampleEmail, sampleDay); err == nil || !strings.Contains(err.Error(), "unsubscribed") {
		t.Errorf("a test went to somebody who unsubscribed: %v", err)
	}
	// Who ends what somebody else had paused has ended it too.
	if err := e.Pause(t.Context(), sampleEmail, "paused by tester"); err != nil {
		t.Fatal(err)
	}
	if handed(t, door, at, url.Values{"List-Unsubscribe": {"One-Click"}}); !paused().Unsubscribed() {
		t.Errorf("it is still %+v", paused())
	}
}

// TestAlertAPI: a program subscribes, changes, tests and removes; the key is in the first answer and in no other.
func TestAlertAPI(t *testing.T) {
	door, e, to, _ := alertDoor(t)
	call := func(method, at, text string) (int, string) {
		res := ask(t, door, method, apiRoot+alertsAt+at, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Body = io.NopCloser(strings.NewReader(text))
		})
		return res.StatusCode, body(t, res)
	}
	status, text := call("POST", "", `{"channel":"webhook","to":"https://hooks.supplier.example/api","days":[1,3],"tells":["new"]}`)
	all, err := e.Subscriptions(t.Context(), sampleProfile)
	if err != nil {
		t.Fatal(err)
	}
	s := all[len(all)-1]
	key, err := s.Secret.Key()
	if err != nil {
		t.Fatal(err)
	}
	if status != http.StatusCreated || !strings.Contains(text, `"key":"`+key+`"`) || strings.Contains(text, `"secret"`) || s.Times() != "Mondays and Wednesdays at 07:30" {
		t.Fatalf("%d %s", status, text)
	}
	for _, c := range []struct {
		method, at, body string
		status           int
		has              string
	}{
		{"GET", "", "", 200, `"id":"` + s.ID + `"`},
		{"GET", "/" + s.ID, "", 200, `"next":"2026-06-29T06:30:00Z"`},
		{"PUT", "/" + s.ID, `{"to":"https://hooks.supplier.example/api2","atOnce":true}`, 200, `"atOnce":true`},
		{"PUT", "/" + s.ID, `{"channel":"email","to":"a@b.example"}`, 422, "stays one"},
		{"PUT", "/" + s.ID, `{"to":"http://127.0.0.1"}`, 422, "not https"},
		{"PUT", "/" + s.ID, `{"secret":"mine"}`, 400, "secret"},
		{"POST", "/" + s.ID + "/test", `{}`, 200, `"to":"https://hooks.supplier.example/api2"`},
		{"POST", "", `{"channel":"fax","to":"1"}`, 422, "fax"},
		{"GET", "/nobody", "", 404, ""},
		{"DELETE", "/" + s.ID, "", 204, ""},
		{"DELETE", "/" + s.ID, "", 404, ""},
	} {
		status, text := call(c.method, c.at, c.body)
		if status != c.status || !strings.Contains(text, c.has) {
			t.Errorf("%s %s %s: %d %s", c.method, c.at, c.body, status, text)
		}
		for _, secret := range []string{key, s.Secret.Reveal(), feedSecret, emailSecret} {
			if strings.Contains(text, secret) {
				t.Errorf("%s %s tells a secret", c.method, c.at)
			}
		}
	}
	to.err = errors.New("nobody there")
	if status, text := call("POST", "/"+sampleAlert+"/test", `{}`); status != http.StatusBadGateway || !strings.Contains(text, "nobody there") {
		t.Errorf("a test that fails: %d %s", status, text)
	}
	if status, text := call("POST", "/"+sampleFeed+"/test", `{}`); status != http.StatusUnprocessableEntity || !strings.Contains(text, "fetched") {
		t.Errorf("a test of a feed: %d %s", status, text)
	}
}
