package web

import (
	"bytes"
	"html/template"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/go-json-experiment/json"

	"bidfit/desk"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

// kept is a registered profile.
func kept(t testing.TB, d *desk.Desk, id string) profiles.Profile {
	t.Helper()
	p, err := d.Profile(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Profile
}

// TestRegister: three fields and four clicks make a profile.
func TestRegister(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open("/profiles")
		b.shot("profiles")
		b.click(`main a.button[href="/profiles/new"]`)
		b.run(chromedp.SendKeys("#f-name", "Trentwater Mediation Trust"), chromedp.SendKeys("#f-description", "We settle disputes between neighbours and train housing officers in mediation."))
		b.run(chromedp.Click(`.tiles input[value="TLG"]`))
		b.until(`document.querySelector("#preview-said .tally") !== null`)
		b.until(`document.querySelector("#next-id").textContent.includes("trentwater-mediation-trust")`)
		b.shot("register-filled")
		b.axe("the form filled in")
		b.expect("status of 40") // where the list has no page yet
		b.click(`button[value=save]`)
		if got := b.path(); got != "/profiles/trentwater-mediation-trust" {
			t.Errorf("registered, and then at %s", got)
		}
		p := kept(t, d, "trentwater-mediation-trust")
		if p.Name != "Trentwater Mediation Trust" || !slices.Equal(p.Regions, []itl.Region{"TLG"}) || !strings.Contains(p.Description, "neighbours") {
			t.Errorf("what was kept: %+v", p)
		}
	})
}

// TestFindByKeyboard: a code and a place are found, taken and let go again without a mouse.
func TestFindByKeyboard(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open("/profiles/new")
		b.run(chromedp.Focus("#q-cpv"))
		b.press("window cleaning")
		b.until(`!document.querySelector("#cpv-list").hidden`)
		b.press(kb.ArrowDown)
		b.press(kb.ArrowDown)
		b.press(kb.ArrowUp)
		b.axe("the list box")
		b.keep("register-combobox.png", get(b, chromedp.CaptureScreenshot()))
		if got := value[string](b, `document.querySelector("#cpv-list [aria-selected=true]").id`); got != value[string](b, `document.activeElement.getAttribute("aria-activedescendant")`) {
			t.Errorf("the active entry is %q", got)
		}
		code := value[string](b, `document.querySelector("#cpv-list [aria-selected=true]").dataset.value`)
		b.press(kb.Enter)
		b.until(`document.querySelector("#f-cpv [data-chosen] input:checked")?.value === "` + code + `"`)
		if said := b.valueOf(`document.querySelector("#f-cpv [role=status]").textContent`); !strings.Contains(said, code) || !strings.Contains(said, "ticked") {
			t.Errorf("a screen reader is told %q", said)
		}
		b.press("9091")
		b.until(`document.querySelector("#cpv-list [role=option]")?.dataset.value.startsWith("9091")`)
		b.press(kb.Escape)
		if value[bool](b, `!document.querySelector("#cpv-list").hidden || document.querySelector("#q-cpv").getAttribute("aria-expanded") !== "false"`) {
			t.Error("Escape leaves the list box open")
		}
		if got := b.path(); got != "/profiles/new" {
			t.Errorf("a key led to %s", got)
		}

		// By tree: a division, a group, and a class ticked in it.
		b.run(chromedp.Click(`#f-cpv details > summary`), chromedp.Click(`#cpv-browse button[data-under="85000000"]`))
		b.until(`document.querySelector('#cpv-browse input[value="85300000"]') !== null`)
		b.run(chromedp.Click(`#cpv-browse button[data-under="85300000"]`))
		b.until(`document.querySelector('#cpv-browse input[value="85310000"]') !== null`)
		b.run(chromedp.Click(`#cpv-browse input[value="85310000"]`))
		b.until(`document.querySelector('#f-cpv [data-chosen] input[value="85310000"]')?.checked === true`)
		b.shot("register-tree")
		b.run(chromedp.Click(`#f-cpv [data-chosen] input[value="85310000"]`))
		b.until(`document.querySelector('#cpv-browse input[value="85310000"]').checked === false`)

		// Places by tile and keyboard, by parts, and by words.
		b.run(chromedp.Focus(`.tiles input[value="TLM"]`))
		b.press(" ")
		if !value[bool](b, `document.querySelector('.tiles input[value="TLM"]').checked`) {
			t.Error("the blank does not tick a tile")
		}
		b.run(chromedp.Click(`.tiles button[data-under="TLG"]`))
		b.until(`document.querySelector('#itl-browse input[value="TLG2"]') !== null`)
		b.run(chromedp.Click(`#itl-browse input[value="TLG2"]`))
		b.run(chromedp.Focus("#q-regions"))
		b.press("Cornwall")
		b.until(`!document.querySelector("#itl-list").hidden`)
		b.press(kb.Enter)
		b.until(`new Set([...document.querySelectorAll("#f-regions input[name=regions]:checked")].map(x => x.value)).size === 3`)
		b.shot("register-places")
		b.axe("places")
		b.fill("#f-name", "Keys")
		b.expect("status of 40")
		b.click(`button[value=save]`)
		p := kept(t, d, "keys")
		if len(p.CPV) != 1 || p.CPV[0].String() != code || len(p.Regions) != 3 || !slices.Contains(p.Regions, "TLG2") || !slices.Contains(p.Regions, "TLM") {
			t.Errorf("what was kept: %v %v", p.CPV, p.Regions)
		}
	})
}

