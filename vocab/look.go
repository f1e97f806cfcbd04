package vocab

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// ErrUnknown is wrapped by the error of looking up what is no code here.
var ErrUnknown = errors.New("not found")

// Hit is a code or a region that was found by words.
type Hit struct {
	Named
	// What says what it is: "CPV class", "ITL 2".
	What  string  `json:"what"`
	Above []Named `json:"above,omitzero"` // nearest first
	// Notices is how many notices in the store carry it or something below it; nil where nobody counted.
	Notices *uint64 `json:"notices,omitzero"`

	CPV    cpv.Code   `json:"-"` // one of the two is set
	Region itl.Region `json:"-"`
}

// Search lists up to n CPV codes and up to n regions whose names mention the words, the
// best first. The names of codes are those built in and, over them, the ones given.
func Search(words string, names cpv.Names, n int) []Hit {
	var hits []Hit
	for _, c := range cpv.NewFinder(names).Find(words, n) {
		hits = append(hits, codeHit(c, names))
	}
	for _, r := range itl.Find(words, n) {
		hits = append(hits, regionHit(r))
	}
	return hits
}

func codeHit(c cpv.Code, names cpv.Names) Hit {
	h := Hit{Named: codeNamed(c, names), What: "CPV " + c.Level().Words(), CPV: c}
	for _, a := range c.Ancestors() {
		h.Above = append(h.Above, codeNamed(a, names))
	}
	return h
}

// codeNamed is a code with the name of its own, "" where it has none.
func codeNamed(c cpv.Code, names cpv.Names) Named {
	name, of := names.Of(c)
	if of != c {
		name = ""
	}
	return Named{c.String(), name}
}

func regionHit(r itl.Region) Hit {
	h := Hit{Named: regionNamed(r), What: regionKind(r), Region: r}
	for _, a := range r.Ancestors() {
		h.Above = append(h.Above, regionNamed(a))
	}
	return h
}

func regionNamed(r itl.Region) Named { return Named{string(r), r.Name()} }

// regionKind says what a region is: a level of ITL, of 2021 where 2025 has it no more, or a place without a code.
func regionKind(r itl.Region) string {
	switch {
	case r.In(2025):
		return fmt.Sprintf("ITL %d", r.Level())
	case r.In(2021):
		return fmt.Sprintf("ITL %d of 2021", r.Level())
	case r.Level() == 0:
		return "nation or nations"
	}
	return "county"
}

// Card is all that is known of one code, region, area or postcode.
type Card struct {
	Hit
	Below []Named `json:"below,omitzero"`
	// Place is where a postcode or an outward code lies.
	Place *Place `json:"place,omitzero"`
	// Was are codes of the edition before that became this one or a part of it, Became what covers it in the present one.
	Was    []Named `json:"was,omitzero"`
	Became []Named `json:"became,omitzero"`
	// Authorities are the local authorities in a region, or of a ward; Constituencies are those of a ward.
	Authorities    []Named `json:"localAuthorities,omitzero"`
	Constituencies []Named `json:"constituencies,omitzero"`
	// Called is what publishers call a code in their notices.
	Called string   `json:"called,omitzero"`
	Notes  []string `json:"notes,omitzero"`
}

// Look tells what is known of a CPV code in any spelling, of CPV 2003 too; an ITL code of either edition or a
// region by its name; a code of the ONS; a postcode or an outward code. The error wraps ErrUnknown where it is nothing
// of the kind. With an error that is a DamagedError comes what is known without the table.
func (v *Vocab) Look(s string, names cpv.Names) (Card, error) {
	text := strings.TrimSpace(s)
	if card, err := lookCPV(text, names); card != nil || err != nil {
		return deref(card), err
	}
	if card, err := v.lookArea(text); card != nil {
		return *card, err
	}
	r, rerr := itl.Parse(text)
	if rerr == nil {
		return v.lookRegion(r)
	}
	if place, ok, err := v.Postcode(text); ok {
		what := "postcode"
		if _, in, _ := itl.Postcode(text); in == "" {
			what = "outward code"
		}
		return Card{Hit: Hit{Named: Named{Code: place.Postcode}, What: what}, Place: &place}, err
	}
	return Card{}, fmt.Errorf("%w: %w; CPV codes, ITL codes and names, ONS codes and postcodes can be shown, \"vocab search\" finds them by words", ErrUnknown, rerr)
}

func deref(card *Card) Card {
	if card == nil {
		return Card{}
	}
	return *card
}

