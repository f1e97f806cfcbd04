package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"bidfit/socket"
)

// workplace is a folder in which commands are given, with data of its own in "data".
type workplace struct {
	dir string
	env []string
}

// sampled is a place with the sample in its store.
func sampled(t testing.TB) *workplace {
	t.Helper()
	p := &workplace{dir: t.TempDir()}
	p.env = append(os.Environ(), "HOME="+filepath.Join(p.dir, "home"), "USER=tester", "BIDFIT_DATA=data", "BIDFIT_TIMEOUT=10s", "BIDFIT_CONFIG=")
	for name, text := range map[string][]byte{"sample.jsonl": sampleNotices, "hartwell.yaml": sampleProfile} {
		if err := os.WriteFile(filepath.Join(p.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"ingest", "sample.jsonl"}, {"profile", "add", "hartwell.yaml"}} {
		if a := p.give(t, "", args...); a.code != 0 {
			t.Fatalf("%q: %+v", args, a)
		}
	}
	return p
}

// ending is what a command came to.
type ending struct {
	out, talk string
	code      int
}

func (p *workplace) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bidfit", args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	return cmd
}

// give gives a command in a process of its own.
func (p *workplace) give(t testing.TB, stdin string, args ...string) ending {
	t.Helper()
	cmd := p.command(t.Context(), args...)
	var out, talk bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &talk
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v", args, err)
	}
	return ending{out.String(), talk.String(), cmd.ProcessState.ExitCode()}
}

// serving starts "bidfit serve" and waits until it listens.
func (p *workplace) serving(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := p.command(context.Background(), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, cmd) })
	lines := bufio.NewScanner(talk)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "serving") {
			go func() { // what it says later must not hold it up
				for lines.Scan() {
				}
			}()
			return cmd
		}
		t.Log(lines.Text())
	}
	t.Fatalf("it does not serve: %v", cmd.Wait())
	return nil
}

