package desk

import (
	"cmp"
	"fmt"
	"math/bits"
	"net/url"
	"slices"
	"strings"
	"time"

	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// The facets of a ranked list, by the names they have in a query: "?advice=bid&region=TLG&words=mediation".
const (
	FacetAdvice   = "advice"
	FacetAction   = "action"
	FacetStage    = "stage"
	FacetRegion   = "region"
	FacetDivision = "cpv"
	FacetBand     = "value"
	FacetDeadline = "deadline"
	FacetState    = "state"
	FacetBuyer    = "buyer"

	QueryWords = "words" // in title, lots and buyers; all of them have to be there
)

// UnknownValue is the value of a facet that the notice does not say.
const UnknownValue = "unknown"

// The values of FacetState. What is snoozed or known is not listed unless it is asked for.
const (
	StateUnseen        = "unseen"        // nobody of the profile has seen it
	StateChanged       = "changed"       // released again since somebody did
	StateResurfaced    = "resurfaced"    // what a snooze waited for has come
	StateUndecided     = "undecided"     //
	StateDecided       = "decided"       // whatever was decided
	StateBid           = "bid"           // decided to bid
	StateNoBid         = "no-bid"        //
	StateWatch         = "watch"         //
	StateContradicting = "contradicting" // decided against the advice of today or of that day
	StateShortlisted   = "shortlisted"   //
	StateSnoozed       = "snoozed"       //
	StateKnown         = "known"         // rated as known
)

// facet says what values a facet has, each a bit of a mask, in the order they are shown.
type facet struct {
	name   string
	values []facetValue
}

type facetValue struct {
	value, label string
	above        string // the value this one is a part of
}

// facetTable holds every facet but that of the buyer, whose values are as many as there are buyers.
var facetTable = []facet{
	{FacetAdvice, labelled(string(matcher.Bid), "bid", string(matcher.Review), "review", string(matcher.NoBid), "no bid")},
	{FacetAction, labelled(string(matcher.ActionBid), "bid", string(matcher.ActionEngage), "engage", string(matcher.ActionPrepare), "prepare",
		string(matcher.ActionWatch), "watch", string(matcher.ActionJoin), "join", string(matcher.ActionNone), "nothing to do")},
	{FacetStage, stageValues()},
	{FacetRegion, regionValues()},
	{FacetDivision, divisionValues()},
	{FacetBand, bandValues()},
	{FacetDeadline, labelled("overdue", "overdue", "week", "within 7 days", "fortnight", "8 to 14 days", "month", "15 to 31 days", "later", "later")},
	{FacetState, labelled(StateUnseen, "not seen yet", StateChanged, "changed since seen", StateResurfaced, "back from a snooze", StateUndecided, "undecided",
		StateDecided, "decided", StateBid, "decided: bid", StateNoBid, "decided: no bid", StateWatch, "decided: watch",
		StateContradicting, "against the advice", StateShortlisted, "on the shortlist", StateSnoozed, "snoozed", StateKnown, "already known")},
}

// The places of the facets in facetTable and in masks.
const (
	inAdvice = iota
	inAction
	inStage
	inRegion
	inDivision
	inBand
	inDeadline
	inState
	facetCount
)

// masks are the values that a row has of each facet of the table.
type masks [facetCount]uint64

// unknownBit is UnknownValue in every facet.
const unknownBit = 1 << 63

func labelled(pairs ...string) []facetValue {
	var list []facetValue
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, facetValue{value: pairs[i], label: pairs[i+1]})
	}
	return list
}

func stageValues() []facetValue {
	var list []facetValue
	for _, s := range []notice.Stage{notice.StageTender, notice.StageMarket, notice.StageEngagement, notice.StagePlanned, notice.StagePipeline} {
		list = append(list, facetValue{value: string(s), label: s.Words()})
	}
	return list
}

