package main

import (
	"strings"

	"github.com/spf13/cobra"

	"bidfit/index"
	"bidfit/notice"
)

func (a *app) searchCommand() *cobra.Command {
	var q index.Query
	cmd := &cobra.Command{
		Use:   "search WORDS…",
		Short: "Find notices that mention the words",
		Long: `Find notices that mention every word, in any of its forms; words in "double
quotes" must stand together. --has narrows by what a notice carries: stage:tender, type:UK4,
cpv:853, itl:TLG2, publisher:contracts-finder, buyer:GB-PPON-…; of one kind they are alternatives.`,
		Annotations: exits(storeExits...),
		Example:     `  bidfit search mediation "hate crime" --has stage:tender --has itl:TLG`,
		Args:        arguments("[WORDS]…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Words = strings.Join(args, " ")
			if q.Words == "" && len(q.Tokens) == 0 {
				return usagef("search: what for? give words, or --has")
			}
			if q.Size < 1 || q.From < 0 {
				return usagef("search: --limit takes 1 or more, --from 0 or more")
			}
			d, err := a.open()
			if err != nil {
				return err
			}
			found, err := d.Search(cmd.Context(), q)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(found)
			}
			p := a.page()
			p.printf("%s", notice.Count(int(found.Total), "notice", "notices"))
			if len(found.Notices) < int(found.Total) {
				p.printf(", %d to %d shown", q.From+1, q.From+len(found.Notices))
			}
			p.printf("\n")
			for _, n := range found.Notices {
				p.printf("\n%s\n", p.in(bold, cut(n.Title.Value, p.width)))
				p.printf("  %s\n", cut(strings.Join([]string{string(n.Stage), closes(n, a.asOf), worth(n, &n.Lots[0]), n.Buyer.Name.Value}, " · "), p.width-2))
				p.printf("  %s\n", p.in(faint, oneLine(n.ID)))
			}
			return p.err
		},
	}
	cmd.Flags().StringArrayVar(&q.Tokens, "has", nil, "only notices that carry this `TOKEN` (may be repeated)")
	cmd.Flags().IntVar(&q.Size, "limit", 20, "list this many")
	cmd.Flags().IntVar(&q.From, "from", 0, "pass over this many first")
	return cmd
}
