package matcher

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// Matcher is one supplier made ready to be compared with any number of
// opportunities. It does not change and may be used by many at once.
type Matcher struct {
	lexicon *Lexicon
	profile profiles.Profile
	names   cpv.Names // what codes are called in sentences, over what is built in
	weights map[string]int
	area    itl.Area
	base    itl.Area        // where it is based, as far as it says so
	holds   [][]words.Token // its certifications

	queries  []query            // every telling word of the profile, in order of id
	keywords []phrase           // the keywords
	vector   vector             // where the profile stands in the space of classes
	says     vector             // where its words alone stand
	bearing  bearing            // where its words point
	past     []past             // its past contracts
	recalled []recalled         // their words, in order of id
	usual    map[class][]string // of each class, the keywords' words most at home there, the first of them the most
	parts    parts

	exclude    []phrase
	frameworks []phrase
	prefer     []phrase
	avoid      []phrase

	learned *Learned // from the user's answers; nil for nothing
}

// query is one telling word of a profile.
type query struct {
	id      termID
	weight  int64  // how much it is asked for x how telling it is
	worth   int64  // how telling it is
	text    string // as the profile writes it
	keyword bool   // it stands in a keyword, not only in the description
}

// New makes a supplier ready. It fails on a profile that profiles would not have read.
func New(l *Lexicon, p profiles.Profile) (*Matcher, error) {
	m := &Matcher{lexicon: l, profile: p, weights: map[string]int{}, usual: map[class][]string{}, parts: weighing}
	for _, r := range rules {
		m.weights[r.Criterion] = r.Weight
	}
	for name, w := range p.Weights {
		if _, ok := ruleOf(name); !ok {
			return nil, fmt.Errorf("profile %s: weights: there is no criterion %q", p.ID, name)
		}
		if w < MinWeight || w > MaxWeight {
			return nil, fmt.Errorf("profile %s: weights: %s is %d, and has to be from %d to %d", p.ID, name, w, MinWeight, MaxWeight)
		}
		m.weights[name] = w
	}
	for _, r := range p.Regions {
		m.area = m.area.Union(r.Area())
	}
	if p.Base != "" {
		m.base = p.Base.Area()
	}
	for _, c := range p.Certifications {
		m.holds = append(m.holds, words.Tokens(c))
	}
	for _, list := range []struct {
		to    *[]phrase
		from  []string
		field string
	}{
		{&m.keywords, p.Keywords, "keywords"}, {&m.exclude, p.Exclude, "exclude"},
		{&m.frameworks, p.Frameworks, "frameworks"},
		{&m.prefer, p.Buyers.Prefer, "buyers.prefer"}, {&m.avoid, p.Buyers.Avoid, "buyers.avoid"},
	} {
		for _, text := range list.from {
			w, err := words.ParsePhrase(text)
			if err != nil {
				return nil, fmt.Errorf("profile %s: %s: %w", p.ID, list.field, err)
			}
			*list.to = append(*list.to, l.phrase(w))
		}
	}
	m.ask(l)
	m.remember(l)
	m.stand(l)
	return m, nil
}

// ask gathers the telling words of the profile.
func (m *Matcher) ask(l *Lexicon) {
	asked := map[termID]query{}
	note := func(text string, asks int64, keyword bool) {
		tokens := words.Tokens(text)
		for _, t := range tokens {
			key := name(t)
			// A keyword that is one word is what the supplier says, be it a word of procurement elsewhere.
			if !telling(key) && !(keyword && len(tokens) == 1 && learnable(key)) {
				continue
			}
			id := idOf(key)
			worth := l.worth(id)
			if q, ok := asked[id]; !ok || q.weight < asks*worth {
				asked[id] = query{id, asks * worth, worth, text[t.Start:t.End], keyword}
			}
		}
	}
	for _, k := range m.profile.Keywords {
		note(k, askedInKeyword, true)
	}
	note(m.profile.Description, askedInProse, false)
	for _, x := range m.profile.Experience {
		note(x, askedInPast, false)
	}
	if len(asked) == 0 {
		note(m.profile.Name, askedInProse, false) // better than nothing; but names are of mills and rivers
	}
	for _, q := range asked {
		m.queries = append(m.queries, q)
	}
	slices.SortFunc(m.queries, func(a, b query) int { return cmp.Compare(a.id, b.id) })
}

// home is a word of the profile and how much it is at home in a class.
type home struct {
	word   string
	weight int64
}

// mostUsual is how many words a reason names for a class.
const mostUsual = 3

