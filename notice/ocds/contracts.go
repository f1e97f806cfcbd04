package ocds

import "bidfit/notice"

// This file reads the contracts of an award, how they are carried out, and the
// changes that are made to tenders, awards and contracts.

// readContract reads what one release says of a contract.
func (a *awards) readContract(e edition, v *value) notice.Contract {
	run := v.get("implementation")
	return notice.Contract{
		ID:          id(v.get("id")),
		Title:       a.words(v.get("title")),
		Description: a.words(v.get("description")),
		Status:      a.token(v.get("status")),
		Reason:      a.words(v.get("statusDetails")),
		Signed:      a.moment(v.get("dateSigned")),
		Period:      a.period(v.get("period")),
		Value:       a.money(v.get("value")),
		Renewal:     a.option(v, "hasRenewal", "renewal"),
		Options:     a.option(v, "hasOptions", "options"),
		Milestones:  a.milestones(v.get("milestones"), run.get("milestones")),

		Agreed:     a.metrics(v.get("agreedMetrics")),
		NoneAgreed: a.words(v.get("noAgreedMetricsRationale")),
		Metrics:    a.metrics(run.get("metrics")),
		Failures:   a.failures(e, run.get("performanceFailures")),
		Payments:   a.payments(run.get("transactions")),

		Amendments: a.amendments(v.get("amendments")),
		Proposed:   a.amendments(v.get("proposedAmendments")),

		Ended:      a.moment(firstOf(run.get("endDate"), v.get("finalStatusDate"))),
		Grounds:    a.grounds(v.get("terminationRationaleClassifications")),
		FinalValue: a.money(run.get("finalValue")),
	}
}

// renew lets a newer release speak of a contract; where it is silent the older one
// stands. Changes, observations, failures and payments are told one after the other.
func (a *awards) renew(known *notice.Contract, next notice.Contract, award, contract int) {
	fallback(&next.Title, known.Title)
	fallback(&next.Description, known.Description)
	fallback(&next.Status, known.Status)
	fallback(&next.Reason, known.Reason)
	fallback(&next.Signed, known.Signed)
	lapse(&next.Period, known.Period)
	price(&next.Value, known.Value)
	fallback(&next.Renewal, known.Renewal)
	fallback(&next.Options, known.Options)
	next.Milestones = unlessSilent(next.Milestones, known.Milestones)
	fallback(&next.NoneAgreed, known.NoneAgreed)
	fallback(&next.Ended, known.Ended)
	next.Grounds = unlessSilent(next.Grounds, known.Grounds)
	price(&next.FinalValue, known.FinalValue)

	at := entry{award: award, contract: contract}
	next.Agreed = unlessSilent(next.Agreed, known.Agreed)
	next.Metrics = tell(a, at.in("metrics"), known.Metrics, next.Metrics, func(m *notice.Metric) string { return m.ID }, func(known *notice.Metric, next notice.Metric) {
		next.Observations = append(known.Observations, next.Observations...)
		*known = next
	})
	next.Failures = tell(a, at.in("failures"), known.Failures, next.Failures, func(f *notice.Failure) string { return f.ID }, replace)
	next.Payments = tell(a, at.in("payments"), known.Payments, next.Payments, func(p *notice.Payment) string { return p.ID }, replace)
	next.Amendments = tell(a, at.in("amendments"), known.Amendments, next.Amendments, amendmentID, replace)
	next.Proposed = tell(a, at.in("proposed"), known.Proposed, next.Proposed, amendmentID, replace)
	*known = next
}

// lapse and price keep a period and a value that a newer release does not tell anew.
func lapse(next *notice.Period, known notice.Period) {
	if *next == (notice.Period{}) {
		*next = known
	}
}

func price(next *notice.Value, known notice.Value) {
	if !next.Priced() {
		*next = known
	}
}

func amendmentID(a *notice.Amendment) string { return a.ID }

func replace[T any](known *T, next T) { *known = next }

// entry names an entry of a list of a contract, or of an award (contract -1).
type entry struct {
	award, contract int
	list, id        string
}

func (e entry) in(list string) entry {
	e.list = list
	return e
}

// tell puts what a newer release tells after what is known; what has the id of an
// entry that is known tells that one anew.
func tell[T any](a *awards, at entry, known, next []T, id func(*T) string, anew func(known *T, next T)) []T {
	for i := range next {
		at.id = id(&next[i])
		if j, ok := a.entries[at]; ok && at.id != "" {
			anew(&known[j], next[i])
			continue
		}
		a.entries[at] = len(known)
		known = append(known, next[i])
	}
	return known
}

