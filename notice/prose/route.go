package prose

import (
	"strings"

	"bidfit/notice"
)

// framework reads that a framework or dynamic market is set up, at its name: "establish a framework".
func (m *mentionReader) framework(i int) int {
	name, to := "framework", i+1
	switch m.lower(i) {
	case "dps":
		if !m.capitals(i) {
			return i
		}
		name = "dynamic market"
	case "dynamic":
		name = "dynamic market"
		for _, second := range []string{"purchasing", "market"} {
			if m.is(i+1, second) && !m.gapped(i+1) {
				to = i + 2
			}
		}
		if to == i+1 {
			return i
		}
		if m.is(to, "system") {
			to++
		}
	default:
		if m.is(to, "agreement", "agreements") && !m.gapped(to) {
			to++
		} else if m.is(i-1, inner...) || m.is(to, "provider", "providers", "supplier", "suppliers") {
			return to
		}
	}
	const far = 12
	for k := i - 1; k >= 0 && i-k <= far && !m.gapped(k+1); k-- {
		switch {
		case m.is(k, "establish", "establishing", "establishment", "creating", "create", "creation", "establishes", "creates"),
			m.is(k, "up", "place") && m.is(k-1, "set", "setting", "sets", "in"),
			m.is(k, "award", "tender", "procure", "implement", "launch", "launching", "form", "let", "enter", "renew", "replace", "awarding", "procuring", "put") && m.article(k+1, i):
			if m.negated(max(0, k-4), k) || m.already(k) || m.is(k-1, "point") || m.is(k-1, "may", "might", "could") {
				return to
			}
			m.add(notice.Mention{Kind: notice.MentionFramework, Name: name}, k, to, 90)
			return to
		case m.is(k, "or", "contract", "under", "from", "via", "through", "against", "using", "utilising", "contracts", "this", "that", "following", "within", "existing", "existed", "current", "on", "onto"), m.mark(k, ",;("):
			return to
		}
	}
	return to
}

// inner are frameworks of another kind: how an organisation works.
var inner = []string{"reporting", "governance", "performance", "policy", "quality", "assurance", "legal", "regulatory", "control", "risk", "evaluation",
	"monitoring", "competency", "delivery", "management", "outcomes", "planning", "strategic", "measurement", "accountability", "safeguarding",
	"pricing", "statutory", "ethical", "security", "data"}

// article reports whether a new thing is named from token k to token i: "into a national …", not "under the …".
func (m *mentionReader) article(k, i int) bool {
	for n := k; n < i && n-k < 3; n++ {
		if m.is(n, "a", "an", "new") {
			return true
		}
	}
	return false
}

// already reports whether the verb at token k speaks of the past: "was established".
func (m *mentionReader) already(k int) bool {
	return m.is(k-1, "has", "had", "was", "were", "initial") || m.is(k-1, "already")
}

// callOff reads a call-off from a framework or dynamic market there is, with its name: "call-off from
// ESPO Framework 390", "Direct Award under RM6126". A framework whose own call-offs are described is none.
func (m *mentionReader) callOff(i int) int {
	k := i + 1
	switch m.lower(i) {
	case "call", "calling":
		if m.mark(k, "-–") {
			k++
		}
		if !m.is(k, "off", "offs") || m.gapped(k) {
			return i
		}
		k++
		for m.is(k, "contract", "order", "agreement", "award", "procedure", "competition") && !m.gapped(k) {
			k++
		}
	case "competition":
		if !m.is(i-1, "mini", "further") && !m.mark(i-1, "-") {
			return i
		}
	case "award", "awarded":
		if m.is(i, "award") && !m.is(i-1, "direct") && i > 0 && !m.gapped(i) {
			return i
		}
		if m.is(i-1, "be") && m.is(i-2, "may", "will", "can", "could") || m.is(i-1, "been", "was") && m.is(k, "to") {
			return i
		}
	}
	const far = 5
	at := k
	for at < len(m.tokens) && at-k < far && !m.gapped(at) && !m.is(at, "from", "under", "against", "via", "using", "through", "off") {
		if m.is(at, "may", "will", "can", "shall", "to") && !m.is(i, "awarded") {
			return i
		}
		at++
	}
	if at >= len(m.tokens) || at-k >= far || m.gapped(at) {
		if m.is(i, "call") && m.frameworkNear(k) {
			at = k - 1
		} else {
			return i
		}
	}
	name, to := m.frameworkName(at + 1)
	if name == "" {
		return i
	}
	m.add(notice.Mention{Kind: notice.MentionCallOff, Name: name}, i, to, 85)
	return to
}

