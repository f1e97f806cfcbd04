package ocds

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"bidfit/notice"
)

// undivided is a tender with one lot and a description, and what else is said in the tender and in the lot.
func undivided(n int, description, tender, lot string) string {
	return actRelease(n, "tender", "UK4", `"status":"active","title":"Care of parks",`+tender+`"description":`+strconv.Quote(description)+`,"lots":[{"id":"1"`+lot+`}],`, "")
}

const twoLots = "Two lots are let. Lot A - Meadows: worth £704,000 (£176,000 per annum) Lot B - Hedges: worth £300,000"

func TestProseLots(t *testing.T) {
	n := projectOne(t, undivided(1, twoLots, `"value":{"amount":1004000,"currency":"GBP"},"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"77310000"}],"relatedLot":"1"}],`,
		`,"suitability":{"sme":true},"contractPeriod":{"startDate":"2027-04-01T00:00:00+01:00","endDate":"2029-03-31T23:59:59+01:00"},"hasRenewal":true`))
	if len(n.Lots) != 2 {
		t.Fatalf("%d lots, want 2", len(n.Lots))
	}
	a, b := n.Lots[0], n.Lots[1]
	for what, got := range map[string]string{
		"~A": a.ID, "Meadows": a.Title.Value, "£704,000": a.Value.Net.Value.String(), "£176,000": a.Value.PerYear.Value.String(),
		"~B": b.ID, "Hedges": b.Title.Value, "£300,000": b.Value.Net.Value.String(),
		"£1,004,000": n.Value.Net.Value.String(), "Lot A - Meadows: worth £704,000 (£176,000 per annum)": a.Description.Value,
	} {
		if got != what {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	for _, l := range n.Lots {
		if l.FromProse < sureEnough || !l.SME.Value || len(l.CPV) != 1 || !l.Contract.End.Known() || !l.Renewal.Known() {
			t.Errorf("lot %s does not take over what the one lot says: %+v", l.ID, l)
		}
		if said, ok := n.Prose(l.Title.At); !ok || said[l.Title.At.Start:l.Title.At.End] != l.Title.Value {
			t.Errorf("the title of lot %s is not what stands at its place", l.ID)
		}
	}
	for _, r := range n.Readings.Amounts {
		if r.Lot != "~A" && r.Lot != "~B" {
			t.Errorf("%v is about lot %q", r.Value, r.Lot)
		}
	}
	if len(n.Readings.Amounts) != 3 || len(n.Issues) != 0 {
		t.Errorf("readings %+v, issues %v", n.Readings.Amounts, n.Issues)
	}
}

// TestProseLotsStay holds that a lot keeps its id while it keeps its name, and that lots in fields win over those in prose.
func TestProseLotsStay(t *testing.T) {
	ids := func(n *notice.Notice) string {
		var ids []string
		for _, l := range n.Lots {
			ids = append(ids, l.ID+"="+l.Title.Value)
		}
		return strings.Join(ids, " ")
	}
	first := undivided(1, twoLots, "", "")
	later := undivided(2, "Now with ponds. Lot A - Meadows: worth £710,000\nLot B - Hedges: worth £300,000\nLot C - Ponds: worth £90,000", "", "")
	divided := actRelease(3, "tenderUpdate", "UK4", `"lots":[{"id":"1","title":"Meadows"},{"id":"2","title":"Hedges"}],`, "")
	for _, test := range []struct {
		releases []string
		want     string
	}{
		{[]string{first}, "~A=Meadows ~B=Hedges"},
		{[]string{first, later}, "~A=Meadows ~B=Hedges ~C=Ponds"},
		{[]string{first, later, divided}, "1=Meadows 2=Hedges"},
		{[]string{undivided(1, "Bids for lot A or lot B are welcome.", "", "")}, "="},
		{[]string{undivided(1, twoLots, `"procurementMethodDetails":"Award under framework",`, "")}, "="},
	} {
		if got := ids(projectOne(t, test.releases...)); got != test.want {
			t.Errorf("lots %q, want %q", got, test.want)
		}
	}
}

func TestProseFills(t *testing.T) {
	lot := func(n *notice.Notice) *notice.Lot { return &n.Lots[0] }
	for _, test := range []struct {
		description, tender, lot string
		want                     string
		get                      func(n *notice.Notice) string
	}{
		{"The estimated contract value is £300,000 excluding VAT.", "", "", "£300,000 £300,000", func(n *notice.Notice) string {
			return lot(n).Value.Net.Value.String() + " " + n.Value.Net.Value.String()
		}},
		{"The estimated contract value is £300,000 including VAT.", "", "", "£0 £300,000", func(n *notice.Notice) string {
			return lot(n).Value.Net.Value.String() + " " + lot(n).Value.Gross.Value.String()
		}},
		{"The contract value is £200,000, or £250,000 with its extension.", "", "", "£250,000", func(n *notice.Notice) string { return lot(n).Value.Net.Value.String() }},
		{"The contract value is £200,000. The contract value is £9,000,000.", "", "", "£0", func(n *notice.Notice) string { return lot(n).Value.Net.Value.String() }},
		{"The contract value is £1,200,000 to £1,500,000.", "", "", "£1,200,000 £1,500,000", func(n *notice.Notice) string {
			return lot(n).Value.Min.Value.String() + " " + lot(n).Value.Net.Value.String()
		}},
		{"The annual contract value is £50,000.", `"value":{"amount":200000,"currency":"GBP"},`, "", "£50,000 £200,000", func(n *notice.Notice) string {
			return lot(n).Value.PerYear.Value.String() + " " + lot(n).Value.Net.Value.String()
		}},
		{"The contract value is £300,000.", `"value":{"amount":290000,"currency":"GBP"},`, "", "£290,000 0", func(n *notice.Notice) string {
			return n.Value.Net.Value.String() + " " + fmt.Sprint(len(n.Issues))
		}},
		{"The contract value is £300,000.", `"value":{"amount":20000,"currency":"GBP"},`, "", "£20,000 prose-contradicts-field", func(n *notice.Notice) string {
			return n.Value.Net.Value.String() + " " + n.Issues[0].Code
		}},
		{"The contract value is £300,000.", `"value":{"amount":20000,"currency":"GBP"},"techniques":{"hasFrameworkAgreement":true},`, "", "0", func(n *notice.Notice) string { return fmt.Sprint(len(n.Issues)) }},
		{"The contract value is £300,000.", `"value":{"currency":"EUR"},`, "", "£0", func(n *notice.Notice) string { return lot(n).Value.Net.Value.String() }},
		{"Public liability insurance of £5m is needed.", "", "", "£0", func(n *notice.Notice) string { return lot(n).Value.Net.Value.String() }},
		{"The contract is for 3 years with the option to extend by 2 x 12 months.", "", "", "1080 3 years with the option to extend by 2 x 12 months", func(n *notice.Notice) string {
			return fmt.Sprint(lot(n).Contract.Days.Value) + " " + lot(n).Renewal.Value
		}},
		{"The contract is for 3 years.", "", `,"contractPeriod":{"endDate":"2029-03-31T23:59:59+01:00"}`, "0", func(n *notice.Notice) string { return fmt.Sprint(lot(n).Contract.Days.Value) }},
		{"The deadline for tenders is 12 noon on 14 August 2026.", "", "", "2026-08-14T12:00:00+01:00 tender", func(n *notice.Notice) string {
			return n.Deadline.Value.String() + " " + string(n.Deadline.Kind)
		}},
		{"The deadline for tenders is 14 August 2026.", `"tenderPeriod":{"endDate":"2026-09-01T12:00:00+01:00"},`, "", "2026-09-01T12:00:00+01:00", func(n *notice.Notice) string { return n.Deadline.Value.String() }},
		{"The deadline for tenders of the first round is 14 August 2026.", "", "", "false", func(n *notice.Notice) string { return fmt.Sprint(n.Deadline.Known()) }},
		{"The tender was due on 14 August 2025; the deadline for tenders was 14 August 2025.", "", "", "false", func(n *notice.Notice) string { return fmt.Sprint(n.Deadline.Known()) }},
		{"Tenders are given in at https://in-tendhost.co.uk/parks and nowhere else.", "", "", "https://in-tendhost.co.uk/parks", func(n *notice.Notice) string { return n.Portal.Value }},
		{"Tenders are given in at https://in-tendhost.co.uk/parks and nowhere else.", `"submissionMethodDetails":"by post",`, "", "by post", func(n *notice.Notice) string { return n.Portal.Value }},
	} {
		if got := test.get(projectOne(t, undivided(1, test.description, test.tender, test.lot))); got != test.want {
			t.Errorf("%q with %s%s: got %q, want %q", test.description, test.tender, test.lot, got, test.want)
		}
	}
}

// TestReadingsOnce holds that what several texts say is one reading, about the lot where one is named.
func TestReadingsOnce(t *testing.T) {
	n := projectOne(t, actRelease(1, "tender", "UK4", `"title":"Parks","description":"The contract value is £5,000,000. It needs £9m of insurance. The contract value is £5,000,000.",`+
		`"lots":[{"id":"1","description":"The lot's value is £2,000,000 and it needs £9m of insurance."},{"id":"2","description":"The lot's value is £3,000,000.","renewal":{"description":"24 months"}}],`, ""))
	var got []string
	for _, r := range n.Readings.Amounts {
		got = append(got, fmt.Sprintf("%s %s %s", r.Lot, r.Value.Max, r.Value.For))
	}
	for _, r := range n.Readings.Lengths {
		got = append(got, fmt.Sprintf("%s %v", r.Lot, r.Value.Extensions))
	}
	want := " £5,000,000 contract|1 £9,000,000 insurance|1 £2,000,000 contract|2 £3,000,000 contract|2 [{24 0}]"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestTooMuchProse reads a text of more sums than anybody needs, and says that it was cut.
func TestTooMuchProse(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "The budget of part %d is £%d,%03d. ", i, i+1, i%1000)
	}
	n := projectOne(t, undivided(1, text.String(), "", ""))
	if got := len(n.Readings.Amounts); got != mostReadings {
		t.Errorf("%d amounts, want %d", got, mostReadings)
	}
	if len(n.Issues) != 1 || n.Issues[0].Code != "prose-read-in-part" {
		t.Errorf("issues %v", n.Issues)
	}
}
