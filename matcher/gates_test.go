package matcher

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

func TestGates(t *testing.T) {
	yes, no := true, false
	reserved := func(rs ...notice.Reservation) func(*notice.Notice) {
		return func(n *notice.Notice) {
			for _, r := range rs {
				n.Lots[0].Reserved = append(n.Lots[0].Reserved, sayOf(r, "/tender/otherRequirements/reservedParticipation/0"))
			}
		}
	}
	based := func(r itl.Region) func(*notice.Notice) {
		return reserved(notice.Reservation{Kind: "location", Text: string(r), Place: notice.Place{Text: string(r), Region: r}})
	}
	stage := func(s notice.Stage) func(*notice.Notice) { return func(n *notice.Notice) { n.Stage = s } }
	direct := func(method string) func(*notice.Notice) {
		return func(n *notice.Notice) { n.Direct = say(method, "/tender/procurementMethodDetails") }
	}
	for _, c := range []struct {
		name    string
		notice  func(*notice.Notice)
		profile func(*profiles.Profile)
		gate    string
		state   GateState // "" where there is no such gate
		reason  string
		action  Action
	}{
		{name: "a tender", gate: GateStage, state: GatePass, reason: "bids are invited", action: ActionBid},
		{name: "a market", notice: stage(notice.StageMarket), gate: GateStage, state: GatePass, action: ActionJoin},
		{name: "engagement", notice: stage(notice.StageEngagement), gate: GateStage, state: GatePass, action: ActionEngage},
		{name: "planned", notice: stage(notice.StagePlanned), gate: GateStage, state: GatePass, action: ActionPrepare},
		{name: "pipeline", notice: stage(notice.StagePipeline), gate: GateStage, state: GatePass, action: ActionWatch},
		{name: "awarded", notice: stage(notice.StageAward), gate: GateStage, state: GateBarred, reason: "awarded", action: ActionNone},
		{name: "a contract", notice: stage(notice.StageContract), gate: GateStage, state: GateBarred, action: ActionNone},
		{name: "ended", notice: stage(notice.StageEnded), gate: GateStage, state: GateBarred, action: ActionNone},
		{name: "no procurement", notice: stage(notice.StageOther), gate: GateStage, state: GateBarred, action: ActionNone},

		{name: "cancelled", notice: func(n *notice.Notice) { n.Status = say("cancelled", "/tender/status") }, gate: GateStatus, state: GateBarred, reason: "procurement is cancelled", action: ActionNone},
		{name: "the lot is cancelled", notice: func(n *notice.Notice) { n.Lots[0].Status = say("cancelled", "/tender/lots/0/status") }, gate: GateStatus, state: GateBarred, reason: "the lot is cancelled", action: ActionNone},
		{name: "active", notice: func(n *notice.Notice) { n.Status = say("active", "/tender/status") }, gate: GateStatus, action: ActionBid},

		{name: "open", gate: GateDeadline, state: GatePass, reason: "until 20 July 2026 12:00", action: ActionBid},
		{name: "closed", notice: func(n *notice.Notice) { n.Deadline.Value = day(t, "2026-06-23") }, gate: GateDeadline, state: GateBarred, reason: "closed on 23 June 2026", action: ActionNone},
		{name: "closes today", notice: func(n *notice.Notice) { n.Deadline.Value = day(t, "2026-06-24") }, gate: GateDeadline, state: GatePass, action: ActionBid},
		{name: "until when?", notice: func(n *notice.Notice) { n.Deadline = notice.Deadline{} }, gate: GateDeadline, state: GateUnknown, reason: "until when", action: ActionBid},
		{name: "an engagement that ended does not bar", notice: func(n *notice.Notice) {
			n.Stage = notice.StageEngagement
			n.Deadline = notice.Deadline{Said: sayOf(day(t, "2026-06-01"), "/planning/milestones/0/dueDate"), Kind: notice.DeadlineEngagement}
		}, gate: GateDeadline, action: ActionPrepare},

		{name: "a direct award", notice: direct("Direct award"), gate: GateProcedure, state: GateBarred, reason: "not open to others: Direct award", action: ActionNone},
		{name: "a direct award to the member of a framework", notice: direct("Direct award"), profile: func(p *profiles.Profile) { p.Frameworks = []string{"Community Mediation"} }, gate: GateProcedure, state: GateBarred, action: ActionNone},
		{name: "a call-off for others", notice: direct("Call-off from a framework agreement"), gate: GateProcedure, state: GateBarred, action: ActionNone},
		{name: "a call-off for members", notice: direct("Call-off from a framework agreement"), profile: func(p *profiles.Profile) { p.Frameworks = []string{"Community Mediation"} }, gate: GateProcedure, state: GatePass, reason: "you are on Community Mediation", action: ActionBid},

		{name: "for SMEs, and it is one", notice: reserved(notice.Reservation{Kind: "sme"}), gate: GateReserved, state: GatePass, reason: "which you are", action: ActionBid},
		{name: "for SMEs, and it is none", notice: reserved(notice.Reservation{Kind: "sme"}), profile: func(p *profiles.Profile) { p.SME = &no }, gate: GateReserved, state: GateBarred, reason: "which you are not", action: ActionBid},
		{name: "for SMEs, and it does not say", notice: reserved(notice.Reservation{Kind: "sme"}), profile: func(p *profiles.Profile) { p.SME = nil }, gate: GateReserved, state: GateUnknown, reason: "are you one?", action: ActionBid},
		{name: "for either, and it is one of them", notice: reserved(notice.Reservation{Kind: "smeVcse"}), profile: func(p *profiles.Profile) { p.SME, p.VCSE = &no, &yes }, gate: GateReserved, state: GatePass, action: ActionBid},
		{name: "for either, and half is unknown", notice: reserved(notice.Reservation{Kind: "smeVcse"}), profile: func(p *profiles.Profile) { p.SME, p.VCSE = &no, nil }, gate: GateReserved, state: GateUnknown, action: ActionBid},
		{name: "sheltered", notice: reserved(notice.Reservation{Kind: "sheltered"}), gate: GateReserved, state: GateUnknown, reason: "supported employment providers", action: ActionBid},
		{name: "sheltered, and certified", notice: reserved(notice.Reservation{Kind: "sheltered"}), profile: func(p *profiles.Profile) { p.Certifications = []string{"Supported business (s.32)"} }, gate: GateReserved, state: GatePass, action: ActionBid},
		{name: "mutual", notice: reserved(notice.Reservation{Kind: "mutual"}), gate: GateReserved, state: GateUnknown, action: ActionBid},
		{name: "something else", notice: reserved(notice.Reservation{Kind: "other", Text: "lighthouse keepers"}), gate: GateReserved, state: GateUnknown, reason: "lighthouse keepers", action: ActionBid},
		{name: "based where it works", notice: based("TLG24"), gate: GateReserved, state: GatePass, reason: "among your regions", action: ActionBid},
		{name: "based anywhere in the UK", notice: based("UK"), gate: GateReserved, state: GatePass, action: ActionBid},
		{name: "based elsewhere", notice: based("TLM65"), gate: GateReserved, state: GateBarred, reason: "none of your regions", action: ActionBid},
		{name: "based in a place we cannot read", notice: based(""), gate: GateReserved, state: GateUnknown, action: ActionBid},
		{name: "a supplier that works everywhere", notice: based("TLG24"), profile: func(p *profiles.Profile) { p.Regions = []itl.Region{itl.UK} }, gate: GateReserved, state: GateUnknown, reason: "are you based there?", action: ActionBid},
		{name: "a supplier that does not say where", notice: based("TLG24"), profile: func(p *profiles.Profile) { p.Regions = nil }, gate: GateReserved, state: GateUnknown, reason: "names no region", action: ActionBid},
		{name: "one of two places will do", notice: func(n *notice.Notice) { based("TLM65")(n); based("TLG24")(n) }, gate: GateReserved, state: GatePass, action: ActionBid},

		{name: "no excluded word", gate: GateExclude, state: GatePass, action: ActionBid},
		{name: "excluded in the title", notice: func(n *notice.Notice) { n.Title = say("Construction of a mediation centre", "/tender/title") }, gate: GateExclude, state: GateBarred, reason: `title says "construction"`, action: ActionBid},
		{name: "excluded in the lot's title", notice: func(n *notice.Notice) { n.Lots[0].Title = say("Construction", "/tender/lots/0/title") }, gate: GateExclude, state: GateBarred, reason: `lot title says "construction"`, action: ActionBid},
		{name: "excluded in a CPV name", notice: func(n *notice.Notice) {
			n.Lots[0].CPV[0].Value.Description = say("Construction work", "/tender/items/0/classification/description")
		}, gate: GateExclude, state: GateBarred, reason: `CPV name says "construction"`, action: ActionBid},
		{name: "excluded in the text is a question", notice: func(n *notice.Notice) {
			n.Lots[0].Description = say("Mediation during the construction of homes.", "/tender/lots/0/description")
		}, gate: GateExclude, state: GateUnknown, reason: "is it part of the work?", action: ActionBid},
		{name: "nothing to exclude", profile: func(p *profiles.Profile) { p.Exclude = nil }, gate: GateExclude, action: ActionBid},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, p := mediationNotice(t), mediation()
			if c.notice != nil {
				c.notice(n)
			}
			if c.profile != nil {
				c.profile(&p)
			}
			f := fitOf(t, n, p, today)
			g, ok := f.gate(c.gate)
			if ok != (c.state != "") || g.State != c.state || !strings.Contains(g.Reason, c.reason) {
				t.Errorf("%v %s %q, want %s … %q …", ok, g.State, g.Reason, c.state, c.reason)
			}
			if f.Action != c.action {
				t.Errorf("action %s, want %s", f.Action, c.action)
			}
			if f.Barred() != (f.Advice == NoBid) {
				t.Errorf("barred %v, advice %s (score %d)", f.Barred(), f.Advice, f.Score)
			}
			if f.Relevance < 40 {
				t.Errorf("a gate took from the relevance: %d", f.Relevance)
			}
		})
	}
}

