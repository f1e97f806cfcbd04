package prose

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"bidfit/notice"
)

// wordings are the wordings and the traps of the readers, and what no publisher would write.
var wordings = []string{
	"", "£", "£1", "£1.2m–£1.5m", "£1.2-1.5m", "PS704,000", "PS", "GBP", "GBP 5 000 000", "5 000 000 GBP", "£1,,200,000", "£1,107, 679,301.00",
	"£99999999999999999999999", "£0.00000001bn", "£9999999999999999m to £1", "£1 to £2 to £3", "between £1 and", "up to £", "£5m+ or more per annum ex VAT",
	"&pound;5&nbsp;k", "Â£5", "£5krnrnLot 2", "£1.", "£.5", "£1,", "value 5k", "value 5m2", "£5m (206,500 per annum)", "£5m (", "(£5m) p.a.", "£\xff5", "£5\xff",
	"3 years", "3 years + 1 + 1", "(3+1+1)", "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1", "2 x 12 months", "999999 years", "12rn months", "twenty-", "twenty-four (24) months",
	"3rd and 4th year optional", "a further year", "0 x 0 months", "5.5 years", "5.555 years", "2 years and 3 months", "24 months in 12-month increments", "\u0131 years",
	"Lot 1: a Lot 2: b", "Lot 1", "Lot 1 Lot 1 Lot 1", "Lot A (Lot B)", "(Lot 1) (Lot 2)", "a (Lot 1) and b (Lot 2)", "Lot 99999999999999999999: x", "lot\nlot\nlot",
	"Lot 1 - £5\nLot 2 - £6\n\nAll", "Lot One Lot Two Lot Three", "LOT 1 – É\nLOT 2 – \u202e", "Sub-lot 1: a\nSub-lot 2: b", "Lot No. 1; a\nLot No. 2; b", "Lot 1:", "Lot 1:\nLot 2:",
	"<b>Lot 1</b>: a<br/>Lot 2: b", "• \uf0b7 ▪ o Lot 1: a\no Lot 2: b", "\\r\\nLot 1: a\\r\\nLot 2: b", "\x00", "\ufeff£5", "\u2028", "rn", "rnrnrn",
}

// checkSpan fails where a span is not in the text, is empty, or cuts a rune.
func checkSpan(t *testing.T, text string, start, end int) {
	t.Helper()
	if start < 0 || end > len(text) || start >= end {
		t.Fatalf("span %d:%d is not in the %d bytes of %q", start, end, len(text), text)
	}
	if utf8.ValidString(text) && !utf8.ValidString(text[start:end]) {
		t.Fatalf("span %d:%d cuts a rune of %q", start, end, text)
	}
}

func checkFound[T any](t *testing.T, text string, found []Found[T]) {
	t.Helper()
	if len(found) > Most {
		t.Fatalf("%d things found", len(found))
	}
	for _, f := range found {
		checkSpan(t, text, f.Start, f.End)
		if f.Confidence < 1 || f.Confidence > 100 {
			t.Fatalf("confidence %d in %q", f.Confidence, text)
		}
	}
}

func checkAmount(t *testing.T, text string, a notice.Amount) {
	t.Helper()
	switch {
	case a.Min == nil && a.Max == nil:
		t.Fatalf("an amount of nothing in %q", text)
	case a.Min != nil && *a.Min < 0, a.Max != nil && *a.Max <= 0, a.Min != nil && a.Max != nil && *a.Min > *a.Max:
		t.Fatalf("%s in %q", written(a), text)
	case a.For == "":
		t.Fatalf("an amount for nothing in %q", text)
	}
}

func FuzzAmounts(f *testing.F) {
	for _, s := range wordings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Read(text).Amounts()
		checkFound(t, text, found)
		end := 0
		for _, a := range found {
			checkAmount(t, text, a.Value)
			if a.Start < end {
				t.Fatalf("amounts overlap in %q", text)
			}
			end = a.End
		}
	})
}

func FuzzLengths(f *testing.F) {
	for i, s := range wordings {
		f.Add(s, i%4)
	}
	f.Fuzz(func(t *testing.T, text string, field int) {
		found := Read(text).Lengths(Field(uint(field) % 4))
		checkFound(t, text, found)
		for _, l := range found {
			spans := append([]notice.Span{l.Value.Term}, l.Value.Extensions...)
			if len(spans) > mostSpans+1 || len(spans) == 1 && spans[0] == (notice.Span{}) {
				t.Fatalf("%+v in %q", l.Value, text)
			}
			for i, s := range spans {
				if s.Months < 0 || s.Days < 0 || i > 0 && s == (notice.Span{}) {
					t.Fatalf("%+v in %q", l.Value, text)
				}
			}
		}
	})
}

