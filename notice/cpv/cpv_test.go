package cpv

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bidfit/notice/noticetest"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]Code{
		"85312300":        85312300,
		"85312300-2":      85312300,
		" 85312300 \n":    85312300,
		"CPV 85312300":    85312300,
		"cpv:85312300-2":  85312300,
		"CPV-85312300":    85312300,
		"03000000":        3000000,
		"03000000-1":      3000000,
		"98514000-9":      98514000,
		"\u00a045000000 ": 45000000,
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %s, %v; want %s", s, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for s, want := range map[string]string{
		"":                               `no CPV code is given; it has to be eight digits, such as 85312300`,
		"CPV":                            `no CPV code is given; it has to be eight digits, such as 85312300`,
		"8531230":                        `"8531230" is not a CPV code; did you mean 85312300 (under 85310000 Social work services)?`,
		"8531":                           `"8531" is not a CPV code; did you mean 85310000 (Social work services)?`,
		"8530-0":                         `"8530-0" is not a CPV code; did you mean 85300000 (Social work and related services)?`,
		"8531 2300":                      `"8531 2300" is not a CPV code; did you mean 85312300 (under 85310000 Social work services)?`,
		"853123002":                      `"853123002" is not a CPV code; did you mean 85312300 (under 85310000 Social work services)?`,
		"85312309":                       `"85312309" is not a CPV code; did you mean 85312300 (under 85310000 Social work services)?`,
		"58310000":                       `"58310000" is not a CPV code; did you mean 85310000 (Social work services)?`,
		"39250000":                       `"39250000" is not a CPV code; did you mean 39254000 (under 39200000 Furnishing)?`,
		"01000000":                       `"01000000" is not a CPV code; did you mean 03000000 (Agricultural, farming, fishing, forestry and related products)?`,
		"AA01-1 \x00\xff":                `"AA01-1 \x00\xff" is not a CPV code; it has to be eight digits, such as 85312300`,
		strings.Repeat("\u00e9", 10_000): `"` + strings.Repeat("\u00e9", 20) + `…" is not a CPV code; it has to be eight digits, such as 85312300`,
	} {
		got, err := Parse(s)
		if err == nil {
			t.Errorf("Parse(%q) = %s; want an error", s, got)
		} else if err.Error() != want {
			t.Errorf("Parse(%q):\n got %v\nwant %s", clip(s), err, want)
		}
	}
}

func TestText(t *testing.T) {
	for _, s := range []string{"85312300", "03000000", "00000001", "99999999"} {
		var c Code
		if err := c.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if b, err := c.MarshalText(); err != nil || string(b) != s || c.String() != s {
			t.Errorf("%q became %q, %q, %v", s, b, c, err)
		}
	}
	for _, s := range []string{"", "8531230", "853123000", "8531230x", "85312300-2", " 5312300", "٨٥٣١"} {
		c := Code(7)
		if err := c.UnmarshalText([]byte(s)); err == nil || c != 7 {
			t.Errorf("%q was read as %s, %v", s, c, err)
		}
	}
}

func TestLevel(t *testing.T) {
	for c, want := range map[Code]Level{
		85000000: Division, 85300000: Group, 85310000: Class, 85312000: Category,
		85312300: 6, 85312320: 7, 30192121: 8, 30000000: Division, 3000000: Division, 3100000: Group, 0: Division,
	} {
		if got := c.Level(); got != want {
			t.Errorf("%s is at level %d, want %d", c, got, want)
		}
	}
}

func TestAt(t *testing.T) {
	for _, test := range []struct {
		code  Code
		level Level
		want  Code
	}{
		{85312300, Division, 85000000}, {85312300, Group, 85300000}, {85312300, Class, 85310000},
		{85312300, Category, 85312000}, {85312300, 6, 85312300}, {85312300, 8, 85312300},
		{85312300, 0, 85000000}, {85312300, 99, 85312300}, {3111000, Division, 3000000},
	} {
		if got := test.code.At(test.level); got != test.want {
			t.Errorf("%s at %d is %s, want %s", test.code, test.level, got, test.want)
		}
	}
}

// missing are the codes that the digits of others imply and that are not in the vocabulary.
var missing = []Code{
	30192120, 34511000, 35611000, 35612000, 35811000, 38527000, 39250000, 42924000, 44115300, 44613100, 60110000,
}

