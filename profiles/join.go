package profiles

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/itl"
)

// Join is what two suppliers are when they bid together. It is for matching alone, and no profile that
// could be registered: its id has a "+". Which of the two comes first changes nothing: they are taken in order of their ids.
//
//   - What one leaves unsaid adds nothing to what the other says.
//   - Identifiers, keywords, codes, regions, experience, certifications and frameworks are those of both.
//   - Only a word that both exclude is excluded: what one will not do the other may.
//   - Turnover is added up; of each kind of insurance the greater cover counts, since covers are not added up.
//   - The band reaches from the smaller least value to both greatest values added up.
//   - The pair is an SME, or a VCSE, only if both are.
//   - It is based where both are: in the smallest region that holds both bases.
//   - A buyer whom one avoids is avoided; the longer of two lead times and the greater of two weights counts.
func Join(a, b Profile) Profile {
	if b.ID < a.ID {
		a, b = b, a
	}
	p := Profile{
		ID:             a.ID + "+" + b.ID,
		Name:           a.Name + " with " + b.Name,
		Description:    strings.TrimSpace(a.Description + "\n\n" + b.Description),
		Identifiers:    union(a.Identifiers, b.Identifiers, exact),
		Keywords:       union(a.Keywords, b.Keywords, folded),
		Exclude:        slices.DeleteFunc(slices.Clone(a.Exclude), func(x string) bool { return !holds(b.Exclude, x) }),
		CPV:            union(a.CPV, b.CPV, exact),
		Regions:        union(a.Regions, b.Regions, exact),
		Value:          joinBands(a.Value, b.Value),
		SME:            both(a.SME, b.SME),
		VCSE:           both(a.VCSE, b.VCSE),
		Base:           cmp.Or(a.Base, b.Base),
		Turnover:       cmp.Or(a.Turnover, b.Turnover),
		Insurance:      greater(a.Insurance, b.Insurance),
		Experience:     union(a.Experience, b.Experience, folded),
		Certifications: union(a.Certifications, b.Certifications, folded),
		Frameworks:     union(a.Frameworks, b.Frameworks, folded),
		LeadDays:       max(a.LeadDays, b.LeadDays),
		Weights:        greater(a.Weights, b.Weights),
	}
	if a.Base != "" && b.Base != "" && a.Base != b.Base {
		p.Base = commonRegion(a.Base, b.Base)
	}
	if a.Turnover != nil && b.Turnover != nil {
		sum := *a.Turnover + *b.Turnover
		p.Turnover = &sum
	}
	p.Buyers.Avoid = union(a.Buyers.Avoid, b.Buyers.Avoid, folded)
	p.Buyers.Prefer = slices.DeleteFunc(union(a.Buyers.Prefer, b.Buyers.Prefer, folded), func(x string) bool { return holds(p.Buyers.Avoid, x) })
	return p
}

func exact[T any](v T) T { return v }

// union is what stands in either list, each once; nil where both say nothing.
func union[T any, K comparable](a, b []T, key func(T) K) []T {
	if a == nil && b == nil {
		return nil
	}
	list := make([]T, 0, len(a)+len(b))
	seen := map[K]bool{}
	for _, v := range slices.Concat(a, b) {
		if k := key(v); !seen[k] {
			seen[k] = true
			list = append(list, v)
		}
	}
	return list
}

func holds(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return folded(x) == folded(s) })
}

// both is yes where both are, no where one is not, and unsaid else.
func both(a, b *bool) *bool {
	is := func(x *bool, want bool) bool { return x != nil && *x == want }
	switch {
	case is(a, false) || is(b, false):
		return new(false)
	case is(a, true) && is(b, true):
		return new(true)
	}
	return nil
}

// greater is the greater of each where both name it.
func greater[V cmp.Ordered](a, b map[string]V) map[string]V {
	if a == nil {
		return maps.Clone(b)
	}
	m := maps.Clone(a)
	for k, v := range b {
		if old, ok := m[k]; !ok || v > old {
			m[k] = v
		}
	}
	return m
}

// joinBands reaches from the smaller least value to both greatest values added up; an end that one leaves open is open.
func joinBands(a, b Band) Band {
	switch {
	case a == Band{}:
		return b
	case b == Band{}:
		return a
	}
	var band Band
	if a.Min != nil && b.Min != nil {
		band.Min = new(min(*a.Min, *b.Min))
	}
	if a.Max != nil && b.Max != nil {
		band.Max = new(notice.Pence(*a.Max + *b.Max))
	}
	return band
}

// commonRegion is the smallest region that holds both: a whole country if need be, in which what is
// reserved for a place is neither open to them nor shut.
func commonRegion(a, b itl.Region) itl.Region {
	for _, r := range append([]itl.Region{a}, a.Ancestors()...) {
		if r.Area().Contains(b.Area()) {
			return r
		}
	}
	return ""
}
