package pursuit

import (
	"strings"
	"testing"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
)

func says[T any](v T) notice.Said[T] { return notice.Say(v, notice.Path{Pointer: "/x"}) }

// A mark changes with what it is of, and with nothing else.
func TestMark(t *testing.T) {
	make := func() *notice.Notice {
		return &notice.Notice{
			ID: "ocds-a", Stage: notice.StageTender, Value: notice.Value{Net: says(notice.Pence(300))},
			Deadline: notice.Deadline{Said: says(notice.Moment{Time: time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)})},
			Lots:     []notice.Lot{{ID: "1", Value: notice.Value{Net: says(notice.Pence(100))}}, {ID: "2", Value: notice.Value{Net: says(notice.Pence(200))}}},
			Releases: []notice.Published{{Identity: "1", Hash: "sha256:1"}},
		}
	}
	for name, c := range map[string]struct {
		change func(*notice.Notice)
		ends   []Until // of lot 1
	}{
		"nothing":              {func(n *notice.Notice) {}, nil},
		"another title":        {func(n *notice.Notice) { n.Title = says("x") }, nil},
		"another lot's value":  {func(n *notice.Notice) { n.Lots[1].Value.Net = says(notice.Pence(1)) }, nil},
		"the lot's value":      {func(n *notice.Notice) { n.Lots[0].Value.Net = says(notice.Pence(1)) }, []Until{UntilValue}},
		"no value any more":    {func(n *notice.Notice) { n.Lots[0].Value = notice.Value{} }, []Until{UntilValue}},
		"the whole value":      {func(n *notice.Notice) { n.Value.Net = says(notice.Pence(1)) }, []Until{UntilValue}},
		"the lot gone":         {func(n *notice.Notice) { n.Lots = n.Lots[1:] }, []Until{UntilValue}},
		"the deadline":         {func(n *notice.Notice) { n.Deadline.Value.Time = n.Deadline.Value.Add(time.Hour) }, []Until{UntilDeadline}},
		"its zone":             {func(n *notice.Notice) { n.Deadline.Value.Time = n.Deadline.Value.In(notice.London) }, nil},
		"a deadline withdrawn": {func(n *notice.Notice) { n.Deadline = notice.Deadline{} }, []Until{UntilDeadline}},
		"the stage":            {func(n *notice.Notice) { n.Stage = notice.StageAward }, []Until{UntilStage}},
		"a release": {func(n *notice.Notice) {
			n.Releases = append(n.Releases, notice.Published{Identity: "2", Hash: "sha256:2"})
		}, []Until{UntilChange}},
		"a revision": {func(n *notice.Notice) { n.Releases[0].Hash = "sha256:3" }, []Until{UntilChange}},
	} {
		before, after := make(), make()
		c.change(after)
		var ends []Until
		for _, u := range []Until{UntilValue, UntilDeadline, UntilStage, UntilChange} {
			if u.Mark(before, "1") != u.Mark(after, "1") {
				ends = append(ends, u)
			}
		}
		if len(ends) != len(c.ends) || len(ends) == 1 && ends[0] != c.ends[0] {
			t.Errorf("%s ends a snooze until %v, want %v", name, ends, c.ends)
		}
	}
	n := make()
	n.Lots[1].Value.Net = says(notice.Pence(1))
	if UntilValue.Mark(n, "") == UntilValue.Mark(make(), "") {
		t.Error("the value of a lot is none of the notice's")
	}
}

// What is kept comes back as it was, also where it is no text that JSON can hold.
func TestRecords(t *testing.T) {
	when := time.Date(2026, 6, 24, 9, 0, 0, 0, time.UTC)
	e := Entry{Target: Target{"ocds-a", "1/b"}, Profile: "p", Stage: Prepare, Owner: "kim", Note: "bad \xff byte", Next: "call", NextBy: notice.Moment{Time: when}, Hours: 12, Who: "sam", When: when}
	r, err := e.Record()
	if err != nil {
		t.Fatal(err)
	}
	if r.Kind != KindEntry || r.Profile != "p" || r.Name != "ocds-a/1/b" {
		t.Errorf("it is kept as %s of %s, %s", r.Kind, r.Profile, r.Name)
	}
	back, err := Read[Entry](r)
	e.Note = "bad \ufffd byte"
	if err != nil || !back.When.Equal(e.When) || !back.NextBy.Equal(e.NextBy.Time) || back.Note != e.Note || back.Target != e.Target || back.Hours != 12 {
		t.Errorf("it came back as %+v (%v)", back, err)
	}
	if _, err := Read[Entry](Record{Kind: KindEntry, Name: "x", Content: []byte("{")}); err == nil {
		t.Error("what is no JSON was read")
	}
	for name, bad := range map[string]error{
		"no stage":        Entry{}.Check(),
		"hours below":     Entry{Stage: Won, Hours: -1}.Check(),
		"hours above":     Entry{Stage: Won, Hours: MostHours + 1}.Check(),
		"a long note":     Entry{Stage: Won, Note: strings.Repeat("x", mostText+1)}.Check(),
		"no name":         Search{}.Check(),
		"a long name":     Search{Name: strings.Repeat("x", 201)}.Check(),
		"a broken name":   Search{Name: "a\nb"}.Check(),
		"no text as name": Search{Name: "a\xffb"}.Check(),
		"a long query":    Search{Name: "x", Query: strings.Repeat("x", mostText+1)}.Check(),
		"no until":        func() error { _, err := ParseUntil(""); return err }(),
		"another until":   func() error { _, err := ParseUntil("Value"); return err }(),
		"no such stage":   func() error { _, err := ParseProgress("done"); return err }(),
		"stage, no case":  func() error { _, err := ParseProgress("Won"); return err }(),
		"nothing at all ": func() error { _, err := ParseProgress(""); return err }(),
	} {
		if bad == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := (Entry{Stage: Qualify}).Check(); err != nil {
		t.Error(err)
	}
}

func TestAgainst(t *testing.T) {
	for _, c := range []struct {
		v    Verdict
		a    matcher.Advice
		want bool
	}{{Bid, matcher.Bid, false}, {Bid, matcher.Review, false}, {Bid, matcher.NoBid, true}, {NoBid, matcher.Bid, true}, {NoBid, matcher.Review, false}, {Watch, matcher.NoBid, false}, {Watch, matcher.Bid, false}} {
		if c.v.Against(c.a) != c.want {
			t.Errorf("%s against %s: %v", c.v, c.a, !c.want)
		}
	}
}
