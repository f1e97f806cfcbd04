package ocds

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"bidfit/notice"
)

// FuzzNotice takes lines as the releases of one OCID. Whatever they hold: no panic, a notice
// has a lot, every place cited names one of the releases, what is read from prose stands in its text, and the order of the releases
// changes nothing.
func FuzzNotice(f *testing.F) {
	for _, seed := range [][]string{
		{actRelease(1, "planning", "UK2", `"status":"planned",`, ""), actRelease(2, "tender", "UK4", `"lots":[{"id":"A"},{"id":"B"}],"items":[{"id":"1","relatedLot":"B"}],`, "")},
		{oldRelease(1, "tender", `"value":{"amount":1e9999},"tenderPeriod":{"endDate":"20226-01-01"},`, ""), oldRelease(2, "tenderUpdate", `"amendments":[{"id":"1"}],`, "")},
		{buys(1, "GB-FTS-1", "North Water"), buys(2, "GB-FTS-2", "South Rail")},
		{oldRelease(1, "award", "", `,"awards":[{"id":"1","suppliers":[{"id":"x"}],"items":[{"deliveryAddresses":[{"region":"a,b"}]}]}],"contracts":[{"awardID":1},{"awardID":"1"}]`)},
		{contractRelease(1, "implementation", "UK9", `"implementation":{"metrics":[{"id":"1","observations":[{"id":"1"}]}],"transactions":[{}],"performanceFailures":[{"suppliers":[{}]}]},"amendments":[{"id":"1"}]`, ""),
			contractRelease(2, "contractAmendment", "UK10", `"amendments":[{"id":"1","unstructuredChanges":[{}]}],"proposedAmendments":[{}]`, `,"bids":{"statistics":[{"value":1}],"details":[{"tenderers":[{"id":"x"}]}]}`)},
		{actRelease(1, "award", "UK15", "", `,"awards":[{"suppliers":[{"name":"A"}]}]`), actRelease(2, "award", "UK15", "", `,"parties":[{"name":"A","roles":["removedSupplier"]}]`)},
		{actRelease(1, "", "UK17", "", `,"compliance":[{"days":[30,{"x":true}]}]`)},
		{undivided(1, twoLots, "", ""), undivided(2, rich, `"conditions":7,`, `,"renewal":{"description":"2 x 12 months"},"options":{"description":"up to £50k \u2028 more"}`)},
		{actRelease(1, "planning", "UK2", `"title":"Paint rnrn day","description":`+strconv.Quote(rich)+`,`, `,"planning":{"milestones":[{"id":"1","type":"engagement","description":`+strconv.Quote(rich)+`}]}`)},
		{`{"tender":[],"awards":{},"parties":7,"buyer":"x","tag":"tender"}`, `[]`, `7`, `nonsense`, ``},
		{`{"tender":{"lots":[{"id":{}},{"id":null},null,[]],"items":[null,{"classification":[]}],"value":7,"documents":[{"noticeType":3}]},"tag":[null,3]}`},
	} {
		var lines [][]byte
		for _, text := range seed {
			lines = append(lines, []byte(text))
		}
		f.Add(bytes.Join(lines, []byte("\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var releases []notice.Release
		for i, line := range bytes.Split(data, []byte("\n")) {
			if i == 8 {
				break
			}
			releases = append(releases, notice.Release{
				OCID: ocid, ID: string(rune('a' + i)), Raw: line, Hash: sha256.Sum256(line), Tags: []string{"tender"},
				Date: time.Date(2026, 7, 1, 10, i, 0, 0, notice.London),
			})
		}
		notices, err := Project(ocid, releases)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			if len(n.Lots) == 0 || n.ID == "" || n.Stage == "" {
				t.Errorf("%d lots, id %q, stage %q", len(n.Lots), n.ID, n.Stage)
			}
			checkReadings(t, n)
			eachSaid(reflect.ValueOf(n).Elem(), "", func(field string, _ any, at notice.Path) {
				if len(at.Release) != 1 || at.Release[0] < 'a' || at.Release[0] > 'h' {
					t.Errorf("%s cites release %q", field, at.Release)
				}
			})
		}
		slices.Reverse(releases)
		again, err := Project(ocid, releases)
		if err != nil || !reflect.DeepEqual(again, notices) {
			t.Errorf("the order of releases matters (%v)", err)
		}
	})
}

// rich is prose with something for every reader, and with what publishing does to text.
const rich = "Estimated value: up to £1.2m&nbsp;p.a. (inc VAT), £1,000,000 excluding VAT. The term is 3 years + 1 + 1.rnrn" +
	"Clarifications by noon on Friday 14th August 2026; see https://in-tendhost.co.uk/parks?a=b.\\r\\nLot 1: Ponds – PS40,000\r\nLot 2: Hedges – £50k\n" +
	"Bidders must hold ISO 9001 and £5m public liability; TUPE may apply. \u2022 The current provider is Acme Ltd é\u200b"

// checkReadings holds that whatever is read from prose has a span in the text at its place, that this cuts no rune, and how sure it is.
// Hostile releases say two texts at one place: under a name that stands twice, or in a revision, which has its release's
// name. Then it may be any of them.
func checkReadings(t *testing.T, n *notice.Notice) {
	t.Helper()
	fits := func(at notice.Path) bool {
		for s := range n.Proses() {
			if s.At.Release == at.Release && s.At.Pointer == at.Pointer && at.End <= len(s.Value) &&
				(!utf8.ValidString(s.Value) || utf8.ValidString(s.Value[at.Start:at.End])) {
				return true
			}
		}
		return false
	}
	check := func(kind string, at notice.Path, confidence int) {
		switch {
		case at.Start < 0 || at.Start >= at.End || !fits(at):
			t.Errorf("%s at %v: no text there has such a span", kind, at)
		case confidence < 1 || confidence > 100:
			t.Errorf("%s at %v is %d sure", kind, at, confidence)
		}
	}
	r := &n.Readings
	for _, a := range r.Amounts {
		check("an amount", a.At, a.Confidence)
	}
	for _, e := range r.Events {
		check("an event", e.At, e.Confidence)
	}
	for _, l := range r.Lengths {
		check("a length", l.At, l.Confidence)
	}
	for _, l := range r.Links {
		check("a link", l.At, l.Confidence)
	}
	for _, m := range r.Mentions {
		check("a mention", m.At, m.Confidence)
	}
	for i := range n.Lots {
		if l := &n.Lots[i]; l.FromProse > 0 && l.Title.Known() {
			check("a lot", l.Title.At, l.FromProse)
		}
	}
}

// TestRichProse holds that the fuzzed seed has something for every reader.
func TestRichProse(t *testing.T) {
	n := projectOne(t, undivided(1, rich, "", ""))
	checkReadings(t, n)
	r := &n.Readings
	if len(r.Amounts) < 5 || len(r.Events) != 1 || len(r.Lengths) == 0 || len(r.Links) != 1 || len(r.Mentions) < 4 || len(n.Lots) != 2 {
		t.Errorf("%d amounts, %d events, %d lengths, %d links, %d mentions, %d lots",
			len(r.Amounts), len(r.Events), len(r.Lengths), len(r.Links), len(r.Mentions), len(n.Lots))
	}
}
