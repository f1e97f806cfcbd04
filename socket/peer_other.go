//go:build !linux && !darwin && !freebsd

package socket

import "net"

// peer cannot tell here who is at the other end: the folder, which is its owner's alone, is the guard.
func peer(*net.UnixConn) (pid int, err error) { return 0, nil }
