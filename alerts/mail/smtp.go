package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// phase is how far a delivery has come.
type phase string

const (
	connecting phase = "connecting"
	loggingIn  phase = "logging in"
	sender     phase = "naming the sender"
	recipient  phase = "naming the recipient"
	content    phase = "sending the message"
)

// session is a connection to a server.
type session struct {
	*smtp.Client
	conn net.Conn // what the context's end closes
}

// leaveTimeout is how long a server may take to say goodbye.
const leaveTimeout = 2 * time.Second

// loginError is what went wrong with the user and the password.
type loginError struct{ error }

func (e loginError) Unwrap() error { return e.error }

// dial connects, encrypts and logs in.
func (s *Sender) dial(ctx context.Context) (*session, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", s.server())
	if err != nil {
		return nil, err
	}
	defer ending(ctx, conn)()
	config := s.o.Roots.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.ServerName = s.o.Host
	config.MinVersion = tls.VersionTLS12
	c := &session{conn: conn}
	fail := func(err error) (*session, error) { return nil, errors.Join(err, conn.Close()) }
	if s.o.Encryption == TLS {
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return fail(err)
		}
		c.Client, err = smtp.NewClient(secure, s.o.Host)
	} else {
		c.Client, err = smtp.NewClient(conn, s.o.Host)
	}
	if err != nil {
		return fail(err)
	}
	c.SkipSMTPUTF8(true) // addresses are ASCII
	if err := c.Hello(s.helo); err != nil {
		return fail(err)
	}
	if s.o.Encryption == StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return fail(errors.New("the server offers no STARTTLS, and nothing is sent unencrypted; ask for its port with TLS (smtp.tls: tls)"))
		}
		if err := c.StartTLS(config); err != nil {
			return fail(err)
		}
	}
	if s.o.User != "" {
		if err := c.login(s.o); err != nil {
			return fail(loginError{err})
		}
	}
	return c, nil
}

// login logs in by the safest way that the server offers. smtp refuses to send a password unencrypted but to this machine.
func (c *session) login(o Options) error {
	offered, list := c.Extension("AUTH")
	has := func(way string) bool {
		for _, w := range strings.Fields(list) {
			if strings.EqualFold(w, way) {
				return true
			}
		}
		return false
	}
	user, password, clear := o.User, string(o.Password), o.Encryption == None
	switch {
	case !offered:
		return errors.New("the server offers no way to log in; leave smtp.user empty if it needs none")
	case has("SCRAM-SHA-256"):
		return c.Auth(smtp.ScramSHA256Auth(user, password))
	case has("PLAIN"):
		return c.Auth(smtp.PlainAuth("", user, password, o.Host, clear))
	case has("LOGIN"):
		return c.Auth(smtp.LoginAuth(user, password, o.Host, clear))
	case has("CRAM-MD5"):
		return c.Auth(smtp.CRAMMD5Auth(user, password))
	}
	return errors.New("the server offers no way to log in that is known here (SCRAM-SHA-256, PLAIN, LOGIN, CRAM-MD5)")
}

// send sends one message to one address, and says how far it came.
func (c *session) send(ctx context.Context, from, to string, text []byte) (phase, error) {
	defer ending(ctx, c.conn)()
	if err := c.Mail("<" + from + ">"); err != nil {
		return sender, err
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return recipient, err
	}
	w, err := c.Data()
	if err != nil {
		return content, err
	}
	if _, err := w.Write(text); err != nil {
		return content, err
	}
	return content, w.Close()
}

// answers reports whether the connection is still good.
func (c *session) answers(ctx context.Context) bool {
	defer ending(ctx, c.conn)()
	c.conn.SetDeadline(time.Now().Add(leaveTimeout))
	defer c.conn.SetDeadline(time.Time{}) // from here on the context says how long
	return c.Noop() == nil
}

// leave says goodbye.
func (c *session) leave() {
	c.conn.SetDeadline(time.Now().Add(leaveTimeout))
	c.Quit() // the message is taken, whatever is said now
	c.conn.Close()
}

func (c *session) close() { c.conn.Close() }

// ending closes a connection when the context ends, until the function that it returns is called.
func ending(ctx context.Context, conn net.Conn) func() bool {
	return context.AfterFunc(ctx, func() { conn.Close() })
}