func TestParents(t *testing.T) {
	var implied []Code
	for _, c := range Codes() {
		for l := Division; l < c.Level(); l++ {
			if a := c.At(l); !a.Known() && !slices.Contains(implied, a) {
				implied = append(implied, a)
			}
		}
	}
	slices.Sort(implied)
	if !slices.Equal(implied, missing) {
		t.Errorf("missing are %v, want %v", implied, missing)
	}
	for c, want := range map[Code]Code{
		85312300: 85312000, 85312000: 85310000, 85310000: 85300000, 85300000: 85000000,
		60112000: 60100000, 39254000: 39200000, 30192121: 30192100, 44115310: 44115000,
		85312399: 85312300, // not a code itself
	} {
		if got, ok := c.Parent(); !ok || got != want {
			t.Errorf("the parent of %s is %s, want %s", c, got, want)
		}
	}
	if p, ok := Code(85000000).Parent(); ok {
		t.Errorf("the division 85000000 has the parent %s", p)
	}
	want := []Code{85312000, 85310000, 85300000, 85000000}
	if got := Code(85312300).Ancestors(); !slices.Equal(got, want) {
		t.Errorf("the ancestors of 85312300 are %v, want %v", got, want)
	}
}

func TestChildren(t *testing.T) {
	if got, want := Code(85310000).Children(), []Code{85311000, 85312000}; !slices.Equal(got, want) {
		t.Errorf("below 85310000 stand %v, want %v", got, want)
	}
	if got := Code(85311100).Children(); got != nil {
		t.Errorf("below 85311100 stand %v", got)
	}
	count := 0
	for _, c := range Codes() {
		if _, ok := c.Parent(); !ok {
			count++
		}
		for _, d := range c.Children() {
			count++
			if p, ok := d.Parent(); !ok || p != c {
				t.Fatalf("%s is a child of %s, its parent is %s", d, c, p)
			}
		}
	}
	if count != len(Codes()) {
		t.Errorf("%d codes are divisions or children, want all %d", count, len(Codes()))
	}
}

// TestKinship holds the relations against the plain meaning of the digits, for
// every code with its relatives and with strangers.
func TestKinship(t *testing.T) {
	codes := Codes()
	prefix := func(c Code) string {
		return c.String()[:c.Level()]
	}
	for i, a := range codes {
		relatives := append(a.Ancestors(), a, codes[(i*7919+13)%len(codes)], codes[(i+1)%len(codes)])
		for _, b := range relatives {
			if got, want := b.Contains(a), strings.HasPrefix(a.String(), prefix(b)); got != want {
				t.Fatalf("%s contains %s: %v", b, a, got)
			}
			top, back := Common(a, b), Common(b, a)
			if top != back {
				t.Fatalf("Common(%s, %s) = %s, the other way round %s", a, b, top, back)
			}
			up, down, ok := Hops(a, b)
			if up2, down2, _ := Hops(b, a); up != down2 || down != up2 {
				t.Fatalf("Hops(%s, %s) = %d, %d; back %d, %d", a, b, up, down, up2, down2)
			}
			if ok != (top != 0) || ok != (a.At(Division) == b.At(Division)) {
				t.Fatalf("Hops(%s, %s) = %v, Common %s", a, b, ok, top)
			}
			if ok && (!top.Contains(a) || !top.Contains(b) || !top.Known()) {
				t.Fatalf("Common(%s, %s) = %s", a, b, top)
			}
		}
		// Contains is transitive: what holds an ancestor of a holds a.
		for _, p := range a.Ancestors() {
			for _, g := range p.Ancestors() {
				if !g.Contains(p) || !g.Contains(a) {
					t.Fatalf("%s holds not all of %s, %s", g, p, a)
				}
			}
		}
	}
}

func TestCommon(t *testing.T) {
	for _, test := range []struct{ a, b, want Code }{
		{85312300, 85312310, 85312300}, {85312300, 85311000, 85310000}, {85312300, 85121000, 85000000},
		{85312300, 75200000, 0}, {0, 85312300, 0}, {0, 0, 0}, {60112000, 60113000, 60100000},
		{85312399, 85312300, 85312300}, {85312399, 85312399, 85312399}, {39250000, 39254000, 39200000},
	} {
		if got := Common(test.a, test.b); got != test.want {
			t.Errorf("Common(%s, %s) = %s, want %s", test.a, test.b, got, test.want)
		}
	}
}

