package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"bidfit/index"
	"bidfit/matcher"
)

// dated are mediation tenders, each first published so many days before asOf, published again where that is said, and due so many days after.
func dated(notices ...[3]int) []byte {
	var b bytes.Buffer
	for i, n := range notices {
		release := func(id, tag string, before int) {
			fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-w%d","id":"%s-2026","tag":["%s"],"date":"%s","buyer":{"name":"Council %d"},"tender":{"title":"Neighbour mediation","status":"active","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"85312000"}],"deliveryAddresses":[{"region":"UKG24"}]}],"value":{"amount":90000,"currency":"GBP"},"tenderPeriod":{"endDate":"%s"}}}`+"\n",
				i, id, tag, asOf.AddDate(0, 0, -before).Add(9*time.Hour).Format(time.RFC3339), i, asOf.AddDate(0, 0, n[2]).Add(12*time.Hour).Format(time.RFC3339))
		}
		release(fmt.Sprintf("1%d", i), "tender", n[0])
		if n[1] >= 0 {
			release(fmt.Sprintf("2%d", i), "tenderUpdate", n[1])
		}
	}
	return b.Bytes()
}

// TestWeek: what was published within seven days is new, what was published again changed, what is due within seven closing.
func TestWeek(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, dated([3]int{3, -1, 30}, [3]int{40, 2, 7}, [3]int{7, 1, 8}, [3]int{8, -1, 0}, [3]int{60, -1, -1}))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	w, err := d.Week(t.Context(), "mediator", asOf)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		got  int
		want int
	}{{"new", len(w.New), 2}, {"changed", len(w.Changed), 1}, {"closing", len(w.Closing), 2}, {"bid and review", w.Bid + w.Review, 4}} {
		if c.got != c.want {
			t.Errorf("%d %s, want %d", c.got, c.what, c.want)
		}
	}
	if w.New[0].Fit.OCID != "ocds-h6vhtk-w2" || w.Closing[0].Fit.OCID != "ocds-h6vhtk-w3" || w.Changed[0].Fit.OCID != "ocds-h6vhtk-w1" {
		t.Errorf("new begins with %s, closing with %s, changed with %s", w.New[0].Fit.OCID, w.Closing[0].Fit.OCID, w.Changed[0].Fit.OCID)
	}
	for _, it := range append(w.New, w.Closing...) {
		if it.Fit.Advice == matcher.NoBid || it.Buyer == "" || it.Published.IsZero() {
			t.Errorf("%+v", it)
		}
	}
	if _, err := d.Week(t.Context(), "nobody", asOf); err == nil {
		t.Error("nobody has a week")
	}
}

// TestFreshness: the newest release, also after more have come, and whatever the order.
func TestFreshness(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	newest := func(want time.Time) {
		t.Helper()
		f, err := d.Freshness(t.Context())
		if err != nil || !f.Newest.Equal(want) {
			t.Errorf("the newest is %v (%v), want %v", f.Newest, err, want)
		}
	}
	newest(time.Time{})
	at := func(before int) time.Time { return asOf.AddDate(0, 0, -before).Add(9 * time.Hour) }
	ingest(t, d, dated([3]int{9, -1, 5}))
	newest(at(9))
	ingest(t, d, dated([3]int{9, 4, 5}, [3]int{20, -1, 5}))
	newest(at(4))
	newest(at(4))
	ingest(t, d, made(600)) // more than are looked through at once, all older
	newest(at(4))
}

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
