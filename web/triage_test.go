package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bidfit/desk"
	"bidfit/pursuit"
)

const reviewPath = "/profiles/" + sampleProfile

// titles are those of the rows on the page.
func (b *browser) titles() []string {
	return value[[]string](b, `[...document.querySelectorAll(".match h2 a")].map(a => a.textContent)`)
}

// current is the title of the row under the marker, and that of the link with the focus.
func (b *browser) current() (marked, focused string) {
	return value[string](b, `document.querySelector(".match.at h2 a")?.textContent ?? ""`), value[string](b, `document.activeElement.textContent.trim()`)
}

// until waits until an expression is true, also over the way to another page.
func (b *browser) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if ok {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("%s did not come true at %s: %v", expression, b.path(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// verdict is what is in force about a target in the store.
func verdict(t *testing.T, d *desk.Desk, target pursuit.Target) pursuit.Verdict {
	t.Helper()
	p, err := d.Pursued(t.Context(), sampleProfile, target, sampleDay)
	if err != nil {
		t.Fatal(err)
	}
	if p.Row.Decision == nil {
		return ""
	}
	return p.Row.Decision.Verdict
}

// TestFilter: facets are links that narrow the list, add up, survive a reload and can be cleared.
func TestFilter(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.open(reviewPath)
		all := b.text(".order b")
		b.click(`.facet a[href*="advice=review"]`)
		if got := b.path(); got != reviewPath+"?advice=review" {
			t.Errorf("the facet leads to %s", got)
		}
		for _, advice := range value[[]string](b, `[...document.querySelectorAll(".match .mark .badge:not(.new)")].map(e => e.textContent)`) {
			if advice != "review" {
				t.Errorf("a row of advice %q is listed under review", advice)
			}
		}
		b.click(`.facet a[href*="deadline=month"]`)
		b.click(`.order a[href*="order=deadline"]`)
		want := b.titles()
		if len(want) < 2 {
			t.Fatalf("too few rows to tell an order: %q", want)
		}
		if days := value[[]string](b, `[...document.querySelectorAll(".match .days time")].map(e => e.dateTime.slice(0, 10))`); !slices.IsSorted(days) {
			t.Errorf("not by deadline: %v", days)
		}
		b.open(b.path())
		if got := b.titles(); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("after a reload %q are listed, before it %q", got, want)
		}
		b.fill("#words", "family")
		b.click(".in-list button")
		if got := b.path(); !strings.Contains(got, "advice=review") || !strings.Contains(got, "words=family") || !strings.Contains(got, "order=deadline") {
			t.Errorf("looking for words lost what was asked for: %s", got)
		}
		b.click(".asked-for .clear")
		if got := b.text(".order b"); got != all {
			t.Errorf("cleared, the list has %s, at first it had %s", got, all)
		}
		b.click(`.pager a[rel="next"]`)
		if got := value[int](b, `document.querySelector(".matches").start`); got != reviewPage+1 {
			t.Errorf("the second page begins at %d", got)
		}
		first := b.titles()[0]
		b.click(`.pager a[rel="prev"]`)
		if got := b.titles(); len(got) != reviewPage || got[0] == first {
			t.Errorf("the way back leads to %q", got)
		}
	})
}