func FuzzLots(f *testing.F) {
	for _, s := range wordings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lots := Read(text).Lots()
		if len(lots) == 1 || len(lots) > mostLots {
			t.Fatalf("%d lots", len(lots))
		}
		seen := map[string]bool{}
		for _, l := range lots {
			if l.ID == "" || seen[l.ID] || strings.ContainsAny(l.ID, "/~ \n") || l.Confidence < 1 {
				t.Fatalf("lot %q (%d) in %q", l.ID, l.Confidence, text)
			}
			seen[l.ID] = true
			if l.Title.End > 0 {
				checkSpan(t, text, l.Title.Start, l.Title.End)
			}
			for _, s := range l.Text {
				checkSpan(t, text, s.Start, s.End)
			}
			checkFound(t, text, l.Amounts)
			for _, a := range l.Amounts {
				checkAmount(t, text, a.Value)
			}
		}
	})
}

// costly are texts that would cost a reader that looks back, ahead or around from every word more than their length.
var costly = []string{
	"£1 ", "£", "£1-", "£1 to ", "1 000 ", "PS1,000,000", "value 5k ", "up to ", "VAT ", "per annum £9 ", "(", "£1 (", "&pound;",
	"3 years ", "1+", "2 x ", "two further ", "1st and ", "extend ", "option to extend for a further ", "12 months, ", "2 years and ",
	"lot ", "Lot 1 ", "Lot 1: ", "Lot 1: a\n", "(Lot 1) ", "Lot A - £5 ", "Lot 1 Lot 2 ", "sub-lot ", "\nLot 9: £1 per annum",
	"1", "a", "rn", ".", "<", "<b>", "&", "\n", "\\n", "'a", "é", "\xff", " ",
}

// TestLinear reads long texts of one hostile word again and again: what is found stays bounded, and so does the
// time. Nothing is timed: a reader that were quadratic in any of them would be at it for minutes, and the test would not end.
// BenchmarkHostileMoney shows the figures.
func TestLinear(t *testing.T) {
	const size = 200_000
	for _, word := range slices.Concat(costly, seeds) {
		text := strings.Repeat(word, size/max(1, len(word)))
		r := Read(text)
		checkFound(t, text, r.Amounts())
		for _, field := range []Field{Description, Renewal} {
			checkFound(t, text, r.Lengths(field))
		}
		checkFound(t, text, r.Events(published))
		checkFound(t, text, r.Links())
		checkFound(t, text, r.Mentions())
		if n := len(r.Lots()); n > mostLots {
			t.Errorf("%q repeated lists %d lots", word, n)
		}
	}
}

// BenchmarkHostileMoney shows that the readers are linear: ns/byte stays as the text doubles.
func BenchmarkHostileMoney(b *testing.B) {
	for _, word := range []string{"£1 ", "3 years ", "1+", "Lot 1: ", "lot ", "1", "("} {
		for _, n := range []int{25_000, 50_000, 100_000} {
			text := strings.Repeat(word, n)
			b.Run(fmt.Sprintf("%q/%d", word, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Read(text).Amounts()
					Read(text).Lengths(Renewal)
					Read(text).Lots()
				}
			})
		}
	}
}

// sample is prose of the kind that notices have, with something for every reader.
const sample = `The Council looks for suppliers of cleaning services for its offices and schools. The contract is for an initial term of three
(3) years with the option to extend by up to two further periods of twelve months. The estimated annual value is £176,000, and
£704,000 over the whole term, excluding VAT. Lot 1 - Offices: circa £400,000
Lot 2 - Schools: circa £304,000

Suppliers hold public liability insurance of at least £5m and have a turnover of £500,000 a year. Tenders stay valid for 90 days.
The work is done in the evenings and at weekends, with the care that buildings in use by children ask for. `

func benchmark(b *testing.B, read func(text string) int) {
	texts := []string{strings.Repeat(sample, 20), strings.Repeat(sample, 20) + "."} // in turn, so that neither has just been taken apart
	b.SetBytes(int64(len(texts[0])))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if read(texts[i%2]) == 0 {
			b.Fatal("nothing is read")
		}
	}
}

func BenchmarkAmounts(b *testing.B) {
	benchmark(b, func(text string) int { return len(Read(text).Amounts()) })
}

func BenchmarkLengths(b *testing.B) {
	benchmark(b, func(text string) int { return len(Read(text).Lengths(Description)) })
}

func BenchmarkLots(b *testing.B) {
	benchmark(b, func(text string) int { return len(Read(text).Lots()) })
}

func BenchmarkScan(b *testing.B) {
	benchmark(b, func(text string) int { return len(takeApart(text).tokens) })
}
