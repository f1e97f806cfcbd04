package matcher

import (
	"math"
	"testing"
)

func TestLog2(t *testing.T) {
	if log2(0) != 0 || log2(1) != 0 || log2(2) != 1<<fraction || log2(1<<63) != 63<<fraction {
		t.Error("log2 of a power of two is not whole")
	}
	for x := uint64(1); x < 1<<62; x += x/4 + 1 {
		got, want := float64(log2(x))/(1<<fraction), math.Log2(float64(x))
		if got > want+1e-9 || got < want-1.0/(1<<fraction)-1e-9 {
			t.Errorf("log2(%d) = %f, want %f", x, got, want)
		}
	}
}

func TestLog10Ratio(t *testing.T) {
	for _, c := range []struct{ a, b, want int64 }{
		{1, 1, 0}, {10, 1, 1000}, {1, 10, -1000}, {200, 100, 301}, {1_000_000_000_000, 1, 12_000},
	} {
		if got := log10Ratio(c.a, c.b); got < c.want-1 || got > c.want+1 {
			t.Errorf("log10Ratio(%d, %d) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSqrt(t *testing.T) {
	for _, x := range []uint64{0, 1, 2, 3, 4, 15, 16, 17, 1 << 32, 1<<62 - 1, 1 << 62, math.MaxUint64} {
		r := sqrt(x)
		if r > 0 && r > x/r || (r+1) <= x/(r+1) && (r+1)*(r+1) <= x && r+1 < 1<<32 {
			t.Errorf("sqrt(%d) = %d", x, r)
		}
	}
	for r := uint64(0); r < 5000; r++ {
		if sqrt(r*r) != r || r > 0 && sqrt(r*r-1) != r-1 {
			t.Errorf("the root of %d² is %d", r, sqrt(r*r))
		}
	}
}
