package index_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"bidfit/index"
	"bidfit/notice/words"
)

// written gives the clauses as terms, in the form as written; capitals that must be met get a "^".
func written(clauses []words.Phrase) string {
	var list []string
	for _, c := range clauses {
		var terms []string
		for _, t := range c.Forms[0] {
			if t.Upper {
				t.Stem = "^" + t.Stem
			}
			terms = append(terms, t.Stem)
		}
		list = append(list, strings.Join(terms, "+"))
	}
	return strings.Join(list, " ")
}

func TestClauses(t *testing.T) {
	for _, tt := range []struct{ words, want string }{
		{"", ""},
		{" \n\t ", ""},
		{"road", "road"},
		{"Road roads", "road road"},
		{"the road to the hill", "road hill"},
		{"the of", ""},
		{"!?* ---", ""},
		{`"road markings"`, "road+mark"},
		{`white "road markings" Leeds`, "white road+mark leed"},
		{`"road markings`, "road+mark"},
		{`road" markings"`, "road mark"},
		{`"" " " "of"`, ""},
		{`"road. Bridge"`, "road bridg"},
		{`"road` + "\n" + `bridge hill"`, "road bridg+hill"},
		{"IT", "^it"},
		{"IT road", "^it road"},
		{"it road", "road"},
		{"ROAD MARKINGS", "road mark"},
		{"IT ROAD", "^it road"},
		{"+road -bridge", "road bridg"},
	} {
		got, err := index.Query{Words: tt.words}.Clauses()
		if err != nil || written(got) != tt.want {
			t.Errorf("Clauses of %q = %q, %v, want %q", tt.words, written(got), err, tt.want)
		}
	}
}

func TestGroups(t *testing.T) {
	got, err := index.Query{Tokens: []string{"stage:tender", "cpv:72", "stage:planned", "plain", "buyer:a:b", ""}}.Groups()
	want := [][]string{{"stage:tender", "stage:planned"}, {"cpv:72"}, {"plain"}, {"buyer:a:b"}, {""}}
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("Groups = %q, %v, want %q", got, err, want)
	}
}

func TestPage(t *testing.T) {
	for _, tt := range []struct {
		from, size         int
		wantFrom, wantSize int
		ok                 bool
	}{
		{0, 0, 0, index.DefaultSize, true},
		{40, 20, 40, 20, true},
		{0, index.MaxSize, 0, index.MaxSize, true},
		{index.MaxReach - index.MaxSize, index.MaxSize, index.MaxReach - index.MaxSize, index.MaxSize, true},
		{index.MaxReach - index.MaxSize + 1, index.MaxSize, 0, 0, false},
		{0, index.MaxSize + 1, 0, 0, false},
		{-1, 1, 0, 0, false},
		{0, -1, 0, 0, false},
		{math.MaxInt, math.MaxInt, 0, 0, false},
		{math.MaxInt, 1, 0, 0, false},
		{math.MinInt, math.MinInt, 0, 0, false},
	} {
		from, size, err := index.Query{From: tt.from, Size: tt.size}.Page()
		if from != tt.wantFrom || size != tt.wantSize || (err == nil) != tt.ok || err != nil && !errors.Is(err, index.ErrQuery) {
			t.Errorf("Page from %d, size %d = %d, %d, %v", tt.from, tt.size, from, size, err)
		}
	}
}

// FuzzQuery reads any text as a query: it is read, or is out of bounds and says so.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"", `a "b c`, "IT SUPPORT", `"""`, "\x00\xff", strings.Repeat("x ", 600)} {
		f.Add(s, s, 0, 0)
	}
	f.Fuzz(func(t *testing.T, text, token string, from, size int) {
		q := index.Query{Words: text, Tokens: []string{token, text}, From: from, Size: size}
		clauses, err := q.Clauses()
		if err != nil && !errors.Is(err, index.ErrQuery) {
			t.Errorf("Clauses of %q: %v", text, err)
		}
		if len(clauses) > index.MaxClauses {
			t.Errorf("%q has %d clauses", text, len(clauses))
		}
		for _, c := range clauses {
			if len(c.Forms) == 0 {
				t.Errorf("%q has a clause without a form", text)
			}
		}
		if q.Blank() && len(clauses) > 0 {
			t.Errorf("%q is blank and has %d clauses", text, len(clauses))
		}
		if groups, err := q.Groups(); err == nil && len(slices.Concat(groups...)) != 2 {
			t.Errorf("of two tokens Groups keeps %q", groups)
		}
		if from, size, err := q.Page(); err == nil && (from < 0 || size < 1 || from+size > index.MaxReach) {
			t.Errorf("Page = %d, %d", from, size)
		}
	})
}
