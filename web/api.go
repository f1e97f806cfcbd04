package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
)

// The API answers programs as the pages answer people: it asks the desk the same questions, and writes down what --json prints. Its operations
// are lines of the table in routes.go; openapi.json, which a test writes out of that table and the types
// behind it, says what may be asked and what comes back, and everything asked is held against the same lines before it gets anywhere.

// apiRoot is where the API is. What answers in other shapes will be somewhere else.
const apiRoot = "/api/v1"

// mostItems bounds a list that is asked for; usualItems is how many there are where nobody says.
const (
	mostItems  = 200
	usualItems = 20
)

// operation is one thing that can be asked of the API.
type operation struct {
	method, pattern string // the pattern is below apiRoot
	id, summary     string
	params          []param
	body, reply     reflect.Type // of JSON; nil where there is none
	media           string       // of what comes back where that is no JSON, "" for JSON or nothing
	status          int          // where it went well
	do              func(*apiCall) error
}

// asking is an operation that answers a question and changes nothing.
func asking[T any](pattern, id, summary string, ask func(*apiCall) (T, error), params ...param) operation {
	return operation{method: http.MethodGet, pattern: pattern, id: id, summary: summary, params: params, reply: reflect.TypeFor[T](), status: http.StatusOK,
		do: func(c *apiCall) error {
			v, err := ask(c)
			if err != nil {
				return err
			}
			return c.tell(v)
		}}
}

// sending is an operation that takes a body.
func sending[B, T any](method, pattern, id, summary string, status int, do func(*apiCall, B) (T, error), params ...param) operation {
	return operation{method: method, pattern: pattern, id: id, summary: summary, params: params, body: reflect.TypeFor[B](), reply: reflect.TypeFor[T](), status: status,
		do: func(c *apiCall) error {
			body, err := bodyOf[B](c)
			if err != nil {
				return err
			}
			v, err := do(c, body)
			if err != nil {
				return err
			}
			return c.tell(v)
		}}
}

// removing is an operation after which there is nothing to tell.
func removing(pattern, id, summary string, do func(*apiCall) error, params ...param) operation {
	return operation{method: http.MethodDelete, pattern: pattern, id: id, summary: summary, params: params, status: http.StatusNoContent,
		do: func(c *apiCall) error {
			if err := do(c); err != nil {
				return err
			}
			c.w.WriteHeader(http.StatusNoContent)
			return nil
		}}
}

// serving is an operation that answers with what is no shape of the house: a file, or published JSON.
func serving(pattern, id, summary, media string, do func(*apiCall) error, params ...param) operation {
	return operation{method: http.MethodGet, pattern: pattern, id: id, summary: summary, params: params, media: media, status: http.StatusOK, do: do}
}

// route is the operation as the mux takes it.
func (o operation) route() route {
	pattern := apiRoot + o.pattern
	if strings.HasSuffix(pattern, "/") {
		pattern += "{$}"
	}
	return route{o.method, pattern, func(s *server, w http.ResponseWriter, r *http.Request) error {
		if o.method == http.MethodGet {
			w.Header().Set("Cache-Control", "private, no-cache") // kept by who asked, and asked for again with its ETag
		}
		query, err := o.read(r.URL.RawQuery)
		if err != nil {
			return err
		}
		// A minute is as fine as answers about a moving clock are, so that the same question has the same answer for as long.
		asOf := s.asOf(r.Context()).Truncate(time.Minute)
		return apiFault(o.do(&apiCall{server: s, w: w, r: r, query: query, status: o.status, day: asOf}))
	}, o.summary}
}

// param is something that may stand in the query of an operation.
type param struct {
	name, about string
	kind        string   // of JSON Schema: string, integer, boolean
	values      []string // that it may have; nil is any
	many        bool     // it may stand there several times
	required    bool
	least, most int // of an integer
	usual       any // where it is not there; nil is nothing
}

func textParam(name, about string) param { return param{name: name, about: about, kind: "string"} }

func flagParam(name, about string) param { return param{name: name, about: about, kind: "boolean"} }

func numberParam(name, about string, usual, least, most int) param {
	return param{name: name, about: about, kind: "integer", usual: usual, least: least, most: most}
}

// choiceParam has one of some values, the first where it is not there.
func choiceParam[S ~string](name, about string, values ...S) param {
	p := param{name: name, about: about, kind: "string", usual: string(values[0])}
	for _, v := range values {
		p.values = append(p.values, string(v))
	}
	return p
}

