package export

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"iter"
	"mime"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/xuri/excelize/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"bidfit/notice"
	"bidfit/pursuit"
)

// corpus is what a publisher might write to whoever opens the file.
var corpus = []string{
	`=cmd|'/c calc'!A0`, "a\";=1", "\u200b\ufeff@x", "a,b\r\nc", "＝1+1", " \t+1", "\x00-1", `","=1`, "PS704,000rn-5", "&equals;1", "&#61;1", "a&#59;=1", "&#9;=1",
	"<script>alert(1)</script>", "]]><x/>", "--> <!-- ", "&amp;&lt;b&gt;", "<img src=x onerror=alert(1)>", "_x0041_", "_x000D_=1",
	"\u202egnp.exe\u202c \u2066x", "bell\a \x1b[31mred\u009b", "bad \xff byte", "\ufffe\uffff\u0001", strings.Repeat("Donaudampfschiff", 3000), strings.Repeat("😀", 20000),
	"# heading\n\n- item\n\n| a | b |\n|---|---|", "[x](javascript:alert(1))", "![x](http://e.example/x.png)", "`code` *b* _i_ ~~s~~ $x$", "1. one", "www.e.example", "http://e.example/a b", "| pipe \\|",
	"END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x", "a\nATTACH:x", `a\;b\,c\\n`, "é" + strings.Repeat("ø", 200), "", "  ",
}

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	second := full()
	second.Fit.Lot, second.Pursuit, second.Entry = "gone", nil, entry()
	for _, f := range Formats() {
		if f.Binary {
			continue
		}
		golden := "testdata/shortlist" + f.Extension
		got := in(t, f.Name, Options{Self: "https://bids.example/trent.atom"}, full(), bare(), second)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; written was\n%s", golden, got)
		}
	}
}

// entry is what somebody put on the shortlist of full.
func entry() *pursuit.Entry {
	return &pursuit.Entry{
		Target: pursuit.Target{Notice: "ocds-h6vhtk-0abcde", Lot: "gone"}, Profile: "trent", Stage: pursuit.Prepare, Owner: "Ash", Note: "read the\nannexes",
		Next: "ask about TUPE", NextBy: date(2026, 6, 30).Value, Hours: 35, Who: "sam", When: asOf,
	}
}

// TestShortlisted: one's own word on a row goes before what follows from the notice, and its next step is in the calendar once a row.
func TestShortlisted(t *testing.T) {
	r := full()
	r.Entry = entry()
	for header, want := range map[string]string{
		"progress": "prepare", "owner": "Ash", "next action": "ask about TUPE", "next date": "2026-06-30", "hours": "35", "note": "read the annexes",
	} {
		if got := cells(t, write(t, Options{}, r))[header]; got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	// A step without a day has none: the notice's would be another's.
	r.Entry.NextBy = notice.Moment{}
	if got := cells(t, write(t, Options{}, r))["next date"]; got != "" {
		t.Errorf("the day of a step without one is %q", got)
	}
	r.Entry = entry()
	again := full()
	again.Fit.Lot, again.Entry = "", entry()
	again.Entry.Lot = ""
	events := checkCalendar(t, in(t, "ics", Options{}, r, again))
	var own []map[string]string
	for _, e := range events {
		if strings.HasPrefix(e["SUMMARY"], "To do: ask about TUPE: ") {
			own = append(own, e)
		}
	}
	if len(own) != 2 || own[0]["DTSTART"] != "20260630" || own[0]["LAST-MODIFIED"] != "20260624T110000Z" {
		t.Fatalf("own steps are %v", own)
	}
	later := r
	e := *entry()
	e.When = e.When.Add(5 * time.Minute)
	later.Entry = &e
	if was, is := must(r.step()), must(later.step()); is.sequence != was.sequence+5 || is.uid != was.uid {
		t.Errorf("changed: from %+v to %+v", was, is)
	}
	r.Pursuit.Decisions[1].Verdict = pursuit.NoBid
	if _, ok := r.step(); ok {
		t.Error("what is not bid for has a next step")
	}
}

func must(e event, ok bool) event {
	if !ok {
		panic("there is no event")
	}
	return e
}

func TestFormats(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(f.Name); err != nil || got.Name != f.Name {
			t.Errorf("%s is found as %q (%v)", f.Name, got.Name, err)
		}
		if got, err := FormatOf("a/b.c" + strings.ToUpper(f.Extension)); err != nil || got.Name != f.Name {
			t.Errorf("%s is %q (%v)", f.Extension, got.Name, err)
		}
		if _, _, err := mime.ParseMediaType(f.MediaType(Options{})); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if got, want := f.FileName(Options{Profile: full().Profile, AsOf: asOf}), "trent-2026-06-24"+f.Extension; got != want {
			t.Errorf("%s is called %s, want %s", f.Name, got, want)
		}
	}
	if got := mustParse(t, "csv").MediaType(Options{Raw: true}); got != "text/plain; charset=utf-8" {
		t.Errorf("raw CSV is sent as %s", got)
	}
	if _, err := ParseFormat("pdf"); err == nil || !strings.Contains(err.Error(), "csv, xlsx, json, jsonl, md, ics, atom") {
		t.Errorf("error is %v", err)
	}
	if _, err := FormatOf("list.pdf"); err == nil || !strings.Contains(err.Error(), `"list.pdf"`) {
		t.Errorf("error is %v", err)
	}
}

