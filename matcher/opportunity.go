package matcher

import (
	"cmp"
	"slices"
	"sync"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/law"
)

// Opportunity is one notice made ready to be compared with any number of
// profiles: read once, kept in memory, never changed. It holds what
// criteria judge and what evidence cites, and shares its strings with the notice.
type Opportunity struct {
	// ID and OCID are those of the notice, Stage is how far it has come.
	ID, OCID string
	Stage    notice.Stage

	also       []string
	title      notice.Said[string]
	status     notice.Said[string]
	method     notice.Said[string]
	direct     notice.Said[string]
	framework  notice.Said[string]
	deadline   notice.Deadline
	engagement notice.Deadline
	future     notice.Said[notice.Moment]
	value      notice.Value
	buyers     []notice.Organisation
	questions  notice.Said[notice.Moment]
	words      map[notice.Path]string // the publisher's, where a value was read from prose

	kind       string          // UK4, F02 …
	law        law.Procurement // what decides which rules hold
	given      int             // days from the first tender notice to its deadline, 0 where unknown
	asked      []asked         // what its prose asks of bidders
	conditions []Condition     // what can be said of it for any supplier on any day

	page page
	lots []lot
}

// Title is that of the whole notice.
func (o *Opportunity) Title() string { return o.title.Value }

// lot is one lot made ready.
type lot struct {
	*notice.Lot
	page    page
	vector  vector  // where it stands in the space of classes
	says    vector  // where its words alone stand
	bearing bearing // where its words point
	codes   []code
	area    itl.Area // of its places
	placed  bool     // whether any of its places is known

	conditions []Condition // what can be said of it for any supplier on any day
	hints      []Hint      // the same
}

// code is one CPV code of a lot and where it stands.
type code struct {
	cpv.Code
	at   notice.Path
	said notice.Said[string] // the publisher's own description
}

// Prepare makes a notice ready. The lexicon must be that of the matchers that will assess it.
func (l *Lexicon) Prepare(n *notice.Notice) *Opportunity {
	o := &Opportunity{
		ID: n.ID, OCID: n.OCID, Stage: n.Stage,
		title: n.Title, status: n.Status, method: n.MethodText, direct: n.Direct,
		deadline: n.Deadline, engagement: n.Engagement, future: n.Future, value: n.Value,
		framework: n.Framework, questions: n.Questions, kind: n.Type.Value, law: law.Of(n),
		buyers: append([]notice.Organisation{n.Buyer}, n.Buyers...),
		also:   make([]string, 0, len(n.Also)),
	}
	if !o.framework.Known() {
		o.framework = n.DynamicMarket
	}
	o.words = prosaic(n)
	o.plausible(n)
	o.asked = askedOf(n)
	for _, a := range n.Also {
		o.also = append(o.also, a.Value)
	}
	for _, c := range n.Copies {
		o.also = append(o.also, c.OCID)
	}
	texts := newTexts(nil)
	texts.add(inTitle, n.Title)
	texts.add(inDescription, n.Description)
	for _, t := range n.Texts {
		texts.add(inText, t)
	}
	o.page = read(texts.fields)

	desk := scratches.Get().(*scratch)
	defer scratches.Put(desk)
	desk.common.reset()
	desk.whole = course{}
	l.mix(desk.common, &desk.whole, &o.page)
	o.lots = make([]lot, len(n.Lots))
	for i := range n.Lots {
		desk.text.copyFrom(desk.common)
		o.lots[i] = l.lot(&n.Lots[i], texts, desk)
		o.lots[i].conditions = o.plausibleLot(n, &n.Lots[i])
		o.lots[i].hints = l.disagree(o, &o.lots[i], desk)
	}
	return o
}

// prosaic keeps the words from which values and dates that evidence cites were read.
func prosaic(n *notice.Notice) map[notice.Path]string {
	var said map[notice.Path]string
	keep := func(places ...notice.Path) {
		for _, at := range places {
			if at.End == 0 {
				continue
			}
			if text, ok := n.Prose(at); ok && at.End <= len(text) {
				if said == nil {
					said = map[notice.Path]string{}
				}
				said[at] = text[at.Start:at.End]
			}
		}
	}
	keep(n.Deadline.At, n.Engagement.At, n.Questions.At, n.AwardBy.At, n.Value.Net.At, n.Value.Gross.At, n.Value.Min.At)
	for i := range n.Lots {
		v, c := &n.Lots[i].Value, &n.Lots[i].Contract
		keep(v.Net.At, v.Gross.At, v.Min.At, v.PerYear.At, c.Start.At, c.End.At)
	}
	return said
}

