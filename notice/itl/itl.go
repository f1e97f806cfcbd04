// Package itl knows the International Territorial Levels of the UK (ONS, 2021
// and 2025 vintages), the NUTS codes before them, and the ways notices name places. Every place is
// brought to one canonical set, the 182 ITL 3 areas of 2025, so that both
// vintages, nations and "Any region" compare with each other.
package itl

// Region is a canonical name of a place: an ITL code of either vintage
// ("TLG2", "TLG24"), or "UK", "England", "Great Britain", "England and Wales".
// Scotland, Wales and Northern Ireland are TLM, TLL and TLN. "" is no region.
type Region string

const UK Region = "UK"

// Parse reads what people and publishers write: ITL codes ("TLG2"), the same
// with UK for TL ("UKG2"), NUTS codes that were renumbered, names of regions and nations, and
// "UK". Bare "TL" is Timor-Leste and an error, as are other countries; the error suggests the nearest region.
func Parse(s string) (Region, error) { panic("itl") }

// FromPostcode gives the ITL 3 (2025) area of a UK postcode or outward code: from
// the outward code where it is known (right for 94 %), else an ITL 1 from its postcode area.
func FromPostcode(s string) (Region, error) { panic("itl") }

// FromGazetteer reads a GB-ONS code of a country, county or borough ("K02000001", "E10000028").
func FromGazetteer(id string) (Region, error) { panic("itl") }

// Name is the official name; Label is "Shropshire and Staffordshire (TLG2)".
func (r Region) Name() string  { panic("itl") }
func (r Region) Label() string { panic("itl") }

// Level is 0 for the UK and groups of nations, else 1, 2 or 3.
func (r Region) Level() int { panic("itl") }

// Nationwide reports whether the region is the UK or a group of nations including England, or England.
func (r Region) Nationwide() bool { panic("itl") }

// Ancestors lists the regions of the same vintage that contain r, nearest first, ending in UK.
func (r Region) Ancestors() []Region { panic("itl") }

// Current is the 2025 region that covers r: r itself where it is 2025, else by
// the official crosswalk; where r was split, the smallest 2025 region that holds all of it.
func (r Region) Current() Region { panic("itl") }

// Area is the set of ITL 3 (2025) areas the region covers.
func (r Region) Area() Area { panic("itl") }

// Area is a set of ITL 3 (2025) areas.
type Area [3]uint64

func (a Area) Union(b Area) Area    { panic("itl") }
func (a Area) Contains(b Area) bool { panic("itl") } // b lies wholly in a; false for an empty b
func (a Area) Overlaps(b Area) bool { panic("itl") }
func (a Area) IsEmpty() bool        { panic("itl") }
func (a Area) Count() int           { panic("itl") }

// Nearness is how close two areas lie.
type Nearness int

const (
	Far       Nearness = iota
	Adjoining          // in ITL 1 regions that border each other, centres of the nearest parts within 60 km
	SameITL1           // in the same ITL 1 region, apart
	Overlap            // share ground
	Inside             // the second lies wholly in the first
)

// Near tells how b lies to a.
func Near(a, b Area) Nearness { panic("itl") }

// Regions lists every region of a vintage (2021 or 2025) at a level, in order.
func Regions(vintage, level int) []Region { panic("itl") }

// Find lists up to n regions whose names mention the words or whose code starts with them, best first.
func Find(query string, n int) []Region { panic("itl") }
