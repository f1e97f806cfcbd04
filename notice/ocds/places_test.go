package ocds

import (
	"slices"
	"strings"
	"testing"
)

func TestDeliveryPlaces(t *testing.T) {
	for item, want := range map[string]string{ // Text=Region of each place
		`"deliveryAddresses":[{"region":"UKG2"},{"region":"UKG2"},{"region":"TLG24"}]`:                                                    "UKG2=TLG2 TLG24=TLG24",
		`"deliveryAddresses":[{"region":"UK","country":"GB","countryName":"United Kingdom"}]`:                                             "UK=UK",
		`"deliveryAddresses":[{"region":"East Midlands, Wales; Any region"}]`:                                                             "East Midlands=TLF Wales=TLL Any region=UK",
		`"deliveryAddresses":[{"region":"Yorkshire and the Humber","countryName":"United Kingdom"}]`:                                      "Yorkshire and the Humber=TLE",
		`"deliveryAddresses":[{"postalCode":"WR2 6AJ"},{"region":"England","countryName":"United Kingdom"}]`:                              "WR2 6AJ=TLG12 England=England",
		`"deliveryAddresses":[{"postalCode":"ST18 0YY","region":"UKG2"}]`:                                                                 "UKG2=TLG2",
		`"deliveryAddresses":[{"postalCode":"not known","locality":"Norfolk"}]`:                                                           "Norfolk=TLH5",
		`"deliveryAddresses":[{"country":"GB"}]`:                                                                                          "GB=UK",
		`"deliveryAddresses":[{"countryName":"Channel Islands"},{"countryName":"United Kingdom"}]`:                                        "Channel Islands= United Kingdom=UK",
		`"deliveryAddresses":[{"region":"GH","country":"GH","countryName":"Ghana"}]`:                                                      "Ghana=",
		`"deliveryAddresses":[{"region":"TL"}]`:                                                                                           "TL=",
		`"deliveryAddresses":[{"region":null},{"region":""},{}]`:                                                                          "",
		`"deliveryAddress":{"region":"UKM75"}`:                                                                                            "UKM75=TLM75",
		`"deliveryLocation":{"description":"Kent"}`:                                                                                       "Kent=TLJ4",
		`"deliveryLocation":{"description":"Four depots, to be agreed"}`:                                                                  "Four depots, to be agreed=",
		`"deliveryLocation":{"gazetteer":{"scheme":"GB-ONS","identifiers":["K02000001"]}}`:                                                "K02000001=UK",
		`"deliveryLocations":[{"gazetteer":{"scheme":"NUTS","identifiers":["UKC"]}},{"gazetteer":{"scheme":"X","identifiers":["q1",7]}}]`: "UKC=TLC q1= 7=",
		`"deliveryAddresses":"Kent"`:                                                                                                      "",
	} {
		n := projectOne(t, tenderRelease(`"items":[{"id":"1",`+item+`}]`))
		var got []string
		for _, p := range n.Lots[0].Places {
			got = append(got, p.Value.Text+"="+string(p.Value.Region))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", item, got, want)
		}
	}
}

func TestReservations(t *testing.T) {
	for requirements, want := range map[string]string{ // kind text region
		`{"reservedParticipation":["shelteredWorkshop"]}`:                "sheltered shelteredWorkshop ",
		`{"reservedParticipation":["publicServiceMissionOrganization"]}`: "mutual publicServiceMissionOrganization ",
		`{"reservedParticipation":["smeVcse","sme","vcse"]}`:             "smeVcse smeVcse |sme sme |vcse vcse ",
		`{"reservedParticipation":"sme"}`:                                "sme sme ",
		`{"reservedParticipation":["members of a guild"]}`:               "other members of a guild ",
		`{"reservedParticipation":[]}`:                                   "",
		`{"reservedParticipation":[null,{}]}`:                            "",
		`{"reservedParticipationLocation":{"description":null,"gazetteer":{"scheme":"GB-ONS","identifiers":["K02000001"]}}}`:      "location K02000001 UK",
		`{"reservedParticipationLocation":{"description":"Norfolk","gazetteer":{"scheme":"GB-ONS","identifiers":["E10000020"]}}}`: "location Norfolk TLH5",
		`{"reservedParticipationLocation":{"description":"Norfolk"}}`:                                                             "location Norfolk TLH5",
		`{"reservedParticipationLocation":{"description":"Near the works"}}`:                                                      "location Near the works ",
		`{"requiresStaffNamesAndQualifications":true}`:                                                                            "",
	} {
		n := projectOne(t, tenderRelease(`"otherRequirements":`+requirements))
		var got []string
		for _, r := range n.Lots[0].Reserved {
			got = append(got, r.Value.Kind+" "+r.Value.Text+" "+string(r.Value.Place.Region))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: got %q, want %q", requirements, got, want)
		}
	}
}