// stop stops a server as a user would, once.
func stop(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if cmd.ProcessState != nil {
		return
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// TestBesideIsTheSame gives the same commands in two places, of which one has a server: the same bytes and exit codes.
func TestBesideIsTheSame(t *testing.T) {
	at, alone := sampled(t), sampled(t)
	at.serving(t)
	more := strings.ReplaceAll(string(sampleNotices[:bytes.IndexByte(sampleNotices, '\n')+1]), "ocds-h6vhtk-", "ocds-h6vhtk-x")
	for name, text := range map[string]string{
		"sub/more.jsonl":  more,
		"sub/config.yaml": "match:\n  limit: 3\nwho: somebody else\n",
		"about-us.txt":    "We settle disputes between neighbours and train housing officers.",
		"broken.yaml":     "id: x\nnam: y\n",
	} {
		for _, p := range []*workplace{at, alone} {
			file := filepath.Join(p.dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	const day = "--as-of=2026-06-24"
	same := 0
	for _, c := range []struct {
		code  int
		stdin string
		args  []string
	}{
		{0, "", []string{"match", "hartwell-resolve", day}},
		{0, "", []string{"match", "hartwell-resolve", day, "--json", "--limit", "0", "--all"}},
		{0, "", []string{"match", "hartwell-resolve", day, "--config", "sub/config.yaml"}},
		{0, "", []string{"match", "hartwell-resolve", day, "--no-learning"}},
		{10, "", []string{"match", "nobody"}},
		{2, "", []string{"match", "hartwell-resolve", "--order", "colour"}},
		{2, "", []string{"match", "hartwell-resolve", "--config", "sub/none.yaml"}},
		{0, "", []string{"explain", "hartwell-resolve", "ocds-h6vhtk-demo02/1", day}},
		{3, "", []string{"explain", "hartwell-resolve", "ocds-h6vhtk-demo01", day, "--expect", "no-bid"}},
		{0, "", []string{"show", "ocds-h6vhtk-demo02", "--format", "markdown", day}},
		{0, "", []string{"show", "ocds-h6vhtk-demo02", "--raw"}},
		{0, "", []string{"search", "mediation", "--json"}},
		{0, "", []string{"export", "hartwell-resolve", day}},
		{0, "", []string{"export", "hartwell-resolve", day, "--output", "sub/list.md"}},
		{1, "", []string{"export", "hartwell-resolve", day, "--output", "sub", "--format", "csv"}},
		{1, "", []string{"export", "hartwell-resolve", day, "--output", "none/list.csv"}},
		{0, "", []string{"clients", "ocds-h6vhtk-demo01", day}},
		{0, "", []string{"profile", "doctor", "hartwell-resolve", day}},
		{0, "", []string{"profile", "suggest", "--file", "about-us.txt"}},
		{0, "We clean offices and schools.", []string{"profile", "suggest", "--file", "-", "--json"}},
		{1, "", []string{"profile", "add", "broken.yaml"}},
		{0, string(sampleProfile), []string{"profile", "add", "-"}},
		{0, "", []string{"ingest", "sub/more.jsonl", "sample.jsonl"}},
		{0, more, []string{"ingest", "-", "--json"}},
		{1, "{}", []string{"ingest", "-"}},
		{1, "", []string{"ingest", "sub/none.jsonl"}},
		{0, "", []string{"rate", "hartwell-resolve", "ocds-h6vhtk-demo01", "relevant", day}},
		{0, "", []string{"decide", "hartwell-resolve", "ocds-h6vhtk-demo01", "no-bid", day, "--reason", "no room\u202e"}},
		{0, "", []string{"snooze", "hartwell-resolve", "ocds-h6vhtk-demo02", "--until", "stage", day}},
		{10, "", []string{"snooze", "hartwell-resolve", "none", day}},
		{0, "", []string{"review", "hartwell-resolve", day}},
		{0, "", []string{"vocab", "search", "mediation", "--language", "en"}},
		{0, "", []string{"evaluate"}},
		{0, "", []string{"verify", "--quarantine"}},
		{0, "", []string{"verify", "--rebuild-index"}},
		{0, "", []string{"match", "hartwell-resolve", day}},
		{0, "", []string{"help", "match"}},
		{2, "", []string{"mtach"}},
	} {
		got, want := at.give(t, c.stdin, c.args...), alone.give(t, c.stdin, c.args...)
		if got != want {
			t.Errorf("%q beside a server:\n%+v\nalone:\n%+v", c.args, got, want)
			continue
		}
		if got.code != c.code {
			t.Errorf("%q exits with %d, want %d: %s", c.args, got.code, c.code, got.talk)
		}
		same++
	}
	t.Logf("%d commands are the same", same)
	written, err := os.ReadFile(filepath.Join(at.dir, "sub", "list.md"))
	if want, err2 := os.ReadFile(filepath.Join(alone.dir, "sub", "list.md")); errors.Join(err, err2) != nil || len(want) == 0 || !bytes.Equal(written, want) {
		t.Errorf("a file that is written has %d bytes beside a server, %d alone (%v)", len(written), len(want), errors.Join(err, err2))
	}
}

// TestBesideFiles: what only the caller's process has is found there, and a store of one's own stays one's own.
func TestBesideFiles(t *testing.T) {
	p := sampled(t)
	p.serving(t)
	if _, err := os.Stat("/proc/self/fd/0"); err == nil {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() { w.Write(sampleNotices); w.Close() }()
		cmd := p.command(t.Context(), "ingest", "/dev/fd/3", "--json")
		cmd.ExtraFiles = []*os.File{r}
		if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), `"duplicates":255`) {
			t.Errorf("a pipe of the caller's: %s (%v)", out, err)
		}
		r.Close()
	}
	out, err := os.Create(filepath.Join(p.dir, "shortlist.csv"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := p.command(t.Context(), "export", "hartwell-resolve", "--as-of", "2026-06-24")
	cmd.Stdout = out
	if err := errors.Join(cmd.Run(), out.Close()); err != nil {
		t.Error(err)
	}
	if csv, err := os.ReadFile(out.Name()); err != nil || bytes.Count(csv, []byte("\n")) < 20 {
		t.Errorf("the shortlist is %d bytes (%v)", len(csv), err)
	}
	p.env = append(p.env, "BIDFIT_STORE=bolt:mine/own.db", "BIDFIT_INDEX=bleve:mine/index")
	if a := p.give(t, "", "verify"); a.code != 0 || !strings.HasPrefix(a.out, "0 releases") {
		t.Errorf("another store in the same folder: %+v", a)
	}
	p.env = append(p.env, "BIDFIT_STORE=bolt:data/bidfit.db", "BIDFIT_INDEX=bleve:mine/index", "BIDFIT_TIMEOUT=50ms")
	if a := p.give(t, "", "verify"); a.code != exitInUse {
		t.Errorf("the server's store with another index: %+v", a)
	}
}

// TestOneServes: a second server says where the first one is.
func TestOneServes(t *testing.T) {
	p := sampled(t)
	p.serving(t)
	a := p.give(t, "", "serve", "--listen", "127.0.0.1:0")
	at := regexp.MustCompile(`already running at (http://127\.0\.0\.1:\d+)/ \(process \d+\)`).FindStringSubmatch(a.talk)
	if a.code != exitInUse || at == nil {
		t.Fatalf("a second server: %+v", a)
	}
	taken := strings.TrimPrefix(at[1], "http://")
	if a := p.give(t, "", "serve", "--listen", taken); a.code != exitInUse || !strings.Contains(a.talk, "already running at "+at[1]) {
		t.Errorf("a second server at the same address: %+v", a)
	}
	if a := sampled(t).give(t, "", "serve", "--listen", taken); a.code != exitFailed || !strings.Contains(a.talk, "address already in use") {
		t.Errorf("another one's address: %+v", a)
	}
}

// TestManyBeside gives twenty commands at once, some of which write.
func TestManyBeside(t *testing.T) {
	p := sampled(t)
	p.serving(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			args := [][]string{
				{"match", "hartwell-resolve", "--json"},
				{"decide", "hartwell-resolve", "ocds-h6vhtk-demo01", "watch", "--reason", fmt.Sprint(i)},
				{"ingest", "sample.jsonl", "--json"},
				{"search", "mediation", "--json"},
			}[i%4]
			if a := p.give(t, "", args...); a.code != 0 || a.out == "" {
				t.Errorf("%q: %+v", args, a)
			}
		})
	}
	all.Wait()
	if a := p.give(t, "", "verify"); a.code != 0 || !strings.Contains(a.out, "255 releases, 210 notices, 1 profile, 1 pursuit") {
		t.Errorf("afterwards: %+v", a)
	}
}

// TestSlowReader: a large answer waits for whoever reads it slowly, and holds nobody else up; one who reads no more ends it.
func TestSlowReader(t *testing.T) {
	p := sampled(t)
	p.serving(t)
	args := []string{"match", "hartwell-resolve", "--json", "--limit", "0", "--as-of", "2026-06-24"}
	want := p.give(t, "", args...).out
	if len(want) < 4<<16 {
		t.Fatalf("an answer of %d bytes fits into the pipes", len(want))
	}
	slow := p.command(t.Context(), args...)
	out, err := slow.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := slow.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 10)
	if _, err := io.ReadFull(out, first); err != nil {
		t.Fatal(err)
	}
	for _, other := range [][]string{{"profile", "list"}, {"ingest", "sample.jsonl"}, args} { // while the answer is under way
		if a := p.give(t, "", other...); a.code != 0 {
			t.Errorf("%q: %+v", other, a)
		}
	}
	rest, err := io.ReadAll(out)
	if err := errors.Join(err, slow.Wait()); err != nil || string(first)+string(rest) != want {
		t.Errorf("%d bytes came (%v), want %d", len(first)+len(rest), err, len(want))
	}
	gone := p.command(t.Context(), args...)
	if out, err = gone.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := gone.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, first); err != nil {
		t.Fatal(err)
	}
	out.Close()
	gone.Wait() // by SIGPIPE, as any other program
	if a := p.give(t, "", "verify"); a.code != 0 {
		t.Errorf("afterwards: %+v", a)
	}
}

// reading gives a command that reads standard input, and returns once it does.
func (p *workplace) reading(t *testing.T, args ...string) (cmd *exec.Cmd, in io.WriteCloser, talk *bytes.Buffer) {
	t.Helper()
	cmd = p.command(t.Context(), args...)
	talk = new(bytes.Buffer)
	cmd.Stderr = talk
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: it is through when somebody has read.
	if _, err := in.Write(bytes.Repeat([]byte("\n"), 1<<20)); err != nil {
		t.Fatal(err)
	}
	return cmd, in, talk
}

// TestInterruptBeside: whoever interrupts a command ends it, in the server too.
func TestInterruptBeside(t *testing.T) {
	p := sampled(t)
	p.serving(t)
	cmd, in, talk := p.reading(t, "ingest", "-")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	in.Close()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || talk.String() != "bidfit: interrupted; what was acknowledged is kept\n" {
		t.Errorf("exit code %d, %q", code, talk)
	}
}

// TestServerStops: the server's end is the end of its commands, and it is no interruption of theirs.
func TestServerStops(t *testing.T) {
	p := sampled(t)
	server := p.serving(t)
	cmd, in, talk := p.reading(t, "ingest", "-")
	stop(t, server)
	cmd.Wait()
	in.Close()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(talk.String(), "the running server was stopped; what was acknowledged is kept") {
		t.Errorf("exit code %d, %q", code, talk)
	}
	if a := p.give(t, "", "verify"); a.code != 0 {
		t.Errorf("afterwards: %+v", a)
	}
}

// TestServerKilled: a server that is killed takes nothing along that was acknowledged; its callers say what
// happened, and the next server starts.
func TestServerKilled(t *testing.T) {
	p := sampled(t)
	kept := 0
	for round := range 3 {
		server := p.serving(t)
		waiting, in, talk := p.reading(t, "ingest", "-")
		dead := make(chan struct{})
		go func() { server.Wait(); close(dead) }()
		time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { server.Process.Kill() }) // any moment will do
		for alive := true; alive; {
			a := p.give(t, "", "decide", "hartwell-resolve", "ocds-h6vhtk-demo01", "watch", "--reason", fmt.Sprint(kept), "--as-of", "2026-06-24")
			if a.code == 0 {
				kept++
			} else if a.code != exitFailed || !strings.Contains(a.talk, socket.ErrLost.Error()) {
				t.Errorf("round %d: %+v", round, a)
			}
			select {
			case <-dead:
				alive = false
			default:
			}
		}
		waiting.Wait()
		in.Close()
		if code := waiting.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(talk.String(), socket.ErrLost.Error()) {
			t.Errorf("round %d: one that waits exits with %d, %q", round, code, talk)
		}
	}
	p.serving(t)
	if a := p.give(t, "", "verify"); a.code != 0 {
		t.Errorf("afterwards: %+v", a)
	}
	board := p.give(t, "", "clients", "ocds-h6vhtk-demo01", "--json", "--as-of", "2026-06-24")
	if n := strings.Count(board.out, `"verdict":"watch"`); n < kept {
		t.Errorf("%d decisions were acknowledged, %d are kept", kept, n)
	}
	t.Logf("%d decisions were acknowledged", kept)
}

