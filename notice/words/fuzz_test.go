package words

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var seeds = []string{
	"", "rn", "rnrn", "a", "A", "&", "&amp;", "&#39;", "&#x1f600;", "&;", "&amp", "R&amp;D's", "'s", "O'", "'",
	"Anti-social behaviour (ASB) & M&E, co-ordination on-line web sites.rn .rn All £1,530,000 PS704,000",
	"M & E", "M & ", "U.K", "U.K.", "e.g.", "a.b.c.d", "1,234", "1,23", "1.", "3.2tThe", "tThe", "servicesrnThe",
	"<p>x</p", "<", "</", "<br", "<p<p<p>", "\\r\\n", "\\", "co-", "co- ", "web ", "web \xff", "e-\u00ad", "re-use",
	"\xff\xfe", "\u0130stanbul", "ﬁ", "\u0301", "a\u0301", "\u200b", "\u202e", "Ⅷ", "½", "İ", "ß's",
	"0 A&", "THE 5", strings.Repeat("0", 60) + strings.Repeat("\xa3", 99) + "0",
	"ʼ", "ʼx", "aʼ", "IT IS IT. HE SAID it", "GPs GP's", "A Category A", "\u2028", "\uf0b7", "nbsp", "12thJuly", "of the",
}

func FuzzTokens(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Tokens(text)
		last := Token{}
		for i, k := range tokens {
			if k.Start < 0 || k.End > len(text) || k.Start >= k.End {
				t.Fatalf("token %+v is not in %q", k, text)
			}
			if k.Start < last.Start || k.Start < last.End && (k.Start != last.Start || k.End != last.End) {
				t.Fatalf("token %+v goes back behind %+v in %q", k, last, text)
			}
			if k.Stem == "" || !utf8.ValidString(k.Stem) || strings.ContainsAny(k.Stem, " \n<>") {
				t.Fatalf("stem %q in %q", k.Stem, text)
			}
			if i == 0 && k.Gap {
				t.Fatalf("the first token of %q has a gap before it", text)
			}
			last = k
		}
		for _, span := range []Span{{0, len(text)}, {len(text) / 3, len(text) / 2}} {
			s := Sentence(text, span, 50)
			if s.Start < 0 || s.End > len(text) || s.Start > s.End || s.End-s.Start > 50 {
				t.Fatalf("Sentence(%q, %v) is %v", text, span, s)
			}
			if utf8.ValidString(text) && s.Start != span.Start && s.End != span.End && !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("Sentence(%q, %v) cuts a rune: %v", text, span, s)
			}
		}
	})
}

func FuzzPhrase(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "the "+s+" x")
	}
	f.Fuzz(func(t *testing.T, keyword, text string) {
		p, err := ParsePhrase(keyword)
		if err != nil {
			if len(p.Forms) > 0 {
				t.Fatalf("ParsePhrase(%q) fails and has forms", keyword)
			}
			return
		}
		if len(p.Forms) == 0 || len(p.Forms[0]) == 0 {
			t.Fatalf("ParsePhrase(%q) has no form", keyword)
		}
		if found := p.Find(Tokens(keyword)); len(found) == 0 {
			t.Fatalf("%q does not find itself; forms %v, tokens %v", keyword, p.Forms, Tokens(keyword))
		}
		end := 0
		for _, s := range p.Find(Tokens(text)) {
			if s.Start < end || s.End > len(text) || s.Start >= s.End {
				t.Fatalf("%q in %q: span %v after %d", keyword, text, s, end)
			}
			end = s.End
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Plain(text)
		if !utf8.ValidString(got) {
			t.Fatalf("Plain(%q) = %q is not UTF-8", text, got)
		}
		for _, r := range got {
			if r < ' ' && r != '\n' || 0x7f <= r && r <= 0x9f || invisible(r) {
				t.Fatalf("Plain(%q) = %q holds %U", text, got, r)
			}
		}
		if strings.Contains(got, "  ") || strings.Contains(got, "\n\n\n") || strings.Trim(got, " \n") != got {
			t.Fatalf("Plain(%q) = %q has white space to spare", text, got)
		}
	})
}
