package changes

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
)

// awards compares who won what, award by award.
func (d *differ) awards(older, newer []notice.Award) {
	a, b := awardsOf(older), awardsOf(newer)
	for _, k := range slices.Sorted(maps.Keys(b)) {
		is := b[k]
		was, known := a[k]
		if !known {
			d.add(Awarded, awardAt(is), "", awardWords(is), "award", " to %s", clip(awardWords(is), 200))
			continue
		}
		name := "award to " + clip(suppliersOf(is), 80)
		d.list(Awarded, "supplier", "suppliers", organisations(was.Suppliers), organisations(is.Suppliers))
		d.text(Awarded, "title of the "+name, was.Title, is.Title)
		d.text(Awarded, "status of the "+name, was.Status, is.Status)
		d.day(Awarded, "date of the "+name, was.Date, is.Date)
		d.worth(Awarded, "value of the "+name, was.Value, is.Value)
		d.list(Awarded, "lot of the "+name, "lots of the "+name, ids(was.Lots), ids(is.Lots))
		d.period(Awarded, "awarded contract", was.Contract, is.Contract)
		d.milestones(was.Milestones, is.Milestones, nothing)
		d.rest(Awarded, " of the "+name, &was, &is)
		d.contracts(name, was.Contracts, is.Contracts)
	}
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if was := a[k]; !ok(b, k) {
			d.add(Awarded, awardAt(was), awardWords(was), "", "award", " to %s no longer listed", clip(suppliersOf(was), 120))
		}
	}
}

// contracts compares the contracts of an award.
func (d *differ) contracts(award string, older, newer []notice.Contract) {
	a, b := contractsOf(older), contractsOf(newer)
	for _, k := range slices.Sorted(maps.Keys(b)) {
		is := b[k]
		was, known := a[k]
		if !known {
			d.add(Awarded, contractAt(is), "", contractWords(is), "contract", " for the %s: %s", award, cmp.Or(contractWords(is), "no details"))
			continue
		}
		d.text(Awarded, "title of the contract", was.Title, is.Title)
		d.text(Awarded, "status of the contract", was.Status, is.Status)
		d.day(Awarded, "signature of the contract", was.Signed, is.Signed)
		d.worth(Awarded, "value of the contract", was.Value, is.Value)
		d.period(Awarded, "signed contract", was.Period, is.Period)
		d.milestones(was.Milestones, is.Milestones, nothing)
		d.rest(Awarded, " of a contract", &was, &is)
	}
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if was := a[k]; !ok(b, k) {
			d.add(Awarded, contractAt(was), contractWords(was), "", "contract", " for the %s no longer listed", award)
		}
	}
}

// awardsOf names awards by their ids, those of one id apart by who won them.
func awardsOf(list []notice.Award) map[string]notice.Award {
	return named(list, func(w notice.Award) string { return w.ID }, awardWords)
}

func contractsOf(list []notice.Contract) map[string]notice.Contract {
	return named(list, func(c notice.Contract) string { return c.ID }, contractWords)
}

// named gives each member its id as a key; members that share one are told apart by their words.
func named[T any](list []T, id, words func(T) string) map[string]T {
	count := map[string]int{}
	for _, x := range list {
		count[id(x)]++
	}
	m := make(map[string]T, len(list))
	for _, x := range list {
		k := id(x)
		if count[k] > 1 {
			k += "\n" + words(x)
		}
		m[k] = x
	}
	return m
}

func suppliersOf(w notice.Award) string {
	list := keyed(organisations(w.Suppliers))
	names := make([]string, 0, len(list))
	for _, k := range slices.Sorted(maps.Keys(list)) {
		names = append(names, list[k].name)
	}
	if len(names) == 0 {
		return "a supplier not named"
	}
	if len(names) > mostNamed {
		return notice.Enumerate(append(names[:mostNamed:mostNamed], notice.Count(len(names)-mostNamed, "other", "others")))
	}
	return notice.Enumerate(names)
}

func awardWords(w notice.Award) string {
	parts := []string{suppliersOf(w), w.Value.Words(), w.Status.Value}
	if w.Date.Known() {
		parts = append(parts, w.Date.Value.Date())
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func contractWords(c notice.Contract) string {
	parts := []string{c.Value.Words(), c.Status.Value}
	if c.Signed.Known() {
		parts = append(parts, "signed "+c.Signed.Value.Date())
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func awardAt(w notice.Award) notice.Path {
	for _, at := range []notice.Path{w.Status.At, w.Title.At, w.Date.At, w.Value.At()} {
		if at.Pointer != "" {
			return at
		}
	}
	return notice.Path{}
}

func contractAt(c notice.Contract) notice.Path {
	for _, at := range []notice.Path{c.Status.At, c.Title.At, c.Signed.At, c.Value.At()} {
		if at.Pointer != "" {
			return at
		}
	}
	return notice.Path{}
}

func ids(list []string) []entry {
	entries := make([]entry, len(list))
	for i, id := range list {
		entries[i] = entry{id, id, notice.Path{}}
	}
	return entries
}
