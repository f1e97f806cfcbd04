package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/pursuit"
)

func (a *app) decideCommand() *cobra.Command {
	var reason, who string
	var undo bool
	cmd := &cobra.Command{
		Use:   "decide PROFILE OCID[/LOT] bid|no-bid|watch",
		Short: "Keep a decision, with the fit as it is today",
		Long: `Record a verdict on a notice or one of its lots. The decision keeps who, when and
why, the newest release, the profile revision, the lexicon and the whole fit as it was. A
later decision is added; the earlier ones stay.

--undo takes the decision in force back: the one before it is in force again, where there is one, and
both stay on record.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit decide hartwell-resolve ocds-h6vhtk-06bae5 bid --reason "our county, our trade"
  bidfit decide hartwell-resolve ocds-h6vhtk-06bae5 --undo`,
		Args: func(cmd *cobra.Command, args []string) error {
			if undo {
				return arguments("PROFILE", "OCID[/LOT]")(cmd, args)
			}
			return arguments("PROFILE", "OCID[/LOT]", "bid|no-bid|watch")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := pursuit.ParseTarget(args[1])
			if err != nil {
				return usageError{err}
			}
			v := desk.Verdict{Profile: args[0], Target: target, Reason: reason, Who: a.user(who), When: a.now.UTC(), AsOf: a.asOf}
			if undo {
				return a.undecide(cmd.Context(), v)
			}
			if v.Verdict, err = pursuit.ParseVerdict(args[2]); err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			decision, err := d.Decide(cmd.Context(), v)
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
	cmd.Flags().BoolVar(&undo, "undo", false, "take the decision in force back")
	return cmd
}

// user is whoever does something: as said, else as configured.
func (a *app) user(who string) string {
	if who == "" {
		return a.config.Who
	}
	return who
}

func (a *app) undecide(ctx context.Context, v desk.Verdict) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	pu, err := d.Undecide(ctx, v)
	if err != nil {
		return d.Registered(ctx, v.Profile, err)
	}
	if a.flags.json {
		return a.printJSON(pu)
	}
	p := a.page()
	back, stands := pu.Decisions[len(pu.Decisions)-1], "nothing is decided now"
	if x := pu.Current(); x.Verdict != "" {
		stands = string(x.Verdict) + " of " + day(x.When) + " is in force again"
	}
	p.printf("%s: %s for %s is taken back; %s\n", oneLine(pu.Target.String()), back.Verdict, pu.Profile, stands)
	return p.err
}

// act does one thing about some targets and tells what came of each.
func (a *app) act(ctx context.Context, deed desk.Deed, targets []string) error {
	for _, s := range targets {
		t, err := pursuit.ParseTarget(s)
		if err != nil {
			return usageError{err}
		}
		deed.Targets = append(deed.Targets, t)
	}
	deed.Who, deed.When, deed.AsOf = a.user(deed.Who), a.now.UTC(), a.asOf
	d, err := a.open()
	if err != nil {
		return err
	}
	done, err := d.Act(ctx, deed)
	if err != nil {
		return d.Registered(ctx, deed.Profile, err)
	}
	var failed []error
	for _, x := range done {
		failed = append(failed, x.Err)
	}
	if a.flags.json {
		return errors.Join(a.printJSON(done), errors.Join(failed...))
	}
	p := a.page()
	for _, x := range done {
		if x.Err == nil {
			p.printf("%s: %s for %s\n", oneLine(x.Target.String()), x.Words, deed.Profile)
		}
	}
	return errors.Join(p.err, errors.Join(failed...))
}
