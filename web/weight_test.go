package web

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/pursuit"
)

// mostBytes is what a page may weigh, before it is compressed.
const mostBytes = 100_000

// TestWeight: every page over the sample is light, also when all there is to choose is chosen and people have left their marks on all of it.
func TestWeight(t *testing.T) {
	d := sampleDesk(t)
	door := New(optionsOf(t, d))
	largest, at := 0, ""
	weigh := func(path string) {
		t.Helper()
		res := ask(t, door, "GET", path, nil)
		page, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 400 && path != "/nowhere" && !strings.HasPrefix(path, shortPath) {
			t.Fatalf("%s: %s, %v", path, res.Status, err)
		}
		if len(page) > largest {
			largest, at = len(page), path
		}
		if len(page) > mostBytes {
			t.Errorf("%.300s weighs %d bytes, more than %d", path, len(page), mostBytes)
		}
	}
	list, err := d.Review(t.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay})
	if err != nil {
		t.Fatal(err)
	}
	heaviest := func(words int) string { // a filter of as many values as it may have
		var f desk.Filter
		f.Words = strings.Repeat("a", words)
		for _, facet := range list.Facets {
			for _, v := range facet.Values {
				if more := f.Toggle(facet.Name, v.Value); !more.Long() {
					f = more
				}
			}
		}
		return f.Query().Encode()
	}
	every := heaviest(0)
	buyers := desk.Filter{}
	for _, facet := range list.Facets {
		for _, v := range facet.Values {
			if more := buyers.Toggle(facet.Name, v.Value); facet.Name == desk.FacetBuyer && !more.Long() {
				buyers = more
			}
		}
	}
	var has []string
	for _, kind := range kinds() {
		has = append(has, kind.Tokens...)
	}
	for len(strings.Join(has, "&has=")) > mostHas {
		has = has[:len(has)-1]
	}
	heavy := []string{
		reviewPath + "?" + every, reviewPath + "?" + heaviest(200), reviewPath + "?" + buyers.Query().Encode(), reviewPath + "?advice=no-bid", reviewPath + "?advice=bid&advice=review&advice=no-bid&order=deadline",
		reviewPath + "?state=known&state=snoozed&state=decided&state=undecided",
		"/search?" + url.Values{"has": has}.Encode(), "/search?" + url.Values{"q": {strings.Repeat("service ", 20)}, "has": has}.Encode(),
		"/finders/cpv?as=options&q=services", "/finders/cpv?q=services", "/finders/itl?q=a",
	}
	var targets []pursuit.Target
	for _, r := range list.Rows {
		targets = append(targets, r.Target)
	}
	long := strings.Repeat("because it is a long way to go and nobody has been there before us, ", 20)
	for i, do := range []desk.Do{"", desk.DoBid, desk.DoNoBid, desk.DoSnooze, desk.DoKnown} {
		if do != "" {
			from := min((i-1)*40, len(targets))
			deed := desk.Deed{Profile: sampleProfile, Do: do, Targets: targets[from:min(from+40, len(targets))], Reason: long, Who: "tester", When: sampleDay, AsOf: sampleDay}
			if _, err := d.Act(t.Context(), deed); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range heavy {
			weigh(path)
		}
		for from := 0; from < len(targets); from += reviewPage {
			weigh(reviewPath + "?" + every + "&" + url.Values{queryFrom: {strconv.Itoa(from)}}.Encode())
		}
	}
	for _, p := range append(looked, worked...) {
		weigh(p.path)
	}
	for _, x := range targets {
		weigh(fitPath(sampleProfile, x))
		weigh(pathOf("notices", x.Notice))
	}
	for _, x := range targets[:20] {
		for _, path := range with([]string{fitPath(sampleProfile, x)}, "show=whatif&show=market") {
			weigh(path)
		}
		weigh(pathOf("profiles", sampleProfile, "fits", x.Notice, "pack"))
		weigh(pathOf("notices", x.Notice, "similar"))
	}
	t.Logf("the heaviest page has %d bytes: %.200s", largest, at)
	if largest < 50_000 {
		t.Errorf("the heaviest page has %d bytes: what is weighed is no page", largest)
	}
}
