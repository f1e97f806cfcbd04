package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bidfit/feeds/feedstest"
	"bidfit/notice"
)

var update = flag.Bool("update", false, "write what the commands print into the README's sessions")

// TestReadme runs the console blocks of README.md, one after another, and
// compares what they print. A line "…" stands for any lines. With -update the output is written
// anew, except where a block has such a line.
func TestReadme(t *testing.T) {
	const file = "../../README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	// What Find a Tender would send is made up, and comes from this machine.
	from := time.Date(2026, time.August, 12, 0, 0, 0, 0, notice.London)
	at := upstream(t, &feedstest.Upstream{Releases: feedstest.Made{Seed: 12, From: from, To: from.AddDate(0, 0, 1), Weekday: [2]int{150, 150}}.Releases()})
	sample, err := filepath.Abs("sample")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	run := func(command string) string {
		args := shellWords(command)
		var to string
		if n := len(args); n > 2 && args[n-2] == ">" {
			args, to = args[:n-2], args[n-1]
		}
		switch {
		case len(args) > 0 && args[0] == "bidfit":
			args = args[1:]
		case len(args) > 3 && strings.Join(args[:3], " ") == "go run ./cmd/bidfit":
			args = args[3:]
		default:
			t.Fatalf("README.md shows %q, which this test cannot run", command)
		}
		for i, a := range args {
			if rest, ok := strings.CutPrefix(a, "~/"); ok {
				args[i] = filepath.Join(home, rest)
			}
			if rest, ok := strings.CutPrefix(a, "cmd/bidfit/sample/"); ok {
				args[i] = filepath.Join(sample, rest)
			}
		}
		var out bytes.Buffer
		code := runHere(args, home, &out, "BIDFIT_SYNC_URL_FIND_A_TENDER", at)
		if code != 0 {
			t.Fatalf("%s exited with %d\n%s", command, code, out.String())
		}
		if to != "" {
			if err := os.WriteFile(to, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			return ""
		}
		return out.String()
	}
	var written strings.Builder
	blocks := strings.Split(string(text), "```")
	commands := 0
	for i, block := range blocks {
		if i > 0 {
			written.WriteString("```")
		}
		body, ok := strings.CutPrefix(block, "console\n")
		if i%2 == 0 || !ok {
			written.WriteString(block)
			continue
		}
		written.WriteString("console\n")
		for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
			command, want, _ := strings.Cut(part, "\n")
			want = strings.TrimSuffix(want, "\n")
			got := strings.TrimRight(run(command), "\n")
			commands++
			if !*update && !matches(want, got) {
				t.Errorf("README.md shows that %q prints\n%s\nit prints\n%s", command, want, got)
			}
			if strings.Contains("\n"+want+"\n", "\n…\n") {
				got = want
			}
			written.WriteString("$ " + command + "\n")
			if got != "" {
				written.WriteString(got + "\n")
			}
		}
	}
	if commands < 5 {
		t.Errorf("README.md shows %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(filepath.Join(filepath.Dir(sample), file), []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func runHere(args []string, home string, out *bytes.Buffer, more ...string) int {
	return run(context.Background(), args, environment(append([]string{"HOME", home, "USER", "you"}, more...)...), strings.NewReader(""), out, out)
}

// matches compares line by line; a line "…" in want stands for any lines.
func matches(want, got string) bool {
	parts := strings.Split("\n"+want+"\n", "\n…\n")
	got = "\n" + got + "\n"
	if len(parts) == 1 {
		return got == parts[0]
	}
	last := len(parts) - 1
	if !strings.HasPrefix(got, parts[0]) || !strings.HasSuffix(got, parts[last]) {
		return false
	}
	rest := strings.TrimSuffix(strings.TrimPrefix(got, parts[0]), parts[last])
	for _, p := range parts[1:last] {
		i := strings.Index("\n"+rest, "\n"+p)
		if i < 0 {
			return false
		}
		rest = rest[i+len(p):]
	}
	return true
}

// shellWords splits a command at blanks, minding double quotes.
func shellWords(s string) []string {
	var words []string
	quoted := false
	word := ""
	any := false
	for _, r := range s {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				words = append(words, word)
			}
			word, any = "", false
		default:
			word, any = word+string(r), true
		}
	}
	if any {
		words = append(words, word)
	}
	return words
}
