package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/store"
)

// awarded is made-up awards: n of them by a few councils to a few firms, some of whom bear one name
// under two numbers, or a name with and without its number.
func awarded(n int) []byte {
	firms := []string{
		`{"id":"s","name":"Wren Grounds Ltd","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"00000001"}}`,
		`{"id":"s","name":"WREN GROUNDS LIMITED","roles":["supplier"]}`,
		`{"id":"s","name":"Larkspur Care CIC","roles":["supplier"],"identifier":{"scheme":"GB-FTS","id":"7"}}`,
		`{"id":"s","name":"Larkspur Community","roles":["supplier"],"identifier":{"scheme":"GB-FTS","id":"7"},"additionalIdentifiers":[{"scheme":"GB-COH","id":"2"}]}`,
		`{"id":"s","name":"Heron Ltd","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"3"},"address":{"locality":"Wick"}}`,
		`{"id":"s","name":"Heron Limited","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"4"}}`,
		`{"id":"s","name":"Heron","roles":["supplier"]}`,
		`{"id":"s","name":"n/a","roles":["supplier"]}`,
		`{"id":"s","name":"Larkfield Lifts Ltd","roles":["supplier"]}`,
	}
	buyers := []string{
		`{"id":"b","name":"Wick Borough Council","roles":["buyer"],"identifier":{"scheme":"GB-PPON","id":"PWIC-1111-KKKK"}}`,
		`{"id":"b","name":"Borough of Wick","roles":["buyer"]}`,
		`{"id":"b","name":"Wickham Town Council","roles":["buyer"]}`,
		`{"id":"b","name":"Council of the City of Saltbourne","roles":["buyer"]}`,
	}
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-w%05d","id":"%06d-2025","tag":["award"],"date":"2025-0%d-01T09:00:00Z","parties":[%s,%s],"buyer":{"id":"b"},"tender":{"id":"t","title":"Grounds no. %d","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}]}]},"awards":[{"id":"1","status":"active","date":"2025-0%d-02T00:00:00Z","suppliers":[{"id":"s"}],"value":{"amount":%d,"currency":"GBP"}}]}`+"\n",
			i, i, 1+i%9, buyers[i%len(buyers)], firms[i%len(firms)], i, 1+i%9, 1000*(i+1))
	}
	return b.Bytes()
}

// TestMarketNamed asks for organisations in all the ways there are.
func TestMarketNamed(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, awarded(72))
	for asked, want := range map[string]string{
		"Wick Borough Council":           "GB-PPON-PWIC-1111-KKKK",
		"  borough of WICK ":             "GB-PPON-PWIC-1111-KKKK",
		"GB-PPON-PWIC-1111-KKKK":         "GB-PPON-PWIC-1111-KKKK",
		"pwic-1111-kkkk":                 "GB-PPON-PWIC-1111-KKKK",
		"saltbourne":                     "",
		"The City Council of Saltbourne": "",
		"wickham":                        "",
	} {
		b, err := d.Buyer(t.Context(), asked, asOf)
		if err != nil || b.ID != want {
			t.Errorf("buyer %q is %q, %v", asked, b.ID, err)
		}
	}
	if b, err := d.Buyer(t.Context(), "wick borough", asOf); err != nil || b.Notices != 36 || b.Values.Awards != 36 {
		t.Errorf("wick borough published %d notices with %d awards, %v", b.Notices, b.Values.Awards, err)
	}
	for asked, want := range map[string]string{
		"wren": "GB-COH-00000001", "1": "GB-COH-00000001", "GB-COH-1": "GB-COH-00000001", "gb-fts-7": "GB-COH-00000002",
		"larkspur care": "GB-COH-00000002", "Larkspur Community": "GB-COH-00000002", "GB-COH-00000004": "GB-COH-00000004", "lark lifts": "",
	} {
		s, err := d.Supplier(t.Context(), asked, asOf)
		if err != nil || s.ID != want {
			t.Errorf("supplier %q is %q, %v", asked, s.ID, err)
		}
	}
	if s, err := d.Supplier(t.Context(), "wren grounds", asOf); err != nil || s.Values.Awards != 16 {
		t.Errorf("Wren won %d awards, %v", s.Values.Awards, err)
	}
	for asked, want := range map[string]int{"heron": 3, "Heron Ltd": 3, "lark": 2} {
		_, err := d.Supplier(t.Context(), asked, asOf)
		if e := (*desk.AmbiguousError)(nil); !errors.As(err, &e) || len(e.Candidates) != want || e.Candidates[0].Notices != 8 && e.Candidates[0].Notices != 16 {
			t.Errorf("supplier %q: %+v, want %d candidates", asked, err, want)
		}
	}
	for _, asked := range []string{"nobody", "", "  ", "n/a", "GB-COH-99999999", "\x00", "of", "Wick Borough Council"} {
		if _, err := d.Supplier(t.Context(), asked, asOf); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("supplier %q: %v", asked, err)
		}
	}
	if _, err := d.Similar(t.Context(), "ocds-nothing", 5, asOf); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("similar to nothing: %v", err)
	}
}

// TestTooManyNames asks for a part that half the market has in its name.
func TestTooManyNames(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	var b bytes.Buffer
	for i := range 60 {
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-n%d","id":"%d-2025","tag":["tender"],"date":"2025-01-01T09:00:00Z","buyer":{"id":"b","name":"Wick School %d"},"tender":{"id":"t","title":"Paper"}}`+"\n", i, i, 100+i)
	}
	ingest(t, d, b.Bytes())
	_, err := d.Buyer(t.Context(), "school", asOf)
	if e := (*desk.AmbiguousError)(nil); !errors.As(err, &e) || e.More != 60 || len(e.Candidates) != 0 {
		t.Errorf("buyer school: %v", err)
	}
	if b, err := d.Buyer(t.Context(), "school 131", asOf); err != nil || b.Notices != 1 {
		t.Errorf("buyer school 131: %+v, %v", b.Notices, err)
	}
}

