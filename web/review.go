package web

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

// A page of the ranked list has so many rows and links of facets as keep it under 100 KB. Each repeats the query.
const (
	reviewPage  = 20     // rows, where the query is short
	fewestRows  = 5      // where it is long
	facetsBytes = 20_000 // of links to other filters, beside those that are asked for
	rowBytes    = 3_800
	pageBytes   = 100_000
)

// rowsBeside is how many rows go with a filter.
func rowsBeside(f desk.Filter) int {
	link := linkBytes(f)
	chosen := 0
	for _, values := range f.By {
		chosen += len(values)
	}
	rest := pageBytes - facetsBytes - (26+chosen)*link // exports, orders, pages, forms; what is asked for
	return min(reviewPage, max(fewestRows, rest/(rowBytes+link)))
}

// linkBytes is about what a link takes that repeats a filter.
func linkBytes(f desk.Filter) int { return 80 + len(f.Query().Encode())*6/5 }

// What a query says of a ranked list besides its filter.
const (
	queryOrder = "order"
	queryAfter = "after" // the cursor of desk.Review
	queryFrom  = "from"  // rows left out, for the way back
)

// reviewBody is the ranked list of a profile.
type reviewBody struct {
	desk.Review
	Rows     []rowView
	Sides    []side
	Advised  []tab
	Orders   []tab
	Filtered []chip
	Clear    string // address without a filter
	Hidden   []tab  // what is not listed, with the address that lists it
	Keep     []pair // of the query, for the form that looks for words
	Pager    *Pager
	Query    string // of all that is shown, for exports
	Back     string
	Tried    *tried
	Fresh    bool // something here is unseen or changed
}

// pair is one value of a query.
type pair struct{ Name, Value string }

// tab is one of several ways to see the list.
type tab struct {
	Label, Href string
	Count       int
	Current     bool
}

// chip is one value that is asked for, with the address without it.
type chip struct{ Facet, Label, Href string }

// side is one facet as it stands beside the list.
type side struct {
	Title  string
	Open   bool
	Values []sideValue
	More   int
}

type sideValue struct {
	Label, Href string // Href is "" where it leads nowhere
	Count       int
	Selected    bool
	Deep        bool // a part of the value above it
}

// facetTitles are what the facets are called on the page; those that are open from the start come first.
var facetTitles = []struct {
	name, title string
	open        bool
}{
	{desk.FacetAdvice, "Advice", true}, {desk.FacetState, "Your work", true}, {desk.FacetDeadline, "Deadline", true}, {desk.FacetAction, "What to do", false},
	{desk.FacetStage, "Stage", false}, {desk.FacetBand, "Value", false}, {desk.FacetRegion, "Region", false}, {desk.FacetDivision, "CPV division", false},
	{desk.FacetBuyer, "Buyer", false},
}

var orderTitles = []struct {
	order matcher.Order
	title string
}{{matcher.OrderScore, "score"}, {matcher.OrderLow, "low end"}, {matcher.OrderRelevance, "relevance"}, {matcher.OrderDeadline, "deadline"}}

func (s *server) review(w http.ResponseWriter, r *http.Request) error {
	return s.reviewAt(w, r, r.PathValue("profile"), r.URL, nil)
}

// reviewAt shows the list that an address asks for, with what was tried and failed.
func (s *server) reviewAt(w http.ResponseWriter, r *http.Request, profile string, at *url.URL, t *tried) error {
	q := at.Query()
	o, err := reviewOptions(q)
	if err != nil {
		return err
	}
	o.AsOf, o.Limit = s.asOf(r.Context()), rowsBeside(o.Filter)
	list, err := s.Desk.Review(r.Context(), profile, o)
	if errors.Is(err, desk.ErrCursor) {
		return wrongf("The page %q is not one of this list. Begin with its first page.", q.Get(queryAfter))
	}
	if err != nil {
		return err
	}
	p := page{Title: list.Name, Nav: "profiles", Profile: list.Profile, Crumbs: []Crumb{{"Profiles", "/profiles"}}, Body: newReviewBody(list, o, at, t)}
	if t != nil {
		p.Status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "review", p)
}

