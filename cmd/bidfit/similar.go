package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/market"
)

func (a *app) similarCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "similar OCID",
		Short: "Notices like one: who won such, at what price, and its earlier round",
		Long: `Find what is like a notice: probable earlier rounds of it by the same buyer with those who
won them, awards of such work with their prices, and open notices like it. Why each is thought
similar stands beside it; none of it is certain.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit similar ocds-h6vhtk-06bae5\n  bidfit similar 058956-2026 --limit 20 --json",
		Args:        arguments("OCID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			s, err := d.Similar(cmd.Context(), args[0], limit, a.asOf)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(s)
			}
			p := a.page()
			p.similar(s, a)
			return p.err
		},
	}
	limitFlag(cmd, &limit, 5, "list this many of each, 0 for all")
	return cmd
}

func (p *page) similar(s market.Similar, a *app) {
	p.printf("%s\n", p.in(bold, cut(s.Title, p.width)))
	p.printf("%s\n\n", p.in(faint, cut(join(" · ", s.Notice, string(s.Stage), names(s.Buyers), s.Brief.Comes(a.asOf)), p.width)))
	p.worths("such went for", s.Prices)
	p.heading("Probably an earlier round")
	for _, r := range s.Before {
		who := "no winner is named"
		if len(r.Incumbents) > 0 {
			who = "went to " + names(r.Incumbents)
		}
		p.like(r.Like, who)
	}
	p.none(len(s.Before), "the same buyer has bought nothing like it before, as far as the store knows")
	p.heading("Awards of such")
	for _, l := range s.Won {
		won := make([]string, 0, 3)
		for i, w := range l.Awards {
			if i == 3 {
				won = append(won, fmt.Sprintf("%d more", len(l.Awards)-3))
				break
			}
			won = append(won, join(" ", names(w.Suppliers), w.Value.Words()))
		}
		p.like(l, strings.Join(won, "; "))
	}
	p.none(len(s.Won), "none in the store")
	p.heading("Open and like it")
	for _, l := range s.Open {
		p.like(l, l.Brief.Comes(a.asOf))
	}
	p.none(len(s.Open), "none in the store")
}

func (p *page) none(n int, text string) {
	if n == 0 {
		p.printf("  %s\n", p.in(faint, text))
	}
}

// like is a notice like another one: what came of it, and why it is here.
func (p *page) like(l market.Like, what string) {
	when := "undated"
	if !l.Published.IsZero() {
		when = day(l.Published)
	}
	p.printf("  %s\n", cut(l.Title, p.width-2))
	p.printf("    %s\n", cut(what, p.width-4))
	p.printf("    %s\n", p.in(faint, cut(join(" · ", l.Notice, "published "+when, names(l.Buyers), l.Value.Words()), p.width-4)))
	p.wrapped("    because ", strings.Join(l.Why, ", "))
}
