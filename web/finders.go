package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"bidfit/desk"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// finder is a field whose entries are looked for: CPV codes or regions.
type finder struct {
	Kind   string // cpv or itl
	Name   string // of the field
	Action string // of the form around it; "" where it is fetched
	Query  string
	Found  []pick // for the query
	Chosen []pick
	// Above lead down to Opened, below which are Rows; the zero Opened is the top.
	Above  []pick
	Opened pick
	Rows   []pick
	// Wide are more than one region; Tiles the map of those of ITL 1.
	Wide  []pick
	Tiles []tile
}

// pick is something that can be ticked.
type pick struct {
	Value, Name string
	Open        int
	Within      string // the names of what it is part of
	Chosen      bool
	Deeper      bool // there is more below
}

// Code is the code of a pick; "" where it goes by its name.
func (p pick) Code() string {
	if p.Value == p.Name {
		return ""
	}
	return p.Value
}

// tile is a region on the map.
type tile struct {
	pick
	// Heat is how many notices it has beside the region with most, in percent; Cold is the rest.
	Heat, Cold int
	Parts      int // of it that are ticked
}

// mostFound is how many codes or regions a finder lists.
const mostFound = 12

// cpvFinder looks for codes by words or digits, and opens one.
func (s *server) cpvFinder(ctx context.Context, query, open string, chosen []string) (finder, error) {
	f := finder{Kind: "cpv", Name: "cpv", Query: strings.TrimSpace(query)}
	pickOf := func(n desk.CPVName) pick {
		v := n.Code.String()
		return pick{Value: v, Name: n.Name, Open: n.Open, Chosen: slices.Contains(chosen, v), Deeper: len(n.Code.Children()) > 0}
	}
	var known []cpv.Code
	for _, v := range chosen {
		if c, err := cpv.Parse(v); err == nil {
			known = append(known, c)
		}
	}
	names, err := s.Desk.NameCPV(ctx, known)
	if err != nil {
		return f, err
	}
	for _, v := range chosen {
		p := pick{Value: v, Name: "not a code", Chosen: true}
		if i := slices.IndexFunc(names, func(n desk.CPVName) bool { return n.Code.String() == v }); i >= 0 {
			p = pickOf(names[i])
		}
		f.Chosen = append(f.Chosen, p)
	}
	if f.Query != "" {
		found, err := s.Desk.FindCPV(ctx, f.Query, mostFound)
		if err != nil {
			return f, err
		}
		for _, x := range found {
			p := pickOf(x.CPVName)
			if n := len(x.Parents); n > 0 {
				p.Within = within(x.Parents[0].Name, x.Parents[n-1].Name)
			}
			f.Found = append(f.Found, p)
		}
	}
	c, err := cpv.Parse(open)
	if err != nil { // at the top
		top, err := s.Desk.FindCPV(ctx, "", 100)
		for _, x := range top {
			f.Rows = append(f.Rows, pickOf(x.CPVName))
		}
		return f, err
	}
	opened, err := s.Desk.FindCPV(ctx, c.String(), 1)
	if err != nil || len(opened) == 0 {
		return f, err
	}
	f.Opened = pickOf(opened[0].CPVName)
	for _, x := range slices.Backward(opened[0].Parents) {
		f.Above = append(f.Above, pickOf(x))
	}
	for _, x := range opened[0].Children {
		f.Rows = append(f.Rows, pickOf(x))
	}
	return f, nil
}

// within says what something is part of: the nearest, and the broadest.
func within(nearest, broadest string) string {
	if nearest == broadest {
		return "in " + nearest
	}
	return "in " + nearest + ", " + broadest
}

// wideRegions are more than one region of ITL 1.
var wideRegions = []itl.Region{itl.UK, itl.GreatBritain, itl.EnglandAndWales, itl.England}

