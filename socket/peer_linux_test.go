package socket

import (
	"errors"
	"net"
	"os"
	"testing"
)

// TestPeer: the other end is known by the system's word, and has to be of our own user.
func TestPeer(t *testing.T) {
	dir := t.TempDir()
	l, err := listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	name, done, err := address(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: name, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if pid, err := peer(conn); err != nil || pid != os.Getpid() {
		t.Errorf("the other end is process %d (%v), want %d", pid, err, os.Getpid())
	}
	if err := ours(os.Geteuid() + 1); !errors.Is(err, ErrStranger) {
		t.Errorf("another user: %v, want %v", err, ErrStranger)
	}
}