// TestBand: numbers, handles and bars are in step.
func TestBand(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.open("/profiles/new")
		in := `document.querySelectorAll(".bars rect.in").length`
		all := value[int](b, in)
		b.run(chromedp.SendKeys(`[id="f-value.min"]`, "100000"))
		if got := value[int](b, in); got >= all || got == 0 {
			t.Errorf("%d bars are in the band, of %d before", got, all)
		}
		at := value[string](b, `document.querySelector("#band-from").value`)
		b.run(chromedp.Focus("#band-from"))
		b.press(kb.ArrowRight)
		if got := value[string](b, `document.getElementById("f-value.min").value`); got != "125000" {
			t.Errorf("a step up from 100000 (at %s) is %q", at, got)
		}
		if got := value[string](b, `document.querySelector("#band-from").getAttribute("aria-valuetext")`); got != "£125,000" {
			t.Errorf("the handle says %q", got)
		}
		b.run(chromedp.Focus("#band-to"))
		b.press(kb.Home)
		if low, high := value[string](b, `document.getElementById("f-value.min").value`), value[string](b, `document.getElementById("f-value.max").value`); low != "125000" || high != "160000" {
			t.Errorf("the handles pass each other: %s to %s", low, high)
		}
		b.press(kb.End)
		if got := value[string](b, `document.getElementById("f-value.max").value`); got != "" {
			t.Errorf("the right end is %q, not open", got)
		}
	})
}

