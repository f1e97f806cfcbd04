package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is what a raw word turned out to be.
type reading struct {
	pieces        []piece
	before, after bool     // a line ended before the first piece, after the last
	tails         []string // what may follow to make one word of two ("co-operation")
}

// piece is one token of a raw word, its span counted from the start of the raw word.
type piece struct {
	stem       string
	start, end int
	gap        bool // a line ended before it
	upper      bool // two or more letters, all capitals, or "A"
	lower      bool // some small letter
	small      bool // begins with a small letter
	doubt      bool // upper, and a stop word
}

// read takes a raw word apart: lost line ends first, then letters that run into
// numbers ("ISO9001"), then compounds ("healthcare").
func read(raw string) *reading {
	r := new(reading)
	if len(raw) <= longestHead {
		r.tails = tails[strings.ToLower(raw)]
	}
	gap := false
	for start := 0; start < len(raw); {
		end, next := Lost(raw, start)
		if end > start {
			r.add(raw, start, end, gap)
			gap = false
		}
		if next > end {
			if len(r.pieces) == 0 {
				r.before = true
			} else {
				gap = true
			}
		}
		start = next
	}
	r.after = gap
	return r
}

// add reads raw[start:end], which holds no line end.
func (r *reading) add(raw string, start, end int, gap bool) {
	mid := numberAt(raw, start, end)
	if mid > start && mid < end {
		r.add(raw, start, mid, gap)
		start, gap = mid, false
	}
	w := capitals(raw[start:end])
	w.start, w.end, w.gap = start, end, gap
	folded := fold(raw[start:end], w.upper)
	if folded == "" {
		return
	}
	for _, part := range parts(folded) {
		w.stem = stem(part)
		w.doubt = w.upper && w.stem != "it" && Stop(w.stem)
		r.pieces = append(r.pieces, w)
		w.gap = false
	}
}

// capitals says how a word is written.
func capitals(word string) piece {
	var p piece
	letters, small := 0, 0
	for i := 0; i < len(word); {
		c, size := runeAt(word, i)
		if letter(c) {
			letters++
			if !unicode.IsUpper(c) {
				small++
				p.lower = true
				p.small = p.small || i == 0
			}
		}
		i += size
	}
	// The plural of an acronym ("GPs", "T&Cs") is one.
	if small == 1 && letters > 2 && strings.HasSuffix(word, "s") {
		small, p.lower = 0, false
	}
	p.upper = letters >= 2 && small == 0 || word == "A"
	return p
}

// numberAt is where three or more digits follow two or more letters in
// raw[start:end] ("ISO9001", "BS7671", "PS704,000"), or end.
func numberAt(raw string, start, end int) int {
	i := start
	for i < end && ascii[raw[i]].letter {
		i++
	}
	if i-start < 2 || end-i < 3 {
		return end
	}
	for _, c := range []byte(raw[i:end]) {
		if !ascii[c].digit && c != ',' && c != '.' {
			return end
		}
	}
	return i
}

// Lost finds the first white space in raw[start:] that was lost as letters: "rn"
// for a line end, "t" for a tab. The word before it ends at end, what follows begins at next; both are len(raw) where there is none.
func Lost(raw string, start int) (end, next int) {
	for end = start; end < len(raw); end++ {
		if raw[end] != 'r' && raw[end] != 't' {
			continue
		}
		next = residue(raw, start, end)
		if next == end {
			continue
		}
		for more := residue(raw, next, next); more > next; more = residue(raw, next, next) {
			next = more
		}
		return end, next
	}
	return end, end
}

// residue is where the letters end at k that stand for white space, in the word that begins at start; k if there are none.
func residue(raw string, start, k int) int {
	if lostLineEnd(raw, start, k) {
		for strings.HasPrefix(raw[k:], "rn") {
			k += 2
		}
	} else if lostTab(raw, start, k) {
		k++
	}
	return k
}

// lostLineEnd reports whether "rn" stands at k and is the residue of a line end.
// English has no "rn" after a consonant and none at the start of a word; after a
// vowel the words that end in it are few enough to know.
func lostLineEnd(raw string, start, k int) bool {
	rest, ok := strings.CutPrefix(raw[k:], "rn")
	if !ok {
		return false
	}
	if k == start {
		return rest == "" || !small(rest[0]) || strings.HasPrefix(rest, "rn") || len(rest) > 4
	}
	before := raw[k-1]
	switch {
	case ascii[before].digit, strings.HasPrefix(rest, "rn"):
		return true
	case !ascii[before].letter: // accents and the like: as after a vowel
	case strings.IndexByte("aeiouyAEIOUY", before) < 0:
		return true
	}
	if rest != "" && (small(rest[0]) || !ascii[rest[0]].alnum) {
		return false // "international", "modern's"
	}
	word := strings.ToLower(raw[start : k+2])
	return !endsInRN[word] && !strings.HasSuffix(word, "burn") // no word ends in "bu", many places do in "burn"
}

// lostTab reports whether the "t" at k is the residue of a tab: before a word
// with a capital, at the start or after a number ("tServices", "3.2tThe").
func lostTab(raw string, start, k int) bool {
	return at(raw, k) == 't' && ascii[at(raw, k+1)].capital && 'a' <= at(raw, k+2) && at(raw, k+2) <= 'z' &&
		(k == start || ascii[raw[k-1]].digit)
}

// small reports whether c is a small letter, or part of a letter that is not ASCII.
func small(c byte) bool { return 'a' <= c && c <= 'z' || c >= utf8.RuneSelf }

// endsInRN are the words and names that end in "rn". "Torn" is left out: in
// notices it is "to" and a line end.
var endsInRN = set(`
	acorn adjourn astern bairn barn bern bittern born bourn cairn cavern
	churn cistern concern corn darn discern downturn earn eastern fern foghorn forlorn
	goldthorn govern hawthorn hearn holborn horn inborn intern kern lantern
	learn leghorn longhorn lovelorn malvern melbourn modern morn mourn nairn newborn nocturn northeastern northern northwestern
	osborn outworn overturn pattern peppercorn popcorn postern postmodern quern quorn reborn relearn return saturn
	scorn severn shorn shorthorn sojourn southeastern southern southwestern spurn stern stillborn
	strathearn stubborn sworn taciturn tavern tern thorn turn unborn unicorn unlearn upturn urn
	warn western worn wyvern yarn yearn`)
