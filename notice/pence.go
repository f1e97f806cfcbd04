package notice

import (
	"fmt"
	"strings"
)

// Pence is an amount of money in whole pence.
type Pence int64

// Decimal writes pounds as a plain number, with two decimals only where there
// are pence: "704000", "1234.50".
func (p Pence) Decimal() string {
	sign := ""
	if p < 0 {
		sign, p = "-", -p
	}
	if p%100 == 0 {
		return fmt.Sprintf("%s%d", sign, int64(p/100))
	}
	return fmt.Sprintf("%s%d.%02d", sign, int64(p/100), int64(p%100))
}

// String writes pounds: "£704,000", "£1,234.50".
func (p Pence) String() string {
	sign := ""
	if p < 0 {
		sign, p = "-", -p
	}
	whole := fmt.Sprint(int64(p / 100))
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if r := p % 100; r != 0 {
		return fmt.Sprintf("%s£%s.%02d", sign, b.String(), int64(r))
	}
	return sign + "£" + b.String()
}
