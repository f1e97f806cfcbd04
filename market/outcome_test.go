package market_test

import (
	"strings"
	"testing"

	"bidfit/market"
	"bidfit/notice"
)

// TestBecame tells what became of made-up procurements for Lark & Co.
func TestBecame(t *testing.T) {
	const (
		firms = `"parties":[{"id":"b","name":"Wick Borough Council","roles":["buyer"]},{"id":"us","name":"Lark & Co","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"7"}},` +
			`{"id":"bare","name":"LARK AND COMPANY","roles":["supplier"]},{"id":"name","name":"Lark and Co","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"8"}},` +
			`{"id":"wren","name":"Wren Ltd","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"1"}},{"id":"none","name":"n/a","roles":["supplier"]}]`
		two = `"lots":[{"id":"1","title":"North","value":{"amount":100000,"currency":"GBP"}},{"id":"2","title":"South"}]`
		one = `"value":{"amount":200000,"currency":"GBP"}`
	)
	tender := func(rest string) string {
		return `"buyer":{"id":"b"},` + firms + `,"tender":{"id":"t","title":"Hedges","status":"active","tenderPeriod":{"endDate":"2026-06-01T12:00:00Z"},` + rest + `}`
	}
	award := func(id, who, lot, status, amount string) string {
		if lot != "" {
			lot = `"relatedLots":["` + lot + `"],`
		}
		if amount != "" {
			amount = `,"value":{"amount":` + amount + `,"currency":"GBP"}`
		}
		suppliers := ""
		if who != "" {
			suppliers = `{"id":"` + strings.ReplaceAll(who, " ", `"},{"id":"`) + `"}`
		}
		return `{"id":"` + id + `",` + lot + `"status":"` + status + `","suppliers":[` + suppliers + `]` + amount + `}`
	}
	for _, tt := range []struct {
		name, lot, tags, body, awards string
		bare                          bool // the profile has no identifiers
		want                          market.Result
		why                           string
		price                         string
		compared                      int
	}{
		{name: "won", tags: `"award"`, body: one, awards: award("1", "us", "", "active", "180000"), want: market.Won, why: "names you", price: "£180,000", compared: 90},
		{name: "won by name", tags: `"award"`, body: one, awards: award("1", "bare", "", "active", ""), want: market.Won, why: "by name alone"},
		{name: "won with others", tags: `"award"`, body: one, awards: award("1", "us wren", "", "active", "180000"), want: market.Won, why: "names you", price: "£180,000", compared: 90},
		{name: "lost", tags: `"award"`, body: one, awards: award("1", "wren", "", "active", "210001"), want: market.Lost, why: "to others", price: "£210,001", compared: 105}, // 105.0005
		{name: "a namesake with another number", tags: `"award"`, body: one, awards: award("1", "name", "", "active", ""), want: market.Unclear, why: "give the profile your identifiers"},
		{name: "a namesake and no identifiers", tags: `"award"`, body: one, awards: award("1", "us", "", "active", ""), bare: true, want: market.Unclear, why: "identifiers"},
		{name: "nobody named", tags: `"award"`, body: one, awards: award("1", "none", "", "active", "5"), want: market.Unnamed, why: "no supplier", price: "£5", compared: -1},
		{name: "nobody at all", tags: `"award"`, body: one, awards: award("1", "", "", "active", ""), want: market.Unnamed, why: "no supplier"},
		{name: "cancelled", tags: `"award"`, body: one, awards: award("1", "us", "", "cancelled", ""), want: market.Cancelled, why: "award is cancelled"},
		{name: "one cancelled, one made", tags: `"award"`, body: one, awards: award("1", "us", "", "cancelled", "") + "," + award("2", "wren", "", "active", ""), want: market.Lost},
		{name: "ended", tags: `"tenderCancellation"`, body: one, want: market.Cancelled, why: "without award"},
		{name: "waiting", tags: `"tender"`, body: one, want: market.Waiting, why: "closed on 1 June 2026"},
		{name: "lot won", lot: "1", tags: `"award"`, body: two, awards: award("1", "us", "1", "active", "90000") + "," + award("2", "wren", "2", "active", "1"), want: market.Won, price: "£90,000", compared: 90},
		{name: "lot lost", lot: "2", tags: `"award"`, body: two, awards: award("1", "us", "1", "active", "90000") + "," + award("2", "wren", "2", "active", "50000"), want: market.Lost, price: "£50,000"},
		{name: "all, of which one lot is won", tags: `"award"`, body: two, awards: award("1", "us", "1", "active", "") + "," + award("2", "wren", "2", "active", "1"), want: market.Won, why: "1 of its 2 awards"},
		{name: "which lot, nobody says", lot: "2", tags: `"award"`, body: two, awards: award("1", "us", "", "active", "") + "," + award("2", "wren", "", "active", ""), want: market.Unclear, why: "does not say which lots"},
		{name: "whichever lot, it is lost", lot: "2", tags: `"award"`, body: two, awards: award("1", "wren", "", "active", ""), want: market.Lost, why: "every award went to others"},
		{name: "whichever lot, it is won", lot: "2", tags: `"award"`, body: two, awards: award("1", "us", "", "active", ""), want: market.Won},
		{name: "the lot is gone", lot: "~A", tags: `"award"`, body: two, awards: award("1", "us", "1", "active", "") + "," + award("2", "wren", "2", "active", ""), want: market.Unclear, why: "no lot ~A any more"},
		{name: "the other lot", lot: "2", tags: `"award"`, body: two, awards: award("1", "wren", "1", "active", ""), want: market.Waiting, why: "no award of it yet"},
	} {
		awards := ""
		if tt.awards != "" {
			awards = `,"awards":[` + tt.awards + `]`
		}
		n := read(t, strings.NewReader(release("out", "000001-2026", tt.tags, "2026-06-10", tender(tt.body)+awards)))[0]
		me := market.Mention{Name: "Lark & Co", IDs: []string{"GB-COH-00000007"}}
		if tt.bare {
			me.IDs = nil
		}
		d := market.Resolve(append(market.Read(n).Mentions(), me, market.Mention{Name: "Lark & Co", IDs: []string{"GB-COH-00000008"}}, market.Mention{Name: "Lark & Co", IDs: []string{"GB-COH-00000007"}}))
		got := market.Became(n, tt.lot, d.Of(me), me.Name, d, asOf)
		if tt.name == "won by name" { // nobody else bears it
			d = market.Resolve(append(market.Read(n).Mentions()[:2], me))
			got = market.Became(n, tt.lot, d.Of(me), me.Name, d, asOf)
		}
		price, compared := "", 0
		if got.Price != nil {
			price = got.Price.Amount.String()
		}
		if got.Compared != nil {
			compared = *got.Compared
		}
		if got.Result != tt.want || !strings.Contains(got.Why, tt.why) || price != tt.price || tt.compared >= 0 && compared != tt.compared {
			t.Errorf("%s: %s because %q, price %q, %d%% of the value", tt.name, got.Result, got.Why, price, compared)
		}
	}
}