func limitParam(usual int, about string) param {
	return numberParam("limit", about, usual, 1, mostItems)
}

// repeated is a parameter that may stand there several times.
func (p param) repeated() param {
	p.many, p.usual = true, nil
	return p
}

// read takes a query that has what the operation knows and nothing else.
func (o *operation) read(raw string) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, wrongf("The query cannot be read: %s", sentence(err))
	}
	for name, values := range query {
		i := slices.IndexFunc(o.params, func(p param) bool { return p.name == name })
		if i < 0 {
			return nil, wrongf("%.80q is no parameter here. %s", name, o.known())
		}
		if err := o.params[i].check(values); err != nil {
			return nil, err
		}
	}
	for _, p := range o.params {
		if p.required && query.Get(p.name) == "" {
			return nil, wrongf("%s is missing: %s.", p.name, p.about)
		}
		if p.usual != nil && query.Get(p.name) == "" {
			query.Set(p.name, fmt.Sprint(p.usual))
		}
	}
	return query, nil
}

// known names the parameters there are.
func (o *operation) known() string {
	if len(o.params) == 0 {
		return "There is none."
	}
	names := make([]string, len(o.params))
	for i, p := range o.params {
		names[i] = p.name
	}
	return "Known: " + strings.Join(names, ", ") + "."
}

// check says what is wrong with the values of a parameter.
func (p param) check(values []string) error {
	if len(values) > 1 && !p.many {
		return wrongf("%s stands there %d times; give it once.", p.name, len(values))
	}
	for _, v := range values {
		switch {
		case p.kind == "integer":
			if n, err := strconv.Atoi(v); err != nil || n < p.least || n > p.most {
				return wrongf("%s: %.80q is no number from %d to %d.", p.name, v, p.least, p.most)
			}
		case p.kind == "boolean":
			if v != "true" && v != "false" {
				return wrongf("%s: %.80q is neither true nor false.", p.name, v)
			}
		case p.values != nil && !slices.Contains(p.values, v):
			return wrongf("%s: %.80q is none of %s.", p.name, v, strings.Join(p.values, ", "))
		}
	}
	return nil
}

// apiCall is one request on its way through an operation.
type apiCall struct {
	*server
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values // as the operation knows it
	status int
	day    time.Time // that the answer speaks of
}

func (c *apiCall) ctx() context.Context { return c.r.Context() }

// now stamps what is written.
func (c *apiCall) now() time.Time { return c.Now().UTC() }

func (c *apiCall) profile() string          { return c.r.PathValue("profile") }
func (c *apiCall) text(name string) string  { return c.query.Get(name) }
func (c *apiCall) flagged(name string) bool { return c.query.Get(name) == "true" }

// number is a parameter that was found to be one; 0 where it is not there.
func (c *apiCall) number(name string) int {
	n, _ := strconv.Atoi(c.query.Get(name))
	return n
}

// date is a parameter that is a London day; the zero time where it is not there.
func (c *apiCall) date(name string) (time.Time, error) {
	text := c.text(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, notice.London)
	if err != nil {
		return t, wrongf("%s: %.80q is no date such as 2026-07-01.", name, text)
	}
	return t, nil
}

// target is the notice of the path, with the lot of the query.
func (c *apiCall) target() pursuit.Target {
	return pursuit.Target{Notice: c.r.PathValue("notice"), Lot: c.text("lot")}
}

// tell answers with JSON.
func (c *apiCall) tell(v any) error {
	var b bytes.Buffer
	if err := desk.WriteJSON(&b, v); err != nil {
		return err
	}
	return c.send("application/json", b.Bytes())
}

// send answers with what it is given or, to whoever has it already, with nothing.
func (c *apiCall) send(media string, body []byte) error {
	h := c.w.Header()
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		if h.Get("ETag") == "" {
			sum := sha256.Sum256(body)
			h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:18])+`"`)
		}
		if tagged(c.r.Header.Values("If-None-Match"), h.Get("ETag")) {
			c.w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(c.status)
	_, err := c.w.Write(body)
	return err
}

// compressedTag is what gzip puts at the end of an ETag: what is compressed is another sequence of bytes.
const compressedTag = "-gzip"

// tagged reports whether an If-Match or If-None-Match names an ETag, of the answer as it is or compressed.
func tagged(headers []string, tag string) bool {
	for _, h := range headers {
		for t := range strings.SplitSeq(h, ",") {
			t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
			if t == "*" || t == tag || strings.TrimSuffix(t, compressedTag+`"`)+`"` == tag {
				return true
			}
		}
	}
	return false
}

