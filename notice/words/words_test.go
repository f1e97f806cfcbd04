package words

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// show writes tokens as their stems: ^ before capitals, | where a sentence ended.
func show(tokens []Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		if t.Gap {
			b.WriteString("| ")
		}
		if t.Upper {
			b.WriteByte('^')
		}
		b.WriteString(t.Stem)
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"marks only", " -- (!) … ", ""},
		{"plain", "Repair of roofs", "repair of roof"},
		{"hyphen and slash part", "hate-crime and/or mediation", "hate crime and or mediat"},
		{"possessive", "the buyer's, a buyer’s, buyers' and children's", "the buyer a buyer buyer and child"},
		{"apostrophe of Windows-1252", "the buyer\u0092s house", "the buyer hous"},
		{"ampersand alone", "health & safety, fire&rescue", "health and safeti fire and rescu"},
		{"ampersand of an acronym", "M&E, R&amp;D, M & E, r&d, T&Cs and A&amp;E", "^m&e ^r&d ^m&e r&d ^t&c and ^a&e"},
		{"two names, no acronym", "Telford & Wrekin", "telford and wrekin"},
		{"entities", "caf&eacute;&nbsp;food &#8211; buyer&#39;s &pound;5 &lt;", "cafe food buyer 5"},
		{"no entity", "Q&A; R&D; &nosuch; &", "^q&a | ^r&d | and nosuch | and"},
		{"tags", `<p class="x">Clean<b>ing</b></p><br/>Security`, "clean ing | secur"},
		{"no tags", "under <5 years, x<y and z>w", "under 5 year x y and z w"},
		{"numbers", "£1,530,000 or 3.5m for 1,2,3 in 2026", "1530000 or 3.5m for 1 2 3 in 2026"},
		{"standards", "ISO9001, ISO 9001:2015, BS7671, CO2, 4G", "^iso 9001 ^iso 9001 2015 ^bs 7671 ^co2 4g"},
		{"amount with a lost pound sign", "PS704,000", "^ps 704000"},
		{"line ends", "Roofing\nCleaning\r\n\r\nSecurity\tPest • Catering", "roof | clean | secur | pest | cater"},
		{"sentences", "We buy. You sell! Who? He; it", "we buy | you sell | who | he | it"},
		{"full stops inside sentences", "approx. ten vans at St. Helens, No. 5, J. Smith, e.g. i.e. two", "approx ten van at st helen no 5 j smith eg ie two"},
		{"dotted acronyms", "the U.K. market, N.H.S. staff", "the ^uk market ^nhs staff"},
		{"full stop without a blank", "services.The supplier of example.com", "servic | the supplier of exampl com"},
		{"capitals", "IT support for the WHO, GPs and PCs", "^it support for the ^who ^gp and ^pc"},
		{"a title in capitals", "PROVISION OF IT SUPPORT FOR THE COUNCIL", "^provis of ^it ^support for the ^council"},
		{"a heading in capitals", "SUPPORT FOR US. We sell HE and FE courses", "^support for us | we sell ^he and ^fe cours"},
		{"the letter A", "A Category A prison. A service", "a categori ^a prison | a servic"},
		{"accents", "Café Ynys Môn Straße ﬁnance", "cafe ynys mon strass financ"},
		{"soft hyphen and zero width", "clean\u00ading ser\u200bvices", "clean servic"},
		{"not UTF-8", "roof\xffing", "roof ing"},
		{"other alphabets", "Ελλάδα 東京", "ελλαδα 東京"},
		{"camel case is one word", "ModernGov", "moderngov"},
	} {
		if got := show(Tokens(c.text)); got != c.want {
			t.Errorf("%s: Tokens(%q)\n got %s\nwant %s", c.name, c.text, got, c.want)
		}
	}
}