// regionAreas are what the values of FacetRegion cover.
var regionAreas = func() []itl.Area {
	var list []itl.Area
	for _, v := range regionValues() {
		list = append(list, itl.Region(v.value).Area())
	}
	return list
}()

// regionValues are the regions of ITL 1 of 2025, each with those of ITL 2 in it.
func regionValues() []facetValue {
	var list []facetValue
	for _, r := range itl.Regions(2025, 1) {
		list = append(list, facetValue{value: string(r), label: r.Name()})
		for _, c := range r.Children() {
			list = append(list, facetValue{value: string(c), label: c.Name(), above: string(r)})
		}
	}
	return list
}

// regionsOf are the regions an area touches: work all over the UK is in each of them.
func regionsOf(a itl.Area) uint64 {
	var mask uint64
	for i, r := range regionAreas {
		if r.Overlaps(a) {
			mask |= 1 << i
		}
	}
	return orUnknown(mask)
}

var divisions = func() []cpv.Code {
	return slices.DeleteFunc(cpv.Codes(), func(c cpv.Code) bool { return c.Level() != cpv.Division })
}()

// divisionValues are the divisions of CPV by their two digits.
func divisionValues() []facetValue {
	var list []facetValue
	for _, c := range divisions {
		name, _ := c.Name()
		list = append(list, facetValue{value: c.String()[:2], label: name})
	}
	return list
}

func divisionsOf(codes []cpv.Code) uint64 {
	var mask uint64
	for _, c := range codes {
		if i, ok := slices.BinarySearch(divisions, c.At(cpv.Division)); ok {
			mask |= 1 << i
		}
	}
	return orUnknown(mask)
}

// bandFloors are where the bands of value begin, in pounds; a band is a decade.
var bandFloors = []int64{0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000}

func bandValues() []facetValue {
	var list []facetValue
	for _, floor := range bandFloors {
		list = append(list, facetValue{value: fmt.Sprint(floor), label: dossier.Band(notice.Value{}, notice.Pence(floor*100))})
	}
	return list
}

// bandOf is the band a net value lies in.
func bandOf(p *notice.Pence) uint64 {
	if p == nil {
		return unknownBit
	}
	i := len(bandFloors) - 1
	for i > 0 && int64(*p/100) < bandFloors[i] {
		i--
	}
	return 1 << i
}

func orUnknown(mask uint64) uint64 {
	if mask == 0 {
		return unknownBit
	}
	return mask
}

// bit is the mask of one value of a facet; 0 where it has no such value.
func (f *facet) bit(value string) uint64 {
	if value == UnknownValue {
		return unknownBit
	}
	for i := range f.values {
		if f.values[i].value == value {
			return 1 << i
		}
	}
	return 0
}

// masks are the values of a row that depend on neither day nor people.
func (r *row) masks() masks {
	var m masks
	m[inAdvice] = facetTable[inAdvice].bit(string(r.fit.Advice))
	m[inAction] = facetTable[inAction].bit(string(r.fit.Action))
	m[inStage] = orUnknown(facetTable[inStage].bit(string(r.facts.stage)))
	m[inRegion], m[inDivision], m[inBand] = r.lot.regions, r.lot.divisions, r.lot.band
	return m
}

// deadlineMask is how near a deadline is.
func deadlineMask(m notice.Moment, asOf time.Time) uint64 {
	const overdue, week, fortnight, month, later = 1, 2, 4, 8, 16
	if m.IsZero() {
		return unknownBit
	}
	if asOf.After(m.End()) {
		return overdue
	}
	switch days := notice.DaysUntil(asOf, m.Time); {
	case days <= 7:
		return week
	case days <= 14:
		return fortnight
	case days <= 31:
		return month
	}
	return later
}

// Filter says which rows of a ranked list are shown: for each facet any of its values, and all words. The zero Filter is all.
type Filter struct {
	// By holds the values asked for, by facet; of a buyer its name as notice.NameKey folds it.
	By    map[string][]string `json:"by,omitzero"`
	Words string              `json:"words,omitzero"`
}

