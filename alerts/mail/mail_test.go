package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"bidfit/alerts"
	"bidfit/notice"
	"bidfit/pursuit"
)

// taken is a message as a server took it.
type taken struct {
	From, Text string
	To         []string
	TLS        bool
}

// sink is a server on this machine. What its hooks return it answers.
type sink struct {
	mu          sync.Mutex
	taken       []taken
	connections map[string]bool // by the client's end
	user        string          // that logged in
	asks        bool            // for a login

	onMail, onRcpt func() error
	onData         func(c *smtp.Conn) error // after the message was read, before it is taken
	conns          []net.Conn
}

// begin starts the server; encrypted says how. It returns options that reach it.
func (s *sink) begin(t *testing.T, encryption Encryption, change func(*smtp.Server)) Options {
	t.Helper()
	s.connections = map[string]bool{}
	https := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(https.Close)
	roots := x509.NewCertPool()
	roots.AddCert(https.Certificate())
	config := &tls.Config{Certificates: https.TLS.Certificates}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.connections[c.Conn().RemoteAddr().String()] = true
		s.conns = append(s.conns, c.Conn())
		return &session1{sink: s, conn: c}, nil
	}))
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.Domain = "mx.example"
	if encryption == StartTLS {
		server.TLSConfig = config
	}
	server.AllowInsecureAuth = encryption == None
	if change != nil {
		change(server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if encryption == TLS {
		l = tls.NewListener(l, config)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return Options{Host: "127.0.0.1", Port: port, Encryption: encryption, From: "bidfit <alerts@supplier.example>", Base: "https://bidfit.supplier.example", Roots: &tls.Config{RootCAs: roots}, Timeout: time.Minute}
}

type session1 struct {
	*sink
	conn *smtp.Conn
	now  taken
	in   bool
}

func (s *session1) Reset()        { s.now = taken{} }
func (s *session1) Logout() error { return nil }
func (s *session1) AuthMechanisms() []string {
	if !s.asks {
		return nil
	}
	return []string{sasl.Plain}
}
func (s *session1) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "bidfit" || password != "correct horse" {
			return smtp.ErrAuthFailed
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.in, s.user = true, user
		return nil
	}), nil
}

func (s *session1) Mail(from string, _ *smtp.MailOptions) error {
	if s.asks && !s.in {
		return smtp.ErrAuthRequired
	}
	s.now.From = from
	_, s.now.TLS = s.conn.TLSConnectionState()
	if s.onMail != nil {
		return s.onMail()
	}
	return nil
}

func (s *session1) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.To = append(s.now.To, to)
	if s.onRcpt != nil {
		return s.onRcpt()
	}
	return nil
}

func (s *session1) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.now.Text = string(text)
	if s.onData != nil {
		if err := s.onData(s.conn); err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.taken = append(s.taken, s.now) // it was read, whatever is answered
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, s.now)
	return nil
}

// all is what was taken until now.
func (s *sink) all() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

