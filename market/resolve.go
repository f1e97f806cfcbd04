package market

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
)

// Mention is an organisation as a notice names it.
type Mention struct {
	Name string   `json:"name,omitzero"`
	IDs  []string `json:"ids,omitzero"` // "GB-COH-01234567"
}

// MentionOf reads what tells an organisation from others. An identifier made of the name
// ("GB-NAME-quill") says no more than the name and is left out.
func MentionOf(o *notice.Organisation) Mention {
	m := Mention{Name: strings.TrimSpace(o.Name.Value)}
	for _, id := range o.IDs {
		if !strings.HasPrefix(id, "GB-NAME-") {
			m.IDs = append(m.IDs, id)
		}
	}
	if len(o.IDs) == 0 && o.ID.Known() {
		m.IDs = []string{o.ID.Value}
	}
	return m
}

// Keys are what a mention can be found by: its identifiers, and its folded name after "=".
// None means that it names nobody ("n/a").
func (m Mention) Keys() []string {
	keys := slices.Clone(m.IDs)
	if key := notice.NameKey(m.Name); key != "" {
		keys = append(keys, "="+key)
	}
	return keys
}

// registers are those in which an organisation has one number: two numbers of
// one register are two organisations. They stand in the order in which they are trusted to
// name one. Profile numbers (GB-FTS, GB-CFS), of which one firm may have dozens, and all others join and never part.
var registers = [...]string{"GB-COH-", "GB-PPON-", "GB-CHC-", "GB-SC-", "GB-NIC-"}

// register is the place of an identifier's register among them, len(registers) for any other.
func register(id string) int {
	for i, r := range registers {
		if strings.HasPrefix(id, r) {
			return i
		}
	}
	return len(registers)
}

// Organisation is all the mentions of one organisation.
type Organisation struct {
	// ID is its best identifier: company number, PPON, charity number, then any other; "" where it has none.
	ID string `json:"id,omitzero"`
	// Name is the spelling used most.
	Name  string   `json:"name"`
	Names []string `json:"names"` // every spelling, the most used first
	IDs   []string `json:"ids,omitzero"`
	// Joins say why the mentions are one, a joining each.
	Joins []Join `json:"joins,omitzero"`
	// Namesakes are other organisations that bear one of its names and are kept apart
	// from it because their numbers differ.
	Namesakes []Mention `json:"namesakes,omitzero"`

	keys []string
}

// Join is why two mentions are one organisation: an identifier they share, or a folded name after "=".
type Join struct {
	By   string  `json:"by"`
	Ones Mention `json:"ones"`
	Also Mention `json:"also"`
}

// Ref is what the organisation can be asked for by: its best identifier, or its name.
func (o *Organisation) Ref() string { return cmp.Or(o.ID, o.Name) }

// Directory is which mentions are one organisation.
type Directory struct {
	Organisations []*Organisation // in the order of their keys
	byMention     map[string]*Organisation
}

// Of finds the organisation that is mentioned; nil for a mention that names nobody or was not resolved.
func (d *Directory) Of(m Mention) *Organisation { return d.byMention[m.key()] }

// Bearing lists the organisations that have a key, as Mention.Keys gives them.
func (d *Directory) Bearing(key string) []*Organisation {
	var found []*Organisation
	for _, o := range d.Organisations {
		if slices.Contains(o.keys, key) {
			found = append(found, o)
		}
	}
	return found
}

// key is the same for mentions that differ only in how a name is written.
func (m Mention) key() string {
	keys := m.Keys()
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "\n")
}

// Resolve tells which mentions are one organisation. Mentions that share an identifier
// are one. Mentions that share a folded name are one unless two numbers of one register
// come together so: then only those without any such number are, and the numbered ones stand
// by themselves. It is transitive: no chain of names brings two numbers together. The order of the mentions changes nothing.
func Resolve(mentions []Mention) *Directory {
	r := newResolver(mentions)
	r.byIdentifier()
	r.byName()
	return r.directory()
}

