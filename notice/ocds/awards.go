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
	a := awards{projector: p, byID: map[string]int{}, contracts: map[contractKey]toldContract{}}
	for i, e := range p.editions {
		if listsMembers(p.n.Releases[i].Type) {
			continue
		}
		for _, v := range e.root.get("awards").each() {
			a.award(e, v)
		}
		for _, v := range e.root.get("contracts").each() {
			a.contract(e, v)
		}
	}
	p.n.Awards = a.list
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
}

// award reads an award: a new one, or more about one that is known.
func (a *awards) award(e edition, v *value) {
	key := id(v.get("id"))
	next := notice.Award{
		ID:       key,
		Title:    a.words(v.get("title")),
		Status:   a.token(v.get("status")),
		Date:     a.moment(v.get("date")),
		Lots:     a.lotsOf(v),
		Value:    a.money(v.get("value")),
		Contract: a.period(v.get("contractPeriod")),

		Milestones: a.milestones(v.get("milestones")),
	}
	for _, ref := range v.get("suppliers").each() {
		next.Suppliers = append(next.Suppliers, a.supplier(e, ref))
	}
	i, known := a.byID[key]
	if known && !a.continues(e, &a.list[i], &next) {
		next.ID += "@" + e.release.Identity()
		known = false
	}
	if !known {
		a.byID[key] = len(a.list)
		a.list = append(a.list, next)
		return
	}
	update(&a.list[i], next)
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
func update(known *notice.Award, next notice.Award) {
	next.ID, next.Contracts = known.ID, known.Contracts
	fallback(&next.Title, known.Title)
	fallback(&next.Status, known.Status)
	fallback(&next.Date, known.Date)
	if len(next.Lots) == 0 {
		next.Lots = known.Lots
	}
	if len(next.Suppliers) == 0 {
		next.Suppliers = known.Suppliers
	}
	if !next.Value.Priced() {
		next.Value = known.Value
	}
	if next.Contract == (notice.Period{}) {
		next.Contract = known.Contract
	}
	if len(next.Milestones) == 0 {
		next.Milestones = known.Milestones
	}
	*known = next
}

// contract reads a contract of an award: a new one, or more about one that is known. A contract
// whose award nobody published stands for it.
func (a *awards) contract(e edition, v *value) {
	next := notice.Contract{
		ID:     id(v.get("id")),
		Title:  a.words(v.get("title")),
		Status: a.token(v.get("status")),
		Signed: a.moment(v.get("dateSigned")),
		Period: a.period(v.get("period")),
		Value:  a.money(v.get("value")),

		Milestones: a.milestones(v.get("milestones")),
	}
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
	key := contractKey{award, next.ID}
	last, known := a.contracts[key]
	if known && (next.ID != "" || last.release != e.release) {
		renew(&of.Contracts[last.at], next)
	} else {
		last.at = len(of.Contracts)
		of.Contracts = append(of.Contracts, next)
	}
	last.release = e.release
	a.contracts[key] = last
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

// renew lets a newer release speak of a contract; where it is silent the older one stands.
func renew(known *notice.Contract, next notice.Contract) {
	fallback(&next.Title, known.Title)
	fallback(&next.Status, known.Status)
	fallback(&next.Signed, known.Signed)
	if next.Period == (notice.Period{}) {
		next.Period = known.Period
	}
	if !next.Value.Priced() {
		next.Value = known.Value
	}
	if len(next.Milestones) == 0 {
		next.Milestones = known.Milestones
	}
	*known = next
}

// lotsOf lists the lots of an award by the ids that the notice's lots have; an undivided
// procurement has no need of it.
func (a *awards) lotsOf(v *value) []string {
	if !a.divided {
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
