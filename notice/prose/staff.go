package prose

import (
	"strings"

	"bidfit/notice"
)

// tupe reads that staff come over or may: "TUPE may apply", "Transfer of Undertakings".
func (m *mentionReader) tupe(i int) int {
	to := i + 1
	if m.is(i, "transfer") {
		if to = m.follows(i, "transfer", "of", "undertakings"); to == i {
			return i
		}
	} else if !strings.HasPrefix(m.text[m.tokens[i].start:], "TUPE") {
		return i
	}
	from, end := m.sentence(i, 20)
	if m.negated(max(from, i-3), i) || m.negated(to, min(end, to+10)) {
		return end
	}
	confidence := 70
	if m.near(i, to, 8, "appl", "transfer", "implication", "cover", "subject", "will", "may") {
		confidence = 95
	}
	m.add(notice.Mention{Kind: notice.MentionTUPE}, i, to, confidence)
	return to
}

// clearance reads the vetting of people: "SC cleared", "BPSS", "NPPV Level 2", "enhanced DBS check".
func (m *mentionReader) clearance(i int) int {
	name, from, to, confidence := "", i, i+1, 95
	switch m.lower(i) {
	case "sc", "dv", "ctc":
		if !m.capitals(i) || m.is(i+1, "ref") || m.shout(i) {
			return i
		}
		name, confidence = strings.ToUpper(m.lower(i)), 90
		if m.mark(to, "-") && m.joined(to) {
			to++
		}
		if !(m.stem(to, "clear", "vett") && !m.gapped(to)) && !m.is(to, "level", "security") && !m.near(i, i+1, 5, "clearance", "vetting", "cleared") {
			return i
		}
		if m.stem(to, "clear", "vett") && !m.gapped(to) {
			to++
		} else {
			to = i + 1
		}
	case "bpss":
		name = "BPSS"
	case "baseline":
		if to = m.follows(i, "baseline", "personnel", "security", "standard"); to == i {
			return i
		}
		name = "BPSS"
	case "developed":
		if to = m.follows(i, "developed", "vetting"); to == i {
			return i
		}
		name = "DV"
	case "counter":
		if to = m.follows(i, "counter", "terrorist", "check"); to == i {
			if to = m.follows(i, "counter", "terrorism", "check"); to == i {
				return i
			}
		}
		name = "CTC"
	case "nppv":
		name = "NPPV"
		k := to
		for m.is(k, "level") || m.mark(k, "-:") {
			k++
		}
		switch {
		case m.kind(k, number) && !m.gapped(k) && m.tokens[k].end-m.tokens[k].start == 1:
			name, to = "NPPV "+m.lower(k), k+1
		case m.kind(i-1, number) && m.is(i-2, "level") && !m.gapped(i):
			name, from = "NPPV "+m.lower(i-1), i-2
		}
	case "dbs":
		if !m.capitals(i) || m.near(i, i+1, 6, "blood", "spot", "sample", "specimen") {
			return i
		}
		name = "DBS"
		for k := i - 1; k >= 0 && i-k <= 3 && !m.gapped(k+1); k-- {
			if m.is(k, "enhanced", "standard", "basic") {
				name, from = m.lower(k)+" DBS", k
				break
			}
		}
		if name == "DBS" && !m.near(i, i+1, 4, "check", "certif", "clear", "disclos", "enhanced", "vett", "safeguard") {
			return i
		}
	case "disclosure":
		if to = m.follows(i, "disclosure", "and", "barring"); to == i {
			if to = m.follows(i, "disclosure", "barring"); to == i {
				if to = m.follows(i, "disclosure", "scotland"); to == i {
					return i
				}
				name = "Disclosure Scotland"
				break
			}
		}
		if m.is(to, "service") {
			to++
		}
		name = "DBS"
		for k := i - 1; k >= 0 && i-k <= 2 && !m.gapped(k+1); k-- {
			if m.is(k, "enhanced") {
				name, from = "enhanced DBS", k
			}
		}
		if m.mark(to, "(") && m.is(to+1, "dbs") {
			to += 2
		}
	case "pvg":
		if !m.capitals(i) {
			return i
		}
		name = "PVG"
	case "police":
		if to = m.follows(i, "police", "vetting"); to == i || m.near(i, to, 8, "nppv") {
			return i
		}
		name = "police vetting"
	case "security":
		if !m.stem(to, "clearance", "cleared", "vetting", "vetted") || m.gapped(to) {
			return i
		}
		to++
		if m.near(i, to, 5, "bpss", "nppv", "ctc", "developed", "sc", "dv", "counter") && !m.near(i, to, 5, "scale", "school", "scot") {
			return to
		}
		name, confidence = "security clearance", 90
	}
	if m.negated(max(0, from-3), from) || m.negated(to, min(to+4, len(m.tokens))) && m.near(to, to, 5, "requir", "need", "applicable") {
		return to
	}
	m.add(notice.Mention{Kind: notice.MentionClearance, Name: name}, from, to, confidence)
	return to
}

