package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
)

func (a *app) renewalsCommand() *cobra.Command {
	var within, lead string
	var everything bool
	var limit int
	cmd := &cobra.Command{
		Use:   "renewals PROFILE",
		Short: "Contracts in a profile's field that end soon: who has them, what they are worth, when to expect the tender",
		Long: `Find contracts in a profile's field that end, or reach the end of their last extension, within some
months: buyer, incumbent, value, and how well the work would fit, best first. The fit is the matcher's for
the lots that were awarded, were they let once more: stage, status, deadline, procedure and
timing of the last time are left out, everything else counts.

The field is the CPV divisions of the profile's codes, and whatever mentions one of its keywords; --everything looks
at all awards, which takes longer and finds more that is worth a review, such as work filed elsewhere.

When a tender may be expected is an estimate: the contract's end less a lead. Notices of the same buyer that
look like the renewal are named, and contracts that were let again already are marked. Contracts of which
nobody says when they end are counted and not listed.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit renewals hartwell-resolve --within 18m\n  bidfit renewals hartwell-resolve --as-of 2026-06-24 --json --limit 0",
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := desk.RenewalOptions{AsOf: a.asOf, Limit: limit, Everything: everything}
			for _, span := range []struct {
				flag, text string
				to         *int
			}{{"--within", within, &o.Within}, {"--lead", lead, &o.Lead}} {
				months, err := market.ParseMonths(span.text)
				if err != nil {
					return usagef("%s: %w", span.flag, err)
				}
				*span.to = months
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			r, err := d.Renewals(cmd.Context(), args[0], o)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(r)
			}
			p := a.page()
			p.renewals(r, o.Within)
			return p.err
		},
	}
	cmd.Flags().StringVar(&within, "within", "12m", "that end within this many `MONTHS` (18m) or years (2y)")
	cmd.Flags().StringVar(&lead, "lead", fmt.Sprintf("%dm", market.Lead), "expect a tender this many `MONTHS` before the end")
	cmd.Flags().BoolVar(&everything, "everything", false, "look at every award in the store, not only at those in the field")
	limitFlag(cmd, &limit, 10, "list this many, 0 for all")
	return cmd
}

func (p *page) renewals(r desk.Renewals, within int) {
	p.printf("%s as of %s: %s in the field end within %s\n", p.in(bold, r.Profile), date(r.AsOf),
		notice.Count(r.Found, "contract", "contracts"), notice.Count(within, "month", "months"))
	told := join("; ", notice.Count(r.Looked, "award", "awards")+" looked at", counted(r.Unfit, "ends in time and does not fit", "end in time and do not fit"),
		counted(r.NoEnd, "fits and does not say when it ends", "fit and do not say when they end"))
	p.printf("%s\n", p.in(faint, cut(told, p.width)))
	if r.Found == 0 {
		p.printf("\nNone that fits ends by then, as far as the store knows. Look further ahead with --within 3y.\n")
		return
	}
	p.printf("%s\n", p.in(faint, "Fit is that of the same work let once more: without stage, deadline, procedure and timing of the last time."))
	for i, e := range r.Ending {
		lead := fmt.Sprintf("%3d  %s  %s  ", i+1, p.in(bold, pad(fmt.Sprint(e.Fit.Score), -3)), p.advice(e.Fit.Advice, 6))
		p.printf("\n%s%s\n", lead, cut(e.Title, p.width-width(lead)))
		ends := "ends " + day(e.Next.Time)
		if e.Extended {
			ends = "ends " + day(e.Next.Time) + " if extended to the last"
		} else if e.MaxEnd != nil && e.MaxEnd.After(e.Next.Time) {
			ends += ", at most " + day(e.MaxEnd.Time)
		}
		if e.Planned {
			ends += " as tendered"
		}
		p.wrapped("     ", join(" · ", ends, "held by "+names(e.Suppliers), yearly(e.Ending), names(e.Buyers)))
		p.printf("     %s\n", p.in(faint, cut(join(" · ", e.Notice, where(e.Award)), p.width-5)))
		if e.Relet {
			p.remark(red, "×", "let again already: "+follower(e.Followers[0]))
		} else {
			p.remark(green, ">", expected(e.Expected, r))
		}
		for i, f := range e.Followers {
			if e.Relet && i == 0 {
				continue
			}
			if i == 3 {
				break
			}
			p.remark(yellow, "~", "may be its renewal, "+string(f.As)+": "+follower(f))
		}
		if best := e.Fit.TopReason(); best != nil {
			p.remark(green, "+", best.Reason)
		}
		if gap := e.Fit.TopGap(); gap != nil {
			p.remark(yellow, "−", gap.Reason)
		}
		for _, g := range e.Fit.Gates {
			if g.State == matcher.GateBarred {
				p.remark(red, "×", g.Reason)
			}
		}
	}
	p.more(r.Found, len(r.Ending))
}

// expected is when a tender may come: an estimate, and said to be one.
func expected(m notice.Moment, r desk.Renewals) string {
	if m.Before(r.AsOf) {
		return "a tender may come any day (estimate: " + notice.Count(r.Lead, "month", "months") + " before the end was " + day(m.Time) + ")"
	}
	return "expect a tender from " + day(m.Time) + " on (estimate: " + notice.Count(r.Lead, "month", "months") + " before the end)"
}

func follower(f market.Follower) string {
	return join(" · ", f.Notice, string(f.Stage), f.Title)
}

// yearly is what a contract is worth, and a year of it.
func yearly(e market.Ending) string {
	text := e.Value.Words()
	if e.PerYear != nil {
		text += " (" + e.PerYear.Amount.String() + " a year)"
	}
	return text
}

// where says of what kind a contract is, and where.
func where(w *market.Award) string {
	text := ""
	if len(w.Codes) > 0 {
		name, of := w.Codes[0].Name()
		if of != w.Codes[0] {
			name = "under " + name
		}
		text = "CPV " + w.Codes[0].String() + " " + name
	}
	if len(w.Regions) > 0 {
		text = join(" · ", text, w.Regions[0].Label()+further(len(w.Regions)-1))
	}
	return text
}

// counted is a number of things, "" for none.
func counted(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return notice.Count(n, one, many)
}
