package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// The parts of a fit report that take a while and are shown when asked for: ?show=whatif&show=market.
const (
	queryShow  = "show"
	showWhatIf = "whatif"
	showMarket = "market"
)

// fitBody is why a notice fits a profile, or does not.
type fitBody struct {
	desk.Explanation
	// Row is the notice as its people work it, on the lot that the report is about.
	Row        rowView
	Decisions  []desk.Decided // the newest first
	Pieces     []pieceView
	Gates      []gateView
	Conditions []gateView
	Hints      []hintView
	Lots       []lotView // the others
	Asked      desk.Questions
	// Since is why the fit is another than when it was decided on or, where it was not, before the newest release; nil where there is neither.
	Since  *desk.Since
	Back   string
	Tried  *attempt
	WhatIf *matcher.WhatIf
	Market *marketView
	// With gives the address that shows a part, and all that is shown already.
	ShowWhatIf, ShowMarket, ShowAll string
	Address                         string // of the notice's page at its publisher, "" for none
}

// lotView is another lot with its own result.
type lotView struct {
	matcher.Fit
	Href     string
	FromText bool
	Why      string
}

// marketView is what is known of the buyer and of notices like this one.
type marketView struct {
	Similar market.Similar
	Buyer   *market.Buyer // nil where it is not told apart
	// Many says that the buyer's name means several.
	Many string
	// Href is the address of the buyer's page.
	Href string
	// Ending are its contracts that end soon, so that they may be tendered again.
	Ending []*market.Award
}

func (s *server) fit(w http.ResponseWriter, r *http.Request) error {
	return s.fitAt(w, r, r.PathValue("profile"), r.PathValue("notice"), r.URL, nil)
}

// fitAt shows the report that an address asks for, with what was tried and failed.
func (s *server) fitAt(w http.ResponseWriter, r *http.Request, profile, id string, at *url.URL, t *tried) error {
	ctx, asOf := r.Context(), s.asOf(r.Context())
	q := at.Query()
	target := pursuit.Target{Notice: id, Lot: q.Get("lot")}
	e, err := s.Desk.Explain(ctx, profile, target, asOf)
	if err != nil {
		return err
	}
	owner, err := s.Desk.Profile(ctx, profile)
	if err != nil {
		return err
	}
	b := fitBody{Explanation: e, Address: e.Notice.URL(), Back: at.RequestURI()}
	p, err := s.Desk.Pursued(ctx, profile, pursuit.Target{Notice: id, Lot: e.Fit.Lot}, asOf)
	if err != nil {
		return err
	}
	b.Row, b.Decisions = newRowView(p.Row, profile, asOf, b.Back), p.Decisions
	slices.Reverse(b.Decisions)
	if t != nil {
		b.Tried = &t.attempt
		for _, failed := range t.about {
			b.Tried = failed
		}
	}
	published, err := s.Desk.Published(ctx, e.Notice)
	if err != nil {
		return err
	}
	b.cite(newCiter(published))
	for i := range e.Fit.Lots {
		lot := &e.Fit.Lots[i]
		b.Lots = append(b.Lots, lotView{*lot, fitPath(profile, pursuit.Target{Notice: id, Lot: lot.Lot}), fromText(lot.Lot), lot.Why()})
	}
	if b.Asked, err = s.Desk.Questions(ctx, profile, target, asOf); err != nil {
		return err
	}
	if b.Since, err = s.since(r, profile, pursuit.Target{Notice: id, Lot: e.Fit.Lot}, e.Notice); err != nil {
		return err
	}
	show := q[queryShow]
	if slices.Contains(show, showWhatIf) {
		found, err := s.Desk.WhatIf(ctx, profile, target, asOf)
		if err != nil {
			return err
		}
		b.WhatIf = &found
	}
	if slices.Contains(show, showMarket) {
		if b.Market, err = s.market(r, e.Notice); err != nil {
			return err
		}
	}
	with := func(parts ...string) string {
		q := at.Query()
		q[queryShow] = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(show), parts...))))
		return at.EscapedPath() + "?" + q.Encode()
	}
	b.ShowWhatIf, b.ShowMarket, b.ShowAll = with(showWhatIf)+"#whatif", with(showMarket)+"#market", with(showWhatIf, showMarket)
	view := page{Title: cmp.Or(b.Row.Title, e.Notice.ID), Nav: "profiles", Profile: profile,
		Crumbs: []Crumb{{"Profiles", "/profiles"}, {owner.Name, pathOf("profiles", profile)}}, Body: b}
	if t != nil {
		view.Status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "fit", view)
}

// cite finds what everything in the fit rests on.
func (b *fitBody) cite(c *citer) {
	f := &b.Fit
	lengths := bars(f.Evidence)
	for i, e := range f.Evidence {
		b.Pieces = append(b.Pieces, pieceView{e, c.cite(e.At), lengths[i]})
	}
	for _, g := range f.Gates {
		b.Gates = append(b.Gates, gateView{g.Gate, g.Reason, g.Question, string(g.Source), g.State, false, c.cite(g.At)})
	}
	for _, g := range f.Conditions {
		b.Conditions = append(b.Conditions, gateView{notice.Label(g.Condition), g.Reason, g.Question, string(g.Source), g.State, g.Holds, c.cite(g.At)})
	}
	for _, h := range f.Hints {
		b.Hints = append(b.Hints, hintView{h.Reason, c.cite(h.At)})
	}
}

