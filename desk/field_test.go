package desk_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice/noticetest"
	"bidfit/profiles"
	"bidfit/pursuit"
)

func put(t testing.TB, d *desk.Desk, text string) {
	t.Helper()
	ps, err := profiles.Decode(strings.NewReader(text), "profiles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
			t.Fatal(err)
		}
	}
}

// endings are contracts for grounds maintenance that end in so many months after the middle of 2026, each with its notice.
func endings() []byte {
	var b bytes.Buffer
	for i, end := range []string{"2026-07-31", "2027-06-01", "2027-09-30", "", "2025-12-31"} {
		period := ""
		if end != "" {
			period = `,"contractPeriod":{"startDate":"2024-04-01T00:00:00+01:00","endDate":"` + end + `T23:59:59+01:00"}`
			if i == 4 {
				period = strings.Replace(period, `}`, `,"maxExtentDate":"2026-12-31T00:00:00Z"}`, 1)
			}
		}
		fmt.Fprintf(&b, `{"ocid":"ocds-h6vhtk-end%d","id":"00%d-2024","tag":["award"],"date":"2024-03-01T09:00:00Z","parties":[{"id":"w","name":"Wick Borough Council","roles":["buyer"]},{"id":"s","name":"Wren Ltd","roles":["supplier"]}],"buyer":{"id":"w"},"tender":{"id":"t","title":"Grounds maintenance %d","status":"complete","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}]}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"s"}],"value":{"amount":%d,"currency":"GBP"}%s}]}`+"\n", i, i, i, 100_000+i, period)
	}
	// School uniforms for another buyer, which ends in time, and the first one once more under another OCID.
	b.WriteString(`{"ocid":"ocds-h6vhtk-end7","id":"007-2024","tag":["award"],"date":"2024-03-01T09:00:00Z","buyer":{"id":"x","name":"Other Council"},"tender":{"id":"t","title":"School uniforms","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"18130000"}]}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"s","name":"Wren Ltd"}],"contractPeriod":{"endDate":"2026-08-31T00:00:00Z"}}]}` + "\n")
	b.WriteString(`{"ocid":"ocds-r6ebe6-end0","tag":["award"],"date":"2024-03-02T09:00:00Z","links":[{"rel":"canonical","href":"https://api.example/v1/Notice?id=ocds-h6vhtk-end0"}],"parties":[{"id":"w","name":"Wick Borough Council","roles":["buyer"]},{"id":"s","name":"Wren Ltd","roles":["supplier"]}],"buyer":{"id":"w"},"tender":{"id":"t","title":"Grounds maintenance 0","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}]}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"s"}],"contractPeriod":{"endDate":"2026-07-31T00:00:00Z"}}]}` + "\n")
	b.WriteString(`{"ocid":"ocds-h6vhtk-next","id":"009-2026","tag":["tender"],"date":"2026-06-01T09:00:00Z","parties":[{"id":"w","name":"Wick Borough Council","roles":["buyer"]}],"buyer":{"id":"w"},"tender":{"id":"t","title":"Grounds maintenance 0, from 2026","status":"active","lots":[{"id":"1","contractPeriod":{"startDate":"2026-08-01T00:00:00+01:00"}}],"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}],"relatedLot":"1"}]}}` + "\n")
	return b.Bytes()
}

const gardener = "id: gardener\nname: Lark Gardens\nkeywords: [grounds maintenance]\ncpv: ['77310000']\n"

func TestRenewals(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, endings())
	put(t, d, gardener)
	r, err := d.Renewals(t.Context(), "gardener", desk.RenewalOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range r.Ending {
		got[strings.TrimPrefix(e.Notice, "ocds-h6vhtk-")] = e.Next.String()[:10]
		if e.Fit.Advice == matcher.NoBid || e.Fit.Barred() || e.Relet {
			t.Errorf("%s is %s, let again %v, gates %+v", e.Notice, e.Fit.Advice, e.Relet, e.Fit.Gates)
		}
	}
	// The third ends too late, of the fourth nobody says when, the fifth may have been extended. One opportunity under two OCIDs is told once.
	if want := map[string]string{"end0": "2026-07-31", "end1": "2027-06-01", "end4": "2026-12-31"}; !reflect.DeepEqual(got, want) || r.Found != 3 || r.NoEnd != 1 || r.Looked != 5 || r.Scanned {
		t.Errorf("%v end; %d found, %d without an end, %d looked at, scanned %v", got, r.Found, r.NoEnd, r.Looked, r.Scanned)
	}
	for _, e := range r.Ending {
		if e.Notice == "ocds-h6vhtk-end0" && (len(e.Followers) != 1 || e.Followers[0].OCID != "ocds-h6vhtk-next" || e.Followers[0].As != market.Tendered) {
			t.Errorf("it is followed by %+v", e.Followers)
		}
	}
	if long, err := d.Renewals(t.Context(), "gardener", desk.RenewalOptions{AsOf: asOf, Within: 24, Limit: 2}); err != nil || long.Found != 4 || len(long.Ending) != 2 {
		t.Errorf("within two years %d end, %d listed, %v", long.Found, len(long.Ending), err)
	}
	// A profile of words alone has no field that the index could tell: the store is read.
	put(t, d, "id: prose\nname: Lark Gardens\ndescription: grounds maintenance of parks\n")
	p, err := d.Renewals(t.Context(), "prose", desk.RenewalOptions{AsOf: asOf})
	if err != nil || !p.Scanned || p.Found != 3 || p.Looked != 6 {
		t.Errorf("without codes and keywords %d end of %d, scanned %v, %v", p.Found, p.Looked, p.Scanned, err)
	}
}

