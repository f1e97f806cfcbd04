package evaluate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/words"
	"bidfit/profiles"
)

const (
	// fewestWins is how many wins make a task: the one to be found, and two that say what the supplier does.
	fewestWins = 3
	// fewestCandidates is among how many the last win has to be found: with fewer, chance alone finds it.
	fewestCandidates = 50
	// mostTasks is how many suppliers of one publisher are measured. More make an interval narrower than
	// differences that matter, and take hours in a store of years.
	mostTasks = 200
)

// Backtest is the tasks that award notices make, and what became of the suppliers that made none.
type Backtest struct {
	Tasks []Task
	// Suppliers is how many have three wins or more; of them Together won the last three at one
	// moment, after Few too few notices followed, and Unread were left out because there are so many.
	Suppliers, Together, Few, Unread int
	// Repeats are the notices left out because another tells of the same contract.
	Repeats int
}

// Add takes in the tasks of another publisher.
func (b *Backtest) Add(other Backtest) {
	b.Tasks = append(b.Tasks, other.Tasks...)
	b.Suppliers += other.Suppliers
	b.Together += other.Together
	b.Few += other.Few
	b.Unread += other.Unread
	b.Repeats += other.Repeats
}

// TooFew says why the awards do not make enough tasks, nil where they do.
func (b *Backtest) TooFew() error {
	if len(b.Tasks) >= FewestLists {
		return nil
	}
	reason := fmt.Sprintf("%s that can be measured, and an interval takes %d; it takes three wins, the last of them after the others, and %d notices by the same publisher after the last but one",
		notice.Count(len(b.Tasks), "supplier", "suppliers"), FewestLists, fewestCandidates)
	if b.Suppliers > len(b.Tasks) {
		reason += fmt.Sprintf(" (%s with three wins: %d won them together, %d had too few notices after them)",
			notice.Count(b.Suppliers, "supplier", "suppliers"), b.Together, b.Few)
	}
	return &TooFewError{SetAwards, reason}
}

// Suggest makes a profile of that name of the wins of a supplier; is tells which mentions are that supplier. It is never shown
// the win that has to be found, nor what the supplier is called.
type Suggest func(l *matcher.Lexicon, name string, wins []*notice.Notice, is func(market.Mention) bool) profiles.Profile

// Awards makes a task of each supplier with three wins or more in the notices of one publisher: the profile is made of the
// wins before the last, two at least, and the last has to be found among everything published after
// them. Names of suppliers are taken out of what is ranked, and of several notices of one contract one is
// kept.
func Awards(l *matcher.Lexicon, suggest Suggest, notices []*notice.Notice) Backtest {
	records := readAll(notices)
	kept := once(records)
	b := Backtest{Repeats: len(notices) - len(kept)}
	won := wins(kept)
	masked := map[string]*notice.Notice{}
	all := make([]*notice.Notice, len(kept))
	parallel(len(kept), func(i int) { all[i] = mask(kept[i].notice) })
	for _, n := range all {
		masked[n.ID] = n
	}
	var pool *Pool
	for _, s := range won {
		last := s.wins[len(s.wins)-1]
		before := slices.DeleteFunc(slices.Clone(s.wins), func(r *read) bool { return !r.Published.Before(last.Published) })
		b.Suppliers++
		if len(before) < fewestWins-1 {
			b.Together++
			continue
		}
		since := before[len(before)-1].Published
		beside := map[string]bool{} // won with the last one, and no wrong answer either
		for _, r := range s.wins[len(before) : len(s.wins)-1] {
			beside[r.Notice] = true
		}
		if pool == nil {
			pool = NewPool(l, all)
		}
		t := Task{Name: s.name, AsOf: since.AddDate(0, 0, 1), Pool: pool,
			Grades: map[matcher.Order]map[string]int{matcher.OrderRelevance: {last.Notice: MaxGrade}}}
		for i, n := range pool.Notices {
			if n.First().After(since) && !beside[n.ID] {
				t.Candidates = append(t.Candidates, i)
			}
		}
		switch {
		case len(t.Candidates) < fewestCandidates:
			b.Few++
			continue
		case len(b.Tasks) == mostTasks:
			b.Unread++
			continue
		}
		for _, r := range before {
			t.Wins = append(t.Wins, masked[r.Notice])
		}
		t.Profile = suggest(l, "Past wins", t.Wins, s.is)
		b.Tasks = append(b.Tasks, t)
	}
	return b
}

// read is a notice with what it says of the market.
type read struct {
	*market.Record
	notice *notice.Notice
	buyers string   // folded
	won    []string // folded names of all who won something, sorted
	title  string   // its telling words, each once, in order
}

// readAll reads notices in the order of their first publication.
func readAll(notices []*notice.Notice) []*read {
	all := make([]*read, len(notices))
	parallel(len(notices), func(i int) {
		n := notices[i]
		r := &read{Record: market.Read(n), notice: n}
		var buyers []string
		for j := range r.Buyers {
			buyers = append(buyers, notice.NameKey(r.Buyers[j].Name.Value))
		}
		slices.Sort(buyers)
		r.buyers = strings.Join(slices.Compact(buyers), "\n")
		for _, m := range r.winners() {
			r.won = append(r.won, notice.NameKey(m.Name))
		}
		slices.Sort(r.won)
		r.won = slices.Compact(r.won)
		stems := map[string]bool{}
		for _, t := range words.Tokens(n.Title.Value) {
			if !words.Stop(t.Stem) {
				stems[t.Stem] = true
			}
		}
		r.title = strings.Join(slices.Sorted(maps.Keys(stems)), " ")
		all[i] = r
	})
	slices.SortFunc(all, func(a, b *read) int {
		return cmp.Or(a.Published.Compare(b.Published), strings.Compare(a.Notice, b.Notice))
	})
	return all
}

