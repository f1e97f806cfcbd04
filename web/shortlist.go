package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// shortlistPage is how many rows a page of the shortlist has: as many as keep it, with a form each, under 100 KB.
const shortlistPage = 20

// What a query says of the shortlist beside its stage.
const (
	queryHours  = "hours"  // per bid
	queryMonth  = "month"  // hours a month; of the calendar the month
	queryReview = "review" // 1: what is advised to be reviewed may be planned too
	queryPage   = "page"
)

// shortlistBody is the shortlist of a profile.
type shortlistBody struct {
	desk.Shortlisted
	At     string // the stage shown, as the query has it
	Stages []stageTab
	Groups []stageGroup
	Pager  *Pager
	Back   string // address of the page, for its forms
	Query  string // of its exports
	// Wrong are the fields of the form that failed.
	Wrong  []Field
	Budget budgetBody
}

// stageTab leads to the rows at one stage.
type stageTab struct {
	Label, Href string
	Count       int
	Current     bool
}

// stageGroup is what is at one stage.
type stageGroup struct {
	Title string
	Rows  []workRow
}

// workRow is a row of the shortlist with its form.
type workRow struct {
	desk.Row
	Profile string
	AsOf    time.Time
	Back    string
	Form    entryForm
	// Open says that the form stands open: something in it is not right.
	Open bool
}

// entryForm is what is typed about a row, as it is typed, and what is wrong with it.
type entryForm struct {
	Stage, Owner, Next, By, Hours, Note string
	Errors                              map[string]string // by field
}

// budgetBody is the plan of hours and the form it was asked with.
type budgetBody struct {
	desk.Budget
	Fields []Field
	Stage  string // kept in the address
	Failed bool
}

func (s *server) shortlist(w http.ResponseWriter, r *http.Request) error {
	return s.shortlistAt(w, r, r.PathValue("profile"), r.URL, pursuit.Target{}, nil)
}

// shortlistAt shows the list that an address asks for; form is what was sent about a target and is not right.
func (s *server) shortlistAt(w http.ResponseWriter, r *http.Request, profile string, at *url.URL, target pursuit.Target, form *entryForm) error {
	ctx, q := r.Context(), at.Query()
	asOf := s.asOf(ctx)
	all, err := s.Desk.Shortlisted(ctx, profile, asOf)
	if err != nil {
		return err
	}
	list, err := all.Only(q.Get(queryStage))
	if err != nil {
		return wrongf("%s", sentence(err))
	}
	b := shortlistBody{Shortlisted: list, At: q.Get(queryStage), Query: shortlistQuery(q.Get(queryStage)), Back: at.RequestURI()}
	if b.Budget, err = s.budget(r, profile, q); err != nil {
		return err
	}
	b.Stages = stageTabs(all, at)
	page, err := pageOf(q)
	if err != nil {
		return err
	}
	if form != nil { // it is shown on whatever page it is
		for i, row := range list.Rows {
			if row.Target == target {
				page = i/shortlistPage + 1
			}
		}
	}
	b.Pager = pager(at, page, shortlistPage, len(list.Rows), len(list.Rows), "rows")
	from := min((page-1)*shortlistPage, len(list.Rows))
	for _, row := range list.Rows[from:min(from+shortlistPage, len(list.Rows))] {
		x := workRow{Row: row, Profile: profile, AsOf: asOf, Back: b.Back, Form: entryFormOf(row.Entry)}
		if form != nil && row.Target == target {
			x.Form, x.Open = *form, true
			b.Wrong = form.fields(x.Anchor())
		}
		title := stageTitle(x.Stage())
		if n := len(b.Groups); n == 0 || b.Groups[n-1].Title != title {
			b.Groups = append(b.Groups, stageGroup{Title: title})
		}
		last := &b.Groups[len(b.Groups)-1]
		last.Rows = append(last.Rows, x)
	}
	p := profilePage(list.Name, "Shortlist", profile)
	p.Body = b
	switch {
	case form != nil:
		p.Status = http.StatusUnprocessableEntity
	case b.Budget.Failed:
		p.Status = http.StatusBadRequest
	}
	return s.render(w, r, "shortlist", p)
}

