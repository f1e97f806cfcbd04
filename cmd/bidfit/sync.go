package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/feeds"
	"bidfit/notice"
)

// syncAsk is what a sync was asked for, as typed.
type syncAsk struct {
	feedFlags
	since, from, to string
	audit           bool
	dry, watch      bool
}

func (a *app) syncCommand() *cobra.Command {
	var ask syncAsk
	cmd := &cobra.Command{
		Use:   "sync [FEED]",
		Short: "Read notices from the services that publish them",
		Long: fmt.Sprintf(`Read what the notice services have published since the last time into the store. FEED is one of
%s;
without one, those that the configuration or the pages switch on are read, one after another.

The first time the last 30 days are read (sync.since says otherwise). --since and --from read further back: what is
there already is not read again, so the same command goes on where it was stopped, also after a kill. Dates
are days in London, from their beginning to their beginning: --from 2026-08-10 --to 2026-08-11 is one day, the 10th.
Without --to everything up to now is read. --audit looks too for notices that are missing by their numbers, and asks for them; the
schedule does so once a day.

A service is asked no oftener than it allows, over all runs. When it fails, what was read is kept, the message says why,
and the exit code is 1; the same command goes on later. A feed has one run at a time: where somebody else is at it, the
exit code is 11. "bidfit status" tells how each feed is doing.

--watch stays and reads the feeds again and again, each in its time, as "bidfit serve" does without pages.
--base-url reads the same interface at another address, with its path: https://www.example.org/api/1.0.

--json ends with one line of totals over all feeds:
  {"releases","stored","duplicates","quarantined","requests","gaps"}
releases = stored + duplicates + quarantined; gaps are notices that should be there by their numbers and could not be had.`,
			strings.Replace(serviceNames(), ", folder", " or folder", 1)),
		Annotations: exits(storeExits...),
		Example: "  bidfit sync find-a-tender --since 30d\n  bidfit sync find-a-tender --from 2026-08-10 --to 2026-08-11 --json\n" +
			"  bidfit sync contracts-finder --from 2026-01-01 --dry-run\n  bidfit sync --watch",
		Args: arguments("[FEED]"),
	}
	cmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if ask.watch {
			atHome(cmd.Annotations) // it is a host itself
		}
		return a.begin(cmd, nil)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := ""
		if len(args) > 0 {
			name = args[0]
		}
		if ask.watch {
			return a.syncWatch(cmd.Context(), name, ask)
		}
		return a.sync(cmd.Context(), name, ask)
	}
	fs := cmd.Flags()
	fs.StringVar(&ask.since, "since", "", "read what was published in the last `SPAN`, such as 30d, 2w or 12h, or since a date")
	fs.StringVar(&ask.from, "from", "", "read from this `DATE` on, or time in RFC 3339")
	fs.StringVar(&ask.to, "to", "", "read up to the beginning of this `DATE`, or to a time")
	fs.StringVar(&ask.base, "base-url", "", "`URL` to read in the place of the service's own")
	fs.StringVar(&ask.rate, "rate", "", "ask no oftener than `N/SPAN`, such as 12/120s")
	fs.BoolVar(&ask.audit, "audit", false, "look too for notices that are missing by their numbers, where a service has numbers")
	fs.BoolVar(&ask.dry, "dry-run", false, "tell what would be asked for, and ask for nothing")
	fs.BoolVar(&ask.watch, "watch", false, "stay, and read again and again")
	return cmd
}

