package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/notice/law"
	"bidfit/pursuit"
)

// Pack is what a go/no-go meeting has on the table: one notice, or one lot of it, for one profile.
type Pack struct {
	Profile  string    `json:"profile"`
	Name     string    `json:"name"`
	Revision uint64    `json:"revision"`
	AsOf     time.Time `json:"asOf"`
	Lexicon  string    `json:"lexicon"`
	Learned  string    `json:"learned,omitzero"`
	// Row is the notice in short, on the lot the pack is about, with its fit and what people did about it.
	Row Row `json:"row"`
	// OCID, Reference (the buyer's own number), Lot ("lot 2"), Value, Runs, Places, Portal and URL are what its head says; "" is not said.
	OCID      string `json:"ocid"`
	Reference string `json:"reference,omitzero"`
	Lot       string `json:"lot,omitzero"`
	Value     string `json:"value,omitzero"`
	Runs      string `json:"runs,omitzero"`
	Places    string `json:"places,omitzero"`
	Portal    string `json:"portal,omitzero"`
	URL       string `json:"url,omitzero"`
	// Action is what can be done about it today, in a sentence.
	Action string `json:"action"`
	// Why says what holds the advice back; "" for a bid.
	Why string `json:"why,omitzero"`
	// Dates are those still to come.
	Dates []dossier.Date `json:"dates"`
	// Criteria are what tenders are judged by, lots that say the same together, that of the pack first.
	Criteria []Judged `json:"criteria"`
	// Asked is what bidders have to be, have or do, as the publisher's fields say it; the fit's conditions hold what its text says.
	Asked     []dossier.Fact `json:"asked"`
	Questions Questions      `json:"questions"`
	Plan      Plan           `json:"plan"`
	After     After          `json:"after"`
	Risks     []Risk         `json:"risks"`
}

// Judged is by what the tenders for some lots are judged.
type Judged struct {
	Lots []string `json:"lots"`
	// Called is "lot 1 and lot 2"; "" where it is said of all there is.
	Called string `json:"called,omitzero"`
	// Own says that the lot of the pack is among them.
	Own      bool            `json:"own"`
	Weights  dossier.Weights `json:"weights"`
	Criteria []dossier.Fact  `json:"criteria"`
}

// After is what comes after the deadline, as far as the notice and the law say it.
type After struct {
	// Award is when it is expected.
	Award notice.Moment `json:"award,omitzero"`
	// Standstill is how many days lie between the award and the contract at least, by Source; nil where nobody can tell.
	Standstill *int       `json:"standstill,omitzero"`
	Working    bool       `json:"working,omitzero"` // they are working days
	Source     law.Source `json:"source,omitzero"`
	// ContractFrom is the first day the contract may be made, after an award on that day.
	ContractFrom time.Time     `json:"contractFrom,omitzero"`
	Start        notice.Moment `json:"start,omitzero"` // of the contract
	// AwardBy is the last day on which an award leaves the standstill before the start.
	AwardBy time.Time `json:"awardBy,omitzero"`
	// Mobilise is how many working days lie between ContractFrom and Start; negative where it starts before.
	Mobilise *int     `json:"mobilise,omitzero"`
	Words    []string `json:"words"`
}

// Risk is something that may turn out otherwise.
type Risk struct {
	Kind string `json:"kind"` // unknown, hint, missing, prose, time, decision
	Text string `json:"text"`
}