// docs/export.md lists the columns and the formats that there are.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range Formats() {
		want = append(want, fmt.Sprintf("| `%s` | %s | %s |", f.Name, f.Extension, f.Media))
	}
	for _, f := range Fields() {
		want = append(want, fmt.Sprintf("| `%s` | %s | %s |", f.Name, f.Header, f.Kind))
	}
	got := regexp.MustCompile("(?m)^\\| `[a-zA-Z]+` \\|[^|]*\\|[^|]*\\|").FindAllString(string(page), -1)
	if !slices.Equal(got, want) {
		t.Errorf("docs/export.md lists\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// An empty list is a whole file in every format.
func TestEmpty(t *testing.T) {
	for _, f := range Formats() {
		check(t, f, in(t, f.Name, Options{}), nil)
	}
}

// TestHostile sends the corpus through every format and reads what comes out as whoever opens it would.
func TestHostile(t *testing.T) {
	var rows []Row
	for _, s := range corpus {
		rows = append(rows, hostile(s, -5), hostile("a "+s, 1<<62))
	}
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			check(t, f, in(t, f.Name, Options{Self: "https://x.example/?a=<&\">"}, rows...), rows)
		})
	}
}

// check reads a file back with a reader of its format, and compares it with the rows.
func check(t *testing.T, f Format, file string, rows []Row) {
	t.Helper()
	switch f.Name {
	case "csv":
		checkCSV(t, file, rows)
	case "json":
		var got []map[string]jsontext.Value
		if err := json.Unmarshal([]byte(file), &got); err != nil || len(got) != len(rows) {
			t.Fatalf("%d objects, %v", len(got), err)
		}
		for i := range rows {
			checkObject(t, got[i], rows[i])
		}
	case "jsonl":
		lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
		if len(rows) == 0 && file == "" {
			return
		}
		if len(lines) != len(rows) {
			t.Fatalf("%d lines of %d rows", len(lines), len(rows))
		}
		for i, l := range lines {
			var got map[string]jsontext.Value
			if err := json.Unmarshal([]byte(l), &got); err != nil {
				t.Fatalf("%v in %s", err, l)
			}
			checkObject(t, got, rows[i])
		}
	case "xlsx":
		checkWorkbook(t, file, rows)
	case "md":
		checkMarkdown(t, file, len(rows))
	case "ics":
		checkCalendar(t, file)
	case "atom":
		checkFeed(t, file, len(rows))
	}
}

