package itl

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"bidfit/notice/noticetest"
)

// all lists every region there is.
func all() []Region { return slices.Sorted(maps.Keys(world().places)) }

func TestNameAndLabel(t *testing.T) {
	for r, want := range map[Region][2]string{
		"TLG2":          {"Shropshire and Staffordshire", "Shropshire and Staffordshire (TLG2)"},
		"TLH":           {"East (England)", "East (England) (TLH)"},
		"TLH14":         {"Suffolk CC", "Suffolk CC (TLH14)"},
		"TLE22":         {"North Yorkshire", "North Yorkshire (TLE22)"},
		"UK":            {"United Kingdom", "United Kingdom"},
		"England":       {"England", "England"},
		"Staffordshire": {"Staffordshire", "Staffordshire"},
		"":              {"", ""},
		"TLZZ":          {"TLZZ", "TLZZ"},
	} {
		if name, label := r.Name(), r.Label(); name != want[0] || label != want[1] {
			t.Errorf("%q is %q, %q; want %q", r, name, label, want)
		}
	}
}

func TestChildren(t *testing.T) {
	for r, want := range map[Region][]Region{
		"TLG2": {"TLG21", "TLG22", "TLG23", "TLG24"}, "TLG24": nil, "TLM2": {"TLM20"}, "England": {"TLC", "TLD", "TLE", "TLF", "TLG", "TLH", "TLI", "TLJ", "TLK"},
		"TLH1": {"TLH11", "TLH12", "TLH14", "TLH15", "TLH16", "TLH17"}, "Staffordshire": {"TLG23", "TLG24"}, "nowhere": nil,
	} {
		if got := r.Children(); !slices.Equal(got, want) {
			t.Errorf("%s holds %v, want %v", r, got, want)
		}
	}
	// Every region of 2025 is a child of what stands above it, and of nothing else of its vintage.
	for _, level := range []int{2, 3} {
		for _, r := range Regions(2025, level) {
			if up := r.Ancestors()[0]; !slices.Contains(up.Children(), r) {
				t.Errorf("%s is no child of %s", r, up)
			}
		}
	}
}