// TestClients holds a notice against profiles: of each the fit is that of Explain, whichever OCID it is asked by.
func TestClients(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, append(made(40), endings()...))
	put(t, d, gardener+"---\nid: mediator\nname: Wren\nkeywords: [mediation]\ncpv: ['85312000']\n---\nid: a\nname: A\ndescription: nothing much\n")
	if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "mediator", Target: pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, Verdict: pursuit.NoBid, Reason: "busy", Who: "t", When: asOf, AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	b, err := d.Clients(t.Context(), pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, asOf)
	if err != nil || len(b.Clients) != 3 || b.Clients[0].Profile != "mediator" {
		t.Fatalf("%+v, %v", b.Clients, err)
	}
	for _, c := range b.Clients {
		e, err := d.Explain(t.Context(), c.Profile, pursuit.Target{Notice: "ocds-h6vhtk-m00000"}, asOf)
		if err != nil || !reflect.DeepEqual(e.Fit, c.Fit) || e.Lexicon != b.Lexicon {
			t.Errorf("for %s the fit is\n%+v, explained\n%+v, %v", c.Profile, c.Fit, e.Fit, err)
		}
	}
	if x := b.Clients[0].Decisions; len(x) != 1 || x[0].Verdict != pursuit.NoBid || x[0].Reason != "busy" || len(b.Clients[1].Decisions) != 0 {
		t.Errorf("decided: %+v", x)
	}
	one, err := d.Clients(t.Context(), pursuit.Target{Notice: "ocds-r6ebe6-end0"}, asOf)
	other, oerr := d.Clients(t.Context(), pursuit.Target{Notice: "ocds-h6vhtk-end0"}, asOf)
	if err != nil || oerr != nil || !reflect.DeepEqual(one, other) || len(one.Also) != 1 {
		t.Errorf("under two OCIDs it is\n%+v, %v\n%+v, %v", one, err, other, oerr)
	}
	for _, target := range []pursuit.Target{{Notice: "ocds-nothing"}, {Notice: "ocds-h6vhtk-m00000", Lot: "9"}} {
		if _, err := d.Clients(t.Context(), target, asOf); err == nil || !strings.Contains(err.Error(), "not found") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// TestPartners: who works in the right place and who knows the trade bid together for what neither would alone.
func TestPartners(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(60))
	put(t, d, "id: trade\nname: Wren\nkeywords: [mediation]\ncpv: ['85312000']\nregions: [TLM]\n---\nid: place\nname: Lark\nkeywords: [roofing]\ncpv: ['45261000']\nregions: [TLG2, TLD6]\n")
	r, err := d.Partners(t.Context(), "trade", "place", desk.PartnerOptions{AsOf: asOf})
	if err != nil || r.Gained == 0 || len(r.Shared) != r.Gained || r.Alone+r.Other != 0 {
		t.Fatalf("%d gained, %d listed, %d and %d alone, %v", r.Gained, len(r.Shared), r.Alone, r.Other, err)
	}
	for i, x := range r.Shared {
		if x.Pair.Advice != matcher.Bid || x.First.Advice == matcher.Bid || x.Second.Advice == matcher.Bid || !strings.HasPrefix(x.Title, "Neighbour mediation") {
			t.Errorf("%s: %s, %s and as a pair %s", x.Title, x.First.Advice, x.Second.Advice, x.Pair.Advice)
		}
		if c := x.Lots[0].Covers; len(c) != 1 || c[0].Name != "region" {
			t.Errorf("the second covers %+v", c)
		}
		if i > 0 && x.Pair.Score > r.Shared[i-1].Pair.Score {
			t.Error("the best is not first")
		}
		one, err := d.Partners(t.Context(), "trade", "place", desk.PartnerOptions{AsOf: asOf, Target: pursuit.Target{Notice: x.Notice}})
		if err != nil || len(one.Shared) != 1 || !reflect.DeepEqual(one.Shared[0], x) || one.Gained != 1 {
			t.Errorf("asked for alone it is\n%+v, %v\nwant\n%+v", one.Shared, err, x)
		}
	}
	back, err := d.Partners(t.Context(), "place", "trade", desk.PartnerOptions{AsOf: asOf})
	if err != nil || back.Gained != r.Gained || !reflect.DeepEqual(back.Joined, r.Joined) || !reflect.DeepEqual(back.Shared[0].Pair, r.Shared[0].Pair) {
		t.Errorf("the other way round %d are gained, %v", back.Gained, err)
	}
}

