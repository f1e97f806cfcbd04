package matcher

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// Lexicon is what notices teach about words: how telling each is, under which CPV classes the
// notices that use it are filed, and in what company it stands. It is learned from notices and
// the names of CPV alone, never from profiles or ratings: from those that were there when the program was made (lexicon.bin),
// and on top of them those of the store. A Lexicon does not change and may be used by many at once.
type Lexicon struct {
	notices int         // notices it was learned from, those before the program was made left out
	texts   int         // those and names of codes
	entries []entry     // in order of stem
	codes   []codeCount // in order of code
	names   cpv.Names   // what publishers call the codes that have no official name here
	taught  []uint32    // which notices the one that comes with the program was learned from, in order; nil for others
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
	filed   int    // how many of those are filed somewhere, in hundredths of a heading that uses it
	classes []near // where, in order of class; weights in 4096ths
	way     *way   // where it points, nil where that is not known

	telling bool  // it can say what is bought
	rarity  int64 // how telling that is, were it said of one trade alone, in 256ths of a bit
	worth   int64 // how telling it is
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
	// hundredth is a hundredth of a heading.
	hundredth = inHeading / 100
	// crowd is how many notices make a stem that only one of them uses not worth keeping.
	crowd = 10_000
)

// bundled is what was learned before the program was made: figures and stems, no sentence of a notice.
// A test learns it anew from the shared notices and the names of CPV (go test -run Bundled -update).
//
//go:embed lexicon.bin
var bundled []byte

// NewLexicon knows what came with the program: an empty store is not blind.
// That it cannot be read is a broken build, and the tests read it.
var NewLexicon = sync.OnceValue(func() *Lexicon {
	l, err := DecodeLexicon(bundled)
	if err != nil {
		panic(err)
	}
	return l
})

// Learn makes a lexicon of notices, in whatever order they come, and of what came with the program: a notice that
// was among those it was learned from counts once.
func Learn(notices iter.Seq[*notice.Notice]) *Lexicon { return learn(NewLexicon(), notices, nil) }

// learn makes a lexicon of an older one, notices, and names of codes.
func learn(old *Lexicon, notices iter.Seq[*notice.Notice], official cpv.Names) *Lexicon {
	s := &study{stems: map[string]*lesson{}, codes: map[cpv.Code]int{}, names: map[cpv.Code]map[string]int{}}
	s.recall(old)
	for c, name := range official {
		s.read([]string{name}, nil, []cpv.Code{c}, true)
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
		s.keep(s.read(headings, prose, codes, !old.knows(n)))
	}
	learned := s.learnedNames()
	for c, name := range learned {
		s.read([]string{name}, nil, []cpv.Code{c}, true)
	}
	l := s.lexicon()
	l.names = learned
	l.weigh()
	if len(s.samples) >= fewestSampled || old == nil {
		s.ways(l)
	} else {
		for i := range l.entries {
			if e := old.entry(idOf(l.entries[i].stem)); e != nil {
				l.entries[i].way = e.way
			}
		}
	}
	l.name(l.Encode())
	return l
}

// numberOf is a notice by its ID, as taught has it.
func numberOf(n *notice.Notice) uint32 { return uint32(idOf(n.ID) >> 32) }

// knows reports whether a notice is among those that a lexicon was learned from before the program was made.
func (l *Lexicon) knows(n *notice.Notice) bool {
	if l == nil {
		return false
	}
	_, ok := slices.BinarySearch(l.taught, numberOf(n))
	return ok
}

// recall begins with what an older lexicon knows.
func (s *study) recall(l *Lexicon) {
	if l == nil {
		return
	}
	s.texts = l.texts
	for _, c := range l.codes {
		s.codes[c.code] = c.texts
	}
	for i := range l.entries {
		e := &l.entries[i]
		lesson := &lesson{texts: e.texts, total: int64(e.filed) * hundredth, classes: make(map[class]int64, len(e.classes))}
		for _, n := range e.classes {
			lesson.classes[n.class] = int64(n.weight) * (lesson.total + caution) / whole
		}
		s.stems[e.stem] = lesson
	}
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
	samples []sample
}

// lesson is what was learned about one stem.
type lesson struct {
	texts   int
	total   int64
	classes map[class]int64
}

