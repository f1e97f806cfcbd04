package dossier

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
)

// Form is a type of notice.
type Form struct {
	Code string `json:"code"` // UK4, F02, CF-opportunity …
	Name string `json:"name"`
	// Means is what it is for, in a few words.
	Means string       `json:"means,omitzero"`
	stage notice.Stage // how far the procurement has come with it
}

// forms are the types of notice: those of the Procurement Regulations 2024 (SI 2024/692) under the
// Procurement Act 2023, the standard forms of Implementing Regulation (EU) 2015/1986, and the kinds of Contracts Finder.
var forms = map[string]Form{
	"UK1":  {"UK1", "Pipeline notice", "a contract over £2 million that is planned for the next 18 months", notice.StagePipeline},
	"UK2":  {"UK2", "Preliminary market engagement notice", "the buyer talks to suppliers before it tenders", notice.StageEngagement},
	"UK3":  {"UK3", "Planned procurement notice", "a tender notice will follow", notice.StagePlanned},
	"UK4":  {"UK4", "Tender notice", "suppliers can bid or ask to take part", notice.StageTender},
	"UK5":  {"UK5", "Transparency notice", "the buyer intends to award a contract directly", notice.StageAward},
	"UK6":  {"UK6", "Contract award notice", "the buyer has decided who gets the contract and is about to sign it", notice.StageAward},
	"UK7":  {"UK7", "Contract details notice", "the contract has been signed", notice.StageAward},
	"UK8":  {"UK8", "Contract payment notice", "payments of more than £30,000 under a contract", notice.StageContract},
	"UK9":  {"UK9", "Contract performance notice", "how the supplier performs", notice.StageContract},
	"UK10": {"UK10", "Contract change notice", "the contract is going to be modified", notice.StageContract},
	"UK11": {"UK11", "Contract termination notice", "the contract has ended", notice.StageContract},
	"UK12": {"UK12", "Procurement termination notice", "the procurement ends without a contract", notice.StageEnded},
	"UK13": {"UK13", "Dynamic market intention notice", "a dynamic market is going to be set up", notice.StageMarket},
	"UK14": {"UK14", "Dynamic market establishment notice", "a dynamic market has been set up, and suppliers can ask to join", notice.StageMarket},
	"UK15": {"UK15", "Dynamic market modification notice", "the members or terms of a dynamic market have changed", notice.StageMarket},
	"UK16": {"UK16", "Dynamic market cessation notice", "a dynamic market has ended", notice.StageEnded},
	"UK17": {"UK17", "Payments compliance notice", "how promptly the buyer pays; not a procurement", notice.StageOther},

	"F01": {"F01", "Prior information notice", "a procurement is planned", notice.StagePlanned},
	"F02": {"F02", "Contract notice", "suppliers can bid or ask to take part", notice.StageTender},
	"F03": {"F03", "Contract award notice", "the contract has been awarded", notice.StageAward},
	"F04": {"F04", "Periodic indicative notice – utilities", "a procurement is planned", notice.StagePlanned},
	"F05": {"F05", "Contract notice – utilities", "suppliers can bid or ask to take part", notice.StageTender},
	"F06": {"F06", "Contract award notice – utilities", "the contract has been awarded", notice.StageAward},
	"F07": {"F07", "Qualification system – utilities", "suppliers can ask to be qualified", notice.StageTender},
	"F08": {"F08", "Notice on a buyer profile", "a procurement is planned", notice.StagePlanned},
	"F12": {"F12", "Design contest notice", "designs can be entered", notice.StageTender},
	"F13": {"F13", "Results of design contest", "the contest has been decided", notice.StageAward},
	"F14": {"F14", "Notice for changes or additional information", "corrects an earlier notice", ""},
	"F15": {"F15", "Voluntary ex ante transparency notice", "the buyer intends to award a contract directly", notice.StageAward},
	"F16": {"F16", "Prior information notice – defence and security", "a procurement is planned", notice.StagePlanned},
	"F17": {"F17", "Contract notice – defence and security", "suppliers can bid or ask to take part", notice.StageTender},
	"F18": {"F18", "Contract award notice – defence and security", "the contract has been awarded", notice.StageAward},
	"F19": {"F19", "Subcontract notice – defence and security", "subcontractors are sought", notice.StageTender},
	"F20": {"F20", "Modification notice", "a contract has been modified while it runs", notice.StageContract},
	"F21": {"F21", "Social and other specific services – public contracts", "", ""},
	"F22": {"F22", "Social and other specific services – utilities", "", ""},
	"F23": {"F23", "Social and other specific services – concessions", "", ""},
	"F24": {"F24", "Concession notice", "suppliers can bid or ask to take part", notice.StageTender},
	"F25": {"F25", "Concession award notice", "the concession has been awarded", notice.StageAward},

	"CF-engagement":  {"CF-engagement", "Early engagement (Contracts Finder)", "the buyer talks to suppliers before it tenders", notice.StageEngagement},
	"CF-future":      {"CF-future", "Future opportunity (Contracts Finder)", "a procurement is planned", notice.StagePlanned},
	"CF-opportunity": {"CF-opportunity", "Opportunity (Contracts Finder)", "suppliers can bid", notice.StageTender},
	"CF-award":       {"CF-award", "Awarded contract (Contracts Finder)", "the contract has been awarded", notice.StageAward},
}

