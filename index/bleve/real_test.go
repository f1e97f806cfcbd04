package bleve_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
	"bidfit/notice/words"
)

// realNotices reads what this package needs from published releases: the texts,
// codes and places, one notice a release. The projection proper is package ocds's.
func realNotices(t testing.TB) []*notice.Notice {
	t.Helper()
	file, err := os.Open(noticetest.Shared(t, "data/notices/find-a-tender.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	type class struct{ ID, Description string }
	var list []*notice.Notice
	for d := json.NewDecoder(unzipped); ; {
		var r struct {
			OCID, ID string
			Tag      []string
			Buyer    struct{ ID, Name string }
			Tender   struct {
				Title, Description, MainProcurementCategory string
				Classification                              *class
				Lots                                        []struct{ Title, Description string }
				Items                                       []struct {
					Description               string
					AdditionalClassifications []class
					DeliveryAddresses         []struct{ Region string }
				}
			}
			Awards []struct{ Suppliers []struct{ ID, Name string } }
		}
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		n := &notice.Notice{
			ID: r.OCID + "/" + r.ID, OCID: r.OCID, Publisher: notice.FindATender, Stage: notice.Stage(r.Tag[0]),
			Title: say(r.Tender.Title), Description: say(r.Tender.Description), Category: say(r.Tender.MainProcurementCategory),
			Releases: []notice.Published{{Identity: r.ID}},
			Buyer:    notice.Organisation{Name: say(r.Buyer.Name), ID: say(r.Buyer.ID)},
		}
		for _, l := range r.Tender.Lots {
			n.Lots = append(n.Lots, notice.Lot{Title: say(l.Title), Description: say(l.Description)})
		}
		if len(n.Lots) == 0 {
			n.Lots = make([]notice.Lot, 1)
		}
		lot := &n.Lots[0]
		classify := func(c class) {
			if code, err := cpv.Parse(c.ID); err == nil {
				lot.CPV = append(lot.CPV, said(notice.Classification{Code: code, Description: said(c.Description)}))
			}
		}
		if c := r.Tender.Classification; c != nil {
			classify(*c)
		}
		for _, i := range r.Tender.Items {
			lot.Items = append(lot.Items, say(i.Description))
			for _, c := range i.AdditionalClassifications {
				classify(c)
			}
			for _, a := range i.DeliveryAddresses {
				if region, err := itl.Parse(a.Region); err == nil {
					lot.Places = append(lot.Places, said(notice.Place{Text: a.Region, Region: region}))
				}
			}
		}
		for _, a := range r.Awards {
			var award notice.Award
			for _, s := range a.Suppliers {
				award.Suppliers = append(award.Suppliers, notice.Organisation{Name: say(s.Name), ID: say(s.ID)})
			}
			n.Awards = append(n.Awards, award)
		}
		list = append(list, n)
	}
}

func say(s string) notice.Said[string] { return said(s) }

func said[T any](v T) notice.Said[T] { return notice.Say(v, notice.Path{Pointer: "/tender"}) }

func put(t testing.TB, x *bleve.Index, notices []*notice.Notice, batch int) {
	t.Helper()
	n := x.Mark().N
	for some := range slices.Chunk(notices, batch) {
		n++
		if err := x.Put(t.Context(), index.Mark{Store: "test", N: n}, some, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, dir string) *bleve.Index {
	t.Helper()
	x, err := bleve.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// TestMentions holds what search finds in real notices against what package
// words, and so matching, finds in the same texts.
func TestMentions(t *testing.T) {
	notices := realNotices(t)
	x := open(t, t.TempDir())
	put(t, x, notices, index.BatchSize)

	keywords := []string{
		"IT", "NHS", "FM", "CCTV", "ICT", "information technology", "social care", "SEND", "M&E", "e-mail", "healthcare",
		"grounds maintenance", "hate crime", "anti-social behaviour", "heating, ventilation", "24/7", "low carbon", "Wi-Fi",
		"facilities management", "value added tax", "supply teachers", "children's services", "COVID-19", "café", "organisation",
	}
	const titles = 60 // and words and pairs as they stand in titles
	for i := range titles {
		title := strings.Fields(notices[i*len(notices)/titles].Title.Value)
		if len(title) > 2 {
			keywords = append(keywords, title[1], title[1]+" "+title[2])
		}
	}
	type read struct {
		id     string
		tokens []words.Token
	}
	var all []read
	for _, n := range notices {
		d := index.Describe(n)
		for _, text := range slices.Concat(d.Title, d.Text, d.Names) {
			all = append(all, read{n.ID, words.Tokens(text)})
		}
	}
	compared := 0
	for _, k := range keywords {
		q := index.Query{Words: `"` + k + `"`, Size: index.MaxSize}
		clauses, err := q.Clauses()
		if err != nil || len(clauses) != 1 || strings.Contains(k, `"`) {
			continue
		}
		want := make(map[string]bool)
		for _, r := range all {
			if !want[r.id] && len(clauses[0].Find(r.tokens)) > 0 {
				want[r.id] = true
			}
		}
		got, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range got.Hits {
			if !want[h.ID] && !skips(clauses[0]) {
				t.Errorf("%q: search finds %s, where it is not mentioned", k, h.ID)
			}
			delete(want, h.ID)
		}
		if uint64(len(got.Hits)) == got.Total {
			for id := range want {
				t.Errorf("%q: search misses %s, where it is mentioned", k, id)
			}
		}
		compared++
	}
	if compared < titles {
		t.Errorf("only %d keywords were compared", compared)
	}
}

// skips reports whether a phrase has a word without meaning in its middle: there search takes any.
func skips(p words.Phrase) bool {
	for _, form := range p.Forms {
		for _, term := range form {
			if !term.Upper && words.Stop(term.Stem) {
				return true
			}
		}
	}
	return false
}

func BenchmarkPut(b *testing.B) {
	notices := realNotices(b)
	for b.Loop() {
		x, err := bleve.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		put(b, x, notices, index.BatchSize)
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(notices)*b.N)/b.Elapsed().Seconds(), "notices/s")
}

// BenchmarkWords is the share of package words in BenchmarkPut.
func BenchmarkWords(b *testing.B) {
	var texts []string
	for _, n := range realNotices(b) {
		d := index.Describe(n)
		texts = append(texts, slices.Concat(d.Title, d.Text, d.Names)...)
	}
	for b.Loop() {
		for _, text := range texts {
			words.Tokens(text)
		}
	}
}

func BenchmarkDescribe(b *testing.B) {
	notices := realNotices(b)
	for b.Loop() {
		for _, n := range notices {
			index.Describe(n)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	x := open(b, dir)
	put(b, x, realNotices(b), index.BatchSize)
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		x, err := bleve.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	notices := realNotices(b)
	x := open(b, b.TempDir())
	put(b, x, notices, index.BatchSize)
	for _, bm := range []struct {
		name string
		q    index.Query
	}{
		{"word", index.Query{Words: "mediation"}},
		{"words", index.Query{Words: "social care support services"}},
		{"phrase", index.Query{Words: `"facilities management"`}},
		{"tokens", index.Query{Tokens: []string{"stage:tender", "cpv:72", "cpv:48", "itl:TLI"}}},
		{"all", index.Query{}},
		{"worst", index.Query{Words: strings.Repeat("service contract ", index.MaxClauses/2), From: 9000, Size: 1000}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), bm.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("similar", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := x.Similar(b.Context(), notices[i%len(notices)], 10); err != nil {
				b.Fatal(err)
			}
		}
	})
}
