package matcher

import "math/bits"

// Scores are the same bytes on every machine, so nothing here is a float64:
// whether a compiler fuses a multiplication with an addition must not decide who stands first.

// fraction is how many bits of a logarithm stand behind the point.
const fraction = 16

// log2 is the binary logarithm of x in 1/65536ths, rounded down; 0 for 0.
func log2(x uint64) int64 {
	if x == 0 {
		return 0
	}
	whole := bits.Len64(x) - 1
	m := x << (63 - whole) // the mantissa, 1 <= m/2^63 < 2
	out := int64(whole)
	for range fraction {
		hi, lo := bits.Mul64(m, m)
		out <<= 1
		if hi>>63 == 1 { // the square is 2 or more
			out |= 1
			m = hi
		} else {
			m = hi<<1 | lo>>63
		}
	}
	return out
}

// log10Ratio is log10(a/b) in thousandths, for positive a and b.
func log10Ratio(a, b int64) int64 {
	// 0.30103 is log10(2).
	return (log2(uint64(a)) - log2(uint64(b))) * 30103 / (100 << fraction)
}

// sqrt is the integer square root, rounded down.
func sqrt(x uint64) uint64 {
	if x == 0 {
		return 0
	}
	r := uint64(1) << ((bits.Len64(x) + 1) / 2) // never below the root
	for {
		next := (r + x/r) / 2
		if next >= r {
			return r
		}
		r = next
	}
}

// divide rounds a/b to the nearest whole number, halves up, for a >= 0 and b > 0.
func divide(a, b int64) int64 { return (a + b/2) / b }