// TestLostWhiteSpace holds what publishing does to line ends and tabs.
func TestLostWhiteSpace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"only.rn .rn All", "only | all"},
		{"Requirement:rnSupply", "requir | suppli"},
		{"servicesrnrn", "servic"},
		{"servicesrnrnThe works", "servic | the work"},
		{"homecarern Worksrn andrn", "home care | work | and"},
		{"rnrnThe", "the"},
		{"rnrnthe", "the"},
		{"not limited torn Joinery", "not limit to | joineri"},
		{"linkrnto", "link | to"},
		{"softwarernContract", "softwar | contract"},
		{"in 2026rnLot", "in 2026 | lot"},
		{"rnpurchase", "purchas"},
		{"ITTrn UK", "^itt | ^uk"},
		{"-tPublic buses, 3.2tThe council", "public bus 3.2 | the council"},
		{`members\r\nNext \r\r`, "member | next"},
		{"modern northern barn intern turn concern learn pattern", "modern northern barn intern turn concern learn pattern"},
		{"international government's morning furniture", "international government morn furnitur"},
		{"Modern Southern Blackburn Malvern Hills Nairn, Hyndburn Lisburn", "modern southern blackburn malvern hill nairn hyndburn lisburn"},
		{"ModernGov LearnDirect", "moderngov learndirect"},
		{"RNLI rnib rna CBRN", "^rnli rnib rna ^cbrn"},
	} {
		if got := strings.TrimPrefix(show(Tokens(c.text)), "| "); got != c.want {
			t.Errorf("Tokens(%q)\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestSpellings holds words of one stem, line by line.
func TestSpellings(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(`
		organisation organization organisations organise organized organizing organisational
		behaviour behavior behaviours behavioural behavioral
		colour color coloured colored
		labour labor labours
		neighbourhood neighborhood
		centre center centres centers
		theatre theater
		fibre fiber
		programme program programmes programs
		licence license licences licensed licensing
		defence defense
		catalogue catalog catalogues cataloguing cataloging
		dialogue dialog
		fulfil fulfill fulfilment fulfillment fulfilled
		enrol enroll enrolment enrollment
		instalment installment
		counselling counseling counsellor counselor counsellors
		travelling traveling traveller traveler
		modelling modeling
		cancelled canceled
		analyse analyze analysis analysing analyzed
		paediatric pediatric
		orthopaedic orthopedic
		archaeology archeology
		enquiry inquiry enquiries
		judgement judgment
		mould mold
		sulphur sulfur
		practise practice practising practicing
		ageing aging age
		advice adviser advisor advisory advise
		children child children's
		women woman
		maintenance maintain maintaining maintained
		refurb refurbishment refurbish
		drainage drain drains
		university universities
		experience experienced experiences
		demolition demolish
		bus buses
		café cafe CAFÉ
	`), "\n") {
		group := strings.Fields(line)
		for _, w := range group[1:] {
			if Stem(w) != Stem(group[0]) {
				t.Errorf("Stem(%q) = %q, Stem(%q) = %q; want one stem", w, Stem(w), group[0], Stem(group[0]))
			}
		}
	}
}

// TestApart holds words that must not share a stem, line by line.
func TestApart(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(`
		university universal universe
		news new
		organ organise
		police policy
		general generator generic generate
		international intern internal internet
		community communication commute
		hospital hospitality
		mobile mobility
		market marketing
		park parking
		public publication
		author authority authorise
		inform informal
		custom customer
		unit united
		person personal personnel
		electric electricity electronic
		engine engineer
		emerge emergency
		train training
		consult consultation
		house housing
		import important
		nurse nursery
		medium mediation
		station stationery
		metre meter
		rail railing
		hour our
		four fur
		laboratory labour
		employer employment
		its it
		aed a
		willing will
		governor government
	`), "\n") {
		seen := map[string]string{}
		for _, w := range strings.Fields(line) {
			if other, ok := seen[Stem(w)]; ok {
				t.Errorf("%q and %q share the stem %q", w, other, Stem(w))
			}
			seen[Stem(w)] = w
		}
	}
}

// TestCompounds holds what is one thing however it is written, line by line.
func TestCompounds(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(`
		anti-social, antisocial, anti social, Antisocial
		e-learning, elearning, e learning, E-Learning
		healthcare, health care, health-care
		childcare, child care, child-care
		homecare, home care, home-care
		website, web site, web-site, Web Sites
		multi-disciplinary, multidisciplinary, multi disciplinary
		pre-school, preschool, pre school
		co-ordination, coordination, co‑ordination, Co-ordinating
		re-use, reuse, re-using
		on-line, online
		email, e-mail, E-mails
		cyber security, cyber-security, cybersecurity
		workplaces, work places, work-places
		sub-contractor, subcontractors, sub contractor
		datacentre, data centre, data center
		midwife, mid-wife
		wellbeing, well-being, well being
		postcode, post code
	`), "\n") {
		group := strings.Split(strings.TrimSpace(line), ", ")
		for _, a := range group {
			p, err := ParsePhrase(a)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, b := range group {
				text := "Some " + b + " here"
				spans := p.Find(Tokens(text))
				if len(spans) != 1 || text[spans[0].Start:spans[0].End] != b {
					t.Errorf("%q in %q: %v, want all of %q", a, text, spans, b)
				}
			}
		}
	}
	for keyword, text := range map[string]string{
		"site": "a web site and a website", "ordination": "co-ordination", "line": "on-line orders", "multiple": "multi", "plex": "a multiplex",
	} {
		p, err := ParsePhrase(keyword)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Find(Tokens(text)); got != nil {
			t.Errorf("%q is found in %q: %v", keyword, text, got)
		}
	}
}

