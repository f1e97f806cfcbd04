package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/words"
	"bidfit/vocab"
)

// NotSpecified stands for what nobody said.
const NotSpecified = "Not specified"

// Section is a part of the page: rows under a heading.
type Section struct {
	Title string
	Rows  []Row
}

// Row is a label and what is said under it, line by line; without a label it is prose. A row without lines
// was not specified.
type Row struct {
	Label string
	Lines []Text
	// Typed says that the row tells what to type: it is for a terminal.
	Typed bool
}

// Deep reports whether the row tells more of the one before it, as the blanks in front of its label say.
func (r Row) Deep() bool { return strings.HasPrefix(r.Label, " ") }

// Text is a line: what is said, an address to follow, and in small print where it is said.
type Text struct {
	Text string // one line, or paragraphs where the row has no label
	URL  string // "" or an address that is fit to be followed
	Note string
	// Holder says that it is what holds the line before it: the division of a code, the county of a town.
	Holder bool
}

// Sections is the page, whatever it is written in.
func (d *Dossier) Sections() []Section {
	p := pager{d: d}
	return slices.DeleteFunc([]Section{
		{"Summary", p.summary()},
		{"Notice", p.notice()},
		{"Dates", p.dates()},
		{"What is bought", p.bought()},
		{"Value", p.value()},
		{"Lots, awards and contracts", p.lots()},
		{"Who can take part", p.eligible()},
		{"How tenders are judged", p.judged()},
		{"Conditions", p.conditions()},
		{"Buyer", p.buyer()},
		{"Awards", p.awards()},
		{"Documents and links", p.documents()},
		{"Description", p.prose()},
		{"Further details", p.further()},
		{"History", p.history()},
		{"What could not be read as meant", p.issues()},
		{"Raw record", p.raw()},
	}, func(s Section) bool { return len(s.Rows) == 0 })
}

type pager struct{ d *Dossier }

// row is a label and its lines; empty ones are left out.
func row(label string, lines ...Text) Row {
	return Row{Label: label, Lines: slices.DeleteFunc(lines, func(t Text) bool { return t.Text == "" })}
}

// plain is a row of a single text.
func plain(label, text string) Row { return row(label, Text{Text: text}) }

// typed is a row that tells what to type.
func typed(label, text string) Row {
	r := plain(label, text)
	r.Typed = true
	return r
}

// place says where something stands, and that it was read from the text where it was.
func (p pager) place(at notice.Path) string {
	if at.End > 0 {
		return "read from the text: " + p.pointer(at)
	}
	return p.pointer(at)
}

// read is place for a reading of which it is known how sure it is.
func (p pager) read(at notice.Path, confidence int) string {
	if confidence == 0 {
		return p.place(at)
	}
	return fmt.Sprintf("read from the text, %d %% sure: %s", confidence, p.pointer(at))
}

// pointer is "/tender/title [31:51]" in the newest release, in another one with its name.
func (p pager) pointer(at notice.Path) string {
	s := at.Pointer
	if n := len(p.d.Notice.Releases); n == 0 || at.Release != p.d.Notice.Releases[n-1].Identity {
		s = strings.TrimSpace(at.Release + " " + s)
	}
	if at.End > 0 {
		s += fmt.Sprintf(" [%d:%d]", at.Start, at.End)
	}
	return s
}

func (p pager) summary() []Row {
	return []Row{row("", Text{Text: strings.Join(p.d.Summary, " ")})}
}

func (p pager) notice() []Row {
	d := p.d
	var reached []Text
	for _, r := range d.Stage.Reached {
		since := "undated"
		if !r.Since.IsZero() {
			since = "since " + notice.Moment{Time: r.Since}.Words()
		}
		reached = append(reached, Text{Text: r.Words + " " + since, Note: r.Release})
	}
	kind := d.Type.Code
	if d.Type.Name != "" {
		kind = d.Type.Code + " " + d.Type.Name
	}
	if d.Type.Means != "" {
		kind += ": " + d.Type.Means
	}
	rows := []Row{
		plain("stage", d.Stage.Words),
		{Label: "stages so far", Lines: reached},
		plain("what to do", d.Stage.Advice),
		typed("relevance", "bidfit explain PROFILE "+d.ID+" tells how relevant it is to a supplier, apart from whether it can be bid for"),
		row("notice type", Text{Text: kind, Note: p.place(d.Notice.Type.At)}),
	}
	for _, f := range d.Procedure {
		rows = append(rows, row(f.Label, Text{Text: f.Value, Note: p.place(f.At)}))
	}
	return append(rows,
		plain("OCID", d.OCID),
		row("also as", d.also()...),
		plain("source", d.Publisher.Words()),
	)
}

