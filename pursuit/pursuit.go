// Package pursuit holds what people did about a match: the decision, with the
// fit as it was that day, and the rating, which answers whether it was rightly shown.
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
	Profile string    `json:"profile"`
	Verdict Verdict   `json:"verdict"`
	Reason  string    `json:"reason,omitzero"`
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
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

// Current is the newest decision.
func (p *Pursuit) Current() Decision { return p.Decisions[len(p.Decisions)-1] }
