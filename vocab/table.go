package vocab

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/go-json-experiment/json"
)

// A table is a file of pages. A page is
//
//	content (4,088 bytes, the last ones filled up with zeros) | checksum (8 bytes)
//
// and the checksum is the xxhash64 of the table's salt (8 bytes), the number of the page and the content, so that a page
// that stands in another place, or comes from another table, is as damaged as one with a flipped bit. Page 0 has the
// salt 0 and is the header:
//
//	"bidfit vocab\n" | the salt (8 bytes) | length (2 bytes) | Header as JSON
//
// A table is written beside its place, synced, and renamed into it: there is the old one or the new one, whole.
const (
	pageSize    = 4096
	contentSize = pageSize - 8
	magic       = "bidfit vocab\n"

	// formatVersion is raised when a table is written in another way. Older tables are imported again.
	formatVersion = 1
)

// Header says what a table is and where it comes from.
type Header struct {
	Format  int    `json:"format"`
	Kind    Kind   `json:"kind"`
	Variant string `json:"variant,omitzero"` // of CPV names: the language
	// Sources are the files the table was read from, the newest last.
	Sources []Source `json:"sources"`
	// Rows counts the entries of the table.
	Rows int `json:"rows"`
	// Bytes is the length of the content after the header page.
	Bytes int64 `json:"bytes"`
	// Places is how many different places the postcodes of a directory lie in.
	Places int `json:"places,omitzero"`
}

// Source is a file that was imported.
type Source struct {
	File string `json:"file"`
	// Edition is the month or year the file is of ("2025-05"), "" where nothing says it.
	Edition string `json:"edition,omitzero"`
	// Imported is the day in London.
	Imported string `json:"imported"`
	// Rows counts the rows that were used.
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// String is "onspd.csv, edition 2025-05, imported 2026-06-24".
func (s Source) String() string {
	edition := ""
	if s.Edition != "" {
		edition = ", edition " + s.Edition
	}
	return s.File + edition + ", imported " + s.Imported
}

// DamagedError is a table that cannot be used. The remedy is to import its file again.
type DamagedError struct {
	File   string
	Reason string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s cannot be used: %s; import it again: bidfit vocab import FILE", e.File, e.Reason)
}

// table is an open table.
type table struct {
	Header
	file  string
	r     io.ReaderAt
	close func() error
	salt  uint64
}

// checksum is that of a page.
func checksum(salt uint64, page int64, content []byte) uint64 {
	var head [16]byte
	binary.LittleEndian.PutUint64(head[:8], salt)
	binary.LittleEndian.PutUint64(head[8:], uint64(page))
	d := xxhash.New()
	d.Write(head[:])
	d.Write(content)
	return d.Sum64()
}

// openTable opens a table and reads its header; fs.ErrNotExist where there is none.
func openTable(file string) (*table, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		var t *table
		if t, err = readTable(file, f, info.Size()); err == nil {
			t.close = f.Close
			return t, nil
		}
	}
	return nil, errors.Join(err, f.Close())
}

// readTable reads the header of a table of some size.
func readTable(file string, r io.ReaderAt, size int64) (*table, error) {
	t := &table{file: file, r: r, close: func() error { return nil }}
	b, err := t.page(0, make([]byte, pageSize))
	if err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(string(b), magic)
	if !ok {
		return nil, t.damaged("it is no table of bidfit")
	}
	t.salt = binary.LittleEndian.Uint64([]byte(rest))
	n := int(binary.LittleEndian.Uint16([]byte(rest[8:])))
	if rest = rest[10:]; n > len(rest) {
		return nil, t.damaged("its header breaks off")
	}
	if err := json.Unmarshal([]byte(rest[:n]), &t.Header); err != nil {
		return nil, t.damaged("its header cannot be read: " + err.Error())
	}
	switch {
	case t.Format != formatVersion:
		return nil, t.damaged(fmt.Sprintf("it was written by another version of bidfit (format %d, here %d)", t.Format, formatVersion))
	case t.Bytes < 0 || t.Bytes > size || size != (1+t.pages())*pageSize:
		return nil, t.damaged(fmt.Sprintf("it is %d bytes long, its header says otherwise", size))
	}
	return t, nil
}

// pages is how many pages follow the header.
func (t *table) pages() int64 { return (t.Bytes + contentSize - 1) / contentSize }

func (t *table) damaged(reason string) error { return &DamagedError{File: t.file, Reason: reason} }

