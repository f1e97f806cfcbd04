package words

import (
	"strings"
	"testing"
)

// BenchmarkTokens reads real notices where they are present, and else a text of its own.
func BenchmarkTokens(b *testing.B) {
	texts := published(b)
	if texts == nil {
		texts = []string{strings.Repeat(`The Council seeks a supplier of Facilities Management (FM): cleaning, waste and security.rn
			Tenderers' anti-social behaviour policies are scored; IT support is worth £1,530,000 over 4 years. `, 500)}
	}
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			Tokens(t)
		}
	}
}

// BenchmarkStem stems words it has not seen, without the memory Tokens has.
func BenchmarkStem(b *testing.B) {
	list := strings.Fields("Organisational maintenance of multi-disciplinary services ISO9001 anti-social healthcare buyer's colours")
	for b.Loop() {
		for _, w := range list {
			Stem(w)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	tokens := Tokens(strings.Repeat("A facilities management contract: soft FM, cleaning of the facilities and their management. ", 200))
	p, err := ParsePhrase("facilities management")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p.Find(tokens)
	}
}

func BenchmarkPlain(b *testing.B) {
	text := strings.Repeat("Value PS704,000.rn .rn All &amp; sundry: worksrnrnThe modern barn<br/>next. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Plain(text)
	}
}
