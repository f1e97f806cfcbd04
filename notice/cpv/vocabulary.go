package cpv

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// vocabularyText holds the vocabulary, a line for each division, group and class:
//
//	8531	Social work services	1(123)2(1(12)23(123)45(1))
//
// its digits, its name and, for a class, the tree of the codes below it: a digit is
// a code, the digits in brackets after it are its children, and a digit
// marked ~ is only a place in the tree, as is a class without a name. A
// test rebuilds the file from the official list (go test -update).
//
//go:embed vocabulary.txt
var vocabularyText string

// vocab is the vocabulary made ready for questions.
type vocab struct {
	codes   []Code          // every code, in order
	parents []uint16        // by place in codes: the place of the parent, a division's its own
	first   []uint16        // first[p] is the place in codes of the first code whose four leading digits are p or more
	names   map[Code]string // of divisions, groups and classes
}

// vocabulary is decoded when it is first asked for. The text is part of the
// program: that it cannot be read is a broken build, and the tests read it.
var vocabulary = sync.OnceValue(func() *vocab {
	v, err := decode(vocabularyText)
	if err != nil {
		panic(err)
	}
	return v
})

// decode reads the form described at vocabularyText.
func decode(text string) (*vocab, error) {
	v := &vocab{codes: make([]Code, 0, 10_000), names: make(map[Code]string, 1_400)}
	for line := range strings.Lines(text) {
		prefix, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		name, tree, _ := strings.Cut(rest, "\t")
		n, ok := number(prefix)
		if !ok || len(prefix) < int(Division) || len(prefix) > int(Class) {
			return nil, fmt.Errorf("cpv: vocabulary.txt: %q does not begin with the digits of a division, group or class", line)
		}
		c := n * Level(len(prefix)).span()
		if name != "" {
			v.codes = append(v.codes, c)
			v.names[c] = name
		}
		if rest, ok := v.grow(c, Level(len(prefix))+1, tree); !ok || rest != "" {
			return nil, fmt.Errorf("cpv: vocabulary.txt: the tree of %s breaks off before %q", prefix, rest)
		}
	}
	if !slices.IsSorted(v.codes) {
		return nil, fmt.Errorf("cpv: vocabulary.txt is not in order")
	}
	v.link()
	return v, nil
}

// link fills in first and parents.
func (v *vocab) link() {
	v.first = make([]uint16, 10_001)
	at := 0
	for p := range v.first {
		for at < len(v.codes) && v.codes[at] < Code(p)*Class.span() {
			at++
		}
		v.first[p] = uint16(at)
	}
	v.parents = make([]uint16, len(v.codes))
	var line []uint16 // the places of the code at hand and its ancestors, the division first
	for i, c := range v.codes {
		for len(line) > 0 && !v.codes[line[len(line)-1]].Contains(c) {
			line = line[:len(line)-1]
		}
		v.parents[i] = uint16(i)
		if len(line) > 0 {
			v.parents[i] = line[len(line)-1]
		}
		line = append(line, uint16(i))
	}
}

// grow adds the children of c that tree lists, each at level l, with all below
// them, and returns what follows.
func (v *vocab) grow(c Code, l Level, tree string) (rest string, ok bool) {
	for tree != "" && tree[0] != ')' {
		rest, implied := strings.CutPrefix(tree, "~")
		if rest == "" || rest[0] < '0' || rest[0] > '9' || l > digits {
			return tree, false
		}
		child := c + Code(rest[0]-'0')*l.span()
		if !implied {
			v.codes = append(v.codes, child)
		}
		tree = rest[1:]
		if below, found := strings.CutPrefix(tree, "("); found {
			if tree, ok = v.grow(child, l+1, below); !ok || tree == "" {
				return tree, false
			}
			tree = tree[1:] // the closing bracket
		}
	}
	return tree, true
}

// place is where a code stands in the list.
func (v *vocab) place(c Code) (int, bool) {
	p := c / Class.span()
	if int(p)+1 >= len(v.first) {
		return 0, false
	}
	from, to := int(v.first[p]), int(v.first[p+1])
	i, ok := slices.BinarySearch(v.codes[from:to], c)
	return from + i, ok
}

// climb goes up from two codes to the place where they meet and counts the steps
// on either side; false where they do not meet. A code that is not in the vocabulary is a step below its nearest ancestor.
func (v *vocab) climb(a, b Code) (top, up, down int, ok bool) {
	if a == b {
		return 0, 0, 0, a != 0
	}
	i, up, ok := v.stand(a)
	j, down, ok2 := v.stand(b)
	if !ok || !ok2 {
		return 0, 0, 0, false
	}
	for i != j {
		// What stands later in the list is not above the other: it climbs.
		at, steps := &i, &up
		if j > i {
			at, steps = &j, &down
		}
		p := int(v.parents[*at])
		if p == *at {
			return 0, 0, 0, false
		}
		*at = p
		*steps++
	}
	return i, up, down, true
}

// stand is the place of a code or, a step above, of its nearest ancestor.
func (v *vocab) stand(c Code) (place, steps int, ok bool) {
	if i, ok := v.place(c); ok {
		return i, 0, true
	}
	p, ok := c.Parent()
	if !ok {
		return 0, 0, false
	}
	i, ok := v.place(p)
	return i, 1, ok
}

// within lists the codes that c contains, itself included where it is known.
func (v *vocab) within(c Code) []Code {
	if c == 0 {
		return nil
	}
	from, _ := slices.BinarySearch(v.codes, c)
	to, _ := slices.BinarySearch(v.codes, c+c.Level().span())
	return v.codes[from:to]
}

// Codes lists every code in order.
func Codes() []Code { return slices.Clone(vocabulary().codes) }

// Name is the official name of the code or, where it has none here, of its
// nearest named ancestor; of tells whose name it is.
func (c Code) Name() (name string, of Code) {
	return Names(nil).Of(c)
}

// Names are names of codes that are not built in: learned from what publishers
// write beside the deeper codes, or of an official table in some language.
type Names map[Code]string

// Of is the name of a code as Code.Name gives it, but a name of the code, or
// of an ancestor nearer than any official one built in, comes first.
func (n Names) Of(c Code) (name string, of Code) {
	official := vocabulary().names
	for ok := c != 0; ok; c, ok = c.Parent() {
		if name := n[c]; name != "" {
			return name, c
		}
		if name := official[c]; name != "" {
			return name, c
		}
	}
	return "", 0
}
