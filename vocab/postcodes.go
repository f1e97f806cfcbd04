package vocab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"bidfit/notice/itl"
)

// A directory of postcodes is a table whose content is
//
//	the postcodes, 8 bytes each, in order | zeros up to the end of the page | the places, 54 bytes each, 75 a page
//
// A postcode is one number: from the top its key (34 bits), the month in which it was terminated (12 bits, counted
// from January 1960 as 1; 0 while it is in use), and its place (18 bits). A place is six codes of nine bytes, filled up
// with zeros, in the order of part. So the numbers are in order of the postcodes, a page is found by halving, and one
// that is in use stands before its terminated namesake.
const (
	termBits  = 12
	placeBits = 18
	mostTerms = 1<<termBits - 1

	codeSize   = 9
	placeSize  = int(parts) * codeSize
	perPage    = contentSize / 8
	placesPage = contentSize / placeSize

	// mostPostcodes bounds what an import may hold in memory, 8 bytes each. The UK has had 2.7 million.
	mostPostcodes = 8 << 20
	mostPlaces    = 1 << placeBits

	firstYear = 1960
)

const postcodesFile = string(KindPostcodes) + ".vocab"

// codes are the codes of a place.
type codes [parts][codeSize]byte

// postcodeKey is a postcode as a number of 34 bits that keeps the order of postcodes; false for what is none.
// Blanks make no difference, nor do small letters.
func postcodeKey(s []byte) (uint64, bool) {
	var b [7]byte
	n := 0
	for _, c := range s {
		switch {
		case c == ' ':
			continue
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		if n == len(b) || !isDigit(c) && !isLetter(c) {
			return 0, false
		}
		b[n] = c
		n++
	}
	if n < 5 || !isDigit(b[n-3]) || !isLetter(b[n-2]) || !isLetter(b[n-1]) {
		return 0, false
	}
	out := b[:n-3]
	area := 1
	if isLetter(out[1]) {
		area = 2
	}
	// The area is letters, then comes a digit, and perhaps one more sign.
	if !isLetter(out[0]) || len(out) <= area || !isDigit(out[area]) || len(out) > area+2 {
		return 0, false
	}
	var key uint64
	for i := range 4 {
		key *= 37
		if i < len(out) {
			key += uint64(sign(out[i])) + 1
		}
	}
	inward := uint64(b[n-3]-'0')*26*26 + uint64(b[n-2]-'A')*26 + uint64(b[n-1]-'A')
	return key<<13 | inward, true
}

// sign counts digits and letters from 0 to 35.
func sign(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'A' + 10
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' }

// term reads the month in which a postcode was terminated: "202305", or nothing while it is in use.
func term(field []byte) (uint64, error) {
	s := strings.ReplaceAll(strings.TrimSpace(string(field)), "-", "")
	if s == "" || s == "0" {
		return 0, nil
	}
	if len(s) < 6 || strings.Trim(s, "0123456789") != "" {
		return 0, bad("%.20q is no month of termination such as 202305", field)
	}
	year, month := 0, 0
	for i := range 4 {
		year = year*10 + int(s[i]-'0')
	}
	month = int(s[4]-'0')*10 + int(s[5]-'0')
	n := (year-firstYear)*12 + month
	if month < 1 || month > 12 || n < 1 || n > mostTerms {
		return 0, bad("%.20q is no month of termination such as 202305", field)
	}
	return uint64(n), nil
}

// month writes what term read.
func month(n uint64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d-%02d", firstYear+(n-1)/12, (n-1)%12+1)
}

// directoryRead is what was read of a directory.
type directoryRead struct {
	postcodes []uint64 // in order, each key once
	places    []codes
	twice     int // postcodes that stood there more than once
}

// readPostcodes reads a directory. Its postcodes are held as 8 bytes each, its places once each.
func (im *importing) readPostcodes(d directory) (*directoryRead, error) {
	read := &directoryRead{}
	index := map[codes]uint64{}
	var last codes // neighbours mostly share their place
	var at uint64
	err := im.each(func(fields [][]byte) error {
		if d.postcode >= len(fields) {
			return bad("there is no postcode")
		}
		key, ok := postcodeKey(fields[d.postcode])
		if !ok {
			return bad("%.20q is no postcode", fields[d.postcode])
		}
		var ended uint64
		if d.terminated >= 0 && d.terminated < len(fields) {
			var err error
			if ended, err = term(fields[d.terminated]); err != nil {
				return err
			}
		}
		var c codes
		for p, column := range d.of {
			if column >= len(fields) {
				return bad("there are %d fields; field %d is wanted", len(fields), column+1)
			}
			if column >= 0 {
				put(&c[p], fields[column])
			}
		}
		if c != last || len(read.places) == 0 {
			if at, ok = index[c]; !ok {
				if len(read.places) == mostPlaces {
					return fmt.Errorf("its postcodes lie in more than %d different places", mostPlaces)
				}
				at = uint64(len(read.places))
				index[c] = at
				read.places = append(read.places, c)
			}
			last = c
		}
		if len(read.postcodes) == mostPostcodes {
			return fmt.Errorf("it has more than %d postcodes", mostPostcodes)
		}
		read.postcodes = append(read.postcodes, key<<(termBits+placeBits)|ended<<placeBits|at)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(read.postcodes)
	all := len(read.postcodes)
	read.postcodes = slices.CompactFunc(read.postcodes, func(a, b uint64) bool { return a>>(termBits+placeBits) == b>>(termBits+placeBits) })
	read.twice = all - len(read.postcodes)
	return read, nil
}

// put writes a code into its nine bytes; one that says there is none, or that is too long, is none.
func put(into *[codeSize]byte, field []byte) {
	start, end := 0, len(field)
	for start < end && field[start] == ' ' {
		start++
	}
	for end > start && field[end-1] == ' ' {
		end--
	}
	field = field[start:end]
	if len(field) == 0 || len(field) > codeSize || len(field) == codeSize && string(field[1:]) == "99999999" {
		return
	}
	for _, c := range field {
		if !isDigit(c) && !isLetter(c) {
			return
		}
	}
	copy(into[:], field)
}

func writePostcodes(w *tableWriter, read *directoryRead) error {
	var b [8]byte
	for _, p := range read.postcodes {
		binary.LittleEndian.PutUint64(b[:], p)
		if _, err := w.Write(b[:]); err != nil {
			return err
		}
	}
	if err := w.align(); err != nil {
		return err
	}
	for i, c := range read.places {
		if i > 0 && i%placesPage == 0 {
			if err := w.align(); err != nil {
				return err
			}
		}
		for _, code := range c {
			if _, err := w.Write(code[:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// postcodePages is how many pages the postcodes take.
func (t *table) postcodePages() int64 { return (int64(t.Rows) + perPage - 1) / perPage }

// checkPostcodes holds the header of a directory against its size.
func (t *table) checkPostcodes() error {
	places := (int64(t.Places) + int64(placesPage) - 1) / int64(placesPage)
	if t.Rows < 0 || t.Rows > mostPostcodes || t.Places < 0 || t.Places > mostPlaces || t.postcodePages()+places != t.pages() {
		return t.damaged("its header does not fit its length")
	}
	return nil
}

// find looks a postcode up: where it is by its key, in O(log n) pages.
func (t *table) find(key uint64) (number uint64, ok bool, err error) {
	buf := make([]byte, pageSize)
	const shift = termBits + placeBits
	low, high := int64(0), t.postcodePages()
	for low < high {
		mid := low + (high-low)/2
		content, err := t.page(1+mid, buf)
		if err != nil {
			return 0, false, err
		}
		n := min(perPage, t.Rows-int(mid)*perPage)
		at := func(i int) uint64 { return binary.LittleEndian.Uint64(content[i*8:]) }
		switch {
		case key < at(0)>>shift:
			high = mid
		case key > at(n-1)>>shift:
			low = mid + 1
		default:
			from, to := 0, n
			for from < to {
				if i := from + (to-from)/2; at(i)>>shift < key {
					from = i + 1
				} else {
					to = i
				}
			}
			return at(from), at(from)>>shift == key, nil
		}
	}
	return 0, false, nil
}

// place reads a place.
func (t *table) place(i int) (codes, error) {
	var c codes
	if i >= t.Places {
		return c, t.damaged(fmt.Sprintf("a postcode lies in place %d of %d", i, t.Places))
	}
	content, err := t.page(1+t.postcodePages()+int64(i/placesPage), make([]byte, pageSize))
	if err != nil {
		return c, err
	}
	content = content[i%placesPage*placeSize:]
	for p := range c {
		copy(c[p][:], content[p*codeSize:])
	}
	return c, nil
}

// Postcode tells where a postcode or an outward code lies; false where it is none,
// or nothing is known of it. An error says that a table is damaged and how to mend it; the
// place is then what is known without it.
func (v *Vocab) Postcode(s string) (Place, bool, error) {
	p, ok := outwardPlace(s)
	out, in, is := itl.Postcode(s)
	if v == nil || !is || len(in) != 3 {
		return p, ok, nil
	}
	key, is := postcodeKey([]byte(out + in))
	if !is {
		return p, ok, nil
	}
	t, names, err := v.directory()
	if t == nil {
		return p, ok, err
	}
	number, found, lerr := t.find(key)
	if lerr != nil {
		return p, ok, lerr
	}
	if !found {
		p.Source += "; it is not in " + t.last()
		return p, ok, err
	}
	c, lerr := t.place(int(number & (mostPlaces - 1)))
	if lerr != nil {
		return p, ok, lerr
	}
	exact := c.place(names)
	exact.Postcode = p.Postcode
	exact.Terminated = month(number >> placeBits & mostTerms)
	exact.Source = t.last()
	if exact.Region == "" && p.Region != "" && exact.Country.Code == "" {
		exact.Region = p.Region
		exact.Source += "; the region is of the " + p.Source
	}
	return exact, true, err
}

// last names the newest source of a table.
func (t *table) last() string {
	if len(t.Sources) == 0 {
		return t.file
	}
	return t.Sources[len(t.Sources)-1].String()
}

// directory is the open directory and the names at hand; nil where none was imported.
func (v *Vocab) directory() (*table, map[string]Entry, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.postcodes == nil {
		t, err := v.open(postcodesFile)
		if err == nil {
			if err = t.checkPostcodes(); err != nil {
				err = errors.Join(err, t.close())
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		v.postcodes = t
	}
	names, err := v.namesLocked()
	return v.postcodes, names, err
}

// place gives codes their names and finds their region.
func (c codes) place(names map[string]Entry) Place {
	code := func(p part) string { return strings.TrimRight(string(c[p][:]), "\x00") }
	authority, ward, constituency := code(partAuthority), code(partWard), code(partConstituency)
	if in := names[ward].Authorities; authority == "" && len(in) == 1 {
		authority = in[0]
	}
	place := Place{
		LocalAuthority: name(names, authority), Ward: name(names, ward),
		Constituency: name(names, constituency), Country: name(names, code(partCountry)), Exact: true,
	}
	// The ITL column is the finest: some Scottish authorities lie in several areas. Then the authority, by what is built in, then by the
	// lists, which may be newer; then the region and the country.
	candidates := []string{code(partITL), authority}
	if in := names[authority].Regions; len(in) == 1 {
		candidates = append(candidates, in[0])
	}
	for _, candidate := range append(candidates, code(partRegion), code(partCountry)) {
		if r, err := itl.FromGazetteer(candidate); err == nil && candidate != "" {
			place.Region = r.Current()
			break
		}
	}
	if in := names[authority].Regions; len(in) == 1 && names[authority].Edition > built {
		if newer := name(names, in[0]); newer.Code != string(place.Region) || newer.Name != place.Region.Name() {
			place.NewerRegion = newer
		}
	}
	return place
}
