package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/store"
	"bidfit/vocab"
)

func (a *app) vocabCommand() *cobra.Command {
	status := func(cmd *cobra.Command, _ []string) error { return a.vocabStatus() }
	cmd := &cobra.Command{
		Use:   "vocab",
		Short: "Reference tables: CPV, regions, postcodes, bank holidays",
		Long: `Find and read CPV codes, regions and postcodes, and import the tables that are not built
in: the CPV names of the EU, a postcode directory (ONSPD or NSPL), names and codes of the ONS,
the bank holidays of GOV.UK. docs/vocab.md says where they come from. Without a subcommand: status.`,
		Annotations: exits(exitDone, exitFailed, exitUsage),
		Args:        arguments(),
		RunE:        status,
	}
	cmd.PersistentFlags().String("language", "", "show CPV names in this `LANGUAGE`: en, de, fr, … (the setting language)")
	cmd.AddCommand(
		&cobra.Command{
			Use:         "status",
			Short:       "What is built in and what is imported",
			Long:        "Say what is built in and what is imported, of which edition, and how far it can be trusted.\nEvery page of the imported tables is read and checked.",
			Annotations: exits(exitDone, exitFailed, exitUsage),
			Args:        arguments(),
			RunE:        status,
		},
		a.vocabImportCommand(), a.vocabSearchCommand(), a.vocabShowCommand(), a.vocabTreeCommand(),
	)
	return cmd
}

func (a *app) vocabStatus() error {
	v, err := a.tables()
	if err != nil {
		return err
	}
	tables, err := v.Status()
	if err != nil {
		return err
	}
	built := vocab.BuiltIn()
	if a.flags.json {
		return a.printJSON(struct {
			BuiltIn  vocab.Built   `json:"builtIn"`
			Imported []vocab.Table `json:"imported"`
		}{built, tables})
	}
	p := a.page()
	p.printf("%s\n", p.in(bold, "Built in"))
	p.field("CPV 2008", fmt.Sprintf("%s, English names of %s: divisions, groups and classes", notice.Count(built.Codes, "code", "codes"), notice.Count(built.Named, "code", "codes")))
	p.field("regions", fmt.Sprintf("ITL %s, and 2021; local authorities by name and code", built.ITL))
	p.field("postcodes", "outward codes alone: the region is "+vocab.Accuracy)
	p.field("bank holidays", fmt.Sprintf("England and Wales, Scotland, Northern Ireland, %d to %d; beyond, weekends alone", built.FirstYear, built.LastYear))
	p.heading("Imported")
	seen := map[vocab.Kind]bool{}
	for _, t := range tables {
		if t.Err != "" {
			p.field("damaged", t.Err)
			continue
		}
		seen[t.Kind] = true
		what := string(t.Kind)
		if t.Variant != "" {
			what += " " + t.Variant
		}
		sources := make([]string, len(t.Sources))
		for i, s := range t.Sources {
			sources[i] = s.String()
		}
		size := notice.Count(t.Rows, "entry", "entries")
		if t.Places > 0 {
			size += " in " + notice.Count(t.Places, "place", "places")
		}
		p.field(what, strings.Join(append([]string{size}, sources...), "\n"))
	}
	for _, missing := range []struct {
		kind   vocab.Kind
		remedy string
	}{
		{vocab.KindCPV, "not imported: names below the classes come from the notices"},
		{vocab.KindPostcodes, "not imported: local authority, ward and constituency of a postcode are unknown"},
		{vocab.KindNames, "not imported: wards and constituencies go by their codes"},
		{vocab.KindHolidays, "not imported: those built in are used"},
	} {
		if !seen[missing.kind] {
			p.field(string(missing.kind), missing.remedy)
		}
	}
	if len(seen) < len(vocab.Kinds) {
		p.printf("\n\"bidfit vocab import FILE…\" reads them; docs/vocab.md says where they come from.\n")
	}
	return p.err
}

