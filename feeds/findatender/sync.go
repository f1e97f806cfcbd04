package findatender

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"bidfit/feeds"
)

const (
	// overlap is how old a time has to be when it is read to count as covered. What is younger is read again by the next sync: notices come late, and
	// the service's clock is not ours.
	overlap = 2 * time.Hour
	// firstSync is how far back the first sync goes that is told nothing.
	firstSync = 24 * time.Hour
	// review is how far back an audit reads everything once more.
	review = 26 * time.Hour
	// around is how far beyond a gap in the numbers is read: numbers are handed out a little before notices are published.
	around = 10 * 60
	// fewAsked and manyAsked are how many missing numbers one sync asks for, the second with an audit.
	fewAsked, manyAsked = 60, 300
	// maxDamaged is how many pages in a row may stay unreadable before a sync gives up: a single bad release is alone in its second after twenty halvings.
	maxDamaged = 24
	// fresh is how often a long sync looks for what was published since it began.
	fresh = 30 * time.Minute
	// maxPages is how far cursors are followed.
	maxPages = 50
	// beyond is how many numbers after the highest one are asked for while there are some.
	beyond = 20
)

// sync is one run of [Feed.Sync].
type sync struct {
	feed   *Feed
	st     *state
	sink   feeds.Sink
	client *feeds.Client
	audit  bool

	todo     spans
	edges    []span  // the ends of what is read: no number beyond them tells that one is missing, so they are read twice
	whole    float64 // releases expected in all
	scale    float64 // how many times as many as expected there were of late
	tally    feeds.Tally
	at       span // the window being read
	head     wall // the end of what is read, where that is now: it moves on while a long sync runs
	looked   time.Time
	damaged  int
	most     wall // how wide a window may be near a damaged page; 0 is any
	reread   map[gap]bool
	progress feeds.Progress
}

// Sync reads what was asked for, the newest first: people want to see today's notices before last year's, and a state that is a set of intervals
// is no more complicated for it.
func (f *Feed) Sync(ctx context.Context, ask feeds.Ask, to feeds.Sink) error {
	st, err := decode(ask.State)
	if err != nil {
		if ask.From.IsZero() {
			return err
		}
		f.log.WarnContext(ctx, "beginning anew", "problem", err)
		st = newState()
	}
	s := &sync{feed: f, st: st, sink: to, audit: ask.Audit, scale: 1, reread: map[gap]bool{}}
	s.plan(ask, time.Now())
	if ask.DryRun {
		s.rehearse()
		return nil
	}
	s.client, err = f.service.Client(st.Asked, func(ctx context.Context, a feeds.Asked) error {
		st.Asked = a
		return s.keep(ctx)
	}, func(wait time.Duration, why string) {
		s.progress.Wait, s.progress.Why = wait, why
		s.tell()
		s.progress.Wait, s.progress.Why = 0, ""
	})
	if err != nil {
		return err
	}
	err = s.read(ctx)
	for _, e := range s.edges {
		if err == nil {
			s.todo = s.todo.add(e)
			err = s.read(ctx)
		}
	}
	if err == nil {
		err = s.missing(ctx)
	}
	if err == nil && s.audit {
		err = s.further(ctx)
	}
	st.Asked = s.client.Asked()
	s.tally.Gaps = st.gaps()
	s.tell()
	if kept := s.keep(ctx); err == nil {
		err = kept
	}
	if err != nil {
		return fmt.Errorf("find-a-tender: %w", err)
	}
	return nil
}

// plan says what is to be read.
func (s *sync) plan(ask feeds.Ask, now time.Time) {
	end := ceil(now)
	to := end
	if !ask.To.IsZero() {
		to = min(to, ceil(ask.To))
	}
	from := max(floor(ask.From), first)
	if ask.From.IsZero() {
		switch n := len(s.st.Covered); {
		case s.st.Since != nil:
			from = *s.st.Since
		case n > 0:
			from = s.st.Covered[n-1].To
		default:
			from = max(floor(now.Add(-firstSync)), first)
		}
	}
	// What is read up to now is what the next sync goes on from.
	if to == end && (s.st.Since == nil || from < *s.st.Since) {
		s.st.Since = &from
	}
	if to == end {
		s.head, s.looked = end, now
	}
	s.todo = s.todo.add(span{from, to})
	for _, c := range s.st.Covered {
		s.todo = s.todo.without(c)
	}
	if s.audit && to == end {
		s.todo = s.todo.add(span{max(floor(now.Add(-review)), *s.st.Since), to})
	}
	if s.audit {
		for _, d := range s.st.Doubtful {
			if d.Tries < 3 {
				s.todo = s.todo.add(d.span)
			}
		}
	}
	for _, t := range s.todo {
		if !s.st.Covered.hold(t.From-1, t.From) {
			s.edges = append(s.edges, span{t.From, min(t.To, t.From+s.st.Density.reach(t.From, 1))})
		}
		if !s.st.Covered.hold(t.To, t.To+1) && t.To < floor(now.Add(-overlap)) {
			s.edges = append(s.edges, span{max(t.From, t.To-s.st.Density.reach(t.To, -1)), t.To})
		}
	}
	s.whole = s.left()
}

