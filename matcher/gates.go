package matcher

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/law"
)

// The gates, by name, in the order they are told.
const (
	GateStage     = "stage"     // something can still be done at this stage
	GateStatus    = "status"    // neither the procurement nor the lot is cancelled or over
	GateDeadline  = "deadline"  // bids are still taken
	GateProcedure = "procedure" // others than those already chosen may bid
	GateReserved  = "reserved"  // the supplier is of those it is reserved for
	GateExclude   = "exclude"   // no word the profile excludes
)

// gates judges what holds for all lots of a notice.
func (m *Matcher) gates(o *Opportunity, asOf time.Time) []Gate {
	gates := make([]Gate, 0, 4)
	gates = append(gates, stageGate(o))
	if over(o.status.Value) {
		gates = append(gates, Gate{Gate: GateStatus, State: GateBarred, Reason: "the procurement is " + clean(o.status.Value), At: []notice.Quote{said(o.status)}})
	}
	if g, ok := deadlineGate(o, asOf); ok {
		gates = append(gates, g)
	}
	if o.direct.Known() {
		gates = append(gates, m.procedureGate(o))
	}
	return gates
}

// said quotes a text that counts as a whole.
func said(s notice.Said[string]) notice.Quote { return notice.Quote{Path: s.At, Quote: s.Value} }

// stageGate bars what nobody can do anything about any more.
func stageGate(o *Opportunity) Gate {
	g := Gate{Gate: GateStage, State: GatePass}
	switch o.Stage {
	case notice.StageTender:
		g.Reason = "a tender: bids are invited"
	case notice.StageMarket:
		g.Reason = "a dynamic market: suppliers may ask to join"
	case notice.StageEngagement:
		g.Reason = "market engagement: the buyer listens, the tender comes later"
	case notice.StagePlanned:
		g.Reason = "a planned procurement: the tender comes later"
	case notice.StagePipeline:
		g.Reason = "a pipeline entry: the tender comes some day"
	default:
		g.State = GateBarred
		switch {
		case o.kind == "UK5":
			g.Reason = "a direct award is about to be made (UK5, a transparency notice)"
		case o.Stage == notice.StageAward:
			g.Reason = "already awarded, or about to be"
		case o.Stage == notice.StageContract:
			g.Reason = "about a contract that somebody has"
		case o.kind == "UK12":
			g.Reason = "the procurement was ended without award (UK12)"
		case o.Stage == notice.StageEnded:
			g.Reason = "cancelled, withdrawn or ended without award"
		default:
			g.Reason = "nothing that can be bid for"
		}
		// What bars has its source told: the section its notice is published by.
		g.Source, _ = law.Notice(o.kind)
	}
	return g
}

// over reports whether a status of a procurement or lot says that it will not be awarded any more.
func over(status string) bool {
	switch status {
	case "cancelled", "unsuccessful", "withdrawn", "complete":
		return true
	}
	return false
}

// deadlineGate bars what has closed. As time passes it can only shut.
func deadlineGate(o *Opportunity, asOf time.Time) (Gate, bool) {
	d := o.deadline
	if d.Kind == notice.DeadlineEngagement {
		return Gate{}, false
	}
	if !d.Known() {
		if o.Stage != notice.StageTender {
			return Gate{}, false
		}
		return Gate{
			Gate: GateDeadline, State: GateUnknown, Reason: "until when are bids taken? The notice gives no deadline",
			Question: "Until when are tenders taken? The notice gives no deadline.",
		}, true
	}
	g := Gate{Gate: GateDeadline, State: GatePass, Reason: "bids are taken until ", At: []notice.Quote{o.moment(d.Said)}}
	if o.closed(asOf) {
		g.State, g.Reason = GateBarred, "closed on "
	}
	if d.Value.Day {
		g.Reason += d.Value.In(notice.London).Format("2 January 2006")
	} else {
		g.Reason += d.Value.In(notice.London).Format("2 January 2006 15:04")
	}
	return g, true
}

