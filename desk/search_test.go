package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"bidfit/desk"
	"bidfit/index"
)

// TestSearchAfter: pages follow each other without a gap and without a notice twice, also where others come between them and move what follows.
func TestSearchAfter(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	put := func(kind string, from, to int) {
		var text []byte
		for i := from; i < to; i++ {
			text = fmt.Appendf(text, `{"ocid":"ocds-h6vhtk-%s%02d","id":"%s%02d","date":"2026-06-01T09:00:00Z","tag":["tender"],"tender":{"id":"t","title":"Mediation"}}`+"\n", kind, i, kind, i)
		}
		ingest(t, d, text)
	}
	put("m", 0, 30)
	q := index.Query{Words: "mediation", Size: 7}
	var got []string
	page, err := d.Search(t.Context(), q)
	for n := 0; ; n++ {
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Notices {
			got = append(got, x.ID)
		}
		if page.Next == "" {
			break
		}
		put("a", n*20, n*20+20) // before all the others, by their ids
		page, err = d.SearchAfter(t.Context(), q, page.Next)
	}
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprintf("ocds-h6vhtk-m%02d", i))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %q", got)
	}
	for _, cursor := range []string{"", "!", "e30", "eyJuIjoxfQ", "eyJuIjoxMDAwMCwiaWQiOiJ4In0", "eyJuIjotMSwiaWQiOiJ4In0"} {
		if _, err := d.SearchAfter(t.Context(), q, cursor); !errors.Is(err, desk.ErrCursor) {
			t.Errorf("the cursor %q: %v", cursor, err)
		}
	}
	// A notice that is not there any more leaves its place to others.
	page, err = d.SearchAfter(t.Context(), q, "eyJuIjo3LCJpZCI6IngifQ") // {"n":7,"id":"x"}
	if err != nil || len(page.Notices) != 7 || page.Notices[0].ID != "ocds-h6vhtk-a07" {
		t.Errorf("after what is gone: %v, %d notices", err, len(page.Notices))
	}
}
