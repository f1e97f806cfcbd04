// Package indextest proves of an engine that it keeps the contract of package
// index. The notices and their organisations are invented.
package indextest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// Run runs the suite. open opens the index in a folder, which is empty the first
// time and may be opened again after Close.
func Run(t *testing.T, open func(t testing.TB, dir string) index.Index) {
	tests := []struct {
		name string
		test func(*testing.T, *suite)
	}{
		{"new", testNew},
		{"words", testWords},
		{"mentions", testMentions},
		{"order", testOrder},
		{"tokens", testTokens},
		{"carried", testCarried},
		{"tally", testTally},
		{"paging", testPaging},
		{"bounds", testBounds},
		{"hostile", testHostile},
		{"replace", testReplace},
		{"gone", testGone},
		{"mark", testMark},
		{"reset", testReset},
		{"reopen", testReopen},
		{"similar", testSimilar},
		{"cancelled", testCancelled},
		{"closed", testClosed},
		{"concurrent", testConcurrent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &suite{dir: t.TempDir(), open: open}
			s.Index = open(t, s.dir)
			t.Cleanup(func() { s.Close() })
			tt.test(t, s)
		})
	}
}

// suite is an index under test and how to open it again.
type suite struct {
	index.Index
	dir  string
	open func(testing.TB, string) index.Index
}

// fill puts the invented notices.
func (s *suite) fill(t *testing.T) {
	t.Helper()
	s.put(t, index.Mark{Store: "test", N: 1}, Notices())
}

func (s *suite) put(t *testing.T, m index.Mark, notices []*notice.Notice, gone ...string) {
	t.Helper()
	if err := s.Put(t.Context(), m, notices, gone); err != nil {
		t.Fatal(err)
	}
}

// find gives the ids found, in order.
func (s *suite) find(t *testing.T, q index.Query) []string {
	t.Helper()
	r, err := s.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search(%+v): %v", q, err)
	}
	if q.From == 0 && q.Size == 0 && r.Total <= index.DefaultSize && int(r.Total) != len(r.Hits) {
		t.Errorf("Search(%+v) gives %d hits and says there are %d", q, len(r.Hits), r.Total)
	}
	return ids(r.Hits)
}

func ids(hits []index.Hit) []string {
	list := make([]string, len(hits))
	for i, h := range hits {
		list[i] = h.ID
	}
	return list
}

// expect compares ids whatever their order; want is separated by blanks.
func (s *suite) expect(t *testing.T, q index.Query, want string) {
	t.Helper()
	got := s.find(t, q)
	slices.Sort(got)
	if g := strings.Join(got, " "); g != want {
		t.Errorf("Search(%q, %q) = %q, want %q", q.Words, q.Tokens, g, want)
	}
}

