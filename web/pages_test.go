package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/index"
	"bidfit/notice"
)

// body is the text of an answer.
func body(t testing.TB, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// send uploads a file and gives the answer, redirects not followed.
func send(t *testing.T, h http.Handler, name string, content []byte) *http.Response {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/notices", &b)
	r.Host = "localhost"
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// follow opens the page that an answer leads to, with the message it carries.
func follow(t *testing.T, h http.Handler, res *http.Response) string {
	t.Helper()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: %s", res.Status, body(t, res))
	}
	to, _, _ := strings.Cut(res.Header.Get("Location"), "#") // browsers keep that to themselves
	return body(t, ask(t, h, "GET", to, func(r *http.Request) {
		for _, c := range res.Cookies() {
			r.AddCookie(c)
		}
	}))
}

func holds(t *testing.T, what, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say %q:\n%.3000s", what, want, page)
		}
	}
}

// TestUpload: what is read, what was here already, what could not be read, and what is no file of notices.
func TestUpload(t *testing.T) {
	d := newDesk(t)
	options := optionsOf(t, d)
	options.Upload = 1 << 20
	door := New(options)
	good := []byte(`{"ocid":"ocds-h6vhtk-up1","id":"1-2026","date":"2026-06-23T09:00:00Z","tag":["tender"],"tender":{"title":"Sent by hand"},"buyer":{"name":"Wick Borough Council"}}` + "\n")

	res := send(t, door, "notices.jsonl", good)
	holds(t, "the home page", follow(t, door, res), "notices.jsonl: 1 release stored; 1 notice is here now.")
	holds(t, "sent again", follow(t, door, send(t, door, "notices.jsonl", good)), "0 releases stored, 1 were here already")

	res = send(t, door, "half.jsonl", append(slices.Clone(good), []byte(`{"id":"2-2026","tag":["tender"]}`+"\n")...))
	if at := res.Header.Get("Location"); at != "/quarantine" {
		t.Errorf("a release in quarantine leads to %q", at)
	}
	holds(t, "quarantine", follow(t, door, res), "1 could not be read", "half.jsonl", "missing-ocid")

	for name, content := range map[string][]byte{"nonsense.txt": []byte("this is no JSON"), "empty.json": nil, "<img src=x>.json": []byte("{")} {
		res := send(t, door, name, content)
		page := body(t, res)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Nothing could be read from") || strings.Contains(page, "<img") {
			t.Errorf("%s: %s\n%s", name, res.Status, page)
		}
	}
	if res := send(t, door, "large.json", bytes.Repeat([]byte(" "), 3<<20)); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a file beyond the limit: %s", res.Status)
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.Close()
	res = ask(t, door, "POST", "/notices", func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Body = io.NopCloser(&b)
	})
	holds(t, "no file", body(t, res), "Choose a file.")
	if res := ask(t, door, "POST", "/notices", nil); res.StatusCode != http.StatusBadRequest {
		t.Errorf("a POST of nothing: %s", res.Status)
	}
}

// TestFirstRun: an empty store offers the sample; with it, the pages stand at its day until other notices come.
func TestFirstRun(t *testing.T) {
	d := newDesk(t)
	options := optionsOf(t, d)
	now := time.Date(2027, time.January, 5, 9, 0, 0, 0, notice.London)
	options.Clock, options.Now = func() time.Time { return now }, func() time.Time { return now }
	door := New(options)
	get := func(path string) string { return body(t, ask(t, door, "GET", path, nil)) }
	holds(t, "the first run", get("/"), "Use the sample", `type="file"`, "bidfit ingest", "/profiles/new", "beside this server")
	res := ask(t, door, "POST", "/notices", func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader("sample=yes"))
	})
	holds(t, "home with the sample", follow(t, door, res), "255 releases stored", "These are sample notices, so the pages stand at Wednesday 24 June 2026", "Write a profile")
	send(t, door, "own.jsonl", []byte(`{"ocid":"ocds-h6vhtk-own","id":"1-2027","date":"2027-01-04T09:00:00Z","tag":["tender"],"tender":{"title":"Our own"}}`))
	if page := get("/"); strings.Contains(page, "sample notices") || !strings.Contains(page, "Monday 4 January 2027") {
		t.Errorf("with other notices the pages do not go by today:\n%s", page)
	}
}

