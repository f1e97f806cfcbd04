package pursuit

import "testing"

func TestParseTarget(t *testing.T) {
	for s, want := range map[string]Target{
		"ocds-h6vhtk-06bae5":              {Notice: "ocds-h6vhtk-06bae5"},
		"ocds-h6vhtk-06bae5/2":            {Notice: "ocds-h6vhtk-06bae5", Lot: "2"},
		" ocds-h6vhtk-06bae5/~A ":         {Notice: "ocds-h6vhtk-06bae5", Lot: "~A"},
		"ocds-h6vhtk-demo40@GB-COH-1/LOT": {Notice: "ocds-h6vhtk-demo40@GB-COH-1", Lot: "LOT"},
		"ocds-r6ebe6-1/1/b":               {Notice: "ocds-r6ebe6-1", Lot: "1/b"}, // a lot's id may hold anything
	} {
		got, err := ParseTarget(s)
		if err != nil || got != want {
			t.Errorf("%q is %+v (%v), want %+v", s, got, err, want)
		}
		if again, err := ParseTarget(got.String()); err != nil || again != got {
			t.Errorf("%+v came back from %q as %+v (%v)", got, got.String(), again, err)
		}
	}
	for _, s := range []string{"", " ", "/2"} {
		if got, err := ParseTarget(s); err == nil {
			t.Errorf("%q is %+v, and names no notice", s, got)
		}
	}
}

func TestParseVerdict(t *testing.T) {
	for _, v := range []Verdict{Bid, NoBid, Watch} {
		if got, err := ParseVerdict(string(v)); err != nil || got != v {
			t.Errorf("%q is %q (%v)", v, got, err)
		}
	}
	for _, s := range []string{"", "maybe", "Bid", "nobid"} {
		if got, err := ParseVerdict(s); err == nil {
			t.Errorf("%q is %q, and is none", s, got)
		}
	}
}

func TestCurrent(t *testing.T) {
	p := Pursuit{Decisions: []Decision{{Verdict: Watch}, {Verdict: Bid}}}
	if got := p.Current().Verdict; got != Bid {
		t.Errorf("the current verdict is %q, want the newest", got)
	}
	back := Decision{Undone: true}
	for _, c := range []struct {
		decisions []Decision
		want      Verdict
	}{
		{nil, ""},
		{[]Decision{{Verdict: Bid}, back}, ""},
		{[]Decision{{Verdict: Watch}, {Verdict: Bid}, back}, Watch},
		{[]Decision{{Verdict: Watch}, {Verdict: Bid}, back, back}, ""},
		{[]Decision{{Verdict: Watch}, {Verdict: Bid}, back, {Verdict: NoBid}}, NoBid},
		{[]Decision{{Verdict: Watch}, {Verdict: Bid}, back, {Verdict: NoBid}, back}, Watch},
		{[]Decision{{Verdict: Watch}, back, {Verdict: Bid}, {Verdict: NoBid}, back, back}, ""},
	} {
		p := Pursuit{Decisions: c.decisions}
		if got := p.Current().Verdict; got != c.want {
			t.Errorf("of %v %q is in force, want %q", c.decisions, got, c.want)
		}
	}
}
