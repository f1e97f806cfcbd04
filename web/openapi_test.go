package web

import (
	"bytes"
	"encoding"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/profiles"
)

var update = flag.Bool("update", false, "write openapi.json out of the table of operations and the types of their answers")

// TestOpenAPI: the document says what the table and the types say, and is an OpenAPI 3.1 document.
func TestOpenAPI(t *testing.T) {
	want := newSpec(t, false).document()
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(want, openAPI) {
		at := 0
		for at < min(len(want), len(openAPI)) && want[at] == openAPI[at] {
			at++
		}
		t.Errorf("openapi.json is not what operations and types say, from\n%.200s\non; \"go test ./web -run TestOpenAPI -update\" writes it anew", want[max(0, at-60):])
	}
	if again := newSpec(t, false).document(); !bytes.Equal(want, again) {
		t.Error("the document is another each time it is made")
	}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	doc, err := loader.LoadFromData(want)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("it is of %s", doc.OpenAPI)
	}
}

// TestOpenAPIRoutes: every route of the API is in the document, and whatever is in the document is a route.
func TestOpenAPIRoutes(t *testing.T) {
	var doc struct {
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	told, ids := map[string]bool{}, map[string]bool{}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			told[strings.ToUpper(method)+" "+doc.Servers[0].URL+path] = true
			if ids[o.OperationID] || o.OperationID == "" {
				t.Errorf("%s %s: operation %q is there twice, or has no name", method, path, o.OperationID)
			}
			ids[o.OperationID] = true
		}
	}
	for _, r := range routes() {
		if at := r.method + " " + strings.TrimSuffix(r.pattern, "{$}"); strings.HasPrefix(r.pattern, apiRoot+"/") && !told[at] {
			t.Errorf("%s is not in the document", at)
		} else {
			delete(told, at)
		}
	}
	for at := range told {
		t.Errorf("%s is in the document and leads nowhere", at)
	}
}

// spec makes the document.
type spec struct {
	t       *testing.T
	closed  map[reflect.Type]bool // objects that have no other members
	all     bool                  // so are all: of what is answered, nothing may be left untold
	schemas map[string]any
	of      map[string]reflect.Type
	sources map[string]*goDocs
}

// goDocs are what the sources of a package say of its types.
type goDocs struct {
	types  map[string]string
	fields map[string]string   // by Type.Field
	values map[string][]string // of a type that is read by a Parse function of its name
}

func newSpec(t *testing.T, all bool) *spec {
	return &spec{t: t, all: all, closed: map[reflect.Type]bool{}, schemas: map[string]any{}, of: map[string]reflect.Type{}, sources: map[string]*goDocs{}}
}

type object = map[string]any

func (s *spec) document() []byte {
	list := operations()
	for _, o := range list {
		if o.body != nil {
			s.close(o.body)
		}
	}
	paths := object{}
	for _, o := range list {
		methods, _ := paths[o.pattern].(object)
		if methods == nil {
			methods = object{}
			paths[o.pattern] = methods
		}
		methods[strings.ToLower(o.method)] = s.operation(o)
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{
			"title": "bidfit", "version": "1", "license": object{"name": "see LICENSE"},
			"description": "What \"bidfit … --json\" prints, over HTTP. Money in replies is in whole pence, in profiles in pounds; shares are percent; days are those of Europe/London. docs/api.md tells more.",
		},
		"servers": []any{object{"url": apiRoot}},
		"paths":   paths,
		"components": object{
			"schemas": s.schemas,
			"responses": object{"Problem": object{"description": "what is wrong, and what to do (RFC 9457)",
				"content": object{"application/problem+json": object{"schema": s.schema(reflect.TypeFor[problem]())}}}},
		},
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		s.t.Fatal(err)
	}
	return append(text, '\n')
}

