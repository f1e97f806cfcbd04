package ocds

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
)

const ocid = "ocds-h6vhtk-0abcde"

// actRelease writes a release under the Procurement Act: notice number n (also its minute of publication), of a
// type, with more members (which may say tender again: the last counts).
func actRelease(n int, tag, noticeType, tender, more string) string {
	doc := fmt.Sprintf(`"documents":[{"id":"%06d-2026","noticeType":%q,"url":"https://notices.example/%d","datePublished":"2026-07-01T10:%02d:00+01:00"}]`, n, noticeType, n, n)
	section, inTender := "", ""
	switch noticeType {
	case "UK1", "UK2", "UK3":
		section = `"planning":{` + doc + `},`
	case "UK5", "UK6":
		section = `"awards":[{"id":"1",` + doc + `}],`
	case "UK7", "UK9", "UK10", "UK11":
		section = `"contracts":[{"id":"1","awardID":"1",` + doc + `}],`
	default:
		inTender = doc + `,`
	}
	return releaseStart(n, tag) + section + `"tender":{"id":"T1",` + inTender + tender + `"legalBasis":{"id":"2023/54","scheme":"UKPGA"}}` + more + `}`
}

// oldRelease writes a release under the 2015 regulations.
func oldRelease(n int, tag, tender, more string) string {
	return releaseStart(n, tag) + `"tender":{"id":"T1",` + tender + `"legalBasis":{"id":"32014L0024","scheme":"CELEX"}}` + more + `}`
}

func releaseStart(n int, tag string) string {
	return fmt.Sprintf(`{"ocid":%q,"id":"%06d-2026","date":"2026-07-01T10:%02d:00+01:00","tag":["%s"],`, ocid, n, n, strings.ReplaceAll(tag, " ", `","`))
}

// tender writes a release with nothing but a tender.
func tenderRelease(tender string) string {
	return releaseStart(1, "tender") + `"tender":{` + tender + `}}`
}

// projectAll projects releases of one OCID and checks what holds for every notice.
func projectAll(t testing.TB, texts ...string) []*notice.Notice {
	t.Helper()
	var releases []notice.Release
	for _, text := range texts {
		releases = append(releases, releaseOf(t, text))
	}
	notices, err := Project(releases[0].OCID, releases)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notices {
		checkPlaces(t, n, releases)
	}
	return notices
}

func projectOne(t testing.TB, texts ...string) *notice.Notice {
	t.Helper()
	notices := projectAll(t, texts...)
	if len(notices) != 1 {
		t.Fatalf("%d notices, want 1", len(notices))
	}
	return notices[0]
}

// checkPlaces resolves every place that a notice cites in the release it names,
// and compares texts with what stands there.
func checkPlaces(t testing.TB, n *notice.Notice, releases []notice.Release) {
	t.Helper()
	trees := map[string]any{}
	for i := range releases {
		var tree any
		d := json.NewDecoder(strings.NewReader(string(releases[i].Raw)))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		trees[releases[i].Identity()] = tree
	}
	eachSaid(reflect.ValueOf(n).Elem(), "", func(field string, value any, at notice.Path) {
		found, ok := resolve(trees[at.Release], at.Pointer)
		if !ok {
			t.Errorf("%s: %s cites %s in release %s, which has nothing there", n.ID, field, at.Pointer, at.Release)
			return
		}
		if r, ok := value.(notice.Reservation); ok {
			value = r.Text
		}
		text, isText := value.(string)
		published, wasText := found.(string)
		if at.End > 0 {
			if !wasText || at.Start >= at.End || at.End > len(published) || isText && published[at.Start:at.End] != text {
				t.Errorf("%s: %s cites bytes %d to %d of %s, which are not %v", n.ID, field, at.Start, at.End, at.Pointer, value)
			}
			return
		}
		if isText && wasText && text != published && !strings.Contains(strings.ToLower(published), strings.ToLower(text)) &&
			!strings.HasSuffix(field, ".ID") && !strings.HasSuffix(field, ".Type") && !strings.HasSuffix(field, ".Also") {
			t.Errorf("%s: %s is %q, but %s of release %s says %q", n.ID, field, text, at.Pointer, at.Release, published)
		}
	})
	for _, i := range n.Issues {
		if i.Code == "" || i.Message == "" || i.At.Release == "" {
			t.Errorf("%s: an issue without code, message or release: %+v", n.ID, i)
		}
	}
}

