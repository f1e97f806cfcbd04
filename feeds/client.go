package feeds

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bidfit/notice/unpack"
)

// Service is how a service on the web is asked, the same for every sync. The zero value of each field but Base and Rate has a meaning.
type Service struct {
	// Base is the address under which everything is that is asked for: "https://www.example.org/api/1.0".
	Base string
	// Rate is how often the service may be asked.
	Rate Rate
	// Transport carries the requests; nil is one with a deadline for each phase, [NewTransport].
	Transport http.RoundTripper
	// Version is bidfit's, for the User-Agent.
	Version string
	// Waits are answers after which the service is left alone for at least so long, when it says nothing itself:
	// Contracts Finder's 403 means five minutes. They are asked again like a 429.
	Waits map[int]time.Duration
	// Deadline is for one answer from the first byte sent to the last one read; 0 is 90 s.
	Deadline time.Duration
	// MaxBody is the largest body that is read, decompressed; 0 is 64 MiB.
	MaxBody int64
	// Tries is how often one page is asked for before a sync gives up; 0 is 6.
	Tries int
	// Log is told of every request; nil is nobody.
	Log *slog.Logger
}

const (
	// firstBackoff and maxBackoff bound what is waited after a failure when the service does not say how long: anything from nothing to the
	// bound ("full jitter"), so that many who failed together do not come back together. The bound doubles with every failure.
	firstBackoff = 2 * time.Second
	maxBackoff   = 2 * time.Minute
	// maxPatience is the longest that a sync waits because the service says so; for more it gives up, and the time stays in the state.
	maxPatience = 15 * time.Minute
	// contentTries is how often a page is asked for whose text is damaged: the damage may be on the way, or in the page itself.
	contentTries = 3
	maxRedirects = 3
	// maxRatio is how many bytes a compressed one may become, once there are more than a megabyte.
	maxRatio = 100
)

// NewTransport is a transport with a deadline for each phase. That of the whole answer is the [Service]'s.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  60 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        3 * time.Minute, // longer than the pause between two bursts
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // the client asks for gzip itself and bounds what comes out
	}
}

// Client asks one service during one sync: no oftener than it allows, again when it fails, and never anybody else.
// It is for one goroutine.
type Client struct {
	service Service
	base    *url.URL
	log     *slog.Logger
	keep    func(context.Context, Asked) error
	tell    func(wait time.Duration, why string)

	times     []time.Time // of the last requests, at most Rate.Requests
	open      bool        // the last one is under way
	notBefore time.Time
	requests  int
}

