package main

import (
	"github.com/spf13/cobra"

	"bidfit/market"
	"bidfit/notice"
)

func (a *app) supplierCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "supplier NAME|ID",
		Short: "What a supplier has won, from whom, at what price, and what runs out",
		Long: `Tell what the notices in the store say of a supplier: what it won by buyer, kind, region
and year, with whom it shares awards, and which of its contracts run and end. It may be named
in any spelling, by a part of its name that no other supplier has, or by an id.

Every figure says how many awards it rests on. An award to several suppliers is worth what it
is to all of them together, and is said to be shared; ceilings of frameworks are in no figure.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit supplier \"Larkspur Care Ltd\"\n  bidfit supplier GB-COH-01234567 --json",
		Args:        arguments("NAME|ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			s, err := d.Supplier(cmd.Context(), args[0], a.asOf)
			if err != nil {
				return a.ambiguous(err)
			}
			if a.flags.json {
				return a.printJSON(s.First(limit))
			}
			p := a.page()
			p.supplier(s, limit)
			return p.err
		},
	}
	limitFlag(cmd, &limit, 8, "list this many of each, 0 for all")
	return cmd
}

func (p *page) supplier(s market.Supplier, limit int) {
	p.organisation(s.Known, notice.Count(s.Values.Awards, "award", "awards")+" in "+notice.Count(len(s.Named), "notice that names it", "notices that name it"), s.AsOf)
	p.optional("scale", s.Details.Scale.Value)
	p.worths("worth", s.Values)
	p.field("won by", market.Methods(s.Methods, s.Values.Awards))
	p.optional("bids for each", s.Bids.Words("award", "awards"))
	if s.Buys > 0 {
		p.field("buys itself", notice.Count(s.Buys, "notice", "notices")+"; see \"bidfit buyer\"")
	}
	if s.Void > 0 {
		p.field("cancelled", notice.Count(s.Void, "award", "awards"))
	}
	buyers := func(w *market.Award) string { return names(w.Buyers) }
	p.shares("From whom", s.Buyers, limit)
	p.shares("What", s.Divisions, limit)
	p.shares("Where", s.Regions, limit)
	p.shares("By year", s.Years, limit)
	p.shares("Together with", s.Beside, limit)
	p.awards("Contracts that run", s.Running, limit, buyers)
	p.awards("Contracts that end within twelve months", s.Ending, limit, buyers)
	p.briefs("Dynamic markets it is on", s.Markets, limit, s.AsOf)
	p.awards("Awards, the newest first", s.Awards, limit, buyers)
}
