package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestServe: the server says where it is, answers there, and stops when it is told to.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	talk, says := io.Pipe()
	code := make(chan int, 1)
	go func() {
		var out bytes.Buffer
		c := run(ctx, []string{"serve", "--demo", "--listen", "127.0.0.1:0"}, environment("HOME", t.TempDir(), "USER", "tester"), strings.NewReader(""), &out, says)
		says.Close()
		code <- c
	}()
	lines := bufio.NewScanner(talk)
	at := ""
	for lines.Scan() {
		if m := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(lines.Text()); m != "" {
			at = m
			break
		}
	}
	if at == "" {
		t.Fatalf("it does not say where it listens; exit code %d", <-code)
	}
	res, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(res.Body)
	res.Body.Close()
	for _, want := range []string{"Hartwell Resolve CIC", "24 June 2026"} {
		if res.StatusCode != http.StatusOK || !strings.Contains(string(page), want) {
			t.Errorf("%s does not say %q", res.Status, want)
		}
	}
	stop()
	rest := ""
	for lines.Scan() {
		rest += lines.Text()
	}
	select {
	case c := <-code:
		if c != exitDone || !strings.Contains(rest, "stopped") {
			t.Errorf("told to stop, it exits with %d and says %q", c, rest)
		}
	case <-time.After(time.Minute):
		t.Fatal("it does not stop")
	}
}
