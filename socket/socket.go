// Package socket does the commands of one process in another that is already there, over a unix socket. The one
// listens in a folder; the other finds it there, hands over a command line with what belongs to it (working folder,
// environment, terminal), and lends its standard streams until the command has an exit code.
//
// What the commands are is not this package's affair: it knows nothing of notices, stores or flags.
//
//	wire.go     the frames that go over the socket, and their bounds
//	listen.go   the process that does the commands
//	dial.go     the process that gives one
//	peer_*.go   who is at the other end
//
// The socket (mode 0600) lies in a folder of its own (mode 0700), and neither end talks to a process of another user.
// Beside it lies a lock: whoever holds it may take away what a dead process left behind, and nobody else does, so
// there are never two that listen.
package socket

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Call is a command as it was given.
type Call struct {
	Args []string          `json:"args"`
	Dir  string            `json:"dir"` // in which it was given
	Env  map[string]string `json:"env"`
	// Width is how wide the terminal is that stdout goes to, 0 where it goes to none. Talk says that stderr goes to one.
	Width int  `json:"width"`
	Talk  bool `json:"talk"`
	// PID is the process that gave it, where the system tells; the caller need not say it, and is not asked.
	PID int `json:"-"`
}

var (
	// ErrNobody says that nobody listens in a folder.
	ErrNobody = errors.New("no process listens there")
	// ErrTaken says that another process listens in a folder.
	ErrTaken = errors.New("another process listens there")
	// ErrSilent says that somebody listens and does not answer.
	ErrSilent = errors.New("the running server does not answer")
	// ErrLost says that the connection ended before the command did.
	ErrLost = errors.New("the running server ended before the command did; what was acknowledged is kept")
	// ErrStopping is the cause of the context of a command whose server stops.
	ErrStopping = errors.New("the running server was stopped; what was acknowledged is kept")
	// ErrStranger says that the other process belongs to another user.
	ErrStranger = errors.New("it belongs to another user")
	// ErrProtocol says that the other end does not keep to the protocol.
	ErrProtocol = errors.New("the other end does not keep to the protocol")
)

const (
	nameSocket = "commands"
	nameLock   = "lock"
)

// makeFolder makes the folder of the socket, for its owner alone.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return &fs.PathError{Op: "listen in", Path: dir, Err: errors.New("it is no folder; move it away")}
	case info.Mode().Perm() != 0o700:
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// longest is what fits into the address of a unix socket on every system.
const longest = 103

// address is the name by which the socket in a folder can be reached, until done is called: names
// of sockets are short, and folders need not be.
func address(dir string) (name string, done func(), err error) {
	name = filepath.Join(dir, nameSocket)
	if len(name) <= longest {
		return name, func() {}, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	name = fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), nameSocket)
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		f.Close()
		return "", nil, fmt.Errorf("%s is too long a name for a socket", filepath.Join(dir, nameSocket))
	}
	return name, func() { f.Close() }, nil
}
