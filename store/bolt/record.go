package bolt

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"

	"bidfit/pursuit"
	"bidfit/store"
)

// A value is written as
//
//	checksum (8 bytes, xxhash64) | form (1 byte) | body
//
// The checksum is of bucket name, key, form and body, so that a value that got under another key is as
// damaged as one with a flipped bit. The body, plain or zstd by its form, is a header and what follows it:
//
//	length of the header (uvarint) | header (JSON) | raw bytes (a release's own JSON; mostly none)
const (
	formPlain = 0
	formZstd  = 1

	prefixSize = 9
	// smallest is the size from which compressing pays.
	smallest = 256
	// largest bounds what a body may decompress to.
	largest = 1 << 30
)

var errGone = errors.New("it is not there")

type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec() (*codec, error) {
	n := runtime.GOMAXPROCS(0)
	// The values carry a checksum already. The next level takes a fifth longer and saves half a percent.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(n), zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<20),
		zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(n), zstd.WithDecoderMaxMemory(largest))
	if err != nil {
		return nil, err
	}
	return &codec{enc, dec}, nil
}

// encode writes header and raw bytes as a body, not yet compressed.
func encode(header any, raw []byte) ([]byte, error) {
	// Text that is not UTF-8 (a file's name, say) is kept with U+FFFD rather than refused.
	h, err := json.Marshal(header, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, err
	}
	body := make([]byte, 0, binary.MaxVarintLen64+len(h)+len(raw))
	body = binary.AppendUvarint(body, uint64(len(h)))
	body = append(body, h...)
	return append(body, raw...), nil
}

// decode reads a body's header and returns the raw bytes after it.
func decode(body []byte, header any) ([]byte, error) {
	n, size := binary.Uvarint(body)
	if size <= 0 || n > uint64(len(body)-size) {
		return nil, errors.New("the length of its header is wrong")
	}
	body = body[size:]
	if err := json.Unmarshal(body[:n], header); err != nil {
		return nil, err
	}
	return body[n:], nil
}

// pack makes a value of a body; its checksum is still to come.
func (c *codec) pack(body []byte) ([]byte, error) {
	if len(body) > largest {
		return nil, fmt.Errorf("%d bytes are too large to store", len(body))
	}
	value := make([]byte, prefixSize, prefixSize+len(body)/2)
	if len(body) < smallest {
		value[8] = formPlain
		return append(value, body...), nil
	}
	value[8] = formZstd
	return c.enc.EncodeAll(body, value), nil
}

// unpack checks a value and gives its body, which may share the value's memory.
func (c *codec) unpack(b bucket, key, value []byte) ([]byte, error) {
	body, err := c.body(b, key, value)
	if err != nil {
		return nil, &store.CorruptError{Where: where(b, key), Err: err}
	}
	return body, nil
}

func (c *codec) body(b bucket, key, value []byte) ([]byte, error) {
	if value == nil {
		return nil, errGone
	}
	if len(value) < prefixSize {
		return nil, fmt.Errorf("%d bytes are too few for a record", len(value))
	}
	if binary.BigEndian.Uint64(value) != checksum(b, key, value) {
		return nil, errors.New("its checksum is wrong")
	}
	switch form := value[8]; form {
	case formPlain:
		return value[prefixSize:], nil
	case formZstd:
		return c.dec.DecodeAll(value[prefixSize:], nil)
	default:
		return nil, fmt.Errorf("its form %d is unknown", form)
	}
}

// unmarshal checks a value and reads its header; the raw bytes after it may share the value's memory.
func (c *codec) unmarshal(b bucket, key, value []byte, header any) ([]byte, error) {
	body, err := c.unpack(b, key, value)
	if err != nil {
		return nil, err
	}
	raw, err := decode(body, header)
	if err != nil {
		return nil, &store.CorruptError{Where: where(b, key), Err: err}
	}
	return raw, nil
}

// seal writes the checksum of a packed value.
func seal(b bucket, key, value []byte) {
	binary.BigEndian.PutUint64(value, checksum(b, key, value))
}

func checksum(b bucket, key, value []byte) uint64 {
	var d xxhash.Digest
	d.Reset()
	d.WriteString(string(b))
	d.Write(key)
	d.Write(value[8:])
	return d.Sum64()
}

// numberKey is a number as a key.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// keyNumber is the number a key ends with.
func keyNumber(key []byte) (uint64, bool) {
	if len(key) < 8 {
		return 0, false
	}
	return binary.BigEndian.Uint64(key[len(key)-8:]), true
}

// nameKey is a key, or the beginning of one, made of names.
func nameKey(names ...string) []byte {
	var key []byte
	for _, name := range names {
		if len(name) < 255 {
			key = append(append(key, byte(len(name))), name...)
		} else {
			sum := sha256.Sum256([]byte(name))
			key = append(append(key, 255), sum[:]...)
		}
	}
	return key
}

// where names a record for a person: "release 12", "ocid ocds-h6vhtk-06bae5".
func where(b bucket, key []byte) string {
	var words strings.Builder
	words.WriteString(string(b))
	if b == bucketMeta {
		return words.String() + " " + string(key)
	}
	if b == bucketKnown {
		return fmt.Sprintf("%s %.32x", b, key)
	}
	names, kind := 0, "" // of a record the second name
	for len(key) > 0 {
		n := int(key[0])
		switch {
		case len(key) == 8 && key[0] == 0: // a number, at the end
			n, _ := keyNumber(key)
			fmt.Fprintf(&words, " %d", n)
			return words.String()
		case b == bucketRecord && names == 3 && pursuit.Kind(kind).Quiet():
			return words.String() + " " + printable(key)
		case n < 255 && n < len(key):
			if names++; names == 2 {
				kind = string(key[1 : 1+n])
			}
			fmt.Fprintf(&words, " %s", printable(key[1:1+n]))
			key = key[1+n:]
		default:
			fmt.Fprintf(&words, " %.32x", key)
			return words.String()
		}
	}
	return words.String()
}

// printable keeps a damaged key from upsetting a terminal.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(string(b), "?"))
}