func (a *app) vocabImportCommand() *cobra.Command {
	var as, edition string
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Read reference tables from the files that are published",
		Long: `Read reference tables, - for standard input: CSV with any separator, plain, gzip, zstd or in a
ZIP, or the bank holidays as JSON. The content tells what a file is:

  cpv        the CPV 2008 table of the EU saved as CSV: CODE and any of its languages
  postcodes  the ONS Postcode Directory (ONSPD) or NSPL, of any edition
  names      names and codes, and lookups, of wards, local authorities, constituencies, ITL
  holidays   the bank holidays of GOV.UK

Rows that cannot be used are counted and told. A table is replaced as a whole or, with an error,
not at all; names add to those that are there, the newer edition first. Reading a file again
changes nothing. --json prints one object with a summary of each file.`,
		Annotations: exits(exitDone, exitFailed, exitUsage, exitInterrupted),
		Example:     "  bidfit vocab import ONSPD_MAY_2025.zip\n  bidfit vocab import cpv_2008.csv bank-holidays.json",
		Args:        arguments("FILE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := vocab.Options{Edition: edition, Now: a.now}
			if as != "" {
				kind, err := vocab.ParseKind(as)
				if err != nil {
					return usagef("--as: %w", err)
				}
				o.As = kind
			}
			if err := vocab.CheckEdition(edition); edition != "" && err != nil {
				return usagef("--edition: %w", err)
			}
			return a.vocabImport(cmd.Context(), args, o)
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "the file is a table of this `KIND`: cpv, postcodes, names, holidays")
	cmd.Flags().StringVar(&edition, "edition", "", "the file is of this `EDITION`: 2025 or 2025-05 (default: what the file says)")
	return cmd
}

func (a *app) vocabImport(ctx context.Context, files []string, o vocab.Options) error {
	if err := a.present(files); err != nil {
		return fmt.Errorf("nothing was read: %w", err)
	}
	if err := makeData(a.path(a.config.Data)); err != nil {
		return err
	}
	v, err := a.tables()
	if err != nil {
		return err
	}
	bar := a.progress(files)
	o.Read, o.Open = func(n int) { bar.Add(n) }, a.openNamed
	done := []vocab.Summary{}
	var failed error
	for _, file := range files {
		var some []vocab.Summary
		if file == "-" {
			var s vocab.Summary
			if s, err = v.Import(ctx, "standard input", a.stdin, o); err == nil {
				some = []vocab.Summary{s}
			}
		} else {
			some, err = v.ImportFile(ctx, file, o)
		}
		done = append(done, some...)
		if ctx.Err() != nil {
			failed = ctx.Err()
			break
		}
		failed = errors.Join(failed, err)
	}
	bar.Finish()
	if a.flags.json {
		return errors.Join(a.printJSON(struct {
			Files []vocab.Summary `json:"files"`
		}{done}), failed)
	}
	p := a.page()
	for _, s := range done {
		p.imported(s)
	}
	return errors.Join(p.err, failed)
}

// imported prints what an import did.
func (p *page) imported(s vocab.Summary) {
	what := join(" ", string(s.Kind), strings.Join(s.Languages, ", "))
	if s.Edition != "" {
		what += ", edition " + s.Edition
	}
	did := "imported"
	if s.Unchanged {
		did = "was imported before, nothing changed"
	}
	p.wrapped("", fmt.Sprintf("%s: %s, %s, %s", s.File, what, notice.Count(s.Rows, "row", "rows"), did))
	if s.Bad > 0 {
		p.wrapped("  ", fmt.Sprintf("%s could not be used, of them", notice.Count(s.Bad, "row", "rows")))
		for _, b := range s.FirstBad {
			p.wrapped("    ", fmt.Sprintf("line %d: %s", b.Line, b.Reason))
		}
	}
	for _, note := range s.Notes {
		p.wrapped("  ", note)
	}
}

// vocabulary is what the questions about codes need: the tables, the names of CPV codes and
// the desk, which is nil where there is no store or another process has it.
func (a *app) vocabulary(ctx context.Context) (v *vocab.Vocab, names cpv.Names, d *desk.Desk, err error) {
	if v, err = a.tables(); err != nil {
		return nil, nil, nil, err
	}
	if d, err = a.ifStore(); err != nil {
		return nil, nil, nil, err
	}
	if d != nil {
		names, err = d.Names(ctx)
		return v, names, d, err
	}
	names, err = v.CPVNames(a.config.Language)
	if damaged := (*vocab.DamagedError)(nil); errors.As(err, &damaged) {
		fmt.Fprintln(a.stderr, "bidfit:", oneLine(err.Error()))
		err = nil
	}
	if names == nil && a.config.Language != "en" {
		fmt.Fprintf(a.stderr, "bidfit: there are no CPV names in %q yet: bidfit vocab import reads the CPV table of the EU\n", a.config.Language)
	}
	return v, names, nil, err
}

