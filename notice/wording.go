package notice

import (
	"fmt"
	"strings"
)

// This file says how things are put into words: the same date, sum or lot is called the
// same wherever a person reads of it.

// Words is "24 July 2026, 12:00" in London, or "24 July 2026" for a whole day.
func (m Moment) Words() string {
	if m.Day {
		return m.Date()
	}
	return m.Time.In(London).Format("2 January 2006, 15:04")
}

// Date is the moment's day in London: "24 July 2026".
func (m Moment) Date() string { return m.Time.In(London).Format("2 January 2006") }

// In writes an amount in a currency: "£704,000", "EUR 704,000". "" is pounds.
func (p Pence) In(currency string) string {
	if currency == "" || currency == "GBP" {
		return p.String()
	}
	return currency + " " + strings.Replace(p.String(), "£", "", 1)
}

// Money writes one of the value's amounts in its currency.
func (v Value) Money(p Pence) string { return p.In(v.Currency.Value) }

// Words says all that is known of a value: "£1,530,000 net, £1,836,000 with VAT"; "" where nothing is.
func (v Value) Words() string {
	var parts []string
	for _, s := range []struct {
		said          Said[Pence]
		before, after string
	}{{v.Min, "from ", ""}, {v.Net, "", " net"}, {v.Gross, "", " with VAT"}, {v.PerYear, "", " a year"}} {
		if s.said.Known() {
			parts = append(parts, s.before+v.Money(s.said.Value)+s.after)
		}
	}
	return strings.Join(parts, ", ")
}

// Called is what a lot is called in a sentence: "lot 2", "lot A" for one read from prose;
// "" for the one lot of an undivided procurement. A label such as "Lot 2" goes before an id.
func (l *Lot) Called() string {
	const longest = 20
	id := l.ID
	if label := l.Label.Value; id != "" && len(label) > 4 && len(label) <= longest && strings.EqualFold(label[:4], "lot ") {
		return "lot " + label[4:]
	}
	if l.FromProse > 0 {
		id = strings.TrimPrefix(id, "~")
	}
	switch {
	case id == "":
		return ""
	case len(id) > 3 && strings.EqualFold(id[:3], "lot"):
		return id
	}
	return "lot " + id
}

// Words is what a stage is called.
func (s Stage) Words() string {
	switch s {
	case StageEngagement:
		return "market engagement"
	case StagePlanned:
		return "planned procurement"
	case StageMarket:
		return "dynamic market"
	case StageOther, "":
		return "unknown"
	}
	return string(s)
}

// Words is what a publisher is called.
func (p Publisher) Words() string {
	switch p {
	case FindATender:
		return "Find a Tender"
	case ContractsFinder:
		return "Contracts Finder"
	case PublicContractsScotland:
		return "Public Contracts Scotland"
	case Sell2Wales:
		return "Sell2Wales"
	}
	return "another service"
}

// Count is "1 lot", "2,358 lots".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " " + many
}

// InDays is how far off a day is: "today", "in 20 days", "3 days ago".
func InDays(n int) string {
	switch {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n == -1:
		return "yesterday"
	case n < 0:
		return Count(-n, "day", "days") + " ago"
	}
	return "in " + Count(n, "day", "days")
}

// Enumerate is "a", "a and b", "a, b and c".
func Enumerate(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// Words is what a deadline is for.
func (k DeadlineKind) Words() string {
	switch k {
	case DeadlineTender:
		return "tenders"
	case DeadlineInterest:
		return "expressions of interest"
	case DeadlineEngagement:
		return "engagement"
	}
	return "responses"
}

// Words is a criterion on one line: "quality, Social value, 10 %".
func (c Criterion) Words() string {
	weight := c.Weight
	switch {
	case weight != "" && strings.HasPrefix(c.Unit, "percentage"):
		weight = strings.TrimSuffix(weight, "%") + " %"
	case weight != "" && strings.HasPrefix(c.Unit, "order"):
		weight = "place " + weight
	}
	var parts []string
	for _, s := range []string{c.Kind, c.Name, weight} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
