package prose

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"bidfit/notice"
)

// seeds are what the readers of dates, addresses and conditions start fuzzing from.
var seeds = []string{
	"", "17 July 2026", "by 5.00pm Friday 28 August 2026", "10-12pm on 8-10 Sept. 26", "17/07/2026-18/07/2026", "2026-07-17T12:00",
	"1.2.3.4.5", "17&nbsp;July&#160;2026", "8, 9 and 10 June", "June 22-26th, 2026", "midnight 31 Decmber", "Thursday 13/08 (Friday)", "31/31/31",
	"https://https://www.example.org/rnrn", "www.www.www.", "a.co.uk/b)c(", "http://[::1]/", "https://x.y/%zz", "&amp;.co.uk", "é.co.uk/é", "@a.org.uk",
	"£5m public and products liability, employer’s (compulsory) liability = 5 000 000 GBP", "ISO/IEC 27001:2022, 9001 and 14001", "BS EN ISO", "BS-PAS-ISO-",
	"call-off from ESPO Framework 1", "current provider is", "incumbent provider", "As & is the incumbent supplier", "must be based in 30 miles of the",
	"TUPE", "Level 2 NPPV", "SC cleared", "establish a DPS", "turnover at least £", "\xff17\xff July\x80 2026", "İ 1 May", "ß\u0301 2/2/26",
	"17 July" + strings.Repeat(" 17 July", 40), strings.Repeat("public ", 50) + "liability", strings.Repeat("(", 90) + "https://a.org/" + strings.Repeat(")", 90),
}

// sound reports what is wrong with a span: readers give text that is there, whole runes, in their order.
func sound[T any](text string, found []Found[T]) string {
	if len(found) > Most {
		return "too many"
	}
	for _, f := range found {
		switch {
		case f.Start < 0 || f.End > len(text) || f.Start >= f.End:
			return "a span outside the text"
		case f.Confidence < 1 || f.Confidence > 99:
			return "a confidence that is no percentage of doubt"
		case utf8.ValidString(text) && !utf8.ValidString(text[f.Start:f.End]):
			return "a span that cuts a rune"
		case strings.TrimSpace(text[f.Start:f.End]) != text[f.Start:f.End]:
			return "a span with blanks at its ends"
		}
	}
	return ""
}

func FuzzEvents(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Read(text).Events(published)
		if wrong := sound(text, found); wrong != "" {
			t.Fatalf("%q: %s: %+v", text, wrong, found)
		}
		for i, e := range found {
			if y := e.Value.When.In(notice.London).Year(); y < firstYear-1 || y > lastYear || e.Value.Kind == "" {
				t.Fatalf("%q: %+v", text, e)
			}
			if !strings.ContainsAny(text[e.Start:e.End], "0123456789") {
				t.Fatalf("%q: no digit in %q", text, text[e.Start:e.End])
			}
			if i > 0 && e.Start < found[i-1].Start {
				t.Fatalf("%q: out of order: %+v", text, found)
			}
		}
	})
}

func FuzzLinks(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Read(text).Links()
		if wrong := sound(text, found); wrong != "" {
			t.Fatalf("%q: %s: %+v", text, wrong, found)
		}
		end := 0
		for _, l := range found {
			u, err := url.Parse(l.Value.URL)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Host, ".") || u.User != nil {
				t.Fatalf("%q: %q is no address to follow: %v", text, l.Value.URL, err)
			}
			if l.Start < end || strings.ContainsAny(text[l.Start:l.End], " \n\t<>\"") {
				t.Fatalf("%q: %+v", text, found)
			}
			end = l.End
		}
	})
}

func FuzzMentions(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Read(text).Mentions()
		if wrong := sound(text, found); wrong != "" {
			t.Fatalf("%q: %s: %+v", text, wrong, found)
		}
		for _, m := range found {
			if m.Value.Kind == "" || len(m.Value.Name) > 400 || m.Value.Amount != nil && *m.Value.Amount <= 0 {
				t.Fatalf("%q: %+v", text, m)
			}
			if utf8.ValidString(text) && !utf8.ValidString(m.Value.Name) {
				t.Fatalf("%q: name %q", text, m.Value.Name)
			}
		}
	})
}

// hostile are texts of about n bytes that would cost a careless reader their square.
func hostile(n int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	return map[string]string{
		"dates":      fill("17 July 2026 "),
		"no years":   fill("17 July, "),
		"days":       fill("1, 2, 3, 4, 5, 6, "),
		"half dates": fill("1/2/"),
		"points":     fill("1."),
		"times":      fill("12:00 "),
		"clocks":     fill("5pm - "),
		"months":     fill("july "),
		"commas":     fill(",") + "17 July",
		"schemes":    fill("https://"),
		"wwws":       fill("www."),
		"hosts":      fill("a.co.uk"),
		"dots":       fill("a."),
		"hyphens":    fill("a-"),
		"brackets":   "https://a.org/" + fill("("),
		"one link":   "https://a.org/" + fill("a"),
		"public":     fill("public "),
		"liability":  fill("public liability "),
		"standards":  fill("ISO 9001, "),
		"slashes":    "ISO" + fill("/"),
		"framework":  fill("Framework "),
		"call off":   fill("call-off from "),
		"capitals":   fill("current provider is A "),
		"incumbents": fill("A is the incumbent provider "),
		"places":     fill("supplier must be based in A "),
		"turnover":   fill("minimum turnover "),
		"blanks":     fill(" "),
		"letters":    fill("r"),
		"lines":      fill("rn"),
		"ampersands": fill("&"),
		"bytes":      fill("\xff"),
	}
}

// TestHostile reads each hostile text whole and finds a bounded number of things. That the work grows
// with the text and not with its square is for TestLinear and BenchmarkHostile to show.
func TestHostile(t *testing.T) {
	for name, text := range hostile(1 << 15) {
		if wrong := sound(text, Read(text).Events(published)); wrong != "" {
			t.Errorf("events of %s: %s", name, wrong)
		}
		if wrong := sound(text, Read(text).Links()); wrong != "" {
			t.Errorf("links of %s: %s", name, wrong)
		}
		if wrong := sound(text, Read(text).Mentions()); wrong != "" {
			t.Errorf("mentions of %s: %s", name, wrong)
		}
	}
}