func checkObject(t *testing.T, got map[string]jsontext.Value, r Row) {
	t.Helper()
	if len(got) != len(Fields()) {
		t.Errorf("%d names, want %d", len(got), len(Fields()))
	}
	for _, f := range Fields() {
		v, want := got[f.Name], f.Value(r)
		switch {
		case want == "":
			if v.Kind() != 'n' {
				t.Errorf("%s is %s, want null", f.Name, v)
			}
		case f.Kind.numeric():
			if string(v) != want {
				t.Errorf("%s is %s, want %s", f.Name, v, want)
			}
		default:
			var s string
			if err := json.Unmarshal(v, &s); err != nil || s != strings.ToValidUTF8(want, "\ufffd") {
				t.Errorf("%s is %.100q (%v), want %.100q", f.Name, s, err, want)
			}
		}
	}
}

func checkWorkbook(t *testing.T, file string, rows []Row) {
	t.Helper()
	x, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	const sheet = "Shortlist"
	cells, err := x.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || len(cells) != len(rows)+1 {
		t.Fatalf("%d rows, %v", len(cells), err)
	}
	for i, f := range Fields() {
		if cells[0][i] != f.Header {
			t.Errorf("column %d is headed %q, want %q", i, cells[0][i], f.Header)
		}
		for j, r := range rows {
			name, err := excelize.CoordinatesToCellName(i+1, j+2)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := x.GetCellFormula(sheet, name); err != nil || formula != "" {
				t.Errorf("%s is the formula %q (%v)", name, formula, err)
			}
			if linked, _, err := x.GetCellHyperLink(sheet, name); err != nil || linked {
				t.Errorf("%s is a link (%v)", name, err)
			}
			got := ""
			if i < len(cells[j+1]) {
				got = cells[j+1][i]
			}
			typ, err := x.GetCellType(sheet, name)
			if err != nil {
				t.Fatal(err)
			}
			value := f.Value(r)
			_, _, date := serial(value)
			if number := f.Kind.numeric() || f.Kind == Date && date; value != "" && number == (typ == excelize.CellTypeInlineString) {
				t.Errorf("%s (%s) is of type %d", f.Name, f.Kind, typ)
			}
			want := fitting(line(value))
			switch {
			case f.Kind.numeric():
				want = value
			case f.Kind == Date && value != "":
				want, _, _ = serial(value)
			}
			if got != want {
				t.Errorf("%s of row %d is %.100q, want %.100q", f.Name, j, got, want)
			}
		}
	}
	if strings.Contains(parts(t, x), "<f>") {
		t.Error("a formula is in it")
	}
	panes, err := x.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" {
		t.Errorf("panes are %+v (%v)", panes, err)
	}
	if names := x.GetDefinedName(); len(names) != 1 || names[0].RefersTo != fmt.Sprintf("Shortlist!$A$1:$%s$%d", column(len(Fields())-1), len(rows)+1) {
		t.Errorf("names are %+v", names)
	}
}

