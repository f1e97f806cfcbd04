package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/suggest"
)

// longestText is the most that is read of what a supplier says of itself.
const longestText = 1 << 20

func (a *app) profileSuggest() *cobra.Command {
	var text, file, supplier, name, save string
	var yaml bool
	cmd := &cobra.Command{
		Use:   "suggest",
		Short: "Draft a profile out of a text, or out of a supplier's past awards",
		Long: `Draft a profile and say what each part of it rests on. --text (or --file, - for standard
input) takes what the supplier says of itself and proposes CPV codes, keywords and exclusions
out of the notices in the store that are most like it. --supplier takes the contracts that a
supplier has won, as "bidfit supplier" finds it: codes, keywords, regions, buyers that chose it
more than once, a value band, and the contracts as its experience.

What is marked * stands in the drafted profile. --yaml prints it as a file to edit, --save
registers it under an id. What nobody knows is left out, and said to be.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit profile suggest --text "We settle disputes between neighbours and train housing officers"
  bidfit profile suggest --file about-us.txt --yaml > us.yaml
  bidfit profile suggest --supplier "Brightwell Cleaning Limited" --save brightwell`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			given := 0
			for _, flag := range []string{"text", "file", "supplier"} {
				if cmd.Flags().Changed(flag) {
					given++
				}
			}
			if given != 1 {
				return usagef("suggest: give one of --text, --file and --supplier")
			}
			if file != "" {
				var err error
				if text, err = a.readText(file); err != nil {
					return err
				}
			}
			if supplier == "" && strings.TrimSpace(text) == "" {
				return usagef("suggest: the text is empty; say in a few sentences what the supplier does")
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			var draft suggest.Draft
			if cmd.Flags().Changed("supplier") {
				draft, err = d.SuggestSupplier(cmd.Context(), supplier, a.asOf)
			} else {
				draft, err = d.SuggestText(cmd.Context(), text)
			}
			if err != nil {
				return a.ambiguous(err)
			}
			p := &draft.Profile
			switch {
			case name != "":
				p.Name = name
				if save == "" {
					p.ID = suggest.ID(name)
				}
			case save != "" && supplier == "":
				p.Name = save
			}
			if save != "" {
				p.ID = save
			}
			if err := p.Check(); err != nil {
				return usageError{err}
			}
			var saved *store.Profile
			if save != "" {
				s, err := d.PutProfile(cmd.Context(), *p, a.now.UTC())
				if err != nil {
					return err
				}
				saved = &s
			}
			switch {
			case a.flags.json:
				return a.printJSON(draft)
			case yaml:
				_, err := a.stdout.Write(draftYAML(draft))
				return err
			}
			out := a.page()
			out.draft(draft)
			if saved != nil {
				out.printf("\n%s registered (%s), revision %d\n", saved.ID, oneLine(saved.Name), saved.Revision)
			} else {
				out.printf("\nNothing is kept: --yaml prints the profile as a file, --save ID registers it.\n")
			}
			return out.err
		},
	}
	cmd.Flags().StringVar(&text, "text", "", "draft out of this `TEXT`: what the supplier does, in its own words")
	cmd.Flags().StringVar(&file, "file", "", "draft out of the text in a `FILE`, - for standard input")
	cmd.Flags().StringVar(&supplier, "supplier", "", "draft out of the past awards of a supplier, by `NAME|ID`")
	cmd.Flags().StringVar(&name, "name", "", "the supplier's `NAME` in the profile")
	cmd.Flags().BoolVar(&yaml, "yaml", false, "print the profile as a file that \"profile add\" reads")
	cmd.Flags().StringVar(&save, "save", "", "register the profile under `ID`")
	return cmd
}

// readText reads what a supplier says of itself.
func (a *app) readText(file string) (string, error) {
	f, err := a.input(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longestText+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("reading %s: %w", file, err)
	case len(b) > longestText:
		return "", fmt.Errorf("%s is larger than 1 MiB; a page or two on what the supplier does is enough", file)
	}
	return strings.ToValidUTF8(string(b), ""), nil
}

// draftYAML is the drafted profile as a person edits it, with what is to be minded and added as comments.
func draftYAML(draft suggest.Draft) []byte {
	var b strings.Builder
	b.Write(profiles.Encode(draft.Profile))
	b.WriteString("# What it was made of, and what to add:\n")
	for _, n := range draft.Notes {
		fmt.Fprintf(&b, "# %s: %s\n", n.Field, oneLine(n.Text))
	}
	return []byte(b.String())
}

// draft prints the proposals with what they rest on.
func (p *page) draft(d suggest.Draft) {
	p.printf("%s %s\n", p.in(bold, d.Profile.ID), p.in(faint, "drafted for "+oneLine(d.Profile.Name)))
	proposals := func(heading string, n int, each func(i int) (taken bool, text, ground string, notices, open int, examples []suggest.Example)) {
		if n == 0 {
			return
		}
		room := p.width - 22
		p.heading(pad(heading, room) + pad("notices", -12) + pad("open", -8))
		for i := range n {
			taken, text, ground, notices, open, examples := each(i)
			mark := " "
			if taken {
				mark = "*"
			}
			p.printf("%s %s%s%s\n", p.in(green, mark), pad(cut(text, room-3), room-2), pad(fmt.Sprint(notices), -12), pad(fmt.Sprint(open), -8))
			p.wrapped("    ", ground)
			for _, e := range examples {
				p.printf("    %s\n", p.in(faint, cut(e.Notice+"  "+e.Title, p.width-4)))
			}
		}
	}
	proposals("CPV codes", len(d.Codes), func(i int) (bool, string, string, int, int, []suggest.Example) {
		c := d.Codes[i]
		name := c.Name
		if c.Of != c.Code {
			name = "under " + c.Of.String() + " " + name
		}
		return c.Taken, c.Code.String() + " " + name, c.Ground, c.Notices, c.Open, c.Examples
	})
	keywords := func(list []suggest.Keyword) func(i int) (bool, string, string, int, int, []suggest.Example) {
		return func(i int) (bool, string, string, int, int, []suggest.Example) {
			k := list[i]
			return k.Taken, k.Text, k.Ground, k.Notices, k.Open, k.Examples
		}
	}
	proposals("Keywords", len(d.Keywords), keywords(d.Keywords))
	proposals("Words to exclude", len(d.Exclude), keywords(d.Exclude))
	p.heading("The rest")
	for _, r := range d.Profile.Regions {
		p.field("region", r.Label())
	}
	if v := d.Profile.Value; v != (profiles.Band{}) {
		p.field("value", fmt.Sprintf("%v to %v net", v.Min, v.Max))
	}
	for _, b := range d.Profile.Buyers.Prefer {
		p.field("prefers", b)
	}
	for _, f := range []struct {
		label string
		is    *bool
	}{{"SME", d.Profile.SME}, {"VCSE", d.Profile.VCSE}} {
		if f.is != nil {
			p.field(f.label, map[bool]string{true: "yes", false: "no"}[*f.is])
		}
	}
	if n := len(d.Profile.Experience); n > 0 {
		p.field("experience", notice.Count(n, "past contract", "past contracts"))
	}
	for _, n := range d.Notes {
		p.field("on "+n.Field, n.Text)
	}
}
