package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"bidfit/desk"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// otherProfile is a second profile, so that there is a pair.
const otherProfile = `{"id":"wren-grounds","name":"Wren Grounds Ltd","keywords":["grounds maintenance","mediation"],"cpv":["77314000"],"regions":["TLG"]}`

// apiDesk is a desk on which something of every kind has been done.
func apiDesk(t testing.TB) *desk.Desk {
	t.Helper()
	d := sampleDesk(t)
	register(t, d, []byte(otherProfile))
	for _, x := range []struct {
		do     desk.Do
		target pursuit.Target
	}{
		{desk.DoBid, pursuit.Target{Notice: "ocds-h6vhtk-demo01"}}, {desk.DoNoBid, pursuit.Target{Notice: sampleNotice, Lot: "2"}},
		{desk.DoRelevant, pursuit.Target{Notice: "ocds-h6vhtk-demo01"}}, {desk.DoSnooze, pursuit.Target{Notice: "ocds-h6vhtk-demo03"}},
		{desk.DoSee, pursuit.Target{Notice: "ocds-h6vhtk-demo01"}},
	} {
		done, err := d.Act(t.Context(), desk.Deed{Profile: sampleProfile, Do: x.do, Targets: []pursuit.Target{x.target}, Who: "tester", When: sampleDay, AsOf: sampleDay})
		if err != nil || done[0].Err != nil {
			t.Fatal(x.target, err, done)
		}
	}
	e := pursuit.Entry{Target: pursuit.Target{Notice: "ocds-h6vhtk-demo01"}, Profile: sampleProfile, Stage: pursuit.Prepare, Next: "call", Hours: 24, Who: "tester", When: sampleDay}
	if err := e.NextBy.UnmarshalText([]byte("2026-07-01")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PutEntry(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: "mediators", Query: "q=mediation&has=stage:tender", Who: "tester", When: sampleDay}); err != nil {
		t.Fatal(err)
	}
	return d
}

// apiAddress is an operation with values that lead somewhere.
func apiAddress(pattern string) string {
	return apiRoot + address(pattern)
}

// exchange is a request and what came of it.
func exchange(t testing.TB, server *httptest.Server, method, at, body string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+at, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, got
}

// problemIn reads a problem, and says what is not right about it.
func problemIn(t testing.TB, what string, res *http.Response, body []byte, status int) problem {
	t.Helper()
	var p problem
	if res.StatusCode != status || res.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(body, &p) != nil ||
		p.Status != status || p.Title == "" || p.Detail == "" || p.Instance == "" {
		t.Errorf("%s: %s, %s, want a problem with %d\n%.400s", what, res.Status, res.Header.Get("Content-Type"), status, body)
	}
	return p
}

// schemas compiles the document, with no member left untold.
func schemas(t testing.TB, tt *testing.T) func(o operation) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(newSpec(tt, true).document()))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return func(o operation) *jsonschema.Schema {
		s, err := c.Compile(schemaAt(o, o.status))
		if err != nil {
			t.Fatalf("%s: %v", o.id, err)
		}
		return s
	}
}

func fits(t testing.TB, what string, s *jsonschema.Schema, body []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %.1500v", what, err)
	}
}