// parts are all parts of a workbook but its tables of numbers; each has to be XML.
func parts(t *testing.T, x *excelize.File) string {
	t.Helper()
	var all strings.Builder
	x.Pkg.Range(func(name, content any) bool {
		b := content.([]byte)
		if err := wellFormed(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		all.Write(b)
		return true
	})
	return all.String()
}

func wellFormed(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// A workbook's dates are days and hours on a London clock, whatever the publisher's was.
func TestSerial(t *testing.T) {
	for in, want := range map[string]string{
		"2026-07-14": "46217", "1901-01-01": "367", "2026-07-14T17:00:00+01:00": "46217.708333333", "2026-07-14T16:00:00Z": "46217.708333333",
		"2026-01-14T12:00:00Z": "46036.5", "2026-07-14T23:30:00Z": "46218.020833333", "0025-01-01": "", "1900-02-28": "", "soon": "",
	} {
		got, _, ok := serial(in)
		if got != want || ok != (want != "") {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
		if want == "" {
			continue
		}
		var days float64
		fmt.Sscan(want, &days)
		back, err := excelize.ExcelDateToTime(days, false)
		var m notice.Moment
		if m.UnmarshalText([]byte(in)); err != nil || back.Round(time.Second).Format(time.DateTime) != m.In(notice.London).Format(time.DateTime) {
			t.Errorf("%s comes back as %s (%v)", in, back, err)
		}
	}
}

func TestFitting(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{strings.Repeat("a", 32767), strings.Repeat("a", 32767)},
		{strings.Repeat("a", 32768), strings.Repeat("a", 32766) + "…"},
		{strings.Repeat("é", 32767), strings.Repeat("é", 32767)},
		{strings.Repeat("😀", 16383) + "a", strings.Repeat("😀", 16383) + "a"},
		{strings.Repeat("😀", 16384), strings.Repeat("😀", 16383) + "…"},
	} {
		if got := fitting(c.in); got != c.want {
			t.Errorf("%.8s… of %d bytes became %d bytes, want %d", c.in, len(c.in), len(got), len(c.want))
		}
	}
}

// What begins like a formula stays a text when somebody edits the cell.
func TestQuotedCells(t *testing.T) {
	x, err := excelize.OpenReader(strings.NewReader(in(t, "xlsx", Options{}, hostile("=1+1", 5))))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if !regexp.MustCompile(`<c r="A2" s="6" t="inlineStr"><is><t xml:space="preserve">=1\+1</t>`).MatchString(parts(t, x)) {
		t.Error("the cell has not the style of a quoted text")
	}
}

func checkMarkdown(t *testing.T, file string, rows int) {
	t.Helper()
	source := []byte(file)
	if strings.ContainsAny(file, "\x00\x1b\u202e\u2066") || !utf8.Valid(source) {
		t.Error("characters that hide or turn others are in it")
	}
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	headings, cells := 0, 0
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level == 2 {
				headings++
			}
		case *ast.Image, *ast.Link, *ast.RawHTML, *ast.HTMLBlock, *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.Blockquote, *ast.ThematicBreak:
			t.Errorf("a %s is in it", n.Kind())
		case *ast.AutoLink:
			if url := string(n.URL(source)); !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
				t.Errorf("a link to %s is in it", url)
			}
		case *ast.Emphasis:
			if n.Level != 2 || n.Parent().Parent().Kind() != ast.KindListItem {
				t.Error("emphasis is in it that is no label")
			}
		}
		if n.Kind().String() == "TableCell" {
			cells++
		}
		return ast.WalkContinue, nil
	})
	if err != nil || headings != rows {
		t.Errorf("%d sections of %d rows (%v)", headings, rows, err)
	}
	if want := (rows + 1) * (len(inTable) + 1); rows > 0 && cells != want {
		t.Errorf("%d cells in the table, want %d", cells, want)
	}
}

func TestMarkdownNeedsItsRowsTwice(t *testing.T) {
	gone := false
	once := func(yield func(Row, error) bool) {
		if !gone {
			gone = true
			yield(full(), nil)
		}
	}
	if err := Write(io.Discard, mustParse(t, "md"), Options{AsOf: asOf}, once); err == nil || !strings.Contains(err.Error(), "1 rows, then 0") {
		t.Errorf("error is %v", err)
	}
}