// Pack gathers what to decide with. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) Pack(ctx context.Context, profile string, target pursuit.Target, asOf time.Time) (Pack, error) {
	e, err := d.Explain(ctx, profile, target, asOf)
	if err != nil {
		return Pack{}, err
	}
	target.Notice = e.Notice.ID
	v, err := d.look(ctx, profile, asOf)
	if err != nil {
		return Pack{}, err
	}
	r, err := d.rowOf(ctx, v, target)
	if err != nil {
		return Pack{}, err
	}
	row, err := d.row(ctx, v, r)
	if err != nil {
		return Pack{}, err
	}
	x, err := d.Dossier(ctx, target.Notice, asOf)
	if err != nil {
		return Pack{}, err
	}
	questions, err := d.Questions(ctx, profile, row.Target, asOf)
	if err != nil {
		return Pack{}, err
	}
	n := e.Notice
	p := Pack{
		Profile: e.Profile, Name: v.profile.Name, Revision: e.ProfileRevision, AsOf: asOf, Lexicon: e.Lexicon, Learned: e.Learned, Row: row,
		OCID: n.OCID, Reference: dossier.Line(n.Reference.Value), Portal: dossier.Line(n.Portal.Value), URL: n.URL(),
		Value: x.Value.Words, Action: x.Stage.Advice, Why: row.Fit.Why(),
		Dates: []dossier.Date{}, Criteria: judged(x.Lots, row.Fit.Lot), Asked: []dossier.Fact{}, Questions: questions,
	}
	for _, l := range x.Lots {
		if l.ID == row.Fit.Lot {
			p.Lot, p.Value, p.Runs, p.Asked = l.Called, cmp.Or(l.Value.Words, p.Value), cmp.Or(l.Runs.Words, l.Runs.Dates()), l.Conditions
		}
	}
	p.Places = places(row.Places)
	for _, date := range x.Dates {
		if date.Days >= 0 && !asOf.After(date.When.End()) && (date.Lot == "" || date.Lot == row.Fit.Lot) {
			p.Dates = append(p.Dates, date)
		}
	}
	part := seat(v.profile.Profile)
	p.Plan = d.plan(n, row, p.Action, part, asOf)
	if l, ok := n.Lot(row.Fit.Lot); ok {
		p.After = after(d.Calendar(), part, n, l)
	}
	p.Risks = risks(x, row, p)
	return p, nil
}

// plan plans the work on a row by what its stage lets a supplier do.
func (d *Desk) plan(n *notice.Notice, row Row, action string, part calendar.Division, asOf time.Time) Plan {
	in := planned{asOf: asOf, deadline: row.Deadline, what: "tender", asks: "whether to bid", check: " and price it"}
	none := ""
	switch row.Fit.Action {
	case matcher.ActionBid:
		if n.Deadline.Kind == notice.DeadlineInterest {
			in.what, in.check = "request to take part", ""
		}
	case matcher.ActionJoin:
		in.what, in.asks, in.check = "application", "whether to join", ""
	case matcher.ActionEngage:
		in.what, in.asks, in.check = "answer to the engagement", "whether to answer", ""
	default: // nothing is handed in, as what can be done says
		none = action
	}
	if n.Questions.Known() {
		in.questions = n.Questions.Value
	}
	if x := row.Decision; x != nil && x.Verdict == pursuit.Bid {
		in.decided = x.When
	}
	if e := row.Entry; e != nil && !e.Stage.Working() {
		none = "It is " + string(e.Stage) + "."
	}
	if none != "" {
		return Plan{Deadline: row.Deadline, Part: part, Steps: []PlanStep{}, Holidays: []calendar.Holiday{}, Sure: true, Why: none}
	}
	return planBack(d.Calendar(), part, in)
}

