package main

import (
	"github.com/spf13/cobra"

	"bidfit/pursuit"
)

func (a *app) packCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "pack PROFILE OCID[/LOT]",
		Short: "What a go/no-go meeting needs about one notice, on two pages",
		Long: `Write a go/no-go pack as Markdown: the notice in short, the advice and score with their evidence, gates,
award criteria with their weights, what is asked of bidders, the questions to the buyer, a plan in working days
back from the deadline (bank holidays are those of the part of the UK the profile sits in), standstill and
mobilisation after it, what may turn out otherwise, and lines to sign. --json writes the same as JSON; "bidfit serve" prints it.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit pack hartwell-resolve ocds-h6vhtk-demo01\n  bidfit pack hartwell-resolve ocds-h6vhtk-demo02/2 > pack.md",
		Args:        arguments("PROFILE", "OCID[/LOT]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := pursuit.ParseTarget(args[1])
			if err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			p, err := d.Pack(cmd.Context(), args[0], target, a.asOf)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(p)
			}
			return p.WriteMarkdown(a.stdout)
		},
	}
}
