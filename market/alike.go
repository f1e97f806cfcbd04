package market

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// Similar is a notice among others like it.
type Similar struct {
	Brief
	Buyers []Mention `json:"buyers"`
	// Before are probable earlier rounds of the same procurement, the most probable first.
	Before []Round `json:"before"`
	// Open are notices like it that somebody can still act on, by day; Won those with awards, the most alike first.
	Open []Like `json:"open"`
	Won  []Like `json:"won"`
	// Prices are those of the awards in Won.
	Prices Money `json:"prices"`
}

// Like is a notice like another one, with what was awarded.
type Like struct {
	Brief
	Buyers []Mention `json:"buyers"`
	Awards []*Award  `json:"awards,omitzero"`
	Likeness
}

// Likeness is how alike two notices are, and why it is thought so.
type Likeness struct {
	// Words is how much of their titles is the same words, in percent.
	Words int `json:"words"`
	// Common is the nearest CPV code that holds one of each; 0 where they share no division.
	Common cpv.Code `json:"common,omitzero"`
	Why    []string `json:"why"`
}

// Round is an earlier round of a procurement, by the same buyer.
type Round struct {
	Like
	// Incumbents are those who won it.
	Incumbents []Mention `json:"incumbents"`
}

// What makes a round probable, in percent of the titles: less will do where the codes are near.
const (
	roundTitle     = 60
	roundTitleCode = 35 // with a CPV class in common
)

// What makes a notice like another one: a CPV class in common, or so much of the title.
const likeTitle = 30

// titleStems are the words of a title that say what is bought.
func titleStems(title string) map[string]bool {
	stems := map[string]bool{}
	for _, t := range words.Tokens(title) {
		if !words.Stop(t.Stem) && !usual[t.Stem] && !number(t.Stem) {
			stems[t.Stem] = true
		}
	}
	return stems
}

// usual are the stems of words that stand in titles of every kind.
var usual = func() map[string]bool {
	stems := map[string]bool{}
	for _, t := range words.Tokens("contract contracts framework frameworks agreement provision provider providers supply service services " +
		"tender tenders procurement purchase award notice lot lots ref reference itt rfq invitation quote quotation project works various dps dynamic purchasing system ltd") {
		stems[t.Stem] = true
	}
	return stems
}()

func number(stem string) bool { return strings.Trim(stem, "0123456789") == "" }

// overlap is twice the words that two titles share of all their words, in percent (Dice).
func overlap(a, b map[string]bool) int {
	if len(a)+len(b) == 0 {
		return 0
	}
	shared := 0
	for stem := range a {
		if b[stem] {
			shared++
		}
	}
	return 200 * shared / (len(a) + len(b))
}

// likeness compares what two notices buy.
func likeness(a, b *Record, names cpv.Names) Likeness {
	l := Likeness{Words: overlap(a.stems, b.stems), Why: []string{}}
	for _, x := range a.Codes[:min(len(a.Codes), mostCodes)] {
		for _, y := range b.Codes[:min(len(b.Codes), mostCodes)] {
			if c := cpv.Common(x, y); c != 0 && (l.Common == 0 || c.Level() > l.Common.Level()) {
				l.Common = c
			}
		}
	}
	if l.Words > 0 {
		l.Why = append(l.Why, fmt.Sprintf("%d%% of the titles' words are the same", l.Words))
	}
	if l.Common != 0 {
		l.Why = append(l.Why, "both CPV "+codeName(l.Common, names))
	}
	return l
}

// codeName is a code with its name, or that of what it lies under.
func codeName(c cpv.Code, names cpv.Names) string {
	name, of := names.Of(c)
	if of != c {
		name = "under " + name
	}
	return c.String() + " " + name
}

// mostCodes bounds how many codes of a notice are compared with those of another one.
const mostCodes = 50

func (l Likeness) class() bool { return l.Common != 0 && l.Common.Level() >= cpv.Class }

// NewSimilar sets a notice among the records of notices like it and those of its own buyer. n
// bounds each list; 0 is all.
func NewSimilar(of *Record, d *Directory, like, own []*Record, names cpv.Names, n int, asOf time.Time) Similar {
	s := Similar{Brief: of.Brief, Buyers: buyersOf(of), Before: []Round{}, Open: []Like{}, Won: []Like{}}
	for _, r := range Once(append(slices.Clone(like), of)) {
		if r.Notice == of.Notice || same(r, of) {
			continue
		}
		l := Like{Brief: r.Brief, Buyers: buyersOf(r), Awards: r.won(), Likeness: likeness(of, r, names)}
		if !l.class() && l.Words < likeTitle {
			continue
		}
		if r.open(asOf) && !r.stale(asOf) {
			s.Open = append(s.Open, l)
		}
		if len(l.Awards) > 0 {
			s.Won = append(s.Won, l)
		}
	}
	alikeFirst := func(a, b Like) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), b.Published.Compare(a.Published), strings.Compare(a.Notice, b.Notice))
	}
	slices.SortFunc(s.Open, alikeFirst)
	slices.SortFunc(s.Won, alikeFirst)
	s.Before = rounds(of, d, own, names)
	s.Open, s.Won, s.Before = first(s.Open, n), first(s.Won, n), first(s.Before, n)
	var awards []*Award
	for _, l := range s.Won {
		awards = append(awards, l.Awards...)
	}
	s.Prices = money(awards)
	return s
}

