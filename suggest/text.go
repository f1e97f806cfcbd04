package suggest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// Near is a notice that is like what a text says, and how relevant it is to a profile made of the text alone, 0 to 100.
type Near struct {
	*notice.Notice
	Relevance int
}

// Ground is what a text is held against.
type Ground struct {
	Lexicon *matcher.Lexicon
	Names   cpv.Names
	// Notices is how many there are in the store.
	Notices int
	// Near are the notices that are most like the text, in any order.
	Near []Near
	// Coded and Saying count the notices filed under a code or below it, and those that say a phrase.
	Coded  func(cpv.Code) (int, error)
	Saying func(phrase string) (int, error)
	// Mentioning lists some notices that say a phrase, the best first.
	Mentioning func(phrase string) ([]*notice.Notice, error)
}

const (
	codesShown    = 12
	codesTaken    = 8
	keywordsShown = 24
	keywordsTaken = 16
	borrowed      = 8 // of them, phrases that only the notices use
	excludeShown  = 8

	// mostOwn is how many phrases of the text are looked for, what it lists before what it says in passing.
	mostOwn = 400
)

// Text drafts a profile of what somebody says of itself. ID and name are left to whoever asks.
func Text(text string, g Ground) (Draft, error) {
	d := Draft{Codes: []Code{}, Keywords: []Keyword{}, Exclude: []Keyword{}}
	d.Profile = Bare(text)
	s := newStudy(d.Profile.Description, g)
	var err error
	if d.Codes, err = s.codes(); err != nil {
		return Draft{}, err
	}
	for _, c := range d.Codes {
		if c.Taken {
			d.Profile.CPV = append(d.Profile.CPV, c.Code)
		}
	}
	if d.Keywords, err = s.keywords(d.Codes); err != nil {
		return Draft{}, err
	}
	for _, k := range d.Keywords {
		if k.Taken {
			d.Profile.Keywords = append(d.Profile.Keywords, k.Text)
		}
	}
	if d.Exclude, err = s.exclude(d); err != nil {
		return Draft{}, err
	}
	if slices.ContainsFunc(d.Keywords, func(k Keyword) bool { return !k.Taken }) {
		d.note("keywords", "phrases that only the notices use are proposed and not taken; add those that are yours")
	}
	if len(d.Exclude) > 0 {
		d.note("exclude", "an excluded word bars whatever says it in its title, so none is taken; add those proposed that are not your trade")
	}
	d.Notes = append(d.Notes, []Note{
		{"regions", "the text is not read for places; add the regions you work in, such as TLG2 or Wales"},
		{"value", "unknown; add the smallest and largest contract you want: value: {min: 10000, max: 750000} in net pounds"},
		{"sme", "unknown; add sme: true or false, and vcse: true for a voluntary, community or social enterprise"},
		{"experience", "none; add contracts you have delivered, each in a few words"},
	}...)
	return d, nil
}

// Bare is a profile that has a text alone.
func Bare(text string) profiles.Profile {
	return profiles.Profile{ID: "draft", Name: "Draft", Description: tidy(text)}
}

// tidy makes a text fit to be a description: its lines kept, nothing invisible, 20,000 bytes at most.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		lines = append(lines, plain(line, len(line)+len("…")))
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	const most = 20_000
	if len(text) > most {
		text = plain(text, most)
	}
	return text
}

// study is a text being held against its ground.
type study struct {
	Ground
	text  string
	near  []Near // in order of their ids
	all   float64
	own   *phrases  // of the text
	their *phrases  // of the notices
	said  []*phrase // the text's own, in order of their keys
	byID  map[string]*notice.Notice
	worth map[string]float64
	// proper are words that the text writes with a capital where no sentence begins, and so are names.
	proper map[string]bool
}