// TestTriage decides by keyboard: the marker goes from row to row, a key decides, the row says so, and it can be taken back.
func TestTriage(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open(reviewPath)
		titles := b.titles()
		b.press("j")
		b.press("j")
		b.press("k")
		b.press("j")
		if marked, focused := b.current(); marked != titles[1] || focused != titles[1] {
			t.Errorf("the marker is on %q and the focus on %q, want %q", marked, focused, titles[1])
		}
		list, err := d.Review(t.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay})
		if err != nil {
			t.Fatal(err)
		}
		target := list.Rows[1].Target
		b.press("n")
		b.until(`document.querySelectorAll(".match")[1].querySelector(".bearing")?.textContent.includes("no bid")`)
		if marked, focused := b.current(); marked != titles[2] || focused != titles[2] {
			t.Errorf("after a decision the marker is on %q and the focus on %q, want %q", marked, focused, titles[2])
		}
		if got := verdict(t, d, target); got != pursuit.NoBid {
			t.Errorf("the store has %q", got)
		}
		if got := value[string](b, `document.querySelectorAll(".match")[1].querySelector(".against").textContent`); !strings.Contains(got, "Against the advice of that day") {
			t.Errorf("the contradiction is told as %q", got)
		}
		b.until(`document.getElementById("said").textContent.includes("decided not to bid, against the advice")`)
		if value[bool](b, `document.querySelectorAll(".match")[1].classList.contains("unseen")`) {
			t.Error("what was decided is said to be unseen")
		}
		b.shot("triage-decided")
		b.axe("a row that was decided")
		b.press("k")
		b.press("u")
		b.until(`document.querySelectorAll(".match")[1].querySelector(".bearing") === null`)
		if got := verdict(t, d, target); got != "" {
			t.Errorf("taken back, the store has %q", got)
		}
		if marked, focused := b.current(); marked != titles[1] || focused != titles[1] {
			t.Errorf("after taking back the marker is on %q and the focus on %q, want %q", marked, focused, titles[1])
		}

		b.press("s")
		if got := value[string](b, `document.activeElement.name`); got != "until" {
			t.Fatalf("s leads to %q", got)
		}
		b.shot("triage-snooze")
		b.run(chromedp.SetValue(".match.at [name=until]", "deadline"))
		b.press(kb.Enter)
		b.until(`document.querySelectorAll(".match")[1].textContent.includes("Snoozed until the deadline changes")`)
		b.press("j")
		b.press("i")
		b.until(`document.querySelectorAll(".match")[2].textContent.includes("Rated not relevant")`)
		b.press("?")
		if got := b.text("#keys"); !strings.Contains(got, "snooze") || !strings.Contains(got, "no bid") {
			t.Errorf("the keys are told as %q", got)
		}
		b.shot("triage-keys")
		b.press(kb.Escape)
		b.press("/")
		if got := value[string](b, `document.activeElement.id`); got != "words" {
			t.Errorf("/ leads to %q", got)
		}
		b.open(reviewPath)
		if got := b.titles(); got[1] == titles[1] {
			t.Error("what is snoozed is listed")
		}
		b.click(`.advice-counts a[href*="snoozed"]`)
		if got := b.titles(); len(got) != 1 || got[0] != titles[1] {
			t.Errorf("snoozed are %q, want %q", got, titles[1])
		}
		b.press("j")
		b.press("u")
		b.until(`!document.querySelector(".match").textContent.includes("Snoozed")`)
	})
}

// TestTriageFalls: where a script gets no row, the form is sent as a page, and nothing that was typed is lost.
func TestTriageFalls(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.expect("422")
		b.open(reviewPath)
		b.run(chromedp.Evaluate[chromedp.Void](`window.fetch = () => Promise.reject(new Error("gone")); 0`))
		b.press("j")
		b.press("w")
		b.until(`document.querySelector(".flash") !== null`)
		if got := b.text(".flash"); !strings.Contains(got, "watched") {
			t.Errorf("told is %q", got)
		}

		// A reason that is too long comes back beside its row, with the error.
		b.open(reviewPath)
		b.press("j")
		b.press("e")
		b.run(chromedp.Evaluate[chromedp.Void](`document.activeElement.removeAttribute("maxlength"); document.activeElement.value = "why ".repeat(600) + "end"; 0`))
		b.run(chromedp.Click(`.match.at .act button[value="bid"]`))
		b.until(`document.querySelector(".match .error") !== null`)
		if got := b.text(".match .error"); !strings.Contains(got, "2,403 letters") {
			t.Errorf("the error is %q", got)
		}
		if got := value[string](b, `document.querySelector(".match [name=reason]").value`); !strings.HasSuffix(got, "why end") {
			t.Errorf("of what was typed is left %.40q", got)
		}
		b.axe("a row that failed")
		b.shot("triage-failed")
	})
}

