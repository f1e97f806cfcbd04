// Package export puts a shortlist on paper. A [Row] is one lot with everything
// known and decided about it; [Fields] is the one map from rows to columns that
// every format shares, so that a column means the same wherever it is read. A
// [Format] (format.go has the list, and each a file of its own) decides only how a cell is written. [Write]
// writes rows as they come: however many there are, no more than one is held.
//
//	text.go      what is done to foreign text before any of them writes it
//	csv.go       json.go    xlsx.go      the table, for spreadsheets and programs
//	markdown.go  the shortlist as a document
//	calendar.go  ical.go    its dates, and how iCalendar writes an event
//	atom.go      the shortlist as a feed
//	filename.go  what the file is called
package export

import (
	"cmp"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// Row is one lot of one notice, for one profile.
type Row struct {
	Profile profiles.Profile
	Notice  *notice.Notice // never nil
	// Fit names the lot and how it fits as of AsOf.
	Fit matcher.Fit
	// Pursuit is what was decided; nil where nothing was.
	Pursuit *pursuit.Pursuit
	// Entry is its place on the shortlist; nil where it has none.
	Entry *pursuit.Entry
	// Lexicon is the version of the lexicon the fit was computed with.
	Lexicon string
	AsOf    time.Time
}

// lot is the lot of the row; an empty one where the notice no longer has it.
func (r Row) lot() *notice.Lot {
	if l, ok := r.Notice.Lot(r.Fit.Lot); ok {
		return l
	}
	return &notice.Lot{ID: r.Fit.Lot}
}

// decision is the newest decision; the zero Decision where there is none.
func (r Row) decision() pursuit.Decision {
	if r.Pursuit == nil || len(r.Pursuit.Decisions) == 0 {
		return pursuit.Decision{}
	}
	return r.Pursuit.Current()
}

// id is the store's name of the row's notice.
func (r Row) id() string { return cmp.Or(r.Notice.ID, r.Notice.OCID) }

// heading is the row's title, or what it is known by where it has none.
func (r Row) heading() string { return cmp.Or(title(r), r.Notice.OCID) }

// target is what the row is about: what was decided upon or is on the shortlist, else the notice. Of two rows of one list it is never the same.
func (r Row) target() pursuit.Target {
	if r.Pursuit != nil {
		return r.Pursuit.Target
	}
	if r.Entry != nil {
		return r.Entry.Target
	}
	return pursuit.Target{Notice: r.id()}
}

// work is what stands on the shortlist of the row; the zero Entry where nothing does.
func (r Row) work() pursuit.Entry {
	if r.Entry == nil {
		return pursuit.Entry{}
	}
	return *r.Entry
}

// next is what the stage lets a supplier do next and by when: bid by the
// deadline, engage by the engagement's, prepare or watch until the notice that was announced. A
// decision not to bid leaves nothing to do.
func (r Row) next() (matcher.Action, notice.Said[notice.Moment]) {
	n := r.Notice
	if r.decision().Verdict == pursuit.NoBid {
		return matcher.ActionNone, notice.Said[notice.Moment]{}
	}
	switch r.Fit.Action {
	case matcher.ActionBid, matcher.ActionJoin:
		return r.Fit.Action, n.Deadline.Said
	case matcher.ActionEngage:
		if n.Engagement.Known() {
			return r.Fit.Action, n.Engagement.Said
		}
		return r.Fit.Action, n.Deadline.Said
	case matcher.ActionPrepare, matcher.ActionWatch:
		return r.Fit.Action, n.Future
	}
	return matcher.ActionNone, notice.Said[notice.Moment]{}
}
