package itl

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Parse reads what people and publishers write: ITL codes ("TLG2"), the same
// with UK for TL ("UKG2"), NUTS codes that were renumbered, names of regions, nations, counties and
// local authorities, and "UK". Bare "TL" is Timor-Leste and an error, as are other
// countries; the error suggests the nearest region.
func Parse(s string) (Region, error) {
	text := strings.TrimSpace(s)
	if text == "" {
		return "", errors.New("no region is given; write UK, a nation, an ITL code such as TLG2, or its name")
	}
	if len(text) <= longest {
		if r, ok := fromCode(text); ok {
			return r, nil
		}
		if r, ok := world().named(key(text)); ok {
			return r, nil
		}
		if r, ok := fromLabel(text); ok {
			return r, nil
		}
	}
	return "", unknownError(text[:min(len(text), longest+1)])
}

// longest is more than any name of a region has, in bytes; no more than that of a text is looked at.
const longest = 120

// fromCode reads an ITL or NUTS code.
func fromCode(s string) (Region, bool) {
	if len(s) < len("TLC") || len(s) > len("TLC31") {
		return "", false
	}
	code := strings.ToUpper(s)
	if code[:2] != "TL" && code[:2] != "UK" {
		return "", false
	}
	if r := Region("TL" + code[2:]); world().places[r].vintages != 0 {
		return r, true
	}
	r, ok := nuts[code[2:]]
	return r, ok
}

// fromLabel reads what Label writes.
func fromLabel(s string) (Region, bool) {
	i := strings.LastIndex(s, " (")
	if i < 0 {
		return "", false
	}
	r, ok := fromCode(strings.TrimSuffix(s[i+2:], ")"))
	return r, ok && r.Label() == s
}

// unknownError is the text of what is no region. The nearest one is looked for only
// when somebody reads the error: notices name many places that are no regions.
type unknownError string

func (e unknownError) Error() string { return unknown(string(e)).Error() }

// unknown is the error for what is no region, with the nearest one.
func unknown(s string) error {
	code := strings.ToUpper(s)
	if code == "TL" {
		return errors.New(`"TL" is Timor-Leste, not a region of the UK; the whole country is written UK`)
	}
	if len(code) > 3 && len(code) <= 5 && (code[:2] == "TL" || code[:2] == "UK") {
		for up := code[:len(code)-1]; len(up) > 2; up = up[:len(up)-1] {
			if r, ok := fromCode(up); ok {
				return fmt.Errorf("%q is not a region of the UK; did you mean %s?", s, r.Label())
			}
		}
	}
	if r, ok := world().nearest(s); ok {
		return fmt.Errorf("%q is not a region of the UK; did you mean %s?", s, r.Label())
	}
	return fmt.Errorf("%q is not a region of the UK; write UK, a nation, an ITL code such as TLG2, or its name", clip(s))
}

