package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/notice"
	"bidfit/store"
)

func (a *app) verifyCommand() *cobra.Command {
	var rebuild, quarantine bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read everything in the store and check it",
		Long: `Read every record: checksums, keys both ways, that each notice is what its releases
say when read together, that the change feed is complete, and that the index holds what the store
holds. Prints what is wrong, one finding a line.

--quarantine lists the releases that could not be read, with file, place and reason.

--rebuild-index throws the index away first and reads the store into a new one.`,
		Annotations: exits(storeExits...),
		Args:        arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			if rebuild {
				if err := d.RebuildIndex(cmd.Context()); err != nil {
					return err
				}
			}
			findings := []store.Finding{}
			for f, err := range d.Verify(cmd.Context()) {
				if err != nil {
					return err
				}
				findings = append(findings, f)
			}
			stats, err := d.Stats(cmd.Context())
			if err != nil {
				return err
			}
			var rejected []notice.Rejected
			if quarantine {
				for r, err := range d.Quarantined(cmd.Context()) {
					if err != nil {
						return err
					}
					rejected = append(rejected, r)
				}
			}
			if a.flags.json {
				err = a.printJSON(struct {
					store.Stats
					Findings   []store.Finding   `json:"findings"`
					Quarantine []notice.Rejected `json:"quarantine,omitzero"`
				}{stats, findings, rejected})
			} else {
				p := a.page()
				for _, r := range rejected {
					p.printf("%s\n", rejection(r))
				}
				for _, f := range findings {
					p.printf("%s\n", oneLine(f.Where+": "+f.Reason))
				}
				p.printf("%s, %s, %s, %s, %d rated, %d quarantined\n", notice.Count(stats.Releases, "release", "releases"), notice.Count(stats.Notices, "notice", "notices"),
					notice.Count(stats.Profiles, "profile", "profiles"), notice.Count(stats.Pursuits, "pursuit", "pursuits"), stats.Ratings, stats.Quarantined)
				if len(findings) == 0 {
					p.printf("Everything is whole.\n")
				}
				err = p.err
			}
			if err == nil && len(findings) > 0 {
				err = &store.CorruptError{Where: findings[0].Where, Err: fmt.Errorf("%s; %s in all. An index is mended with --rebuild-index; a store is best read in anew from its files",
					findings[0].Reason, notice.Count(len(findings), "finding", "findings"))}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&quarantine, "quarantine", false, "list what could not be read")
	cmd.Flags().BoolVar(&rebuild, "rebuild-index", false, "throw the index away and build it anew")
	return cmd
}
