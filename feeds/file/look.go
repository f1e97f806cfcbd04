package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// entry is a file of the folder; its name has slashes.
type entry struct {
	name  string
	size  int64
	mtime time.Time
}

// wanted tells a file of notices by its name. What is hidden, or not written to its end by those that write under another name, is none.
func wanted(name string) bool {
	name = strings.ToLower(path.Base(name))
	if strings.HasPrefix(name, ".") {
		return false
	}
	switch path.Ext(name) {
	case ".json", ".jsonl", ".gz", ".zst":
		return true
	}
	return false
}

// look finds the files of the folder and of those in it, by name. A link is followed to a file, and never out of the folder or to another
// folder; what is neither (a device, a pipe, a socket) is passed by. What cannot be looked at is a fault, and the rest is.
func look(ctx context.Context, root *os.Root) (found []entry, faults []error, err error) {
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if cerr := ctx.Err(); cerr != nil {
			return cerr
		}
		switch {
		case err != nil && name == ".":
			return err
		case errors.Is(err, fs.ErrNotExist):
			return nil // gone since its folder was read
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %w (let bidfit read it)", name, err))
			return nil
		case d.IsDir():
			if name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		case !wanted(name) || !d.Type().IsRegular() && d.Type() != fs.ModeSymlink:
			return nil
		}
		info, err := root.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %w (a link may not lead out of the folder)", name, err))
		case info.Mode().IsRegular():
			found = append(found, entry{name, info.Size(), info.ModTime()})
		}
		return nil
	})
	return found, faults, err
}
