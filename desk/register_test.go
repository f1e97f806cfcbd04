package desk_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
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

// TestPreviewStored: the preview of a stored profile, out of its list, is that of the same profile assessed anew.
func TestPreviewStored(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	text, err := os.ReadFile(filepath.Join("..", "cmd", "bidfit", "sample", "notices.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ingest(t.Context(), []desk.Source{source("notices.jsonl", text)}, desk.Ingesting{}); err != nil {
		t.Fatal(err)
	}
	p := profiles.Profile{ID: "trent", Name: "Trent", Description: "mediation between neighbours"}
	anew, err := d.Preview(t.Context(), p, asOf)
	if err != nil || anew.Seen == 0 || len(anew.First) == 0 {
		t.Fatalf("%+v, %v", anew, err)
	}
	if _, err := d.Register(t.Context(), p, asOf); err != nil {
		t.Fatal(err)
	}
	kept, err := d.Preview(t.Context(), p, asOf)
	if err != nil || !reflect.DeepEqual(kept, anew) {
		t.Errorf("%v: stored it is\n%+v\nanew\n%+v", err, kept, anew)
	}
}
