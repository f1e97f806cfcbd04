package bolt

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/store"
)

func newTestCodec(t testing.TB) *codec {
	t.Helper()
	c, err := newCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is packed under a key comes back under that key, and under no other.
func TestRecord(t *testing.T) {
	c := newTestCodec(t)
	for _, raw := range []string{"", "x", strings.Repeat("{", smallest), strings.Repeat("home care ", 1<<17)} {
		body, err := encode(lexicon{"v1"}, []byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		value, err := c.pack(body)
		if err != nil {
			t.Fatal(err)
		}
		seal(bucketLexicon, []byte("key"), value)
		var h lexicon
		got, err := c.unmarshal(bucketLexicon, []byte("key"), value, &h)
		if err != nil || string(got) != raw || h.Version != "v1" {
			t.Errorf("%d bytes came back as %d, version %q, %v", len(raw), len(got), h.Version, err)
		}
		for name, spoilt := range map[string]func() ([]byte, error){
			"another key":    func() ([]byte, error) { return c.unpack(bucketLexicon, []byte("kez"), value) },
			"another bucket": func() ([]byte, error) { return c.unpack(bucketCited, []byte("key"), value) },
			"nothing":        func() ([]byte, error) { return c.unpack(bucketLexicon, []byte("key"), nil) },
			"cut short": func() ([]byte, error) {
				return c.unpack(bucketLexicon, []byte("key"), value[:len(value)-1])
			},
			"another form": func() ([]byte, error) {
				v := bytes.Clone(value)
				v[8] ^= 1
				return c.unpack(bucketLexicon, []byte("key"), v)
			},
		} {
			var damaged *store.CorruptError
			if _, err := spoilt(); !errors.As(err, &damaged) {
				t.Errorf("%d bytes, %s: %v", len(raw), name, err)
			}
		}
	}
}

func TestWhere(t *testing.T) {
	for _, test := range []struct {
		bucket bucket
		key    []byte
		want   string
	}{
		{bucketRelease, numberKey(12), "release 12"},
		{bucketOCID, nameKey("ocds-h6vhtk-06bae5"), "ocid ocds-h6vhtk-06bae5"},
		{bucketNamed, nameKey("a", "b"), "named a b"},
		{bucketPursuit, append(nameKey("default", "care", "ocds-a", "2"), numberKey(3)...), "pursuit default care ocds-a 2 3"},
		{bucketOCID, nameKey("a\x1b[2J\xff"), "ocid a?[2J?"},
		{bucketOCID, []byte{200, 1, 2}, "ocid c80102"},
		{bucketMeta, keyFormat, "meta format"},
		{bucketKnown, []byte{0xab, 0xcd}, "known abcd"},
		{bucketOCID, nil, "ocid"},
	} {
		if got := where(test.bucket, test.key); got != test.want {
			t.Errorf("where(%s, %x) = %q, want %q", test.bucket, test.key, got, test.want)
		}
	}
}

// Keys of different names are different, and none begins another.
func FuzzNameKey(f *testing.F) {
	f.Add("a", "b", "ab", "")
	f.Add("a\x01", "", "a", "\x01")
	f.Add(strings.Repeat("x", 300), "", strings.Repeat("x", 254), "x")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		same := a == c && b == d
		if x, y := nameKey(a, b), nameKey(c, d); bytes.Equal(x, y) != same || !same && bytes.HasPrefix(x, y) {
			t.Errorf("%q %q -> %x, %q %q -> %x", a, b, x, c, d, y)
		}
		where(bucketPursuit, append(nameKey(a, b), numberKey(1)...))
	})
}

// No bytes make reading a record panic, and none are taken for a record that nobody wrote.
func FuzzRecord(f *testing.F) {
	c := newTestCodec(f)
	for _, raw := range []string{"", strings.Repeat("home care ", 100)} {
		body, err := encode(lexicon{"v1"}, []byte(raw))
		if err != nil {
			f.Fatal(err)
		}
		value, err := c.pack(body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value[8], value[prefixSize:])
		f.Add(byte(formPlain), body)
	}
	f.Fuzz(func(t *testing.T, form byte, rest []byte) {
		value := append(append(make([]byte, 8), form), rest...)
		if _, err := c.unpack(bucketLexicon, []byte("key"), value); err == nil && checksum(bucketLexicon, []byte("key"), value) != 0 {
			t.Error("a value without checksum was read")
		}
		seal(bucketLexicon, []byte("key"), value) // and with a right one, whatever it holds
		c.unmarshal(bucketLexicon, []byte("key"), value, new(lexicon))
		decode(rest, new(releaseHeader))
	})
}

// No bytes make looking at pages panic, go round for ever, or take memory without bound.
func FuzzPages(f *testing.F) {
	path := filepath.Join(f.TempDir(), "bidfit.db")
	s := opened(f, path)
	if _, err := s.Put(f.Context(), samples(0, 40)); err != nil {
		f.Fatal(err)
	}
	s.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	content = content[:highWater(f, content)]
	if err := checkPages(bytes.NewReader(content), int64(len(content))); err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(8192), []byte{1})
	f.Add(uint32(12288+8), []byte{1, 0, 255, 255})
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		b := bytes.Clone(content)
		copy(b[int(at)%len(b):], with)
		checkPages(bytes.NewReader(b), int64(len(b)))
		checkPages(bytes.NewReader(with), int64(len(with)))
	})
}
