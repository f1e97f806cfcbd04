package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// errOther is an answer that is something else than a page of notices, as opposed to a page that is damaged.
var errOther = errors.New("not notices")

// checkBody says whether a body with status 200 can be a page of notices. What is inside a release is not looked at: one that cannot be read
// must not cost the others of its page.
func checkBody(contentType string, body []byte) error {
	text := bytes.TrimSpace(body)
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch {
	case len(text) == 0:
		return fmt.Errorf("%w: an empty body", errOther)
	case text[0] == '<', strings.TrimSpace(kind) == "text/html":
		return fmt.Errorf("%w: a page for browsers (HTML) in the place of JSON", errOther)
	case text[0] != '{' && text[0] != '[':
		return fmt.Errorf("%w: a text that begins with %s in the place of JSON", errOther, strconv.Quote(oneLine(text[:min(len(text), 60)])))
	}
	names, whole := outline(text)
	if text[0] == '{' && !slices.ContainsFunc(names, func(n string) bool { return n == "releases" || n == "records" || n == "results" }) {
		for _, n := range names {
			switch strings.ToLower(n) {
			case "error", "errors", "errorcode", "errormessage", "error_description", "fault", "message", "exception":
				return fmt.Errorf("%w: a report of an error: %s", errOther, strconv.Quote(oneLine(text[:min(len(text), 300)])))
			}
		}
	}
	if !whole {
		return errors.New("the JSON breaks off")
	}
	return nil
}

// outline is the names of the members of an object and whether it is closed at its end. It only follows brackets and strings: a number that is none,
// or a control character in a string, is the decoder's business.
func outline(text []byte) (names []string, whole bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return names, true
			}
		case '"':
			start := i + 1
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) {
				return names, false
			}
			if depth == 1 && text[0] == '{' && len(names) < 1000 {
				if after := bytes.TrimLeft(text[i+1:min(len(text), i+32)], " \t\r\n"); len(after) > 0 && after[0] == ':' {
					names = append(names, string(text[start:i]))
				}
			}
		}
	}
	return names, false
}
