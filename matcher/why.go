package matcher

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseAdvice reads an advice as typed.
func ParseAdvice(s string) (Advice, error) {
	switch a := Advice(s); a {
	case Bid, Review, NoBid:
		return a, nil
	}
	return "", fmt.Errorf("advice %q is none of bid, review, no-bid", s)
}

// better ranks advice: the higher, the more is to be done.
func (a Advice) better(b Advice) bool { return a.rank() > b.rank() }

func (a Advice) rank() int {
	switch a {
	case Bid:
		return 2
	case Review:
		return 1
	}
	return 0
}

// Why says what keeps the advice from being better, by the rules of advise: what bars, else how far
// the score is, else what is in doubt; "" for a bid.
func (f *Fit) Why() string {
	if f.Advice == Bid {
		return ""
	}
	var list []string
	for _, g := range f.Gates {
		if g.State == GateBarred {
			list = append(list, g.Gate+": "+g.Reason)
		}
	}
	if list != nil {
		return strings.Join(list, "; ")
	}
	switch {
	case f.Score < reviewScore:
		return "the score of " + strconv.Itoa(f.Score) + " is below " + strconv.Itoa(reviewScore) + ", from which a look is advised"
	case f.Score < bidScore:
		list = append(list, "the score of "+strconv.Itoa(f.Score)+" is below "+strconv.Itoa(bidScore)+", from which a bid is advised")
	}
	if f.Known < bidKnown {
		list = append(list, percent(f.Known)+" of the weight is known, less than "+percent(bidKnown))
	}
	for _, g := range f.Gates {
		if g.State == GateUnknown {
			list = append(list, g.Gate+" is in question: "+g.Reason)
		}
	}
	for _, c := range f.Conditions {
		if c.Holds {
			list = append(list, c.Condition+": "+c.Reason)
		}
	}
	return strings.Join(list, "; ")
}

// Swing is what one unknown does to the score.
type Swing struct {
	Criterion string `json:"criterion"`
	// Low and High are the score were this alone to turn out as badly, and as well, as it can.
	Low  int `json:"low"`
	High int `json:"high"`
	// Reason is what is not known.
	Reason string `json:"reason"`
}

// Swings tells which unknowns part the low end of the score from the high end, the widest first, each
// taken alone; an unknown that moves nothing is left out.
func (f *Fit) Swings() []Swing {
	var list []Swing
	for i, e := range f.Evidence {
		if e.Finding != Unknown {
			continue
		}
		were := func(finding Finding, share int) int {
			evidence := append([]Evidence(nil), f.Evidence...)
			evidence[i].Finding, evidence[i].Share = finding, share
			return sum(evidence, f.Gates, f.Conditions).score
		}
		if s := (Swing{e.Criterion, were(Missed, 0), were(Met, 100), e.Reason}); s.Low != f.Score || s.High != f.Score {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Swing) int { return cmp.Compare(b.High-b.Low, a.High-a.Low) })
	return list
}