// duty are words by which something has to be; bidding are those who have to.
var (
	duty    = []string{"must", "should", "shall", "need", "needs", "require", "required", "requires", "requirement", "reserved", "restricted", "limited", "eligible", "expected", "essential"}
	bidding = []string{"supplier", "bidder", "tenderer", "contractor", "provider", "organisation", "compan", "applicant", "consultant",
		"candidate", "facilit", "depot", "office", "premises", "garage", "workshop", "operator", "firm", "theirfacility", "you", "responden", "participant"}
)

// placed reads where a supplier has to be: "must be based in", "have an office within", "depot must be within 30 miles of".
func (m *mentionReader) placed(i int) int {
	k := i + 1
	where := false
	switch m.lower(i) {
	case "based", "located", "situated":
		where = m.is(k, "in", "within", "near") || m.is(k, "inside")
	default:
		if m.is(k, "based", "located", "situated") {
			k++
		} else if m.is(k, "must", "should", "shall") && m.is(k+1, "be") {
			k += 2
			if m.is(k, "located", "based", "situated") {
				k++
			}
			where = m.is(k, "within", "in")
			break
		}
		// "have an office in": somebody has to have it
		for n := i - 1; n >= 0 && i-n <= 6 && !m.gapped(n+1) && !where; n-- {
			where = m.is(n, "have", "has", "having", "maintain", "operate", "establish", "provide") && m.is(k, "in", "within", "near")
		}
	}
	if !where || m.gapped(k) {
		return i
	}
	from := i
	must, who := false, false
	for n := k - 1; n >= 0 && k-n <= 16; n-- {
		if n < i {
			must = must || m.is(n, duty...)
		}
		must = must || n < k && m.is(n, "must", "should", "shall")
		who = who || m.stem(n, bidding...) && (n < i || m.is(i+1, "must", "should", "shall"))
		if m.is(n, "not", "no", "document", "documents", "documentation", "handbook", "information", "form", "questionnaire") {
			return i
		}
		if m.is(n, "is", "are", "was") && n < i && !must && m.is(n+1, "based", "located", "situated") {
			return i
		}
		if must && who {
			from = min(n, i)
			break
		}
		if m.gapped(n) {
			break
		}
	}
	if !must || !who {
		return i
	}
	name, to := m.place(k + 1)
	if name == "" {
		return i
	}
	m.add(notice.Mention{Kind: notice.MentionPresence, Name: name}, from, to, 80)
	return to
}

// place reads the name of a place or a distance from one at token i, as written: "40 miles of N7 8HU", "Norfolk".
func (m *mentionReader) place(i int) (name string, to int) {
	const far = 20
	to = i
	named := false
	last := i
	for k := i; k < len(m.tokens) && k-i < far && (k == i || !m.gapped(k)); k++ {
		switch {
		case m.kind(k, number):
			named, last = true, k+1
		case m.capital(k):
			named, last = true, k+1
		case m.is(k, "miles", "mile", "miles'", "km", "kilometres", "minutes", "radius", "hours", "hour", "region", "area", "county", "borough", "city", "district", "boundary"):
			last = k + 1
		case m.is(k, "of", "the", "by", "road", "upon", "a", "drive", "from", "travel", "travelling", "and", "on", "drive-time", "driving"):
		case m.mark(k, ",-/.&'’"):
			if m.mark(k, ",") && !m.capital(k+1) {
				k = len(m.tokens)
			}
		default:
			k = len(m.tokens)
		}
	}
	if !named || last == i {
		return "", i
	}
	for i < last && m.is(i, "the", "a") {
		i++
	}
	if i == last {
		return "", i
	}
	const longest = 100
	name = strings.Join(strings.Fields(m.text[m.tokens[i].start:m.tokens[last-1].end]), " ")
	if len(name) > longest {
		return "", i
	}
	return name, last
}
