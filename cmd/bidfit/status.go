package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
)

// ready is what "status" may be expected to find.
const ready = "ready"

func (a *app) statusCommand() *cobra.Command {
	expect := ""
	cmd := &cobra.Command{
		Use:   "status",
		Short: "How fresh the data is, and which feed fails",
		Long: `Tell what is stored, how fresh it is, and of every feed when it was last read, what came, since when it
fails and why, and when it is read next.

"Ready" is what a server says at /readyz: the index is in step, and every feed that is switched on was read or went on
within sync.stale (6 hours, or three of its intervals where that is longer). --expect ready exits with 3 where it is not, for scripts.`,
		Annotations: exits(append(storeExits, exitUnexpected)...),
		Example:     "  bidfit status\n  bidfit status --json\n  bidfit status --expect ready",
		Args:        arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if expect != "" && expect != ready {
				return usagef("--expect: %q is not what a status can be held to; write ready", expect)
			}
			return a.status(cmd.Context(), expect)
		},
	}
	cmd.Flags().StringVar(&expect, "expect", "", "exit with 3 unless it is `ready`")
	return cmd
}

func (a *app) status(ctx context.Context, expect string) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	s, err := d.Status(ctx, a.asOf, a.now)
	if err != nil {
		return err
	}
	s.Version = thisVersion().Version
	if a.flags.json {
		err = a.printJSON(s)
	} else {
		err = a.statusPage(s)
	}
	if err == nil && expect == ready && !s.Ready {
		err = unexpectedError{fmt.Errorf("not ready: %s", strings.Join(s.Reasons, "; "))}
	}
	return err
}

func (a *app) statusPage(s desk.Status) error {
	p := a.page()
	if s.Ready {
		p.printf("%s\n", p.in(green, "ready"))
	} else {
		for _, r := range s.Reasons {
			p.wrapped(p.in(red, "not ready")+"  ", r)
		}
	}
	p.heading("Data")
	p.field("notices", fmt.Sprintf("%d out of %s, %d open", s.Store.Notices, notice.Count(s.Store.Releases, "release", "releases"), s.Fresh.Open))
	p.field("newest release", instant(s.Fresh.Release))
	p.field("last read", instant(s.Fresh.Ingest))
	p.field("quarantine", notice.Count(s.Fresh.Quarantined, "release", "releases"))
	behind := "in step"
	if n := s.Fresh.Behind; n > 0 {
		behind = notice.Count(n, "notice", "notices") + " behind"
	}
	p.field("index", behind)
	var off []string
	for _, f := range s.Feeds {
		if !f.On && f.Runs == 0 {
			off = append(off, f.Feed)
			continue
		}
		p.heading(f.Feed)
		for _, line := range feedLines(f) {
			p.field(line[0], line[1])
		}
	}
	if len(off) > 0 {
		p.heading("Feeds that are switched off")
		p.wrapped("  ", strings.Join(off, ", "))
	}
	return p.err
}

// feedLines are what there is to say of a feed; what is not so is left out.
func feedLines(f desk.FeedStatus) (lines [][2]string) {
	say := func(label, text string) {
		if text != "" {
			lines = append(lines, [2]string{label, text})
		}
	}
	on := "off"
	if f.On {
		on = "on"
	}
	say("schedule", on+after(", next ", instant(f.Next)))
	say("address", f.At)
	if r := f.Running; r != nil {
		say("reading now", fmt.Sprintf("%d%%, since %s, by %s%s", r.Covered/10, instant(r.Since), r.Who, after("; waiting: ", r.Waiting)))
	}
	switch {
	case f.Began.IsZero():
		say("last run", "none yet")
	case f.Ended.Before(f.Began) && f.Running == nil:
		say("last run", instant(f.Began)+", cut off; the next goes on from there")
	case f.Running == nil:
		say("last run", instant(f.Ended))
	}
	say("read up to now", instant(f.Succeeded))
	if !f.Failing.IsZero() {
		say("failing since", fmt.Sprintf("%s, %s: %s", instant(f.Failing), notice.Count(f.Failures, "time", "times"), f.Why))
	}
	if !f.From.IsZero() && !f.To.IsZero() {
		say("last window", window(f.From, f.To))
	}
	say("newest release", instant(f.Newest))
	if f.Runs > 0 {
		say("last time", whatCame(f.Last))
		say("all told", whatCame(f.Total))
	}
	say("looked for gaps", instant(f.Audited))
	say("beware", f.Drift)
	return lines
}

// instant is an instant in London; "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(notice.London).Format("2 January 2006, 15:04")
}

// after is text after something, nothing for no text.
func after(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}
