package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bidfit/index"
)

// mostTallies is how many counts are kept.
const mostTallies = 4096

// Counts tells for each token ("cpv:853", as index.Tokens has them) how many notices carry it.
func (d *Desk) Counts(ctx context.Context, tokens []string) (map[string]uint64, error) {
	return d.Tally(ctx, index.Query{}, tokens)
}

// Tally tells for each token how many notices a query would find were that its only token of its kind: the
// counts of a facet, beside which the others stay as chosen.
func (d *Desk) Tally(ctx context.Context, q index.Query, tokens []string) (map[string]uint64, error) {
	counts := make([]uint64, len(tokens))
	err := atOnce(ctx, len(tokens), func(i int) (err error) {
		counts[i], err = d.tally(ctx, q, tokens[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]uint64, len(tokens))
	for i, token := range tokens {
		out[token] = counts[i]
	}
	return out, nil
}

func (d *Desk) tally(ctx context.Context, q index.Query, token string) (uint64, error) {
	kind, _, _ := strings.Cut(token, ":")
	others := slices.DeleteFunc(slices.Clone(q.Tokens), func(t string) bool { return strings.HasPrefix(t, kind+":") })
	slices.Sort(others)
	key := strings.Join(append(others, token, q.Words), "\x00")
	return once(ctx, d, &d.tallies, key, mostTallies, func(uint64) int { return 1 }, func() (uint64, error) {
		r, err := d.searched(ctx, index.Query{Words: q.Words, Tokens: append(others, token), Size: 1})
		if err != nil {
			return 0, fmt.Errorf("counting the notices with %s: %w", token, err)
		}
		return r.Total, nil
	})
}
