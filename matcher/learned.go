package matcher

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
)

// What a user's answers change. Every answer pulls at the lots that are like the one it is about: up where that
// was relevant, down where it was not, each the more, the more it surprised (a relevant notice ranked low, an
// irrelevant one ranked high). A share is at most doubled and at least halved, and what the profile's own words
// and codes do not find, answers do not find either.
const (
	// MinAnswers is how many answers about relevance there have to be before anything is learned.
	MinAnswers = 10
	// mostAnswers is how many of the answers count, the first by hash.
	mostAnswers = 500
	// evenPull is from how many answers on each of them pulls the less, the more there are.
	evenPull = 20
	// pullOfRelevant and pullOfIrrelevant are what an answer about a lot of relevance 50 changes of a lot exactly
	// like it, in thousandths of the share: the irrelevant are many and the relevant few.
	pullOfRelevant   = 1200
	pullOfIrrelevant = 390
	// alikeInText and alikeInCodes are the parts of likeness that words and codes make.
	alikeInText  = 12
	alikeInCodes = 1
	// halfSaid is at what count, in halves of a mention, a word has said half of what it can.
	halfSaid = 4
	// mostPull is the change of a share, in thousandths, beyond which nothing pulls.
	mostPull = 1000
)

// strengths are the percents of all pulls that are tried, one after another, until one does no harm.
var strengths = [...]int{100, 50, 25}

// Answer is what a user said of an opportunity: whether what it buys is relevant.
type Answer struct {
	Opportunity *Opportunity
	Lot         string // the lot it is about; "" for the notice, which is to say for the lot that fits best
	Relevant    bool
}

// Learned is what answers teach about other notices. It is a function of the answers, the profile and the
// lexicon, whatever the order of the answers. It does not change and may be used by many at once.
type Learned struct {
	examples []Example
	words    map[termID][]mark
	codes    map[cpv.Code][]mark
	version  string
}

// Example is one answered lot and how it pulls at what is like it.
type Example struct {
	Notice   string `json:"notice"`
	Lot      string `json:"lot,omitzero"`
	Title    string `json:"title"`
	Relevant bool   `json:"relevant"`
	// Relevance is that of the lot before anything was learned, 0-100.
	Relevance int `json:"relevance"`
	// Pull is what it changes of a lot exactly like it, in thousandths of the share, before there are bounds to
	// it; below zero where it was not relevant.
	Pull int64 `json:"pull"`
}

// mark is how strongly an example stands under a word or code, in unit.
type mark struct {
	example int32
	weight  int32
}

// Version names what was learned by its content: the first 12 hex digits of a SHA-256; "" for nothing.
func (l *Learned) Version() string {
	if l == nil {
		return ""
	}
	return l.version
}

// With is the same supplier with what was learned from its answers, by a matcher of the same
// profile and lexicon; nil is without.
func (m *Matcher) With(l *Learned) *Matcher {
	c := *m
	c.learned = l
	return &c
}

// answered is one answer made ready.
type answered struct {
	Example
	earned []Evidence // before anything was learned
	traits traits
	pages  [2]*page // of the lot and its notice
}

func (a *answered) id() termID { return idOf(a.Notice + "/" + a.Lot) }

// answered makes answers ready, in order of hash; of two about one lot that contradict each other neither is taken.
func (m *Matcher) answered(answers []Answer) []answered {
	plain := m.With(nil)
	var all []answered
	for _, a := range answers {
		if lot, earned := plain.bestLot(a); lot != nil {
			all = append(all, plain.answer(a.Opportunity, lot, earned, a.Relevant))
		}
	}
	slices.SortFunc(all, func(a, b answered) int {
		return cmp.Or(cmp.Compare(a.id(), b.id()), cmp.Compare(a.Notice, b.Notice), cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Pull, b.Pull))
	})
	same := func(a, b answered) bool { return a.Notice == b.Notice && a.Lot == b.Lot }
	var kept []answered
	for i := 0; i < len(all); {
		n := i + 1
		for n < len(all) && same(all[i], all[n]) {
			n++
		}
		if all[i].Relevant == all[n-1].Relevant {
			kept = append(kept, all[i])
		}
		i = n
	}
	return kept[:min(len(kept), mostAnswers)]
}

// bestLot is the lot an answer is about, and what it earns.
func (m *Matcher) bestLot(a Answer) (best *lot, earned []Evidence) {
	heard := m.listen(&a.Opportunity.page)
	most := -1
	for i := range a.Opportunity.lots {
		l := &a.Opportunity.lots[i]
		if a.Lot != "" && l.ID != a.Lot {
			continue
		}
		e := m.earned(a.Opportunity, l, heard)
		if r := sum(e, nil, nil).relevance; r > most {
			most, best, earned = r, l, e
		}
	}
	return best, earned
}

