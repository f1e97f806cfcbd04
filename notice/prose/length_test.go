package prose

import (
	"fmt"
	"strings"
	"testing"

	"bidfit/notice"
)

// months writes a length as "36 +12 +12"; days are marked.
func months(l notice.Length) string {
	span := func(p notice.Span) string {
		if p.Days > 0 {
			return fmt.Sprintf("%dd", p.Days)
		}
		return fmt.Sprint(p.Months)
	}
	var parts []string
	if l.Term != (notice.Span{}) {
		parts = append(parts, span(l.Term))
	}
	for _, e := range l.Extensions {
		parts = append(parts, "+"+span(e))
	}
	return strings.Join(parts, " ")
}

func TestLengths(t *testing.T) {
	for _, test := range []struct {
		field      Field
		text, want string
	}{
		{Description, "The contract runs for 3 years with the option to extend by 2 x 12 months.", "36 +12 +12"},
		{Description, "The contract term is 36 months. It may be extended by up to two further twelve-month periods.", "36 +12 +12"},
		{Description, "A contract of four years plus up to two further one-year periods", "48 +12 +12"},
		{Description, "The contract is let for 5+3+2 years", "60 +36 +24"},
		{Description, "Contract term: 3 years (2+1)", "24 +12"},
		{Description, "The contract is for an initial three (3) years, extendable up to 5 years", "36 +24"},
		{Description, "The framework will run for an initial 3-year term with one optional 2-year extension and two optional 1-year extensions (3+2+1+1).", "36 +24 +12 +12"},
		{Description, "The term is 2 years 6 months, with an option to extend for 6 months", "30 +6"},
		{Description, "The contract period is twenty-four (24) months, plus 12 months plus 12 months", "24 +12 +12"},
		{Description, "A term of 24 months with the option to extend for up to 24 months in 12-month increments", "24 +12 +12"},
		{Description, "A contract for 3 years, which can be extended for two years in annual increments", "36 +12 +12"},
		{Description, "The contract is for 2 years. The maximum contract period is 4 years with all extensions.", "24"},
		{Description, "contract of 12rn months", "12"},
		{Description, "The lease runs for 26 weeks", "182d"},
		{Description, "two options to extend for an additional 12 months after the initial period", "+12 +12"},
		{Renewal, "24 months", "+24"},
		{Renewal, "an optional 3rd and 4th year", "+12 +12"},
		{Renewal, "option to extend for up to 24 months", "+24"},
		{Renewal, "Two further periods of 12 months", "+12 +12"},
		{Renewal, "1+1", "+12 +12"},
		{Renewal, "2 year extension (1 year plus 1 year)", "+12 +12"},
		{Renewal, "12 months then a further 12 months", "+12 +12"},
		{Renewal, "48 months at 24-month intervals", "+24 +24"},
		{Renewal, "8 months (6+2)", "6 +2"},
		{Renewal, "3 years with the option to extend for a further 2 years", "36 +24"},
		{Renewal, "Up to 24 months (7 year maximum term)", "+24"},
		{Renewal, "Two periods of twelve months - total of twenty-four months", "+12 +12"},
		{Renewal, "The extension is on a +1, +1 basis after the initial period of 2 years.", "24 +12 +12"},
		{Renewal, "Can be extended up to a maximum of seven (7) years with two (2) extensions of 24 months", "+24 +24"},
		{Renewal, "Two one year extensions. The maximum length of the contract with extension is three years.", "+12 +12"},
		{Renewal, "2 option years", "+12 +12"},
		{Renewal, "three years, with the possibility of a further two single year extensions", "36 +12 +12"},
		{Renewal, "The agreement lasts for a minimum of 4 years but may be extended further", "48"},
		{Renewal, "Up to 24 months (7 year maximum term, inclusive of initial 5 year term)", "60 +24"},
		{Renewal, "Potential renewal in 4 years", ""},
		{Description, "A four year framework with an option to extend by 18 months", "48 +18"},
		{Description, "the initial 2 years, after which there are two further options of 12 months each", "24 +12 +12"},
		{Description, "an initial term of two years, with four annual extensions", "24 +12 +12 +12 +12"},
		{Description, "12 months with an option of 12 months. With an added option to extend for a further 2 years.", "12 +12 +24"},
		{Description, "Who we are\nContract Duration\n18 months\nWhat we do", "18"},
		{Description, "The contract has been awarded at £1,035.00 per week for a nominal period of 4 weeks", "28d"},
		{Title, "Grounds maintenance (3 year contract)", "36"},
		// the same again
		{Description, "The contract is for 3 years with an option of 12 months.\n\nThe contract term is three years.", "36 +12"},
		// not lengths of contracts
		{Description, "Bidders need three years' experience and audited accounts of the last 2 years.", ""},
		{Description, "Tenders remain valid for 90 days; invoices are paid within 30 days.", ""},
		{Description, "For young people aged 16-25 years", ""},
		{Description, "A review every 3 years and 6 months' notice", ""},
		{Description, "The contract needs a 5 year warranty on parts", ""},
		{Description, "The deadline has been extended for a further 2 weeks", ""},
		{Description, "The tender will follow in 3-4 years time", ""},
		{Description, "12 months before the contract ends", ""},
		{Description, "The contract comes with 60 months of data, and historic trends (5 years minimum)", ""},
		{Description, "The current five-year contract expired; a 12-month extension was approved", ""},
		{Description, "Stays in the residential setting may exceed 28 days duration", ""},
		{Description, "Insurance is kept for the duration of the contract and for five (5) years following the expiration of the contract", ""},
		{Description, "checks of people aged over 40 on a 5-year rolling basis", ""},
		{Renewal, "Maximum extension of up to 2 years after the expiry of the main contract", "+24"},
		{Description, "The contract is known over the last five years", ""},
		{Description, "The service is open 365 days a year", ""},
		{Description, "the 2026/27 contract year", ""},
		{Description, "", ""},
	} {
		var got []string
		for _, f := range Read(test.text).Lengths(test.field) {
			got = append(got, months(f.Value))
		}
		if s := strings.Join(got, " | "); s != test.want {
			t.Errorf("%q (field %d)\n says %q\nwant  %q", test.text, test.field, s, test.want)
		}
	}
}

func TestLengthSpans(t *testing.T) {
	text := "Our contract lasts 3 years with an option to extend by 2 x 12 months, if all goes well."
	found := Read(text).Lengths(Description)
	if len(found) != 1 || text[found[0].Start:found[0].End] != "3 years with an option to extend by 2 x 12 months" {
		t.Errorf("%+v", found)
	}
}