// also tells under which other OCIDs the opportunity is published, and why it is thought so where no notice says it.
func (d *Dossier) also() []Text {
	var named []string
	var lines []Text
	for _, ocid := range d.Also {
		i := slices.IndexFunc(d.Notice.Copies, func(c notice.Copy) bool { return c.OCID == ocid })
		if i < 0 {
			named = append(named, ocid)
			continue
		}
		c := d.Notice.Copies[i]
		lines = append(lines, Text{Text: ocid + " on " + c.Publisher.Words() + ": " + c.Because})
	}
	return append([]Text{{Text: strings.Join(named, ", ")}}, lines...)
}

// dates is the timeline; what a bidder looks for and nobody said stands below it.
func (p pager) dates() []Row {
	var rows []Row
	has := map[string]bool{}
	for _, x := range p.d.Dates {
		what := x.What
		has[what] = true
		if x.Lot != "" {
			what += ", " + p.lot(x.Lot)
		}
		rows = append(rows, row(what, Text{Text: x.Words, Note: p.read(x.At, x.FromProse)}))
	}
	n := p.d.Notice
	awarded := has["awarded"]
	for _, m := range []struct {
		is   bool
		what string
	}{
		{!n.Deadline.Known(), "deadline"}, {!n.Questions.Known(), "questions until"}, {!n.Future.Known() && n.Stage.Open(), "next notice expected"},
		{!n.AwardBy.Known(), "award expected by"}, {!awarded, "awarded"},
	} {
		if m.is && !has[m.what] {
			rows = append(rows, plain(m.what, ""))
		}
	}
	return rows
}

// lot is what a lot is called.
func (p pager) lot(id string) string {
	for _, l := range p.d.Lots {
		if l.ID == id && l.Called != "" {
			return l.Called
		}
	}
	return id
}

// of names the lots a thing is about, where it is not about all.
func (p pager) of(lots []string) string {
	if len(lots) == 0 {
		return ""
	}
	names := make([]string, len(lots))
	for i, id := range lots {
		names[i] = p.lot(id)
	}
	return " (" + notice.Enumerate(few(names)) + ")"
}

func (p pager) bought() []Row {
	d := p.d
	var codes []Text
	for _, c := range d.CPV {
		text := c.Code.String() + " " + c.Name
		if c.Main {
			text += ", the main code"
		}
		codes = append(codes, Text{Text: text + p.of(c.Lots), Note: p.place(c.At)})
		for _, up := range c.Ancestors {
			codes = append(codes, Text{Text: "in " + up.Level + " " + up.Code.String() + " " + up.Name, Holder: true})
		}
	}
	var where []Text
	for _, w := range d.Places {
		text := w.Text
		if len(w.Regions) > 0 {
			text = w.Regions[0].Name + " (" + string(w.Regions[0].Region) + ")"
			if w.Text != string(w.Regions[0].Region) && w.Text != w.Regions[0].Name {
				text += ", published as " + w.Text
			}
		}
		where = append(where, Text{Text: text + p.of(w.Lots), Note: p.place(w.At)})
		where = append(where, within(w.Regions)...)
	}
	rows := []Row{{Label: "CPV", Lines: codes}, {Label: "delivery", Lines: where}}
	if len(d.Lots) == 1 {
		rows = append(rows, p.terms(&d.Lots[0])...)
	}
	return rows
}

// within is the regions that hold a region.
func within(regions []Region) []Text {
	var list []Text
	for i, r := range regions {
		if i == 0 {
			continue
		}
		text := "in " + r.Name
		if r.Level > 0 {
			text = fmt.Sprintf("in ITL %d %s (%s)", r.Level, r.Name, r.Region)
		}
		list = append(list, Text{Text: text, Holder: true})
	}
	return list
}

