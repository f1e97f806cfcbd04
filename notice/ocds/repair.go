package ocds

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/charmap"
)

// repair rewrites a release that is not JSON, or not JSON as it should be
// (duplicate names, bytes that are not UTF-8), into compact JSON, and notes each
// repair. It only mends what leaves no doubt about the rest; the result is
// read by the strict reader again, which has the last word.
func repair(raw []byte, found *issues) ([]byte, error) {
	m := mender{in: raw, out: make([]byte, 0, len(raw)+64), found: found}
	if err := m.value(0, false); err != nil {
		return nil, err
	}
	if m.next() != 0 {
		return nil, m.errorf("there is more behind the release")
	}
	return m.out, nil
}

// errTooLarge says that a release outgrew maxRelease by its repairs.
var errTooLarge = errors.New("the repaired release is too large")

type mender struct {
	in    []byte
	i     int
	out   []byte
	at    []byte // JSON Pointer of the present value
	found *issues
}

func (m *mender) note(code, format string, args ...any) {
	if m.found.full() { // there may be millions
		m.found.more++
		return
	}
	m.found.add(code, string(m.at), fmt.Sprintf(format, args...))
}

func (m *mender) errorf(format string, args ...any) error {
	return fmt.Errorf("%s at byte %d (%s)", fmt.Sprintf(format, args...), m.i, m.at)
}

// next is the next byte that is not white space; 0 at the end.
func (m *mender) next() byte {
	for ; m.i < len(m.in); m.i++ {
		switch m.in[m.i] {
		case ' ', '\t', '\r', '\n':
		case 0:
			m.note("control-character", "a NUL between values was dropped")
		default:
			return m.in[m.i]
		}
	}
	return 0
}

func (m *mender) value(depth int, inObject bool) error {
	if depth > maxDepth {
		return m.errorf("nested deeper than %d levels", maxDepth)
	}
	switch c := m.next(); c {
	case '{':
		return m.object(depth)
	case '[':
		return m.array(depth)
	case '"':
		return m.string()
	case 0:
		return m.errorf("the text ends in the middle")
	case ':':
		return m.errorf("a value is expected")
	case ',', '}', ']':
		m.out = append(m.out, "null"...)
		m.note("missing-value", "no value is given: it counts as unknown")
		return nil
	default:
		return m.word(inObject)
	}
}

// span is a member in the output.
type span struct{ from, to int }

func (m *mender) object(depth int) error {
	m.i++
	m.out = append(m.out, '{')
	var (
		begin   = len(m.out)
		members []span
		last    = map[string]int{} // name -> its place in members
		at      = len(m.at)
		dropped = false
	)
	defer func() { m.at = m.at[:at] }()
	for first := true; ; first = false {
		c := m.next()
		if !first && c != '}' {
			if c == ',' {
				m.i++
				c = m.comma()
			} else if c == '"' {
				m.note("missing-comma", "a comma between two members is missing")
			}
		}
		if c == '}' {
			m.i++
			break
		}
		if c != '"' {
			return m.errorf("a name in quotes or a closing brace is expected")
		}
		if len(members) > 0 {
			m.out = append(m.out, ',')
		}
		from := len(m.out)
		if err := m.string(); err != nil {
			return err
		}
		quoted, err := jsontext.AppendUnquote(nil, m.out[from:])
		if err != nil {
			return m.errorf("a name cannot be read")
		}
		name := string(quoted)
		m.at = append(append(m.at[:at], '/'), escapeToken(name)...)
		if m.next() != ':' {
			return m.errorf("a colon is expected")
		}
		m.i++
		m.out = append(m.out, ':')
		if err := m.value(depth+1, true); err != nil {
			return err
		}
		if earlier, twice := last[name]; twice {
			dropped = true
			m.note("duplicate-name", "the name stands twice: the last value counts, the earlier was %s", clip(string(m.out[members[earlier].from:members[earlier].to])))
			members[earlier].to = members[earlier].from
		}
		last[name] = len(members)
		members = append(members, span{from, len(m.out)})
		m.at = m.at[:at]
	}
	if dropped {
		m.keep(begin, members)
	}
	m.out = append(m.out, '}')
	return nil
}

