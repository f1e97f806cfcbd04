package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// The bundled sample: fictional buyers and suppliers, and the Staffordshire
// notice retold in words of our own.
var (
	//go:embed sample/notices.jsonl
	sampleNotices []byte
	//go:embed sample/hartwell-resolve.yaml
	sampleProfile []byte
)

// sampleDay is the day the sample is told for: its notices are open then.
var sampleDay = time.Date(2026, time.June, 24, 0, 0, 0, 0, notice.London)

// sampleReport is the notice the demo explains.
const sampleReport = "ocds-h6vhtk-06bae5"

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Try bidfit on bundled sample notices: no network, no set-up",
		Long: `Read the bundled sample notices into a folder of their own (demo in the data folder),
register a sample profile, rank the notices as of 24 June 2026, explain one, and say what to
type next. Running it again changes nothing.`,
		Annotations:       exits(storeExits...),
		Args:              arguments(),
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.begin(cmd, a.demoSettings) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			totals, profile, err := a.demoData(ctx, d)
			if err != nil {
				return err
			}
			report, err := d.Match(ctx, profile.ID, desk.MatchOptions{AsOf: a.asOf})
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(report)
			}
			p := a.page()
			p.printf("%s of sample notices are in %s (%d new).\n", notice.Count(totals.Releases, "release", "releases"), a.tilde(a.config.Data), totals.Stored)
			p.printf("The profile is %s, a fictional charity; \"profile show %s\" prints it.\n\n", profile.Name, profile.ID)
			if err := a.printReport(ctx, d, report, 15); err != nil {
				return err
			}
			e, err := d.Explain(ctx, profile.ID, pursuit.Target{Notice: sampleReport}, a.asOf)
			if err != nil {
				return err
			}
			p.printf("\n%s\n\n", strings.Repeat("─", p.width))
			p.head(e)
			p.fit(e)
			a.demoNext(p, profile.ID)
			return p.err
		},
	}
}

// demoNotices reads the sample notices into a desk.
func (a *app) demoNotices(ctx context.Context, d *desk.Desk) (desk.Totals, error) {
	return d.Ingest(ctx, []desk.Source{{Name: "sample/notices.jsonl", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(sampleNotices)), nil
	}}}, desk.Ingesting{When: a.now.UTC(), Rejected: a.quarantined})
}

// demoData reads the sample notices into a desk and registers the sample profile.
func (a *app) demoData(ctx context.Context, d *desk.Desk) (desk.Totals, store.Profile, error) {
	totals, err := a.demoNotices(ctx, d)
	if err != nil {
		return totals, store.Profile{}, err
	}
	sample, err := profiles.Decode(bytes.NewReader(sampleProfile), "sample/hartwell-resolve.yaml")
	if err != nil {
		return totals, store.Profile{}, err
	}
	profile, err := d.PutProfile(ctx, sample[0], a.now.UTC())
	return totals, profile, err
}

// sampleReleases is how many releases the sample has, a line each.
func sampleReleases() int { return bytes.Count(sampleNotices, []byte("\n")) }

// demoSettings puts the demo into a folder of its own, on the day of the sample.
func (a *app) demoSettings() {
	if a.flags.data == "" {
		a.config.Data = filepath.Join(a.config.Data, "demo")
		a.config.Store = "bolt:" + filepath.Join(a.config.Data, "bidfit.db")
		a.config.Index = "bleve:" + filepath.Join(a.config.Data, "index")
	}
	if a.flags.asOf == "" {
		a.asOf = sampleDay
	}
}

func (a *app) demoNext(p *page, profile string) {
	me := "bidfit"
	if exe, err := os.Executable(); err == nil && strings.Contains(exe, "go-build") {
		me = "go run ./cmd/bidfit"
	}
	in := fmt.Sprintf("--data %s --as-of %s", a.tilde(a.config.Data), a.asOf.Format(time.DateOnly))
	p.heading("What to type next")
	for _, s := range []string{
		"match " + profile + " --limit 0",
		"explain " + profile + " ocds-h6vhtk-demo02/1",
		"show ocds-h6vhtk-demo02",
		"search mediation --has stage:tender",
		"decide " + profile + " ocds-h6vhtk-demo01 bid --reason \"our county, our trade\"",
		"export " + profile,
	} {
		p.printf("  %s %s %s\n", me, s, in)
	}
	p.printf("  %s evaluate\n", me)
	p.printf("Your own: write a profile like cmd/bidfit/sample/%s.yaml, then \"profile add FILE\" and \"ingest FILE\".\n", profile)
}

// tilde writes a path below the home folder the short way a shell reads.
func (a *app) tilde(path string) string {
	if rest, ok := strings.CutPrefix(path, firstOf(a.env, "HOME")+string(filepath.Separator)); ok && firstOf(a.env, "HOME") != "" {
		return "~/" + filepath.ToSlash(rest)
	}
	return path
}