// MostFilter is how many bytes a filter may have as a query: every address on a page of a list repeats it.
const MostFilter = 500

// Long reports whether a filter is beyond MostFilter.
func (f Filter) Long() bool { return len(f.Query().Encode()) > MostFilter }

// ParseFilter reads a filter out of a query, and leaves alone what in it is about other things. It fails on a
// value that a facet does not have, and on a filter that is too long.
func ParseFilter(query url.Values) (Filter, error) {
	f := Filter{Words: strings.Join(strings.Fields(query.Get(QueryWords)), " ")}
	for i := range facetTable {
		table := &facetTable[i]
		for _, value := range query[table.name] {
			if value == "" {
				continue // a form sends a field that was left empty
			}
			if table.bit(value) == 0 {
				return Filter{}, fmt.Errorf("%s: %q is none of %s", table.name, value, strings.Join(table.names(), ", "))
			}
			f.add(table.name, value)
		}
	}
	for _, value := range query[FacetBuyer] {
		if value != "" {
			f.add(FacetBuyer, value)
		}
	}
	if f.Long() {
		return Filter{}, fmt.Errorf("the filter has %d bytes and may have %d: take some of it out", len(f.Query().Encode()), MostFilter)
	}
	return f, nil
}

func (f *facet) names() []string {
	list := make([]string, 0, len(f.values)+1)
	for _, v := range f.values {
		list = append(list, v.value)
	}
	return append(list, UnknownValue)
}

func (f *Filter) add(facet, value string) {
	if f.By == nil {
		f.By = map[string][]string{}
	}
	if !slices.Contains(f.By[facet], value) {
		f.By[facet] = append(f.By[facet], value)
	}
}

// Query is the filter as ParseFilter reads it.
func (f Filter) Query() url.Values {
	q := url.Values{}
	for facet, values := range f.By {
		q[facet] = slices.Clone(values)
	}
	if f.Words != "" {
		q.Set(QueryWords, f.Words)
	}
	return q
}

// Has reports whether a value of a facet is asked for.
func (f Filter) Has(facet, value string) bool { return slices.Contains(f.By[facet], value) }

// Toggle is the filter with one value more, or without it.
func (f Filter) Toggle(facet, value string) Filter {
	t := Filter{Words: f.Words}
	for name, values := range f.By {
		for _, v := range values {
			if name != facet || v != value {
				t.add(name, v)
			}
		}
	}
	if !f.Has(facet, value) {
		t.add(facet, value)
	}
	return t
}

// Empty reports whether everything is asked for.
func (f Filter) Empty() bool { return len(f.By) == 0 && f.Words == "" }

// Facet is one facet of a ranked list: the values there are under all other filters, and how many rows have each.
type Facet struct {
	Name   string       `json:"facet"`
	Values []FacetValue `json:"values"`
	// More is how many values there are beyond those listed; only of buyers, the most frequent first.
	More int `json:"more,omitzero"`
}

// FacetValue is one value; rows may have several.
type FacetValue struct {
	Value    string `json:"value"`
	Label    string `json:"label"`
	Above    string `json:"above,omitzero"` // of a region of ITL 2 that of ITL 1
	Count    int    `json:"count"`
	Selected bool   `json:"selected,omitzero"`
}

// choice is a filter made ready.
type choice struct {
	masks  masks  // 0 is any
	buyers []bool // by number in the list; nil is any
	words  []string
}

func (f Filter) choice(l *list) choice {
	w := choice{words: strings.Fields(words.Fold(f.Words))}
	if asked := f.By[FacetBuyer]; len(asked) > 0 {
		w.buyers = make([]bool, len(l.buyers))
		for i := range l.buyers {
			w.buyers[i] = slices.Contains(asked, l.buyers[i].key)
		}
	}
	for i := range facetTable {
		for _, v := range f.By[facetTable[i].name] {
			w.masks[i] |= facetTable[i].bit(v)
		}
	}
	return w
}

