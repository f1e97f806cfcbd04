package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/notice"
	"bidfit/notice/cpv"
)

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show OCID",
		Short: "Print a notice",
		Long: `Print what the releases of a procurement say when read together. The notice may be
named by its OCID, another OCID of the same opportunity, or a notice number. --json prints
every value with the release and the JSON Pointer that said it.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example:     "  bidfit show ocds-h6vhtk-06bae5\n  bidfit show 058956-2026 --json",
		Args:        arguments("OCID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.open()
			if err != nil {
				return err
			}
			n, err := d.Notice(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(n)
			}
			also, err := d.Also(cmd.Context(), n.OCID)
			if err != nil {
				return err
			}
			names, err := d.Names(cmd.Context())
			if err != nil {
				return err
			}
			p := a.page()
			p.notice(n, also, names, a.asOf)
			return p.err
		},
	}
}

// notice prints a notice for a person; what nobody said is said to be so where a bidder would look for it.
func (p *page) notice(n *notice.Notice, also []string, names cpv.Names, asOf time.Time) {
	p.printf("%s\n", p.in(bold, cut(n.Title.Value, p.width)))
	p.printf("%s\n\n", p.in(faint, oneLine(n.ID)+" · "+string(n.Publisher)+" · "+string(n.Stage)))
	p.field("buyer", n.Buyer.Name.Value)
	p.field("where it sits", organisationPlace(n.Buyer))
	p.field("notice type", n.Type.Value)
	p.field("regime", string(n.Regime.Value))
	p.field("procedure", join(": ", n.Method.Value, n.MethodText.Value))
	p.field("category", n.Category.Value)
	p.field("status", n.Status.Value)
	p.field("value", value(n.Value))
	p.field("closes", deadline(n.Deadline, asOf))
	if n.Engagement.Known() && n.Engagement.At != n.Deadline.At {
		p.field("engagement", deadline(n.Engagement, asOf))
	}
	if n.Questions.Known() {
		p.field("questions until", moment(n.Questions))
	}
	if n.Future.Known() {
		p.field("tender expected", moment(n.Future))
	}
	p.optional("framework", n.Framework.Value)
	p.optional("dynamic market", n.DynamicMarket.Value)
	p.optional("not open", n.Direct.Value)
	p.optional("regimes", sayings(n.SpecialRegime))
	p.optional("apply at", n.Portal.Value)
	p.optional("also as", strings.Join(also, ", "))
	p.optional("page", n.URL())
	if n.Description.Known() {
		p.heading("Description")
		p.wrapped("  ", n.Description.Value)
	}
	for i := range n.Lots {
		p.lot(&n.Lots[i], names, len(n.Lots) > 1)
	}
	if len(n.Awards) > 0 {
		p.heading("Awards")
		for _, w := range n.Awards {
			names := make([]string, len(w.Suppliers))
			for i, s := range w.Suppliers {
				names[i] = s.Name.Value
			}
			p.wrapped("  ", join(" · ", strings.Join(names, ", "), value(w.Worth()), moment(w.Date), w.State().Value))
		}
	}
	p.heading("History")
	for _, r := range n.Releases {
		when := "undated"
		if !r.Date.IsZero() {
			when = r.Date.In(notice.London).Format("2 Jan 2006 15:04")
		}
		p.printf("  %s  %s\n", pad(when, 18), oneLine(join(" ", r.Identity, r.Type, strings.Join(r.Tags, ", "))))
	}
	if len(n.Issues) > 0 {
		p.heading("What could not be read as meant")
		for _, i := range n.Issues {
			p.wrapped("  ", i.Message+" ("+i.At.Release+" "+i.At.Pointer+")")
		}
	}
}

func (p *page) lot(l *notice.Lot, names cpv.Names, divided bool) {
	switch {
	case divided:
		p.heading(cut(lotTitle(l.ID, l.Title.Value), p.width))
	default:
		p.heading("What is bought, where, and for how long")
	}
	if divided && l.Description.Known() {
		p.wrapped("  ", l.Description.Value)
	}
	p.field("CPV", classifications(l.CPV, names))
	p.field("where", places(l.Places))
	p.field("value", value(l.Value))
	p.field("contract", period(l.Contract))
	p.field("suits", suits(l))
	p.optional("reserved", reservations(l.Reserved))
	p.optional("renewal", l.Renewal.Value)
	p.optional("options", l.Options.Value)
	p.optional("criteria", criteria(l.Criteria))
	if divided {
		p.optional("status", l.Status.Value)
	}
}

// optional prints a field only when something is said: for what most notices have no use for.
func (p *page) optional(label, v string) {
	if v != "" {
		p.field(label, v)
	}
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

func sayings(all []notice.Said[string]) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s.Value
	}
	return strings.Join(parts, ", ")
}

func value(v notice.Value) string {
	var parts []string
	currency := ""
	if !v.Pounds() {
		currency = " (the figures are in " + v.Currency.Value + ")"
	}
	if v.Min.Known() {
		parts = append(parts, "from "+v.Min.Value.String())
	}
	if v.Net.Known() {
		parts = append(parts, v.Net.Value.String()+" net")
	}
	if v.Gross.Known() {
		parts = append(parts, v.Gross.Value.String()+" with VAT")
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + currency
}

func moment(m notice.Said[notice.Moment]) string {
	switch {
	case !m.Known():
		return ""
	case m.Value.Day:
		return date(m.Value.Time)
	}
	return date(m.Value.Time) + m.Value.In(notice.London).Format(", 15:04")
}

func deadline(d notice.Deadline, asOf time.Time) string {
	if !d.Known() {
		return ""
	}
	what := map[notice.DeadlineKind]string{
		notice.DeadlineTender: "tenders", notice.DeadlineInterest: "expressions of interest", notice.DeadlineEngagement: "engagement",
	}[d.Kind]
	return join(", ", moment(d.Said), inDays(notice.DaysUntil(asOf, d.Value.Time)), what)
}

func period(c notice.Period) string {
	// A contract runs by days, whatever hour was published with them.
	on := func(m notice.Said[notice.Moment]) string {
		if !m.Known() {
			return ""
		}
		return day(m.Value.Time)
	}
	s := join(" to ", on(c.Start), on(c.End))
	if c.Days.Known() {
		s = join(", ", s, fmt.Sprintf("%d days", c.Days.Value))
	}
	if c.MaxExtent.Known() {
		s = join(", ", s, "extendable to "+on(c.MaxExtent))
	}
	return s
}

func classifications(all []notice.Said[notice.Classification], names cpv.Names) string {
	var parts []string
	for _, c := range all {
		name := c.Value.Description.Value
		if name == "" {
			var of cpv.Code
			if name, of = names.Of(c.Value.Code); of != c.Value.Code {
				name = "under " + name
			}
		}
		parts = append(parts, c.Value.Code.String()+" "+name)
	}
	return strings.Join(parts, "\n")
}

func places(all []notice.Said[notice.Place]) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, place(s.Value))
	}
	return strings.Join(parts, "\n")
}

func place(p notice.Place) string {
	if p.Region == "" {
		return p.Text
	}
	return p.Region.Label()
}

func organisationPlace(o notice.Organisation) string {
	s := join(", ", o.Locality.Value, o.Postcode.Value, o.Country.Value)
	if o.Place.Known() {
		s = join(", ", s, place(o.Place.Value))
	}
	return s
}

func suits(l *notice.Lot) string {
	var parts []string
	for _, s := range []struct {
		said notice.Said[bool]
		name string
	}{{l.SME, "small and medium firms"}, {l.VCSE, "charities and social enterprises"}} {
		switch {
		case s.said.Known() && s.said.Value:
			parts = append(parts, s.name)
		case s.said.Known():
			parts = append(parts, "not "+s.name)
		}
	}
	return strings.Join(parts, ", ")
}

func reservations(all []notice.Said[notice.Reservation]) string {
	var parts []string
	for _, r := range all {
		parts = append(parts, join(": ", r.Value.Kind, r.Value.Text))
	}
	return strings.Join(parts, "\n")
}

func criteria(all []notice.Said[notice.Criterion]) string {
	var parts []string
	for _, c := range all {
		weight := c.Value.Weight
		if weight != "" && strings.HasPrefix(c.Value.Unit, "percentage") {
			weight += "%"
		}
		parts = append(parts, join(" ", weight, c.Value.Kind, c.Value.Name))
	}
	return strings.Join(parts, "\n")
}