// TestBulk ticks several and does one thing about all of them, and takes it back.
func TestBulk(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open(reviewPath)
		for range 3 {
			b.press("j")
			b.press("x")
		}
		if got := b.text("#bulk legend"); got != "With the 3 that are ticked" {
			t.Errorf("ticked are %q", got)
		}
		b.shot("bulk-ticked")
		b.axe("ticked")
		b.fill("#bulk [name=reason]", "all three at once")
		b.press("w")
		b.until(`document.querySelector(".flash") !== null`)
		if got := b.text(".flash p"); got != "3 notices. 3: watched." {
			t.Errorf("told is %q", got)
		}
		if got := value[int](b, `[...document.querySelectorAll(".bearing")].filter(e => e.textContent.includes("all three at once")).length`); got != 3 {
			t.Errorf("%d rows tell of it", got)
		}
		b.shot("bulk-done")
		b.click("#undo")
		if got := b.text(".flash p"); !strings.Contains(got, "3: watch is taken back") {
			t.Errorf("taken back is told as %q", got)
		}
		if value[bool](b, `document.querySelector(".match .bearing") !== null`) {
			t.Error("a row still tells of a decision")
		}
		b.click(`button[value="see"]:not(#bulk button)`)
		if got := value[int](b, `document.querySelectorAll(".match.unseen").length`); got != 0 {
			t.Errorf("%d rows are unseen after all were marked", got)
		}
	})
}

// TestEvidence opens what a piece of the score rests on.
func TestEvidence(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		at := reviewPath + "/fits/" + sampleNotice
		b.open(at)
		b.until(`document.querySelector("#see button").disabled`) // it is seen
		if p, err := d.Pursued(t.Context(), sampleProfile, pursuit.Target{Notice: sampleNotice}, sampleDay); err != nil || p.Row.Unseen {
			t.Errorf("after it was opened it is unseen (%v)", err)
		}
		if value[bool](b, `[...document.querySelectorAll("details.source mark")].some(m => m.checkVisibility({contentVisibilityAuto: true}))`) {
			t.Error("evidence is open before it is opened")
		}
		sum := value[int](b, `[...document.querySelectorAll(".pieces > li:not(.sum) .num")].reduce((n, e) => n + Number(e.textContent.replace("−", "-")), 0)`)
		if score := value[int](b, `Number(document.querySelector(".fit-lead .score strong").textContent)`); sum != score {
			t.Errorf("the evidence sums to %d, the score is %d", sum, score)
		}
		// Both kinds: text with its passage marked, JSON around a value.
		b.run(chromedp.Click(`.pieces details.source:has(blockquote) summary`), chromedp.Click(`.pieces details.source:has(pre) summary`))
		if got := b.text(`.pieces details.source:has(blockquote) mark`); !strings.Contains(strings.ToLower(b.text(`.pieces details.source:has(blockquote) q`)), strings.ToLower(got)) {
			t.Errorf("marked is %q, which is not quoted", got)
		}
		if got := b.text(`.pieces details.source:has(pre) pre`); !strings.Contains(got, `"85312300"`) || !strings.Contains(got, "scheme") {
			t.Errorf("around the code stands %q", got)
		}
		b.shot("fit-open")
		b.axe("open evidence")
		b.run(chromedp.Click(`a[data-part="market"]`))
		b.until(`document.querySelector("#market h3") !== null`)
		b.open(at + "?lot=1")
		b.fill("#reason", "we know the street")
		b.click(`.decide button[value="bid"]`)
		if got := b.text(".decide .bearing"); !strings.Contains(got, "we know the street") || !strings.Contains(got, "bid") {
			t.Errorf("the decision reads %q", got)
		}
		if got := b.path(); got != at+"?lot=1" {
			t.Errorf("a decision leads to %s", got)
		}
		if got := b.text(`[aria-labelledby="history-h"]`); !strings.Contains(got, "lot 1") || !strings.Contains(got, "tester") {
			t.Errorf("the history reads %q", got)
		}
		b.click("#undo")
		if got := b.text(`[aria-labelledby="history-h"]`); !strings.Contains(got, "taken back") {
			t.Errorf("the history reads %q", got)
		}
		b.shot("fit-history")
	})
}

