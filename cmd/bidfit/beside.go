package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/socket"
	"bidfit/vocab"
)

// A store belongs to one process. While one stays ("serve", "mcp"), it is the host of every other command: the process
// in which such a command is given hands it over, whole, through a socket in the data folder, and the
// host runs what would have run there, with the desk it has. So there is one road for a command, and the same bytes.

// host is what a process that stays lends to the commands of others.
type host struct {
	keeps keeps
	desk  *desk.Desk
	vocab *vocab.Vocab
	// telling is how people are told: by the configuration of the host, whatever the command's says.
	telling *telling
}

// hosting is what a host says about itself.
type hosting struct {
	Version versionInfo `json:"version"`
	PID     int         `json:"pid"`
	At      string      `json:"at"` // where it is reached otherwise: "at http://127.0.0.1:8080", "as bidfit mcp"
	Keeps   keeps       `json:"keeps"`
}

// keeps is which store and index somebody means, in whatever folder.
type keeps struct {
	Store string `json:"store"`
	Index string `json:"index"`
}

// keeps is what this run means.
func (a *app) keeps() (k keeps) {
	for _, s := range []struct {
		spec string
		to   *string
	}{{a.config.Store, &k.Store}, {a.config.Index, &k.Index}} {
		engine, path, _ := strings.Cut(s.spec, ":")
		if abs, err := filepath.Abs(a.path(path)); err == nil {
			path = abs
		}
		*s.to = engine + ":" + path
	}
	return k
}

// same reports whether both mean the same files, by whatever names.
func (k keeps) same(other keeps) bool {
	for _, pair := range [][2]string{{k.Store, other.Store}, {k.Index, other.Index}} {
		engine, path, _ := strings.Cut(pair[0], ":")
		theirs, their, _ := strings.Cut(pair[1], ":")
		if engine != theirs {
			return false
		}
		one, err1 := os.Stat(path)
		two, err2 := os.Stat(their)
		if path != their && (err1 != nil || err2 != nil || !os.SameFile(one, two)) {
			return false
		}
	}
	return true
}

// begin settles what a command works with, and hands the command over where a host has its store.
func (a *app) begin(cmd *cobra.Command, settle func()) error {
	if err := a.configure(cmd.Flags()); err != nil {
		return err
	}
	if settle != nil {
		settle()
	}
	switch {
	case a.host != nil:
		if mine := a.keeps(); !mine.same(a.host.keeps) {
			return usagef("the running server keeps %s and %s, and this command names %s and %s", a.host.keeps.Store, a.host.keeps.Index, mine.Store, mine.Index)
		}
		return nil
	case cmd.Annotations[annotatedHome] != "":
		return nil
	}
	return a.handOver(cmd.Context())
}

// doneElsewhere is the exit code of a command that a host has done.
type doneElsewhere int

func (d doneElsewhere) Error() string {
	return fmt.Sprintf("the running server has done it, with exit code %d", int(d))
}

// handOver lets the host do this command and returns doneElsewhere; nil where there is none, or one of another store.
func (a *app) handOver(ctx context.Context) error {
	conn, is, err := a.findHost(ctx)
	if conn == nil || err != nil {
		return err
	}
	defer conn.Close()
	if !is.Keeps.same(a.keeps()) {
		return nil
	}
	if mine := thisVersion().String(); is.Version.String() != mine {
		fmt.Fprintf(a.stderr, "bidfit: the running server is %s, and answers for this %s; start it again to have both the same\n", is.Version, mine)
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	code, err := conn.Do(ctx, socket.Call{Args: a.args, Dir: dir, Env: a.handed(), Width: a.screen.width, Talk: a.screen.talk}, a.stdin, a.stdout, a.stderr)
	if err != nil {
		return err
	}
	return doneElsewhere(code)
}

// findHost asks the socket in the data folder; nil where nobody listens.
func (a *app) findHost(ctx context.Context) (*socket.Conn, hosting, error) {
	conn, err := socket.Dial(ctx, a.socket())
	if errors.Is(err, socket.ErrNobody) {
		return nil, hosting{}, nil
	}
	if err != nil {
		return nil, hosting{}, err
	}
	var is hosting
	if err := json.Unmarshal(conn.About, &is); err != nil {
		conn.Close()
		return nil, hosting{}, fmt.Errorf("what the running server says about itself: %w", err)
	}
	return conn, is, nil
}

func (a *app) socket() string { return filepath.Join(a.config.Data, "socket") }

// handed are the variables of the environment that mean something to a command.
func (a *app) handed() map[string]string {
	env := map[string]string{}
	names := []string{
		"BIDFIT_CONFIG", "HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "USER", "LOGNAME", "USERNAME", "NO_COLOR", "TERM",
	}
	for key := range defaults {
		names = append(names, variable(key))
	}
	for _, name := range names {
		if value, ok := a.env(name); ok {
			env[name] = value
		}
	}
	return env
}

// stay opens the desk for a command that stays, and is the host of other commands from open on until do returns; at
// says where else the host is reached. A *RunningError where there is a host already.
func (a *app) stay(ctx context.Context, do func(d *desk.Desk, open func(at string)) error) (err error) {
	if a.host != nil {
		return errors.New("the running server cannot be the host of another one")
	}
	a.stays = true
	if err := makeData(a.config.Data); err != nil {
		return err
	}
	l, err := socket.Listen(a.socket())
	if errors.Is(err, socket.ErrTaken) {
		return cmp.Or(a.runningAlready(ctx), fmt.Errorf("another bidfit is starting or stopping with the data in %s: %w", a.tilde(a.config.Data), err))
	}
	if err != nil {
		a.log().Warn("other commands have to wait until this one ends", "why", err)
	}
	if l != nil {
		defer func() { err = errors.Join(err, l.Close()) }()
	}
	d, err := a.open()
	if err != nil {
		return err
	}
	tell, err := a.tells()
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	return do(d, func(at string) {
		if l != nil {
			about := hosting{Version: thisVersion(), PID: os.Getpid(), At: at, Keeps: a.keeps()}
			go l.Serve(ctx, about, a.log(), (&host{about.Keeps, d, a.vocab, tell}).do)
		}
	})
}

// RunningError says that there is a host already.
type RunningError struct {
	At  string
	PID int
	Err error
}

func (e *RunningError) Error() string {
	return strings.TrimSpace("already running "+e.At) +
		fmt.Sprintf(" (process %d)", e.PID)
}
func (e *RunningError) Unwrap() error { return e.Err }

// runningAlready is a *RunningError where there is a host, nil where there is none.
func (a *app) runningAlready(ctx context.Context) error {
	conn, is, err := a.findHost(ctx)
	if conn == nil || err != nil {
		return err
	}
	conn.Close()
	return &RunningError{At: is.At, PID: is.PID, Err: socket.ErrTaken}
}

// do does a command of another process.
func (h *host) do(ctx context.Context, c socket.Call, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{
		args: c.Args, env: func(name string) (string, bool) { value, ok := c.Env[name]; return value, ok },
		stdin: stdin, stdout: stdout, stderr: stderr, screen: screen{c.Width, c.Talk},
		host: h, caller: &c,
	}
	return a.run(ctx)
}