// TestFormErrors: what is wrong stands beside its field, the summary leads there, and nothing typed is lost.
func TestFormErrors(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.expect("422")
		b.open("/profiles/new")
		b.fill("#f-keywords", "mediation\nthe\nmediation")
		b.fill(`[id="f-value.min"]`, "£10,000")
		b.fill("#f-exclude", "<b>building</b> works")
		b.run(chromedp.Evaluate[chromedp.Void](`document.querySelector("#f-base").closest("details").open = true; 0`))
		b.fill("#f-base", "Atlantis")
		b.click(`button[value=save]`)
		for id, want := range map[string]string{"f-name": "Missing", "f-keywords": "twice", "f-value.min": "write 10000", "f-base": "Atlantis"} {
			if got := b.valueOf(`document.getElementById("` + id + `-error").textContent`); !strings.Contains(got, want) {
				t.Errorf("beside %s stands %q, not %q", id, got, want)
			}
		}
		if got := b.valueOf(`document.getElementById("f-regions-error").textContent`); !strings.Contains(got, "where you can deliver") {
			t.Errorf("beside the map stands %q", got)
		}
		for id, want := range map[string]string{"f-keywords": "mediation\nthe\nmediation", "f-value.min": "£10,000", "f-exclude": "<b>building</b> works", "f-base": "Atlantis"} {
			if got := b.valueOf(`document.getElementById("` + id + `").value`); got != want {
				t.Errorf("%s was %q and is %q", id, want, got)
			}
		}
		if got := b.valueOf(`document.activeElement.className`); got != "errors" {
			t.Errorf("the focus is on %q, not on the summary", got)
		}
		b.rules("errors")
		b.axe("errors")
		b.shot("register-errors")
		b.run(chromedp.Click(`.errors a[href="#f-base"]`))
		b.until(`document.activeElement.id === "f-base"`)
	})
}

// TestPreview: the list beside the form follows what is typed.
func TestPreview(t *testing.T) {
	walk(t, sampleDesk(t), func(b *browser) {
		b.open("/profiles/" + sampleProfile + "/edit")
		before := b.text("#preview-said")
		b.run(chromedp.Click(`.chips input[value="TLG2"]`), chromedp.Click(`.tiles input[value="TLM"]`))
		b.until(`document.querySelector("#preview-said").innerText !== ` + "`" + before + "`")
		b.fill("#f-keywords", "the")
		b.run(chromedp.SendKeys("#f-keywords", "\nthe"))
		b.until(`document.querySelector("#preview-list").innerText.includes("Keywords")`)
		b.shot("register-preview")
		if p := b.path(); p != "/profiles/"+sampleProfile+"/edit" {
			t.Errorf("the preview led to %s", p)
		}
	})
}

// TestSuggestions: what is proposed counts once it is ticked.
func TestSuggestions(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open("/profiles/new")
		b.fill("#f-name", "Suggested")
		b.fill("#f-description", "We mediate between neighbours, run restorative justice and youth diversion, and support victims of hate crime.")
		b.click(`button[value="suggest:text"]`)
		if n := value[int](b, `document.querySelectorAll("#proposals input[name=propose]").length`); n < 4 {
			t.Fatalf("%d proposals", n)
		}
		if n := value[int](b, `document.querySelectorAll("#proposals input:checked").length`); n != 0 {
			t.Errorf("%d proposals are ticked by nobody", n)
		}
		if got := b.valueOf(`document.querySelector("#f-keywords").value`); got != "" {
			t.Errorf("keywords nobody took: %q", got)
		}
		b.rules("proposals")
		b.axe("proposals")
		b.shot("register-proposals")
		one := b.valueOf(`document.querySelector('#proposals input[value^="keywords="]').value`)
		b.run(chromedp.Click(`#proposals input[value="` + one + `"]`))
		b.click(`#proposals button[value=preview]`)
		pairs, _ := url.ParseQuery(one)
		if got := b.valueOf(`document.querySelector("#f-keywords").value`); got != pairs.Get("keywords") {
			t.Errorf("the keywords are %q, ticked was %q", got, one)
		}
		b.click(`#proposals button[value=take]`)
		if n := value[int](b, `document.querySelectorAll("#f-cpv [data-chosen] input:checked").length`); n == 0 {
			t.Error("no recommended code was taken")
		}
		b.size(390, 900)
		b.rules("proposals at 390")
		b.shot("register-proposals-390")
	})
}