// earned is the evidence of the criteria that earn.
func (m *Matcher) earned(o *Opportunity, l *lot, heard heard) []Evidence {
	words := m.words(o, l, heard)
	words.Criterion, words.Weight = Words, m.weights[Words]
	subject, judged := m.subject(l)
	if !judged {
		return []Evidence{words}
	}
	subject.Criterion, subject.Weight = Subject, m.weights[Subject]
	return []Evidence{subject, words}
}

// answer makes an answer about one lot ready.
func (m *Matcher) answer(o *Opportunity, l *lot, earned []Evidence, relevant bool) answered {
	e := Example{Notice: o.ID, Lot: l.ID, Title: cmp.Or(l.Title.Value, o.title.Value), Relevant: relevant, Relevance: sum(earned, nil, nil).relevance}
	if relevant {
		e.Pull = pullOfRelevant * int64(100-e.Relevance) / 50
	} else {
		e.Pull = -pullOfIrrelevant * int64(e.Relevance) / 50
	}
	return answered{e, earned, m.lexicon.traits(o, l), [2]*page{&l.page, &o.page}}
}

// teach takes answers, made ready, for true, with a percent of their pull.
func (m *Matcher) teach(answers []answered, strength int) *Learned {
	l := &Learned{words: map[termID][]mark{}, codes: map[cpv.Code][]mark{}}
	for i := range answers {
		e := answers[i].Example
		e.Pull = e.Pull * evenPull * int64(strength) / int64(max(evenPull, len(answers))) / 100
		l.examples = append(l.examples, e)
		answers[i].traits.words.mark(l.words, i)
		answers[i].traits.codes.mark(l.codes, i)
	}
	return l
}

// name gives what answers taught its version: by all that its numbers and words come from, also what the notices said.
func (l *Learned) name(lexicon *Lexicon, answers []answered) {
	hash := sha256.New()
	fmt.Fprintln(hash, lexicon.version)
	for i, e := range l.examples {
		t := &answers[i].traits
		fmt.Fprintf(hash, "%q %q %q %d\n", e.Notice, e.Lot, e.Title, e.Pull)
		fmt.Fprintln(hash, t.words.keys, t.words.weights, t.codes.keys, t.codes.weights)
	}
	l.version = hex.EncodeToString(hash.Sum(nil)[:6])
}

// traits are what two lots can be alike in.
type traits struct {
	words bag[termID]
	codes bag[cpv.Code]
}

// bag holds what stands in a lot, each with how telling it is.
type bag[K termID | cpv.Code] struct {
	keys    []K
	weights []int64
	squares uint64
}

func (b *bag[K]) add(key K, weight int64) {
	if weight > 0 {
		b.keys, b.weights = append(b.keys, key), append(b.weights, weight)
		b.squares += uint64(weight * weight)
	}
}

// length is never 0.
func (b *bag[K]) length() int64 { return max(1, int64(sqrt(b.squares))) }

// mark notes an example under everything it holds.
func (b *bag[K]) mark(index map[K][]mark, example int) {
	length := b.length()
	for i, key := range b.keys {
		index[key] = append(index[key], mark{int32(example), int32(b.weights[i] * unit / length)})
	}
}

// alike is how like each example it is: the cosine, in thousandths.
func (b *bag[K]) alike(index map[K][]mark, examples int) []int64 {
	list := make([]int64, examples)
	for i, key := range b.keys {
		for _, m := range index[key] {
			list[m.example] += b.weights[i] * int64(m.weight)
		}
	}
	length := b.length()
	for i := range list {
		list[i] = min(1000, list[i]*1000/unit/length)
	}
	return list
}

// traits are what a lot and its notice say, without what is said nowhere else, and the codes of the lot with those
// over them, below the division.
func (lx *Lexicon) traits(o *Opportunity, l *lot) (t traits) {
	say := func(id termID, count int64) {
		if e := lx.entry(id); e != nil && e.texts > 1 && e.telling {
			t.words.add(id, count*e.worth/(count+halfSaid))
		}
	}
	a, b := o.page.terms, l.page.terms
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].id < b[0].id:
			say(a[0].id, int64(a[0].count))
			a = a[1:]
		case len(a) == 0 || b[0].id < a[0].id:
			say(b[0].id, int64(b[0].count))
			b = b[1:]
		default:
			say(a[0].id, int64(a[0].count)+int64(b[0].count))
			a, b = a[1:], b[1:]
		}
	}
	codes := make([]cpv.Code, len(l.codes))
	for i, c := range l.codes {
		codes[i] = c.Code
	}
	for _, c := range slices.Sorted(maps.Keys(families(codes))) {
		if c.Level() != cpv.Division {
			t.codes.add(c, lx.content(c))
		}
	}
	return t
}

