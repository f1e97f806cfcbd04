package dossier

import (
	"cmp"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/vocab"
)

// Code is a CPV code with the codes that hold it.
type Code struct {
	Code      cpv.Code    `json:"code"`
	Name      string      `json:"name"`
	Main      bool        `json:"main,omitzero"`
	Level     string      `json:"level"`
	Ancestors []Code      `json:"ancestors,omitzero"` // nearest first, without ancestors of their own
	Lots      []string    `json:"lots,omitzero"`      // where not all lots have it
	At        notice.Path `json:"at,omitzero"`
}

// codes lists the codes of all lots, each once.
func (b *builder) codes() []Code {
	list := []Code{}
	at := map[cpv.Code]int{}
	for i := range b.n.Lots {
		lot := &b.n.Lots[i]
		for _, c := range lot.CPV {
			k, seen := at[c.Value.Code]
			if !seen {
				k = len(list)
				at[c.Value.Code] = k
				code := b.code(c.Value.Code, Line(c.Value.Description.Value))
				code.Main, code.At = c.Value.Main, c.At
				for _, up := range c.Value.Code.Ancestors() {
					code.Ancestors = append(code.Ancestors, b.code(up, ""))
				}
				list = append(list, code)
			}
			list[k].Lots = append(list[k].Lots, lot.ID)
		}
	}
	for i := range list {
		list[i].Lots = unlessAll(slices.Compact(list[i].Lots), b.n)
	}
	return list
}

// unlessAll is the lots that something is about, nothing where it is about all.
func unlessAll(lots []string, n *notice.Notice) []string {
	if len(lots) == len(n.Lots) {
		return nil
	}
	return lots
}

func (b *builder) code(c cpv.Code, published string) Code {
	name := published
	if name == "" {
		var of cpv.Code
		if name, of = b.g.Names.Of(c); of != c && name != "" {
			name = "under " + name
		}
	}
	return Code{Code: c, Name: name, Level: c.Level().Words()}
}

// Region is an ITL region with its level.
type Region struct {
	Region itl.Region `json:"region"`
	Name   string     `json:"name"`
	Level  int        `json:"level"` // 3, 2, 1; 0 for the UK and groups of nations
}

// regions is a region of 2025 and those that hold it, nearest first.
func regions(r itl.Region) []Region {
	if r == "" {
		return nil
	}
	list := []Region{{r, r.Name(), r.Level()}}
	for _, up := range r.Ancestors() {
		list = append(list, Region{up, up.Name(), up.Level()})
	}
	return list
}

// Where is a place of delivery.
type Where struct {
	Text    string      `json:"text"` // as published
	Regions []Region    `json:"regions,omitzero"`
	Lots    []string    `json:"lots,omitzero"` // where not all lots are there
	At      notice.Path `json:"at,omitzero"`
}

// places lists the places of delivery of all lots, each once.
func (b *builder) places() []Where {
	list := []Where{}
	at := map[string]int{}
	for i := range b.n.Lots {
		lot := &b.n.Lots[i]
		for _, p := range lot.Places {
			key := cmp.Or(string(p.Value.Region), p.Value.Text)
			k, seen := at[key]
			if !seen {
				k = len(list)
				at[key] = k
				list = append(list, Where{Text: Line(p.Value.Text), Regions: regions(p.Value.Region), At: p.At})
			}
			list[k].Lots = append(list[k].Lots, lot.ID)
		}
	}
	for i := range list {
		list[i].Lots = unlessAll(slices.Compact(list[i].Lots), b.n)
	}
	return list
}

// Name is what a place of delivery is called: its region, else as published.
func (w Where) Name() string {
	if len(w.Regions) > 0 {
		return w.Regions[0].Name
	}
	return w.Text
}

// Party is an organisation.
type Party struct {
	Name     string      `json:"name,omitzero"`
	IDs      []string    `json:"ids"`
	Type     string      `json:"type,omitzero"`
	Scale    string      `json:"scale,omitzero"`
	VCSE     *bool       `json:"vcse,omitzero"`
	Street   string      `json:"street,omitzero"`
	PostTown string      `json:"postTown,omitzero"`
	Postcode string      `json:"postcode,omitzero"`
	Country  string      `json:"country,omitzero"`
	Regions  []Region    `json:"regions,omitzero"`
	Place    vocab.Place `json:"place,omitzero"` // where the postcode lies
	Contact  string      `json:"contact,omitzero"`
	Email    string      `json:"email,omitzero"`
	Phone    string      `json:"phone,omitzero"`
	URL      string      `json:"url,omitzero"`
	Profile  string      `json:"buyerProfile,omitzero"`
	Roles    []string    `json:"roles,omitzero"`
	At       notice.Path `json:"at,omitzero"`
}

