package web

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// looked are pages over the bundled sample that are held against every rule of the house. Each page has an address here.
var looked = []struct{ name, path string }{
	{"home", "/"},
	{"notice", "/notices/" + sampleNotice},
	{"problem", "/nowhere"},
}

// TestPages looks at every page, wide and narrow, light and dark.
func TestPages(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
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