// terms is how long a lot's contract runs, and what it is.
func (p pager) terms(l *Lot) []Row {
	at := firstAt(l.Runs.Period.Start.At, l.Runs.Period.End.At, l.Runs.Period.MaxExtent.At, l.Runs.Period.Days.At)
	rows := []Row{
		row("contract", Text{Text: cmp.Or(l.Runs.Dates(), l.Runs.Words), Note: p.place(at)}),
		plain("length", l.Runs.Words),
		plain("renewal", Line(l.Renewal)),
		plain("options", Line(l.Options)),
	}
	if len(l.Items) > 0 {
		var items []Text
		for _, s := range l.Items {
			items = append(items, Text{Text: s})
		}
		rows = append(rows, Row{Label: "items", Lines: items})
	}
	return rows
}

func (p pager) worth(w Worth) []Row {
	rows := []Row{
		row("value", Text{Text: w.Words, Note: p.place(w.At())}),
		plain("band", w.Band),
		plain("per year", w.Yearly.Words),
	}
	if w.VAT != "" {
		rows = append(rows, plain("VAT", w.VAT))
	}
	return rows
}

func (p pager) value() []Row {
	rows := p.worth(p.d.Value)
	if p.d.Notice.Framework.Known() && p.d.Value.Words != "" {
		rows = append(rows, plain("ceiling", "the value of a framework is a ceiling for all suppliers together"))
	}
	if list := p.texts(p.d.Amounts, func(a Asked) string { return a.Words + " (" + a.Kind + ")" + p.about(a.Lot) }); len(list) > 0 {
		rows = append(rows, Row{Label: "in the text", Lines: list})
	}
	if list := p.texts(p.d.Lengths, func(a Asked) string { return a.Words + p.about(a.Lot) }); len(list) > 0 {
		rows = append(rows, Row{Label: "length in text", Lines: list})
	}
	return rows
}

func (p pager) about(lot string) string {
	if lot == "" {
		return ""
	}
	return ", " + p.lot(lot)
}

// texts are things the prose says, each with its sentence and place.
func (p pager) texts(list []Asked, say func(Asked) string) []Text {
	var out []Text
	for _, a := range list {
		text := say(a)
		if a.Quote != "" {
			text += ": “" + a.Quote + "”"
		}
		out = append(out, Text{Text: text, Note: p.read(a.At, a.FromProse)})
	}
	return out
}

func (p pager) lots() []Row {
	d := p.d
	lots := d.Counts.Lots.Words()
	if len(d.Lots) == 1 && d.Lots[0].Called == "" {
		lots = "not divided: " + lots
	}
	rows := []Row{plain("lots", lots), plain("awards", d.Counts.Awards.Words()), plain("contracts", d.Counts.Contracts.Words())}
	limits := []string{}
	if n := d.Notice.MaxLotsBid; n.Known() {
		limits = append(limits, fmt.Sprintf("a supplier may bid for %d", n.Value))
	}
	if n := d.Notice.MaxLotsAwarded; n.Known() {
		limits = append(limits, fmt.Sprintf("a supplier may win %d", n.Value))
	}
	rows = append(rows, row("lots cap", Text{Text: notice.Enumerate(limits), Note: p.place(firstAt(d.Notice.MaxLotsBid.At, d.Notice.MaxLotsAwarded.At))}))
	if len(d.Lots) < 2 {
		return rows
	}
	for i := range d.Lots {
		l := &d.Lots[i]
		title := l.Title
		note := p.place(l.At)
		if l.FromProse > 0 {
			note = p.read(l.At, l.FromProse)
		}
		rows = append(rows, row(l.Called, Text{Text: cmp.Or(title, "without a title"), Note: note}))
		if l.Status != "" {
			rows = append(rows, plain("  status", l.Status))
		}
		rows = append(rows, row("  value", Text{Text: l.Value.Words, Note: p.place(l.Value.At())}))
		if l.Value.Words != "" {
			rows = append(rows, plain("  band", l.Value.Band), plain("  per year", l.Value.Yearly.Words))
		}
		rows = append(rows, plain("  contract", strings.TrimPrefix(l.Runs.Dates()+"; "+l.Runs.Words, "; ")))
		if l.Runs.Words == "" {
			rows[len(rows)-1] = plain("  contract", l.Runs.Dates())
		}
		rows = append(rows, plain("  suits", l.Suits.Words()))
		if l.Renewal != "" {
			rows = append(rows, plain("  renewal", Line(l.Renewal)))
		}
		if l.Options != "" {
			rows = append(rows, plain("  options", Line(l.Options)))
		}
		if l.Description != "" {
			rows = append(rows, plain("  description", Line(l.Description)))
		}
		for _, f := range l.Further {
			rows = append(rows, row("  "+f.Label, Text{Text: f.Value, Note: p.place(f.At)}))
		}
	}
	return rows
}