// procedureGate bars what only those already chosen may bid for, unless the
// supplier is on the framework that is called off.
func (m *Matcher) procedureGate(o *Opportunity) Gate {
	g := Gate{Gate: GateProcedure, State: GateBarred, Reason: "not open to others: " + clean(o.direct.Value), At: []notice.Quote{said(o.direct)}}
	if !callOff(o.direct.Value) && !callOff(o.method.Value) {
		g.Source, _ = o.law.DirectAward()
		return g
	}
	g.Source, _ = o.law.Framework()
	if dynamic(o.direct.Value) || dynamic(o.method.Value) {
		g.Source, _ = o.law.DynamicMarket()
	}
	if on, quote, ok := m.onFramework(o); ok {
		g.State, g.Reason, g.At = GatePass, "only for members of a framework; you are on "+on, []notice.Quote{quote}
	}
	return g
}

// onFramework finds one of the supplier's frameworks in a notice.
func (m *Matcher) onFramework(o *Opportunity) (name string, at notice.Quote, ok bool) {
	for i := range m.frameworks {
		if s, ok := m.frameworks[i].find(&o.page); ok {
			return m.frameworks[i].text, s.quote(), true
		}
	}
	return "", notice.Quote{}, false
}

// callOff reports whether a procedure picks from the members of a framework or market.
func callOff(procedure string) bool {
	p := strings.ToLower(procedure)
	return strings.Contains(p, "framework") || strings.Contains(p, "call-off") || dynamic(p)
}

// dynamic reports whether a procedure picks from the members of a dynamic market or purchasing system.
func dynamic(procedure string) bool { return strings.Contains(strings.ToLower(procedure), "dynamic") }

// lotGates judges what holds for one lot, after what holds for all.
func (m *Matcher) lotGates(o *Opportunity, l *lot, common []Gate) []Gate {
	gates := make([]Gate, len(common), len(common)+len(l.Reserved)+2)
	copy(gates, common)
	if over(l.Status.Value) && !over(o.status.Value) {
		gates = append(gates, Gate{Gate: GateStatus, State: GateBarred, Reason: "the lot is " + clean(l.Status.Value), At: []notice.Quote{said(l.Status)}})
	}
	gates = append(gates, m.reservedGates(o, l)...)
	if len(m.exclude) > 0 {
		gates = append(gates, m.excludeGate(o, l))
	}
	return gates
}

// reservedGates holds each reservation of the lot against the profile: all
// must be met, of several places one.
func (m *Matcher) reservedGates(o *Opportunity, l *lot) []Gate {
	var gates []Gate
	var places []notice.Said[notice.Reservation]
	for _, r := range l.Reserved {
		if r.Value.Kind == "location" {
			places = append(places, r)
			continue
		}
		g := m.reserved(r.Value)
		g.At = []notice.Quote{{Path: r.At, Quote: r.Value.Text}}
		g.Source, _ = o.law.Reserved(r.Value.Kind)
		gates = append(gates, g)
	}
	if len(places) > 0 {
		g := m.reservedPlaces(places)
		g.Source, _ = o.law.Reserved("location")
		gates = append(gates, g)
	}
	return gates
}

// reservedFor says for whom each kind of reservation is.
var reservedFor = map[string]string{
	"sme": "SMEs", "vcse": "VCSEs", "smeVcse": "SMEs and VCSEs",
	"sheltered": "supported employment providers", "mutual": "public service mutuals",
}

// reserved judges a reservation by kind of supplier.
func (m *Matcher) reserved(r notice.Reservation) Gate {
	g := Gate{Gate: GateReserved}
	who, known := reservedFor[r.Kind]
	if !known {
		g.State = GateUnknown
		g.Reason = "reserved (" + clean(r.Text) + "): may you take part?"
		g.Question = "For whom is the contract reserved (" + clean(r.Text) + "), and what has to be shown?"
		return g
	}
	switch r.Kind {
	case "sme":
		g.State = answer(m.profile.SME)
	case "vcse":
		g.State = answer(m.profile.VCSE)
	case "smeVcse":
		g.State = either(answer(m.profile.SME), answer(m.profile.VCSE))
	case "sheltered":
		g.State = m.certified("sheltered", "supported employment", "supported business")
	case "mutual":
		g.State = m.certified("mutual")
	}
	switch g.State {
	case GatePass:
		g.Reason = "reserved for " + who + ", which you are"
	case GateBarred:
		g.Reason = "reserved for " + who + ", which you are not"
	default:
		g.Reason = "reserved for " + who + ": are you one? The profile does not say"
		g.Question = "The contract is reserved for " + who + ". Who counts as one, and what has to be shown?"
	}
	return g
}

