package prose

import (
	"fmt"
	"strings"
	"testing"

	"bidfit/notice"
)

// written writes an amount as a test says it: "704000", "..50000" where there is no lower end, "5000000.." where
// there is no upper, and behind it what it is for, how often it is paid and what is said of VAT.
func written(a notice.Amount) string {
	end := func(p *notice.Pence) string {
		if p == nil {
			return ""
		}
		return p.Decimal()
	}
	low, high := end(a.Min), end(a.Max)
	s := low
	if low != high {
		s = low + ".." + high
	}
	s += " " + string(a.For)
	if a.Per != "" {
		s += "/" + a.Per
	}
	if a.VAT != nil {
		s += fmt.Sprintf(" vat=%v", *a.VAT)
	}
	return s
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{
		// spellings
		"The contract is worth £704,000.":                        "704000 contract",
		"Circa PS704,000 (PS176,000 per annum) for the contract": "704000 contract|176000 contract/year",
		"Contract value £826,000 (206,500 per annum)":            "826000 contract|206500 contract/year",
		"a value of Â£131,000,000 in all":                        "131000000 contract",
		"a budget of &pound;12,500&nbsp;for the work":            "12500 contract",
		"Estimated value: £500,000.00rnrnLot 2":                  "500000 contract",
		"Total value £3 million":                                 "3000000 contract",
		"value of £1bn":                                          "1000000000 contract",
		"value £350000":                                          "350000 contract",
		"value £80million over the term":                         "80000000 contract",
		"The budget is GBP 40,000":                               "40000 contract",
		"The budget is 40,000 GBP.":                              "40000 contract",
		"The budget is 5 000 000 GBP":                            "5000000 contract",
		"a budget of £1,,200,000":                                "1200000 contract",
		"value of £1,107, 679,301.00":                            "1107679301 contract",
		"value of £3.705m":                                       "3705000 contract",
		"value of £22.363.77":                                    "22363.77 contract",
		"with a budget of 704k":                                  "704000 contract",
		"<b>Contract value</b> £555,000<br/><br/>Rationale":      "555000 contract",
		"The value is £1.2m per year. It is paid in arrears.":    "1200000 contract/year",
		"worth £7,000,000.00 (seven million pounds) per annum":   "7000000 contract/year",
		"worth £74,000,000 GPB per annum":                        "74000000 contract/year",
		// ranges
		"worth £1.2m–£1.5m":                      "1200000..1500000 contract",
		"worth £1.2-1.5m":                        "1200000..1500000 contract",
		"worth £1 to £2M":                        "1000000..2000000 contract",
		"worth £450,000 to £520,000":             "450000..520000 contract",
		"a value between £400k and £500k a year": "400000..500000 contract/year",
		"the value of spend will be between 2,000,000 GBP and 5,000,000 GBP": "2000000..5000000 contract",
		"spend of 25,001 to 50,000 GBP":                                      "25001..50000 contract",
		"The value was increased from £9.25m to £13.75m":                     "9250000 contract|13750000 contract",
		"budget of £120,000 - 5 years":                                       "120000 contract",
		// bounds
		"up to £50k for the contract":                                                                     "..50000 contract",
		"The maximum value of this procurement is £200,000":                                               "..200000 contract",
		"shall not exceed £650,000 for the contract":                                                      "..650000 contract",
		"contracts below £5m":                                                                             "..5000000 contract",
		"contracts over £200m":                                                                            "200000000.. contract",
		"works contracts of £25k and over":                                                                "25000.. contract",
		"a contract worth £1m+":                                                                           "1000000.. contract",
		"value in excess of £3m":                                                                          "3000000.. contract",
		"value over the life of the contract is £3m":                                                      "3000000 contract",
		"the limit under the framework is £15m":                                                           "15000000 contract",
		"no less than £1m of contract value":                                                              "1000000.. contract",
		"no more than £1m of contract value":                                                              "..1000000 contract",
		"The maximum budget available is £75,000":                                                         "..75000 contract",
		"a maximum budget for all parts of £402,000 per annum":                                            "..402000 contract/year",
		"the maximum financial envelope available of £750,000":                                            "..750000 contract",
		"The maximum contract value, with the extension period, is £142,000.":                             "..142000 contract",
		"spend is capped at £90,000 for the contract":                                                     "..90000 contract",
		"The budget will not exceed £90,000":                                                              "..90000 contract",
		"The value is not anticipated to exceed £90,000":                                                  "..90000 contract",
		"Proposals over £40,000 will not be considered":                                                   "..40000 contract",
		"Bids exceeding £40,000 will be rejected":                                                         "..40000 contract",
		"at most 6 lots with a maximum of 4 years, worth £5m":                                             "5000000 contract",
		"The value is up to\n£60,000,000":                                                                 "..60000000 contract",
		"not less than one million pounds sterling (1,000,000 GBP) of indemnity":                          "1000000.. insurance",
		"in connection with this contract to the level of 1000000 GBP in respect of each claim":           "1000000 insurance",
		"the value is expected to exceed c. £200m":                                                        "200000000.. contract",
		"a minimum \"specific\" yearly turnover of 500,000 GBP":                                           "500000.. turnover/year",
		"The minimum turnover that a company must have had is £500,000":                                   "500000.. turnover",
		"Public liability insurance with a minimum indemnity limit of GBP 10m":                            "10000000.. insurance",
		"Public liability insurance with a limit of indemnity of £5m":                                     "5000000 insurance",
		"a maximum budget of £120,000 including VAT, £100,000 excluding VAT":                              "..120000 contract vat=true|..100000 contract vat=false",
		"a budget of up to £100,000 (£120,000 inc VAT)":                                                   "..100000 contract|..120000 contract vat=true",
		"a contract of up to £704,000 (£176,000 per annum)":                                               "..704000 contract|176000 contract/year",
		"All figures are inclusive of VAT\n1. Budget for maps: £1,000\n2. Budget for plans: up to £2,000": "1000 contract vat=true|..2000 contract vat=true",
		"The budget is £1,000. All prices tendered must be exclusive of VAT.":                             "1000 contract",
		"two contracts per annum, each with a value of £400,000":                                          "400000 contract",
		// for, per, VAT
		"public liability insurance of £5m":                    "5000000 insurance",
		"Insurance\nEL - £10m\nPL - £5m":                       "10000000 insurance|5000000 insurance",
		"5 million GBP in respect of each claim":               "5000000 insurance",
		"an annual turnover of at least £500,000":              "500000.. turnover/year",
		"a fine of £500":                                       "500 other",
		"£50.84 per tonne":                                     "50.84 other",
		"an hourly rate of £16.84":                             "16.84 other/hour",
		"Handsets: 240 x £103.50":                              "103.5 other",
		"below the £5 million threshold":                       "..5000000 other",
		"£1.3m of grant funding":                               "1300000 other",
		"the estimated annual value is £176,000":               "176000 contract/year",
		"annual value £4M, or £20M over the whole term":        "4000000 contract/year|20000000 contract",
		"value £750,000 excluding VAT\n£900,000 including VAT": "750000 contract vat=false|900000 contract vat=true",
		"Estimated value (ex VAT): £95,000":                    "95000 contract vat=false",
		"a budget of £40,000 plus VAT":                         "40000 contract vat=false",
		"a budget of £40,000 (VAT inclusive)":                  "40000 contract vat=true",
		// nothing
		"a budget of €40,000, or $50k":  "",
		"file PS26230 and DPS000117":    "",
		"PS5 consoles":                  "",
		"4k screens, 5 m wide, in 2027": "",
		"":                              "",
	} {
		var got []string
		for _, f := range Read(text).Amounts() {
			got = append(got, strings.Replace(written(f.Value), "103.50", "103.5", 1))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q\n says %s\nwant  %s", text, s, want)
		}
	}
}

func TestAmountSpans(t *testing.T) {
	text := "Value: circa PS704,000 ex VAT, or GBP 1.2m to 1.5m a year."
	want := []string{"PS704,000", "GBP 1.2m to 1.5m"}
	found := Read(text).Amounts()
	if len(found) != len(want) {
		t.Fatalf("%d amounts, want %d", len(found), len(want))
	}
	for i, f := range found {
		if got := text[f.Start:f.End]; got != want[i] {
			t.Errorf("span %q, want %q", got, want[i])
		}
	}
	if found[0].Confidence < 80 || found[0].Confidence >= 92 {
		t.Errorf("a sum without its sign has confidence %d: it is sure enough for a field, and less sure than with it", found[0].Confidence)
	}
}
