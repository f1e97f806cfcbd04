package changes

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
	"bidfit/notice/ocds"
)

func say[T any](v T, pointer string) notice.Said[T] {
	return notice.Say(v, notice.Path{Release: "000001-2026", Pointer: pointer})
}

func pounds(n int64) notice.Said[notice.Pence] { return say(notice.Pence(n*100), "/value") }

func on(s string) notice.Said[notice.Moment] {
	var m notice.Moment
	if err := m.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return say(m, "/date")
}

// library is a notice of two lots that says something of everything.
func library() *notice.Notice {
	return &notice.Notice{
		ID: "ocds-h6vhtk-0a0a0a", OCID: "ocds-h6vhtk-0a0a0a", Stage: notice.StageTender, Type: say("UK4", "/type"),
		Regime: say(notice.Act2023, "/regime"), Title: say("Library vans", "/title"),
		Description: say("Vans that carry books. They stop at schools. Drivers are included.", "/description"),
		Buyer: notice.Organisation{Name: say("Saltbourne Borough Council", "/buyer"), ID: say("GB-PPON-AAAA", "/id"),
			Email: say("books@saltbourne.example", "/email"), Place: say(notice.Place{Text: "UKG24", Region: "TLG24"}, "/region")},
		Status: say("active", "/status"), Category: say("services", "/category"), Method: say("open", "/method"),
		Value:    notice.Value{Net: pounds(1_000_000), Gross: pounds(1_200_000)},
		Deadline: notice.Deadline{Said: on("2026-07-17T12:00:00+01:00"), Kind: notice.DeadlineTender},
		Documents: []notice.Document{{Type: "biddingDocuments", Title: "Terms", URL: say("https://saltbourne.example/1", "/documents/0/url")},
			{Type: "biddingDocuments", Title: "Prices", URL: say("https://saltbourne.example/2", "/documents/1/url")}},
		Milestones: []notice.Milestone{{ID: "1", Kind: "delivery", Title: say("First round", "/m"), Due: on("2026-10-01")}},
		Lots: []notice.Lot{
			{ID: "A", Title: say("Town", "/lots/0/title"), Value: notice.Value{Net: pounds(600_000)}, SME: say(true, "/sme"),
				Places:   []notice.Said[notice.Place]{say(notice.Place{Text: "UKG24", Region: "TLG24"}, "/r"), say(notice.Place{Text: "UKH15", Region: "TLH15"}, "/r2")},
				CPV:      []notice.Said[notice.Classification]{say(notice.Classification{Code: 92511000}, "/c")},
				Contract: notice.Period{Start: on("2027-04-01"), End: on("2029-03-31")},
				Criteria: []notice.Said[notice.Criterion]{say(notice.Criterion{Kind: "price", Weight: "40", Unit: "percentageExact"}, "/k"),
					say(notice.Criterion{Kind: "quality", Weight: "60", Unit: "percentageExact"}, "/k2")}},
			{ID: "B", Title: say("Villages", "/lots/1/title"), Value: notice.Value{Net: pounds(400_000)}, SME: say(true, "/sme"),
				Places:     []notice.Said[notice.Place]{say(notice.Place{Text: "UKG24", Region: "TLG24"}, "/r"), say(notice.Place{Text: "UKH15", Region: "TLH15"}, "/r2")},
				Contract:   notice.Period{Start: on("2027-04-01"), End: on("2029-03-31")},
				Conditions: []notice.Said[string]{say("A driver's licence", "/s")}},
		},
		Awards: []notice.Award{{ID: "1", Status: say("active", "/a"), Suppliers: []notice.Organisation{{Name: say("Paper Mill Ltd", "/p")}},
			Lots: []string{"A"}, Value: notice.Value{Net: pounds(590_000)},
			Contracts: []notice.Contract{{ID: "1", Status: say("active", "/c"), Value: notice.Value{Net: pounds(590_000)}}}}},
	}
}

