package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/html"

	"bidfit/desk"
	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// hostile is what a publisher might write to reach further than the page.
const hostile = `\"><script>alert(1)</script><img src=x onerror=alert(2)><evil-x></evil-x> \u202Ereversed javascript:alert(3) {{.}} https://evil.example/\" onmouseover=alert(4) ' -- ` + "`"

// hostileNotice has hostile text wherever there is room for text.
func hostileNotice() []byte {
	long := strings.Repeat("Donaudampfschifffahrt", 40)
	h := hostile
	return []byte(`{"ocid":"ocds-h6vhtk-hostile","id":"666-2026","date":"2026-06-20T09:00:00Z","tag":["tender"],"language":"en",
	"buyer":{"id":"GB-PPON-EVIL","name":"Evil ` + h + long + `"},
	"parties":[{"id":"GB-PPON-EVIL","name":"Evil ` + h + `","roles":["buyer"],"address":{"streetAddress":"` + h + `","locality":"` + long + `","postalCode":"ST1 1AA"},
		"contactPoint":{"name":"` + h + `","email":"` + h + `","telephone":"` + h + `"},"details":{"url":"javascript:alert(5)"}}],
	"tender":{"id":"` + h + `","title":"Mediation ` + h + ` ` + long + `","description":"mediation ` + h + ` ` + long + ` https://ok.example/a?b=c&d=e. Then.",
		"status":"active","procurementMethodDetails":"` + h + `","submissionMethodDetails":"javascript:alert(6)",
		"classification":{"scheme":"CPV","id":"85312300","description":"` + h + `"},"tenderPeriod":{"endDate":"2026-07-20T12:00:00Z"},
		"lots":[{"id":"1","title":"` + h + `","description":"` + h + long + `","value":{"amount":90000,"currency":"GBP"}},{"id":"` + h + `","title":"=1+1 ` + h + `"}],
		"documents":[{"id":"1","title":"` + h + `","url":"javascript:alert(7)"}]}}` + "\n")
}

// hostileAward has a hostile supplier, and another buyer of the hostile name.
func hostileAward() []byte {
	h := hostile
	return []byte(`{"ocid":"ocds-h6vhtk-hostile2","id":"667-2026","date":"2026-03-20T09:00:00Z","tag":["award"],
	"buyer":{"id":"GB-PPON-EVIL2","name":"Evil again ` + h + `"},
	"parties":[{"id":"GB-PPON-EVIL2","name":"Evil again ` + h + `","roles":["buyer"]},{"id":"GB-COH-06660666","name":"Wicked ` + h + `","identifier":{"scheme":"GB-COH","id":"06660666"},"roles":["supplier"]}],
	"tender":{"title":"Mediation before ` + h + `","description":"` + h + `","status":"complete","classification":{"scheme":"CPV","id":"85312300"}},
	"awards":[{"id":"` + h + `","title":"` + h + `","status":"active","value":{"amount":80000,"currency":"GBP"},"suppliers":[{"id":"GB-COH-06660666","name":"Wicked ` + h + `"}]}],
	"contracts":[{"id":"1","awardID":"` + h + `","title":"` + h + `","period":{"startDate":"2026-04-01T00:00:00Z","endDate":"2027-03-31T00:00:00Z"}}]}` + "\n")
}

// brokenFeed is a feed that cannot be read, for a reason.
type brokenFeed string

func (brokenFeed) Name() string { return "wicked" }

func (f brokenFeed) Sync(_ context.Context, _ feeds.Ask, to feeds.Sink) error {
	to.Tell(feeds.Progress{Tally: feeds.Tally{Requests: 1, Gaps: 2}, From: sampleDay.AddDate(0, 0, -3), To: sampleDay, Wait: time.Second, Why: string(f)})
	return errors.New(string(f))
}

