package web

import (
	"errors"
	"net/http"
	"strings"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/market"
	"bidfit/notice"
)

// organisationBody is what the notices tell of a buyer or a supplier.
type organisationBody struct {
	Role    string // buyer or supplier
	Counted string // what it rests on
	Facts   []dossier.Row
	Shares  []shares
	Awards  []awards
	Notices []briefs
	// Other leads to the page of the same organisation in the other role; "" where it has none.
	Other string
	Money market.Money
}

// shares is a table of what falls to each of many, awards a list of awards, and briefs one of notices.
type (
	shares struct {
		Title, Of string
		List      []market.Share
		More      int
		// To is where a name leads: /buyers or /suppliers; "" for nowhere.
		To string
	}
	awards struct {
		Title string
		List  []*market.Award
		More  int
		// Sellers says that suppliers are named beside each, rather than buyers.
		Sellers bool
	}
	briefs struct {
		Title string
		List  []market.Brief
		More  int
	}
)

// mostListed is how many of each a page of an organisation lists.
const mostListed = 12

// upTo is the first of a list, and how many more there are.
func upTo[T any](list []T) ([]T, int) {
	if len(list) <= mostListed {
		return list, 0
	}
	return list[:mostListed], len(list) - mostListed
}

func (s *server) buyer(w http.ResponseWriter, r *http.Request) error {
	b, err := s.Desk.Buyer(r.Context(), r.PathValue("id"), s.asOf(r.Context()))
	if err != nil {
		return s.whichOne(w, r, "buyers", err)
	}
	body := organisationBody{Role: "buyer", Money: b.Values,
		Counted: notice.Count(b.Notices, "notice", "notices") + ", " + notice.Count(b.Values.Awards, "award", "awards")}
	body.Facts = append(organisationRows(b.Known),
		factRow("How it buys", market.Methods(b.Methods, b.Notices)),
		factRow("Days to bid", b.Window.Words("notice", "notices")),
		factRow("Bids for each", b.Bids.Words("award", "awards")),
		factRow("Suits SMEs", b.SME.Words()),
		factRow("Suits VCSEs", b.VCSE.Words()))
	if b.Void > 0 {
		body.Facts = append(body.Facts, factRow("Cancelled", notice.Count(b.Void, "award", "awards")))
	}
	open := briefsOf("Open and coming", b.Open)
	body.Notices = []briefs{open, briefsOf("Frameworks", b.Frameworks)}
	body.Shares = []shares{sharesOf("What it buys", "CPV division", "", b.Divisions), sharesOf("Whom it chose", "Supplier", "suppliers", b.Suppliers), sharesOf("By year", "Year", "", b.Years)}
	body.Awards = []awards{awardsOf("Contracts that end within twelve months", true, b.Ending), awardsOf("Awards, the newest first", true, b.Awards)}
	return s.render(w, r, "organisation", page{Title: dossier.Line(b.Name), Nav: "search", Crumbs: []Crumb{{"Search", "/search"}}, Body: body})
}

func (s *server) supplier(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Desk.Supplier(r.Context(), r.PathValue("id"), s.asOf(r.Context()))
	if err != nil {
		return s.whichOne(w, r, "suppliers", err)
	}
	body := organisationBody{Role: "supplier", Money: x.Values,
		Counted: notice.Count(x.Values.Awards, "award", "awards") + " in " + notice.Count(len(x.Named), "notice that names it", "notices that name it")}
	body.Facts = append(organisationRows(x.Known),
		factRow("Scale", x.Details.Scale.Value),
		factRow("Won by", market.Methods(x.Methods, x.Values.Awards)),
		factRow("Bids for each", x.Bids.Words("award", "awards")))
	if x.Buys > 0 {
		body.Facts = append(body.Facts, factRow("Buys itself", notice.Count(x.Buys, "notice", "notices")))
		body.Other = pathOf("buyers", x.Ref())
	}
	if x.Void > 0 {
		body.Facts = append(body.Facts, factRow("Cancelled", notice.Count(x.Void, "award", "awards")))
	}
	body.Shares = []shares{sharesOf("From whom", "Buyer", "buyers", x.Buyers), sharesOf("What", "CPV division", "", x.Divisions), sharesOf("Where", "Region", "", x.Regions),
		sharesOf("By year", "Year", "", x.Years), sharesOf("Together with", "Supplier", "suppliers", x.Beside)}
	body.Awards = []awards{awardsOf("Contracts that run", false, x.Running), awardsOf("Contracts that end within twelve months", false, x.Ending), awardsOf("Awards, the newest first", false, x.Awards)}
	body.Notices = []briefs{briefsOf("Dynamic markets it is on", x.Markets)}
	return s.render(w, r, "organisation", page{Title: dossier.Line(x.Name), Nav: "search", Crumbs: []Crumb{{"Search", "/search"}}, Body: body})
}