// TestHome: what there is to do for a profile, by the counts of the desk; each count leads to a list that has all of it.
func TestHome(t *testing.T) {
	d := sampleDesk(t)
	page := body(t, ask(t, New(optionsOf(t, d)), "GET", "/", nil))
	h, err := d.Home(t.Context(), sampleDay, ofEach)
	if err != nil {
		t.Fatal(err)
	}
	g := h.Profiles[0]
	holds(t, "home", page, "Hartwell Resolve CIC", "Tuesday 23 June 2026</time>, yesterday", "everything could be read",
		fmt.Sprintf("Closing within a week <span class=\"faint\">(%d)", g.Closing.Count), fmt.Sprintf("New to you <span class=\"faint\">(%d)", g.New.Count),
		`href="/profiles/hartwell-resolve?state=unseen&amp;advice=bid&amp;advice=review"`, `href="/profiles/hartwell-resolve/fits/`)
	if strings.Contains(page, "Back from a snooze") || g.New.Count <= ofEach || len(g.New.Rows) != ofEach {
		t.Errorf("%d are new, of which %d are named", g.New.Count, len(g.New.Rows))
	}
	list, err := d.Review(t.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay, Filter: filterOf(t, "state=unseen&advice=bid&advice=review")})
	if err != nil || list.Total != g.New.Count {
		t.Errorf("the list has %d, %d are new (%v)", list.Total, g.New.Count, err)
	}
}

