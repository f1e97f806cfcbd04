package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice/words"
)

// kind is what a token is.
type kind uint8

const (
	word   kind = iota // letters, with apostrophes between them
	number             // digits, with the points and commas between them
	mark               // one other rune, or the HTML entity for one
)

// token is a word, number or mark of a text. "12months" is a number and a word, "PS704,000" and
// "2x12" are taken apart too.
type token struct {
	start, end int
	r          rune // of a mark, entities resolved
	kind       kind
	gap        bool // a sentence or line ended before it
}

// scan is a text taken apart.
type scan struct {
	text    string
	low     string // the text with its letters of ASCII small
	tokens  []token
	numbers int // how many of them are numbers
}

// takeApart takes a text apart in one pass.
func takeApart(text string) *scan {
	s := &scan{text: text, low: small(text), tokens: make([]token, 0, len(text)/5+8)}
	ended, lines := false, 0 // since the last token: a sentence has; so many lines have
	soft := false            // a full stop stood there
	add := func(t token) {
		t.gap = len(s.tokens) > 0 && (ended || lines > 1 || (lines == 1 || soft) && !s.continues(t))
		s.tokens = append(s.tokens, t)
		ended, lines, soft = false, 0, false
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case digit(c):
			end := numberEnd(text, i)
			add(token{start: i, end: end, kind: number})
			s.numbers++
			i = end
		case c == ' ':
			i++
		case c == '\n' || c == '\v' || c == '\f' || c == '\t':
			lines++
			i++
		case c == '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				lines++
			}
			i++
		case c == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r' || text[i+1] == 't') && !letterAt(text, i+2):
			if text[i+1] != 'r' {
				lines++
			}
			i += 2
		default:
			r, size := runeAt(text, i)
			switch {
			case r == 'Â' && i+3 < len(text) && text[i+2] == 0xC2 && (text[i+3] == 0xA3 || text[i+3] == 0xA0):
				i += size // what is left of a second encoding: "Â£5m"
			case unicode.IsLetter(r):
				end := wordEnd(text, i)
				run, from := i, 0 // the letters, and where in them Lost looks
				if n := len(s.tokens); n > 0 && s.tokens[n-1].end == i {
					run = s.tokens[n-1].start // "£704,000rnLot"
				}
				for i < end {
					stop, next := end, end
					if strings.Contains(text[i:end], "rn") || c == 't' && from == 0 {
						stop, next = words.Lost(text[run:end], from)
						stop, next = run+stop, run+next
					}
					if stop > i {
						add(token{start: i, end: stop, kind: word})
					}
					lines += (next - stop + 1) / 2 // "rnrn" is two
					i, from = next, next-run
				}
			case unicode.IsSpace(r), r == '\u200b', r == '\ufeff':
				if r == '\u0085' || r == '\u2028' || r == '\u2029' {
					lines++
				}
				i += size
			case r == '<' && size == 1 && tagged(text, i):
				end, breaks := words.Tag(text, i)
				if breaks {
					lines++
				}
				i = end
			default:
				add(token{start: i, end: i + size, kind: mark, r: r})
				ended = ends(r)
				soft = r == '.' && !s.abbreviated()
				i += size
			}
		}
	}
	return s
}

// continues reports whether a token goes on with the line before it: a word in small letters, or a figure or pound sign after
// a word that asks for one.
func (s *scan) continues(t token) bool {
	if t.kind != word {
		return (t.kind == number || t.r == '£') && s.is(len(s.tokens)-1, "of", "to", "is", "than", "circa", "approximately", "exceed", "exceeding")
	}
	r, _ := utf8.DecodeRuneInString(s.text[t.start:])
	return unicode.IsLower(r)
}

// abbreviated reports whether the full stop just read belongs to the word before it: "approx. 5",
// "p.a.", "c. £5m", "No. 3".
func (s *scan) abbreviated() bool {
	n := len(s.tokens)
	if n > 1 && s.mark(n-2, ".") && s.joined(n-1) {
		n-- // "approx.. 5"
	}
	if n < 2 || s.tokens[n-2].end != s.tokens[n-1].start || s.tokens[n-2].kind != word {
		return false
	}
	switch w := s.lower(n - 2); w {
	case "approx", "est", "inc", "incl", "exc", "excl", "ex", "no", "nos", "max", "min", "eg", "ie", "etc", "st", "mr", "mrs", "dr", "ref", "tel":
		return true
	default:
		return len(w) == 1
	}
}

