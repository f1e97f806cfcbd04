package ocds

import (
	"strconv"
	"strings"

	"bidfit/notice"
)

// Each lot takes over what its tender says for all, which is lots times
// statements. These bounds, which no real procurement comes near, keep a hostile release
// of a few megabytes from becoming a notice of gigabytes.
const (
	mostLots   = 10_000
	mostCopies = 50_000 // of one kind of statement, over all lots

	mostSuppliers = 1_000_000 // on a framework, or invited: more is "no limit"
)

// lots reads the lots of the procurement. A tender with one lot, or none, is
// undivided: one lot with the ID "".
func (p *projector) lots() {
	tender := p.c.root.get("tender")
	published := p.publishedLots(tender)
	p.divided = len(published) > 1
	if len(published) == 0 {
		published = []*value{nil}
	}
	p.n.Lots = make([]notice.Lot, len(published))
	p.lotIndex = make(map[string]int, len(published))
	for i, v := range published {
		lot := &p.n.Lots[i]
		if p.divided {
			lot.ID = p.lotID(v, i)
		}
		p.lotIndex[lot.ID] = i
		p.readLot(lot, v)
	}
	p.joinItems(tender)
	p.copyDown(tender)
}

// publishedLots lists the lots as they stand, at most mostLots.
func (p *projector) publishedLots(tender *value) []*value {
	var lots []*value
	for _, v := range tender.get("lots").each() {
		if !v.isObject() {
			p.issue("wrong-type", v, "a lot was expected here, not %s", kindName(v))
			continue
		}
		if len(lots) == mostLots {
			p.issue("too-many-lots", v, "only the first %d lots are read; the others stand in the notice itself", mostLots)
			break
		}
		lots = append(lots, v)
	}
	return lots
}

// lotID is the published id of a lot, made unique: decisions are kept under it.
func (p *projector) lotID(v *value, i int) string {
	published := id(v.get("id"))
	if published == "" {
		published = "#" + strconv.Itoa(i+1)
		p.issue("lot-without-id", v, "this lot has no id and is called %s here", published)
	}
	unique := published
	for n := i + 1; p.hasLot(unique); n++ {
		unique = published + "#" + strconv.Itoa(n)
	}
	if unique != published {
		p.issue("duplicate-lot", v, "a second lot has the id %s and is called %s here", clip(published), clip(unique))
	}
	return unique
}

func (p *projector) hasLot(id string) bool {
	_, ok := p.lotIndex[id]
	return ok
}

// readLot reads what a lot says itself, its items apart.
func (p *projector) readLot(lot *notice.Lot, v *value) {
	lot.Title = p.words(v.get("title"))
	lot.Description = p.words(v.get("description"))
	lot.Status = p.token(v.get("status"))
	lot.Value = p.money(v.get("value"))
	lot.SME = p.flag(v.get("suitability", "sme"))
	lot.VCSE = p.flag(v.get("suitability", "vcse"))
	lot.Reserved = p.reservations(v)
	lot.Contract = p.period(v.get("contractPeriod"))
	lot.Renewal = p.option(v, "hasRenewal", "renewal")
	lot.Options = p.option(v, "hasOptions", "options")
	lot.Criteria = p.awardCriteria(v.get("awardCriteria"))
	lot.Conditions = p.conditions(v.get("selectionCriteria"))
	for _, other := range v.get("identifiers").each() {
		fallback(&lot.Label, p.token(other.get("id")))
	}
	lot.Variants = p.token(v.get("submissionTerms", "variantPolicy"))
	lot.Catalogue = p.token(v.get("submissionTerms", "electronicCataloguePolicy"))
	lot.LeastInvited = p.count(v.get("secondStage", "minimumCandidates"), mostSuppliers)
	lot.MostInvited = p.count(v.get("secondStage", "maximumCandidates"), mostSuppliers)
}

// option reads an option of the contract: its description, or "yes" or "no" where the
// publisher only said whether there is one.
func (p *projector) option(v *value, ticked, described string) notice.Said[string] {
	if said := p.words(v.get(described, "description")); said.Known() {
		return said
	}
	has := p.flag(v.get(ticked))
	switch {
	case !has.Known():
		return notice.Said[string]{}
	case has.Value:
		return notice.Say("yes", has.At)
	}
	return notice.Say("no", has.At)
}