// profilePage is a page that hangs from a profile's.
func profilePage(name, title, profile string) page {
	return page{Title: title, Nav: "profiles", Profile: profile,
		Crumbs: []Crumb{{"Profiles", "/profiles"}, {cmp.Or(name, profile), pathOf("profiles", profile)}}}
}

// pageOf reads which page of a list is asked for.
func pageOf(q url.Values) (int, error) {
	text := q.Get(queryPage)
	if text == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, wrongf("%s=%.40q is not the number of a page; the first is 1.", queryPage, text)
	}
	return n, nil
}

// stageTabs lead to each stage of the list, what else is in the address kept.
func stageTabs(s desk.Shortlisted, at *url.URL) []stageTab {
	now := at.Query().Get(queryStage)
	to := func(stage string) string {
		q := at.Query()
		q.Set(queryStage, stage)
		q.Del(queryPage)
		return withQuery(at.EscapedPath(), q)
	}
	total := 0
	for _, x := range s.Stages {
		total += x.Count
	}
	tabs := []stageTab{{"All", to(""), total, now == ""}}
	for _, x := range s.Stages {
		stage := cmp.Or(string(x.Stage), desk.StageNone)
		tabs = append(tabs, stageTab{stageTitle(string(x.Stage)), to(stage), x.Count, now == stage})
	}
	return tabs
}

// stageTitle is what a stage of one's own work is called on the page.
func stageTitle(stage string) string {
	switch pursuit.Progress(stage) {
	case "":
		return "Not begun"
	case pursuit.Qualify:
		return "Qualify"
	case pursuit.Prepare:
		return "Prepare"
	}
	return upper(stage)
}

// Stage is the stage of one's own work, "" where it is not on the shortlist.
func (r workRow) Stage() string {
	if r.Entry == nil {
		return ""
	}
	return string(r.Entry.Stage)
}

// Anchor is the id of the row on its page.
func (r workRow) Anchor() string { return anchorOf(r.Target) }

// Href is the address of the fit report, PackHref that of the pack.
func (r workRow) Href() string { return fitPath(r.Profile, r.Target) }

func (r workRow) PackHref() string { return packPath(r.Profile, r.Target) }

// Stages are the choices of the form.
func (r workRow) Stages() []Option {
	var list []Option
	for _, p := range pursuit.Progresses {
		list = append(list, Option{Value: string(p), Label: stageTitle(string(p)), Chosen: r.Form.Stage == string(p)})
	}
	return list
}

// Next is the next step as a moment that days are counted to; the zero Moment without one.
func (r workRow) NextBy() notice.Moment {
	if r.Entry == nil {
		return notice.Moment{}
	}
	return r.Entry.NextBy
}

// entryFormOf is the form of what stands there.
func entryFormOf(e *pursuit.Entry) entryForm {
	if e == nil {
		return entryForm{Stage: string(pursuit.Qualify)}
	}
	f := entryForm{Stage: string(e.Stage), Owner: e.Owner, Next: e.Next, Note: e.Note}
	if !e.NextBy.IsZero() {
		f.By = dayOf(e.NextBy)
	}
	if e.Hours > 0 {
		f.Hours = strconv.Itoa(e.Hours)
	}
	return f
}

// dayOf is the London day of a moment as <input type=date> has it.
func dayOf(m notice.Moment) string { return m.In(notice.London).Format(time.DateOnly) }

// entryFields are the fields of the form, in order.
var entryFields = []struct{ name, label string }{
	{"stage", "Stage"}, {"owner", "Owner"}, {"next", "Next step"}, {"by", "By"}, {"hours", "Hours"}, {"note", "Note"},
}

// fields are the errors of the form, for their summary.
func (f entryForm) fields(anchor string) []Field {
	var list []Field
	for _, x := range entryFields {
		if text := f.Errors[x.name]; text != "" {
			list = append(list, Field{Name: anchor + "-" + x.name, Label: x.label, Error: text})
		}
	}
	return list
}

