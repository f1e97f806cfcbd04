package ocds

import (
	"bytes"
	"context"
	"io"
)

// window is the part of a text under the eye of the decoder: it can be read
// forward for ever and backward to the mark, and it knows JSON only as far as
// the structure goes (strings, brackets), so that it finds the end of a value
// however broken the inside is.
type window struct {
	ctx  context.Context
	r    io.Reader
	buf  []byte
	pos  int   // next byte in buf
	mark int   // what must be kept begins here; -1: nothing
	base int64 // offset of buf[0] in the text
	err  error // why there is no more: io.EOF, or what went wrong
}

const windowSize = 256 << 10

func newWindow(ctx context.Context, r io.Reader) *window {
	return &window{ctx: ctx, r: r, mark: -1, buf: make([]byte, 0, windowSize)}
}

// offset is how far the text has been read.
func (w *window) offset() int64 { return w.base + int64(w.pos) }

// fill makes room and reads on; false at the end. Indices into buf change.
func (w *window) fill() bool {
	if w.err != nil {
		return false
	}
	if w.err = w.ctx.Err(); w.err != nil {
		return false
	}
	keep := w.pos
	if w.mark >= 0 {
		keep = w.mark
	}
	if keep > 0 && (len(w.buf) == cap(w.buf) || keep == len(w.buf)) {
		n := copy(w.buf, w.buf[keep:])
		w.buf = w.buf[:n]
		w.base += int64(keep)
		w.pos -= keep
		if w.mark >= 0 {
			w.mark = 0
		}
	}
	if len(w.buf) == cap(w.buf) {
		size := 2 * cap(w.buf)
		if cap(w.buf) < maxRelease {
			size = min(size, maxRelease+2*windowSize)
		}
		bigger := make([]byte, len(w.buf), size)
		copy(bigger, w.buf)
		w.buf = bigger
	}
	for range 100 {
		n, err := w.r.Read(w.buf[len(w.buf):cap(w.buf)])
		w.buf = w.buf[:len(w.buf)+n]
		w.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// peek is the next byte; false at the end.
func (w *window) peek() (byte, bool) {
	if w.pos == len(w.buf) && !w.fill() {
		return 0, false
	}
	return w.buf[w.pos], true
}

// kept is what was read since the mark.
func (w *window) kept() []byte { return w.buf[w.mark:w.pos] }

// drop lets go of a buffer that one large release made grow.
func (w *window) drop() {
	w.mark = -1
	if cap(w.buf) > 16*windowSize && len(w.buf)-w.pos < windowSize {
		small := make([]byte, len(w.buf)-w.pos, windowSize)
		copy(small, w.buf[w.pos:])
		w.base += int64(w.pos)
		w.buf, w.pos = small, 0
	}
}

// classes of bytes for the structural scan.
const (
	plain = iota
	quote
	backslash
	newline
	space
	opening
	closing
)

var class = [256]byte{
	'"': quote, '\\': backslash, '\n': newline,
	' ': space, '\t': space, '\r': space,
	'{': opening, '[': opening, '}': closing, ']': closing,
}

// mayOpen are the bytes between which and a quote a name may begin.
var mayOpen = [256]bool{'{': true, ' ': true, '\t': true, '\r': true, '\n': true}

// shape is what the structural scan learned about a value.
type shape struct {
	depth  int    // deepest nesting, the value itself included
	spaced bool   // there is white space between tokens
	broken bool   // another value begins, or the enclosing one ends, in the middle of it
	cut    bool   // the text ends in the middle of it
	large  bool   // it outgrew maxRelease and is no longer kept
	head   []byte // what is still known of it then
}

// limit stops keeping a value that has outgrown the bound.
func (w *window) limit(s *shape) {
	if w.mark >= 0 && w.pos-w.mark > maxRelease {
		s.large, s.head = true, bytes.Clone(w.buf[w.mark:w.mark+maxQuarantine])
		w.drop()
	}
}

// skipSpace moves to the next byte that is not white space, and returns it.
func (w *window) skipSpace(s *shape) (byte, bool) {
	for {
		for w.pos < len(w.buf) {
			c := w.buf[w.pos]
			if k := class[c]; k != space && k != newline {
				return c, true
			}
			s.spaced = true
			w.pos++
		}
		w.limit(s)
		if !w.fill() {
			return 0, false
		}
	}
}

// skipString moves behind the string that begins here. What cannot stand in a
// string, the beginning of a release or a line that begins with an object, says
// that its closing quote is missing: the scan stops there.
func (w *window) skipString(s *shape) bool {
	w.pos++
	for {
		buf, i := w.buf, w.pos
		for i < len(buf) {
			switch class[buf[i]] {
			case quote:
				w.pos = i
				if i > 0 && mayOpen[buf[i-1]] && w.releaseBegins() {
					s.broken = true
					return false
				}
				w.pos++
				return true
			case backslash:
				w.pos = i + 1
				if _, ok := w.peek(); !ok {
					s.cut = true
					return false
				}
				w.pos++
				buf, i = w.buf, w.pos
			case newline:
				w.pos = i
				if w.lineBegins() {
					s.broken = true
					return false
				}
				w.pos++
				buf, i = w.buf, w.pos
			default:
				i++
			}
		}
		w.pos = i
		w.limit(s)
		if !w.fill() {
			s.cut = true
			return false
		}
	}
}

// lineBegins reports whether the line end here is followed at once by the
// beginning of an object, as in JSON Lines.
func (w *window) lineBegins() bool {
	for w.pos+3 > len(w.buf) {
		if !w.fill() {
			return false
		}
	}
	return w.buf[w.pos+1] == '{' && w.buf[w.pos+2] == '"'
}

// releaseBegins reports whether the quote here, which seems to end a string, in
// truth begins the first name of a release: {"ocid". The window then stands on
// its brace.
func (w *window) releaseBegins() bool {
	i := w.pos - 1
	for i > 0 && (class[w.buf[i]] == space || class[w.buf[i]] == newline) {
		i--
	}
	if i < 0 || w.buf[i] != '{' {
		return false
	}
	back := w.pos - i
	for w.pos+6 > len(w.buf) {
		if !w.fill() {
			return false
		}
	}
	if string(w.buf[w.pos:w.pos+6]) != `"ocid"` || w.pos < back {
		return false
	}
	w.pos -= back
	return true
}

// skipNested moves behind the object or array that begins here, at the given
// depth, whatever stands in it. It stops at an object where a name should be:
// there the closing brace of the release before it is missing.
func (w *window) skipNested(s *shape, depth int) bool {
	last := byte(0)       // the last byte that was not white space
	var objects [2]uint64 // bit n: the value open at depth n is an object
	for outer := depth; ; {
		for w.pos < len(w.buf) {
			c := w.buf[w.pos]
			switch class[c] {
			case quote:
				if !w.skipString(s) {
					return false
				}
				last = c
				continue
			case space:
				s.spaced = true
				w.pos++
				continue
			case newline:
				s.spaced = true
				if last != ',' && last != ':' && last != '[' && w.lineBegins() {
					s.broken = true
					return false
				}
				w.pos++
				continue
			case opening:
				object := c == '{'
				if object && last == ',' && depth < 128 && objects[depth/64]>>(depth%64)&1 != 0 {
					s.broken = true
					return false
				}
				depth++
				s.depth = max(s.depth, depth)
				if depth < 128 {
					objects[depth/64] &^= 1 << (depth % 64)
					if object {
						objects[depth/64] |= 1 << (depth % 64)
					}
				}
			case closing:
				depth--
				if depth == outer {
					w.pos++
					return true
				}
			}
			last = c
			w.pos++
		}
		w.limit(s)
		if !w.fill() {
			s.cut = true
			return false
		}
	}
}

// skipScalar moves behind a number, a literal or whatever else stands here
// outside a string, up to the next comma, bracket or line end.
func (w *window) skipScalar(s *shape) bool {
	for {
		for w.pos < len(w.buf) {
			switch c := w.buf[w.pos]; {
			case c == ',' || class[c] == closing || class[c] == opening || class[c] == quote || class[c] == newline:
				return true
			case class[c] == space:
				s.spaced = true
			}
			w.pos++
		}
		w.limit(s)
		if !w.fill() {
			s.cut = true
			return false
		}
	}
}

// skipValue moves behind the value that begins here with c, as the member of an
// object at depth 1.
func (w *window) skipValue(s *shape, c byte) bool {
	switch class[c] {
	case quote:
		return w.skipString(s)
	case opening:
		return w.skipNested(s, 1)
	}
	return w.skipScalar(s)
}
