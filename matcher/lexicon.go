package matcher

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// Lexicon is what stored notices teach about words: how telling each is, and
// under which CPV classes the notices that use it are filed. It is learned from notices and
// the names of CPV alone, never from profiles or ratings. A Lexicon does not
// change and may be used by many at once.
type Lexicon struct {
	notices int         // notices it was learned from
	texts   int         // those and names of codes
	entries []entry     // in order of stem
	codes   []codeCount // in order of code
	names   cpv.Names   // what publishers call the codes that have no official name here
	index   map[termID]int32
	filed   map[cpv.Code]int
	version string
}

// codeCount is how many notices and names are filed under a code or below it.
type codeCount struct {
	code  cpv.Code
	texts int
}

// entry is one stem of a lexicon.
type entry struct {
	stem    string
	texts   int    // how many notices and names use it
	classes []near // where those are filed, in order of class; weights in 4096ths
}

const (
	// inHeading and inProse are what a stem counts for the classes of a notice that uses it
	// in a title, and elsewhere. Both can be divided by most numbers of classes.
	inHeading = 84_000
	inProse   = 33_600
	// caution is how many headings of nothing a stem starts with, so that what
	// was seen once or twice is not taken for a law.
	caution = 2 * inHeading
	// whole is the weight of a class in which all uses of a stem are filed.
	whole = 4096
	// mostClasses is how many classes of a stem are kept.
	mostClasses = 12
	// longestName is the longest name of a code that is learned, in bytes; the longest official one has 138 letters.
	longestName = 256
	// crowd is how many notices make a stem that only one of them uses not worth keeping.
	crowd = 10_000
)

// NewLexicon knows the names of CPV and nothing else: an empty store is not blind.
func NewLexicon() *Lexicon { return Learn(func(func(*notice.Notice) bool) {}) }

// Learn makes a lexicon of notices, in whatever order they come.
func Learn(notices iter.Seq[*notice.Notice]) *Lexicon {
	s := &study{stems: map[string]*lesson{}, codes: map[cpv.Code]int{}, names: map[cpv.Code]map[string]int{}}
	for _, c := range cpv.Codes() {
		if name, of := c.Name(); of == c {
			s.read([]string{name}, nil, []cpv.Code{c})
		}
	}
	for n := range notices {
		var headings, prose []string
		var codes []cpv.Code
		headings = append(headings, n.Title.Value)
		prose = append(prose, n.Description.Value)
		for _, t := range n.Texts {
			prose = append(prose, t.Value)
		}
		for i := range n.Lots {
			l := &n.Lots[i]
			headings = append(headings, l.Title.Value)
			prose = append(prose, l.Description.Value)
			for _, t := range l.Items {
				prose = append(prose, t.Value)
			}
			for _, c := range l.CPV {
				codes = append(codes, c.Value.Code)
				s.name(c.Value)
			}
		}
		s.notices++
		s.read(headings, prose, codes)
	}
	learned := s.learnedNames()
	for c, name := range learned {
		s.read([]string{name}, nil, []cpv.Code{c})
	}
	l := s.lexicon()
	l.names = learned
	l.finish(l.Encode())
	return l
}

// name counts what a publisher calls a code that has no name of its own here.
func (s *study) name(c notice.Classification) {
	name := strings.Join(strings.Fields(words.Plain(c.Description.Value)), " ")
	if _, of := c.Code.Name(); of == c.Code || name == "" || len(name) > longestName || !c.Code.Known() {
		return
	}
	if s.names[c.Code] == nil {
		s.names[c.Code] = map[string]int{}
	}
	s.names[c.Code][name]++
}

// learnedNames are the names most publishers use; of equals the first in order of letters.
func (s *study) learnedNames() cpv.Names {
	learned := make(cpv.Names, len(s.names))
	for c, counts := range s.names {
		most := 0
		for name, n := range counts {
			if n > most || n == most && name < learned[c] {
				most, learned[c] = n, name
			}
		}
	}
	return learned
}

// study is a lexicon being learned. It only ever adds whole numbers, so the order of notices does not matter.
type study struct {
	notices int
	texts   int
	stems   map[string]*lesson
	codes   map[cpv.Code]int
	names   map[cpv.Code]map[string]int // how often a code is called what
}

// lesson is what was learned about one stem.
type lesson struct {
	texts   int
	total   int64
	classes map[class]int64
}

