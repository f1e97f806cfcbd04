package notice

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"bidfit/notice/words"
)

// NameKey folds an organisation's name to what tells it from others, as people write
// names in many ways: small letters and digits in words, "&" as "and", initials as
// one word, without accents, marks, the article and the legal form. What somebody trades
// as is left out, an NHS trust is one before and after it became a foundation, and a
// council's name has one order of words:
//
//	The Borough Co. Ltd, t/a Borough Cabs    borough co
//	W. S. Quill & Sons                       ws quill and sons
//	Wick NHS FT                              wick nhs trust
//	Council of the City of Wick              wick city council
//
// It is "" for what stands where a name should and is none ("n/a", "see attachment").
func NameKey(name string) string {
	name = strings.TrimSpace(words.Fold(html.UnescapeString(name)))
	if strings.HasPrefix(name, "n/a") {
		return ""
	}
	if m := trading.FindStringIndex(name); m != nil && m[0] > 0 {
		name = name[:m[0]]
	} else if m := nameOf.FindStringIndex(name); m != nil && m[1] < len(name) {
		name = name[m[1]:]
	}
	parts := strings.FieldsFunc(marks.Replace(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	key := " " + strings.Join(initials(parts), " ") + " "
	for _, way := range ways {
		key = strings.ReplaceAll(key, way[0], way[1])
	}
	key = strings.TrimSpace(key)
	if noName.MatchString(key) {
		return ""
	}
	for _, care := range []string{" icb", " ccg"} {
		if strings.HasSuffix(key, care) {
			key = strings.TrimPrefix(key, "nhs ")
		}
	}
	return council(key)
}

// TradesAs reports whether a name says what somebody trades as, which NameKey leaves out.
func TradesAs(name string) bool { return trading.MatchString(words.Fold(html.UnescapeString(name))) }

var (
	marks   = strings.NewReplacer("&", " and ", "+", " and ", "'", "", "’", "", "‘", "", "`", "")
	trading = regexp.MustCompile(`[\s(,;-]+(?:t/as?|trading as|trading under the name)\b`)
	nameOf  = regexp.MustCompile(`\btrading (?:name|style|division) of\s`)

	// ways are the ways to write the same, each word between blanks.
	ways = [][2]string{
		{" the ", " "},
		{" public limited company ", " "}, {" limited liability partnership ", " "},
		{" community interest company ", " "}, {" community interest co ", " "},
		{" ltd ", " "}, {" limited ", " "}, {" plc ", " "}, {" llp ", " "}, {" cic ", " "}, {" cyf ", " "}, {" cyfyngedig ", " "},
		{" company ", " co "}, {" saint ", " st "},
		{" nhsft ", " nhs trust "}, {" nhs ft ", " nhs trust "}, {" nhs foundation trust ", " nhs trust "},
		{" integrated care board ", " icb "}, {" clinical commissioning group ", " ccg "},
		{" mbc ", " metropolitan borough council "}, {" mdc ", " metropolitan district council "},
		{" lb of ", " london borough of "},
	}
	noName = regexp.MustCompile(`^(?:na|none|nil|tbc|tba|unknown|various|multiple|several|redacted|confidential|withheld|anonymous|` +
		`individuals?|suppliers?|providers?|contractors?|not (?:applicable|known|disclosed|specified|stated|awarded|available)|to be (?:confirmed|determined)|` +
		`(?:various|multiple|several|all|other|numerous) (?:suppliers|providers|contractors|bidders|companies|organisations)(?: .*)?|` +
		`(?:please )?(?:see|refer to|as per) (?:attach|list|spreadsheet|below|above|notice|description|document|additional|award|full|further|separate|supplier).*)$`)
)

// initials joins letters that stand alone: "t j smith" is "tj smith".
func initials(parts []string) []string {
	var joined []string
	run := false
	for _, p := range parts {
		alone := len([]rune(p)) == 1 && unicode.IsLetter([]rune(p)[0])
		if alone && run {
			joined[len(joined)-1] += p
		} else {
			joined = append(joined, p)
		}
		run = alone
	}
	return joined
}

const kinds = `(london borough|royal borough|metropolitan borough|metropolitan district|county borough|borough|city and county|city|county|district)`

var (
	councilOf = regexp.MustCompile(`^(council of )?` + kinds + `( council)? of (.+?)( council)?$`)
	ownKind   = regexp.MustCompile(`^.+ ` + kinds + `$`)
)

// council brings a council's name into the order "wick city council". Only a
// borough may leave the word council out: a city or county is a place besides.
func council(key string) string {
	m := councilOf.FindStringSubmatch(key)
	if m == nil {
		return key
	}
	kind, place := m[2], m[4]
	switch said := m[1] != "" || m[3] != "" || m[5] != ""; {
	case !said && !strings.HasSuffix(kind, "borough"):
		return key
	case ownKind.MatchString(place): // "city of wick metropolitan district"
		return place + " council"
	}
	return place + " " + kind + " council"
}

// CompanyNumber brings a Companies House number to its eight characters: 476611
// is 00476611, SC1234 is SC001234, and IP27656R, a registered society's, stays so. Names
// typed in its place are refused.
func CompanyNumber(s string) (string, bool) {
	length := 8
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	s, society := strings.CutSuffix(s, "R")
	if society {
		length--
	}
	digits := strings.TrimLeft(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	letters := s[:len(s)-len(digits)]
	if society && letters == "" || digits == "" || len(letters) > 2 || len(s) > length || strings.Trim(digits, "0123456789") != "" || strings.Trim(digits, "0") == "" {
		return "", false
	}
	number := letters + strings.Repeat("0", length-len(s)) + digits
	if society {
		number += "R"
	}
	return number, true
}
