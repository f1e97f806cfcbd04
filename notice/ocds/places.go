package ocds

import (
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// item is what one thing to be bought says about its lot: what it is and where.
type item struct {
	cpv    []notice.Said[notice.Classification]
	places []notice.Said[notice.Place]
	texts  []notice.Said[string]
}

// item reads an element of items[].
func (p *projector) item(v *value) item {
	return item{
		cpv:    p.classifications(v, false),
		places: p.placesOf(v),
		texts:  p.prose(v.get("title"), v.get("description")),
	}
}

// classifications reads the CPV codes of an item or a tender: the classification first
// (a tender's is its main one), then the additional ones.
func (p *projector) classifications(v *value, main bool) []notice.Said[notice.Classification] {
	var codes []notice.Said[notice.Classification]
	add := func(c *value, main bool) {
		if code, ok := p.code(c.get("id"), id(c.get("scheme"))); ok {
			codes = append(codes, notice.Say(notice.Classification{Code: code, Description: p.words(c.get("description")), Main: main}, c.get("id").path()))
		}
	}
	add(v.get("classification"), main)
	for _, c := range v.get("additionalClassifications").current() {
		add(c, false)
	}
	return codes
}

// code reads a CPV code. A code of the vocabulary before this one is translated; one
// that never was is read as its nearest ancestor that is; both with an Issue.
func (p *projector) code(v *value, scheme string) (cpv.Code, bool) {
	text := id(v)
	if text == "" || scheme != "" && !strings.EqualFold(scheme, "CPV") {
		return 0, false
	}
	code, digits := digitsOf(text)
	switch {
	case digits == 7 && code.Known(): // written as a number, 03000000 loses its zero
		return code, true
	case digits != 8:
		p.issue("unknown-cpv", v, "%q is not a CPV code", clip(text))
		return 0, false
	case code.Known():
		return code, true
	}
	if now, ok := cpv.FromCPV2003(code); ok {
		p.issue("old-cpv", v, "%v is a code of CPV 2003 and was read as its successor %v", code, now)
		return now, true
	}
	above, ok := code.Parent()
	if !ok {
		p.issue("unknown-cpv", v, "%v is not a CPV code", code)
		return 0, false
	}
	p.issue("unknown-cpv", v, "%v is not a CPV code and was read as %v above it", code, above)
	return above, true
}

// digitsOf reads a code's digits and counts them, the check digit after a hyphen left out.
func digitsOf(s string) (code cpv.Code, digits int) {
	s, _, _ = strings.Cut(s, "-")
	s = strings.TrimSpace(s)
	if len(s) > 8 {
		return 0, 0
	}
	for _, d := range []byte(s) {
		if d < '0' || d > '9' {
			return 0, 0
		}
		code = code*10 + cpv.Code(d-'0')
	}
	return code, len(s)
}

// placesOf reads where an item is to be delivered.
func (p *projector) placesOf(v *value) []notice.Said[notice.Place] {
	var places []notice.Said[notice.Place]
	for _, address := range v.get("deliveryAddresses").current() {
		places = append(places, p.delivery(address)...)
	}
	if address := v.get("deliveryAddress"); address != nil {
		places = append(places, p.delivery(address)...)
	}
	for _, key := range []string{"deliveryLocation", "deliveryLocations"} {
		location := v.get(key)
		places = append(places, p.location(location)...)
		for _, l := range location.each() {
			places = append(places, p.location(l)...)
		}
	}
	return places
}

// delivery reads an address: its region, which may be a list of names; where it
// has none its postcode; else its town; else its country.
func (p *projector) delivery(address *value) []notice.Said[notice.Place] {
	if regions := p.regions(address.get("region")); len(regions) > 0 {
		if country := p.token(address.get("countryName")); len(regions) == 1 && regions[0].Value.Region == "" && country.Known() && region(country.Value) == "" {
			if abroad := place(country, ""); len(regions[0].Value.Text) > 2 {
				return append(abroad, regions...) // IE052 is a part of Ireland
			} else {
				return abroad // "Ghana" says more than its code GH
			}
		}
		return regions
	}
	if postcode := p.token(address.get("postalCode")); postcode.Known() {
		r, err := itl.FromPostcode(postcode.Value)
		if err == nil {
			return place(postcode, r)
		}
	}
	for _, key := range []string{"locality", "countryName", "country", "postalCode"} {
		if name := p.token(address.get(key)); name.Known() {
			return place(name, region(name.Value))
		}
	}
	return nil
}

// regions reads a region, or several with commas or semicolons between them. A
// name that itself has a comma in it is tried whole first.
func (p *projector) regions(v *value) []notice.Said[notice.Place] {
	said := p.token(v)
	if !said.Known() {
		return nil
	}
	if r := region(said.Value); r != "" || !strings.ContainsAny(said.Value, ",;") {
		return place(said, r)
	}
	var places []notice.Said[notice.Place]
	for part := range strings.FieldsFuncSeq(said.Value, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			places = append(places, place(notice.Say(part, said.At), region(part))...)
		}
	}
	return places
}

