package notice

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// A stored notice must say the same day it said when it was read.
func TestMomentJSON(t *testing.T) {
	for _, want := range []string{"2026-07-14", "2026-07-14T17:00:00+01:00", "2026-01-14T17:00:00Z"} {
		var m, back Moment
		if err := m.UnmarshalText([]byte(want)); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(struct{ M Said[Moment] }{Say(m, Path{Pointer: "/date"})})
		if err != nil {
			t.Fatal(err)
		}
		var held struct{ M Said[Moment] }
		if err := json.Unmarshal(b, &held); err != nil {
			t.Fatal(err)
		}
		back = held.M.Value
		if back.String() != want || back.Day != m.Day || !back.Equal(m.Time) {
			t.Errorf("%s came back as %s (day %v)", want, back, back.Day)
		}
	}
	var m Moment
	for _, bad := range []string{`null`, `"yesterday"`, `12`, `"`} {
		if err := json.Unmarshal([]byte(bad), &m); err == nil && bad != `null` {
			t.Errorf("%s was read as %s", bad, m)
		}
	}
	if d := (Moment{Time: time.Date(2026, 7, 14, 0, 0, 0, 0, London), Day: true}); d.End().Format(time.TimeOnly) != "23:59:59" {
		t.Errorf("a day ends at %s", d.End())
	}
}
