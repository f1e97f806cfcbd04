package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML gives the documents of src that say anything, and what is wrong
// with those that cannot be read. Profiles are written in the plain part of YAML: anchors,
// aliases, tags and complex keys are refused before anything is built of
// them, so a small file cannot become a big one.
func parseYAML(src []byte) (docs []*node, errs Errors) {
	for _, d := range split(src) {
		n, err := d.parse()
		switch {
		case err != nil:
			err.Line += d.line
			errs = append(errs, *err)
		case n.kind != null:
			docs = append(docs, n)
		}
	}
	return docs, errs
}

// document is one YAML document of a file and the number of lines before it.
type document struct {
	text string
	line int
}

// split cuts a file at the lines "---" and "...", which always end a document
// (the library loses the document after an empty one). The markers and "%YAML 1.2" become
// blanks, so that columns stay what they are.
func split(src []byte) []document {
	var docs []document
	text := bytes.Clone(src)
	begin, first, number, said := 0, 0, 0, false
	offset := 0
	for line := range bytes.Lines(src) {
		rest, mark := bytes.CutPrefix(line, []byte("---"))
		if !mark {
			rest, mark = bytes.CutPrefix(line, []byte("..."))
		}
		switch {
		case mark && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\n"), rest[0]) >= 0):
			docs = append(docs, document{string(text[begin:offset]), first})
			begin, first = offset, number
			copy(text[offset:], "   ")
			said = says(rest)
		case !said && line[0] == '%':
			for i := range bytes.TrimSuffix(line, []byte("\n")) {
				text[offset+i] = ' '
			}
		default:
			said = said || says(line)
		}
		offset += len(line)
		number++
	}
	return append(docs, document{string(text[begin:]), first})
}

// says reports whether a line holds more than blanks and a comment.
func says(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && line[0] != '#'
}

// parse makes a node of a document, a null one where it says nothing.
func (d document) parse() (*node, *Error) {
	tokens := lexer.Tokenize(d.text)
	if err := plainOnly(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, yamlError(err)
	}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			return build(doc.Body, d.line, 0), nil
		}
	}
	return &node{kind: null}, nil
}

// plainOnly refuses what profiles have no use for, and shapes that would
// exhaust the parser: it descends once a level, and the cost of a mapping grows
// with the square of its keys.
func plainOnly(tokens token.Tokens) *Error {
	brackets := 0
	var open blocks
	for _, t := range tokens {
		var message string
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType:
			open.at(t.Position.Column)
		case token.MappingValueType:
			if brackets > 0 {
				break
			}
			column := t.Position.Column
			if key := t.Prev; key != nil && key.Position.Line == t.Position.Line {
				column = key.Position.Column
			}
			b := open.at(column)
			if b.keys++; b.keys > maxFields {
				message = tooMany
			}
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			message = "anchors and aliases (&name, *name, <<) are not read in profiles; write the value out, or put it in quotes"
		case token.TagType:
			message = "tags (!name) are not read in profiles; leave it out, or put the value in quotes"
		case token.MappingKeyType:
			message = `keys with "?" are not read in profiles; write "field: value", or put the value in quotes`
		}
		if brackets > maxDepth || len(open) > maxDepth {
			message = tooDeep
		}
		if message != "" {
			return &Error{Line: t.Position.Line, Column: t.Position.Column, Message: message}
		}
	}
	return nil
}

// blocks are the lists and mappings that a line of YAML stands in, by the
// column they begin at.
type blocks []block

// block is one of them and the keys it has had so far.
type block struct{ column, keys int }

// at leaves the blocks further in and enters the one at a column.
func (b *blocks) at(column int) *block {
	s := *b
	for len(s) > 0 && s[len(s)-1].column > column {
		s = s[:len(s)-1]
	}
	if len(s) == 0 || s[len(s)-1].column < column {
		s = append(s, block{column: column})
	}
	*b = s
	return &s[len(s)-1]
}

// build makes a node of a part of the library's tree; line is the number of lines before it.
func build(from ast.Node, line, depth int) *node {
	n := &node{kind: tangle}
	if from == nil || depth > maxDepth {
		return n
	}
	at := from.GetToken().Position
	n.place = place{line + at.Line, at.Column}
	switch from := from.(type) {
	case *ast.MappingNode:
		n.kind = mapping
		for _, v := range from.Values {
			n.fields = append(n.fields, field{build(v.Key, line, depth+1), build(v.Value, line, depth+1)})
		}
		if !from.IsFlowStyle && len(n.fields) > 0 {
			n.place = n.fields[0].key.place // the library points at the first colon
		}
	case *ast.SequenceNode:
		n.kind = list
		for _, v := range from.Values {
			n.items = append(n.items, build(v, line, depth+1))
		}
	case *ast.NullNode:
		n.kind = null
	case *ast.LiteralNode:
		n.kind, n.text = text, from.Value.Value
	case *ast.StringNode:
		n.kind, n.text = text, from.Value
		if from.Token.Type == token.StringType {
			n.kind = bare
		}
	default: // numbers, truth values, .inf: the letters as they stand
		n.kind, n.text = bare, from.GetToken().Value
	}
	return n
}

// yamlError is the parser's complaint with its place and, where we know one, a remedy.
func yamlError(err error) *Error {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil {
		return &Error{Message: fmt.Sprintf("not valid YAML: %v", err)}
	}
	message := e.GetMessage()
	remedy := ""
	switch {
	case strings.Contains(message, "\t"):
		message, remedy = "a tab stands where YAML wants blanks", "indent with blanks only"
	case strings.Contains(message, "mapping value is not allowed"):
		remedy = `put a text that holds ": " in quotes, and check the indentation`
	case strings.Contains(message, "reserved character"):
		remedy = "put the text in quotes"
	case strings.Contains(message, "could not find end character"):
		remedy = "close the quotes"
	case strings.Contains(message, "end token"):
		remedy = "close the bracket"
	default:
		remedy = "check the indentation, and put a text with : # [ ] { } , & * ! | > ' \" % @ or ` in quotes"
	}
	at := e.GetToken().Position
	return &Error{Line: at.Line, Column: at.Column, Message: fmt.Sprintf("not valid YAML: %s; %s", message, remedy)}
}
