package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
)

func (a *app) profileDoctor() *cobra.Command {
	var add, drop []string
	cmd := &cobra.Command{
		Use:   "doctor PROFILE",
		Short: "What is the matter with a profile, and which change would pay",
		Long: `Examine a profile against the open notices: how many are advised what and score how much,
which codes are too broad, which keywords find nothing or everything, and what stands in the
middle. Where notices were decided, bid and watch count as relevant and no-bid as irrelevant: it
is told which relevant ones are ranked low and why, what earned irrelevant ones their points,
and which code, word or region, added or dropped, would help; each is tried on the open notices.

--add and --drop FIELD:VALUE try a change without keeping it, and show what it does to the list.
FIELD is cpv, keyword, exclude or region.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit profile doctor hartwell-resolve --as-of 2026-06-24
  bidfit profile doctor hartwell-resolve --add cpv:85312300 --drop "keyword:early intervention"`,
		Args: arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var changes []desk.Change
			for _, list := range []struct {
				texts []string
				drop  bool
				flag  string
			}{{drop, true, "--drop"}, {add, false, "--add"}} {
				for _, s := range list.texts {
					c, err := desk.ParseChange(s, list.drop)
					if err != nil {
						return usagef("%s: %w", list.flag, err)
					}
					changes = append(changes, c)
				}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			diagnosis, err := d.Doctor(cmd.Context(), args[0], nil, changes, a.asOf)
			if e := (*desk.ChangeError)(nil); errors.As(err, &e) {
				return usageError{e}
			}
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(diagnosis)
			}
			p := a.page()
			p.diagnosis(diagnosis)
			return p.err
		},
	}
	cmd.Flags().StringArrayVar(&add, "add", nil, "try adding `FIELD:VALUE`; may be repeated")
	cmd.Flags().StringArrayVar(&drop, "drop", nil, "try dropping `FIELD:VALUE`; may be repeated")
	return cmd
}

func (p *page) diagnosis(d desk.Diagnosis) {
	p.printf("%s, revision %d, as of %s: %s assessed, %s\n", p.in(bold, d.Profile), d.Revision, date(d.AsOf),
		notice.Count(d.Seen, "notice", "notices"), byAdvice(d.Counts))
	if d.Preview != nil {
		text := ""
		for i, c := range d.Changes {
			if i > 0 {
				text += " "
			}
			text += c.String()
		}
		p.heading(cut("Tried, not kept: "+text, p.width))
		p.effect(*d.Preview)
		return
	}
	p.heading("Scores")
	for _, b := range d.Bands {
		p.printf("  %s  %s\n", pad(fmt.Sprintf("%d–%d", b.From, b.To), -7), byAdvice(b.Counts))
	}
	p.placed("Relevant to you, and ranked low", d.Low)
	p.placed("Not relevant to you, and not advised against", d.High)
	if len(d.Causes) > 0 {
		p.heading("What finds those")
		for _, c := range d.Causes {
			p.printf("  %s\n", cut(fmt.Sprintf("%s %s: %d of them, and %d relevant", c.Field, c.Value, c.Irrelevant, c.Relevant), p.width-2))
		}
	}
	if len(d.Proposals) > 0 {
		p.heading("Changes that would pay, each tried alone")
		for _, o := range d.Proposals {
			p.wrapped("  ", o.Text)
			p.wrapped("    ", o.Change.String()+" · "+byAdvice(o.After)+" · "+o.Why)
			for _, e := range o.Examples {
				p.printf("    %s\n", p.in(faint, cut(e.Notice+"  "+e.Title, p.width-4)))
			}
		}
	}
	if len(d.Codes) > 0 {
		p.heading("Codes, and the open notices under them")
		for _, c := range d.Codes {
			p.printf("  %s %s  %s\n", c.Code, pad(fmt.Sprint(c.Open), -5), cut(c.Name, p.width-18))
			if c.Verdict != "" {
				p.wrapped("      ", c.Verdict)
				for _, e := range c.Examples {
					p.printf("      %s\n", p.in(faint, cut(e.Notice+"  "+e.Title, p.width-6)))
				}
			}
		}
	}
	p.reaches("Keywords, and the open notices that say them", d.Keywords)
	p.reaches("Regions, and the open notices that name a place in them", d.Regions)
	p.placed("From 40 to 59, where a little tips the advice", d.Middle)
	if len(d.Needs) > 0 {
		p.heading("What could not be told")
		for _, n := range d.Needs {
			p.wrapped("  ", n)
		}
	}
}

func byAdvice(c desk.Counts) string {
	return fmt.Sprintf("%d bid, %d review, %d no-bid", c.Bid, c.Review, c.NoBid)
}

func (p *page) reaches(heading string, list []desk.Reach) {
	if len(list) == 0 {
		return
	}
	p.heading(heading)
	for _, r := range list {
		p.printf("  %s  %s\n", pad(fmt.Sprint(r.Open), -5), cut(fmt.Sprintf("%s · %d advised for a bid or review", r.Text, r.Advised), p.width-9))
		if r.Verdict != "" {
			p.wrapped("         ", r.Verdict)
		}
	}
}

// placed is a list of notices with their places.
func (p *page) placed(heading string, list []desk.Placed) {
	if len(list) == 0 {
		return
	}
	p.heading(heading)
	for _, n := range list {
		lead := fmt.Sprintf("%s  %s  %s  ", pad(fmt.Sprint(n.Rank), -4), pad(fmt.Sprint(n.Score), -3), p.advice(n.Advice, 6))
		p.printf("%s%s\n", lead, cut(lotTitle(n.Lot, n.Title), p.width-width(lead)))
		p.printf("      %s\n", p.in(faint, cut(join(" · ", n.Notice, answered(n.Relevant), n.Reason), p.width-6)))
	}
}

func answered(relevant *bool) string {
	switch {
	case relevant == nil:
		return ""
	case *relevant:
		return "relevant to you"
	}
	return "not relevant to you"
}

// effect is what a changed profile does to the ranked list.
func (p *page) effect(e desk.Effect) {
	p.printf("  before  %s\n  after   %s\n", byAdvice(e.Before), byAdvice(e.After))
	moved := func(heading string, list []desk.Moved) {
		if len(list) == 0 {
			return
		}
		p.heading(heading)
		for _, m := range list {
			lead := fmt.Sprintf("  %s  %s  %s  ", pad(fmt.Sprintf("%d → %d", m.WasRank, m.Rank), -11), pad(fmt.Sprintf("%d → %d", m.WasScore, m.Score), -9), pad(advised(m.WasAdvice, m.Advice), 15))
			p.printf("%s%s\n", lead, cut(join(" · ", lotTitle(m.Lot, m.Title), answered(m.Relevant), m.Notice), p.width-width(lead)))
		}
	}
	moved("Come into the first 20 (place, score, advice)", e.Entered)
	moved("Leave the first 20", e.Left)
	moved("Are advised otherwise", e.Advice)
	if len(e.Entered)+len(e.Left)+len(e.Advice) == 0 {
		p.printf("  The first 20 stay, and no advice changes.\n")
	}
}

func advised(was, is matcher.Advice) string {
	if was == is {
		return string(is)
	}
	return string(was) + " → " + string(is)
}
