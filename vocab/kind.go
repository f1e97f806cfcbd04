package vocab

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a file holds.
type Kind string

const (
	KindCPV       Kind = "cpv"       // names of CPV codes
	KindPostcodes Kind = "postcodes" // a postcode directory: ONSPD or NSPL
	KindNames     Kind = "names"     // names and codes of wards, local authorities, constituencies, ITL regions
	KindHolidays  Kind = "holidays"  // bank holidays of GOV.UK
)

// Kinds are all there are.
var Kinds = []Kind{KindCPV, KindPostcodes, KindNames, KindHolidays}

// ParseKind reads a kind as a person writes it.
func ParseKind(s string) (Kind, error) {
	if k := Kind(strings.ToLower(s)); slices.Contains(Kinds, k) {
		return k, nil
	}
	return "", fmt.Errorf("%q is no kind of table; write cpv, postcodes, names or holidays", s)
}

// Languages are those in which the CPV has official names.
var Languages = []string{
	"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
}

// layout says which columns of a file are read, by their place.
type layout struct {
	kind    Kind
	code    int            // CPV
	names   map[string]int // CPV: by language
	columns directory      // postcodes
	pairs   []pair         // names
}

// directory is where the columns of a postcode directory stand; −1 for one it has not.
type directory struct {
	postcode, terminated int
	of                   [parts]int // by part
	edition              string
}

// part is one of the codes a postcode has.
type part int

const (
	partAuthority part = iota
	partWard
	partConstituency
	partRegion
	partCountry
	partITL
	parts // how many
)

// dated matches the names that the ONS gives its columns from 2011 on: what is
// coded, the level of an ITL region, the year, and CD or NM (NMW is Welsh).
var dated = regexp.MustCompile(`^(lad|wd|pcon|rgn|ctry|itl|lau1|lau|cty|utla)([123]?)(\d\d|20\d\d|)(cd|nm)$`)

// older are the columns of a directory that had names without a year.
var older = map[string]part{
	"oslaua": partAuthority, "laua": partAuthority, "osward": partWard, "ward": partWard, "pcon": partConstituency,
	"rgn": partRegion, "gor": partRegion, "ctry": partCountry, "itl": partITL, "nuts": partITL,
}

// named are the parts by the beginnings of their dated columns.
var named = map[string]part{
	"lad": partAuthority, "wd": partWard, "pcon": partConstituency, "rgn": partRegion, "ctry": partCountry, "itl": partITL,
}

// column takes the name of a dated column apart.
func column(name string) (what string, level, year string, code, ok bool) {
	name = strings.ReplaceAll(name, "_", "")
	m := dated.FindStringSubmatch(name)
	if m == nil {
		return "", "", "", false, false
	}
	what, level, year = m[1], m[2], m[3]
	if what != "itl" && level != "" {
		return "", "", "", false, false
	}
	if len(year) == 2 {
		year = "20" + year
	}
	return what, level, year, m[4] == "cd", true
}

// recognise finds out by the names of its columns what a file is; as is the
// only kind that will do, "" for any.
func recognise(columns []string, as Kind) (layout, bool) {
	for _, try := range []func([]string) (layout, bool){directoryLayout, namesLayout, cpvLayout} {
		if l, ok := try(columns); ok && (as == "" || l.kind == as) {
			return l, true
		}
	}
	return layout{}, false
}

// cpvLayout: a column of codes, and one for each language or one of descriptions, which is English.
func cpvLayout(columns []string) (layout, bool) {
	l := layout{kind: KindCPV, code: -1, names: map[string]int{}}
	for i, name := range columns {
		switch {
		case slices.Contains([]string{"code", "cpv", "cpv code", "cpv_code", "cpvcode", "code9"}, name):
			if l.code < 0 {
				l.code = i
			}
		case slices.Contains(Languages, name):
			if _, twice := l.names[name]; !twice {
				l.names[name] = i
			}
		}
	}
	if len(l.names) == 0 {
		for i, name := range columns {
			if slices.Contains([]string{"description", "label", "name", "english"}, name) {
				l.names["en"] = i
				break
			}
		}
	}
	return l, l.code >= 0 && len(l.names) > 0
}

