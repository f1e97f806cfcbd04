package matcher

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// What a change costs, in an order and no more than that: to say what is so comes before to list more of what one
// sells, that before to look further afield, that before to get what one lacks; and what the supplier can do comes
// before what somebody else would have to. Of a trade or place the narrower one is cheaper: the broader lets more in.
const (
	costSay       = 1 // what the profile leaves unsaid
	costCode      = 2 // one class wider costs one more, one group wider two
	costKeyword   = 2 // from a heading; from the text costs one more
	costWord      = 4 // a word that was excluded, or a buyer that was avoided, is let in
	costRegion    = 5 // the region around it costs one more
	costBand      = 6
	costLead      = 7
	costGet       = 8  // what costs money: a certificate, cover, turnover, a base
	costAnswer    = 9  // the buyer fills a gap
	costDeadline  = 10 // the buyer moves the deadline
	costOtherwise = 11 // the notice would have to say something else than it does
)

// Bounds of what is tried, so that a notice of a hundred codes costs no more than one of ten.
const (
	mostCodes    = 8
	mostKeywords = 8
	mostAround   = 12
)

// step is a change that can be taken.
type step struct {
	Step
	cost    int
	family  string // two steps of a family are not taken together
	profile func(*profiles.Profile)
	notice  func(*Opportunity) // of a copy with one lot of its own
	// oneOfMany marks a change behind which another reason of the same kind may stand, so that alone it shows no gain.
	oneOfMany bool
}

// with adds to a list that somebody else may hold.
func with[T any](list []T, more ...T) []T { return append(list[:len(list):len(list)], more...) }

// steps lists the changes worth trying on an opportunity of one lot.
func (m *Matcher) steps(o *Opportunity, now *Fit, asOf time.Time) []step {
	l := &o.lots[0]
	var list []step
	list = append(list, m.codeSteps(l)...)
	list = append(list, m.keywordSteps(o, l)...)
	list = append(list, m.regionSteps(o, l)...)
	list = append(list, m.valueSteps(o, l)...)
	list = append(list, m.standingSteps(l)...)
	list = append(list, m.requiredSteps(o, l)...)
	list = append(list, m.likingSteps(o, l)...)
	list = append(list, m.timeSteps(o, asOf)...)
	return append(list, answerSteps(l, now)...)
}

// codeSteps add a code of the lot, its class or its group.
func (m *Matcher) codeSteps(l *lot) []step {
	var list []step
	seen := slices.Clone(m.profile.CPV)
	for i := range l.codes[:min(len(l.codes), mostCodes)] {
		c := &l.codes[i]
		for wider, code := range []cpv.Code{c.Code, c.At(cpv.Class), c.At(cpv.Group)} {
			if slices.Contains(seen, code) || !code.Known() || code.Level() == cpv.Division && code != c.Code {
				continue
			}
			seen = append(seen, code)
			name, of := m.names.Of(code)
			switch {
			case code == c.Code:
				name = m.label(c)
			case of != code:
				name = m.lexicon.names[code]
			}
			list = append(list, step{
				Step: Step{
					Side: OfProfile, Change: "cpv", Value: code.String(), At: []notice.Quote{c.quote()},
					Words: strings.Join(strings.Fields("add CPV "+code.String()+" "+name+" to your codes"), " "),
				},
				cost: costCode + wider, family: "cpv " + c.String(),
				profile: func(p *profiles.Profile) { p.CPV = with(p.CPV, code) },
			})
		}
	}
	return list
}

// offered is a word or two of a notice that may be a keyword.
type offered struct {
	text  string
	where span
	worth int64
}

// keywordSteps add a keyword that the notice says, of the supplier's trade: what usually stands in the classes
// in which the profile stands.
func (m *Matcher) keywordSteps(o *Opportunity, l *lot) []step {
	var found []offered
	for _, p := range []*page{&o.page, &l.page} {
		found = append(found, m.offers(o, p)...)
	}
	slices.SortStableFunc(found, func(a, b offered) int { return cmp.Compare(b.worth, a.worth) })
	var list []step
	var seen []string
	for _, k := range m.profile.Keywords {
		seen = append(seen, words.Fold(k))
	}
	for _, f := range found {
		fold := words.Fold(f.text)
		if !slices.ContainsFunc(seen, func(s string) bool { return strings.Contains(s, fold) || strings.Contains(fold, s) }) {
			seen = append(seen, fold)
			in := f.where.field().kind
			s := step{
				Step: Step{
					Side: OfProfile, Change: "keywords", Value: f.text, At: []notice.Quote{f.where.quote()},
					Words: `add the keyword "` + f.text + `", which the ` + fields[in].says + " says",
				},
				cost:    costKeyword,
				profile: func(p *profiles.Profile) { p.Keywords = with(p.Keywords, f.text) },
			}
			if !in.heading() {
				s.cost++
			}
			if list = append(list, s); len(list) == mostKeywords {
				break
			}
		}
	}
	return list
}