// winners are all who won something that was not cancelled.
func (r *read) winners() (list []market.Mention) {
	for i := range r.Awards {
		if !r.Awards[i].Void {
			list = append(list, r.Awards[i].Suppliers...)
		}
	}
	return list
}

// once leaves of several notices of one contract one: of those that name each other's OCIDs, and of
// those by one buyer under one title, won by the same suppliers. Where only one of two says who won, that is the one.
func once(records []*read) []*read {
	opportunities := make([]*market.Record, len(records))
	for i, r := range records {
		opportunities[i] = r.Record
	}
	first := map[string]bool{}
	for _, r := range market.Once(opportunities) {
		first[r.Notice] = true
	}
	var kept []*read
	same := map[string][]int{} // by buyer and title, places in kept
	for _, r := range records {
		if !first[r.Notice] {
			continue
		}
		key := r.buyers + "\n\n" + r.title
		i := slices.IndexFunc(same[key], func(i int) bool {
			return len(kept[i].won) == 0 || len(r.won) == 0 || slices.Equal(kept[i].won, r.won)
		})
		switch {
		case i < 0 || r.title == "" || r.buyers == "":
			same[key] = append(same[key], len(kept))
			kept = append(kept, r)
		case len(kept[same[key][i]].won) == 0 && len(r.won) > 0:
			kept[same[key][i]] = r
		}
	}
	slices.SortStableFunc(kept, func(a, b *read) int { return a.Published.Compare(b.Published) })
	return kept
}

// supplier is one with three wins or more, in the order they were published.
type supplier struct {
	name string
	is   func(market.Mention) bool
	wins []*read
}

// wins lists the suppliers by name.
func wins(records []*read) []supplier {
	var mentions []market.Mention
	for _, r := range records {
		mentions = append(mentions, r.winners()...)
	}
	directory := market.Resolve(mentions)
	won := map[*market.Organisation][]*read{}
	for _, r := range records {
		for _, m := range r.winners() {
			o := directory.Of(m)
			if o != nil && (len(won[o]) == 0 || won[o][len(won[o])-1] != r) {
				won[o] = append(won[o], r)
			}
		}
	}
	var list []supplier
	for _, o := range directory.Organisations {
		if len(won[o]) >= fewestWins {
			list = append(list, supplier{o.Name, func(m market.Mention) bool { return directory.Of(m) == o }, won[o]})
		}
	}
	slices.SortStableFunc(list, func(a, b supplier) int { return strings.Compare(a.name, b.name) })
	return list
}

// legal are words at the end of a name that are left out where one speaks of somebody.
var legal = map[string]bool{"limit": true, "ltd": true, "plc": true, "llp": true, "lp": true, "cic": true, "inc": true, "co": true}

// mask is a notice without the names of its suppliers in what it says.
func mask(n *notice.Notice) *notice.Notice {
	var names [][]words.Token
	for i := range n.Awards {
		for _, o := range n.Awards[i].Suppliers {
			name := words.Tokens(o.Name.Value)
			for len(name) > 1 && legal[name[len(name)-1].Stem] {
				name = name[:len(name)-1]
			}
			if len(name) > 1 || len(name) == 1 && name[0].End-name[0].Start > 3 {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return n
	}
	slices.SortStableFunc(names, func(a, b []words.Token) int { return len(b) - len(a) })
	byFirst := map[string][][]words.Token{}
	for _, name := range names {
		byFirst[name[0].Stem] = append(byFirst[name[0].Stem], name)
	}
	hide := func(said *notice.Said[string]) { said.Value = without(said.Value, byFirst) }
	m := *n
	hide(&m.Title)
	hide(&m.Description)
	m.Texts = slices.Clone(n.Texts)
	for i := range m.Texts {
		hide(&m.Texts[i])
	}
	m.Lots = slices.Clone(n.Lots)
	for i := range m.Lots {
		l := &m.Lots[i]
		hide(&l.Title)
		hide(&l.Description)
		l.Items = slices.Clone(l.Items)
		for j := range l.Items {
			hide(&l.Items[j])
		}
	}
	return &m
}

// without is a text without names, which are given by their first stems, longer ones first.
func without(text string, byFirst map[string][][]words.Token) string {
	tokens := words.Tokens(text)
	var b strings.Builder
	from := 0
	for i := 0; i < len(tokens); i++ {
		for _, name := range byFirst[tokens[i].Stem] {
			end := i + len(name)
			if end > len(tokens) || !slices.EqualFunc(name, tokens[i:end], func(a, b words.Token) bool { return a.Stem == b.Stem }) {
				continue
			}
			for end < len(tokens) && legal[tokens[end].Stem] && !tokens[end].Gap {
				end++
			}
			if tokens[i].Start >= from { // the parts of a compound share one span
				b.WriteString(text[from:tokens[i].Start])
				from = tokens[end-1].End
			}
			i = end - 1
			break
		}
	}
	return b.String() + text[from:]
}

// ByPublisher parts notices by the prefix of their OCIDs ("ocds-h6vhtk"), which stands for a publisher
// and, where a history was converted from elsewhere, for that history. The order is that of the prefixes.
func ByPublisher(notices []*notice.Notice) [][]*notice.Notice {
	groups := map[string][]*notice.Notice{}
	for _, n := range notices {
		prefix := n.OCID
		if parts := strings.SplitN(n.OCID, "-", 3); len(parts) == 3 {
			prefix = parts[0] + "-" + parts[1]
		}
		groups[prefix] = append(groups[prefix], n)
	}
	var list [][]*notice.Notice
	for _, prefix := range slices.Sorted(maps.Keys(groups)) {
		list = append(list, groups[prefix])
	}
	return list
}