// ifStore opens the desk where there is a store and nobody else has it open; nil otherwise.
func (a *app) ifStore() (*desk.Desk, error) {
	_, path, err := spec("store", a.config.Store)
	if err != nil {
		return nil, err
	}
	if _, err := a.stat(path); err != nil {
		return nil, nil
	}
	d, err := a.open()
	if errors.Is(err, store.ErrInUse) || errors.Is(err, index.ErrInUse) {
		fmt.Fprintln(a.stderr, "bidfit: the store is open in another process: notices are not counted")
		return nil, nil
	}
	return d, err
}

// countHits fills in how many notices carry the codes that were found.
func countHits(ctx context.Context, d *desk.Desk, hits []*vocab.Hit) error {
	if d == nil {
		return nil
	}
	token := func(h *vocab.Hit) string {
		switch {
		case h.CPV != 0:
			return index.CPVToken(h.CPV)
		case h.Region != "":
			return index.RegionToken(h.Region)
		}
		return ""
	}
	var tokens []string
	for _, h := range hits {
		if t := token(h); t != "" {
			tokens = append(tokens, t)
		}
	}
	counts, err := d.Counts(ctx, tokens)
	if err != nil {
		return err
	}
	for _, h := range hits {
		if n, ok := counts[token(h)]; ok {
			h.Notices = &n
		}
	}
	return nil
}

func (a *app) vocabSearchCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "search WORDS…",
		Short: "Find CPV codes and regions by their names",
		Long: `Find CPV codes and regions whose names mention the words in any of their forms, the best
first, with what they stand under and how many notices in the store carry them or a code below.`,
		Annotations: exits(storeExits...),
		Example:     "  bidfit vocab search social work\n  bidfit vocab search staffordshire --limit 3",
		Args:        arguments("WORDS…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return usagef("vocab search: --limit takes 1 or more")
			}
			_, names, d, err := a.vocabulary(cmd.Context())
			if err != nil {
				return err
			}
			hits := vocab.Search(strings.Join(args, " "), names, limit)
			each := make([]*vocab.Hit, len(hits))
			for i := range hits {
				each[i] = &hits[i]
			}
			if err := countHits(cmd.Context(), d, each); err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(struct {
					Found []vocab.Hit `json:"found"`
				}{append([]vocab.Hit{}, hits...)})
			}
			p := a.page()
			if len(hits) == 0 {
				p.printf("No name of a CPV code or a region mentions these words.\n")
			}
			for _, h := range hits {
				p.printf("%s\n", cut(codeAndName(h.Named), p.width))
				above := make([]string, len(h.Above))
				for i, n := range h.Above {
					above[i] = codeAndName(n)
				}
				p.printf("  %s\n", p.in(faint, cut(join(" · ", h.What, carried(h.Notices), strings.Join(above, " < ")), p.width-2)))
			}
			return p.err
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 10, "list this many CPV codes, and this many regions")
	return cmd
}

// carried says how many notices carry a code, "" where nobody counted.
func carried(n *uint64) string {
	if n == nil {
		return ""
	}
	return notice.Count(int(*n), "notice", "notices")
}

// codeAndName is "85310000 Social work services".
func codeAndName(n vocab.Named) string {
	if n.Code == n.Name {
		return n.Name
	}
	return join(" ", n.Code, n.Name)
}