// node is every mention with the same keys.
type node struct {
	Mention // in its most used spelling
	key     string
	keys    []string
	names   map[string]int
}

// resolver is a forest over the nodes.
type resolver struct {
	forest
	nodes []*node
	joins []joined
}

// joined is a joining, and a node of the tree it made.
type joined struct {
	Join
	node int
}

func newResolver(mentions []Mention) *resolver {
	byKey := map[string]*node{}
	for _, m := range mentions {
		key := m.key()
		if key == "" {
			continue
		}
		n := byKey[key]
		if n == nil {
			n = &node{key: key, keys: strings.Split(key, "\n"), names: map[string]int{}}
			for _, k := range n.keys {
				if k[0] != '=' {
					n.IDs = append(n.IDs, k)
				}
			}
			byKey[key] = n
		}
		if m.Name != "" {
			n.names[m.Name]++
		}
	}
	r := &resolver{}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		n := byKey[key]
		n.Name = spellings(n.names).first()
		r.nodes = append(r.nodes, n)
	}
	r.forest = newForest(len(r.nodes))
	return r
}

// spellings are names with how often each is used.
type spellings map[string]int

// sorted lists the most used first; of two used as often the one not all in capitals, then the longer one.
func (s spellings) sorted() []string {
	return slices.SortedFunc(maps.Keys(s), func(a, b string) int {
		return cmp.Or(
			cmp.Compare(s[b], s[a]),
			cmp.Compare(shout(a), shout(b)),
			cmp.Compare(len(b), len(a)),
			cmp.Compare(a, b),
		)
	})
}

func (s spellings) first() string {
	if len(s) == 0 {
		return ""
	}
	return s.sorted()[0]
}

func shout(name string) int {
	if strings.ToUpper(name) == name {
		return 1
	}
	return 0
}

// forest is which of a row of things are one: each tree is a set, named by its smallest member.
type forest []int

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = i
	}
	return f
}

