package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/pursuit"
)

// published is a tender of one of two services, for the mediator; further members of the release stand in more.
func published(ocid, id, date, title, closes, more string) string {
	return fmt.Sprintf(`{"ocid":%q,"id":%q,"tag":["tender"],"date":%q,"buyer":{"id":"b","name":"Wick Town Council"},"parties":[{"id":"b","name":"Wick Town Council","roles":["buyer"]}],`+
		`"tender":{"id":"t","title":%q,"status":"active","classification":{"scheme":"CPV","id":"85312000"},"value":{"amount":50000,"currency":"GBP"},"tenderPeriod":{"endDate":%q}}%s}`+"\n",
		ocid, id, date, title, closes, more)
}

const (
	fat = "ocds-h6vhtk-0000aa"
	cf  = "ocds-b5fd17-0000bb"
)

func pair() []string {
	return []string{
		published(cf, "1", "2026-06-01T09:00:00Z", "Neighbour mediation service", "2026-07-10T11:00:00Z", ""),
		published(fat, "000001-2026", "2026-06-02T09:00:00+01:00", "NEIGHBOUR MEDIATION SERVICE", "2026-07-10T12:00:00+01:00", ""),
	}
}

// Copies in two services are one fit in every list, in whichever order they come; Find a Tender's is the one assessed, and the page says why.
func TestCopies(t *testing.T) {
	lines := append(pair(), string(made(40)))
	var want string
	for seed := range uint64(4) {
		d, s, _ := open(t, t.TempDir())
		if _, err := s.PutProfile(t.Context(), "default", mediator(t), asOf); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf}); err != nil { // the lots are in memory from now on
			t.Fatal(err)
		}
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for _, l := range lines {
			ingest(t, d, []byte(l))
		}
		for _, all := range []bool{false, true} {
			r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: all})
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, f := range r.Fits {
				if f.OCID == cf {
					t.Errorf("the copy has a fit of its own")
				}
				if f.OCID == fat {
					found++
					if !slices.Equal(f.Also, []string{cf}) {
						t.Errorf("also %v", f.Also)
					}
				}
			}
			if found != 1 {
				t.Errorf("%d fits of one opportunity", found)
			}
			fits, err := json.Marshal(r.Fits)
			if err != nil {
				t.Fatal(err)
			}
			if !all {
				if want == "" {
					want = string(fits)
				}
				if string(fits) != want {
					t.Error("another order of arrival, another report")
				}
			}
		}
		// Asked for by either OCID, it is the same fit.
		e, err := d.Explain(t.Context(), "mediator", pursuit.Target{Notice: cf}, asOf)
		if err != nil || e.Fit.OCID != fat {
			t.Errorf("explained %s (%v)", e.Fit.OCID, err)
		}
		page, err := d.Dossier(t.Context(), cf, asOf)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := page.WriteMarkdown(&text); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(page.Also, []string{fat}) || !strings.Contains(text.String(), fat+" on Find a Tender: same buyer, title and deadline") {
			t.Errorf("the page says also %v", page.Also)
		}
		// The index finds each by the OCID of the other.
		found, err := d.Search(t.Context(), index.Query{Tokens: []string{"ocid:" + cf}})
		if err != nil || len(found.Notices) != 2 {
			t.Errorf("%d notices are found by the OCID (%v)", len(found.Notices), err)
		}
		whole(t, d)
	}
}

// An award that two services publish is counted once.
func TestCopiesAwarded(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	award := `,"awards":[{"id":"1","status":"active","title":"x","suppliers":[{"id":"s","name":"Lark Mediation Ltd"}],"value":{"amount":48000,"currency":"GBP"},"date":"2026-08-01T00:00:00Z"}]`
	var text bytes.Buffer
	for _, l := range pair() {
		text.WriteString(strings.Replace(strings.Replace(l, `"tag":["tender"]`, `"tag":["award"]`, 1), "}}\n", "}"+award+"}\n", 1))
	}
	ingest(t, d, text.Bytes())
	b, err := d.Buyer(t.Context(), "Wick Town Council", asOf)
	if err != nil {
		t.Fatal(err)
	}
	if b.Values.Awards != 1 || len(b.Awards) != 1 {
		t.Errorf("one award is counted as %d, listed as %d", b.Values.Awards, len(b.Awards))
	}
}