// location reads a place named in words or by the codes of a gazetteer.
func (p *projector) location(v *value) []notice.Said[notice.Place] {
	var places []notice.Said[notice.Place]
	for said, r := range p.gazetteer(v.get("gazetteer")) {
		places = append(places, place(said, r)...)
	}
	if text := p.token(v.get("description")); text.Known() {
		places = append(places, place(text, region(text.Value))...)
	}
	return places
}

// gazetteer yields the codes of a gazetteer and the regions they stand for, "" where we do not know.
func (p *projector) gazetteer(v *value) func(yield func(notice.Said[string], itl.Region) bool) {
	return func(yield func(notice.Said[string], itl.Region) bool) {
		for _, code := range v.get("identifiers").each() {
			said := p.token(code)
			if !said.Known() {
				continue
			}
			r, err := itl.FromGazetteer(said.Value)
			if err != nil {
				r = region(said.Value)
			}
			if !yield(said, r) {
				return
			}
		}
	}
}

// region is what a name or code of a place means, "" where it is outside the UK or means nothing to us.
func region(s string) itl.Region {
	const longest = 120 // anything longer is prose
	switch s = strings.TrimSpace(s); {
	case len(s) > longest:
		return ""
	case strings.EqualFold(s, "GB"): // as a country, not as Great Britain
		return itl.UK
	}
	r, err := itl.Parse(s)
	if err != nil {
		return ""
	}
	return r
}

func place(said notice.Said[string], r itl.Region) []notice.Said[notice.Place] {
	return []notice.Said[notice.Place]{notice.Say(notice.Place{Text: said.Value, Region: r}, said.At)}
}

// codeKey and placeKey tell what a second mention repeats.
func codeKey(c notice.Classification) cpv.Code { return c.Code }

func placeKey(p notice.Place) string {
	if p.Region != "" {
		return string(p.Region)
	}
	return "=" + strings.ToLower(p.Text)
}

// textKey tells repeated texts.
func textKey(s string) string { return s }

// joined puts lists one after the other and keeps the first mention of each value.
// A list that stands alone is shared, not copied: nobody appends to it.
func joined[T any, K comparable](key func(T) K, lists ...[]notice.Said[T]) []notice.Said[T] {
	var all []notice.Said[T]
	for _, list := range lists {
		switch {
		case len(list) == 0:
		case all == nil:
			all = list[:len(list):len(list)]
		default:
			all = append(all, list...)
		}
	}
	return distinct(all, key)
}

// distinct keeps the first mention of each value.
func distinct[T any, K comparable](said []notice.Said[T], key func(T) K) []notice.Said[T] {
	if len(said) < 2 {
		return said
	}
	seen := make(map[K]bool, len(said))
	var kept []notice.Said[T]
	for _, s := range said {
		if k := key(s.Value); !seen[k] {
			seen[k] = true
			kept = append(kept, s)
		}
	}
	return kept
}