// read learns from one notice.
func (s *study) read(headings, prose []string, codes []cpv.Code) {
	s.texts++
	uses := map[string]int64{}
	note := func(texts []string, worth int64) {
		for i, text := range texts {
			if slices.Contains(texts[:i], text) {
				continue
			}
			for _, t := range words.Tokens(text) {
				if key := name(t); uses[key] == 0 && telling(key) {
					uses[key] = worth
				}
			}
		}
	}
	note(headings, inHeading)
	note(prose, inProse)

	slices.Sort(codes)
	codes = slices.Compact(codes)
	for c := range families(codes) {
		s.codes[c]++
	}
	for stem, worth := range uses {
		l := s.stems[stem]
		if l == nil {
			l = &lesson{classes: map[class]int64{}}
			s.stems[stem] = l
		}
		l.texts++
		if len(codes) == 0 {
			continue
		}
		l.total += worth
		for _, c := range codes {
			from, to := allClasses().below(c)
			for k := from; k < to; k++ {
				l.classes[k] += worth / int64(len(codes)) / int64(to-from)
			}
		}
	}
}

// families is the set of some codes and of all that hold them.
func families(codes []cpv.Code) map[cpv.Code]bool {
	set := map[cpv.Code]bool{}
	for _, c := range codes {
		for l := c.Level(); l >= cpv.Division; l-- {
			set[c.At(l)] = true
		}
	}
	return set
}

// telling reports whether a word, by its name, can say what is bought: neither
// grammar nor procurement language nor a number.
func telling(name string) bool {
	return name != "" && (name[0] < '0' || name[0] > '9') && !words.Stop(name) && !isBoilerplate()(idOf(name))
}

// lexicon sorts, trims and rounds what was learned.
func (s *study) lexicon() *Lexicon {
	l := &Lexicon{notices: s.notices, texts: s.texts}
	for _, stem := range slices.Sorted(maps.Keys(s.stems)) {
		lesson := s.stems[stem]
		if lesson.texts == 1 && s.texts > crowd {
			continue
		}
		e := entry{stem: stem, texts: lesson.texts}
		for k, n := range lesson.classes {
			if w := n * whole / (lesson.total + caution); w > 0 {
				e.classes = append(e.classes, near{k, uint16(w)})
			}
		}
		slices.SortFunc(e.classes, func(a, b near) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.class, b.class))
		})
		e.classes = slices.Clip(e.classes[:min(mostClasses, len(e.classes))])
		slices.SortFunc(e.classes, func(a, b near) int { return cmp.Compare(a.class, b.class) })
		l.entries = append(l.entries, e)
	}
	for _, c := range slices.Sorted(maps.Keys(s.codes)) {
		l.codes = append(l.codes, codeCount{c, s.codes[c]})
	}
	return l
}

// finish computes what follows from the entries.
func (l *Lexicon) finish(encoded []byte) {
	l.index = make(map[termID]int32, len(l.entries))
	for i, e := range l.entries {
		l.index[idOf(e.stem)] = int32(i)
	}
	l.filed = make(map[cpv.Code]int, len(l.codes))
	for _, c := range l.codes {
		l.filed[c.code] = c.texts
	}
	hash := sha256.Sum256(encoded)
	l.version = hex.EncodeToString(hash[:6])
}

// Version names the lexicon by its content: the first 12 hex digits of the SHA-256 of Encode.
func (l *Lexicon) Version() string { return l.version }

// Names are what publishers call the codes that have no official name here.
func (l *Lexicon) Names() cpv.Names { return l.names }

// Notices is how many notices the lexicon was learned from.
func (l *Lexicon) Notices() int { return l.notices }

// entry finds a stem, nil where it was never seen.
func (l *Lexicon) entry(id termID) *entry {
	if i, ok := l.index[id]; ok {
		return &l.entries[i]
	}
	return nil
}

// rarity is how telling a stem is: the inverse document frequency
// log2(1 + (N - n + ½)/(n + ½)), in 256ths. What nobody used yet is as rare as can be.
func (l *Lexicon) rarity(id termID) int64 {
	n := uint64(0)
	if e := l.entry(id); e != nil {
		n = uint64(e.texts)
	}
	all := uint64(l.texts)
	return (log2(2*all+2) - log2(2*n+1)) >> (fraction - 8)
}

const (
	// commonplace and telltale are the information content, in thousandths of a
	// bit, up to which a code says nothing and from which on it says all a code can: a quarter of all texts are
	// filed under it, or less than one in a hundred.
	commonplace = 2000
	telltale    = 7000
)

// content is how much it says that a notice is filed under a code or below it,
// in thousandths: log2(N/n) between commonplace and telltale. It never falls from a code to one below it.
func (l *Lexicon) content(c cpv.Code) int64 {
	bits := (log2(uint64(l.texts)+2) - log2(uint64(l.filed[c])+1)) * 1000 >> fraction
	return min(1000, max(0, (bits-commonplace)*1000/(telltale-commonplace)))
}

// The encoded form: a line of magic, then as unsigned varints the number of
// notices, of texts and of stems, and for each stem in order how many bytes it shares with the one before, the length of the
// rest and the rest, the number of texts, the number of classes, and each class (four digits of CPV) with its weight;
// then the number of codes, and each code with the number of texts filed there; then the
// number of names, and each code with the length of its name and the name.
const magic = "bidfit lexicon 1\n"