const (
	hostileID      = "ocds-h6vhtk-hostile"
	hostileProfile = "trent" // of wholeProfile
	hostileName    = `"><script>alert(1)</script><img src=x onerror=alert(2)><evil-x></evil-x>`
)

// hostileDesk has hostile text wherever there is room for text: in notices, in a profile, in what was decided and written, in a
// saved search, and in a file that could not be read.
func hostileDesk(t testing.TB) *desk.Desk {
	t.Helper()
	d := newDesk(t)
	flat := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n\t"), nil) }
	fill(t, d, "hostile "+hostileName+".json", slices.Concat(flat(hostileNotice()), flat(hostileAward()),
		[]byte(`{"id":"`+hostile+`","tag":["`+hostile+`"]}`+"\n"), []byte(`{"ocid":"`+hostile+`","id":"1","date":"`+hostile+`"}`+"\n")))
	register(t, d, []byte(wholeProfile))
	register(t, d, bundled(t, sampleProfile+".yaml"))
	text := hostileNote + "<evil-x></evil-x>"
	for _, profile := range []string{hostileProfile, sampleProfile} {
		for _, do := range []desk.Do{desk.DoBid, desk.DoRelevant} {
			done, err := d.Act(t.Context(), desk.Deed{Profile: profile, Do: do, Targets: []pursuit.Target{{Notice: hostileID}}, Reason: text, Who: text, When: sampleDay, AsOf: sampleDay})
			if err != nil || done[0].Err != nil {
				t.Fatal(err, done)
			}
		}
		e := pursuit.Entry{Target: pursuit.Target{Notice: hostileID}, Profile: profile, Stage: pursuit.Prepare, Owner: text, Note: text, Next: text, NextBy: notice.Moment{Time: sampleDay.AddDate(0, 0, 2), Day: true}, Who: text, When: sampleDay}
		if _, err := d.PutEntry(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	feed := brokenFeed("hostile " + hostileName + "\u202e")
	d.UseFeeds(desk.Scheduled{Feed: feed, Title: "Wicked", About: "What nobody should read", On: true, Every: time.Minute})
	for range 2 {
		if _, err := d.Sync(t.Context(), feed, feeds.Ask{}, desk.Syncing{Who: text, Clock: func() time.Time { return sampleDay.AddDate(0, 0, -3) }}); err == nil {
			t.Fatal("the feed did not fail")
		}
	}
	query := url.Values{"q": {"mediation"}, "has": {"stage:" + hostileName}}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: hostileName + "\u202e", Query: query.Encode(), Who: text, When: sampleDay}); err != nil {
		t.Fatal(err)
	}
	return d
}

