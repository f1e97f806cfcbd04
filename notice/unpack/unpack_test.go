package unpack

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

func TestOpen(t *testing.T) {
	const text = "Neighbour mediation – £704,000\n"
	var gz, zs bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write([]byte(BOM + text))
	z.Close()
	w, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(text))
	w.Close()
	wide := func(order unicode.Endianness) string {
		s, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, raw := range map[string]string{
		"plain": text, "with a mark": BOM + text, "gzip": gz.String(), "zstd": zs.String(),
		"UTF-16 LE": wide(unicode.LittleEndian), "UTF-16 BE": wide(unicode.BigEndian),
	} {
		s, err := Open(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := io.ReadAll(s)
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if s.RawBytes() != int64(len(raw)) || s.Err() != nil {
			t.Errorf("%s: %d of %d bytes, %v", name, s.RawBytes(), len(raw), s.Err())
		}
		if packed := map[string]string{"gzip": "gzip", "zstd": "zstd"}[name]; s.Packed != packed {
			t.Errorf("%s is packed with %q", name, s.Packed)
		}
		s.Close()
	}
}

// TestErr: a disk that fails is told from a file that is cut short.
func TestErr(t *testing.T) {
	disk := errors.New("the disk is gone")
	s, err := Open(io.MultiReader(strings.NewReader("some text"), iotest.ErrReader(disk)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := io.ReadAll(s); !errors.Is(err, disk) || !errors.Is(s.Err(), disk) {
		t.Errorf("%v, %v", err, s.Err())
	}
}