// What bars or has to be asked names its law, and the question it is.
func TestGateSources(t *testing.T) {
	reserved := func(kind string) func(*notice.Notice) {
		return func(n *notice.Notice) {
			n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: kind, Text: kind}, "/tender/otherRequirements/reservedParticipation/0")}
		}
	}
	direct := func(method string) func(*notice.Notice) {
		return func(n *notice.Notice) { n.Direct = say(method, "/tender/procurementMethodDetails") }
	}
	ended := func(stage notice.Stage, kind string) func(*notice.Notice) {
		return func(n *notice.Notice) { n.Stage, n.Type.Value = stage, kind }
	}
	for _, c := range []struct {
		name             string
		notice           func(*notice.Notice)
		gate             string
		reason, question string
		source           string
	}{
		{"sheltered", reserved("sheltered"), GateReserved, "are you one?", "reserved for supported employment providers. Who counts as one", "Procurement Act 2023, s. 32"},
		{"mutual", reserved("mutual"), GateReserved, "are you one?", "reserved for public service mutuals. Who counts", "Procurement Act 2023, s. 33"},
		{"SMEs, of central government", func(n *notice.Notice) { reserved("sme")(n); n.Buyer.Type.Value = "publicAuthorityCentralGovernment" }, GateReserved, "which you are", "", "PPN 005"},
		{"a place nobody can read, of a council", reserved("location"), GateReserved, "are you based there?", "What makes a supplier based there", "(England) Order 2026"},
		{"lighthouse keepers", reserved("other"), GateReserved, "may you take part?", "For whom is the contract reserved (other)", ""},
		{"a direct award", direct("Direct award"), GateProcedure, "not open to others", "", "Procurement Act 2023, ss. 41–43"},
		{"a call-off", direct("Call-off from a framework agreement"), GateProcedure, "not open to others", "", "Procurement Act 2023, s. 45"},
		{"members of a market", direct("Call-off from a dynamic market"), GateProcedure, "not open to others", "", "Procurement Act 2023, s. 34"},
		{"ended by UK12", ended(notice.StageEnded, "UK12"), GateStage, "ended without award (UK12)", "", "Procurement Act 2023, s. 55"},
		{"announced by UK5", ended(notice.StageAward, "UK5"), GateStage, "a direct award is about to be made", "", "Procurement Act 2023, s. 44"},
		{"no deadline", func(n *notice.Notice) { n.Deadline = notice.Deadline{} }, GateDeadline, "until when", "Until when are tenders taken?", ""},
		{"an excluded word", func(n *notice.Notice) { n.Description.Value += " During construction." }, GateExclude, "is it part of the work?", `Is "construction" part of the work?`, ""},
	} {
		n := mediationNotice(t)
		covered(t, n, "2026-06-15")
		c.notice(n)
		f := fitOf(t, n, mediation(), today)
		g, _ := f.gate(c.gate)
		if !strings.Contains(g.Reason, c.reason) || !strings.Contains(string(g.Source), c.source) || (g.Source == "") != (c.source == "") {
			t.Errorf("%s: %q, source %q", c.name, g.Reason, g.Source)
		}
		if !strings.Contains(g.Question, c.question) || (g.Question != "") != (g.State == GateUnknown) {
			t.Errorf("%s: %s asks %q", c.name, g.State, g.Question)
		}
	}
}