// keep rewrites the members of an object without those that are empty.
func (m *mender) keep(begin int, members []span) {
	to := begin
	for _, s := range members {
		if s.from == s.to {
			continue
		}
		if to > begin {
			m.out[to] = ','
			to++
		}
		to += copy(m.out[to:], m.out[s.from:s.to])
	}
	m.out = m.out[:to]
}

// comma moves over further commas, and says what follows.
func (m *mender) comma() byte {
	c := m.next()
	if c == ',' || c == '}' || c == ']' {
		m.note("stray-comma", "a comma too many was dropped")
	}
	for c == ',' {
		m.i++
		c = m.next()
	}
	return c
}

func (m *mender) array(depth int) error {
	m.i++
	m.out = append(m.out, '[')
	at := len(m.at)
	defer func() { m.at = m.at[:at] }()
	for n := 0; ; n++ {
		m.at = append(m.at[:at], '/')
		m.at = strconv.AppendInt(m.at, int64(n), 10)
		c := m.next()
		if n > 0 && c != ']' {
			if c == ',' {
				m.i++
				c = m.comma()
			} else {
				m.note("missing-comma", "a comma between two elements is missing")
			}
		}
		if c == ']' {
			m.i++
			break
		}
		if c == '}' {
			return m.errorf("a closing bracket is expected")
		}
		if n > 0 {
			m.out = append(m.out, ',')
		}
		if err := m.value(depth+1, false); err != nil {
			return err
		}
	}
	m.out = append(m.out, ']')
	return nil
}

// string copies a string, with its contents put right.
func (m *mender) string() error {
	m.i++
	m.out = append(m.out, '"')
	for m.i < len(m.in) {
		if len(m.out) > maxRelease {
			return errTooLarge
		}
		switch c := m.in[m.i]; {
		case c == '"' && m.ends():
			m.i++
			m.out = append(m.out, '"')
			return nil
		case c == '"':
			m.i++
			m.out = append(m.out, `\"`...)
			m.note("unescaped-quote", "a quotation mark inside the text was not escaped")
		case c == '\\':
			m.escape()
		case c == 0:
			m.i++
			m.note("control-character", "a NUL in the text was dropped")
		case c < 0x20:
			m.i++
			m.out = appendControl(m.out, c)
			m.note("control-character", "a control character (U+%04X) in the text was not escaped", c)
		case c < utf8.RuneSelf:
			m.i++
			m.out = append(m.out, c)
		default:
			m.rune()
		}
	}
	return m.errorf("the text ends inside a string")
}

// ends reports whether the quotation mark here ends its string: what follows
// must be able to follow a string.
func (m *mender) ends() bool {
	for _, c := range m.in[m.i+1:] {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case ',', ':', '}', ']', '"':
			return true
		}
		return false
	}
	return true
}

// escape copies the escape sequence that begins here.
func (m *mender) escape() {
	rest := m.in[m.i:]
	if len(rest) < 2 {
		m.i++
		return // the text ends: string says so
	}
	switch c := rest[1]; c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		m.out = append(m.out, rest[:2]...)
		m.i += 2
	case 'u':
		m.unicodeEscape(rest)
	case '\'':
		m.out = append(m.out, c)
		m.i += 2
		m.note("bad-escape", `\' is no JSON: the backslash was dropped`)
	default:
		m.out = append(m.out, `\\`...)
		m.i++
		m.note("bad-escape", "a backslash that escapes nothing counts as a backslash")
	}
}

func (m *mender) unicodeEscape(rest []byte) {
	r, ok := hex4(rest)
	switch {
	case !ok:
		m.out = append(m.out, `\\`...)
		m.i++
		m.note("bad-escape", "a backslash that escapes nothing counts as a backslash")
	case r == 0:
		m.i += 6
		m.note("control-character", "a NUL in the text was dropped")
	case !utf16.IsSurrogate(r):
		m.out = append(m.out, rest[:6]...)
		m.i += 6
	default:
		if low, ok := hex4(rest[6:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			m.out = append(m.out, rest[:12]...)
			m.i += 12
			return
		}
		m.out = append(m.out, "\ufffd"...)
		m.i += 6
		m.note("lone-surrogate", "half of a character (%s) was replaced by U+FFFD", rest[:6])
	}
}

// hex4 reads \uXXXX.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(n), err == nil
}

