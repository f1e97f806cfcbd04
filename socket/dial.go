package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"syscall"
	"time"
)

// Conn is a listener that was found.
type Conn struct {
	// About is what it says about itself, as JSON.
	About json.RawMessage

	conn *net.UnixConn
	in   *reader
	out  *writer
}

// SkewError says that the listener keeps to another protocol.
type SkewError struct{ Theirs, Ours int }

func (e *SkewError) Error() string {
	return fmt.Sprintf("the running server is another version (it speaks protocol %d, this program %d): stop it and start it again", e.Theirs, e.Ours)
}

// Dial finds the listener in a folder and waits a few seconds for its hello. ErrNobody, ErrSilent, ErrStranger, *SkewError.
func Dial(ctx context.Context, dir string) (_ *Conn, err error) {
	name, done, err := address(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNobody, err)
	}
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: name, Net: "unix"})
	done()
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
		return nil, fmt.Errorf("%w: %w", ErrNobody, err)
	case err != nil:
		return nil, fmt.Errorf("asking the running server: %w", err)
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	if _, err := peer(conn); err != nil {
		return nil, fmt.Errorf("asking the running server: %w", err)
	}
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	conn.SetReadDeadline(time.Now().Add(patience))
	c := &Conn{conn: conn, in: newReader(conn), out: &writer{w: conn}}
	_, payload, err := c.in.next(kindHello)
	var late net.Error
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &late) && late.Timeout():
		return nil, ErrSilent
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return nil, fmt.Errorf("%w: it ended before it said hello", ErrNobody)
	case err != nil:
		return nil, fmt.Errorf("asking the running server: %w", err)
	}
	var h hello
	if err := json.Unmarshal(payload, &h); err != nil {
		return nil, fmt.Errorf("asking the running server: %w: %w", ErrProtocol, err)
	}
	if h.Protocol != protocol {
		return nil, &SkewError{Theirs: h.Protocol, Ours: protocol}
	}
	c.About = h.About
	return c, nil
}

// Close lets go of the listener.
func (c *Conn) Close() error { return c.conn.Close() }

// Do hands over a command and lends it the standard streams until it ends. When the context ends the command is told
// to stop, and still has the last word. ErrLost where the listener is gone before it said how the command ended; the
// error of a stream that could not be written to, which ends the command.
func (c *Conn) Do(ctx context.Context, call Call, stdin io.Reader, stdout, stderr io.Writer) (code int, err error) {
	defer c.conn.Close()
	c.conn.SetReadDeadline(time.Time{})
	said, err := json.Marshal(call)
	if err != nil {
		return 0, err
	}
	if len(said) > mostCall {
		return 0, fmt.Errorf("the command line is longer than %d MiB", mostCall>>20)
	}
	if err := c.out.frame(kindCall, said); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrLost, err)
	}
	defer context.AfterFunc(ctx, func() { c.out.frame(kindStop, nil) })()
	wanted := make(chan int, 1)
	defer close(wanted)
	go c.lend(stdin, wanted)
	for {
		k, payload, err := c.in.next(kindRead, kindStdout, kindStderr, kindExit)
		switch {
		case errors.Is(err, ErrProtocol):
			return 0, err
		case err != nil:
			return 0, ErrLost
		}
		switch k {
		case kindExit:
			return number(payload), nil
		case kindStdout:
			_, err = stdout.Write(payload)
		case kindStderr:
			_, err = stderr.Write(payload)
		case kindRead:
			select {
			case wanted <- min(max(number(payload), 1), mostPiece):
			default:
				err = fmt.Errorf("%w: input was asked for twice", ErrProtocol)
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// lend sends as much of stdin as is wanted, each time it is. Whether that reaches the command, the command's end tells.
func (c *Conn) lend(stdin io.Reader, wanted <-chan int) {
	var buf [mostPiece]byte
	for n := range wanted {
		n, err := read(stdin, buf[:n])
		switch {
		case n > 0: // an error will come again
			c.out.frame(kindInput, buf[:n])
		case errors.Is(err, io.EOF):
			c.out.frame(kindInput, nil)
		default:
			text := err.Error()
			c.out.frame(kindFault, []byte(text[:min(len(text), mostPiece)]))
		}
	}
}

// read reads something, or says why not.
func read(r io.Reader, p []byte) (n int, err error) {
	if r == nil {
		return 0, io.EOF
	}
	for n == 0 && err == nil {
		n, err = r.Read(p)
	}
	return n, err
}
