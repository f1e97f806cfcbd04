package notice

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// made is a notice with what a sign is made of.
func made(p Publisher, ocid, title, buyer, published, deadline string, value Pence) *Notice {
	at := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	n := &Notice{ID: ocid, OCID: ocid, Publisher: p, Title: Say(title, Path{Pointer: "/"}), Lots: []Lot{{}}}
	n.Buyer.Name = Say(buyer, Path{Pointer: "/"})
	n.Releases = []Published{{Date: at(published)}}
	if deadline != "" {
		n.Deadline.Said = Say(Moment{Time: at(deadline)}, Path{Pointer: "/"})
	}
	if value > 0 {
		n.Value.Net = Say(value, Path{Pointer: "/"})
	}
	return n
}

const (
	day0, day5, day20 = "2026-06-01T09:00:00+01:00", "2026-06-06T09:00:00+01:00", "2026-06-21T09:00:00+01:00"
	closes            = "2026-07-10T12:00:00+01:00"
)

func TestAlike(t *testing.T) {
	fat := func(change ...func(*Notice)) *Notice {
		n := made(FindATender, "ocds-h6vhtk-1", "Grounds maintenance of parks", "Wick Town Council", day0, closes, 100_000_00)
		for _, c := range change {
			c(n)
		}
		return n
	}
	cf := func(title, buyer, published, deadline string, value Pence) *Notice {
		return made(ContractsFinder, "ocds-b5fd17-1", title, buyer, published, deadline, value)
	}
	silent := func(n *Notice) { n.Deadline = Deadline{} }
	worthless := func(n *Notice) { n.Value = Value{} }
	id := func(ids ...string) func(*Notice) { return func(n *Notice) { n.Buyer.IDs = ids } }
	run := func(from, to string) func(*Notice) {
		return func(n *Notice) {
			for _, x := range []struct {
				said *Said[Moment]
				text string
			}{{&n.Lots[0].Contract.Start, from}, {&n.Lots[0].Contract.End, to}} {
				m, err := time.Parse(time.DateOnly, x.text)
				if err != nil {
					panic(err)
				}
				*x.said = Say(Moment{Time: m, Day: true}, Path{Pointer: "/"})
			}
		}
	}
	won := func(names ...string) func(*Notice) {
		return func(n *Notice) {
			var a Award
			for _, name := range names {
				a.Suppliers = append(a.Suppliers, Organisation{Name: Say(name, Path{Pointer: "/"})})
			}
			n.Awards = []Award{a}
		}
	}
	with := func(n *Notice, change ...func(*Notice)) *Notice {
		for _, c := range change {
			c(n)
		}
		return n
	}
	title, buyer := "Grounds maintenance of parks", "Wick Town Council"
	for _, c := range []struct {
		name string
		a, b *Notice
		want string
	}{
		{"the same, written otherwise", fat(), cf("Grounds&nbsp;Maintenance – of Parks", "wick town council", day5, "2026-07-10T11:00:00Z", 0), "same buyer, title and deadline"},
		{"another hour of the day", fat(), cf(title, buyer, day5, "2026-07-10T22:00:00Z", 0), "same buyer, title and deadline"},
		{"another day", fat(), cf(title, buyer, day5, "2026-07-11T12:00:00+01:00", 0), ""},
		{"published long after", fat(), cf(title, buyer, day20, closes, 0), ""},
		{"another buyer", fat(), cf(title, "Thurso Town Council", day5, closes, 0), ""},
		{"another title", fat(), cf(title+" 2", buyer, day5, closes, 0), ""},
		{"lots under titles of their own", fat(), cf(title+" Lot 1", buyer, day5, closes, 0), ""},
		{"the same value with VAT", fat(), cf(title, buyer, day5, closes, 120_000_00), "same buyer, title and deadline"},
		{"another value", fat(), cf(title, buyer, day5, closes, 90_000_00), ""},
		{"no price", fat(), cf(title, buyer, day5, closes, 1_00), "same buyer, title and deadline"},
		{"the same register, another number", fat(id("GB-COH-00000001")), with(cf(title, buyer, day5, closes, 0), id("GB-COH-00000002")), ""},
		{"the same number, another name", fat(id("GB-PPON-ABCD-1234-EFGH")), with(cf(title, "Parks of Wick", day5, closes, 0), id("GB-PPON-ABCD-1234-EFGH")), "same buyer, title and deadline"},
		{"profile numbers part nobody", fat(id("GB-FTS-1")), with(cf(title, buyer, day5, closes, 0), id("GB-CFS-2")), "same buyer, title and deadline"},
		{"one deadline, one value", fat(), cf(title, buyer, day5, "", 100_000_00), "same buyer, title and value, published within a week"},
		{"one deadline, another value", fat(), cf(title, buyer, day5, "", 100_001_00), ""},
		{"one deadline and nothing else", fat(), cf(title, buyer, day5, "", 0), ""},
		{"no deadline, later", fat(silent), cf(title, buyer, day20, "", 100_000_00), ""},
		{"no deadline, two words", with(fat(silent), func(n *Notice) { n.Title.Value = "Grounds maintenance" }), cf("Grounds maintenance", buyer, day5, "", 100_000_00), ""},
		{"contract dates", fat(silent, worthless, run("2026-10-01", "2029-09-30")), with(cf(title, buyer, day5, "", 0), run("2026-10-01", "2029-09-30")), "same buyer, title and contract dates, published within a week"},
		{"other contract dates", fat(silent, run("2026-10-01", "2029-09-30")), with(cf(title, buyer, day5, "", 100_000_00), run("2026-11-01", "2029-09-30")), ""},
		{"the same winner", fat(silent, won("Lark Ltd", "Wren Ltd")), with(cf(title, buyer, day5, "", 100_000_00), won("LARK LIMITED")), "same buyer, title, supplier and value, published within a week"},
		{"another winner", fat(silent, won("Lark Ltd")), with(cf(title, buyer, day5, "", 100_000_00), won("Wren Ltd")), ""},
		{"another winner, the same deadline", fat(won("Lark Ltd")), with(cf(title, buyer, day5, closes, 0), won("Wren Ltd")), ""},
		{"a winner in one alone", fat(silent, won("Lark Ltd")), cf(title, buyer, day5, "", 100_000_00), ""},
	} {
		a, ok1 := c.a.Sign()
		b, ok2 := c.b.Sign()
		if !ok1 || !ok2 {
			t.Fatalf("%s: no sign", c.name)
		}
		because, ok := a.Alike(b)
		back, okBack := b.Alike(a)
		if !ok {
			because = ""
		}
		if ok != okBack || ok && because != back {
			t.Errorf("%s: %q one way, %q the other", c.name, because, back)
		}
		if because != c.want {
			t.Errorf("%s: %q, want %q", c.name, because, c.want)
		}
		if ok && !slices.ContainsFunc(a.Keys(), func(k string) bool { return slices.Contains(b.Keys(), k) }) {
			t.Errorf("%s: alike, and no key in common", c.name)
		}
	}
}

