package feedstest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

// TooMany is the recorded 429, with a Retry-After of seconds or a date, or with none.
func TooMany(retryAfter string) Fault {
	return Status(http.StatusTooManyRequests, retryAfter, "Rate limit of 12 exceeded. Please retry after 120 seconds.")
}

// Status is an answer that is no page.
func Status(status int, retryAfter, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Server", "awselb/2.0")
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
		return true
	}
}

// Text is an answer with status 200 that is something else than notices.
func Text(contentType, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
		return true
	}
}

// Redirect sends elsewhere.
func Redirect(to string) Fault {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
		return true
	}
}

// Cut breaks off what the service answers after a share of it, in thousandths: with the connection, or in silence with a good length.
func (u *Upstream) Cut(thousandths int, silent bool) Fault {
	return func(w http.ResponseWriter, r *http.Request) bool {
		page := u.record(r)
		body := page.Body.Bytes()
		body = body[:len(body)*thousandths/1000]
		w.Header().Set("Content-Type", "application/json")
		if !silent {
			w.Header().Set("Content-Length", fmt.Sprint(page.Body.Len()))
		}
		w.Write(body)
		if !silent {
			panic(http.ErrAbortHandler)
		}
		return true
	}
}

// Slow gives a page in so many pieces, with a pause before each.
func (u *Upstream) Slow(pieces int, pause time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request) bool {
		body := u.record(r).Body.Bytes()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		for i := range pieces {
			select {
			case <-r.Context().Done():
				return true
			case <-time.After(pause):
			}
			if _, err := w.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces]); err != nil {
				return true
			}
			http.NewResponseController(w).Flush()
		}
		return true
	}
}

// record is what the service answers when nothing goes wrong.
func (u *Upstream) record(r *http.Request) *httptest.ResponseRecorder {
	page := httptest.NewRecorder()
	u.serve(page, r)
	return page
}

// Nothing is a request that gets no answer before its context ends.
func Nothing(_ http.ResponseWriter, r *http.Request) bool {
	<-r.Context().Done()
	return true
}
