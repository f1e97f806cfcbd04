package matcher

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
	"bidfit/profiles"
)

// drawing draws suppliers out of what notices say, so that some of them fit some of the notices.
type drawing struct {
	rng     *rand.Rand
	notices []*notice.Notice
}

func (c *drawing) words(most int) string {
	n := c.notices[c.rng.IntN(len(c.notices))]
	text := n.Title.Value
	if c.rng.IntN(2) == 0 {
		text = n.Description.Value
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return "cleaning"
	}
	from := c.rng.IntN(len(fields))
	return strings.Join(fields[from:min(len(fields), from+1+c.rng.IntN(most))], " ")
}

func (c *drawing) profile(i int) profiles.Profile {
	p := profiles.Profile{ID: fmt.Sprint("p", i), Name: "Example " + fmt.Sprint(i)}
	for range c.rng.IntN(6) {
		p.Keywords = append(p.Keywords, c.words(3))
	}
	if c.rng.IntN(3) > 0 {
		p.Description = c.words(40)
	}
	for range c.rng.IntN(4) {
		n := c.notices[c.rng.IntN(len(c.notices))]
		for _, l := range n.Lots {
			for _, x := range l.CPV {
				p.CPV = append(p.CPV, x.Value.Code)
			}
		}
	}
	slices.Sort(p.CPV)
	p.CPV = slices.Compact(p.CPV)
	p.CPV = p.CPV[:min(len(p.CPV), 6)]
	if c.rng.IntN(3) == 0 {
		for range 1 + c.rng.IntN(3) {
			p.Experience = append(p.Experience, c.words(8)+". "+c.words(30))
		}
	}
	if c.rng.IntN(2) == 0 {
		for range 1 + c.rng.IntN(3) {
			regions := itl.Regions(2025, 1)
			p.Regions = append(p.Regions, regions[c.rng.IntN(len(regions))])
		}
	}
	if c.rng.IntN(6) == 0 {
		p.Weights = map[string]int{Subject: c.rng.IntN(101), Words: c.rng.IntN(101)}
	}
	return p
}

// ready makes a supplier of what is drawn, with answers now and then.
func (c *drawing) ready(tb testing.TB, l *Lexicon, p profiles.Profile) *Matcher {
	tb.Helper()
	m, err := New(l, p)
	for err != nil { // a keyword of signs alone
		p.Keywords = nil
		if m, err = New(l, p); err != nil && p.Weights == nil {
			tb.Fatal(err)
		}
		p.Weights = nil
	}
	if c.rng.IntN(8) == 0 {
		var answers []Answer
		for range 12 {
			n := c.notices[c.rng.IntN(len(c.notices))]
			answers = append(answers, Answer{Opportunity: l.Prepare(n), Relevant: c.rng.IntN(2) == 0})
		}
		m = m.With(m.teach(m.answered(answers), 100))
	}
	return m
}

// audienceAgainst holds an audience of drawn suppliers against the full road, and reports how many pairs it spared.
func audienceAgainst(t *testing.T, l *Lexicon, notices []*notice.Notice, suppliers int, seed uint64) {
	c := &drawing{rand.New(rand.NewPCG(seed, 7)), notices}
	a := NewAudience(l)
	ready, least := map[string]*Matcher{}, map[string]int{}
	seat := func(i int) {
		p := c.profile(i)
		ready[p.ID], least[p.ID] = c.ready(t, l, p), []int{reviewScore, reviewScore, bidScore, 1, 60}[c.rng.IntN(5)]
		a.Seat(p.ID, ready[p.ID], least[p.ID])
	}
	for i := range suppliers {
		seat(i)
	}
	for range suppliers { // many come again as somebody else, so that ranks close
		seat(c.rng.IntN(suppliers))
	}
	a.Remove("p0")
	delete(ready, "p0")
	if a.Len() != len(ready) {
		t.Fatalf("%d sit there, %d are ready", a.Len(), len(ready))
	}
	var pairs, reached, found int
	for _, n := range notices {
		o := l.Prepare(n)
		who := a.Find(o)
		slices.Sort(who)
		if len(slices.Compact(slices.Clone(who))) != len(who) {
			t.Fatalf("%s: somebody is found twice", n.ID)
		}
		found += len(who)
		for name, m := range ready {
			pairs++
			f := m.Assess(o, today)
			best := f.Score
			for _, other := range f.Lots {
				best = max(best, other.Score)
			}
			if best < least[name] {
				continue
			}
			reached++
			if _, ok := slices.BinarySearch(who, name); !ok {
				t.Errorf("%s of profile %s (%+v) scores %d, least %d, and is not found", n.ID, name, m.profile, best, least[name])
			}
		}
	}
	t.Logf("%d pairs, %d reach their least, %d are found", pairs, reached, found)
	if reached == 0 || found >= pairs {
		t.Errorf("of %d pairs %d reach their least and %d are found: this shows nothing", pairs, reached, found)
	}
}