// frameworkNear reports whether a named framework follows right at token k: "Call-off ESPO Framework 390_22".
func (m *mentionReader) frameworkNear(k int) bool {
	for n := k; n < k+4; n++ {
		if m.is(n, "framework", "frameworks") && n > k && !m.gapped(n) {
			return m.capital(k)
		}
		if !m.capital(n) {
			return false
		}
	}
	return false
}

// frameworkName reads the name of a framework at token i, with a word or code of its own: "the Crown Commercial Service
// framework RM6126". "this framework" has none.
func (m *mentionReader) frameworkName(i int) (name string, to int) {
	for m.is(i, "the", "a", "an", "our", "s") || m.is(i, "framework") && m.mark(i+1, ":") || m.mark(i, ":") {
		i++
	}
	if m.is(i, "this", "that", "each", "any", "these", "such", "proposed") || m.gapped(i) {
		return "", i
	}
	const far = 16
	named, framed := false, false
	last, missed := i, 0
	for k := i; k < len(m.tokens) && k-i < far && (k == i || !m.gapped(k)); k++ {
		switch {
		case m.is(k, "framework", "frameworks", "dps", "dynamic"):
			framed, last, missed = true, k+1, 0
		case m.is(k, "agreement", "agreements", "purchasing", "system", "market", "contract", "lot", "services", "supply", "provision", "number", "reference", "ref"):
			if missed == 0 {
				last = k + 1
			}
		case m.kind(k, number):
			named, last, missed = named || m.tokens[k].end-m.tokens[k].start >= 3, k+1, 0
		case m.capital(k):
			if m.code(k) {
				named, framed = true, true
			}
			if k > i || m.tokens[k].end-m.tokens[k].start > 1 {
				named = true
			}
			last, missed = k+1, 0
		case m.is(k, "of", "for", "and", "the", "&", "in", "to", "s", "national") || m.mark(k, "-–/&'’:()_,"):
			missed++
			if m.mark(k, ",") && !m.capital(k+1) || m.mark(k, "(") && framed && !m.capital(k+1) {
				k = len(m.tokens)
			}
		default:
			k = len(m.tokens)
		}
	}
	if !named || !framed || last == i {
		return "", i
	}
	if m.mark(last, ")") && strings.Count(m.text[m.tokens[i].start:m.tokens[last-1].end], "(") > 0 {
		last++
	}
	const longest = 120
	name = strings.Join(strings.Fields(m.text[m.tokens[i].start:m.tokens[last-1].end]), " ")
	plain := strings.ToLower(name)
	if len(name) > longest || plain == "framework agreement" || plain == "framework" || plain == "dynamic purchasing system" || plain == "open framework" || plain == "dynamic market" || plain == "dps" {
		return "", i
	}
	return name, last
}

// code reports whether token k is the code of a framework or goes before one: "RM6126", "G-Cloud 14".
func (m *mentionReader) code(k int) bool {
	return m.is(k, "rm") && m.kind(k+1, number) && m.joined(k+1) || m.is(k, "g") && m.mark(k+1, "-") && m.is(k+2, "cloud")
}

// incumbent reads who does the work today: "the current provider is X", "currently delivered by X", "incumbent".
func (m *mentionReader) incumbent(i int) int {
	k := i + 1
	if m.is(i, "currently") {
		if !m.is(k, "delivered", "provided", "supplied", "operated", "contracted", "run", "managed", "held", "undertaken", "maintained", "serviced", "performed", "carried", "with") || m.gapped(k) {
			return i
		}
		if k++; m.is(k, "out") {
			k++
		}
		if !m.is(k, "by", "with", "to") && !m.is(k-1, "with") {
			return i
		}
		if m.is(k, "by", "with", "to") {
			k++
		}
		return m.holder(i, k, 90)
	}
	for m.is(k, "service", "services", "contract", "framework", "support", "maintenance") && m.is(k+1, "provider", "supplier", "contractor", "operator", "holder") {
		k++
	}
	switch {
	case m.gapped(k):
		return i
	case m.is(k, "provider", "supplier", "contractor", "operator", "holder", "providers", "suppliers", "contractors"):
		k++
		if (m.is(k, "is", "are", "being") || m.mark(k, ":–-=(") || m.mark(k, ",")) && !m.gapped(k) {
			if !m.mark(k, "-") || !m.joined(k) {
				if to := m.holder(i, k+1, 90); to > i {
					return to
				}
			}
		}
		if m.is(i, "incumbent") && !m.is(k, "staff", "employees") && !m.negated(max(0, i-3), i) {
			if name, from := m.holderBefore(i); name != "" {
				m.add(notice.Mention{Kind: notice.MentionIncumbent, Name: name}, from, k, 85)
			} else {
				m.add(notice.Mention{Kind: notice.MentionIncumbent}, i, k, 80)
			}
			return k
		}
		if m.is(k-1, "provider", "supplier", "contractor", "operator") && m.is(i-1, "the", "our", "its", "their", "an", "with", "by") && !m.negated(max(0, i-3), i) &&
			!m.is(k, "supply", "base", "staff", "market", "to") && !m.near(i, k, 30, "replacement") {
			m.add(notice.Mention{Kind: notice.MentionIncumbent}, i, k, 70)
			return k
		}
	case m.is(k, "contract", "agreement") && !m.is(i, "incumbent") && m.runsOut(k+1):
		m.add(notice.Mention{Kind: notice.MentionIncumbent}, i, k+1, 70)
		return k + 1
	case m.is(k, "contract", "agreement") && m.is(k+1, "with") && !m.is(i, "incumbent"):
		return m.holder(i, k+2, 85)
	case m.is(k, "contract") && (m.is(k+1, "is", "held") && m.is(k+2, "held", "by", "with") || m.is(k+1, "delivered", "provided") && m.is(k+2, "by")):
		for m.is(k+1, "is", "held", "delivered", "provided", "by", "with") {
			k++
		}
		return m.holder(i, k+1, 90)
	}
	return i
}

