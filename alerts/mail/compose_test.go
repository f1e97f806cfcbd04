package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"bidfit/alerts"
	"bidfit/notice/changes"
)

// headers are those that a message has, and no other.
var headers = []string{"Auto-Submitted", "Content-Type", "Date", "From", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Id", "Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}

// letter is a message read back.
type letter struct {
	mail.Header
	subject, text, html string
}

// opened reads a message as a program that gets it does, and holds it against what every message has to be.
func opened(t *testing.T, raw []byte) letter {
	t.Helper()
	for i, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x7f || r < ' ' && r != '\t' }) {
			t.Fatalf("line %d cannot be sent: %.120q", i+1, line)
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	l := letter{Header: m.Header}
	for name, values := range m.Header {
		if !slices.Contains(headers, name) || len(values) != 1 {
			t.Fatalf("the header %s is there %d times: %q", name, len(values), values)
		}
	}
	for _, name := range []string{"From", "To"} {
		if list, err := m.Header.AddressList(name); err != nil || len(list) != 1 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
	}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(l.subject, unseen) {
		t.Fatalf("the subject holds what is not seen: %q", l.subject)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for i, want := range []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"} {
		p, err := parts.NextRawPart()
		if err != nil || p.Header.Get("Content-Type") != want || p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatalf("part %d: %v, %v", i, p, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unseen(r) }) {
			t.Fatalf("%s holds what is not seen: %q", want, text)
		}
		if i == 0 {
			l.text = text
		} else {
			l.html = text
		}
	}
	if p, err := parts.NextRawPart(); err != io.EOF {
		t.Fatalf("there is a third part: %v, %v", p, err)
	}
	return l
}

func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

func composed(t *testing.T, s *Sender, m alerts.Message) letter {
	t.Helper()
	raw, err := s.compose(subscription.To, subscription, m)
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, raw)
}