// joinItems gives the items to their lots; one that names no lot, or none that there
// is, belongs to all. The tender's main code goes before the others of every lot. What awards and
// contracts say of their items counts where the tender says nothing of the kind, as
// in notices published after it.
func (p *projector) joinItems(tender *value) {
	main := p.classifications(tender, true)
	own, wide := p.items(tender.get("items"))
	if len(main) > 0 && main[0].Value.Main {
		wide.cpv = append(wide.cpv, main[1:]...)
		main = main[:1]
	} else {
		wide.cpv = append(wide.cpv, main...)
		main = nil
	}
	late, lateWide := p.lateItems()

	wide, lateWide = p.ready(wide), p.ready(lateWide)
	for i := range p.n.Lots {
		lot := &p.n.Lots[i]
		lot.CPV = joined(codeKey, main, own[i].cpv, wide.cpv)
		lot.Places = joined(placeKey, own[i].places, wide.places)
		lot.Items = joined(textKey, own[i].texts, wide.texts)
		if len(lot.CPV) == 0 {
			lot.CPV = joined(codeKey, late[i].cpv, lateWide.cpv)
		}
		if len(lot.Places) == 0 {
			lot.Places = joined(placeKey, late[i].places, lateWide.places)
		}
	}
}

// items reads items lot by lot, and apart from them those that belong to all lots.
func (p *projector) items(lists ...*value) (own []item, wide item) {
	own = make([]item, len(p.n.Lots))
	for _, list := range lists {
		for _, v := range list.each() {
			it, to := p.item(v), &wide
			if i, ok := p.relatedLot(v); ok {
				to = &own[i]
			}
			to.cpv = append(to.cpv, it.cpv...)
			to.places = append(to.places, it.places...)
			to.texts = append(to.texts, it.texts...)
		}
	}
	return own, wide
}

// lateItems reads the items of awards and contracts.
func (p *projector) lateItems() (own []item, wide item) {
	var lists []*value
	for _, key := range []string{"awards", "contracts"} {
		for _, v := range p.c.root.get(key).each() {
			if items := v.get("items"); items != nil {
				lists = append(lists, items)
			}
		}
	}
	return p.items(lists...)
}

// relatedLot finds the lot that an item names.
func (p *projector) relatedLot(v *value) (int, bool) {
	if !p.divided {
		return 0, true
	}
	related := v.get("relatedLot")
	for _, first := range v.get("relatedLots").each() {
		related = first
		break
	}
	name := id(related)
	if name == "" {
		return 0, false
	}
	i, ok := p.lotIndex[name]
	if !ok {
		p.issue("unknown-lot", related, "there is no lot %s; the item is taken to belong to all lots", clip(name))
	}
	return i, ok
}

// ready prepares what belongs to all lots for being copied to each.
func (p *projector) ready(wide item) item {
	return item{
		cpv:    bounded(p, distinct(wide.cpv, codeKey)),
		places: bounded(p, distinct(wide.places, placeKey)),
		texts:  bounded(p, distinct(wide.texts, textKey)),
	}
}

// bounded cuts a list that would be copied to too many lots.
func bounded[T any](p *projector, list []notice.Said[T]) []notice.Said[T] {
	most := max(1, mostCopies/len(p.n.Lots))
	if len(list) <= most {
		return list
	}
	p.note(notice.Issue{
		Code: "copied-in-part", At: list[most].At,
		Message: "the tender says more about all its " + strconv.Itoa(len(p.n.Lots)) + " lots than is copied to each; the rest stands in the notice itself",
	})
	return list[:most]
}

// copyDown gives each lot what its tender says for all, where the lot itself is silent.
func (p *projector) copyDown(tender *value) {
	n := p.n
	sme := p.flag(firstOf(tender.get("suitability", "sme"), tender.get("xClassifications", "isSuitableForSme")))
	vcse := p.flag(firstOf(tender.get("suitability", "vcse"), tender.get("xClassifications", "isSuitableForVco")))
	reserved := bounded(p, p.reservations(tender))
	contract := p.tenderContract(tender)
	criteria := bounded(p, p.awardCriteria(firstOf(tender.get("awardCriteria"), tender.get("lotDetails", "awardCriteria"))))
	conditions := bounded(p, p.conditions(tender.get("selectionCriteria")))
	for i := range n.Lots {
		lot := &n.Lots[i]
		fallback(&lot.SME, sme)
		fallback(&lot.VCSE, vcse)
		if lot.Contract == (notice.Period{}) {
			lot.Contract = contract
		}
		lot.Reserved = unlessSilent(lot.Reserved, reserved)
		lot.Criteria = unlessSilent(lot.Criteria, criteria)
		lot.Conditions = unlessSilent(lot.Conditions, conditions)
	}
	if !p.divided {
		lot := &n.Lots[0]
		fallback(&lot.Status, n.Status)
		share(&lot.Value, &n.Value)
	}
}

