package evaluate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// An award makes a task where its supplier has so many wins before it, and so many notices came after those.
const (
	fewestWins       = 3 // the one to be found among them
	fewestCandidates = 50
)

// Awards makes a task of each supplier with three wins or more: the profile is made of all but the last, and
// the last has to be found among what was published after the last but one. Notices of one
// publisher are given at a time. Names of suppliers are taken out of what is ranked, and of several notices of one
// contract only one is kept.
func Awards(l *matcher.Lexicon, suggest func(wins []*notice.Notice) profiles.Profile, notices []*notice.Notice) []Task {
	notices = once(notices)
	won := map[*market.Organisation][]*notice.Notice{}
	var mentions []market.Mention
	for _, n := range notices {
		for _, o := range suppliers(n) {
			mentions = append(mentions, market.MentionOf(o))
		}
	}
	directory := market.Resolve(mentions)
	for _, n := range notices {
		seen := map[*market.Organisation]bool{}
		for _, o := range suppliers(n) {
			if org := directory.Of(market.MentionOf(o)); org != nil && !seen[org] {
				seen[org] = true
				won[org] = append(won[org], n)
			}
		}
	}
	masked := make([]*notice.Notice, len(notices))
	same := map[*notice.Notice]*notice.Notice{}
	for i, n := range notices {
		masked[i] = mask(n)
		same[n] = masked[i]
	}
	pool := NewPool(l, masked)
	var tasks []Task
	for _, org := range slices.SortedFunc(maps.Keys(won), func(a, b *market.Organisation) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	}) {
		wins := won[org]
		if len(wins) < fewestWins {
			continue
		}
		slices.SortFunc(wins, func(a, b *notice.Notice) int {
			return cmp.Or(a.First().Compare(b.First()), strings.Compare(a.ID, b.ID))
		})
		last := wins[len(wins)-1]
		before := wins[:len(wins)-1]
		since := before[len(before)-1].First()
		if !last.First().After(since) {
			continue
		}
		t := Task{Name: org.Name, AsOf: since.Add(24 * time.Hour), Pool: pool,
			Grades: map[matcher.Order]map[string]int{matcher.OrderRelevance: {last.ID: 3}}}
		for _, w := range before {
			t.Wins = append(t.Wins, same[w])
		}
		for i, n := range pool.Notices {
			if n.First().After(since) {
				t.Candidates = append(t.Candidates, i)
			}
		}
		if len(t.Candidates) < fewestCandidates {
			continue
		}
		t.Profile = suggest(t.Wins)
		tasks = append(tasks, t)
	}
	return tasks
}

func suppliers(n *notice.Notice) (list []*notice.Organisation) {
	for i := range n.Awards {
		for j := range n.Awards[i].Suppliers {
			list = append(list, &n.Awards[i].Suppliers[j])
		}
	}
	return list
}

// once keeps, of notices by one buyer with the same title and suppliers, the first.
func once(notices []*notice.Notice) []*notice.Notice {
	seen := map[string]bool{}
	var kept []*notice.Notice
	sorted := slices.Clone(notices)
	slices.SortFunc(sorted, func(a, b *notice.Notice) int {
		return cmp.Or(a.First().Compare(b.First()), strings.Compare(a.ID, b.ID))
	})
	for _, n := range sorted {
		var who []string
		for _, o := range suppliers(n) {
			who = append(who, notice.NameKey(o.Name.Value))
		}
		slices.Sort(who)
		stems := map[string]bool{}
		for _, t := range words.Tokens(n.Title.Value) {
			if !words.Stop(t.Stem) {
				stems[t.Stem] = true
			}
		}
		key := notice.NameKey(n.Buyer.Name.Value) + "\n" + strings.Join(slices.Compact(who), "\n") + "\n" + strings.Join(slices.Sorted(maps.Keys(stems)), " ")
		if !seen[key] {
			seen[key] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// mask is a notice without the names of its suppliers in its text.
func mask(n *notice.Notice) *notice.Notice {
	var names []string
	for _, o := range suppliers(n) {
		name := strings.ToLower(strings.TrimSpace(o.Name.Value))
		if len(name) > 3 {
			names = append(names, name)
			for _, end := range []string{" limited", " ltd", " ltd.", " plc", " llp"} {
				if short, ok := strings.CutSuffix(name, end); ok && len(short) > 3 {
					names = append(names, short)
				}
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	hide := func(s *notice.Said[string]) {
		lower := strings.ToLower(s.Value)
		if len(lower) != len(s.Value) {
			return
		}
		for _, name := range names {
			for i := strings.Index(lower, name); i >= 0; i = strings.Index(lower, name) {
				s.Value = s.Value[:i] + s.Value[i+len(name):]
				lower = lower[:i] + lower[i+len(name):]
			}
		}
	}
	m := *n
	hide(&m.Title)
	hide(&m.Description)
	m.Texts = slices.Clone(n.Texts)
	for i := range m.Texts {
		hide(&m.Texts[i])
	}
	m.Lots = slices.Clone(n.Lots)
	for i := range m.Lots {
		hide(&m.Lots[i].Title)
		hide(&m.Lots[i].Description)
		m.Lots[i].Items = slices.Clone(m.Lots[i].Items)
		for j := range m.Lots[i].Items {
			hide(&m.Lots[i].Items[j])
		}
	}
	return &m
}
