package matcher

import (
	"cmp"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/law"
	"bidfit/notice/words"
)

// asked is one thing the prose of a notice, its selection criteria among it, asks of a
// bidder, however often it does.
type asked struct {
	kind   notice.MentionKind
	name   string
	lot    string // "" for all
	amount *notice.Pence
	wanted bool // welcome, and nowhere required
	unsure bool // read nowhere with enough confidence to hold the advice
	at     []notice.Quote
}

// sureReading is the confidence, in percent, below which a reading is shown and nothing else.
const sureReading = 60

// askedOf gathers what the readings of a notice ask, each thing once, in an
// order that does not depend on theirs.
func askedOf(n *notice.Notice) []asked {
	var found []notice.Read[notice.Mention]
	for _, r := range n.Readings.Mentions {
		switch r.Value.Kind {
		case notice.MentionCertification, notice.MentionInsurance, notice.MentionTurnover, notice.MentionTUPE,
			notice.MentionClearance, notice.MentionPresence, notice.MentionCallOff:
			found = append(found, r)
		}
	}
	if found == nil {
		return nil
	}
	texts := map[notice.Path]string{}
	for s := range n.Proses() {
		texts[s.At] = s.Value
	}
	same := func(a, b *notice.Read[notice.Mention]) int {
		return cmp.Or(cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Value.Kind, b.Value.Kind), cmp.Compare(thing(a.Value), thing(b.Value)))
	}
	slices.SortFunc(found, func(a, b notice.Read[notice.Mention]) int {
		return cmp.Or(same(&a, &b), cmp.Compare(a.At.Release, b.At.Release), cmp.Compare(a.At.Pointer, b.At.Pointer), cmp.Compare(a.At.Start, b.At.Start),
			cmp.Compare(a.At.End, b.At.End), cmp.Compare(a.Value.Name, b.Value.Name))
	})
	var list []asked
	for i, r := range found {
		if i == 0 || same(&found[i-1], &r) != 0 {
			list = append(list, asked{kind: r.Value.Kind, name: r.Value.Name, lot: r.Lot, wanted: true, unsure: true})
		}
		a := &list[len(list)-1]
		a.wanted = a.wanted && r.Value.Wanted
		a.unsure = a.unsure && r.Confidence < sureReading
		if p := r.Value.Amount; p != nil && (a.amount == nil || *p > *a.amount) {
			a.amount = p
		}
		whole := r.At
		whole.Start, whole.End = 0, 0
		if text := texts[whole]; len(a.at) < mostQuotes && r.At.End > r.At.Start && r.At.End <= len(text) && r.At.Start >= 0 {
			a.at = append(a.at, notice.Quote{Path: r.At, Quote: text[r.At.Start:r.At.End]})
		}
	}
	return list
}

// thing is what mentions of the same thing have in common.
func thing(m notice.Mention) string {
	switch m.Kind {
	case notice.MentionTUPE, notice.MentionCallOff, notice.MentionTurnover:
		return ""
	}
	return strings.ToLower(m.Name)
}

// require holds something asked against the profile.
func (m *Matcher) require(o *Opportunity, a *asked) Condition {
	c := Condition{State: GateUnknown, At: a.at}
	name := clean(a.name)
	is := " is required"
	if a.wanted {
		is = " is welcome"
	}
	switch a.kind {
	case notice.MentionCertification:
		c.Condition = ConditionCertification
		switch c.State = m.certificate(a.name); c.State {
		case GatePass:
			c.Reason = name + is + ", which you hold"
		case GateBarred:
			c.Reason = name + is + ", and is not among your certifications"
			c.Holds = !a.wanted
		default:
			c.Reason = name + is + ": do you hold it? The profile lists no certifications"
			c.Question = "By when does " + name + " have to be held, and will an equivalent do?"
		}
	case notice.MentionClearance:
		// A clearance is of people, and got for a contract: that there is none today is no lack.
		c.Condition = ConditionClearance
		if name == "" {
			name = "security clearance"
		}
		if m.certificate(a.name) == GatePass {
			c.State, c.Reason = GatePass, name+is+", which you hold"
			break
		}
		c.Reason = name + is + " of those who do the work"
		c.Question = "Who needs " + name + ", by when, and who applies for it?"
	case notice.MentionInsurance:
		m.insurance(o, a, is, &c)
	case notice.MentionPresence:
		m.presence(a, &c)
	case notice.MentionCallOff:
		m.member(o, a, &c)
	case notice.MentionTUPE:
		c.Condition, c.Source = ConditionTUPE, law.StaffTransfer
		c.Reason = "staff may come over with the work (TUPE)"
		c.Question = "Does TUPE apply, and which staff (number, hours, pay, pensions) would transfer?"
	}
	c.Holds = c.Holds && !a.unsure
	return c
}

// certificate looks for a standard or clearance among the certifications; a list that is there is whole.
func (m *Matcher) certificate(name string) GateState {
	p, err := words.ParsePhrase(name)
	if err != nil || len(m.holds) == 0 {
		return GateUnknown
	}
	for _, tokens := range m.holds {
		if len(p.Find(tokens)) > 0 {
			return GatePass
		}
	}
	return GateBarred
}