// directoryLayout: a column of postcodes and one of codes of local authorities, wards or constituencies.
// Of columns for one thing the one of the latest year is read; of postcodes the one written for people.
func directoryLayout(columns []string) (layout, bool) {
	d := directory{postcode: -1, terminated: -1}
	for i := range d.of {
		d.of[i] = -1
	}
	var years [parts]string
	best := 0
	for i, name := range columns {
		// pcd7 and pcd8 pad with blanks, pcds is written as people do.
		if rank := slices.Index([]string{"", "pcd", "pcd2", "pcd7", "pcd8", "postcode", "pcds"}, name); rank > best && name != "" {
			best, d.postcode = rank, i
		}
		if name == "doterm" {
			d.terminated = i
		}
		p, year, ok := part(0), "", false
		if p, ok = older[name]; !ok {
			var what, level string
			var code bool
			if what, level, year, code, ok = column(name); ok {
				p, ok = named[what]
				ok = ok && code && level == ""
			}
		}
		if ok && (d.of[p] < 0 || year > years[p]) {
			d.of[p], years[p] = i, year
		}
	}
	for _, p := range []part{partAuthority, partWard, partConstituency} {
		d.edition = max(d.edition, years[p])
	}
	if years[partAuthority] != "" {
		d.edition = years[partAuthority]
	}
	return layout{kind: KindPostcodes, columns: d},
		d.postcode >= 0 && (d.of[partAuthority] >= 0 || d.of[partWard] >= 0 || d.of[partConstituency] >= 0)
}

// pair is a column of codes and the column of their names, −1 where it has none.
type pair struct {
	what       string // lad, wd, pcon, itl, …
	level      string // of an ITL region
	year       string
	code, name int
}

// namesLayout: columns of codes, and one of names at least.
func namesLayout(columns []string) (layout, bool) {
	l := layout{kind: KindNames}
	find := func(what, level, year string) *pair {
		for i := range l.pairs {
			if p := &l.pairs[i]; p.what == what && p.level == level && p.year == year {
				return p
			}
		}
		l.pairs = append(l.pairs, pair{what, level, year, -1, -1})
		return &l.pairs[len(l.pairs)-1]
	}
	for i, name := range columns {
		what, level, year, code, ok := column(name)
		if !ok || what == "itl" && level == "" {
			continue
		}
		p := find(what, level, year)
		switch {
		case code && p.code < 0:
			p.code = i
		case !code && p.name < 0:
			p.name = i
		}
	}
	l.pairs = slices.DeleteFunc(l.pairs, func(p pair) bool { return p.code < 0 })
	return l, slices.ContainsFunc(l.pairs, func(p pair) bool { return p.name >= 0 }) || len(l.pairs) > 1
}

// months in file names: ONSPD_MAY_2025_UK.csv.
var months = regexp.MustCompile(`(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _-]*(20\d\d)`)

// editionOf is the edition of a file: what its name says, else the year of its columns.
func editionOf(file, columns string) string {
	if m := months.FindStringSubmatch(file); m != nil {
		month := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(m[1]))/3 + 1
		return fmt.Sprintf("%s-%02d", m[2], month)
	}
	return columns
}

// CheckEdition checks an edition a person gives: a year, or a year and month.
func CheckEdition(s string) error {
	year, month, ok := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	m := 1
	if ok && err == nil {
		m, err = strconv.Atoi(month)
	}
	if err != nil || len(year) != 4 || y < 1990 || ok && len(month) != 2 || m < 1 || m > 12 {
		return fmt.Errorf("%q is no edition; write a year (2025) or a year and month (2025-05)", s)
	}
	return nil
}

var errUnrecognised = errors.New("this is no table that bidfit knows")

// unrecognised is the error for a file that is none of the kinds, with what would be.
func unrecognised(file string, as Kind, found error) error {
	wants := map[Kind]string{
		KindCPV:       "a CPV table has a column CODE and one for each language (EN, DE, …)",
		KindPostcodes: "a postcode directory has a column pcds and one of lad25cd, wd25cd, pcon24cd or the like",
		KindNames:     "a list of names has columns such as LAD25CD and LAD25NM",
		KindHolidays:  "bank holidays are the JSON of GOV.UK",
	}
	text := ""
	for _, k := range Kinds {
		if as == "" || as == k {
			text += "; " + wants[k]
		}
	}
	return fmt.Errorf("%s: %w: %w%s", file, errUnrecognised, found, text)
}
