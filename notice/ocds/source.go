package ocds

import (
	"bytes"
	"unicode/utf8"
)

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
