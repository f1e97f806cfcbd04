// Package export puts a shortlist on paper. A [Row] is one lot with everything
// known and decided about it; [Fields] is the one map from rows to columns that
// every format shares, so that a column means the same wherever it is read. A
// format (csv.go) decides only how a cell is written.
package export

import (
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