// TestAPI asks every question of the API over the sample: what comes back is what the document says, has an ETag, and
// comes only once to whoever has it; what is not asked rightly is told with its remedy.
func TestAPI(t *testing.T) {
	server := serve(t, apiDesk(t))
	of := schemas(t, t)
	for _, o := range operations() {
		at := apiAddress(o.pattern)
		what := o.method + " " + at
		res, body := exchange(t, server, o.method, at+"?nosuch=1", "{}")
		if p := problemIn(t, what+"?nosuch=1", res, body, http.StatusBadRequest); !strings.Contains(p.Detail, `"nosuch"`) ||
			len(o.params) > 0 && !strings.Contains(p.Detail, o.params[0].name) {
			t.Errorf("%s says of a parameter there is not: %s", what, p.Detail)
		}
		for _, p := range o.params {
			wrong := map[string]string{"integer": "-1", "boolean": "perhaps"}[p.kind]
			if p.values != nil {
				wrong = "<nothing>"
			}
			if wrong == "" {
				continue
			}
			res, body := exchange(t, server, o.method, at+"?"+url.Values{p.name: {wrong}}.Encode(), "{}")
			if x := problemIn(t, what+" "+p.name, res, body, http.StatusBadRequest); !strings.Contains(x.Detail, p.name) || !strings.Contains(x.Detail, wrong) {
				t.Errorf("%s says of %s=%s: %s", what, p.name, wrong, x.Detail)
			}
		}
		res, body = exchange(t, server, "PATCH", at, "{}")
		problemIn(t, "PATCH "+at, res, body, http.StatusMethodNotAllowed)
		if allow := strings.Split(res.Header.Get("Allow"), ", "); !slices.Contains(allow, o.method) {
			t.Errorf("PATCH %s allows %s", at, allow)
		}
		if o.method != http.MethodGet {
			res, body := exchange(t, server, o.method, at, "{}", "Origin", "http://elsewhere.example", "Sec-Fetch-Site", "cross-site")
			problemIn(t, what+" from elsewhere", res, body, http.StatusForbidden)
			if o.body != nil {
				res, body := exchange(t, server, o.method, at, "{}", "Content-Type", "text/plain")
				problemIn(t, what+" as text", res, body, http.StatusUnsupportedMediaType)
				for _, broken := range []string{"", "{", "[1]", `{"nosuch":1}`, `{"a":1,"a":1}`, "\xff"} {
					if res, body := exchange(t, server, o.method, at, broken, "Content-Type", "application/json"); res.StatusCode != http.StatusUnprocessableEntity {
						problemIn(t, what+" "+broken, res, body, http.StatusBadRequest)
					}
				}
				res, body = exchange(t, server, o.method, at, strings.Repeat(" ", mostForm+1))
				problemIn(t, what+" with a body too large", res, body, http.StatusRequestEntityTooLarge)
			}
			continue
		}
		res, body = exchange(t, server, "GET", at, "")
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s\n%.500s", what, res.Status, body)
			continue
		}
		if o.reply != nil {
			if got := res.Header.Get("Content-Type"); got != "application/json" || !bytes.HasSuffix(body, []byte("\n")) {
				t.Errorf("%s is %s and ends in %q", what, got, body[len(body)-1:])
			}
			fits(t, what, of(o), body)
		}
		for name, want := range map[string]string{"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", what, name, got, want)
			}
		}
		head, none := exchange(t, server, "HEAD", at, "")
		if head.StatusCode != http.StatusOK || len(none) > 0 || head.Header.Get("Content-Type") != res.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %s with %d bytes", at, head.Status, len(none))
		}
		if o.id == "export" {
			continue // is written as it comes
		}
		tag := res.Header.Get("ETag")
		if tag == "" || strings.HasPrefix(tag, "W/") || head.Header.Get("ETag") != tag {
			t.Errorf("%s has the ETag %q, HEAD %q", what, tag, head.Header.Get("ETag"))
		}
		zipped, _ := exchange(t, server, "GET", at, "", "Accept-Encoding", "gzip")
		for _, have := range []string{tag, `"other", ` + tag, "*", zipped.Header.Get("ETag"), "W/" + tag} {
			if res, body := exchange(t, server, "GET", at, "", "If-None-Match", have); res.StatusCode != http.StatusNotModified || len(body) > 0 || res.Header.Get("ETag") != tag {
				t.Errorf("%s to whoever has %s: %s, %d bytes, ETag %s", what, have, res.Status, len(body), res.Header.Get("ETag"))
			}
		}
		if zipped.Header.Get("Content-Encoding") == "gzip" && zipped.Header.Get("ETag") == tag {
			t.Errorf("%s compressed has the ETag of what it is not", what)
		}
		if res, _ := exchange(t, server, "GET", at, "", "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
			t.Errorf("%s to whoever has another: %s", what, res.Status)
		}
	}
}