const (
	// kinship is the least part of a word's uses, in 4096ths, that lies where the profile stands for the word to be
	// of its trade; in the text, where much is said by the way, twice that, and it has to be said twice and to be rare.
	kinship = whole / 6
	twice   = 4       // halves of a mention in a description
	rarely  = 4 * 256 // one text in sixteen
)

// offers lists the words of a page that are of the supplier's trade, and in headings pairs of words. Names are none: what
// no other notice says, what the buyer is called, and outside of headings what is written in capitals.
func (m *Matcher) offers(o *Opportunity, p *page) []offered {
	kin := make([]int64, len(p.terms)) // of each term, how much it is of the trade
	asked := make([]bool, len(p.terms))
	buyer := map[termID]bool{}
	for i := range o.buyers {
		for _, t := range words.Tokens(o.buyers[i].Name.Value) {
			buyer[idOf(t.Stem)] = true
		}
	}
	for i, t := range p.terms {
		_, asked[i] = slices.BinarySearchFunc(m.queries, t.id, func(q query, id termID) int { return cmp.Compare(q.id, id) })
		e := m.lexicon.entry(t.id)
		if e != nil && e.texts > min(1, m.lexicon.notices) && telling(e.stem) && !buyer[t.id] && !strings.ContainsAny(e.stem, "0123456789") {
			kin[i] = m.kin(e)
		}
	}
	text := func(at uint32) string {
		t := &p.tokens[at]
		word := p.field(at).text[t.start : t.start+uint32(t.size)]
		if !t.upper {
			word = strings.ToLower(word)
		}
		return word
	}
	worth := func(in fieldKind, terms ...uint32) (sum int64) {
		for _, t := range terms {
			sum += kin[t] * m.lexicon.rarity(p.terms[t].id)
		}
		return sum * int64(fields[in].counts)
	}
	var list []offered
	for i, t := range p.terms {
		in := p.field(t.first).kind
		byTheWay := !in.heading() && (kin[i] < 2*kinship || t.count < twice || m.lexicon.rarity(t.id) < rarely || p.tokens[t.first].upper)
		if asked[i] || kin[i] < kinship || in > inLotDescription || byTheWay {
			continue
		}
		list = append(list, offered{text(t.first), span{p, t.first, t.first + 1}, worth(in, uint32(i))})
	}
	for at := uint32(1); int(at) < len(p.tokens) && p.field(at).kind.heading(); at++ {
		a, b := p.tokens[at-1].term, p.tokens[at].term
		if !p.tokens[at].gap && kin[a] >= kinship && kin[b] >= kinship && !(asked[a] && asked[b]) {
			list = append(list, offered{text(at-1) + " " + text(at), span{p, at - 1, at + 1}, worth(p.field(at).kind, a, b)})
		}
	}
	return list
}

// kin is how much of a word's uses lies in the classes in which the profile stands, in 4096ths; of a word that half of the
// time or more is filed nowhere in particular, as if it were the half.
func (m *Matcher) kin(e *entry) int64 {
	var here, all int64
	for _, n := range e.classes {
		all += int64(n.weight)
		i, ok := slices.BinarySearchFunc(m.vector, n.class, func(v near, c class) int { return cmp.Compare(v.class, c) })
		if ok && m.vector[i].weight > unit/16 {
			here += int64(n.weight)
		}
	}
	return here * whole / max(all, whole/2)
}

