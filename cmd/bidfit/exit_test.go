package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/notice/ocds"
	"bidfit/store"
	"bidfit/store/bolt"
)

func TestStoreInUse(t *testing.T) {
	data := t.TempDir()
	s, err := bolt.Open(filepath.Join(data, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out, talk bytes.Buffer
	env := environment("HOME", t.TempDir(), "BIDFIT_TIMEOUT", "100ms")
	if code := run(context.Background(), []string{"profile", "list", "--data", data}, env, nil, &out, &talk); code != exitInUse {
		t.Errorf("exit code %d, want %d", code, exitInUse)
	}
	if !strings.Contains(talk.String(), "another process") {
		t.Errorf("the message is %q", talk.String())
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, talk bytes.Buffer
	code := run(ctx, []string{"ingest", "--data", t.TempDir(), "sample/notices.jsonl"}, environment("HOME", t.TempDir()), nil, &out, &talk)
	if code != exitInterrupted {
		t.Errorf("exit code %d, want %d: %s", code, exitInterrupted, talk.String())
	}
}

// TestDamagedStore cuts and scribbles over a store: every command says what
// is wrong and where, with the exit code for it, and none panics.
func TestDamagedStore(t *testing.T) {
	sound := t.TempDir()
	bidfit(t, 0, "demo", "--data", sound)
	db, err := os.ReadFile(filepath.Join(sound, "bidfit.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func([]byte) []byte{
		"cut short": func(b []byte) []byte { return b[:16*4096] },
		"scribbled over": func(b []byte) []byte {
			for i := 3 * 4096; i < len(b); i += 512 {
				b[i] ^= 0x55
			}
			return b
		},
		"not a store": func([]byte) []byte { return bytes.Repeat([]byte("not a store "), 2000) },
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if err := os.WriteFile(filepath.Join(data, "bidfit.db"), damage(bytes.Clone(db)), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, talk bytes.Buffer
			code := run(context.Background(), []string{"verify", "--data", data}, environment("HOME", t.TempDir()), nil, &out, &talk)
			if code != exitCorrupt {
				t.Errorf("exit code %d, want %d", code, exitCorrupt)
			}
			if s := talk.String(); strings.Contains(s, "goroutine") || !strings.Contains(s, "bidfit:") {
				t.Errorf("the message is %q", s)
			}
		})
	}
}
