package main

import (
	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/pursuit"
)

func (a *app) decideCommand() *cobra.Command {
	var reason, who string
	cmd := &cobra.Command{
		Use:   "decide PROFILE OCID[/LOT] bid|no-bid|watch",
		Short: "Keep a decision, with the fit as it is today",
		Long: `Record a verdict on a notice or one of its lots. The decision keeps who, when and
why, the newest release, the profile revision, the lexicon and the whole fit as it was. A
later decision is added; the earlier ones stay.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     `  bidfit decide hartwell-resolve ocds-h6vhtk-06bae5 bid --reason "our county, our trade"`,
		Args:        arguments("PROFILE", "OCID[/LOT]", "bid|no-bid|watch"),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := pursuit.ParseTarget(args[1])
			if err != nil {
				return usageError{err}
			}
			verdict, err := pursuit.ParseVerdict(args[2])
			if err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			if who == "" {
				who = a.config.Who
			}
			decision, err := d.Decide(cmd.Context(), desk.Verdict{
				Profile: args[0], Target: target, Verdict: verdict, Reason: reason, Who: who, When: a.now.UTC(), AsOf: a.asOf,
			})
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(decision)
			}
			p := a.page()
			p.printf("%s: %s for %s, kept with its fit of today (score %d, advice %s)\n",
				oneLine(decision.Target.String()), decision.Verdict, decision.Profile, decision.Fit.Score, decision.Fit.Advice)
			if decision.Against {
				p.printf("This goes against the advice; the contradiction is kept with it.\n")
			}
			return p.err
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a `SENTENCE`")
	cmd.Flags().StringVar(&who, "who", "", "`NAME` of whoever decided (default: the user)")
	return cmd
}
