package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/matcher/evaluate"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/suggest"
)

// EvaluateOptions says what is measured.
type EvaluateOptions struct {
	AsOf     time.Time
	Judged   *evaluate.JudgedSet // nil: no judged set
	Awards   bool
	Feedback bool
	// Ablate measures bidfit without one criterion after another, too.
	Ablate bool
}

// Evaluation is what was measured.
type Evaluation struct {
	Tables []evaluate.Table
	// Notes say what was left out, a sentence each.
	Notes []string
	// Refused are the sets that have too few labels, each an *evaluate.TooFewError.
	Refused []error
}

// Rows are the rows of all tables.
func (e *Evaluation) Rows() []evaluate.Row {
	rows := []evaluate.Row{}
	for _, t := range e.Tables {
		rows = append(rows, t.Rows...)
	}
	return rows
}

func (e *Evaluation) note(format string, args ...any) {
	e.Notes = append(e.Notes, fmt.Sprintf(format, args...))
}

// ReadJudged reads the judged set in a folder: profiles.jsonl (or .json, .yaml) and judgements.tsv.
// name is the folder's, for errors.
func ReadJudged(dir fs.FS, name string) (*evaluate.JudgedSet, error) {
	set := &evaluate.JudgedSet{}
	read := func(i int, files ...string) error {
		for _, file := range files {
			f, err := dir.Open(file)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			defer f.Close()
			set.Files[i] = path.Join(name, file)
			if i == 0 {
				set.Profiles, err = profiles.Decode(f, set.Files[i])
			} else {
				set.Judgements, err = evaluate.ReadJudgements(f, set.Files[i])
			}
			return err
		}
		return fmt.Errorf("%s has no %s: %w; a judged set is profiles.jsonl and judgements.tsv", name, files[0], fs.ErrNotExist)
	}
	if err := read(0, "profiles.jsonl", "profiles.json", "profiles.yaml"); err != nil {
		return nil, err
	}
	return set, read(1, "judgements.tsv")
}

// Evaluate measures the ranking on the notices of the store, with the lexicon that matching uses.
func (d *Desk) Evaluate(ctx context.Context, o EvaluateOptions) (Evaluation, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return Evaluation{}, err
	}
	lexicon := l.lexicon
	var notices []*notice.Notice
	for n, err := range d.store.Notices(ctx) {
		if err != nil {
			return Evaluation{}, fmt.Errorf("evaluating: %w", err)
		}
		notices = append(notices, n)
	}
	var e Evaluation
	if err := e.measure(ctx, o, lexicon, notices, evaluate.ByPublisher(notices)); err != nil {
		return Evaluation{}, err
	}
	if o.Feedback {
		answered, err := d.answered(ctx)
		if err != nil {
			return Evaluation{}, err
		}
		if err := e.feedback(ctx, o, lexicon, answered, notices); err != nil {
			return Evaluation{}, err
		}
	}
	return e, nil
}

// EvaluateFiles measures the ranking on the notices of files, each of them standing for a publisher, with a
// lexicon learned from them. It knows no feedback: that is kept in a store. rejected is told of each release that could not be read.
func EvaluateFiles(ctx context.Context, sources []Source, rejected func(notice.Rejected), o EvaluateOptions) (Evaluation, error) {
	var groups [][]*notice.Notice
	releases := map[string][]notice.Release{}
	seen := map[[3]string]bool{}
	files := make([][]string, len(sources)) // OCIDs, by the file they first stand in
	for i, s := range sources {
		err := decodeSource(ctx, s, func(item ocds.Item) {
			if item.Rejected != nil {
				rejected(*item.Rejected)
				return
			}
			r := item.Release
			if same := [3]string{r.OCID, r.Identity(), string(r.Hash[:])}; !seen[same] {
				seen[same] = true
				if releases[r.OCID] == nil {
					files[i] = append(files[i], r.OCID)
				}
				releases[r.OCID] = append(releases[r.OCID], *r)
			}
		})
		if err != nil {
			return Evaluation{}, err
		}
	}
	var all []*notice.Notice
	for _, ocids := range files {
		var group []*notice.Notice
		for _, ocid := range ocids {
			list, err := ocds.Project(ocid, releases[ocid])
			if err != nil {
				return Evaluation{}, fmt.Errorf("reading %s: %w", ocid, err)
			}
			group = append(group, list...)
		}
		groups, all = append(groups, group), append(all, group...)
	}
	var e Evaluation
	return e, e.measure(ctx, o, matcher.Learn(slices.Values(all)), all, groups)
}

func decodeSource(ctx context.Context, s Source, use func(ocds.Item)) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	for item, err := range ocds.Decode(ctx, r, s.Name) {
		if err != nil {
			return err
		}
		use(item)
	}
	return nil
}

// measure measures the sets that need no store.
func (e *Evaluation) measure(ctx context.Context, o EvaluateOptions, l *matcher.Lexicon, all []*notice.Notice, groups [][]*notice.Notice) error {
	if o.Judged != nil {
		tasks, missing, err := evaluate.Judged(l, *o.Judged, all, o.AsOf)
		switch {
		case err != nil:
			if err := e.refuse(err); err != nil {
				return err
			}
		default:
			if n := len(missing.OCIDs); n > 0 {
				e.note("judged: %d of the %d judgements are on notices that are not here (%s) and count for nothing.", n, missing.Judged, some(missing.OCIDs))
			}
			if err := e.run(ctx, evaluate.SetJudged, tasks, o.Ablate, matcher.OrderRelevance, matcher.OrderScore); err != nil {
				return err
			}
		}
	}
	if o.Awards {
		var b evaluate.Backtest
		for _, group := range groups {
			b.Add(evaluate.Awards(l, suggest.FromWins, group))
		}
		if err := b.TooFew(); err != nil {
			return e.refuse(err)
		}
		e.note("awards: of %s with three wins or more, %s; left out are %d notices that tell of a contract again.",
			notice.Count(b.Suppliers, "supplier", "suppliers"), fates(b), b.Repeats)
		return e.run(ctx, evaluate.SetAwards, b.Tasks, o.Ablate, matcher.OrderRelevance)
	}
	return nil
}