// TestOutcomes decides on tenders and then reads their awards.
func TestOutcomes(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(40))
	put(t, d, "id: wren\nname: Wren Ltd\nidentifiers: [GB-COH-1]\nkeywords: [mediation]\n")
	decide := func(ocid string, v pursuit.Verdict) {
		t.Helper()
		if _, err := d.Decide(t.Context(), desk.Verdict{Profile: "wren", Target: pursuit.Target{Notice: ocid}, Verdict: v, Who: "t", When: asOf, AsOf: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	award := func(ocid, id, buyer, who, rest string) string {
		return fmt.Sprintf(`{"ocid":"%s","id":"%s","tag":["award"],"date":"2026-09-01T09:00:00Z","parties":[{"id":"s",%s,"roles":["supplier"]}],"buyer":{"id":"b","name":"%s"},"tender":{"id":"t","title":"Neighbour mediation"}%s,"awards":[{"id":"1","status":"active","suppliers":[{"id":"s"}],"value":{"amount":18000,"currency":"GBP"}}]}`+"\n", ocid, id, who, buyer, rest)
	}
	us, them := `"name":"WREN LIMITED","identifier":{"scheme":"GB-COH","id":"1"}`, `"name":"Heron Ltd"`
	for ocid, v := range map[string]pursuit.Verdict{"ocds-h6vhtk-m00000": pursuit.Bid, "ocds-h6vhtk-m00006": pursuit.Bid, "ocds-h6vhtk-m00012": pursuit.Watch, "ocds-h6vhtk-m00018": pursuit.Bid, "ocds-h6vhtk-m00024": pursuit.Bid} {
		decide(ocid, v)
	}
	ingest(t, d, []byte(award("ocds-h6vhtk-m00000", "a1", "Council 0", us, "")+award("ocds-h6vhtk-m00006", "a2", "Council 6", them, "")+award("ocds-h6vhtk-m00012", "a3", "Council 5", them, "")+
		// The award of the fourth is published under another OCID, which names the first one.
		award("ocds-r6ebe6-x", "a4", "Council 4", us, `,"links":[{"rel":"canonical","href":"https://api.example/v1/Notice?id=ocds-h6vhtk-m00018"}]`)))
	o, err := d.Outcomes(t.Context(), "wren", asOf)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, x := range o.Decided {
		got[strings.TrimPrefix(x.Target.Notice, "ocds-h6vhtk-")] = string(x.Result) + " " + x.Source
	}
	want := map[string]string{"m00000": "won ", "m00006": "lost ", "m00012": "gone ", "m00018": "won ocds-r6ebe6-x", "m00024": "open "}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// Three were bid for and settled, two of them won.
	if o.Whole.N != 3 || o.Whole.Won != 2 || !o.Whole.Few || len(o.Buyers) != 3 {
		t.Errorf("the rate is %+v, buyers %+v", o.Whole, o.Buyers)
	}
	// The same thing decided under its other OCID counts once.
	decide("ocds-r6ebe6-x", pursuit.Bid)
	if o, err = d.Outcomes(t.Context(), "", asOf); err != nil || o.Whole.N != 3 {
		t.Errorf("one thing under two OCIDs makes %d settled, %v", o.Whole.N, err)
	}
	if _, err := d.Outcomes(t.Context(), "nobody", asOf); err == nil {
		t.Error("a profile that is not there has outcomes")
	}
}

// TestRealRenewals holds the field that the index tells against all awards: everything to bid for is in it, and most of what is to be looked at.
func TestRealRenewals(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	var sources []desk.Source
	for _, file := range append(noticetest.Notices(t), noticetest.Shared(t, "data", "award-history", "lancashire-councils.jsonl.gz")) {
		sources = append(sources, desk.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if _, err := d.Ingest(t.Context(), sources, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(noticetest.Shared(t, "data", "judged", "profiles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ps, err := profiles.Decode(f, "profiles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	listed, missed, looked := 0, 0, 0
	for _, p := range ps {
		p.Regions = nil // the awards are of other regions than the profiles
		if _, err := d.PutProfile(t.Context(), p, asOf); err != nil {
			t.Fatal(err)
		}
		o := desk.RenewalOptions{AsOf: asOf, Within: 60}
		r, err := d.Renewals(t.Context(), p.ID, o)
		if err != nil {
			t.Fatal(err)
		}
		looked += r.Looked
		in := map[string]bool{}
		for _, e := range r.Ending {
			in[e.Notice+"/"+e.ID] = true
		}
		o.Everything = true
		all, err := d.Renewals(t.Context(), p.ID, o)
		if err != nil || !all.Scanned || r.Scanned {
			t.Fatalf("scanned %v and %v, %v", r.Scanned, all.Scanned, err)
		}
		for _, e := range all.Ending {
			listed++
			if !in[e.Notice+"/"+e.ID] {
				missed++
				if e.Fit.Advice == matcher.Bid {
					t.Errorf("%s should bid for %s, which is outside of its field", p.ID, e.Title)
				}
			}
		}
	}
	t.Logf("%d renewals over %d profiles, %d of them outside of the field; %d awards looked at", listed, len(ps), missed, looked)
	if missed*4 > listed {
		t.Errorf("%d of %d renewals are outside of the field", missed, listed)
	}
}
