package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/export"
)

func (a *app) exportCommand() *cobra.Command {
	var format, output string
	var decided bool
	var o export.Options
	cmd := &cobra.Command{
		Use:   "export PROFILE",
		Short: "Write the shortlist of a profile for a spreadsheet, a calendar, a feed reader or a program",
		Long: fmt.Sprintf(`Write every bid and review fit of a profile, and everything decided for it, one row a lot:

%s
docs/export.md says what the columns hold. In CSV a text that a spreadsheet would take for a formula gets a leading apostrophe;
--raw leaves that out for programs. --output writes the file whole or not at all.`, formatTable()),
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: "  bidfit export hartwell-resolve > shortlist.csv\n  bidfit export hartwell-resolve --output shortlist.xlsx\n" +
			"  bidfit export hartwell-resolve --decided --format ics --output deadlines.ics",
		Args: arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := a.exportFormat(format, output)
			if err != nil {
				return err
			}
			switch {
			case f.Name != "csv" && o.Excel:
				return usagef("--excel is for csv, not for %s", f.Name)
			case f.Name != "csv" && o.Raw:
				return usagef("--raw is for csv, not for %s", f.Name)
			case f.Binary && output == "" && a.screen.width > 0:
				return usagef("%s is nothing for a terminal; give --output FILE%s", f.Name, f.Extension)
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			rows, err := d.Shortlist(cmd.Context(), args[0], a.asOf, decided)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			p, err := d.Profile(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			o.Profile, o.AsOf = p.Profile, a.asOf
			if output == "" {
				return export.Write(a.stdout, f, o, rows)
			}
			w, err := createWhole(a.path(output))
			if err != nil {
				return named(err, output)
			}
			return w.finish(export.Write(w, f, o, rows))
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "`FORMAT`: "+strings.Join(export.Names(), ", ")+" (default: by the extension of --output, else csv)")
	cmd.Flags().StringVar(&output, "output", "", "`FILE` to write; it is replaced when the list is complete")
	cmd.Flags().BoolVar(&decided, "decided", false, "only what has been decided")
	cmd.Flags().BoolVar(&o.Excel, "excel", false, "begin CSV with a byte order mark, so that Excel reads UTF-8")
	cmd.Flags().BoolVar(&o.Raw, "raw", false, "leave the texts of CSV as they are: for programs, not for spreadsheets")
	return cmd
}

// exportFormat is the format asked for: by name, by --json, by the file's extension.
func (a *app) exportFormat(name, file string) (f export.Format, err error) {
	switch {
	case a.flags.json && name != "" && name != "json":
		return f, usagef("--json and --format %s: which of the two?", name)
	case a.flags.json:
		name = "json"
	case name == "" && file == "":
		name = "csv"
	}
	flag := "--format"
	if name != "" {
		f, err = export.ParseFormat(name)
	} else {
		flag = "--output"
		f, err = export.FormatOf(file)
	}
	if err != nil {
		return f, usagef("%s: %v", flag, err)
	}
	return f, nil
}

func formatTable() string {
	var b strings.Builder
	for _, f := range export.Formats() {
		fmt.Fprintf(&b, "  %-6s %s\n", f.Name, f.Title)
	}
	return b.String()
}
