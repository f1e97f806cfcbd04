package ocds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/unpack"
)

// Item is one thing found in a file: a release, or something that had to be
// left out. One of the two is set.
type Item struct {
	Release  *notice.Release
	Rejected *notice.Rejected
	// Offset is where it begins in the decompressed text.
	Offset int64
}

// ErrNothing says that not one release could be read from a file that should
// have held some.
var ErrNothing = errors.New("no release could be read")

const (
	// maxRelease is the largest release that is read.
	maxRelease = 16 << 20
	// maxQuarantine is how much of a rejected text is kept.
	maxQuarantine = 64 << 10
	// maxEnvelope is the deepest nesting of packages, records and arrays around a release.
	maxEnvelope = 8
)

// Decode reads the releases of a file one after another, in constant memory.
// The text may be release packages, record packages, single or compiled
// releases, arrays of these, Contracts Finder's older results envelope, one
// after another or one a line, as it is or packed with gzip or zstd; the content
// tells, not the name. The name is only for reports.
//
// What cannot be read is an Item with a Rejected, and reading goes on behind
// it. An error ends the sequence: the reader failed, the context was cancelled, or
// the file held nothing readable ([ErrNothing]).
func Decode(ctx context.Context, r io.Reader, file string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		src, err := unpack.Open(r)
		if err != nil {
			yield(Item{}, fmt.Errorf("%s: %w: %w (the file is damaged or incomplete: fetch it again)", file, ErrNothing, err))
			return
		}
		defer src.Close()
		d := decoder{w: newWindow(ctx, src), file: file, yield: yield, note: src.Note}
		d.texts()
		if !d.stopped {
			if err := d.end(src); err != nil {
				yield(Item{}, err)
			}
		}
	}
}

// decoder walks through the envelopes and hands every release to read.
type decoder struct {
	w     *window
	file  string
	yield func(Item, error) bool
	json  reader
	note  string // what was done to the whole text, told with its first release

	stopped   bool // the caller wants no more, or nothing more can come
	envelopes int  // packages, records and arrays seen
	releases  int
	rejected  int
	linked    int   // releases of the present envelope that are only links
	stray     bool  // the last thing seen belonged to nothing
	cut       bool  // the missing end was reported
	again     int64 // bytes read more than once to find the next line
}

// role is what an object is by its place.
type role int

const (
	anything role = iota // a package, a record or a release: its members tell
	record
	release
)

// texts reads the values that follow each other at the top level.
func (d *decoder) texts() {
	for !d.stopped {
		var s shape
		c, ok := d.w.skipSpace(&s)
		if !ok {
			return
		}
		switch c {
		case '{':
			d.object(anything, 0)
		case '[':
			d.array(anything, 0)
		case ',', 0x1e: // an array without its brackets; RFC 7464 record separators
			d.w.pos++
		default:
			d.garbage()
		}
	}
}

// array reads the elements of an array of releases, records or packages.
func (d *decoder) array(of role, depth int) {
	if depth >= maxEnvelope {
		d.tooDeep()
		return
	}
	d.envelopes++
	d.w.pos++
	for !d.stopped {
		var s shape
		c, ok := d.w.skipSpace(&s)
		if !ok {
			d.truncated(d.w.offset(), "", nil)
			return
		}
		switch c {
		case ']':
			d.w.pos++
			return
		case ',':
			d.w.pos++
		case '{':
			d.object(of, depth+1)
		case '[':
			d.array(of, depth+1)
		default:
			d.notObject()
		}
	}
}