func sending(t *testing.T, o Options) *Sender {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var subscription = alerts.Subscription{ID: "k3v9qpt2mwxz4abc", Profile: "hartwell", Channel: alerts.Email, To: "bids@supplier.example", Secret: "c2VjcmV0LW9mLXRoZS1zdWJzY3JpcHRpb24tMTIzNDU"}

func days(n int) *int { return &n }

// sample is a message with one item of each kind.
func sample() alerts.Message {
	deadline := notice.Moment{Time: time.Date(2026, 7, 24, 11, 0, 0, 0, time.UTC)}
	return alerts.Message{
		ID: "m-0001", Subscription: subscription.ID, Profile: "hartwell", ProfileName: "Hartwell Resolve", Made: time.Date(2026, 6, 24, 6, 30, 0, 0, time.UTC),
		Items: []alerts.Item{
			{Happening: alerts.New, Target: pursuit.Target{Notice: "ocds-h6vhtk-demo51", Lot: "2"}, Title: "Mediation & advice <for> schools", Lot: "North", Buyer: "Trentbridge County Council", Stage: notice.StageTender, Deadline: deadline, DaysLeft: days(30),
				Worth: "£704,000 net", Places: "Staffordshire", Score: 82, Low: 75, High: 90, Advice: "bid", Reason: "its words are yours", Gap: "no value said", Address: "https://notices.example/050000-2026"},
			{Happening: alerts.Closing, Target: pursuit.Target{Notice: "ocds-h6vhtk-demo52"}, Title: "Facilitation", Stage: notice.StageTender, Deadline: deadline, DaysLeft: days(3), Score: 60, Low: 50, High: 70, Advice: "review"},
			{Happening: alerts.Withdrawn, Target: pursuit.Target{Notice: "ocds-h6vhtk-demo53"}, Title: "Arbitration", Stage: notice.StageEnded, Score: 60, Low: 50, High: 70, Advice: "review", Why: "cancelled on 23 June 2026"},
		},
		More: 4,
	}
}

func TestDelivered(t *testing.T) {
	for _, encryption := range []Encryption{StartTLS, TLS, None} {
		t.Run(string(encryption), func(t *testing.T) {
			server := &sink{asks: true}
			o := server.begin(t, encryption, nil)
			o.User, o.Password = "bidfit", "correct horse"
			s := sending(t, o)
			for range 3 {
				if err := s.Deliver(t.Context(), subscription, sample()); err != nil {
					t.Fatal(err)
				}
			}
			got := server.all()
			if len(got) != 3 || len(server.connections) != 1 || server.user != "bidfit" {
				t.Fatalf("%d messages over %d connections by %q; 3 over one were sent", len(got), len(server.connections), server.user)
			}
			for _, m := range got {
				if m.From != "alerts@supplier.example" || !slices.Equal(m.To, []string{"bids@supplier.example"}) || m.TLS != (encryption != None) {
					t.Errorf("from %s to %q, encrypted %t", m.From, m.To, m.TLS)
				}
				if m.Text != got[0].Text {
					t.Error("the same message is other bytes the second time")
				}
			}
		})
	}
}

// What a server answers, and what becomes of the message: it is kept, given up, or nobody is there. What is kept arrives later under the same Message-ID.
func TestReplies(t *testing.T) {
	answer := func(code int, status, text string) *smtp.SMTPError {
		e := &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
		if status != "" {
			for i, n := range strings.Split(status, ".") {
				e.EnhancedCode[i], _ = strconv.Atoi(n)
			}
		}
		return e
	}
	for _, c := range []struct {
		during phase
		answer *smtp.SMTPError
		is     error // nil: later
	}{
		{recipient, answer(451, "4.7.1", "Greylisted, try again in 5 minutes"), nil},
		{recipient, answer(450, "", "Mailbox busy"), nil},
		{recipient, answer(452, "4.2.2", "Mailbox full"), nil},
		{content, answer(452, "4.3.1", "Insufficient system storage"), nil},
		{content, answer(451, "", "Local error"), nil},
		{recipient, answer(421, "4.3.2", "Shutting down"), nil},
		{recipient, answer(550, "5.1.1", "No such user bids@supplier.example"), alerts.ErrGone},
		{recipient, answer(550, "5.1.10", "Null MX"), alerts.ErrGone},
		{recipient, answer(551, "5.1.6", "Moved"), alerts.ErrGone},
		{recipient, answer(556, "", "Domain takes no mail"), alerts.ErrGone},
		{recipient, answer(550, "", "Requested action not taken"), alerts.ErrRefused},
		{recipient, answer(550, "5.7.1", "Blocked by policy"), alerts.ErrRefused},
		{recipient, answer(550, "5.2.1", "Receives too much"), alerts.ErrRefused},
		{recipient, answer(552, "5.2.2", "Over quota"), nil},
		{recipient, answer(552, "", "Too many recipients"), nil},
		{recipient, answer(530, "5.7.0", "Must issue a STARTTLS command first"), nil},
		{content, answer(554, "5.6.0", "Content rejected"), alerts.ErrRefused},
		{content, answer(552, "5.3.4", "Too large"), alerts.ErrRefused},
		{content, answer(552, "5.2.2", "Over quota"), nil},
		{content, answer(550, "5.1.1", "Too late to say so"), alerts.ErrRefused},
		{sender, answer(550, "5.7.1", "Sender not allowed"), nil},
		{sender, answer(451, "", "Try later"), nil},
	} {
		t.Run(fmt.Sprintf("%s %d %v", c.during, c.answer.Code, c.answer.EnhancedCode), func(t *testing.T) {
			server := &sink{}
			fails := true
			hook := func(at phase) func() error {
				return func() error {
					if fails && at == c.during {
						return c.answer
					}
					return nil
				}
			}
			server.onMail, server.onRcpt = hook(sender), hook(recipient)
			server.onData = func(*smtp.Conn) error { return hook(content)() }
			s := sending(t, server.begin(t, None, nil))
			err := s.Deliver(t.Context(), subscription, sample())
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, final := range []error{alerts.ErrGone, alerts.ErrRefused} {
				if errors.Is(err, final) != (c.is == final) {
					t.Errorf("%v: %v is %t", err, final, c.is != final)
				}
			}
			if !strings.Contains(err.Error(), strconv.Itoa(c.answer.Code)) || strings.Contains(err.Error(), "bids@") {
				t.Errorf("the error does not say what was answered, or says to whom: %v", err)
			}
			fails = false
			if err := s.Deliver(t.Context(), subscription, sample()); err != nil {
				t.Fatalf("afterwards: %v", err)
			}
			got := server.all()
			if last := got[len(got)-1]; !strings.Contains(last.Text, "Message-ID: <m-0001@supplier.example>") || last.Text != got[0].Text {
				t.Errorf("what arrives is not the message:\n%s", last.Text)
			}
		})
	}
}

// A server that takes a message and is gone before it says so gets it again, under the same Message-ID.
func TestResetAfterData(t *testing.T) {
	server := &sink{}
	times := 0
	server.onData = func(c *smtp.Conn) error {
		if times++; times == 1 {
			c.Conn().(*net.TCPConn).SetLinger(0) // so that it is a reset
			c.Conn().Close()
			return errors.New("gone")
		}
		return nil
	}
	s := sending(t, server.begin(t, None, nil))
	err := s.Deliver(t.Context(), subscription, sample())
	if err == nil || errors.Is(err, alerts.ErrRefused) || errors.Is(err, alerts.ErrGone) {
		t.Fatalf("a reset is final: %v", err)
	}
	if err := s.Deliver(t.Context(), subscription, sample()); err != nil {
		t.Fatal(err)
	}
	got := server.all()
	if len(got) != 2 || got[0].Text != got[1].Text || !strings.Contains(got[0].Text, "Message-ID: <m-0001@supplier.example>") {
		t.Errorf("%d messages came, or they are not the same", len(got))
	}
}

// A connection that the server has closed meanwhile costs nothing.
func TestIdleConnectionClosed(t *testing.T) {
	server := &sink{}
	s := sending(t, server.begin(t, None, nil))
	for range 2 {
		if err := s.Deliver(t.Context(), subscription, sample()); err != nil {
			t.Fatal(err)
		}
		for _, c := range server.conns {
			c.Close()
		}
	}
	if len(server.all()) != 2 || len(server.connections) != 2 {
		t.Errorf("%d messages over %d connections", len(server.all()), len(server.connections))
	}
}

// Several at once each have a connection, and one is kept.
func TestAtOnce(t *testing.T) {
	server := &sink{}
	s := sending(t, server.begin(t, StartTLS, nil))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			m := sample()
			m.ID = fmt.Sprintf("m-%d", i)
			if err := s.Deliver(t.Context(), subscription, m); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(server.all()); n != 8 {
		t.Errorf("%d of 8 messages came", n)
	}
}

// A server that says nothing is not waited for for ever, at whatever point it falls silent, and an end of the context is heeded at once.
func TestSilentServer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	port := silent.Addr().(*net.TCPAddr).Port
	s := sending(t, Options{Host: "127.0.0.1", Port: port, Encryption: None, From: "a@b.example", Timeout: 50 * time.Millisecond})
	if err := s.Deliver(t.Context(), subscription, sample()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a server without a greeting: %v", err)
	}
	for _, at := range []phase{sender, recipient, content} {
		ctx, cancel := context.WithCancel(t.Context())
		never := make(chan struct{})
		server := &sink{}
		hook := func(here phase) func() error {
			return func() error {
				if here == at {
					cancel()
					<-never
				}
				return nil
			}
		}
		server.onMail, server.onRcpt = hook(sender), hook(recipient)
		server.onData = func(*smtp.Conn) error { return hook(content)() }
		s := sending(t, server.begin(t, None, nil))
		if err := s.Deliver(ctx, subscription, sample()); !errors.Is(err, context.Canceled) || errors.Is(err, alerts.ErrRefused) {
			t.Errorf("silent while %s: %v", at, err)
		}
		close(never)
	}
}