// Once the copies differ, they are two again; once they agree, one: without anybody reading the store anew.
func TestCopiesPart(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	if _, err := s.PutProfile(t.Context(), "default", mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	fits := func() (ocids []string) {
		t.Helper()
		r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Fits {
			ocids = append(ocids, f.OCID)
		}
		slices.Sort(ocids)
		return ocids
	}
	for _, step := range []struct {
		line string
		want []string
	}{
		{pair()[0], []string{cf}},
		{pair()[1], []string{fat}},
		{published(fat, "000002-2026", "2026-06-03T09:00:00+01:00", "Neighbour mediation service", "2026-07-20T12:00:00+01:00", ""), []string{cf, fat}},
		{published(cf, "2", "2026-06-04T09:00:00Z", "Neighbour mediation service", "2026-07-20T11:00:00Z", ""), []string{fat}},
		{published("ocds-b5fd17-0000cc", "1", "2026-06-05T09:00:00Z", "Neighbour mediation service", "2026-07-20T11:00:00Z", ""), []string{cf, "ocds-b5fd17-0000cc", fat}},
	} {
		ingest(t, d, []byte(step.line))
		if got := fits(); !slices.Equal(got, step.want) {
			t.Errorf("fits of %v, want %v", got, step.want)
		}
	}
}

// What Find a Tender republishes of Public Contracts Scotland under an OCID of its own is one opportunity with the first publication, whose
// notice leads; published releases.
func TestRepublished(t *testing.T) {
	d, s, _ := open(t, t.TempDir())
	var text bytes.Buffer
	links := map[string]string{} // OCID in Find a Tender -> the first
	for line := range noticetest.Lines(t, noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")) {
		_, after, ok := strings.Cut(line, "api.publiccontractsscotland.gov.uk/v1/Notice?id=")
		if !ok {
			continue
		}
		first, _, _ := strings.Cut(after, `"`)
		var r map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		var ocid string
		if err := json.Unmarshal(r["ocid"], &ocid); err != nil {
			t.Fatal(err)
		}
		links[ocid] = first
		text.WriteString(line + "\n")
		// The first publication, as it is there: no id, and a link to itself.
		r["ocid"] = json.RawMessage(fmt.Sprintf("%q", first))
		delete(r, "id")
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(raw, '\n'))
	}
	if len(links) < 30 {
		t.Fatalf("only %d notices are republished", len(links))
	}
	ingest(t, d, text.Bytes())
	if _, err := s.PutProfile(t.Context(), "default", mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf, All: true})
	if err != nil {
		t.Fatal(err)
	}
	also := map[string][]string{}
	for _, f := range r.Fits {
		also[f.OCID] = f.Also
	}
	firsts := map[string]bool{}
	for ocid, first := range links {
		firsts[first] = true
		n, err := d.Notice(t.Context(), ocid)
		if err != nil {
			t.Fatal(err)
		}
		one := slices.Contains(also[first], ocid) || slices.Contains(also[ocid], first) ||
			slices.ContainsFunc(r.Fits, func(f matcher.Fit) bool { return slices.Contains(f.Also, ocid) && slices.Contains(f.Also, first) })
		if !one || n.Publisher != notice.FindATender {
			t.Errorf("%s and %s are not one", ocid, first)
		}
		others, err := d.Also(t.Context(), ocid)
		if err != nil || !slices.Contains(others, first) {
			t.Errorf("%s is also %v (%v)", ocid, others, err)
		}
	}
	if len(r.Fits) > len(firsts) {
		t.Errorf("%d fits of %d opportunities", len(r.Fits), len(firsts))
	}
	t.Logf("%d notices of Find a Tender, %d first publications, %d fits", len(links), len(firsts), len(r.Fits))
}
