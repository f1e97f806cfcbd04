package profiles

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Error is one thing wrong with a profile: where, in which field, and what to do.
type Error struct {
	File string
	// Line and Column count from 1, the column in characters; both are 0
	// where the profile was built in code.
	Line, Column int
	// Field is "cpv", "value.min", "weights.subject"; "" for the whole profile.
	Field string
	// Value is what stood there, as it was written.
	Value string
	// Message says what is wrong and what to do about it.
	Message string
}

// Error is "trent.yaml:7:5: cpv: what is wrong; what to do".
func (e Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Errors is everything wrong with a file or a profile, in the order it stands there.
type Errors []Error

// shown is how many errors of one file are worth printing.
const shown = 20

// Error prints an error a line, the first 20 of them.
func (es Errors) Error() string {
	var b strings.Builder
	for i, e := range es {
		if i == shown {
			fmt.Fprintf(&b, "\n… and %d more", len(es)-shown)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
	}
	return b.String()
}

// Unwrap lets errors.As find the single errors.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// err is the errors as an error, nil where there are none.
func (es Errors) err() error {
	if len(es) == 0 {
		return nil
	}
	slices.SortStableFunc(es, func(a, b Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return es
}

// quote shows a value inside a message: harmless in a terminal, and not too long.
func quote(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return strconv.Quote(string(r[:limit])) + "…"
	}
	return strconv.Quote(s)
}

// nearest is the name that a person may have meant, "" where none is close.
func nearest(written string, names []string) string {
	w := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(written))
	if len(w) < 2 || len(w) > 64 {
		return ""
	}
	best, least := "", max(1, len(w)/3)+1
	for _, name := range names {
		n := strings.ToLower(name)
		d := distance(w, n)
		if strings.HasPrefix(n, w) || strings.HasPrefix(w, n) || len(n) > 4 && strings.HasPrefix(w, n[:5]) {
			d = min(d, 1) // "desc", "cpvs", "exclusions"
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters must be added, dropped or replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
