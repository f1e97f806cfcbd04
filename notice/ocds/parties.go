package ocds

import (
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/itl"
)

// Publishers number parties in two ways. An identifier with a scheme
// ("GB-PPON-PBJV-9412-LHBX", "GB-FTS-135284") means the same organisation in every
// release; "org-7" means something only in the release it stands in. So a reference is
// looked up where it was made, and only an identifier with a scheme may also be
// looked up elsewhere.

// identifier is a register and a number in it, "GB-COH" and "01234567".
type identifier struct {
	scheme, number string
	v              *value // what said it
}

func (i identifier) String() string { return i.scheme + "-" + i.number }

// schemes in the order in which they are trusted to tell organisations apart.
var schemes = [...]string{"GB-COH", "GB-PPON"}

func (i identifier) rank() int {
	if r := slices.Index(schemes[:], i.scheme); r >= 0 {
		return r
	}
	return len(schemes)
}

// parseIdentifier reads a scheme and number, or both in one; false for a number
// that is local to its release and for what cannot be one.
func parseIdentifier(scheme, number string, v *value) (identifier, bool) {
	scheme, number = strings.ToUpper(scheme), strings.TrimSpace(number)
	if scheme == "" {
		scheme, number = splitScheme(number)
	} else if rest, ok := cutPrefixFold(number, scheme+"-"); ok {
		number = rest
	}
	if scheme == "" || number == "" {
		return identifier{}, false
	}
	switch scheme {
	case "GB-COH":
		var ok bool
		if number, ok = notice.CompanyNumber(number); !ok {
			return identifier{}, false
		}
	case "GB-PPON":
		number = strings.ToUpper(number)
	}
	return identifier{scheme, number, v}, true
}

// splitScheme cuts "GB-PPON-PBJV-9412-LHBX" after its scheme: a country of two
// capitals, a hyphen and a register in capitals. "org-7" has no scheme.
func splitScheme(s string) (scheme, number string) {
	parts := strings.SplitN(s, "-", 3)
	if len(parts) < 3 || len(parts[0]) != 2 || !capitals(parts[0]) || !capitals(parts[1]) {
		return "", ""
	}
	return parts[0] + "-" + parts[1], parts[2]
}

