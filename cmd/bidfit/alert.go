package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
)

func (a *app) alertCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alert",
		Short: "Be told what is new, changed or closing, without asking",
		Long: `Alerts tell people what is new for a profile: as e-mail, as a signed webhook, or as a feed and a
calendar at a secret address. "serve" and "sync --watch" send what is due every minute;
"alert run" does it once, for cron. Nothing is sent unless the configuration names a server
for e-mail; docs/alerts.md says how.`,
		Annotations: exits(exitDone, exitUsage),
		Args:        arguments(),
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.alertAdd(), a.alertChange(), a.alertList(), a.alertShow(), a.alertSwitch("pause", true), a.alertSwitch("resume", false), a.alertRemove(), a.alertTest(), a.alertLog(), a.alertRun())
	return cmd
}

// alertFlags are what the command line says of a subscription.
type alertFlags struct {
	email, webhook string
	feed, atOnce   bool
	daily, days    string
	at, advice     string
	tell           []string
	score, closing int
	who            string
}

func (f *alertFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.email, "email", "", "send e-mail to this `ADDRESS`")
	flags.StringVar(&f.webhook, "webhook", "", "send signed JSON to this `URL`")
	flags.StringVar(&f.daily, "daily", "", "every day at `TIME` in London (usual: 07:30)")
	flags.StringVar(&f.days, "days", "", "on these `DAYS` alone: mon,wed or mon-fri")
	flags.StringVar(&f.at, "at", "", "at `TIME` in London")
	flags.BoolVar(&f.atOnce, "at-once", false, "as soon as something happens")
	flags.StringVar(&f.advice, "advice", "", "the least advice that is told of: bid, review (usual: review)")
	flags.IntVar(&f.score, "score", 0, "the least `POINTS` that are told of")
	flags.StringSliceVar(&f.tell, "tell", nil, "`WHAT` is told: new, changed, closing, withdrawn (usual: all)")
	flags.IntVar(&f.closing, "closing", 0, "a notice is closing so many `DAYS` before its deadline (usual: 3)")
	flags.StringVar(&f.who, "who", "", "`NAME` of whoever subscribes (default: the user)")
}

// wish puts what was said into a wish; what was not stays as it is.
func (f *alertFlags) wish(cmd *cobra.Command, w *alerts.Wish) (err error) {
	said := cmd.Flags().Changed
	var channels []alerts.Channel
	if said("email") {
		channels, w.To = append(channels, alerts.Email), f.email
	}
	if said("webhook") {
		channels, w.To = append(channels, alerts.Webhook), f.webhook
	}
	if f.feed {
		channels = append(channels, alerts.Feed)
	}
	switch {
	case len(channels) > 1:
		return usagef("an alert goes one way: give one of --email, --webhook and --feed")
	case len(channels) == 1:
		w.Channel = channels[0]
	case w.Channel == "":
		return usagef("where to? give --email ADDRESS, --webhook URL or --feed")
	}
	if f.atOnce && (said("daily") || said("days") || said("at")) {
		return usagef("--at-once has no days and no time; leave out --daily, --days and --at, or --at-once")
	}
	if said("daily") && (said("days") || said("at")) {
		return usagef("--daily TIME is every day; give --days DAYS and --at TIME for some of them")
	}
	switch {
	case f.atOnce:
		w.AtOnce, w.At, w.Days = true, "", nil
	case said("daily"):
		w.AtOnce, w.At, w.Days = false, f.daily, nil
	case said("days"):
		w.AtOnce = false
		if w.Days, err = alerts.ParseDays(f.days); err != nil {
			return usagef("--days: %w", err)
		}
	}
	if said("at") {
		w.AtOnce, w.At = false, f.at
	}
	if said("advice") {
		w.Advice = matcher.Advice(f.advice)
	}
	if said("score") {
		w.Score = f.score
	}
	if said("closing") {
		w.ClosingDays = f.closing
	}
	if said("tell") {
		w.Tells = nil
		for _, t := range f.tell {
			h, err := alerts.ParseHappening(strings.TrimSpace(t))
			if err != nil {
				return usagef("--tell: %w", err)
			}
			w.Tells = append(w.Tells, h)
		}
	}
	return nil
}