// TestNoScripts: all of it works without JavaScript.
func TestNoScripts(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.scripts(false)
		b.open(reviewPath)
		title := get(b, chromedp.Text(".match:nth-child(2) h2 a"))
		b.click(`.match:nth-child(2) .act button[value="watch"]`)
		if got := b.text(".flash p"); !strings.Contains(got, "watched") || !strings.Contains(got, title) {
			t.Errorf("told is %q", got)
		}
		if got := b.text(".match:nth-child(2) .bearing"); !strings.Contains(got, "watch") {
			t.Errorf("the row tells %q", got)
		}
		b.shot("noscript-decided")
		b.click("#undo")
		b.run(chromedp.Click(".match:nth-child(2) .act summary"))
		b.run(chromedp.SendKeys(".match:nth-child(2) [name=reason]", "later"))
		b.click(`.match:nth-child(2) .act button[value="snooze"]`)
		if got := b.text(".flash p"); !strings.Contains(got, "snoozed until anything changes") {
			t.Errorf("told is %q", got)
		}
		if got := b.text(".advice-counts"); !strings.Contains(got, "1 snoozed, not listed") {
			t.Errorf("the head tells %q", got)
		}
		b.click(".match h2 a")
		b.click(`#see button`)
		if n := len(b.text(".decide")); n == 0 {
			t.Error("the report is empty")
		}
		b.run(chromedp.Click(".pieces details.source summary"))
		b.text(".pieces details.source[open] mark")
		b.click(`a[data-part="market"]`)
		b.text("#market h3")
	})
}

// TestNarrow works a list on a phone.
func TestNarrow(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.size(390, 844)
		b.open(reviewPath)
		if value[bool](b, `document.querySelector(".facet a").checkVisibility({contentVisibilityAuto: true})`) {
			t.Error("the filters are open before they are opened")
		}
		b.run(chromedp.Click(".narrowing > summary"))
		b.shot("narrow-filters")
		b.click(`.facet a[href*="advice=bid"]`)
		b.rules("filtered, narrow")
		b.run(chromedp.Click(`.match .act summary`))
		b.rules("a row opened, narrow")
		b.shot("narrow-row")
	})
}

// TestStill: nothing moves by itself while the pages come in.
func TestStill(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		for _, path := range []string{reviewPath, reviewPath + "/fits/" + sampleNotice} {
			b.open(path)
			shift := get(b, chromedp.Evaluate[float64](`new Promise(done => {
				let sum = 0;
				new PerformanceObserver(l => l.getEntries().forEach(e => sum += e.value)).observe({type: "layout-shift", buffered: true});
				setTimeout(() => done(sum), 500);
			})`, chromedp.EvalAwaitPromise))
			if shift > 0.001 {
				t.Errorf("%s shifts by %v", path, shift)
			}
		}
	})
}

// TestPrintFit prints a fit report: the evidence open, and nothing of the navigation.
func TestPrintFit(t *testing.T) {
	d := sampleDesk(t)
	if _, err := d.Act(t.Context(), desk.Deed{Profile: sampleProfile, Do: desk.DoBid, Targets: []pursuit.Target{{Notice: sampleNotice}}, Reason: "ours", Who: "tester", When: sampleDay, AsOf: sampleDay}); err != nil {
		t.Fatal(err)
	}
	walk(t, d, func(b *browser) {
		b.open(reviewPath + "/fits/" + sampleNotice + "?show=whatif&show=market")
		pdf := b.print("fit")
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10_000 {
			t.Errorf("%d bytes are no report", len(pdf))
		}
		b.open(reviewPath)
		b.print("review")
	})
}

// TestPageSize: a full page of the list stays under 100 KB, filtered or not.
func TestPageSize(t *testing.T) {
	door := New(optionsOf(t, sampleDesk(t)))
	for _, query := range []string{"", "?order=deadline", "?advice=bid&advice=review&advice=no-bid&state=undecided&deadline=unknown&deadline=month&deadline=later&order=relevance"} {
		res := ask(t, door, "GET", reviewPath+query, nil)
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || len(body) > 100_000 {
			t.Errorf("%s: %s, %d bytes, %v", query, res.Status, len(body), err)
		}
		t.Logf("%s: %d bytes", query, len(body))
	}
}
