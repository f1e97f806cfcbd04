package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/notice"
)

func (a *app) lexiconCommand() *cobra.Command {
	show := func(cmd *cobra.Command, args []string) error {
		return a.lexicon(cmd, args, func(*desk.Desk) error { return nil })
	}
	cmd := &cobra.Command{
		Use:   "lexicon",
		Short: "What the notices have taught of words",
		Long: `The lexicon says how telling each word is, under which CPV classes the notices that use it are
filed, and in what company it stands. One comes with the program; an ingest that doubles the store
learns it anew, from the store and from what came with the program. docs/ranking.md says what it is
good for. Without a subcommand: show.`,
		Annotations: exits(storeExits...),
		Args:        arguments(),
		RunE:        show,
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "build",
			Short: "Learn it anew from the notices in the store",
			Long: `Learn the lexicon anew from every notice in the store, and use it from now on. The one before is
kept while a decision cites it. The same notices give the same lexicon, in whatever order they came.`,
			Annotations: exits(storeExits...),
			Args:        arguments(),
			RunE: func(cmd *cobra.Command, _ []string) error {
				return a.lexicon(cmd, nil, func(d *desk.Desk) error { return d.LearnLexicon(cmd.Context()) })
			},
		},
		&cobra.Command{
			Use:         "show [WORD…]",
			Short:       "Its version and size, and what it knows of words",
			Long:        "Show the version of the lexicon and what it was learned from, and look words up in it.",
			Annotations: exits(storeExits...),
			Example:     "  bidfit lexicon show\n  bidfit lexicon show janitorial washroom",
			Args:        arguments("[WORD…"),
			RunE:        show,
		},
	)
	return cmd
}

// lexicon does something to the lexicon and shows it.
func (a *app) lexicon(cmd *cobra.Command, words []string, first func(*desk.Desk) error) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	if err := first(d); err != nil {
		return err
	}
	l, err := d.Lexicon(cmd.Context(), words...)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(l)
	}
	p := a.page()
	from := "what came with the program"
	if !l.Bundled {
		from = notice.Count(l.Notices, "notice", "notices") + " of the store, and " + from
	}
	p.field("lexicon", l.Version)
	p.field("learned from", from)
	p.field("words", fmt.Sprintf("%s, of %d of which the company is known", notice.Count(l.Stems, "stem", "stems"), l.Company))
	p.field("size", fmt.Sprintf("%d kB", (l.Bytes+999)/1000))
	for _, w := range l.Words {
		p.heading(w.Word)
		if !w.Telling {
			p.field("says", "nothing of what is bought: a word of grammar, of procurement, or a number")
		}
		p.field("used by", notice.Count(w.Texts, "text", "texts"))
		p.field("worth", fmt.Sprintf("%d.%02d bits, of %d.%02d for how rare it is", w.Worth/100, w.Worth%100, w.Rarity/100, w.Rarity%100))
		for i, c := range w.Classes {
			label := ""
			if i == 0 {
				label = "filed under"
			}
			p.field(label, fmt.Sprintf("%s %s, %d %%", c.Code, c.Name, c.Percent))
		}
		if len(w.Company) > 0 {
			p.field("company", strings.Join(w.Company, ", "))
		}
	}
	return p.err
}
