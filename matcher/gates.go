package matcher

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/words"
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
		gates = append(gates, Gate{GateStatus, GateBarred, "the procurement is " + clean(o.status.Value), []notice.Quote{said(o.status)}})
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
		switch o.Stage {
		case notice.StageAward:
			g.Reason = "already awarded, or about to be"
		case notice.StageContract:
			g.Reason = "about a contract that somebody has"
		case notice.StageEnded:
			g.Reason = "cancelled, withdrawn or ended without award"
		default:
			g.Reason = "nothing that can be bid for"
		}
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
		return Gate{GateDeadline, GateUnknown, "until when are bids taken? The notice gives no deadline", nil}, true
	}
	g := Gate{GateDeadline, GatePass, "bids are taken until ", []notice.Quote{o.quote(d.At, d.Value.String())}}
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
	g := Gate{GateProcedure, GateBarred, "not open to others: " + clean(o.direct.Value), []notice.Quote{said(o.direct)}}
	if !callOff(o.direct.Value) && !callOff(o.method.Value) {
		return g
	}
	for i := range m.frameworks {
		if s, ok := m.frameworks[i].find(&o.page); ok {
			return Gate{GateProcedure, GatePass, "only for members of a framework; you are on " + m.frameworks[i].text, []notice.Quote{s.quote()}}
		}
	}
	return g
}

// callOff reports whether a procedure picks from the members of a framework or market.
func callOff(procedure string) bool {
	p := strings.ToLower(procedure)
	return strings.Contains(p, "framework") || strings.Contains(p, "call-off") || strings.Contains(p, "dynamic")
}

// lotGates judges what holds for one lot, after what holds for all.
func (m *Matcher) lotGates(o *Opportunity, l *lot, common []Gate) []Gate {
	gates := slices.Clone(common)
	if over(l.Status.Value) && !over(o.status.Value) {
		gates = append(gates, Gate{GateStatus, GateBarred, "the lot is " + clean(l.Status.Value), []notice.Quote{said(l.Status)}})
	}
	gates = append(gates, m.reservedGates(l)...)
	if len(m.exclude) > 0 {
		gates = append(gates, m.excludeGate(o, l))
	}
	return gates
}

// reservedGates holds each reservation of the lot against the profile: all
// must be met, of several places one.
func (m *Matcher) reservedGates(l *lot) []Gate {
	var gates []Gate
	var places []notice.Said[notice.Reservation]
	for _, r := range l.Reserved {
		if r.Value.Kind == "location" {
			places = append(places, r)
			continue
		}
		g := Gate{Gate: GateReserved, At: []notice.Quote{{Path: r.At, Quote: r.Value.Text}}}
		g.State, g.Reason = m.reserved(r.Value)
		gates = append(gates, g)
	}
	if len(places) > 0 {
		gates = append(gates, m.reservedPlaces(places))
	}
	return gates
}

// reserved judges a reservation by kind of supplier.
func (m *Matcher) reserved(r notice.Reservation) (GateState, string) {
	var state GateState
	var who string
	switch r.Kind {
	case "sme":
		state, who = answer(m.profile.SME), "SMEs"
	case "vcse":
		state, who = answer(m.profile.VCSE), "VCSEs"
	case "smeVcse":
		state, who = either(answer(m.profile.SME), answer(m.profile.VCSE)), "SMEs and VCSEs"
	case "sheltered":
		state, who = m.certified("sheltered", "supported employment", "supported business"), "supported employment providers"
	case "mutual":
		state, who = m.certified("mutual"), "public service mutuals"
	default:
		return GateUnknown, "reserved (" + clean(r.Text) + "): may you take part?"
	}
	switch state {
	case GatePass:
		return state, "reserved for " + who + ", which you are"
	case GateBarred:
		return state, "reserved for " + who + ", which you are not"
	}
	return state, "reserved for " + who + ": are you one? The profile does not say"
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

// certified looks for a standing among the profile's certifications. That it is not named there is not a no.
func (m *Matcher) certified(names ...string) GateState {
	for _, c := range m.profile.Certifications {
		tokens := words.Tokens(c)
		for _, name := range names {
			if p, err := words.ParsePhrase(name); err == nil && len(p.Find(tokens)) > 0 {
				return GatePass
			}
		}
	}
	return GateUnknown
}

// reservedPlaces judges a reservation by place: the supplier has to be based in one of them.
func (m *Matcher) reservedPlaces(places []notice.Said[notice.Reservation]) Gate {
	g := Gate{Gate: GateReserved, State: GateUnknown}
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
	in := "reserved for suppliers based in " + strings.Join(where, ", ")
	switch {
	case m.area.IsEmpty():
		g.Reason = in + ": are you? The profile names no region"
	case area.Contains(m.area):
		g.State, g.Reason = GatePass, in+", which is where you are"
	case !area.IsEmpty() && m.area.Overlaps(area) && !m.nationwide():
		g.State, g.Reason = GatePass, in+", which is among your regions"
	case m.area.Overlaps(area) || !readable:
		g.Reason = in + ": are you based there?"
	default:
		g.State, g.Reason = GateBarred, in+", which is none of your regions"
	}
	return g
}

// nationwide reports whether the supplier works in a whole country, which says little of where it is based.
func (m *Matcher) nationwide() bool {
	return slices.ContainsFunc(m.profile.Regions, itl.Region.Nationwide)
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
			if f.kind.heading() || f.kind == inName {
				return Gate{GateExclude, GateBarred, fields[f.kind].says + " says " + word + ", which you exclude", []notice.Quote{s.quote()}}
			}
			if doubt == nil {
				doubt = &Gate{GateExclude, GateUnknown, fields[f.kind].says + " says " + word + ", which you exclude: is it part of the work?", []notice.Quote{s.quote()}}
			}
		}
	}
	if doubt != nil {
		return *doubt
	}
	return Gate{GateExclude, GatePass, "none of the words you exclude", nil}
}
