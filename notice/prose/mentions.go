package prose

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
)

// Mentions reads the conditions and circumstances a text names: certificates, insurances and turnover
// with their levels, staff who come over, clearances, where a supplier has to be, frameworks set up or called off from, and who
// does the work today. The same value is given once, at its first place. What is said not to
// apply ("TUPE does not apply") is not mentioned. Wanted is what its sentence calls
// desirable and the like.
//
// Confidence is 95 for a name of its own or with its level, 90 for what words beside it make one
// ("SC cleared"), 80 for a name without them or a level shared, 70 for what is named and not said to apply.
func (t *Text) Mentions() []Found[notice.Mention] {
	m := mentionReader{scan: t.scan}
	for i := 0; i < len(m.tokens) && len(m.found) < Most; {
		next := i + 1
		if t := m.tokens[i]; t.kind == word {
			if read := triggers[m.lower(i)]; read != nil {
				next = max(next, read(&m, i))
			}
		}
		i = next
	}
	if len(m.nameless) > 0 && !slices.ContainsFunc(m.found, func(f Found[notice.Mention]) bool { return f.Value.Kind == notice.MentionInsurance }) {
		i := m.nameless[0]
		m.add(notice.Mention{Kind: notice.MentionInsurance}, i, i+1, 70)
		slices.SortStableFunc(m.found, func(a, b Found[notice.Mention]) int { return cmp.Compare(a.Start, b.Start) })
	}
	return m.found[:min(len(m.found), Most)]
}

// mentionReader goes through the tokens once.
type mentionReader struct {
	*scan
	found    []Found[notice.Mention]
	nameless []int // where insurance is asked for without a name
}

// add keeps a mention of tokens from to to, unless its value is there already.
func (m *mentionReader) add(v notice.Mention, from, to, confidence int) {
	switch v.Kind {
	case notice.MentionCertification, notice.MentionInsurance, notice.MentionClearance, notice.MentionPresence, notice.MentionTurnover:
		v.Wanted = m.wanted(from)
	}
	for _, f := range m.found {
		if f.Value.Kind == v.Kind && f.Value.Name == v.Name && f.Value.Wanted == v.Wanted &&
			(f.Value.Amount == nil) == (v.Amount == nil) && (v.Amount == nil || *f.Value.Amount == *v.Amount) {
			return
		}
	}
	m.found = append(m.found, Found[notice.Mention]{Value: v, Start: m.tokens[from].start, End: m.tokens[to-1].end, Confidence: confidence})
}

// wanted reports whether the sentence of token i says that something is welcome and not required.
func (m *mentionReader) wanted(i int) bool {
	from, to := m.sentence(i, 40)
	for k := from; k < to; k++ {
		switch {
		case m.is(k, "desirable", "desired", "preferable", "preferably", "beneficial", "ideally"):
			return !m.is(k-1, "not")
		case m.is(k, "advantageous"):
			if !m.is(k-1, "economically", "most", "commercially", "financially") {
				return true
			}
		case m.is(k, "advantage"):
			if m.is(k-1, "an", "distinct") && (m.is(k-2, "be", "considered", "as", "a") || m.is(k-1, "distinct")) {
				return true
			}
		case m.is(k, "preferred"):
			if !m.is(k+1, "bidder", "supplier", "bidders", "provider", "tenderer", "option", "suppliers") {
				return true
			}
		}
	}
	return false
}

// near reports whether a word that starts with one of some stems stands within far tokens of tokens from to to, in their sentence.
func (m *mentionReader) near(from, to, far int, stems ...string) bool {
	for k := from - 1; k >= 0 && from-k <= far && !m.tokens[k+1].gap; k-- {
		if m.stem(k, stems...) {
			return true
		}
	}
	for k := to; k < len(m.tokens) && k-to < far && !m.tokens[k].gap; k++ {
		if m.stem(k, stems...) {
			return true
		}
	}
	return false
}

// stem reports whether token k starts with one of some stems.
func (m *mentionReader) stem(k int, stems ...string) bool {
	if !m.kind(k, word) {
		return false
	}
	t := m.text[m.tokens[k].start:m.tokens[k].end]
	for _, s := range stems {
		if len(t) >= len(s) && strings.EqualFold(t[:len(s)], s) {
			return true
		}
	}
	return false
}

