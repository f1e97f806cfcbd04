// Package changes tells in words what is different between two states of a
// notice: what moved, what was added and withdrawn, most important to a bidder first. It is
// pure; a history, an alert and "why it changed" say the same of the same two states.
//
// [Between] compares the notice here, its lots in lots.go, awards and contracts in awards.go. Each
// of them compares single values (values.go), dates (dates.go), lists (lists.go) and
// prose (prose.go).
package changes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bidfit/notice"
)

// Change is one difference.
type Change struct {
	What Kind `json:"what"`
	// Words are a part of a sentence: "deadline moved 7 days later, to 24 July 2026, 12:00".
	Words string `json:"words"`
	// Before and After are what was said and what is said now; "" is nothing.
	Before string `json:"before,omitzero"`
	After  string `json:"after,omitzero"`
	// At is the place that says it now or, for what is gone, that said it before.
	At notice.Path `json:"at,omitzero"`
	// Lot is the lot it is about; "" for the whole procurement.
	Lot string `json:"lot,omitzero"`
}

// Kind is what a change is about. The names are stable.
type Kind string

const (
	Ended        Kind = "ended"         // cancelled, withdrawn, terminated, closed
	Stage        Kind = "stage"         // further, or open again
	DeadlineDate Kind = "deadline"      // for bids, interest or engagement
	Engagement   Kind = "engagement"    // the engagement deadline, beside another
	Questions    Kind = "questions"     // until when questions are answered
	Expected     Kind = "expected"      // when the next notice is expected
	Worth        Kind = "value"         // of the procurement or a lot
	LotWithdrawn Kind = "lot-withdrawn" // its status says so
	LotAdded     Kind = "lot-added"     //
	LotRemoved   Kind = "lot-removed"   // no longer listed
	LotDivision  Kind = "lot-division"  // divided into lots, or no longer
	LotStatus    Kind = "lot-status"    //
	LotsCap      Kind = "lots-cap"      // lots one may bid for or win
	Reserved     Kind = "reservation"   // who alone may take part
	Suitability  Kind = "suitability"   // SME, VCSE
	Direct       Kind = "direct"        // closed to those outside
	Method       Kind = "method"        // the procedure
	Places       Kind = "place"         // of delivery
	CPV          Kind = "cpv"           //
	Criteria     Kind = "criteria"      // of award
	Conditions   Kind = "condition"     // of taking part
	Duration     Kind = "contract"      // when the contract starts, ends, and may be extended to
	Renewal      Kind = "renewal"       // and options
	AwardDate    Kind = "award-date"    // expected
	Milestone    Kind = "milestone"     //
	Awarded      Kind = "award"         // awards and their contracts
	Procedure    Kind = "procedure"     // regime, threshold, framework, category, recurrence
	Status       Kind = "status"        //
	Type         Kind = "type"          // of notice
	Title        Kind = "title"         //
	Description  Kind = "description"   //
	Text         Kind = "text"          // any other prose
	Items        Kind = "item"          // descriptions of items
	Documents    Kind = "document"      //
	Portal       Kind = "portal"        //
	Buyer        Kind = "buyer"         //
	Contact      Kind = "contact"       //
	Also         Kind = "also"          // other OCIDs of the same opportunity
	Other        Kind = "other"         // anything else that is said
)

// order is the kinds by how much they move a bidder's plans.
var order = func() map[Kind]int {
	m := map[Kind]int{}
	for i, k := range []Kind{
		Ended, Stage, DeadlineDate, Engagement, Questions, Expected, Worth, LotWithdrawn, LotAdded, LotRemoved,
		LotDivision, LotStatus, LotsCap, Reserved, Suitability, Direct, Method, Places, CPV, Criteria, Conditions,
		Duration, Renewal, AwardDate, Milestone, Awarded, Procedure, Status, Type, Title, Description, Text, Items,
		Documents, Portal, Buyer, Contact, Also, Other,
	} {
		m[k] = i
	}
	return m
}()