// TestAPIHostile: whatever an id is made of, it is looked for and not found.
func TestAPIHostile(t *testing.T) {
	server := serve(t, apiDesk(t))
	for _, id := range []string{"nosuch", "<script>alert(1)</script>", "../../etc/passwd", "a%2Fb", "\u202egnp.exe", strings.Repeat("x", 4000), "%00", "' or 1=1", "..%2f..", "日本"} {
		for _, o := range operations() {
			for part := range strings.SplitSeq(o.pattern, "/") {
				if !strings.HasPrefix(part, "{") || o.body != nil {
					continue
				}
				hostile := url.PathEscape(id)
				if strings.Contains(id, "%") {
					hostile = id
				}
				at := apiAddress(strings.Replace(o.pattern, part, "HOSTILE", 1))
				res, body := exchange(t, server, o.method, strings.Replace(at, "HOSTILE", hostile, 1), "")
				problemIn(t, fmt.Sprintf("%s %.100s", o.method, at), res, body, http.StatusNotFound)
			}
		}
	}
	for _, lot := range []string{"9", "<b>"} {
		res, body := exchange(t, server, "GET", apiRoot+"/profiles/"+sampleProfile+"/fits/"+sampleNotice+"?"+url.Values{"lot": {lot}}.Encode(), "")
		problemIn(t, "lot "+lot, res, body, http.StatusNotFound)
	}
	for _, at := range []string{"/review?after=%21", "/review?advice=perhaps", "/review?from=x", "/shortlist?stage=x", "/agenda?from=yesterday", "/export/csv?advice=bid", "/export/csv?list=shortlist&stage=x", "/export/json?raw=true",
		"/review?limit=201", "/match?limit=0", "/review?limit=1&limit=2", "/review?%zz", "/partners/" + sampleProfile, "/partners/wren-grounds?lot=2"} {
		res, body := exchange(t, server, "GET", apiRoot+"/profiles/"+sampleProfile+at, "")
		problemIn(t, at, res, body, http.StatusBadRequest)
	}
	for _, at := range []string{"/search?after=x", "/search?after=e30", "/search?q=" + strings.Repeat("x", 2000)} {
		res, body := exchange(t, server, "GET", apiRoot+at, "")
		problemIn(t, fmt.Sprintf("%.20s", at), res, body, http.StatusBadRequest)
	}
	res, body := exchange(t, server, "GET", apiRoot+"/buyers/council", "")
	if p := problemIn(t, "a name of many", res, body, http.StatusMultipleChoices); len(p.Candidates) < 2 {
		t.Errorf("a name of many has %d candidates: %s", len(p.Candidates), body)
	}
	res, body = exchange(t, server, "GET", apiRoot+"/nosuch", "")
	problemIn(t, "/nosuch", res, body, http.StatusNotFound)
	for _, at := range []string{"/api", apiRoot, apiRoot + "/"} {
		if res, body := exchange(t, server, "GET", at, ""); res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(`"href":"/api/v1/profiles/{profile}/review"`)) {
			t.Errorf("%s: %s\n%.300s", at, res.Status, body)
		}
	}
}

