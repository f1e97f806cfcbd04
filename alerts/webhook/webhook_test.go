package webhook_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"bidfit/alerts"
	"bidfit/alerts/guard"
	"bidfit/alerts/webhook"
	"bidfit/pursuit"
)

var now = time.Date(2026, 6, 24, 6, 31, 0, 0, time.UTC)

var message = alerts.Message{
	ID: "m-0001", Subscription: "k3v9qpt2mwxz4abc", Profile: "hartwell", ProfileName: "Hartwell Resolve", Made: now.Add(-time.Minute),
	Items: []alerts.Item{{Happening: alerts.New, Target: pursuit.Target{Notice: "ocds-h6vhtk-demo51", Lot: "2"}, Title: "Mediation </script>\u202e\x00\xff", Stage: "tender", Score: 82, Low: 75, High: 90, Advice: "bid", Release: "050000-2026"}},
}

// receiver is a server on this machine and a deliverer that may reach it.
func receiver(t *testing.T, handle http.HandlerFunc) (*webhook.Deliverer, alerts.Subscription) {
	t.Helper()
	server := httptest.NewTLSServer(handle)
	t.Cleanup(server.Close)
	return deliverer(t, server, strings.TrimPrefix(server.URL, "https://")), subscription(server.URL + "/hook?token=of-theirs")
}

func deliverer(t *testing.T, server *httptest.Server, allow ...string) *webhook.Deliverer {
	t.Helper()
	g, err := guard.New(allow)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return webhook.New(webhook.Options{Guard: g, Now: func() time.Time { return now }, Agent: "bidfit/test", TLS: &tls.Config{RootCAs: roots}})
}

func subscription(to string) alerts.Subscription {
	return alerts.Subscription{ID: "k3v9qpt2mwxz4abc", Profile: "hartwell", Channel: alerts.Webhook, To: to, Secret: alerts.NewSecret()}
}

// What arrives is what the specification says, and its own library takes the signature for good.
func TestDelivered(t *testing.T) {
	var got []*http.Request
	var bodies [][]byte
	d, s := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, bodies = append(got, r), append(bodies, body)
	})
	for range 2 {
		if err := d.Deliver(t.Context(), s, message); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 2 || !bytes.Equal(bodies[0], bodies[1]) || got[0].Header.Get("Webhook-Id") != "m-0001" || got[1].Header.Get("Webhook-Id") != "m-0001" {
		t.Fatalf("%d deliveries, or the second is not the first again", len(got))
	}
	r, body := got[0], bodies[0]
	if r.Method != http.MethodPost || r.URL.RequestURI() != "/hook?token=of-theirs" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("User-Agent") != "bidfit/test" || r.Header.Get("Webhook-Timestamp") != fmt.Sprint(now.Unix()) {
		t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
	}
	secret, err := s.Secret.Key()
	if err != nil {
		t.Fatal(err)
	}
	hook, err := standard.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := hook.VerifyIgnoringTimestamp(body, r.Header); err != nil {
		t.Errorf("the library does not take the signature: %v", err)
	}
	if err := hook.VerifyIgnoringTimestamp(append(bytes.Clone(body), ' '), r.Header); err == nil {
		t.Error("the library takes it for another body")
	}
	var payload struct {
		Type      string         `json:"type"`
		Timestamp time.Time      `json:"timestamp"`
		Data      alerts.Message `json:"data"`
	}
	if err := json.Unmarshal(body, &payload); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if payload.Type != "alert" || !payload.Timestamp.Equal(message.Made) || payload.Data.ID != message.ID || payload.Data.Items[0].Target != message.Items[0].Target {
		t.Errorf("the body is %s", body)
	}
	if bytes.Contains(body, []byte(s.Secret.Reveal())) {
		t.Error("the body holds the secret")
	}
}