// bodyOf reads the body of a request, and takes nothing in it that nobody asked for.
func bodyOf[B any](c *apiCall) (B, error) {
	var body B
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return body, fault{http.StatusUnsupportedMediaType, "That is not sent as JSON",
			fmt.Sprintf("Content-Type is %.80q; send the body as application/json.", c.r.Header.Get("Content-Type"))}
	}
	text, err := io.ReadAll(c.r.Body)
	if err != nil {
		return body, unreadableBody(err)
	}
	if p, ok := any(&body).(*profiles.Profile); ok {
		*p, err = profileOf(text)
		return body, err
	}
	if err := json.Unmarshal(text, &body, json.RejectUnknownMembers(true)); err != nil {
		return body, wrongBody(err)
	}
	return body, nil
}

// unreadableBody is an error of reading what is sent: beyond the limit, or broken off.
func unreadableBody(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return fault{http.StatusRequestEntityTooLarge, "That is too large", fmt.Sprintf("A body has at most %d bytes here; send it in parts.", mostForm)}
	}
	return wrongf("The body did not arrive whole: %v. Send it again.", err)
}

// profileOf reads the one profile of a body by the rules of a file.
func profileOf(text []byte) (profiles.Profile, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return profiles.Profile{}, wrongf("The body: a profile is a JSON object.")
	}
	list, err := profiles.Decode(bytes.NewReader(text), "")
	if err != nil {
		return profiles.Profile{}, err
	}
	if len(list) != 1 {
		return profiles.Profile{}, wrongf("The body has %d profiles; send them one by one.", len(list))
	}
	return list[0], nil
}

// member is one thing wrong with a body: where it stands, what stands there, and what to do.
type member struct {
	Pointer string `json:"pointer,omitzero"` // RFC 6901; of a profile's field the name as in docs/profiles.md
	Line    int    `json:"line,omitzero"`
	Column  int    `json:"column,omitzero"`
	Value   string `json:"value,omitzero"`
	Message string `json:"message"`
}

// misfit is a fault with what is wrong member by member.
type misfit struct {
	fault
	Errors []member
}

func (m misfit) Unwrap() error { return m.fault }

// wrongBody says what is wrong with a body that does not fit.
func wrongBody(err error) error {
	m := misfit{fault: fault{http.StatusBadRequest, "The body does not fit", ""}}
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	x := member{Message: sentence(err)}
	switch {
	case errors.As(err, &syntactic):
		x = member{Pointer: string(syntactic.JSONPointer), Message: fmt.Sprintf("At byte %d it is not JSON: %v.", syntactic.ByteOffset, syntactic.Err)}
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			x.Message = fmt.Sprintf("The JSON ends after %d bytes before it is whole.", syntactic.ByteOffset)
		}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		x.Message = "The JSON ends before it is whole."
	case errors.As(err, &semantic):
		x.Pointer, x.Value = string(semantic.JSONPointer), string(semantic.JSONValue)
		switch {
		case errors.Is(err, json.ErrUnknownName):
			x.Message = fmt.Sprintf("There is no member %q here.%s", semantic.JSONPointer.LastToken(), membersOf(semantic.GoType))
		case semantic.Err != nil:
			x.Message = sentence(semantic.Err)
		default:
			x.Message = fmt.Sprintf("A JSON %s does not go here.", semantic.JSONKind)
		}
	}
	m.Errors = []member{x}
	m.Remedy = x.Message
	if x.Pointer != "" {
		m.Remedy = x.Pointer + ": " + x.Message
	}
	return m
}

// membersOf names what an object may have.
func membersOf(t reflect.Type) string {
	if t == nil || t.Kind() != reflect.Struct {
		return ""
	}
	var names []string
	for _, f := range fieldsOf(t) {
		names = append(names, f.name)
	}
	return " Known: " + strings.Join(names, ", ") + "."
}

// apiFault says an error of the desk that a page never runs into, or tells otherwise.
func apiFault(err error) error {
	switch {
	case errors.Is(err, desk.ErrCursor):
		return wrongf("after: %s.", err)
	case errors.Is(err, store.ErrNotFound):
		return fault{http.StatusNotFound, "Nothing of that name is here", sentence(err) + " GET " + apiRoot + "/profiles lists the profiles, GET " + apiRoot + "/search finds notices."}
	case errors.Is(err, desk.ErrChanged):
		return fault{http.StatusPreconditionFailed, "It was changed meanwhile", sentence(err) + " Get it again, and put your change to that."}
	}
	return err
}