// checkCalendar reads a calendar as RFC 5545 has it, and again with a library that does.
func checkCalendar(t *testing.T, file string) []map[string]string {
	t.Helper()
	if !utf8.ValidString(file) || !strings.HasSuffix(file, "\r\nEND:VCALENDAR\r\n") {
		t.Fatalf("not whole: %.100q", file)
	}
	for l := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) || strings.ContainsFunc(l, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			t.Errorf("line of %d octets: %q", len(l), l)
		}
	}
	var events []map[string]string
	var open []string
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(file, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			t.Fatalf("no property: %q", l)
		}
		name, parameter, _ := strings.Cut(name, ";")
		if !regexp.MustCompile(`^[A-Z-]+$`).MatchString(name) {
			t.Errorf("property %q", name)
		}
		switch {
		case name == "BEGIN":
			open = append(open, value)
			if value == "VEVENT" {
				events = append(events, map[string]string{})
			}
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("END:%s within %v", value, open)
			}
			open = open[:len(open)-1]
		case open[len(open)-1] == "VALARM":
			if name == "TRIGGER" {
				events[len(events)-1]["TRIGGER"] += value
			}
		case open[len(open)-1] == "VEVENT":
			e := events[len(events)-1]
			if _, twice := e[name]; twice {
				t.Errorf("%s twice", name)
			}
			e[name] = value
			if parameter != "" {
				e[name+";"] = parameter
			}
		}
	}
	uids := map[string]bool{}
	for _, e := range events {
		for _, name := range []string{"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "SUMMARY", "STATUS"} {
			if e[name] == "" {
				t.Errorf("an event without %s: %v", name, e)
			}
		}
		if uids[e["UID"]] {
			t.Errorf("UID %s twice", e["UID"])
		}
		uids[e["UID"]] = true
	}
	read, err := ics.ParseCalendar(strings.NewReader(file))
	if err != nil {
		t.Fatalf("the library reads %v", err)
	}
	if got := read.Events(); len(got) != len(events) {
		t.Fatalf("the library reads %d events, want %d", len(got), len(events))
	}
	for i, e := range read.Events() {
		if got := e.GetProperty(ics.ComponentPropertySummary).Value; ics.FromText(events[i]["SUMMARY"]) != got {
			t.Errorf("the library reads the summary %.200q of %.200q", got, events[i]["SUMMARY"])
		}
	}
	return events
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Summary string `xml:"summary"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func checkFeed(t *testing.T, file string, rows int) feed {
	t.Helper()
	if err := wellFormed([]byte(file)); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(file, func(c rune) bool {
		return c < ' ' && c != '\n' || c == 0xfffe || c == 0xffff || c == '\u202e'
	}) {
		t.Error("characters that XML forbids or that turn others are in it")
	}
	var got feed
	if err := xml.Unmarshal([]byte(file), &got); err != nil || len(got.Entries) != rows {
		t.Fatalf("%d entries, %v", len(got.Entries), err)
	}
	tagURI := regexp.MustCompile(`^tag:bidfit,2026:[A-Za-z0-9._~!$&'()*+,;=:@/%-]*$`)
	ids, newest := map[string]bool{}, ""
	for _, e := range got.Entries {
		if !tagURI.MatchString(e.ID) {
			t.Errorf("id %.100q", e.ID)
		}
		ids[e.ID] = true
		if _, err := time.Parse(time.RFC3339, e.Updated); err != nil {
			t.Error(err)
		}
		for _, l := range e.Links {
			if !strings.HasPrefix(l.Href, "https://") && !strings.HasPrefix(l.Href, "http://") {
				t.Errorf("a link to %q", l.Href)
			}
		}
		newest = max(newest, e.Updated)
	}
	if newest != "" && got.Updated != newest || got.ID == "" || got.Title == "" || got.Author != "bidfit" {
		t.Errorf("the feed is %+v", got)
	}
	return got
}

func TestAtom(t *testing.T) {
	r := full()
	undecided := full()
	undecided.Pursuit = nil
	r.Pursuit.Target = pursuit.Target{Notice: r.Notice.ID, Lot: "LOT-0001"}
	got := checkFeed(t, in(t, "atom", Options{Self: "https://bids.example/profiles/trent/export.atom"}, r, undecided), 2)
	if got.ID != "tag:bidfit,2026:trent" || got.Links[0].Rel != "self" || got.Updated != "2026-06-20T12:30:00+01:00" {
		t.Errorf("the feed is %+v", got)
	}
	e := got.Entries[0]
	if e.ID != "tag:bidfit,2026:trent/ocds-h6vhtk-0abcde/LOT-0001" || got.Entries[1].ID != "tag:bidfit,2026:trent/ocds-h6vhtk-0abcde" {
		t.Errorf("ids are %s and %s", e.ID, got.Entries[1].ID)
	}
	if want := "78 of 100, bid, by 14 July 2026, 17:00: 75200000 is what you do"; e.Summary != want {
		t.Errorf("summary is %q, want %q", e.Summary, want)
	}
	if len(e.Links) != 2 || e.Links[0].Href != "https://notices.example/000002-2026" || e.Links[1].Href != "https://portal.example/ashwick" {
		t.Errorf("links are %v", e.Links)
	}
}

