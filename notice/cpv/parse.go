package cpv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Parse reads "85312300", "85312300-2" (the check digit is not checked: it cannot
// be computed), the same with blanks around it or "CPV" before it. The error names the nearest real code.
func Parse(s string) (Code, error) {
	text := strings.TrimSpace(s)
	if len(text) > 3 && strings.EqualFold(text[:3], "CPV") {
		text = strings.TrimLeft(text[3:], " :-\u00a0")
	}
	if body, check, found := strings.Cut(text, "-"); found && len(check) == 1 && check[0] >= '0' && check[0] <= '9' {
		text = body
	}
	if len(text) == digits {
		if c, ok := number(text); ok && c.Known() {
			return c, nil
		}
	}
	if strings.TrimSpace(s) == "" {
		return 0, errors.New("no CPV code is given; it has to be eight digits, such as 85312300")
	}
	for _, c := range Nearest(s, 1) {
		return 0, fmt.Errorf("%q is not a CPV code; did you mean %s (%s)?", clip(s), c, c.described())
	}
	return 0, fmt.Errorf("%q is not a CPV code; it has to be eight digits, such as 85312300", clip(s))
}

// described names a code for a person: by its own name, or by where it stands.
func (c Code) described() string {
	name, of := c.Name()
	if of == c {
		return name
	}
	return fmt.Sprintf("under %s %s", of, name)
}

// clip keeps an error message short whatever was given.
func clip(s string) string {
	const limit = 40
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// Nearest lists up to n real codes a person may have meant by s, the likeliest first:
// the digits filled up or cut to eight, then one slip of the keys away (a digit
// left out, doubled, changed or swapped with its neighbour; late slips before early ones), then
// the codes around the nearest ancestor. Words are looked for in the names.
func Nearest(s string, n int) []Code {
	typed := digitsOf(s)
	if len(typed) < int(Division) {
		return Find(clip(s), n)
	}
	var list []Code
	add := func(c Code) {
		if c.Known() && !slices.Contains(list, c) && len(list) < n {
			list = append(list, c)
		}
	}
	whole := (typed + "00000000")[:digits]
	c, _ := number(whole)
	add(c)
	for _, t := range slips(typed) {
		if c, ok := number(t); ok {
			add(c)
		}
	}
	for _, p := range c.Ancestors() {
		add(p)
		for _, d := range p.Children() {
			add(d)
		}
	}
	return list
}

// digitsOf gathers the digits of s, without a check digit, at most one more than a code has.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '-' && b.Len() >= digits {
			break
		}
		if r >= '0' && r <= '9' && b.Len() <= digits {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// slips lists the eight digits one slip away from what was typed, late slips first.
func slips(typed string) []string {
	var list []string
	for i := len(typed); i >= 0; i-- {
		switch {
		case len(typed) == digits-1:
			for d := '0'; d <= '9'; d++ {
				list = append(list, typed[:i]+string(d)+typed[i:])
			}
		case i == len(typed):
		case len(typed) == digits+1:
			list = append(list, typed[:i]+typed[i+1:])
		case len(typed) == digits:
			if i > 0 {
				list = append(list, typed[:i-1]+typed[i:i+1]+typed[i-1:i]+typed[i+1:])
			}
			for d := '0'; d <= '9'; d++ {
				list = append(list, typed[:i]+string(d)+typed[i+1:])
			}
		}
	}
	return list
}