// lookCPV is for what begins with digits, or says CPV. Fewer than eight digits are those of a broad code.
func lookCPV(text string, names cpv.Names) (*Card, error) {
	digits := text
	if len(digits) > 3 && strings.EqualFold(digits[:3], "CPV") {
		digits = strings.TrimLeft(digits[3:], " :-\u00a0")
	}
	if digits == "" || !isDigit(digits[0]) {
		return nil, nil
	}
	var notes []string
	body, _, _ := strings.Cut(digits, "-")
	short := len(body) >= int(cpv.Division) && len(body) < 8 && strings.Trim(body, "0123456789") == ""
	if short {
		digits = (body + "00000000")[:8]
	}
	c, err := cpv.Parse(digits)
	if err != nil && len(body) == 9 && body == digits { // the check digit without its hyphen
		c, err = cpv.Parse(body[:8])
	}
	if err != nil {
		var old cpv.Code
		if old.UnmarshalText([]byte(body)) == nil {
			if later, ok := cpv.FromCPV2003(old); ok {
				notes = append(notes, fmt.Sprintf("%s is a code of CPV 2003; CPV 2008 has %s for it", old, later))
				c, err = later, nil
			}
		}
	}
	if err != nil {
		if short {
			_, err = cpv.Parse(text)
		}
		return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	card := &Card{Hit: codeHit(c, names), Notes: notes}
	for _, d := range c.Children() {
		card.Below = append(card.Below, codeNamed(d, names))
	}
	for _, old := range cpv.ToCPV2003(c) {
		card.Was = append(card.Was, Named{Code: old.String()})
	}
	if card.Name == "" {
		name, of := names.Of(c)
		card.Notes = append(card.Notes, fmt.Sprintf("its own name is not built in: it stands under %s %s; \"vocab import\" reads the CPV table of the EU", of, name))
	}
	return card, nil
}

// lookRegion also tells of the newer lists what they call the region.
func (v *Vocab) lookRegion(r itl.Region) (Card, error) {
	card := Card{Hit: regionHit(r)}
	for _, c := range r.Children() {
		card.Below = append(card.Below, regionNamed(c))
	}
	for _, name := range r.Authorities() {
		card.Authorities = append(card.Authorities, Named{Name: name})
	}
	switch {
	case r.In(2025) && r.In(2021):
		card.Notes = append(card.Notes, "the code is of ITL 2021 and 2025")
	case r.In(2025):
		card.Notes = append(card.Notes, "the code is new in ITL 2025")
		for _, old := range itl.Regions(2021, r.Level()) {
			if old.Area().Overlaps(r.Area()) {
				card.Was = append(card.Was, regionNamed(old))
			}
		}
	case r.In(2021):
		card.Notes = append(card.Notes, "the code is of ITL 2021 and not of 2025")
		for _, later := range itl.Regions(2025, r.Level()) {
			if later.Area().Overlaps(r.Area()) {
				card.Became = append(card.Became, regionNamed(later))
			}
		}
	}
	e, ok, err := v.Area(string(r))
	if ok && e.Name != "" && e.Name != r.Name() {
		card.Notes = append(card.Notes, fmt.Sprintf("an imported list of %s calls it %s", e.Edition, e.Name))
	}
	return card, err
}

// lookArea is for codes of the ONS: what the lists say, else what is built in.
func (v *Vocab) lookArea(text string) (*Card, error) {
	code := areaCode([]byte(text))
	if len(code) != codeSize {
		return nil, nil
	}
	e, listed, err := v.Area(code)
	r, rerr := itl.FromGazetteer(code)
	if !listed && rerr != nil {
		return nil, nil
	}
	if itl.Authority(code) == "" && !listed { // a nation, a region or a county
		card, err := v.lookRegion(r)
		card.Notes = append(card.Notes, "its code of the ONS is "+code)
		return &card, err
	}
	card := &Card{Hit: Hit{What: "local authority", Region: r}}
	if listed {
		card.What = e.What
		card.Notes = append(card.Notes, "of an imported list, edition "+e.Edition)
	}
	v.with(func(names map[string]Entry) {
		card.Named = name(names, code)
		for _, a := range e.Authorities {
			card.Authorities = append(card.Authorities, name(names, a))
			if rerr != nil {
				r, rerr = itl.FromGazetteer(a)
			}
		}
		for _, c := range e.Constituencies {
			card.Constituencies = append(card.Constituencies, name(names, c))
		}
		for _, i := range e.Regions {
			if i != string(r) {
				card.Became = append(card.Became, name(names, i))
			}
		}
	})
	if rerr == nil {
		card.Above = append([]Named{regionNamed(r)}, regionHit(r).Above...)
	}
	return card, err
}

// with lends the names at hand.
func (v *Vocab) with(use func(names map[string]Entry)) {
	if v == nil {
		use(nil)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	names, _ := v.namesLocked() // Area has told of the error
	use(names)
}

// Node is a code or a region with those below it.
type Node struct {
	Named
	Below []Node `json:"below,omitzero"`
}

// Tree is a CPV code or a region and so many levels below it; of "" the divisions of the
// CPV. The error wraps ErrUnknown.
func (v *Vocab) Tree(s string, names cpv.Names, depth int) ([]Node, error) {
	if strings.TrimSpace(s) == "" {
		var list []Node
		for _, c := range cpv.Codes() {
			if c.Level() == cpv.Division {
				list = append(list, codeNode(c, names, depth-1))
			}
		}
		return list, nil
	}
	card, err := v.Look(s, names)
	if err != nil && !errors.As(err, new(*DamagedError)) {
		return nil, err
	}
	switch {
	case card.CPV != 0:
		return []Node{codeNode(card.CPV, names, depth)}, nil
	case card.Region != "":
		return []Node{regionNode(card.Region, depth)}, nil
	}
	return nil, fmt.Errorf("%w: %q is a %s; a tree has CPV codes or regions", ErrUnknown, s, card.What)
}

func codeNode(c cpv.Code, names cpv.Names, depth int) Node {
	n := Node{Named: codeNamed(c, names)}
	if depth > 0 {
		for _, d := range c.Children() {
			n.Below = append(n.Below, codeNode(d, names, depth-1))
		}
	}
	return n
}

func regionNode(r itl.Region, depth int) Node {
	n := Node{Named: regionNamed(r)}
	if depth > 0 {
		children := r.Children()
		if r == itl.UK { // England is made of the regions that would stand here beside Scotland
			children = slices.DeleteFunc(children, func(c itl.Region) bool { return itl.England.Area().Contains(c.Area()) })
			children = append([]itl.Region{itl.England}, children...)
		}
		for _, c := range children {
			n.Below = append(n.Below, regionNode(c, depth-1))
		}
	}
	return n
}