// alike reports whether all lots say the same.
func alike(lots []Lot, say func(*Lot) string) bool {
	for i := range lots {
		if say(&lots[i]) != say(&lots[0]) {
			return false
		}
	}
	return true
}

// byLot is a row that all lots share, or one line a lot where they differ.
func (p pager) byLot(label string, say func(*Lot) string) Row {
	lots := p.d.Lots
	if len(lots) == 0 {
		return plain(label, "")
	}
	if alike(lots, say) {
		return plain(label, say(&lots[0]))
	}
	var list []Text
	for i := range lots {
		list = append(list, Text{Text: lots[i].Called + ": " + cmp.Or(say(&lots[i]), strings.ToLower(NotSpecified))})
	}
	return Row{Label: label, Lines: list}
}

func (p pager) eligible() []Row {
	return []Row{
		p.byLot("suits", func(l *Lot) string { return l.Suits.Words() }),
		p.byLot("reserved for", func(l *Lot) string { return strings.Join(l.Reserved, "; ") }),
	}
}

func (p pager) judged() []Row {
	rows := []Row{p.byLot("weights", func(l *Lot) string { return l.Weights.Words })}
	return append(rows, p.listed("criteria", func(l *Lot) []Fact { return l.Criteria })...)
}

// listed is a row of facts that all lots share, or a row a lot where they differ.
func (p pager) listed(label string, of func(*Lot) []Fact) []Row {
	lots := p.d.Lots
	flat := func(l *Lot) string {
		var b strings.Builder
		for _, f := range of(l) {
			b.WriteString(f.Label + "\x00" + f.Value + "\x00")
		}
		return b.String()
	}
	lines := func(l *Lot) []Text {
		var list []Text
		for _, f := range of(l) {
			list = append(list, Text{Text: strings.Trim(f.Label+": "+Line(f.Value), ": "), Note: p.place(f.At)})
		}
		return list
	}
	if len(lots) == 0 {
		return nil
	}
	if alike(lots, flat) {
		return []Row{{Label: label, Lines: lines(&lots[0])}}
	}
	rows := []Row{}
	for i := range lots {
		rows = append(rows, Row{Label: label + ", " + lots[i].Called, Lines: lines(&lots[i])})
	}
	return rows
}

func (p pager) conditions() []Row {
	rows := p.listed("to take part", func(l *Lot) []Fact { return l.Conditions })
	return append(rows, Row{Label: "mentioned", Lines: p.texts(p.d.Asked, func(a Asked) string { return a.Words + p.about(a.Lot) })})
}

func (p pager) party(x Party) []Row {
	rows := []Row{
		row("name", Text{Text: x.Name, Note: p.place(x.At)}),
		plain("identifiers", strings.Join(x.IDs, ", ")),
		plain("type", x.Type),
		plain("address", x.Address()),
		plain("post town", x.PostTown),
		plain("postcode", x.Postcode),
		plain("country", x.Country),
	}
	var region []Text
	for i, r := range x.Regions {
		if i == 0 {
			text := r.Name + " (" + string(r.Region) + ")"
			if r.Level > 0 {
				text = fmt.Sprintf("ITL %d %s", r.Level, text)
			}
			region = append(region, Text{Text: text})
		}
	}
	rows = append(rows, Row{Label: "region", Lines: append(region, within(x.Regions)...)})
	remedy := ""
	if x.Postcode != "" && !x.Place.Exact {
		remedy = vocab.Remedy
	}
	for _, f := range []struct {
		label string
		named vocab.Named
	}{{"local authority", x.Place.LocalAuthority}, {"ward", x.Place.Ward}, {"constituency", x.Place.Constituency}} {
		text := f.named.String()
		if f.named.Name != "" && f.named.Code != "" {
			text += " (" + f.named.Code + ")"
		}
		if text == "" && remedy != "" {
			rows = append(rows, plain(f.label, "Not known; "+remedy))
			continue
		}
		rows = append(rows, plain(f.label, text))
	}
	return append(rows,
		plain("contact", x.Contact),
		plain("e-mail", x.Email),
		plain("telephone", x.Phone),
		row("website", Text{Text: x.URL, URL: Address(x.URL)}),
	)
}

