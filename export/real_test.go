package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

// TestSampleChains and TestRealChains export every notice after each of its releases, as somebody does who keeps the calendar.
func TestSampleChains(t *testing.T) {
	sample, err := os.ReadFile("../cmd/bidfit/sample/notices.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if moved, off := chains(t, strings.Split(strings.TrimSpace(string(sample)), "\n")); moved == 0 || off == 0 {
		t.Errorf("%d events were moved and %d called off: the sample has both", moved, off)
	}
}

func TestRealChains(t *testing.T) {
	for _, file := range noticetest.Notices(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			var lines []string
			for l := range noticetest.Lines(t, file) {
				lines = append(lines, l)
			}
			chains(t, lines)
		})
	}
}

// chains counts the events that a release moved and those it called off. What changes of an event has a higher sequence than before,
// and is no older; nothing ever has a lower one.
func chains(t *testing.T, lines []string) (moved, off int) {
	byOCID := map[string][]notice.Release{}
	for item, err := range ocds.Decode(t.Context(), strings.NewReader(strings.Join(lines, "\n")), "notices.jsonl") {
		if err != nil {
			t.Fatal(err)
		}
		if r := item.Release; r != nil {
			byOCID[r.OCID] = append(byOCID[r.OCID], *r)
		}
	}
	events := 0
	var last []Row
	for ocid, releases := range byOCID {
		known := map[string]event{}
		row := Row{Profile: profiles.Profile{ID: "trent"}, Fit: matcher.Fit{OCID: ocid}, AsOf: asOf}
		for n := range ocds.States(ocid, releases, 20) {
			row.Notice = n
			for _, e := range row.events() {
				events++
				was, before := known[e.uid]
				known[e.uid] = e
				if !before {
					continue
				}
				if e.sequence < was.sequence || e.changed.Before(was.changed) {
					t.Errorf("%s: %s goes from sequence %d of %s to %d of %s", ocid, e.date.Kind, was.sequence, was.changed, e.sequence, e.changed)
				}
				if changed := !e.date.When.Equal(was.date.When.Time) || e.off != was.off; changed && e.sequence == was.sequence {
					t.Errorf("%s: %s changed within sequence %d", ocid, e.date.Kind, e.sequence)
				}
				if !e.date.When.Equal(was.date.When.Time) {
					moved++
				}
				if e.off && !was.off {
					off++
				}
			}
		}
		last = append(last, row)
	}
	t.Logf("%d notices, %d events in all their states, %d moved, %d called off", len(last), events, moved, off)
	for _, f := range Formats() {
		if f.Name != "xlsx" || len(last) < 300 { // reading a large workbook back takes seconds
			check(t, f, in(t, f.Name, Options{}, last...), last)
		}
	}
	return moved, off
}
