package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSavedSearches: a search is kept under a name, leads to what it finds, and is removed; what is wrong with it is said beside its field.
func TestSavedSearches(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	res := postForm(t, door, "/searches", url.Values{"name": {" Disputes <b> "}, "q": {"mediation"}, "has": {"stage:tender"}})
	if at := res.Header.Get("Location"); at != "/search?has=stage%3Atender&q=mediation" {
		t.Errorf("saved, it leads to %s", at)
	}
	holds(t, "the page after it", follow(t, door, res), "Saved as “Disputes &lt;b&gt;”", "Saved searches", `aria-current="true">Disputes &lt;b&gt;</a> <span class="faint">15</span>`, "15 notices</h2>")
	if page := body(t, ask(t, door, "GET", "/search?q=mediation&has=stage:tender&page=1", nil)); strings.Contains(page, "Save this search") {
		t.Error("what is saved can be saved again")
	}
	holds(t, "another", body(t, ask(t, door, "GET", "/search?q=mediation&has=itl:TLG", nil)), "Save this search", `value="Mediation, West Midlands (England)"`)
	res = postForm(t, door, "/searches", url.Values{"name": {"Disputes <b>"}, "q": {"disputes"}})
	follow(t, door, res)
	if list, err := d.Saved(t.Context()); err != nil || len(list) != 1 || list[0].Query != "q=disputes" || list[0].Who != "tester" || !list[0].When.Equal(sampleDay) {
		t.Errorf("under one name there is %+v (%v)", list, err)
	}
	for what, form := range map[string]url.Values{
		"no name": {"q": {"mediation"}}, "a long name": {"name": {strings.Repeat("n", 201)}, "q": {"mediation"}}, "nothing": {"name": {"x"}},
	} {
		res := postForm(t, door, "/searches", form)
		page := body(t, res)
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", what, res.Status)
		}
		holds(t, what, page, `<details class="saving noprint" open>`, "This search cannot be saved: ", `id="f-name-error"`, `name="q" value="`+form.Get("q")+`"`, `value="`+form.Get("name")+`" required`)
	}
	if res := postForm(t, door, "/searches", url.Values{"name": {"x"}, "q": {strings.Repeat("word ", 40)}}); res.StatusCode < 400 || res.StatusCode > 499 {
		t.Errorf("too many words: %s", res.Status)
	}
	if res := postForm(t, door, "/searches", url.Values{"do": {"dance"}}); res.StatusCode != http.StatusBadRequest {
		t.Errorf("dancing: %s", res.Status)
	}
	gone := url.Values{"do": {"remove"}, "name": {"Disputes <b>"}, "back": {"/search?q=x"}}
	res = postForm(t, door, "/searches", gone)
	if at := res.Header.Get("Location"); at != "/search?q=x" {
		t.Errorf("removed, it leads to %s", at)
	}
	page := follow(t, door, res)
	if holds(t, "removed", page, "The saved search “Disputes &lt;b&gt;” is removed."); strings.Contains(page, "Saved searches") {
		t.Error("it is still there")
	}
	holds(t, "removed again", follow(t, door, postForm(t, door, "/searches", gone)), "It was removed already.")
}

// TestSavingWalk saves a search, comes back by it and removes it, by hand and without JavaScript.
func TestSavingWalk(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		for _, scripts := range []bool{true, false} {
			b.scripts(scripts)
			b.open("/search?q=mediation")
			b.run(chromedp.Click(".saving summary"))
			b.fill("#f-name", "Disputes")
			if scripts {
				b.axe("saving")
				b.rules("saving")
			}
			b.click(".saving button")
			b.open("/search")
			if scripts {
				b.page("search-saved", "/search")
			}
			b.click(".saved a")
			if got := b.path(); got != "/search?q=mediation" {
				t.Errorf("the saved search leads to %s", got)
			}
			b.run(chromedp.Click(".saved summary"))
			b.click(".saved button")
			if got := b.text(".flash"); !strings.Contains(got, "is removed") {
				t.Errorf("removed: %q", got)
			}
			if list, err := d.Saved(t.Context()); err != nil || len(list) != 0 {
				t.Errorf("left are %+v (%v)", list, err)
			}
		}
	})
}
