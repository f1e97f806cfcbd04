package ocds

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
)

// form is what one release is: the publisher's name for that kind of notice,
// and how far it says the procurement has come.
type form struct {
	name  string
	at    notice.Path // what tells the name
	stage notice.Stage
	// corrects marks a change notice that repeats nothing of what it changes
	// (F14): alone among the releases it does not move the stage.
	corrects bool
}

// formOf reads the form of a release from its newest notice document where that names its type, else
// from its tags and its law.
func (p *projector) formOf(e edition) form {
	f := formOfTags(e)
	doc := newestNotice(e.root)
	if t := p.token(doc.get("noticeType")); t.Known() {
		f.name, f.at = strings.ToUpper(t.Value), t.At
		if stage, ok := stageOfType(f.name); ok && f.stage != notice.StageEnded {
			f.stage = stage
			f.corrects = f.corrects && stage != notice.StageEnded // the end of a market says little more than that
		}
		return f
	}
	tag := e.root.get("tag")
	for _, t := range tag.each() {
		f.at = t.path()
		break
	}
	if f.at == (notice.Path{}) {
		f.at = e.root.get("ocid").path()
	}
	legal := e.root.get("tender", "legalBasis")
	switch scheme := id(legal.get("scheme")); {
	case strings.EqualFold(scheme, "CELEX"):
		f.name = formOfDirective(e, f, id(legal.get("id")))
	case publisherOf(e.release.OCID) == notice.ContractsFinder:
		f.name = contractsFinderForm(&f, doc, e)
	}
	return f
}

// stageOfType is the stage of the notices of the Procurement Act 2023.
func stageOfType(name string) (notice.Stage, bool) {
	switch name {
	case "UK1":
		return notice.StagePipeline, true
	case "UK2":
		return notice.StageEngagement, true
	case "UK3":
		return notice.StagePlanned, true
	case "UK4":
		return notice.StageTender, true
	case "UK5", "UK6", "UK7":
		return notice.StageAward, true
	case "UK8", "UK9", "UK10", "UK11":
		return notice.StageContract, true
	case "UK12", "UK16":
		return notice.StageEnded, true
	case "UK13", "UK14", "UK15":
		return notice.StageMarket, true
	case "UK17":
		return notice.StageOther, true
	}
	return "", false
}

// formOfTags reads the stage from the release's tags, the furthest one first.
func formOfTags(e edition) form {
	tags := e.release.Tags
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(tags, func(tag string) bool {
			return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(tag, prefix) })
		})
	}
	switch {
	case has("tenderCancellation"):
		return form{stage: notice.StageEnded}
	case has("implementation", "contractAmendment", "contractTermination"):
		return form{stage: notice.StageContract}
	case has("award", "contract"):
		return form{stage: notice.StageAward}
	case has("tender"):
		return form{stage: notice.StageTender, corrects: has("tenderUpdate", "tenderAmendment") && isCorrection(e.root.get("tender"))}
	case has("planning"):
		return form{stage: notice.StagePlanned}
	}
	return form{stage: stageOfContent(e.root)}
}

// isCorrection reports whether a tender says nothing of its own beyond its name
// and what is changed in it.
func isCorrection(tender *value) bool {
	for _, key := range []string{"status", "items", "lots", "tenderPeriod"} {
		if tender.get(key) != nil {
			return false
		}
	}
	return true
}

// stageOfContent judges a release without a telling tag (a compiled one) by what it holds.
func stageOfContent(root *value) notice.Stage {
	for range root.get("awards").each() {
		return notice.StageAward
	}
	for range root.get("contracts").each() {
		return notice.StageAward
	}
	switch strings.ToLower(id(root.get("tender", "status"))) {
	case "active":
		return notice.StageTender
	case "planning", "planned":
		return notice.StagePlanned
	}
	if root.get("tender", "tenderPeriod") != nil {
		return notice.StageTender
	}
	if root.get("planning") != nil {
		return notice.StagePlanned
	}
	return notice.StageOther
}

