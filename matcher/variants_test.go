package matcher

import (
	"flag"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/profiles"
)

var (
	Update = flag.Bool("update", false, "write the golden files anew")
	Long   = flag.Bool("long", false, "make the measurements that take minutes, too")
)

// Variant is the ranking with one thing changed, for package matcher_test to measure.
type Variant struct {
	Name    string
	lexicon func(*Lexicon) *Lexicon
	parts   func(*parts)
	profile func(*profiles.Profile)
	beside  int64
}

// Variants are those of docs/ranking.md, what is as it is first.
var Variants = []Variant{
	{Name: "as it is"},
	{Name: "without text", parts: func(p *parts) { p.text = 0 }},
	{Name: "without classes", parts: func(p *parts) { p.classes = 0 }},
	{Name: "without spoken", parts: func(p *parts) { p.spoken = 0 }},
	{Name: "without company", parts: func(p *parts) { p.company = 0 }},
	{Name: "without cover", parts: func(p *parts) { p.cover = 0 }},
	{Name: "without phrases", parts: func(p *parts) { p.phrases = 0 }},
	{Name: "without subject", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} }},
	{Name: "subject alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Words: 0} }},
	{Name: "text alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{text: 1} }},
	{Name: "company alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{company: 1} }},
	{Name: "classes alone", profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: 0} },
		parts: func(p *parts) { *p = parts{classes: 1} }},
	{Name: "without focus", lexicon: unfocusedLexicon},
	{Name: "without the description", profile: func(p *profiles.Profile) { p.Description = "" }},
	{Name: "without past contracts", profile: func(p *profiles.Profile) {
		p.Description += strings.Join(p.Experience, "\n")
		p.Experience = nil
	}},
	{Name: "codes beside: none", beside: -1},
	{Name: "codes beside: half", beside: 50},
	{Name: "codes beside: whole", beside: 100},
}

// Changed runs something under the variant: with its parts, and its weight for codes beside.
func (v Variant) Changed(run func()) {
	oldParts, oldBeside := weighing, beside
	defer func() { weighing, beside = oldParts, oldBeside }()
	if v.parts != nil {
		v.parts(&weighing)
	}
	if v.beside != 0 {
		beside = max(0, v.beside)
	}
	run()
}

// Lexicon is a lexicon as the variant has it; notices have to be prepared anew where ok.
func (v Variant) Lexicon(l *Lexicon) (_ *Lexicon, ok bool) {
	if v.lexicon == nil {
		return l, v.beside != 0
	}
	return v.lexicon(l), true
}

// Profile is a profile as the variant has it.
func (v Variant) Profile(p profiles.Profile) profiles.Profile {
	if v.profile != nil {
		v.profile(&p)
	}
	return p
}

// Mixture is a variant whose parts are drawn at random, and the weight of the codes with them.
func Mixture(rng *rand.Rand) Variant {
	draw := func() int64 { return []int64{0, 1, 2, 3, 4, 6, 8, 10, 12}[rng.IntN(9)] }
	mix := parts{text: max(1, draw()), classes: draw(), spoken: draw(), company: draw(), cover: draw(), phrases: draw()}
	subject := []int{5, 10, 15, 20, 30}[rng.IntN(5)]
	return Variant{
		parts:   func(p *parts) { *p = mix },
		profile: func(p *profiles.Profile) { p.Weights = map[string]int{Subject: subject, Words: 100 - subject} },
	}
}

// unfocusedLexicon is a lexicon in which a word counts by how rare it is alone.
func unfocusedLexicon(l *Lexicon) *Lexicon {
	c, err := DecodeLexicon(l.Encode())
	if err != nil {
		panic(err)
	}
	for i := range c.entries {
		c.entries[i].worth = c.entries[i].rarity
	}
	return c
}

// Schooling is what a lexicon was learned from.
type Schooling struct {
	Name    string
	Lexicon *Lexicon
}

// Schoolings are the lexicons of a store that holds some of the shared notices of Find a Tender, had it been learned from more or less.
func Schoolings(t *testing.T, notices []*notice.Notice) []Schooling {
	others := bundle(lessons(t, taught[1:]...), officialNames(t)) // they are the first of those taught
	on := func(l *Lexicon, notices iter.Seq[*notice.Notice]) *Lexicon { return learn(l, notices, nil) }
	return []Schooling{
		{"the store alone", on(nil, slices.Values(notices))},
		{"the program's alone", NewLexicon()},
		{"others, and the store", on(others, slices.Values(notices))},
		{"others alone", others},
	}
}
