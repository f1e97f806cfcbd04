package itl

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// postcodesText holds, a line each, the postcode areas of the UK: the area, the
// ITL 1 region most of it lies in, and then each ITL 3 area of 2025 with the districts in it:
//
//	TS TLC TLC31 15-20 22-27 TLC32 1-14
//
// A test rebuilds the file from the official lists (go test -update).
//
//go:embed postcodes.txt
var postcodesText string

// districts maps outward codes ("TS15") and postcode areas ("TS") to regions.
var districts = sync.OnceValue(func() map[string]Region {
	m := make(map[string]Region, 3_500)
	for line := range strings.Lines(postcodesText) {
		fields := strings.Fields(line)
		area, region := fields[0], Region(fields[1])
		m[area] = region
		for _, f := range fields[2:] {
			if strings.HasPrefix(f, "TL") {
				region = Region(f)
				continue
			}
			first, last, ok := strings.Cut(f, "-")
			if !ok {
				m[area+f] = region
				continue
			}
			from, err1 := strconv.Atoi(first)
			to, err2 := strconv.Atoi(last)
			if err1 != nil || err2 != nil {
				panic("itl: postcodes.txt: " + line) // part of the program, and read by the tests
			}
			for ; from <= to; from++ {
				m[area+strconv.Itoa(from)] = region
			}
		}
	}
	return m
})

// FromPostcode gives the ITL 3 (2025) area of a UK postcode or outward code: from
// the outward code where it is known (right for 94 %), else an ITL 1 from its postcode area.
func FromPostcode(s string) (Region, error) {
	area, district, _, ok := splitPostcode(s)
	if !ok {
		return "", fmt.Errorf("%q is not a UK postcode; it looks like ST18 0YY, its outward code like ST18", clip(s))
	}
	m := districts()
	if r, ok := m[area+district]; ok {
		return r, nil
	}
	if r, ok := m[area]; ok {
		return r, nil
	}
	return "", fmt.Errorf("%q is not a postcode of England, Scotland, Wales or Northern Ireland: it has no postcode area %s", clip(s), area)
}

// Postcode takes a postcode apart: "st180yy" is ST18 and 0YY. The inward code may be missing, or
// be its beginning. It is a matter of letters and digits alone: whether there is such a postcode nobody asks.
func Postcode(s string) (outward, inward string, ok bool) {
	area, district, inward, ok := splitPostcode(s)
	return area + district, inward, ok
}

// splitPostcode takes a postcode apart: its area (one or two letters), its
// district (a digit, and perhaps a digit or letter more) and its inward code.
func splitPostcode(s string) (area, district, inward string, ok bool) {
	const most = 16 // a postcode has 8, and a few blanks more
	text := strings.ToUpper(strings.TrimSpace(s))
	if len(text) > most {
		return "", "", "", false
	}
	out, in, parted := strings.Cut(text, " ")
	in = strings.ReplaceAll(in, " ", "")
	if !parted && len(out) >= 5 { // written in one
		out, in = out[:len(out)-3], out[len(out)-3:]
	}
	if !isInward(in) {
		return "", "", "", false
	}
	n := 0
	for n < len(out) && isLetter(out[n]) {
		n++
	}
	area, district = out[:n], out[n:]
	switch {
	case n < 1 || n > 2 || len(district) < 1 || len(district) > 2:
		return "", "", "", false
	case !isDigit(district[0]):
		return "", "", "", false
	case len(district) == 2 && !isDigit(district[1]) && !isLetter(district[1]):
		return "", "", "", false
	}
	return area, district, in, true
}

// isInward reports whether s is the second half of a postcode or a beginning of it.
func isInward(s string) bool {
	return len(s) <= 3 &&
		(len(s) < 1 || isDigit(s[0])) &&
		(len(s) < 2 || isLetter(s[1])) &&
		(len(s) < 3 || isLetter(s[2]))
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' }
