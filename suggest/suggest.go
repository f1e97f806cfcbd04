// Package suggest drafts supplier profiles: out of the contracts a supplier has won ([FromWins],
// wins.go) and out of what it says of itself, with the notices that are most like that (text.go). It
// is pure: what it is given decides what it proposes, in whatever order it comes.
//
// Both look for [Phrase]s (phrases.go): runs of telling words as people and publishers write them. Every
// proposal says what it rests on.
package suggest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// Draft is a profile with the grounds of what stands in it. The profile passes Check.
type Draft struct {
	Profile  profiles.Profile `json:"profile"`
	Codes    []Code           `json:"cpv"`      // the best first
	Keywords []Keyword        `json:"keywords"` // the best first
	Exclude  []Keyword        `json:"exclude"`
	Notes    []Note           `json:"notes"` // on the other fields, in the order of a profile
}

// Code is a CPV code proposed.
type Code struct {
	Code cpv.Code `json:"code"`
	// Name is its own name or, as Of says, that of its nearest named ancestor.
	Name   string   `json:"name"`
	Of     cpv.Code `json:"of"`
	Ground string   `json:"ground"`
	// Taken says that it stands in the profile drafted.
	Taken bool `json:"taken"`
	// Notices in the store are filed under it or below it; Open of them are open.
	Notices  int       `json:"notices"`
	Open     int       `json:"open"`
	Examples []Example `json:"examples"`
}

// Keyword is a keyword or an excluded word proposed.
type Keyword struct {
	Text   string `json:"text"`
	Ground string `json:"ground"`
	Taken  bool   `json:"taken"`
	// Notices in the store mention it; Open of them are open.
	Notices  int       `json:"notices"`
	Open     int       `json:"open"`
	Examples []Example `json:"examples"`
}

// Example is a notice that bears a proposal out.
type Example struct {
	Notice string `json:"notice"`
	Title  string `json:"title"`
}

// Note says of a field what it was made of, or why it is left out and what to add.
type Note struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// mostExamples is how many examples a proposal has.
const mostExamples = 3

// example is a notice by its title.
func example(n *notice.Notice) Example { return Example{n.ID, plain(n.Title.Value, 200)} }

// plain makes published text fit for a profile: on one line, nothing invisible, cut at the end of a word where
// it is longer than most bytes.
func plain(text string, most int) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError, c == '\ufeff', unicode.Is(unicode.Bidi_Control, c):
			return -1
		case unicode.IsControl(c), c == '\u2028', c == '\u2029':
			return ' '
		}
		return c
	}, words.Plain(text))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text
	}
	cut := strings.LastIndexByte(text[:most-len("…")+1], ' ')
	if cut <= 0 {
		for cut = most - len("…"); cut > 0 && !utf8.RuneStart(text[cut]); cut-- {
		}
	}
	return strings.TrimRight(text[:cut], " ,;:-") + "…"
}

// ID makes an id of a profile out of a name: small letters, digits and dashes.
func ID(name string) string {
	var b strings.Builder
	dash := false
	for _, c := range words.Fold(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(c)
		} else if c != '\'' && c != '’' {
			dash = true
		}
		if b.Len() >= 40 {
			break
		}
	}
	if b.Len() == 0 {
		return "supplier"
	}
	return b.String()
}