// itlFinder looks for regions by words, codes or postcodes, opens one, and draws the map.
func (s *server) itlFinder(ctx context.Context, query, open string, chosen []string) (finder, error) {
	f := finder{Kind: "itl", Name: "regions", Query: strings.TrimSpace(query)}
	pickOf := func(n desk.ITLName) pick {
		v := string(n.Region)
		return pick{Value: v, Name: n.Name, Open: n.Open, Chosen: slices.Contains(chosen, v), Deeper: len(n.Region.Children()) > 0}
	}
	tiles, err := s.Desk.Regions(ctx, 1)
	if err != nil {
		return f, err
	}
	most := 1
	for _, n := range tiles {
		most = max(most, n.Open)
	}
	onMap := slices.Clone(wideRegions)
	for _, n := range tiles {
		t := tile{pick: pickOf(n), Heat: 100 * n.Open / most}
		t.Name = strings.TrimSuffix(t.Name, " (England)")
		t.Cold = 100 - t.Heat
		for _, v := range chosen {
			if slices.Contains(itl.Region(v).Ancestors(), n.Region) {
				t.Parts++
			}
		}
		f.Tiles = append(f.Tiles, t)
		onMap = append(onMap, n.Region)
	}
	names, err := s.Desk.NameITL(ctx, wideRegions)
	if err != nil {
		return f, err
	}
	for _, n := range names {
		f.Wide = append(f.Wide, pickOf(n))
	}
	f.Wide[0].Name = "Anywhere in the UK"
	var known []itl.Region
	for _, v := range chosen {
		if r, err := itl.Parse(v); err == nil && string(r) == v {
			known = append(known, r)
		}
	}
	if names, err = s.Desk.NameITL(ctx, known); err != nil {
		return f, err
	}
	for _, v := range chosen {
		p := pick{Value: v, Name: "not a region", Chosen: true}
		if i := slices.IndexFunc(names, func(n desk.ITLName) bool { return string(n.Region) == v }); i >= 0 {
			p = pickOf(names[i])
		}
		if !slices.Contains(onMap, itl.Region(v)) {
			f.Chosen = append(f.Chosen, p)
		}
	}
	if f.Query != "" {
		found, err := s.Desk.FindITL(ctx, f.Query, mostFound)
		if err != nil {
			return f, err
		}
		for _, x := range found {
			p := pickOf(x.ITLName)
			for _, a := range x.Parents {
				if a.Region.Level() == 1 {
					p.Within = within(x.Parents[0].Name, a.Name)
				}
			}
			f.Found = append(f.Found, p)
		}
	}
	r, err := itl.Parse(open)
	if err != nil {
		return f, nil // nothing is opened: the map is the top
	}
	above := r.Ancestors()
	below := r.Children()
	names, err = s.Desk.NameITL(ctx, append(append([]itl.Region{r}, above...), below...))
	if err != nil {
		return f, err
	}
	f.Opened = pickOf(names[0])
	for _, n := range slices.Backward(names[1 : 1+len(above)]) {
		if n.Region.Level() > 0 {
			f.Above = append(f.Above, pickOf(n))
		}
	}
	for _, n := range names[1+len(above):] {
		f.Rows = append(f.Rows, pickOf(n))
	}
	return f, nil
}

// findCPV answers a finder of codes: ?q= the words or digits looked for, ?under= the code that is opened, ?as=options the
// entries of a list box. With Accept: application/json it is what the desk found.
func (s *server) findCPV(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	if wantsJSON(r) {
		found, err := s.Desk.FindCPV(ctx, cmp.Or(strings.TrimSpace(q.Get("q")), q.Get("under")), mostFound)
		return sendJSON(w, found, err)
	}
	f, err := s.cpvFinder(ctx, q.Get("q"), q.Get("under"), nil)
	return s.found(w, r, f, err)
}

// findITL is findCPV for regions.
func (s *server) findITL(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	if wantsJSON(r) {
		found, err := s.Desk.FindITL(ctx, cmp.Or(strings.TrimSpace(q.Get("q")), q.Get("under")), mostFound)
		return sendJSON(w, found, err)
	}
	f, err := s.itlFinder(ctx, q.Get("q"), q.Get("under"), nil)
	return s.found(w, r, f, err)
}

func (s *server) found(w http.ResponseWriter, r *http.Request, f finder, err error) error {
	if err != nil {
		return err
	}
	part := "finder-browse"
	switch {
	case r.URL.Query().Get("as") == "options":
		part = "finder-options"
	case f.Query != "":
		part = "finder-found"
	}
	return s.write(w, 0, "profile-form", part, f)
}

// sendJSON writes what the desk answered.
func sendJSON(w http.ResponseWriter, v any, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return desk.WriteJSON(w, v)
}