// share lets the value of an undivided tender and that of its one lot speak for each other.
func share(a, b *notice.Value) {
	if a.Currency.Known() && b.Currency.Known() && a.Currency.Value != b.Currency.Value {
		return
	}
	either(&a.Net, &b.Net)
	either(&a.Gross, &b.Gross)
	either(&a.Min, &b.Min)
	either(&a.Currency, &b.Currency)
}

func either[T any](a, b *notice.Said[T]) {
	fallback(a, *b)
	fallback(b, *a)
}

func unlessSilent[T any](own, wide []T) []T {
	if len(own) > 0 {
		return own
	}
	return wide
}

// tenderContract is the contract period said once for the tender. Contracts Finder
// used to put its ends into milestones.
func (p *projector) tenderContract(tender *value) notice.Period {
	t := p.period(tender.get("contractPeriod"))
	for _, m := range tender.get("milestones").each() {
		switch strings.ToLower(id(m.get("title"))) {
		case "contract start":
			fallback(&t.Start, p.moment(m.get("dueDate")))
		case "contract end":
			fallback(&t.End, p.moment(m.get("dueDate")))
		}
	}
	return t
}

// reservations reads who alone may take part, from the otherRequirements of a tender or lot.
func (p *projector) reservations(v *value) []notice.Said[notice.Reservation] {
	requirements := v.get("otherRequirements")
	var reserved []notice.Said[notice.Reservation]
	add := func(code notice.Said[string]) {
		if code.Known() {
			reserved = append(reserved, notice.Say(notice.Reservation{Kind: reservationKind(code.Value), Text: code.Value}, code.At))
		}
	}
	switch list := requirements.get("reservedParticipation"); {
	case list.isArray():
		for _, code := range list.each() {
			add(p.token(code))
		}
	default:
		add(p.token(list))
	}
	location := requirements.get("reservedParticipationLocation")
	named := p.token(location.get("description"))
	coded := len(reserved)
	for code, r := range p.gazetteer(location.get("gazetteer")) {
		said := code
		if named.Known() {
			said = named // "Norfolk" says more than E10000020
		}
		place := notice.Place{Text: code.Value, Region: r}
		reserved = append(reserved, notice.Say(notice.Reservation{Kind: "location", Text: said.Value, Place: place}, said.At))
	}
	if named.Known() && len(reserved) == coded {
		place := notice.Place{Text: named.Value, Region: region(named.Value)}
		reserved = append(reserved, notice.Say(notice.Reservation{Kind: "location", Text: named.Value, Place: place}, named.At))
	}
	return reserved
}

// reservationKind sorts the publishers' codes for reserved participation.
func reservationKind(code string) string {
	switch strings.ToLower(code) {
	case "shelteredworkshop", "shelteredemployment", "shelteredprogram", "supportedemployment", "supportedemploymentprovider":
		return "sheltered"
	case "publicservicemissionorganization", "publicservicemutual", "publicservicemutuals":
		return "mutual"
	case "sme":
		return "sme"
	case "vcse":
		return "vcse"
	case "smevcse", "smeorvcse":
		return "smeVcse"
	}
	return "other"
}

// awardCriteria reads how bids are weighed.
func (p *projector) awardCriteria(v *value) []notice.Said[notice.Criterion] {
	var criteria []notice.Said[notice.Criterion]
	for _, c := range v.get("criteria").current() {
		criterion := notice.Criterion{
			Kind: p.token(c.get("type")).Value,
			Name: p.token(c.get("name")).Value,
		}
		for _, n := range c.get("numbers").each() {
			criterion.Weight = id(n.get("number"))
			criterion.Unit = id(n.get("weight"))
			break
		}
		description := p.token(c.get("description")).Value
		if criterion.Weight == "" && isWeight(description) {
			criterion.Weight = description // where the 2014 directives' forms put it
		} else {
			criterion.Description = description
		}
		if criterion != (notice.Criterion{}) {
			criteria = append(criteria, notice.Say(criterion, c.path()))
		}
	}
	return criteria
}

// isWeight tells "60", "50%" and "40 - 60" from words.
func isWeight(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.Trim(s, "0123456789.,%- ") == ""
}

// conditions reads what a supplier must fulfil to take part.
func (p *projector) conditions(v *value) []notice.Said[string] {
	conditions := p.prose(v.get("description"))
	for _, c := range v.get("criteria").current() {
		conditions = append(conditions, p.prose(c.get("description"), c.get("minimum"), c.get("verificationMethod"))...)
	}
	return distinct(conditions, textKey)
}
