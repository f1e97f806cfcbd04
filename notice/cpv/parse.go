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
	text := trim(s)
	if text == "" {
		return 0, errors.New("no CPV code is given; it has to be eight digits, such as 85312300")
	}
	if len(text) == digits {
		if c, ok := number(text); ok && c.Known() {
			return c, nil
		}
	}
	for _, c := range Nearest(text, 1) {
		return 0, fmt.Errorf("%q is not a CPV code; did you mean %s (%s)?", clip(s), c, c.described())
	}
	return 0, fmt.Errorf("%q is not a CPV code; it has to be eight digits, such as 85312300", clip(s))
}

// trim takes off what may stand around a code: blanks, "CPV", a check digit.
func trim(s string) string {
	text := strings.TrimSpace(s)
	if len(text) >= 3 && strings.EqualFold(text[:3], "CPV") {
		text = strings.TrimLeft(text[3:], " :-\u00a0")
	}
	if body, check, found := strings.Cut(text, "-"); found && len(check) == 1 && check[0] >= '0' && check[0] <= '9' {
		text = body
	}
	return text
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

// Nearest lists up to n real codes a person may have meant by s, the likeliest
// first: the digits filled up or cut to eight; what CPV 2008 made of them if they are of CPV
// 2003; a slip of the keys in the last digits; the nearest ancestor; a slip in the first digits; then what
// stands around it. Words are looked for in the names.
func Nearest(s string, n int) []Code {
	typed := digitsOf(trim(s))
	if len(typed) < int(Division) {
		return Find(clip(s), n)
	}
	var list []Code
	add := func(codes ...Code) {
		for _, c := range codes {
			if c.Known() && !slices.Contains(list, c) && len(list) < n {
				list = append(list, c)
			}
		}
	}
	whole, _ := number((typed + "00000000")[:digits])
	successor, _ := FromCPV2003(whole)
	parent, _ := whole.Parent()
	late, early := slips(typed)
	add(whole, successor)
	add(late...)
	add(parent)
	add(early...)
	add(whole.Children()...)
	for _, p := range whole.Ancestors() {
		add(p)
		add(p.Children()...)
	}
	return list
}

// digitsOf gathers the digits that s begins with, blanks and dots between them
// left out, at most one more than a code has.
func digitsOf(s string) string {
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() <= digits; i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			b.WriteByte(s[i])
		case s[i] != ' ' && s[i] != '.':
			return b.String()
		}
	}
	return b.String()
}

// slips lists the codes one slip of the keys away from what was typed (a digit
// left out, put in, changed or swapped with its neighbour), from the last digit to the
// first: late are those of the same class, early the others.
func slips(typed string) (late, early []Code) {
	add := func(at int, text string) {
		c, ok := number(text)
		switch {
		case !ok || len(text) != digits:
		case at >= int(Class):
			late = append(late, c)
		default:
			early = append(early, c)
		}
	}
	for i := len(typed) - 2; i >= 0; i-- { // a swap is the likeliest
		add(i, typed[:i]+typed[i+1:i+2]+typed[i:i+1]+typed[i+2:])
	}
	for i := len(typed); i >= 0; i-- {
		head, tail := typed[:i], typed[i:]
		if tail != "" {
			add(i, head+tail[1:]) // put in
		}
		for d := '0'; d <= '9'; d++ {
			add(i, head+string(d)+tail) // left out
			if tail != "" {
				add(i, head+string(d)+tail[1:]) // changed
			}
		}
	}
	return late, early
}
