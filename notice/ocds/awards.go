package ocds

import (
	"slices"

	"bidfit/notice"
)

// Awards are read release by release, not from the compiled release: their ids
// begin again at "1" in many procurements, and merging by id would give one
// award the suppliers of another.

// awards reads who won what.
func (p *projector) awards() {
	a := awards{projector: p, byID: map[string]int{}, contracts: map[contractKey]toldContract{}, entries: map[entry]int{}}
	m := market{projector: p, index: map[string]int{}, gone: map[int]bool{}}
	for i, e := range p.editions {
		if listsMembers(p.n.Releases[i].Type) {
			m.read(e)
			continue
		}
		for _, v := range e.root.get("awards").each() {
			a.award(e, v)
		}
		for _, v := range e.root.get("contracts").each() {
			a.contract(e, v)
		}
	}
	p.n.Awards, p.n.Members = a.list, m.members()
}

// market gathers who is on a dynamic market.
type market struct {
	*projector
	list  []notice.Organisation
	index map[string]int // a key of a member, and where it stands in list
	gone  map[int]bool   // those who left, and have not come back
}

// read reads who joined in one release, and who left: a supplier joins once for each category.
func (m *market) read(e edition) {
	for _, v := range e.root.get("awards").each() {
		for _, ref := range v.get("suppliers").each() {
			o := m.supplier(e, ref)
			named := keys(&o)
			at, known := lookup(m.index, named)
			if !known {
				at = len(m.list)
				m.list = append(m.list, o)
			}
			for _, key := range named {
				m.index[key] = at
			}
			delete(m.gone, at)
		}
	}
	for _, party := range e.root.get("parties").each() {
		if hasRole(party, "removedSupplier") {
			o := m.organisation(party)
			if at, known := lookup(m.index, keys(&o)); known {
				m.gone[at] = true
			}
		}
	}
}

// members are those who joined and did not leave.
func (m *market) members() []notice.Organisation {
	var members []notice.Organisation
	for i, o := range m.list {
		if !m.gone[i] {
			members = append(members, o)
		}
	}
	return members
}

// listsMembers reports whether what a type of notice files under awards are the members of a dynamic market.
func listsMembers(form string) bool {
	switch form {
	case "UK13", "UK14", "UK15", "UK16":
		return true
	}
	return false
}

// awards gathers the awards of a procurement; the newest with an id is the one that later releases mean.
type awards struct {
	*projector
	list      []notice.Award
	byID      map[string]int
	contracts map[contractKey]toldContract
	entries   map[entry]int // of the lists of awards and contracts, and where each stands in its list
}

// award reads an award: a new one, or more about one that is known.
func (a *awards) award(e edition, v *value) {
	key := id(v.get("id"))
	next := notice.Award{
		ID:             key,
		Title:          a.words(v.get("title")),
		Description:    a.words(v.get("description")),
		Status:         a.token(v.get("status")),
		Reason:         a.words(v.get("statusDetails")),
		Date:           a.moment(v.get("date")),
		Published:      a.moment(v.get("datePublished")),
		Lots:           a.lotsOf(v),
		Value:          a.money(v.get("value")),
		Contract:       a.period(v.get("contractPeriod")),
		Renewal:        a.option(v, "hasRenewal", "renewal"),
		Options:        a.option(v, "hasOptions", "options"),
		Standstill:     a.standstills(v.get("standstillPeriod")),
		Assessed:       a.moment(v.get("assessmentSummariesDateSent")),
		Ended:          a.moment(v.get("finalStatusDate")),
		Subcontracting: a.subcontracting(e, v),
		Milestones:     a.milestones(v.get("milestones")),
		Amendments:     a.amendments(v.get("amendments")),
	}
	a.itemsOf(&next, v)
	for _, ref := range v.get("suppliers").each() {
		next.Suppliers = append(next.Suppliers, a.supplier(e, ref))
	}
	i, known := a.byID[key]
	if known && !a.continues(e, &a.list[i], &next) {
		next.ID += "@" + e.release.Identity()
		known = false
	}
	if !known {
		i = len(a.list)
		a.byID[key] = i
		a.list = append(a.list, notice.Award{ID: next.ID})
	}
	a.update(&a.list[i], next, i)
}

// itemsOf adds to an award what the items of it, or of its contract, are and where they go.
func (a *awards) itemsOf(award *notice.Award, v *value) {
	for _, thing := range v.get("items").each() {
		it := a.item(thing)
		award.CPV = append(award.CPV, it.cpv...)
		award.Places = append(award.Places, it.places...)
	}
	award.CPV, award.Places = distinct(award.CPV, codeKey), distinct(award.Places, placeKey)
}

