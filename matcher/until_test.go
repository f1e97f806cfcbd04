package matcher

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
)

// Until an instant that Until names nothing changes, and of the instants it names some do.
func TestUntil(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 6))
	bytes := func(f Fit) string {
		b, err := json.Marshal(f, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	moment := func() notice.Said[notice.Moment] {
		if rng.IntN(3) == 0 {
			return notice.Said[notice.Moment]{}
		}
		// Around the ends of summer time too.
		at := []time.Time{today, time.Date(2026, 10, 25, 0, 0, 0, 0, notice.London), time.Date(2027, 3, 28, 0, 0, 0, 0, notice.London)}[rng.IntN(3)]
		at = at.Add(time.Duration(rng.IntN(20*24*60)-10*24*60) * time.Minute)
		if rng.IntN(2) == 0 {
			y, m, d := at.Date()
			return sayOf(notice.Moment{Time: time.Date(y, m, d, 0, 0, 0, 0, notice.London), Day: true}, "/tender/x")
		}
		return sayOf(notice.Moment{Time: at}, "/tender/x")
	}
	kinds := []notice.DeadlineKind{notice.DeadlineTender, notice.DeadlineInterest, notice.DeadlineEngagement}
	stages := []notice.Stage{notice.StageTender, notice.StageEngagement, notice.StagePlanned, notice.StagePipeline, notice.StageMarket}
	steps, turned := 0, 0
	for range 300 {
		n := anyNotice(rng, t)
		n.Stage = stages[rng.IntN(len(stages))]
		n.Deadline = notice.Deadline{Said: moment(), Kind: kinds[rng.IntN(len(kinds))]}
		n.Engagement = notice.Deadline{Said: moment(), Kind: notice.DeadlineEngagement}
		n.Future, n.Questions, n.AwardBy = moment(), moment(), moment()
		l := Learn(func(yield func(*notice.Notice) bool) { yield(n) })
		m, err := New(l, mediation())
		if err != nil {
			t.Fatal(err)
		}
		o := l.Prepare(n)
		asOf := []time.Time{today, time.Date(2026, 10, 20, 0, 0, 0, 0, notice.London), time.Date(2027, 3, 22, 0, 0, 0, 0, notice.London)}[rng.IntN(3)].
			Add(time.Duration(rng.IntN(12*24*3600)-3*24*3600) * time.Second)
		for range 40 {
			until := o.Until(asOf)
			now := bytes(m.Assess(o, asOf))
			if until.IsZero() {
				if later := bytes(m.Assess(o, asOf.AddDate(3, 0, 0))); later != now {
					t.Fatalf("at %s nothing was to change, and years later it reads\n%s\nnot\n%s", asOf, later, now)
				}
				break
			}
			if !until.After(asOf) {
				t.Fatalf("from %s it holds until %s", asOf, until)
			}
			for _, at := range []time.Time{until.Add(-1), asOf.Add(until.Sub(asOf) / 2)} {
				if then := bytes(m.Assess(o, at)); then != now {
					t.Fatalf("at %s, before %s, it reads\n%s\nand at %s\n%s", at, until, then, asOf, now)
				}
			}
			steps++
			if bytes(m.Assess(o, until)) != now {
				turned++
			}
			asOf = until
		}
	}
	// Two moments of one day, and days that nothing counts: most instants still change something.
	if turned*10 < steps*8 {
		t.Errorf("of %d instants only %d changed anything", steps, turned)
	}
}
