package vocab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"bidfit/notice/itl"
)

// Entry is what lists of names and codes say of an area: its name, and what it lies in as far
// as a lookup says so. A ward that was split for the constituencies lies in several.
type Entry struct {
	What           string   `json:"what"`             // ward, local authority, constituency, …
	Edition        string   `json:"edition,omitzero"` // the year of the columns that named it
	Name           string   `json:"name,omitzero"`
	Authorities    []string `json:"localAuthorities,omitzero"` // codes
	Constituencies []string `json:"constituencies,omitzero"`   // codes
	Regions        []string `json:"itl3,omitzero"`             // codes of ITL 3
}

// kinds of areas, as ONS columns and people call them.
var whats = map[string]string{
	"wd": "ward", "lad": "local authority", "pcon": "constituency", "rgn": "region", "ctry": "country", "itl": "ITL region",
	"lau": "local administrative unit", "lau1": "local administrative unit", "cty": "county", "utla": "upper-tier authority",
}

// mostNames bounds the entries of a table: the UK has had some 30,000 wards.
const mostNames = 1 << 19

// The table is lines, in order of the codes: code, what, edition, name, and
// the codes of local authorities, constituencies and ITL 3 areas, apart by blanks.

const namesFile = string(KindNames) + ".vocab"

// readNames reads a list of names and codes.
func (im *importing) readNames(l layout) (map[string]Entry, error) {
	all := map[string]Entry{}
	var codes []string // of the row, by pair
	err := im.each(func(fields [][]byte) error {
		codes = codes[:0]
		found := false
		for _, p := range l.pairs {
			code := ""
			if p.code < len(fields) {
				code = areaCode(fields[p.code])
			}
			codes = append(codes, code)
			found = found || code != ""
		}
		if !found {
			return bad("there is no code such as E07000197")
		}
		for i, p := range l.pairs {
			if codes[i] == "" {
				continue
			}
			e := all[codes[i]]
			if e.Edition > p.year {
				continue
			}
			e.What, e.Edition = whats[p.what]+levelled(p.level), p.year
			if p.name >= 0 && p.name < len(fields) {
				name := tidy(fields[p.name])
				if len(name) > longestName {
					return bad("the name of %s is longer than %d bytes", codes[i], longestName)
				}
				if name != "" {
					e.Name = name
				}
			}
			if p.what == "wd" {
				e.Authorities = with(e.Authorities, l.within("lad", "", codes))
				e.Constituencies = with(e.Constituencies, l.within("pcon", "", codes))
			}
			if p.what == "lad" || p.what == "lau1" || p.what == "lau" {
				e.Regions = with(e.Regions, l.within("itl", "3", codes))
			}
			all[codes[i]] = e
		}
		if len(all) > mostNames {
			return fmt.Errorf("it names more than %d areas", mostNames)
		}
		return nil
	})
	return all, err
}

func levelled(level string) string {
	if level == "" {
		return ""
	}
	return ", ITL " + level
}

// within is the code of a row in the column of the latest year for what it lies in, "" without one.
func (l layout) within(what, level string, codes []string) string {
	best, year := "", ""
	for i, p := range l.pairs {
		if p.what == what && p.level == level && codes[i] != "" && p.year >= year {
			best, year = codes[i], p.year
		}
	}
	return best
}

// with is a list in order with one more code.
func with(list []string, code string) []string {
	if code == "" {
		return list
	}
	i, there := slices.BinarySearch(list, code)
	const most = 64 // an area that lies in more lies nowhere
	if there || len(list) >= most {
		return list
	}
	return slices.Insert(list, i, code)
}

// areaCode reads a code of the ONS (E07000197) or of an ITL region; "" for what
// is none, and for the codes that say there is none ("E99999999").
func areaCode(field []byte) string {
	s := strings.ToUpper(strings.TrimSpace(string(field)))
	switch {
	case len(s) == 9 && s[0] >= 'A' && s[0] <= 'Z' && strings.Trim(s[1:], "0123456789") == "":
		if s[1:] == "99999999" {
			return ""
		}
		return s
	case len(s) >= 3 && len(s) <= 5 && strings.HasPrefix(s, "TL") && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "":
		return s
	}
	return ""
}

// merge puts newly read entries over those at hand: what is newer says what it
// says; of one edition, what was read last. What it is silent on stays.
func merge(old, read map[string]Entry) map[string]Entry {
	all := maps.Clone(old)
	if all == nil {
		all = map[string]Entry{}
	}
	for code, e := range read {
		before, there := all[code]
		newer, older := e, before
		if there && before.Edition > e.Edition {
			newer, older = before, e
		}
		if newer.Name == "" {
			newer.Name = older.Name
		}
		for _, pick := range []func(*Entry) *[]string{
			func(e *Entry) *[]string { return &e.Authorities },
			func(e *Entry) *[]string { return &e.Constituencies },
			func(e *Entry) *[]string { return &e.Regions },
		} {
			if into := pick(&newer); len(*into) == 0 {
				*into = *pick(&older)
			}
		}
		all[code] = newer
	}
	return all
}

func writeNames(w io.Writer, names map[string]Entry) error {
	out := bufio.NewWriter(w)
	for _, code := range slices.Sorted(maps.Keys(names)) {
		e := names[code]
		fmt.Fprintln(out, strings.Join([]string{
			code, e.What, e.Edition, e.Name,
			strings.Join(e.Authorities, " "), strings.Join(e.Constituencies, " "), strings.Join(e.Regions, " "),
		}, "\t"))
	}
	return out.Flush()
}

func decodeNames(t *table) (map[string]Entry, error) {
	names := map[string]Entry{}
	err := t.lines(func(f []string) bool {
		if len(f) != 7 {
			return false
		}
		names[f[0]] = Entry{f[1], f[2], f[3], fieldsOrNil(f[4]), fieldsOrNil(f[5]), fieldsOrNil(f[6])}
		return true
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}

// fieldsOrNil is strings.Fields with nil for nothing.
func fieldsOrNil(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Fields(s)
}

// names are the entries of the table, read once; nil where there is none.
// The caller holds v.mu.
func (v *Vocab) namesLocked() (map[string]Entry, error) {
	if v.names != nil {
		return v.names, nil
	}
	t, err := v.open(namesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := decodeNames(t)
	if err := errors.Join(err, t.close()); err != nil {
		return nil, err
	}
	v.names = names
	return names, nil
}

// Area is what the imported lists say of a code of the ONS; false where they
// do not have it.
func (v *Vocab) Area(code string) (Entry, bool, error) {
	if v == nil {
		return Entry{}, false, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	names, err := v.namesLocked()
	e, ok := names[strings.ToUpper(strings.TrimSpace(code))]
	return e, ok, err
}

// name gives a code its name: of the lists, else, and before lists that are older, the one built in.
func name(names map[string]Entry, code string) Named {
	if code == "" {
		return Named{}
	}
	n, own := names[code], builtIn(code)
	if n.Name == "" || n.Edition < built && own != "" {
		return Named{code, own}
	}
	return Named{code, n.Name}
}

// builtIn is the name of a local authority, a region or a country as the program knows it.
func builtIn(code string) string {
	if name := itl.Authority(code); name != "" {
		return name
	}
	if r, err := itl.FromGazetteer(code); err == nil {
		return r.Name()
	}
	switch code {
	case "L93000001":
		return "Channel Islands"
	case "M83000003":
		return "Isle of Man"
	}
	return ""
}
