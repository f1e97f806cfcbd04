package vocab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"bidfit/notice/cpv"
)

// The names of a language are a table of lines, code and name apart by a tab, in order.

// longestName is the longest name that is kept, in bytes. The longest official ones have some 500.
const longestName = 2000

// cpvFile is the file of a language.
func cpvFile(language string) string { return string(KindCPV) + "-" + language + ".vocab" }

// cpvCode reads a code as tables write it: with or without its check digit, as a number that has lost
// its leading zero.
func cpvCode(field []byte) (cpv.Code, error) {
	s := strings.TrimSpace(string(field))
	body, _, _ := strings.Cut(s, "-")
	if len(body) == 9 && body == s {
		body = body[:8] // the check digit without its hyphen
	}
	if len(body) == 7 {
		body = "0" + body
	}
	var c cpv.Code
	if err := c.UnmarshalText([]byte(body)); err != nil || !c.Known() {
		return 0, bad("%.40q is no code of CPV 2008", s)
	}
	return c, nil
}

// readCPV reads the names of a CPV table, by language.
func (im *importing) readCPV(l layout) (map[string]cpv.Names, error) {
	all := map[string]cpv.Names{}
	for language := range l.names {
		all[language] = cpv.Names{}
	}
	err := im.each(func(fields [][]byte) error {
		if l.code >= len(fields) {
			return bad("there is no code")
		}
		c, err := cpvCode(fields[l.code])
		if err != nil {
			return err
		}
		for language, at := range l.names {
			if at >= len(fields) {
				return bad("there are %d fields, the name stands in field %d", len(fields), at+1)
			}
			name := tidy(fields[at])
			if len(name) > longestName {
				return bad("the name of %s is longer than %d bytes", c, longestName)
			}
			if name != "" {
				all[language][c] = name
			}
		}
		return nil
	})
	return all, err
}

// tidy is a field on one line, with no blanks around.
func tidy(field []byte) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(string(field), "\ufffd"), func(r rune) bool {
		return r <= ' ' || r == '\u00a0'
	}), " ")
}

// writeCPV writes the names of one language.
func writeCPV(w io.Writer, names cpv.Names) error {
	out := bufio.NewWriter(w)
	for _, c := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(out, "%s\t%s\n", c, names[c])
	}
	return out.Flush()
}

// decodeCPV reads what writeCPV wrote.
func decodeCPV(t *table) (cpv.Names, error) {
	names := cpv.Names{}
	err := t.lines(func(f []string) bool {
		var c cpv.Code
		if len(f) != 2 || c.UnmarshalText([]byte(f[0])) != nil {
			return false
		}
		names[c] = f[1]
		return true
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}

// lines calls use for each line of the content, cut at its tabs; false from use is a damaged table.
func (t *table) lines(use func(fields []string) bool) error {
	s := bufio.NewScanner(t.content())
	s.Buffer(nil, longestRow*4)
	for n := 1; s.Scan(); n++ {
		if !use(strings.Split(s.Text(), "\t")) {
			return t.damaged(fmt.Sprintf("line %d of its content has another form", n))
		}
	}
	if err := s.Err(); errors.Is(err, bufio.ErrTooLong) {
		return t.damaged("a line of its content is too long")
	} else if err != nil {
		return err
	}
	return nil
}

// CPVNames are the official names of CPV codes in a language ("en", "de"), as
// far as a table was imported: nil, and no error, where none was. The map is shared: do not write to it.
func (v *Vocab) CPVNames(language string) (cpv.Names, error) {
	if v == nil {
		return nil, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if names, ok := v.cpv[language]; ok {
		return names, nil
	}
	t, err := v.open(cpvFile(language))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := decodeCPV(t)
	if err := errors.Join(err, t.close()); err != nil {
		return nil, err
	}
	v.cpv[language] = names
	return names, nil
}
