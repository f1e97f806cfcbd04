package export

import (
	"bufio"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// writeJSON writes an array of objects, one a line.
func writeJSON(out *bufio.Writer, _ Options, rows iter.Seq2[Row, error]) error {
	out.WriteByte('[')
	before := "\n"
	err := objects(rows, func(object []byte) {
		out.WriteString(before)
		out.Write(object)
		before = ",\n"
	})
	if err != nil {
		return err
	}
	out.WriteString("\n]\n")
	return nil
}

// writeJSONL writes an object a line.
func writeJSONL(out *bufio.Writer, _ Options, rows iter.Seq2[Row, error]) error {
	return objects(rows, func(object []byte) {
		out.Write(object)
		out.WriteByte('\n')
	})
}

// objects hands on each row as a JSON object: every field by its name, null where it is unknown.
func objects(rows iter.Seq2[Row, error], put func([]byte)) error {
	fields := Fields()
	var object []byte
	for r, err := range rows {
		if err != nil {
			return err
		}
		object = object[:0]
		for i, f := range fields {
			separator := byte(',')
			if i == 0 {
				separator = '{'
			}
			object = append(append(object, separator), '"')
			object = append(append(object, f.Name...), `":`...)
			switch v := f.Value(r); {
			case v == "":
				object = append(object, "null"...)
			case f.Kind.numeric():
				object = append(object, v...)
			default:
				// A string that is valid UTF-8 can always be quoted.
				object, _ = jsontext.AppendQuote(object, strings.ToValidUTF8(v, "\ufffd"))
			}
		}
		put(append(object, '}'))
	}
	return nil
}
