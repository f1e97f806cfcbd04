package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
)

// bbolt trusts the pages of its file: a branch page that leads back to itself makes it recurse until the
// program dies, a page that claims to be longer than it is has its neighbours freed and written over, an element
// that claims so is read from who knows where. So before the first transaction the tree is looked at from outside:
// each page must be led to once, lie in the file, not be free, and hold what it says. What the
// records say is not looked at: they have checksums.
//
// The file is a row of pages; a page is
//
//	id u64 | kind u16 | count u16 | overflow u32 (further pages it fills) | elements
//	branch element: position u32 | key size u32 | page u64
//	leaf element:   flags u32 (1: a bucket) | position u32 | key size u32 | value size u32
//	bucket value:   root page u64 (0: its only page follows) | sequence u64
//	free list:      page u64 …; where count is 0xffff the first says how many
//
// and pages 0 and 1 are two metas, written in turn, of which the newer valid one counts:
//
//	magic u32 | version u32 | page size u32 | flags u32 | root bucket (16 bytes) | free list u64 | pages u64 | transaction u64 | FNV-1a u64
const (
	pageHeader  = 16
	elementSize = 16
	metaSize    = 64

	kindBranch   = 1
	kindLeaf     = 2
	kindFreelist = 16

	smallestPage = 1 << 10
	largestPage  = 1 << 24

	noFreelist = ^uint64(0)
	metaMagic  = 0xED0CDAED
)

var native = binary.NativeEndian

type meta struct {
	pageSize                           int
	root, freelist, pages, transaction uint64
}

// readMeta reads the meta on the page that begins at an offset; ok is false where it is damaged, or none.
func readMeta(f io.ReaderAt, offset int64) (m meta, ok bool) {
	b := make([]byte, metaSize)
	if _, err := f.ReadAt(b, offset+pageHeader); err != nil {
		return m, false
	}
	h := fnv.New64a()
	h.Write(b[:metaSize-8])
	if native.Uint32(b) != metaMagic || native.Uint64(b[metaSize-8:]) != h.Sum64() {
		return m, false
	}
	m = meta{int(native.Uint32(b[8:])), native.Uint64(b[16:]), native.Uint64(b[32:]), native.Uint64(b[40:]), native.Uint64(b[48:])}
	return m, m.pageSize >= smallestPage && m.pageSize <= largestPage
}

// newestMeta is the meta that counts, and whether both are valid.
func newestMeta(f io.ReaderAt) (m meta, both bool, err error) {
	m, first := readMeta(f, 0)
	for size := smallestPage; size <= largestPage; size *= 2 {
		second, ok := readMeta(f, int64(size))
		if !ok || second.pageSize != size {
			continue
		}
		if !first || second.transaction > m.transaction {
			m = second
		}
		return m, first, nil
	}
	if !first {
		return m, false, errors.New("both of its first pages are damaged")
	}
	return m, false, nil
}

// checkPages looks at the tree of a file of so many bytes.
func checkPages(f io.ReaderAt, size int64) error {
	m, _, err := newestMeta(f)
	if err != nil {
		return err
	}
	if has := uint64(size) / uint64(m.pageSize); m.pages > has {
		return fmt.Errorf("the file is cut short: it has %d pages of %d", has, m.pages)
	}
	w := &pageWalk{f: f, size: m.pageSize, end: m.pages, seen: make([]bool, m.pages)}
	if m.freelist != noFreelist {
		if err := w.free(m.freelist); err != nil {
			return fmt.Errorf("free list: %w", err)
		}
	}
	var roots []uint64
	if err := w.walk(m.root, &roots); err != nil {
		return err
	}
	for _, root := range roots {
		if err := w.walk(root, nil); err != nil {
			return err
		}
	}
	return nil
}

type pageWalk struct {
	f    io.ReaderAt
	size int
	end  uint64 // number of pages
	seen []bool // pages that something leads to
}

// visit notes that something leads to a page.
func (w *pageWalk) visit(id uint64) error {
	if id < 2 || id >= w.end {
		return fmt.Errorf("page %d lies outside the file's pages 2 to %d", id, w.end-1)
	}
	if w.seen[id] {
		return fmt.Errorf("page %d is used twice", id)
	}
	w.seen[id] = true
	return nil
}

