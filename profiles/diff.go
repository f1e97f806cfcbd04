package profiles

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is what two profiles say differently in one field: entries of a list added and
// dropped, or what stood and stands there, "" for nothing.
type Difference struct {
	Field   string   `json:"field"`
	Added   []string `json:"added,omitzero"`
	Dropped []string `json:"dropped,omitzero"`
	Was     string   `json:"was,omitzero"`
	Is      string   `json:"is,omitzero"`
}

// String is the difference in words: "keywords: added mediation; dropped support".
func (d Difference) String() string {
	var parts []string
	if len(d.Added) > 0 {
		parts = append(parts, "added "+strings.Join(d.Added, ", "))
	}
	if len(d.Dropped) > 0 {
		parts = append(parts, "dropped "+strings.Join(d.Dropped, ", "))
	}
	switch {
	case len(parts) > 0:
	case d.Was == "" && d.Is == "":
		parts = append(parts, "the same entries in another order")
	case d.Was == "":
		parts = append(parts, "now "+d.Is)
	case d.Is == "":
		parts = append(parts, "no more said, was "+d.Was)
	default:
		parts = append(parts, d.Is+", was "+d.Was)
	}
	return d.Field + ": " + strings.Join(parts, "; ")
}

// Diff lists what profile b says differently from a, in the order of [Profile]. Identifiers are not compared.
func Diff(a, b Profile) []Difference {
	var list []Difference
	single := func(field, was, is string) {
		if was != is {
			list = append(list, Difference{Field: field, Was: was, Is: is})
		}
	}
	lists := func(field string, was, is []string) {
		if slices.Equal(was, is) {
			return
		}
		list = append(list, Difference{Field: field, Added: missing(is, was), Dropped: missing(was, is)})
	}
	single("name", a.Name, b.Name)
	single("description", quoted(a.Description), quoted(b.Description))
	lists("keywords", a.Keywords, b.Keywords)
	lists("exclude", a.Exclude, b.Exclude)
	lists("cpv", written(a.CPV), written(b.CPV))
	lists("regions", labels(a), labels(b))
	single("value.min", pointed(a.Value.Min), pointed(b.Value.Min))
	single("value.max", pointed(a.Value.Max), pointed(b.Value.Max))
	single("sme", pointed(a.SME), pointed(b.SME))
	single("vcse", pointed(a.VCSE), pointed(b.VCSE))
	single("base", label(a), label(b))
	single("turnover", pointed(a.Turnover), pointed(b.Turnover))
	for _, kind := range Insurances() {
		single("insurance."+kind, held(a.Insurance, kind), held(b.Insurance, kind))
	}
	lists("buyers.prefer", a.Buyers.Prefer, b.Buyers.Prefer)
	lists("buyers.avoid", a.Buyers.Avoid, b.Buyers.Avoid)
	lists("experience", a.Experience, b.Experience)
	lists("certifications", a.Certifications, b.Certifications)
	lists("frameworks", a.Frameworks, b.Frameworks)
	if a.LeadDays != b.LeadDays {
		single("leadDays", fmt.Sprint(a.LeadDays), fmt.Sprint(b.LeadDays))
	}
	for _, c := range Criteria() {
		single("weights."+c, held(a.Weights, c), held(b.Weights, c))
	}
	return list
}

// missing lists what stands in one list and not in the other.
func missing(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}

func written[T fmt.Stringer](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.String())
	}
	return out
}

// pointed is what a pointer points to; "" for nil.
func pointed[T any](p *T) string {
	if p == nil {
		return ""
	}
	return fmt.Sprint(*p)
}

func labels(p Profile) []string {
	var out []string
	for _, r := range p.Regions {
		out = append(out, r.Label())
	}
	return out
}

func label(p Profile) string {
	if p.Base == "" {
		return ""
	}
	return p.Base.Label()
}

func held[T any](m map[string]T, key string) string {
	if v, ok := m[key]; ok {
		return fmt.Sprint(v)
	}
	return ""
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return "“" + s + "”"
}
