package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bidfit/dossier"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// helpers are what every template may call. What publishers wrote goes through line, plain or linked, which take
// out control characters and tricks with direction; html/template makes text of all of it.
var helpers = template.FuncMap{
	"line":      dossier.Line,                                                             // foreign text on one line
	"plain":     words.Plain,                                                              // foreign text with its paragraphs
	"linked":    linked,                                                                   // the same in pieces, web addresses told apart
	"typed":     typed,                                                                    // what people wrote here, of so many letters, markup and all
	"cut":       cut,                                                                      // foreign text on one line, of so many letters
	"money":     func(p notice.Pence) string { return p.String() },                        // £704,000
	"pounds":    func(v notice.Value) string { return cmp.Or(v.Words(), "") },             // all that is known of a value
	"count":     notice.Count,                                                             // 2,358 lots
	"number":    func(n int) string { return strings.TrimSpace(notice.Count(n, "", "")) }, // 2,358
	"day":       func(t time.Time) string { return t.In(notice.London).Format("2 January 2006") },
	"date":      func(t time.Time) string { return t.In(notice.London).Format("Monday 2 January 2006") },
	"instant":   func(t time.Time) string { return t.In(notice.London).Format("2 January 2006, 15:04") },
	"moment":    func(m notice.Moment) string { return m.Words() },
	"clock":     func(t time.Time) string { return t.In(notice.London).Format("2 January 2006, 15:04") },
	"iso":       func(t time.Time) string { return t.In(notice.London).Format(time.RFC3339) }, // for <time datetime>
	"due":       due,                                                                          // days left, for the component "days"
	"score":     func(f matcher.Fit) ScoreBar { return ScoreBar{f.Score, f.Low, f.High} },
	"stage":     func(s notice.Stage) string { return s.Words() },
	"publisher": func(p notice.Publisher) string { return p.Words() },
	"cpvName":   func(c cpv.Code) string { name, _ := c.Name(); return name },
	"itlName":   func(r itl.Region) string { return r.Label() },
	"upper":     upper,
	"path":      pathOf,                                                                             // an address out of escaped segments: path "notices" .ID
	"ago":       func(asOf, t time.Time) string { return notice.InDays(notice.DaysUntil(asOf, t)) }, // 3 days ago
	"wrong": func(fields []Field) []Field { // those with an error
		return slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return f.Error == "" })
	},
	"join":      func(list []string) string { return strings.Join(list, " ") },
	"joined":    func(list []string) string { return strings.Join(list, ", ") },
	"enumerate": notice.Enumerate,
	"mentions":  mentions,                                                                       // organisations by name, the first few
	"fromText":  func(note string) bool { return strings.Contains(note, "read from the text") }, // of a dossier.Text
	"exports":   exportLinks,                                                                    // for the component "export": exports .Profile "?advice=bid"
	"weighed":   weighed,                                                                        // the weights of a pack as bars of a hundred
	"dict":      dict,
	"add":       func(a, b int) int { return a + b },
	"percent":   func(part, whole int) int { return (100*part + whole/2) / max(whole, 1) },
}

// DaysLeft is how far off a day is.
type DaysLeft struct {
	Words string // in 6 days
	Day   string // 30 June 2026, 17:00
	ISO   string
	// Tone is past, urgent (a week), soon (two weeks) or far.
	Tone string
}

// due is how far a moment is from the day a page speaks of; nil where there is no moment.
func due(asOf time.Time, m notice.Moment) *DaysLeft {
	if m.IsZero() {
		return nil
	}
	n := notice.DaysUntil(asOf, m.Time)
	d := &DaysLeft{Words: notice.InDays(n), Day: m.Words(), ISO: m.String(), Tone: "far"}
	switch {
	case n < 0 || m.End().Before(asOf):
		d.Tone = "past"
		if n == 0 {
			d.Words = "earlier today"
		}
	case n <= 7:
		d.Tone = "urgent"
	case n <= 14:
		d.Tone = "soon"
	}
	return d
}

