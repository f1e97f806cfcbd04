// Package cpv knows the Common Procurement Vocabulary (CPV 2008, Regulation (EC)
// 213/2008): every code, the tree they form, and the names of divisions, groups and classes.
//
// A code is eight digits of which each narrows the one before, down to trailing
// zeros: 85000000 holds 85310000 holds 85312300. So kinship is arithmetic, and
// this file does it without looking anything up. Which codes exist, and what they are called, is
// read once from vocabulary.txt (vocabulary.go); what a person or a publisher writes becomes a code in
// parse.go; words lead to codes in find.go; codes of the vocabulary before this one are translated in cpv2003.go.
package cpv

import "fmt"

// Code is a CPV code without its check digit, as a number: 03000000 is 3000000. The zero Code is no code.
type Code uint32

// digits is the length of every code.
const digits = 8

// Level is how deep a code stands in the tree.
type Level int

const (
	Division Level = 2 + iota // XX000000
	Group                     // XXX00000
	Class                     // XXXX0000
	Category                  // XXXXX000
	// deeper codes are levels 6, 7, 8
)

// Words names the level; all below a category are subcategories.
func (l Level) Words() string {
	switch l {
	case Division:
		return "division"
	case Group:
		return "group"
	case Class:
		return "class"
	case Category:
		return "category"
	}
	return "subcategory"
}

// String is the eight digits.
func (c Code) String() string {
	b, _ := c.AppendText(make([]byte, 0, digits))
	return string(b)
}

// AppendText appends the eight digits.
func (c Code) AppendText(b []byte) ([]byte, error) {
	for scale := Code(10_000_000); scale > 0; scale /= 10 {
		b = append(b, '0'+byte(c/scale%10))
	}
	return b, nil
}

// MarshalText and UnmarshalText write and read the eight digits.
func (c Code) MarshalText() ([]byte, error) { return c.AppendText(make([]byte, 0, digits)) }

// UnmarshalText accepts any eight digits, known or not: a stored code is a fact.
func (c *Code) UnmarshalText(b []byte) error {
	n, ok := number(b)
	if !ok || len(b) != digits {
		return fmt.Errorf("%q is not a stored CPV code; it has to be eight digits", clip(string(b)))
	}
	*c = n
	return nil
}

// number reads digits and nothing else; its callers bound the length.
func number[T string | []byte](s T) (Code, bool) {
	var n Code
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + Code(d)
	}
	return n, len(s) > 0
}

// Known reports whether the code is in CPV 2008.
func (c Code) Known() bool {
	_, ok := vocabulary().place(c)
	return ok
}

// Level is the number of digits left after the trailing zeros are stripped, at least 2.
func (c Code) Level() Level {
	l := Level(digits)
	for l > Division && c%10 == 0 {
		c /= 10
		l--
	}
	return l
}

// span is how many codes share the first l digits of a code.
func (l Level) span() Code {
	n := Code(1)
	for l = max(l, Division); l < digits; l++ {
		n *= 10
	}
	return n
}

// At is the ancestor (or the code itself) at a level: 85312300.At(Class) is 85310000.
// It is arithmetic: eleven ancestors that the digits imply are not in the vocabulary.
func (c Code) At(l Level) Code { return c - c%l.span() }

// Parent is the nearest ancestor that exists; false for a division.
func (c Code) Parent() (Code, bool) {
	v := vocabulary()
	if i, ok := v.place(c); ok {
		p := v.parents[i]
		if int(p) == i {
			return 0, false
		}
		return v.codes[p], true
	}
	for l := c.Level() - 1; l >= Division; l-- {
		if p := c.At(l); p.Known() {
			return p, true
		}
	}
	return 0, false
}

// Ancestors lists the existing ancestors, nearest first, the code itself not among them.
func (c Code) Ancestors() []Code {
	var list []Code
	for p, ok := c.Parent(); ok; p, ok = p.Parent() {
		list = append(list, p)
	}
	return list
}

// Children lists the codes whose Parent is c, in order.
func (c Code) Children() []Code {
	var list []Code
	for _, d := range vocabulary().within(c) {
		// In order, a child stands before all that it holds.
		if d != c && (len(list) == 0 || !list[len(list)-1].Contains(d)) {
			list = append(list, d)
		}
	}
	return list
}

// Contains reports whether d is c or below it.
func (c Code) Contains(d Code) bool {
	return c != 0 && d.At(c.Level()) == c
}

// Common is the deepest existing code that contains both, 0 where the divisions differ.
func Common(a, b Code) Code {
	v := vocabulary()
	top, _, _, ok := v.climb(a, b)
	switch {
	case !ok:
		return 0
	case a == b:
		return a
	}
	return v.codes[top]
}

// Hops counts the steps over existing codes from a up to what it shares with b, and from
// there down to b; false where the divisions differ. From 85312300 to 85320000 it is three up, one down.
func Hops(a, b Code) (up, down int, ok bool) {
	_, up, down, ok = vocabulary().climb(a, b)
	return up, down, ok
}
