package web

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bidfit/export"
)

// reachable are pages of every kind for what holds of all of them; those of looked and worked that differ in what they find alone are left out.
func reachable() []string {
	var list []string
	for _, p := range append(slices.Clone(looked), worked...) {
		if !slices.Contains([]string{"narrowed", "fit", "review-filtered", "shortlist-stage", "shortlist-wrong-hours", "calendar-august", "clients-lot", "pack-lot", "pack-engagement"}, p.name) {
			list = append(list, p.path)
		}
	}
	return list
}

// TestReach: whatever can be worked with a mouse is reached by Tab, and shows that it has the focus.
func TestReach(t *testing.T) {
	d := workDesk(t)
	walk(t, d, func(b *browser) {
		b.expect("404 (Not Found)")
		for _, path := range reachable() {
			b.open(path)
			// What is to be reached: all that is shown and takes part; of a group of radio buttons the one.
			n := value[int](b, `(() => {
				const of = new Set(), name = e => e.outerHTML.replace(/\s+/g, " ").slice(0, 140);
				for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
					if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) continue;
					if (e.type === "radio" && !e.checked && document.querySelector('input[type=radio][name="' + e.name + '"]:checked')) continue; // the arrows lead to it
					of.add(e);
				}
				window.unreached = of;
				window.unseen = [];
				document.addEventListener("focusin", ({target: e}) => {
					of.delete(e);
					const shown = e => { const s = getComputedStyle(e); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none"; };
					const thumb = e.type === "range"; // is marked on its handle, which no script can see
					if (!thumb && !shown(e) && !(e.closest("label") && shown(e.closest("label")))) window.unseen.push(name(e));
				});
				return of.size;
			})()`)
			least := 8
			if strings.HasPrefix(path, "/unsubscribe/") {
				least = 1 // a page that leads nowhere else
			}
			if n < least || n > 600 {
				t.Errorf("%s has %d things to reach", path, n)
			}
			for left := n; left > 0; {
				var steps []chromedp.Action[chromedp.Void]
				for range min(left+5, 50) {
					steps = append(steps, chromedp.KeyEvent(kb.Tab))
				}
				b.run(steps...)
				now := value[int](b, `window.unreached.size`)
				if now == left {
					break
				}
				left = now
			}
			for _, e := range value[[]string](b, `[...window.unreached].map(e => e.outerHTML.replace(/\s+/g, " ").slice(0, 140))`) {
				t.Errorf("%s: Tab does not reach %s", path, e)
			}
			for _, e := range value[[]string](b, `window.unseen`) {
				t.Errorf("%s: it has the focus and does not show it: %s", path, e)
			}
		}
	})
}

// TestCalm: where people ask for little motion there is none.
func TestCalm(t *testing.T) {
	walk(t, workDesk(t), func(b *browser) {
		b.expect("404 (Not Found)")
		const moving = `[...document.querySelectorAll("*")].filter(e => [null, "::before", "::after"].some(p => {
			const s = getComputedStyle(e, p);
			return s.transitionDuration.split(", ").some(d => parseFloat(d) > 0) || s.animationName !== "none" || s.scrollBehavior === "smooth";
		})).length`
		ask := func(motion string) {
			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: motion}}})
		}
		for _, path := range reachable() {
			ask("reduce")
			b.open(path)
			if n := value[int](b, moving); n > 0 {
				t.Errorf("%s: %d elements move", path, n)
			}
			ask("no-preference")
			if value[int](b, moving) == 0 {
				t.Errorf("%s: nothing moves anyway, so that this test sees nothing", path)
			}
		}
		// What scripts scroll stands where it belongs at once.
		ask("reduce")
		b.size(1280, 500)
		b.open(reviewPath)
		for range 8 {
			b.press("j")
		}
		if at := value[string](b, `(() => { const r = document.querySelector(".match.at").getBoundingClientRect(); return r.top >= -1 && r.bottom <= innerHeight + 1 ? "" : r.top + " to " + r.bottom + " of " + innerHeight; })()`); at != "" {
			t.Errorf("after the keys the row is not in sight at once, but at %s", at)
		}
	})
}

// mostClicks and mostRequired are what lies between an empty store and the first ranked list.
const (
	mostClicks   = 6
	mostRequired = 3
)

// TestFirstList: an empty store, the sample, a profile, its ranked list: in so many clicks and required fields, with scripts and without.
func TestFirstList(t *testing.T) {
	for name, scripts := range map[string]bool{"with": true, "without": false} {
		t.Run(name+" scripts", func(t *testing.T) {
			walk(t, newDesk(t), func(b *browser) {
				clicks := 0
				follow := func(selector string) { t.Helper(); clicks++; b.click(selector) }
				b.scripts(scripts)
				b.open("/")
				follow(`form[action="/notices"] input[name=sample] + button`)
				follow(`main a[href="/profiles/new"]`)
				required := value[[]string](b, `[...document.querySelectorAll("#profile .field > label, #profile .field > legend")]
					.filter(e => e.checkVisibility({contentVisibilityAuto: true}) && !e.textContent.includes("(optional)") && !e.closest(".start")).map(e => e.textContent.trim())`)
				if len(required) != mostRequired {
					t.Errorf("the form asks for %q", required)
				}
				b.run(chromedp.SendKeys("#f-name", "Trentwater Mediation Trust"), chromedp.SendKeys("#f-description", "We settle disputes between neighbours by mediation."))
				clicks++
				b.run(chromedp.Click(`.tiles input[value="TLG"]`))
				follow(`button[value=save]`)
				if rows := len(b.titles()); b.path() != "/profiles/trentwater-mediation-trust" || rows < 5 {
					t.Errorf("it ends at %s with %d notices", b.path(), rows)
				}
				if !strings.Contains(b.text(".match"), "mediation") {
					t.Errorf("first stands %q", b.text(".match"))
				}
				if t.Logf("%d clicks, %d required fields", clicks, len(required)); clicks > mostClicks {
					t.Errorf("the first list takes %d clicks, and may take %d", clicks, mostClicks)
				}
			})
		})
	}
}

// TestDownload: what the menu of a list offers is saved as a file that has what the list shows.
func TestDownload(t *testing.T) {
	walk(t, workDesk(t), func(b *browser) {
		dir := t.TempDir()
		call(b, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
		b.open(reviewPath + "?advice=bid")
		want := value[int](b, `parseInt(document.querySelector("main").textContent.match(/of ([0-9]+) notices/)?.[1] ?? document.querySelectorAll(".match").length)`)
		b.run(chromedp.Click(".exports summary", chromedp.NodeVisible))
		for _, f := range export.Formats() {
			if f.Name == "atom" { // is followed, not saved
				continue
			}
			link := `.exports a[download][href*="export` + f.Extension + `"]`
			if value[int](b, `document.querySelectorAll('`+link+`').length`) == 0 {
				t.Errorf("the menu has no %s", f.Name)
				continue
			}
			b.run(chromedp.Click(link, chromedp.NodeVisible))
			name := filepath.Join(dir, sampleProfile+"-2026-06-24"+f.Extension)
			var content []byte
			b.eventually(func() bool {
				var err error
				content, err = os.ReadFile(name)
				return err == nil && len(content) > 0
			}, name+" is not saved")
			if f.Name == "csv" || f.Name == "json" || f.Name == "jsonl" {
				if got := len(ocidsIn(t, f.Name, content)); got != want || want == 0 {
					t.Errorf("%s has %d notices, the list %d", f.Name, got, want)
				}
			}
			if b.path() != reviewPath+"?advice=bid" {
				t.Errorf("after %s the page is %s", f.Name, b.path())
			}
		}
	})
}
