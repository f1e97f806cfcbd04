package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

func (a *app) matchCommand() *cobra.Command {
	var o desk.MatchOptions
	var order string
	cmd := &cobra.Command{
		Use:   "match PROFILE",
		Short: "Rank the open notices for a profile",
		Long: `Hold a profile against every open lot and list the notices, best first, each
with its best lot. Barred ones come last (--order relevance leaves them in their place).

What was rated known is hidden, and how many that are is said; --known lists it too.

--all assesses awards, cancelled procurements and other closed stages too.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit match hartwell-resolve --as-of 2026-06-24\n  bidfit match hartwell-resolve --json --limit 0",
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if !cmd.Flags().Changed("order") {
				order = a.config.Match.Order
			}
			if !cmd.Flags().Changed("limit") {
				o.Limit = a.config.Match.Limit
			}
			if o.Order, err = matcher.ParseOrder(order); err != nil {
				return usagef("--order: %w", err)
			}
			o.AsOf = a.asOf
			return a.match(cmd.Context(), args[0], o)
		},
	}
	cmd.Flags().BoolVar(&o.All, "all", false, "assess closed stages too")
	cmd.Flags().BoolVar(&o.Known, "known", false, "list what was rated known too")
	limitFlag(cmd, &o.Limit, defaults["match.limit"].(int), "list this many, 0 for all")
	cmd.Flags().StringVar(&order, "order", defaults["match.order"].(string), "by `WHAT`: score, low (end of the score), deadline, relevance")
	return cmd
}

func (a *app) match(ctx context.Context, profile string, o desk.MatchOptions) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	limit := o.Limit
	if !a.flags.json {
		o.Limit = 0 // the table's heading counts all
	}
	report, err := d.Match(ctx, profile, o)
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	if a.flags.json {
		return a.printJSON(report)
	}
	return a.printReport(ctx, d, report, limit)
}

// printReport is the ranked table: the whole report is counted, limit of it shown.
func (a *app) printReport(ctx context.Context, d *desk.Desk, r desk.Report, limit int) error {
	p := a.page()
	decided, err := decisions(ctx, d, r.Profile)
	if err != nil {
		return err
	}
	rated, err := answers(ctx, d, r.Profile)
	if err != nil {
		return err
	}
	tally := map[matcher.Advice]int{}
	for _, f := range r.Fits {
		tally[f.Advice]++
	}
	p.printf("%s as of %s: %s assessed, %d bid, %d review, %d no-bid\n", p.in(bold, r.Profile), date(r.AsOf),
		notice.Count(r.Seen, "notice", "notices"), tally[matcher.Bid], tally[matcher.Review], tally[matcher.NoBid])
	if r.Hidden > 0 {
		p.printf("%s you know %s not listed; --known lists them.\n", notice.Count(r.Hidden, "notice", "notices"), isOrAre(r.Hidden))
	}
	if r.Learned != "" {
		p.printf("Your answers have a say (%s): \"bidfit rate %s --show\" tells; --no-learning ranks without.\n", r.Learned, r.Profile)
	}
	if r.Seen == 0 {
		p.printf("\nThere is nothing open in the store. Read notices in with \"bidfit ingest FILE\", or see \"bidfit demo\".\n")
		return p.err
	}
	p.printf("\n%s\n", p.in(faint, "  #  score    range  advice  action   notice"))
	for i, f := range r.Fits {
		if limit > 0 && i == limit {
			p.printf("\n%s more; --limit 0 lists all.\n", notice.Count(len(r.Fits)-limit, "notice", "notices"))
			break
		}
		n, err := d.Notice(ctx, f.ID())
		if err != nil {
			return err
		}
		p.row(i+1, f, n, r.AsOf, decided, rated)
	}
	return p.err
}

// row is one notice of the ranked table, with the best lot's top reason and top gap.
func (p *page) row(rank int, f matcher.Fit, n *notice.Notice, asOf time.Time, decided map[pursuit.Target]pursuit.Verdict, rated map[pursuit.Target]string) {
	lot, _ := n.Lot(f.Lot)
	p.ranked(rank, f)
	about := []string{f.OCID, closes(n, asOf), worth(n, lot), n.Buyer.Name.Value}
	targets := []pursuit.Target{{Notice: n.ID}, {Notice: n.ID, Lot: f.Lot}}
	for _, target := range targets {
		if v, ok := rated[target]; ok {
			about = append([]string{"rated: " + v}, about...)
			break
		}
	}
	for _, target := range targets {
		if v, ok := decided[target]; ok {
			about = append([]string{"decided: " + string(v)}, about...)
			break
		}
	}
	p.printf("     %s\n", p.in(faint, cut(join(" · ", about...), p.width-5)))
	for _, g := range f.Gates {
		if g.State == matcher.GateBarred {
			p.remark(red, "×", g.Reason)
		}
	}
	if best := f.TopReason(); best != nil {
		p.remark(green, "+", best.Reason)
	}
	if gap := f.TopGap(); gap != nil {
		p.remark(yellow, "−", gap.Reason)
	}
}

// ranked is the first line of a row of a ranked table.
func (p *page) ranked(rank int, f matcher.Fit) {
	lead := fmt.Sprintf("%3d  %s  %s  %s  %s  ", rank, p.in(bold, pad(fmt.Sprint(f.Score), -5)),
		pad(fmt.Sprintf("%d–%d", f.Low, f.High), -7), p.advice(f.Advice, 6), pad(string(f.Action), 7))
	p.printf("%s%s\n", lead, cut(lotTitle(f.Lot, f.Title), p.width-width(lead)))
}

// lotTitle names a lot by its id and title; many titles begin with the number already. A lot that
// stands in prose alone is said to.
func lotTitle(id, title string) string {
	if strings.HasPrefix(id, "~") {
		return join(": ", "lot "+id+", read from the text", title)
	}
	if id == "" || strings.HasPrefix(strings.ToLower(title), "lot ") {
		return title
	}
	return join(": ", "lot "+id, title)
}

// remark is one line under a row of the ranked table.
func (p *page) remark(s style, mark, text string) {
	p.printf("     %s %s\n", p.in(s, mark), cut(text, p.width-7))
}

func (p *page) advice(v matcher.Advice, width int) string {
	colour := map[matcher.Advice]style{matcher.Bid: green, matcher.Review: yellow, matcher.NoBid: red}[v]
	return p.in(colour, pad(string(v), width))
}

// closes says when the next thing a supplier can do must be done.
func closes(n *notice.Notice, asOf time.Time) string {
	m := n.Deadline.Said
	if !m.Known() && n.Future.Known() {
		return "expected " + day(n.Future.Value.Time)
	}
	if !m.Known() {
		return "no deadline said"
	}
	return "closes " + day(m.Value.Time) + ", " + inDays(notice.DaysUntil(asOf, m.Value.Time))
}

// worth is the net value of the lot or, where it has none, of the whole procurement.
func worth(n *notice.Notice, lot *notice.Lot) string {
	for _, v := range []notice.Value{lot.Value, n.Value} {
		currency := ""
		if !v.Pounds() {
			currency = " " + v.Currency.Value
		}
		switch {
		case v.Net.Known():
			return strings.TrimPrefix(v.Net.Value.String(), map[bool]string{true: "£"}[currency != ""]) + currency
		case v.Gross.Known():
			return v.Gross.Value.String() + " gross"
		}
	}
	return "no value said"
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func inDays(n int) string {
	switch {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n < 0:
		return fmt.Sprintf("%d days ago", -n)
	}
	return fmt.Sprintf("%d days", n)
}

// day is a calendar day in London, date the same at full length.
func day(t time.Time) string  { return t.In(notice.London).Format("2 Jan 2006") }
func date(t time.Time) string { return t.In(notice.London).Format("Monday 2 January 2006") }

func decisions(ctx context.Context, d *desk.Desk, profile string) (map[pursuit.Target]pursuit.Verdict, error) {
	pursuits, err := d.Pursuits(ctx, profile)
	if err != nil {
		return nil, err
	}
	m := map[pursuit.Target]pursuit.Verdict{}
	for _, pu := range pursuits {
		if v := pu.Current().Verdict; v != "" {
			m[pu.Target] = v
		}
	}
	return m, nil
}
