package matcher

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/words"
)

// filed is a notice of a title and the codes it is filed under.
func filed(title string, codes ...cpv.Code) *notice.Notice {
	l := notice.Lot{Title: say(title, "/tender/title")}
	for _, c := range codes {
		l.CPV = append(l.CPV, sayOf(notice.Classification{Code: c}, "/tender/classification/id"))
	}
	return &notice.Notice{Title: l.Title, Lots: []notice.Lot{l}}
}

// The lexicon knows what words go with which classes, also where two notices share no word.
func TestLearnAssociations(t *testing.T) {
	var notices []*notice.Notice
	for range 8 {
		notices = append(notices, filed("Janitorial and washroom tasks", 90910000), filed("Tarmac for Mill Lane", 45233140))
	}
	l := Learn(slices.Values(notices))
	p := mediation()
	p.Description, p.Keywords, p.CPV = "", []string{"janitorial"}, nil
	m, err := New(l, p)
	if err != nil {
		t.Fatal(err)
	}
	share := func(title string) (Evidence, int) {
		f := m.Assess(l.Prepare(filed(title)), today)
		e, _ := f.find(Words)
		return e, e.Share
	}
	near, washrooms := share("Upkeep of washrooms")
	_, tarmac := share("Tarmac for a yard")
	if washrooms < 30 || tarmac > 5 {
		t.Errorf("washrooms %d, tarmac %d", washrooms, tarmac)
	}
	if want := `janitorial → 90910000 Cleaning services`; !strings.Contains(near.Reason, want) {
		t.Errorf("%q, want %q", near.Reason, want)
	}
}

// Words of procurement, grammar and numbers say nothing of a trade.
func TestTelling(t *testing.T) {
	for word, want := range map[string]bool{
		"mediation": true, "IT": true, "cleaning": true, "support": true,
		"the": false, "contract": false, "framework": false, "suppliers": false, "2026": false, "it": false, "councils": false,
	} {
		for _, key := range keys(word) {
			if telling(key) != want {
				t.Errorf("%s (%s): %v", word, key, !want)
			}
		}
	}
}

// The order of notices changes nothing, and what is learned comes back from its encoding.
func TestLexiconRoundTrip(t *testing.T) {
	notices := []*notice.Notice{mediationNotice(t), filed("Tarmac", 45233140), filed("Mowing and hedges", 77310000, 77340000), filed("Nothing filed")}
	rng := rand.New(rand.NewPCG(17, 18))
	first := Learn(slices.Values(notices))
	for range 5 {
		rng.Shuffle(len(notices), func(i, j int) { notices[i], notices[j] = notices[j], notices[i] })
		if again := Learn(slices.Values(notices)); !bytes.Equal(again.Encode(), first.Encode()) || again.Version() != first.Version() {
			t.Fatal("the order of notices made another lexicon")
		}
	}
	back, err := DecodeLexicon(first.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.Encode(), first.Encode()) || back.Version() != first.Version() || back.Notices() != first.Notices() {
		t.Error("the lexicon came back another")
	}
	n, p := mediationNotice(t), mediation()
	var scores [2]int
	for i, l := range []*Lexicon{first, back} {
		m, err := New(l, p)
		if err != nil {
			t.Fatal(err)
		}
		scores[i] = m.Assess(l.Prepare(n), today).Score
	}
	if scores[0] != scores[1] || len(first.Version()) != 12 {
		t.Errorf("scores %v, version %q", scores, first.Version())
	}
	if names.Version() == first.Version() {
		t.Error("two lexicons of one name")
	}
}

// What is learned from nothing but notices, the ways included, does not depend on their order either.
func TestWaysInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	notices := madeUp(300, rng)
	first := learn(nil, slices.Values(notices), nil)
	if _, company := first.Stems(); company < 100 {
		t.Fatalf("the company of %d stems is known", company)
	}
	for range 3 {
		rng.Shuffle(len(notices), func(i, j int) { notices[i], notices[j] = notices[j], notices[i] })
		if again := learn(nil, slices.Values(notices), nil); !bytes.Equal(again.Encode(), first.Encode()) {
			t.Fatal("the order of notices made another lexicon")
		}
	}
}

// madeUp makes notices of made-up words: a few common ones, many rare ones, a fifth of them the trade's own.
func madeUp(n int, rng *rand.Rand) []*notice.Notice {
	zipf := rand.NewZipf(rng, 1.1, 20, 400_000)
	list := make([]*notice.Notice, n)
	for i := range list {
		code := allClasses().code(class(rng.IntN(len(allClasses().prefix))))
		var b strings.Builder
		for range 100 {
			if w := zipf.Uint64(); rng.IntN(5) == 0 {
				fmt.Fprintf(&b, "%s%s ", spelt(uint64(code/10000)), spelt(w%50))
			} else {
				b.WriteString(spelt(w) + " ")
			}
		}
		list[i] = filed(b.String(), code)
	}
	return list
}