// ends reports whether a mark ends a sentence or an entry of a list.
func ends(r rune) bool {
	switch r {
	case '!', '?', ';', '|', '•', '·', '▪', '●', '◦', '■', '\u0085':
		return true
	}
	return 0xF000 <= r && r <= 0xF0FF // bullets of symbol fonts
}

// lower is token i in small letters.
func (s *scan) lower(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.low[s.tokens[i].start:s.tokens[i].end]
}

// small is a text with its capitals of ASCII in small letters, byte for byte.
func small(text string) string {
	var low []byte
	for i := range len(text) {
		if c := text[i]; 'A' <= c && c <= 'Z' {
			if low == nil {
				low = []byte(text)
			}
			low[i] = c | 0x20
		}
	}
	if low == nil {
		return text
	}
	return string(low)
}

// is reports whether token i is one of some words, given in small letters.
func (s *scan) is(i int, any ...string) bool {
	if i < 0 || i >= len(s.tokens) {
		return false
	}
	t := s.low[s.tokens[i].start:s.tokens[i].end]
	for _, w := range any {
		if t == w {
			return true
		}
	}
	return false
}

// mark reports whether token i is one of some marks.
func (s *scan) mark(i int, any string) bool {
	return i >= 0 && i < len(s.tokens) && s.tokens[i].kind == mark && strings.ContainsRune(any, s.tokens[i].r)
}

// kind reports whether token i is there and of a kind.
func (s *scan) kind(i int, k kind) bool {
	return i >= 0 && i < len(s.tokens) && s.tokens[i].kind == k
}

// joined reports whether nothing stands between token i and the one before it.
func (s *scan) joined(i int) bool {
	return i > 0 && i < len(s.tokens) && s.tokens[i-1].end == s.tokens[i].start
}

// sentence is the tokens of the sentence around token i, at most far of them to either side.
func (s *scan) sentence(i, far int) (from, to int) {
	from, to = i, i+1
	for from > 0 && i-from < far && !s.tokens[from].gap {
		from--
	}
	for to < len(s.tokens) && to-i <= far && !s.tokens[to].gap {
		to++
	}
	return from, to
}

// dash reports whether token i is a hyphen or dash, of whatever length.
func (s *scan) dash(i int) bool { return s.mark(i, "-–—‐‑‒−") }

// whole reads token i as a whole number from 0 to 9999, in digits or as a word ("twelve").
func (s *scan) whole(i int) (int, bool) {
	if i < 0 || i >= len(s.tokens) {
		return 0, false
	}
	t := s.tokens[i]
	switch t.kind {
	case number:
		n := 0
		if t.end-t.start > 4 {
			return 0, false
		}
		for _, c := range []byte(s.text[t.start:t.end]) {
			if !digit(c) {
				return 0, false
			}
			n = n*10 + int(c-'0')
		}
		return n, true
	case word:
		n, ok := numerals[s.lower(i)]
		return n, ok
	}
	return 0, false
}

// numerals are the numbers met as words.
var numerals = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}

// tagged reports whether an HTML tag stands at i.
func tagged(text string, i int) bool {
	end, _ := words.Tag(text, i)
	return end > i+1
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func letterAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[min(i, len(text)):])
	return unicode.IsLower(r)
}

// numberEnd is where the number that starts at i ends: digits, and points and commas before a digit.
func numberEnd(text string, i int) int {
	for i++; i < len(text); i++ {
		if c := text[i]; !digit(c) && (c != '.' && c != ',' || i+1 == len(text) || !digit(text[i+1])) {
			break
		}
	}
	return i
}

// wordEnd is where the word that starts at i ends: letters, and an apostrophe before a letter.
func wordEnd(text string, i int) int {
	for i < len(text) {
		if c := text[i] | 0x20; 'a' <= c && c <= 'z' {
			i++
			continue
		}
		r, size := runeAt(text, i)
		if r == '\'' || r == '’' {
			r, _ = runeAt(text, i+size)
		}
		if !unicode.IsLetter(r) {
			break
		}
		i += size
	}
	return i
}

// runeAt is the rune at i and its length in bytes, an HTML entity being the rune it stands for.
func runeAt(text string, i int) (rune, int) {
	if i < len(text) && text[i] == '&' {
		return words.Entity(text[i:])
	}
	return utf8.DecodeRuneInString(text[min(i, len(text)):])
}

// set is the words of a list.
func set(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}
