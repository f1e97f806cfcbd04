package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
)

func (a *app) reviewCommand() *cobra.Command {
	var o desk.ReviewOptions
	var order, query string
	var facets bool
	cmd := &cobra.Command{
		Use:   "review PROFILE",
		Short: "Work the ranked list: what is new, changed, decided, snoozed",
		Long: `List the open notices for a profile as "match" ranks them, with what its people made of
them: what nobody has seen yet, what was released again since somebody saw it and what changed,
decisions and whether they go against the advice, ratings, snoozes that came to an end, and the shortlist. What is snoozed or
known is not listed; the filter state=snoozed or state=known lists it.

--filter is written as in an address: advice=bid&advice=review&region=TLG. Several values of
one facet are any of them, facets are all of them. The facets are advice, action, stage, region (ITL 1 or 2), cpv (a division), value (where a
band begins, in pounds), deadline (overdue, week, fortnight, month, later), state, buyer, and words in title and buyer;
"unknown" is a value of each. --facets lists the values there are under the filter, with their counts.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit review hartwell-resolve --filter "advice=bid&state=undecided" --order deadline
  bidfit review hartwell-resolve --facets`,
		Args: arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.Order, err = matcher.ParseOrder(order); err != nil {
				return usagef("--order: %w", err)
			}
			if o.Limit < 0 || o.Offset < 0 {
				return usagef("--limit and --offset: neither can be less than nothing")
			}
			values, err := url.ParseQuery(query)
			if err != nil {
				return usagef("--filter: %q is not written as in an address, such as advice=bid&region=TLG: %w", query, err)
			}
			if o.Filter, err = desk.ParseFilter(values); err != nil {
				return usagef("--filter: %w", err)
			}
			o.AsOf = a.asOf
			return a.review(cmd.Context(), args[0], o, facets)
		},
	}
	cmd.Flags().StringVar(&query, "filter", "", "only what this `QUERY` asks for, such as advice=bid&region=TLG")
	cmd.Flags().StringVar(&order, "order", string(matcher.OrderScore), "by `WHAT`: score, low (end of the score), deadline, relevance")
	cmd.Flags().IntVar(&o.Limit, "limit", 20, "list this many, 0 for all")
	cmd.Flags().IntVar(&o.Offset, "offset", 0, "leave out this many")
	cmd.Flags().StringVar(&o.After, "after", "", "go on after a page, by its `CURSOR` (next in --json)")
	cmd.Flags().BoolVar(&facets, "facets", false, "list the values of the facets, not the notices")
	return cmd
}

func (a *app) review(ctx context.Context, profile string, o desk.ReviewOptions, facets bool) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	r, err := d.Review(ctx, profile, o)
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	if a.flags.json {
		return a.printJSON(r)
	}
	p := a.page()
	p.printf("%s as of %s: %s assessed, %d bid, %d review, %d no-bid\n", p.in(bold, r.Profile), date(r.AsOf),
		notice.Count(r.Seen, "notice", "notices"), r.Counts.Bid, r.Counts.Review, r.Counts.NoBid)
	p.printf("%s under the filter; not listed: %d snoozed, %d known\n", notice.Count(r.Total, "row", "rows"), r.Snoozed, r.Known)
	if facets {
		for _, f := range r.Facets {
			p.facet(f)
		}
		return p.err
	}
	if len(r.Rows) > 0 {
		p.printf("\n%s\n", p.in(faint, "  #  score    range  advice  action   notice"))
	}
	for _, row := range r.Rows {
		p.reviewed(row)
	}
	if left := r.Total - r.Offset - len(r.Rows); left > 0 {
		p.printf("\n%s more; --limit 0 lists all.\n", notice.Count(left, "row", "rows"))
	}
	return p.err
}

func (p *page) facet(f desk.Facet) {
	p.heading(f.Name)
	for _, v := range f.Values {
		mark := "  "
		if v.Selected {
			mark = "× "
		}
		label := ""
		if v.Label != v.Value {
			label = oneLine(v.Label)
		}
		p.printf("%s%5d  %s\n", mark, v.Count, cut(join(" · ", oneLine(v.Value), label), p.width-9))
	}
	if f.More > 0 {
		p.printf("  %s more\n", notice.Count(f.More, "value", "values"))
	}
}

// reviewed is one row of a list that is worked on.
func (p *page) reviewed(r desk.Row) {
	f := *r.Fit
	p.ranked(r.Rank, f)
	about := []string{}
	add := func(holds bool, text string) {
		if holds {
			about = append(about, text)
		}
	}
	add(r.Unseen, "new")
	add(r.Changed, "changed")
	add(r.Resurfaced != "", "back: "+r.Resurfaced)
	if r.Decision != nil {
		text := "decided: " + string(r.Decision.Verdict)
		if r.Against || r.Decision.Against {
			text += ", against the advice"
		}
		about = append(about, text)
	}
	for _, x := range r.Rating {
		about = append(about, "rated: "+string(x))
	}
	if r.Snooze != nil && r.Resurfaced == "" {
		about = append(about, "snoozed until "+r.Snooze.Until.Words())
	}
	if r.Entry != nil {
		about = append(about, "shortlist: "+string(r.Entry.Stage))
	}
	about = append(about, r.Target.String(), due(r), rowWorth(r), r.Buyer)
	p.printf("     %s\n", p.in(faint, cut(join(" · ", about...), p.width-5)))
	for _, c := range r.Changes {
		p.remark(yellow, "~", sentence(c.Words))
	}
	p.gaps(f)
}

// due says when the next thing has to be done.
func due(r desk.Row) string {
	if r.DaysLeft == nil {
		return "no deadline said"
	}
	return "closes " + day(r.Deadline.Time) + ", " + inDays(*r.DaysLeft)
}

// rowWorth is what the lot of a row is worth, and a year of it.
func rowWorth(r desk.Row) string {
	if r.Worth.High == nil {
		if r.Worth.Words != "" {
			return r.Worth.Words
		}
		return "no value said"
	}
	text := r.Worth.High.String()
	if r.Worth.PerYear != nil && *r.Worth.PerYear != *r.Worth.High {
		text += ", " + r.Worth.PerYear.String() + " a year"
	}
	return text
}
