package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"bidfit/lock"
)

const (
	// atOnce is how many commands are done at once; more wait for their turn.
	atOnce = 64
	// patience is how long a caller may take to say what it wants, and a listener to say hello.
	patience = 10 * time.Second
	// grace is how long commands have to end when the listener stops.
	grace = 5 * time.Second
)

// Listener is the one process that others may hand commands to in a folder.
type Listener struct {
	dir  string
	lock *os.File
	net  *net.UnixListener
	turn chan struct{}
	all  sync.WaitGroup // of the commands
}

// Do does a command: what run does of a process's own. Its context ends when the caller is interrupted or gone, or,
// with the cause ErrStopping, when the listener stops.
type Do func(ctx context.Context, c Call, stdin io.Reader, stdout, stderr io.Writer) (code int)

// Listen takes the socket in a folder, which is made where there is none. Callers wait from then on; Serve answers them.
// ErrTaken where another process has it.
func Listen(dir string) (*Listener, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, nameLock), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	held, err := lock.Try(file)
	if err == nil && !held {
		err = ErrTaken
	}
	var l *net.UnixListener
	if err == nil {
		l, err = listen(dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listening in %s: %w", dir, err), file.Close())
	}
	return &Listener{dir: dir, lock: file, net: l, turn: make(chan struct{}, atOnce)}, nil
}

// listen makes the socket. Whatever is there is of a dead process: we hold the lock.
func listen(dir string) (*net.UnixListener, error) {
	path := filepath.Join(dir, nameSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	name, done, err := address(dir)
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: name, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Serve does the commands of callers, to each of whom it says about first, until the context ends and Close is called.
// Then the commands are told to stop, and have a few seconds to.
func (l *Listener) Serve(ctx context.Context, about any, log *slog.Logger, do Do) error {
	said, err := json.Marshal(about)
	if err != nil {
		return err
	}
	if said, err = json.Marshal(hello{Protocol: protocol, About: said}); err != nil {
		return err
	}
	ending := ctx
	ctx, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(ErrStopping)
	defer context.AfterFunc(ending, func() { stop(ErrStopping) })()
	for {
		conn, err := l.net.AcceptUnix()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil
		case err != nil: // too many files are open, say
			log.Warn("a command could not be taken", "why", err)
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
				return nil
			}
			continue
		}
		l.all.Go(func() {
			defer conn.Close()
			select {
			case l.turn <- struct{}{}:
				defer func() { <-l.turn }()
			case <-ctx.Done():
				return
			}
			if err := serve(ctx, conn, said, log, do); err != nil && ctx.Err() == nil {
				log.Warn("a command was not taken", "why", err)
			}
		})
	}
}

// Close ends the listening and waits for the commands, a few seconds at most: those of a Serve
// that goes on, or whose context has ended.
func (l *Listener) Close() error {
	err := l.net.Close()
	ended := make(chan struct{})
	go func() { l.all.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(2 * grace):
	}
	return errors.Join(err, os.Remove(filepath.Join(l.dir, nameSocket)), l.lock.Close())
}

// serve does the command of one caller.
func serve(ctx context.Context, conn *net.UnixConn, said []byte, log *slog.Logger, do Do) error {
	pid, err := peer(conn)
	if err != nil {
		return err
	}
	out := &writer{w: conn}
	if err := out.frame(kindHello, said); err != nil {
		return nil // it only looked whether somebody is here
	}
	in := newReader(conn)
	conn.SetReadDeadline(time.Now().Add(patience))
	_, payload, err := in.next(kindCall)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	conn.SetReadDeadline(time.Time{})
	var c Call
	if err := json.Unmarshal(payload, &c); err != nil {
		return fmt.Errorf("%w: the call is no JSON: %w", ErrProtocol, err)
	}
	c.PID = pid

	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer context.AfterFunc(ctx, func() { conn.SetWriteDeadline(time.Now().Add(grace)) })()
	input := &input{ctx: ctx, w: out, came: make(chan answer, 1)}
	go func() { end(input.follow(in)) }()
	code := safely(log, stream{out, kindStderr}, func() int {
		return do(ctx, c, input, stream{out, kindStdout}, stream{out, kindStderr})
	})
	out.number(kindExit, code) // where the caller is gone, nobody is there to be told
	return nil
}

// safely makes of a panic what it would be in a process of its own, and lets the others go on.
func safely(log *slog.Logger, stderr io.Writer, do func() int) (code int) {
	defer func() {
		if r := recover(); r != nil {
			log.Error("a command panicked", "why", r, "stack", string(debug.Stack()))
			fmt.Fprintf(stderr, "panic: %v (the running server's log has the rest)\n", r)
			code = 2
		}
	}()
	return do()
}

// input is the caller's standard input.
type input struct {
	ctx context.Context
	w   *writer

	mu    sync.Mutex
	asked bool // and not yet answered
	rest  []byte
	err   error
	came  chan answer
}

// answer is what came for an asking.
type answer struct {
	data []byte
	err  error
}

// Read asks the caller for as much as there is room for.
func (i *input) Read(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	if len(i.rest) == 0 && i.err == nil {
		if !i.asked {
			if err := i.w.number(kindRead, min(len(p), mostPiece)); err != nil {
				return 0, err
			}
			i.asked = true
		}
		select {
		case a := <-i.came:
			i.asked, i.rest, i.err = false, a.data, a.err
		case <-i.ctx.Done():
			return 0, context.Cause(i.ctx)
		}
	}
	if len(i.rest) == 0 {
		return 0, i.err
	}
	n := copy(p, i.rest)
	i.rest = i.rest[n:]
	return n, nil
}

// errGone is the cause of the context of a command whose caller is gone.
var errGone = fmt.Errorf("whoever gave the command is gone: %w", context.Canceled)

// follow hears what the caller says until it is interrupted or gone.
func (i *input) follow(in *reader) error {
	for {
		k, payload, err := in.next(kindInput, kindFault, kindStop)
		switch {
		case err != nil:
			return errGone
		case k == kindStop:
			return context.Canceled
		}
		a := answer{data: append([]byte(nil), payload...)}
		if k == kindFault {
			a = answer{err: errors.New(string(payload))}
		} else if len(payload) == 0 {
			a.err = io.EOF
		}
		select {
		case i.came <- a:
		default:
			return fmt.Errorf("%w: input that was not asked for", ErrProtocol)
		}
	}
}
