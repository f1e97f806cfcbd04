package ocds

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"bidfit/notice"
)

// ProjectionVersion changes whenever the same releases project to other notices: a
// store then derives its notices again.
const ProjectionVersion = 3

// Project derives the notices of one OCID from its releases, in whatever order they
// come: one notice, or one for each buyer where unrelated buyers share the OCID.
//
// The releases are put in order and parted by buyer (buyers.go), each part is compiled
// (compile.go), and what the compiled release says is read field by field: the
// procurement here, its stage and type in stage.go, lots in lots.go, codes and places in
// places.go, organisations in parties.go, awards in awards.go, single values in
// values.go and dates.go, and last what only the prose says in prose.go. Nothing is guessed: what nobody said stays unsaid, and
// what cannot be read becomes an Issue beside the rest.
func Project(ocid string, releases []notice.Release) ([]*notice.Notice, error) {
	for i := range releases {
		if releases[i].OCID != ocid {
			return nil, fmt.Errorf("project %s: release %s belongs to %s", ocid, releases[i].Identity(), releases[i].OCID)
		}
	}
	all := compile(releases)
	if len(all.releases) == 0 {
		return nil, nil
	}
	groups := part(editionsOf(all))
	notices := make([]*notice.Notice, len(groups))
	for i, editions := range groups {
		c := all
		if len(groups) > 1 {
			own := make([]notice.Release, len(editions))
			for j, e := range editions {
				own[j] = *e.release
			}
			c = compile(own)
		}
		notices[i] = project(ocid, c, editions)
	}
	tellApart(ocid, notices)
	return notices, nil
}

// projector reads one compiled release into a notice.
type projector struct {
	n        *notice.Notice
	c        *compiled
	editions []edition       // the releases that were compiled, in order
	order    map[string]int  // the identity of a release, and where it stands in editions
	divided  bool            // several lots
	lotIndex map[string]int  // the id of a lot, and where it stands in n.Lots
	listed   map[*value]bool // parties that stand in the notice as buyers or suppliers
	noted    map[notice.Issue]bool
	unlisted int  // issues beyond mostIssues
	cut      bool // the prose names more than is read
}

func project(ocid string, c *compiled, editions []edition) *notice.Notice {
	p := &projector{
		n:        &notice.Notice{OCID: ocid, Publisher: publisherOf(ocid), Stage: notice.StageOther},
		c:        c,
		editions: editions,
		order:    make(map[string]int, len(editions)),
		listed:   map[*value]bool{},
		noted:    map[notice.Issue]bool{},
	}
	for i, e := range editions {
		p.order[e.release.Identity()] = i
		p.note(e.release.Issues...)
	}
	p.note(c.issues...)
	p.history()
	p.about()
	p.procedure()
	p.dates()
	p.buyer()
	p.lots()
	p.awards()
	p.terms()
	p.bids()
	p.parties()
	p.figures()
	p.readings()
	if p.unlisted > 0 {
		p.n.Issues = append(p.n.Issues, notice.Issue{Code: "more-issues", At: p.n.Issues[0].At,
			Message: fmt.Sprintf("%d more issues are not listed", p.unlisted)})
	}
	return p.n
}

// issue notes what could not be read as meant.
func (p *projector) issue(code string, v *value, format string, args ...any) {
	p.note(notice.Issue{Code: code, At: v.path(), Message: fmt.Sprintf(format, args...)})
}

// mostIssues is how many issues of one notice are listed.
const mostIssues = 1000

// note keeps issues, each once: some values are read in two connections.
func (p *projector) note(issues ...notice.Issue) {
	for _, issue := range issues {
		switch {
		case p.noted[issue]:
		case len(p.n.Issues) >= mostIssues:
			p.unlisted++
		default:
			p.noted[issue] = true
			p.n.Issues = append(p.n.Issues, issue)
		}
	}
}

func publisherOf(ocid string) notice.Publisher {
	const length = len("ocds-h6vhtk-")
	if len(ocid) < length {
		return notice.OtherPublisher
	}
	switch ocid[:length] {
	case "ocds-h6vhtk-":
		return notice.FindATender
	case "ocds-b5fd17-":
		return notice.ContractsFinder
	case "ocds-r6ebe6-":
		return notice.PublicContractsScotland
	case "ocds-kuma6s-":
		return notice.Sell2Wales
	}
	return notice.OtherPublisher
}

