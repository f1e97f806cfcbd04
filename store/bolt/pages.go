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
// program dies, a page listed as free while in use is written over. So before the first transaction the
// tree is looked at from outside: each page must be led to once, lie in the file and not be free. Only branch
// pages are read, about one in a hundred.
//
// The file is a row of pages; a page is
//
//	id u64 | kind u16 | count u16 | overflow u32 (further pages it fills) | elements
//	branch element: position u32 | key size u32 | page u64
//	leaf element:   flags u32 (1: a bucket) | position u32 | key size u32 | value size u32
//	bucket value:   root page u64 (0: the bucket stands right here) | sequence u64
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
	w := &pageWalk{f: f, size: m.pageSize, end: m.pages, seen: make(map[uint64]struct{})}
	if m.freelist != noFreelist {
		if err := w.free(m.freelist); err != nil {
			return fmt.Errorf("free list: %w", err)
		}
	}
	roots, err := w.walk(m.root, true)
	for i := 0; err == nil && i < len(roots); i++ {
		_, err = w.walk(roots[i], false)
	}
	return err
}

type pageWalk struct {
	f    io.ReaderAt
	size int
	end  uint64 // number of pages
	seen map[uint64]struct{}
}

// visit notes that something leads to a page.
func (w *pageWalk) visit(id uint64) error {
	if id < 2 || id >= w.end {
		return fmt.Errorf("page %d lies outside the file's pages 2 to %d", id, w.end-1)
	}
	if _, ok := w.seen[id]; ok {
		return fmt.Errorf("page %d is used twice", id)
	}
	w.seen[id] = struct{}{}
	return nil
}

// page reads a page of one of the kinds, with all it overflows into.
func (w *pageWalk) page(id uint64, kinds ...uint16) (kind uint16, count int, b []byte, err error) {
	h := make([]byte, pageHeader)
	if _, err := w.f.ReadAt(h, int64(id)*int64(w.size)); err != nil {
		return 0, 0, nil, fmt.Errorf("page %d: %w", id, err)
	}
	kind, count = native.Uint16(h[8:]), int(native.Uint16(h[10:]))
	overflow := uint64(native.Uint32(h[12:]))
	if native.Uint64(h) != id || !slices.Contains(kinds, kind) || id+overflow >= w.end {
		return 0, 0, nil, fmt.Errorf("page %d is damaged", id)
	}
	b = make([]byte, (1+int(overflow))*w.size)
	if _, err := w.f.ReadAt(b, int64(id)*int64(w.size)); err != nil {
		return 0, 0, nil, fmt.Errorf("page %d: %w", id, err)
	}
	b = b[pageHeader:]
	if kind != kindFreelist && count*elementSize > len(b) {
		return 0, 0, nil, fmt.Errorf("page %d is damaged", id)
	}
	return kind, count, b, nil
}

// free visits the pages of the free list and those it lists.
func (w *pageWalk) free(id uint64) error {
	if err := w.visit(id); err != nil {
		return err
	}
	_, count, b, err := w.page(id, kindFreelist)
	if err != nil {
		return err
	}
	for i := 1; i < (pageHeader+len(b))/w.size; i++ {
		if err := w.visit(id + uint64(i)); err != nil {
			return err
		}
	}
	if count == 0xffff {
		n := native.Uint64(b)
		b = b[8:]
		if n > uint64(len(b)/8) {
			return fmt.Errorf("page %d is damaged", id)
		}
		count = int(n)
	}
	if count*8 > len(b) {
		return fmt.Errorf("page %d is damaged", id)
	}
	for i := range count {
		if err := w.visit(native.Uint64(b[8*i:])); err != nil {
			return err
		}
	}
	return nil
}

// walk visits a tree, and lists the root pages of the buckets in its leaves where it is to read them.
// All leaves of a bbolt tree lie equally deep, so that one child tells what all of them are.
func (w *pageWalk) walk(id uint64, leaves bool) (roots []uint64, err error) {
	if err := w.visit(id); err != nil {
		return nil, err
	}
	kind, count, b, err := w.page(id, kindBranch, kindLeaf)
	if err != nil {
		return nil, err
	}
	if kind == kindLeaf {
		if leaves {
			return w.buckets(id, count, b)
		}
		return nil, nil
	}
	descend := leaves
	for i := range count {
		e := b[elementSize*i:]
		if uint64(native.Uint32(e))+uint64(native.Uint32(e[4:])) > uint64(len(e)) {
			return nil, fmt.Errorf("page %d is damaged", id)
		}
		child := native.Uint64(e[8:])
		if i == 0 && !descend && child < w.end {
			if descend, err = w.isBranch(child); err != nil {
				return nil, err
			}
		}
		if !descend {
			if err := w.visit(child); err != nil {
				return nil, err
			}
			continue
		}
		more, err := w.walk(child, leaves)
		if err != nil {
			return nil, err
		}
		roots = append(roots, more...)
	}
	return roots, nil
}

func (w *pageWalk) isBranch(id uint64) (bool, error) {
	h := make([]byte, pageHeader)
	if _, err := w.f.ReadAt(h, int64(id)*int64(w.size)); err != nil {
		return false, fmt.Errorf("page %d: %w", id, err)
	}
	return native.Uint16(h[8:]) == kindBranch, nil
}

// buckets lists the root pages of the buckets on a leaf page.
func (w *pageWalk) buckets(id uint64, count int, b []byte) (roots []uint64, err error) {
	for i := range count {
		e := b[elementSize*i:]
		if native.Uint32(e)&1 == 0 {
			continue
		}
		value := uint64(native.Uint32(e[4:])) + uint64(native.Uint32(e[8:]))
		if native.Uint32(e[12:]) < 16 || value+16 > uint64(len(e)) {
			return nil, fmt.Errorf("page %d is damaged", id)
		}
		if root := native.Uint64(e[value:]); root != 0 {
			roots = append(roots, root)
		}
	}
	return roots, nil
}