// regionSteps add the regions of the work, or those around them; where the work is in none we know, the buyer's.
func (m *Matcher) regionSteps(o *Opportunity, l *lot) []step {
	if m.area.IsEmpty() {
		return nil
	}
	places := l.Places
	if !l.placed {
		places = nil
		for _, b := range o.buyers[:min(1, len(o.buyers))] {
			if b.Place.Value.Region != "" && !slices.ContainsFunc(l.Places, abroad) {
				places = append(places, b.Place)
			}
		}
	}
	var exact, around []itl.Region
	var at []notice.Quote
	for _, p := range places {
		r := p.Value.Region
		if r == "" || m.area.Contains(r.Area()) || slices.Contains(exact, r) {
			continue
		}
		exact, at = append(exact, r), append(at, notice.Quote{Path: p.At, Quote: p.Value.Text})
		if up := r.Ancestors(); len(up) > 0 && !up[0].Nationwide() && !slices.Contains(around, up[0]) {
			around = append(around, up[0])
		}
	}
	var list []step
	for wider, regions := range [][]itl.Region{exact, around} {
		if len(regions) == 0 || len(regions) > mostAround {
			continue
		}
		var labels, values []string
		for _, r := range regions {
			labels, values = append(labels, r.Label()), append(values, string(r))
		}
		list = append(list, step{
			Step: Step{
				Side: OfProfile, Change: "regions", Value: strings.Join(values, ", "), At: at[:min(len(at), mostQuotes)],
				Words: "add " + strings.Join(labels, ", ") + " to your regions",
			},
			cost: costRegion + wider, family: "regions",
			profile: func(p *profiles.Profile) { p.Regions = with(p.Regions, regions...) },
		})
	}
	if !l.placed && !slices.ContainsFunc(l.Places, abroad) {
		list = append(list, step{
			Step: Step{Side: OfNotice, Change: "place", Words: "were the work, whose place is not said, in your regions"},
			cost: costAnswer, family: "regions",
			notice: func(o *Opportunity) {
				l := &o.lots[0]
				inside := *l.Lot
				inside.Places = []notice.Said[notice.Place]{notice.Say(notice.Place{Text: string(m.profile.Regions[0]), Region: m.profile.Regions[0]}, supposed)}
				l.Lot, l.area, l.placed = &inside, m.profile.Regions[0].Area(), true
			},
		})
	}
	return list
}

// supposed is the place of what nobody said.
var supposed = notice.Path{Pointer: "/supposed"}

// valueSteps widen the band to the value, or have the value in the band.
func (m *Matcher) valueSteps(o *Opportunity, l *lot) []step {
	band := m.profile.Value
	if band.Min == nil && band.Max == nil {
		return nil
	}
	be := func(p notice.Pence) func(*Opportunity) {
		return func(o *Opportunity) {
			priced := *o.lots[0].Lot
			priced.Value = notice.Value{Net: notice.Say(p, supposed)}
			o.lots[0].Lot = &priced
		}
	}
	low, high, _, at, ok := o.worth(l.Lot.Value)
	switch {
	case !ok:
		within := band.Max
		if within == nil {
			within = band.Min
		}
		return []step{{
			Step: Step{Side: OfNotice, Change: "value", Words: "were the value, which is not known, within your " + bandText(band.Min, band.Max)},
			cost: costAnswer, family: "value", notice: be(*within),
		}}
	case band.Max != nil && low > *band.Max:
		return []step{{
			Step: Step{Side: OfProfile, Change: "value.max", Value: low.Decimal(), Words: "raise your " + bandText(band.Min, band.Max) + " to " + low.String(), At: at},
			cost: costBand, family: "value", profile: func(p *profiles.Profile) { p.Value.Max = &low },
		}, {
			Step: Step{Side: OfNotice, Change: "value", Value: band.Max.Decimal(), Words: "were the value " + band.Max.String() + " or less", At: at},
			cost: costOtherwise, family: "value", notice: be(*band.Max),
		}}
	case band.Min != nil && high < *band.Min:
		return []step{{
			Step: Step{Side: OfProfile, Change: "value.min", Value: high.Decimal(), Words: "lower your " + bandText(band.Min, band.Max) + " to " + high.String(), At: at},
			cost: costBand, family: "value", profile: func(p *profiles.Profile) { p.Value.Min = &high },
		}, {
			Step: Step{Side: OfNotice, Change: "value", Value: band.Min.Decimal(), Words: "were the value " + band.Min.String() + " or more", At: at},
			cost: costOtherwise, family: "value", notice: be(*band.Min),
		}}
	}
	return nil
}