// covers are the words by which kinds of insurance are told, the profile's name for each.
var covers = []struct{ word, kind, says string }{
	{"public", "public", "public liability"}, {"employer", "employers", "employers' liability"},
	{"indemnity", "professional", "professional indemnity"}, {"professional", "professional", "professional indemnity"},
	{"product", "products", "product liability"}, {"cyber", "cyber", "cyber"},
	{"medical", "medical", "medical malpractice"}, {"malpractice", "medical", "medical malpractice"}, {"clinical", "medical", "medical malpractice"},
}

// coverOf is the profile's name for a kind of insurance, "" for none it has, and what it is called in words.
func coverOf(name string) (kind, says string) {
	lower := strings.ToLower(name)
	for _, x := range covers {
		if strings.Contains(lower, x.word) {
			return x.kind, x.says
		}
	}
	return "", clean(name)
}

// insurance holds the cover asked for against the profile's.
func (m *Matcher) insurance(o *Opportunity, a *asked, is string, c *Condition) {
	c.Condition = ConditionInsurance
	kind, says := coverOf(a.name)
	asks := says + " insurance"
	if says == "" {
		asks = "insurance"
	}
	if a.amount != nil {
		asks += " of " + a.amount.String()
	}
	source, later := o.law.InsuranceAtAward()
	cover, said := m.profile.Insurance[kind]
	switch {
	case !said:
		c.Reason = asks + is + ": have you that? The profile does not say"
		if a.amount == nil {
			c.Question = "What level of " + strings.TrimSpace(says+" insurance") + " is required, and from when?"
		} else {
			c.Question = "From when does " + asks + " have to be in place?"
		}
	case cover > 0 && (a.amount == nil || notice.Pence(cover) >= *a.amount):
		c.State, c.Reason = GatePass, asks+is+", and you have "+cover.String()
	default:
		c.State, c.Reason = GateBarred, asks+is+", and you have "+cover.String()
		c.Holds = !a.wanted && !later
	}
	if later {
		c.Source = source
		if c.State != GatePass {
			c.Reason += "; it need not be held before the award"
		}
	}
}

// turnover holds the yearly turnover asked for against the profile's, and against what the law lets a buyer ask.
func (m *Matcher) turnover(o *Opportunity, l *lot, a *asked) Condition {
	c := Condition{Condition: ConditionTurnover, State: GateUnknown, At: a.at}
	if a.amount == nil {
		c.Reason = "a minimum turnover is asked for"
		c.Question = "What yearly turnover is required of bidders?"
		return c
	}
	c.Reason = "a turnover of " + a.amount.String() + " a year is required"
	if a.wanted {
		c.Reason = "a turnover of " + a.amount.String() + " a year is welcome"
	}
	switch ours := m.profile.Turnover; {
	case ours == nil:
		c.Reason += ": have you that? The profile does not say"
		c.Question = "Of which years is the turnover of " + a.amount.String() + " required, and may bidders rely on others for it?"
	case notice.Pence(*ours) >= *a.amount:
		c.State = GatePass
		c.Reason += ", and yours is " + ours.String()
	default:
		c.State, c.Holds = GateBarred, !a.wanted && !a.unsure
		c.Reason += ", and yours is " + ours.String()
	}
	if source, ok := o.law.Proportionate(); ok {
		c.Source = source
	}
	if source, ok := o.law.TurnoverCap(); ok {
		c.Source = source
		if net, ok := net(l.Lot.Value); ok && *a.amount > 2*net {
			c.Reason += "; that is more than twice the contract value of " + net.String() + ", which the buyer has to justify"
		}
	}
	return c
}

// usualTurnover is a rule of thumb and no law: where nothing is said, buyers like to see twice the value of a year.
func (m *Matcher) usualTurnover(o *Opportunity, l *lot) (Condition, bool) {
	ours := m.profile.Turnover
	if ours == nil || o.framework.Known() || !o.Stage.Open() {
		return Condition{}, false
	}
	year, at, ok := o.yearly(l)
	if !ok {
		return Condition{}, false
	}
	c := Condition{
		Condition: ConditionTurnover, State: GatePass, At: at,
		Reason: "your turnover of " + ours.String() + " is twice the value of a year, " + year.String() + ", or more: enough by rule of thumb",
	}
	if notice.Pence(*ours) < 2*year {
		c.State = GateUnknown
		c.Reason = "your turnover of " + ours.String() + " is less than twice the value of a year, " + year.String() + ", which buyers ask for by rule of thumb"
		c.Question = "Is a minimum turnover required of bidders?"
	}
	return c, true
}

