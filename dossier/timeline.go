package dossier

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"bidfit/notice"
)

// Date is a day that matters, and how far off it is.
type Date struct {
	// Kind is a name for programs that stays the same from release to release, whatever is said of the date: "questions",
	// "deadline/tender", "milestone/7". Several dates may be of one kind.
	Kind string `json:"kind"`
	// Due is said of what a bidder has to do by then, or to be there for.
	Due  bool          `json:"due,omitzero"`
	What string        `json:"what"`
	When notice.Moment `json:"when"`
	Days int           `json:"days"` // from today in London; negative is past
	// Words is "Tuesday 14 July 2026, 23:59, in 20 days".
	Words string      `json:"words"`
	At    notice.Path `json:"at,omitzero"`
	// FromProse is how sure the reading is of a date that stands in prose, in percent; 0 for a field.
	FromProse int    `json:"fromProse,omitzero"`
	Lot       string `json:"lot,omitzero"`
}

// Dates is the timeline of a notice without its releases, the earliest first.
func Dates(n *notice.Notice, asOf time.Time) []Date {
	return (&builder{n: n, g: Given{AsOf: asOf}}).dates(nil)
}

// dates is the timeline of a procurement with that history, the earliest first.
func (b *builder) dates(history []Step) []Date {
	n := b.n
	list := []Date{}
	put := func(kind string, due bool, what string, m notice.Said[notice.Moment], wholeDay bool) {
		if !m.Known() {
			return
		}
		d := b.date(what, m, wholeDay)
		d.Kind, d.Due = kind, due
		list = append(list, d)
	}
	add := func(kind, what string, m notice.Said[notice.Moment], wholeDay bool) {
		put(kind, false, what, m, wholeDay)
	}
	due := func(kind, what string, m notice.Said[notice.Moment], wholeDay bool) {
		put(kind, true, what, m, wholeDay)
	}
	for i, r := range history {
		if r.Date.IsZero() || i > 0 && i < len(history)-1 {
			continue
		}
		kind, what := "published", "published"
		if i > 0 {
			kind, what = "changed", "last changed"
		}
		add(kind, what, notice.Say(notice.Moment{Time: r.Date}, r.at), false)
	}
	add("tender-published", "tender first published", n.Published, true)
	add("opens", "open from", n.Opens, true)
	due("questions", "questions until", n.Questions, false)
	due(deadlineKind(n.Deadline.Kind), "deadline for "+n.Deadline.Kind.Words(), n.Deadline.Said, false)
	if n.Engagement.At != n.Deadline.At {
		due(deadlineKind(notice.DeadlineEngagement), "deadline for engagement", n.Engagement.Said, false)
	}
	if n.OtherDeadline.Known() {
		due(deadlineKind(n.OtherDeadline.Kind), "deadline for "+n.OtherDeadline.Kind.Words(), n.OtherDeadline.Said, false)
	}
	put("next-notice", ahead(n.Stage), "next notice expected", n.Future, true)
	add("invitations", "invitations", n.SecondStage.Invited, true)
	add("opening", "tenders opened", n.Opening.Date, false)
	add("valid-until", "tenders bind until", n.Submission.ValidUntil, true)
	add("award-from", "award expected from", n.AwardFrom, true)
	add("award-by", "award expected by", n.AwardBy, true)
	for _, m := range n.RecursOn {
		add("recurs", "expected again", m, true)
	}
	add("framework-start", "framework starts", n.FrameworkTerms.Period.Start, true)
	add("framework-end", "framework ends", n.FrameworkTerms.Period.End, true)
	add("framework-scheme-end", "framework scheme ends", n.FrameworkTerms.SchemeEnds, true)
	for _, m := range n.Milestones {
		if m.Due.At != n.Engagement.At {
			put(milestoneKind(m), m.Kind != signature, milestoneName(m), m.Due, false)
		}
		add(milestoneKind(m)+"/met", milestoneName(m)+" met", m.Met, true)
	}
	for i := range n.Lots {
		add("contract-start", "contract starts", n.Lots[i].Contract.Start, true)
		add("contract-end", "contract ends", n.Lots[i].Contract.End, true)
		if extended(n.Lots[i].Contract) {
			add("contract-extent", "contract ends with every extension", n.Lots[i].Contract.MaxExtent, true)
		}
	}
	for i := range n.Awards {
		w := &n.Awards[i]
		add("awarded", "awarded", w.Date, true)
		for _, s := range w.Standstill {
			add("standstill", "standstill ends", s, true)
		}
		add("signed", "contract signed", w.Signed(), true)
		runs := w.Runs()
		add("awarded-start", "awarded contract starts", runs.Start, true)
		add("awarded-end", "awarded contract ends", runs.End, true)
		if extended(runs) {
			add("awarded-extent", "awarded contract ends with every extension", runs.MaxExtent, true)
		}
		for _, m := range w.Milestones {
			add("contract-"+milestoneKind(m), milestoneName(m), m.Due, true)
		}
		for _, c := range w.Contracts {
			add("contract-ended", "contract ended", c.Ended, true)
			for _, m := range c.Milestones {
				add("contract-"+milestoneKind(m), milestoneName(m), m.Due, true)
			}
		}
	}
	filled := map[notice.Path]bool{} // by what the text says
	for _, d := range list {
		filled[d.At] = true
	}
	for _, e := range n.Readings.Events {
		if filled[e.At] {
			continue
		}
		d := b.date(eventWords(e.Value.Kind), notice.Say(e.Value.When, e.At), false)
		d.FromProse, d.Lot = e.Confidence, e.Lot
		d.Kind, d.Due = eventKind(e.Value.Kind)
		list = append(list, d)
	}
	slices.SortStableFunc(list, func(x, y Date) int {
		return cmp.Or(x.When.Compare(y.When.Time), cmp.Compare(x.FromProse, y.FromProse), strings.Compare(x.What, y.What))
	})
	type told struct{ what, words string }
	seen := map[told]bool{}
	return slices.DeleteFunc(list, func(d Date) bool {
		k := told{d.What, d.Words}
		again := seen[k]
		seen[k] = true
		return again
	})
}