// engine is who tells people, over the desk.
func (a *app) engine() (*desk.Desk, *alerts.Engine, error) {
	d, err := a.open()
	if err != nil {
		return nil, nil, err
	}
	e, err := a.alerts(d)
	return d, e, err
}

// wrongAlert is an error of a subscription as a command has it.
func wrongAlert(err error) error {
	if wrong, ok := errors.AsType[alerts.WrongError](err); ok {
		return usageError{wrong}
	}
	return err
}

func (a *app) alertAdd() *cobra.Command {
	var f alertFlags
	cmd := &cobra.Command{
		Use:   "add PROFILE --email ADDRESS | --webhook URL | --feed",
		Short: "Subscribe to a profile",
		Long: `Subscribe to what is new for a profile. It tells of what happens from now on. What a webhook is
verified with, and the addresses of a feed, are told here, once.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit alert add hartwell-resolve --email bids@supplier.example
  bidfit alert add hartwell-resolve --email bids@supplier.example --days mon,thu --at 08:00 --advice bid
  bidfit alert add hartwell-resolve --webhook https://hooks.supplier.example/bidfit --at-once --score 40 --tell new,changed
  bidfit alert add hartwell-resolve --feed`,
		Args: arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var w alerts.Wish
			if err := f.wish(cmd, &w); err != nil {
				return err
			}
			d, e, err := a.engine()
			if err != nil {
				return err
			}
			o, err := e.Open(cmd.Context(), args[0], w, a.user(f.who), a.config.Alerts.URL, a.now.UTC())
			if err != nil {
				return wrongAlert(d.Registered(cmd.Context(), args[0], err))
			}
			if a.flags.json {
				return a.printJSON(o)
			}
			p := a.page()
			p.printf("%s: %s is told by %s %s\n", p.in(bold, o.ID), oneLine(o.Profile), o.Channel, oneLine(cmp.Or(o.To, "that is fetched")))
			p.field("When", o.Times())
			p.field("What", o.Of())
			if o.Key != "" {
				p.field("Key", o.Key)
			}
			if o.Atom != "" {
				p.field("Feed", o.Atom)
				p.field("Calendar", o.Calendar)
			}
			switch {
			case o.Key != "":
				p.printf("Keep the key: receivers verify with it, and it is not told again (docs/alerts.md).\n")
			case o.Atom != "" && a.config.Alerts.URL == "":
				p.printf("Keep the addresses, they are not told again. They begin with where \"bidfit serve\" is reached; alerts.url in the configuration names it.\n")
			case o.Atom != "":
				p.printf("Keep the addresses, they are not told again. Whoever has them can read the list.\n")
			}
			return p.err
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.feed, "feed", false, "be fetched as an Atom feed and a calendar, at secret addresses")
	return cmd
}

