package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A workbook is not thrown at somebody's terminal, and no store is opened for it.
func TestTerminalIsRefused(t *testing.T) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("a machine without pseudo-terminals has no terminal to refuse: %v", err)
	}
	defer master.Close()
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("a container may have no devpts at /dev/pts, and so no terminal: %v", err)
	}
	defer tty.Close()
	var stderr bytes.Buffer
	data := t.TempDir() + "/data"
	env := func(string) (string, bool) { return "", false }
	code := run(t.Context(), []string{"export", "trent", "--format", "xlsx", "--data", data}, env, strings.NewReader(""), tty, &stderr)
	if code != exitUsage || !strings.Contains(stderr.String(), "xlsx is nothing for a terminal; give --output FILE.xlsx") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the store was opened")
	}
}