func (p pager) buyer() []Row {
	rows := p.party(p.d.Buyer)
	if x := p.d.Buyer.Profile; x != "" {
		rows = append(rows, row("buyer profile", Text{Text: x, URL: Address(x)}))
	}
	rows = append(rows, p.facts(notice.Leaves(&p.d.Notice.Buyer, buyerRows...))...)
	for i, x := range p.d.Buyers {
		rows = append(rows, row(fmt.Sprintf("buyer %d", i+2), Text{Text: partyLine(x), Note: p.place(x.At)}))
	}
	for _, x := range p.d.Others {
		rows = append(rows, row(notice.Enumerate(x.Roles), Text{Text: partyLine(x), Note: p.place(x.At)}))
	}
	return rows
}

// buyerRows are the fields of the buyer that have rows of their own.
var buyerRows = []string{"Name", "ID", "IDs", "Place", "Locality", "Postcode", "Country", "Street", "Type", "URL", "Email", "Phone",
	"ContactFor", "Profile", "Roles"}

// facts are leaves as rows, those of one name in one row.
func (p pager) facts(leaves []notice.Leaf) []Row {
	var rows []Row
	for _, f := range leaves {
		line := Text{Text: Line(f.Text), Note: p.place(f.At)}
		if last := len(rows) - 1; last >= 0 && rows[last].Label == f.Name {
			rows[last].Lines = append(rows[last].Lines, line)
			continue
		}
		rows = append(rows, row(f.Name, line))
	}
	return rows
}

