package index

import (
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Document is a notice as an engine indexes it. Each string of a field is a
// text of its own: no phrase reaches from one into the next.
type Document struct {
	ID string
	// Title is the notice's title.
	Title []string
	// Text is what is bought and what became of it: the description, further
	// prose, lots and items, awards and contracts.
	Text []string
	// Names is who and what a person may know it by: buyers, suppliers,
	// bidders, places, CPV names and reference numbers, also of related procurements.
	Names []string
	// Tokens are the facts to filter by.
	Tokens []string
}

// Describe reads a notice for an index.
func Describe(n *notice.Notice) Document {
	var title, text, names texts
	title.said(n.Title)

	text.said(n.Description)
	text.said(n.Texts...)
	for i := range n.Lots {
		l := &n.Lots[i]
		text.said(l.Title, l.Description, told(l.Renewal), told(l.Options))
		text.said(l.Items...)
		text.said(l.Conditions...)
		for _, c := range l.Criteria {
			text.add(c.Value.Name)
		}
	}
	for i := range n.Awards {
		a := &n.Awards[i]
		text.said(a.Title, a.Description, a.Reason, a.Subcontracting.Description)
		for j := range a.Contracts {
			c := &a.Contracts[j]
			text.said(c.Title, c.Description, c.Reason)
			for _, change := range slices.Concat(c.Amendments, c.Proposed) {
				text.said(change.Description, change.Rationale)
			}
			for _, m := range slices.Concat(c.Agreed, c.Metrics) {
				text.said(m.Title)
			}
			for _, f := range c.Failures {
				text.said(f.Description)
			}
		}
	}

	names.add(n.OCID, n.ID)
	names.said(n.Reference)
	names.said(n.Also...)
	for _, c := range n.Copies {
		names.add(c.OCID)
	}
	for _, r := range n.Related {
		names.said(r.Identifier, r.Title)
	}
	for _, r := range n.Releases {
		names.add(r.Identity)
	}
	for _, o := range organisations(n) {
		names.said(o.Name, o.ID, o.Locality, o.Postcode)
		names.add(o.IDs...)
		names.add(place(o.Place.Value)...)
	}
	for i := range n.Lots {
		for _, c := range n.Lots[i].CPV {
			names.add(c.Value.Description.Value, name(c.Value.Code), c.Value.Code.String())
		}
		for _, p := range n.Lots[i].Places {
			names.add(place(p.Value)...)
		}
	}
	return Document{ID: n.ID, Title: title.list, Text: text.list, Names: names.list, Tokens: Tokens(n)}
}

// Tokens are the facts of a notice as sorted, prefixed words: what Query.Tokens
// filters by and facets count. A fact nobody said has no token.
//
//	cpv:85 cpv:853 cpv:8531    every CPV code of its lots and all above them, see CPVToken
//	itl:TLG24 itl:TLG2 itl:TLG every region and all above it, as published and as of 2025
//	stage: type: regime: publisher: category: method: special: reserved:
//	buyer:GB-COH-01234567      every identifier of a buyer; supplier: of a supplier
//	named:GB-COH-01234567      of a member of a dynamic market, and of a bidder
//	buyer:=wick city council   and, after "=", the name of each as notice.NameKey folds it
//	ocid:                      its own and those of the same opportunity
//	release:058956-2026        the identity of each of its releases
//	sme:yes vcse:yes           also "no", where somebody said no
//	framework:yes market:yes direct:yes recurrent:yes
func Tokens(n *notice.Notice) []string {
	var t tokens
	t.add("stage", string(n.Stage))
	t.add("publisher", string(n.Publisher))
	t.add("ocid", n.OCID)
	for _, also := range n.Also {
		t.add("ocid", also.Value)
	}
	for _, c := range n.Copies {
		t.add("ocid", c.OCID)
	}
	for _, r := range n.Releases {
		t.add("release", r.Identity)
	}
	t.add("type", n.Type.Value)
	t.add("regime", string(n.Regime.Value))
	t.add("category", n.Category.Value)
	t.add("method", n.Method.Value)
	for _, s := range n.SpecialRegime {
		t.add("special", s.Value)
	}
	t.yes("framework", n.Framework.Known())
	t.yes("market", n.DynamicMarket.Known())
	t.yes("direct", n.Direct.Known())
	t.flag("recurrent", n.Recurrent)
	t.organisation("buyer", &n.Buyer)
	for i := range n.Buyers {
		t.organisation("buyer", &n.Buyers[i])
	}
	for i := range n.Awards {
		for j := range n.Awards[i].Suppliers {
			t.organisation("supplier", &n.Awards[i].Suppliers[j])
		}
	}
	for i := range n.Members {
		t.organisation("named", &n.Members[i])
	}
	for i := range n.Bidders {
		t.organisation("named", &n.Bidders[i].Organisation)
	}
	for i := range n.Lots {
		t.lot(&n.Lots[i])
	}
	slices.Sort(t.list)
	return slices.Compact(t.list)
}

// CPVToken is the token of all notices at or below a code: its digits
// without the trailing zeros, at least two.
func CPVToken(c cpv.Code) string { return "cpv:" + c.String()[:c.Level()] }

// RegionToken is the token of all notices that name a place in the region.
func RegionToken(r itl.Region) string { return "itl:" + string(r) }

type tokens struct{ list []string }

func (t *tokens) add(prefix, value string) {
	if value != "" {
		t.list = append(t.list, prefix+":"+value)
	}
}

func (t *tokens) yes(prefix string, is bool) {
	if is {
		t.add(prefix, "yes")
	}
}

func (t *tokens) flag(prefix string, said notice.Said[bool]) {
	switch {
	case !said.Known():
	case said.Value:
		t.add(prefix, "yes")
	default:
		t.add(prefix, "no")
	}
}

func (t *tokens) organisation(prefix string, o *notice.Organisation) {
	t.add(prefix, o.ID.Value)
	for _, id := range o.IDs {
		t.add(prefix, id)
	}
	if key := notice.NameKey(o.Name.Value); key != "" {
		t.add(prefix, "="+key)
	}
}

func (t *tokens) lot(l *notice.Lot) {
	for _, c := range l.CPV {
		t.cpv(c.Value.Code)
	}
	for _, p := range l.Places {
		t.region(p.Value.Region)
	}
	t.flag("sme", l.SME)
	t.flag("vcse", l.VCSE)
	for _, r := range l.Reserved {
		t.add("reserved", r.Value.Kind)
	}
}

// cpv adds the code and every shorter prefix of it, whether or not that is a
// code of its own: eleven parents are missing from the vocabulary, and a
// search from above must still reach through them.
func (t *tokens) cpv(c cpv.Code) {
	if c == 0 {
		return
	}
	digits := c.String()
	for l := cpv.Division; l <= c.Level(); l++ {
		t.add("cpv", digits[:l])
	}
}

// region adds the region as published and as it is called now, with all above each.
func (t *tokens) region(r itl.Region) {
	if r == "" {
		return
	}
	for _, r := range []itl.Region{r, r.Current()} {
		t.add("itl", string(r))
		for _, above := range r.Ancestors() {
			t.add("itl", string(above))
		}
	}
}

// texts collects strings, each once.
type texts struct {
	list []string
	seen map[string]bool
}

func (t *texts) add(ss ...string) {
	for _, s := range ss {
		if s = strings.TrimSpace(s); s == "" || t.seen[s] {
			continue
		}
		if t.seen == nil {
			t.seen = make(map[string]bool)
		}
		t.seen[s] = true
		t.list = append(t.list, s)
	}
}

func (t *texts) said(ss ...notice.Said[string]) {
	for _, s := range ss {
		t.add(s.Value)
	}
}

// told leaves out the mere "yes" or "no" of an option that nobody described.
func told(option notice.Said[string]) notice.Said[string] {
	if option.Value == "yes" || option.Value == "no" {
		return notice.Said[string]{}
	}
	return option
}

// organisations are those that a notice may be known by: who buys, who won, who bid and who is on the market.
func organisations(n *notice.Notice) []*notice.Organisation {
	all := []*notice.Organisation{&n.Buyer}
	for i := range n.Buyers {
		all = append(all, &n.Buyers[i])
	}
	for i := range n.Awards {
		for j := range n.Awards[i].Suppliers {
			all = append(all, &n.Awards[i].Suppliers[j])
		}
	}
	for i := range n.Members {
		all = append(all, &n.Members[i])
	}
	for i := range n.Bidders {
		all = append(all, &n.Bidders[i].Organisation)
	}
	return all
}

// name is the code's name, or that of its nearest ancestor that has one.
func name(c cpv.Code) string {
	if c == 0 {
		return ""
	}
	name, _ := c.Name()
	return name
}

func place(p notice.Place) []string {
	if p.Region == "" {
		return []string{p.Text}
	}
	return []string{p.Text, p.Region.Name()}
}
