package words

import (
	"html"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Token is one word of a text.
type Token struct {
	// Stem is the word folded (case, accents, British spelling) and stemmed.
	Stem string
	// Start and End are the byte span in the text the token came from. The
	// parts of a compound written as one word ("healthcare") share its span.
	Start, End int
	// Upper marks a word of two or more letters, all capitals: an acronym, or a
	// word of a sentence that is itself in capitals. There a stop word is never
	// marked, save IT, which in capitals is hardly ever the pronoun: so a token is
	// without meaning when Stop(t.Stem) && !t.Upper, in every text. The A of "Category A" is marked too.
	Upper bool
	// Gap marks that a sentence or line ended before this token: phrases do not reach across it.
	Gap bool
}

// Tokens splits text into its words. Stop words are kept (phrases need them).
func Tokens(text string) []Token {
	memo := memos.Get().(*memo)
	defer memos.Put(memo)
	s := scanner{text: text, memo: memo, tokens: make([]Token, 0, len(text)/6+1)}
	s.scan()
	return s.tokens
}

// memo remembers how raw words read, since a text repeats itself and stemming
// a word costs twenty times the look-up. It changes the speed of Tokens and
// nothing else, and is emptied when full.
type memo struct {
	readings map[string]*reading
}

const (
	memoWords = 1 << 15 // words a memo holds
	memoBytes = 48      // longest raw word it holds
)

var memos = sync.Pool{New: func() any { return &memo{readings: make(map[string]*reading)} }}

func (m *memo) read(raw string) *reading {
	if r, ok := m.readings[raw]; ok {
		return r
	}
	r := read(raw)
	if len(raw) <= memoBytes {
		if len(m.readings) >= memoWords {
			clear(m.readings)
		}
		m.readings[strings.Clone(raw)] = r
	}
	return r
}

// scanner walks a text once.
type scanner struct {
	text   string
	memo   *memo
	tokens []Token

	gap  bool // a line or sentence has ended since the last word
	stop bool // a full stop stood since the last word: the end of a sentence, unless it goes on in lower case

	// The sentence being read: its first token, and what it holds.
	sentence        int
	capitals, lower int  // words in capitals, words not
	doubt           bool // one of the capitals is a stop word: acronym or shouting?
}

func (s *scanner) scan() {
	for i := 0; i < len(s.text); {
		r, size := runeAt(s.text, i)
		switch {
		case wordRune(r):
			i = s.word(i)
		case r == '<' && size == 1:
			end, breaks := Tag(s.text, i)
			s.gap = s.gap || breaks
			i = end
		case r == '\\':
			size = escape(s.text, i)
			s.gap = s.gap || size > 1
			i += size
		case r == '&':
			s.tokens = append(s.tokens, Token{Stem: "and", Start: i, End: i + size, Gap: s.take(false)})
			i += size
		case r == '.':
			s.stop = s.stop || !s.abbreviated(i)
			i += size
		default:
			s.gap = s.gap || breaker(r)
			i += size
		}
	}
	s.endSentence()
}

// take says whether a sentence ended before the word that comes, and forgets it.
// A full stop before a small letter ends none ("approx. ten").
func (s *scanner) take(small bool) bool {
	gap := len(s.tokens) > 0 && (s.gap || s.stop && !small)
	s.gap, s.stop = false, false
	if gap {
		s.endSentence()
	}
	return gap
}

// word reads the raw word at i, gives its tokens and returns where it ends.
func (s *scanner) word(i int) int {
	end := wordEnd(s.text, i)
	r := s.memo.read(s.text[i:end])
	if r.tails != nil {
		if joined := joinedEnd(s.text, end, r.tails); joined > end {
			end = joined
			r = s.memo.read(s.text[i:end])
		}
	}
	s.gap = s.gap || r.before
	for _, p := range r.pieces {
		s.gap = s.gap || p.gap
		gap := s.take(p.small)
		p.upper = p.upper && (p.end-p.start > 1 || !gap && len(s.tokens) > 0) // "A service"
		s.tokens = append(s.tokens, Token{Stem: p.stem, Start: i + p.start, End: i + p.end, Upper: p.upper, Gap: gap})
		if p.upper {
			s.capitals++
			s.doubt = s.doubt || p.doubt
		} else if p.lower {
			s.lower++
		}
	}
	s.gap = s.gap || r.after
	return end
}

// endSentence settles the capital stop words of the sentence just read: among
// small letters they are acronyms (HE, WHO, US), in a sentence that shouts they are stop words.
func (s *scanner) endSentence() {
	if s.doubt && s.capitals > 1 && s.capitals >= 3*s.lower {
		for k := s.sentence; k < len(s.tokens); k++ {
			if t := &s.tokens[k]; t.Upper && t.Stem != "it" && Stop(t.Stem) {
				t.Upper = false
			}
		}
	}
	s.sentence, s.capitals, s.lower, s.doubt = len(s.tokens), 0, 0, false
}

// abbreviated reports whether the full stop at i belongs to the word before it
// ("St. Helens", "No. 5", "A. Smith").
func (s *scanner) abbreviated(i int) bool {
	if len(s.tokens) == 0 {
		return false
	}
	t := &s.tokens[len(s.tokens)-1]
	if t.End != i {
		return false
	}
	switch t.Stem {
	case "st", "no", "dr", "mr", "mrs", "ms", "prof", "eg", "ie", "approx":
		return true
	}
	return t.End-t.Start == 1 && letter(rune(s.text[t.Start]))
}

// escape is the length of the backslash at i, with the "r", "n" or "t" that makes
// it white space published as its escape. Before a small letter or digit it is none ("C:\new").
func escape(text string, i int) int {
	switch at(text, i+1) {
	case 'r', 'n', 't':
		if c := at(text, i+2); !small(c) && !ascii[c].digit {
			return 2
		}
	}
	return 1
}

// runeAt is the rune at i and its length in bytes, an HTML entity being the rune
// it stands for; 0, 0 at the end. Bytes that are not UTF-8 are utf8.RuneError.
func runeAt(text string, i int) (rune, int) {
	if i >= len(text) {
		return 0, 0
	}
	c := text[i]
	if c == '&' {
		return Entity(text[i:])
	}
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[i:])
}

