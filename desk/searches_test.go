package desk_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/pursuit"
	"bidfit/store"
)

func TestSearches(t *testing.T) {
	d, _ := working(t, 10)
	save := func(name, profile, query string) {
		t.Helper()
		if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: name, Profile: profile, Query: query, Who: "kim", When: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	save("b", "", "q=x")
	save("a", "", "q=y")
	save("a", "", "q=z")
	save("a", "mediator", "advice=bid")
	list, err := d.Searches(t.Context(), "")
	if err != nil || len(list) != 2 || list[0].Query != "q=z" || list[1].Name != "b" {
		t.Errorf("%v, %v", list, err)
	}
	if err := d.ForgetSearch(t.Context(), "", "a"); err != nil {
		t.Fatal(err)
	}
	if err := d.ForgetSearch(t.Context(), "", "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("forgotten twice: %v", err)
	}
	if list, err := d.Searches(t.Context(), "mediator"); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{}); err == nil {
		t.Error("a search without a name was kept")
	}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: "x", Profile: "nobody"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("for nobody: %v", err)
	}
}

// TestSaved: a saved search finds what it says, is kept in one form whatever its address looked like, and must look for something.
func TestSaved(t *testing.T) {
	d, _ := working(t, 10)
	for name, query := range map[string]string{"a": "has=stage:tender&q=+mediation+&page=2&has=stage:tender&has=nonsense", "b": "has=stage:award", "c": "q=zeppelin"} {
		if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: " " + name + " ", Query: query, Who: "kim", When: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := d.Saved(t.Context())
	if err != nil || len(list) != 3 || list[0].Name != "a" || list[0].Query != "has=stage%3Atender&q=mediation" {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, x := range list {
		found, err := d.Search(t.Context(), desk.QueryOf(queryIn(t, x.Query)))
		if err != nil || int(found.Total) != x.Finds || (x.Finds == 0) != (x.Name != "a") {
			t.Errorf("%s says that it finds %d, and finds %d (%v)", x.Name, x.Finds, found.Total, err)
		}
	}
	for what, s := range map[string]pursuit.Search{
		"nothing": {Name: "x"}, "a page": {Name: "x", Query: "page=2"}, "no query": {Name: "x", Query: "q=%zz"}, "no name": {Name: "  ", Query: "q=x"},
		"too many words": {Name: "x", Query: "q=" + strings.Repeat("word+", 40)}, "too many facts": {Name: "x", Query: manyFacts()}, "a line break": {Name: "x\ny", Query: "q=x"},
	} {
		if _, err := d.SaveSearch(t.Context(), s); !errors.Is(err, desk.ErrSearch) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := len(list); i < desk.MostSearches; i++ {
		if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: fmt.Sprint("n", i), Query: "q=x", When: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: "one more", Query: "q=x"}); !errors.Is(err, desk.ErrSearch) {
		t.Errorf("one more than are kept: %v", err)
	}
	if _, err := d.SaveSearch(t.Context(), pursuit.Search{Name: "a", Query: "q=x"}); err != nil {
		t.Errorf("one in the place of another: %v", err)
	}
}

func manyFacts() string {
	v := url.Values{}
	for i := range index.MaxTokens + 1 {
		v.Add("has", fmt.Sprint("cpv:", i))
	}
	return v.Encode()
}

// FuzzQueryOf: the query of a search, written down, is the same search.
func FuzzQueryOf(f *testing.F) {
	for _, s := range []string{"q=mediation&has=stage:tender", "has=:&has=a:&has= b:c ", "q=%22two+words%22&has=itl:TLG&has=itl:TLG", "%zz&q=%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		values, _ := url.ParseQuery(s)
		text := desk.QueryString(desk.QueryOf(values))
		again, err := url.ParseQuery(text)
		if err != nil || desk.QueryString(desk.QueryOf(again)) != text {
			t.Errorf("%q is written as %q, and that is another (%v)", s, text, err)
		}
	})
}

func queryIn(t *testing.T, s string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return values
}