// page visits a page of one of the kinds and those it overflows into, and reads its header and elements. length is
// that of all of it.
func (w *pageWalk) page(id uint64, kinds ...uint16) (kind uint16, elements []byte, length uint64, err error) {
	if err := w.visit(id); err != nil {
		return 0, nil, 0, err
	}
	b := make([]byte, w.size)
	if _, err := w.f.ReadAt(b, int64(id)*int64(w.size)); err != nil {
		return 0, nil, 0, fmt.Errorf("page %d: %w", id, err)
	}
	kind, count, overflow := native.Uint16(b[8:]), uint64(native.Uint16(b[10:])), uint64(native.Uint32(b[12:]))
	if native.Uint64(b) != id || !slices.Contains(kinds, kind) || overflow >= w.end-id {
		return 0, nil, 0, fmt.Errorf("page %d is damaged", id)
	}
	for i := range overflow {
		if err := w.visit(id + 1 + i); err != nil {
			return 0, nil, 0, err
		}
	}
	length = (1 + overflow) * uint64(w.size)
	width := uint64(elementSize)
	if kind == kindFreelist {
		width = 8
		if count == 0xffff {
			count = 1 + native.Uint64(b[pageHeader:])
		}
	}
	if count > (length-pageHeader)/width {
		return 0, nil, 0, fmt.Errorf("page %d is damaged", id)
	}
	end := pageHeader + count*width
	if end > uint64(len(b)) {
		b = make([]byte, end)
		if _, err := w.f.ReadAt(b, int64(id)*int64(w.size)); err != nil {
			return 0, nil, 0, fmt.Errorf("page %d: %w", id, err)
		}
	}
	elements = b[pageHeader:end]
	if kind == kindFreelist && native.Uint16(b[10:]) == 0xffff {
		elements = elements[8:]
	}
	return kind, elements, length, nil
}

// free visits the pages of the free list and those it lists.
func (w *pageWalk) free(id uint64) error {
	_, ids, _, err := w.page(id, kindFreelist)
	for ; err == nil && len(ids) > 0; ids = ids[8:] {
		err = w.visit(native.Uint64(ids))
	}
	return err
}

// walk visits a tree. Where roots is not nil, it adds to it the root pages of the buckets in the leaves.
func (w *pageWalk) walk(id uint64, roots *[]uint64) error {
	kind, elements, length, err := w.page(id, kindBranch, kindLeaf)
	if err != nil {
		return err
	}
	for at := uint64(pageHeader); len(elements) > 0; at, elements = at+elementSize, elements[elementSize:] {
		if kind == kindBranch {
			if at+uint64(native.Uint32(elements))+uint64(native.Uint32(elements[4:])) > length {
				return fmt.Errorf("page %d is damaged", id)
			}
			if err := w.walk(native.Uint64(elements[8:]), roots); err != nil {
				return err
			}
			continue
		}
		value := at + uint64(native.Uint32(elements[4:])) + uint64(native.Uint32(elements[8:]))
		size := uint64(native.Uint32(elements[12:]))
		bucket := native.Uint32(elements)&1 != 0
		if value+size > length || bucket && (roots == nil || size < 16) {
			return fmt.Errorf("page %d is damaged", id)
		}
		if bucket {
			b := make([]byte, size)
			if _, err := w.f.ReadAt(b, int64(id)*int64(w.size)+int64(value)); err != nil {
				return fmt.Errorf("page %d: %w", id, err)
			}
			if root := native.Uint64(b); root != 0 {
				*roots = append(*roots, root)
			} else if !soundLeaf(b[16:]) {
				return fmt.Errorf("page %d is damaged", id)
			}
		}
	}
	return nil
}

// soundLeaf reports whether a small bucket, which stands where its root would be named, holds what it says.
func soundLeaf(page []byte) bool {
	if len(page) < pageHeader || native.Uint16(page[8:]) != kindLeaf {
		return false
	}
	count := int(native.Uint16(page[10:]))
	if count > (len(page)-pageHeader)/elementSize {
		return false
	}
	for i := range count {
		e := page[pageHeader+elementSize*i:]
		if uint64(native.Uint32(e[4:]))+uint64(native.Uint32(e[8:]))+uint64(native.Uint32(e[12:])) > uint64(len(e)) || native.Uint32(e)&1 != 0 {
			return false
		}
	}
	return true
}
