// Package webhook delivers alerts to a program, as the Standard Webhooks specification has it: a POST of JSON with
// webhook-id, webhook-timestamp and webhook-signature, the HMAC-SHA256 of "id.timestamp.body".
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"bidfit/alerts"
	"bidfit/alerts/guard"
)

const (
	timeout    = 10 * time.Second // for a whole delivery
	mostAnswer = 64 << 10         // bytes read of an answer, and of its header
	mostLater  = 24 * time.Hour   // that a Retry-After is obeyed for
)

// Options are what deliveries are made with.
type Options struct {
	// Guard says where they may lead.
	Guard *guard.Guard
	// Now stamps a delivery; nil is time.Now.
	Now func() time.Time
	// Agent is what bidfit calls itself, "bidfit/1.2".
	Agent string
	// TLS are the authorities a receiver may be certified by; nil is the system's.
	TLS *tls.Config
}

// Deliverer posts messages. It is safe for concurrent use.
type Deliverer struct {
	Options
	client *http.Client
}

var _ alerts.Deliverer = (*Deliverer)(nil)

// New is a deliverer. It goes through no proxy: what the guard would look at then is the address of the proxy.
func New(o Options) *Deliverer {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Deliverer{o, &http.Client{
		Transport: &http.Transport{
			DialContext: o.Guard.DialContext, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true, TLSHandshakeTimeout: timeout,
			MaxResponseHeaderBytes: mostAnswer, MaxIdleConnsPerHost: 1, MaxIdleConns: 32, IdleConnTimeout: 30 * time.Second,
			DisableCompression: true, // a small answer may be a large one, compressed
		},
		// What a redirect leads to was not subscribed by anybody.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// payload is the body, in the shape of the specification.
type payload struct {
	Type      string         `json:"type"`
	Timestamp time.Time      `json:"timestamp"`
	Data      alerts.Message `json:"data"`
}

// Deliver posts a message once. What is not 2xx is tried again later, also 4xx: a receiver that is being set up or moved loses nothing.
// 410 says that nobody is there any more, 413 that this message will never be taken.
func (d *Deliverer) Deliver(ctx context.Context, s alerts.Subscription, m alerts.Message) error {
	to, err := d.Guard.URL(s.To)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	// A title of broken UTF-8 is no reason to tell nobody.
	if err := json.MarshalWrite(&body, payload{"alert", m.Made.UTC(), m}, json.Deterministic(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return fmt.Errorf("%w: the message cannot be written as JSON: %w", alerts.ErrRefused, err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), &body)
	if err != nil {
		return plain(to, err)
	}
	key, err := s.Secret.Bytes()
	if err != nil {
		return err
	}
	hook, err := standard.NewWebhookRaw(key)
	if err != nil {
		return err
	}
	now := d.Now()
	signature, err := hook.Sign(m.ID, now, body.Bytes())
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", d.Agent)
	r.Header.Set(standard.HeaderWebhookID, m.ID)
	r.Header.Set(standard.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standard.HeaderWebhookSignature, signature)
	answer, err := d.client.Do(r)
	if err != nil {
		return plain(to, err)
	}
	defer answer.Body.Close()
	// It is read so that the connection can be used again, and never shown: it may be of a server that nobody was to reach.
	io.CopyN(io.Discard, answer.Body, mostAnswer)
	return verdict(to, answer, now)
}

// verdict is what an answer says of the message.
func verdict(to *url.URL, answer *http.Response, now time.Time) error {
	status := answer.StatusCode
	err := fmt.Errorf("%s answered %d %s", to.Host, status, http.StatusText(status))
	switch {
	case status/100 == 2:
		return nil
	case status == http.StatusGone:
		return fmt.Errorf("%w: %w", alerts.ErrGone, err)
	case status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: %w", alerts.ErrRefused, err)
	case status/100 == 3:
		err = fmt.Errorf("%w: redirects are not followed; subscribe the address that it leads to", err)
	}
	if after := retryAfter(answer.Header.Get("Retry-After"), now); after > 0 {
		return &alerts.LaterError{After: after, Err: err}
	}
	return err
}

// retryAfter reads seconds or a date; 0 where it is neither, or over.
func retryAfter(s string, now time.Time) time.Duration {
	var after time.Duration
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		after = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		after = at.Sub(now)
	}
	return min(max(after, 0), mostLater)
}

// plain is an error without the address: its path and its query may hold what only sender and receiver are to know.
func plain(to *url.URL, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s did not answer within %s: %w", to.Host, timeout, err)
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return fmt.Errorf("%s did not answer in time: %w", to.Host, err)
	}
	return fmt.Errorf("%s cannot be reached: %w", to.Host, err)
}
