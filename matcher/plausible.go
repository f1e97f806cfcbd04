package matcher

import (
	"strconv"
	"time"

	"bidfit/notice"
	"bidfit/notice/law"
)

// plausible holds a notice against the law of its day and against itself: what
// can be said for any supplier on any day.
func (o *Opportunity) plausible(n *notice.Notice) {
	if n.Stage != notice.StageTender || n.Direct.Known() {
		return
	}
	o.period(n)
	if award, due := n.AwardBy, n.Deadline; award.Known() && due.Known() && award.Value.End().Before(due.Value.Time) {
		o.conditions = append(o.conditions, Condition{
			Condition: ConditionAward, State: GateUnknown,
			Reason:   "the award is expected on " + onDay(award.Value.Time) + ", before the deadline of " + onDay(due.Value.Time),
			Question: "The award is expected on " + onDay(award.Value.Time) + ", before the deadline of " + onDay(due.Value.Time) + ". Which of the two dates is right?",
			At:       []notice.Quote{o.moment(award), o.moment(due.Said)},
		})
	}
	o.threshold(n)
}

// period holds the time from the first tender notice to the deadline against the legal minimum.
func (o *Opportunity) period(n *notice.Notice) {
	first, ok := law.Tendered(n)
	if !ok || !n.Deadline.Known() {
		return
	}
	given := notice.DaysUntil(first.Date, n.Deadline.Value.Time)
	if given < 0 {
		return // a date of the publisher's clock, not of the procurement
	}
	o.given = given
	step, ok := stepOf(n)
	if !ok || n.Deadline.At.End > 0 { // of a date read from prose no breach of law is told
		return
	}
	minimum, ok := o.law.MinimumPeriod(step)
	if !ok {
		return
	}
	c := Condition{
		Condition: ConditionPeriod, State: GatePass, Source: minimum.Source,
		Reason: map[law.Step]string{law.Tenders: "this tender gives ", law.Requests: "to ask to take part one has "}[step] +
			days(given) + ", from " + onDay(first.Date) + " to " + onDay(n.Deadline.Value.Time),
		At: []notice.Quote{{Path: notice.Path{Release: first.Identity, Pointer: "/date"}, Quote: first.Date.Format(time.RFC3339)}, o.moment(n.Deadline.Said)},
	}
	// Whether the first day or the last is counted is not held against the buyer.
	counted := given + 1
	asks := "; the law asks for " + strconv.Itoa(minimum.Usual)
	if minimum.Usual < minimum.Full {
		asks += " to " + strconv.Itoa(minimum.Full)
	}
	question := func(what string) {
		c.State = GateUnknown
		c.Question = "From " + onDay(first.Date) + " to " + onDay(n.Deadline.Value.Time) + " are " + days(given) + ", and the minimum is " + strconv.Itoa(minimum.Usual) + " (" + string(minimum.Source) + "). " + what
	}
	planned, advance := o.planned(n, first)
	switch {
	case minimum.None():
		c.Reason += "; the law sets no minimum " + map[bool]string{true: "for light touch", false: "below the threshold"}[o.law.LightTouch]
	case counted >= minimum.Full:
		c.Reason += ", which is at least the " + strconv.Itoa(minimum.Full) + " of the law"
	case counted >= minimum.Usual:
		c.Reason += asks + ", the least where tenders come electronically and all documents are there from the first day"
	case counted >= minimum.Least && advance:
		c.Reason += asks + ", but " + strconv.Itoa(minimum.Least) + " do after the notice of " + onDay(planned.Date)
		c.At = append(c.At, notice.Quote{Path: notice.Path{Release: planned.Identity, Pointer: "/date"}, Quote: planned.Date.Format(time.RFC3339)})
	case counted >= minimum.Least:
		c.Reason += asks + ", or " + strconv.Itoa(minimum.Least) + " in urgency or after a notice given in good time"
		question("On what ground is the period shorter, and can it be extended?")
	default:
		c.Reason += asks + ", and never for less than " + strconv.Itoa(minimum.Least)
		question("Can the deadline be extended?")
	}
	o.conditions = append(o.conditions, c)
}

// stepOf is what the deadline is for. A notice under the Act that selects first and
// names a deadline for tenders leaves open from when their time runs.
func stepOf(n *notice.Notice) (law.Step, bool) {
	selective := n.Method.Value == "selective"
	switch {
	case n.Deadline.Kind == notice.DeadlineInterest, n.Deadline.Kind == notice.DeadlineTender && selective && n.Regime.Value == notice.Regulations:
		return law.Requests, true
	case n.Deadline.Kind == notice.DeadlineTender && n.Method.Value == "open":
		return law.Tenders, true
	}
	return "", false
}

// planned finds the notice that announced the tender in time to shorten its period.
func (o *Opportunity) planned(n *notice.Notice, tender notice.Published) (notice.Published, bool) {
	for _, r := range n.Releases {
		if (r.Type == "UK3" || r.Type == "F01") && !r.Date.IsZero() && o.law.Advance(r.Date, tender.Date) {
			return r, true
		}
	}
	return notice.Published{}, false
}