func TestHops(t *testing.T) {
	for _, test := range []struct {
		a, b     Code
		up, down int
		ok       bool
	}{
		{85312300, 85312300, 0, 0, true},
		{85312300, 85310000, 2, 0, true},
		{85000000, 85312300, 0, 4, true},
		{85312300, 85320000, 3, 1, true},
		{60112000, 60100000, 1, 0, true}, // 60110000 does not exist
		{85312399, 85312300, 1, 0, true}, // no code, a step below the nearest
		{39250000, 39254000, 1, 1, true}, // no code either, and so no ancestor
		{85312399, 85312399, 0, 0, true},
		{85312300, 75200000, 0, 0, false},
		{85312300, 99000000, 0, 0, false},
		{0, 0, 0, 0, false},
	} {
		up, down, ok := Hops(test.a, test.b)
		if up != test.up || down != test.down || ok != test.ok {
			t.Errorf("Hops(%s, %s) = %d, %d, %v; want %d, %d, %v", test.a, test.b, up, down, ok, test.up, test.down, test.ok)
		}
	}
}

func TestNames(t *testing.T) {
	learned := Names{
		85312300: "Guidance and counselling services",
		85312000: "Social work services without accommodation",
		85320000: "Sozialdienste",
	}
	for _, test := range []struct {
		code Code
		name string
		of   Code
	}{
		{85312300, "Guidance and counselling services", 85312300},
		{85312310, "Guidance and counselling services", 85312300},
		{85312400, "Social work services without accommodation", 85312000},
		{85311000, "Social work services", 85310000},
		{85310000, "Social work services", 85310000},
		{85320000, "Sozialdienste", 85320000},
		{0, "", 0},
	} {
		if name, of := learned.Of(test.code); name != test.name || of != test.of {
			t.Errorf("%s is %q of %s, want %q of %s", test.code, name, of, test.name, test.of)
		}
	}
	if name, of := Code(85312300).Name(); name != "Social work services" || of != 85310000 {
		t.Errorf("85312300 is %q of %s", name, of)
	}
}

func TestNearest(t *testing.T) {
	for s, want := range map[string][]Code{
		"8531":     {85310000, 85300000, 85311000},
		"85312300": {85312300, 85312310, 85312320},
	} {
		if got := Nearest(s, 3); !slices.Equal(got, want) {
			t.Errorf("Nearest(%q) = %v, want %v", s, got, want)
		}
	}
	if got := Nearest("85312300", 0); len(got) != 0 {
		t.Errorf("Nearest of none is %v", got)
	}
	if got := Nearest("85", 10_000); len(got) != 1+len(Code(85000000).Children()) && !slices.IsSorted(got) {
		t.Errorf("Nearest(85) = %v", got)
	}
}

func TestFind(t *testing.T) {
	for query, want := range map[string]Code{
		"social work":          85310000,
		"social work services": 85310000,
		"Legal services":       79100000,
		"cleaning":             90900000,
		"construction work":    45000000,
		"853":                  85300000,
		"03":                   3000000,
		"software":             48000000,
	} {
		got := Find(query, 5)
		if len(got) == 0 || len(got) > 5 || !slices.Contains(got, want) {
			t.Errorf("Find(%q) = %v, want %s among them", query, got, want)
		}
	}
	for _, query := range []string{"", "the of", "zzzz", "999999999999999999999"} {
		if got := Find(query, 5); len(got) != 0 {
			t.Errorf("Find(%q) = %v, want none", query, got)
		}
	}
}

