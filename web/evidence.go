package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/words"
)

// source is a place in a release, as published, with what is cited of it marked.
type source struct {
	Release, Pointer string
	Where            string   // the pointer in words
	Quotes           []string // what is cited, in order
	// Prose says that it is text, all of it or what stands around the quotes; else it is JSON.
	Prose bool
	Parts []part
	Whole bool
}

// part is a piece of a source. A gap stands for what is left out.
type part struct {
	Text      string
	Mark, Gap bool
}

// How much of sources a page shows: of JSON the structure around a value, of texts all of them until there are many.
const (
	mostJSON    = 400       // bytes of the structure around a value
	mostValue   = 4000      // bytes of a value
	mostTexts   = 40 << 10  // bytes of all texts of a page
	aroundQuote = 300       // bytes before and after a quote in a text that is not shown whole
	mostQuotes  = 5         // quotes in the summary of a source
	mostSources = 12        // of one piece of evidence
	noText      = "no text" // what stands at the place is no text
)

// citer finds what is cited in the releases of a notice.
type citer struct {
	releases map[string][]byte // by identity
	shown    int               // bytes of texts shown so far
}

func newCiter(published []notice.Release) *citer {
	c := &citer{releases: map[string][]byte{}}
	for i := range published {
		c.releases[published[i].Identity()] = published[i].Raw
	}
	return c
}

// sources are the places that quotes stand in, each once, and how many more there are.
func (c *citer) sources(quotes []notice.Quote) (list []source, more int) {
	for i, q := range quotes {
		same := func(x notice.Quote) bool {
			return x.Release == q.Release && x.Pointer == q.Pointer && (x.End > 0) == (q.End > 0)
		}
		if slices.IndexFunc(quotes, same) < i {
			continue
		}
		if len(list) == mostSources {
			more++
			continue
		}
		var here []notice.Quote
		for _, x := range quotes[i:] {
			if same(x) {
				here = append(here, x)
			}
		}
		list = append(list, c.source(here))
	}
	return list, more
}

// source is one place with all that is quoted of it.
func (c *citer) source(quotes []notice.Quote) source {
	at := quotes[0].Path
	s := source{Release: at.Release, Pointer: at.Pointer, Where: placeWords(at.Pointer), Prose: at.End > 0}
	for _, q := range quotes {
		if text := cut(80, q.Quote); text != "" && !slices.Contains(s.Quotes, text) {
			s.Quotes = append(s.Quotes, text)
		}
	}
	if len(s.Quotes) > mostQuotes {
		s.Quotes = append(s.Quotes[:mostQuotes-1], fmt.Sprintf("%d more", len(s.Quotes)-mostQuotes+1))
	}
	raw, ok := c.releases[at.Release]
	var err error
	switch {
	case !ok:
		err = errors.New("the release is not in the store any more")
	case s.Prose:
		var text string
		if text, err = textAt(raw, at.Pointer); err == nil {
			s.Whole = c.shown+len(text) <= mostTexts
			if s.Parts = highlighted(text, spans(text, quotes), s.Whole); s.Whole {
				c.shown += len(text)
			}
		}
	default:
		s.Parts, err = jsonAt(raw, at.Pointer)
	}
	if err != nil { // then the quote is all there is
		s.Prose, s.Parts = true, []part{{Text: strings.Join(s.Quotes, " … "), Mark: true}, {Text: " (" + err.Error() + ")"}}
	}
	return s
}

// placeWords is a pointer in words: "tender, lots 1, description".
func placeWords(pointer string) string {
	var names []string
	for token := range jsontext.Pointer(pointer).Tokens() {
		if n, err := strconv.Atoi(token); err == nil && len(names) > 0 {
			names[len(names)-1] += fmt.Sprintf(" %d", n+1)
			continue
		}
		names = append(names, notice.Label(token))
	}
	return strings.Join(names, ", ")
}

