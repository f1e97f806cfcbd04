package words

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"bidfit/notice/noticetest"
)

// published gives the titles and descriptions of the real notices.
func published(tb testing.TB) []string {
	tb.Helper()
	var texts []string
	for _, file := range noticetest.Notices(tb) {
		for line := range noticetest.Lines(tb, file) {
			d := json.NewDecoder(strings.NewReader(line))
			d.UseNumber()
			var release any
			if err := d.Decode(&release); err != nil {
				tb.Fatalf("%s: %v", file, err)
			}
			texts = prose(texts, "", release)
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