// since is why the fit is another than it was when it was decided on, else before the newest release; nil where there is no such time.
func (s *server) since(r *http.Request, profile string, t pursuit.Target, n *notice.Notice) (*desk.Since, error) {
	since, err := s.Desk.Since(r.Context(), profile, t, desk.SinceDecision, s.asOf(r.Context()))
	if errors.Is(err, store.ErrNotFound) && len(n.Releases) > 1 {
		since, err = s.Desk.Since(r.Context(), profile, t, n.Releases[len(n.Releases)-2].Identity, s.asOf(r.Context()))
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &since, nil
}

// mostLike bounds what a report tells of the market; the pages it links to tell all.
const mostLike = 5

// market is what is known of the buyer and of notices like this one.
func (s *server) market(r *http.Request, n *notice.Notice) (*marketView, error) {
	asOf := s.asOf(r.Context())
	v := &marketView{}
	var err error
	if v.Similar, err = s.Desk.Similar(r.Context(), n.ID, mostLike, asOf); err != nil {
		return nil, err
	}
	if v.Href = buyerPath(&n.Buyer); v.Href == "" {
		return v, nil
	}
	b, err := s.Desk.Buyer(r.Context(), market.MentionOf(&n.Buyer).Ref(), asOf)
	var many *desk.AmbiguousError
	switch {
	case errors.As(err, &many):
		v.Many = sentence(err)
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return nil, err
	default:
		v.Buyer, v.Ending = &b, b.Ending[:min(mostLike, len(b.Ending))]
	}
	return v, nil
}

// Suppliers are those who won most from the buyer.
func (v *marketView) Suppliers() []market.Share {
	return v.Buyer.Suppliers[:min(mostLike, len(v.Buyer.Suppliers))]
}

// Why is what keeps the advice from being better.
func (b fitBody) Why() string { return b.Fit.Why() }

// Untils are what a snooze may wait for.
func (b fitBody) Untils() []Option { return untils(b.Tried) }

// FromText says that the lot was read from prose.
func (b fitBody) FromText() bool { return fromText(b.Fit.Lot) }

// Called is what the lot is called; "" where the procurement is not divided.
func (b fitBody) Called() string {
	lot, _ := b.Notice.Lot(b.Fit.Lot)
	return lot.Called()
}

// LotTitle is the title of the lot, where it says something else than that of the notice.
func (b fitBody) LotTitle() string {
	if b.Fit.Title == b.Row.Title {
		return ""
	}
	return b.Fit.Title
}

// Mail is the questions as a text ready to be sent.
func (b fitBody) Mail() string {
	q := b.Asked
	var t strings.Builder
	fmt.Fprintf(&t, "Questions on: %s\n%s, notice %s", q.Title, q.OCID, q.Notice)
	if q.Reference != "" {
		fmt.Fprintf(&t, ", your reference %s", q.Reference)
	}
	t.WriteString("\n\n")
	for i, x := range q.Questions {
		fmt.Fprintf(&t, "%d. %s%s\n", i+1, x.Question, lotsNamed(x.Lots))
	}
	return t.String()
}

// lotsNamed says which lots a question is about; "" for all.
func lotsNamed(ids []string) string {
	switch {
	case len(ids) == 0 || len(ids) == 1 && ids[0] == "":
		return ""
	case len(ids) == 1:
		return " (lot " + ids[0] + ")"
	}
	return " (lots " + strings.Join(ids, ", ") + ")"
}

// SinceWhen is what the fit is compared with, in words.
func (b fitBody) SinceWhen() string {
	if !b.Since.Decided.IsZero() {
		return "the decision of " + b.Since.Decided.In(notice.London).Format("2 January 2006")
	}
	return "the release before this one, " + b.Since.Release
}

// SeenWhen is when somebody of the profile saw it; the zero time where nobody did.
func (b fitBody) SeenWhen() time.Time {
	if b.Row.Seen == nil {
		return time.Time{}
	}
	return b.Row.Seen.When
}

// Signed writes points with their sign.
func (fitBody) Signed(n int) string { return signed(n) }

// Signed writes the points of the piece with their sign.
func (p pieceView) Signed() string { return signed(p.Points) }

// signed writes a number with its sign, a minus as long as the plus.
func signed(n int) string {
	switch {
	case n < 0:
		return fmt.Sprintf("−%d", -n)
	case n == 0:
		return "0"
	}
	return fmt.Sprintf("+%d", n)
}

// Changing are the steps of an outcome as a sentence.
func (fitBody) Changing(o matcher.Outcome) string {
	var steps []string
	for _, s := range o.Steps {
		text := s.Words
		if s.IfTrue {
			text += ", if that is true"
		}
		steps = append(steps, text)
	}
	return upper(strings.Join(steps, "; and "))
}
