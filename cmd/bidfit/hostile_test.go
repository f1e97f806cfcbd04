package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// binary builds bidfit as users get it (without the race detector, whose
// memory is not theirs), once for the tests that run it as a process.
func binary(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "bidfit")
	build := exec.Command("go", "build", "-o", exe, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

const goodRelease = `{"ocid":"ocds-h6vhtk-good01","id":"900101-2026","tag":["tender"],"date":"2026-06-01T09:00:00+01:00","buyer":{"id":"b","name":"Saltbourne Borough Council"},"tender":{"id":"t","title":"Mediation","status":"active","tenderPeriod":{"endDate":"2026-07-01T12:00:00+01:00"}}}`

// TestHostileFiles reads what should not have come: each file gets a clear
// error or a quarantine line, the documented exit code, and little memory; nothing is half-written.
func TestHostileFiles(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads peak memory the way Linux tells it")
	}
	exe := binary(t)
	gz := func(write func(io.Writer)) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		write(z)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	goodGzip := gz(func(w io.Writer) { fmt.Fprintln(w, goodRelease) })
	cases := []struct {
		name     string
		content  []byte
		code     int
		stored   string // what the totals say
		mentions string // what stderr says
	}{
		{"empty", nil, 1, `"stored":0`, "empty"},
		{"html", []byte("<!DOCTYPE html><html><body>Service unavailable</body></html>"), 1, `"stored":0`, "HTML"},
		{"truncated gzip", goodGzip[:len(goodGzip)/2], 1, `"stored":0`, "gzip"},
		{"truncated tail", []byte(goodRelease + "\n" + goodRelease[:100]), 0, `"stored":1`, "quarantined"},
		{"nested", []byte(strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)), 1, `"stored":0`, "nest"},
		{"nested among good", []byte(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n" + goodRelease), 0, `"stored":1`, "quarantined"},
		{"300 MB string", gz(func(w io.Writer) {
			io.WriteString(w, `{"ocid":"ocds-h6vhtk-huge01","id":"1","tag":["tender"],"tender":{"title":"`)
			block := bytes.Repeat([]byte("x"), 1<<20)
			for range 300 {
				w.Write(block)
			}
			io.WriteString(w, "\"}}\n"+goodRelease)
		}), 0, `"stored":1`, "quarantined"},
		{"latin-1", []byte(strings.Replace(goodRelease, "Mediation", "Caf\xe9 \xa3100", 1)), 0, `"stored":1`, ""},
		{"binary", bytes.Repeat([]byte{0, 1, 2, 0xff, 0xfe, 'P', 'K', 3, 4}, 50_000), 1, `"stored":0`, ""},
		{"numbers", []byte(strings.Replace(goodRelease, `"status"`, `"value":{"amount":1e9999,"currency":"GBP"},"status"`, 1)), 0, `"stored":1`, ""},
		{"no ocid", []byte(`{"id":"1","tag":["tender"],"tender":{"title":"x"}}` + "\n" + goodRelease), 0, `"stored":1`, "ocid"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "notices")
			if err := os.WriteFile(file, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			data := filepath.Join(dir, "data")
			cmd := exec.Command(exe, "ingest", "--json", "--data", data, file)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d (%v), want %d\n%s", code, err, c.code, stderr.String())
			}
			if !strings.Contains(stdout.String(), c.stored) {
				t.Errorf("totals %q lack %s", stdout.String(), c.stored)
			}
			if !strings.Contains(strings.ToLower(stderr.String()), strings.ToLower(c.mentions)) {
				t.Errorf("stderr %.500q does not mention %q", stderr.String(), c.mentions)
			}
			if strings.Contains(stderr.String(), "goroutine") || stderr.Len() > 16<<10 {
				t.Errorf("stderr is no message for a person: %.2000s", stderr.String())
			}
			usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			t.Logf("peak memory %d MB", usage.Maxrss>>10)
			if usage.Maxrss > 512<<10 {
				t.Errorf("peak memory %d MB, the bound is 512 MB", usage.Maxrss>>10)
			}
			if out, err := exec.Command(exe, "verify", "--data", data).CombinedOutput(); err != nil {
				t.Errorf("verify: %v\n%s", err, out)
			}
		})
	}
}