// metrics reads key performance indicators.
func (p *projector) metrics(list *value) []notice.Metric {
	var metrics []notice.Metric
	for _, v := range list.each() {
		m := notice.Metric{ID: id(v.get("id")), Title: p.words(v.get("title")), Description: p.words(v.get("description"))}
		for _, o := range v.get("observations").each() {
			m.Observations = append(m.Observations, notice.Observation{
				ID:      id(o.get("id")),
				Measure: p.token(o.get("measure")),
				Rating:  p.token(o.get("measureClassification", "id")),
				Text:    p.words(o.get("measureClassification", "description")),
				Period:  notice.Period{Start: p.moment(o.get("period", "startDate")), End: p.moment(o.get("period", "endDate"))},
				Months:  p.count(o.get("period", "durationInMonths"), longestDays/monthDays),
			})
		}
		metrics = append(metrics, m)
	}
	return metrics
}

// failures reads breaches and poor performance.
func (p *projector) failures(e edition, list *value) []notice.Failure {
	var failures []notice.Failure
	for _, v := range list.each() {
		f := notice.Failure{
			ID:          id(v.get("id")),
			Category:    p.token(v.get("category")),
			Requirement: p.words(v.get("requirement")),
			Description: p.words(v.get("description")),
			Period:      p.period(v.get("period")),
			Penalty:     p.moment(v.get("penaltyDate")),
		}
		for _, ref := range v.get("suppliers").each() {
			f.Suppliers = append(f.Suppliers, p.supplier(e, ref))
		}
		failures = append(failures, f)
	}
	return failures
}

// payments reads what was paid under a contract.
func (p *projector) payments(list *value) []notice.Payment {
	var payments []notice.Payment
	for _, v := range list.each() {
		payments = append(payments, notice.Payment{
			ID:    id(v.get("id")),
			Date:  p.moment(v.get("date")),
			Value: p.money(firstOf(v.get("value"), v.get("amount"))),
			From:  p.token(v.get("payer", "name")),
			To:    p.token(v.get("payee", "name")),
		})
	}
	return payments
}

// amendments reads changes, made or proposed.
func (p *projector) amendments(list *value) []notice.Amendment {
	var amendments []notice.Amendment
	for _, v := range list.each() {
		a := notice.Amendment{
			ID:          id(v.get("id")),
			Date:        p.moment(v.get("date")),
			Description: p.words(v.get("description")),
			Rationale:   p.words(v.get("rationale")),
			Grounds:     p.grounds(v.get("rationaleClassifications")),
			Value:       p.money(v.get("value")),
			Period:      p.period(v.get("period")),
			Renewal:     p.option(v, "hasRenewal", "renewal"),
			Standstill:  p.flag(v.get("standstill")),
		}
		for _, c := range v.get("unstructuredChanges").each() {
			a.Changes = append(a.Changes, notice.Change{
				Section: p.token(c.get("where", "section")),
				Label:   p.token(c.get("where", "label")),
				Lot:     id(c.get("relatedLot")),
				Was:     p.words(c.get("oldValue", "text")),
				Is:      p.words(c.get("newValue", "text")),
				WasDate: p.moment(c.get("oldValue", "date")),
				IsDate:  p.moment(c.get("newValue", "date")),
			})
		}
		amendments = append(amendments, a)
	}
	return amendments
}

// grounds reads classifications that say why: their descriptions, or where one has none its id.
func (p *projector) grounds(list *value) []notice.Said[string] {
	var grounds []notice.Said[string]
	for _, c := range list.each() {
		if said := p.first(c.get("description"), c.get("id")); said.Known() {
			grounds = append(grounds, said)
		}
	}
	return grounds
}

// subcontracting reads what a supplier passes on.
func (p *projector) subcontracting(e edition, award *value) notice.Subcontracting {
	v := award.get("subcontracting")
	s := notice.Subcontracting{
		Planned:     p.flag(award.get("hasSubcontracting")),
		Description: p.words(v.get("description")),
		Least:       p.share(v.get("minimumPercentage")),
		Most:        p.share(v.get("maximumPercentage")),
		Value:       p.money(v.get("value")),
	}
	for _, part := range v.get("subcontracts").each() {
		s.Parts = append(s.Parts, p.prose(part.get("description"))...)
		if by := part.get("subcontractor"); by.isObject() {
			s.By = append(s.By, p.supplier(e, by))
		}
	}
	return s
}
