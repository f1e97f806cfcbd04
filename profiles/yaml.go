package profiles

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML gives the documents of src that say anything. Profiles are written
// in the plain part of YAML: anchors, aliases, tags and complex keys are
// refused before anything is built of them, so a small file cannot become a big one.
func parseYAML(src []byte) ([]*node, Errors) {
	tokens := lexer.Tokenize(string(src))
	if errs := plainOnly(tokens); errs != nil {
		return nil, errs
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Errors{yamlError(err)}
	}
	var docs []*node
	for _, doc := range file.Docs {
		switch doc.Body.(type) {
		case nil, *ast.DirectiveNode, *ast.CommentGroupNode:
			continue // an empty document, or "%YAML 1.2"
		}
		if n := build(doc.Body, 0); n.kind != null {
			docs = append(docs, n)
		}
	}
	return docs, nil
}

// plainOnly refuses what profiles have no use for, and nesting that would
// exhaust the parser, which descends once a level.
func plainOnly(tokens token.Tokens) Errors {
	depth, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		var message string
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType, token.MappingValueType:
			dashes++
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			message = "anchors and aliases (&name, *name, <<) are not read in profiles; write the value out, or put it in quotes"
		case token.TagType:
			message = "tags (!name) are not read in profiles; leave it out, or put the value in quotes"
		case token.MappingKeyType:
			message = `keys with "?" are not read in profiles; write "field: value", or put the value in quotes`
		}
		if depth > maxDepth || dashes > maxDepth && depth == 0 {
			message = tooDeep
		}
		if message != "" {
			return Errors{{Line: t.Position.Line, Column: t.Position.Column, Message: message}}
		}
	}
	return nil
}

// build makes a node of a part of the library's tree.
func build(from ast.Node, depth int) *node {
	n := &node{kind: tangle}
	if from == nil || depth > maxDepth {
		return n
	}
	at := from.GetToken().Position
	n.place = place{at.Line, at.Column}
	switch from := from.(type) {
	case *ast.MappingNode:
		n.kind = mapping
		for _, v := range from.Values {
			n.fields = append(n.fields, field{build(v.Key, depth+1), build(v.Value, depth+1)})
		}
		if !from.IsFlowStyle && len(n.fields) > 0 {
			n.place = n.fields[0].key.place // the library points at the first colon
		}
	case *ast.SequenceNode:
		n.kind = list
		for _, v := range from.Values {
			n.items = append(n.items, build(v, depth+1))
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
func yamlError(err error) Error {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil {
		return Error{Message: fmt.Sprintf("not valid YAML: %v", err)}
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
	return Error{Line: at.Line, Column: at.Column, Message: fmt.Sprintf("not valid YAML: %s; %s", message, remedy)}
}