// left is how many releases are expected in what is still to be read.
func (s *sync) left() float64 {
	n := 0.0
	for _, t := range s.todo {
		n += s.st.Density.expect(t)
	}
	return n
}

// next is the window to read now, the last of what is left.
func (s *sync) next() span {
	t := s.todo[len(s.todo)-1]
	if s.most > 0 && t.To-t.From > s.most {
		t.From = min((t.To - s.most).cut(), t.To-1)
	}
	return s.st.Density.window(t, s.scale)
}

// rehearse tells the windows that would be asked for.
func (s *sync) rehearse() {
	for len(s.todo) > 0 {
		s.at = s.next()
		s.todo = s.todo.without(s.at)
		s.tally.Requests++
		s.progress.Left = s.feed.service.Rate.Time(s.tally.Requests)
		s.tell()
	}
	s.at = span{}
	s.tell()
}

func (s *sync) keep(ctx context.Context) error {
	v, err := s.st.encode()
	if err != nil {
		return err
	}
	return s.sink.Keep(ctx, v)
}

func (s *sync) tell() {
	p := s.progress
	if s.client != nil {
		s.tally.Requests = s.client.Requests()
		left := s.left()
		p.Covered = 1000
		if s.whole > 0 {
			p.Covered = max(0, min(1000, int(1000*(s.whole-left)/s.whole)))
		}
		if len(s.todo) > 0 {
			p.Left = s.feed.service.Rate.Time(1 + int(left*s.scale/target))
		}
	}
	p.Tally = s.tally
	if s.at.From < s.at.To {
		p.From, p.To = s.at.From.instant(), s.at.To.instant()
	}
	s.sink.Tell(p)
}

// take hands a page on. After it the state may say that the page was read.
func (s *sync) take(ctx context.Context, p page) error {
	if len(p.items) == 0 {
		return nil
	}
	n, err := s.sink.Take(ctx, p.url, p.items)
	if err != nil {
		return err
	}
	s.tally.Add(n)
	s.st.see(p)
	return nil
}

// fetch asks for one page.
func (s *sync) fetch(ctx context.Context, ref string) (page, error) {
	var p page
	a, err := s.client.Get(ctx, ref, func(a feeds.Answer) (err error) {
		p, err = read(ctx, a)
		return err
	})
	s.st.Asked = s.client.Asked()
	if e, ok := errors.AsType[*feeds.Error](err); ok && e.Damaged {
		p = salvage(ctx, a)
	}
	return p, err
}

// read reads windows until nothing is left to read.
func (s *sync) read(ctx context.Context) error {
	for len(s.todo) > 0 {
		if now := time.Now(); s.head > 0 && now.Sub(s.looked) > fresh {
			s.todo = s.todo.add(span{s.head, ceil(now)})
			s.head, s.looked = ceil(now), now
		}
		if err := s.window(ctx, s.next()); err != nil {
			return err
		}
		s.suspect()
	}
	return nil
}

// window reads one window, or a part of it if the page is full. What was read leaves what is left to read.
func (s *sync) window(ctx context.Context, at span) error {
	s.at = at
	asked := time.Now()
	p, err := s.fetch(ctx, ask(at, !s.st.doubted(at.To)))
	if e, ok := errors.AsType[*feeds.Error](err); ok && e.Damaged && s.damaged < maxDamaged {
		return s.split(ctx, at, p, e)
	}
	if err != nil {
		return err
	}
	s.damaged = 0
	if s.most *= 2; s.most > widest {
		s.most = 0
	}
	if err := s.take(ctx, p); err != nil {
		return err
	}
	switch {
	case !p.full():
		s.st.trust(at)
		s.st.Density.learn(at, p.dates)
		expected := s.st.Density.expect(at)
		s.scale = min(max((s.scale+(float64(len(p.items))+15)/(expected+15))/2, 0.3), 3)
		return s.covered(ctx, at, asked)
	case at.To-at.From > 1:
		// The part that holds what fits on a page is asked for as a window of its own next.
		return s.narrow(ctx, at, cutFull(at, p.dates))
	}
	if why, err := s.follow(ctx, at, p); err != nil {
		return err
	} else if why != "" {
		s.st.doubt(at, why)
		s.feed.log.WarnContext(ctx, "not everything may have come", "from", at.From, "to", at.To, "why", why)
	}
	return s.covered(ctx, at, asked)
}