// TestSuggestedBySupplier: past awards propose a whole profile, and what cannot be found is told beside its field.
func TestSuggestedBySupplier(t *testing.T) {
	d := sampleDesk(t)
	server := serve(t, d)
	values := url.Values{"do": {"take"}, "suggested": {"supplier"}, "q.supplier": {"GB-COH-09999102"}}
	res, page := post(t, server, "/profiles", values)
	for _, text := range []string{`value="Hartwell Resolve CIC"`, ">\nGB-COH-09999102</textarea>", `name="cpv"`} {
		if res.StatusCode != http.StatusOK || !strings.Contains(page, text) {
			t.Errorf("taken from its awards (%d), the form lacks %q", res.StatusCode, text)
		}
	}
	for asked, want := range map[string]string{"Nobody at all": "No award here names", "": "Name a supplier that has won contracts"} {
		values := url.Values{"do": {"suggest:supplier"}, "q.supplier": {asked}, "name": {"Typed"}}
		if res, page := post(t, server, "/profiles", values); res.StatusCode != http.StatusOK || !strings.Contains(page, want) || !strings.Contains(page, `value="Typed"`) {
			t.Errorf("asked for %q: %d, and not %q", asked, res.StatusCode, want)
		}
	}
	get, err := server.Client().Get(server.URL + "/profiles/new?supplier=" + url.QueryEscape("Hartwell Resolve"))
	if err != nil {
		t.Fatal(err)
	}
	defer get.Body.Close()
	body, err := io.ReadAll(get.Body)
	if err != nil || !strings.Contains(string(body), "Proposed from the contracts of Hartwell Resolve CIC") {
		t.Errorf("a link to register a supplier proposes nothing: %v", err)
	}
}

// TestRegisterWithoutScript: everything is there without JavaScript, and nothing is lost on the way.
func TestRegisterWithoutScript(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.scripts(false)
		b.size(390, 900)
		b.open("/profiles/new")
		b.run(chromedp.SendKeys("#f-name", "Plain & Simple"), chromedp.SendKeys("#f-description", "Window cleaning and cleaning of offices."))
		b.run(chromedp.SendKeys("#q-cpv", "window cleaning"))
		b.click(`#f-cpv .combo button`)
		b.run(chromedp.Click(`#f-cpv [data-found] input`))
		b.run(chromedp.Click(`#f-cpv details > summary`))
		b.click(`#cpv-browse button[data-under="90000000"]`)
		b.run(chromedp.Click(`#cpv-browse input[value="90900000"]`))
		b.click(`.tiles button[data-under="TLI"]`)
		b.run(chromedp.Click(`#itl-browse input[value="TLI3"]`))
		b.click(`#preview button[value=preview]`)
		b.shot("register-plain-390")
		if got := b.text("#preview-said"); !strings.Contains(got, "review") {
			t.Errorf("the preview says %q", got)
		}
		b.expect("status of 40")
		b.click(`button[value=save]`)
		p := kept(t, d, "plain-simple")
		if p.Name != "Plain & Simple" || len(p.CPV) != 2 || !slices.Equal(p.Regions, []itl.Region{"TLI3"}) {
			t.Errorf("what was kept: %+v", p)
		}
	})
}

// TestEnter: the key finds where something new is to be found, and else saves.
func TestEnter(t *testing.T) {
	d := sampleDesk(t)
	server := serve(t, d)
	values := url.Values{"do": {"enter"}, "name": {"Enter"}, "keywords": {"mediation"}, "regions": {"UK"}, "q.cpv": {"cleaning"}}
	if res, body := post(t, server, "/profiles", values); res.StatusCode != http.StatusOK || !strings.Contains(body, "Found for “cleaning”") {
		t.Errorf("with words in the finder it answers %d", res.StatusCode)
	}
	values.Set("was.q.cpv", "cleaning")
	if res, _ := post(t, server, "/profiles", values); res.StatusCode != http.StatusSeeOther {
		t.Errorf("with nothing new to find it answers %d", res.StatusCode)
	}
	if res, body := post(t, server, "/profiles", url.Values{"do": {"save"}, "id": {"enter"}, "name": {"Enter"}, "keywords": {"x-rays"}, "regions": {"UK"}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "is the id of Enter") {
		t.Errorf("an id that is taken: %d", res.StatusCode)
	}
	if res, _ := post(t, server, "/profiles", url.Values{"do": {"dance"}}); res.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown button: %d", res.StatusCode)
	}
}

