package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
)

func (a *app) budgetCommand() *cobra.Command {
	var o desk.BudgetOptions
	cmd := &cobra.Command{
		Use:   "budget PROFILE",
		Short: "Which bids to write with the hours there are",
		Long: `Choose the best set of bids that can be written before their deadlines: of what was decided
to be bid for, what is on the shortlist, and what is advised and undecided. The hours of a month are
spread evenly over its working days (bank holidays of where the profile is based); what a bid takes is said on the shortlist
("bidfit shortlist … --hours") or by --hours-per-bid. What was decided goes first, then the highest sum of scores. What is left out is said with the reason.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit budget hartwell-resolve --hours-per-bid 40 --hours-per-month 80",
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.Check(); err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			o.AsOf = a.asOf
			b, err := d.Budget(cmd.Context(), args[0], o)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(b)
			}
			p := a.page()
			p.budget(b)
			return p.err
		},
	}
	cmd.Flags().IntVar(&o.HoursPerBid, "hours-per-bid", desk.DefaultHoursPerBid, "a bid takes, where the shortlist does not say")
	cmd.Flags().IntVar(&o.HoursPerMonth, "hours-per-month", desk.DefaultHoursPerMonth, "there are for writing bids")
	cmd.Flags().BoolVar(&o.Review, "review", false, "what is advised to be reviewed may be bid for too")
	return cmd
}

func (p *page) budget(b desk.Budget) {
	p.printf("%s as of %s: %s in %s, of %d that could be written; %d hours a month\n", p.in(bold, b.Profile), date(b.AsOf),
		notice.Count(len(b.Planned), "bid", "bids"), notice.Count(b.Hours, "hour", "hours"), len(b.Planned)+len(b.Left), b.HoursPerMonth)
	if len(b.Planned) > 0 {
		p.heading("To be written")
	}
	for _, e := range b.Planned {
		p.effort(e)
		p.remark(green, "→", fmt.Sprintf("%s; begin by %s; %d of the %d hours until then are taken", notice.Count(e.Hours, "hour", "hours"), day(e.StartBy), e.Due, e.Until))
	}
	if len(b.Left) > 0 {
		p.heading("Left out")
	}
	for _, e := range b.Left {
		p.effort(e)
		p.remark(yellow, "−", e.Why)
	}
	if !b.Sure {
		p.printf("\nSome deadlines lie in years whose bank holidays are not known; weekends alone were left out there.\n")
	}
}

func (p *page) effort(e desk.Effort) {
	lead := fmt.Sprintf("%s  %s  ", p.in(bold, pad(fmt.Sprint(e.Score), -3)), p.advice(e.Advice, 6))
	p.printf("%s%s\n", lead, cut(oneLine(lotTitle(e.Target.Lot, e.Title)), p.width-width(lead)))
	closes := "no deadline said"
	if e.DaysLeft != nil {
		closes = "closes " + day(e.Deadline.Time) + ", " + inDays(*e.DaysLeft)
	}
	decided := ""
	if e.Decided {
		decided = "decided: bid"
	}
	p.printf("     %s\n", p.in(faint, cut(join(" · ", decided, string(e.Stage), e.Target.String(), closes, e.Buyer), p.width-5)))
}