func TestCalendar(t *testing.T) {
	r := full()
	r.Notice.Questions = date(2026, 7, 1)
	r.Notice.Milestones = []notice.Milestone{
		{ID: "m1", Title: say("Site, visit; day"), Due: say(notice.Moment{Time: time.Date(2026, 6, 20, 9, 0, 0, 0, time.UTC)})},
		{ID: "m2", Kind: "futureSignatureDate", Due: date(2026, 9, 1)},
	}
	lot := r
	lot.Fit.Lot = "gone"
	no := full()
	no.Notice.ID, no.Pursuit.Decisions[1].Verdict = "ocds-h6vhtk-1", pursuit.NoBid
	events := checkCalendar(t, in(t, "ics", Options{}, r, lot, no))
	if len(events) != 3 {
		t.Fatalf("%d events, want one a date to keep, each once, none of what is not bid for", len(events))
	}
	for i, want := range []map[string]string{
		{"DTSTART": "20260620T100000", "DTSTART;": "TZID=Europe/London", "TRIGGER": "", "SUMMARY": `Site\, visit\; day: Mediation & support for Ashwick – Lot A`},
		{"DTSTART": "20260701", "DTSTART;": "VALUE=DATE", "TRIGGER": "-P7D-P2D", "SEQUENCE": "1", "LAST-MODIFIED": "20260620T113000Z", "STATUS": "CONFIRMED"},
		{"DTSTART": "20260714T170000", "TRIGGER": "-P7D-P2D", "URL": "https://notices.example/000002-2026"},
	} {
		for name, v := range want {
			if events[i][name] != v {
				t.Errorf("%s of event %d is %q, want %q", name, i, events[i][name], v)
			}
		}
	}
	// Another profile's event is another event.
	other := r
	other.Profile.ID = "severn"
	if got := other.events()[0].uid; got == r.events()[0].uid {
		t.Errorf("two profiles share %s", got)
	}
}

// The hour that London's clock shows twice is told in UTC.
func TestStartTwice(t *testing.T) {
	for in, want := range map[string]string{
		"2026-10-25T00:30:00Z": "DTSTART:20261025T003000Z\r\n", "2026-10-25T01:30:00Z": "DTSTART:20261025T013000Z\r\n",
		"2026-10-25T02:30:00Z": "DTSTART;TZID=Europe/London:20261025T023000\r\n", "2026-03-29T01:30:00Z": "DTSTART;TZID=Europe/London:20260329T023000\r\n",
		"1995-07-01T12:00:00Z": "DTSTART:19950701T120000Z\r\n", "2026-07-14T16:00:00Z": "DTSTART;TZID=Europe/London:20260714T170000\r\n", "2026-07-14": "DTSTART;VALUE=DATE:20260714\r\n",
	} {
		var m notice.Moment
		if err := m.UnmarshalText([]byte(in)); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		ical{w}.start(m)
		w.Flush()
		if b.String() != want {
			t.Errorf("%s is %q, want %q", in, b.String(), want)
		}
	}
}

// A date read from the text is an event of its own, said to be so, where no field has the day.
func TestCalendarFromText(t *testing.T) {
	r := full()
	read := func(day int, k notice.EventKind) notice.Read[notice.Event] {
		e := notice.Read[notice.Event]{Confidence: 85}
		e.Value = notice.Event{When: date(2026, 7, day).Value, Kind: k}
		e.At = notice.Path{Release: "000002-2026", Pointer: "/tender/description", Start: day, End: day + 4}
		return e
	}
	r.Notice.Readings.Events = []notice.Read[notice.Event]{
		read(2, notice.EventVisit), read(9, notice.EventVisit), read(14, notice.EventSubmission), read(20, notice.EventStart),
	}
	var got []string
	for _, e := range r.events() {
		got = append(got, e.date.Kind+" "+e.date.When.Date())
	}
	if want := []string{"text/visit 2 July 2026", "text/visit 9 July 2026", "deadline/tender 14 July 2026"}; !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
	if file := in(t, "ics", Options{}, r); !strings.Contains(strings.ReplaceAll(file, "\r\n ", ""), `was read from the text of the notice (85% sure)`) {
		t.Errorf("nothing says that a date was read from the text:\n%s", file)
	}
}