// capital reports whether token i is a word that starts with a capital letter.
func (m *mentionReader) capital(i int) bool {
	if !m.kind(i, word) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(m.text[m.tokens[i].start:])
	return unicode.IsUpper(r)
}

// capitals reports whether token i is written in capitals throughout.
func (m *mentionReader) capitals(i int) bool {
	if !m.kind(i, word) {
		return false
	}
	t := m.text[m.tokens[i].start:m.tokens[i].end]
	return len(t) > 1 && t == strings.ToUpper(t)
}

// shout reports whether the words around token i are in capitals too, so that its own mean nothing.
func (m *mentionReader) shout(i int) bool {
	from, to := m.sentence(i, 6)
	shouted, said := 0, 0
	for k := from; k < to; k++ {
		if m.kind(k, word) && m.tokens[k].end-m.tokens[k].start > 3 {
			if said++; m.capitals(k) {
				shouted++
			}
		}
	}
	return shouted > 1 && shouted*2 > said
}

// follows is the token after some words from token i on, "-" and "/" between them passed over; i where they do not stand there.
func (m *mentionReader) follows(i int, phrase ...string) int {
	k := i
	for n, w := range phrase {
		if n > 0 {
			for m.mark(k, "-/‐‑&") && !m.gapped(k) {
				k++
			}
		}
		if !m.is(k, w) || n > 0 && m.gapped(k) {
			return i
		}
		k++
	}
	return k
}

func (m *mentionReader) gapped(i int) bool { return i < len(m.tokens) && m.tokens[i].gap }

// negated reports whether the sentence of token i denies something between from and to.
func (m *mentionReader) negated(from, to int) bool {
	for k := max(from, 0); k < min(to, len(m.tokens)); k++ {
		if m.is(k, "not", "no", "unlikely", "never", "neither", "without", "n/a", "doesn't", "doesn’t", "isn't", "isn’t", "won't", "won’t") {
			return true
		}
	}
	return false
}

// triggers are the words a mention may start from, and what reads it; that returns where reading goes on.
var triggers map[string]func(*mentionReader, int) int

func init() {
	triggers = map[string]func(*mentionReader, int) int{
		"iso": (*mentionReader).standard, "bs": (*mentionReader).standard, "pas": (*mentionReader).standard, "ohsas": (*mentionReader).standard,
		"public": (*mentionReader).insurance, "employers": (*mentionReader).insurance, "employer": (*mentionReader).insurance,
		"employer's": (*mentionReader).insurance, "employer’s": (*mentionReader).insurance, "employees": (*mentionReader).insurance,
		"professional": (*mentionReader).insurance, "product": (*mentionReader).insurance, "products": (*mentionReader).insurance,
		"cyber": (*mentionReader).cyber, "medical": (*mentionReader).insurance, "clinical": (*mentionReader).insurance,
		"works": (*mentionReader).insurance, "contract": (*mentionReader).insurance, "contractor": (*mentionReader).insurance,
		"contractors": (*mentionReader).insurance, "contractor's": (*mentionReader).insurance, "contractor’s": (*mentionReader).insurance,
		"motor": (*mentionReader).insurance, "insurance": (*mentionReader).unnamed, "insurances": (*mentionReader).unnamed,
		"accredited": (*mentionReader).body, "accreditation": (*mentionReader).body, "member": (*mentionReader).body, "members": (*mentionReader).body,
		"membership": (*mentionReader).body, "registered": (*mentionReader).body,
		"turnover": (*mentionReader).turnover,
		"tupe":     (*mentionReader).tupe, "tupe'd": (*mentionReader).tupe, "tupe’d": (*mentionReader).tupe, "transfer": (*mentionReader).tupe,
		"sc": (*mentionReader).clearance, "dv": (*mentionReader).clearance, "ctc": (*mentionReader).clearance, "bpss": (*mentionReader).clearance,
		"nppv": (*mentionReader).clearance, "dbs": (*mentionReader).clearance, "pvg": (*mentionReader).clearance, "security": (*mentionReader).clearance,
		"developed": (*mentionReader).clearance, "counter": (*mentionReader).clearance, "baseline": (*mentionReader).clearance,
		"disclosure": (*mentionReader).clearance, "police": (*mentionReader).clearance,
		"based": (*mentionReader).placed, "located": (*mentionReader).placed, "situated": (*mentionReader).placed,
		"office": (*mentionReader).placed, "depot": (*mentionReader).placed, "base": (*mentionReader).placed, "presence": (*mentionReader).placed,
		"premises": (*mentionReader).placed, "branch": (*mentionReader).placed, "facilities": (*mentionReader).placed, "facility": (*mentionReader).placed,
		"theirfacility": (*mentionReader).placed, "workshop": (*mentionReader).placed, "garage": (*mentionReader).placed, "offices": (*mentionReader).placed,
		"framework": (*mentionReader).framework, "frameworks": (*mentionReader).framework, "dps": (*mentionReader).framework,
		"dynamic": (*mentionReader).framework,
		"call":    (*mentionReader).callOff, "calling": (*mentionReader).callOff, "calloff": (*mentionReader).callOff,
		"competition": (*mentionReader).callOff, "award": (*mentionReader).callOff, "awarded": (*mentionReader).callOff,
		"current": (*mentionReader).incumbent, "currently": (*mentionReader).incumbent, "existing": (*mentionReader).incumbent,
		"incumbent": (*mentionReader).incumbent,
	}
	for first := range certificates {
		if triggers[first] == nil {
			triggers[first] = (*mentionReader).certificate
		}
	}
}