func capitals(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// identifiersOf lists what a party says it is registered as, the most trusted first.
func identifiersOf(party *value) []identifier {
	var ids []identifier
	add := func(scheme, number *value) {
		if i, ok := parseIdentifier(id(scheme), id(number), number); ok {
			ids = append(ids, i)
		}
	}
	register := func(v *value) { add(v.get("scheme"), v.get("id")) }
	register(party.get("identifier"))
	for _, v := range party.get("additionalIdentifiers").each() {
		register(v)
	}
	add(nil, party.get("id"))
	slices.SortStableFunc(ids, func(a, b identifier) int { return a.rank() - b.rank() })
	return ids
}

// organisation reads a party.
func (p *projector) organisation(party *value) notice.Organisation {
	address, details, contact := party.get("address"), party.get("details"), party.get("contactPoint")
	o := notice.Organisation{
		Name:       p.token(party.get("name")),
		Place:      p.seat(address),
		Locality:   p.token(address.get("locality")),
		Street:     p.token(address.get("streetAddress")),
		Postcode:   p.token(address.get("postalCode")),
		Country:    p.first(address.get("countryName"), address.get("country")),
		Type:       p.authorityType(details),
		Scale:      p.token(details.get("scale")),
		VCSE:       p.flag(details.get("vcse")),
		URL:        p.first(details.get("url"), party.get("identifier", "uri")),
		Email:      p.token(contact.get("email")),
		Phone:      p.token(contact.get("telephone")),
		ContactFor: p.token(contact.get("name")),
	}
	if !o.Name.Known() {
		o.Name = p.token(party.get("identifier", "legalName"))
	}
	for i, ident := range identifiersOf(party) {
		if i == 0 {
			o.ID = notice.Say(ident.String(), ident.v.path())
		}
		o.IDs = append(o.IDs, ident.String())
	}
	slices.Sort(o.IDs)
	o.IDs = slices.Compact(o.IDs)
	return o
}

// seat is where an organisation sits: its region, or what its postcode tells.
func (p *projector) seat(address *value) notice.Said[notice.Place] {
	if region := p.token(address.get("region")); region.Known() {
		r, _ := itl.Parse(region.Value)
		return notice.Say(notice.Place{Text: region.Value, Region: r}, region.At)
	}
	if postcode := p.token(address.get("postalCode")); postcode.Known() {
		if r, err := itl.FromPostcode(postcode.Value); err == nil {
			return notice.Say(notice.Place{Text: postcode.Value, Region: r}, postcode.At)
		}
	}
	return notice.Said[notice.Place]{}
}

// authorityType is the kind of contracting authority: the code of the first of
// the party's classifications in a list of such kinds.
func (p *projector) authorityType(details *value) notice.Said[string] {
	for _, c := range details.get("classifications").each() {
		switch id(c.get("scheme")) {
		case "UK_CA_TYPE", "TED_CA_TYPE":
			return p.first(c.get("id"), c.get("description"))
		}
	}
	return notice.Said[string]{}
}

// fill takes over what an older release said about the same organisation where o is silent.
func fill(o *notice.Organisation, older notice.Organisation) {
	fallback(&o.Name, older.Name)
	if len(older.IDs) > 0 {
		o.IDs = append(o.IDs, older.IDs...)
		slices.Sort(o.IDs)
		o.IDs = slices.Compact(o.IDs)
	}
	fallback(&o.ID, older.ID)
	fallback(&o.Place, older.Place)
	fallback(&o.Locality, older.Locality)
	fallback(&o.Street, older.Street)
	fallback(&o.Postcode, older.Postcode)
	fallback(&o.Country, older.Country)
	fallback(&o.Type, older.Type)
	fallback(&o.Scale, older.Scale)
	fallback(&o.VCSE, older.VCSE)
	fallback(&o.URL, older.URL)
	fallback(&o.Email, older.Email)
	fallback(&o.Phone, older.Phone)
	fallback(&o.ContactFor, older.ContactFor)
}

// fallback keeps what dst says, and takes src's word where it is silent.
func fallback[T any](dst *notice.Said[T], src notice.Said[T]) {
	if !dst.Known() {
		*dst = src
	}
}

// keys are what tells an organisation from others: its identifiers and its name.
// Two that share one are the same.
func keys(o *notice.Organisation) []string {
	keys := slices.Clone(o.IDs)
	if name := notice.NameKey(o.Name.Value); name != "" {
		keys = append(keys, "="+name)
	}
	return keys
}

// edition is one release of a procurement and its tree, with its parties by their id.
type edition struct {
	release *notice.Release
	root    *value
	parties map[string]*value
}

func newEdition(r *notice.Release, root *value) edition {
	e := edition{release: r, root: root, parties: map[string]*value{}}
	for _, party := range root.get("parties").each() {
		if key := id(party.get("id")); key != "" {
			e.parties[key] = party
		}
	}
	return e
}

// buyers lists the parties of a release that buy: the one its buyer refers to
// (or that reference itself) first.
func (e edition) buyers() []*value {
	var buyers []*value
	ref := e.root.get("buyer")
	main := e.parties[id(ref.get("id"))]
	switch {
	case main != nil:
		buyers = append(buyers, main)
	case id(ref.get("name")) != "" || id(ref.get("id")) != "":
		buyers = append(buyers, ref)
	}
	for _, party := range e.root.get("parties").each() {
		if party != main && hasRole(party, "buyer") {
			buyers = append(buyers, party)
		}
	}
	return buyers
}

func hasRole(party *value, role string) bool {
	for _, r := range party.get("roles").each() {
		if id(r) == role {
			return true
		}
	}
	return false
}

// supplier reads a reference to a supplier made in a release.
func (p *projector) supplier(e edition, ref *value) notice.Organisation {
	party := e.parties[id(ref.get("id"))]
	if party == nil {
		return p.organisation(ref)
	}
	o := p.organisation(party)
	fallback(&o.Name, p.token(ref.get("name")))
	return o
}

// buyer reads who buys from the newest release that names a buyer, and fills in
// from older releases what that one leaves out.
func (p *projector) buyer() {
	var buyers []notice.Organisation // the first of them is the buyer
	index := map[string]int{}        // a key of an organisation, and where it stands in buyers
	for i := len(p.editions) - 1; i >= 0; i-- {
		newest := len(buyers) == 0
		for _, v := range p.editions[i].buyers() {
			o := p.organisation(v)
			at, known := lookup(index, keys(&o))
			switch {
			case known:
				fill(&buyers[at], o)
			case newest:
				at = len(buyers)
				buyers = append(buyers, o)
			default:
				continue // bought along once, and no longer
			}
			for _, key := range keys(&o) {
				index[key] = at
			}
		}
	}
	if len(buyers) > 0 {
		p.n.Buyer = buyers[0]
		p.n.Buyers = append(p.n.Buyers, buyers[1:]...)
	}
}

func lookup(index map[string]int, keys []string) (int, bool) {
	for _, key := range keys {
		if at, ok := index[key]; ok {
			return at, true
		}
	}
	return 0, false
}