// page reads a page into buf, which has room for one, and gives its content.
func (t *table) page(n int64, buf []byte) ([]byte, error) {
	if got, err := t.r.ReadAt(buf[:pageSize], n*pageSize); got < pageSize {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading %s: %w", t.file, err)
		}
		return nil, t.damaged(fmt.Sprintf("it breaks off in page %d", n))
	}
	content := buf[:contentSize]
	if checksum(t.salt, n, content) != binary.LittleEndian.Uint64(buf[contentSize:pageSize]) {
		return nil, t.damaged(fmt.Sprintf("page %d is damaged", n))
	}
	return content, nil
}

// content reads all that follows the header, page by page.
func (t *table) content() io.Reader { return &contentReader{t: t, next: 1, left: t.Bytes} }

type contentReader struct {
	t    *table
	next int64
	left int64
	buf  [pageSize]byte
	rest []byte
}

func (r *contentReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		b, err := r.t.page(r.next, r.buf[:])
		if err != nil {
			return 0, err
		}
		r.rest = b[:min(int64(len(b)), r.left)]
		r.left -= int64(len(r.rest))
		r.next++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// check reads every page.
func (t *table) check() error {
	_, err := io.Copy(io.Discard, t.content())
	return err
}

// tableWriter writes a table: its content goes through Write.
type tableWriter struct {
	f    *os.File
	salt [8]byte
	page int64
	n    int64 // bytes of content
	buf  []byte
	out  *bufio.Writer
}

// temporary is how the files are called that are not whole yet.
const temporary = ".importing-"

// createTable begins a table in a folder.
func createTable(dir string) (*tableWriter, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return nil, err
	}
	w := &tableWriter{f: f, page: 1, buf: make([]byte, 0, contentSize), out: bufio.NewWriterSize(f, 64<<10)}
	rand.Read(w.salt[:])
	if _, err := f.Seek(pageSize, io.SeekStart); err != nil {
		return nil, errors.Join(err, w.discard())
	}
	return w, nil
}

func (w *tableWriter) Write(p []byte) (int, error) {
	all := len(p)
	for len(p) > 0 {
		n := min(len(p), contentSize-len(w.buf))
		w.buf, p = append(w.buf, p[:n]...), p[n:]
		if len(w.buf) == contentSize {
			if err := w.flush(); err != nil {
				return all - len(p), err
			}
		}
	}
	w.n += int64(all)
	return all, nil
}

// align fills the present page up with zeros, which count as content.
func (w *tableWriter) align() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.Write(make([]byte, contentSize-len(w.buf)))
	return err
}

// flush writes the present page, filled up with zeros.
func (w *tableWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	page := sealed(binary.LittleEndian.Uint64(w.salt[:]), w.page, w.buf)
	w.buf = w.buf[:0]
	w.page++
	_, err := w.out.Write(page)
	return err
}

// sealed is a page with its checksum.
func sealed(salt uint64, n int64, content []byte) []byte {
	page := make([]byte, pageSize)
	copy(page[:contentSize], content)
	binary.LittleEndian.PutUint64(page[contentSize:], checksum(salt, n, page[:contentSize]))
	return page
}

// headerPage is the first page of a table.
func headerPage(h Header, salt [8]byte) ([]byte, error) {
	b, err := json.Marshal(h, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	content := append([]byte(magic), salt[:]...)
	content = binary.LittleEndian.AppendUint16(content, uint16(len(b)))
	if content = append(content, b...); len(content) > contentSize {
		return nil, fmt.Errorf("the names of its files are too long for a header")
	}
	return sealed(0, 0, content), nil
}

// commit writes the header and puts the table into its place.
func (w *tableWriter) commit(file string, h Header) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %s: %w", file, err), w.discard())
		}
	}()
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	h.Format, h.Bytes = formatVersion, w.n
	page, err := headerPage(h, w.salt)
	if err != nil {
		return err
	}
	if _, err := w.f.WriteAt(page, 0); err != nil {
		return err
	}
	if err := errors.Join(w.f.Sync(), w.f.Close()); err != nil {
		return err
	}
	if err := os.Rename(w.f.Name(), file); err != nil {
		return err
	}
	// So that the name outlives a power cut; systems that cannot sync a folder say so with an error that means nothing.
	if d, err := os.Open(filepath.Dir(file)); err == nil {
		d.Sync()
		d.Close()
	}
	return nil
}

// discard throws the table away.
func (w *tableWriter) discard() error {
	w.f.Close()
	if err := os.Remove(w.f.Name()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sweep removes what imports that were killed have left: temporary files of yesterday and before.
func sweep(dir string, now time.Time) {
	left, _ := filepath.Glob(filepath.Join(dir, temporary+"*"))
	for _, file := range left {
		if info, err := os.Stat(file); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			os.Remove(file)
		}
	}
}