// pull is how the answers move a lot: by thousandths of its share, most of it because of one example.
type pull struct {
	by   int64
	most int
}

// pull compares a lot with every answered one.
func (l *Learned) pull(t *traits) pull {
	text, codes := t.words.alike(l.words, len(l.examples)), t.codes.alike(l.codes, len(l.examples))
	var sum, up, down int64
	var upMost, downMost int
	for i := range l.examples {
		// The power of one and a half: a few words in common are no likeness yet.
		alike := text[i] * int64(sqrt(uint64(text[i]*1000))) / 1000
		by := l.examples[i].Pull * (alikeInText*alike + alikeInCodes*codes[i]) / (1000 * (alikeInText + alikeInCodes))
		sum += by
		if by > up {
			up, upMost = by, i
		}
		if by < down {
			down, downMost = by, i
		}
	}
	p := pull{max(-mostPull, min(mostPull, sum)), upMost}
	if p.by < 0 {
		p.most = downMost
	}
	return p
}

// share moves a share: at most to twice or half of it.
func (p pull) share(share int) int {
	if p.by < 0 {
		return int(int64(share) * 1000 / (1000 - p.by))
	}
	return int(min(100, int64(share)*(1000+p.by)/1000))
}

// move moves the evidence of what is bought and returns what was moved.
func (p pull) move(evidence []Evidence) (moved []*Evidence) {
	for i := range evidence {
		e := &evidence[i]
		if share := p.share(e.Share); e.earns() && e.Finding != Unknown && share != e.Share {
			e.Share = share
			moved = append(moved, e)
		}
	}
	return moved
}

// recall moves the evidence of a lot by what was learned, and has it say so.
func (m *Matcher) recall(o *Opportunity, of *lot, evidence []Evidence) {
	if m.learned == nil || len(m.learned.examples) == 0 {
		return
	}
	t := m.lexicon.traits(o, of)
	p := m.learned.pull(&t)
	for _, e := range p.move(evidence) {
		e.Reason += "; " + m.learned.tell(p, o.ID, of.ID)
	}
}

// tell says what the answers did to a lot, and which of them most.
func (l *Learned) tell(p pull, id, lot string) string {
	verb, called := "raise", "relevant"
	if p.by < 0 {
		verb, called = "lower", "irrelevant"
	}
	for _, e := range l.examples {
		if e.Notice == id && e.Lot == lot && e.Relevant == (p.by > 0) {
			return "your answers " + verb + " this, which you called " + called
		}
	}
	return fmt.Sprintf("your answers %s this: it is like \"%s\", which you called %s", verb, clean(l.examples[p.most].Title), called)
}

// Lesson is what a set of answers came to, and what the guard said of it.
type Lesson struct {
	// Answers is how many answers about relevance there are, Relevant how many of them say so.
	Answers  int `json:"answers"`
	Relevant int `json:"relevant"`
	// Kept says that what was learned is used; Why says why, or why not.
	Kept bool   `json:"kept"`
	Why  string `json:"why"`
	// Version names what was learned, "" where it is not kept.
	Version string `json:"version,omitzero"`
	// Strength is the percent of its pull that each answer has, 0 where nothing is kept.
	Strength int `json:"strength"`
	// Trials are what the guard tried, the one that decided last.
	Trials []Trial `json:"trials"`
	// Examples are the answers by how they pull, the one that raises most first.
	Examples []Example `json:"examples"`
	// Raised and Lowered are the words whose notices rise and fall most.
	Raised  []string `json:"raised"`
	Lowered []string `json:"lowered"`

	Learned *Learned `json:"-"` // nil where it is not kept
}

// Trial is one strength tried on both halves of the answers: each is measured with what the other teaches.
type Trial struct {
	Strength int     `json:"strength"`
	Halves   [2]Half `json:"halves"`
}

// Half is one half of the answers as the other half has it ranked, by average precision in thousandths: 1000
// where every relevant notice stands over every irrelevant one, 0 where none is relevant.
type Half struct {
	Answers int `json:"answers"`
	Before  int `json:"before"`
	After   int `json:"after"`
}

// falls reports whether the halves, each with what the other teaches, are together ranked worse than before.
func (t *Trial) falls() bool {
	return t.Halves[0].After+t.Halves[1].After < t.Halves[0].Before+t.Halves[1].Before
}

// Study learns from answers, as strongly as does no harm: with what either half of the answers, split by hash, teaches
// about the other, the two must not be ranked worse than by the profile alone. Where even at a quarter of the strength they are,
// nothing is kept.
func (m *Matcher) Study(answers []Answer) Lesson { return m.study(m.answered(answers)) }

