package desk_test

import (
	"context"
	"testing"

	"bidfit/index"
)

// TestTally: a count is what the search finds, tokens of its own kind aside, and is counted anew when notices come.
func TestTally(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(300))
	tokens := []string{"itl:TLG", "itl:TLD", "stage:tender", "stage:award", "cpv:85"}
	q := index.Query{Words: "mediation", Tokens: []string{"itl:TLD", "stage:tender"}}
	check := func(ctx context.Context) {
		t.Helper()
		counts, err := d.Tally(ctx, q, tokens)
		if err != nil {
			t.Fatal(err)
		}
		for token, others := range map[string][]string{"itl:TLG": {"stage:tender"}, "itl:TLD": {"stage:tender"}, "stage:tender": {"itl:TLD"}, "stage:award": {"itl:TLD"}, "cpv:85": {"itl:TLD", "stage:tender"}} {
			found, err := d.Search(ctx, index.Query{Words: q.Words, Tokens: append(others, token)})
			if err != nil || counts[token] != found.Total {
				t.Errorf("%s: %d, and the search finds %d (%v)", token, counts[token], found.Total, err)
			}
		}
		if counts["itl:TLG"]+counts["itl:TLD"] == 0 || counts["stage:award"] != 0 {
			t.Errorf("%v", counts)
		}
	}
	check(t.Context())
	check(t.Context())
	ingest(t, d, made(900))
	check(t.Context())
}
