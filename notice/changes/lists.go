package changes

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bidfit/notice"
)

// entry is one thing in a list: entries with one key are the same thing.
type entry struct {
	key, name string
	at        notice.Path
}

// keyed is a list without its order and repetitions.
func keyed(list []entry) map[string]entry {
	m := make(map[string]entry, len(list))
	for _, e := range list {
		if old, ok := m[e.key]; !ok || e.name < old.name {
			m[e.key] = e
		}
	}
	return m
}

// apart lists what stands in only one of two lists, by key.
func apart(older, newer []entry) (added, removed []entry) {
	a, b := keyed(older), keyed(newer)
	for _, k := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[k]; !ok {
			added = append(added, b[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[k]; !ok {
			removed = append(removed, a[k])
		}
	}
	return added, removed
}

// mostNamed is how many members of a list are named one by one.
const mostNamed = 3

// list compares two lists: what was added, and what is no longer listed.
func (d *differ) list(what Kind, one, many string, older, newer []entry) {
	added, removed := apart(older, newer)
	if len(added) > 0 {
		d.add(what, added[0].at, "", names(added, longest), noun(len(added), one, many), " added%s", few(added))
	}
	if len(removed) > 0 {
		d.add(what, removed[0].at, names(removed, longest), "", noun(len(removed), one, many), " removed%s", few(removed))
	}
}

// noun is "place", "places", or "5 places" where they are too many to be named.
func noun(n int, one, many string) string {
	switch {
	case n == 1:
		return one
	case n <= mostNamed:
		return many
	}
	return notice.Count(n, one, many)
}

// few names the members of a list that are few.
func few(list []entry) string {
	if len(list) > mostNamed {
		return ""
	}
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = clip(e.name, 120)
	}
	return ": " + notice.Enumerate(parts)
}

// names are the members of a list on one line, of at most so many bytes.
func names(list []entry, most int) string {
	var b strings.Builder
	for i, e := range list {
		if i > 0 {
			b.WriteString("; ")
		}
		if b.WriteString(clip(e.name, most)); b.Len() > most {
			break
		}
	}
	return clip(b.String(), most)
}

func sayings(list []notice.Said[string]) []entry {
	entries := make([]entry, len(list))
	for i, s := range list {
		text := oneLine(s.Value)
		entries[i] = entry{text, text, s.At}
	}
	return entries
}

func placesOf(list []notice.Said[notice.Place]) []entry {
	entries := make([]entry, len(list))
	for i, s := range list {
		entries[i] = entry{cmp.Or(string(s.Value.Region), s.Value.Text), placeName(s.Value), s.At}
	}
	return entries
}

func placeName(p notice.Place) string {
	if p.Region == "" {
		return p.Text
	}
	return p.Region.Label()
}

func codes(list []notice.Said[notice.Classification]) []entry {
	entries := make([]entry, len(list))
	for i, s := range list {
		c := s.Value
		name := c.Description.Value
		if name == "" {
			if official, of := c.Code.Name(); of == c.Code {
				name = official
			}
		}
		name = strings.TrimSpace(c.Code.String() + " " + name)
		key := c.Code.String()
		if c.Main {
			key, name = "main "+key, name+" as the main code"
		}
		entries[i] = entry{key, name, s.At}
	}
	return entries
}

func identifiers(o notice.Organisation) []entry {
	list := make([]entry, 0, len(o.IDs)+1)
	for _, id := range o.IDs {
		list = append(list, entry{id, id, o.ID.At})
	}
	if o.ID.Known() {
		list = append(list, entry{o.ID.Value, o.ID.Value, o.ID.At})
	}
	return list
}

// organisations are parties by their name, however it is written, or by their id where they have none.
func organisations(list []notice.Organisation) []entry {
	entries := make([]entry, len(list))
	for i, o := range list {
		said := o.Name
		if !said.Known() {
			said = o.ID
		}
		name := oneLine(said.Value)
		entries[i] = entry{cmp.Or(notice.NameKey(name), name), name, said.At}
	}
	return entries
}

// documents compares what is attached: one document by its address, or by its title where it has none. The
// pages of the notices themselves are no documents: each release has its own.
func (d *differ) documents(older, newer *notice.Notice) {
	was, is := attached(older.Documents), attached(newer.Documents)
	a, b := documentsOf(was), documentsOf(is)
	added, removed := apart(a, b)
	if len(added) > 0 {
		d.add(Documents, added[0].at, "", names(added, longest), notice.Count(len(added), "document", "documents"), " added")
	}
	if len(removed) > 0 {
		d.add(Documents, removed[0].at, names(removed, longest), "", notice.Count(len(removed), "document", "documents"), " removed")
	}
	before := map[string]string{}
	for i, doc := range was {
		before[a[i].key] = documentWords(doc)
	}
	for i, doc := range is {
		old, known := before[b[i].key]
		if now := documentWords(doc); known && old != now {
			d.add(Documents, doc.URL.At, old, now, "document", " now described as %s", now)
		}
	}
}

// attached leaves out the pages of notices.
func attached(list []notice.Document) []notice.Document {
	var kept []notice.Document
	for _, doc := range list {
		if doc.Notice == "" && !(strings.HasSuffix(doc.Type, "Notice") && doc.Format == "text/html") {
			kept = append(kept, doc)
		}
	}
	return kept
}

func documentsOf(list []notice.Document) []entry {
	entries := make([]entry, len(list))
	for i, doc := range list {
		title := cmp.Or(oneLine(doc.Title), doc.URL.Value, doc.Type)
		entries[i] = entry{cmp.Or(doc.URL.Value, doc.Type+"\n"+doc.Title), title, doc.URL.At}
	}
	return entries
}

// documentWords is what is said of a document apart from its address.
func documentWords(doc notice.Document) string {
	var parts []string
	for _, leaf := range notice.Leaves(doc, "URL") {
		parts = append(parts, oneLine(leaf.Text))
	}
	return strings.Join(parts, ", ")
}

// milestones compares the dates set under a heading of their own, but not a date that was told already.
func (d *differ) milestones(older, newer []notice.Milestone, told func(was, is notice.Said[notice.Moment]) bool) {
	a, b := milestonesOf(older), milestonesOf(newer)
	for _, k := range slices.Sorted(maps.Keys(b)) {
		is := b[k]
		name := milestoneName(is)
		was, known := a[k]
		if !known {
			due := ""
			if is.Due.Known() {
				due = ", " + is.Due.Value.Words()
			}
			d.add(Milestone, milestoneAt(is), "", name, "milestone", " added: %s%s", clip(name, 120), due)
			continue
		}
		subject := "milestone “" + clip(name, 80) + "”"
		if !told(was.Due, is.Due) {
			d.moment(Milestone, subject, was.Due, is.Due)
		}
		d.moment(Milestone, "day on which "+subject+" was met", was.Met, is.Met)
		d.text(Milestone, "title of a milestone", was.Title, is.Title)
		d.text(Milestone, "status of "+subject, was.Status, is.Status)
		d.text(Milestone, "kind of "+subject,
			notice.Said[string]{Value: was.Kind, At: milestoneAt(was)}, notice.Said[string]{Value: is.Kind, At: milestoneAt(is)})
	}
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if was := a[k]; !ok(b, k) {
			d.add(Milestone, milestoneAt(was), milestoneName(was), "", "milestone", " removed: %s", clip(milestoneName(was), 120))
		}
	}
}

// nothing was told already.
func nothing(_, _ notice.Said[notice.Moment]) bool { return false }

func ok[V any](m map[string]V, k string) bool { _, is := m[k]; return is }

func milestonesOf(list []notice.Milestone) map[string]notice.Milestone {
	m := make(map[string]notice.Milestone, len(list))
	for _, x := range list {
		k := x.ID
		if k == "" || ok(m, k) {
			k += "\n" + x.Kind + "\n" + oneLine(x.Title.Value) + "\n" + x.Due.Value.String()
		}
		m[k] = x
	}
	return m
}

func milestoneName(m notice.Milestone) string {
	return cmp.Or(oneLine(m.Title.Value), m.Kind, m.ID, "without a name")
}

func milestoneAt(m notice.Milestone) notice.Path {
	for _, at := range []notice.Path{m.Due.At, m.Title.At, m.Description.At, m.Status.At} {
		if at.Pointer != "" {
			return at
		}
	}
	return notice.Path{Pointer: "/planning/milestones"}
}