func newStudy(text string, g Ground) *study {
	s := &study{Ground: g, text: text, own: newPhrases(g.Lexicon), their: newPhrases(g.Lexicon), byID: map[string]*notice.Notice{}, worth: map[string]float64{}}
	s.near = slices.Clone(g.Near)
	slices.SortFunc(s.near, func(a, b Near) int { return strings.Compare(a.ID, b.ID) })
	s.near = slices.CompactFunc(s.near, func(a, b Near) bool { return a.ID == b.ID })
	s.proper = properNouns(text)
	s.own.read(text, "", "", false, names{})
	best := 1
	for _, n := range s.near {
		best = max(best, n.Relevance)
	}
	for _, n := range s.near {
		s.byID[n.ID] = n.Notice
		w := math.Pow(float64(n.Relevance)/float64(best), nearness)
		s.worth[n.ID] = w
		s.all += w
		buyers := append([]notice.Organisation{n.Buyer}, n.Buyers...)
		named := namesOf(buyers, nil)
		buyer := notice.NameKey(n.Buyer.Name.Value)
		s.their.read(n.Title.Value, n.ID, buyer, true, named)
		s.their.read(n.Description.Value, n.ID, buyer, false, named)
		for i := range n.Lots {
			if l := &n.Lots[i]; i < 20 {
				s.their.read(l.Title.Value, n.ID, buyer, true, named)
				s.their.read(l.Description.Value, n.ID, buyer, false, named)
			}
		}
	}
	s.said = slices.SortedFunc(maps.Values(s.own.byKey), func(a, b *phrase) int {
		return cmp.Or(cmp.Compare(s.passing(a), s.passing(b)), cmp.Compare(b.rarity, a.rarity), strings.Compare(a.key, b.key))
	})
	s.said = s.said[:min(mostOwn, len(s.said))]
	slices.SortFunc(s.said, func(a, b *phrase) int { return strings.Compare(a.key, b.key) })
	return s
}

// passing is 0 for what the text lists, 1 for what the notices say too, 2 for what is said in passing.
func (s *study) passing(p *phrase) int {
	switch {
	case p.item:
		return 0
	case s.their.byKey[p.key] != nil:
		return 1
	}
	return 2
}

// properNouns are the stems a text writes with a capital in the middle of a sentence, and never without.
func properNouns(text string) map[string]bool {
	proper, plain := map[string]bool{}, map[string]bool{}
	for i, t := range words.Tokens(text) {
		first, _ := utf8.DecodeRuneInString(text[t.Start:])
		switch {
		case !unicode.IsUpper(first):
			plain[t.Stem] = true
		case !t.Upper && !t.Gap && i > 0:
			proper[t.Stem] = true
		}
	}
	maps.DeleteFunc(proper, func(stem string, _ bool) bool { return plain[stem] })
	return proper
}

// weigh sums what the notices of a set are worth, in order of their ids.
func (s *study) weigh(ids map[string]bool) float64 {
	sum := 0.0
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		sum += s.worth[id]
	}
	return sum
}

// best lists the most relevant notices of a set.
func (s *study) best(ids map[string]bool) []Example {
	list := slices.SortedFunc(maps.Keys(ids), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.worth[b], s.worth[a]), strings.Compare(a, b))
	})
	out := []Example{}
	for _, id := range list[:min(mostExamples, len(list))] {
		out = append(out, example(s.byID[id]))
	}
	return out
}

// lift is how many times more often something is found here than everywhere, in bits; here is a share, all how many of
// n. In a store of few notices nothing is common yet.
func lift(here float64, all, n int) float64 {
	return math.Log2(here * float64(max(n, fewNotices)+2) / float64(all+1))
}

// candidate is a code with what speaks for it.
type candidate struct {
	code  cpv.Code
	in    map[string]bool
	words []string // of the text that go with it
	named string   // the phrase of the text that its name says
	text  float64  // what the words make of it, 0 to 1
	score float64
	count int
}

const (
	// nearness is the power to which the relevance of a notice, over the best one's, is what it is worth.
	nearness = 3
	// common is how many notices in a thousand may say a keyword that those near the text do not say far more often: it
	// would tell none apart.
	common = 20
	// fewNotices are in a store that does not yet show what is common.
	fewNotices = 200

	// codeEnough is how many times less than the best code one may score that is taken.
	codeEnough = 2

	textWorth = 1.0 // what the words of the text are worth beside the notices, as a part of all of them
	nameWorth = .10
)

