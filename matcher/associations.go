package matcher

import (
	"cmp"
	"slices"

	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// Association is a CPV class under which the notices that use a word are filed.
type Association struct {
	Class cpv.Code
	// Share is the part of its uses that are filed there, in percent, little where it was seen seldom.
	Share int
}

// Rarity is how telling a word is, in 256ths of a bit: 0 for grammar, numbers and the language of
// procurement, the more the fewer texts use it.
func (l *Lexicon) Rarity(t words.Token) int64 {
	key := name(t)
	if !telling(key) {
		return 0
	}
	return l.rarity(idOf(key))
}

// Associations lists the classes that a word goes with, the strongest first; nil for a word that says nothing
// or was never seen.
func (l *Lexicon) Associations(t words.Token) []Association {
	key := name(t)
	if !telling(key) {
		return nil
	}
	e := l.entry(idOf(key))
	if e == nil {
		return nil
	}
	list := make([]Association, 0, len(e.classes))
	for _, n := range e.classes {
		list = append(list, Association{allClasses().code(n.class), int(n.weight) * 100 / whole})
	}
	slices.SortFunc(list, func(a, b Association) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Class, b.Class))
	})
	return list
}
