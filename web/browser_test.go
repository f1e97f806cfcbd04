package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"bidfit/desk"
)

// browser is a tab of a real Chromium on a real server. What goes wrong in it (console errors, exceptions, requests
// that fail) fails the test at its end.
type browser struct {
	t      *testing.T
	ctx    context.Context
	server *httptest.Server
	shots  string // folder of screenshots

	mu       sync.Mutex
	troubles []string
	expected []string // parts of troubles that the test provokes
}

// patience is how long one step in the browser may take.
const patience = time.Minute

// walk opens a browser on a server over a desk and hands it to a test. Without a browser the test is
// skipped, unless REQUIRE_BROWSER=1.
func walk(t *testing.T, d *desk.Desk, do func(b *browser)) {
	t.Helper()
	walkAt(t, serve(t, d), do)
}

// walkAt is walk for a server of the test's own.
func walkAt(t *testing.T, server *httptest.Server, do func(b *browser)) {
	t.Helper()
	exe := chromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithErrorf(t.Logf))
	defer closeTab()
	b := &browser{t: t, ctx: ctx, server: server, shots: os.Getenv("BIDFIT_SCREENSHOTS")}
	if b.shots == "" {
		b.shots = t.ArtifactDir()
	}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, cdplog.Enable, cdp.Empty{})
	b.size(1280, 900)
	do(b)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.troubles {
		t.Errorf("the browser complains: %s", s)
	}
}

// chromium finds the browser.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if exe, err := exec.LookPath(name); err == nil {
			return exe
		}
	}
	if os.Getenv("REQUIRE_BROWSER") == "1" {
		t.Fatal("no browser: install chromium, or unset REQUIRE_BROWSER")
	}
	t.Skip("no browser: install chromium to walk through the pages")
	return ""
}

// listen collects what goes wrong.
func (b *browser) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.trouble("exception: " + exceptionWords(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var parts []string
			for _, a := range e.Args {
				parts = append(parts, string(a.Value)+a.Description)
			}
			b.trouble("console: " + strings.Join(parts, " "))
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			b.trouble("log: " + e.Entry.Text + " " + e.Entry.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" { // a download is aborted as a page
			b.trouble("request failed: " + e.ErrorText + " " + string(e.BlockedReason))
		}
	case *cdppage.EventJavascriptDialogOpening:
		b.trouble("a dialog opened: " + e.Message)
	}
}

func (b *browser) trouble(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, part := range b.expected {
		if strings.Contains(s, part) {
			return
		}
	}
	b.troubles = append(b.troubles, s)
}

// expect says that a complaint with this in it is provoked by the test.
func (b *browser) expect(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = append(b.expected, part)
}

// run does something in the tab; a test that cannot go on ends.
func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// get does something in the tab that gives a value.
func get[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// call runs a command of the protocol.
func call[P, R any](b *browser, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// open goes to a page of the server and waits until it and its scripts are there.
func (b *browser) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.server.URL+path), chromedp.WaitReady("body"))
}

// click follows a link or presses a button, and waits for the page it leads to.
func (b *browser) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("clicking %s at %s: %v", selector, b.path(), err)
	}
}

// press sends keys to whatever has the focus.
func (b *browser) press(keys string) { b.t.Helper(); b.run(chromedp.KeyEvent(keys)) }

// fill types into a control, over what is there.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	b.run(chromedp.SetValue(selector, text))
}

// eventually waits until something outside the page has come true.
func (b *browser) eventually(ok func() bool, otherwise string) {
	b.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatal(otherwise)
		}
	}
}

// text is what an element shows.
func (b *browser) text(selector string) string {
	b.t.Helper()
	return get(b, chromedp.Text(selector, chromedp.NodeVisible))
}

// value is what JavaScript gives for an expression.
func value[T any](b *browser, expression string) T {
	b.t.Helper()
	return get(b, chromedp.Evaluate[T](expression))
}

// path is where the tab is on the server.
func (b *browser) path() string {
	at := get(b, chromedp.Location())
	if u, err := url.Parse(at); err == nil {
		return u.RequestURI()
	}
	return at
}

// size makes the window so wide and high.
func (b *browser) size(width, height int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600})
}