// others are those who neither buy nor have won.
func (b *builder) others() []Party {
	var list []Party
	add := func(role string, all []notice.Organisation) {
		for i := range all {
			p := b.party(&all[i])
			if len(p.Roles) == 0 {
				p.Roles = []string{role}
			}
			list = append(list, p)
		}
	}
	add("further party", b.n.Parties)
	add("member of the market", b.n.Members)
	for i := range b.n.Bidders {
		add("bidder", []notice.Organisation{b.n.Bidders[i].Organisation})
	}
	return list
}

// related are the other procurements that the notice names, by what they are to it.
func related(n *notice.Notice) []Fact {
	list := []Fact{}
	for _, r := range n.Related {
		var as []string
		at := r.Identifier.At
		for _, s := range r.As {
			as = append(as, notice.Label(Line(s.Value)))
			at = firstAt(at, s.At)
		}
		parts := []string{Line(r.Title.Value), r.Scheme, Line(r.Identifier.Value), Line(r.URL.Value)}
		list = append(list, Fact{cmp.Or(notice.Enumerate(as), "related"), strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " "), at})
	}
	return list
}

// party reads an organisation.
func (b *builder) party(o *notice.Organisation) Party {
	p := Party{
		Name: Line(o.Name.Value), IDs: slices.Clone(o.IDs), Type: notice.Label(Line(o.Type.Value)), Scale: scaleWords(Line(o.Scale.Value)),
		Street: Line(o.Street.Value), PostTown: Line(o.Locality.Value), Postcode: Line(o.Postcode.Value), Country: Line(o.Country.Value),
		Contact: Line(o.ContactFor.Value), Email: Line(o.Email.Value), Phone: Line(o.Phone.Value), URL: Line(o.URL.Value),
		Profile: Line(o.Profile.Value), Regions: regions(o.Place.Value.Region), At: firstAt(o.Name.At, o.ID.At),
	}
	for _, role := range o.Roles {
		p.Roles = append(p.Roles, notice.Label(Line(role)))
	}
	if p.IDs == nil {
		p.IDs = []string{}
	}
	if o.VCSE.Known() {
		p.VCSE = &o.VCSE.Value
	}
	if p.Postcode != "" && b.g.Locality != nil {
		p.Place, _ = b.g.Locality(p.Postcode)
	}
	return p
}

func scaleWords(s string) string {
	switch s {
	case "sme":
		return "small or medium-sized enterprise"
	case "large":
		return "large enterprise"
	}
	return s
}

// Address is where it sits, on one line.
func (p Party) Address() string {
	return strings.Join(slices.DeleteFunc([]string{p.Street, p.PostTown, p.Postcode, p.Country}, func(s string) bool { return s == "" }), ", ")
}

// Award is an award: its own value and status, and its contracts' beside it.
type Award struct {
	ID        string     `json:"id"`
	Title     string     `json:"title,omitzero"`
	Status    string     `json:"status,omitzero"`
	Date      *Date      `json:"date,omitzero"`
	Lots      []string   `json:"lots,omitzero"`
	Suppliers []Party    `json:"suppliers"`
	Value     Worth      `json:"value"`
	Runs      Length     `json:"runs,omitzero"`
	Contracts []Contract `json:"contracts"`
	Further   []Fact     `json:"further,omitzero"`
}

// Contract is a contract of an award.
type Contract struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitzero"`
	Status  string `json:"status,omitzero"`
	Signed  *Date  `json:"signed,omitzero"`
	Value   Worth  `json:"value"`
	Runs    Length `json:"runs,omitzero"`
	Further []Fact `json:"further,omitzero"`
}

func (b *builder) awards() []Award {
	list := make([]Award, len(b.n.Awards))
	for i := range b.n.Awards {
		w := &b.n.Awards[i]
		runs := length(w.Runs())
		a := Award{ID: w.ID, Title: Line(w.Title.Value), Status: Line(w.State().Value), Lots: w.Lots, Runs: runs,
			Value: worth(w.Value, runs), Suppliers: []Party{}, Contracts: []Contract{}, Further: further(w, shownOfAward)}
		if w.Date.Known() {
			d := b.date("awarded", w.Date, true)
			a.Date = &d
		}
		for j := range w.Suppliers {
			a.Suppliers = append(a.Suppliers, b.party(&w.Suppliers[j]))
		}
		for j := range w.Contracts {
			c := &w.Contracts[j]
			runs := length(c.Period)
			x := Contract{ID: c.ID, Title: Line(c.Title.Value), Status: Line(c.Status.Value), Value: worth(c.Value, runs), Runs: runs, Further: further(c, shownOfContract)}
			if c.Signed.Known() {
				d := b.date("signed", c.Signed, true)
				x.Signed = &d
			}
			a.Contracts = append(a.Contracts, x)
		}
		list[i] = a
	}
	return list
}