// cutFull is where to cut a window of which a full page gave the dates: so that the later part holds a little less than a page.
func cutFull(at span, dates []wall) wall {
	// The page has the newest releases of the window, if it is as it should be.
	const keep = limit * 9 / 10
	if len(dates) > keep {
		cut := dates[keep-1].cut()
		if dates[keep] == cut && cut+1 < at.To {
			cut++ // its second would bring more with it
		}
		if at.From < cut && cut < at.To {
			return cut
		}
	}
	cut := (at.From + (at.To-at.From)/2).cut()
	if cut <= at.From || cut >= at.To {
		cut = at.From + (at.To-at.From+1)/2
	}
	return cut
}

// narrow reads the later part of a window, and leaves the earlier one to read.
func (s *sync) narrow(ctx context.Context, at span, cut wall) error {
	if err := s.keep(ctx); err != nil {
		return err
	}
	s.tell()
	// A window that is read once more was not in what is left; now it is.
	s.todo = s.todo.add(span{at.From, cut})
	return s.window(ctx, span{cut, at.To})
}

// covered takes in that a window was read whole.
func (s *sync) covered(ctx context.Context, at span, asked time.Time) error {
	s.todo = s.todo.without(at)
	s.st.Covered = s.st.Covered.add(span{at.From, min(at.To, floor(asked.Add(-overlap)))})
	if err := s.keep(ctx); err != nil {
		return err
	}
	s.tell()
	return nil
}

// split reads a window whose page stays damaged in two parts, so that one bad release does not cost the others. In the end what can be read of
// a second is taken, and the second is remembered as doubtful.
func (s *sync) split(ctx context.Context, at span, p page, why *feeds.Error) error {
	s.feed.log.WarnContext(ctx, "a page stays damaged", "url", why.URL, "problem", why.Problem)
	if at.To-at.From > 1 {
		if s.damaged++; s.damaged == maxDamaged {
			return why
		}
		s.most = (at.To - at.From) / 2
		return s.narrow(ctx, at, cutFull(at, nil))
	}
	s.damaged, s.most = 0, 1
	if err := s.take(ctx, p); err != nil {
		return err
	}
	s.st.doubt(at, why.Problem)
	return s.covered(ctx, at, time.Now())
}

// follow follows cursors from a full page of one second, which cannot be cut any further, as far as they lead; why says what makes the end doubtful.
func (s *sync) follow(ctx context.Context, at span, p page) (why string, err error) {
	links := map[string]bool{}
	pages := map[[32]byte]bool{digest(p): true}
	for range maxPages {
		switch {
		case p.next == "" && p.full():
			return "100 or more releases in one second, and a full page without a link to the next", nil
		case p.next == "":
			return "100 or more releases in one second, read by links that lose some", nil
		case links[p.next]:
			return "100 or more releases in one second, and a link that leads back", nil
		}
		if err := strays(p.next, at); err != nil {
			return "100 or more releases in one second, and a bad link: " + err.Error(), nil
		}
		links[p.next] = true
		p, err = s.fetch(ctx, p.next)
		if errors.Is(err, feeds.ErrForeign) {
			return "100 or more releases in one second, and a link to somewhere else", nil
		}
		if e, ok := errors.AsType[*feeds.Error](err); ok && e.Status != 0 {
			return "100 or more releases in one second, and a link that fails: " + e.Problem, nil
		}
		if err != nil {
			return "", err
		}
		if d := digest(p); pages[d] {
			return "100 or more releases in one second, and a page that comes again", nil
		} else {
			pages[d] = true
		}
		if err := s.take(ctx, p); err != nil {
			return "", err
		}
		if err := s.keep(ctx); err != nil {
			return "", err
		}
		s.tell()
	}
	return fmt.Sprintf("more than %d pages in one second", maxPages), nil
}

// digest is what a page holds, whatever stands around it.
func digest(p page) (sum [32]byte) {
	h := sha256.New()
	for _, i := range p.items {
		if i.Release != nil {
			h.Write(i.Release.Hash[:])
		} else {
			h.Write(i.Rejected.Raw)
		}
	}
	return [32]byte(h.Sum(sum[:0]))
}

