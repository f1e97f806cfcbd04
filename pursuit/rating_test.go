package pursuit

import (
	"slices"
	"testing"
)

// Relevance and being known are two questions; the newest answer to each is in force until it is taken back.
func TestRated(t *testing.T) {
	said := func(a Answer) Rating { return Rating{Answer: a} }
	back := func(a Answer) Rating { return Rating{Answer: a, Undone: true} }
	for _, c := range []struct {
		ratings []Rating
		want    []Answer
	}{
		{nil, nil},
		{[]Rating{said(Relevant)}, []Answer{Relevant}},
		{[]Rating{said(Relevant), said(Known)}, []Answer{Relevant, Known}},
		{[]Rating{said(Known), said(Irrelevant)}, []Answer{Irrelevant, Known}},
		{[]Rating{said(Relevant), said(Irrelevant)}, []Answer{Irrelevant}},
		{[]Rating{said(Relevant), said(Irrelevant), back(Irrelevant)}, nil},
		{[]Rating{said(Relevant), said(Known), back(Known)}, []Answer{Relevant}},
		{[]Rating{said(Known), back(Known), said(Known)}, []Answer{Known}},
	} {
		r := Rated{Ratings: c.ratings}
		if got := r.Answers(); !slices.Equal(got, c.want) {
			t.Errorf("%v leaves %q in force, want %q", c.ratings, got, c.want)
		}
		if got := r.Known(); got != slices.Contains(c.want, Known) {
			t.Errorf("%v: known %v", c.ratings, got)
		}
	}
}

func TestParseAnswer(t *testing.T) {
	for _, a := range []Answer{Relevant, Irrelevant, Known} {
		if got, err := ParseAnswer(string(a)); err != nil || got != a {
			t.Errorf("%q is %q (%v)", a, got, err)
		}
	}
	for _, s := range []string{"", "Relevant", "yes", "unknown"} {
		if got, err := ParseAnswer(s); err == nil {
			t.Errorf("%q is %q, and is none", s, got)
		}
	}
}
