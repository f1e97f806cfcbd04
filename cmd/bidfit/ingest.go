package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/notice/ocds"
)

func (a *app) ingestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "ingest FILE…",
		Short: "Read notices into the store",
		Long: `Read OCDS releases from files, - for standard input: release packages, record packages,
single or compiled releases, arrays of them, concatenated JSON or JSON Lines, each also gzip
or zstd; the content tells which. Reading the same file again changes nothing.

A release that cannot be read goes into quarantine with file, place and reason, and the rest
goes on. --json ends with one line of totals over all files:
  {"releases","stored","duplicates","quarantined","notices","changed"}
releases = stored + duplicates + quarantined; notices is how many the store holds afterwards,
changed how many of them were added or changed.`,
		Annotations: exits(storeExits...),
		Example:     "  bidfit ingest releases.jsonl.gz\n  gzip -dc releases.jsonl.gz | bidfit ingest - --json",
		Args:        arguments("FILE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.ingest(cmd.Context(), args)
		},
	}
}

func (a *app) ingest(ctx context.Context, files []string) error {
	if err := a.present(files); err != nil {
		return fmt.Errorf("nothing was read: %w", err)
	}
	d, err := a.open()
	if err != nil {
		return err
	}
	bar := a.progress(files)
	sources := make([]desk.Source, len(files))
	for i, file := range files {
		sources[i] = desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return a.openFile(file, bar) }}
	}
	totals, err := d.Ingest(ctx, sources, desk.Ingesting{
		When:     a.now.UTC(),
		Rejected: a.quarantined,
		Failed:   func(_ string, err error) { fmt.Fprintln(a.stderr, "bidfit:", oneLine(err.Error())) },
	})
	bar.Finish()
	if err != nil && !errors.Is(err, desk.ErrNothingRead) {
		return err
	}
	if a.flags.json {
		return errors.Join(a.printJSON(totals), err)
	}
	p := a.page()
	p.printf("%s read: %d stored, %d duplicates, %d quarantined\n", notice.Count(totals.Releases, "release", "releases"), totals.Stored, totals.Duplicates, totals.Quarantined)
	p.printf("%s in the store, %d added or changed\n", notice.Count(totals.Notices, "notice", "notices"), totals.Changed)
	return errors.Join(p.err, err)
}

// quarantined reports one release that could not be read.
func (a *app) quarantined(r notice.Rejected) { fmt.Fprintln(a.stderr, rejection(r)) }

// rejection is one release that could not be read, on one line.
func rejection(r notice.Rejected) string {
	what := ""
	if r.OCID != "" {
		what = " " + r.OCID
	}
	return oneLine(fmt.Sprintf("quarantined: %s at byte %d%s: %s (%s)", r.File, r.Offset, what, r.Reason, r.Code))
}

// decodeFile hands every item of a file to use.
func (a *app) decodeFile(ctx context.Context, file string, use func(ocds.Item) error) error {
	f, err := a.openFile(file, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	for item, err := range ocds.Decode(ctx, f, file) {
		if err != nil {
			return err
		}
		if err := use(item); err != nil {
			return err
		}
	}
	return nil
}

// openFile opens a file, or standard input for -, and shows what is read of it.
func (a *app) openFile(file string, bar *progressbar.ProgressBar) (io.ReadCloser, error) {
	r, err := a.input(file)
	if err != nil || bar == nil {
		return r, err
	}
	seen := progressbar.NewReader(r, bar)
	return &seen, nil
}

// progress is a bar over the bytes of the files, drawn only on a terminal.
func (a *app) progress(files []string) *progressbar.ProgressBar {
	total := int64(0)
	for _, file := range files {
		info, err := a.stat(file)
		if err != nil || !info.Mode().IsRegular() {
			total = -1 // standard input, or a pipe: nobody knows how much will come
			break
		}
		total += info.Size()
	}
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetVisibility(a.screen.talk), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(true))
}
