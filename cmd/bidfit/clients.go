package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

func (a *app) clientsCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "clients OCID[/LOT]",
		Short: "One notice against every profile: which of your clients should bid",
		Long: `Hold one notice, or one of its lots, against every registered profile and list them, those it
fits best first: score with its low and high end, advice, top reason and top gap, gates that bar or are in
doubt, and what was decided for each already.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit clients ocds-h6vhtk-06bae5\n  bidfit clients ocds-h6vhtk-demo02/2 --json",
		Args:        arguments("OCID[/LOT]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := pursuit.ParseTarget(args[0])
			if err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			b, err := d.Clients(cmd.Context(), target, a.asOf)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(b.First(limit))
			}
			p := a.page()
			p.clients(b, limit)
			return p.err
		},
	}
	limitFlag(cmd, &limit, 20, "list this many, 0 for all")
	return cmd
}

func (p *page) clients(b desk.Board, limit int) {
	lot, _ := b.Notice.Lot(b.Target.Lot)
	if b.Target.Lot == "" {
		lot = &notice.Lot{}
	}
	p.printf("%s\n", p.in(bold, cut(b.Title, p.width)))
	if b.Target.Lot != "" {
		p.printf("%s\n", cut(lotTitle(lot.ID, lot.Title.Value), p.width))
	}
	p.printf("%s\n", p.in(faint, cut(join(" · ", b.Target.String(), closes(b.Notice, b.AsOf), worth(b.Notice, lot), b.Notice.Buyer.Name.Value), p.width)))
	if len(b.Clients) == 0 {
		p.printf("\nThere is no profile yet: register one with \"bidfit profile add FILE\".\n")
		return
	}
	p.printf("\nas of %s: %s, %d bid, %d review, %d no-bid\n", date(b.AsOf),
		notice.Count(len(b.Clients), "profile", "profiles"), b.Counts.Bid, b.Counts.Review, b.Counts.NoBid)
	p.printf("\n%s\n", p.in(faint, "  #  score    range  advice  profile"))
	for i, c := range upTo(b.Clients, limit) {
		f := c.Fit
		lead := fmt.Sprintf("%3d  %s  %s  %s  ", i+1, p.in(bold, pad(fmt.Sprint(f.Score), -5)),
			pad(fmt.Sprintf("%d–%d", f.Low, f.High), -7), p.advice(f.Advice, 6))
		best := ""
		if f.Lot != "" && b.Target.Lot == "" {
			best = "best " + lotTitle(f.Lot, f.Title)
		}
		p.printf("%s%s\n", lead, cut(join(" · ", c.Profile+" ("+c.Name+")", best), p.width-width(lead)))
		for _, x := range c.Decisions {
			p.printf("     %s\n", p.in(faint, cut(join(" · ", verdictWords(x), x.Target.String(), day(x.When)+" by "+x.Who, x.Reason), p.width-5)))
		}
		p.gaps(f)
	}
	p.more(len(b.Clients), limit)
}

// verdictWords are what was decided, or taken back.
func verdictWords(x desk.Decided) string {
	if x.Undone {
		return "taken back: " + string(x.Verdict)
	}
	return "decided: " + string(x.Verdict)
}

// gaps are what bars a fit or is in doubt, its top reason and its top gap.
func (p *page) gaps(f matcher.Fit) {
	for _, g := range f.Gates {
		switch g.State {
		case matcher.GateBarred:
			p.remark(red, "×", g.Reason)
		case matcher.GateUnknown:
			p.remark(yellow, "?", g.Reason)
		}
	}
	if best := f.TopReason(); best != nil {
		p.remark(green, "+", best.Reason)
	}
	if gap := f.TopGap(); gap != nil {
		p.remark(yellow, "−", gap.Reason)
	}
}
