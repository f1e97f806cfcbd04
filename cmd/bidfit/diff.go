package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/profiles"
	"bidfit/store"
)

func (a *app) profileDiff() *cobra.Command {
	return &cobra.Command{
		Use:   "diff PROFILE [FILE|REVISION] [REVISION]",
		Short: "What two states of a profile say differently, and what that does to the list",
		Long: `Compare the stored profile with a file (- for standard input), or an earlier revision with the
stored profile or with another revision; of a profile alone the revision before it. Told are the
fields that changed, which notices enter and leave the first 20, and which are advised otherwise.

Revisions that a decision cites are always kept; others may be gone.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit profile diff hartwell-resolve changed.yaml
  bidfit profile diff hartwell-resolve 1`,
		Args: arguments("PROFILE", "[FILE|REVISION]", "[REVISION]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			before, after, err := a.twoStates(cmd.Context(), d, args)
			if err != nil {
				return err
			}
			diff, err := d.DiffProfiles(cmd.Context(), before.Profile, after.Profile, a.asOf)
			if err != nil {
				return err
			}
			diff.Before, diff.After = before.what, after.what
			if a.flags.json {
				return a.printJSON(diff)
			}
			p := a.page()
			p.printf("%s: %s compared with %s, as of %s\n", p.in(bold, diff.Profile), oneLine(diff.After), oneLine(diff.Before), date(diff.AsOf))
			if len(diff.Changes) == 0 {
				p.printf("\nBoth say the same.\n")
				return p.err
			}
			p.heading("Changed")
			for _, c := range diff.Changes {
				p.wrapped("  ", c.String())
			}
			p.heading("The list")
			p.effect(diff.Effect)
			return p.err
		},
	}
}

// state is a profile and what it is called: "revision 3", a file's name.
type state struct {
	profiles.Profile
	what string
}

// twoStates finds the two profiles to be compared, the earlier one first.
func (a *app) twoStates(ctx context.Context, d *desk.Desk, args []string) (before, after state, err error) {
	revision := func(n uint64) (state, error) {
		p, err := d.ProfileRevision(ctx, args[0], n)
		if err != nil {
			return state{}, fmt.Errorf("profile %s, revision %d: %w", args[0], n, err)
		}
		return state{p, fmt.Sprintf("revision %d", n)}, nil
	}
	numbers := make([]uint64, 0, 2)
	for _, arg := range args[1:] {
		n, err := strconv.ParseUint(arg, 10, 64)
		switch {
		case err == nil:
			numbers = append(numbers, n)
		case len(args) == 3:
			return before, after, usagef("diff: %q is no number of a revision; two revisions, or one file, can be compared", arg)
		}
	}
	if len(numbers) == 2 {
		if before, err = revision(numbers[0]); err == nil {
			after, err = revision(numbers[1])
		}
		return before, after, err
	}
	stored, err := d.Profile(ctx, args[0])
	if err != nil {
		return before, after, d.Registered(ctx, args[0], err)
	}
	now := state{stored.Profile, fmt.Sprintf("revision %d", stored.Revision)}
	switch {
	case len(numbers) == 1:
		before, err = revision(numbers[0])
		return before, now, err
	case len(args) == 2:
		after, err = a.fileState(args[1], args[0])
		return now, after, err
	case stored.Revision == 1:
		return before, after, usagef("diff: %s has only one revision; name a file to compare it with", stored.ID)
	}
	before, err = revision(stored.Revision - 1)
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("%w; name a file or another revision to compare with", err)
	}
	return before, now, err
}

// fileState reads the profile of a file: the one with the id or, where it holds only one, that.
func (a *app) fileState(file, id string) (state, error) {
	all, err := a.readProfiles(file)
	if err != nil {
		return state{}, err
	}
	for _, p := range all {
		if p.ID == id || len(all) == 1 {
			return state{p, file}, nil
		}
	}
	return state{}, usagef("diff: %s holds %d profiles and none is called %s", file, len(all), id)
}