// hostileViews are what every route of a page is asked beside its plain address (after the first word), and what it then has to say: a hostile text that is
// not there proves nothing. A GET route that is not here, and is none of the API, fails TestHostile.
var hostileViews = map[string]struct {
	shows   string
	queries []string
}{
	"/{$}":                                   {"Trent", nil},
	"/quarantine":                            {"hostile", nil},
	"/feeds":                                 {"hostile", nil},
	"/readyz":                                {"alert", nil},
	"/metrics":                               {"bidfit_feed_failures", nil},
	"/profiles":                              {"Trent", nil},
	"/profiles/new":                          {"", []string{"?supplier=" + url.QueryEscape(hostileName), "?add=keywords%3D" + url.QueryEscape(hostileName)}},
	"/profiles/{profile}/edit":               {"in families and at school", []string{"?add=keywords%3D" + url.QueryEscape(hostileName)}},
	"/profiles/{profile}/remove":             {"Trent", nil},
	"/profiles/{profile}/doctor":             {"trent", nil},
	"/profiles/{profile}":                    {"Mediation", []string{"?words=" + url.QueryEscape(hostileName), "?state=decided", "?buyer=" + url.QueryEscape(hostileName), "?advice=bid&advice=review&advice=no-bid&state=decided&state=undecided"}},
	"/profiles/{profile}/alerts":             {"hooks.supplier.example", nil},
	"/profiles/{profile}/alerts/{alert}":     {"hooks.supplier.example", nil},
	"/feeds/{secret}/list.atom":              {"Mediation", nil},
	"/feeds/{secret}/dates.ics":              {"Mediation", nil},
	"/unsubscribe/{secret}":                  {"Hartwell", nil},
	"/profiles/{profile}/shortlist":          {"=cmd", []string{"?stage=prepare", "?hours=" + url.QueryEscape(hostileName)}},
	"/profiles/{profile}/calendar":           {"To do: =cmd", []string{"?month=2026-07"}},
	"/profiles/{profile}/fits/{notice}":      {"Mediation", []string{"?show=whatif&show=market", "?lot=1"}},
	"/profiles/{profile}/fits/{notice}/pack": {"Mediation", []string{"?lot=1"}},
	"/notices/{notice}":                      {"Evil", nil},
	"/notices/{notice}/clients":              {"Trent", []string{"?lot=1", "?lot=" + url.QueryEscape(unquoted(hostile))}},
	"/notices/{notice}/similar":              {"Mediation", nil},
	"/search":                                {"script", []string{"?q=mediation", "?q=" + url.QueryEscape(hostileName), "?has=" + url.QueryEscape("stage:"+hostileName), "?q=mediation&has=" + url.QueryEscape("buyer:"+hostileName)}},
	"/buyers/{id}":                           {"Evil", nil},
	"/suppliers/{id}":                        {"Wicked", nil},
	"/finders/cpv":                           {"", []string{"?q=" + url.QueryEscape(hostileName), "?open=" + url.QueryEscape(hostileName), "?chosen=" + url.QueryEscape(hostileName), "?cpv=" + url.QueryEscape(hostileName)}},
	"/finders/itl":                           {"", []string{"?q=" + url.QueryEscape(hostileName), "?open=" + url.QueryEscape(hostileName), "?regions=" + url.QueryEscape(hostileName)}},
	"/static/{hash}/{file}":                  {"", nil},
	"/healthz":                               {"well", nil},
	"/api":                                   {"openapi", nil},
	"/profiles/{profile}/profile.yaml":       {"Trent", nil},
	"/profiles/{profile}/profile.json":       {"Trent", nil},
	"/profiles/{profile}/export.csv":         {"Mediation", []string{"?excel=1", "?list=shortlist"}},
	"/profiles/{profile}/export.xlsx":        {"", []string{"?list=shortlist"}},
	"/profiles/{profile}/export.json":        {"Mediation", []string{"?list=shortlist"}},
	"/profiles/{profile}/export.jsonl":       {"Mediation", []string{"?list=shortlist"}},
	"/profiles/{profile}/export.md":          {"Mediation", []string{"?list=shortlist"}},
	"/profiles/{profile}/export.ics":         {"Mediation", []string{"?list=shortlist"}},
	"/profiles/{profile}/export.atom":        {"Mediation", []string{"?list=shortlist"}},
	"/notices/{notice}/notice.json":          {"Mediation", nil},
	"/notices/{notice}/notice.md":            {"Mediation", nil},
	"/notices/{notice}/releases.json":        {"Mediation", nil},
}

// unquoted is hostile text as it is once its JSON is read.
func unquoted(s string) string { return strings.NewReplacer(`\"`, `"`, `\u202E`, "\u202e").Replace(s) }

// hostileAddress is a pattern of the table over the hostile desk.
func hostileAddress(pattern string) string {
	pattern = strings.NewReplacer("/buyers/{id}", "/buyers/GB-PPON-EVIL", "/feeds/{secret}", "/feeds/"+feedSecret, "/unsubscribe/{secret}", "/unsubscribe/"+emailSecret).Replace(pattern)
	for placeholder, v := range map[string]string{
		"{$}": "", "{notice}": hostileID, "{profile}": hostileProfile, "{id}": "GB-COH-06660666", "{format}": "csv", "{other}": sampleProfile, "{alert}": hostileAlert,
		"{name}": url.PathEscape(hostileName), "{hash}": parsed().static.hash, "{file}": "app.css",
	} {
		pattern = strings.ReplaceAll(pattern, placeholder, v)
	}
	return pattern
}