func TestSuitabilityOnlyWhenSaid(t *testing.T) {
	for tender, want := range map[string]string{
		`"lots":[{"id":"1","suitability":{"sme":true}}]`:                                   "true -",
		`"lots":[{"id":"1"}]`:                                                              "- -",
		`"suitability":{"sme":false,"vcse":true}`:                                          "false true",
		`"suitability":{"sme":"Yes","vcse":"perhaps"}`:                                     "true -",
		`"xClassifications":{"isSuitableForSme":true,"isSuitableForVco":false}`:            "true false",
		`"suitability":null,"lots":[{"id":"1","suitability":{"sme":null,"vcse":"false"}}]`: "- false",
	} {
		lot := projectOne(t, tenderRelease(tender)).Lots[0]
		say := func(known, value bool) string {
			switch {
			case !known:
				return "-"
			case value:
				return "true"
			}
			return "false"
		}
		if got := say(lot.SME.Known(), lot.SME.Value) + " " + say(lot.VCSE.Known(), lot.VCSE.Value); got != want {
			t.Errorf("%s: SME and VCSE are %s, want %s", tender, got, want)
		}
	}
}

func TestDirect(t *testing.T) {
	related := func(relationship string) string {
		return `,"relatedProcesses":[{"id":"1","relationship":["` + relationship + `"],"scheme":"ocid","identifier":"ocds-h6vhtk-0fffff"}]`
	}
	for _, test := range []struct{ tender, more, want string }{
		{`"procurementMethod":"open","procurementMethodDetails":"Open procedure",`, "", ""},
		{`"procurementMethod":"limited","procurementMethodDetails":"Below threshold - limited competition",`, "", ""},
		{`"procurementMethod":"direct","procurementMethodDetails":"Direct award",`, "", "Direct award"},
		{`"procurementMethod":"direct",`, "", "direct"},
		{`"procurementMethodDetails":"Below threshold - without competition",`, "", "Below threshold - without competition"},
		{`"procurementMethodDetails":"Award procedure without prior publication of a call for competition",`, "", "Award procedure without prior publication of a call for competition"},
		{`"procurementMethodDetails":"Below threshold - award under framework",`, "", "Below threshold - award under framework"},
		{`"procurementMethodDetails":"Call-off from a dynamic purchasing system",`, "", "Call-off from a dynamic purchasing system"},
		{`"procurementMethodDetails":"Single tender action (below threshold)",`, "", "Single tender action (below threshold)"},
		{`"procurementMethodDetails":"Competitive flexible procedure",`, related("framework"), "framework"},
		{`"procurementMethodDetails":"Open procedure",`, related("prior"), ""},
		{`"techniques":{"hasFrameworkAgreement":true,"frameworkAgreement":{"isOpenFrameworkScheme":true}},`, related("framework"), ""},
	} {
		if n := projectOne(t, actRelease(1, "tender", "UK4", test.tender, test.more)); n.Direct.Value != test.want || n.Direct.Known() != (test.want != "") {
			t.Errorf("%s%s: direct is %+v, want %q", test.tender, test.more, n.Direct, test.want)
		}
	}
}