// How many letters the texts may have; what is kept of each is bounded in bytes by pursuit.Entry.
const (
	mostOwner = 200
	mostNext  = 500
	mostNote  = 2000
)

// enter changes what stands on the shortlist about a target. Fields that the form does not have are left as they are, so that other
// pages can put something on the shortlist with a button.
func (s *server) enter(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	ctx, profile := r.Context(), r.PathValue("profile")
	if _, err := s.Desk.Profile(ctx, profile); err != nil {
		return err
	}
	target, err := pursuit.ParseTarget(r.PostFormValue("target"))
	if err != nil {
		return wrongf("%s", sentence(err))
	}
	own := pathOf("profiles", profile, "shortlist")
	back, err := url.Parse(localPath(r.PostFormValue("back"), own))
	if err != nil {
		return err
	}
	switch do := r.PostFormValue("do"); do {
	case "remove":
		_, err := s.Desk.Unlist(ctx, profile, target)
		if errors.Is(err, store.ErrNotFound) {
			return s.redirect(w, r, back.String(), "It was not on the shortlist any more.")
		}
		if err != nil {
			return err
		}
		return s.redirect(w, r, back.String(), "Taken off the shortlist; what was decided about it stays.")
	case "", "save":
	default:
		return wrongf("do=%.40q is neither save nor remove.", do)
	}
	e, err := s.Desk.Entry(ctx, profile, target)
	switch {
	case errors.Is(err, store.ErrNotFound):
		e = pursuit.Entry{Target: target, Profile: profile, Stage: pursuit.Qualify}
	case err != nil:
		return err
	}
	e.Who, e.When = s.Who, s.Now()
	form := readEntry(r.PostForm, &e)
	if len(form.Errors) > 0 {
		if back.Path != own {
			back = &url.URL{Path: own}
		}
		return s.shortlistAt(w, r, profile, back, target, &form)
	}
	if e, err = s.Desk.PutEntry(ctx, e); err != nil {
		return err
	}
	back.Fragment = ""
	if back.Path == own {
		if stage := back.Query().Get(queryStage); stage != "" && stage != string(e.Stage) {
			return s.redirect(w, r, back.String(), "Saved, at the stage: "+stageTitle(string(e.Stage))+".")
		}
		back.Fragment = anchorOf(e.Target)
	}
	return s.redirect(w, r, back.String(), "Saved on the shortlist.")
}

// readEntry reads a form into an entry, and says what is wrong with it.
func readEntry(v url.Values, e *pursuit.Entry) entryForm {
	f := entryFormOf(e)
	f.Errors = map[string]string{}
	read := func(name string, into *string) bool {
		if !v.Has(name) {
			return false
		}
		*into = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(v.Get(name), "\ufffd"), "\r\n", "\n"))
		return true
	}
	text := func(name string, typed, kept *string, most int) {
		if !read(name, typed) {
			return
		}
		if n := utf8.RuneCountInString(*typed); n > most {
			f.Errors[name] = fmt.Sprintf("%s are more than the %d that are kept. Shorten it.", notice.Count(n, "letter", "letters"), most)
		}
		*kept = *typed
	}
	if read("stage", &f.Stage) {
		stage, err := pursuit.ParseProgress(f.Stage)
		if err != nil {
			f.Errors["stage"] = sentence(err)
		}
		e.Stage = stage
	}
	text("owner", &f.Owner, &e.Owner, mostOwner)
	text("next", &f.Next, &e.Next, mostNext)
	text("note", &f.Note, &e.Note, mostNote)
	before := f.By
	if read("by", &f.By) && f.By != before {
		e.NextBy = notice.Moment{}
		if f.By != "" {
			if err := e.NextBy.UnmarshalText([]byte(f.By)); err != nil || !e.NextBy.Day || e.NextBy.Year() < 2000 || e.NextBy.Year() > 2100 {
				f.Errors["by"] = fmt.Sprintf("%.40q is not a day. Write it as 2026-07-01, or leave it empty.", f.By)
			}
		}
	}
	if read("hours", &f.Hours) {
		e.Hours = 0
		if f.Hours != "" {
			n, err := strconv.Atoi(f.Hours)
			if err != nil || n < 1 || n > pursuit.MostHours {
				f.Errors["hours"] = fmt.Sprintf("%.40q is not a whole number of hours from 1 to %s. Leave it empty where nobody knows.", f.Hours, strings.TrimSpace(notice.Count(pursuit.MostHours, "", "")))
			}
			e.Hours = n
		}
	}
	return f
}