// Client begins a sync. Asked is what the state kept of the requests before. Keep is called before each request and has to have that on the disk when it
// returns: so a sync that is killed and started again does not ask too often. Tell is told of each wait before it begins.
func (s Service) Client(asked Asked, keep func(context.Context, Asked) error, tell func(wait time.Duration, why string)) (*Client, error) {
	base, err := s.base()
	if err != nil {
		return nil, err
	}
	if s.Rate.Requests < 1 || s.Rate.Per <= 0 {
		return nil, fmt.Errorf("rate %v: at least one request and a time are needed, as in 12/120s", s.Rate)
	}
	s.Deadline = cmp.Or(s.Deadline, 90*time.Second)
	s.MaxBody = cmp.Or(s.MaxBody, 64<<20)
	s.Tries = cmp.Or(s.Tries, 6)
	if s.Transport == nil {
		s.Transport = NewTransport()
	}
	c := &Client{service: s, base: base, keep: keep, tell: tell, log: s.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	now := time.Now()
	c.times, c.notBefore = asked.restore(now, s.Rate.Requests)
	return c, nil
}

// Check says what is wrong with the settings that a user gives.
func (s Service) Check() error {
	_, err := s.base()
	return err
}

func (s Service) base() (*url.URL, error) {
	u, err := url.Parse(s.Base)
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("base URL %q: it has to be like https://www.example.org/api/1.0, with nothing behind the path and no password in it", u.Redacted())
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// Answer is what a service said.
type Answer struct {
	URL    string // of the page in the end, where it was redirected
	Header http.Header
	Body   []byte // decompressed, without a byte order mark
}

// Requests counts those sent, those that failed included.
func (c *Client) Requests() int { return c.requests }

// Asked is what has to be kept of the requests so far.
func (c *Client) Asked() Asked { return save(c.times, c.open, c.notBefore) }

// Wait is how long the service may not be asked now.
func (c *Client) Wait() time.Duration {
	now := time.Now()
	wait, _ := c.wait(now)
	return wait
}

// Get asks for one page, again when the service fails. Ref is a path below the base with its query, or a whole URL of the same origin,
// as a link in an answer. Read, which may be nil, says whether the body is what a page has to be: what it refuses is a failure of the service too.
// When a page stays damaged the answer comes with the [*Error].
func (c *Client) Get(ctx context.Context, ref string, read func(Answer) error) (Answer, error) {
	target, err := c.resolve(c.base, ref)
	if err != nil {
		return Answer{}, err
	}
	for try := 1; ; try++ {
		a, e := c.follow(ctx, target, read)
		if e == nil {
			return a, nil
		}
		if err := ctx.Err(); err != nil {
			return Answer{}, fmt.Errorf("%s: %w", safe(target), err)
		}
		e.Tries = try
		wait := e.wait
		if wait > 0 {
			// Those who were told the same time do not all come in the same second.
			wait += rand.N(time.Second)
			c.notBefore = time.Now().Add(wait)
		}
		if !e.again || try >= c.service.Tries || e.Damaged && try >= contentTries {
			return a, e
		}
		if wait == 0 {
			wait = rand.N(min(maxBackoff, firstBackoff<<min(try-1, 10)))
		}
		if wait > maxPatience {
			e.Remedy = "the service asks to be left alone until " + c.notBefore.UTC().Format(time.RFC3339) + ": sync again after that"
			return a, e
		}
		c.log.WarnContext(ctx, "asking again", "url", e.URL, "problem", e.Problem, "try", try, "wait", wait.Round(time.Millisecond))
		if err := c.sleep(ctx, wait, e.Problem); err != nil {
			return Answer{}, fmt.Errorf("%s: %w", e.URL, err)
		}
	}
}

// follow asks once, and goes where it is sent to within the service.
func (c *Client) follow(ctx context.Context, target *url.URL, read func(Answer) error) (Answer, *Error) {
	for range maxRedirects + 1 {
		a, next, err := c.once(ctx, target, read)
		if next == "" {
			return a, err
		}
		to, refused := c.resolve(target, next)
		if refused != nil {
			return a, &Error{URL: safe(target), Problem: "it is redirected: " + refused.Error(), Remedy: "the service has moved, or something stands before it: look at the base URL", Err: refused}
		}
		target = to
	}
	return Answer{}, &Error{URL: safe(target), Problem: fmt.Sprintf("redirected more than %d times", maxRedirects), Remedy: "look at the base URL", Err: ErrForeign}
}

// once sends one request when the rate allows it. A redirect comes back as next.
func (c *Client) once(ctx context.Context, target *url.URL, read func(Answer) error) (_ Answer, next string, _ *Error) {
	fail := func(err error) *Error {
		return &Error{URL: safe(target), Problem: plain(err), Remedy: "look at the network and the base URL; what is read so far is kept, sync again later", Err: err, again: true}
	}
	if wait, why := c.wait(time.Now()); wait > maxPatience {
		return Answer{}, "", &Error{URL: safe(target), Problem: "the service asked to be left alone", Err: ErrPatience,
			Remedy: "sync again after " + c.notBefore.UTC().Format(time.RFC3339)}
	} else if wait > 0 {
		if err := c.sleep(ctx, wait, why); err != nil {
			return Answer{}, "", fail(err)
		}
	}
	sent := time.Now()
	before := slices.Clone(c.times)
	c.times = append(c.times, sent)
	c.times = c.times[max(0, len(c.times)-c.service.Rate.Requests):]
	c.open = true
	if err := c.keep(ctx, c.Asked()); err != nil {
		c.open = false
		c.times = before
		e := fail(err)
		e.again, e.Remedy = false, "what is known of the service could not be kept, so it is not asked"
		return Answer{}, "", e
	}
	c.requests++
	// A request has arrived at some moment between now and its answer. Counted from the answer, the rate holds whatever the network does.
	defer func() { c.times[len(c.times)-1], c.open = time.Now(), false }()

	ctx, cancel := context.WithTimeoutCause(ctx, c.service.Deadline, fmt.Errorf("no whole answer within %v", c.service.Deadline))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return Answer{}, "", fail(err)
	}
	r.Header.Set("User-Agent", "bidfit/"+cmp.Or(c.service.Version, "devel")+" (reads procurement notices)")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := c.service.Transport.RoundTrip(r) // not an http.Client: redirects and the rate are ours
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return Answer{}, "", fail(err)
	}
	defer resp.Body.Close()
	if 300 <= resp.StatusCode && resp.StatusCode < 400 && resp.Header.Get("Location") != "" {
		return Answer{}, resp.Header.Get("Location"), nil
	}
	a := Answer{URL: target.String(), Header: resp.Header}
	if resp.StatusCode != http.StatusOK {
		e := c.refused(resp, target)
		c.log.InfoContext(ctx, "asked", "url", e.URL, "status", resp.StatusCode, "took", time.Since(sent).Round(time.Millisecond))
		return a, "", e
	}
	a.Body, err = c.body(resp)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		e := fail(err)
		e.Status, e.Damaged = resp.StatusCode, true
		e.Remedy = "the answer broke off or is no answer; what is read so far is kept, sync again later"
		return a, "", e
	}
	c.log.InfoContext(ctx, "asked", "url", safe(target), "status", resp.StatusCode, "took", time.Since(sent).Round(time.Millisecond), "bytes", len(a.Body))
	err = checkBody(resp.Header.Get("Content-Type"), a.Body)
	if err == nil && read != nil {
		err = read(a)
	}
	if err != nil {
		e := fail(err)
		e.Status, e.Damaged = resp.StatusCode, !errors.Is(err, errOther)
		e.Remedy = "the service answers with something else than notices; what is read so far is kept, sync again later"
		return a, "", e
	}
	return a, "", nil
}

