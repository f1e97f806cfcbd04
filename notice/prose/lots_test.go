package prose

import (
	"fmt"
	"strings"
	"testing"
)

// told writes lots as "A Home care 704000 176000/year".
func told(text string) string {
	var lots []string
	for _, l := range Read(text).Lots() {
		s := l.ID
		if title := text[l.Title.Start:l.Title.End]; title != "" {
			s += " " + strings.Join(strings.Fields(title), " ")
		}
		for _, a := range l.Amounts {
			s += " " + written(a.Value)
		}
		lots = append(lots, s)
	}
	return strings.Join(lots, "; ")
}

func TestLots(t *testing.T) {
	for text, want := range map[string]string{
		"We buy help at home (Lot A) and meals (Lot B). Worth: Lot A - Help at Home Circa PS704,000 (PS176,000 per annum) Lot B - Meals Circa PS826,000 (206,500 per annum) Full details are on our site": "A Help at Home 704000 contract 176000 contract/year; B Meals 826000 contract 206500 contract/year",
		"There are two lots:\n• Lot 1: Cleaning of schools\n• Lot 2: Cleaning of offices\n\nBidders may bid for both.":                                                                                    "1 Cleaning of schools; 2 Cleaning of offices",
		"Lot One - Roads rnLot Two - Bridges rnLot Three - Signs":                                                 "1 Roads; 2 Bridges; 3 Signs",
		"The lots are Lot 1 (Milk) and Lot 2 (Bread).":                                                            "1 Milk; 2 Bread",
		"supported homes in the north (Lot 1) and supported homes in the south (Lot 2)":                           "1 supported homes in the north; 2 supported homes in the south",
		"- Lot 1: North - £1,200,000\n- Lot 2: South - £800,000\nAll lots together are worth £2,000,000.":         "1 North 1200000 contract; 2 South 800000 contract",
		"Lot 1A Taxis\nLot 1B Minibuses\nLot 2 Coaches":                                                           "1A Taxis; 1B Minibuses; 2 Coaches",
		"Lot 1 - works up to £2 million, Lot 2 - works over £2 million":                                           "1 works up to £2 million ..2000000 contract; 2 works over £2 million 2000000.. contract",
		"Lot 01 Trees\nLot 02 Hedges":                                                                             "1 Trees; 2 Hedges",
		"Lot 1: Paint\nLot 2: Paper\nWhat they hold:\nLot 1: https://example.org/1\nLot 2: https://example.org/2": "1 Paint; 2 Paper",
		"Suppliers may bid for lot 1, lot 2 or both.":                                                             "",
		"A call-off from Lot 5 of the framework and lot 6 of another":                                             "",
		"Lot 1: the only one. There are lots of parking spaces in the lot 2 minutes away.":                        "",
		"A lot of sites; each lot is small":                                                                       "",
		"":                                                                                                        "",
	} {
		if got := told(text); got != want {
			t.Errorf("%q\n lists %s\nwant   %s", text, got, want)
		}
	}
}

// TestLotText holds what belongs to a lot: its entry, up to the next one or to a sentence about all.
func TestLotText(t *testing.T) {
	text := "Lot 1 - Paths\nTwenty paths in the hills.\nThey are steep.\nLot 2 - Gates\nGates of wood.\n\nTenders are due in May."
	var got []string
	for _, l := range Read(text).Lots() {
		for _, s := range l.Text {
			got = append(got, fmt.Sprintf("%s %q", l.ID, text[s.Start:s.End]))
		}
	}
	want := `1 "Lot 1 - Paths\nTwenty paths in the hills.\nThey are steep." | 2 "Lot 2 - Gates\nGates of wood."`
	if s := strings.Join(got, " | "); strings.ReplaceAll(s, ".\"", "\"") != strings.ReplaceAll(want, ".\"", "\"") {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}