// window is what was asked for; the zero Ask is what is new.
func (s syncAsk) window(now time.Time) (ask feeds.Ask, err error) {
	ask.DryRun, ask.Audit = s.dry, s.audit
	if s.since != "" {
		if s.from != "" || s.to != "" {
			return ask, usagef("--since: it goes without --from and --to")
		}
		var day notice.Moment
		if day.UnmarshalText([]byte(s.since)) == nil {
			ask.From = day.Time
		} else if span, err := parseSpan("--since", s.since); err == nil {
			ask.From = now.Add(-span).Truncate(time.Second)
		} else {
			return ask, err
		}
		if ask.From.After(now) {
			return ask, usagef("--since: %s has not come yet", s.since)
		}
		return ask, nil
	}
	if s.to != "" && s.from == "" {
		return ask, usagef("--to: it needs --from, where to begin")
	}
	for _, end := range []struct {
		flag, typed string
		to          *time.Time
	}{{"--from", s.from, &ask.From}, {"--to", s.to, &ask.To}} {
		if end.typed == "" {
			continue
		}
		var m notice.Moment
		if err := m.UnmarshalText([]byte(end.typed)); err != nil {
			return ask, usagef("%s: %q is neither a date such as 2026-08-10 nor a time such as 2026-08-10T09:00:00+01:00", end.flag, end.typed)
		}
		*end.to = m.Time
	}
	switch {
	case ask.From.After(now):
		return ask, usagef("--from: %s has not come yet", s.from)
	case !ask.To.IsZero() && !ask.From.Before(ask.To):
		return ask, usagef("--to: %s is not after %s; a day ends with the beginning of the next, --to %s for this one", s.to, s.from, ask.From.In(notice.London).AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return ask, nil
}

// feedsMeant are the feed that is named, or those that are switched on.
func (a *app) feedsMeant(ctx context.Context, name string, f feedFlags) ([]desk.Scheduled, error) {
	if name != "" {
		s, err := findService(name)
		if err != nil {
			return nil, err
		}
		if s.base == "" && a.config.Sync.Folder == "" {
			return nil, usagef("%s: sync.folder in the configuration, or %s, says which one", name, variable("sync.folder"))
		}
		one, err := a.scheduledFeed(s, f)
		return []desk.Scheduled{one}, err
	}
	if f.base != "" || f.rate != "" {
		return nil, usagef("--base-url and --rate are of one feed: name it")
	}
	all, err := a.scheduled()
	if err != nil {
		return nil, err
	}
	d, err := a.open()
	if err != nil {
		return nil, err
	}
	var on []desk.Scheduled
	for _, s := range all {
		is, err := d.Switched(ctx, s)
		if err != nil {
			return nil, err
		}
		if is {
			on = append(on, s)
		}
	}
	if len(on) == 0 {
		return nil, usagef("no feed is switched on: name one of %s, or list some under sync.feeds in the configuration", serviceNames())
	}
	return on, nil
}

// sync reads feeds once, one after another; one that fails does not keep the others from being read.
func (a *app) sync(ctx context.Context, name string, typed syncAsk) error {
	ask, err := typed.window(a.now)
	if err != nil {
		return err
	}
	list, err := a.feedsMeant(ctx, name, typed.feedFlags)
	if err != nil {
		return err
	}
	d, err := a.open()
	if err != nil {
		return err
	}
	clock := func() time.Time { return time.Now().UTC() }
	var all feeds.Tally
	var failed error
	p := a.page()
	for _, f := range list {
		this := ask
		if ask.From.IsZero() {
			if this, err = d.Onward(ctx, f, a.now); err != nil {
				return err
			}
			this.DryRun, this.Audit = ask.DryRun, this.Audit || ask.Audit
		}
		tally, err := a.syncOne(ctx, d, f, this, clock, p)
		all.Add(tally.Taken)
		all.Requests += tally.Requests
		all.Gaps += tally.Gaps
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil {
			if busy := (*desk.BusyError)(nil); !errors.As(err, &busy) {
				err = fmt.Errorf("%s: %w", f.Feed.Name(), err)
			}
			if failed != nil || len(list) > 1 {
				fmt.Fprintln(a.stderr, "bidfit:", oneLine(err.Error()))
			}
			failed = cmp.Or(failed, err)
		}
		if !a.flags.json && !ask.DryRun {
			p.printf("%s: %s\n", f.Feed.Name(), whatCame(tally))
		}
	}
	if a.flags.json {
		return errors.Join(a.printJSON(all), failed)
	}
	return errors.Join(p.err, failed)
}

// syncOne reads one feed, or tells what it would read.
func (a *app) syncOne(ctx context.Context, d *desk.Desk, f desk.Scheduled, ask feeds.Ask, clock func() time.Time, p *page) (feeds.Tally, error) {
	if ask.DryRun {
		return a.rehearse(ctx, d, f, ask, p)
	}
	show := a.showSync(f)
	defer show.end()
	return d.Sync(ctx, f.Feed, ask, desk.Syncing{
		Who: a.config.Who + ", with bidfit sync", At: f.At, Clock: clock, Rejected: a.quarantined, Progress: show.told,
	})
}

// rehearsal gathers what a dry run would ask for: windows of a service, or files.
type rehearsal struct{ parts []string }

func (r *rehearsal) told(p feeds.Progress) {
	switch {
	case !p.From.IsZero():
		r.parts = append(r.parts, window(p.From, p.To))
	case p.Why != "":
		r.parts = append(r.parts, oneLine(p.Why))
	}
}

// mostRehearsed is how many parts of a dry run are listed.
const mostRehearsed = 20

// rehearse tells what a sync would ask for, and asks for nothing.
func (a *app) rehearse(ctx context.Context, d *desk.Desk, f desk.Scheduled, ask feeds.Ask, p *page) (feeds.Tally, error) {
	var r rehearsal
	_, err := d.Sync(ctx, f.Feed, ask, desk.Syncing{Who: a.config.Who + ", with bidfit sync --dry-run", At: f.At, Clock: time.Now, Progress: r.told})
	n := len(r.parts)
	if err != nil || a.flags.json {
		return feeds.Tally{Requests: n}, err
	}
	if f.Rate.Requests == 0 {
		p.printf("%s: %s would be read\n", f.Feed.Name(), notice.Count(n, "file", "files"))
	} else {
		p.printf("%s: %s would be sent at least, in %s\n", f.Feed.Name(), notice.Count(n, "request", "requests"), lasting(f.Rate.Time(n)))
	}
	for _, part := range r.parts[:min(n, mostRehearsed)] {
		p.printf("  %s\n", part)
	}
	if n > mostRehearsed {
		p.printf("  and %d more\n", n-mostRehearsed)
	}
	return feeds.Tally{Requests: n}, nil
}

// whatCame says what a sync did.
func whatCame(t feeds.Tally) string {
	s := fmt.Sprintf("%s read: %d stored, %d duplicates, %d quarantined; %s", notice.Count(t.Releases, "release", "releases"),
		t.Stored, t.Duplicates, t.Quarantined, notice.Count(t.Requests, "request", "requests"))
	if t.Gaps > 0 {
		s += "; " + notice.Count(t.Gaps, "notice is missing that should be there by its number", "notices are missing that should be there by their numbers")
	}
	return s
}

// lasting is a length of time, no finer than a person needs it.
func lasting(d time.Duration) string {
	switch {
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+.5))
	}
	return fmt.Sprintf("%d s", int(d.Seconds()+.5))
}

