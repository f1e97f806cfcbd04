package matcher

import (
	"strconv"
	"time"

	"bidfit/notice"
)

// The conditions, by name, in the order they are told.
const (
	// Whether the notice is plausible, by the law of its day and by itself.
	ConditionPeriod      = "period"      // the time given, against the legal minimum
	ConditionLead        = "lead"        // the time given, against the days a bid takes
	ConditionQuestions   = "questions"   // by when questions are taken
	ConditionAward       = "award"       // the award comes after the deadline
	ConditionThreshold   = "threshold"   // above or below the threshold, against the value
	ConditionStart       = "start"       // the contract starts after award and standstill
	ConditionReservation = "reservation" // the law allows the reservation

	// What is asked of a bidder.
	ConditionCallOff       = "callOff" // only members of a framework or market may bid
	ConditionCertification = "certification"
	ConditionClearance     = "clearance"
	ConditionInsurance     = "insurance"
	ConditionTurnover      = "turnover"
	ConditionPresence      = "presence" // based, or present, in a place
	ConditionTUPE          = "tupe"     // staff come over with the work
	ConditionCarbon        = "carbon"   // a carbon reduction plan
)

// conditions judges what holds for all lots of a notice.
func (m *Matcher) conditions(o *Opportunity, asOf time.Time) []Condition {
	list := o.conditions[:len(o.conditions):len(o.conditions)]
	if lead := m.profile.LeadDays; lead > o.given && o.given > 0 {
		list = append(list, Condition{
			Condition: ConditionLead, State: GateBarred,
			Reason: "the notice gives " + days(o.given) + " in all, and a bid takes you " + strconv.Itoa(lead),
			At:     []notice.Quote{o.moment(o.deadline.Said)},
		})
	}
	if o.questions.Known() && o.Stage == notice.StageTender {
		list = append(list, o.asking(asOf))
	}
	for i := range o.asked {
		if a := &o.asked[i]; a.lot == "" && a.kind != notice.MentionTurnover {
			list = append(list, m.require(o, a))
		}
	}
	return list
}

// lotConditions judges what holds for one lot, after what holds for all.
func (m *Matcher) lotConditions(o *Opportunity, l *lot, common []Condition) []Condition {
	list := append(common[:len(common):len(common)], l.conditions...)
	turnover := false
	for i := range o.asked {
		switch a := &o.asked[i]; {
		case a.lot != "" && a.lot != l.ID:
		case a.kind == notice.MentionTurnover:
			list = append(list, m.turnover(o, l, a))
			turnover = true
		case a.lot != "":
			list = append(list, m.require(o, a))
		}
	}
	if c, ok := m.usualTurnover(o, l); ok && !turnover {
		list = append(list, c)
	}
	if c, ok := m.cyber(o, l); ok {
		list = append(list, c)
	}
	if c, ok := m.carbon(o, l); ok {
		list = append(list, c)
	}
	if list == nil {
		list = []Condition{} // every field of a fit is there
	}
	return list
}

// days is a number of days in words.
func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// onDay is the day of a moment in words.
func onDay(t time.Time) string { return t.In(notice.London).Format("2 January 2006") }