// object reads an object: its members tell whether it is an envelope, whose
// arrays are entered at once, or a release, which is kept whole.
func (d *decoder) object(is role, depth int) {
	var (
		w        = d.w
		s        = shape{depth: 1}
		start    = w.offset()
		envelope = false
		rec      = envelopeParts{start: start}
		before   = d.releases
	)
	w.mark = w.pos
	w.pos++
	if is != release {
		d.linked = 0
	}
members:
	for {
		c, ok := w.skipSpace(&s)
		switch {
		case !ok:
			s.cut = true
			break members
		case c == '}':
			w.pos++
			break members
		case c == ']' && depth > 0, c == '{':
			s.broken = true
			break members
		case c != '"':
			w.pos++ // a comma, or something for the release's own reading to answer
			continue
		}
		if envelope {
			w.mark = w.pos
		}
		from := w.offset()
		if !w.skipString(&s) {
			break
		}
		name := ""
		if i := int(from - w.base); i >= 0 && w.pos-i < 32 {
			name = string(w.buf[i:w.pos])
		}
		if c, ok = w.skipSpace(&s); ok && c == ':' {
			w.pos++
			c, ok = w.skipSpace(&s)
		}
		if !ok {
			s.cut = true
			break
		}
		if inner, found := enters(is, name, c); found {
			if !envelope {
				envelope = true
				d.envelopes++
				if w.mark >= 0 {
					rec.ocid = glimpse(w.kept())
				}
			}
			w.drop()
			switch {
			case name == `"compiledRelease"`:
				rec.compiled = d.keep(&s)
			case name == `"versionedRelease"`:
				rec.versioned = true
				w.skipNested(&s, 1)
			default:
				d.array(inner, depth+1)
			}
			if d.stopped || s.cut || s.broken {
				break
			}
			continue
		}
		if envelope {
			w.drop()
		}
		if !w.skipValue(&s, c) {
			break
		}
	}
	switch {
	case d.stopped:
	case !envelope:
		d.release(&s, is, start, depth == 0)
	default:
		w.drop()
		d.closeEnvelope(&s, &rec, d.releases > before)
	}
	w.drop()
}

// enters tells the members of an envelope that lead to releases.
func enters(is role, name string, c byte) (role, bool) {
	if is == release {
		return 0, false
	}
	switch {
	case c == '[' && name == `"releases"`:
		return release, true
	case c == '[' && name == `"records"`:
		return record, true
	case c == '[' && name == `"results"`:
		return anything, true
	case c == '{' && (name == `"compiledRelease"` || name == `"versionedRelease"`):
		return release, true
	}
	return 0, false
}

// keep reads the object that begins here and copies it; nil if it is too large or broken.
func (d *decoder) keep(s *shape) []byte {
	d.w.mark = d.w.pos
	start, inner := d.w.offset(), shape{}
	whole := d.w.skipNested(&inner, 0)
	s.cut, s.broken = inner.cut, inner.broken
	if inner.large {
		d.reject(start, glimpse(inner.head), "too-large", tooLarge, inner.head)
	}
	if !whole || inner.large || inner.depth > maxDepth {
		return nil
	}
	kept := bytes.Clone(d.w.kept())
	d.w.drop()
	return kept
}

// envelopeParts is what is remembered of a package or record while its releases
// are read.
type envelopeParts struct {
	start     int64
	ocid      string
	compiled  []byte // the compiledRelease of a record
	versioned bool   // it has a versionedRelease
}

// closeEnvelope ends a package or a record. A record without embedded releases
// is known by its compiled release.
func (d *decoder) closeEnvelope(s *shape, e *envelopeParts, embedded bool) {
	linked := d.linked
	d.linked = 0
	switch {
	case s.cut:
		d.truncated(e.start, e.ocid, nil)
	case s.broken:
		d.reject(e.start, e.ocid, "invalid-json", "the package or record breaks off: fetch it again (the releases before the break are kept)", nil)
	}
	switch {
	case embedded: // the record says more than its links and its summary
	case e.compiled != nil:
		r, fault := d.json.read(e.compiled, true)
		if fault != nil {
			d.reject(e.start, fault.ocid, fault.code, fault.reason, e.compiled)
			return
		}
		if linked > 0 {
			r.Issues = append(r.Issues, notice.Issue{Code: "linked-releases", At: notice.Path{Release: r.Identity()},
				Message: fmt.Sprintf("the record links to %d releases without holding them: its compiled release stands for them", linked)})
		}
		d.emit(r, e.start)
	case linked > 0:
		d.reject(e.start, e.ocid, "linked-releases",
			fmt.Sprintf("%d releases are only linked to, not held in the file: fetch them from their addresses and read those files", linked), nil)
	case e.versioned:
		d.reject(e.start, e.ocid, "versioned-only", "the record holds only a versioned release: publish or fetch it with its releases or its compiled release", nil)
	}
}