// standards are the standards that organisations are certified or accredited to, by their numbers.
// Of other numbers, which say how a thing is made, only those beside a word about certificates are mentioned.
var standards = map[string][]string{
	"ISO": strings.Fields(`9001 14001 45001 27001 27002 27017 27018 27701 22301 20000 13485 17020 17021 17024 17025 17043 15189 15195
		50001 55001 44001 20121 26000 37001 39001 41001 22000 22716 19650 18001 20400 14064 14065 31000 42001 28000 30415 15838 18295 10002 15224`),
	"BS":  strings.Fields(`5839 7671 7858 10125 10500 8555 7499 7958 15713 25999 11000 65000 76000 5306 5266 7984 8418 10008 18001 99001 9997 8484 8549 8877 10012`),
	"PAS": strings.Fields(`91 99 2030 2035 2060 2080 43 1192 7000`),
}

// standard reads "ISO/IEC 27001:2022", "BS EN ISO 9001", "ISO 9001, 14001 and 45001" at token i.
func (m *mentionReader) standard(i int) int {
	if !m.capitals(i) {
		return i
	}
	family, k := strings.ToUpper(m.lower(i)), i+1
	for k < len(m.tokens) && k-i < 8 && !m.gapped(k) {
		if m.is(k, "iso", "en", "iec", "ohsas", "bs", "standard", "rn") && (m.capitals(k) || m.is(k, "standard")) {
			switch family = strings.ToUpper(m.lower(k)); family {
			case "EN", "IEC", "STANDARD":
				family = "EN"
			}
			k++
		} else if m.mark(k, "/-–") {
			k++
		} else {
			break
		}
	}
	if family == "EN" { // "BS EN 1176", "ISO/IEC 17025"
		family = strings.ToUpper(m.lower(i))
	}
	for n := i; n < k; n++ {
		if m.is(n, "iso") {
			family = "ISO"
		}
	}
	from := i
	for k < len(m.tokens) && m.kind(k, number) && (k == i+1 || !m.gapped(k)) {
		no, to := m.text[m.tokens[k].start:m.tokens[k].end], k+1
		if m.mark(to, ":-–") && m.kind(to+1, number) && !m.gapped(to+1) && m.tokens[to+1].end-m.tokens[to+1].start <= 4 && m.joined(to) {
			to += 2 // the year, or a part
		} else if m.mark(to, ":") && m.joined(to) && m.mark(to+1, "(") && m.kind(to+2, number) && m.mark(to+3, ")") {
			to += 4
		}
		name, known := family+" "+no, slices.Contains(standards[family], no)
		if family == "OHSAS" || no == "18001" {
			name, known = "OHSAS 18001", no == "18001"
		}
		if !known && (family != "ISO" || !m.near(from, to, 6, "certif", "accredit")) || len(no) < 2 || m.taught(to) {
			return max(to, i+1)
		}
		m.add(notice.Mention{Kind: notice.MentionCertification, Name: name}, from, to, 95)
		k = to
		for n := 0; n < 2 && (m.mark(k, ",/&;") || m.is(k, "and", "or", "&")) && !m.gapped(k); n++ {
			k++
		}
		if k == to || !m.kind(k, number) || m.gapped(k) && !m.mark(k-1, ";") || len(m.text[m.tokens[k].start:m.tokens[k].end]) < 4 {
			return to
		}
		from = k
	}
	return k
}

