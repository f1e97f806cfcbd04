package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/profiles"
	"bidfit/store"
)

func (a *app) profileCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Register, draft, examine and compare supplier profiles",
		Args:  arguments(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.profileAdd(), a.profileList(), a.profileShow(), a.profileRemove(), a.profileSuggest(), a.profileDoctor(), a.profileDiff())
	return cmd
}

func (a *app) profileAdd() *cobra.Command {
	return &cobra.Command{
		Use:   "add FILE…",
		Short: "Register profiles from YAML or JSON files, - for standard input",
		Long: `Register the profiles of the files, or new revisions of those already there. All
files are checked before anything is stored; an error names file, line, field and remedy.`,
		Annotations: exits(storeExits...),
		Example:     "  bidfit profile add hartwell.yaml",
		Args:        arguments("FILE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []profiles.Profile
			var errs []error
			for _, file := range args {
				ps, err := a.readProfiles(file)
				errs = append(errs, err)
				all = append(all, ps...)
			}
			if err := errors.Join(errs...); err != nil {
				for _, line := range strings.Split(err.Error(), "\n") {
					fmt.Fprintln(a.stderr, oneLine(line))
				}
				return errors.New("nothing was registered")
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			added := make([]store.Profile, len(all))
			for i, p := range all {
				if added[i], err = d.PutProfile(cmd.Context(), p, a.now.UTC()); err != nil {
					return err
				}
			}
			if a.flags.json {
				return a.printJSON(added)
			}
			p := a.page()
			for _, s := range added {
				p.printf("%s registered (%s), revision %d\n", s.ID, oneLine(s.Name), s.Revision)
			}
			return p.err
		},
	}
}

func (a *app) readProfiles(file string) ([]profiles.Profile, error) {
	f, err := a.input(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return profiles.Decode(f, file)
}

func (a *app) profileList() *cobra.Command {
	return &cobra.Command{
		Use:         "list",
		Short:       "List the registered profiles",
		Long:        "List the registered profiles.",
		Annotations: exits(storeExits...),
		Args:        arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			all, err := d.Profiles(cmd.Context())
			if err != nil {
				return err
			}
			if a.flags.json {
				if all == nil {
					all = []store.Profile{}
				}
				return a.printJSON(all)
			}
			p := a.page()
			if len(all) == 0 {
				p.printf("No profile is registered. \"bidfit profile add FILE\" registers one.\n")
			}
			for _, s := range all {
				p.printf("%s  %s\n", pad(s.ID, 24), cut(s.Name, p.width-26))
			}
			return p.err
		},
	}
}

func (a *app) profileShow() *cobra.Command {
	return &cobra.Command{
		Use:         "show PROFILE",
		Short:       "Print a profile as a file that \"profile add\" reads",
		Long:        "Print a profile as YAML (or JSON) that \"profile add\" reads again.",
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			s, err := d.Profile(cmd.Context(), args[0])
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(s.Profile)
			}
			_, err = a.stdout.Write(profiles.Encode(s.Profile))
			return err
		},
	}
}

func (a *app) profileRemove() *cobra.Command {
	return &cobra.Command{
		Use:         "remove PROFILE",
		Short:       "Remove a profile; what was decided for it stays",
		Long:        "Remove a profile. Its decisions, and the revisions they cite, stay.",
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			if err := d.RemoveProfile(cmd.Context(), args[0]); err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(map[string]string{"removed": args[0]})
			}
			p := a.page()
			p.printf("%s removed\n", args[0])
			return p.err
		},
	}
}
