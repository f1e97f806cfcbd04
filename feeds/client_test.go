package feeds_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice/noticetest"
)

const (
	base = "http://service.example/api/1.0"
	good = `{"releases":[]}`
)

var rate = feeds.Rate{Requests: 12, Per: 120 * time.Second}

type waits struct {
	all []time.Duration
	why []string
}

func (w *waits) tell(d time.Duration, why string) {
	w.all = append(w.all, d)
	w.why = append(w.why, why)
}

func client(tb testing.TB, s feeds.Service, asked feeds.Asked, w *waits) *feeds.Client {
	tb.Helper()
	if s.Base == "" {
		s.Base = base
	}
	if s.Rate.Requests == 0 {
		s.Rate = rate
	}
	c, err := s.Client(asked, func(context.Context, feeds.Asked) error { return nil }, w.tell)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// answers gives one answer after another, the last one for ever, and notes when it was asked.
func answers(all ...http.HandlerFunc) (http.RoundTripper, *[]time.Time) {
	var at []time.Time
	return tripper(func(r *http.Request) (*http.Response, error) {
		at = append(at, time.Now())
		return feedstest.Transport{Handler: all[min(len(at), len(all))-1]}.RoundTrip(r)
	}), &at
}

type tripper func(*http.Request) (*http.Response, error)

func (t tripper) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func text(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { feedstest.Text(kind, body)(w, r) }
}

func status(code int, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		feedstest.Status(code, retryAfter, "no\x1b[31m\nnow")(w, r)
	}
}

var ok = text("application/json", good)

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name        string
		code        int
		header      func() string
		least, most time.Duration
	}{
		{"seconds", 429, func() string { return "120" }, 120 * time.Second, 121 * time.Second},
		{"date", 429, func() string { return time.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat) }, 5 * time.Minute, 5*time.Minute + time.Second},
		{"nothing", 429, func() string { return "" }, 0, 2 * time.Second},
		{"rubbish", 429, func() string { return "soon" }, 0, 2 * time.Second},
		{"a date that is past", 503, func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, 2 * time.Second},
		{"503", 503, func() string { return "7" }, 7 * time.Second, 8 * time.Second},
		{"502", 502, func() string { return "" }, 0, 2 * time.Second},
		{"504", 504, func() string { return "" }, 0, 2 * time.Second},
		{"500", 500, func() string { return "" }, 0, 2 * time.Second},
		{"403 as a limit", 403, func() string { return "" }, 5 * time.Minute, 5*time.Minute + time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr, at := answers(func(w http.ResponseWriter, r *http.Request) { status(c.code, c.header())(w, r) }, ok)
				var w waits
				if _, err := client(t, feeds.Service{Transport: tr, Waits: map[int]time.Duration{403: 5 * time.Minute}}, feeds.Asked{}, &w).Get(t.Context(), "x", nil); err != nil {
					t.Fatal(err)
				}
				if d := (*at)[1].Sub((*at)[0]); len(*at) != 2 || d < c.least || d > c.most {
					t.Errorf("%d requests, the second after %v, want %v to %v", len(*at), d, c.least, c.most)
				}
				if len(w.all) != 1 || !strings.HasPrefix(w.why[0], fmt.Sprint(c.code)) {
					t.Errorf("told %v", w)
				}
			})
		})
	}
}

// TestRetryAfterDateBySkewedClock holds the date against the Date of the answer: the service's clock may be wrong.
func TestRetryAfterDateBySkewedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(func(w http.ResponseWriter, r *http.Request) {
			theirs := time.Now().Add(-10 * time.Minute)
			w.Header().Set("Date", theirs.UTC().Format(http.TimeFormat))
			w.Header().Set("Retry-After", theirs.Add(time.Minute).UTC().Format(http.TimeFormat))
			w.WriteHeader(429)
		}, ok)
		if _, err := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil); err != nil {
			t.Fatal(err)
		}
		if d := (*at)[1].Sub((*at)[0]); d < time.Minute || d > 61*time.Second {
			t.Errorf("asked again after %v", d)
		}
	})
}

