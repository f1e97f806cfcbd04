package main

import (
	"bufio"
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/notice"
)

func (a *app) showCommand() *cobra.Command {
	var format string
	var raw bool
	cmd := &cobra.Command{
		Use:   "show OCID",
		Short: "Print everything a notice says",
		Long: `Print what the releases of a procurement say when read together: a summary in sentences, dates
with the days left, codes and places with what holds them, values, lots, criteria, the buyer, documents, and
what each release changed. What nobody said is "Not specified"; what stands in prose alone says how sure its reading is.
The notice may be named by its OCID, another OCID of the same opportunity, or a notice number.

--format json (or --json) prints all of it as JSON, every value of "notice" with the release and the JSON
Pointer that said it. --raw prints an OCDS record package: the releases as published, and the compiled release.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit show ocds-h6vhtk-06bae5\n  bidfit show 058956-2026 --format markdown\n  bidfit show 058956-2026 --raw",
		Args:        arguments("OCID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch format {
			case "text", "json", "markdown":
			default:
				return usagef("--format: %q is not text, json or markdown", format)
			}
			if a.flags.json {
				if cmd.Flags().Changed("format") && format != "json" {
					return usagef("--json and --format %s contradict each other", format)
				}
				format = "json"
			}
			if raw && cmd.Flags().Changed("format") {
				return usagef("--raw prints the record as it was published: it takes no --format")
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			if raw {
				return a.showRaw(cmd.Context(), d, args[0])
			}
			x, err := d.Dossier(cmd.Context(), args[0], a.asOf)
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return a.printJSON(x)
			case "markdown":
				out := bufio.NewWriter(a.stdout)
				if err := x.WriteMarkdown(out); err != nil {
					return err
				}
				return out.Flush()
			}
			p := a.page()
			p.dossier(x)
			return p.err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT` of the answer: text, json or markdown")
	cmd.Flags().BoolVar(&raw, "raw", false, "print the releases as published, and the compiled release")
	return cmd
}

// showRaw prints the record of a notice.
func (a *app) showRaw(ctx context.Context, d *desk.Desk, id string) error {
	record, err := d.Record(ctx, id)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(append(record, '\n'))
	return err
}

// dossier prints all that is known of a notice for a person.
func (p *page) dossier(d *dossier.Dossier) {
	p.printf("%s\n", p.in(bold, cut(d.Heading(), p.width)))
	p.printf("%s\n", p.in(faint, oneLine(d.Subheading()+" · as of "+date(d.AsOf))))
	for _, s := range d.Sections() {
		p.heading(s.Title)
		for i, r := range s.Rows {
			if r.Label == "" && i > 0 {
				p.printf("\n")
			}
			p.facts(r)
		}
	}
}

// labels is the room of the labels of a page.
const labels = 22

// facts prints a row: its label, and its lines below each other.
func (p *page) facts(r dossier.Row) {
	if r.Label == "" {
		for _, t := range r.Lines {
			p.wrapped("  ", t.Text)
			p.note("  ", "", t.Note)
		}
		return
	}
	deep := r.Label[:len(r.Label)-len(strings.TrimLeft(r.Label, " "))]
	first := "  " + deep + pad(oneLine(r.Label), labels-len(deep)) + " "
	if width(first) > labels+3 { // a label that needs a line of its own
		p.printf("%s\n", strings.TrimRight(first, " "))
		first = strings.Repeat(" ", labels+3)
	}
	if len(r.Lines) == 0 {
		p.printf("%s%s\n", first, p.in(faint, dossier.NotSpecified))
		return
	}
	for _, t := range r.Lines {
		indent := strings.Repeat(" ", width(first))
		if text := oneLine(t.Text); t.Note != "" && width(first)+width(text)+2+width(oneLine(t.Note)) <= p.width {
			p.note(first, text, t.Note)
		} else {
			p.wrapped(first, text)
			p.note(indent, "", t.Note)
		}
		first = indent
	}
}

// note prints where something is said, behind it or below it.
func (p *page) note(first, text, note string) {
	if note == "" {
		return
	}
	if text != "" {
		text += "  "
	}
	p.printf("%s%s%s\n", first, text, p.in(faint, oneLine(note)))
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

func moment(m notice.Said[notice.Moment]) string {
	switch {
	case !m.Known():
		return ""
	case m.Value.Day:
		return date(m.Value.Time)
	}
	return date(m.Value.Time) + m.Value.In(notice.London).Format(", 15:04")
}

func deadline(d notice.Deadline, asOf time.Time) string {
	if !d.Known() {
		return ""
	}
	return join(", ", moment(d.Said), inDays(notice.DaysUntil(asOf, d.Value.Time)), d.Kind.Words())
}

// optional prints a field only when something is said: for what most notices have no use for.
func (p *page) optional(label, v string) {
	if v != "" {
		p.field(label, v)
	}
}

func organisationPlace(o notice.Organisation) string {
	s := join(", ", o.Locality.Value, o.Postcode.Value, o.Country.Value)
	if o.Place.Known() {
		s = join(", ", s, place(o.Place.Value))
	}
	return s
}

func place(p notice.Place) string {
	if p.Region == "" {
		return p.Text
	}
	return p.Region.Label()
}
