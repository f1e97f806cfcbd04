//go:build unix && !solaris && !aix

package bolt

import (
	"os"
	"syscall"
)

// abandon closes a file that bbolt left locked and mapped when it panicked. Closing alone would not do: a lock of
// this kind lives as long as the mapping.
func abandon(f *os.File) error {
	syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	return f.Close()
}