// reviewOptions reads what a query asks of a list.
func reviewOptions(q url.Values) (desk.ReviewOptions, error) {
	var o desk.ReviewOptions
	var err error
	if o.Filter, err = desk.ParseFilter(q); err != nil {
		return o, wrongf("%s", sentence(err))
	}
	if order := q.Get(queryOrder); order != "" {
		if o.Order, err = matcher.ParseOrder(order); err != nil {
			return o, wrongf("%s", sentence(err))
		}
	}
	o.After = q.Get(queryAfter)
	if from := q.Get(queryFrom); from != "" {
		if o.Offset, err = strconv.Atoi(from); err != nil || o.Offset < 0 {
			return o, wrongf("%s=%.40q is not a number of rows to leave out. Begin with the first page of the list.", queryFrom, from)
		}
	}
	return o, nil
}

// lister makes addresses of one list.
type lister struct {
	path  string
	order matcher.Order
}

// with is the address of the list under another filter, from its beginning.
func (l lister) with(f desk.Filter) string { return l.at(f, "", "") }

func (l lister) at(f desk.Filter, key, value string) string {
	q := f.Query()
	if l.order != "" && l.order != matcher.OrderScore {
		q.Set(queryOrder, string(l.order))
	}
	if key != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return l.path
	}
	return l.path + "?" + q.Encode()
}

func newReviewBody(list desk.Review, o desk.ReviewOptions, at *url.URL, t *tried) reviewBody {
	l := lister{pathOf("profiles", list.Profile), o.Order}
	f := o.Filter
	b := reviewBody{Review: list, Clear: l.with(desk.Filter{}), Back: l.at(f, "", ""), Tried: t, Query: strings.TrimPrefix(l.with(f), l.path)}
	switch {
	case o.After != "":
		b.Back = l.at(f, queryAfter, o.After)
	case list.Offset > 0:
		b.Back = l.at(f, queryFrom, fmt.Sprint(list.Offset))
	}
	for _, r := range list.Rows {
		row := newRowView(r, list.Profile, list.AsOf, b.Back)
		if t != nil {
			row.Tried, row.Chosen = t.about[r.Target], t.Bulk && t.Chosen[r.Target.String()]
		}
		b.Fresh = b.Fresh || r.Unseen || r.Changed
		b.Rows = append(b.Rows, row)
	}
	for _, a := range []struct {
		advice matcher.Advice
		words  string
		count  int
	}{{matcher.Bid, "to bid", list.Counts.Bid}, {matcher.Review, "to review", list.Counts.Review}, {matcher.NoBid, "no bid", list.Counts.NoBid}} {
		only := desk.Filter{}.Toggle(desk.FacetAdvice, string(a.advice))
		b.Advised = append(b.Advised, tab{a.words, l.with(only), a.count, len(f.By) == 1 && f.Words == "" && len(f.By[desk.FacetAdvice]) == 1 && f.Has(desk.FacetAdvice, string(a.advice))})
	}
	for _, x := range orderTitles {
		b.Orders = append(b.Orders, tab{Label: x.title, Href: lister{l.path, x.order}.with(f), Current: x.order == list.Order})
	}
	for _, h := range []struct {
		state, words string
		count        int
	}{{desk.StateSnoozed, "snoozed", list.Snoozed}, {desk.StateKnown, "already known", list.Known}} {
		if h.count > 0 && !f.Has(desk.FacetState, h.state) {
			b.Hidden = append(b.Hidden, tab{Label: h.words, Href: l.with(desk.Filter{}.Toggle(desk.FacetState, h.state)), Count: h.count})
		}
	}
	b.Sides, b.Filtered = sides(list.Facets, f, l)
	if f.Words != "" {
		without := f
		without.Words = ""
		b.Filtered = append(b.Filtered, chip{"Words", f.Words, l.with(without)})
	}
	for name, values := range f.By {
		for _, v := range values {
			b.Keep = append(b.Keep, pair{name, v})
		}
	}
	slices.SortFunc(b.Keep, func(x, y pair) int { return strings.Compare(x.Name+"="+x.Value, y.Name+"="+y.Value) })
	if o.Order != "" {
		b.Keep = append(b.Keep, pair{queryOrder, string(o.Order)})
	}
	b.Pager = &Pager{From: min(list.Offset+1, list.Total), To: list.Offset + len(list.Rows), Total: list.Total, What: "notices"}
	if list.Next != "" {
		b.Pager.Next = l.at(f, queryAfter, list.Next)
	}
	switch {
	case list.Offset > o.Limit:
		b.Pager.Previous = l.at(f, queryFrom, fmt.Sprint(list.Offset-o.Limit))
	case list.Offset > 0:
		b.Pager.Previous = l.with(f)
	}
	return b
}

