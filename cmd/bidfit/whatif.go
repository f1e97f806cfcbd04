package main

import (
	"context"
	"fmt"
	"strings"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/pursuit"
)

// whatIf prints what would make the advice better, a line a change.
func (p *page) whatIf(w matcher.WhatIf) {
	p.heading("What would make it more than " + string(w.Advice))
	switch {
	case len(w.Single) > 0:
		for _, o := range w.Single {
			p.outcome(o)
		}
	case w.Pair != nil:
		p.wrapped("  ", "No single change would. The cheapest two together:")
		p.outcome(*w.Pair)
	default:
		p.wrapped("  ", sentence(w.None))
		return
	}
	p.printf("  %s\n", p.in(faint, "Assessed again with each change, the cheapest first: it is what you would get."))
}

// outcome prints what one change, or two, would give.
func (p *page) outcome(o matcher.Outcome) {
	var steps []string
	for _, s := range o.Steps {
		if s.IfTrue {
			s.Words += ", if that is true"
		}
		steps = append(steps, s.Words)
	}
	lead := fmt.Sprintf("  %s  %s  %s  ", p.advice(o.Advice, 6), pad(fmt.Sprint(o.Score), -3), pad(points(o.Points), -4))
	p.wrapped(lead, strings.Join(steps, "; and "))
}

// points writes points with their sign, none as 0.
func points(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}

// sentence is a clause as a sentence.
func sentence(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}

// since prints why a fit is not what it was: cause by cause, and in each criterion by criterion.
func (p *page) since(s desk.Since) {
	from := s.Release
	if !s.Decided.IsZero() {
		from = "the decision of " + date(s.Decided) + ", after " + from
	}
	p.heading("Since " + oneLine(from))
	p.printf("  score %d, and was %d (%s); %s, and was %s\n", s.Now.Score, s.Then.Score, points(s.Now.Score-s.Then.Score), s.Now.Advice, s.Then.Advice)
	if s.LotThen != nil {
		p.wrapped("  ", "Then it was not told apart: it is held against "+lotName(*s.LotThen)+".")
	}
	if len(s.Causes) == 0 {
		p.wrapped("  ", "Nothing of the fit has changed.")
	}
	for _, c := range s.Causes {
		p.printf("\n")
		p.wrapped("  "+pad(points(c.Points), -4)+"  ", sentence(c.Words))
		for _, shift := range c.Changes {
			p.wrapped("        "+pad(points(shift.Points), -4)+"  ", shift.Of+": "+shift.Words)
			for _, b := range shift.Because {
				p.wrapped("              since ", b.Words)
			}
		}
	}
}

// lotName is what a lot is called in a sentence.
func lotName(id string) string {
	if id == "" {
		return "the whole"
	}
	return "lot " + id
}

// questions prints what to ask the buyer and nothing else, ready to be sent.
func (a *app) questions(ctx context.Context, d *desk.Desk, profile string, target pursuit.Target) error {
	q, err := d.Questions(ctx, profile, target, a.asOf)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(q)
	}
	p := a.page()
	p.wrapped("Questions on: ", q.Title)
	about := q.OCID + lotSuffix(q.Lot) + ", notice " + q.Notice
	if q.Reference != "" {
		about += ", your reference " + q.Reference
	}
	p.wrapped("", about)
	p.wrapped("To: ", join(", ", q.Buyer, q.Email))
	switch {
	case q.Closed:
		p.wrapped("", "Questions were taken until "+moment(q.Until)+".")
	case q.Until.Known():
		p.wrapped("", "Questions are taken until "+moment(q.Until)+".")
	default:
		p.wrapped("", "The notice does not say until when questions are taken.")
	}
	p.printf("\n")
	if len(q.Questions) == 0 {
		p.printf("There is nothing to ask.\n")
	}
	for i, x := range q.Questions {
		if len(x.Lots) > 0 {
			x.Question += " (" + lotsNamed(x.Lots) + ")"
		}
		p.wrapped(fmt.Sprintf("%d. ", i+1), x.Question)
	}
	return p.err
}

// lotsNamed names lots in one phrase.
func lotsNamed(ids []string) string {
	if len(ids) == 1 {
		return lotName(ids[0])
	}
	return "lots " + strings.Join(ids, ", ")
}
