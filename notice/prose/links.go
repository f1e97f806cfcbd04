package prose

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/words"
)

// Links reads the addresses in a text, with and without a scheme: http and https alone, never a mailbox. An
// address without scheme is given https. What it leads to is told by its host, and for a form or a
// meeting by the words of its sentence.
//
// Confidence is 95 with a scheme, 90 with "www.", 80 for a bare host.
func (t *Text) Links() []Found[notice.Link] {
	text := t.text
	var found []Found[notice.Link]
	for i := 0; i < len(text) && len(found) < Most; {
		start, confidence := linkStart(text, i)
		if start < 0 {
			break
		}
		end := linkEnd(text, start)
		i = max(end, start+1)
		address, ok := normal(text[start:end], confidence == 95)
		if !ok {
			continue
		}
		found = append(found, Found[notice.Link]{
			Value:      notice.Link{URL: address.String(), For: leads(address, text, start, end)},
			Start:      start,
			End:        end,
			Confidence: confidence,
		})
	}
	return found
}

// linkStart is where the next address at i or after may start, and how sure that is; -1 where there is none.
func linkStart(text string, i int) (start, confidence int) {
	for from := i; i < len(text); i++ {
		switch c := text[i]; {
		case c == ':':
			for _, scheme := range [...]string{"https", "http"} {
				start := i - len(scheme)
				if start >= from && strings.EqualFold(text[start:i], scheme) && strings.HasPrefix(text[i+1:], "//") && !again(text[i+3:]) &&
					(!joinedBefore(text, start) || strings.HasSuffix(text[:start], "://")) {
					return start, 95
				}
			}
		case c == '.':
			if i-3 >= from && strings.EqualFold(text[i-3:i], "www") && i+1 < len(text) && hostByte(text[i+1]) && !joinedBefore(text, i-3) {
				return i - 3, 90
			}
			if start, ok := bareHost(text, from, i); ok {
				return start, 80
			}
		}
	}
	return -1, 0
}

// again reports whether the scheme stands there once more: "https://https://www.example.org".
func again(text string) bool {
	const long = len("https://")
	text = strings.ToLower(text[:min(long, len(text))])
	return text == "https://" || strings.HasPrefix(text, "http://")
}

// joinedBefore reports whether what starts at i belongs to something before it: a word, a mailbox, another scheme.
func joinedBefore(text string, i int) bool {
	if i == 0 {
		return false
	}
	switch c := text[i-1]; {
	case c == '@', c == '.', c == '-', c == '_', c == ':' && i > 1 && letterByte(text[i-2]) && !spelled(text[:i-1]):
		return true
	case c == '/':
		// "http//www.…" lacks its colon; of "ftp://www.…" nothing is read
		return strings.HasSuffix(text[:i], "://")
	case letterByte(c), digit(c):
		// "Welcomewww." is none, "torn https://" is; lost line ends and tabs stand before some
		return !strings.HasSuffix(text[:i], "rn") && c != 't'
	}
	return false
}

// spelled reports whether a text ends in a word that introduces an address, and not in a scheme.
func spelled(text string) bool {
	for _, scheme := range [...]string{"javascript", "vbscript", "data", "ftp", "file", "mailto", "blob", "sftp", "tel", "view-source"} {
		if n := len(text) - len(scheme); n >= 0 && strings.EqualFold(text[n:], scheme) {
			return false
		}
	}
	return true
}

