package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"
)

// Options say who will read a CSV file.
type Options struct {
	// Excel writes a byte order mark first, without which Excel takes UTF-8 for the machine's old code page.
	Excel bool
	// Raw leaves the texts of the field map as they are, for programs: a spreadsheet may then run what a publisher wrote.
	Raw bool
}

// CSV writes rows by RFC 4180 (CRLF, quotes) as they come, a header first, until
// one of them is an error. Texts
// are made fit for a spreadsheet (see cell) unless o.Raw.
func CSV(w io.Writer, rows iter.Seq2[Row, error], o Options) error {
	out := bufio.NewWriter(w) // keeps its first error until Flush
	if o.Excel {
		out.WriteString("\ufeff")
	}
	fields := Fields()
	for i, f := range fields {
		separate(out, i)
		quote(out, f.Header)
	}
	out.WriteString("\r\n")
	for r, err := range rows {
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		for i, f := range fields {
			separate(out, i)
			v := f.Value(r)
			switch {
			case v == "":
			case f.Kind == Number:
				out.WriteString(v)
			case o.Raw:
				quote(out, v)
			default:
				quote(out, cell(v))
			}
		}
		if _, err := out.WriteString("\r\n"); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

func separate(w *bufio.Writer, column int) {
	if column > 0 {
		w.WriteByte(',')
	}
}

// quote writes a cell in quotes. Every text is quoted, so that a separator
// in it, of whatever locale, does not begin a cell of its own.
func quote(w *bufio.Writer, s string) {
	w.WriteByte('"')
	w.WriteString(strings.ReplaceAll(s, `"`, `""`))
	w.WriteByte('"')
}

// cell makes a text fit for a spreadsheet: on one line, no character that
// hides or turns others, and nothing at its start that would be run as a formula.
func cell(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c): // line ends and tabs too
			return ' '
		case unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	return guard(strings.Join(strings.Fields(s), " "))
}

// guard puts an apostrophe before a text that a spreadsheet would take for a
// formula, whatever unseen characters it begins with. Where the separator is the semicolon, a file with
// commas is split there too, so the same holds for what follows one.
// Tab, CR, LF and NUL, which are as dangerous, cell has already taken out.
func guard(s string) string {
	parts := strings.SplitAfter(s, ";")
	for i, p := range parts {
		if begun := strings.TrimLeftFunc(p, unseen); begun != "" && strings.ContainsRune("=+-@＝＋－＠", firstRune(begun)) {
			blanks := p[:len(p)-len(strings.TrimLeft(p, " "))]
			parts[i] = blanks + "'" + p[len(blanks):]
		}
	}
	return strings.Join(parts, "")
}

// unseen reports characters that take no ink: a spreadsheet looks past some of them.
func unseen(c rune) bool {
	return c == ' ' || unicode.In(c, unicode.Cf, unicode.Zs, unicode.Mn, unicode.Zl, unicode.Zp)
}

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return 0
}
