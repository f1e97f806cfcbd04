package dossier

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the page as CommonMark: headings, paragraphs and lists. Whatever came
// from a publisher is text in it and nothing else: it makes no heading, emphasis, link, image, HTML or table.
func (d *Dossier) WriteMarkdown(w io.Writer) error {
	m := markdown{w: w}
	m.printf("# %s\n\n%s\n", Escape(d.Heading()), Escape(d.Subheading()))
	for _, s := range d.Sections() {
		m.printf("\n## %s\n", Escape(s.Title))
		listed := false
		for _, r := range s.Rows {
			if r.Label == "" {
				m.paragraphs(r)
				listed = false
				continue
			}
			if !listed {
				m.printf("\n")
				listed = true
			}
			m.row(r)
		}
	}
	return m.err
}

// Heading is the title of the page, Subheading what it is about.
func (d *Dossier) Heading() string {
	if d.Title == "" {
		return d.ID
	}
	return d.Title
}

func (d *Dossier) Subheading() string {
	return d.ID + " · " + string(d.Publisher) + " · " + d.Stage.Words
}

type markdown struct {
	w   io.Writer
	err error
}

func (m *markdown) printf(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.w, format, args...)
	}
}

// paragraphs writes prose, line by line; an empty line begins a new paragraph, another one breaks the line.
func (m *markdown) paragraphs(r Row) {
	for _, t := range r.Lines {
		for p := range strings.SplitSeq(t.Text, "\n\n") {
			var lines []string
			for line := range strings.Lines(p) {
				if line = Line(line); line != "" {
					lines = append(lines, Escape(line))
				}
			}
			if len(lines) > 0 {
				m.printf("\n%s\n", strings.Join(lines, "\\\n"))
			}
		}
		if t.Note != "" {
			m.printf("\n%s\n", Escape(t.Note))
		}
	}
}

// row writes a row as an item of a list; several lines are a list in it.
func (m *markdown) row(r Row) {
	indent := ""
	label := strings.TrimLeft(r.Label, " ")
	if label != r.Label {
		indent = "  "
	}
	switch len(r.Lines) {
	case 0:
		m.printf("%s- **%s:** %s\n", indent, Escape(label), NotSpecified)
	case 1:
		m.printf("%s- **%s:** %s\n", indent, Escape(label), m.line(r.Lines[0]))
	default:
		m.printf("%s- **%s:**\n", indent, Escape(label))
		for _, t := range r.Lines {
			m.printf("%s  - %s\n", indent, m.line(t))
		}
	}
}

func (m *markdown) line(t Text) string {
	s := Escape(t.Text)
	if t.URL != "" {
		s = "<" + t.URL + ">"
	}
	if t.Note != "" {
		s += " (" + Escape(t.Note) + ")"
	}
	return s
}

// Escape writes text on one line so that Markdown, as CommonMark and as GitHub have it, shows it as it is.
func Escape(text string) string {
	text = Line(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	digits := true // nothing but digits so far
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case strings.IndexByte("\\`*_[]<>#|~&!@$^", c) >= 0:
			b.WriteByte('\\')
		case i == 0 && strings.IndexByte("-+=:", c) >= 0, digits && i > 0 && (c == '.' || c == ')'):
			b.WriteByte('\\')
		case c == ':' && linked(text[:i], text[i+1:]), c == '.' && bare(text[:i]):
			b.WriteByte('\\')
		}
		digits = digits && '0' <= c && c <= '9'
		b.WriteByte(c)
	}
	return b.String()
}

// linked reports whether a colon stands between a scheme and an address, which GitHub makes a link.
func linked(before, after string) bool {
	if strings.HasPrefix(after, "//") {
		return true
	}
	for _, scheme := range []string{"mailto", "xmpp"} {
		if n := len(before) - len(scheme); n >= 0 && strings.EqualFold(before[n:], scheme) {
			return true
		}
	}
	return false
}

// bare reports whether a full stop follows www, which GitHub makes a link.
func bare(before string) bool {
	return len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "www")
}