// fates says what became of the suppliers of a backtest.
func fates(b evaluate.Backtest) string {
	parts := []string{fmt.Sprintf("%d are measured", len(b.Tasks))}
	for _, f := range []struct {
		n   int
		why string
	}{
		{b.Together, "won the last together with the one before"}, {b.Few, "had too few notices after them"}, {b.Unread, "are more than are needed"},
	} {
		if f.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", f.n, f.why))
		}
	}
	return notice.Enumerate(parts)
}

// some lists the first few.
func some(list []string) string {
	if len(list) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:3], ", "), len(list)-3)
	}
	return strings.Join(list, ", ")
}

// run measures tasks by some orders. An order with too few lists is noted; where no order has enough, the set is refused.
func (e *Evaluation) run(ctx context.Context, set evaluate.Set, tasks []evaluate.Task, ablate bool, orders ...matcher.Order) error {
	var few []error
	for _, o := range orders {
		t, err := evaluate.Run(ctx, set, tasks, o, ablate)
		if tooFew := (*evaluate.TooFewError)(nil); errors.As(err, &tooFew) {
			few = append(few, err)
			continue
		}
		if err != nil {
			return err
		}
		e.Tables = append(e.Tables, t)
	}
	return e.few(few, len(orders))
}

// few keeps why orders were not measured: as notes, or as a refusal where none was.
func (e *Evaluation) few(errs []error, orders int) error {
	if len(errs) == orders && orders > 0 {
		return e.refuse(errs[0])
	}
	for _, err := range errs {
		e.note("%v.", err)
	}
	return nil
}

// refuse keeps an error that says there is too little, and gives back any other.
func (e *Evaluation) refuse(err error) error {
	if tooFew := (*evaluate.TooFewError)(nil); !errors.As(err, &tooFew) {
		return err
	}
	e.Refused = append(e.Refused, err)
	return nil
}

// feedback measures what was answered.
func (e *Evaluation) feedback(ctx context.Context, o EvaluateOptions, l *matcher.Lexicon, answered []evaluate.Answered, notices []*notice.Notice) error {
	orders := []matcher.Order{matcher.OrderScore, matcher.OrderRelevance}
	var few []error
	for _, order := range orders {
		tasks, err := evaluate.Feedback(l, order, answered, notices, o.AsOf)
		if err != nil {
			few = append(few, err)
			continue
		}
		if err := e.run(ctx, evaluate.SetFeedback, tasks, o.Ablate, order); err != nil {
			return err
		}
	}
	return e.few(few, len(orders))
}

// answered is what was said for each profile: of every target the newest decision, and the answer about relevance that is in force.
func (d *Desk) answered(ctx context.Context) ([]evaluate.Answered, error) {
	all, err := d.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	var list []evaluate.Answered
	for _, p := range all {
		pursuits, err := d.stands(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		ratings, err := d.Ratings(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, evaluate.Answered{Profile: p.Profile, Labels: labels(pursuits, ratings)})
	}
	return list, nil
}

// labels are what decisions and answers say that notices deserve. An answer is about what is bought, and there counts before what a
// decision lets guess.
func labels(pursuits []pursuit.Pursuit, ratings []pursuit.Rated) []evaluate.Label {
	var list []evaluate.Label
	at := map[pursuit.Target]int{}
	for i := range pursuits {
		decision := pursuits[i].Current()
		at[decision.Target] = len(list)
		list = append(list, evaluate.Label{Notice: decision.Notice, Day: decision.When, Grades: maps.Clone(decided[decision.Verdict])})
	}
	for i := range ratings {
		r := &ratings[i]
		grades, ok := rated[r.Relevance()]
		if !ok {
			continue
		}
		if j, both := at[r.Target]; both {
			list[j].Grades[matcher.OrderRelevance] = grades[matcher.OrderRelevance]
			continue
		}
		list = append(list, evaluate.Label{Notice: r.Notice, Day: r.Ratings[len(r.Ratings)-1].When, Grades: grades})
	}
	return list
}

// decided is what a verdict says a notice deserves: who bids or watches says that it is the right trade, who does not may
// have had any reason.
var decided = map[pursuit.Verdict]map[matcher.Order]int{
	pursuit.Bid:   {matcher.OrderScore: 3, matcher.OrderRelevance: 3},
	pursuit.Watch: {matcher.OrderScore: 2, matcher.OrderRelevance: 2},
	pursuit.NoBid: {matcher.OrderScore: 0},
}

// rated is what an answer says a notice deserves: a relevant one may still be too far away or too large, an irrelevant one has
// no place on a shortlist.
var rated = map[pursuit.Answer]map[matcher.Order]int{
	pursuit.Relevant:   {matcher.OrderRelevance: 3},
	pursuit.Irrelevant: {matcher.OrderRelevance: 0, matcher.OrderScore: 0},
}
