//go:build !unix || solaris || aix

package bolt

import "os"

// abandon closes a file that bbolt left locked and mapped when it panicked.
func abandon(f *os.File) error { return f.Close() }
