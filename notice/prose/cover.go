package prose

import (
	"slices"
	"strings"

	"bidfit/notice"
)

// cover is an insurance at a place in a text.
type cover struct {
	names    []string
	from, to int
	sum      *notice.Pence
	shared   bool // the sum stands with the next one
}

// coverAt reads the insurance named at token i: "public liability", "Employer's (Compulsory) Liability
// Insurance", "public and products liability" which is two.
func (m *mentionReader) coverAt(i int) (cover, bool) {
	var names []string
	k := i
	for k < len(m.tokens) && k-i < 8 && (k == i || !m.gapped(k)) {
		switch {
		case m.is(k, "public"):
			names = append(names, "public liability")
		case m.is(k, "employers", "employer", "employer's", "employer’s", "employees"):
			names = append(names, "employers' liability")
		case m.is(k, "product", "products"):
			names = append(names, "product liability")
		case m.is(k, "professional") && m.is(k+1, "liability") && m.is(k+2, "insurance"):
			return cover{names: append(names, "professional indemnity"), from: i, to: k + 3}, true
		case m.is(k, "professional") && len(names) == 0:
			names = append(names, "professional indemnity")
		case m.is(k, "cyber") && len(names) == 0:
			names = append(names, "cyber")
		case m.is(k, "medical", "clinical") && len(names) == 0:
			names = append(names, "medical malpractice")
		case k > i && m.is(k, "liability"):
			if names[0] == "professional indemnity" || names[0] == "medical malpractice" {
				return cover{}, false
			}
			return m.covered(names, i, k+1)
		case k > i && m.is(k, "indemnity"):
			return m.covered(names, i, k+1)
		case k > i && m.is(k, "malpractice", "negligence"):
			return m.covered(names, i, k+1)
		case k > i && m.is(k, "insurance") && names[0] == "cyber":
			return m.covered(names, i, k+1)
		case k > i && (m.mark(k, "'’‘()/&,") || m.is(k, "s", "and", "compulsory", "or", "risk", "risks", "security", "statutory", "liabilities")):
		default:
			return cover{}, false
		}
		k++
	}
	return cover{}, false
}

// covered is the insurance whose name ends at token to.
func (m *mentionReader) covered(names []string, from, to int) (cover, bool) {
	last := m.lower(to - 1)
	for _, name := range names {
		fits := last == "liability" || last == "insurance" && name == "cyber" ||
			last == "indemnity" && name == "professional indemnity" ||
			(last == "malpractice" || last == "negligence") && name == "medical malpractice"
		if !fits {
			return cover{}, false
		}
	}
	for m.mark(to, "*)") || m.is(to, "insurance", "insurances", "cover", "policy") && !m.gapped(to) {
		if m.mark(to, ")") && !strings.Contains(m.text[m.tokens[from].start:m.tokens[to].start], "(") {
			break
		}
		to++
	}
	return cover{names: names, from: from, to: to}, true
}

// insurance reads all insurances of the sentence from token i on, with their levels: the sum that follows each,
// or where the first sum stands before the first of them, the sum before each. One without a sum shares that of the next when nothing but "and" is between them.
func (m *mentionReader) insurance(i int) int {
	c, ok := m.coverAt(i)
	if !ok {
		return i
	}
	const far = 40
	list := []cover{c}
	end := c.to
	for k := c.to; k < len(m.tokens) && k-list[len(list)-1].to < far && len(list) < 12 && !m.gapped(k); {
		if next, ok := m.coverAt(k); ok {
			list = append(list, next)
			k = next.to
		} else {
			k++
		}
		end = k
	}
	m.level(list, end)
	for _, c := range list {
		confidence := 80
		if c.sum != nil && !c.shared {
			confidence = 95
		}
		if m.negated(c.to, min(c.to+4, end)) && m.near(c.to, c.to, 4, "requir", "need", "applicable") {
			continue
		}
		for _, name := range c.names {
			m.add(notice.Mention{Kind: notice.MentionInsurance, Name: name, Amount: c.sum}, c.from, c.to, confidence)
		}
	}
	return list[len(list)-1].to
}

