package main

import (
	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/pursuit"
)

func (a *app) snoozeCommand() *cobra.Command {
	var until, who string
	var wake bool
	cmd := &cobra.Command{
		Use:   "snooze PROFILE OCID[/LOT]…",
		Short: "Hide a notice until something about it changes",
		Long: `Leave a notice, or one of its lots, out of "bidfit review" until its value, its deadline, its
stage or anything at all changes. It comes back by itself, and says why. --wake lists it again at once.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit snooze hartwell-resolve ocds-h6vhtk-06bae5 --until stage",
		Args: func(cmd *cobra.Command, args []string) error {
			return arguments("PROFILE", "OCID[/LOT]")(cmd, args[:min(2, len(args))])
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			deed := desk.Deed{Profile: args[0], Do: desk.DoSnooze, Who: who}
			if deed.Until, err = pursuit.ParseUntil(until); err != nil {
				return usagef("--until: %w", err)
			}
			if wake {
				deed.Do = desk.DoWake
			}
			return a.act(cmd.Context(), deed, args[1:])
		},
	}
	cmd.Flags().StringVar(&until, "until", string(pursuit.UntilChange), "until `WHAT` changes: value, deadline, stage, change (anything)")
	cmd.Flags().StringVar(&who, "who", "", "`NAME` of whoever snoozes it (default: the user)")
	cmd.Flags().BoolVar(&wake, "wake", false, "list it again")
	return cmd
}
