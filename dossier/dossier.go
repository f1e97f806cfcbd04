// Package dossier says everything a page says of one notice: one struct that the
// terminal, Markdown, JSON and a web page are written from. It is pure: what it cannot know of itself
// (the day, names of codes, where a postcode lies, how the notice came to be as it is) is given to it.
//
//	[Of]        fills the struct: forms.go names types of notice, worth.go values, length.go
//	            times, timeline.go dates, parties.go who and where, terms.go lots and what is asked of bidders
//	summary.go  says it in sentences
//	sections.go puts it on a page, whatever the page is written in
//	markdown.go writes the page as Markdown
//
// Nothing is invented: what nobody said is listed as not specified, what is computed or read
// from prose is said to be so, and every value keeps its place in the source.
package dossier

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/notice/cpv"
	"bidfit/vocab"
)

// Dossier is everything a page says of one notice.
type Dossier struct {
	ID        string           `json:"id"`
	OCID      string           `json:"ocid"`
	AsOf      time.Time        `json:"asOf"`
	Publisher notice.Publisher `json:"publisher"`
	Title     string           `json:"title"`
	// Summary is the notice in sentences: what it is, who it suits, what is missing.
	Summary []string `json:"summary"`
	// Missing are the things a bidder looks for and nobody said.
	Missing []string `json:"missing"`

	Stage     Standing `json:"stage"`
	Type      Form     `json:"type,omitzero"`
	Procedure []Fact   `json:"procedure"`

	CPV    []Code `json:"cpv"`
	Value  Worth  `json:"value"`
	Lots   []Lot  `json:"lots"`
	Counts Counts `json:"counts"`
	Dates  []Date `json:"dates"`

	Buyer   Party   `json:"buyer"`
	Buyers  []Party `json:"buyers,omitzero"` // further ones
	Others  []Party `json:"others,omitzero"` // review bodies, members of a market, bidders
	Places  []Where `json:"places"`          // of delivery
	Suits   Suits   `json:"suits"`           // of all lots together
	Awards  []Award `json:"awards"`
	Asked   []Asked `json:"conditions"` // conditions and what the text mentions
	Lengths []Asked `json:"lengths,omitzero"`
	Amounts []Asked `json:"amounts,omitzero"`

	Documents []Document `json:"documents"`
	Links     []Link     `json:"links"`
	Pages     []Link     `json:"pages"` // of the notice itself, the newest first
	Also      []string   `json:"also"`  // other OCIDs of the same opportunity
	Related   []Fact     `json:"related"`
	History   []Step     `json:"history"`
	// Untold is how many older releases the history has no words for.
	Untold int `json:"untold,omitzero"`
	// Further is what has no row of its own.
	Further []Fact `json:"further,omitzero"`

	// Notice is all of it value by value, each with the place that said it.
	Notice *notice.Notice `json:"notice"`
}

// Fact is a row of a page: a value, and the place that said it; no value is "not specified".
type Fact struct {
	Label string      `json:"label"`
	Value string      `json:"value,omitzero"`
	At    notice.Path `json:"at,omitzero"`
}

// Step is one release in the history of a notice and what it changed.
type Step struct {
	notice.Published
	TypeName string           `json:"typeName,omitzero"`
	Changes  []changes.Change `json:"changes,omitzero"`
	// First is said of the release that everything began with, Untold of one too old to be compared, Named
	// of one that is known by its name alone, because a compiled release stands for it.
	First  bool        `json:"first,omitzero"`
	Untold bool        `json:"untold,omitzero"`
	Named  bool        `json:"named,omitzero"`
	at     notice.Path // of its date
}

// Given is what a dossier cannot know of itself.
type Given struct {
	AsOf  time.Time
	Names cpv.Names // learned or imported names of codes
	Also  []string
	// Locality tells where a postcode lies; nil where nothing does.
	Locality func(postcode string) (vocab.Place, bool)
	// Changes are what each release changed, by its identity; those not in it are too old to be compared.
	Changes map[string][]changes.Change
}

