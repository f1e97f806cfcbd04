package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

func (a *app) shortlistCommand() *cobra.Command {
	var e pursuit.Entry
	var stage, by, who string
	var remove, dates bool
	cmd := &cobra.Command{
		Use:   "shortlist PROFILE [OCID[/LOT]]",
		Short: "What is being worked on: stage, owner, next step, hours",
		Long: `List what stands on the shortlist of a profile, and what was decided to be bid for or
watched, in the order of the pipeline: qualify, prepare, submitted, won, lost, withdrawn. --dates lists by day
what comes of it: deadlines, milestones and next steps.

With a notice, or one of its lots, put that on the shortlist or change what stands there; what
is not said stays as it is. --remove takes it off.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit shortlist hartwell-resolve
  bidfit shortlist hartwell-resolve ocds-h6vhtk-demo02/2 --stage prepare --owner Kim --next "ask for the annex" --by 2026-07-01 --hours 24
  bidfit shortlist hartwell-resolve --dates`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 && !remove {
				return arguments("PROFILE")(cmd, args)
			}
			return arguments("PROFILE", "OCID[/LOT]")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) == 1 {
				return a.shortlist(cmd.Context(), args[0], dates)
			}
			e.Profile = args[0]
			if e.Target, err = pursuit.ParseTarget(args[1]); err != nil {
				return usageError{err}
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			if remove {
				return a.unlist(cmd.Context(), d, e)
			}
			if err := a.entry(cmd, d, &e, stage, by, who); err != nil {
				return d.Registered(cmd.Context(), e.Profile, err)
			}
			kept, err := d.PutEntry(cmd.Context(), e)
			if err != nil {
				return d.Registered(cmd.Context(), e.Profile, err)
			}
			if a.flags.json {
				return a.printJSON(kept)
			}
			p := a.page()
			p.printf("%s: %s\n", oneLine(kept.Target.String()), oneLine(entryWords(&kept)))
			return p.err
		},
	}
	cmd.Flags().StringVar(&stage, "stage", "", "how far it is: qualify, prepare, submitted, won, lost, withdrawn (at first: qualify)")
	cmd.Flags().StringVar(&e.Owner, "owner", "", "`NAME` of whoever writes the bid")
	cmd.Flags().StringVar(&e.Note, "note", "", "a `SENTENCE` to remember")
	cmd.Flags().StringVar(&e.Next, "next", "", "what is to be done `NEXT`")
	cmd.Flags().StringVar(&by, "by", "", "and by which `DATE`")
	cmd.Flags().IntVar(&e.Hours, "hours", 0, "the bid takes, 0 where that is not known")
	cmd.Flags().StringVar(&who, "who", "", "`NAME` of whoever says so (default: the user)")
	cmd.Flags().BoolVar(&remove, "remove", false, "take it off the shortlist")
	cmd.Flags().BoolVar(&dates, "dates", false, "list what comes when")
	return cmd
}

// entry fills an entry with what stands on the shortlist already, where nothing else was said.
func (a *app) entry(cmd *cobra.Command, d *desk.Desk, e *pursuit.Entry, stage, by, who string) (err error) {
	old, err := d.Entry(cmd.Context(), e.Profile, e.Target)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	said := cmd.Flags().Changed
	for name, field := range map[string]struct{ to, from *string }{"owner": {&e.Owner, &old.Owner}, "note": {&e.Note, &old.Note}, "next": {&e.Next, &old.Next}} {
		if !said(name) {
			*field.to = *field.from
		}
	}
	if !said("hours") {
		e.Hours = old.Hours
	}
	e.NextBy = old.NextBy
	if said("by") {
		e.NextBy = notice.Moment{}
		if by != "" {
			if err := e.NextBy.UnmarshalText([]byte(by)); err != nil {
				return usagef("--by: %w", err)
			}
		}
	}
	if e.Stage = old.Stage; e.Stage == "" {
		e.Stage = pursuit.Qualify
	}
	if said("stage") {
		if e.Stage, err = pursuit.ParseProgress(stage); err != nil {
			return usagef("--stage: %w", err)
		}
	}
	e.Who, e.When = a.user(who), a.now.UTC()
	if err := e.Check(); err != nil {
		return usageError{err}
	}
	return nil
}