// rune copies a character beyond ASCII. Bytes that are not UTF-8 are read as
// Windows-1252, of which ISO-8859-1 is a part.
func (m *mender) rune() {
	r, size := utf8.DecodeRune(m.in[m.i:])
	if r != utf8.RuneError || size > 1 {
		m.out = append(m.out, m.in[m.i:m.i+size]...)
		m.i += size
		return
	}
	if rest := m.in[m.i:]; len(rest) >= 3 && rest[0] == 0xed && rest[1] >= 0xa0 && rest[1] < 0xc0 && rest[2]&0xc0 == 0x80 {
		m.out = append(m.out, "\ufffd"...)
		m.i += 3
		m.note("lone-surrogate", "half of a character was replaced by U+FFFD")
		return
	}
	c := m.in[m.i]
	m.out = utf8.AppendRune(m.out, charmap.Windows1252.DecodeByte(c))
	m.i++
	m.note("not-utf8", "the byte %02X is not UTF-8 and was read as Windows-1252", c)
}

func appendControl(out []byte, c byte) []byte {
	if i := strings.IndexByte("\b\f\n\r\t", c); i >= 0 {
		return append(out, '\\', "bfnrt"[i])
	}
	return fmt.Appendf(out, `\u%04x`, c)
}

// word copies what stands outside quotation marks: a number, a literal, or
// something that has to be read with care.
func (m *mender) word(inObject bool) error {
	rest := m.in[m.i:]
	end := bytes.IndexAny(rest, ",]}[{\":\n")
	if end < 0 {
		return m.errorf("the text ends in the middle")
	}
	if inObject {
		end += thousands(rest[:end], rest[end:])
	}
	word := bytes.TrimRight(rest[:end], " \t\r\x00")
	m.i += end
	if v := jsontext.Value(word); v.IsValid() {
		m.out = append(m.out, word...)
		return nil
	}
	switch literal := string(word); literal {
	case "NaN", "nan", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "Inf", "-Inf":
		m.out = append(m.out, "null"...)
		m.note("not-a-number", "%s is no number: it counts as unknown", literal)
	case "True", "False":
		m.out = append(m.out, strings.ToLower(literal)...)
		m.note("bad-literal", "%s is not JSON: it counts as %s", literal, strings.ToLower(literal))
	default:
		if number, ok := mendNumber(literal); ok {
			m.out = append(m.out, number...)
			m.note("broken-number", "%s is not JSON: it counts as %s", clip(literal), number)
			return nil
		}
		m.out = append(m.out, "null"...)
		m.note("broken-value", "%s is not JSON: it counts as unknown", clip(literal))
	}
	return nil
}

// thousands is the length of the groups of three digits that stand behind a
// number and its comma ("1,000" or "1, 000"). In an object a comma is followed by
// a name, so that there is no doubt that they belong to the number.
func thousands(number, rest []byte) int {
	n := 0
	if len(number) == 0 || number[0] < '0' || number[0] > '9' {
		return 0
	}
	for n < len(rest) && rest[n] == ',' {
		group := bytes.TrimLeft(rest[n+1:], " ")
		skipped := len(rest) - n - len(group)
		digits := 0
		for digits < len(group) && group[digits] >= '0' && group[digits] <= '9' {
			digits++
		}
		if digits != 3 {
			break
		}
		n += skipped + digits
		if fraction := bytes.TrimLeft(group[digits:], "0123456789."); len(group[digits:]) > 0 && group[digits] == '.' {
			n += len(group) - digits - len(fraction)
			break
		}
	}
	return n
}

// mendNumber puts a number right whose meaning is plain: spaces or commas between groups
// of three digits, a leading plus or zeros, a point without digits on one side.
// Zeros alone ("000") are what is left of a number that was cut: no number.
func mendNumber(s string) (string, bool) {
	groups := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == ',' })
	if len(groups) == 0 {
		return "", false
	}
	for _, g := range groups[1:] {
		whole, _, _ := strings.Cut(g, ".")
		if len(whole) != 3 {
			return "", false
		}
	}
	s = strings.TrimPrefix(strings.Join(groups, ""), "+")
	s, minus := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(s, ".")
	digits := strings.TrimLeft(whole, "0")
	if digits == "" && strings.Trim(fraction, "0") == "" && len(whole) != 1 {
		return "", false
	}
	if digits == "" {
		digits = "0"
	}
	if minus {
		digits = "-" + digits
	}
	if point && fraction != "" {
		digits += "." + fraction
	}
	return digits, jsontext.Value(digits).IsValid()
}
