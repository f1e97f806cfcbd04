package desk

import (
	"slices"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/pursuit"
)

// facts are what a ranked list shows and filters of a notice besides its fit.
type facts struct {
	stage   notice.Stage
	title   string // plain, as buyer is
	buyer   string
	buyerID string
	key     string // of the buyer's name; "" where there is none
	folded  string // title, lots and buyers, to look for words in
	updated time.Time
	release string                   // the newest
	hash    string                   // of its content
	marks   map[pursuit.Until]string // what a snooze of the notice is held against
	lots    []lotFacts
}

// lotFacts are the facts of one lot.
type lotFacts struct {
	id        string
	title     string
	worth     Money
	places    []Place
	area      itl.Area
	codes     []cpv.Code // each once, in order
	regions   uint64     // of regionValues
	divisions uint64     // of divisionValues
	band      uint64     // of bandValues
	value     string     // mark of its value
}

// Money is what a lot is worth, net and in pence; nil where that is not known.
type Money struct {
	Low  *notice.Pence `json:"low,omitzero"`
	High *notice.Pence `json:"high,omitzero"`
	// PerYear is what a year of it is worth (Lot.PerYear).
	PerYear *notice.Pence `json:"perYear,omitzero"`
	// Words is all that is said of it, other currencies too; "" for nothing.
	Words string `json:"words,omitzero"`
}

// Place is where a lot is carried out.
type Place struct {
	Region itl.Region `json:"region,omitzero"` // of 2025; "" where the words mean none
	Name   string     `json:"name"`
}

func factsOf(n *notice.Notice) *facts {
	f := &facts{
		stage: n.Stage, title: words.Plain(n.Title.Value), buyer: words.Plain(n.Buyer.Name.Value), buyerID: n.Buyer.ID.Value,
		key: notice.NameKey(n.Buyer.Name.Value), updated: n.Updated(), lots: make([]lotFacts, len(n.Lots)),
		marks: map[pursuit.Until]string{},
	}
	for _, u := range []pursuit.Until{pursuit.UntilValue, pursuit.UntilDeadline, pursuit.UntilStage, pursuit.UntilChange} {
		f.marks[u] = u.Mark(n, "")
	}
	if len(n.Releases) > 0 {
		last := n.Releases[len(n.Releases)-1]
		f.release, f.hash = last.Identity, last.Hash
	}
	text := f.title + "\n" + f.buyer
	for i := range n.Lots {
		f.lots[i] = lotFactsOf(n, &n.Lots[i])
		text += "\n" + f.lots[i].title
	}
	for _, b := range n.Buyers {
		text += "\n" + words.Plain(b.Name.Value)
	}
	f.folded = words.Fold(text)
	return f
}

func lotFactsOf(n *notice.Notice, l *notice.Lot) lotFacts {
	f := lotFacts{id: l.ID, title: words.Plain(l.Title.Value), worth: Money{Words: l.Value.Words()}, value: pursuit.UntilValue.Mark(n, l.ID)}
	if low, high, ok := l.Value.Span(); ok {
		f.worth.Low, f.worth.High = &low, &high
	}
	if p, ok := l.PerYear(); ok && l.Value.Pounds() {
		f.worth.PerYear = &p
	}
	f.band = bandOf(f.worth.High)
	for _, p := range l.Places {
		at := Place{Name: words.Plain(p.Value.Text)}
		if p.Value.Region != "" {
			at.Region = p.Value.Region.Current()
			at.Name = at.Region.Name()
			f.area = f.area.Union(p.Value.Region.Area())
		}
		if !slices.Contains(f.places, at) {
			f.places = append(f.places, at)
		}
	}
	f.regions = regionsOf(f.area)
	for _, c := range l.CPV {
		f.codes = append(f.codes, c.Value.Code)
	}
	slices.Sort(f.codes)
	f.codes = slices.Compact(f.codes)
	f.divisions = divisionsOf(f.codes)
	return f
}

// lot is a lot of the notice; one without facts where it has no such lot.
func (f *facts) lot(id string) *lotFacts {
	for i := range f.lots {
		if f.lots[i].id == id {
			return &f.lots[i]
		}
	}
	return &lotFacts{id: id, regions: unknownBit, divisions: unknownBit, band: unknownBit}
}

// mark is what a snooze of a lot is held against.
func (f *facts) mark(u pursuit.Until, lot string) string {
	if u == pursuit.UntilValue && lot != "" {
		return f.lot(lot).value
	}
	return f.marks[u]
}
