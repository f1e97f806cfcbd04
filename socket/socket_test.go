package socket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// serveIn does commands in a folder until the test ends.
func serveIn(t testing.TB, dir string, do Do) *Listener {
	t.Helper()
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx, "about it", slog.New(slog.NewTextHandler(t.Output(), nil)), do) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(l.Close(), <-served); err != nil {
			t.Error(err)
		}
	})
	return l
}

func dial(t testing.TB, dir string) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCall: everything that belongs to a command arrives, and everything it says and reads comes back.
func TestCall(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	long := strings.Repeat("0123456789", 30_000) // several frames
	serveIn(t, dir, func(_ context.Context, c Call, stdin io.Reader, stdout, stderr io.Writer) int {
		fmt.Fprintf(stderr, "%q in %s with %s, width %d, talk %t", c.Args, c.Dir, c.Env["A"], c.Width, c.Talk)
		n, err := io.Copy(stdout, stdin)
		if err != nil || n != int64(len(long)) {
			fmt.Fprintf(stderr, "; read %d: %v", n, err)
		}
		return 7
	})
	c := dial(t, dir)
	var about string
	if err := json.Unmarshal(c.About, &about); err != nil || about != "about it" {
		t.Errorf("it says about itself %s (%v)", c.About, err)
	}
	var out, talk bytes.Buffer
	code, err := c.Do(t.Context(), Call{Args: []string{"a", "b c\n"}, Dir: "/there", Env: map[string]string{"A": "x"}, Width: 81, Talk: true}, strings.NewReader(long), &out, &talk)
	if code != 7 || err != nil {
		t.Errorf("exit code %d (%v), want 7", code, err)
	}
	if out.String() != long {
		t.Errorf("%d bytes came back, want %d", out.Len(), len(long))
	}
	if want := `["a" "b c\n"] in /there with x, width 81, talk true`; talk.String() != want {
		t.Errorf("stderr is %q, want %q", talk.String(), want)
	}
}

// TestInputIsLent: a command reads no more of the input than it asks for; the rest is for the next one.
func TestInputIsLent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	serveIn(t, dir, func(_ context.Context, c Call, stdin io.Reader, stdout, _ io.Writer) int {
		if c.Args[0] == "none" {
			return 0
		}
		line := make([]byte, 4)
		if _, err := io.ReadFull(stdin, line); err != nil {
			return 1
		}
		stdout.Write(line)
		return 0
	})
	input := strings.NewReader("one\ntwo\n")
	for _, step := range []struct{ arg, want string }{{"none", ""}, {"some", "one\n"}, {"none", ""}, {"some", "two\n"}} {
		var out bytes.Buffer
		if code, err := dial(t, dir).Do(t.Context(), Call{Args: []string{step.arg}}, input, &out, io.Discard); code != 0 || err != nil || out.String() != step.want {
			t.Errorf("%s: %q, exit code %d (%v), want %q", step.arg, out.String(), code, err, step.want)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestBrokenStreams: an input that cannot be read fails in the command, an output that cannot be written ends it.
func TestBrokenStreams(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	ended := make(chan error, 1)
	serveIn(t, dir, func(ctx context.Context, c Call, stdin io.Reader, stdout, stderr io.Writer) int {
		if c.Args[0] == "read" {
			_, err := stdin.Read(make([]byte, 10))
			fmt.Fprint(stderr, err)
			return 1
		}
		for ctx.Err() == nil {
			stdout.Write([]byte("more "))
		}
		ended <- context.Cause(ctx)
		return 1
	})
	var talk bytes.Buffer
	if code, err := dial(t, dir).Do(t.Context(), Call{Args: []string{"read"}}, failing{errors.New("the tape is torn")}, io.Discard, &talk); code != 1 || err != nil || talk.String() != "the tape is torn" {
		t.Errorf("exit code %d (%v), stderr %q", code, err, talk.String())
	}
	full := errors.New("no space left")
	if _, err := dial(t, dir).Do(t.Context(), Call{Args: []string{"write"}}, nil, failing{full}, io.Discard); !errors.Is(err, full) {
		t.Errorf("the error is %v, want %v", err, full)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the command ended because of %v", err)
	}
}

// TestInterrupt: the end of the caller's context is the end of the command's, and the command has the last word.
func TestInterrupt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	serveIn(t, dir, func(ctx context.Context, c Call, stdin io.Reader, stdout, _ io.Writer) int {
		fmt.Fprintln(stdout, "begun")
		if c.Args[0] == "reading" {
			if _, err := stdin.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
				return 2
			}
		}
		<-ctx.Done()
		fmt.Fprintln(stdout, "ended")
		return 130
	})
	for _, how := range []string{"waiting", "reading"} {
		ctx, interrupt := context.WithCancel(t.Context())
		never, end := io.Pipe()
		out := &hearing{on: func() { interrupt() }}
		code, err := dial(t, dir).Do(ctx, Call{Args: []string{how}}, never, out, io.Discard)
		if code != 130 || err != nil || out.String() != "begun\nended\n" {
			t.Errorf("%s: exit code %d (%v), output %q", how, code, err, out.String())
		}
		end.Close()
	}
}

