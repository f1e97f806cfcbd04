package socket

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// A frame is a kind (1 byte), the length of what follows (4 bytes, big-endian) and that many bytes.
//
//	from the listener                            from the caller
//	H  {"protocol","about"}   at once            C  a Call, as JSON      once, first
//	R  n: it wants up to n bytes of input        I  the input; empty at its end
//	                                             F  reading the input failed; why
//	O  bytes for stdout, E  bytes for stderr     S  stop: the command was interrupted
//	X  the exit code          last
//
// Input is read only when the command asks for it, so that a command which reads none leaves it to the next one. A
// listener of another protocol still begins with H.
type kind byte

const (
	kindHello  kind = 'H'
	kindCall   kind = 'C'
	kindRead   kind = 'R'
	kindInput  kind = 'I'
	kindFault  kind = 'F'
	kindStdout kind = 'O'
	kindStderr kind = 'E'
	kindStop   kind = 'S'
	kindExit   kind = 'X'
)

const (
	protocol = 1

	// A command line is as long as systems let it be, with its environment; everything else is cut into pieces.
	mostCall  = 4 << 20
	mostHello = 64 << 10
	mostPiece = 64 << 10
)

// most is the longest frame of a kind, -1 for a kind there is not.
func (k kind) most() int {
	switch k {
	case kindHello:
		return mostHello
	case kindCall:
		return mostCall
	case kindInput, kindFault, kindStdout, kindStderr:
		return mostPiece
	case kindRead, kindExit:
		return 4
	case kindStop:
		return 0
	}
	return -1
}

// hello is what a listener says first.
type hello struct {
	Protocol int             `json:"protocol"`
	About    json.RawMessage `json:"about"`
}

// reader reads frames. What it gives holds until the next one.
type reader struct {
	r   *bufio.Reader
	buf []byte
}

func newReader(r io.Reader) *reader { return &reader{r: bufio.NewReaderSize(r, mostPiece)} }

// next reads a frame of one of the kinds. io.EOF where the stream ends between two.
func (r *reader) next(kinds ...kind) (kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return 0, nil, err
	}
	k, size := kind(head[0]), int(binary.BigEndian.Uint32(head[1:]))
	expected := false
	for _, x := range kinds {
		expected = expected || x == k
	}
	switch {
	case !expected:
		return 0, nil, fmt.Errorf("%w: a frame of kind %q", ErrProtocol, head[0])
	case size > k.most() || (k == kindRead || k == kindExit) && size != 4:
		return 0, nil, fmt.Errorf("%w: %d bytes in a frame of kind %q", ErrProtocol, size, head[0])
	}
	// Not a byte more is made room for than has come: a length is only a promise.
	r.buf = r.buf[:0]
	for len(r.buf) < size {
		from := len(r.buf)
		r.buf = append(r.buf, make([]byte, min(size-from, mostPiece))...)
		if _, err := io.ReadFull(r.r, r.buf[from:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, nil, err
		}
	}
	return k, r.buf, nil
}

// writer writes frames, each whole, from any goroutine.
type writer struct {
	mu  sync.Mutex
	w   io.Writer
	buf []byte
}

func (w *writer) frame(k kind, payload []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf[:0], byte(k))
	w.buf = binary.BigEndian.AppendUint32(w.buf, uint32(len(payload)))
	w.buf = append(w.buf, payload...)
	_, err := w.w.Write(w.buf)
	return err
}

func (w *writer) number(k kind, n int) error {
	return w.frame(k, binary.BigEndian.AppendUint32(nil, uint32(n)))
}

func number(payload []byte) int { return int(int32(binary.BigEndian.Uint32(payload))) }

// stream is stdout or stderr as frames.
type stream struct {
	w    *writer
	kind kind
}

func (s stream) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		piece := p[:min(len(p), mostPiece)]
		if err := s.w.frame(s.kind, piece); err != nil {
			return n, err
		}
		n, p = n+len(piece), p[len(piece):]
	}
	return n, nil
}