func TestBetween(t *testing.T) {
	cases := []struct {
		name   string
		change func(n *notice.Notice)
		want   []string // "kind: words", in order
	}{
		{"nothing", func(n *notice.Notice) {}, nil},
		{"later by days", func(n *notice.Notice) { n.Deadline.Said = on("2026-07-24T12:00:00+01:00") },
			[]string{"deadline: deadline moved 7 days later, to 24 July 2026, 12:00"}},
		{"earlier by a day", func(n *notice.Notice) { n.Deadline.Said = on("2026-07-16T12:00:00+01:00") },
			[]string{"deadline: deadline moved 1 day earlier, to 16 July 2026, 12:00"}},
		{"by hours", func(n *notice.Notice) { n.Deadline.Said = on("2026-07-17T17:00:00+01:00") },
			[]string{"deadline: deadline moved from 12:00 to 17:00 on 17 July 2026"}},
		{"the same instant elsewhere", func(n *notice.Notice) { n.Deadline.Said = on("2026-07-17T11:00:00Z") }, nil},
		{"a day of London", func(n *notice.Notice) { n.Deadline.Said = on("2026-07-17T23:30:00Z") },
			[]string{"deadline: deadline moved 1 day later, to 18 July 2026, 00:30"}},
		{"no deadline", func(n *notice.Notice) { n.Deadline = notice.Deadline{} },
			[]string{"deadline: deadline no longer said (it was 17 July 2026, 12:00)"}},
		{"up", func(n *notice.Notice) { n.Value.Net = pounds(1_120_000) },
			[]string{"value: value up 12 %, from £1,000,000 to £1,120,000"}},
		{"down to the penny", func(n *notice.Notice) { n.Value.Net = say(notice.Pence(99_999_999), "/value") },
			[]string{"value: value down by less than 1 %, from £1,000,000 to £999,999.99"}},
		{"down to nearly nothing", func(n *notice.Notice) { n.Value.Net = pounds(2) },
			[]string{"value: value down by more than 99 %, from £1,000,000 to £2"}},
		{"many times over", func(n *notice.Notice) { n.Value.Net = pounds(12_000_000) },
			[]string{"value: value up 12 times over, from £1,000,000 to £12,000,000"}},
		{"with VAT alone", func(n *notice.Notice) { n.Value.Gross = pounds(1_150_000) },
			[]string{"value: value with VAT down 4 %, from £1,200,000 to £1,150,000"}},
		{"of a lot", func(n *notice.Notice) { n.Lots[1].Value.Net = pounds(300_000) },
			[]string{"value: value of lot B down 25 %, from £400,000 to £300,000"}},
		{"in euros", func(n *notice.Notice) { n.Value = notice.Value{Net: pounds(5), Currency: say("EUR", "/e")} },
			[]string{"value: value now said as EUR 5 net (before: £1,000,000 net, £1,200,000 with VAT)"}},
		{"cancelled", func(n *notice.Notice) { n.Stage, n.Status = notice.StageEnded, say("cancelled", "/status") },
			[]string{"ended: cancelled", "status: status changed from active to cancelled"}},
		{"terminated", func(n *notice.Notice) { n.Stage, n.Type = notice.StageEnded, say("UK12", "/type") },
			[]string{"ended: procurement terminated", "type: notice type changed from UK4 to UK12"}},
		{"withdrawn lot", func(n *notice.Notice) { n.Lots[1].Status = say("cancelled", "/lots/1/status") },
			[]string{"lot-withdrawn: lot B withdrawn: Villages"}},
		{"added lot", func(n *notice.Notice) {
			n.Lots = append(n.Lots, notice.Lot{ID: "C", Title: say("Islands", "/lots/2/title")})
		}, []string{"lot-added: lot C added: Islands"}},
		{"removed lot", func(n *notice.Notice) { n.Lots = append(n.Lots[:1:1], notice.Lot{ID: "C"}) },
			[]string{"lot-added: lot C added", "lot-removed: lot B removed: Villages"}},
		{"every lot alike", func(n *notice.Notice) {
			for i := range n.Lots {
				n.Lots[i].Places = n.Lots[i].Places[1:]
				n.Lots[i].Contract.Start = on("2027-05-01")
			}
		}, []string{"place: place of delivery removed: Staffordshire CC (TLG24), in every lot", "contract: contract start moved 30 days later, to 1 May 2027, in every lot"}},
		{"rewritten", func(n *notice.Notice) {
			n.Description = say("Vans that  carry books.\nThey stop at farms. And at schools. Tea is served.", "/description")
		}, []string{"description: description rewritten: 3 sentences added, 2 removed"}},
		{"another order of sentences", func(n *notice.Notice) {
			n.Description = say("Drivers are included. Vans that carry books. They stop at schools.", "/description")
		}, nil},
		{"documents", func(n *notice.Notice) {
			for i := 3; i <= 4; i++ {
				n.Documents = append(n.Documents, notice.Document{Title: "More", URL: say(fmt.Sprint("https://saltbourne.example/", i), "/d")})
			}
		}, []string{"document: 2 documents added"}},
		{"criteria", func(n *notice.Notice) { n.Lots[0].Criteria[0].Value.Weight = "50" },
			[]string{"criteria: award criterion of lot A added: price, 50 %", "criteria: award criterion of lot A removed: price, 40 %"}},
		{"suitability", func(n *notice.Notice) { n.Lots[0].SME = notice.Said[bool]{} },
			[]string{"suitability: suitable for SMEs of lot A: no longer said (it was yes)"}},
		{"won", func(n *notice.Notice) {
			n.Stage = notice.StageAward
			n.Awards = append(n.Awards, notice.Award{ID: "2", Suppliers: []notice.Organisation{{Name: say("Quarry Books Ltd", "/q")}}, Value: notice.Value{Net: pounds(90)}})
		}, []string{"stage: stage moved from tender to award", "award: award to Quarry Books Ltd, £90 net"}},
		{"e-mail", func(n *notice.Notice) { n.Buyer.Email = say("vans@saltbourne.example", "/email") },
			[]string{"contact: e-mail address changed from books@saltbourne.example to vans@saltbourne.example"}},
		{"undivided", func(n *notice.Notice) {
			n.Lots = []notice.Lot{{Places: n.Lots[0].Places, CPV: n.Lots[0].CPV, SME: n.Lots[0].SME}}
		},
			[]string{"lot-division: no longer divided into lots (there were 2)", "contract: contract end no longer said (it was 31 March 2029)", "contract: contract start no longer said (it was 1 April 2027)"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			newer := library()
			c.change(newer)
			var got []string
			for _, x := range Between(library(), newer) {
				got = append(got, string(x.What)+": "+x.Words)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

// TestEveryKindHasItsPlace: a kind that is not in the order would come first.
func TestEveryKindHasItsPlace(t *testing.T) {
	if len(order) != 39 {
		t.Errorf("%d kinds have their place in the order", len(order))
	}
	if _, ok := order[""]; ok {
		t.Error("the empty kind has a place in the order")
	}
}

// apartFrom are the fields whose differences are none: what names a notice, its copies and history, the places
// that said things, what is derived from prose; how a known place or code is written; what an engagement deadline
// is for; and the details of parties that are told by their names (further buyers, suppliers).
var apartFrom = regexp.MustCompile(`^\.(ID|OCID|Copies.*|Publisher|Releases|Readings|Issues)$|\.(At|FromProse|Notice)$|` +
	`Place(s\[\d\])?(\.Value)+\.Text$|Place\.Text$|\.CPV\[\d\]\.Value\.Description|^\.Engagement\.Kind$|` +
	`(Buyers|Suppliers|Parties|Members|By)\[\d\]\.[^N]|Bidders\[\d\]\.Organisation\.[^N]|\.Roles\[\d\]$|(Amendments|Proposed|Related|Fees|Lines|Agreed|Metrics|Observations|Failures|Payments)\[\d\]\.(ID|.*\]\.ID)$`)

// TestComplete changes every single value of a full notice and expects to be told.
func TestComplete(t *testing.T) {
	var walk func(path string, v reflect.Value, root *notice.Notice)
	tried := 0
	before := full()
	walk = func(path string, v reflect.Value, root *notice.Notice) {
		if apartFrom.MatchString(path) {
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[notice.Moment]() {
				tried++
				old := v.Interface()
				v.Set(reflect.ValueOf(notice.Moment{Time: time.Date(2031, 2, 3, 4, 5, 0, 0, notice.London)}))
				if len(Between(before, root)) == 0 {
					t.Errorf("%s changed, and no change is told", path)
				}
				v.Set(reflect.ValueOf(old))
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i), root)
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), root)
			}
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint32:
			tried++
			old := reflect.New(v.Type()).Elem()
			old.Set(v)
			switch v.Kind() {
			case reflect.String:
				v.SetString("another")
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Uint32:
				v.SetUint(v.Uint() + 1)
			default:
				v.SetInt(v.Int() + 1)
			}
			if len(Between(before, root)) == 0 {
				t.Errorf("%s changed, and no change is told", path)
			}
			v.Set(old)
		}
	}
	root := full()
	walk("", reflect.ValueOf(root).Elem(), root)
	if tried < 80 {
		t.Errorf("%d values were tried", tried)
	}
}

// full is a notice in which everything that is compared is said, filled by reflection.
func full() *notice.Notice {
	n := new(notice.Notice)
	count := 0
	var fill func(path string, v reflect.Value)
	fill = func(path string, v reflect.Value) {
		for _, end := range []string{".Releases", ".Readings", ".Issues", ".FromProse", ".IDs", ".Notice"} {
			if strings.HasSuffix(path, end) {
				return
			}
		}
		count++
		switch v.Kind() {
		case reflect.Struct:
			switch v.Type() {
			case reflect.TypeFor[notice.Moment]():
				v.Set(reflect.ValueOf(notice.Moment{Time: time.Date(2026, 3, 1+count%20, 12, 0, 0, 0, notice.London)}))
				return
			case reflect.TypeFor[notice.Path]():
				v.Set(reflect.ValueOf(notice.Path{Release: "1", Pointer: path}))
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					fill(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			if strings.HasSuffix(path, ".Lots") && !strings.Contains(path, "Awards") {
				v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			}
			for i := range v.Len() {
				fill(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.String:
			v.SetString(fmt.Sprint("v", count))
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(100 * count))
		case reflect.Uint32:
			v.SetUint(85000000)
		}
	}
	fill("", reflect.ValueOf(n).Elem())
	return n
}

// shuffle puts every list of a notice into another order, in place.
func shuffle(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != reflect.TypeFor[time.Time]() {
				shuffle(v.Field(i), r)
			}
		}
	case reflect.Slice:
		r.Shuffle(v.Len(), reflect.Swapper(v.Interface()))
		for i := range v.Len() {
			shuffle(v.Index(i), r)
		}
	}
}

func TestOrderOfListsIsNothing(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		older, newer := library(), library()
		newer.Lots[0].CPV = append(newer.Lots[0].CPV, say(notice.Classification{Code: 34144000}, "/c2"), say(notice.Classification{Code: 60000000}, "/c3"))
		newer.Lots[1].Places = newer.Lots[1].Places[:1]
		newer.Documents = append(newer.Documents, notice.Document{Title: "More", URL: say("https://saltbourne.example/9", "/d9")})
		want := Between(older, newer)
		shuffle(reflect.ValueOf(older).Elem(), r)
		shuffle(reflect.ValueOf(newer).Elem(), r)
		if got := Between(older, newer); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: got %v, want %v", seed, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	newer := library()
	newer.Lots[1].Value.Net = pounds(1)
	b, err := json.Marshal(Between(library(), newer))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(`"lot":"B"`)) || !bytes.Contains(b, []byte(`"what":"value"`)) {
		t.Errorf("written as %s", b)
	}
}

// FuzzBetween: no notice differs from itself, whatever stands in it and in whatever order; no two make it panic.
func FuzzBetween(f *testing.F) {
	f.Add([]byte(`{"ocid":"a","id":"1","tag":["tender"],"date":"2026-06-01T09:00:00Z","tender":{"title":"A b. C d","status":"active","lots":[{"id":"1","title":"x","value":{"amount":5}},{"id":"2"}]}}`),
		[]byte(`{"ocid":"a","id":"2","tag":["tenderUpdate"],"tender":{"title":"z","lots":[{"id":"1","title":"y","value":{"amount":7}}]},"awards":[{"id":"1"},{"id":"1","suppliers":[{"name":"q"}]}]}`), uint64(1))
	f.Fuzz(func(t *testing.T, a, b []byte, seed uint64) {
		older, newer := read(a), read(b)
		if older == nil || newer == nil {
			return
		}
		if d := Between(older, older); len(d) > 0 {
			t.Fatalf("a notice differs from itself: %+v", d)
		}
		again := read(a)
		shuffleLists(again, rand.New(rand.NewPCG(seed, 2)))
		if d := Between(older, again); len(d) > 0 {
			t.Fatalf("the order of lists makes a difference: %+v", d)
		}
		first := Between(older, newer)
		for _, c := range first {
			if c.Words == "" || !utf8.ValidString(c.Words) || len(c.Words) > 4<<10 {
				t.Fatalf("words %q", c.Words)
			}
			if _, ok := order[c.What]; !ok {
				t.Fatalf("kind %q has no place", c.What)
			}
		}
		if !reflect.DeepEqual(first, Between(older, newer)) {
			t.Fatal("two comparisons of the same differ")
		}
	})
}

// shuffleLists shuffles what has no order of its own: lots, codes, places, documents.
func shuffleLists(n *notice.Notice, r *rand.Rand) {
	if divided(n) {
		r.Shuffle(len(n.Lots), reflect.Swapper(n.Lots))
	}
	for i := range n.Lots {
		shuffle(reflect.ValueOf(&n.Lots[i].CPV).Elem(), r)
		shuffle(reflect.ValueOf(&n.Lots[i].Places).Elem(), r)
		shuffle(reflect.ValueOf(&n.Lots[i].Criteria).Elem(), r)
	}
	r.Shuffle(len(n.Documents), reflect.Swapper(n.Documents))
	r.Shuffle(len(n.Awards), reflect.Swapper(n.Awards))
}

func read(raw []byte) *notice.Notice {
	var all []notice.Release
	for r := range ocds.Decode(context.Background(), bytes.NewReader(raw), "fuzz") {
		if r.Release != nil {
			all = append(all, *r.Release)
		}
		if len(all) == 1 {
			break
		}
	}
	if len(all) == 0 {
		return nil
	}
	list, err := ocds.Project(all[0].OCID, all)
	if err != nil || len(list) == 0 {
		return nil
	}
	return list[0]
}