func (m *Matcher) study(all []answered) Lesson {
	s := Lesson{Answers: len(all), Trials: []Trial{}, Examples: []Example{}, Raised: []string{}, Lowered: []string{}}
	var halves [2][]answered
	var next [2]int // the half that takes the next irrelevant and the next relevant one
	next[1] = 1
	for i := range all {
		kind := 0
		if all[i].Relevant {
			kind = 1
			s.Relevant++
		}
		halves[next[kind]] = append(halves[next[kind]], all[i])
		next[kind] = 1 - next[kind]
	}
	if s.Answers < MinAnswers {
		s.Why = fmt.Sprintf("nothing is learned from %s about relevance; it takes %d", notice.Count(s.Answers, "answer", "answers"), MinAnswers)
		return s
	}
	for _, strength := range strengths {
		t := Trial{strength, [2]Half{m.try(halves[1], halves[0], strength), m.try(halves[0], halves[1], strength)}}
		s.Trials = append(s.Trials, t)
		if !t.falls() {
			s.Kept, s.Strength = true, strength
			break
		}
	}
	learned := m.teach(all, max(s.Strength, strengths[len(strengths)-1]))
	s.Examples = slices.Clone(learned.examples)
	slices.SortStableFunc(s.Examples, func(a, b Example) int { return cmp.Compare(b.Pull, a.Pull) })
	s.Raised, s.Lowered = wordsPulled(learned, all)
	switch {
	case !s.Kept:
		s.Why = "not used: even at a quarter of the strength, what each half of the answers teaches about the other ranks the two worse"
		return s
	case s.Relevant == 0:
		s.Why = "used, unmeasured: none of the answers is relevant, so there is nothing that could be ranked worse"
	case s.Strength < 100:
		s.Why = fmt.Sprintf("used at %d %% of its strength: what each half of the answers teaches about the other ranks the two no worse", s.Strength)
	default:
		s.Why = "used: what each half of the answers teaches about the other ranks the two no worse"
	}
	learned.name(m.lexicon, all)
	s.Learned, s.Version = learned, learned.version
	return s
}

// try measures some answers with what others teach. Notices that stand alike keep the order they had.
func (m *Matcher) try(on, from []answered, strength int) Half {
	l := m.teach(from, strength)
	order := slices.Clone(on)
	byRelevance := func(a, b answered) int { return cmp.Compare(b.Relevance, a.Relevance) }
	slices.SortStableFunc(order, byRelevance)
	h := Half{Answers: len(on), Before: precision(order)}
	for i := range order {
		evidence := slices.Clone(order[i].earned)
		l.pull(&order[i].traits).move(evidence)
		order[i].Relevance = sum(evidence, nil, nil).relevance
	}
	slices.SortStableFunc(order, byRelevance)
	h.After = precision(order)
	return h
}

// precision is the average precision of a ranked list, in thousandths; 0 where nothing in it is relevant.
func precision(list []answered) int {
	var total, relevant int
	for i := range list {
		if list[i].Relevant {
			relevant++
			total += relevant * 1000 / (i + 1)
		}
	}
	return total / max(1, relevant)
}

// mostWords is how many words a lesson tells of, either way.
const mostWords = 12

// wordsPulled lists the words that pull most, up and down, as one of the answered notices writes them.
func wordsPulled(l *Learned, answers []answered) (raised, lowered []string) {
	type word struct {
		id   termID
		pull int64
	}
	var list []word
	for id, marks := range l.words {
		w := word{id: id}
		for _, mark := range marks {
			w.pull += l.examples[mark.example].Pull * int64(mark.weight)
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b word) int { return cmp.Or(cmp.Compare(b.pull, a.pull), cmp.Compare(a.id, b.id)) })
	written := func(w word) string { return answers[l.words[w.id][0].example].write(w.id) }
	raised, lowered = []string{}, []string{}
	for i := 0; i < len(list) && i < mostWords && list[i].pull > 0; i++ {
		raised = append(raised, written(list[i]))
	}
	for i := len(list) - 1; i >= 0 && len(lowered) < mostWords && list[i].pull < 0; i-- {
		lowered = append(lowered, written(list[i]))
	}
	return raised, lowered
}

// write is a word as an answered notice first writes it, in small letters unless it is all capitals.
func (a *answered) write(id termID) string {
	for _, p := range a.pages {
		if i, ok := p.term(id); ok {
			at := p.terms[i].first
			text := p.field(at).text[p.tokens[at].start:][:p.tokens[at].size]
			if !p.tokens[at].upper {
				text = strings.ToLower(text)
			}
			return clean(text)
		}
	}
	return ""
}
