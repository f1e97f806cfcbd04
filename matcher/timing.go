package matcher

import (
	"cmp"
	"strconv"
	"time"

	"bidfit/notice"
)

// Urgency is a risk, never a merit.
const (
	shortNotice  = 7  // days under which any bid is rushed
	missedDay    = 60 // percent where an engagement day has gone by: the tender is still to come
	overdueShare = 70 // where an announced date has gone by and nothing came
)

// due is the date by which something has to be done now.
func (o *Opportunity) due() notice.Said[notice.Moment] {
	switch {
	case o.deadline.Known():
		return o.deadline.Said
	case o.engagement.Known():
		return o.engagement.Said
	}
	return o.future
}

// Closes is by when bids or answers are taken; zero where that is not known.
func (o *Opportunity) Closes() notice.Moment {
	if o.deadline.Known() {
		return o.deadline.Value
	}
	return o.engagement.Value
}

// Open reports whether something can be done about the notice on a day, or why nobody can: as the gates that stand for everybody say it.
func (o *Opportunity) Open(asOf time.Time) (why string, open bool) {
	if g := stageGate(o); g.State == GateBarred {
		return g.Reason, false
	}
	if over(o.status.Value) {
		return "the procurement is " + clean(o.status.Value), false
	}
	if g, ok := deadlineGate(o, asOf); ok && g.State == GateBarred {
		return g.Reason, false
	}
	return "", true
}

// action is what the stage allows on a day: nothing where a gate is shut for
// everybody. That the lot is not for this supplier does not change what one would do.
func (o *Opportunity) action(gates []Gate, asOf time.Time) Action {
	for _, g := range gates {
		if g.State == GateBarred && g.Gate != GateReserved && g.Gate != GateExclude {
			return ActionNone
		}
	}
	switch o.Stage {
	case notice.StageTender:
		return ActionBid
	case notice.StageMarket:
		return ActionJoin
	case notice.StagePlanned:
		return ActionPrepare
	case notice.StagePipeline:
		return ActionWatch
	case notice.StageEngagement:
		if d := o.due(); d.Known() && asOf.After(d.Value.End()) {
			return ActionPrepare
		}
		return ActionEngage
	}
	return ActionNone
}

// closed reports whether bids are no longer taken.
func (o *Opportunity) closed(asOf time.Time) bool {
	return o.deadline.Known() && o.deadline.Kind != notice.DeadlineEngagement && asOf.After(o.deadline.Value.End())
}

// timing compares the days that are left with those a bid takes.
func (m *Matcher) timing(o *Opportunity, asOf time.Time) Evidence {
	due := o.due()
	if !due.Known() {
		reason := "the notice gives no deadline"
		if o.Stage == notice.StagePlanned || o.Stage == notice.StagePipeline {
			reason = "the notice does not say when the tender comes"
		}
		return Evidence{Finding: Unknown, Reason: reason}
	}
	left := notice.DaysUntil(asOf, due.Value.Time)
	passed := asOf.After(due.Value.End())
	on := due.Value.In(notice.London).Format("2 January 2006")
	e := Evidence{Finding: Met, Share: 100, At: []notice.Quote{o.moment(due)}}
	kind := o.deadline.Kind
	if !o.deadline.Known() {
		kind = notice.DeadlineEngagement
		if !o.engagement.Known() {
			kind = ""
		}
	}
	if due.At.End > 0 {
		on += " (read from the text)"
	}
	switch {
	case passed && o.closed(asOf):
		e.Finding, e.Share, e.Reason = Barred, 0, "closed on "+on
	case passed && kind == notice.DeadlineEngagement:
		e.Finding, e.Share, e.Reason = Partly, missedDay, "the engagement ended on "+on+"; the tender is still to come"
	case passed:
		e.Finding, e.Share, e.Reason = Partly, overdueShare, "announced for "+on+", and nothing has come yet"
	case kind == "":
		e.Reason = "announced for " + on + ", " + inDays(left)
	default:
		lead := cmp.Or(m.profile.LeadDays, shortNotice)
		e.Reason = "closes on " + on + ", " + inDays(left)
		if left < lead || left < shortNotice {
			e.Finding, e.Share = Partly, 100*left/max(lead, shortNotice)
			e.Reason += ", and a bid takes you " + strconv.Itoa(lead)
			if left < shortNotice && left < lead/2 {
				e.Finding = Missed
			}
		}
	}
	return e
}

// inDays is a number of days in words.
func inDays(n int) string {
	switch n {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return "in " + strconv.Itoa(n) + " days"
}