func (a *app) unlist(ctx context.Context, d *desk.Desk, e pursuit.Entry) error {
	t, err := d.Unlist(ctx, e.Profile, e.Target)
	if err != nil {
		return d.Registered(ctx, e.Profile, err)
	}
	if a.flags.json {
		return a.printJSON(t)
	}
	p := a.page()
	p.printf("%s is off the shortlist of %s\n", oneLine(t.String()), e.Profile)
	return p.err
}

func (a *app) shortlist(ctx context.Context, profile string, dates bool) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	if dates {
		return a.agenda(ctx, d, profile)
	}
	s, err := d.Shortlisted(ctx, profile, a.asOf)
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	if a.flags.json {
		return a.printJSON(s)
	}
	p := a.page()
	p.printf("%s as of %s: %s\n", p.in(bold, s.Profile), date(s.AsOf), notice.Count(len(s.Rows), "bid or watch", "bids and watches"))
	at := pursuit.Progress("none")
	for _, r := range s.Rows {
		var stage pursuit.Progress
		if r.Entry != nil {
			stage = r.Entry.Stage
		}
		if stage != at {
			at = stage
			name := string(stage)
			if name == "" {
				name = "decided, and not on the shortlist"
			}
			p.heading(name)
		}
		p.working(r)
	}
	return p.err
}

// working is one row of the shortlist.
func (p *page) working(r desk.Row) {
	title := lotTitle(r.Target.Lot, r.Fit.Title)
	if r.Gone {
		title += " (no longer in the store)"
	}
	lead := fmt.Sprintf("%s  %s  ", p.in(bold, pad(fmt.Sprint(r.Fit.Score), -3)), p.advice(r.Fit.Advice, 6))
	p.printf("%s%s\n", lead, cut(oneLine(title), p.width-width(lead)))
	decided := ""
	if r.Decision != nil {
		decided = "decided: " + string(r.Decision.Verdict)
		if r.Against {
			decided += ", against the advice"
		}
	}
	p.printf("     %s\n", p.in(faint, cut(join(" · ", decided, r.Target.String(), due(r), rowWorth(r), r.Buyer), p.width-5)))
	if r.Entry != nil {
		if words := entryWords(r.Entry); words != string(r.Entry.Stage) {
			p.remark(green, "→", oneLine(words))
		}
	}
}

// entryWords is what stands on the shortlist of something.
func entryWords(e *pursuit.Entry) string {
	next := e.Next
	if !e.NextBy.IsZero() {
		next = join(" ", next, "by "+e.NextBy.Date())
	}
	hours := ""
	if e.Hours > 0 {
		hours = notice.Count(e.Hours, "hour", "hours")
	}
	return join(" · ", string(e.Stage), e.Owner, next, hours, e.Note)
}

func (a *app) agenda(ctx context.Context, d *desk.Desk, profile string) error {
	g, err := d.Agenda(ctx, profile, desk.AgendaOptions{AsOf: a.asOf})
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	if a.flags.json {
		return a.printJSON(g)
	}
	p := a.page()
	p.printf("%s as of %s: %s on which something comes\n", p.in(bold, g.Profile), date(g.AsOf), notice.Count(len(g.Days), "day", "days"))
	for _, x := range g.Days {
		p.heading(join(", ", date(x.Day), inDays(x.Left), x.Holiday))
		for _, e := range x.Events {
			at := "     "
			if !e.When.Day {
				at = e.When.In(notice.London).Format("15:04")
			}
			p.printf("  %s  %s\n", at, cut(oneLine(join(" · ", e.What, e.Target.String(), e.Title)), p.width-9))
		}
	}
	return p.err
}