func TestAttachment(t *testing.T) {
	for in, want := range map[string]string{
		"trent-2026-06-24.csv":        `attachment; filename="trent-2026-06-24.csv"`,
		`..\..\etc/passwd`:            `attachment; filename="_.._etc_passwd"`,
		"a\"; filename=evil.exe;\r\n": `attachment; filename="a__ filename=evil.exe_"`,
		"Café €.md":                   `attachment; filename="Caf_ _.md"; filename*=UTF-8''Caf%C3%A9%20%E2%82%AC.md`,
		"\u202ecod.exe":               `attachment; filename="cod.exe"`,
		"é$&+:=@%.md":                 `attachment; filename="_$&+_=@_.md"; filename*=UTF-8''%C3%A9%24%26%2B_%3D%40_.md`,
		"":                            `attachment; filename="shortlist"`,
		"-rf":                         `attachment; filename="rf"`,
		strings.Repeat("é", 100):      `attachment; filename="` + strings.Repeat("_", 60) + `"; filename*=UTF-8''` + strings.Repeat("%C3%A9", 60),
	} {
		if got := Attachment(in); got != want {
			t.Errorf("%.40q is sent as %s, want %s", in, got, want)
		}
	}
}

func FuzzAttachment(f *testing.F) {
	for _, s := range corpus {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		header := Attachment(s)
		kind, parameters, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" {
			t.Fatalf("%q: %v", header, err)
		}
		name := parameters["filename"]
		if name == "" || strings.ContainsAny(name, "/\\\r\n\x00\"") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") {
			t.Fatalf("%q names the file %q", header, name)
		}
		if len(header) > 600 {
			t.Fatalf("a header of %d bytes", len(header))
		}
	})
}

// fuzz puts hostile texts through the writer of a format.
func fuzz(f *testing.F, name string) {
	for _, s := range corpus {
		if len(s) < 1000 {
			f.Add(s, int64(-5))
		}
	}
	f.Fuzz(func(t *testing.T, s string, pence int64) {
		rows := []Row{hostile(s, pence), full()}
		format := mustParse(t, name)
		check(t, format, in(t, name, Options{Self: s}, rows...), rows)
	})
}

func FuzzCSV(f *testing.F)      { fuzz(f, "csv") }
func FuzzJSON(f *testing.F)     { fuzz(f, "json") }
func FuzzXLSX(f *testing.F)     { fuzz(f, "xlsx") }
func FuzzMarkdown(f *testing.F) { fuzz(f, "md") }
func FuzzCalendar(f *testing.F) { fuzz(f, "ics") }
func FuzzAtom(f *testing.F)     { fuzz(f, "atom") }

// many is a list of n rows, each of a notice of its own.
func many(n int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := full()
		for i := range n {
			one := *r.Notice
			one.ID = fmt.Sprint("ocds-h6vhtk-", i)
			r.Notice, r.Pursuit = &one, nil
			if !yield(r, nil) {
				return
			}
		}
	}
}

// TestStreamed: what a format holds on to does not grow with the rows. A calendar remembers which notices it has told,
// in some tens of bytes each.
func TestStreamed(t *testing.T) {
	for _, f := range Formats() {
		var before, peak runtime.MemStats
		rows := func(n int) uint64 {
			runtime.GC()
			runtime.ReadMemStats(&before)
			i, most := 0, uint64(0)
			err := Write(io.Discard, f, Options{AsOf: asOf}, func(yield func(Row, error) bool) {
				for r, err := range many(n) {
					if i++; i%250 == 249 {
						runtime.GC()
						runtime.ReadMemStats(&peak)
						if peak.HeapAlloc > before.HeapAlloc {
							most = max(most, peak.HeapAlloc-before.HeapAlloc)
						}
					}
					if !yield(r, err) {
						return
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			return most
		}
		few, lots := rows(500), rows(3000)
		t.Logf("%s: %d KB held with 500 rows, %d KB with 3,000", f.Name, few>>10, lots>>10)
		if lots > few+1<<20 {
			t.Errorf("%s holds %d KB with 500 rows and %d KB with 3,000", f.Name, few>>10, lots>>10)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			size := counter(0)
			for b.Loop() {
				size = 0
				if err := Write(&size, f, Options{AsOf: asOf}, many(10_000)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size)/1e6, "MB")
		})
	}
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
