package matcher

// tally is what evidence and gates come to.
type tally struct {
	relevance, score, low, high, known int
	advice                             Advice
}

// point is one point of the score in the fixed-point numbers of sum.
const point = 1_000_000

// sum is the only road from evidence to a number: it fills in the points of
// each piece of evidence and adds them up.
//
// First the criteria that earn: each brings weight x share, over the weight of
// those that are known, which makes the relevance. Then, in order, the criteria that keep: each
// lets through 100 - weight x (100 - share) percent of what has been earned so
// far and takes the rest away. Points are rounded as they run, so that they sum to the score exactly.
//
// What is unknown neither earns nor takes. The low end is the score had every unknown
// turned out as badly as it can, the high end had every one turned out well.
func sum(evidence []Evidence, gates []Gate, conditions []Condition) tally {
	var all, judged int64 // weights of the criteria that earn, and of those known
	var weight, known int64
	for i := range evidence {
		e := &evidence[i]
		w := int64(e.Weight)
		weight += w
		if e.Finding != Unknown {
			known += w
		}
		if e.earns() {
			all += w
			if e.Finding != Unknown {
				judged += w
			}
		}
	}

	var t tally
	var score, low, high int64 // running, in points
	told := 0
	tell := func(e *Evidence) {
		whole := int(divide(score, point))
		e.Points, told = whole-told, whole
	}
	for i := range evidence {
		e := &evidence[i]
		if !e.earns() {
			continue
		}
		w, share := int64(e.Weight), int64(e.Share)
		switch {
		case w == 0:
		case e.Finding == Unknown:
			high += w * 100 * point / all
		default:
			score += w * share * point / judged
			low += w * share * point / all
			high += w * share * point / all
		}
		tell(e)
	}
	// Two divisions of one whole may differ in the last millionth.
	low, high = min(low, score), max(high, score)
	t.relevance = told
	for i := range evidence {
		e := &evidence[i]
		if e.earns() {
			continue
		}
		w, share := int64(e.Weight), int64(e.Share)
		switch e.Finding {
		case Unknown:
			low -= low * w / 100
		case Barred:
		default:
			through := 10_000 - w*(100-share)
			score = score * through / 10_000
			low = low * through / 10_000
			high = high * through / 10_000
		}
		tell(e)
	}
	t.score = told
	t.low, t.high = int(divide(low, point)), int(divide(high, point))
	if weight > 0 {
		t.known = int(known * 100 / weight)
	}
	t.advice = advise(t, gates, conditions)
	return t
}

// earns reports whether the evidence is of a criterion that adds to the score.
func (e *Evidence) earns() bool {
	r, _ := ruleOf(e.Criterion)
	return r.Earns
}

// advise says what to do: nothing barred is bid for, and nothing is bid for
// blindly, be it that too little is known, that a gate may yet be shut, or that the
// supplier lacks what is required. A condition that is unknown is a question and no doubt: nearly every notice has some.
func advise(t tally, gates []Gate, conditions []Condition) Advice {
	doubt := t.known < bidKnown
	for _, g := range gates {
		switch g.State {
		case GateBarred:
			return NoBid
		case GateUnknown:
			doubt = true
		}
	}
	for _, c := range conditions {
		doubt = doubt || c.Holds
	}
	switch {
	case t.score >= bidScore && !doubt:
		return Bid
	case t.score >= reviewScore:
		return Review
	}
	return NoBid
}
