//go:build unix

package file

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bidfit/feeds"
)

// Nothing outside the folder is read, and nothing that would make the reader wait.
func TestOutside(t *testing.T) {
	f := start(t)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.json"), []byte(release("ocds-secret", "no")), 0o666); err != nil {
		t.Fatal(err)
	}
	f.write("in/a.json", release("ocds-a", "Jetty"), time.Hour)
	for name, to := range map[string]string{"out.json": filepath.Join(outside, "secret.json"), "up.json": "../" + filepath.Base(outside) + "/secret.json",
		"dir": outside, "b.json": "in/a.json", "loop.json": "loop.json", "dangling.json": "nowhere", "tty.json": "/dev/zero"} {
		if err := os.Symlink(to, filepath.Join(f.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(f.dir, "pipe.json"), 0o666); err != nil {
		t.Fatal(err)
	}
	err := f.try(feeds.Ask{})
	if err == nil || !strings.Contains(err.Error(), "out.json") || !strings.Contains(err.Error(), "may not lead out") {
		t.Errorf("links that lead out are not told: %v", err)
	}
	f.holds("ocds-a")
	// What was a file when it was found may be a pipe when it is opened.
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := &reading{root: root, state: state{Dir: f.dir}}
	for _, name := range []string{"pipe.json", "out.json", "in"} {
		if src, err := r.open(entry{name: name}); err == nil {
			src.Close()
			t.Errorf("%s was opened", name)
		}
	}
}