// codes proposes codes: those under which the notices near the text are filed more often than others, those with which
// its words go, and those whose names say its phrases.
func (s *study) codes() ([]Code, error) {
	all := map[cpv.Code]*candidate{}
	filed := map[string]float64{} // of each notice, the root of how many groups it is filed in: one filed in many says little of each
	at := func(c cpv.Code) *candidate {
		if all[c] == nil {
			all[c] = &candidate{code: c, in: map[string]bool{}}
		}
		return all[c]
	}
	each := func(c cpv.Code, do func(*candidate)) {
		for l := c.Level(); l >= cpv.Group; l-- {
			if a := c.At(l); a.Known() && (l == c.Level() || a.Level() == l) {
				do(at(a))
			}
		}
		if c.Level() < cpv.Group && c.Known() {
			do(at(c))
		}
	}
	for _, n := range s.near {
		groups := map[cpv.Code]bool{}
		for i := range n.Lots {
			for _, c := range n.Lots[i].CPV {
				groups[c.Value.Code.At(cpv.Group)] = true
				each(c.Value.Code, func(k *candidate) { k.in[n.ID] = true })
			}
		}
		filed[n.ID] = math.Sqrt(float64(max(1, len(groups))))
	}
	for _, p := range s.pulls() {
		each(p.class, func(k *candidate) {
			k.text += p.share
			if len(k.words) < 4 && !slices.Contains(k.words, p.item) {
				k.words = append(k.words, p.item)
			}
		})
	}
	finder := cpv.NewFinder(s.Names)
	for _, p := range s.said {
		if len(p.stems) < 2 {
			continue
		}
		for _, c := range finder.Find(p.text(), 3) {
			name, _ := s.Names.Of(c)
			var has []string
			for _, t := range words.Tokens(name) {
				has = append(has, t.Stem)
			}
			if !slices.ContainsFunc(p.stems, func(stem string) bool { return !slices.Contains(has, stem) }) {
				at(c).named = p.text()
			}
		}
	}
	var list []*candidate
	for _, c := range slices.Sorted(maps.Keys(all)) {
		k := all[c]
		here := 0.0
		for _, id := range slices.Sorted(maps.Keys(k.in)) {
			here += s.worth[id] / filed[id]
		}
		share := textWorth * k.text
		if s.all > 0 {
			share += here / s.all
		}
		if k.named != "" && (len(k.in) > 0 || at(c.At(cpv.Class)).text > .01) {
			share += nameWorth
		}
		if share < .01 {
			continue
		}
		var err error
		if k.count, err = s.Coded(c); err != nil {
			return nil, err
		}
		if k.count == 0 && k.named == "" && s.Notices >= fewNotices {
			continue
		}
		if k.score = share * lift(share, k.count, s.Notices); k.score > 0 {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.code, b.code))
	})
	out := []Code{}
	var chosen []*candidate
	taken := 0
	for _, k := range narrowed(list) {
		if len(out) == codesShown {
			break
		}
		if slices.ContainsFunc(chosen, func(c *candidate) bool { return c.code.Contains(k.code) || k.code.Contains(c.code) }) {
			continue
		}
		chosen = append(chosen, k)
		name, of := s.Names.Of(k.code)
		c := Code{Code: k.code, Name: name, Of: of, Ground: s.codeGround(k), Notices: k.count, Examples: s.best(k.in)}
		if taken < codesTaken && k.score*codeEnough >= chosen[0].score && (len(k.in) >= 2 || k.named != "" || k.text > .02) {
			c.Taken = true
			taken++
		}
		out = append(out, c)
	}
	return out, nil
}

// narrowed puts in the place of a group those of its classes that make out much of it: a group says little.
func narrowed(list []*candidate) []*candidate {
	var out []*candidate
	for _, k := range list {
		if k.code.Level() > cpv.Group {
			out = append(out, k)
			continue
		}
		n := 0
		for _, c := range list {
			if c.code.Level() == cpv.Class && k.code.Contains(c.code) && c.score*3 >= k.score {
				out = append(out, c)
				n++
			}
		}
		if n == 0 {
			out = append(out, k)
		}
	}
	return out
}

// pull is how much an item of the text goes with a class, as a part of all items.
type pull struct {
	item  string
	class cpv.Code
	share float64
}

