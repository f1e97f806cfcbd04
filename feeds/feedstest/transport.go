package feedstest

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// Transport carries requests to a handler without a network: a bubble of testing/synctest cannot have one.
type Transport struct {
	Handler http.Handler
	// Delay is how long a request is under way, and Back its answer; nil is no time.
	Delay, Back func() time.Duration
}

// RoundTrip gives the request to the handler. The answer comes when the handler first writes, its body as the handler writes it.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	pause := func(d func() time.Duration) error {
		if d == nil {
			return r.Context().Err()
		}
		select {
		case <-r.Context().Done():
			return r.Context().Err()
		case <-time.After(d()):
			return nil
		}
	}
	if err := pause(t.Delay); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Host = r.URL.Host
	body, out := io.Pipe()
	w := &pipeWriter{header: http.Header{}, out: out, ready: make(chan struct{})}
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		defer func() {
			err := recover()
			if err != nil && !errors.Is(asError(err), http.ErrAbortHandler) {
				panic(err)
			}
			w.WriteHeader(http.StatusOK)
			if err != nil {
				out.CloseWithError(io.ErrUnexpectedEOF)
			} else {
				out.Close()
			}
		}()
		t.Handler.ServeHTTP(w, in)
	}()
	go func() {
		select {
		case <-r.Context().Done():
			out.CloseWithError(r.Context().Err())
		case <-stop:
		}
	}()
	select {
	case <-w.ready:
	case <-r.Context().Done():
		body.CloseWithError(r.Context().Err())
		return nil, r.Context().Err()
	}
	if err := pause(t.Back); err != nil {
		body.CloseWithError(err)
		return nil, err
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: r,
	}, nil
}

func asError(v any) error {
	err, _ := v.(error)
	return err
}

type pipeWriter struct {
	header, sent http.Header
	out          *io.PipeWriter
	once         sync.Once
	status       int
	ready        chan struct{}
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.ready)
	})
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(p)
}

func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }
