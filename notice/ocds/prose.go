package ocds

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"bidfit/notice"
	"bidfit/notice/prose"
	"bidfit/notice/words"
)

// What is read from prose stands beside the fields and fills what nobody said in one: it never
// overrules a field.

const (
	// mostReadings bounds the readings of one kind in a notice: a text is foreign, and may be a million prices.
	mostReadings = 300
	// sureEnough is how sure a reading has to be to stand in for a field.
	sureEnough = 80
	// agreeing is how far, in percent, a sum in prose may be from the field it tells of.
	agreeing = 30
)

// passage is one text to be read, and the lot it is about.
type passage struct {
	notice.Said[string]
	text  *prose.Text // once it has been taken apart, and until it has been read
	field prose.Field
	lot   string
	// lots are the lots read from it, where it lists some.
	lots []prose.Lot
}

// readings reads the prose of the notice, once its fields have been.
func (p *projector) readings() {
	passages := p.passages()
	if !p.divided {
		p.proseLots(passages)
	}
	for i := range passages {
		p.readPassage(&passages[i])
	}
	r := &p.n.Readings
	r.Amounts = settled(p, r.Amounts, sameAmount)
	r.Events = settled(p, r.Events, func(a, b notice.Event) bool {
		return a.Kind == b.Kind && a.When.Day == b.When.Day && a.When.Equal(b.When.Time)
	})
	r.Lengths = settled(p, r.Lengths, sameLength)
	r.Links = settled(p, r.Links, func(a, b notice.Link) bool { return a.URL == b.URL })
	r.Mentions = settled(p, r.Mentions, sameMention)
	p.fillValues()
	p.fillPeriods()
	p.fillDates()
	p.fillPortal()
}

// passages lists the texts of the notice, each once, in the order in which a person reads them.
func (p *projector) passages() []passage {
	n := p.n
	var list []passage
	at := map[string]int{} // a text, and where it stands in the list
	add := func(lot string, field prose.Field, texts ...notice.Said[string]) {
		for _, s := range texts {
			if !s.Known() || s.At.End != 0 || len(s.Value) < len("£1") {
				continue
			}
			if i, again := at[s.Value]; again {
				if list[i].lot != lot {
					list[i].lot = "" // several lots say it: it is about all
				}
				continue
			}
			at[s.Value] = len(list)
			list = append(list, passage{Said: s, field: field, lot: lot})
		}
	}
	add("", prose.Title, n.Title)
	add("", prose.Description, n.Description)
	for i := range n.Lots {
		l := &n.Lots[i]
		add(l.ID, prose.Title, l.Title)
		add(l.ID, prose.Description, l.Description)
		add(l.ID, prose.Renewal, l.Renewal)
		add(l.ID, prose.Options, l.Options)
	}
	add("", prose.Description, n.Texts...)
	for _, m := range n.Milestones {
		add("", prose.Description, m.Description)
	}
	for i := range n.Lots {
		add(n.Lots[i].ID, prose.Description, n.Lots[i].Conditions...)
	}
	return list
}

// proseLots divides a notice that its fields do not divide into the lots its prose lists, if any: those of the first
// text that has a list of two or more that is sure.
func (p *projector) proseLots(passages []passage) {
	n := p.n
	if n.Direct.Known() {
		return // the lots are those of the framework that is called off
	}
	for i := range passages {
		at := &passages[i]
		if at.field != prose.Description || i > 0 && at.At.Pointer == n.Title.At.Pointer {
			continue
		}
		list := at.takenApart().Lots()
		sure := 0
		for _, l := range list {
			if l.Confidence >= sureEnough {
				sure++
			}
		}
		if sure < 2 || 2*sure < len(list) {
			continue
		}
		at.lots = list
		p.divide(at)
		return
	}
}

// divide makes the lots read from a text the lots of the notice. Each takes over what the one lot of the
// fields says, save its texts and its value: a total cannot be told per lot.
func (p *projector) divide(at *passage) {
	n := p.n
	whole := n.Lots[0]
	for _, s := range []notice.Said[string]{whole.Title, whole.Description} {
		if s.Known() && s.Value != n.Title.Value && s.Value != n.Description.Value {
			n.Texts = append(n.Texts, s)
		}
	}
	n.Texts = distinct(n.Texts, textKey)
	n.Lots = make([]notice.Lot, len(at.lots))
	whole.CPV = bounded(p, whole.CPV)
	whole.Items = bounded(p, whole.Items)
	whole.Places = bounded(p, whole.Places)
	whole.Reserved = bounded(p, whole.Reserved)
	whole.Criteria = bounded(p, whole.Criteria)
	whole.Conditions = bounded(p, whole.Conditions)
	for i, l := range at.lots {
		lot := whole
		lot.ID = "~" + l.ID
		lot.FromProse = l.Confidence
		lot.Title = at.quote(l.Title)
		lot.Description = at.quote(longest(l.Text))
		lot.Value = notice.Value{}
		n.Lots[i] = lot
	}
}

// quote is the publisher's words in a span of the text, with their place.
func (t *passage) quote(s words.Span) notice.Said[string] {
	if s.Start >= s.End {
		return notice.Said[string]{}
	}
	return notice.Say(t.Value[s.Start:s.End], t.place(s.Start, s.End))
}

// place is where a span of the text stands.
func (t *passage) place(start, end int) notice.Path {
	at := t.At
	at.Start, at.End = start, end
	return at
}

func longest(spans []words.Span) (most words.Span) {
	for _, s := range spans {
		if s.End-s.Start > most.End-most.Start {
			most = s
		}
	}
	return most
}

// lotAt is the lot that a span of the text is about.
func (t *passage) lotAt(start, end int) string {
	for _, l := range t.lots {
		for _, s := range l.Text {
			if s.Start <= start && end <= s.End {
				return "~" + l.ID
			}
		}
	}
	return t.lot
}

// takenApart is the text taken apart, which is done once.
func (t *passage) takenApart() *prose.Text {
	if t.text == nil {
		t.text = prose.Read(t.Value)
	}
	return t.text
}

// readPassage reads one text.
func (p *projector) readPassage(t *passage) {
	r, text := &p.n.Readings, t.takenApart()
	amounts := text.Amounts()
	if len(t.lots) > 0 {
		amounts = t.ofLots(amounts)
	}
	r.Amounts = keep(p, r.Amounts, t, amounts)
	r.Lengths = keep(p, r.Lengths, t, text.Lengths(t.field))
	r.Events = keep(p, r.Events, t, text.Events(p.published(t.At)))
	r.Links = keep(p, r.Links, t, text.Links())
	r.Mentions = keep(p, r.Mentions, t, text.Mentions())
	t.text = nil
}

// ofLots puts the amounts as the lots have them in the place of those of the whole text: a sum by
// itself in the entry of a lot is surer to be its worth.
func (t *passage) ofLots(amounts []prose.Found[notice.Amount]) []prose.Found[notice.Amount] {
	for _, l := range t.lots {
		for _, own := range l.Amounts {
			if i := slices.IndexFunc(amounts, func(a prose.Found[notice.Amount]) bool { return a.Start == own.Start }); i >= 0 {
				amounts[i] = own
			}
		}
	}
	return amounts
}

// published is the day of the release that said something.
func (p *projector) published(at notice.Path) time.Time {
	if i, ok := p.order[at.Release]; ok {
		return p.editions[i].release.Date
	}
	return time.Time{}
}

// keep adds what was found in a text to the readings of a notice.
func keep[T any](p *projector, list []notice.Read[T], t *passage, found []prose.Found[T]) []notice.Read[T] {
	if len(found) >= prose.Most {
		p.readInPart(t.place(found[len(found)-1].Start, found[len(found)-1].End))
	}
	for _, f := range found {
		if len(list) > 4*mostReadings {
			p.readInPart(t.place(f.Start, f.End))
			break
		}
		list = append(list, notice.Read[T]{
			Said:       notice.Say(f.Value, t.place(f.Start, f.End)),
			Confidence: f.Confidence,
			Lot:        t.lotAt(f.Start, f.End),
		})
	}
	return list
}

// readInPart notes, once, that a notice names more than is read.
func (p *projector) readInPart(at notice.Path) {
	if !p.cut {
		p.cut = true
		p.note(notice.Issue{Code: "prose-read-in-part", At: at,
			Message: fmt.Sprintf("the prose of this notice names more of a kind than the %d that are read; the rest stands in the notice itself", mostReadings)})
	}
}

// settled keeps of readings that say the same the best, where it stood first: one about a lot before one about the whole,
// then the surer one. What goes beyond mostReadings is cut, and said to be.
func settled[T any](p *projector, list []notice.Read[T], same func(a, b T) bool) []notice.Read[T] {
	var kept []notice.Read[T]
	for _, r := range list {
		i := slices.IndexFunc(kept, func(k notice.Read[T]) bool {
			return (k.Lot == r.Lot || k.Lot == "" || r.Lot == "") && same(k.Value, r.Value)
		})
		switch {
		case i >= 0 && (kept[i].Lot == "" && r.Lot != "" || kept[i].Lot == r.Lot && r.Confidence > kept[i].Confidence):
			kept[i] = r
		case i >= 0:
		case len(kept) == mostReadings:
			p.readInPart(r.At)
			return kept
		default:
			kept = append(kept, r)
		}
	}
	return kept
}

func sameAmount(a, b notice.Amount) bool {
	return alike(a.Min, b.Min) && alike(a.Max, b.Max) && a.For == b.For && a.Per == b.Per && alike(a.VAT, b.VAT)
}

func sameLength(a, b notice.Length) bool {
	return a.Term == b.Term && slices.Equal(a.Extensions, b.Extensions)
}

func sameMention(a, b notice.Mention) bool {
	return a.Kind == b.Kind && a.Name == b.Name && alike(a.Amount, b.Amount) && a.Wanted == b.Wanted
}

// alike compares what may be unsaid.
func alike[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// fillValues gives a lot without a value, and an undivided notice without one, what its prose says that it is worth.
func (p *projector) fillValues() {
	n := p.n
	for i := range n.Lots {
		lot := &n.Lots[i]
		if lot.ID == "" {
			p.contradicts()
			if known := lot.Value; !known.Priced() && !n.Value.Priced() {
				p.fillValue(&lot.Value, "")
			} else {
				p.fillPerYear(&lot.Value, "")
			}
			share(&lot.Value, &n.Value)
			either(&lot.Value.PerYear, &n.Value.PerYear)
			continue
		}
		if !lot.Value.Priced() {
			p.fillValue(&lot.Value, lot.ID)
		} else {
			p.fillPerYear(&lot.Value, lot.ID)
		}
	}
}

// worths are the sums for which a lot, or the whole, is surely said to be worth.
func (p *projector) worths(lot, per string) []notice.Read[notice.Amount] {
	var list []notice.Read[notice.Amount]
	for _, r := range p.n.Readings.Amounts {
		if r.Lot == lot && r.Confidence >= sureEnough && r.Value.For == notice.AmountContract && r.Value.Per == per && (r.Value.Max != nil || r.Value.Min != nil) {
			list = append(list, r)
		}
	}
	return list
}

// fillValue fills a value that has no amount, unless it is in another currency or what the prose says differs too much:
// sums within three times of each other are one total with and without its extensions, and the largest counts.
func (p *projector) fillValue(v *notice.Value, lot string) {
	if v.Currency.Known() && v.Currency.Value != "GBP" {
		return
	}
	totals := p.worths(lot, "")
	p.fillPerYear(v, lot)
	if len(totals) == 0 {
		return
	}
	byHeight := func(a, b notice.Read[notice.Amount]) int { return cmp.Compare(height(a.Value), height(b.Value)) }
	least, most := slices.MinFunc(totals, byHeight), slices.MaxFunc(totals, byHeight)
	if height(most.Value) > 3*height(least.Value) || height(most.Value) <= placeholder {
		return
	}
	a := most.Value
	switch {
	case a.Max == nil:
		v.Min = notice.Say(*a.Min, most.At)
	case a.VAT != nil && *a.VAT:
		v.Gross = notice.Say(*a.Max, most.At)
	default:
		v.Net = notice.Say(*a.Max, most.At)
		if a.Min != nil && *a.Min < *a.Max && *a.Min > placeholder {
			v.Min = notice.Say(*a.Min, most.At)
		}
	}
}

// fillPerYear fills what a year is worth, where the prose names one such sum and it is not more than the whole.
func (p *projector) fillPerYear(v *notice.Value, lot string) {
	if v.PerYear.Known() || !v.Pounds() {
		return
	}
	for _, r := range p.worths(lot, "year") {
		a := r.Value
		if a.Max == nil || a.VAT != nil && *a.VAT {
			continue
		}
		if v.Net.Known() && *a.Max > v.Net.Value+v.Net.Value/20 {
			continue
		}
		if v.PerYear.Known() && v.PerYear.Value != *a.Max {
			v.PerYear = notice.Said[notice.Pence]{} // which of them?
			return
		}
		v.PerYear = notice.Say(*a.Max, r.At)
	}
}

// height is the upper end of an amount, or the lower where it has no other.
func height(a notice.Amount) notice.Pence {
	if a.Max != nil {
		return *a.Max
	}
	return *a.Min
}

// contradicts notes where the prose surely says that the whole is worth something else than the field does. It keeps
// quiet where there is room for doubt: ceilings, floors, several sums, and frameworks, whose value may be counted in many ways.
func (p *projector) contradicts() {
	n := p.n
	field := n.Value.Net
	if !field.Known() {
		field = n.Value.Gross
	}
	if !field.Known() || !n.Value.Pounds() || n.Framework.Known() || n.DynamicMarket.Known() || !n.Stage.Open() {
		return
	}
	totals := p.worths("", "")
	if len(totals) != 1 || totals[0].Confidence < 90 || len(p.worths("", "year")) > 0 {
		return
	}
	a := totals[0].Value
	if a.Min == nil || a.Max == nil {
		return
	}
	near := func(v notice.Said[notice.Pence]) bool {
		return v.Known() && *a.Max >= v.Value-v.Value*agreeing/100 && *a.Min <= v.Value+v.Value*agreeing/100
	}
	if near(n.Value.Net) || near(n.Value.Gross) {
		return
	}
	p.note(notice.Issue{Code: "prose-contradicts-field", At: totals[0].At,
		Message: fmt.Sprintf("the text speaks of %v, the value field says %v: the field counts", *a.Max, field.Value)})
}

// fillPeriods gives a lot whose contract has neither an end nor a length the term its prose names, and
// one that is silent on renewal the words on extensions.
func (p *projector) fillPeriods() {
	n := p.n
	for _, r := range n.Readings.Lengths {
		if r.Confidence < sureEnough {
			continue
		}
		words := p.quoteAt(r.At)
		for i := range n.Lots {
			lot := &n.Lots[i]
			if r.Lot != lot.ID && r.Lot != "" {
				continue
			}
			c := &lot.Contract
			if term := r.Value.Term; term != (notice.Span{}) && !c.Days.Known() && !c.End.Known() && !c.MaxExtent.Known() {
				c.Days = notice.Say(term.Months*monthDays+term.Days, r.At)
			}
			if len(r.Value.Extensions) > 0 && !lot.Renewal.Known() {
				lot.Renewal = words
			}
		}
	}
}

// quoteAt is the publisher's words at a place in prose.
func (p *projector) quoteAt(at notice.Path) notice.Said[string] {
	text, ok := p.n.Prose(at)
	if !ok || at.End > len(text) {
		return notice.Said[string]{}
	}
	return notice.Say(text[at.Start:at.End], at)
}

// fillDates gives a tender the deadline, and an engagement the day, that no field says and the prose surely does.
// Where it names several days for the same thing, none of them is taken.
func (p *projector) fillDates() {
	n := p.n
	switch n.Stage {
	case notice.StageTender:
		if n.Deadline.Known() || n.DynamicMarket.Known() {
			return
		}
		if at, ok := p.onlyEvent(notice.EventSubmission); ok {
			n.Deadline = notice.Deadline{Said: at, Kind: notice.DeadlineTender}
		} else if at, ok := p.onlyEvent(notice.EventInterest); ok {
			n.Deadline = notice.Deadline{Said: at, Kind: notice.DeadlineInterest}
		}
	case notice.StageEngagement:
		if n.Engagement.Known() {
			return
		}
		for _, kind := range []notice.EventKind{notice.EventSubmission, notice.EventInterest, notice.EventRegister, notice.EventEngagement} {
			if at, ok := p.onlyEvent(kind); ok {
				n.Engagement = notice.Deadline{Said: at, Kind: notice.DeadlineEngagement}
				break
			}
		}
		if !n.Deadline.Known() {
			n.Deadline = n.Engagement
		}
	}
}

// onlyEvent is the one moment, not before its release, for which the prose names a kind of event.
func (p *projector) onlyEvent(kind notice.EventKind) (at notice.Said[notice.Moment], ok bool) {
	for _, r := range p.n.Readings.Events {
		if r.Value.Kind != kind || r.Confidence < sureEnough || r.Value.When.End().Before(p.published(r.At)) || !p.final(r.At) {
			continue
		}
		if at.Known() && !at.Value.Equal(r.Value.When.Time) {
			return notice.Said[notice.Moment]{}, false
		}
		at = notice.Say(r.Value.When, r.At)
	}
	return at, at.Known()
}

// final reports whether a date in prose is an end: not that of a first round after which others follow, as dynamic
// markets have them, nor the beginning of something.
func (p *projector) final(at notice.Path) bool {
	text, ok := p.n.Prose(at)
	if !ok || at.End > len(text) {
		return false
	}
	s := words.Sentence(text, words.Span{Start: at.Start, End: at.End}, 300)
	for _, t := range words.Tokens(text[s.Start:s.End]) {
		switch t.Stem {
		case "round", "initi", "first", "again", "reopen", "establish", "current", "dps":
			return false
		case "from", "until", "after":
			if end := s.Start + t.End; end <= at.Start && at.Start-end < len(" the ") {
				return false
			}
		}
	}
	return true
}

// fillPortal says where tenders are given in, where no field does.
func (p *projector) fillPortal() {
	if p.n.Portal.Known() {
		return
	}
	for _, r := range p.n.Readings.Links {
		if r.Value.For == notice.LinkPortal && r.Confidence >= sureEnough {
			p.n.Portal = p.quoteAt(r.At)
			return
		}
	}
}