// Between lists what is different in newer, the most important first; nothing for
// two notices that say the same, wherever they say it and in whatever order they list it. White space, markup and
// the place a thing is said in are no difference; readings from prose are told with the prose.
func Between(older, newer *notice.Notice) []Change {
	d := &differ{}
	d.stage(older, newer)
	d.deadlines(older, newer)
	d.value("value", older.Value, newer.Value)
	d.lots(older, newer)
	d.awards(older.Awards, newer.Awards)
	d.procedure(older, newer)
	d.prose(older, newer)
	d.milestones(older.Milestones, newer.Milestones, func(was, is notice.Said[notice.Moment]) bool {
		return same(was, older.Engagement.Said) && same(is, newer.Engagement.Said) // told as that
	})
	d.documents(older, newer)
	d.people(older, newer)
	d.rest(Other, "", older, newer)
	return d.sorted()
}

// differ gathers changes.
type differ struct {
	found []found
	lot   *notice.Lot // the lot that is compared; nil for the whole procurement
}

// found is a change and its words without the lot's name.
type found struct {
	Change
	alike string
}

// add notes a change: its words are the subject, of its lot, and the rest.
func (d *differ) add(what Kind, at notice.Path, before, after, subject, format string, args ...any) {
	rest := fmt.Sprintf(format, args...)
	f := found{Change{What: what, Before: before, After: after, At: at, Words: subject + rest}, subject + rest}
	if d.lot != nil {
		f.Lot = d.lot.ID
		if name := d.lot.Called(); name != "" && subject != "" {
			f.Words = subject + " of " + name + rest
		}
	}
	d.found = append(d.found, f)
}

func (d *differ) sorted() []Change {
	changes := make([]Change, len(d.found))
	for i, f := range d.found {
		changes[i] = f.Change
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(order[a.What], order[b.What]), strings.Compare(a.Lot, b.Lot), strings.Compare(a.Words, b.Words),
			strings.Compare(a.Before, b.Before), strings.Compare(a.After, b.After),
			strings.Compare(a.At.Release, b.At.Release), strings.Compare(a.At.Pointer, b.At.Pointer))
	})
	return slices.Compact(changes)
}

// stage compares how far the procurement has come.
func (d *differ) stage(older, newer *notice.Notice) {
	before, after := older.Stage, newer.Stage
	at := newer.Type.At
	switch {
	case before == after:
	case after == notice.StageEnded:
		if newer.Status.Known() {
			at = newer.Status.At
		}
		d.add(Ended, at, before.Words(), after.Words(), "", "%s", ending(newer))
	case before == notice.StageEnded:
		d.add(Stage, at, before.Words(), after.Words(), "", "open again: the stage is %s", after.Words())
	default:
		d.add(Stage, at, before.Words(), after.Words(), "stage", " moved from %s to %s", before.Words(), after.Words())
	}
	d.text(Type, "notice type", older.Type, newer.Type)
	d.text(Status, "status", older.Status, newer.Status)
}

// ending says how a procurement ended.
func ending(n *notice.Notice) string {
	switch strings.ToLower(n.Status.Value) {
	case "withdrawn":
		return "withdrawn"
	case "unsuccessful":
		return "ended without an award"
	case "complete":
		return "closed"
	}
	switch n.Type.Value {
	case "UK12":
		return "procurement terminated"
	case "UK16":
		return "dynamic market closed"
	}
	return "cancelled"
}

// deadlines compares by when what has to be done.
func (d *differ) deadlines(older, newer *notice.Notice) {
	d.deadline("deadline", older.Deadline, newer.Deadline)
	d.deadline("other deadline", older.OtherDeadline, newer.OtherDeadline)
	if !same(older.Engagement.Said, older.Deadline.Said) || !same(newer.Engagement.Said, newer.Deadline.Said) {
		d.moment(Engagement, "engagement deadline", older.Engagement.Said, newer.Engagement.Said)
	}
	d.moment(Questions, "end of questions", older.Questions, newer.Questions)
	d.moment(Expected, "expected date of the next notice", older.Future, newer.Future)
	d.moment(AwardDate, "expected award", older.AwardBy, newer.AwardBy)
}

// deadline compares a deadline; one for something else is another one.
func (d *differ) deadline(subject string, older, newer notice.Deadline) {
	if !older.Known() || !newer.Known() || older.Kind == newer.Kind {
		d.moment(DeadlineDate, subject, older.Said, newer.Said)
		return
	}
	before, after := older.Value.Words(), newer.Value.Words()
	d.add(DeadlineDate, newer.At, before, after, subject, " for %s set: %s (before it was for %s, %s)", newer.Kind.Words(), after, older.Kind.Words(), before)
}

