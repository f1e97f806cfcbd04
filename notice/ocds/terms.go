package ocds

import (
	"slices"
	"strings"

	"bidfit/notice"
)

// terms reads how the procurement is run, beyond what procedure and dates tell.
func (p *projector) terms() {
	n, root := p.n, p.c.root
	tender, planning := root.get("tender"), root.get("planning")
	techniques, requirements := tender.get("techniques"), tender.get("otherRequirements")

	n.Grounds = p.grounds(tender.get("procurementMethodRationaleClassifications"))
	n.Competitive = p.flag(tender.get("competitive"))
	n.Accelerated = p.flag(tender.get("procedure", "isAccelerated"))
	n.Agreements = p.tokens(tender.get("coveredBy"))
	n.Law = p.token(tender.get("legalBasis", "id"))
	n.Categories = p.categories(tender)
	n.FrameworkTerms = p.frameworkTerms(techniques.get("frameworkAgreement"))
	n.MarketStatus = p.token(techniques.get("dynamicPurchasingSystem", "status"))
	n.MarketType = p.token(techniques.get("dynamicPurchasingSystem", "type"))
	n.ElectronicAuction = p.flag(techniques.get("hasElectronicAuction"))
	n.Budget = p.budget(planning.get("budget"))
	n.Review = p.words(tender.get("reviewDetails"))
	n.Amendments = p.amendments(tender.get("amendments"))
	n.Related = p.related()
	n.Fees = p.fees(tender.get("participationFees"))

	terms := tender.get("submissionTerms")
	n.Submission = notice.Submission{
		Methods:    p.tokens(tender.get("submissionMethod")),
		Electronic: p.token(terms.get("electronicSubmissionPolicy")),
		Languages:  p.tokens(terms.get("languages")),
		ValidDays:  p.count(terms.get("bidValidityPeriod", "durationInDays"), longestDays),
		ValidUntil: p.moment(terms.get("bidValidityPeriod", "endDate")),
		Deposits:   p.words(terms.get("depositsGuarantees")),
		StaffNames: p.flag(requirements.get("requiresStaffNamesAndQualifications")),
		Recipients: p.words(tender.get("communication", "futureNoticeRecipients")),
		Unusual:    p.token(tender.get("communication", "atypicalToolUrl")),
	}
	second := tender.get("secondStage")
	n.SecondStage = notice.SecondStage{
		Invited:       p.moment(second.get("invitationDate")),
		NoNegotiation: p.flag(second.get("noNegotiationNecessary")),
		Successive:    p.flag(second.get("successiveReduction")),
	}
	opening := tender.get("bidOpening")
	n.Opening = notice.Opening{
		Date:  p.moment(opening.get("date")),
		Place: p.first(opening.get("address", "streetAddress"), opening.get("address", "locality"), opening.get("location", "description")),
		Text:  p.words(opening.get("description")),
	}
	contract := tender.get("contractTerms")
	n.Terms = notice.Terms{
		Invoicing:   p.token(contract.get("electronicInvoicingPolicy")),
		Ordering:    p.flag(contract.get("hasElectronicOrdering")),
		Payment:     p.flag(contract.get("hasElectronicPayment")),
		Financial:   p.words(contract.get("financialTerms")),
		Performance: p.words(contract.get("performanceTerms")),
		Foreign:     p.words(tender.get("crossBorderLaw")),
	}
}

// categories are the kinds of purchase beside the main one, of the tender and of its awards.
func (p *projector) categories(tender *value) []notice.Said[string] {
	list := p.tokens(tender.get("additionalProcurementCategories"))
	for _, award := range p.c.root.get("awards").each() {
		list = append(list, p.tokens(award.get("mainProcurementCategory"))...)
		list = append(list, p.tokens(award.get("additionalProcurementCategories"))...)
	}
	list = slices.DeleteFunc(list, func(c notice.Said[string]) bool { return strings.EqualFold(c.Value, p.n.Category.Value) })
	return distinct(list, textKey)
}

// frameworkTerms reads what is said of a framework.
func (p *projector) frameworkTerms(v *value) notice.FrameworkAgreement {
	f := notice.FrameworkAgreement{
		Type:            p.token(v.get("type")),
		Method:          p.token(v.get("method")),
		MostSuppliers:   p.count(v.get("maximumParticipants"), mostSuppliers),
		Period:          p.period(v.get("period")),
		SchemeEnds:      p.moment(v.get("openFrameworkSchemeEndDate")),
		Description:     p.words(v.get("description")),
		Buyers:          p.words(v.get("buyerCategories")),
		PeriodRationale: p.words(v.get("periodRationale")),
		BuyerKinds:      p.grounds(v.get("buyerClassificationRestrictions")),
	}
	for _, where := range v.get("buyerLocationRestrictions").each() {
		f.BuyerPlaces = append(f.BuyerPlaces, p.location(where)...)
	}
	f.BuyerPlaces = distinct(f.BuyerPlaces, placeKey)
	return f
}