// answer is how a gate stands on a yes, a no or silence.
func answer(b *bool) GateState {
	switch {
	case b == nil:
		return GateUnknown
	case *b:
		return GatePass
	}
	return GateBarred
}

// either is how a gate stands of which one of two halves has to be open.
func either(a, b GateState) GateState {
	switch {
	case a == GatePass || b == GatePass:
		return GatePass
	case a == GateUnknown || b == GateUnknown:
		return GateUnknown
	}
	return GateBarred
}

// certified looks for a standing among the profile's certifications. That it is not named there is not
// a no: what bars takes more than a list without it.
func (m *Matcher) certified(names ...string) GateState {
	for _, name := range names {
		if m.certificate(name) == GatePass {
			return GatePass
		}
	}
	return GateUnknown
}

// reservedPlaces judges a reservation by place: the supplier has to be based in one of them.
func (m *Matcher) reservedPlaces(places []notice.Said[notice.Reservation]) Gate {
	g := Gate{Gate: GateReserved}
	var area itl.Area
	var where []string
	readable := true
	for _, r := range places {
		g.At = append(g.At, notice.Quote{Path: r.At, Quote: r.Value.Text})
		if region := r.Value.Place.Region; region != "" {
			area = area.Union(region.Area())
			where = append(where, region.Name())
		} else {
			readable = false
			where = append(where, clean(r.Value.Text))
		}
	}
	state, how := m.based(area, readable)
	in := "reserved for suppliers based in " + strings.Join(where, ", ")
	g.State, g.Reason = state, in+how
	if state == GateUnknown {
		g.Question = "The contract is r" + in[1:] + ". What makes a supplier based there, and what has to be shown?"
	}
	return g
}

// based holds a place against where the supplier is based, which is where it says it is, else where it
// works. A place that is readable only in part bars nobody.
func (m *Matcher) based(area itl.Area, readable bool) (state GateState, how string) {
	if !m.base.IsEmpty() {
		switch {
		case area.Contains(m.base):
			return GatePass, ", and you are based in " + m.profile.Base.Name()
		case m.base.Overlaps(area) || !readable:
			return GateUnknown, ": are you based there? You are in " + m.profile.Base.Name()
		}
		return GateBarred, ", and you are based in " + m.profile.Base.Name()
	}
	switch {
	case m.area.IsEmpty():
		return GateUnknown, ": are you? The profile names no region"
	case area.Contains(m.area):
		return GatePass, ", which is where you are"
	case !area.IsEmpty() && m.area.Overlaps(area) && !m.nationwide():
		return GatePass, ", which is among your regions"
	case m.area.Overlaps(area) || !readable:
		return GateUnknown, ": are you based there?"
	}
	return GateBarred, ", which is none of your regions"
}

// nationwide reports whether the supplier works in a whole country, which says little of where it is based.
func (m *Matcher) nationwide() bool {
	return slices.ContainsFunc(m.profile.Regions, itl.Region.Nationwide)
}

// bars reports whether an excluded word that stands here names what is bought.
func (s span) bars() bool {
	in := s.field().kind
	return in.heading() || in == inName
}

// excludeGate bars a lot that is named by a word the profile excludes. In the
// running text the word is a question: notices also say what they do not want.
func (m *Matcher) excludeGate(o *Opportunity, l *lot) Gate {
	var doubt *Gate
	for i := range m.exclude {
		for _, p := range []*page{&o.page, &l.page} {
			s, ok := m.exclude[i].find(p)
			if !ok {
				continue
			}
			f := s.field()
			word := `"` + m.exclude[i].text + `"`
			if s.bars() {
				return Gate{Gate: GateExclude, State: GateBarred, Reason: fields[f.kind].says + " says " + word + ", which you exclude", At: []notice.Quote{s.quote()}}
			}
			if doubt == nil {
				doubt = &Gate{
					Gate: GateExclude, State: GateUnknown, Reason: fields[f.kind].says + " says " + word + ", which you exclude: is it part of the work?",
					Question: "Is " + word + " part of the work?", At: []notice.Quote{s.quote()},
				}
			}
		}
	}
	if doubt != nil {
		return *doubt
	}
	return Gate{Gate: GateExclude, State: GatePass, Reason: "none of the words you exclude"}
}