// whichOne lists the organisations that a name may mean; another error stays what it is.
func (s *server) whichOne(w http.ResponseWriter, r *http.Request, to string, err error) error {
	e := (*desk.AmbiguousError)(nil)
	if !errors.As(err, &e) || len(e.Candidates) == 0 {
		return err
	}
	return s.render(w, r, "which", page{Title: "Which one is meant?", Nav: "search", Crumbs: []Crumb{{"Search", "/search"}}, Status: http.StatusMultipleChoices, Body: struct {
		*desk.AmbiguousError
		To string
	}{e, to}})
}

func factRow(label, text string) dossier.Row {
	r := dossier.Row{Label: label}
	if text != "" {
		r.Lines = []dossier.Text{{Text: text}}
	}
	return r
}

// organisationRows are what its newest notice says of an organisation, and why its mentions are one.
func organisationRows(k market.Known) []dossier.Row {
	d := k.Details
	ids, more := upTo(k.IDs)
	row := func(label string, parts ...string) dossier.Row {
		var said []string
		for _, p := range parts {
			if p != "" {
				said = append(said, p)
			}
		}
		return factRow(label, strings.Join(said, ", "))
	}
	rows := []dossier.Row{row("Identifiers", ids...)}
	if more > 0 {
		rows[0].Lines = append(rows[0].Lines, dossier.Text{Text: notice.Count(more, "more", "more")})
	}
	where := []string{d.Street.Value, d.Locality.Value, d.Postcode.Value, d.Country.Value}
	if d.Place.Known() && d.Place.Value.Region != "" {
		where = append(where, d.Place.Value.Region.Label())
	}
	rows = append(rows, row("Where it sits", where...), row("Kind", notice.Label(d.Type.Value)), row("Contact", d.ContactFor.Value, d.Email.Value, d.Phone.Value))
	site := dossier.Row{Label: "Site"}
	if d.URL.Known() {
		text := dossier.Line(d.URL.Value)
		site.Lines = []dossier.Text{{Text: text, URL: dossier.Address(text)}}
	}
	rows = append(rows, site)
	if len(k.Names) > 1 {
		names, more := upTo(k.Names[1:])
		also := factRow("Also written", strings.Join(names, "; "))
		if more > 0 {
			also.Lines = append(also.Lines, dossier.Text{Text: notice.Count(more, "more", "more")})
		}
		rows = append(rows, also)
	}
	for _, n := range k.Namesakes {
		rows = append(rows, row("Not the same", n.Name, strings.Join(n.IDs, " ")))
	}
	return rows
}

func sharesOf(title, of, to string, list []market.Share) shares {
	first, more := upTo(list)
	return shares{title, of, first, more, to}
}

// Words is what a share is called.
func (shares) Words(s market.Share) string {
	switch {
	case s.Key == "":
		return "not said"
	case len(s.Key) == 2 && strings.Trim(s.Key, "0123456789") == "": // a CPV division
		return s.Key + " " + s.Name
	}
	return s.Name
}

func awardsOf(title string, sellers bool, list []*market.Award) awards {
	first, more := upTo(list)
	return awards{title, first, more, sellers}
}

func briefsOf(title string, list []market.Brief) briefs {
	first, more := upTo(list)
	return briefs{title, first, more}
}
