package ocds

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// value is one JSON value of a release and the place that said it. A nil *value
// is "nobody said": every method works on it, so that a reader can ask for
// v.get("tender", "value", "amount").num() without looking where the road ends.
//
// The place is kept as a link to the enclosing value in the same release and
// the name or index there; a pointer is written out only when somebody asks.
// Merging builds new objects and arrays of the values it was given: a value
// reached through a compiled tree still knows the release that published it.
type value struct {
	typ    jsontext.Kind
	merged bool   // made by merging; its members come from several releases
	at     int32  // index in up, where up is an array
	up     *value // what encloses it in its own release; above the root stands the release
	name   string // member name in up, where up is an object
	text   string // what a string says, the literal of a number; for a release, its identity
	kids   []*value
}

// maxDepth is the deepest nesting of a release that is read: OCDS needs about a
// dozen levels, and a bound keeps hostile nesting away from every recursion.
const maxDepth = 64

// parse reads the JSON text of a release into a tree.
func parse(r *notice.Release) (*value, error) {
	return parseText(r.Raw, r.Identity())
}

// parseText reads JSON text into a tree whose places name the given release.
// Strings without escapes and numbers share one copy of the text.
func parseText(raw []byte, identity string) (*value, error) {
	p := parser{
		text: string(raw),
		dec:  jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true)),
		slab: make([]value, 0, 4+len(raw)/32),
	}
	root, err := p.value(&value{text: identity}, 0)
	if err != nil {
		return nil, fmt.Errorf("parse release %s: %w", identity, err)
	}
	return root, nil
}

type parser struct {
	text string
	dec  *jsontext.Decoder
	slab []value // values are cut from here, a block at a time
}

func (p *parser) new(up *value) *value {
	if len(p.slab) == cap(p.slab) {
		p.slab = make([]value, 0, cap(p.slab)/4+4)
	}
	p.slab = append(p.slab, value{up: up})
	return &p.slab[len(p.slab)-1]
}

func (p *parser) value(up *value, depth int) (*value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	v := p.new(up)
	v.typ = p.dec.PeekKind()
	switch v.typ {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return v, p.fill(v, depth)
	}
	raw, err := p.scalar()
	if err != nil {
		return nil, err
	}
	switch v.typ {
	case jsontext.KindString:
		v.text, err = unquote(raw)
	case jsontext.KindNumber:
		v.text = raw
	}
	return v, err
}

// fill reads the members or elements of v.
func (p *parser) fill(v *value, depth int) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	for {
		switch p.dec.PeekKind() {
		case jsontext.KindEndObject, jsontext.KindEndArray:
			_, err := p.dec.ReadToken()
			return err
		}
		var name string
		if v.typ == jsontext.KindBeginObject {
			raw, err := p.scalar()
			if err != nil {
				return err
			}
			if name, err = unquote(raw); err != nil {
				return err
			}
		}
		kid, err := p.value(v, depth+1)
		if err != nil {
			return err
		}
		kid.name, kid.at = name, int32(len(v.kids))
		v.kids = append(v.kids, kid)
	}
}

// scalar reads a string, number or literal as it stands in the text.
func (p *parser) scalar() (string, error) {
	raw, err := p.dec.ReadValue()
	if err != nil {
		return "", err
	}
	end := int(p.dec.InputOffset())
	return p.text[end-len(raw) : end], nil
}

// unquote says what a JSON string says, without a copy where nothing is escaped.
func unquote(raw string) (string, error) {
	if strings.IndexByte(raw, '\\') < 0 {
		if len(raw) < 2 {
			return "", fmt.Errorf("%q is not a JSON string", raw)
		}
		return raw[1 : len(raw)-1], nil
	}
	b, err := jsontext.AppendUnquote(nil, raw)
	return string(b), err
}

// kind is the JSON kind of the value: KindInvalid (0) where nobody said it.
func (v *value) kind() jsontext.Kind {
	if v == nil {
		return jsontext.KindInvalid
	}
	return v.typ
}

func (v *value) isObject() bool { return v.kind() == jsontext.KindBeginObject }
func (v *value) isArray() bool  { return v.kind() == jsontext.KindBeginArray }
func (v *value) isRoot() bool   { return v.up != nil && v.up.up == nil }
func (v *value) isNull() bool   { return v.kind() == jsontext.KindNull }

// get walks down through members of objects: nil where one is absent or what
// should be an object is not.
func (v *value) get(names ...string) *value {
	for _, name := range names {
		v = v.member(name)
	}
	return v
}