// hearing calls on at the first thing it hears.
type hearing struct {
	bytes.Buffer
	once sync.Once
	on   func()
}

func (h *hearing) Write(p []byte) (int, error) {
	defer h.once.Do(h.on)
	return h.Buffer.Write(p)
}

// TestStop: a listener that stops stops the commands, and says so.
func TestStop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go l.Serve(ctx, nil, slog.New(slog.DiscardHandler), func(ctx context.Context, _ Call, _ io.Reader, stdout, stderr io.Writer) int {
		fmt.Fprint(stdout, "begun")
		<-ctx.Done()
		fmt.Fprint(stderr, context.Cause(ctx))
		return 1
	})
	var talk bytes.Buffer
	code, err := dial(t, dir).Do(t.Context(), Call{}, nil, &hearing{on: stop}, &talk)
	if code != 1 || err != nil || talk.String() != ErrStopping.Error() {
		t.Errorf("exit code %d (%v), stderr %q", code, err, talk.String())
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("after the end: %v, want %v", err, ErrNobody)
	}
}

// TestPanic: a command that panics fails alone.
func TestPanic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "socket")
	serveIn(t, dir, func(_ context.Context, c Call, _ io.Reader, _, _ io.Writer) int {
		if len(c.Args) > 0 {
			panic("out of paper")
		}
		return 0
	})
	var talk bytes.Buffer
	if code, err := dial(t, dir).Do(t.Context(), Call{Args: []string{"x"}}, nil, io.Discard, &talk); code != 2 || err != nil || !strings.Contains(talk.String(), "panic: out of paper") {
		t.Errorf("exit code %d (%v), stderr %q", code, err, talk.String())
	}
	if code, err := dial(t, dir).Do(t.Context(), Call{}, nil, io.Discard, io.Discard); code != 0 || err != nil {
		t.Errorf("the next one: exit code %d (%v)", code, err)
	}
}

