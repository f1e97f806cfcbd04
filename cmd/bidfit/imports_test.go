package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// room is a folder's name in the table of docs/design.md: the words of the
// house go by their last name there.
func room(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "bidfit"), "/")
	for _, word := range []string{"words", "cpv", "itl", "ocds", "calendar", "changes", "prose", "unpack"} {
		if path == "notice/"+word {
			return word
		}
	}
	return path
}

// TestImports holds the import table of docs/design.md against the code, both
// ways: what is imported is allowed, and every room stands in the table.
func TestImports(t *testing.T) {
	allowed := importTable(t)
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "bidfit/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from := room(p.ImportPath)
		may, ok := allowed[from]
		if !ok {
			t.Errorf("%s is not in the import table of docs/design.md", from)
			continue
		}
		seen[from] = true
		for _, i := range p.Imports {
			if to := room(i); strings.HasPrefix(i, "bidfit/") && !slices.Contains(may, to) && !slices.Contains(may, "everything") {
				t.Errorf("%s imports %s, which docs/design.md does not allow", from, to)
			}
		}
	}
	for from := range allowed {
		if !seen[from] {
			t.Errorf("docs/design.md lists %s, which is not there", from)
		}
	}
}

// importTable reads the first fenced block of docs/design.md with arrows in it.
func importTable(t *testing.T) map[string][]string {
	f, err := os.Open("../../docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := map[string][]string{}
	inside := false
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		switch {
		case strings.HasPrefix(line, "```"):
			if inside && len(table) > 0 {
				return table
			}
			inside = !inside
		case inside:
			if from, to, ok := strings.Cut(line, "->"); ok {
				table[strings.TrimSpace(from)] = strings.Fields(to)
			}
		}
	}
	t.Fatal("docs/design.md has no import table")
	return nil
}