// scheme makes the browser prefer light or dark.
func (b *browser) scheme(name string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// scripts turns JavaScript off or on for the pages opened from now on.
func (b *browser) scripts(on bool) {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// shot keeps a picture of the whole page.
func (b *browser) shot(name string) {
	b.t.Helper()
	b.keep(name+".png", get(b, chromedp.FullScreenshot(100)))
}

// print keeps the page as it would be printed, and gives the PDF.
func (b *browser) print(name string) []byte {
	b.t.Helper()
	pdf := get(b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	b.keep(name+".pdf", pdf)
	return pdf
}

func (b *browser) keep(name string, content []byte) {
	b.t.Helper()
	if err := os.MkdirAll(b.shots, 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.shots, name), content, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// violation is something axe-core finds.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// axe holds the page against axe-core, as it is now. Without axe-core the test says so, unless REQUIRE_AXE=1.
func (b *browser) axe(what string) {
	b.t.Helper()
	source, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("REQUIRE_AXE") == "1" {
			b.t.Fatal("no axe-core: run npm install --no-package-lock in web, or unset REQUIRE_AXE")
		}
		b.t.Skip("no axe-core: run npm install --no-package-lock in web to have the pages checked")
	}
	b.run(chromedp.Evaluate[chromedp.Void](string(source) + "\n;0"))
	found := get(b, chromedp.Evaluate[[]violation](`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	for _, v := range found {
		for i, n := range v.Nodes {
			if i == 3 {
				b.t.Errorf("%s: %s: and %d more", what, v.ID, len(v.Nodes)-i)
				break
			}
			b.t.Errorf("%s: %s: %s\n%s\n%s", what, v.ID, v.Help, n.HTML, n.Summary)
		}
	}
}

// rules holds the page against what holds for every page.
func (b *browser) rules(what string) {
	b.t.Helper()
	for _, problem := range value[[]string](b, `(() => {
		const found = [];
		if (document.documentElement.lang !== "en-GB") found.push("lang is " + document.documentElement.lang);
		const h1 = document.querySelectorAll("h1").length;
		if (h1 !== 1) found.push(h1 + " h1");
		for (const e of document.querySelectorAll("[style], style")) found.push("inline style: " + e.outerHTML.slice(0, 100));
		for (const e of document.querySelectorAll("script:not([src])")) found.push("inline script: " + e.outerHTML.slice(0, 100));
		for (const e of document.querySelectorAll("*")) for (const a of e.attributes) if (/^on/i.test(a.name)) found.push("handler " + a.name);
		for (const e of document.querySelectorAll("th:not([scope])")) found.push("th without scope: " + e.outerHTML.slice(0, 100));
		const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
		for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) found.push("id twice: " + id);
		const root = document.documentElement;
		if (root.scrollWidth > root.clientWidth + 1) found.push("wider than the window: " + root.scrollWidth + " of " + root.clientWidth);
		return found;
	})()`) {
		b.t.Errorf("%s: %s", what, problem)
	}
}

// shifts is the cumulative layout shift of the page since it began to come. What the browser puts down to input or to a change of the window
// counts too: nobody touches the page meanwhile, and it takes the first half second of a phone for such a change.
type shifts struct {
	Sum  float64  `json:"sum"`
	What []string `json:"what"` // moved, and from where to where
}

// shift is what moved on the page as it is now.
func (b *browser) shift() shifts {
	b.t.Helper()
	return get(b, chromedp.Evaluate[shifts](`new Promise(done => {
		const all = {sum: 0, what: []};
		const take = entries => {
			for (const e of entries) {
				all.sum += e.value;
				for (const s of e.sources) all.what.push((s.node ? (s.node.outerHTML || s.node.textContent).slice(0, 120) : "something gone") + " from " + JSON.stringify(s.previousRect) + " to " + JSON.stringify(s.currentRect));
			}
		};
		const observer = new PerformanceObserver(list => take(list.getEntries()));
		observer.observe({type: "layout-shift", buffered: true});
		requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { take(observer.takeRecords()); done(all); }, 100)));
	})`, chromedp.EvalAwaitPromise))
}

// page holds one page against everything: wide and narrow, light and dark, with pictures.
func (b *browser) page(name, path string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		for _, width := range []int64{1280, 390} {
			b.size(width, 900)
			b.open(path)
			what := fmt.Sprintf("%s (%s, %d)", path, scheme, width)
			if moved := b.shift(); moved.Sum != 0 {
				b.t.Errorf("%s: what is shown moves while the page comes: a layout shift of %g\n%s", what, moved.Sum, strings.Join(moved.What, "\n"))
			}
			b.rules(what)
			b.axe(what)
			if scheme == "light" || width == 1280 {
				b.shot(fmt.Sprintf("%s-%s-%d", name, scheme, width))
			}
		}
	}
	b.scheme("light")
	b.size(1280, 900)
}

// exceptionWords is what was thrown.
func exceptionWords(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}