// Entity is the rune an HTML entity at the start of text stands for, or '&'.
func Entity(text string) (rune, int) {
	const longest = 10 // "&thetasym;"
	end := strings.IndexByte(text[:min(len(text), longest)], ';')
	if end < 2 {
		return '&', 1
	}
	for _, c := range []byte(text[1:end]) {
		if !ascii[c].alnum && c != '#' {
			return '&', 1
		}
	}
	s := html.UnescapeString(text[:end+1])
	r, size := utf8.DecodeRuneInString(s)
	if size != len(s) {
		return '&', 1 // no such entity
	}
	return r, end + 1
}

// ascii says what a byte below 128 is.
var ascii = func() (t [256]struct{ alnum, digit, letter, capital bool }) {
	for c := range 128 {
		b := byte(c)
		t[c].digit = '0' <= b && b <= '9'
		t[c].capital = 'A' <= b && b <= 'Z'
		t[c].letter = t[c].capital || 'a' <= b && b <= 'z'
		t[c].alnum = t[c].digit || t[c].letter
	}
	return t
}()

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return ascii[byte(r)].alnum
	}
	return letter(r) || unicode.IsNumber(r)
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return ascii[byte(r)].letter
	}
	return unicode.IsLetter(r) && r != 'ʼ' // an apostrophe, though Unicode counts it with the letters
}

// breaker reports whether a rune between words ends a sentence or line.
func breaker(r rune) bool {
	switch r {
	case '\n', '\r', '\t', '\v', '\f', '!', '?', ';', '|', '•', '·', '▪', '●', '◦', '■', '\u0085', '\u2028', '\u2029':
		return true
	}
	return 0xF000 <= r && r <= 0xF0FF // bullets of symbol fonts
}

// apostrophe reports whether r is one, as typed, as set, or as left over from Windows-1252.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', 'ʼ', '‘', '`', '\u0092':
		return true
	}
	return false
}

// invisible reports whether r takes no room and may stand inside a word: soft
// hyphens, zero-width characters, directional marks.
func invisible(r rune) bool {
	return r == '\u00ad' || '\u200b' <= r && r <= '\u200f' || '\u202a' <= r && r <= '\u202e' ||
		'\u2060' <= r && r <= '\u2069' || r == '\ufeff'
}

// wordEnd is where the raw word that starts at i ends. A raw word is letters and
// digits and what stands inside of words: apostrophes, the points of a number,
// the dots of "U.K.", the ampersand of "M&E".
func wordEnd(text string, i int) int {
	_, size := runeAt(text, i)
	j := i + size
	for j < len(text) {
		c := text[j]
		if ascii[c].alnum {
			j++
			continue
		}
		var end int
		switch {
		case c == ' ' || c == '.' || c == ',':
			end = inside(text, i, j)
		case c == '&' || c == '\'' || c == '`' || c >= utf8.RuneSelf:
			end = unusual(text, i, j)
		}
		if end == 0 {
			break
		}
		j = end
	}
	return j
}

