package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A file that is named on the command line lies where the command was given, which is another folder than this
// process's own when the command was given to another process (beside.go). So commands open files here alone.

// path is where a file that is named lies.
func (a *app) path(name string) string {
	if a.caller == nil || name == "" {
		return name
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(a.caller.Dir, name)
	}
	return a.ofCaller(name)
}

// ofCaller names a file of the caller's own, such as the /dev/fd/63 of a shell's <(…), as this process finds it.
func (a *app) ofCaller(name string) string {
	if a.caller.PID == 0 {
		return name
	}
	process := "/proc/" + strconv.Itoa(a.caller.PID)
	for i, stream := range []string{"/dev/stdin", "/dev/stdout", "/dev/stderr"} {
		if name == stream {
			return process + "/fd/" + strconv.Itoa(i)
		}
	}
	for from, to := range map[string]string{"/dev/fd/": "/fd/", "/proc/self/": "/"} {
		if rest, ok := strings.CutPrefix(name, from); ok {
			return process + to + rest
		}
	}
	return name
}

// openNamed opens a file that is named, to be read.
func (a *app) openNamed(name string) (*os.File, error) {
	f, err := os.Open(a.path(name))
	return f, named(err, name)
}

// input opens a file that is named, or standard input for -.
func (a *app) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	f, err := a.openNamed(name)
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil io.ReadCloser
	}
	return f, nil
}

// stat looks at a file that is named.
func (a *app) stat(name string) (fs.FileInfo, error) {
	info, err := os.Stat(a.path(name))
	return info, named(err, name)
}

// present is the error of the first of the files that is not there; standard input (-) always is.
func (a *app) present(files []string) error {
	for _, name := range files {
		if name == "-" {
			continue
		}
		if _, err := a.stat(name); err != nil {
			return err
		}
	}
	return nil
}

// named makes an error tell of a file by the name that it was given.
func named(err error, name string) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: name, Err: at.Err}
	}
	return err
}
