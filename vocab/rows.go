package vocab

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	// longestRow is the longest row that is read, with its line ends, and mostLines over how many lines it may go: a
	// quote that is never closed takes no more than that with it.
	longestRow = 64 << 10
	mostLines  = 8
)

// rows reads CSV as it comes: any of the usual separators, quotes by RFC 4180
// where they stand at the beginning of a field, lines that end in LF or CR LF, in UTF-8 or else
// Windows-1252 (of which Latin-1 is a part). Memory is bounded whatever comes.
type rows struct {
	in   *bufio.Reader
	sep  byte
	line int // of the row read last, from 1
	next int // of the line to be read

	held   [][]byte // lines that were read ahead and belong to no row yet
	text   []byte   // of the row: its fields point into it
	fields [][]byte
}

func newRows(r io.Reader) *rows { return &rows{in: bufio.NewReaderSize(r, longestRow), next: 1} }

// A badRow is a row that cannot be used; reading goes on behind it.
type badRow struct{ reason string }

func (e badRow) Error() string { return e.reason }

func bad(format string, args ...any) error { return badRow{fmt.Sprintf(format, args...)} }

// physical reads one line without its end. A line that is too long is read to its end and is a badRow.
func (r *rows) physical() ([]byte, error) {
	if len(r.held) > 0 {
		line := r.held[0]
		r.held = r.held[1:]
		return line, nil
	}
	line, err := r.in.ReadSlice('\n')
	long := errors.Is(err, bufio.ErrBufferFull)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.in.ReadSlice('\n')
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case long:
		return nil, bad("the line is longer than %d bytes", longestRow)
	case err != nil && len(line) == 0:
		return nil, io.EOF
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

// read gives the fields of the next row, good until the next call. io.EOF ends
// them, a badRow does not, any other error does. Empty lines are passed over.
func (r *rows) read() ([][]byte, error) {
	for {
		r.line = r.next
		r.next++
		line, err := r.physical()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		r.text = append(r.text[:0], line...)
		return r.row()
	}
}

// row takes r.text apart, with the lines after it where a quote goes on over them.
func (r *rows) row() ([][]byte, error) {
	whole := r.split()
	var more [][]byte
	for !whole {
		line, err := r.physical()
		if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, new(badRow)) {
			return nil, err
		}
		if err != nil || len(more)+2 > mostLines || len(r.text)+len(line) > longestRow {
			// The quote opened nothing: the lines behind it are rows of their own. One that was too long is empty now.
			if !errors.Is(err, io.EOF) {
				more = append(more, bytes.Clone(line))
			}
			r.held = append(more, r.held...)
			return nil, bad("a quote is opened and not closed")
		}
		more = append(more, bytes.Clone(line))
		r.text = append(append(r.text, '\n'), line...)
		whole = r.split()
	}
	r.next += len(more)
	return r.fields, nil
}

// split cuts r.text into r.fields; false where it ends inside quotes.
func (r *rows) split() bool {
	r.fields = r.fields[:0]
	text := r.text
	if !utf8.Valid(text) {
		decoded, _ := charmap.Windows1252.NewDecoder().Bytes(text) // it knows an answer to every byte
		text = decoded
	}
	if bytes.IndexByte(text, '"') < 0 {
		for {
			i := bytes.IndexByte(text, r.sep)
			if i < 0 {
				r.fields = append(r.fields, text)
				return true
			}
			r.fields = append(r.fields, text[:i])
			text = text[i+1:]
		}
	}
	for {
		field, rest, more, closed := r.cut(text)
		if !closed {
			return false
		}
		r.fields = append(r.fields, field)
		if !more {
			return true
		}
		text = rest
	}
}

// cut takes the first field off a text.
func (r *rows) cut(text []byte) (field, rest []byte, more, closed bool) {
	if len(text) == 0 || text[0] != '"' {
		field, rest, more = r.upTo(text)
		return field, rest, more, true
	}
	text = text[1:]
	doubled := false
	for end := 0; ; end += 2 {
		i := bytes.IndexByte(text[end:], '"')
		if i < 0 {
			return nil, nil, false, false
		}
		if end += i; end+1 < len(text) && text[end+1] == '"' {
			doubled = true
			continue
		}
		field = text[:end]
		if doubled {
			field = bytes.ReplaceAll(field, []byte(`""`), []byte(`"`))
		}
		tail, rest, more := r.upTo(text[end+1:])
		if len(bytes.TrimSpace(tail)) > 0 { // `"a"b`: kept as it stands
			field = append(bytes.Clone(field), tail...)
		}
		return field, rest, more, true
	}
}

// upTo cuts a text at its first separator.
func (r *rows) upTo(text []byte) (field, rest []byte, more bool) {
	if len(text) > 0 && text[0] == r.sep { // as after most quotes
		return nil, text[1:], true
	}
	i := bytes.IndexByte(text, r.sep)
	if i < 0 {
		return text, nil, false
	}
	return text[:i], text[i+1:], true
}

// separators are what may stand between fields.
const separators = ",;\t|"

// mostPreamble is how many rows may stand before the heading.
const mostPreamble = 10

// heading looks for the first row that recognise knows, in its first lines, and sets the
// separator by it. The names of the columns are in small letters without blanks around. The error tells what was found instead.
func (r *rows) heading(recognise func(columns []string) bool) ([]string, error) {
	var seen []string
	for range mostPreamble {
		r.sep = 0 // occurs in no text: the whole line is one field
		if _, err := r.read(); errors.As(err, new(badRow)) {
			continue
		} else if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		} else if err != nil {
			break
		}
		line := bytes.Clone(r.text)
		for _, sep := range []byte(separators) {
			r.sep = sep
			r.text = append(r.text[:0], line...)
			if !r.split() {
				continue
			}
			columns := make([]string, len(r.fields))
			for i, f := range r.fields {
				columns[i] = strings.ToLower(strings.Join(strings.Fields(string(f)), " "))
			}
			if recognise(columns) {
				return columns, nil
			}
			if len(columns) > len(seen) {
				seen = columns
			}
		}
	}
	switch {
	case len(seen) == 0:
		return nil, errors.New("it is empty, or no text")
	case len(seen) > 12:
		seen = append(seen[:12:12], "…")
	}
	for i, s := range seen {
		if len(s) > 30 {
			seen[i] = strings.ToValidUTF8(s[:30], "") + "…"
		}
	}
	return nil, fmt.Errorf("its columns are %s", strings.Join(seen, ", "))
}