// level gives every insurance of a sentence its sum.
func (m *mentionReader) level(list []cover, end int) {
	start := list[0].from
	for start > 0 && list[0].from-start < 8 && !m.tokens[start].gap {
		start--
	}
	before, at := m.sumBetween(start, list[0].from)
	leading := before != nil && list[0].from-at <= 5
	for n := range list {
		stop := end
		if n+1 < len(list) {
			stop = list[n+1].from
		}
		switch {
		case !leading:
			list[n].sum, _ = m.sumBetween(list[n].to, stop)
		case n == 0:
			list[n].sum = before
		default:
			list[n].sum, _ = m.lastSumBetween(list[n-1].to, list[n].from)
		}
	}
	for n := len(list) - 2; n >= 0 && !leading; n-- {
		if list[n].sum == nil && list[n+1].from-list[n].to <= 3 {
			list[n].sum, list[n].shared = list[n+1].sum, true
		}
	}
	for n := 1; n < len(list) && leading; n++ {
		if list[n].sum == nil && list[n].from-list[n-1].to <= 3 {
			list[n].sum, list[n].shared = list[n-1].sum, true
		}
	}
}

// money is the sums of the text, read when first asked for.
func (m *mentionReader) money() []Found[notice.Amount] {
	if !m.read {
		m.sums, m.read = m.amounts(), true
	}
	return m.sums
}

// level of an amount: what is at least asked for.
func asked(a notice.Amount) *notice.Pence {
	if a.Min != nil {
		return a.Min
	}
	return a.Max
}

// sumBetween is the first sum that starts in tokens from to to, and the token after it.
func (m *mentionReader) sumBetween(from, to int) (*notice.Pence, int) {
	return m.sumIn(from, to, false)
}

// lastSumBetween is the last one.
func (m *mentionReader) lastSumBetween(from, to int) (*notice.Pence, int) {
	return m.sumIn(from, to, true)
}

func (m *mentionReader) sumIn(from, to int, last bool) (sum *notice.Pence, at int) {
	if from >= to || from >= len(m.tokens) {
		return nil, from
	}
	start, end := m.tokens[from].start, m.tokens[min(to, len(m.tokens))-1].end
	list := m.money()
	lo, _ := slices.BinarySearchFunc(list, start, func(f Found[notice.Amount], at int) int { return f.Start - at })
	for _, f := range list[lo:] {
		if f.Start >= end {
			break
		}
		sum, at = asked(f.Value), from
		for at < to && m.tokens[at].start < f.End {
			at++
		}
		if !last {
			break
		}
	}
	return sum, at
}

// turnover reads what a supplier has to turn over, at the word itself.
func (m *mentionReader) turnover(i int) int {
	if m.is(i-1, "staff", "debtors", "debtor", "stock", "employee", "workforce", "creditors", "asset", "tenancy", "void") || m.is(i+1, "ratio", "rate", "ratios") {
		return i + 1
	}
	from, to := m.sentence(i, 40)
	if m.near(i, i+1, 30, "commercial") && m.near(i, i+1, 30, "organisation") || m.near(i, i+1, 30, "slavery") {
		return i + 1
	}
	needed := m.near(i, i+1, 14, "minimum", "must", "requir", "least", "exceed", "less", "threshold")
	if !needed {
		return i + 1
	}
	sum, at := m.sumBetween(i+1, min(to, i+32))
	if sum == nil {
		sum, _ = m.lastSumBetween(max(from, i-8), i)
		at = i + 1
	}
	if sum != nil {
		m.add(notice.Mention{Kind: notice.MentionTurnover, Amount: sum}, i, max(at, i+1), 90)
		return i + 1
	}
	for k := i + 1; k < to && k < i+14; k++ {
		if m.is(k, "twice", "double", "times") {
			m.add(notice.Mention{Kind: notice.MentionTurnover}, i, k+1, 80)
			break
		}
	}
	return i + 1
}