// inside returns where the word that began at i goes on after the blank, dot or comma at j, or 0.
func inside(text string, i, j int) int {
	if text[j] == ' ' {
		if j-i == 1 && ascii[text[i]].capital {
			return ampersand(text, i, j) // "M & E"
		}
		return 0
	}
	if j+1 >= len(text) {
		return 0
	}
	before, after := ascii[text[j-1]], ascii[text[j+1]]
	switch {
	case text[j] == ',':
		if before.digit && thousands(text[j+1:]) {
			return j + 1 // "1,530,000"
		}
	case before.digit && after.digit:
		return j + 1 // "3.5"
	case before.letter && after.letter && (j == i+1 || text[j-2] == '.'):
		if r, _ := runeAt(text, j+2); !wordRune(r) {
			return j + 2 // "U.K", "e.g"
		}
	}
	return 0
}

// thousands reports whether text starts with exactly three digits.
func thousands(text string) bool {
	if len(text) < 3 || !ascii[text[0]].digit || !ascii[text[1]].digit || !ascii[text[2]].digit {
		return false
	}
	return len(text) == 3 || !ascii[text[3]].digit
}

// unusual returns where the word that began at i goes on after the rune at j
// that is no plain letter, or 0.
func unusual(text string, i, j int) int {
	r, size := runeAt(text, j)
	next := j + size
	switch {
	case r == '&':
		return ampersand(text, i, j)
	case apostrophe(r):
		if after, _ := runeAt(text, next); letter(after) {
			return next
		}
	case invisible(r), wordRune(r), r >= utf8.RuneSelf && unicode.IsMark(r):
		return next
	}
	return 0
}

// ampersand returns where an acronym such as "M&E", "R&amp;D" or "M & E" goes on
// after the ampersand at j (or the blank before it), or 0 where there is none.
func ampersand(text string, i, j int) int {
	spaced := text[j] == ' '
	if spaced {
		j++
	}
	r, size := runeAt(text, j)
	if r != '&' || size == 0 {
		return 0
	}
	j += size
	if spaced {
		if j >= len(text) || text[j] != ' ' {
			return 0
		}
		j++
		if j >= len(text) || !ascii[text[j]].capital {
			return 0
		}
	}
	if !fewLetters(text[i:]) || !fewLetters(text[j:]) || spaced && ascii[at(text, j+1)].alnum {
		return 0
	}
	return j
}

// fewLetters reports whether text starts with a word of one or two letters (a plural s not counted).
func fewLetters(text string) bool {
	n := 0
	for n < len(text) && n < 4 && ascii[text[n]].letter {
		n++
	}
	if n == 3 && text[2] == 's' {
		n--
	}
	return n == 1 || n == 2
}

// at is the byte at i, 0 beyond the end.
func at(text string, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return 0
}

// Tag returns the end of the HTML tag at i and whether it breaks the line; where there is none, the next byte.
func Tag(text string, i int) (end int, breaks bool) {
	const longest = 2048
	rest := text[i+1 : min(len(text), i+longest)]
	name := strings.TrimPrefix(rest, "/")
	n := 0
	for n < len(name) && ascii[name[n]].alnum {
		n++
	}
	breaks, known := tags[strings.ToLower(name[:min(n, 10)])]
	if !known {
		return i + 1, false
	}
	close := strings.IndexAny(rest, "<>")
	if close < 0 || rest[close] != '>' {
		return i + 1, false
	}
	return i + 1 + close + 1, breaks
}

// tags are the HTML elements met in descriptions, and whether they break the line.
var tags = map[string]bool{
	"a": false, "abbr": false, "b": false, "code": false, "em": false, "font": false, "i": false, "img": false,
	"s": false, "small": false, "span": false, "strike": false, "strong": false, "sub": false, "sup": false, "u": false,
	"blockquote": true, "body": true, "br": true, "center": true, "dd": true, "div": true, "dl": true, "dt": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "head": true, "hr": true, "html": true,
	"li": true, "ol": true, "p": true, "pre": true, "section": true, "table": true, "tbody": true, "td": true,
	"tfoot": true, "th": true, "thead": true, "title": true, "tr": true, "ul": true,
}
