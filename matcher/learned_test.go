package matcher

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"bidfit/notice"
)

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Answers are drawn from notices that look like one another, and like nothing.
func anyAnswers(rng *rand.Rand, t *testing.T, lexicon *Lexicon, n int) []Answer {
	var list []Answer
	for range n {
		list = append(list, Answer{Opportunity: lexicon.Prepare(anyNotice(rng, t)), Relevant: rng.IntN(3) == 0})
	}
	return list
}

// trained is a lexicon that has seen the words of anyText more than once, and a supplier.
func trained(rng *rand.Rand, t *testing.T) (*Lexicon, *Matcher) {
	var notices []*notice.Notice
	for range 30 {
		notices = append(notices, anyNotice(rng, t))
	}
	l := Learn(slices.Values(notices))
	m, err := New(l, mediation())
	if err != nil {
		t.Fatal(err)
	}
	return l, m
}

// Whatever is answered: the order of answers changes nothing, shares stay within their bounds, points sum to the
// score, what is learned is told, and without it every byte is as it was.
func TestLearnedProperties(t *testing.T) {
	moved := 0
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 3))
		lexicon, m := trained(rng, t)
		answers := anyAnswers(rng, t, lexicon, MinAnswers+rng.IntN(30))
		ready := m.answered(answers)
		learned := m.teach(ready, 100)
		shuffled := slices.Clone(answers)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again := m.answered(shuffled)
		if a, b := jsonOf(t, m.Study(answers)), jsonOf(t, m.Study(shuffled)); a != b {
			t.Fatalf("seed %d: the order of answers counts:\n%s\n%s", seed, a, b)
		}
		for range 10 {
			o := lexicon.Prepare(anyNotice(rng, t))
			plain, fit := m.Assess(o, today), m.With(learned).Assess(o, today)
			if a, b := jsonOf(t, fit), jsonOf(t, m.With(m.teach(again, 100)).Assess(o, today)); a != b {
				t.Fatalf("seed %d: the order of answers counts:\n%s\n%s", seed, a, b)
			}
			if a, b := jsonOf(t, plain), jsonOf(t, m.With(learned).With(nil).Assess(o, today)); a != b {
				t.Fatalf("seed %d: something of it stays:\n%s\n%s", seed, a, b)
			}
			before := map[string]Fit{}
			for _, f := range append(plain.Lots, plain) {
				before[f.Lot] = f
			}
			for _, f := range append(fit.Lots, fit) {
				points := 0
				for i, e := range f.Evidence {
					points += e.Points
					was := before[f.Lot].Evidence[i]
					if e.Share < was.Share/2 || e.Share > min(100, 2*was.Share) {
						t.Errorf("seed %d: %s went from %d%% to %d%%", seed, e.Criterion, was.Share, e.Share)
					}
					told := strings.Contains(e.Reason, "your answers ")
					if (e.Share != was.Share) != told {
						t.Errorf("seed %d: %d%% -> %d%%, and it says %q", seed, was.Share, e.Share, e.Reason)
					}
					if told {
						moved++
					}
				}
				if points != f.Score {
					t.Errorf("seed %d: %d points for a score of %d", seed, points, f.Score)
				}
			}
		}
	}
	if moved < 100 {
		t.Errorf("only %d shares were moved: this test sees nothing", moved)
	}
}

// One more relevant answer lowers no notice, one more irrelevant answer raises none.
func TestLearnedOneMore(t *testing.T) {
	rose := 0
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 4))
		lexicon, m := trained(rng, t)
		answers := m.answered(anyAnswers(rng, t, lexicon, 3))
		before := m.teach(answers[:len(answers)-1], 100)
		after := m.teach(answers, 100)
		relevant := answers[len(answers)-1].Relevant
		for range 20 {
			o := lexicon.Prepare(anyNotice(rng, t))
			for i := range o.lots {
				traits := lexicon.traits(o, &o.lots[i])
				was, is := before.pull(&traits).by, after.pull(&traits).by
				if relevant && is < was || !relevant && is > was {
					t.Errorf("seed %d: relevant %v took a lot from %d to %d", seed, relevant, was, is)
				}
				if is > was {
					rose++
				}
			}
		}
	}
	if rose == 0 {
		t.Error("nothing ever rose: this test sees nothing")
	}
}

