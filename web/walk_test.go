package web

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bidfit/desk"
)

// looked are pages over the bundled sample that are held against every rule of the house. Each page has an address here.
var looked = []struct{ name, path string }{
	{"home", "/"},
	{"notice", "/notices/" + sampleNotice},
	{"profiles", "/profiles"},
	{"profile-new", "/profiles/new"},
	{"profile-edit", "/profiles/" + sampleProfile + "/edit"},
	{"profile-remove", "/profiles/" + sampleProfile + "/remove"},
	{"profile-doctor", "/profiles/" + sampleProfile + "/doctor"},
	{"similar", "/notices/" + sampleNotice + "/similar"},
	{"search", "/search?q=mediation"},
	{"narrowed", "/search?has=stage:tender&has=itl:TLG&page=2"},
	{"nothing", "/search?q=zeppelin&has=stage:tender"},
	{"buyer", "/buyers/potterford"},
	{"supplier", "/suppliers/" + sampleSupplier},
	{"which", "/buyers/council"},
	{"quarantine", "/quarantine"},
	{"feeds", "/feeds"},
	{"review", "/profiles/" + sampleProfile},
	{"review-filtered", "/profiles/" + sampleProfile + "?advice=review&advice=no-bid&region=TLG&words=resolve&order=deadline"},
	{"review-nothing", "/profiles/" + sampleProfile + "?state=snoozed"},
	{"fit", "/profiles/" + sampleProfile + "/fits/" + sampleNotice},
	{"fit-all", "/profiles/" + sampleProfile + "/fits/" + sampleNotice + "?lot=2&show=whatif&show=market"},
	{"alerts", "/profiles/" + sampleProfile + "/alerts"},
	{"alert", "/profiles/" + sampleProfile + "/alerts/" + sampleAlert},
	{"alert-feed", "/profiles/" + sampleProfile + "/alerts/" + sampleFeed},
	{"unsubscribe", "/unsubscribe/" + emailSecret},
	{"problem", "/nowhere"},
}

// TestPages looks at every page, wide and narrow, light and dark.
func TestPages(t *testing.T) {
	d := sampleDesk(t)
	well, failing := &quiet{name: "one"}, &quiet{name: "two", err: errors.New("403 Forbidden: https://www.example.org/" + strings.Repeat("a-long-path/", 20))}
	d.UseFeeds(desk.Scheduled{Feed: well, Title: "Service One", About: "Of the north", On: true, Every: time.Hour, Stale: 6 * time.Hour},
		desk.Scheduled{Feed: failing, Title: "Service Two", On: true, Every: time.Hour, Stale: 6 * time.Hour}, desk.Scheduled{Feed: &quiet{name: "three"}, Title: "Service Three"})
	once(t, d, well, sampleDay.Add(-time.Hour))
	once(t, d, failing, sampleDay.Add(-7*time.Hour))
	walk(t, d, func(b *browser) {
		b.expect("404 (Not Found)")
		for _, p := range looked {
			b.page(p.name, p.path)
		}
	})
}

// TestKeys: "/" leads to the search and "?" tells the keys, which Escape closes.
func TestKeys(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.open("/")
		b.press("/")
		if got := value[string](b, `document.activeElement.id`); got != "find" {
			t.Errorf("after / the focus is on %q", got)
		}
		b.press("?") // is typed, not obeyed
		if value[bool](b, `!!document.querySelector("dialog")`) {
			t.Error("a key was obeyed while typing")
		}
		b.open("/")
		b.press("?")
		if got := b.text("#keys"); got == "" {
			t.Error("? shows nothing")
		}
		b.axe("keys")
		b.press(kb.Escape)
		if value[bool](b, `!!document.querySelector("dialog[open]")`) {
			t.Error("Escape does not close the keys")
		}
	})
}

// TestShift: what moves while a page is looked at is noticed, at both widths.
func TestShift(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		for _, width := range []int64{1280, 390} {
			b.size(width, 900)
			b.open("/")
			if moved := b.shift(); moved.Sum != 0 {
				t.Errorf("the home page moves by %g: %v", moved.Sum, moved.What)
			}
			b.run(chromedp.Evaluate[chromedp.Void](`document.body.prepend(Object.assign(document.createElement("img"), {height: 300, alt: ""})); 0`))
			moved := b.shift()
			for range 50 { // until the browser has told
				if moved.Sum > 0 {
					break
				}
				moved = b.shift()
			}
			if moved.Sum <= 0.01 || len(moved.What) == 0 {
				t.Errorf("something that pushes the page down at %d is a shift of %g", width, moved.Sum)
			}
		}
	})
}

// TestFirstRunWalk: an empty store, the sample, a search, a notice; by mouse and without JavaScript.
func TestFirstRunWalk(t *testing.T) {
	for name, scripts := range map[string]bool{"with": true, "without": false} {
		t.Run(name+" scripts", func(t *testing.T) {
			walk(t, newDesk(t), func(b *browser) {
				b.scripts(scripts)
				b.open("/")
				if scripts {
					b.page("first-run", "/")
				}
				b.click(`form[action="/notices"] input[name=sample] + button`)
				if got := b.text(".flash"); !strings.Contains(got, "255 releases stored") {
					t.Errorf("the sample says %q", got)
				}
				b.fill("#find", "mediation")
				b.click(".find button")
				if got := b.path(); got != "/search?q=mediation" {
					t.Errorf("the search is at %s", got)
				}
				b.click(".line h3 a")
				b.click(`a[href$="/similar"]`)
				if scripts {
					b.rules("similar")
				}
			})
		})
	}
}

// TestPrint: a notice fits on paper, without what paper has no use for.
func TestPrint(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.open("/notices/" + sampleNotice)
		if pdf := b.print("notice"); !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("the print begins with %.20q", pdf)
		}
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		for _, gone := range []string{".top", ".foot", ".toc", ".links"} {
			if value[string](b, `getComputedStyle(document.querySelector("`+gone+`")).display`) != "none" {
				t.Errorf("%s is printed", gone)
			}
		}
	})
}