func (v *value) member(name string) *value {
	if !v.isObject() {
		return nil
	}
	for i := len(v.kids) - 1; i >= 0; i-- {
		if v.kids[i].name == name {
			return v.kids[i]
		}
	}
	return nil
}

// each yields the elements of an array, and nothing for anything else.
func (v *value) each() iter.Seq2[int, *value] {
	return func(yield func(int, *value) bool) {
		if !v.isArray() {
			return
		}
		for i, kid := range v.kids {
			if !yield(i, kid) {
				return
			}
		}
	}
}

// current yields the elements of an array that the newest release to speak of
// it repeats. Publishers publish these lists whole each time, while the merge, which is not to
// forget, appends what has no id and keeps what was left out: a withdrawn region would stay, and
// award criteria would stand there twice.
func (v *value) current() iter.Seq2[int, *value] {
	newest := v.release()
	return func(yield func(int, *value) bool) {
		for i, kid := range v.each() {
			if kid.release() == newest && !yield(i, kid) {
				return
			}
		}
	}
}

// release is the identity of the release that said the value, the newest of several.
func (v *value) release() string {
	if v == nil {
		return ""
	}
	for v.up != nil {
		v = v.up
	}
	return v.text
}

// members yields the members of an object in their order, and nothing for
// anything else.
func (v *value) members() iter.Seq2[string, *value] {
	return func(yield func(string, *value) bool) {
		if !v.isObject() {
			return
		}
		for _, kid := range v.kids {
			if !yield(kid.name, kid) {
				return
			}
		}
	}
}

// str is what a JSON string says.
func (v *value) str() (string, bool) {
	if v.kind() != jsontext.KindString {
		return "", false
	}
	return v.text, true
}

// num is the literal of a JSON number, as published: never a float.
func (v *value) num() (string, bool) {
	if v.kind() != jsontext.KindNumber {
		return "", false
	}
	return v.text, true
}

// boolean is the truth of a JSON true or false.
func (v *value) boolean() (b, ok bool) {
	k := v.kind()
	return k == jsontext.KindTrue, k == jsontext.KindTrue || k == jsontext.KindFalse
}

// path is the place that said the value: its release, and a JSON Pointer into
// that release (not into the compiled one). For an object or array made by
// merging it is the place in the newest release that contributed to it.
func (v *value) path() notice.Path {
	if v == nil {
		return notice.Path{}
	}
	var up [maxDepth + 2]*value
	n := 0
	for ; v.up != nil; v = v.up {
		up[n] = v
		n++
	}
	var room [96]byte // for most pointers, which then are allocated once
	b := room[:0]
	for i := n - 2; i >= 0; i-- { // up[n-1] is the root
		b = append(b, '/')
		if up[i].up.isArray() {
			b = strconv.AppendInt(b, int64(up[i].at), 10)
		} else {
			b = append(b, escapeToken(up[i].name)...)
		}
	}
	return notice.Path{Release: v.text, Pointer: string(b)}
}

// escapeToken writes a member name as a JSON Pointer token (RFC 6901).
func escapeToken(s string) string {
	if strings.IndexByte(s, '~') < 0 && strings.IndexByte(s, '/') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// resolve walks a JSON Pointer down from v; nil where it leads nowhere.
func (v *value) resolve(pointer string) *value {
	if pointer == "" {
		return v
	}
	tokens := strings.Split(pointer, "/")
	if tokens[0] != "" {
		return nil
	}
	for _, token := range tokens[1:] {
		if !v.isArray() {
			v = v.member(strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
			continue
		}
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(v.kids) {
			return nil
		}
		v = v.kids[i]
	}
	return v
}

// appendJSON writes the value as compact JSON.
func (v *value) appendJSON(out []byte) []byte {
	switch v.kind() {
	case jsontext.KindTrue:
		return append(out, "true"...)
	case jsontext.KindFalse:
		return append(out, "false"...)
	case jsontext.KindNumber:
		return append(out, v.text...)
	case jsontext.KindString:
		return appendString(out, v.text)
	case jsontext.KindBeginObject:
		out = append(out, '{')
		for i, kid := range v.kids {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendString(out, kid.name)
			out = kid.appendJSON(append(out, ':'))
		}
		return append(out, '}')
	case jsontext.KindBeginArray:
		out = append(out, '[')
		for i, kid := range v.kids {
			if i > 0 {
				out = append(out, ',')
			}
			out = kid.appendJSON(out)
		}
		return append(out, ']')
	}
	return append(out, "null"...)
}

// appendString writes a JSON string. What a tree holds is valid UTF-8; anything
// else is written as U+FFFD.
func appendString(out []byte, s string) []byte {
	out, _ = jsontext.AppendQuote(out, s)
	return out
}
