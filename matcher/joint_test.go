package matcher

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

func joint(t *testing.T, a, b profiles.Profile) *Joint {
	t.Helper()
	j, err := NewJoint(names, a, b)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// TestJointProperties: of what is bought the pair never earns less than the better of the two, on any lot; its evidence makes its
// score by the same sum; and which of the two comes first changes nothing.
func TestJointProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	draw := func(id string) profiles.Profile {
		p := mediation()
		p.ID, p.Keywords, p.Description = id, nil, anyText(rng, 12)
		for range 1 + rng.IntN(3) {
			p.Keywords = append(p.Keywords, []string{"mediation", "hate crime", "restorative justice", "road", "cleaning", "audit"}[rng.IntN(6)])
		}
		p.Keywords = slices.Compact(slices.Sorted(slices.Values(p.Keywords)))
		p.CPV, p.Regions = []cpv.Code{anyCode(rng), anyCode(rng)}, []itl.Region{anyRegion(rng)}
		return p
	}
	lifted := 0
	for range 300 {
		a, b := draw("a"), draw("b")
		n := anyNotice(rng, t)
		o := names.Prepare(n)
		j := joint(t, a, b)
		x := j.Assess(o, today)
		alone := j.Pair.Assess(o, today)
		lots := byLot(&x.Pair)
		for side, f := range map[string]Fit{"first": x.First, "second": x.Second} {
			for _, one := range all(f) {
				for _, e := range one.Evidence {
					got := lots[one.Lot].evidence(e.Criterion)
					if e.earns() && (got == nil || got.Share < e.Share) {
						t.Fatalf("%s alone has %d%% of %s on lot %q, the pair %+v", side, e.Share, e.Criterion, one.Lot, got)
					}
				}
			}
		}
		for _, f := range all(x.Pair) {
			if got, want := sum(slices.Clone(f.Evidence), f.Gates, f.Conditions), (tally{f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice}); got != want {
				t.Fatalf("the pair's evidence sums to %+v, the fit says %+v", got, want)
			}
			if f.Relevance > byLot(&alone)[f.Lot].Relevance {
				lifted++
			}
		}
		y := joint(t, b, a).Assess(o, today)
		if !reflect.DeepEqual(x.Pair, y.Pair) || !reflect.DeepEqual(x.First, y.Second) {
			t.Fatalf("the other way round the pair is\n%+v, not\n%+v", y.Pair, x.Pair)
		}
		s, r := x.Lots(), y.Lots()
		for i := range s {
			if s[i].First != r[i].Second || s[i].Pair != r[i].Pair || (s[i].Better == "first") != (r[i].Better == "second") {
				t.Fatalf("lot %q is %+v, and the other way round %+v", s[i].Lot, s[i], r[i])
			}
		}
	}
	if lifted == 0 {
		t.Error("nowhere did one alone know more than both in one heap: the test tests nothing")
	}
}

// TestLots holds two suppliers together who each lack what the other has.
func TestLots(t *testing.T) {
	n := mediationNotice(t)
	a, b := mediation(), mediation()
	a.ID, b.ID = "a", "b"
	a.Regions, a.SME, a.VCSE = []itl.Region{"TLM"}, new(true), new(true)
	b.Keywords, b.CPV, b.Description, b.SME, b.VCSE = []string{"road surfacing"}, []cpv.Code{45233220}, "", new(true), new(false)
	n.Lots[0].Reserved = []notice.Said[notice.Reservation]{sayOf(notice.Reservation{Kind: "vcse", Text: "vcse"}, "/tender/otherRequirements/reservedParticipation")}
	x := joint(t, a, b).Assess(names.Prepare(n), today)
	s := x.Lots()[0]
	told := func(list []Cover) string {
		var parts []string
		for _, c := range list {
			parts = append(parts, c.Kind+" "+c.Name+" "+c.First+"/"+c.Second+"/"+c.Pair)
		}
		return strings.Join(parts, ", ")
	}
	// The first works in Scotland alone, the second where the work is; what is bought is the first's trade. It is reserved for VCSEs, and
	// the pair is one only if both are.
	if got := told(s.Covers); got != "criterion region missed/met/met" {
		t.Errorf("the second covers %s", got)
	}
	if got := told(s.Lacks); !strings.Contains(got, "gate reserved pass/barred/barred") {
		t.Errorf("the pair lacks %s", got)
	}
	if s.Pair.Advice != NoBid || !s.Pair.Barred {
		t.Errorf("the pair is %+v", s.Pair)
	}
	y := joint(t, b, a).Assess(names.Prepare(n), today)
	back := y.Lots()[0]
	if got := told(back.Covers); !strings.Contains(got, "criterion words missed/met/met") || !strings.Contains(got, "gate reserved barred/pass/barred") {
		t.Errorf("the first covers %s", got)
	}
}

// TestAgain: an awarded notice is judged as if it were let again, and no other gate or criterion changes.
func TestAgain(t *testing.T) {
	n := mediationNotice(t)
	m, err := New(names, mediation())
	if err != nil {
		t.Fatal(err)
	}
	open := m.Again(names.Prepare(n), today)
	n.Stage, n.Status = notice.StageAward, say("complete", "/tender/status")
	n.Direct = say("Award under framework", "/tender/procurementMethodDetails")
	o := names.Prepare(n)
	then, again := m.Assess(o, today), m.Again(o, today)
	if then.Advice != NoBid || !then.Barred() {
		t.Fatalf("what is awarded is %s", then.Advice)
	}
	if again.Barred() || again.Advice != Bid || again.Score != open.Score || again.Relevance != then.Relevance {
		t.Errorf("let again it is %s with %d, gates %+v; a tender is %d", again.Advice, again.Score, again.Gates, open.Score)
	}
	for _, e := range again.Evidence {
		if e.Criterion == Timing {
			t.Error("the timing of last time counts")
		}
	}
	late := m.Again(o, today.AddDate(9, 0, 0))
	if !reflect.DeepEqual(late, again) {
		t.Error("how well it would fit again depends on the day")
	}
	p := mediation()
	p.Exclude = []string{"mediation"}
	p.Keywords = nil
	if m, err = New(names, p); err != nil {
		t.Fatal(err)
	}
	if f := m.Again(o, today); !f.Barred() {
		t.Error("a word that is excluded bars nothing")
	}
}
