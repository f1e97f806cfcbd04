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
// that is local to its release and, with its scheme, for what cannot be one.
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
			return identifier{scheme: scheme}, false
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

// identifiersOf lists what a party says it is registered as, the most trusted first, and
// apart from that what stands where a company number should.
func identifiersOf(party *value) (ids []identifier, refused []*value) {
	add := func(scheme, number *value) {
		i, ok := parseIdentifier(id(scheme), id(number), number)
		switch {
		case ok:
			ids = append(ids, i)
		case i.scheme != "":
			refused = append(refused, number)
		}
	}
	register := func(v *value) { add(v.get("scheme"), v.get("id")) }
	register(party.get("identifier"))
	for _, v := range party.get("additionalIdentifiers").each() {
		register(v)
	}
	add(nil, party.get("id"))
	slices.SortStableFunc(ids, func(a, b identifier) int { return a.rank() - b.rank() })
	return ids, refused
}

// mostRoles is how many roles of a party are read; the standard has some twenty.
const mostRoles = 30

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
		Scale:      p.token(details.get("scale")),
		VCSE:       p.flag(details.get("vcse")),
		URL:        p.first(details.get("url"), party.get("identifier", "uri")),
		Email:      p.token(contact.get("email")),
		Phone:      p.token(contact.get("telephone")),
		ContactFor: p.token(contact.get("name")),
		RoleText:   p.words(party.get("roleDetails")),
		Profile:    p.token(details.get("buyerProfile")),
		Mutual:     p.flag(details.get("publicServiceMissionOrganization")),
		Sheltered:  p.flag(details.get("shelteredWorkshop")),
		Unnumbered: p.token(party.get("identifier", "noIdentifierRationale")),
	}
	for _, role := range party.get("roles").each() {
		if len(o.Roles) < mostRoles {
			o.Roles = append(o.Roles, id(role))
		}
	}
	if !o.Name.Known() {
		o.Name = p.token(party.get("identifier", "legalName"))
	}
	p.classify(&o, details)
	ids, refused := identifiersOf(party)
	for _, v := range refused {
		p.issue("bad-company-number", v, "%q is no company number: the organisation goes by its name and its other numbers", clip(id(v)))
	}
	for i, ident := range ids {
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

// classify reads the lists that a party is classified by: the kind of contracting
// authority, what it does, and whether devolved rules apply; of each the first.
func (p *projector) classify(o *notice.Organisation, details *value) {
	for _, c := range details.get("classifications").each() {
		var into *notice.Said[string]
		first, second := c.get("id"), c.get("description")
		switch id(c.get("scheme")) {
		case "UK_CA_TYPE", "TED_CA_TYPE":
			into = &o.Type
		case "COFOG", "TED_CE_ACTIVITY":
			into = &o.Activity
			first, second = second, first // the codes are numbers
		case "UK_CA_DEVOLVED_REGULATIONS":
			into = &o.Devolved
		default:
			continue
		}
		if !into.Known() {
			*into = p.first(first, second)
		}
	}
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
	o.Roles = unlessSilent(o.Roles, older.Roles)
	fallback(&o.RoleText, older.RoleText)
	fallback(&o.Activity, older.Activity)
	fallback(&o.Devolved, older.Devolved)
	fallback(&o.Profile, older.Profile)
	fallback(&o.Mutual, older.Mutual)
	fallback(&o.Sheltered, older.Sheltered)
	fallback(&o.Unnumbered, older.Unnumbered)
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
	p.listed[party] = true
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
			p.listed[v] = true
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

// parties reads who else takes part, and is neither listed as buyer nor as supplier: review
// bodies, contact points, those who left. What part one plays besides, who is listed, is added there.
// The newest release counts.
func (p *projector) parties() {
	index := map[string]*notice.Organisation{}
	add := func(o *notice.Organisation, named []string) {
		for _, key := range named {
			index[key] = o
		}
	}
	for _, o := range p.organisations() {
		add(o, keys(o))
	}
	var others []*notice.Organisation
	other := map[*notice.Organisation]bool{}
	for i := len(p.editions) - 1; i >= 0; i-- {
		for _, v := range p.editions[i].root.get("parties").each() {
			if p.listed[v] {
				continue
			}
			o := p.organisation(v)
			named := keys(&o)
			var known *notice.Organisation
			for _, key := range named {
				if known = index[key]; known != nil {
					break
				}
			}
			switch {
			case known == nil, !other[known] && slices.Contains(o.Roles, "removedSupplier"):
				others, other[&o] = append(others, &o), true
				add(&o, named)
			case other[known]:
				known.Roles = union(known.Roles, o.Roles)
				fill(known, o)
				add(known, named)
			default:
				known.Roles = union(known.Roles, o.Roles)
			}
		}
	}
	for _, o := range others {
		p.n.Parties = append(p.n.Parties, *o)
	}
}

// union adds the roles of b to those of a.
func union(a, b []string) []string {
	for _, s := range b {
		if len(a) < mostRoles && !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// organisations are those that the notice lists as buyers, winners, members and bidders.
func (p *projector) organisations() []*notice.Organisation {
	n := p.n
	all := []*notice.Organisation{&n.Buyer}
	add := func(list []notice.Organisation) {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	add(n.Buyers)
	add(n.Members)
	for i := range n.Awards {
		add(n.Awards[i].Suppliers)
	}
	for i := range n.Bidders {
		all = append(all, &n.Bidders[i].Organisation)
	}
	return all
}

func lookup(index map[string]int, keys []string) (int, bool) {
	for _, key := range keys {
		if at, ok := index[key]; ok {
			return at, true
		}
	}
	return 0, false
}