// runsOut reports whether what stands before token k ends soon: "our current contract is due to expire in May".
func (m *mentionReader) runsOut(k int) bool {
	for n := k; n < k+6 && !m.gapped(n); n++ {
		switch {
		case m.stem(n, "expir") || m.is(n, "ends", "ending", "concludes") || m.is(n, "end") && m.is(n-1, "will", "to", "an", "shall"):
			return true
		case !m.is(n, "is", "will", "are", "due", "to", "which", "that", "shall", "comes", "come", "an", "for", "this", "these", "the", "service", "services", "contract", "set"):
			return false
		}
	}
	return false
}

// holder reads the name of an organisation at token k and mentions it as the incumbent; i where none is there.
func (m *mentionReader) holder(i, k, confidence int) int {
	name, to := m.organisation(k)
	if name == "" {
		return i
	}
	m.add(notice.Mention{Kind: notice.MentionIncumbent, Name: name}, i, to, confidence)
	return to
}

// organisation reads a name in capital letters at token i, cut at the end of the clause.
func (m *mentionReader) organisation(i int) (name string, to int) {
	for m.is(i, "the", "a", "an") {
		i++
	}
	if !m.capital(i) || m.gapped(i) || m.is(i, "this", "there", "it", "we", "our", "they", "please", "yes", "no", "tbc", "n", "uk", "gbp", "all", "each", "tupe") {
		return "", i
	}
	const far = 12
	last := i
	for k := i; k < len(m.tokens) && k-i < far && (k == i || !m.gapped(k)); k++ {
		switch {
		case m.capital(k), m.kind(k, number) && k > i && m.joined(k):
			last = k + 1
		case m.is(k, "of", "and", "for", "the", "in", "on", "upon") && m.capital(k+1), m.mark(k, "&-'’.") && (m.capital(k+1) || m.joined(k+1)), m.is(k, "s") && m.joined(k):
		case m.mark(k, ".") && m.is(k-1, "ltd", "co"):
		case m.mark(k, "(") && m.capital(k+1) && (m.mark(k+2, ")") || m.mark(k+3, ")") || m.mark(k+4, ")")):
		case m.mark(k, ")") && strings.Contains(m.text[m.tokens[i].start:m.tokens[k].start], "("):
			last = k + 1
		default:
			k = len(m.tokens)
		}
	}
	if last == i || last == i+1 && m.is(i-1, "the") && m.kind(last, word) && !m.gapped(last) && !m.capitals(i) {
		return "", i // "the Marlowe cameras"
	}
	return strings.Join(strings.Fields(m.text[m.tokens[i].start:m.tokens[last-1].end]), " "), last
}

// holderBefore reads who "is the incumbent" before token i.
func (m *mentionReader) holderBefore(i int) (name string, from int) {
	k := i - 1
	if m.is(k, "the", "our") {
		k--
	}
	if !m.is(k, "is", "are", "as") || m.gapped(k+1) {
		return "", i
	}
	last := k
	for from = k; from > 0 && k-from < 6 && !m.gapped(from) && (m.capital(from-1) || m.mark(from-1, "&")); from-- {
	}
	for from < last && (m.is(from, "as", "the", "&") || m.mark(from, "&")) {
		from++
	}
	if from == last {
		return "", i
	}
	return strings.Join(strings.Fields(m.text[m.tokens[from].start:m.tokens[last-1].end]), " "), from
}
