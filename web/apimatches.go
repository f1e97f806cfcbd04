package web

import (
	"errors"
	"net/http"

	"bidfit/desk"
	"bidfit/export"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/suggest"
)

// What a profile is to look at, what was made of it, and what comes of that.

// usualGlance is how many rows of each kind home shows of a profile.
const usualGlance = 5

func (c *apiCall) home() (desk.Home, error) { return c.Desk.Home(c.ctx(), c.day, c.number("rows")) }

func (c *apiCall) review() (desk.Review, error) {
	o, err := reviewOptions(c.query)
	if err != nil {
		return desk.Review{}, err
	}
	o.AsOf, o.Limit = c.day, c.number("limit")
	return c.Desk.Review(c.ctx(), c.profile(), o)
}

func (c *apiCall) match() (desk.Report, error) {
	return c.Desk.Match(c.ctx(), c.profile(), desk.MatchOptions{
		AsOf: c.day, All: c.flagged("all"), Known: c.flagged("known"), Order: matcher.Order(c.text(queryOrder)), Limit: c.number("limit"),
	})
}

func (c *apiCall) explain() (desk.Explanation, error) {
	e, err := c.Desk.Explain(c.ctx(), c.profile(), c.target(), c.day)
	if err != nil {
		return e, err
	}
	if c.flagged("whatIf") {
		w, err := c.Desk.WhatIf(c.ctx(), e.Profile, c.target(), c.day)
		if err != nil {
			return e, err
		}
		e.WhatIf = &w
	}
	if since := c.text("since"); since != "" {
		s, err := c.Desk.Since(c.ctx(), e.Profile, c.target(), since, c.day)
		if err != nil {
			return e, err
		}
		e.Since = &s
	}
	return e, nil
}

func (c *apiCall) questions() (desk.Questions, error) {
	return c.Desk.Questions(c.ctx(), c.profile(), c.target(), c.day)
}

func (c *apiCall) pack() (desk.Pack, error) {
	return c.Desk.Pack(c.ctx(), c.profile(), c.target(), c.day)
}

func (c *apiCall) decisions() ([]pursuit.Pursuit, error) {
	if _, err := c.Desk.Profile(c.ctx(), c.profile()); err != nil {
		return nil, err
	}
	return c.Desk.Pursuits(c.ctx(), c.profile())
}

func (c *apiCall) ratings() (desk.Answered, error) { return c.Desk.Answered(c.ctx(), c.profile()) }

// deedBody is one thing to be done about some notices or lots.
type deedBody struct {
	Do      desk.Do          `json:"do"`
	Targets []pursuit.Target `json:"targets"`
	// Reason is that of a decision, or the note of a rating.
	Reason string `json:"reason,omitzero"`
	// Until is what a snooze waits for: value, deadline, stage, or change, which is anything.
	Until pursuit.Until `json:"until,omitzero"`
	// Who does it; whoever runs the server where that is not said.
	Who string `json:"who,omitzero"`
}

// act does one thing about some targets. Where it failed for each of them, that is what is wrong.
func (c *apiCall) act(b deedBody) ([]desk.Done, error) {
	deed := desk.Deed{Profile: c.profile(), Do: b.Do, Targets: b.Targets, Reason: b.Reason, Until: b.Until, Who: c.signed(b.Who), When: c.now(), AsOf: c.day}
	if err := checkDeed(deed); err != nil {
		return nil, wrongf("%s", sentence(err))
	}
	all, err := c.Desk.Act(c.ctx(), deed)
	if err != nil {
		return nil, err
	}
	for _, done := range all {
		if done.Err == nil {
			return all, nil
		}
	}
	return nil, all[0].Err
}

// signed is whoever does something: as said, else as configured.
func (c *apiCall) signed(who string) string {
	if who == "" {
		return c.Who
	}
	return who
}

func (c *apiCall) shortlist() (desk.Shortlisted, error) {
	s, err := c.Desk.Shortlisted(c.ctx(), c.profile(), c.day)
	if err != nil {
		return s, err
	}
	if s, err = s.Only(c.text("stage")); err != nil {
		return s, wrongf("stage: %s", sentence(err))
	}
	return s, nil
}