// quote cites a place: with the publisher's words where the value was read from prose, else with the value as its field has it.
func (o *Opportunity) quote(at notice.Path, value string) notice.Quote {
	if words, ok := o.words[at]; ok {
		value = words
	}
	return notice.Quote{Path: at, Quote: value}
}

// moment cites a moment as it was said.
func (o *Opportunity) moment(s notice.Said[notice.Moment]) notice.Quote {
	return o.quote(s.At, s.Value.String())
}

// scratch is what a notice and then its lots, one after another, are mixed in.
// It holds a number for every class of CPV, which costs more to get than to clean.
type scratch struct {
	common, text, codes, both *blend
	whole, part               course // of the notice, and of a lot with it
}

var scratches = sync.Pool{New: func() any {
	return &scratch{common: newBlend(), text: newBlend(), codes: newBlend(), both: newBlend()}
}}

// lot makes a lot ready; desk.text already holds what the notice says as a whole.
func (l *Lexicon) lot(n *notice.Lot, said *texts, desk *scratch) lot {
	out := lot{Lot: n}
	texts := newTexts(said)
	texts.add(inLotTitle, n.Title)
	texts.add(inLotDescription, n.Description)
	for _, t := range n.Items {
		texts.add(inItem, t)
	}
	for _, c := range n.CPV {
		out.codes = append(out.codes, code{c.Value.Code, c.At, c.Value.Description})
	}
	// Of codes worth the same the lowest is told, in whatever order they are published.
	slices.SortStableFunc(out.codes, func(a, b code) int { return cmp.Compare(a.Code, b.Code) })
	desk.codes.reset()
	for _, c := range out.codes {
		desk.codes.addCode(c.Code, 1<<20)
		if c.said.Known() {
			texts.add(inName, c.said)
			continue
		}
		// A name known otherwise stands in for one that is not published: what is quoted is the code.
		name, _ := l.names.Of(c.Code)
		texts.standIn(inName, notice.Say(name, c.at), c.String())
	}
	out.page = read(texts.fields)

	desk.part = desk.whole
	l.mix(desk.text, &desk.part, &out.page)
	out.bearing = desk.part.bearing()
	out.says = desk.text.vector(mostOfText)
	desk.both.reset()
	desk.both.addVector(out.says, 1000)
	desk.both.addVector(desk.codes.vector(mostOfCodes), 1000)
	out.vector = desk.both.vector(mostOfText + mostOfCodes)

	for _, p := range n.Places {
		if p.Value.Region != "" {
			out.area = out.area.Union(p.Value.Region.Area())
			out.placed = true
		}
	}
	return out
}

const (
	mostOfText  = 8  // classes a text is told by
	mostOfCodes = 24 // classes codes are told by
)

// mix adds the words of a page to a blend and a course, each by how telling it is, and
// sums up what the page's headings and the page as a whole say.
func (l *Lexicon) mix(b *blend, c *course, p *page) {
	for i := range p.terms {
		t := &p.terms[i]
		e := l.entry(t.id)
		if e == nil {
			continue
		}
		w := saturate(int64(t.count), typical) * e.worth >> 10
		for _, n := range e.classes {
			b.add(n.class, w*int64(n.weight)>>6)
		}
		if !e.telling {
			continue
		}
		if e.way != nil {
			c.add(e.way, w)
		}
		p.squares += w * w
		if p.titled(t) {
			p.heading += e.worth
		}
	}
}

// texts gathers the texts of a notice or lot, each once, leaving out what is
// already said at large: where a lot is silent it repeats its tender.
type texts struct {
	fields []field
	said   map[string]bool
}

func newTexts(at *texts) *texts {
	t := &texts{said: map[string]bool{}}
	if at != nil {
		for s := range at.said {
			t.said[s] = true
		}
	}
	return t
}

func (t *texts) add(kind fieldKind, s notice.Said[string]) {
	t.standIn(kind, s, "")
}

// standIn adds a text that is not the publisher's own: found in it, published is quoted.
func (t *texts) standIn(kind fieldKind, s notice.Said[string], published string) {
	if s.Known() && s.Value != "" && !t.said[s.Value] {
		t.said[s.Value] = true
		t.fields = append(t.fields, field{kind: kind, text: s.Value, at: s.At, published: published})
	}
}