// suspect leaves to read again, in other windows, where more numbers in a row are missing than are ever left out.
func (s *sync) suspect() {
	s.st.Numbers.began(s.st.Covered)
	for _, m := range s.st.Numbers.missing(s.st.Covered) {
		if m.size() >= 3 && !s.reread[m.gap] && !s.tried(m.gap) {
			s.reread[m.gap] = true
			at := span{(m.From - around).cut(), (m.To + around).cut()}
			// Where a wrong date stands beside the gap it could lie anywhere: that is for asking by number.
			if s.st.Density.expect(at) < float64(3*m.size()+3*limit) {
				s.todo = s.todo.add(at)
			}
		}
	}
}

// tried says whether a gap was already asked for by number.
func (s *sync) tried(g gap) bool {
	for _, h := range s.st.Holes {
		if h.gap == g {
			return h.Tries > 0
		}
	}
	return false
}

// missing asks for missing numbers, those whose time has come, or all of them in an audit.
func (s *sync) missing(ctx context.Context) error {
	budget := fewAsked
	if s.audit {
		budget = manyAsked
	}
	asked, done := map[string]bool{}, map[gap]bool{}
	for again := true; again; {
		again = false
		for _, m := range s.st.reconcile() {
			h := s.hole(m.gap)
			due := !time.Now().Before(h.Next)
			if done[m.gap] || !due && !s.audit {
				continue
			}
			done[m.gap] = true
			found := false
			for _, n := range m.samples() {
				id := number(m.Year, n)
				if asked[id] {
					continue
				}
				if len(asked) == budget {
					return nil
				}
				asked[id] = true
				s.at = m.span
				got, err := s.byID(ctx, m.Year, n)
				if e, ok := errors.AsType[*feeds.Error](err); ok && e.Status == http.StatusInternalServerError {
					// Windows can be read, so this is no reason to call the sync a failure: what is missing is counted, and asked for the next time.
					s.feed.log.WarnContext(ctx, "missing notices cannot be asked for", "url", e.URL, "problem", e.Problem)
					return nil
				}
				if err != nil {
					return err
				}
				found = found || got
			}
			switch now := time.Now(); {
			case found:
				again = true // what is still missing around it is another gap
			case due && h.asked(now, m.age(now)):
				s.feed.log.InfoContext(ctx, "numbers that were never published", "year", m.Year, "from", m.Lo, "to", m.Hi)
				s.st.none(m.gap)
			}
		}
	}
	return nil
}

// hole is what is known of a gap that is missing.
func (s *sync) hole(g gap) *hole {
	for i := range s.st.Holes {
		if s.st.Holes[i].gap == g {
			return &s.st.Holes[i]
		}
	}
	panic("findatender: a gap that was not reconciled")
}

// byID asks for one notice. The service says 404 to a number that it does not have.
func (s *sync) byID(ctx context.Context, year, n int) (found bool, err error) {
	p, err := s.fetch(ctx, "ocdsReleasePackages/"+number(year, n))
	e, _ := errors.AsType[*feeds.Error](err)
	if e != nil && (e.Status == http.StatusNotFound || e.Status == http.StatusGone || e.Status == http.StatusBadRequest) {
		s.tell()
		return false, nil
	}
	if e != nil && e.Damaged {
		// It goes on missing, and is asked for again another day.
		s.feed.log.WarnContext(ctx, "a notice stays damaged", "url", e.URL, "problem", e.Problem)
		s.tell()
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.take(ctx, p); err != nil {
		return false, err
	}
	for _, i := range p.items {
		if i.Release != nil {
			y, m, ok := parseNumber(i.Release.ID)
			found = found || ok && y == year && m == n
		}
	}
	if err := s.keep(ctx); err != nil {
		return false, err
	}
	s.tell()
	return found, nil
}

// further asks whether there is something behind the highest number: of the last notices before a quiet time no later one tells that they are missing.
func (s *sync) further(ctx context.Context) error {
	now := time.Now()
	for _, year := range []int{now.Add(-review).Year(), now.Year()} {
		last, ok := s.st.Numbers.latest(year)
		for n := last + 1; ok && n <= last+beyond; n++ {
			found, err := s.byID(ctx, year, n)
			if err != nil {
				return err
			}
			if !found {
				break
			}
		}
		if now.Add(-review).Year() == now.Year() {
			break
		}
	}
	return nil
}

var _ feeds.Feed = (*Feed)(nil)
