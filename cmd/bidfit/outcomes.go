package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/notice"
	"bidfit/notice/cpv"
)

func (a *app) outcomesCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "outcomes [PROFILE]",
		Short: "What became of what you decided: won, lost, to whom, at what price; and your win rates",
		Long: `Tell for everything decided what became of it, as far as the store knows: won, lost and to whom, at
what price against the value, awarded to nobody named, still open, cancelled. A supplier is known by
its profile's identifiers (GB-COH-01234567) and name, or by its name alone. What the notices leave unclear stays
unclear, with the reason.

Win rates count what was bid for and won or lost, each with how many they rest on and a 95 %
interval (Wilson): of less than a dozen they say little, and are said to.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit outcomes\n  bidfit outcomes hartwell-resolve --json",
		Args:        arguments("[PROFILE]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			profile := ""
			if len(args) > 0 {
				profile = args[0]
			}
			o, err := d.Outcomes(cmd.Context(), profile, a.asOf)
			if err != nil {
				return d.Registered(cmd.Context(), profile, err)
			}
			if a.flags.json {
				return a.printJSON(o.First(limit))
			}
			p := a.page()
			p.outcomes(o, limit)
			return p.err
		},
	}
	limitFlag(cmd, &limit, 20, "list this many decisions and this many of each rate, 0 for all")
	return cmd
}

func (p *page) outcomes(o desk.Outcomes, limit int) {
	tally := map[market.Result]int{}
	for _, x := range o.Decided {
		tally[x.Result]++
	}
	who := o.Profile
	if who == "" {
		who = "all profiles"
	}
	p.printf("%s as of %s: %s decided on\n", p.in(bold, who), date(o.AsOf), notice.Count(len(o.Decided), "target", "targets"))
	if len(o.Decided) == 0 {
		p.printf("\nNothing was decided yet: see \"bidfit decide --help\".\n")
		return
	}
	told := ""
	for _, r := range []market.Result{market.Won, market.Lost, market.Gone, market.Unnamed, market.Waiting, market.Cancelled, market.Unclear} {
		if tally[r] > 0 {
			told = join(", ", told, fmt.Sprintf("%d %s", tally[r], results[r].label))
		}
	}
	p.printf("%s\n\n", p.in(faint, told))
	for _, x := range upTo(o.Decided, limit) {
		r := results[x.Result]
		lead := "  " + p.in(r.style, pad(r.short, 9)) + "  "
		p.printf("%s%s\n", lead, cut(x.Title, p.width-width(lead)))
		about := []string{x.Target.String(), string(x.Verdict) + ", advice " + string(x.Advice) + " " + fmt.Sprint(x.Score), x.Buyer}
		if o.Profile == "" {
			about = append([]string{x.Profile}, about...)
		}
		p.printf("             %s\n", p.in(faint, cut(join(" · ", about...), p.width-13)))
		to := ""
		switch {
		case len(x.To) > 0 && x.Result != market.Won && x.Result != market.Waiting:
			to = "went to " + names(x.To)
		case len(x.To) > 1:
			to = "with " + names(x.To)
		}
		p.wrapped("             ", join("; ", join(" ", to, p.price(x.Outcome)), x.Why, sourced(x.Source)))
	}
	p.more(len(o.Decided), limit)
	p.heading("Win rate of what was bid for and won or lost")
	p.rate("all", o.Whole)
	for _, part := range []struct {
		by    string
		rates []market.Rate
		name  func(market.Rate) string
	}{
		{"by advice of the day", o.Advice, func(r market.Rate) string { return r.Key }},
		{"by buyer", o.Buyers, func(r market.Rate) string { return r.Name }},
		{"by value", o.Bands, func(r market.Rate) string { return r.Name }},
		{"by CPV division", o.Divisions, divisionName},
	} {
		if len(part.rates) == 0 {
			continue
		}
		p.printf("  %s\n", p.in(faint, part.by))
		for _, r := range upTo(part.rates, limit) {
			name := part.name(r)
			if r.Key == "" {
				name = "not said"
			}
			p.rate(name, r)
		}
	}
}

var results = map[market.Result]struct {
	short, label string
	style        style
}{
	market.Won: {"won", "won", green}, market.Lost: {"lost", "lost", red}, market.Gone: {"gone", "gone to others, not bid for", faint},
	market.Unnamed: {"awarded", "awarded, not known to whom", yellow}, market.Waiting: {"open", "still open", faint},
	market.Cancelled: {"cancelled", "cancelled", faint}, market.Unclear: {"unclear", "unclear", yellow},
}

func divisionName(r market.Rate) string {
	c, err := cpv.Parse(r.Key + "000000")
	if err != nil {
		return r.Key
	}
	name, _ := c.Name()
	return r.Key + " " + name
}

// price is what something went for, against what it was held to be worth.
func (p *page) price(o market.Outcome) string {
	if o.Price == nil {
		return ""
	}
	text := "at " + o.Price.Words()
	if o.Compared != nil {
		text += fmt.Sprintf(", %d%% of the value of %s", *o.Compared, o.Value.Amount)
	}
	return text
}

func sourced(id string) string {
	if id == "" {
		return ""
	}
	return "says " + id
}

// rate is one line of a table of rates.
func (p *page) rate(name string, r market.Rate) {
	if r.N == 0 {
		p.printf("    %s\n", p.in(faint, "nothing that was bid for has been won or lost yet"))
		return
	}
	few := ""
	if r.Few {
		few = "too few to tell"
	}
	p.printf("    %s  %s  %s  %s\n", pad(cut(name, 40), 40), pad(fmt.Sprintf("%d of %d", r.Won, r.N), -9),
		pad(fmt.Sprintf("%d%% (%d–%d%%)", r.Percent, r.Low, r.High), -16), p.in(faint, few))
}