func letterByte(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

func hostByte(c byte) bool { return letterByte(c) || digit(c) || c == '-' }

// endings are the ends of bare hosts that are addresses by themselves. Others ("Booking.com",
// "node.js") are names unless a path follows.
var endings = []string{".co.uk", ".org.uk", ".gov.uk", ".ac.uk", ".nhs.uk", ".police.uk", ".sch.uk", ".mod.uk", ".ltd.uk",
	".gov.wales", ".gov.scot", ".org", ".eu", ".eu.com"}

// withPath are the ends that need a path.
var withPath = []string{".com", ".net", ".io", ".london", ".wales", ".scot", ".cymru", ".uk", ".info", ".app", ".gle", ".microsoft", ".ms"}

// longestHost is the longest a host can be (RFC 1035, section 2.3.4).
const longestHost = 253

// bareHost looks whether the dot at i is the first in an address without "www.".
func bareHost(text string, from, i int) (start int, ok bool) {
	if i+1 >= len(text) || !letterByte(text[i+1]) {
		return 0, false
	}
	start = i
	for start > from && i-start < 63 && hostByte(text[start-1]) {
		start--
	}
	if i-start < 2 || joinedBefore(text, start) || start > 0 && text[start-1] >= utf8.RuneSelf && endsInLetter(text[:start]) {
		return 0, false
	}
	end := i
	for end < len(text) && end-start < longestHost && (hostByte(text[end]) || text[end] == '.' && end+1 < len(text) && hostByte(text[end+1])) {
		end++
	}
	if end < len(text) && text[end] == '@' {
		return 0, false
	}
	host := strings.ToLower(text[start:end])
	if cut := lostEnd(host); cut < len(host) {
		host = host[:cut]
	}
	path := start+len(host)+1 < len(text) && text[start+len(host)] == '/' && (hostByte(text[start+len(host)+1]) || text[start+len(host)+1] == '#')
	for _, ending := range endings {
		if len(host) > len(ending)+1 && strings.HasSuffix(host, ending) {
			return start, true
		}
	}
	for _, ending := range withPath {
		if len(host) > len(ending)+1 && strings.HasSuffix(host, ending) {
			_, known := portal(host)
			return start, path || known
		}
	}
	return 0, false
}

func endsInLetter(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(r)
}

// linkEnd is where the address that starts at i ends: at white space, a quote or bracket that cannot
// stand in one, or a letter of no alphabet; the marks of the sentence and a lost line end do not belong to it.
func linkEnd(text string, i int) int {
	start := i
	for i < len(text) {
		c := text[i]
		if c <= ' ' || c == 0x7f || strings.IndexByte(`<>"{}|\^`+"`", c) >= 0 {
			break
		}
		if c == '&' {
			r, size := words.Entity(text[i:])
			if size > 1 && r != '&' {
				break
			}
			i += size
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) {
				break
			}
			i += size
			continue
		}
		if i > start+8 && c == 'r' && strings.HasPrefix(text[i:], "rnrn") {
			break
		}
		i++
	}
	cut := start + lostEnd(text[start:i])
	return start + trimmed(text[start:cut])
}

// lostEnd is where a word ends that a lost line end clings to: "hse40.pdfrn" before a blank.
func lostEnd(text string) int {
	run := len(text)
	for run > 0 && (letterByte(text[run-1]) || digit(text[run-1])) && len(text)-run < 64 {
		run--
	}
	stop, next := words.Lost(text[run:], 0)
	if stop > 0 && run+next == len(text) {
		return run + stop
	}
	if run == len(text)-len("rn") && text[run:] == "rn" && run > 0 {
		return run // after a mark: "contents)rn"
	}
	return len(text)
}

// trimmed is the length of an address without the marks of the sentence at its end.
func trimmed(address string) int {
	open, shut := strings.Count(address, "("), strings.Count(address, ")")
	square := strings.Count(address, "[") - strings.Count(address, "]")
	for address != "" {
		switch c := address[len(address)-1]; {
		case strings.IndexByte(".,;:!?'*_-", c) >= 0:
		case c == ')' && shut > open:
			shut--
		case c == ']' && square < 0:
			square++
		case c == '(':
			open--
		case c == '[':
			square--
		default:
			return len(address)
		}
		address = address[:len(address)-1]
	}
	return 0
}

