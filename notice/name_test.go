package notice_test

import (
	"strings"
	"testing"
	"unicode"

	"bidfit/notice"
)

func TestNameKey(t *testing.T) {
	for want, names := range map[string][]string{
		"quill borough council":               {"The Borough of Quill", "Quill Borough Council", "BOROUGH OF QUILL COUNCIL", "Borough Council of Quill"},
		"quill and sons":                      {"Quill & Sons Ltd.", "Quill and Sons Limited", "Quill + Sons LLP", "QUILL &amp; SONS PLC,", "The Quill and Sons CIC Limited"},
		"quill and sons co":                   {"Quill & Sons Co.Ltd", "Quill & Sons Company Limited"},
		"st marys trust":                      {"St. Mary's Trust", "Saint Mary’s Trust", "ST MARYS TRUST"},
		"tj larkspur":                         {"T.J.Larkspur Limited", "T J Larkspur Ltd", "TJ Larkspur"},
		"fernco uk":                           {"Fernco (UK) Ltd", "FERNCO U.K. LIMITED", "Fernco (U K) Ltd"},
		"darlow":                              {"Darlow Ltd t/a Darlow Lifts", "Darlow Limited (trading as Lift-It)", "DARLOW LTD, T/A LIFT IT", "Lift-It, a trading name of Darlow Limited"},
		"wick nhs trust":                      {"Wick NHS Foundation Trust", "Wick NHS FT", "Wick Nhs Trust", "WICK NHSFT"},
		"wick icb":                            {"NHS Wick Integrated Care Board", "Wick ICB"},
		"wick city council":                   {"Wick City Council", "City of Wick Council", "Council of the City of Wick", "The City Council of Wick"},
		"wick london borough council":         {"London Borough of Wick", "The London Borough of Wick Council", "Wick London Borough Council", "LB of Wick"},
		"wick metropolitan borough council":   {"Wick Metropolitan Borough Council", "Wick MBC", "Metropolitan Borough of Wick"},
		"wick metropolitan district council":  {"City of Wick Metropolitan District Council", "Wick MDC"},
		"hearth community":                    {"Hearth Community Interest Company Community CIC", "Hearth Community Community Interest Company"},
		"city of wick college":                {"City of Wick College"},
		"incorporated council of law reports": {"The Incorporated Council of Law Reports"},
		"cafe muller":                         {"Café Müller Ltd"},
		"":                                    {"", " ", "n/a", "N/A", "N/A event day", "Various suppliers", "See attachment", "Please see list of suppliers", "Multiple suppliers - see attached", "TBC", "Not disclosed"},
		"na larkspur":                         {"N.A. Larkspur Ltd"},
		"see it right":                        {"See It Right Ltd"},
		"none so blind":                       {"None So Blind Ltd"},
	} {
		for _, name := range names {
			if got := notice.NameKey(name); got != want {
				t.Errorf("NameKey(%q) = %q, want %q", name, got, want)
			}
		}
	}
	for _, differ := range [][2]string{
		{"Quill County Council", "Quill City Council"},
		{"Quill (UK) Ltd", "Quill Ltd"},
		{"Quill North Ltd", "Quill South Ltd"},
		{"London Borough of Quill", "Quill Town Council"},
	} {
		if a := notice.NameKey(differ[0]); a == notice.NameKey(differ[1]) {
			t.Errorf("%q and %q are one: %q", differ[0], differ[1], a)
		}
	}
}

func TestCompanyNumber(t *testing.T) {
	for s, want := range map[string]string{
		"476611": "00476611", "SC1234": "SC001234", "ni 61738": "NI061738", "OC300001": "OC300001", "IP27656R": "IP27656R", "ip 7656r": "IP07656R", "12R": "", "0": "", "Quill Ltd": "", "123456789": "", "": "",
	} {
		if got, ok := notice.CompanyNumber(s); got != want || ok != (want != "") {
			t.Errorf("CompanyNumber(%q) = %q, %v, want %q", s, got, ok, want)
		}
	}
}

// FuzzNameKey folds any text: a key is words of letters and digits between single blanks, and case tells nothing.
func FuzzNameKey(f *testing.F) {
	for _, s := range []string{"Quill & Sons Ltd t/a Q", "Council of the City of Wick", "NHS Wick ICB", "Ⅷ ß İ &amp;amp;", "the the the", "\xff t/a", "a b c of d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		key := notice.NameKey(name)
		if key != strings.Join(strings.Fields(key), " ") {
			t.Errorf("NameKey(%q) = %q has blanks to spare", name, key)
		}
		for _, r := range key {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				t.Errorf("NameKey(%q) = %q has %q", name, key, r)
			}
		}
	})
}

// TestNameKeyHostile folds names of a megabyte: were that quadratic, the test would not end.
func TestNameKeyHostile(t *testing.T) {
	for _, unit := range []string{"the ", "a ", "x t/a ", "council of the city of ", "&amp;", "nhs ft ", "see ", "İ", "(((", "community interest "} {
		name := strings.Repeat(unit, 1<<20/len(unit))
		if key := notice.NameKey(name); len(key) > 2*len(name) {
			t.Errorf("a megabyte of %q is folded to %d bytes", unit, len(key))
		}
	}
}