// refused is the error for an answer that is not a page.
func (c *Client) refused(resp *http.Response, target *url.URL) *Error {
	// A little of the body says why, and lets the connection be used again.
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	e := &Error{URL: safe(target), Status: resp.StatusCode, Problem: statusLine(resp.StatusCode)}
	if s := oneLine(said); s != "" {
		e.Said = s
	}
	least, listed := c.service.Waits[resp.StatusCode]
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout,
		http.StatusInternalServerError, http.StatusRequestTimeout:
		e.again = true
	default:
		e.again = listed
	}
	e.wait = max(retryAfter(resp.Header, time.Now()), 0)
	if e.wait == 0 {
		e.wait = least
	}
	switch {
	case e.again:
		e.Remedy = "the service is busy or down; what is read so far is kept, sync again later"
	case resp.StatusCode == http.StatusNotFound:
		e.Remedy = "look at the base URL: it includes the path of the API, as /api/1.0"
	default:
		e.wait = 0
		e.Remedy = "the service does not take the request: look at the base URL, and whether bidfit is up to date"
	}
	return e
}

// body reads a body as text, within bounds of size and of how much it grows.
func (c *Client) body(resp *http.Response) ([]byte, error) {
	text, err := unpack.Open(resp.Body)
	if err != nil {
		return nil, err
	}
	defer text.Close()
	var all bytes.Buffer
	if n := resp.ContentLength; n > 0 && text.Packed == "" {
		all.Grow(int(min(n, c.service.MaxBody)) + bytes.MinRead)
	}
	for {
		n, err := io.CopyN(&all, text, 1<<20)
		switch size := int64(all.Len()); {
		case size > c.service.MaxBody:
			return nil, fmt.Errorf("larger than the %d MiB that are read of one page", c.service.MaxBody>>20)
		case size > 1<<20 && size > maxRatio*text.RawBytes():
			return nil, fmt.Errorf("it grows more than %d times when it is decompressed", maxRatio)
		case err == io.EOF:
			// What is not gzip is as long as it was said to be: net/http sees to that.
			return all.Bytes(), nil
		case err != nil:
			return nil, err
		case n == 0:
			return nil, io.ErrNoProgress
		}
	}
}

// wait is how long nothing may be sent, and why.
func (c *Client) wait(now time.Time) (time.Duration, string) {
	var wait time.Duration
	why := "rate"
	if n := c.service.Rate.Requests; len(c.times) >= n {
		wait = c.times[len(c.times)-n].Add(c.service.Rate.Per + c.service.Rate.margin()).Sub(now)
	}
	if d := c.notBefore.Sub(now); d > wait {
		wait, why = d, "the service asked for time"
	}
	return max(wait, 0), why
}

func (c *Client) sleep(ctx context.Context, wait time.Duration, why string) error {
	c.tell(wait, why)
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// resolve is the URL of a reference, if it is within the service.
func (c *Client) resolve(from *url.URL, ref string) (*url.URL, error) {
	u, err := url.Parse(ref)
	if err != nil {
		return nil, fmt.Errorf("%w: the link %q cannot be read", ErrForeign, cut(ref, 200))
	}
	if !u.IsAbs() && u.Host == "" && from == c.base {
		// Relative to the base as to a folder.
		joined := c.base.JoinPath(u.Path)
		joined.RawQuery = u.RawQuery
		return joined, nil
	}
	u = from.ResolveReference(u)
	if u.Scheme != c.base.Scheme || !strings.EqualFold(hostPort(u), hostPort(c.base)) || u.User != nil {
		return nil, fmt.Errorf("%w: %q is not of %s://%s", ErrForeign, cut(safe(u), 200), c.base.Scheme, c.base.Host)
	}
	u.Fragment = ""
	return u, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
