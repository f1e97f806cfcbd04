package words

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// published gives the titles and descriptions of the real notices, nil where they are not present.
func published(tb testing.TB) []string {
	tb.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(root) == root {
			return nil
		}
		root = filepath.Dir(root)
	}
	files, err := filepath.Glob(filepath.Join(root, "..", "shared", "data", "notices", "*.jsonl.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	var texts []string
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			tb.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
			d.UseNumber()
			var release any
			if err := d.Decode(&release); err != nil {
				tb.Fatalf("%s: %v", file, err)
			}
			texts = prose(texts, "", release)
		}
		if err := lines.Err(); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
	}
	return texts
}

// prose gathers the strings of a JSON value that stand under a title or description.
func prose(texts []string, key string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			texts = prose(texts, k, v[k])
		}
	case []any:
		for _, e := range v {
			texts = prose(texts, key, e)
		}
	case string:
		if key == "title" || key == "description" {
			texts = append(texts, v)
		}
	}
	return texts
}

// TestPublished reads every real title and description: no residue is left as a
// word, the stems most often met are those of procurement, and what is found is found in its sentence.
func TestPublished(t *testing.T) {
	texts := published(t)
	if texts == nil {
		t.Skip("no ../shared/data/notices beside the repository: the real notices are not read")
	}
	keywords := []string{"anti-social behaviour", "facilities management", "IT", "SEND", "health and safety", "grounds maintenance"}
	phrases := make([]Phrase, len(keywords))
	for i, k := range keywords {
		p, err := ParsePhrase(k)
		if err != nil {
			t.Fatal(err)
		}
		phrases[i] = p
	}
	count, found, size := map[string]int{}, make([]int, len(keywords)), 0
	for _, text := range texts {
		size += len(text)
		tokens := Tokens(text)
		for _, k := range tokens {
			if !Stop(k.Stem) {
				count[k.Stem]++
			}
		}
		for i, p := range phrases {
			for _, s := range p.Find(tokens) {
				found[i]++
				if w := Sentence(text, s, 300); w.Start > s.Start || w.End < s.End || w.End-w.Start > 300 {
					t.Errorf("the sentence of %v in %q is %v", s, text, w)
				}
			}
		}
	}
	for _, residue := range []string{"rn", "rnrn", "nbsp", "amp"} {
		if count[residue] > 0 {
			t.Errorf("%q is a word %d times", residue, count[residue])
		}
	}
	for i, n := range found {
		if n == 0 {
			t.Errorf("%q is found nowhere", keywords[i])
		}
	}
	stems := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a, b))
	})
	for _, s := range []string{"servic", "contract", "tender", "work", "suppli"} {
		if !slices.Contains(stems[:60], s) {
			t.Errorf("%q is not among the 60 most frequent stems", s)
		}
	}
	t.Logf("%d texts, %d bytes, %d stems; most frequent: %v; found %v of %v", len(texts), size, len(stems), stems[:50], found, keywords)
}