// filterOf is the filter that a query asks for.
func filterOf(t *testing.T, query string) desk.Filter {
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := desk.ParseFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestNotice: the page says all that the sections say, and leads on.
func TestNotice(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	page := body(t, ask(t, door, "GET", "/notices/"+sampleNotice, nil))
	x, err := d.Dossier(t.Context(), sampleNotice, sampleDay)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.Join(strings.Fields(strip(page)), " ")
	for _, s := range x.Sections() {
		for _, row := range s.Rows {
			if row.Typed {
				if strings.Contains(plain, row.Lines[0].Text) {
					t.Errorf("the page tells what to type in a terminal: %q", row.Lines[0].Text)
				}
				continue
			}
			for _, line := range row.Lines {
				text := strings.Join(strings.Fields(line.Text), " ")
				if s.Title == "Dates" {
					text = strings.Join(strings.Split(text, ", in "), " in ") // how far off stands beside the day
					text = regexp.MustCompile(`, (\d+ days ago)$`).ReplaceAllString(text, " $1")
				}
				if !strings.Contains(plain, text) {
					t.Errorf("%s, %s: the page does not say %q", s.Title, row.Label, text)
				}
			}
		}
	}
	holds(t, "the notice", page, `href="/buyers/GB-PPON-PAAA-1001-DEMO"`, `href="/profiles/hartwell-resolve/fits/`+sampleNotice+`"`, `rel="noopener noreferrer nofollow ugc"`, "<svg class=\"timeline\"")

	holds(t, "the notice of one client", page, `href="/notices/`+sampleNotice+`/clients">Client board</a>`)
	for i := range mostFits + 1 {
		register(t, d, fmt.Appendf(nil, `{"id":"client-%d","name":"Client %d Ltd","keywords":["mediation"]}`, i, i))
	}
	many := body(t, ask(t, door, "GET", "/notices/"+sampleNotice, nil))
	holds(t, "the notice of six clients", many, fmt.Sprintf(">Client board: all %d profiles</a>", mostFits+2), "<summary>Fit for 2 more</summary>")
	for i := range mostFits + 1 {
		holds(t, "the notice of six clients", many, fmt.Sprintf(`href="/profiles/client-%d/fits/%s"`, i, sampleNotice))
	}

	// By a notice number one comes to the notice.
	res := ask(t, door, "GET", "/notices/900003-2026", nil)
	if at := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || at != "/notices/"+sampleNotice {
		t.Errorf("a notice number: %s to %q", res.Status, at)
	}
	for path, want := range map[string]string{"notice.json": `"ocid":"` + sampleNotice + `"`, "notice.md": "# Early Help for Families", "releases.json": `"compiledRelease"`} {
		res := ask(t, door, "GET", "/notices/"+sampleNotice+"/"+path, nil)
		holds(t, path, body(t, res), want)
	}
	if res := ask(t, door, "GET", "/notices/nothing", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("no such notice: %s", res.Status)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// strip is a page without its markup.
func strip(page string) string {
	text := tags.ReplaceAllString(page, " ")
	for entity, r := range map[string]string{"&#34;": `"`, "&#39;": "'", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#43;": "+"} {
		text = strings.ReplaceAll(text, entity, r)
	}
	return text
}

// TestSearch: each link of a facet leads to as many notices as it says, and what is chosen can be taken out again.
func TestSearch(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	for _, at := range []string{"/search?q=mediation", "/search?has=stage%3Atender", "/search?q=service&has=itl%3ATLG&has=stage%3Atender", "/search"} {
		page := body(t, ask(t, door, "GET", at, nil))
		links := regexp.MustCompile(`<li><a href="(/search[^"]*)"( aria-current="true")?>([^<]*)</a> <span class="faint">([0-9,]+)</span>`).FindAllStringSubmatch(page, -1)
		if len(links) < 5 {
			t.Fatalf("%s has %d choices", at, len(links))
		}
		for _, m := range links {
			if m[2] != "" || strings.Contains(at, "stage") && strings.Contains(m[1], "stage") && strings.Count(m[1], "stage") > 1 {
				continue // an alternative to what is chosen
			}
			target := strings.ReplaceAll(m[1], "&amp;", "&")
			if u, err := url.Parse(target); err != nil || len(u.Query()["has"]) == 0 {
				t.Errorf("%s: %s leads to %q", at, m[3], target)
			} else if kind := func(s string) string { k, _, _ := strings.Cut(s, ":"); return k }; slices.ContainsFunc(u.Query()["has"][:len(u.Query()["has"])-1], func(x string) bool { return kind(x) == kind(u.Query()["has"][len(u.Query()["has"])-1]) }) {
				continue
			}
			if got := body(t, ask(t, door, "GET", target, nil)); !strings.Contains(got, ">"+notice.Count(number(m[4]), "notice", "notices")+"</h2>") {
				t.Errorf("%s: %s says %s, and leads to %s", at, m[3], m[4], regexp.MustCompile(`<h2 aria-live="polite">[^<]*`).FindString(got))
			}
		}
	}
	page := body(t, ask(t, door, "GET", "/search?q=mediation&has=stage:tender", nil))
	holds(t, "the search", page, "<mark>Mediation</mark>", "<mark>mediators</mark>", `class="chip" href="/search?q=mediation"`)
	for at, want := range map[string]string{
		"/search?q=" + url.QueryEscape(strings.Repeat("word ", 40)): "at most 32",
		"/search?q=%22%3Cscript%3E%22":                              "No notice has all of that",
		"/search?q=the":                                             "No notice has all of that",
		"/search?page=9999":                                         "is no page",
		"/search?page=500":                                          "No notice has all of that",
	} {
		holds(t, at, body(t, ask(t, door, "GET", at, nil)), want)
	}
}

func number(s string) int {
	n := 0
	fmt.Sscan(strings.ReplaceAll(s, ",", ""), &n)
	return n
}

// TestOrganisations: by name, by identifier, and where a name means several.
func TestOrganisations(t *testing.T) {
	door := New(optionsOf(t, sampleDesk(t)))
	holds(t, "a buyer", body(t, ask(t, door, "GET", "/buyers/potterford", nil)), "<h1>Potterford City Council</h1>", "Whom it chose", `href="/suppliers/`)
	holds(t, "a supplier", body(t, ask(t, door, "GET", "/suppliers/"+sampleSupplier, nil)), "<h1>Hartwell Resolve CIC</h1>", "From whom", `href="/buyers/`)
	res := ask(t, door, "GET", "/buyers/council", nil)
	page := body(t, res)
	if res.StatusCode != http.StatusMultipleChoices {
		t.Errorf("an ambiguous name: %s", res.Status)
	}
	holds(t, "an ambiguous name", page, "may be any of these", "Potterford City Council")
	if res := ask(t, door, "GET", "/buyers/nobody%2Fat%20all", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("nobody: %s", res.Status)
	}
}

// TestSnippet: a snippet has the words in it, and is no longer than it may be.
func TestSnippet(t *testing.T) {
	long := strings.Repeat("before it ", 100) + "the mediation — of disputes £5 " + strings.Repeat("after it ", 100)
	for _, text := range []string{long, "mediation", strings.Repeat("ä", 5000) + " mediation", "mediation" + strings.Repeat("x", 5000), "mediation " + strings.Repeat("€", 400)} {
		n := &notice.Notice{Description: notice.Say(text, notice.Path{Pointer: "/d"})}
		phrases, err := index.Query{Words: "mediation"}.Clauses()
		if err != nil {
			t.Fatal(err)
		}
		size, hit := 0, false
		for _, m := range snippet(n, phrases) {
			size += len(m.Text)
			hit = hit || m.Hit && strings.EqualFold(m.Text, "mediation")
			if !strings.HasPrefix(m.Text, "…") && strings.ContainsRune(m.Text, '\uFFFD') {
				t.Errorf("a letter is cut apart: %q", m.Text)
			}
		}
		if strings.Contains(text, "mediation ") || text == "mediation" {
			if !hit {
				t.Errorf("the word is not in the snippet of %.40q", text)
			}
		}
		if size > snippetSize+100 {
			t.Errorf("a snippet of %d bytes", size)
		}
	}
}

// TestTimeline: marks stand in the order of their dates, apart from each other, today between past and future.
func TestTimeline(t *testing.T) {
	var dates []dossier.Date
	for _, days := range []int{-4000, -30, -30, -30, -1, 0, 0, 1, 2, 3, 14, 60, 1000, 9000} {
		dates = append(dates, dossier.Date{What: "x", Days: days})
	}
	l := drawn(dates)
	for i, m := range l.Marks {
		if i > 0 && m.X < l.Marks[i-1].X {
			t.Errorf("mark %d stands before the one before it", m.N)
		}
		if m.Past != (dates[i].Days < 0) || m.Past && m.X >= l.Today || dates[i].Days > 0 && m.X <= l.Today {
			t.Errorf("mark %d of %d days stands at %d, today at %d", m.N, dates[i].Days, m.X, l.Today)
		}
		if m.X < 0 || m.X > l.Width || m.Y < 0 || m.Y > l.Height {
			t.Errorf("mark %d is outside: %+v", m.N, m)
		}
		for _, other := range l.Marks[:i] {
			if other.Y == m.Y && m.X-other.X < markSize {
				t.Errorf("marks %d and %d lie upon each other", other.N, m.N)
			}
		}
	}
	if drawn(dates[:1]) != nil {
		t.Error("one date is no timeline")
	}
}

// TestShortened: what is left out of a page is counted.
func TestShortened(t *testing.T) {
	long := dossier.Row{Label: "CPV", Lines: slices.Repeat([]dossier.Text{{Text: "85000000"}}, mostLines+7)}
	rows := shortened(append([]dossier.Row{long}, slices.Repeat([]dossier.Row{{Label: "lot"}}, mostRows+1)...))
	if last := rows[0].Lines[mostLines].Text; len(rows[0].Lines) != mostLines+1 || !strings.Contains(last, "7 lines more") {
		t.Errorf("%d lines, the last %q", len(rows[0].Lines), last)
	}
	if last := rows[mostRows].Lines[0].Text; len(rows) != mostRows+1 || !strings.Contains(last, "2 rows more") {
		t.Errorf("%d rows, the last %q", len(rows), last)
	}
}

func TestLinked(t *testing.T) {
	for text, want := range map[string][]Piece{
		"see https://a.example/b.":                {{Text: "see "}, {"https://a.example/b", "https://a.example/b"}, {Text: "."}},
		"(http://a.example)":                      {{Text: "("}, {"http://a.example", "http://a.example"}, {Text: ")"}},
		"javascript:alert(1) ftp://a.example":     {{Text: "javascript:alert(1) ftp://a.example"}},
		"https://user:secret@a.example/ https://": {{Text: "https://user:secret@a.example/ https://"}},
	} {
		if got := linked(text); !slices.Equal(got, want) {
			t.Errorf("linked(%q) is %q", text, got)
		}
	}
}