// Untils are what a snooze of all that is ticked may wait for.
func (b reviewBody) Untils() []Option {
	if b.Tried != nil && b.Tried.Bulk {
		return untils(&b.Tried.attempt)
	}
	return untils(nil)
}

// None says that the filter leaves nothing, Nothing that there is nothing to filter.
func (b reviewBody) None() Empty {
	return Empty{Title: "Nothing is left", Text: "No open notice has all that is asked for.", Href: b.Clear, Label: "Clear all filters"}
}

func (b reviewBody) Nothing() Empty {
	if b.Seen > 0 {
		return Empty{Title: "Everything is dealt with", Text: "All open notices are snoozed or already known."}
	}
	return Empty{Title: "There is no open notice", Text: "Notices that can still be acted on stand here, once there are any.", Href: "/", Label: "Read notices"}
}

// mostTwice is up to how many values that are asked for have a link beside that of their chip.
const mostTwice = 8

// sides are the facets beside the list, and the values of them that are asked for.
func sides(facets []desk.Facet, f desk.Filter, l lister) ([]side, []chip) {
	var list []side
	var chips []chip
	links := facetsBytes / linkBytes(f)
	for _, title := range facetTitles {
		i := slices.IndexFunc(facets, func(x desk.Facet) bool { return x.Name == title.name })
		if i < 0 || len(facets[i].Values) == 0 {
			continue
		}
		x := side{Title: title.title, Open: title.open || len(f.By[title.name]) > 0, More: facets[i].More}
		values := facets[i].Values
		for _, v := range values {
			to := f.Toggle(title.name, v.Value)
			href := l.with(to)
			if v.Selected {
				chips = append(chips, chip{title.title, v.Label, href})
			}
			if v.Above != "" {
				if !unfolded(values, v) {
					continue
				}
				// Both a region and a part of it would be the region: the part goes in its place.
				if !v.Selected && f.Has(title.name, v.Above) {
					to = f.Toggle(title.name, v.Above).Toggle(title.name, v.Value)
					href = l.with(to)
				}
			}
			switch {
			case v.Selected && len(chips) > mostTwice, to.Long():
				href = "" // its chip takes it out, or it would be too long a filter
			case links <= 0:
				x.More++
				continue
			default:
				links--
			}
			x.Values = append(x.Values, sideValue{v.Label, href, v.Count, v.Selected, v.Above != ""})
		}
		list = append(list, x)
	}
	return list, chips
}

// unfolded reports whether a part of a value is shown: where that value or any part of it is asked for.
func unfolded(values []desk.FacetValue, part desk.FacetValue) bool {
	return slices.ContainsFunc(values, func(v desk.FacetValue) bool {
		return v.Selected && (v.Value == part.Above || v.Above == part.Above)
	})
}

// rowView is a row with what its template needs beside it.
type rowView struct {
	desk.Row
	Profile string
	AsOf    time.Time
	Back    string
	// Told is what was just done, Tried what was tried and failed.
	Told  string
	Tried *attempt
	// Chosen says that the row was ticked in a form that failed.
	Chosen bool
}

func newRowView(r desk.Row, profile string, asOf time.Time, back string) rowView {
	return rowView{Row: r, Profile: profile, AsOf: asOf, Back: back}
}

// Anchor is the id of the row on its page.
func (r rowView) Anchor() string { return anchorOf(r.Target) }

