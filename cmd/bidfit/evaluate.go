package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/notice"
)

// sampleJudged is the bundled judged set: fictional suppliers, and what the bundled notices are worth to them.
//
//go:embed sample/judged
var sampleJudged embed.FS

// evaluation is what the command was asked to measure.
type evaluation struct {
	judged           string // folder
	awards, feedback bool
	ablate           bool
	files            []string // instead of the store
}

func (a *app) evaluateCommand() *cobra.Command {
	var e evaluation
	cmd := &cobra.Command{
		Use:   "evaluate [--notices FILE…]",
		Short: "Measure how good the ranking is, beside plain methods",
		Long: `Rank notices whose worth is known, and measure how near the top the good ones stand: bidfit
beside TF-IDF, BM25, CPV prefixes and chance, on the same candidates.

  --judged DIR  notices that a person graded (profiles.jsonl, judgements.tsv), by relevance and by score
  --awards      each supplier with three wins or more: its last win has to be found again, from the
                wins before it, among everything by the same publisher that came after them
  --feedback    what you decided and answered about notices, for each profile with twenty of them or more; the
                ranking is measured without what the answers teach
  none of them  the judged set that is bundled, on the bundled notices: needs no store

The notices are those of the store, or of the files after --notices; each file then stands for a publisher.

The 95 % interval (low, high) is that of nDCG@10, for awards that of MRR, by 2,000 bootstrap draws. Where
there are too few labels for one, the set is refused and the message says what it takes. docs/evaluate.md
has the measures, the methods and the minimums. --json prints
  {"rows":[{"set","method","order","n","ndcg10","recall20","mrr","hit10","meanPercentile","low","high"}]}
with method bidfit, tfidf, bm25, cpv, random or, with --ablate, "bidfit without CRITERION".`,
		Annotations: exits(storeExits...),
		Example: "  bidfit evaluate\n  bidfit evaluate --awards\n" +
			"  bidfit evaluate --judged mine --as-of 2026-08-11 --ablate\n  bidfit evaluate --awards --notices awards-2020.jsonl.gz --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && len(e.files) == 0 {
				return usagef("evaluate: %q is one argument too many; files follow --notices", args[0])
			}
			e.files = append(e.files, args...)
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			measured, err := a.evaluate(cmd.Context(), e)
			if err != nil {
				return err
			}
			return a.printEvaluation(measured)
		},
	}
	cmd.Flags().StringVar(&e.judged, "judged", "", "`DIR` with profiles.jsonl and judgements.tsv")
	cmd.Flags().BoolVar(&e.awards, "awards", false, "find the last win of each supplier")
	cmd.Flags().BoolVar(&e.feedback, "feedback", false, "measure on your own decisions and answers")
	cmd.Flags().BoolVar(&e.ablate, "ablate", false, "also without one criterion after another")
	cmd.Flags().StringArrayVar(&e.files, "notices", nil, "`FILE`s with notices, in place of the store")
	return cmd
}

func (a *app) evaluate(ctx context.Context, e evaluation) (_ desk.Evaluation, err error) {
	o := desk.EvaluateOptions{AsOf: a.asOf, Awards: e.awards, Feedback: e.feedback, Ablate: e.ablate}
	if e.judged == "" && !e.awards && !e.feedback {
		if len(e.files) > 0 {
			return desk.Evaluation{}, usagef("evaluate: --notices is for --judged or --awards; name one")
		}
		return a.evaluateSample(ctx, o)
	}
	if e.judged != "" {
		if o.Judged, err = desk.ReadJudged(os.DirFS(a.path(e.judged)), e.judged); err != nil {
			return desk.Evaluation{}, err
		}
	}
	if len(e.files) == 0 {
		d, err := a.open()
		if err != nil {
			return desk.Evaluation{}, err
		}
		return d.Evaluate(ctx, o)
	}
	if e.feedback {
		return desk.Evaluation{}, usagef("evaluate: --feedback is in the store, and --notices is in place of one; ask for one of them")
	}
	sources := make([]desk.Source, len(e.files))
	for i, file := range e.files {
		sources[i] = desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return a.openFile(file, nil) }}
	}
	return desk.EvaluateFiles(ctx, sources, a.skipped, o)
}

// evaluateSample measures on what comes with the program, on the day it is told for.
func (a *app) evaluateSample(ctx context.Context, o desk.EvaluateOptions) (desk.Evaluation, error) {
	if a.flags.asOf == "" {
		o.AsOf = sampleDay
	}
	dir, err := fs.Sub(sampleJudged, "sample/judged")
	if err != nil {
		return desk.Evaluation{}, err
	}
	if o.Judged, err = desk.ReadJudged(dir, "sample/judged"); err != nil {
		return desk.Evaluation{}, err
	}
	source := desk.Source{Name: "sample/notices.jsonl", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(sampleNotices)), nil
	}}
	return desk.EvaluateFiles(ctx, []desk.Source{source}, func(notice.Rejected) {}, o)
}

// skipped reports a release of a file that could not be read, and is not kept.
func (a *app) skipped(r notice.Rejected) {
	fmt.Fprintln(a.stderr, oneLine(fmt.Sprintf("left out: %s at byte %d %s: %s (%s)", r.File, r.Offset, r.OCID, r.Reason, r.Code)))
}

