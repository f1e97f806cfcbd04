// Package pursuit holds what people did about a match: the decision, with the
// fit as it was that day, the rating, which answers whether it was rightly shown, and what is
// kept beside them as records: what is snoozed, seen and on the shortlist, and searches.
package pursuit

import (
	"fmt"
	"strings"
	"time"

	"bidfit/matcher"
)

// Verdict is what was decided.
type Verdict string

const (
	Bid   Verdict = "bid"
	NoBid Verdict = "no-bid"
	Watch Verdict = "watch"
)

// ParseVerdict reads a verdict as typed.
func ParseVerdict(s string) (Verdict, error) {
	switch v := Verdict(s); v {
	case Bid, NoBid, Watch:
		return v, nil
	}
	return "", fmt.Errorf("verdict %q is none of bid, no-bid, watch", s)
}

// Target is what a decision is about: a notice, or one lot of it.
type Target struct {
	Notice string `json:"notice"` // Notice.ID
	Lot    string `json:"lot,omitzero"`
}

// String is OCID[/LOT].
func (t Target) String() string {
	if t.Lot == "" {
		return t.Notice
	}
	return t.Notice + "/" + t.Lot
}

// ParseTarget reads OCID[/LOT].
func ParseTarget(s string) (Target, error) {
	id, lot, _ := strings.Cut(strings.TrimSpace(s), "/")
	if id == "" {
		return Target{}, fmt.Errorf("%q names no notice: write OCID or OCID/LOT", s)
	}
	return Target{Notice: id, Lot: lot}, nil
}

// Decision is one verdict of one person, kept with what it was based on.
type Decision struct {
	Target
	Profile string  `json:"profile"`
	Verdict Verdict `json:"verdict"`
	// Undone takes the decision that was in force back, which had this verdict: the one before it is in force again.
	Undone bool      `json:"undone,omitzero"`
	Reason string    `json:"reason,omitzero"`
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
	// Release is the identity of the newest release the decision saw,
	// ProfileRevision, Lexicon and Learned what the fit was computed with.
	Release         string      `json:"release"`
	ProfileRevision uint64      `json:"profileRevision"`
	Lexicon         string      `json:"lexicon"`
	Learned         string      `json:"learned,omitzero"` // what the user's answers had taught, by version
	Fit             matcher.Fit `json:"fit"`
	// AsOf is the day the fit was computed for; zero where an earlier bidfit did not keep it.
	AsOf time.Time `json:"asOf,omitzero"`
	// Against marks a verdict that contradicts the advice of that day.
	Against bool `json:"against,omitzero"`
}

// Pursuit is everything decided about one target for one profile, oldest first.
type Pursuit struct {
	Target
	Profile   string     `json:"profile"`
	Decisions []Decision `json:"decisions"`
}

// Current is the decision in force: the newest that was not taken back; the zero Decision where there is none.
func (p *Pursuit) Current() Decision {
	back := 0
	for i := len(p.Decisions) - 1; i >= 0; i-- {
		switch {
		case p.Decisions[i].Undone:
			back++
		case back > 0:
			back--
		default:
			return p.Decisions[i]
		}
	}
	return Decision{}
}

// Against reports whether a verdict contradicts an advice.
func (v Verdict) Against(a matcher.Advice) bool {
	return v == Bid && a == matcher.NoBid || v == NoBid && a == matcher.Bid
}
