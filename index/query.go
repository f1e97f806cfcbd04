package index

import (
	"fmt"
	"iter"
	"strings"

	"bidfit/notice/words"
)

// Query is what is looked for. All parts must hold; the zero Query finds everything.
type Query struct {
	// Words must all be mentioned (in the sense of package words), in any
	// field; words in "double quotes" must stand together. Every other sign is
	// plain text: there are no operators. Words that carry no meaning are passed
	// over; where nothing else is left, nothing is found.
	Words string
	// Tokens must each be carried by the notice, as Tokens gives them; those
	// of one prefix are alternatives ("stage:tender", "stage:planned").
	Tokens []string
	// From and Size page through the hits; Size 0 means DefaultSize.
	From, Size int
}

// What a query may cost.
const (
	DefaultSize = 20
	MaxSize     = 1000   // hits on a page
	MaxReach    = 10_000 // From + Size
	MaxWords    = 1024   // bytes of Words
	MaxClauses  = 32     // words and quoted phrases
	MaxTokens   = 256    // tokens, each at most MaxWords bytes
)

// Page is the bounds of the page asked for, the default filled in. Its
// error, which wraps ErrQuery, says which bound the query is beyond.
func (q Query) Page() (from, size int, err error) {
	size = q.Size
	if size == 0 {
		size = DefaultSize
	}
	switch {
	case q.From < 0 || size < 0:
		return 0, 0, fmt.Errorf("%w: a page cannot start at %d with %d hits; neither may be negative", ErrQuery, q.From, q.Size)
	case size > MaxSize:
		return 0, 0, fmt.Errorf("%w: %d hits on a page; ask for at most %d", ErrQuery, size, MaxSize)
	case q.From > MaxReach-size:
		return 0, 0, fmt.Errorf("%w: hits up to the %dth; pages end at %d: narrow the search", ErrQuery, uint64(q.From)+uint64(size), MaxReach)
	}
	return q.From, size, nil
}

// Clauses reads Words: every clause is a word or a quoted phrase that must be
// mentioned, with the forms it may take. A quote that is not closed reaches to
// the end. The error wraps ErrQuery.
func (q Query) Clauses() ([]words.Phrase, error) {
	if len(q.Words) > MaxWords {
		return nil, fmt.Errorf("%w: %d bytes of words; give at most %d", ErrQuery, len(q.Words), MaxWords)
	}
	shouts := strings.ToUpper(q.Words) == q.Words && len(strings.Fields(q.Words)) > 1
	var clauses []words.Phrase
	for i, part := range strings.Split(q.Words, `"`) {
		if i%2 == 1 { // between quotes
			clauses = appendPhrase(clauses, part)
			continue
		}
		for _, word := range strings.Fields(part) {
			// Where all is in capitals they say little, save of a word that means nothing else.
			if n := len(clauses); shouts {
				if clauses = appendPhrase(clauses, strings.ToLower(word)); len(clauses) > n {
					continue
				}
			}
			clauses = appendPhrase(clauses, word)
		}
	}
	if len(clauses) > MaxClauses {
		return nil, fmt.Errorf("%w: %d words and phrases; give at most %d", ErrQuery, len(clauses), MaxClauses)
	}
	return clauses, nil
}

// appendPhrase leaves out a keyword of nothing but words without meaning. One
// that runs over the end of a sentence, where no phrase stands, is taken apart.
func appendPhrase(clauses []words.Phrase, keyword string) []words.Phrase {
	for sentence := range sentences(keyword) {
		if p, err := words.ParsePhrase(sentence); err == nil {
			clauses = append(clauses, p)
		}
	}
	return clauses
}

// sentences cuts a keyword where phrases end.
func sentences(keyword string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for _, t := range words.Tokens(keyword) {
			if !t.Gap {
				continue
			}
			if !yield(keyword[start:t.Start]) {
				return
			}
			start = t.Start
		}
		yield(keyword[start:])
	}
}

// Blank reports whether the query has no words at all, rather than words of which no clause is left.
func (q Query) Blank() bool { return strings.TrimSpace(q.Words) == "" }

// Groups sorts Tokens by prefix: one token of every group must be carried. The error wraps ErrQuery.
func (q Query) Groups() ([][]string, error) {
	if len(q.Tokens) > MaxTokens {
		return nil, fmt.Errorf("%w: %d tokens; give at most %d", ErrQuery, len(q.Tokens), MaxTokens)
	}
	var groups [][]string
	at := make(map[string]int)
	for _, t := range q.Tokens {
		if len(t) > MaxWords {
			return nil, fmt.Errorf("%w: a token of %d bytes; give at most %d", ErrQuery, len(t), MaxWords)
		}
		prefix, _, _ := strings.Cut(t, ":")
		i, ok := at[prefix]
		if !ok {
			i = len(groups)
			at[prefix] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	return groups, nil
}