// refusals is the error of the sets that were refused.
type refusals []error

func (r refusals) Error() string {
	parts := make([]string, len(r))
	for i, err := range r {
		parts[i] = err.Error()
	}
	return "too few labels for " + strings.Join(parts, "; and for ")
}

func (a *app) printEvaluation(e desk.Evaluation) error {
	var refused error
	if len(e.Refused) > 0 {
		refused = refusals(e.Refused)
	}
	for _, note := range e.Notes {
		fmt.Fprintln(a.stderr, oneLine(note))
	}
	if a.flags.json {
		return errors.Join(a.printJSON(struct {
			Rows []evaluate.Row `json:"rows"`
		}{e.Rows()}), refused)
	}
	p := a.page()
	for i, t := range e.Tables {
		if i > 0 {
			p.printf("\n")
		}
		p.measured(t)
	}
	if len(e.Tables) > 0 {
		p.printf("\n")
		p.wrapped("", "nDCG@10: how near the first ten come to the best ten there are, 1 is perfect. recall@20: the part of the good ones "+
			"among the first twenty. MRR: one over the place of the first good one. hit@10: the part of the lists with a good one among "+
			"the first ten. percentile: how far down the good ones stand, 0 is the top. 95 %: where the mean would lie with other lists of the kind.")
	}
	return errors.Join(p.err, refused)
}

// asks is what is asked of a list in an order, by set.
func asks(t evaluate.Table) string {
	switch {
	case t.Set == evaluate.SetAwards:
		return "Awards: the last win of each supplier among what came after the wins before it"
	case t.Set == evaluate.SetFeedback && t.Order == matcher.OrderScore:
		return "Feedback by score: what you bid for or watch, among all you decided about"
	case t.Set == evaluate.SetFeedback:
		return "Feedback by relevance: what you called relevant, among all you answered"
	case t.Order == matcher.OrderScore:
		return "Judged by score: what belongs on the shortlist, place, price, stage and method considered"
	}
	return "Judged by relevance: what is bought alone"
}

// measured is one table, and in a sentence what it comes to.
func (p *page) measured(t evaluate.Table) {
	p.printf("%s\n", p.in(bold, asks(t)))
	p.printf("%s\n\n", p.in(faint, fmt.Sprintf("%s of %d notices on average", notice.Count(t.Rows[0].N, "list", "lists"), t.Notices)))
	name := 8
	for _, r := range t.Rows {
		name = max(name, len(r.Method))
	}
	// The interval stands beside the measure that it is of.
	line := func(method, ndcg, recall, mrr, hit, percentile, interval string) string {
		besideNDCG, besideMRR := "", "  "+pad(interval, 11)
		if t.Set != evaluate.SetAwards {
			besideNDCG, besideMRR = besideMRR, besideNDCG
		}
		return strings.TrimRight("  "+pad(method, name)+"  "+pad(ndcg, -7)+besideNDCG+"  "+pad(recall, -9)+"  "+pad(mrr, -5)+besideMRR+
			"  "+pad(hit, -6)+"  "+pad(percentile, -10), " ")
	}
	p.printf("%s\n", p.in(faint, line("method", "nDCG@10", "recall@20", "MRR", "hit@10", "percentile", "   95 %")))
	for _, r := range t.Rows {
		s := line(r.Method, decimals(r.NDCG10), decimals(r.Recall20), decimals(r.MRR), decimals(r.Hit10),
			fmt.Sprintf("%.1f", r.MeanPercentile), decimals(r.Low)+"–"+decimals(r.High))
		if r.Method == "bidfit" {
			s = p.in(bold, s)
		}
		p.printf("%s\n", s)
	}
	p.printf("\n")
	p.wrapped("", verdict(t))
}

// verdict says whether bidfit is better than the best of the plain methods, as far as that can be told.
func verdict(t evaluate.Table) string {
	main := func(method string) float64 {
		for _, r := range t.Rows {
			if r.Method == method {
				return t.Set.Of(r.Quality)
			}
		}
		return 0
	}
	how, says := "better than", "more than chance would explain"
	switch {
	case t.High < 0:
		how = "worse than"
	case t.Low <= 0:
		how, says = "level with", "which may be chance"
		if t.Gain > 0 {
			how = "ahead of"
		} else if t.Gain < 0 {
			how = "behind"
		}
	}
	times := ""
	if of := main(t.Against); of > 0 {
		times = fmt.Sprintf(", %.2f times as high", main("bidfit")/of)
	}
	return fmt.Sprintf("bidfit is %s the best plain method, %s: its %s is %s%s. The difference of %s lies between %s and %s in 95 of 100 draws, %s.",
		how, t.Against, t.Set.Main(), decimals(main("bidfit")), times, signed(t.Gain), signed(t.Low), signed(t.High), says)
}

func decimals(x float64) string { return fmt.Sprintf("%.3f", x) }
func signed(x float64) string   { return strings.Replace(fmt.Sprintf("%+.3f", x), "-", "−", 1) }
