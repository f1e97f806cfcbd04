package export

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/xuri/excelize/v2"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// at is the place every value of the tests was said.
var at = notice.Path{Release: "000002-2026", Pointer: "/x"}

func say[T any](v T) notice.Said[T] { return notice.Say(v, at) }

func date(y int, m time.Month, d int) notice.Said[notice.Moment] {
	return say(notice.Moment{Time: time.Date(y, m, d, 0, 0, 0, 0, notice.London), Day: true})
}

// asOf is noon in London on 24 June 2026.
var asOf = time.Date(2026, 6, 24, 12, 0, 0, 0, notice.London)

// full is a row in which everything is known and decided.
func full() Row {
	n := &notice.Notice{
		ID: "ocds-h6vhtk-0abcde", OCID: "ocds-h6vhtk-0abcde",
		Publisher: notice.FindATender,
		Stage:     notice.StageTender,
		Type:      say("UK4"),
		Title:     say("Mediation &amp; support\nfor Ashwick"),
		Buyer:     notice.Organisation{Name: say("Borough of Ashwick"), ID: say("GB-PPON-ABCD-1234-EFGH")},
		Deadline: notice.Deadline{
			Said: say(notice.Moment{Time: time.Date(2026, 7, 14, 16, 0, 0, 0, time.UTC)}),
			Kind: notice.DeadlineTender,
		},
		Portal: say("https://portal.example/ashwick"),
		Releases: []notice.Published{
			{Identity: "000001-2026", Date: time.Date(2026, 6, 1, 9, 49, 0, 0, time.UTC), URL: "https://notices.example/000001-2026"},
			{Identity: "000002-2026", Date: time.Date(2026, 6, 20, 11, 30, 0, 0, time.UTC), URL: "https://notices.example/000002-2026"},
		},
		Lots: []notice.Lot{{
			ID:    "LOT-0001",
			Title: say("Lot A"),
			CPV: []notice.Said[notice.Classification]{
				say(notice.Classification{Code: 75200000}),
				say(notice.Classification{Code: 3110000, Description: say("Crops, \"fresh\"")}),
				say(notice.Classification{Code: 75200000}),
			},
			Places: []notice.Said[notice.Place]{
				say(notice.Place{Text: "UKG2", Region: "TLG2"}),
				say(notice.Place{Text: "Somewhere else"}),
			},
			Value: notice.Value{Net: say(notice.Pence(704_000_00)), Gross: say(notice.Pence(844_800_50))},
			SME:   say(true), VCSE: say(false),
			Contract: notice.Period{Start: date(2027, 4, 1), End: date(2029, 3, 31), MaxExtent: date(2031, 3, 31)},
		}},
	}
	fit := matcher.Fit{
		OCID: n.OCID, Lot: "LOT-0001", Score: 78, Low: 70, High: 85, Known: 90, Advice: matcher.Bid, Action: matcher.ActionBid,
		Gates: []matcher.Gate{
			{Gate: "deadline", State: matcher.GatePass, Reason: "20 days are left"},
			{Gate: "reserved", State: matcher.GateUnknown, Reason: "ask whether taking part is reserved"},
		},
		Evidence: []matcher.Evidence{
			{Criterion: "subject", Finding: matcher.Met, Share: 100, Weight: 30, Points: 33, Reason: "75200000 is what you do"},
			{Criterion: "words", Finding: matcher.Met, Share: 100, Weight: 30, Points: 33, Reason: "mediation is mentioned"},
			{Criterion: "region", Finding: matcher.Partly, Share: 50, Weight: 15, Points: 8, Reason: "part of the area is yours"},
			{Criterion: "value", Finding: matcher.Partly, Share: 80, Weight: 15, Points: 12, Reason: "near the upper end"},
			{Criterion: "buyer", Finding: matcher.Unknown, Share: 0, Weight: 90, Points: 0, Reason: "the buyer is not known"},
		},
	}
	return Row{
		Profile: profiles.Profile{ID: "trent"}, Notice: n, Fit: fit, Lexicon: "4f2a", AsOf: asOf,
		Pursuit: &pursuit.Pursuit{Target: pursuit.Target{Notice: n.ID}, Decisions: []pursuit.Decision{
			{Verdict: pursuit.Watch, Reason: "to be read", Who: "kim"},
			{Verdict: pursuit.Bid, Reason: "=what we do", Who: "sam"},
		}},
	}
}

// bare is a row of a notice that says next to nothing.
func bare() Row {
	return Row{
		Profile: profiles.Profile{ID: "trent"},
		Notice:  &notice.Notice{OCID: "ocds-b5fd17-1", Stage: notice.StageOther, Lots: []notice.Lot{{}}},
		Fit:     matcher.Fit{OCID: "ocds-b5fd17-1", High: 100, Advice: matcher.Review, Action: matcher.ActionNone},
		AsOf:    asOf,
	}
}

