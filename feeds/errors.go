package feeds

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// ErrForeign is an address that does not belong to the service: nothing is sent there.
var ErrForeign = errors.New("a link to somewhere else")

// ErrPatience is a service that asked to be left alone for longer than a sync waits.
var ErrPatience = errors.New("the service asked to be left alone")

// Error is a page that could not be had.
type Error struct {
	URL    string // without anything secret
	Status int    // of the last answer; 0 where there was none
	// Problem says what happened: "429 Too Many Requests". Said is what the service wrote about it, Remedy what can be done.
	Problem, Said, Remedy string
	// Tries is how often the page was asked for.
	Tries int
	// Damaged is a page that came and cannot be read as one.
	Damaged bool
	Err     error

	again bool          // may be asked for again
	wait  time.Duration // what the service asked for
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.URL + ": " + e.Problem)
	if e.Said != "" {
		b.WriteString(" (" + strconv.Quote(e.Said) + ")")
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, ", asked %d times", e.Tries)
	}
	if e.Remedy != "" {
		b.WriteString(": " + e.Remedy)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// safe is a URL without what should not be read in a log.
func safe(u *url.URL) string {
	clean := *u
	if clean.User != nil {
		clean.User = url.User("***")
	}
	q := clean.Query()
	for name := range q {
		switch low := strings.ToLower(name); {
		case strings.Contains(low, "key"), strings.Contains(low, "token"), strings.Contains(low, "secret"), strings.Contains(low, "password"):
			q.Set(name, "***")
			clean.RawQuery = q.Encode()
		}
	}
	return clean.String()
}

// plain is what happened, without the URL that net/http puts before it.
func plain(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() && !errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time: " + err.Error()
	}
	return err.Error()
}

func statusLine(status int) string {
	if text := http.StatusText(status); text != "" {
		return strconv.Itoa(status) + " " + text
	}
	return "status " + strconv.Itoa(status)
}

// oneLine is the beginning of a text in one line, for a message.
func oneLine(b []byte) string {
	s := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(string(b), "\ufffd"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if strings.HasPrefix(s, "<") {
		return "" // a page for browsers says nothing in its first words
	}
	return cut(s, 160)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + " …"
}