// budget reads what is set aside, with its parts.
func (p *projector) budget(v *value) notice.Budget {
	b := notice.Budget{Value: p.money(v.get("amount")), Description: p.words(v.get("description"))}
	for _, line := range v.get("budgetBreakdown").each() {
		b.Lines = append(b.Lines, notice.BudgetLine{
			ID:          id(line.get("id")),
			Description: p.words(line.get("description")),
			Value:       p.money(line.get("amount")),
			Period:      p.period(line.get("period")),
		})
	}
	return b
}

// fees reads what taking part or winning costs.
func (p *projector) fees(list *value) []notice.Fee {
	var fees []notice.Fee
	for _, v := range list.each() {
		fees = append(fees, notice.Fee{
			ID:          id(v.get("id")),
			For:         p.tokens(v.get("type")),
			Description: p.words(v.get("description")),
			Value:       p.money(v.get("value")),
			Share:       p.share(v.get("relativeValue", "proportion")),
			Of:          p.token(v.get("relativeValue", "monetaryValue")),
		})
	}
	return fees
}

// related reads the other procurements that this one names.
func (p *projector) related() []notice.Related {
	var list []notice.Related
	for _, v := range p.c.root.get("relatedProcesses").each() {
		list = append(list, notice.Related{
			ID:         id(v.get("id")),
			As:         p.tokens(v.get("relationship")),
			Scheme:     id(v.get("scheme")),
			Identifier: p.token(v.get("identifier")),
			Title:      p.words(v.get("title")),
			URL:        p.token(v.get("uri")),
			Lots:       p.lotsOf(v),
		})
	}
	return list
}

// bids reads who made bids, and how many there were.
func (p *projector) bids() {
	bids := p.c.root.get("bids")
	for _, v := range bids.get("statistics").each() {
		s := notice.Statistic{Measure: id(v.get("measure")), Lot: id(v.get("relatedLot"))}
		if strings.HasSuffix(s.Measure, "Value") {
			s.Amount, s.Currency = p.pence(v.get("value")), p.token(v.get("currency"))
		} else {
			s.Count = p.tally(v.get("value"))
		}
		if s.Count.Known() || s.Amount.Known() {
			p.n.Statistics = append(p.n.Statistics, s)
		}
	}
	for _, v := range bids.get("details").each() {
		for _, ref := range v.get("tenderers").each() {
			p.n.Bidders = append(p.n.Bidders, notice.Bidder{
				Organisation: p.supplier(p.said(ref), ref),
				Status:       p.token(v.get("status")),
				Lots:         p.lotsOf(v),
			})
		}
	}
}

// said is the release that said a value.
func (p *projector) said(v *value) edition { return p.editions[p.order[v.release()]] }

// figures reads what a notice says that is no procurement (payments compliance): whatever
// stands outside the parts that every release has. No standard gives these their
// places, so they keep the publisher's names.
func (p *projector) figures() {
	if p.n.Type.Value != "UK17" {
		return
	}
	p.figure(p.c.root, nil)
}

// figure gathers the texts, numbers and truth values below v, named by the members that lead to them.
func (p *projector) figure(v *value, names []string) {
	for name, kid := range v.members() {
		switch name {
		case "ocid", "id", "date", "tag", "initiationType", "language", "links", "version", "buyer", "title", "status",
			"name", "roles", "address", "contactPoint", "identifier", "additionalIdentifiers", "classifications", "legalBasis", "documents":
			continue
		}
		p.figure(kid, append(names, name))
	}
	for _, kid := range v.each() {
		p.figure(kid, names)
	}
	if len(names) == 0 || v.isObject() || v.isArray() || v.isNull() {
		return
	}
	said := p.token(v)
	if b, ok := v.boolean(); ok {
		said = notice.Say(map[bool]string{true: "yes", false: "no"}[b], v.path())
	}
	if said.Known() {
		p.n.Figures = append(p.n.Figures, notice.Figure{Name: strings.Join(names, " "), Text: said})
	}
}