// stand finds where the profile stands in the space of classes, and which of
// its words bring it there.
func (m *Matcher) stand(l *Lexicon) {
	text, codes, both := newBlend(), newBlend(), newBlend()
	at := map[class][]home{}
	var course course
	for _, q := range m.queries {
		e := l.entry(q.id)
		if e == nil {
			continue
		}
		if e.way != nil {
			course.add(e.way, q.weight)
		}
		for _, n := range e.classes {
			w := q.weight * int64(n.weight)
			text.add(n.class, w>>6)
			if q.keyword {
				at[n.class] = append(at[n.class], home{q.text, w})
			}
		}
	}
	for c, list := range at {
		slices.SortFunc(list, func(a, b home) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word, b.word)) })
		for _, h := range list[:min(mostUsual, len(list))] {
			m.usual[c] = append(m.usual[c], h.word)
		}
	}
	for _, c := range m.profile.CPV {
		codes.addCode(c, 1<<20)
	}
	m.says = text.vector(mostOfText)
	both.addVector(m.says, 1000)
	m.bearing = course.bearing()
	both.addVector(codes.vector(mostOfCodes), 500)
	m.vector = both.vector(mostOfText + mostOfCodes)
	for i := range m.vector {
		// To stand in the same class as a notice says less the more notices stand there.
		n := &m.vector[i]
		n.weight = uint16(int64(n.weight) * (1000 + 3*l.content(allClasses().code(n.class))) / 4000)
	}
}

// Divisions are the CPV divisions in which the profile stands, by its codes and by its words, in order.
func (m *Matcher) Divisions() []cpv.Code {
	in := map[cpv.Code]bool{}
	for _, c := range m.profile.CPV {
		in[c.At(cpv.Division)] = true
	}
	for _, n := range m.vector {
		in[allClasses().code(n.class).At(cpv.Division)] = true
	}
	return slices.Sorted(maps.Keys(in))
}

// Assess says how well a notice fits the supplier on a day: its best lot, with
// the others in Lots, best first.
func (m *Matcher) Assess(o *Opportunity, asOf time.Time) Fit {
	common := common{m.gates(o, asOf), m.conditions(o, asOf)}
	heard := m.listen(&o.page)
	fits := make([]Fit, len(o.lots))
	for i := range o.lots {
		fits[i] = m.assess(o, &o.lots[i], heard, common, asOf)
	}
	if len(fits) == 0 {
		return m.assess(o, &lot{Lot: &notice.Lot{}}, heard, common, asOf)
	}
	slices.SortFunc(fits, Compare(OrderScore))
	best := fits[0]
	best.Lots = fits[1:]
	if len(best.Lots) == 0 {
		best.Lots = nil
	}
	return best
}

// common is what holds for all lots of a notice.
type common struct {
	gates      []Gate
	conditions []Condition
}

// assess judges one lot.
func (m *Matcher) assess(o *Opportunity, l *lot, heard heard, common common, asOf time.Time) Fit {
	f := Fit{
		OCID: o.OCID, Also: o.also, Lot: l.ID, Title: cmp.Or(l.Title.Value, o.title.Value),
		Deadline:   o.due().Value,
		Gates:      m.lotGates(o, l, common.gates),
		Conditions: m.lotConditions(o, l, common.conditions),
		Evidence:   make([]Evidence, 0, len(rules)),
		Hints:      l.hints,
	}
	f.Action = o.action(f.Gates, asOf)
	if o.ID != o.OCID {
		f.Notice = o.ID
	}
	for _, r := range rules {
		var e Evidence
		var judged bool
		switch r.Criterion {
		case Subject:
			e, judged = m.subject(l)
		case Words:
			e, judged = m.words(o, l, heard), true
		case Region:
			e, judged = m.region(o, l)
		case Value:
			e, judged = m.value(o, l)
		case Timing:
			e, judged = m.timing(o, asOf), true
		case Suitability:
			e, judged = m.suitability(l)
		case Buyer:
			e, judged = m.buyer(o)
		}
		if judged {
			e.Criterion, e.Weight = r.Criterion, m.weights[r.Criterion]
			if e.At == nil {
				e.At = []notice.Quote{}
			}
			f.Evidence = append(f.Evidence, e)
		}
	}
	m.recall(o, l, f.Evidence)
	t := sum(f.Evidence, f.Gates, f.Conditions)
	f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice = t.relevance, t.score, t.low, t.high, t.known, t.advice
	return f
}
