package export

import (
	"strings"
	"unicode"
)

// line makes foreign text fit to be shown: on one line, and no character that hides or turns others or that XML forbids.
func line(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c): // line ends and tabs too
			return ' '
		case unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c&0xfffe == 0xfffe:
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

// cell is a line that a spreadsheet does not run as a formula.
func cell(s string) string { return guard(line(s)) }

// guard puts an apostrophe before a text that a spreadsheet would take for a
// formula, whatever unseen characters it begins with. Where the separator is the semicolon, a file with
// commas is split there too, so the same holds for what follows one.
// Tab, CR, LF and NUL, which are as dangerous, line has already taken out.
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
