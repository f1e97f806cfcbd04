package bleve

import (
	"strconv"
	"strings"
	"testing"

	"bidfit/index"
)

// TestAnotherVersion rebuilds an index whose terms were made by other rules,
// or that does not say how far it has read.
func TestAnotherVersion(t *testing.T) {
	for _, tt := range []struct{ state, reason string }{
		{`{"Schema":"0-deadbeef","Mark":{"Store":"s","N":7}}`, "another version"},
		{`{"Mark":{"Store":"s","N":7}}`, "another version"},
		{`{"Schema":7}`, "unreadable"},
		{`not JSON`, "unreadable"},
		{``, "does not say"},
	} {
		dir := t.TempDir()
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.live.SetInternal(stateKey, []byte(tt.state)); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if x, err = Open(dir); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(x.Rebuilt(), tt.reason) || x.Mark() != (index.Mark{}) {
			t.Errorf("state %q: rebuilt %q with the mark %+v, want a word of %q", tt.state, x.Rebuilt(), x.Mark(), tt.reason)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if x, err = Open(dir); err != nil || x.Rebuilt() != "" {
			t.Fatalf("state %q: opened once more: %v, rebuilt %q", tt.state, err, x.Rebuilt())
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTerms(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"road", "road@17"},
		{"The roads", "road@17"},
		{"care at home", "care@17 home@19"},
		{"care of the home", "care@17 home@18"},
		{"care. Home", "care@17 home@34"},
		{"care\x00home", "care@17 home@34"},
		{"the IT of it", "^it@17"},
		{"", ""},
		{"\x00\x00", ""},
		{"of the", ""},
	} {
		var got []string
		for _, token := range (wordAnalyzer{}).Analyze([]byte(tt.text)) {
			got = append(got, string(token.Term)+"@"+strconv.Itoa(token.Position))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q is indexed as %q, want %q", tt.text, got, tt.want)
		}
	}
}