func (s *spec) operation(o operation) object {
	out := object{"operationId": o.id, "summary": o.summary}
	var params []any
	for part := range strings.SplitSeq(o.pattern, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			params = append(params, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	for _, p := range o.params {
		schema := object{"type": p.kind}
		if p.values != nil {
			schema["enum"] = p.values
		}
		if p.kind == "integer" {
			schema["minimum"], schema["maximum"] = p.least, p.most
		}
		if p.usual != nil {
			schema["default"] = p.usual
		}
		if p.many {
			schema = object{"type": "array", "items": schema}
		}
		x := object{"name": p.name, "in": "query", "description": p.about, "schema": schema}
		if p.required {
			x["required"] = true
		}
		params = append(params, x)
	}
	if params != nil {
		out["parameters"] = params
	}
	if o.body != nil {
		out["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": s.schema(o.body)}}}
	}
	well := object{"description": http.StatusText(o.status)}
	switch {
	case o.reply != nil:
		well["content"] = object{"application/json": object{"schema": s.schema(o.reply)}}
	case o.media != "":
		well["content"] = object{o.media: object{}}
	}
	replies := object{strconv.Itoa(o.status): well, "default": object{"$ref": "#/components/responses/Problem"}}
	if o.method == http.MethodGet {
		replies["304"] = object{"description": "If-None-Match names what would come"}
	}
	if o.id == "putProfile" {
		replies["201"] = object{"description": "there was none", "content": well["content"]}
	}
	out["responses"] = replies
	return out
}

// close marks what is taken in a body: nothing else is.
func (s *spec) close(t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || s.closed[t] || isNamed(t) {
		return
	}
	s.closed[t] = true
	for _, f := range fieldsOf(t) {
		s.close(f.field.Type)
	}
}

// named are the types that write themselves.
var named = map[reflect.Type]object{
	reflect.TypeFor[time.Time]():       {"type": "string", "format": "date-time"},
	reflect.TypeFor[notice.Moment]():   {"type": "string", "anyOf": []any{object{"format": "date"}, object{"format": "date-time"}}, "description": "a London day, or an instant"},
	reflect.TypeFor[cpv.Code]():        {"type": "string", "pattern": "^[0-9]{8}$", "description": "CPV code"},
	reflect.TypeFor[profiles.Pounds](): {"type": "number", "minimum": 0, "description": "pounds"},
	reflect.TypeFor[jsontext.Value]():  {},
	reflect.TypeFor[profiles.Band](): {"type": "object", "description": "of net values, in pounds", "additionalProperties": false,
		"properties": object{"min": object{"type": "number", "minimum": 0}, "max": object{"type": "number", "minimum": 0}}},
}

func isNamed(t reflect.Type) bool { _, ok := named[t]; return ok }

// schema is what a type is in JSON.
func (s *spec) schema(t reflect.Type) object {
	if t.Kind() == reflect.Pointer {
		return s.schema(t.Elem())
	}
	if x, ok := named[t]; ok {
		return maps.Clone(x)
	}
	for _, writer := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[jsonv2.MarshalerTo]()} {
		if t.Implements(writer) || reflect.PointerTo(t).Implements(writer) {
			s.t.Fatalf("%s writes its own JSON: say in named what that is", t)
		}
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		x := object{"type": "integer"}
		if t == reflect.TypeFor[notice.Pence]() {
			x["description"] = "pence"
		}
		return x
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		x := object{"type": "string"}
		if t.PkgPath() != "" {
			if values := s.source(t).values[t.Name()]; len(values) > 0 {
				x["enum"] = values
			}
		}
		return x
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{"type": "string", "contentEncoding": "base64"}
		}
		x := object{"type": "array", "items": s.schema(t.Elem())}
		if t.Kind() == reflect.Array {
			x["minItems"], x["maxItems"] = t.Len(), t.Len()
		}
		return x
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.schema(t.Elem())}
	case reflect.Interface:
		return object{}
	case reflect.Struct:
		if t.Name() == "" {
			return s.object(t)
		}
		name := componentOf(t)
		if there, ok := s.of[name]; ok && there != t {
			s.t.Fatalf("%s and %s have one name in the document", there, t)
		}
		if s.of[name] == nil {
			s.of[name] = t
			s.schemas[name] = s.object(t)
		}
		return object{"$ref": "#/components/schemas/" + name}
	}
	s.t.Fatalf("%s is nothing that JSON has", t)
	return nil
}