// budget plans with the hours that an address names; what is wrong with them is said beside the fields.
func (s *server) budget(r *http.Request, profile string, q url.Values) (budgetBody, error) {
	b := budgetBody{Stage: q.Get(queryStage)}
	o := desk.BudgetOptions{AsOf: s.asOf(r.Context()), Review: q.Get(queryReview) == "1"}
	number := func(name, label, hint string, otherwise, most int) (n int) {
		f := Field{Name: name, Label: label, Hint: hint, Value: cmp.Or(q.Get(name), strconv.Itoa(otherwise)), InputMode: "numeric", Required: true, Most: 6, After: "hours"}
		n, err := strconv.Atoi(f.Value)
		if err != nil || n < 1 || n > most {
			f.Error = fmt.Sprintf("%.20q is not a whole number from 1 to %s.", f.Value, strings.TrimSpace(notice.Count(most, "", "")))
			n, b.Failed = otherwise, true
		}
		b.Fields = append(b.Fields, f)
		return n
	}
	o.HoursPerBid = number(queryHours, "A bid takes", "Where the shortlist does not say.", desk.DefaultHoursPerBid, pursuit.MostHours)
	o.HoursPerMonth = number(queryMonth, "A month has", "For bids, of everybody together.", desk.DefaultHoursPerMonth, desk.MostHoursPerMonth)
	b.Fields = append(b.Fields, Field{Name: queryReview, Label: "Plan with what is advised to be reviewed, too", Type: "checkbox", Value: "1", Chosen: o.Review})
	var err error
	b.Budget, err = s.Desk.Budget(r.Context(), profile, o)
	return b, err
}

// effortRow is a bid of the budget with its address.
type effortRow struct {
	desk.Effort
	Href string
}

// Bids are those that are planned, Out those that are left out.
func (b budgetBody) Bids() []effortRow { return b.rows(b.Planned, len(b.Planned)) }

// mostLeft is how many of those left out the page tells of.
const mostLeft = 10

func (b budgetBody) Out() []effortRow { return b.rows(b.Left, mostLeft) }

// More is how many are left out beyond those told of.
func (b budgetBody) More() int { return max(0, len(b.Left)-mostLeft) }

func (b budgetBody) rows(list []desk.Effort, most int) []effortRow {
	var rows []effortRow
	for _, e := range list[:min(most, len(list))] {
		rows = append(rows, effortRow{e, fitPath(b.Profile, e.Target)})
	}
	return rows
}

// Nothing says that the shortlist is empty, or empty at a stage.
func (b shortlistBody) Nothing() Empty {
	if b.At != "" {
		return Empty{Title: "Nothing is at this stage", Href: pathOf("profiles", b.Profile, "shortlist"), Label: "Show all stages"}
	}
	return Empty{Title: "Nothing is being worked on yet", Text: "What you decide to bid for or to watch stands here, and what you put on the shortlist.",
		Href: pathOf("profiles", b.Profile), Label: "Look at the matches"}
}

// packPath is the address of a pack.
func packPath(profile string, t pursuit.Target) string {
	return lotted(pathOf("profiles", profile, "fits", t.Notice, "pack"), t.Lot)
}

// lotted is an address about one lot.
func lotted(path, lot string) string { return withQuery(path, url.Values{"lot": {lot}}) }