// wholeProfile has every field there is, each with hostile text where text may be.
const wholeProfile = `id: trent
name: "Trent <script>alert(1)</script> & Sons"
identifiers: [GB-COH-01234567]
description: |-
  We settle quarrels between neighbours, <img src=x onerror=alert(1)>
  in families and at school.

  {{.}} "quoted" & 'more' ${x}
keywords: ["<b>mediation</b>", anti-social behaviour, HR, "2024"]
exclude: ["</textarea><script>alert(1)</script>"]
cpv: ["85312300", "03110000", "75200000"]
regions: [TLL, TLG2, Staffordshire, TLI]
value: {min: 10000, max: 750000.50}
sme: true
vcse: false
base: ST18 0YY
turnover: 2500000
insurance: {public: 5000000, cyber: 0}
buyers: {prefer: ["Borough of <i>Ashwick</i>"], avoid: [GB-PPON-ABCD-1234-EFGH]}
experience:
  - "Neighbour mediation for 4,000 homes\" onmouseover=\"alert(1)"
  - "Second: with a colon"
certifications: ["ISO 9001 --> <!--"]
frameworks: ["javascript:alert(1)"]
leadDays: 14
weights: {subject: 30, timing: 0}
`

// TestFormRoundTrip: a profile with every field, opened and saved in a browser, is the same byte for byte; and what is hostile in it is text.
func TestFormRoundTrip(t *testing.T) {
	d := sampleDesk(t)
	register(t, d, []byte(wholeProfile))
	want := string(profiles.Encode(kept(t, d, "trent")))
	walk(t, d, func(b *browser) {
		b.open("/profiles/trent/edit")
		if value[int](b, `document.querySelectorAll("main b > i, main img, main textarea + script, main li > i").length`) != 0 || strings.Contains(b.valueOf(`document.querySelector("h1").innerHTML`), "<script") {
			t.Error("text became markup")
		}
		b.shot("edit-whole")
		b.expect("status of 40")
		b.click(`button[value=save]`)
		if got := string(profiles.Encode(kept(t, d, "trent"))); got != want {
			t.Errorf("opened and saved it became\n%s\nfrom\n%s", got, want)
		}
		if p, _ := d.Profile(t.Context(), "trent"); p.Revision != 1 {
			t.Errorf("saving nothing new made revision %d", p.Revision)
		}
		for _, path := range []string{"/profiles", "/profiles/trent/remove", "/profiles/trent/doctor"} {
			b.open(path)
			b.rules(path)
			if value[int](b, `document.querySelectorAll("main script, main img").length`) != 0 {
				t.Errorf("%s: text became markup", path)
			}
		}
	})
}