func TestFromCPV2003(t *testing.T) {
	for old, want := range map[Code]Code{1000000: 3000000, 1110000: 3200000} {
		if got, ok := FromCPV2003(old); !ok || got != want {
			t.Errorf("%s became %s, want %s", old, got, want)
		}
	}
	for _, c := range []Code{0, 85310000, 99999999} {
		if got, ok := FromCPV2003(c); ok {
			t.Errorf("%s became %s, want itself", c, got)
		}
	}
	s := cpv2003()
	for i, old := range s.old {
		if old.Known() || i > 0 && s.old[i-1] >= old {
			t.Errorf("%s stands where it should not", old)
		}
		if later, ok := FromCPV2003(old); !ok || !later.Known() {
			t.Errorf("%s became %s", old, later)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for text, want := range map[string]string{
		"8\tX\n":               "does not begin with the digits",
		"8531a\tX\n":           "does not begin with the digits",
		"8531\tX\t1(2\n":       "breaks off",
		"8531\tX\t1)2\n":       "breaks off",
		"8531\tX\tx\n":         "breaks off",
		"8531\tX\t~\n":         "breaks off",
		"8531\tX\t1(1(1(1(1\n": "breaks off",
		"85\tX\n84\tY\n":       "not in order",
	} {
		if _, err := decode(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("decode(%q): %v; want %q", text, err, want)
		}
	}
}

// TestOfficialList checks every code, level, parent and name against the official list.
func TestOfficialList(t *testing.T) {
	codes, names := officialCodes(t)
	if got := Codes(); !slices.Equal(got, codes) {
		t.Fatalf("%d codes, want %d", len(got), len(codes))
	}
	levels := map[Level]int{}
	for _, c := range codes {
		levels[c.Level()]++
		if !c.Known() {
			t.Errorf("%s is not known", c)
		}
		if got, err := Parse(c.String()); err != nil || got != c {
			t.Errorf("%s is read as %s, %v", c, got, err)
		}
		if c.Level() > Division && !slices.Contains(missing, c.At(c.Level()-1)) {
			if p, ok := c.Parent(); !ok || p != c.At(c.Level()-1) {
				t.Errorf("the parent of %s is %s", c, p)
			}
		}
		name, of := c.Name()
		if c.Level() <= Class && of != c || !of.Contains(c) || name != names[of] {
			t.Errorf("%s is named %q of %s, want %q", c, name, of, names[of])
		}
	}
	want := map[Level]int{Division: 45, Group: 272, Class: 1002, Category: 2379}
	for l, n := range want {
		if levels[l] != n {
			t.Errorf("%d codes at level %d, want %d", levels[l], l, n)
		}
	}
}

// TestKnown asks for every number of six digits and two zeros: the list and nothing else is known.
func TestKnown(t *testing.T) {
	listed := map[Code]bool{}
	for _, c := range Codes() {
		listed[c] = true
	}
	for c := Code(0); c < 100_000_000; c += 100 {
		if c.Known() != listed[c] {
			t.Fatalf("%s: known %v, listed %v", c, c.Known(), listed[c])
		}
	}
	for _, c := range []Code{100_000_000, 853_123_002, 1<<32 - 1} {
		if c.Known() {
			t.Errorf("%d is known", c)
		}
	}
}

// TestOfficialTranslations checks every row of the official correspondence.
func TestOfficialTranslations(t *testing.T) {
	for _, r := range rows(t, noticetest.Shared(t, "refdata", "cpv2003.tsv")) {
		old, _ := number(r[0])
		want, _ := number(r[1])
		got, ok := FromCPV2003(old)
		if old.Known() {
			want = 0
		}
		if got != want || ok == old.Known() {
			t.Errorf("%s became %s, %v; want %s", old, got, ok, want)
		}
	}
}

// TestPublishedCodes reads every CPV code of the real notices; -v tells what does not parse.
func TestPublishedCodes(t *testing.T) {
	read, bad := 0, map[string]int{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if id, ok := v["id"].(string); ok && v["scheme"] == "CPV" {
				read++
				if _, err := Parse(id); err != nil {
					bad[id]++
				}
			}
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	for _, name := range noticetest.Notices(t) {
		for line := range noticetest.Lines(t, name) {
			d := json.NewDecoder(strings.NewReader(line))
			d.UseNumber()
			var v any
			if err := d.Decode(&v); err != nil {
				t.Logf("%s: %v", filepath.Base(name), err)
				continue
			}
			walk(v)
		}
	}
	for id, n := range bad {
		_, err := Parse(id)
		t.Logf("%d times: %v", n, err)
	}
	t.Logf("%d codes read, %d of them not CPV 2008", read, len(bad))
	if read == 0 || len(bad)*100 > read {
		t.Errorf("of %d published codes %d do not parse", read, len(bad))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"85312300", "85312300-2", "CPV 85312300", "8531230", "social work", "", "-", "39250000", "\xff", "９０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err == nil {
			if again, err := Parse(c.String()); !c.Known() || err != nil || again != c {
				t.Errorf("%q is read as %s, and that as %s, %v", s, c, again, err)
			}
			return
		}
		if c != 0 || len(err.Error()) > 500 {
			t.Errorf("%q: %s, %v", s, c, err)
		}
		near := Nearest(s, 4)
		for i, c := range near {
			if !c.Known() || slices.Contains(near[:i], c) || i >= 4 {
				t.Errorf("Nearest(%q) = %v", s, near)
			}
		}
	})
}

func FuzzUnmarshalText(f *testing.F) {
	f.Add([]byte("85312300"))
	f.Add([]byte("8531230a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c Code
		if err := c.UnmarshalText(b); err == nil && c.String() != string(b) {
			t.Errorf("%q became %s", b, c)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := decode(vocabularyText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("85312300-2"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseError(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("8531239"); err == nil {
			b.Fatal("read")
		}
	}
}

func BenchmarkContains(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if !Code(85310000).Contains(85312300) {
			b.Fatal("not contained")
		}
	}
}

func BenchmarkHops(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := Hops(85312300, 85121000); !ok {
			b.Fatal("no kin")
		}
	}
}
