package notice

import "testing"

func TestProse(t *testing.T) {
	at := func(pointer string) Path { return Path{Release: "1-2026", Pointer: pointer} }
	n := &Notice{
		Title:       Say("Mediation", at("/tender/title")),
		Description: Say("Between neighbours", at("/tender/description")),
		Texts:       []Said[string]{Say("A day at headquarters", at("/planning/milestones/0/description"))},
		Lots: []Lot{{
			Title: Say("North", at("/tender/lots/0/title")),
			Items: []Said[string]{Say("Two mediators", at("/tender/items/0/description"))},
			CPV:   []Said[Classification]{Say(Classification{Code: 85312000, Description: Say("Social work", at("/c/description"))}, at("/c/id"))},
		}},
	}
	for pointer, want := range map[string]string{
		"/tender/title": "Mediation", "/tender/description": "Between neighbours",
		"/planning/milestones/0/description": "A day at headquarters",
		"/tender/lots/0/title":               "North", "/tender/items/0/description": "Two mediators", "/c/description": "Social work",
	} {
		place := at(pointer)
		place.Start, place.End = 2, 4 // a span of it
		if got, ok := n.Prose(place); !ok || got != want {
			t.Errorf("%s: %q (%v), want %q", pointer, got, ok, want)
		}
	}
	for _, nowhere := range []Path{at("/tender/id"), {Release: "2-2026", Pointer: "/tender/title"}, {}} {
		if got, ok := n.Prose(nowhere); ok {
			t.Errorf("%+v: %q", nowhere, got)
		}
	}
}