// standstills are when standstill periods end.
func (a *awards) standstills(v *value) []notice.Said[notice.Moment] {
	var ends []notice.Said[notice.Moment]
	add := func(v *value) {
		if end := a.moment(v); end.Known() {
			ends = append(ends, end)
		}
	}
	add(v.get("endDate"))
	for _, period := range v.each() {
		add(period.get("endDate"))
	}
	return ends
}

// continues reports whether an award is the one known under its id: its suppliers
// are not wholly others, unless the release says that it changes what was said, or what
// was said was only the intention to award.
func (a *awards) continues(e edition, known, next *notice.Award) bool {
	if len(known.Suppliers) == 0 || len(next.Suppliers) == 0 ||
		slices.Contains(e.release.Tags, "awardUpdate") || known.Status.Value == "pending" {
		return true
	}
	seen := map[string]bool{}
	for i := range known.Suppliers {
		for _, key := range keys(&known.Suppliers[i]) {
			seen[key] = true
		}
	}
	for i := range next.Suppliers {
		if slices.ContainsFunc(keys(&next.Suppliers[i]), func(key string) bool { return seen[key] }) {
			return true
		}
	}
	return false
}

// update lets a newer release speak of an award; where it is silent the older one stands.
func (a *awards) update(known *notice.Award, next notice.Award, at int) {
	next.ID, next.Contracts = known.ID, known.Contracts
	fallback(&next.Title, known.Title)
	fallback(&next.Description, known.Description)
	fallback(&next.Status, known.Status)
	fallback(&next.Reason, known.Reason)
	fallback(&next.Date, known.Date)
	fallback(&next.Published, known.Published)
	next.Lots = unlessSilent(next.Lots, known.Lots)
	next.Suppliers = sameSuppliers(next.Suppliers, known.Suppliers)
	price(&next.Value, known.Value)
	lapse(&next.Contract, known.Contract)
	fallback(&next.Renewal, known.Renewal)
	fallback(&next.Options, known.Options)
	next.Standstill = unlessSilent(next.Standstill, known.Standstill)
	fallback(&next.Assessed, known.Assessed)
	fallback(&next.Ended, known.Ended)
	next.CPV = unlessSilent(next.CPV, known.CPV)
	next.Places = unlessSilent(next.Places, known.Places)
	if s := &next.Subcontracting; !s.Planned.Known() && !s.Description.Known() && !s.Value.Priced() && len(s.Parts) == 0 {
		*s = known.Subcontracting
	}
	next.Milestones = unlessSilent(next.Milestones, known.Milestones)
	next.Amendments = tell(a, entry{award: at, contract: -1, list: "amendments"}, known.Amendments, next.Amendments, amendmentID, replace)
	*known = next
}

// sameSuppliers are the suppliers that a newer release names, with what the older one said of
// the same; the older ones where it names none.
func sameSuppliers(next, known []notice.Organisation) []notice.Organisation {
	if len(next) == 0 {
		return known
	}
	index := map[string]int{}
	for i := range known {
		for _, key := range keys(&known[i]) {
			index[key] = i
		}
	}
	for i := range next {
		if at, ok := lookup(index, keys(&next[i])); ok {
			fill(&next[i], known[at])
		}
	}
	return next
}

// contract reads a contract of an award: a new one, or more about one that is known. A contract
// whose award nobody published stands for it.
func (a *awards) contract(e edition, v *value) {
	next := a.readContract(e, v)
	name := id(v.get("awardID"))
	if name == "" {
		name = next.ID
	}
	award, known := a.byID[name]
	if !known {
		award = len(a.list)
		a.byID[name] = award
		a.list = append(a.list, notice.Award{ID: name, Lots: a.lotsOf(v)})
	}
	of := &a.list[award]
	a.itemsOf(of, v)
	key := contractKey{award, next.ID}
	last, known := a.contracts[key]
	if !known || next.ID == "" && last.release == e.release { // one without an id is another one
		last.at = len(of.Contracts)
		of.Contracts = append(of.Contracts, notice.Contract{})
	}
	last.release = e.release
	a.contracts[key] = last
	a.renew(&of.Contracts[last.at], next, award, last.at)
}

// contractKey names a contract: an award, by its place in the list, and an id that
// need not be unique beyond it.
type contractKey struct {
	award int
	id    string
}

// toldContract is where a contract stands in its award, and the release that spoke of it last.
type toldContract struct {
	at      int
	release *notice.Release
}

// lotsOf lists the lots of an award by the ids that the notice's lots have; an undivided
// procurement has no need of it.
func (p *projector) lotsOf(v *value) []string {
	if !p.divided {
		return nil
	}
	var lots []string
	seen := map[string]bool{"": true}
	for _, lot := range v.get("relatedLots").each() {
		if name := id(lot); !seen[name] {
			seen[name] = true
			lots = append(lots, name)
		}
	}
	return lots
}