// TestAnotherVersion: a server of another version answers, and is said to be one; of another protocol, it does not.
func TestAnotherVersion(t *testing.T) {
	data := t.TempDir()
	l, err := socket.Listen(filepath.Join(data, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	about := hosting{Version: versionInfo{Version: "v0.0.1"}, At: "somewhere", Keeps: (&app{config: config{
		Store: "bolt:" + filepath.Join(data, "bidfit.db"), Index: "bleve:" + filepath.Join(data, "index"),
	}}).keeps()}
	go l.Serve(ctx, about, slog.New(slog.DiscardHandler), func(_ context.Context, c socket.Call, _ io.Reader, stdout, _ io.Writer) int {
		fmt.Fprintln(stdout, c.Args[0])
		return 0
	})
	defer l.Close()
	var out, talk bytes.Buffer
	code := run(t.Context(), []string{"profile", "list", "--data", data}, environment("HOME", t.TempDir()), nil, &out, &talk)
	if code != 0 || out.String() != "profile\n" || !strings.Contains(talk.String(), "the running server is bidfit v0.0.1") {
		t.Errorf("exit code %d, %q, %q", code, out.String(), talk.String())
	}
}

// TestFilesGoOneWay: commands open files that are named by files.go alone, and use the streams and the environment that
// they were given: else they would find those of the server.
func TestFilesGoOneWay(t *testing.T) {
	mine := map[string]string{ // and why
		"main.go":     "gives the process's own to run",
		"files.go":    "is the one way",
		"output.go":   "is told where the file lies",
		"beside.go":   "is where the caller is told from the server",
		"config.go":   "makes the data folder, whose path it is given",
		"terminal.go": "asks whether a stream is a terminal",
	}
	harmless := map[string]bool{"Executable": true, "Hostname": true, "File": true, "FileMode": true, "DirFS": true, "ErrNotExist": true, "Interrupt": true}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || mine[name] != "" {
			continue
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "os" && !harmless[s.Sel.Name] {
					t.Errorf("%v: os.%s finds what is the server's; files.go has what finds the caller's", files.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
}