func (s *spec) object(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fieldsOf(t) {
		x := s.schema(f.field.Type)
		if !f.optional {
			required = append(required, f.name)
			if f.field.Type.Kind() == reflect.Pointer {
				x = object{"anyOf": []any{x, object{"type": "null"}}}
			}
			// A kind of word that nothing was said of is empty.
			if values, ok := x["enum"].([]string); ok && !s.closed[t] {
				x["enum"] = append(slices.Clone(values), "")
			}
		}
		if about := s.source(f.owner).fields[baseName(f.owner)+"."+f.field.Name]; about != "" {
			x["description"] = about
		}
		properties[f.name] = x
	}
	out := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		slices.Sort(required)
		out["required"] = required
	}
	if s.closed[t] || s.all {
		out["additionalProperties"] = false
	}
	if about := s.source(t).types[baseName(t)]; about != "" {
		out["description"] = about
	}
	return out
}

// componentOf names a type: by package and name, those of this package by their name alone.
func componentOf(t reflect.Type) string {
	name := strings.NewReplacer("bidfit/", "", "notice/", "", "[", "-", "]", "", "/", ".").Replace(t.Name())
	if pkg := path.Base(t.PkgPath()); pkg != "web" {
		return pkg + "." + name
	}
	return strings.TrimPrefix(string(unicode.ToUpper(rune(name[0])))+name[1:], "Api")
}

// baseName is the name of a type without what it is made for.
func baseName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

// source reads what a package says of its types.
func (s *spec) source(t reflect.Type) *goDocs {
	pkg := t.PkgPath()
	if x := s.sources[pkg]; x != nil {
		return x
	}
	x := &goDocs{map[string]string{}, map[string]string{}, map[string][]string{}}
	s.sources[pkg] = x
	if !strings.HasPrefix(pkg, "bidfit/") {
		return x
	}
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(strings.TrimPrefix(pkg, "bidfit/")), "*.go"))
	if err != nil || files == nil {
		s.t.Fatalf("the sources of %s are not there: %v", pkg, err)
	}
	values, parsed := map[string][]string{}, map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				if of, ok := strings.CutPrefix(f.Name.Name, "Parse"); ok {
					parsed[of] = true
				}
			}
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, sp := range g.Specs {
				switch sp := sp.(type) {
				case *ast.TypeSpec:
					x.types[sp.Name.Name] = said(sp.Doc, g.Doc)
					if st, ok := sp.Type.(*ast.StructType); ok {
						for _, f := range st.Fields.List {
							for _, n := range f.Names {
								x.fields[sp.Name.Name+"."+n.Name] = said(f.Doc, f.Comment)
							}
						}
					}
				case *ast.ValueSpec:
					of, ok := sp.Type.(*ast.Ident)
					if !ok || g.Tok != token.CONST {
						continue
					}
					for _, v := range sp.Values {
						if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
							if text, err := strconv.Unquote(lit.Value); err == nil {
								values[of.Name] = append(values[of.Name], text)
							}
						}
					}
				}
			}
		}
	}
	for of := range parsed {
		x.values[of] = values[of]
	}
	return x
}

// said is the first comment that says something, on one line.
func said(list ...*ast.CommentGroup) string {
	for _, c := range list {
		if text := strings.Join(strings.Fields(c.Text()), " "); text != "" {
			return text
		}
	}
	return ""
}

// schemaAt is where the schema of a reply stands in the document.
func schemaAt(o operation, status int) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	return fmt.Sprintf("openapi.json#/paths/%s/%s/responses/%d/content/application~1json/schema", escape.Replace(o.pattern), strings.ToLower(o.method), status)
}