// syncShow shows how a sync goes on: as a bar on a terminal, else as a line now and then.
type syncShow struct {
	a       *app
	name    string
	bar     *progressbar.ProgressBar
	percent int    // that a line was written at
	why     string // that a line was written of
}

func (a *app) showSync(f desk.Scheduled) *syncShow {
	s := &syncShow{a: a, name: f.Feed.Name(), percent: -1}
	if a.screen.talk {
		s.bar = progressbar.NewOptions(1000, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(s.name),
			progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(true), progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false))
	}
	return s
}

func (s *syncShow) told(p feeds.Progress) {
	if s.bar != nil {
		s.bar.Describe(cut(s.name+": "+describe(p), max(40, s.a.screen.width-30)))
		s.bar.Set(p.Covered)
		return
	}
	why := p.Why
	if p.Wait == 0 || why == "rate" {
		why = ""
	}
	if p.Covered/10 == s.percent && (why == "" || why == s.why) {
		return
	}
	s.percent, s.why = p.Covered/10, why
	fmt.Fprintf(s.a.stderr, "bidfit: %s: %d%%, %s\n", s.name, s.percent, describe(p))
}

func (s *syncShow) end() {
	if s.bar != nil {
		s.bar.Finish()
	}
}

// describe is how far a sync is, in words.
func describe(p feeds.Progress) string {
	var parts []string
	if !p.From.IsZero() {
		parts = append(parts, window(p.From, p.To))
	}
	parts = append(parts, fmt.Sprintf("%s, %s", notice.Count(p.Releases, "release", "releases"), notice.Count(p.Requests, "request", "requests")))
	if p.Left > 0 {
		parts = append(parts, "about "+lasting(p.Left)+" left")
	}
	switch {
	case p.Wait >= time.Second && p.Why == "rate":
		parts = append(parts, "waiting "+lasting(p.Wait)+" to keep to the rate")
	case p.Wait >= time.Second:
		parts = append(parts, fmt.Sprintf("waiting %s: %s", lasting(p.Wait), oneLine(p.Why)))
	}
	return strings.Join(parts, ", ")
}