// Of puts together the dossier of a notice.
func Of(n *notice.Notice, g Given) *Dossier {
	b := builder{n: n, g: g}
	history, untold := b.history()
	d := &Dossier{
		ID: n.ID, OCID: n.OCID, AsOf: g.AsOf, Publisher: n.Publisher, Title: Line(n.Title.Value), Notice: n,
		Stage: b.standing(), Type: FormOf(n.Type.Value), Procedure: b.procedure(),
		CPV: b.codes(), Lots: b.lots(), Counts: counts(n), Dates: b.dates(history), History: history, Untold: untold,
		Buyer: b.party(&n.Buyer), Places: b.places(), Awards: b.awards(),
		Asked: b.asked(), Lengths: b.lengths(), Amounts: b.amounts(),
		Documents: documents(n), Links: links(n), Pages: pages(history), Also: append([]string{}, g.Also...),
		Further: further(n, shownOfNotice),
	}
	d.Value = worth(n.Value, period(n))
	for i := range n.Buyers {
		d.Buyers = append(d.Buyers, b.party(&n.Buyers[i]))
	}
	d.Others, d.Related = b.others(), related(n)
	d.Suits = together(d.Lots)
	d.Missing = missing(d)
	d.Summary = summary(d)
	return d
}

// builder reads a notice into the parts of a dossier.
type builder struct {
	n *notice.Notice
	g Given
}

// history is the releases, the newest last, with what each changed, and those that only a compiled release
// names. The second result is how many are too old to be compared.
func (b *builder) history() ([]Step, int) {
	var steps []Step
	known := map[string]bool{}
	untold := 0
	for i, r := range b.n.Releases {
		known[r.URL], known[r.Identity] = true, true
		s := Step{Published: r, TypeName: FormOf(r.Type).Name, First: i == 0, at: notice.Path{Release: r.Identity, Pointer: "/date"}}
		if i > 0 {
			told, ok := b.g.Changes[r.Identity]
			s.Changes, s.Untold = told, !ok
			if !ok {
				untold++
			}
		}
		steps = append(steps, s)
	}
	for _, doc := range b.n.Documents {
		url := doc.URL.Value
		identity := url[strings.LastIndexByte(url, '/')+1:]
		if doc.Notice == "" || url == "" || identity == "" || known[url] || known[identity] {
			continue
		}
		known[url] = true
		steps = append(steps, Step{Named: true, TypeName: FormOf(doc.Notice).Name, at: doc.Published.At, Published: notice.Published{
			Identity: identity, Date: doc.Published.Value.Time, Type: doc.Notice, URL: url, Tags: []string{},
		}})
	}
	slices.SortStableFunc(steps, func(x, y Step) int {
		if x.Named == y.Named && !x.Named {
			return 0 // in the order in which they count
		}
		return x.Date.Compare(y.Date)
	})
	return steps, untold
}

// shown are the fields of a notice, a lot, an award and a contract that have rows of their own.
var (
	shownOfNotice = strings.Fields(`ID OCID Also Copies Publisher Releases Stage Type Regime Title Description Texts Buyer Buyers Parties
		Members Bidders Status Category Method MethodText Direct AboveThreshold SpecialRegime Framework DynamicMarket Recurrent
		RecursOn Value Deadline OtherDeadline Opens Questions Future AwardFrom AwardBy Published Engagement MaxLotsBid
		MaxLotsAwarded Portal Related Documents Milestones Readings Lots Awards Issues`)
	shownOfLot = strings.Fields(`ID FromProse Title Description Status CPV Items Places Value SME VCSE Reserved Contract Renewal
		Options Criteria Conditions`)
	shownOfAward    = strings.Fields(`ID Title Status Date Standstill Lots Suppliers Value Contract CPV Contracts Milestones`)
	shownOfContract = strings.Fields(`ID Title Status Signed Period Value Milestones Ended`)
)

// further lists what is said and has no row of its own.
func further(v any, shown []string) []Fact {
	var facts []Fact
	for _, leaf := range notice.Leaves(v, shown...) {
		if leaf.Text != "" {
			facts = append(facts, Fact{leaf.Name, Line(leaf.Text), leaf.At})
		}
	}
	return facts
}
