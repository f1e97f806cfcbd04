package market_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/market"
	"bidfit/notice"
)

// release is a made-up release: its tags, and the rest as JSON members.
func release(ocid, id, tags, date, rest string) string {
	return fmt.Sprintf(`{"ocid":"ocds-h6vhtk-%s","id":"%s","tag":[%s],"date":"%sT09:00:00Z",%s}`, ocid, id, tags, date, rest)
}

const (
	wick = `"buyer":{"id":"GB-PPON-PWIC-1111-KKKK","name":"Wick Borough Council"},"parties":[` +
		`{"id":"GB-PPON-PWIC-1111-KKKK","name":"Wick Borough Council","roles":["buyer"],"identifier":{"scheme":"GB-PPON","id":"PWIC-1111-KKKK"},"address":{"region":"UKG24","locality":"Wick"},"contactPoint":{"name":"Buying team","email":"buy@wick.example"}},` +
		`{"id":"GB-COH-00000001","name":"Wren Ltd","roles":["supplier"],"identifier":{"scheme":"GB-COH","id":"1"},"details":{"scale":"sme"},"address":{"region":"UKG24"}},` +
		`{"id":"lark","name":"Lark & Co","roles":["supplier"]}]`
	lots = `"lots":[{"id":"1","title":"North","suitability":{"sme":true},"contractPeriod":{"startDate":"2024-04-01T00:00:00+01:00","endDate":"2027-03-31T23:59:59+01:00"}},{"id":"2","title":"South"}],` +
		`"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}],"deliveryAddresses":[{"region":"UKG24"}],"relatedLot":"1"},{"id":"2","additionalClassifications":[{"scheme":"CPV","id":"90910000"}],"relatedLot":"2"}]`
)

func doc(form, place string) string {
	return fmt.Sprintf(`"%s":[{"id":"d-%s","documentType":"x","noticeType":"%s"}]`, place, form, form)
}

// grounds is a procurement from tender to contract: two lots, two awards, UK6 and UK7 of each.
func grounds() []string {
	tender := `"tender":{"id":"t","title":"Grounds maintenance","status":"complete","legalBasis":{"scheme":"UKPGA","id":"2023/54"},"procurementMethod":"open","tenderPeriod":{"endDate":"2024-02-01T12:00:00Z"},` + lots + `,` + doc("UK4", "documents") + `}`
	awards := func(status string) string {
		return `"awards":[{"id":"1","status":"` + status + `","date":"2024-03-01T00:00:00Z","relatedLots":["1"],"suppliers":[{"id":"GB-COH-00000001"}],"value":{"amount":100000,"amountGross":120000,"currency":"GBP"}},` +
			`{"id":"2","status":"` + status + `","date":"2024-03-02T00:00:00Z","relatedLots":["2"],"suppliers":[{"id":"GB-COH-00000001"},{"id":"lark"}],"value":{"amountGross":60000,"currency":"GBP"},"contractPeriod":{"startDate":"2024-04-01T00:00:00+01:00","endDate":"2026-12-31T23:59:59Z","maxExtentDate":"2027-12-31T00:00:00Z"}}]`
	}
	return []string{
		release("mkt001", "000001-2024", `"tender"`, "2024-01-02", wick+","+tender),
		release("mkt001", "000002-2024", `"award"`, "2024-03-03", wick+","+awards("pending")+`,"bids":{"statistics":[{"id":"1","measure":"bids","value":7,"relatedLot":"1"}]}`),
		release("mkt001", "000003-2024", `"award","contract"`, "2024-04-03", wick+","+awards("active")+
			`,"contracts":[{"id":"1","awardID":"1","status":"active","dateSigned":"2024-03-20T00:00:00Z","value":{"amount":110000,"currency":"GBP"}}]`),
	}
}

