// Package cpv knows the Common Procurement Vocabulary (CPV 2008, Regulation (EC)
// 213/2008): every code, the tree they form, and the names of divisions, groups and classes.
package cpv

// Code is a CPV code without its check digit, as a number: 03000000 is 3000000. The zero Code is no code.
type Code uint32

// Level is how deep a code stands in the tree.
type Level int

const (
	Division Level = 2 + iota // XX000000
	Group                     // XXX00000
	Class                     // XXXX0000
	Category                  // XXXXX000
	// deeper codes are levels 6, 7, 8
)

// Parse reads "85312300", "85312300-2" (the check digit is not checked: it cannot
// be computed) and the same with blanks around it. The error names the nearest real code.
func Parse(s string) (Code, error) { panic("cpv: Parse") }

// String is the eight digits.
func (c Code) String() string { panic("cpv") }

// MarshalText and UnmarshalText write and read the eight digits.
func (c Code) MarshalText() ([]byte, error) { panic("cpv") }

// UnmarshalText accepts any eight digits, known or not: a stored code is a fact.
func (c *Code) UnmarshalText(b []byte) error { panic("cpv") }

// Known reports whether the code is in CPV 2008.
func (c Code) Known() bool { panic("cpv") }

// Level is the number of digits left after the trailing zeros are stripped, at least 2.
func (c Code) Level() Level { panic("cpv") }

// At is the ancestor (or the code itself) at a level: 85312300.At(Class) is 85310000.
func (c Code) At(l Level) Code { panic("cpv") }

// Parent is the nearest ancestor that exists; false for a division.
func (c Code) Parent() (Code, bool) { panic("cpv") }

// Ancestors lists the existing ancestors, nearest first, the code itself not among them.
func (c Code) Ancestors() []Code { panic("cpv") }

// Children lists the codes whose Parent is c, in order.
func (c Code) Children() []Code { panic("cpv") }

// Contains reports whether d is c or below it.
func (c Code) Contains(d Code) bool { panic("cpv") }

// Common is the deepest code that contains both, 0 where the divisions differ.
func Common(a, b Code) Code { panic("cpv") }

// Name is the official name of the code or, where it has none here, of its
// nearest named ancestor; of tells whose name it is.
func (c Code) Name() (name string, of Code) { panic("cpv") }

// Codes lists every code in order.
func Codes() []Code { panic("cpv") }

// Nearest lists up to n real codes a person may have meant by s, the likeliest first.
func Nearest(s string, n int) []Code { panic("cpv") }

// Find lists up to n named codes whose names mention the words, the best first.
func Find(query string, n int) []Code { panic("cpv") }