// hostileAddresses are all that can be asked of a GET route, and what has to be there.
func hostileAddresses(t *testing.T, pattern string) (addresses []string, shows string) {
	t.Helper()
	at := hostileAddress(pattern)
	if strings.ContainsAny(at, "{}") {
		t.Errorf("%s: hostileAddress does not know what to put into %s", pattern, at)
	}
	if strings.HasPrefix(pattern, apiRoot) {
		return []string{at}, ""
	}
	view, ok := hostileViews[pattern]
	if !ok {
		t.Errorf("GET %s shows something, and hostileViews does not say how hostile text stands there", pattern)
	}
	for _, q := range view.queries {
		addresses = append(addresses, at+q)
	}
	return append([]string{at}, addresses...), view.shows
}

// TestHostile: hostile text is text on every page, in every file and in every answer of the API. It walks the table of routes.
func TestHostile(t *testing.T) {
	door := New(optionsOf(t, hostileDesk(t)))
	for _, r := range routes() {
		if r.method != http.MethodGet {
			continue
		}
		addresses, shows := hostileAddresses(t, r.pattern)
		for i, at := range addresses {
			res := ask(t, door, "GET", at, nil)
			text := body(t, res)
			want := http.StatusOK
			if r.pattern == "/readyz" { // which says so in this way: its feed fails
				want = http.StatusServiceUnavailable
			}
			if res.StatusCode != want && (i == 0 || res.StatusCode > 499) {
				t.Errorf("%s: %s\n%.500s", at, res.Status, text)
			}
			if text = harmless(t, at, res, text); i == 0 && !strings.Contains(text, shows) {
				t.Errorf("%s does not show %q", at, shows)
			}
		}
	}
	for pattern := range hostileViews {
		if !slices.ContainsFunc(routes(), func(r route) bool { return r.method == "GET" && r.pattern == pattern }) {
			t.Errorf("%s is no route any more", pattern)
		}
	}
}