// taught reports whether a training or a piece of work follows token i: "ISO 17020 / 17025 Training".
func (m *mentionReader) taught(i int) bool {
	for k := i; k < i+3 && !m.gapped(k); k++ {
		if m.is(k, "training", "course", "courses", "consultancy", "awareness") {
			return true
		}
	}
	return false
}

// certificate is a certificate and how it is written.
type certificate struct {
	name   string
	phrase []string
	upper  bool     // only in capitals
	beside []string // stems of which one stands near it, where its name alone is not enough
}

// certificates are the certificates by their first word, the longest form first. A line is the
// name, its forms, and what has to stand near it.
var certificates = func() map[string][]certificate {
	table := map[string][]certificate{}
	for line := range strings.Lines(`Cyber Essentials Plus: cyber essentials plus, cyber essentials +, CE plus
Cyber Essentials: cyber essentials, cyber essential
SafeContractor: safecontractor, safe contractor
CHAS: CHAS, contractors health and safety assessment
Constructionline: constructionline, construction line
SSIP: SSIP, safety schemes in procurement
SMAS: SMAS
Acclaim: acclaim accreditation, acclaim ssip
Gas Safe: gas safe
NICEIC: NICEIC
NAPIT: NAPIT
OFTEC: OFTEC
CQC: CQC, care quality commission | regist rating rated regulat inspect outstanding
Ofsted: ofsted | regist rating rated regulat inspect outstanding
FCA: FCA, financial conduct authority | regist regulat authoris
MHRA: MHRA | licen regist authoris approv
FORS: FORS, fleet operator recognition scheme
CLOCS: CLOCS
Living Wage: real living wage, london living wage, living wage accredit, living wage employer, living wage foundation, voluntary living wage
Investors in People: investors in people, investor in people
Disability Confident: disability confident
Armed Forces Covenant: armed forces covenant
Matrix Standard: matrix standard, matrix accreditation, matrix accredited, matrix quality
NHS DSPT: DSPT, data security and protection toolkit, data security protection toolkit, DSP toolkit
PCI DSS: PCI DSS, PCIDSS
RISQS: RISQS
UVDB: UVDB
TrustMark: trustmark
MCS: MCS, microgeneration certification scheme | accredit certif regist approv instal
BAFE: BAFE
SSAIB: SSAIB
NSI: NSI | gold silver accredit approv certif
FIRAS: FIRAS
EcoVadis: ecovadis
BRCGS: BRCGS
SALSA: SALSA | accredit certif
Red Tractor: red tractor
CREST: CREST | accredit certif approv member
IASME: IASME
SIA: SIA, security industry authority | licen approv acs regist
Lexcel: lexcel
EMAS: EMAS
B Corp: b corp
Secured by Design: secured by design
RICS: RICS | regist member charter regulat accredit
ARB: ARB, architects registration board | regist
waste carrier licence: waste carrier licence, waste carriers licence, waste carrier's licence, waste carrier registration, registered waste carrier
operator's licence: operator's licence, operators licence, operator licence, operators' licence, psv licence`) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		forms, beside, _ := strings.Cut(rest, " | ")
		for form := range strings.SplitSeq(forms, ", ") {
			words := strings.Fields(form)
			first := strings.ToLower(words[0])
			c := certificate{name: name, upper: words[0] == strings.ToUpper(words[0]) && len(words[0]) > 1, beside: strings.Fields(beside)}
			for _, w := range words {
				c.phrase = append(c.phrase, strings.ToLower(w))
			}
			table[first] = append(table[first], c)
		}
	}
	for _, list := range table {
		slices.SortStableFunc(list, func(a, b certificate) int { return len(b.phrase) - len(a.phrase) })
	}
	return table
}()

// levels are the levels of certificates that have them.
var levels = map[string][]string{
	"Constructionline": {"Bronze", "Silver", "Gold", "Platinum", "Acclaim"},
	"FORS":             {"Bronze", "Silver", "Gold"},
	"NSI":              {"Silver", "Gold"},
}

