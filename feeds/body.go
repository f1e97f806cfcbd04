package feeds

import (
	"bytes"
	"errors"
	"fmt"
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
	members, whole := Members(text)
	if text[0] == '{' && members["releases"] == nil && members["records"] == nil && members["results"] == nil {
		for name := range members {
			switch strings.ToLower(name) {
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

// Members are the members of the object that a body is, each as its text, and whether the object, or array, is closed. Of two of one name the first counts;
// one that is broken off is as much as there is.
// It only follows brackets and strings: a number that is none, or a control character in a string, is the decoder's business.
func Members(body []byte) (members map[string][]byte, whole bool) {
	text := bytes.TrimSpace(body)
	members = map[string][]byte{}
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return members, false
	}
	var (
		depth int
		name  []byte // of the member that is being read
		value = -1   // where it begins
		last  []byte // the last string at depth 1, which is a name if a colon follows
	)
	end := func(i int) {
		if _, twice := members[string(name)]; value >= 0 && !twice && len(members) < maxMembers {
			members[string(name)] = bytes.TrimSpace(text[value:i])
		}
		value, last = -1, nil
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				if text[0] == '{' {
					end(i)
				}
				return members, true
			}
		case ':':
			if depth == 1 && text[0] == '{' && value < 0 && last != nil {
				name, value = last, i+1
			}
		case ',':
			if depth == 1 {
				end(i)
			}
		case '"':
			start := i + 1
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) {
				end(len(text))
				return members, false
			}
			if depth == 1 && value < 0 {
				last = text[start:i]
			}
		}
	}
	end(len(text))
	return members, false
}

// maxMembers is how many members of a package are kept; those of real ones have a dozen.
const maxMembers = 256
