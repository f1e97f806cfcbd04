package desk

import (
	"testing"

	"bidfit/notice"
)

// FuzzShape: whatever a release is, its fields are counted within bounds, and no field oftener than there are releases.
func FuzzShape(f *testing.F) {
	for _, s := range []string{`{"ocid":"a","tender":{"title":"b","items":[{"x":{}}],"title":"c"}}`, `[1]`, `{"a":{"b":`, `{"\ud800":1}`, ``, `{"a":{},"a":{"b":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s shape
		s.add(&notice.Release{Raw: raw})
		s.add(&notice.Release{Raw: raw})
		if s.Releases != 2 || len(s.Fields) > mostFields {
			t.Errorf("%d releases, %d fields", s.Releases, len(s.Fields))
		}
		for field, n := range s.Fields {
			if n != 2 || len(field) > mostField {
				t.Errorf("%q is in %d of two", field, n)
			}
		}
		if v := s.vanished(s); len(v) > 0 {
			t.Errorf("%q vanished from itself", v)
		}
	})
}