func first[T any](list []T, n int) []T {
	if n > 0 && len(list) > n {
		return list[:n]
	}
	return list
}

// rank orders by likeness: the title counts, and each level of CPV in common.
func (l Likeness) rank() int {
	if l.Common == 0 {
		return l.Words
	}
	return l.Words + 10*int(l.Common.Level())
}

// same reports whether two records are of one opportunity.
func same(a, b *Record) bool {
	return slices.Contains(a.Also, b.OCID) || slices.Contains(b.Also, a.OCID)
}

func buyersOf(r *Record) []Mention {
	list := []Mention{}
	for i := range r.Buyers {
		list = append(list, MentionOf(&r.Buyers[i]))
	}
	return list
}

// won lists the awards that name a supplier and came to something.
func (r *Record) won() []*Award {
	var list []*Award
	for i := range r.Awards {
		if w := &r.Awards[i]; !w.Void && len(w.Suppliers) > 0 {
			list = append(list, w)
		}
	}
	return list
}

// rounds finds earlier rounds of a procurement among its buyer's own: published before it, with much the same title.
func rounds(of *Record, d *Directory, own []*Record, names cpv.Names) []Round {
	list := []Round{}
	for _, r := range Once(append(slices.Clone(own), of)) {
		l, ok := roundOf(of, r, d, names)
		if !ok {
			continue
		}
		l.Why = append([]string{"the same buyer"}, l.Why...)
		round := Round{Like: Like{Brief: r.Brief, Buyers: buyersOf(r), Awards: r.won(), Likeness: l}, Incumbents: []Mention{}}
		if len(round.Awards) == 0 && !r.over() {
			continue // another notice of what has not been awarded yet is no round of its own
		}
		if why := handover(of, round.Awards); why != "" {
			round.Why = append(round.Why, why)
		}
		seen := map[*Organisation]bool{}
		for _, w := range round.Awards {
			for _, m := range w.Suppliers {
				if o := d.Of(m); o == nil || !seen[o] {
					seen[o] = o != nil
					round.Incumbents = append(round.Incumbents, m)
				}
			}
		}
		list = append(list, round)
	}
	slices.SortFunc(list, func(a, b Round) int {
		return cmp.Or(
			cmp.Compare(b.rank(), a.rank()),
			cmp.Compare(len(b.Incumbents), len(a.Incumbents)),
			b.Published.Compare(a.Published),
			strings.Compare(a.Notice, b.Notice),
		)
	})
	return list
}

// roundOf reports whether a notice may be an earlier round of another one: by the same buyer, published before it, with
// much the same title.
func roundOf(later, earlier *Record, d *Directory, names cpv.Names) (Likeness, bool) {
	if earlier.Notice == later.Notice || same(earlier, later) || !earlier.Published.Before(later.Published) || !shareBuyer(later, earlier, d) {
		return Likeness{}, false
	}
	l := likeness(later, earlier, names)
	return l, l.Words >= roundTitle || l.Words >= roundTitleCode && l.class()
}

// shareBuyer reports whether one organisation is among the buyers of both.
func shareBuyer(a, b *Record, d *Directory) bool {
	buys := map[*Organisation]bool{}
	for _, m := range buyersOf(a) {
		buys[d.Of(m)] = true
	}
	return slices.ContainsFunc(buyersOf(b), func(m Mention) bool { o := d.Of(m); return o != nil && buys[o] })
}

// over reports whether a notice is past the point of bidding.
func (r *Record) over() bool { return !r.Stage.Open() }

// handsOver reports whether one contract starts about when another one ends, by the days between.
func handsOver(days int) bool { return days >= -31 && days <= 92 }

// handover says that a contract ends about when the next one starts.
func handover(of *Record, awards []*Award) string {
	if of.start == nil {
		return ""
	}
	for _, w := range awards {
		for _, end := range []*notice.Moment{w.End, w.MaxEnd} {
			if end == nil {
				continue
			}
			if handsOver(notice.DaysUntil(end.Time, of.start.Time)) {
				return "its contract ends on " + onDay(*end) + ", this one starts on " + onDay(*of.start)
			}
		}
	}
	return ""
}
