// Package itl knows the International Territorial Levels of the UK (ONS, 2021
// and 2025 vintages), the NUTS codes before them, and the ways notices name places. Every place is
// brought to one canonical set, the 182 ITL 3 areas of 2025, so that both
// vintages, nations and "Any region" compare with each other.
//
// This file says what a Region is; atlas.go reads the embedded tables that
// know them; area.go has sets of areas, near.go how near two of them lie; parse.go reads what people and
// publishers write, with the hand-kept tables of names.go; postcode.go reads postcodes.
package itl

import "slices"

// Region is a canonical name of a place: an ITL code of either vintage
// ("TLG2", "TLG24"), or "UK", "England", "Great Britain", "England and Wales".
// Scotland, Wales and Northern Ireland are TLM, TLL and TLN. A county that no one ITL region covers
// goes by its name ("Staffordshire", which is TLG23 and TLG24). "" is no region.
type Region string

const (
	UK              Region = "UK"
	GreatBritain    Region = "Great Britain"
	EnglandAndWales Region = "England and Wales"
	England         Region = "England"
)

// place is what is known of a region.
type place struct {
	name     string
	level    int
	vintages vintages
	area     Area
	current  Region // what covers it in 2025
}

// vintages says in which editions of the ITL a region stands.
type vintages uint8

const (
	in2021 vintages = 1 << iota
	in2025
)

// Name is the official name, that of 2025 where the region still exists.
func (r Region) Name() string {
	if p, ok := world().places[r]; ok {
		return p.name
	}
	return string(r)
}

// Label is the name with the code: "Shropshire and Staffordshire (TLG2)".
func (r Region) Label() string {
	if name := r.Name(); name != string(r) && r != UK {
		return name + " (" + string(r) + ")"
	}
	return r.Name()
}

// Level is 0 for the UK and groups of nations, else 1, 2 or 3; a county that has
// no code of its own counts as 3, being made of such areas.
func (r Region) Level() int { return world().places[r].level }

// Nationwide reports whether the region is the UK or a group of nations including England, or England.
func (r Region) Nationwide() bool {
	return r == UK || r == GreatBritain || r == EnglandAndWales || r == England
}

// Ancestors lists the regions of the same vintage that contain r, nearest first, ending in UK.
// England is among them, as Scotland, Wales and Northern Ireland are.
func (r Region) Ancestors() []Region {
	p, ok := world().places[r]
	if !ok || r == UK {
		return nil
	}
	var list []Region
	switch {
	case p.level == 0:
	case p.vintages != 0:
		for up := r[:len(r)-1]; len(up) > len("TL"); up = up[:len(up)-1] {
			list = append(list, up)
		}
	default: // a county: what covers it in 2025
		for _, level := range []int{2, 1} {
			for _, up := range Regions(2025, level) {
				if up.Area().Contains(p.area) {
					list = append(list, up)
				}
			}
		}
	}
	for _, group := range []Region{England, UK} {
		if r != group && group.Area().Contains(p.area) {
			list = append(list, group)
		}
	}
	return list
}

// Current is the 2025 region that covers r: r itself where it is 2025, else by
// the official crosswalk; where r was split, the smallest 2025 region that holds all of it.
func (r Region) Current() Region {
	if p, ok := world().places[r]; ok {
		return p.current
	}
	return r
}

// Area is the set of ITL 3 (2025) areas the region covers.
func (r Region) Area() Area { return world().places[r].area }

// Areas lists the 182 areas that an Area is a set of, in the order of its bits.
func Areas() []Region { return slices.Clone(world().areas) }

// Regions lists every region of a vintage (2021 or 2025) at a level, in order; at level 0
// the UK and the groups of nations, which are of every vintage.
func Regions(vintage, level int) []Region {
	if level == 0 {
		return []Region{UK, GreatBritain, EnglandAndWales, England}
	}
	want := map[int]vintages{2021: in2021, 2025: in2025}[vintage]
	w := world()
	var list []Region
	for _, c := range w.codes {
		if p := w.places[c]; p.level == level && p.vintages&want != 0 {
			list = append(list, c)
		}
	}
	return list
}

// In reports whether the region stands in a vintage (2021 or 2025).
func (r Region) In(vintage int) bool {
	return world().places[r].vintages&map[int]vintages{2021: in2021, 2025: in2025}[vintage] != 0
}

// Children lists the regions right below r, in order: of 2025 where r is of
// 2025 or a group of nations, else of 2021; below a county its ITL 3 areas.
func (r Region) Children() []Region {
	p, ok := world().places[r]
	if !ok {
		return nil
	}
	vintage, level := 2025, p.level+1
	switch {
	case p.vintages == in2021:
		vintage = 2021
	case p.vintages == 0 && p.level == 3:
		level = 3
	}
	var list []Region
	for _, c := range Regions(vintage, level) {
		if p.area.Contains(c.Area()) {
			list = append(list, c)
		}
	}
	return list
}

// Authorities lists the names of the local authorities in r, in order.
func (r Region) Authorities() []string {
	w := world()
	area := r.Area()
	var names []string
	for code, name := range w.local {
		if area.Contains(w.ons[code].Area()) && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
