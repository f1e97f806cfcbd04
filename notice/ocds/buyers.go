package ocds

import (
	"slices"
	"strings"
	"unicode"

	"bidfit/notice"
)

// An OCID should be one procurement, but publishers have given one to notices of
// unrelated buyers (the qualification systems of utilities, mostly). Read together
// they would make nonsense, so they are parted here, before anything is compiled.

// part parts the releases of one OCID, in their order, by buyer: releases belong
// together when a chain of shared identifiers or names connects their
// buyers, so that a buyer who was renamed, or numbered anew, stays one. A release that
// names no buyer goes with the release before it. The groups are in the
// order in which they were first published.
func part(editions []edition) [][]edition {
	if len(editions) == 1 {
		return [][]edition{editions}
	}
	group := make([]int, len(editions)) // a forest: a release and an earlier one of its group
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	join := func(i, j int) {
		i, j = root(i), root(j)
		group[max(i, j)] = min(i, j)
	}
	owner := map[string]int{}
	named := -1 // the last release that named a buyer
	for i, e := range editions {
		keys := e.buyerKeys()
		if len(keys) == 0 {
			if named >= 0 {
				join(named, i)
			}
			continue
		}
		if named < 0 {
			for j := range i { // those before any buyer was named
				join(j, i)
			}
		}
		named = i
		for _, key := range keys {
			if first, ok := owner[key]; ok {
				join(first, i)
			} else {
				owner[key] = i
			}
		}
	}
	if named < 0 {
		return [][]edition{editions}
	}
	members := map[int][]edition{}
	var first []int
	for i, e := range editions {
		r := root(i)
		if members[r] == nil {
			first = append(first, r)
		}
		members[r] = append(members[r], e)
	}
	groups := make([][]edition, len(first))
	for i, r := range first {
		groups[i] = members[r]
	}
	return groups
}

// buyerKeys are the identifiers and names of the buyers of a release.
func (e edition) buyerKeys() []string {
	var keys []string
	for _, party := range e.buyers() {
		ids, _ := identifiersOf(party)
		for _, ident := range ids {
			keys = append(keys, ident.String())
		}
		for _, name := range []*value{party.get("name"), party.get("identifier", "legalName"), e.root.get("buyer", "name")} {
			if key := notice.NameKey(id(name)); key != "" {
				keys = append(keys, "="+key)
			}
		}
	}
	return keys
}

// buyerID names the buyer of a notice that shares its OCID: the best identifier,
// or the name, in one word without the slash that divides a notice from its lot.
func buyerID(buyer *notice.Organisation) string {
	name := buyer.ID.Value
	if name == "" {
		name = notice.NameKey(buyer.Name.Value)
	}
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '/' || unicode.IsSpace(r) }), "-")
}

// tellApart gives notices of one OCID their IDs, and says on each that the OCID is shared.
func tellApart(ocid string, notices []*notice.Notice) {
	taken := map[string]bool{}
	for i, n := range notices {
		n.ID = ocid
		if i > 0 {
			n.ID += "@" + buyerID(&n.Buyer)
		}
		for taken[n.ID] {
			n.ID += "+"
		}
		taken[n.ID] = true
		if len(notices) == 1 {
			return
		}
		at := n.Buyer.Name.At
		if at.Pointer == "" {
			at = n.Buyer.ID.At
		}
		n.Issues = slices.Insert(n.Issues, 0, notice.Issue{
			Code: "shared-ocid", At: at,
			Message: "buyers who have nothing to do with each other published under this OCID; each has a notice of its own",
		})
	}
}
