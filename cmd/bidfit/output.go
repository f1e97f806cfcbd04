package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// whole is a file that takes its name when it is complete, and leaves nothing behind where it never is.
type whole struct {
	*os.File
	name string // "" where the file is written in place: a device, a pipe
}

// createWhole begins a file. One that replaces another keeps that one's rights, also behind a link; a new one has those the umask leaves.
func createWhole(name string) (*whole, error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	old, err := os.Stat(name)
	switch {
	case err == nil && old.IsDir():
		return nil, &fs.PathError{Op: "write", Path: name, Err: errors.New("this is a folder; name a file in it")}
	case err == nil && !old.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &whole{File: f}, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	dir, base := filepath.Split(name)
	f, err := os.OpenFile(filepath.Join(dir, "."+base+"."+rand.Text()[:8]), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return nil, &fs.PathError{Op: "begin", Path: name, Err: at.Err} // not the name it has until it is whole
	} else if err != nil {
		return nil, err
	}
	w := &whole{File: f, name: name}
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return nil, w.finish(err)
		}
	}
	return w, nil
}

// finish gives the file its name, or takes it away where writing it failed.
func (w *whole) finish(err error) error {
	if w.name == "" {
		return errors.Join(err, w.Close())
	}
	if err == nil {
		err = w.Sync()
	}
	err = errors.Join(err, w.Close())
	if err == nil {
		err = os.Rename(w.Name(), w.name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(w.Name()))
	}
	return nil
}