// A notice like one that was called relevant rises, one like an irrelevant one falls, and both say why.
func TestLearnedTells(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	lexicon, m := trained(rng, t)
	of := func(id, title string) *Opportunity {
		n := mediationNotice(t)
		n.ID, n.OCID, n.Title, n.Description = id, id, say(title, "/tender/title"), notice.Said[string]{}
		n.Lots = []notice.Lot{mediationLot("", title, title)}
		n.Lots[0].Title, n.Lots[0].Description = notice.Said[string]{}, notice.Said[string]{}
		return lexicon.Prepare(n)
	}
	var answers []Answer
	for i := range 6 {
		answers = append(answers,
			Answer{Opportunity: of(fmt.Sprintf("good-%d", i), "Mediation audit"), Relevant: true},
			Answer{Opportunity: of(fmt.Sprintf("bad-%d", i), "Hate crime road cleaning")})
	}
	lesson := m.Study(answers)
	if !lesson.Kept || lesson.Answers != 12 || lesson.Relevant != 6 || lesson.Strength != 100 || lesson.Version != lesson.Learned.Version() {
		t.Fatalf("the lesson is %s", jsonOf(t, lesson))
	}
	if !slices.Contains(lesson.Raised, "mediation") || !slices.Contains(lesson.Lowered, "road") || slices.Contains(lesson.Raised, "road") {
		t.Errorf("raised %q, lowered %q", lesson.Raised, lesson.Lowered)
	}
	taught := m.With(lesson.Learned)
	for _, c := range []struct {
		id, title, want string
		up              bool
	}{
		{"new-1", "Audit of mediation", `your answers raise this: it is like "Mediation audit", which you called relevant`, true},
		{"new-2", "Cleaning of road after hate crime", `your answers lower this: it is like "Hate crime road cleaning", which you called irrelevant`, false},
		{"good-3", "Mediation audit", "your answers raise this, which you called relevant", true},
	} {
		o := of(c.id, c.title)
		was, is := m.Assess(o, today), taught.Assess(o, today)
		if e, _ := is.find(Words); !strings.HasSuffix(e.Reason, c.want) {
			t.Errorf("%s: it says %q, want %q", c.title, e.Reason, c.want)
		}
		if is.Relevance > was.Relevance != c.up || is.Relevance == was.Relevance {
			t.Errorf("%s: relevance went from %d to %d", c.title, was.Relevance, is.Relevance)
		}
	}
	// Who says yes and no to the same lot has said nothing.
	torn := append(slices.Clone(answers), Answer{Opportunity: answers[0].Opportunity, Relevant: false})
	if got := m.Study(torn).Answers; got != 11 {
		t.Errorf("%d answers count of 12 and a contradiction", got)
	}
	few := m.Study(answers[:MinAnswers-1])
	if few.Kept || few.Learned != nil || !strings.Contains(few.Why, "it takes 10") {
		t.Errorf("nine answers teach %s", jsonOf(t, few))
	}
}

// Where what one half teaches ranks the other half worse, whatever the strength, nothing is kept.
func TestLearnedGuard(t *testing.T) {
	refused, weaker := 0, 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 6))
		lexicon, m := trained(rng, t)
		s := m.Study(anyAnswers(rng, t, lexicon, 30)) // answers without rhyme or reason
		last := s.Trials[len(s.Trials)-1]
		if s.Kept != !last.falls() || s.Kept != (s.Learned != nil) || s.Kept != (s.Version != "") || s.Kept && s.Strength != last.Strength {
			t.Errorf("seed %d: %s", seed, jsonOf(t, s))
		}
		for _, tried := range s.Trials[:len(s.Trials)-1] {
			if !tried.falls() {
				t.Errorf("seed %d: it went on after a trial that did no harm", seed)
			}
		}
		if !s.Kept {
			refused++
		} else if s.Strength < 100 {
			weaker++
		}
	}
	if refused == 0 || weaker == 0 {
		t.Errorf("of 60 senseless sets %d were refused and %d weakened", refused, weaker)
	}
}