func (s *suite) count(t *testing.T) uint64 {
	t.Helper()
	n, err := s.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func testNew(t *testing.T, s *suite) {
	if m := s.Mark(); m != (index.Mark{}) {
		t.Errorf("a new index has the mark %+v", m)
	}
	if n := s.count(t); n != 0 {
		t.Errorf("a new index counts %d notices", n)
	}
	s.expect(t, index.Query{}, "")
	s.expect(t, index.Query{Words: "care"}, "")
	hits, err := s.Similar(t.Context(), Notices()[0], 5)
	if err != nil || len(hits) != 0 {
		t.Errorf("Similar in a new index = %v, %v", hits, err)
	}
}

func testWords(t *testing.T, s *suite) {
	s.fill(t)
	for _, tt := range []struct{ words, want string }{
		// whole words and stems, any field, all of them
		{"mediation", "hate-crime"},
		{"victim", "hate-crime"},
		{"Cleaning", "cleaning"},
		{"cleaned offices", "cleaning"},
		{"offices mediation", ""},
		{"media", ""},
		{"ean", ""},
		// spellings
		{"organized", "home-care"},
		{"color", "home-care"},
		// words without meaning
		{"the cleaning of the offices", "cleaning"},
		{"the of", ""},
		{" \t\n", "capitals cleaning grounds hate-crime home-care it-support"},
		// quotes
		{`"social care"`, "home-care"},
		{`social care`, "cleaning home-care"},
		{`"care social"`, ""},
		{`"council offices" cleaning`, "cleaning"},
		{`"cleaning of council offices"`, "cleaning"},
		{`"cleaning council offices"`, "cleaning"},
		{`"floors cleaned"`, ""},
		{`"social care`, "home-care"},
		{`""`, ""},
		// no phrase from one text into the next
		{`"Hate crime support service"`, "hate-crime"},
		{`"service mediation"`, ""},
		{`"hours are social. Care is taken"`, "cleaning"},
		// capitals
		{"IT", "capitals it-support"},
		{"it", ""},
		{"IT equipment", "capitals"},
		{"grounds maintenance", "capitals grounds"},
		{"GROUNDS MAINTENANCE", "capitals grounds"},
		{"IT EQUIPMENT", "capitals"},
		{"CARE IT", ""},
		{"HOME CARE", "home-care"},
		// names, places, numbers
		{"Mercia", "hate-crime"},
		{`"green areas"`, "capitals"},
		{"ocds-h6vhtk-0a0001", "hate-crime"},
		{"Staffordshire", "hate-crime"},
		{"GB-COH-01234567", "it-support"},
		{"85312000", "home-care"},
	} {
		s.expect(t, index.Query{Words: tt.words}, tt.want)
	}
}

// testMentions holds search against the meaning of "mentions" that matching has.
func testMentions(t *testing.T, s *suite) {
	s.fill(t)
	keywords := []string{
		"care", "social care", "home care", "homecare", "cyber security", "cybersecurity", "IT", "ICT",
		"information technology", "NHS", "National Health Service", "facilities management", "FM",
		"night", "grounds maintenance", "hate crime", "anti-social behaviour", "antisocial behavior",
		"ASB", "school", "schools", "colour coded", "e-mail", "email",
	}
	for _, n := range Notices() {
		d := index.Describe(n)
		for _, text := range slices.Concat(d.Title, d.Text) {
			keywords = append(keywords, strings.Fields(text)...)
		}
	}
	for _, k := range keywords {
		k = strings.ReplaceAll(k, `"`, "")
		p, err := words.ParsePhrase(k)
		if err != nil {
			continue
		}
		var want []string
		for _, n := range Notices() {
			if mentions(n, p) {
				want = append(want, n.ID)
			}
		}
		slices.Sort(want)
		s.expect(t, index.Query{Words: `"` + k + `"`}, strings.Join(want, " "))
	}
}

func mentions(n *notice.Notice, p words.Phrase) bool {
	d := index.Describe(n)
	for _, text := range slices.Concat(d.Title, d.Text, d.Names) {
		if len(p.Find(words.Tokens(text))) > 0 {
			return true
		}
	}
	return false
}

func testOrder(t *testing.T, s *suite) {
	s.fill(t)
	// A word in the title weighs more than one in the text.
	if got := s.find(t, index.Query{Words: "care"}); got[0] != "home-care" {
		t.Errorf("care finds %q first, want the notice that has it in its title", got)
	}
	// Tokens filter; they do not score.
	r, err := s.Search(t.Context(), index.Query{Words: "support"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Search(t.Context(), index.Query{Words: "support", Tokens: []string{"stage:engagement", "stage:tender"}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Hits, f.Hits) {
		t.Errorf("a filter that all hits pass changed them: %v, was %v", f.Hits, r.Hits)
	}
	for _, h := range r.Hits {
		if !(h.Score > 0) {
			t.Errorf("%s scores %v", h.ID, h.Score)
		}
	}
}

func testTokens(t *testing.T, s *suite) {
	s.fill(t)
	for _, tt := range []struct{ tokens, want string }{
		{"stage:tender", "capitals cleaning grounds it-support"},
		{"stage:tender stage:engagement", "capitals cleaning grounds hate-crime it-support"},
		{"stage:tender cpv:72", "it-support"},
		{"stage:engagement cpv:72", ""},
		{"cpv:85", "hate-crime home-care"},
		{"cpv:853", "hate-crime home-care"},
		{"cpv:8531", "hate-crime home-care"},
		{"cpv:85312", "hate-crime home-care"},
		{"cpv:853123", "hate-crime"},
		{"cpv:8531230", ""},
		{"cpv:90 cpv:72", "cleaning it-support"},
		{"itl:TLG2", "hate-crime"},
		{"itl:TLG", "hate-crime"},
		{"itl:UK", "hate-crime it-support"},
		{"itl:TLF", ""},
		{"type:UK2", "hate-crime"},
		{"regime:act-2023", "hate-crime"},
		{"publisher:find-a-tender", "capitals cleaning grounds hate-crime home-care it-support"},
		{"buyer:GB-PPON-ABCD-1234-WXYZ", "hate-crime"},
		{"supplier:GB-COH-01234567", "it-support"},
		{"category:services", "hate-crime"},
		{"sme:yes", "hate-crime"},
		{"sme:no", "cleaning"},
		{"vcse:yes", ""},
		{"stage:TENDER", ""},
		{"stage:ten", ""},
		{"nonsense", ""},
	} {
		s.expect(t, index.Query{Tokens: strings.Fields(tt.tokens)}, tt.want)
	}
	s.expect(t, index.Query{Words: "support", Tokens: []string{"stage:tender"}}, "it-support")
	s.expect(t, index.Query{Words: "of", Tokens: []string{"stage:tender"}}, "")
	s.expect(t, index.Query{Tokens: []string{index.CPVToken(85300000), index.RegionToken("TLG")}}, "hate-crime")
}

func testCarried(t *testing.T, s *suite) {
	s.fill(t)
	for prefix, want := range map[string]string{
		"buyer:":       "buyer:=mercia safety commissioner|buyer:GB-PPON-ABCD-1234-WXYZ",
		"supplier:=":   "supplier:=quillfeather systems",
		"supplier:=qu": "supplier:=quillfeather systems",
		"supplier:=x":  "",
		"SUPPLIER:":    "",
	} {
		got, err := s.Carried(t.Context(), prefix)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("Carried(%q) = %q, %v, want %q", prefix, got, err, want)
		}
	}
	all, err := s.Carried(t.Context(), "")
	if err != nil || !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("Carried of everything is not in order, each once: %q, %v", all, err)
	}
	for _, n := range Notices() {
		for _, token := range index.Tokens(n) {
			if !slices.Contains(all, token) {
				t.Errorf("Carried of everything lacks %q", token)
			}
		}
	}
}

// testTally: a count is what a search finds that asks for the token besides, also after notices are replaced and gone, and however many others there are.
func testTally(t *testing.T, s *suite) {
	s.fill(t)
	check := func(when string) {
		t.Helper()
		tokens, err := s.Carried(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, "stage:none", "", strings.Repeat("x", 300))
		for _, q := range []index.Query{{}, {Words: "service"}, {Words: "zeppelin"}, {Words: "the"}, {Tokens: []string{"stage:tender"}}, {Tokens: []string{"stage:tender", "stage:award"}},
			{Words: "services", Tokens: []string{"itl:TLG"}}, {Words: "copy", Tokens: []string{"stage:tender"}}, {Words: "rare"}} {
			counts, err := s.Tally(t.Context(), q, tokens)
			if err != nil || len(counts) != len(tokens) {
				t.Fatalf("%s: %+v: %d counts of %d, %v", when, q, len(counts), len(tokens), err)
			}
			all, err := s.Search(t.Context(), index.Query{Words: q.Words, Tokens: q.Tokens, Size: 1})
			if err != nil {
				t.Fatal(err)
			}
			for i, token := range tokens {
				kind, _, ok := strings.Cut(token, ":")
				if !ok {
					if counts[i] != 0 {
						t.Errorf("%s: %q is carried by %d", when, token, counts[i])
					}
					continue
				}
				if slices.ContainsFunc(q.Tokens, func(x string) bool { return strings.HasPrefix(x, kind+":") }) {
					if counts[i] > all.Total {
						t.Errorf("%s: %q: %d of %d", when, token, counts[i], all.Total)
					}
					continue // the search would take it as another choice
				}
				one, err := s.Search(t.Context(), index.Query{Words: q.Words, Tokens: append(slices.Clone(q.Tokens), token), Size: 1})
				if err != nil || one.Total != counts[i] {
					t.Errorf("%s: %+v with %q: tallied %d, found %d, %v", when, q, token, counts[i], one.Total, err)
				}
			}
		}
	}
	check("at first")
	var more []*notice.Notice
	for i := range 400 {
		n := *Notices()[i%len(Notices())]
		n.ID = fmt.Sprintf("copy-%d", i)
		n.Title = said(fmt.Sprintf("Copy %d", i))
		if i%97 == 0 {
			n.Title = said(fmt.Sprintf("A rare copy %d", i))
		}
		more = append(more, &n)
	}
	s.put(t, index.Mark{Store: "tally", N: 10}, more[:300])
	s.put(t, index.Mark{Store: "tally", N: 11}, more[300:])
	check("with many")
	s.put(t, index.Mark{Store: "tally", N: 12}, more[:50], "copy-60", "copy-61", "copy-97", Notices()[0].ID)
	check("with some gone")
	if _, err := s.Tally(t.Context(), index.Query{Words: strings.Repeat("x ", 10_000)}, []string{"stage:tender"}); !errors.Is(err, index.ErrQuery) {
		t.Errorf("a query beyond its bounds: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Tally(ctx, index.Query{Words: "service"}, []string{"stage:tender"}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func testPaging(t *testing.T, s *suite) {
	const total = 137
	var all []string
	var notices []*notice.Notice
	for i := range total {
		n := &notice.Notice{
			ID: fmt.Sprintf("ocds-test-%04d", (i*89)%total), Stage: notice.StageTender,
			Title: say("Road resurfacing"), Lots: []notice.Lot{{}},
		}
		if i%3 == 0 { // a third of them score higher
			n.Description = say("Road markings")
		}
		notices, all = append(notices, n), append(all, n.ID)
	}
	for i := 0; i < total; i += 10 {
		s.put(t, index.Mark{Store: "test", N: uint64(i + 1)}, notices[i:min(i+10, total)])
	}
	slices.Sort(all)
	for _, q := range []index.Query{{}, {Words: "road"}, {Tokens: []string{"stage:tender"}}} {
		for _, size := range []int{0, 1, 7, 50, total, 1000} {
			var hits []index.Hit
			for q.From, q.Size = 0, size; ; q.From += cmp.Or(size, index.DefaultSize) {
				r, err := s.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if r.Total != total {
					t.Fatalf("page %d of %+v says %d in all, want %d", q.From, q, r.Total, total)
				}
				if len(r.Hits) == 0 {
					break
				}
				hits = append(hits, r.Hits...)
			}
			got := ids(hits)
			if !slices.IsSortedFunc(hits, func(a, b index.Hit) int {
				return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
			}) {
				t.Errorf("%+v in pages of %d: not by score, then ID: %q", q, size, got)
			}
			slices.Sort(got)
			if !slices.Equal(got, all) {
				t.Errorf("%+v in pages of %d gives %d hits, want each of the %d notices once", q, size, len(got), total)
			}
		}
	}
}

func testBounds(t *testing.T, s *suite) {
	s.fill(t)
	many := strings.Repeat("care ", index.MaxClauses)
	for _, q := range []index.Query{
		{Size: index.MaxSize},
		{From: index.MaxReach - 1, Size: 1},
		{Words: many},
		{Words: many + "the the the"},
		{Words: strings.Repeat("x", index.MaxWords)},
		{Tokens: make([]string, index.MaxTokens)},
	} {
		if _, err := s.Search(t.Context(), q); err != nil {
			t.Errorf("a query just within its bounds: %v", err)
		}
	}
	for _, q := range []index.Query{
		{Size: index.MaxSize + 1},
		{Size: -1},
		{From: -1},
		{From: index.MaxReach},
		{From: int(^uint(0) >> 1), Size: 1},
		{Words: many + "care"},
		{Words: strings.Repeat("x", index.MaxWords+1)},
		{Tokens: make([]string, index.MaxTokens+1)},
		{Tokens: []string{strings.Repeat("x", index.MaxWords+1)}},
	} {
		if _, err := s.Search(t.Context(), q); !errors.Is(err, index.ErrQuery) {
			t.Errorf("a query out of bounds: %v, want ErrQuery", err)
		}
	}
	if _, err := s.Similar(t.Context(), Notices()[0], index.MaxSize+1); !errors.Is(err, index.ErrQuery) {
		t.Errorf("Similar out of bounds: %v, want ErrQuery", err)
	}
}

// Hostile are queries that mean something to a query language, a terminal or a
// careless loop; to an index they are plain text.
var Hostile = []string{
	`+care -cleaning`, `care AND NOT cleaning`, `title:care`, `tokens:stage\:tender`, `_id:home-care`, `care^1000`,
	`car*`, `*`, `?`, `c?re~2`, `/c.*e/`, `/(a+)+$/`, `[a TO z]`, `{a TO z}`, `>=5`, `((((`, `))))`, `\`, `\\"`, `"`, `"""`,
	`"a" "b`, `" " " "`, "\x00", "care\x00cleaning", "\xff\xfe\xfa", "\u202ecare\u202c", "عربي עברית", "\u200b", "é́́́",
	"👩‍👩‍👧‍👦", "'; DROP TABLE notices; --", "<script>", "../../etc/passwd", "%s%n", "^it", "^", "1e9999", "-0", "NaN",
	strings.Repeat(`"`, index.MaxWords), strings.Repeat("(", index.MaxWords), strings.Repeat("a-", index.MaxWords/2),
	strings.Repeat("\U0001F600", index.MaxWords/4), strings.Repeat("é", index.MaxWords/2),
	`"` + strings.Repeat("care the ", 100) + `"`,
}

func testHostile(t *testing.T, s *suite) {
	s.fill(t)
	for _, h := range Hostile {
		for _, q := range []index.Query{{Words: h}, {Tokens: []string{h}}, {Words: h, Tokens: []string{h, "stage:tender"}}} {
			if _, err := s.Search(t.Context(), q); err != nil && !errors.Is(err, index.ErrQuery) {
				t.Errorf("Search(%q, %q): %v", q.Words, q.Tokens, err)
			}
		}
	}
	// Signs are neither operators nor wildcards.
	s.expect(t, index.Query{Words: "+care -cleaning"}, "cleaning")
	s.expect(t, index.Query{Words: "car*"}, "")
	s.expect(t, index.Query{Words: "*"}, "")
	s.expect(t, index.Query{Words: "care\x00cleaning"}, "")
	long := index.Query{Words: strings.Repeat("care ", 2000)}
	if _, err := s.Search(t.Context(), long); !errors.Is(err, index.ErrQuery) {
		t.Errorf("10 kB of words: %v, want ErrQuery", err)
	}

	// Nor are they in what is indexed.
	var notices []*notice.Notice
	for i, h := range Hostile {
		notices = append(notices, &notice.Notice{ID: fmt.Sprintf("hostile-%02d%s", i, h), OCID: h, Title: say(h), Description: say(h + "\x00mediation")})
	}
	s.put(t, index.Mark{Store: "test", N: 2}, notices)
	if got, want := s.count(t), uint64(len(Notices())+len(Hostile)); got != want {
		t.Errorf("%d notices with hostile texts and IDs make %d", len(Hostile), got-uint64(len(Notices())))
	}
	if got := s.find(t, index.Query{Words: "mediation", Size: 1000}); len(got) != len(Hostile)+1 {
		t.Errorf("mediation stands in %d notices, found in %d", len(Hostile)+1, len(got))
	}
}

func testReplace(t *testing.T, s *suite) {
	s.fill(t)
	n := &notice.Notice{ID: "hate-crime", Stage: notice.StageEnded, Title: say("Withdrawn")}
	s.put(t, index.Mark{Store: "test", N: 2}, []*notice.Notice{n})
	if got, want := s.count(t), uint64(len(Notices())); got != want {
		t.Errorf("after replacing one of %d notices there are %d", want, got)
	}
	s.expect(t, index.Query{Words: "mediation"}, "")
	s.expect(t, index.Query{Words: "withdrawn"}, "hate-crime")
	s.expect(t, index.Query{Tokens: []string{"stage:engagement"}}, "")
	s.expect(t, index.Query{Tokens: []string{"stage:ended"}}, "hate-crime")

	// Of two with one ID the later wins.
	twice := []*notice.Notice{{ID: "twice", Title: say("earlier")}, {ID: "twice", Title: say("later")}}
	s.put(t, index.Mark{Store: "test", N: 3}, twice)
	s.expect(t, index.Query{Words: "earlier"}, "")
	s.expect(t, index.Query{Words: "later"}, "twice")
}

func testGone(t *testing.T, s *suite) {
	s.fill(t)
	n := &notice.Notice{ID: "brief", Title: say("Brief")}
	s.put(t, index.Mark{Store: "test", N: 2}, []*notice.Notice{n}, "hate-crime", "never-there", "brief")
	if got, want := s.count(t), uint64(len(Notices())-1); got != want {
		t.Errorf("with one gone there are %d notices, want %d", got, want)
	}
	s.expect(t, index.Query{Words: "mediation"}, "")
	s.expect(t, index.Query{Words: "brief"}, "")
}

func testMark(t *testing.T, s *suite) {
	for n := range uint64(5) {
		m := index.Mark{Store: "a store", N: n}
		s.put(t, m, nil)
		if got := s.Mark(); got != m {
			t.Fatalf("Mark() = %+v after Put(%+v)", got, m)
		}
	}
	before := s.Mark()
	err := s.Put(t.Context(), index.Mark{Store: "a store", N: 9}, []*notice.Notice{{ID: "sound", Title: say("Sound")}, {OCID: "no ID"}}, nil)
	if err == nil {
		t.Error("a notice without an ID was put")
	}
	if got := s.Mark(); got != before {
		t.Errorf("a Put that failed moved the mark to %+v", got)
	}
	s.expect(t, index.Query{}, "")
}

func testReset(t *testing.T, s *suite) {
	s.fill(t)
	for range 2 {
		if err := s.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := s.Mark(); m != (index.Mark{}) {
			t.Errorf("after Reset the mark is %+v", m)
		}
		s.expect(t, index.Query{}, "")
	}
	s.fill(t)
	s.expect(t, index.Query{Words: "mediation"}, "hate-crime")
	s.again(t)
	s.expect(t, index.Query{Words: "mediation"}, "hate-crime")
}

// again closes the index and opens it anew.
func (s *suite) again(t *testing.T) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.Index = s.open(t, s.dir)
}

func testReopen(t *testing.T, s *suite) {
	s.again(t)
	if m := s.Mark(); m != (index.Mark{}) {
		t.Errorf("an index never put to has the mark %+v when opened again", m)
	}
	s.fill(t)
	m := index.Mark{Store: "test", N: 1 << 63}
	s.put(t, m, nil, "cleaning")
	want := s.find(t, index.Query{Words: "support"})
	for range 3 {
		s.again(t)
		if got := s.Mark(); got != m {
			t.Errorf("opened again, the mark is %+v, want %+v", got, m)
		}
		if got, want := s.count(t), uint64(len(Notices())-1); got != want {
			t.Errorf("opened again, there are %d notices, want %d", got, want)
		}
		if got := s.find(t, index.Query{Words: "support"}); !slices.Equal(got, want) {
			t.Errorf("opened again, support finds %q, was %q", got, want)
		}
	}
}

func testSimilar(t *testing.T, s *suite) {
	s.fill(t)
	like := &notice.Notice{ID: "like", Title: say("Victim mediation"), Description: say("Hate crime and mediation for victims in the borough.")}
	similar := func(n *notice.Notice, size int) []string {
		t.Helper()
		hits, err := s.Similar(t.Context(), n, size)
		if err != nil {
			t.Fatal(err)
		}
		return ids(hits)
	}
	if got := similar(like, 3); len(got) == 0 || got[0] != "hate-crime" {
		t.Errorf("Similar to a notice not in the index = %q, want hate-crime first", got)
	}
	if got := similar(Notices()[0], 0); slices.Contains(got, "hate-crime") {
		t.Errorf("Similar lists the notice itself: %q", got)
	}
	s.put(t, index.Mark{Store: "test", N: 2}, []*notice.Notice{like})
	if got := similar(Notices()[0], 1); !slices.Equal(got, []string{"like"}) {
		t.Errorf("Similar = %q, want the one alike", got)
	}
	if got := similar(&notice.Notice{ID: "silent"}, 5); len(got) != 0 {
		t.Errorf("a notice that says nothing is similar to %q", got)
	}
	if got := similar(&notice.Notice{ID: "stop", Title: say("the of and")}, 5); len(got) != 0 {
		t.Errorf("a notice that says nothing of meaning is similar to %q", got)
	}
	endless := &notice.Notice{ID: "endless", Title: say("mediation"), Description: say(strings.Repeat("é word ", 1<<17))}
	if got := similar(endless, 1); !slices.Equal(got, []string{"hate-crime"}) && !slices.Equal(got, []string{"like"}) {
		t.Errorf("Similar to an endless notice = %q", got)
	}
}

func testCancelled(t *testing.T, s *suite) {
	s.fill(t)
	before := s.Mark()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, searching := s.Search(ctx, index.Query{Words: "care"})
	_, similar := s.Similar(ctx, Notices()[0], 5)
	_, carried := s.Carried(ctx, "buyer:")
	for doing, err := range map[string]error{
		"Search":  searching,
		"Similar": similar,
		"Carried": carried,
		"Put":     s.Put(ctx, index.Mark{Store: "test", N: 9}, Notices(), nil),
		"Reset":   s.Reset(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with its context cancelled: %v", doing, err)
		}
	}
	if got := s.Mark(); got != before {
		t.Errorf("what was cancelled moved the mark to %+v", got)
	}
	s.expect(t, index.Query{Words: "mediation"}, "hate-crime")
}

func testClosed(t *testing.T, s *suite) {
	s.fill(t)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	_, searching := s.Search(ctx, index.Query{})
	_, similar := s.Similar(ctx, Notices()[0], 5)
	_, counting := s.Count(ctx)
	_, carried := s.Carried(ctx, "buyer:")
	for doing, err := range map[string]error{
		"Search": searching, "Similar": similar, "Count": counting, "Carried": carried,
		"Put":   s.Put(ctx, index.Mark{}, Notices(), nil),
		"Reset": s.Reset(ctx),
	} {
		if err == nil {
			t.Errorf("%s works on a closed index", doing)
		}
	}
}

// testConcurrent searches while batches come in: every search sees whole batches.
func testConcurrent(t *testing.T, s *suite) {
	const rounds, batch = 20, 10
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := s.Search(t.Context(), index.Query{Words: "lighting", Size: 1})
				if err != nil {
					t.Error(err)
					return
				}
				if r.Total%batch != 0 {
					t.Errorf("a search sees %d notices: part of a batch of %d", r.Total, batch)
					return
				}
				if _, err := s.Similar(t.Context(), Notices()[0], 3); err != nil {
					t.Error(err)
					return
				}
				s.Mark()
			}
		})
	}
	for round := range rounds {
		var notices []*notice.Notice
		for i := range batch {
			notices = append(notices, &notice.Notice{ID: fmt.Sprintf("n-%d-%d", round, i), Title: say("Street lighting")})
		}
		s.put(t, index.Mark{Store: "test", N: uint64(round)}, notices)
		if round == rounds/2 {
			if err := s.Reset(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	wg.Wait()
	if got, want := s.count(t), uint64((rounds-rounds/2-1)*batch); got != want {
		t.Errorf("%d notices are left, want the %d put after the reset", got, want)
	}
}

func say(s string) notice.Said[string] { return said(s) }

func said[T any](v T) notice.Said[T] {
	return notice.Say(v, notice.Path{Release: "000001-2026", Pointer: "/tender"})
}

func codes(codes ...cpv.Code) (list []notice.Said[notice.Classification]) {
	for _, c := range codes {
		list = append(list, said(notice.Classification{Code: c}))
	}
	return list
}

func places(regions ...itl.Region) (list []notice.Said[notice.Place]) {
	for _, r := range regions {
		list = append(list, said(notice.Place{Text: string(r), Region: r}))
	}
	return list
}

// Notices are six invented notices, made anew at every call.
func Notices() []*notice.Notice {
	list := []*notice.Notice{
		{
			ID: "hate-crime", OCID: "ocds-h6vhtk-0a0001", Stage: notice.StageEngagement, Type: say("UK2"),
			Regime: said(notice.Act2023), Category: say("services"),
			Title:       say("Hate crime support service"),
			Description: say("A mediation and advocacy service for victims. Antisocial behaviour, too."),
			Buyer:       notice.Organisation{Name: say("Mercia Safety Commissioner"), ID: say("GB-PPON-ABCD-1234-WXYZ")},
			Lots: []notice.Lot{{
				CPV: codes(85312300, 85312500), Places: places("TLG2"), SME: said(true),
			}},
		},
		{
			ID: "it-support", Stage: notice.StageTender,
			Title:       say("IT support for schools"),
			Description: say("Managed service desk, cyber security and e-mail for forty primary schools."),
			Lots:        []notice.Lot{{CPV: codes(72600000), Places: places("UK")}},
			Awards: []notice.Award{{Suppliers: []notice.Organisation{{
				Name: say("Quillfeather Systems Ltd"), ID: say("GB-COH-01234567"),
			}}}},
		},
		{
			ID: "cleaning", Stage: notice.StageTender,
			Title:       say("Cleaning of council offices"),
			Description: say("It is done at night, and floors are cleaned weekly. The hours are social. Care is taken of plants."),
			Lots:        []notice.Lot{{CPV: codes(90910000), SME: said(false)}},
		},
		{
			ID: "home-care", Stage: notice.StagePlanned,
			Title: say("Adult social care at home"),
			Lots: []notice.Lot{
				{ID: "1", Description: say("Domiciliary care, organised by borough with colour-coded rotas.")},
				{ID: "2", Items: []notice.Said[string]{say("Night sitting")}, CPV: codes(85312000)},
			},
		},
		{
			ID: "capitals", Stage: notice.StageTender,
			Title: say("GROUNDS MAINTENANCE AND IT EQUIPMENT"),
			Lots:  []notice.Lot{{CPV: codes(77314000)}},
		},
		{
			ID: "grounds", Stage: notice.StageTender,
			Title: say("Maintenance of the grounds"),
			Texts: []notice.Said[string]{say("Grounds maintenance for parks.")},
			Lots:  []notice.Lot{{}},
		},
	}
	for _, n := range list {
		n.Publisher = notice.FindATender
	}
	return list
}