func (f forest) root(i int) int {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

// join makes two trees one; false where they are already.
func (f forest) join(i, j int) bool {
	i, j = f.root(i), f.root(j)
	f[max(i, j)] = min(i, j)
	return i != j
}

// unite joins two nodes and keeps why.
func (r *resolver) unite(i, j int, by string) {
	if r.join(i, j) {
		r.joins = append(r.joins, joined{Join{By: by, Ones: r.nodes[i].Mention, Also: r.nodes[j].Mention}, i})
	}
}

// bearers lists the nodes that have each key for which want holds.
func (r *resolver) bearers(want func(key string) bool) (keys []string, bearers map[string][]int) {
	bearers = map[string][]int{}
	for i, n := range r.nodes {
		for _, key := range n.keys {
			if want(key) {
				bearers[key] = append(bearers[key], i)
			}
		}
	}
	return slices.Sorted(maps.Keys(bearers)), bearers
}

func named(key string) bool { return key[0] == '=' }

func (r *resolver) byIdentifier() {
	keys, bearers := r.bearers(func(key string) bool { return !named(key) })
	for _, key := range keys {
		for _, i := range bearers[key][1:] {
			r.unite(bearers[key][0], i, key)
		}
	}
}

// byName joins by name what identifiers left apart: first those without a number, then, of
// everything that the names would chain together, what brings no two numbers of one register together.
func (r *resolver) byName() {
	numbers := r.numbers()
	names, bearers := r.bearers(named)
	for _, name := range names {
		first := -1
		for _, i := range bearers[name] {
			switch {
			case len(numbers[r.root(i)]) > 0:
			case first < 0:
				first = i
			default:
				r.unite(first, i, name)
			}
		}
	}
	for name, all := range bearers {
		bearers[name] = r.principals(all, numbers)
	}
	chain := slices.Clone(r.forest)
	for _, name := range names {
		for _, i := range bearers[name][1:] {
			chain.join(bearers[name][0], i)
		}
	}
	clash := map[int]bool{}   // chains in which two trees have a number of one register
	taken := map[[2]int]int{} // of a chain and a register, the tree with a number in it
	for _, tree := range slices.Sorted(maps.Keys(numbers)) {
		top := chain.root(tree)
		for reg := range numbers[tree] {
			if other, ok := taken[[2]int{top, reg}]; ok && other != tree {
				clash[top] = true
			}
			taken[[2]int{top, reg}] = tree
		}
	}
	for _, name := range names {
		if clash[chain.root(bearers[name][0])] {
			continue
		}
		for _, i := range bearers[name][1:] {
			r.unite(bearers[name][0], i, name)
		}
	}
}

// principals leaves out, where two numbers bear one name, those that bear it only with
// what they trade as ("Wick County Council t/a Wick Supplies"): a branch with a number of its own.
func (r *resolver) principals(bearers []int, numbers map[int]map[int]bool) []int {
	var numbered, bare []int
	for _, i := range bearers {
		if len(numbers[r.root(i)]) == 0 {
			bare = append(bare, i)
			continue
		}
		numbered = append(numbered, r.root(i))
		for name := range r.nodes[i].names {
			if !notice.TradesAs(name) {
				bare = append(bare, i)
				break
			}
		}
	}
	if slices.Sort(numbered); len(slices.Compact(numbered)) < 2 || len(bare) == 0 {
		return bearers
	}
	return bare
}

// numbers are, by root, the registers in which a tree has a number.
func (r *resolver) numbers() map[int]map[int]bool {
	numbers := map[int]map[int]bool{}
	for i, n := range r.nodes {
		for _, id := range n.IDs {
			reg := register(id)
			if reg == len(registers) {
				continue
			}
			root := r.root(i)
			if numbers[root] == nil {
				numbers[root] = map[int]bool{}
			}
			numbers[root][reg] = true
		}
	}
	return numbers
}

// directory reads the forest.
func (r *resolver) directory() *Directory {
	d := &Directory{byMention: map[string]*Organisation{}}
	trees := map[int]*Organisation{}
	names := map[*Organisation]spellings{}
	for i, n := range r.nodes {
		root := r.root(i)
		o := trees[root]
		if o == nil {
			o = &Organisation{}
			trees[root], names[o] = o, spellings{}
			d.Organisations = append(d.Organisations, o)
		}
		d.byMention[n.key] = o
		o.IDs = append(o.IDs, n.IDs...)
		o.keys = append(o.keys, n.keys...)
		for name, times := range n.names {
			names[o][name] += times
		}
	}
	for _, j := range r.joins {
		o := trees[r.root(j.node)]
		o.Joins = append(o.Joins, j.Join)
	}
	for _, o := range d.Organisations {
		slices.SortFunc(o.IDs, func(a, b string) int { return cmp.Or(cmp.Compare(register(a), register(b)), cmp.Compare(a, b)) })
		o.IDs = slices.Compact(o.IDs)
		slices.Sort(o.keys)
		o.keys = slices.Compact(o.keys)
		if len(o.IDs) > 0 {
			o.ID = o.IDs[0]
		}
		o.Names = names[o].sorted()
		o.Name = o.ID
		if len(o.Names) > 0 {
			o.Name = o.Names[0]
		}
	}
	d.tellNamesakes()
	return d
}

// mostNamesakes is how many namesakes are told of a name.
const mostNamesakes = 20

// tellNamesakes says on each organisation which others bear its names.
func (d *Directory) tellNamesakes() {
	bearers := map[string][]*Organisation{}
	for _, o := range d.Organisations {
		for _, key := range o.keys {
			if named(key) && len(bearers[key]) <= mostNamesakes {
				bearers[key] = append(bearers[key], o)
			}
		}
	}
	for _, o := range d.Organisations {
		seen := map[*Organisation]bool{o: true}
		for _, key := range o.keys {
			for _, other := range bearers[key] {
				if !seen[other] {
					seen[other] = true
					o.Namesakes = append(o.Namesakes, Mention{Name: other.Name, IDs: other.IDs})
				}
			}
		}
	}
}
