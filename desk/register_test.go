package desk_test

import (
	"errors"
	"testing"

	"bidfit/desk"
	"bidfit/profiles"
)

// TestRegister: a new profile never replaces one, and a change never another one's change.
func TestRegister(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	p := profiles.Profile{ID: "trent", Name: "Trent", Description: "mediation"}
	first, err := d.Register(t.Context(), p, asOf)
	if err != nil || first.Revision != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = d.Register(t.Context(), p, asOf)
	if errs, ok := errors.AsType[profiles.Errors](err); !ok || errs[0].Field != "id" {
		t.Errorf("the same id again: %v", err)
	}
	for name, want := range map[string]string{"Trent": "trent-2", "Derwent": "derwent"} {
		if id, err := d.FreeID(t.Context(), name); err != nil || id != want {
			t.Errorf("%s gets the id %q, %v; want %q", name, id, err, want)
		}
	}
	p.Description = "mediation and training"
	if s, err := d.Revise(t.Context(), p, 1, asOf); err != nil || s.Revision != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	p.Description = "late"
	if _, err := d.Revise(t.Context(), p, 1, asOf); !errors.Is(err, desk.ErrChanged) {
		t.Errorf("a change of what was changed meanwhile: %v", err)
	}
}
