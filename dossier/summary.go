package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
)

// This file says a notice in sentences. Every sentence is made of fields, says
// nothing where they say nothing, and is the same for the same notice and day.

func summary(d *Dossier) []string {
	s := sentences{d: d, n: d.Notice}
	s.what()
	s.process()
	s.divided()
	s.worth()
	s.time()
	s.where()
	s.when()
	s.suits()
	s.weighed()
	s.won()
	s.missing()
	return s.list
}

type sentences struct {
	d    *Dossier
	n    *notice.Notice
	list []string
}

func (s *sentences) say(format string, args ...any) {
	s.tell("%s", Upper(fmt.Sprintf(format, args...)))
}

// Upper begins a text with a capital.
func Upper(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// over reports whether nothing can be bid for any more.
func (s *sentences) over() bool {
	switch s.n.Stage {
	case notice.StageAward, notice.StageContract, notice.StageEnded:
		return true
	}
	return false
}

// buyer is who buys, as one that takes the singular.
func (s *sentences) buyer() string {
	name := cmp.Or(s.d.Buyer.Name, "A buyer who is not named")
	switch n := len(s.d.Buyers); {
	case n == 1 && s.d.Buyers[0].Name != "":
		name += ", together with " + s.d.Buyers[0].Name + ","
	case n > 0:
		name += ", together with " + notice.Count(n, "other buyer", "other buyers") + ","
	}
	return name
}

// bought is "services (“Library vans”)": the kind of purchase and the title, as far as they are said.
func (s *sentences) bought(verb string) string {
	kind := ""
	switch c := strings.ToLower(s.n.Category.Value); c {
	case "goods", "services", "works":
		kind = c
	}
	title := ""
	if s.d.Title != "" {
		title = "“" + strings.TrimRight(s.d.Title, ". ") + "”"
	}
	switch {
	case kind != "" && title != "":
		return " " + verb + " " + kind + ": " + title
	case kind != "":
		return " " + verb + " " + kind
	case title != "":
		return " " + verb + " what it calls " + title
	}
	return " " + verb + " something it does not name"
}

// called is ": “Library vans”", for sentences that need no object.
func (s *sentences) called() string {
	if s.d.Title == "" {
		return ""
	}
	return ": “" + strings.TrimRight(s.d.Title, ". ") + "”"
}

// services is "services", or "goods, services or works" where nothing is said.
func (s *sentences) contractFor() string {
	switch c := strings.ToLower(s.n.Category.Value); c {
	case "goods", "services", "works":
		return " for " + c
	}
	return ""
}

// tell is say for a sentence that begins with a name, which stands as it is published.
func (s *sentences) tell(format string, args ...any) {
	sentence := fmt.Sprintf(format, args...)
	if strings.HasSuffix(sentence, "..") { // "Ltd." ends the sentence with it
		sentence = sentence[:len(sentence)-1]
	}
	s.list = append(s.list, sentence)
}

// late reports whether the time for tenders is over.
func (s *sentences) late() bool {
	return s.n.Deadline.Known() && s.n.Deadline.Value.End().Before(s.d.AsOf)
}

// what says who buys what, and how far they have come.
func (s *sentences) what() {
	n, who := s.n, s.buyer()
	switch n.Type.Value {
	case "UK17":
		s.tell("%s reports how promptly it pays its suppliers; this is not a procurement.", who)
		return
	case "UK16":
		s.tell("%s has ended a dynamic market%s%s.", who, s.contractFor(), s.called())
		return
	}
	invites, talks := "invites", "is talking"
	if s.late() {
		invites, talks = "invited", "talked"
	}
	switch n.Stage {
	case notice.StagePipeline:
		s.tell("%s has it in its pipeline%s.", who, s.bought("to buy"))
	case notice.StageEngagement:
		s.tell("%s %s to suppliers before inviting tenders for a contract%s%s.", who, talks, s.contractFor(), s.called())
	case notice.StagePlanned:
		s.tell("%s plans%s.", who, s.bought("to buy"))
	case notice.StageMarket:
		doing := map[string]string{"UK13": "intends to set up a", "UK14": "has set up a", "UK15": "has changed its"}[n.Type.Value]
		s.tell("%s %s dynamic market%s%s.", who, cmp.Or(doing, "runs a"), s.contractFor(), s.called())
	case notice.StageTender:
		switch {
		case n.Direct.Value == "framework":
			s.tell("%s calls off a contract%s from a framework there is already%s.", who, s.contractFor(), s.called())
		case n.Direct.Known():
			s.tell("%s%s, without open competition.", who, s.bought("buys"))
		case n.DynamicMarket.Known():
			s.tell("%s %s suppliers to a dynamic market%s%s.", who, invites, s.contractFor(), s.called())
		case n.Framework.Known():
			s.tell("%s %s tenders for a framework agreement%s%s.", who, invites, s.contractFor(), s.called())
		default:
			s.tell("%s %s tenders for a contract%s%s.", who, invites, s.contractFor(), s.called())
		}
	case notice.StageAward:
		s.award(who)
	case notice.StageContract:
		doing := "reports on a contract"
		switch n.Type.Value {
		case "UK8":
			doing = "reports payments under a contract"
		case "UK9":
			doing = "reports how a contract is performed"
		case "UK10", "F20":
			doing = "changes a contract that is running"
		case "UK11":
			doing = "reports that a contract has ended"
		}
		s.tell("%s %s%s%s.", who, doing, s.contractFor(), s.called())
	case notice.StageEnded:
		s.tell("%s", s.ended(who))
	default:
		s.tell("%s has published a notice%s.", who, s.called())
	}
}

// ended says how a procurement came to its end.
func (s *sentences) ended(who string) string {
	how := "ended"
	switch strings.ToLower(s.n.Status.Value) {
	case "cancelled":
		how = "cancelled"
	case "withdrawn":
		how = "withdrawn"
	case "unsuccessful":
		return fmt.Sprintf("%s has ended a procurement%s without an award%s.", who, s.contractFor(), s.called())
	case "complete":
		return fmt.Sprintf("%s has closed a procurement%s%s.", who, s.contractFor(), s.called())
	}
	return fmt.Sprintf("%s has %s a procurement%s%s.", who, how, s.contractFor(), s.called())
}

func (s *sentences) award(who string) {
	n := s.n
	framework := "a contract"
	if n.Framework.Known() {
		framework = "a framework agreement"
	}
	signed, pending, cancelled := false, len(n.Awards) > 0, len(n.Awards) > 0
	for i := range n.Awards {
		w := &n.Awards[i]
		signed = signed || len(w.Contracts) > 0
		status := strings.ToLower(w.State().Value)
		pending = pending && status == "pending"
		cancelled = cancelled && (status == "cancelled" || status == "unsuccessful")
	}
	doing := "has awarded"
	switch {
	case n.Type.Value == "UK5" || n.Type.Value == "F15":
		s.tell("%s intends to award %s%s directly, without a competition%s.", who, framework, s.contractFor(), s.called())
		return
	case cancelled:
		s.tell("%s has made no award in this procurement%s%s.", who, s.contractFor(), s.called())
		return
	case n.Type.Value == "UK7":
		doing = "has signed"
	case pending:
		doing = "has decided to award"
	}
	s.tell("%s %s %s%s%s.", who, doing, framework, s.contractFor(), s.called())
}

// process says how the procurement is run.
func (s *sentences) process() {
	n := s.n
	if n.Type.Value == "UK17" {
		return
	}
	run := map[bool]string{false: "is run", true: "was run"}[s.over() && n.Type.Value != "UK5"]
	var parts []string
	if n.Regime.Known() {
		parts = append(parts, "under "+map[notice.Regime]string{notice.Act2023: "the Procurement Act 2023", notice.Regulations: "the regulations of 2015 and 2016"}[n.Regime.Value])
	}
	var marks []string
	for _, r := range n.SpecialRegime {
		marks = append(marks, specialWords(Line(r.Value)))
	}
	if len(marks) > 0 {
		parts = append(parts, "by the rules for "+strings.ReplaceAll(notice.Enumerate(marks), "light touch", "light-touch")+" contracts")
	}
	if n.AboveThreshold.Known() {
		parts = append(parts, thresholdWords(n.AboveThreshold))
	}
	sentence := ""
	if len(parts) > 0 {
		sentence = "it " + run + " " + strings.Join(parts, ", ")
	}
	if m := Line(n.MethodText.Value); m != "" && len(m) < 100 {
		sentence = strings.TrimPrefix(sentence+"; the procedure is “"+m+"”", "; ")
	}
	if sentence != "" {
		s.say("%s.", sentence)
	}
}

// divided says what lots there are.
func (s *sentences) divided() {
	lots := s.d.Lots
	if len(lots) < 2 && (len(lots) == 0 || lots[0].Called == "") {
		return
	}
	var names []string
	prose, gone := 0, 0
	for _, l := range lots {
		names = append(names, l.Called)
		if l.FromProse > 0 {
			prose++
		}
		if withdrawn(l.Status) {
			gone++
		}
	}
	sentence := fmt.Sprintf("it is divided into %s", notice.Count(len(lots), "lot", "lots"))
	if prose == len(lots) {
		sentence = fmt.Sprintf("the text divides it into %s, %s", notice.Count(len(lots), "lot", "lots"), notice.Enumerate(few(names)))
	}
	if gone > 0 && !s.over() {
		sentence += fmt.Sprintf(", of which %s withdrawn", isAre(gone))
	}
	bid, win := s.n.MaxLotsBid, s.n.MaxLotsAwarded
	switch {
	case bid.Known() && win.Known():
		sentence += fmt.Sprintf("; a supplier may bid for %d at most and win %d", bid.Value, win.Value)
	case bid.Known():
		sentence += fmt.Sprintf("; a supplier may bid for %d at most", bid.Value)
	case win.Known():
		sentence += fmt.Sprintf("; a supplier may win %d at most", win.Value)
	}
	s.say("%s.", sentence)
}

func withdrawn(status string) bool {
	switch strings.ToLower(status) {
	case "cancelled", "withdrawn", "unsuccessful":
		return true
	}
	return false
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

// few names the first members of a list, and how many more there are.
func few(names []string) []string {
	const most = 4
	if len(names) <= most+1 {
		return names
	}
	return append(slices.Clip(names[:most]), notice.Count(len(names)-most, "other", "others"))
}

// worth says what it is worth.
func (s *sentences) worth() {
	v := s.d.Value
	if v.Words == "" || s.n.Type.Value == "UK17" {
		return
	}
	is := "is"
	if s.n.Stage == notice.StageEnded {
		is = "was"
	}
	if s.n.Framework.Known() || s.n.DynamicMarket.Known() {
		s.say("all that is bought through it %s put at up to %s.", is, valueWords(v))
		return
	}
	s.say("it %s worth %s.", is, valueWords(v))
	if v.Yearly.Words != "" {
		last := len(s.list) - 1
		s.list[last] = strings.TrimSuffix(s.list[last], ".") + ", or " + v.Yearly.Words + "."
	}
}

func valueWords(v Worth) string {
	money := v.Value.Money
	switch {
	case v.Net.Known() && v.Gross.Known() && v.Net.Value == v.Gross.Value:
		return money(v.Net.Value) + ", with and without VAT"
	case v.Net.Known() && v.Gross.Known():
		return money(v.Net.Value) + " without VAT (" + money(v.Gross.Value) + " with it)"
	case v.Min.Known() && v.Net.Known() && v.Min.Value != v.Net.Value:
		return "between " + money(v.Min.Value) + " and " + money(v.Net.Value)
	case v.Net.Known():
		return money(v.Net.Value) + " without VAT"
	case v.Gross.Known():
		return money(v.Gross.Value) + " with VAT"
	case v.Min.Known():
		return "at least " + money(v.Min.Value)
	}
	return v.Words
}

// time says how long the contract runs.
func (s *sentences) time() {
	if len(s.d.Lots) == 0 {
		return
	}
	runs := s.d.Lots[0].Runs
	dates := runs.Dates()
	for _, l := range s.d.Lots[1:] {
		if l.Runs.Dates() != dates || l.Runs.Words != runs.Words {
			s.say("the lots run for different times.")
			return
		}
	}
	what, runsFor, will := "the contract", " runs", "may be extended"
	if len(s.d.Lots) > 1 {
		what, runsFor = "the contracts", " run"
	}
	switch {
	case s.n.Stage == notice.StageEnded && len(s.d.Lots) > 1:
		runsFor, will = " were to run", "could have been extended"
	case s.n.Stage == notice.StageEnded:
		runsFor, will = " was to run", "could have been extended"
	case !s.over() && len(s.d.Lots) > 1:
		runsFor = " are to run"
	case !s.over():
		runsFor = " is to run"
	}
	what += runsFor
	if dates == "" && runs.Words == "" {
		return
	}
	term := span(runs.Months, runs.Days)
	p := runs.Period
	sentence := what
	if term != "" {
		sentence += " for " + term + months30(runs)
	}
	switch {
	case p.Start.Known() && p.End.Known():
		sentence += ", from " + p.Start.Value.Date() + " to " + p.End.Value.Date()
	case p.Start.Known():
		sentence += " from " + p.Start.Value.Date()
	case p.End.Known():
		sentence += " to " + p.End.Value.Date()
	}
	if extended(p) {
		sentence += ", and " + will + " to " + p.MaxExtent.Value.Date()
	}
	s.say("%s.", sentence)
}

// where says where the work is.
func (s *sentences) where() {
	var names []string
	for _, w := range s.d.Places {
		if name := w.Name(); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	is := "is"
	if s.n.Stage == notice.StageEnded {
		is = "was to be"
	}
	for i, name := range names {
		names[i] = placeWords(name)
	}
	s.say("the work %s in %s.", is, enumeratePlaces(few(names)))
}

// placeWords is a region's name in a sentence: "the North East of England".
func placeWords(name string) string {
	if plain, ok := strings.CutSuffix(name, " (England)"); ok {
		if strings.HasSuffix(plain, "Midlands") {
			return "the " + plain
		}
		return "the " + plain + " of England"
	}
	switch name {
	case "United Kingdom", "UK":
		return "the United Kingdom"
	case "Yorkshire and The Humber":
		return "Yorkshire and the Humber"
	}
	return strings.TrimRight(strings.TrimSuffix(name, " CC"), ".,; ")
}

// enumeratePlaces is Enumerate for names that may hold commas themselves.
func enumeratePlaces(names []string) string {
	if !slices.ContainsFunc(names, func(s string) bool { return strings.Contains(s, ",") }) {
		return notice.Enumerate(names)
	}
	return strings.Join(names, "; ")
}

// when says by when what has to be done.
func (s *sentences) when() {
	n, asOf := s.n, s.d.AsOf
	switch n.Stage {
	case notice.StagePipeline, notice.StageEngagement, notice.StagePlanned, notice.StageTender, notice.StageMarket:
	default:
		return
	}
	if n.Questions.Known() && !n.Questions.Value.End().Before(asOf) {
		s.say("questions are answered until %s.", until(n.Questions.Value, asOf))
	}
	if n.Deadline.Known() {
		late := n.Deadline.Value.End().Before(asOf)
		what, was := "tenders", "are"
		switch n.Deadline.Kind {
		case notice.DeadlineInterest:
			what = "requests to take part"
		case notice.DeadlineEngagement:
			what = "the engagement"
		}
		if late {
			was = "were"
		}
		if n.Deadline.Kind == notice.DeadlineEngagement {
			s.say("the engagement %s %s.", map[bool]string{false: "ends on", true: "ended on"}[late], until(n.Deadline.Value, asOf))
		} else {
			s.say("%s %s due by %s.", what, was, until(n.Deadline.Value, asOf))
		}
	}
	if n.Future.Known() && n.Stage != notice.StageTender {
		late := notice.DaysUntil(asOf, n.Future.Value.Time) < 0
		s.say("the next notice %s expected on %s (%s).", map[bool]string{false: "is", true: "was"}[late], n.Future.Value.Date(), notice.InDays(notice.DaysUntil(asOf, n.Future.Value.Time)))
	}
}

// suits says who it suits, and who alone may take part.
func (s *sentences) suits() {
	d := s.d
	var yes []string
	if d.Suits.SME != nil && *d.Suits.SME {
		yes = append(yes, "small and medium-sized enterprises")
	}
	if d.Suits.VCSE != nil && *d.Suits.VCSE {
		yes = append(yes, "voluntary, community and social enterprises")
	}
	says := "the buyer says that it suits"
	if s.over() {
		says = "the buyer said that it suited"
	}
	if len(yes) > 0 {
		s.say("%s %s.", says, notice.Enumerate(yes))
	}
	if s.over() {
		return
	}
	which := ""
	for i := range d.Lots {
		if !slices.Equal(d.Lots[i].Reserved, d.Lots[0].Reserved) {
			which = " for some of the lots"
		}
	}
	var kinds, places []string
	add := func(to *[]string, name string) {
		if name != "" && !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	for i := range s.n.Lots {
		for _, r := range s.n.Lots[i].Reserved {
			if r.Value.Kind == "location" {
				add(&places, placeWords(strings.TrimPrefix(reservationWords(r.Value), "suppliers in ")))
			} else {
				add(&kinds, reservationWords(r.Value))
			}
		}
	}
	for _, kind := range kinds { // a supplier must satisfy every one
		s.say("only %s may take part%s.", kind, which)
	}
	if len(places) > 0 { // and of several places one
		s.say("only suppliers in %s may take part%s.", enumerateOr(few(places)), which)
	}
}

// weighed says how tenders are weighed.
func (s *sentences) weighed() {
	if s.over() || len(s.d.Lots) == 0 {
		return
	}
	words := s.d.Lots[0].Weights.Words
	for _, l := range s.d.Lots[1:] {
		if l.Weights.Words != words {
			s.say("tenders are weighed differently from lot to lot.")
			return
		}
	}
	if words != "" && s.d.Lots[0].Weights.whole() {
		s.say("tenders %s weighed %s.", map[bool]string{false: "are", true: "were"}[s.late()], words)
	}
}

// won says who has it.
func (s *sentences) won() {
	if s.n.Stage != notice.StageAward && s.n.Stage != notice.StageContract {
		return
	}
	var names []string
	for i := range s.n.Awards {
		if state := strings.ToLower(s.n.Awards[i].State().Value); state == "cancelled" || state == "unsuccessful" {
			continue
		}
		for _, x := range s.d.Awards[i].Suppliers {
			if x.Name != "" && !slices.Contains(names, x.Name) {
				names = append(names, x.Name)
			}
		}
	}
	switch {
	case len(names) == 0:
	case s.n.Type.Value == "UK5" || s.n.Type.Value == "F15":
		s.say("it is to go to %s.", notice.Enumerate(few(names)))
	case len(names) == 1:
		s.say("the supplier is %s.", names[0])
	default:
		s.say("the suppliers are %s.", notice.Enumerate(few(names)))
	}
	if len(s.n.Awards) == 1 && s.d.Value.Words == "" {
		w := s.n.Awards[0].Worth()
		if words := valueWords(worth(w, Length{})); w.Priced() {
			s.say("it is worth %s.", words)
		}
	}
	if len(s.n.Awards) == 1 {
		if runs := length(s.n.Awards[0].Runs()); runs.Dates() != "" && s.d.Lots[0].Runs.Dates() == "" {
			s.say("the contract runs %s.", strings.TrimPrefix(fromTo(runs), ", "))
		}
	}
}

func fromTo(l Length) string {
	if l.Period.Start.Known() && l.Period.End.Known() {
		return "from " + l.Dates()
	}
	return l.Dates()
}

// missing says what nobody said.
func (s *sentences) missing() {
	if len(s.d.Missing) > 0 {
		s.say("the notice does not say %s.", enumerateOr(s.d.Missing))
	}
}

func enumerateOr(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " or " + items[last]
}

// missing lists what a bidder looks for at this stage and nobody said.
func missing(d *Dossier) []string {
	n := d.Notice
	list := []string{}
	miss := func(is bool, what string) {
		if is {
			list = append(list, what)
		}
	}
	if n.Type.Value == "UK17" || n.Stage == notice.StageEnded || n.Stage == notice.StageOther {
		return list
	}
	priced, runs, suits, weighed, lotsWeighed := n.Value.Priced(), false, d.Suits.Words() != "", false, 0
	for _, l := range d.Lots {
		priced = priced || l.Value.Value.Priced()
		runs = runs || l.Runs.Words != "" || l.Runs.Dates() != ""
		suits = suits || l.Suits.Words() != "" || len(l.Reserved) > 0
		if len(l.Criteria) > 0 {
			lotsWeighed++
		}
	}
	weighed = lotsWeighed > 0
	won := false
	for i := range n.Awards {
		w := &n.Awards[i]
		worth := w.Worth()
		priced = priced || worth.Priced()
		won = won || len(w.Suppliers) > 0
		runs = runs || length(w.Runs()).Dates() != ""
	}
	miss(d.Buyer.Name == "", "who the buyer is")
	miss(len(d.CPV) == 0, "what codes it falls under")
	miss(!priced, "what it is worth")
	miss(len(d.Places) == 0, "where the work is")
	miss(!runs, "how long it runs")
	switch n.Stage {
	case notice.StageTender:
		miss(!n.Deadline.Known() && !n.Direct.Known(), "by when to bid")
		miss(!suits, "whom it suits")
		miss(!weighed, "how tenders are weighed")
		miss(!n.Portal.Known(), "where tenders are given in")
	case notice.StageEngagement:
		miss(!n.Deadline.Known(), "by when to answer")
		miss(!suits, "whom it suits")
	case notice.StagePipeline, notice.StagePlanned:
		miss(!n.Future.Known(), "when the next notice comes")
		miss(!suits, "whom it suits")
	case notice.StageMarket:
		miss(!suits, "whom it suits")
	case notice.StageAward:
		miss(!won, "who the supplier is")
	}
	return list
}