func TestProcedure(t *testing.T) {
	n := projectOne(t, actRelease(1, "tender", "UK4", `"title":" Ferry service ","description":"Two boats.","status":"active",
		"mainProcurementCategory":"services","procurementMethod":"selective","procurementMethodDetails":"Competitive flexible procedure",
		"aboveThreshold":true,"specialRegime":["utilities","lightTouch","utilities"],"hasRecurrence":true,
		"techniques":{"hasFrameworkAgreement":true,"hasDynamicPurchasingSystem":true,"frameworkAgreement":{"description":"Four operators","method":"withReopeningCompetition","period":{"durationInDays":"1e9999"}}},
		"lotDetails":{"maximumLotsBidPerSupplier":1e9999,"maximumLotsAwardedPerSupplier":2},
		"communication":{"atypicalToolUrl":"https://tool.example"},
		"procedure":{"features":"Two stages"},`,
		`,"language":"en","planning":{"milestones":[{"id":"1","type":"engagement","description":"A talk at the quay."}],"documents":[{"id":"n","documentType":"notice","title":"Map","url":"https://notices.example/map"},{"id":"m","description":"Not published"},{"id":"o","documentType":"plan","title":"Map again","url":"https://notices.example/map"}]},
		"links":[{"rel":"canonical","href":"https://api.example/v1/Notice?id=ocds-r6ebe6-0000730576"},{"rel":"canonical","href":"https://api.example/?id=`+ocid+`"},{"rel":"prev","href":"https://api.example/?id=ocds-r6ebe6-1"}],
		"relatedProcesses":[{"id":"1","relationship":["planning"],"scheme":"ocid","identifier":"ocds-h6vhtk-0eeeee"},{"id":"2","relationship":["planning"],"scheme":"EU-OJ","identifier":"2017/S 245-512893"}]`))
	var texts, regimes, also []string
	for _, s := range n.Texts {
		texts = append(texts, s.Value)
	}
	for _, s := range n.SpecialRegime {
		regimes = append(regimes, s.Value)
	}
	for _, s := range n.Also {
		also = append(also, s.Value)
	}
	if n.Title.Value != " Ferry service " || n.Description.Value != "Two boats." || n.Language.Value != "en" || n.Status.Value != "active" || n.Category.Value != "services" {
		t.Errorf("%q %q %q %q %q", n.Title.Value, n.Description.Value, n.Language.Value, n.Status.Value, n.Category.Value)
	}
	if n.Regime.Value != "act-2023" || n.Method.Value != "selective" || !n.AboveThreshold.Value || !n.Recurrent.Value || !n.Framework.Known() || !n.DynamicMarket.Known() {
		t.Errorf("%+v %+v %+v %+v %+v %+v", n.Regime, n.Method, n.AboveThreshold, n.Recurrent, n.Framework, n.DynamicMarket)
	}
	if n.MaxLotsBid.Known() || n.MaxLotsAwarded.Value != 2 || !slices.Equal(codesOf(n), []string{"number-out-of-range", "number-out-of-range"}) {
		t.Errorf("lots a supplier may bid for %+v, win %+v, issues %v", n.MaxLotsBid, n.MaxLotsAwarded, n.Issues)
	}
	if n.Portal.Value != "https://tool.example" || !slices.Equal(regimes, []string{"utilities", "lightTouch"}) {
		t.Errorf("portal %+v, regimes %q", n.Portal, regimes)
	}
	if want := []string{"A talk at the quay.", "Two stages", "Four operators"}; !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
	if want := []string{"ocds-r6ebe6-0000730576", "ocds-h6vhtk-0eeeee"}; !slices.Equal(also, want) {
		t.Errorf("also %q, want %q", also, want)
	}
	if len(n.Documents) != 2 || n.Documents[0].Title != "Map" || n.Documents[1].URL.Value != "https://notices.example/1" || n.URL() != "https://notices.example/1" {
		t.Errorf("documents %+v, page %q", n.Documents, n.URL())
	}
}

// TestPage: a Find a Tender notice without a document has its page all the same.
func TestPage(t *testing.T) {
	n := projectOne(t, oldRelease(75587, "tender", "", ""))
	if n.URL() != "https://www.find-tender.service.gov.uk/Notice/075587-2026" {
		t.Errorf("page %q", n.URL())
	}
	n = projectOne(t, `{"ocid":"ocds-r6ebe6-1","date":"2019-04-01","tag":["tender"],"tender":{}}`)
	if n.URL() != "" || n.Publisher != "public-contracts-scotland" || !strings.HasPrefix(n.Releases[0].Identity, "sha256:") {
		t.Errorf("page %q, publisher %q, release %q", n.URL(), n.Publisher, n.Releases[0].Identity)
	}
}
