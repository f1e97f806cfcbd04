package desk

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
)

// Heading is what the pack is about, on one line.
func (p *Pack) Heading() string {
	title := cmp.Or(dossier.Line(p.Row.Title), p.OCID)
	if lot := dossier.Line(p.Row.Lot); p.Lot != "" {
		title += " – " + dossier.Upper(p.Lot)
		if lot != "" {
			title += ": " + lot
		}
	}
	return title
}

// Signatures are the lines under a pack, by the part of those who sign.
func (p *Pack) Signatures() []string {
	return []string{"Bid lead", "Delivery", "Finance", "Approved by"}
}

// Gates are those that do not pass, and then those that do.
func (p *Pack) Gates() []matcher.Gate {
	var open, passed []matcher.Gate
	for _, g := range p.Row.Fit.Gates {
		if g.State == matcher.GatePass {
			passed = append(passed, g)
		} else {
			open = append(open, g)
		}
	}
	return append(open, passed...)
}

// Dated is a step in words: "25 June to 3 July 2026".
func (s PlanStep) Dated() string {
	if s.From.Equal(s.By) {
		return s.By.In(notice.London).Format("Mon 2 January 2006")
	}
	from := "Mon 2 January"
	if s.From.In(notice.London).Year() != s.By.In(notice.London).Year() {
		from += " 2006"
	}
	return s.From.In(notice.London).Format(from) + " to " + s.By.In(notice.London).Format("Mon 2 January 2006")
}

// Off says which days off lie on the way: "3 August (Summer bank holiday)"; "" for none.
func (p *Plan) Off() string {
	var list []string
	for _, h := range p.Holidays {
		list = append(list, h.Day.In(notice.London).Format("2 January 2006")+" ("+h.Title+")")
	}
	return notice.Enumerate(list)
}

// WriteMarkdown writes the pack as a document. What the publisher and people wrote is text in it and nothing else.
func (p *Pack) WriteMarkdown(out io.Writer) error {
	w := bufio.NewWriter(out) // keeps its first error until Flush
	line := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	item := func(label, text string) {
		if text != "" {
			line("- **%s:** %s", label, dossier.Escape(text))
		}
	}
	section := func(title string) { line("\n## %s\n", title) }
	r, f := p.Row, p.Row.Fit
	line("# Bid or no bid: %s\n\nFor %s, as of %s\n", dossier.Escape(p.Heading()), dossier.Escape(cmp.Or(p.Name, p.Profile)), date(p.AsOf))
	item("Buyer", r.Buyer)
	item("Reference", p.Reference)
	item("Notice", p.OCID)
	item("Stage", r.Stage.Words())
	item("Value", cmp.Or(p.Value, "not specified"))
	item("Runs", p.Runs)
	item("Where", p.Places)
	if !r.Deadline.IsZero() {
		item("By", r.Deadline.Words()+", "+notice.InDays(*r.DaysLeft))
	}
	if address := dossier.Address(p.Portal); address != "" {
		line("- **Tenders go to:** <%s>", address)
	} else {
		item("Tenders go to", p.Portal)
	}
	section("Advice")
	line("**%s**, score %d of 100 (%d to %d), %d%% known. %s", dossier.Escape(string(f.Advice)), f.Score, f.Low, f.High, f.Known, dossier.Escape(p.Action))
	if p.Why != "" {
		line("\nHeld back by: %s", dossier.Escape(p.Why))
	}
	line("\n| criterion | points | finding | why |\n|---|--:|---|---|")
	for _, e := range f.Evidence {
		line("| %s | %+d | %s | %s |", dossier.Escape(e.Criterion), e.Points, e.Finding, dossier.Escape(e.Reason))
	}
	section("Gates")
	for _, g := range p.Gates() {
		line("- **%s, %s:** %s%s", dossier.Escape(g.Gate), g.State.Words("barred"), dossier.Escape(g.Reason), source(string(g.Source)))
	}
	if len(p.Criteria) > 0 {
		section("How tenders are judged")
		for _, j := range p.Criteria {
			if head := strings.Trim(j.Called+": "+j.Weights.Words, ": "); head != "" {
				line("%s\n", dossier.Escape(dossier.Upper(head)))
			}
			for _, c := range j.Criteria {
				line("- %s", dossier.Escape(strings.Trim(c.Label+": "+c.Value, ": ")))
			}
			line("")
		}
	}
	if len(f.Conditions)+len(p.Asked) > 0 {
		section("What is asked")
		for _, c := range f.Conditions {
			line("- **%s, %s:** %s%s", dossier.Escape(c.Condition), c.State.Words("not met"), dossier.Escape(c.Reason), source(string(c.Source)))
			for _, quote := range Quoted(c.At) {
				line("  > %s", dossier.Escape(quote))
			}
		}
		for _, a := range p.Asked {
			line("- %s", dossier.Escape(a.Value))
		}
	}
	if len(p.Questions.Questions) > 0 {
		section("Questions to the buyer")
		if u := p.Questions.Until; u.Known() {
			line("Taken until %s.\n", u.Value.Words())
		}
		for i, q := range p.Questions.Questions {
			line("%d. %s", i+1, dossier.Escape(q.Question))
		}
	}
	section("Plan")
	if p.Plan.Why != "" {
		line("%s", p.Plan.Why)
	} else {
		line("%s until %s.", dossier.Upper(notice.Count(p.Plan.Days, "working day", "working days")), p.Plan.Deadline.Words())
		if off := p.Plan.Off(); off != "" {
			line("Bank holidays on the way: %s.", dossier.Escape(off))
		}
		line("\n| step | days | when |\n|---|--:|---|")
		for _, s := range p.Plan.Steps {
			when := s.Dated()
			if !s.Done.IsZero() {
				when = "done " + when
			}
			line("| %s | %d | %s |", dossier.Escape(s.What), s.Days, when)
		}
	}
	line("")
	for _, s := range p.After.Words {
		line("- %s", dossier.Escape(s))
	}
	if len(p.Dates) > 0 {
		section("Dates")
		for _, x := range p.Dates {
			line("- %s: %s", dossier.Escape(dossier.Upper(x.What)), x.Words)
		}
	}
	if len(p.Risks) > 0 {
		section("What may turn out otherwise")
		for _, x := range p.Risks {
			line("- %s", dossier.Escape(x.Text))
		}
	}
	section("Decision")
	if x := r.Decision; x != nil {
		line("%s by %s on %s. %s\n", dossier.Escape(dossier.Upper(string(x.Verdict))), dossier.Escape(x.Who), date(x.When), dossier.Escape(x.Reason))
	}
	if e := r.Entry; e != nil {
		line("On the shortlist: %s. %s\n", e.Stage, dossier.Escape(strings.Trim(e.Owner+" · "+e.Step(), " ·")))
	}
	line("☐ bid  ☐ no bid\n\n| | name | date | signature |\n|---|---|---|---|")
	for _, who := range p.Signatures() {
		line("| %s | | | |", who)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the pack: %w", err)
	}
	return nil
}

// Quoted are the publisher's words of a text, each once; what stands in a field is in the reason already.
func Quoted(at []notice.Quote) []string {
	var list []string
	for _, q := range at {
		if quote := dossier.Line(q.Quote); q.End > 0 && quote != "" && !slices.Contains(list, quote) {
			list = append(list, quote)
		}
	}
	return list
}

// source is the law behind something, in brackets; "" where none is named.
func source(s string) string {
	if s == "" {
		return ""
	}
	return " (" + dossier.Escape(s) + ")"
}
