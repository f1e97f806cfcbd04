package main

import (
	"github.com/spf13/cobra"

	"bidfit/market"
	"bidfit/notice"
)

func (a *app) buyerCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "buyer NAME|ID",
		Short: "What a buyer buys, from whom, at what price, and what comes next",
		Long: `Tell what the notices in the store say of a buyer: what is open now, what it buys, whom
it chose, how, at what price, and which contracts end within twelve months. It may be named
in any spelling, by a part of its name that no other buyer has, or by an id.

Every figure says how many awards it rests on. The value of an award is that of its contracts
or, where they name none, its own; ceilings of frameworks and cancelled awards are in no figure.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit buyer \"Trentbridge County Council\"\n  bidfit buyer trentbridge --json\n  bidfit buyer GB-PPON-PABC-1234-WXYZ --limit 0",
		Args:        arguments("NAME|ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			b, err := d.Buyer(cmd.Context(), args[0], a.asOf)
			if err != nil {
				return a.ambiguous(err)
			}
			if a.flags.json {
				return a.printJSON(b.First(limit))
			}
			p := a.page()
			p.buyer(b, limit)
			return p.err
		},
	}
	limitFlag(cmd, &limit, 8, "list this many of each, 0 for all")
	return cmd
}

func (p *page) buyer(b market.Buyer, limit int) {
	p.organisation(b.Known, notice.Count(b.Notices, "notice", "notices")+", "+notice.Count(b.Values.Awards, "award", "awards"), b.AsOf)
	p.worths("worth", b.Values)
	p.field("how it buys", market.Methods(b.Methods, b.Notices))
	p.field("days to bid", b.Window.Words("notice", "notices"))
	p.optional("bids for each", b.Bids.Words("award", "awards"))
	p.field("suits SMEs", b.SME.Words())
	p.field("suits VCSEs", b.VCSE.Words())
	if b.Void > 0 {
		p.field("cancelled", notice.Count(b.Void, "award", "awards"))
	}
	p.briefs("Open and coming", b.Open, limit, b.AsOf)
	if b.Stale > 0 {
		p.printf("  %s\n", p.in(faint, notice.Count(b.Stale, "notice", "notices")+" more never closed, with no day to come and no news for a year"))
	}
	p.shares("What it buys", b.Divisions, limit)
	p.shares("Whom it chose", b.Suppliers, limit)
	p.shares("By year", b.Years, limit)
	p.awards("Contracts that end within twelve months", b.Ending, limit, func(w *market.Award) string { return names(w.Suppliers) })
	p.briefs("Frameworks", b.Frameworks, limit, b.AsOf)
}

func contact(o notice.Organisation) string {
	return join(" · ", o.ContactFor.Value, o.Email.Value, o.Phone.Value)
}