// release reads the object since the mark, which is a release or should be one.
func (d *decoder) release(s *shape, is role, start int64, top bool) {
	w := d.w
	if s.large {
		d.reject(start, glimpse(s.head), "too-large", tooLarge, s.head)
		return
	}
	raw := w.kept()
	switch {
	case s.depth > maxDepth:
		d.reject(start, glimpse(raw), "too-deep", fmt.Sprintf("it is nested deeper than %d levels: no OCDS release is", maxDepth), raw)
	case s.broken && top && d.nextLine(raw, start):
	case s.broken:
		d.reject(start, glimpse(raw), "invalid-json", "the JSON breaks off here and another value begins: fetch the notice again", raw)
	case s.cut && !(top && d.nextLine(raw, start)):
		d.truncated(start, glimpse(raw), raw)
	case s.cut:
	default:
		r, fault := d.json.read(raw, s.spaced)
		switch {
		case fault == nil && is == record:
			d.reject(start, r.OCID, "empty-record", "the record holds neither releases nor a compiled release: fetch it again", raw)
		case fault == nil:
			d.emit(r, start)
		case fault.code == "linked-release" && is == release:
			d.linked++ // answered at the end of the record
		case fault.code == "empty-package" && is == anything:
			d.envelopes++
		case fault.code == "invalid-json" && top && d.nextLine(raw, start):
		default:
			d.reject(start, fault.ocid, fault.code, fault.reason, raw)
		}
	}
}

// nextLine goes back to the first line in raw that begins with an object, and
// rejects what stands before it. It gives up where broken lines have been read
// too often: reading stays linear.
func (d *decoder) nextLine(raw []byte, start int64) bool {
	n := bytes.Index(raw, []byte("\n{"))
	rest := int64(len(raw) - n)
	if n < 0 || d.again+rest > 4*d.w.offset()+maxRelease {
		return false
	}
	d.again += rest
	d.reject(start, glimpse(raw[:n]), "invalid-json", "the line is broken off: fetch the notice again", raw[:n])
	d.w.pos = d.w.mark + n
	return true
}

// garbage answers what is not JSON at the top level, up to the next line that
// begins with an object or an array.
func (d *decoder) garbage() {
	w, s, start := d.w, shape{}, d.w.offset()
	w.mark = w.pos
	for len(w.buf)-w.pos < 4<<10 && w.fill() {
	}
	if bytes.HasPrefix(w.buf[w.pos:], []byte(unpack.BOM)) { // files put together with their marks
		w.pos += len(unpack.BOM)
		w.drop()
		return
	}
	head := w.buf[w.pos:min(len(w.buf), w.pos+4<<10)]
	code, reason := guess(head)
	first := d.envelopes+d.releases+d.rejected == 0
	if first && code != "not-json" {
		d.reject(start, "", code, reason, head)
		if d.stopped {
			return
		}
		d.stopped = true
		d.yield(Item{}, fmt.Errorf("%s: %w: %s", d.file, ErrNothing, reason))
		return
	}
	for {
		i := bytes.IndexByte(w.buf[w.pos:], '\n')
		if i < 0 {
			w.pos = len(w.buf)
			w.limit(&s)
			if !w.fill() {
				break
			}
			continue
		}
		w.pos += i + 1
		if c, ok := w.peek(); ok && (c == '{' || c == '[') {
			break
		}
		w.limit(&s)
	}
	raw := s.head
	if !s.large {
		raw = w.kept()
	}
	d.reject(start, "", "not-json", reason, raw)
	w.drop()
}