// partyLine is an organisation on one line.
func partyLine(x Party) string {
	parts := []string{x.Name, strings.Join(x.IDs, " "), x.Type, x.Address(), x.Email, x.Phone, x.URL}
	if x.Scale != "" {
		parts = append(parts, x.Scale)
	}
	if x.VCSE != nil && *x.VCSE {
		parts = append(parts, "a voluntary, community or social enterprise")
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func (p pager) awards() []Row {
	var rows []Row
	for _, a := range p.d.Awards {
		head := cmp.Or(a.Title, p.d.Title)
		rows = append(rows, plain("award "+Line(a.ID), cmp.Or(head, "without a title")+p.of(a.Lots)))
		rows = append(rows, plain("  status", a.Status))
		if a.Date != nil {
			rows = append(rows, row("  awarded", Text{Text: a.Date.Words, Note: p.place(a.Date.At)}))
		} else {
			rows = append(rows, plain("  awarded", ""))
		}
		var suppliers []Text
		for _, s := range a.Suppliers {
			suppliers = append(suppliers, Text{Text: partyLine(s), Note: p.place(s.At)})
			if s.Scale == "" {
				suppliers[len(suppliers)-1].Text += ", scale not specified"
			}
		}
		rows = append(rows, Row{Label: "  suppliers", Lines: suppliers})
		rows = append(rows, row("  value", Text{Text: a.Value.Words, Note: p.place(a.Value.At())}))
		if a.Value.Words != "" {
			rows = append(rows, plain("  band", a.Value.Band), plain("  per year", a.Value.Yearly.Words))
		}
		if a.Runs.Dates() != "" || a.Runs.Words != "" {
			rows = append(rows, plain("  runs", strings.Trim(a.Runs.Dates()+"; "+a.Runs.Words, "; ")))
		}
		for _, c := range a.Contracts {
			parts := []string{c.Title, c.Status, c.Value.Words}
			if c.Value.Band != "" {
				parts = append(parts, "band "+c.Value.Band)
			}
			if c.Signed != nil {
				parts = append(parts, "signed "+c.Signed.Words)
			}
			parts = append(parts, c.Runs.Dates())
			rows = append(rows, row("  contract "+Line(c.ID), Text{
				Text: cmp.Or(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; "), "no details"), Note: p.place(c.Value.At())}))
			for _, f := range c.Further {
				rows = append(rows, row("    "+f.Label, Text{Text: f.Value, Note: p.place(f.At)}))
			}
		}
		for _, f := range a.Further {
			rows = append(rows, row("  "+f.Label, Text{Text: f.Value, Note: p.place(f.At)}))
		}
	}
	return rows
}

func (p pager) documents() []Row {
	d := p.d
	link := func(l Link) Text { return Text{Text: l.URL, URL: Address(l.URL), Note: p.read(l.At, l.FromProse)} }
	var page, portal, other []Text
	for i, l := range d.Pages {
		t := Text{Text: l.URL, URL: Address(l.URL), Note: l.For}
		if i == 0 {
			t.Note += ", the latest notice"
		}
		page = append(page, t)
	}
	for _, l := range d.Links {
		t := link(l)
		if l.For == "portal" {
			portal = append(portal, t)
			continue
		}
		if l.For != "other" {
			t.Text += " (" + l.For + ")"
			if t.URL != "" {
				t = Text{Text: l.URL, URL: t.URL, Note: l.For + "; " + t.Note}
			}
		}
		other = append(other, t)
	}
	var docs []Text
	for _, x := range d.Documents {
		if slices.ContainsFunc(d.Pages, func(l Link) bool { return l.URL == Line(x.URL.Value) }) {
			continue // told above
		}
		text := strings.Join(slices.DeleteFunc([]string{Line(x.Title), Line(x.Description), x.Kind, Line(x.Format), Line(x.Language)}, func(s string) bool { return s == "" }), ", ")
		if x.Published.Known() {
			text += ", " + x.Published.Value.Date()
		}
		url := Line(x.URL.Value)
		docs = append(docs, Text{Text: text, Note: p.place(x.URL.At)})
		if url != "" {
			docs = append(docs, Text{Text: url, URL: Address(url)})
		}
	}
	return []Row{
		{Label: "notice page", Lines: page}, {Label: "portal", Lines: portal}, {Label: "links in the text", Lines: other},
		{Label: "documents", Lines: docs}, p.related(),
	}
}

func (p pager) related() Row {
	var list []Text
	for _, f := range p.d.Related {
		list = append(list, Text{Text: f.Label + ": " + f.Value, Note: p.place(f.At)})
	}
	return Row{Label: "related", Lines: list}
}

func (p pager) prose() []Row {
	n := p.d.Notice
	var rows []Row
	if n.Description.Known() {
		rows = append(rows, row("", Text{Text: words.Plain(n.Description.Value), Note: p.place(n.Description.At)}))
	}
	description := words.Plain(n.Description.Value)
	told := map[string]bool{}
	for _, s := range n.Texts {
		text := words.Plain(s.Value)
		if !told[text] && !strings.Contains(description, text) {
			told[text] = true
			rows = append(rows, row("", Text{Text: text, Note: p.place(s.At)}))
		}
	}
	return rows
}

func (p pager) further() []Row {
	told := map[string]bool{p.d.OCID: true, Line(p.d.Notice.Description.Value): true}
	for _, s := range p.d.Notice.Texts {
		told[Line(s.Value)] = true
	}
	list := p.d.Further
	if len(p.d.Lots) == 1 {
		list = append(slices.Clip(list), p.d.Lots[0].Further...)
	}
	var leaves []notice.Leaf
	for _, f := range list {
		if !told[f.Value] {
			leaves = append(leaves, notice.Leaf{Name: f.Label, Text: f.Value, At: f.At})
		}
	}
	return p.facts(leaves)
}

func (p pager) history() []Row {
	var rows []Row
	for _, s := range p.d.History {
		when := "undated"
		if !s.Date.IsZero() {
			when = notice.Moment{Time: s.Date}.Words()
		}
		kind := strings.Join(slices.DeleteFunc([]string{s.Type, strings.Join(s.Tags, ", ")}, func(x string) bool { return x == "" }), " ")
		lines := []Text{{Text: strings.TrimSpace(Line(s.Identity) + " " + Line(kind))}}
		switch {
		case s.Named:
			lines = append(lines, Text{Text: "named by a compiled release, which does not say what it was then"})
		case s.First:
		case s.Untold:
			lines = append(lines, Text{Text: "too long ago to be compared; --raw has it"})
		case len(s.Changes) == 0:
			lines = append(lines, Text{Text: "nothing changed of what is read here"})
		}
		for _, c := range s.Changes {
			lines = append(lines, Text{Text: Upper(c.Words), Note: p.place(c.At)})
		}
		rows = append(rows, Row{Label: when, Lines: lines})
	}
	return rows
}

func (p pager) issues() []Row {
	var rows []Row
	for _, i := range p.d.Notice.Issues {
		rows = append(rows, row(i.Code, Text{Text: Line(i.Message), Note: p.place(i.At)}))
	}
	return rows
}

func (p pager) raw() []Row {
	return []Row{typed("as published", "bidfit show "+p.d.ID+" --raw"), typed("value by value", "bidfit show "+p.d.ID+" --format json")}
}
