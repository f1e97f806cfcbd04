package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/notice"
)

// This file prints what the pages of buyers, suppliers and similar notices have in common.

// ambiguous lists what a name may mean, and makes of it an error of the command line.
func (a *app) ambiguous(err error) error {
	e := (*desk.AmbiguousError)(nil)
	if !errors.As(err, &e) {
		return err
	}
	if a.flags.json {
		return errors.Join(usageError{e}, a.printJSON(struct {
			Candidates []desk.Candidate `json:"candidates"`
		}{e.Candidates}))
	}
	p := a.page()
	p.w = a.stderr
	for _, c := range e.Candidates {
		id := "no id"
		if len(c.IDs) > 0 {
			id = c.IDs[0]
		}
		line := fmt.Sprintf("  %s  %s  ", pad(notice.Count(c.Notices, "notice", "notices"), -12), pad(cut(id, 24), 24))
		p.printf("%s%s\n", line, cut(join(", ", c.Name, c.Place), p.width-width(line)))
	}
	return errors.Join(usageError{e}, p.err)
}

// limitFlag gives a command --limit: how many to list, 0 for all.
func limitFlag(cmd *cobra.Command, n *int, usual int, usage string) {
	*n = usual
	cmd.Flags().Var((*limitValue)(n), "limit", usage)
}

type limitValue int

func (v *limitValue) String() string { return strconv.Itoa(int(*v)) }
func (v *limitValue) Type() string   { return "int" }
func (v *limitValue) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return fmt.Errorf("write how many to list, 0 for all")
	}
	*v = limitValue(n)
	return nil
}

func upTo[T any](list []T, n int) []T {
	if n > 0 && len(list) > n {
		return list[:n]
	}
	return list
}

// organisation is the head of a page about one.
func (p *page) organisation(k market.Known, counted string, asOf time.Time) {
	p.printf("%s\n", p.in(bold, cut(k.Name, p.width)))
	p.printf("%s\n\n", p.in(faint, "as of "+date(asOf)+": "+counted))
	p.field("ids", strings.Join(upTo(k.IDs, mostListed), ", ")+further(len(k.IDs)-mostListed))
	p.field("where it sits", organisationPlace(k.Details))
	p.optional("kind", notice.Label(k.Details.Type.Value))
	p.optional("contact", contact(k.Details))
	p.optional("site", k.Details.URL.Value)
	if len(k.Names) > 1 {
		p.field("also written", strings.Join(upTo(k.Names[1:], mostListed), "; ")+further(len(k.Names)-1-mostListed))
	}
	if joins := p.joins(k.Joins); joins != "" {
		p.field("taken as one", joins)
	}
	for _, n := range upTo(k.Namesakes, mostListed) {
		p.field("not the same", n.Name+" "+strings.Join(upTo(n.IDs, 1), "")+": one name, other numbers")
	}
}

// mostListed is how many ids, spellings and namesakes stand in the head of a page.
const mostListed = 6

func further(n int) string {
	if n > 0 {
		return fmt.Sprintf(" and %d more", n)
	}
	return ""
}

// joins says why the mentions of an organisation are one.
func (p *page) joins(joins []market.Join) string {
	var ids []string
	name := 0
	seen := map[string]bool{}
	for _, j := range joins {
		switch {
		case strings.HasPrefix(j.By, "="):
			name++
		case !seen[j.By]:
			seen[j.By] = true
			ids = append(ids, j.By)
		}
	}
	text := ""
	if len(ids) > 0 {
		text = "by " + strings.Join(upTo(ids, 3), ", ") + further(len(ids)-3)
	}
	if name > 0 {
		text = join("; ", text, "by its name, which no other number bears")
	}
	return text
}

// worths says what awards are worth, and on how many of them each figure rests.
func (p *page) worths(label string, m market.Money) {
	if m.Known == 0 {
		p.field(label, m.Caveats())
		return
	}
	p.field(label, m.Words())
	p.optional("", m.Caveats())
}

// shares is a table of what falls to each of many.
func (p *page) shares(heading string, list []market.Share, limit int) {
	if len(list) == 0 {
		return
	}
	const awards, known, sum = 6, 12, 16
	room := max(p.width-2-awards-known-sum-3, 20)
	p.heading(pad(heading, room+2) + " " + pad("awards", -awards) + " " + pad("together", -sum) + " " + pad("known values", -known))
	for _, s := range upTo(list, limit) {
		name := s.Name
		switch {
		case s.Key == "":
			name = "not said"
		case len(s.Key) == 2 && strings.Trim(s.Key, "0123456789") == "":
			name = s.Key + " " + name // a CPV division
		}
		total := "not said"
		if s.Known > 0 {
			total = s.Sum.String()
		}
		p.printf("  %s %s %s %s\n", pad(cut(name, room), room), pad(fmt.Sprint(s.Awards), -awards), pad(total, -sum), pad(fmt.Sprint(s.Known), -known))
	}
	p.more(len(list), limit)
}

func (p *page) more(n, limit int) {
	if limit > 0 && n > limit {
		p.printf("  %s\n", p.in(faint, fmt.Sprintf("%d more; --limit 0 lists all", n-limit)))
	}
}

// briefs is a list of notices.
func (p *page) briefs(heading string, list []market.Brief, limit int, asOf time.Time) {
	if len(list) == 0 {
		return
	}
	p.heading(fmt.Sprintf("%s (%d)", heading, len(list)))
	for _, b := range upTo(list, limit) {
		p.printf("  %s\n", cut(b.Title, p.width-2))
		p.printf("    %s\n", p.in(faint, cut(join(" · ", b.Notice, string(b.Stage), b.Comes(asOf), b.Value.Words()), p.width-4)))
	}
	p.more(len(list), limit)
}

// awards is a list of awards; party names the other side of each.
func (p *page) awards(heading string, list []*market.Award, limit int, party func(*market.Award) string) {
	if len(list) == 0 {
		return
	}
	p.heading(fmt.Sprintf("%s (%d)", heading, len(list)))
	for _, w := range upTo(list, limit) {
		p.printf("  %s\n", cut(w.Title, p.width-2))
		about := []string{party(w), w.Value.Words(), w.Awarded(), w.Runs(), w.Notice}
		if w.Void {
			about = append([]string{w.Status}, about...)
		}
		p.printf("    %s\n", p.in(faint, cut(join(" · ", about...), p.width-4)))
	}
	p.more(len(list), limit)
}

// names lists organisations, the first few by name.
func names(list []market.Mention) string {
	if len(list) == 0 {
		return "nobody named"
	}
	parts := make([]string, 0, 3)
	for _, m := range upTo(list, 3) {
		name := m.Name
		if name == "" && len(m.IDs) > 0 {
			name = m.IDs[0]
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ") + further(len(list)-3)
}
