// Package words is the one meaning of "mentions": it turns text into stemmed
// tokens with the bytes they came from, and keywords into phrases that are found in
// such tokens. Search and matching both use it, so that what one finds the other finds.
//
// Whole words and stems, never substrings. British and American spellings have
// one stem. A word in capitals keeps that fact, so that the keyword "IT" does not find "it".
//
// Bottom up: [Stem] folds a word (fold.go), settles its spelling (spelling.go) and
// cuts its ending (stem.go). [Tokens] scans a text into raw words (tokens.go) and
// reads each of them (word.go): line ends lost in it, compounds, capitals. [ParsePhrase] makes
// the forms of a keyword with the help of the abbreviations (abbreviations.go) and
// [Phrase.Find] looks for them (phrase.go). [Sentence] and [Plain] show a find to a person.
package words
