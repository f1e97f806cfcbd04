package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/law"
	"bidfit/notice/words"
	"bidfit/pursuit"
)

func (a *app) explainCommand() *cobra.Command {
	var ask explaining
	cmd := &cobra.Command{
		Use:   "explain PROFILE OCID[/LOT]",
		Short: "The full fit report of one notice for a profile",
		Long: `Print every piece of evidence behind a fit, with the publisher's own words and
the place they stand in: release, JSON Pointer and, in prose, the bytes. Gates and
conditions follow, with the law behind them, and the questions to ask the buyer.

--what-if looks for the cheapest change, of the profile or of the notice, with which the
advice would be better, and assesses again with each: what stands there is what you would
get. --since tells why the fit is not what it was after a release (its notice number), on a
date, or when you last decided (--since decision), point by point. --questions prints the
questions to the buyer alone, ready to be sent. --expect exits with 3 where the advice is
another, for scripts.

The notice may be named by its OCID, another OCID of the same opportunity, or a notice number.`,
		Annotations: exits(append(storeExits, exitNotFound, exitUnexpected)...),
		Example: "  bidfit explain hartwell-resolve ocds-h6vhtk-06bae5 --as-of 2026-06-24\n" +
			"  bidfit explain hartwell-resolve ocds-h6vhtk-06bae5 --what-if\n" +
			"  bidfit explain hartwell-resolve ocds-h6vhtk-06bae5 --since 058880-2026 --expect bid",
		Args: arguments("PROFILE", "OCID[/LOT]"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if ask.target, err = pursuit.ParseTarget(args[1]); err != nil {
				return usageError{err}
			}
			if cmd.Flags().Changed("expect") {
				if ask.expected, err = matcher.ParseAdvice(ask.expect); err != nil {
					return usagef("--expect: %w", err)
				}
			}
			if cmd.Flags().Changed("since") && strings.TrimSpace(ask.since) == "" {
				return usagef("--since: name a release, a date, or %q", desk.SinceDecision)
			}
			if ask.questions && (ask.whatIf || ask.since != "") {
				return usagef("--questions prints the questions alone: leave out --what-if and --since")
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			return a.explain(cmd.Context(), d, args[0], ask)
		},
	}
	cmd.Flags().BoolVar(&ask.whatIf, "what-if", false, "the cheapest changes that would make the advice better")
	cmd.Flags().StringVar(&ask.since, "since", "", "why it is not what it was: a `RELEASE`, a date, or \"decision\"")
	cmd.Flags().BoolVar(&ask.questions, "questions", false, "the questions to the buyer alone, ready to be sent")
	cmd.Flags().StringVar(&ask.expect, "expect", "", "exit with 3 where the `ADVICE` is another: bid, review, no-bid")
	return cmd
}

// explaining is what is asked about one fit.
type explaining struct {
	target    pursuit.Target
	whatIf    bool
	since     string
	questions bool
	expect    string
	expected  matcher.Advice // "" for any
}

// unexpectedError is an advice other than --expect says.
type unexpectedError struct{ error }

func (e unexpectedError) Unwrap() error { return e.error }

func (a *app) explain(ctx context.Context, d *desk.Desk, profile string, ask explaining) error {
	e, err := d.Explain(ctx, profile, ask.target, a.asOf)
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	switch {
	case ask.questions:
		err = a.questions(ctx, d, profile, ask.target)
	default:
		err = a.report(ctx, d, e, ask)
	}
	if err == nil && ask.expected != "" && e.Fit.Advice != ask.expected {
		why := e.Fit.Why()
		if why == "" {
			why = fmt.Sprintf("the score is %d, and nothing is in doubt", e.Fit.Score)
		}
		err = unexpectedError{fmt.Errorf("%s%s: expected %s, the advice is %s: %s", e.Fit.OCID, lotSuffix(e.Fit.Lot), ask.expected, e.Fit.Advice, why)}
	}
	return err
}

// report prints a fit, or what was asked about it.
func (a *app) report(ctx context.Context, d *desk.Desk, e desk.Explanation, ask explaining) error {
	if ask.whatIf {
		w, err := d.WhatIf(ctx, e.Profile, ask.target, a.asOf)
		if err != nil {
			return err
		}
		e.WhatIf = &w
	}
	if ask.since != "" {
		s, err := d.Since(ctx, e.Profile, ask.target, ask.since, a.asOf)
		if err != nil {
			return err
		}
		e.Since = &s
	}
	if a.flags.json {
		return a.printJSON(e)
	}
	p := a.page()
	p.head(e)
	switch {
	case e.WhatIf == nil && e.Since == nil:
		p.fit(e)
	default:
		if e.WhatIf != nil {
			p.whatIf(*e.WhatIf)
		}
		if e.Since != nil {
			p.since(*e.Since)
		}
	}
	return p.err
}

// head is what a fit comes to, in four lines or so.
func (p *page) head(e desk.Explanation) {
	f := e.Fit
	p.printf("%s\n", p.in(bold, cut(lotTitle(f.Lot, f.Title), p.width)))
	p.printf("%s\n\n", p.in(faint, oneLine(f.OCID+lotSuffix(f.Lot))+" for "+e.Profile+", as of "+date(e.AsOf)))
	p.printf("  %s  score %s (%d–%d)  relevance %d  known %d%%  action %s\n",
		p.advice(f.Advice, 0), p.in(bold, fmt.Sprint(f.Score)), f.Low, f.High, f.Relevance, f.Known, f.Action)
	if why := f.Why(); why != "" {
		p.field("held back by", why)
	}
	for _, s := range e.Swings {
		p.field("unknown", fmt.Sprintf("%s: %s; the score would be %d at worst, %d at best", s.Criterion, s.Reason, s.Low, s.High))
	}
	for _, h := range f.Hints {
		p.field("look twice", h.Reason)
	}
}

// fit prints the report of a fit, below its head.
func (p *page) fit(e desk.Explanation) {
	f, n := e.Fit, e.Notice
	lot, _ := n.Lot(f.Lot)
	if f.Lot != "" {
		p.field("part of", n.Title.Value)
	}
	p.field("buyer", n.Buyer.Name.Value)
	p.field("closes", deadline(n.Deadline, e.AsOf))
	worth := n.Value
	if lot.Value.Net.Known() || lot.Value.Gross.Known() || lot.FromProse > 0 {
		worth = lot.Value
	}
	p.field("value", worth.Words())
	if len(f.Also) > 0 {
		p.field("also", strings.Join(f.Also, ", "))
	}
	p.heading("Evidence (the points sum to the score)")
	for _, v := range f.Evidence {
		p.evidence(v, n)
	}
	p.printf("  %s  %s\n", pad(fmt.Sprint(f.Score), -4), p.in(faint, "score"))
	if len(f.Gates) > 0 {
		p.heading("Gates")
		for _, g := range f.Gates {
			p.state(g.State, "barred", g.Gate+": "+g.Reason, g.Source)
		}
	}
	if len(f.Conditions) > 0 {
		p.heading("Conditions (they take nothing from the score)")
		for _, c := range f.Conditions {
			p.state(c.State, "not met", c.Condition+": "+c.Reason, c.Source)
			for _, at := range c.At {
				if at.End > 0 {
					p.cite("            ", at, n)
				}
			}
		}
	}
	if questions := f.Questions(); len(questions) > 0 {
		p.heading("Questions to ask the buyer")
		for i, q := range questions {
			p.wrapped(fmt.Sprintf("  %d. ", i+1), q)
		}
	}
	if len(f.Lots) > 0 {
		p.heading(fmt.Sprintf("Other lots (%d)", len(f.Lots)))
		for _, x := range f.Lots {
			p.printf("  %s  %s  %s\n", pad(fmt.Sprint(x.Score), -4), p.advice(x.Advice, 6), cut(lotTitle(x.Lot, x.Title), p.width-16))
		}
	}
}

// evidence prints one piece of evidence: each quote in its sentence, and where it stands.
func (p *page) evidence(v matcher.Evidence, n *notice.Notice) {
	mark := map[matcher.Finding]string{
		matcher.Met: p.in(green, "met    "), matcher.Partly: p.in(yellow, "partly "), matcher.Missed: p.in(red, "missed "),
		matcher.Unknown: p.in(faint, "unknown"), matcher.Barred: p.in(red, "barred "),
	}[v.Finding]
	p.printf("  %s  %s  %s", pad(points(v.Points), -4), mark, pad(v.Criterion, 12))
	p.printf("%s\n", p.in(faint, fmt.Sprintf("%d%% of weight %d", v.Share, v.Weight)))
	p.wrapped("        ", v.Reason)
	for _, at := range v.At {
		p.cite("        ", at, n)
	}
}

// state prints how a gate or condition stands, and the law behind it.
func (p *page) state(s matcher.GateState, barred, text string, source law.Source) {
	mark := map[matcher.GateState]string{
		matcher.GatePass: p.in(green, "pass   "), matcher.GateBarred: p.in(red, pad(barred, 7)), matcher.GateUnknown: p.in(yellow, "ask    "),
	}[s]
	if source != "" {
		text += " [" + string(source) + "]"
	}
	p.wrapped("  "+mark+" ", text)
}

// cite prints a quote in its sentence, and where it stands.
func (p *page) cite(indent string, at notice.Quote, n *notice.Notice) {
	place := oneLine(at.Release + " " + at.Pointer)
	if at.End > 0 {
		place += fmt.Sprintf(" [%d:%d]", at.Start, at.End)
	}
	p.printf("%s“%s”  %s\n", indent, p.quote(at, n, p.width-4-len(indent)-width(place)), p.in(faint, place))
}

// leastQuote is the least room a quote is given, however long its place is.
const leastQuote = 30

// quote is the publisher's words, in bold, with as much of the sentence around them as there is room for.
func (p *page) quote(q notice.Quote, n *notice.Notice, room int) string {
	room = max(room, leastQuote)
	text, ok := n.Prose(q.Path)
	if !ok || q.End == 0 || q.End > len(text) || text[q.Start:q.End] != q.Quote {
		return cut(q.Quote, room)
	}
	const ellipses = 2
	s := words.Sentence(text, words.Span{Start: q.Start, End: q.End}, room-ellipses)
	if s.Start > q.Start || s.End < q.End {
		return cut(q.Quote, room)
	}
	before, after := text[s.Start:q.Start], text[q.End:s.End]
	if s.Start > 0 {
		before = "…" + before
	}
	if s.End < len(text) {
		after += "…"
	}
	return onLine(before) + p.in(bold, onLine(q.Quote)) + onLine(after)
}

func lotSuffix(lot string) string {
	if lot == "" {
		return ""
	}
	return "/" + lot
}
