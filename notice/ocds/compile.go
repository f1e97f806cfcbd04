package ocds

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// compiled is what the releases of one procurement say when read together: the
// standard's compiled release as a tree, in which every leaf knows the release
// that said it. The compiled release's own id, date and tag are not part of the
// tree, because no publisher said them.
type compiled struct {
	root     *value           // nil where there is no release
	releases []notice.Release // in order, revised ones and copies left out; the last is the newest
	trees    []*value         // of the releases, each as published; nil for one that cannot be read
	issues   []notice.Issue   // of the merge; those of a release stand with it
}

// Sort puts releases in the order in which they merge: by instant, then by
// notice number, then by how far their tags say the procurement has come (Scottish
// and Welsh releases have a day and no number), then by content. A release without a
// date comes last. The order does not depend on the order of arrival.
func Sort(releases []notice.Release) {
	slices.SortStableFunc(releases, func(a, b notice.Release) int {
		if undated := a.Date.IsZero(); undated != b.Date.IsZero() {
			if undated {
				return 1
			}
			return -1
		}
		ay, an := noticeNumber(a.ID)
		by, bn := noticeNumber(b.ID)
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(ay, by), cmp.Compare(an, bn),
			cmp.Compare(progress(a.Tags), progress(b.Tags)), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
}

// tags are the standard's release tags in the order of a procurement's life.
var tags = []string{
	"planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation",
	"award", "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment",
	"implementation", "implementationUpdate", "contractTermination", "compiled",
}

// progress is the place of the furthest of a release's tags; -1 for none we know.
func progress(of []string) int {
	furthest := -1
	for _, tag := range of {
		furthest = max(furthest, slices.Index(tags, tag))
	}
	return furthest
}

// noticeNumber reads the year and number out of an id like 058880-2026; zeros
// where it has another form.
func noticeNumber(id string) (year, number int) {
	n, y, found := strings.Cut(id, "-")
	if !found || len(y) != 4 || len(n) == 0 || len(n) > 9 {
		return 0, 0
	}
	year, yerr := strconv.Atoi(y)
	number, nerr := strconv.Atoi(n)
	if yerr != nil || nerr != nil || year < 0 || number < 0 {
		return 0, 0
	}
	return year, number
}

// compile merges the releases of one procurement by the rules of OCDS 1.1.
func compile(releases []notice.Release) *compiled {
	return merge(releases, DefaultRules(), (*merger).member)
}

// merge merges the releases of one procurement, each member by way. Releases that
// stand twice count once; of two with one identity the later in order counts.
func merge(releases []notice.Release, rules *Rules, way func(m *merger, into, kid *value, r *rule)) *compiled {
	if rules == nil {
		rules = DefaultRules()
	}
	m := merger{way: way}
	c := &compiled{releases: m.latest(releases)}
	c.trees = make([]*value, len(c.releases))
	for i := range c.releases {
		r := &c.releases[i]
		tree, err := parse(r)
		if err == nil && !tree.isObject() {
			err = fmt.Errorf("release %s is not a JSON object", r.Identity())
		}
		if err != nil {
			m.issues.addAt("unreadable-release", notice.Path{Release: r.Identity()}, "the release takes no part: "+err.Error())
			continue
		}
		c.trees[i] = tree
	}
	m.assemble(c, rules)
	return c
}

// assemble merges the trees of the releases, which stay as they are.
func (m *merger) assemble(c *compiled, rules *Rules) {
	m.found = map[*value]map[key]int{}
	for i, tree := range c.trees {
		if tree == nil {
			continue
		}
		if c.releases[i].Date.IsZero() && len(c.releases) > 1 {
			m.issues.addAt("undated-release", tree.path(), "the release has no date that can be read: it counts as the newest")
		}
		if c.root == nil {
			c.root = container(tree)
		}
		m.object(c.root, tree, rules.root)
	}
	settle(c.root)
	c.issues = m.issues.all()
}

// latest puts releases in order, without copies and revised ones.
func (m *merger) latest(releases []notice.Release) []notice.Release {
	sorted := slices.Clone(releases)
	Sort(sorted)
	if len(sorted) < 2 {
		return sorted
	}
	names := make([]string, len(sorted))
	newest := make(map[string]int, len(sorted))
	for i := range sorted {
		names[i] = sorted[i].Identity()
		newest[names[i]] = i
	}
	kept := make([]notice.Release, 0, len(newest))
	told := map[string]bool{}
	for i, r := range sorted {
		last := newest[names[i]]
		if last == i {
			kept = append(kept, r)
		} else if r.Hash != sorted[last].Hash && !told[names[i]] {
			told[names[i]] = true
			m.issues.addAt("revised-release", notice.Path{Release: names[i]},
				"the release was published more than once with different contents: the last one counts")
		}
	}
	return kept
}

// merger builds a tree out of releases. The objects and arrays that merge are
// containers of its own, marked merged; everything else in the tree are the
// releases' own values.
type merger struct {
	way    func(m *merger, into, kid *value, r *rule)
	issues issues
	// found finds the members of containers with manyMembers or more: searching
	// them one by one would take quadratic time.
	found map[*value]map[key]int
}

const manyMembers = 16

// key names a member of an object (kind 0) or an array element by its id, whose
// type counts: 1 is not "1".
type key struct {
	kind jsontext.Kind
	text string
}

// elementKey is the key of an array element; an object without an id has none.
func elementKey(v *value) (key, bool) {
	switch e := v.get("id"); e.kind() {
	case jsontext.KindString, jsontext.KindNumber:
		return key{e.typ, e.text}, true
	}
	return key{}, false
}

// keyIn is the key of v in a container.
func keyIn(c, v *value) (key, bool) {
	if c.isObject() {
		return key{text: v.name}, true
	}
	return elementKey(v)
}

// container is a new object or array of the tree, in the place of a release's.
func container(like *value) *value {
	return &value{typ: like.typ, merged: true, up: like.up, name: like.name, at: like.at}
}

// find is the index of a member of a container, -1 if it has none.
func (m *merger) find(c *value, k key) int {
	if len(c.kids) < manyMembers {
		for i, kid := range c.kids {
			if have, ok := keyIn(c, kid); ok && have == k {
				return i
			}
		}
		return -1
	}
	all := m.found[c]
	if all == nil {
		all = make(map[key]int, 2*len(c.kids))
		for i, kid := range c.kids {
			if have, ok := keyIn(c, kid); ok {
				all[have] = i
			}
		}
		m.found[c] = all
	}
	if i, ok := all[k]; ok {
		return i
	}
	return -1
}

// put sets the member at index i of a container, or appends it if i is -1.
func (m *merger) put(c *value, i int, v *value) {
	if i >= 0 {
		c.kids[i] = v
		return
	}
	if all := m.found[c]; all != nil {
		if k, ok := keyIn(c, v); ok {
			all[k] = len(c.kids)
		}
	}
	c.kids = append(c.kids, v)
}

// object merges an object of a release into a container.
func (m *merger) object(into, from *value, r *rule) {
	into.up, into.name, into.at = from.up, from.name, from.at
	root := from.isRoot()
	for _, kid := range from.kids {
		sub := r.member(kid.name)
		if sub.omits() || root && own(kid.name) {
			continue
		}
		m.way(m, into, kid, sub)
	}
}

// own reports whether a compiled release has a member of this name of its own.
func own(name string) bool { return name == "id" || name == "date" || name == "tag" }

// member merges a member of an object: null removes, objects and arrays of
// objects merge, anything else replaces.
func (m *merger) member(into, kid *value, r *rule) {
	i := m.find(into, key{text: kid.name})
	var old *value
	if i >= 0 {
		old = into.kids[i]
	}
	switch {
	case kid.isNull():
		m.put(into, i, &value{name: kid.name}) // nobody says it any more: settle drops it
	case merges(kid, r):
		if len(kid.kids) == 0 {
			return // it says nothing
		}
		if old == nil || !old.merged || old.typ != kid.typ {
			m.compare(old, kid)
			old = container(kid)
			m.put(into, i, old)
		}
		m.fill(old, kid, r)
	default:
		m.compare(old, kid)
		m.put(into, i, kid)
	}
}

// merges reports whether a value is an object, or an array whose elements merge.
func merges(v *value, r *rule) bool {
	if !v.isArray() {
		return v.isObject()
	}
	if r != nil && r.whole {
		return false
	}
	for _, e := range v.kids {
		if !e.isObject() {
			return false
		}
	}
	return true
}

// fill merges a value that merges into a container of its type.
func (m *merger) fill(into, from *value, r *rule) {
	if from.isObject() {
		m.object(into, from, r)
	} else {
		m.array(into, from, r)
	}
}

// array merges an array of objects: those with an id into the element of that
// id, of several with one id the last; those without are appended.
func (m *merger) array(into, from *value, r *rule) {
	into.up, into.name, into.at = from.up, from.name, from.at
	last := make(map[key]int, len(from.kids))
	for i, kid := range from.kids {
		if k, ok := elementKey(kid); ok {
			last[k] = i
		}
	}
	for i, kid := range from.kids {
		k, identified := elementKey(kid)
		if identified && last[k] != i {
			m.issues.addAt("duplicate-id", kid.path(), fmt.Sprintf("the id %.40q stands twice in one list: the last element counts", k.text))
			continue
		}
		at := -1
		if identified {
			at = m.find(into, k)
		}
		if at >= 0 {
			m.object(into.kids[at], kid, r)
			continue
		}
		element := container(kid)
		m.object(element, kid, r)
		m.put(into, -1, element)
	}
}

// compare notes that a value changes its type.
func (m *merger) compare(old, now *value) {
	was, is := typeName(old), typeName(now)
	if was == "" || was == "null" || is == "null" || was == is {
		return
	}
	m.issues.addAt("type-changed", now.path(), fmt.Sprintf("earlier releases said this as %s, this one says it as %s: the newest counts", was, is))
}

// typeName words the type of a value; "" where nobody said it.
func typeName(v *value) string {
	switch v.kind() {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "true or false"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	}
	return ""
}

// settle drops what nobody says any more, and containers in which nothing ever
// was said. One that null emptied stays, empty: so the standard's merge has it.
func settle(v *value) {
	if v == nil || !v.merged {
		return
	}
	v.kids = slices.DeleteFunc(v.kids, func(kid *value) bool {
		if kid.typ == jsontext.KindInvalid || kid.merged && len(kid.kids) == 0 {
			return true
		}
		emptied := slices.ContainsFunc(kid.kids, func(k *value) bool { return k.typ == jsontext.KindInvalid })
		settle(kid)
		return kid.merged && len(kid.kids) == 0 && !emptied
	})
}

// CompileJSON is the compiled release of one procurement's releases as compact
// JSON: its tag, id, date and ocid, and what the releases say, in the order in
// which it was first said.
func CompileJSON(releases []notice.Release, rules *Rules) ([]byte, error) {
	c := merge(releases, rules, (*merger).member)
	if c.root == nil {
		return nil, errors.New("compile: there is no release that can be read")
	}
	last := c.releases[len(c.releases)-1]
	id, date := last.OCID, c.lastDate()
	out := []byte(`{"tag":["compiled"]`)
	if date != "" {
		id += "-" + date
	}
	out = appendMember(out, "id", id)
	if date != "" {
		out = appendMember(out, "date", date)
	}
	out = appendMember(out, "ocid", last.OCID)
	return appendRest(out, c.root), nil
}

// lastDate is the newest date of the releases, as published.
func (c *compiled) lastDate() string {
	for i, tree := range slices.Backward(c.trees) {
		if date, ok := tree.get("date").str(); ok && !c.releases[i].Date.IsZero() {
			return date
		}
	}
	return ""
}

func appendMember(out []byte, name, text string) []byte {
	out = append(out, ',', '"')
	out = append(append(out, name...), `":`...)
	return appendString(out, text)
}

// appendRest writes the members of a merged root other than its ocid, and closes it.
func appendRest(out []byte, root *value) []byte {
	for name, kid := range root.members() {
		if name == "ocid" {
			continue
		}
		out = appendString(append(out, ','), name)
		out = kid.appendJSON(append(out, ':'))
	}
	return append(out, '}')
}
