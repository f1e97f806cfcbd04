package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/mcp"
	"bidfit/notice"
)

func (a *app) mcpCommand() *cobra.Command {
	var writes bool
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Let an assistant work with bidfit (Model Context Protocol)",
		Long: `Answer an assistant that speaks the Model Context Protocol on standard input and output:
it can list profiles, match, explain, search and read notices. docs/mcp.md says how to set one up.

With --allow-writes it can also decide, snooze and rate, in your name.

While it runs, other commands work beside it. Where "bidfit serve" runs, it works through that.`,
		Annotations: exits(storeExits...),
		Example:     "  bidfit mcp\n  bidfit mcp --allow-writes --as-of 2026-06-24",
		Args:        arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if a.host != nil {
				d, err := a.open()
				if err != nil {
					return err
				}
				return a.mcp(ctx, d, writes)
			}
			err := a.stay(ctx, func(d *desk.Desk, open func(at string)) error {
				open("as bidfit mcp")
				return a.mcp(ctx, d, writes)
			})
			if e := (*RunningError)(nil); errors.As(err, &e) { // it came up a moment ago
				return a.handOver(ctx)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&writes, "allow-writes", false, "let the assistant decide, snooze and rate")
	return cmd
}

func (a *app) mcp(ctx context.Context, d *desk.Desk, writes bool) error {
	return mcp.Serve(ctx, mcp.Options{
		Desk: d, Clock: a.clock(a.flags.asOf != ""), Now: time.Now, Who: a.config.Who + " (mcp)", Writes: writes, Version: thisVersion().Version,
		Log: slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}, a.stdin, a.stdout)
}

// clock tells the time that the answers of a command that stays speak of; a fixed one stands still at --as-of, or at
// the day of the sample.
func (a *app) clock(fixed bool) func() time.Time {
	if fixed {
		return func() time.Time { return a.asOf }
	}
	return func() time.Time { return time.Now().In(notice.London).Truncate(time.Second) }
}