// formOfDirective names the standard form of a notice under the 2014 directives. Releases do not carry
// the form's number: law and tag tell its kin, so the forms for social services (F21-F23)
// and ex ante transparency (F15) go under the general form they are a variant of.
func formOfDirective(e edition, f form, directive string) string {
	const public, utilities, concessions, defence = 0, 1, 2, 3
	law := public
	switch strings.ToUpper(directive) {
	case "32014L0025":
		law = utilities
	case "32014L0023":
		law = concessions
	case "32009L0081":
		law = defence
	}
	if f.corrects {
		return "F14"
	}
	if slices.Contains(e.release.Tags, "contractUpdate") {
		return "F20"
	}
	switch f.stage {
	case notice.StagePlanned:
		return [...]string{"F01", "F04", "F01", "F16"}[law]
	case notice.StageTender:
		return [...]string{"F02", "F05", "F24", "F17"}[law]
	case notice.StageAward:
		return [...]string{"F03", "F06", "F25", "F18"}[law]
	case notice.StageContract:
		return "F20"
	}
	return ""
}

// contractsFinderForm names a Contracts Finder notice by its notice document, and moves
// early engagement to its own stage.
func contractsFinderForm(f *form, doc *value, e edition) string {
	if id(doc.get("documentType")) == "marketEngagementNotice" && f.stage == notice.StagePlanned {
		f.stage = notice.StageEngagement
	}
	switch f.stage {
	case notice.StageEngagement:
		return "CF-engagement"
	case notice.StagePlanned:
		return "CF-future"
	case notice.StageTender:
		return "CF-opportunity"
	case notice.StageAward:
		return "CF-award"
	}
	return ""
}

// newestNotice finds the document of a release that is the notice itself: the
// newest one with a type, else the newest web page filed as a notice.
func newestNotice(root *value) *value {
	var newest *value
	var when time.Time
	typed := false
	for doc := range documents(root) {
		hasType := id(doc.get("noticeType")) != ""
		if !hasType && (typed || !isNoticePage(doc)) {
			continue
		}
		m, _ := parseMoment(id(doc.get("datePublished")))
		if hasType && !typed || newest == nil || !m.Before(when) {
			newest, when, typed = doc, m.Time, hasType
		}
	}
	return newest
}

func isNoticePage(doc *value) bool {
	return strings.HasSuffix(id(doc.get("documentType")), "Notice") && id(doc.get("format")) == "text/html"
}

// follow gives the stage and type of a procurement after all its releases: the
// newest decides, except that a pipeline entry never takes a procurement back, nor
// does a planning notice take back one that can be bid for, and a mere correction
// moves nothing.
func (p *projector) follow(forms []form) {
	n := p.n
	last := -1
	for i, f := range forms {
		if last >= 0 && !moves(forms[last].stage, f) {
			continue
		}
		last = i
	}
	if last < 0 {
		return
	}
	n.Stage = forms[last].stage
	if f := forms[last]; f.name != "" {
		n.Type = notice.Say(f.name, f.at)
	}
	if p.over(last) {
		n.Stage = notice.StageEnded
	}
}

// moves reports whether a release of form f takes a procurement on from a stage.
func moves(from notice.Stage, f form) bool {
	switch {
	case f.corrects, f.stage == notice.StageOther:
		return false
	case f.stage == notice.StagePipeline:
		return from == notice.StagePipeline || from == notice.StageOther
	case f.stage == notice.StageEngagement, f.stage == notice.StagePlanned:
		return from != notice.StageTender && from != notice.StageMarket
	}
	return true
}

// over reports whether the tender's status ends what the release at index last
// began. An older status is no news: a procurement run again is open again.
func (p *projector) over(last int) bool {
	status := p.c.root.get("tender", "status")
	if status == nil || p.order[status.path().Release] < last {
		return false
	}
	if p.n.Stage == notice.StageAward && strings.EqualFold(id(status), "complete") {
		return false // as it should be
	}
	return ends(id(status)) && (p.n.Stage.Open() || p.n.Stage == notice.StageAward)
}

// ends reports whether a tender of this status is closed.
func ends(status string) bool {
	switch strings.ToLower(status) {
	case "cancelled", "withdrawn", "unsuccessful", "terminated", "complete":
		return true
	}
	return false
}
