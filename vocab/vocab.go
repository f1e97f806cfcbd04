// Package vocab holds the reference tables that a user brings: the full CPV
// names, a postcode directory, names and codes of wards, local authorities and constituencies, bank
// holidays. They are read from the files that the EU, the ONS and GOV.UK publish and kept in files of
// our own in one folder; whatever is missing or damaged there, what is built into the program answers alone, and says so.
//
//	table.go      the form of those files: checked pages behind a header
//	rows.go       CSV as it comes: any separator, any encoding, unpacked on the way (open.go)
//	kind.go       what a file is, by its heading
//	cpv.go, names.go, postcodes.go, holidays.go    one table each: how it is read, kept and asked
//	import.go     from a file to a table
package vocab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"bidfit/notice/calendar"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Vocab answers from the imported tables of one folder. A nil *Vocab has none
// of them. Its methods are safe for concurrent use.
type Vocab struct {
	dir string

	mu        sync.Mutex           // guards what follows
	cpv       map[string]cpv.Names // by language, those that were asked for
	edition   uint64               // of the CPV names: how many imports there were
	names     map[string]Entry     // by code
	postcodes *table               // open
	retired   []*table             // replaced by an import, and perhaps still read
	calendar  *calendar.Calendar
}

// Open opens the tables in a folder; it need not exist. A table is looked at when it is first asked for.
func Open(dir string) (*Vocab, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("the folder of reference tables %s is a file; move it away", dir)
	}
	return &Vocab{dir: dir, cpv: map[string]cpv.Names{}}, nil
}

// open opens a table by the name of its file.
func (v *Vocab) open(file string) (*table, error) { return openTable(filepath.Join(v.dir, file)) }

// load reads a table whole; the zero T, and no error, where there is none.
func load[T any](v *Vocab, file string, decode func(*table) (T, error)) (T, error) {
	var none T
	t, err := v.open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	got, err := decode(t)
	if err := errors.Join(err, t.close()); err != nil {
		return none, err
	}
	return got, nil
}

// Close closes the tables.
func (v *Vocab) Close() error {
	if v == nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var errs []error
	if v.postcodes != nil {
		v.retired = append(v.retired, v.postcodes)
	}
	for _, t := range v.retired {
		errs = append(errs, t.close())
	}
	v.postcodes, v.retired = nil, nil
	return errors.Join(errs...)
}

// Named is a code of the ONS with its name.
type Named struct {
	Code string `json:"code,omitzero"`
	Name string `json:"name,omitzero"` // "" where no table at hand names it
}

// Known reports whether there is a code or a name.
func (n Named) Known() bool { return n != Named{} }

// String is the name, else the code, else "".
func (n Named) String() string {
	if n.Name != "" {
		return n.Name
	}
	return n.Code
}

// Place is where a postcode lies. What is not known is zero: the outward code
// alone gives no more than the region.
type Place struct {
	// Postcode is the postcode as it is written ("ST18 0YY"), or the outward code where that is all there was.
	Postcode       string `json:"postcode"`
	LocalAuthority Named  `json:"localAuthority,omitzero"`
	Ward           Named  `json:"ward,omitzero"`
	Constituency   Named  `json:"constituency,omitzero"` // of the House of Commons
	Country        Named  `json:"country,omitzero"`
	// Region is the ITL 3 area of 2025, or an ITL 1 region where no more is known.
	Region itl.Region `json:"region,omitzero"`
	// NewerRegion is the ITL 3 area of the local authority where an imported list has one of another code or name than Region.
	NewerRegion Named `json:"newerRegion,omitzero"`
	// Terminated is the month ("2019-06") in which the postcode went out of use.
	Terminated string `json:"terminated,omitzero"`
	// Exact says that the postcode stands in an imported directory; else the
	// region was taken from its outward code and is right as often as Source says.
	Exact bool `json:"exact"`
	// Source says for a person where this comes from and how far it can be trusted.
	Source string `json:"source"`
}

// Remedy says what to do about a place of which no more than the region is known.
const Remedy = "import a postcode directory: bidfit vocab import FILE (ONSPD or NSPL, as CSV or ZIP)"

// How often the region of an outward code is that of the postcode.
const Accuracy = "right for 94 % at ITL 3, 97.5 % at ITL 2, 99 % at ITL 1"

// outwardPlace is what the outward code alone tells.
func outwardPlace(s string) (Place, bool) {
	out, in, ok := itl.Postcode(s)
	if !ok {
		return Place{}, false
	}
	p := Place{Postcode: out}
	if len(in) == 3 {
		p.Postcode += " " + in
	}
	r, err := itl.FromPostcode(s)
	if err != nil {
		return p, false
	}
	p.Region = r
	p.Source = fmt.Sprintf("outward code %s, %s", out, Accuracy)
	if r.Level() == 1 {
		p.Source = fmt.Sprintf("postcode area of %s, most of which lies there", out)
	}
	return p, true
}

// Built says what is part of the program.
type Built struct {
	Codes     int    `json:"codes"` // of CPV 2008
	Named     int    `json:"named"` // of them with an English name
	ITL       string `json:"itl"`   // the edition
	Outward   string `json:"outward"`
	FirstYear int    `json:"firstYear"` // of bank holidays
	LastYear  int    `json:"lastYear"`
}

// BuiltIn says what the tables add to.
func BuiltIn() Built {
	b := Built{ITL: built, Outward: Accuracy}
	for _, c := range cpv.Codes() {
		b.Codes++
		if _, of := c.Name(); of == c {
			b.Named++
		}
	}
	b.FirstYear, b.LastYear = calendar.Default().Years(calendar.UnitedKingdom)
	return b
}

// Edition counts the imports of CPV names: what was computed with the names of another is of the past.
func (v *Vocab) Edition() uint64 {
	if v == nil {
		return 0
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.edition
}
