package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// looksJSON tells JSON from YAML by its first letter. A YAML file in flow style
// that opens with a brace is held to be JSON, and told so.
func looksJSON(src []byte) bool {
	s := bytes.TrimLeft(src, " \t\r\n")
	return len(s) > 0 && s[0] == '{' || len(s) > 1 && s[0] == '[' && bytes.IndexByte([]byte("{]\r\n\t "), s[1]) >= 0
}

// jsonReader builds nodes of JSON text: one value, or many after each other (JSON Lines).
type jsonReader struct {
	src  []byte
	dec  *jsontext.Decoder
	next cursor
}

// parseJSON gives the top-level values of src. What follows a syntax error is
// not read; the values before it are given beside the error.
func parseJSON(src []byte) ([]*node, Errors) {
	r := &jsonReader{
		src:  src,
		dec:  jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true)),
		next: cursor{src: src, place: place{1, 1}},
	}
	var docs []*node
	for {
		n, err := r.value(0)
		switch {
		case err == io.EOF:
			return docs, nil
		case err != nil:
			return docs, Errors{r.error(err)}
		}
		docs = append(docs, n)
	}
}

// value reads the next value.
func (r *jsonReader) value(depth int) (*node, error) {
	n := &node{place: r.next.at(r.start())}
	tok, err := r.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, Error{Line: n.line, Column: n.column, Message: tooDeep}
	}
	switch tok.Kind() {
	case '{':
		n.kind = mapping
		for r.dec.PeekKind() != '}' {
			key, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			value, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.fields = append(n.fields, field{key, value})
		}
		_, err = r.dec.ReadToken()
	case '[':
		n.kind = list
		for r.dec.PeekKind() != ']' {
			item, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err = r.dec.ReadToken()
	case '"':
		n.kind, n.text = text, tok.String()
	case 'n':
		n.kind = null
	default:
		n.kind, n.text = bare, tok.String() // a number's literal, as it stands
	}
	return n, err
}

// start is where the next token begins: after blanks, a comma or a colon.
func (r *jsonReader) start() int {
	i := int(r.dec.InputOffset())
	for i < len(r.src) && bytes.IndexByte([]byte(" \t\r\n,:"), r.src[i]) >= 0 {
		i++
	}
	return i
}

// error gives a syntax error its place and a remedy.
func (r *jsonReader) error(err error) Error {
	if e, ok := errors.AsType[Error](err); ok {
		return e
	}
	at := r.next.place
	reason := err
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at, reason = r.next.at(int(e.ByteOffset)), e.Err
	}
	return Error{Line: at.line, Column: at.column, Message: fmt.Sprintf("not valid JSON: %v; a profile that starts with a brace or bracket is read as JSON: correct it here, or write it as YAML, a field a line", reason)}
}

// cursor turns rising byte offsets into places, reading the text once.
type cursor struct {
	src    []byte
	offset int
	place
}

// at moves forward to a byte offset; an offset already passed gives where the cursor stands.
func (c *cursor) at(offset int) place {
	for c.offset < min(offset, len(c.src)) {
		r, size := utf8.DecodeRune(c.src[c.offset:])
		c.offset += size
		c.column++
		if r == '\n' {
			c.line, c.column = c.line+1, 1
		}
	}
	return c.place
}
