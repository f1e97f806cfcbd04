// Package unpack makes text of files as they come: plain or packed with gzip or
// zstd, in UTF-8 or UTF-16. The content tells, not the name. What the text says is nobody's business here.
package unpack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text is a file as text: decompressed, in UTF-8 as far as its byte order
// mark tells, with what was done to it on the way.
type Text struct {
	io.Reader
	// Packed is "gzip" or "zstd", "" for plain text.
	Packed string
	// Note says which byte order mark or encoding was found, "" for none.
	Note  string
	raw   *tracked
	close func()
}

// Close lets go of the decoder; the reader underneath stays open.
func (t *Text) Close() { t.close() }

// Err is the error of the reader underneath, so that a disk that fails can be
// told from a file that is cut short.
func (t *Text) Err() error { return t.raw.err }

// RawBytes counts the bytes that the reader underneath has given.
func (t *Text) RawBytes() int64 { return t.raw.n }

// tracked watches the reader underneath.
type tracked struct {
	r   io.Reader
	n   int64
	err error
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.n += int64(n)
	if err != nil && err != io.EOF {
		t.err = err
	}
	return n, err
}

// Window bounds the memory a zstd frame may ask for: the largest
// that decoders are expected to support.
const Window = 8 << 20

// Open looks at the first bytes, not at a name, to find out how a file is
// packed and encoded.
func Open(r io.Reader) (*Text, error) {
	raw := &tracked{r: r}
	s := &Text{raw: raw, close: func() {}}
	in := bufio.NewReaderSize(raw, 64<<10)
	switch head, _ := in.Peek(4); {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip header: %w", err)
		}
		s.Packed = "gzip"
		in = bufio.NewReaderSize(z, 64<<10)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) || skippable(head):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(Window))
		if err != nil {
			return nil, fmt.Errorf("zstd header: %w", err)
		}
		s.Packed, s.close = "zstd", z.Close
		in = bufio.NewReaderSize(z, 64<<10)
	}
	s.Reader = in
	head, err := in.Peek(4)
	if err != nil && len(head) == 0 && !errors.Is(err, io.EOF) {
		s.close()
		return nil, err
	}
	utf16 := func(order unicode.Endianness, name string) {
		s.Note = name
		s.Reader = transform.NewReader(in, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
	}
	switch {
	case bytes.HasPrefix(head, []byte(BOM)):
		s.Note = "a UTF-8 byte order mark was skipped"
		in.Discard(len(BOM))
	case bytes.Equal(head, []byte{0xff, 0xfe, 0, 0}), bytes.Equal(head, []byte{0, 0, 0xfe, 0xff}):
		// UTF-32 has no publisher; what follows is answered as binary.
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		utf16(unicode.LittleEndian, "the text was UTF-16 (little-endian) and was transcoded to UTF-8")
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		utf16(unicode.BigEndian, "the text was UTF-16 (big-endian) and was transcoded to UTF-8")
	}
	return s, nil
}

// BOM is the UTF-8 byte order mark.
const BOM = "\ufeff"

// skippable reports whether the bytes begin a zstd skippable frame.
func skippable(head []byte) bool {
	return len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte{0x2a, 0x4d, 0x18})
}
