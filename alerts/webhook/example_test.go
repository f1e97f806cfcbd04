package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/alerts"
)

// verify is what docs/alerts.md shows to receivers, word for word; a test compares them.

// verify reports whether a body came from bidfit, within five minutes of now, as it was sent.
func verify(secret string, header http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	id, stamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("no timestamp")
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > 5*time.Minute || age < -5*time.Minute {
		return errors.New("too old, or from the future: it may be a replay")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
	for signature := range strings.FieldsSeq(header.Get("webhook-signature")) {
		version, text, _ := strings.Cut(signature, ",")
		sum, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(sum, mac.Sum(nil)) {
			return nil
		}
	}
	return errors.New("no signature fits")
}

// The receiver of the documentation takes what is sent, once, and nothing that was changed, is old, or was signed by another.
func TestVerify(t *testing.T) {
	var header http.Header
	var body []byte
	d, s := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
	})
	if err := d.Deliver(t.Context(), s, message); err != nil {
		t.Fatal(err)
	}
	secret, err := s.Secret.Key()
	if err != nil {
		t.Fatal(err)
	}
	other, err := alerts.NewSecret().Key()
	if err != nil {
		t.Fatal(err)
	}
	with := func(name, value string) http.Header {
		h := header.Clone()
		h.Set(name, value)
		return h
	}
	good := header.Get("webhook-signature")
	for _, c := range []struct {
		what   string
		secret string
		header http.Header
		body   string
		now    time.Time
		taken  bool
	}{
		{"as it was sent", secret, header, string(body), now, true},
		{"at the end of the window", secret, header, string(body), now.Add(5 * time.Minute), true},
		{"with a second signature", secret, with("webhook-signature", "v1,AAAA "+good), string(body), now, true},
		{"after the window", secret, header, string(body), now.Add(5*time.Minute + time.Second), false},
		{"before it was sent", secret, header, string(body), now.Add(-6 * time.Minute), false},
		{"another body", secret, header, string(body) + " ", now, false},
		{"another id", secret, with("webhook-id", "m-0002"), string(body), now, false},
		{"another time", secret, with("webhook-timestamp", strconv.FormatInt(now.Unix()+1, 10)), string(body), now, false},
		{"another secret", other, header, string(body), now, false},
		{"another version", secret, with("webhook-signature", "v1a"+strings.TrimPrefix(good, "v1")), string(body), now, false},
		{"no signature", secret, with("webhook-signature", ""), string(body), now, false},
		{"no time", secret, with("webhook-timestamp", "soon"), string(body), now, false},
	} {
		if err := verify(c.secret, c.header, []byte(c.body), c.now); (err == nil) != c.taken {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// A receiver of the documentation: it answers 401 to what is not from bidfit.
func Example() {
	secret := "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || verify(secret, r.Header, body, time.Now()) != nil {
			http.Error(w, "not from bidfit", http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader("{}")))
	fmt.Println(w.Code)
	// Output: 401
}

// TestDocumented: the receiver that docs/alerts.md shows is the one that is tested here.
func TestDocumented(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(source), "\nfunc verify(")
	code, _, ok := strings.Cut(code, "\n}\n")
	if code = "\nfunc verify(" + code + "\n}\n"; !ok || !strings.Contains(string(doc), code) {
		t.Errorf("docs/alerts.md does not show\n%s", code)
	}
}