// history lists the releases, and from their forms the stage and the type.
func (p *projector) history() {
	forms := make([]form, len(p.editions))
	for i, e := range p.editions {
		forms[i] = p.formOf(e)
		p.n.Releases = append(p.n.Releases, notice.Published{
			Identity: e.release.Identity(),
			Hash:     notice.HashName(e.release.Hash),
			Date:     e.release.Date,
			Tags:     e.release.Tags,
			Type:     forms[i].name,
			URL:      pageOf(e),
		})
	}
	p.follow(forms)
}

// pageOf is the address of the page of a release: that of its notice document, or
// where Find a Tender shows the notice of that number.
func pageOf(e edition) string {
	if page := id(newestNotice(e.root).get("url")); page != "" {
		return page
	}
	if number, year, ok := strings.Cut(e.release.ID, "-"); ok && publisherOf(e.release.OCID) == notice.FindATender &&
		len(number) == 6 && len(year) == 4 && strings.Trim(number+year, "0123456789") == "" {
		return "https://www.find-tender.service.gov.uk/Notice/" + e.release.ID
	}
	return ""
}

// documents yields every document of a release or compiled release.
func documents(root *value) iter.Seq[*value] {
	return func(yield func(*value) bool) {
		for _, part := range []string{"planning", "tender", "awards", "contracts"} {
			section := root.get(part)
			for _, doc := range section.get("documents").each() {
				if !yield(doc) {
					return
				}
			}
			for _, v := range section.each() {
				for _, doc := range v.get("documents").each() {
					if !yield(doc) {
						return
					}
				}
			}
		}
	}
}

// about reads what the procurement is about.
func (p *projector) about() {
	n, root := p.n, p.c.root
	tender, planning := root.get("tender"), root.get("planning")
	n.Title = p.firstWords(tender.get("title"), root.get("title"), planning.get("project"), planning.get("budget", "project"))
	n.Description = p.firstWords(tender.get("description"), planning.get("budget", "description"))
	n.Reference = p.reference(tender)
	n.Language = p.token(root.get("language"))
	n.Status = p.status(tender)
	n.Reason = p.words(tender.get("statusDetails"))
	n.Category = p.category(tender)
	n.Value = p.tenderValue(tender, planning)
	n.Texts = p.texts()
	n.Documents = p.documents()
	n.Also = p.also()
}

// reference is the buyer's own number: the tender's id where that is not made of the OCID.
func (p *projector) reference(tender *value) notice.Said[string] {
	said := p.token(tender.get("id"))
	if strings.HasPrefix(said.Value, p.n.OCID) {
		return notice.Said[string]{}
	}
	return said
}

// status is how the tender stands. What ended an earlier round is not the status
// of one that is open again.
func (p *projector) status(tender *value) notice.Said[string] {
	said := p.token(tender.get("status"))
	if p.n.Stage.Open() && ends(said.Value) {
		return notice.Said[string]{}
	}
	return said
}

// category is whether goods, services or works are bought; after the tender only
// the awards say so.
func (p *projector) category(tender *value) notice.Said[string] {
	said := p.token(tender.get("mainProcurementCategory"))
	for _, award := range p.c.root.get("awards").each() {
		if said.Known() {
			break
		}
		said = p.token(award.get("mainProcurementCategory"))
	}
	fallback(&said, p.token(tender.get("xClassifications", "ojeuContractType")))
	said.Value = strings.ToLower(said.Value)
	return said
}

// tenderValue is what the whole procurement is worth.
func (p *projector) tenderValue(tender, planning *value) notice.Value {
	v := p.money(tender.get("value"))
	v.Min = p.pence(tender.get("minValue", "amount"))
	fallback(&v.Currency, p.token(tender.get("minValue", "currency")))
	if tender.get("value") == nil && !v.Min.Known() {
		v = p.money(planning.get("budget", "amount"))
	}
	if v.Min.Known() && v.Net.Known() && v.Min.Value > v.Net.Value {
		p.issue("minimum-above-value", tender.get("minValue", "amount"), "the least value %v is more than the value %v", v.Min.Value, v.Net.Value)
		v.Min, v.Net = v.Net, v.Min
	}
	return v
}

