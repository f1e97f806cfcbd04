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
		upper := t.Upper && (Stop(t.Stem) || telling(t.Stem, shouts))
		if !upper && Light(t.Stem) {
			continue
		}
		meaning = meaning || upper || !Stop(t.Stem)
		written = append(written, Term{Stem: t.Stem, Upper: upper})
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
	return !consonants(stem) && (acronyms[stem] || !shouts && len(stem) <= 4)
}

// consonants reports whether a stem is three or more consonants: an acronym however it is written ("cctv").
func consonants(stem string) bool {
	return len(stem) >= 3 && !strings.ContainsAny(stem, "aeiouy")
}

// forms are the written terms, and those with one abbreviation in them spelt
// out or one spelt-out abbreviated.
func forms(written []Term) [][]Term {
	all := [][]Term{written}
	for i := range written {
		for _, a := range abbreviations[written[i].Stem] {
			for n, from := range a.ways {
				if !a.stands(from, written[i:]) {
					continue
				}
				for m, to := range a.ways {
					if m != n {
						all = append(all, slices.Concat(written[:i], to, written[i+len(from):]))
					}
				}
			}
		}
	}
	return all
}

// stands reports whether terms begin with a way of saying the abbreviation.
// Capitals matter where it is a word: "send" does not stand for SEND, but "asb" does for ASB.
func (a *abbreviation) stands(way, terms []Term) bool {
	if len(way) > len(terms) {
		return false
	}
	for i, w := range way {
		if w.Stem != terms[i].Stem || a.word && w.Upper && !terms[i].Upper {
			return false
		}
	}
	return true
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
