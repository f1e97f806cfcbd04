package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"bidfit/index"
)

// mostTallies is how many counts are remembered while the index stays as it is.
const mostTallies = 4096

// tallies are counts of searches, good for one state of the index.
type tallies struct {
	mu     sync.Mutex
	mark   index.Mark
	counts map[string]uint64
}

// Counts tells for each token ("cpv:853", as index.Tokens has them) how many notices carry it.
func (d *Desk) Counts(ctx context.Context, tokens []string) (map[string]uint64, error) {
	return d.Tally(ctx, index.Query{}, tokens)
}

// Tally tells for each token how many notices a query would find were that its only token of its kind: the
// counts of a facet, beside which the others stay as chosen.
func (d *Desk) Tally(ctx context.Context, q index.Query, tokens []string) (map[string]uint64, error) {
	if err := d.CatchUp(ctx); err != nil {
		return nil, err
	}
	counts := make([]uint64, len(tokens))
	err := d.mending(ctx, func(ctx context.Context) error {
		mark := d.index.Mark()
		return atOnce(ctx, len(tokens), func(i int) (err error) {
			counts[i], err = d.tally(ctx, mark, q, tokens[i])
			return err
		})
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

func (d *Desk) tally(ctx context.Context, mark index.Mark, q index.Query, token string) (uint64, error) {
	kind, _, _ := strings.Cut(token, ":")
	others := slices.DeleteFunc(slices.Clone(q.Tokens), func(t string) bool { return strings.HasPrefix(t, kind+":") })
	slices.Sort(others)
	key := strings.Join(append(others, token, q.Words), "\x00")
	t := &d.tallies
	t.mu.Lock()
	if t.mark != mark || len(t.counts) >= mostTallies || t.counts == nil {
		t.mark, t.counts = mark, map[string]uint64{}
	}
	n, ok := t.counts[key]
	t.mu.Unlock()
	if ok {
		return n, nil
	}
	r, err := d.index.Search(ctx, index.Query{Words: q.Words, Tokens: append(others, token), Size: 1})
	if err != nil {
		return 0, fmt.Errorf("counting the notices with %s: %w", token, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mark == mark {
		t.counts[key] = r.Total
	}
	return r.Total, nil
}