func TestReadAwards(t *testing.T) {
	r := records(t, grounds()...)[0]
	if len(r.Awards) != 2 {
		t.Fatalf("UK6 and UK7 of two awards are %d awards", len(r.Awards))
	}
	a, b := r.Awards[0], r.Awards[1]
	if a.Value == nil || *a.Value != (market.Worth{Amount: 110_000_00}) {
		t.Errorf("the award is worth %+v; its contract says £110,000", a.Value)
	}
	if b.Value == nil || *b.Value != (market.Worth{Amount: 60_000_00, Gross: true, Shared: true}) {
		t.Errorf("the shared award is worth %+v", b.Value)
	}
	if a.Bids == nil || *a.Bids != 7 || b.Bids != nil {
		t.Errorf("the bids are %v and %v", a.Bids, b.Bids)
	}
	if !a.Planned || a.End == nil || a.End.In(notice.London).Format(time.DateOnly) != "2027-03-31" {
		t.Errorf("the first award runs to %v, planned %v", a.End, a.Planned)
	}
	if b.Planned || b.End.In(notice.London).Year() != 2026 || b.MaxEnd.In(notice.London).Year() != 2027 {
		t.Errorf("the second runs to %v, at most %v, planned %v", b.End, b.MaxEnd, b.Planned)
	}
	if a.Title != "Grounds maintenance: North" || a.Year() != 2024 || a.Division() != 77000000 || b.Division() != 90000000 || a.Method != "open" {
		t.Errorf("the award is %+v", a)
	}
	if r.Window == nil || *r.Window != 30 || r.SME != market.SaidYes || r.VCSE != market.Unsaid {
		t.Errorf("window %v, SME %v, VCSE %v", r.Window, r.SME, r.VCSE)
	}
}

func TestNoAwards(t *testing.T) {
	members := records(t, release("mkt002", "000009-2025", `"award","contract"`, "2025-01-02",
		wick+`,"tender":{"id":"t","title":"A market","techniques":{"hasDynamicPurchasingSystem":true},"status":"active"},"awards":[{"id":"1","status":"active","suppliers":[{"id":"GB-COH-00000001"}],`+doc("UK15", "documents")+`}]`))[0]
	if members.Type != "UK15" {
		t.Fatalf("the notice is a %s", members.Type)
	}
	if len(members.Awards) != 0 {
		t.Errorf("members of a dynamic market are %d awards", len(members.Awards))
	}
	odd := records(t,
		release("mkt003", "000010-2025", `"award"`, "2025-01-02", wick+`,"tender":{"id":"t","title":"A framework","techniques":{"hasFrameworkAgreement":true,"frameworkAgreement":{"method":"closed"}},"lots":[{"id":"1"}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}],"value":{"amount":5000000,"currency":"GBP"}}]`),
		release("mkt004", "000011-2025", `"award"`, "2025-01-02", wick+`,"tender":{"id":"t","title":"Dropped"},"awards":[{"id":"1","status":"cancelled","suppliers":[{"id":"lark"}],"value":{"amount":70000,"currency":"GBP"}}]`),
		release("mkt005", "000012-2025", `"award"`, "2025-01-02", wick+`,"tender":{"id":"t","title":"Dollars"},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}],"value":{"amount":70000,"currency":"USD"}}]`),
	)
	if w := odd[0].Awards[0].Value; w == nil || !w.Ceiling {
		t.Errorf("a framework's value is %+v", w)
	}
	if !odd[1].Awards[0].Void {
		t.Error("a cancelled award counts")
	}
	if w := odd[2].Awards[0].Value; w != nil {
		t.Errorf("dollars are %+v", w)
	}
	d := market.Resolve(mentions(odd))
	b := market.NewBuyer(d.Of(market.MentionOf(&odd[0].Buyers[0])), d, odd, asOf)
	if v := b.Values; v.Awards != 2 || v.Known != 0 || v.Ceilings != 1 || v.Unknown() != 1 || v.Sum != 0 || v.Median != nil || b.Void != 1 || len(b.Awards) != 3 {
		t.Errorf("the figures are %+v, void %d, awards %d", v, b.Void, len(b.Awards))
	}
	if len(b.Frameworks) != 1 {
		t.Errorf("%d frameworks", len(b.Frameworks))
	}
}

