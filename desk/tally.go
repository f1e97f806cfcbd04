package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bidfit/index"
)

// mostTallies is how many counts are kept.
const mostTallies = 50_000

// Counts tells for each token ("cpv:853", as index.Tokens has them) how many notices carry it.
func (d *Desk) Counts(ctx context.Context, tokens []string) (map[string]uint64, error) {
	return d.Tally(ctx, index.Query{}, tokens)
}

// Tally tells for each token how many notices a query would find were that its only token of its kind: the
// counts of a facet, beside which the others stay as chosen.
func (d *Desk) Tally(ctx context.Context, q index.Query, tokens []string) (map[string]uint64, error) {
	var groups [][]string // by what else is asked for
	beside := map[string]int{}
	for _, token := range tokens {
		kind, _, _ := strings.Cut(token, ":")
		others := strings.Join(without(kind, q.Tokens), "\x00")
		i, ok := beside[others]
		if !ok {
			i = len(groups)
			beside[others] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], token)
	}
	found := make([][]uint64, len(groups))
	err := atOnce(ctx, len(groups), func(i int) (err error) {
		kind, _, _ := strings.Cut(groups[i][0], ":")
		found[i], err = d.tally(ctx, index.Query{Words: q.Words, Tokens: without(kind, q.Tokens)}, groups[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]uint64, len(tokens))
	for i, group := range groups {
		for j, token := range group {
			out[token] = found[i][j]
		}
	}
	return out, nil
}

// without are the tokens of other kinds, in order.
func without(kind string, tokens []string) []string {
	others := slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return strings.HasPrefix(t, kind+":") })
	slices.Sort(others)
	return others
}

// tally counts the notices that a query finds and that carry each token besides.
func (d *Desk) tally(ctx context.Context, q index.Query, tokens []string) ([]uint64, error) {
	key := strings.Join(append(append([]string{q.Words}, q.Tokens...), tokens...), "\x00")
	return once(ctx, d, &d.tallies, key, mostTallies, func(counts []uint64) int { return 1 + len(counts) }, func() (counts []uint64, err error) {
		if err := d.CatchUp(ctx); err != nil {
			return nil, err
		}
		err = d.mending(ctx, func(ctx context.Context) (err error) {
			counts, err = d.index.Tally(ctx, q, tokens)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("counting what is found: %w", err)
		}
		return counts, nil
	})
}