// places are where the work is, in words.
func places(list []Place) string {
	var names []string
	for _, p := range list {
		if name := dossier.Line(p.Name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// judged gathers lots that are judged alike.
func judged(lots []dossier.Lot, own string) []Judged {
	list := []Judged{}
	for _, l := range lots {
		if len(l.Criteria) == 0 {
			continue
		}
		i := slices.IndexFunc(list, func(j Judged) bool {
			return slices.EqualFunc(j.Criteria, l.Criteria, func(a, b dossier.Fact) bool { return a.Label == b.Label && a.Value == b.Value })
		})
		if i < 0 {
			i = len(list)
			list = append(list, Judged{Lots: []string{}, Weights: l.Weights, Criteria: l.Criteria})
		}
		list[i].Lots = append(list[i].Lots, l.ID)
		list[i].Own = list[i].Own || l.ID == own
	}
	if len(list) == 1 && len(list[0].Lots) == len(lots) {
		return list
	}
	for i := range list {
		var names []string
		for _, l := range lots {
			if slices.Contains(list[i].Lots, l.ID) {
				names = append(names, cmp.Or(l.Called, "the procurement as a whole"))
			}
		}
		list[i].Called = notice.Enumerate(names)
	}
	slices.SortStableFunc(list, func(a, b Judged) int { return cmp.Compare(btoi(b.Own), btoi(a.Own)) })
	return list
}

// mostStandstill bounds the search for the last day of an award: no standstill is longer.
const mostStandstill = 60

// after tells what comes after the deadline.
func after(cal *calendar.Calendar, part calendar.Division, n *notice.Notice, l *notice.Lot) After {
	out := After{Words: []string{}}
	say := func(format string, args ...any) { out.Words = append(out.Words, fmt.Sprintf(format, args...)) }
	switch {
	case n.AwardBy.Known():
		out.Award = n.AwardBy.Value
	case n.AwardFrom.Known():
		out.Award = n.AwardFrom.Value
	}
	if !out.Award.IsZero() {
		say("The award is expected by %s.", out.Award.Date())
	}
	rule, known := law.Of(n).Standstill()
	switch {
	case !known:
		say("The notice says too little to tell the standstill period.")
	case rule.Days == 0:
		out.Standstill, out.Source = &rule.Days, rule.Source
		say("No standstill is prescribed (%s); the buyer may keep one all the same.", rule.Source)
	default:
		out.Standstill, out.Working, out.Source = &rule.Days, rule.Working, rule.Source
		kind := "calendar days"
		if rule.Working {
			kind = "working days"
		}
		say("The standstill takes %d %s from the award notice (%s).", rule.Days, kind, rule.Source)
	}
	if known && !out.Award.IsZero() {
		out.ContractFrom = rule.Earliest(out.Award.Time)
		say("The contract can be made from %s.", date(out.ContractFrom))
	}
	if !l.Contract.Start.Known() {
		say("The notice does not say when the contract starts.")
		return out
	}
	out.Start = l.Contract.Start.Value
	start := midnight(out.Start.Time)
	switch {
	case !out.ContractFrom.IsZero():
		days, _ := cal.WorkingDaysBetween(out.ContractFrom.AddDate(0, 0, -1), start.AddDate(0, 0, -1), part)
		out.Mobilise = &days
		say("The contract starts on %s: %s to mobilise.", out.Start.Date(), notice.Count(max(0, days), "working day", "working days"))
	case known && rule.Days > 0:
		for i := range mostStandstill {
			if day := start.AddDate(0, 0, -i); !rule.Earliest(day).After(start) {
				out.AwardBy = day
				break
			}
		}
		say("The contract starts on %s: the award has to be told by %s, and earlier by what it takes to mobilise.", out.Start.Date(), date(out.AwardBy))
	default:
		say("The contract starts on %s.", out.Start.Date())
	}
	if n.Deadline.Known() && n.Deadline.Kind != notice.DeadlineEngagement && !start.Before(n.Deadline.Value.Time) {
		days, _ := cal.WorkingDaysBetween(n.Deadline.Value.Time, start, part)
		say("From the deadline to the start there are %s, for assessment, standstill and mobilisation together.", notice.Count(days, "working day", "working days"))
	}
	return out
}

// date is a London day in words.
func date(t time.Time) string { return notice.Moment{Time: t, Day: true}.Date() }

// risks are what may turn out otherwise, what moves the score most first.
func risks(x *dossier.Dossier, row Row, p Pack) []Risk {
	list := []Risk{}
	add := func(kind, format string, args ...any) { list = append(list, Risk{kind, fmt.Sprintf(format, args...)}) }
	for _, s := range row.Fit.Swings() {
		add("unknown", "%s: %s. The score may be from %d to %d by this alone.", dossier.Upper(s.Criterion), s.Reason, s.Low, s.High)
	}
	for _, h := range row.Fit.Hints {
		add("hint", "%s.", dossier.Upper(h.Reason))
	}
	if len(x.Missing) > 0 {
		add("missing", "The notice does not say %s.", notice.Enumerate(x.Missing))
	}
	read := 0
	for _, l := range x.Lots {
		if l.ID == row.Fit.Lot && l.FromProse > 0 {
			add("prose", "This lot stands in the text alone; its reading is %d %% sure.", l.FromProse)
		} else if l.FromProse > 0 {
			read++
		}
	}
	if read > 0 {
		add("prose", "%s in the text alone.", notice.Count(read, "other lot stands", "other lots stand"))
	}
	if p.Questions.Closed {
		add("time", "Questions were taken until %s: what is unknown now stays so.", p.Questions.Until.Value.Words())
	}
	if p.Plan.Tight {
		add("time", "There are %s until the deadline: fewer than the steps to be done.", notice.Count(p.Plan.Days, "working day", "working days"))
	}
	if !p.Plan.Sure {
		add("time", "Bank holidays on the way are not known yet: the plan leaves out weekends alone.")
	}
	if m := p.After.Mobilise; m != nil && *m < 10 {
		add("time", "There are %s between the first day the contract can be made and its start.", notice.Count(max(0, *m), "working day", "working days"))
	}
	if row.Decision != nil && row.Against {
		add("decision", "The decision (%s) is against the advice (%s).", row.Decision.Verdict, row.Fit.Advice)
	}
	return list
}
