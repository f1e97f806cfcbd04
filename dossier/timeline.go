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

// dates is the timeline of a procurement with that history, the earliest first.
func (b *builder) dates(history []Step) []Date {
	n := b.n
	list := []Date{}
	add := func(what string, m notice.Said[notice.Moment], wholeDay bool) {
		if !m.Known() {
			return
		}
		list = append(list, b.date(what, m, wholeDay))
	}
	for i, r := range history {
		if r.Date.IsZero() || i > 0 && i < len(history)-1 {
			continue
		}
		what := "published"
		if i > 0 {
			what = "last changed"
		}
		add(what, notice.Say(notice.Moment{Time: r.Date}, r.at), false)
	}
	add("tender first published", n.Published, true)
	add("open from", n.Opens, true)
	add("questions until", n.Questions, false)
	add("deadline for "+n.Deadline.Kind.Words(), n.Deadline.Said, false)
	if n.Engagement.At != n.Deadline.At {
		add("deadline for engagement", n.Engagement.Said, false)
	}
	if n.OtherDeadline.Known() {
		add("deadline for "+n.OtherDeadline.Kind.Words(), n.OtherDeadline.Said, false)
	}
	add("next notice expected", n.Future, true)
	add("invitations", n.SecondStage.Invited, true)
	add("tenders opened", n.Opening.Date, false)
	add("tenders bind until", n.Submission.ValidUntil, true)
	add("award expected from", n.AwardFrom, true)
	add("award expected by", n.AwardBy, true)
	for _, m := range n.RecursOn {
		add("expected again", m, true)
	}
	add("framework starts", n.FrameworkTerms.Period.Start, true)
	add("framework ends", n.FrameworkTerms.Period.End, true)
	add("framework scheme ends", n.FrameworkTerms.SchemeEnds, true)
	for _, m := range n.Milestones {
		if m.Due.At != n.Engagement.At {
			add(milestoneName(m), m.Due, false)
		}
		add(milestoneName(m)+" met", m.Met, true)
	}
	for i := range n.Lots {
		add("contract starts", n.Lots[i].Contract.Start, true)
		add("contract ends", n.Lots[i].Contract.End, true)
		if extended(n.Lots[i].Contract) {
			add("contract ends with every extension", n.Lots[i].Contract.MaxExtent, true)
		}
	}
	for i := range n.Awards {
		w := &n.Awards[i]
		add("awarded", w.Date, true)
		for _, s := range w.Standstill {
			add("standstill ends", s, true)
		}
		add("contract signed", w.Signed(), true)
		runs := w.Runs()
		add("awarded contract starts", runs.Start, true)
		add("awarded contract ends", runs.End, true)
		if extended(runs) {
			add("awarded contract ends with every extension", runs.MaxExtent, true)
		}
		for _, m := range w.Milestones {
			add(milestoneName(m), m.Due, true)
		}
		for _, c := range w.Contracts {
			add("contract ended", c.Ended, true)
			for _, m := range c.Milestones {
				add(milestoneName(m), m.Due, true)
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

func milestoneName(m notice.Milestone) string {
	switch m.Kind {
	case "engagement":
		return "deadline for engagement"
	case "futureSignatureDate":
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
