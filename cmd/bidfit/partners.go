package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

func (a *app) partnersCommand() *cobra.Command {
	var o desk.PartnerOptions
	cmd := &cobra.Command{
		Use:   "partners PROFILE OTHER [OCID[/LOT]]",
		Short: "Two profiles together: what the second covers, and what the pair should bid for",
		Long: `Hold two profiles against a notice, each alone and both as a pair: which criteria, gates and conditions the
second meets that the first does not, which lots fit which of them better, and the advice for the pair.
Without a notice: the open notices that neither should bid for alone and the pair should, best first.

The pair is assessed by the matcher as one profile. Its keywords, codes, regions, certifications and
frameworks are those of both; turnover is added, and so are the upper ends of the value band; of each insurance
the greater cover counts; it excludes what both exclude, avoids whom one avoids, and is an SME or VCSE only if both
are. What one leaves unsaid adds nothing to what the other says.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit partners hartwell-resolve wren-grounds ocds-h6vhtk-demo02\n  bidfit partners hartwell-resolve wren-grounds --all --json",
		Args:        arguments("PROFILE", "OTHER", "[OCID[/LOT]]"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) == 3 {
				if o.Target, err = pursuit.ParseTarget(args[2]); err != nil {
					return usageError{err}
				}
			}
			if args[0] == args[1] {
				return usagef("partners: %q is given twice; name two profiles", args[0])
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			o.AsOf = a.asOf
			r, err := d.Partners(cmd.Context(), args[0], args[1], o)
			if err != nil {
				return d.Registered(cmd.Context(), args[1], d.Registered(cmd.Context(), args[0], err))
			}
			if a.flags.json {
				return a.printJSON(r)
			}
			p := a.page()
			if len(args) == 3 {
				p.partner(r)
			} else {
				p.partners(r, o)
			}
			return p.err
		},
	}
	cmd.Flags().BoolVar(&o.Others, "all", false, "list what the second should bid for alone as well")
	limitFlag(cmd, &o.Limit, 10, "list this many, 0 for all")
	return cmd
}

func (p *page) partners(r desk.Partnership, o desk.PartnerOptions) {
	p.printf("%s with %s as of %s: %s assessed\n", p.in(bold, r.First), p.in(bold, r.Second), date(r.AsOf), notice.Count(r.Seen, "notice", "notices"))
	p.printf("%s\n", p.in(faint, cut(fmt.Sprintf("to bid for as a pair: %d that neither is to bid for alone, %d more that %s is, %d that %s is",
		r.Gained, r.Alone, r.First, r.Other, r.Second), p.width)))
	if len(r.Shared) == 0 {
		p.printf("\nTogether they should bid for nothing that neither should alone.\n")
		return
	}
	for i, x := range r.Shared {
		lead := fmt.Sprintf("%3d  %s  %s  ", i+1, p.in(bold, pad(fmt.Sprint(x.Pair.Score), -3)), p.advice(x.Pair.Advice, 6))
		p.printf("\n%s%s\n", lead, cut(lotTitle(x.Pair.Lot, x.Pair.Title), p.width-width(lead)))
		p.printf("     %s\n", p.in(faint, cut(join(" · ", x.Notice, p.alone(r, x.Lots[0])), p.width-5)))
		p.shared(x.Lots[0], r, 3)
	}
	listed := r.Gained
	if o.Others {
		listed += r.Other
	}
	p.more(listed, len(r.Shared))
}

// alone says how a lot fits each of the two.
func (p *page) alone(r desk.Partnership, s matcher.Shared) string {
	side := func(name string, x matcher.Sum) string {
		text := fmt.Sprintf("%s alone %d, %s", name, x.Score, x.Advice)
		if x.Barred {
			text += " (barred)"
		}
		return text
	}
	return side(r.First, s.First) + " · " + side(r.Second, s.Second)
}

// shared says what the second covers and what the pair lacks, at most so many lines of each.
func (p *page) shared(s matcher.Shared, r desk.Partnership, most int) {
	for _, c := range upTo(s.Covers, most) {
		text := c.Name + ": " + c.Reason
		switch c.Pair {
		case string(matcher.Missed), string(matcher.Barred), string(matcher.Partly), string(matcher.GateUnknown):
			text += "; the pair: " + c.Pair
		}
		p.remark(green, "+", r.Second+" covers "+text)
	}
	if n := len(s.Covers) - most; n > 0 && most > 0 {
		p.remark(green, "+", fmt.Sprintf("%d more", n))
	}
	for _, c := range upTo(s.Lacks, most) {
		p.remark(yellow, "−", "the pair lacks "+c.Name+": "+c.Reason)
	}
}

func (p *page) partner(r desk.Partnership) {
	x := r.Shared[0]
	p.printf("%s\n", p.in(bold, cut(x.Title, p.width)))
	p.printf("%s\n\n", p.in(faint, cut(join(" · ", x.Notice, r.First+" with "+r.Second, "as of "+date(r.AsOf)), p.width)))
	for _, side := range []struct {
		name string
		fit  matcher.Fit
	}{{r.First + " alone", x.First}, {r.Second + " alone", x.Second}, {"the pair", x.Pair}} {
		lead := fmt.Sprintf("  %s  %s  %s  %s  ", p.advice(side.fit.Advice, 6), p.in(bold, pad(fmt.Sprint(side.fit.Score), -3)),
			pad(fmt.Sprintf("%d–%d", side.fit.Low, side.fit.High), -7), pad(cut(side.name, 30), 30))
		p.printf("%s%s\n", lead, cut(lotTitle(side.fit.Lot, side.fit.Title), p.width-width(lead)))
	}
	for _, g := range x.Pair.Gates {
		if g.State == matcher.GateBarred {
			p.remark(red, "×", "the pair is barred: "+g.Reason)
		}
	}
	for _, s := range x.Lots {
		better := "fits both alike"
		switch s.Better {
		case "first":
			better = "fits " + r.First + " better"
		case "second":
			better = "fits " + r.Second + " better"
		}
		title := lotTitle(s.Lot, s.Title)
		if s.Lot == "" {
			title = "The whole, which is not divided"
		}
		p.heading(cut(title, p.width-width(better)-3) + " · " + better)
		p.printf("  %s\n", p.in(faint, cut(fmt.Sprintf("the pair %d, %s · %s", s.Pair.Score, s.Pair.Advice, p.alone(r, s)), p.width-2)))
		if len(s.Covers)+len(s.Lacks) == 0 {
			p.printf("  %s\n", p.in(faint, r.Second+" covers nothing here that "+r.First+" lacks"))
		}
		p.shared(s, r, 0)
	}
}