func writing(t testing.TB) *Sender {
	t.Helper()
	s, err := New(Options{Host: "mx.example", Encryption: StartTLS, From: "bidfit <alerts@supplier.example>", Base: "https://bidfit.supplier.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMessage(t *testing.T) {
	l := composed(t, writing(t), sample())
	for name, want := range map[string]string{
		"From": `"bidfit" <alerts@supplier.example>`, "To": "<bids@supplier.example>", "Subject": "1 new, 1 closing, 1 withdrawn, 4 more: Hartwell Resolve", "Message-Id": "<m-0001@supplier.example>",
		"Date": "Wed, 24 Jun 2026 07:30:00 +0100", "List-Id": "<k3v9qpt2mwxz4abc.alerts.supplier.example>", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe":      "<https://bidfit.supplier.example/unsubscribe/" + subscription.Secret.Reveal() + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := l.Get(name); got != want {
			t.Errorf("%s is %q, wanted %q", name, got, want)
		}
	}
	const text = `Hartwell Resolve, Wednesday 24 June 2026


New

* Mediation & advice <for> schools
  North
  Buyer: Trentbridge County Council
  Fit: bid, 82 of 100 (75–90)
  Deadline: 24 July 2026, 12:00, in 30 days
  £704,000 net · Staffordshire · tender
  For: its words are yours
  Against: no value said
  Fit report: https://bidfit.supplier.example/profiles/hartwell/fits/ocds-h6vhtk-demo51?lot=2
  Notice: https://notices.example/050000-2026


Closing soon

* Facilitation
  Fit: review, 60 of 100 (50–70)
  Deadline: 24 July 2026, 12:00, in 3 days
  tender
  Fit report: https://bidfit.supplier.example/profiles/hartwell/fits/ocds-h6vhtk-demo52


No longer open

* Arbitration
  Fit: review, 60 of 100 (50–70)
  ended
  Why: cancelled on 23 June 2026
  Fit report: https://bidfit.supplier.example/profiles/hartwell/fits/ocds-h6vhtk-demo53

And 4 more: https://bidfit.supplier.example/profiles/hartwell

-- 
bidfit sends this because somebody subscribed this address to alerts for Hartwell Resolve.
Change when and what: https://bidfit.supplier.example/profiles/hartwell/alerts
Unsubscribe: https://bidfit.supplier.example/unsubscribe/`
	if got := l.text; got != text+subscription.Secret.Reveal()+"\n" {
		t.Errorf("the text is\n%s", got)
	}
	for _, want := range []string{"<h2", "Mediation &amp; advice &lt;for&gt; schools", "in 3 days", "cancelled on 23 June 2026", "prefers-color-scheme: dark", `href="https://bidfit.supplier.example/unsubscribe/`} {
		if !strings.Contains(l.html, want) {
			t.Errorf("the HTML has no %q", want)
		}
	}
}

// What is not said leaves no empty line or label, and without an address of bidfit there are no links to it.
func TestMessageWithoutMuch(t *testing.T) {
	s := writing(t)
	s.o.Base = ""
	m := sample()
	m.Items, m.More = m.Items[1:2], 0
	l := composed(t, s, m)
	if l.Get("List-Unsubscribe") != "" || l.Get("List-Unsubscribe-Post") != "" || strings.Contains(l.text+l.html, "://bidfit") {
		t.Errorf("there are links to nowhere:\n%s", l.text)
	}
	if l.subject != "1 closing, “Facilitation”: Hartwell Resolve" {
		t.Errorf("the subject is %q", l.subject)
	}
	s.o.Base = "http://bidfit.internal"
	if l := composed(t, s, m); l.Get("List-Unsubscribe") == "" || l.Get("List-Unsubscribe-Post") != "" {
		t.Error("one click is promised over http, which RFC 8058 does not know")
	}
	m.Items = nil
	if l := composed(t, s, m); !strings.Contains(l.subject, "Test") || !strings.Contains(l.text, "This is a test") || !strings.Contains(l.html, "This is a test") {
		t.Errorf("a test does not say so: %s\n%s", l.subject, l.text)
	}
}

// hostile are texts that want to be something else.
var hostile = []string{
	"Cleaning\r\nBcc: everybody@example.com", "Cleaning\nX-Evil: 1", "Cleaning\rX-Evil: 1", "Cleaning\x00", "Cleaning\u2028Bcc: a@b.example", "Cleaning\u0085Bcc: a@b.example",
	"=?utf-8?q?Cleaning=0D=0ABcc:_a@b.example?=", "=?utf-8?b?Q2xlYW5pbmcNCkJjYzogYUBiLmV4YW1wbGU=?=", "\u202egnp.exe", "a\u2066b\u2069c\u200f", "\x1b[31mred\x1b[0m", "<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>", "\"><a href=javascript:alert(1)>x</a>", "</title><script>alert(1)</script>", "</style><script>alert(1)</script>", "{{.Secret}}", "{{template \"x\"}}", "<!--", "]]>", "&lt;script&gt;alert(1)&lt;/script&gt;",
	"\r\n.\r\nMAIL FROM:<a@b.example>", "\n.\n", ".", "..", "From here", "--bidfit-m-0001", "\r\n--bidfit-m-0001--\r\n", strings.Repeat("A", 5000), strings.Repeat("£", 2000), strings.Repeat("a b ", 900), "\xff\xfe\x80", "=", "=20=", "\u0301\u0301\u0301", "🏗️ Bauarbeiten – für 建設",
}

// everywhere is a message that holds a text wherever one can be foreign.
func everywhere(text string) alerts.Message {
	m := sample()
	m.ProfileName = text
	for i := range m.Items {
		it := &m.Items[i]
		it.Title, it.Lot, it.Buyer, it.Worth, it.Places, it.Reason, it.Gap, it.Why, it.Address = text, text, text, text, text, text, text, text, text
		it.Changes = changed(text)
		it.Target.Notice, it.Target.Lot = text, text
	}
	return m
}

func TestHostileTexts(t *testing.T) {
	s := writing(t)
	for _, text := range hostile {
		for _, m := range []alerts.Message{everywhere(text), {ID: text, Subscription: text, Profile: text, ProfileName: text, Made: sample().Made, Items: everywhere(text).Items[:1]}} {
			l := composed(t, s, m)
			elements(t, l.html)
			if n := strings.Count(l.text, "\nUnsubscribe: "); n != 1 {
				t.Errorf("%q: the text has %d ends", text, n)
			}
		}
	}
}

// elements holds the HTML of a message against what the template has: nothing that runs, loads or is fetched.
func elements(t *testing.T, text string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains([]string{"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "h3", "a", "strong"}, n.Data) {
			t.Fatalf("there is an element <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "href" && n.Data == "a" && (strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "http://")):
			case slices.Contains([]string{"style", "class", "lang", "charset", "name", "content"}, a.Key) && !strings.Contains(a.Val, "url("):
			default:
				t.Fatalf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
}

// FuzzCompose puts any text wherever one can be foreign: a message stays one message to one address, with the headers it has and no more.
func FuzzCompose(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, "m-1")
		f.Add("Cleaning", text)
	}
	s := writing(f)
	f.Fuzz(func(t *testing.T, text, id string) {
		m := everywhere(text)
		m.ID, m.Profile = id, id
		sub := subscription
		sub.ID = id
		raw, err := s.compose(sub.To, sub, m)
		if err != nil {
			t.Fatal(err)
		}
		l := opened(t, raw)
		if list, _ := l.AddressList("To"); list[0].Address != sub.To {
			t.Errorf("it goes to %q", list)
		}
		elements(t, l.html)
	})
}

// FuzzAddress holds every address that is taken against what stands in a command.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"bids@supplier.example", "a@b.example\r\nRCPT TO:<c@d.example>", "\"a b\"@c.example", "a@[::1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Address(text)
		if err != nil {
			return
		}
		if strings.ContainsAny(a, "<>\r\n\x00 \t\"(),:;[]\\") || strings.Count(a, "@") != 1 {
			t.Errorf("%q is taken as %q", text, a)
		}
		if list, err := mail.ParseAddressList(a); err != nil || len(list) != 1 || list[0].Address != a {
			t.Errorf("%q is taken as %q, which is %v (%v)", text, a, list, err)
		}
	})
}

func changed(text string) []changes.Change {
	return []changes.Change{{What: changes.Title, Words: text}}
}
