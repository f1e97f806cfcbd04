package web

import (
	"strings"
	"testing"

	"bidfit/matcher"
	"bidfit/notice"
)

const cited1 = `{"id":"1","tender":{"title":"Mediation &amp; care","description":"<p>First words.</p><p>We need mediation\u202e now, mediation later.</p>","value":{"amount":1.50,"currency":"GBP"},"items":[{"id":"a/b"},{"~x":"\u202egnol"}]}}`

func shown(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Gap:
			b.WriteString("{…}")
		case p.Mark:
			b.WriteString("[" + p.Text + "]")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// TestSources: a quotation is found where it stands, text with its passages marked and JSON around its value.
func TestSources(t *testing.T) {
	c := newCiter([]notice.Release{{ID: "1", Raw: []byte(cited1)}})
	text, err := textAt([]byte(cited1), "/tender/description")
	if err != nil {
		t.Fatal(err)
	}
	at := func(pointer, quote string, nth int) notice.Quote {
		q := notice.Quote{Path: notice.Path{Release: "1", Pointer: pointer}, Quote: quote}
		if nth > 0 {
			for range nth {
				q.Start = q.End + strings.Index(text[q.End:], quote)
				q.End = q.Start + len(quote)
			}
		}
		return q
	}
	list, more := c.sources([]notice.Quote{
		at("/tender/description", "mediation", 1), at("/tender/value/amount", "1.50", 0), at("/tender/description", "mediation", 2),
		at("/tender/items/1/~0x", "long", 0), at("/tender/gone", "gone", 0), {Path: notice.Path{Release: "2", Pointer: "/x"}, Quote: "other"},
	})
	if len(list) != 5 || more != 0 {
		t.Fatalf("%d sources and %d more", len(list), more)
	}
	for i, want := range []string{
		"First words.\n\nWe need [mediation] now, [mediation] later.",
		"{\n  \"amount\": [1.50],\n  \"currency\": \"GBP\"\n}",
		"{\n  \"~x\": [\"\\u202egnol\"]\n}",
		"[gone] (the release has nothing at /tender/gone)",
		"[other] (the release is not in the store any more)",
	} {
		got := strings.TrimSpace(shown(list[i].Parts))
		if i == 2 { // the largest structure that is short may be more
			if !strings.Contains(got, "[\"\\u202egnol\"]") || strings.Contains(got, "\u202e") {
				t.Errorf("JSON with an override is shown as %q", got)
			}
			continue
		}
		if i == 1 {
			if !strings.Contains(got, `"amount": [1.50],`) {
				t.Errorf("source %d is %q", i, got)
			}
			continue
		}
		if got != want {
			t.Errorf("source %d is %q, want %q", i, got, want)
		}
	}
	if list[0].Where != "tender, description" || list[2].Where != "tender, items 2, ~x" || len(list[0].Quotes) != 1 {
		t.Errorf("places are called %q and %q, quoted is %q", list[0].Where, list[2].Where, list[0].Quotes)
	}
}

// TestHighlighted: of a long text only what stands around the passages is shown.
func TestHighlighted(t *testing.T) {
	text := strings.Repeat("a", 1000) + "ONE" + strings.Repeat("b", 1000) + "TWO" + "cc" + "THREE" + strings.Repeat("d", 1000)
	var quotes []notice.Quote
	for _, w := range []string{"THREE", "ONE", "TWO", "ONE"} {
		i := strings.Index(text, w)
		quotes = append(quotes, notice.Quote{Path: notice.Path{Start: i, End: i + len(w)}})
	}
	around := func(s string) string { return strings.Repeat(s, aroundQuote) }
	want := "{…}" + around("a") + "[ONE]" + around("b") + "{…}" + around("b") + "[TWO]cc[THREE]" + around("d") + "{…}"
	if got := shown(highlighted(text, spans(text, quotes), false)); got != want {
		t.Errorf("shown is %q", got)
	}
	if got := shown(highlighted(text, spans(text, quotes), true)); strings.Contains(got, "{…}") || len(got) != len(text)+6 {
		t.Errorf("whole, shown is %q", got)
	}
}

// TestBars: bars begin at one axis, and what takes away lies on its left.
func TestBars(t *testing.T) {
	list := bars([]matcher.Evidence{{Points: 60}, {Points: -20}, {Points: 0}, {Points: 1}})
	for i, want := range []bar{{40, 40, 120, 160}, {40, 0, 40, 160}, {40, 40, 0, 160}, {40, 40, 2, 160}} {
		if list[i] != want {
			t.Errorf("bar %d is %+v, want %+v", i, list[i], want)
		}
	}
	if got := bars([]matcher.Evidence{{Points: 0}}); got[0].Width != 0 {
		t.Errorf("no points are a bar: %+v", got[0])
	}
}

// FuzzSource: whatever a release holds and whatever is cited of it, something is shown, with no character that changes how others are shown.
func FuzzSource(f *testing.F) {
	f.Add([]byte(cited1), "/tender/description", 3, 9)
	f.Add([]byte(cited1), "/tender/items/1/~0x", 0, 0)
	f.Add([]byte(`{"a":[{"b":"\ud800\u0000"},`), "/a/0/b", 1, 2)
	f.Add([]byte(`[[[]]]`), "/0/0/0", 0, 0)
	f.Fuzz(func(t *testing.T, raw []byte, pointer string, start, end int) {
		c := newCiter([]notice.Release{{ID: "1", Raw: raw}})
		q := notice.Quote{Path: notice.Path{Release: "1", Pointer: pointer, Start: start, End: end}, Quote: "quoted"}
		list, _ := c.sources([]notice.Quote{q, q})
		if len(list) != 1 || len(list[0].Parts) == 0 && list[0].Prose == false {
			t.Fatalf("%+v", list)
		}
		if text := shown(list[0].Parts); strings.ContainsAny(text, "\u202e\u2066\u0000\x1b") {
			t.Errorf("shown is %q", text)
		}
	})
}
