package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/index"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/suggest"
)

const (
	mostNear   = 60 // notices that a text is held against
	leastNear  = 10 // the relevance from which on a notice is near a text at all
	nearEnough = 40 // percent of the best relevance that it has to have besides
	someSaying = 60 // notices looked through for what says a phrase and is another trade
)

// SuggestText drafts a profile of what a supplier says of itself, against the notices in the store.
func (d *Desk) SuggestText(ctx context.Context, text string) (suggest.Draft, error) {
	if strings.TrimSpace(text) == "" {
		return suggest.Draft{}, errors.New("the text is empty; say in a few sentences what the supplier does")
	}
	if err := d.CatchUp(ctx); err != nil {
		return suggest.Draft{}, err
	}
	g, err := d.ground(ctx, suggest.Bare(text))
	if err != nil {
		return suggest.Draft{}, fmt.Errorf("drafting a profile: %w", err)
	}
	draft, err := suggest.Text(text, g)
	if err != nil {
		return suggest.Draft{}, fmt.Errorf("drafting a profile: %w", err)
	}
	return draft, d.fill(ctx, &draft)
}

// ground gathers what a text is held against: the notices most like a profile that has the text alone, whatever their stage.
func (d *Desk) ground(ctx context.Context, bare profiles.Profile) (suggest.Ground, error) {
	names, err := d.Names(ctx)
	if err != nil {
		return suggest.Ground{}, err
	}
	stats, err := d.store.Stats(ctx)
	if err != nil {
		return suggest.Ground{}, err
	}
	lexicon, fits, err := d.nearest(ctx, bare)
	if err != nil {
		return suggest.Ground{}, err
	}
	g := suggest.Ground{
		Lexicon: lexicon, Names: names, Notices: stats.Notices,
		Coded:  func(c cpv.Code) (int, error) { return d.counted(ctx, index.Query{Tokens: []string{index.CPVToken(c)}}) },
		Saying: func(phrase string) (int, error) { return d.counted(ctx, index.Query{Words: together(phrase)}) },
		Mentioning: func(phrase string) ([]*notice.Notice, error) {
			found, err := d.Search(ctx, index.Query{Words: together(phrase), Size: someSaying})
			return found.Notices, err
		},
	}
	for _, f := range fits {
		n, err := d.store.Notice(ctx, f.ID())
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return suggest.Ground{}, err
		}
		g.Near = append(g.Near, suggest.Near{Notice: n, Relevance: f.Relevance})
	}
	return g, nil
}

// nearest are the fits of the notices most relevant to a profile.
func (d *Desk) nearest(ctx context.Context, p profiles.Profile) (*matcher.Lexicon, []matcher.Fit, error) {
	l, err := d.inStep(ctx, true)
	if err != nil {
		return nil, nil, err
	}
	m, err := d.matcher(l.lexicon, p)
	if err != nil {
		return nil, nil, err
	}
	fits, err := l.assess(ctx, m, MatchOptions{All: true})
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(fits, matcher.Compare(matcher.OrderRelevance))
	n := 0
	for n < min(mostNear, len(fits)) && fits[n].Relevance >= max(leastNear, fits[0].Relevance*nearEnough/100) {
		n++
	}
	return l.lexicon, fits[:n], nil
}

// together asks for the words of a phrase side by side.
func together(phrase string) string { return `"` + strings.ReplaceAll(phrase, `"`, " ") + `"` }

// counted is how many notices a query finds.
func (d *Desk) counted(ctx context.Context, q index.Query) (int, error) {
	q.Size = 1
	n := 0
	err := d.mending(ctx, func(ctx context.Context) error {
		r, err := d.index.Search(ctx, q)
		n = int(r.Total)
		return err
	})
	return n, err
}

// fill counts the notices and the open ones of every proposal of a draft.
func (d *Desk) fill(ctx context.Context, draft *suggest.Draft) error {
	both := func(q index.Query, all, open *int) (err error) {
		if *all, err = d.counted(ctx, q); err == nil {
			q.Tokens = append(q.Tokens, openStages...)
			*open, err = d.counted(ctx, q)
		}
		return err
	}
	for i := range draft.Codes {
		c := &draft.Codes[i]
		if err := both(index.Query{Tokens: []string{index.CPVToken(c.Code)}}, &c.Notices, &c.Open); err != nil {
			return fmt.Errorf("counting the notices of %s: %w", c.Code, err)
		}
	}
	for _, list := range [][]suggest.Keyword{draft.Keywords, draft.Exclude} {
		for i := range list {
			k := &list[i]
			if err := both(index.Query{Words: together(k.Text)}, &k.Notices, &k.Open); err != nil {
				return fmt.Errorf("counting the notices that say %q: %w", k.Text, err)
			}
		}
	}
	return nil
}

// openStages are the tokens of the stages at which a supplier can still do something.
var openStages = []string{"stage:pipeline", "stage:engagement", "stage:planned", "stage:market", "stage:tender"}

// SuggestSupplier drafts a profile of the contracts that a supplier has won, who is named as Supplier names one.
// ErrNotFound also where it has won nothing; *AmbiguousError.
func (d *Desk) SuggestSupplier(ctx context.Context, nameOrID string, asOf time.Time) (suggest.Draft, error) {
	o, c, err := d.organisation(ctx, supplier, nameOrID)
	if err != nil {
		return suggest.Draft{}, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return suggest.Draft{}, err
	}
	lexicon := l.lexicon
	is := func(m market.Mention) bool { return c.directory.Of(m) == o }
	var wins []*notice.Notice
	for _, r := range market.Once(c.records) {
		if !slices.ContainsFunc(r.Awards, func(w market.Award) bool { return slices.ContainsFunc(w.Suppliers, is) }) {
			continue
		}
		n, err := d.store.Notice(ctx, r.Notice)
		if err != nil {
			return suggest.Draft{}, err
		}
		wins = append(wins, n)
	}
	if len(wins) == 0 {
		return suggest.Draft{}, fmt.Errorf("supplier %q: %w: no notice in the store says that it won anything; describe it with --text", nameOrID, store.ErrNotFound)
	}
	draft := suggest.Wins(lexicon, o.Name, wins, is)
	return draft, d.fill(ctx, &draft)
}