// spans are the parts of a text that quotes stand for, in order and apart from each other.
func spans(text string, quotes []notice.Quote) []words.Span {
	var list []words.Span
	for _, q := range quotes {
		if 0 <= q.Start && q.Start < q.End && q.End <= len(text) {
			list = append(list, words.Span{Start: q.Start, End: q.End})
		}
	}
	slices.SortFunc(list, func(a, b words.Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	apart := list[:0]
	for _, s := range list {
		if n := len(apart); n > 0 && s.Start <= apart[n-1].End {
			apart[n-1].End = max(apart[n-1].End, s.End)
			continue
		}
		apart = append(apart, s)
	}
	return apart
}

// highlighted is a text with spans of it marked: all of it, or what stands around them.
func highlighted(text string, marks []words.Span, whole bool) []part {
	var list []part
	at := 0
	between := func(to int, last bool) {
		from := at
		if !whole {
			after, before := min(at+aroundQuote, to), max(to-aroundQuote, at)
			switch {
			case last:
				to = after
			case at == 0:
				from = before
			case before > after:
				list = append(list, part{Text: readable(text[at:runeStart(text, after)])})
				list = append(list, part{Gap: true})
				from = before
			}
			from, to = runeStart(text, from), runeStart(text, to)
			if from > at && at == 0 {
				list = append(list, part{Gap: true})
			}
		}
		if from < to {
			list = append(list, part{Text: readable(text[from:to])})
		}
		if last && to < len(text) {
			list = append(list, part{Gap: true})
		}
	}
	for _, s := range marks {
		between(s.Start, false)
		list = append(list, part{Text: readable(text[s.Start:s.End]), Mark: true})
		at = s.End
	}
	between(len(text), true)
	return list
}

// runeStart is the start of the rune that holds byte i.
func runeStart(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// readable is published text as words.Plain makes it, with the white space at its ends, for text that goes on.
func readable(raw string) string {
	text := words.Plain(raw)
	if raw == "" {
		return ""
	}
	if text == "" {
		return " "
	}
	apart := func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '>' }
	raw = strings.TrimFunc(raw, func(r rune) bool { return unicode.Is(unicode.Cf, r) })
	if first, _ := utf8.DecodeRuneInString(raw); apart(first) {
		text = " " + text
	}
	if last, _ := utf8.DecodeLastRuneInString(raw); apart(last) {
		if strings.HasSuffix(raw, "\n") {
			return text + "\n"
		}
		text += " "
	}
	return text
}

// lenient reads what package ocds reads.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// locate finds the bytes of the value that a pointer leads to.
func locate(raw []byte, pointer jsontext.Pointer) (start, end int, err error) {
	d := jsontext.NewDecoder(bytes.NewReader(raw), lenient)
	gone := fmt.Errorf("the release has nothing at %s", pointer)
	for token := range pointer.Tokens() {
		t, err := d.ReadToken()
		if err != nil {
			return 0, 0, err
		}
		switch t.Kind() {
		case '{':
			for {
				name, err := d.ReadToken()
				if err != nil {
					return 0, 0, err
				}
				if name.Kind() == '}' {
					return 0, 0, gone
				}
				if name.String() == token {
					break
				}
				if err := d.SkipValue(); err != nil {
					return 0, 0, err
				}
			}
		case '[':
			n, err := strconv.Atoi(token)
			if err != nil || n < 0 {
				return 0, 0, gone
			}
			for range n {
				if d.PeekKind() == ']' {
					return 0, 0, gone
				}
				if err := d.SkipValue(); err != nil {
					return 0, 0, err
				}
			}
			if d.PeekKind() == ']' {
				return 0, 0, gone
			}
		default:
			return 0, 0, gone
		}
	}
	v, err := d.ReadValue()
	if err != nil {
		return 0, 0, err
	}
	end = int(d.InputOffset())
	return end - len(v), end, nil
}

// textAt is the text that a pointer leads to.
func textAt(raw []byte, pointer string) (string, error) {
	start, end, err := locate(raw, jsontext.Pointer(pointer))
	if err != nil {
		return "", err
	}
	var text string
	if json.Unmarshal(raw[start:end], &text, lenient) != nil {
		return "", errors.New(noText)
	}
	return text, nil
}

// jsonAt is the value that a pointer leads to, marked in the largest structure around it that is still short.
func jsonAt(raw []byte, pointer string) ([]part, error) {
	whole := jsontext.Pointer(pointer)
	start, end, err := locate(raw, whole)
	if err != nil {
		return nil, err
	}
	around, from, to := whole, start, end
	for around != "" {
		above := around.Parent()
		s, e, err := locate(raw, above)
		if err != nil || e-s > mostJSON {
			break
		}
		around, from, to = above, s, e
	}
	if around == whole {
		return []part{{Text: visible(cutBytes(string(raw[start:end]), mostValue)), Mark: true}}, nil
	}
	shown := jsontext.Value(bytes.Clone(raw[from:to]))
	if err := shown.Indent(lenient, jsontext.WithIndent("  ")); err != nil {
		return nil, err
	}
	start, end, err = locate(shown, whole[len(around):])
	if err != nil {
		return nil, err
	}
	return []part{{Text: visible(string(shown[:start]))}, {Text: visible(string(shown[start:end])), Mark: true}, {Text: visible(string(shown[end:]))}}, nil
}

func cutBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:runeStart(text, most)] + "…"
}

// visible is JSON with what cannot be seen in it written as JSON escapes it, so that no character changes how others are shown.
func visible(text string) string {
	odd := func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
	}
	if strings.IndexFunc(text, odd) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if odd(r) && r <= 0xffff {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else if !odd(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cited is a piece of a fit with its sources.
type cited struct {
	Sources []source
	More    int
}

func (c *citer) cite(at []notice.Quote) cited {
	list, more := c.sources(at)
	return cited{list, more}
}

// pieceView is one criterion's contribution as it is shown.
type pieceView struct {
	matcher.Evidence
	cited
	Bar bar
}

// gateView is a gate, or a condition, as it is shown.
type gateView struct {
	Name, Reason, Question, Source string
	State                          matcher.GateState
	// Holds is said of a condition that keeps the advice at review.
	Holds bool
	cited
}

// hintView is a hint as it is shown.
type hintView struct {
	Reason string
	cited
}

// bar is the points of one piece, from an axis that all pieces share.
type bar struct{ Axis, X, Width, All int }

// barWidth is how wide the chart of evidence is.
const barWidth = 160

// bars are the bars of a sum: what takes away on the left of the axis, what adds on its right.
func bars(evidence []matcher.Evidence) []bar {
	least, most := 0, 1
	for _, e := range evidence {
		least, most = min(least, e.Points), max(most, e.Points)
	}
	scale := func(points int) int { return points * barWidth / (most - least) }
	list := make([]bar, len(evidence))
	for i, e := range evidence {
		b := bar{Axis: scale(-least), All: barWidth, Width: max(scale(max(e.Points, -e.Points)), min(1, max(e.Points, -e.Points)))}
		if b.X = b.Axis; e.Points < 0 {
			b.X -= b.Width
		}
		list[i] = b
	}
	return list
}
