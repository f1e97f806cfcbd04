package cpv

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"bidfit/notice/words"
)

// Finder finds codes by the words of their names.
type Finder struct {
	words words.Names[Code]
	named []Code // in order
}

// NewFinder makes ready to find every code that has an official name here or one in names.
func NewFinder(names Names) *Finder {
	f := &Finder{}
	for _, c := range vocabulary().codes {
		name, of := names.Of(c)
		if of != c {
			continue
		}
		f.named = append(f.named, c)
		f.words.Add(c, name)
	}
	return f
}

// official is built when words are first looked for.
var official = sync.OnceValue(func() *Finder { return NewFinder(nil) })

// Find lists up to n codes that have an official name here, as Finder.Find does.
func Find(query string, n int) []Code { return official().Find(query, n) }

// Find lists up to n named codes whose names mention the words, the best first: a
// rare word counts for more than a common one; of equals, names of few words and broad codes come
// before names of many words and narrow codes. Digits find the codes they begin.
func (f *Finder) Find(query string, n int) []Code {
	query = strings.TrimSpace(query)
	if _, ok := number(query); ok {
		return f.beginning(query, n)
	}
	score := f.words.Mention(query)
	found := make([]Code, 0, len(score))
	for c := range score {
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b Code) int {
		return cmp.Or(
			cmp.Compare(score[b], score[a]),
			cmp.Compare(f.words.Size(a)+int(a.Level()), f.words.Size(b)+int(b.Level())),
			cmp.Compare(f.words.Size(a), f.words.Size(b)),
			cmp.Compare(a, b),
		)
	})
	return found[:min(len(found), max(n, 0))]
}

// beginning lists up to n named codes that begin with the digits.
func (f *Finder) beginning(typed string, n int) []Code {
	if len(typed) > digits {
		return nil
	}
	var list []Code
	for _, c := range f.named {
		if len(list) >= n {
			break
		}
		if strings.HasPrefix(c.String(), typed) {
			list = append(list, c)
		}
	}
	return list
}