// procedure compares how the procurement is run.
func (d *differ) procedure(older, newer *notice.Notice) {
	d.text(Direct, "direct award", older.Direct, newer.Direct)
	d.text(Method, "procedure", older.Method, newer.Method)
	d.text(Method, "details of the procedure", older.MethodText, newer.MethodText)
	d.number(LotsCap, "number of lots one may bid for", older.MaxLotsBid, newer.MaxLotsBid)
	d.number(LotsCap, "number of lots one may win", older.MaxLotsAwarded, newer.MaxLotsAwarded)
	d.text(Procedure, "category", older.Category, newer.Category)
	d.text(Procedure, "framework", older.Framework, newer.Framework)
	d.text(Procedure, "dynamic market", older.DynamicMarket, newer.DynamicMarket)
	d.text(Procedure, "regime", word(older.Regime), word(newer.Regime))
	d.flag(Procedure, "above the threshold", older.AboveThreshold, newer.AboveThreshold)
	d.flag(Procedure, "recurrent", older.Recurrent, newer.Recurrent)
	d.list(Procedure, "special regime", "special regimes", sayings(older.SpecialRegime), sayings(newer.SpecialRegime))
	d.text(Portal, "address for tenders", older.Portal, newer.Portal)
	d.text(Text, "language", older.Language, newer.Language)
}

// people compares who buys, and how they are reached.
func (d *differ) people(older, newer *notice.Notice) {
	a, b := older.Buyer, newer.Buyer
	d.text(Buyer, "buyer", a.Name, b.Name)
	d.list(Buyer, "identifier of the buyer", "identifiers of the buyer", identifiers(a), identifiers(b))
	d.text(Buyer, "type of the buyer", a.Type, b.Type)
	d.text(Buyer, "scale of the buyer", a.Scale, b.Scale)
	d.flag(Buyer, "a charity or social enterprise as buyer", a.VCSE, b.VCSE)
	d.text(Contact, "address of the buyer", address(a), address(b))
	d.text(Contact, "website of the buyer", a.URL, b.URL)
	d.text(Contact, "contact", a.ContactFor, b.ContactFor)
	d.text(Contact, "e-mail address", a.Email, b.Email)
	d.text(Contact, "telephone number", a.Phone, b.Phone)
	d.rest(Buyer, " of the buyer", &a, &b)
	d.list(Buyer, "further buyer", "further buyers", organisations(older.Buyers), organisations(newer.Buyers))
	d.list(Buyer, "further party", "further parties", organisations(older.Parties), organisations(newer.Parties))
	d.list(Awarded, "member of the market", "members of the market", organisations(older.Members), organisations(newer.Members))
	d.list(Awarded, "bidder", "bidders", bidders(older), bidders(newer))
	d.list(Also, "other OCID of the same opportunity", "other OCIDs of the same opportunity", sayings(older.Also), sayings(newer.Also))
}

// bidders are those who made a bid, and for what.
func bidders(n *notice.Notice) []entry {
	list := make([]entry, len(n.Bidders))
	for i, b := range n.Bidders {
		e := organisations([]notice.Organisation{b.Organisation})[0]
		for _, s := range append([]string{b.Status.Value}, b.Lots...) {
			if s != "" {
				e.key, e.name = e.key+"\x00"+s, e.name+", "+oneLine(s)
			}
		}
		list[i] = e
	}
	return list
}

// address is where an organisation sits, on one line.
func address(o notice.Organisation) notice.Said[string] {
	var said notice.Said[string]
	var parts []string
	add := func(s string, at notice.Path) {
		if at.Pointer != "" && s != "" {
			parts = append(parts, s)
			said.At = at
		}
	}
	for _, s := range []notice.Said[string]{o.Street, o.Locality, o.Postcode, o.Country} {
		add(s.Value, s.At)
	}
	add(placeName(o.Place.Value), o.Place.At)
	said.Value = strings.Join(parts, ", ")
	return said
}