// Encode writes the lexicon; equal lexicons give equal bytes.
func (l *Lexicon) Encode() []byte {
	b := []byte(magic)
	b = binary.AppendUvarint(b, uint64(l.notices))
	b = binary.AppendUvarint(b, uint64(l.texts))
	b = binary.AppendUvarint(b, uint64(len(l.entries)))
	last := ""
	for _, e := range l.entries {
		common := 0
		for common < min(len(last), len(e.stem)) && last[common] == e.stem[common] {
			common++
		}
		last = e.stem
		b = binary.AppendUvarint(b, uint64(common))
		b = binary.AppendUvarint(b, uint64(len(e.stem)-common))
		b = append(b, e.stem[common:]...)
		b = binary.AppendUvarint(b, uint64(e.texts))
		b = binary.AppendUvarint(b, uint64(len(e.classes)))
		for _, n := range e.classes {
			b = binary.AppendUvarint(b, uint64(allClasses().prefix[n.class]))
			b = binary.AppendUvarint(b, uint64(n.weight))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(l.codes)))
	for _, c := range l.codes {
		b = binary.AppendUvarint(b, uint64(c.code))
		b = binary.AppendUvarint(b, uint64(c.texts))
	}
	b = binary.AppendUvarint(b, uint64(len(l.names)))
	for _, c := range slices.Sorted(maps.Keys(l.names)) {
		b = binary.AppendUvarint(b, uint64(c))
		b = binary.AppendUvarint(b, uint64(len(l.names[c])))
		b = append(b, l.names[c]...)
	}
	return b
}

// DecodeLexicon reads what Encode wrote, and nothing else.
func DecodeLexicon(b []byte) (*Lexicon, error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return nil, errors.New("matcher: this is not a lexicon of this version of bidfit; build it again from the stored notices")
	}
	d := decoder{rest: rest}
	l := &Lexicon{notices: d.number(1 << 40), texts: d.number(1 << 40)}
	count := d.number(len(b))
	last := ""
	for i := 0; i < count && d.err == nil; i++ {
		stem := last[:d.number(len(last))] + d.bytes(d.number(1<<16))
		if i > 0 && stem <= last {
			d.fail("stems out of order")
		}
		last = stem
		e := entry{stem: stem, texts: d.number(l.texts)}
		for range d.number(mostClasses) {
			prefix, weight := d.number(9999), d.number(whole)
			k := allClasses().index[prefix]
			if k == 0 {
				d.fail("a class that CPV does not have")
				break
			}
			n := near{class(k - 1), uint16(weight)}
			if len(e.classes) > 0 && e.classes[len(e.classes)-1].class >= n.class {
				d.fail("classes out of order")
			}
			e.classes = append(e.classes, n)
		}
		l.entries = append(l.entries, e)
	}
	for count := d.number(len(b)); count > 0 && d.err == nil; count-- {
		c := codeCount{cpv.Code(d.number(99_999_999)), d.number(l.texts)}
		if n := len(l.codes); n > 0 && l.codes[n-1].code >= c.code {
			d.fail("codes out of order")
		}
		l.codes = append(l.codes, c)
	}
	count = d.number(len(b))
	l.names = make(cpv.Names, min(count, 1<<14))
	for last := -1; count > 0 && d.err == nil; count-- {
		c := d.number(99_999_999)
		if c <= last {
			d.fail("names out of order")
		}
		last = c
		l.names[cpv.Code(c)] = d.bytes(d.number(longestName))
	}
	if d.err == nil && len(d.rest) > 0 {
		d.fail("bytes after the end")
	}
	if d.err == nil && !bytes.Equal(l.Encode(), b) {
		d.fail("numbers not in their shortest form")
	}
	if d.err != nil {
		return nil, fmt.Errorf("matcher: the lexicon is damaged %d bytes before its end: %w; build it again from the stored notices", len(d.rest), d.err)
	}
	l.finish(b)
	return l, nil
}

// decoder takes an encoded lexicon apart; after the first fault it gives zeros.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) fail(why string) {
	if d.err == nil {
		d.err = errors.New(why)
	}
}

// number takes the next number, which may not be above most.
func (d *decoder) number(most int) int {
	n, size := binary.Uvarint(d.rest)
	switch {
	case d.err != nil:
		return 0
	case size <= 0:
		d.fail("it breaks off in a number")
		return 0
	case n > uint64(most):
		d.fail("a number is too large")
		return 0
	}
	d.rest = d.rest[size:]
	return int(n)
}

// bytes takes the next n bytes.
func (d *decoder) bytes(n int) string {
	if n > len(d.rest) {
		d.fail("it breaks off in a stem")
		return ""
	}
	s := string(d.rest[:n])
	d.rest = d.rest[n:]
	return s
}