// texts gathers the prose that stands outside titles and descriptions.
func (p *projector) texts() []notice.Said[string] {
	root := p.c.root
	tender, planning := root.get("tender"), root.get("planning")
	framework := tender.get("techniques", "frameworkAgreement")
	texts := p.prose(root.get("description"), planning.get("rationale"))
	for _, m := range planning.get("milestones").each() {
		texts = append(texts, p.prose(m.get("description"))...)
	}
	texts = append(texts, p.prose(
		planning.get("noEngagementNoticeRationale"),
		tender.get("additionalInformation"),
		tender.get("eligibilityCriteria"),
		tender.get("procedure", "features"),
		tender.get("procedure", "acceleratedRationale"),
		tender.get("procurementMethodRationale"),
		tender.get("riskDetails"),
		tender.get("recurrence", "description"),
		framework.get("description"),
		framework.get("buyerCategories"),
		framework.get("periodRationale"),
		tender.get("techniques", "electronicAuction", "description"),
		tender.get("otherRequirements", "reductionCriteria"),
		tender.get("contractTerms", "financialTerms"),
		tender.get("contractTerms", "performanceTerms"),
		tender.get("awardCriteriaDetails"),
		tender.get("lotDetails", "awardCriteria", "description"),
		tender.get("lotDetails", "awardCriteriaDetails"),
		tender.get("lotDetails", "noLotsDivisionRationale"),
	)...)
	for _, lot := range tender.get("lots").each() {
		texts = append(texts, p.prose(lot.get("awardCriteria", "description"), lot.get("awardCriteria", "weightingDescription"))...)
	}
	for _, a := range tender.get("amendments").each() {
		texts = append(texts, p.prose(a.get("description"), a.get("rationale"))...)
		for _, change := range a.get("unstructuredChanges").each() {
			texts = append(texts, p.prose(change.get("newValue", "text"))...)
		}
	}
	for _, fee := range tender.get("participationFees").each() {
		texts = append(texts, p.prose(fee.get("description"))...)
	}
	for _, award := range root.get("awards").each() {
		texts = append(texts, p.prose(award.get("description"))...)
	}
	return distinct(texts, textKey)
}

// prose reads the texts that somebody said.
func (p *projector) prose(values ...*value) []notice.Said[string] {
	var said []notice.Said[string]
	for _, v := range values {
		if s := p.words(v); s.Known() {
			said = append(said, s)
		}
	}
	return said
}

// first is the first of several places where the same thing may be said.
func (p *projector) first(values ...*value) (said notice.Said[string]) {
	for _, v := range values {
		fallback(&said, p.token(v))
	}
	return said
}

// firstWords is first for prose.
func (p *projector) firstWords(values ...*value) (said notice.Said[string]) {
	for _, v := range values {
		fallback(&said, p.words(v))
	}
	return said
}

// firstOf is the first value that is there and not null.
func firstOf(values ...*value) *value {
	for _, v := range values {
		if v != nil && !v.isNull() {
			return v
		}
	}
	return nil
}

// documents lists what is attached or linked, each address once. Entries that
// only say that a document was not published are left out.
func (p *projector) documents() []notice.Document {
	var list []notice.Document
	seen := map[string]bool{}
	for doc := range documents(p.c.root) {
		about := distinct(p.prose(doc.get("title"), doc.get("description"), doc.get("accessDetails")), textKey)
		d := notice.Document{
			Type:      id(doc.get("documentType")),
			Notice:    id(doc.get("noticeType")),
			URL:       p.token(doc.get("url")),
			Published: p.moment(doc.get("datePublished")),
			Modified:  p.moment(doc.get("dateModified")),
			Format:    id(doc.get("format")),
			Language:  id(doc.get("language")),
		}
		for i, text := range about {
			switch i {
			case 0:
				d.Title = strings.TrimSpace(text.Value)
			case 1:
				d.Description = text.Value
			default:
				d.Description += "\n" + text.Value
			}
		}
		if !d.URL.Known() && (d.Title == "" || d.Title == "Not published") {
			continue
		}
		key := d.URL.Value
		if key == "" {
			key = d.Type + "\n" + d.Title
		}
		if !seen[key] {
			seen[key] = true
			list = append(list, d)
		}
	}
	return list
}

