package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// longestPhrase is how many words a phrase has at most: "anti-social behaviour casework" has four.
const longestPhrase = 4

// phrase is a run of telling words, and where it was seen.
type phrase struct {
	key    string // its stems
	stems  []string
	rarity int64 // of its words together, in 256ths of a bit
	forms  map[string]int
	in     map[string]bool // sources that say it at all
	titled map[string]bool // sources that say it in a title
	item   bool            // it fills the space between two commas or words of grammar, as what is listed does
	buyers map[string]bool // whose notices they are
}

// text is the form of the phrase used most; of equals the longest, which is a noun more often than not.
func (p *phrase) text() string {
	return slices.MinFunc(slices.Collect(maps.Keys(p.forms)), func(a, b string) int {
		return cmp.Or(cmp.Compare(p.forms[b], p.forms[a]), cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

// phrases are gathered out of texts, by key.
type phrases struct {
	lexicon *matcher.Lexicon
	byKey   map[string]*phrase
}

func newPhrases(l *matcher.Lexicon) *phrases { return &phrases{l, map[string]*phrase{}} }

// read takes the phrases out of a text of a source. Names are passed over, and no phrase reaches across them.
func (ps *phrases) read(text, source, buyer string, title bool, named names) {
	var run []words.Token
	flush := func() {
		telling := func(t words.Token) bool { return ps.lexicon.Rarity(t) > 0 }
		if from := slices.IndexFunc(run, telling); from >= 0 {
			run = run[from:]
		}
		for n := len(run); n > 0 && !telling(run[n-1]) && !ends[run[n-1].Stem]; n = len(run) {
			run = run[:n-1]
		}
		for i := range run {
			for j := i + 1; j <= min(len(run), i+longestPhrase); j++ {
				ps.note(text, run[i:j], source, buyer, title, i == 0 && j == len(run))
			}
		}
		run = run[:0]
	}
	tokens := words.Tokens(text)
	masked := named.in(tokens)
	for _, t := range tokens {
		if n := len(run); n > 0 && (t.Gap || t.Start < run[n-1].End || !joined(text[run[n-1].End:t.Start])) {
			flush()
		}
		if words.Stop(t.Stem) && !t.Upper || masked(t) {
			flush()
			continue
		}
		run = append(run, t)
	}
	flush()
}

// joined reports whether what stands between two words leaves them one phrase.
func joined(between string) bool {
	return strings.Trim(between, " \t\n\r\u00a0-‐‑'’") == ""
}

// ends are words of procurement that name a trade at the end of a phrase: "grounds maintenance".
var ends = map[string]bool{words.Stem("maintenance"): true, words.Stem("management"): true}

// note keeps a phrase that begins and ends with a telling word.
func (ps *phrases) note(text string, run []words.Token, source, buyer string, title, item bool) {
	first, last := ps.lexicon.Rarity(run[0]), ps.lexicon.Rarity(run[len(run)-1])
	if first == 0 || last == 0 && !ends[run[len(run)-1].Stem] {
		return
	}
	stems := make([]string, len(run))
	for i, t := range run {
		if stems[i] = t.Stem; i > 0 && slices.Contains(stems[:i], t.Stem) {
			return
		}
	}
	key := strings.Join(stems, " ")
	p := ps.byKey[key]
	if p == nil {
		p = &phrase{key: key, stems: stems, forms: map[string]int{}, in: map[string]bool{}, titled: map[string]bool{}, buyers: map[string]bool{}}
		for _, t := range run {
			p.rarity += ps.lexicon.Rarity(t)
		}
		ps.byKey[key] = p
	}
	p.item = p.item || item
	p.forms[written(text, run)]++
	p.in[source] = true
	p.buyers[buyer] = true
	if title {
		p.titled[source] = true
	}
}

// written is a phrase as a keyword: in small letters but for what stands in capitals.
func written(text string, run []words.Token) string {
	var b strings.Builder
	for i, t := range run {
		if i > 0 {
			between := text[run[i-1].End:t.Start]
			if strings.ContainsAny(between, "-‐‑") {
				b.WriteByte('-')
			} else {
				b.WriteByte(' ')
			}
		}
		word := text[t.Start:t.End]
		if !t.Upper {
			word = strings.ToLower(word)
		}
		b.WriteString(word)
	}
	return plain(b.String(), longestKeyword)
}

// longestKeyword is the longest keyword proposed, in bytes.
const longestKeyword = 60

// usable reports whether a phrase can stand as a keyword: it can be looked for, is short, and names no place.
func usable(text string) bool {
	if len(text) < 2 || len(text) > longestKeyword || strings.HasSuffix(text, "…") {
		return false
	}
	if _, err := words.ParsePhrase(text); err != nil {
		return false
	}
	return !placed(text)
}

// placed reports whether a phrase or one of its words is the name of a place.
func placed(text string) bool {
	if _, err := itl.Parse(text); err == nil {
		return true
	}
	for word := range strings.FieldsSeq(text) {
		if _, err := itl.Parse(word); err == nil {
			return true
		}
	}
	return false
}

// leastAffinity is what a phrase's words have to have in common with the codes to be of their trade.
const leastAffinity = .25

// affinity is how much of what a phrase's words go with lies in some groups, 0 to 1, the telling words first; half
// where nothing is known of them.
func affinity(l *matcher.Lexicon, p *phrase, groups map[cpv.Code]bool) float64 {
	const unsure = 20 // percent of shares that say nothing either way
	inside, all := 0.0, 0.0
	for _, t := range words.Tokens(p.text()) {
		r := float64(l.Rarity(t))
		here, of := unsure/2., float64(unsure)
		for _, a := range l.Associations(t) {
			of += float64(a.Share)
			if groups[a.Class.At(cpv.Group)] {
				here += float64(a.Share)
			}
		}
		inside += r * here / of
		all += r
	}
	if all == 0 {
		return .5
	}
	return inside / all
}

// within reports whether the stems of a stand in b, in order and together.
func within(a, b []string) bool {
	for i := 0; i+len(a) <= len(b); i++ {
		if slices.Equal(a, b[i:i+len(a)]) {
			return true
		}
	}
	return false
}

// names are what organisations are called. What a buyer is called says nothing of what it buys, be it a part of
// the name; of a supplier, who may be named after its trade, only the whole name is passed over.
type names struct {
	buyer map[string]bool
	whole []words.Phrase
}

func namesOf(buyers, suppliers []notice.Organisation) names {
	n := names{buyer: map[string]bool{}}
	for i := range buyers {
		for _, t := range words.Tokens(buyers[i].Name.Value) {
			n.buyer[t.Stem] = true
		}
	}
	for i := range suppliers {
		if p, err := words.ParsePhrase(notice.NameKey(suppliers[i].Name.Value)); err == nil {
			n.whole = append(n.whole, p)
		}
	}
	return n
}

// in tells which tokens of a text belong to a name.
func (n names) in(tokens []words.Token) func(t words.Token) bool {
	var spans []words.Span
	for _, p := range n.whole {
		spans = append(spans, p.Find(tokens)...)
	}
	return func(t words.Token) bool {
		return n.buyer[t.Stem] || slices.ContainsFunc(spans, func(s words.Span) bool { return s.Start <= t.Start && t.End <= s.End })
	}
}