func (a *app) alertChange() *cobra.Command {
	var f alertFlags
	cmd := &cobra.Command{
		Use:         "change ALERT",
		Short:       "Change when and what a subscription tells",
		Long:        `Change a subscription. What is not said stays as it is; the way it goes stays too.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit alert change k3v9qpt2mwxz4abc --days mon-fri --at 06:45",
		Args:        arguments("ALERT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.revise(cmd, args[0], f.who, "changed", func(w *alerts.Wish) error { return f.wish(cmd, w) })
		},
	}
	f.add(cmd)
	return cmd
}

// told says what was done to a subscription.
func (a *app) told(_ *cobra.Command, s alerts.Subscription, err error, what string) error {
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(s)
	}
	p := a.page()
	p.printf("%s is %s: %s %s, %s, %s\n", oneLine(s.ID), what, s.Channel, oneLine(cmp.Or(s.To, "feed")), s.Times(), s.Of())
	return p.err
}

func (a *app) alertList() *cobra.Command {
	return &cobra.Command{
		Use:         "list PROFILE",
		Short:       "List the subscriptions of a profile",
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, e, err := a.engine()
			if err != nil {
				return err
			}
			o, err := e.Overview(cmd.Context(), args[0], usualSent, a.now)
			if err != nil {
				return d.Registered(cmd.Context(), args[0], err)
			}
			if a.flags.json {
				return a.printJSON(o)
			}
			p := a.page()
			p.printf("%s: %s\n", p.in(bold, oneLine(o.Profile)), notice.Count(len(o.Alerts), "subscription", "subscriptions"))
			for _, s := range o.Alerts {
				a.standing(p, s)
			}
			return p.err
		},
	}
}

// usualSent is how many of those sent are told of.
const usualSent = 10

// standing prints a subscription, and how it stands.
func (a *app) standing(p *page, s alerts.Standing) {
	p.heading(fmt.Sprintf("%s  %s %s", s.ID, s.Channel, oneLine(s.To)))
	p.field("When", s.Times())
	p.field("What", s.Of())
	switch {
	case s.Paused:
		p.field("Paused", oneLine(cmp.Or(s.Why, "yes")))
	case !s.Next.IsZero():
		p.field("Next", instantWords(s.Next))
	}
	for _, w := range s.Waiting {
		text := fmt.Sprintf("%s of %s, tried %s", notice.Count(w.Items, "notice", "notices"), instantWords(w.Made), notice.Count(w.Attempts, "time", "times"))
		if w.Why != "" {
			text += ": " + oneLine(w.Why)
		}
		p.field("Waiting", text)
	}
	for _, x := range s.Sent {
		p.field(upperFirst(string(x.Outcome)), sentWords(x))
	}
}

// sentWords is what became of a message.
func sentWords(x alerts.Sent) string {
	text := fmt.Sprintf("%s on %s", notice.Count(x.Items, "notice", "notices"), instantWords(x.Done))
	if x.Attempts > 1 {
		text += fmt.Sprintf(", at the %d. attempt", x.Attempts)
	}
	if x.Why != "" {
		text += ": " + oneLine(x.Why)
	}
	return text
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// instantWords is an instant by London's clock.
func instantWords(t time.Time) string { return t.In(notice.London).Format("2 January 2006, 15:04") }

func (a *app) alertShow() *cobra.Command {
	return &cobra.Command{
		Use:         "show ALERT",
		Short:       "Show a subscription, what waits and what was sent",
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("ALERT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showAlert(cmd.Context(), args[0], usualSent)
		},
	}
}

func (a *app) showAlert(ctx context.Context, id string, most int) error {
	_, e, err := a.engine()
	if err != nil {
		return err
	}
	s, err := e.Standing(ctx, "", id, most, a.now)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(s)
	}
	p := a.page()
	p.printf("%s\n", p.in(bold, oneLine(s.Profile)))
	a.standing(p, s)
	return p.err
}

// revise changes what is wished of a subscription and says what was done.
func (a *app) revise(cmd *cobra.Command, id, who, done string, change func(*alerts.Wish) error) error {
	_, e, err := a.engine()
	if err != nil {
		return err
	}
	s, err := e.Subscription(cmd.Context(), id)
	if err != nil {
		return err
	}
	w := s.Wish()
	if err := change(&w); err != nil {
		return err
	}
	s, err = e.Revise(cmd.Context(), "", id, w, a.user(who))
	return a.told(cmd, s, wrongAlert(err), done)
}

func (a *app) alertSwitch(name string, paused bool) *cobra.Command {
	short, long := "Have a subscription tell again", `Have a subscription that is paused tell again, of what happens from now on.`
	if paused {
		short, long = "Have a subscription tell nothing", `Have a subscription tell nothing until "bidfit alert resume". What happens meanwhile is not told later.`
	}
	var who string
	cmd := &cobra.Command{
		Use: name + " ALERT", Short: short, Long: long,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("ALERT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.revise(cmd, args[0], who, name+"d", func(w *alerts.Wish) error { w.Paused = &paused; return nil })
		},
	}
	cmd.Flags().StringVar(&who, "who", "", "`NAME` of whoever says so (default: the user)")
	return cmd
}

func (a *app) alertRemove() *cobra.Command {
	return &cobra.Command{
		Use:         "remove ALERT",
		Short:       "Remove a subscription",
		Long:        `Remove a subscription. What it has waiting is not sent, and the secret addresses of a feed lead nowhere any more.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("ALERT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, e, err := a.engine()
			if err != nil {
				return err
			}
			s, err := e.Close(cmd.Context(), "", args[0])
			return a.told(cmd, s, err, "removed")
		},
	}
}

