package prose

import (
	"strings"
	"testing"
)

// shown writes the tokens of a text, a bar where a sentence or line ended.
func shown(text string) string {
	s := takeApart(text)
	var b strings.Builder
	for i, t := range s.tokens {
		if t.gap {
			b.WriteString("| ")
		} else if i > 0 {
			b.WriteString(" ")
		}
		if t.kind == mark && t.end-t.start > len(string(t.r)) {
			b.WriteString(string(t.r)) // an entity
		} else {
			b.WriteString(text[t.start:t.end])
		}
	}
	return strings.ReplaceAll(b.String(), " |", "|")
}

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"£1,530,000.00 for 12months":           "£ 1,530,000.00 for 12 months",
		"PS704,000rnLot B: 2x12":               "PS 704,000| Lot B : 2 x 12",
		"the servicesrnrnLot A":                "the services| Lot A",
		"a modern barn rn .rn The end":         "a modern barn| .| The end",
		"worth &pound;5k&nbsp;a&#160;year":     "worth £ 5 k a year",
		"£5m p.a. for 2 years. It runs":        "£ 5 m p . a . for 2 years .| It runs",
		"approx. £5m; circa\r\nthree\r\nYears": "approx . £ 5 m ;| circa three| Years",
		"one\n\ntwo":                           "one| two",
		`one\nTwo\r\nThree`:                    "one| Two| Three",
		"the council's 1.5.2027 date":          "the council's 1.5.2027 date",
		"• Lot 1tCleaning 3.2tThe":             "•| Lot 1| Cleaning 3.2| The",
		"a.\nb":                                "a . b",
	} {
		if got := shown(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