func TestRecorded429(t *testing.T) {
	code, header, err := feedstest.RecordedHeader(noticetest.Shared(t, "data", "find-a-tender-api", "probe", "20-window-noZ-429.headers"))
	if err != nil || code != 429 {
		t.Fatal(code, err)
	}
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), header)
			w.WriteHeader(code)
			io.WriteString(w, "Rate limit of 12 exceeded. Please retry after 120 seconds.")
		}, ok)
		if _, err := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil); err != nil {
			t.Fatal(err)
		}
		if d := (*at)[1].Sub((*at)[0]); d < 120*time.Second || d > 122*time.Second {
			t.Errorf("asked again after %v", d)
		}
	})
}

// TestNotAPage: an answer with status 200 that is no page is a failure that is asked for again, never "no notices".
func TestNotAPage(t *testing.T) {
	bomb := func() string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(`{"releases":["`))
		z.Write(make([]byte, 8<<20))
		z.Close()
		return b.String()
	}()
	for name, first := range map[string]http.HandlerFunc{
		"HTML":                 text("text/html", "<html>Sorry</html>"),
		"HTML said to be JSON": text("application/json", "\n <!DOCTYPE html><p>Sorry"),
		"JSON said to be HTML": text("text/html; charset=utf-8", good),
		"empty":                text("application/json", ""),
		"white space":          text("application/json", " \r\n"),
		"a word":               text("application/json", "Service unavailable"),
		"an error":             text("application/json", `{"error":"internal","code":17}`),
		"errors":               text("application/json", `{"errors":[{"message":"timeout"}]}`),
		"cut in a string":      text("application/json", `{"releases":[{"ocid":"ocds-h6vh`),
		"cut between":          text("application/json", `{"releases":[{"ocid":"x"},`),
		"cut gzip":             text("application/json", bomb[:len(bomb)/2]),
		"a bomb":               text("application/json", bomb),
		"not for the reader":   text("application/json", `{"records":[]}`),
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"releases":`)
			panic(http.ErrAbortHandler)
		},
		"nothing": func(w http.ResponseWriter, r *http.Request) { feedstest.Nothing(w, r) },
		"a body that drips": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, " "); err != nil {
					return
				}
				select {
				case <-r.Context().Done():
				case <-time.After(10 * time.Second):
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				read := func(a feeds.Answer) error {
					if members, _ := feeds.Members(a.Body); members["releases"] == nil {
						return errors.New("no releases")
					}
					return nil
				}
				tr, at := answers(first, ok)
				c := client(t, feeds.Service{Transport: tr, Rate: feeds.Rate{Requests: 1000, Per: time.Second}}, feeds.Asked{}, &waits{})
				began := time.Now()
				a, err := c.Get(t.Context(), "x", read)
				if err != nil || string(a.Body) != good || len(*at) != 2 || c.Requests() != 2 {
					t.Fatalf("%q, %v, %d requests", a.Body, err, len(*at))
				}
				if d := time.Since(began); d > 93*time.Second {
					t.Errorf("it took %v", d)
				}
				// For ever: an error that says what it was, after a bounded number of tries.
				tr, at = answers(first)
				_, err = client(t, feeds.Service{Transport: tr, Rate: feeds.Rate{Requests: 1000, Per: time.Second}}, feeds.Asked{}, &waits{}).Get(t.Context(), "x?token=hush", read)
				e, is := errors.AsType[*feeds.Error](err)
				if !is || len(*at) < 3 || len(*at) > 6 || e.Tries != len(*at) || e.Remedy == "" || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), base+"/x") {
					t.Errorf("%d requests, then %v", len(*at), err)
				}
				synctest.Wait()
			})
		})
	}
}

func TestFinal(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 410, 501} {
		synctest.Test(t, func(t *testing.T) {
			tr, at := answers(status(code, "600"))
			_, err := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil)
			e, is := errors.AsType[*feeds.Error](err)
			if !is || e.Status != code || len(*at) != 1 || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("%d: %d requests, %v", code, len(*at), err)
			}
		})
	}
}

func TestElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, ref := range []string{"http://elsewhere.example/api/1.0/x", "https://service.example/x", "http://service.example:81/x", "//elsewhere.example/x",
			"http://service.example@elsewhere.example/", "http://user@service.example/x", "file:///etc/passwd", "http://[::1", "gopher:x"} {
			tr, at := answers(ok)
			_, err := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(t.Context(), ref, nil)
			if !errors.Is(err, feeds.ErrForeign) || len(*at) != 0 {
				t.Errorf("%s: %d requests, %v", ref, len(*at), err)
			}
			// The same by a redirect.
			tr, at = answers(func(w http.ResponseWriter, r *http.Request) { feedstest.Redirect(ref)(w, r) }, ok)
			_, err = client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil)
			if !errors.Is(err, feeds.ErrForeign) || len(*at) != 1 {
				t.Errorf("redirected to %s: %d requests, %v", ref, len(*at), err)
			}
		}
		// Within the service it is followed, each step by the rate, and not for ever.
		var paths []string
		tr := feedstest.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if paths = append(paths, r.URL.RequestURI()); len(paths) == 1 {
				feedstest.Redirect("y?a=1")(w, r)
				return
			}
			ok(w, r)
		})}
		c := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{})
		a, err := c.Get(t.Context(), "x", nil)
		if want := []string{"/api/1.0/x", "/api/1.0/y?a=1"}; err != nil || !slices.Equal(paths, want) || a.URL != "http://service.example"+want[1] || c.Requests() != 2 {
			t.Errorf("%v, %v, %+v", paths, err, a)
		}
		tr2, at := answers(func(w http.ResponseWriter, r *http.Request) { feedstest.Redirect("/api/1.0/x")(w, r) })
		_, err = client(t, feeds.Service{Transport: tr2}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil)
		if err == nil || len(*at) != 4 {
			t.Errorf("round and round: %d requests, %v", len(*at), err)
		}
	})
}

func TestBaseURL(t *testing.T) {
	for _, bad := range []string{"", "find-tender.service.gov.uk/api/1.0", "ftp://x/", "http://", "http://u:geheim@x/api", "https://x/api?key=1", "https://x/#a", "http://[::1"} {
		err := feeds.Service{Base: bad}.Check()
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := (feeds.Service{Base: "http://127.0.0.1:8080/api/1.0/"}).Check(); err != nil {
		t.Error(err)
	}
}

// TestPatience: a service that asks for hours is not waited for, also not by the next sync.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(status(503, "7200"), ok)
		c := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{})
		_, err := c.Get(t.Context(), "x", nil)
		if err == nil || len(*at) != 1 {
			t.Fatalf("%d requests, %v", len(*at), err)
		}
		asked := c.Asked()
		time.Sleep(time.Hour)
		if _, err = client(t, feeds.Service{Transport: tr}, asked, &waits{}).Get(t.Context(), "x", nil); !errors.Is(err, feeds.ErrPatience) || len(*at) != 1 {
			t.Errorf("an hour later: %d requests, %v", len(*at), err)
		}
		time.Sleep(50 * time.Minute)
		if _, err = client(t, feeds.Service{Transport: tr}, asked, &waits{}).Get(t.Context(), "x", nil); err != nil || len(*at) != 2 {
			t.Errorf("ten minutes before: %d requests, %v", len(*at), err)
		}
		if d := (*at)[1].Sub((*at)[0]); d < 2*time.Hour {
			t.Errorf("asked again after %v", d)
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(status(429, "600"))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &waits{}).Get(ctx, "x", nil)
		if !errors.Is(err, context.DeadlineExceeded) || len(*at) != 1 {
			t.Errorf("%d requests, %v", len(*at), err)
		}
	})
}

// TestNotKeptNotSent: what cannot be kept is not asked, else a restart would not know of it.
func TestNotKeptNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(ok)
		full := errors.New("the disk is full")
		c, err := feeds.Service{Base: base, Rate: rate, Transport: tr}.Client(feeds.Asked{}, func(context.Context, feeds.Asked) error { return full }, (&waits{}).tell)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Get(t.Context(), "x", nil); !errors.Is(err, full) || len(*at) != 0 || len(c.Asked().Times) != 0 {
			t.Errorf("%d requests, %v, %+v", len(*at), err, c.Asked())
		}
	})
}

var requests = flag.Int("requests", 20_000, "how many requests TestRate sends")

// TestRate sends requests over a network that shakes them, to a service that fails, by a program that is killed, and counts what arrives in any 120 s.
// The whole one: go test ./feeds -run TestRate -requests 100000 -v
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		shake := func() time.Duration {
			if rng.IntN(50) == 0 {
				return time.Duration(rng.IntN(40_000)) * time.Millisecond
			}
			return time.Duration(rng.IntN(900)) * time.Millisecond
		}
		u := &feedstest.Upstream{Fault: func(n int, at time.Time, r *http.Request) feedstest.Fault {
			switch rng.IntN(200) {
			case 0:
				return feedstest.TooMany("120")
			case 1:
				return feedstest.TooMany("")
			case 2:
				return feedstest.Status(503, "", "")
			}
			return nil
		}}
		var kept feeds.Asked
		s := feeds.Service{Base: base, Rate: rate, Transport: feedstest.Transport{Handler: u, Delay: shake, Back: shake}}
		kills := 0
		began := time.Now()
		for u.Counts().Requests < *requests {
			ctx, kill := context.WithCancel(t.Context())
			c, err := s.Client(kept, func(_ context.Context, a feeds.Asked) error { kept = a; return nil }, (&waits{}).tell)
			if err != nil {
				t.Fatal(err)
			}
			// Killed anywhere, also while a request is under way: then nobody keeps what became of it.
			time.AfterFunc(time.Duration(rng.IntN(int(20*time.Minute))), kill)
			for ctx.Err() == nil && u.Counts().Requests < *requests {
				c.Get(ctx, "ocdsReleasePackages?updatedFrom=2026-08-10T00:00:00&updatedTo=2026-08-10T00:00:01", nil)
			}
			kill()
			kills++
			synctest.Wait()
		}
		c := u.Counts()
		per := time.Since(began) / time.Duration(*requests) * 12
		t.Logf("%d requests, %d kills: at most %d in 120 s; 12 take %v", c.Requests, kills, c.Most, per.Round(time.Second/10))
		if c.Most > 12 || per > 135*time.Second {
			t.Errorf("%+v, 12 in %v", c, per)
		}
	})
}

func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, at := answers(ok)
		var w waits
		c := client(t, feeds.Service{Transport: tr}, feeds.Asked{}, &w)
		began := time.Now()
		for range 13 {
			if _, err := c.Get(t.Context(), "x", nil); err != nil {
				t.Fatal(err)
			}
		}
		if d := (*at)[11].Sub(began); d != 0 {
			t.Errorf("twelve took %v", d)
		}
		if d := (*at)[12].Sub(began); d <= 120*time.Second || d > 123*time.Second || len(w.all) != 1 || w.why[0] != "rate" {
			t.Errorf("the thirteenth came after %v, told %+v", d, w)
		}
		// A clock that was set back does not open the gate, and does not shut it for ever.
		asked := c.Asked()
		for i := range asked.Times {
			asked.Times[i] += time.Hour.Milliseconds()
		}
		if d := client(t, feeds.Service{Transport: tr}, asked, &w).Wait(); d < 120*time.Second || d > 123*time.Second {
			t.Errorf("after the clock was set back: %v", d)
		}
	})
}

// TestOverNetwork asks over a real listener: gzip, the header, and a log without what is secret.
func TestOverNetwork(t *testing.T) {
	var agent string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.Header.Get("User-Agent")
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, "\ufeff"+good)
			z.Close()
		}
	}))
	defer srv.Close()
	var log bytes.Buffer
	c := client(t, feeds.Service{Base: srv.URL + "/api", Version: "1.2.3", Log: slog.New(slog.NewJSONHandler(&log, nil))}, feeds.Asked{}, &waits{})
	a, err := c.Get(t.Context(), "x?apiKey=hush", nil)
	if err != nil || string(a.Body) != good {
		t.Fatalf("%q, %v", a.Body, err)
	}
	if !strings.HasPrefix(agent, "bidfit/1.2.3 ") || strings.Contains(log.String(), "hush") || !strings.Contains(log.String(), `"status":200`) {
		t.Errorf("%q, %s", agent, log.String())
	}
	// A port at which nobody listens is an error that says so.
	srv.Close()
	c = client(t, feeds.Service{Base: srv.URL, Tries: 1}, feeds.Asked{}, &waits{})
	if _, err := c.Get(t.Context(), "x", nil); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
}

func TestMaxBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := `{"releases":["` + strings.Repeat("a long text, ", 400_000) + `"]}`
		tr, _ := answers(text("application/json", long))
		_, err := client(t, feeds.Service{Transport: tr, MaxBody: 4 << 20}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil)
		if err == nil || !strings.Contains(err.Error(), "larger than the 4 MiB") {
			t.Error(err)
		}
		if a, err := client(t, feeds.Service{Transport: tr, MaxBody: 6 << 20}, feeds.Asked{}, &waits{}).Get(t.Context(), "x", nil); err != nil || len(a.Body) != len(long) {
			t.Error(len(a.Body), err)
		}
	})
}
