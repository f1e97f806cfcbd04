package matcher

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"bidfit/notice"
	"bidfit/profiles"
)

// history is award notices in which the last win of a supplier is to be found by those before it.
type history struct {
	name    string
	lexicon *Lexicon
	notices []*notice.Notice // suppliers' names taken out
	tasks   []*task
	vectors map[bool][]map[string]float64 // of TF-IDF: by whether how often a word stands is dampened
}

// task is one supplier: what it had won, and the places of the notices published since, one of which it won.
type task struct {
	wins       []*notice.Notice
	winsAt     []int
	candidates []int
	won        int
}

// readHistories reads the shared award notices. Package evaluate measures the same with the profiles that the product suggests.
func readHistories(t *testing.T) (all []*history) {
	for _, x := range []struct{ name, file string }{
		{"CF 2020", "award-history/contracts-finder-2020"}, {"Lancashire", "award-history/lancashire-councils"}, {"Find a Tender", "notices/find-a-tender"},
	} {
		notices := lessons(t, x.file)
		h := &history{name: x.name, lexicon: Learn(slices.Values(notices))}
		slices.SortFunc(notices, func(a, b *notice.Notice) int {
			return cmp.Or(a.First().Compare(b.First()), strings.Compare(a.ID, b.ID))
		})
		seen := map[string]bool{}
		won := map[string][]int{}
		for _, n := range notices {
			var who []string
			for _, a := range n.Awards {
				for _, s := range a.Suppliers {
					who = append(who, notice.NameKey(s.Name.Value))
				}
			}
			slices.Sort(who)
			who = slices.Compact(who)
			key := notice.NameKey(n.Buyer.Name.Value) + "\n" + strings.Join(who, "\n") + "\n" + notice.NameKey(n.Title.Value)
			if len(who) == 0 || seen[key] {
				continue
			}
			seen[key] = true
			for _, w := range who {
				if w != "" {
					won[w] = append(won[w], len(h.notices))
				}
			}
			h.notices = append(h.notices, masked(n))
		}
		names := make([]string, 0, len(won))
		for w := range won {
			names = append(names, w)
		}
		slices.Sort(names)
		for _, w := range names {
			wins := won[w]
			if len(wins) < 3 {
				continue
			}
			k := &task{won: wins[len(wins)-1], winsAt: wins[:len(wins)-1]}
			since := h.notices[wins[len(wins)-2]].First()
			for _, i := range k.winsAt {
				k.wins = append(k.wins, h.notices[i])
			}
			for i, n := range h.notices {
				if n.First().After(since) {
					k.candidates = append(k.candidates, i)
				}
			}
			if len(k.candidates) >= 50 && slices.Contains(k.candidates, k.won) {
				h.tasks = append(h.tasks, k)
			}
		}
		h.vectors = map[bool][]map[string]float64{false: tfidf(h.notices, false), true: tfidf(h.notices, true)}
		all = append(all, h)
	}
	return all
}

// masked is a notice without the names of its suppliers in its title and description.
func masked(n *notice.Notice) *notice.Notice {
	m := *n
	m.Lots = slices.Clone(n.Lots)
	hide := func(s *notice.Said[string], name string) {
		for i := strings.Index(strings.ToLower(s.Value), name); i >= 0 && len(name) > 3 && len(strings.ToLower(s.Value)) == len(s.Value); i = strings.Index(strings.ToLower(s.Value), name) {
			s.Value = s.Value[:i] + s.Value[i+len(name):]
		}
	}
	for _, a := range n.Awards {
		for _, s := range a.Suppliers {
			name := strings.ToLower(strings.TrimSpace(s.Name.Value))
			for _, end := range []string{"", " limited", " ltd", " plc", " llp"} {
				short := strings.TrimSuffix(name, end)
				hide(&m.Title, short)
				hide(&m.Description, short)
				for i := range m.Lots {
					hide(&m.Lots[i].Title, short)
					hide(&m.Lots[i].Description, short)
				}
			}
		}
	}
	return &m
}