// TestMarketAsWhole holds what is answered out of the index against the whole store read: of every organisation the same.
func TestMarketAsWhole(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	ingest(t, d, awarded(144))
	same := wholeMarket(t, d, s, 1)
	if same < 8 {
		t.Errorf("only %d organisations were compared", same)
	}
}

// TestRealMarketAsWhole is the same of published notices, one organisation in a hundred.
func TestRealMarketAsWhole(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	var sources []desk.Source
	for _, file := range append(noticetest.Notices(t), noticetest.Shared(t, "data", "award-history", "lancashire-councils.jsonl.gz")) {
		sources = append(sources, desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if _, err := d.Ingest(t.Context(), sources, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d organisations compared", wholeMarket(t, d, s, 100))
}

// wholeMarket resolves everybody at once and asks the desk for one organisation in so many.
func wholeMarket(t *testing.T, d *desk.Desk, s store.Store, every int) int {
	var records []*market.Record
	var all []market.Mention
	for n, err := range s.Notices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		r := market.Read(n)
		records = append(records, r)
		all = append(all, r.Mentions()...)
	}
	directory := market.Resolve(all)
	compared := 0
	for i, o := range directory.Organisations {
		if i%every != 0 {
			continue
		}
		asked := o.ID
		if asked == "" {
			asked = o.Name
		}
		want := market.NewSupplier(o, directory, records, asOf)
		got, err := d.Supplier(t.Context(), asked, asOf)
		// Others are told apart by what these notices say of them, not by all there are.
		got.Buyers, got.Beside, want.Buyers, want.Beside = nil, nil, nil, nil
		var ambiguous *desk.AmbiguousError
		switch {
		case errors.As(err, &ambiguous):
			if len(directory.Bearing("="+notice.NameKey(asked))) < 2 {
				t.Errorf("%q is ambiguous: %+v", asked, ambiguous.Candidates)
			}
			continue
		case errors.Is(err, store.ErrNotFound) && len(want.Awards)+len(want.Markets) == 0:
			b := market.NewBuyer(o, directory, records, asOf)
			got, err := d.Buyer(t.Context(), asked, asOf)
			got.Suppliers, b.Suppliers = nil, nil
			if b.Notices > 0 && (err != nil || !reflect.DeepEqual(got, b)) {
				t.Errorf("buyer %q:\n got %+v, %v\nwant %+v", asked, got, err, b)
			}
		case err != nil:
			t.Errorf("supplier %q: %v", asked, err)
		case !reflect.DeepEqual(got, want):
			t.Errorf("supplier %q:\n got %+v\nwant %+v", asked, got, want)
		}
		compared++
	}
	return compared
}

// TestManyNotices asks for a buyer with more notices than a search can page through.
func TestManyNotices(t *testing.T) {
	if testing.Short() {
		t.Skip("indexes 12,000 notices")
	}
	d, _, _ := open(t, t.TempDir())
	var b bytes.Buffer
	const n = 12_000
	for i := range n {
		tag := []string{"tender", "award"}[i%2]
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-l%d","id":"%d-2025","tag":["%s"],"date":"2025-01-01T09:00:00Z","buyer":{"id":"b","name":"Wick Borough Council"},"tender":{"id":"t","title":"Paper","status":"active"}}`+"\n", i, i, tag)
	}
	ingest(t, d, b.Bytes())
	start := time.Now()
	got, err := d.Buyer(t.Context(), "wick", asOf)
	if err != nil || got.Notices != n {
		t.Errorf("%d notices, %v", got.Notices, err)
	}
	t.Logf("%d notices in %v", n, time.Since(start))
}

func TestSimilarRounds(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	text := slices.Concat(made(40), []byte(`{"ocid":"ocds-h6vhtk-old","id":"1-2022","tag":["award"],"date":"2022-06-01T09:00:00Z","buyer":{"id":"GB-PPON-B0","name":"Council 0"},"tender":{"id":"t","title":"Neighbour mediation no. 0","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"85312000"}]}]},"awards":[{"id":"1","status":"active","date":"2022-06-01T00:00:00Z","suppliers":[{"id":"x","name":"Saltbourne Mediation CIC"}],"value":{"amount":45000,"currency":"GBP"}}]}`+"\n"))
	ingest(t, d, text)
	s, err := d.Similar(t.Context(), "ocds-h6vhtk-m00000", 3, asOf)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Before) != 1 || len(s.Before[0].Incumbents) != 1 || s.Before[0].Incumbents[0].Name != "Saltbourne Mediation CIC" {
		t.Errorf("its earlier round: %+v", s.Before)
	}
	if len(s.Open) != 3 || len(s.Won) != 1 || *s.Prices.Median != 45_000_00 {
		t.Errorf("open %d, won %d, prices %+v", len(s.Open), len(s.Won), s.Prices)
	}
}