// What is answered, and what becomes of the message.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		is     error
		later  time.Duration
	}{
		{200, "", nil, 0}, {204, "", nil, 0}, {202, "", nil, 0}, {299, "", nil, 0},
		{410, "", alerts.ErrGone, 0}, {413, "", alerts.ErrRefused, 0},
		{429, "120", nil, 2 * time.Minute}, {503, "Wed, 24 Jun 2026 06:41:00 GMT", nil, 10 * time.Minute}, {503, "86400000", nil, 24 * time.Hour}, {429, "-5", nil, -1}, {429, "soon", nil, -1}, {503, "Wed, 24 Jun 2020 06:41:00 GMT", nil, -1},
		{400, "", nil, -1}, {401, "", nil, -1}, {403, "", nil, -1}, {404, "", nil, -1}, {405, "", nil, -1}, {408, "", nil, -1}, {409, "", nil, -1}, {422, "", nil, -1}, {425, "", nil, -1},
		{500, "", nil, -1}, {502, "", nil, -1}, {504, "", nil, -1}, {301, "", nil, -1}, {302, "", nil, -1}, {307, "", nil, -1}, {308, "", nil, -1}, {304, "", nil, -1}, {300, "", nil, -1},
	} {
		var asked atomic.Int64
		d, s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Location", "/elsewhere")
			if c.after != "" {
				w.Header().Set("Retry-After", c.after)
			}
			w.WriteHeader(c.status)
			if c.status != 204 && c.status != 304 {
				io.WriteString(w, "the body of the answer")
			}
		})
		err := d.Deliver(t.Context(), s, message)
		if asked.Load() != 1 {
			t.Errorf("%d: asked %d times", c.status, asked.Load())
		}
		if (err == nil) != (c.is == nil && c.later == 0) {
			t.Errorf("%d: %v", c.status, err)
			continue
		}
		for _, final := range []error{alerts.ErrGone, alerts.ErrRefused} {
			if errors.Is(err, final) != (c.is == final) {
				t.Errorf("%d: %v", c.status, err)
			}
		}
		later, ok := errors.AsType[*alerts.LaterError](err)
		if ok != (c.later > 0) || ok && later.After != c.later {
			t.Errorf("%d, Retry-After %q: %v, %v", c.status, c.after, later, err)
		}
		if err != nil && (!strings.Contains(err.Error(), fmt.Sprint(c.status)) || strings.Contains(err.Error(), "body") || strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "elsewhere")) {
			t.Errorf("%d: the error says too little or too much: %v", c.status, err)
		}
	}
}

// A redirect inside is not followed, whatever its kind and however it is written.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var inside atomic.Int64
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer canary.Close()
	at, _ := url.Parse(canary.URL)
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		for _, to := range []string{canary.URL, "http://localhost:" + at.Port(), "//127.0.0.1:" + at.Port(), "http://[::ffff:127.0.0.1]:" + at.Port(), "http://2130706433:" + at.Port()} {
			d, s := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", to)
				w.WriteHeader(status)
			})
			if err := d.Deliver(t.Context(), s, message); err == nil {
				t.Errorf("%d to %s is taken", status, to)
			}
		}
	}
	if n := inside.Load(); n != 0 {
		t.Errorf("the canary was reached %d times", n)
	}
}

// Without leave of the operator nothing of this machine is reached, and the message is not lost for it.
func TestGuarded(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	at, _ := url.Parse(server.URL)
	d := deliverer(t, server, ":"+at.Port())
	for _, to := range []string{server.URL, "http://127.0.0.1:" + at.Port(), "https://[::1]:" + at.Port()} {
		if err := d.Deliver(t.Context(), subscription(to), message); !errors.Is(err, guard.ErrForbidden) || errors.Is(err, alerts.ErrRefused) || errors.Is(err, alerts.ErrGone) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if asked.Load() > 0 {
		t.Error("the server was reached")
	}
}

// No proxy of the environment comes between: its address is all that a guard would see.
func TestNoProxy(t *testing.T) {
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	d, s := receiver(t, func(http.ResponseWriter, *http.Request) {})
	if err := d.Deliver(t.Context(), s, message); err != nil || asked.Load() > 0 {
		t.Errorf("%v; the proxy was asked %d times", err, asked.Load())
	}
}

// An answer without an end is read for 64 KiB, and a certificate of somebody else's is none.
func TestAnswerWithoutEnd(t *testing.T) {
	var sent atomic.Int64
	ended := make(chan struct{})
	d, s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		io.Copy(io.Discard, r.Body)
		block := bytes.Repeat([]byte("x"), 32<<10)
		for r.Context().Err() == nil {
			n, err := w.Write(block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	if err := d.Deliver(t.Context(), s, message); err != nil {
		t.Fatal(err)
	}
	<-ended // the deliverer has gone away, else this never ends
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes went out before it did", n)
	}
	other := httptest.NewTLSServer(nil)
	defer other.Close()
	g, err := guard.New([]string{strings.TrimPrefix(other.URL, "https://")})
	if err != nil {
		t.Fatal(err)
	}
	err = webhook.New(webhook.Options{Guard: g}).Deliver(t.Context(), subscription(other.URL), message)
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok {
		t.Errorf("another's certificate: %v", err)
	}
}

// An end of the context is heeded, and says nothing final of the message.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d, s := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // until then the server does not look whether anybody is there
		cancel()
		<-r.Context().Done()
	})
	err := d.Deliver(ctx, s, message)
	if !errors.Is(err, context.Canceled) || errors.Is(err, alerts.ErrRefused) || strings.Contains(err.Error(), "token") {
		t.Errorf("%v", err)
	}
}
