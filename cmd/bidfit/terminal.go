package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"bidfit/notice/words"
)

// page writes an answer for a person: notice text is foreign, so everything
// that came from a publisher goes through clean or oneLine before it is printed.
type page struct {
	w      io.Writer
	width  int
	colour bool
	err    error // the first error of writing
}

// screen is which of the streams a person looks at.
type screen struct {
	width int  // of the terminal that stdout goes to, 0 where it goes to none
	talk  bool // stderr goes to a terminal
}

// usualWidth is that of a terminal which does not tell, and of a pipe: as wide as it needs to be read in mail or in a diff.
const usualWidth = 100

func screenOf(stdout, stderr io.Writer) (s screen) {
	if fd, ok := terminal(stdout); ok {
		s.width = usualWidth
		if w, _, err := term.GetSize(fd); err == nil && w > 0 {
			s.width = w
		}
	}
	_, s.talk = terminal(stderr)
	return s
}

func terminal(w io.Writer) (fd int, ok bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	return int(f.Fd()), term.IsTerminal(int(f.Fd()))
}

// page is stdout as a page. NO_COLOR, a dumb terminal and a pipe get no colour.
func (a *app) page() *page {
	p := &page{w: a.stdout, width: usualWidth}
	if a.screen.width == 0 {
		return p
	}
	p.width = min(max(a.screen.width, 60), 140)
	p.colour = firstOf(a.env, "NO_COLOR") == "" && firstOf(a.env, "TERM") != "dumb"
	return p
}

func (p *page) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

type style string

const (
	bold   style = "1"
	faint  style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
)

// escape is the colour codes that in adds: they take no room.
var escape = regexp.MustCompile("\x1b\\[[0-9]*m")

func (p *page) in(s style, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// width is the room text takes, colour codes taking none.
func width(s string) int { return uniseg.StringWidth(escape.ReplaceAllString(s, "")) }

// wrapped prints foreign text in lines of the page's width, the first after first, the others indented as deep.
func (p *page) wrapped(first, text string) {
	indent := strings.Repeat(" ", width(first))
	room := max(p.width-len(indent), 20)
	for i, paragraph := range strings.Split(clean(text), "\n") {
		line := ""
		flush := func() {
			lead := indent
			if i == 0 && first != "" {
				lead, first = first, ""
			}
			p.printf("%s\n", strings.TrimRight(lead+line, " "))
			line = ""
		}
		for _, word := range strings.Fields(paragraph) {
			if line != "" && width(line)+1+width(word) > room {
				flush()
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		if line != "" || i == 0 {
			flush()
		}
	}
}

// field prints "label  value" with the labels in one column; an unknown value is said to be so.
func (p *page) field(label, value string) {
	if value == "" {
		p.printf("  %-14s %s\n", label, p.in(faint, "not said"))
		return
	}
	p.wrapped(fmt.Sprintf("  %-14s ", label), value)
}

func (p *page) heading(text string) { p.printf("\n%s\n", p.in(bold, text)) }

// clean makes published text fit to print: no control characters, no tricks with direction.
func clean(s string) string { return words.Plain(s) }

// oneLine is clean, on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// onLine is clean with its line ends made blanks; blanks at its ends stay, for text that goes on.
func onLine(s string) string {
	line := oneLine(s)
	if line == "" {
		return strings.Repeat(" ", min(1, len(s)))
	}
	if unicode.IsSpace(rune(s[0])) {
		line = " " + line
	}
	if unicode.IsSpace(rune(s[len(s)-1])) {
		line += " "
	}
	return line
}

// cut shortens text to a width, with an ellipsis where something is missing.
func cut(s string, room int) string {
	s = oneLine(s)
	if uniseg.StringWidth(s) <= room {
		return s
	}
	var b strings.Builder
	room--
	for g := uniseg.NewGraphemes(s); g.Next() && room >= g.Width(); room -= g.Width() {
		b.WriteString(g.Str())
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// pad fills text up to a width; right-aligned when it is negative.
func pad(s string, to int) string {
	space := strings.Repeat(" ", max(0, max(to, -to)-width(s)))
	if to < 0 {
		return space + s
	}
	return s + space
}
