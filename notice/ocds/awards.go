package ocds

import (
	"slices"
	"strings"

	"bidfit/notice"
)

// Awards are read release by release, not from the compiled release: their ids
// begin again at "1" in many procurements, and merging by id would give one
// award the suppliers of another.

// awards reads who won what.
func (p *projector) awards() {
	a := awards{projector: p, byID: map[string]int{}}
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
	list []notice.Award
	byID map[string]int
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

// update lets a newer release speak; where it is silent the older one stands.
func update(known *notice.Award, next notice.Award) {
	id := known.ID
	fallback(&next.Title, known.Title)
	fallback(&next.Status, known.Status)
	fallback(&next.Date, known.Date)
	fallback(&next.Signed, known.Signed)
	if len(next.Lots) == 0 {
		next.Lots = known.Lots
	}
	if len(next.Suppliers) == 0 {
		next.Suppliers = known.Suppliers
	}
	if !hasAmount(next.Value) {
		next.Value = known.Value
	}
	if next.Contract == (notice.Period{}) {
		next.Contract = known.Contract
	}
	*known = next
	known.ID = id
}

func hasAmount(v notice.Value) bool { return v.Net.Known() || v.Gross.Known() || v.Min.Known() }

// contract adds a contract to its award. A contract whose award nobody published
// stands for it.
func (a *awards) contract(e edition, v *value) {
	key := id(v.get("awardID"))
	if key == "" {
		key = id(v.get("id"))
	}
	next := notice.Award{
		Title:    a.words(v.get("title")),
		Signed:   a.moment(v.get("dateSigned")),
		Value:    a.money(v.get("value")),
		Contract: a.period(v.get("period")),
	}
	switch status := a.token(v.get("status")); strings.ToLower(status.Value) {
	case "cancelled", "terminated":
		next.Status = status
	}
	i, known := a.byID[key]
	if !known {
		next.ID = key
		fallback(&next.Status, a.token(v.get("status")))
		a.byID[key] = len(a.list)
		a.list = append(a.list, next)
		return
	}
	if a.list[i].Signed.Known() && a.list[i].Signed.At.Release == e.release.Identity() {
		a.another(&a.list[i], next)
		return
	}
	update(&a.list[i], next)
}

// another adds a second contract of one award in the same release: the award is worth both.
func (a *awards) another(known *notice.Award, next notice.Award) {
	if known.Value.Currency.Value == next.Value.Currency.Value {
		add(&known.Value.Net, next.Value.Net)
		add(&known.Value.Gross, next.Value.Gross)
	}
	if next.Contract.End.Known() && (!known.Contract.End.Known() || next.Contract.End.Value.After(known.Contract.End.Value.Time)) {
		known.Contract.End = next.Contract.End
	}
}

func add(sum *notice.Said[notice.Pence], more notice.Said[notice.Pence]) {
	if sum.Known() && more.Known() {
		sum.Value += more.Value
	}
	fallback(sum, more)
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
