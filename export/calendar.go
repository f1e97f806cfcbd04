package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

// event is a date of a notice in somebody's calendar.
type event struct {
	uid      string
	sequence int
	changed  time.Time
	date     dossier.Date
	off      bool // what was to happen will not
}

// events are the dates of the row's notice that a bidder has to keep, the earliest first. A date read from the text is left
// out where a field has the same for the day. A decision not to bid leaves none.
//
// An event keeps its UID while its notice says when it is, in whatever words. Each release of the notice raises its
// sequence, be the event touched or not: so it needs no memory of what was exported before.
func (r Row) events() []event {
	if r.decision().Verdict == pursuit.NoBid {
		return nil
	}
	n := r.Notice
	type once struct {
		kind, day string
	}
	told := map[once]bool{}
	dates := dossier.Dates(n, r.AsOf)
	for _, d := range dates {
		if d.Due && d.FromProse == 0 {
			told[once{d.Kind, d.When.Date()}] = true
		}
	}
	var list []event
	of := map[string]int{} // how many of a kind there were
	for _, d := range dates {
		if !d.Due {
			continue
		}
		if d.FromProse > 0 {
			this := once{d.Kind, d.When.Date()}
			if told[this] {
				continue
			}
			told[this] = true
			d.Kind = "text/" + d.Kind // numbered apart, so that a field filled later moves nothing
		}
		of[d.Kind]++
		e := event{
			uid:      uid(r.id(), d.Kind, strconv.Itoa(of[d.Kind]), r.Profile.ID),
			sequence: max(0, len(n.Releases)-1),
			changed:  n.Updated(), date: d, off: calledOff(n, d.When),
		}
		if e.changed.IsZero() {
			e.changed = r.AsOf
		}
		list = append(list, e)
	}
	return list
}

// step is the day of one's own next step; false where none is set, or nothing is left to do. Each change of the entry raises its sequence, which
// counts minutes.
func (r Row) step() (event, bool) {
	w := r.work()
	if w.NextBy.IsZero() || r.decision().Verdict == pursuit.NoBid {
		return event{}, false
	}
	return event{
		uid: uid(w.Target.String(), "next", r.Profile.ID), sequence: int(max(0, w.When.Unix()/60)), changed: w.When,
		date: dossier.Date{What: w.Step(), When: w.NextBy},
	}, true
}

// uid is a name made of names, which may hold anything and be of any length.
func uid(names ...string) string {
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%d:%s", len(name), name)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]) + "@bidfit"
}

// calledOff reports whether something will not happen because the procurement was cancelled or withdrawn. One that
// ended otherwise, because nobody was suitable, had the dates that were over by then.
func calledOff(n *notice.Notice, when notice.Moment) bool {
	if n.Stage != notice.StageEnded {
		return false
	}
	switch strings.ToLower(n.Status.Value) {
	case "unsuccessful", "complete":
		return when.End().After(n.Updated())
	}
	return true
}

// writeCalendar writes an event for each date of each notice, once, also where the notice has several rows, and one for each row's own next step.
func writeCalendar(out *bufio.Writer, o Options, rows iter.Seq2[Row, error]) error {
	w := ical{out}
	w.begin("Shortlist of " + o.listed())
	seen := map[string]bool{}
	for r, err := range rows {
		if err != nil {
			return err
		}
		var events []event
		if !seen[r.id()] {
			events = r.events()
			seen[r.id()] = len(events) > 0
		}
		if own, ok := r.step(); ok {
			events = append(events, own)
		}
		if len(events) == 0 {
			continue
		}
		about, page := r.about(), dossier.Address(r.Notice.URL())
		for _, e := range events {
			summary := dossier.Upper(e.date.What) + ": " + r.heading()
			w.line("BEGIN:VEVENT")
			w.text("UID", e.uid)
			w.instant("DTSTAMP", e.changed)
			w.instant("LAST-MODIFIED", e.changed)
			w.line("SEQUENCE:" + strconv.Itoa(e.sequence))
			w.start(e.date.When)
			w.text("SUMMARY", summary)
			description := about
			if e.date.FromProse > 0 {
				description = append(slices.Clip(about), fmt.Sprintf("This date was read from the text of the notice (%d%% sure).", e.date.FromProse))
			}
			w.text("DESCRIPTION", description...)
			if page != "" {
				w.line("URL:" + page)
			}
			w.line("TRANSP:TRANSPARENT") // it takes none of a day's hours
			if e.off {
				w.line("STATUS:CANCELLED")
			} else {
				w.line("STATUS:CONFIRMED")
			}
			if !e.off && e.date.When.End().After(r.AsOf) {
				w.alarm(7, summary)
				w.alarm(2, summary)
			}
			w.line("END:VEVENT")
		}
	}
	w.line("END:VCALENDAR")
	return nil
}

// listed is whose list it is, as a title has it.
func (o Options) listed() string {
	if name := line(o.Profile.Name); name != "" {
		return name
	}
	return o.Profile.ID
}

// about says of a row in a few lines what a calendar or a feed has room for.
func (r Row) about() []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+text)
		}
	}
	add("Buyer: ", r.Notice.Buyer.Name.Value)
	fit := r.Fit
	advice := fmt.Sprintf("%s, score %d (%d–%d)", fit.Advice, fit.Score, fit.Low, fit.High)
	if lot := r.lot().Called(); lot != "" {
		advice = lot + ": " + advice
	}
	add("Fit: ", advice)
	add("For: ", reason(fit.TopReason()))
	add("Against: ", reason(fit.TopGap()))
	for _, g := range fit.Gates {
		if g.State == matcher.GateBarred {
			add("Barred: ", g.Reason)
		}
	}
	if d := r.decision(); d.Verdict != "" {
		add("Decided: ", string(d.Verdict)+" ("+d.Who+")")
	}
	add("Tenders go to: ", r.Notice.Portal.Value)
	add("Notice: ", r.Notice.OCID)
	return lines
}