func TestStop(t *testing.T) {
	for _, w := range strings.Fields("the The of and or with which rn nbsp amp s") {
		if !Stop(Stem(w)) {
			t.Errorf("%q is no stop word", w)
		}
	}
	for _, w := range strings.Fields("services contract care tender supplier not-for-profit willing EDIT") {
		if s := Stem(w); Stop(s) {
			t.Errorf("%q is a stop word: %q", w, s)
		}
	}
	for w := range lights {
		if !Stop(w) {
			t.Errorf("%q is light and no stop word", w)
		}
	}
	for w := range stops {
		if Stem(w) != w {
			t.Errorf("the stop word %q has the stem %q", w, Stem(w))
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		keyword, text string
		want          string // what is found, parted by |
	}{
		{"hate crime", "A Hate Crime service; hate crimes", "Hate Crime|hate crimes"},
		{"hate crime", "crime hate", ""},
		{"hate crime", "We hate. Crime pays", ""},
		{"hate crime", "hate\ncrime", ""},
		{"hate crime", "hate-crime, hate/crime", "hate-crime|hate/crime"},
		{"hate crime", "hatecrime, chate crimes", ""},
		{"provision of care", "the provision of the care", "provision of the care"},
		{"provision of the care", "provision of care", "provision of care"},
		{"provision care", "provision of their care", "provision of their care"},
		{"care home", "care at home and care homes", "care homes"},
		{"victim support", "support for victims; Victims' Support", "Victims' Support"},
		{"service provider", "service(s) provider", "service(s) provider"},
		{"out of hours", "an out-of-hours line, hours", "out-of-hours"},
		{"health & safety", "health and safety; Health &amp; Safety", "health and safety|Health &amp; Safety"},
		{"IT", "does it work? IT does", "IT"},
		{"IT", "PROVISION OF IT", "IT"},
		{"IT", "Information Technology", "Information Technology"},
		{"IT", "an ITS junction", ""},
		{"information technology", "IT it", "IT"},
		{"it support", "IT support, do it. Support", "IT support"},
		{"SEND", "send the form to the SEND team", "SEND"},
		{"SEND", "special educational needs and disability", "special educational needs and disability"},
		{"send", "send SEND", "send|SEND"},
		{"send", "special educational needs and disabilities", ""},
		{"SEND SERVICES", "SEND services, send services", "SEND services"},
		{"FOOD BANKS", "a food bank", "food bank"},
		{"FM", "soft FM; facilities management; 98 fm", "FM|facilities management"},
		{"facilities management", "Soft FM, fm", "FM"},
		{"facilities management services", "FM services", "FM services"},
		{"ASB", "ASB, anti-social behaviour, antisocial behavior", "ASB|anti-social behaviour|antisocial behavior"},
		{"anti social behaviour", "ASB", "ASB"},
		{"CCTV", "cctv, CCTV, closed-circuit television", "cctv|CCTV|closed-circuit television"},
		{"M&E", "M&amp;E, mechanical & electrical", "M&amp;E|mechanical & electrical"},
		{"mechanical and electrical", "M & E", "M & E"},
		{"GPs", "a GP, general practitioners, gps", "GP|general practitioners"},
		{"audiovisual", "AV, audio-visual", "AV|audio-visual"},
		{"SaaS", "Software as a Service, SaaS, saas", "Software as a Service|SaaS|saas"},
		{"Category A", "a category; category A; Category B", "category A"},
		{"ISO 9001", "ISO9001:2015", "ISO9001"},
		{"antisocial", "anti-social, antisocial", "anti-social|antisocial"},
		{"roof", "ROOF", "ROOF"},
		{"THE 5 YEARS", "5 years", "5 years"},
		{"the HIS project", "his project, the HIS project", "HIS project"},
	} {
		p, err := ParsePhrase(c.keyword)
		if err != nil {
			t.Errorf("%q: %v", c.keyword, err)
			continue
		}
		var found []string
		for _, s := range p.Find(Tokens(c.text)) {
			found = append(found, c.text[s.Start:s.End])
		}
		if got := strings.Join(found, "|"); got != c.want {
			t.Errorf("%q in %q: found %q, want %q (forms %v)", c.keyword, c.text, got, c.want, p.Forms)
		}
	}
}

func TestParsePhraseErrors(t *testing.T) {
	for keyword, want := range map[string]string{
		"":               "no letters or digits",
		"— / !":          "no letters or digits",
		"the":            "stand in every text",
		"it":             "an acronym in capitals (IT)",
		"of the":         "stand in every text",
		"roofs. Walls":   `make "roofs" and "Walls" two keywords`,
		"roofs\nwalls":   `"roofs"`,
		"roofs; walls":   "end of a sentence or line",
		"DOES IT OR NOT": "", // IT
	} {
		p, err := ParsePhrase(keyword)
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", keyword, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: error %v, want %q; phrase %v", keyword, err, want, p)
		}
	}
}