// standingSteps say what the supplier is, where the profile does not, and where it is based.
func (m *Matcher) standingSteps(l *lot) []step {
	var list []step
	yes := true
	if m.profile.SME == nil {
		list = append(list, step{
			Step: Step{Side: OfProfile, Change: "sme", Value: "true", Words: "say that you are an SME", IfTrue: true},
			cost: costSay, profile: func(p *profiles.Profile) { p.SME = &yes },
		})
	}
	if m.profile.VCSE == nil {
		list = append(list, step{
			Step: Step{Side: OfProfile, Change: "vcse", Value: "true", Words: "say that you are a VCSE", IfTrue: true},
			cost: costSay, profile: func(p *profiles.Profile) { p.VCSE = &yes },
		})
	}
	for _, r := range l.Reserved {
		switch r.Value.Kind {
		case "location":
			list = append(list, m.baseSteps(r.Value.Place.Region, []notice.Quote{{Path: r.At, Quote: r.Value.Text}})...)
		case "sheltered":
			list = append(list, m.holdSteps("supported employment", []notice.Quote{{Path: r.At, Quote: r.Value.Text}})...)
		case "mutual":
			list = append(list, m.holdSteps("public service mutual", []notice.Quote{{Path: r.At, Quote: r.Value.Text}})...)
		}
	}
	return list
}

// baseSteps have the supplier be based in a region.
func (m *Matcher) baseSteps(r itl.Region, at []notice.Quote) []step {
	if r == "" || !m.base.IsEmpty() && r.Area().Contains(m.base) {
		return nil
	}
	s := step{
		Step: Step{Side: OfProfile, Change: "base", Value: string(r), Words: "say that you are based in " + r.Label(), IfTrue: true, At: at},
		cost: costSay, family: "base", profile: func(p *profiles.Profile) { p.Base = r },
	}
	if !m.base.IsEmpty() {
		s.Words, s.cost = "be based in "+r.Label(), costGet
	}
	return []step{s}
}

// holdSteps list a certificate or standing.
func (m *Matcher) holdSteps(name string, at []notice.Quote) []step {
	if name = clean(name); name == "" || m.certificate(name) == GatePass {
		return nil
	}
	return []step{{
		Step: Step{Side: OfProfile, Change: "certifications", Value: name, Words: `list "` + name + `" among your certifications`, IfTrue: true, At: at},
		cost: costGet, profile: func(p *profiles.Profile) { p.Certifications = with(p.Certifications, name) },
	}}
}

// requiredSteps get what is required and lacking.
func (m *Matcher) requiredSteps(o *Opportunity, l *lot) []step {
	var list []step
	for i := range o.asked {
		a := &o.asked[i]
		if a.lot != "" && a.lot != l.ID {
			continue
		}
		var c Condition
		if a.kind == notice.MentionTurnover {
			c = m.turnover(o, l, a)
		} else {
			c = m.require(o, a)
		}
		if !c.Holds {
			continue
		}
		switch a.kind {
		case notice.MentionCertification:
			list = append(list, m.holdSteps(a.name, a.at)...)
		case notice.MentionInsurance:
			list = append(list, insuranceSteps(a)...)
		case notice.MentionTurnover:
			if a.amount != nil {
				amount := profiles.Pounds(*a.amount)
				list = append(list, step{
					Step: Step{Side: OfProfile, Change: "turnover", Value: notice.Pence(amount).Decimal(), Words: "have a turnover of " + amount.String() + " a year", IfTrue: true, At: a.at},
					cost: costGet, profile: func(p *profiles.Profile) { p.Turnover = &amount },
				})
			}
		case notice.MentionPresence:
			if r, err := itl.Parse(a.name); err == nil {
				list = append(list, m.baseSteps(r, a.at)...)
			}
		}
	}
	return list
}

// leastCover stands for cover of which the notice does not say how much.
const leastCover = profiles.Pounds(100)

// insuranceSteps take out the cover that is asked for.
func insuranceSteps(a *asked) []step {
	kind, says := coverOf(a.name)
	amount, asks := leastCover, says+" insurance"
	if a.amount != nil {
		amount = profiles.Pounds(*a.amount)
		asks += " of " + amount.String()
	}
	return []step{{
		Step: Step{Side: OfProfile, Change: "insurance." + kind, Value: notice.Pence(amount).Decimal(), Words: "have " + asks, IfTrue: true, At: a.at},
		cost: costGet,
		profile: func(p *profiles.Profile) {
			cover := map[string]profiles.Pounds{kind: amount}
			for k, v := range p.Insurance {
				if k != kind {
					cover[k] = v
				}
			}
			p.Insurance = cover
		},
	}}
}

