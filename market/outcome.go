package market

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/notice"
)

// Result is what became of something that was decided on, seen from the one who decided.
type Result string

const (
	Won       Result = "won"
	Lost      Result = "lost"      // to others, all of whom are named
	Gone      Result = "gone"      // to others, and was not bid for
	Unnamed   Result = "awarded"   // not known to whom
	Waiting   Result = "open"      // not awarded yet, as far as the store knows
	Cancelled Result = "cancelled" // it came to nothing
	Unclear   Result = "unclear"   // something is known, and does not say what became of it; see Why
)

// Outcome is what became of a notice or of one of its lots.
type Outcome struct {
	Result Result `json:"result"`
	// Why says what it was concluded from or, where it is unclear, what is missing.
	Why string `json:"why"`
	// To are those to whom it went.
	To []Mention `json:"to,omitzero"`
	// Price is what it went for; Value what it was held to be worth before. Compared is the price in percent
	// of the value, where both are known, of one award, and without or both with VAT, and no ceiling.
	Price    *Worth         `json:"price,omitzero"`
	Value    *Worth         `json:"value,omitzero"`
	Compared *int           `json:"compared,omitzero"`
	Awarded  *notice.Moment `json:"awarded,omitzero"`
	// Source is the notice that says so, where it is another one than was decided on.
	Source string `json:"source,omitzero"`
}

// who is what an award is to somebody.
type who int

const (
	others   who = iota
	nobody       // names nobody
	namesake     // bears the name under another number
	us
)