// ScoreBar is a score and what it may turn out to be.
type ScoreBar struct{ Score, Low, High int }

// Mark is where the score stands: the mark is three wide and stays on the bar.
func (b ScoreBar) Mark() int { return min(max(b.Score-1, 0), 97) }

// Width is how far the range reaches.
func (b ScoreBar) Width() int { return max(b.High-b.Low, 1) }

// Piece is a piece of foreign text: text, or an address fit to be followed.
type Piece struct{ Text, URL string }

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// linked takes foreign text apart at the web addresses in it.
func linked(text string) []Piece {
	text = words.Plain(text)
	var list []Piece
	at := 0
	for _, span := range webAddress.FindAllStringIndex(text, -1) {
		found := strings.TrimRight(text[span[0]:span[1]], ".,;:!?'*_")
		if !strings.Contains(found, "(") {
			found = strings.TrimRight(found, ").,")
		}
		if dossier.Address(found) == "" {
			continue
		}
		if span[0] > at {
			list = append(list, Piece{Text: text[at:span[0]]})
		}
		list = append(list, Piece{found, found})
		at = span[0] + len(found)
	}
	if at < len(text) {
		list = append(list, Piece{Text: text[at:]})
	}
	return list
}

// cut is foreign text on one line, of at most so many letters.
func cut(most int, text string) string {
	text = dossier.Line(text)
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	short := string(letters[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)*2/3 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:–-") + "…"
}

// mentions names organisations, the first few.
func mentions(list []market.Mention) string {
	const most = 3
	var names []string
	for i, m := range list {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		names = append(names, cut(80, cmp.Or(m.Name, m.Ref())))
	}
	if len(names) == 0 {
		return "nobody named"
	}
	return notice.Enumerate(names)
}

// typed is what people wrote here, of at most so many letters. Unlike what is published nothing in it is read as markup.
func typed(most int, text string) string {
	text = strings.TrimSpace(strings.Map(func(c rune) rune {
		if c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\ufffd")))
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// upper begins a sentence.
func upper(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// pathOf is an address on this server out of segments, each escaped.
func pathOf(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String()
}

// dict is a value with several names, for a component that takes more than one.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values are no pairs", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// Empty is said where there is nothing to show: why, and what to do.
type Empty struct {
	Title, Text string
	// Href and Label are where to go from here; "" for nowhere.
	Href, Label string
}

// Field is a control of a form with all that is said about it.
type Field struct {
	Name, Label, Hint, Error, Value string
	// Type is text, search, number, date, url, password, file, textarea, select, checkbox or radio; "" is text.
	Type     string
	Required bool
	Chosen   bool     // of a single checkbox
	Options  []Option // of select and radio, and of several checkboxes
	Rows     int      // of textarea
	// Before and After stand beside what is typed: "£", "miles".
	Before, After string
	Autocomplete  string
	InputMode     string // numeric, decimal …
	List          string // id of a datalist
	Most          int    // letters
	Accept        string // of file
}

// ID is the control's id in the page.
func (f Field) ID() string { return "f-" + f.Name }

// Described are the ids of what is said about the control.
func (f Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Option is one choice of a field.
type Option struct {
	Value, Label, Hint string
	Chosen             bool
}

// Pager leads through the pages of a list.
type Pager struct {
	From, To, Total int // of what is shown, from 1
	Previous, Next  string
	What            string // notices
}

// pager leads through a list that q is the query of, in pages of size; page is counted from 1.
func pager(at *url.URL, page, size, total, reach int, what string) *Pager {
	p := &Pager{From: min((page-1)*size+1, total), To: min(page*size, total), Total: total, What: what}
	with := func(n int) string {
		q := at.Query()
		q.Del("page")
		if n > 1 {
			q.Set("page", fmt.Sprint(n))
		}
		if len(q) == 0 {
			return at.Path
		}
		return at.EscapedPath() + "?" + q.Encode()
	}
	if page > 1 {
		p.Previous = with(page - 1)
	}
	if page*size < total && (page+1)*size <= reach {
		p.Next = with(page + 1)
	}
	return p
}