// TestAPIProfile: a profile is registered, got, changed as long as nobody else changed it, and removed.
func TestAPIProfile(t *testing.T) {
	server := serve(t, apiDesk(t))
	at := apiRoot + "/profiles/new-one"
	one := `{"id":"new-one","name":"New One Ltd","keywords":["mediation"],"value":{"min":10000,"max":75000.50},"turnover":1234.5}`
	res, body := exchange(t, server, "POST", apiRoot+"/profiles", one)
	var kept store.Profile
	if res.StatusCode != http.StatusCreated || res.Header.Get("Location") != at || json.Unmarshal(body, &kept) != nil || kept.Revision != 1 {
		t.Fatalf("%s to %s\n%s", res.Status, res.Header.Get("Location"), body)
	}
	res, body = exchange(t, server, "POST", apiRoot+"/profiles", one)
	problemIn(t, "the same again", res, body, http.StatusConflict)
	res, body = exchange(t, server, "GET", at, "")
	first := res.Header.Get("ETag")
	var got profiles.Profile
	if err := json.Unmarshal(body, &got); err != nil || got.Name != "New One Ltd" || first != `"r1"` {
		t.Fatalf("%s %s\n%s", err, first, body)
	}
	// What was got is what can be sent.
	res, body = exchange(t, server, "PUT", at, string(body), "If-Match", first)
	if res.StatusCode != http.StatusOK || res.Header.Get("ETag") != first {
		t.Errorf("the same again: %s %s\n%s", res.Status, res.Header.Get("ETag"), body)
	}
	changed := strings.Replace(one, "New One", "Newer One", 1)
	res, body = exchange(t, server, "PUT", at, changed, "If-Match", first)
	if res.StatusCode != http.StatusOK || res.Header.Get("ETag") != `"r2"` {
		t.Errorf("a change: %s %s\n%s", res.Status, res.Header.Get("ETag"), body)
	}
	for _, precondition := range [][]string{{"If-Match", first}, {"If-None-Match", "*"}} {
		res, body = exchange(t, server, "PUT", at, one, precondition...)
		problemIn(t, "a change of what is gone", res, body, http.StatusPreconditionFailed)
	}
	res, body = exchange(t, server, "PUT", apiRoot+"/profiles/newest", strings.Replace(one, "new-one", "newest", 1), "If-None-Match", "*")
	if res.StatusCode != http.StatusCreated {
		t.Errorf("a new one: %s\n%s", res.Status, body)
	}
	res, body = exchange(t, server, "PUT", apiRoot+"/profiles/nobody", strings.Replace(one, "new-one", "nobody", 1), "If-Match", "*")
	problemIn(t, "a change of nobody", res, body, http.StatusPreconditionFailed)
	res, body = exchange(t, server, "PUT", at, strings.Replace(one, "new-one", "other", 1))
	if p := problemIn(t, "another id", res, body, http.StatusUnprocessableEntity); len(p.Errors) != 1 || p.Errors[0].Value != "other" {
		t.Errorf("another id is told as %s", body)
	}
	res, body = exchange(t, server, "PUT", at, `{"id":"new-one","name":"N","cpv":["1234"],"wages":1}`)
	p := problemIn(t, "a wrong profile", res, body, http.StatusUnprocessableEntity)
	if len(p.Errors) != 2 || p.Errors[0].Line != 1 || p.Errors[0].Message == "" || p.Errors[0].Value == "" {
		t.Errorf("a wrong profile is told as %s", body)
	}
	res, body = exchange(t, server, "DELETE", at, "", "If-Match", first)
	problemIn(t, "the removal of what is gone", res, body, http.StatusPreconditionFailed)
	if res, body = exchange(t, server, "DELETE", at, ""); res.StatusCode != http.StatusNoContent || len(body) > 0 {
		t.Errorf("removed: %s\n%s", res.Status, body)
	}
	res, body = exchange(t, server, "DELETE", at, "")
	problemIn(t, "removed again", res, body, http.StatusNotFound)
}

