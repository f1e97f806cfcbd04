package matcher

import (
	"cmp"
	"slices"
	"testing"

	"bidfit/notice"
	"bidfit/profiles"
)

// Simulated is a user with a graded list, made ready to answer again and again without a text being read anew.
type Simulated struct {
	m          *Matcher
	candidates []answered     // every lot
	best       map[string]int // of each notice the candidate that fits best before anything was learned
	ranked     []string
}

// NewSimulated makes one ready; grades are by Notice.ID.
func NewSimulated(t testing.TB, l *Lexicon, p profiles.Profile, notices []*notice.Notice, grade map[string]int) *Simulated {
	t.Helper()
	m, err := New(l, p)
	if err != nil {
		t.Fatal(err)
	}
	s := &Simulated{m: m, best: map[string]int{}}
	for _, n := range notices {
		o := l.Prepare(n)
		heard := m.listen(&o.page)
		for i := range o.lots {
			c := m.answer(o, &o.lots[i], m.earned(o, &o.lots[i], heard), grade[o.ID] >= 2)
			if old, ok := s.best[o.ID]; !ok || c.Relevance > s.candidates[old].Relevance {
				s.best[o.ID] = len(s.candidates)
			}
			s.candidates = append(s.candidates, c)
		}
	}
	s.ranked = s.rank(nil)
	return s
}

// rank lists the notices by relevance with what was learned.
func (s *Simulated) rank(l *Learned) []string {
	best := make(map[string]int, len(s.best))
	for i := range s.candidates {
		c := &s.candidates[i]
		r := c.Relevance
		if l != nil {
			evidence := slices.Clone(c.earned)
			l.pull(&c.traits).move(evidence)
			r = sum(evidence, nil, nil).relevance
		}
		if old, ok := best[c.Notice]; !ok || r > old {
			best[c.Notice] = r
		}
	}
	list := make([]string, 0, len(best))
	for id := range best {
		list = append(list, id)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(best[b], best[a]), cmp.Compare(a, b)) })
	return list
}

// Run has the user answer the notices at some places of the ranking, and gives how all others are ranked before and after, by
// Notice.ID, and whether what was learned was kept.
func (s *Simulated) Run(places []int) (before, after []string, kept bool) {
	var answers []answered
	rated := map[string]bool{}
	for _, place := range places {
		rated[s.ranked[place]] = true
		answers = append(answers, s.candidates[s.best[s.ranked[place]]])
	}
	slices.SortFunc(answers, func(a, b answered) int { return cmp.Compare(a.id(), b.id()) })
	rest := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return rated[id] })
	}
	before = rest(s.ranked)
	lesson := s.m.study(answers)
	if lesson.Learned == nil {
		return before, before, false
	}
	return before, rest(s.rank(lesson.Learned)), true
}
