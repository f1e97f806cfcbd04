package export

import (
	"bufio"
	"iter"
	"strings"
)

// writeCSV writes by RFC 4180 (CRLF, quotes), a header first. Texts are made fit for a spreadsheet (see cell) unless o.Raw.
func writeCSV(out *bufio.Writer, o Options, rows iter.Seq2[Row, error]) error {
	if o.Excel {
		out.WriteString("\ufeff")
	}
	fields := Fields()
	for i, f := range fields {
		separate(out, i)
		quote(out, f.Header)
	}
	out.WriteString("\r\n")
	for r, err := range rows {
		if err != nil {
			return err
		}
		for i, f := range fields {
			separate(out, i)
			v := f.Value(r)
			switch {
			case v == "":
			case f.Kind.numeric():
				out.WriteString(v)
			case o.Raw:
				quote(out, v)
			default:
				quote(out, cell(v))
			}
		}
		out.WriteString("\r\n")
	}
	return nil
}

func separate(w *bufio.Writer, column int) {
	if column > 0 {
		w.WriteByte(',')
	}
}

// quote writes a cell in quotes. Every text is quoted, so that a separator
// in it, of whatever locale, does not begin a cell of its own.
func quote(w *bufio.Writer, s string) {
	w.WriteByte('"')
	w.WriteString(strings.ReplaceAll(s, `"`, `""`))
	w.WriteByte('"')
}
