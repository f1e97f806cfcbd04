package ocds

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rules say how the members of releases merge, where the standard's ordinary way
// (objects member by member, arrays of objects by id, anything else replaced) is
// not meant. A nil *Rules is [DefaultRules].
type Rules struct{ root *rule }

// rule is what a schema says about one member. A nil *rule says nothing.
type rule struct {
	omit    bool // left out of the compiled release (omitWhenMerged)
	whole   bool // an array that is replaced, not merged (wholeListMerge)
	members map[string]*rule
}

func (r *rule) member(name string) *rule {
	if r == nil {
		return nil
	}
	return r.members[name]
}

// omits reports whether the member is left out.
func (r *rule) omits() bool { return r != nil && r.omit }

// DefaultRules are the rules of the OCDS 1.1 release schema.
func DefaultRules() *Rules { return ocds11 }

// Rules10 are the rules of the OCDS 1.0 release schema, in which a list of
// suppliers or tenderers is replaced as a whole.
func Rules10() *Rules { return ocds10 }

// The tables hold the facts of the release schemas: discarded members, and the arrays that are
// replaced because the schema says wholeListMerge, or because their elements
// have no id by which to merge them.
var (
	ocds11 = table("id date tag", `
		parties/additionalIdentifiers parties/roles buyer/additionalIdentifiers
		tender/procuringEntity/additionalIdentifiers tender/tenderers/additionalIdentifiers
		tender/items/additionalClassifications tender/additionalProcurementCategories
		tender/submissionMethod tender/amendments/changes tender/amendment/changes
		awards/suppliers/additionalIdentifiers awards/items/additionalClassifications
		awards/amendments/changes awards/amendment/changes
		contracts/items/additionalClassifications contracts/amendments/changes
		contracts/amendment/changes contracts/relatedProcesses/relationship
		contracts/implementation/transactions/payer/additionalIdentifiers
		contracts/implementation/transactions/payee/additionalIdentifiers
		relatedProcesses/relationship`)
	ocds10 = table("ocid id date tag", `
		buyer/additionalIdentifiers tender/procuringEntity/additionalIdentifiers
		tender/items/additionalClassifications tender/submissionMethod tender/tenderers
		tender/amendment/changes awards/suppliers awards/items/additionalClassifications
		awards/amendment/changes contracts/items/additionalClassifications
		contracts/amendment/changes`)
)

// table makes rules of the paths of members that are discarded and of arrays that are replaced.
func table(omit, whole string) *Rules {
	root := &rule{}
	at := func(path string) *rule {
		r := root
		for name := range strings.SplitSeq(path, "/") {
			if r.members[name] == nil {
				if r.members == nil {
					r.members = map[string]*rule{}
				}
				r.members[name] = &rule{}
			}
			r = r.members[name]
		}
		return r
	}
	for path := range strings.FieldsSeq(omit) {
		at(path).omit = true
	}
	for path := range strings.FieldsSeq(whole) {
		at(path).whole = true
	}
	return &Rules{root}
}

// ReadRules reads the rules out of a release schema (JSON Schema with the
// standard's merge properties, those of OCDS 1.0 included).
func ReadRules(schema io.Reader) (*Rules, error) {
	raw, err := io.ReadAll(io.LimitReader(schema, maxRelease+1))
	if err != nil {
		return nil, fmt.Errorf("read release schema: %w", err)
	}
	if len(raw) > maxRelease {
		return nil, fmt.Errorf("read release schema: it is larger than %d MiB", maxRelease>>20)
	}
	doc, err := parseText(raw, "schema")
	if err != nil {
		return nil, fmt.Errorf("read release schema: %w (is this a release schema in JSON?)", err)
	}
	if !doc.get("properties").isObject() {
		return nil, fmt.Errorf("read release schema: it has no properties (is this a release schema?)")
	}
	b := schemaReader{doc: doc, done: map[*value]*rule{}}
	return &Rules{b.rule(doc)}, nil
}

// schemaReader makes a rule of every subschema once: a schema that refers to itself is
// a rule that contains itself.
type schemaReader struct {
	doc  *value
	done map[*value]*rule
}

func (b *schemaReader) rule(s *value) *rule {
	if r := b.done[s]; r != nil {
		return r
	}
	r := &rule{members: map[string]*rule{}}
	b.done[s] = r
	to := b.follow(s)
	strategy, _ := first(s, to, "mergeStrategy").str()
	r.omit = isTrue(first(s, to, "omitWhenMerged")) || strategy == "ocdsOmit"
	r.whole = slices.Contains(types(to), "array") &&
		(isTrue(first(s, to, "wholeListMerge")) || strategy == "ocdsVersion")
	if to != s {
		target := b.rule(to)
		r.whole = r.whole || target.whole
		r.members = target.members
		return r
	}
	for name, p := range s.get("properties").members() {
		r.members[name] = b.rule(p)
	}
	if items := s.get("items"); items.isObject() {
		element := b.follow(items)
		r.whole = r.whole || !mergeable(element)
		if len(r.members) == 0 {
			r.members = b.rule(items).members
		}
	}
	return r
}

// follow goes where a local reference leads; a schema without one stands for itself.
func (b *schemaReader) follow(s *value) *value {
	for range maxDepth {
		ref, ok := s.get("$ref").str()
		if !ok {
			return s
		}
		pointer, local := strings.CutPrefix(ref, "#")
		if !local {
			return s // another document says nothing about merging
		}
		to := b.doc.resolve(pointer)
		if to == nil {
			return s
		}
		s = to
	}
	return s
}

// mergeable reports whether array elements of this schema merge by id: they can
// only be objects, and have an id if their members are listed.
func mergeable(element *value) bool {
	for _, t := range types(element) {
		if t != "object" {
			return false
		}
	}
	properties := element.get("properties")
	return properties == nil || properties.get("id") != nil
}

// types are the types a schema allows: its type is a string or a list of strings.
func types(s *value) []string {
	t := s.get("type")
	if one, ok := t.str(); ok {
		return []string{one}
	}
	var all []string
	for _, v := range t.each() {
		if one, ok := v.str(); ok {
			all = append(all, one)
		}
	}
	return all
}

// first is the member as the schema itself says it, or as what it refers to says it.
func first(s, to *value, name string) *value {
	if v := s.get(name); v != nil {
		return v
	}
	return to.get(name)
}

func isTrue(v *value) bool {
	b, _ := v.boolean()
	return b
}