// says reports whether a row says the words.
func (w *choice) says(r *row) bool {
	for _, word := range w.words {
		if !strings.Contains(r.facts.folded, word) {
			return false
		}
	}
	return true
}

// hiding are the states that are not shown unless asked for.
var hiding = facetTable[inState].bit(StateSnoozed) | facetTable[inState].bit(StateKnown)

// tally counts rows by facet, each under the filters of the others.
type tally struct {
	list   *list
	want   choice
	counts [facetCount][64]int
	buyers []int
}

// count takes the row of a number in and reports whether all filters let it pass.
func (t *tally) count(i int32, m *masks) bool {
	if len(t.want.words) > 0 && !t.want.says(t.list.rows[i]) {
		return false
	}
	const none = -1
	failed := none
	for f := range m {
		want := t.want.masks[f]
		pass := want == 0 || m[f]&want != 0
		if f == inState && m[f]&hiding != 0 && m[f]&hiding&want == 0 {
			pass = false
		}
		if pass {
			continue
		}
		if failed != none {
			return false
		}
		failed = f
	}
	buyer := t.list.buyerOf[i]
	of := t.want.buyers == nil || t.want.buyers[buyer]
	if failed != none {
		if of {
			t.add(failed, m[failed])
		}
		return false
	}
	t.buyers[buyer]++
	if !of {
		return false
	}
	for f := range m {
		t.add(f, m[f])
	}
	return true
}

func (t *tally) add(facet int, mask uint64) {
	if facet == inState && mask&hiding != 0 {
		mask &= hiding // what is hidden shows for no other state
	}
	for ; mask != 0; mask &= mask - 1 {
		t.counts[facet][bits.TrailingZeros64(mask)]++
	}
}

// mostBuyers is how many buyers a facet lists; those asked for are always among them.
const mostBuyers = 20

// facets are the counts as they are shown; names are those of CPV that go before the built-in ones.
func (t *tally) facets(f Filter, names cpv.Names) []Facet {
	list := make([]Facet, 0, facetCount+1)
	for i := range facetTable {
		table := &facetTable[i]
		out := Facet{Name: table.name, Values: []FacetValue{}}
		add := func(v facetValue, count int) {
			if selected := f.Has(table.name, v.value); count > 0 || selected {
				out.Values = append(out.Values, FacetValue{v.value, v.label, v.above, count, selected})
			}
		}
		for j, v := range table.values {
			if i == inDivision {
				v.label = cmp.Or(names[divisions[j]], v.label)
			}
			add(v, t.counts[i][j])
		}
		add(facetValue{value: UnknownValue, label: "unknown"}, t.counts[i][63])
		list = append(list, out)
	}
	return append(list, t.buyerFacet(f))
}

func (t *tally) buyerFacet(f Filter) Facet {
	out := Facet{Name: FacetBuyer, Values: []FacetValue{}}
	there := map[string]bool{}
	for i, count := range t.buyers {
		b := t.list.buyers[i]
		if selected := f.Has(FacetBuyer, b.key); count > 0 || selected {
			out.Values = append(out.Values, FacetValue{Value: b.key, Label: cmp.Or(b.name, "unknown"), Count: count, Selected: selected})
			there[b.key] = true
		}
	}
	for _, key := range f.By[FacetBuyer] {
		if !there[key] {
			out.Values = append(out.Values, FacetValue{Value: key, Label: key, Selected: true})
		}
	}
	slices.SortFunc(out.Values, func(a, b FacetValue) int {
		return cmp.Or(-cmp.Compare(btoi(a.Selected), btoi(b.Selected)), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	keep := max(mostBuyers, len(f.By[FacetBuyer]))
	if out.More = max(0, len(out.Values)-keep); out.More > 0 {
		out.Values = out.Values[:keep]
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
