package web

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// address is a pattern of the table with values that lead somewhere over the bundled sample.
func address(pattern string) string {
	pattern = strings.NewReplacer("/buyers/{id}", "/buyers/potterford", "/feeds/{secret}", "/feeds/"+feedSecret, "/unsubscribe/{secret}", "/unsubscribe/"+emailSecret).Replace(pattern)
	for placeholder, v := range map[string]string{
		"{$}": "", "{notice}": sampleNotice, "{profile}": sampleProfile, "{id}": sampleSupplier, "{format}": "csv", "{other}": "wren-grounds", "{name}": "mediators", "{alert}": sampleAlert,
		"{hash}": parsed().static.hash, "{file}": "app.css",
	} {
		pattern = strings.ReplaceAll(pattern, placeholder, v)
	}
	return pattern
}

// TestHeaders: every route, and what is no route, answers with the headers that keep a page to itself.
func TestHeaders(t *testing.T) {
	d := apiDesk(t)
	server := serve(t, d)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, r := range append(routes(), route{method: "GET", pattern: "/nowhere"}, route{method: "DELETE", pattern: "/healthz"}) {
		register(t, d, bundled(t, sampleProfile+".yaml")) // a route before may have removed it
		req, err := http.NewRequestWithContext(t.Context(), r.method, server.URL+address(r.pattern), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Errorf("%s %s: %v", r.method, r.pattern, err)
			continue
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode >= 500 || r.summary != "" && r.method == "GET" && res.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %s\n%.300s", r.method, r.pattern, res.Status, body)
		}
		want := map[string]string{
			"Content-Security-Policy":      policy,
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"X-Frame-Options":              "DENY",
			"Cache-Control":                "no-store",
		}
		if strings.HasPrefix(r.pattern, "/api") && r.method == "GET" {
			want["Cache-Control"] = "private, no-cache"
		}
		if strings.HasPrefix(r.pattern, "/static/") {
			want["Cache-Control"] = "public, max-age=31536000, immutable"
		}
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%s %s: %s is %q, want %q", r.method, r.pattern, name, got, value)
			}
		}
		if got := res.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=()") {
			t.Errorf("%s %s: Permissions-Policy is %q", r.method, r.pattern, got)
		}
		if res.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s %s: the request has no id", r.method, r.pattern)
		}
		if len(body) > 0 && res.Header.Get("Content-Type") == "" {
			t.Errorf("%s %s: no Content-Type", r.method, r.pattern)
		}
	}
}

// TestRoutes: each route stands once in the table, with a summary, and takes a method that it may.
func TestRoutes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes() {
		if line := r.method + " " + r.pattern; seen[line] {
			t.Errorf("%s stands twice in the table", line)
		} else {
			seen[line] = true
		}
		if api := strings.HasPrefix(r.pattern, apiRoot); r.summary == "" || r.method != "GET" && r.method != "POST" && !(api && (r.method == "PUT" || r.method == "DELETE")) {
			t.Errorf("%s %s %q", r.method, r.pattern, r.summary)
		}
	}
}

// ask sends a request to a door over the bundled sample, changed as it is wanted.
func ask(t *testing.T, h http.Handler, method, target string, change func(*http.Request)) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	r.Host = "127.0.0.1:8080"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestHosts(t *testing.T) {
	d := newDesk(t)
	loopback, named := New(optionsOf(t, d)), optionsOf(t, d)
	named.Hosts = []string{"bids.example", "192.0.2.7"}
	for _, c := range []struct {
		door http.Handler
		host string
		want int
	}{
		{loopback, "127.0.0.1:8080", 200}, {loopback, "localhost", 200}, {loopback, "LOCALHOST:1", 200}, {loopback, "[::1]:8080", 200}, {loopback, "[::ffff:127.0.0.1]:80", 200},
		{loopback, "evil.example", 421}, {loopback, "127.0.0.1.evil.example:8080", 421}, {loopback, "localhost.evil.example", 421}, {loopback, "192.168.1.5:8080", 421}, {loopback, "", 421},
		{New(named), "bids.example", 200}, {New(named), "bids.example.:443", 200}, {New(named), "192.0.2.7", 200}, {New(named), "localhost", 421},
	} {
		res := ask(t, c.door, "GET", "/healthz", func(r *http.Request) { r.Host = c.host })
		if res.StatusCode != c.want {
			t.Errorf("Host %q: %d, want %d", c.host, res.StatusCode, c.want)
		}
		if body, _ := io.ReadAll(res.Body); c.want == 421 && !strings.Contains(string(body), "does not answer to the name") {
			t.Errorf("Host %q: the refusal says %q", c.host, body)
		}
	}
}