// TestOneListens: there are never two, what a dead one left behind is in nobody's way, and only the owner gets in.
func TestOneListens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder"+strings.Repeat(" with a long name", 8), "socket")
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("where there is no folder: %v", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	// A socket nobody listens at is what a killed process leaves.
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	if err := errors.Join(left.Close(), os.Rename(left.Addr().String(), filepath.Join(dir, nameSocket))); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("where a dead one was: %v", err)
	}
	var won, lost sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if l, err := Listen(dir); err == nil {
				won.Store(i, l)
			} else if errors.Is(err, ErrTaken) {
				lost.Store(i, err)
			} else {
				t.Errorf("listening: %v", err)
			}
		})
	}
	all.Wait()
	n := 0
	var l *Listener
	won.Range(func(_, v any) bool { n++; l = v.(*Listener); return true })
	if n != 1 {
		t.Fatalf("%d listen at once", n)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, nameSocket: 0o600, nameLock: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q has mode %v (%v), want %v", name, info.Mode().Perm(), err, want)
		}
	}
	// Callers wait until somebody serves.
	got := make(chan error, 1)
	go func() {
		c, err := Dial(t.Context(), dir)
		if err == nil {
			c.Close()
		}
		got <- err
	}()
	ctx, stop := context.WithCancel(t.Context())
	go l.Serve(ctx, nil, slog.New(slog.DiscardHandler), nil)
	if err := <-got; err != nil {
		t.Errorf("one that came early: %v", err)
	}
	stop()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	again, err := Listen(dir)
	if err != nil {
		t.Fatalf("after the end: %v", err)
	}
	again.Close()
}

// talkTo is a listener that says what it is told to.
func talkTo(t *testing.T, says []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	l, err := listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Write(says)
			conn.Close()
		}
	}()
	return dir
}

func TestStrangeListeners(t *testing.T) {
	frame := func(k kind, payload string) []byte {
		var b bytes.Buffer
		if err := (&writer{w: &b}).frame(k, []byte(payload)); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	skew := (*SkewError)(nil)
	for name, c := range map[string]struct {
		says []byte
		is   func(error) bool
	}{
		"one that is gone":  {nil, func(err error) bool { return errors.Is(err, ErrNobody) }},
		"a web server":      {[]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), func(err error) bool { return errors.Is(err, ErrProtocol) }},
		"another kind":      {frame(kindExit, "\x00\x00\x00\x00"), func(err error) bool { return errors.Is(err, ErrProtocol) }},
		"no JSON":           {frame(kindHello, "hello"), func(err error) bool { return errors.Is(err, ErrProtocol) }},
		"another protocol":  {frame(kindHello, `{"protocol":2}`), func(err error) bool { return errors.As(err, &skew) && skew.Theirs == 2 }},
		"a promise of more": {[]byte("H\xff\xff\xff\xff"), func(err error) bool { return errors.Is(err, ErrProtocol) }},
	} {
		if _, err := Dial(t.Context(), talkTo(t, c.says)); !c.is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := dial(t, talkTo(t, frame(kindHello, `{"protocol":1}`)))
	if _, err := c.Do(t.Context(), Call{}, nil, io.Discard, io.Discard); !errors.Is(err, ErrLost) {
		t.Errorf("one that dies: %v, want %v", err, ErrLost)
	}
}

// FuzzReader: whatever comes, a reader gives frames within their bounds or an error, and makes no more room than came.
func FuzzReader(f *testing.F) {
	f.Add([]byte("I\x00\x00\x00\x03abcS\x00\x00\x00\x00"))
	f.Add([]byte("R\x00\x00\x10\x00X\x00\x00\x00\x0b"))
	f.Add([]byte("C\x00\x40\x00\x00{"))
	f.Add([]byte("O\xff\xff\xff\xff"))
	all := []kind{kindHello, kindCall, kindRead, kindInput, kindFault, kindStdout, kindStderr, kindStop, kindExit}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newReader(bytes.NewReader(b))
		var again bytes.Buffer
		w := &writer{w: &again}
		for {
			k, payload, err := r.next(all...)
			if err != nil {
				break
			}
			if len(payload) > k.most() {
				t.Fatalf("%d bytes in a frame of kind %q", len(payload), k)
			}
			if err := w.frame(k, payload); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.HasPrefix(b, again.Bytes()) {
			t.Fatalf("frames %q out of %q", again.Bytes(), b)
		}
		if cap(r.buf) > 2*(len(b)+mostPiece) {
			t.Fatalf("%d bytes of room for %d", cap(r.buf), len(b))
		}
	})
}
