package web

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"bidfit/alerts"
)

// policy lets a page load what this server serves and run no other script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// mostForm is how many bytes the body of a request may have; the upload of a file has a limit of its own.
const mostForm = 1 << 20

// guard is what every request goes through on its way to the routes, the outermost last.
func (s *server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.answer(func(*server, http.ResponseWriter, *http.Request) error {
		return fault{http.StatusForbidden, "This was sent by another site",
			"A form on another site tried to change something here, and was refused. Open the page here and send the form from it."}
	}))
	next = cross.Handler(next)
	next = zipped(next)
	next = s.limited(next)
	next = s.hosted(next)
	next = s.recorded(next)
	return secured(next)
}

// zipped compresses what is worth it. What is compressed has an ETag of its own.
var zipped = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.SuffixETag(compressedTag))
	if err != nil {
		panic(err) // of the options alone
	}
	return wrap
}()

// secured sets the headers that hold for every answer. What is private is not kept by browsers; static files say otherwise of themselves.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// recorded gives a request a name, writes down what became of it, and turns a panic into a page.
func (s *server) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		id := rand.Text()[:12]
		w.Header().Set("X-Request-Id", id)
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.Log.Error("a page failed", "request", id, "method", r.Method, "path", alerts.Unsecret(r.URL.Path), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status != 0 {
					panic(http.ErrAbortHandler) // half a page is sent: cut it off, so that it is not taken for a whole one
				}
				s.fail(rec, r, fmt.Errorf("panic: %v", p))
			} else if p != nil {
				panic(p)
			}
			s.Log.Debug("answered", "request", id, "method", r.Method, "path", alerts.Unsecret(r.URL.Path), "status", rec.status, "took", time.Since(started))
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers the status that was sent; 0 before anything is.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// hosted answers to the server's own names alone.
func (s *server) hosted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostOf(r.Host); !slices.ContainsFunc(s.Hosts, func(own string) bool { return sameHost(own, host) }) {
			http.Error(w, fmt.Sprintf("This server does not answer to the name %.100q. Open it under one of: %s.\nA server that is to have further names is started with --host NAME.",
				host, strings.Join(s.Hosts, ", ")), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostOf is the name or address in a Host header.
func hostOf(s string) string {
	if host, _, err := net.SplitHostPort(s); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
}

// sameHost compares names without regard to case, and addresses by what they mean.
func sameHost(a, b string) bool {
	x, xerr := netip.ParseAddr(a)
	y, yerr := netip.ParseAddr(b)
	if xerr == nil && yerr == nil {
		return x.Unmap() == y.Unmap()
	}
	return strings.EqualFold(a, strings.TrimSuffix(b, "."))
}

// limited bounds the body of a request.
func (s *server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(mostForm)
		if r.Method == http.MethodPost && r.URL.Path == "/notices" {
			most = s.Upload + mostForm
		}
		if r.ContentLength > most {
			s.fail(w, r, &http.MaxBytesError{Limit: most})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}
