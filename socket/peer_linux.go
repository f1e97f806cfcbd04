package socket

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// peer is the process at the other end, which has to be of our own user.
func peer(conn *net.UnixConn) (pid int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	if cerr := raw.Control(func(fd uintptr) { cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); cerr != nil {
		return 0, cerr
	}
	if err != nil {
		return 0, fmt.Errorf("who is at the other end: %w", err)
	}
	return int(cred.Pid), ours(int(cred.Uid))
}

func ours(uid int) error {
	if me := os.Geteuid(); uid != me {
		return fmt.Errorf("%w: user %d, and this is user %d", ErrStranger, uid, me)
	}
	return nil
}
