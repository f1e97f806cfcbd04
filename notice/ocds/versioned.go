package ocds

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// VersionedJSON is the versioned release of one procurement's releases as compact
// JSON: in the place of every value the list of what it was, each with the
// release that said so. The ids of array elements, by which they are told apart, stay plain.
func VersionedJSON(releases []notice.Release, rules *Rules) ([]byte, error) {
	c := merge(releases, rules, (*merger).versionMember)
	if c.root == nil {
		return nil, errors.New("compile: there is no release that can be read")
	}
	out := appendString([]byte(`{"ocid":`), c.releases[len(c.releases)-1].OCID)
	return appendRest(out, c.root), nil
}

// versionMember merges a member of an object into a versioned tree.
func (m *merger) versionMember(into, kid *value, r *rule) {
	i := m.find(into, key{text: kid.name})
	var old *value
	if i >= 0 {
		old = into.kids[i]
	}
	branch := old != nil && old.merged && !old.isHistory()
	switch {
	case isPlain(kid):
		m.put(into, i, kid)
	case merges(kid, r) && len(kid.kids) == 0: // it says nothing
	case merges(kid, r) && (old == nil || branch && old.typ == kid.typ):
		if old == nil {
			old = container(kid)
			m.put(into, i, old)
		}
		m.fill(old, kid, r)
	case kid.isNull() && branch:
		end(old, kid)
	default:
		if !old.isHistory() {
			m.compare(old, kid)
			history := newHistory(kid)
			if branch { // what was an object becomes something else: its state is the first version
				history.addVersion(old.state(old.name), old.root())
			}
			m.put(into, i, history)
			old = history
		}
		old.addVersion(kid, kid.root())
	}
}

// isPlain reports whether a value is not versioned: the ocid, and the id by which
// an array element is told apart.
func isPlain(v *value) bool {
	if v.up.isRoot() {
		return v.name == "ocid"
	}
	if v.name != "id" || !v.up.up.isArray() {
		return false
	}
	return v.kind() == jsontext.KindString || v.kind() == jsontext.KindNumber
}

// root is the root of the release that said the value.
func (v *value) root() *value {
	for !v.isRoot() {
		v = v.up
	}
	return v
}

// A history is the list of versions that stands for a value in a versioned
// tree. It is told from an array of the publisher's by its text.
const historyMark = "versions"

func newHistory(like *value) *value {
	h := container(like)
	h.typ, h.text = jsontext.KindBeginArray, historyMark
	return h
}

func (v *value) isHistory() bool { return v != nil && v.merged && v.text == historyMark }

// addVersion notes what a release said, unless that is what was said before.
func (h *value) addVersion(v, release *value) {
	if n := len(h.kids); n > 0 && equal(h.kids[n-1].get("value"), v) {
		return
	}
	h.kids = append(h.kids, &value{typ: jsontext.KindBeginObject, kids: []*value{
		renamed(release.get("id"), "releaseID"),
		renamed(release.get("date"), "releaseDate"),
		renamed(release.get("tag"), "releaseTag"),
		renamed(v, "value"),
	}})
}

// renamed is a copy of a value under another name; null where there is none.
func renamed(v *value, name string) *value {
	if v == nil {
		return &value{typ: jsontext.KindNull, name: name}
	}
	other := *v
	other.name = name
	return &other
}

// end notes in every history below v that the release of null takes it away.
func end(v, null *value) {
	if v.isHistory() {
		v.addVersion(null, null.root())
		return
	}
	if v.merged {
		for _, kid := range v.kids {
			end(kid, null)
		}
	}
}

// state is what a versioned branch says now, without its history; nil for nothing.
func (v *value) state(name string) *value {
	if v.isHistory() {
		last := v.kids[len(v.kids)-1].get("value")
		if last.isNull() {
			return nil
		}
		return renamed(last, name)
	}
	if !v.merged {
		return v
	}
	now := renamed(v, name)
	now.kids = nil
	for _, kid := range v.kids {
		if s := kid.state(kid.name); s != nil {
			now.kids = append(now.kids, s)
		}
	}
	return now
}

// equal reports whether two values say the same, whatever the order of members.
func equal(a, b *value) bool {
	if a.kind() != b.kind() || a == nil {
		return a == b
	}
	if a.text != b.text || len(a.kids) != len(b.kids) {
		return false
	}
	for i, kid := range a.kids {
		other := b.kids[i]
		if a.isObject() && other.name != kid.name {
			other = b.member(kid.name)
		}
		if !equal(kid, other) {
			return false
		}
	}
	return true
}
