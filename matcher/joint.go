package matcher

import (
	"fmt"
	"time"

	"bidfit/profiles"
)

// Joint is two suppliers made ready to bid together. It does not change and may be used by many at once.
type Joint struct {
	First, Second *Matcher
	// Pair is both as one supplier, as profiles.Join makes it.
	Pair *Matcher
}

// NewJoint makes two suppliers ready, each alone and both together.
func NewJoint(l *Lexicon, a, b profiles.Profile) (*Joint, error) {
	var j Joint
	for _, x := range []struct {
		to **Matcher
		p  profiles.Profile
	}{{&j.First, a}, {&j.Second, b}, {&j.Pair, profiles.Join(a, b)}} {
		m, err := New(l, x.p)
		if err != nil {
			return nil, fmt.Errorf("%s and %s together: %w", a.ID, b.ID, err)
		}
		*x.to = m
	}
	return &j, nil
}

// Together is how well a notice fits two suppliers, each alone and both as a pair. The fits are of the notice's
// best lots, which need not be the same one.
type Together struct {
	First  Fit `json:"first"`
	Second Fit `json:"second"`
	Pair   Fit `json:"pair"`
}

// Assess holds both suppliers and the pair against a notice.
//
// The pair is assessed as one supplier. Of what is bought, a pair knows as much as the one of the two who knows
// more: where the words or codes of one alone earn more than those of both in one heap do, hers stand.
func (j *Joint) Assess(o *Opportunity, asOf time.Time) Together {
	t := Together{j.First.Assess(o, asOf), j.Second.Assess(o, asOf), j.Pair.Assess(o, asOf)}
	a, b := byLot(&t.First), byLot(&t.Second)
	if j.Second.profile.ID < j.First.profile.ID {
		a, b = b, a // where both know as much, the same one is quoted whoever comes first
	}
	fits := append([]Fit{t.Pair}, t.Pair.Lots...)
	for i := range fits {
		f := &fits[i]
		f.Lots = nil
		for k := range f.Evidence {
			e := &f.Evidence[k]
			for _, alone := range []*Fit{a[f.Lot], b[f.Lot]} {
				if own := alone.evidence(e.Criterion); e.earns() && own != nil && own.Share > e.Share {
					weight := e.Weight
					*e = *own
					e.Weight = weight
				}
			}
		}
		f.total()
	}
	t.Pair = inOrder(fits)
	return t
}

func byLot(f *Fit) map[string]*Fit {
	m := map[string]*Fit{f.Lot: f}
	for i := range f.Lots {
		m[f.Lots[i].Lot] = &f.Lots[i]
	}
	return m
}

// evidence is that of a criterion; nil where it was not judged.
func (f *Fit) evidence(criterion string) *Evidence {
	for i := range f.Evidence {
		if f.Evidence[i].Criterion == criterion {
			return &f.Evidence[i]
		}
	}
	return nil
}

// Shared is one lot and how it fits two suppliers, each alone and both as a pair.
type Shared struct {
	Lot    string `json:"lot"`
	Title  string `json:"title"`
	First  Sum    `json:"first"`
	Second Sum    `json:"second"`
	Pair   Sum    `json:"pair"`
	// Better is "first" or "second", for whom the lot fits better alone; "" where it fits both alike.
	Better string `json:"better,omitzero"`
	// Covers is what the second brings that the first lacks, Lacks what the pair lacks all the same.
	Covers []Cover `json:"covers"`
	Lacks  []Cover `json:"lacks"`
}

// Sum is what a lot comes to for one.
type Sum struct {
	Score  int    `json:"score"`
	Low    int    `json:"low"`
	High   int    `json:"high"`
	Advice Advice `json:"advice"`
	Barred bool   `json:"barred,omitzero"`
}

// Cover is one criterion, gate or condition as it stands with the first, with the second and with the pair.
type Cover struct {
	Kind   string `json:"kind"` // criterion, gate, condition
	Name   string `json:"name"`
	First  string `json:"first"` // a finding or a state; "" where it was not judged
	Second string `json:"second"`
	Pair   string `json:"pair"`
	// Gap is why the first falls short, Reason how it stands with the second or, of what both lack, with the pair.
	Gap    string `json:"gap,omitzero"`
	Reason string `json:"reason"`

	pair string // how it stands with the pair
}

// Lots compares the lots of a notice one by one, in the order in which they fit the pair.
func (t *Together) Lots() []Shared {
	a, b := byLot(&t.First), byLot(&t.Second)
	list := make([]Shared, 0, 1+len(t.Pair.Lots))
	for _, f := range append([]Fit{t.Pair}, t.Pair.Lots...) {
		first, second := a[f.Lot], b[f.Lot]
		s := Shared{Lot: f.Lot, Title: f.Title, First: first.sum(), Second: second.sum(), Pair: f.sum(), Covers: []Cover{}, Lacks: []Cover{}}
		switch c := Compare(OrderScore)(*first, *second); {
		case s.First == s.Second:
		case c < 0:
			s.Better = "first"
		case c > 0:
			s.Better = "second"
		}
		for _, c := range sideBySide(first, second, &f) {
			switch {
			case c.covered():
				s.Covers = append(s.Covers, c)
			case c.lacking():
				c.Gap, c.Reason = "", c.pair
				s.Lacks = append(s.Lacks, c)
			}
		}
		list = append(list, s)
	}
	return list
}

func (f *Fit) sum() Sum { return Sum{f.Score, f.Low, f.High, f.Advice, f.Barred()} }

// covered reports whether the second has what the first lacks, or more of it.
func (c *Cover) covered() bool {
	switch c.Second {
	case string(Met), string(GatePass):
		return c.First != c.Second
	case string(Partly):
		return c.First == string(Missed) || c.First == string(Barred)
	}
	return false
}

// lacking reports whether the pair falls short.
func (c *Cover) lacking() bool {
	switch c.Pair {
	case string(Partly), string(Missed), string(Barred):
		return true
	}
	return false
}

// sideBySide lines up what was judged of one lot: criteria, gates and conditions by their names and, of those that a
// lot has several of, one after the other. What is judged for one alone ("" of the other) stands beside nothing.
func sideBySide(first, second, pair *Fit) []Cover {
	type key struct {
		kind, name string
		n          int
	}
	var order []key
	rows := map[key]*Cover{}
	for side, f := range []*Fit{first, second, pair} {
		times := map[key]int{}
		tell := func(kind, name, state, reason string) {
			k := key{kind, name, 0}
			k.n, times[k] = times[k], times[k]+1
			row := rows[k]
			if row == nil {
				row = &Cover{Kind: kind, Name: name}
				rows[k] = row
				order = append(order, k)
			}
			switch side {
			case 0:
				row.First, row.Gap = state, reason
			case 1:
				row.Second, row.Reason = state, reason
			case 2:
				row.Pair, row.pair = state, reason
			}
		}
		for _, e := range f.Evidence {
			tell("criterion", e.Criterion, string(e.Finding), e.Reason)
		}
		for _, g := range f.Gates {
			tell("gate", g.Gate, string(g.State), g.Reason)
		}
		for _, c := range f.Conditions {
			tell("condition", c.Condition, string(c.State), c.Reason)
		}
	}
	list := make([]Cover, len(order))
	for i, k := range order {
		list[i] = *rows[k]
	}
	return list
}