// TestOnce reads one opportunity from two services, and an OCID that unrelated buyers share.
func TestOnce(t *testing.T) {
	first := strings.ReplaceAll(release("mkt010", "000020-2025", `"award"`, "2025-02-02", wick+`,"tender":{"id":"t","title":"Twice"},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}]}]`), "ocds-h6vhtk-", "ocds-r6ebe6-")
	again := release("mkt011", "000021-2025", `"award"`, "2025-02-03", wick+`,"links":[{"rel":"canonical","href":"https://api.example/v1/Notice?id=ocds-r6ebe6-mkt010"}],"tender":{"id":"t","title":"Twice"},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}]}]`)
	rs := records(t, first, again)
	if len(rs[1].Also) == 0 {
		t.Fatal("the second does not name the first")
	}
	if once := market.Once(rs); len(once) != 1 || once[0].OCID != rs[0].OCID {
		t.Errorf("one opportunity is %d notices", len(once))
	}
	if once := market.Once(append(slices.Clone(rs), rs...)); len(once) != 1 {
		t.Errorf("records given twice are %d notices", len(once))
	}
	if once := market.Once(nil); len(once) != 0 {
		t.Errorf("nothing is %d notices", len(once))
	}
}

func TestBuyerAndSupplier(t *testing.T) {
	lines := append(grounds(),
		release("mkt020", "000030-2026", `"tender"`, "2026-06-01", wick+`,"tender":{"id":"t","title":"Tree surgery","status":"active","procurementMethod":"open","value":{"amount":90000,"currency":"GBP"},"tenderPeriod":{"endDate":"2026-07-01T12:00:00Z"}}`),
		release("mkt021", "000031-2026", `"tender"`, "2026-05-01", wick+`,"tender":{"id":"t","title":"Closed one","status":"active","tenderPeriod":{"endDate":"2026-06-01T12:00:00Z"}}`),
		release("mkt022", "000032-2019", `"tender"`, "2019-05-01", wick+`,"tender":{"id":"t","title":"Never closed","status":"active"}`),
		release("mkt023", "000033-2025", `"award"`, "2025-05-01", `"buyer":{"id":"x","name":"Other Council"},"parties":[{"id":"x","name":"Other Council","roles":["buyer"]},{"id":"w","name":"WREN LIMITED","roles":["supplier"]}],"tender":{"id":"t","title":"Hedges"},"awards":[{"id":"1","status":"active","date":"2025-05-01T00:00:00Z","suppliers":[{"id":"w"}],"value":{"amount":30000,"currency":"GBP"}}]`),
	)
	rs := records(t, lines...)
	d := market.Resolve(mentions(rs))
	b := market.NewBuyer(d.Bearing("=wick borough council")[0], d, rs, asOf)
	if b.Notices != 4 || len(b.Open) != 1 || b.Open[0].Title != "Tree surgery" || b.Stale != 1 {
		t.Errorf("%d notices, open %+v, stale %d", b.Notices, b.Open, b.Stale)
	}
	if b.Details.Email.Value != "buy@wick.example" || b.ID != "GB-PPON-PWIC-1111-KKKK" || b.Details.Locality.Value != "Wick" {
		t.Errorf("the buyer is %+v", b.Known)
	}
	if v := b.Values; v.Awards != 2 || v.Known != 2 || v.Gross != 1 || v.Shared != 1 || v.Sum != 170_000_00 || *v.Median != 85_000_00 || v.Lower != nil {
		t.Errorf("values %+v", v)
	}
	if len(b.Suppliers) != 2 || b.Suppliers[0].Key != "GB-COH-00000001" || b.Suppliers[0].Awards != 2 || b.Suppliers[1].Name != "Lark & Co" {
		t.Errorf("suppliers %+v", b.Suppliers)
	}
	if len(b.Ending) != 2 || b.Ending[0].ID != "2" {
		t.Errorf("%d contracts end", len(b.Ending))
	}
	if w := b.Window; w.N != 3 || *w.Median != 30 || w.Unknown != 0 {
		t.Errorf("window %+v", w)
	}
	if b.SME != (market.Said{Yes: 1, Unsaid: 3}) {
		t.Errorf("SME %+v", b.SME)
	}
	sum := 0
	for _, x := range b.Divisions {
		sum += x.Awards
	}
	if sum != 2 || len(b.Years) != 1 || b.Years[0].Key != "2024" {
		t.Errorf("divisions %+v, years %+v", b.Divisions, b.Years)
	}
	s := market.NewSupplier(d.Bearing("=wren")[0], d, rs, asOf)
	if s.Values.Awards != 3 || len(s.Named) != 2 || len(s.Buyers) != 2 || s.Buyers[0].Awards != 2 || len(s.Beside) != 1 || s.Details.Scale.Value != "sme" {
		t.Errorf("the supplier: %+v in %d notices, buyers %+v, beside %+v", s.Values, len(s.Named), s.Buyers, s.Beside)
	}
	if len(s.Running) != 2 || len(s.Ending) != 2 || s.Bids.N != 1 || s.Bids.Unknown != 2 {
		t.Errorf("%d run, %d end, bids %+v", len(s.Running), len(s.Ending), s.Bids)
	}
	if s.Buys != 0 || s.Void != 0 || len(s.Markets) != 0 {
		t.Errorf("it buys %d, void %d, on %d markets", s.Buys, s.Void, len(s.Markets))
	}
}