// saying is all that a notice says of what is bought, its title first.
func saying(n *notice.Notice) string {
	list := []string{n.Title.Value, n.Description.Value}
	for i := range n.Lots {
		l := &n.Lots[i]
		list = append(list, l.Title.Value, l.Description.Value)
		for _, s := range l.Items {
			list = append(list, s.Value)
		}
	}
	var kept []string
	for _, s := range list {
		if s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, ".\n")
}

// tfidf makes vectors as textbooks do: how often a word stands in a text x ln((1 + N)/(1 + n)) + 1, at length 1.
// Words are those of two or more letters or digits, in small letters, without stems. Dampened, it is 1 + ln of how often.
func tfidf(notices []*notice.Notice, dampened bool) []map[string]float64 {
	vectors := make([]map[string]float64, len(notices))
	used := map[string]float64{}
	for i, n := range notices {
		v := map[string]float64{}
		for _, w := range strings.FieldsFunc(strings.ToLower(saying(n)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len(w) > 1 {
				v[w]++
			}
		}
		for w := range v {
			used[w]++
		}
		vectors[i] = v
	}
	for _, v := range vectors {
		squares := 0.0
		words := make([]string, 0, len(v))
		for w := range v {
			words = append(words, w)
		}
		slices.Sort(words)
		for _, w := range words {
			if dampened {
				v[w] = 1 + math.Log(v[w])
			}
			v[w] *= math.Log((1+float64(len(notices)))/(1+used[w])) + 1
			squares += v[w] * v[w]
		}
		for _, w := range words {
			v[w] /= math.Sqrt(squares)
		}
	}
	return vectors
}

// tfidf is the cosine with the sum of the wins.
func (h *history) tfidf(k *task, dampened bool) func(i int) float64 {
	vectors := h.vectors[dampened]
	sum := map[string]float64{}
	for _, w := range k.winsAt {
		for word, x := range vectors[w] {
			sum[word] += x
		}
	}
	return func(i int) float64 {
		words := make([]string, 0, len(vectors[i]))
		for w := range vectors[i] {
			words = append(words, w)
		}
		slices.Sort(words)
		dot := 0.0
		for _, w := range words {
			dot += sum[w] * vectors[i][w]
		}
		return dot
	}
}

// recovered is how well the wins were found.
type recovered struct{ mrr, percentile float64 }

func (f recovered) String() string { return fmt.Sprintf("%.3f %5.2f", f.mrr, f.percentile) }

// measure ranks every task; equals share the place in the middle.
func (h *history) measure(score func(*task) func(i int) float64) recovered {
	var f recovered
	for _, k := range h.tasks {
		of := score(k)
		won := of(k.won)
		before := 0.0
		for _, i := range k.candidates {
			if i == k.won {
				continue
			}
			if s := of(i); s > won {
				before++
			} else if s == won {
				before += .5
			}
		}
		f.mrr += 1 / (1 + before) / float64(len(h.tasks))
		f.percentile += 100 * before / float64(len(k.candidates)-1) / float64(len(h.tasks))
	}
	return f
}

// ranked measures a variant of the ranking: the profile has the codes of the wins, and the wins as past contracts.
func (h *history) ranked(t *testing.T, v variant) recovered {
	l := h.lexicon
	if v.lexicon != nil {
		l = v.lexicon(l)
	}
	prepared := make([]*Opportunity, len(h.notices))
	for i, n := range h.notices {
		prepared[i] = l.Prepare(n)
	}
	return h.measure(func(k *task) func(i int) float64 {
		p := profiles.Profile{ID: "winner", Name: "Winner"}
		for _, n := range k.wins {
			text := saying(n)
			p.Experience = append(p.Experience, text[:min(2_000, len(text))])
			for j := range n.Lots {
				for _, c := range n.Lots[j].CPV {
					if !slices.Contains(p.CPV, c.Value.Code) {
						p.CPV = append(p.CPV, c.Value.Code)
					}
				}
			}
		}
		slices.Sort(p.CPV)
		if v.profile != nil {
			v.profile(&p)
		}
		m, err := New(l, p)
		if err != nil {
			t.Fatal(err)
		}
		return func(i int) float64 { f := m.Assess(prepared[i], today); return float64(f.Relevance) }
	})
}