// TestAbbreviations: every row of the table works, both ways.
func TestAbbreviations(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(abbreviationTable)) {
		short, long, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			t.Fatalf("%q is no row", line)
		}
		short = strings.TrimPrefix(short, "!")
		if seen[short] {
			t.Errorf("%s has two rows", short)
		}
		seen[short] = true
		for _, long := range strings.Split(long, " | ") {
			for keyword, text := range map[string]string{short: "with " + long + " for", long: "with " + short + " for"} {
				p, err := ParsePhrase(keyword)
				if err != nil {
					t.Error(err)
				} else if len(p.Find(Tokens(text))) != 1 {
					t.Errorf("%q is not found in %q; forms %v", keyword, text, p.Forms)
				}
			}
		}
	}
}

func TestSentence(t *testing.T) {
	const text = "The council buys. It wants a hate crime service (24/7) for £5, say.rn .rn All others wait; \"mediation\" too!\nEnd"
	for _, c := range []struct {
		word  string
		limit int
		want  string
	}{
		{"hate crime", 200, "It wants a hate crime service (24/7) for £5, say."},
		{"council", 200, "The council buys."},
		{"mediation", 200, `"mediation" too!`},
		{"End", 200, "End"},
		{"hate crime", 23, "a hate crime service"},
		{"hate crime", 10, "hate crime"},
		{"hate crime", 9, "hate"},
		{"hate crime", 2, "ha"},
		{"hate crime", 0, ""},
	} {
		at := strings.Index(text, c.word)
		s := Sentence(text, Span{at, at + len(c.word)}, c.limit)
		if got := text[s.Start:s.End]; got != c.want {
			t.Errorf("%q within %d bytes: %q, want %q", c.word, c.limit, got, c.want)
		}
	}
	for _, s := range []Span{{-3, 500}, {50, 2}, {9999, 9999}, {16, 17}} {
		if got := Sentence(text, s, 40); got.Start < 0 || got.End > len(text) || got.Start > got.End || got.End-got.Start > 40 {
			t.Errorf("Sentence of %v is %v", s, got)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Plain text.", "Plain text."},
		{"Hyndburn Borough Council", "Hyndburn Borough Council"},
		{"  two   blanks  ", "two blanks"},
		{"Value PS704,000 net", "Value £704,000 net"},
		{"PS176,000, GPS12 PS5 PSV", "£176,000, GPS12 PS5 PSV"},
		{"&pound;5 &#163;6 &amp; &quot;R&amp;D&quot; caf&eacute;", `£5 £6 & "R&D" café`},
		{"only.rn .rn All", "only.\n.\nAll"},
		{"worksrnrnThe modern barn", "works\n\nThe modern barn"},
		{"a\r\nb\rc\n\n\n\nd", "a\nb\nc\n\nd"},
		{"a&nbsp;b\u00a0c\u202fd\te", "a b c d e"},
		{"<p>One <b>bold</b></p><p>Two<br/>Three</p> <5 & x<y", "One bold\n\nTwo\nThree\n<5 & x<y"},
		{"x\u202eevil\u202c \u2066y\u2069\u200b\ufeff\x00\x1b[31m\u0085z", "xevil y[31m\nz"},
		{"1.1tThe council", "1.1 The council"},
		{"one\\r\\nTwo C:\\new", "one\nTwo C:\\new"},
		{"bad \xff byte", "bad byte"},
		{"\uf0b7 item", "• item"},
	} {
		if got := Plain(c.text); got != c.want {
			t.Errorf("Plain(%q)\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

func TestTails(t *testing.T) {
	for head := range tails {
		if len(head) > longestHead || head != strings.ToLower(head) {
			t.Errorf("%q is never looked up", head)
		}
	}
}

// TestMemo: a full memo is emptied and nothing else changes.
func TestMemo(t *testing.T) {
	var b strings.Builder
	for i := range memoWords + 10 {
		fmt.Fprintf(&b, "w%dx ", i)
	}
	b.WriteString("roofing")
	tokens := Tokens(b.String())
	if len(tokens) != memoWords+11 || tokens[len(tokens)-1].Stem != "roof" {
		t.Errorf("%d tokens, the last %+v", len(tokens), tokens[len(tokens)-1])
	}
	if !slices.Equal(tokens, Tokens(b.String())) {
		t.Error("the second reading differs")
	}
}

func ExamplePhrase_Find() {
	text := "An antisocial behaviour (ASB) service, and anti-social behaviour training"
	p, err := ParsePhrase("anti-social behavior")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.Find(Tokens(text)) {
		fmt.Println(s, text[s.Start:s.End])
	}
	// Output:
	// {3 23} antisocial behaviour
	// {25 28} ASB
	// {43 64} anti-social behaviour
}
