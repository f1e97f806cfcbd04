package ocds

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// source is a file as text: decompressed, in UTF-8 as far as its byte order
// mark tells, with what was done to it on the way.
type source struct {
	text io.Reader
	// packed is "gzip" or "zstd", "" for plain text.
	packed string
	// note says which byte order mark or encoding was found, "" for none.
	note  string
	raw   *tracked
	close func()
}

// tracked remembers the error of the reader underneath, so that a disk that
// fails can be told from a file that is cut short.
type tracked struct {
	r   io.Reader
	err error
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if err != nil && err != io.EOF {
		t.err = err
	}
	return n, err
}

// zstdWindow bounds the memory a zstd frame may ask for: the largest window
// that decoders are expected to support.
const zstdWindow = 8 << 20

// unpack looks at the first bytes, not at a name, to find out how a file is
// packed and encoded.
func unpack(r io.Reader) (*source, error) {
	raw := &tracked{r: r}
	s := &source{raw: raw, close: func() {}}
	in := bufio.NewReaderSize(raw, 64<<10)
	switch head, _ := in.Peek(4); {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip header: %w", err)
		}
		s.packed = "gzip"
		in = bufio.NewReaderSize(z, 64<<10)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) || skippable(head):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd header: %w", err)
		}
		s.packed, s.close = "zstd", z.Close
		in = bufio.NewReaderSize(z, 64<<10)
	}
	s.text = in
	head, err := in.Peek(4)
	if err != nil && len(head) == 0 && !errors.Is(err, io.EOF) {
		s.close()
		return nil, err
	}
	utf16 := func(order unicode.Endianness, name string) {
		s.note = name
		s.text = transform.NewReader(in, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
	}
	switch {
	case bytes.HasPrefix(head, []byte(bom)):
		s.note = "a UTF-8 byte order mark was skipped"
		in.Discard(len(bom))
	case bytes.Equal(head, []byte{0xff, 0xfe, 0, 0}), bytes.Equal(head, []byte{0, 0, 0xfe, 0xff}):
		// UTF-32 has no publisher; what follows is answered as binary.
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		utf16(unicode.LittleEndian, "the text was UTF-16 (little-endian) and was transcoded to UTF-8")
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		utf16(unicode.BigEndian, "the text was UTF-16 (big-endian) and was transcoded to UTF-8")
	}
	return s, nil
}

// bom is the UTF-8 byte order mark.
const bom = "\ufeff"

// skippable reports whether the bytes begin a zstd skippable frame.
func skippable(head []byte) bool {
	return len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte{0x2a, 0x4d, 0x18})
}

// guess says what a text that is not JSON most likely is: a stable code, and a
// sentence with the remedy.
func guess(head []byte) (code, reason string) {
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("<")):
		return "html", "this is an HTML or XML page, not JSON: most likely an error page of the service; fetch it again later"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "binary", "this is a ZIP archive: unpack it and read the JSON files inside"
	case bytes.IndexByte(head, 0) >= 0 || !utf8Like(head):
		return "binary", "these are binary data, not JSON: check that this is the right file (gzip and zstd are read as they are)"
	}
	return "not-json", "this text is not JSON: check that this is the right file, or fetch it again if it is an answer of a service"
}

// utf8Like reports whether bytes can be text: few control characters.
func utf8Like(head []byte) bool {
	odd := 0
	for _, c := range head {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1e || c == 0x7f {
			odd++
		}
	}
	return odd*20 <= len(head) && (utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)]) || odd == 0)
}