// TestCrossOrigin: what another site sends changes nothing.
func TestCrossOrigin(t *testing.T) {
	door := New(optionsOf(t, newDesk(t)))
	for _, c := range []struct {
		header, value string
		want          int
	}{
		{"Sec-Fetch-Site", "cross-site", 403}, {"Sec-Fetch-Site", "same-site", 403}, {"Origin", "https://evil.example", 403},
		{"Sec-Fetch-Site", "same-origin", 405}, {"Origin", "http://127.0.0.1:8080", 405},
	} {
		res := ask(t, door, "POST", "/healthz", func(r *http.Request) { r.Header.Set(c.header, c.value) })
		if res.StatusCode != c.want {
			t.Errorf("POST with %s: %s: %d, want %d", c.header, c.value, res.StatusCode, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	door := New(optionsOf(t, newDesk(t)))
	res := ask(t, door, "POST", "/healthz", func(r *http.Request) { r.ContentLength = mostForm + 1 })
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that says it is too large: %s", res.Status)
	}
}

func TestGzip(t *testing.T) {
	door := New(optionsOf(t, sampleDesk(t)))
	res := ask(t, door, "GET", "/notices/"+sampleNotice, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("the page is not compressed: %v", res.Header)
	}
	zip, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if page, err := io.ReadAll(zip); err != nil || !strings.HasSuffix(strings.TrimSpace(string(page)), "</html>") {
		t.Errorf("the compressed page ends with %.50q, %v", page, err)
	}
}

// TestFailures: errors become pages with a remedy, or problem+json; nothing of what nobody foresaw is shown.
func TestFailures(t *testing.T) {
	s := newServer(optionsOf(t, newDesk(t)))
	s.mux.Handle("GET /panic", s.answer(func(*server, http.ResponseWriter, *http.Request) error { panic("secret of the house") }))
	s.mux.Handle("GET /broken", s.answer(func(*server, http.ResponseWriter, *http.Request) error { return errors.New("secret of the house") }))
	s.mux.Handle("GET /wrong", s.answer(func(*server, http.ResponseWriter, *http.Request) error {
		return wrongf("until: %q is no day; write 2026-07-14", "<b>soon")
	}))
	s.mux.Handle("GET /half", s.answer(func(_ *server, w http.ResponseWriter, _ *http.Request) error {
		w.Write([]byte(strings.Repeat("half a page ", 1000)))
		panic("half-way")
	}))
	door := httptest.NewServer(s.guard(s.mux))
	defer door.Close()
	for _, c := range []struct {
		path, accept string
		want         int
		says         string
	}{
		{"/panic", "", 500, "Something went wrong here"}, {"/broken", "", 500, "Something went wrong here"},
		{"/broken", "application/json", 500, `"title":"Something went wrong here"`},
		{"/wrong", "", 400, "&lt;b&gt;soon"}, {"/nowhere", "", 404, "There is no such page"},
		{"/notices/none.json", "application/json", 404, `"status":404`},
	} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", door.URL+c.path, nil)
		req.Header.Set("Accept", c.accept)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.want || !strings.Contains(string(body), c.says) || strings.Contains(string(body), "secret") {
			t.Errorf("%s: %s\n%s", c.path, res.Status, body)
		}
		if id := res.Header.Get("X-Request-Id"); c.want == 500 && !strings.Contains(string(body), id) {
			t.Errorf("%s does not tell its id %q", c.path, id)
		}
	}
	// Half a page is cut off, so that nobody takes it for a whole one.
	res, err := http.Get(door.URL + "/half")
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("half a page came as a whole one")
	}
}

func TestLocalPath(t *testing.T) {
	for _, s := range []string{"/", "/search?q=a%20b&page=2", "/notices/ocds-1/notice.json", "/profiles/a#list"} {
		if got := localPath(s, "/other"); got != s {
			t.Errorf("localPath(%q) is %q", s, got)
		}
	}
	for _, s := range []string{"", "a", "//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x", "///evil.example",
		"/\t/evil.example", " /a", "http:/a", "/a\\b", "//", "/%zz", "/%2F/evil.example", "/%2Fevil.example"} {
		if got := localPath(s, "/other"); got != "/other" {
			t.Errorf("localPath(%q) is %q", s, got)
		}
	}
}

// TestFlash: a message is shown once, as text, whatever the cookie says.
func TestFlash(t *testing.T) {
	s := newServer(optionsOf(t, newDesk(t)))
	s.mux.Handle("POST /do", s.answer(func(s *server, w http.ResponseWriter, r *http.Request) error {
		return s.redirect(w, r, r.FormValue("back"), "<b>done</b> £5 "+strings.Repeat("é", 600))
	}))
	s.mux.Handle("GET /{$}", s.answer((*server).home))
	door := s.guard(s.mux)
	res := ask(t, door, "POST", "/do?back="+url.QueryEscape("//evil.example"), nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" {
		t.Fatalf("%s to %q", res.Status, res.Header.Get("Location"))
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is %v", cookie)
	}
	res = ask(t, door, "GET", "/", func(r *http.Request) { r.AddCookie(cookie) })
	body, _ := io.ReadAll(res.Body)
	if !strings.Contains(string(body), "&lt;b&gt;done&lt;/b&gt; £5 é") {
		t.Errorf("the message is not there: %s", body)
	}
	if gone := res.Cookies(); len(gone) != 1 || gone[0].MaxAge >= 0 {
		t.Errorf("the message is not forgotten: %v", gone)
	}
	res = ask(t, door, "GET", "/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: flashCookie, Value: "%%%"}) })
	if res.StatusCode != http.StatusOK {
		t.Errorf("a cookie of nonsense: %s", res.Status)
	}
}