// threshold holds what is said of the threshold against the value.
func (o *Opportunity) threshold(n *notice.Notice) {
	t, ok := o.law.Threshold()
	if !ok || !n.AboveThreshold.Known() || !n.Value.Pounds() {
		return
	}
	var low, high notice.Pence // with VAT, at none and at 20 %
	var at notice.Said[notice.Pence]
	switch v := n.Value; {
	case v.Gross.Known():
		low, high, at = v.Gross.Value, v.Gross.Value, v.Gross
	case v.Net.Known():
		low, high, at = v.Net.Value, v.Net.Value+v.Net.Value/5, v.Net
	}
	if low <= 0 || at.At.End > 0 {
		return // nobody said, a sentinel, or read from prose, which seldom says whether VAT is in it
	}
	said, is := "above", "above"
	if !n.AboveThreshold.Value {
		said = "below"
	}
	switch {
	case high < t.Amount:
		is = "below"
	case low < t.Amount:
		return // it depends on the VAT
	}
	c := Condition{
		Condition: ConditionThreshold, State: GatePass, Source: t.Source,
		Reason: "said to be " + said + " the threshold, " + t.Amount.String() + " with VAT, as its value is: " + at.Value.String(),
		At:     []notice.Quote{{Path: n.AboveThreshold.At, Quote: yes(n.AboveThreshold.Value)}, o.amount(at)},
	}
	if said != is {
		c.State = GateUnknown
		c.Reason = "said to be " + said + " the threshold, " + t.Amount.String() + " with VAT, but its value is " + is + ": " + at.Value.String()
		c.Question = "The notice says it is " + said + " the threshold, and its value of " + at.Value.String() + " is " + is + " the " + t.Amount.String() + " of " + string(t.Source) + ". Under which rules is it run?"
	}
	o.conditions = append(o.conditions, c)
}

// plausibleLot is what can be said of one lot for any supplier on any day.
func (o *Opportunity) plausibleLot(n *notice.Notice, l *notice.Lot) []Condition {
	if n.Stage != notice.StageTender || n.Direct.Known() {
		return nil
	}
	var list []Condition
	if c, ok := o.start(n, l); ok {
		list = append(list, c)
	}
	if c, ok := o.reservation(l); ok {
		list = append(list, c)
	}
	return list
}

// start tells of a contract that starts before it can have been awarded.
func (o *Opportunity) start(n *notice.Notice, l *notice.Lot) (Condition, bool) {
	award := n.AwardBy
	what := "an award"
	if !award.Known() || n.Deadline.Known() && award.Value.Time.Before(n.Deadline.Value.Time) {
		award, what = n.Deadline.Said, "an award even"
	}
	start := l.Contract.Start
	if !start.Known() || !award.Known() {
		return Condition{}, false
	}
	standstill, _ := o.law.Standstill()
	earliest := standstill.Earliest(award.Value.Time)
	if notice.DaysUntil(earliest, start.Value.Time) >= 0 {
		return Condition{}, false
	}
	c := Condition{
		Condition: ConditionStart, State: GateUnknown, Source: standstill.Source,
		Reason:   "the contract starts on " + onDay(start.Value.Time) + ", and after " + what + " on " + onDay(award.Value.Time),
		Question: "The contract starts on " + onDay(start.Value.Time) + ", before it can be made after " + what + " on " + onDay(award.Value.Time) + ". When is it to start?",
		At:       []notice.Quote{o.moment(start), o.moment(award)},
	}
	if standstill.Days > 0 {
		kind := " days"
		if standstill.Working {
			kind = " working days"
		}
		c.Reason += " and a standstill of " + strconv.Itoa(standstill.Days) + kind
	}
	c.Reason += " it cannot be made before " + onDay(earliest)
	return c, true
}

// reservation tells of a reservation the law does not know.
func (o *Opportunity) reservation(l *notice.Lot) (Condition, bool) {
	if o.law.Above == nil {
		return Condition{}, false
	}
	above, placed := *o.law.Above, false
	for _, r := range l.Reserved {
		placed = placed || r.Value.Kind == "location"
	}
	for _, r := range l.Reserved {
		c := Condition{Condition: ConditionReservation, State: GateUnknown, At: []notice.Quote{{Path: r.At, Quote: r.Value.Text}}}
		kind, byKind := reservedFor[r.Value.Kind]
		if r.Value.Kind == "location" {
			kind = "a place"
		}
		if source, ok := o.law.BelowOnly(r.Value.Kind); ok && above {
			c.Source = source
			c.Reason = "reserved for " + kind + ", which above the threshold the law does not provide for"
			c.Question = "The contract is above the threshold and reserved for " + kind + ". May others take part?"
			return c, true
		}
		if source, ok := o.law.NeedsPlace(); ok && !above && byKind && !placed && (r.Value.Kind == "sme" || r.Value.Kind == "vcse" || r.Value.Kind == "smeVcse") {
			c.Source = source
			c.Reason = "reserved for " + kind + " without a place: central government reserves for a county, a borough or the whole UK, and for " + kind + " only besides"
			c.Question = "The contract is reserved for " + kind + ". Is it reserved for a place, or for suppliers based in the UK, too?"
			return c, true
		}
	}
	return Condition{}, false
}

// asking tells until when questions are taken. As time passes it can only shut.
func (o *Opportunity) asking(asOf time.Time) Condition {
	until := o.questions.Value
	c := Condition{Condition: ConditionQuestions, State: GatePass, At: []notice.Quote{o.moment(o.questions)}}
	if asOf.After(until.End()) {
		c.State = GateBarred
		c.Reason = "questions were taken until " + onDay(until.Time)
		return c
	}
	c.Reason = "questions are taken until " + onDay(until.Time) + ", " + inDays(notice.DaysUntil(asOf, until.Time))
	return c
}