// clip keeps an error message short whatever was given.
func clip(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// FromGazetteer reads a GB-ONS code of a country, county or borough ("K02000001",
// "E10000028"), or an ITL code, which stands in the same field.
func FromGazetteer(id string) (Region, error) {
	text := strings.ToUpper(strings.TrimSpace(id))
	w := world()
	if r, ok := onsCodes[text]; ok {
		return r, nil
	}
	if r, ok := w.ons[text]; ok {
		return r, nil
	}
	if r, ok := fromCode(text); ok {
		return r, nil
	}
	if text == string(UK) {
		return UK, nil
	}
	return "", fmt.Errorf("%q is not a GB-ONS code of a country, region, county or local authority known here", clip(id))
}

// Authority is the name of a local authority by its GB-ONS code; "" where it is not known here.
func Authority(code string) string { return world().local[code] }

// nameAll fills the table of names. The first to claim a name keeps it: the
// aliases, then regions (2025 before 2021, the broader before the narrower), counties
// and local authorities; then all of them once more without "CC", "City of" and the like.
func (w *atlas) nameAll(authorities []authority) {
	type claim struct {
		key    string
		region Region
	}
	var claims []claim
	for _, a := range aliases {
		claims = append(claims, claim{key(a.name), a.region})
	}
	for _, g := range groups {
		claims = append(claims, claim{key(g.name), Region(g.name)})
	}
	for _, current := range []bool{true, false} {
		for _, c := range w.codes {
			if p := w.places[c]; p.vintages&in2025 != 0 == current {
				claims = append(claims, claim{key(p.name), c})
			}
		}
	}
	for _, a := range w.former {
		claims = append(claims, claim{key(a.name), a.region})
	}
	for _, g := range counties {
		claims = append(claims, claim{key(g.name), Region(g.name)})
	}
	for _, a := range authorities {
		claims = append(claims, claim{key(a.name), a.area})
	}
	names := map[string]Region{}
	for _, form := range []func(string) string{strings.Clone, bare} {
		for _, c := range claims {
			k := form(c.key)
			if _, taken := names[k]; !taken && k != "" {
				names[k] = c.region
			}
		}
	}
	w.names = names
}

// named looks the key of a name up: as it is, bare, and without the nation
// behind it ("Fife, Scotland"), which then has to hold the place.
func (w *atlas) named(k string) (Region, bool) {
	if r, ok := w.names[k]; ok {
		return r, true
	}
	short := bare(k)
	if r, ok := w.names[short]; ok {
		return r, true
	}
	for _, n := range nations {
		if rest, ok := strings.CutSuffix(short, " "+n.name); ok {
			r, ok := w.named(rest)
			return r, ok && n.region.Area().Contains(r.Area())
		}
	}
	return "", false
}

// key folds a name so that case, punctuation and "&" make no difference.
func key(name string) string {
	var b strings.Builder
	gap := false
	word := func(s string) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(s)
	}
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word(string(unicode.ToLower(r)))
		case r == '&':
			gap = true
			word("and")
			gap = true
		case r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	return strings.Replace(b.String(), "county council", "cc", 1)
}

// before and after are words around a name that do not change the place.
var (
	before = []string{
		"the ", "city and county of ", "city of ", "county of ", "county ", "royal borough of ", "london borough of ", "borough of ",
		"throughout ", "across ", "within ", "all of ", "whole of ", "pan ",
	}
	after = []string{
		" city of", " county of", " council", " local authority", " cc", " cbc", " mbc", " county", " borough", " metropolitan", " city",
		" area", " region", " wide",
	}
)

// nations are what may follow the name of a place in them.
var nations = []alias{
	{"uk", UK}, {"united kingdom", UK}, {"england", England}, {"scotland", "TLM"}, {"wales", "TLL"}, {"northern ireland", "TLN"},
}

// bare takes such words off a key.
func bare(k string) string {
	for changed := true; changed; {
		changed = false
		for _, w := range before {
			if rest, ok := strings.CutPrefix(k, w); ok && rest != "" {
				k, changed = rest, true
			}
		}
		for _, w := range after {
			if rest, ok := strings.CutSuffix(k, w); ok && rest != "" {
				k, changed = rest, true
			}
		}
	}
	return k
}

// nearest finds the region whose name is spelt most like s: one slip in a short name, two in a long one.
func (w *atlas) nearest(s string) (Region, bool) {
	if len(s) > longest/2 {
		return "", false
	}
	typed := []rune(bare(key(s)))
	limit := min(len(typed)/4, 2)
	if limit == 0 {
		return "", false
	}
	best, name := limit+1, ""
	for candidate := range w.names {
		if d := slips(typed, []rune(candidate), best); d < best || d == best && d <= limit && candidate < name {
			best, name = d, candidate
		}
	}
	return w.names[name], name != ""
}

// slips counts the letters to change, add, drop or swap to make b of a; past the limit it may give up.
func slips(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(b)]
}