// also reads the other OCIDs of the same opportunity: the first publication that a
// republished notice links to, and the planning that a tender came out of where it has an OCID of its own.
func (p *projector) also() []notice.Said[string] {
	var also []notice.Said[string]
	add := func(ocid string, v *value) {
		if ocid != "" && ocid != p.n.OCID {
			also = append(also, notice.Say(ocid, v.path()))
		}
	}
	for _, link := range p.c.root.get("links").each() {
		if href := link.get("href"); id(link.get("rel")) == "canonical" {
			add(ocidIn(id(href)), href)
		}
	}
	for _, related := range p.c.root.get("relatedProcesses").each() {
		if identifier := related.get("identifier"); id(related.get("scheme")) == "ocid" && relationship(related, "planning") != nil {
			add(id(identifier), identifier)
		}
	}
	return distinct(also, textKey)
}

// relationship finds where a related process is said to stand in a relationship.
func relationship(related *value, name string) *value {
	list := related.get("relationship")
	if id(list) == name {
		return list
	}
	for _, r := range list.each() {
		if id(r) == name {
			return r
		}
	}
	return nil
}

// ocidIn finds the OCID in an address: the parameter id, whatever stands around it.
func ocidIn(href string) string {
	_, after, ok := strings.Cut(href, "id=ocds-")
	if !ok {
		return ""
	}
	end := strings.IndexFunc(after, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(after)
	}
	return "ocds-" + after[:end]
}

// procedure reads how the procurement is run, and under which law.
func (p *projector) procedure() {
	n, tender := p.n, p.c.root.get("tender")
	n.Regime = p.regime(tender)
	n.Method = p.token(tender.get("procurementMethod"))
	n.MethodText = p.token(tender.get("procurementMethodDetails"))
	n.Direct = p.direct(tender)
	n.AboveThreshold = p.aboveThreshold(tender)
	n.SpecialRegime = p.tokens(tender.get("specialRegime"))

	techniques := tender.get("techniques")
	if has := p.flag(techniques.get("hasFrameworkAgreement")); has.Value {
		n.Framework = notice.Say("framework agreement", has.At)
		if open := p.flag(techniques.get("frameworkAgreement", "isOpenFrameworkScheme")); open.Value {
			n.Framework = notice.Say("open framework", open.At)
		}
	}
	if has := p.flag(techniques.get("hasDynamicPurchasingSystem")); has.Value {
		n.DynamicMarket = notice.Say("dynamic market", has.At)
	}
	n.Recurrent = p.flag(tender.get("hasRecurrence"))
	for _, date := range tender.get("recurrence", "dates").each() {
		fallback(&n.Recurrent, notice.Say(true, date.path()))
		if on := p.moment(date.get("startDate")); on.Known() {
			n.RecursOn = append(n.RecursOn, on)
		}
	}
	p.count(tender.get("tenderPeriod", "durationInDays"), longestDays) // nothing rests on it, but 1e9999 is told
	n.MaxLotsBid = p.count(tender.get("lotDetails", "maximumLotsBidPerSupplier"), mostLots)
	n.MaxLotsAwarded = p.count(tender.get("lotDetails", "maximumLotsAwardedPerSupplier"), mostLots)
	n.Portal = p.first(tender.get("submissionMethodDetails"), tender.get("communication", "atypicalToolUrl"))
}

// regime is the law: told by the legal basis, or by a service that takes
// notices of the old law only.
func (p *projector) regime(tender *value) notice.Said[notice.Regime] {
	switch scheme := tender.get("legalBasis", "scheme"); strings.ToUpper(id(scheme)) {
	case "UKPGA":
		return notice.Say(notice.Act2023, scheme.path())
	case "CELEX":
		return notice.Say(notice.Regulations, scheme.path())
	}
	if p.n.Publisher == notice.ContractsFinder {
		return notice.Say(notice.Regulations, p.editions[0].root.get("ocid").path())
	}
	return notice.Said[notice.Regime]{}
}

// aboveThreshold is said by the tender, or after it by awards and contracts.
func (p *projector) aboveThreshold(tender *value) notice.Said[bool] {
	said := p.flag(tender.get("aboveThreshold"))
	for _, key := range []string{"awards", "contracts"} {
		for _, v := range p.c.root.get(key).each() {
			if said.Known() {
				return said
			}
			said = p.flag(v.get("aboveThreshold"))
		}
	}
	return said
}

