package prose

import (
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
		case k == i && m.is(k, "works", "contract", "contractor", "contractors", "contractors'", "contractors’", "contractor's", "contractor’s", "motor"):
			return m.otherCover(i)
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

// otherCover is an insurance of works or vehicles named at token i: "Contractors' All Risks", "Contract Works Insurance", "motor
// vehicle insurance".
func (m *mentionReader) otherCover(i int) (cover, bool) {
	k := i + 1
	switch {
	case m.is(i, "motor"):
		if m.is(k, "vehicle", "vehicles", "fleet") {
			k++
		}
		if m.is(k, "liability") {
			k++
		}
		if !m.is(k, "insurance") || m.gapped(k) {
			return cover{}, false
		}
		return cover{names: []string{"motor"}, from: i, to: k + 1}, true
	case m.is(i, "works"), m.is(i, "contract") && m.is(k, "works"):
		if m.is(k, "works") {
			k++
		}
		if !m.is(k, "insurance") || m.gapped(k) {
			return cover{}, false
		}
	default:
		if m.mark(k, "'’") {
			k++
		}
		if m.is(k, "s") {
			k++
		}
		if !m.is(k, "all") || !m.is(k+1, "risk", "risks") || m.gapped(k) {
			return cover{}, false
		}
		if k += 2; !m.is(k, "insurance", "cover", "policy") {
			return cover{names: []string{"contract works"}, from: i, to: k}, true
		}
	}
	return cover{names: []string{"contract works"}, from: i, to: k + 1}, true
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
		if c.sum == nil && !m.near(c.from, c.to, 12, demands...) && !m.entry(c) {
			continue // what is bought, or a risk that is told of
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

// entry reports whether an insurance is an entry of a list with something other than a sum behind it: "Employers' Liability = as
// the law has it".
func (m *mentionReader) entry(c cover) bool {
	start := c.from == 0 || m.gapped(c.from) || m.mark(c.from-1, "•-–*") && (c.from == 1 || m.gapped(c.from-1))
	return start && (m.mark(c.to, "=:-–") || m.is(c.to, "equal", "as", "equivalent")) && !m.gapped(c.to) && c.to+1 < len(m.tokens) && !m.gapped(c.to+1) && !m.is(c.to+1, "n", "none", "not", "no")
}

// unnamed reads that insurance is asked for, of whatever kind, where a text names none: "suppliers must maintain appropriate insurance".
func (m *mentionReader) unnamed(i int) int {
	if m.is(i+1, "services", "service", "broker", "brokers", "brokerage", "company", "premium", "premiums", "products", "provider", "providers", "number", "claim", "claims", "act", "office", "industry", "market", "placement", "fund") ||
		m.is(i-1, "national", "social", "health", "property", "life") {
		return i + 1
	}
	fit := m.is(i-1, "appropriate", "adequate", "suitable", "relevant", "necessary", "required", "valid", "sufficient", "requisite", "full") || m.is(i+1, "certificate", "certificates", "documents", "requirements", "details", "levels") ||
		m.is(i-1, "of") && m.is(i-2, "levels", "level", "evidence", "proof", "copies", "certificates", "types")
	if !fit || !m.near(i, i+1, 14, "must", "shall", "requir", "hold", "maintain", "evidence", "proof", "commit", "valid", "provide", "need", "copies") || m.negated(max(0, i-4), i) {
		return i + 1
	}
	m.nameless = append(m.nameless, i)
	return i + 1
}

// demands are the words by which an insurance without a sum is asked for.
var demands = []string{"must", "requir", "hold", "held", "evidence", "obtain", "minimum", "level", "proof", "maintain", "confirm", "insured", "valid", "adequate",
	"suitable", "appropriate", "certificate", "need", "copies", "copy", "shall", "should"}

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
			list[n].sum = m.lastSumBetween(list[n-1].to, list[n].from)
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

// sumBetween is the first sum that starts in tokens from to to, and the token after it.
func (m *mentionReader) sumBetween(from, to int) (*notice.Pence, int) {
	for k := max(from, 0); k < min(to, len(m.tokens)); k++ {
		if p, next, ok := m.sumAt(k); ok {
			return &p, next
		}
	}
	return nil, from
}

// lastSumBetween is the last sum in tokens from to to.
func (m *mentionReader) lastSumBetween(from, to int) (sum *notice.Pence) {
	for k := max(from, 0); k < min(to, len(m.tokens)); {
		p, next, ok := m.sumAt(k)
		if !ok {
			k++
			continue
		}
		sum, k = &p, next
	}
	return sum
}

// sumAt reads the sum at token i. Where insurance or turnover is spoken of, "5 million" is one without its currency.
func (m *mentionReader) sumAt(i int) (notice.Pence, int, bool) {
	s, ok := m.sum(i)
	if !ok {
		s = sum{from: i, to: i}
		if !m.kind(i, number) || m.joined(i) && m.kind(i-1, word) || !s.read(m.scan) || !m.is(s.to, "million", "millions", "m") || m.gapped(s.to) {
			return 0, i, false
		}
		s.scale = m.scaleAt(s.to)
		s.to++
	}
	p, ok := s.pence(s.scale)
	return p, s.to, ok && p > 0
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
		sum = m.lastSumBetween(max(from, i-8), i)
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