func TestSign(t *testing.T) {
	whole := func() *Notice {
		return made(FindATender, "ocds-h6vhtk-1", "Grounds maintenance of parks", "Wick Town Council", day0, closes, 0)
	}
	if _, ok := whole().Sign(); !ok {
		t.Error("a whole notice has no sign")
	}
	for name, change := range map[string]func(*Notice){
		"no title": func(n *Notice) { n.Title = Said[string]{} }, "short title": func(n *Notice) { n.Title.Value = "Parks" }, "no buyer": func(n *Notice) { n.Buyer = Organisation{} },
		"nobody": func(n *Notice) { n.Buyer.Name.Value = "n/a" }, "undated": func(n *Notice) { n.Releases[0].Date = time.Time{} },
		"another service": func(n *Notice) { n.Publisher = OtherPublisher }, "a shared OCID": func(n *Notice) { n.ID += "@wick" },
	} {
		n := whole()
		change(n)
		if s, ok := n.Sign(); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
	n := whole()
	for i := range 500 {
		n.Releases = append(n.Releases, Published{Date: n.Releases[0].Date.AddDate(0, 0, i)})
		n.Awards = append(n.Awards, Award{Suppliers: []Organisation{{Name: Say(strings.Repeat("x", i+1), Path{})}}})
	}
	if s, _ := n.Sign(); len(s.Days) != mostDays || len(s.Winners) != mostWinners {
		t.Errorf("a sign of %d days and %d winners", len(s.Days), len(s.Winners))
	}
}

// FuzzAlike: whatever notices say, they are alike both ways or not at all, and only with a key in common.
func FuzzAlike(f *testing.F) {
	f.Add("Grounds maintenance of parks", "Wick Town Council", "GROUNDS MAINTENANCE OF PARKS", "wick town council", int64(0), int64(100), true)
	f.Fuzz(func(t *testing.T, title, buyer, title2, buyer2 string, hours, value int64, closing bool) {
		a := made(FindATender, "a", title, buyer, day0, "", Pence(value))
		b := made(ContractsFinder, "b", title2, buyer2, day0, "", Pence(value))
		b.Releases[0].Date = b.Releases[0].Date.Add(time.Duration(hours%10_000) * time.Hour)
		if closing {
			a.Deadline.Said = Say(Moment{Time: a.Releases[0].Date}, Path{})
			b.Deadline.Said = Say(Moment{Time: b.Releases[0].Date}, Path{})
		}
		x, ok1 := a.Sign()
		y, ok2 := b.Sign()
		if !ok1 || !ok2 {
			return
		}
		because, ok := x.Alike(y)
		back, okBack := y.Alike(x)
		if ok != okBack || ok && because != back {
			t.Errorf("%v %q, %v %q", ok, because, okBack, back)
		}
		if ok && !slices.ContainsFunc(x.Keys(), func(k string) bool { return slices.Contains(y.Keys(), k) }) {
			t.Error("no key in common")
		}
	})
}
