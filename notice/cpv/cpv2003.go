package cpv

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"sync"
)

// successorBytes translates the codes of CPV 2003 that CPV 2008 lacks, in order:
// for each the step from the old code before it, and the step from the place in the
// list of codes that the translation before it had, as varints. Codes that are in both stay
// what they are, though 167 of them meant something else. A test rebuilds the file from the
// official correspondence (go test -update).
//
//go:embed cpv2003.bin
var successorBytes []byte

// successors pairs old codes with what they became.
type successors struct {
	old   []Code
	later []uint16 // places in the list of codes
}

var cpv2003 = sync.OnceValue(func() successors {
	var s successors
	var old uint64
	var place int64
	for b := successorBytes; len(b) > 0; {
		step, n := binary.Uvarint(b)
		move, m := binary.Varint(b[max(n, 0):])
		if n <= 0 || m <= 0 {
			panic("cpv: cpv2003.bin breaks off") // part of the program, and read by the tests
		}
		b = b[n+m:]
		old += step
		place += move
		s.old = append(s.old, Code(old))
		s.later = append(s.later, uint16(place))
	}
	return s
})

// FromCPV2003 gives the CPV 2008 code that a code of CPV 2003 became; false where the
// code is in CPV 2008 itself, or was never one.
func FromCPV2003(code Code) (Code, bool) {
	s := cpv2003()
	i, ok := slices.BinarySearch(s.old, code)
	if !ok {
		return 0, false
	}
	return vocabulary().codes[s.later[i]], true
}

// ToCPV2003 lists the codes of CPV 2003 that became a code, as far as CPV 2008 lacks them, in order.
func ToCPV2003(code Code) []Code {
	v, s := vocabulary(), cpv2003()
	var list []Code
	for i, place := range s.later {
		if v.codes[place] == code {
			list = append(list, s.old[i])
		}
	}
	return list
}
