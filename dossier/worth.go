package dossier

import (
	"fmt"
	"math/bits"
	"strings"

	"bidfit/notice"
	"bidfit/notice/words"
)

// Worth is a value and what follows from it.
type Worth struct {
	notice.Value
	// Words says all that is known of it; "" is not specified.
	Words string `json:"words,omitzero"`
	// Band is the decade the net value lies in, "£1M–£10M", or the gross value where only that is said.
	Band string `json:"band,omitzero"`
	// VAT is by how much the gross value is above the net one: "20 %".
	VAT string `json:"vat,omitzero"`
	// Yearly is the net worth of a year: said, or computed over the longest that the contract may run.
	Yearly Yearly `json:"yearly,omitzero"`
}

// Yearly is the worth of a year.
type Yearly struct {
	Amount notice.Pence `json:"amount"`
	// Months is the length it was computed with; 0 where the publisher says the amount.
	Months int    `json:"months,omitzero"`
	Words  string `json:"words"`
}

// worth reads a value of a contract that runs for a length of time.
func worth(v notice.Value, runs Length) Worth {
	w := Worth{Value: v, Words: v.Words()}
	switch {
	case v.Net.Known():
		w.Band = Band(v, v.Net.Value)
	case v.Gross.Known():
		w.Band = Band(v, v.Gross.Value) + " with VAT"
	case v.Min.Known():
		w.Band = "from " + Band(v, v.Min.Value)
	}
	if v.Net.Known() && v.Gross.Known() {
		w.VAT = vat(v.Net.Value, v.Gross.Value)
	}
	year, months, ok := v.Yearly(runs.Period)
	switch {
	case ok && months == 0:
		w.Yearly = Yearly{year, 0, v.Money(year) + " a year"}
	case ok && months > 12 && v.Net.Value > 0:
		about := "about "
		if high, low := bits.Mul64(uint64(v.Net.Value), 12); high == 0 && low == uint64(year)*uint64(months) {
			about = ""
		}
		w.Yearly = Yearly{year, months, fmt.Sprintf("%s%s a year, computed over %s", about, v.Money(year), span(months, 0))}
	}
	return w
}

// Band is the decade an amount lies in: its lower end counts, its upper end does not.
func Band(v notice.Value, p notice.Pence) string {
	const least, most = 1_000, 1_000_000_000
	pounds := int64(p / 100)
	if pounds < least {
		return "under " + short(v, least)
	}
	if pounds >= most {
		return short(v, most) + " or more"
	}
	low := int64(least)
	for low*10 <= pounds {
		low *= 10
	}
	return short(v, low) + "–" + short(v, low*10)
}

// short is "£10K", "£1M", "£1B".
func short(v notice.Value, pounds int64) string {
	sign := v.Money(0)
	sign = strings.TrimSuffix(sign, "0")
	switch {
	case pounds >= 1_000_000_000:
		return fmt.Sprintf("%s%dB", sign, pounds/1_000_000_000)
	case pounds >= 1_000_000:
		return fmt.Sprintf("%s%dM", sign, pounds/1_000_000)
	}
	return fmt.Sprintf("%s%dK", sign, pounds/1000)
}

// vat is by how much gross is above net, to a tenth of a percent.
func vat(net, gross notice.Pence) string {
	if net <= 0 || gross < net {
		return "the gross value is below the net one"
	}
	if uint64(gross)/uint64(net) >= 10 {
		return fmt.Sprintf("the gross value is %d times the net one", gross/net)
	}
	high, low := bits.Mul64(uint64(gross-net), 2000)
	low, carry := bits.Add64(low, uint64(net), 0)
	tenths, _ := bits.Div64(high+carry, low, 2*uint64(net))
	if tenths%10 == 0 {
		return fmt.Sprintf("%d %%", tenths/10)
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// Line is published text on one line, as it is read.
func Line(s string) string { return strings.Join(strings.Fields(words.Plain(s)), " ") }

// Counts are how many lots, awards and contracts there are, each by its status. They are never added up.
type Counts struct {
	Lots      Count `json:"lots"`
	Awards    Count `json:"awards"`
	Contracts Count `json:"contracts"`
}

// Count is a number of things and how they stand.
type Count struct {
	Number int      `json:"number"`
	Status []Status `json:"status,omitzero"`
}

// Status is how many things have a status; "" is none said.
type Status struct {
	Status string `json:"status,omitzero"`
	Number int    `json:"number"`
}

func counts(n *notice.Notice) Counts {
	var c Counts
	for i := range n.Lots {
		c.Lots.add(n.Lots[i].Status.Value)
	}
	for i := range n.Awards {
		w := &n.Awards[i]
		c.Awards.add(w.Status.Value)
		for j := range w.Contracts {
			c.Contracts.add(w.Contracts[j].Status.Value)
		}
	}
	return c
}

func (c *Count) add(status string) {
	c.Number++
	status = Line(status)
	for i := range c.Status {
		if c.Status[i].Status == status {
			c.Status[i].Number++
			return
		}
	}
	c.Status = append(c.Status, Status{status, 1})
}

// Words is "14 (12 active, 2 cancelled)".
func (c Count) Words() string {
	var parts []string
	for _, s := range c.Status {
		name := s.Status
		if name == "" {
			name = "status not specified"
		}
		if len(c.Status) == 1 {
			parts = append(parts, name)
			continue
		}
		parts = append(parts, fmt.Sprintf("%d %s", s.Number, name))
	}
	if len(parts) == 0 {
		return fmt.Sprint(c.Number)
	}
	return fmt.Sprintf("%d (%s)", c.Number, strings.Join(parts, ", "))
}