// What reaches its least score is found, among made-up notices.
func TestAudience(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 9))
	var notices []*notice.Notice
	for range 60 {
		notices = append(notices, anyNotice(rng, t))
	}
	notices = append(notices, mediationNotice(t))
	bare := mediationNotice(t)
	bare.ID, bare.Lots = "bare", nil
	silent := mediationNotice(t)
	silent.ID, silent.Title, silent.Description, silent.Texts = "silent", notice.Said[string]{}, notice.Said[string]{}, nil
	silent.Lots = []notice.Lot{{CPV: silent.Lots[0].CPV}}
	audienceAgainst(t, names, append(notices, bare, silent), 100, 1)
}

// The same of published notices, with the lexicon that comes with bidfit.
func TestAudiencePublished(t *testing.T) {
	notices := ocdstest.Published(t, noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz"))
	audienceAgainst(t, Learn(slices.Values(notices)), notices[:300], 150, 2)
}

func FuzzAudience(f *testing.F) {
	f.Add("mediation services", "neighbour mediation", "restorative", "mediation in a town. Two years.", 12345, uint8(25))
	f.Fuzz(func(t *testing.T, title, keyword, description, past string, seed int, least uint8) {
		rng := rand.New(rand.NewPCG(uint64(seed), 3))
		p := profiles.Profile{ID: "p", Name: "P", Keywords: []string{keyword}, Description: description, Experience: []string{past}}
		for range rng.IntN(4) {
			p.CPV = append(p.CPV, anyCode(rng))
		}
		m, err := New(names, p)
		if err != nil {
			return
		}
		n := anyNotice(rng, t)
		n.Title = say(title, "/tender/title")
		o := names.Prepare(n)
		a := NewAudience(names)
		a.Seat("p", m, int(least%100)+1)
		fit := m.Assess(o, today)
		for _, x := range append(fit.Lots, fit) {
			if x.Score >= int(least%100)+1 && len(a.Find(o)) == 0 {
				t.Fatalf("lot %q scores %d, least %d, and nobody is found", x.Lot, x.Score, least%100+1)
			}
		}
	})
}

// BenchmarkAudience finds whom each of 200 published notices could concern, among many, and tells how that compares with assessing.
func BenchmarkAudience(b *testing.B) {
	notices := many(b)
	l := Learn(slices.Values(notices))
	c := &drawing{rand.New(rand.NewPCG(1, 2)), notices}
	var some []*Opportunity
	for _, n := range notices[:200] {
		some = append(some, l.Prepare(n))
	}
	heap := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	for _, many := range []int{1000, 10_000, 100_000} {
		var a *Audience
		var size float64
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			if a == nil {
				before := heap()
				a = NewAudience(l)
				for i := range many {
					a.Seat(fmt.Sprint(i), c.ready(b, l, c.profile(i)), reviewScore)
				}
				size = float64(int64(heap())-int64(before)) / float64(many)
			}
			b.ReportAllocs()
			found, asked := 0, 0
			for b.Loop() {
				found += len(a.Find(some[asked%len(some)]))
				asked++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(asked*many), "ns/pair")
			b.ReportMetric(float64(found)/float64(asked*many)*100, "%found")
			b.ReportMetric(size, "B/profile")
		})
	}
	b.Run("assessed", func(b *testing.B) {
		var ready []*Matcher
		for i := range 100 {
			ready = append(ready, c.ready(b, l, c.profile(i)))
		}
		asked := 0
		for b.Loop() {
			for _, m := range ready {
				m.Assess(some[asked%len(some)], today)
			}
			asked++
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(asked*len(ready)), "ns/pair")
	})
}

// BenchmarkMatcher tells how much memory a supplier made ready keeps, and how long that takes.
func BenchmarkMatcher(b *testing.B) {
	notices := many(b)
	l := Learn(slices.Values(notices))
	c := &drawing{rand.New(rand.NewPCG(1, 2)), notices}
	var list []profiles.Profile
	for i := range 1000 {
		list = append(list, c.profile(i))
	}
	var s runtime.MemStats
	for b.Loop() {
		held := make([]*Matcher, 0, len(list))
		runtime.GC()
		runtime.ReadMemStats(&s)
		before := s.HeapAlloc
		for _, p := range list {
			if m, err := New(l, p); err == nil {
				held = append(held, m)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&s)
		b.ReportMetric(float64(int64(s.HeapAlloc)-int64(before))/float64(len(held)), "B/profile")
		runtime.KeepAlive(held)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(list)), "ns/profile")
}
