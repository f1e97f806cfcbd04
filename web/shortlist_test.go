package web

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/go-json-experiment/json"
	"github.com/xuri/excelize/v2"
	"github.com/yuin/goldmark"

	"bidfit/desk"
	"bidfit/export"
	"bidfit/notice"
	"bidfit/pursuit"
)

// hostileNote is what somebody may write into a field, or have pasted there.
const hostileNote = `=cmd|'/c calc'!A0 <script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ` + "\u202egnp.exe \u2066x; =1+1"

// workDesk is the sample with work on it: decided, watched, and on the shortlist with hostile texts.
func workDesk(t testing.TB) *desk.Desk {
	t.Helper()
	d := sampleDesk(t)
	for _, x := range []struct {
		do     desk.Do
		target string
	}{{desk.DoBid, "ocds-h6vhtk-demo01"}, {desk.DoBid, sampleNotice + "/2"}, {desk.DoWatch, "ocds-h6vhtk-06bae5"}, {desk.DoNoBid, "ocds-h6vhtk-demo03"}} {
		target, err := pursuit.ParseTarget(x.target)
		if err != nil {
			t.Fatal(err)
		}
		done, err := d.Act(t.Context(), desk.Deed{Profile: sampleProfile, Do: x.do, Targets: []pursuit.Target{target}, Reason: "as agreed", Who: "kim", When: sampleDay, AsOf: sampleDay})
		if err != nil || done[0].Err != nil {
			t.Fatal(err, done)
		}
	}
	for _, e := range []pursuit.Entry{
		{Target: pursuit.Target{Notice: sampleNotice, Lot: "2"}, Stage: pursuit.Prepare, Owner: "Ash " + hostileNote, Note: hostileNote, Next: hostileNote, NextBy: notice.Moment{Time: sampleDay.AddDate(0, 0, 2), Day: true}, Hours: 30},
		{Target: pursuit.Target{Notice: "ocds-h6vhtk-demo04"}, Stage: pursuit.Qualify, Owner: "Sam"},
	} {
		e.Profile, e.Who, e.When = sampleProfile, "kim", sampleDay
		if _, err := d.PutEntry(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

const (
	ownPath   = "/profiles/" + sampleProfile
	shortPath = ownPath + "/shortlist"
)

// worked are the pages of this file's handlers; those of an empty desk are in looked.
var worked = []struct{ name, path string }{
	{"shortlist", shortPath},
	{"shortlist-stage", shortPath + "?stage=prepare&hours=30&month=100&review=1"},
	{"shortlist-wrong-hours", shortPath + "?hours=many"},
	{"calendar", ownPath + "/calendar"},
	{"calendar-august", ownPath + "/calendar?month=2026-08"},
	{"clients", "/notices/" + sampleNotice + "/clients"},
	{"clients-lot", "/notices/" + sampleNotice + "/clients?lot=2"},
	{"pack", ownPath + "/fits/ocds-h6vhtk-demo01/pack"},
	{"pack-lot", ownPath + "/fits/" + sampleNotice + "/pack?lot=2"},
	{"pack-engagement", ownPath + "/fits/ocds-h6vhtk-06bae5/pack"},
}

// TestWorkPages looks at every page of what is being worked on, wide and narrow, light and dark.
func TestWorkPages(t *testing.T) {
	walk(t, workDesk(t), func(b *browser) {
		b.expect("400 (Bad Request)")
		for _, p := range worked {
			b.page(p.name, p.path)
		}
	})
}

// postForm sends a form and gives the answer, redirects not followed.
func postForm(t *testing.T, h http.Handler, path string, form url.Values) *http.Response {
	t.Helper()
	return ask(t, h, "POST", path, func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(form.Encode()))
		r.ContentLength = int64(len(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
}

// TestEnterShortlist changes the shortlist through its form.
func TestEnterShortlist(t *testing.T) {
	d := workDesk(t)
	h := New(optionsOf(t, d))
	target := pursuit.Target{Notice: "ocds-h6vhtk-demo01"}
	back := shortPath + "?stage=none&hours=35"
	page := follow(t, h, postForm(t, h, shortPath, url.Values{
		"target": {target.String()}, "back": {back}, "stage": {"prepare"}, "owner": {" Jo "}, "next": {"call the buyer"}, "by": {"2026-06-30"}, "hours": {"40"},
		"note": {"first\r\nsecond"}, "do": {"save"},
	}))
	holds(t, "the list after it", page, "Saved, at the stage: Prepare.", `value="35"`)
	e, err := d.Entry(t.Context(), sampleProfile, target)
	if err != nil {
		t.Fatal(err)
	}
	if e.Stage != pursuit.Prepare || e.Owner != "Jo" || e.Next != "call the buyer" || e.NextBy.String() != "2026-06-30" || e.Hours != 40 || e.Note != "first\nsecond" || e.Who != "tester" {
		t.Errorf("kept is %+v", e)
	}
	// What the form does not have stays: a button elsewhere is enough.
	res := postForm(t, h, shortPath, url.Values{"target": {target.String()}, "stage": {"submitted"}, "back": {ownPath + "/fits/" + target.Notice}})
	if to := res.Header.Get("Location"); to != ownPath+"/fits/"+target.Notice {
		t.Errorf("leads back to %s", to)
	}
	if e, err = d.Entry(t.Context(), sampleProfile, target); err != nil || e.Stage != pursuit.Submitted || e.Owner != "Jo" || e.Hours != 40 {
		t.Errorf("kept is %+v (%v)", e, err)
	}
	if res := postForm(t, h, shortPath, url.Values{"target": {target.String()}, "back": {"https://elsewhere.example/"}}); res.Header.Get("Location") != shortPath+"#"+anchorOf(target) {
		t.Errorf("leads to %s", res.Header.Get("Location"))
	}

	// What is not right is said beside its field, and nothing of it is lost or kept.
	res = postForm(t, h, shortPath, url.Values{
		"target": {target.String()}, "back": {shortPath}, "stage": {"lunch"}, "owner": {strings.Repeat("o", 201)}, "next": {"<b>next</b>"}, "by": {"tomorrow"}, "hours": {"-3"},
		"note": {strings.Repeat("n", 2001)},
	})
	text := body(t, res)
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status is %s", res.Status)
	}
	anchor := anchorOf(target)
	holds(t, "the form", text, "5 things are not right yet", "Stage &#34;lunch&#34; is none of", `201 letters are more than the 200`, strings.Repeat("o", 201),
		`&#34;tomorrow&#34; is not a day. Write it as 2026-07-01`, `value="tomorrow"`, `&#34;-3&#34; is not a whole number of hours from 1 to 10,000`, `value="-3"`,
		"2,001 letters are more than the 2000", strings.Repeat("n", 2001), "&lt;b&gt;next&lt;/b&gt;", `href="#f-`+anchor+`-by"`, `id="f-`+anchor+`-by"`,
		`aria-describedby="f-`+anchor+`-by-error"`, "<details class=\"edit noprint\" open>")
	if e, err = d.Entry(t.Context(), sampleProfile, target); err != nil || e.Next != "call the buyer" || e.Stage != pursuit.Submitted {
		t.Errorf("a form that is not right changed %+v (%v)", e, err)
	}

	page = follow(t, h, postForm(t, h, shortPath, url.Values{"target": {target.String()}, "do": {"remove"}, "back": {shortPath}}))
	holds(t, "the list after it", page, "Taken off the shortlist; what was decided about it stays.", "Not begun")
	page = follow(t, h, postForm(t, h, shortPath, url.Values{"target": {target.String()}, "do": {"remove"}, "back": {shortPath}}))
	holds(t, "the list after that", page, "It was not on the shortlist any more.")

	for _, x := range []struct {
		path   string
		form   url.Values
		status int
	}{
		{shortPath, url.Values{"target": {""}}, 400},
		{shortPath, url.Values{"target": {"ocds-nothing"}}, 404},
		{shortPath, url.Values{"target": {sampleNotice + "/9"}}, 404},
		{shortPath, url.Values{"target": {sampleNotice}, "do": {"dance"}}, 400},
		{"/profiles/nobody/shortlist", url.Values{"target": {sampleNotice}}, 404},
	} {
		if res := postForm(t, h, x.path, x.form); res.StatusCode != x.status {
			t.Errorf("%s %v: %s, want %d", x.path, x.form, res.Status, x.status)
		}
	}
}

// TestWorkedQueries: what an address says wrongly is answered as such, and what it says rightly is kept in the links.
func TestWorkedQueries(t *testing.T) {
	h := New(optionsOf(t, workDesk(t)))
	for path, status := range map[string]int{
		shortPath + "?stage=lunch": 400, shortPath + "?page=0": 400, shortPath + "?page=x": 400, shortPath + "?page=7": 200, shortPath + "?hours=0": 400, shortPath + "?month=1001": 400,
		ownPath + "/calendar?month=2026-13": 400, ownPath + "/calendar?month=2026-7-1": 400, ownPath + "/calendar?month=1999-12": 400, ownPath + "/calendar?month=2100-12": 200,
		"/profiles/nobody/shortlist": 404, "/profiles/nobody/calendar": 404, "/profiles/nobody/export.csv": 404, "/profiles/nobody/fits/" + sampleNotice + "/pack": 404,
		"/notices/ocds-nothing/clients": 404, "/notices/" + sampleNotice + "/clients?lot=9": 404, ownPath + "/fits/" + sampleNotice + "/pack?lot=9": 404,
		ownPath + "/export.csv?list=all": 400, ownPath + "/export.csv?list=shortlist&stage=lunch": 400, ownPath + "/export.csv?advice=maybe": 400, ownPath + "/export.csv?order=fancy": 400,
		ownPath + "/export.csv?excel=yes": 400, ownPath + "/export.xlsx?excel=1": 400, ownPath + "/export.pdf": 404,
	} {
		if res := ask(t, h, "GET", path, nil); res.StatusCode != status {
			t.Errorf("%s: %s, want %d", path, res.Status, status)
		}
	}
	page := body(t, ask(t, h, "GET", shortPath+"?hours=30&month=100", nil))
	holds(t, "the shortlist", page, `href="`+shortPath+`?hours=30&amp;month=100&amp;stage=prepare"`, `Prepare <b>1</b>`, `Not begun <b>2</b>`, `All <b>4</b>`)
	page = body(t, ask(t, h, "GET", shortPath+"?stage=prepare&month=100", nil))
	holds(t, "one stage", page, `<input type="hidden" name="stage" value="prepare">`, "list=shortlist&amp;stage=prepare")
	if strings.Count(page, `<li class="card"`) != 1 {
		t.Error("at one stage stands more than is at it")
	}
}

// TestBudgetAnswersHours: with more hours more is planned, and what is left out says why.
func TestBudgetAnswersHours(t *testing.T) {
	h := New(optionsOf(t, workDesk(t)))
	planned := func(hours string) int {
		page := body(t, ask(t, h, "GET", shortPath+"?hours=30&month="+hours, nil))
		_, table, _ := strings.Cut(page, "Planned, by deadline")
		table, _, _ = strings.Cut(table, "</table>")
		return strings.Count(table, `<th scope="row">`)
	}
	few, many := planned("40"), planned("900")
	if few == 0 || few >= many {
		t.Errorf("with 40 hours %d bids, with 900 %d", few, many)
	}
	page := body(t, ask(t, h, "GET", shortPath+"?hours=30&month=40", nil))
	holds(t, "the budget", page, "Left out", "it takes 30 hours, and there are ")
}

// TestCalendarMonth holds the table against the days of a month.
func TestCalendarMonth(t *testing.T) {
	h := New(optionsOf(t, workDesk(t)))
	days := regexp.MustCompile(`<td class="([^"]*)"[^>]*><time datetime="([0-9-]+)">`)
	for month, want := range map[string]struct {
		first, last string
		weeks       int
	}{
		"2026-06": {"2026-06-01", "2026-07-05", 5}, "2026-08": {"2026-07-27", "2026-09-06", 6}, "2027-02": {"2027-02-01", "2027-02-28", 4}, "2026-03": {"2026-02-23", "2026-04-05", 6}, "2026-10": {"2026-09-28", "2026-11-01", 5},
	} {
		page := body(t, ask(t, h, "GET", ownPath+"/calendar?month="+month, nil))
		all := days.FindAllStringSubmatch(page, -1)
		if len(all) != 7*want.weeks || all[0][2] != want.first || all[len(all)-1][2] != want.last {
			t.Fatalf("%s has %d days, from %s to %s", month, len(all), all[0][2], all[len(all)-1][2])
		}
		at, err := time.Parse(time.DateOnly, want.first)
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range all {
			if day := at.AddDate(0, 0, i); d[2] != day.Format(time.DateOnly) || strings.Contains(d[1], "out") == strings.HasPrefix(d[2], month) {
				t.Errorf("%s: day %d is %s, class %q", month, i, d[2], d[1])
			}
		}
	}
	page := body(t, ask(t, h, "GET", ownPath+"/calendar", nil))
	holds(t, "June", page, "June 2026", `aria-current="date"><time datetime="2026-06-24">`, "To do: =cmd", "Friday 26 June", `href="`+ownPath+`/calendar?month=2026-05"`, "Bank holidays are those of England and Wales")
	page = body(t, ask(t, h, "GET", ownPath+"/calendar?month=2026-08", nil))
	holds(t, "August", page, "Summer bank holiday")
	page = body(t, ask(t, h, "GET", ownPath+"/calendar?month=2026-07", nil))
	holds(t, "July", page, "Deadline for tenders", "Questions until", "<b>17:00</b> <b>Deadline for tenders</b>", "in 19 days")
}

// TestExportsHoldWhatIsShown takes every format along through plain HTTP and reads it back.
func TestExportsHoldWhatIsShown(t *testing.T) {
	d := workDesk(t)
	server := serve(t, d)
	get := func(path string) (*http.Response, []byte) {
		t.Helper()
		res, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s\n%s", path, res.Status, b)
		}
		return res, b
	}
	for _, query := range []string{"list=shortlist", "list=shortlist&stage=prepare", "advice=bid&order=deadline", "words=nowhere", ""} {
		e, err := exporting(given(url.ParseQuery(query)))
		if err != nil {
			t.Fatal(err)
		}
		e.AsOf = sampleDay
		rows, err := d.Exported(t.Context(), sampleProfile, e)
		if err != nil {
			t.Fatal(err)
		}
		var ocids []string
		for r, err := range rows {
			if err != nil {
				t.Fatal(err)
			}
			ocids = append(ocids, r.Notice.OCID)
		}
		p, err := d.Profile(t.Context(), sampleProfile)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range export.Formats() {
			path := ownPath + "/export" + f.Extension + "?" + query
			res, got := get(path)
			o := export.Options{Profile: p.Profile, AsOf: sampleDay, Self: server.URL + path}
			var want bytes.Buffer
			if err := export.Write(&want, f, o, rows); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want.Bytes()) {
				t.Errorf("%s: %d bytes, want the %d that the command writes", path, len(got), want.Len())
			}
			if media := res.Header.Get("Content-Type"); media != f.Media {
				t.Errorf("%s is sent as %s", path, media)
			}
			saved := `attachment; filename="hartwell-resolve-2026-06-24` + f.Extension + `"`
			if f.Name == "atom" {
				saved = ""
			}
			if name := res.Header.Get("Content-Disposition"); name != saved {
				t.Errorf("%s is saved as %q", path, name)
			}
			if got := ocidsIn(t, f.Name, got); !slices.Equal(got, ocids) && f.Name != "ics" && f.Name != "atom" && f.Name != "md" {
				t.Errorf("%s holds %v, want %v", path, got, ocids)
			}
			neutral(t, path, f.Name, got)
		}
	}
	if _, b := get(ownPath + "/export.csv?list=shortlist&excel=1"); !bytes.HasPrefix(b, []byte("\ufeff\"OCID\"")) {
		t.Errorf("for Excel it begins with %q", b[:10])
	}
	// What is shown on the page of a stage is what its menu exports.
	res, err := server.Client().Get(server.URL + shortPath + "?stage=prepare")
	if err != nil {
		t.Fatal(err)
	}
	page := body(t, res)
	links := regexp.MustCompile(`href="([^"]*/export\.[^"]*stage=prepare[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) != len(export.Formats())+1 {
		t.Fatalf("%d exports in the menu", len(links))
	}
	for _, l := range links {
		get(strings.ReplaceAll(l[1], "&amp;", "&"))
	}
}

func given[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ocidsIn are the rows of a table by their OCID; of documents there is nothing to say so simply.
func ocidsIn(t *testing.T, format string, b []byte) (list []string) {
	t.Helper()
	switch format {
	case "csv":
		all, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all[1:] {
			list = append(list, r[0])
		}
	case "xlsx":
		x, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		all, err := x.GetRows("Shortlist")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all[1:] {
			list = append(list, r[0])
		}
	case "json", "jsonl":
		var all []struct {
			OCID string `json:"ocid"`
		}
		if format == "jsonl" {
			b = fmt.Appendf(nil, "[%s]", bytes.Join(bytes.Split(bytes.TrimSpace(b), []byte("\n")), []byte(",")))
		}
		if err := json.Unmarshal(b, &all); err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			list = append(list, r.OCID)
		}
	}
	return list
}

// neutral holds what somebody wrote against whoever opens the file.
func neutral(t *testing.T, path, format string, b []byte) {
	t.Helper()
	text := string(b)
	switch format {
	case "csv":
		for _, bad := range []string{`"=`, `; =`, "\u202e", "\u2066"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
	case "xlsx":
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			part, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(part, []byte("<f>")) || bytes.Contains(part, []byte("<hyperlink")) || bytes.Contains(part, []byte("\u202e")) {
				t.Errorf("%s: %s holds a formula, a link or an override", path, f.Name)
			}
		}
	case "md":
		var html bytes.Buffer
		if err := goldmark.Convert(b, &html); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<img", `href="javascript`, "\u202e"} {
			if strings.Contains(html.String(), bad) {
				t.Errorf("%s becomes %q", path, bad)
			}
		}
	case "ics":
		for l := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
			if strings.Contains(l, "\u202e") || strings.HasPrefix(l, "=cmd") {
				t.Errorf("%s holds the line %q", path, l)
			}
		}
	case "atom":
		dec := xml.NewDecoder(bytes.NewReader(b))
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if s, ok := tok.(xml.StartElement); ok && slices.Contains([]string{"script", "img"}, s.Name.Local) {
				t.Errorf("%s holds <%s>", path, s.Name.Local)
			}
		}
	}
}

// failing breaks after so many bytes were taken.
type failing struct {
	http.ResponseWriter
	left int
}

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return f.ResponseWriter.Write(p)
}

// TestExportBreaksOff: an export that fails half way leaves no whole answer.
func TestExportBreaksOff(t *testing.T) {
	h := newServer(optionsOf(t, workDesk(t)))
	r := given(http.NewRequestWithContext(t.Context(), "GET", ownPath+"/export.jsonl?state=decided&state=undecided", nil))
	r.SetPathValue("profile", sampleProfile)
	w := &failing{&discard{header: http.Header{}}, 40 << 10}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("it ended with %v", p)
		}
	}()
	err := h.export(w, r)
	t.Errorf("it ended as if it were whole (%v)", err)
}

// discard takes an answer and keeps nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

// TestEveryFormatHasARoute: what the menu offers can be asked for.
func TestEveryFormatHasARoute(t *testing.T) {
	for _, f := range export.Formats() {
		if !slices.ContainsFunc(routes(), func(r route) bool { return r.pattern == "/profiles/{profile}/export"+f.Extension }) {
			t.Errorf("there is no route for %s", f.Extension)
		}
		if exportFor[f.Name] == "" {
			t.Errorf("%s is for nothing", f.Name)
		}
	}
}

// TestWork walks: a stage and a note are changed by hand, without JavaScript too, the calendar is leafed through, an export is taken and the pack printed.
func TestWork(t *testing.T) {
	d := workDesk(t)
	walk(t, d, func(b *browser) {
		target := pursuit.Target{Notice: "ocds-h6vhtk-demo04"}
		row := "#" + anchorOf(target)
		for _, scripts := range []bool{true, false} {
			b.scripts(scripts)
			note := fmt.Sprintf("with scripts: %t <b>", scripts)
			b.open(shortPath)
			b.run(chromedp.Click(row+" summary", chromedp.NodeVisible))
			b.fill(row+" select[name=stage]", "prepare")
			b.fill(row+" textarea[name=note]", note)
			b.click(row + " button[value=save]")
			if got := b.text(row); !strings.Contains(got, note) {
				t.Errorf("after it the row says %q", got)
			}
			e, err := d.Entry(t.Context(), sampleProfile, target)
			if err != nil || e.Stage != pursuit.Prepare || e.Note != note {
				t.Errorf("kept is %+v (%v)", e, err)
			}
			b.run(chromedp.Click(row+" summary", chromedp.NodeVisible))
			b.fill(row+" input[name=hours]", "lots")
			b.expect("422 (Unprocessable Entity)")
			b.click(row + " button[value=save]")
			if got := b.text(row + " .error"); !strings.Contains(got, `"lots" is not a whole number`) {
				t.Errorf("the error is %q", got)
			}
			b.rules("a form that is not right")
			if scripts {
				b.axe("a form that is not right")
				b.shot("shortlist-wrong-form")
			}
		}
		b.scripts(true)
		// From the fit report a button is enough.
		b.open(ownPath + "/fits/ocds-h6vhtk-demo05")
		b.click("form[action$=shortlist] button")
		if _, err := d.Entry(t.Context(), sampleProfile, pursuit.Target{Notice: "ocds-h6vhtk-demo05"}); err != nil {
			t.Errorf("after the button: %v", err)
		}
		b.open(ownPath + "/calendar")
		b.click(".months a[rel=next]")
		if got := b.path(); got != ownPath+"/calendar?month=2026-07" {
			t.Errorf("the next month is at %s", got)
		}
		b.size(390, 900)
		if value[bool](b, `getComputedStyle(document.querySelector("table.month")).display !== "none"`) {
			t.Error("the month stands on a phone, where it cannot be read")
		}
		b.size(1280, 900)

		for _, path := range []string{"/fits/ocds-h6vhtk-demo01/pack", "/fits/" + sampleNotice + "/pack?lot=2", "/fits/ocds-h6vhtk-06bae5/pack"} {
			b.open(ownPath + path)
			pdf := b.print("pack" + strings.NewReplacer("/", "-", "?", "-").Replace(path))
			if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1)); n < 1 || n > 2 {
				t.Errorf("%s is printed on %d pages", path, n)
			}
		}
		b.open(shortPath)
		b.print("shortlist")
		b.open(ownPath + "/calendar?month=2026-07")
		b.print("calendar")
	})
}