func TestAuthorities(t *testing.T) {
	if got, want := Region("TLH14").Authorities(), []string{"Babergh", "East Suffolk", "Ipswich", "Mid Suffolk", "West Suffolk"}; !slices.Equal(got, want) {
		t.Errorf("TLH14 has %v, want %v", got, want)
	}
	for code, want := range map[string]string{"E07000197": "Stafford", "S30000026": "Aberdeen City", "E08000016": "Barnsley", "E08000038": "Barnsley", "E10000028": "", "": ""} {
		if got := Authority(code); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	if got := len(Region("UK").Authorities()); got < 350 {
		t.Errorf("the UK has %d local authorities", got)
	}
	if !Region("TLG24").In(2025) || !Region("TLG24").In(2021) || Region("TLH14").In(2025) || Region("UK").In(2021) {
		t.Error("In is wrong about TLG24, TLH14 or UK")
	}
}

func TestPostcode(t *testing.T) {
	for s, want := range map[string][2]string{
		"ST18 0YY": {"ST18", "0YY"}, "st180yy": {"ST18", "0YY"}, "ST18": {"ST18", ""}, "EC1A 1": {"EC1A", "1"}, " W1A 1AA ": {"W1A", "1AA"},
	} {
		if out, in, ok := Postcode(s); !ok || out != want[0] || in != want[1] {
			t.Errorf("%q is %q and %q, %v", s, out, in, ok)
		}
	}
	for _, s := range []string{"", "Stafford", "ST18 YY0", "18 0YY"} {
		if out, in, ok := Postcode(s); ok {
			t.Errorf("%q is %q and %q", s, out, in)
		}
	}
}

func TestAncestors(t *testing.T) {
	for r, want := range map[Region][]Region{
		"TLG24":             {"TLG2", "TLG", "England", "UK"},
		"TLG":               {"England", "UK"},
		"TLH14":             {"TLH1", "TLH", "England", "UK"},
		"TLM82":             {"TLM8", "TLM", "UK"},
		"TLN":               {"UK"},
		"Staffordshire":     {"TLG2", "TLG", "England", "UK"},
		"Sussex":            {"TLJ2", "TLJ", "England", "UK"},
		"Inner London":      {"TLI", "England", "UK"},
		"South Wales":       {"TLL", "UK"},
		"England":           {"UK"},
		"England and Wales": {"UK"},
		"UK":                nil,
		"":                  nil,
		"Narnia":            nil,
	} {
		if got := r.Ancestors(); !slices.Equal(got, want) {
			t.Errorf("above %q stand %q, want %q", r, got, want)
		}
	}
	for _, r := range all() {
		for _, up := range r.Ancestors() {
			if !up.Area().Contains(r.Area()) {
				t.Errorf("%q does not hold %q", up, r)
			}
		}
	}
}

func TestCurrent(t *testing.T) {
	for r, want := range map[Region]Region{
		"TLG24": "TLG24", "TLG2": "TLG2", "UK": "UK", "England": "England", "Staffordshire": "Staffordshire",
		"TLC11": "TLC31",                  // renumbered
		"TLH14": "TLH6",                   // split into four
		"TLM6":  "TLM2", "TLM61": "TLM20", // made one
		"TLH1":  "TLH",                                                      // taken apart
		"TLI32": "TLI35", "TLI31": "TLI3", "TLJ11": "TLJ1", "TLH23": "TLH2", // parts of larger ones
		"TLE31": "TLE3", "": "", "Narnia": "Narnia",
	} {
		if got := r.Current(); got != want {
			t.Errorf("%q is now %q, want %q", r, got, want)
		}
	}
	for _, r := range all() {
		now := r.Current()
		if !now.Area().Contains(r.Area()) {
			t.Errorf("%q does not hold %q", now, r)
		}
		if p := world().places[now]; p.vintages == in2021 || now.Current() != now {
			t.Errorf("%q became %q, which is not of 2025", r, now)
		}
	}
}

func TestNationwide(t *testing.T) {
	for _, r := range all() {
		want := slices.Contains([]Region{"UK", "England", "Great Britain", "England and Wales"}, r)
		if r.Nationwide() != want {
			t.Errorf("%q is nationwide: %v", r, !want)
		}
	}
}

func TestLevels(t *testing.T) {
	for _, test := range []struct{ vintage, level, want int }{
		{2021, 1, 12}, {2021, 2, 41}, {2021, 3, 179},
		{2025, 1, 12}, {2025, 2, 46}, {2025, 3, 182},
		{2021, 0, 4}, {2025, 0, 4}, {2003, 1, 0}, {2025, 4, 0},
	} {
		list := Regions(test.vintage, test.level)
		if len(list) != test.want {
			t.Errorf("%d regions of %d at level %d, want %d", len(list), test.vintage, test.level, test.want)
		}
		for _, r := range list {
			if r.Level() != test.level {
				t.Errorf("%q is at level %d, want %d", r, r.Level(), test.level)
			}
		}
		if test.level > 0 && !slices.IsSorted(list) {
			t.Errorf("%q is not in order", list)
		}
	}
	if !slices.Equal(Areas(), Regions(2025, 3)) {
		t.Error("the areas are not the ITL 3 regions of 2025")
	}
}

// TestAreasAddUp: a region is the union of those below it, in both vintages, and
// what a vintage says of the whole is the whole.
func TestAreasAddUp(t *testing.T) {
	for i, r := range Areas() {
		if r.Area() != (Area{}).with(i) {
			t.Errorf("%q is not area %d", r, i)
		}
	}
	for _, vintage := range []int{2021, 2025} {
		for level := 1; level <= 2; level++ {
			for _, r := range Regions(vintage, level) {
				var sum Area
				for _, below := range Regions(vintage, level+1) {
					if strings.HasPrefix(string(below), string(r)) {
						sum = sum.Union(below.Area())
					}
				}
				if sum != r.Area() {
					t.Errorf("%d: %q covers %d areas, those below it %d", vintage, r, r.Area().Count(), sum.Count())
				}
			}
		}
		var sum Area
		for _, r := range Regions(vintage, 1) {
			if sum.Overlaps(r.Area()) {
				t.Errorf("%d: %q overlaps another", vintage, r)
			}
			sum = sum.Union(r.Area())
		}
		if sum != UK.Area() || sum.Count() != 182 {
			t.Errorf("%d: %d areas, want 182", vintage, sum.Count())
		}
	}
	for _, r := range all() {
		if r.Area().IsEmpty() {
			t.Errorf("%q covers nothing", r)
		}
	}
	if !Region("Narnia").Area().IsEmpty() || !Region("").Area().IsEmpty() {
		t.Error("no region covers something")
	}
	if got := England.Area().Count() + Region("TLL").Area().Count(); got != EnglandAndWales.Area().Count() {
		t.Errorf("England and Wales have %d areas, want %d", EnglandAndWales.Area().Count(), got)
	}
}

func TestAreaSets(t *testing.T) {
	staffs, shire, north := Region("TLG2").Area(), Region("TLG24").Area(), Region("TLN").Area()
	switch {
	case !staffs.Contains(shire), shire.Contains(staffs), staffs.Contains(Area{}), (Area{}).Contains(staffs):
		t.Error("Contains")
	case !staffs.Overlaps(shire), staffs.Overlaps(north), staffs.Overlaps(Area{}):
		t.Error("Overlaps")
	case staffs.Union(north).Count() != staffs.Count()+north.Count(), staffs.Union(shire) != staffs:
		t.Error("Union")
	}
}

func TestNear(t *testing.T) {
	for _, test := range []struct {
		a, b Region
		want Nearness
	}{
		{"TLG2", "TLG24", Inside},
		{"UK", "TLG24", Inside},
		{"TLG", "Staffordshire", Inside},
		{"TLM20", "TLM6", Inside},
		{"TLG24", "TLG2", Overlap},
		{"TLG24", "UK", Overlap},
		{"TLG24", "TLG31", SameITL1},
		{"TLG24", "TLD62", Adjoining}, // Staffordshire and Cheshire East
		{"TLG24", "TLF11", Adjoining}, // and Derby
		{"TLG24", "TLD11", Far},       // Cumbria lies in a bordering region, but far off
		{"TLG24", "TLE32", Far},       // Yorkshire does not border the West Midlands
		{"TLN06", "TLM92", Far},       // the sea lies between
		{"TLK11", "TLL54", Adjoining}, // Bristol and Newport
		{"TLC42", "TLM91", Adjoining}, // Northumberland and the Scottish Borders, across the nations
		{"TLG22", "TLL41", Far},       // Shropshire and Mid Wales touch; their centres lie 64 km apart
		{"TLI42", "TLH37", Adjoining}, // the East End and Thames-side Essex
		{"", "TLG2", Far},
		{"TLG2", "", Far},
		{"", "", Far},
	} {
		if got := Near(test.a.Area(), test.b.Area()); got != test.want {
			t.Errorf("%s to %s is %d, want %d", test.b, test.a, got, test.want)
		}
	}
	for _, r := range all() {
		for _, s := range []Region{"TLG24", "TLG", "TLM20", "England", "UK"} {
			there, back := Near(r.Area(), s.Area()), Near(s.Area(), r.Area())
			if there != back && min(there, back) < Overlap {
				t.Errorf("%q and %q are near by %d one way and %d the other", r, s, there, back)
			}
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]Region{
		"TLG2": "TLG2", "UKG2": "TLG2", "ukg24": "TLG24", " UKI ": "TLI", "UK": "UK", "uk": "UK",
		"UKK21": "TLK24", "UKK22": "TLK25", "UKN10": "TLN0A", "UKN16": "TLN0G", "UKH14": "TLH14", "UKM24": "TLM91",
		"UKD43": "Lancashire CC", "UKI1": "Inner London", "UKM34": "TLM34",
		"Any region": "UK", "United Kingdom": "UK", "The United Kingdom": "UK", "GB": "UK", "UK-wide": "UK",
		"england": "England", "England and Wales": "England and Wales", "England & Wales": "England and Wales",
		"Great Britain": "Great Britain", "Scotland": "TLM", "N. Ireland": "TLN", "Northern Ireland": "TLN", "Wales": "TLL",
		"Yorkshire and the Humber": "TLE", "Yorkshire & Humber": "TLE", "Yorkshire": "TLE", "EAST OF ENGLAND": "TLH",
		"East (England)": "TLH", "West Midlands": "TLG", "West Midlands (England)": "TLG", "Greater London": "TLI",
		"South West England": "TLK", "East Midlands Region": "TLF", "London": "TLI",
		"Shropshire and Staffordshire": "TLG2", "Staffordshire CC": "TLG24", "Staffordshire County Council": "TLG24",
		"Staffordshire": "Staffordshire", "Kent": "TLJ4", "Essex": "TLH3", "Greater Manchester": "TLD3",
		"West Yorkshire": "TLE4", "Somerset": "TLK62", "Cornwall": "TLK3", "Lincolnshire": "TLF3", "Suffolk": "TLH6",
		"North Yorkshire": "TLE2", "North Yorkshire CC": "TLE22", "Hertfordshire CC": "TLH23", "Berkshire": "TLJ11",
		"Dorset": "TLK64", "Devon": "TLK4", "Norfolk": "TLH5", "Cumbria": "TLD1", "Durham": "TLC41", "County Durham": "TLC41",
		"Highlands and Islands": "TLM2", "East Anglia": "TLH1", "Rutland": "TLF22",
		"Angus": "TLM03", "Edinburgh": "TLM13", "Glasgow": "TLM32", "Hammersmith & Fulham": "TLI33",
		"Throughout Scotland.": "TLM", "Pan-Wales": "TLL", "Kingston upon Hull": "TLE11", "Hull City Council": "TLE11",
		"Dundee City Council Area": "TLM03", "City and County of Swansea": "TLL43", "City of London": "TLI35",
		"London Borough of Newham": "TLI41", "Herefordshire": "TLG11", "St Helens": "TLD71", "King’s Lynn and West Norfolk": "TLH52",
		"Fife , Scotland , UK": "TLM01", "Newport, Wales": "TLL54", "Wrexham Council, Wales": "TLL34", "South Wales": "South Wales",
		"Shropshire and Staffordshire (TLG2)": "TLG2", "Suffolk CC (TLH14)": "TLH14",
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", s, got, err, want)
		}
	}
	// What is shown can be read again.
	for _, r := range all() {
		for _, s := range []string{string(r), strings.ToLower(string(r)), r.Label()} {
			if got, err := Parse(s); err != nil || got != r {
				t.Errorf("Parse(%q) = %q, %v; want %q", s, got, err, r)
			}
		}
		if got, err := Parse(r.Name()); err != nil || got.Area() != r.Area() && !slices.Contains(sharedNames, r) {
			t.Errorf("Parse(%q) = %q, %v; want the ground of %q", r.Name(), got, err, r)
		}
	}
}

// sharedNames are the regions whose name means another region first: a broader
// one, or that of 2025.
var sharedNames = []Region{
	"TLG3",                  // West Midlands: the county in the region
	"TLE22",                 // North Yorkshire: without York
	"TLL14", "TLM7", "TLM8", // South West Wales, Eastern and West Central Scotland as they were in 2021
}

func TestParseErrors(t *testing.T) {
	const help = `write UK, a nation, an ITL code such as TLG2, or its name`
	for s, want := range map[string]string{
		"":                           `no region is given; ` + help,
		"TL":                         `"TL" is Timor-Leste, not a region of the UK; the whole country is written UK`,
		"FR":                         `"FR" is not a region of the UK; ` + help,
		"FRD21":                      `"FRD21" is not a region of the UK; ` + help,
		"TLG9":                       `"TLG9" is not a region of the UK; did you mean West Midlands (England) (TLG)?`,
		"UKG99":                      `"UKG99" is not a region of the UK; did you mean West Midlands (England) (TLG)?`,
		"TLG241":                     `"TLG241" is not a region of the UK; ` + help,
		"Stafordshire":               `"Stafordshire" is not a region of the UK; did you mean Staffordshire?`,
		"Yorkshire and Humbre":       `"Yorkshire and Humbre" is not a region of the UK; did you mean Yorkshire and The Humber (TLE)?`,
		"Ireland":                    `"Ireland" is not a region of the UK; ` + help,
		"Ukraine":                    `"Ukraine" is not a region of the UK; ` + help,
		"Channel Islands":            `"Channel Islands" is not a region of the UK; ` + help,
		"Isle of Man":                `"Isle of Man" is not a region of the UK; ` + help,
		"North Scotland":             `"North Scotland" is not a region of the UK; ` + help,
		"Newport, Scotland":          `"Newport, Scotland" is not a region of the UK; ` + help,
		strings.Repeat("Kent ", 1e6): `"` + strings.Repeat("Kent ", 12) + `…" is not a region of the UK; ` + help,
		"Wales (TLG2)":               `"Wales (TLG2)" is not a region of the UK; ` + help,
	} {
		got, err := Parse(s)
		if err == nil {
			t.Errorf("Parse(%q) = %q; want an error", s, got)
		} else if err.Error() != want {
			t.Errorf("Parse(%q):\n got %v\nwant %s", s, err, want)
		}
	}
}

func TestFromPostcode(t *testing.T) {
	for s, want := range map[string]Region{
		"ST18 0YY": "TLG24", "st180yy": "TLG24", "ST18": "TLG24", " ST18  0YY ": "TLG24", "ST18 0": "TLG24",
		"TS16 9AA": "TLC31", "EC4M 6XH": "TLI35", "EC4M6XH": "TLI35", "SW1A 0AA": "TLI35", "M1 1AA": "TLD33", "M11AA": "TLD33",
		"E1": "TLI42", "E1W": "TLI42", "KW1 4AA": "TLM20",
		"G75 0AA": "TLM", "M50 1AA": "TLD", "W1A 1AA": "TLI", "SS99 1AA": "TLH", // not in the table
	} {
		if got, err := FromPostcode(s); err != nil || got != want {
			t.Errorf("FromPostcode(%q) = %q, %v; want %q", s, got, err, want)
		}
	}
	for s, want := range map[string]string{
		"":                       "is not a UK postcode",
		"ST":                     "is not a UK postcode",
		"18":                     "is not a UK postcode",
		"STX18 0YY":              "is not a UK postcode",
		"ST18 0Y1":               "is not a UK postcode",
		"ST18 0YYY":              "is not a UK postcode",
		"75008":                  "is not a UK postcode",
		"ST1É 1AA":               "is not a UK postcode",
		"GY1 1AA":                "has no postcode area GY",
		"IM1 1AA":                "has no postcode area IM",
		"XX1 1AA":                "has no postcode area XX",
		strings.Repeat("S", 100): "is not a UK postcode",
	} {
		if got, err := FromPostcode(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("FromPostcode(%q) = %q, %v; want %q", s, got, err, want)
		}
	}
}

func TestFromGazetteer(t *testing.T) {
	for id, want := range map[string]Region{
		"K02000001": "UK", "K03000001": "Great Britain", "K04000001": "England and Wales",
		"E92000001": "England", "W92000004": "TLL", "S92000003": "TLM", "N92000002": "TLN", " e12000005 ": "TLG",
		"E09000016": "TLI52", "E10000020": "TLH5", "E10000014": "Hampshire CC", "E10000028": "TLG24", "E11000006": "TLE4",
		"E08000016": "TLE33", "E08000038": "TLE33", "S12000021": "TLM93", "S30000034": "TLM20", "N09000003": "TLN06", "W06000023": "TLL41",
		"UKG2": "TLG2", "TLG2": "TLG2", "UK": "UK",
	} {
		if got, err := FromGazetteer(id); err != nil || got != want {
			t.Errorf("FromGazetteer(%q) = %q, %v; want %q", id, got, err, want)
		}
	}
	for _, id := range []string{"", "E99999999", "England", "TL", "FR"} {
		if got, err := FromGazetteer(id); err == nil {
			t.Errorf("FromGazetteer(%q) = %q; want an error", id, got)
		}
	}
}

// TestTables: what the hand-kept tables lead to exists.
func TestTables(t *testing.T) {
	w := world()
	exists := func(what string, r Region) {
		if _, ok := w.places[r]; !ok {
			t.Errorf("%s leads to %q, which is no region", what, r)
		}
	}
	for _, a := range aliases {
		exists(a.name, a.region)
		if got, err := Parse(a.name); err != nil || got != a.region {
			t.Errorf("Parse(%q) = %q, %v; want %q", a.name, got, err, a.region)
		}
	}
	for code, r := range nuts {
		exists("UK"+code, r)
		if _, both := w.places[Region("TL"+code)]; both {
			t.Errorf("UK%s is an ITL code", code)
		}
	}
	for code, r := range onsCodes {
		exists(code, r)
		if !isONS(code) {
			t.Errorf("%q is not the shape of a GB-ONS code", code)
		}
	}
	for name, r := range w.names {
		exists(name, r)
	}
	for _, g := range slices.Concat(groups, counties) {
		for part := range strings.FieldsSeq(g.parts) {
			exists(g.name, Region(part))
		}
	}
	for _, g := range counties {
		for _, r := range Regions(2025, 2) {
			if r.Area() == Region(g.name).Area() {
				t.Errorf("%s is %s and needs no entry", g.name, r.Label())
			}
		}
	}
}

func TestFind(t *testing.T) {
	for query, want := range map[string]Region{
		"staffordshire": "Staffordshire", "TLG": "TLG", "UKG2": "TLG2", "tlg2": "TLG2", "yorkshire": "TLE",
		"shropshire": "TLG22", "gateshead": "TLC43", "manchester": "TLD33", "tees valley": "TLC3",
	} {
		got := Find(query, 5)
		if len(got) == 0 || len(got) > 5 || got[0] != want {
			t.Errorf("Find(%q) = %q, want %q first", query, got, want)
		}
	}
	if got := Find("TLG2", 10); !slices.Contains(got, "TLG24") {
		t.Errorf("Find(TLG2) = %q, want those below it too", got)
	}
	if got := Find("hertfordshire", 10); !slices.Contains(got, "TLH26") {
		t.Errorf("Find(hertfordshire) = %q, want its parts", got)
	}
	for _, query := range []string{"", "zzzz", "of the"} {
		if got := Find(query, 5); len(got) != 0 {
			t.Errorf("Find(%q) = %q, want none", query, got)
		}
	}
	if got := Find("London", 0); len(got) != 0 {
		t.Errorf("Find of none is %q", got)
	}
}

func TestDecodeErrors(t *testing.T) {
	const fine = "TLC\tNorth\nTLC3\tTees\nTLC31\tHartlepool\t5459\t-131\tHartlepool E06000001"
	if _, err := decode(fine + "\n2021\nTLC\n"); err != nil {
		t.Errorf("a small file is not read: %v", err)
	}
	for text, want := range map[string]string{
		fine:                                 "no line 2021",
		"TLC31\tHartlepool\n2021\n":          "not an area",
		"TLC\n2021\n":                        "no name",
		"TLC31\tHartlepool\tx\t1\tA\n2021\n": "no centre",
		fine + "\n2021\nTLC11\n":             "no name",
		fine + "\n2021\nTLC11\tX\tTLC99\n":   "became TLC99",
	} {
		if _, err := decode(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("decode(%q): %v; want %q", text, err, want)
		}
	}
}

// TestOfficialRegions checks every code, name and row of the crosswalk against the official lists.
func TestOfficialRegions(t *testing.T) {
	later := map[string]string{}
	for _, r := range rows(t, "itl.tsv") {
		if r[0] == "2025" {
			later[r[1]] = r[2]
		}
	}
	for _, r := range rows(t, "itl.tsv") {
		vintage, code, name := r[0], r[1], r[2]
		shown := name
		if n, ok := later[code]; ok {
			shown = n
		}
		if got := Region(code).Name(); got != shown {
			t.Errorf("%s %s is named %q, want %q", vintage, code, got, shown)
		}
		if got, err := Parse("UK" + code[2:]); err != nil || got != Region(code) {
			t.Errorf("UK%s is read as %q, %v", code[2:], got, err)
		}
		if got, err := Parse(name); err != nil || got.Area() != Region(code).Area() && !slices.Contains(sharedNames, Region(code)) {
			t.Errorf("%q is read as %q, %v; want %q", name, got, err, code)
		}
	}
	became := map[Region]Area{}
	for _, r := range rows(t, "itl3_21_25.tsv") {
		became[Region(r[0])] = became[Region(r[0])].Union(Region(r[1]).Area())
	}
	if len(became) != 179 {
		t.Errorf("%d regions in the crosswalk, want 179", len(became))
	}
	for r, a := range became {
		if r.Area() != a {
			t.Errorf("%q covers %d areas, want %d", r, r.Area().Count(), a.Count())
		}
	}
}

// TestOfficialPlaces checks every local authority, outward code and alias.
func TestOfficialPlaces(t *testing.T) {
	for _, r := range rows(t, "lau_lad_itl.tsv") {
		if got, err := FromGazetteer(r[0]); err != nil || got != Region(r[3]) {
			t.Errorf("%s %s is in %q, %v; want %s", r[0], r[2], got, err, r[3])
		}
		if got, err := FromGazetteer(r[1]); err != nil || got != Region(r[3]) && r[1] != "S12000021" {
			t.Errorf("%s %s is in %q, %v; want %s", r[1], r[2], got, err, r[3])
		}
		if _, err := Parse(r[2]); err != nil {
			t.Errorf("%v", err)
		}
	}
	for _, r := range rows(t, "outcode.tsv") {
		got, err := FromPostcode(r[0])
		if r[1] == "" && err == nil || r[1] != "" && got != Region(r[1]) {
			t.Errorf("%s is in %q, %v; want %q", r[0], got, err, r[1])
		}
		if full, err := FromPostcode(r[0] + " 1AA"); full != got {
			t.Errorf("%s 1AA is in %q, %v; want %q", r[0], full, err, got)
		}
	}
	for _, r := range rows(t, "postcode_area_itl.csv") {
		if got, err := FromPostcode(r[0] + "0"); err != nil || got != Region(r[2]) && got.Level() != 3 {
			t.Errorf("%s0 is in %q, %v; want %s", r[0], got, err, r[2])
		}
	}
	for _, r := range rows(t, "region_aliases.csv") {
		var want Area
		for c := range strings.SplitSeq(strings.Replace(r[1], "*", "UK", 1), "|") {
			want = want.Union(Region(c).Area())
		}
		if got, err := Parse(r[0]); err != nil || got.Area() != want {
			t.Errorf("%q is read as %q, %v; want %s", r[0], got, err, r[1])
		}
	}
}

// TestPublishedRegions reads every region and gazetteer code of the real notices,
// and the free text beside them; -v tells what does not parse.
func TestPublishedRegions(t *testing.T) {
	regions, places, gazetteer := map[string]int{}, map[string]int{}, map[string]int{}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				if s, ok := e.(string); ok && k == "region" {
					regions[s]++
				}
				if s, ok := e.(string); ok && k == "description" && strings.HasPrefix(name, "deliveryLocation") {
					places[s]++
				}
				if list, ok := e.([]any); ok && k == "identifiers" && name == "gazetteer" {
					for _, id := range list {
						if s, ok := id.(string); ok {
							gazetteer[s]++
						}
					}
				}
				walk(k, e)
			}
		case []any:
			for _, e := range v {
				walk(name, e)
			}
		}
	}
	files, _ := filepath.Glob(filepath.Join(noticetest.Shared(t, "data", "notices"), "*.jsonl.gz"))
	for _, name := range files {
		readLines(t, name, func(v any) { walk("", v) })
	}
	report(t, "region", regions, Parse)
	report(t, "gazetteer code", gazetteer, FromGazetteer)
	report(t, "free text", places, Parse)
	for s := range regions {
		if _, err := Parse(s); err != nil && strings.HasPrefix(s, "UK") && s != "Ukraine" {
			t.Error(err)
		}
	}
	for s := range gazetteer {
		if _, err := FromGazetteer(s); err != nil {
			t.Error(err)
		}
	}
}