// yearly is what a lot is worth in a year, net, and the places that say so.
func (o *Opportunity) yearly(l *lot) (notice.Pence, []notice.Quote, bool) {
	v, run := l.Lot.Value, l.Contract
	if v.PerYear.Known() && v.PerYear.Value > 0 && v.Pounds() {
		return v.PerYear.Value, []notice.Quote{o.amount(v.PerYear)}, true
	}
	whole, ok := net(v)
	if !ok {
		return 0, nil, false
	}
	at := []notice.Quote{o.amount(v.Net)}
	if !v.Net.Known() {
		at = []notice.Quote{o.amount(v.Gross)}
	}
	const year = 365
	length := 0
	switch {
	case run.Start.Known() && run.End.Known():
		length = 1 + notice.DaysUntil(run.Start.Value.Time, run.End.Value.Time)
		at = append(at, o.moment(run.Start), o.moment(run.End))
	case run.Days.Known():
		length = run.Days.Value
	}
	if length <= 0 {
		return 0, nil, false
	}
	// Of what lasts less than a year all is paid in it. The value includes the extensions, the
	// length does not: it is rather too much than too little.
	const pound = 100
	return notice.Pence(int64(whole)*year/int64(max(length, year))) / pound * pound, at, true
}

// net is what a value comes to without VAT, taken at 20 % where only the value with it is known.
func net(v notice.Value) (notice.Pence, bool) {
	switch {
	case !v.Pounds():
		return 0, false
	case v.Net.Known():
		return v.Net.Value, v.Net.Value > 0
	case v.Gross.Known():
		return v.Gross.Value - v.Gross.Value/6, v.Gross.Value > 0
	}
	return 0, false
}

// presence holds a place bidders are to be in against where the supplier is.
func (m *Matcher) presence(a *asked, c *Condition) {
	c.Condition = ConditionPresence
	where := clean(a.name)
	asks := "bidders are to be based or present in "
	if a.wanted {
		asks = "it is welcome that bidders are based or present in "
	}
	var area itl.Area
	if r, err := itl.Parse(a.name); err == nil {
		area, where = r.Area(), r.Name()
	}
	state, how := m.based(area, !area.IsEmpty())
	c.State, c.Reason = state, asks+where+how
	switch state {
	case GateBarred:
		c.Holds = !a.wanted
	case GateUnknown:
		c.Question = "Do bidders have to be based or present in " + where + ", and from when?"
	}
}

// member tells of a call-off that prose alone speaks of.
func (m *Matcher) member(o *Opportunity, a *asked, c *Condition) {
	c.Condition = ConditionCallOff
	if source, ok := o.law.Framework(); ok {
		c.Source = source
	}
	if on, quote, ok := m.onFramework(o); ok {
		c.State, c.Reason, c.At = GatePass, "a call-off from a framework or market; you are on "+on, append(slices.Clone(a.at), quote)
		return
	}
	c.Reason = "the text speaks of a call-off from a framework or market"
	c.Question = "Is this a call-off, and may suppliers take part who are not on the framework or market?"
}

// cyber tells where central government may ask for Cyber Essentials, in words that handle data: by
// rule of thumb, information technology.
func (m *Matcher) cyber(o *Opportunity, l *lot) (Condition, bool) {
	if !upcoming(o.Stage) {
		return Condition{}, false
	}
	source, ok := o.law.CyberEssentials()
	if !ok {
		return Condition{}, false
	}
	for i := range o.asked {
		if a := &o.asked[i]; a.kind == notice.MentionCertification && strings.HasPrefix(strings.ToLower(a.name), "cyber essentials") {
			return Condition{}, false
		}
	}
	for i := range l.codes {
		code := &l.codes[i]
		if d := code.Code / 1_000_000; d != 48 && d != 72 {
			continue
		}
		c := Condition{
			Condition: ConditionCertification, State: GateUnknown, Source: source,
			At: []notice.Quote{{Path: code.at, Quote: code.String()}},
		}
		if m.certificate("Cyber Essentials") == GatePass {
			c.State, c.Reason = GatePass, "Cyber Essentials may be asked for, which you hold"
			return c, true
		}
		c.Reason = "Cyber Essentials may be asked for: central government buys information technology"
		c.Question = "Is Cyber Essentials or Cyber Essentials Plus required, and by when?"
		return c, true
	}
	return Condition{}, false
}

// carbon tells where central government asks for a carbon reduction plan.
func (m *Matcher) carbon(o *Opportunity, l *lot) (Condition, bool) {
	if !upcoming(o.Stage) || o.law.Above != nil && !*o.law.Above {
		return Condition{}, false
	}
	limit, ok := o.law.CarbonPlan()
	if !ok {
		return Condition{}, false
	}
	year, at, ok := o.yearly(l)
	if year += year / 5 / 100 * 100; !ok || year <= limit.Amount { // with VAT at 20 %
		return Condition{}, false
	}
	c := Condition{
		Condition: ConditionCarbon, State: GateUnknown, Source: limit.Source, At: at,
		Reason: "worth " + year.String() + " a year with VAT, above " + limit.Amount.String() + ": central government asks for a carbon reduction plan",
	}
	if m.certificate("carbon reduction plan") == GatePass {
		c.State = GatePass
		c.Reason += ", which you have"
		return c, true
	}
	c.Question = "Is a carbon reduction plan required, and by when has it to be published?"
	return c, true
}

// upcoming reports whether a tender is out or on its way.
func upcoming(s notice.Stage) bool {
	return s == notice.StageTender || s == notice.StagePlanned
}