// entryBody is what is to stand on the shortlist of something, in the place of what stands there.
type entryBody struct {
	Stage pursuit.Progress `json:"stage"`
	Owner string           `json:"owner,omitzero"`
	Note  string           `json:"note,omitzero"`
	// Next is what is to be done next, NextBy by when.
	Next   string        `json:"next,omitzero"`
	NextBy notice.Moment `json:"nextBy,omitzero"`
	// Hours is what the whole bid takes; 0 where that is not known.
	Hours int    `json:"hours,omitzero"`
	Who   string `json:"who,omitzero"`
}

func (c *apiCall) putEntry(b entryBody) (pursuit.Entry, error) {
	e := pursuit.Entry{Target: c.target(), Profile: c.profile(), Stage: b.Stage, Owner: b.Owner, Note: b.Note, Next: b.Next, NextBy: b.NextBy, Hours: b.Hours,
		Who: c.signed(b.Who), When: c.now()}
	if err := e.Check(); err != nil {
		return e, wrongf("%s", sentence(err))
	}
	if _, err := c.Desk.Profile(c.ctx(), c.profile()); err != nil {
		return e, err
	}
	return c.Desk.PutEntry(c.ctx(), e)
}

func (c *apiCall) unlist() error {
	_, err := c.Desk.Unlist(c.ctx(), c.profile(), c.target())
	return err
}

func (c *apiCall) agenda() (desk.Agenda, error) {
	o := desk.AgendaOptions{AsOf: c.day}
	var err error
	if o.From, err = c.date("from"); err != nil {
		return desk.Agenda{}, err
	}
	if o.Until, err = c.date("until"); err != nil {
		return desk.Agenda{}, err
	}
	return c.Desk.Agenda(c.ctx(), c.profile(), o)
}

func (c *apiCall) budget() (desk.Budget, error) {
	return c.Desk.Budget(c.ctx(), c.profile(), desk.BudgetOptions{
		AsOf: c.day, HoursPerBid: c.number("hoursPerBid"), HoursPerMonth: c.number("hoursPerMonth"), Review: c.flagged("review"),
	})
}

func (c *apiCall) renewals() (desk.Renewals, error) {
	return c.Desk.Renewals(c.ctx(), c.profile(), desk.RenewalOptions{AsOf: c.day, Within: c.number("within"), Lead: c.number("lead"), Limit: c.number("limit")})
}

func (c *apiCall) partners() (desk.Partnership, error) {
	other := c.r.PathValue("other")
	if other == c.profile() {
		return desk.Partnership{}, wrongf("%q is given twice; name two profiles.", other)
	}
	target := pursuit.Target{Notice: c.text("notice"), Lot: c.text("lot")}
	if target.Notice == "" && target.Lot != "" {
		return desk.Partnership{}, wrongf("lot: %.80q is a lot of no notice; give notice too.", target.Lot)
	}
	return c.Desk.Partners(c.ctx(), c.profile(), other, desk.PartnerOptions{AsOf: c.day, Target: target, Others: c.flagged("all"), Limit: c.number("limit")})
}

func (c *apiCall) outcomes() (desk.Outcomes, error) {
	o, err := c.Desk.Outcomes(c.ctx(), c.profile(), c.day)
	return o.First(c.number("limit")), err
}

// export writes a list of a profile as a file.
func (c *apiCall) export() error {
	f, err := export.ParseFormat(c.r.PathValue("format"))
	if err != nil {
		return fault{http.StatusNotFound, "There is no such format", sentence(err)}
	}
	what := desk.Exporting{List: desk.Listing(c.text(queryList))}
	switch what.List {
	case desk.ListReview, desk.ListShortlist:
		if what, err = exporting(c.query); err != nil {
			return err
		}
	default:
		if filter, err := desk.ParseFilter(c.query); err != nil || !filter.Empty() {
			return wrongf("%s=%s has no filter; %s=%s takes one.", queryList, what.List, queryList, desk.ListReview)
		}
	}
	what.AsOf = c.day
	o := export.Options{Self: c.self(c.r), Excel: c.flagged("excel"), Raw: c.flagged("raw")}
	if f.Name != "csv" && (o.Excel || o.Raw) {
		return wrongf("excel and raw are for csv, not for %s.", f.Name)
	}
	return c.exported(c.w, c.r, f, what, o)
}

func (c *apiCall) preview(p profiles.Profile) (desk.Preview, error) {
	return c.Desk.Preview(c.ctx(), p, c.day)
}