// FormOf is the type of notice of a code; one that is not known keeps its code and has no name.
func FormOf(code string) Form {
	if f, ok := forms[code]; ok {
		return f
	}
	return Form{Code: code}
}

// Standing is how far a procurement has come, and what a supplier can do.
type Standing struct {
	Stage notice.Stage `json:"stage"`
	Words string       `json:"words"`
	// Action is bid, join, engage, prepare, watch or none; Advice says it in a sentence.
	Action string `json:"action"`
	Advice string `json:"advice"`
	// Reached are all stages so far, each with its first release.
	Reached []Reached `json:"reached"`
}

// Reached is a stage and the first release of it.
type Reached struct {
	Stage   notice.Stage `json:"stage"`
	Words   string       `json:"words"`
	Since   time.Time    `json:"since,omitzero"`
	Release string       `json:"release"`
}

// standing reads the stages a procurement has been through from its releases.
func (b *builder) standing() Standing {
	n := b.n
	s := Standing{Stage: n.Stage, Words: n.Stage.Words(), Reached: []Reached{}}
	s.Action, s.Advice = action(n, b.g.AsOf)
	for _, r := range n.Releases {
		stage := stageOf(r)
		if stage == "" || slices.ContainsFunc(s.Reached, func(x Reached) bool { return x.Stage == stage }) {
			continue
		}
		s.Reached = append(s.Reached, Reached{stage, stage.Words(), r.Date, r.Identity})
	}
	if len(n.Releases) > 0 && !slices.ContainsFunc(s.Reached, func(x Reached) bool { return x.Stage == n.Stage }) {
		last := n.Releases[len(n.Releases)-1]
		s.Reached = append(s.Reached, Reached{n.Stage, n.Stage.Words(), last.Date, last.Identity})
	}
	return s
}

// stageOf is the stage that a release speaks of; "" where it moves none.
func stageOf(r notice.Published) notice.Stage {
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(r.Tags, func(tag string) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(tag, p) })
		})
	}
	if has("tenderCancellation") {
		return notice.StageEnded
	}
	if f, ok := forms[r.Type]; ok {
		return f.stage
	}
	switch {
	case has("implementation", "contractAmendment", "contractTermination"):
		return notice.StageContract
	case has("award", "contract"):
		return notice.StageAward
	case has("tender"):
		return notice.StageTender
	case has("planning"):
		return notice.StagePlanned
	}
	return ""
}