// TestProfileFile: what is downloaded can be sent up again, and what is wrong with a file is told with its lines.
func TestProfileFile(t *testing.T) {
	d := sampleDesk(t)
	register(t, d, []byte(wholeProfile))
	server := serve(t, d)
	for _, format := range []string{"yaml", "json"} {
		res, err := server.Client().Get(server.URL + "/profiles/trent/profile." + format)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.Header.Get("Content-Disposition") != `attachment; filename="trent.`+format+`"` {
			t.Fatalf("%s: %v, %v", format, err, res.Header)
		}
		list, err := profiles.Decode(bytes.NewReader(content), "downloaded")
		if err != nil || string(profiles.Encode(list[0])) != string(profiles.Encode(kept(t, d, "trent"))) {
			t.Errorf("%s downloads as another profile: %v\n%s", format, err, content)
		}
		status, page := upload(t, server, url.Values{"do": {"upload"}, "name": {"Typed"}}, "trent."+format, content)
		for _, text := range []string{`value="Trent &lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons"`, `value="750000.50"`, `value="85312300" checked`, "Second: with a colon"} {
			if status != http.StatusOK || !strings.Contains(page, text) {
				t.Errorf("%s uploaded (%d): the form lacks %s", format, status, text)
			}
		}
	}
	status, page := upload(t, server, url.Values{"do": {"upload"}, "name": {"Typed before"}}, "bad.yaml", []byte("id: a\nname: A\nkeyword: [x]\n"))
	if status != http.StatusOK || !strings.Contains(page, "ad.yaml:3:1: a profile has no field") || !strings.Contains(page, `value="Typed before"`) {
		t.Errorf("a file that is wrong: %d\n%s", status, regexp.MustCompile(`(?s)<p class="error".*?</p>`).FindString(page))
	}
	if _, page = upload(t, server, url.Values{"do": {"upload"}}, "two.yaml", []byte("id: a\nname: A\nkeywords: [mediation]\n---\nid: b\nname: B\nkeywords: [hire]\n")); !strings.Contains(page, "holds 2 profiles") {
		t.Error("a file of two is taken for one")
	}
}

// TestProfileRemoved: a profile goes after a page has asked, not before.
func TestProfileRemoved(t *testing.T) {
	d := sampleDesk(t)
	walk(t, d, func(b *browser) {
		b.open("/profiles")
		b.click(`main a[href="/profiles/` + sampleProfile + `/remove"]`)
		kept(t, d, sampleProfile)
		b.shot("profile-remove")
		b.click("button.danger")
		if got := b.path(); got != "/profiles" {
			t.Errorf("removed, and then at %s", got)
		}
		if got := b.text(".flash"); !strings.Contains(got, "removed") {
			t.Errorf("it says %q", got)
		}
		if got := b.text(".empty"); !strings.Contains(got, "No profile") {
			t.Errorf("the empty list says %q", got)
		}
		b.axe("no profiles")
	})
}

// TestChangedMeanwhile: of two who change a profile, the second is told, and keeps what was typed.
func TestChangedMeanwhile(t *testing.T) {
	d := sampleDesk(t)
	server := serve(t, d)
	p := kept(t, d, sampleProfile)
	values := url.Values(p.Form())
	values.Set("do", "save")
	values.Set("revision", "1")
	values.Set("name", "First")
	if res, _ := post(t, server, "/profiles/"+sampleProfile, values); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first change: %d", res.StatusCode)
	}
	values.Set("name", "Second")
	res, body := post(t, server, "/profiles/"+sampleProfile, values)
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, `value="Second"`) || !strings.Contains(body, `name="revision" value="2"`) {
		t.Errorf("the second change: %d", res.StatusCode)
	}
	if got := kept(t, d, sampleProfile).Name; got != "First" {
		t.Errorf("the profile is called %q", got)
	}
}

// TestDoctorPage: what is proposed leads to the form with the change in it.
func TestDoctorPage(t *testing.T) {
	d := sampleDesk(t)
	server := serve(t, d)
	res, err := server.Client().Get(server.URL + "/profiles/" + sampleProfile + "/edit?add=keywords%3Dyouth%2Bwork&drop=keywords%3DMediation&drop=cpv%3D75231000&add=id%3Dother")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	page := string(body)
	if err != nil || !strings.Contains(page, "early intervention\nyouth work</textarea>") || strings.Contains(page, "\nmediation\n") || strings.Contains(page, `value="75231000" checked`) || !strings.Contains(page, `action="/profiles/hartwell-resolve"`) {
		t.Errorf("%v: the form does not show the change", err)
	}
}