// pulls holds each item that the text lists against the lexicon, each for as much: a supplier that lists ten things
// has not the one that most notices are about for its only trade. The strongest come first.
func (s *study) pulls() []pull {
	var items []*phrase
	for _, p := range s.said {
		if p.item && !s.proper[p.key] && !placed(p.text()) {
			items = append(items, p)
		}
	}
	var list []pull
	for _, p := range items {
		classes := map[cpv.Code]float64{}
		total := 0.0
		for _, t := range words.Tokens(p.text()) {
			r := float64(s.Lexicon.Rarity(t))
			total += r
			for _, a := range s.Lexicon.Associations(t) {
				if a.Class.Known() {
					classes[a.Class] += r * float64(a.Share) / 100
				}
			}
		}
		for _, c := range slices.Sorted(maps.Keys(classes)) {
			list = append(list, pull{p.text(), c, classes[c] / total / float64(len(items))})
		}
	}
	slices.SortStableFunc(list, func(a, b pull) int { return cmp.Compare(b.share, a.share) })
	return list
}

func (s *study) codeGround(k *candidate) string {
	var parts []string
	if len(k.in) > 0 {
		parts = append(parts, fmt.Sprintf("%d of the %d notices most like your text are filed under it", len(k.in), len(s.near)))
	}
	if k.text >= .01 {
		parts = append(parts, "notices that say "+quoted(k.words)+" often are")
	}
	if k.named != "" {
		parts = append(parts, "its name says "+quoted([]string{k.named}))
	}
	return strings.Join(parts, "; ")
}

func quoted(list []string) string {
	for i := range list {
		list[i] = `"` + list[i] + `"`
	}
	return strings.Join(list, ", ")
}

// keywords proposes phrases of the text, and phrases that the notices near it use more often than others.
func (s *study) keywords(codes []Code) ([]Keyword, error) {
	type word struct {
		*phrase
		own   bool
		text  string
		score float64
		count int
	}
	groups := map[cpv.Code]bool{}
	for _, c := range codes {
		groups[c.Code.At(cpv.Group)] = true
	}
	var list []*word
	for _, p := range s.said {
		w := &word{phrase: p, own: true}
		if p := s.their.byKey[p.key]; p != nil {
			w.in, w.titled, w.buyers = p.in, p.titled, p.buyers
		} else {
			w.in, w.titled = map[string]bool{}, map[string]bool{}
		}
		w.text = w.phrase.text()
		list = append(list, w)
	}
	for _, key := range slices.Sorted(maps.Keys(s.their.byKey)) {
		p := s.their.byKey[key]
		if s.own.byKey[key] == nil && len(p.titled) >= 2 && len(p.buyers) >= 2 && len(p.in) >= 3 {
			list = append(list, &word{phrase: p, text: p.text()})
		}
	}
	var kept []*word
	for _, w := range list {
		if !usable(w.text) || w.own && s.proper[w.key] {
			continue
		}
		var err error
		if w.count, err = s.Saying(w.text); err != nil {
			return nil, err
		}
		share := 0.0
		if s.all > 0 {
			share = (s.weigh(w.in) + s.weigh(w.titled)) / 2 / s.all
		}
		if w.count*1000 > common*max(s.Notices, fewNotices) && lift(share, w.count, s.Notices) < 1.5 {
			continue
		}
		fits := affinity(s.Lexicon, w.phrase, groups)
		if fits < leastAffinity || !w.own && fits < .5 {
			continue
		}
		switch {
		case !w.own:
		case w.item && len(w.stems) > 1 && w.count > 0:
			share += .20
		case w.item && w.count > 0:
			share += .12
		case w.item && len(w.stems) < longestPhrase:
			share += .06
		case w.count > 0:
			share += .04
		default:
			continue
		}
		bits := lift(share, w.count, s.Notices)
		if bits <= 2 {
			continue
		}
		if w.score = share * bits * fits; w.own {
			w.score *= 1.5
		}
		kept = append(kept, w)
	}
	slices.SortFunc(kept, func(a, b *word) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(b.stems), len(a.stems)), strings.Compare(a.key, b.key))
	})
	out := []Keyword{}
	var chosen []*phrase
	taken, from := 0, 0
	for _, w := range kept {
		if len(out) == keywordsShown {
			break
		}
		if slices.ContainsFunc(chosen, func(c *phrase) bool {
			return within(w.stems, c.stems) && len(w.in) < 2*len(c.in) || within(c.stems, w.stems) && len(w.in) == len(c.in)
		}) ||
			slices.ContainsFunc(out, func(k Keyword) bool { return strings.EqualFold(k.Text, w.text) }) {
			continue
		}
		if !w.own && from == borrowed {
			continue
		}
		chosen = append(chosen, w.phrase)
		k := Keyword{Text: w.text, Notices: w.count, Examples: s.best(w.in), Ground: wordGround(w.own, len(w.in), len(s.near))}
		if taken < keywordsTaken && w.own { // a phrase of others is not taken unasked: it may be of their trade
			k.Taken = true
			taken++
		}
		if !w.own {
			from++
		}
		out = append(out, k)
	}
	return out, nil
}