// notObject answers what stands in an array of releases and is no object: once
// for all that follow each other.
func (d *decoder) notObject() {
	w, s, start := d.w, shape{}, d.w.offset()
	w.mark = w.pos
	c := w.buf[w.pos]
	if class[c] == closing {
		w.pos++ // a brace too many
	} else {
		w.skipValue(&s, c)
	}
	if !d.stray {
		d.stray = true
		raw := s.head
		if !s.large {
			raw = w.kept()
		}
		d.emitRejected(start, "", "not-a-release", "a release is a JSON object, and this is none", raw)
	}
	w.drop()
}

// tooDeep skips an array nested deeper than any envelope.
func (d *decoder) tooDeep() {
	start, s := d.w.offset(), shape{}
	d.w.drop()
	d.w.skipNested(&s, 0)
	if s.cut {
		d.cut = true
	}
	d.reject(start, "", "too-deep", fmt.Sprintf("arrays are nested deeper than %d levels: these are no releases", maxEnvelope), nil)
}

// truncated reports the missing end of the text, once.
func (d *decoder) truncated(at int64, ocid string, raw []byte) {
	if d.cut || d.w.ctx.Err() != nil {
		return
	}
	d.cut = true
	d.reject(at, ocid, "truncated", "the file ends in the middle of this: fetch it again (the releases before it are kept)", raw)
}

// end answers how the text ended: an error if nothing could be read or the
// reader failed.
func (d *decoder) end(src *unpack.Text) error {
	err := d.w.err
	switch {
	case d.w.ctx.Err() != nil:
		return fmt.Errorf("read %s: %w", d.file, d.w.ctx.Err())
	case src.Err() != nil:
		return fmt.Errorf("read %s: %w", d.file, src.Err())
	case err == io.EOF:
	case errors.Is(err, io.ErrUnexpectedEOF):
		d.truncated(d.w.offset(), "", nil)
	case err != nil && !d.stopped:
		d.reject(d.w.offset(), "", "damaged-archive",
			fmt.Sprintf("the %s archive is damaged here (%v): fetch it again (the releases before it are kept)", src.Packed, err), nil)
	}
	switch {
	case d.releases > 0:
		return nil
	case d.rejected > 0:
		return fmt.Errorf("%s: %w: all %d pieces were rejected, the reasons stand with them", d.file, ErrNothing, d.rejected)
	case d.envelopes > 0:
		return nil // an honest answer: no releases
	}
	return fmt.Errorf("%s: %w: the file is empty", d.file, ErrNothing)
}

func (d *decoder) emit(r *notice.Release, at int64) {
	if d.stopped {
		return
	}
	if d.note != "" {
		r.Issues = append(r.Issues, notice.Issue{Code: "encoding", At: notice.Path{Release: r.Identity()}, Message: d.note})
		d.note = ""
	}
	d.releases++
	d.stray = false
	d.stopped = !d.yield(Item{Release: r, Offset: at}, nil)
}

func (d *decoder) reject(at int64, ocid, code, reason string, raw []byte) {
	d.stray = false
	d.emitRejected(at, ocid, code, reason, raw)
}

func (d *decoder) emitRejected(at int64, ocid, code, reason string, raw []byte) {
	if d.stopped {
		return
	}
	d.rejected++
	d.stopped = !d.yield(Item{Offset: at, Rejected: &notice.Rejected{
		File: d.file, Offset: at, OCID: ocid, Code: code, Reason: reason,
		Raw: bytes.Clone(raw[:min(len(raw), maxQuarantine)]),
	}}, nil)
}

// glimpse looks for an OCID in a text that cannot be read as JSON.
func glimpse(raw []byte) string {
	_, after, found := bytes.Cut(raw, []byte(`"ocid"`))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, " \t\r\n:")
	if len(after) == 0 || after[0] != '"' {
		return ""
	}
	end := bytes.IndexByte(after[1:min(len(after), maxOCID+2)], '"')
	if end < 0 || !utf8.Valid(after[1:1+end]) || bytes.ContainsAny(after[1:1+end], "\\\n{") {
		return ""
	}
	return string(bytes.TrimSpace(after[1 : 1+end]))
}