func TestSimilar(t *testing.T) {
	tender := func(ocid, id, date, title, rest string) string {
		return release(ocid, id, `"tender"`, date, wick+`,"tender":{"id":"t","title":"`+title+`","status":"active",`+
			`"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}],"relatedLot":"1"}],`+
			`"lots":[{"id":"1","contractPeriod":{"startDate":"2027-04-01T00:00:00+01:00","endDate":"2030-03-31T23:59:59+01:00"}}],"tenderPeriod":{"endDate":"2026-07-01T12:00:00Z"}}`+rest)
	}
	rs := records(t, append(grounds(),
		tender("mkt030", "000040-2026", "2026-06-01", "Grounds maintenance contract 2027", ""),
		tender("mkt031", "000041-2026", "2026-06-02", "Maintenance of grounds", ""),
		release("mkt032", "000042-2025", `"award"`, "2025-01-01", wick+`,"tender":{"id":"t","title":"Software licences","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"48000000"}]}]},"awards":[{"id":"1","status":"active","suppliers":[{"id":"lark"}]}]`),
	)...)
	d := market.Resolve(mentions(rs))
	of := rs[slices.IndexFunc(rs, func(r *market.Record) bool { return r.OCID == "ocds-h6vhtk-mkt030" })]
	s := market.NewSimilar(of, d, rs, rs, nil, 0, asOf)
	if len(s.Before) != 1 || s.Before[0].OCID != "ocds-h6vhtk-mkt001" || len(s.Before[0].Incumbents) != 2 {
		t.Fatalf("before it: %+v", s.Before)
	}
	why := strings.Join(s.Before[0].Why, "; ")
	for _, want := range []string{"the same buyer", "titles' words", "CPV 77310000", "its contract ends on 31 March 2027, this one starts on 1 April 2027"} {
		if !strings.Contains(why, want) {
			t.Errorf("it is thought its earlier round because of %q, without %q", why, want)
		}
	}
	if len(s.Open) != 1 || s.Open[0].OCID != "ocds-h6vhtk-mkt031" {
		t.Errorf("open: %+v", s.Open)
	}
	if len(s.Won) != 1 || s.Won[0].OCID != "ocds-h6vhtk-mkt001" || s.Prices.Awards != 2 || s.Prices.Known != 2 {
		t.Errorf("won: %+v, prices %+v", s.Won, s.Prices)
	}
	if one := market.NewSimilar(of, d, rs, rs, nil, 1, asOf); len(one.Won) > 1 || len(one.Open) > 1 {
		t.Error("the limit does not hold")
	}
}
