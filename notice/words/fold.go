package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold brings a raw word to plain small letters: case, accents and entities
// are folded, what stands inside of words is left out, a possessive 's is cut. The plural s of an acronym ("GPs") goes too.
func fold(raw string, acronym bool) string {
	raw, possessive := cutPossessive(raw)
	if acronym && !possessive {
		raw = strings.TrimSuffix(raw, "s")
	}
	if plain(raw) {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	digit := false
	for i := 0; i < len(raw); {
		r, size := runeAt(raw, i)
		switch {
		case r < utf8.RuneSelf:
			if ascii[byte(r)].alnum || r == '&' || r == '.' && digit {
				b.WriteRune(unicode.ToLower(r))
			}
		case apostrophe(r), invisible(r), r == utf8.RuneError:
		default:
			foldRune(&b, r)
		}
		digit = r < utf8.RuneSelf && ascii[byte(r)].digit
		i += size
	}
	return b.String()
}

// plain reports whether a raw word is small letters and digits already.
func plain(raw string) bool {
	for i := range len(raw) {
		if c := raw[i]; !ascii[c].alnum || ascii[c].capital {
			return false
		}
	}
	return true
}

// cutPossessive cuts "'s" from the end of a raw word.
func cutPossessive(raw string) (string, bool) {
	for k := len(raw) - 2; k > 0 && k >= len(raw)-8; k-- {
		if c := raw[k]; c != '&' && c != '\'' && c != '`' && c < utf8.RuneSelf {
			continue
		}
		r, size := runeAt(raw, k)
		if apostrophe(r) && strings.EqualFold(raw[k+size:], "s") {
			return raw[:k], true
		}
	}
	return raw, false
}

// Fold brings text to small letters without accents; whatever is no letter stays as it is.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
			b.WriteRune(r)
		default:
			foldRune(&b, r)
		}
	}
	return b.String()
}

// foldRune writes a letter that is not ASCII as the plain letters it stands for.
func foldRune(b *strings.Builder, r rune) {
	switch r {
	case 'ß', 'ẞ':
		b.WriteString("ss")
	case 'æ', 'Æ':
		b.WriteString("ae")
	case 'œ', 'Œ':
		b.WriteString("oe")
	case 'ø', 'Ø':
		b.WriteByte('o')
	case 'ł', 'Ł':
		b.WriteByte('l')
	case 'đ', 'Đ', 'ð', 'Ð':
		b.WriteByte('d')
	case 'þ', 'Þ':
		b.WriteString("th")
	case 'ı':
		b.WriteByte('i')
	default:
		for _, d := range norm.NFKD.String(string(r)) {
			if d = unicode.ToLower(d); wordRune(d) {
				b.WriteRune(d)
			}
		}
	}
}