// TestHostileForm: whatever is sent in any field comes back as text, all of it, and breaks nothing.
func TestHostileForm(t *testing.T) {
	door := New(optionsOf(t, sampleDesk(t)))
	for _, text := range []string{`"><script>alert(1)</script>`, "</textarea><img src=x onerror=alert(1)>", "\u202egnp.exe\u2066", "\xff\x00\x1b[31m", strings.Repeat("x", 20_001), "{{.}} ${x} %s", "\r\n\r\n|\n"} {
		values := url.Values{}
		for _, f := range profileFields {
			values.Set(f.Name, text)
		}
		for _, name := range []string{"q.cpv", "q.regions", "open.cpv", "open.itl", "order.regions", "propose", "suggested", "was.q.cpv", "part"} {
			values.Set(name, text)
		}
		for _, do := range []string{"save", "preview", "find", "enter", "take", "suggest:text", "browse-cpv:" + text, "browse-itl:" + text} {
			values.Set("do", do)
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/profiles", strings.NewReader(values.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Host = "localhost"
			w := httptest.NewRecorder()
			door.ServeHTTP(w, r)
			page := w.Body.String()
			if w.Code != http.StatusOK && w.Code != http.StatusUnprocessableEntity || strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") {
				t.Errorf("%.30q, %s: %d", text, do, w.Code)
			}
			if want := template.HTMLEscapeString(text); !strings.ContainsAny(text, "\x00\r") && strings.Count(page, want) < len(profiles.Criteria()) {
				t.Errorf("%.30q, %s: it stands %d times in the form, not in every field", text, do, strings.Count(page, want))
			}
		}
	}
}

// TestFinders: the finders answer in parts of a page and, asked for it, as the desk does.
func TestFinders(t *testing.T) {
	d := sampleDesk(t)
	server := serve(t, d)
	ask := func(path, accept string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
		}
		return string(b)
	}
	for path, want := range map[string]string{
		"/finders/cpv":                                 `value="85000000"`,
		"/finders/cpv?under=85300000":                  `value="85310000"`,
		"/finders/cpv?q=8531":                          `value="85310000"`,
		"/finders/cpv?q=cleaning&as=options":           `role="option"`,
		"/finders/cpv?q=%3Cscript%3E":                  "Nothing is found for “&lt;script&gt;”",
		"/finders/itl?under=TLG":                       `value="TLG2"`,
		"/finders/itl?q=ST18+0YY":                      `value="TLG24"`,
		"/finders/itl?q=shropshire&as=options":         `data-value="TLG2`,
		"/finders/itl?under=%3Cscript%3E&as=something": "",
	} {
		if got := ask(path, "text/html"); !strings.Contains(got, want) || strings.Contains(got, "<html") {
			t.Errorf("%s lacks %s:\n%.500s", path, want, got)
		}
	}
	codes, err := d.FindCPV(t.Context(), "cleaning", mostFound)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(codes)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask("/finders/cpv?q=cleaning", "application/json"); got != string(want)+"\n" {
		t.Errorf("the finder answers\n%s\nthe desk\n%s", got, want)
	}
	if got := ask("/finders/itl?q=stafford", "application/json"); !strings.HasPrefix(got, `[{"region":"TLG24"`) {
		t.Errorf("the finder of regions answers %.200s", got)
	}
}

// post sends a form and gives the answer without following it.
func post(t *testing.T, server *httptest.Server, path string, values url.Values) (*http.Response, string) {
	t.Helper()
	return sent(t, server, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

func sent(t *testing.T, server *httptest.Server, path, kind string, body io.Reader) (*http.Response, string) {
	t.Helper()
	client := *server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Post(server.URL+path, kind, body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(page)
}

// upload sends a form with a file.
func upload(t *testing.T, server *httptest.Server, values url.Values, name string, content []byte) (int, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for field, list := range values {
		for _, v := range list {
			if err := w.WriteField(field, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	res, page := sent(t, server, "/profiles", w.FormDataContentType(), &b)
	return res.StatusCode, page
}

// valueOf is a text that JavaScript gives.
func (b *browser) valueOf(expression string) string {
	b.t.Helper()
	return value[string](b, expression)
}