// TestAPIWrites: what is sent is done, once it is right, and its answer is what the document says.
func TestAPIWrites(t *testing.T) {
	server := serve(t, apiDesk(t))
	of := schemas(t, t)
	by := map[string]operation{}
	for _, o := range operations() {
		by[o.id] = o
	}
	pursuits, entry := apiRoot+"/profiles/"+sampleProfile+"/pursuits", apiRoot+"/profiles/"+sampleProfile+"/shortlist/"+sampleNotice+"?lot=1"
	for _, c := range []struct{ id, method, at, body, has string }{
		{"act", "POST", pursuits, `{"do":"watch","targets":[{"notice":"ocds-h6vhtk-demo01"},{"notice":"nosuch"}],"reason":"later","who":"Kim"}`, `"words":"watch"`},
		{"act", "POST", pursuits, `{"do":"undo","targets":[{"notice":"ocds-h6vhtk-demo01"}]}`, `"undone":"watch"`},
		{"act", "POST", pursuits, `{"do":"snooze","until":"value","targets":[{"notice":"` + sampleNotice + `","lot":"1"}]}`, "snoozed until the value changes"},
		{"act", "POST", pursuits, `{"do":"irrelevant","targets":[{"notice":"` + sampleNotice + `"}]}`, `"irrelevant"`},
		{"putEntry", "PUT", entry, `{"stage":"qualify","owner":"Kim","nextBy":"2026-07-01","hours":12}`, `"nextBy":"2026-07-01"`},
		{"putSearch", "PUT", apiRoot + "/searches/early%20help%2Fwest", `{"query":"q=early+help&page=2","who":"Kim"}`, `"query":"q=early+help","who":"Kim"`},
		{"preview", "POST", apiRoot + "/preview", otherProfile, `"counts"`},
		{"suggest", "POST", apiRoot + "/suggest", `{"text":"We mediate disputes between neighbours and train housing officers."}`, `"keywords"`},
		{"suggest", "POST", apiRoot + "/suggest", `{"supplier":"` + sampleSupplier + `"}`, `"profile"`},
	} {
		res, body := exchange(t, server, c.method, c.at, c.body)
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), c.has) {
			t.Errorf("%s %s: %s, want %s\n%.500s", c.id, c.body, res.Status, c.has, body)
		}
		fits(t, c.id, of(by[c.id]), body)
	}
	for _, c := range []struct {
		at, body string
		status   int
		place    string
	}{
		{pursuits, `{"do":"bid","targets":[{"notice":"nosuch"}]}`, 404, ""},
		{pursuits, `{"do":"perhaps","targets":[{"notice":"x"}]}`, 400, ""},
		{pursuits, `{"do":"bid","targets":[]}`, 400, ""},
		{pursuits, `{"do":"snooze","until":"Friday","targets":[{"notice":"x"}]}`, 400, ""},
		{pursuits, `{"do":"bid","targets":[{"notice":7}]}`, 400, "/targets/0/notice"},
		{pursuits, `{"do":"bid","targets":[{"notice":"x","lots":"2"}]}`, 400, "/targets/0/lots"},
		{pursuits, `{"do":"bid","targets":[{"notice":"x"}],"reason":"` + strings.Repeat("x", mostReason+1) + `"}`, 400, ""},
		{apiRoot + "/suggest", `{"text":"a","supplier":"b"}`, 400, ""},
		{apiRoot + "/suggest", `{"supplier":"nosuch"}`, 404, ""},
		{apiRoot + "/profiles/nosuch/pursuits", `{"do":"bid","targets":[{"notice":"x"}]}`, 404, ""},
	} {
		res, body := exchange(t, server, "POST", c.at, c.body)
		p := problemIn(t, c.body[:min(60, len(c.body))], res, body, c.status)
		if c.place != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != c.place || !strings.Contains(p.Detail, c.place)) {
			t.Errorf("%s is told as %s", c.body, body)
		}
	}
	for body, place := range map[string]string{`{"stage":"qualify","nextBy":"Friday"}`: "/nextBy", `{"stage":"qualify","hours":"many"}`: "/hours", `{"stage":"qualify","hours":-1}`: "", `{"owner":"Kim"}`: ""} {
		res, got := exchange(t, server, "PUT", entry, body)
		if p := problemIn(t, body, res, got, http.StatusBadRequest); place != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != place) {
			t.Errorf("%s is told as %s", body, got)
		}
	}
	for _, body := range []string{`{"query":""}`, `{"query":"page=1"}`, `{"query":"%zz"}`, `{"query":7}`} {
		res, got := exchange(t, server, "PUT", apiRoot+"/searches/x", body)
		problemIn(t, body, res, got, http.StatusBadRequest)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		if res, body := exchange(t, server, "DELETE", apiRoot+"/searches/early%20help%2Fwest", ""); res.StatusCode != want {
			t.Errorf("a search removed: %s, want %d\n%s", res.Status, want, body)
		}
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		if res, body := exchange(t, server, "DELETE", entry, ""); res.StatusCode != want {
			t.Errorf("taken off: %s, want %d\n%s", res.Status, want, body)
		}
	}
}