// Nothing is sent unencrypted, to somebody else, or with a wrong password; and the message waits until that is put right.
func TestEncryptionIsRequired(t *testing.T) {
	t.Run("no STARTTLS", func(t *testing.T) {
		server := &sink{}
		o := server.begin(t, None, nil)
		o.Encryption = StartTLS
		err := sending(t, o).Deliver(t.Context(), subscription, sample())
		if err == nil || !strings.Contains(err.Error(), "STARTTLS") || errors.Is(err, alerts.ErrRefused) {
			t.Errorf("%v", err)
		}
		if len(server.all()) > 0 {
			t.Error("it was sent in the clear")
		}
	})
	for _, encryption := range []Encryption{StartTLS, TLS} {
		t.Run("another's certificate, "+string(encryption), func(t *testing.T) {
			server := &sink{}
			o := server.begin(t, encryption, nil)
			o.Roots = nil // the test's authority is none of the system's
			err := sending(t, o).Deliver(t.Context(), subscription, sample())
			if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok || errors.Is(err, alerts.ErrRefused) {
				t.Errorf("%v", err)
			}
			if len(server.all()) > 0 {
				t.Error("it was sent to whoever answered")
			}
		})
	}
	t.Run("a wrong password", func(t *testing.T) {
		server := &sink{asks: true}
		o := server.begin(t, StartTLS, nil)
		o.User, o.Password = "bidfit", "wrong horse"
		err := sending(t, o).Deliver(t.Context(), subscription, sample())
		if err == nil || !strings.Contains(err.Error(), "logging in") || !strings.Contains(err.Error(), "535") || strings.Contains(err.Error(), "horse") || errors.Is(err, alerts.ErrRefused) {
			t.Errorf("%v", err)
		}
	})
	t.Run("no way to log in", func(t *testing.T) {
		server := &sink{}
		o := server.begin(t, StartTLS, nil)
		o.User, o.Password = "bidfit", "correct horse"
		if err := sending(t, o).Deliver(t.Context(), subscription, sample()); err == nil || !strings.Contains(err.Error(), "smtp.user") {
			t.Errorf("%v", err)
		}
	})
}