// suggestBody is what a profile is drafted out of: one of the two.
type suggestBody struct {
	// Text is what a supplier says of itself.
	Text string `json:"text,omitzero"`
	// Supplier is its name or identifier: its past awards are read.
	Supplier string `json:"supplier,omitzero"`
}

func (c *apiCall) suggest(b suggestBody) (suggest.Draft, error) {
	switch {
	case (b.Text == "") == (b.Supplier == ""):
		return suggest.Draft{}, wrongf("Give one of text and supplier.")
	case b.Supplier != "":
		return c.Desk.SuggestSupplier(c.ctx(), b.Supplier, c.day)
	}
	return c.Desk.SuggestText(c.ctx(), b.Text)
}

func (c *apiCall) profileList() ([]store.Profile, error) { return c.Desk.Profiles(c.ctx()) }

// profileTag is the ETag of a profile: its revision is another whenever it is.
func (c *apiCall) profileTag(p store.Profile) { c.w.Header().Set("ETag", revisionTag(p.Revision)) }

func (c *apiCall) profileOne() (profiles.Profile, error) {
	p, err := c.Desk.Profile(c.ctx(), c.profile())
	if err == nil {
		c.profileTag(p)
	}
	return p.Profile, err
}

// createProfile registers a profile that is not there yet.
func (c *apiCall) createProfile(p profiles.Profile) (store.Profile, error) {
	kept, err := c.Desk.Register(c.ctx(), p, c.now())
	if err != nil {
		return kept, c.taken(p, err, fault{http.StatusConflict, "That id is taken", ""})
	}
	c.w.Header().Set("Location", apiRoot+pathOf("profiles", kept.ID))
	c.profileTag(kept)
	return kept, nil
}

// taken is an error of registering a profile; f where the reason is that there is one already.
func (c *apiCall) taken(p profiles.Profile, err error, f fault) error {
	if p.Check() != nil || !errors.As(err, new(profiles.Errors)) {
		return err
	}
	f.Remedy = sentence(err) + " PUT replaces a profile."
	return f
}

// putProfile puts a profile in the place of the one there, or where there is none. If-Match names the one that it is a change of, If-None-Match: *
// says that there must be none.
func (c *apiCall) putProfile(p profiles.Profile) (store.Profile, error) {
	if p.ID != c.profile() {
		return store.Profile{}, misfit{fault{http.StatusUnprocessableEntity, "The profile is not right yet", "id: it is put at another id than it has."},
			[]member{{Pointer: "id", Value: p.ID, Message: "The address says " + c.profile() + "; write the same."}}}
	}
	there, err := c.Desk.Profile(c.ctx(), p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return there, err
	}
	isNew := err != nil
	var kept store.Profile
	switch match, none := c.r.Header.Values("If-Match"), c.r.Header.Values("If-None-Match"); {
	case len(match) > 0:
		if isNew || !tagged(match, revisionTag(there.Revision)) {
			return there, stale
		}
		kept, err = c.Desk.Revise(c.ctx(), p, there.Revision, c.now())
	case len(none) > 0:
		if !isNew && tagged(none, revisionTag(there.Revision)) {
			return there, stale
		}
		if isNew {
			if kept, err = c.Desk.Register(c.ctx(), p, c.now()); err != nil {
				err = c.taken(p, err, stale)
			}
			break
		}
		kept, err = c.Desk.Revise(c.ctx(), p, there.Revision, c.now())
	default:
		kept, err = c.Desk.PutProfile(c.ctx(), p, c.now())
	}
	if err != nil {
		return kept, err
	}
	if isNew {
		c.status = http.StatusCreated
	}
	c.profileTag(kept)
	return kept, nil
}

// stale is said where a precondition does not hold.
var stale = fault{http.StatusPreconditionFailed, "It was changed meanwhile", "What is there is not what If-Match or If-None-Match expects. Get it again, and put your change to that."}

func (c *apiCall) removeProfile() error {
	p, err := c.Desk.Profile(c.ctx(), c.profile())
	if err != nil {
		return err
	}
	if match := c.r.Header.Values("If-Match"); len(match) > 0 && !tagged(match, revisionTag(p.Revision)) {
		return stale
	}
	return c.Desk.RemoveProfile(c.ctx(), p.ID)
}
