package main

import (
	"bufio"
	"errors"

	"github.com/spf13/cobra"

	"bidfit/export"
)

func (a *app) exportCommand() *cobra.Command {
	var format string
	var decided bool
	var o export.Options
	cmd := &cobra.Command{
		Use:   "export PROFILE",
		Short: "Print the shortlist of a profile as CSV",
		Long: `Print every bid and review fit of a profile, and everything decided for it, as CSV
(RFC 4180, UTF-8, one row a lot). A text cell that a spreadsheet would take for a formula gets a
leading apostrophe; --raw leaves that out for programs.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit export hartwell-resolve > shortlist.csv\n  bidfit export hartwell-resolve --decided --excel > decided.csv",
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "csv" {
				return usagef("--format: there is no format %q; write csv", format)
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			rows, err := d.Shortlist(cmd.Context(), args[0], a.asOf, decided)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			w := bufio.NewWriter(a.stdout)
			if err := export.CSV(w, rows, o); err != nil {
				return errors.Join(err, w.Flush())
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&format, "format", "csv", "`FORMAT` of the list: csv")
	cmd.Flags().BoolVar(&decided, "decided", false, "only what has been decided")
	cmd.Flags().BoolVar(&o.Excel, "excel", false, "begin with a byte order mark, so that Excel reads UTF-8")
	cmd.Flags().BoolVar(&o.Raw, "raw", false, "leave text cells as they are: for programs, not for spreadsheets")
	return cmd
}