func wordGround(own bool, in, near int) string {
	said := fmt.Sprintf("%d of the %d notices most like your text say so", in, near)
	switch {
	case own && in == 0:
		return "your text says so"
	case own:
		return "your text says so; " + said
	}
	return said + ", your text does not"
}

// askedApart is how many keywords have their notices looked through for other trades.
const askedApart = 6

// exclude proposes words that name another trade: they stand in the titles of notices that say the keywords and
// are filed in no group that the notices near the text are filed in, and no notice near the text says them.
func (s *study) exclude(d Draft) ([]Keyword, error) {
	groups := map[cpv.Code]bool{}
	for _, c := range d.Codes {
		if c.Taken || len(c.Examples) > 0 {
			groups[c.Code.At(cpv.Group)] = true
		}
	}
	ps := newPhrases(s.Lexicon)
	apart := map[string]*notice.Notice{}
	by := map[string]string{} // the keyword that each was found by
	for _, k := range d.Keywords[:min(askedApart, len(d.Keywords))] {
		list, err := s.Mentioning(k.Text)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			if s.byID[n.ID] != nil || apart[n.ID] != nil || !elsewhere(n, groups) {
				continue
			}
			apart[n.ID], by[n.ID] = n, k.Text
			named := namesOf(append([]notice.Organisation{n.Buyer}, n.Buyers...), nil)
			ps.read(n.Title.Value, n.ID, notice.NameKey(n.Buyer.Name.Value), true, named)
		}
	}
	out := []Keyword{}
	var chosen []*phrase
	for _, p := range slices.SortedFunc(maps.Values(ps.byKey), func(a, b *phrase) int {
		return cmp.Or(cmp.Compare(len(b.in), len(a.in)), cmp.Compare(len(b.stems), len(a.stems)), strings.Compare(a.key, b.key))
	}) {
		text := p.text()
		if len(p.in) < 2 || len(p.buyers) < 2 || len(out) == excludeShown {
			break
		}
		if s.near != nil && s.their.byKey[p.key] != nil || s.own.byKey[p.key] != nil || !usable(text) || s.inKeyword(text, d) ||
			slices.ContainsFunc(chosen, func(c *phrase) bool { return within(p.stems, c.stems) || within(c.stems, p.stems) }) {
			continue
		}
		chosen = append(chosen, p)
		keywords := map[string]bool{}
		k := Keyword{Text: text, Examples: []Example{}}
		for _, id := range slices.Sorted(maps.Keys(p.in)) {
			keywords[by[id]] = true
			if len(k.Examples) < mostExamples {
				k.Examples = append(k.Examples, example(apart[id]))
			}
		}
		k.Ground = fmt.Sprintf("in the titles of %d notices that say %s and are filed in other groups", len(p.in), quoted(slices.Sorted(maps.Keys(keywords))))
		var err error
		if k.Notices, err = s.Saying(text); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// elsewhere reports whether a notice has codes, and none in the groups.
func elsewhere(n *notice.Notice, groups map[cpv.Code]bool) bool {
	coded := false
	for i := range n.Lots {
		for _, c := range n.Lots[i].CPV {
			coded = true
			for g := range groups {
				if g.Contains(c.Value.Code) || c.Value.Code.Contains(g) {
					return false
				}
			}
		}
	}
	return coded
}

// inKeyword reports whether an excluded word would bar what a keyword finds.
func (s *study) inKeyword(text string, d Draft) bool {
	x, err := words.ParsePhrase(text)
	return err != nil || slices.ContainsFunc(d.Keywords, func(k Keyword) bool { return len(x.Find(words.Tokens(k.Text))) > 0 })
}
