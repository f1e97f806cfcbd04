package itl

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// regionsText holds the regions, a line each, its parts apart by tabs:
//
//	TLC31	Hartlepool and Stockton-on-Tees	5459	-131	Hartlepool E06000001;Stockton-on-Tees E06000004
//
// first those of 2025 (code, name and, at level 3, the centre in hundredths of a
// degree north and east and the local authorities in it with their GB-ONS codes), then, after
// the line "2021", those of 2021 (code, name where it differs, and at level 3 the areas of
// 2025 it became, where that is not its own code). A test rebuilds the file from the official
// lists (go test -update).
//
//go:embed regions.txt
var regionsText string

// atlas is all that is known of regions, ready for questions.
type atlas struct {
	areas  []Region          // the ITL 3 areas of 2025, in the order of the bits of an Area
	codes  []Region          // every ITL code of either vintage, in order, the broader first
	places map[Region]place  // by code or name
	names  map[string]Region // by the key of a name
	ons    map[string]Region // by GB-ONS code
	local  map[string]string // names of local authorities by GB-ONS code
	former []alias           // names of 2021 that a code of 2025 no longer has
	same   []Area            // by area: those of its ITL 1 region
	adjoin []Area            // by area: those that adjoin it
}

// world is the atlas, decoded when it is first asked for. The text is part of the
// program: that it cannot be read is a broken build, and the tests read it.
var world = sync.OnceValue(func() *atlas {
	w, err := decode(regionsText)
	if err != nil {
		panic(err)
	}
	return w
})

// decode reads the form described at regionsText and adds the tables of names.go.
func decode(text string) (*atlas, error) {
	w := &atlas{places: map[Region]place{}, ons: map[string]Region{}, local: map[string]string{}}
	later, earlier, found := strings.Cut(text, "\n2021\n")
	if !found {
		return nil, fmt.Errorf("itl: regions.txt has no line 2021")
	}
	authorities, err := w.read2025(later)
	if err != nil {
		return nil, err
	}
	if err := w.read2021(earlier); err != nil {
		return nil, err
	}
	for c := range w.places {
		w.codes = append(w.codes, c)
	}
	slices.SortFunc(w.codes, broaderFirst)
	w.group()
	w.succeed()
	w.nameAll(authorities)
	return w, nil
}

// broaderFirst orders codes by level, then by letters.
func broaderFirst(a, b Region) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(string(a), string(b))
}

// authority is a local authority and the area it lies in.
type authority struct {
	name string
	area Region
}

// read2025 reads the first part of the file. The areas of a broader region are the union of those below it.
func (w *atlas) read2025(text string) ([]authority, error) {
	var authorities []authority
	var centres []centre
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		c := Region(f[0])
		if len(f) < 2 {
			return nil, fmt.Errorf("itl: regions.txt: %q has no name", line)
		}
		w.places[c] = place{name: f[1], level: len(c) - 2, vintages: in2025}
		if len(c) < len("TLC31") {
			continue
		}
		if len(f) != 5 || c[2] < 'A' || c[2] > 'Z' || len(w.areas) == len(Area{})*64 {
			return nil, fmt.Errorf("itl: regions.txt: %q is not an area", line)
		}
		north, err1 := strconv.Atoi(f[2])
		east, err2 := strconv.Atoi(f[3])
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("itl: regions.txt: %q has no centre", line)
		}
		w.cover(c, Area{}.with(len(w.areas)))
		w.areas = append(w.areas, c)
		centres = append(centres, centre{north, east})
		for entry := range strings.SplitSeq(f[4], ";") {
			name, codes := splitAuthority(entry)
			for _, code := range codes {
				w.ons[code] = c
				w.local[code] = name
			}
			if name != "" {
				authorities = append(authorities, authority{name, c})
			}
		}
	}
	if !slices.IsSorted(w.areas) {
		return nil, fmt.Errorf("itl: regions.txt is not in order")
	}
	w.neighbours(centres)
	return authorities, nil
}

// splitAuthority takes "Barnsley E08000038 E08000016" apart.
func splitAuthority(entry string) (name string, codes []string) {
	fields := strings.Fields(entry)
	n := len(fields)
	for n > 0 && isONS(fields[n-1]) {
		n--
	}
	return strings.Join(fields[:n], " "), fields[n:]
}

// isONS reports whether s has the shape of a GB-ONS code: a letter and eight digits.
func isONS(s string) bool {
	return len(s) == 9 && s[0] >= 'A' && s[0] <= 'Z' && strings.Trim(s[1:], "0123456789") == ""
}

// cover adds ground to a region and to those above it.
func (w *atlas) cover(c Region, a Area) {
	for ; len(c) > len("TL"); c = c[:len(c)-1] {
		p := w.places[c]
		p.area = p.area.Union(a)
		w.places[c] = p
	}
}

// read2021 reads the second part of the file. What a code covers is the same in
// both vintages where it stands in both.
func (w *atlas) read2021(text string) error {
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		c := Region(f[0])
		p, both := w.places[c]
		p.vintages |= in2021
		p.level = len(c) - 2
		switch {
		case !both && len(f) < 2:
			return fmt.Errorf("itl: regions.txt: %s has no name", c)
		case !both:
			p.name = f[1]
		case len(f) > 1 && f[1] != "":
			w.former = append(w.former, alias{f[1], c})
		}
		w.places[c] = p
		if len(f) < 3 {
			continue
		}
		var a Area
		for later := range strings.FieldsSeq(f[2]) {
			q, ok := w.places[Region(later)]
			if !ok {
				return fmt.Errorf("itl: regions.txt: %s became %s, which is no region of 2025", c, later)
			}
			a = a.Union(q.area)
		}
		w.cover(c, a)
	}
	return nil
}

// group adds the nations together and the counties.
func (w *atlas) group() {
	for _, g := range groups {
		p := place{name: g.name}
		if g.name == "UK" {
			p.name = "United Kingdom"
		}
		p.area = w.sum(g.parts)
		w.places[Region(g.name)] = p
	}
	for _, g := range counties {
		w.places[Region(g.name)] = place{name: g.name, level: 3, area: w.sum(g.parts)}
	}
}

// sum is the ground of several regions, given as codes apart by blanks.
func (w *atlas) sum(parts string) (a Area) {
	for c := range strings.FieldsSeq(parts) {
		a = a.Union(w.places[Region(c)].area)
	}
	return a
}

// succeed finds for each region what covers it in 2025: itself, or the smallest
// region that holds all of it; of two that are the same ground (TLM2, TLM20) the one of its own level.
func (w *atlas) succeed() {
	for c, p := range w.places {
		p.current = c
		if p.vintages == in2021 {
			p.current = w.smallest(p)
		}
		w.places[c] = p
	}
}

func (w *atlas) smallest(p place) Region {
	best, size := UK, len(w.areas)+1
	for _, c := range w.codes {
		q := w.places[c]
		if q.vintages&in2025 == 0 || !q.area.Contains(p.area) {
			continue
		}
		if n := q.area.Count(); n < size || n == size && q.level == p.level {
			best, size = c, n
		}
	}
	return best
}