func (a *app) alertTest() *cobra.Command {
	return &cobra.Command{
		Use:         "test ALERT",
		Short:       "Send a test now",
		Long:        `Send a message that says that it is a test to where a subscription leads, once and at once. What the other side answers is told.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("ALERT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, e, err := a.engine()
			if err != nil {
				return err
			}
			t, err := e.Test(cmd.Context(), "", args[0], a.now.UTC())
			if err != nil {
				return wrongAlert(err)
			}
			if a.flags.json {
				return a.printJSON(t)
			}
			p := a.page()
			p.printf("The test %s was taken by %s\n", oneLine(t.ID), oneLine(t.To))
			return p.err
		},
	}
}

func (a *app) alertLog() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:         "log [ALERT]",
		Short:       "What was sent lately, and what waits",
		Long:        `What was sent within a month, the newest first, and what waits to be sent with the last error: of one subscription, or of all.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Args:        arguments("[ALERT]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return usagef("--limit: %d is no number of messages; 0 is all", limit)
			}
			ctx, id := cmd.Context(), ""
			_, e, err := a.engine()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				id = args[0]
				if _, err := e.Subscription(ctx, id); err != nil {
					return err
				}
			}
			var l alertLog
			if l.Waiting, err = e.Outbox(ctx, id); err != nil {
				return err
			}
			if l.Sent, err = e.Sent(ctx, id, limit); err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(l)
			}
			p := a.page()
			p.printf("%s, %s\n", notice.Count(len(l.Waiting), "message waits", "messages wait"), notice.Count(len(l.Sent), "message is told of that was sent", "messages are told of that were sent"))
			for _, w := range l.Waiting {
				p.field(w.Subscription, fmt.Sprintf("waiting: %s, tried %s %s", notice.Count(w.Items, "notice", "notices"), notice.Count(w.Attempts, "time", "times"), oneLine(w.Why)))
			}
			for _, x := range l.Sent {
				p.field(x.Subscription, string(x.Outcome)+": "+sentWords(x))
			}
			return p.err
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "how many that were sent; 0 for all")
	return cmd
}

// alertLog is what waits, and what has become of what was sent.
type alertLog struct {
	Waiting []alerts.Pending `json:"waiting"`
	Sent    []alerts.Sent    `json:"sent"`
}

func (a *app) alertRun() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Send what is due, once",
		Long: `Note what has changed, make what is due and send it, once: for cron, where neither "serve" nor
"sync --watch" runs. Call it every few minutes; what is due at a time is sent by the first run after it.`,
		Annotations: exits(storeExits...),
		Example:     "  */5 * * * * bidfit sync find-a-tender && bidfit alert run",
		Args:        arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, e, err := a.engine()
			if err != nil {
				return err
			}
			r, err := e.Tick(cmd.Context(), a.now.UTC())
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(r)
			}
			p := a.page()
			p.printf("%s, %s delivered, %d failed, %d given up, %d waiting\n", notice.Count(r.Changes, "notice changed", "notices changed"), notice.Count(r.Delivered, "message", "messages"), r.Failed, r.GivenUp, r.Waiting)
			return p.err
		},
	}
}