// TestAPIPages: pages follow each other without a gap and without a row twice, also where rows come and go between them.
func TestAPIPages(t *testing.T) {
	d := apiDesk(t)
	server := serve(t, d)
	var whole desk.Review
	_, body := exchange(t, server, "GET", apiRoot+"/profiles/"+sampleProfile+"/review?limit=200", "")
	if err := json.Unmarshal(body, &whole); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, r := range whole.Rows {
		want = append(want, r.Target.String())
	}
	gone := want[1]
	for after := ""; ; {
		var page desk.Review
		_, body := exchange(t, server, "GET", apiRoot+"/profiles/"+sampleProfile+"/review?limit=7&"+url.Values{"after": {after}}.Encode(), "")
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatalf("%v\n%.300s", err, body)
		}
		for _, r := range page.Rows {
			got = append(got, r.Target.String())
		}
		if after == "" { // a row of the page before is hidden
			exchange(t, server, "POST", apiRoot+"/profiles/"+sampleProfile+"/pursuits", `{"do":"known","targets":[{"notice":"`+whole.Rows[1].Target.Notice+`"}]}`)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s hidden, the pages have %d rows, the list %d:\n%v\n%v", gone, len(got), len(want), got, want)
	}

	var all, found []string
	total := uint64(0)
	for after, first := "", true; first || after != ""; first = false {
		var page desk.Found
		_, body := exchange(t, server, "GET", apiRoot+"/search?has=stage%3Atender&limit=9&"+url.Values{"after": {after}}.Encode(), "")
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatalf("%v\n%.300s", err, body)
		}
		for _, n := range page.Notices {
			found = append(found, n.ID)
		}
		after, total = page.Next, page.Total
	}
	for at := 0; at < int(total); at += 200 {
		_, body := exchange(t, server, "GET", apiRoot+"/search?has=stage%3Atender&limit=200", "")
		var page desk.Found
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		for _, n := range page.Notices {
			all = append(all, n.ID)
		}
	}
	if len(found) != int(total) || !slices.Equal(found, all) {
		t.Errorf("the pages of a search have %d notices, it finds %d", len(found), total)
	}
}

// TestAPIClock: a clock that runs is told by the minute, so that the same question has the same answer for as long.
func TestAPIClock(t *testing.T) {
	o := optionsOf(t, apiDesk(t))
	o.Sample = Sample{}
	now := sampleDay.Add(7 * time.Second)
	o.Clock = func() time.Time { return now }
	server := httptest.NewServer(New(o))
	t.Cleanup(server.Close)
	at := apiRoot + "/profiles/" + sampleProfile + "/match"
	first, _ := exchange(t, server, "GET", at, "")
	now = now.Add(30 * time.Second)
	if res, _ := exchange(t, server, "GET", at, "", "If-None-Match", first.Header.Get("ETag")); res.StatusCode != http.StatusNotModified {
		t.Errorf("half a minute later it is another answer: %s", res.Status)
	}
	now = now.Add(time.Minute)
	if res, _ := exchange(t, server, "GET", at, "", "If-None-Match", first.Header.Get("ETag")); res.StatusCode != http.StatusOK {
		t.Errorf("a minute later it is the same answer: %s", res.Status)
	}
}

// FuzzAPIBody: whatever is sent, it is done or told to be wrong.
func FuzzAPIBody(f *testing.F) {
	d := apiDesk(f)
	door := New(optionsOf(f, d))
	for _, body := range []string{"", "{}", `{"do":"see","targets":[{"notice":"ocds-h6vhtk-demo01"}]}`, `{"stage":"qualify","nextBy":"2026-07-01"}`, `{"text":"mediation"}`, otherProfile,
		`{"do":"bid","targets":[{"notice":"x","lots":"` + "\xff" + `"}]}`, `{"id":"a","name":"b","value":{"min":-1}}`, `{"a":1,"a":2}`, `[[[[`} {
		f.Add(body, "after")
	}
	f.Fuzz(func(t *testing.T, body, cursor string) {
		send := func(method, at, body string) {
			r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1"+apiRoot+at, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			door.ServeHTTP(w, r)
			if v, err := jsonschema.UnmarshalJSON(w.Body); w.Code >= 500 || err != nil {
				t.Errorf("%s %s with %q: %d, %v, %v", method, at, body, w.Code, v, err)
			}
		}
		send("POST", "/profiles/"+sampleProfile+"/pursuits", body)
		send("PUT", "/profiles/"+sampleProfile+"/shortlist/"+sampleNotice, body)
		send("POST", "/preview", body)
		send("POST", "/suggest", body)
		send("GET", "/search?limit=1&"+url.Values{"after": {cursor}}.Encode(), "")
		send("GET", "/profiles/"+sampleProfile+"/review?limit=1&"+url.Values{"after": {cursor}}.Encode(), "")
	})
}