// read learns from one notice, unless that is known already, and gives what it uses with a key to choose samples by.
func (s *study) read(headings, prose []string, codes []cpv.Code, anew bool) (list []use, key uint64) {
	if anew {
		s.texts++
	}
	uses := map[string]int64{}
	note := func(texts []string, worth int64) {
		for i, text := range texts {
			if slices.Contains(texts[:i], text) {
				continue
			}
			for _, t := range words.Tokens(text) {
				if key := name(t); uses[key] == 0 && learnable(key) {
					uses[key] = worth
				}
			}
		}
	}
	note(headings, inHeading)
	note(prose, inProse)

	slices.Sort(codes)
	codes = slices.Compact(codes)
	if anew {
		for c := range families(codes) {
			s.codes[c]++
		}
	}
	for stem, worth := range uses {
		l := s.stems[stem]
		if l == nil && !anew {
			continue // the program's lexicon leaves out what one notice alone says
		}
		if l == nil {
			l = &lesson{classes: map[class]int64{}}
			s.stems[stem] = l
		}
		list = append(list, use{l, worth == inHeading})
		key += mixed(uint64(idOf(stem)) + uint64(worth))
		if !anew {
			continue
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
	return list, key
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

// learnable reports whether a word, by its name, is neither grammar nor a number.
func learnable(name string) bool {
	return name != "" && (name[0] < '0' || name[0] > '9') && !words.Stop(name)
}

// telling reports whether a word, by its name, can say what is bought: neither
// grammar nor procurement language nor a number.
func telling(name string) bool { return learnable(name) && !isBoilerplate()(idOf(name)) }

// lexicon sorts, trims and rounds what was learned.
func (s *study) lexicon() *Lexicon {
	l := &Lexicon{notices: s.notices, texts: s.texts}
	for _, stem := range slices.Sorted(maps.Keys(s.stems)) {
		lesson := s.stems[stem]
		if lesson.texts == 1 && s.notices > crowd {
			continue
		}
		e := entry{stem: stem, texts: lesson.texts, filed: int(lesson.total / hundredth)}
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

// weigh computes what follows from the entries.
func (l *Lexicon) weigh() {
	l.index = make(map[termID]int32, len(l.entries))
	l.filed = make(map[cpv.Code]int, len(l.codes))
	for _, c := range l.codes {
		l.filed[c.code] = c.texts
	}
	crowds := newCrowds(l)
	for i := range l.entries {
		e := &l.entries[i]
		l.index[idOf(e.stem)] = int32(i)
		e.telling = telling(e.stem)
		e.rarity = l.rarityOf(e.texts)
		e.worth = e.rarity * crowds.focus(e) / 1000
	}
}

// name gives the lexicon its version.
func (l *Lexicon) name(encoded []byte) {
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

// rarityOf is the inverse document frequency log2(1 + (N - n + ½)/(n + ½)) of a stem that n texts use, in 256ths of a bit.
func (l *Lexicon) rarityOf(n int) int64 {
	return (log2(2*uint64(l.texts)+2) - log2(2*uint64(n)+1)) >> (fraction - 8)
}

// rarity is how telling a stem is, were it said of one trade alone.
func (l *Lexicon) rarity(id termID) int64 {
	if e := l.entry(id); e != nil {
		return e.rarity
	}
	return l.rarityOf(0)
}

// worth is how telling a stem is: rare, and at home in one trade. What nobody used yet is as rare as can be.
func (l *Lexicon) worth(id termID) int64 {
	if e := l.entry(id); e != nil {
		return e.worth
	}
	return l.rarityOf(0)
}

const (
	// unfocused is what is left of the worth of a stem that all trades use alike, in thousandths.
	unfocused = 300
	// focused is from how many bits on a stem is at home in one trade: the notices that use it are filed as
	// unlike the others as if they left seven of eight classes out.
	focused = 3 << fraction
	// focusCaution is how many texts a stem starts with as if it were focused, so that what was seen once or twice is not judged.
	focusCaution = 5
)

// crowds is which part of all texts is filed in each class, as a logarithm and in millionths.
type crowds struct{ log, part []int64 }

const million = 1 << 20

func newCrowds(l *Lexicon) crowds {
	all := allClasses()
	c := crowds{make([]int64, len(all.prefix)), make([]int64, len(all.prefix))}
	var sum int64
	for k := range c.part {
		c.part[k] = 2*int64(l.filed[all.code(class(k))]) + 1
		sum += c.part[k]
	}
	for k, n := range c.part {
		c.log[k] = log2(uint64(n)) - log2(uint64(sum))
		c.part[k] = n * million / sum
	}
	return c
}

// focus is how far a stem is at home in one trade, in thousandths: by the bits (the relative entropy) in which the classes
// of the notices that use it differ from those of all notices.
func (c crowds) focus(e *entry) int64 {
	bits, n := int64(focused), int64(e.texts)
	if e.filed > 0 {
		total := int64(e.filed) * hundredth
		bits = 0
		rest, others := int64(million), int64(million)
		for _, x := range e.classes {
			// The part of its uses, without the caution of the weights.
			p := min(rest, int64(x.weight)*(million/whole)*(total+caution)/total)
			if p > 0 {
				bits += p * (log2(uint64(p)) - log2(million) - c.log[x.class]) / million
			}
			rest, others = rest-p, others-c.part[x.class]
		}
		if rest > 0 && others > 0 {
			bits += rest * (log2(uint64(rest)) - log2(uint64(others))) / million
		}
		bits = (n*bits + focusCaution*focused) / (n + focusCaution)
	}
	return unfocused + (1000-unfocused)*min(focused, max(0, bits))/focused
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
// rest and the rest, the number of texts, the hundredths of headings filed, the number of classes, and each class (four digits of CPV) with its weight,
// then how far the stem points and, where that is not 0, where, a byte an axis;
// then the number of codes, and each code with the number of texts filed there; then the
// number of names, and each code with the length of its name and the name; then how many notices it was taught by, and the number
// of each, less the one before.
const magic = "bidfit lexicon 3\n"

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
		b = binary.AppendUvarint(b, uint64(e.filed))
		b = binary.AppendUvarint(b, uint64(len(e.classes)))
		for _, n := range e.classes {
			b = binary.AppendUvarint(b, uint64(allClasses().prefix[n.class]))
			b = binary.AppendUvarint(b, uint64(n.weight))
		}
		if e.way == nil {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(e.way.length))
		for _, x := range e.way.at {
			b = append(b, byte(x))
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
	b = binary.AppendUvarint(b, uint64(len(l.taught)))
	before := uint32(0)
	for _, n := range l.taught {
		b = binary.AppendUvarint(b, uint64(n-before))
		before = n
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
		e := entry{stem: stem, texts: d.number(l.texts), filed: d.number(1 << 31)}
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
		if length := d.number(1<<16 - 1); length > 0 {
			e.way = &way{length: uint16(length)}
			for a, x := range []byte(d.bytes(axes)) {
				e.way.at[a] = int8(x)
			}
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
	for count, n := d.number(len(b)), 0; count > 0 && d.err == nil; count-- {
		n += d.number(1<<32 - 1 - n)
		l.taught = append(l.taught, uint32(n))
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
	l.weigh()
	l.name(b)
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
