package matcher

import (
	"cmp"
	"slices"

	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// Word is what a lexicon knows of one word.
type Word struct {
	Word string `json:"word"` // as it was asked for
	Stem string `json:"stem"`
	// Texts is how many notices and names of codes use it, 0 where none does.
	Texts int `json:"texts"`
	// Telling is false for the words of grammar and of procurement itself: they say nothing of what is bought.
	Telling bool `json:"telling"`
	// Rarity is how rare it is, Worth what it counts: less where all trades use it alike. In hundredths of a bit.
	Rarity  int      `json:"rarity"`
	Worth   int      `json:"worth"`
	Classes []Home   `json:"classes"` // where the notices that use it are filed, most first
	Company []string `json:"company"` // stems that stand in the same company, the nearest first
}

// Home is a CPV class and the percent of a word's uses that are filed there.
type Home struct {
	Code    cpv.Code `json:"code"`
	Name    string   `json:"name"`
	Percent int      `json:"percent"`
}

// mostLooked is how many classes and companions of a word are told.
const mostLooked = 8

// Stems is how many stems the lexicon knows, and of how many it knows the company.
func (l *Lexicon) Stems() (all, company int) {
	for i := range l.entries {
		if l.entries[i].way != nil {
			company++
		}
	}
	return len(l.entries), company
}

// Look tells what the lexicon knows of each word of a text.
func (l *Lexicon) Look(text string) []Word {
	var found []Word
	for _, t := range words.Tokens(text) {
		w := Word{Word: text[t.Start:t.End], Stem: name(t), Classes: []Home{}, Company: []string{}}
		w.Telling = telling(w.Stem)
		e := l.entry(idOf(w.Stem))
		if e == nil {
			w.Rarity = int(l.rarityOf(0) * 100 / 256)
			w.Worth = w.Rarity
			found = append(found, w)
			continue
		}
		w.Texts, w.Rarity, w.Worth = e.texts, int(e.rarity*100/256), int(e.worth*100/256)
		for _, n := range e.classes {
			code := allClasses().code(n.class)
			name, _ := code.Name()
			if p := int(n.weight) * 100 / whole; p > 0 {
				w.Classes = append(w.Classes, Home{code, name, p})
			}
		}
		slices.SortStableFunc(w.Classes, func(a, b Home) int { return cmp.Compare(b.Percent, a.Percent) })
		w.Classes = w.Classes[:min(mostLooked, len(w.Classes))]
		w.Company = l.companyOf(e)
		found = append(found, w)
	}
	return found
}

// companyOf lists the stems that point most nearly where one points.
func (l *Lexicon) companyOf(e *entry) []string {
	list := []string{}
	if e.way == nil {
		return list
	}
	type companion struct {
		stem string
		near int64
	}
	var all []companion
	at := e.way.bearing()
	for i := range l.entries {
		if x := &l.entries[i]; x != e && x.way != nil {
			if near := at.cosine(x.way.bearing()); near >= told {
				all = append(all, companion{x.stem, near})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b companion) int { return cmp.Compare(b.near, a.near) })
	for _, c := range all[:min(mostLooked, len(all))] {
		list = append(list, c.stem)
	}
	return list
}