// window is a window of time as people in London write it.
func window(from, to time.Time) string {
	from, to = from.In(notice.London), to.In(notice.London)
	const day, minute = "2 Jan 2006 15:04", "15:04"
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format(day) + "–" + to.Format(minute)
	}
	return from.Format(day) + " – " + to.Format(day)
}

// syncWatch reads feeds again and again until it is told to stop, as the host of other commands.
func (a *app) syncWatch(ctx context.Context, name string, typed syncAsk) error {
	if typed.from != "" || typed.to != "" || typed.since != "" || typed.dry {
		return usagef("--watch reads what is new: --since, --from, --to and --dry-run are for one run. Give that first; sync.since says how far back the first one reads")
	}
	if name != "" { // before the store is opened
		if _, err := findService(name); err != nil {
			return err
		}
	}
	err := a.stay(ctx, func(d *desk.Desk, open func(at string)) error {
		list, err := a.feedsMeant(ctx, name, typed.feedFlags)
		if err != nil {
			return err
		}
		names := make([]string, len(list))
		for i := range list {
			list[i].On, names[i] = true, list[i].Feed.Name()
		}
		d.UseFeeds(list...)
		open("as bidfit sync --watch")
		fmt.Fprintf(a.stderr, "bidfit: reading %s into %s (Ctrl-C stops it)\n", strings.Join(names, ", "), a.tilde(a.config.Data))
		d.Watch(ctx, a.watching(d, "bidfit sync --watch"))
		fmt.Fprintln(a.stderr, "bidfit: stopped")
		return nil
	})
	if running := (*RunningError)(nil); errors.As(err, &running) {
		return fmt.Errorf("%w: \"bidfit serve\" reads feeds itself; switch them on there, under sync.feeds or on its page of feeds", err)
	}
	return err
}

// watching is how a schedule works.
func (a *app) watching(d *desk.Desk, who string) desk.Watching {
	return desk.Watching{Who: who, After: a.tick(d)}
}

// schedule reads feeds in the background. What it returns stops that and waits until what is under way has come to its end.
func (a *app) schedule(ctx context.Context, d *desk.Desk, who string) (stopped func() error) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Watch(ctx, a.watching(d, who))
	}()
	return func() error {
		stop()
		select {
		case <-done:
			return nil
		case <-time.After(stopTimeout):
			return fmt.Errorf("a feed did not stop within %s; what it had brought by then is kept", stopTimeout)
		}
	}
}