// certificate reads a certificate of the table at token i.
func (m *mentionReader) certificate(i int) int {
	for _, c := range certificates[m.lower(i)] {
		to := m.phrase(i, c.phrase)
		if to == i || c.upper && (!m.capitals(i) || m.shout(i) && len(c.beside) > 0) {
			continue
		}
		if len(c.beside) > 0 && !m.near(i, to, 5, c.beside...) {
			return to
		}
		if m.aside(i, to) || m.merelyAsked(i) {
			return to
		}
		from, name := i, c.name
		for _, level := range levels[name] {
			switch {
			case m.is(to, small(level)) && !m.gapped(to):
				name, to = name+" "+level, to+1
			case m.is(i-1, small(level)) && !m.gapped(i):
				name, from = name+" "+level, i-1
			case m.is(to, "level", "at", "accreditation", "accredited") && m.is(to+1, small(level)) && !m.gapped(to+1):
				name, to = name+" "+level, to+2
			default:
				continue
			}
			break
		}
		m.add(notice.Mention{Kind: notice.MentionCertification, Name: name}, from, to, 95)
		return to
	}
	return i
}

// phrase is follows for the words of a table, of which the last may stand for a stem ("accredit").
func (m *mentionReader) phrase(i int, phrase []string) int {
	last := len(phrase) - 1
	if last > 0 && phrase[last] == "+" {
		if to := m.follows(i, phrase[:last]...); to > i && m.mark(to, "+") {
			return to + 1
		}
		return i
	}
	if last > 0 && phrase[last] == "accredit" {
		if to := m.follows(i, phrase[:last]...); to > i && m.stem(to, "accredit") && !m.gapped(to) {
			return to + 1
		}
		return i
	}
	return m.follows(i, phrase...)
}

// body reads the trade body that suppliers have to belong to or be accredited by: "accreditation with the British Association
// of Removers", "must be a member of …".
func (m *mentionReader) body(i int) int {
	k := i + 1
	if !m.is(k, "by", "with", "of") || m.gapped(k) || m.is(k, "of") != m.is(i, "member", "members", "membership") {
		return i
	}
	if k++; m.is(k, "the") {
		k++
	}
	name, to := m.organisation(k)
	if strings.Count(name, " ") < 1 {
		return i
	}
	known := false
	for _, word := range bodies {
		known = known || strings.Contains(name, word)
	}
	if !known || m.is(i, "members") && !m.near(i, i+1, 12, "must", "supplier", "bidder", "contractor", "tenderer") ||
		!m.near(i, to, 14, "must", "mandatory", "requir", "shall", "should", "need", "essential", "desirable") || m.negated(max(0, i-4), i) {
		return i
	}
	for c := k; c < to; c++ { // one that has a name of its own is read as that
		if certificates[m.lower(c)] != nil {
			return i
		}
	}
	m.add(notice.Mention{Kind: notice.MentionCertification, Name: name}, i, to, 80)
	return to
}

// bodies are words in the names of bodies that suppliers belong to.
var bodies = []string{"Association", "Institute", "Institution", "Federation", "Council", "Society", "Guild", "Register", "Chamber", "Authority", "Commission", "Inspectorate", "Confederation", "Alliance"}

// merelyAsked reports whether the sentence of token i asks what suppliers think or do, and requires nothing: "please state your position on …".
func (m *mentionReader) merelyAsked(i int) bool {
	from, _ := m.sentence(i, 20)
	for k := i - 1; k >= from; k-- {
		if m.is(k, "position", "approach", "stance", "attitude") && m.is(k+1, "on", "to", "towards", "regarding") {
			return m.near(k, k, 8, "please", "state", "provide", "detail", "describe", "explain")
		}
	}
	return false
}

// aside reports whether a name is said of something else than what a supplier has: where a notice is advertised, a platform, a site.
func (m *mentionReader) aside(from, to int) bool {
	return m.is(from-1, "on", "through", "via") && m.near(from-1, to, 3, "advertis", "publish") ||
		m.is(to, "platform", "website", "portal") && !m.gapped(to)
}

// cyber reads an insurance against or a certificate of it.
func (m *mentionReader) cyber(i int) int {
	if to := m.insurance(i); to > i {
		return to
	}
	return m.certificate(i)
}