// Where a supplier says where it is based, that counts and not where it works.
func TestReservedByBase(t *testing.T) {
	n := mediationNotice(t)
	n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "location", Place: notice.Place{Region: "TLG24"}}, "/tender/otherRequirements/reservedParticipationLocation")}
	for base, want := range map[itl.Region]GateState{"": GatePass, "TLG24": GatePass, "TLG22": GateBarred, "TLG2": GateUnknown, "TLM65": GateBarred} {
		p := mediation()
		p.Base = base
		f := fitOf(t, n, p, today)
		if g, _ := f.gate(GateReserved); g.State != want {
			t.Errorf("based in %q: %s %q, want %s", base, g.State, g.Reason, want)
		}
	}
}

// Two kinds of reservation must both be met, each its own gate.
func TestReservedTwice(t *testing.T) {
	n := mediationNotice(t)
	n.Lots[0].Reserved = []notice.Said[notice.Reservation]{
		sayOf(notice.Reservation{Kind: "vcse"}, "/tender/otherRequirements/reservedParticipation/0"),
		sayOf(notice.Reservation{Kind: "location", Place: notice.Place{Region: "TLM65"}}, "/tender/otherRequirements/reservedParticipationLocation"),
	}
	f := fitOf(t, n, mediation(), today)
	var states []GateState
	for _, g := range f.Gates {
		if g.Gate == GateReserved {
			states = append(states, g.State)
		}
	}
	if len(states) != 2 || states[0] != GatePass || states[1] != GateBarred || f.Advice != NoBid {
		t.Errorf("%v, %s", states, f.Advice)
	}
}

