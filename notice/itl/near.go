package itl

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
func Near(a, b Area) Nearness {
	w := world()
	switch {
	case a.Contains(b):
		return Inside
	case a.Overlaps(b):
		return Overlap
	case w.spread(a, w.same).Overlaps(b):
		return SameITL1
	case w.spread(a, w.adjoin).Overlaps(b):
		return Adjoining
	}
	return Far
}

// spread is the union of what reach gives for each area of a.
func (w *atlas) spread(a Area, reach []Area) (all Area) {
	a.each(func(i int) bool {
		all = all.Union(reach[i])
		return true
	})
	return all
}

// borders are the ITL 1 regions that touch by land, each pair once, by the letters of their codes.
var borders = [...]string{
	"CD", "CE", "CM", // North East: North West, Yorkshire, Scotland
	"DE", "DF", "DG", "DL", "DM", // North West: Yorkshire, both Midlands, Wales, Scotland
	"EF",             // Yorkshire and The Humber: East Midlands
	"FG", "FH", "FJ", // East Midlands: West Midlands, East, South East
	"GJ", "GK", "GL", // West Midlands: South East, South West, Wales
	"HI", "HJ", // East: London, South East
	"IJ", // London: South East
	"JK", // South East: South West
	"KL", // South West: Wales
}

// adjoiningMetres is how far apart the centres of two areas may lie to count as adjoining.
const adjoiningMetres = 60_000

// centre is the middle of an area in hundredths of a degree, north and east.
type centre struct{ north, east int }

// cosines are those of 49 to 61 degrees, in thousandths: whole numbers, so that
// every machine has the same neighbours.
var cosines = [...]int{656, 643, 629, 616, 602, 588, 574, 559, 545, 530, 515, 500, 485}

// within reports whether two centres lie at most so many metres apart.
func (a centre) within(b centre, metres int) bool {
	const metresPerHundredth = 1112
	latitude := (a.north + b.north) / 200
	cos := cosines[min(max(latitude-49, 0), len(cosines)-1)]
	north := (a.north - b.north) * metresPerHundredth
	east := (a.east - b.east) * metresPerHundredth * cos / 1000
	return north*north+east*east <= metres*metres
}

// neighbours fills in, for each area, those of its ITL 1 region and those that adjoin it.
func (w *atlas) neighbours(centres []centre) {
	var bordering ['Z' + 1]['Z' + 1]bool // by the letters of two ITL 1 regions
	for _, pair := range borders {
		bordering[pair[0]][pair[1]] = true
		bordering[pair[1]][pair[0]] = true
	}
	w.same = make([]Area, len(w.areas))
	w.adjoin = make([]Area, len(w.areas))
	for i, a := range w.areas {
		for j, b := range w.areas {
			switch {
			case a[2] == b[2]:
				w.same[i] = w.same[i].with(j)
			case bordering[a[2]][b[2]] && centres[i].within(centres[j], adjoiningMetres):
				w.adjoin[i] = w.adjoin[i].with(j)
			}
		}
	}
}