// TestHostileProblems: what is typed into an address or a form comes back as text, also where it is wrong.
func TestHostileProblems(t *testing.T) {
	door := New(optionsOf(t, hostileDesk(t)))
	text := hostileNote + hostileName
	in, own := url.PathEscape(text), "/profiles/"+hostileProfile
	q := url.QueryEscape(text)
	for _, at := range []string{"/" + in, "/notices/" + in, "/notices/" + in + "/clients", "/notices/" + in + "/notice.json", "/profiles/" + in, "/profiles/" + in + "/edit", "/buyers/" + in, "/suppliers/" + in, "/buyers/evil",
		"/search?page=" + q, "/search?q=" + strings.Repeat(q+"+", 12), own + "?advice=" + q, own + "?order=" + q, own + "?from=" + q, own + "/shortlist?stage=" + q, own + "/shortlist?page=" + q, own + "/calendar?month=" + q,
		own + "/fits/" + hostileID + "?lot=" + q, own + "/fits/" + in, own + "/fits/" + hostileID + "/pack?lot=" + q, own + "/export.csv?list=" + q, own + "/export.csv?excel=" + q, "/notices/" + hostileID + "/clients?lot=" + q,
		apiRoot + "/profiles/" + in, apiRoot + "/search?" + q, apiRoot + own + "/review?advice=" + q, apiRoot + "/buyers/evil"} {
		res := ask(t, door, "GET", at, nil)
		if res.StatusCode < 300 || res.StatusCode > 499 {
			t.Errorf("%.80s: %s", at, res.Status)
		}
		harmless(t, at, res, body(t, res))
	}
	for _, c := range []struct {
		at   string
		form url.Values
	}{
		{"/profiles", url.Values{"do": {text}}}, {"/profiles", url.Values{"do": {"save"}, "name": {text}, "id": {text}, "cpv": {text}, "regions": {text}}},
		{own, url.Values{"do": {"save"}, "name": {text}, "revision": {text}}},
		{own + "/pursuits", url.Values{"do": {text}, "target": {hostileID}}}, {own + "/pursuits", url.Values{"do": {"bid"}, "target": {text}}},
		{own + "/pursuits", url.Values{"do": {"snooze"}, "until": {text}, "target": {hostileID}, "reason": {text}}},
		{own + "/pursuits", url.Values{"do": {"bid"}, "target": {hostileID, "nosuch"}, "reason": {text}}},
		{own + "/shortlist", url.Values{"target": {hostileID}, "stage": {text}, "owner": {strings.Repeat(text, 3)}, "by": {text}, "hours": {text}, "note": {text}, "next": {text}}},
		{own + "/shortlist", url.Values{"target": {text}}}, {own + "/shortlist", url.Values{"target": {hostileID}, "do": {text}}},
		{own + "/remove", url.Values{"confirm": {text}, "revision": {text}}},
		{"/searches", url.Values{"name": {text}, "q": {text}, "has": {"stage:" + text}}}, {"/searches", url.Values{"name": {strings.Repeat(text, 3)}, "q": {text}, "has": {"stage:" + text}}},
		{"/searches", url.Values{"do": {text}}}, {"/searches", url.Values{"do": {"remove"}, "name": {hostileName}, "back": {text}}},
		{"/notices", url.Values{"sample": {text}}},
	} {
		res := postForm(t, door, c.at, c.form)
		what := fmt.Sprintf("POST %s %.100s", c.at, c.form.Encode())
		if res.StatusCode == http.StatusSeeOther {
			page := follow(t, door, res)
			harmless(t, what, &http.Response{Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}}, page)
			continue
		}
		if res.StatusCode > 499 {
			t.Errorf("%s: %s", what, res.Status)
		}
		harmless(t, what, res, body(t, res))
	}
	for _, name := range []string{hostileName + ".json", "\u202egnp.json"} {
		res := send(t, door, name, []byte("{"))
		harmless(t, "a file named "+name, res, body(t, res))
	}
}

// harmless holds an answer against whoever opens it, by what it says it is; it gives the text that is shown.
func harmless(t *testing.T, at string, res *http.Response, text string) string {
	t.Helper()
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%.100s: Content-Type %q, X-Content-Type-Options %q", at, res.Header.Get("Content-Type"), res.Header.Get("X-Content-Type-Options"))
	}
	path, _, _ := strings.Cut(at, "?")
	if strings.HasPrefix(path, apiRoot) && !strings.Contains(path, "/export/") && media != "application/json" && media != "application/problem+json" {
		t.Errorf("%.100s is %s", at, media)
	}
	switch media {
	case "text/html":
		return harmlessHTML(t, at, text)
	case "application/json", "application/problem+json":
		if !jsontext.Value(text).IsValid() {
			t.Errorf("%.100s is no JSON:\n%.300s", at, text)
		}
	case "application/jsonl", "application/x-ndjson":
		for line := range strings.Lines(text) {
			if !jsontext.Value(line).IsValid() {
				t.Errorf("%.100s has a line that is no JSON: %.300s", at, line)
			}
		}
	case "text/csv":
		neutral(t, at, "csv", []byte(text))
	case "text/markdown":
		neutral(t, at, "md", []byte(text))
	case "text/calendar":
		neutral(t, at, "ics", []byte(text))
	case "application/atom+xml":
		neutral(t, at, "atom", []byte(text))
	case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		neutral(t, at, "xlsx", []byte(text))
	case "application/yaml", "text/yaml":
		if _, err := profiles.Decode(strings.NewReader(text), at); err != nil {
			t.Errorf("%s cannot be read back: %v", at, err)
		}
	case "text/css", "text/javascript", "text/plain": // files of the house, and one word
	default:
		t.Errorf("%.100s is %s, and nobody says what that may hold", at, media)
	}
	return text
}

