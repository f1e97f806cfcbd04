package notice

import (
	"fmt"
	"regexp"
	"strings"
)

// registered is an identifier with its register: a country of two capitals, a register in
// capitals, and a number without blanks.
var registered = regexp.MustCompile(`^([A-Z]{2}-[A-Z]+)-(\S+)$`)

// pponForm is the form of a number in the central digital platform's register.
var pponForm = regexp.MustCompile(`^P[A-Z]{3}-[0-9]{4}-[A-Z]{4}$`)

// ParseIdentifier reads an organisation's identifier as somebody writes it and gives it the form that
// notices carry: its register, a hyphen and the number, a company number padded to eight characters.
// A small letter counts as its capital, "gb-coh-476611" is GB-COH-00476611.
func ParseIdentifier(s string) (string, error) {
	upper := strings.ToUpper(strings.TrimSpace(s))
	m := registered.FindStringSubmatch(upper)
	if m == nil {
		if _, ok := CompanyNumber(upper); ok {
			return "", fmt.Errorf("%q has no register before it; write GB-COH-%s if it is a company number", s, strings.ReplaceAll(upper, " ", ""))
		}
		return "", fmt.Errorf("%q is no identifier; write the register and the number, such as GB-COH-01234567, GB-PPON-PABC-1234-DEFG or GB-CHC-1234567", s)
	}
	scheme, number := m[1], m[2]
	switch {
	case scheme == "GB-NAME":
		return "", fmt.Errorf("%q is a name and no number; leave it out, the name is looked for anyway", s)
	case scheme == "GB-COH":
		company, ok := CompanyNumber(number)
		if !ok {
			return "", fmt.Errorf("%q is no company number; it has up to eight digits, or two letters and up to six, such as GB-COH-SC123456", s)
		}
		number = company
	case scheme == "GB-PPON" && !pponForm.MatchString(number):
		return "", fmt.Errorf("%q is no PPON; it has four letters from P on, four digits and four letters, such as GB-PPON-PABC-1234-DEFG", s)
	}
	return scheme + "-" + number, nil
}