func extended(p notice.Period) bool {
	return p.MaxExtent.Known() && (!p.End.Known() || p.MaxExtent.Value.After(p.End.Value.Time))
}

// date is a moment as a row of the timeline; of some only the day is meant, whatever hour was published.
func (b *builder) date(what string, m notice.Said[notice.Moment], wholeDay bool) Date {
	days := notice.DaysUntil(b.g.AsOf, m.Value.Time)
	words := m.Value.Words()
	if wholeDay {
		words = m.Value.Date()
	}
	words = m.Value.In(notice.London).Weekday().String() + " " + words
	return Date{What: what, When: m.Value, Days: days, Words: words + ", " + notice.InDays(days), At: m.At}
}

// ahead reports whether the tender of a procurement is still to come.
func ahead(s notice.Stage) bool {
	switch s {
	case notice.StagePipeline, notice.StageEngagement, notice.StagePlanned:
		return true
	}
	return false
}

func deadlineKind(k notice.DeadlineKind) string { return "deadline/" + string(k) }

// signature is the kind of milestone that says when a contract is expected to be signed.
const signature = "futureSignatureDate"

func milestoneKind(m notice.Milestone) string {
	return "milestone/" + cmp.Or(m.ID, m.Kind)
}

// eventKind gives a date in the text the kind of the field that would say the same.
func eventKind(k notice.EventKind) (kind string, due bool) {
	switch k {
	case notice.EventSubmission:
		return deadlineKind(notice.DeadlineTender), true
	case notice.EventInterest:
		return deadlineKind(notice.DeadlineInterest), true
	case notice.EventEngagement, notice.EventRegister, notice.EventVisit, notice.EventQuestions, notice.EventInterview:
		return string(k), true
	}
	return "text-" + string(k), false
}

func milestoneName(m notice.Milestone) string {
	switch m.Kind {
	case "engagement":
		return "deadline for engagement"
	case signature:
		return "signature expected"
	}
	return cmp.Or(Line(m.Title.Value), notice.Label(m.Kind), "milestone")
}

func eventWords(k notice.EventKind) string {
	switch k {
	case notice.EventEngagement:
		return "market engagement"
	case notice.EventRegister:
		return "register by"
	case notice.EventVisit:
		return "site visit"
	case notice.EventQuestions:
		return "questions until"
	case notice.EventSubmission:
		return "submit by"
	case notice.EventInterest:
		return "express interest by"
	case notice.EventInterview:
		return "presentations or interviews"
	case notice.EventNotice:
		return "a notice"
	case notice.EventAward:
		return "award"
	case notice.EventStart:
		return "contract starts"
	case notice.EventEnd:
		return "contract ends"
	}
	return "a date in the text"
}

// until says how far off a moment is, for a sentence: "by 14 July 2026, 23:59 (in 20 days)".
func until(m notice.Moment, asOf time.Time) string {
	return m.Words() + " (" + notice.InDays(notice.DaysUntil(asOf, m.Time)) + ")"
}
