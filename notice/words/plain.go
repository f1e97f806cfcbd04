package words

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain makes published text readable: HTML entities resolved, the lost line
// ends ("rn") and non-breaking spaces made white space, "PS704,000" made "£704,000", control and
// bidirectional-override characters removed. For display only: spans refer to the text as published.
func Plain(text string) string {
	if simple(text) {
		return text
	}
	text = html.UnescapeString(text)
	var p page
	p.b.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r < utf8.RuneSelf && ascii[byte(r)].alnum:
			size = p.word(text, i)
		case r == '<':
			end, breaks := Tag(text, i)
			size = end - i
			if breaks {
				p.line()
			} else if size == 1 {
				p.rune(r)
			}
		case r == '\\' && escape(text, i) > 1:
			size = 2
			if text[i+1] == 'n' {
				p.line()
			}
			p.blank = true
		case r == '\n' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			p.line()
		case r == '\r':
			if !strings.HasPrefix(text[i+1:], "\n") {
				p.line()
			}
		case unicode.IsSpace(r):
			p.blank = true
		case hidden(r), r == utf8.RuneError && size == 1:
		case 0xF000 <= r && r <= 0xF0FF:
			p.rune('•')
		default:
			p.rune(r)
		}
		i += size
	}
	return p.b.String()
}

// simple reports whether a text has nothing that Plain would change.
func simple(text string) bool {
	blank := true // at the start, and after a blank
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			if blank {
				return false
			}
			blank = true
			continue
		case c < ' ' || c >= 0x7f || c == '&' || c == '<' || c == '\\':
			return false
		case c == 'n' && i > 0 && text[i-1] == 'r', c == 'S' && i > 0 && text[i-1] == 'P',
			ascii[c].capital && i > 0 && text[i-1] == 't':
			return false
		}
		blank = false
	}
	return !blank || text == ""
}

// page is text written with single blanks and at most one empty line at a time.
type page struct {
	b     strings.Builder
	blank bool
	lines int
}

func (p *page) line() { p.lines++ }

// space writes the white space due before the next character.
func (p *page) space() {
	switch {
	case p.b.Len() == 0:
	case p.lines > 0:
		p.b.WriteString("\n\n"[:min(p.lines, 2)])
	case p.blank:
		p.b.WriteByte(' ')
	}
	p.blank, p.lines = false, 0
}

func (p *page) rune(r rune) {
	p.space()
	p.b.WriteRune(r)
}

// word writes the raw word at i, its lost line ends made line ends, and returns its length.
func (p *page) word(text string, i int) int {
	end := wordEnd(text, i)
	raw := text[i:end]
	for start := 0; start < len(raw); {
		stop, next := Lost(raw, start)
		if stop > start {
			p.space()
			p.b.WriteString(Visible(pounds(raw[start:stop])))
		}
		p.lines += strings.Count(raw[stop:next], "rn")
		p.blank = p.blank || next > stop
		start = next
	}
	return end - i
}

// pounds writes the pound sign for "PS" before an amount. A single digit is none ("PS5").
func pounds(word string) string {
	if amount, ok := strings.CutPrefix(word, "PS"); ok && len(amount) > 1 && ascii[amount[0]].digit {
		return "£" + amount
	}
	return word
}

// hidden reports whether a character is not for display: controls, what only turns or joins other characters, and
// what nobody sees but a program reads (tags, variation selectors, fillers).
func hidden(r rune) bool {
	if r < utf8.RuneSelf {
		return unicode.IsControl(r)
	}
	return invisible(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Visible is text as it stands, without the characters that nobody sees; line ends and tabs stay. For readers that
// are programs: to them a text may say something else than to a person.
func Visible(text string) string {
	unseen := func(r rune) bool { return hidden(r) && r != '\n' && r != '\t' }
	if strings.IndexFunc(text, unseen) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, text)
}