// normal is an address with scheme and a host in small letters; not ok where it leads nowhere.
func normal(address string, scheme bool) (*url.URL, bool) {
	const longest = 2048
	if len(address) > longest {
		return nil, false
	}
	address = strings.ReplaceAll(address, "&amp;", "&")
	if !scheme {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	u.Host = strings.ToLower(u.Host)
	host := u.Hostname()
	last := host[strings.LastIndexByte(host, '.')+1:]
	if len(host) > longestHost || !strings.Contains(host, ".") || strings.Contains(host, "..") || strings.HasPrefix(host, ".") ||
		strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || len(last) < 2 || digit(last[0]) || host == "www."+last {
		return nil, false
	}
	return u, true
}

// portals are the hosts of e-procurement services: the host, or the end of one behind a dot.
var portals = set(`
	delta-esourcing.com delta-ets.com bipsolutions.com in-tendhost.co.uk intendhost.co.uk in-tend.co.uk in-tendorganiser.co.uk due-north.com
	procontract.co.uk proactis.com proactisp2p.com proactisplaza.com jaggaer.com bravosolution.co.uk bravosolution.com
	atamis.co.uk mytenders.co.uk eu-supply.com mercell.com panacea-software.com the-chest.org.uk etendersni.gov.uk
	multiquote.com oraclecloud.com coupahost.com ariba.com sap.com tcsapps.com invictus-inport.com wax-live.com
	yortender.co.uk londontenders.org kentbusinessportal.org.uk supplyingthesouthwest.org.uk eastmidstenders.org
	sell2wales.gov.wales publiccontractsscotland.gov.uk publictendersscotland.gov.uk publiccontractscotland.gov.uk
	etenderwales.gov.wales nepo.org advantageswtenders.co.uk capitalesourcing.com nhssourcing.co.uk
	tendersdirect.co.uk open-uk.org adamprocure.co.uk adamproviders.co.uk demandstar.com ukcpn.co.uk
	housingprocurement.com blpd.gov.uk myvendorcentre.com tenderbox.co.uk etenderer.com sourcedogg.com
	waxdigital.co.uk nqc.com esourcingportal.co.uk mod.uk force.com site.com salesforce-sites.com
	procurement.sap.com cloudtradenetwork.com procureco.uk localsupplychain.co.uk croydoncedps.com
	tendsign.com proquro.co.uk vortal.biz zycus.com ivalua.app gep.com negometrix.com cardea.nhs.uk bluelight.gov.uk
	supplierregistration.cabinetoffice.gov.uk supplier.coupahost.com crowncommercial.gov.uk`)

// partial are portals known by a part of a host on a shared service.
var partial = []string{"atamis", "prospend", "esourcing", "e-sourcing", "etender", "e-tender", "eprocurement", "procurement-portal", "health-family", "defra-family"}

// portal reports whether a host is that of an e-procurement service, and which.
func portal(host string) (name string, ok bool) {
	name, ok = under(host, portals)
	switch name {
	case "force.com", "site.com", "salesforce-sites.com": // anybody's, of whom Atamis's customers write in notices
		return name, true
	case "mod.uk":
		return name, strings.HasPrefix(host, "contracts.")
	case "sap.com", "crowncommercial.gov.uk", "gep.com", "nepo.org", "proactis.com":
		return name, strings.Count(strings.TrimPrefix(host, "www."), ".") > strings.Count(name, ".")
	}
	if ok {
		return name, true
	}
	for _, part := range partial {
		if strings.Contains(host, part) {
			return part, true
		}
	}
	return "", false
}

// under looks up a host and the ends of it behind its dots.
func under(host string, table map[string]bool) (string, bool) {
	for {
		if table[host] {
			return host, true
		}
		_, rest, more := strings.Cut(host, ".")
		if !more {
			return "", false
		}
		host = rest
	}
}

// forms are the hosts where people put their names down; notices those where notices are published.
var (
	forms = set(`eventbrite.co.uk eventbrite.com forms.office.com forms.cloud.microsoft forms.microsoft.com forms.gle
		cognitoforms.com surveymonkey.co.uk surveymonkey.com jotform.com jotform.co typeform.com smartsurvey.co.uk events.teams.microsoft.com
		ticketsource.co.uk trybooking.com tickettailor.com onlinesurveys.ac.uk office.com/r zoom.us/meeting/register`)
	meetings = set(`teams.microsoft.com teams.live.com zoom.us webex.com gotomeeting.com meet.google.com`)
	notices  = set(`find-tender.service.gov.uk contractsfinder.service.gov.uk ted.europa.eu ojeu.com tendersguide.co.uk bidstats.uk`)
)

// leads says what an address leads to.
func leads(u *url.URL, text string, start, end int) notice.LinkFor {
	host, path := u.Hostname(), strings.ToLower(u.Path)
	if _, ok := under(host, notices); ok || host == "www.gov.uk" && (strings.HasPrefix(path, "/find-tender") || strings.HasPrefix(path, "/contracts-finder")) {
		return notice.LinkNotice
	}
	if strings.HasSuffix(host, "publiccontractsscotland.gov.uk") || strings.HasSuffix(host, "sell2wales.gov.wales") {
		if strings.Contains(path, "search_switch") || strings.Contains(path, "search_view") {
			return notice.LinkNotice
		}
		if strings.Contains(path, "infocentre") || strings.Contains(path, "sitehelp") {
			return notice.LinkOther
		}
	}
	if _, ok := under(host, forms); ok || strings.HasPrefix(path, "/forms/") && host == "docs.google.com" {
		return notice.LinkRegister
	}
	if _, ok := portal(host); ok {
		return notice.LinkPortal
	}
	near := strings.ToLower(text[max(0, start-120):start] + " " + text[end:min(len(text), end+60)])
	registers := strings.Contains(near, "register") || strings.Contains(near, "registration") || strings.Contains(near, "sign up") || strings.Contains(near, "book ")
	event := strings.Contains(near, "event") || strings.Contains(near, "webinar") || strings.Contains(near, "session") || strings.Contains(near, "briefing")
	if _, ok := under(host, meetings); ok || registers && event {
		return notice.LinkRegister
	}
	return notice.LinkOther
}
