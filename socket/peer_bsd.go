//go:build darwin || freebsd

package socket

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// peer checks that the process at the other end is of our own user. Its number is not told here.
func peer(conn *net.UnixConn) (pid int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Xucred
	if cerr := raw.Control(func(fd uintptr) { cred, err = unix.GetsockoptXucred(int(fd), solLocal, unix.LOCAL_PEERCRED) }); cerr != nil {
		return 0, cerr
	}
	if err != nil {
		return 0, fmt.Errorf("who is at the other end: %w", err)
	}
	if me := os.Geteuid(); int(cred.Uid) != me {
		return 0, fmt.Errorf("%w: user %d, and this is user %d", ErrStranger, cred.Uid, me)
	}
	return 0, nil
}

const solLocal = 0