// eachSaid visits every Said that somebody said.
func eachSaid(v reflect.Value, field string, visit func(field string, value any, at notice.Path)) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			eachSaid(v.Index(i), field, visit)
		}
	case reflect.Struct:
		if strings.HasPrefix(v.Type().Name(), "Said[") {
			if at := v.FieldByName("At").Interface().(notice.Path); at.Pointer != "" {
				visit(field, v.FieldByName("Value").Interface(), at)
			}
			return
		}
		if v.Type().PkgPath() != reflect.TypeFor[notice.Notice]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			eachSaid(v.Field(i), field+"."+v.Type().Field(i).Name, visit)
		}
	}
}

// resolve follows a JSON Pointer.
func resolve(v any, pointer string) (any, bool) {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch in := v.(type) {
		case map[string]any:
			next, ok := in[token]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			var i int
			if _, err := fmt.Sscan(token, &i); err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func codesOf(n *notice.Notice) []string {
	var codes []string
	for _, i := range n.Issues {
		codes = append(codes, i.Code)
	}
	return codes
}

func hasIssue(n *notice.Notice, code string) bool { return slices.Contains(codesOf(n), code) }

func TestStage(t *testing.T) {
	open := `"status":"active","items":[{"id":"1"}],`
	planned := `"status":"planned",`
	done := `"status":"complete",`
	stub := `"amendments":[{"id":"1","description":"A line was wrong."}],`
	tests := []struct {
		name     string
		releases []string
		stage    notice.Stage
		form     string
	}{
		{"a pipeline notice", []string{actRelease(1, "planning", "UK1", planned, "")}, notice.StagePipeline, "UK1"},
		{"engagement", []string{actRelease(1, "planning", "UK2", planned, "")}, notice.StageEngagement, "UK2"},
		{"engagement, then planned, then tender", []string{
			actRelease(1, "planning", "UK2", planned, ""), actRelease(2, "planning", "UK3", planned, ""), actRelease(3, "tender", "UK4", open, ""),
		}, notice.StageTender, "UK4"},
		{"a pipeline update does not take a tender back", []string{
			actRelease(1, "tender", "UK4", open, ""), actRelease(2, "planningUpdate", "UK1", "", ""),
		}, notice.StageTender, "UK4"},
		{"nor does late engagement", []string{
			actRelease(1, "tender", "UK4", open, ""), actRelease(2, "planningUpdate", "UK2", "", ""),
		}, notice.StageTender, "UK4"},
		{"engagement after an award begins anew", []string{
			actRelease(1, "award contract", "UK6", done, ""), actRelease(2, "planning", "UK2", planned, ""),
		}, notice.StageEngagement, "UK2"},
		{"an award ends the tender", []string{
			actRelease(1, "tender", "UK4", open, ""), actRelease(2, "award contract", "UK6", done, ""),
		}, notice.StageAward, "UK6"},
		{"a contract's change", []string{actRelease(1, "contractAmendment", "UK10", "", "")}, notice.StageContract, "UK10"},
		{"termination of the procurement, whatever its status", []string{
			actRelease(1, "tender", "UK4", open, ""), actRelease(2, "tenderCancellation", "UK12", `"status":"active",`, ""),
		}, notice.StageEnded, "UK12"},
		{"a tender run again, silent on how it stands", []string{
			actRelease(1, "tender", "UK4", `"status":"withdrawn",`, ""), actRelease(2, "tender", "UK4", `"items":[{"id":"1"}],`, ""),
		}, notice.StageTender, "UK4"},
		{"a tender run again after termination", []string{
			actRelease(1, "tenderCancellation", "UK12", `"status":"cancelled",`, ""), actRelease(2, "tender", "UK4", open, ""),
		}, notice.StageTender, "UK4"},
		{"withdrawn by status", []string{actRelease(1, "tender", "UK4", `"status":"withdrawn",`, "")}, notice.StageEnded, "UK4"},
		{"planned, but complete", []string{actRelease(1, "planningUpdate", "UK1", done, "")}, notice.StageEnded, "UK1"},
		{"a dynamic market to come", []string{actRelease(1, "tender", "UK13", open, "")}, notice.StageMarket, "UK13"},
		{"members of a dynamic market are no award", []string{actRelease(1, "award contract", "UK15", "", "")}, notice.StageMarket, "UK15"},
		{"a dynamic market closed", []string{actRelease(1, "tender", "UK16", "", "")}, notice.StageEnded, "UK16"},
		{"payments", []string{actRelease(1, "planning", "UK17", "", "")}, notice.StageOther, "UK17"},

		{"prior information", []string{oldRelease(1, "planning", planned, "")}, notice.StagePlanned, "F01"},
		{"prior information that calls for competition", []string{oldRelease(1, "planning tender", open, "")}, notice.StageTender, "F02"},
		{"a contract notice", []string{oldRelease(1, "tender", open, "")}, notice.StageTender, "F02"},
		{"a corrigendum moves nothing", []string{oldRelease(1, "tender", open, ""), oldRelease(2, "tenderUpdate", stub, "")}, notice.StageTender, "F02"},
		{"not even an award back to a tender", []string{
			oldRelease(1, "award contract", done, `,"awards":[{"id":"a"}]`), oldRelease(2, "tenderUpdate", stub, ""),
		}, notice.StageAward, "F03"},
		{"a corrigendum alone", []string{oldRelease(1, "tenderUpdate", stub, "")}, notice.StageTender, "F14"},
		{"an award that failed", []string{oldRelease(1, "award contract", `"status":"cancelled",`, "")}, notice.StageEnded, "F03"},
		{"a modification", []string{oldRelease(1, "awardUpdate contractUpdate", "", "")}, notice.StageAward, "F20"},
		{"utilities", []string{strings.Replace(oldRelease(1, "tender", open, ""), "L0024", "L0025", 1)}, notice.StageTender, "F05"},
		{"concessions", []string{strings.Replace(oldRelease(1, "tender", open, ""), "L0024", "L0023", 1)}, notice.StageTender, "F24"},

		{"a compiled release tells by its documents", []string{strings.Replace(actRelease(1, "tender", "UK4", open, ""), `"tag":["tender"]`, `"tag":["compiled"]`, 1)}, notice.StageTender, "UK4"},
		{"a compiled release tells by what it holds", []string{releaseStart(1, "compiled") + `"awards":[{"id":"1"}]}`}, notice.StageAward, ""},
		{"nothing is told", []string{releaseStart(1, "odd") + `"tender":{}}`}, notice.StageOther, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := projectOne(t, test.releases...)
			if n.Stage != test.stage || n.Type.Value != test.form {
				t.Errorf("stage %q, type %q; want %q, %q", n.Stage, n.Type.Value, test.stage, test.form)
			}
			if n.Stage.Open() && ends(n.Status.Value) {
				t.Errorf("stage %s, but status %s", n.Stage, n.Status.Value)
			}
			if len(n.Releases) != len(test.releases) {
				t.Errorf("%d releases in the history of %d", len(n.Releases), len(test.releases))
			}
		})
	}
}

func TestContractsFinderStages(t *testing.T) {
	release := func(tag, status, documentType string) string {
		return `{"ocid":"ocds-b5fd17-1","id":"1","date":"2024-11-05T10:00:00Z","tag":["` + tag + `"],"planning":{"documents":[{"id":"1","documentType":"` + documentType +
			`","format":"text/html","url":"https://notices.example/1"}]},"tender":{"status":"` + status + `"}}`
	}
	for _, test := range []struct {
		tag, status, documentType string
		stage                     notice.Stage
		form                      string
	}{
		{"planning", "planning", "marketEngagementNotice", notice.StageEngagement, "CF-engagement"},
		{"planning", "planned", "plannedProcurementNotice", notice.StagePlanned, "CF-future"},
		{"tender", "active", "tenderNotice", notice.StageTender, "CF-opportunity"},
		{"tenderAmendment", "active", "tenderNotice", notice.StageTender, "CF-opportunity"},
		{"tender", "unsuccessful", "tenderNotice", notice.StageEnded, "CF-opportunity"},
		{"award", "complete", "awardNotice", notice.StageAward, "CF-award"},
	} {
		n := projectOne(t, release(test.tag, test.status, test.documentType))
		if n.Stage != test.stage || n.Type.Value != test.form || n.Regime.Value != notice.Regulations || n.URL() != "https://notices.example/1" {
			t.Errorf("%s %s: stage %q, type %q, regime %q, page %q", test.tag, test.documentType, n.Stage, n.Type.Value, n.Regime.Value, n.URL())
		}
	}
}

// TestStubsWipeNothing reads a tender, a corrigendum of it and its termination.
func TestStubsWipeNothing(t *testing.T) {
	full := `"title":"Grass cutting","status":"active","value":{"amount":50000},"tenderPeriod":{"endDate":"2026-08-01T12:00:00+01:00"},
		"items":[{"id":"1","relatedLot":"1","additionalClassifications":[{"scheme":"CPV","id":"77314000"}],"deliveryAddresses":[{"region":"UKG24"}]}],"lots":[{"id":"1"}],`
	for _, last := range []string{
		oldRelease(2, "tenderUpdate", `"title":"Grass cutting",`, ""),
		actRelease(2, "tenderCancellation", "UK12", `"title":"Grass cutting",`, ""),
	} {
		n := projectOne(t, oldRelease(1, "tender", full, ""), last)
		lot := n.Lots[0]
		if len(lot.CPV) != 1 || len(lot.Places) != 1 || lot.Value.Net.Value != 50000_00 || !n.Deadline.Known() {
			t.Errorf("the tender's words are gone: %+v", lot)
		}
	}
}

// An update repeats its lists whole: what it leaves out is withdrawn, and what
// it repeats stands there once.
func TestUpdateRestates(t *testing.T) {
	tender := func(region, code string) string {
		return `"title":"Grass cutting","status":"active","items":[{"id":"1","relatedLot":"1","additionalClassifications":[{"scheme":"CPV","id":"77314000"},{"scheme":"CPV","id":"` + code + `"}],
			"deliveryAddresses":[{"region":"UKG24"},{"region":"` + region + `"}]}],
			"lots":[{"id":"1","awardCriteria":{"criteria":[{"type":"price","name":"Price","numbers":[{"number":40,"weight":"percentageExact"}]},{"type":"quality","name":"Quality","numbers":[{"number":60,"weight":"percentageExact"}]}]}}],`
	}
	n := projectOne(t, actRelease(1, "tender", "UK4", tender("UKG21", "77310000"), ""), actRelease(2, "tenderUpdate", "UK4", tender("UKG22", "77313000"), ""))
	lot := n.Lots[0]
	var got []string
	for _, c := range lot.CPV {
		got = append(got, c.Value.Code.String())
	}
	for _, p := range lot.Places {
		got = append(got, p.Value.Text)
	}
	for _, c := range lot.Criteria {
		got = append(got, c.Value.Weight)
	}
	if want := []string{"77314000", "77313000", "UKG24", "UKG22", "40", "60"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLots(t *testing.T) {
	cpvs := func(codes ...string) string {
		var list []string
		for _, c := range codes {
			list = append(list, `{"scheme":"CPV","id":"`+c+`"}`)
		}
		return `"additionalClassifications":[` + strings.Join(list, ",") + `]`
	}
	type lot struct {
		id    string
		cpv   string
		place string
	}
	tests := []struct {
		name   string
		tender string
		want   []lot
	}{
		{"no lots", `"items":[{"id":"1",` + cpvs("90910000") + `}]`, []lot{{"", "90910000", ""}}},
		{"one lot is undivided", `"lots":[{"id":"L1"}],"items":[{"id":"1","relatedLot":"L1",` + cpvs("90910000") + `}]`, []lot{{"", "90910000", ""}}},
		{"one lot and an item of another", `"lots":[{"id":"L1"}],"items":[{"id":"1","relatedLot":"9",` + cpvs("90910000") + `}]`, []lot{{"", "90910000", ""}}},
		{"items go to their lots", `"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1","relatedLot":"B",` + cpvs("90910000") + `,"deliveryAddresses":[{"region":"UKG2"}]},{"id":"2","relatedLot":"A",` + cpvs("90920000") + `}]`,
			[]lot{{"A", "90920000", ""}, {"B", "90910000", "TLG2"}}},
		{"an item of no lot belongs to all", `"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1",` + cpvs("90910000") + `},{"id":"2","relatedLot":"A",` + cpvs("90920000") + `}]`,
			[]lot{{"A", "90920000 90910000", ""}, {"B", "90910000", ""}}},
		{"an item of an unknown lot too", `"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1","relatedLot":"C",` + cpvs("90910000") + `}]`,
			[]lot{{"A", "90910000", ""}, {"B", "90910000", ""}}},
		{"the main code comes first", `"classification":{"scheme":"CPV","id":"90900000"},"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1","relatedLot":"A",` + cpvs("90910000", "90900000") + `}]`,
			[]lot{{"A", "90900000 90910000", ""}, {"B", "90900000", ""}}},
		{"places said twice count once", `"items":[{"id":"1","deliveryAddresses":[{"region":"UKG2"},{"region":"UKG2"}]}]`, []lot{{"", "", "TLG2"}}},
		{"ids that are numbers", `"lots":[{"id":1},{"id":2}],"items":[{"id":1,"relatedLot":2,` + cpvs("90910000") + `}]`, []lot{{"1", "", ""}, {"2", "90910000", ""}}},
		{"a lot without an id", `"lots":[{"id":"A"},{"title":"B"}]`, []lot{{"A", "", ""}, {"#2", "", ""}}},
		{"what is no lot", `"lots":[{"id":"A"},7,{"id":"B"}]`, []lot{{"A", "", ""}, {"B", "", ""}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := projectOne(t, tenderRelease(test.tender))
			var got []lot
			for _, l := range n.Lots {
				var cpv, places []string
				for _, c := range l.CPV {
					cpv = append(cpv, c.Value.Code.String())
				}
				for _, p := range l.Places {
					places = append(places, string(p.Value.Region))
				}
				got = append(got, lot{l.ID, strings.Join(cpv, " "), strings.Join(places, " ")})
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestLotsTakeOverFromTheirTender(t *testing.T) {
	n := projectOne(t, tenderRelease(`
		"value":{"amount":900000},"suitability":{"sme":true,"vcse":false},
		"contractPeriod":{"startDate":"2027-04-01","endDate":"2029-03-31"},
		"awardCriteria":{"criteria":[{"type":"price","name":"Price","numbers":[{"number":40,"weight":"percentageExact"}]}]},
		"selectionCriteria":{"criteria":[{"type":"economic","description":"Insurance of five million pounds","minimum":"5,000,000"}]},
		"otherRequirements":{"reservedParticipation":["sme"]},
		"lots":[
			{"id":"A","suitability":{"sme":false},"contractPeriod":{"durationInDays":360},"awardCriteria":{"criteria":[{"type":"quality","description":"60%"}]},
			 "selectionCriteria":{"description":"None"},"otherRequirements":{"reservedParticipation":["vcse"]},"value":{"amount":1000,"amountGross":1200}},
			{"id":"B"}]`))
	a, b := n.Lots[0], n.Lots[1]
	if a.SME.Value || a.VCSE.Value || !a.VCSE.Known() || !b.SME.Value {
		t.Errorf("suitability: A %+v %+v, B %+v", a.SME, a.VCSE, b.SME)
	}
	if a.Contract.Days.Value != 360 || a.Contract.Start.Known() || b.Contract.End.Value.String() != "2029-03-31" {
		t.Errorf("contract: A %+v, B %+v", a.Contract, b.Contract)
	}
	if a.Criteria[0].Value != (notice.Criterion{Kind: "quality", Weight: "60%"}) || b.Criteria[0].Value != (notice.Criterion{Kind: "price", Name: "Price", Weight: "40", Unit: "percentageExact"}) {
		t.Errorf("criteria: A %+v, B %+v", a.Criteria, b.Criteria)
	}
	if len(a.Conditions) != 1 || len(b.Conditions) != 2 {
		t.Errorf("conditions: A %+v, B %+v", a.Conditions, b.Conditions)
	}
	if a.Reserved[0].Value.Kind != "vcse" || b.Reserved[0].Value.Kind != "sme" {
		t.Errorf("reserved: A %+v, B %+v", a.Reserved, b.Reserved)
	}
	if a.Value.Net.Value != 1000_00 || a.Value.Gross.Value != 1200_00 || b.Value.Net.Known() {
		t.Errorf("a total over several lots was copied down: A %+v, B %+v", a.Value, b.Value)
	}
}

func TestUndividedValueIsShared(t *testing.T) {
	n := projectOne(t, tenderRelease(`"value":{"amount":1530000,"currency":"GBP"},"lots":[{"id":"1","value":{"amountGross":1836000,"currency":"GBP"}}]`))
	for _, v := range []notice.Value{n.Value, n.Lots[0].Value} {
		if v.Net.Value != 1530000_00 || v.Gross.Value != 1836000_00 || !v.Pounds() {
			t.Errorf("value %+v", v)
		}
	}
	n = projectOne(t, tenderRelease(`"value":{"amount":1530000,"currency":"GBP"},"lots":[{"id":"1","value":{"amountGross":9,"currency":"EUR"}}]`))
	if n.Lots[0].Value.Net.Known() || n.Value.Gross.Known() {
		t.Errorf("euros and pounds were mixed: %+v %+v", n.Value, n.Lots[0].Value)
	}
}

// TestManyLots: what belongs to all lots is not copied without bound.
func TestManyLots(t *testing.T) {
	var lots, items []string
	codes := cpv.Codes()
	for i := range 12000 {
		lots = append(lots, fmt.Sprintf(`{"id":"%d"}`, i))
		items = append(items, fmt.Sprintf(`{"id":"%d","additionalClassifications":[{"scheme":"CPV","id":%q}],"deliveryAddresses":[{"locality":"Village %d"}]}`, i, codes[i%len(codes)].String(), i))
	}
	n := projectOne(t, tenderRelease(`"lots":[`+strings.Join(lots, ",")+`],"items":[`+strings.Join(items, ",")+`]`))
	if len(n.Lots) != mostLots || !hasIssue(n, "too-many-lots") || !hasIssue(n, "copied-in-part") {
		t.Errorf("%d lots, issues %v", len(n.Lots), slices.Compact(codesOf(n)))
	}
	copies := 0
	for _, l := range n.Lots {
		copies += len(l.CPV) + len(l.Places)
	}
	if copies == 0 || copies > 2*mostCopies {
		t.Errorf("%d statements were copied to the lots", copies)
	}
}

func TestManyIssues(t *testing.T) {
	var bad []string
	for i := range 3 * mostIssues {
		bad = append(bad, fmt.Sprintf(`{"scheme":"CPV","id":"none %d"}`, i))
	}
	n := projectOne(t, tenderRelease(`"additionalClassifications":[`+strings.Join(bad, ",")+`]`))
	if len(n.Issues) != mostIssues+1 || n.Issues[mostIssues].Message != "2000 more issues are not listed" {
		t.Errorf("%d issues, the last %+v", len(n.Issues), n.Issues[len(n.Issues)-1])
	}
}

func TestCPV(t *testing.T) {
	tests := []struct {
		classification string
		want           string // "" for none
		issue          string
	}{
		{`{"scheme":"CPV","id":"85312300"}`, "85312300", ""},
		{`{"scheme":"CPV","id":"85312300-2"}`, "85312300", ""},
		{`{"scheme":"cpv","id":" 85312300 "}`, "85312300", ""},
		{`{"id":"85312300"}`, "85312300", ""},
		{`{"scheme":"CPV","id":85312300}`, "85312300", ""},
		{`{"scheme":"CPV","id":3000000}`, "03000000", ""},
		{`{"scheme":"CPVS","id":"AA01-1"}`, "", ""},
		{`{"scheme":"UNSPSC","id":"85312300"}`, "", ""},
		{`{"scheme":"CPV","id":"01111000"}`, "03211000", "old-cpv"},
		{`{"scheme":"CPV","id":"85312399"}`, "85312300", "unknown-cpv"},
		{`{"scheme":"CPV","id":"39250000"}`, "39200000", "unknown-cpv"},
		{`{"scheme":"CPV","id":"04999999"}`, "", "unknown-cpv"},
		{`{"scheme":"CPV","id":"care"}`, "", "unknown-cpv"},
		{`{"scheme":"CPV","id":"853123000"}`, "", "unknown-cpv"},
		{`{"scheme":"CPV","id":null}`, "", ""},
		{`{"scheme":"CPV"}`, "", ""},
		{`"85312300"`, "", ""},
	}
	for _, test := range tests {
		n := projectOne(t, tenderRelease(`"classification":`+test.classification))
		got := ""
		for _, c := range n.Lots[0].CPV {
			got += c.Value.Code.String()
			if !c.Value.Main {
				t.Errorf("%s: the tender's classification is not its main one", test.classification)
			}
		}
		if got != test.want || hasIssue(n, test.issue) != (test.issue != "") || len(n.Issues) > 1 {
			t.Errorf("%s was read as %q with %v; want %q with %q", test.classification, got, codesOf(n), test.want, test.issue)
		}
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		literal string
		places  int
		want    int64
		bad     bool
	}{
		{"0", 2, 0, false}, {"-0.0", 2, 0, false}, {"1", 2, 100, false}, {"12.3", 2, 1230, false}, {"12.345", 2, 1235, false},
		{"12.344999", 2, 1234, false}, {"0.005", 2, 1, false}, {"0.0049", 2, 0, false}, {"0.0005", 2, 0, false}, {"-1.5", 0, -2, false},
		{"1e3", 2, 100000, false}, {"1E+3", 0, 1000, false}, {"15e-1", 0, 2, false}, {"1.53e6", 2, 153000000, false},
		{"0.1", 2, 10, false}, {"1136.10", 2, 113610, false}, {"48.0", 0, 48, false}, {"9.995", 2, 1000, false},
		{"9999999999999999", 0, 9999999999999999, false}, {"0e9999", 2, 0, false}, {"1e-9999", 2, 0, false}, {"1e-99999999999999999999", 2, 0, false},
		{"1e9999", 2, 0, true}, {"1e400", 2, 0, true}, {"1e99999999999999999999", 2, 0, true}, {"7.922816251426434e+28", 0, 0, true},
		{"10000000000000000", 0, 0, true}, {"", 0, 0, true}, {"-", 0, 0, true}, {".", 0, 0, true}, {"1.2.3", 0, 0, true}, {"1e", 0, 0, true}, {"1e1.5", 0, 0, true},
		{"Infinity", 0, 0, true}, {"--1", 0, 0, true}, {"12 000", 0, 0, true}, {"0x10", 0, 0, true},
	}
	for _, test := range tests {
		got, err := decimal(test.literal, test.places)
		if got != test.want || (err != nil) != test.bad {
			t.Errorf("decimal(%q, %d) = %d, %v; want %d", test.literal, test.places, got, err, test.want)
		}
	}
}

func TestMoney(t *testing.T) {
	tests := []struct {
		value  string
		net    notice.Pence
		gross  notice.Pence
		issues string
	}{
		{`{"amount":1530000,"amountGross":1836000}`, 1530000_00, 1836000_00, ""},
		{`{"amount":704000.5}`, 704000_50, 0, ""},
		{`{"amount":0,"amountGross":1}`, 0, 0, "placeholder-amount placeholder-amount"},
		{`{"amount":-1}`, 0, 0, "placeholder-amount"},
		{`{"amount":0.01}`, 0, 0, "placeholder-amount"},
		{`{"amount":1e9999}`, 0, 0, "number-out-of-range"},
		{`{"amount":1e400}`, 0, 0, "number-out-of-range"},
		{`{"amount":"1e9999"}`, 0, 0, "number-out-of-range"},
		{`{"amount":"£12,000"}`, 12000_00, 0, "number-as-text"},
		{`{"amount":"12000.00 GBP"}`, 12000_00, 0, "number-as-text"},
		{`{"amount":"to be agreed"}`, 0, 0, "number-out-of-range"},
		{`{"amount":null}`, 0, 0, ""},
		{`{"amount":""}`, 0, 0, ""},
		{`{"amount":{"net":5}}`, 0, 0, "wrong-type"},
		{`{"amount":1000,"amountGross":900}`, 1000_00, 900_00, "gross-below-net"},
		{`{"amount":17000,"amountGross":204000}`, 17000_00, 204000_00, "gross-far-above-net"},
		{`[]`, 0, 0, ""},
	}
	for _, test := range tests {
		n := projectOne(t, tenderRelease(`"value":`+test.value))
		v := n.Lots[0].Value
		if v.Net.Value != test.net || v.Gross.Value != test.gross || strings.Join(codesOf(n), " ") != test.issues {
			t.Errorf("%s: net %v, gross %v, issues %v; want %v, %v, %q", test.value, v.Net.Value, v.Gross.Value, codesOf(n), test.net, test.gross, test.issues)
		}
	}
}

func TestValueSpan(t *testing.T) {
	n := projectOne(t, tenderRelease(`"minValue":{"amount":100000,"currency":"GBP"},"value":{"amount":250000,"currency":"gbp"}`))
	if v := n.Lots[0].Value; v.Min.Value != 100000_00 || v.Net.Value != 250000_00 || v.Currency.Value != "GBP" {
		t.Errorf("value %+v", v)
	}
	n = projectOne(t, tenderRelease(`"minValue":{"amount":250000},"value":{"amount":100000}`))
	if v := n.Value; v.Min.Value != 100000_00 || v.Net.Value != 250000_00 || !hasIssue(n, "minimum-above-value") {
		t.Errorf("value %+v, issues %v", v, codesOf(n))
	}
	n = projectOne(t, releaseStart(1, "planning")+`"planning":{"budget":{"amount":{"amount":40000,"currency":"GBP"}}},"tender":{}}`)
	if n.Value.Net.Value != 40000_00 {
		t.Errorf("the budget does not count: %+v", n.Value)
	}
}
