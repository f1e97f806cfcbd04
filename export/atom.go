package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"time"

	"bidfit/dossier"
)

// tag is the authority of the feed's ids (RFC 4151): they name the same thing on whatever machine the feed is served.
const tag = "tag:bidfit,2026:"

type atomLink struct {
	Rel   string `xml:"rel,attr"`
	Type  string `xml:"type,attr,omitempty"`
	Title string `xml:"title,attr,omitempty"`
	Href  string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	XMLName   xml.Name     `xml:"entry"`
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Updated   string       `xml:"updated"`
	Published string       `xml:"published,omitempty"`
	Author    *atomPerson  `xml:"author"`
	Links     []atomLink   `xml:"link"`
	Category  atomCategory `xml:"category"`
	Summary   string       `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// writeAtom writes a feed (RFC 4287), an entry a row. The feed's own date is that of its newest entry, and so
// stands at its end, where it may: the order of a feed's elements means nothing.
func writeAtom(out *bufio.Writer, o Options, rows iter.Seq2[Row, error]) error {
	out.WriteString(xml.Header + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">` + "\n")
	x := xml.NewEncoder(struct{ io.Writer }{out}) // out itself it would flush after each element
	put := func(name string, v any) {
		// Strings are escaped whatever they hold; what fails is the writer, which keeps its error.
		x.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: name}})
		out.WriteByte('\n')
	}
	put("id", tag+url.PathEscape(o.Profile.ID))
	put("title", "Shortlist of "+o.listed())
	put("author", atomPerson{"bidfit"})
	if self := dossier.Address(o.Self); self != "" {
		put("link", atomLink{Rel: "self", Type: "application/atom+xml", Href: self})
	}
	var newest time.Time
	for r, err := range rows {
		if err != nil {
			return err
		}
		e := r.entry()
		if e.updated.After(newest) {
			newest = e.updated
		}
		put("entry", e.atomEntry)
	}
	if newest.IsZero() {
		newest = o.AsOf
	}
	put("updated", instant(newest))
	out.WriteString("</feed>\n")
	return nil
}

// entry is a row as an entry, and when it was updated: on the day of the notice's newest release.
func (r Row) entry() (e struct {
	atomEntry
	updated time.Time
}) {
	n := r.Notice
	if e.updated = n.Updated(); e.updated.IsZero() {
		e.updated = r.AsOf
	}
	t := r.target()
	id := []string{r.Profile.ID, t.Notice}
	if t.Lot != "" {
		id = append(id, t.Lot)
	}
	for i := range id {
		id[i] = url.PathEscape(id[i])
	}
	e.ID = tag + strings.Join(id, "/")
	e.Title = line(r.heading())
	e.Updated, e.Published = instant(e.updated), instant(n.First())
	if buyer := line(n.Buyer.Name.Value); buyer != "" {
		e.Author = &atomPerson{buyer}
	}
	if page := dossier.Address(n.URL()); page != "" {
		e.Links = append(e.Links, atomLink{Rel: "alternate", Type: "text/html", Href: page})
	}
	if portal := dossier.Address(n.Portal.Value); portal != "" {
		e.Links = append(e.Links, atomLink{Rel: "related", Title: "where tenders go", Href: portal})
	}
	e.Category.Term = line(string(r.Fit.Advice))
	e.Summary = fmt.Sprintf("%d of 100, %s", r.Fit.Score, e.Category.Term)
	if by := line(named("deadline")[0].Words(r)); by != "" {
		e.Summary += ", by " + by
	}
	if why := line(reason(r.Fit.TopReason())); why != "" {
		e.Summary += ": " + why
	}
	return e
}
