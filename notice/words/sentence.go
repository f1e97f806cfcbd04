package words

import (
	"strings"
	"unicode/utf8"
)

// Span is a byte span in a text.
type Span struct{ Start, End int }

// Sentence widens a span to the sentence around it, at most limit bytes, cut at word ends.
func Sentence(text string, span Span, limit int) Span {
	span.Start = min(max(span.Start, 0), len(text))
	span.End = min(max(span.End, span.Start), len(text))
	limit = max(limit, 0)

	// Nothing farther than limit can be in it.
	from, to := runeStart(text, max(0, span.Start-limit)), runeStart(text, min(len(text), span.End+limit))
	tokens := Tokens(text[from:to])
	for i := range tokens {
		tokens[i].Start += from
		tokens[i].End += from
	}
	first, last := covering(tokens, span)
	if first > last {
		return cut(text, span, limit)
	}
	left, right := first, last
	for left > 0 && !tokens[left].Gap {
		left--
	}
	for right+1 < len(tokens) && !tokens[right+1].Gap {
		right++
	}
	wide := func(l, r int) Span {
		s := Span{min(tokens[l].Start, span.Start), max(tokens[r].End, span.End)}
		return withMarks(text, s, edge(tokens, l-1), next(tokens, r+1, len(text)))
	}
	if s := wide(left, right); s.End-s.Start <= limit {
		return s
	}
	// Too long: widen from the span word by word, to both sides in turn.
	l, r := first, last
	best := cut(text, span, limit)
	for grown := true; grown; {
		grown = false
		if l > left {
			if s := (Span{min(tokens[l-1].Start, span.Start), max(tokens[r].End, span.End)}); s.End-s.Start <= limit {
				l, best, grown = l-1, s, true
			}
		}
		if r < right {
			if s := (Span{min(tokens[l].Start, span.Start), max(tokens[r+1].End, span.End)}); s.End-s.Start <= limit {
				r, best, grown = r+1, s, true
			}
		}
	}
	return best
}

// covering is the first and last token that overlap span; first > last where none does.
func covering(tokens []Token, span Span) (first, last int) {
	first, last = len(tokens), -1
	for i, t := range tokens {
		if t.End > span.Start && t.Start < max(span.End, span.Start+1) {
			first, last = min(first, i), i
		}
	}
	return first, last
}

// edge is where the token before a sentence ends; next where the one after it starts.
func edge(tokens []Token, i int) int {
	if i < 0 {
		return 0
	}
	return tokens[i].End
}

func next(tokens []Token, i, end int) int {
	if i >= len(tokens) {
		return end
	}
	return tokens[i].Start
}

// withMarks takes in the marks that belong to the sentence: an opening quote,
// bracket or pound sign before it, the full stop after it.
func withMarks(text string, s Span, from, to int) Span {
	for s.Start > from {
		r, size := utf8.DecodeLastRuneInString(text[from:s.Start])
		if !strings.ContainsRune("£€$(“\"‘'[", r) {
			break
		}
		s.Start -= size
	}
	for s.End < to {
		r, size := utf8.DecodeRuneInString(text[s.End:to])
		if !strings.ContainsRune(".!?…)”\"’']%,", r) {
			break
		}
		s.End += size
	}
	return s
}

// cut shortens a span to limit bytes, at the end of a word where it holds one.
func cut(text string, span Span, limit int) Span {
	if span.End-span.Start <= limit {
		return span
	}
	end := max(span.Start, runeStart(text, span.Start+limit))
	if r, _ := utf8.DecodeRuneInString(text[end:]); wordRune(r) {
		if blank := strings.LastIndexAny(text[span.Start:end], " \t\r\n"); blank > 0 {
			end = span.Start + blank
		}
	}
	return Span{span.Start, end}
}

// runeStart is the start of the rune that holds byte i; i where that is not UTF-8.
func runeStart(text string, i int) int {
	for start := i; start > i-utf8.UTFMax && start > 0 && start < len(text); start-- {
		if utf8.RuneStart(text[start]) {
			return start
		}
	}
	return i
}
