package profiles

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bidfit/notice"
)

// The fields of a profile as a form has them, by the name that an [Error] gives them.
var (
	formTexts    = []string{"id", "name", "description", "base"}
	formLiterals = []string{"sme", "vcse", "turnover", "leadDays"}
	formLists    = []string{"identifiers", "keywords", "exclude", "cpv", "regions", "experience", "certifications", "frameworks"}
	formGroups   = map[string][]string{"value": {"min", "max"}, "insurance": Insurances(), "weights": Criteria()}
	formBuyers   = []string{"prefer", "avoid"}
)

// DecodeForm reads a profile out of a form by the rules of a file: values by the name of their field, such as "name",
// "value.min" or "buyers.prefer". The entries of a list are values of their own or lines of one; blank
// ones say nothing. Names that no field has are left alone: a form carries more than a profile.
//
// The error is an [Errors] in the order of the fields; the Line of one is that of the entry in its value, 0 where it is of no list.
func DecodeForm(form map[string][]string) (Profile, error) {
	n := &node{kind: mapping}
	put := func(to *node, name string, value *node) {
		if value.kind != null {
			to.fields = append(to.fields, field{&node{kind: bare, text: name}, value})
		}
	}
	for _, name := range formTexts {
		put(n, name, formText(form[name], text))
	}
	for _, name := range formLiterals {
		put(n, name, formText(form[name], bare))
	}
	for _, name := range formLists {
		put(n, name, formList(form[name]))
	}
	for _, group := range slices.Sorted(maps.Keys(formGroups)) {
		g := &node{kind: mapping}
		for _, name := range formGroups[group] {
			put(g, name, formText(form[group+"."+name], bare))
		}
		put(n, group, g)
	}
	buyers := &node{kind: mapping}
	for _, name := range formBuyers {
		put(buyers, name, formList(form["buyers."+name]))
	}
	put(n, "buyers", buyers)
	p, errs := read(n)
	if len(errs) == 0 {
		return p, nil
	}
	return p, errs
}

// formText is the first value of a field that is no list. A browser sends line ends as CR LF.
func formText(values []string, as kind) *node {
	if len(values) == 0 || strings.TrimSpace(values[0]) == "" {
		return &node{kind: null}
	}
	return &node{kind: as, text: strings.TrimSpace(formClean(values[0]))}
}

// formList is every entry of the values of a list.
func formList(values []string) *node {
	n := &node{kind: list}
	for _, v := range values {
		line := 0
		for entry := range strings.SplitSeq(formClean(v), "\n") {
			line++
			if entry = strings.TrimSpace(entry); entry != "" {
				n.items = append(n.items, &node{kind: text, text: entry, place: place{line, 1}})
			}
		}
	}
	if len(n.items) == 0 {
		return &node{kind: null}
	}
	return n
}

// formClean brings line ends to one, and what is not UTF-8 to U+FFFD, which no text may hold.
func formClean(s string) string {
	b := bytes.ReplaceAll([]byte(strings.ToValidUTF8(s, "\ufffd")), []byte("\r\n"), []byte("\n"))
	return string(bytes.ReplaceAll(b, []byte("\r"), []byte("\n")))
}

// Form is a profile as a form shows it; DecodeForm of it is the profile again. Codes and regions are values of their own, the
// entries of other lists the lines of one.
func (p Profile) Form() map[string][]string {
	form := map[string][]string{}
	set := func(name string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			form[name] = values
		}
	}
	lines := func(name string, entries []string) { set(name, strings.Join(entries, "\n")) }
	set("id", p.ID)
	set("name", p.Name)
	lines("identifiers", p.Identifiers)
	set("description", p.Description)
	lines("keywords", p.Keywords)
	lines("exclude", p.Exclude)
	for _, c := range p.CPV {
		form["cpv"] = append(form["cpv"], c.String())
	}
	for _, r := range p.Regions {
		form["regions"] = append(form["regions"], string(r))
	}
	amount := func(name string, p *notice.Pence) {
		if p != nil {
			set(name, p.Decimal())
		}
	}
	amount("value.min", p.Value.Min)
	amount("value.max", p.Value.Max)
	truth := func(name string, is *bool) {
		if is != nil {
			set(name, strconv.FormatBool(*is))
		}
	}
	truth("sme", p.SME)
	truth("vcse", p.VCSE)
	set("base", string(p.Base))
	amount("turnover", (*notice.Pence)(p.Turnover))
	for kind, cover := range p.Insurance {
		set("insurance."+kind, notice.Pence(cover).Decimal())
	}
	lines("buyers.prefer", p.Buyers.Prefer)
	lines("buyers.avoid", p.Buyers.Avoid)
	lines("experience", p.Experience)
	lines("certifications", p.Certifications)
	lines("frameworks", p.Frameworks)
	if p.LeadDays != 0 {
		set("leadDays", strconv.Itoa(p.LeadDays))
	}
	for criterion, weight := range p.Weights {
		set("weights."+criterion, strconv.Itoa(weight))
	}
	return form
}