// action is what a supplier can do about a notice today.
func action(n *notice.Notice, asOf time.Time) (string, string) {
	late := n.Deadline.Known() && n.Deadline.Value.End().Before(asOf)
	switch {
	case n.Stage == notice.StageEnded:
		return "none", "Nothing: the procurement has ended."
	case n.Stage == notice.StageOther || n.Stage == "":
		return "none", "Nothing: the notice offers no contract."
	case n.Stage == notice.StageContract:
		return "none", "Nothing today: somebody has the contract. When it ends says when to look again."
	case n.Stage == notice.StageAward && n.Type.Value == "UK5":
		return "none", "Nothing: the buyer intends to award without a competition. A supplier who objects has the standstill period for it."
	case n.Stage == notice.StageAward:
		return "none", "Nothing today: the contract has been awarded. When it ends says when to look again."
	case n.Direct.Known():
		return "none", "Nothing, unless you are in it already: it is not open to others."
	case n.Stage == notice.StagePipeline:
		return "watch", "Watch: nothing can be done yet."
	case n.Stage == notice.StagePlanned:
		return "prepare", "Prepare: a tender is to follow."
	case late:
		return "none", "Nothing: the deadline has passed."
	case n.Stage == notice.StageEngagement:
		return "engage", "Engage: answer the buyer, or register with it, before the engagement ends."
	case n.Stage == notice.StageMarket:
		return "join", "Join: ask to become a member of the dynamic market."
	case n.Deadline.Kind == notice.DeadlineInterest:
		return "bid", "Bid: ask to take part by the deadline."
	}
	return "bid", "Bid by the deadline."
}

// procedure is how the procurement is run, row by row.
func (b *builder) procedure() []Fact {
	n := b.n
	facts := []Fact{
		{"regime", regimeWords(n.Regime.Value), n.Regime.At},
		{"procedure", methodWords(n), firstAt(n.MethodText.At, n.Method.At)},
		{"category", Line(n.Category.Value), n.Category.At},
		{"status", Line(n.Status.Value), n.Status.At},
		{"threshold", thresholdWords(n.AboveThreshold), n.AboveThreshold.At},
	}
	var special []string
	var at notice.Path
	for _, s := range n.SpecialRegime {
		special = append(special, specialWords(Line(s.Value)))
		at = firstAt(at, s.At)
	}
	facts = append(facts, Fact{"special regime", notice.Enumerate(special), at})
	var techniques []string
	for _, s := range []notice.Said[string]{n.Framework, n.DynamicMarket} {
		if s.Known() {
			techniques = append(techniques, Line(s.Value))
		}
	}
	facts = append(facts, Fact{"techniques", notice.Enumerate(techniques), firstAt(n.Framework.At, n.DynamicMarket.At)})
	recurs := ""
	if n.Recurrent.Known() {
		recurs = "the need is not said to come again"
		if n.Recurrent.Value {
			recurs = "the need will come again"
		}
	}
	facts = append(facts, Fact{"recurrence", recurs, n.Recurrent.At})
	if n.Direct.Known() {
		facts = append(facts, Fact{"not open", directWords(n), n.Direct.At})
	}
	return facts
}

func firstAt(places ...notice.Path) notice.Path {
	for _, at := range places {
		if at.Pointer != "" {
			return at
		}
	}
	return notice.Path{}
}

func regimeWords(r notice.Regime) string {
	switch r {
	case notice.Act2023:
		return "Procurement Act 2023"
	case notice.Regulations:
		return "the regulations of 2015 and 2016"
	}
	return ""
}

// methodWords is the procedure: its name, and the standard's word for its kind.
func methodWords(n *notice.Notice) string {
	kind := map[string]string{"open": "open", "selective": "selective: those invited bid", "limited": "limited: a few are asked", "direct": "direct: one is asked"}[n.Method.Value]
	if kind == "" {
		kind = Line(n.Method.Value)
	}
	switch text := Line(n.MethodText.Value); {
	case text == "":
		return kind
	case kind == "" || strings.HasPrefix(strings.ToLower(text), n.Method.Value):
		return text
	default:
		return text + " (" + kind + ")"
	}
}

func directWords(n *notice.Notice) string {
	if n.Direct.Value == "framework" {
		return "a call-off from a framework there is already"
	}
	return Line(n.Direct.Value)
}

func thresholdWords(b notice.Said[bool]) string {
	switch {
	case !b.Known():
		return ""
	case b.Value:
		return "above the threshold"
	}
	return "below the threshold"
}

func specialWords(s string) string {
	switch s {
	case "lightTouch":
		return "light touch"
	case "defenceSecurity":
		return "defence and security"
	}
	return s
}