// anchorOf is an id for whatever is named by a target, which may hold any character.
func anchorOf(t pursuit.Target) string {
	h := fnv.New32a()
	h.Write([]byte(t.String()))
	return fmt.Sprintf("m%x", h.Sum32())
}

// Href is the address of the fit report.
func (r rowView) Href() string { return fitPath(r.Profile, r.Target) }

// fitPath is the address of a fit report.
func fitPath(profile string, t pursuit.Target) string {
	return lotted(pathOf("profiles", profile, "fits", t.Notice), t.Lot)
}

// BuyerHref is the address of the buyer's page, "" where nobody is named.
func (r rowView) BuyerHref() string {
	return buyerPath(&notice.Organisation{ID: notice.Say(r.BuyerID, notice.Path{Pointer: "/buyer"}), Name: notice.Say(r.Buyer, notice.Path{Pointer: "/buyer"})})
}

// FromText says that the lot was read from prose.
func (r rowView) FromText() bool { return fromText(r.Target.Lot) }

// fromText reports whether a lot stands in prose alone (notice.Lot).
func fromText(lot string) bool { return strings.HasPrefix(lot, "~") }

// Worthed is the value in words, that of a year beside it.
func (r rowView) Worthed() string {
	text := r.Worth.Words
	if text == "" {
		return "no value said"
	}
	if r.Worth.PerYear != nil && !strings.Contains(text, r.Worth.PerYear.String()) {
		text += " (" + r.Worth.PerYear.String() + " a year)"
	}
	return text
}

// Where names the places, the first few.
func (r rowView) Where() string {
	const most = 3
	var names []string
	for i, p := range r.Places {
		if i == most {
			names = append(names, fmt.Sprintf("%d more places", len(r.Places)-most))
			break
		}
		names = append(names, cut(60, p.Name))
	}
	if names == nil {
		return "no place said"
	}
	return notice.Enumerate(names)
}

// ToDo is what the stage allows, in words.
func (r rowView) ToDo() string { return actionWords[r.Fit.Action] }

var actionWords = map[matcher.Action]string{
	matcher.ActionBid: "bid", matcher.ActionEngage: "engage with the buyer", matcher.ActionPrepare: "prepare", matcher.ActionWatch: "watch",
	matcher.ActionJoin: "join the market", matcher.ActionNone: "nothing to do",
}

// mostChanges is how many changes a row tells of.
const mostChanges = 6

// Amended are the changes a row tells of, the most important first.
func (r rowView) Amended() []string {
	var list []string
	for i, c := range r.Changes {
		if i == mostChanges {
			list = append(list, fmt.Sprintf("and %s", notice.Count(len(r.Changes)-mostChanges, "more change", "more changes")))
			break
		}
		text := cut(200, c.Words)
		if c.Lot != "" {
			text = "lot " + cut(40, c.Lot) + ": " + text
		}
		list = append(list, text)
	}
	return list
}

// Undoable reports whether something is in force that can be taken back.
func (r rowView) Undoable() bool { return r.Decision != nil || len(r.Rating) > 0 || r.Snooze != nil }

// Untils are what a snooze may wait for.
func (r rowView) Untils() []Option { return untils(r.Tried) }

func untils(t *attempt) []Option {
	var list []Option
	for _, u := range []pursuit.Until{pursuit.UntilChange, pursuit.UntilDeadline, pursuit.UntilValue, pursuit.UntilStage} {
		list = append(list, Option{Value: string(u), Label: u.Words(), Chosen: t != nil && t.Until == string(u)})
	}
	return list
}

// Has reports whether an answer is in force.
func (r rowView) Has(answer string) bool { return slices.Contains(r.Rating, pursuit.Answer(answer)) }

// Is reports whether a verdict is in force.
func (r rowView) Is(verdict string) bool {
	return r.Decision != nil && string(r.Decision.Verdict) == verdict
}

// buyerPath is the address of a buyer's page, "" where nobody is named.
func buyerPath(o *notice.Organisation) string {
	ref := market.MentionOf(o).Ref()
	if ref == "" {
		return ""
	}
	return pathOf("buyers", ref)
}
