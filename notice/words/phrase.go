package words

import (
	"fmt"
	"slices"
	"strings"
)

// Term is one word of a phrase as it has to appear.
type Term struct {
	Stem string
	// Upper demands an acronym (or a text wholly in capitals).
	Upper bool
}

// Phrase is a keyword made ready to be found: the forms it may take (as
// written, joined or split, abbreviated or spelt out), the written one first.
type Phrase struct {
	Text  string
	Forms [][]Term
}

const maxForms = 16 // of one phrase; a keyword of five abbreviations is no keyword

// ParsePhrase makes a phrase of a keyword. It fails when nothing but stop words is left.
func ParsePhrase(keyword string) (Phrase, error) {
	tokens := Tokens(keyword)
	if len(tokens) == 0 {
		return Phrase{}, fmt.Errorf("keyword %q has no letters or digits: write the words to look for", keyword)
	}
	written := make([]Term, 0, len(tokens))
	meaning := false
	shouts := shouting(keyword, tokens)
	for i, t := range tokens {
		if t.Gap {
			return Phrase{}, fmt.Errorf("keyword %q runs over the end of a sentence or line, where phrases end: make %q and %q two keywords",
				keyword, keyword[:tokens[i-1].End], keyword[t.Start:])
		}
		if !t.Upper && Light(t.Stem) {
			continue
		}
		meaning = meaning || t.Upper || !Stop(t.Stem)
		written = append(written, Term{Stem: t.Stem, Upper: t.Upper && telling(t.Stem, shouts)})
	}
	if !meaning {
		return Phrase{}, fmt.Errorf("keyword %q is made of words that stand in every text: add a telling word, or write an acronym in capitals (IT)", keyword)
	}
	return Phrase{Text: keyword, Forms: forms(written)}, nil
}

// shouting reports whether a keyword is several words, all in capitals, whose
// capitals therefore say little.
func shouting(keyword string, tokens []Token) bool {
	for _, t := range tokens {
		for _, c := range []byte(keyword[t.Start:t.End]) {
			if 'a' <= c && c <= 'z' {
				return false
			}
		}
	}
	return len(tokens) > 1
}

// telling reports whether the capitals of a keyword's word have to be met in the
// text: they tell IT from it, and FM from what else fm may be.
func telling(stem string, shouts bool) bool {
	return !consonants(stem) && (stem == "it" || acronyms[stem] || !shouts && len(stem) <= 4)
}

// consonants reports whether a stem is three or more consonants: an acronym however it is written ("cctv").
func consonants(stem string) bool {
	return len(stem) >= 3 && !strings.ContainsAny(stem, "aeiouy")
}

// forms are the ways to say the same terms, each abbreviation in them spelt out
// and each spelt-out one abbreviated.
func forms(written []Term) [][]Term {
	all := [][]Term{written}
	for n := 0; n < len(all) && len(all) < maxForms; n++ {
		for i := range all[n] {
			for _, a := range abbreviations[all[n][i].Stem] {
				for _, side := range [...]struct{ from, to []Term }{{a.short, a.long}, {a.long, a.short}} {
					if !stands(side.from, all[n][i:], a.word) {
						continue
					}
					form := slices.Concat(all[n][:i], side.to, all[n][i+len(side.from):])
					if !slices.ContainsFunc(all, func(f []Term) bool { return same(f, form) }) && len(all) < maxForms {
						all = append(all, form)
					}
				}
			}
		}
	}
	return all
}

// stands reports whether terms begin with what is looked for. Capitals matter
// where the abbreviation is a word: "send" does not stand for SEND, but "asb" does for ASB.
func stands(want, terms []Term, word bool) bool {
	if len(want) > len(terms) {
		return false
	}
	for i, w := range want {
		if w.Stem != terms[i].Stem || word && w.Upper && !terms[i].Upper {
			return false
		}
	}
	return true
}

func same(a, b []Term) bool {
	return slices.EqualFunc(a, b, func(x, y Term) bool { return x.Stem == y.Stem })
}

// Find lists where any form of the phrase stands in the tokens as adjacent words, in order, not overlapping.
// Light words are passed over: no form has them, and in a text they do not part what they stand between.
func (p Phrase) Find(tokens []Token) []Span {
	var found []Span
	for i := 0; i < len(tokens); {
		end := 0
		for _, form := range p.Forms {
			end = max(end, match(form, tokens, i))
		}
		if end == 0 {
			i++
			continue
		}
		found = append(found, Span{tokens[i].Start, tokens[end-1].End})
		i = end
	}
	return found
}

// match returns the token after the form that stands at tokens[i], 0 where it does not.
func match(form []Term, tokens []Token, i int) int {
	if len(form) == 0 || !form[0].is(&tokens[i]) {
		return 0
	}
	i++
	for _, term := range form[1:] {
		for ; ; i++ {
			if i == len(tokens) || tokens[i].Gap {
				return 0
			}
			if term.is(&tokens[i]) {
				break
			}
			if tokens[i].Upper || !Light(tokens[i].Stem) {
				return 0
			}
		}
		i++
	}
	return i
}

// is reports whether a token is the term.
func (t Term) is(token *Token) bool {
	return t.Stem == token.Stem && (token.Upper || !t.Upper)
}