// harmlessHTML holds a page or a part of one against hostile text become markup, and gives its text.
func harmlessHTML(t *testing.T, at, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%.100s: %v", at, err)
	}
	wrong := func(format string, args ...any) { t.Helper(); t.Errorf("%.120s: %s", at, fmt.Sprintf(format, args...)) }
	said := func(what, s string) {
		if i := strings.IndexFunc(s, func(c rune) bool { return unicode.Is(unicode.Bidi_Control, c) || c == 0 || c == 0x1b }); i >= 0 {
			wrong("%s turns its direction, or has control characters: %.80q", what, s[i:])
		}
		if strings.Contains(s, "ZgotmplZ") {
			wrong("%s holds what the template would not write: %.80q", what, s)
		}
	}
	var shown strings.Builder
	for n := range doc.Descendants() {
		switch n.Type {
		case html.CommentNode:
			wrong("a comment %.80q", n.Data)
		case html.TextNode:
			if n.Parent.Data != "textarea" { // what is typed comes back to the letter
				said("text", n.Data)
			}
			shown.WriteString(n.Data)
		case html.ElementNode:
			switch n.Data {
			case "script":
				if n.FirstChild != nil || !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasPrefix(a.Val, "/static/") }) {
					wrong("a script that is not of the house: %v", n.Attr)
				}
			case "evil-x", "img", "iframe", "object", "embed", "base", "style", "marquee", "video", "audio", "frame":
				wrong("<%s>", n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
					wrong("<%s %s=%.60q>", n.Data, a.Key, a.Val)
				case a.Key == "href", a.Key == "src", a.Key == "action", a.Key == "formaction":
					u, err := url.Parse(a.Val)
					if err != nil || !slices.Contains([]string{"", "http", "https"}, u.Scheme) && a.Val != "data:," {
						wrong("<%s %s=%.80q>", n.Data, a.Key, a.Val)
					} else if rel := attribute(n, "rel"); u.Host != "" && !strings.Contains(rel, "noopener") {
						wrong("<%s %s=%.80q> with rel=%q", n.Data, a.Key, a.Val, rel)
					}
				case a.Key == "value": // is sent back to the letter
				default:
					said(a.Key, a.Val)
				}
			}
		}
	}
	return shown.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestHostileWalk: in a browser hostile text runs nothing, opens nothing, becomes no element, and makes no page wider than a phone.
func TestHostileWalk(t *testing.T) {
	walk(t, hostileDesk(t), func(b *browser) {
		b.expect("status of 4")
		for _, r := range routes() {
			if r.method != http.MethodGet || strings.HasPrefix(r.pattern, "/api") || strings.Contains(r.pattern, ".") || strings.HasPrefix(r.pattern, "/static") || strings.HasSuffix(r.pattern, "z") || r.pattern == "/metrics" || strings.HasPrefix(r.pattern, "/finders") {
				continue
			}
			addresses, _ := hostileAddresses(t, r.pattern)
			for i, at := range addresses {
				b.size(390, 900)
				b.open(at)
				value[bool](b, `document.querySelectorAll("details").forEach(d => d.open = true) ?? true`)
				if n := value[int](b, `document.querySelectorAll("evil-x, img, iframe, script:not([src^='/static/']), [onerror], [onmouseover], a[href^='javascript:' i]").length`); n > 0 {
					t.Errorf("%s: %d elements are the publisher's", at, n)
				}
				b.rules(at)
				if i == 0 {
					b.axe(at)
					b.shot("hostile" + strings.NewReplacer("/", "-", "{", "", "}", "", "$", "home").Replace(r.pattern))
				}
			}
		}
		b.size(1280, 900)
	})
}
