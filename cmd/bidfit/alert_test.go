package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// hook is a receiver of webhooks, and what came.
type hook struct {
	sync.Mutex
	bodies  [][]byte
	headers []http.Header
	status  int
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.Lock()
	defer h.Unlock()
	h.bodies, h.headers = append(h.bodies, body), append(h.headers, r.Header.Clone())
	w.WriteHeader(max(h.status, 200))
}

// letters is a server that takes e-mail.
type letters struct {
	sync.Mutex
	texts []string
}

type letter struct{ *letters }

func (letter) Reset()                               {}
func (letter) Logout() error                        { return nil }
func (letter) Mail(string, *smtp.MailOptions) error { return nil }
func (letter) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (l letter) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	l.Lock()
	defer l.Unlock()
	l.texts = append(l.texts, string(text))
	return err
}

// coming is a release of the sample that comes today and is open for two months.
func coming(t *testing.T) []byte {
	t.Helper()
	for line := range bytes.Lines(sampleNotices) {
		if !bytes.Contains(line, []byte(`"ocid":"ocds-h6vhtk-demo02"`)) {
			continue
		}
		var release map[string]any
		if err := json.Unmarshal(line, &release); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		release["ocid"], release["id"], release["date"] = "ocds-h6vhtk-demo99", "909999-2026", now.Add(-time.Hour).Format(time.RFC3339)
		tender := release["tender"].(map[string]any)
		tender["title"] = "Mediation\r\nBcc: everybody@example.com <script>"
		tender["tenderPeriod"] = map[string]any{"endDate": now.AddDate(0, 2, 0).Format(time.RFC3339)}
		text, err := json.Marshal(release)
		if err != nil {
			t.Fatal(err)
		}
		return append(text, '\n')
	}
	t.Fatal("the sample has no such notice")
	return nil
}

// TestAlerts: people subscribe, a notice comes, and they are told: by webhook, by e-mail and in a feed; with a server running and without.
func TestAlerts(t *testing.T) {
	for _, beside := range []bool{false, true} {
		t.Run(map[bool]string{false: "alone", true: "beside a server"}[beside], func(t *testing.T) {
			receiver := &hook{}
			hooks := httptest.NewServer(receiver)
			defer hooks.Close()
			post := &letters{}
			server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return letter{post}, nil }))
			server.ErrorLog = log.New(io.Discard, "", 0)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go server.Serve(l)
			defer server.Close()

			p := sampled(t)
			config := fmt.Sprintf("smtp:\n  host: 127.0.0.1\n  port: %d\n  tls: none\n  from: bidfit <alerts@supplier.example>\nalerts:\n  url: https://bidfit.supplier.example\n  allow: [%q]\n",
				l.Addr().(*net.TCPAddr).Port, strings.TrimPrefix(hooks.URL, "http://"))
			for name, text := range map[string]string{"config.yaml": config, "coming.jsonl": string(coming(t))} {
				if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p.env = append(p.env, "BIDFIT_CONFIG="+filepath.Join(p.dir, "config.yaml"))
			at := ""
			if beside {
				free, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				at = "http://" + free.Addr().String() + "/"
				free.Close()
				p.serving(t, "--listen", free.Addr().String())
			}
			done := func(args ...string) string {
				t.Helper()
				e := p.give(t, "", args...)
				if e.code != 0 {
					t.Fatalf("%q exits with %d\n%s%s", args, e.code, e.out, e.talk)
				}
				return e.out
			}
			id := func(out string) string { return regexp.MustCompile(`^\w+`).FindString(out) }
			added := done("alert", "add", "hartwell-resolve", "--webhook", hooks.URL+"/b?token=theirs", "--at-once")
			key := regexp.MustCompile(`whsec_\S+`).FindString(added)
			byHook, byMail := id(added), id(done("alert", "add", "hartwell-resolve", "--email", "bids@supplier.example", "--at-once"))
			feed := regexp.MustCompile(`/feeds/\S+/list\.atom`).FindString(done("alert", "add", "hartwell-resolve", "--feed"))

			for _, one := range []string{byHook, byMail} {
				if got := done("alert", "test", one); !strings.Contains(got, "was taken by") {
					t.Errorf("the test says %q", got)
				}
			}
			receiver.status = 503
			if e := p.give(t, "", "alert", "test", byHook); e.code != exitFailed || !strings.Contains(e.talk, "answered 503") || strings.Contains(e.talk, "theirs") {
				t.Errorf("a test that is not taken: %+v", e)
			}
			receiver.status = 0
			done("alert", "run") // what was there before is nothing new
			done("ingest", "coming.jsonl")
			done("alert", "run")
			done("alert", "run")

			receiver.Lock()
			defer receiver.Unlock()
			items := 0
			verify, err := standard.NewWebhook(key)
			if err != nil {
				t.Fatal(err)
			}
			for i, b := range receiver.bodies {
				if err := verify.Verify(b, receiver.headers[i]); err != nil {
					t.Errorf("message %d: %v", i, err)
				}
				items += strings.Count(string(b), `"notice":"ocds-h6vhtk-demo99"`)
			}
			if items != 1 {
				t.Errorf("%d items of %d webhooks tell of the notice", items, len(receiver.bodies))
			}
			post.Lock()
			defer post.Unlock()
			told := 0
			for _, text := range post.texts {
				m, err := mail.ReadMessage(strings.NewReader(text))
				if err != nil || m.Header.Get("Bcc") != "" {
					t.Fatalf("a title became a header, or it is no message (%v):\n%.600s", err, text)
				}
				subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
				if err != nil {
					t.Error(err)
				}
				if subject == "1 new, “Mediation Bcc: everybody@example.com <script>”: Hartwell Resolve CIC" {
					told++
				} else if subject != "Test of an alert: Hartwell Resolve CIC" {
					t.Errorf("a subject is %q", subject)
				}
			}
			if told != 1 || len(post.texts) != 2 {
				t.Errorf("%d of %d messages tell of the notice", told, len(post.texts))
			}
			if got := done("alert", "show", byMail, "--json"); !strings.Contains(got, `"outcome":"delivered"`) || strings.Contains(got, "secret") {
				t.Errorf("it stands as %s", got)
			}
			if got := done("alert", "log"); !strings.Contains(got, byHook) || !strings.Contains(got, "delivered") {
				t.Errorf("the log says %s", got)
			}
			if beside {
				r, err := http.NewRequestWithContext(t.Context(), "GET", at+strings.TrimPrefix(feed, "/"), nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Host = "bidfit.supplier.example" // as a proxy passes it on
				res, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				text, _ := io.ReadAll(res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("demo99")) {
					t.Errorf("the feed: %s\n%.400s", res.Status, text)
				}
			}
			if got := done("alert", "pause", byHook); !strings.Contains(got, "is paused") {
				t.Error(got)
			}
			if got := done("alert", "change", byMail, "--days", "sat", "--at", "09:00"); !strings.Contains(got, "Saturdays at 09:00") {
				t.Error(got)
			}
			if got := done("alert", "resume", byHook); !strings.Contains(got, "is resumed") {
				t.Error(got)
			}
			done("alert", "remove", byHook)
			if e := p.give(t, "", "alert", "show", byHook); e.code != exitNotFound {
				t.Errorf("%+v", e)
			}
		})
	}
}