// As time passes no gate opens.
func TestGatesOnlyShut(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	stages := []notice.Stage{notice.StageTender, notice.StageEngagement, notice.StagePipeline, notice.StageMarket, notice.StagePlanned}
	kinds := []notice.DeadlineKind{notice.DeadlineTender, notice.DeadlineInterest, notice.DeadlineEngagement}
	for range 300 {
		n := mediationNotice(t)
		n.Stage = stages[rng.IntN(len(stages))]
		n.Deadline = notice.Deadline{
			Said: sayOf(notice.Moment{Time: today.Add(time.Duration(rng.IntN(400)) * time.Hour), Day: rng.IntN(2) == 0}, "/tender/tenderPeriod/endDate"),
			Kind: kinds[rng.IntN(len(kinds))],
		}
		m, err := New(names, mediation())
		if err != nil {
			t.Fatal(err)
		}
		o := names.Prepare(n)
		barred := map[string]bool{}
		for hours := -48; hours < 600; hours += 7 {
			f := m.Assess(o, today.Add(time.Duration(hours)*time.Hour))
			for _, g := range f.Gates {
				if barred[g.Gate] && g.State != GateBarred {
					t.Fatalf("gate %s opened after %d hours: %+v", g.Gate, hours, g)
				}
				barred[g.Gate] = g.State == GateBarred
			}
		}
	}
}
