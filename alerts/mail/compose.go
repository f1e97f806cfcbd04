package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	"text/template"

	mime "github.com/wneessen/go-mail"

	"bidfit/alerts"
	"bidfit/dossier"
	"bidfit/notice"
)

//go:embed digest.html digest.txt
var files embed.FS

var (
	asHTML = htmltemplate.Must(htmltemplate.ParseFS(files, "digest.html"))
	asText = template.Must(template.ParseFS(files, "digest.txt"))
)

// How many letters of what publishers wrote a message shows.
const (
	mostTitle   = 200
	mostLine    = 300
	mostSubject = 80 // of a title in the subject
)

// digest is a message as its templates see it. Every text in it is on one line, and nothing in it hides or turns others.
type digest struct {
	Subject, Profile, Day string
	Test                  bool
	Groups                []group
	More                  int
	// List is the profile's list, Manage the page of its alerts, Unsubscribe the page on which this one ends; "" without an address of bidfit.
	List, Manage, Unsubscribe string
}

// group is the items of one happening.
type group struct {
	Title string
	Items []entry
}

// entry is one item in words.
type entry struct {
	Title, Lot, Buyer     string
	Fit                   string // bid, 72 of 100 (60–80)
	Deadline, Left, Facts string
	Changes               []string
	For, Against, Why     string
	Report, Page          string // addresses
}

// happenings are the groups in the order in which they matter.
var happenings = []struct {
	is           alerts.Happening
	short, title string
}{
	{alerts.New, "new", "New"},
	{alerts.Changed, "changed", "Changed since you were told"},
	{alerts.Closing, "closing", "Closing soon"},
	{alerts.Withdrawn, "withdrawn", "No longer open"},
}

// compose writes a message. The same one is the same bytes each time it is sent.
func (s *Sender) compose(to string, sub alerts.Subscription, m alerts.Message) ([]byte, error) {
	d := s.digest(sub, m)
	var text, html bytes.Buffer
	if err := asText.Execute(&text, d); err != nil {
		return nil, err
	}
	if err := asHTML.Execute(&html, d); err != nil {
		return nil, err
	}
	msg := mime.NewMsg(mime.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	if err := msg.To(to); err != nil {
		return nil, err
	}
	msg.Subject(header(d.Subject))
	msg.SetDateWithValue(m.Made.In(notice.London))
	msg.SetMessageIDWithValue(idOf(m.ID) + "@" + s.domain)
	msg.SetGenHeader("List-Id", "<"+idOf(sub.ID)+".alerts."+s.domain+">")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All") // what Exchange goes by
	if d.Unsubscribe != "" {
		msg.SetGenHeader(mime.HeaderListUnsubscribe, "<"+d.Unsubscribe+">")
		if strings.HasPrefix(d.Unsubscribe, "https://") { // RFC 8058 knows no other
			msg.SetGenHeader(mime.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		}
	}
	// Out of all that stands between the boundaries, so that no publisher can write one.
	msg.SetBoundary("bidfit-" + idOf(text.String()+html.String()))
	msg.SetBodyString(mime.TypeTextPlain, text.String())
	msg.AddAlternativeString(mime.TypeTextHTML, html.String())
	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// idOf is an id as it may stand in headers: itself, or a digest of one that holds anything else.
func idOf(id string) string {
	if id != "" && len(id) <= 48 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16])
}

// shown is foreign text on one line, of so many letters at most.
func shown(most int, text string) string {
	text = dossier.Line(text)
	if letters := []rune(text); len(letters) > most {
		return strings.TrimRight(string(letters[:most-1]), " ,;:–-") + "…"
	}
	return text
}

// header is a text that no reader takes for an encoded one (RFC 2047): what such a word decodes to nobody has looked at.
func header(text string) string { return strings.ReplaceAll(text, "=?", "= ?") }

// digest puts a message into words.
func (s *Sender) digest(sub alerts.Subscription, m alerts.Message) digest {
	d := digest{Profile: cmp.Or(shown(mostSubject, m.ProfileName), shown(mostSubject, m.Profile)), Day: m.Made.In(notice.London).Format("Monday 2 January 2006"),
		Test: len(m.Items) == 0 && m.More == 0, More: m.More}
	if s.o.Base != "" {
		d.List = s.o.Base + "/profiles/" + url.PathEscape(m.Profile)
		d.Manage = d.List + "/alerts"
		d.Unsubscribe = s.o.Base + sub.UnsubscribePath()
	}
	for _, h := range happenings {
		g := group{Title: h.title}
		for _, it := range m.Items {
			if it.Happening == h.is {
				g.Items = append(g.Items, s.entry(m, it))
			}
		}
		if len(g.Items) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	d.Subject = subject(d.Profile, m)
	return d
}

// subject says what matters: "3 new, 1 changed, 2 closing: Hartwell Resolve", and of one thing its title.
func subject(profile string, m alerts.Message) string {
	var parts []string
	for _, h := range happenings {
		n := 0
		for _, it := range m.Items {
			if it.Happening == h.is {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, strings.TrimSpace(notice.Count(n, "", ""))+" "+h.short)
		}
	}
	if m.More > 0 {
		parts = append(parts, strings.TrimSpace(notice.Count(m.More, "", ""))+" more")
	}
	switch {
	case len(parts) == 0:
		return "Test of an alert: " + profile
	case len(m.Items) == 1 && m.More == 0:
		if title := shown(mostSubject, m.Items[0].Title); title != "" {
			return parts[0] + ", “" + title + "”: " + profile
		}
	}
	return strings.Join(parts, ", ") + ": " + profile
}

func (s *Sender) entry(m alerts.Message, it alerts.Item) entry {
	e := entry{
		Title: cmp.Or(shown(mostTitle, it.Title), "Without a title"), Lot: shown(mostTitle, it.Lot), Buyer: shown(mostTitle, it.Buyer),
		For: shown(mostLine, it.Reason), Against: shown(mostLine, it.Gap), Why: shown(mostLine, it.Why), Page: dossier.Address(it.Address),
		Fit: fmt.Sprintf("%s, %d of 100 (%d–%d)", shown(mostLine, string(it.Advice)), it.Score, it.Low, it.High),
	}
	if it.Happening != alerts.Withdrawn {
		if !it.Deadline.IsZero() {
			e.Deadline = it.Deadline.Words()
			if it.DaysLeft != nil {
				e.Left = notice.InDays(*it.DaysLeft)
			}
		} else {
			e.Deadline = "no date"
		}
	}
	var facts []string
	for _, f := range []string{it.Worth, it.Places, it.Stage.Words()} {
		if f = shown(mostLine, f); f != "" {
			facts = append(facts, f)
		}
	}
	e.Facts = strings.Join(facts, " · ")
	for _, c := range it.Changes {
		if w := shown(mostLine, c.Words); w != "" {
			e.Changes = append(e.Changes, dossier.Upper(w))
		}
	}
	if s.o.Base != "" {
		e.Report = s.o.Base + "/profiles/" + url.PathEscape(m.Profile) + "/fits/" + url.PathEscape(it.Target.Notice)
		if it.Target.Lot != "" {
			e.Report += "?lot=" + url.QueryEscape(it.Target.Lot)
		}
	}
	return e
}