func TestOptions(t *testing.T) {
	good := Options{Host: "mx.example", Encryption: StartTLS, From: "alerts@supplier.example"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Options){
		"smtp.host":  func(o *Options) { o.Host = "" },
		"smtp.tls: ": func(o *Options) { o.Encryption = "maybe" },
		"on this":    func(o *Options) { o.Encryption = None },
		"smtp.port":  func(o *Options) { o.Port = 70000 },
		"smtp.from":  func(o *Options) { o.From = "alerts@supplier.example\r\nBcc: x@y.example" },
		"smtp.from:": func(o *Options) { o.From = "" },
		"smtp.user":  func(o *Options) { o.Password = "secret of mine" },
		"alerts.url": func(o *Options) { o.Base = "bidfit.example" },
	} {
		o := good
		change(&o)
		_, err := New(o)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret of mine") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %s", Password("hunter2"), Options{Password: "hunter2"}, Options{Password: "hunter2"}, Password("hunter2")); strings.Contains(text, "hunter2") {
		t.Errorf("a password shows itself: %s", text)
	}
}

func TestAddress(t *testing.T) {
	for _, s := range []string{"bids@supplier.example", "o'brien+bids@mail.supplier.example", "a@b", " bids@supplier.example "} {
		if a, err := Address(s); err != nil || a != strings.TrimSpace(s) {
			t.Errorf("%q: %q, %v", s, a, err)
		}
	}
	for _, s := range []string{
		"", "bids", "@supplier.example", "bids@", "Bids <bids@supplier.example>", "<bids@supplier.example>", "a@b.example, c@d.example", "a@b.example;c@d.example", "a@b.example c@d.example",
		"a@b.example\r\nBcc: c@d.example", "a@b.example\nDATA", "a\x00@b.example", "\"a b\"@c.example", "\"a\\\"@x.example\"@c.example", "a@[127.0.0.1]", "a@b..example", "a@-b_c.example", "bücher@supplier.example", "a@bücher.example",
		"a@b.example(comment)", "a@b.example>", "a@b.example> SIZE=1", "group: a@b.example;", "mailto:a@b.example", "a@b@c.example", strings.Repeat("a", 65) + "@b.example", "a@" + strings.Repeat("b", 64) + ".example", "a\u202e@b.example",
	} {
		if a, err := Address(s); err == nil {
			t.Errorf("%q is taken for the address %q", s, a)
		}
	}
}
