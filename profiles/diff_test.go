package profiles

import (
	"testing"

	"bidfit/notice"
)

func TestDiff(t *testing.T) {
	a := trentProfile()
	if got := Diff(a, a); got != nil {
		t.Errorf("a profile differs from itself: %v", got)
	}
	b := trentProfile()
	b.ID = "other"
	b.Description = ""
	b.Keywords = []string{"mediation", "HR", "arbitration"}
	b.Exclude = nil
	b.Value.Max = new(notice.Pence(500000_00))
	b.Value.Min = nil
	b.VCSE = nil
	b.Insurance = map[string]Pounds{"public": 10_000_000_00}
	b.Regions = b.Regions[:2]
	b.LeadDays = 0
	b.Weights = map[string]int{"subject": 30, "timing": 10}
	b.Certifications = append([]string{"ISO 27001"}, b.Certifications...)
	want := []string{
		"description: no more said, was “We settle quarrels between neighbours.\n\nWe also train housing officers.”",
		"keywords: added arbitration; dropped anti-social behaviour",
		"exclude: dropped construction",
		"regions: dropped Derbyshire and Nottinghamshire (TLF1)",
		"value.min: no more said, was £10,000",
		"value.max: £500,000, was £750,000.50",
		"vcse: no more said, was false",
		"insurance.public: £10,000,000, was £5,000,000",
		"insurance.cyber: no more said, was £0",
		"certifications: added ISO 27001",
		"leadDays: 0, was 14",
		"weights.timing: 10, was 0",
	}
	got := Diff(a, b)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing %s", want[i])
		case i >= len(want):
			t.Errorf("too much: %s", got[i])
		case got[i].String() != want[i]:
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
	b = trentProfile()
	b.Keywords = []string{"HR", "mediation", "anti-social behaviour"}
	if got := Diff(a, b); len(got) != 1 || got[0].String() != "keywords: the same entries in another order" {
		t.Errorf("another order is %v", got)
	}
}