// TestCeilings: what a framework went for is a ceiling and is held against nothing; who is on a dynamic market won nothing.
func TestCeilings(t *testing.T) {
	n := read(t, strings.NewReader(release("fw", "000010-2025", `"award"`, "2025-01-02", wick+`,"tender":{"id":"t","title":"A framework","value":{"amount":9000000,"currency":"GBP"},"techniques":{"hasFrameworkAgreement":true,"frameworkAgreement":{"method":"closed"}},"lots":[{"id":"1"}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}],"value":{"amount":5000000,"currency":"GBP"}}]`)))[0]
	me := market.Mention{Name: "Lark & Co"}
	d := market.Resolve(append(market.Read(n).Mentions(), me))
	if o := market.Became(n, "", d.Of(me), me.Name, d, asOf); o.Result != market.Won || !o.Price.Ceiling || o.Compared != nil {
		t.Errorf("a place on a framework is %+v", o)
	}
	n = read(t, strings.NewReader(release("dm", "000009-2025", `"award","contract"`, "2025-01-02",
		wick+`,"tender":{"id":"t","title":"A market","techniques":{"hasDynamicPurchasingSystem":true},"status":"active"},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}],`+doc("UK15", "documents")+`}]`)))[0]
	d = market.Resolve(append(market.Read(n).Mentions(), me))
	if o := market.Became(n, "", d.Of(me), me.Name, d, asOf); o.Result != market.Unclear || !strings.Contains(o.Why, "you are on the dynamic market") {
		t.Errorf("a place on a dynamic market is %+v", o)
	}
}

func TestRates(t *testing.T) {
	var list []market.Settled
	add := func(key string, won, lost int) {
		for i := range won + lost {
			list = append(list, market.Settled{Won: i < won, Key: key, Name: "the " + key})
		}
	}
	add("a", 4, 12)
	add("b", 0, 3)
	add("", 1, 0)
	got := market.Rates(list)
	// Wilson at z = 1.96, z² = 3.8416.
	// 4 of 16: centre (4 + 1.9208) / 19.8416 = .29840; half 1.96 / 19.8416 × √(4 × 12 / 16 + .9604) = .09878 × 1.99007 = .19659.
	// 0 of 3: centre 1.9208 / 6.8416 = .28075, half 1.96 / 6.8416 × √.9604 = .28075: from 0 to 56.
	// 1 of 1: centre 2.9208 / 4.8416 = .60327, half 1.96 / 4.8416 × .98 = .39673: from 21 to 100.
	want := []market.Rate{
		{Key: "a", Name: "the a", N: 16, Won: 4, Percent: 25, Low: 10, High: 49},
		{Key: "b", Name: "the b", N: 3, Won: 0, Percent: 0, Low: 0, High: 56, Few: true},
		{Key: "", Name: "the ", N: 1, Won: 1, Percent: 100, Low: 21, High: 100, Few: true},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	if none := market.NewRate(market.Rate{}); none.High != 100 || !none.Few {
		t.Errorf("of nothing the rate is %+v", none)
	}
	for n := 1; n < 60; n++ {
		for won := range n + 1 {
			r := market.NewRate(market.Rate{N: n, Won: won})
			if r.Low > r.Percent || r.Percent > r.High || r.Low < 0 || r.High > 100 || !r.Few && r.High-r.Low > 50 {
				t.Fatalf("%d of %d is %+v", won, n, r)
			}
		}
	}
	for amount, want := range map[int64]string{0: "under £10K", 9_999_99: "under £10K", 10_000_00: "£10K–£100K", 999_999_99: "£100K–£1M", 1_000_000_00: "£1M–£10M", 10_000_000_00: "£10M or more"} {
		if _, name := market.Band(notice.Pence(amount)); name != want {
			t.Errorf("%d is in %q", amount, name)
		}
	}
}