// Became tells what became of a lot of a notice, or with "" of all of it, for an organisation, which may be in the
// directory or nil where no notice names it. name is what it calls itself. Nothing is guessed: where the notice
// does not say which lots an award is for, the outcome is that of the lot only if all awards agree.
func Became(n *notice.Notice, lot string, o *Organisation, name string, d *Directory, asOf time.Time) Outcome {
	r := Read(n)
	awards, sure, why := r.settling(n, lot)
	out := Outcome{Value: valueOf(n, lot)}
	if len(r.Awards) == 0 && len(n.Members) > 0 {
		out.Result, out.Why = Unclear, "a dynamic market: it lists members and awards nothing"
		if slices.ContainsFunc(n.Members, func(x notice.Organisation) bool { return o != nil && d.Of(MentionOf(&x)) == o }) {
			out.Why = "you are on the dynamic market; to be a member is no award"
		}
		return out
	}
	if len(awards) == 0 {
		return r.unsettled(n, lot, out, asOf)
	}
	kinds := map[who]int{}
	open := map[string]bool{}
	for _, l := range n.Lots {
		open[l.ID] = true
	}
	for _, w := range awards {
		kinds[w.whose(o, name, d)]++
		for _, id := range w.Lots {
			delete(open, id)
		}
		if len(w.Lots) == 0 {
			open = nil
		}
	}
	out.about(awards, o, name, d)
	whole := lot == "" && len(open) > 0 && n.Stage.Open()
	of := "its award names"
	if len(awards) > 1 {
		of = fmt.Sprintf("%d of its %d awards name", kinds[us], len(awards))
	}
	switch {
	case kinds[us] > 0 && (sure || kinds[us] == len(awards)):
		out.Result, out.Why = Won, of+" you"
		if by := byWhat(awards, o, d); by != "" {
			out.Why += ", " + by
		}
	case kinds[us] > 0:
		out.Result, out.Why = Unclear, of+" you, and "+why
	case kinds[namesake] > 0:
		out.Result = Unclear
		out.Why = "it went to somebody of your name under another number, or one of several of that name; give the profile your identifiers"
	case kinds[nobody] > 0:
		out.Result, out.Why = Unnamed, "the award names no supplier"
	case whole:
		out.Result, out.Why = Waiting, fmt.Sprintf("lots %s are not awarded yet, the others went to others", strings.Join(sortedKeys(open), ", "))
	default:
		out.Result, out.Why = Lost, "it went to others"
		if !sure {
			out.Why = "every award went to others; " + why
		}
	}
	return out
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// settling lists the awards that tell what became of a lot, cancelled ones left out; sure is whether they are known to be about it.
func (r *Record) settling(n *notice.Notice, lot string) (awards []*Award, sure bool, why string) {
	var all []*Award
	unbound := false
	for i := range r.Awards {
		if w := &r.Awards[i]; !w.Void {
			all = append(all, w)
			unbound = unbound || len(w.Lots) == 0
		}
	}
	_, known := n.Lot(lot)
	switch {
	case lot == "" || len(n.Lots) == 1 && known:
		return all, true, ""
	case !known && len(n.Lots) > 1 || !known && strings.HasPrefix(lot, "~"):
		return all, false, "the notice has no lot " + lot + " any more"
	case !known:
		return all, false, "the notice that was awarded has no lot " + lot
	case unbound:
		return all, false, "an award does not say which lots it is for"
	}
	for _, w := range all {
		if slices.Contains(w.Lots, lot) {
			awards = append(awards, w)
		}
	}
	return awards, true, ""
}

// unsettled says how a lot stands for which there is no award.
func (r *Record) unsettled(n *notice.Notice, lot string, out Outcome, asOf time.Time) Outcome {
	l, _ := n.Lot(lot)
	void := ""
	for i := range r.Awards {
		if w := &r.Awards[i]; w.Void && (lot == "" || len(w.Lots) == 0 && len(n.Lots) == 1 || slices.Contains(w.Lots, lot)) {
			void = w.Status
		}
	}
	switch {
	case void != "":
		out.Result, out.Why = Cancelled, "its award is "+void
	case l != nil && ended(l.Status.Value):
		out.Result, out.Why = Cancelled, "the lot is "+l.Status.Value
	case n.Stage == notice.StageEnded:
		out.Result, out.Why = Cancelled, "the procurement was ended without award"
	case r.Deadline != nil && r.Deadline.End().Before(asOf):
		out.Result, out.Why = Waiting, "closed on "+onDay(*r.Deadline)+", and the store has no award of it yet"
	case n.Stage.Open():
		out.Result, out.Why = Waiting, "not awarded yet"
		if r.Deadline != nil {
			out.Why = "open until " + onDay(*r.Deadline)
		}
	case len(r.Awards) > 0:
		out.Result, out.Why = Unclear, "other lots were awarded, and nothing is said of this one"
	default:
		out.Result, out.Why = Unclear, "past the point of bidding, and no award is published"
	}
	return out
}

func ended(status string) bool {
	return status == "cancelled" || status == "unsuccessful" || status == "withdrawn"
}

// whose says what an award is to an organisation.
func (w *Award) whose(o *Organisation, name string, d *Directory) who {
	if len(w.Suppliers) == 0 {
		return nobody
	}
	is, key := others, notice.NameKey(name)
	for _, m := range w.Suppliers {
		switch {
		case len(m.Keys()) == 0:
			is = max(is, nobody)
		case o != nil && d.Of(m) == o:
			return us
		case key != "" && notice.NameKey(m.Name) == key:
			is = namesake
		}
	}
	return is
}

// byWhat says by what the organisation was known where that is its name alone.
func byWhat(awards []*Award, o *Organisation, d *Directory) string {
	for _, w := range awards {
		for _, m := range w.Suppliers {
			if d.Of(m) == o && slices.ContainsFunc(m.IDs, func(id string) bool { return slices.Contains(o.IDs, id) }) {
				return ""
			}
		}
	}
	return "by name alone"
}

// about tells to whom, when and for how much the awards were made: of those that are ours, if any is.
func (out *Outcome) about(awards []*Award, o *Organisation, name string, d *Directory) {
	ours := slices.DeleteFunc(slices.Clone(awards), func(w *Award) bool { return w.whose(o, name, d) != us })
	if len(ours) > 0 {
		awards = ours
	}
	seen := map[string]bool{}
	for _, w := range awards {
		for _, m := range w.Suppliers {
			if key := m.key(); key != "" && !seen[key] {
				seen[key] = true
				out.To = append(out.To, m)
			}
		}
		if w.Date != nil && (out.Awarded == nil || w.Date.After(out.Awarded.Time)) {
			out.Awarded = w.Date
		}
	}
	out.Price = total(awards)
	if p, v := out.Price, out.Value; p != nil && v != nil && len(awards) == 1 && p.Gross == v.Gross && !p.Ceiling && !v.Ceiling && v.Amount > 0 && p.Amount > 0 && p.Amount < 1<<50 {
		percent := int((p.Amount*100 + v.Amount/2) / v.Amount)
		out.Compared = &percent
	}
}

// total is what awards come to together; nil where one of them does not say, or they cannot be added up.
func total(awards []*Award) *Worth {
	var sum *Worth
	for _, w := range awards {
		switch {
		case w.Value == nil:
			return nil
		case sum == nil:
			v := *w.Value
			sum = &v
		case sum.Gross != w.Value.Gross || sum.Ceiling || w.Value.Ceiling:
			return nil
		default:
			sum.Amount += w.Value.Amount
			sum.Shared = sum.Shared || w.Value.Shared
		}
	}
	return sum
}

// valueOf is what a lot, or the whole notice, was held to be worth.
func valueOf(n *notice.Notice, lot string) *Worth {
	v := worth(n.Value)
	if l, ok := n.Lot(lot); ok && (lot != "" || len(n.Lots) == 1) {
		if own := worth(l.Value); own != nil || len(n.Lots) > 1 {
			v = own
		}
	}
	if v != nil {
		v.Ceiling = n.Framework.Known()
	}
	return v
}

// DivisionOf is the CPV division of a lot's first code, or that of the whole notice, as its two digits; "" where it has none.
func DivisionOf(n *notice.Notice, lot string) string {
	var lots []*notice.Lot
	for i := range n.Lots {
		if l := &n.Lots[i]; lot == "" || l.ID == lot {
			lots = append(lots, l)
		}
	}
	if c := codes(lots); len(c) > 0 {
		return index(c[0])
	}
	return ""
}
