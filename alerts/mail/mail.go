// Package mail delivers alerts as e-mail: one message to one address, as text and as HTML (compose.go), over a connection that is
// encrypted (smtp.go). What a server answers decides whether a message is tried again (reply.go).
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"bidfit/alerts"
)

// Encryption is how a connection to the server is protected.
type Encryption string

const (
	StartTLS Encryption = "starttls" // begun in the clear and never used without; port 587
	TLS      Encryption = "tls"      // from the first byte; port 465
	None     Encryption = "none"     // to a server on this machine alone; port 25
)

const (
	// usualTimeout is how long a message may take. A server that scans what it is given answers late, and one that is not waited for gets it again.
	usualTimeout = 2 * time.Minute
	// idleTime is how long a connection is kept for a further message.
	idleTime = 5 * time.Second
)

// Password shows itself nowhere.
type Password string

func (Password) String() string       { return "***" }
func (Password) GoString() string     { return "***" }
func (Password) LogValue() slog.Value { return slog.StringValue("***") }

// Options are how messages are sent.
type Options struct {
	Host       string
	Port       int // 0 is the usual one
	Encryption Encryption
	User       string // "" does not log in
	Password   Password
	From       string // "bidfit <alerts@supplier.example>"
	// Base is the address that bidfit is reached under, "https://bidfit.supplier.example"; "" puts no links to it into messages.
	Base string
	// Roots are the authorities a server may be certified by; nil is the system's.
	Roots *tls.Config
	// Timeout is how long a message may take; 0 is two minutes.
	Timeout time.Duration
}

// Sender sends messages. It is safe for concurrent use, and keeps one connection for a few seconds.
type Sender struct {
	o      Options
	from   *mail.Address
	domain string // of from: Message-ID and List-Id are made of it
	helo   string

	mu   sync.Mutex
	idle *session
	quit *time.Timer
}

var _ alerts.Deliverer = (*Sender)(nil)

// New is a sender. Nothing is connected yet.
func New(o Options) (*Sender, error) {
	if o.Host == "" {
		return nil, errors.New("smtp.host: no server is named that takes e-mail")
	}
	switch o.Encryption {
	case StartTLS, TLS:
	case None:
		if ip, err := netip.ParseAddr(o.Host); o.Host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("smtp.tls: it is none, which is for a server on this machine alone, and smtp.host is %q; write starttls or tls", o.Host)
		}
	default:
		return nil, fmt.Errorf("smtp.tls: %q is none of starttls, tls, none", o.Encryption)
	}
	if o.Port == 0 {
		o.Port = map[Encryption]int{StartTLS: 587, TLS: 465, None: 25}[o.Encryption]
	}
	if o.Port < 1 || o.Port > 65535 {
		return nil, fmt.Errorf("smtp.port: %d is no port; write 587, 465, or 0 for the usual one", o.Port)
	}
	if o.Timeout == 0 {
		o.Timeout = usualTimeout
	}
	if o.Password != "" && o.User == "" {
		return nil, errors.New("smtp.user: there is a password and no user to log in as")
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("smtp.from: %q is no address that e-mail can come from, such as alerts@supplier.example", o.From)
	}
	if _, err := Address(from.Address); err != nil {
		return nil, fmt.Errorf("smtp.from: %w", err)
	}
	from.Name = header(shown(60, from.Name))
	if o.Base != "" {
		u, err := url.Parse(o.Base)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fmt.Errorf("alerts.url: %q is no address such as https://bidfit.supplier.example", o.Base)
		}
		o.Base = strings.TrimRight(o.Base, "/")
	}
	s := &Sender{o: o, from: from, helo: "localhost"}
	_, s.domain, _ = strings.Cut(from.Address, "@")
	if name, err := os.Hostname(); err == nil && isDomain(name) {
		s.helo = name
	}
	return s, nil
}

// Address reads the address of one recipient: as it is sent to, without a name, comment or quotes, and in ASCII.
func Address(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	local, domain, _ := strings.Cut(text, "@")
	switch {
	case err != nil || a.Name != "" || a.Address != text || len(text) > 254 || len(local) > 64:
		return "", fmt.Errorf("%.80q is no address of one person or list, such as bids@supplier.example", text)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "", fmt.Errorf("%.80q holds characters that not every server takes; write its domain as xn--…", text)
	case !isDomain(domain):
		return "", fmt.Errorf("%.80q has no domain behind the @", text)
	}
	return text, nil
}

// isDomain reports whether a text is a domain that may stand in a header or a command as it is.
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return false
		}
	}
	return len(s) <= 253
}

// Deliver sends a message once.
func (s *Sender) Deliver(ctx context.Context, sub alerts.Subscription, m alerts.Message) error {
	to, err := Address(sub.To)
	if err != nil {
		return fmt.Errorf("%w: %w", alerts.ErrRefused, err)
	}
	text, err := s.compose(to, sub, m)
	if err != nil {
		return fmt.Errorf("%w: the message cannot be written: %w", alerts.ErrRefused, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	c, err := s.connection(ctx)
	if err != nil {
		return s.verdict(ctx, connecting, to, err)
	}
	during, err := c.send(ctx, s.from.Address, to, text)
	if err != nil {
		c.close()
		return s.verdict(ctx, during, to, err)
	}
	s.keep(c)
	return nil
}

// connection is the one that is kept, if it still answers, or a new one.
func (s *Sender) connection(ctx context.Context) (*session, error) {
	s.mu.Lock()
	c := s.idle
	s.idle = nil
	if s.quit != nil {
		s.quit.Stop()
	}
	s.mu.Unlock()
	if c != nil {
		if c.answers(ctx) {
			return c, nil
		}
		c.close()
	}
	return s.dial(ctx)
}

// keep keeps a connection for a further message, for a little while.
func (s *Sender) keep(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		go c.leave()
		return
	}
	s.idle = c
	s.quit = time.AfterFunc(idleTime, func() {
		s.mu.Lock()
		mine := s.idle == c
		if mine {
			s.idle = nil
		}
		s.mu.Unlock()
		if mine {
			c.leave()
		}
	})
}

// Close ends the connection that is kept. The sender can be used afterwards.
func (s *Sender) Close() error {
	s.mu.Lock()
	c := s.idle
	s.idle = nil
	s.mu.Unlock()
	if c != nil {
		c.leave()
	}
	return nil
}

// server is the server as errors name it.
func (s *Sender) server() string { return net.JoinHostPort(s.o.Host, strconv.Itoa(s.o.Port)) }