// closedMethods are words of procurement methods in which nobody from outside can bid.
var closedMethods = []string{
	"direct award", "without competition", "without prior publication", "without publication", "without prior call",
	"award under framework", "call-off", "call off", "single tender", "single source", "further competition",
}

// direct reads whether the procurement is closed to those who are not in it already:
// by its method, or because it draws on a framework set up before.
func (p *projector) direct(tender *value) notice.Said[string] {
	details := p.token(tender.get("procurementMethodDetails"))
	lower := strings.ToLower(details.Value)
	if slices.ContainsFunc(closedMethods, func(words string) bool { return strings.Contains(lower, words) }) {
		return details
	}
	if method := p.token(tender.get("procurementMethod")); method.Value == "direct" {
		return method
	}
	if open, _ := tender.get("techniques", "frameworkAgreement", "isOpenFrameworkScheme").boolean(); open {
		return notice.Said[string]{} // the next round of an open framework is open to all
	}
	for _, related := range p.c.root.get("relatedProcesses").each() {
		if framework := p.token(relationship(related, "framework")); framework.Known() {
			return framework
		}
	}
	return notice.Said[string]{}
}

// dates reads by when a supplier has to do what.
func (p *projector) dates() {
	n, root := p.n, p.c.root
	tender := root.get("tender")
	n.Milestones = p.milestones(root.get("planning", "milestones"), tender.get("milestones"))
	n.Engagement = engagement(n.Milestones)
	n.Deadline, n.OtherDeadline = p.deadline(tender)
	if !n.Deadline.Known() && n.Stage == notice.StageEngagement {
		n.Deadline = n.Engagement
	}
	n.Questions = p.moment(tender.get("enquiryPeriod", "endDate"))
	n.Future = p.moment(tender.get("communication", "futureNoticeDate"))
	n.AwardFrom = p.moment(tender.get("awardPeriod", "startDate"))
	n.AwardBy = p.moment(tender.get("awardPeriod", "endDate"))
	n.Opens = p.moment(tender.get("tenderPeriod", "startDate"))
	n.Published = p.moment(tender.get("datePublished"))
}

// engagement is when preliminary market engagement closes: the last of its milestones.
func engagement(milestones []notice.Milestone) notice.Deadline {
	var d notice.Deadline
	for _, m := range milestones {
		if m.Kind == "engagement" && m.Due.Known() && (!d.Known() || m.Due.Value.After(d.Value.Time)) {
			d = notice.Deadline{Said: m.Due, Kind: notice.DeadlineEngagement}
		}
	}
	return d
}

// deadline is when bids, or where those come later expressions of interest, must
// be in. A newer release overrules an older one; within one the earlier date counts, because
// who misses it is out. A change notice moves the deadline in words of its own.
// The other of the two is kept.
func (p *projector) deadline(tender *value) (d, other notice.Deadline) {
	d = notice.Deadline{Said: p.moment(tender.get("tenderPeriod", "endDate")), Kind: notice.DeadlineTender}
	interest := notice.Deadline{Said: p.moment(tender.get("expressionOfInterestDeadline")), Kind: notice.DeadlineInterest}
	if interest.Known() && (!d.Known() || p.newer(interest.At, d.At) ||
		!p.newer(d.At, interest.At) && interest.Value.Before(d.Value.Time)) {
		d, interest = interest, d
	}
	for _, a := range tender.get("amendments").each() {
		for _, change := range a.get("unstructuredChanges").each() {
			if !strings.HasPrefix(id(change.get("where", "section")), "IV.2.2") { // time limit for tenders or requests
				continue
			}
			moved := p.moment(change.get("newValue", "date"))
			if moved.Known() && (!d.Known() || p.newer(moved.At, d.At)) {
				d.Said = moved
			}
		}
	}
	if !d.Known() {
		d = notice.Deadline{}
	}
	if !interest.Known() {
		interest = notice.Deadline{}
	}
	return d, interest
}

// newer reports whether a stands in a later release than b.
func (p *projector) newer(a, b notice.Path) bool { return p.order[a.Release] > p.order[b.Release] }

// editionsOf pairs the compiled releases with their trees.
func editionsOf(c *compiled) []edition {
	editions := make([]edition, len(c.releases))
	for i := range c.releases {
		editions[i] = newEdition(&c.releases[i], c.trees[i])
	}
	return editions
}