func (a *app) vocabShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show CODE",
		Short: "Tell what is known of a CPV code, a region, an ONS code or a postcode",
		Long: `Tell what is known of a CPV code in any spelling (85312300, 85312300-2, 853; codes of CPV 2003
are translated), an ITL code of 2021 or 2025 or a region by its name, a code of the ONS, a postcode
or an outward code: its name, what it stands under and what stands under it, how many notices
carry it, and what became of it from one edition to the next.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit vocab show 85312300\n  bidfit vocab show UKG2\n  bidfit vocab show \"ST18 0YY\"",
		Args:        arguments("CODE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, names, d, err := a.vocabulary(cmd.Context())
			if err != nil {
				return err
			}
			card, err := v.Look(strings.Join(args, " "), names)
			if damaged := (*vocab.DamagedError)(nil); errors.As(err, &damaged) {
				fmt.Fprintln(a.stderr, "bidfit:", oneLine(err.Error()))
			} else if err != nil {
				return err
			}
			if err := countHits(cmd.Context(), d, []*vocab.Hit{&card.Hit}); err != nil {
				return err
			}
			if d != nil && card.CPV != 0 {
				learned, err := d.LearnedNames(cmd.Context())
				if err != nil {
					return err
				}
				card.Called = learned[card.CPV]
			}
			if a.flags.json {
				return a.printJSON(card)
			}
			p := a.page()
			p.card(card)
			return p.err
		},
	}
}

// card prints what is known of a code.
func (p *page) card(c vocab.Card) {
	p.printf("%s\n", p.in(bold, cut(codeAndName(c.Named), p.width)))
	p.field("is a", c.What)
	list := func(label string, all []vocab.Named) {
		parts := make([]string, len(all))
		for i, n := range all {
			parts[i] = codeAndName(n)
		}
		p.optional(label, strings.Join(parts, "\n"))
	}
	list("stands under", c.Above)
	list("holds", c.Below)
	if c.Place != nil {
		p.place(*c.Place)
	}
	authorities := make([]string, len(c.Authorities))
	for i, n := range c.Authorities {
		authorities[i] = codeAndName(n)
	}
	p.optional("authorities", strings.Join(authorities, ", "))
	list("constituencies", c.Constituencies)
	list("was", c.Was)
	list("is now", c.Became)
	p.optional("notices", carried(c.Notices))
	if c.Called != c.Name {
		p.optional("called", c.Called)
	}
	for _, note := range c.Notes {
		p.field("note", note)
	}
}

// place prints where a postcode lies; what an outward code does not tell is said to be unknown.
func (p *page) place(l vocab.Place) {
	for _, part := range []struct {
		label string
		of    vocab.Named
	}{{"authority", l.LocalAuthority}, {"ward", l.Ward}, {"constituency", l.Constituency}} {
		said := join(", ", part.of.Name, part.of.Code)
		if said == "" {
			said = "unknown"
		}
		p.field(part.label, said)
	}
	p.optional("country", l.Country.String())
	p.optional("region", l.Region.Label())
	p.optional("newer region", codeAndName(l.NewerRegion))
	if l.Terminated != "" {
		p.field("terminated", l.Terminated+": the postcode is no longer in use")
	}
	p.field("source", l.Source)
	if !l.Exact {
		p.field("remedy", vocab.Remedy)
	}
}

func (a *app) vocabTreeCommand() *cobra.Command {
	var depth int
	cmd := &cobra.Command{
		Use:   "tree [CODE]",
		Short: "Print a CPV code or a region and what stands below it",
		Long: `Print a CPV code or a region and what stands below it, so many levels deep; without a code
the divisions of the CPV. UK is the root of the regions.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit vocab tree 853 --depth 2\n  bidfit vocab tree UK --depth 3",
		Args:        arguments("[CODE]…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if depth < 1 {
				return usagef("vocab tree: --depth takes 1 or more")
			}
			v, names, _, err := a.vocabulary(cmd.Context())
			if err != nil {
				return err
			}
			tree, err := v.Tree(strings.Join(args, " "), names, depth)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(struct {
					Tree []vocab.Node `json:"tree"`
				}{tree})
			}
			p := a.page()
			p.tree(tree, "")
			return p.err
		},
	}
	cmd.Flags().IntVar(&depth, "depth", 1, "so many levels")
	return cmd
}

func (p *page) tree(nodes []vocab.Node, indent string) {
	for _, n := range nodes {
		p.printf("%s%s\n", indent, cut(codeAndName(n.Named), max(p.width-len(indent), 20)))
		p.tree(n.Below, indent+"  ")
	}
}