// spelt is a number as a word.
func spelt(n uint64) string {
	s := "q"
	for ; n > 0; n /= 10 {
		s += "bdfgklmrtz"[n%10:n%10+1] + "o"
	}
	return s
}

// A lexicon of a hundred thousand notices stays under 20 MB.
func TestLexiconSize(t *testing.T) {
	if !*Long {
		t.Skip("takes minutes: -long makes it")
	}
	rng := rand.New(rand.NewPCG(21, 22))
	l := Learn(func(yield func(*notice.Notice) bool) {
		for range 1000 {
			for _, n := range madeUp(100, rng) {
				if !yield(n) {
					return
				}
			}
		}
	})
	stems, company := l.Stems()
	size := len(l.Encode())
	t.Logf("%d notices, %d stems, company of %d, %d bytes", l.Notices(), stems, company, size)
	if size > 20_000_000 {
		t.Errorf("the lexicon has %d bytes", size)
	}
}

// Look tells what is known of a word, also of one that nobody used.
func TestLook(t *testing.T) {
	list := names.Look("cleaning zzyzx the")
	if len(list) != 3 {
		t.Fatalf("%+v", list)
	}
	known, unknown, grammar := list[0], list[1], list[2]
	if len(known.Classes) == 0 || known.Classes[0].Code != 90910000 || known.Texts == 0 || known.Worth > known.Rarity || len(known.Company) == 0 {
		t.Errorf("%+v", known)
	}
	if unknown.Texts != 0 || !unknown.Telling || unknown.Worth != unknown.Rarity || unknown.Rarity <= known.Rarity {
		t.Errorf("%+v", unknown)
	}
	if grammar.Telling {
		t.Errorf("%+v", grammar)
	}
}

// The names that publishers give to deep codes are learned, in any order.
func TestLearnNames(t *testing.T) {
	a, b := filed("One", 85312310), filed("Two", 85312310)
	a.Lots[0].CPV[0].Value.Description = say("Beekeeping services", "/x")
	b.Lots[0].CPV[0].Value.Description = say("Zebra services", "/x")
	l := Learn(slices.Values([]*notice.Notice{b, a}))
	if l.entry(idOf(keys("beekeeping")[0])) == nil || l.entry(idOf(keys("zebra")[0])) != nil {
		t.Error("of two names the first in order of letters is learned")
	}
	if got, of := l.Names().Of(85312310); got != "Beekeeping services" || of != 85312310 {
		t.Errorf("85312310 is called %q (%s)", got, of)
	}
	c := filed("Three", 85312310)
	c.Lots[0].CPV[0].Value.Description = say("Zebra  services", "/x")
	l = Learn(slices.Values([]*notice.Notice{c, b, a}))
	if got, _ := l.Names().Of(85312310); got != "Zebra services" {
		t.Errorf("the name most publishers use is not learned, but %q", got)
	}
	if back, err := DecodeLexicon(l.Encode()); err != nil || back.Names()[85312310] != "Zebra services" {
		t.Errorf("the names came back as %v (%v)", back.Names(), err)
	}
}

func TestDecodeLexiconErrors(t *testing.T) {
	good := Learn(slices.Values([]*notice.Notice{mediationNotice(t)})).Encode()
	for name, bad := range map[string][]byte{
		"nothing":       nil,
		"another thing": []byte("<html>"),
		"only magic":    []byte(magic),
		"cut short":     good[:len(good)/2],
		"one byte less": good[:len(good)-1],
		"one byte more": append(slices.Clone(good), 0),
		"too many":      append([]byte(magic), 0xff, 0xff, 0xff, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x7f),
	} {
		if l, err := DecodeLexicon(bad); err == nil || l != nil {
			t.Errorf("%s: no error", name)
		} else if !strings.Contains(err.Error(), "build it again") {
			t.Errorf("%s: %v names no remedy", name, err)
		}
	}
}

func FuzzDecodeLexicon(f *testing.F) {
	small := &Lexicon{texts: 3, entries: []entry{{stem: "care", texts: 2, classes: []near{{1, 9}}}, {stem: "carer", texts: 1}}, codes: []codeCount{{85000000, 2}}, names: cpv.Names{85312310: "Beekeeping"}}
	f.Add(small.Encode())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeLexicon(b)
		if err != nil {
			return
		}
		if !bytes.Equal(l.Encode(), b) {
			t.Error("what was read is written otherwise")
		}
		m, err := New(l, mediation())
		if err != nil {
			t.Fatal(err)
		}
		m.Assess(l.Prepare(mediationNotice(t)), today)
	})
}

// keys are the names of the words of a text.
func keys(text string) (list []string) {
	for _, t := range words.Tokens(text) {
		list = append(list, name(t))
	}
	return list
}
