// Package words is the one meaning of "mentions": it turns text into stemmed
// tokens with the bytes they came from, and keywords into phrases that are found in
// such tokens. Search and matching both use it, so that what one finds the other finds.
//
// Whole words and stems, never substrings. British and American spellings have
// one stem. A word in capitals keeps that fact, so that the keyword "IT" does not find "it".
package words

// Token is one word of a text.
type Token struct {
	// Stem is the word folded (case, accents, British spelling) and stemmed.
	Stem string
	// Start and End are the byte span in the text the token came from.
	Start, End int
	// Upper marks an acronym: two or more letters, all capitals, in a text
	// that is not itself in capitals.
	Upper bool
	// Gap marks that a sentence or line ended before this token: phrases do not reach across it.
	Gap bool
}

// Tokens splits text into its words. Stop words are kept (phrases need them).
func Tokens(text string) []Token { panic("words: Tokens") }

// Stem folds and stems one word.
func Stem(word string) string { panic("words: Stem") }

// Stop reports whether a stem carries no meaning of its own ("the", "of", line-end residue such as "rn").
func Stop(stem string) bool { panic("words: Stop") }

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
func ParsePhrase(keyword string) (Phrase, error) { panic("words: ParsePhrase") }

// Span is a byte span in a text.
type Span struct{ Start, End int }

// Find lists where any form of the phrase stands in the tokens as adjacent words, in order, not overlapping.
func (p Phrase) Find(tokens []Token) []Span { panic("words: Find") }

// Sentence widens a span to the sentence around it, at most limit bytes, cut at word ends.
func Sentence(text string, span Span, limit int) Span { panic("words: Sentence") }

// Plain makes published text readable: HTML entities resolved, the lost line
// ends ("rn") and non-breaking spaces made white space, "PS704,000" made "£704,000", control and
// bidirectional-override characters removed. For display only: spans refer to the text as published.
func Plain(text string) string { panic("words: Plain") }
