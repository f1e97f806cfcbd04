package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/notice"
	"bidfit/notice/ocds"
)

func (a *app) compileCommand() *cobra.Command {
	var versioned bool
	var schema string
	cmd := &cobra.Command{
		Use:   "compile FILE…",
		Short: "Merge releases into compiled releases, as JSON Lines",
		Long: `Merge the releases of each OCID by the rules of OCDS 1.1.5 and print one compiled
(or versioned) release a line, in the order the OCIDs first appear. FILE is anything "bidfit
ingest" reads, - for standard input. What cannot be read is reported and passed over.`,
		Annotations: atHome(exits(exitDone, exitFailed, exitUsage, exitInterrupted)),
		Example:     "  bidfit compile releases.json\n  bidfit compile --versioned --schema release-schema.json releases.json",
		Args:        arguments("FILE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules := ocds.DefaultRules()
			if schema != "" {
				f, err := a.openNamed(schema)
				if err != nil {
					return fmt.Errorf("reading the schema: %w", err)
				}
				rules, err = ocds.ReadRules(f)
				f.Close()
				if err != nil {
					return fmt.Errorf("schema %s: %w", schema, err)
				}
			}
			var order []string
			releases := map[string][]notice.Release{}
			for _, file := range args {
				err := a.decodeFile(cmd.Context(), file, func(i ocds.Item) error {
					switch {
					case i.Rejected != nil:
						a.quarantined(*i.Rejected)
					default:
						if _, ok := releases[i.Release.OCID]; !ok {
							order = append(order, i.Release.OCID)
						}
						releases[i.Release.OCID] = append(releases[i.Release.OCID], *i.Release)
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			merge := ocds.CompileJSON
			if versioned {
				merge = ocds.VersionedJSON
			}
			out := bufio.NewWriter(a.stdout)
			for _, ocid := range order {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				compiled, err := merge(releases[ocid], rules)
				if err != nil {
					return fmt.Errorf("compiling %s: %w", ocid, err)
				}
				if _, err := out.Write(append(compiled, '\n')); err != nil {
					return err
				}
			}
			return out.Flush()
		},
	}
	cmd.Flags().BoolVar(&versioned, "versioned", false, "print versioned releases: every value each field has had")
	cmd.Flags().StringVar(&schema, "schema", "", "take the merge rules from this release schema `FILE`")
	return cmd
}