// sound is rows that all came without an error.
func sound(rows iter.Seq[Row]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func write(t testing.TB, o Options, rows ...Row) string {
	t.Helper()
	return in(t, "csv", o, rows...)
}

// in writes rows in a format, for the profile and the day of the tests.
func in(t testing.TB, format string, o Options, rows ...Row) string {
	t.Helper()
	o.Profile, o.AsOf = full().Profile, asOf
	var b bytes.Buffer
	if err := Write(&b, mustParse(t, format), o, sound(slices.Values(rows))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func mustParse(t testing.TB, name string) Format {
	t.Helper()
	f, err := ParseFormat(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// cells reads a file of one row back into a map from header to cell.
func cells(t testing.TB, file string) map[string]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v, in\n%s", len(records), err, file)
	}
	out := map[string]string{}
	for i, h := range records[0] {
		out[h] = records[1][i]
	}
	return out
}

func TestColumns(t *testing.T) {
	var got, names []string
	for _, f := range Fields() {
		got = append(got, f.Header)
		names = append(names, f.Name)
	}
	want := strings.Split("OCID,notice id,title,buyer,buyer id,stage,notice type,published,deadline,days left,lot,value net,gross,currency,per year,contract start,contract end,CPV,regions,SME,VCSE,score,low,high,known,advice,gates,top reason,top gap,decision,decision reason,progress,owner,next action,next date,hours,note,portal,URL,last changed,profile,lexicon", ",")
	if !slices.Equal(got, want) {
		t.Errorf("columns are\n%q, want\n%q", got, want)
	}
	slices.Sort(names)
	if once := slices.Compact(slices.Clone(names)); len(once) != len(names) {
		t.Errorf("a name is used twice in %q", names)
	}
}

// What is unknown is an empty cell, never a nought.
func TestUnknownIsEmpty(t *testing.T) {
	said := map[string]string{"OCID": "ocds-b5fd17-1", "stage": "other", "score": "0", "low": "0", "high": "100", "known": "0", "advice": "review", "profile": "trent"}
	for header, got := range cells(t, write(t, Options{}, bare())) {
		if got != said[header] {
			t.Errorf("%s is %q, want %q", header, got, said[header])
		}
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		header string
		change func(*Row)
		want   string
	}{
		{"title", func(r *Row) {}, "Mediation & support for Ashwick – Lot A"},
		{"title", func(r *Row) { r.Notice.Lots[0].Title = say("MEDIATION &amp; SUPPORT\nFOR ASHWICK") }, "Mediation & support for Ashwick"},
		{"title", func(r *Row) { r.Notice.Lots[0].Title = r.Notice.Title }, "Mediation & support for Ashwick"},
		{"title", func(r *Row) { r.Notice.Title = notice.Said[string]{} }, "Lot A"},
		{"deadline", func(r *Row) {}, "2026-07-14T17:00:00+01:00"},
		{"deadline", func(r *Row) { r.Notice.Deadline.Said = date(2026, 7, 14) }, "2026-07-14"},
		{"days left", func(r *Row) {}, "20"},
		{"days left", func(r *Row) { r.AsOf = r.AsOf.AddDate(0, 0, 25) }, "-5"},
		{"days left", func(r *Row) { r.AsOf = time.Date(2026, 7, 13, 23, 30, 0, 0, time.UTC) }, "0"},
		{"value net", func(r *Row) { r.Notice.Lots[0].Value.Net = say(notice.Pence(1234_50)) }, "1234.50"},
		{"value net", func(r *Row) { r.Notice.Lots[0].Value.Net = say(notice.Pence(-5)) }, "-0.05"},
		{"currency", func(r *Row) { r.Notice.Lots[0].Value.Currency = say("EUR") }, "EUR"},
		{"currency", func(r *Row) { r.Notice.Lots[0].Value = notice.Value{} }, ""},
		{"next action", func(r *Row) {}, "bid"},
		{"next date", func(r *Row) {}, "2026-07-14T17:00:00+01:00"},
		{"next action", func(r *Row) { r.Pursuit.Decisions[1].Verdict = pursuit.NoBid }, ""},
		{"next date", func(r *Row) { r.Pursuit.Decisions[1].Verdict = pursuit.NoBid }, ""},
		{"next date", func(r *Row) { r.Fit.Action = matcher.ActionEngage }, "2026-07-14T17:00:00+01:00"},
		{"next date", func(r *Row) {
			r.Fit.Action, r.Notice.Engagement.Said = matcher.ActionEngage, date(2026, 7, 1)
		}, "2026-07-01"},
		{"next date", func(r *Row) { r.Fit.Action, r.Notice.Future = matcher.ActionWatch, date(2027, 1, 2) }, "2027-01-02"},
		{"next date", func(r *Row) { r.Fit.Action = matcher.ActionPrepare }, ""},
		{"decision", func(r *Row) { r.Pursuit = &pursuit.Pursuit{} }, ""},
		{"lot", func(r *Row) { r.Fit.Lot = "~A" }, "~A"},
		{"top gap", func(r *Row) { r.Fit.Evidence = r.Fit.Evidence[:2] }, ""},
		{"top gap", func(r *Row) {
			r.Fit.Evidence[1] = matcher.Evidence{Finding: matcher.Missed, Weight: 30, Points: -3, Reason: "none of your words"}
		}, "none of your words"},
		{"regions", func(r *Row) {}, "Shropshire and Staffordshire (TLG2); Somewhere else"},
	} {
		r := full()
		c.change(&r)
		if got := cells(t, write(t, Options{}, r))[c.header]; got != c.want {
			t.Errorf("%s is %q, want %q", c.header, got, c.want)
		}
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                           "plain",
		`=HYPERLINK("x")`:                 `'=HYPERLINK("x")`,
		"+44 20":                          "'+44 20",
		"-5":                              "'-5",
		"@SUM(A1)":                        "'@SUM(A1)",
		"  =1":                            "'=1",
		"\t=1":                            "'=1",
		"\r\n=1":                          "'=1",
		"\x00=1":                          "'=1",
		"\u00a0=1":                        "'=1",
		"\u200b=1":                        "'\u200b=1",
		"\ufeff=1":                        "'\ufeff=1",
		"\u2060 \u00ad=1":                 "'\u2060 \u00ad=1",
		"\u202e=1":                        "'=1",
		"＝1":                              "'＝1",
		"＋1":                              "'＋1",
		"－1":                              "'－1",
		"＠x":                              "'＠x",
		"a;=1":                            "a;'=1",
		"a; \u200b-1;b":                   "a; '\u200b-1;b",
		"a=1, b-2 @ c":                    "a=1, b-2 @ c",
		"'quoted":                         "'quoted",
		"two\nlines\r\nand\ttabs":         "two lines and tabs",
		"\u202egnp.exe\u202c \u2066x":     "gnp.exe x",
		"bell\a escape\x1b[31m red\u009b": "bell escape[31m red",
		"bad \xff byte":                   "bad \ufffd byte",
		"":                                "",
	} {
		if got := cell(in); got != want {
			t.Errorf("cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	r := full()
	r.Notice.Title, r.Notice.Lots[0].Title = say("=1+1\nline two \u202ex"), notice.Said[string]{}
	if got := write(t, Options{Excel: true}, r); !strings.HasPrefix(got, "\ufeff\"OCID\",") || strings.Count(got, "\ufeff") != 1 {
		t.Errorf("Excel's file begins %q", got[:12])
	}
	if got := write(t, Options{}, r); strings.Contains(got, "\ufeff") {
		t.Error("a byte order mark that nobody asked for")
	}
	if got := cells(t, write(t, Options{Raw: true}, r))["title"]; got != "=1+1\nline two x" {
		t.Errorf("raw title is %q", got)
	}
	if got := cells(t, write(t, Options{}, r))["title"]; got != "'=1+1 line two x" {
		t.Errorf("title is %q", got)
	}
}

// failing is a disk with room for so many bytes.
type failing int

func (f *failing) Write(p []byte) (int, error) {
	if int(*f) < len(p) {
		return 0, io.ErrShortWrite
	}
	*f -= failing(len(p))
	return len(p), nil
}

// A writer that fails stops the export, and the rows are not all asked for.
func TestWriterFails(t *testing.T) {
	asked := 0
	rows := func(yield func(Row) bool) {
		for asked = 0; asked < 100_000; asked++ {
			r := full()
			r.Notice.ID = fmt.Sprint("ocds-h6vhtk-", asked)
			if !yield(r) {
				return
			}
		}
	}
	for _, f := range Formats() {
		w := failing(40_000)
		if err := Write(&w, f, Options{AsOf: asOf}, sound(rows)); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: error is %v", f.Name, err)
		}
		if asked > 10_000 {
			t.Errorf("%s: %d rows were asked for before the failure was seen", f.Name, asked)
		}
		w = 10
		if err := Write(&w, f, Options{AsOf: asOf}, sound(slices.Values([]Row{bare()}))); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: error of a file smaller than the buffer is %v", f.Name, err)
		}
	}
}

// A row that could not be read ends the export with its error. What was written by then is no whole file, and nothing where it is little.
func TestRowFails(t *testing.T) {
	broken := errors.New("the store is damaged")
	after := func(n int) iter.Seq2[Row, error] {
		return func(yield func(Row, error) bool) {
			for i := range n {
				r := full()
				r.Notice.ID = fmt.Sprint("ocds-h6vhtk-", i)
				if !yield(r, nil) {
					return
				}
			}
			if yield(Row{}, broken) {
				t.Error("a row was asked for after the error")
			}
		}
	}
	for _, f := range Formats() {
		var b bytes.Buffer
		if err := Write(&b, f, Options{AsOf: asOf}, after(1)); !errors.Is(err, broken) || b.Len() > 0 {
			t.Errorf("%s: error %v after\n%s", f.Name, err, b.String())
		}
		if err := Write(&b, f, Options{AsOf: asOf}, after(3000)); !errors.Is(err, broken) || b.Len() == 0 {
			t.Errorf("%s: error %v after %d bytes", f.Name, err, b.Len())
		}
		whole := map[string]func([]byte) error{
			"json": func(b []byte) error { return jsontext.NewDecoder(bytes.NewReader(b)).SkipValue() },
			"xlsx": func(b []byte) error { _, err := excelize.OpenReader(bytes.NewReader(b)); return err },
			"ics": func(b []byte) error {
				if !bytes.HasSuffix(b, []byte("END:VCALENDAR\r\n")) {
					return io.ErrUnexpectedEOF
				}
				return nil
			},
			"atom": func(b []byte) error { return xml.Unmarshal(b, new(struct{})) },
		}
		if check := whole[f.Name]; check != nil && check(b.Bytes()) == nil {
			t.Errorf("%s: what is half a file looks whole", f.Name)
		}
	}
}

// checkCSV reads a file back and compares its cells with the rows; none of them may begin a formula.
func checkCSV(t *testing.T, file string, rows []Row) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(records) != len(rows)+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for i, field := range Fields() {
		for j, r := range rows {
			got, value := records[j+1][i], field.Value(r)
			if field.Kind.numeric() {
				if _, err := strconv.ParseFloat(got, 64); got != value || got != "" && err != nil {
					t.Fatalf("%s: %q is no number, or not %q", field.Header, got, value)
				}
				continue
			}
			if got != cell(value) {
				t.Fatalf("%s: %.200q was written, %.200q read", field.Header, cell(value), got)
			}
			if dangerous(got) {
				t.Fatalf("%s: %.200q begins a formula", field.Header, got)
			}
		}
	}
}

// hostile is a row in which every text is s, and every amount so many pence.
func hostile(s string, pence int64) Row {
	r := full()
	n := r.Notice
	n.ID, n.OCID, n.Type, n.Title, n.Portal = s, s, say(s), say(s), say(s)
	n.Stage = notice.Stage(s)
	n.Buyer = notice.Organisation{Name: say(s), ID: say(s)}
	n.Releases[1].Identity, n.Releases[1].URL = s, s
	n.Milestones = []notice.Milestone{{ID: s, Kind: s, Title: say(s), Due: date(2026, 7, 1)}}
	l := &n.Lots[0]
	l.ID, l.Title, l.Value.Net, l.Value.Gross, l.Value.Currency = s, say(s), say(notice.Pence(pence)), say(notice.Pence(pence)), say(s)
	l.CPV[1].Value.Description, l.Places[1].Value.Text = say(s), s
	r.Fit.Lot, r.Fit.Advice, r.Fit.Gates[1].Reason, r.Fit.Gates[1].Question = s, matcher.Advice(s), s, s
	r.Fit.Evidence[0].Reason, r.Fit.Evidence[2].Reason, r.Fit.Evidence[4].Reason = s, s, s
	r.Pursuit.Target = pursuit.Target{Notice: s, Lot: s}
	d := &r.Pursuit.Decisions[1]
	d.Verdict, d.Reason, d.Who = pursuit.Verdict(s), s, s
	r.Entry = &pursuit.Entry{
		Target: r.Pursuit.Target, Stage: pursuit.Progress(s), Owner: s, Note: s, Next: s, NextBy: date(2026, 7, 2).Value, When: asOf,
	}
	r.Profile.ID, r.Lexicon = s, s
	return r
}

// dangerous says it in another way than guard: whatever a spreadsheet may skip
// or split at is cut away, and what is left must not begin a formula.
func dangerous(s string) bool {
	for part := range strings.SplitSeq(s, ";") {
		part = strings.Trim(part, " \u00a0\u1680\u2000\u2007\u200a\u200b\u200c\u200d\u2060\u202f\u205f\u3000\ufeff\u00ad\u180e")
		for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"} {
			if strings.HasPrefix(part, start) {
				return true
			}
		}
	}
	return strings.ContainsAny(s, "\r\n\t\x00\x1b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
}