// readLines gives every JSON value of a gzipped JSON Lines file.
func readLines(t *testing.T, name string, do func(any)) {
	t.Helper()
	for line := range noticetest.Lines(t, name) {
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Logf("%s: %v", filepath.Base(name), err)
			continue
		}
		do(v)
	}
}

// report logs what of the strings cannot be read.
func report(t *testing.T, what string, found map[string]int, parse func(string) (Region, error)) {
	t.Helper()
	if len(found) == 0 {
		t.Errorf("no %s in the notices", what)
	}
	bad := 0
	for _, s := range slices.Sorted(maps.Keys(found)) {
		if _, err := parse(s); err != nil {
			bad++
			t.Logf("%s, %d times: %v", what, found[s], err)
		}
	}
	t.Logf("%s: %d different, %d of them not read", what, len(found), bad)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"TLG2", "UKG24", "UK", "TL", "UKK21", "Staffordshire", "Yorkshire & Humber", "", "(", " (", "\xff", "England (UK)", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Parse(s)
		if err != nil {
			if r != "" || !utf8.ValidString(err.Error()) && utf8.ValidString(s) || len(err.Error()) > 1_000 {
				t.Errorf("%q: %q, %v", s, r, err)
			}
			return
		}
		if again, err := Parse(string(r)); err != nil || again != r || r.Area().IsEmpty() {
			t.Errorf("%q is read as %q, and that as %q, %v", s, r, again, err)
		}
	})
}

func FuzzFromPostcode(f *testing.F) {
	for _, s := range []string{"ST18 0YY", "ST180YY", "W1A", "E1W 1AA", "", "GY1", " 1AA", "ST1É"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := FromPostcode(s)
		if (err == nil) == r.Area().IsEmpty() {
			t.Errorf("%q is in %q, %v", s, r, err)
		}
		if g, err := FromGazetteer(s); (err == nil) == g.Area().IsEmpty() {
			t.Errorf("%q is %q, %v", s, g, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := decode(regionsText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, s := range []string{"UKG24", "Yorkshire and The Humber", "Dundee City Council Area", "Stafordshire"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(s)
			}
		})
	}
}

func BenchmarkArea(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if Region("TLG24").Area().IsEmpty() {
			b.Fatal("empty")
		}
	}
}

func BenchmarkNear(b *testing.B) {
	one, other := Region("TLG2").Area(), Region("TLD").Area()
	b.ReportAllocs()
	for b.Loop() {
		Near(one, other)
	}
}

func BenchmarkFromPostcode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromPostcode("ST18 0YY"); err != nil {
			b.Fatal(err)
		}
	}
}
