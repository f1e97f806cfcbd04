package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
)

// TestLog: as text and as JSON a record is one line without control characters and without what turns its direction, whatever a service sent.
func TestLog(t *testing.T) {
	const hostile = "503\x1b[31m\r\nlevel=ERROR msg=forged\u202e\u0085\x00"
	for _, format := range []string{"text", "json"} {
		for _, level := range []string{"debug", "info", "warn", "error"} {
			var out bytes.Buffer
			a := &app{stderr: &out, stays: true}
			a.config.Log.Format, a.config.Log.Level = format, level
			log := a.log()
			log.Debug(hostile)
			log.Info(hostile, "why", errors.New(hostile), "took", 1234567*time.Microsecond)
			log.Warn("a feed", "name", hostile)
			log.With("feed", hostile).Error(hostile, "list", []string{hostile})
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			want := map[string]int{"debug": 4, "info": 3, "warn": 2, "error": 1}[level]
			if len(lines) != want {
				t.Errorf("%s, %s: %d lines, want %d\n%q", format, level, len(lines), want, out.String())
			}
			for _, line := range lines {
				if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) || strings.Contains(line, `\x`) || strings.Contains(line, `\u`) {
					t.Errorf("%s: %q", format, line)
				}
				if !strings.Contains(line, "time") {
					t.Errorf("%s: no time in %q", format, line)
				}
				var record map[string]any
				if err := json.Unmarshal([]byte(line), &record); format == "json" && err != nil {
					t.Errorf("%q: %v", line, err)
				}
			}
		}
	}
}