// likingSteps let in a word that is excluded or a buyer that is avoided, and have an excluded word be no part of the work.
func (m *Matcher) likingSteps(o *Opportunity, l *lot) []step {
	var list []step
	for i := range m.exclude {
		var at []notice.Quote
		bars := false
		for _, p := range []*page{&o.page, &l.page} {
			if s, ok := m.exclude[i].find(p); ok {
				at = append(at, s.quote())
				bars = bars || s.bars()
			}
		}
		if at == nil {
			continue
		}
		drop := func(p *profiles.Profile) {
			p.Exclude = slices.DeleteFunc(slices.Clone(p.Exclude), func(x string) bool { return x == m.profile.Exclude[i] })
		}
		word := `"` + m.exclude[i].text + `"`
		list = append(list, step{
			Step: Step{Side: OfProfile, Change: "exclude", Value: m.exclude[i].text, Words: "drop " + word + " from the words you exclude", At: at},
			cost: costWord, family: "exclude " + word, profile: drop, oneOfMany: true,
		})
		if !bars { // as it is judged where the word is no more
			list = append(list, step{
				Step: Step{Side: OfNotice, Change: "exclude", Value: m.exclude[i].text, Words: "were " + word + " no part of the work", At: at},
				cost: costAnswer, family: "exclude " + word, profile: drop, oneOfMany: true,
			})
		}
	}
	if len(m.avoid) == 0 {
		return list
	}
	for i := range o.buyers {
		by, q, ok := named(m.avoid, &o.buyers[i])
		if !ok {
			continue
		}
		list = append(list, step{
			Step: Step{Side: OfProfile, Change: "buyers.avoid", Value: by, Words: "take " + by + " off the buyers you avoid", At: []notice.Quote{q}},
			cost: costWord, family: "buyers.avoid " + by,
			profile: func(p *profiles.Profile) {
				p.Buyers.Avoid = slices.DeleteFunc(slices.Clone(p.Buyers.Avoid), func(x string) bool { return x == by })
			},
		})
		break
	}
	return list
}

// timeSteps need fewer days for a bid, or have more of them.
func (m *Matcher) timeSteps(o *Opportunity, asOf time.Time) []step {
	if !o.deadline.Known() && o.Stage == notice.StageTender {
		enough := max(m.profile.LeadDays, shortNotice)
		due := notice.Deadline{
			Said: notice.Say(notice.Moment{Time: asOf.In(notice.London).AddDate(0, 0, enough), Day: true}, supposed),
			Kind: notice.DeadlineTender,
		}
		return []step{{
			Step: Step{Side: OfNotice, Change: "deadline", Words: "were the deadline, which is not said, " + days(enough) + " away or more"},
			cost: costAnswer, family: "time", notice: func(o *Opportunity) { o.deadline = due },
		}}
	}
	if !o.deadline.Known() || m.timing(o, asOf).Share == 100 {
		return nil
	}
	var list []step
	at := []notice.Quote{o.moment(o.deadline.Said)}
	if left := notice.DaysUntil(asOf, o.deadline.Value.Time); left >= shortNotice && m.profile.LeadDays > left && !o.closed(asOf) {
		list = append(list, step{
			Step: Step{Side: OfProfile, Change: "leadDays", Value: strconv.Itoa(left), Words: "say that a bid takes you " + strconv.Itoa(left) + " days", IfTrue: true, At: at},
			cost: costLead, family: "time", profile: func(p *profiles.Profile) { p.LeadDays = left },
		})
	}
	later := o.deadline
	later.Value.Time = later.Value.In(notice.London).AddDate(0, 0, week)
	return append(list, step{
		Step: Step{Side: OfNotice, Change: "deadline", Value: later.Value.String(), Words: "were the deadline a week later, on " + onDay(later.Value.Time), At: at},
		cost: costDeadline, family: "time", notice: func(o *Opportunity) { o.deadline = later },
	})
}

// answerSteps have a reservation that may shut the supplier out not do so.
func answerSteps(l *lot, now *Fit) []step {
	var list []step
	for _, g := range now.Gates {
		if g.State != GateUnknown || g.Gate != GateReserved {
			continue
		}
		list = append(list, step{
			Step: Step{Side: OfNotice, Change: "reserved", Value: clean(g.At[0].Quote), Words: "were it open to you: " + g.Reason, At: g.At},
			cost: costAnswer, family: "reserved",
			notice: func(o *Opportunity) {
				open := *l.Lot
				open.Reserved = slices.DeleteFunc(slices.Clone(l.Reserved), func(r notice.Said[notice.Reservation]) bool {
					return slices.Contains(g.At, notice.Quote{Path: r.At, Quote: r.Value.Text})
				})
				o.lots[0].Lot = &open
			},
		})
	}
	return list
}
